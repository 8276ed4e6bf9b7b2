//! 直热式电暖: panels, film, electric kang, electric boiler.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::hours::{self, Asked, ByHour, Gave};
use crate::words::quantity::{Celsius, Kilowatt};
use crate::words::wide::{F64s, Simd};

/// A resistance heater: electricity is heat, up to its power.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectElectric {
    /// Electric power of one unit.
    pub rated: Kilowatt,
    /// Share of the heat that reaches the rooms: 1 for a panel in the room, less for a boiler whose
    /// pipes lose some outside the heated rooms.
    pub distribution: f64,
    /// Heat that the thermostat lets through beyond what is wanted, as a share: 0 for an electronic
    /// one.
    pub overshoot: f64,
    /// Circulation pump while it heats.
    pub pump: Kilowatt,
    /// Controls, all season.
    pub standby: Kilowatt,
}

impl DirectElectric {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let units = plant.units();
        let most = self.capacity_at(plant, plant.t_design).value();
        let panels = Panels {
            most,
            draw: (1.0 + self.overshoot) / self.distribution.max(1e-6),
            rated: self.rated.value() * units,
            pump: self.pump.value() * units,
            standby: self.standby.value() * units,
        };
        let tab = hours::operate(panels, duty, out);
        out.facts.lost_kwh = tab.own[0];
        out.count_full_load(most);
    }
    /// Heat into the rooms at full power.
    pub fn capacity_at(&self, plant: &Plant, _: Celsius) -> Kilowatt {
        self.rated * plant.units() * self.distribution
    }
    /// Power of all units with their pumps.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        (self.rated + self.pump + self.standby) * plant.units()
    }
}

/// All units of one house, kW.
#[derive(Clone, Copy)]
struct Panels {
    most: f64,
    /// Electricity for a unit of heat.
    draw: f64,
    rated: f64,
    pump: f64,
    standby: f64,
}

impl ByHour for Panels {
    const BURNS: bool = false;

    #[inline(always)]
    fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>> {
        let all = |value: f64| simd.splat_f64s(value);
        let given = simd.min_f64s(asked.wanted, all(self.most));
        let heating = simd.min_f64s(simd.mul_f64s(given, all(self.draw)), all(self.rated));
        let heats = simd.greater_than_f64s(given, all(0.0));
        let running = simd.select_f64s(heats, all(self.pump), all(0.0));
        let power = simd.add_f64s(simd.add_f64s(heating, running), all(self.standby));
        let lost = simd.sub_f64s(heating, given);
        Gave {
            own: [lost, all(0.0)],
            ..Gave::new(all(0.0), given, power)
        }
    }
}
