//! What the evaluation is told of a household, its purchase and its winter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::subsidy::alike::Conversion;
use crate::subsidy::award::Award;
use crate::words::calendar::Winter;
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Category, DwellingKind, HeaterKind, Item};
use crate::words::quantity::{Kilowatt, SquareMetre};

/// A household with one option.
#[derive(Debug, Clone, PartialEq)]
pub struct Applicant {
    /// Household category.
    pub category: Category,
    /// The first winter with the new heating.
    pub converted: Winter,
    /// The day of purchase or conversion; without it, 1 November of the first winter.
    pub conversion_date: Option<Date>,
    /// The new heater.
    pub heater: HeaterKind,
    /// The dwelling.
    pub dwelling: DwellingKind,
    /// Heated area.
    pub heated_area: SquareMetre,
    /// Rated output of the heater, the electric input where a rule counts that.
    pub rated: Kilowatt,
    /// People in the household.
    pub people: u8,
    /// Whether it is registered in the place.
    pub registered: bool,
    /// Facts that rules may ask for: `listed_village`, `mountain_town`, `self_installed`.
    pub facts: BTreeSet<String>,
    /// Age of a clean machine that is replaced, years; nothing for a first conversion.
    pub replaces_years: Option<u8>,
    /// Whether loose coal is burnt again.
    pub burns_coal_again: bool,
}

impl Applicant {
    /// The day on which install rules are looked up.
    pub fn day(&self) -> Option<Date> {
        self.conversion().day
    }

    /// When it was converted.
    pub fn conversion(&self) -> Conversion {
        Conversion::new(self.converted, self.conversion_date)
    }
}

/// What is bought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Purchase {
    /// Its items.
    pub items: Vec<PurchasedItem>,
}

/// One item of a purchase.
#[derive(Debug, Clone, PartialEq)]
pub struct PurchasedItem {
    /// Its kind.
    pub item: Item,
    /// Price of all its pieces together.
    pub amount: Money,
    /// Pieces, or m2 where it is sold by area; at least one.
    pub quantity: Fixed,
    /// Government tender price of all pieces together, where there is one.
    pub tender_price: Option<Money>,
}

impl PurchasedItem {
    /// One piece at a price.
    pub const fn one(item: Item, amount: Money) -> Self {
        Self {
            item,
            amount,
            quantity: Fixed::ONE,
            tender_price: None,
        }
    }
}

/// Metered use of one carrier, by calendar month (0 = January).
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierUse {
    /// The carrier.
    pub carrier: Carrier,
    /// Use for heating: kWh, m3, kg or t, as [`Carrier::unit`] says.
    pub heating: [Fixed; 12],
    /// The part of it in valley hours; electricity only.
    pub heating_valley: [Fixed; 12],
    /// Use for everything else on the same account.
    pub living: [Fixed; 12],
    /// The part of that in valley hours.
    pub living_valley: [Fixed; 12],
}

impl CarrierUse {
    /// No use yet.
    pub const fn none(carrier: Carrier) -> Self {
        Self {
            carrier,
            heating: [Fixed::ZERO; 12],
            heating_valley: [Fixed::ZERO; 12],
            living: [Fixed::ZERO; 12],
            living_valley: [Fixed::ZERO; 12],
        }
    }
}

/// What one winter used and cost.
#[derive(Debug, Clone, PartialEq)]
pub struct WinterUse {
    /// Which winter.
    pub winter: Winter,
    /// Use of each carrier.
    pub carriers: Vec<CarrierUse>,
    /// Whole bottles of LPG bought.
    pub bottles: Fixed,
    /// What heating costs each calendar month (0 = January) before any grant: the bill with
    /// heating less the bill without.
    pub bill: [Money; 12],
    /// What today's heating costs in the same winter, for rules that pay the difference.
    pub today: Option<Money>,
}

impl WinterUse {
    /// The winter's whole heating bill.
    pub fn total(&self) -> Money {
        self.bill.iter().sum()
    }
}

/// What went before: joint caps used, locks, the mode that was subsidised, rules that paid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prior {
    /// Lifetime joint caps: used so far.
    pub joint_used: BTreeMap<Arc<str>, Money>,
    /// Locks: the winter of the last grant.
    pub locks: BTreeMap<Arc<str>, Winter>,
    /// The mode that has had a grant.
    pub mode: Option<Carrier>,
    /// Rules that have paid.
    pub paid: BTreeSet<Arc<str>>,
}

impl Prior {
    /// Takes over what an award used up; tells whether that changed anything.
    pub fn record(&mut self, award: &Award, winter: Winter, mode: Carrier) -> bool {
        let mut changed = false;
        for grant in &award.grants {
            changed |= self.mode.replace(mode) != Some(mode);
            if !self.paid.contains(&grant.rule) {
                self.paid.insert(grant.rule.clone());
                changed = true;
            }
            if let Some(id) = &grant.lifetime_cap {
                *self.joint_used.entry(id.clone()).or_default() += grant.amount;
                changed |= grant.amount != Money::ZERO;
            }
            if let Some(id) = &grant.lock {
                changed |= self.locks.insert(id.clone(), winter) != Some(winter);
            }
        }
        changed
    }
}

/// The readings and amounts that the user chose for what texts leave open.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variants {
    /// Parameter to reading.
    pub readings: BTreeMap<String, String>,
    /// Parameter to amount, for "at least" parts; below the published part it has no effect.
    pub amounts: BTreeMap<String, Money>,
}
