//! Heaters: how each kind turns fuel, electricity or sun into the heat of a winter.
//!
//! One file per kind. [`Heater`] is the closed list; [`Heater::operate`] runs a winter hour by hour
//! and fills an [`Operation`]. [`product`] holds what the catalogue says of a heater beside its
//! physics, [`sizing`] picks the size, [`pv`] is the rooftop add-on. Equations and sources stand in
//! `docs/model/technology.md`.

mod abreast;
pub mod biomass_stove;
pub mod boiler;
pub mod briquette_stove;
pub mod coal_stove;
pub mod collector;
pub mod curve;
pub mod direct_electric;
pub mod district_heat;
pub mod duty;
pub mod electric_storage;
pub mod emitter;
pub mod en14825;
pub mod fuel;
pub mod gas_boiler;
pub mod heat_pump;
pub mod heat_pump_air;
pub mod heat_pump_water;
mod hours;
pub mod lpg_boiler;
pub mod product;
pub mod pv;
pub mod season;
pub mod sizing;
pub mod solar_electric;
pub mod solar_station;
pub mod stove;
mod tab;
mod valley;

pub use abreast::{ABREAST, Job, operate_abreast};
pub use biomass_stove::BiomassStove;
pub use briquette_stove::BriquetteStove;
pub use coal_stove::CoalStove;
pub use direct_electric::DirectElectric;
pub use district_heat::DistrictHeat;
pub use duty::{Duty, Operation, OperationFacts, Plant};
pub use electric_storage::ElectricStorage;
pub use emitter::EmitterCurve;
pub use gas_boiler::GasBoiler;
pub use heat_pump_air::HeatPumpAir;
pub use heat_pump_water::HeatPumpWater;
pub use lpg_boiler::LpgBoiler;
pub use season::Machines;
pub use solar_electric::SolarElectric;
pub use solar_station::SolarStation;

use crate::words::kinds::{Carrier, HeaterKind};
use crate::words::quantity::{Celsius, Kilowatt};
use crate::words::wide::{Wide, wide};

/// A heater of the catalogue, one unit of it. The only list of the kinds with their physics.
#[derive(Debug, Clone, PartialEq)]
pub enum Heater {
    /// 散煤炉.
    CoalStove(CoalStove),
    /// 洁净煤炉.
    BriquetteStove(BriquetteStove),
    /// 生物质成型燃料炉.
    BiomassStove(BiomassStove),
    /// 电蓄热.
    ElectricStorage(ElectricStorage),
    /// 直热式电暖.
    DirectElectric(DirectElectric),
    /// 空气源热泵热水机.
    HeatPumpWater(HeatPumpWater),
    /// 低温热风机.
    HeatPumpAir(HeatPumpAir),
    /// 太阳能+电辅.
    SolarElectric(SolarElectric),
    /// 太空能恒热站.
    SolarStation(SolarStation),
    /// 燃气壁挂炉.
    GasBoiler(GasBoiler),
    /// 液化石油气壁挂炉.
    LpgBoiler(LpgBoiler),
    /// 集中供热.
    DistrictHeat(DistrictHeat),
}

/// Calls the same method of whichever kind it is.
macro_rules! each_kind {
    ($heater:expr, $it:ident => $call:expr) => {
        match $heater {
            Heater::CoalStove($it) => $call,
            Heater::BriquetteStove($it) => $call,
            Heater::BiomassStove($it) => $call,
            Heater::ElectricStorage($it) => $call,
            Heater::DirectElectric($it) => $call,
            Heater::HeatPumpWater($it) => $call,
            Heater::HeatPumpAir($it) => $call,
            Heater::SolarElectric($it) => $call,
            Heater::SolarStation($it) => $call,
            Heater::GasBoiler($it) => $call,
            Heater::LpgBoiler($it) => $call,
            Heater::DistrictHeat($it) => $call,
        }
    };
}

/// The hours of one winter, for vectors of any width.
struct Winter<'a> {
    heater: &'a Heater,
    plant: &'a Plant,
    duty: &'a Duty<'a>,
    out: &'a mut Operation,
}

impl Wide for Winter<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        each_kind!(self.heater, it => it.operate(self.plant, self.duty, self.out));
    }
}

impl Heater {
    /// Which kind it is.
    pub const fn kind(&self) -> HeaterKind {
        match self {
            Self::CoalStove(_) => HeaterKind::CoalStove,
            Self::BriquetteStove(_) => HeaterKind::BriquetteStove,
            Self::BiomassStove(_) => HeaterKind::BiomassStove,
            Self::ElectricStorage(_) => HeaterKind::ElectricStorage,
            Self::DirectElectric(_) => HeaterKind::DirectElectric,
            Self::HeatPumpWater(_) => HeaterKind::HeatPumpWater,
            Self::HeatPumpAir(_) => HeaterKind::HeatPumpAir,
            Self::SolarElectric(_) => HeaterKind::SolarElectric,
            Self::SolarStation(_) => HeaterKind::SolarStation,
            Self::GasBoiler(_) => HeaterKind::GasBoiler,
            Self::LpgBoiler(_) => HeaterKind::LpgBoiler,
            Self::DistrictHeat(_) => HeaterKind::DistrictHeat,
        }
    }

    /// What it mainly burns or draws: the carrier of [`Operation::fuel_kwh`], or electricity.
    pub const fn carrier(&self) -> Carrier {
        match self {
            Self::CoalStove(_) => Carrier::LooseCoal,
            Self::BriquetteStove(_) => Carrier::Briquette,
            Self::BiomassStove(_) => Carrier::Pellet,
            Self::ElectricStorage(_)
            | Self::DirectElectric(_)
            | Self::HeatPumpWater(_)
            | Self::HeatPumpAir(_)
            | Self::SolarElectric(_)
            | Self::SolarStation(_) => Carrier::Electricity,
            Self::GasBoiler(_) => Carrier::NaturalGas,
            Self::LpgBoiler(_) => Carrier::Lpg,
            Self::DistrictHeat(_) => Carrier::NetworkHeat,
        }
    }

    /// Whether it draws at other hours where other hours are the cheapest: a store that is filled in
    /// them. The winter of any other heater does not depend on [`Duty::cheap`] but for
    /// [`OperationFacts::valley_share`].
    pub const fn follows_prices(&self) -> bool {
        match self {
            Self::ElectricStorage(_) => true,
            Self::SolarElectric(it) => matches!(it.remainder, solar_electric::Remainder::Valley(_)),
            _ => false,
        }
    }

    /// Whether [`operate_abreast`] works its winters in several houses out side by side.
    pub const fn goes_abreast(&self) -> bool {
        match self {
            Self::ElectricStorage(_) => true,
            Self::SolarElectric(it) => it.goes_abreast(),
            _ => false,
        }
    }

    /// Runs one winter. Reuses the buffers of `out`; what it held before is lost.
    ///
    /// For every hour heat delivered + unmet = `duty.heat_kw`.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        wide(Winter {
            heater: self,
            plant,
            duty,
            out,
        });
    }

    /// The most heat that `plant.count` units give at an outdoor temperature without help from
    /// the sun, after derating with cold and altitude.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        each_kind!(self, it => it.capacity_at(plant, t_out))
    }

    /// The most electric power that `plant.count` units can draw at once.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        each_kind!(self, it => it.supply_needed(plant))
    }
}
