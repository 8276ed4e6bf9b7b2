//! What both gas-fired wall boilers do: efficiency over return temperature and load, standby.

use crate::technology::curve::{Curve, LoadTable};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::hours::{self, Asked, ByHour, Gave};
use crate::words::quantity::{Celsius, Kilowatt};
use crate::words::wide::{F64s, Simd};

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
    /// One over the least load; the greatest number where there is none.
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
                f64::MAX
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
    /// Runs a winter with as much fuel as is asked for, or with the most that `vapour` tells for
    /// each hour, kW.
    pub(crate) fn operate(&self, duty: &Duty<'_>, vapour: Option<&[f64]>, out: &mut Operation) {
        let boiler = self.boiler;
        let fire = Fire {
            most: self.most,
            per_most: self.per_most,
            per_least: self.per_least,
            full_pause: self.full_pause,
            fuel_per_heat: &self.fuel_per_heat,
            vapour,
            pilot: boiler.pilot.value() * self.units,
            fan: boiler.fan_pump.value(),
            standby: boiler.standby.value(),
            units: self.units,
        };
        let tab = hours::operate(fire, duty, out);
        out.facts.runtime_hours = tab.own[0];
        out.facts.full_load_hours = out.delivered_kwh * self.per_most;
    }
}

/// The boilers of one house; powers in kW, of one unit for fan and controls.
#[derive(Clone, Copy)]
struct Fire<'a> {
    most: f64,
    per_most: f64,
    per_least: f64,
    full_pause: f64,
    fuel_per_heat: &'a LoadTable,
    vapour: Option<&'a [f64]>,
    pilot: f64,
    fan: f64,
    standby: f64,
    units: f64,
}

impl ByHour for Fire<'_> {
    const BURNS: bool = true;

    #[inline(always)]
    fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>> {
        let all = |value: f64| simd.splat_f64s(value);
        let heat = simd.min_f64s(asked.wanted, all(self.most));
        let needed = self.fuel_for(simd, heat);
        let (given, fuel) = match self.vapour {
            None => (heat, simd.add_f64s(needed, all(self.pilot))),
            Some(vapour) => {
                let most = asked.of(simd, vapour);
                self.within(simd, (heat, needed), most)
            }
        };
        let per_least = self.per_most * self.per_least;
        let share = simd.min_f64s(simd.mul_f64s(given, all(per_least)), all(1.0));
        let burns = simd.greater_than_f64s(given, all(0.0));
        let running = simd.select_f64s(burns, share, all(0.0));
        let blows = simd.mul_f64s(all(self.fan), running);
        let power = simd.mul_f64s(simd.add_f64s(blows, all(self.standby)), all(self.units));
        Gave {
            fuel,
            own: [running, all(0.0)],
            ..Gave::new(all(0.0), given, power)
        }
    }
}

impl Fire<'_> {
    /// Fuel for the heat of each hour, kWh.
    #[inline(always)]
    fn fuel_for<S: Simd>(self, simd: S, heat: F64s<S>) -> F64s<S> {
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let load = simd.mul_f64s(heat, simd.splat_f64s(self.per_most));
        let runs = simd.mul_f64s(load, simd.splat_f64s(self.per_least));
        let pause = simd.max_f64s(simd.sub_f64s(one, runs), zero);
        let burnt = simd.mul_f64s(heat, self.fuel_per_heat.at_each(simd, load));
        let lost = simd.mul_f64s(pause, simd.splat_f64s(self.full_pause));
        let burns = simd.greater_than_f64s(heat, zero);
        simd.select_f64s(burns, simd.add_f64s(burnt, lost), zero)
    }

    /// Heat and fuel where there is no more than `most` fuel.
    #[inline(always)]
    fn within<S: Simd>(
        self,
        simd: S,
        (heat, needed): (F64s<S>, F64s<S>),
        most: F64s<S>,
    ) -> (F64s<S>, F64s<S>) {
        let pilot = simd.splat_f64s(self.pilot);
        let available = simd.max_f64s(simd.sub_f64s(most, pilot), simd.splat_f64s(0.0));
        let least = simd.splat_f64s(1e-300);
        let share = simd.div_f64s(available, simd.max_f64s(needed, least));
        let short = simd.greater_than_f64s(needed, available);
        let given = simd.select_f64s(short, simd.mul_f64s(heat, share), heat);
        let burnt = simd.select_f64s(short, available, needed);
        (given, simd.add_f64s(burnt, simd.min_f64s(pilot, most)))
    }
}
