//! How long until what was put in has come back.

use schemars::JsonSchema;
use serde::Serialize;

use crate::lifecycle::factors::present_values;

/// When the running sum of an option's savings against today's heating first reaches 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Payback {
    /// Nothing has to come back: year 0 costs nothing more, or even gains.
    AtOnce,
    /// After this many years, with a straight line inside the year.
    After(f64),
    /// Not inside the horizon.
    Never,
    /// The question has no sense: there are no years, a flow is not a number, or nothing was put in
    /// and no year saves anything either.
    NotDefined,
}

/// Simple payback of yearly net savings, year 0 first (the extra first cost, negative).
///
/// The running sum may fall below 0 again later; the first time counts (NIST Handbook 135,
/// section 6.5).
pub fn payback(flows: &[f64]) -> Payback {
    let Some((&first, later)) = flows.split_first() else {
        return Payback::NotDefined;
    };
    if flows.iter().any(|flow| !flow.is_finite()) || later.is_empty() {
        return Payback::NotDefined;
    }
    if first >= 0.0 {
        let saves = later.iter().any(|&flow| flow > 0.0);
        let loses = later.iter().any(|&flow| flow < 0.0);
        return if loses && !saves {
            Payback::NotDefined
        } else {
            Payback::AtOnce
        };
    }
    let mut sum = first;
    for (year, flow) in later.iter().enumerate() {
        if sum + flow >= 0.0 {
            return Payback::After(year as f64 - sum / flow);
        }
        sum += flow;
    }
    Payback::Never
}

/// Payback of the same flows at their present values.
pub fn discounted_payback(flows: &[f64], rate: f64) -> Payback {
    payback(&present_values(rate, flows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_line_inside_the_year_is_straight() {
        // -1000, +400, +400: 200 is missing after year 2, half of year 3's 400
        assert_eq!(
            payback(&[-1000.0, 400.0, 400.0, 400.0]),
            Payback::After(2.5)
        );
        assert_eq!(payback(&[-1000.0, 500.0, 500.0]), Payback::After(2.0));
    }

    #[test]
    fn never_and_at_once_are_answers() {
        assert_eq!(payback(&[-1000.0, -10.0, -10.0]), Payback::Never);
        assert_eq!(payback(&[-1000.0, 300.0, 300.0]), Payback::Never);
        assert_eq!(payback(&[0.0, 300.0]), Payback::AtOnce);
        assert_eq!(payback(&[500.0, -100.0, 50.0]), Payback::AtOnce);
    }

    #[test]
    fn a_free_machine_with_dearer_winters_has_no_payback_to_speak_of() {
        assert_eq!(payback(&[0.0, -300.0, -300.0]), Payback::NotDefined);
        assert_eq!(payback(&[]), Payback::NotDefined);
        assert_eq!(payback(&[-100.0]), Payback::NotDefined);
        assert_eq!(payback(&[-100.0, f64::NAN]), Payback::NotDefined);
    }

    proptest! {
        #[test]
        fn discounting_never_pays_back_sooner(cost in 1.0_f64..50_000.0, saving in 1.0_f64..5_000.0, rate in 0.0_f64..0.3) {
            let mut flows = vec![saving; 31];
            flows[0] = -cost;
            match (payback(&flows), discounted_payback(&flows, rate)) {
                (Payback::After(simple), Payback::After(later)) => prop_assert!(later >= simple - 1e-9),
                (Payback::After(_) | Payback::Never, Payback::Never) => {}
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
