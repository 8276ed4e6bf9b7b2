//! Heat demand against independent tools: EnergyPlus on a brick farmhouse, ASHRAE 140, other 5R1C
//! programs. Tolerances are those of the references.
//!
//! Tests that need the hourly series or weather files outside the repository are ignored in the
//! ordinary run; `QINGNUAN_SHARED` names their folder.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/denver.rs"]
mod denver;
#[path = "support/lbnl.rs"]
mod lbnl;
#[path = "support/heat.rs"]
mod support;

use denver::{ashrae, denver};
use lbnl::{CASES, FILM_W_M2K, Inputs, MASS_BEFORE_2024, SURFACES_BY_RULE_M2, WAY, Way};

use proptest::prelude::*;
use qingnuan::demand::{
    Building, BuildingWeather, HeatDemand, Network, Retrofit, STAR_W_M2K, Schedule, Sources,
    WARM_UP_DAYS, design_load, simulate,
};
use qingnuan::weather::{SkyModel, exposure};
use qingnuan::words::calendar::{MonthDay, Season};
use qingnuan::words::quantity::{Celsius, Kilowatt};
use rstest::rstest;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use support::{Case, House, Weather, cases, read, rows};

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
                ours: (as_is.0, now),
                theirs: (as_is.1, reference),
            });
        }
    }
    found
}

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn one_term_of_the_farmhouse_changed() {
    let all = one_change();
    assert_eq!(all.len(), 18);
    let rows = all.iter().map(|c| {
        let theirs = c.theirs.1 - c.theirs.0;
        // Signs are kept: a change must go the same way.
        (c.name.clone(), (c.ours.1 - c.ours.0) / theirs, (1.0, 1.0))
    });
    within("change of season heat", 0.20, rows);
}

/// A block of `house_one_change.csv`: a city with a floor and film, and its rows by change: season heat
/// (kWh) and peak (W).
fn reference_blocks() -> BTreeMap<String, BTreeMap<String, (f64, f64)>> {
    let text = read("tests/reference/heat/house_one_change.csv");
    let mut blocks: BTreeMap<String, BTreeMap<String, (f64, f64)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let figures = (cells[4].parse().unwrap(), cells[6].parse().unwrap());
        let block = blocks.entry(cells[..3].join(" ")).or_default();
        block.insert(cells[3].into(), figures);
    }
    blocks
}

/// What the reference's `no_sun_at_all_no_gains` is, by its own figures: heat is the part above nought of what
/// is lost less what is gained, so that gains taken away together cost no less than the sum of each alone, and
/// the peak without any is no lower than with one less. With windows left in place the first is broken in all
/// four blocks, by 12 to 37 %, the second in three. With the windows walled up both hold.
#[test]
fn the_reference_without_any_sun_has_no_windows() {
    let blocks = reference_blocks();
    assert_eq!(blocks.len(), 4);
    let mut lower_peaks = 0;
    for (name, rows) in blocks {
        let more = |change: &str| rows[change].0 - rows["as_is"].0;
        let all = more("no_sun_at_all_no_gains");
        let others = more("no_solar_on_opaque") + more("no_internal_gains");
        assert!(
            all < 0.9 * (others + more("windows_opaque_to_sun")),
            "{name}"
        );
        assert!(all > others + more("no_windows"), "{name}");
        let peak = |change: &str| rows[change].1;
        let gains = peak("no_internal_gains") - peak("as_is");
        let all = peak("no_sun_at_all_no_gains");
        lower_peaks += usize::from(all < peak("windows_opaque_to_sun") + gains);
        assert!(all > peak("no_windows") + gains, "{name}");
    }
    assert_eq!(lower_peaks, 3);
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

/// Heating of an ASHRAE 140 case in Denver, MWh.
fn ashrae_mwh(case: u32) -> f64 {
    ashrae_with_film_mwh(case, None)
}

/// The same with a given film between surfaces and air, W/(m2 K), in place of natural convection.
fn ashrae_with_film_mwh(case: u32, film_w_m2k: Option<f64>) -> f64 {
    let (year, sun) = denver();
    let weather = BuildingWeather::new(year, sun, Season::YEAR);
    let (mut building, schedule) = ashrae(case);
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

/// End of the year's heating of the LBNL library's own runs, MWh.
fn lbnl_published(case: u32) -> f64 {
    lbnl_result(case, "heating").unwrap()
}

fn lbnl_result(case: u32, of: &str) -> Option<f64> {
    let file = read("tests/reference/heat/iso13790_modelica_reference.json");
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    file["results_mwh"][case.to_string()][of].as_f64()
}

#[rstest]
#[case(600)]
#[case(640)]
#[case(900)]
#[case(940)]
#[ignore = "needs the Denver weather file"]
fn the_zone_of_lbnl_in_our_network(#[case] case: u32) {
    let ours = lbnl::loads(case, Way::Theirs);
    let held = [("heating", ours.heat_mwh), ("cooling", ours.cool_mwh)];
    let rows = held.into_iter().filter_map(|(of, mwh)| {
        let theirs = lbnl_result(case, of)?;
        Some((format!("{case} {of}"), mwh, (theirs, theirs)))
    });
    within("MWh", 0.05, rows);
}

/// The running sum of the year's heating at every hundredth of the year, kWh, ours and LBNL's.
fn lbnl_course(case: u32) -> Vec<(f64, f64)> {
    let heat_w = lbnl::loads(case, Way::Theirs).heat_w;
    let column = if case == 900 { 1 } else { 2 };
    let text = read("tests/reference/heat/lbnl_5r1c_heating.csv");
    let theirs = text.lines().skip(1).map(|line| {
        let cell = line.split(',').nth(column).unwrap();
        cell.parse::<f64>().unwrap()
    });
    let ours = |i: usize| {
        let (hour, part) = (i * 8760 / 100, (i * 8760 % 100) as f64 / 100.0);
        let rest = heat_w.get(hour).map_or(0.0, |w| w * part);
        (heat_w[..hour].iter().sum::<f64>() + rest) / 1000.0
    };
    theirs.enumerate().map(|(i, kwh)| (ours(i), kwh)).collect()
}

/// A sum over the year could agree by chance; a hundred parts of it do not.
#[rstest]
#[case(900)]
#[case(940)]
#[ignore = "needs the Denver weather file"]
fn the_zone_of_lbnl_heats_when_theirs_does(#[case] case: u32) {
    let course = lbnl_course(case);
    assert_eq!(course.len(), 101);
    let total = course[100].1;
    for (i, (ours, theirs)) in course.iter().enumerate() {
        assert!(
            (ours - theirs).abs() < 0.05 * total,
            "{case} at {i} %: {ours:.1} and {theirs:.1} kWh"
        );
    }
}

/// Our whole model with LBNL's inner film. The mark is for LBNL's parameters, so this goes beyond it; 900 is not
/// here, since its outer films take it 5.4 % below (the steps in `docs/validation/heat.md`).
#[rstest]
#[case(600)]
#[case(640)]
#[case(940)]
#[ignore = "needs the Denver weather file"]
fn the_whole_model_with_the_inner_film_of_lbnl(#[case] case: u32) {
    let theirs = lbnl_published(case);
    let ours = ashrae_with_film_mwh(case, Some(FILM_W_M2K));
    let row = (case.to_string(), ours, (theirs, theirs));
    within("heating, MWh", 0.05, std::iter::once(row));
}

/// The way from their rules to ours leaves nothing out: its end is our model with their film.
#[rstest]
#[case(600)]
#[case(640)]
#[case(900)]
#[case(940)]
#[ignore = "needs the Denver weather file"]
fn the_way_from_lbnl_ends_at_our_model(#[case] case: u32) {
    let end = lbnl::loads(case, Way::Clock).heat_mwh;
    let ours = ashrae_with_film_mwh(case, Some(FILM_W_M2K));
    assert!((end / ours - 1.0).abs() < 1e-3, "{case}: {end} and {ours}");
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
    page += "\n`no_sun_at_all_no_gains` has no windows either. The reference does not say so, its figures do: with windows\n\
             the change is 12 to 37 % below the sum of its three single changes, and the peak mostly below that of dark\n\
             windows, neither of which can be; without windows both hold in all four blocks (tested). `no_windows` is a small\n\
             difference of sun lost and conduction saved. A window is given to EnergyPlus with the outer film of NFRC\n\
             (0.034 m2 K/W) in its transmittance, not 0.04 as in ISO 6946, and glass radiates 0.837 (EN 673), not the\n\
             0.9 of walls: worth 4 and 6 % of the change at Lanzhou.\n\n\
             ## Heat: ASHRAE 140-2020, Denver, heating of the year\n\n\
             MWh; the difference is to the nearer end of the six programs' range, 0 inside it. Mark: ± 10 %.\n\n\
             | case | ours | six programs | difference | LBNL 5R1C | difference |\n\
             | --- | --: | --: | --: | --: | --: |\n";
    for case in CASES {
        let (ours, lbnl) = (ashrae_mwh(case), lbnl_published(case));
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

/// How far the zone is from LBNL's sums with each version of its inputs.
fn lbnl_versions() -> String {
    let used = Inputs::USED;
    let by_rule = Inputs {
        surfaces_m2: SURFACES_BY_RULE_M2,
        ..used
    };
    let older = |inputs| Inputs {
        mass: MASS_BEFORE_2024,
        ..inputs
    };
    let rows = [
        ("since 2024", "171.6 m2", used),
        ("since 2024", "4.5 x floor", by_rule),
        ("before", "171.6 m2", older(used)),
        ("before", "4.5 x floor", older(by_rule)),
    ];
    let mut text = String::from(
        "\n| masses | surfaces | heating 600 | 640 | 900 | 940 | cooling 600 | 640 | 900 |\n\
         | --- | --- | --: | --: | --: | --: | --: | --: | --: |\n",
    );
    for (mass, surfaces, inputs) in rows {
        let loads = CASES.map(|case| lbnl::loads_of(case, Way::Theirs, inputs));
        let off = |k: usize, of: &str, mwh: f64| {
            let theirs = lbnl_result(CASES[k], of)?;
            Some(format!("{:+.1} %", (mwh / theirs - 1.0) * 100.0))
        };
        let heating = (0..4).filter_map(|k| off(k, "heating", loads[k].heat_mwh));
        let cooling = (0..4).filter_map(|k| off(k, "cooling", loads[k].cool_mwh));
        let cells: Vec<String> = heating.chain(cooling).collect();
        text += &format!("| {mass} | {surfaces} | {} |\n", cells.join(" | "));
    }
    text
}

/// The fixed film between surfaces and air with which a case needs the heat of natural convection, W/(m2 K).
fn film_of_natural_convection(case: u32) -> f64 {
    let target = ashrae_mwh(case);
    let (mut low, mut high) = (0.5, 3.5);
    for _ in 0..30 {
        let film = f64::midpoint(low, high);
        if ashrae_with_film_mwh(case, Some(film)) < target {
            low = film;
        } else {
            high = film;
        }
    }
    low
}

/// From the zone of the LBNL library in our network to our whole model, one rule after another.
fn lbnl_steps() -> String {
    let published = CASES.map(lbnl_published);
    let mut steps: Vec<(&str, [f64; 4])> = Vec::new();
    for (way, name) in WAY {
        steps.push((name, CASES.map(|case| lbnl::loads(case, way).heat_mwh)));
    }
    let last = "natural convection inside, not a film of 2.1 W/(m2 K)";
    steps.push((last, CASES.map(ashrae_mwh)));
    let mut text =
        "\n| rule | 600 | 640 | 900 | 940 |\n| --- | --: | --: | --: | --: |\n".to_owned();
    for (i, (name, now)) in steps.iter().enumerate() {
        let cells: Vec<String> = (0..4)
            .map(|k| {
                let off = (now[k] / published[k] - 1.0) * 100.0;
                match i.checked_sub(1) {
                    None => format!("{:.0} ({off:+.1} %)", now[k] * 1000.0),
                    Some(before) => {
                        let change = (now[k] - steps[before].1[k]) * 1000.0;
                        format!("{change:+.0} ({off:+.1} %)")
                    }
                }
            })
            .collect();
        text += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    text
}

/// The zone of the LBNL library against its own results, and how far our model is from it and why.
fn lbnl_section() -> String {
    let published = CASES.map(lbnl_published);
    let mut text = "\n## Heat: the 5R1C zone of the LBNL library in our network\n\n\
        LBNL's rules and parameters, heating and cooling of the year, MWh. Mark: 5 %, for a 5R1C on the same weather and\n\
        parameters. The running sum of heating in 900 and 940 is held to it too, at each hundredth of the year.\n\n\
        | case | ours | LBNL | difference |\n| --- | --: | --: | --: |\n"
        .to_owned();
    for case in CASES {
        let ours = lbnl::loads(case, Way::Theirs);
        for (of, mwh) in [("heating", ours.heat_mwh), ("cooling", ours.cool_mwh)] {
            if let Some(theirs) = lbnl_result(case, of) {
                let name = format!("{case} {of}");
                text += &table_row(&name, mwh, &format!("{theirs:.3}"), theirs, 3);
            }
        }
    }
    text += "\n## Heat: versions of the LBNL library\n\n\
        Two inputs differ between versions of the library, and the masses of the reference file are those of the\n\
        older one (J/(m2 K) and m2, for a square metre of floor): 51,289.8 and 4.522 light, 249,272 and 2.7 heavy.\n\
        `Case600Mass` and `Case900Mass` have 42,167 and 2.95, 307,750 and 2.43 since the cases follow ASHRAE 140-2020\n\
        (2024, when the stored runs begin). The surfaces that face the room are taken as the 171.6 m2 of the box: the\n\
        stored copy of `Zone` takes 4.5 times the floor, but is older than these cases (it lacks their `coeFac`), and\n\
        a public project that ran them, with 4.658 and 1.833 MWh as here, states these masses and 171.6 m2. Which\n\
        surfaces the stored runs had is thus inferred, not read from their source. Of the four pairs this one alone\n\
        holds all seven sums to 5 %:\n";
    text += &lbnl_versions();
    let above = (0..4)
        .map(|k| {
            let highest = ashrae_published(CASES[k]).1;
            format!("{:+.1} %", (published[k] / highest - 1.0) * 100.0)
        })
        .collect::<Vec<_>>()
        .join(", ");
    text += &format!(
        "\n## Heat: from the rules of LBNL to ours\n\n\
         Our whole model needs some 16 % less than LBNL's. Each line puts one more rule of ours in the place of theirs:\n\
         kWh that it changes, and how far the sum so far is from LBNL's. All rules but the last cancel to about 5 %. The\n\
         last is the inner film: fixed at 2.1 W/(m2 K) there, natural convection here. In a box that the sun warms as\n\
         much as it loses, the mean difference between surfaces and air is so small that convection is at its lower\n\
         bound, worth a fixed {:.2}. The six programs side with less heat: LBNL is {above}\n\
         from the highest of them.\n",
        film_of_natural_convection(600)
    );
    text += &lbnl_steps();
    text
}

#[test]
#[ignore = "needs the hourly weather of the reference runs"]
fn validation_page_of_heat_is_current() {
    support::page("docs/validation/heat.md", &heat_page());
}
