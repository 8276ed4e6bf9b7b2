//! The worked numbers of real subsidy rule sets, from the rule files in `data/`, to the fen.
//!
//! Each case is one test. `docs/validation/subsidies.md` is the table of all of them, ours against
//! theirs; it is written by the tests with `QINGNUAN_BLESS=1` and checked without.

// A helper of a test that cannot go on says so by a panic.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use qingnuan::input::problem::Problems;
use qingnuan::input::subsidy::{Known, read_rules};
use qingnuan::subsidy::rule::{Give, Way};
use qingnuan::subsidy::set::RuleFile;
use qingnuan::subsidy::{
    Applicant, Award, Cap, CarrierUse, Prior, Purchase, PurchasedItem, Reason, RuleSet, Variants,
    WinterUse, install_grants, mode_of, running_grants,
};
use qingnuan::words::calendar::Winter;
use qingnuan::words::fixed::{Fixed, Money, Rounding};
use qingnuan::words::kinds::{Carrier, Category, DwellingKind, HeaterKind, Item, Kind, Payer};
use qingnuan::words::quantity::{Kilowatt, SquareMetre};

// ---------------------------------------------------------------- reading the data

fn places() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/places")
}

/// The levels of a place: `hebei/xingtai/julu` has hebei, hebei/xingtai and itself.
fn levels(place: &str) -> Vec<String> {
    let parts: Vec<&str> = place.split('/').collect();
    (1..=parts.len()).map(|n| parts[..n].join("/")).collect()
}

fn files(place: &str) -> Vec<RuleFile> {
    let mut known = Known::default();
    let mut files = Vec::new();
    for level in levels(place) {
        let path = places().join(&level).join("subsidies.toml");
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let problems = RefCell::new(Problems::default());
        let name = format!("data/places/{level}/subsidies.toml");
        let file = read_rules(&name, &text, &level, &known, &problems);
        let file = file.unwrap_or_else(|| panic!("{level}: {:#?}", problems.into_inner().0));
        known.add(&file);
        files.push(file);
    }
    files
}

fn rules(place: &str) -> RuleSet {
    RuleSet::merge(files(place))
}

/// Every place that has a rule file.
fn all_places() -> Vec<String> {
    fn walk(dir: &Path, root: &Path, found: &mut Vec<String>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, root, found);
            } else if path
                .file_name()
                .is_some_and(|name| name == "subsidies.toml")
            {
                let place = path.parent().unwrap().strip_prefix(root).unwrap();
                found.push(place.to_string_lossy().into_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(&places(), &places(), &mut found);
    found.sort();
    found
}

// ---------------------------------------------------------------- building a case

fn yuan(sum: f64) -> Money {
    Money::from_f64(sum)
}

fn home(heater: HeaterKind, converted: Date) -> Applicant {
    Applicant {
        category: Category::General,
        converted: Winter::of(converted),
        conversion_date: Some(converted),
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

fn with(mut home: Applicant, facts: &[&str]) -> Applicant {
    home.facts.extend(facts.iter().map(|fact| fact.to_string()));
    home
}

fn as_category(mut home: Applicant, category: Category) -> Applicant {
    home.category = category;
    home
}

fn buy(items: &[(Item, f64)]) -> Purchase {
    Purchase {
        items: items
            .iter()
            .map(|&(item, price)| PurchasedItem::one(item, yuan(price)))
            .collect(),
    }
}

/// A winter with this much heating use over December to March in equal parts, the rest in March,
/// and a bill that is no limit.
fn winter(year: i16, carrier: Carrier, heating: f64) -> WinterUse {
    let mut used = CarrierUse::none(carrier);
    let quarter = Fixed::from_f64((heating / 4.0).floor());
    for month in [11, 0, 1] {
        used.heating[month] = quarter;
    }
    used.heating[2] = Fixed::from_f64(heating) - quarter - quarter - quarter;
    let mut winter = WinterUse {
        winter: Winter(year),
        carriers: vec![used],
        bottles: Fixed::ZERO,
        bill: [Money::ZERO; 12],
        today: None,
    };
    winter.bill[0] = Money::yuan(50_000);
    winter
}

/// Heating use in proportion to the days of 15 November to 15 March: 16, 31, 31, 28 and 15 of 121.
fn by_days(mut winter: WinterUse, total: i64) -> WinterUse {
    let whole = Fixed::whole(total);
    let used = &mut winter.carriers[0].heating;
    for (month, days) in [(10, 16), (11, 31), (0, 31), (1, 28)] {
        used[month] = whole.share(Fixed::whole(days), Fixed::whole(121));
    }
    used[2] = whole - used[10] - used[11] - used[0] - used[1];
    winter
}

fn valley(mut winter: WinterUse, valley: f64) -> WinterUse {
    let used = &mut winter.carriers[0];
    used.heating_valley[0] = Fixed::from_f64(valley);
    winter
}

fn bill(year: i16, carrier: Carrier, sum: f64) -> WinterUse {
    let mut winter = winter(year, carrier, 1000.0);
    winter.bill = [Money::ZERO; 12];
    winter.bill[0] = yuan(sum);
    winter
}

fn chosen(pairs: &[(&str, &str)]) -> Variants {
    Variants {
        readings: pairs
            .iter()
            .map(|(parameter, reading)| (parameter.to_string(), reading.to_string()))
            .collect(),
        amounts: BTreeMap::new(),
    }
}

fn install(place: &str, home: &Applicant, purchase: &Purchase) -> Award {
    install_as(place, home, purchase, &Variants::default())
}

fn install_as(place: &str, home: &Applicant, purchase: &Purchase, variants: &Variants) -> Award {
    let prior = Prior::default();
    let rules = rules(place);
    install_grants(&rules, home, purchase, &prior, variants, Rounding::HalfUp)
}

fn run(place: &str, home: &Applicant, winter: &WinterUse) -> Award {
    run_as(place, home, winter, &Variants::default())
}

fn run_as(place: &str, home: &Applicant, winter: &WinterUse, variants: &Variants) -> Award {
    let prior = Prior::default();
    let rules = rules(place);
    running_grants(&rules, home, winter, &prior, variants, Rounding::HalfUp)
}

fn own_part(purchase: &Purchase, award: &Award) -> Money {
    let price: Money = purchase.items.iter().map(|item| item.amount).sum();
    price - award.to_household()
}

/// The grant of the rule whose id begins so.
fn grant(award: &Award, id: &str) -> Money {
    let mine = award
        .grants
        .iter()
        .filter(|grant| grant.rule.starts_with(id));
    mine.map(|grant| grant.amount).sum()
}

fn reason<'a>(award: &'a Award, id: &str) -> &'a Reason {
    let found = award.refused.iter().find(|refusal| &*refusal.rule == id);
    &found
        .unwrap_or_else(|| panic!("{id} was not refused: {award:#?}"))
        .reason
}

// ---------------------------------------------------------------- the table

/// One number: ours against theirs.
struct Row {
    set: &'static str,
    case: &'static str,
    ours: Money,
    theirs: Money,
}

fn row(set: &'static str, case: &'static str, ours: Money, theirs: f64) -> Row {
    Row {
        set,
        case,
        ours,
        theirs: yuan(theirs),
    }
}

fn check(rows: Vec<Row>) {
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row.ours, row.theirs, "{}: {}", row.set, row.case);
    }
}

macro_rules! cases {
    ($($(#[doc = $doc:literal])* fn $name:ident() $body:block)*) => {
        $(mod $name {
            use super::*;
            pub fn rows() -> Vec<Row> $body
            $(#[doc = $doc])*
            #[test]
            fn to_the_fen() { check(rows()); }
        })*
        fn all_rows() -> Vec<Row> {
            let mut rows = Vec::new();
            $(rows.extend($name::rows());)*
            rows
        }
    };
}

use Carrier::{Briquette, Electricity, NaturalGas, Pellet};
use HeaterKind::*;
use Item::{Connection, Emitters, HeatSource, IndoorWiring};

const A1: &str = "A1 怀柔 2022";
const A2: &str = "A2 北京 2018";
const A4: &str = "A4 西城 2016-17";
const A5: &str = "A5 通州 2016-17";
const A6: &str = "A6 天津 2020-2026";
const A7: &str = "A7 石家庄 2018";
const A8: &str = "A8 邯郸 2021";
const A11: &str = "A11 运城, 河津 2022-2024";
const A13: &str = "A13 长治 2018-2020";
const A14: &str = "A14 滨州 2018-2026";
const A15: &str = "A15 济南 2017-2031";
const A17: &str = "A17 西安, 咸阳, 固原, 南疆, 临河";
const A18: &str = "A18 沈阳, 黑龙江, 新乡, 荣成";

fn huairou(heater: HeaterKind) -> Applicant {
    with(home(heater, date(2022, 9, 1)), &["listed_village"])
}

fn binzhou(joined: i16, winter_of: i16, kwh: f64, variants: &[(&str, &str)]) -> Money {
    let home = home(DirectElectric, date(joined, 9, 1));
    let winter = winter(winter_of, Electricity, kwh);
    run_as("shandong/binzhou", &home, &winter, &chosen(variants)).total()
}

fn jinan(joined: i16, winter_of: i16, sum: f64) -> Money {
    let home = home(DirectElectric, date(joined, 10, 20));
    run("shandong/jinan", &home, &bill(winter_of, Electricity, sum)).total()
}

fn handan_gas(m3: f64, reading: &str) -> Money {
    let home = home(GasBoiler, date(2021, 9, 1));
    let variants = chosen(&[("handan_gas_bands", reading)]);
    run_as(
        "hebei/handan",
        &home,
        &winter(2021, NaturalGas, m3),
        &variants,
    )
    .total()
}

fn handan_electric(kwh: f64) -> Money {
    let home = home(HeatPumpAir, date(2021, 9, 1));
    run("hebei/handan", &home, &winter(2021, Electricity, kwh)).total()
}

/// Device and every winter of a home in Changzhi.
fn changzhi(class: &'static str, year: i16) -> Money {
    let home = with(home(HeatPumpAir, date(year, 9, 1)), &[class]);
    let device = install("shanxi/changzhi", &home, &buy(&[(HeatSource, 20_000.0)]));
    let winters = (year..year + 6)
        .map(|it| run("shanxi/changzhi", &home, &winter(it, Electricity, 9000.0)).total());
    device.total() + winters.sum()
}

cases! {
    fn a1_worked_1_water_heat_pump() {
        let mut general = huairou(HeatPumpWater);
        general.heated_area = SquareMetre(110.0);
        let purchase = buy(&[(HeatSource, 29_000.0)]);
        let award = install("beijing/huairou", &general, &purchase);
        let device = award.grants.iter().find(|it| it.rule.ends_with("water_heat_pump")).unwrap();
        let poor = as_category(general.clone(), Category::MinimumLiving);
        let low = install("beijing/huairou", &poor, &purchase);
        let destitute = as_category(general, Category::DestituteSupport);
        let free = install("beijing/huairou", &destitute, &purchase);
        vec![
            row(A1, "110 m2, 29,000: grant", device.amount, 22_000.0),
            row(A1, "of it the city", device.payers[0].1, 11_000.0),
            row(A1, "of it the district", device.payers[1].1, 11_000.0),
            row(A1, "household", own_part(&purchase, &award), 7000.0),
            row(A1, "低保: district adds", grant(&low, "huairou_2022_low_income"), 5600.0),
            row(A1, "低保: household", own_part(&purchase, &low), 1400.0),
            row(A1, "五保: household", own_part(&purchase, &free), 0.0),
            row(A1, "indoor wiring, to the works", grant(&award, "huairou_2022_wiring"), 1500.0),
        ]
    }
    fn a1_worked_2_area_cut_to_the_cap() {
        let mut home = huairou(HeatPumpWater);
        home.heated_area = SquareMetre(130.0);
        let award = install("beijing/huairou", &home, &buy(&[(HeatSource, 40_000.0)]));
        let device = &award.grants[0];
        assert_eq!(device.limited_by, Some(Cap::Household(yuan(24_000.0))));
        vec![
            row(A1, "130 m2: before the cap", device.before_caps, 26_000.0),
            row(A1, "130 m2: grant", device.amount, 24_000.0),
        ]
    }
    fn a1_worked_3_storage_heaters() {
        let of = |price: f64| {
            let purchase = buy(&[(HeatSource, price)]);
            let award = install("beijing/huairou", &huairou(ElectricStorage), &purchase);
            let device = award.grants.iter().find(|it| it.rule.ends_with("storage_heater")).unwrap();
            (device.amount, device.payers[0].1, device.payers[1].1, own_part(&purchase, &award))
        };
        let (small, large) = (of(9000.0), of(12_000.0));
        vec![
            row(A1, "storage 9,000: grant", small.0, 7200.0),
            row(A1, "city", small.1, 3000.0),
            row(A1, "district", small.2, 4200.0),
            row(A1, "household", small.3, 1800.0),
            row(A1, "storage 12,000: grant", large.0, 8000.0),
            row(A1, "city", large.1, 4000.0),
            row(A1, "district", large.2, 4000.0),
            row(A1, "household", large.3, 4000.0),
        ]
    }
    fn a1_worked_4_running() {
        let mut used = valley(winter(2022, Electricity, 14_000.0), 9000.0);
        used.bill = [Money::ZERO; 12];
        used.bill[0] = yuan(2700.0);
        used.bill[1] = yuan(2441.50);
        let award = run("beijing/huairou", &huairou(HeatPumpWater), &used);
        vec![
            row(A1, "9,000 valley kWh: grant", award.total(), 1800.0),
            row(A1, "city", award.paid_by(Payer::City), 900.0),
            row(A1, "district", award.paid_by(Payer::County), 900.0),
            row(A1, "bill 5,141.50: net", used.total() - award.total(), 3341.50),
        ]
    }
    fn a1_open_air_heat_pump_split() {
        let purchase = buy(&[(HeatSource, 15_000.0)]);
        let of = |reading: &str| {
            let variants = chosen(&[("huairou_air_heat_pump_split", reading)]);
            install_as("beijing/huairou", &huairou(HeatPumpAir), &purchase, &variants)
        };
        let (half, third) = (of("half_each"), of("city_third_of_price"));
        let device = |award: &Award| award.grants.iter().find(|it| it.rule.contains("air_heat_pump")).unwrap().clone();
        vec![
            row(A1, "air heat pump 15,000: grant", device(&half).amount, 12_000.0),
            row(A1, "half each: city", device(&half).payers[0].1, 6000.0),
            row(A1, "a third of the price: city", device(&third).payers[0].1, 5000.0),
            row(A1, "a third of the price: district", device(&third).payers[1].1, 7000.0),
        ]
    }
    fn a1_open_radiators_in_cash_or_not() {
        let home = with(huairou(HeatPumpWater), &["mountain_town"]);
        let purchase = buy(&[(HeatSource, 29_000.0), (Emitters, 3000.0)]);
        let of = |reading: &str| {
            let variants = chosen(&[("huairou_radiators", reading)]);
            install_as("beijing/huairou", &home, &purchase, &variants)
        };
        let (pool, cash) = (of("town_pool"), of("household"));
        vec![
            row(A1, "radiators pooled by the town: grant", grant(&pool, "huairou_2022_radiators"), 2000.0),
            row(A1, "pooled: household pays", own_part(&purchase, &pool), 12_000.0),
            row(A1, "in cash: household pays", own_part(&purchase, &cash), 10_000.0),
        ]
    }
    fn a2_city_cap_and_equal_match() {
        let mut home = home(HeatPumpWater, date(2018, 8, 1));
        home.heated_area = SquareMetre(150.0);
        let award = install("beijing", &home, &buy(&[(HeatSource, 40_000.0)]));
        vec![
            row(A2, "150 m2: city before the cap", award.grants[0].before_caps, 15_000.0),
            row(A2, "150 m2: city", award.paid_by(Payer::City), 12_000.0),
            row(A2, "with an equal match", award.total(), 24_000.0),
        ]
    }
    fn a4_reference_price() {
        let of = |category: Category, price: f64| {
            let home = as_category(home(ElectricStorage, date(2016, 12, 1)), category);
            let purchase = buy(&[(HeatSource, price)]);
            let award = install("beijing/xicheng", &home, &purchase);
            (award.total(), own_part(&purchase, &award))
        };
        let (general, poor) = (Category::General, Category::MinimumLiving);
        vec![
            row(A4, "2,000: grant", of(general, 2000.0).0, 1333.33),
            row(A4, "2,000: household", of(general, 2000.0).1, 666.67),
            row(A4, "2,000, 低保: household", of(poor, 2000.0).1, 0.0),
            row(A4, "2,500: grant", of(general, 2500.0).0, 1460.0),
            row(A4, "2,500: household", of(general, 2500.0).1, 1040.0),
            row(A4, "2,500, 低保: grant", of(poor, 2500.0).0, 2190.0),
            row(A4, "2,500, 低保: household", of(poor, 2500.0).1, 310.0),
        ]
    }
    fn a5_below_and_at_the_cap() {
        let of = |area: f64, price: f64| {
            let mut home = home(GasBoiler, date(2016, 11, 1));
            home.heated_area = SquareMetre(area);
            let purchase = buy(&[(HeatSource, price)]);
            let award = install("beijing/tongzhou", &home, &purchase);
            let bound = award.grants[0].limited_by.is_some();
            (award.total(), own_part(&purchase, &award), bound)
        };
        let (small, middle, large) = (of(120.0, 8200.0), of(200.0, 10_050.0), of(280.0, 12_050.0));
        assert_eq!([small.2, middle.2, large.2], [false, true, true]);
        vec![
            row(A5, "8,200: grant", small.0, 7380.0),
            row(A5, "8,200: household", small.1, 820.0),
            row(A5, "10,050: grant", middle.0, 7650.0),
            row(A5, "10,050: household", middle.1, 2400.0),
            row(A5, "12,050: grant", large.0, 7650.0),
            row(A5, "12,050: household", large.1, 4400.0),
        ]
    }
    fn a6_all_hours_or_valley_only() {
        let home = home(HeatPumpAir, date(2020, 9, 1));
        let mut used = valley(winter(2020, Electricity, 7000.0), 5000.0);
        used.bill = [Money::ZERO; 12];
        used.bill[0] = yuan(2480.0);
        let of = |reading: &str| {
            run_as("tianjin", &home, &used, &chosen(&[("tianjin_hours", reading)]))
        };
        let all = of("all_hours");
        vec![
            row(A6, "7,000 kWh, all count", all.total(), 1400.0),
            row(A6, "city", all.paid_by(Payer::City), 560.0),
            row(A6, "district", all.paid_by(Payer::County), 840.0),
            row(A6, "only 5,000 valley kWh count", of("valley_only").total(), 1000.0),
            row(A6, "in Binhai the district pays all", run("tianjin/binhai", &home, &used).paid_by(Payer::County), 1400.0),
        ]
    }
    fn a6_gas_cut_to_1000_m3() {
        let home = home(GasBoiler, date(2020, 9, 1));
        let award = run("tianjin", &home, &winter(2020, NaturalGas, 1100.0));
        assert_eq!(award.grants[0].limited_by, Some(Cap::Quantity(Fixed::whole(1000))));
        let mut bottles = winter(2020, NaturalGas, 1100.0);
        bottles.bottles = Fixed::whole(10);
        let cooking = run("tianjin", &home, &bottles);
        vec![
            row(A6, "gas 1,100 m3", award.total(), 1200.0),
            row(A6, "10 bottles for cooking", grant(&cooking, "tianjin_2020_cooking"), 400.0),
        ]
    }
    fn a7_electric_device() {
        let of = |price: f64| {
            let home = home(HeatPumpAir, date(2018, 9, 1));
            let items = [(HeatSource, price - 1500.0), (Item::Installation, 500.0), (IndoorWiring, 1000.0)];
            let purchase = buy(&items);
            let award = install("hebei/shijiazhuang", &home, &purchase);
            let payers: Vec<Money> = award.grants[0].payers.iter().map(|part| part.1).collect();
            (award.total(), payers, own_part(&purchase, &award))
        };
        let (large, small) = (of(9500.0), of(8000.0));
        vec![
            row(A7, "9,500: grant", large.0, 7400.0),
            row(A7, "province", large.1[0], 3700.0),
            row(A7, "city", large.1[1], 2775.0),
            row(A7, "county", large.1[2], 925.0),
            row(A7, "household", large.2, 2100.0),
            row(A7, "8,000: grant", small.0, 6800.0),
            row(A7, "province", small.1[0], 3400.0),
            row(A7, "city", small.1[1], 2550.0),
            row(A7, "county", small.1[2], 850.0),
            row(A7, "household", small.2, 1200.0),
        ]
    }
    fn a7_running_2018_and_2019() {
        let electric = home(HeatPumpAir, date(2018, 9, 1));
        let gas = home(GasBoiler, date(2018, 9, 1));
        let place = "hebei/shijiazhuang";
        let power = |year| run(place, &electric, &winter(year, Electricity, 6000.0));
        let fuel = |year| run(place, &gas, &winter(year, NaturalGas, 900.0));
        let in_order = chosen(&[("shijiazhuang_2018_split", "in_order")]);
        let ordered = run_as(place, &gas, &winter(2018, NaturalGas, 900.0), &in_order);
        vec![
            row(A7, "6,000 kWh in 2018", power(2018).total(), 1200.0),
            row(A7, "6,000 kWh in 2019", power(2019).total(), 720.0),
            row(A7, "of it the province", power(2019).paid_by(Payer::Province), 240.0),
            row(A7, "900 m3 in 2018", fuel(2018).total(), 1260.0),
            row(A7, "900 m3 in 2018, in proportion: province", fuel(2018).paid_by(Payer::Province), 240.0),
            row(A7, "900 m3 in 2018, in order: province", ordered.paid_by(Payer::Province), 320.0),
            row(A7, "900 m3 in 2018, in order: city", ordered.paid_by(Payer::City), 900.0),
            row(A7, "900 m3 in 2018, in order: county", ordered.paid_by(Payer::County), 40.0),
            row(A7, "900 m3 in 2019", fuel(2019).total(), 720.0),
        ]
    }
    fn a8_gas_whole_quantity() {
        [(40.0, 0.0), (300.0, 120.0), (540.0, 216.0), (541.0, 541.0), (900.0, 900.0), (1300.0, 1300.0), (1640.0, 1300.0)]
            .into_iter()
            .zip(["40 m3, whole", "300 m3, whole", "540 m3, whole", "541 m3, whole", "900 m3, whole", "1,300 m3, whole", "1,640 m3, whole"])
            .map(|((m3, theirs), case)| row(A8, case, handan_gas(m3, "whole_quantity"), theirs))
            .collect()
    }
    fn a8_gas_marginal() {
        [(40.0, 0.0), (300.0, 104.0), (540.0, 200.0), (541.0, 201.0), (900.0, 560.0), (1300.0, 960.0), (1640.0, 1300.0)]
            .into_iter()
            .zip(["40 m3, marginal", "300 m3, marginal", "540 m3, marginal", "541 m3, marginal", "900 m3, marginal", "1,300 m3, marginal", "1,640 m3, marginal"])
            .map(|((m3, theirs), case)| row(A8, case, handan_gas(m3, "marginal"), theirs))
            .collect()
    }
    fn a8_electric() {
        vec![
            row(A8, "200 kWh", handan_electric(200.0), 0.0),
            row(A8, "5,000 kWh", handan_electric(5000.0), 600.0),
            row(A8, "12,000 kWh", handan_electric(12_000.0), 1200.0),
        ]
    }
    fn a8_devices() {
        let of = |heater, price: f64| {
            let home = home(heater, date(2021, 9, 1));
            install("hebei/handan", &home, &buy(&[(HeatSource, price), (Item::CookingStove, 500.0)]))
        };
        let (electric, gas) = (of(HeatPumpAir, 9000.0), of(GasBoiler, 3500.0));
        vec![
            row(A8, "electric device: grant", electric.total(), 7400.0),
            row(A8, "province", electric.paid_by(Payer::Province), 3700.0),
            row(A8, "city", electric.paid_by(Payer::City), 1850.0),
            row(A8, "county", electric.paid_by(Payer::County), 1850.0),
            row(A8, "gas device: grant", grant(&gas, "handan_2021_gas_device"), 2700.0),
            row(A8, "stove: county", grant(&gas, "handan_2021_stove"), 200.0),
        ]
    }
    fn a11_gas_less_living() {
        let home = home(GasBoiler, date(2022, 9, 1));
        let used = by_days(winter(2022, NaturalGas, 0.0), 900);
        let award = run("shanxi/yuncheng", &home, &used);
        let flat = with(home, &["gas_not_measurable"]);
        let least = run("shanxi/yuncheng", &flat, &used);
        vec![
            row(A11, "900 m3 in four months", award.total(), 788.0),
            row(A11, "not measurable", least.total(), 600.0),
        ]
    }
    fn a11_open_a_month_below_28() {
        let home = home(GasBoiler, date(2022, 9, 1));
        // December 200, January 200, February 200 and March 5 m3. By days (16, 31, 31, 28, 15 of
        // 121) the 112 m3 are 14.8 in November and 13.9 in March; 10 in November leave 0 or -4.8.
        let mut used = winter(2022, NaturalGas, 0.0);
        for (month, m3) in [(10, 10), (11, 200), (0, 200), (1, 200), (2, 5)] {
            used.carriers[0].heating[month] = Fixed::whole(m3);
        }
        let of = |reading: &str| {
            let variants = chosen(&[("yuncheng_gas_month_below_living", reading)]);
            run_as("shanxi/yuncheng", &home, &used, &variants).total()
        };
        // zero: 600 - 112 x 90/121 = 516.694; carried: 615 - 112 = 503
        vec![
            row(A11, "months below the living use count as zero", of("zero"), 516.69),
            row(A11, "months below the living use are carried", of("carried"), 503.0),
        ]
    }
    fn a11_electric_cap() {
        let home = home(DirectElectric, date(2022, 9, 1));
        let of = |kwh| run("shanxi/yuncheng", &home, &winter(2022, Electricity, kwh));
        let mut billed = winter(2022, Electricity, 9000.0);
        billed.bill = [Money::ZERO; 12];
        billed.bill[0] = yuan(2575.80);
        let net = billed.total() - run("shanxi/yuncheng", &home, &billed).total();
        vec![
            row(A11, "9,000 kWh", of(9000.0).total(), 900.0),
            row(A11, "11,000 kWh", of(11_000.0).total(), 1040.0),
            row(A11, "bill 2,575.80: net", net, 1675.80),
        ]
    }
    fn a11_hejin_poor_once() {
        let poor = as_category(home(DirectElectric, date(2024, 9, 1)), Category::MinimumLiving);
        let award = run("shanxi/yuncheng/hejin", &poor, &winter(2024, Electricity, 9000.0));
        vec![row(A11, "Hejin, 低保: once", grant(&award, "hejin_2024_poor"), 200.0)]
    }
    fn a13_early_converters() {
        vec![
            row(A13, "class 2, 2018", changzhi("county_class_2", 2018), 11_700.0),
            row(A13, "class 2, 2019", changzhi("county_class_2", 2019), 8300.0),
            row(A13, "class 2, 2020", changzhi("county_class_2", 2020), 4900.0),
            row(A13, "class 1, 2018", changzhi("county_class_1", 2018), 12_200.0),
            row(A13, "class 1, 2019", changzhi("county_class_1", 2019), 8800.0),
            row(A13, "class 1, 2020", changzhi("county_class_1", 2020), 5400.0),
        ]
    }
    fn a14_device_and_first_seasons() {
        let joined = home(DirectElectric, date(2018, 9, 1));
        let purchase = buy(&[(HeatSource, 6000.0)]);
        let device = install("shandong/binzhou", &joined, &purchase);
        let first = run("shandong/binzhou", &joined, &winter(2018, Electricity, 5000.0));
        vec![
            row(A14, "device 6,000: grant", device.total(), 4600.0),
            row(A14, "city", device.paid_by(Payer::City), 1840.0),
            row(A14, "county", device.paid_by(Payer::County), 2760.0),
            row(A14, "household", own_part(&purchase, &device), 1400.0),
            row(A14, "5,000 kWh", first.total(), 1000.0),
            row(A14, "city", first.paid_by(Payer::City), 300.0),
            row(A14, "county", first.paid_by(Payer::County), 700.0),
        ]
    }
    fn a14_joined_2021() {
        vec![
            row(A14, "joined 2021: 2021-22", binzhou(2021, 2021, 7000.0, &[]), 1200.0),
            row(A14, "2022-23", binzhou(2021, 2022, 7000.0, &[]), 1200.0),
            row(A14, "2023-24", binzhou(2021, 2023, 7000.0, &[]), 1200.0),
            row(A14, "2024-25", binzhou(2021, 2024, 7000.0, &[]), 300.0),
            row(A14, "2025-26", binzhou(2021, 2025, 7000.0, &[]), 150.0),
            row(A14, "2026-27", binzhou(2021, 2026, 7000.0, &[]), 0.0),
        ]
    }
    fn a14_joined_2018() {
        vec![
            row(A14, "joined 2018: 2023-24", binzhou(2018, 2023, 7000.0, &[]), 450.0),
            row(A14, "2024-25", binzhou(2018, 2024, 7000.0, &[]), 300.0),
            row(A14, "2025-26", binzhou(2018, 2025, 7000.0, &[]), 150.0),
            row(A14, "2026-27", binzhou(2018, 2026, 7000.0, &[]), 0.0),
        ]
    }
    fn a14_joined_2022_and_biomass_and_poor() {
        let mut stove = home(BiomassStove, date(2021, 9, 1));
        let of = |home: &Applicant, year| run("shandong/binzhou", home, &bill(year, Carrier::Pellet, 900.0)).total();
        let late = (of(&stove, 2024), of(&stove, 2025));
        stove.converted = Winter(2019);
        stove.conversion_date = Some(date(2019, 9, 1));
        let poor = as_category(home(DirectElectric, date(2018, 9, 1)), Category::MinimumLiving);
        let extra = run("shandong/binzhou", &poor, &winter(2023, Electricity, 7000.0)).total();
        vec![
            row(A14, "joined 2022: 2024-25", binzhou(2022, 2024, 7000.0, &[]), 1200.0),
            row(A14, "joined 2022: 2025-26", binzhou(2022, 2025, 7000.0, &[]), 150.0),
            row(A14, "biomass 2021: 2024-25", late.0, 200.0),
            row(A14, "biomass 2021: 2025-26", late.1, 100.0),
            row(A14, "biomass 2019: 2023-24", of(&stove, 2023), 300.0),
            row(A14, "poor, joined 2018: 2023-24", extra, 550.0),
        ]
    }
    fn a14_open_points() {
        let small = |reading| binzhou(2018, 2023, 1000.0, &[("binzhou_phase_out_base", reading)]);
        let between = |reading| binzhou(2018, 2021, 7000.0, &[("binzhou_2021_to_2023", reading)]);
        vec![
            row(A14, "1,000 kWh in 2023-24, by unit price", small("per_unit"), 200.0),
            row(A14, "1,000 kWh in 2023-24, by bill", small("bill"), 450.0),
            row(A14, "joined 2018, 2021-22: not paid", between("not_paid"), 0.0),
            row(A14, "joined 2018, 2021-22: as before", between("as_before"), 1200.0),
        ]
    }
    fn a15_joined_2019() {
        [(2023, 900.0), (2024, 900.0), (2025, 600.0), (2026, 600.0), (2027, 300.0), (2028, 300.0), (2029, 0.0)]
            .into_iter()
            .zip(["joined 2019: 2023-24", "2024-25", "2025-26", "2026-27", "2027-28", "2028-29", "2029-30"])
            .map(|((year, theirs), case)| row(A15, case, jinan(2019, year, 3000.0), theirs))
            .collect()
    }
    fn a15_joined_2022() {
        [(2022, 1200.0), (2023, 1200.0), (2024, 1200.0), (2025, 900.0), (2026, 900.0), (2027, 600.0), (2028, 600.0), (2029, 300.0), (2030, 300.0), (2031, 0.0)]
            .into_iter()
            .zip(["joined 2022: 2022-23", "2023-24", "2024-25", "2025-26", "2026-27", "2027-28", "2028-29", "2029-30", "2030-31", "2031-32"])
            .map(|((year, theirs), case)| row(A15, case, jinan(2022, year, 3000.0), theirs))
            .collect()
    }
    fn a15_bill_below_the_step_and_the_2017_rule() {
        let joined = home(DirectElectric, date(2017, 10, 20));
        let early = home(DirectElectric, date(2017, 5, 1));
        let purchase = buy(&[(HeatSource, 8000.0)]);
        let power = run("shandong/jinan", &early, &winter(2017, Electricity, 7000.0));
        vec![
            row(A15, "bill 700 in a 900 season", jinan(2019, 2023, 700.0), 700.0),
            row(A15, "2017: device", install("shandong/jinan", &joined, &purchase).total(), 2000.0),
            row(A15, "early adopter: device", install("shandong/jinan", &early, &purchase).total(), 0.0),
            row(A15, "early adopter: 7,000 kWh in 2017-18", power.total(), 1200.0),
        ]
    }
    fn a17_xian() {
        let home = home(DirectElectric, date(2018, 9, 1));
        let purchase = buy(&[(HeatSource, 1500.0), (HeatSource, 80.0), (HeatSource, 3800.0)]);
        let device = install("shaanxi/xian", &home, &purchase);
        let first = run("shaanxi/xian", &home, &winter(2018, Electricity, 5000.0));
        vec![
            row(A17, "西安: 1,500 + 80 + 3,800 before the cap", device.grants[0].before_caps, 3180.0),
            row(A17, "西安: grant", device.total(), 3000.0),
            row(A17, "西安: 5,000 kWh before the cap", first.grants[0].before_caps, 1250.0),
            row(A17, "西安: 5,000 kWh", first.total(), 1000.0),
            row(A17, "西安: second season", run("shaanxi/xian", &home, &winter(2019, Electricity, 5000.0)).total(), 0.0),
        ]
    }
    fn a17_xianyang() {
        let home = home(GasBoiler, date(2023, 9, 1));
        let small = run("shaanxi/xianyang", &home, &bill(2024, NaturalGas, 400.0));
        let large = run("shaanxi/xianyang", &home, &bill(2024, NaturalGas, 900.0));
        let mut more = Variants::default();
        more.amounts.insert("xianyang_county_cny".into(), yuan(250.0));
        let raised = run_as("shaanxi/xianyang", &home, &bill(2024, NaturalGas, 900.0), &more);
        vec![
            row(A17, "咸阳: bill 400, used", small.total(), 400.0),
            row(A17, "咸阳: bill 400, returns", small.grants[0].returned, 200.0),
            row(A17, "咸阳: bill 900", large.total(), 600.0),
            row(A17, "咸阳: province", large.paid_by(Payer::Province), 240.0),
            row(A17, "咸阳: city", large.paid_by(Payer::City), 180.0),
            row(A17, "咸阳: county", large.paid_by(Payer::County), 180.0),
            row(A17, "咸阳: county raises its part to 250", raised.total(), 670.0),
            row(A17, "咸阳: its part", raised.paid_by(Payer::County), 250.0),
        ]
    }
    fn a17_guyuan() {
        let home = home(HeatPumpAir, date(2023, 9, 1));
        let purchase = buy(&[(HeatSource, 9000.0)]);
        let award = install("ningxia/guyuan", &home, &purchase);
        let all = chosen(&[("guyuan_payers", "central")]);
        let central = install_as("ningxia/guyuan", &home, &purchase, &all);
        vec![
            row(A17, "固原: 9,000 heat pump, household", own_part(&purchase, &award), 2300.0),
            row(A17, "固原: grant", award.total(), 6700.0),
            // 6,700 x 900, 426 and 1,918 of 3,244
            row(A17, "固原: by programme totals, central", award.paid_by(Payer::Central), 1858.82),
            row(A17, "local", award.paid_by(Payer::City), 879.84),
            row(A17, "firms", award.paid_by(Payer::Operator), 3961.34),
            row(A17, "固原: all central", central.paid_by(Payer::Central), 6700.0),
        ]
    }
    fn a17_southern_xinjiang() {
        let of = |year, price| {
            let purchase = buy(&[(HeatSource, price)]);
            let award = install("xinjiang/hotan", &home(DirectElectric, date(year, 9, 1)), &purchase);
            (award.paid_by(Payer::Central), award.paid_by(Payer::Province), own_part(&purchase, &award))
        };
        let (later, first) = (of(2020, 3600.0), of(2019, 3800.0));
        vec![
            row(A17, "南疆 3,600: central", later.0, 1350.0),
            row(A17, "region", later.1, 1350.0),
            row(A17, "household", later.2, 900.0),
            row(A17, "南疆 3,800: central", first.0, 1425.0),
            row(A17, "region", first.1, 1425.0),
            row(A17, "household", first.2, 950.0),
        ]
    }
    fn a17_linhe() {
        let purchase = buy(&[(HeatSource, 18_000.0)]);
        let award = install("neimenggu/bayannur/linhe", &home(HeatPumpWater, date(2023, 9, 1)), &purchase);
        vec![row(A17, "临河: 18,000, household", own_part(&purchase, &award), 3600.0)]
    }
    fn a18_shenyang() {
        let of = |heater, price| {
            let purchase = buy(&[(HeatSource, price)]);
            let award = install("liaoning/shenyang", &home(heater, date(2024, 9, 1)), &purchase);
            (award.total(), own_part(&purchase, &award))
        };
        let (air, water) = (of(HeatPumpAir, 10_500.0), of(HeatPumpWater, 14_000.0));
        vec![
            row(A18, "沈阳: hot-air 10,500", air.0, 8400.0),
            row(A18, "household", air.1, 2100.0),
            row(A18, "沈阳: water 14,000", water.0, 10_000.0),
            row(A18, "household", water.1, 4000.0),
        ]
    }
    fn a18_heilongjiang() {
        let of = |price| {
            let purchase = buy(&[(HeatSource, price)]);
            let award = install("heilongjiang", &home(BiomassStove, date(2020, 9, 1)), &purchase);
            (award.total(), award.paid_by(Payer::Province), award.paid_by(Payer::County), own_part(&purchase, &award))
        };
        let (small, large) = (of(1800.0), of(2400.0));
        vec![
            row(A18, "黑龙江: stove 1,800", small.0, 1260.0),
            row(A18, "province", small.1, 1008.0),
            row(A18, "county", small.2, 252.0),
            row(A18, "household", small.3, 540.0),
            row(A18, "黑龙江: stove 2,400", large.0, 1470.0),
            row(A18, "province", large.1, 1176.0),
            row(A18, "county", large.2, 294.0),
            row(A18, "household", large.3, 930.0),
        ]
    }
    fn a18_xinxiang() {
        let purchase = Purchase {
            items: vec![PurchasedItem {
                tender_price: Some(yuan(4500.0)),
                ..PurchasedItem::one(HeatSource, yuan(4500.0))
            }],
        };
        let gas = home(GasBoiler, date(2017, 9, 1));
        let award = install("henan/xinxiang", &gas, &purchase);
        let destitute = as_category(gas.clone(), Category::DestituteSupport);
        let free = install("henan/xinxiang", &destitute, &purchase);
        let lpg = home(LpgBoiler, date(2017, 9, 1));
        let mut bottles = winter(2017, Carrier::Lpg, 300.0);
        bottles.bottles = Fixed::whole(20);
        vec![
            row(A18, "新乡: tender price 4,500", award.total(), 3150.0),
            row(A18, "household", own_part(&purchase, &award), 1350.0),
            row(A18, "新乡: 五保, household", own_part(&purchase, &free), 0.0),
            row(A18, "新乡: 700 m3", run("henan/xinxiang", &gas, &winter(2017, NaturalGas, 700.0)).total(), 600.0),
            row(A18, "新乡: 20 bottles", run("henan/xinxiang", &lpg, &bottles).total(), 360.0),
        ]
    }
    fn a18_rongcheng() {
        let home = home(DirectElectric, date(2022, 9, 1));
        let panels = buy(&[(HeatSource, 1848.0)]);
        let award = install("shandong/weihai/rongcheng", &home, &panels);
        let dear = install("shandong/weihai/rongcheng", &home, &buy(&[(HeatSource, 3000.0)]));
        let own = with(home, &["self_installed"]);
        let running = run("shandong/weihai/rongcheng", &own, &winter(2022, Electricity, 7000.0));
        vec![
            row(A18, "荣成: panels 1,848, household", own_part(&panels, &award), 369.60),
            row(A18, "荣成: 3,000 device", dear.total(), 1478.40),
            row(A18, "荣成: self-installed, device", install("shandong/weihai/rongcheng", &own, &panels).total(), 0.0),
            row(A18, "荣成: self-installed, 7,000 kWh", running.total(), 1200.0),
        ]
    }
    fn policy_section_7_julu_step_down() {
        let home = home(GasBoiler, date(2017, 9, 1));
        let of = |year| run("hebei/xingtai/julu", &home, &winter(year, NaturalGas, 1300.0));
        const JULU: &str = "巨鹿 九年三步";
        vec![
            row(JULU, "1,300 m3 in year 1", of(2017).total(), 960.0),
            row(JULU, "year 4, 2020-21: the province's 0.8 has ended for it", of(2020).total(), 480.0),
            row(JULU, "year 7, 2023-24", of(2023).total(), 240.0),
            row(JULU, "year 10", of(2026).grants.iter().filter(|it| it.rule.starts_with("julu")).map(|it| it.amount).sum(), 0.0),
        ]
    }
    fn policy_section_7_taiyuan_two_blocks() {
        let home = home(GasBoiler, date(2018, 9, 1));
        let of = |m3| run("shanxi/taiyuan", &home, &winter(2018, NaturalGas, m3)).total();
        vec![
            row("太原 2018-22", "1,000 m3", of(1000.0), 1360.0),
            row("太原 2018-22", "2,000 m3: 1,500 x 1.36 + 500 x 1.1", of(2000.0), 2590.0),
            row("太原 2018-22", "3,000 m3", of(3000.0), 2865.0),
        ]
    }
}

// ---------------------------------------------------------------- what the rules say beside sums

#[test]
fn a14_and_a15_answer_the_same_input_differently() {
    // The same home, joined in 2022, the same bill of 3,000 in 2025-26.
    let home = home(DirectElectric, date(2022, 10, 20));
    let mut used = winter(2025, Electricity, 7000.0);
    used.bill = [Money::ZERO; 12];
    used.bill[0] = yuan(3000.0);
    let binzhou = run("shandong/binzhou", &home, &used).total();
    let jinan = run("shandong/jinan", &home, &used).total();
    assert_eq!((binzhou, jinan), (yuan(150.0), yuan(900.0)));
}

#[test]
fn the_reading_taken_stands_in_the_award_with_the_others() {
    let home = home(GasBoiler, date(2021, 9, 1));
    let award = run("hebei/handan", &home, &winter(2021, NaturalGas, 900.0));
    let open = award
        .open_readings
        .iter()
        .find(|open| &*open.parameter == "handan_gas_bands")
        .unwrap();
    assert_eq!(open.chosen, "whole_quantity");
    assert_eq!(
        open.alternatives.iter().map(|it| &**it).collect::<Vec<_>>(),
        ["marginal"]
    );
    let other = Reason::OtherReading {
        parameter: "handan_gas_bands".into(),
        chosen: "whole_quantity".into(),
    };
    assert_eq!(reason(&award, "handan_2021_gas_marginal"), &other);
}

#[test]
fn an_expired_rule_names_its_last_day_and_never_pays() {
    let home = home(DirectElectric, date(2018, 9, 1));
    let award = run(
        "shandong/binzhou",
        &home,
        &winter(2026, Electricity, 7000.0),
    );
    assert_eq!(award.total(), Money::ZERO);
    let expired = Reason::Expired(date(2026, 3, 15));
    assert_eq!(
        reason(&award, "binzhou_electric_phase_out_per_unit"),
        &expired
    );
}

#[test]
fn a_season_that_nobody_saw_is_not_paid() {
    // Tianjin's texts of 2023-24 and 2025-26 were seen, that of 2024-25 was not.
    let home = home(HeatPumpAir, date(2020, 9, 1));
    let of = |year| run("tianjin", &home, &winter(year, Electricity, 5000.0)).total();
    assert_eq!(
        [2022, 2023, 2024, 2025, 2026].map(of),
        [1000.0, 1000.0, 0.0, 1000.0, 0.0].map(yuan)
    );
}

#[test]
fn refusals_are_typed() {
    let outside = home(HeatPumpWater, date(2022, 9, 1));
    let award = install("beijing/huairou", &outside, &buy(&[(HeatSource, 29_000.0)]));
    assert_eq!(
        reason(&award, "huairou_2022_water_heat_pump"),
        &Reason::FactMissing("listed_village".into())
    );
    assert_eq!(
        reason(&award, "huairou_2022_storage_heater"),
        &Reason::Heater(HeatPumpWater)
    );
    let mut unregistered = huairou(HeatPumpWater);
    unregistered.registered = false;
    let award = install(
        "beijing/huairou",
        &unregistered,
        &buy(&[(HeatSource, 29_000.0)]),
    );
    assert_eq!(
        reason(&award, "huairou_2022_water_heat_pump"),
        &Reason::NotRegistered
    );
    let late = home(ElectricStorage, date(2017, 4, 1));
    let award = install("beijing/xicheng", &late, &buy(&[(HeatSource, 2000.0)]));
    assert_eq!(
        reason(&award, "xicheng_2016_heater_renewal"),
        &Reason::Expired(date(2017, 3, 31))
    );
    let early = home(DirectElectric, date(2017, 5, 1));
    let award = install("shandong/jinan", &early, &buy(&[(HeatSource, 8000.0)]));
    assert_eq!(
        reason(&award, "jinan_2017_device"),
        &Reason::ConvertedBefore(date(2017, 9, 22))
    );
    let small = run(
        "hebei/handan",
        &home(GasBoiler, date(2021, 9, 1)),
        &winter(2021, NaturalGas, 40.0),
    );
    assert_eq!(
        reason(&small, "handan_2021_gas_whole_quantity"),
        &Reason::BelowFloor(Fixed::whole(40))
    );
}

#[test]
fn gas_or_electric_but_not_both() {
    let home = home(DirectElectric, date(2018, 9, 1));
    let prior = Prior {
        mode: Some(NaturalGas),
        ..Prior::default()
    };
    let award = install_grants(
        &rules("shaanxi/xian"),
        &home,
        &buy(&[(HeatSource, 4000.0)]),
        &prior,
        &Variants::default(),
        Rounding::HalfUp,
    );
    assert_eq!(
        reason(&award, "xian_2018_device"),
        &Reason::OtherMode(NaturalGas)
    );
}

#[test]
fn a_renewal_locks_the_home_for_ten_years() {
    let mut home = home(HeatPumpWater, date(2023, 9, 1));
    home.replaces_years = Some(11);
    let set = rules("beijing");
    let purchase = buy(&[(HeatSource, 12_000.0)]);
    let mut prior = Prior::default();
    let buy_in = |year: i16, prior: &Prior| {
        let mut home = home.clone();
        home.conversion_date = Some(date(year, 9, 1));
        home.converted = Winter(year);
        install_grants(
            &set,
            &home,
            &purchase,
            prior,
            &Variants::default(),
            Rounding::HalfUp,
        )
    };
    let first = buy_in(2023, &prior);
    assert_eq!(first.total(), yuan(4800.0)); // 0.4 x 12,000
    assert_eq!(
        (first.paid_by(Payer::City), first.paid_by(Payer::County)),
        (yuan(3600.0), yuan(1200.0))
    );
    prior.record(&first, Winter(2023), mode_of(HeatPumpWater));
    let again = buy_in(2030, &prior);
    assert_eq!(
        reason(&again, "beijing_2023_renewal_heat_pump_30_10"),
        &Reason::LockedUntil(Winter(2033))
    );
    assert_eq!(buy_in(2033, &prior).total(), yuan(4800.0));
    home.replaces_years = Some(9);
    let young = install_grants(
        &set,
        &home,
        &purchase,
        &Prior::default(),
        &Variants::default(),
        Rounding::HalfUp,
    );
    assert_eq!(
        reason(&young, "beijing_2023_renewal_heat_pump_30_10"),
        &Reason::MachineTooYoung(10)
    );
}

#[test]
fn a_joint_cap_holds_device_and_first_bill_together() {
    let home = with(home(HeatPumpAir, date(2020, 9, 1)), &["yangquan_package_1"]);
    let set = rules("shanxi/yangquan");
    let mut prior = Prior::default();
    let device = install_grants(
        &set,
        &home,
        &buy(&[(HeatSource, 9000.0)]),
        &prior,
        &Variants::default(),
        Rounding::HalfUp,
    );
    assert_eq!(device.total(), yuan(6000.0));
    prior.record(&device, Winter(2020), Electricity);
    let bill = running_grants(
        &set,
        &home,
        &bill(2020, Electricity, 3000.0),
        &prior,
        &Variants::default(),
        Rounding::HalfUp,
    );
    assert_eq!(bill.total(), yuan(1000.0));
    prior.record(&bill, Winter(2020), Electricity);
    assert_eq!(prior.joint_used["yangquan_2020_1"], yuan(7000.0));
}

#[test]
fn coal_burnt_again_stops_the_grant() {
    let mut home = home(BriquetteStove, date(2017, 9, 1));
    let used = winter(2017, Carrier::Briquette, 3.0);
    assert_eq!(run("hebei/shijiazhuang", &home, &used).total(), yuan(900.0));
    home.burns_coal_again = true;
    let award = run("hebei/shijiazhuang", &home, &used);
    assert_eq!(
        reason(&award, "shijiazhuang_2017_briquette"),
        &Reason::CoalAgain { repay: false }
    );
}

#[test]
fn the_larger_of_a_group_pays_and_the_other_says_which() {
    let home = home(GasBoiler, date(2018, 9, 1));
    let award = run(
        "hebei/shijiazhuang",
        &home,
        &winter(2018, NaturalGas, 900.0),
    );
    assert_eq!(award.grants.len(), 1);
    assert_eq!(
        reason(&award, "hebei_2018_gas"),
        &Reason::ExcludedBy("shijiazhuang_2018_gas_proportional".into())
    );
}

#[test]
fn living_use_is_the_mean_of_august_and_september_without_a_heating_meter() {
    // Aug 180, Sep 160: base 170. Dec 1,900 and Jan 1,170 on one meter: 1,730 + 1,000 heating.
    let home = with(
        home(DirectElectric, date(2022, 9, 1)),
        &["no_heating_meter"],
    );
    let mut used = winter(2022, Electricity, 0.0);
    for (month, kwh) in [(7, 180), (8, 160), (11, 1900), (0, 1170)] {
        used.carriers[0].living[month] = Fixed::whole(kwh);
    }
    assert_eq!(run("shanxi/yuncheng", &home, &used).total(), yuan(273.0));
}

#[test]
fn ways_of_payment_reach_the_award() {
    let gas = run(
        "shaanxi/xianyang",
        &home(GasBoiler, date(2023, 9, 1)),
        &bill(2024, NaturalGas, 900.0),
    );
    let power = run(
        "shaanxi/xianyang",
        &home(HeatPumpAir, date(2023, 9, 1)),
        &bill(2024, Electricity, 900.0),
    );
    let ways = [&gas, &power].map(|award| award.grants[0].payment.way);
    assert_eq!(ways, [Way::CardCredit, Way::BillDeduction]);
    assert_eq!(
        reason(&gas, "shaanxi_2023"),
        &Reason::FactMissing("guanzhong".into())
    );
}

#[test]
fn poor_homes_of_hengshui_pay_nothing() {
    let poor = as_category(home(GasBoiler, date(2018, 9, 1)), Category::MinimumLiving);
    let purchase = buy(&[(HeatSource, 5000.0)]);
    assert_eq!(
        own_part(&purchase, &install("hebei/hengshui", &poor, &purchase)),
        Money::ZERO
    );
    let used = bill(2018, NaturalGas, 3000.0); // 1,000 m3: 800, and 2,200 from the county
    let award = run("hebei/hengshui", &poor, &used);
    assert_eq!(grant(&award, "hengshui_2018_poor_running"), yuan(2200.0));
    assert_eq!(award.total(), used.total());
}

#[test]
fn free_heat_pumps_of_hongsibu_and_xian() {
    let purchase = buy(&[(HeatSource, 6000.0)]);
    let award = install(
        "ningxia/wuzhong/hongsibao",
        &home(HeatPumpAir, date(2023, 9, 1)),
        &purchase,
    );
    assert_eq!(own_part(&purchase, &award), Money::ZERO);
    let village = with(
        home(HeatPumpAir, date(2025, 10, 1)),
        &["pv_operator_village"],
    );
    let award = install("shaanxi/xian", &village, &purchase);
    assert_eq!(award.paid_by(Payer::Operator), yuan(6000.0));
    let bill = run("shaanxi/xian", &village, &bill(2025, Electricity, 1500.0));
    assert_eq!(bill.paid_by(Payer::Operator), yuan(1500.0));
}

#[test]
fn a_connection_paid_to_the_works_spares_no_household() {
    let home = home(GasBoiler, date(2018, 9, 1));
    let award = install("hebei/shijiazhuang", &home, &buy(&[(HeatSource, 900.0)]));
    assert_eq!(award.to_household(), yuan(900.0));
    assert_eq!(grant(&award, "shijiazhuang_2018_pipe"), yuan(2500.0));
    let bought = install(
        "hebei/shijiazhuang",
        &home,
        &buy(&[(HeatSource, 900.0), (Connection, 2600.0)]),
    );
    assert_eq!(bought.to_household(), yuan(3400.0));
}

// ---------------------------------------------------------------- the language beyond part A

/// Rules written here, with what every rule needs filled in.
fn written(rules: &[&str]) -> RuleSet {
    let one = |(i, body): (usize, &&str)| {
        let rest = [
            ("payers", "payers = { all = \"county\" }"),
            ("payment", "payment = { way = \"at_purchase\" }"),
            (
                "figure",
                "figure = { source = \"s\", grade = \"D\", valid = { from = 2020-01-01, to = 2029-12-31 } }",
            ),
        ];
        let missing = rest
            .iter()
            .filter(|(key, _)| !body.contains(&format!("{key} =")));
        let filled: String = missing.map(|(_, line)| format!("{line}\n")).collect();
        format!("[[rule]]\nid = \"r{i}\"\nname = \"r{i}\"\nprogramme = \"p\"\n{filled}{body}\n")
    };
    let text: String = rules.iter().enumerate().map(one).collect();
    let problems = RefCell::new(Problems::default());
    let file = read_rules("case.toml", &text, "case", &Known::default(), &problems);
    RuleSet::merge([file.unwrap_or_else(|| panic!("{text}\n{:#?}", problems.into_inner().0))])
}

fn installs(set: &RuleSet, home: &Applicant, purchase: &Purchase) -> Award {
    install_grants(
        set,
        home,
        purchase,
        &Prior::default(),
        &Variants::default(),
        Rounding::HalfUp,
    )
}

fn runs(set: &RuleSet, home: &Applicant, winter: &WinterUse) -> Award {
    running_grants(
        set,
        home,
        winter,
        &Prior::default(),
        &Variants::default(),
        Rounding::HalfUp,
    )
}

const WINTER: &str = "season = { from = \"11-15\", to = \"03-15\" }, clock = { always = true }";

#[test]
fn per_kilowatt_per_piece_and_a_cap_for_each_piece() {
    let mut home = home(HeatPumpAir, date(2024, 9, 1));
    home.rated = Kilowatt(7.5);
    let purchase = Purchase {
        items: vec![PurchasedItem {
            quantity: Fixed::whole(3),
            ..PurchasedItem::one(HeatSource, yuan(9000.0))
        }],
    };
    let of = |install: &str| {
        installs(
            &written(&[&format!(
                "install = {{ items = [\"heat_source\"], {install} }}"
            )]),
            &home,
            &purchase,
        )
        .total()
    };
    assert_eq!(
        of("base = { per_kw = { cny = 300, most = 6 } }"),
        yuan(1800.0)
    );
    assert_eq!(
        of("base = { per_piece = { cny = 800, most = 2 } }"),
        yuan(1600.0)
    );
    assert_eq!(
        of("base = { price = 0.5 }, cap_per_piece_cny = 1000"),
        yuan(3000.0)
    );
    assert_eq!(
        of("base = { reference = { rate = 0.5, price_cny = 2000 } }"),
        yuan(3000.0)
    );
    assert_eq!(
        of("base = { per_m2 = { cny = 20, most = 60 } }"),
        yuan(1200.0)
    );
}

#[test]
fn the_cost_over_todays_is_paid_and_nothing_if_it_is_cheaper() {
    let set = written(&[&format!(
        "running = {{ base = {{ over_today = 0.5 }}, {WINTER} }}"
    )]);
    let home = home(HeatPumpAir, date(2024, 9, 1));
    let mut used = bill(2024, Electricity, 3000.0);
    used.today = Some(yuan(2200.0));
    assert_eq!(runs(&set, &home, &used).total(), yuan(400.0));
    used.today = Some(yuan(3100.0));
    assert_eq!(
        reason(&runs(&set, &home, &used), "r0"),
        &Reason::NotDearerThanToday
    );
}

#[test]
fn a_sum_a_month_counts_the_months_with_a_bill() {
    let set = written(&[&format!(
        "running = {{ base = {{ per_month_cny = 100 }}, {WINTER} }}"
    )]);
    let mut used = bill(2024, Electricity, 500.0);
    used.bill[1] = yuan(500.0);
    used.bill[6] = yuan(500.0); // July is no heating month
    assert_eq!(
        runs(&set, &home(HeatPumpAir, date(2024, 9, 1)), &used).total(),
        yuan(200.0)
    );
}

#[test]
fn a_low_income_layer_on_the_bill_takes_a_share_of_what_is_left() {
    let set = written(&[
        &format!("running = {{ base = {{ bill = 0.4 }}, {WINTER} }}"),
        &format!("order = 20\nrunning = {{ base = {{ remaining = 0.8 }}, {WINTER} }}"),
    ]);
    let award = runs(
        &set,
        &home(HeatPumpAir, date(2024, 9, 1)),
        &bill(2024, Electricity, 1000.0),
    );
    let sums: Vec<Money> = award.grants.iter().map(|grant| grant.amount).collect();
    assert_eq!(sums, [yuan(400.0), yuan(480.0)]);
}

#[test]
fn a_bound_belongs_where_the_rule_says() {
    let home = home(GasBoiler, date(2024, 9, 1));
    let of = |bounds: &str, m3: f64| {
        let base = format!(
            "per_unit = {{ carrier = \"natural_gas\", unit = \"m3\", measured = {{ own_meter = true }}, bands = {{ kind = \"whole_quantity\", bounds = \"{bounds}\", up_to = [100], price_cny = [0.5, 1.0] }} }}"
        );
        let set = written(&[&format!("running = {{ base = {{ {base} }}, {WINTER} }}")]);
        runs(&set, &home, &winter(2024, NaturalGas, m3)).total()
    };
    assert_eq!(
        [of("inclusive", 100.0), of("exclusive", 100.0)],
        [yuan(50.0), yuan(100.0)]
    );
    assert_eq!(
        [of("inclusive", 101.0), of("exclusive", 99.0)],
        [yuan(101.0), yuan(49.5)]
    );
}

#[test]
fn season_total_counts_living_use_and_valley_hours_alone_if_so_said() {
    let home = home(HeatPumpAir, date(2024, 9, 1));
    let of = |measured: &str, hours: &str| {
        let base = format!(
            "per_unit = {{ carrier = \"electricity\", unit = \"kwh\", hours = \"{hours}\", measured = {{ {measured} = true }}, price_cny = 0.1 }}"
        );
        let set = written(&[&format!("running = {{ base = {{ {base} }}, {WINTER} }}")]);
        let mut used = valley(winter(2024, Electricity, 4000.0), 2500.0);
        used.carriers[0].living[0] = Fixed::whole(300);
        used.carriers[0].living_valley[0] = Fixed::whole(100);
        used.carriers[0].living[6] = Fixed::whole(999);
        runs(&set, &home, &used).total()
    };
    assert_eq!(of("own_meter", "all"), yuan(400.0));
    assert_eq!(of("season_total", "all"), yuan(430.0));
    assert_eq!(of("own_meter", "valley"), yuan(250.0));
    assert_eq!(of("season_total", "valley"), yuan(260.0));
}

#[test]
fn a_joint_cap_of_a_winter_starts_again_the_next() {
    let joint = "joint_cap = { id = \"j\", cny = 500, over = \"winter\" }";
    let set = written(&[
        &format!("{joint}\nrunning = {{ base = {{ per_winter_cny = 400 }}, {WINTER} }}"),
        &format!("{joint}\nrunning = {{ base = {{ per_winter_cny = 300 }}, {WINTER} }}"),
        &format!("{joint}\nrunning = {{ base = {{ per_winter_cny = 200 }}, {WINTER} }}"),
    ]);
    let home = home(HeatPumpAir, date(2024, 9, 1));
    let mut prior = Prior::default();
    for year in [2024, 2025] {
        let award = running_grants(
            &set,
            &home,
            &bill(year, Electricity, 3000.0),
            &prior,
            &Variants::default(),
            Rounding::HalfUp,
        );
        let sums: Vec<Money> = award.grants.iter().map(|grant| grant.amount).collect();
        assert_eq!(sums, [yuan(400.0), yuan(100.0)]);
        assert_eq!(reason(&award, "r2"), &Reason::CapUsedUp("j".into()));
        prior.record(&award, Winter(year), Electricity);
    }
}

#[test]
fn a_rule_can_exclude_another_now_and_in_later_winters() {
    let set = written(&[
        "install = { items = [\"heat_source\"], base = { flat_cny = 1000 } }",
        &format!("excluded_by = [\"r0\"]\nrunning = {{ base = {{ bill = 1 }}, {WINTER} }}"),
        "order = 20\nexcluded_by = [\"r0\"]\ninstall = { items = [\"heat_source\"], base = { flat_cny = 500 } }",
    ]);
    let home = home(HeatPumpAir, date(2024, 9, 1));
    let award = installs(&set, &home, &buy(&[(HeatSource, 4000.0)]));
    assert_eq!(award.total(), yuan(1000.0));
    assert_eq!(reason(&award, "r2"), &Reason::ExcludedBy("r0".into()));
    let mut prior = Prior::default();
    prior.record(&award, Winter(2024), Electricity);
    let winter = running_grants(
        &set,
        &home,
        &bill(2024, Electricity, 900.0),
        &prior,
        &Variants::default(),
        Rounding::HalfUp,
    );
    assert_eq!(reason(&winter, "r1"), &Reason::ExcludedBy("r0".into()));
}

#[test]
fn the_largest_of_a_group_is_taken_whatever_the_order() {
    let group = "group = { id = \"g\", pick = \"largest\" }";
    let set = written(&[
        &format!(
            "order = 1\n{group}\ninstall = {{ items = [\"heat_source\"], base = {{ flat_cny = 1000 }} }}"
        ),
        &format!(
            "order = 2\n{group}\ninstall = {{ items = [\"heat_source\"], base = {{ price = 0.5 }} }}"
        ),
    ]);
    let home = home(HeatPumpAir, date(2024, 9, 1));
    let of = |price| installs(&set, &home, &buy(&[(HeatSource, price)]));
    assert_eq!(
        (&*of(4000.0).grants[0].rule, of(4000.0).total()),
        ("r1", yuan(2000.0))
    );
    assert_eq!(
        (&*of(1500.0).grants[0].rule, of(1500.0).total()),
        ("r0", yuan(1000.0))
    );
}

#[test]
fn one_grant_by_central_city_and_county_of_one_province_rule_adds_to_the_fen() {
    let set = written(&[
        "payers = { shares = { central = \"1/3\", city = \"1/3\", county = \"1/3\" } }\ninstall = { items = [\"heat_source\"], base = { flat_cny = 1000 } }",
    ]);
    let award = installs(
        &set,
        &home(HeatPumpAir, date(2024, 9, 1)),
        &buy(&[(HeatSource, 4000.0)]),
    );
    let parts: Vec<i64> = award.grants[0]
        .payers
        .iter()
        .map(|part| part.1.fen())
        .collect();
    assert_eq!(parts, [33_334, 33_333, 33_333]);
}

#[test]
fn money_that_never_comes_says_so() {
    let set = written(&[
        "payment = { way = \"after_acceptance\", never = true }\ninstall = { items = [\"heat_source\"], base = { flat_cny = 1000 } }",
    ]);
    let award = installs(
        &set,
        &home(HeatPumpAir, date(2024, 9, 1)),
        &buy(&[(HeatSource, 4000.0)]),
    );
    assert_eq!(award.grants[0].payment.delay_months, None);
}

#[test]
fn a_county_replaces_and_removes_rules_of_the_levels_above() {
    let read = |place: &str, text: &str, known: &Known| {
        let problems = RefCell::new(Problems::default());
        let file = read_rules(place, text, place, known, &problems);
        file.unwrap_or_else(|| panic!("{:#?}", problems.into_inner().0))
    };
    let rule = |id: &str, sum: u32| {
        format!(
            "[[rule]]\nid = \"{id}\"\nname = \"n\"\nprogramme = \"p\"\ninstall = {{ items = [\"heat_source\"], base = {{ flat_cny = {sum} }} }}\npayers = {{ all = \"city\" }}\npayment = {{ way = \"at_purchase\" }}\nfigure = {{ source = \"s\", grade = \"D\", valid = {{ from = 2020-01-01, to = 2029-12-31 }} }}\n"
        )
    };
    let city = read(
        "city",
        &(rule("a", 100) + &rule("b", 200)),
        &Known::default(),
    );
    let mut known = Known::default();
    known.add(&city);
    let county = read(
        "city/county",
        &format!("not_here = [\"b\"]\n{}", rule("a", 150)),
        &known,
    );
    let award = installs(
        &RuleSet::merge([city, county]),
        &home(HeatPumpAir, date(2024, 9, 1)),
        &buy(&[(HeatSource, 4000.0)]),
    );
    assert_eq!(award.total(), yuan(150.0));
}

#[test]
fn the_page_for_a_countys_staff_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/how-to/add-subsidy.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("```toml\n").skip(1);
    let mut blocks = blocks.map(|block| block.split("```").next().unwrap());
    let text = blocks.find(|block| block.contains("[[rule]]")).unwrap();
    let problems = RefCell::new(Problems::default());
    let file = read_rules("page", text, "page", &Known::default(), &problems);
    let set = RuleSet::merge(file);
    assert_eq!(problems.into_inner(), Problems::default());
    let general = with(home(HeatPumpAir, date(2026, 9, 1)), &["listed_village"]);
    let poor = as_category(general.clone(), Category::MinimumLiving);
    let purchase = buy(&[(HeatSource, 6000.0)]);
    let award = installs(&set, &general, &purchase);
    let parts = [
        award.total(),
        award.paid_by(Payer::City),
        award.paid_by(Payer::County),
    ];
    assert_eq!(parts, [4200.0, 1680.0, 2520.0].map(yuan));
    assert_eq!(own_part(&purchase, &award), yuan(1800.0));
    assert_eq!(
        own_part(&purchase, &installs(&set, &poor, &purchase)),
        yuan(360.0)
    );
    let power = runs(&set, &general, &winter(2026, Electricity, 2700.0));
    assert_eq!(power.total(), yuan(250.0));
    let numbers = ["4,200", "1,680", "2,520", "1,800", "1,440", "360", "250"];
    assert!(
        numbers
            .iter()
            .all(|number| page.contains(&format!("| {number} |")))
    );
}

#[test]
fn choices_that_no_rule_knows_are_reported() {
    let set = rules("hebei/handan");
    let mut variants = chosen(&[("handan_gas_bands", "margnal"), ("handan_gas", "marginal")]);
    variants
        .amounts
        .insert("handan_county".into(), Money::yuan(5));
    let unknown = set.unknown_choices(&variants);
    let expected = [
        ("handan_county", None),
        ("handan_gas", None),
        ("handan_gas_bands", Some("margnal")),
    ];
    assert_eq!(
        unknown,
        expected.map(|(name, reading)| (name.to_owned(), reading.map(str::to_owned)))
    );
}

// ---------------------------------------------------------------- rows that no worked set covers

/// Place, heater, month and year of the purchase, price, grant worked out by hand.
#[rstest::rstest]
// 80 % of 3,500 = 2,800; of 5,000 = 4,000, cut to 3,000
#[case("shandong/yantai/laizhou", HeatPumpAir, 2019, 3_500.0, 2_800.0)]
#[case("shandong/yantai/laizhou", HeatPumpAir, 2019, 5_000.0, 3_000.0)]
// 1,000 of Qingdao and 1,500 of Laixi
#[case("shandong/qingdao/laixi", HeatPumpAir, 2020, 3_500.0, 2_500.0)]
#[case("shandong/qingdao/laixi", BiomassStove, 2020, 3_100.0, 1_800.0)]
#[case("shandong/liaocheng", HeatPumpWater, 2018, 14_000.0, 6_500.0)]
#[case("shandong/liaocheng", GasBoiler, 2018, 7_000.0, 5_000.0)]
// 3,100 less the 100 of the home
#[case("shandong/zaozhuang/xuecheng", BiomassStove, 2024, 3_100.0, 3_000.0)]
// a stove of under 2,000 in full
#[case("shandong/binzhou/yangxin", BiomassStove, 2018, 1_800.0, 1_800.0)]
// 70 % of 2,500 = 1,750; of 4,000 = 2,800, cut to 2,000
#[case("henan/kaifeng", HeatPumpAir, 2017, 2_500.0, 1_750.0)]
#[case("henan/kaifeng", HeatPumpAir, 2017, 4_000.0, 2_000.0)]
// 60 % of 5,000 = 3,000; of 6,000 = 3,600, cut to 3,500
#[case("henan/anyang", HeatPumpAir, 2017, 5_000.0, 3_000.0)]
#[case("henan/anyang", HeatPumpAir, 2017, 6_000.0, 3_500.0)]
#[case("henan/zhengzhou", HeatPumpAir, 2017, 3_000.0, 3_000.0)]
#[case("shaanxi/baoji", HeatPumpAir, 2017, 3_500.0, 1_000.0)]
#[case("shanxi/xinzhou", DistrictHeat, 2020, 1_200.0, 1_000.0)]
#[case("gansu/linxia/linxiashi", BiomassStove, 2022, 2_600.0, 2_600.0)]
// three quarters of 3,600 and of 3,800
#[case("xinjiang/kashi", DirectElectric, 2021, 3_600.0, 2_700.0)]
#[case("xinjiang/aksu/baicheng", DirectElectric, 2022, 3_600.0, 2_700.0)]
#[case("xinjiang/kizilsu", DirectElectric, 2019, 3_800.0, 2_850.0)]
// outside its year each pays nothing
#[case("shandong/liaocheng", HeatPumpWater, 2026, 14_000.0, 0.0)]
#[case("henan/kaifeng", HeatPumpAir, 2026, 2_500.0, 0.0)]
#[case("xinjiang/kashi", DirectElectric, 2026, 3_600.0, 0.0)]
fn further_install_rules(
    #[case] place: &str,
    #[case] heater: HeaterKind,
    #[case] year: i16,
    #[case] price: f64,
    #[case] expected: f64,
) {
    let item = if heater == DistrictHeat {
        Connection
    } else {
        HeatSource
    };
    let award = install(
        place,
        &home(heater, date(year, 9, 1)),
        &buy(&[(item, price)]),
    );
    assert_eq!(award.total(), yuan(expected), "{award:#?}");
}

/// Place, heater, year of conversion, winter, carrier, use, grant worked out by hand.
#[rstest::rstest]
// 3,000 kWh at 0.3, gas 900 m3 at 1 yuan, one winter only
#[case("henan/kaifeng", HeatPumpAir, 2017, 2017, Electricity, 5_000.0, 900.0)]
#[case("henan/kaifeng", GasBoiler, 2017, 2017, NaturalGas, 1_000.0, 900.0)]
#[case("henan/kaifeng", HeatPumpAir, 2017, 2018, Electricity, 5_000.0, 0.0)]
// 3,000 kWh at 0.2, three winters
#[case(
    "henan/zhengzhou",
    HeatPumpAir,
    2017,
    2019,
    Electricity,
    4_000.0,
    600.0
)]
#[case("henan/zhengzhou", HeatPumpAir, 2017, 2020, Electricity, 4_000.0, 0.0)]
#[case(
    "shandong/liaocheng",
    HeatPumpWater,
    2018,
    2020,
    Electricity,
    4_000.0,
    1_000.0
)]
#[case(
    "shandong/liaocheng",
    HeatPumpWater,
    2018,
    2021,
    Electricity,
    4_000.0,
    0.0
)]
// 12,000 kWh at 0.2
#[case(
    "shanxi/datong/xinrong",
    HeatPumpAir,
    2019,
    2019,
    Electricity,
    14_000.0,
    2_400.0
)]
#[case(
    "shanxi/datong/xinrong",
    GasBoiler,
    2019,
    2019,
    NaturalGas,
    1_500.0,
    3_560.0
)]
// 2 t at 342; 3 t at 150; 3 t at 500
#[case("hebei/cangzhou", BriquetteStove, 2014, 2014, Briquette, 3.0, 684.0)]
#[case(
    "hebei/xingtai/baixiang",
    BriquetteStove,
    2015,
    2015,
    Briquette,
    3.0,
    450.0
)]
#[case("tianjin", BriquetteStove, 2015, 2015, Briquette, 3.0, 1_500.0)]
// 1.5 t at 600 and 400 for the winter
#[case(
    "shandong/binzhou/yangxin",
    BiomassStove,
    2018,
    2018,
    Pellet,
    1.5,
    1_300.0
)]
fn further_running_rules(
    #[case] place: &str,
    #[case] heater: HeaterKind,
    #[case] converted: i16,
    #[case] year: i16,
    #[case] carrier: Carrier,
    #[case] used: f64,
    #[case] expected: f64,
) {
    let home = home(heater, date(converted, 9, 1));
    let mut use_of_winter = winter(year, carrier, used);
    let months = &mut use_of_winter.carriers[0].heating;
    *months = [Fixed::ZERO; 12];
    months[0] = Fixed::from_f64(used);
    let award = run(place, &home, &use_of_winter);
    assert_eq!(award.total(), yuan(expected), "{award:#?}");
}

// ---------------------------------------------------------------- the whole library

#[test]
fn every_rule_file_loads_and_every_source_is_listed() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sources/subsidies.toml"),
    )
    .unwrap();
    let sources: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(&text).unwrap();
    let places = all_places();
    assert!(places.len() >= 35, "{places:?}");
    let mut used = BTreeSet::new();
    for place in places {
        for file in files(&place) {
            for rule in &file.rules {
                let source = rule.figure.0.source.clone();
                if source == "assumption" {
                    assert!(rule.figure.0.note.is_some(), "{}", rule.id);
                    continue;
                }
                assert!(sources.contains_key(&source), "{}: {source}", rule.id);
                used.insert(source);
            }
            for parameter in &file.parameters {
                assert!(
                    sources.contains_key(&parameter.figure.0.source),
                    "{}",
                    parameter.id
                );
            }
        }
    }
    let listed: BTreeSet<String> = sources.into_keys().collect();
    assert_eq!(
        listed.difference(&used).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn ids_are_unique_but_where_a_lower_level_replaces_its_own_higher_one() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for place in all_places() {
        let Some(own) = files(&place).pop() else {
            continue;
        };
        for rule in own.rules {
            if let Some(other) = seen.insert(rule.id.to_string(), place.clone()) {
                assert!(
                    place.starts_with(&format!("{other}/")),
                    "{} in {other} and {place}",
                    rule.id
                );
            }
        }
    }
}

#[test]
fn the_table_of_worked_numbers_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation/subsidies.md");
    let mut text = String::from(
        "# Subsidy rule sets: worked numbers\n\nOurs against the number worked out from the published rule set, in yuan, from the rule files in\n`data/`. Written by `QINGNUAN_BLESS=1 cargo test --test subsidy_rules`; a test fails when it differs.\n",
    );
    let mut set = "";
    for row in all_rows() {
        if row.set != set {
            set = row.set;
            text += &format!(
                "\n## {set}\n\n| case | theirs | ours | difference |\n| --- | ---: | ---: | ---: |\n"
            );
        }
        text += &format!(
            "| {} | {} | {} | {} |\n",
            row.case,
            row.theirs,
            row.ours,
            row.ours - row.theirs
        );
    }
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written,
        text,
        "run with QINGNUAN_BLESS=1 to write {}",
        path.display()
    );
}

// ---------------------------------------------------------------- properties

mod properties {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static ALL: LazyLock<Vec<(String, Vec<RuleFile>)>> = LazyLock::new(|| {
        all_places()
            .into_iter()
            .map(|place| {
                let files = files(&place);
                (place, files)
            })
            .collect()
    });

    const FACTS: [&str; 14] = [
        "listed_village",
        "mountain_town",
        "self_installed",
        "county_class_1",
        "county_class_2",
        "whole_village",
        "no_heating_meter",
        "gas_not_measurable",
        "guanzhong",
        "pellet_stove",
        "beyond_gas_main",
        "yangquan_package_1",
        "pv_operator_village",
        "briquettes_2t_bought",
    ];

    fn applicant() -> impl Strategy<Value = Applicant> {
        let kinds = (
            prop::sample::select(HeaterKind::ALL),
            prop::sample::select(Category::ALL),
            prop::sample::select(DwellingKind::ALL),
        );
        let sizes = (20.0..400.0_f64, 1.0..30.0_f64, 1_u8..9);
        let flags = (
            prop::collection::btree_set(prop::sample::select(&FACTS[..]), 0..8),
            prop::option::of(5_u8..15),
            any::<bool>(),
        );
        (kinds, sizes, flags, 2012_i16..2028, 1_i8..13).prop_map(
            |(kinds, sizes, flags, year, month)| {
                let mut home = home(kinds.0, Date::new(year, month, 9).unwrap());
                (home.category, home.dwelling) = (kinds.1, kinds.2);
                (home.heated_area, home.rated, home.people) =
                    (SquareMetre(sizes.0), Kilowatt(sizes.1), sizes.2);
                home.facts = flags.0.into_iter().map(str::to_owned).collect();
                (home.replaces_years, home.burns_coal_again) = (flags.1, flags.2);
                home
            },
        )
    }

    fn purchase() -> impl Strategy<Value = Purchase> {
        let item = (
            prop::sample::select(Item::ALL),
            0_i64..4_000_000,
            1_i64..5,
            prop::option::of(0_i64..4_000_000),
        );
        prop::collection::vec(item, 0..7).prop_map(|items| Purchase {
            items: items
                .into_iter()
                .map(|(item, fen, pieces, tender)| PurchasedItem {
                    item,
                    amount: Money::from_fen(fen),
                    quantity: Fixed::whole(pieces),
                    tender_price: tender.map(Money::from_fen),
                })
                .collect(),
        })
    }

    fn used() -> impl Strategy<Value = WinterUse> {
        let month = || prop::collection::vec(0_i64..4_000_000_000, 12);
        let bill = prop::collection::vec(0_i64..200_000, 12);
        (
            prop::sample::select(Carrier::ALL),
            month(),
            month(),
            bill,
            0_i64..30,
            2012_i16..2034,
        )
            .prop_map(|(carrier, heating, living, bill, bottles, year)| {
                let mut used = CarrierUse::none(carrier);
                for i in 0..12 {
                    used.heating[i] = Fixed::from_millionths(heating[i]);
                    used.heating_valley[i] = Fixed::from_millionths(heating[i] / 2);
                    used.living[i] = Fixed::from_millionths(living[i]);
                }
                let mut winter = winter(year, carrier, 0.0);
                winter.carriers = vec![used];
                winter.bottles = Fixed::whole(bottles);
                winter.bill = std::array::from_fn(|i| Money::from_fen(bill[i]));
                winter
            })
    }

    /// The caps that a rule states, extras for any category included.
    fn within_stated_caps(set: &RuleSet, grant: &qingnuan::subsidy::Grant) {
        let rule = set
            .rules()
            .iter()
            .find(|rule| rule.id == grant.rule)
            .unwrap();
        let (cap, extra, most) = match &rule.give {
            Give::Install(it) => (it.cap, &it.cap_extra, None),
            Give::Running(it) => (it.cap, &it.cap_extra, it.cap_quantity),
        };
        let extra: Money = extra.iter().map(|extra| extra.more).sum();
        assert!(
            cap.is_none_or(|cap| grant.amount <= cap + extra),
            "{grant:?}"
        );
        assert!(most.is_none_or(|most| grant.quantity <= most), "{grant:?}");
    }

    /// What must hold of any award.
    fn holds(set: &RuleSet, award: &Award) {
        for grant in &award.grants {
            within_stated_caps(set, grant);
            assert!(grant.amount > Money::ZERO, "{grant:?}");
            let parts: Money = grant.payers.iter().map(|part| part.1).sum();
            assert_eq!(parts, grant.amount, "{grant:?}");
            assert!(
                grant.payers.iter().all(|part| !part.1.is_negative()),
                "{grant:?}"
            );
            assert!(grant.amount <= grant.before_caps, "{grant:?}");
            if let Some(
                Cap::Household(cap)
                | Cap::Winter(cap)
                | Cap::Step(cap)
                | Cap::Price(cap)
                | Cap::Bill(cap)
                | Cap::Joint(_, cap),
            ) = &grant.limited_by
            {
                assert!(grant.amount <= *cap, "{grant:?}");
            }
        }
        let mut named: Vec<&str> = award
            .grants
            .iter()
            .map(|it| &*it.rule)
            .chain(award.refused.iter().map(|it| &*it.rule))
            .collect();
        named.sort_unstable();
        let count = named.len();
        named.dedup();
        assert_eq!(named.len(), count, "a rule is named twice");
        assert!(
            named
                .iter()
                .all(|id| set.rules().iter().any(|rule| &*rule.id == *id))
        );
    }

    fn shuffled(files: &[RuleFile]) -> RuleSet {
        RuleSet::merge(files.iter().cloned().map(|mut file| {
            file.rules.reverse();
            file.parameters.reverse();
            file
        }))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn an_install_award_never_exceeds_the_purchase(home in applicant(), purchase in purchase(), place in 0_usize..1000, rounding in prop::sample::select(&[Rounding::HalfUp, Rounding::Down, Rounding::Up, Rounding::HalfEven][..])) {
            let (_, files) = &ALL[place % ALL.len()];
            let set = RuleSet::merge(files.clone());
            let (prior, variants) = (Prior::default(), Variants::default());
            let award = install_grants(&set, &home, &purchase, &prior, &variants, rounding);
            holds(&set, &award);
            let price: Money = purchase.items.iter().map(|item| item.amount).sum();
            prop_assert!(award.to_household() <= price);
            let day = home.day().unwrap();
            for grant in &award.grants {
                let rule = set.rules().iter().find(|rule| rule.id == grant.rule).unwrap();
                prop_assert!(rule.valid.covers(day), "{} on {day}", rule.id);
            }
            let again = install_grants(&shuffled(files), &home, &purchase, &prior, &variants, rounding);
            prop_assert_eq!(&again, &award);
            let open = set.open_to(home.heater);
            let open = install_grants(&open, &home, &purchase, &prior, &variants, rounding);
            prop_assert_eq!(&open.grants, &award.grants);
        }

        #[test]
        fn a_winters_award_never_exceeds_the_bill(home in applicant(), used in used(), place in 0_usize..1000, rounding in prop::sample::select(&[Rounding::HalfUp, Rounding::Down, Rounding::Up, Rounding::HalfEven][..])) {
            let (_, files) = &ALL[place % ALL.len()];
            let set = RuleSet::merge(files.clone());
            let (prior, variants) = (Prior::default(), Variants::default());
            let award = running_grants(&set, &home, &used, &prior, &variants, rounding);
            holds(&set, &award);
            prop_assert!(award.total() <= used.total());
            let january = Date::new(used.winter.0 + 1, 1, 15).unwrap();
            for grant in &award.grants {
                let rule = set.rules().iter().find(|rule| rule.id == grant.rule).unwrap();
                prop_assert!(rule.valid.covers(january), "{} in {}", rule.id, used.winter);
            }
            let again = running_grants(&shuffled(files), &home, &used, &prior, &variants, rounding);
            prop_assert_eq!(&again, &award);
            let open = set.open_to(home.heater);
            let open = running_grants(&open, &home, &used, &prior, &variants, rounding);
            prop_assert_eq!(&open.grants, &award.grants);
        }
    }
}
