//! `data` (数据): lists and shows what the library holds.

use std::path::Path;

use crate::cli::args::{DataAction, DataArgs, Topic};
use crate::cli::{Exit, coverage, new_region, output};
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::station::StationTables;
use crate::report::messages::Messages;
use crate::report::problems;
use crate::report::table::{Align, PAGE, Table, number};

/// A thing of the library: its id, its name, and what `show` prints.
struct Entry {
    id: String,
    name: String,
    text: String,
}

/// Lists a topic, or shows one of its things.
pub fn run(args: &DataArgs, library: &Library, messages: &Messages) -> Exit {
    let mut found = Problems::default();
    let (topic, wanted) = match &args.action {
        DataAction::List { topic } => (*topic, None),
        DataAction::Show { topic, id } => (*topic, Some(id)),
        DataAction::Coverage(args) => return coverage::coverage(args, library, messages),
        DataAction::Stale(args) => return coverage::stale(args, library, messages),
        DataAction::NewRegion(args) => return new_region::run(args, library, messages),
    };
    if let (Topic::Regions, Some(id)) = (topic, wanted) {
        return region(id, library, messages);
    }
    let entries = entries(topic, library, messages, &mut found);
    if found.has_errors() {
        output::complain(&problems::render(&found, messages, &Texts::default()));
        return Exit::Problems;
    }
    let Some(id) = wanted else {
        return output::say(&list(&entries, messages));
    };
    match entries
        .iter()
        .find(|entry| entry.id == *id || entry.name == *id)
    {
        Some(entry) => output::say(&format!("{}\n", entry.text.trim_end())),
        None => unknown(topic, id, &entries, messages),
    }
}

fn list(entries: &[Entry], messages: &Messages) -> String {
    let heads = ["data-id", "data-name"].map(|key| messages.text(key));
    let mut table = Table::new(heads.iter().map(|head| (head.as_str(), Align::Left)));
    for entry in entries {
        table.row([entry.id.as_str(), entry.name.as_str()]);
    }
    table.to_text(PAGE)
}

fn unknown(topic: Topic, id: &str, entries: &[Entry], messages: &Messages) -> Exit {
    let names = entries
        .iter()
        .flat_map(|entry| [entry.id.as_str(), entry.name.as_str()]);
    let kind = ProblemKind::Unresolved {
        what: topic.thing(),
        id: id.to_owned(),
        nearest: nearest(id, names),
    };
    tell(kind, messages)
}

/// Tells one problem that stands in no file.
pub fn tell(kind: ProblemKind, messages: &Messages) -> Exit {
    let mut found = Problems::default();
    found.error(Place::default(), kind);
    output::complain(&problems::render(&found, messages, &Texts::default()));
    Exit::Problems
}

fn entries(
    topic: Topic,
    library: &Library,
    messages: &Messages,
    found: &mut Problems,
) -> Vec<Entry> {
    match topic {
        Topic::Regions => regions(library, messages),
        Topic::Stations => stations(library, messages, found),
        Topic::Sources => sources(library),
        Topic::Options => tables(library, &["options.toml".to_owned()], messages),
        Topic::Products => tables(library, &library.files_under("products/"), messages),
        Topic::Tariffs => files(library, "tariffs.toml", messages),
        Topic::Rules => files(library, "subsidies.toml", messages),
    }
}

fn regions(library: &Library, messages: &Messages) -> Vec<Entry> {
    let rows = library.places().iter();
    rows.map(|row| Entry {
        id: row.path.clone(),
        name: messages.name(&row.name).to_owned(),
        text: String::new(),
    })
    .collect()
}

/// A place: its files and those of the places that contain it, most specific first.
fn region(name: &str, library: &Library, messages: &Messages) -> Exit {
    let chain = match library.resolve_place(name) {
        Ok(chain) => chain,
        Err(kind) => return tell(kind, messages),
    };
    let name = chain.full_name();
    let mut out = format!("{} {}\n", chain.id(), messages.name(&name));
    for file in crate::input::library::PLACE_FILES {
        for level in library.chain_texts(&chain, file) {
            out += &format!("\n# {}\n\n{}\n", level.file, level.text.trim());
        }
    }
    output::say(&out)
}

fn stations(library: &Library, messages: &Messages, found: &mut Problems) -> Vec<Entry> {
    let texts: Vec<(String, String)> = library
        .files_under("stations/")
        .into_iter()
        .filter_map(|path| Some((path.clone(), library.text(&path)?.into_owned())))
        .collect();
    let open = |wanted: &str| {
        let same = |path: &str| path == wanted || Path::new(path).ends_with(wanted);
        texts
            .iter()
            .find(|(path, _)| same(path))
            .map(|(_, text)| text.as_str())
    };
    let Some(tables) = StationTables::open(&open, found) else {
        return Vec::new();
    };
    let places = tables.list(found).unwrap_or_default();
    places
        .into_iter()
        .map(|place| {
            let name = messages.name(&place.name).to_owned();
            let (latitude, longitude) = (
                number(place.site.latitude_deg, 2),
                number(place.site.longitude_deg, 2),
            );
            let elevation = number(place.site.elevation_m, 0);
            let values: [(&str, &dyn std::fmt::Display); 5] = [
                ("id", &place.id),
                ("name", &name),
                ("latitude", &latitude),
                ("longitude", &longitude),
                ("elevation", &elevation),
            ];
            let text = messages.with("data-station", &values);
            Entry {
                id: place.id,
                name,
                text,
            }
        })
        .collect()
}

fn sources(library: &Library) -> Vec<Entry> {
    let all = library.sources().iter();
    all.map(|source| {
        let parts = [
            Some(&source.title),
            Some(&source.issuer),
            source.number.as_ref(),
            source.date.as_ref(),
            source.url.as_ref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        Entry {
            id: source.id.clone(),
            name: source.title.clone(),
            text: parts.join("\n"),
        }
    })
    .collect()
}

/// Things that stand in files of the library as tables: a file with an `id` is one thing, else
/// each table of a list named by its `id` is.
fn tables(library: &Library, paths: &[String], messages: &Messages) -> Vec<Entry> {
    let mut entries = Vec::new();
    for path in paths {
        let Some(text) = library.text(path) else {
            continue;
        };
        let Ok(table) = text.parse::<toml::Table>() else {
            continue;
        };
        if table.contains_key("id") {
            entries.extend(entry(&table, None, &text, messages));
            continue;
        }
        for (key, value) in &table {
            let one = |id: Option<&str>, value: &toml::Value| {
                let table = value.as_table()?;
                let text = toml::to_string(table).ok()?;
                entry(table, id, &text, messages)
            };
            match value {
                toml::Value::Array(list) => {
                    entries.extend(list.iter().filter_map(|value| one(None, value)));
                }
                toml::Value::Table(map) if map.contains_key("name") => {
                    entries.extend(one(Some(key), value));
                }
                toml::Value::Table(map) => {
                    entries.extend(map.iter().filter_map(|(id, value)| one(Some(id), value)));
                }
                _ => {}
            }
        }
    }
    entries
}

fn entry(table: &toml::Table, id: Option<&str>, text: &str, messages: &Messages) -> Option<Entry> {
    let id = id.or_else(|| table.get("id")?.as_str())?.to_owned();
    let name = match table.get("name") {
        Some(toml::Value::String(name)) => name.clone(),
        Some(toml::Value::Table(name)) => {
            let key = messages.text("data-name-key");
            name.get(&key)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        }
        _ => String::new(),
    };
    Some(Entry {
        id,
        name,
        text: text.to_owned(),
    })
}

/// Files of this name below `places/`, by the path of their place.
fn files(library: &Library, name: &str, messages: &Messages) -> Vec<Entry> {
    let paths = library.files_under("places/");
    paths
        .iter()
        .filter_map(|path| {
            let place = path
                .strip_prefix("places/")?
                .strip_suffix(name)?
                .trim_end_matches('/');
            let shown = match library.places().get(place) {
                Some(row) => messages.name(&row.name).to_owned(),
                None => messages.text("data-nation"),
            };
            Some(Entry {
                id: if place.is_empty() {
                    "nation".to_owned()
                } else {
                    place.to_owned()
                },
                name: shown,
                text: library.text(path)?.into_owned(),
            })
        })
        .collect()
}
