//! Seasonal performance by the bin method of EN 14825, to check a product against its label.

use crate::technology::curve::Curve;
use crate::words::quantity::{Celsius, Kilowatt};

/// One test point of a declaration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestPoint {
    /// Outdoor air.
    pub t_out: Celsius,
    /// Declared capacity.
    pub capacity: Kilowatt,
    /// Declared COP at that capacity.
    pub cop: f64,
}

/// What a season is computed for.
#[derive(Debug, Clone, PartialEq)]
pub struct Season<'a> {
    /// Full load of the house at `t_design`.
    pub p_design: Kilowatt,
    /// Design temperature of the climate.
    pub t_design: Celsius,
    /// Temperature below which the machine stops.
    pub t_limit: Celsius,
    /// Degradation coefficient `Cc`; 0.9 unless measured.
    pub cc: f64,
    /// Hours of the season at each outdoor temperature, degC.
    pub bins: &'a [(f64, f64)],
}

/// A season worked out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scop {
    /// `SCOPon`: heat over electricity with the electric back-up.
    pub on: f64,
    /// `SCOPnet`: of the machine alone.
    pub net: f64,
    /// Heat of the season, kWh.
    pub heat_kwh: f64,
    /// Electricity of the season with back-up, kWh.
    pub electricity_kwh: f64,
    /// Heat of the electric back-up, kWh.
    pub backup_kwh: f64,
}

/// `SCOPon` and what belongs to it (EN 14825:2018, 7 and annex H): load falls in a straight line
/// from `t_design` to 16 degC; the COP of a point whose capacity exceeds the load is degraded by
/// `CR / (Cc CR + 1 - Cc)`; bins between points are interpolated, beyond the last by its slope; what
/// the capacity does not cover is electric heat. Nothing if two points share a temperature.
pub fn scop(points: &[TestPoint], season: &Season<'_>) -> Option<Scop> {
    let load_at = |t: f64| {
        let design = season.t_design.value();
        season.p_design.value() * ((16.0 - t) / (16.0 - design)).max(0.0)
    };
    let degraded = |point: &TestPoint| {
        let ratio = (load_at(point.t_out.value()) / point.capacity.value()).min(1.0);
        (
            point.t_out.value(),
            point.cop * ratio / (season.cc * ratio + 1.0 - season.cc),
        )
    };
    let cop = Curve::new(points.iter().map(degraded).collect())?;
    let capacity = Curve::new(
        points
            .iter()
            .map(|p| (p.t_out.value(), p.capacity.value()))
            .collect(),
    )?;
    let (mut heat, mut power, mut backup) = (0.0, 0.0, 0.0);
    for &(t, hours) in season.bins {
        let load = load_at(t);
        let running = t >= season.t_limit.value();
        let given = if running {
            load.min(capacity.extended(t))
        } else {
            0.0
        };
        heat += hours * load;
        backup += hours * (load - given);
        power += hours * given / cop.extended(t).max(1e-9);
    }
    Some(Scop {
        on: heat / (power + backup),
        net: (heat - backup) / power,
        heat_kwh: heat,
        electricity_kwh: power + backup,
        backup_kwh: backup,
    })
}
