//! What every solid-fuel stove does: efficiency over the load, a fire that is banked, a fan.

use crate::technology::curve::{Curve, LoadTable, greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant, fill};
use crate::words::lanes;
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
    #[inline(always)]
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
        out.give(duty, |wanted| lesser(wanted, most));
        fill(&mut out.fuel_kwh, &out.given_kwh, |given| {
            given * fuel_per_heat.at(given * per_most)
        });
        let keeps = self.banked_share > 0.0;
        if keeps {
            self.keep_in(full_fuel, plant, out);
        } else {
            self.light(plant, out);
        }
        self.blow(per_full, plant, out);
        out.finish(duty);
        out.count_full_load(most);
        if keeps {
            out.facts.runtime_hours = duty.hours() as f64;
        }
    }

    /// A fire that is not let out burns its least fuel at any hour; what is not wanted of it is lost.
    #[inline(always)]
    fn keep_in(&self, full_fuel: f64, plant: &Plant, out: &mut Operation) {
        let banked = full_fuel * self.banked_share;
        let ignition = self.ignition_kwh * plant.units();
        let useful = |fuel: f64| self.efficiency.at((fuel / full_fuel).min(1.0));
        let over = |needed: f64| greater(banked - needed, 0.0);
        let first = out.fuel_kwh.first().map_or(0.0, |&needed| over(needed));
        out.facts.lost_kwh = lanes::sum_by(&out.fuel_kwh, over) * useful(banked);
        for fuel in &mut out.fuel_kwh {
            *fuel = greater(*fuel, banked);
        }
        // The hour in which it is lit burns more.
        if let Some(fuel) = out.fuel_kwh.first_mut() {
            *fuel += ignition;
            out.facts.lost_kwh += first * (useful(*fuel) - useful(banked));
        }
    }

    /// A fire that goes out is lit anew in each hour of heat after one without.
    #[inline(always)]
    fn light(&self, plant: &Plant, out: &mut Operation) {
        let ignition = self.ignition_kwh * plant.units();
        let before = std::iter::once(&0.0).chain(&out.given_kwh);
        let fires = out.fuel_kwh.iter_mut().zip(&out.given_kwh).zip(before);
        for ((fuel, &given), &before) in fires {
            *fuel += if given > 0.0 && before <= 0.0 {
                ignition
            } else {
                0.0
            };
        }
    }

    /// Feeder, fan and pump while it burns, controls all season.
    #[inline(always)]
    fn blow(&self, per_full: f64, plant: &Plant, out: &mut Operation) {
        let units = plant.units();
        let (standby, fan, pump) = (self.standby.value(), self.fan.value(), self.pump.value());
        fill(&mut out.electricity_kwh, &out.fuel_kwh, |fuel| {
            let fire = fan * lesser(fuel * per_full, 1.0) + pump;
            units * (standby + if fuel > 0.0 { fire } else { 0.0 })
        });
    }

    fn idle(&self, duty: &Duty<'_>, out: &mut Operation) {
        for hours in [
            &mut out.given_kwh,
            &mut out.fuel_kwh,
            &mut out.electricity_kwh,
        ] {
            hours.fill(0.0);
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
