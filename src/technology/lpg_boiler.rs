//! 液化石油气壁挂炉: a wall boiler on bottles, a cylinder group or a tank.

use crate::technology::boiler::Boiler;
use crate::technology::curve::{Curve, OutdoorTable};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::words::quantity::{Celsius, Kilogram, Kilowatt};

/// An LPG wall boiler. Bottles that stand outside give little gas in deep cold, since the liquid
/// boils by the heat that its wall takes from the air.
#[derive(Debug, Clone, PartialEq)]
pub struct LpgBoiler {
    /// The boiler.
    pub boiler: Boiler,
    /// Bottles joined to one boiler.
    pub bottles: u16,
    /// Content of a bottle.
    pub bottle: Kilogram,
    /// Most fuel (lower heating value) that one bottle gives off by itself, kW, over the
    /// temperature of the air round it, degC.
    pub vapour_kw: Curve,
    /// Bottles stand in a room at this temperature; outside where nothing is given.
    pub indoors: Option<Celsius>,
}

impl LpgBoiler {
    /// Runs a winter.
    #[inline(always)]
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let vapour = OutdoorTable::between(duty.t_range(), |t| [self.vapour_at(plant, t)]);
        let prepared = self.boiler.prepare(plant);
        prepared.operate_within(duty, |t_out| vapour.at(t_out)[0], out);
    }

    /// Fuel that all bottles give off at an outdoor temperature, kW.
    fn vapour_at(&self, plant: &Plant, t_out: f64) -> f64 {
        let t = self.indoors.map_or(t_out, Celsius::value);
        self.vapour_kw.at(t) * f64::from(self.bottles) * plant.units()
    }

    /// Heat of all units, or what the bottles' vapour allows.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        let vapour = self.vapour_at(plant, t_out.value()) * self.boiler.efficiency.at(60.0);
        self.boiler.capacity_at(plant, t_out).min(Kilowatt(vapour))
    }
    /// Fan, pump and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        self.boiler.supply_needed(plant)
    }
}
