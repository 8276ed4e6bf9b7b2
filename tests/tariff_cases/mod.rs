//! Plans and households for the tests of bills.

use std::cell::RefCell;
use std::path::Path;

use qingnuan::input::problem::Problems;
use qingnuan::input::record::read_toml;
use qingnuan::input::tariff::{RawTariffs, Tariffs};
use qingnuan::tariff::{Bill, Family, Market, PlanSeries, Readings};
use qingnuan::words::calendar::{MONTH_DAYS, Winter, month_start_day};
use qingnuan::words::fixed::{Money, Rounding};

pub mod part_b;

/// Reads one file of tariffs that must be without problems.
pub fn read(file: &str, text: &str) -> Tariffs {
    let problems = RefCell::new(Problems::default());
    let raw: Option<RawTariffs> = read_toml(file, text, &problems);
    let mut found = problems.into_inner();
    let checked = raw.and_then(|raw| raw.check("test", &mut found));
    assert!(found.0.is_empty(), "{file}: {:#?}", found.0);
    checked.unwrap()
}

/// The tariffs of a place with those of the places above it.
pub fn place(path: &str) -> Tariffs {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/places");
    let mut tariffs = Tariffs::default();
    let mut folder = root.clone();
    for part in std::iter::once("").chain(path.split('/')) {
        folder.push(part);
        let file = folder.join("tariffs.toml");
        if let Ok(text) = std::fs::read_to_string(&file) {
            tariffs = read(&file.display().to_string(), &text).over(&tariffs);
        }
    }
    tariffs
}

/// A market of some plans in a winter, in the order given.
pub fn market<'a>(plans: impl IntoIterator<Item = &'a PlanSeries>, winter: i16) -> Market {
    Market::new(plans, Winter(winter))
}

/// Units put at an hour (0 to 23) of the first day of a month (1 to 12).
pub fn at(market: &Market, entries: &[(usize, usize, f64)]) -> Readings {
    let hour = |&(month, hour, _): &(usize, usize, f64)| month_start_day(month - 1) * 24 + hour;
    let hours: Vec<usize> = entries.iter().map(hour).collect();
    let units: Vec<f64> = entries.iter().map(|&(_, _, units)| units).collect();
    market.read(&hours, &units)
}

/// Units of each month, January first, put at an hour of its last day.
pub fn monthly(market: &Market, hour: usize, units: &[f64]) -> Readings {
    let last = |m: usize| (month_start_day(m) + MONTH_DAYS[m] - 1) * 24 + hour;
    let hours: Vec<usize> = (0..12).map(last).collect();
    market.read(&hours, units)
}

/// The bill of the first plan of a market.
pub fn first_bill(market: &Market, metered: &Readings) -> Bill {
    market.bill(0, metered, &Family::default())
}

/// What a bill comes to when it is rounded once.
pub fn once(bill: &Bill) -> Money {
    bill.exact.to_money(Rounding::HalfUp)
}
