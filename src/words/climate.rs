//! A place on the earth and its hourly typical year.

use crate::words::calendar::{HOURS, Season};

/// Where a weather series belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// North positive, degrees.
    pub latitude_deg: f64,
    /// East positive, degrees.
    pub longitude_deg: f64,
    /// Above sea level, metres.
    pub elevation_m: f64,
    /// Clock offset from UTC, hours: 8 everywhere in China.
    pub utc_offset_h: f64,
}

/// Hourly weather of one typical year; index `h` is the clock hour `h:00` to `h+1:00`, values are
/// those of the middle of the hour. Every array has 8,760 entries.
#[derive(Debug, Clone, PartialEq)]
pub struct HourlyYear {
    /// The station or file that it is made from, as results name it.
    pub name: String,
    /// Where.
    pub site: Site,
    /// Dry bulb, degC.
    pub t_out_c: Vec<f64>,
    /// Relative humidity, percent.
    pub rh_pct: Vec<f64>,
    /// Wind speed, m/s.
    pub wind_m_s: Vec<f64>,
    /// Global irradiance on the horizontal, W/m2.
    pub ghi_w_m2: Vec<f64>,
    /// Diffuse irradiance on the horizontal, W/m2.
    pub dhi_w_m2: Vec<f64>,
    /// Direct normal irradiance, W/m2.
    pub dni_w_m2: Vec<f64>,
    /// Whether `ghi - dhi = dni cos(zenith)` by construction (the synthesised year) or the file's
    /// own direct normal is to be trusted (an EPW file).
    pub beam: BeamSource,
}

/// Which of the three irradiances a transposition takes the beam from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeamSource {
    /// `ghi - dhi`, spread over the sun-up part of the hour.
    Closure,
    /// The file's direct normal.
    DirectNormal,
}

impl HourlyYear {
    /// The values of `series` (8,760 entries) at the hours of `season`, in the season's order.
    pub fn pick(series: &[f64], season: Season) -> Vec<f64> {
        season.hours().map(|h| series[h % HOURS]).collect()
    }
}

/// A surface: a wall, a roof, a collector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// 0 = lying flat, 90 = upright, degrees.
    pub tilt_deg: f64,
    /// Where it looks: 0 = north, 90 = east, 180 = south, degrees.
    pub azimuth_deg: f64,
}

/// Sun and sky on a house through a typical year, 8,760 hours each; made by the weather step, used
/// by the demand step.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// Irradiance on walls to the south, east, north and west, W/m2.
    pub wall_w_m2: [Vec<f64>; 4],
    /// Irradiance on a flat roof, W/m2.
    pub roof_w_m2: Vec<f64>,
    /// Irradiance on the same walls weighted by how much of it clear glass lets in at its angle,
    /// relative to normal incidence, W/m2.
    pub glass_w_m2: [Vec<f64>; 4],
    /// Air temperature minus sky temperature, K.
    pub sky_k: Vec<f64>,
}
