//! What is added up hour by hour of a winter: for one heater, or in each lane of a vector.

use crate::technology::curve::greater;
use crate::words::lanes::{self, LANES};
use crate::words::wide::{F64s, Simd};

/// Heat that must be missing in an hour to be told, kWh.
pub(crate) const MISSING: f64 = 1e-9;

/// Sums of a winter, kWh.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Tab {
    /// Heat that was given.
    pub delivered: f64,
    /// Heat that was wanted and not given.
    pub unmet: f64,
    /// Hours of it.
    pub unmet_hours: u32,
    /// Heat from resistance beside the main machine.
    pub backup: f64,
    /// Hours in which the main machine ran.
    pub runtime: f64,
    /// Heat lost from the store.
    pub lost: f64,
    /// Electricity of a store's own element.
    pub element: f64,
    /// All electricity.
    pub power: f64,
    /// The part of it in valley hours.
    pub valley: f64,
    /// The greatest electricity of an hour.
    pub peak: f64,
    /// Fuel.
    pub fuel: f64,
    /// What a kind of heater adds up for itself.
    pub own: [f64; OWN],
}

/// Sums that a kind of heater may have for itself.
pub(crate) const OWN: usize = 2;

impl Tab {
    /// Adds the heat of an hour: what was wanted and what was given.
    #[inline(always)]
    pub(crate) fn heat(&mut self, wanted: f64, given: f64) {
        self.delivered += given;
        let missing = wanted - given;
        if missing > MISSING {
            self.unmet += missing;
            self.unmet_hours += 1;
        }
    }

    /// Adds the electricity of an hour.
    #[inline(always)]
    pub(crate) fn power(&mut self, kwh: f64, cheap: bool) {
        self.power += kwh;
        self.peak = greater(kwh, self.peak);
        if cheap {
            self.valley += kwh;
        }
    }
}

/// The same sums in each lane of a vector.
#[derive(Clone, Copy)]
pub(crate) struct Booked<V> {
    pub delivered: V,
    pub unmet: V,
    pub unmet_hours: V,
    pub backup: V,
    pub runtime: V,
    pub lost: V,
    pub element: V,
    pub power: V,
    pub valley: V,
    pub peak: V,
    pub fuel: V,
    pub own: [V; OWN],
    /// What a store or a tank holds in the end, as its file says.
    pub held: V,
}

impl<V: Copy> Booked<V> {
    pub(crate) const fn new(zero: V) -> Self {
        Self {
            delivered: zero,
            unmet: zero,
            unmet_hours: zero,
            backup: zero,
            runtime: zero,
            lost: zero,
            element: zero,
            power: zero,
            valley: zero,
            peak: zero,
            fuel: zero,
            own: [zero; OWN],
            held: zero,
        }
    }

    /// As [`Tab::heat`].
    #[inline(always)]
    pub(crate) fn heat<S: Simd<f64s = V>>(&mut self, simd: S, wanted: V, given: V) {
        self.delivered = simd.add_f64s(self.delivered, given);
        let missing = simd.sub_f64s(wanted, given);
        let told = simd.greater_than_f64s(missing, simd.splat_f64s(MISSING));
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        self.unmet = simd.add_f64s(self.unmet, simd.select_f64s(told, missing, zero));
        self.unmet_hours = simd.add_f64s(self.unmet_hours, simd.select_f64s(told, one, zero));
    }

    /// As [`Tab::power`], where all lanes have the same hour.
    #[inline(always)]
    pub(crate) fn power_of_hour<S: Simd<f64s = V>>(&mut self, simd: S, kwh: V, cheap: bool) {
        self.power(simd, kwh);
        if cheap {
            self.valley = simd.add_f64s(self.valley, kwh);
        }
    }

    /// Adds electricity to the sum and the peak.
    #[inline(always)]
    pub(crate) fn power<S: Simd<f64s = V>>(&mut self, simd: S, kwh: V) {
        self.power = simd.add_f64s(self.power, kwh);
        self.peak = simd.max_f64s(kwh, self.peak);
    }
}

/// A value for each lane.
pub(crate) type Each = [f64; LANES];

/// The sums of all lanes.
#[derive(Default)]
pub(crate) struct Done {
    delivered: Each,
    unmet: Each,
    unmet_hours: Each,
    backup: Each,
    runtime: Each,
    lost: Each,
    element: Each,
    power: Each,
    valley: Each,
    peak: Each,
    fuel: Each,
    own: [Each; OWN],
    /// What a store or a tank holds in the end, as its file says.
    pub held: Each,
}

impl Done {
    /// Takes over the lanes of vector number `part`.
    #[inline(always)]
    pub(crate) fn take_over<S: Simd>(&mut self, part: usize, booked: &Booked<F64s<S>>) {
        let give = |to: &mut Each, value| S::as_mut_simd_f64s(to).0[part] = value;
        give(&mut self.delivered, booked.delivered);
        give(&mut self.unmet, booked.unmet);
        give(&mut self.unmet_hours, booked.unmet_hours);
        give(&mut self.backup, booked.backup);
        give(&mut self.runtime, booked.runtime);
        give(&mut self.lost, booked.lost);
        give(&mut self.element, booked.element);
        give(&mut self.power, booked.power);
        give(&mut self.valley, booked.valley);
        give(&mut self.peak, booked.peak);
        give(&mut self.fuel, booked.fuel);
        for (to, value) in self.own.iter_mut().zip(booked.own) {
            give(to, value);
        }
        give(&mut self.held, booked.held);
    }

    /// One heater, whose hours are in all lanes.
    pub(crate) fn together(&self) -> Tab {
        self.tab(|each| lanes::total(*each), greatest)
    }

    /// The heater of one lane.
    pub(crate) fn of_lane(&self, lane: usize) -> Tab {
        self.tab(|each| each[lane], |each| each[lane])
    }

    fn tab(&self, sum: impl Fn(&Each) -> f64, peak: impl Fn(&Each) -> f64) -> Tab {
        Tab {
            delivered: sum(&self.delivered),
            unmet: sum(&self.unmet),
            unmet_hours: sum(&self.unmet_hours) as u32,
            backup: sum(&self.backup),
            runtime: sum(&self.runtime),
            lost: sum(&self.lost),
            element: sum(&self.element),
            power: sum(&self.power),
            valley: sum(&self.valley),
            peak: peak(&self.peak),
            fuel: sum(&self.fuel),
            own: std::array::from_fn(|i| sum(&self.own[i])),
        }
    }
}

fn greatest(each: &Each) -> f64 {
    each.iter().copied().fold(0.0, greater)
}
