//! The payments of an account, added up once by year, payer and purpose. Every figure is a sum of
//! these sums.

use crate::comparison::journal::Entry;
use crate::words::fixed::Money;
use crate::words::kinds::{Kind, Payer};
use crate::words::ledger::Purpose;

/// What purposes are told apart in sums: a purpose without its carrier or item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Buying and fitting.
    Install,
    /// Grants towards it.
    InstallSubsidy,
    /// Fuel, electricity, heat.
    Energy,
    /// Service and parts.
    Upkeep,
    /// Own hours at the wage.
    Labour,
    /// Grants towards the winter.
    RunningSubsidy,
    /// Electricity sold, roof rent.
    Export,
    /// Machines bought again, and what they are worth at the end.
    Replacement,
    /// Money borrowed and paid back.
    Loan,
}

/// Number of columns.
const COLUMNS: usize = Column::Loan as usize + 1;

impl Column {
    /// The column of a purpose.
    pub const fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Install(_) => Self::Install,
            Purpose::InstallSubsidy => Self::InstallSubsidy,
            Purpose::Energy(_) => Self::Energy,
            Purpose::Upkeep => Self::Upkeep,
            Purpose::Labour => Self::Labour,
            Purpose::RunningSubsidy => Self::RunningSubsidy,
            Purpose::Export => Self::Export,
            Purpose::Replacement(_) | Purpose::Residual => Self::Replacement,
            Purpose::Loan => Self::Loan,
        }
    }
}

/// Sums of a year.
#[derive(Debug, Clone, Copy, Default)]
struct Year {
    /// What the household pays, by column.
    own: [Money; COLUMNS],
    /// What each payer pays.
    payers: [Money; Payer::ALL.len()],
}

/// Sums of every year of an account, year 0 to the horizon.
#[derive(Debug, Clone)]
pub struct Tally(Vec<Year>);

impl Tally {
    /// Adds up payments; those after the horizon are left out.
    pub fn new(entries: &[Entry], horizon: u16) -> Self {
        let mut years = vec![Year::default(); usize::from(horizon) + 1];
        for entry in entries {
            let Some(year) = years.get_mut(usize::from(entry.year)) else {
                continue;
            };
            year.payers[entry.payer as usize] += entry.amount;
            if entry.payer == Payer::Household {
                year.own[Column::of(entry.purpose) as usize] += entry.amount;
            }
        }
        Self(years)
    }

    /// Years of the account after year 0.
    pub fn horizon(&self) -> u16 {
        self.0.len().saturating_sub(1) as u16
    }

    /// What the household pays in a year for some purposes.
    pub fn own(&self, year: u16, columns: &[Column]) -> Money {
        let sums = self.0.get(usize::from(year)).map(|year| &year.own);
        let sum = |sums: &[Money; COLUMNS]| columns.iter().map(|it| sums[*it as usize]).sum();
        sums.map_or(Money::ZERO, sum)
    }

    /// What the household pays in each year, year 0 to the horizon, yuan.
    pub fn flows(&self) -> Vec<f64> {
        let household = |year: &Year| year.payers[Payer::Household as usize].to_f64();
        self.0.iter().map(household).collect()
    }

    /// The same for some purposes only.
    pub fn flows_of(&self, columns: &[Column]) -> Vec<f64> {
        let years = 0..=self.horizon();
        years.map(|year| self.own(year, columns).to_f64()).collect()
    }

    /// What each payer pays in each year, in the order of years and of [`Payer::ALL`].
    pub fn payers(&self) -> impl Iterator<Item = (u16, Payer, Money)> {
        (0_u16..).zip(&self.0).flat_map(|(number, year)| {
            let payers = Payer::ALL.iter().zip(year.payers);
            payers.map(move |(&payer, amount)| (number, payer, amount))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::kinds::{Carrier, Item};

    #[test]
    fn payments_are_added_by_year_payer_and_column() {
        let yuan = Money::yuan;
        let paid_by = |payer, year, purpose, amount| Entry {
            payer,
            ..Entry::own(year, purpose, yuan(amount))
        };
        let entries = [
            Entry::own(0, Purpose::Install(Item::HeatSource), yuan(5000)),
            Entry::own(0, Purpose::InstallSubsidy, yuan(-2000)),
            paid_by(Payer::Township, 0, Purpose::InstallSubsidy, 2000),
            Entry::own(1, Purpose::Energy(Carrier::Electricity), yuan(900)),
            Entry::own(1, Purpose::Energy(Carrier::Pellet), yuan(100)),
            Entry::own(2, Purpose::Residual, yuan(-70)),
            Entry::own(3, Purpose::Upkeep, yuan(1)),
        ];
        let tally = Tally::new(&entries, 2);
        assert_eq!(tally.horizon(), 2);
        assert_eq!(tally.flows(), [3000.0, 1000.0, -70.0]);
        let first = [Column::Install, Column::InstallSubsidy];
        assert_eq!(tally.own(0, &first), yuan(3000));
        assert_eq!(tally.flows_of(&[Column::Energy]), [0.0, 1000.0, 0.0]);
        assert_eq!(tally.own(9, &[Column::Upkeep]), Money::ZERO);
        let others = tally
            .payers()
            .filter(|(_, payer, _)| *payer == Payer::Township);
        let sums: Vec<Money> = others.map(|(.., amount)| amount).collect();
        assert_eq!(sums, [yuan(2000), Money::ZERO, Money::ZERO]);
    }
}
