//! One household, checked and with its defaults filled in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::comparison::money::{MoneyTerms, Thresholds};
use crate::comparison::outcome::{DemandMethod, FilledIn, Remark};
use crate::demand::{Building, Schedule};
use crate::subsidy::Variants;
use crate::tariff::HeatingMeter;
use crate::technology::product::Product;
use crate::words::calendar::Winter;
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Category, DwellingKind, Service};
use crate::words::provenance::Sourced;
use crate::words::quantity::{Kilowatt, SquareMetre, WattPerSquareMetre, YuanPerYear};
use jiff::civil::Date;

/// A household and its house.
#[derive(Debug, Clone)]
pub struct Household {
    /// People at home.
    pub people: u8,
    /// Category that rules ask for.
    pub category: Category,
    /// Income of the whole household.
    pub income: Sourced<YuanPerYear>,
    /// Whether it is registered where it lives.
    pub registered: bool,
    /// Facts that rules may ask for.
    pub facts: BTreeSet<String>,
    /// Kind of dwelling.
    pub dwelling: DwellingKind,
    /// The house and how it is heated.
    pub house: House,
    /// Today's heating.
    pub today: Today,
    /// What the rest of the house uses.
    pub living: Living,
    /// What the house can take.
    pub site: Site,
    /// Money over time.
    pub terms: MoneyTerms,
    /// When a cost is too much.
    pub thresholds: Thresholds,
    /// Its subsidies.
    pub claims: Claims,
    /// What the comparison holds equal.
    pub service: Service,
    /// Which meters it has.
    pub meter: HeatingMeter,
    /// Ids of the plans that it fixed, by carrier.
    pub fixed_plans: Vec<(Carrier, String)>,
    /// What was filled in.
    pub filled_in: Vec<FilledIn>,
    /// What looks wrong.
    pub remarks: Vec<Remark>,
}

/// The house, whole and in parts, and the habits of its people.
#[derive(Debug, Clone)]
pub struct House {
    /// Heated floor area.
    pub heated_area: SquareMetre,
    /// Rooms that are heated, and those of them in use.
    pub rooms: u8,
    /// Rooms in use at the zoned service.
    pub rooms_in_use: u8,
    /// All that is heated.
    pub whole: Building,
    /// The part in use.
    pub zone: Building,
    /// Temperatures over the day at the standard service.
    pub standard: Schedule,
    /// Temperatures over the day at the zoned service.
    pub zoned: Schedule,
    /// Temperatures over the day as the house is heated now.
    pub today: Schedule,
    /// Whether today only the part in use is heated.
    pub today_is_zone: bool,
    /// How the hours are scaled.
    pub method: DemandMethod,
    /// Heat load index at the design temperature, for the index method.
    pub index: Option<Sourced<WattPerSquareMetre>>,
    /// Emitters that are there already.
    pub emitter: Option<String>,
}

impl House {
    /// Whether its hours come from a simulation, and not from a load index.
    pub fn is_simulated(&self) -> bool {
        self.index.is_none() || self.method != DemandMethod::Index
    }

    /// What is heated today: all or the part in use.
    pub fn in_use_today(&self) -> &Building {
        if self.today_is_zone {
            &self.zone
        } else {
            &self.whole
        }
    }
}

/// Today's heating.
#[derive(Debug, Clone)]
pub struct Today {
    /// The stove or boiler.
    pub product: Arc<Product>,
    /// Its fuel.
    pub carrier: Carrier,
    /// Units burnt in a winter, if known.
    pub units: Option<Sourced<f64>>,
    /// What the winter costs in all, if only that is known.
    pub bill: Option<Money>,
    /// Price of a unit, if it differs from the place's.
    pub price: Option<Sourced<Fixed>>,
    /// Heat of a unit, kWh (lower heating value).
    pub kwh_per_unit: Sourced<f64>,
    /// Share of it that reaches the rooms.
    pub efficiency: Sourced<f64>,
    /// Own hours of a winter, if the user gave them.
    pub labour_hours: Option<f64>,
}

/// What the rest of the house uses; January first.
#[derive(Debug, Clone, PartialEq)]
pub struct Living {
    /// Electricity, kWh a month.
    pub electricity_kwh: [f64; 12],
    /// Share of a day's electricity in each hour; sums to one.
    pub shape: [f64; 24],
    /// Gas for cooking and hot water, m3 a month.
    pub gas_m3: [f64; 12],
}

/// What the house can take; what is not known is no obstacle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Site {
    /// A gas main within reach.
    pub gas_main: Option<bool>,
    /// A heat network within reach.
    pub heat_network: Option<bool>,
    /// Pellets within reach.
    pub biomass: Option<bool>,
    /// Fires of loose coal are still allowed.
    pub coal_allowed: Option<bool>,
    /// Electric capacity that is spare, as the household tells it.
    pub spare_supply: Option<Kilowatt>,
    /// What the grid usually gives a house of the place; more is a question for the grid company,
    /// not an obstacle.
    pub usual_supply: Option<Kilowatt>,
    /// Usable roof.
    pub roof: Option<SquareMetre>,
    /// Usable yard.
    pub yard: Option<SquareMetre>,
}

/// The household's subsidies.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Whether grants are counted at all.
    pub apply: bool,
    /// The first winter with the new heating, which starts the clocks.
    pub converted: Winter,
    /// The day of the conversion, if it is known.
    pub conversion_date: Option<Date>,
    /// Readings of what texts leave open.
    pub variants: Variants,
    /// Age of a clean machine that is replaced, years.
    pub replaces_years: Option<u8>,
    /// Whether loose coal is burnt again.
    pub burns_coal_again: bool,
}
