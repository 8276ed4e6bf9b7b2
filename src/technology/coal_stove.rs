//! 散煤炉, 炕炉: a stove or kang stove for loose coal.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::stove::Stove;
use crate::words::quantity::{Celsius, Kilowatt};

/// 散煤炉, 炕炉: a stove or kang stove for loose coal.
#[derive(Debug, Clone, PartialEq)]
pub struct CoalStove(pub Stove);

impl CoalStove {
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
