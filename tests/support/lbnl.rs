//! The 5R1C zone of the LBNL library (`Buildings.ThermalZones.ISO13790.Zone5R1C`, cases of its BESTEST
//! validation) in our network, and the way from its rules to ours.
//!
//! Parameters are those of the library's case files, `Case600` to `Case940`; mass and surfaces, of which two
//! versions are to be found each, are [`Inputs`].

use super::denver::{CASE_SURFACES_M2, denver};
use qingnuan::demand::{
    BuildingWeather, Network, Response, STANDARD_R_SE, STAR_W_M2K, Sources, WARM_UP_DAYS,
};
use qingnuan::weather::{GROUND_ALBEDO, SkyModel, glass_transmission, on_plane};
use qingnuan::words::calendar::{HOURS, Season};
use qingnuan::words::climate::{HourlyYear, Plane};
use std::sync::LazyLock;

/// The cases of the reference.
pub const CASES: [u32; 4] = [600, 640, 900, 940];

/// How far the way from LBNL's rules to ours has been gone; each step keeps those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// None of it: their equations and parameters in our network.
    Theirs,
    /// Diffuse light through glass by its mean over the hemisphere, the sun's ring as beam; they pass all
    /// that is diffuse, ring and ground included. Frames take nothing; theirs take 0.1 %.
    Glass,
    /// The sky by the hour; theirs is 11 K colder than the air at all hours.
    Sky,
    /// Sun and sky at the outer face of walls, sky of windows at the glass; theirs are put onto the inner nodes.
    OuterFace,
    /// Outer films and view of the sky of our model in the site's wind; theirs are 0.04 m2 K/W, 0.5 and 5 x 0.9.
    OuterFilm,
    /// Half an air change of the site's thin air; theirs is 0.414 of air of 1.2 kg/m3.
    Air,
    /// Set temperature in steps, a start two weeks before; theirs rises from 7 to 8 and starts at 20 degC.
    Clock,
}

/// Every step and what the table calls it.
pub const WAY: [(Way, &str); 7] = [
    (Way::Theirs, "all as LBNL states it"),
    (Way::Glass, "diffuse light through glass x 0.871, not 1"),
    (Way::Sky, "sky by the hour, not 11 K colder always"),
    (
        Way::OuterFace,
        "sun and sky of walls at the outer face, not inside",
    ),
    (
        Way::OuterFilm,
        "outer films and sky view of the site, not 0.04 and 0.5",
    ),
    (
        Way::Air,
        "0.5 changes of the site's air, not 0.414 of 1.2 kg/m3",
    ),
    (Way::Clock, "set-back in steps, two weeks of lead"),
];

/// Their film between surfaces and air, `hInt` of `Case600`, W/(m2 K); 3.45 in the standard.
pub const FILM_W_M2K: f64 = 2.1;
const FLOOR_M2: f64 = 48.0;
const WINDOW_M2: f64 = 12.0;
const G: f64 = 0.769;
const GLASS: f64 = 0.999;
/// Walls, roof and windows, W/(m2 K).
const U: [f64; 3] = [0.53, 0.33, 3.1];
const U_FLOOR: f64 = 0.038;
/// Azimuth and opaque area of the walls: south, east, north, west.
const WALLS: [(f64, f64); 4] = [(180.0, 9.6), (90.0, 16.2), (0.0, 21.6), (270.0, 16.2)];
const WALL_M2: f64 = 63.6;
const ABSORPTANCE: f64 = 0.6;
/// Long-wave coefficient outside, `5 eps`, W/(m2 K).
const LONG_WAVE_W_M2K: f64 = 4.5;
const SKY_K: f64 = 11.0;
/// What a wall sees of the sky in our model, and a window.
const OUR_SKY_VIEW: f64 = 0.353_6;

/// Long-wave emissivity of glass over that of walls in our model.
const GLASS_TO_WALL: f64 = 0.837 / 0.9;

/// What differs between versions of the library.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inputs {
    /// Mass of light and heavy cases: J/(m2 K) and m2, both for a square metre of floor.
    pub mass: [(f64, f64); 2],
    /// Surfaces that face the room, m2.
    pub surfaces_m2: f64,
}

/// `Case600Mass` and `Case900Mass` before and since the library follows ASHRAE 140-2020. The reference file of
/// this repository has the former, read from sibling files.
pub const MASS_BEFORE_2024: [(f64, f64); 2] = [(51_289.8, 4.522), (249_272.0, 2.7)];
const MASS_SINCE_2024: [(f64, f64); 2] = [(42_167.0, 2.95), (307_750.0, 2.43)];
/// The rule of ISO 13790, 7.2.2.2, for the surfaces: 4.5 times the floor.
pub const SURFACES_BY_RULE_M2: f64 = 4.5 * FLOOR_M2;

impl Inputs {
    /// Those of the runs whose results are the reference.
    pub const USED: Self = Self {
        mass: MASS_SINCE_2024,
        surfaces_m2: CASE_SURFACES_M2,
    };
}

/// Mass (J/(m2 K), m2/m2) of a case.
pub fn mass(case: u32) -> (f64, f64) {
    Inputs::USED.mass[usize::from(case >= 900)]
}

/// Sun on the zone, W/m2 for 8,760 hours.
struct Sun {
    walls: [Vec<f64>; 4],
    roof: Vec<f64>,
    /// Through a square metre of south glass at g = 1, their way and ours.
    glass: [Vec<f64>; 2],
}

static SUN: LazyLock<Sun> = LazyLock::new(|| {
    let (year, ours) = denver();
    let on = |tilt_deg, azimuth_deg, year: &HourlyYear| {
        let plane = Plane {
            tilt_deg,
            azimuth_deg,
        };
        on_plane(year, plane, GROUND_ALBEDO, SkyModel::Perez)
    };
    let mut beam_only = year.clone();
    beam_only.dhi_w_m2.fill(0.0);
    beam_only.ghi_w_m2.fill(0.0);
    let beam = on(90.0, 180.0, &beam_only);
    let walls = WALLS.map(|(azimuth, _)| on(90.0, azimuth, year));
    let glass = |h: usize| {
        let cos = beam[h] / year.dni_w_m2[h].max(1e-9);
        beam[h] * glass_transmission(cos) + walls[0][h] - beam[h]
    };
    Sun {
        roof: on(0.0, 180.0, year),
        glass: [(0..HOURS).map(glass).collect(), ours.glass_w_m2[0].clone()],
        walls,
    }
});

/// Heating and cooling of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Loads {
    /// Hour by hour, W.
    pub heat_w: Vec<f64>,
    /// Of the year, MWh.
    pub heat_mwh: f64,
    /// Of the year, MWh.
    pub cool_mwh: f64,
}

/// A part of the envelope: conductance, and what sun (times irradiance) and sky (times kelvin) bring in, W.
struct Face {
    h: f64,
    sun: f64,
    sky: f64,
}

/// The zone of a case with the rules up to a step.
struct Zone {
    way: Way,
    wall: Face,
    roof: Face,
    glass: Face,
    h_op: f64,
    net: Network,
    response: Response,
    to_mass: f64,
    to_star: f64,
}

impl Zone {
    fn new(case: u32, way: Way, inputs: Inputs) -> Self {
        let (year, sun) = denver();
        let site = BuildingWeather::new(year, sun, Season::YEAR);
        let (wind, radiation) = (site.convection, site.radiation_w_m2k);
        let film = |mean: f64, sunny: f64, long_wave: f64| {
            if way < Way::OuterFilm {
                (STANDARD_R_SE, STANDARD_R_SE, LONG_WAVE_W_M2K)
            } else {
                (
                    1.0 / (mean + long_wave),
                    1.0 / (sunny + long_wave),
                    long_wave,
                )
            }
        };
        let face = |u: f64, area: f64, (r, r_sunny, long_wave): (f64, f64, f64), view: f64| {
            let h = area / (1.0 / u - STANDARD_R_SE + r);
            Face {
                h,
                sun: h * r_sunny * ABSORPTANCE / area,
                sky: h * r * long_wave * view,
            }
        };
        let view = if way < Way::OuterFilm {
            0.5
        } else {
            OUR_SKY_VIEW
        };
        let wall = face(
            U[0],
            WALL_M2,
            film(wind.wall, wind.sunny_wall, radiation),
            view,
        );
        let roof = face(
            U[1],
            FLOOR_M2,
            film(wind.roof, wind.sunny_roof, radiation),
            1.0,
        );
        let glass = face(
            U[2],
            WINDOW_M2,
            film(wind.glass, wind.glass, radiation * GLASS_TO_WALL),
            view,
        );
        let (capacity, factor) = inputs.mass[usize::from(case >= 900)];
        let surfaces = inputs.surfaces_m2;
        let h_ms = STAR_W_M2K * factor * FLOOR_M2;
        let h_op = wall.h + roof.h + U_FLOOR * FLOOR_M2;
        let net = Network {
            h_ve: if way < Way::Air {
                0.414 * 129.6 * 1005.0 * 1.2 / 3600.0
            } else {
                0.5 * 129.6 * site.air_wh_m3k
            },
            h_w: glass.h,
            h_em: Network::mass_to_outdoors(h_op, h_ms),
            h_ms,
            h_is: FILM_W_M2K * surfaces,
            c_j_k: capacity * FLOOR_M2,
        };
        let to_mass = factor * FLOOR_M2 / surfaces;
        Self {
            way,
            wall,
            roof,
            h_op,
            response: net.response(),
            to_mass,
            to_star: 1.0 - to_mass - glass.h / (STAR_W_M2K * surfaces),
            glass,
            net,
        }
    }

    /// What drives the nodes in hour `h` of the year.
    fn sources(&self, h: usize) -> Sources {
        let (year, sky) = denver();
        let t_out = year.t_out_c[h];
        let sky_k = if self.way < Way::Sky {
            SKY_K
        } else {
            sky.sky_k[h]
        };
        let on_walls: f64 = (0..4).map(|k| WALLS[k].1 * SUN.walls[k][h]).sum();
        let walls = self.wall.sun * on_walls - self.wall.sky * sky_k;
        let roof = self.roof.sun * FLOOR_M2 * SUN.roof[h] - self.roof.sky * sky_k;
        let through = WINDOW_M2
            * G
            * if self.way < Way::Glass {
                GLASS * SUN.glass[0][h]
            } else {
                SUN.glass[1][h]
            };
        let pane = -self.glass.sky * sky_k;
        let (inner, outer, pane) = if self.way < Way::OuterFace {
            (100.0 + through + walls + roof + pane, 0.0, 0.0)
        } else {
            (100.0 + through, (walls + roof) / self.h_op, pane)
        };
        Sources {
            air: 100.0 + self.net.h_ve * t_out,
            star: self.to_star * inner + self.net.h_w * t_out + pane,
            mass: self.to_mass * inner + self.net.h_em * (t_out + outer),
        }
    }

    /// Set temperature for heating in an hour of the day.
    fn set_c(&self, case: u32, hour: usize) -> f64 {
        match (case % 100, hour) {
            (40, 0..=6 | 23) => 10.0,
            (40, 7) if self.way < Way::Clock => 15.0,
            _ => 20.0,
        }
    }
}

/// Heating and cooling (above 27 degC) of the zone.
pub fn loads(case: u32, way: Way) -> Loads {
    loads_of(case, way, Inputs::USED)
}

/// The same with the inputs of another version.
pub fn loads_of(case: u32, way: Way, inputs: Inputs) -> Loads {
    let zone = Zone::new(case, way, inputs);
    let lead = if way < Way::Clock {
        0
    } else {
        WARM_UP_DAYS * 24
    };
    let mut t_mass = if way < Way::Clock {
        20.0
    } else {
        (0..24).map(|h| zone.set_c(case, h)).sum::<f64>() / 24.0
    };
    let (mut heat_w, mut cool_w) = (Vec::with_capacity(HOURS), 0.0);
    for i in 0..HOURS + lead {
        let h = (HOURS - lead + i) % HOURS;
        let (free, next) = zone.response.free(t_mass, &zone.sources(h));
        let heat = zone.response.heat_to(free, zone.set_c(case, h % 24));
        let cool = ((free - 27.0) / zone.response.air.air).max(0.0);
        t_mass = next + zone.response.mass.air * (heat - cool);
        if i >= lead {
            heat_w.push(heat);
            cool_w += cool;
        }
    }
    Loads {
        heat_mwh: heat_w.iter().sum::<f64>() / 1e6,
        heat_w,
        cool_mwh: cool_w / 1e6,
    }
}
