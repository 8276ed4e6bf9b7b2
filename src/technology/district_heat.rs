//! 集中供热: heat from a network; what it costs is a charge, not physics.

use crate::technology::duty::{Duty, Operation, Plant};
use crate::technology::hours::{self, Asked, ByHour, Gave};
use crate::words::fixed::Fixed;
use crate::words::quantity::{Celsius, Kilowatt};
use crate::words::wide::{F64s, Simd};

/// A connection to a heat network.
#[derive(Debug, Clone, PartialEq)]
pub struct DistrictHeat {
    /// Most heat of the connection.
    pub rated: Kilowatt,
    /// Share of the metered heat that reaches the rooms.
    pub distribution: f64,
    /// Electricity of an indoor pump while it heats; 0 on a direct connection.
    pub pump: Kilowatt,
}

/// How network heat is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkCharge {
    /// Yuan per m2 and winter.
    pub per_m2: Fixed,
    /// Share of `per_m2` that is due whatever is used (two-part charge); 1 where all of it is by
    /// area.
    pub share_fixed: Fixed,
    /// Yuan per kWh metered, for the other part; 0 where all is by area.
    pub per_kwh: Fixed,
}

impl DistrictHeat {
    /// Runs a winter.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        let most = self.capacity_at(plant, plant.t_design).value();
        let connection = Connection {
            most,
            share: self.distribution.max(1e-6),
            pump: self.pump.value(),
        };
        hours::operate(connection, duty, out);
        out.count_full_load(most);
    }
    /// Heat of the connection.
    pub fn capacity_at(&self, plant: &Plant, _: Celsius) -> Kilowatt {
        self.rated * plant.units() * self.distribution
    }
    /// The pump.
    pub fn supply_needed(&self, _: &Plant) -> Kilowatt {
        self.pump
    }
}

/// The connection of one house.
#[derive(Clone, Copy)]
struct Connection {
    /// Most heat into the rooms, kW.
    most: f64,
    /// Share of the metered heat that reaches them.
    share: f64,
    /// Pump, kW.
    pump: f64,
}

impl ByHour for Connection {
    const BURNS: bool = true;

    #[inline(always)]
    fn hours<S: Simd>(self, simd: S, asked: &Asked<'_, S>) -> Gave<F64s<S>> {
        let all = |value: f64| simd.splat_f64s(value);
        let given = simd.min_f64s(asked.wanted, all(self.most));
        let heats = simd.greater_than_f64s(given, all(0.0));
        let power = simd.select_f64s(heats, all(self.pump), all(0.0));
        Gave {
            fuel: simd.div_f64s(given, all(self.share)),
            ..Gave::new(all(0.0), given, power)
        }
    }
}
