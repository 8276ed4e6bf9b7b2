//! A heat pump in every hour of a season: what does not depend on the house is worked out once and
//! shared by all houses with the same plant.

use std::cell::RefCell;
use std::sync::Arc;

use crate::technology::curve::{greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::heat_pump::{HeatPump, HeatPumpTraits, OUTDOORS, Prepared};
use crate::technology::heat_pump_water::supply_at;
use crate::words::lanes;
use crate::words::quantity::Kilowatt;
use crate::words::wide::{Wide, wide};

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
    #[inline(always)]
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
#[derive(Debug)]
pub struct Machines {
    kept: RefCell<Vec<(Key, Arc<SeasonMachine>)>>,
    most: usize,
}

impl Machines {
    /// For many houses, which share plants.
    pub const fn for_many() -> Self {
        Self {
            kept: RefCell::new(Vec::new()),
            most: MOST,
        }
    }

    /// For one house, whose services have the same plant but whose options have not: keeps the last
    /// one.
    pub const fn for_one() -> Self {
        Self {
            kept: RefCell::new(Vec::new()),
            most: 1,
        }
    }
}

/// Plants that are kept for many houses: some 200 kB each.
const MOST: usize = 48;

impl Machines {
    fn get(&self, key: Key, duty: &Duty<'_>) -> Arc<SeasonMachine> {
        let mut kept = self.kept.borrow_mut();
        if let Some((_, machine)) = kept.iter().find(|(own, _)| *own == key) {
            return Arc::clone(machine);
        }
        // What goes makes room before the next is made.
        if kept.len() >= self.most {
            kept.clear();
        }
        let machine = Arc::new(SeasonMachine::new(&key, duty));
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

/// Hour by hour what [`Prepared::weather`] tells, in arrays.
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

/// Hours that are worked out together, in arrays on the stack.
const BLOCK: usize = 64;

/// The weather of a season as a machine meets it, for vectors of any width.
struct Weathers<'a> {
    prepared: &'a Prepared,
    sun: Option<SunBonus>,
    duty: &'a Duty<'a>,
}

impl Wide for Weathers<'_> {
    type Output = SeasonMachine;

    #[inline(always)]
    fn run(self) -> SeasonMachine {
        let hours = self.duty.hours();
        let mut season = SeasonMachine::with_room(self.prepared, hours);
        for first in (0..hours).step_by(BLOCK) {
            self.block(first, BLOCK.min(hours - first), &mut season);
        }
        season
    }
}

impl Weathers<'_> {
    #[inline(always)]
    fn block(&self, first: usize, count: usize, season: &mut SeasonMachine) {
        let (mut t_out, mut rh, mut factor) = ([0.0; BLOCK], [0.0; BLOCK], [1.0; BLOCK]);
        t_out[..count].copy_from_slice(&self.duty.t_out_c[first..first + count]);
        rh[..count].copy_from_slice(&self.duty.rh_pct[first..first + count]);
        if let Some(bonus) = self.sun {
            let sun = (first..first + count).map(|i| self.duty.sun(i));
            factor
                .iter_mut()
                .zip(sun)
                .for_each(|(it, sun)| *it = bonus.factor(sun));
        }
        // The table is looked up hour by hour; the rest goes hours side by side.
        let mut outdoors = [[0.0; BLOCK]; OUTDOORS];
        for i in 0..BLOCK {
            let values = self.prepared.outdoors(t_out[i]);
            for (column, value) in outdoors.iter_mut().zip(values) {
                column[i] = value;
            }
        }
        let mut of_hours = [[0.0; BLOCK]; ARRAYS];
        for i in 0..BLOCK {
            let row = std::array::from_fn(|k| outdoors[k][i]);
            let hour = self.prepared.weather(row, (t_out[i], rh[i]), factor[i]);
            of_hours[0][i] = hour.capacity;
            of_hours[1][i] = hour.per_capacity;
            of_hours[2][i] = hour.cop_start;
            of_hours[3][i] = hour.cop_slope;
            of_hours[4][i] = hour.idle;
            of_hours[5][i] = hour.per_heat;
            of_hours[6][i] = hour.defrost;
        }
        for (array, block) in season.arrays().into_iter().zip(&of_hours) {
            array.extend_from_slice(&block[..count]);
        }
    }
}

/// Arrays of a [`SeasonMachine`].
const ARRAYS: usize = 7;

impl SeasonMachine {
    fn with_room(prepared: &Prepared, hours: usize) -> Self {
        let room = || Vec::with_capacity(hours);
        Self {
            traits: prepared.traits,
            units: prepared.units,
            capacity: room(),
            per_capacity: room(),
            cop_start: room(),
            cop_slope: room(),
            idle: room(),
            per_heat: room(),
            defrost: room(),
        }
    }

    /// In the order of the fields.
    const fn arrays(&mut self) -> [&mut Vec<f64>; ARRAYS] {
        [
            &mut self.capacity,
            &mut self.per_capacity,
            &mut self.cop_start,
            &mut self.cop_slope,
            &mut self.idle,
            &mut self.per_heat,
            &mut self.defrost,
        ]
    }

    fn new(key: &Key, duty: &Duty<'_>) -> Self {
        let plant = &key.plant;
        let prepared: Prepared = key
            .machine
            .prepare_between(duty.t_range(), plant, |t| match key.sink {
                Sink::Water => supply_at(plant, t),
                Sink::Room => plant.t_room.value(),
            });
        wide(Weathers {
            prepared: &prepared,
            sun: key.sun,
            duty,
        })
    }

    #[inline(always)]
    fn operate(&self, duty: &Duty<'_>, out: &mut Operation) {
        let hours = duty.hours().min(self.capacity.len());
        out.reset(hours, false);
        let wanted = &duty.heat_kw[..hours];
        let hours = out.given_kwh.iter_mut().zip(wanted).zip(&self.capacity);
        for ((given, &heat), &most) in hours {
            *given = lesser(greater(heat, 0.0), most);
        }
        self.draw(wanted, out);
        self.describe(out);
        self.back_up(wanted, out);
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
