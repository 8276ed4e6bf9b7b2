//! `check` of a folder of data: every file of it, laid over the library, with the whole chain of
//! each place, and what the places then have of their own.

use std::collections::BTreeSet;
use std::path::Path;

use crate::input::guard::Texts;
use crate::input::inventory::{FigureKind, Inventory, inventory};
use crate::input::library::Library;
use crate::input::library_check::check_library;
use crate::input::place::{Chain, PLACES_FILE};
use crate::input::price::Timing;
use crate::input::problem::Problems;
use crate::input::schema;
use crate::input::setting::{PlaceInWinter, Wishes, place_in_winter};
use crate::report::messages::Messages;
use crate::words::kinds::Kind;

/// The problems of a folder, and what to say of it if there are none.
pub fn check(dir: &Path, texts: &mut Texts, messages: &Messages) -> (Problems, String) {
    let library = match Library::with_overlay(dir) {
        Ok(library) => library,
        Err(problems) => return (problems, String::new()),
    };
    for (_, shown, text) in library.own_files() {
        texts.insert(shown, text);
    }
    let (inventory, found) = inventory(&library);
    let mut problems = library.warnings().clone();
    problems.extend(found);
    problems.extend(check_library(&library));
    let mut said = files(&library, messages);
    for chain in own_places(&library) {
        match place_in_winter(&library, &chain, &Wishes::default()) {
            Ok(place) => said += &explain(&chain, &place, &inventory, messages),
            Err(found) => problems.extend(found),
        }
    }
    (problems.sorted(), said)
}

/// One line for each file: its name and kind.
fn files(library: &Library, messages: &Messages) -> String {
    let mut said = String::new();
    for (path, shown, text) in library.own_files() {
        let kind = match schema::kind_of(Path::new(path), text) {
            Some(kind) if kind.name != "case" && path.ends_with(".toml") => {
                messages.member("file-kind", kind.name)
            }
            _ => messages.text("check-table"),
        };
        said += &messages.with("check-good", &[("file", &shown), ("kind", &kind)]);
        said.push('\n');
    }
    said
}

/// Places with a file or a row of their own in the folder.
fn own_places(library: &Library) -> Vec<Chain> {
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for (path, _, text) in library.own_files() {
        if path == PLACES_FILE {
            let rows = text.lines().filter_map(|line| line.split(',').next());
            paths.extend(rows.map(|path| path.trim().to_owned()));
        } else if let Some(inner) = path.strip_prefix("places/") {
            paths.extend(inner.rsplit_once('/').map(|(place, _)| place.to_owned()));
        }
    }
    let chains = paths.iter().filter_map(|path| library.places().chain(path));
    chains.collect()
}

/// What a place has of its own, what is filled in from above, and its weather station.
fn explain(
    chain: &Chain,
    place: &PlaceInWinter,
    inventory: &Inventory,
    messages: &Messages,
) -> String {
    let own = FigureKind::ALL.iter().filter_map(|kind| {
        let same =
            |item: &&crate::input::inventory::Item| item.place == chain.id() && item.kind == *kind;
        let count = inventory.items.iter().filter(same).count();
        (count > 0).then(|| format!("{} {count}", messages.kind("figure", *kind)))
    });
    let own: Vec<String> = own.collect();
    let own = if own.is_empty() {
        messages.text("check-place-none")
    } else {
        own.join(&messages.text("name-separator"))
    };
    let used = place.region.figures();
    let filled = used.iter().filter(|(_, used)| used.filled_in).count();
    let old = used.iter().filter(|(_, used)| used.timing != Timing::Valid);
    let old = old.count();
    let station = place.region.station.as_ref();
    let id = station.map_or("-", |station| station.id.as_str());
    let km = station.map_or(0.0, |station| station.distance_km);
    let km = crate::report::table::number(km, 0);
    let name = messages.name(&place.setting.place);
    let values: [(&str, &dyn std::fmt::Display); 7] = [
        ("place", &name),
        ("winter", &place.setting.winter),
        ("own", &own),
        ("filled", &filled),
        ("old", &old),
        ("station", &id),
        ("km", &km),
    ];
    messages.with("check-place", &values) + "\n"
}
