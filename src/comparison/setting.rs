//! What depends on the place, the winter and the weather only: made once, shared by households.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::comparison::options::OptionSpec;
use crate::demand::BuildingWeather;
use crate::subsidy::RuleSet;
use crate::tariff::Market;
use crate::technology::fuel::{Fuel, GridFactor};
use crate::technology::product::{Emitter, Product};
use crate::technology::pv::PvSystem;
use crate::words::calendar::{Season, Winter};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Name};
use crate::words::provenance::Sourced;
use crate::words::quantity::{Celsius, Metre};

/// A place in one winter.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Full name of the place.
    pub place: Name,
    /// The first winter.
    pub winter: Winter,
    /// Days of heat.
    pub season: Season,
    /// Its weather.
    pub weather: SeasonWeather,
    /// Height of the place.
    pub elevation: Metre,
    /// Outdoor design temperature.
    pub t_design: Sourced<Celsius>,
    /// Electricity plans.
    pub electricity: Option<Market>,
    /// Gas plans.
    pub gas: Option<Market>,
    /// What the grid pays for a kWh of PV.
    pub export_price: Option<Sourced<Fixed>>,
    /// Fuels that are sold here.
    pub fuels: BTreeMap<Carrier, FuelSupply>,
    /// Carbon of the grid.
    pub grid: Option<GridFactor>,
    /// Subsidy rules.
    pub rules: RuleSet,
    /// The catalogue.
    pub products: Vec<Arc<Product>>,
    /// Emitters of the catalogue.
    pub emitters: Vec<Emitter>,
    /// Rooftop PV of the catalogue.
    pub pv: Option<PvOffer>,
    /// Envelope measures of the catalogue.
    pub measures: Vec<crate::demand::Measure>,
    /// Options that are compared.
    pub options: Vec<OptionSpec>,
}

/// Weather of the season and, for PV, of the year.
#[derive(Debug, Clone)]
pub struct SeasonWeather {
    /// The station or file, as results name it.
    pub name: String,
    /// Hours of the year in the season's order.
    pub hours: Vec<usize>,
    /// Outdoor temperature of the season's hours, degC.
    pub t_out_c: Vec<f64>,
    /// Relative humidity of the season's hours, percent.
    pub rh_pct: Vec<f64>,
    /// What the houses see.
    pub building: BuildingWeather,
    /// Irradiance on collectors by tilt in whole degrees, season's hours, W/m2.
    pub collectors: Vec<(i32, Vec<f64>)>,
    /// Irradiance on the PV plane, 8,760 hours, W/m2; empty if no option has PV.
    pub pv_w_m2: Vec<f64>,
    /// Outdoor temperature of the year, degC.
    pub year_t_out_c: Vec<f64>,
    /// Wind of the year, m/s.
    pub year_wind_m_s: Vec<f64>,
}

/// A fuel and what it costs here.
#[derive(Debug, Clone)]
pub struct FuelSupply {
    /// The fuel.
    pub fuel: Fuel,
    /// Yuan for a unit, or for a package where it is sold by the piece.
    pub price: Sourced<Fixed>,
    /// Whether `price` is for a package.
    pub by_package: bool,
}

/// Rooftop PV of the catalogue.
#[derive(Debug, Clone)]
pub struct PvOffer {
    /// The array per kW of direct current; its `dc` is scaled.
    pub system: PvSystem,
    /// Its name.
    pub name: Arc<Name>,
    /// Price of one kW, installed.
    pub price_per_kw: Sourced<Money>,
    /// Upkeep of one kW a year.
    pub upkeep_per_kw: Sourced<Money>,
    /// How long it lasts, years.
    pub life_years: u16,
    /// Roof of one kW, m2.
    pub roof_m2_per_kw: f64,
}
