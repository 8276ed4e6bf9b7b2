//! Storage heaters side by side.

use crate::technology::abreast::{ABREAST, Heats, Powers, Store, each, give_out, one_if, part_of};
use crate::technology::duty::Duty;
use crate::technology::tab::{Booked, Done, Each};
use crate::words::wide::{Simd, Vectors, vectors};

/// What one store in each lane is.
#[derive(Default)]
struct Stores {
    keep: Each,
    charge: Each,
    capacity: Each,
    discharge: Each,
    top_up: Each,
    fan: Each,
    standby: Each,
}

pub(super) fn operate(some: &mut [Store<'_, '_>]) {
    let Some(duty) = some.first().map(|(_, job)| job.duty) else {
        return;
    };
    let (stores, mut done) = (Stores::of(some), Done::default());
    vectors(Winter {
        stores: &stores,
        duty: &duty,
        heats: Heats::of(some),
        powers: Powers::of(some),
        done: &mut done,
    });
    give_out(some, &done);
    for (lane, (it, job)) in some.iter_mut().enumerate() {
        it.describe(&job.plant, done.held[lane], job.out);
    }
}

impl Stores {
    fn of(some: &[Store<'_, '_>]) -> Self {
        let units = |value: fn(&crate::technology::ElectricStorage) -> f64| {
            each(some, |(it, job)| value(it) * job.plant.units())
        };
        Self {
            keep: each(some, |(it, _)| it.keep_in_an_hour()),
            charge: units(|it| it.charge.value()),
            capacity: units(|it| it.capacity.value()),
            discharge: units(|it| it.discharge.value()),
            top_up: units(|it| it.top_up.value()),
            fan: units(|it| it.fan.value()),
            standby: units(|it| it.standby.value()),
        }
    }
}

struct Winter<'a> {
    stores: &'a Stores,
    duty: &'a Duty<'a>,
    heats: Heats<'a>,
    powers: Powers<'a>,
    done: &'a mut Done,
}

impl Vectors for Winter<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        for part in 0..ABREAST / S::F64_LANES {
            self.hours(simd, part);
        }
    }
}

impl Winter<'_> {
    /// Runs the winter of the houses of one vector.
    #[inline(always)]
    fn hours<S: Simd>(&mut self, simd: S, part: usize) {
        let of = |each: &Each| part_of::<S>(part, each);
        let (stores, duty) = (self.stores, self.duty);
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let (keep, charge, capacity) = (of(&stores.keep), of(&stores.charge), of(&stores.capacity));
        let (discharge, top_up) = (of(&stores.discharge), of(&stores.top_up));
        let (fan, standby) = (of(&stores.fan), of(&stores.standby));
        let leak = simd.sub_f64s(one, keep);
        let mut plan = Plan {
            discharge,
            per_keep: simd.div_f64s(one, simd.max_f64s(keep, simd.splat_f64s(1e-6))),
            run_end: 0,
            needed: zero,
        };
        let mut booked = Booked::new(zero);
        let mut store = zero;
        for (i, &cheap) in duty.cheap.iter().enumerate().take(duty.hours()) {
            let wanted = self.heats.at::<S>(part, i);
            let lost = simd.mul_f64s(store, leak);
            store = simd.sub_f64s(store, lost);
            let mut given = simd.min_f64s(wanted, discharge);
            let power;
            if cheap {
                given = simd.min_f64s(given, simd.add_f64s(charge, store));
                let needed = plan.needed_after(simd, duty, &self.heats, part, i);
                let target = simd.min_f64s(needed, capacity);
                let room = simd.max_f64s(simd.sub_f64s(target, store), zero);
                power = simd.min_f64s(simd.add_f64s(given, room), charge);
                store = simd.add_f64s(store, simd.sub_f64s(power, given));
            } else {
                let from_store = simd.min_f64s(given, store);
                store = simd.sub_f64s(store, from_store);
                power = simd.min_f64s(simd.sub_f64s(given, from_store), top_up);
                given = simd.add_f64s(from_store, power);
                booked.backup = simd.add_f64s(booked.backup, power);
            }
            store = simd.min_f64s(simd.max_f64s(store, zero), capacity);
            let blows = simd.select_f64s(simd.greater_than_f64s(given, zero), fan, zero);
            let charges = simd.greater_than_f64s(power, zero);
            booked.runtime = simd.add_f64s(booked.runtime, one_if(simd, charges));
            booked.element = simd.add_f64s(booked.element, power);
            let power = simd.add_f64s(simd.add_f64s(power, blows), standby);
            self.powers.put::<S>(part, i, power);
            booked.power_of_hour(simd, power, cheap);
            booked.heat(simd, wanted, given);
            booked.lost = simd.add_f64s(booked.lost, lost);
        }
        booked.held = store;
        self.done.take_over::<S>(part, &booked);
    }
}

/// What the stores must hold when a valley run ends: the forecast of each lane.
pub(super) struct Plan<V> {
    pub discharge: V,
    /// One over the share that is left after an hour.
    pub per_keep: V,
    pub run_end: usize,
    pub needed: V,
}

impl<V: Copy> Plan<V> {
    /// As [`crate::technology::valley::Forecast`] has it for one house.
    #[inline(always)]
    pub(super) fn needed_after<S: Simd<f64s = V>>(
        &mut self,
        simd: S,
        duty: &Duty<'_>,
        heats: &Heats<'_>,
        part: usize,
        i: usize,
    ) -> V {
        if i < self.run_end {
            return self.needed;
        }
        let cheap = duty.cheap.get(..duty.hours()).unwrap_or(&[]);
        let run = |from: usize, class: bool| {
            let rest = cheap.get(from..).unwrap_or(&[]);
            from + rest.iter().take_while(|&&cheap| cheap == class).count()
        };
        self.run_end = run(i, true);
        let next = run(self.run_end, false);
        self.needed = simd.splat_f64s(0.0);
        for hour in (self.run_end..next).rev() {
            let heat = simd.min_f64s(heats.at::<S>(part, hour), self.discharge);
            self.needed = simd.mul_f64s(simd.add_f64s(self.needed, heat), self.per_keep);
        }
        self.needed
    }
}
