//! Winters of several houses side by side, one house in each lane of a vector.
//!
//! A tank or a store needs the hour before, so that the hours of one house cannot be worked out
//! together; those of eight houses can. Every lane does what the heater does for one house, sum for
//! sum, and gives the same bits.

mod solar;
mod storage;

use crate::technology::curve::greater;
use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::tab::{Done, Each};
use crate::technology::{ElectricStorage, Heater, SolarElectric};
use crate::words::lanes::LANES;
use crate::words::wide::{F64s, M64s, Simd};

/// Houses side by side.
pub const ABREAST: usize = LANES;

/// The winter of a heater in one house.
pub struct Job<'a> {
    /// The heater.
    pub heater: &'a Heater,
    /// How it stands.
    pub plant: Plant,
    /// What is asked of it.
    pub duty: Duty<'a>,
    /// What it did.
    pub out: &'a mut Operation,
}

/// Runs winters in one place side by side, in any order, as [`Heater::operate`] runs each.
pub fn operate_abreast(jobs: &mut [Job<'_>]) {
    let (mut tanks, mut stores) = (Vec::new(), Vec::new());
    for job in jobs {
        match job.heater {
            Heater::SolarElectric(it) if it.goes_abreast() => tanks.push((it, job)),
            Heater::ElectricStorage(it) => stores.push((it, job)),
            heater => heater.operate(&job.plant, &job.duty, job.out),
        }
    }
    each_group(&mut tanks, solar::operate);
    each_group(&mut stores, storage::operate);
}

/// Calls `run` for as many at a time as there are lanes, of those that have the same hours; those
/// that are alone run as one house.
fn each_group<'j, 'a, H>(
    jobs: &mut [(H, &'j mut Job<'a>)],
    mut run: impl FnMut(&mut [(H, &'j mut Job<'a>)]),
) {
    // In which order the groups come depends on where they lie in memory, and changes nothing: no
    // house sees another.
    jobs.sort_by_key(|(_, job)| Hours::of(&job.duty));
    for some in jobs.chunk_by_mut(|a, b| Hours::of(&a.1.duty) == Hours::of(&b.1.duty)) {
        for some in some.chunks_mut(ABREAST) {
            match some {
                [(_, job)] => job.heater.operate(&job.plant, &job.duty, job.out),
                some => run(some),
            }
        }
    }
}

/// A tank with its winter.
pub(crate) type Tank<'j, 'a> = (&'a SolarElectric, &'j mut Job<'a>);
/// A store with its winter.
pub(crate) type Store<'j, 'a> = (&'a ElectricStorage, &'j mut Job<'a>);

/// By what the hours of a winter are told apart: one weather, one plane of sun, one tariff. Arrays
/// are the same where they are the same memory.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Hours {
    t_out: *const f64,
    cheap: *const bool,
    sun: Option<*const f64>,
    count: usize,
}

impl Hours {
    fn of(duty: &Duty<'_>) -> Self {
        Self {
            t_out: duty.t_out_c.as_ptr(),
            cheap: duty.cheap.as_ptr(),
            sun: duty.collector_w_m2.map(<[f64]>::as_ptr),
            count: duty.hours(),
        }
    }
}

/// Heat that is wanted in each lane, kW; lanes without a house want none.
#[derive(Clone, Copy)]
struct Heats<'a>([&'a [f64]; ABREAST]);

impl<'a> Heats<'a> {
    fn of<H>(some: &[(H, &mut Job<'a>)]) -> Self {
        let heat = |lane: usize| some.get(lane).map_or(&[][..], |(_, job)| job.duty.heat_kw);
        Self(std::array::from_fn(heat))
    }

    /// In an hour, of the houses of one vector.
    #[inline(always)]
    fn at<S: Simd>(&self, part: usize, hour: usize) -> F64s<S> {
        let mut each = [0.0; ABREAST];
        let lanes = each.iter_mut().zip(&self.0);
        for (kw, heat) in lanes.skip(part * S::F64_LANES).take(S::F64_LANES) {
            *kw = greater(heat.get(hour).copied().unwrap_or(0.0), 0.0);
        }
        part_of::<S>(part, &each)
    }
}

/// Electricity that each house draws, kWh.
struct Powers<'p>(Vec<&'p mut [f64]>);

impl<'p> Powers<'p> {
    /// The hours of each house, ready to be filled.
    fn of<H>(some: &'p mut [(H, &mut Job<'_>)]) -> Self {
        let hours = some.iter_mut().map(|(_, job)| {
            job.out.reset(job.duty.hours(), false);
            job.out.electricity_kwh.as_mut_slice()
        });
        Self(hours.collect())
    }

    /// In an hour, of the houses of one vector.
    #[inline(always)]
    fn put<S: Simd>(&mut self, part: usize, hour: usize, kwh: F64s<S>) {
        let mut each = [0.0; ABREAST];
        S::as_mut_simd_f64s(&mut each).0[part] = kwh;
        let lanes = self.0.iter_mut().zip(each);
        for (power, kwh) in lanes.skip(part * S::F64_LANES).take(S::F64_LANES) {
            if let Some(power) = power.get_mut(hour) {
                *power = kwh;
            }
        }
    }
}

/// A value of each job, 0 in lanes without one.
fn each<T>(some: &[T], value: impl Fn(&T) -> f64) -> Each {
    std::array::from_fn(|lane| some.get(lane).map_or(0.0, &value))
}

/// Whether any lane holds.
#[inline(always)]
fn any<S: Simd>(simd: S, mask: M64s<S>) -> bool {
    simd.first_true_m64s(mask) < S::F64_LANES
}

/// 1 where the mask holds, else 0.
#[inline(always)]
fn one_if<S: Simd>(simd: S, mask: M64s<S>) -> F64s<S> {
    simd.select_f64s(mask, simd.splat_f64s(1.0), simd.splat_f64s(0.0))
}

/// The part of a value for each house that one vector holds.
#[inline(always)]
fn part_of<S: Simd>(part: usize, each: &Each) -> F64s<S> {
    S::as_simd_f64s(each).0[part]
}

/// Gives every house what its lane did.
fn give_out<H>(some: &mut [(H, &mut Job<'_>)], done: &Done) {
    for (lane, (_, job)) in some.iter_mut().enumerate() {
        job.out.book(&done.of_lane(lane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::technology::collector::CollectorCurve;
    use crate::technology::emitter::EmitterCurve;
    use crate::technology::solar_electric::{Remainder, SolarTank};
    use crate::words::quantity::{
        Celsius, CubicMetre, Kelvin, Kilowatt, KilowattHour, Metre, SquareMetre, WattPerKelvin,
    };

    /// Forty days whose heat, sun and cold swing over the day and drift over the season.
    struct Weather {
        t_out_c: Vec<f64>,
        rh_pct: Vec<f64>,
        cheap: Vec<bool>,
        sun: Vec<f64>,
    }

    impl Weather {
        fn new() -> Self {
            let hours = 0..40 * 24;
            let swing =
                |i: usize, shift: f64| ((i as f64 - shift) / 24.0 * std::f64::consts::TAU).sin();
            Self {
                t_out_c: hours
                    .clone()
                    .map(|i| -8.0 + 6.0 * swing(i, 9.0) + i as f64 / 100.0)
                    .collect(),
                rh_pct: hours.clone().map(|_| 60.0).collect(),
                cheap: hours.clone().map(|i| (i + 2) % 24 < 8).collect(),
                sun: hours
                    .map(|i| (800.0 * swing(i, 7.0) - (i % 7) as f64 * 90.0).max(0.0))
                    .collect(),
            }
        }

        fn heat(&self, house: usize) -> Vec<f64> {
            let ua = 0.08 + 0.04 * house as f64;
            let wanted = |(i, t): (usize, &f64)| match (i + house) % 11 {
                0 => 0.0,
                _ => (ua * (14.0 - t)).max(0.0),
            };
            self.t_out_c.iter().enumerate().map(wanted).collect()
        }
    }

    fn tank(valley: bool) -> Heater {
        let element = Kilowatt(6.0);
        Heater::SolarElectric(SolarElectric {
            solar: SolarTank {
                curve: CollectorCurve {
                    eta0: 0.72,
                    a1: 3.1,
                    a2: 0.012,
                },
                area: SquareMetre(8.0),
                rise: Kelvin(5.0),
                transfer: 0.9,
                tank: CubicMetre(0.5),
                tank_loss: WattPerKelvin(3.0),
                tank_indoors: !valley,
                t_max: Celsius(85.0),
                pump: Kilowatt(0.04),
            },
            remainder: if valley {
                Remainder::Valley(element)
            } else {
                Remainder::AnyHour(element)
            },
            pump: Kilowatt(0.06),
            standby: Kilowatt(0.005),
        })
    }

    fn store() -> Heater {
        Heater::ElectricStorage(ElectricStorage {
            charge: Kilowatt(4.8),
            capacity: KilowattHour(30.0),
            discharge: Kilowatt(3.0),
            loss_share_per_day: 0.06,
            top_up: Kilowatt(1.0),
            fan: Kilowatt(0.03),
            standby: Kilowatt(0.004),
        })
    }

    fn plant(house: usize) -> Plant {
        Plant {
            count: 1 + (house % 3) as u16,
            emitter: EmitterCurve {
                t_supply_design: Celsius(if house == 5 { 45.0 } else { 55.0 }),
                t_supply_min: Celsius(30.0),
                spread_design: Kelvin(8.0),
                exponent: 1.3,
                weather_compensated: true,
            },
            elevation: Metre(1100.0),
            t_design: Celsius(-14.0),
            t_room: Celsius(18.0),
            design_load: Kilowatt(5.0),
        }
    }

    /// Houses worked out side by side give, to the bit, what each gives alone; also where they do
    /// not fill the lanes.
    #[test]
    fn side_by_side_is_as_one_by_one() {
        let weather = Weather::new();
        let heaters = [tank(true), tank(false), store()];
        for (heater, houses) in heaters.iter().flat_map(|it| [(it, 8), (it, 6), (it, 3)]) {
            let heats: Vec<Vec<f64>> = (0..houses).map(|house| weather.heat(house)).collect();
            let duty = |house: usize| Duty {
                heat_kw: &heats[house],
                t_out_c: &weather.t_out_c,
                rh_pct: &weather.rh_pct,
                cheap: &weather.cheap,
                collector_w_m2: Some(&weather.sun),
                collector_tilt_deg: Some(45),
                machines: None,
            };
            let mut together = vec![Operation::default(); houses];
            let jobs = together.iter_mut().enumerate();
            let jobs = jobs.map(|(house, out)| Job {
                heater,
                plant: plant(house),
                duty: duty(house),
                out,
            });
            operate_abreast(&mut jobs.collect::<Vec<_>>());
            for (house, found) in together.iter().enumerate() {
                let mut alone = Operation::default();
                heater.operate(&plant(house), &duty(house), &mut alone);
                assert!(alone.backup_kwh > 0.0 && alone.delivered_kwh > alone.backup_kwh);
                assert_eq!(
                    *found,
                    alone,
                    "{:?} house {house} of {houses}",
                    heater.kind()
                );
            }
        }
    }
}
