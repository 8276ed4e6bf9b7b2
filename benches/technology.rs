//! One winter of 2,900 hours for each heater of the catalogue. Target: at most 30 us each.
#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use qingnuan::input::problem::Problems;
use qingnuan::input::product::read_products;
use qingnuan::technology::product::Product;
use qingnuan::technology::pv::{Mount, PvSystem, pv_generation, self_use};
use qingnuan::technology::{Duty, EmitterCurve, Operation, Plant};
use qingnuan::words::quantity::{Celsius, Kelvin, Kilowatt, Metre};

fn main() {
    divan::main();
}

const HOURS: usize = 2900;
const FAMILIES: [&str; 14] = [
    "coal_stove",
    "briquette_stove",
    "biomass_stove",
    "electric_storage",
    "electric_panel",
    "heat_pump_water",
    "heat_pump_air",
    "solar_electric",
    "solar_heat_pump",
    "solar_station",
    "gas_boiler",
    "gas_boiler_condensing",
    "lpg_boiler",
    "district_heat",
];

fn product(family: &str) -> Product {
    let path = format!("{}/data/products/{family}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let sizes = read_products(&path, &text, &mut Problems::default()).unwrap();
    sizes.into_iter().next().unwrap()
}

fn plant() -> Plant {
    Plant {
        count: 2,
        emitter: EmitterCurve {
            t_supply_design: Celsius(45.0),
            t_supply_min: Celsius(30.0),
            spread_design: Kelvin(6.0),
            exponent: 1.2,
            weather_compensated: true,
        },
        elevation: Metre(1100.0),
        t_design: Celsius(-12.0),
        t_room: Celsius(18.0),
        design_load: Kilowatt(8.0),
    }
}

fn wave(h: usize) -> f64 {
    (h as f64 / 24.0 * std::f64::consts::TAU).cos()
}

#[divan::bench(args = FAMILIES)]
fn one_winter(bencher: Bencher<'_, '_>, family: &str) {
    let heater = product(family).heater;
    let t: Vec<f64> = (0..HOURS).map(|h| -5.0 * wave(h) - 4.0).collect();
    let heat: Vec<f64> = t.iter().map(|t| (18.0 - t) * 0.25).collect();
    let rh: Vec<f64> = (0..HOURS).map(|h| 55.0 + 20.0 * wave(h)).collect();
    let cheap: Vec<bool> = (0..HOURS).map(|h| !(8..20).contains(&(h % 24))).collect();
    let sun: Vec<f64> = (0..HOURS).map(|h| (-wave(h)).max(0.0) * 600.0).collect();
    let duty = Duty {
        heat_kw: &heat,
        t_out_c: &t,
        rh_pct: &rh,
        cheap: &cheap,
        collector_w_m2: Some(&sun),
        collector_tilt_deg: None,
        machines: None,
    };
    let (plant, mut out) = (plant(), Operation::default());
    bencher.bench_local(|| heater.operate(black_box(&plant), black_box(&duty), &mut out));
}

#[divan::bench]
fn pv_year(bencher: Bencher<'_, '_>) {
    let system = PvSystem {
        dc: Kilowatt(5.0),
        gamma_per_k: -0.0035,
        losses: 0.14,
        inverter: 0.96,
        dc_ac: 1.04,
        mount: Mount::CloseMount,
    };
    let sun: Vec<f64> = (0..8760).map(|h| (-wave(h)).max(0.0) * 800.0).collect();
    let (t, wind) = (vec![5.0; 8760], vec![2.0; 8760]);
    bencher.bench_local(|| pv_generation(black_box(&system), &sun, &t, &wind));
}

#[divan::bench]
fn pv_self_use(bencher: Bencher<'_, '_>) {
    let (load, sun) = (vec![1.0; 8760], vec![0.7; 8760]);
    bencher.bench_local(|| self_use(black_box(&load), black_box(&sun)));
}
