//! 空气源热泵热水机: an air-source heat pump that heats water for floor, fan coils or radiators.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::heat_pump::HeatPump;
use crate::technology::season::{Pump, Sink};
use crate::words::quantity::{Celsius, Kilowatt};

/// An air-to-water heat pump; the supply temperature follows the emitter and the weather.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPumpWater(pub HeatPump);

impl HeatPumpWater {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let pump = Pump {
            machine: &self.0,
            sink: Sink::Water,
            sun: None,
        };
        pump.operate(plant, duty, out);
    }
    /// Full-load heat at an outdoor temperature with the supply that the emitters then need, with
    /// the built-in resistance heater.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        capacity(&self.0, plant, t_out, supply_at(plant, t_out.value()))
    }
    /// Most electric power: the machine at the design temperature, pump and back-up.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        supply_needed(&self.0, plant, supply_at(plant, plant.t_design.value()))
    }
}

/// Supply temperature at an outdoor temperature, degC: the load falls in a straight line from the
/// design temperature to the room's.
pub fn supply_at(plant: &Plant, t_out: f64) -> f64 {
    let room = plant.t_room.value();
    let load = (room - t_out) / (room - plant.t_design.value()).max(1.0);
    plant.emitter.supply_c(plant.t_room, load)
}

/// Heat of `plant.count` heat pumps at full load without frost, with altitude and back-up.
pub fn capacity(machine: &HeatPump, plant: &Plant, t_out: Celsius, supply: f64) -> Kilowatt {
    let (thin, _) = machine.altitude_factors(plant.elevation);
    let one = machine.capacity_dry(t_out.value(), supply) * thin;
    (Kilowatt(one) + machine.traits.backup) * plant.units()
}

/// Electric power of `plant.count` heat pumps at the design temperature or at the rating, whichever
/// is more, with pump, standby and back-up.
pub fn supply_needed(machine: &HeatPump, plant: &Plant, supply: f64) -> Kilowatt {
    let power = |t: f64| machine.capacity_dry(t, supply) / machine.cop_at(t, supply, 1.0);
    let traits = &machine.traits;
    let most = power(plant.t_design.value()).max(power(0.0));
    (Kilowatt(most) + traits.backup + traits.pump + traits.standby) * plant.units()
}
