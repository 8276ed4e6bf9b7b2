//! What both gas-fired wall boilers do: efficiency over return temperature and load, standby.

use crate::technology::curve::{Curve, LoadTable, greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant, fill};
use crate::words::lanes;
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
    /// One over the least load; infinite where there is none.
    per_least: f64,
    /// Fuel lost in an hour of pause, kWh.
    full_pause: f64,
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
            per_least: if self.least_load > 0.0 {
                1.0 / self.least_load
            } else {
                f64::INFINITY
            },
            full_pause: self.pause_loss * (most * fuel_per_heat.at(1.0)),
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
    /// Runs a winter with as much fuel as is asked for.
    #[inline(always)]
    pub fn operate(&self, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), true);
        let most = self.most;
        out.give(duty, |wanted| lesser(wanted, most));
        let pilot = self.boiler.pilot.value() * self.units;
        fill(&mut out.fuel_kwh, &out.given_kwh, |given| {
            self.fuel_for(given) + pilot
        });
        self.run(duty, out);
    }

    /// Runs a winter in which `most_fuel` tells the most fuel of each hour, kWh.
    #[inline(always)]
    pub fn operate_within(
        &self,
        duty: &Duty<'_>,
        most_fuel: impl Fn(f64) -> f64,
        out: &mut Operation,
    ) {
        out.reset(duty.hours(), true);
        let pilot = self.boiler.pilot.value() * self.units;
        let given = out.given_kwh.iter_mut().zip(&mut out.fuel_kwh);
        let asked = duty.heat_kw.iter().zip(duty.t_out_c);
        for ((given, fuel), (&wanted, &t_out)) in given.zip(asked) {
            let most_fuel = most_fuel(t_out);
            let heat = lesser(greater(wanted, 0.0), self.most);
            let needed = self.fuel_for(heat);
            let available = greater(most_fuel - pilot, 0.0);
            let share = available / greater(needed, 1e-300);
            let short = needed > available;
            *given = if short { heat * share } else { heat };
            *fuel = if short { available } else { needed } + lesser(pilot, most_fuel);
        }
        self.run(duty, out);
    }

    /// Fan, pump, controls and the hours of fire for the heat that was given.
    #[inline(always)]
    fn run(&self, duty: &Duty<'_>, out: &mut Operation) {
        let boiler = self.boiler;
        let per_least = self.per_most * self.per_least;
        let running = |given: f64| {
            if given > 0.0 {
                lesser(given * per_least, 1.0)
            } else {
                0.0
            }
        };
        let (fan, standby) = (boiler.fan_pump.value(), boiler.standby.value());
        fill(&mut out.electricity_kwh, &out.given_kwh, |given| {
            (fan * running(given) + standby) * self.units
        });
        out.finish(duty);
        out.facts.runtime_hours = lanes::sum_by(&out.given_kwh, running);
        out.facts.full_load_hours = out.delivered_kwh * self.per_most;
    }

    /// Fuel for a heat of one hour, kWh.
    #[inline(always)]
    fn fuel_for(&self, heat: f64) -> f64 {
        let load = heat * self.per_most;
        let pause = greater(1.0 - load * self.per_least, 0.0);
        let fuel = heat * self.fuel_per_heat.at(load) + pause * self.full_pause;
        if heat > 0.0 && self.most > 0.0 {
            fuel
        } else {
            0.0
        }
    }
}
