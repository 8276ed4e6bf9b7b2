//! Cost of the weather of a place and of the heat of a house.

use divan::{Bencher, black_box};
use qingnuan::demand::{
    Archetype, Building, BuildingWeather, HeatDemand, HouseFacts, Schedule, simulate_into,
};
use qingnuan::input::house::read_houses;
use qingnuan::input::problem::Problems;
use qingnuan::input::station::StationTables;
use qingnuan::weather::{Sequences, SkyModel, StationClimate, exposure, typical_year};
use qingnuan::words::calendar::{MonthDay, Season};
use qingnuan::words::quantity::{Kelvin, Kilowatt};
use std::borrow::Cow;
use std::process::exit;

fn main() {
    divan::main();
}

fn file(path: &str) -> Option<&'static str> {
    Some(match path {
        "stations/stations.csv" => include_str!("../data/stations/stations.csv"),
        "stations/monthly.csv" => include_str!("../data/stations/monthly.csv"),
        "stations/derived_stations.csv" => include_str!("../data/stations/derived_stations.csv"),
        "stations/derived_monthly.csv" => include_str!("../data/stations/derived_monthly.csv"),
        "stations/gb50736.csv" => include_str!("../data/stations/gb50736.csv"),
        "stations/sequences.csv" => include_str!("../data/stations/sequences.csv"),
        "houses/archetypes.toml" => include_str!("../data/houses/archetypes.toml"),
        "houses/works.toml" => include_str!("../data/houses/works.toml"),
        "houses/habits.toml" => include_str!("../data/houses/habits.toml"),
        _ => return None,
    })
}

/// What must be there for the bench to mean anything.
fn need<T>(value: Option<T>) -> T {
    value.unwrap_or_else(|| {
        eprintln!("the bundled data do not load");
        exit(1)
    })
}

fn beijing() -> (StationClimate, Sequences) {
    let mut problems = Problems::default();
    let tables = need(StationTables::open(&file, &mut problems));
    let station = need(tables.station("54511", &mut problems));
    (station, need(tables.sequences(&mut problems)))
}

fn season() -> Season {
    Season {
        from: need(MonthDay::new(11, 15)),
        to: need(MonthDay::new(3, 15)),
    }
}

fn weather() -> BuildingWeather {
    let (station, sequences) = beijing();
    let year = typical_year(&station, &sequences, Kelvin(0.0));
    BuildingWeather::new(&year, &exposure(&year, SkyModel::Perez), season())
}

fn archetype() -> Archetype {
    let files = |path: &str| file(path).map(Cow::Borrowed);
    let houses = read_houses(&files, &mut Problems::default());
    need(houses.archetypes.get("brick_370").cloned())
}

fn house() -> Building {
    archetype().building(&HouseFacts::of_area(100.0))
}

#[divan::bench]
fn look_up_a_station() -> (StationClimate, Sequences) {
    beijing()
}

#[divan::bench]
fn station_with_borrowed_clearness(bencher: Bencher<'_, '_>) {
    let tables = need(StationTables::open(&file, &mut Problems::default()));
    bencher.bench(|| tables.station(black_box("52754"), &mut Problems::default()));
}

#[divan::bench]
fn typical_year_of_a_station(bencher: Bencher<'_, '_>) {
    let (station, sequences) = beijing();
    bencher.bench(|| typical_year(black_box(&station), &sequences, Kelvin(0.0)));
}

#[divan::bench]
fn exposure_of_a_year(bencher: Bencher<'_, '_>) {
    let (station, sequences) = beijing();
    let year = typical_year(&station, &sequences, Kelvin(0.0));
    bencher.bench(|| exposure(black_box(&year), SkyModel::Perez));
}

#[divan::bench]
fn building_weather(bencher: Bencher<'_, '_>) {
    let (station, sequences) = beijing();
    let year = typical_year(&station, &sequences, Kelvin(0.0));
    let sun = exposure(&year, SkyModel::Perez);
    bencher.bench(|| BuildingWeather::new(black_box(&year), &sun, season()));
}

#[divan::bench]
fn building_from_facts(bencher: Bencher<'_, '_>) {
    let archetype = archetype();
    bencher.bench(|| archetype.building(black_box(&HouseFacts::of_area(100.0))));
}

#[divan::bench]
fn simulate_one_house(bencher: Bencher<'_, '_>) {
    let (building, weather) = (house(), weather());
    let schedule = Schedule::daily(18.0, 12.0, 6, 22);
    let mut heat = HeatDemand::default();
    bencher.bench_local(|| {
        simulate_into(black_box(&building), &weather, &schedule, None, &mut heat);
        heat.unmet_kwh
    });
}

#[divan::bench]
fn simulate_one_house_with_a_limit(bencher: Bencher<'_, '_>) {
    let (building, weather) = (house(), weather());
    let schedule = Schedule::daily(18.0, 12.0, 6, 22);
    let mut heat = HeatDemand::default();
    bencher.bench_local(|| {
        let limit = Some(Kilowatt(6.0));
        simulate_into(black_box(&building), &weather, &schedule, limit, &mut heat);
        heat.unmet_kwh
    });
}
