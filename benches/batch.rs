//! What a roster costs: one household in its headline figures, beside the full comparison and
//! beside the bare arithmetic of the same model.

#![allow(clippy::expect_used)]

#[path = "../tests/support/roster.rs"]
mod roster;

use std::hint::black_box;
use std::path::Path;

use qingnuan::cli::compute::wishes;
use qingnuan::comparison::{Bench, Household, Setting, compare};
use qingnuan::demand::{HeatDemand, simulate_into};
use qingnuan::input::library::Library;
use qingnuan::input::problem::Problems;
use qingnuan::input::roster::table::Row;
use qingnuan::input::roster::{Roster, RowReader, base_case};
use qingnuan::input::setting::{PlaceInWinter, place_in_winter};
use qingnuan::technology::product::Product;
use qingnuan::technology::sizing::SizingBasis;
use qingnuan::technology::{ABREAST, Abreast, Duty, Job, Machines, Operation, Plant};
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
            rows_to_figures(&made.rows, &mut reader, &mut bench);
        });
}

/// As many rows as go side by side, one group after the other.
fn rows_to_figures(rows: &[Row], reader: &mut RowReader<'_>, bench: &mut Bench<'_>) {
    for some in rows.chunks(ABREAST) {
        let made = some
            .iter()
            .map(|row| reader.household(row, bench.simulations()));
        let made: Vec<Household> = made
            .map(|made| made.expect("a row is a household").household)
            .collect();
        black_box(bench.summaries(&made.iter().collect::<Vec<_>>()));
    }
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
            rows_to_figures(&made.rows, &mut reader, &mut bench);
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
            black_box(bench.summaries(&households.iter().collect::<Vec<_>>()));
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
    let market = setting.prices.electricity.as_ref();
    let meter = market.map(|it| it.timetable().reader(&weather.hours));
    let mut operations: Vec<Operation> = Vec::new();
    operations.resize_with(ABREAST, Operation::default);
    let (machines, mut abreast) = (Machines::for_many(), Abreast::default());
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            let mut sum = 0.0;
            for (some, options) in households.chunks(ABREAST).zip(counts.chunks(ABREAST)) {
                let heat = bare_heat(setting, &some[0]);
                let mut ran = None;
                for option in 0..setting.options.len() {
                    let product = product_of(setting, option);
                    let has_it = |(_, own): &(_, &Vec<usize>)| own.contains(&option);
                    // With and without PV the same machine runs once.
                    if ran != Some(&product.id) {
                        let houses = some.iter().zip(options).zip(&mut operations);
                        let jobs = houses.filter(|(house, _)| has_it(house));
                        let jobs = jobs.map(|((household, _), out)| Job {
                            heater: &product.heater,
                            plant: bare_plant(setting, household),
                            duty: bare_duty(setting, product, &heat, (&cheap, &machines)),
                            out,
                        });
                        abreast.operate(&mut jobs.collect::<Vec<_>>());
                    }
                    ran = Some(&product.id);
                    let houses = some.iter().zip(options).zip(&operations);
                    for (_, out) in houses.filter(|(house, _)| has_it(house)) {
                        if let Some(meter) = &meter {
                            sum += meter.read(&out.electricity_kwh).total().to_f64();
                        }
                    }
                }
            }
            black_box(sum)
        });
}

/// The heat of a house, worked out once for the houses side by side.
fn bare_heat(setting: &Setting, household: &Household) -> HeatDemand {
    let house = &household.house;
    let mut heat = HeatDemand::default();
    let building = &setting.weather.building;
    simulate_into(&house.zone, building, &house.today, None, &mut heat);
    heat
}

fn product_of(setting: &Setting, option: usize) -> &Product {
    let id = setting.options[option].products.first();
    let product = setting.products.iter().find(|it| Some(&it.id) == id);
    product.expect("an option has a product")
}

fn bare_plant(setting: &Setting, household: &Household) -> Plant {
    let basis = SizingBasis {
        design_load: Kilowatt(8.0),
        t_design: setting.t_design.value,
        t_room: Celsius(18.0),
        elevation: setting.elevation,
        rooms: household.house.rooms,
        emitter: setting.emitters.first().expect("there are emitters").curve,
    };
    basis.plant(1)
}

fn bare_duty<'a>(
    setting: &'a Setting,
    product: &Product,
    heat: &'a HeatDemand,
    (cheap, machines): (&'a [bool], &'a Machines),
) -> Duty<'a> {
    let weather = &setting.weather;
    let tilt = product.collector_tilt_deg.map(|deg| deg.round() as i32);
    let mut planes = weather.collectors.iter();
    let sun = planes.find(|(own, _)| Some(*own) == tilt);
    Duty {
        heat_kw: &heat.heat_kw,
        t_out_c: &weather.t_out_c,
        rh_pct: &weather.rh_pct,
        cheap,
        collector_w_m2: sun.map(|(_, series)| series.as_slice()),
        collector_tilt_deg: tilt,
        machines: Some(machines),
    }
}
