//! Discount factors (NIST Handbook 135, 1995, section 3.2 and appendix A) and present value.
//!
//! Every factor takes a rate above -1; at or below it a yuan of next year has no present value and
//! the result is not finite. Input files limit rates to -0.5 and above.

/// Single present value `SPV = (1 + d)^-n`: today's value of 1 paid at the end of year `n`.
pub fn spv(rate: f64, year: u16) -> f64 {
    (1.0 + rate).powi(-i32::from(year))
}

/// Future value `(1 + d)^n` of 1 paid today.
pub fn future_value(rate: f64, year: u16) -> f64 {
    (1.0 + rate).powi(i32::from(year))
}

/// Uniform present value `UPV = (1 - (1 + d)^-n) / d`: today's value of 1 at the end of each of `n`
/// years; `n` where the rate is 0.
///
/// Written with `ln_1p` and `exp_m1`, which keep their digits where the rate is close to 0.
pub fn upv(rate: f64, years: u16) -> f64 {
    let n = f64::from(years);
    if rate == 0.0 {
        return n;
    }
    -(-n * rate.ln_1p()).exp_m1() / rate
}

/// Capital recovery factor `CRF = 1 / UPV`: the level yearly amount worth 1 today. Infinite for 0
/// years.
pub fn crf(rate: f64, years: u16) -> f64 {
    1.0 / upv(rate, years)
}

/// Sinking fund factor `CRF - d`: what must be laid by at each year's end to hold 1 after `n`.
pub fn sinking_fund(rate: f64, years: u16) -> f64 {
    let n = f64::from(years);
    if rate == 0.0 {
        return 1.0 / n;
    }
    rate / (n * rate.ln_1p()).exp_m1()
}

/// Modified uniform present value `UPV* = sum over t of ((1 + e) / (1 + d))^t`: today's value of
/// an amount that is 1 at year-0 prices and grows by `escalation` every year, the first year too.
pub fn upv_star(rate: f64, escalation: f64, years: u16) -> f64 {
    if escalation == -1.0 {
        return 0.0;
    }
    upv((rate - escalation) / (1.0 + escalation), years)
}

/// Net present value of yearly flows, `flows[t]` at the end of year `t`, year 0 first.
pub fn net_present_value(rate: f64, flows: &[f64]) -> f64 {
    let factor = 1.0 / (1.0 + rate);
    flows
        .iter()
        .rev()
        .fold(0.0, |later, flow| flow + later * factor)
}

/// Each flow's own present value, in the same order.
pub fn present_values(rate: f64, flows: &[f64]) -> Vec<f64> {
    let factor = 1.0 / (1.0 + rate);
    let mut weight = 1.0;
    flows
        .iter()
        .map(|flow| {
            let value = flow * weight;
            weight *= factor;
            value
        })
        .collect()
}

/// Nominal rate of a real rate under inflation (Fisher): `(1 + r)(1 + i) - 1`.
pub fn nominal_rate(real: f64, inflation: f64) -> f64 {
    real + inflation + real * inflation
}

/// Real rate of a nominal rate under inflation (Fisher): `(1 + n) / (1 + i) - 1`.
pub fn real_rate(nominal: f64, inflation: f64) -> f64 {
    (nominal - inflation) / (1.0 + inflation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_years_by_hand() {
        // 1/1.05 + 1/1.05^2 = 0.952381 + 0.907029 = 1.859410
        assert!((upv(0.05, 2) - 1.859_410_430_839_002).abs() < 1e-15);
        // 1.02/1.05 + (1.02/1.05)^2
        let q: f64 = 1.02 / 1.05;
        assert!((upv_star(0.05, 0.02, 2) - (q + q * q)).abs() < 1e-14);
    }

    #[test]
    fn nothing_for_no_years_and_n_at_rate_zero() {
        assert_eq!((upv(0.05, 0), upv(0.0, 7), crf(0.0, 4)), (0.0, 7.0, 0.25));
        assert_eq!(upv_star(0.03, 0.03, 9), 9.0);
    }

    proptest! {
        #[test]
        fn a_level_payment_is_worth_its_discounted_sum(rate in -0.3_f64..1.0, years in 1_u16..40) {
            let mut flows = vec![1.0; usize::from(years) + 1];
            flows[0] = 0.0;
            let sum = net_present_value(rate, &flows);
            prop_assert!((upv(rate, years) / sum - 1.0).abs() < 1e-12);
            prop_assert!((crf(rate, years) * sum - 1.0).abs() < 1e-12);
            let by_year: f64 = present_values(rate, &flows).iter().sum();
            prop_assert!((by_year / sum - 1.0).abs() < 1e-12);
        }

        #[test]
        fn the_factor_is_smooth_through_rate_zero(rate in -1e-9_f64..1e-9, years in 1_u16..60) {
            let n = f64::from(years);
            let second_order = n - rate * n * (n + 1.0) / 2.0;
            prop_assert!((upv(rate, years) - second_order).abs() < 1e-10);
        }

        #[test]
        fn real_and_nominal_accounts_agree(real in -0.2_f64..0.3, inflation in -0.05_f64..0.2, years in 1_u16..30) {
            let nominal = nominal_rate(real, inflation);
            prop_assert!((real_rate(nominal, inflation) - real).abs() < 1e-12);
            let ratio = upv_star(nominal, inflation, years) / upv(real, years);
            prop_assert!((ratio - 1.0).abs() < 1e-10);
        }
    }
}
