//! 煤和排放: what one winter emits at the house and, for electricity, upstream in the grid.

use crate::comparison::outcome::Emissions;
use crate::comparison::setting::Setting;
use crate::technology::fuel;
use crate::words::kinds::Carrier;
use crate::words::provenance::Sourced;

/// Emissions of the units that one winter uses. A pollutant without a factor for any fuel in use
/// is left out, never taken as zero.
pub fn of_winter(setting: &Setting, units: &[(Carrier, f64)], coal_today_t: f64) -> Emissions {
    let coal = units
        .iter()
        .find(|(carrier, _)| *carrier == Carrier::LooseCoal);
    let coal_t = coal.map_or(0.0, |(_, t)| *t);
    let sum = |factor: fn(&fuel::Emissions) -> &Option<Sourced<f64>>| {
        let mut total = 0.0;
        for (carrier, amount) in units {
            if matches!(carrier, Carrier::Electricity | Carrier::NetworkHeat) {
                continue;
            }
            let supply = setting.prices.fuels.get(carrier)?;
            total += factor(&supply.fuel.emissions).as_ref()?.value * amount;
        }
        Some(total)
    };
    let power = units
        .iter()
        .find(|(carrier, _)| *carrier == Carrier::Electricity);
    let kwh = power.map_or(0.0, |(_, kwh)| *kwh);
    Emissions {
        coal_t,
        coal_replaced_t: (coal_today_t - coal_t).max(0.0),
        co2_house_kg: sum(|e| &e.co2_kg),
        co2_grid_kg: setting
            .grid
            .as_ref()
            .map(|grid| grid.co2_kg_per_kwh.value * kwh),
        pm25_kg: sum(|e| &e.pm25_kg),
        so2_kg: sum(|e| &e.so2_kg),
        nox_kg: sum(|e| &e.nox_kg),
    }
}
