//! What comes out: the heat of a season, and how it is asked for.

use crate::words::lanes;
use crate::words::quantity::{Kilowatt, KilowattHour};

/// Set temperatures over the day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Air temperature that is asked for in each hour of the day, degC.
    pub set_c: [f64; 24],
    /// Air temperature above which people open the windows, degC.
    pub vent_above_c: f64,
}

impl Schedule {
    /// Where nothing is said, windows are opened above this air temperature, degC (assumption).
    pub const VENT_ABOVE_C: f64 = 28.0;
    /// These set temperatures, hour by hour.
    pub const fn hourly(set_c: [f64; 24]) -> Self {
        Self {
            set_c,
            vent_above_c: Self::VENT_ABOVE_C,
        }
    }
    /// The same, without opened windows.
    pub const fn closed(self) -> Self {
        Self {
            vent_above_c: f64::INFINITY,
            ..self
        }
    }
    /// The same all day.
    pub fn constant(set_c: f64) -> Self {
        Self::hourly([set_c; 24])
    }
    /// `day_c` from hour `from` to hour `to` (both of the clock, may pass midnight), `rest_c` else.
    pub fn daily(day_c: f64, rest_c: f64, from: usize, to: usize) -> Self {
        let on = |h: usize| (h + 24 - from % 24) % 24 < (to + 24 - from % 24 - 1) % 24 + 1;
        Self::hourly(std::array::from_fn(|h| if on(h) { day_c } else { rest_c }))
    }
    /// Mean over the day, degC.
    pub fn mean_c(&self) -> f64 {
        self.set_c.iter().sum::<f64>() / 24.0
    }
    /// Highest of the day, degC.
    pub fn highest_c(&self) -> f64 {
        self.set_c.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Heat delivered to the rooms through a season; hourly values in the season's order
/// ([`crate::words::calendar::Season::hours`]).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatDemand {
    /// Heat of each hour, kW.
    pub heat_kw: Vec<f64>,
    /// Indoor air of each hour, degC.
    pub t_air_c: Vec<f64>,
    /// Hours in which a limited emitter leaves the air more than 0.5 K below its set temperature.
    pub unmet_hours: usize,
    /// Heat that an unlimited emitter would have added in the hours in which the limit binds, kWh.
    pub unmet_kwh: f64,
}

impl HeatDemand {
    /// All heat of the season.
    pub fn total(&self) -> KilowattHour {
        KilowattHour(lanes::wide_sum(&self.heat_kw))
    }
    /// The largest hour.
    pub fn peak(&self) -> Kilowatt {
        Kilowatt(self.heat_kw.iter().copied().fold(0.0, f64::max))
    }
    /// Mean indoor air, degC; the set-point never bounds it from above.
    pub fn mean_air_c(&self) -> f64 {
        self.t_air_c.iter().sum::<f64>() / self.t_air_c.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_may_pass_midnight() {
        let night = Schedule::daily(18.0, 10.0, 20, 6);
        let warm: Vec<usize> = (0..24).filter(|&h| night.set_c[h] == 18.0).collect();
        assert_eq!(warm, [0, 1, 2, 3, 4, 5, 20, 21, 22, 23]);
        assert_eq!(
            Schedule::daily(18.0, 12.0, 6, 22).mean_c(),
            (16.0 * 18.0 + 8.0 * 12.0) / 24.0
        );
        assert_eq!(Schedule::daily(18.0, 12.0, 0, 24), Schedule::constant(18.0));
    }
}
