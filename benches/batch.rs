//! What a roster costs: one household in its headline figures, beside the full comparison and
//! beside the bare arithmetic of the same model.

#![allow(clippy::expect_used)]

#[path = "../tests/support/roster.rs"]
mod roster;

use std::hint::black_box;
use std::path::Path;

use qingnuan::cli::compute::wishes;
use qingnuan::comparison::{Bench, Household, Setting, compare};
use qingnuan::demand::Simulations;
use qingnuan::input::library::Library;
use qingnuan::input::problem::Problems;
use qingnuan::input::roster::table::Row;
use qingnuan::input::roster::{Roster, RowReader, base_case};
use qingnuan::input::setting::{PlaceInWinter, place_in_winter};
use qingnuan::lifecycle::net_present_value;
use qingnuan::tariff::{Family, Market, OpenTo, Reader, Readings, WithoutHeating};
use qingnuan::technology::product::Product;
use qingnuan::technology::sizing::SizingBasis;
use qingnuan::technology::{ABREAST, Duty, Job, Machines, Operation, Plant, operate_abreast};
use qingnuan::words::kinds::Carrier;
use qingnuan::words::ledger::Purpose;
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
        let made = reader.households(some, bench.simulations()).into_iter();
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

/// The bare hours: those of every option that the household can have, into buffers that are used
/// again, and their sums by the buckets of the bills. No bills, no ledger, no rules, no text.
#[divan::bench(args = PLACES, sample_count = 10)]
fn bare_hours(bencher: divan::Bencher, place: &str) {
    bare(bencher, place, |bills, _, out| bills.read(out));
}

/// The bare arithmetic of the model: the hours, the bills under every open plan at the prices of
/// each winter that has its own, and the present value of the years. No ledger, no rules, no text.
#[divan::bench(args = PLACES, sample_count = 10)]
fn bare_arithmetic(bencher: divan::Bencher, place: &str) {
    bare(bencher, place, |bills, household, out| {
        bills.present_value(household, out)
    });
}

/// The electricity bills of a place, the first winter's and those of later winters with others.
struct Bills<'a> {
    winters: Vec<Winter<'a>>,
}

/// A market with what is worked out once: the meter, and the bills without heating.
struct Winter<'a> {
    market: &'a Market,
    meter: Reader,
    living: Readings,
    without: Vec<(Family, WithoutHeating)>,
}

impl<'a> Bills<'a> {
    fn new(setting: &'a Setting, households: &[Household]) -> Self {
        let own = Purpose::Energy(Carrier::Electricity);
        let later = setting.later.iter();
        let later = later.filter(|known| known.changed.contains(&own));
        let markets = std::iter::once(&setting.prices).chain(later.map(|known| &known.prices));
        let winter = |market: &'a Market| {
            let timetable = market.timetable();
            let living = timetable.read_months(&households[0].living.electricity_kwh);
            let families = households.iter().map(family);
            let without = families.map(|family| {
                let bill = market.without_heating(OpenTo::ElectricHeating, &living, &family);
                (family, bill.expect("a plan is open"))
            });
            Winter {
                market,
                meter: timetable.reader(&setting.weather.hours),
                without: without.collect(),
                living,
            }
        };
        Self {
            winters: markets
                .filter_map(|prices| prices.electricity.as_deref())
                .map(winter)
                .collect(),
        }
    }

    fn read(&self, out: &Operation) -> f64 {
        let first = self.winters.first();
        first.map_or(0.0, |it| {
            it.meter.read(&out.electricity_kwh).total().to_f64()
        })
    }

    fn present_value(&self, household: &Household, out: &Operation) -> f64 {
        let family = family(household);
        let bill = |winter: &Winter<'_>| {
            let mut known = winter.without.iter();
            let without = known.find(|(own, _)| *own == family);
            let heating = winter.meter.read(&out.electricity_kwh);
            let (_, without) = without.expect("every family has a bill");
            let cost = winter
                .market
                .heating_sums(without, &winter.living, &heating, None);
            cost.map_or(0.0, |cost| cost.total.to_f64())
        };
        let bills: Vec<f64> = self.winters.iter().map(bill).collect();
        let years = usize::from(household.terms.horizon_years);
        let of_year = |year: usize| bills[year.min(bills.len() - 1)];
        let flows: Vec<f64> = (0..=years).map(of_year).collect();
        net_present_value(household.terms.discount, &flows)
    }
}

fn family(household: &Household) -> Family {
    Family {
        people: u32::from(household.people),
        category: household.category,
        heating_months: 6,
        meter: household.meter,
        rounding: household.terms.rounding,
    }
}

fn bare(
    bencher: divan::Bencher,
    place: &str,
    beyond: impl Fn(&Bills<'_>, &Household, &Operation) -> f64 + Sync,
) {
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
    let bills = Bills::new(setting, &households);
    let mut operations: Vec<Operation> = Vec::new();
    operations.resize_with(ABREAST, Operation::default);
    let machines = Machines::for_many();
    let mut heats = vec![Vec::new(); ABREAST];
    let mut simulations = Simulations::default();
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            let mut sum = 0.0;
            for (some, options) in households.chunks(ABREAST).zip(counts.chunks(ABREAST)) {
                bare_heat(setting, some, &mut simulations, &mut heats);
                let mut ran = None;
                for option in 0..setting.options.len() {
                    let product = product_of(setting, option);
                    let has_it = |(_, own): &(_, &Vec<usize>)| own.contains(&option);
                    // With and without PV the same machine runs once.
                    if ran != Some(&product.id) {
                        let houses = some.iter().zip(options).zip(&heats).zip(&mut operations);
                        let jobs = houses.filter(|((house, _), _)| has_it(house));
                        let jobs = jobs.map(|(((household, _), heat), out)| Job {
                            heater: &product.heater,
                            plant: bare_plant(setting, household),
                            duty: bare_duty(setting, product, heat, (&cheap, &machines)),
                            out,
                        });
                        operate_abreast(&mut jobs.collect::<Vec<_>>());
                    }
                    ran = Some(&product.id);
                    let houses = some.iter().zip(options).zip(&operations);
                    for ((household, _), out) in houses.filter(|(house, _)| has_it(house)) {
                        sum += beyond(&bills, household, out);
                    }
                }
            }
            black_box(sum)
        });
}

/// The heat of each house: its simulation, which like houses share, scaled to the fuel that it burns
/// today.
fn bare_heat(
    setting: &Setting,
    some: &[Household],
    simulations: &mut Simulations,
    heats: &mut [Vec<f64>],
) {
    let weather = &setting.weather.building;
    let houses = some.iter().map(|household| &household.house);
    let houses = houses.map(|house| (house.in_use_today(), &house.today));
    simulations.foresee(weather, houses.clone());
    for ((household, (building, habit)), heat) in some.iter().zip(houses).zip(heats) {
        let simulated = simulations.heat(building, weather, habit);
        let today = &household.today;
        let units = today.units.as_ref().map_or(0.0, |units| units.value);
        let burnt = units * today.kwh_per_unit.value * today.efficiency.value;
        let ratio = burnt / simulated.total.value();
        heat.clear();
        heat.extend(simulated.heat.heat_kw.iter().map(|kw| kw * ratio));
    }
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
    heat_kw: &'a [f64],
    (cheap, machines): (&'a [bool], &'a Machines),
) -> Duty<'a> {
    let weather = &setting.weather;
    let tilt = product.collector_tilt_deg.map(|deg| deg.round() as i32);
    let mut planes = weather.collectors.iter();
    let sun = planes.find(|(own, _)| Some(*own) == tilt);
    Duty {
        heat_kw,
        t_out_c: &weather.t_out_c,
        rh_pct: &weather.rh_pct,
        cheap,
        collector_w_m2: sun.map(|(_, series)| series.as_slice()),
        collector_tilt_deg: tilt,
        machines: Some(machines),
    }
}
