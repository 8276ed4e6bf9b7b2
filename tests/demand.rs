//! Heat demand against independent tools: EnergyPlus on a brick farmhouse, ASHRAE 140, other 5R1C programs.

#[path = "support/heat.rs"]
mod support;

use support::{CITIES, House, Weather, bands, rows};

#[test]
fn one_change() {
    let text = support::read("tests/reference/heat/house_one_change.csv");
    let mut as_is = (0.0, 0.0);
    for line in text.lines().skip(1) {
        let c: Vec<&str> = line.split(',').collect();
        if (c[1], c[2]) == ("adiabatic", "auto") {
            continue;
        }
        let row = support::Row {
            city: c[0].into(),
            envelope: "base".into(),
            schedule: "const16".into(),
            floor: c[1].into(),
            film: c[2].into(),
            season_kwh: c[4].parse().unwrap(),
            peak_hour_w: c[6].parse().unwrap(),
        };
        let house = House::of(&row).changed(c[3]);
        let heat = house.simulate(Weather::Recorded, &row).total().0;
        if c[3] == "as_is" {
            as_is = (heat, row.season_kwh);
        }
        let (a, b) = (heat - as_is.0, row.season_kwh - as_is.1);
        println!(
            "{:8} {:9} {:4} {:24} ours {:7.0} theirs {:7.0} | change {:7.0} {:7.0} {:+.0}%",
            c[0],
            c[1],
            c[2],
            c[3],
            heat,
            row.season_kwh,
            a,
            b,
            (a / b - 1.0) * 100.0
        );
    }
}

#[test]
fn explore() {
    for source in [Weather::Synthesised, Weather::Recorded] {
        for row in rows() {
            let house = House::of(&row);
            let heat = house.simulate(source, &row);
            let band = bands(&row);
            let ours = heat.total().0;
            println!(
                "{source:?} {:8} {:9} {:10} {:9} ours {:7.0} auto/iso {:7.0} {:7.0} {} peak {:5.2} / {:5.2}",
                row.city,
                row.envelope,
                row.schedule,
                row.floor,
                ours,
                band.0,
                band.1,
                if ours >= 0.9 * band.0 && ours <= 1.1 * band.1 {
                    "in "
                } else {
                    "OUT"
                },
                heat.peak().0,
                row.peak_hour_w / 1000.0,
            );
        }
    }
    assert_eq!(CITIES.len(), 3);
}

#[test]
fn sky_level() {
    for (city, id, _, _) in CITIES {
        let year = support::recorded(city, id);
        let sky = qingnuan::weather::sky_depression_k(&year);
        let s = qingnuan::words::calendar::Season {
            from: qingnuan::words::calendar::MonthDay::new(11, 15).unwrap(),
            to: qingnuan::words::calendar::MonthDay::new(3, 15).unwrap(),
        };
        let m: f64 = s.hours().map(|h| sky[h]).sum::<f64>() / (s.days() * 24) as f64;
        let w: f64 = s.hours().map(|h| year.wind_m_s[h]).sum::<f64>() / (s.days() * 24) as f64;
        let r: f64 = s.hours().map(|h| year.rh_pct[h]).sum::<f64>() / (s.days() * 24) as f64;
        let g: f64 = s
            .hours()
            .map(|h| {
                0.75 * (15.0
                    * qingnuan::weather::exposure(&year, qingnuan::weather::SkyModel::Perez)
                        .glass_w_m2[0][h])
            })
            .take(0)
            .sum::<f64>();
        let e = qingnuan::weather::exposure(&year, qingnuan::weather::SkyModel::Perez);
        let g = g + s
            .hours()
            .map(|h| 0.75 * (15.0 * e.glass_w_m2[0][h] + 5.0 * e.glass_w_m2[2][h]))
            .sum::<f64>()
            / 1000.0;
        let i = s
            .hours()
            .map(|h| 0.75 * (15.0 * e.wall_w_m2[0][h] + 5.0 * e.wall_w_m2[2][h]))
            .sum::<f64>()
            / 1000.0;
        println!("sun through glass {g} at normal {i}");
        println!("{city} depression {m} wind {w} rh {r}");
    }
}

#[test]
fn ashrae() {
    let path = support::shared().join("weather/725650TYCST.epw");
    let text = std::fs::read_to_string(path).unwrap();
    let mut problems = qingnuan::input::problem::Problems::default();
    let year = qingnuan::input::epw::read_epw("725650TYCST.epw", &text, &mut problems);
    println!("{problems:?}");
    let year = year.unwrap();
    for sky in [
        qingnuan::weather::SkyModel::Perez,
        qingnuan::weather::SkyModel::Isotropic,
    ] {
        let exposure = qingnuan::weather::exposure(&year, sky);
        let weather = qingnuan::demand::BuildingWeather::new(
            &year,
            &exposure,
            qingnuan::words::calendar::Season::YEAR,
        );
        for film in [None, Some(2.1), Some(3.45)] {
            for case in [600, 640, 900, 940] {
                let (b, s) = support::ashrae(case, film);
                let h = qingnuan::demand::simulate(&b, &weather, &s, None);
                println!(
                    "ash {sky:?} {film:?} {case} {:.3} peak {:.2}",
                    h.total().0 / 1000.0,
                    h.peak().0
                );
            }
        }
    }
}

#[test]
fn ashrae_lbnl() {
    let path = support::shared().join("weather/725650TYCST.epw");
    let text = std::fs::read_to_string(path).unwrap();
    let mut problems = qingnuan::input::problem::Problems::default();
    let year = qingnuan::input::epw::read_epw("725650TYCST.epw", &text, &mut problems).unwrap();
    for sky in [
        qingnuan::weather::SkyModel::Perez,
        qingnuan::weather::SkyModel::Isotropic,
    ] {
        for (sun, cold) in [(false, false), (true, false), (true, true)] {
            let mut exposure = qingnuan::weather::exposure(&year, sky);
            if !cold {
                exposure.sky_k.fill(0.0);
            }
            let weather = qingnuan::demand::BuildingWeather::new(
                &year,
                &exposure,
                qingnuan::words::calendar::Season::YEAR,
            );
            for film in [2.1, 3.45] {
                print!("lbnl {sky:?} sun {sun} sky {cold} {film}");
                for (case, want) in [(600, 4.6581), (640, 2.8984), (900, 1.8328), (940, 1.2419)] {
                    let (mut b, s) = support::ashrae(case, Some(film));
                    if !sun {
                        b.opaque.iter_mut().for_each(|e| e.absorptance = 0.0);
                    }
                    let h = qingnuan::demand::simulate(&b, &weather, &s, None);
                    let ours = h.total().0 / 1000.0;
                    print!("  {case} {ours:.3} {:+.1}%", (ours / want - 1.0) * 100.0);
                }
                println!();
            }
        }
    }
}
