//! Sun and sky on the walls, windows and roof of a house.

use crate::weather::plane::{GROUND_ALBEDO, HourLight, SkyModel, normal};
use crate::weather::sky::depression_k;
use crate::weather::sun::SunYear;
use crate::words::calendar::HOURS;
use crate::words::climate::{Exposure, HourlyYear, Plane};

/// Azimuths of the walls: south, east, north, west.
const WALLS_DEG: [f64; 4] = [180.0, 90.0, 0.0, 270.0];

/// Share of the beam that clear double glass lets in at an angle of incidence, relative to normal
/// incidence: `1 - 0.189 x + 0.644 x^2 - 0.596 x^3`, `x` the angle in radians, as in the ISO 13790
/// model of the LBNL Modelica Buildings library.
pub fn glass_transmission(cos_incidence: f64) -> f64 {
    let x = cos_incidence.clamp(0.0, 1.0).acos();
    (1.0 + x * (-0.189 + x * (0.644 - x * 0.596))).max(0.0)
}

/// The mean of [`glass_transmission`] over light from all sides, `2 int t sin cos dx`.
const DIFFUSE_TRANSMISSION: f64 = 0.871_225;

/// Irradiance on walls, glass and roof, and the sky's temperature, for a year.
pub fn exposure(year: &HourlyYear, sky: SkyModel) -> Exposure {
    let sun = SunYear::at(&year.site);
    let walls = WALLS_DEG.map(|azimuth_deg| {
        normal(Plane {
            tilt_deg: 90.0,
            azimuth_deg,
        })
    });
    let zeros = || vec![0.0; HOURS];
    let mut it = Exposure {
        wall_w_m2: std::array::from_fn(|_| zeros()),
        roof_w_m2: zeros(),
        glass_w_m2: std::array::from_fn(|_| zeros()),
        sky_k: depression_k(year, &sun),
    };
    for h in 0..HOURS {
        if year.ghi_w_m2[h] <= 0.0 && year.dni_w_m2[h] <= 0.0 && year.dhi_w_m2[h] <= 0.0 {
            continue;
        }
        let light = HourLight::new(year, &sun, h, sky);
        for (k, wall) in walls.iter().enumerate() {
            let on = light.on(*wall, GROUND_ALBEDO);
            it.wall_w_m2[k][h] = on.total();
            it.glass_w_m2[k][h] = on.diffuse * DIFFUSE_TRANSMISSION;
            if on.beam > 0.0 {
                it.glass_w_m2[k][h] += on.beam * glass_transmission(on.cos_incidence);
            }
        }
        it.roof_w_m2[h] = light.on([1.0, 0.0, 0.0], GROUND_ALBEDO).total();
    }
    it
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::FRAC_PI_2;

    #[test]
    fn diffuse_light_is_the_mean_over_the_hemisphere() {
        let n = 100_000;
        let step = FRAC_PI_2 / n as f64;
        let sum: f64 = (0..n)
            .map(|i| (i as f64 + 0.5) * step)
            .map(|x| 2.0 * glass_transmission(x.cos()) * x.sin() * x.cos() * step)
            .sum();
        assert!((sum - DIFFUSE_TRANSMISSION).abs() < 1e-4, "{sum}");
    }
}
