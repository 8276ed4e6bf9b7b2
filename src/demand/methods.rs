//! Demand without simulation: load index, today's fuel, design load.

use crate::demand::building::Building;
use crate::demand::exposure::BuildingWeather;
use crate::demand::heat::{HeatDemand, Schedule};
use crate::demand::simulation::House;
use crate::words::quantity::{
    Celsius, Kilogram, Kilowatt, KilowattHour, MJ_PER_KWH, MegajoulePerKilogram, SquareMetre,
    WattPerKelvin, WattPerSquareMetre,
};

/// Demand by a load index (面积热指标): `index` at `t_in` indoors and `t_design` outdoors, scaled by
/// indoor minus outdoor temperature hour by hour, as Chinese planning practice does (CJJ 34).
///
/// `schedule` gives the indoor temperature of each hour of the day; a schedule that differs from
/// `t_in` scales the heat with it. No heat is needed where it is warmer outdoors.
pub fn index_demand(
    index: WattPerSquareMetre,
    area: SquareMetre,
    (t_in, t_design): (Celsius, Celsius),
    schedule: &Schedule,
    weather: &BuildingWeather,
) -> HeatDemand {
    let span = (t_in.0 - t_design.0).max(1.0);
    let kw_per_k = index.0 * area.0 / span / 1000.0;
    let set = |i: usize| schedule.set_c[i % 24];
    let hours = weather.t_out_c.iter().enumerate();
    HeatDemand {
        heat_kw: hours
            .clone()
            .map(|(i, t_out)| kw_per_k * (set(i) - t_out).max(0.0))
            .collect(),
        t_air_c: hours.map(|(i, t_out)| set(i).max(*t_out)).collect(),
        unmet_hours: 0,
        unmet_kwh: 0.0,
    }
}

/// Useful heat of a winter's fuel: mass times heat value times stove efficiency (0 to 1).
pub fn delivered_heat(
    mass: Kilogram,
    heat_value: MegajoulePerKilogram,
    efficiency: f64,
) -> KilowattHour {
    KilowattHour(mass.0 * heat_value.0 * efficiency / MJ_PER_KWH)
}

/// A demand scaled to what the house gets now.
#[derive(Debug, Clone, PartialEq)]
pub struct Metered {
    /// The simulated shape with the metered sum.
    pub demand: HeatDemand,
    /// Metered over simulated heat. Far from 1 it shows a wrong input; nothing where the simulation
    /// needs no heat at all, in which case the heat is spread evenly.
    pub ratio: Option<f64>,
}

/// Demand by today's fuel: the simulated shape carries the heat that the fuel delivers.
///
/// Air temperatures stay those of the simulated shape: what the house really has is not known.
pub fn metered(simulated: &HeatDemand, delivered: KilowattHour) -> Metered {
    let total = simulated.total().0;
    let delivered = delivered.0.max(0.0);
    if total > 0.0 {
        let ratio = delivered / total;
        return Metered {
            demand: scaled(simulated, ratio),
            ratio: Some(ratio),
        };
    }
    let mut demand = simulated.clone();
    let even = delivered / demand.heat_kw.len().max(1) as f64;
    demand.heat_kw.fill(even);
    Metered {
        demand,
        ratio: None,
    }
}

/// The same shape with every hour multiplied.
pub fn scaled(heat: &HeatDemand, factor: f64) -> HeatDemand {
    HeatDemand {
        heat_kw: heat.heat_kw.iter().map(|kw| kw * factor).collect(),
        t_air_c: heat.t_air_c.clone(),
        unmet_hours: heat.unmet_hours,
        unmet_kwh: heat.unmet_kwh * factor,
    }
}

/// Heat that holds `t_in` when it is `t_design` outdoors for as long as it takes, without sun and
/// without gains; the ground is at its coldest of the season. No allowance for heating up.
pub fn design_load(
    building: &Building,
    weather: &BuildingWeather,
    t_in: Celsius,
    t_design: Celsius,
) -> Kilowatt {
    let hour = weather.design_hour(t_design.0);
    let house = House::new(building, weather, t_in.0, &hour);
    Kilowatt((house.steady_heat_w(t_in.0, &hour) / 1000.0).max(0.0))
}

/// Heat that the house loses per degree between indoors and outdoors at rest, floor included; the
/// film inside is that of 16 degC in the season's mean weather.
pub fn loss_coefficient(building: &Building, weather: &BuildingWeather) -> WattPerKelvin {
    const T_IN_C: f64 = 16.0;
    let house = House::new(building, weather, T_IN_C, &weather.mean_hour);
    WattPerKelvin(house.network.steady_w_k())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::{Facing, Opaque, simulate};
    use crate::words::calendar::{HOURS, MonthDay, Season};
    use crate::words::climate::{BeamSource, Exposure, HourlyYear, Site};

    /// Three January days at -4 degC, without sun and sky.
    fn still_weather() -> BuildingWeather {
        let flat = |value: f64| vec![value; HOURS];
        let year = HourlyYear {
            name: "still".into(),
            site: Site {
                latitude_deg: 40.0,
                longitude_deg: 116.0,
                elevation_m: 0.0,
                utc_offset_h: 8.0,
            },
            t_out_c: flat(-4.0),
            rh_pct: flat(50.0),
            wind_m_s: flat(2.0),
            ghi_w_m2: flat(0.0),
            dhi_w_m2: flat(0.0),
            dni_w_m2: flat(0.0),
            beam: BeamSource::Closure,
        };
        let dark = Exposure {
            wall_w_m2: std::array::from_fn(|_| flat(0.0)),
            roof_w_m2: flat(0.0),
            glass_w_m2: std::array::from_fn(|_| flat(0.0)),
            sky_k: flat(0.0),
        };
        let day = |d| MonthDay::new(1, d).unwrap();
        let season = Season {
            from: day(5),
            to: day(7),
        };
        BuildingWeather::new(&year, &dark, season)
    }

    fn house() -> Building {
        Building {
            heated_area_m2: 100.0,
            volume_m3: 280.0,
            opaque: vec![Opaque {
                area_m2: 200.0,
                u_w_m2k: 1.5,
                absorptance: 0.6,
                facing: Facing::South,
            }],
            windows: Vec::new(),
            floor: None,
            air_changes_per_h: 1.0,
            internal_gains_w_m2: 0.0,
            heat_capacity_j_k: 40e6,
            mass_area_m2: 280.0,
            interior_area_m2: 300.0,
            air_film_w_m2k: None,
            partition_m2: 20.0,
            partition_u_w_m2k: 2.2,
        }
    }

    #[test]
    fn the_index_is_scaled_by_the_temperature_difference() {
        let index = WattPerSquareMetre(60.0);
        let at = (Celsius(18.0), Celsius(-10.0));
        let constant = Schedule::constant(18.0);
        let area = SquareMetre(100.0);
        let heat = index_demand(index, area, at, &constant, &still_weather());
        // 60 W/m2 x 100 m2 x (18 + 4) / (18 + 10) = 4,714 W, for 72 hours.
        assert!((heat.total().0 - 6.0 * 22.0 / 28.0 * 72.0).abs() < 1e-9);
        let half = index_demand(
            index,
            area,
            at,
            &Schedule::daily(18.0, 7.0, 0, 12),
            &still_weather(),
        );
        // At 7 degC half of the difference is left: 11 of 22 K for half of the hours.
        assert!((half.total().0 - 0.75 * heat.total().0).abs() < 1e-9);
    }

    #[test]
    fn five_tonnes_of_coal_at_forty_percent_are_eleven_megawatt_hours() {
        let heat = delivered_heat(Kilogram(5000.0), MegajoulePerKilogram(20.5), 0.4);
        assert!((heat.0 - 5000.0 * 20.5 * 0.4 / 3.6).abs() < 1e-9);
    }

    #[test]
    fn metered_heat_keeps_the_shape_and_tells_the_ratio() {
        let simulated = simulate(
            &house(),
            &still_weather(),
            &Schedule::daily(18.0, 12.0, 6, 22),
            None,
        );
        let found = metered(&simulated, KilowattHour(100.0));
        assert!((found.demand.total().0 - 100.0).abs() < 1e-9);
        let ratio = found.ratio.unwrap();
        assert!((ratio - 100.0 / simulated.total().0).abs() < 1e-12);
        assert!((found.demand.peak().0 - ratio * simulated.peak().0).abs() < 1e-9);
        let idle = scaled(&simulated, 0.0);
        let even = metered(&idle, KilowattHour(72.0));
        assert_eq!((even.ratio, even.demand.peak().0), (None, 1.0));
    }

    #[test]
    fn still_weather_needs_the_design_load_hour_by_hour() {
        let (house, weather) = (house(), still_weather());
        let heat = simulate(&house, &weather, &Schedule::constant(18.0), None);
        let load = design_load(&house, &weather, Celsius(18.0), Celsius(-4.0)).0;
        let last = heat.heat_kw[heat.heat_kw.len() - 1];
        assert!((last / load - 1.0).abs() < 1e-6, "{last} {load}");
        let per_k = loss_coefficient(&house, &weather).0 / 1000.0;
        assert!((per_k * 22.0 / load - 1.0).abs() < 0.02);
    }
}
