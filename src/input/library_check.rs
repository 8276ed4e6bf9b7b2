//! Checks across the whole library: every place loads, every figure's source is registered, every
//! registered source is used, every station exists.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::library::Library;
use crate::input::place::PlaceRow;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::{Cx, join};
use crate::input::region::{STATION_FILES, read_levels};

/// Everything that is wrong with the tables of places, the figures of places and the register of
/// sources. Tariffs, rules and products are checked by their own readers; their sources are checked
/// here.
pub fn check_library(library: &Library) -> Problems {
    let mut problems = Problems::default();
    problems.extend(library.places_problems().clone());
    problems.extend(library.sources_problems().clone());
    check_places(library, &mut problems);
    check_stations(library, &mut problems);
    check_sources(library, &mut problems);
    problems.sorted()
}

/// Loads the figures of every place, each with those above it.
fn check_places(library: &Library, problems: &mut Problems) {
    for row in library.places().iter() {
        if let Some(chain) = library.places().chain(&row.path) {
            read_levels(library, &chain, problems);
        }
    }
}

/// The station of every place is one of the library's.
fn check_stations(library: &Library, problems: &mut Problems) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for text in STATION_FILES.iter().filter_map(|path| library.text(path)) {
        let lines = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next());
        known.extend(lines.map(str::to_owned));
    }
    let stray = |row: &&PlaceRow| {
        row.station_id
            .as_ref()
            .is_some_and(|id| !known.contains(id))
    };
    for row in library.places().iter().filter(stray) {
        let id = row.station_id.clone().unwrap_or_default();
        let place = Place {
            file: library.shown(crate::input::place::PLACES_FILE),
            field: format!("{}.station_id", row.path),
            ..Place::default()
        };
        let kind = ProblemKind::Unresolved {
            what: "station",
            nearest: nearest(&id, known.iter().map(String::as_str)),
            id,
        };
        problems.error(place, kind);
    }
}

/// Every `source` of the library is registered, and every registered document is named somewhere.
fn check_sources(library: &Library, problems: &mut Problems) {
    let sources = library.sources();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for path in library.files_under("") {
        let is_data = path.ends_with(".toml") && !path.starts_with("sources/");
        let Some(text) = library.text(&path).filter(|_| is_data) else {
            continue;
        };
        for (id, place) in named_sources(&library.shown(&path), &text) {
            sources.check_id(&id, &place, problems);
            used.insert(id);
        }
    }
    for source in sources.iter().filter(|source| !used.contains(&source.id)) {
        if let Some(place) = sources.place(&source.id) {
            let kind = ProblemKind::Other {
                message: "problem-source-unused",
                values: vec![("id", source.id.clone())],
            };
            problems.warn(place.clone(), kind);
        }
    }
}

/// The text of every key `source` (and of the lists `sources`) in a file, with its place. A file
/// that is not TOML names none here; its own reader says what is wrong with it.
pub fn named_sources(file: &str, text: &str) -> Vec<(String, Place)> {
    let (document, _) = DeTable::parse_recoverable(text);
    let unused = RefCell::new(Problems::default());
    let cx = Cx::new(file, text, &unused);
    let mut found = Vec::new();
    walk_table(document.get_ref(), "", &cx, &mut found);
    found
}

fn walk_table(table: &DeTable<'_>, path: &str, cx: &Cx<'_>, found: &mut Vec<(String, Place)>) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let path = join(path, name);
        if name == "source" || name == "sources" {
            collect(value, &path, cx, found);
        }
        walk(value, &path, cx, found);
    }
}

fn walk(value: &Spanned<DeValue<'_>>, path: &str, cx: &Cx<'_>, found: &mut Vec<(String, Place)>) {
    match value.get_ref() {
        DeValue::Table(table) => walk_table(table, path, cx, found),
        DeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{i}]"), cx, found);
            }
        }
        _ => {}
    }
}

/// The text of a value, or the texts of a list.
fn collect(
    value: &Spanned<DeValue<'_>>,
    path: &str,
    cx: &Cx<'_>,
    found: &mut Vec<(String, Place)>,
) {
    match value.get_ref() {
        DeValue::String(id) => found.push((id.to_string(), cx.place(value.span().start, path))),
        DeValue::Array(items) => {
            for item in items.iter() {
                collect(item, path, cx, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_wherever_they_stand() {
        let text = "a = { figure = { source = \"x\" } }\n[[b]]\nsources = [\"y\", \"z\"]\n";
        let found = named_sources("f.toml", text);
        let ids: Vec<(&str, usize)> = found.iter().map(|(id, p)| (id.as_str(), p.line)).collect();
        assert_eq!(ids, [("x", 1), ("y", 3), ("z", 3)]);
        assert_eq!(found[0].1.field, "a.figure.source");
    }
}
