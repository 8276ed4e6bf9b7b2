//! 低温热风机: a room unit that blows warm air; it condenses at the room's air.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::heat_pump::HeatPump;
use crate::technology::heat_pump_water::{capacity, supply_needed};
use crate::technology::season::{Pump, Sink};
use crate::words::quantity::{Celsius, Kilowatt};

/// An air-to-air heat pump; its sink is the room, so `t_supply` of its rating points is room air.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPumpAir(pub HeatPump);

impl HeatPumpAir {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let pump = Pump {
            machine: &self.0,
            sink: Sink::Room,
            sun: None,
        };
        pump.operate(plant, duty, out);
    }
    /// Full-load heat at an outdoor temperature.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        capacity(&self.0, plant, t_out, plant.t_room.value())
    }
    /// Most electric power.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        supply_needed(&self.0, plant, plant.t_room.value())
    }
}
