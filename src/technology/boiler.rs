//! What both gas-fired wall boilers do: efficiency over return temperature and load, standby.

use crate::technology::curve::{Curve, LoadTable};
use crate::technology::duty::{Operation, Plant};
use crate::words::quantity::{Celsius, Kilowatt};

/// A wall-hung boiler.
///
/// Efficiency (lower heating value) is a broken line over the return temperature (a condensing
/// boiler gains below the dew point of its flue gas, about 55 degC) times a factor over the load.
/// Below its least load it cycles: each hour of pause costs `pause_loss` of the full fuel rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Boiler {
    /// Heat at full load.
    pub rated: Kilowatt,
    /// Efficiency at full load over the return temperature, degC.
    pub efficiency: Curve,
    /// Factor on the efficiency over the share of the rated heat.
    pub part_load: Curve,
    /// Least share of the rated heat without cycling.
    pub least_load: f64,
    /// Fuel lost by purging and cooling down, as a share of the full rate, for an hour of pause.
    pub pause_loss: f64,
    /// Pilot flame, kW of fuel all season; 0 with electronic ignition.
    pub pilot: Kilowatt,
    /// Fan and pump while it burns.
    pub fan_pump: Kilowatt,
    /// Controls, all season.
    pub standby: Kilowatt,
}

/// A boiler of one house with its tables.
#[derive(Debug, Clone)]
pub struct PreparedBoiler<'a> {
    boiler: &'a Boiler,
    units: f64,
    most: f64,
    per_most: f64,
    full_fuel: f64,
    fuel_per_heat: LoadTable,
}

impl Boiler {
    /// The tables for one house: efficiency over the share of the rated heat, with the return
    /// temperature that the emitters have at that heat.
    pub fn prepare(&self, plant: &Plant) -> PreparedBoiler<'_> {
        let most = self.rated.value() * plant.units();
        let design = plant.design_load.value().max(1e-6);
        // Fuel for a unit of heat is tabled, so that an hour needs no division.
        let fuel_per_heat = LoadTable::new(|load| {
            let emitted = load * most / design;
            let t_return = plant.emitter.return_c(plant.t_room, emitted);
            let factor = self.part_load.at(load.max(self.least_load));
            1.0 / (self.efficiency.at(t_return) * factor).max(1e-6)
        });
        PreparedBoiler {
            boiler: self,
            units: plant.units(),
            most,
            per_most: if most > 0.0 { 1.0 / most } else { 0.0 },
            full_fuel: most * fuel_per_heat.at(1.0),
            fuel_per_heat,
        }
    }
    /// Rated heat of all units.
    pub fn capacity_at(&self, plant: &Plant, _: Celsius) -> Kilowatt {
        self.rated * plant.units()
    }
    /// Fan, pump and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        (self.fan_pump + self.standby) * plant.units()
    }
}

impl PreparedBoiler<'_> {
    /// Books one hour: heat wanted (kWh) and the most fuel that there is (kWh).
    #[inline]
    pub fn hour(&self, wanted: f64, most_fuel: f64, out: &mut Operation) {
        let boiler = self.boiler;
        let pilot = boiler.pilot.value() * self.units;
        let mut given = wanted.min(self.most);
        let mut fuel = self.fuel_for(given);
        let available = (most_fuel - pilot).max(0.0);
        if fuel > available {
            given *= available / fuel;
            fuel = available;
        }
        let load = given * self.per_most;
        let on = if boiler.least_load > 0.0 {
            (load / boiler.least_load).min(1.0)
        } else {
            1.0
        };
        let running = if given > 0.0 { on } else { 0.0 };
        out.fuel_kwh.push(fuel + pilot.min(most_fuel));
        let power = boiler.fan_pump.value() * running + boiler.standby.value();
        out.electricity_kwh.push(power * self.units);
        out.heat(wanted, given);
        out.facts.runtime_hours += running;
        out.facts.full_load_hours += load;
    }

    /// Fuel for a heat of one hour, kWh.
    #[inline]
    fn fuel_for(&self, heat: f64) -> f64 {
        if heat <= 0.0 || self.most <= 0.0 {
            return 0.0;
        }
        let load = heat * self.per_most;
        let least = self.boiler.least_load;
        let pause = if load < least {
            1.0 - load / least
        } else {
            0.0
        };
        heat * self.fuel_per_heat.at(load) + pause * self.boiler.pause_loss * self.full_fuel
    }
}
