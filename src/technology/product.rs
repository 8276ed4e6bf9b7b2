//! What the catalogue says of a heater beside its physics: prices, life, needs, scores.

use std::sync::Arc;

use crate::technology::Heater;
use crate::technology::district_heat::NetworkCharge;
use crate::technology::emitter::EmitterCurve;
use crate::words::fixed::Money;
use crate::words::kinds::{Item, Kind, Name};
use crate::words::provenance::{FigureRef, Sourced};
use crate::words::quantity::{Kilowatt, SquareMetre};

/// A size of a product family.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Its id, unique in the catalogue.
    pub id: String,
    /// The family (option) that it is a size of.
    pub family: String,
    /// Its name.
    pub name: Name,
    /// One unit of it.
    pub heater: Heater,
    /// Nominal heat of one unit, as sold.
    pub rated: Kilowatt,
    /// Where the performance comes from.
    pub performance: FigureRef,
    /// Provenance of single performance keys where it differs from `performance`, by key.
    pub performance_keys: Vec<(String, FigureRef)>,
    /// Bought once for each heated room, rather than once for the house.
    pub per_room: bool,
    /// Most units that one house takes.
    pub most_units: u16,
    /// Ids of the emitters that it can feed, the usual one first; empty for a room unit.
    pub emitters: Vec<String>,
    /// What is bought.
    pub items: Vec<PricedItem>,
    /// Service, parts and sweeping, yuan a year for the whole plant.
    pub upkeep_cny_per_year: Sourced<Money>,
    /// How long the machine lasts, years.
    pub life_years: Sourced<u16>,
    /// What the house must have.
    pub needs: Needs,
    /// The three local criteria that are not money.
    pub criteria: Criteria,
    /// How network heat is charged, for a network connection.
    pub network_charge: Option<Sourced<NetworkCharge>>,
    /// Collector plane in degrees of tilt, for solar heating.
    pub collector_tilt_deg: Option<f64>,
}

/// A thing to pay for. At least one of the two prices is there.
#[derive(Debug, Clone, PartialEq)]
pub struct PricedItem {
    /// What subsidy rules call it.
    pub item: Item,
    /// What it is called.
    pub name: Arc<Name>,
    /// What the price is for.
    pub basis: Basis,
    /// Price of a public programme (bulk purchase).
    pub programme: Option<Sourced<Money>>,
    /// Price in the shop.
    pub retail: Option<Sourced<Money>>,
    /// How long it lasts, years, where it is not the machine's life.
    pub life_years: Option<Sourced<u16>>,
}

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The whole plant, however many units.
    PerHouse,
    /// One unit.
    PerUnit,
    /// One kW of rated heat.
    PerKw,
    /// One m2 of heated floor.
    PerM2Heated,
    /// One m2 of collector aperture.
    PerM2Collector,
    /// One heated room.
    PerRoom,
}

impl Kind for Basis {
    const ALL: &'static [Self] = &[
        Self::PerHouse,
        Self::PerUnit,
        Self::PerKw,
        Self::PerM2Heated,
        Self::PerM2Collector,
        Self::PerRoom,
    ];
    fn key(self) -> &'static str {
        match self {
            Self::PerHouse => "per_house",
            Self::PerUnit => "per_unit",
            Self::PerKw => "per_kw",
            Self::PerM2Heated => "per_m2_heated",
            Self::PerM2Collector => "per_m2_collector",
            Self::PerRoom => "per_room",
        }
    }
}

/// How much of everything a plant has, to turn a price into a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Units of the product.
    pub count: u16,
    /// Rated heat of one unit.
    pub rated: Kilowatt,
    /// Heated floor.
    pub heated_area: SquareMetre,
    /// Collector aperture of the plant.
    pub collector: SquareMetre,
    /// Heated rooms.
    pub rooms: u8,
}

impl Basis {
    /// How many times the price is paid.
    pub fn quantity(self, extent: &Extent) -> f64 {
        match self {
            Self::PerHouse => 1.0,
            Self::PerUnit => f64::from(extent.count),
            Self::PerKw => extent.rated.value() * f64::from(extent.count),
            Self::PerM2Heated => extent.heated_area.value(),
            Self::PerM2Collector => extent.collector.value(),
            Self::PerRoom => f64::from(extent.rooms),
        }
    }
    /// The unit, as a ledger line writes it.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::PerHouse | Self::PerUnit => "set",
            Self::PerKw => "kW",
            Self::PerM2Heated | Self::PerM2Collector => "m2",
            Self::PerRoom => "room",
        }
    }
}

/// What a house must have for one plant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Needs {
    /// Yard for an outdoor unit, a store or fuel.
    pub yard: SquareMetre,
    /// Roof in the sun.
    pub roof: SquareMetre,
    /// A gas main within reach.
    pub gas_main: bool,
    /// Pellets or straw within reach.
    pub biomass: bool,
    /// A heat network within reach.
    pub heat_network: bool,
    /// Somebody who brings LPG.
    pub lpg_delivery: bool,
    /// Fires of loose coal are allowed here.
    pub coal_allowed: bool,
    /// Where these come from.
    pub figure: Option<FigureRef>,
}

/// Scores from 1 (bad) to 5 (good), each with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    /// 安装方便.
    pub easy_to_install: Sourced<u8>,
    /// 维护简单.
    pub easy_to_maintain: Sourced<u8>,
    /// 运行安全.
    pub safe_to_run: Sourced<u8>,
}

/// Emitters of the catalogue: radiators, floor coils, fan coils.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitter {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Supply temperature over the load.
    pub curve: EmitterCurve,
    /// Where that comes from.
    pub figure: FigureRef,
    /// What they cost when new ones are needed.
    pub items: Vec<PricedItem>,
    /// How long they last, years.
    pub life_years: Sourced<u16>,
}
