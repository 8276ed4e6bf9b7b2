//! 电蓄热: storage heater or storage boiler. It fills in the valley and runs out by day.

use crate::technology::duty::{Duty, Operation, Plant, ratio};
use crate::technology::tab::Tab;
use crate::technology::valley::Forecast;
use crate::words::quantity::{Celsius, Kilowatt, KilowattHour};

/// A store that is charged in the valley hours.
///
/// Balance of an hour: `E(h+1) = E(h) + charge - discharge - k E(h)`, `0 <= E <= capacity`.
/// Charging is controlled a day ahead: at the start of a valley run the store is filled to what the
/// hours from its end to the next valley run will ask, no more.
#[derive(Debug, Clone, PartialEq)]
pub struct ElectricStorage {
    /// Electric charging power of one unit.
    pub charge: Kilowatt,
    /// Heat that one unit holds when full.
    pub capacity: KilowattHour,
    /// Most heat that one unit can give off in an hour.
    pub discharge: Kilowatt,
    /// Share of the stored heat lost in a day.
    pub loss_share_per_day: f64,
    /// Electric power that may heat directly outside the valley when the store is empty; 0 where
    /// the meter cuts it off.
    pub top_up: Kilowatt,
    /// Fan or pump while it gives heat.
    pub fan: Kilowatt,
    /// Controls, all season.
    pub standby: Kilowatt,
}

impl ElectricStorage {
    /// Runs a winter.
    #[inline(always)]
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), false);
        let n = plant.units();
        let (charge, capacity) = (self.charge.value() * n, self.capacity.value() * n);
        let (discharge, top_up) = (self.discharge.value() * n, self.top_up.value() * n);
        let keep = self.keep_in_an_hour();
        let mut plan = Forecast::new(discharge, keep);
        let (mut store, mut tab) = (0.0_f64, Tab::default());
        for (i, (wanted, _, _, cheap)) in duty.iter().enumerate() {
            let lost = store * (1.0 - keep);
            store -= lost;
            let mut power = 0.0;
            let mut given = wanted.min(discharge);
            if cheap {
                // The element heats the room through the store: what it gives now is not stored.
                given = given.min(charge + store);
                let target = plan.needed_after(duty, i).min(capacity);
                power = (given + (target - store).max(0.0)).min(charge);
                store += power - given;
            } else {
                let from_store = given.min(store);
                store -= from_store;
                power += (given - from_store).min(top_up);
                given = from_store + power;
                tab.backup += power;
            }
            store = store.clamp(0.0, capacity);
            let fan = if given > 0.0 {
                self.fan.value() * n
            } else {
                0.0
            };
            tab.element += power;
            tab.runtime += f64::from(u8::from(power > 0.0));
            let power = power + fan + self.standby.value() * n;
            out.electricity_kwh[i] = power;
            tab.power(power, cheap);
            tab.heat(wanted, given);
            tab.lost += lost;
        }
        out.book(&tab);
        self.describe(plant, store, out);
    }

    /// What follows from the sums and from what the store holds in the end, kWh.
    pub(crate) fn describe(&self, plant: &Plant, store: f64, out: &mut Operation) {
        let charge = self.charge.value() * plant.units();
        out.facts.stored_kwh = store;
        out.facts.full_load_hours = ratio(out.facts.element_kwh, charge).unwrap_or(0.0);
    }

    /// Share of the stored heat that is left after an hour.
    pub(crate) fn keep_in_an_hour(&self) -> f64 {
        (1.0 - self.loss_share_per_day).max(0.0).powf(1.0 / 24.0)
    }

    /// What it can give all day long: the heat of one full store and of direct charging in an
    /// eight-hour valley, spread over the day, with what top-up may add.
    pub fn capacity_at(&self, plant: &Plant, _: Celsius) -> Kilowatt {
        let n = plant.units();
        let valley = VALLEY_HOURS * self.charge.value();
        let useful = 1.0 - self.loss_share_per_day / 2.0;
        let per_day =
            valley.min(self.capacity.value() * useful + VALLEY_HOURS * self.discharge.value());
        let rest = self.top_up.value() * (24.0 - VALLEY_HOURS);
        Kilowatt(n * ((per_day + rest) / 24.0).min(self.discharge.value()))
    }
    /// Charging power with fan and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        (self.charge.max(self.top_up) + self.fan + self.standby) * plant.units()
    }
}

/// Length of the valley that sizing counts on, hours: the shortest window of the published plans.
const VALLEY_HOURS: f64 = 8.0;
