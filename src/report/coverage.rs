//! What the library covers (place, kind of figure, grade, last verified) and what in it is out of
//! date.

use serde::Serialize;
use std::collections::BTreeSet;

use crate::input::inventory::{FigureKind, Inventory, Item, Stale};
use crate::input::library::Library;
use crate::report::messages::Messages;
use crate::report::table::{Align, PAGE, Table, paragraph};
use crate::words::kinds::Kind;
use crate::words::provenance::{Grade, Timing, ValidTo};

/// Kinds that places have; the others belong to the catalogue, which is the same everywhere.
const OF_PLACES: [FigureKind; 9] = [
    FigureKind::HeatingSeason,
    FigureKind::FuelPrice,
    FigureKind::Electricity,
    FigureKind::Gas,
    FigureKind::NetworkHeat,
    FigureKind::FeedIn,
    FigureKind::Subsidy,
    FigureKind::Income,
    FigureKind::Household,
];

/// The figures of one kind at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Path of the place, `nation` for the whole country.
    pub place: String,
    /// Its full Chinese name.
    pub name_zh: String,
    /// What the figures tell.
    pub kind: FigureKind,
    /// How many there are, with those of past winters.
    pub figures: usize,
    /// How many of grade A, B, C and D.
    pub grades: [usize; 4],
    /// Grade of the one that was verified last, the worst if several were.
    pub grade: Grade,
    /// When that was: the day of the last look, else the date of its document; as far as known.
    pub last_verified: Option<String>,
    /// Last day on which any of them holds; nothing where one holds until it is replaced.
    pub holds_until: Option<String>,
}

/// The rows of a library in order of place and kind.
pub fn rows(inventory: &Inventory, library: &Library) -> Vec<Row> {
    let same = |a: &Item, b: &Item| (&a.place, a.kind) == (&b.place, b.kind);
    inventory
        .items
        .chunk_by(same)
        .filter_map(|items| row(items, library))
        .collect()
}

fn row(items: &[Item], library: &Library) -> Option<Row> {
    let first = items.first()?;
    let newest = items.iter().map(|item| verified(item, library)).max()?;
    let grade = items
        .iter()
        .filter(|item| verified(item, library) == newest)
        .map(|item| item.figure.0.grade)
        .max()?;
    let of = |grade: Grade| {
        let same = |item: &&Item| item.figure.0.grade == grade;
        items.iter().filter(same).count()
    };
    let ends = items
        .iter()
        .map(|item| match item.figure.0.valid.map(|valid| valid.to) {
            Some(ValidTo::Day(day)) => Some(day.to_string()),
            _ => None,
        });
    let ends: Option<Vec<String>> = ends.collect();
    let place = if first.place.is_empty() {
        "nation"
    } else {
        &first.place
    };
    let chain = library.places().chain(&first.place);
    Some(Row {
        place: place.to_owned(),
        name_zh: chain.map_or(String::new(), |chain| chain.full_name_zh()),
        kind: first.kind,
        figures: items.len(),
        grades: [of(Grade::A), of(Grade::B), of(Grade::C), of(Grade::D)],
        grade,
        last_verified: newest,
        holds_until: ends.and_then(|ends| ends.into_iter().max()),
    })
}

/// When a figure was last verified, as far as known.
fn verified(item: &Item, library: &Library) -> Option<String> {
    let figure = &item.figure.0;
    if let Some(ValidTo::UntilReplaced { checked }) = figure.valid.map(|valid| valid.to) {
        return Some(checked.to_string());
    }
    let source = library.source(&figure.source);
    source.and_then(|source| source.date.clone())
}

/// The map of the library: places with figures of their own, each kind with its grade and the year
/// in which it was last verified.
pub fn map(rows: &[Row], library: &Library, messages: &Messages) -> Table {
    let heads: Vec<String> = OF_PLACES
        .iter()
        .map(|kind| messages.kind("figure-head", *kind))
        .collect();
    let place = messages.text("coverage-place");
    let columns = std::iter::once(place.as_str()).chain(heads.iter().map(String::as_str));
    let mut table = Table::new(columns.map(|head| (head, Align::Left)));
    let of_places: Vec<&Row> = rows
        .iter()
        .filter(|row| OF_PLACES.contains(&row.kind))
        .collect();
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    for own in of_places.chunk_by(|a, b| a.place == b.place) {
        let Some(first) = own.first() else { continue };
        for (end, _) in first.place.match_indices('/') {
            let above = first.place.get(..end).unwrap_or_default();
            if shown.insert(above) {
                table.row([short_name(above, library, messages)]);
            }
        }
        shown.insert(&first.place);
        let cells = OF_PLACES.iter().map(|kind| {
            let row = own.iter().find(|row| row.kind == *kind);
            row.map_or_else(String::new, |row| cell(row))
        });
        table.row(std::iter::once(short_name(&first.place, library, messages)).chain(cells));
    }
    table
}

/// Grade and year: `A2024`.
fn cell(row: &Row) -> String {
    let verified = row.last_verified.as_deref().unwrap_or_default();
    let year = verified.get(..4).unwrap_or("-");
    format!("{}{year}", row.grade)
}

/// The short name of a place behind two blanks for each level above it.
fn short_name(place: &str, library: &Library, messages: &Messages) -> String {
    let depth = place.matches('/').count();
    let blanks = "\u{a0}\u{a0}".repeat(depth);
    let name = match library.places().get(place) {
        Some(row) if messages.text("data-name-key") == "zh" => row.short_zh.clone(),
        Some(row) => row.name.en.clone(),
        None => messages.text("data-nation"),
    };
    format!("{blanks}{name}")
}

/// One line for each place and kind.
pub fn list(rows: &[Row], messages: &Messages) -> Table {
    let heads = [
        "coverage-place",
        "coverage-kind",
        "coverage-grades",
        "coverage-verified",
        "coverage-until",
    ]
    .map(|key| messages.text(key));
    let mut table = Table::new(heads.iter().map(|head| (head.as_str(), Align::Left)));
    for row in rows {
        let grades = Grade::ALL.iter().zip(row.grades);
        let grades = grades.filter(|(_, count)| *count > 0);
        let grades: Vec<String> = grades
            .map(|(grade, count)| format!("{grade} {count}"))
            .collect();
        table.row([
            row.place.clone(),
            messages.kind("figure", row.kind),
            grades.join(", "),
            row.last_verified.clone().unwrap_or_default(),
            row.holds_until.clone().unwrap_or_default(),
        ]);
    }
    table
}

/// As plain text of at most 80 columns: the map, then the catalogue.
pub fn text(rows: &[Row], library: &Library, messages: &Messages) -> String {
    let mut out = map(rows, library, messages).to_text(PAGE);
    out += "\n";
    out += &list(&catalogue(rows), messages).to_text(PAGE);
    out += "\n";
    out += &paragraph(&legend(rows, library, messages), PAGE, 0);
    out
}

/// As Markdown: the map, then every place and kind.
pub fn markdown(rows: &[Row], library: &Library, messages: &Messages) -> String {
    format!(
        "{}\n\n{}\n{}",
        legend(rows, library, messages),
        map(rows, library, messages).to_markdown(),
        list(rows, messages).to_markdown(),
    )
}

/// Rows of the kinds that are the same everywhere.
fn catalogue(rows: &[Row]) -> Vec<Row> {
    let own = rows.iter().filter(|row| !OF_PLACES.contains(&row.kind));
    own.cloned().collect()
}

/// What the map says, and how many places stand in it and not.
fn legend(rows: &[Row], library: &Library, messages: &Messages) -> String {
    let with = |row: &&crate::input::place::PlaceRow| rows.iter().any(|own| own.place == row.path);
    let all = library.places().iter().count();
    let own = library.places().iter().filter(with).count();
    let values: [(&str, &dyn std::fmt::Display); 2] = [("own", &own), ("all", &all)];
    messages.with("coverage-legend", &values)
}

/// As CSV for other programs.
///
/// # Errors
/// Those of the CSV writer, which has none when it writes to memory.
pub fn csv(rows: &[Row]) -> Result<String, csv::Error> {
    const KEYS: [&str; 11] = [
        "place",
        "name_zh",
        "kind",
        "figures",
        "grade_a",
        "grade_b",
        "grade_c",
        "grade_d",
        "grade",
        "last_verified",
        "holds_until",
    ];
    let mut table = Table::new(KEYS.map(|key| (key, Align::Left)));
    for row in rows {
        let mut cells = vec![
            row.place.clone(),
            row.name_zh.clone(),
            row.kind.to_string(),
            row.figures.to_string(),
        ];
        cells.extend(row.grades.map(|count| count.to_string()));
        cells.push(row.grade.to_string());
        cells.push(row.last_verified.clone().unwrap_or_default());
        cells.push(row.holds_until.clone().unwrap_or_default());
        table.row(cells);
    }
    table.to_csv(false)
}

/// As JSON.
///
/// # Errors
/// Those of the JSON writer, which has none for these types.
pub fn json(rows: &[Row]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(rows).map(|text| text + "\n")
}

/// The figures that are out of date on a day, with the reason of each.
pub fn stale(stale: &[Stale<'_>], library: &Library, messages: &Messages) -> Table {
    let heads = ["coverage-place", "coverage-kind", "data-id", "stale-why"];
    let heads = heads.map(|key| messages.text(key));
    let mut table = Table::new(heads.iter().map(|head| (head.as_str(), Align::Left)));
    for stale in stale {
        table.row([
            name(&stale.item.place, library, messages),
            messages.kind("figure", stale.item.kind),
            stale.item.series.clone(),
            why(stale.timing, messages),
        ]);
    }
    table
}

fn name(place: &str, library: &Library, messages: &Messages) -> String {
    match library.places().get(place) {
        Some(row) => messages.name(&row.name).to_owned(),
        None => messages.text("data-nation"),
    }
}

/// A stale figure for other programs.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct StaleRow<'a> {
    place: &'a str,
    kind: FigureKind,
    id: &'a str,
    timing: Timing,
}

/// The same as JSON.
///
/// # Errors
/// Those of the JSON writer, which has none for these types.
pub fn stale_json(stale: &[Stale<'_>]) -> Result<String, serde_json::Error> {
    let rows: Vec<StaleRow<'_>> = stale
        .iter()
        .map(|stale| StaleRow {
            place: &stale.item.place,
            kind: stale.item.kind,
            id: stale.item.figure.id(),
            timing: stale.timing,
        })
        .collect();
    serde_json::to_string_pretty(&rows).map(|text| text + "\n")
}

/// Why a figure does not stand: its last day, its first, or the day of the last look.
pub fn why(timing: Timing, messages: &Messages) -> String {
    let (key, day) = match timing {
        Timing::OutOfDate { since } => ("stale-ended", since),
        Timing::Unchecked { since } => ("stale-unchecked", since),
        Timing::NotYet { from } => ("stale-not-yet", from),
        Timing::Valid => return String::new(),
    };
    messages.with(key, &[("day", &day)])
}
