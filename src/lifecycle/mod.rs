//! Money over the years, by the conventions of NIST Handbook 135.
//!
//! Year 0 is the day before the first winter; the amounts of year `t` fall at its end. Rates are
//! fractions a year, real and nominal never mixed: prices at year-0 value go with a real rate,
//! prices of their own year with a nominal one. Nothing is rounded here except the loan lines
//! that people pay. `docs/model/lifecycle.md` states every convention once.

pub mod cost;
pub mod factors;
pub mod irr;
pub mod loan;
pub mod measures;
pub mod payback;

pub use cost::{Asset, CostPlan, LifeCycleCost, Residual, Stream, StreamKind, life_cycle_cost};
pub use factors::{
    crf, future_value, net_present_value, nominal_rate, present_values, real_rate, sinking_fund,
    spv, upv, upv_star,
};
pub use irr::{Irr, irr};
pub use loan::{Loan, LoanLine, Repayment};
pub use measures::{
    adjusted_internal_rate_of_return, equivalent_annual_cost, levelised_cost, net_savings,
    savings_to_investment_ratio,
};
pub use payback::{Payback, discounted_payback, payback};
