//! Life-cycle cost: first cost, replacements, residual value and yearly costs over one horizon.

use crate::lifecycle::factors::{net_present_value, present_values, spv};
use crate::lifecycle::measures::equivalent_annual_cost;
use crate::words::quantity::{Yuan, YuanPerYear};

/// Something bought in year 0 and bought again when it is worn out.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    /// Price paid in year 0, before any grant.
    pub price: Yuan,
    /// Years until it is bought again; 0 is taken as 1.
    pub life_years: u16,
    /// Price of a replacement at year-0 prices.
    pub replacement_price: Yuan,
    /// Yearly growth of the replacement price.
    pub replacement_escalation: f64,
    /// What the last unit is worth at the end of the horizon.
    pub residual: Residual,
}

/// What an asset is worth at the end of the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Residual {
    /// The unused share of its life times what the last unit cost when it was bought.
    StraightLine,
    /// This much, whatever is left of its life.
    Stated(Yuan),
}

impl Asset {
    /// An asset that is replaced at its own price, with a straight-line residual.
    pub fn new(price: Yuan, life_years: u16) -> Self {
        Self {
            price,
            life_years,
            replacement_price: price,
            replacement_escalation: 0.0,
            residual: Residual::StraightLine,
        }
    }

    /// The years of the horizon in which it is bought again, and what it then costs. Nothing is
    /// bought in the last year itself.
    pub fn replacements(&self, horizon_years: u16) -> impl Iterator<Item = (u16, Yuan)> + '_ {
        let life = self.life_years.max(1);
        (life..horizon_years)
            .step_by(usize::from(life))
            .map(|year| (year, self.price_in(year)))
    }

    /// What the last unit is worth at the end of the horizon (positive).
    pub fn residual_value(&self, horizon_years: u16) -> Yuan {
        if let Residual::Stated(value) = self.residual {
            return value;
        }
        let life = self.life_years.max(1);
        let last = self.replacements(horizon_years).last();
        let (bought, paid) = last.unwrap_or((0, self.price));
        let left = f64::from((bought + life).saturating_sub(horizon_years)) / f64::from(life);
        paid * left
    }

    fn price_in(&self, year: u16) -> Yuan {
        self.replacement_price * (1.0 + self.replacement_escalation).powi(i32::from(year))
    }
}

/// What a yearly cost is for; the result sums by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamKind {
    /// Fuel, electricity, heat.
    Energy,
    /// Service, parts, own labour at a wage.
    Upkeep,
    /// Running grants, export income: amounts are negative.
    Income,
    /// Loan payments.
    Loan,
}

/// A cost of every year from 1 on; income is negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// What it is for.
    pub kind: StreamKind,
    /// `amounts[t - 1]` is that of year `t`; years after the last are 0, years beyond the horizon
    /// do not count.
    pub amounts: Vec<f64>,
}

impl Stream {
    /// An amount at year-0 prices that grows by `escalation` every year, the first year too.
    pub fn escalating(kind: StreamKind, base: Yuan, escalation: f64, horizon_years: u16) -> Self {
        let amounts = (1..=i32::from(horizon_years))
            .map(|year| base.0 * (1.0 + escalation).powi(year))
            .collect();
        Self { kind, amounts }
    }
}

/// All that an option costs one payer.
#[derive(Debug, Clone, PartialEq)]
pub struct CostPlan {
    /// Years that are looked at.
    pub horizon_years: u16,
    /// Discount rate, fraction a year.
    pub discount: f64,
    /// Grants towards the first cost (positive). They may exceed it: a cap is policy, not arithmetic.
    pub grants: Yuan,
    /// What is bought.
    pub assets: Vec<Asset>,
    /// What comes every year.
    pub streams: Vec<Stream>,
}

/// A life-cycle cost and its parts, each at its present value.
#[derive(Debug, Clone, PartialEq)]
pub struct LifeCycleCost {
    /// First cost less grants.
    pub investment: Yuan,
    /// Units bought again.
    pub replacement: Yuan,
    /// Value at the end: negative or 0.
    pub residual: Yuan,
    /// Energy.
    pub energy: Yuan,
    /// Upkeep.
    pub upkeep: Yuan,
    /// Running grants and export income: negative or 0.
    pub income: Yuan,
    /// Loan payments.
    pub loan: Yuan,
    /// All of it.
    pub total: Yuan,
    /// The level yearly amount worth the total.
    pub equivalent_annual: YuanPerYear,
    /// `flows[t]`: what is paid at the end of year `t`, undiscounted, year 0 first; the residual
    /// stands in the last.
    pub flows: Vec<f64>,
}

/// The life-cycle cost of a plan (NIST Handbook 135, section 4.1, equation for `LCC`).
pub fn life_cycle_cost(plan: &CostPlan) -> LifeCycleCost {
    let horizon = usize::from(plan.horizon_years);
    let price: Yuan = plan.assets.iter().map(|asset| asset.price).sum();
    let investment = price - plan.grants;
    let mut flows = vec![0.0; horizon + 1];
    let mut replacement = Yuan::ZERO;
    let mut at_end = 0.0;
    for asset in &plan.assets {
        for (year, paid) in asset.replacements(plan.horizon_years) {
            replacement += paid * spv(plan.discount, year);
            if let Some(flow) = flows.get_mut(usize::from(year)) {
                *flow += paid.0;
            }
        }
        at_end += asset.residual_value(plan.horizon_years).0;
    }
    let residual = -Yuan(at_end) * spv(plan.discount, plan.horizon_years);
    for stream in &plan.streams {
        for (flow, amount) in flows.iter_mut().skip(1).zip(&stream.amounts) {
            *flow += amount;
        }
    }
    if let Some(first) = flows.first_mut() {
        *first += investment.0;
    }
    if let Some(last) = flows.last_mut() {
        *last -= at_end;
    }
    let of = |kind| present_value_of(plan, kind);
    let total = Yuan(net_present_value(plan.discount, &flows));
    LifeCycleCost {
        investment,
        replacement,
        residual,
        energy: of(StreamKind::Energy),
        upkeep: of(StreamKind::Upkeep),
        income: of(StreamKind::Income),
        loan: of(StreamKind::Loan),
        total,
        equivalent_annual: equivalent_annual_cost(total, plan.discount, plan.horizon_years),
        flows,
    }
}

/// Present value of the streams of one kind inside the horizon.
fn present_value_of(plan: &CostPlan, kind: StreamKind) -> Yuan {
    let factor = spv(plan.discount, 1);
    let streams = plan.streams.iter().filter(|stream| stream.kind == kind);
    streams
        .map(|stream| {
            let inside = stream.amounts.iter().take(usize::from(plan.horizon_years));
            let amounts: Vec<f64> = inside.copied().collect();
            Yuan(present_values(plan.discount, &amounts).iter().sum::<f64>() * factor)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stove_of_eight_years_in_fifteen() {
        let stove = Asset::new(Yuan(1500.0), 8);
        let again: Vec<(u16, Yuan)> = stove.replacements(15).collect();
        assert_eq!(again, [(8, Yuan(1500.0))]);
        // bought in 8, good until 16: one eighth is left at 15
        assert_eq!(stove.residual_value(15), Yuan(1500.0 / 8.0));
    }

    #[test]
    fn two_whole_lives_leave_nothing() {
        let unit = Asset::new(Yuan(25_000.0), 10);
        assert_eq!(unit.replacements(20).count(), 1);
        assert_eq!(unit.residual_value(20), Yuan::ZERO);
    }

    #[test]
    fn a_long_life_keeps_its_unused_share() {
        let solar = Asset::new(Yuan(38_000.0), 20);
        assert_eq!(solar.replacements(15).count(), 0);
        assert_eq!(solar.residual_value(15), Yuan(9_500.0));
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_total(
            price in 0.0_f64..50_000.0, life in 1_u16..25, years in 1_u16..30, rate in -0.05_f64..0.2,
            grants in 0.0_f64..60_000.0, energy in 0.0_f64..9_000.0, growth in -0.05_f64..0.1,
        ) {
            let plan = CostPlan {
                horizon_years: years,
                discount: rate,
                grants: Yuan(grants),
                assets: vec![Asset::new(Yuan(price), life), Asset::new(Yuan(price / 3.0), life + 4)],
                streams: vec![
                    Stream::escalating(StreamKind::Energy, Yuan(energy), growth, years),
                    Stream { kind: StreamKind::Income, amounts: vec![-300.0, -200.0, -100.0] },
                ],
            };
            let cost = life_cycle_cost(&plan);
            let parts = cost.investment + cost.replacement + cost.residual + cost.energy
                + cost.upkeep + cost.income + cost.loan;
            prop_assert!((parts - cost.total).0.abs() < 1e-6 * (1.0 + price + energy * 20.0));
            prop_assert!(cost.residual.0 <= 0.0 && cost.replacement.0 >= 0.0);
            prop_assert_eq!(cost.flows.len(), usize::from(years) + 1);
        }
    }
}
