//! What every solid-fuel stove does: efficiency over the load, a fire that is banked, a fan.

use crate::technology::curve::{Curve, LoadTable, greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::hours::{self, Asked, ByHour, Gave};
use crate::words::quantity::{Celsius, Kilowatt};
use crate::words::wide::{F64s, Simd};

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
        let units = plant.units();
        let most = self.rated.value() * units;
        if most <= 0.0 {
            hours::operate(Cold, duty, out);
            return;
        }
        // Fuel for a unit of heat is tabled, so that an hour needs no division.
        let fuel_per_heat = LoadTable::new(|load| 1.0 / self.efficiency.at(load).max(1e-6));
        let full_fuel = most * fuel_per_heat.at(1.0);
        let fire = Fire {
            most,
            per_most: 1.0 / most,
            fuel_per_heat: &fuel_per_heat,
            banked: full_fuel * self.banked_share,
            ignition: self.ignition_kwh * units,
            per_full: 1.0 / full_fuel,
            fan: self.fan.value(),
            pump: self.pump.value(),
            standby: self.standby.value(),
            units,
        };
        let tab = hours::operate(fire, duty, out);
        out.count_full_load(most);
        if fire.keeps() {
            out.facts.runtime_hours = duty.hours() as f64;
            out.facts.lost_kwh = self.lost(&fire, full_fuel, duty, tab.own[0]);
        }
    }

    /// Heat that nobody wanted of a fire that is not let out, from the fuel that it burnt beyond
    /// what was needed; the hour in which it is lit burns more.
    fn lost(&self, fire: &Fire<'_>, full_fuel: f64, duty: &Duty<'_>, beyond: f64) -> f64 {
        let useful = |fuel: f64| self.efficiency.at((fuel / full_fuel).min(1.0));
        let banked = useful(fire.banked);
        let first = duty.heat_kw.first().map_or(0.0, |&wanted| {
            let needed = fire.needed_for(wanted);
            let lit = greater(needed, fire.banked) + fire.ignition;
            greater(fire.banked - needed, 0.0) * (useful(lit) - banked)
        });
        beyond * banked + first
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

/// The fire of one house; powers in kW, of one unit for fan, pump and controls.
#[derive(Clone, Copy)]
struct Fire<'a> {
    most: f64,
    per_most: f64,
    fuel_per_heat: &'a LoadTable,
    /// Least fuel of an hour, kWh.
    banked: f64,
    ignition: f64,
    per_full: f64,
    fan: f64,
    pump: f64,
    standby: f64,
    units: f64,
}

impl Fire<'_> {
    /// Whether it is not let out.
    #[inline(always)]
    const fn keeps(self) -> bool {
        self.banked > 0.0
    }

    /// Fuel that the wanted heat of an hour needs, kWh.
    fn needed_for(self, wanted: f64) -> f64 {
        let given = lesser(greater(wanted, 0.0), self.most);
        given * self.fuel_per_heat.at(given * self.per_most)
    }

    /// A fire that goes out is lit anew in each hour of heat after one without.
    #[inline(always)]
    fn lit<S: Simd>(self, simd: S, asked: &Asked<'_, S>, given: F64s<S>) -> F64s<S> {
        let (zero, ignition) = (simd.splat_f64s(0.0), simd.splat_f64s(self.ignition));
        let before = asked.wanted_before(simd);
        let burns = simd.greater_than_f64s(given, zero);
        let after_fire = simd.greater_than_f64s(before, zero);
        let lit = simd.select_f64s(after_fire, zero, ignition);
        simd.select_f64s(burns, lit, zero)
    }
}

impl ByHour for Fire<'_> {
    const BURNS: bool = true;

    #[inline(always)]
    fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>> {
        let all = |value: f64| simd.splat_f64s(value);
        let given = simd.min_f64s(asked.wanted, all(self.most));
        let load = simd.mul_f64s(given, all(self.per_most));
        let needed = simd.mul_f64s(given, self.fuel_per_heat.at_each(simd, load));
        let (fuel, beyond) = if self.keeps() {
            let banked = all(self.banked);
            let burnt = simd.max_f64s(needed, banked);
            let beyond = simd.max_f64s(simd.sub_f64s(banked, needed), all(0.0));
            let lit = asked.at_first(simd, self.ignition);
            (simd.add_f64s(burnt, lit), beyond)
        } else {
            let lit = self.lit(simd, asked, given);
            (simd.add_f64s(needed, lit), all(0.0))
        };
        let share = simd.min_f64s(simd.mul_f64s(fuel, all(self.per_full)), all(1.0));
        let fire = simd.add_f64s(simd.mul_f64s(all(self.fan), share), all(self.pump));
        let burns = simd.greater_than_f64s(fuel, all(0.0));
        let fire = simd.select_f64s(burns, fire, all(0.0));
        let power = simd.mul_f64s(all(self.units), simd.add_f64s(all(self.standby), fire));
        Gave {
            fuel,
            own: [beyond, all(0.0)],
            ..Gave::new(all(0.0), given, power)
        }
    }
}

/// A stove without power: nothing burns.
#[derive(Clone, Copy)]
struct Cold;

impl ByHour for Cold {
    const BURNS: bool = true;

    #[inline(always)]
    fn hours<S: Simd>(self, simd: S, _: &Asked<'_, S>) -> Gave<F64s<S>> {
        let zero = simd.splat_f64s(0.0);
        Gave::new(zero, zero, zero)
    }
}
