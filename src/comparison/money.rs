//! Money terms of an account and the figures that are sums of its ledger.

use crate::comparison::journal::{self, Entry};
use crate::comparison::outcome::{
    AgainstToday, AnnualCost, Government, Headline, PayerYear, TooDearToRun, Verdict, WinterCost,
};
use crate::lifecycle;
use crate::words::calendar::Winter;
use crate::words::fixed::{Money, Rounding};
use crate::words::kinds::{Carrier, Kind, Payer};
use crate::words::ledger::Purpose;
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

/// What the household pays in each year 0..=horizon, own labour at the wage included.
pub fn yearly_flows(entries: &[Entry], horizon: u16) -> Vec<f64> {
    flows_of(entries, horizon, |_| true)
}

/// The same of some purposes only.
fn flows_of(entries: &[Entry], horizon: u16, wanted: fn(Purpose) -> bool) -> Vec<f64> {
    let mut flows = vec![Money::ZERO; usize::from(horizon) + 1];
    for line in entries
        .iter()
        .filter(|line| line.payer == Payer::Household && wanted(line.purpose))
    {
        if let Some(flow) = flows.get_mut(usize::from(line.year)) {
            *flow += line.amount;
        }
    }
    flows.into_iter().map(Money::to_f64).collect()
}

/// The equivalent annual cost by purpose.
pub fn annual_cost(entries: &[Entry], terms: &MoneyTerms) -> AnnualCost {
    let annuity = |wanted: fn(Purpose) -> bool| {
        let flows = flows_of(entries, terms.horizon_years, wanted);
        let value = Yuan(lifecycle::net_present_value(terms.discount, &flows));
        lifecycle::equivalent_annual_cost(value, terms.discount, terms.horizon_years)
    };
    AnnualCost {
        energy: annuity(|purpose| matches!(purpose, Purpose::Energy(_))),
        upkeep: annuity(|purpose| purpose == Purpose::Upkeep),
        labour: annuity(|purpose| purpose == Purpose::Labour),
        capital: annuity(|purpose| {
            matches!(
                purpose,
                Purpose::Install(_) | Purpose::Replacement(_) | Purpose::Residual | Purpose::Loan
            )
        }),
        subsidies: annuity(|purpose| {
            matches!(purpose, Purpose::InstallSubsidy | Purpose::RunningSubsidy)
        }),
        export: annuity(|purpose| purpose == Purpose::Export),
    }
}

/// Winter by winter: gross, grants, export and net of the household.
pub fn staircase(entries: &[Entry], first: Winter, horizon: u16) -> Vec<WinterCost> {
    let mut winters: Vec<WinterCost> = (1..=horizon)
        .map(|year| WinterCost {
            winter: first.plus(year as i16 - 1),
            gross: Money::ZERO,
            grants: Money::ZERO,
            export: Money::ZERO,
            net: Money::ZERO,
            today: Money::ZERO,
        })
        .collect();
    for line in entries.iter().filter(|line| line.payer == Payer::Household) {
        let Some(winter) = usize::from(line.year)
            .checked_sub(1)
            .and_then(|i| winters.get_mut(i))
        else {
            continue;
        };
        match line.purpose {
            Purpose::Energy(_) | Purpose::Upkeep => winter.gross += line.amount,
            Purpose::RunningSubsidy => winter.grants -= line.amount,
            Purpose::Export => winter.export -= line.amount,
            _ => continue,
        }
        winter.net = winter.gross - winter.grants - winter.export;
    }
    winters
}

/// The first winter of the horizon from which no running grant is paid, if one was ever paid.
pub fn grants_end(winters: &[WinterCost]) -> Option<Winter> {
    let last = winters
        .iter()
        .rposition(|winter| winter.grants != Money::ZERO)?;
    winters.get(last + 1).map(|winter| winter.winter)
}

/// What every payer but the household pays, by year; years and payers without money are left out.
pub fn payer_years(entries: &[Entry], horizon: u16) -> Vec<PayerYear> {
    let mut sums = vec![[Money::ZERO; Payer::ALL.len()]; usize::from(horizon) + 1];
    for line in entries {
        let column = Payer::ALL.iter().position(|payer| *payer == line.payer);
        if let (Some(row), Some(column)) = (sums.get_mut(usize::from(line.year)), column) {
            row[column] += line.amount;
        }
    }
    let mut years = Vec::new();
    for (year, row) in (0_u16..).zip(sums) {
        for (&payer, amount) in Payer::ALL.iter().zip(row) {
            if amount != Money::ZERO {
                years.push(PayerYear {
                    year,
                    payer,
                    amount,
                });
            }
        }
    }
    years
}

/// 政府账: what central to township levels pay together.
pub fn government(payers: &[PayerYear], coal_replaced_t: f64, horizon: u16) -> Government {
    let public = |p: &&PayerYear| !matches!(p.payer, Payer::Household | Payer::Operator);
    let of_year = |year: u16| -> Money {
        payers
            .iter()
            .filter(public)
            .filter(|p| p.year == year)
            .map(|p| p.amount)
            .sum()
    };
    let total: Money = payers.iter().filter(public).map(|p| p.amount).sum();
    let tonnes = coal_replaced_t * f64::from(horizon);
    Government {
        up_front: of_year(0),
        first_winter: of_year(1),
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

/// The headline figures; all money is a sum of entries.
pub fn headline(entries: &[Entry], basis: &HeadlineBasis<'_>) -> Headline {
    let household = |wanted: fn(Purpose) -> bool, year: u16| {
        journal::sum(entries, |l| {
            l.payer == Payer::Household && l.year == year && wanted(l.purpose)
        })
    };
    let self_pay = household(Purpose::is_install, 0);
    let winter_cost = household(Purpose::is_running, 1);
    let flows = yearly_flows(entries, basis.terms.horizon_years);
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
        install_price: household(|p| matches!(p, Purpose::Install(_)), 0),
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
        labour: household(|p| p == Purpose::Labour, 1),
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
