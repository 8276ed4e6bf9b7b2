//! The JSON form of a result, described by a schema that is made from the types that are written.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use qingnuan::cli::compute::comparison;
use qingnuan::comparison::Comparison;
use qingnuan::input::case::read_case;
use qingnuan::input::library::Library;

const FILE: &str = "schema/comparison.json";

fn schema() -> String {
    let schema = schemars::schema_for!(Comparison);
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}

#[test]
fn the_committed_schema_is_that_of_the_types() {
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        std::fs::write(FILE, schema()).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap();
    assert!(
        committed == schema(),
        "{FILE} is stale: run again with QINGNUAN_BLESS=1"
    );
}

#[test]
fn results_of_every_example_fit_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let library = Library::bundled();
    let mut seen = 0;
    for folder in std::fs::read_dir("examples").unwrap() {
        let path = folder.unwrap().path();
        if !path.join("case.toml").is_file() {
            continue;
        }
        let case = read_case(Path::new(&path)).case.unwrap();
        let result = comparison(&case, &library).unwrap();
        let json = serde_json::to_value(&result).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&json)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", path.display());
        seen += 1;
    }
    assert!(seen > 0, "no example was found");
}

#[test]
fn the_schema_refuses_a_result_without_its_headline() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let case = read_case(Path::new("examples/hongsibao")).case.unwrap();
    let result = comparison(&case, &Library::bundled()).unwrap();
    let mut json = serde_json::to_value(&result).unwrap();
    assert!(validator.is_valid(&json));
    json["today"].as_object_mut().unwrap().remove("headline");
    assert!(!validator.is_valid(&json));
}
