//! The whole library at once: every place of it can be computed, its figures are plausible for
//! their kind, and its names are unique.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use qingnuan::input::inventory::{FigureKind, inventory};
use qingnuan::input::library::Library;
use qingnuan::input::option::read_options;
use qingnuan::input::place::Level;
use qingnuan::input::problem::Problems;
use qingnuan::input::product::read_products;
use qingnuan::input::record::{FieldShape, Limits, Shape, read_toml};
use qingnuan::input::region::region;
use qingnuan::input::schema::file_kinds;
use qingnuan::input::setting::{Wishes, place_in_winter};
use qingnuan::input::tariff::{RawTariffs, Tariffs};
use qingnuan::tariff::PlanSeries;
use qingnuan::technology::product::Product;
use qingnuan::words::calendar::Winter;
use qingnuan::words::fixed::Fixed;
use qingnuan::words::kinds::Carrier;
use qingnuan::words::provenance::Grade;

/// Places that the tables have no station near: the one that stands for them is chosen by height and
/// cold, as the table of places says by naming it.
const FAR: [&str; 1] = ["xizang/ngari"];

#[test]
fn everything_loads_for_every_place() {
    let library = Library::bundled();
    for row in library.places().iter() {
        let chain = library.places().chain(&row.path).unwrap();
        let place = place_in_winter(&library, &chain, &Wishes::default())
            .unwrap_or_else(|problems| panic!("{}: {:#?}", row.path, problems.0));
        let setting = &place.setting;
        assert!(!setting.options.is_empty(), "{}", row.path);
        assert!(!setting.products.is_empty(), "{}", row.path);
        assert!(
            setting.grid.is_some(),
            "{}: no factor of its grid",
            row.path
        );
        assert_eq!(setting.weather.t_out_c.len(), setting.season.days() * 24);
        let station = place.region.station.unwrap();
        let near = station.distance_km < 350.0;
        assert!(
            near || FAR.contains(&row.path.as_str()),
            "{}: {station:?}",
            row.path
        );
        if row.level == Level::Province && row.path != "xizang" {
            assert!(
                setting.prices.electricity.is_some(),
                "{}: no electricity plan",
                row.path
            );
        }
    }
}

#[test]
fn every_figure_has_its_own_id_and_says_what_it_rests_on() {
    let (all, problems) = inventory(&Library::bundled());
    assert!(problems.0.is_empty(), "{:#?}", problems.0);
    assert!(all.items.len() > 700, "{}", all.items.len());
    let mut seen = BTreeSet::new();
    for item in &all.items {
        let figure = &item.figure.0;
        assert!(
            seen.insert((&item.place, &figure.id)),
            "{} twice",
            figure.id
        );
        if figure.source == "assumption" {
            assert_eq!(figure.grade, Grade::D, "{}", figure.id);
            assert!(
                figure.note.is_some(),
                "{}: assumed without a reason",
                figure.id
            );
        }
        let dated = matches!(
            item.kind,
            FigureKind::Electricity
                | FigureKind::Gas
                | FigureKind::FeedIn
                | FigureKind::NetworkHeat
                | FigureKind::Subsidy
                | FigureKind::Income
        );
        assert!(!dated || figure.valid.is_some(), "{}: no dates", figure.id);
    }
}

/// Every file of tariffs alone, by the path of its place.
fn tariffs(library: &Library) -> BTreeMap<String, Tariffs> {
    let read = |path: String| {
        let place = path.strip_prefix("places/")?.strip_suffix("tariffs.toml")?;
        let found = RefCell::new(Problems::default());
        let raw: RawTariffs = read_toml(&path, &library.text(&path)?, &found)?;
        let place = place.trim_end_matches('/').to_owned();
        let tariffs = raw.check(&place, &mut found.borrow_mut())?;
        Some((place, tariffs))
    };
    library
        .files_under("places/")
        .into_iter()
        .filter_map(read)
        .collect()
}

fn prices(plan: &PlanSeries) -> impl Iterator<Item = Fixed> {
    let versions = plan.levels.iter().flatten();
    let windows = versions.flat_map(|version| &version.windows);
    let rates = windows.flat_map(|window| &window.rates);
    rates.flat_map(|rate| rate.prices.iter().copied())
}

/// Residential prices outside these have another unit, or are not residential.
#[test]
fn tariffs_are_plausible() {
    let library = Library::bundled();
    let all = tariffs(&library);
    assert!(all.len() > 40);
    let within = |what: String, price: Fixed, range: RangeInclusive<f64>| {
        assert!(range.contains(&price.to_f64()), "{what}: {price}");
    };
    for (place, tariffs) in &all {
        for (id, plan) in &tariffs.electricity {
            for price in prices(plan) {
                within(format!("{place} electricity {id}"), price, 0.08..=1.6);
            }
        }
        for (id, plan) in &tariffs.gas {
            for price in prices(plan) {
                within(format!("{place} gas {id}"), price, 0.9..=6.5);
            }
        }
        for (id, plan) in &tariffs.feed_in {
            for price in prices(plan) {
                within(format!("{place} feed-in {id}"), price, 0.1..=1.2);
            }
        }
        for (id, series) in &tariffs.network_heat {
            for version in series.levels.iter().flatten() {
                let what = format!("{place} network heat {id}");
                if let Some(price) = version.cny_per_m2 {
                    within(what.clone(), price, 5.0..=50.0);
                }
                if let Some(price) = version.cny_per_kwh {
                    within(what, price, 0.03..=0.5);
                }
            }
        }
    }
}

#[test]
fn figures_of_places_are_plausible() {
    let library = Library::bundled();
    for row in library.places().iter() {
        let chain = library.places().chain(&row.path).unwrap();
        let region = region(&library, &chain, Winter(2026)).unwrap();
        let path = &row.path;
        let income = region.income_per_person.value.0;
        assert!((8_000.0..=60_000.0).contains(&income), "{path}: {income}");
        assert!((1..=7).contains(&region.people.value), "{path}");
        if let Some(season) = &region.season {
            let days = season.value.days();
            // a day is cold by the 5 degC rule on 254 days at Nagqu, 4,500 m
            assert!((90..=254).contains(&days), "{path}: {days} days");
        }
        for given in region.fuel_prices.values() {
            let tonne = given.value.per_tonne();
            let range = match given.value.carrier {
                Carrier::Lpg => 4_000.0..=12_000.0,
                Carrier::Straw => 0.0..=600.0,
                _ => 250.0..=2_500.0,
            };
            assert!(range.contains(&tonne), "{path}: {tonne} yuan/t");
        }
    }
}

fn products(library: &Library) -> Vec<Product> {
    let mut problems = Problems::default();
    let files = library.files_under("products/");
    let files = files.iter().filter(|path| !path.ends_with("emitters.toml"));
    let read = |path: &String| read_products(path, &library.text(path)?, &mut problems);
    let products: Vec<Product> = files.filter_map(read).flatten().collect();
    assert!(problems.0.is_empty(), "{problems:?}");
    products
}

#[test]
fn products_are_plausible() {
    for product in products(&Library::bundled()) {
        let id = &product.id;
        let kw = product.rated.value();
        assert!((0.3..=60.0).contains(&kw), "{id}: {kw} kW");
        let years = product.life_years.value;
        assert!((5..=50).contains(&years), "{id}: {years} years");
        let upkeep = product.upkeep_cny_per_year.value.to_f64();
        assert!(
            (0.0..=1_500.0).contains(&upkeep),
            "{id}: {upkeep} yuan a year"
        );
        for item in &product.items {
            for price in [&item.programme, &item.retail].into_iter().flatten() {
                let yuan = price.value.to_f64();
                // nothing where a programme's price of the machine includes the item
                assert!((0.0..=80_000.0).contains(&yuan), "{id}: {yuan} yuan");
            }
        }
    }
}

/// Fails with the name that two things share.
fn unique<'a>(what: &str, names: impl Iterator<Item = (String, &'a str)>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (id, name) in names {
        if let Some(other) = seen.insert(name, id.clone()) {
            panic!("{what} {other} and {id} are both called {name}");
        }
    }
}

#[test]
fn names_are_unique() {
    let library = Library::bundled();
    let products = products(&library);
    let ids = products
        .iter()
        .map(|it| (it.family.clone(), it.id.as_str()));
    unique("products of", ids);
    for names in [
        |it: &Product| it.name.zh.clone(),
        |it: &Product| it.name.en.clone(),
    ] {
        let all: Vec<(String, String)> = products
            .iter()
            .map(|it| (it.id.clone(), names(it)))
            .collect();
        unique(
            "products",
            all.iter().map(|(id, name)| (id.clone(), name.as_str())),
        );
    }
    let mut problems = Problems::default();
    let text = library.text("options.toml").unwrap();
    let options = read_options("options.toml", &text, &mut problems).unwrap();
    for lang in ["zh", "en"] {
        let name = |option: &'_ qingnuan::input::option::RawOption| match lang {
            "zh" => option.name.zh.clone(),
            _ => option.name.en.clone(),
        };
        let all: Vec<(String, String)> = options
            .iter()
            .map(|it| (it.id.value.clone(), name(it)))
            .collect();
        unique(
            "options",
            all.iter().map(|(id, name)| (id.clone(), name.as_str())),
        );
    }
    // of the places inside one place, no two have a name in common
    let mut siblings: BTreeMap<&str, Vec<(String, &str)>> = BTreeMap::new();
    for row in library.places().iter() {
        let above = row.parent().unwrap_or_default();
        let own = siblings.entry(above).or_default();
        own.push((row.path.clone(), &row.name.zh));
    }
    for names in siblings.into_values() {
        unique("places", names.into_iter());
    }
    for (place, tariffs) in tariffs(&library) {
        for plans in [&tariffs.electricity, &tariffs.gas, &tariffs.feed_in] {
            let names = plans
                .iter()
                .map(|(id, plan)| (format!("{place} {id}"), plan.name.zh.as_str()));
            unique("plans", names);
        }
    }
}

/// Endings of keys that hold a number with a unit.
const UNITS: [&str; 42] = [
    "_cny",
    "_kwh",
    "_kw",
    "_m2",
    "_m3",
    "_t",
    "_kg",
    "_gj",
    "_l",
    "_c",
    "_k",
    "_deg",
    "_w",
    "_h",
    "_m",
    "_pct",
    "_share",
    "_years",
    "_months",
    "_month",
    "_per_year",
    "_day",
    "_people",
    "_mj",
    "_15kg",
    "_20kg",
    "_winters",
    "_people",
    "_w_m2k",
    "_wh_m2k",
    "_w_m2",
    "_w_k",
    "_kj_k",
    "_w_mk",
    "_cny_per_kwh",
    "_persons",
    "_count",
    "_per_h",
    "_wh_k",
    "_m2k_w",
    "_km",
    "_ratio",
];

/// Numbers that are counts, fractions or whose unit is the table's own.
fn is_pure(key: &str) -> bool {
    const WORDS: [&str; 12] = [
        "share",
        "rate",
        "efficiency",
        "cop",
        "factor",
        "number",
        "years",
        "score",
        "order",
        "count",
        "ratio",
        "people",
    ];
    let parts: Vec<&str> = key.split('_').collect();
    WORDS.iter().any(|word| parts.contains(word))
}

fn numbers(
    shape: &Shape,
    key: &str,
    seen: &mut BTreeSet<&'static str>,
    found: &mut BTreeSet<String>,
) {
    match shape {
        Shape::Number(limits)
            if *limits
                != Limits {
                    min: Some(0.0),
                    max: Some(1.0),
                } =>
        {
            found.insert(key.to_owned());
        }
        Shape::List(item) | Shape::Map(item) => numbers(item, key, seen, found),
        Shape::Either(shapes) => shapes
            .iter()
            .for_each(|shape| numbers(shape, key, seen, found)),
        Shape::Record(record) | Shape::Choice(record) if seen.insert(record.name) => {
            let fields: Vec<FieldShape> = (record.fields)();
            for field in &fields {
                numbers(&field.shape, field.key, seen, found);
            }
        }
        _ => {}
    }
}

#[test]
fn numbers_of_the_files_of_places_end_in_their_unit() {
    let mut found = BTreeSet::new();
    let of_places = ["place", "tariffs", "subsidies", "fuels"];
    for kind in file_kinds()
        .iter()
        .filter(|kind| of_places.contains(&kind.name))
    {
        numbers(&(kind.shape)(), kind.name, &mut BTreeSet::new(), &mut found);
    }
    assert!(found.len() > 20, "{found:?}");
    let ends = |key: &str| {
        UNITS
            .iter()
            .any(|unit| key.ends_with(unit) || key == &unit[1..])
    };
    let bare: Vec<&String> = found
        .iter()
        .filter(|key| !ends(key) && !is_pure(key))
        .collect();
    // the rate of a discount; rates of a price, a bill or what is left; bounds, caps and living use
    // in the unit that their rule names; payers under `shares` or `fixed_cny`
    let known = [
        "nominal",
        "real",
        "price",
        "bill",
        "remaining",
        "over_today",
        "up_to",
        "most",
        "living",
        "cap_quantity",
        "cap_quantity_per_person",
        "cny_per_person",
        "size",
        "central",
        "province",
        "city",
        "county",
        "township",
        "operator",
    ];
    let bare: Vec<&&String> = bare
        .iter()
        .filter(|key| !known.contains(&key.as_str()))
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
}
