//! The typical year against the figures that a correct port of the generator prints.

use qingnuan::input::problem::Problems;
use qingnuan::input::station::StationTables;
use qingnuan::weather::{SkyModel, on_plane, typical_year};
use qingnuan::words::climate::{HourlyYear, Plane};
use qingnuan::words::quantity::Kelvin;

const SOUTH_WALL: Plane = Plane {
    tilt_deg: 90.0,
    azimuth_deg: 180.0,
};

fn read(path: &str) -> Option<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    std::fs::read_to_string(format!("{root}{path}")).ok()
}

fn year_of(id: &str) -> HourlyYear {
    let texts: std::collections::BTreeMap<String, String> = [
        "stations",
        "monthly",
        "derived_stations",
        "derived_monthly",
        "gb50736",
        "sequences",
    ]
    .iter()
    .map(|name| format!("stations/{name}.csv"))
    .map(|name| (name.clone(), read(&format!("data/{name}")).unwrap()))
    .collect();
    let files = |name: &str| texts.get(name).map(String::as_str);
    let mut problems = Problems::default();
    let tables = StationTables::open(&files, &mut problems).unwrap();
    let station = tables.station(id, &mut problems).unwrap();
    let sequences = tables.sequences(&mut problems).unwrap();
    typical_year(&station, &sequences, Kelvin(0.0))
}

fn rows(path: &str) -> Vec<Vec<String>> {
    let text = read(path).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn golden_hours_of_three_stations() {
    let rows = rows("tests/reference/weather/golden_hours.csv");
    assert_eq!(rows.len(), 288);
    let mut worst = [0.0_f64; 4];
    for id in ["54511", "53614", "50953"] {
        let year = year_of(id);
        let south = on_plane(&year, SOUTH_WALL, 0.2, SkyModel::Isotropic);
        for row in rows.iter().filter(|row| row[0] == id) {
            let h: usize = row[1].parse().unwrap();
            let ours = [
                year.t_out_c[h],
                year.ghi_w_m2[h],
                year.dhi_w_m2[h],
                south[h],
            ];
            for (k, value) in ours.iter().enumerate() {
                let golden: f64 = row[2 + k].parse().unwrap();
                worst[k] = worst[k].max((value - golden).abs());
            }
        }
    }
    println!("{worst:?}");
    assert!(worst[0] <= 0.01, "temperature {} K", worst[0]);
    assert!(
        worst[1] <= 0.1 && worst[2] <= 0.1,
        "global, diffuse {worst:?} W/m2"
    );
    assert!(worst[3] <= 0.1, "south wall {} W/m2", worst[3]);
}

#[test]
fn golden_sums_of_three_years() {
    for row in rows("tests/reference/weather/golden_year.csv") {
        let year = year_of(&row[0]);
        let golden: Vec<f64> = row[1..].iter().map(|cell| cell.parse().unwrap()).collect();
        let days = qingnuan::weather::daily_means(&year);
        let sum = |series: &[f64]| series.iter().sum::<f64>();
        let south = on_plane(&year, SOUTH_WALL, 0.2, SkyModel::Isotropic);
        let ours = [
            days.iter().map(|t| (18.0 - t).max(0.0)).sum(),
            sum(&year.t_out_c) / 8760.0,
            year.t_out_c.iter().copied().fold(f64::INFINITY, f64::min),
            year.t_out_c
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max),
            year.t_out_c.iter().filter(|t| **t < -10.0).count() as f64,
            sum(&year.ghi_w_m2) / 1000.0,
            sum(&year.dhi_w_m2) / 1000.0,
            sum(&south) / 1000.0,
        ];
        println!("{ours:?}\n{golden:?}");
        let tolerance = [0.05, 0.01, 0.01, 0.01, 0.0, 0.05, 0.1, 0.1];
        for ((ours, golden), tolerance) in ours.iter().zip(&golden).zip(tolerance) {
            assert!(
                (ours - golden).abs() <= tolerance,
                "{}: {ours} {golden}",
                row[0]
            );
        }
    }
}
