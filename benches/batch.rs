//! What a roster costs: one household in its headline figures, beside the full comparison and
//! beside the bare arithmetic of the same model.

#![allow(clippy::expect_used)]

#[path = "../tests/support/roster.rs"]
mod roster;

use std::hint::black_box;
use std::path::Path;

use qingnuan::cli::compute::wishes;
use qingnuan::comparison::setting::Prices;
use qingnuan::comparison::{Bench, Household, Setting, compare};
use qingnuan::demand::Simulations;
use qingnuan::input::library::Library;
use qingnuan::input::problem::Problems;
use qingnuan::input::roster::table::Row;
use qingnuan::input::roster::{Roster, RowReader, base_case};
use qingnuan::input::setting::{PlaceInWinter, place_in_winter};
use qingnuan::lifecycle::net_present_value;
use qingnuan::subsidy::{
    Applicant, CarrierUse, Prior, Purchase, PurchasedItem, RuleSet, WinterUse, install_grants,
    running_grants,
};
use qingnuan::tariff::{Family, HeatingSums, Market, OpenTo, Reader, Readings, WithoutHeating};
use qingnuan::technology::product::Product;
use qingnuan::technology::sizing::SizingBasis;
use qingnuan::technology::{ABREAST, Duty, Job, Machines, Operation, Plant, operate_abreast};
use qingnuan::words;
use qingnuan::words::fixed::Fixed;
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

/// The bare arithmetic of the model: the hours, the bills of electricity and gas under every open
/// plan at the prices of each winter that has its own, the grants towards the purchase and the first
/// winter, and the present value of the years. No sizing, no ledger, no text, no figures of it.
#[divan::bench(args = PLACES, sample_count = 10)]
fn bare_arithmetic(bencher: divan::Bencher, place: &str) {
    bare(bencher, place, |bills, asked, out| {
        bills.present_value(asked, out)
    });
}

/// The bills of a place, those of the first winter and of later winters with other prices.
struct Bills<'a> {
    electricity: Vec<Winter<'a>>,
    gas: Vec<Winter<'a>>,
    /// Cubic metres of a kilowatt hour.
    m3_per_kwh: f64,
}

/// A market with what is worked out once: the meter, and the bills without heating.
struct Winter<'a> {
    market: &'a Market,
    meter: Reader,
    living: Readings,
    without: Vec<(Family, WithoutHeating)>,
}

/// A household with an option, as rules and markets see it.
struct Asked<'a> {
    household: &'a Household,
    family: Family,
    rules: &'a RuleSet,
    applicant: Applicant,
    purchase: Purchase,
    burns_gas: bool,
    winter: words::calendar::Winter,
}

impl<'a> Winter<'a> {
    fn new(
        setting: &Setting,
        market: &'a Market,
        (kind, living): (OpenTo, &[f64; 12]),
        households: &[Household],
    ) -> Self {
        let timetable = market.timetable();
        let living = timetable.read_months(living);
        let without = households.iter().map(family).map(|family| {
            let bill = market.without_heating(kind, &living, &family);
            (family, bill.expect("a plan is open"))
        });
        Self {
            market,
            meter: timetable.reader(&setting.weather.hours),
            without: without.collect(),
            living,
        }
    }

    /// What heating costs by month, and what rules see of it.
    fn bill(
        &self,
        family: &Family,
        heating: &Readings,
        carrier: Carrier,
    ) -> (HeatingSums, CarrierUse) {
        let mut known = self.without.iter();
        let without = known.find(|(own, _)| own == family);
        let (_, without) = without.expect("every family has a bill");
        let sums = self
            .market
            .heating_sums(without, &self.living, heating, None)
            .expect("a plan is open");
        let used = CarrierUse {
            heating: self.market.by_month(heating),
            heating_valley: self.market.in_valley(sums.plan, heating),
            ..CarrierUse::none(carrier)
        };
        (sums, used)
    }
}

impl<'a> Bills<'a> {
    fn new(setting: &'a Setting, households: &[Household]) -> Self {
        let living = &households[0].living;
        let winters = |carrier: Carrier, market: fn(&Prices) -> Option<&Market>| {
            let (kind, living) = match carrier {
                Carrier::NaturalGas => (OpenTo::GasHeating, &living.gas_m3),
                _ => (OpenTo::ElectricHeating, &living.electricity_kwh),
            };
            let own = Purpose::Energy(carrier);
            let later = setting.later.iter();
            let later = later.filter(|known| known.changed.contains(&own));
            let prices = std::iter::once(&setting.prices).chain(later.map(|known| &known.prices));
            let winter = |market| Winter::new(setting, market, (kind, living), households);
            prices.filter_map(market).map(winter).collect()
        };
        let gas = setting.prices.fuels.get(&Carrier::NaturalGas);
        Self {
            electricity: winters(Carrier::Electricity, |it| it.electricity.as_deref()),
            gas: winters(Carrier::NaturalGas, |it| it.gas.as_deref()),
            m3_per_kwh: gas.map_or(0.0, |gas| 1.0 / gas.fuel.kwh_per_unit.value),
        }
    }

    fn read(&self, out: &Operation) -> f64 {
        let first = self.electricity.first();
        first.map_or(0.0, |it| {
            it.meter.read(&out.electricity_kwh).total().to_f64()
        })
    }

    fn present_value(&self, asked: &Asked<'_>, out: &Operation) -> f64 {
        let electric = self.electricity.iter().map(|winter| {
            let heating = winter.meter.read(&out.electricity_kwh);
            winter.bill(&asked.family, &heating, Carrier::Electricity)
        });
        let electric: Vec<(HeatingSums, CarrierUse)> = electric.collect();
        let gas = self.gas.iter().filter(|_| asked.burns_gas).map(|winter| {
            let heating = winter.meter.read_scaled(&out.fuel_kwh, self.m3_per_kwh);
            winter.bill(&asked.family, &heating, Carrier::NaturalGas)
        });
        let gas: Vec<(HeatingSums, CarrierUse)> = gas.collect();
        let (install, winter) = asked.grants(gas.first().unwrap_or(&electric[0]));
        let bill = |bills: &[(HeatingSums, CarrierUse)], year: usize| {
            let known = bills.get(year - 1).or(bills.last());
            known.map_or(0.0, |(sums, _)| sums.total.to_f64())
        };
        let terms = &asked.household.terms;
        let years = 1..=usize::from(terms.horizon_years);
        let later = years.map(|year| bill(&electric, year) + bill(&gas, year) - winter);
        let flows: Vec<f64> = std::iter::once(-install).chain(later).collect();
        net_present_value(terms.discount, &flows)
    }
}

impl Asked<'_> {
    /// What grants spare the household, yuan: of the purchase and of a winter.
    fn grants(&self, (sums, used): &(HeatingSums, CarrierUse)) -> (f64, f64) {
        let (prior, rounding) = (Prior::default(), self.household.terms.rounding);
        let (rules, variants) = (self.rules, &self.household.claims.variants);
        let winter = WinterUse {
            winter: self.winter,
            carriers: vec![used.clone()],
            bottles: Fixed::ZERO,
            bill: sums.by_month,
            today: None,
        };
        let (applicant, purchase) = (&self.applicant, &self.purchase);
        let install = install_grants(rules, applicant, purchase, &prior, variants, rounding);
        let winter = running_grants(rules, applicant, &winter, &prior, variants, rounding);
        (
            install.to_household().to_f64(),
            winter.to_household().to_f64(),
        )
    }
}

fn asked<'a>(
    setting: &Setting,
    household: &'a Household,
    product: &Product,
    rules: &'a RuleSet,
) -> Asked<'a> {
    let items = product.items.iter().filter_map(|it| {
        let price = it.programme.as_ref().or(it.retail.as_ref())?;
        Some(PurchasedItem::one(it.item, price.value))
    });
    let claims = &household.claims;
    Asked {
        household,
        family: family(household),
        rules,
        applicant: Applicant {
            category: household.category,
            converted: claims.converted,
            conversion_date: claims.conversion_date,
            heater: product.heater.kind(),
            dwelling: household.dwelling,
            heated_area: household.house.heated_area,
            rated: product.rated,
            people: household.people,
            registered: household.registered,
            facts: household.facts.clone(),
            replaces_years: claims.replaces_years,
            burns_coal_again: claims.burns_coal_again,
        },
        purchase: Purchase {
            items: items.collect(),
        },
        burns_gas: product.heater.carrier() == Carrier::NaturalGas,
        winter: setting.winter,
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
    beyond: impl Fn(&Bills<'_>, &Asked<'_>, &Operation) -> f64 + Sync,
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
    let options = 0..setting.options.len();
    let rules = options.clone().map(|option| {
        let kind = product_of(setting, option).heater.kind();
        setting.rules.open_to(kind)
    });
    let rules: Vec<RuleSet> = rules.collect();
    let of_household = |household| {
        let rules = rules.iter().enumerate();
        let asked = rules
            .map(|(option, rules)| asked(setting, household, product_of(setting, option), rules));
        asked.collect()
    };
    let askeds: Vec<Vec<Asked<'_>>> = households.iter().map(of_household).collect();
    let mut operations: Vec<Operation> = Vec::new();
    operations.resize_with(ABREAST, Operation::default);
    let machines = Machines::for_many();
    let mut heats = vec![Vec::new(); ABREAST];
    let mut simulations = Simulations::default();
    bencher
        .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
        .bench_local(|| {
            let mut sum = 0.0;
            let groups = households.chunks(ABREAST).zip(counts.chunks(ABREAST));
            for ((some, options), askeds) in groups.zip(askeds.chunks(ABREAST)) {
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
                    let houses = askeds.iter().zip(options).zip(&operations);
                    for ((asked, _), out) in houses.filter(|((_, own), _)| own.contains(&option)) {
                        sum += beyond(&bills, &asked[option], out);
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
