//! 洁净煤炉: a stove for clean briquettes.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::stove::Stove;
use crate::words::quantity::{Celsius, Kilowatt};

/// 洁净煤炉: a stove for clean briquettes.
#[derive(Debug, Clone, PartialEq)]
pub struct BriquetteStove(pub Stove);

impl BriquetteStove {
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
