//! Emitters: how warm the water must be.

use crate::words::quantity::{Celsius, Kelvin};

/// Supply temperature of a water heating over its load.
///
/// `t_supply = t_room + (t_supply,design - t_room) load^(1/n)`, the emitter law `Q ~ dT^n` of
/// EN 442-2 (radiators) and EN 1264-2 (floor) solved for the temperature, with the excess taken at
/// the supply; never below `t_min`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmitterCurve {
    /// Supply at the design load.
    pub t_supply_design: Celsius,
    /// Lowest supply that a controller sends.
    pub t_supply_min: Celsius,
    /// Supply less return at the design load.
    pub spread_design: Kelvin,
    /// Exponent `n` of the emitter law: radiators 1.3, floor 1.1, fan coil 1.0.
    pub exponent: f64,
    /// Whether the supply follows the weather; otherwise it stays at the design supply.
    pub weather_compensated: bool,
}

impl EmitterCurve {
    /// Supply temperature at a share of the design load (0 to 1), degC.
    pub fn supply_c(&self, t_room: Celsius, load: f64) -> f64 {
        let design = self.t_supply_design.value();
        if !self.weather_compensated {
            return design;
        }
        let excess = design - t_room.value();
        let supply = t_room.value() + excess * load.clamp(0.0, 1.0).powf(1.0 / self.exponent);
        supply.max(self.t_supply_min.value()).min(design)
    }

    /// Return temperature at a share of the design load, degC.
    pub fn return_c(&self, t_room: Celsius, load: f64) -> f64 {
        let spread = self.spread_design.value() * load.clamp(0.0, 1.0);
        (self.supply_c(t_room, load) - spread).max(t_room.value())
    }
}
