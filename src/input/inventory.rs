//! Everything in the library, read once: each figure with its place and kind, and every problem of
//! every file. What is out of date on a day, and how far the library covers each place, are asked
//! of this list.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::figure::RawFigure;
use crate::input::fuel::read_fuels;
use crate::input::house::read_houses;
use crate::input::library::{LevelText, Library, SETTINGS_FILE};
use crate::input::option::read_options;
use crate::input::place::Level;
use crate::input::problem::Problems;
use crate::input::product::{read_emitters, read_products};
use crate::input::pv::read_pv;
use crate::input::record::{Cx, Field, Limits, Node, join, read_toml};
use crate::input::settings::{LevelFigures, read_level};
use crate::input::station::StationTables;
use crate::input::subsidy::{Known, read_rules};
use crate::input::tariff::{RawTariffs, Tariffs};
use crate::words::kinds::{Kind, kinds};
use crate::words::provenance::{FigureRef, Timing, ValidTo};

kinds! {
    /// What a figure tells.
    FigureKind {
        /// Official heating season.
        HeatingSeason = "heating_season",
        /// Prices of fuels.
        FuelPrice = "fuel_price",
        /// Electricity plans.
        Electricity = "electricity",
        /// Gas plans.
        Gas = "gas",
        /// Network heat.
        NetworkHeat = "network_heat",
        /// What the grid pays for PV.
        FeedIn = "feed_in",
        /// Subsidy rules.
        Subsidy = "subsidy",
        /// Income of rural residents.
        Income = "income",
        /// What stands in for what a household does not say.
        Household = "household",
        /// Settings of the account.
        Account = "account",
        /// Carbon of the grid.
        Grid = "grid",
        /// Heat values, emissions and labour of fuels.
        Fuel = "fuel",
        /// Products: prices, performance, life.
        Product = "product",
        /// Houses, habits and envelope works.
        House = "house",
        /// Rooftop PV.
        Pv = "pv",
    }
}

impl FigureKind {
    /// The kind of a table of `place.toml` or a part of a figure's id.
    fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "heating_season" => Self::HeatingSeason,
            "fuel_price" => Self::FuelPrice,
            "electricity" => Self::Electricity,
            "gas" | "natural_gas" => Self::Gas,
            "network_heat" | "district_heat" => Self::NetworkHeat,
            "feed_in" => Self::FeedIn,
            "subsidy" => Self::Subsidy,
            "income" => Self::Income,
            "people" | "living_electricity" | "cooking_gas" | "default_house" | "heating_habit"
            | "today_fuel" | "coal_stove" | "grid_supply" | "wage" | "biomass_reach"
            | "roof_tilt" | "fact" => Self::Household,
            "too_dear_to_install"
            | "too_dear_to_run"
            | "burden_class"
            | "back_to_coal"
            | "discount"
            | "inflation"
            | "horizon"
            | "escalation"
            | "loan_rate"
            | "service"
            | "rounding"
            | "unchecked_after"
            | "first_winter"
            | "plausible_heat" => Self::Account,
            "grid" => Self::Grid,
            "fuel" => Self::Fuel,
            "product" | "emitter" => Self::Product,
            "house" | "archetype" | "habit" | "works" => Self::House,
            "pv" => Self::Pv,
            _ => return None,
        })
    }

    /// The kind of a figure by its id: the first part that names one.
    pub fn of_id(id: &str) -> Option<Self> {
        let part = |part: &str| {
            let key = part.split('@').next().unwrap_or(part);
            Self::of_key(key)
        };
        id.split('/').find_map(part)
    }
}

/// A figure of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Path of its place; empty for the nation.
    pub place: String,
    /// What it tells.
    pub kind: FigureKind,
    /// Which series of its kind: later entries replace earlier ones of the same series.
    pub series: String,
    /// The figure.
    pub figure: FigureRef,
}

/// Everything in the library.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Figures, in order of place, kind, series and first day.
    pub items: Vec<Item>,
    /// Years after which an open-ended figure must be looked at again, by the national settings.
    pub unchecked_after_years: u16,
}

/// A figure that does not stand on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Stale<'a> {
    /// The figure.
    pub item: &'a Item,
    /// Why: never [`Timing::Valid`].
    pub timing: Timing,
}

impl Inventory {
    /// The figures that somebody must renew: of each series the one that a result of this day
    /// would use, if it has ended, has not begun, or has not been looked at for too long. Older
    /// entries of a series that goes on are history and not listed.
    pub fn stale(&self, day: Date) -> Vec<Stale<'_>> {
        let same =
            |a: &Item, b: &Item| (&a.place, a.kind, &a.series) == (&b.place, b.kind, &b.series);
        self.items
            .chunk_by(same)
            .filter_map(|series| self.stale_of(series, day))
            .collect()
    }

    /// The entry of one series, in order of its days, that is used on a day and does not stand.
    fn stale_of<'a>(&self, series: &'a [Item], day: Date) -> Option<Stale<'a>> {
        let began = |item: &&Item| item.figure.0.valid.is_none_or(|valid| valid.from <= day);
        let used = series
            .iter()
            .rev()
            .filter(began)
            .max_by_key(|item| last_day(item))
            .or(series.first())?;
        let timing = used.figure.0.valid?.timing(day, self.unchecked_after_years);
        (timing != Timing::Valid).then_some(Stale { item: used, timing })
    }
}

/// The last day of a figure; the end of time for one without.
fn last_day(item: &Item) -> Date {
    match item.figure.0.valid.map(|valid| valid.to) {
        Some(ValidTo::Day(day)) => day,
        _ => Date::MAX,
    }
}

/// Reads every file of the library.
pub fn inventory(library: &Library) -> (Inventory, Problems) {
    let mut reader = Reader {
        library,
        items: Vec::new(),
        problems: Problems::default(),
    };
    let unchecked_after_years = reader.figures_of_places();
    reader.tariffs();
    reader.rules();
    reader.catalogue();
    reader.stations();
    let mut items = reader.items;
    items.sort_by(|a, b| {
        let first = |item: &Item| item.figure.0.valid.map(|valid| valid.from);
        (&a.place, a.kind, &a.series, first(a)).cmp(&(&b.place, b.kind, &b.series, first(b)))
    });
    let inventory = Inventory {
        items,
        unchecked_after_years,
    };
    (inventory, reader.problems.sorted())
}

struct Reader<'a> {
    library: &'a Library,
    items: Vec<Item>,
    problems: Problems,
}

impl Reader<'_> {
    fn add(&mut self, place: &str, kind: FigureKind, series: String, figure: &FigureRef) {
        self.items.push(Item {
            place: place.to_owned(),
            kind,
            series,
            figure: figure.clone(),
        });
    }

    /// `settings.toml` and every `place.toml`; gives the national limit of unchecked figures.
    fn figures_of_places(&mut self) -> u16 {
        let library = self.library;
        let mut limit = 0;
        for text in texts(library, "place.toml") {
            let Some(file) = read_level(&text, &mut self.problems) else {
                continue;
            };
            if file.level == Level::Nation {
                limit = years(&file.figures);
            }
            for (key, series, figure) in file.figures.each() {
                if let Some(kind) = FigureKind::of_key(key) {
                    let series = if series.is_empty() {
                        key.to_owned()
                    } else {
                        format!("{key}/{series}")
                    };
                    self.add(&file.place, kind, series, figure);
                }
            }
        }
        limit
    }

    fn tariffs(&mut self) {
        let library = self.library;
        for text in texts(library, "tariffs.toml") {
            let found = RefCell::new(Problems::default());
            let raw: Option<RawTariffs> = read_toml(&text.file, &text.text, &found);
            self.problems.extend(found.into_inner());
            let name = named(text.place);
            if let Some(tariffs) = raw.and_then(|raw| raw.check(name, &mut self.problems)) {
                self.plans(text.place, &tariffs);
            }
        }
    }

    fn plans(&mut self, place: &str, tariffs: &Tariffs) {
        let kinds = [
            (FigureKind::Electricity, &tariffs.electricity),
            (FigureKind::Gas, &tariffs.gas),
            (FigureKind::FeedIn, &tariffs.feed_in),
        ];
        for (kind, plans) in kinds {
            for (id, plan) in plans {
                for version in plan.levels.iter().flatten() {
                    self.add(place, kind, id.clone(), &version.figure);
                }
            }
        }
        for (id, plan) in &tariffs.network_heat {
            for version in plan.levels.iter().flatten() {
                self.add(place, FigureKind::NetworkHeat, id.clone(), &version.figure);
            }
        }
    }

    /// Rules of every place; the series of a rule is its programme, since a programme goes on by
    /// new rules.
    fn rules(&mut self) {
        let library = self.library;
        let found = RefCell::new(Problems::default());
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for text in texts(library, "subsidies.toml") {
            let mut above = known_above(&known, text.place);
            let name = named(text.place);
            let Some(file) = read_rules(&text.file, &text.text, name, &above, &found) else {
                continue;
            };
            above.add(&file);
            known.insert(text.place.to_owned(), above);
            for rule in &file.rules {
                let programme = rule.programme.to_string();
                self.add(text.place, FigureKind::Subsidy, programme, &rule.figure);
            }
        }
        self.problems.extend(found.into_inner());
    }

    /// Products, houses, fuels, options and PV.
    fn catalogue(&mut self) {
        let library = self.library;
        for path in library.files_under("products/") {
            self.file(&path, "product", |file, text, problems| {
                if file.ends_with("emitters.toml") {
                    read_emitters(file, text, problems);
                } else {
                    read_products(file, text, problems);
                }
            });
        }
        read_houses(&|path| library.text(path), &mut self.problems);
        for path in library.files_under("houses/") {
            self.file(&path, "house", |_, _, _| {});
        }
        self.file("fuels.toml", "", |file, text, problems| {
            read_fuels(file, text, problems);
        });
        self.file("options.toml", "product", |file, text, problems| {
            read_options(file, text, problems);
        });
        self.file("pv.toml", "pv", |file, text, problems| {
            read_pv(file, text, problems);
        });
    }

    /// Checks a file by its reader and lists its figures. `kind` is theirs; without one the first
    /// key of each tells it.
    fn file(&mut self, path: &str, kind: &str, read: fn(&str, &str, &mut Problems)) {
        let library = self.library;
        let Some(text) = library.text(path) else {
            return;
        };
        let shown = library.shown(path);
        read(&shown, &text, &mut self.problems);
        let stem = path.trim_end_matches(".toml");
        for (key, raw) in figures_in(&shown, &text) {
            let first = key.split('.').next().unwrap_or_default();
            let of = if kind.is_empty() { first } else { kind };
            let Some(kind) = FigureKind::of_key(of) else {
                continue;
            };
            let series = format!("{stem}.{key}");
            // What is wrong with it was told by the file's own reader.
            if let Some(figure) = raw.check(series.clone(), &mut Problems::default()) {
                self.add("", kind, series, &figure);
            }
        }
    }

    fn stations(&mut self) {
        let library = self.library;
        let texts: BTreeMap<String, _> = library
            .files_under("stations/")
            .into_iter()
            .filter_map(|path| Some((path.clone(), library.text(&path)?)))
            .collect();
        let files = |path: &str| texts.get(path).map(|text| &**text);
        if let Some(tables) = StationTables::open(&files, &mut self.problems) {
            tables.sequences(&mut self.problems);
            for place in tables.list(&mut self.problems).unwrap_or_default() {
                tables.station(&place.id, &mut self.problems);
            }
        }
    }
}

/// Every text named `file` with the level and path of its place, the nation first and each place
/// after those that contain it.
fn texts<'a>(library: &'a Library, file: &str) -> Vec<LevelText<'a>> {
    let national = match file {
        "place.toml" => SETTINGS_FILE.to_owned(),
        _ => format!("places/{file}"),
    };
    let own = library.places().iter().map(|row| {
        let path = format!("places/{}/{file}", row.path);
        (row.level, row.path.as_str(), path)
    });
    [(Level::Nation, "", national)]
        .into_iter()
        .chain(own)
        .filter_map(|(level, place, path)| {
            Some(LevelText {
                level,
                place,
                file: library.shown(&path),
                text: library.text(&path)?,
            })
        })
        .collect()
}

fn years(figures: &LevelFigures) -> u16 {
    let entry = figures.unchecked_after.last();
    entry.map_or(0, |entry| entry.value)
}

fn named(place: &str) -> &str {
    if place.is_empty() { "nation" } else { place }
}

/// What the nearest place above knows, or the nation.
fn known_above(known: &BTreeMap<String, Known>, place: &str) -> Known {
    let mut path = place;
    while !path.is_empty() {
        path = path.rsplit_once('/').map_or("", |(above, _)| above);
        if let Some(above) = known.get(path) {
            return above.clone();
        }
    }
    Known::default()
}

/// Every `figure` of a file, and every entry of `figures`, by the keys that lead to it.
fn figures_in(file: &str, text: &str) -> Vec<(String, RawFigure)> {
    let (document, _) = DeTable::parse_recoverable(text);
    let unused = RefCell::new(Problems::default());
    let cx = Cx::new(file, text, &unused);
    let mut found = Vec::new();
    collect(document.get_ref(), "", &cx, &mut found);
    found
}

fn collect(table: &DeTable<'_>, path: &str, cx: &Cx<'_>, found: &mut Vec<(String, RawFigure)>) {
    for (key, value) in table {
        let key: &str = key.get_ref();
        match (key, value.get_ref()) {
            ("figure", _) => found.extend(figure(value, path, cx)),
            ("figures", DeValue::Table(single)) => {
                for (key, value) in single {
                    found.extend(figure(value, &join(path, key.get_ref()), cx));
                }
            }
            (_, DeValue::Table(inner)) => collect(inner, &join(path, key), cx, found),
            (_, DeValue::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        let path = format!("{}[{i}]", join(path, key));
                        collect(inner, &path, cx, found);
                    }
                }
            }
            _ => {}
        }
    }
}

fn figure(value: &Spanned<DeValue<'_>>, path: &str, cx: &Cx<'_>) -> Option<(String, RawFigure)> {
    let node = Node {
        value,
        path: path.to_owned(),
    };
    let raw = RawFigure::read(&node, cx, Limits::default())?;
    Some((path.to_owned(), raw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::provenance::{Figure, Grade, Validity};
    use jiff::civil::date;
    use std::sync::Arc;

    fn item(series: &str, from: Date, to: ValidTo) -> Item {
        let figure = Figure {
            id: format!("here/fuel_price/{series}@{from}"),
            source: "assumption".to_owned(),
            grade: Grade::D,
            valid: Some(Validity { from, to }),
            note: None,
        };
        Item {
            place: "here".to_owned(),
            kind: FigureKind::FuelPrice,
            series: series.to_owned(),
            figure: FigureRef(Arc::new(figure)),
        }
    }

    /// Coal 2020-21 and 2021-22, gas in force and last looked at in the middle of 2021.
    fn small() -> Inventory {
        let checked = date(2021, 6, 30);
        let items = vec![
            item("coal", date(2020, 10, 1), ValidTo::Day(date(2021, 4, 30))),
            item("coal", date(2021, 10, 1), ValidTo::Day(date(2022, 4, 30))),
            item("gas", date(2020, 1, 1), ValidTo::UntilReplaced { checked }),
        ];
        Inventory {
            items,
            unchecked_after_years: 2,
        }
    }

    fn stale_on(day: Date) -> Vec<(String, Timing)> {
        let inventory = small();
        let stale = inventory.stale(day);
        stale
            .iter()
            .map(|stale| (stale.item.series.clone(), stale.timing))
            .collect()
    }

    #[test]
    fn only_the_last_of_a_series_is_to_be_renewed() {
        assert_eq!(stale_on(date(2021, 12, 1)), []);
        let since = date(2022, 4, 30);
        let coal = ("coal".to_owned(), Timing::OutOfDate { since });
        assert_eq!(stale_on(date(2022, 5, 1)), std::slice::from_ref(&coal));
        let since = date(2021, 6, 30);
        let gas = ("gas".to_owned(), Timing::Unchecked { since });
        assert_eq!(stale_on(date(2023, 7, 1)), [coal, gas]);
    }

    #[test]
    fn a_gap_shows_the_price_before_it() {
        let since = date(2021, 4, 30);
        let coal = ("coal".to_owned(), Timing::OutOfDate { since });
        assert_eq!(stale_on(date(2021, 8, 1)), [coal]);
    }

    #[test]
    fn ids_tell_their_kind() {
        let of = FigureKind::of_id;
        assert_eq!(
            of("ningxia/wuzhong/fuel_price/loose_coal@2022-11-01"),
            Some(FigureKind::FuelPrice)
        );
        assert_eq!(
            of("ningxia/natural_gas/home/2020-01-01"),
            Some(FigureKind::Gas)
        );
        assert_eq!(of("ningxia/income@2024-01-01"), Some(FigureKind::Income));
        assert_eq!(of("stations/53810/t_heating_design"), None);
    }

    #[test]
    fn every_table_of_a_place_is_of_a_kind() {
        use crate::input::record::Shape;
        use crate::input::settings::RawLevel;
        let Shape::Record(record) = RawLevel::shape(Limits::default()) else {
            panic!("a level is a table");
        };
        for field in (record.fields)() {
            assert!(FigureKind::of_key(field.key).is_some(), "{}", field.key);
        }
    }

    #[test]
    fn figures_are_found_wherever_they_stand() {
        let text = "[a]\nfigure = { source = \"x\", grade = \"A\" }\n[[b]]\n[b.c.figures]\n\
                    d = { source = \"y\", grade = \"B\" }\n";
        let found: Vec<(String, String)> = figures_in("f.toml", text)
            .into_iter()
            .map(|(path, raw)| (path, raw.source.value))
            .collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(found, [pair("a", "x"), pair("b[0].c.d", "y")]);
    }
}
