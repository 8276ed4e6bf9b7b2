//! 太空能恒热站: in practice an air-source or solar-assisted heat pump in an outdoor cabinet.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::heat_pump::HeatPump;
use crate::technology::heat_pump_water::{capacity, supply_at, supply_needed};
use crate::technology::season::{Pump, Sink, SunBonus};
use crate::words::quantity::{Celsius, Kilowatt, WattPerSquareMetre};

/// A heat pump whose evaporator sees the sun.
///
/// Sun on the evaporator raises the COP by `sun_bonus` at `sun_reference`, in proportion to the
/// irradiance and no further: measured on bare-plate evaporators as 2.07 to 2.36 from 0 to
/// 500 W/m2 at 5 degC (International Journal of Photoenergy 2017, 3082740).
#[derive(Debug, Clone, PartialEq)]
pub struct SolarStation {
    /// The machine.
    pub machine: HeatPump,
    /// Rise of the COP in full sun, as a share; 0.10 to 0.15 where it has been measured.
    pub sun_bonus: f64,
    /// Irradiance on the evaporator at which the bonus is reached.
    pub sun_reference: WattPerSquareMetre,
    /// Seasonal COP that the maker claims; never used in the account, shown beside the computed.
    pub claimed_cop: Option<f64>,
}

impl SolarStation {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let pump = Pump {
            machine: &self.machine,
            sink: Sink::Water,
            sun: Some(SunBonus {
                most: self.sun_bonus,
                at_w_m2: self.sun_reference.value().max(1.0),
            }),
        };
        pump.operate(plant, duty, out);
    }
    /// Full-load heat at an outdoor temperature, without sun.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        capacity(&self.machine, plant, t_out, supply_at(plant, t_out.value()))
    }
    /// Most electric power.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        supply_needed(
            &self.machine,
            plant,
            supply_at(plant, plant.t_design.value()),
        )
    }
}
