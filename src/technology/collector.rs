//! Solar thermal collectors and the f-chart cross-check.

use crate::words::quantity::SquareMetre;

/// Efficiency curve of a collector, on its aperture (ISO 9806, steady state).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CollectorCurve {
    /// Optical efficiency.
    pub eta0: f64,
    /// Linear loss, W/(m2 K).
    pub a1: f64,
    /// Quadratic loss, W/(m2 K2).
    pub a2: f64,
}

impl CollectorCurve {
    /// Heat of one m2 at an irradiance (W/m2) and a mean fluid temperature above the air (K), W/m2:
    /// `eta0 G - a1 dT - a2 dT^2`, never below 0.
    #[inline(always)]
    pub fn heat_w_m2(&self, irradiance_w_m2: f64, dt_k: f64) -> f64 {
        let loss = self.a1 * dt_k + self.a2 * dt_k * dt_k.abs();
        (self.eta0 * irradiance_w_m2 - loss).max(0.0)
    }
    /// The same as an efficiency; 0 without sun.
    pub fn efficiency(&self, irradiance_w_m2: f64, dt_k: f64) -> f64 {
        if irradiance_w_m2 <= 0.0 {
            return 0.0;
        }
        self.heat_w_m2(irradiance_w_m2, dt_k) / irradiance_w_m2
    }
}

/// Monthly solar fraction of a liquid system by the f-chart correlation (Klein, Beckman, Duffie
/// 1976): `f = 1.029 Y - 0.065 X - 0.245 Y^2 + 0.0018 X^2 + 0.0215 Y^3`, cut to 0 and 1.
pub fn f_chart(x: f64, y: f64) -> f64 {
    let f = 1.029 * y - 0.065 * x - 0.245 * y * y + 0.0018 * x * x + 0.0215 * y * y * y;
    f.clamp(0.0, 1.0)
}

/// `X` of the f-chart: `A FR'UL (100 - Ta) dt / L`, with `FR'UL` in W/(m2 K), `Ta` in degC, the month
/// in hours and its load in kWh.
pub fn f_chart_x(area: SquareMetre, frul: f64, t_air_c: f64, hours: f64, load_kwh: f64) -> f64 {
    area.value() * frul * (100.0 - t_air_c) * hours / 1000.0 / load_kwh
}

/// `Y` of the f-chart: `A FR'(ta) H / L`, with the month's irradiation in kWh/m2 and load in kWh.
pub fn f_chart_y(area: SquareMetre, frta: f64, irradiation_kwh_m2: f64, load_kwh: f64) -> f64 {
    area.value() * frta * irradiation_kwh_m2 / load_kwh
}
