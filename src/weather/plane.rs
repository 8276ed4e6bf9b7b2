//! Sun on a surface.

use crate::weather::sun::SunYear;
use crate::words::calendar::HOURS;
use crate::words::climate::{BeamSource, HourlyYear, Plane};

/// Reflectance of the ground, the usual 0.2.
pub const GROUND_ALBEDO: f64 = 0.2;
/// How the diffuse light of the sky is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkyModel {
    /// Equally over the sky: Liu & Jordan 1963.
    Isotropic,
    /// With a bright ring about the sun and a bright horizon: Perez et al. 1990, *Solar Energy* 44, 271-289.
    Perez,
}

/// Irradiance on a surface by where it comes from, W/m2.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Irradiance {
    /// Straight from the sun, and the ring about it.
    pub beam: f64,
    /// Cosine of the angle at which the beam meets the surface, 0 to 1.
    pub cos_incidence: f64,
    /// From the rest of the sky and from the ground.
    pub diffuse: f64,
}

impl Irradiance {
    /// All of it, W/m2.
    pub fn total(&self) -> f64 {
        self.beam + self.diffuse
    }
}

/// The outward normal of a surface as `[up, south, west]`.
pub(crate) fn normal(plane: Plane) -> [f64; 3] {
    let (sin_tilt, cos_tilt) = plane.tilt_deg.to_radians().sin_cos();
    let (sin_azimuth, cos_azimuth) = plane.azimuth_deg.to_radians().sin_cos();
    [cos_tilt, -sin_tilt * cos_azimuth, -sin_tilt * sin_azimuth]
}

/// The light of one hour before it meets a surface.
#[derive(Debug, Clone, Copy)]
pub struct HourLight<'a> {
    sun: &'a SunYear,
    hour: usize,
    /// Beam on a surface that faces the sun, W/m2, mean of the hour.
    beam_normal: f64,
    diffuse: f64,
    global: f64,
    /// Brightness of the sun's ring and of the horizon.
    ring: f64,
    horizon: f64,
}

impl<'a> HourLight<'a> {
    /// The light of hour `h` of a year; `day_extraterrestrial` is that of the day, W/m2.
    pub fn new(year: &HourlyYear, sun: &'a SunYear, h: usize, sky: SkyModel) -> Self {
        let hour = sun.hours[h];
        let diffuse = year.dhi_w_m2[h];
        let global = year.ghi_w_m2[h];
        let beam_normal = match year.beam {
            BeamSource::Closure if hour.lights_surfaces() => (global - diffuse) / hour.up,
            BeamSource::DirectNormal if hour.up_share > 0.0 => year.dni_w_m2[h],
            _ => 0.0,
        };
        let (ring, horizon) = match sky {
            SkyModel::Isotropic => (0.0, 0.0),
            SkyModel::Perez => brightness(
                sun.up_at_middle(h),
                beam_normal,
                diffuse,
                sun.days[h / 24].extraterrestrial_w_m2,
            ),
        };
        Self {
            sun,
            hour: h,
            beam_normal,
            diffuse,
            global,
            ring,
            horizon,
        }
    }

    /// On a surface with this normal.
    pub fn on(&self, normal: [f64; 3], albedo: f64) -> Irradiance {
        let cos_incidence = self.sun.cos_incidence(self.hour, normal);
        let (cos_tilt, sin_tilt) = (normal[0], (1.0 - normal[0] * normal[0]).max(0.0).sqrt());
        let circumsolar =
            self.diffuse * self.ring * cos_incidence / self.sun.hours[self.hour].up.max(COS_85);
        let dome = self.diffuse * (1.0 - self.ring) * (1.0 + cos_tilt) / 2.0;
        let band = self.diffuse * self.horizon * sin_tilt;
        let ground = self.global * albedo * (1.0 - cos_tilt) / 2.0;
        Irradiance {
            beam: self.beam_normal * cos_incidence + circumsolar,
            cos_incidence: cos_incidence.min(1.0),
            diffuse: (dome + band + ground).max(0.0),
        }
    }
}

/// Cosine of 85 degrees, below which Perez' model holds the zenith angle.
const COS_85: f64 = 0.087_155_742_747_658_17;

/// Perez' coefficients for all sites (1990, table 6): upper bound of the clearness bin, then
/// F11, F12, F13, F21, F22, F23.
const PEREZ: [(f64, [f64; 6]); 8] = [
    (1.065, [-0.008, 0.588, -0.062, -0.060, 0.072, -0.022]),
    (1.230, [0.130, 0.683, -0.151, -0.019, 0.066, -0.029]),
    (1.500, [0.330, 0.487, -0.221, 0.055, -0.064, -0.026]),
    (1.950, [0.568, 0.187, -0.295, 0.109, -0.152, -0.014]),
    (2.800, [0.873, -0.392, -0.362, 0.226, -0.462, 0.001]),
    (4.500, [1.132, -1.237, -0.412, 0.288, -0.823, 0.056]),
    (6.200, [1.060, -1.600, -0.359, 0.264, -1.127, 0.131]),
    (f64::INFINITY, [0.678, -0.327, -0.250, 0.156, -1.377, 0.251]),
];

/// Brightness of the sun's ring (F1) and of the horizon (F2).
fn brightness(cos_z: f64, beam_normal: f64, diffuse: f64, extraterrestrial: f64) -> (f64, f64) {
    if diffuse <= 0.0 || cos_z <= 0.0 {
        return (0.0, 0.0);
    }
    let z = cos_z.min(1.0).acos();
    let cube = 1.041 * z * z * z;
    let clearness = ((diffuse + beam_normal) / diffuse + cube) / (1.0 + cube);
    let elevation_deg = 90.0 - z.to_degrees();
    // Relative optical air mass, Kasten & Young 1989.
    let air_mass = 1.0 / (cos_z + 0.50572 * (elevation_deg + 6.07995).powf(-1.6364));
    let delta = diffuse * air_mass / extraterrestrial;
    let f = PEREZ
        .iter()
        .find(|(bound, _)| clearness < *bound)
        .map_or(PEREZ[7].1, |(_, f)| *f);
    let ring = (f[0] + f[1] * delta + f[2] * z).clamp(0.0, 1.0);
    (ring, f[3] + f[4] * delta + f[5] * z)
}

/// Irradiance on a surface for the 8,760 hours of a year, W/m2.
///
/// The beam is `ghi - dhi` turned by the ratio of the mean cosines while the sun is up, or the
/// file's direct normal, as [`HourlyYear::beam`] says.
pub fn on_plane(year: &HourlyYear, plane: Plane, albedo: f64, sky: SkyModel) -> Vec<f64> {
    let sun = SunYear::at(&year.site);
    let normal = normal(plane);
    (0..HOURS)
        .map(|h| {
            if year.ghi_w_m2[h] <= 0.0 && year.dni_w_m2[h] <= 0.0 && year.dhi_w_m2[h] <= 0.0 {
                return 0.0;
            }
            HourLight::new(year, &sun, h, sky)
                .on(normal, albedo)
                .total()
        })
        .collect()
}
