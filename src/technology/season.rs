//! A heat pump in every hour of a season: what does not depend on the house is worked out once and
//! shared by all houses with the same plant.

use std::cell::RefCell;
use std::sync::Arc;

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::heat_pump::{HeatPump, HeatPumpTraits, OUTDOORS, Prepared};
use crate::technology::heat_pump_water::supply_at;
use crate::technology::hours::{self, Asked, ByHour, Gave};
use crate::technology::lpg_boiler::Bottles;
use crate::words::quantity::Kilowatt;
use crate::words::wide::{F64s, Simd, Wide, wide};

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

/// What was worked out for the hours of one place, whatever the house: heat pumps and bottles in its
/// weather. Its duties must all have the same weather.
#[derive(Debug)]
pub struct Machines {
    heat_pumps: Kept<Key, SeasonMachine>,
    bottles: Kept<Bottles, [f64]>,
}

impl Machines {
    /// For many houses, which share plants.
    pub const fn for_many() -> Self {
        Self::keeping(MOST)
    }

    /// For one house, whose services have the same plant but whose options have not: keeps the last
    /// one.
    pub const fn for_one() -> Self {
        Self::keeping(1)
    }

    const fn keeping(most: usize) -> Self {
        Self {
            heat_pumps: Kept::new(most),
            bottles: Kept::new(most),
        }
    }

    /// What bottles give off in each hour, kW.
    pub(crate) fn vapour(&self, bottles: Bottles, duty: &Duty<'_>) -> Arc<[f64]> {
        self.bottles.get(bottles, |it| it.vapour(duty))
    }
}

/// Plants that are kept for many houses: some 200 kB each.
const MOST: usize = 48;

/// What was made, by what it was made for.
#[derive(Debug)]
struct Kept<K, V: ?Sized> {
    all: RefCell<Vec<(K, Arc<V>)>>,
    most: usize,
}

impl<K: PartialEq, V: ?Sized> Kept<K, V> {
    const fn new(most: usize) -> Self {
        Self {
            all: RefCell::new(Vec::new()),
            most,
        }
    }

    fn get(&self, key: K, make: impl FnOnce(&K) -> Arc<V>) -> Arc<V> {
        let mut all = self.all.borrow_mut();
        if let Some((_, kept)) = all.iter().find(|(own, _)| *own == key) {
            return Arc::clone(kept);
        }
        // What goes makes room before the next is made.
        if all.len() >= self.most {
            all.clear();
        }
        let made = make(&key);
        all.push((key, Arc::clone(&made)));
        made
    }
}

/// A heat pump that is in no house yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pump<'a> {
    pub machine: &'a HeatPump,
    pub sink: Sink,
    pub sun: Option<SunBonus>,
}

impl Pump<'_> {
    /// Runs a winter.
    pub(crate) fn operate(self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let season = self.in_season(plant, duty);
        let [full_load, defrost] = hours::operate(Running::of(&season), duty, out).own;
        out.facts.full_load_hours = full_load;
        out.facts.defrost_hours = defrost;
    }

    /// As it stands in a house, in the weather of the duty.
    fn in_season(self, plant: &Plant, duty: &Duty<'_>) -> Arc<SeasonMachine> {
        let key = Key {
            machine: self.machine.clone(),
            sink: self.sink,
            sun: self.sun,
            tilt_deg: self.sun.and(duty.collector_tilt_deg),
            plant: Plant {
                // The machine does not see the load; houses of any size share it.
                design_load: Kilowatt::ZERO,
                ..*plant
            },
        };
        let new = |key: &Key| Arc::new(SeasonMachine::new(key, duty));
        match duty.machines {
            Some(machines) => machines.heat_pumps.get(key, new),
            None => new(&key),
        }
    }
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
}

/// The machines of one house in their weather; powers in kW.
#[derive(Clone, Copy)]
struct Running<'a> {
    season: &'a SeasonMachine,
    floor: f64,
    pump: f64,
    standby: f64,
    backup: f64,
}

impl<'a> Running<'a> {
    fn of(season: &'a SeasonMachine) -> Self {
        let (traits, units) = (&season.traits, season.units);
        Self {
            season,
            floor: traits.least_load,
            pump: traits.pump.value() * units,
            standby: traits.standby.value() * units,
            backup: traits.backup.value() * units,
        }
    }
}

impl ByHour for Running<'_> {
    const BURNS: bool = false;

    #[inline(always)]
    fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>> {
        let all = |value: f64| simd.splat_f64s(value);
        let (season, wanted) = (self.season, asked.wanted);
        let heat = simd.min_f64s(wanted, asked.of(simd, &season.capacity));
        let load = simd.mul_f64s(heat, asked.of(simd, &season.per_capacity));
        let runs = simd.greater_than_or_equal_f64s(load, all(self.floor));
        let machine = simd.select_f64s(
            runs,
            self.running(simd, asked, heat),
            self.cycling(simd, asked, heat),
        );
        let heats = simd.greater_than_f64s(heat, all(0.0));
        let machine = simd.select_f64s(heats, machine, all(0.0));
        let asks = simd.greater_than_f64s(wanted, all(0.0));
        let pump = simd.select_f64s(asks, all(self.pump), all(0.0));
        let power = simd.add_f64s(simd.add_f64s(machine, pump), all(self.standby));
        // The built-in resistance heater gives what the machine does not, up to its power.
        let backup = simd.min_f64s(simd.sub_f64s(wanted, heat), all(self.backup));
        let given = simd.add_f64s(heat, backup);
        let defrost = simd.mul_f64s(heat, asked.of(simd, &season.defrost));
        Gave {
            backup,
            own: [load, defrost],
            ..Gave::new(all(0.0), given, simd.add_f64s(power, backup))
        }
    }
}

impl Running<'_> {
    /// Electricity of a machine that does not pause, kWh.
    #[inline(always)]
    fn running<S: Simd>(self, simd: S, asked: &Asked<'_, S>, heat: F64s<S>) -> F64s<S> {
        let slope = simd.mul_f64s(asked.of(simd, &self.season.cop_slope), heat);
        let cop = simd.add_f64s(asked.of(simd, &self.season.cop_start), slope);
        simd.div_f64s(heat, simd.max_f64s(cop, simd.splat_f64s(1e-6)))
    }

    /// Electricity of one that pauses in the hour, kWh.
    #[inline(always)]
    fn cycling<S: Simd>(self, simd: S, asked: &Asked<'_, S>, heat: F64s<S>) -> F64s<S> {
        let heating = simd.mul_f64s(asked.of(simd, &self.season.per_heat), heat);
        simd.add_f64s(asked.of(simd, &self.season.idle), heating)
    }
}
