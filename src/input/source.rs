//! The register of documents that figures name: `data/sources/*.toml`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::{Spot, read_toml};
use crate::record;
use crate::words::provenance::Source;

/// Sources that need no entry: an assumption that nobody published, and the user's own case.
pub const BUILT_IN: [&str; 2] = ["assumption", "case"];

record! {
    /// A document. Cite the original: its title, who issued it, its number and date.
    pub struct RawSource {
        /// Title in the language of the original.
        title: Spot<String>;
        /// Who issued it.
        issuer: String;
        /// Document number, if it has one.
        number: Option<String>;
        /// When it was issued, as far as known: `2023`, `2023-10` or `2023-10-30`.
        date: Option<Spot<String>>;
        /// Where the issuer itself publishes it.
        url: Option<String>;
        /// Tables (CSV) of the library that come from it, since no figure in them names it.
        tables: Vec<Spot<String>>;
    }
}

/// All documents by their id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources(BTreeMap<String, Registered>);

/// A document with what the register knows beside it.
#[derive(Debug, Clone, PartialEq)]
struct Registered {
    source: Source,
    place: Place,
    tables: Vec<Spot<String>>,
}

impl Sources {
    /// Reads files, each with the name under which problems mention it and its text; what is wrong
    /// is collected and the rest is kept.
    pub fn read<'a>(files: impl IntoIterator<Item = (String, Cow<'a, str>)>) -> (Self, Problems) {
        let problems = RefCell::new(Problems::default());
        let mut all: BTreeMap<String, Registered> = BTreeMap::new();
        for (file, text) in files {
            let raw: Option<BTreeMap<String, RawSource>> = read_toml(&file, &text, &problems);
            for (id, source) in raw.unwrap_or_default() {
                let place = source.title.place.clone();
                let first = match all.get(&id) {
                    Some(first) => format!("{}:{}", first.place.file, first.place.line),
                    None if BUILT_IN.contains(&id.as_str()) => "qingnuan".to_owned(),
                    None => {
                        let tables = source.tables.clone();
                        if let Some(source) = source.check(&id, &mut problems.borrow_mut()) {
                            let registered = Registered {
                                source,
                                place,
                                tables,
                            };
                            all.insert(id, registered);
                        }
                        continue;
                    }
                };
                let kind = ProblemKind::Duplicate { id, first };
                problems.borrow_mut().error(place, kind);
            }
        }
        (Self(all), problems.into_inner())
    }

    /// The document of this id.
    pub fn get(&self, id: &str) -> Option<&Source> {
        self.0.get(id).map(|known| &known.source)
    }

    /// Where it is registered.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.0.get(id).map(|known| &known.place)
    }

    /// All of them in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.values().map(|known| &known.source)
    }

    /// The tables that a document says come from it.
    pub fn tables(&self, id: &str) -> &[Spot<String>] {
        self.0.get(id).map_or(&[], |known| &known.tables)
    }

    /// Adds a problem if no document has this id.
    pub fn check_id(&self, id: &str, place: &Place, problems: &mut Problems) {
        if BUILT_IN.contains(&id) || self.0.contains_key(id) {
            return;
        }
        let ids = self.0.keys().map(String::as_str).chain(BUILT_IN);
        let kind = ProblemKind::Unresolved {
            what: "source",
            id: id.to_owned(),
            nearest: nearest(id, ids),
        };
        problems.error(place.clone(), kind);
    }
}

impl RawSource {
    /// Checks the date; nothing else can be wrong.
    fn check(self, id: &str, problems: &mut Problems) -> Option<Source> {
        if let Some(date) = self.date.as_ref().filter(|date| !is_date(&date.value)) {
            let kind = ProblemKind::NotADay {
                value: date.value.clone(),
            };
            problems.error(date.place.clone(), kind);
            return None;
        }
        Some(Source {
            id: id.to_owned(),
            title: self.title.value,
            issuer: self.issuer,
            number: self.number,
            date: self.date.map(|date| date.value),
            url: self.url,
        })
    }
}

/// `2023`, `2023-10` or `2023-10-30`.
fn is_date(text: &str) -> bool {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    whole.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> (Sources, Vec<(String, ProblemKind)>) {
        let files = texts.iter().enumerate();
        let (sources, problems) =
            Sources::read(files.map(|(i, text)| (format!("{i}.toml"), Cow::Borrowed(*text))));
        let found = problems.0.into_iter();
        let found = found.map(|p| (format!("{}:{}", p.place.file, p.place.line), p.kind));
        (sources, found.collect())
    }

    #[test]
    fn a_source_is_found_by_its_id() {
        let (sources, problems) =
            read(&["[a]\ntitle = \"T\"\nissuer = \"I\"\ndate = \"2023-10\"\n"]);
        assert!(problems.is_empty());
        assert_eq!(sources.get("a").unwrap().issuer, "I");
    }

    #[test]
    fn the_same_id_twice_and_a_bad_date_are_named() {
        let one = "[a]\ntitle = \"T\"\nissuer = \"I\"\n";
        let (_, problems) = read(&[one, "\n[a]\ntitle = \"U\"\nissuer = \"I\"\n"]);
        assert_eq!(problems[0].0, "1.toml:3");
        assert!(
            matches!(&problems[0].1, ProblemKind::Duplicate { first, .. } if first == "0.toml:2")
        );
        let (_, problems) = read(&["[a]\ntitle = \"T\"\nissuer = \"I\"\ndate = \"last year\"\n"]);
        assert_eq!(problems[0].0, "0.toml:4");
    }

    #[test]
    fn an_assumption_is_not_a_document() {
        let (_, problems) = read(&["[assumption]\ntitle = \"T\"\nissuer = \"I\"\n"]);
        assert!(matches!(&problems[0].1, ProblemKind::Duplicate { id, .. } if id == "assumption"));
    }

    #[test]
    fn an_unknown_id_names_the_nearest() {
        let (sources, _) = read(&["[huairou_2022]\ntitle = \"T\"\nissuer = \"I\"\n"]);
        let mut problems = Problems::default();
        sources.check_id("huairu_2022", &Place::default(), &mut problems);
        sources.check_id("assumption", &Place::default(), &mut problems);
        assert_eq!(problems.0.len(), 1);
        assert!(
            matches!(&problems.0[0].kind, ProblemKind::Unresolved { nearest: Some(n), .. } if n == "huairou_2022")
        );
    }
}
