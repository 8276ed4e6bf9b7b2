//! Heaters against references, against the facts that their data rests on, and against what must
//! always hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;
use qingnuan::input::fuel::{Fuels, read_fuels};
use qingnuan::input::problem::{ProblemKind, Problems, Severity};
use qingnuan::input::product::{read_emitters, read_products};
use qingnuan::technology::collector::{CollectorCurve, f_chart, f_chart_x, f_chart_y};
use qingnuan::technology::curve::Curve;
use qingnuan::technology::en14825::{Scop, Season, TestPoint, scop};
use qingnuan::technology::heat_pump::{HeatPump, HeatPumpTraits, RatingPoint, air_density_ratio};
use qingnuan::technology::product::{Emitter, Product};
use qingnuan::technology::pv::{Mount, PvSystem, pv_generation, self_use};
use qingnuan::technology::sizing::{SizingBasis, choose, fixed};
use qingnuan::technology::solar_electric::{Remainder, SolarTank, TankState};
use qingnuan::technology::{Duty, EmitterCurve, Heater, Operation, Plant};
use qingnuan::words::fixed::Money;
use qingnuan::words::kinds::{Carrier, HeaterKind, Kind};
use qingnuan::words::quantity::{
    Celsius, CubicMetre, Kelvin, Kilowatt, Metre, SquareMetre, WattPerKelvin,
};
use serde_json::Value;

// ---------------------------------------------------------------- the data library

fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
fn text(path: &str) -> String {
    std::fs::read_to_string(root(path)).unwrap()
}
fn csv_rows(path: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(root(path)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}
fn number(row: &BTreeMap<String, String>, key: &str) -> f64 {
    row[key].parse().unwrap()
}

/// Every product of the library with the problems met.
fn library() -> (Vec<Product>, Vec<Emitter>, Problems) {
    let mut problems = Problems::default();
    let mut products = Vec::new();
    let mut emitters = Vec::new();
    let folder = std::fs::read_dir(root("data/products")).unwrap();
    let names: BTreeSet<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in names {
        let path = format!("data/products/{name}");
        let content = text(&path);
        if name == "emitters.toml" {
            emitters = read_emitters(&path, &content, &mut problems).expect(&path);
        } else {
            let family = read_products(&path, &content, &mut problems);
            products.extend(family.unwrap_or_else(|| panic!("{path}: {problems:#?}")));
        }
    }
    (products, emitters, problems)
}
fn fuels() -> Fuels {
    let mut problems = Problems::default();
    let fuels = read_fuels("data/fuels.toml", &text("data/fuels.toml"), &mut problems);
    assert_eq!(problems, Problems::default());
    fuels.unwrap()
}
fn product(id: &str) -> Product {
    let (products, _, _) = library();
    products.into_iter().find(|it| it.id == id).expect(id)
}
fn emitter(id: &str) -> EmitterCurve {
    let (_, emitters, _) = library();
    emitters.iter().find(|it| it.id == id).expect(id).curve
}

/// A house of 8 kW at -12 degC with radiators.
fn plant(count: u16) -> Plant {
    Plant {
        count,
        emitter: EmitterCurve {
            t_supply_design: Celsius(45.0),
            t_supply_min: Celsius(30.0),
            spread_design: Kelvin(6.0),
            exponent: 1.2,
            weather_compensated: true,
        },
        elevation: Metre(50.0),
        t_design: Celsius(-12.0),
        t_room: Celsius(18.0),
        design_load: Kilowatt(8.0),
    }
}

/// A made-up winter of `hours`: cold nights, sun at noon, valley 20:00 to 08:00.
struct Winter {
    heat: Vec<f64>,
    t: Vec<f64>,
    rh: Vec<f64>,
    cheap: Vec<bool>,
    sun: Vec<f64>,
}
impl Winter {
    fn new(hours: usize, mean_c: f64, kw_per_k: f64) -> Self {
        let angle = |h: usize| (h % 24) as f64 / 24.0 * std::f64::consts::TAU;
        let t: Vec<f64> = (0..hours)
            .map(|h| {
                let season = (h as f64 / hours as f64 * std::f64::consts::PI).sin();
                mean_c + 4.0 - 8.0 * season - 5.0 * (angle(h) - 0.9).cos()
            })
            .collect();
        Self {
            heat: t.iter().map(|t| (18.0 - t).max(0.0) * kw_per_k).collect(),
            rh: (0..hours).map(|h| 55.0 + 20.0 * angle(h).cos()).collect(),
            cheap: (0..hours).map(|h| !(8..20).contains(&(h % 24))).collect(),
            sun: (0..hours)
                .map(|h| (-angle(h).cos()).max(0.0) * 700.0 * f64::from(u8::from(h / 24 % 3 > 0)))
                .collect(),
            t,
        }
    }
    fn duty(&self) -> Duty<'_> {
        Duty {
            heat_kw: &self.heat,
            t_out_c: &self.t,
            rh_pct: &self.rh,
            cheap: &self.cheap,
            collector_w_m2: Some(&self.sun),
            collector_tilt_deg: Some(45),
            machines: None,
        }
    }
    fn run(&self, heater: &Heater, plant: &Plant) -> Operation {
        let mut out = Operation::default();
        heater.operate(plant, &self.duty(), &mut out);
        out
    }
}

#[test]
fn the_catalogue_loads_without_a_warning_and_has_every_kind() {
    let (products, emitters, problems) = library();
    assert_eq!(problems, Problems::default());
    for kind in HeaterKind::ALL {
        assert!(
            products.iter().any(|it| it.heater.kind() == *kind),
            "{kind}"
        );
    }
    let ids: BTreeSet<&str> = products.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids.len(), products.len(), "an id is used twice");
    let known: BTreeSet<&str> = emitters.iter().map(|it| it.id.as_str()).collect();
    for product in &products {
        for id in &product.emitters {
            assert!(known.contains(id.as_str()), "{}: emitter {id}", product.id);
        }
    }
}

#[test]
fn only_what_follows_prices_minds_which_hours_are_cheap() {
    let winter = Winter::new(1000, 0.0, 0.25);
    let mut other = Winter::new(1000, 0.0, 0.25);
    other.cheap.iter_mut().for_each(|cheap| *cheap = !*cheap);
    for product in &library().0 {
        let (heater, plant) = (&product.heater, plant(1));
        let (own, turned) = (winter.run(heater, &plant), other.run(heater, &plant));
        let same = own.electricity_kwh == turned.electricity_kwh && own.fuel_kwh == turned.fuel_kwh;
        assert_eq!(same, !heater.follows_prices(), "{}", product.id);
    }
}

#[test]
fn a_used_buffer_holds_nothing_of_the_winter_before() {
    let (before, winter) = (Winter::new(1500, -8.0, 0.4), Winter::new(1003, 2.0, 0.2));
    for product in &library().0 {
        for first in &library().0 {
            let mut out = before.run(&first.heater, &plant(3));
            product.heater.operate(&plant(1), &winter.duty(), &mut out);
            let fresh = winter.run(&product.heater, &plant(1));
            let hours = |it: &Operation| (it.electricity_kwh.clone(), it.fuel_kwh.clone());
            assert_eq!(
                hours(&out),
                hours(&fresh),
                "{} after {}",
                product.id,
                first.id
            );
            assert_eq!(out.facts, fresh.facts, "{} after {}", product.id, first.id);
            assert_eq!(out.electricity_kwh.len(), 1003, "{}", product.id);
        }
    }
}

#[test]
fn every_figure_of_the_catalogue_names_a_source_that_exists() {
    let sources = qingnuan::input::library::Library::bundled();
    let (products, ..) = library();
    for product in &products {
        let mut figures = vec![&product.performance];
        figures.extend(product.performance_keys.iter().map(|(_, figure)| figure));
        figures.push(&product.life_years.figure);
        figures.push(&product.upkeep_cny_per_year.figure);
        for item in &product.items {
            figures.extend(item.programme.iter().map(|price| &price.figure));
            figures.extend(item.retail.iter().map(|price| &price.figure));
        }
        for figure in figures {
            if figure.0.source == "assumption" {
                assert!(figure.0.note.is_some(), "{figure:?} rests on nothing");
            } else {
                assert!(sources.source(&figure.0.source).is_some(), "{figure:?}");
            }
        }
    }
}

#[test]
fn a_heat_pump_has_a_programme_and_a_shop_price() {
    let heat_pump = product("heat_pump_water_3p");
    let price = |p: &Option<qingnuan::words::provenance::Sourced<Money>>| p.as_ref().unwrap().value;
    let item = &heat_pump.items[0];
    assert_eq!(price(&item.programme), Money::yuan(14_000));
    assert_eq!(price(&item.retail), Money::yuan(20_000));
}

// ---------------------------------------------------------------- fuels

#[test]
fn fuels_hold_what_the_facts_say() {
    let fuels = fuels();
    let kwh = |id: &str| fuels.fuel(id).unwrap().kwh_per_unit.value;
    assert_eq!(kwh("loose_coal"), 20.5 * 1000.0 / 3.6);
    assert!((kwh("natural_gas") - 35.5 / 3.6).abs() < 1e-12);
    // A bottle of 15 kg is 753 MJ or 209 kWh.
    assert!((15.0 * kwh("lpg") - 209.08).abs() < 0.01);
    // 55.54 kg/GJ at 35.5 MJ/m3 is 1.97 kg/m3.
    let co2 = |id: &str| {
        fuels
            .fuel(id)
            .unwrap()
            .emissions
            .co2_kg
            .as_ref()
            .unwrap()
            .value
    };
    assert!((co2("natural_gas") - 1.97).abs() < 0.005);
    assert!((co2("lpg") - 3.10).abs() < 0.005);
    // 89.0 kg/GJ at 20.5 GJ/t.
    assert!((co2("loose_coal") - 1824.5).abs() < 1e-9);
    assert_eq!(fuels.grid("hebei").unwrap().co2_kg_per_kwh.value, 0.7252);
}

#[test]
fn bottles_and_bags_are_bought_whole() {
    let fuels = fuels();
    let lpg = fuels.fuel("lpg").unwrap();
    assert_eq!(
        [0.0, 15.0, 15.1, 30.0].map(|kg| lpg.packages(kg)),
        [0, 1, 2, 2].map(Some)
    );
    // 1.01 t of pellets are 51 bags of 20 kg.
    assert_eq!(fuels.fuel("straw_pellet").unwrap().packages(1.01), Some(51));
    assert_eq!(fuels.fuel("natural_gas").unwrap().packages(3.0), None);
    // Three tonnes at 40 hours each.
    assert_eq!(fuels.fuel("loose_coal").unwrap().labour_hours(3.0), 120.0);
    assert_eq!(
        fuels.fuel("loose_coal").unwrap().carrier,
        Carrier::LooseCoal
    );
}

// ---------------------------------------------------------------- EN 14825

fn en_case(name: &str) -> (Value, Scop) {
    let all: Value = serde_json::from_str(&text("tests/reference/heatpump/en14825.json")).unwrap();
    let inputs = &all[name]["inputs"];
    let value = |v: &Value, key: &str| v[key].as_f64().unwrap();
    let points: Vec<TestPoint> = inputs["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| TestPoint {
            t_out: Celsius(value(p, "t_c")),
            capacity: Kilowatt(value(p, "capacity_kw")),
            cop: value(p, "cop"),
        })
        .collect();
    let mut bins: Vec<(f64, f64)> = inputs["bin_hours"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(t, hours)| (t.parse().unwrap(), hours.as_f64().unwrap()))
        .collect();
    bins.sort_by(|a, b| a.0.total_cmp(&b.0));
    let season = Season {
        p_design: Kilowatt(value(inputs, "p_design_kw")),
        t_design: Celsius(value(inputs, "t_design_c")),
        t_limit: Celsius(value(inputs, "t_operation_limit_c")),
        cc: value(inputs, "cd"),
        bins: &bins,
    };
    let result = scop(&points, &season).unwrap();
    (all[name].clone(), result)
}

#[test]
fn en14825_annex_h_prints_3_61() {
    let (case, ours) = en_case("en14825_annex_h");
    let published = case["published"]["scop_on"].as_f64().unwrap();
    assert!((ours.on - published).abs() <= 0.02, "{ours:?}");
    let other = &case["ours"];
    for (ours, key) in [
        (ours.on, "scop_on"),
        (ours.heat_kwh, "qh_kwh"),
        (ours.electricity_kwh, "electricity_kwh"),
        (ours.backup_kwh, "backup_kwh"),
        (ours.net, "scop_net"),
    ] {
        let theirs = other[key].as_f64().unwrap();
        assert!((ours / theirs - 1.0).abs() < 1e-4, "{key}: {ours} {theirs}");
    }
}

#[test]
fn en14825_colder_climate_on_off_machine() {
    let (case, ours) = en_case("colder_on_off");
    let theirs = &case["plain_script"];
    for (ours, key) in [
        (ours.on, "scop_on"),
        (ours.heat_kwh, "qh_kwh"),
        (ours.electricity_kwh, "electricity_kwh"),
        (ours.backup_kwh, "backup_kwh"),
    ] {
        let theirs = theirs[key].as_f64().unwrap();
        assert!(
            (ours / theirs - 1.0).abs() < 0.002,
            "{key}: {ours} {theirs}"
        );
    }
}

// ---------------------------------------------------------------- heat pump curves

/// The machine of a product that heats water.
fn machine(product: &Product) -> Option<&HeatPump> {
    match &product.heater {
        Heater::HeatPumpWater(it) => Some(&it.0),
        Heater::SolarStation(it) => Some(&it.machine),
        Heater::SolarElectric(it) => match &it.remainder {
            Remainder::HeatPump(it) => Some(it),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn every_default_water_curve_lies_in_the_band_of_certified_machines() {
    let (products, ..) = library();
    let rows = csv_rows("tests/reference/heatpump/keymark_cop_band.csv");
    let mut looked = 0;
    for machine in products.iter().filter_map(machine) {
        for row in &rows {
            let flow = row["flow_c_by_en14825"].as_str();
            if row["what"] == "reported SCOP" || flow.is_empty() {
                continue;
            }
            let t = number(row, "t_outdoor_c");
            let cop = machine.cop_at(t, flow.parse().unwrap(), 1.0);
            let (low, high) = (number(row, "p10") * 0.85, number(row, "p90") * 1.15);
            assert!(
                (low..=high).contains(&cop),
                "{t}/{flow}: {cop} not in {low}..{high}"
            );
            looked += 1;
        }
    }
    assert!(looked >= 5 * 20, "{looked} points");
}

#[test]
fn the_default_curve_passes_through_the_chinese_measurements() {
    let product = product("heat_pump_water_3p");
    let machine = machine(&product).unwrap();
    let close = |t: f64, supply: f64, cop: f64| {
        let ours = machine.cop_at(t, supply, 1.0);
        assert!((ours - cop).abs() < 1e-9, "{t}/{supply}: {ours}");
    };
    close(-18.0, 41.0, 2.10); // laboratory, two-stage scroll
    close(-25.0, 41.0, 1.83); // field, Shanxi
    close(7.0, 45.0, 3.22); // 14.5 kW from 4.5 kW
    // The guideline of Beijing asks at least 2.0 at -15 degC, vendors say 2.3 at -12.
    assert!(machine.cop_at(-15.0, 41.0, 1.0) >= 2.0);
    assert!((machine.cop_at(-12.0, 41.0, 1.0) - 2.3).abs() < 0.15);
    // 70 % of the rated heat at -25 degC.
    assert!((machine.capacity_dry(-25.0, 41.0) / 8.7 - 0.70).abs() < 1e-9);
}

#[test]
fn the_season_of_a_floor_heated_home_is_what_the_field_reports() {
    // SPF 2.48 (test), 2.5-2.8 (published sums), 2.63 system and 3.34 unit (Shanxi), 3.28 (one
    // floor-heated Beijing home): the whole system with pump, frost, cycling and standby.
    let product = product("heat_pump_water_3p");
    let winter = Winter::new(2880, -1.0, 0.2);
    for (id, low, high) in [("floor", 2.6, 3.4), ("radiator", 2.2, 3.0)] {
        let mut plant = plant(1);
        plant.emitter = emitter(id);
        plant.design_load = Kilowatt(6.0);
        let cop = winter
            .run(&product.heater, &plant)
            .facts
            .seasonal_cop
            .unwrap();
        eprintln!("{id} {cop}");
        assert!((low..=high).contains(&cop), "{id}: {cop}");
    }
}

#[test]
fn frost_costs_heat_where_the_air_is_wet_and_near_freezing() {
    let product = product("heat_pump_water_3p");
    let prepared = machine(&product).unwrap().prepare(&plant(1), |_| 40.0);
    let wet = prepared.hour(3.0, 0.0, 90.0, 1.0);
    let dry = prepared.hour(3.0, 0.0, 20.0, 1.0);
    let loss = wet.electricity_kwh / dry.electricity_kwh - 1.0;
    assert!(dry.defrost == 0.0 && wet.defrost > 0.03, "{wet:?}");
    assert!((0.10..0.30).contains(&loss), "{loss}");
    assert_eq!(prepared.hour(3.0, 8.0, 90.0, 1.0).defrost, 0.0);
}

#[test]
fn thin_air_takes_capacity() {
    // The standard atmosphere has 0.909 kg/m3 at 3,000 m against 1.225 at the sea.
    assert!((air_density_ratio(Metre(3000.0)) - 0.9091 / 1.225).abs() < 1e-3);
    let product = product("heat_pump_water_5p");
    let (low, mut high) = (plant(1), plant(1));
    high.elevation = Metre(3650.0);
    let at = |plant: &Plant| product.heater.capacity_at(plant, Celsius(-15.0)).value();
    let kept = at(&high) / at(&low);
    assert!((0.80..0.92).contains(&kept), "{kept}");
}

#[test]
fn below_its_limit_a_heat_pump_leaves_the_heat_to_its_back_up() {
    let traits = HeatPumpTraits {
        approach_supply_k: 5.0,
        approach_outdoor_k: 5.0,
        least_load: 0.4,
        cycling_cc: 0.9,
        frost: 1.0,
        capacity_per_k_supply: 0.0,
        altitude_capacity: 0.0,
        altitude_cop: 0.0,
        t_limit: Celsius(-20.0),
        backup: Kilowatt(3.0),
        pump: Kilowatt(0.0),
        standby: Kilowatt(0.0),
    };
    let point = RatingPoint {
        t_out: Celsius(-18.0),
        t_supply: Celsius(41.0),
        cop: 2.1,
        capacity_share: 0.8,
    };
    let machine = HeatPump::new(Kilowatt(10.0), &[point], traits).unwrap();
    let prepared = machine.prepare(&plant(1), |_| 41.0);
    let hour = prepared.hour(5.0, -20.5, 50.0, 1.0);
    assert_eq!((hour.heat_kwh, hour.backup_kwh), (0.0, 3.0));
    let hour = prepared.hour(9.0, -18.0, 10.0, 1.0);
    assert!((hour.heat_kwh - 8.0).abs() < 1e-9 && (hour.backup_kwh - 1.0).abs() < 1e-9);
    assert!((hour.electricity_kwh - 8.0 / 2.1).abs() < 1e-9, "{hour:?}");
}

// ---------------------------------------------------------------- solar

#[test]
fn f_chart_points_agree() {
    let all: Value = serde_json::from_str(&text("tests/reference/solar/fchart.json")).unwrap();
    for point in all["points"].as_array().unwrap() {
        let at = |key: &str| point[key].as_f64().unwrap();
        assert!(
            (f_chart(at("X"), at("Y")) - at("f_liquid")).abs() < 1e-5,
            "{point}"
        );
    }
    let inputs = &all["houses"]["inputs"];
    let input = |key: &str| inputs[key].as_f64().unwrap();
    let (area, factor) = (SquareMetre(input("area_m2")), input("exchanger_factor"));
    for house in all["houses"]["results"].as_array().unwrap() {
        let mut solar = 0.0;
        for month in house["months"].as_array().unwrap() {
            let at = |key: &str| month[key].as_f64().unwrap();
            let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][at("month") as usize - 1];
            let (load, hours) = (at("load_kwh"), f64::from(days) * 24.0);
            let x = f_chart_x(area, input("FRUL") * factor, at("t_mean_c"), hours, load);
            let gain = input("FRta") * factor * input("ta_ratio");
            let y = f_chart_y(area, gain, at("poa_kwh_m2"), load);
            assert!(
                (x / at("X") - 1.0).abs() < 1e-3 && (y / at("Y") - 1.0).abs() < 1e-3,
                "{month} {x} {y}"
            );
            // Outside 0 < Y < 3, 0 < X < 18 the correlation does not hold: the load is met.
            solar += load
                * if x > 18.0 || y > 3.0 {
                    1.0
                } else {
                    f_chart(x, y)
                };
        }
        let theirs = house["annual_solar_kwh"].as_f64().unwrap();
        assert!(
            (solar / theirs - 1.0).abs() < 1e-3,
            "{}: {solar} {theirs}",
            house["city"]
        );
    }
}

#[test]
fn a_collector_without_sun_or_too_hot_gives_nothing() {
    let curve = CollectorCurve {
        eta0: 0.78,
        a1: 3.6,
        a2: 0.014,
    };
    assert_eq!(
        (curve.heat_w_m2(0.0, 30.0), curve.efficiency(0.0, 30.0)),
        (0.0, 0.0)
    );
    assert_eq!(curve.heat_w_m2(200.0, 60.0), 0.0);
    // 0.78 x 800 - 3.6 x 40 - 0.014 x 1600 = 457.6
    assert!((curve.heat_w_m2(800.0, 40.0) - 457.6).abs() < 1e-9);
}

// ---------------------------------------------------------------- PV

const PV: PvSystem = PvSystem {
    dc: Kilowatt(5.0),
    gamma_per_k: -0.0035,
    losses: 0.140_756_606_882_64,
    inverter: 0.96,
    dc_ac: 1.0 / 0.96,
    mount: Mount::CloseMount,
};

#[test]
fn a_cell_at_25_degrees_in_full_sun_gives_the_rated_power_less_losses() {
    // T + 1000 exp(-2.98) + 1 = 25 at still air gives T = -26.79...
    let t = 24.0 - 1000.0 * (-2.98_f64).exp();
    let ac = pv_generation(&PV, &[1000.0], &[t], &[0.0])[0];
    let z: f64 = 1.0 - PV.losses; // of an inverter that takes 5 kW DC
    let efficiency = 0.96 / 0.9637 * (-0.0162 * z - 0.0059 / z + 0.9858);
    assert!((ac - 5.0 * (1.0 - PV.losses) * efficiency).abs() < 1e-9);
}

// ---------------------------------------------------------------- storage, stoves, boilers

#[test]
fn a_storage_heater_lives_from_the_valley_until_it_runs_out() {
    let heater = product("electric_storage_3_2").heater;
    let small = Winter::new(480, -2.0, 0.12);
    let mut plant = plant(2);
    let easy = small.run(&heater, &plant);
    assert!(easy.facts.valley_share > 0.95 && easy.backup_kwh < 0.05 * easy.delivered_kwh);
    plant.count = 1;
    let cold = Winter::new(480, -15.0, 0.12);
    let hard = cold.run(&heater, &plant);
    assert!(hard.facts.valley_share < easy.facts.valley_share && hard.backup_kwh > 0.0);
    assert!(hard.unmet_kwh > 0.0 && hard.unmet_hours > 0);
}

#[test]
fn without_a_valley_a_storage_heater_heats_directly() {
    let heater = product("electric_storage_3_2").heater;
    let mut winter = Winter::new(240, 0.0, 0.05);
    winter.cheap.fill(false);
    let out = winter.run(&heater, &plant(2));
    assert!(out.facts.valley_share == 0.0 && out.facts.lost_kwh == 0.0);
    assert!((out.backup_kwh - out.delivered_kwh).abs() < 1e-9);
}

#[test]
fn a_stove_burns_worse_at_a_low_fire_and_never_goes_out() {
    let heater = product("coal_stove_12").heater;
    let high = Winter::new(240, -8.0, 0.35).run(&heater, &plant(1));
    let low = Winter::new(240, -8.0, 0.06).run(&heater, &plant(1));
    assert!(high.facts.efficiency.unwrap() > low.facts.efficiency.unwrap());
    assert!((high.facts.efficiency.unwrap() - 0.40).abs() < 0.02);
    let idle = Winter::new(24, 30.0, 0.1).run(&heater, &plant(1));
    assert!(idle.delivered_kwh == 0.0 && idle.fuel_total() > 0.0 && idle.facts.lost_kwh > 0.0);
}

#[test]
fn a_pellet_stove_feeds_with_a_fan_and_goes_out() {
    let heater = product("biomass_stove_10").heater;
    let winter = Winter::new(240, -3.0, 0.3);
    let out = winter.run(&heater, &plant(1));
    let watts = out.electricity_total() / 240.0 * 1000.0;
    assert!((50.0..140.0).contains(&watts), "{watts}");
    let idle = Winter::new(24, 30.0, 0.1).run(&heater, &plant(1));
    assert_eq!(idle.fuel_total(), 0.0);
}

#[test]
fn condensing_pays_at_a_cool_return() {
    let heater = product("gas_boiler_condensing_20").heater;
    let winter = Winter::new(480, -2.0, 0.3);
    let efficiency = |id: &str| {
        let mut plant = plant(1);
        plant.emitter = emitter(id);
        winter.run(&heater, &plant).facts.efficiency.unwrap()
    };
    let mut hot = plant(1);
    hot.emitter.t_supply_design = Celsius(75.0);
    hot.emitter.weather_compensated = false;
    let hot = winter.run(&heater, &hot).facts.efficiency.unwrap();
    assert!(efficiency("floor") > efficiency("radiator") && efficiency("radiator") > hot);
    let plain = winter.run(&product("gas_boiler_20").heater, &plant(1));
    let plain = plain.facts.efficiency.unwrap();
    assert!((0.80..0.89).contains(&plain), "{plain}");
}

#[test]
fn lpg_bottles_give_little_gas_in_deep_cold() {
    let heater = product("lpg_boiler_20").heater;
    let mild = Winter::new(240, -2.0, 0.2).run(&heater, &plant(1));
    let deep = Winter::new(240, -24.0, 0.2).run(&heater, &plant(1));
    assert_eq!(mild.unmet_kwh, 0.0);
    assert!(deep.unmet_kwh > 0.5 * deep.delivered_kwh, "{deep:?}");
    let at = |t: f64| heater.capacity_at(&plant(1), Celsius(t)).value();
    assert!(at(-20.0) < at(-10.0) && at(-10.0) < at(10.0));
}

#[test]
fn more_collector_covers_more_and_the_valley_element_mostly_uses_the_valley() {
    let winter = Winter::new(2880, -1.0, 0.2);
    let share = |id: &str| {
        let out = winter.run(&product(id).heater, &plant(1));
        (out.facts.solar_share.unwrap(), out.facts.valley_share)
    };
    let (small, large) = (share("solar_electric_10"), share("solar_electric_30"));
    assert!(
        0.05 < small.0 && small.0 < large.0 && large.0 < 0.95,
        "{small:?} {large:?}"
    );
    assert!(small.1 > share("solar_electric_any_hour_10").1);
    assert!(share("solar_heat_pump_10").0 > 0.05);
}

#[test]
fn the_sun_helps_a_station_by_no_more_than_its_bonus() {
    let heater = product("solar_station_3p").heater;
    let mut winter = Winter::new(2880, -1.0, 0.15);
    let bright = winter.run(&heater, &plant(1)).electricity_total();
    winter.sun.fill(0.0);
    let dark = winter.run(&heater, &plant(1)).electricity_total();
    assert!(bright < dark && dark / bright < 1.12, "{}", dark / bright);
}

#[test]
fn the_network_meters_what_it_delivers() {
    let product = product("district_heat_10");
    let winter = Winter::new(240, -2.0, 0.2);
    let out = winter.run(&product.heater, &plant(1));
    assert!((out.fuel_total() - out.delivered_kwh).abs() < 1e-9);
    assert!(product.network_charge.is_some());
}

// ---------------------------------------------------------------- sizing

fn basis(load: f64, t: f64, elevation: f64) -> SizingBasis {
    SizingBasis {
        design_load: Kilowatt(load),
        t_design: Celsius(t),
        t_room: Celsius(18.0),
        elevation: Metre(elevation),
        rooms: 3,
        emitter: plant(1).emitter,
    }
}
fn family(id: &str) -> Vec<Product> {
    let (products, ..) = library();
    products.into_iter().filter(|it| it.family == id).collect()
}

#[test]
fn the_smallest_size_that_meets_the_cold_is_picked() {
    let family = family("heat_pump_water");
    let pick = |load, t, z| {
        let choice = choose(&family, &basis(load, t, z)).unwrap();
        (
            choice.product.id.clone(),
            choice.count,
            choice.covers_design,
        )
    };
    // 3P gives 8.7 x 0.838 x (1 - 0.3 % for each kelvin above the line) near 7.2 kW at -7 degC.
    assert_eq!(
        pick(6.5, -7.0, 0.0),
        ("heat_pump_water_3p".to_owned(), 1, true)
    );
    assert_eq!(pick(6.5, -25.0, 0.0).0, "heat_pump_water_5p");
    assert_eq!(pick(6.5, -7.0, 4500.0).0, "heat_pump_water_5p");
    // Two 3P (17.4 kW) serve where one 5P does not and one 8P (23.2 kW) would be more.
    assert_eq!(
        pick(12.3, -12.0, 0.0),
        ("heat_pump_water_3p".to_owned(), 2, true)
    );
    assert!(!pick(200.0, -12.0, 0.0).2);
}

#[test]
fn hot_air_units_are_bought_for_every_room() {
    let family = family("heat_pump_air");
    let choice = choose(&family, &basis(5.0, -8.0, 0.0)).unwrap();
    assert_eq!(
        (choice.product.id.as_str(), choice.count),
        ("heat_pump_air_1_5p", 3)
    );
    let own = fixed(&family[1], 2, &basis(5.0, -8.0, 0.0));
    assert!(own.count == 2 && own.covers_design);
    assert!(choose(&[], &basis(5.0, -8.0, 0.0)).is_none());
}

// ---------------------------------------------------------------- bad files

fn problems_of(content: &str) -> Problems {
    let mut problems = Problems::default();
    let found = read_products("x.toml", content, &mut problems);
    assert_eq!(found.is_none(), problems.has_errors());
    problems
}
fn patched(from: &str, to: &str) -> Problems {
    let content = text("data/products/heat_pump_water.toml");
    assert!(content.contains(from), "{from}");
    problems_of(&content.replacen(from, to, 1))
}

#[test]
fn a_cop_of_seven_passes_with_a_warning() {
    let problems = patched("cop = 3.22", "cop = 7.0").0;
    assert!(problems.iter().all(|it| it.severity == Severity::Warning));
    assert!(problems.iter().any(
        |it| matches!(it.kind, ProblemKind::Unlikely { value, .. } if value == 7.0)
            && it.place.line > 0
            && it.place.field.ends_with("point[2].cop")
    ));
}

#[test]
fn wrong_products_do_not_load() {
    let has = |problems: &Problems, wanted: fn(&ProblemKind) -> bool| {
        assert!(
            problems.0.iter().any(|it| wanted(&it.kind)),
            "{problems:#?}"
        );
    };
    has(&patched("cop = 3.22", "cop = 70.0"), |it| {
        matches!(it, ProblemKind::OutOfRange { .. })
    });
    has(&patched("cop = 3.22", "cop = nan"), |it| {
        matches!(it, ProblemKind::NotFinite)
    });
    has(
        &patched("cycling_cc", "cycling_cd"),
        |it| matches!(it, ProblemKind::UnknownKey { nearest: Some(it), .. } if it == "cycling_cc"),
    );
    has(&patched("years = 12", "years = 90"), |it| {
        matches!(it, ProblemKind::OutOfRange { .. })
    });
    has(&patched("t_out_c = -18", "t_out_c = -25"), |it| {
        matches!(it, ProblemKind::Duplicate { .. })
    });
    has(
        &patched("[performance.heat_pump_water]", "[performance.heatpump]"),
        |it| {
            matches!(
                it,
                ProblemKind::UnknownKey {
                    nearest: Some(_),
                    ..
                }
            )
        },
    );
    has(
        &patched("standby_w = { source", "stand_by_w = { source"),
        |it| matches!(it, ProblemKind::Unresolved { nearest: Some(it), .. } if it == "standby_w"),
    );
    has(&patched("score = 2,", "score = 9,"), |it| {
        matches!(it, ProblemKind::OutOfRange { .. })
    });
}

#[test]
fn wrong_fuels_do_not_load() {
    let check = |from: &str, to: &str, wanted: fn(&ProblemKind) -> bool| {
        let mut problems = Problems::default();
        let content = text("data/fuels.toml");
        assert!(content.contains(from), "{from}");
        read_fuels("fuels.toml", &content.replacen(from, to, 1), &mut problems);
        assert!(
            problems.0.iter().any(|it| wanted(&it.kind)),
            "{problems:#?}"
        );
    };
    check("mj_per_m3 = 35.5", "mj_per_kg = 35.5", |it| {
        matches!(it, ProblemKind::Conflict { .. })
    });
    check("mj_per_m3 = 35.5", "mj_per_m3 = 42.0", |it| {
        matches!(it, ProblemKind::Unlikely { .. })
    });
    check("mj_per_m3 = 35.5, ", "", |it| {
        matches!(it, ProblemKind::MissingKey { .. })
    });
    check("kg_per_gj = 89.0", "kg_per_gj = 89.0, kg_per_t = 1", |it| {
        matches!(it, ProblemKind::NoKind { .. })
    });
    check(
        "carrier = \"lpg\"",
        "carrier = \"lgp\"",
        |it| matches!(it, ProblemKind::NotOneOf { nearest: Some(it), .. } if it == "lpg"),
    );
}

// ---------------------------------------------------------------- what must always hold

fn heaters() -> Vec<(String, Heater)> {
    let (products, ..) = library();
    products.into_iter().map(|it| (it.id, it.heater)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn delivered_and_unmet_are_the_demand(
        mean in -25.0..12.0_f64, kw_per_k in 0.0..0.6_f64, count in 1_u16..4, shift in 0_usize..24,
    ) {
        let mut winter = Winter::new(240, mean, kw_per_k);
        winter.cheap.rotate_left(shift);
        let demand: f64 = winter.heat.iter().sum();
        for (id, heater) in heaters() {
            let out = winter.run(&heater, &plant(count));
            prop_assert!((out.delivered_kwh + out.unmet_kwh - demand).abs() < 1e-6 * demand.max(1.0), "{}", id);
            prop_assert!(out.delivered_kwh >= 0.0 && out.unmet_kwh >= 0.0 && out.backup_kwh >= 0.0);
            prop_assert!(out.electricity_kwh.len() == 240 && out.electricity_kwh.iter().all(|e| *e >= 0.0 && e.is_finite()));
            let burns = heater.carrier() != Carrier::Electricity;
            prop_assert_eq!(out.fuel_kwh.len(), if burns { 240 } else { 0 });
            prop_assert!(out.fuel_kwh.iter().all(|f| *f >= 0.0 && f.is_finite()));
        }
    }

    #[test]
    fn a_store_gives_back_what_it_took(
        mean in -20.0..8.0_f64, kw_per_k in 0.02..0.5_f64, count in 1_u16..4, shift in 0_usize..24,
    ) {
        let mut winter = Winter::new(480, mean, kw_per_k);
        winter.cheap.rotate_left(shift);
        for id in ["electric_storage_3_2", "electric_storage_boiler_9"] {
            let heater = product(id).heater;
            let Heater::ElectricStorage(store) = &heater else { panic!() };
            let mut quiet = store.clone();
            quiet.fan = Kilowatt(0.0);
            quiet.standby = Kilowatt(0.0);
            let out = winter.run(&Heater::ElectricStorage(quiet), &plant(count));
            // Electricity = heat + losses + what is left, and what is left fits.
            let other = out.delivered_kwh + out.facts.lost_kwh + out.facts.stored_kwh;
            prop_assert!((out.electricity_total() - other).abs() < 1e-6 * other.max(1.0));
            let full = store.capacity.value() * f64::from(count);
            prop_assert!(out.facts.stored_kwh >= 0.0 && out.facts.stored_kwh <= full + 1e-9);
            let most = store.charge.value().max(store.top_up.value()) * f64::from(count);
            prop_assert!(out.facts.peak_kw <= most + 1e-9);
        }
    }

    #[test]
    fn a_colder_hour_never_raises_the_cop(
        t in -35.0..14.0_f64, colder in 0.1..10.0_f64, rh in 0.0..100.0_f64, kwh in 0.2..6.0_f64,
    ) {
        for id in ["heat_pump_water_3p", "heat_pump_air_3p", "solar_station_3p"] {
            let product = product(id);
            let (machine, room) = match &product.heater {
                Heater::HeatPumpAir(it) => (&it.0, true),
                _ => (machine(&product).unwrap(), false),
            };
            let prepared = machine.prepare(&plant(1), |t| if room { 18.0 } else { 30.0 - 0.5 * t });
            let cop = |t: f64| {
                let hour = prepared.hour(kwh, t, rh, 1.0);
                hour.heat_kwh / hour.electricity_kwh
            };
            let (warm, cold) = (cop(t), cop(t - colder));
            prop_assert!(cold.is_nan() || cold <= warm + 1e-9, "{}: {} at {}, {} at {}", id, warm, t, cold, t - colder);
        }
    }

    #[test]
    fn a_larger_collector_never_lowers_the_solar_share(
        area in 2.0..40.0_f64, more in 1.0..20.0_f64, kw_per_k in 0.05..0.4_f64, mean in -15.0..8.0_f64,
    ) {
        let winter = Winter::new(480, mean, kw_per_k);
        let Heater::SolarElectric(base) = product("solar_electric_any_hour_20").heater else { panic!() };
        let share = |area: f64| {
            let mut solar = base.clone();
            solar.solar.area = SquareMetre(area);
            winter.run(&Heater::SolarElectric(solar), &plant(1)).facts.solar_share.unwrap_or(0.0)
        };
        prop_assert!(share(area + more) >= share(area) - 1e-9);
    }

    #[test]
    fn a_tank_keeps_its_energy_and_its_limit(
        start in 10.0..85.0_f64, hot_share in 0.05..1.0_f64, sun in 0.0..1000.0_f64, t_out in -30.0..15.0_f64, wanted in 0.0..10.0_f64,
    ) {
        let Heater::SolarElectric(it) = product("solar_electric_20").heater else { panic!() };
        let mut tank = TankState { hot_c: start, cold_c: 30.0_f64.min(start), hot_share };
        let mean = tank.mean_c();
        let hour = it.solar.step(1.0, &mut tank, sun, t_out, 18.0, wanted, (40.0, 32.0));
        let change = (tank.mean_c() - mean) * it.solar.kwh_per_k(1.0);
        prop_assert!((change - (hour.gain_kwh - hour.lost_kwh - hour.drawn_kwh)).abs() < 1e-9);
        prop_assert!(tank.mean_c() <= start.max(it.solar.t_max.value()) + 1.0 && hour.drawn_kwh <= wanted + 1e-12);
    }

    #[test]
    fn pv_is_used_or_sold(load in prop::collection::vec(0.0..5.0_f64, 24), sun in prop::collection::vec(0.0..5.0_f64, 24)) {
        let shared = self_use(&load, &sun);
        for i in 0..24 {
            prop_assert!((shared.self_used[i] + shared.exported[i] - sun[i]).abs() < 1e-12);
            prop_assert!(shared.self_used[i] <= load[i] && shared.exported[i] >= 0.0);
        }
        // Halves of an hour at the same powers share in the same way.
        let halves = |hours: &[f64]| hours.iter().flat_map(|kwh| [kwh / 2.0; 2]).collect::<Vec<_>>();
        let split: f64 = self_use(&halves(&load), &halves(&sun)).self_used.iter().sum();
        prop_assert!((split - shared.self_used.iter().sum::<f64>()).abs() < 1e-9);
    }

    #[test]
    fn a_larger_load_never_picks_less_heat(load in 1.0..20.0_f64, more in 0.0..10.0_f64, t in -30.0..0.0_f64) {
        for id in ["heat_pump_water", "gas_boiler", "electric_storage"] {
            let family = family(id);
            let capacity = |load: f64| choose(&family, &basis(load, t, 500.0)).unwrap().capacity.value();
            let (small, large) = (capacity(load), capacity(load + more));
            prop_assert!(large >= small * 0.999 || large >= load, "{}", id);
        }
    }
}

// ---------------------------------------------------------------- references with hourly weather

/// The folder of references that are not copied into the repository.
fn shared(path: &str) -> PathBuf {
    let folder = std::env::var("QINGNUAN_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let folder = PathBuf::from(folder);
    let folder = if folder.is_absolute() {
        folder
    } else {
        root("").join(folder)
    };
    folder.join("reference").join(path)
}
fn hourly(path: &str) -> Vec<BTreeMap<String, f64>> {
    let file = std::fs::File::open(shared(path)).unwrap();
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(file));
    reader.deserialize().map(Result::unwrap).collect()
}
fn column(rows: &[BTreeMap<String, f64>], key: &str) -> Vec<f64> {
    rows.iter().map(|row| row[key]).collect()
}

/// One line of the validation page.
struct Row {
    section: &'static str,
    case: String,
    ours: f64,
    theirs: f64,
    tolerance: f64,
}
impl Row {
    fn difference(&self) -> f64 {
        self.ours / self.theirs - 1.0
    }
}

/// A machine whose COP is exactly a broken line over the outdoor temperature, flat outside.
fn table_machine(points: &[(f64, f64)]) -> HeatPump {
    let traits = HeatPumpTraits {
        approach_supply_k: 5.0,
        approach_outdoor_k: 5.0,
        least_load: 1.0,
        cycling_cc: 1.0,
        frost: 0.0,
        capacity_per_k_supply: 0.0,
        altitude_capacity: 0.0,
        altitude_cop: 0.0,
        t_limit: Celsius(-60.0),
        backup: Kilowatt(0.0),
        pump: Kilowatt(0.0),
        standby: Kilowatt(0.0),
    };
    let line = Curve::new(points.to_vec()).unwrap();
    let ends = [-60.0, 60.0].map(|t| (t, line.at(t)));
    let rating = |&(t, cop): &(f64, f64)| RatingPoint {
        t_out: Celsius(t),
        t_supply: Celsius(35.0),
        cop,
        capacity_share: 1.0,
    };
    let all: Vec<RatingPoint> = points.iter().chain(&ends).map(rating).collect();
    HeatPump::new(Kilowatt(100.0), &all, traits).unwrap()
}

/// Points of a curve of the band: standard points and bivalent point of the colder climate, and
/// the operation limit at -22 degC.
fn band(application: &str, value: &str) -> Vec<(f64, f64)> {
    let rows = csv_rows("tests/reference/heatpump/keymark_cop_band.csv");
    let wanted = |row: &&BTreeMap<String, String>| {
        let limit = row["what"] == "at operation limit" && row["t_outdoor_c"] == "-22";
        row["application"] == application
            && row["climate"] == "colder"
            && (row["what"] == "standard point" || row["what"] == "at bivalent point" || limit)
    };
    rows.iter()
        .filter(wanted)
        .map(|row| (number(row, "t_outdoor_c"), number(row, value)))
        .collect()
}

/// Heat (kWh) and electricity of a machine over a year of loads, without pump and frost.
fn season(machine: &HeatPump, loads: &[BTreeMap<String, f64>], flow: &Curve) -> f64 {
    let mut quiet = machine.clone();
    quiet.traits.pump = Kilowatt(0.0);
    quiet.traits.standby = Kilowatt(0.0);
    quiet.traits.backup = Kilowatt(100.0);
    let prepared = quiet.prepare(&plant(1), |t| flow.at(t));
    let (mut heat, mut power) = (0.0, 0.0);
    for row in loads {
        let hour = prepared.hour(row["q_heat_w"] / 1000.0, row["t_out_c"], 0.0, 1.0);
        heat += hour.heat_kwh + hour.backup_kwh;
        power += hour.electricity_kwh + hour.backup_kwh;
    }
    heat / power
}

const KEYMARK: [(&str, &str); 6] = [
    ("beijing", "base_const16"),
    ("beijing", "retrofit_setback18"),
    ("lanzhou", "base_const16"),
    ("lanzhou", "retrofit_setback18"),
    ("harbin", "base_const16"),
    ("harbin", "retrofit_setback18"),
];

fn heat_pump_rows() -> Vec<Row> {
    let theirs = csv_rows("tests/reference/heatpump/seasonal_keymark.csv");
    let product = product("heat_pump_water_5p");
    let mut rows = Vec::new();
    for (city, house) in KEYMARK {
        let loads = hourly(&format!("heat/hourly/{city}_{house}.csv.gz"));
        let peak = column(&loads, "q_heat_w").into_iter().fold(0.0, f64::max) / 1000.0;
        for row in theirs.iter().filter(|row| {
            row["city"] == city && format!("{}_{}", row["envelope"], row["schedule"]) == house
        }) {
            let application = row["application"].as_str();
            let spf = number(row, "spf");
            let same = table_machine(&band(application, &row["curve"]));
            let flat = Curve::flat(35.0);
            rows.push(Row {
                section: "Seasonal COP, the reference's own curve",
                case: format!("{city} {house} {application} {}", row["curve"]),
                ours: season(&same, &loads, &flat),
                theirs: spf,
                tolerance: 1e-3,
            });
            if row["curve"] == "p50" {
                let mut own = machine(&product).unwrap().clone();
                own.rated = Kilowatt(peak * 1.3);
                rows.push(Row {
                    section: "Seasonal COP, the default curve",
                    case: format!("{city} {house} {application}"),
                    ours: season(&own, &loads, &flow(application)),
                    theirs: spf,
                    tolerance: 0.15,
                });
            }
        }
    }
    rows
}

/// Flow temperature over the outdoor temperature in the colder climate of EN 14825.
fn flow(application: &str) -> Curve {
    Curve::new(band(application, "flow_c_by_en14825")).unwrap()
}

/// Beam, sky and ground parts of the irradiance on a plane looking south, isotropic sky.
fn parts(row: &BTreeMap<String, f64>, tilt: f64, albedo: f64) -> (f64, f64, f64, f64) {
    let (zenith, azimuth) = (
        row["apparent_zenith"].to_radians(),
        row["azimuth"].to_radians(),
    );
    let slope = f64::to_radians(tilt);
    let south = std::f64::consts::PI;
    let cos_aoi = zenith.cos() * slope.cos() + zenith.sin() * slope.sin() * (azimuth - south).cos();
    let beam = row["dni"] * cos_aoi.max(0.0);
    let ghi = row["dni"] * zenith.cos().max(0.0) + row["dhi"];
    let sky = row["dhi"] * (1.0 + slope.cos()) / 2.0;
    (beam, sky, ghi * albedo * (1.0 - slope.cos()) / 2.0, cos_aoi)
}

const MONTHS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn collector_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut weather = BTreeMap::new();
    for row in csv_rows("tests/reference/solar/collector_oemof.csv") {
        let city = row["city"].clone();
        let hours = weather
            .entry(city.clone())
            .or_insert_with(|| hourly(&format!("solar/hourly/{city}.csv.gz")));
        let curve = match row["collector"].as_str() {
            "flat_plate" => CollectorCurve {
                eta0: 0.78,
                a1: 3.6,
                a2: 0.014,
            },
            _ => CollectorCurve {
                eta0: 0.66,
                a1: 1.1,
                a2: 0.005,
            },
        };
        let fluid = number(&row, "t_inlet_c") + number(&row, "delta_t_n");
        let heat: Vec<f64> = hours
            .iter()
            .map(|hour| {
                let (beam, sky, ground, _) = parts(hour, number(&row, "tilt"), 0.25);
                curve.heat_w_m2(beam + sky + ground, fluid - hour["t_air_c"]) / 1000.0
            })
            .collect();
        let case = format!(
            "{city} {} {} deg, inlet {}",
            row["collector"], row["tilt"], row["t_inlet_c"]
        );
        rows.push(Row {
            section: "Collector heat, kWh/m2 a year",
            case: case.clone(),
            ours: heat.iter().sum(),
            theirs: number(&row, "heat_kwh_m2"),
            tolerance: 0.02,
        });
        let mut start = 0;
        for (month, days) in MONTHS.into_iter().enumerate() {
            let end = start + days * 24;
            if [0, 1, 2, 10, 11].contains(&month) {
                rows.push(Row {
                    section: "Collector heat, kWh/m2 in a winter month",
                    case: format!("{case}, month {}", month + 1),
                    ours: heat[start..end].iter().sum(),
                    theirs: number(&row, &format!("m{:02}", month + 1)),
                    tolerance: 0.04,
                });
            }
            start = end;
        }
    }
    rows
}

fn pv_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for row in csv_rows("tests/reference/solar/pv_5kw.csv") {
        let (city, sky) = (row["city"].as_str(), row["sky"].as_str());
        let hours = hourly(&format!("solar/hourly/{city}.csv.gz"));
        let plane = column(&hours, &format!("poa_{sky}_t30"));
        // The hourly files carry no wind: 2.5 m/s all year, a usual mean.
        let wind = vec![2.5; plane.len()];
        let yield_kwh = pv_generation(&PV, &plane, &column(&hours, "t_air_c"), &wind);
        rows.push(Row {
            section: "PV of 5 kW, kWh a year",
            case: format!("{city}, {}, {sky} sky", row["engine"]),
            ours: yield_kwh.iter().sum(),
            theirs: number(&row, "annual_kwh"),
            tolerance: if row["engine"].starts_with("pvlib") {
                0.03
            } else {
                0.05
            },
        });
    }
    rows
}

/// Cold water of SAM, degC each hour (Burch and Christensen 2007, in degrees Fahrenheit).
fn mains(t_air: &[f64]) -> Vec<f64> {
    let mut start = 0;
    let months: Vec<f64> = MONTHS
        .iter()
        .map(|days| {
            let part = &t_air[start..start + days * 24];
            start += days * 24;
            part.iter().sum::<f64>() / part.len() as f64
        })
        .collect();
    let fahrenheit = |c: f64| c * 1.8 + 32.0;
    let mean = fahrenheit(t_air.iter().sum::<f64>() / t_air.len() as f64);
    let high = months.iter().copied().fold(f64::MIN, f64::max);
    let low = months.iter().copied().fold(f64::MAX, f64::min);
    let (ratio, lag) = (0.4 + 0.01 * (mean - 44.0), 35.0 - (mean - 44.0));
    (0..t_air.len())
        .map(|h| {
            let day = (h / 24 + 1) as f64;
            let angle = (0.986 * (day - 15.0 - lag) - 90.0).to_radians();
            let f = mean + 6.0 + ratio * (high - low) * 1.8 / 2.0 * angle.sin();
            (f - 32.0) / 1.8
        })
        .collect()
}

/// Solar fraction of the water heater of the reference: energy saved less the pump, over the load.
fn water_heater(city: &str) -> f64 {
    let hours = hourly(&format!("solar/hourly/{city}.csv.gz"));
    let cold = mains(&column(&hours, "t_air_c"));
    // Pipes of 10 m, 19 mm, 6 mm of insulation at 0.03 W/(m K) lose 3.85 W/K; by Duffie and Beckman
    // 10.3.9 they raise FR'UL 4.0 to 4.9 and lower FR'(ta) 0.75 to 0.744 on 4 m2 at 0.06 kg/s; the
    // exchanger of effectiveness 0.75 keeps 0.98.
    let tank = SolarTank {
        curve: CollectorCurve {
            eta0: 0.744,
            a1: 4.9,
            a2: 0.0,
        },
        area: SquareMetre(4.0),
        rise: Kelvin(0.0),
        transfer: 0.98,
        tank: CubicMetre(0.25),
        // A cylinder twice as high as wide of 0.25 m3 has 2.31 m2 at 1 W/(m2 K).
        tank_loss: WattPerKelvin(2.31),
        tank_indoors: true,
        t_max: Celsius(95.0),
        pump: Kilowatt(0.045 / 0.85),
    };
    // Angle modifier b0 = 0.2, straight from 60 to 90 degrees; sky and ground at the effective angles
    // of Brandemuehl and Beckman (1980) for 45 degrees of tilt, as SAM does.
    let modifier = |angle: f64| {
        let at = |degrees: f64| 1.0 - 0.2 * (1.0 / degrees.to_radians().cos() - 1.0);
        if angle <= 60.0 {
            at(angle)
        } else {
            at(60.0) * ((90.0 - angle) / 30.0).max(0.0)
        }
    };
    let of_sky = modifier(59.68 - 0.1388 * 45.0 + 0.001497 * 45.0 * 45.0);
    let of_ground = modifier(90.0 - 0.5788 * 45.0 + 0.002693 * 45.0 * 45.0);
    let (mut state, mut load, mut bought) = (TankState::mixed(15.0), 0.0, 0.0);
    for (hour, cold) in hours.iter().zip(cold) {
        let (beam, sky, ground, cos) = parts(hour, 45.0, 0.2);
        let all = beam + sky + ground;
        let seen = beam * modifier(cos.acos().to_degrees()) + sky * of_sky + ground * of_ground;
        let sun = if all > 0.0 {
            hour["poa_perez_t45"] * seen / all
        } else {
            0.0
        };
        let wanted = 0.2 / 24.0 * 1.163 * (50.0 - cold);
        let step = tank.step(
            1.0,
            &mut state,
            sun,
            hour["t_air_c"],
            15.0,
            wanted,
            (50.0, cold),
        );
        load += wanted;
        bought += wanted - step.drawn_kwh;
        bought += if step.gain_kwh > 0.0 {
            tank.pump.value()
        } else {
            0.0
        };
    }
    (load - bought) / load
}

fn water_heater_rows() -> Vec<Row> {
    csv_rows("tests/reference/solar/swh_pysam.csv")
        .iter()
        .map(|row| Row {
            section: "Solar water heater, solar fraction",
            case: format!("{}, 4 m2, 250 l", row["city"]),
            ours: water_heater(&row["city"]),
            theirs: number(row, "solar_fraction"),
            tolerance: 0.10,
        })
        .collect()
}

fn plain_rows() -> Vec<Row> {
    let (annex, ours) = en_case("en14825_annex_h");
    let (colder, cold) = en_case("colder_on_off");
    let section = "EN 14825 bin method, SCOPon";
    vec![
        Row {
            section,
            case: "Annex H as printed (±0.02)".to_owned(),
            ours: ours.on,
            theirs: annex["published"]["scop_on"].as_f64().unwrap(),
            tolerance: 0.02 / 3.61,
        },
        Row {
            section,
            case: "on-off machine, colder climate".to_owned(),
            ours: cold.on,
            theirs: colder["plain_script"]["scop_on"].as_f64().unwrap(),
            tolerance: 0.002,
        },
    ]
}

fn page(rows: &[Row]) -> String {
    let mut page = String::from(
        "# Heaters, collectors and PV against independent tools\n\nWritten by \
         `QINGNUAN_BLESS=1 cargo test --test technology -- --ignored`; do not edit. The tools, their \
         inputs and the reasons for the tolerances: `tests/reference/` and `docs/model/technology.md`.\n",
    );
    let mut section = "";
    for row in rows {
        if row.section != section {
            section = row.section;
            let head = "| case | ours | theirs | difference | tolerance |\n| --- | --: | --: | --: | --: |";
            write!(page, "\n## {section}\n\n{head}\n").unwrap();
        }
        writeln!(
            page,
            "| {} | {:.4} | {:.4} | {:+.2} % | {:.2} % |",
            row.case,
            row.ours,
            row.theirs,
            row.difference() * 100.0,
            row.tolerance * 100.0
        )
        .unwrap();
    }
    page
}

#[test]
#[ignore = "needs the hourly references of $QINGNUAN_SHARED"]
fn everything_agrees_with_the_independent_tools() {
    let mut rows = plain_rows();
    rows.extend(heat_pump_rows());
    rows.sort_by_key(|row| row.section);
    rows.extend(
        collector_rows()
            .into_iter()
            .filter(|row| row.section.ends_with("year")),
    );
    rows.extend(
        collector_rows()
            .into_iter()
            .filter(|row| row.section.ends_with("month")),
    );
    rows.extend(water_heater_rows());
    rows.extend(pv_rows());
    let page = page(&rows);
    let path = root("docs/validation/technology.md");
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        std::fs::create_dir_all(root("docs/validation")).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    for row in &rows {
        assert!(
            row.difference().abs() <= row.tolerance,
            "{}: {}: {} {}",
            row.section,
            row.case,
            row.ours,
            row.theirs
        );
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page);
}
