//! How far the library reaches and what in it is stale: the committed page, the lists, and what a
//! result says of old figures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::date;
use qingnuan::input::inventory::{FigureKind, inventory};
use qingnuan::input::library::Library;
use qingnuan::report::coverage;
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::words::provenance::Timing;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

fn page() -> String {
    let library = Library::bundled();
    let rows = coverage::rows(&inventory(&library).0, &library);
    let messages = Messages::new(Lang::En);
    format!(
        "# What the library covers\n\nMade by `QINGNUAN_BLESS=1 cargo test --test coverage`; do not \
         edit. `qingnuan data coverage` prints the same,\n`qingnuan data stale --on DATE` what must be \
         renewed, `docs/how-to/add-region.md` says how.\n\n{}",
        coverage::markdown(&rows, &library, &messages)
    )
}

#[test]
fn the_committed_page_is_that_of_the_library() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/data-coverage.md");
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page(),
        "{} is out of date; run: QINGNUAN_BLESS=1 cargo test --test coverage",
        path.display()
    );
}

#[test]
fn the_map_fits_80_columns() {
    let library = Library::bundled();
    let (all, problems) = inventory(&library);
    assert!(problems.0.is_empty(), "{:#?}", problems.0);
    let rows = coverage::rows(&all, &library);
    for lang in [Lang::Zh, Lang::En] {
        let messages = Messages::new(lang);
        let stale = all.stale(date(2026, 11, 24));
        let stale = coverage::stale(&stale, &library, &messages).to_text(80);
        let text = coverage::text(&rows, &library, &messages) + &stale;
        for line in text.lines() {
            assert!(line.width() <= 80, "{} columns: {line}", line.width());
        }
    }
}

#[test]
fn every_province_stands_in_the_map() {
    let library = Library::bundled();
    let rows = coverage::rows(&inventory(&library).0, &library);
    for row in library.places().iter().filter(|row| row.parent().is_none()) {
        let own = rows.iter().filter(|own| own.place == row.path).count();
        assert!(own > 0, "{}", row.path);
    }
    let count = |row: &coverage::Row| row.grades.iter().sum::<usize>();
    assert!(
        rows.iter()
            .all(|row| count(row) == row.figures && row.figures > 0)
    );
}

#[test]
fn old_figures_are_listed_and_history_is_not() {
    let library = Library::bundled();
    let all = inventory(&library).0;
    assert_eq!(all.unchecked_after_years, 2);
    let coal = |day| {
        let stale = all.stale(day);
        let found = stale.into_iter().find(|stale| {
            stale.item.place == "ningxia/wuzhong/hongsibao"
                && stale.item.series == "fuel_price/loose_coal"
        });
        found.map(|stale| stale.timing)
    };
    // the price of Hongsibao holds from 2022-11-01 to 2024-03-31
    assert_eq!(coal(date(2024, 3, 31)), None);
    let since = date(2024, 3, 31);
    assert_eq!(coal(date(2024, 4, 1)), Some(Timing::OutOfDate { since }));
    let from = date(2022, 11, 1);
    assert_eq!(coal(date(2022, 10, 31)), Some(Timing::NotYet { from }));
    // more and more goes stale if nobody looks
    let counts = [2026, 2028, 2032].map(|year| all.stale(date(year, 11, 24)).len());
    assert!(
        counts[0] <= counts[1] && counts[1] < counts[2],
        "{counts:?}"
    );
    let timeless = |kind| {
        all.stale(date(2032, 1, 1))
            .iter()
            .any(|it| it.item.kind == kind)
    };
    assert!(!timeless(FigureKind::House) && !timeless(FigureKind::Account));
}

fn run(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .args(args)
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_lists_can_be_printed_in_every_form() {
    let csv = run(&["data", "coverage", "--format", "csv"]);
    assert!(
        csv.starts_with("place,name_zh,kind,figures,grade_a,"),
        "{csv}"
    );
    let markdown = run(&["--lang", "en", "data", "coverage", "--format", "markdown"]);
    assert!(page().ends_with(&markdown));
    let json: Value =
        serde_json::from_str(&run(&["data", "coverage", "--format", "json"])).unwrap();
    assert!(json.as_array().unwrap().len() > 100);
    let stale = ["data", "stale", "--on", "2024-04-01"];
    let text = run(&stale);
    assert!(
        text.contains("红寺堡区") && text.contains("2024-03-31 到期"),
        "{text}"
    );
    let json = run(&[&stale[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    let ids: Vec<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"ningxia/wuzhong/hongsibao/fuel_price/loose_coal@2022-11-01"));
}

/// The result of one household with a coal price of these dates.
fn with_coal(name: &str, valid: &str) -> (Value, String) {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("coverage_{name}"));
    let _ = fs::remove_dir_all(&dir);
    let place = dir.join("places/ningxia/wuzhong/hongsibao");
    fs::create_dir_all(&place).unwrap();
    let text = format!(
        "[[fuel_price]]\ncarrier = \"loose_coal\"\nprice = {{ cny_per_t = 1600 }}\n\
         figure = {{ source = \"hongsibao_2024\", grade = \"B\", valid = {{ {valid} }} }}\n"
    );
    fs::write(place.join("place.toml"), text).unwrap();
    let data = dir.display().to_string();
    let case = [
        "compare",
        "--data",
        &data,
        "--region",
        "红寺堡",
        "--area",
        "100",
        "--coal",
        "3t",
        "--winter",
        "2026-27",
        "--option",
        "heat_pump_water",
    ];
    let json = run(&[&case[..], &["--format", "json"]].concat());
    // the page without its line breaks
    let page: String = run(&case)
        .lines()
        .map(|line| format!(" {}", line.trim()))
        .collect();
    (serde_json::from_str(&json).unwrap(), page)
}

#[test]
fn an_old_price_is_said_and_lowers_the_confidence() {
    let (fresh, page) = with_coal("fresh", "from = 2026-10-01, to = 2027-04-30");
    assert_eq!(fresh["today"]["confidence"]["level"], "high");
    assert!(!page.contains("散煤）"), "{page}");
    let (old, page) = with_coal("old", "from = 2022-11-01, to = 2024-03-31");
    assert_eq!(old["today"]["confidence"]["level"], "low");
    assert!(page.contains("燃料价格（散煤） 2024-03-31 到期"), "{page}");
    // two years and a day before 15 January 2027
    let checked = "from = 2022-11-01, to = \"until_replaced\", checked = 2025-01-14";
    let (unchecked, page) = with_coal("unchecked", checked);
    assert_eq!(unchecked["today"]["confidence"]["level"], "medium");
    assert!(page.contains("2025-01-14 后没有核对"), "{page}");
    let checked = checked.replace("01-14", "01-15");
    let (looked_at, _) = with_coal("looked_at", &checked);
    assert_eq!(looked_at["today"]["confidence"]["level"], "high");
}
