//! What every solid-fuel stove does: efficiency over the load, a fire that is banked, a fan.

use crate::technology::curve::{Curve, LoadTable};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::words::quantity::{Celsius, Kilowatt};

/// A stove or a small boiler that burns solid fuel.
///
/// Efficiency (lower heating value) follows the load through given points. A fire that is not let
/// out burns at least `banked_share` of the full fuel rate; heat that nobody wants then is lost to
/// the room and the chimney.
#[derive(Debug, Clone, PartialEq)]
pub struct Stove {
    /// Heat at full load.
    pub rated: Kilowatt,
    /// Efficiency (0 to 1) over the share of the rated heat (0 to 1).
    pub efficiency: Curve,
    /// Least fuel rate of a fire kept in overnight, as a share of the full rate; 0 for a fire that
    /// is lit anew (automatic ignition).
    pub banked_share: f64,
    /// Feeder and fan while burning, as electric power at full load.
    pub fan: Kilowatt,
    /// Circulation pump of a water system, while it burns; 0 without one.
    pub pump: Kilowatt,
    /// Controls, all season.
    pub standby: Kilowatt,
    /// Fuel (kW h of lower heating value) that one ignition takes beyond what it heats.
    pub ignition_kwh: f64,
}

impl Stove {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), true);
        let most = self.rated.value() * plant.units();
        if most <= 0.0 {
            return self.idle(duty, out);
        }
        // Fuel for a unit of heat is tabled, so that an hour needs no division.
        let fuel_per_heat = LoadTable::new(|load| 1.0 / self.efficiency.at(load).max(1e-6));
        let full_fuel = most * fuel_per_heat.at(1.0);
        let (per_most, per_full) = (1.0 / most, 1.0 / full_fuel);
        let banked = full_fuel * self.banked_share;
        let mut burning = false;
        for (wanted, _, _, _) in duty.iter() {
            let given = wanted.min(most);
            let load = given * per_most;
            let needed = given * fuel_per_heat.at(load);
            let lit = given > 0.0 || self.banked_share > 0.0;
            let ignition = if lit && !burning {
                self.ignition_kwh * plant.units()
            } else {
                0.0
            };
            let fuel = needed.max(if lit { banked } else { 0.0 }) + ignition;
            burning = lit;
            let share = (fuel * per_full).min(1.0);
            let power = plant.units()
                * (self.standby.value()
                    + if lit {
                        self.fan.value() * share + self.pump.value()
                    } else {
                        0.0
                    });
            out.fuel_kwh.push(fuel);
            out.electricity_kwh.push(power);
            out.heat(wanted, given);
            out.facts.runtime_hours += f64::from(u8::from(lit));
            out.facts.full_load_hours += load;
            if needed < banked && lit {
                out.facts.lost_kwh += (banked - needed) * self.efficiency.at(share);
            }
        }
        out.finish(duty);
    }

    fn idle(&self, duty: &Duty<'_>, out: &mut Operation) {
        for (wanted, ..) in duty.iter() {
            out.fuel_kwh.push(0.0);
            out.electricity_kwh.push(0.0);
            out.heat(wanted, 0.0);
        }
        out.finish(duty);
    }

    /// Rated heat of all units; solid fuel does not mind the cold.
    pub fn capacity_at(&self, plant: &Plant, _: Celsius) -> Kilowatt {
        self.rated * plant.units()
    }
    /// Fan, pump and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        (self.fan + self.pump + self.standby) * plant.units()
    }
}
