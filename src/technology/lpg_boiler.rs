//! 液化石油气壁挂炉: a wall boiler on bottles, a cylinder group or a tank.

use std::sync::Arc;

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
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let bottles = self.bottles(plant);
        let vapour = match duty.machines {
            Some(machines) => machines.vapour(bottles, duty),
            None => bottles.vapour(duty),
        };
        let prepared = self.boiler.prepare(plant);
        prepared.operate(duty, Some(&vapour), out);
    }

    /// All bottles of a house.
    fn bottles(&self, plant: &Plant) -> Bottles {
        Bottles {
            vapour_kw: self.vapour_kw.clone(),
            count: f64::from(self.bottles) * plant.units(),
            indoors: self.indoors,
        }
    }

    /// Heat of all units, or what the bottles' vapour allows.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        let vapour = self.bottles(plant).at(t_out.value()) * self.boiler.efficiency.at(60.0);
        self.boiler.capacity_at(plant, t_out).min(Kilowatt(vapour))
    }
    /// Fan, pump and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        self.boiler.supply_needed(plant)
    }
}

/// Bottles of one house; see [`LpgBoiler`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bottles {
    vapour_kw: Curve,
    count: f64,
    indoors: Option<Celsius>,
}

impl Bottles {
    /// Fuel that they give off at an outdoor temperature, kW.
    fn at(&self, t_out: f64) -> f64 {
        let t = self.indoors.map_or(t_out, Celsius::value);
        self.vapour_kw.at(t) * self.count
    }

    /// Fuel that they give off in each hour of a winter, kW.
    pub(crate) fn vapour(&self, duty: &Duty<'_>) -> Arc<[f64]> {
        let table = OutdoorTable::between(duty.t_range(), |t| [self.at(t)]);
        duty.t_out_c.iter().map(|&t| table.at(t)[0]).collect()
    }
}
