//! The heating season by the 5 degC rule.

use std::f64::consts::PI;

use crate::words::calendar::{DAYS, MonthDay, Season};
use crate::words::climate::HourlyYear;
use crate::words::quantity::Celsius;

/// Means of the 365 days, degC.
pub fn daily_means(year: &HourlyYear) -> Vec<f64> {
    year.t_out_c
        .chunks_exact(24)
        .map(|day| day.iter().sum::<f64>() / 24.0)
        .collect()
}

/// The longest run of days on which the smooth course of the year (annual and half-annual harmonic,
/// least squares) is at or below a threshold, 5 degC by the Chinese rule; nothing if it never is.
///
/// A run of raw daily means in a single year is broken by mild spells and would be far too short.
pub fn below_threshold_season(year: &HourlyYear, threshold: Celsius) -> Option<Season> {
    let smooth = two_harmonics(&daily_means(year));
    let cold: Vec<bool> = smooth.iter().map(|&t| t <= threshold.0).collect();
    if cold.iter().all(|&c| c) {
        return Some(Season::YEAR);
    }
    let run_from = |start: usize| (0..DAYS).take_while(|i| cold[(start + i) % DAYS]).count();
    let starts = (0..DAYS).filter(|&d| cold[d] && !cold[(d + DAYS - 1) % DAYS]);
    let (start, length) = starts
        .map(|d| (d, run_from(d)))
        .max_by_key(|&(d, length)| (length, DAYS - d))?;
    Some(Season {
        from: MonthDay::from_day(start),
        to: MonthDay::from_day((start + length - 1) % DAYS),
    })
}

/// Least-squares fit of mean, annual and half-annual harmonic to 365 daily values.
fn two_harmonics(daily: &[f64]) -> Vec<f64> {
    let n = daily.len() as f64;
    let mean = daily.iter().sum::<f64>() / n;
    let terms: Vec<(f64, f64, f64)> = (1..=2)
        .map(|k| {
            let omega = 2.0 * PI * k as f64 / n;
            let (mut s, mut c) = (0.0, 0.0);
            for (d, t) in daily.iter().enumerate() {
                let (sin, cos) = (omega * d as f64).sin_cos();
                s += t * sin;
                c += t * cos;
            }
            (omega, 2.0 * s / n, 2.0 * c / n)
        })
        .collect();
    (0..daily.len())
        .map(|d| {
            let wave = |&(omega, s, c): &(f64, f64, f64)| {
                let (sin, cos) = (omega * d as f64).sin_cos();
                s * sin + c * cos
            };
            mean + terms.iter().map(wave).sum::<f64>()
        })
        .collect()
}
