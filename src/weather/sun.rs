//! Where the sun stands in every hour of the year.
//!
//! Spencer 1971 (declination, equation of time); the means over an hour are taken over those of
//! its twelve five-minute steps in which the sun is up.

use std::f64::consts::PI;

use crate::words::calendar::{DAYS, HOURS};
use crate::words::climate::Site;

/// Solar constant, W/m2.
pub const SOLAR_CONSTANT_W_M2: f64 = 1367.0;
/// Steps of an hour over which the sun is averaged.
const STEPS: usize = 12;
/// Below this cosine of the zenith angle, mean of the whole hour, the beam on the horizontal is not
/// turned onto a surface.
const LOW_SUN_COS: f64 = 0.035;
/// The cosine of incidence differs from its mean in an hour by no more than this: the sun moves
/// 7.5 degrees from the middle of the hour to its ends.
const HALF_HOUR_SPAN: f64 = 0.14;
/// Steps of a day.
const DAY_STEPS: usize = 24 * STEPS;

/// The sun of one day.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SunDay {
    /// Equation of time, hours.
    pub equation_h: f64,
    /// Hour angle of sunset, radians.
    pub sunset_rad: f64,
    /// Extraterrestrial irradiance at normal incidence, W/m2.
    pub extraterrestrial_w_m2: f64,
    /// Extraterrestrial irradiation on the horizontal, kWh/m2 a day.
    pub h0_kwh_m2: f64,
    /// Hour angle at midnight of the clock, radians.
    midnight_rad: f64,
    /// Sine and cosine of the declination.
    declination: (f64, f64),
}

/// The sun of one hour: the mean of its unit vector while it is up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SunHour {
    /// Share of the hour in which the sun is up, 0 to 1.
    pub up_share: f64,
    /// Component upwards: the cosine of the zenith angle.
    pub up: f64,
    /// Component towards the south.
    pub south: f64,
    /// Component towards the west.
    pub west: f64,
    /// Sum over the sun-up steps of `(a + b cos w)(cos w - cos ws)`, Collares-Pereira & Rabl 1979,
    /// *Solar Energy* 22, 155-164; the share of the day's global irradiation but for a factor.
    pub global_weight: f64,
}

/// The sun of a typical year at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct SunYear {
    /// 365 days.
    pub days: Vec<SunDay>,
    /// 8,760 hours of clock time.
    pub hours: Vec<SunHour>,
    /// Sine and cosine of the latitude.
    latitude: (f64, f64),
}

/// Declination (rad) and equation of time (min) of day `n` (1 to 365), Spencer 1971.
fn spencer(n: f64) -> (f64, f64) {
    let b = 2.0 * PI * (n - 1.0) / 365.0;
    let (s1, c1) = b.sin_cos();
    let (s2, c2) = (2.0 * b).sin_cos();
    let (s3, c3) = (3.0 * b).sin_cos();
    let declination = 0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2
        - 0.002697 * c3
        + 0.00148 * s3;
    let equation =
        229.18 * (0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.04089 * s2);
    (declination, equation)
}

/// The diffuse share of global irradiance for an hourly clearness `kh` (0 to 1), Erbs, Klein &
/// Duffie 1982, *Solar Energy* 28, 293-302.
pub fn diffuse_fraction(kh: f64) -> f64 {
    if kh <= 0.22 {
        1.0 - 0.09 * kh
    } else if kh <= 0.80 {
        0.9511 + kh * (-0.1604 + kh * (4.388 + kh * (-16.638 + kh * 12.336)))
    } else {
        0.165
    }
}

impl SunHour {
    /// Whether the sun is high enough in this hour to turn the beam on the horizontal onto another
    /// surface.
    pub fn lights_surfaces(&self) -> bool {
        self.up * self.up_share > LOW_SUN_COS
    }
}

impl SunYear {
    /// The sun at a place whose clock has the site's offset from UTC.
    pub fn at(site: &Site) -> Self {
        let steps: Vec<(f64, f64)> = (0..DAY_STEPS)
            .map(|i| ((i as f64 + 0.5) * 2.0 * PI / DAY_STEPS as f64).sin_cos())
            .collect();
        let (sin_lat, cos_lat) = site.latitude_deg.to_radians().sin_cos();
        let mut year = Self {
            days: Vec::with_capacity(DAYS),
            hours: Vec::with_capacity(HOURS),
            latitude: (sin_lat, cos_lat),
        };
        for day in 0..DAYS {
            let n = day as f64 + 1.0;
            let (declination, equation_min) = spencer(n);
            let (sin_dec, cos_dec) = declination.sin_cos();
            let cos_ws = (-(sin_lat / cos_lat) * (sin_dec / cos_dec)).clamp(-1.0, 1.0);
            let sunset = cos_ws.acos();
            let eccentricity = 1.0 + 0.033 * (2.0 * PI * n / 365.0).cos();
            let equation_h = equation_min / 60.0;
            let midnight_rad = (solar_shift_h(site, equation_h) - 12.0) * PI / 12.0;
            let sun = SunDay {
                equation_h,
                sunset_rad: sunset,
                extraterrestrial_w_m2: SOLAR_CONSTANT_W_M2 * eccentricity,
                h0_kwh_m2: 24.0 / PI
                    * (SOLAR_CONSTANT_W_M2 / 1000.0)
                    * eccentricity
                    * (cos_lat * cos_dec * sunset.sin() + sunset * sin_lat * sin_dec),
                midnight_rad,
                declination: (sin_dec, cos_dec),
            };
            year.days.push(sun);
            let (sin_0, cos_0) = midnight_rad.sin_cos();
            let a = 0.409 + 0.5016 * (sunset - PI / 3.0).sin();
            let b = 0.6609 - 0.4767 * (sunset - PI / 3.0).sin();
            for hour in steps.chunks_exact(STEPS) {
                let (mut up, mut sum_cos, mut sum_sin, mut weight) = (0.0, 0.0, 0.0, 0.0);
                for &(sin_k, cos_k) in hour {
                    let cos_w = cos_0 * cos_k - sin_0 * sin_k;
                    if cos_w > cos_ws {
                        up += 1.0;
                        sum_cos += cos_w;
                        sum_sin += sin_0 * cos_k + cos_0 * sin_k;
                        weight += (a + b * cos_w) * (cos_w - cos_ws);
                    }
                }
                year.hours.push(if up > 0.0 {
                    let (cos_w, sin_w) = (sum_cos / up, sum_sin / up);
                    SunHour {
                        up_share: up / STEPS as f64,
                        up: sin_lat * sin_dec + cos_lat * cos_dec * cos_w,
                        south: sin_lat * cos_dec * cos_w - cos_lat * sin_dec,
                        west: cos_dec * sin_w,
                        global_weight: weight,
                    }
                } else {
                    SunHour::default()
                });
            }
        }
        year
    }

    /// Cosine of the zenith angle at the middle of hour `h`, negative if the sun is down then: the sun
    /// that belongs to a mean of the whole hour, dark minutes included. It is that of its sun-up part
    /// wherever the sun is up throughout.
    pub fn up_at_middle(&self, h: usize) -> f64 {
        let hour = &self.hours[h];
        if hour.up_share >= 1.0 {
            return hour.up;
        }
        let day = &self.days[h / 24];
        let (sin_lat, cos_lat) = self.latitude;
        let (sin_dec, cos_dec) = day.declination;
        let middle_rad = day.midnight_rad + ((h % 24) as f64 + 0.5) * PI / 12.0;
        sin_lat * sin_dec + cos_lat * cos_dec * middle_rad.cos()
    }

    /// Mean cosine of the angle of incidence in hour `h` on a surface with this outward normal
    /// (`[up, south, west]`) while the sun is up, steps with the sun behind the surface counted as 0.
    pub fn cos_incidence(&self, h: usize, normal: [f64; 3]) -> f64 {
        let hour = &self.hours[h];
        let mean = hour.up * normal[0] + hour.south * normal[1] + hour.west * normal[2];
        if hour.up_share > 0.0 && mean.abs() < HALF_HOUR_SPAN {
            self.steps_before_surface(h, normal)
        } else {
            mean.max(0.0)
        }
    }

    /// The same, step by step, for an hour in which the sun may cross the plane of the surface.
    fn steps_before_surface(&self, h: usize, normal: [f64; 3]) -> f64 {
        let day = &self.days[h / 24];
        let (sin_lat, cos_lat) = self.latitude;
        let (sin_dec, cos_dec) = day.declination;
        let level = sin_dec * (sin_lat * normal[0] - cos_lat * normal[1]);
        let by_cos = cos_dec * (cos_lat * normal[0] + sin_lat * normal[1]);
        let by_sin = cos_dec * normal[2];
        let cos_ws = day.sunset_rad.cos();
        let (mut sum, mut up) = (0.0, 0.0);
        for step in 0..STEPS {
            let clock_h = (h % 24) as f64 + (step as f64 + 0.5) / STEPS as f64;
            let (sin_w, cos_w) = (day.midnight_rad + clock_h * PI / 12.0).sin_cos();
            if cos_w > cos_ws {
                up += 1.0;
                sum += (level + by_cos * cos_w + by_sin * sin_w).max(0.0);
            }
        }
        sum / f64::max(up, 1.0)
    }
}

/// What to add to the clock for solar time, h.
pub fn solar_shift_h(site: &Site, equation_h: f64) -> f64 {
    (site.longitude_deg - 15.0 * site.utc_offset_h) / 15.0 + equation_h
}
