//! Simulations that houses of one place share: the same house asks for the same heat.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::demand::abreast::simulate_abreast;
use crate::demand::building::Building;
use crate::demand::exposure::BuildingWeather;
use crate::demand::heat::{HeatDemand, Schedule};
use crate::demand::methods::design_load;
use crate::demand::simulation::simulate;
use crate::words::lanes::LANES;
use crate::words::quantity::{Celsius, Kilowatt, KilowattHour};

/// Most simulations that are kept; a season of 3,600 hours is 29 kB, so all of them are 12 MB.
const MOST: usize = 400;

/// Most design loads that are kept, of some 600 bytes each.
const MOST_LOADS: usize = 1600;

/// Simulations of one place in one season, kept for the next house that is the same to the bit.
///
/// What it gives is what [`simulate`] gives, without the air temperatures: a kept result never
/// differs from a new one, so that nothing depends on the order of the houses.
#[derive(Debug, Default)]
pub struct Simulations {
    kept: BTreeMap<Key, Vec<Kept>>,
    count: usize,
    loads: BTreeMap<Key, Vec<Load>>,
    load_count: usize,
}

/// By what most houses of a place are told apart before they are compared in full: bits of area,
/// gains, tightness, transmittance of the first wall, and a temperature that is asked for.
type Key = [u64; 5];

fn key(building: &Building, asked_c: f64) -> Key {
    let wall = building.opaque.first().map_or(0.0, |wall| wall.u_w_m2k);
    [
        building.heated_area_m2,
        building.internal_gains_w_m2,
        building.air_changes_per_h,
        wall,
        asked_c,
    ]
    .map(f64::to_bits)
}

/// The heat of a house with its sum.
#[derive(Debug, Clone, Default)]
pub struct Simulated {
    /// Hour by hour.
    pub heat: Arc<HeatDemand>,
    /// All heat of the season.
    pub total: KilowattHour,
}

impl Simulated {
    /// With the sum worked out.
    pub fn new(heat: HeatDemand) -> Self {
        Self {
            total: heat.total(),
            heat: Arc::new(heat),
        }
    }
}

/// A design load that was worked out.
#[derive(Debug)]
struct Load {
    building: Building,
    t_in: Celsius,
    t_design: Celsius,
    load: Kilowatt,
}

#[derive(Debug)]
struct Kept {
    building: Building,
    schedule: Schedule,
    simulated: Simulated,
}

impl Simulations {
    /// What is kept of a house.
    fn find(&self, building: &Building, schedule: &Schedule) -> Option<&Simulated> {
        let all = self.kept.get(&key(building, schedule.set_c[12]))?;
        let same = |kept: &&Kept| kept.building == *building && kept.schedule == *schedule;
        all.iter().find(same).map(|kept| &kept.simulated)
    }

    fn keep(&mut self, building: &Building, schedule: &Schedule, simulated: Simulated) {
        if self.count >= MOST {
            self.kept.clear();
            self.count = 0;
        }
        self.count += 1;
        let key = key(building, schedule.set_c[12]);
        self.kept.entry(key).or_default().push(Kept {
            building: building.clone(),
            schedule: *schedule,
            simulated,
        });
    }

    /// Simulates houses that will be asked for, side by side, where they are not kept yet. `weather`
    /// must be the same in every call.
    pub fn foresee<'a>(
        &mut self,
        weather: &BuildingWeather,
        houses: impl IntoIterator<Item = (&'a Building, &'a Schedule)>,
    ) {
        let mut missing: Vec<(&Building, &Schedule)> = Vec::new();
        for house in houses {
            if self.find(house.0, house.1).is_none() && !missing.contains(&house) {
                missing.push(house);
            }
        }
        for some in missing.chunks(LANES) {
            let heats = simulate_abreast(some, weather);
            for ((building, schedule), heat_kw) in some.iter().zip(heats) {
                let heat = HeatDemand {
                    heat_kw,
                    ..HeatDemand::default()
                };
                self.keep(building, schedule, Simulated::new(heat));
            }
        }
    }

    /// The heat of a house under a schedule, without a limit. `weather` must be the same in every
    /// call.
    pub fn heat(
        &mut self,
        building: &Building,
        weather: &BuildingWeather,
        schedule: &Schedule,
    ) -> Simulated {
        if let Some(kept) = self.find(building, schedule) {
            return kept.clone();
        }
        let mut heat = simulate(building, weather, schedule, None);
        heat.t_air_c = Vec::new();
        let simulated = Simulated::new(heat);
        self.keep(building, schedule, simulated.clone());
        simulated
    }

    /// The design load of a house; see [`design_load`]. `weather` must be the same in every call.
    pub fn load(
        &mut self,
        building: &Building,
        weather: &BuildingWeather,
        t_in: Celsius,
        t_design: Celsius,
    ) -> Kilowatt {
        let key = key(building, t_in.value());
        let same = |kept: &&Load| {
            (kept.t_in, kept.t_design) == (t_in, t_design) && kept.building == *building
        };
        let all = self.loads.get(&key);
        if let Some(kept) = all.and_then(|all| all.iter().find(same)) {
            return kept.load;
        }
        let load = design_load(building, weather, t_in, t_design);
        if self.load_count >= MOST_LOADS {
            self.loads.clear();
            self.load_count = 0;
        }
        self.load_count += 1;
        self.loads.entry(key).or_default().push(Load {
            building: building.clone(),
            t_in,
            t_design,
            load,
        });
        load
    }
}
