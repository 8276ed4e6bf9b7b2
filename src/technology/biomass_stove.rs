//! 生物质成型燃料炉: a pellet stove or pellet boiler with feeder and fan.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::stove::Stove;
use crate::words::quantity::{Celsius, Kilowatt};

/// 生物质成型燃料炉: a pellet stove or pellet boiler with feeder and fan.
#[derive(Debug, Clone, PartialEq)]
pub struct BiomassStove(pub Stove);

impl BiomassStove {
    /// Runs a winter; see [`Stove`].
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        self.0.operate(plant, duty, out);
    }
    /// Heat of all units.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        self.0.capacity_at(plant, t_out)
    }
    /// Electric power that it needs.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        self.0.supply_needed(plant)
    }
}
