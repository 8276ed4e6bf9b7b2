//! Published tariff rules: their worked numbers to the fen, and what must hold of every tariff.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod tariff_cases;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use qingnuan::tariff::{Family, HeatingMeter, Market, OpenTo, Readings};
use qingnuan::words::calendar::HOURS;
use qingnuan::words::fixed::{Fixed, Money};
use qingnuan::words::kinds::Category;
use tariff_cases::part_b::{self, Worked};
use tariff_cases::{at, first_bill, market, once, place, read};

fn to_the_fen(all: &[Worked]) {
    for Worked { name, theirs, ours } in all {
        assert_eq!(ours.to_string().replace(',', ""), *theirs, "{name}");
    }
}

#[test]
fn shanxi_lets_the_household_choose_among_three_plans() {
    to_the_fen(&part_b::shanxi());
}

#[test]
fn shandong_henan_and_shaanxi_count_tiers_by_season() {
    to_the_fen(&part_b::seasonal());
}

#[test]
fn prices_may_fall_and_valleys_may_have_several_pieces() {
    to_the_fen(&part_b::falling_and_valley());
}

#[test]
fn gas_tiers_have_a_heating_allowance() {
    to_the_fen(&part_b::gas());
}

#[test]
fn every_worked_number_has_its_own_name() {
    let mut names: Vec<&str> = part_b::all().iter().map(|worked| worked.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// Every folder of places that has tariffs.
fn folders(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    if folder.join("tariffs.toml").exists() {
        found.push(folder.to_owned());
    }
    for entry in entries.iter().filter(|entry| entry.is_dir()) {
        folders(entry, found);
    }
}

/// The paths of the places of the library that have tariffs.
fn places() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/places");
    let mut found = Vec::new();
    folders(&root, &mut found);
    let path = |folder: &PathBuf| folder.strip_prefix(&root).unwrap().display().to_string();
    found.iter().map(path).collect()
}

#[test]
fn every_plan_of_the_library_loads_and_bills() {
    let places = places();
    assert!(places.len() > 40, "{}", places.len());
    for path in places {
        let tariffs = place(&path);
        for (carrier, plans) in [("electricity", &tariffs.electricity), ("gas", &tariffs.gas)] {
            for winter in [2016, 2026] {
                let market = market(plans.values(), winter);
                for (i, plan) in market.plans().iter().enumerate() {
                    let bill = market.bill(i, &at(&market, &[(1, 3, 100.0)]), &Family::default());
                    assert!(bill.total > Money::ZERO, "{path} {carrier} {}", plan.id);
                }
            }
        }
    }
}

#[test]
fn every_source_of_a_price_is_registered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let library = qingnuan::input::library::Library::bundled();
    for path in places() {
        let file = root.join("places").join(&path).join("tariffs.toml");
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let Some(rest) = line.strip_prefix("figure = { source = \"") else {
                continue;
            };
            let id = rest.split('"').next().unwrap();
            assert!(
                id == "assumption" || library.source(id).is_some(),
                "{path}: {id}"
            );
        }
    }
}

#[test]
fn limits_grow_with_the_family() {
    let hl = place("heilongjiang");
    let market = market([&hl.electricity["resident"]], 2022);
    let metered = at(&market, &[(7, 3, 2900.0)]);
    let bill = |people| {
        once(&market.bill(
            0,
            &metered,
            &Family {
                people,
                ..Family::default()
            },
        ))
    };
    // Five people: 2900 x 0.51 + 860 x 0.05. Seven: the first limit is 2040 + 2 x 408 = 2856.
    assert_eq!(bill(5).to_string(), "1,522.00");
    assert_eq!(bill(7).to_string(), "1,481.20");
    let before = tariff_cases::market([&hl.electricity["resident"]], 2018);
    let metered = at(&before, &[(7, 3, 2900.0)]);
    let seven = Family {
        people: 7,
        ..Family::default()
    };
    assert_eq!(
        once(&before.bill(0, &metered, &seven)).to_string(),
        "1,522.00"
    );
}

#[test]
fn poor_homes_do_not_pay_their_free_units() {
    let beijing = place("beijing");
    let market = market([&beijing.electricity["resident"]], 2022);
    let poor = Family {
        category: Category::MinimumLiving,
        ..Family::default()
    };
    // 100 - 15 = 85 kWh at 0.4883, and a month below 15 kWh costs nothing.
    let bill = market.bill(0, &at(&market, &[(4, 3, 100.0), (5, 3, 12.0)]), &poor);
    assert_eq!(bill.total.to_string(), "41.51");
    assert_eq!(
        bill.lines.iter().map(|line| line.quantity).sum::<Fixed>(),
        Fixed::whole(112)
    );
}

#[test]
fn the_household_takes_the_cheapest_plan() {
    let shanxi = place("shanxi");
    let market = market(shanxi.electricity.values(), 2023);
    let living = at(&market, &[(1, 20, 100.0), (7, 20, 100.0)]);
    let taken = |kwh: f64, valley: f64| {
        let heating = at(
            &market,
            &[(12, 23, kwh * valley), (1, 12, kwh * (1.0 - valley))],
        );
        let family = Family {
            meter: HeatingMeter::Own,
            ..Family::default()
        };
        let cost = market
            .heating_cost(OpenTo::ElectricHeating, &living, &heating, &family)
            .unwrap();
        assert_eq!(cost.alternatives.len(), 4); // three with their own meter, and the ordinary one
        assert!(
            cost.alternatives
                .iter()
                .all(|other| other.cost >= cost.total)
        );
        (cost.plan.to_string(), cost.total.to_string())
    };
    assert_eq!(
        taken(9000.0, 0.6),
        ("electric_heating_quota".into(), "2,575.80".into())
    );
    assert_eq!(
        taken(15000.0, 0.8),
        ("electric_heating_quota".into(), "4,734.60".into())
    );
    assert_eq!(
        taken(20000.0, 0.8),
        ("electric_heating_tou".into(), "6,607.20".into())
    );
}

#[test]
fn the_rest_of_the_house_shares_the_tiers() {
    let hebei = place("hebei");
    let market = market([&hebei.electricity["resident"]], 2023);
    // 2000 kWh of living use leave 160 of tier 1 (to 2160); 3000 kWh of heating before it in the
    // year push living use up: with 5000: 5000 x 0.52 + 1200 x 0.05 + 1640 x 0.30 = 3152.00;
    // without 2000 x 0.52 = 1040.00.
    let living = at(&market, &[(11, 20, 2000.0)]);
    let heating = at(&market, &[(1, 3, 3000.0)]);
    let cost = market
        .heating_cost(
            OpenTo::ElectricHeating,
            &living,
            &heating,
            &Family::default(),
        )
        .unwrap();
    assert_eq!(
        (cost.with.total.to_string(), cost.without.total.to_string()),
        ("3,152.00".into(), "1,040.00".into())
    );
    assert_eq!(
        cost.total,
        cost.lines.iter().map(|line| line.amount).sum::<Money>()
    );
    assert_eq!(market.by_month(&heating)[0], Fixed::whole(3000));
    let november: Vec<_> = cost.lines.iter().filter(|line| line.month == 11).collect();
    let seen: Vec<_> = november
        .iter()
        .map(|l| (l.tier, l.quantity.to_string()))
        .collect();
    assert_eq!(
        seen,
        [
            (Some(1), "-2000".into()),
            (Some(2), "360".into()),
            (Some(3), "1640".into())
        ] as [(Option<u8>, String); 3]
    );
}

#[test]
fn valley_hours_of_heating_can_be_read_off() {
    let beijing = place("beijing");
    let market = market(beijing.electricity.values(), 2022);
    let heating = at(&market, &[(12, 21, 900.0), (1, 12, 500.0)]);
    let cost = market
        .heating_cost(
            OpenTo::ElectricHeating,
            &market.read(&[], &[]),
            &heating,
            &Family::default(),
        )
        .unwrap();
    assert_eq!(&*cost.plan, "coal_to_electric");
    let plans = market.plans().iter();
    let taken = plans.map(|plan| &plan.id).position(|id| *id == cost.plan);
    let valley = market.in_valley(taken.unwrap(), &heating);
    assert_eq!((valley[11], valley[0]), (Fixed::whole(900), Fixed::ZERO));
    let hours = market.charge_hours(OpenTo::ElectricHeating, HeatingMeter::Either);
    let hours = hours.unwrap();
    assert_eq!(hours[..24].iter().filter(|&&cheap| cheap).count(), 12);
    assert!(hours[7] && !hours[8] && hours[20]);
}

#[test]
fn each_month_has_the_version_of_its_first_day() {
    let xingtai = place("hebei/xingtai");
    let market = market([&xingtai.gas["coal_to_gas"]], 2025);
    // 3.18 until 8 January 2026, 2.98 from the 9th: January still begins at the old price.
    let bill = first_bill(
        &market,
        &at(&market, &[(12, 3, 100.0), (1, 3, 100.0), (2, 3, 100.0)]),
    );
    let months = bill.by_month().map(|m| m.to_string());
    assert_eq!(
        [&months[11], &months[0], &months[1]],
        ["318.00", "318.00", "298.00"]
    );
}

/// Four kinds of tariff in one file: yearly tiers with hours, monthly tiers, a falling price, and
/// one price for the whole quantity.
const FOUR: &str = r#"
[electricity.a]
name = "tiers with hours"
open_to = "everyone"
metering = "joint"
[[electricity.a.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2030-12-31 } }
ladders.year = { kind = "marginal", period = "tier_year", starts = "07-01", upto_kwh = [2160, 3360, "no_limit"], adder_cny_per_kwh = [0, 0.05, 0.3] }
[electricity.a.version.windows]
year = { from = "01-01", to = "12-31", tiers = "year", hours = { valley = ["20-08"], peak = ["08-20"] }, price_cny_per_kwh = { valley = 0.3, peak = 0.55 } }
[electricity.b]
name = "monthly tiers"
open_to = "everyone"
metering = "joint"
[[electricity.b.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2030-12-31 } }
ladders.month = { kind = "marginal", period = "month", upto_kwh = [180, 400, "no_limit"] }
[electricity.b.version.windows]
year = { from = "01-01", to = "12-31", tiers = "month", price_cny_per_kwh = { all = [0.4883, 0.5383, 0.7883] } }
[electricity.c]
name = "falling"
open_to = "electric_heating"
metering = "joint"
[[electricity.c.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2030-12-31 } }
ladders.month = { kind = "marginal", period = "month", upto_kwh = [150, "no_limit"] }
[electricity.c.version.windows]
winter = { from = "11-15", to = "03-15", heating_season = true, tiers = "month", hours = { valley = ["13-17", "20-08"], peak = ["08-13", "17-20"] }, price_cny_per_kwh = { valley = [0.3771, 0.25], peak = [0.5, 0.25] } }
rest = { from = "03-16", to = "11-14", tiers = "off", price_cny_per_kwh = { all = 0.4 } }
[electricity.d]
name = "whole quantity"
open_to = "electric_heating"
metering = "separate"
[[electricity.d.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2030-12-31 } }
ladders.season = { kind = "whole", period = "season", upto_kwh = [540, "no_limit"] }
[electricity.d.version.windows]
winter = { from = "11-01", to = "03-31", heating_season = true, tiers = "season", price_cny_per_kwh = { all = [0.4, 1.0] } }
rest = { from = "04-01", to = "10-31", tiers = "off", price_cny_per_kwh = { all = 0.4 } }
"#;

fn four() -> Market {
    market(read("four.toml", FOUR).electricity.values(), 2024)
}

#[test]
fn a_whole_quantity_price_jumps_past_its_bound() {
    let market = four();
    let bill = |kwh| {
        once(&market.bill(
            3,
            &at(&market, &[(12, 3, kwh / 2.0), (1, 3, kwh / 2.0)]),
            &Family::default(),
        ))
    };
    // The bound is inside: 540 x 0.4; one more unit puts all of them at 1.0.
    assert_eq!(
        (bill(540.0).to_string(), bill(541.0).to_string()),
        ("216.00".into(), "541.00".into())
    );
}

#[test]
fn a_price_by_tier_and_hour_shares_the_crossing_month_in_proportion() {
    let market = four();
    // December: 200 kWh valley and 100 peak, bound 150: half of each on either side.
    let bill = market.bill(
        2,
        &at(&market, &[(12, 23, 200.0), (12, 9, 100.0)]),
        &Family::default(),
    );
    // 100 x 0.3771 + 50 x 0.5 + 150 x 0.25
    assert_eq!(once(&bill).to_string(), "100.21");
    assert_eq!(bill.lines.len(), 4);
}

/// The version of one plan, with its ladder and windows.
fn version(from: &str, to: &str, rest: &str) -> String {
    format!(
        "[[electricity.one.version]]\n\
         figure = {{ source = \"case\", grade = \"B\", valid = {{ from = {from}, to = {to} }} }}\n{rest}\n"
    )
}

/// A market of one plan made of versions, in the winter 2024-25.
fn one(versions: &[String]) -> Market {
    let head = "[electricity.one]\nname = \"one\"\nopen_to = \"everyone\"\nmetering = \"joint\"\n";
    let text = format!("{head}{}", versions.concat());
    market(read("one.toml", &text).electricity.values(), 2024)
}

#[test]
fn a_surcharge_is_the_same_as_its_table_of_prices() {
    let rule = |upto: &str, prices: &str| {
        let rest = format!(
            "ladders.year = {{ kind = \"marginal\", period = \"tier_year\", starts = \"04-01\", {upto} }}\n\
             windows.year = {{ from = \"01-01\", to = \"12-31\", tiers = \"year\", \
             hours = {{ valley = [\"20-08\"], peak = [\"08-20\"] }}, price_cny_per_kwh = {prices} }}"
        );
        one(&[version("2020-01-01", "2030-12-31", &rest)])
    };
    let upto = "upto_kwh = [1470, 2800, \"no_limit\"]";
    let surcharge = rule(
        &format!("{upto}, adder_cny_per_kwh = [0, 0.05, 0.3]"),
        "{ valley = 0.3769, peak = 0.5769 }",
    );
    let table = rule(
        upto,
        "{ valley = [0.3769, 0.4269, 0.6769], peak = [0.5769, 0.6269, 0.8769] }",
    );
    for kwh in [1000.0, 1470.0, 1600.0, 2801.0, 9000.0] {
        let entries = [(5, 23, kwh * 0.4), (5, 9, kwh * 0.2), (8, 23, kwh * 0.4)];
        let bill = |market: &Market| first_bill(market, &at(market, &entries)).lines;
        let money = |lines: Vec<qingnuan::tariff::BillLine>| {
            lines
                .into_iter()
                .map(|l| (l.month, l.tier, l.quantity, l.price, l.amount))
                .collect::<Vec<_>>()
        };
        assert_eq!(money(bill(&surcharge)), money(bill(&table)), "{kwh}");
    }
}

#[test]
fn the_quota_of_shanxi_can_be_read_by_the_season_or_by_the_month() {
    let rule = |ladder: &str| {
        let rest = format!(
            "ladders.quota = {{ kind = \"marginal\", {ladder}, upto_kwh = [2600, \"no_limit\"] }}\n\
             windows.year = {{ from = \"01-01\", to = \"12-31\", tiers = \"quota\", \
             price_cny_per_kwh = {{ all = [0.2862, 0.507] }} }}"
        );
        let market = one(&[version("2020-01-01", "2030-12-31", &rest)]);
        let entries = [
            (11, 3, 1000.0),
            (12, 3, 3000.0),
            (1, 3, 3000.0),
            (2, 3, 1500.0),
            (3, 3, 500.0),
        ];
        once(&first_bill(&market, &at(&market, &entries))).to_string()
    };
    // By the season 9000 kWh lie below 13,000; by the month 2 x 400 lie above 2600.
    assert_eq!(
        rule("period = \"tier_year\", starts = \"07-01\", per_heating_month = true"),
        "2,575.80"
    );
    assert_eq!(rule("period = \"month\""), "2,752.44");
}

#[test]
fn a_ladder_counts_on_when_prices_change_in_mid_winter() {
    let rest = |price: &str| {
        format!(
            "ladders.year = {{ kind = \"marginal\", period = \"tier_year\", starts = \"07-01\", \
             upto_kwh = [2160, \"no_limit\"], adder_cny_per_kwh = [0, 0.05] }}\n\
             windows.year = {{ from = \"01-01\", to = \"12-31\", tiers = \"year\", \
             price_cny_per_kwh = {{ all = {price} }} }}"
        )
    };
    let market = one(&[
        version("2020-01-01", "2024-12-31", &rest("0.5")),
        version("2025-01-01", "2030-12-31", &rest("0.6")),
    ]);
    let bill = first_bill(&market, &at(&market, &[(12, 3, 2000.0), (1, 3, 500.0)]));
    // 2000 x 0.5; then 160 x 0.6 + 340 x 0.65
    let months = bill.by_month().map(|m| m.to_string());
    assert_eq!((&*months[11], &*months[0]), ("1,000.00", "317.00"));
}

#[test]
fn a_month_that_two_windows_share_counts_in_both() {
    let henan = place("henan");
    let market = market([&henan.electricity["winter_tiers"]], 2018);
    // 1 to 14 November lie in the other months' tiers, the rest of it in the winter's.
    let hours = [(304 + 5) * 24, (304 + 20) * 24];
    let bill = first_bill(&market, &market.read(&hours, &[1500.0, 1200.0]));
    // 1440 x 0.56 + 60 x 0.61, and 1120 x 0.56 + 80 x 0.61
    assert_eq!(once(&bill).to_string(), "1,519.00");
    assert_eq!(bill.lines.len(), 4);
}

#[test]
fn a_base_month_of_half_a_window_has_half_its_base() {
    let yuncheng = place("shanxi/yuncheng");
    let plans = ["resident", "electric_heating_baseline"].map(|id| &yuncheng.electricity[id]);
    let market = market(plans, 2023);
    let living = at(&market, &[(8, 12, 180.0), (9, 12, 160.0)]);
    let hours = [(304 + 20) * 24];
    let heating = market.read(&hours, &[385.0]);
    let family = Family {
        meter: HeatingMeter::Shared,
        heating_months: 4,
        ..Family::default()
    };
    let cost = market
        .heating_cost(OpenTo::ElectricHeating, &living, &heating, &family)
        .unwrap();
    // November from the 15th: 16 of 30 days of the base 170 = 90.666666; 385 less it is heating.
    let november: Vec<_> = cost
        .with
        .lines
        .iter()
        .filter(|line| line.month == 11)
        .collect();
    let seen: Vec<_> = november
        .iter()
        .map(|l| (l.quantity.to_string(), l.price.to_string()))
        .collect();
    assert_eq!(
        seen,
        [("90.666666", "0.477"), ("294.333334", "0.2862")]
            .map(|(q, p)| (q.to_owned(), p.to_owned()))
    );
}

/// Hours of the year with quarter kWh, so that sums are exact whatever their order.
fn load() -> impl Strategy<Value = Vec<(usize, u16)>> {
    prop::collection::vec((0..HOURS, 0_u16..400), 0..60)
}

fn readings(market: &Market, load: &[(usize, u16)]) -> Readings {
    let hours: Vec<usize> = load.iter().map(|&(hour, _)| hour).collect();
    let units: Vec<f64> = load
        .iter()
        .map(|&(_, quarters)| f64::from(quarters) * 0.25)
        .collect();
    market.read(&hours, &units)
}

/// The cost of a heating load above a living load.
fn cost(
    market: &Market,
    living: &[(usize, u16)],
    heating: &[(usize, u16)],
) -> qingnuan::tariff::HeatingCost {
    let (living, heating) = (readings(market, living), readings(market, heating));
    market
        .heating_cost(
            OpenTo::ElectricHeating,
            &living,
            &heating,
            &Family::default(),
        )
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn splitting_and_ordering_hours_changes_no_bill(load in load(), seed in 0_usize..59) {
        let market = four();
        let mut other: Vec<(usize, u16)> = load.iter().flat_map(|&(h, q)| [(h, q / 2), (h, q - q / 2)]).collect();
        let count = other.len().max(1);
        other.rotate_left(seed % count);
        other.reverse();
        for plan in 0..4 {
            let bill = |load: &[(usize, u16)]| market.bill(plan, &readings(&market, load), &Family::default());
            prop_assert_eq!(bill(&load), bill(&other));
        }
    }

    #[test]
    fn the_order_of_plans_changes_no_cost(living in load(), heating in load()) {
        let plans = read("four.toml", FOUR).electricity;
        let forwards = market(plans.values(), 2024);
        let backwards = market(plans.values().rev(), 2024);
        prop_assert_eq!(cost(&forwards, &living, &heating).total, cost(&backwards, &living, &heating).total);
    }

    #[test]
    fn bills_and_costs_are_the_sums_of_their_lines(living in load(), heating in load()) {
        let market = four();
        let cost = cost(&market, &living, &heating);
        for bill in [&cost.with, &cost.without] {
            prop_assert_eq!(bill.total, bill.lines.iter().map(|line| line.amount).sum::<Money>());
            prop_assert_eq!(bill.total, bill.by_month().iter().sum::<Money>());
        }
        prop_assert_eq!(cost.total, cost.with.total - cost.without.total);
        prop_assert_eq!(cost.total, cost.lines.iter().map(|line| line.amount).sum::<Money>());
        let product = |quantity, price| qingnuan::words::fixed::ExactYuan::of(quantity, price).to_money(Default::default());
        for line in &cost.lines {
            prop_assert_eq!(line.amount, product(line.quantity, line.price));
        }
        let energy: Fixed = cost.with.lines.iter().map(|line| line.quantity).sum();
        let drawn: f64 = living.iter().chain(&heating).map(|&(_, q)| f64::from(q) * 0.25).sum();
        prop_assert_eq!(energy, Fixed::from_f64(drawn));
    }

    #[test]
    fn no_heating_costs_nothing(living in load()) {
        let cost = cost(&four(), &living, &[]);
        prop_assert_eq!((cost.total, cost.lines.len()), (Money::ZERO, 0));
        prop_assert_eq!(cost.with, cost.without);
    }

    #[test]
    fn marginal_tariffs_rise_without_a_jump(load in load(), hour in 0..HOURS) {
        let market = four();
        let more = [&load[..], &[(hour, 1)]].concat();
        for plan in [0, 1, 2] {
            let bill = |load: &[(usize, u16)]| market.bill(plan, &readings(&market, load), &Family::default()).exact.to_f64();
            let step = bill(&more) - bill(&load);
            // A quarter kWh at no less than nothing, and at no more than the dearest price: in a
            // falling or mixed price the shares of the hours move, by less than the price spread.
            if plan < 2 {
                prop_assert!((0.0..=0.25 * 0.85 + 1e-6).contains(&step), "plan {} {}", plan, step);
            } else {
                prop_assert!(step.abs() <= 0.25 * 0.5 + 0.25 * 0.25 + 1e-4, "plan {} {}", plan, step);
            }
        }
    }
}
