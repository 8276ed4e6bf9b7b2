//! What every solid-fuel stove does: efficiency over the load, a fire that is banked, a fan.

use crate::technology::curve::{Curve, LoadTable, greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::lanes;
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
        let (ignition, efficiency) = (self.ignition_kwh * plant.units(), &self.efficiency);
        let keeps = self.banked_share > 0.0;
        let loss_banked = efficiency.at((banked * per_full).min(1.0));
        out.give(duty, |wanted| lesser(wanted, most));
        let units = plant.units();
        let (standby, fan, pump) = (self.standby.value(), self.fan.value(), self.pump.value());
        let mut burning = false;
        for &given in &out.given_kwh {
            let needed = given * fuel_per_heat.at(given * per_most);
            let lit = given > 0.0 || keeps;
            let start = if lit && !burning { ignition } else { 0.0 };
            let fuel = greater(needed, if lit { banked } else { 0.0 }) + start;
            let share = lesser(fuel * per_full, 1.0);
            let fire = if lit { fan * share + pump } else { 0.0 };
            out.fuel_kwh.push(fuel);
            out.electricity_kwh.push(units * (standby + fire));
            if needed < banked && lit {
                let lost = if lit && !burning {
                    efficiency.at(share)
                } else {
                    loss_banked
                };
                out.facts.lost_kwh += (banked - needed) * lost;
            }
            burning = lit;
        }
        out.facts.runtime_hours = if keeps {
            duty.hours() as f64
        } else {
            lanes::count_positive(&out.given_kwh)
        };
        out.facts.full_load_hours = out.delivered_kwh * per_most;
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
