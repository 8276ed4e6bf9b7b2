//! How much colder the sky is than the air, seen by long-wave radiation.

use crate::weather::season::daily_means;
use crate::weather::sun::SunYear;
use crate::words::calendar::HOURS;
use crate::words::climate::HourlyYear;

/// Sky depression `t_out - t_sky` of the 8,760 hours, K.
///
/// The emissivity of the clear sky follows Berdahl & Martin 1984 (*Solar Energy* 32, 663-664) from
/// the day's mean dew point, clouds raise it as in Walton 1983 (NBSIR 83-2655), and cloudiness comes
/// from the day's global irradiation by Kasten & Czeplak 1980 (*Solar Energy* 24, 177-189) with a
/// clear-sky transmittance of `0.75 + 2e-5 z` (FAO 56, equation 37).
pub fn sky_depression_k(year: &HourlyYear) -> Vec<f64> {
    let sun = SunYear::at(&year.site);
    let clear = 0.75 + 2e-5 * year.site.elevation_m;
    let mean_t = daily_means(year);
    let mut hours = Vec::with_capacity(HOURS);
    for (day, t_c) in mean_t.iter().enumerate() {
        let range = day * 24..day * 24 + 24;
        let rh = year.rh_pct[range.clone()].iter().sum::<f64>() / 24.0;
        let ghi_kwh = year.ghi_w_m2[range.clone()].iter().sum::<f64>() / 1000.0;
        let relative = ghi_kwh / (clear * sun.days[day].h0_kwh_m2).max(1e-6);
        let cloud_tenths = 10.0 * ((1.0 - relative).max(0.0) / 0.75).powf(1.0 / 3.4).min(1.0);
        let emissivity = sky_emissivity(dew_point_c(*t_c, rh), cloud_tenths);
        let deficit = (1.0 - emissivity) / 4.0;
        hours.extend(year.t_out_c[range].iter().map(|t| (t + 273.15) * deficit));
    }
    hours
}

/// Emissivity of the sky for a dew point and cloudiness in tenths.
fn sky_emissivity(dew_point_c: f64, cloud_tenths: f64) -> f64 {
    let d = dew_point_c / 100.0;
    let clear = 0.711 + 0.56 * d + 0.73 * d * d;
    let n = cloud_tenths;
    (clear * (1.0 + n * (0.0224 + n * (-0.0035 + n * 0.00028)))).clamp(0.4, 1.0)
}

/// Dew point, degC, by the Magnus form over water.
fn dew_point_c(t_c: f64, rh_pct: f64) -> f64 {
    let gamma = (rh_pct.clamp(1.0, 100.0) / 100.0).ln() + 17.625 * t_c / (t_c + 243.04);
    243.04 * gamma / (17.625 - gamma)
}
