//! What a subsidy rule says. A rule is built by the input reader and never checked again.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::words::calendar::{DAYS, Season, Winter, month_of_day};
use crate::words::fixed::{Fixed, Money, Rounding};
use crate::words::kinds::{
    Carrier, Category, DwellingKind, HeaterKind, Item, Kind, Name, Payer, kinds,
};
use crate::words::provenance::{FigureRef, Validity};

/// One rule: who gets what, from whom, when and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id, unique in the library.
    pub id: Arc<str>,
    /// Its name, for the reader of the account.
    pub name: Arc<Name>,
    /// The programme whose money it is; rules of one programme are pooled in reports.
    pub programme: Arc<str>,
    /// Where it comes from and how far it can be trusted.
    pub figure: FigureRef,
    /// When it is in force.
    pub valid: Validity,
    /// Rules are evaluated in rising order, those of equal order by id. A rule that builds on what
    /// earlier ones left (a low-income layer) has the larger number.
    pub order: i16,
    /// Who is eligible.
    pub who: Eligibility,
    /// The reading of an open text that this rule belongs to.
    pub reading: Option<Reading>,
    /// What it gives.
    pub give: Give,
    /// Who pays it.
    pub payers: Split,
    /// How it is paid.
    pub payment: Payment,
    /// Who receives it.
    pub goes_to: Recipient,
    /// The group of rules of which only one pays.
    pub group: Option<Group>,
    /// Rules that, once they have paid, keep this one from paying.
    pub excluded_by: Vec<Arc<str>>,
    /// Years that must lie between two grants.
    pub lock: Option<Lock>,
    /// A cap that it shares with other rules.
    pub joint_cap: Option<JointCap>,
    /// A part that a lower level may raise.
    pub raise: Option<Raise>,
}

/// An exact fraction, at most one: `0.85`, or two thirds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Numerator.
    pub part: Fixed,
    /// Denominator, above zero.
    pub whole: Fixed,
}

impl Ratio {
    /// All of it.
    pub const ONE: Self = Self {
        part: Fixed::ONE,
        whole: Fixed::ONE,
    };
    /// A decimal share.
    pub const fn decimal(share: Fixed) -> Self {
        Self {
            part: share,
            whole: Fixed::ONE,
        }
    }
    /// This share of a sum, rounded once.
    pub fn of(self, sum: Money, rounding: Rounding) -> Money {
        sum.ratio(self.part, self.whole, rounding)
    }
    /// The nearest six-place decimal, for display.
    pub fn to_fixed(self) -> Fixed {
        Fixed::from_f64(self.to_f64())
    }
    /// The share as a floating point number.
    pub fn to_f64(self) -> f64 {
        self.part.to_f64() / self.whole.to_f64()
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.whole == Fixed::ONE {
            write!(f, "{}", self.part)
        } else {
            write!(f, "{}/{}", self.part, self.whole)
        }
    }
}

/// Who is eligible. An empty list asks for nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Eligibility {
    /// Heaters.
    pub heaters: Vec<HeaterKind>,
    /// Household categories.
    pub categories: Vec<Category>,
    /// Household categories that are served by another rule.
    pub not_categories: Vec<Category>,
    /// Dwellings.
    pub dwellings: Vec<DwellingKind>,
    /// Whether the household must be registered (户籍) in the place.
    pub registered: bool,
    /// Facts that must hold: `listed_village`, `mountain_town`.
    pub facts: Vec<Arc<str>>,
    /// Facts that must not hold: `self_installed`.
    pub without_facts: Vec<Arc<str>>,
    /// Conversion not before this day.
    pub converted_from: Option<Date>,
    /// Conversion not after this day.
    pub converted_to: Option<Date>,
    /// Heated area, m2.
    pub area_m2: Span,
    /// Rated output of the heater, kW.
    pub rated_kw: Span,
    /// People in the household.
    pub people: Span,
    /// Age that a replaced machine must have reached, years.
    pub replaces_years: Option<u8>,
    /// Whether the household may be subsidised for one carrier of heat only (气电二选一).
    pub one_mode: bool,
    /// What happens when the household burns loose coal again.
    pub coal_again: CoalAgain,
}

/// A span of a number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Span {
    /// Above this, exclusive.
    pub above: Option<f64>,
    /// At least this, inclusive.
    pub from: Option<f64>,
    /// At most this, inclusive.
    pub to: Option<f64>,
}

impl Span {
    /// Whether a value lies inside.
    pub fn holds(self, value: f64) -> bool {
        self.above.is_none_or(|low| value > low)
            && self.from.is_none_or(|low| value >= low)
            && self.to.is_none_or(|high| value <= high)
    }
}

kinds! {
    /// What a rule does when loose coal is burnt again (返煤).
    #[derive(Default)]
    CoalAgain {
        /// The text says nothing: it goes on.
        #[default]
        Ignored = "ignored",
        /// No further grant.
        Stops = "stops",
        /// No further grant, and what was paid is claimed back.
        Repays = "repays",
    }
}

/// One reading of a text that leaves something open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reading {
    /// The parameter.
    pub parameter: Arc<str>,
    /// The reading under which the rule holds.
    pub is: Arc<str>,
}

/// A named choice that a published text leaves open.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its id.
    pub id: Arc<str>,
    /// What is open, in words.
    pub name: Arc<Name>,
    /// The reading taken unless the user says otherwise.
    pub default: Arc<str>,
    /// The readings and what each means.
    pub readings: Vec<(Arc<str>, Name)>,
    /// Where the open text stands.
    pub figure: FigureRef,
}

/// What a rule gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Give {
    /// A grant towards the installation.
    Install(Install),
    /// A grant towards a winter.
    Running(Running),
}

/// A grant towards the installation.
#[derive(Debug, Clone, PartialEq)]
pub struct Install {
    /// The items that it subsidises.
    pub items: Vec<Item>,
    /// Items whose unit price is below this are not counted.
    pub smallest_item: Money,
    /// What the grant is computed from.
    pub base: InstallBase,
    /// Most for one piece.
    pub cap_per_piece: Option<Money>,
    /// Most for the household.
    pub cap: Option<Money>,
    /// More, on top of the cap, for some categories.
    pub cap_extra: Vec<CapExtra>,
}

/// A cap that is higher for some households.
#[derive(Debug, Clone, PartialEq)]
pub struct CapExtra {
    /// The categories.
    pub categories: Vec<Category>,
    /// How much higher.
    pub more: Money,
}

/// What an install grant is computed from.
#[derive(Debug, Clone, PartialEq)]
pub enum InstallBase {
    /// A share of the price paid for the items.
    Price(Ratio),
    /// A share of `min(price, reference)`, piece by piece.
    Reference(Ratio, Money),
    /// A share of the government's tender price: as stated, else as the purchase names it.
    Tender(Ratio, Option<Money>),
    /// A share of unit ceiling times a fixed size, whatever is bought.
    Ceiling {
        /// Share.
        rate: Ratio,
        /// Ceiling of one unit, yuan.
        unit_cny: Fixed,
        /// Units granted.
        size: Fixed,
    },
    /// Yuan per m2 of heated area, for at most so many m2.
    Area(Fixed, Option<Fixed>),
    /// Yuan per kW of rated output, for at most so many kW.
    Rated(Fixed, Option<Fixed>),
    /// Yuan per piece or m2 bought, for at most so many.
    Pieces(Fixed, Option<Fixed>),
    /// A flat sum.
    Flat(Money),
    /// A flat sum by calendar year of the conversion.
    ByYear(Vec<(i16, Money)>),
    /// The whole price but for the household's fixed part.
    AllBut(Money),
    /// A share of what the household still owes after the rules before this one.
    Remaining(Ratio),
    /// A fixed total of which the household pays a share.
    OfTotal {
        /// The total.
        total: Money,
        /// The household's share.
        household: Ratio,
    },
}

/// A grant towards a winter.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The season in which use counts. A month that it touches counts in full.
    pub season: SeasonMonths,
    /// What the grant is computed from.
    pub base: RunningBase,
    /// Most units (kWh, m3, t, kg, bottles) in one winter.
    pub cap_quantity: Option<Fixed>,
    /// Most units a person in one winter.
    pub cap_quantity_per_person: Option<Fixed>,
    /// Most money in one winter.
    pub cap: Option<Money>,
    /// More, on top of every money cap, for some categories.
    pub cap_extra: Vec<CapExtra>,
    /// Which winters are paid, and the phase-out.
    pub clock: Clock,
}

/// A season with what a monthly account needs of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonMonths {
    /// First and last day.
    pub season: Season,
    /// Days of each month (0 = January) inside the season.
    pub days: [u16; 12],
}

impl SeasonMonths {
    /// Counts the days.
    pub fn new(season: Season) -> Self {
        let mut days = [0; 12];
        for day in (0..DAYS).filter(|&day| season.contains(day)) {
            if let Some(count) = days.get_mut(month_of_day(day)) {
                *count += 1;
            }
        }
        Self { season, days }
    }
    /// Whether a month index (0 = January) counts.
    pub fn counts(&self, month: usize) -> bool {
        self.days.get(month).is_some_and(|&days| days > 0)
    }
    /// First and last day in a winter. A season that begins before July and ends after it, or is
    /// the whole year, is read as beginning in the winter's first year.
    pub fn days_of(&self, winter: Winter) -> Option<(Date, Date)> {
        let (from, to) = (self.season.from, self.season.to);
        let first_year = if from.month() >= 7 || to < from {
            winter.0
        } else {
            winter.0 + 1
        };
        let last_year = if to < from {
            first_year + 1
        } else {
            first_year
        };
        Some((
            Date::new(first_year, from.month() as i8, from.day() as i8).ok()?,
            Date::new(last_year, to.month() as i8, to.day() as i8).ok()?,
        ))
    }
}

/// What a running grant is computed from.
#[derive(Debug, Clone, PartialEq)]
pub enum RunningBase {
    /// Yuan per unit of use.
    PerUnit(PerUnit),
    /// A share of the heating bill.
    Bill(Ratio),
    /// A share of what heating costs more than today's.
    OverToday(Ratio),
    /// A share of what the household still owes of the bill after the rules before this one.
    Remaining(Ratio),
    /// A flat sum a winter.
    PerWinter(Money),
    /// A flat sum for each month with heating inside the season.
    PerMonth(Money),
}

/// Yuan per unit of use.
#[derive(Debug, Clone, PartialEq)]
pub struct PerUnit {
    /// Of what.
    pub carrier: Carrier,
    /// Unit that is counted.
    pub unit: UseUnit,
    /// Which hours count.
    pub hours: Hours,
    /// How the heating use is found.
    pub measured: Measure,
    /// Prices.
    pub bands: Bands,
}

kinds! {
    /// The unit in which use is counted.
    UseUnit {
        /// kWh.
        KilowattHour = "kwh",
        /// m3.
        CubicMetre = "m3",
        /// t.
        Tonne = "t",
        /// kg.
        Kilogram = "kg",
        /// Whole bottles.
        Bottle = "bottle",
    }
}

impl UseUnit {
    /// As written after a quantity in the ledger.
    pub const fn label(self) -> &'static str {
        match self {
            Self::KilowattHour => "kWh",
            Self::CubicMetre => "m3",
            Self::Tonne => "t",
            Self::Kilogram => "kg",
            Self::Bottle => "bottle",
        }
    }
}

kinds! {
    /// Which hours' use counts.
    Hours {
        /// All.
        All = "all",
        /// Those of the valley.
        Valley = "valley",
    }
}

/// How heating use is found from what the meter shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// The heating has its own meter.
    OwnMeter,
    /// All use of the season, living included.
    SeasonTotal,
    /// All use of the season less a fixed living use each month.
    LessMonthly {
        /// Living use of a month.
        living: Fixed,
        /// Months of the season by the rule's own count.
        months: Fixed,
        /// Whether a month below its living use counts against the others.
        may_go_negative: bool,
    },
    /// Each month's use less the mean of these months (0 = January) of the same account.
    LessMeanOf(Vec<usize>),
}

/// Prices by band of the winter's use.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Whether a price holds for its own band or for the whole quantity.
    pub kind: BandKind,
    /// Whether a bound belongs to the band below it.
    pub bounds: Bounds,
    /// Upper bounds, rising; one less than prices.
    pub up_to: Vec<Fixed>,
    /// Yuan per unit of each band.
    pub prices: Vec<Fixed>,
}

kinds! {
    /// How bands are read.
    BandKind {
        /// Each price for its own band.
        Marginal = "marginal",
        /// The price of the band reached, for the whole quantity.
        WholeQuantity = "whole_quantity",
    }
}

kinds! {
    /// Where a bound belongs.
    Bounds {
        /// To the band below it: `q <= bound`.
        Inclusive = "inclusive",
        /// To the band above it: `q < bound`.
        Exclusive = "exclusive",
    }
}

/// Which winters are paid.
#[derive(Debug, Clone, PartialEq)]
pub enum Clock {
    /// Every winter in which the rule is in force.
    Always,
    /// The first so many winters after the conversion.
    FirstWinters(u8),
    /// Steps by the household's own winters since the conversion.
    SinceJoining {
        /// One step a winter, from the first.
        steps: Vec<Step>,
        /// From this step (0 = first) on, not before that winter.
        hold: Option<(usize, Winter)>,
    },
    /// Steps by the calendar; for households that have had `after` winters.
    BySeason {
        /// Winters that must lie behind the household.
        after: u8,
        /// Steps.
        steps: Vec<(Winter, Step)>,
    },
    /// The calendar year of the conversion fixes how many winters are paid.
    ByConversionYear(Vec<(i16, u8)>),
}

/// What a step of a phase-out sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// The winter's cap.
    Cap(Money),
    /// A factor on the grant and on its cap.
    Factor(Ratio),
}

/// Who pays a grant.
#[derive(Debug, Clone, PartialEq)]
pub enum Split {
    /// In proportion to weights; `per-unit` sums and shares that sum to a cap are weights too.
    Weights(Vec<(Payer, Fixed)>),
    /// One after another, each up to its limit; the last takes the rest.
    InOrder(Vec<(Payer, Upto)>),
}

/// How far one payer goes before the next takes over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Upto {
    /// To a sum.
    Sum(Money),
    /// To a share of the base of the grant (`price/3`).
    ShareOfBase(Ratio),
    /// All the rest.
    Rest,
}

/// How a grant is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Payment {
    /// The way.
    pub way: Way,
    /// Months between the cost and the money; nothing if it never comes.
    pub delay_months: Option<u8>,
}

kinds! {
    /// Ways of payment.
    Way {
        /// Taken off the price at purchase.
        AtPurchase = "at_purchase",
        /// Paid out after acceptance (验收).
        AfterAcceptance = "after_acceptance",
        /// Paid out after the season.
        AfterSeason = "after_season",
        /// Taken off each month's bill.
        BillDeduction = "bill_deduction",
        /// Loaded on the gas or meter card before use; what is not used returns.
        CardCredit = "card_credit",
        /// In kind: fuel, machine.
        InKind = "in_kind",
    }
}

kinds! {
    /// Who receives a grant.
    Recipient {
        /// The household.
        Household = "household",
        /// Whoever does the works; the household is not billed for them.
        Works = "works",
        /// A pool of the town; it need not reach the home.
        TownPool = "town_pool",
    }
}

/// A group of rules of which only one pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: Arc<str>,
    /// Which one.
    pub pick: Pick,
}

kinds! {
    /// Which rule of a group pays.
    Pick {
        /// The first in order that is eligible.
        First = "first",
        /// The one that gives most (就高不重复).
        Largest = "largest",
    }
}

/// Years that must lie between two grants of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Its id; rules may share it.
    pub id: Arc<str>,
    /// Years.
    pub years: u8,
}

/// A cap that several rules share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointCap {
    /// Its id.
    pub id: Arc<str>,
    /// The sum.
    pub cap: Money,
    /// Over what time.
    pub over: CapTime,
}

kinds! {
    /// Over what time a joint cap holds.
    CapTime {
        /// One winter.
        Winter = "winter",
        /// As long as the household is in the account; device and bills together.
        Lifetime = "lifetime",
    }
}

/// A part that a lower level of government may raise ("at least").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// Who may.
    pub payer: Payer,
    /// The parameter whose amount replaces the published one.
    pub parameter: Arc<str>,
    /// The published part, which is the least.
    pub at_least: Money,
}

/// The carrier that a heater mainly runs on; it is the household's mode (气, 电, ...).
pub const fn mode_of(heater: HeaterKind) -> Carrier {
    match heater {
        HeaterKind::CoalStove => Carrier::LooseCoal,
        HeaterKind::BriquetteStove => Carrier::Briquette,
        HeaterKind::BiomassStove => Carrier::Pellet,
        HeaterKind::ElectricStorage
        | HeaterKind::DirectElectric
        | HeaterKind::HeatPumpWater
        | HeaterKind::HeatPumpAir
        | HeaterKind::SolarElectric
        | HeaterKind::SolarStation => Carrier::Electricity,
        HeaterKind::GasBoiler => Carrier::NaturalGas,
        HeaterKind::LpgBoiler => Carrier::Lpg,
        HeaterKind::DistrictHeat => Carrier::NetworkHeat,
    }
}
