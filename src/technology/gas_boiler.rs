//! 燃气壁挂炉: a wall boiler on the gas main.

use crate::technology::boiler::Boiler;
use crate::technology::duty::{Duty, Operation, Plant};
use crate::words::quantity::{Celsius, Kilowatt};

/// A natural-gas wall boiler.
#[derive(Debug, Clone, PartialEq)]
pub struct GasBoiler(pub Boiler);

impl GasBoiler {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        self.0.prepare(plant).operate(duty, None, out);
    }
    /// Heat of all units.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        self.0.capacity_at(plant, t_out)
    }
    /// Fan, pump and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        self.0.supply_needed(plant)
    }
}
