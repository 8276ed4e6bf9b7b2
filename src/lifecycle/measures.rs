//! Single figures that sum up an account of years.

use crate::lifecycle::factors::{crf, net_present_value};
use crate::words::quantity::{Yuan, YuanPerYear};

/// Equivalent annual cost: the level amount at the end of each of `years` years worth the present
/// value; the present value divided by the years where the rate is 0 (NIST Handbook 135, annual
/// value). Nothing for a horizon of 0 years.
pub fn equivalent_annual_cost(present_value: Yuan, rate: f64, years: u16) -> YuanPerYear {
    if years == 0 {
        return YuanPerYear::ZERO;
    }
    YuanPerYear(present_value.0 * crf(rate, years))
}

/// Levelised cost of heat, CNY/kWh: present value of the cost over the present value of the useful
/// heat, `heat_kwh[t - 1]` that of year `t`. Nothing where no heat is delivered.
///
/// With level yearly amounts it equals the simple levelised cost with the capital recovery factor
/// as fixed charge rate (NREL).
pub fn levelised_cost(present_value: Yuan, rate: f64, heat_kwh: &[f64]) -> Option<f64> {
    let heat = net_present_value(rate, heat_kwh) / (1.0 + rate);
    (heat > 0.0).then(|| present_value.0 / heat)
}

/// Net savings: present value of the savings less that of the extra investment.
pub fn net_savings(savings: Yuan, extra_investment: Yuan) -> Yuan {
    savings - extra_investment
}

/// Savings-to-investment ratio (NIST Handbook 135, section 6.3): present value of the operating
/// savings over that of the extra investment (first cost, replacements and residual together).
/// Nothing where nothing extra is invested.
pub fn savings_to_investment_ratio(savings: Yuan, extra_investment: Yuan) -> Option<f64> {
    (extra_investment.0 > 0.0).then(|| savings / extra_investment)
}

/// Adjusted internal rate of return `(1 + d) SIR^(1/N) - 1` (NIST Handbook 135, section 6.4), the
/// savings being put back at the discount rate. Nothing where the ratio is negative or no year
/// passes.
pub fn adjusted_internal_rate_of_return(sir: f64, rate: f64, years: u16) -> Option<f64> {
    (sir >= 0.0 && years > 0).then(|| (1.0 + rate) * sir.powf(1.0 / f64::from(years)) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_amounts_give_the_simple_levelised_cost() {
        // 25,000 at 5 % over 15 years is 2,408.56 a year; on 10,450 kWh that is 0.23048
        let heat = [10_450.0; 15];
        let cost = levelised_cost(Yuan(25_000.0), 0.05, &heat).unwrap();
        assert!((cost - 25_000.0 * crf(0.05, 15) / 10_450.0).abs() < 1e-15);
    }

    #[test]
    fn no_heat_and_no_extra_investment_have_no_ratio() {
        assert_eq!(levelised_cost(Yuan(1.0), 0.05, &[0.0, 0.0]), None);
        assert_eq!(savings_to_investment_ratio(Yuan(100.0), Yuan(-5.0)), None);
        assert_eq!(adjusted_internal_rate_of_return(-0.5, 0.03, 15), None);
    }
}
