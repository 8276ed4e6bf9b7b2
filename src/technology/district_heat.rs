//! 集中供热: heat from a network; what it costs is a charge, not physics.

use crate::technology::curve::lesser;
use crate::technology::duty::{Duty, Operation, Plant, fill};
use crate::words::fixed::Fixed;
use crate::words::quantity::{Celsius, Kilowatt};

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
    #[inline(always)]
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), true);
        let most = self.capacity_at(plant, plant.t_design).value();
        let (pump, share) = (self.pump.value(), self.distribution.max(1e-6));
        out.give(duty, |wanted| lesser(wanted, most));
        fill(&mut out.fuel_kwh, &out.given_kwh, |given| given / share);
        fill(&mut out.electricity_kwh, &out.given_kwh, |given| {
            if given > 0.0 { pump } else { 0.0 }
        });
        out.finish(duty);
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
