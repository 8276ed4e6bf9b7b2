//! What depends on the place, the winter and the weather only: made once, shared by households.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::comparison::options::OptionSpec;
use crate::comparison::outcome::Fit;
use crate::demand::{Building, BuildingWeather, Facing, Retrofit};
use crate::subsidy::RuleSet;
use crate::tariff::Market;
use crate::technology::district_heat::NetworkCharge;
use crate::technology::fuel::{Fuel, GridFactor};
use crate::technology::product::{Emitter, Product};
use crate::words::calendar::{Season, Winter};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Name};
use crate::words::ledger::Purpose;
use crate::words::provenance::{FigureRef, Sourced, Timing};
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
    /// What energy costs in the first winter.
    pub prices: Prices,
    /// Later winters with prices that are known to differ from those before, in order.
    pub later: Vec<LaterPrices>,
    /// Whether the price of exported power is one for roofs that were connected at another time.
    pub export_stands_in: bool,
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
    pub measures: Vec<Measure>,
    /// Options that are compared.
    pub options: Vec<OptionSpec>,
    /// How the place's own figures came to be used.
    pub fits: BTreeMap<String, Fit>,
    /// Years after which a figure that holds until it is replaced must be looked at again.
    pub unchecked_after_years: u16,
    /// Lowest and highest plausible heat of today's fuel over that of the simulated house.
    pub plausible_heat: (f64, f64),
}

/// What energy costs at a place in a winter.
#[derive(Debug, Clone)]
pub struct Prices {
    /// Electricity plans.
    pub electricity: Option<Arc<Market>>,
    /// Gas plans.
    pub gas: Option<Arc<Market>>,
    /// What the grid pays for a kWh of PV.
    pub export: Option<Sourced<Fixed>>,
    /// What heat from a network costs.
    pub network: Option<Sourced<NetworkCharge>>,
    /// Fuels that are sold here.
    pub fuels: BTreeMap<Carrier, FuelSupply>,
}

/// Prices that are known to hold from a later winter on.
#[derive(Debug, Clone)]
pub struct LaterPrices {
    /// The first winter that has them.
    pub winter: Winter,
    /// What costs something else than in the winter before.
    pub changed: Vec<Purpose>,
    /// All prices of the winter.
    pub prices: Prices,
}

impl Setting {
    /// The year of the account, from 1, in which a later winter lies.
    pub const fn year_of(&self, winter: Winter) -> u16 {
        (winter.0 - self.winter.0 + 1) as u16
    }
    /// How well a figure fits this place and a winter: those of the region by how they were picked,
    /// others by whether they hold on 15 January, or on another day of the heating months, since
    /// a tariff may change in mid-winter.
    pub fn fit(&self, figure: &FigureRef, winter: Winter) -> Fit {
        let picked = self.fits.get(figure.id()).copied();
        if picked == Some(Fit::OutOfDate) {
            return Fit::OutOfDate;
        }
        let day = Date::new(winter.0 + 1, 1, 15).unwrap_or(Date::MAX);
        let first = Date::new(winter.0, 10, 1).unwrap_or(Date::MIN);
        let last = Date::new(winter.0 + 1, 4, 30).unwrap_or(Date::MAX);
        let valid = figure.0.valid;
        match valid.map(|valid| valid.timing(day, self.unchecked_after_years)) {
            Some(Timing::Unchecked { .. }) => Fit::Unchecked,
            Some(Timing::OutOfDate { since }) if since < first => Fit::OutOfDate,
            Some(Timing::NotYet { from }) if from > last => Fit::OutOfDate,
            _ => picked.unwrap_or(Fit::Fits),
        }
    }
    /// A measure by its id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }
    /// An emitter by its id.
    pub fn emitter(&self, id: &str) -> Option<&Emitter> {
        self.emitters.iter().find(|emitter| emitter.id == id)
    }
}

/// An envelope measure and what it costs.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Arc<Name>,
    /// What it does to the house.
    pub works: Retrofit,
    /// What the price is for.
    pub basis: MeasureBasis,
    /// Price of one.
    pub price: Sourced<Money>,
    /// How long it lasts, years.
    pub life_years: u16,
}

/// What a measure's price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureBasis {
    /// The house, whatever its size.
    House,
    /// One m2 of heated floor.
    HeatedFloor,
    /// One m2 of wall, roof or window that is worked on.
    Surface,
}

impl Measure {
    /// How much of it a house needs, and the unit.
    pub fn extent(&self, building: &Building) -> (f64, &'static str) {
        match self.basis {
            MeasureBasis::House => (1.0, "set"),
            MeasureBasis::HeatedFloor => (building.heated_area_m2, "m2"),
            MeasureBasis::Surface => (self.surface(building), "m2"),
        }
    }

    /// Area that is worked on.
    fn surface(&self, building: &Building) -> f64 {
        let part = |roof: bool| -> f64 {
            let opaque = building.opaque.iter();
            opaque
                .filter(|o| (o.facing == Facing::Up) == roof)
                .map(|o| o.area_m2)
                .sum()
        };
        let wall = if self.works.wall_added_r.is_some() {
            part(false)
        } else {
            0.0
        };
        let roof = if self.works.roof_added_r.is_some() {
            part(true)
        } else {
            0.0
        };
        let glass: f64 = match self.works.window_u_w_m2k {
            Some(_) => building.windows.iter().map(|w| w.area_m2).sum(),
            None => 0.0,
        };
        wall + roof + glass
    }
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
    /// Yield of one kW of PV, 8,760 hours, kWh; empty if no option has PV.
    pub pv_kwh_per_kw: Vec<f64>,
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
    /// Bringing one of what `price` is for to the house, yuan.
    pub delivery: Fixed,
}

/// Rooftop PV of the catalogue.
#[derive(Debug, Clone)]
pub struct PvOffer {
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
