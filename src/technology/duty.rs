//! What a winter asks of a heater, and what the heater did.

use crate::technology::curve::{greater, lesser};
use crate::technology::emitter::EmitterCurve;
use crate::technology::season::Machines;
use crate::words::lanes::{self, LANES};
use crate::words::quantity::{Celsius, Kilowatt, Metre};
use crate::words::wide::{Simd, Vectors, vectors};

/// One winter's duty. All arrays have the same length, one entry per hour of the heating season in
/// the order of `Season::hours`.
#[derive(Debug, Clone, Copy)]
pub struct Duty<'a> {
    /// Heat wanted in the rooms, kW (mean of the hour).
    pub heat_kw: &'a [f64],
    /// Outdoor dry bulb, degC.
    pub t_out_c: &'a [f64],
    /// Outdoor relative humidity, percent.
    pub rh_pct: &'a [f64],
    /// Whether the hour is in the valley (cheapest) class of the electricity plan.
    pub cheap: &'a [bool],
    /// Irradiance on the collector plane, W/m2, where there is a collector.
    pub collector_w_m2: Option<&'a [f64]>,
    /// Tilt of that plane in whole degrees, by which planes of one place are told apart.
    pub collector_tilt_deg: Option<i32>,
    /// Heat pumps that were worked out for these hours before; `None` works them out anew.
    pub machines: Option<&'a Machines>,
}

impl<'a> Duty<'a> {
    /// Number of hours that every array has.
    #[inline(always)]
    pub fn hours(&self) -> usize {
        self.heat_kw
            .len()
            .min(self.t_out_c.len())
            .min(self.rh_pct.len())
            .min(self.cheap.len())
    }
    /// Lowest and highest outdoor temperature, degC.
    pub fn t_range(&self) -> (f64, f64) {
        let wider = |(low, high): (f64, f64), &t: &f64| (lesser(t, low), greater(t, high));
        self.t_out_c.iter().fold((f64::MAX, f64::MIN), wider)
    }
    /// Irradiance on the collector in hour `i`, W/m2; 0 where none is given.
    #[inline(always)]
    pub fn sun(&self, i: usize) -> f64 {
        self.collector_w_m2
            .and_then(|sun| sun.get(i))
            .copied()
            .unwrap_or(0.0)
    }
    /// Hour by hour: heat wanted kW, outdoor degC, relative humidity %, cheap.
    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = (f64, f64, f64, bool)> + use<'a> {
        self.heat_kw
            .iter()
            .zip(self.t_out_c)
            .zip(self.rh_pct)
            .zip(self.cheap)
            .map(|(((&heat, &t), &rh), &cheap)| (greater(heat, 0.0), t, rh, cheap))
    }
}

/// How a product stands in one house.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plant {
    /// Number of units.
    pub count: u16,
    /// Supply temperature over the load.
    pub emitter: EmitterCurve,
    /// Above sea level.
    pub elevation: Metre,
    /// Outdoor design temperature.
    pub t_design: Celsius,
    /// Indoor temperature.
    pub t_room: Celsius,
    /// Heat load at the design temperature.
    pub design_load: Kilowatt,
}

impl Plant {
    /// The number of units as a factor.
    #[inline]
    pub fn units(&self) -> f64 {
        f64::from(self.count)
    }
}

/// What a heater did in one winter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Operation {
    /// Grid electricity of each season hour, kWh: heat, fans, pumps and standby.
    pub electricity_kwh: Vec<f64>,
    /// Fuel (lower heating value) or network heat of each season hour, kWh; empty for electric
    /// heaters.
    pub fuel_kwh: Vec<f64>,
    /// Heat that the rooms got, kWh.
    pub delivered_kwh: f64,
    /// Heat that they wanted and did not get, kWh.
    pub unmet_kwh: f64,
    /// Hours in which some was missing.
    pub unmet_hours: u32,
    /// Heat from a built-in resistance heater beside the main machine, kWh; part of
    /// `delivered_kwh`.
    pub backup_kwh: f64,
    /// Electricity of the winter, kWh: the sum of its hours.
    pub electricity_sum_kwh: f64,
    /// Fuel of the winter, kWh: the sum of its hours.
    pub fuel_sum_kwh: f64,
    /// Figures that describe the winter.
    pub facts: OperationFacts,
    /// Heat given in each hour while a winter runs, kWh; not of heaters whose hours follow from one
    /// another.
    pub(crate) given_kwh: Vec<f64>,
}

/// Figures that describe a winter; those that have no meaning for a kind are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct OperationFacts {
    /// Heat delivered per electricity used, everything counted (fans, pumps, back-up, standby).
    pub seasonal_cop: Option<f64>,
    /// Heat delivered per fuel burnt (lower heating value).
    pub efficiency: Option<f64>,
    /// Share of the electricity that is drawn in valley hours.
    pub valley_share: f64,
    /// Share of the delivered heat that the sun gave.
    pub solar_share: Option<f64>,
    /// Hours of full-load operation of the main machine.
    pub full_load_hours: f64,
    /// Hours in which it ran at all.
    pub runtime_hours: f64,
    /// Hours spent defrosting.
    pub defrost_hours: f64,
    /// Highest electric draw of an hour, kW.
    pub peak_kw: f64,
    /// Electricity of the element of a storage heater, kWh.
    pub element_kwh: f64,
    /// Heat lost from a store, or given off by a fire that nobody needed, kWh.
    pub lost_kwh: f64,
    /// Heat in the store at the end of the winter less at its beginning, kWh.
    pub stored_kwh: f64,
}

impl Operation {
    /// Makes it ready for a winter of `hours`, all of which the heater must then fill; `burns` says
    /// whether there is a fuel array.
    #[inline(always)]
    pub(crate) fn reset(&mut self, hours: usize, burns: bool) {
        self.electricity_kwh.resize(hours, 0.0);
        self.given_kwh.resize(hours, 0.0);
        self.fuel_kwh.resize(if burns { hours } else { 0 }, 0.0);
        self.delivered_kwh = 0.0;
        self.unmet_kwh = 0.0;
        self.unmet_hours = 0;
        self.backup_kwh = 0.0;
        self.electricity_sum_kwh = 0.0;
        self.fuel_sum_kwh = 0.0;
        self.facts = OperationFacts::default();
    }

    /// Gives in every hour what `give` makes of the heat that is wanted.
    #[inline(always)]
    pub(crate) fn give(&mut self, duty: &Duty<'_>, give: impl Fn(f64) -> f64) {
        fill(&mut self.given_kwh, duty.heat_kw, |heat| {
            give(greater(heat, 0.0))
        });
    }

    /// Adds up the hourly arrays.
    #[inline(always)]
    pub(crate) fn finish(&mut self, duty: &Duty<'_>) {
        let sums = Sums::of(duty, &self.given_kwh, &self.electricity_kwh);
        let in_valley = |kwh: f64, cheap: bool| if cheap { kwh } else { 0.0 };
        self.delivered_kwh = sums.delivered;
        self.unmet_kwh = sums.unmet;
        self.unmet_hours = sums.unmet_hours as u32;
        self.facts.runtime_hours = sums.heating_hours;
        self.settle(Totals {
            power: sums.power,
            valley: lanes::sum_pairs(&self.electricity_kwh, duty.cheap, in_valley),
            fuel: lanes::sum(&self.fuel_kwh),
            peak: sums.peak,
        });
    }

    /// Counts the hours of full load.
    #[inline(always)]
    pub(crate) fn count_full_load(&mut self, most: f64) {
        if most > 0.0 {
            self.facts.full_load_hours = self.delivered_kwh / most;
        }
    }

    /// Takes over what was added up hour by hour.
    pub(crate) fn book(&mut self, tab: &Tab) {
        self.delivered_kwh = tab.delivered;
        self.unmet_kwh = tab.unmet;
        self.unmet_hours = tab.unmet_hours;
        self.backup_kwh = tab.backup;
        self.facts.runtime_hours = tab.runtime;
        self.facts.lost_kwh = tab.lost;
        self.facts.element_kwh = tab.element;
        self.settle(Totals {
            power: tab.power,
            valley: tab.valley,
            fuel: 0.0,
            peak: tab.peak,
        });
    }

    /// Takes over the sums of the hourly arrays.
    #[inline(always)]
    pub(crate) fn settle(&mut self, totals: Totals) {
        self.electricity_sum_kwh = totals.power;
        self.fuel_sum_kwh = totals.fuel;
        self.facts.valley_share = ratio(totals.valley, totals.power).unwrap_or(0.0);
        self.facts.peak_kw = totals.peak;
        if self.fuel_kwh.is_empty() {
            self.facts.seasonal_cop = ratio(self.delivered_kwh, totals.power);
        } else {
            self.facts.efficiency = ratio(self.delivered_kwh, totals.fuel);
        }
    }

    /// Electricity of the winter, kWh.
    pub fn electricity_total(&self) -> f64 {
        self.electricity_sum_kwh
    }
    /// Fuel of the winter, kWh of lower heating value.
    pub fn fuel_total(&self) -> f64 {
        self.fuel_sum_kwh
    }
}

/// Sums of a winter of a heater whose hours follow from one another, kWh.
#[derive(Debug, Clone, Copy, Default)]
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
}

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

/// Fills hours with what `value` makes of other hours, of which there are as many.
#[inline(always)]
pub(crate) fn fill(hours: &mut [f64], from: &[f64], value: impl Fn(f64) -> f64) {
    for (hour, &from) in hours.iter_mut().zip(from) {
        *hour = value(from);
    }
}

/// What is added up of the hours of heat and electricity.
struct Sums {
    delivered: f64,
    unmet: f64,
    unmet_hours: f64,
    heating_hours: f64,
    power: f64,
    peak: f64,
}

/// Running sums, so that eight hours are added at a time, as [`lanes::sum`] adds.
type Eight = [f64; LANES];

/// The sums of the hours so far.
#[derive(Default)]
struct InLanes {
    delivered: Eight,
    unmet: Eight,
    unmet_hours: Eight,
    heating_hours: Eight,
    power: Eight,
    peak: Eight,
}

impl Sums {
    /// One look at each hour serves all sums.
    #[inline(always)]
    fn of(duty: &Duty<'_>, given: &[f64], power: &[f64]) -> Self {
        let hours = given.len().min(power.len()).min(duty.hours());
        let mut sums = InLanes::default();
        let hours = Hours {
            wanted: &duty.heat_kw[..hours],
            given: &given[..hours],
            power: &power[..hours],
        };
        vectors(AddUp {
            hours: &hours,
            sums: &mut sums,
        });
        hours.add_rest(&mut sums);
        Self {
            delivered: lanes::total(sums.delivered),
            unmet: lanes::total(sums.unmet),
            unmet_hours: lanes::total(sums.unmet_hours),
            heating_hours: lanes::total(sums.heating_hours),
            power: lanes::total(sums.power),
            peak: sums.peak.into_iter().fold(0.0, greater),
        }
    }
}

/// Heat that was wanted, heat that was given and electricity, hour by hour.
struct Hours<'a> {
    wanted: &'a [f64],
    given: &'a [f64],
    power: &'a [f64],
}

impl Hours<'_> {
    /// Adds the hours that do not fill all lanes.
    fn add_rest(&self, sums: &mut InLanes) {
        let first = self.given.len() - self.given.len() % LANES;
        for (lane, i) in (first..self.given.len()).enumerate() {
            let (given, power) = (self.given[i], self.power[i]);
            let missing = greater(self.wanted[i], 0.0) - given;
            if missing > MISSING {
                sums.unmet[lane] += missing;
                sums.unmet_hours[lane] += 1.0;
            }
            sums.delivered[lane] += given;
            sums.heating_hours[lane] += f64::from(u8::from(given > 0.0));
            sums.power[lane] += power;
            sums.peak[lane] = greater(power, sums.peak[lane]);
        }
    }
}

/// Adds up the hours that fill all lanes.
struct AddUp<'a> {
    hours: &'a Hours<'a>,
    sums: &'a mut InLanes,
}

impl Vectors for AddUp<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let parts = LANES / S::F64_LANES;
        let rows = self.hours.given.len() / LANES;
        let wanted = S::as_simd_f64s(self.hours.wanted).0;
        let given = S::as_simd_f64s(self.hours.given).0;
        let power = S::as_simd_f64s(self.hours.power).0;
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let least = simd.splat_f64s(MISSING);
        for part in 0..parts {
            let (mut delivered, mut unmet, mut unmet_hours) = (zero, zero, zero);
            let (mut heating_hours, mut total, mut peak) = (zero, zero, zero);
            for i in (0..rows).map(|row| row * parts + part) {
                let (heat, kwh) = (given[i], power[i]);
                let missing = simd.sub_f64s(simd.max_f64s(wanted[i], zero), heat);
                let told = simd.greater_than_f64s(missing, least);
                let heats = simd.greater_than_f64s(heat, zero);
                delivered = simd.add_f64s(delivered, heat);
                unmet = simd.add_f64s(unmet, simd.select_f64s(told, missing, zero));
                unmet_hours = simd.add_f64s(unmet_hours, simd.select_f64s(told, one, zero));
                heating_hours = simd.add_f64s(heating_hours, simd.select_f64s(heats, one, zero));
                total = simd.add_f64s(total, kwh);
                peak = simd.max_f64s(kwh, peak);
            }
            let give = |to: &mut Eight, value| S::as_mut_simd_f64s(to).0[part] = value;
            give(&mut self.sums.delivered, delivered);
            give(&mut self.sums.unmet, unmet);
            give(&mut self.sums.unmet_hours, unmet_hours);
            give(&mut self.sums.heating_hours, heating_hours);
            give(&mut self.sums.power, total);
            give(&mut self.sums.peak, peak);
        }
    }
}

/// Sums of the hourly arrays, kWh.
pub(crate) struct Totals {
    /// Electricity.
    pub power: f64,
    /// The part of it in valley hours.
    pub valley: f64,
    /// Fuel.
    pub fuel: f64,
    /// The greatest electricity of an hour.
    pub peak: f64,
}

/// Heat that must be missing in an hour to be told, kWh.
pub(crate) const MISSING: f64 = 1e-9;

/// `part / whole`, or nothing if there is no whole.
pub(crate) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
