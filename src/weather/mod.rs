//! The hourly typical year of a place, the sun on its surfaces, and its heating season.
//!
//! A typical year is made from twelve monthly rows without random numbers ([`typical_year`]), or
//! read from an EPW file by [`crate::input::epw`]. `docs/model/weather.md` has the equations.

mod exposure;
mod generator;
mod plane;
mod season;
mod sky;
mod station;
mod sun;

pub use exposure::{exposure, glass_transmission};
pub use generator::typical_year;
pub use plane::{GROUND_ALBEDO, Irradiance, SkyModel, on_plane};
pub use season::{below_threshold_season, daily_means};
pub use sky::sky_depression_k;
pub use station::{
    DesignClimate, Found, LAPSE_K_PER_M, MonthClimate, Origin, Sequences, StationClimate,
    StationPlace, distance_km, lapse, misfit_km, nearest_station,
};
pub use sun::{SOLAR_CONSTANT_W_M2, SunDay, SunHour, SunYear, diffuse_fraction};
