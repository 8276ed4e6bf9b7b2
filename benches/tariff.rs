//! What a bill costs in time: one option of one household over the five plans of 山西.

use std::cell::RefCell;

use qingnuan::input::problem::Problems;
use qingnuan::input::record::read_toml;
use qingnuan::input::tariff::{RawTariffs, Tariffs};
use qingnuan::tariff::{Family, HeatingMeter, Market, OpenTo, Readings};
use qingnuan::words::calendar::{HOURS, MonthDay, Season, Winter};

fn main() {
    divan::main();
}

fn tariffs() -> Option<Tariffs> {
    let text = include_str!("../data/places/shanxi/tariffs.toml");
    let problems = RefCell::new(Problems::default());
    let raw: Option<RawTariffs> = read_toml("shanxi", text, &problems);
    raw?.check("shanxi", &mut problems.into_inner())
}

/// The market, the living use, and the hours and kWh of a winter.
fn household() -> Option<(Market, Readings, Vec<usize>, Vec<f64>)> {
    let market = Market::new(tariffs()?.electricity.values(), Winter(2024));
    let living: Vec<f64> = (0..HOURS).map(|h| 0.15 + 0.01 * (h % 24) as f64).collect();
    let living = market.timetable().read_year(&living);
    let season = Season {
        from: MonthDay::new(11, 1)?,
        to: MonthDay::new(3, 31)?,
    };
    let hours: Vec<usize> = season.hours().collect();
    let kwh = hours.iter().map(|h| 1.0 + 0.1 * (h % 17) as f64).collect();
    Some((market, living, hours, kwh))
}

#[divan::bench]
fn read_file_and_make_market(bencher: divan::Bencher) {
    bencher.bench(|| tariffs().map(|t| Market::new(t.electricity.values(), Winter(2024))));
}

#[divan::bench]
fn make_market(bencher: divan::Bencher) {
    let tariffs = tariffs();
    bencher.bench(|| {
        let plans = tariffs.iter().flat_map(|t| t.electricity.values());
        Market::new(plans, Winter(2024))
    });
}

#[divan::bench]
fn read_a_winter(bencher: divan::Bencher) {
    let Some((market, _, hours, kwh)) = household() else {
        return;
    };
    bencher.bench(|| market.read(&hours, &kwh));
}

#[divan::bench]
fn heating_cost_of_one_option(bencher: divan::Bencher) {
    let Some((market, living, hours, kwh)) = household() else {
        return;
    };
    let family = Family {
        meter: HeatingMeter::Either,
        ..Family::default()
    };
    bencher.bench(|| {
        let heating = market.read(&hours, &kwh);
        market.heating_cost(OpenTo::ElectricHeating, &living, &heating, &family)
    });
}
