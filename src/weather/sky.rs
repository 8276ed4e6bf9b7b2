//! How much colder the sky is than the air, seen by long-wave radiation.

use crate::weather::season::daily_means;
use crate::weather::sun::SunYear;
use crate::words::calendar::HOURS;
use crate::words::climate::HourlyYear;

/// Sky depression of the 8,760 hours, K: the temperature difference that, times the linear
/// coefficient `4 e s T^3`, gives the net long-wave loss of a surface at air temperature to the sky,
/// `T (1 - emissivity) / 4`.
///
/// The emissivity of the clear sky follows Prata 1996 (*Q. J. R. Meteorol. Soc.* 122, 1127-1151) from
/// the day's mean temperature and vapour pressure, which holds in cold dry air too; clouds raise it
/// as in Walton 1983 (NBSIR 83-2655), and cloudiness comes
/// from the day's global irradiation by Kasten & Czeplak 1980 (*Solar Energy* 24, 177-189) with a
/// clear-sky transmittance of `0.75 + 2e-5 z` (FAO 56, equation 37).
pub fn sky_depression_k(year: &HourlyYear) -> Vec<f64> {
    depression_k(year, &SunYear::at(&year.site))
}

/// The same where the sun is known already.
pub(crate) fn depression_k(year: &HourlyYear, sun: &SunYear) -> Vec<f64> {
    let clear = 0.75 + 2e-5 * year.site.elevation_m;
    let mean_t = daily_means(year);
    let mut hours = Vec::with_capacity(HOURS);
    for (day, t_c) in mean_t.iter().enumerate() {
        let range = day * 24..day * 24 + 24;
        let rh = year.rh_pct[range.clone()].iter().sum::<f64>() / 24.0;
        let ghi_kwh = year.ghi_w_m2[range.clone()].iter().sum::<f64>() / 1000.0;
        let relative = ghi_kwh / (clear * sun.days[day].h0_kwh_m2).max(1e-6);
        let cloud_tenths = 10.0 * ((1.0 - relative).max(0.0) / 0.75).powf(1.0 / 3.4).min(1.0);
        let emissivity = sky_emissivity(*t_c, vapour_hpa(*t_c, rh), cloud_tenths);
        let deficit = (1.0 - emissivity) / 4.0;
        hours.extend(year.t_out_c[range].iter().map(|t| (t + 273.15) * deficit));
    }
    hours
}

/// Emissivity of the sky for the air at the ground (degC, hPa of vapour) and cloudiness in tenths.
fn sky_emissivity(t_c: f64, vapour_hpa: f64, cloud_tenths: f64) -> f64 {
    let water_cm = 46.5 * vapour_hpa / (t_c + 273.15);
    let clear = 1.0 - (1.0 + water_cm) * (-(1.2 + 3.0 * water_cm).sqrt()).exp();
    let n = cloud_tenths;
    (clear * (1.0 + n * (0.0224 + n * (-0.0035 + n * 0.00028)))).clamp(0.4, 1.0)
}

/// Vapour pressure, hPa, by the Magnus form over water.
fn vapour_hpa(t_c: f64, rh_pct: f64) -> f64 {
    rh_pct / 100.0 * 6.1094 * (17.625 * t_c / (t_c + 243.04)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cold_dry_sky_radiates_less_than_a_warm_moist_or_cloudy_one() {
        // 2.64 hPa at -3 degC: w = 46.5 x 2.64 / 270.15 = 0.4544 cm of water,
        // 1 - 1.4544 exp(-sqrt(1.2 + 1.3633)) = 0.7066.
        assert!((sky_emissivity(-3.0, 2.64, 0.0) - 0.7066).abs() < 2e-4);
        assert!(sky_emissivity(25.0, 20.0, 0.0) > 0.82);
        // Overcast: 0.7066 x (1 + 0.224 - 0.35 + 0.28).
        assert!((sky_emissivity(-3.0, 2.64, 10.0) - 0.7066 * 1.154).abs() < 3e-4);
    }

    #[test]
    fn saturated_air_at_freezing_holds_six_hectopascals() {
        assert!((vapour_hpa(0.0, 100.0) - 6.1094).abs() < 1e-9);
    }
}
