//! The ledger (账): one line a payment, one payer a line, every figure a sum of lines.

use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Item, Kind, Name, Payer};
use crate::words::provenance::FigureRef;

/// What a line is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Buying and fitting an item of the installation.
    Install(Item),
    /// A grant towards the installation.
    InstallSubsidy,
    /// Fuel, electricity or heat.
    Energy(Carrier),
    /// Service, parts, chimney.
    Upkeep,
    /// Own hours of stoking and carrying at the wage that the user set.
    Labour,
    /// A grant towards the winter.
    RunningSubsidy,
    /// Electricity sold to the grid, or rent of the roof.
    Export,
    /// The machine bought again at the end of its life.
    Replacement(Item),
    /// What the machine is still worth at the end of the horizon.
    Residual,
    /// Money borrowed (negative) or paid back with interest (positive).
    Loan,
}

/// One line. Amounts are positive when the payer pays and negative when the payer receives.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// 0 is before the first winter; 1 is the first winter.
    pub year: u16,
    /// Calendar month 1 to 12, where the line has one.
    pub month: Option<u8>,
    /// Who pays.
    pub payer: Payer,
    /// For what.
    pub purpose: Purpose,
    /// What it is, in words for the reader: an item key with its details (`valley`, `tier 2`).
    pub detail: Detail,
    /// How much of it.
    pub quantity: Fixed,
    /// Unit of the quantity: `kWh`, `m3`, `t`, `bottle`, `m2`, `set`, `winter`.
    pub unit: &'static str,
    /// Price of one unit, yuan.
    pub unit_price: Fixed,
    /// Quantity times price, rounded once.
    pub amount: Money,
    /// The price, rule or assumption behind it.
    pub figure: FigureRef,
}

/// The parts of a line's text; the report turns them into words of its language. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Detail {
    /// Name of the product, plan, rule or fuel, in both languages.
    pub name: Arc<Name>,
    /// Key of the hour class of a time-of-use tariff: `valley`, `peak`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hour_class: Option<&'static str>,
    /// Tier, 1 for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
}

impl Detail {
    /// A line that needs no more than its name.
    pub fn named(name: &Arc<Name>) -> Self {
        Self {
            name: Arc::clone(name),
            ..Self::default()
        }
    }
}

/// All lines of one option.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Ledger {
    /// In order of year, month and purpose as they were written.
    pub lines: Vec<Line>,
}

impl Ledger {
    /// Adds a line.
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }
    /// The sum of the lines that `wanted` picks.
    pub fn sum(&self, wanted: impl Fn(&Line) -> bool) -> Money {
        self.lines
            .iter()
            .filter(|line| wanted(line))
            .map(|line| line.amount)
            .sum()
    }
    /// What one payer pays in one year, less what it receives.
    pub fn paid_by(&self, payer: Payer, year: u16) -> Money {
        self.sum(|line| line.payer == payer && line.year == year)
    }
    /// Each payer's total of a year, every payer in its fixed order.
    pub fn payers(&self, year: u16) -> Vec<(Payer, Money)> {
        Payer::ALL
            .iter()
            .map(|&payer| (payer, self.paid_by(payer, year)))
            .collect()
    }
}

impl Purpose {
    /// Whether it belongs to the first cost (改造).
    pub const fn is_install(self) -> bool {
        matches!(self, Self::Install(_) | Self::InstallSubsidy)
    }
    /// Whether it belongs to the winter's cost (一冬花费): energy, upkeep, running subsidy, export.
    pub const fn is_running(self) -> bool {
        matches!(
            self,
            Self::Energy(_) | Self::Upkeep | Self::RunningSubsidy | Self::Export
        )
    }
}
