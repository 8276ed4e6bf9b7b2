//! Scenarios: golden results of the examples, the same bytes for any number of threads and from the
//! copied inputs, and wrong files with the sentences that the user reads.
//!
//! `QINGNUAN_BLESS=1 cargo test --test scenario` writes the golden results anew.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rstest::rstest;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A folder of its own for a test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("qingnuan-scenario-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn example(name: &str) -> PathBuf {
    repository().join(format!("examples/scenarios/{name}.scenario.toml"))
}

fn program(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .args(args)
        .output()
        .unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn good(args: &[&str]) -> String {
    let made = program(args);
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(made.status.success(), "{args:?}: {said}");
    String::from_utf8(made.stdout).unwrap()
}

/// All files of a folder with their bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let inner = path.strip_prefix(folder).unwrap();
                found.insert(text(inner).to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn golden(name: &str, made: &str) {
    let path = repository().join("tests/golden/scenario").join(name);
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == made, "{name} differs:\n{made}");
}

#[rstest]
#[case("coal_and_power")]
#[case("gas_grant")]
#[case("roster_grants")]
fn an_example_gives_its_golden_results_for_any_threads_and_from_its_copies(#[case] name: &str) {
    let folder = Folder::new(name);
    let (one, four) = (folder.0.join("one"), folder.0.join("four"));
    let file = example(name);
    good(&["scenario", text(&file), "-o", text(&one), "--threads", "1"]);
    good(&["scenario", text(&file), "-o", text(&four), "--threads", "4"]);
    let made = tree(&one);
    assert!(made == tree(&four), "the threads change a byte");

    let manifest: Value = serde_json::from_slice(&made["run.json"]).unwrap();
    let copy = one
        .join("inputs")
        .join(manifest["arguments"]["scenario"].as_str().unwrap());
    let again = folder.0.join("again");
    good(&["scenario", text(&copy), "-o", text(&again)]);
    let again = tree(&again);
    for (path, bytes) in &made {
        assert!(
            again.get(path) == Some(bytes),
            "{path} differs from the copies"
        );
    }
    assert_eq!(again.len(), made.len());

    for (path, key) in [("", "results"), ("inputs/", "inputs")] {
        for entry in manifest[key].as_array().unwrap() {
            let file = format!("{path}{}", entry["path"].as_str().unwrap());
            assert_eq!(
                made[&file].len() as u64,
                entry["bytes"].as_u64().unwrap(),
                "{file}"
            );
        }
    }
    for file in ["report.txt", "differences.csv"] {
        golden(
            &format!("{name}.{file}"),
            std::str::from_utf8(&made[file]).unwrap(),
        );
    }
}

#[rstest]
#[case("zh")]
#[case("en")]
fn the_tables_fit_a_page_of_80_columns(#[case] lang: &str) {
    for name in ["coal_and_power", "gas_grant", "roster_grants"] {
        for line in good(&["scenario", text(&example(name)), "--lang", lang]).lines() {
            assert!(line.width() <= 80, "{}: {line}", line.width());
        }
    }
}

/// A run can be worked out again by itself, from its resolved case and data.
#[test]
fn a_run_of_the_folder_is_that_of_compare() {
    let folder = Folder::new("compare");
    let out = folder.0.join("out");
    good(&["scenario", text(&example("gas_grant")), "-o", text(&out)]);
    let (case, data) = (out.join("runs/half/case.toml"), out.join("runs/half/data"));
    let alone = good(&[
        "compare",
        text(&case),
        "--data",
        text(&data),
        "--format",
        "csv",
    ]);
    let column = |csv: &str, id: (&str, &str), key: &str| {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let at = |head: &str| heads.iter().position(|it| it == head).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let run = |row: &csv::StringRecord| heads.get(0) != Some("run") || &row[0] == "half";
        let row = rows
            .iter()
            .find(|row| run(row) && &row[at(id.0)] == id.1)
            .unwrap();
        row[at(key)].parse::<f64>().unwrap()
    };
    let all = fs::read_to_string(out.join("results.csv")).unwrap();
    for key in ["winter_cost_cny", "self_pay_cny", "after_subsidy_cny"] {
        let beside = column(&all, ("subject", "gas_boiler"), key);
        assert_eq!(
            beside,
            column(&alone, ("option", "gas_boiler"), key),
            "{key}"
        );
    }
}

/// A variant builds on another, an extending file on an extended one, and the last change holds.
#[test]
fn layers_go_over_one_another_in_their_order() {
    let folder = Folder::new("layers");
    fs::write(folder.0.join("case.toml"), CASE).unwrap();
    let below = "base = \"case.toml\"\nset.today.loose_coal_t = 3\n[variants.a]\nset.today.loose_coal_t = 4\n";
    fs::write(folder.0.join("below.scenario.toml"), below).unwrap();
    let own = "extends = \"below.scenario.toml\"\nset.today.loose_coal_cny_per_t = 500\n\
               [variants.b]\nextends = \"a\"\nset.today.loose_coal_cny_per_t = 600\n";
    let file = folder.0.join("own.scenario.toml");
    fs::write(&file, own).unwrap();
    let out = folder.0.join("out");
    good(&["scenario", text(&file), "-o", text(&out)]);
    let results = fs::read_to_string(out.join("results.csv")).unwrap();
    let rows: Vec<&str> = results
        .lines()
        .filter(|line| line.contains(",today,"))
        .collect();
    let costs: Vec<&str> = rows
        .iter()
        .map(|row| row.split(',').nth(4).unwrap())
        .collect();
    // 3 t × 500, 4 t × 500 and 4 t × 600, each with the 100 yuan of upkeep of a coal stove.
    assert_eq!(costs, ["1600.00", "2100.00", "2500.00"]);
    let names: Vec<&str> = rows
        .iter()
        .map(|row| row.split(',').next().unwrap())
        .collect();
    assert_eq!(names, ["base", "a", "b"]);
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = Folder::new("taken");
    fs::write(folder.0.join("mine.txt"), "x").unwrap();
    let made = program(&[
        "scenario",
        text(&example("gas_grant")),
        "-o",
        text(&folder.0),
    ]);
    assert_eq!(made.status.code(), Some(1));
    let said = String::from_utf8(made.stderr).unwrap();
    assert_eq!(
        said,
        format!(
            "--output: {} 已经有东西，换一个新文件夹\n",
            folder.0.display()
        )
    );
    assert_eq!(tree(&folder.0).len(), 1);
}

const CASE: &str = "place = \"红寺堡\"\nwinter = \"2026-27\"\n[house]\nheated_area_m2 = 100\n[today]\nloose_coal_t = 5\n\
                    loose_coal_cny_per_t = 1200\n[money]\nloan = { rate = 0.04, years = 3 }\n";

/// Wrong scenario files: what is told of each stands in `tests/golden/scenario/bad.txt`.
const BAD: [&str; 30] = [
    "",
    "bas = \"case.toml\"",
    "title = \"x\"",
    "base = \"case.toml\"\nroster = { file = \"r.csv\", region = \"红寺堡\" }",
    "base = \"gone.toml\"",
    "base = \"/etc/case.toml\"",
    "extends = \"gone.scenario.toml\"",
    "extends = \"bad.scenario.toml\"",
    "base = \"case.toml\"\nset.today.loose_coal_price = 1200",
    "base = \"case.toml\"\nset.today.loose_coal_t = -1",
    "base = \"case.toml\"\nset.today.loose_coal_t = \"5 t\"",
    "base = \"case.toml\"\nset.hous.heated_area_m2 = 90",
    "base = \"case.toml\"\nset.\"today..coal\" = 1",
    "base = \"case.toml\"\nset.\"today.loose_coal_t.x\" = 1",
    "base = \"case.toml\"\nset.\"data/fuels.toml\" = 1",
    "base = \"case.toml\"\nset.\"data/fuel.toml:fuel.loose_coal.carrier\" = 1",
    "base = \"case.toml\"\nset.\"data/fuels.toml:fuel.loose_coal.heat_value.mj_per_kilogram\" = 20",
    "base = \"case.toml\"\nset.\"data/places/hebei/subsidies.toml:rule.hebei_2018_gaz.running.cap_quantity\" = 1",
    "base = \"case.toml\"\nset.\"data/settings.toml:discount[0].rate.real\" = 7",
    "base = \"case.toml\"\nunset = [\"money.lone\"]",
    "base = \"case.toml\"\ndata = \"no_such_folder\"",
    "base = \"case.toml\"\nreference = \"a\"\n[variants.aa]\nset.today.loose_coal_t = 4",
    "base = \"case.toml\"\n[variants.\"a/b\"]\nset.today.loose_coal_t = 4",
    "base = \"case.toml\"\n[variants.a]\nextends = \"b\"\n[variants.b]\nextends = \"a\"",
    "base = \"case.toml\"\n[variants.a]\nextends = \"c\"",
    "base = \"case.toml\"\n[[sweep]]\nset = \"today.loose_coal_t\"\nvalues = [1]\nscale = [1]",
    "base = \"case.toml\"\n[[sweep]]\nset = \"today.loose_coal_t\"\nfrom = 3\nto = 1\nstep = 1",
    "base = \"case.toml\"\ncombine = \"zip\"\n[[sweep]]\nset = \"today.loose_coal_t\"\nvalues = [3, 4]\n\
     [[sweep]]\nset = \"today.loose_coal_cny_per_t\"\nvalues = [800, 900, 1000]",
    "base = \"case.toml\"\n[[sweep]]\nset = \"today.loose_coal_t\"\nfrom = 0\nto = 100\nstep = 0.001",
    "base = \"case.toml\"\n[[sweep]]\nset = \"place\"\nscale = [0.5, 2]\n[variants.a]\nset.today.room_c = 99",
];

#[test]
fn a_wrong_file_is_told_with_its_line_and_leaves_no_folder() {
    let folder = Folder::new("bad");
    fs::write(folder.0.join("case.toml"), CASE).unwrap();
    let (file, out) = (folder.0.join("bad.scenario.toml"), folder.0.join("out"));
    let mut told = String::new();
    for bad in BAD {
        fs::write(&file, bad).unwrap();
        let made = program(&["scenario", text(&file), "-o", text(&out)]);
        let said = String::from_utf8(made.stderr).unwrap();
        assert_eq!(made.status.code(), Some(1), "{bad}: {said}");
        assert!(!said.is_empty() && made.stdout.is_empty(), "{bad}");
        assert!(!out.exists(), "{bad}");
        let said = said.replace(&format!("{}/", folder.0.display()), "");
        told += &format!("{bad}\n>>>\n{said}\n");
    }
    golden("bad.txt", &told);
}

#[test]
fn a_scenario_is_checked_and_extracted() {
    let folder = Folder::new("check");
    good(&["example", "extract", "scenarios", text(&folder.0)]);
    let file = folder.0.join("scenarios/roster_grants.scenario.toml");
    assert!(good(&["check", text(&file)]).contains("情景"));
    good(&["scenario", text(&file)]);
}
