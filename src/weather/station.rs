//! What is known of a station: monthly climate, design values, and which station is nearest.

use crate::words::calendar::DAYS;
use crate::words::climate::Site;
use crate::words::kinds::Name;
use crate::words::quantity::{Celsius, Kelvin, Metre};

/// Monthly figures of a station, as the generator needs them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MonthClimate {
    /// Mean dry bulb, degC.
    pub t_mean_c: f64,
    /// Mean of the daily maxima, degC.
    pub tmax_mean_c: f64,
    /// Mean of the daily minima, degC.
    pub tmin_mean_c: f64,
    /// Standard deviation of the daily mean about the curve of the year, K.
    pub sd_anom_k: f64,
    /// Mean wind speed at 10 m, m/s.
    pub wind_m_s: f64,
    /// Mean relative humidity, percent.
    pub rh_pct: f64,
    /// Clearness: global over extraterrestrial irradiation, 0 to 1.
    pub kt: f64,
    /// Standard deviation of the daily clearness.
    pub sd_kt: f64,
}

/// Where the monthly figures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Statistics of the station's own typical-year file.
    Measured,
    /// Shifted from a donor station: an estimate.
    Derived {
        /// Id of the station whose temperatures were shifted.
        donor: String,
    },
}

/// The climate of a station.
#[derive(Debug, Clone, PartialEq)]
pub struct StationClimate {
    /// Five-digit station number.
    pub id: String,
    /// Name in both languages.
    pub name: Name,
    /// Where it is.
    pub site: Site,
    /// January to December.
    pub months: [MonthClimate; 12],
    /// Own figures or an estimate.
    pub origin: Origin,
    /// The station that lent its clearness, where the station's own radiation is known to be wrong.
    pub clearness_from: Option<String>,
}

/// The two fixed day-to-day sequences of the generator; 365 values each, mean 0 and standard
/// deviation 1 in every month.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequences {
    /// Temperature anomaly of each day.
    pub temperature: [f64; DAYS],
    /// Clearness anomaly of each day.
    pub clearness: [f64; DAYS],
}

/// Values for sizing, from GB 50736-2012 appendix A.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignClimate {
    /// Station of the standard that they belong to.
    pub station_id: String,
    /// Its name.
    pub name: Name,
    /// 供暖室外计算温度: not guaranteed on five days a year.
    pub t_heating_design: Celsius,
    /// 极端最低气温.
    pub t_extreme_min: Celsius,
    /// How far the station of the standard lies from the station asked for, km; 0 if it is the same.
    pub distance_km: f64,
    /// Height of the station asked for above the station of the standard, m. Both temperatures are
    /// corrected for it by [`LAPSE_K_PER_M`] where it is another station.
    pub height_difference: Metre,
}

/// Fall of temperature with height used when a value is carried to another place, K/m: the common
/// 0.6 K per 100 m.
pub const LAPSE_K_PER_M: f64 = 0.006;

/// Height between a place and its station that a table of places can tell apart, m.
const HEIGHT_TOLD_APART_M: f64 = 100.0;

/// What to add to every temperature of a station, its design temperature too, for a place at another
/// height, K: colder (negative) where the place lies higher. Heights of places are approximate, so
/// nothing below 100 m of difference, or where the height of the place is not known.
pub fn lapse(station_m: f64, place_m: Option<f64>) -> f64 {
    let higher = place_m.map_or(0.0, |height| height - station_m);
    if higher.abs() < HEIGHT_TOLD_APART_M {
        0.0
    } else {
        -LAPSE_K_PER_M * higher
    }
}

/// A station that can be looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct StationPlace {
    /// Five-digit station number.
    pub id: String,
    /// Name in both languages.
    pub name: Name,
    /// Where it is.
    pub site: Site,
    /// Whether its monthly figures are an estimate.
    pub derived: bool,
}

/// The station found for a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// The station.
    pub station: &'a StationPlace,
    /// Great-circle distance, km.
    pub distance_km: f64,
    /// Height of the place above the station, m; 0 where the height of the place is not known.
    pub height_difference: Metre,
    /// What to add to the station's temperatures for that height, by [`LAPSE_K_PER_M`].
    pub shift: Kelvin,
}

/// Kilometres of distance that count as much as one metre of height when stations are compared:
/// 100 m (0.6 K) weigh as much as 40 km.
const KM_PER_METRE: f64 = 0.4;
/// An estimated station must be this much nearer than one with its own file, km.
const DERIVED_PENALTY_KM: f64 = 30.0;
/// Mean radius of the earth, km.
const EARTH_KM: f64 = 6371.0;

/// Great-circle distance of two points given in degrees (haversine formula), km.
pub fn distance_km(lat_a: f64, lon_a: f64, lat_b: f64, lon_b: f64) -> f64 {
    let (a, b) = (lat_a.to_radians(), lat_b.to_radians());
    let dlat = (b - a) / 2.0;
    let dlon = (lon_b - lon_a).to_radians() / 2.0;
    let h = dlat.sin().powi(2) + a.cos() * b.cos() * dlon.sin().powi(2);
    2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
}

/// How badly a station fits a place, km: distance, plus 0.4 km for each metre of height between
/// them where the height is known.
pub fn misfit_km(site: &Site, lat: f64, lon: f64, elevation_m: Option<f64>) -> f64 {
    let height = elevation_m.map_or(0.0, |z| (z - site.elevation_m).abs());
    distance_km(lat, lon, site.latitude_deg, site.longitude_deg) + KM_PER_METRE * height
}

/// The station whose climate fits a place best: smallest sum of the distance in km, 0.4 km for each
/// metre of height difference, and 30 km if its figures are an estimate. Ties go to the first.
pub fn nearest_station(
    stations: &[StationPlace],
    lat: f64,
    lon: f64,
    elevation_m: Option<f64>,
) -> Option<Found<'_>> {
    let score = |s: &StationPlace| {
        let penalty = if s.derived { DERIVED_PENALTY_KM } else { 0.0 };
        misfit_km(&s.site, lat, lon, elevation_m) + penalty
    };
    let station = stations
        .iter()
        .min_by(|a, b| score(a).total_cmp(&score(b)))?;
    let height = elevation_m.map_or(0.0, |z| z - station.site.elevation_m);
    Some(Found {
        station,
        distance_km: distance_km(
            lat,
            lon,
            station.site.latitude_deg,
            station.site.longitude_deg,
        ),
        height_difference: Metre(height),
        shift: Kelvin(-LAPSE_K_PER_M * height),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, lat: f64, lon: f64, elevation_m: f64, derived: bool) -> StationPlace {
        StationPlace {
            id: id.into(),
            name: Name::same(id),
            site: Site {
                latitude_deg: lat,
                longitude_deg: lon,
                elevation_m,
                utc_offset_h: 8.0,
            },
            derived,
        }
    }

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let km = distance_km(39.0, 116.0, 40.0, 116.0);
        assert!((km - 6371.0 * std::f64::consts::PI / 180.0).abs() < 1e-6);
    }

    #[test]
    fn only_heights_that_can_be_told_apart_shift_the_weather() {
        assert!((lapse(1000.0, Some(1300.0)) - -1.8).abs() < 1e-12);
        assert!((lapse(1000.0, Some(800.0)) - 1.2).abs() < 1e-12);
        assert!(lapse(1000.0, Some(1099.0)).abs() < 1e-12);
        assert!(lapse(1000.0, None).abs() < 1e-12);
    }

    #[test]
    fn height_outweighs_distance() {
        let all = [
            place("near", 40.0, 116.0, 1000.0, false),
            place("far", 40.5, 116.0, 100.0, false),
        ];
        // 1 degree away but 100 m apart: 111 + 40 against 0 + 0.4 * 900 = 360 km.
        let found = nearest_station(&all, 40.0, 116.0, Some(100.0)).unwrap();
        assert_eq!(found.station.id, "far");
        let found = nearest_station(&all, 40.0, 116.0, Some(1200.0)).unwrap();
        assert_eq!(found.station.id, "near");
        assert!((found.shift.0 - -0.006 * 200.0).abs() < 1e-12);
        assert!(nearest_station(&[], 40.0, 116.0, None).is_none());
    }

    #[test]
    fn an_estimate_must_be_clearly_nearer() {
        let all = [
            place("estimate", 40.0, 116.0, 0.0, true),
            place("own", 40.2, 116.0, 0.0, false),
        ];
        let found = nearest_station(&all, 40.0, 116.0, None).unwrap();
        assert_eq!(found.station.id, "own");
    }
}
