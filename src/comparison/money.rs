//! Money terms of an account and the figures that are sums of its ledger.

use crate::comparison::outcome::{
    AgainstToday, AnnualCost, Government, Headline, PayerYear, TooDearToRun, Verdict, WinterCost,
};
use crate::comparison::tally::{Column, Tally};
use crate::lifecycle;
use crate::words::calendar::Winter;
use crate::words::fixed::{Money, Rounding};
use crate::words::kinds::{Carrier, Kind, Payer};
use crate::words::quantity::{Yuan, YuanPerYear};

/// How money over time is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneyTerms {
    /// Discount rate a year, real if the escalations are real.
    pub discount: f64,
    /// Years of the account.
    pub horizon_years: u16,
    /// Yearly price change of each carrier, index by [`Carrier::ALL`].
    pub escalation: [f64; Carrier::ALL.len()],
    /// How products become fen.
    pub rounding: Rounding,
    /// Yuan for an hour of own labour, if the user wants it counted.
    pub wage: Option<Money>,
    /// How the installation is bought.
    pub purchase: WayToBuy,
}

/// Which price is paid and how.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WayToBuy {
    /// The retail price instead of the programme's.
    pub retail: bool,
    /// A loan for the household's own part.
    pub loan: Option<LoanTerms>,
    /// A lease in place of a purchase.
    pub lease: Option<LeaseTerms>,
    /// Share that buying from the factory takes off the machine's price.
    pub factory_direct_share: f64,
}

/// A lease: an operator buys the installation, the household pays by the year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeaseTerms {
    /// Payment a year.
    pub payment: Money,
    /// Years of payment.
    pub years: u16,
}

/// A loan for the household's own part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoanTerms {
    /// Share of the own part that is borrowed, 0 to 1.
    pub share: f64,
    /// Interest a year.
    pub rate: f64,
    /// Years until it is paid back.
    pub years: u16,
}

impl MoneyTerms {
    /// The price of a carrier in year `year` of the account as a multiple of year 1.
    pub fn price_factor(&self, carrier: Carrier, year: u16) -> f64 {
        let position = Carrier::ALL.iter().position(|c| *c == carrier);
        let rate = position.map_or(0.0, |i| self.escalation[i]);
        if rate == 0.0 {
            return 1.0;
        }
        (1.0 + rate).powi(i32::from(year) - 1)
    }
}

/// The thresholds of the two failures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Self-pay above it is too dear to install.
    pub install: InstallLimit,
    /// A winter above this share of a year's income is too dear to run.
    pub winter_share: f64,
}

/// From where on an option is too dear to install.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InstallLimit {
    /// More than this share of a year's household income.
    IncomeShare(f64),
    /// More than this much.
    Amount(Money),
}

impl InstallLimit {
    /// Whether a self-pay is above it.
    pub fn exceeded(self, self_pay: Money, income: YuanPerYear) -> bool {
        match self {
            Self::IncomeShare(limit) => share(self_pay, income) > limit,
            Self::Amount(limit) => self_pay > limit,
        }
    }
}

/// The equivalent annual cost by purpose.
pub fn annual_cost(tally: &Tally, terms: &MoneyTerms) -> AnnualCost {
    let annuity = |columns: &[Column]| {
        let flows = tally.flows_of(columns);
        let value = Yuan(lifecycle::net_present_value(terms.discount, &flows));
        lifecycle::equivalent_annual_cost(value, terms.discount, terms.horizon_years)
    };
    AnnualCost {
        energy: annuity(&[Column::Energy]),
        upkeep: annuity(&[Column::Upkeep]),
        labour: annuity(&[Column::Labour]),
        capital: annuity(&[Column::Install, Column::Replacement, Column::Loan]),
        subsidies: annuity(&[Column::InstallSubsidy, Column::RunningSubsidy]),
        export: annuity(&[Column::Export]),
    }
}

/// Winter by winter: gross, grants, export and net of the household.
pub fn staircase(tally: &Tally, first: Winter) -> Vec<WinterCost> {
    let winter = |year: u16| {
        let gross = tally.own(year, &[Column::Energy, Column::Upkeep]);
        let grants = -tally.own(year, &[Column::RunningSubsidy]);
        let export = -tally.own(year, &[Column::Export]);
        WinterCost {
            winter: first.plus(year as i16 - 1),
            gross,
            grants,
            export,
            net: gross - grants - export,
            today: Money::ZERO,
        }
    };
    (1..=tally.horizon()).map(winter).collect()
}

/// The first winter of the horizon from which no running grant is paid, if one was ever paid.
pub fn grants_end(winters: &[WinterCost]) -> Option<Winter> {
    let last = winters
        .iter()
        .rposition(|winter| winter.grants != Money::ZERO)?;
    winters.get(last + 1).map(|winter| winter.winter)
}

/// What every payer pays, by year; years and payers without money are left out.
pub fn payer_years(tally: &Tally) -> Vec<PayerYear> {
    let paid = tally.payers().filter(|(.., amount)| *amount != Money::ZERO);
    // Most years have the household and one or two others.
    let mut years = Vec::with_capacity(3 * usize::from(tally.horizon()));
    years.extend(paid.map(|(year, payer, amount)| PayerYear {
        year,
        payer,
        amount,
    }));
    years
}

/// 政府账: what central to township levels pay together.
pub fn government(payers: &[PayerYear], coal_replaced_t: f64, horizon: u16) -> Government {
    let public = |p: &&PayerYear| !matches!(p.payer, Payer::Household | Payer::Operator);
    let (mut up_front, mut first_winter, mut total) = (Money::ZERO, Money::ZERO, Money::ZERO);
    for paid in payers.iter().filter(public) {
        total += paid.amount;
        match paid.year {
            0 => up_front += paid.amount,
            1 => first_winter += paid.amount,
            _ => {}
        }
    }
    let tonnes = coal_replaced_t * f64::from(horizon);
    Government {
        up_front,
        first_winter,
        total,
        per_tonne: (tonnes > 0.0).then(|| Money::from_f64(total.to_f64() / tonnes)),
    }
}

/// What the headline needs beside the ledger.
pub struct HeadlineBasis<'a> {
    /// Terms.
    pub terms: &'a MoneyTerms,
    /// Winters of the account.
    pub winters: &'a [WinterCost],
    /// Yearly flows of today's heating, year 0 to the horizon.
    pub today_flows: &'a [f64],
    /// Today's first winter.
    pub today_winter: Money,
    /// Days of the season.
    pub days: usize,
    /// Useful heat of a winter, kWh.
    pub heat_kwh: f64,
    /// Yearly income of the household.
    pub income: YuanPerYear,
    /// The winter at the standard service.
    pub standard_winter_cost: Money,
    /// Own labour of a winter, hours.
    pub labour_hours: f64,
}

/// The headline figures; all money is a sum of payments.
pub fn headline(tally: &Tally, basis: &HeadlineBasis<'_>) -> Headline {
    const WINTER: [Column; 4] = [
        Column::Energy,
        Column::Upkeep,
        Column::RunningSubsidy,
        Column::Export,
    ];
    let self_pay = tally.own(0, &[Column::Install, Column::InstallSubsidy]);
    let winter_cost = tally.own(1, &WINTER);
    let flows = tally.flows();
    let saved: Vec<f64> = basis
        .today_flows
        .iter()
        .zip(&flows)
        .map(|(a, b)| a - b)
        .collect();
    let rate = basis.terms.discount;
    let years = basis.terms.horizon_years;
    let present_value = Yuan(lifecycle::net_present_value(rate, &flows));
    let heat = vec![basis.heat_kwh; usize::from(years)];
    let per_kwh = lifecycle::levelised_cost(present_value, rate, &heat).unwrap_or(0.0);
    let first = basis.winters.first();
    Headline {
        self_pay,
        install_price: tally.own(0, &[Column::Install]),
        winter_cost,
        per_day: Money::from_f64(winter_cost.to_f64() / basis.days.max(1) as f64),
        versus_today: winter_cost - basis.today_winter,
        after_subsidy: first.map_or(winter_cost, |w| w.gross - w.export),
        subsidy_ends: grants_end(basis.winters),
        payback: lifecycle::payback(&saved),
        discounted_payback: lifecycle::discounted_payback(&saved, rate),
        present_value,
        equivalent_annual_cost: lifecycle::equivalent_annual_cost(present_value, rate, years),
        heat_cost_per_kwh: per_kwh,
        heat_cost_per_gj: per_kwh / 0.0036,
        winter_burden: share(winter_cost, basis.income),
        install_burden: share(self_pay, basis.income),
        standard_winter_cost: basis.standard_winter_cost,
        labour: tally.own(1, &[Column::Labour]),
        labour_hours: basis.labour_hours,
    }
}

/// Money as a share of a year's income; nothing where there is no income.
fn share(money: Money, income: YuanPerYear) -> f64 {
    if income.value() > 0.0 {
        money.to_f64() / income.value()
    } else {
        0.0
    }
}

/// 装得起, 用得起: the two failures and the plain comparison with today's winter.
pub fn verdict(
    headline: &Headline,
    winters: &[WinterCost],
    today_winter: Money,
    thresholds: Thresholds,
    income: YuanPerYear,
) -> Verdict {
    let dear = |cost: Money| share(cost, income) > thresholds.winter_share;
    let later = winters.iter().any(|winter| dear(winter.net)) && headline.subsidy_ends.is_some();
    let too_dear_to_run = if dear(headline.winter_cost) {
        TooDearToRun::Now
    } else if later {
        TooDearToRun::AfterGrants
    } else {
        TooDearToRun::No
    };
    Verdict {
        too_dear_to_install: thresholds.install.exceeded(headline.self_pay, income),
        too_dear_to_run,
        winter: against_today(headline, today_winter),
    }
}

/// Cheaper, the same (within one percent), or dearer than today's winter.
fn against_today(headline: &Headline, today: Money) -> AgainstToday {
    let margin = Money::from_f64(today.to_f64().abs() * 0.01);
    let cost = headline.winter_cost;
    if cost < today - margin {
        let lasting = headline.subsidy_ends.is_none() || headline.after_subsidy < today;
        return if lasting {
            AgainstToday::Cheaper
        } else {
            AgainstToday::CheaperWithGrants
        };
    }
    if cost <= today + margin {
        AgainstToday::Same
    } else {
        AgainstToday::Dearer
    }
}
