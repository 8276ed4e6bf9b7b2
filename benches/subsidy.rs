//! The subsidies of one household: 12 options, each with its installation and 15 winters.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::date;
use qingnuan::input::problem::Problems;
use qingnuan::input::subsidy::{Known, read_rules};
use qingnuan::subsidy::{
    Applicant, CarrierUse, Prior, Purchase, PurchasedItem, RuleSet, Variants, WinterUse,
    install_grants, mode_of, running_grants,
};
use qingnuan::words::calendar::Winter;
use qingnuan::words::fixed::{Fixed, Money, Rounding};
use qingnuan::words::kinds::{Category, DwellingKind, HeaterKind, Item, Kind};
use qingnuan::words::quantity::{Kilowatt, SquareMetre};

fn main() {
    divan::main();
}

/// The province's and the city's rules together.
fn rules(levels: &[&str]) -> RuleSet {
    let mut known = Known::default();
    let files = levels.iter().filter_map(|level| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("data/places/{level}/subsidies.toml"));
        let text = std::fs::read_to_string(path).ok()?;
        let problems = RefCell::new(Problems::default());
        let file = read_rules(level, &text, level, &known, &problems)?;
        known.add(&file);
        Some(file)
    });
    RuleSet::merge(files.collect::<Vec<_>>())
}

fn home(heater: HeaterKind) -> Applicant {
    Applicant {
        category: Category::General,
        converted: Winter(2018),
        conversion_date: Some(date(2018, 9, 1)),
        heater,
        dwelling: DwellingKind::Farmhouse,
        heated_area: SquareMetre(100.0),
        rated: Kilowatt(8.0),
        people: 3,
        registered: true,
        facts: BTreeSet::new(),
        replaces_years: None,
        burns_coal_again: false,
    }
}

fn winter(year: i16, heater: HeaterKind) -> WinterUse {
    let mut used = CarrierUse::none(mode_of(heater));
    used.heating = [Fixed::whole(1500); 12];
    used.heating_valley = [Fixed::whole(900); 12];
    WinterUse {
        winter: Winter(year),
        carriers: vec![used],
        bottles: Fixed::ZERO,
        bill: [Money::yuan(600); 12],
        today: Some(Money::yuan(4000)),
    }
}

#[divan::bench(args = ["shandong/binzhou", "shandong/jinan", "hebei/shijiazhuang", "tianjin"])]
fn twelve_options_fifteen_winters(bencher: divan::Bencher, place: &str) {
    let province = place.split('/').next().unwrap_or_default();
    let levels = if province == place {
        vec![place]
    } else {
        vec![province, place]
    };
    let set = rules(&levels);
    let options: Vec<_> = HeaterKind::ALL
        .iter()
        .map(|&heater| {
            let winters: Vec<_> = (2018..2033).map(|year| winter(year, heater)).collect();
            (home(heater), winters)
        })
        .collect();
    let purchase = Purchase {
        items: vec![PurchasedItem::one(Item::HeatSource, Money::yuan(9000))],
    };
    let (prior, variants) = (Prior::default(), Variants::default());
    bencher.bench(|| {
        let mut total = Money::ZERO;
        for (home, winters) in &options {
            total +=
                install_grants(&set, home, &purchase, &prior, &variants, Rounding::HalfUp).total();
            for used in winters {
                total +=
                    running_grants(&set, home, used, &prior, &variants, Rounding::HalfUp).total();
            }
        }
        total
    });
}
