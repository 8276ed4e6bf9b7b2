//! Tanks with collectors side by side.

use crate::technology::SolarElectric;
use crate::technology::abreast::storage::Plan;
use crate::technology::abreast::{
    ABREAST, Heats, Powers, Tank, any, each, give_out, one_if, part_of,
};
use crate::technology::curve::OutdoorTable;
use crate::technology::duty::{Duty, Plant};
use crate::technology::solar_electric::Remainder;
use crate::technology::tab::{Booked, Done, Each};
use crate::words::wide::{F64s, M64s, Simd, Vectors, vectors};

/// What the tank, collectors and heater in each lane are.
#[derive(Default)]
struct Tanks {
    room: Each,
    indoors: Each,
    eta0: Each,
    a1: Each,
    a2: Each,
    rise: Each,
    gain_factor: Each,
    t_max: Each,
    capacity: Each,
    leak: Each,
    element: Each,
    valley: Each,
    keep: Each,
    solar_pump: Each,
    pump: Each,
    standby: Each,
}

pub(super) fn operate(some: &mut [Tank<'_, '_>]) {
    let Some(duty) = some.first().map(|(_, job)| job.duty) else {
        return;
    };
    let (tanks, water, mut done) = (Tanks::of(some), Water::of(some, &duty), Done::default());
    vectors(Winter {
        tanks: &tanks,
        water: &water,
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

impl Tanks {
    fn of(some: &[Tank<'_, '_>]) -> Self {
        let own = |value: fn(&SolarElectric) -> f64| each(some, |(it, _)| value(it));
        let units = |value: fn(&SolarElectric) -> f64| {
            each(some, |(it, job)| value(it) * job.plant.units())
        };
        let capacity = each(some, |(it, job)| it.solar.kwh_per_k(job.plant.units()));
        Self {
            room: each(some, |(_, job)| job.plant.t_room.value()),
            indoors: own(|it| f64::from(u8::from(it.solar.tank_indoors))),
            eta0: own(|it| it.solar.curve.eta0),
            a1: own(|it| it.solar.curve.a1),
            a2: own(|it| it.solar.curve.a2),
            rise: own(|it| it.solar.rise.value()),
            gain_factor: each(some, |(it, job)| it.solar.gain_factor(job.plant.units())),
            t_max: own(|it| it.solar.t_max.value()),
            capacity: capacity.map(|kwh| if kwh > 0.0 { kwh } else { 1.0 }),
            leak: each(some, |(it, job)| it.solar.leak(job.plant.units())),
            element: units(|it| match it.remainder {
                Remainder::AnyHour(element) | Remainder::Valley(element) => element.value(),
                Remainder::HeatPump(_) => 0.0,
            }),
            valley: own(|it| f64::from(u8::from(matches!(it.remainder, Remainder::Valley(_))))),
            keep: each(some, |(it, job)| it.keep_in_an_hour(job.plant.units())),
            solar_pump: units(|it| it.solar.pump.value()),
            pump: units(|it| it.pump.value()),
            standby: units(|it| it.standby.value()),
        }
    }
}

/// Supply and return over the outdoor temperature, house by house.
struct Water {
    tables: Vec<OutdoorTable<2>>,
    /// Table of each lane.
    of_lane: [usize; ABREAST],
}

impl Water {
    fn of(some: &[Tank<'_, '_>], duty: &Duty<'_>) -> Self {
        let range = duty.t_range();
        let key = |plant: &Plant| (plant.emitter, plant.t_room, plant.t_design);
        let mut kept: Vec<&Plant> = Vec::new();
        let mut tables = Vec::new();
        let mut of_lane = [0; ABREAST];
        for (slot, (_, job)) in of_lane.iter_mut().zip(some) {
            let plant = &job.plant;
            *slot = match kept.iter().position(|own| key(own) == key(plant)) {
                Some(at) => at,
                None => {
                    kept.push(plant);
                    tables.push(SolarElectric::water(plant, range));
                    tables.len() - 1
                }
            };
        }
        Self { tables, of_lane }
    }

    /// Supply and return of each house.
    #[inline(always)]
    fn at(&self, t_out: f64) -> (Each, Each) {
        if let [table] = &self.tables[..] {
            let [supply, back] = table.at(t_out);
            return ([supply; ABREAST], [back; ABREAST]);
        }
        let of = |lane: usize| self.tables.get(self.of_lane[lane]);
        let ends: [[f64; 2]; ABREAST] =
            std::array::from_fn(|lane| of(lane).map_or([0.0; 2], |table| table.at(t_out)));
        (ends.map(|it| it[0]), ends.map(|it| it[1]))
    }
}

struct Winter<'a> {
    tanks: &'a Tanks,
    water: &'a Water,
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

/// Tanks in two layers, one in each lane.
#[derive(Clone, Copy)]
struct Layers<S: Simd> {
    hot: F64s<S>,
    cold: F64s<S>,
    share: F64s<S>,
}

impl<S: Simd> Layers<S> {
    #[inline(always)]
    fn mean(&self, simd: S) -> F64s<S> {
        let layer = simd.mul_f64s(simd.sub_f64s(self.hot, self.cold), self.share);
        simd.add_f64s(self.cold, layer)
    }

    /// Stirs the tanks that `which` picks and warms them by some kelvin.
    #[inline(always)]
    fn heat(&mut self, simd: S, which: M64s<S>, kelvin: F64s<S>) {
        let mixed = simd.add_f64s(self.mean(simd), kelvin);
        self.mix(simd, which, mixed);
    }

    #[inline(always)]
    fn mix(&mut self, simd: S, which: M64s<S>, t: F64s<S>) {
        self.hot = simd.select_f64s(which, t, self.hot);
        self.cold = simd.select_f64s(which, t, self.cold);
        self.share = simd.select_f64s(which, simd.splat_f64s(1.0), self.share);
    }

    #[inline(always)]
    fn cool(&mut self, simd: S, leak: F64s<S>, beside: F64s<S>) {
        let cooler = |t: F64s<S>| simd.sub_f64s(t, simd.mul_f64s(leak, simd.sub_f64s(t, beside)));
        (self.hot, self.cold) = (cooler(self.hot), cooler(self.cold));
    }

    /// Draws heat for an hour; see `TankState::draw`.
    #[inline(always)]
    fn draw(
        &mut self,
        simd: S,
        per_capacity: F64s<S>,
        wanted: F64s<S>,
        (supply, back): (F64s<S>, F64s<S>),
    ) -> F64s<S> {
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let (mut drawn, mut rest) = (zero, one);
        let span = simd.sub_f64s(supply, back);
        let wants = simd.greater_than_f64s(wanted, zero);
        for _ in 0..3 {
            let above = simd.sub_f64s(self.hot, back);
            let warm = simd.greater_than_f64s(above, zero);
            let left = simd.greater_than_f64s(rest, zero);
            let goes_on = simd.and_m64s(simd.and_m64s(warm, left), wants);
            if !any(simd, goes_on) {
                break;
            }
            let above = simd.select_f64s(goes_on, above, one);
            let short = simd.less_than_f64s(above, span);
            let mut reach = one;
            if any(simd, short) {
                let least = simd.max_f64s(span, simd.splat_f64s(0.1));
                reach = simd.select_f64s(short, simd.div_f64s(above, least), one);
            }
            let heat = simd.mul_f64s(simd.mul_f64s(wanted, reach), rest);
            let water = simd.div_f64s(simd.mul_f64s(per_capacity, heat), above);
            let empties = simd.greater_than_f64s(water, self.share);
            let mut taken = one;
            if any(simd, empties) {
                taken = simd.select_f64s(empties, simd.div_f64s(self.share, water), one);
            }
            let heat = simd.select_f64s(goes_on, simd.mul_f64s(heat, taken), zero);
            drawn = simd.add_f64s(drawn, heat);
            self.exchange(simd, goes_on, simd.mul_f64s(water, taken), back);
            let less = simd.mul_f64s(rest, simd.sub_f64s(one, taken));
            rest = simd.select_f64s(goes_on, less, rest);
        }
        drawn
    }

    /// Takes a share of the water from the top of the tanks that `which` picks; see
    /// `TankState::exchange`.
    #[inline(always)]
    fn exchange(&mut self, simd: S, which: M64s<S>, water: F64s<S>, back: F64s<S>) {
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let below = simd.add_f64s(simd.sub_f64s(one, self.share), water);
        let has_cold = simd.and_m64s(which, simd.greater_than_f64s(below, zero));
        let part = simd.min_f64s(
            simd.div_f64s(water, simd.select_f64s(has_cold, below, one)),
            one,
        );
        let cooler = simd.mul_f64s(simd.sub_f64s(back, self.cold), part);
        let cold = simd.add_f64s(self.cold, cooler);
        self.cold = simd.select_f64s(has_cold, cold, self.cold);
        self.share = simd.select_f64s(which, simd.sub_f64s(self.share, water), self.share);
        let empty = simd.less_than_or_equal_f64s(self.share, simd.splat_f64s(1e-9));
        self.mix(simd, simd.and_m64s(which, empty), self.cold);
    }
}

impl Winter<'_> {
    /// Runs the winter of the houses of one vector.
    #[inline(always)]
    fn hours<S: Simd>(&mut self, simd: S, part: usize) {
        let of = |each: &Each| part_of::<S>(part, each);
        let tanks = self.tanks;
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let (capacity, leak) = (of(&tanks.capacity), of(&tanks.leak));
        let per_capacity = simd.div_f64s(one, capacity);
        let leak_kwh = simd.mul_f64s(leak, capacity);
        let (room, t_max) = (of(&tanks.room), of(&tanks.t_max));
        let (element, standby) = (of(&tanks.element), of(&tanks.standby));
        let (solar_pump, pump) = (of(&tanks.solar_pump), of(&tanks.pump));
        let indoors = simd.greater_than_f64s(of(&tanks.indoors), zero);
        let valley = simd.greater_than_f64s(of(&tanks.valley), zero);
        let charges = any(simd, valley);
        let mut plan = Plan {
            discharge: simd.splat_f64s(f64::INFINITY),
            per_keep: simd.div_f64s(one, simd.max_f64s(of(&tanks.keep), simd.splat_f64s(1e-6))),
            run_end: 0,
            needed: zero,
        };
        let mut booked = Booked::new(zero);
        let mut tank = Layers::<S> {
            hot: room,
            cold: room,
            share: one,
        };
        let (mut gains_today, mut gains_yesterday) = (zero, zero);
        let hours = self.duty.t_out_c.iter().zip(self.duty.cheap);
        for (i, (&t_out, &cheap)) in hours.enumerate().take(self.duty.hours()) {
            let wanted = self.heats.at::<S>(part, i);
            let (supply, back) = self.water.at(t_out);
            let ends = (of(&supply), of(&back));
            let outdoors = simd.splat_f64s(t_out);
            let beside = simd.select_f64s(indoors, room, outdoors);
            let sun = self.duty.sun(i);
            let mut gain = zero;
            if sun > 0.0 {
                gain = gains(
                    simd,
                    part,
                    tanks,
                    tank.mean(simd),
                    (sun, t_out),
                    (t_max, capacity),
                );
                let gained = simd.greater_than_f64s(gain, zero);
                tank.heat(simd, gained, simd.mul_f64s(gain, per_capacity));
            }
            let lost = simd.mul_f64s(leak_kwh, simd.sub_f64s(tank.mean(simd), beside));
            tank.cool(simd, leak, beside);
            let drawn = tank.draw(simd, per_capacity, wanted, ends);
            if i.is_multiple_of(24) {
                (gains_yesterday, gains_today) = (gains_today, zero);
            }
            gains_today = simd.add_f64s(gains_today, gain);
            let heat = simd.min_f64s(simd.sub_f64s(wanted, drawn), element);
            let mut power = heat;
            if cheap && charges {
                let needed = plan.needed_after(simd, self.duty, &self.heats, part, i);
                let ahead = simd.sub_f64s(needed, gains_yesterday);
                let some = simd.max_f64s(ahead, zero);
                let target = simd.add_f64s(ends.0, simd.div_f64s(some, capacity));
                let target = simd.min_f64s(target, t_max);
                let room = simd.max_f64s(simd.sub_f64s(target, tank.mean(simd)), zero);
                let spare = simd.max_f64s(simd.sub_f64s(element, heat), zero);
                let most = simd.min_f64s(simd.mul_f64s(room, capacity), spare);
                let wants = simd.and_m64s(valley, simd.greater_than_f64s(ahead, zero));
                let stored = simd.select_f64s(wants, most, zero);
                let stores = simd.greater_than_f64s(stored, zero);
                tank.heat(simd, stores, simd.div_f64s(stored, capacity));
                booked.backup = simd.add_f64s(booked.backup, stored);
                power = simd.add_f64s(heat, stored);
            }
            booked.backup = simd.add_f64s(booked.backup, heat);
            let collecting = one_if(simd, simd.greater_than_f64s(gain, zero));
            let heating = one_if(simd, simd.greater_than_f64s(wanted, zero));
            let pumps = simd.add_f64s(
                simd.mul_f64s(solar_pump, collecting),
                simd.mul_f64s(pump, heating),
            );
            let power = simd.add_f64s(simd.add_f64s(power, pumps), standby);
            self.powers.put::<S>(part, i, power);
            booked.power_of_hour(simd, power, cheap);
            booked.heat(simd, wanted, simd.add_f64s(drawn, heat));
            booked.lost = simd.add_f64s(booked.lost, lost);
            booked.runtime = simd.add_f64s(booked.runtime, collecting);
        }
        booked.held = tank.mean(simd);
        self.done.take_over::<S>(part, &booked);
    }
}

/// Heat of the collectors in an hour with sun; see `SolarTank::gain`.
#[inline(always)]
fn gains<S: Simd>(
    simd: S,
    part: usize,
    tanks: &Tanks,
    mean: F64s<S>,
    (sun, t_out): (f64, f64),
    (t_max, capacity): (F64s<S>, F64s<S>),
) -> F64s<S> {
    let of = |each: &Each| part_of::<S>(part, each);
    let zero = simd.splat_f64s(0.0);
    let dt = simd.sub_f64s(simd.add_f64s(mean, of(&tanks.rise)), simd.splat_f64s(t_out));
    let square = simd.mul_f64s(simd.mul_f64s(of(&tanks.a2), dt), simd.abs_f64s(dt));
    let loss = simd.add_f64s(simd.mul_f64s(of(&tanks.a1), dt), square);
    let sun = simd.mul_f64s(of(&tanks.eta0), simd.splat_f64s(sun));
    let heat = simd.max_f64s(simd.sub_f64s(sun, loss), zero);
    let heat = simd.mul_f64s(heat, of(&tanks.gain_factor));
    let room = simd.max_f64s(simd.sub_f64s(t_max, mean), zero);
    simd.min_f64s(heat, simd.mul_f64s(room, capacity))
}
