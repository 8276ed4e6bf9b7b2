//! The typical year against the figures that a correct port of the generator prints, and sun on
//! planes against pvlib.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/heat.rs"]
#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use qingnuan::weather::{
    MonthClimate, Origin, Sequences, SkyModel, StationClimate, below_threshold_season, daily_means,
    on_plane, typical_year,
};
use qingnuan::words::calendar::{MONTH_DAYS, month_start_day};
use qingnuan::words::climate::{HourlyYear, Plane, Site};
use qingnuan::words::kinds::Name;
use qingnuan::words::quantity::{Celsius, Kelvin};
use support::{read, synthesised as year_of};

const SOUTH_WALL: Plane = Plane {
    tilt_deg: 90.0,
    azimuth_deg: 180.0,
};

fn rows(path: &str) -> Vec<Vec<String>> {
    let text = read(path);
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
        let days = daily_means(&year);
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

/// A plane of `poa.csv` in a month: name, ours and pvlib's, kWh/m2.
fn planes() -> Vec<(String, f64, f64)> {
    let cities = [
        ("beijing", "54511"),
        ("lanzhou", "52889"),
        ("harbin", "50953"),
    ];
    let mut found = Vec::new();
    for (city, id) in cities {
        let mut year = year_of(id);
        let sun = support::columns(&format!("solar/hourly/{city}.csv.gz"));
        year.ghi_w_m2.clone_from(&sun[2]);
        year.dni_w_m2.clone_from(&sun[3]);
        year.dhi_w_m2.clone_from(&sun[4]);
        year.beam = qingnuan::words::climate::BeamSource::DirectNormal;
        for row in rows("tests/reference/weather/poa.csv") {
            let sky = match row[3].as_str() {
                "isotropic" => SkyModel::Isotropic,
                "perez" => SkyModel::Perez,
                _ => continue,
            };
            if row[0] != city {
                continue;
            }
            let plane = Plane {
                tilt_deg: row[1].parse().unwrap(),
                azimuth_deg: row[2].parse().unwrap(),
            };
            let ours = on_plane(&year, plane, 0.2, sky);
            for m in 0..12 {
                let days = month_start_day(m)..month_start_day(m) + MONTH_DAYS[m];
                let kwh = ours[days.start * 24..days.end * 24].iter().sum::<f64>() / 1000.0;
                let name = format!("{city} {} {} {} month {}", row[1], row[2], row[3], m + 1);
                found.push((name, kwh, row[5 + m].parse().unwrap()));
            }
        }
    }
    found
}

#[test]
#[ignore = "needs the hourly sun of the reference"]
fn sun_on_planes_agrees_with_pvlib() {
    let all = planes();
    assert!(all.len() > 200);
    let outside: Vec<String> = all
        .iter()
        .filter(|(_, ours, theirs)| (ours / theirs - 1.0).abs() > 0.02)
        .map(|(name, ours, theirs)| format!("{name}: {ours:.2} {theirs:.2}"))
        .collect();
    assert!(
        outside.is_empty(),
        "{} of {}:\n{}",
        outside.len(),
        all.len(),
        outside.join("\n")
    );
}

/// Station, its heating period in the table and ours: first days and lengths.
fn seasons() -> Vec<(String, usize, usize)> {
    let text = read("data/stations/stations.csv");
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (from, to) = (at("hp_start"), at("hp_end"));
    let mut found = Vec::new();
    for line in text.lines().skip(1).step_by(7) {
        let cells: Vec<&str> = line.split(',').collect();
        let day = qingnuan::words::calendar::MonthDay::parse;
        let (Some(from), Some(to)) = (day(cells[from]), day(cells[to])) else {
            continue;
        };
        let theirs = qingnuan::words::calendar::Season { from, to };
        let ours = below_threshold_season(&year_of(cells[0]), Celsius(5.0)).unwrap();
        found.push((cells[0].to_owned(), theirs.days(), ours.days()));
    }
    found
}

#[test]
fn heating_periods_are_those_of_the_stations() {
    let all = seasons();
    assert!(all.len() > 15);
    for (id, theirs, ours) in all {
        assert!(theirs.abs_diff(ours) <= 2, "{id}: {theirs} and {ours} days");
    }
}

#[test]
fn a_place_that_is_never_cold_has_no_season() {
    let mut year = year_of("54511");
    year.t_out_c.fill(20.0);
    assert_eq!(below_threshold_season(&year, Celsius(5.0)), None);
    year.t_out_c.fill(-20.0);
    let season = below_threshold_season(&year, Celsius(5.0)).unwrap();
    assert_eq!(season.days(), 365);
}

fn station(months: [MonthClimate; 12], latitude_deg: f64, longitude_deg: f64) -> StationClimate {
    StationClimate {
        id: "test".into(),
        name: Name::same("test"),
        site: Site {
            latitude_deg,
            longitude_deg,
            elevation_m: 100.0,
            utc_offset_h: 8.0,
        },
        months,
        origin: Origin::Measured,
        clearness_from: None,
    }
}

fn sequences() -> Sequences {
    let text: Vec<Vec<String>> = rows("data/stations/sequences.csv");
    Sequences {
        temperature: std::array::from_fn(|d| text[d][1].parse().unwrap()),
        clearness: std::array::from_fn(|d| text[d][2].parse().unwrap()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn monthly_means_are_kept_for_any_climate(
        means in prop::array::uniform12(-30.0..30.0_f64),
        range in 4.0..18.0_f64,
        kt in 0.3..0.6_f64,
        latitude in 20.0..53.0_f64,
        longitude in 74.0..134.0_f64,
        shift in -3.0..3.0_f64,
    ) {
        let months = means.map(|t| MonthClimate {
            t_mean_c: t,
            tmax_mean_c: t + range / 2.0,
            tmin_mean_c: t - range / 2.0,
            sd_anom_k: 3.0,
            wind_m_s: 2.0,
            rh_pct: 55.0,
            kt,
            sd_kt: 0.12,
        });
        let year = typical_year(&station(months, latitude, longitude), &sequences(), Kelvin(shift));
        let days = daily_means(&year);
        for m in 0..12 {
            let at = month_start_day(m)..month_start_day(m) + MONTH_DAYS[m];
            let mean = days[at.clone()].iter().sum::<f64>() / MONTH_DAYS[m] as f64;
            // The sequences are printed to four places, their monthly mean is zero within 1e-4.
            prop_assert!((mean - means[m] - shift).abs() < 0.01, "month {m}: {mean} {}", means[m]);
        }
        for h in 0..8760 {
            prop_assert!(year.ghi_w_m2[h] >= 0.0 && year.dhi_w_m2[h] <= year.ghi_w_m2[h] + 1e-9);
            prop_assert!((0.0..=100.0).contains(&year.rh_pct[h]));
            prop_assert!(year.dni_w_m2[h] >= 0.0 && year.t_out_c[h].is_finite());
        }
    }
}

#[test]
fn a_shift_moves_every_hour_alike() {
    let (base, warm) = (year_of("54511"), support::shifted("54511", 1.5));
    for (a, b) in base.t_out_c.iter().zip(&warm.t_out_c) {
        assert!((b - a - 1.5).abs() < 1e-9);
    }
    assert_eq!(base.ghi_w_m2, warm.ghi_w_m2);
}

#[test]
fn the_sun_of_urumqi_is_two_hours_late_by_the_clock() {
    let text = read("data/stations/stations.csv");
    let id = text
        .lines()
        .find(|l| l.contains("Urumqi"))
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let year = year_of(id);
    // Longitude 87.6 degrees east: solar noon at 14:10 by Beijing time, the middle of hour 14.
    let centre = |year: &HourlyYear| {
        let day = &year.ghi_w_m2[10 * 24..11 * 24];
        let moment: f64 = day
            .iter()
            .enumerate()
            .map(|(h, w)| (h as f64 + 0.5) * w)
            .sum();
        moment / day.iter().sum::<f64>()
    };
    assert!((centre(&year) - 14.3).abs() < 0.2, "{}", centre(&year));
}

fn weather_page() -> String {
    let mut page = String::from(
        "<!-- Written by `cargo test --test weather -- --ignored validation`; do not edit. -->\n\n\
         ## Weather: sun on planes against pvlib 0.16, same hourly records\n\n\
         Worst month of each plane. Mark: 2 % a month with another sun position.\n\n\
         | plane (city, tilt, azimuth, sky) | ours, kWh/m2 | theirs | difference |\n| --- | --: | --: | --: |\n",
    );
    let all = planes();
    for plane in all.chunks_exact(12) {
        let off = |row: &&(String, f64, f64)| (row.1 / row.2 - 1.0).abs();
        let worst = plane
            .iter()
            .max_by(|a, b| off(a).total_cmp(&off(b)))
            .unwrap();
        let difference = (worst.1 / worst.2 - 1.0) * 100.0;
        page += &format!(
            "| {} | {:.2} | {:.2} | {difference:+.2} % |\n",
            worst.0, worst.1, worst.2
        );
    }
    page += "\n## Weather: heating period by the 5 degC rule\n\n\
             Days of the synthesised year and of the station's own typical year. Mark: 2 days.\n\n\
             | station | ours | theirs | difference |\n| --- | --: | --: | --: |\n";
    for (id, theirs, ours) in seasons() {
        page += &format!(
            "| {id} | {ours} | {theirs} | {:+} |\n",
            ours as i64 - theirs as i64
        );
    }
    page += "\nThe generator itself reproduces the golden hours of three stations to 0.0005 (K, W/m2).\n";
    page
}

#[test]
#[ignore = "needs the hourly sun of the reference"]
fn validation_page_of_weather_is_current() {
    support::page("docs/validation/weather.md", &weather_page());
}
