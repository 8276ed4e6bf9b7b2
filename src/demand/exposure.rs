//! The weather as the outside of a house meets it, made once per station and season.

use std::f64::consts::PI;

use crate::demand::building::{Building, Facing, Opaque, STANDARD_R_SE, Window};
use crate::words::calendar::{HOURS, Season};
use crate::words::climate::{Exposure, HourlyYear};

/// Days simulated before the season so that the house begins it with the warmth of its use.
pub const WARM_UP_DAYS: usize = 14;

/// Features of an hour, in the order of [`Hour`].
pub(crate) const FEATURES: usize = 12;
/// An hour of weather: outdoor air, sky depression, ground wave, sun on four walls and the roof,
/// sun through glass in four walls.
pub(crate) type Hour = [f64; FEATURES];
pub(crate) const T_OUT: usize = 0;
pub(crate) const SKY: usize = 1;
pub(crate) const GROUND: usize = 2;
pub(crate) const WALL_SUN: usize = 3;
pub(crate) const ROOF_SUN: usize = 7;
pub(crate) const GLASS_SUN: usize = 8;

/// Hourly exposure of a house through a season and the days before it.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingWeather {
    season: Season,
    pub(crate) hours: Vec<Hour>,
    pub(crate) lead: usize,
    pub(crate) mean_hour: Hour,
    /// The ground wave at its coldest, K.
    coldest_ground: f64,
    /// Outdoor air of the season's hours, degC.
    pub t_out_c: Vec<f64>,
    /// Mean outdoor air of the year, degC: the mean temperature of the ground.
    pub t_year_c: f64,
    /// Heat capacity of the outdoor air that comes in, Wh/(m3 K), at the height of the site and the
    /// season's mean temperature.
    pub air_wh_m3k: f64,
    /// Outer surface coefficients by convection.
    pub convection: OuterConvection,
    /// Outer surface coefficient by long-wave radiation, W/(m2 K).
    pub radiation_w_m2k: f64,
}

impl BuildingWeather {
    /// From a year, the sun and sky on the house in that year, and the season to be heated.
    ///
    /// The ground follows ISO 13370 annex B: mean of the year and a yearly wave that lags the air's
    /// by one month. Wind at the house is the station's brought to eaves height in open settlement
    /// (ASHRAE Fundamentals 2017, chapter 24, equation 4); outer convection is that
    /// of [`OuterConvection`].
    pub fn new(year: &HourlyYear, exposure: &Exposure, season: Season) -> Self {
        let lead = WARM_UP_DAYS * 24;
        let first = season.from.day_of_year() * 24 + HOURS - lead;
        let ground = ground_wave(&year.t_out_c);
        let hour = |h: usize| -> Hour {
            let wall = |k: usize| exposure.wall_w_m2[k][h];
            let glass = |k: usize| exposure.glass_w_m2[k][h];
            [
                year.t_out_c[h],
                exposure.sky_k[h],
                ground[h / 24],
                wall(0),
                wall(1),
                wall(2),
                wall(3),
                exposure.roof_w_m2[h],
                glass(0),
                glass(1),
                glass(2),
                glass(3),
            ]
        };
        let count = lead + season.days() * 24;
        let hours: Vec<Hour> = (0..count).map(|i| hour((first + i) % HOURS)).collect();
        let t_out_c: Vec<f64> = hours.iter().skip(lead).map(|h| h[T_OUT]).collect();
        let t_season_k = mean(&t_out_c) + 273.15;
        let wind = mean(&HourlyYear::pick(&year.wind_m_s, season));
        Self {
            season,
            lead,
            mean_hour: mean_hour(&hours[lead..]),
            coldest_ground: coldest_ground(&hours),
            t_year_c: mean(&year.t_out_c),
            air_wh_m3k: pressure_pa(year.site.elevation_m) / (GAS_AIR * t_season_k) * CP_AIR
                / 3600.0,
            convection: OuterConvection::new(wind),
            radiation_w_m2k: 4.0 * EMISSIVITY * STEFAN_BOLTZMANN * t_season_k.powi(3),
            t_out_c,
            hours,
        }
    }

    /// The season.
    pub fn season(&self) -> Season {
        self.season
    }

    /// The same with the temperature under the floor given for each month (degC), for a floor whose
    /// damping is 1; straight from month to month.
    pub fn with_ground(mut self, monthly_c: &[f64; 12]) -> Self {
        let first = self.season.from.day_of_year() * 24 + HOURS - self.lead;
        for (i, hour) in self.hours.iter_mut().enumerate() {
            let day = (first + i) % HOURS / 24;
            hour[GROUND] = monthly_c[crate::words::calendar::month_of_day(day)];
        }
        self.t_year_c = 0.0;
        self.mean_hour = mean_hour(&self.hours[self.lead..]);
        self.coldest_ground = coldest_ground(&self.hours);
        self
    }

    /// The hour for which heaters are sized: design temperature outdoors, neither sun nor sky, the
    /// ground at its coldest of the season.
    pub(crate) fn design_hour(&self, t_design_c: f64) -> Hour {
        let mut hour = [0.0; FEATURES];
        hour[T_OUT] = t_design_c;
        hour[GROUND] = self.coldest_ground;
        hour
    }

    /// Outer surface resistance of an element at this site, m2 K/W: mean of the season, and while
    /// the sun warms it.
    fn r_se(&self, facing: Facing) -> (f64, f64) {
        let (mean, sunny) = match facing {
            Facing::Up => (self.convection.roof, self.convection.sunny_roof),
            Facing::Unheated => return (STANDARD_R_SE, STANDARD_R_SE),
            _ => (self.convection.wall, self.convection.sunny_wall),
        };
        let film = |convection: f64| 1.0 / (convection + self.radiation_w_m2k);
        (film(mean), film(sunny))
    }

    /// Outer surface coefficient of a window by long-wave radiation, W/(m2 K).
    fn glass_radiation_w_m2k(&self) -> f64 {
        self.radiation_w_m2k * GLASS_EMISSIVITY / EMISSIVITY
    }

    /// Outer surface resistance of a window, m2 K/W.
    fn glass_r_se(&self) -> f64 {
        1.0 / (self.convection.glass + self.glass_radiation_w_m2k())
    }
}

/// Outer surface coefficients by convection, W/(m2 K), mean of a season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OuterConvection {
    /// Walls.
    pub wall: f64,
    /// Roof.
    pub roof: f64,
    /// Windows, which are smooth.
    pub glass: f64,
    /// Walls while the sun warms them.
    pub sunny_wall: f64,
    /// Roof while the sun warms it.
    pub sunny_roof: f64,
}

impl OuterConvection {
    /// In a mean wind at the station's mast, m/s.
    pub fn new(wind_m_s: f64) -> Self {
        let rough =
            |share: f64, natural: f64| natural + ROUGHNESS * forced(share * wind_m_s, natural);
        Self {
            wall: rough(WALL_WIND, WALL_NATURAL),
            roof: rough(ROOF_WIND, ROOF_NATURAL),
            glass: WALL_NATURAL + forced(WALL_WIND * wind_m_s, WALL_NATURAL),
            sunny_wall: rough(WALL_WIND, SUNNY_WALL_NATURAL),
            sunny_roof: rough(ROOF_WIND, SUNNY_ROOF_NATURAL),
        }
    }
}

/// A transmittance stated with the standard outer film, with another outer resistance (m2 K/W).
fn with_film(u_w_m2k: f64, r_se: f64) -> f64 {
    1.0 / (1.0 / u_w_m2k - STANDARD_R_SE + r_se).max(0.02)
}

/// Specific gas constant of dry air, J/(kg K).
const GAS_AIR: f64 = 287.05;
/// Specific heat of air, J/(kg K).
const CP_AIR: f64 = 1006.0;
/// Stefan-Boltzmann constant, W/(m2 K4).
const STEFAN_BOLTZMANN: f64 = 5.670_374e-8;
/// Long-wave emissivity of building surfaces.
const EMISSIVITY: f64 = 0.9;
/// The same of uncoated glass (EN 673:2011, 5.3: 0.837).
const GLASS_EMISSIVITY: f64 = 0.837;
/// Wind at the middle of a wall (1.4 m, suburban terrain) over that of the station (10 m, open):
/// `(270/10)^0.14 (1.4/370)^0.22`.
const WALL_WIND: f64 = 0.465;
/// The same at the roof (2.8 m).
const ROOF_WIND: f64 = 0.542;

/// Natural convection at outer walls 4 K from the air, `1.31 dT^(1/3)`, W/(m2 K) (Walton 1983).
const WALL_NATURAL: f64 = 2.08;
/// The same at a roof, mean of warm days `1.51 dT^(1/3)` and cold nights `0.76 dT^(1/3)`.
const ROOF_NATURAL: f64 = 1.80;
/// Natural convection at a wall that the sun holds 12 K above the air (0.6 of some 350 W/m2 over a
/// film of some 15 W/(m2 K)).
const SUNNY_WALL_NATURAL: f64 = 3.00;
/// The same at a roof, `1.51 dT^(1/3)`.
const SUNNY_ROOF_NATURAL: f64 = 3.46;

/// How much more the wind takes from a medium-rough surface than from glass (DOE-2).
const ROUGHNESS: f64 = 1.52;

/// What wind at the house (m/s) adds to natural convection at a smooth surface, W/(m2 K): DOE-2 model
/// (Yazdanian & Klems 1994, ASHRAE Transactions 100(1)), mean of windward and leeward.
fn forced(wind_m_s: f64, natural: f64) -> f64 {
    let smooth = |a: f64, b: f64| natural.hypot(a * wind_m_s.powf(b));
    (smooth(3.26, 0.89) + smooth(3.55, 0.617)) / 2.0 - natural
}

fn mean_hour(hours: &[Hour]) -> Hour {
    std::array::from_fn(|k| {
        hours.iter().map(|hour| hour[k]).sum::<f64>() / hours.len().max(1) as f64
    })
}

fn coldest_ground(hours: &[Hour]) -> f64 {
    let waves = hours.iter().map(|hour| hour[GROUND]);
    waves.fold(f64::INFINITY, f64::min)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Pressure of the standard atmosphere at a height, Pa.
fn pressure_pa(elevation_m: f64) -> f64 {
    101_325.0 * (1.0 - 2.255_77e-5 * elevation_m).powf(5.2559)
}

/// Departure of the ground's yearly wave from its mean for each day, K, before damping: the annual
/// harmonic of the outdoor air one month (1/12 year) later.
fn ground_wave(t_out_c: &[f64]) -> Vec<f64> {
    let days: Vec<f64> = t_out_c.chunks_exact(24).map(mean).collect();
    let omega = 2.0 * PI / days.len() as f64;
    let (mut by_sin, mut by_cos) = (0.0, 0.0);
    for (d, t) in days.iter().enumerate() {
        let (sin, cos) = (omega * d as f64).sin_cos();
        by_sin += 2.0 * t * sin / days.len() as f64;
        by_cos += 2.0 * t * cos / days.len() as f64;
    }
    let wave = |d: usize| {
        let (sin, cos) = (omega * d as f64 - PI / 6.0).sin_cos();
        by_sin * sin + by_cos * cos
    };
    (0..days.len()).map(wave).collect()
}

/// Share of the sky that a surface sees.
pub(crate) fn sky_view(facing: Facing) -> f64 {
    match facing {
        Facing::Up => 1.0,
        Facing::Unheated => 0.0,
        _ => 0.353_6,
    }
}

/// Index among the four walls.
pub(crate) fn wall_index(facing: Facing) -> Option<usize> {
    Facing::WALLS.iter().position(|&wall| wall == facing)
}

/// Opaque and glazed elements as linear functions of an [`Hour`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Envelope {
    /// Conductance of opaque elements and floor, W/K.
    pub h_op: f64,
    /// Heat flow scale: conductance times outer temperature of the opaque elements is the dot
    /// product with the hour plus `opaque_constant`, W.
    pub opaque: Hour,
    pub opaque_constant: f64,
    /// Conductance of windows, W/K.
    pub h_w: f64,
    /// Conductance times outer temperature of the windows, W.
    pub glazed: Hour,
    /// Sun through windows, W.
    pub sun: Hour,
}

impl Envelope {
    pub(crate) fn new(building: &Building, weather: &BuildingWeather) -> Self {
        let mut it = Self {
            h_op: 0.0,
            opaque: [0.0; FEATURES],
            opaque_constant: 0.0,
            h_w: 0.0,
            glazed: [0.0; FEATURES],
            sun: [0.0; FEATURES],
        };
        for element in &building.opaque {
            it.add_opaque(element, weather);
        }
        for window in &building.windows {
            it.add_window(window, weather);
        }
        if let Some(floor) = &building.floor {
            let h = floor.area_m2 * floor.u_w_m2k;
            it.h_op += h;
            it.opaque[GROUND] += h * floor.damping;
            it.opaque_constant += h * weather.t_year_c;
        }
        it
    }

    /// Outer temperature of an element: air, plus sun taken up, less radiation to the sky, over the
    /// outer film (sol-air temperature; ISO 13790, 11.3.4 and 11.3.5).
    fn add_opaque(&mut self, element: &Opaque, weather: &BuildingWeather) {
        let (r_se, r_sunny) = weather.r_se(element.facing);
        let h = element.area_m2 * with_film(element.u_w_m2k, r_se);
        self.h_op += h;
        self.opaque[T_OUT] += h;
        self.opaque[SKY] -= h * r_se * sky_view(element.facing) * weather.radiation_w_m2k;
        let sun = h * r_sunny * element.absorptance;
        match (element.facing, wall_index(element.facing)) {
            (Facing::Up, _) => self.opaque[ROOF_SUN] += sun,
            (_, Some(wall)) => self.opaque[WALL_SUN + wall] += sun,
            _ => {}
        }
    }

    fn add_window(&mut self, window: &Window, weather: &BuildingWeather) {
        let r_se = weather.glass_r_se();
        let h = window.area_m2 * with_film(window.u_w_m2k, r_se);
        let sky = r_se * sky_view(window.facing) * weather.glass_radiation_w_m2k();
        self.h_w += h;
        self.glazed[T_OUT] += h;
        self.glazed[SKY] -= h * sky;
        if let Some(wall) = wall_index(window.facing) {
            self.sun[GLASS_SUN + wall] += window.area_m2 * window.g;
        }
    }
}
