//! What a winter asks of a heater, and what the heater did.

use crate::technology::curve::{greater, lesser};
use crate::technology::emitter::EmitterCurve;
use crate::technology::season::Machines;
use crate::technology::tab::Tab;
use crate::words::quantity::{Celsius, Kilowatt, Metre};

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
        self.fuel_kwh.resize(if burns { hours } else { 0 }, 0.0);
        self.delivered_kwh = 0.0;
        self.unmet_kwh = 0.0;
        self.unmet_hours = 0;
        self.backup_kwh = 0.0;
        self.electricity_sum_kwh = 0.0;
        self.fuel_sum_kwh = 0.0;
        self.facts = OperationFacts::default();
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
        self.electricity_sum_kwh = tab.power;
        self.fuel_sum_kwh = tab.fuel;
        self.facts.runtime_hours = tab.runtime;
        self.facts.lost_kwh = tab.lost;
        self.facts.element_kwh = tab.element;
        self.facts.valley_share = ratio(tab.valley, tab.power).unwrap_or(0.0);
        self.facts.peak_kw = tab.peak;
        if self.fuel_kwh.is_empty() {
            self.facts.seasonal_cop = ratio(tab.delivered, tab.power);
        } else {
            self.facts.efficiency = ratio(tab.delivered, tab.fuel);
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

/// `part / whole`, or nothing if there is no whole.
pub(crate) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
