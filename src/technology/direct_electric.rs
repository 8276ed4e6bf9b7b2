//! 直热式电暖: panels, film, electric kang, electric boiler.

use crate::technology::curve::lesser;
use crate::technology::duty::{Duty, Operation, Plant, fill};
use crate::words::lanes;
use crate::words::quantity::{Celsius, Kilowatt};

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
    #[inline(always)]
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), false);
        let units = plant.units();
        let most = self.capacity_at(plant, plant.t_design).value();
        let draw = (1.0 + self.overshoot) / self.distribution.max(1e-6);
        let rated = self.rated.value() * units;
        let pump = self.pump.value() * units;
        let standby = self.standby.value() * units;
        out.give(duty, |wanted| lesser(wanted, most));
        let heating = |given: f64| lesser(given * draw, rated);
        fill(&mut out.electricity_kwh, &out.given_kwh, |given| {
            let running = if given > 0.0 { pump } else { 0.0 };
            heating(given) + running + standby
        });
        out.facts.lost_kwh = lanes::sum_by(&out.given_kwh, |given| heating(given) - given);
        out.finish(duty);
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
