//! The typical year from twelve monthly rows, without random numbers.
//!
//! Monthly means, daily spread and the day's sum of global irradiation are kept exactly; the
//! profile inside the day is a two-harmonic swing in solar time, wider on clear days.

use std::f64::consts::PI;

use crate::weather::station::{MonthClimate, Sequences, StationClimate};
use crate::weather::sun::{SunDay, SunHour, SunYear, diffuse_fraction, solar_shift_h};
use crate::words::calendar::{DAYS, HOURS, MONTH_DAYS, month_start_day};
use crate::words::climate::{BeamSource, HourlyYear};
use crate::words::quantity::Kelvin;

/// Rounds of the correction that makes the curve of the year keep the monthly means.
const CURVE_ROUNDS: usize = 60;
/// Rounds of the correction that makes the line through noons keep the daily means.
const NOON_ROUNDS: usize = 40;
/// Rounds of the correction that makes the clearness keep the monthly irradiation.
const CLEARNESS_ROUNDS: usize = 3;
/// Below this product of extraterrestrial irradiance and cos z the hourly clearness is taken as 0, W/m2.
const LOW_SUN_W_M2: f64 = 5.0;

/// The station's typical year; `shift` is added to all temperatures (a warmer or colder climate).
///
/// The method is described in `docs/model/weather.md`; figures are those of the middle of each
/// clock hour.
pub fn typical_year(station: &StationClimate, sequences: &Sequences, shift: Kelvin) -> HourlyYear {
    let mut months = station.months;
    for month in &mut months {
        month.t_mean_c += shift.0;
        month.tmax_mean_c += shift.0;
        month.tmin_mean_c += shift.0;
    }
    let sun = SunYear::at(&station.site);
    let clearness = daily_clearness(&months, sequences, &sun.days);
    let daily_mean = daily_temperature(&months, sequences);
    let t_out_c = hourly_temperature(station, &months, &daily_mean, &clearness, &sun.days);
    let (ghi_w_m2, dhi_w_m2, dni_w_m2) = hourly_sun(&clearness, &sun);
    HourlyYear {
        name: station.id.clone(),
        site: station.site,
        rh_pct: hourly_humidity(&months, &daily_mean, &t_out_c),
        wind_m_s: each_hour(|day, _| months[month_index(day)].wind_m_s),
        t_out_c,
        ghi_w_m2,
        dhi_w_m2,
        dni_w_m2,
        beam: BeamSource::Closure,
    }
}

/// An hourly array from a function of day and hour of the day.
fn each_hour(mut value: impl FnMut(usize, usize) -> f64) -> Vec<f64> {
    let mut hours = Vec::with_capacity(HOURS);
    for day in 0..DAYS {
        for hour in 0..24 {
            hours.push(value(day, hour));
        }
    }
    hours
}

/// The month index of every day, without a search.
fn month_index(day: usize) -> usize {
    /// Month of each day of the year.
    static MONTH: [u8; DAYS] = {
        let mut table = [0; DAYS];
        let mut m = 0;
        while m < 12 {
            let mut d = 0;
            while d < MONTH_DAYS[m] {
                table[month_start_day(m) + d] = m as u8;
                d += 1;
            }
            m += 1;
        }
        table
    };
    MONTH[day % DAYS] as usize
}

/// Middle of month index `m`, in days from the start of the year.
fn mid_month(m: usize) -> f64 {
    month_start_day(m) as f64 + (MONTH_DAYS[m] as f64 - 1.0) / 2.0
}

/// A day's place between two mid-months: the month before, the month after, the share of the latter.
fn between_months(day: usize) -> (usize, usize, f64) {
    let month = month_index(day);
    let d = day as f64;
    if d < mid_month(month) {
        let before = (month + 11) % 12;
        let start = mid_month(before) - if month == 0 { DAYS as f64 } else { 0.0 };
        (before, month, (d - start) / (mid_month(month) - start))
    } else {
        let after = (month + 1) % 12;
        let end = mid_month(after) + if month == 11 { DAYS as f64 } else { 0.0 };
        (
            month,
            after,
            (d - mid_month(month)) / (end - mid_month(month)),
        )
    }
}

/// The curve of the year through monthly means that keeps them: straight lines between mid-months
/// whose nodes are moved until each month's mean is right. 365 values.
fn year_curve(monthly: [f64; 12]) -> [f64; DAYS] {
    // The mean of a month is a fixed mix of the nodes before, in and after it.
    let mut mix = [[0.0; 12]; 12];
    for day in 0..DAYS {
        let (before, after, share) = between_months(day);
        let month = month_index(day);
        let weight = 1.0 / MONTH_DAYS[month] as f64;
        mix[month][before] += (1.0 - share) * weight;
        mix[month][after] += share * weight;
    }
    let mut node = monthly;
    for _ in 0..CURVE_ROUNDS {
        let mut next = node;
        for m in 0..12 {
            let mean: f64 = (11..14)
                .map(|k| mix[m][(m + k) % 12] * node[(m + k) % 12])
                .sum();
            next[m] += monthly[m] - mean;
        }
        node = next;
    }
    std::array::from_fn(|day| {
        let (before, after, share) = between_months(day);
        node[before] + share * (node[after] - node[before])
    })
}

/// Daily means: the curve of the year and the day's anomaly, degC.
fn daily_temperature(months: &[MonthClimate; 12], sequences: &Sequences) -> [f64; DAYS] {
    let mut daily = year_curve(months.map(|m| m.t_mean_c));
    for (day, t) in daily.iter_mut().enumerate() {
        *t += months[month_index(day)].sd_anom_k * sequences.temperature[day];
    }
    daily
}

/// Daily clearness that keeps the monthly irradiation.
fn daily_clearness(
    months: &[MonthClimate; 12],
    sequences: &Sequences,
    sun: &[SunDay],
) -> [f64; DAYS] {
    let mut clearness = year_curve(months.map(|m| m.kt));
    for (day, k) in clearness.iter_mut().enumerate() {
        let spread = months[month_index(day)].sd_kt * sequences.clearness[day];
        *k = (*k + spread).clamp(0.05, 0.80);
    }
    for (m, month) in months.iter().enumerate() {
        let days = month_start_day(m)..month_start_day(m) + MONTH_DAYS[m];
        let all: f64 = sun[days.clone()].iter().map(|day| day.h0_kwh_m2).sum();
        for _ in 0..CLEARNESS_ROUNDS {
            let got: f64 = days
                .clone()
                .map(|day| clearness[day] * sun[day].h0_kwh_m2)
                .sum();
            for k in &mut clearness[days.clone()] {
                *k = (*k * month.kt * all / got).clamp(0.03, 0.82);
            }
        }
    }
    clearness
}

/// Values at noon such that the mean of the lines between them keeps each day's mean.
fn noon_values(daily: &[f64; DAYS]) -> [f64; DAYS] {
    let mut noon = *daily;
    for _ in 0..NOON_ROUNDS {
        let (first, last) = (noon[0], noon[DAYS - 1]);
        let mut before = last;
        for day in 0..DAYS {
            let after = if day + 1 == DAYS {
                first
            } else {
                noon[day + 1]
            };
            let here = noon[day];
            noon[day] = here + daily[day] - (before + 6.0 * here + after) / 8.0;
            before = here;
        }
    }
    noon
}

/// The swing of the day at solar angle `th` (cos and sin of it and of its double): two harmonics,
/// lowest at 5.8 h and highest at 14.6 h of solar time.
struct Swing {
    cos_1: f64,
    sin_1: f64,
    cos_2: f64,
    sin_2: f64,
}

impl Swing {
    /// Amplitude and phase of both harmonics.
    const FIRST: (f64, f64) = (0.4307, 2.188);
    const SECOND: (f64, f64) = (0.1328, -0.895);

    /// For a day whose solar time is `shift_h` ahead of the clock.
    fn new(shift_h: f64) -> Self {
        let turn = 2.0 * PI * shift_h / 24.0;
        let (sin_1, cos_1) = (turn + Self::FIRST.1).sin_cos();
        let (sin_2, cos_2) = (2.0 * turn + Self::SECOND.1).sin_cos();
        Self {
            cos_1: Self::FIRST.0 * cos_1,
            sin_1: Self::FIRST.0 * sin_1,
            cos_2: Self::SECOND.0 * cos_2,
            sin_2: Self::SECOND.0 * sin_2,
        }
    }

    /// At the middle of a clock hour whose angle and double angle have these (sin, cos).
    fn at(&self, one: (f64, f64), two: (f64, f64)) -> f64 {
        self.cos_1 * one.1 - self.sin_1 * one.0 + self.cos_2 * two.1 - self.sin_2 * two.0
    }
}

/// Hourly dry bulb, degC.
fn hourly_temperature(
    station: &StationClimate,
    months: &[MonthClimate; 12],
    daily: &[f64; DAYS],
    clearness: &[f64; DAYS],
    sun: &[SunDay],
) -> Vec<f64> {
    let noon = noon_values(daily);
    let angles: [((f64, f64), (f64, f64)); 24] = std::array::from_fn(|h| {
        let angle = 2.0 * PI * (h as f64 + 0.5) / 24.0;
        (angle.sin_cos(), (2.0 * angle).sin_cos())
    });
    let mean_clearness: [f64; 12] = std::array::from_fn(|m| {
        let days = month_start_day(m)..month_start_day(m) + MONTH_DAYS[m];
        clearness[days].iter().sum::<f64>() / MONTH_DAYS[m] as f64
    });
    let mut hours = Vec::with_capacity(HOURS);
    for day in 0..DAYS {
        let m = month_index(day);
        let relative = clearness[day] / mean_clearness[m] - 1.0;
        let range =
            (months[m].tmax_mean_c - months[m].tmin_mean_c) * (1.0 + 0.6 * relative).max(0.2);
        let swing = Swing::new(solar_shift_h(&station.site, sun[day].equation_h));
        let profile: [f64; 24] = std::array::from_fn(|h| swing.at(angles[h].0, angles[h].1));
        let (before, after) = (noon[(day + DAYS - 1) % DAYS], noon[(day + 1) % DAYS]);
        let base: [f64; 24] = std::array::from_fn(|h| {
            let x = (h as f64 + 0.5 - 12.0) / 24.0;
            let other = if x < 0.0 { before } else { after };
            noon[day] + x.abs() * (other - noon[day])
        });
        let level = daily[day] - base.iter().sum::<f64>() / 24.0;
        let centre = profile.iter().sum::<f64>() / 24.0;
        hours.extend((0..24).map(|h| base[h] + level + range * (profile[h] - centre)));
    }
    hours
}

/// Hourly global, diffuse and direct normal irradiance, W/m2.
fn hourly_sun(clearness: &[f64; DAYS], sun: &SunYear) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (mut ghi, mut dhi, mut dni) = (vec![0.0; HOURS], vec![0.0; HOURS], vec![0.0; HOURS]);
    for (day, sun_day) in sun.days.iter().enumerate() {
        let hours = &sun.hours[day * 24..day * 24 + 24];
        let weight: f64 = hours.iter().map(|h| h.global_weight).sum();
        let wh = 1000.0 * clearness[day] * sun_day.h0_kwh_m2;
        for (i, hour) in hours.iter().enumerate().filter(|(_, h)| h.up_share > 0.0) {
            let at = day * 24 + i;
            ghi[at] = wh * hour.global_weight / weight;
            let top = sun_day.extraterrestrial_w_m2 * hour.up * hour.up_share;
            let kh = if top < LOW_SUN_W_M2 {
                0.0
            } else {
                (ghi[at] / top).min(1.0)
            };
            dhi[at] = diffuse_fraction(kh) * ghi[at];
            dni[at] = direct_normal(ghi[at] - dhi[at], hour);
        }
    }
    (ghi, dhi, dni)
}

/// Direct normal irradiance, mean of the hour, from the beam on the horizontal; 0 where the sun is too
/// low to divide by.
fn direct_normal(beam_w_m2: f64, hour: &SunHour) -> f64 {
    if hour.lights_surfaces() {
        beam_w_m2 / hour.up
    } else {
        0.0
    }
}

/// Saturation pressure of water vapour, kPa, times a constant that cancels (Magnus form).
fn saturation(t_c: f64) -> f64 {
    (17.625 * t_c / (t_c + 243.04)).exp()
}

/// Hourly relative humidity, percent: the vapour of the day's mean stays while the air swings.
fn hourly_humidity(months: &[MonthClimate; 12], daily: &[f64; DAYS], t_out_c: &[f64]) -> Vec<f64> {
    let mut hours = Vec::with_capacity(HOURS);
    for (day, temperatures) in t_out_c.chunks_exact(24).enumerate() {
        let vapour = months[month_index(day)].rh_pct * saturation(daily[day]);
        hours.extend(
            temperatures
                .iter()
                .map(|&t| (vapour / saturation(t)).min(100.0)),
        );
    }
    hours
}
