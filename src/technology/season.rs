//! A heat pump in every hour of a season: what does not depend on the house is worked out once and
//! shared by all houses with the same plant.

use std::cell::RefCell;
use std::sync::Arc;

use crate::technology::curve::{greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::heat_pump::{HeatPump, HeatPumpTraits, Prepared, WeatherHour};
use crate::technology::heat_pump_water::supply_at;
use crate::words::lanes;
use crate::words::quantity::Kilowatt;

/// What a heat pump warms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// Water for the emitters.
    Water,
    /// The air of the room.
    Room,
}

/// Sun on the evaporator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SunBonus {
    /// Rise of the COP in full sun, as a share.
    pub most: f64,
    /// Irradiance at which it is reached, W/m2.
    pub at_w_m2: f64,
}

impl SunBonus {
    fn factor(self, sun_w_m2: f64) -> f64 {
        1.0 + self.most * (sun_w_m2 / self.at_w_m2).clamp(0.0, 1.0)
    }
}

/// A plant of heat pumps: all that its hours depend on beside the weather.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    machine: HeatPump,
    sink: Sink,
    sun: Option<SunBonus>,
    /// Plane of that sun; no matter to a machine without.
    tilt_deg: Option<i32>,
    plant: Plant,
}

/// Heat pumps worked out for the hours of one place. Its duties must all have the same weather.
#[derive(Debug, Default)]
pub struct Machines(RefCell<Vec<(Key, Arc<SeasonMachine>)>>);

/// Plants that are kept: some 200 kB each.
const MOST: usize = 48;

impl Machines {
    fn get(&self, key: Key, duty: &Duty<'_>) -> Arc<SeasonMachine> {
        let mut kept = self.0.borrow_mut();
        if let Some((_, machine)) = kept.iter().find(|(own, _)| *own == key) {
            return Arc::clone(machine);
        }
        let machine = Arc::new(SeasonMachine::new(&key, duty));
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.push((key, Arc::clone(&machine)));
        machine
    }
}

/// Runs a winter of a heat pump.
#[inline(always)]
pub(crate) fn operate(
    machine: &HeatPump,
    sink: Sink,
    sun: Option<SunBonus>,
    plant: &Plant,
    duty: &Duty<'_>,
    out: &mut Operation,
) {
    let key = Key {
        machine: machine.clone(),
        sink,
        sun,
        tilt_deg: sun.and(duty.collector_tilt_deg),
        plant: Plant {
            // The machine does not see the load; houses of any size share it.
            design_load: Kilowatt::ZERO,
            ..*plant
        },
    };
    let season = match duty.machines {
        Some(machines) => machines.get(key, duty),
        None => Arc::new(SeasonMachine::new(&key, duty)),
    };
    season.operate(duty, out);
}

/// Hour by hour what [`WeatherHour`] tells, in arrays.
#[derive(Debug)]
struct SeasonMachine {
    traits: HeatPumpTraits,
    units: f64,
    capacity: Vec<f64>,
    per_capacity: Vec<f64>,
    cop_start: Vec<f64>,
    cop_slope: Vec<f64>,
    idle: Vec<f64>,
    per_heat: Vec<f64>,
    defrost: Vec<f64>,
}

impl SeasonMachine {
    fn new(key: &Key, duty: &Duty<'_>) -> Self {
        let plant = &key.plant;
        let prepared: Prepared = key
            .machine
            .prepare_between(duty.t_range(), plant, |t| match key.sink {
                Sink::Water => supply_at(plant, t),
                Sink::Room => plant.t_room.value(),
            });
        let factor = |i: usize| key.sun.map_or(1.0, |sun| sun.factor(duty.sun(i)));
        let hours: Vec<WeatherHour> = duty
            .iter()
            .enumerate()
            .map(|(i, (_, t_out, rh, _))| prepared.weather(t_out, rh, factor(i)))
            .collect();
        let array = |value: fn(&WeatherHour) -> f64| hours.iter().map(value).collect();
        Self {
            traits: prepared.traits,
            units: prepared.units,
            capacity: array(|it| it.capacity),
            per_capacity: array(|it| it.per_capacity),
            cop_start: array(|it| it.cop_start),
            cop_slope: array(|it| it.cop_slope),
            idle: array(|it| it.idle),
            per_heat: array(|it| it.per_heat),
            defrost: array(|it| it.defrost),
        }
    }

    #[inline(always)]
    fn operate(&self, duty: &Duty<'_>, out: &mut Operation) {
        let hours = duty.hours().min(self.capacity.len());
        out.reset(hours, false);
        let wanted = &duty.heat_kw[..hours];
        let most = &self.capacity[..hours];
        out.given_kwh.extend(
            wanted
                .iter()
                .zip(most)
                .map(|(&heat, &most)| lesser(greater(heat, 0.0), most)),
        );
        self.draw(wanted, out);
        self.describe(out);
        self.back_up(wanted, out);
        out.book_given(duty);
        out.finish(duty);
    }

    /// Electricity of every hour.
    #[inline(always)]
    fn draw(&self, wanted: &[f64], out: &mut Operation) {
        let hours = wanted.len();
        let (pump, standby) = (
            self.traits.pump.value() * self.units,
            self.traits.standby.value() * self.units,
        );
        let floor = self.traits.least_load;
        out.electricity_kwh.resize(hours, 0.0);
        let (power, given) = (&mut out.electricity_kwh[..hours], &out.given_kwh[..hours]);
        let (start, slope) = (&self.cop_start[..hours], &self.cop_slope[..hours]);
        let (idle, per_heat) = (&self.idle[..hours], &self.per_heat[..hours]);
        let per_capacity = &self.per_capacity[..hours];
        for i in 0..hours {
            let heat = given[i];
            let running = heat / greater(start[i] + slope[i] * heat, 1e-6);
            let cycling = idle[i] + per_heat[i] * heat;
            let machine = if heat * per_capacity[i] >= floor {
                running
            } else {
                cycling
            };
            let machine = if heat > 0.0 { machine } else { 0.0 };
            power[i] = machine + if wanted[i] > 0.0 { pump } else { 0.0 } + standby;
        }
    }

    /// Full-load hours, running hours and hours of defrost.
    #[inline(always)]
    fn describe(&self, out: &mut Operation) {
        let times = |heat: f64, factor: f64| heat * factor;
        let heat = &out.given_kwh;
        out.facts.full_load_hours = lanes::sum_pairs(heat, &self.per_capacity, times);
        out.facts.runtime_hours = lanes::count_positive(heat);
        out.facts.defrost_hours = lanes::sum_pairs(heat, &self.defrost, times);
    }

    /// The built-in resistance heater gives what the machine does not, up to its power.
    #[inline(always)]
    fn back_up(&self, wanted: &[f64], out: &mut Operation) {
        let most = self.traits.backup.value() * self.units;
        if most <= 0.0 {
            return;
        }
        let hours = out.electricity_kwh.iter_mut().zip(&mut out.given_kwh);
        for ((power, given), &wanted) in hours.zip(wanted) {
            let more = lesser(greater(wanted, 0.0) - *given, most);
            *power += more;
            *given += more;
            out.backup_kwh += more;
        }
    }
}
