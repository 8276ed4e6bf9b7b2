//! Storage heaters side by side.

use crate::technology::abreast::{
    ABREAST, Booked, Done, Each, Lanes, Store, each, give_out, one_if, part_of, take_in,
};
use crate::technology::duty::Duty;
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

pub(super) fn operate(some: &mut [Store<'_, '_>], lanes: &mut Lanes) {
    let Some(duty) = take_in(some, lanes) else {
        return;
    };
    let mut done = Done::default();
    vectors(Winter {
        stores: &Stores::of(some),
        duty: &duty,
        lanes,
        done: &mut done,
    });
    give_out(some, lanes, &done);
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
    lanes: &'a mut Lanes,
    done: &'a mut Done,
}

impl Vectors for Winter<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        for part in 0..ABREAST / S::F64_LANES {
            hours(simd, part, self.stores, self.duty, self.lanes, self.done);
        }
    }
}

/// Runs the winter of the houses of one vector.
#[inline(always)]
fn hours<S: Simd>(
    simd: S,
    part: usize,
    stores: &Stores,
    duty: &Duty<'_>,
    lanes: &mut Lanes,
    done: &mut Done,
) {
    let of = |each: &Each| part_of::<S>(part, each);
    let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
    let (keep, charge, capacity) = (of(&stores.keep), of(&stores.charge), of(&stores.capacity));
    let (discharge, top_up) = (of(&stores.discharge), of(&stores.top_up));
    let (fan, standby) = (of(&stores.fan), of(&stores.standby));
    let parts = ABREAST / S::F64_LANES;
    let wanted_of = S::as_simd_f64s(&lanes.wanted).0;
    let power_of = S::as_mut_simd_f64s(&mut lanes.power).0;
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
        let wanted = wanted_of[i * parts + part];
        let lost = simd.mul_f64s(store, leak);
        store = simd.sub_f64s(store, lost);
        let mut given = simd.min_f64s(wanted, discharge);
        let power;
        if cheap {
            given = simd.min_f64s(given, simd.add_f64s(charge, store));
            let needed = plan.needed_after(simd, duty, wanted_of, part, i);
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
        power_of[i * parts + part] = power;
        booked.power(simd, power, cheap);
        booked.heat(simd, wanted, given);
        booked.lost = simd.add_f64s(booked.lost, lost);
    }
    done.take_over::<S>(part, &booked, store);
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
        wanted: &[V],
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
        let parts = ABREAST / S::F64_LANES;
        self.needed = simd.splat_f64s(0.0);
        for hour in (self.run_end..next).rev() {
            let heat = simd.min_f64s(wanted[hour * parts + part], self.discharge);
            self.needed = simd.mul_f64s(simd.add_f64s(self.needed, heat), self.per_keep);
        }
        self.needed
    }
}
