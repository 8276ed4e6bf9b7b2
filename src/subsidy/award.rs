//! What the evaluation says: one grant per rule that pays, one reason per rule that does not.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::subsidy::rule::{CoalAgain, Payment, Recipient};
use crate::words::calendar::Winter;
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Category, HeaterKind, Item, Name, Payer};
use crate::words::ledger::Purpose;
use crate::words::provenance::FigureRef;

/// The outcome for one purchase or one winter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Award {
    /// Rules that pay, in order.
    pub grants: Vec<Grant>,
    /// Rules that do not.
    pub refused: Vec<Refusal>,
    /// Open points of the texts that bear on this household, with the reading taken.
    pub open_readings: Vec<OpenReading>,
}

impl Award {
    /// Sum of the grants that reach the household or spare it a cost.
    pub fn to_household(&self) -> Money {
        self.grants
            .iter()
            .filter(|grant| grant.spares_household)
            .map(|grant| grant.amount)
            .sum()
    }
    /// Sum of all grants.
    pub fn total(&self) -> Money {
        self.grants.iter().map(|grant| grant.amount).sum()
    }
    /// What one payer pays.
    pub fn paid_by(&self, payer: Payer) -> Money {
        self.grants
            .iter()
            .flat_map(|grant| &grant.payers)
            .filter(|(by, _)| *by == payer)
            .map(|(_, amount)| *amount)
            .sum()
    }
}

/// One grant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Grant {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// Its programme.
    pub programme: Arc<str>,
    /// Its source.
    pub figure: FigureRef,
    /// Install or running subsidy.
    pub purpose: Purpose,
    /// What was multiplied: yuan of price or bill, m2, kWh, m3, t, bottles, winters.
    pub quantity: Fixed,
    /// Unit of the quantity: `CNY`, `m2`, `kW`, `kWh`, `m3`, `t`, `kg`, `bottle`, `set`, `winter`, `month`.
    pub unit: &'static str,
    /// Yuan per unit, or the share of a yuan; with bands of a marginal kind the mean.
    pub rate: Fixed,
    /// Quantity times rate, before any cap.
    pub before_caps: Money,
    /// What is paid.
    pub amount: Money,
    /// Who pays how much; the parts sum to the amount to the fen.
    pub payers: Vec<(Payer, Money)>,
    /// When and how it comes.
    pub payment: Payment,
    /// The cap that bound last, if one did.
    pub limited_by: Option<Cap>,
    /// Who receives it.
    pub goes_to: Recipient,
    /// Whether it lowers what the household pays; money for a town pool, or for works that are not
    /// in the household's purchase, does not.
    pub spares_household: bool,
    /// Credit on a bill that was promised and not used: it returns to the payers, not in cash.
    pub returned: Money,
    /// The lifetime joint cap that it counts against.
    pub lifetime_cap: Option<Arc<str>>,
    /// The lock that it starts.
    pub lock: Option<Arc<str>>,
    /// What becomes of it if the household burns loose coal again.
    pub coal_again: CoalAgain,
}

/// What bounded a grant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cap {
    /// The cap for a piece.
    Piece(Money),
    /// The cap for the household.
    Household(Money),
    /// The cap for the winter in money.
    Winter(Money),
    /// The cap for the winter in units.
    Quantity(Fixed),
    /// The step of a phase-out.
    Step(Money),
    /// What is left of a joint cap.
    Joint(Arc<str>, Money),
    /// What the items still cost after the rules before.
    Price(Money),
    /// What the heating bill still is after the rules before.
    Bill(Money),
}

/// One rule that does not pay.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Refusal {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// Why.
    pub reason: Reason,
}

/// Why a rule does not pay.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Not for this heater.
    Heater(HeaterKind),
    /// Not for this household category.
    Category(Category),
    /// Not for this dwelling.
    Dwelling,
    /// For registered households only.
    NotRegistered,
    /// Asks for a fact that does not hold.
    FactMissing(Arc<str>),
    /// Excludes those of whom this fact holds.
    FactExcludes(Arc<str>),
    /// Converted before the window opened.
    ConvertedBefore(#[schemars(with = "String")] Date),
    /// Converted after the window closed.
    ConvertedAfter(#[schemars(with = "String")] Date),
    /// Heated area outside the limits, m2.
    Area(f64),
    /// Rated output outside the limits, kW.
    Rated(f64),
    /// Number of people outside the limits.
    People(u8),
    /// Not in force yet; from this day on.
    NotYet(#[schemars(with = "String")] Date),
    /// Expired on this day.
    Expired(#[schemars(with = "String")] Date),
    /// The winter is before the conversion.
    BeforeConversion,
    /// Loose coal is burnt again.
    CoalAgain {
        /// Whether earlier grants are claimed back.
        repay: bool,
    },
    /// The machine that is replaced is not old enough; years it needs.
    MachineTooYoung(u8),
    /// Another mode has had a grant.
    OtherMode(Carrier),
    /// A lock holds until this winter.
    LockedUntil(Winter),
    /// This rule has paid and excludes it.
    ExcludedBy(Arc<str>),
    /// It belongs to a reading of the text that was not chosen.
    OtherReading {
        /// The parameter.
        parameter: Arc<str>,
        /// The reading that was chosen.
        chosen: Arc<str>,
    },
    /// Nothing that it subsidises is bought.
    NothingBought(Item),
    /// The tender price is not known.
    NoTenderPrice,
    /// The conversion's year has no amount.
    YearNotListed(i16),
    /// No use of the carrier.
    NothingUsed(Carrier),
    /// Use is within the part that gets nothing.
    BelowFloor(Fixed),
    /// Heating costs no more than today's, or today's cost is not known.
    NotDearerThanToday,
    /// A joint cap is used up.
    CapUsedUp(Arc<str>),
    /// Other grants have covered it already.
    NothingLeft,
    /// The phase-out has not begun for this household.
    StepNotReached,
    /// The phase-out is over.
    PhaseOutEnded,
    /// Comes to less than half a fen.
    RoundsToNothing,
}

/// An open point with the reading taken.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OpenReading {
    /// The parameter.
    pub parameter: Arc<str>,
    /// What is open.
    pub name: Arc<Name>,
    /// The reading taken: a key, or an amount.
    pub chosen: String,
    /// The other readings.
    pub alternatives: Vec<Arc<str>>,
}
