//! Internal rates of return: every real rate at which the flows are worth nothing.

use serde::Serialize;

/// The rates above -1 at which the net present value is 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Irr {
    /// There is exactly one.
    One(f64),
    /// There are several, rising: none of them ranks options.
    Several(Vec<f64>),
    /// There is none.
    None,
}

/// All internal rates of return of yearly flows, year 0 first.
///
/// The net present value is a polynomial in `x = 1 / (1 + r)`. Its roots in (0, 1] are the rates
/// from 0 up; those of the reversed polynomial in (0, 1) are `1 + r` of the negative rates. In
/// either interval the roots of the derivative, found the same way, cut it into pieces in which
/// the polynomial rises or falls throughout, so that no root is missed; one that only touches 0
/// counts once.
pub fn irr(flows: &[f64]) -> Irr {
    let first = flows.iter().position(|&flow| flow != 0.0);
    let last = flows.iter().rposition(|&flow| flow != 0.0);
    let (Some(first), Some(last)) = (first, last) else {
        return Irr::None;
    };
    let Some(flows) = flows.get(first..=last) else {
        return Irr::None;
    };
    if flows.iter().any(|flow| !flow.is_finite()) {
        return Irr::None;
    }
    let reversed: Vec<f64> = flows.iter().rev().copied().collect();
    let below = roots_in_unit(&reversed)
        .into_iter()
        .filter(|&y| y < 1.0 - ROOT_STEP)
        .map(|y| y - 1.0);
    let above = roots_in_unit(flows).into_iter().map(|x| (1.0 - x) / x);
    let mut rates: Vec<f64> = below.chain(above).collect();
    rates.sort_by(f64::total_cmp);
    rates.dedup_by(|a, b| (*a - *b).abs() <= 1e-9 * (1.0 + b.abs()));
    match rates.as_slice() {
        [] => Irr::None,
        [rate] => Irr::One(*rate),
        _ => Irr::Several(rates),
    }
}

/// Roots closer than this are one.
const ROOT_STEP: f64 = 1e-12;
/// A value this small beside the sum of its terms is 0.
const NOTHING: f64 = 1e-14;

/// Roots of `sum of c[i] x^i` in (0, 1], rising.
fn roots_in_unit(coefficients: &[f64]) -> Vec<f64> {
    if coefficients.len() < 2 {
        return Vec::new();
    }
    let mut bounds = roots_in_unit(&derivative(coefficients));
    bounds.retain(|&x| x < 1.0);
    bounds.push(1.0);
    let mut roots: Vec<f64> = Vec::new();
    let mut low = (0.0, sign_at(coefficients, 0.0));
    for x in bounds {
        let high = (x, sign_at(coefficients, x));
        if high.1 == 0.0 {
            roots.push(x);
        } else if low.1 * high.1 < 0.0 {
            roots.push(bisect(coefficients, low, x));
        }
        low = high;
    }
    roots.dedup_by(|a, b| (*a - *b).abs() <= ROOT_STEP);
    roots
}

/// The derivative, scaled so that its largest coefficient is 1 and nothing overflows.
fn derivative(coefficients: &[f64]) -> Vec<f64> {
    let raw: Vec<f64> = coefficients
        .iter()
        .enumerate()
        .skip(1)
        .map(|(power, c)| c * power as f64)
        .collect();
    let largest = raw.iter().fold(0.0_f64, |m, c| m.max(c.abs()));
    if largest == 0.0 {
        return Vec::new();
    }
    raw.into_iter().map(|c| c / largest).collect()
}

/// The sign of the polynomial at `x`: -1, 0 (as far as rounding can tell) or 1.
fn sign_at(coefficients: &[f64], x: f64) -> f64 {
    let (value, size) = coefficients
        .iter()
        .rev()
        .fold((0.0, 0.0), |(value, size): (f64, f64), c| {
            (value * x + c, size * x + c.abs())
        });
    if value.abs() <= NOTHING * size {
        0.0
    } else {
        value.signum()
    }
}

/// The root between `low` (with its sign) and `high`, where the polynomial has the other sign, to
/// the last digit.
fn bisect(coefficients: &[f64], low: (f64, f64), high: f64) -> f64 {
    let (mut a, sign) = low;
    let mut b = high;
    while b - a > f64::EPSILON * b {
        let middle = a + (b - a) / 2.0;
        if middle <= a || middle >= b {
            break;
        }
        let value = coefficients.iter().rev().fold(0.0, |v, c| v * middle + c);
        if value * sign > 0.0 {
            a = middle;
        } else {
            b = middle;
        }
    }
    a + (b - a) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::factors::net_present_value;
    use proptest::prelude::*;

    #[test]
    fn one_rate_by_hand() {
        // -1000 + 1100 / 1.1 = 0
        let Irr::One(rate) = irr(&[-1000.0, 1100.0]) else {
            panic!("one rate");
        };
        assert!((rate - 0.1).abs() < 1e-15);
    }

    #[test]
    fn zero_and_negative_rates_are_found() {
        assert_eq!(irr(&[-1000.0, 500.0, 500.0]), Irr::One(0.0));
        let Irr::One(rate) = irr(&[-1000.0, 500.0]) else {
            panic!("one rate");
        };
        assert!((rate + 0.5).abs() < 1e-15);
    }

    #[test]
    fn two_rates_by_hand() {
        // -1 + 2.3 x - 1.32 x^2 = -(1 - 1.1 x)(1 - 1.2 x): rates 10 % and 20 %
        let Irr::Several(rates) = irr(&[-100.0, 230.0, -132.0]) else {
            panic!("two rates");
        };
        assert_eq!(rates.len(), 2);
        assert!((rates[0] - 0.1).abs() < 1e-12 && (rates[1] - 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_rate_that_only_touches_zero_counts_once() {
        // -(1 - 1.1 x)^2
        let Irr::One(rate) = irr(&[-100.0, 220.0, -121.0]) else {
            panic!("one rate");
        };
        assert!((rate - 0.1).abs() < 1e-9);
    }

    #[test]
    fn there_may_be_none() {
        assert_eq!(irr(&[]), Irr::None);
        assert_eq!(irr(&[0.0, 0.0]), Irr::None);
        assert_eq!(irr(&[-1000.0, -50.0]), Irr::None);
        assert_eq!(irr(&[-1000.0, 1500.0, -1000.0]), Irr::None);
        assert_eq!(irr(&[-1.0, f64::NAN]), Irr::None);
    }

    proptest! {
        #[test]
        fn every_rate_makes_the_flows_worth_nothing(flows in prop::collection::vec(-1000.0_f64..1000.0, 2..25)) {
            let rates = match irr(&flows) {
                Irr::One(rate) => vec![rate],
                Irr::Several(rates) => rates,
                Irr::None => vec![],
            };
            for rate in rates {
                let x = 1.0 / (1.0 + rate);
                let size: f64 = flows.iter().enumerate().map(|(t, f)| f.abs() * x.powi(t as i32)).sum();
                prop_assert!(net_present_value(rate, &flows).abs() <= 1e-9 * size);
            }
        }

        #[test]
        fn an_investment_with_savings_has_one_rate(cost in 1.0_f64..90_000.0, savings in prop::collection::vec(1.0_f64..9_000.0, 1..40)) {
            let mut flows = vec![-cost];
            flows.extend(savings);
            prop_assert!(matches!(irr(&flows), Irr::One(_)));
        }

        #[test]
        fn chosen_rates_are_all_found(a in -0.5_f64..0.0, b in 0.05_f64..0.4, c in 0.5_f64..2.0) {
            // (1 - (1+a) x)(1 - (1+b) x)(1 - (1+c) x), multiplied out
            let (p, q, r) = (1.0 + a, 1.0 + b, 1.0 + c);
            let flows = [1.0, -(p + q + r), p * q + p * r + q * r, -p * q * r];
            let Irr::Several(rates) = irr(&flows) else { panic!("three rates") };
            for (found, chosen) in rates.iter().zip([a, b, c]) {
                prop_assert!((found - chosen).abs() < 1e-9, "{rates:?}");
            }
            prop_assert_eq!(rates.len(), 3);
        }
    }
}
