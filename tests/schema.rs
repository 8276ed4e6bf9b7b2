//! The generated files are those that the tables of `src/input` make; `QINGNUAN_BLESS=1` writes
//! them again.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use qingnuan::input::schema::{file_kinds, json_schema, reference_page};
use serde_json::json;

fn same(path: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let advice = "run: QINGNUAN_BLESS=1 cargo test --test schema";
    assert!(
        committed == made,
        "{} is out of date; {advice}",
        path.display()
    );
}

#[test]
fn the_committed_schemas_are_those_of_the_tables() {
    for kind in file_kinds() {
        let text = serde_json::to_string_pretty(&json_schema(&kind)).unwrap();
        same(&format!("schema/{}.json", kind.name), &format!("{text}\n"));
    }
}

#[test]
fn the_committed_reference_page_is_that_of_the_tables() {
    same("docs/reference/input-files.md", &reference_page());
}

#[test]
fn the_schema_accepts_a_case_and_refuses_a_wrong_key() {
    let kind = file_kinds()
        .into_iter()
        .find(|kind| kind.name == "case")
        .unwrap();
    let validator = jsonschema::validator_for(&json_schema(&kind)).unwrap();
    let good = json!({ "place": "红寺堡", "house": { "heated_area_m2": 100 } });
    assert!(validator.is_valid(&good));
    for bad in [
        json!({ "house": { "heated_area_m2": 100 } }),
        json!({ "place": "红寺堡", "house": { "heated_area_m2": -1 } }),
        json!({ "place": "红寺堡", "house": { "heated_area_m2": 100, "area": 1 } }),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}
