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
        unmet_kwh: heat.unmet_kwh * factor,
        ..heat.clone()
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
