//! Rooftop PV: hourly yield, and how much of it the house uses itself.

use crate::words::fixed::Fixed;
use crate::words::kinds::Name;
use crate::words::quantity::{Kilowatt, SquareMetre};

/// A PV array with its inverter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PvSystem {
    /// DC power at standard test conditions.
    pub dc: Kilowatt,
    /// Change of power with cell temperature, 1/K (negative).
    pub gamma_per_k: f64,
    /// Losses by soiling, shading, wiring, mismatch and the rest, as a share.
    pub losses: f64,
    /// Nominal efficiency of the inverter.
    pub inverter: f64,
    /// DC power over the inverter's AC rating.
    pub dc_ac: f64,
    /// How the modules are mounted.
    pub mount: Mount,
}

/// Mounting, by the constants of the Sandia cell temperature model (King et al. 2004, table 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mount {
    /// On a rack, air on both sides.
    OpenRack,
    /// Close to the roof.
    CloseMount,
}

/// Who owns an array and what the household gets.
#[derive(Debug, Clone, PartialEq)]
pub struct RoofRent {
    /// Name of the scheme.
    pub name: Name,
    /// Yuan a year for each kW on the roof.
    pub per_kw: Fixed,
    /// Yuan a year for each panel.
    pub per_panel: Fixed,
    /// Whether the developer pays the electricity of the heating.
    pub pays_heating: bool,
}

impl Mount {
    /// `a`, `b` (s/m) and the cell-to-back difference (K) of the model, glass/glass.
    const fn constants(self) -> (f64, f64, f64) {
        match self {
            Self::OpenRack => (-3.47, -0.0594, 3.0),
            Self::CloseMount => (-2.98, -0.0471, 1.0),
        }
    }
}

/// Electricity of each hour, kWh AC (same length as the shortest input): irradiance on the plane
/// W/m2, outdoor degC, wind m/s.
///
/// PVWatts version 5 (Dobos, NREL/TP-6A20-62641): `P_dc = P_0 G/1000 (1 + gamma (T_c - 25))`, losses,
/// and the inverter's efficiency over its load
/// `eta/eta_nom 0.9637 = -0.0162 z - 0.0059/z + 0.9858`. Cell temperature by the Sandia model:
/// `T_c = T + G exp(a + b v) + G/1000 dT`. The irradiance carries no loss by reflection.
pub fn pv_generation(
    system: &PvSystem,
    poa_w_m2: &[f64],
    t_out_c: &[f64],
    wind_m_s: &[f64],
) -> Vec<f64> {
    let (a, b, back) = system.mount.constants();
    let ac_rated = system.dc.value() / system.dc_ac.max(1e-6);
    poa_w_m2
        .iter()
        .zip(t_out_c)
        .zip(wind_m_s)
        .map(|((&g, &t), &v)| {
            if g <= 0.0 {
                return 0.0;
            }
            let cell = t + g * (a + b * v).exp() + g / 1000.0 * back;
            let dc = system.dc.value() * g / 1000.0 * (1.0 + system.gamma_per_k * (cell - 25.0));
            inverter_ac(
                dc.max(0.0) * (1.0 - system.losses),
                ac_rated,
                system.inverter,
            )
        })
        .collect()
}

/// AC power of an inverter, kW, from its DC power and its AC rating.
fn inverter_ac(dc: f64, ac_rated: f64, nominal: f64) -> f64 {
    let dc_rated = ac_rated / nominal.max(1e-6);
    let z = dc / dc_rated.max(1e-9);
    if z <= 0.0 {
        return 0.0;
    }
    let efficiency = nominal / 0.9637 * (-0.0162 * z - 0.0059 / z + 0.9858);
    (dc * efficiency.max(0.0)).min(ac_rated)
}

/// How a house shares the yield of its roof, kWh of each hour.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PvUse {
    /// Used in the house.
    pub self_used: Vec<f64>,
    /// Sold to the grid.
    pub exported: Vec<f64>,
}

/// Uses the yield hour by hour before it is sold: `min(load, generation)` stays in the house.
/// Hours beyond the shorter array are left out.
pub fn self_use(load_kwh: &[f64], generation_kwh: &[f64]) -> PvUse {
    let pairs = || load_kwh.iter().zip(generation_kwh);
    PvUse {
        self_used: pairs()
            .map(|(&load, &sun)| load.min(sun).max(0.0))
            .collect(),
        exported: pairs()
            .map(|(&load, &sun)| (sun - load.max(0.0)).max(0.0))
            .collect(),
    }
}

/// Roof needed for an array, from the efficiency of its modules (W/m2 at standard conditions).
pub fn roof_needed(dc: Kilowatt, module_w_m2: f64) -> SquareMetre {
    SquareMetre(dc.value() * 1000.0 / module_w_m2.max(1.0))
}
