//! The page `docs/how-to/add-region.md`, followed for a county that the library lacks: 大荔县 of
//! 渭南. The prices are those of the test, not figures of the county.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use qingnuan::input::library::Library;
use rstest::rstest;
use serde_json::Value;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("new_region_{name}"));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .current_dir(dir)
        .args(args)
        .output()
        .unwrap()
}

/// What a run that must succeed prints.
fn good(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{args:?}: {told}");
    assert_eq!(told, "", "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a run that must find problems tells.
fn bad(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The template for the county, in a folder of its own.
fn dali(name: &str) -> PathBuf {
    let dir = folder(name);
    let new = [
        "data",
        "new-region",
        "大荔县",
        "--under",
        "渭南",
        "--pinyin",
        "Dali",
    ];
    let said = good(&dir, &new);
    assert!(said.contains("qingnuan check dali"), "{said}");
    dir
}

const PLACE: &str = "dali/places/shaanxi/weinan/dali/place.toml";
const TARIFFS: &str = "dali/places/shaanxi/weinan/dali/tariffs.toml";
const SUBSIDIES: &str = "dali/places/shaanxi/weinan/dali/subsidies.toml";
const SOURCES: &str = "dali/sources/dali.toml";
const ROWS: &str = "dali/places/places.csv";

fn edit(path: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(path).unwrap();
    let changed = change(&text);
    assert_ne!(text, changed, "{}", path.display());
    fs::write(path, changed).unwrap();
}

/// Takes the `#` from the lines of the first examples that begin with one of `heads`, up to the
/// next blank line or comment.
fn uncomment(text: &str, heads: &[&str]) -> String {
    let mut out = String::new();
    let mut open = false;
    let mut left: Vec<&str> = heads.to_vec();
    for line in text.lines() {
        if let Some(i) = left.iter().position(|head| line == *head) {
            left.remove(i);
            open = true;
        }
        open &= line.starts_with('#') && !line.starts_with("# ");
        out += if open {
            line.trim_start_matches('#')
        } else {
            line
        };
        out.push('\n');
    }
    assert!(left.is_empty(), "{left:?}");
    out
}

/// Takes the `#` from every line of every example.
fn uncomment_all(text: &str) -> String {
    let example = |line: &&str| line.starts_with('#') && *line != "#" && !line.starts_with("# ");
    let plain = |line: &str| match Some(line).filter(example) {
        Some(line) => line.trim_start_matches('#').to_owned() + "\n",
        None => line.to_owned() + "\n",
    };
    text.lines().map(plain).collect()
}

/// The steps of the page: the row, a season, a coal price, their documents.
fn fill_in(dir: &Path) {
    edit(&dir.join(ROWS), |text| {
        text.replace(
            "610599,大荔县,大荔,,Dali,county,34.5,109.51,350,",
            "610523,大荔县,大荔,,Dali,county,34.80,109.94,350,",
        )
    });
    edit(&dir.join(PLACE), |text| {
        uncomment(text, &["#[[heating_season]]", "#[[fuel_price]]"]).replace("1100", "1180")
    });
    edit(&dir.join(SOURCES), |text| {
        uncomment(text, &["#[dali_heating_notice]", "#[dali_price_survey]"])
    });
}

const COMPARE: [&str; 11] = [
    "compare", "--data", "dali", "--region", "大荔", "--area", "100", "--coal", "3t", "--format",
    "json",
];

fn compare(dir: &Path) -> Value {
    serde_json::from_str(&good(dir, &COMPARE)).unwrap()
}

/// The fit and the confidence behind today's coal.
fn coal<'v>(result: &'v Value, id: &str) -> &'v Value {
    let figures = result["figures"].as_array().unwrap();
    figures
        .iter()
        .find(|used| used["figure"]["id"] == id)
        .unwrap_or_else(|| panic!("{id} is not used"))
}

#[test]
fn the_empty_template_works() {
    let dir = dali("empty");
    let said = good(&dir, &["check", "dali"]);
    assert!(said.contains("陕西省渭南市大荔县"), "{said}");
    assert!(said.contains("自己的数据：没有"), "{said}");
    let result = compare(&dir);
    assert_eq!(result["place"]["zh"], "陕西省渭南市大荔县");
}

#[test]
fn a_county_follows_the_page() {
    let dir = dali("page");
    let before = compare(&dir);
    fill_in(&dir);
    let said = good(&dir, &["check", "dali"]);
    assert!(said.contains("供暖期 1、燃料价格 1"), "{said}");
    let after = compare(&dir);
    let own = coal(
        &after,
        "shaanxi/weinan/dali/fuel_price/loose_coal@2026-10-01",
    );
    assert_eq!(own["fit"], "fits");
    // 3 t at 1,180 yuan, as the county wrote
    let energy: f64 = after["today"]["ledger"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["year"] == 1 && line["figure"] == own["figure"]["id"])
        .map(|line| line["amount"].as_f64().unwrap())
        .sum();
    assert!((energy - 3.0 * 1180.0).abs() < 0.005, "{energy}");
    // the nation's price of 2024 was past its date and the county's is not
    let trust = |result: &Value, key: &str| {
        let confidence = &result["today"]["confidence"];
        confidence[key].as_f64().unwrap()
    };
    assert!(trust(&before, "stale") > 0.9 && trust(&before, "sound") < 0.1);
    assert!(trust(&after, "stale") < 0.1 && trust(&after, "sound") > 0.9);
}

#[test]
fn every_example_of_the_template_is_valid() {
    let dir = dali("examples");
    for file in [PLACE, TARIFFS, SUBSIDIES, SOURCES] {
        edit(&dir.join(file), uncomment_all);
    }
    let said = good(&dir, &["check", "dali"]);
    for own in [
        "燃料价格 2",
        "电价 1",
        "气价 1",
        "集中供热价 1",
        "补贴 2",
        "收入 1",
    ] {
        assert!(said.contains(own), "{own}: {said}");
    }
    let result = compare(&dir);
    let text = result.to_string();
    for used in [
        "shaanxi/weinan/dali/electricity/dali_heating",
        "dali_hot_air_2026",
        "dali_power_2026",
    ] {
        assert!(text.contains(used), "{used}");
    }
}

/// Changes one file of the filled-in folder and gives what `check` tells.
fn slip(name: &str, file: &str, from: &str, to: &str) -> String {
    let dir = dali(name);
    fill_in(&dir);
    edit(&dir.join(file), |text| text.replacen(from, to, 1));
    bad(&dir, &["check", "dali"])
}

#[rstest]
#[case::key("key", PLACE, "cny_per_t =", "yuan_per_t =", "cny_per_t")]
#[case::negative("negative", PLACE, "1180", "-1180", "place.toml:")]
#[case::source(
    "source",
    PLACE,
    "\"dali_price_survey\"",
    "\"dali_price_survy\"",
    "dali_price_survey"
)]
#[case::code("code", ROWS, "610523", "610101", "places.csv:")]
#[case::latitude("latitude", ROWS, "34.80", "109.94", "places.csv:")]
#[case::document("document", SOURCES, "title =", "titel =", "title")]
fn check_names_the_slip(
    #[case] name: &str,
    #[case] file: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &str,
) {
    let told = slip(&format!("slip_{name}"), file, from, to);
    assert!(told.contains(expected), "{told}");
    let name = file.rsplit('/').next().unwrap();
    assert!(told.contains(name), "{told}");
}

#[test]
fn a_file_under_a_wrong_name_is_refused() {
    let dir = dali("wrong_name");
    let from = dir.join(TARIFFS);
    fs::rename(&from, from.with_file_name("tariff.toml")).unwrap();
    assert!(bad(&dir, &["check", "dali"]).contains("tariffs.toml"));
}

#[test]
fn an_unknown_name_asks_for_the_place_above() {
    let dir = folder("unknown");
    let told = bad(&dir, &["data", "new-region", "大荔县"]);
    assert!(told.contains("--under"), "{told}");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
}

#[test]
fn nothing_is_overwritten() {
    let dir = dali("twice");
    fill_in(&dir);
    let before = fs::read_to_string(dir.join(PLACE)).unwrap();
    let again = [
        "data",
        "new-region",
        "大荔县",
        "dali",
        "--under",
        "渭南",
        "--pinyin",
        "Dali",
    ];
    bad(&dir, &again);
    assert_eq!(fs::read_to_string(dir.join(PLACE)).unwrap(), before);
}

#[test]
fn the_template_of_a_known_place_keeps_what_the_library_says() {
    let dir = folder("known");
    good(&dir, &["data", "new-region", "红寺堡", "own"]);
    assert!(!dir.join("own/places/places.csv").exists());
    good(&dir, &["check", "own"]);
    let library = Library::with_overlay(&dir.join("own")).unwrap();
    let chain = library.resolve_place("红寺堡").unwrap();
    let bundled = Library::bundled();
    for file in ["place.toml", "subsidies.toml"] {
        let own = &library.chain_texts(&chain, file)[0].text;
        let given = &bundled.chain_texts(&chain, file)[0].text;
        assert!(own.starts_with(given.trim_end()), "{file}");
    }
}

#[test]
fn a_place_without_letters_still_has_a_folder() {
    let dir = folder("no_letters");
    good(
        &dir,
        &["data", "new-region", "大荔县", "dl", "--under", "渭南"],
    );
    assert!(
        dir.join("dl/places/shaanxi/weinan/new_county/place.toml")
            .is_file()
    );
    good(&dir, &["check", "dl"]);
}
