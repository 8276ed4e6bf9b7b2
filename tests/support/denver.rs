//! The year of ASHRAE 140-2020 and its box.

use super::support::shared;
use qingnuan::demand::{Building, Facing, Opaque, Schedule, Window};
use qingnuan::input::epw::read_epw;
use qingnuan::input::problem::Problems;
use qingnuan::weather::{SkyModel, exposure};
use qingnuan::words::climate::{Exposure, HourlyYear};
use std::sync::LazyLock;

/// Surfaces of the box of 8 x 6 x 2.7 m, m2: what faces the room.
pub const CASE_SURFACES_M2: f64 = 2.0 * (8.0 * 6.0 + 8.0 * 2.7 + 6.0 * 2.7);

/// The year of ASHRAE 140-2020 and its sun and sky.
pub fn denver() -> &'static (HourlyYear, Exposure) {
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

/// A case of ASHRAE 140 with the parameters of LBNL's model of it.
pub fn ashrae(case: u32) -> (Building, Schedule) {
    let wall = |area_m2: f64, facing, u_w_m2k: f64| Opaque {
        area_m2,
        u_w_m2k,
        absorptance: 0.6,
        facing,
    };
    let (capacity, mass) = super::lbnl::mass(case);
    let building = Building {
        heated_area_m2: 48.0,
        volume_m3: 129.6,
        opaque: vec![
            wall(9.6, Facing::South, 0.53),
            wall(21.6, Facing::North, 0.53),
            wall(16.2, Facing::East, 0.53),
            wall(16.2, Facing::West, 0.53),
            wall(48.0, Facing::Up, 0.33),
            wall(48.0, Facing::Unheated, 0.038),
        ],
        windows: vec![Window {
            area_m2: 12.0,
            u_w_m2k: 3.1,
            g: 0.769,
            facing: Facing::South,
        }],
        floor: None,
        air_changes_per_h: 0.5,
        internal_gains_w_m2: 200.0 / 48.0,
        heat_capacity_j_k: capacity * 48.0,
        mass_area_m2: mass * 48.0,
        interior_area_m2: CASE_SURFACES_M2,
        air_film_w_m2k: None,
        partition_m2: 0.0,
        partition_u_w_m2k: 1.0,
    };
    let night = case % 100 == 40;
    let mut schedule = if night {
        Schedule::daily(20.0, 10.0, 7, 23)
    } else {
        Schedule::constant(20.0)
    };
    schedule.vent_above_c = 27.0;
    (building, schedule)
}
