//! Heaters whose hours do not follow from one another: as many hours are worked out at a time as a
//! vector holds, from the heat that is wanted to the sums of the winter in one pass.

use crate::technology::duty::{Duty, Operation};
use crate::technology::tab::{Booked, Done, OWN, Tab};
use crate::words::lanes::LANES;
use crate::words::wide::{F64s, M64s, Simd, Vectors, vectors};

/// A heater whose hours do not follow from one another.
pub(crate) trait ByHour: Copy {
    /// Whether it burns a fuel or takes heat from a network.
    const BURNS: bool;

    /// Some hours. Must be `#[inline(always)]`, as [`Vectors::run`].
    fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>>;
}

/// What is asked of a heater in some hours.
pub(crate) struct Asked<'d, S: Simd> {
    /// Heat that is wanted, kWh.
    pub wanted: F64s<S>,
    /// The duty that it is part of.
    pub duty: &'d Duty<'d>,
    at: At,
}

/// What a heater does in some hours, kWh.
pub(crate) struct Gave<V> {
    /// Heat into the rooms.
    pub given: V,
    /// Electricity.
    pub power: V,
    /// Fuel or network heat.
    pub fuel: V,
    /// The part of the heat that comes from resistance beside the main machine.
    pub backup: V,
    /// What [`Tab::own`] is the sum of.
    pub own: [V; OWN],
}

impl<V: Copy> Gave<V> {
    /// Heat and electricity, and nothing else.
    #[inline(always)]
    pub(crate) const fn new(zero: V, given: V, power: V) -> Self {
        Self {
            given,
            power,
            fuel: zero,
            backup: zero,
            own: [zero; OWN],
        }
    }
}

impl<S: Simd> Asked<'_, S> {
    /// What a series of the winter has in these hours.
    #[inline(always)]
    pub(crate) fn of(&self, simd: S, series: &[f64]) -> F64s<S> {
        self.at.of(simd, series)
    }

    /// Heat that is wanted in the hour before each; none before the first.
    #[inline(always)]
    pub(crate) fn wanted_before(&self, simd: S) -> F64s<S> {
        let (heat, first) = (self.duty.heat_kw, self.at.vector * S::F64_LANES);
        let before = first.checked_sub(1).and_then(|before| heat.get(before..));
        let before = match before.and_then(|before| before.first_chunk::<LANES>()) {
            Some(all) => S::as_simd_f64s(all).0[0],
            None => {
                let of = |lane: usize| (first + lane).checked_sub(1).and_then(|i| heat.get(i));
                let each: [f64; LANES] =
                    std::array::from_fn(|lane| of(lane).copied().unwrap_or(0.0));
                S::as_simd_f64s(&each).0[0]
            }
        };
        simd.max_f64s(before, simd.splat_f64s(0.0))
    }

    /// A value in the first hour of the winter, 0 in all others.
    #[inline(always)]
    pub(crate) fn at_first(&self, simd: S, value: f64) -> F64s<S> {
        if self.at.vector > 0 {
            return simd.splat_f64s(0.0);
        }
        simd.partial_load_f64s(&[value])
    }
}

/// The last bit of each byte of a number.
const BYTES: [u64; LANES] = [
    1,
    1 << 8,
    1 << 16,
    1 << 24,
    1 << 32,
    1 << 40,
    1 << 48,
    1 << 56,
];

/// Which hours of a winter stand in a vector.
#[derive(Clone, Copy)]
struct At {
    /// Number of the vector.
    vector: usize,
    /// Whether the winter fills all its lanes.
    whole: bool,
}

impl At {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, series: &[f64]) -> F64s<S> {
        if self.whole {
            let values = S::as_simd_f64s(series).0.get(self.vector);
            return values.copied().unwrap_or(simd.splat_f64s(0.0));
        }
        let rest = series.get(self.vector * S::F64_LANES..);
        simd.partial_load_f64s(rest.unwrap_or(&[]))
    }

    #[inline(always)]
    fn put<S: Simd>(self, simd: S, series: &mut [f64], value: F64s<S>) {
        if self.whole {
            if let Some(to) = S::as_mut_simd_f64s(series).0.get_mut(self.vector) {
                *to = value;
            }
        } else if let Some(rest) = series.get_mut(self.vector * S::F64_LANES..) {
            simd.partial_store_f64s(rest, value);
        }
    }

    /// The hours that hold; bytes are told apart as bits of one number.
    #[inline(always)]
    fn holds<S: Simd>(self, simd: S, holds: &[bool]) -> M64s<S> {
        let rest = holds.get(self.vector * S::F64_LANES..).unwrap_or(&[]);
        let bytes = match rest.first_chunk::<LANES>() {
            Some(all) => all.map(u8::from),
            None => std::array::from_fn(|lane| rest.get(lane).copied().map_or(0, u8::from)),
        };
        let bytes = simd.splat_u64s(u64::from_le_bytes(bytes));
        let own = simd.and_u64s(bytes, S::as_simd_u64s(&BYTES).0[0]);
        simd.greater_than_u64s(own, simd.splat_u64s(0))
    }

    /// The lanes that are hours of a winter of some length.
    #[inline(always)]
    fn lives<S: Simd>(self, simd: S, hours: usize) -> M64s<S> {
        let count = hours.saturating_sub(self.vector * S::F64_LANES);
        let ones = [1.0; LANES];
        let ones = simd.partial_load_f64s(ones.get(..count).unwrap_or(&ones));
        simd.greater_than_f64s(ones, simd.splat_f64s(0.0))
    }
}

/// Runs a winter and gives its sums; the hours of electricity and fuel stand in `out`.
pub(crate) fn operate<H: ByHour>(heater: H, duty: &Duty<'_>, out: &mut Operation) -> Tab {
    let hours = duty.hours();
    out.reset(hours, H::BURNS);
    let mut done = Done::default();
    vectors(Winter {
        heater,
        duty: Duty {
            heat_kw: &duty.heat_kw[..hours],
            cheap: &duty.cheap[..hours],
            ..*duty
        },
        power: &mut out.electricity_kwh,
        fuel: &mut out.fuel_kwh,
        done: &mut done,
    });
    let tab = done.together();
    out.book(&tab);
    tab
}

/// The winter of a house while it runs.
struct Winter<'a, H> {
    heater: H,
    duty: Duty<'a>,
    power: &'a mut [f64],
    fuel: &'a mut [f64],
    done: &'a mut Done,
}

impl<H: ByHour> Vectors for Winter<'_, H> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        for part in 0..LANES / S::F64_LANES {
            self.part(simd, part);
        }
    }
}

impl<H: ByHour> Winter<'_, H> {
    /// Runs one part of the lanes through the winter.
    #[inline(always)]
    fn part<S: Simd>(&mut self, simd: S, part: usize) {
        let hours = self.power.len();
        let mut booked = Booked::new(simd.splat_f64s(0.0));
        let mut at = At {
            vector: part,
            whole: true,
        };
        while (at.vector + 1) * S::F64_LANES <= hours {
            self.some(simd, at, &mut booked);
            at.vector += LANES / S::F64_LANES;
        }
        if at.vector * S::F64_LANES < hours {
            at.whole = false;
            self.some(simd, at, &mut booked);
        }
        self.done.take_over::<S>(part, &booked);
    }

    /// The hours of one vector.
    #[inline(always)]
    fn some<S: Simd>(&mut self, simd: S, at: At, booked: &mut Booked<F64s<S>>) {
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let wanted = simd.max_f64s(at.of(simd, self.duty.heat_kw), zero);
        let asked = Asked {
            wanted,
            duty: &self.duty,
            at,
        };
        let mut gave = self.heater.hours(simd, &asked);
        if !at.whole {
            gave = gave.within(simd, at.lives(simd, self.power.len()));
        }
        at.put(simd, self.power, gave.power);
        if H::BURNS {
            at.put(simd, self.fuel, gave.fuel);
            booked.fuel = simd.add_f64s(booked.fuel, gave.fuel);
        }
        booked.heat(simd, wanted, gave.given);
        booked.power(simd, gave.power);
        let cheap = at.holds(simd, self.duty.cheap);
        let in_valley = simd.select_f64s(cheap, gave.power, zero);
        booked.valley = simd.add_f64s(booked.valley, in_valley);
        let heats = simd.greater_than_f64s(gave.given, zero);
        booked.runtime = simd.add_f64s(booked.runtime, simd.select_f64s(heats, one, zero));
        booked.backup = simd.add_f64s(booked.backup, gave.backup);
        for (sum, own) in booked.own.iter_mut().zip(gave.own) {
            *sum = simd.add_f64s(*sum, own);
        }
    }
}

impl<V: Copy> Gave<V> {
    /// Nothing in lanes that are no hours.
    #[inline(always)]
    fn within<S: Simd<f64s = V>>(self, simd: S, lives: M64s<S>) -> Self {
        let keep = |value| simd.select_f64s(lives, value, simd.splat_f64s(0.0));
        Self {
            given: keep(self.given),
            power: keep(self.power),
            fuel: keep(self.fuel),
            backup: keep(self.backup),
            own: self.own.map(keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives what is wanted up to 3 kWh and shows what it is asked.
    #[derive(Clone, Copy)]
    struct Mirror;

    impl ByHour for Mirror {
        const BURNS: bool = true;

        #[inline(always)]
        fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>> {
            let given = simd.min_f64s(asked.wanted, simd.splat_f64s(3.0));
            let t_out = asked.of(simd, asked.duty.t_out_c);
            Gave {
                given,
                power: asked.wanted_before(simd),
                fuel: asked.at_first(simd, 10.0),
                backup: simd.mul_f64s(given, simd.splat_f64s(0.25)),
                own: [t_out, simd.splat_f64s(1.0)],
            }
        }
    }

    /// Every hour is met once, whether or not the hours fill the vectors.
    #[test]
    fn a_winter_is_the_sum_of_its_hours() {
        let mut out = Operation::default();
        for hours in [0, 1, 5, 7, 8, 9, 24, 31, 960, 965] {
            let heat: Vec<f64> = (0..hours).map(|i| f64::from(i % 7) - 1.0).collect();
            let t_out: Vec<f64> = (0..hours).map(|i| f64::from(i % 5) - 9.0).collect();
            let cheap: Vec<bool> = (0..hours).map(|i| i % 3 == 1).collect();
            let duty = Duty {
                heat_kw: &heat,
                t_out_c: &t_out,
                rh_pct: &t_out,
                cheap: &cheap,
                collector_w_m2: None,
                collector_tilt_deg: None,
                machines: None,
            };
            let tab = operate(Mirror, &duty, &mut out);
            let wanted: Vec<f64> = heat.iter().map(|kw| kw.max(0.0)).collect();
            let given: Vec<f64> = wanted.iter().map(|kw| kw.min(3.0)).collect();
            let before = std::iter::once(0.0).chain(wanted.iter().copied());
            let before: Vec<f64> = before.take(heat.len()).collect();
            let first = f64::from(u8::from(hours > 0)) * 10.0;
            assert_eq!(out.electricity_kwh, before);
            assert_eq!(out.fuel_kwh.len(), heat.len());
            assert_eq!(out.fuel_kwh.iter().sum::<f64>(), first);
            // Sums of whole and half numbers are exact in any order.
            let sum = |values: &[f64]| values.iter().sum::<f64>();
            assert_eq!(tab.delivered, sum(&given));
            assert_eq!(tab.unmet, sum(&wanted) - sum(&given));
            let short = wanted.iter().filter(|kw| **kw > 3.0).count();
            assert_eq!(tab.unmet_hours as usize, short);
            let heats = given.iter().filter(|kw| **kw > 0.0).count();
            assert_eq!(tab.runtime, heats as f64);
            assert_eq!((tab.power, tab.fuel), (sum(&before), first));
            assert_eq!(tab.peak, before.iter().copied().fold(0.0, f64::max));
            let valley = before.iter().zip(&cheap).filter(|(_, cheap)| **cheap);
            assert_eq!(tab.valley, valley.map(|(kwh, _)| kwh).sum::<f64>());
            assert_eq!(tab.backup, sum(&given) * 0.25);
            assert_eq!(tab.own, [sum(&t_out), f64::from(hours)]);
        }
    }

    /// One hour at a time gives the same bits as the widest vectors.
    #[test]
    fn the_width_of_vectors_changes_nothing() {
        let heat: Vec<f64> = (0..733).map(|i| f64::from(i % 37) / 7.3).collect();
        let cheap: Vec<bool> = (0..733).map(|i| i % 5 < 2).collect();
        let duty = Duty {
            heat_kw: &heat,
            t_out_c: &heat,
            rh_pct: &heat,
            cheap: &cheap,
            collector_w_m2: None,
            collector_tilt_deg: None,
            machines: None,
        };
        let mut out = Operation::default();
        let tab = operate(Mirror, &duty, &mut out);
        let (mut power, mut fuel) = (vec![0.0; 733], vec![0.0; 733]);
        let mut done = Done::default();
        Winter {
            heater: Mirror,
            duty,
            power: &mut power,
            fuel: &mut fuel,
            done: &mut done,
        }
        .run(pulp::Scalar::new());
        assert_eq!((&power, &fuel), (&out.electricity_kwh, &out.fuel_kwh));
        assert_eq!(done.together(), tab);
    }
}
