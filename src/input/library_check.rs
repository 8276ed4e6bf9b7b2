//! Checks across the whole library: every place loads, every figure's source is registered, every
//! registered source is used, every station, fuel, house and product that a place names exists.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::inventory::inventory;
use crate::input::library::{LevelText, Library, SETTINGS_FILE};
use crate::input::place::{Level, PlaceRow};
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::{Cx, join};
use crate::input::region::STATION_FILES;
use crate::input::settings::{LevelFigures, read_level};

/// Everything that is wrong in the library: every file by its own reader, then what holds between
/// files (sources, stations, ids that figures of places name).
pub fn check_library(library: &Library) -> Problems {
    let mut problems = Problems::default();
    problems.extend(library.places_problems().clone());
    problems.extend(library.sources_problems().clone());
    problems.extend(inventory(library).1);
    check_places(library, &mut problems);
    check_stations(library, &mut problems);
    check_sources(library, &mut problems);
    problems.sorted()
}

/// Reads the figures of the nation and of every folder of a place.
fn check_places(library: &Library, problems: &mut Problems) {
    let known = Known::of(library);
    let nation = library.text(SETTINGS_FILE).map(|text| LevelText {
        level: Level::Nation,
        place: "",
        file: library.shown(SETTINGS_FILE),
        text,
    });
    let places = library.places().iter().filter_map(|row| {
        let path = format!("places/{}/place.toml", row.path);
        Some(LevelText {
            level: row.level,
            place: &row.path,
            file: library.shown(&path),
            text: library.text(&path)?,
        })
    });
    for text in nation.into_iter().chain(places) {
        if let Some(file) = read_level(&text, problems) {
            known.check(&file.figures, problems);
        }
    }
}

/// Ids that figures of places can name.
struct Known {
    fuels: BTreeSet<String>,
    houses: BTreeSet<String>,
    products: BTreeSet<String>,
    /// What rules ask for.
    facts: BTreeSet<String>,
}

impl Known {
    fn of(library: &Library) -> Self {
        let ids = |folder: &str| {
            let files = library.files_under(folder);
            let texts = files.iter().filter_map(|path| library.text(path));
            let named = texts.flat_map(|text| named_texts("", &text, &["id"]));
            named.map(|(id, _)| id).collect()
        };
        let fuels = library.text("fuels.toml").map(|text| {
            let (document, _) = DeTable::parse_recoverable(&text);
            let fuels = document.get_ref().get("fuel");
            let table = fuels.and_then(|fuels| fuels.get_ref().as_table());
            let keys = table.into_iter().flat_map(|table| table.keys());
            keys.map(|key| key.get_ref().to_string()).collect()
        });
        Self {
            fuels: fuels.unwrap_or_default(),
            houses: ids("houses/"),
            products: ids("products/"),
            facts: facts(library),
        }
    }

    fn check(&self, figures: &LevelFigures, problems: &mut Problems) {
        let mut check = |reference: Reference<'_>| reference.check(problems);
        for entry in &figures.fuel_price {
            if let Some(id) = &entry.value.quality {
                check(Reference {
                    what: "fuel",
                    id,
                    known: &self.fuels,
                    place: &entry.place,
                });
            }
        }
        for entry in figures.default_house.iter().chain(&figures.heating_habit) {
            check(Reference {
                what: "house",
                id: &entry.value,
                known: &self.houses,
                place: &entry.place,
            });
        }
        for entry in &figures.fact {
            check(Reference {
                what: "fact",
                id: &entry.series,
                known: &self.facts,
                place: &entry.place,
            });
        }
        for entry in &figures.coal_stove {
            check(Reference {
                what: "product",
                id: &entry.value,
                known: &self.products,
                place: &entry.place,
            });
        }
    }
}

/// The facts that any rule of the library asks for or forbids.
fn facts(library: &Library) -> BTreeSet<String> {
    let files = library.files_under("places/");
    let rules = files.iter().filter(|path| path.ends_with("subsidies.toml"));
    let texts = rules.filter_map(|path| library.text(path));
    let named = texts.flat_map(|text| named_texts("", &text, &["facts", "without_facts"]));
    named.map(|(name, _)| name).collect()
}

/// An id that a figure of a place names.
struct Reference<'a> {
    what: &'static str,
    id: &'a str,
    known: &'a BTreeSet<String>,
    place: &'a Place,
}

impl Reference<'_> {
    fn check(&self, problems: &mut Problems) {
        if !self.known.contains(self.id) {
            let kind = ProblemKind::Unresolved {
                what: self.what,
                id: self.id.to_owned(),
                nearest: nearest(self.id, self.known.iter().map(String::as_str)),
            };
            problems.error(self.place.clone(), kind);
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
        let named = named_texts(&library.shown(&path), &text, &["source", "sources"]);
        for (id, place) in named {
            sources.check_id(&id, &place, problems);
            used.insert(id);
        }
    }
    check_tables(library, problems);
    for source in sources.iter() {
        if used.contains(&source.id) || !sources.tables(&source.id).is_empty() {
            continue;
        }
        if let Some(place) = sources.place(&source.id) {
            let kind = ProblemKind::Other {
                message: "problem-source-unused",
                values: vec![("id", source.id.clone())],
            };
            problems.warn(place.clone(), kind);
        }
    }
}

/// The tables that documents name are in the library.
fn check_tables(library: &Library, problems: &mut Problems) {
    let sources = library.sources();
    for table in sources.iter().flat_map(|source| sources.tables(&source.id)) {
        if library.text(&table.value).is_none() {
            let files = library.files_under("");
            let kind = ProblemKind::Unresolved {
                what: "file",
                id: table.value.clone(),
                nearest: nearest(&table.value, files.iter().map(String::as_str)),
            };
            problems.error(table.place.clone(), kind);
        }
    }
}

/// The text (or each text of the list) at every one of these keys in a file, with its place. A file
/// that is not TOML names none here; its own reader says what is wrong with it.
pub fn named_texts(file: &str, text: &str, keys: &[&str]) -> Vec<(String, Place)> {
    let (document, _) = DeTable::parse_recoverable(text);
    let unused = RefCell::new(Problems::default());
    let mut walk = Walk {
        keys,
        cx: Cx::new(file, text, &unused),
        found: Vec::new(),
    };
    walk.table(document.get_ref(), "");
    walk.found
}

/// A walk through all tables of a file.
struct Walk<'a> {
    keys: &'a [&'a str],
    cx: Cx<'a>,
    found: Vec<(String, Place)>,
}

impl Walk<'_> {
    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = join(path, name);
            if self.keys.contains(&name) {
                self.collect(value, &path);
            }
            self.value(value, &path);
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &str) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, path),
            DeValue::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.value(item, &format!("{path}[{i}]"));
                }
            }
            _ => {}
        }
    }

    /// The text of a value, or the texts of a list.
    fn collect(&mut self, value: &Spanned<DeValue<'_>>, path: &str) {
        match value.get_ref() {
            DeValue::String(text) => {
                let place = self.cx.place(value.span().start, path);
                self.found.push((text.to_string(), place));
            }
            DeValue::Array(items) => {
                for item in items.iter() {
                    self.collect(item, path);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_wherever_they_stand() {
        let text = "a = { figure = { source = \"x\" } }\n[[b]]\nsources = [\"y\", \"z\"]\n";
        let found = named_texts("f.toml", text, &["source", "sources"]);
        let ids: Vec<(&str, usize)> = found.iter().map(|(id, p)| (id.as_str(), p.line)).collect();
        assert_eq!(ids, [("x", 1), ("y", 3), ("z", 3)]);
        assert_eq!(found[0].1.field, "a.figure.source");
    }
}
