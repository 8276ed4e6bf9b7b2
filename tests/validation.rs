//! `docs/validation.md`: one page over all that the tests wrote under `docs/validation/`.
//!
//! `QINGNUAN_BLESS=1 cargo test --test validation` writes it anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::Path;

/// Topics in the order of the account, with the tests that write them.
const TOPICS: [(&str, &str, &str); 7] = [
    (
        "weather",
        "Weather",
        "cargo test --test weather -- --ignored",
    ),
    ("heat", "Heat", "cargo test --test demand -- --ignored"),
    (
        "technology",
        "Heaters, collectors, PV",
        "cargo test --test technology -- --ignored",
    ),
    ("bills", "Bills", "cargo test --test bills"),
    ("subsidies", "Subsidies", "cargo test --test subsidy_rules"),
    (
        "finance",
        "Money over the years",
        "cargo test --test finance",
    ),
    (
        "published",
        "Published households",
        "cargo test --test published",
    ),
];

fn docs() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"))
}

/// A table under its heading: how many rows, and the largest difference by its unit.
#[derive(Default)]
struct Section {
    heading: String,
    rows: usize,
    column: Option<usize>,
    worst: Option<(f64, bool)>,
}

impl Section {
    fn row(&mut self, cells: &[&str]) {
        if cells
            .iter()
            .all(|cell| cell.trim_matches(['-', ':', ' ']).is_empty())
        {
            return;
        }
        if let Some(column) = cells.iter().position(|cell| *cell == "difference") {
            self.column = Some(column);
            return;
        }
        if self.column.is_none() && self.rows == 0 && self.worst.is_none() && self.head(cells) {
            return;
        }
        self.rows += 1;
        let found = self
            .column
            .and_then(|column| cells.get(column))
            .and_then(|cell| number(cell));
        if let Some((value, percent)) = found {
            let old = self.worst.map_or(0.0, |(value, _)| value);
            if self.worst.is_none() || value > old {
                self.worst = Some((value, percent));
            }
        }
    }

    /// The first row of a table without differences is its head.
    fn head(&mut self, cells: &[&str]) -> bool {
        self.column = Some(cells.len());
        true
    }

    fn worst(&self) -> String {
        match self.worst {
            Some((value, true)) => format!("{value:.2} %"),
            Some((0.0, false)) => "0".to_owned(),
            Some((value, false)) if value < 1e-3 => format!("{value:.0e}"),
            Some((value, false)) => format!("{value:.2}"),
            None => "-".to_owned(),
        }
    }
}

/// The size of a difference, and whether it is in percent.
fn number(cell: &str) -> Option<(f64, bool)> {
    let text = cell.trim_matches(['*', ' ']);
    let percent = text.contains('%');
    let digits = text
        .split('%')
        .next()?
        .trim()
        .trim_start_matches('+')
        .replace(',', "");
    Some((digits.parse::<f64>().ok()?.abs(), percent))
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if line.starts_with('#') {
            let heading = line.trim_start_matches(['#', ' ']).to_owned();
            sections.push(Section {
                heading,
                ..Section::default()
            });
        } else if let (Some(inner), Some(section)) = (line.strip_prefix('|'), sections.last_mut()) {
            let cells: Vec<&str> = inner
                .trim_end_matches('|')
                .split('|')
                .map(str::trim)
                .collect();
            section.row(&cells);
        }
    }
    sections.retain(|section| section.rows > 0);
    sections
}

fn page() -> String {
    let mut text = String::from(
        "# Validation\n\nOurs against independent tools, published rules and published households. The tests write the pages under\n\
         `validation/` and fail where they differ from what stands there; `QINGNUAN_BLESS=1` writes them anew. This page is\n\
         gathered from them by `tests/validation.rs`. Tolerances and their reasons stand on the pages.\n\n\
         | topic | compared | rows | largest difference |\n| --- | --- | ---: | ---: |\n",
    );
    let mut tests = String::from("\n## How to repeat it\n\n| page | test |\n| --- | --- |\n");
    for (file, topic, test) in TOPICS {
        let path = docs().join("validation").join(file).with_extension("md");
        let fragment = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        for section in sections(&fragment) {
            text += &format!(
                "| [{topic}](validation/{file}.md) | {} | {} | {} |\n",
                section.heading,
                section.rows,
                section.worst()
            );
        }
        tests += &format!("| [{topic}](validation/{file}.md) | `{test}` |\n");
    }
    text += "\nThe largest difference is in the unit of its page where it is not a percentage (yuan for bills, subsidies and money).\n";
    text + &tests
}

#[test]
fn the_page_gathers_what_the_tests_wrote() {
    let text = page();
    let path = docs().join("validation.md");
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stands == text,
        "docs/validation.md differs: QINGNUAN_BLESS=1 cargo test --test validation writes it anew"
    );
}

#[test]
fn every_page_of_validation_is_gathered() {
    for entry in fs::read_dir(docs().join("validation")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = TOPICS.iter().any(|(file, ..)| name == format!("{file}.md"));
        assert!(known, "{name}");
    }
}

#[test]
fn differences_are_read_with_their_unit() {
    assert_eq!(number("-1.8 %"), Some((1.8, true)));
    assert_eq!(number("**+12.5 %**"), Some((12.5, true)));
    assert_eq!(number("1,234.50"), Some((1234.5, false)));
    assert_eq!(number("4e-9"), Some((4e-9, false)));
    assert_eq!(number("-"), None);
}
