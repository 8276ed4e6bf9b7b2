//! What a roster costs: one household in its headline figures, beside the full comparison and
//! beside the bare arithmetic of the same model.

#![allow(clippy::expect_used)]

#[path = "../tests/support/roster.rs"]
mod roster;

use std::hint::black_box;
use std::path::Path;

use qingnuan::cli::compute::wishes;
use qingnuan::comparison::{Bench, Household, compare};
use qingnuan::demand::{HeatDemand, simulate_into};
use qingnuan::input::library::Library;
use qingnuan::input::problem::Problems;
use qingnuan::input::roster::table::Row;
use qingnuan::input::roster::{Roster, RowReader, base_case};
use qingnuan::input::setting::{PlaceInWinter, place_in_winter};
use qingnuan::technology::sizing::SizingBasis;
use qingnuan::technology::{Duty, Machines, Operation};
use qingnuan::words::quantity::{Celsius, Kilowatt};
use roster::Areas;

fn main() {
    divan::main();
}

/// Households of a bench.
const HOUSEHOLDS: usize = 256;

/// Places with a full subsidy ledger, and one without.
const PLACES: [&str; 3] = ["红寺堡", "怀柔", "巨鹿"];

struct Made {
    place: PlaceInWinter,
    base: qingnuan::input::case::RawCase,
    roster: Roster,
    rows: Vec<Row>,
}

fn made(place: &str, areas: Areas) -> Made {
    let mut problems = Problems::default();
    let base = base_case(place, None, &mut problems).expect("a place is enough");
    let case = base.clone().check("", Path::new(""), &mut problems);
    let library = Library::bundled();
    let chain = library.resolve_place(place).expect("the place is known");
    let place = place_in_winter(&library, &chain, &wishes(&case)).expect("the place has figures");
    let path = std::env::temp_dir().join(format!("qingnuan-bench-{}.csv", std::process::id()));
    std::fs::write(&path, roster::csv(HOUSEHOLDS, 7, areas)).expect("a roster is written");
    let roster = Roster::open(&path, None, &mut problems).expect("its columns are known");
    let mut rows = Vec::new();
    roster
        .each_row(&mut |row| {
            rows.push(row);
            std::ops::ControlFlow::Continue(())
        })
        .expect("it can be read");
    let _ = std::fs::remove_file(&path);
    Made {
        place,
        base,
        roster,
        rows,
    }
}

fn households(made: &Made) -> Vec<Household> {
    let mut bench = Bench::new(&made.place.setting);
    let mut reader = RowReader::new(&made.place, &made.roster, &made.base);
    let rows = made.rows.iter();
    rows.map(|row| {
        let made = reader.household(row, bench.simulations());
        made.expect("a row is a household").household
    })
    .collect()
}

/// From the row to the figures, houses of whole square metres.
#[divan::bench(args = PLACES, sample_count = 10)]
fn row_to_figures(bencher: divan::Bencher, place: &str) {
    let made = made(place, Areas::Whole);
    let mut bench = Bench::new(&made.place.setting);
    let mut reader = RowReader::new(&made.place, &made.roster, &made.base);
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            for row in &made.rows {
                let household = reader.household(row, bench.simulations());
                let household = household.expect("a row is a household").household;
                black_box(bench.summary(&household).expect("a price is known"));
            }
        });
}

/// The same where no two houses are alike.
#[divan::bench(args = PLACES, sample_count = 10)]
fn row_to_figures_unlike(bencher: divan::Bencher, place: &str) {
    let made = made(place, Areas::Hundredths);
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            let mut bench = Bench::new(&made.place.setting);
            let mut reader = RowReader::new(&made.place, &made.roster, &made.base);
            for row in &made.rows {
                let household = reader.household(row, bench.simulations());
                let household = household.expect("a row is a household").household;
                black_box(bench.summary(&household).expect("a price is known"));
            }
        });
}

/// From the household to the figures.
#[divan::bench(args = PLACES, sample_count = 10)]
fn summary(bencher: divan::Bencher, place: &str) {
    let made = made(place, Areas::Whole);
    let households = households(&made);
    let mut bench = Bench::new(&made.place.setting);
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            for household in &households {
                black_box(bench.summary(household).expect("a price is known"));
            }
        });
}

/// The full comparison of the same households.
#[divan::bench(args = PLACES, sample_count = 5)]
fn full_comparison(bencher: divan::Bencher, place: &str) {
    let made = made(place, Areas::Whole);
    let households = households(&made);
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            for household in &households {
                black_box(compare(&made.place.setting, household).expect("a price is known"));
            }
        });
}

/// The bare arithmetic: the hours of every option that the household can have, into buffers that
/// are used again, and their sums by the buckets of the bills. No ledger, no rules, no text.
#[divan::bench(args = PLACES, sample_count = 10)]
fn bare_hours(bencher: divan::Bencher, place: &str) {
    let made = made(place, Areas::Whole);
    let households = households(&made);
    let setting = &made.place.setting;
    let mut bench = Bench::new(setting);
    let counts: Vec<Vec<usize>> = households
        .iter()
        .map(|household| {
            let summary = bench.summary(household).expect("a price is known");
            let options = summary.options.iter().enumerate();
            options
                .filter(|(_, it)| it.is_ok())
                .map(|(i, _)| i)
                .collect()
        })
        .collect();
    let weather = &setting.weather;
    let cheap: Vec<bool> = weather.hours.iter().map(|hour| hour % 24 < 8).collect();
    let emitter = setting.emitters.first().expect("there are emitters").curve;
    let mut heat = HeatDemand::default();
    let mut operation = Operation::default();
    let machines = Machines::default();
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            let mut sum = 0.0;
            for (household, options) in households.iter().zip(&counts) {
                let house = &household.house;
                if let Some(first) = households.first() {
                    let same = house.whole == first.house.whole;
                    if same || heat.heat_kw.is_empty() {
                        simulate_into(
                            &house.zone,
                            &weather.building,
                            &house.today,
                            None,
                            &mut heat,
                        );
                    }
                }
                let basis = SizingBasis {
                    design_load: Kilowatt(8.0),
                    t_design: setting.t_design.value,
                    t_room: Celsius(18.0),
                    elevation: setting.elevation,
                    rooms: house.rooms,
                    emitter,
                };
                for &option in options {
                    let id = setting.options[option].products.first();
                    let product = setting.products.iter().find(|it| Some(&it.id) == id);
                    let product = product.expect("an option has a product");
                    let tilt = product.collector_tilt_deg.map(|deg| deg.round() as i32);
                    let sun = weather
                        .collectors
                        .iter()
                        .find(|(own, _)| Some(*own) == tilt);
                    let duty = Duty {
                        heat_kw: &heat.heat_kw,
                        t_out_c: &weather.t_out_c,
                        rh_pct: &weather.rh_pct,
                        cheap: &cheap,
                        collector_w_m2: sun.map(|(_, series)| series.as_slice()),
                        collector_tilt_deg: tilt,
                        machines: Some(&machines),
                    };
                    product
                        .heater
                        .operate(&basis.plant(1), &duty, &mut operation);
                    if let Some(market) = &setting.prices.electricity {
                        let read = market.read(&weather.hours, &operation.electricity_kwh);
                        sum += read.total().to_f64();
                    }
                }
            }
            black_box(sum)
        });
}
