//! Houses simulated side by side, one in each lane of a vector.
//!
//! An hour of a house waits for the one before it, so that the hours of one house cannot be worked
//! out together; those of eight houses can. Every lane does what [`crate::demand::simulate`] does
//! for one house, sum for sum, and gives the same bits.

use crate::demand::building::Building;
use crate::demand::exposure::{BuildingWeather, FEATURES, Hour};
use crate::demand::heat::Schedule;
use crate::demand::simulation::House;
use crate::words::lanes::LANES;
use crate::words::wide::{F64s, Simd, Vectors, vectors};

/// A value for each house.
type Each = [f64; LANES];

/// Heat of up to [`LANES`] houses through the season of their weather without a limit, kW.
pub(crate) fn simulate_abreast(
    houses: &[(&Building, &Schedule)],
    weather: &BuildingWeather,
) -> Vec<Vec<f64>> {
    let some = &houses[..houses.len().min(LANES)];
    let season = weather.hours.len() - weather.lead;
    let mut heats: Vec<Vec<f64>> = some.iter().map(|_| vec![0.0; season]).collect();
    let made = Houses::new(some, weather);
    vectors(Season {
        houses: &made,
        weather,
        heats: &mut heats,
    });
    heats
}

/// What the recursion of each house needs; lanes without a house are houses without walls.
struct Houses {
    air_by_mass: Each,
    air: [Each; FEATURES],
    air_constant: Each,
    mass_by_mass: Each,
    mass: [Each; FEATURES],
    mass_constant: Each,
    mass_by_heat: Each,
    watts_per_k: Each,
    vent_above_c: Each,
    begin_c: Each,
    set_c: [Each; 24],
}

impl Houses {
    fn new(houses: &[(&Building, &Schedule)], weather: &BuildingWeather) -> Self {
        let made = houses.iter().map(|(building, schedule)| {
            House::new(building, weather, schedule.mean_c(), &weather.mean_hour)
        });
        let made: Vec<House> = made.collect();
        let of_house = |value: &dyn Fn(&House) -> f64| -> Each {
            std::array::from_fn(|lane| made.get(lane).map_or(0.0, value))
        };
        let of_habit = |value: &dyn Fn(&Schedule) -> f64| -> Each {
            std::array::from_fn(|lane| houses.get(lane).map_or(0.0, |(_, it)| value(it)))
        };
        let of_hour = |hour: fn(&House) -> &Hour| -> [Each; FEATURES] {
            std::array::from_fn(|k| of_house(&|it| hour(it)[k]))
        };
        Self {
            air_by_mass: of_house(&|it| it.response.air_by_mass),
            air: of_hour(|it| &it.air),
            air_constant: of_house(&|it| it.air_constant),
            mass_by_mass: of_house(&|it| it.response.mass_by_mass),
            mass: of_hour(|it| &it.mass),
            mass_constant: of_house(&|it| it.mass_constant),
            mass_by_heat: of_house(&|it| it.response.mass.air),
            watts_per_k: of_house(&|it| 1.0 / it.response.air.air),
            vent_above_c: of_habit(&|it| it.vent_above_c),
            begin_c: of_habit(&Schedule::mean_c),
            set_c: std::array::from_fn(|hour| of_habit(&|it| it.set_c[hour])),
        }
    }
}

struct Season<'a> {
    houses: &'a Houses,
    weather: &'a BuildingWeather,
    heats: &'a mut [Vec<f64>],
}

impl Vectors for Season<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        for part in 0..LANES / S::F64_LANES {
            if part * S::F64_LANES < self.heats.len() {
                self.part(simd, part);
            }
        }
    }
}

impl Season<'_> {
    /// The hours of the houses of one vector.
    #[inline(always)]
    fn part<S: Simd>(&mut self, simd: S, part: usize) {
        let of = |each: &Each| S::as_simd_f64s(each).0[part];
        let houses = self.houses;
        let zero = simd.splat_f64s(0.0);
        let (air, mass) = (
            houses.air.each_ref().map(of),
            houses.mass.each_ref().map(of),
        );
        let (air_constant, mass_constant) = (of(&houses.air_constant), of(&houses.mass_constant));
        let (air_by_mass, mass_by_mass) = (of(&houses.air_by_mass), of(&houses.mass_by_mass));
        let (per_k, by_heat) = (of(&houses.watts_per_k), of(&houses.mass_by_heat));
        let vent = of(&houses.vent_above_c);
        let mut t_mass = of(&houses.begin_c);
        for (i, hour) in self.weather.hours.iter().enumerate() {
            let set_c = of(&houses.set_c[i % 24]);
            let outside = simd.add_f64s(dot(simd, &air, hour), air_constant);
            let free = simd.add_f64s(simd.mul_f64s(air_by_mass, t_mass), outside);
            let needs = simd.mul_f64s(simd.sub_f64s(set_c, free), per_k);
            let heat_w = simd.max_f64s(needs, zero);
            let vents = simd.mul_f64s(simd.sub_f64s(free, vent), per_k);
            let vented_w = simd.max_f64s(vents, zero);
            let outside = simd.add_f64s(dot(simd, &mass, hour), mass_constant);
            let kept = simd.add_f64s(simd.mul_f64s(mass_by_mass, t_mass), outside);
            let more = simd.mul_f64s(by_heat, simd.sub_f64s(heat_w, vented_w));
            t_mass = simd.add_f64s(kept, more);
            if let Some(at) = i.checked_sub(self.weather.lead) {
                self.put::<S>(part, at, simd.mul_f64s(heat_w, simd.splat_f64s(1e-3)));
            }
        }
    }

    /// Heat of an hour of the season, of the houses of one vector.
    #[inline(always)]
    fn put<S: Simd>(&mut self, part: usize, hour: usize, kw: F64s<S>) {
        let mut each = [0.0; LANES];
        S::as_mut_simd_f64s(&mut each).0[part] = kw;
        let lanes = self.heats.iter_mut().zip(each);
        for (heat, kw) in lanes.skip(part * S::F64_LANES).take(S::F64_LANES) {
            if let Some(to) = heat.get_mut(hour) {
                *to = kw;
            }
        }
    }
}

/// The dot product of each house's own hour with the hour of the weather, in the order of addition
/// that one house has.
#[inline(always)]
fn dot<S: Simd>(simd: S, own: &[F64s<S>; FEATURES], hour: &Hour) -> F64s<S> {
    let sum_of = |first: usize| {
        let mut sum = simd.splat_f64s(0.0);
        for k in (first..FEATURES).step_by(4) {
            sum = simd.add_f64s(sum, simd.mul_f64s(own[k], simd.splat_f64s(hour[k])));
        }
        sum
    };
    let front = simd.add_f64s(sum_of(0), sum_of(1));
    simd.add_f64s(front, simd.add_f64s(sum_of(2), sum_of(3)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::{Facing, Opaque, Window, simulate};
    use crate::words::calendar::{HOURS, MonthDay, Season};
    use crate::words::climate::{BeamSource, Exposure, HourlyYear, Site};

    /// A spring in which the days are warm, with sun from all sides.
    fn weather() -> BuildingWeather {
        let wave = |h: usize, shift: f64| {
            ((h as f64 - shift) / 24.0 * std::f64::consts::TAU).sin() + h as f64 / 20_000.0
        };
        let series = |mean: f64, swing: f64, shift: f64| -> Vec<f64> {
            (0..HOURS).map(|h| mean + swing * wave(h, shift)).collect()
        };
        let sun = |most: f64, shift: f64| -> Vec<f64> {
            series(0.0, most, shift)
                .into_iter()
                .map(|w| w.max(0.0))
                .collect()
        };
        let year = HourlyYear {
            name: "wave".into(),
            site: Site {
                latitude_deg: 40.0,
                longitude_deg: 116.0,
                elevation_m: 1100.0,
                utc_offset_h: 8.0,
            },
            t_out_c: series(8.0, 9.0, 9.0),
            rh_pct: series(50.0, 10.0, 3.0),
            wind_m_s: series(2.0, 0.5, 5.0),
            ghi_w_m2: sun(600.0, 6.0),
            dhi_w_m2: sun(200.0, 6.0),
            dni_w_m2: sun(500.0, 6.0),
            beam: BeamSource::Closure,
        };
        let exposure = Exposure {
            wall_w_m2: std::array::from_fn(|k| sun(300.0 + 40.0 * k as f64, 5.0 + k as f64)),
            roof_w_m2: sun(500.0, 6.0),
            glass_w_m2: std::array::from_fn(|k| sun(250.0 - 30.0 * k as f64, 5.0 + k as f64)),
            sky_k: series(8.0, 3.0, 1.0),
        };
        let (from, to) = (MonthDay::new(3, 1).unwrap(), MonthDay::new(4, 20).unwrap());
        BuildingWeather::new(&year, &exposure, Season { from, to })
    }

    fn house(number: usize) -> Building {
        let size = 1.0 + number as f64 * 0.13;
        Building {
            heated_area_m2: 70.0 * size,
            volume_m3: 190.0 * size,
            opaque: vec![Opaque {
                area_m2: 150.0 * size,
                u_w_m2k: 1.4 - 0.1 * number as f64,
                absorptance: 0.6,
                facing: Facing::East,
            }],
            windows: vec![Window {
                area_m2: 12.0 + number as f64,
                u_w_m2k: 3.1,
                g: 0.5,
                facing: Facing::South,
            }],
            floor: None,
            air_changes_per_h: 0.9,
            internal_gains_w_m2: 3.0,
            heat_capacity_j_k: 3e7 * size,
            mass_area_m2: 200.0 * size,
            interior_area_m2: 260.0 * size,
            air_film_w_m2k: None,
            partition_m2: 20.0,
            partition_u_w_m2k: 2.2,
        }
    }

    /// Houses simulated side by side need, to the bit, what each needs alone; also where they do not
    /// fill the lanes.
    #[test]
    fn side_by_side_is_as_one_by_one() {
        let weather = weather();
        for count in [1, 3, LANES] {
            let houses: Vec<Building> = (0..count).map(house).collect();
            let habit = |i: usize| Schedule::daily(18.0 - i as f64 * 0.3, 12.0, 6, 20 + i % 3);
            let habits: Vec<Schedule> = (0..count).map(habit).collect();
            let pairs: Vec<(&Building, &Schedule)> = houses.iter().zip(&habits).collect();
            let together = simulate_abreast(&pairs, &weather);
            assert_eq!(together.len(), count);
            for ((house, habit), found) in pairs.iter().zip(&together) {
                let alone = simulate(house, &weather, habit, None).heat_kw;
                assert!(alone.iter().any(|&kw| kw > 0.0) && alone.contains(&0.0));
                assert_eq!(*found, alone);
            }
        }
    }
}
