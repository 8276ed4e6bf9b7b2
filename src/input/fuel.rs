//! `data/fuels.toml`: what fuels hold, emit and cost in work, and the carbon of the grid.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::input::figure::RawFigure;
use crate::input::problem::{ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::record;
use crate::technology::fuel::{Emissions, Fuel, GridFactor, Package};
use crate::words::kinds::{Carrier, Kind, Name};
use crate::words::provenance::Sourced;
use crate::words::quantity::MJ_PER_KWH;

record! {
    /// Fuels and grids.
    pub struct RawFuels {
        /// Fuels by id.
        fuel: BTreeMap<String, RawFuel>;
        /// Power grids by region.
        grid: BTreeMap<String, RawGrid>;
    }
}

record! {
    /// A fuel.
    pub struct RawFuel {
        /// Its name.
        name: Name;
        /// Which carrier it is.
        carrier: Spot<Carrier>;
        /// Lower heating value as received.
        heat_value: Spot<RawHeatValue>;
        /// The piece in which it is sold, where people buy whole pieces.
        package: Option<RawPackage>;
        /// Own work.
        labour: Option<RawLabour>;
        /// What stays of it.
        ash: Option<RawShare>;
        /// The space that it takes.
        storage: Option<RawStorage>;
        /// What the fire emits.
        emissions: Option<RawEmissions>;
    }
}

record! {
    /// Lower heating value; exactly one of the two.
    pub struct RawHeatValue {
        /// Of a solid or liquid fuel.
        mj_per_kg: Option<Spot<f64>>, in 1.0..=60.0;
        /// Of a gas at the meter.
        mj_per_m3: Option<Spot<f64>>, in 3.0..=130.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// A bag or a bottle.
    pub struct RawPackage {
        /// What it is called.
        name: Name;
        /// Its content.
        kg: f64, in 0.1..=2000.0;
        /// Where that comes from.
        figure: RawFigure;
    }
}

record! {
    /// Own hours.
    pub struct RawLabour {
        /// Stoking, carrying and ash for one tonne.
        hours_per_t: f64, in 0.0..=500.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// A share.
    pub struct RawShare {
        /// 0 to 1.
        share: f64, in 0.0..=1.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// Space.
    pub struct RawStorage {
        /// For one tonne.
        m3_per_t: f64, in 0.1..=30.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// What the fire emits; leave out what no figure was found for.
    pub struct RawEmissions {
        /// Carbon dioxide.
        co2: Option<Spot<RawEmission>>;
        /// Fine particles.
        pm25: Option<Spot<RawEmission>>;
        /// Sulphur dioxide.
        so2: Option<Spot<RawEmission>>;
        /// Nitrogen oxides.
        nox: Option<Spot<RawEmission>>;
        /// Carbon monoxide.
        co: Option<Spot<RawEmission>>;
    }
}

record! {
    /// An emission factor; exactly one of the four.
    pub struct RawEmission {
        /// For a tonne of fuel.
        kg_per_t: Option<f64>, in 0.0..=5000.0;
        /// For a cubic metre of gas.
        kg_per_m3: Option<f64>, in 0.0..=10.0;
        /// For a gigajoule of lower heating value.
        kg_per_gj: Option<f64>, in 0.0..=500.0;
        /// For a kWh of lower heating value, milligrams.
        mg_per_kwh: Option<f64>, in 0.0..=1000000.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// A power grid.
    pub struct RawGrid {
        /// For a kWh used.
        co2_kg_per_kwh: f64, in 0.0..=2.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

/// Fuels and grids, each in the order of their ids.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fuels {
    /// Fuels.
    pub fuels: Vec<Fuel>,
    /// Grids.
    pub grids: Vec<GridFactor>,
}

impl Fuels {
    /// A fuel by its id.
    pub fn fuel(&self, id: &str) -> Option<&Fuel> {
        self.fuels.iter().find(|fuel| fuel.id == id)
    }
    /// What a carrier usually is: the fuel that is named as its carrier, else the first of it.
    pub fn usual(&self, carrier: Carrier) -> Option<&Fuel> {
        self.fuel(carrier.key())
            .filter(|fuel| fuel.carrier == carrier)
            .or_else(|| self.fuels.iter().find(|fuel| fuel.carrier == carrier))
    }
    /// The grid of a region.
    pub fn grid(&self, id: &str) -> Option<&GridFactor> {
        self.grids.iter().find(|grid| grid.id == id)
    }
}

/// Reads a fuels file; what is wrong goes to `problems`.
pub fn read_fuels(file: &str, text: &str, problems: &mut Problems) -> Option<Fuels> {
    let found = RefCell::new(Problems::default());
    let raw: Option<RawFuels> = read_toml(file, text, &found);
    problems.extend(found.into_inner());
    raw?.check(problems)
}

impl RawFuels {
    /// Checks every fuel and grid.
    pub fn check(&self, problems: &mut Problems) -> Option<Fuels> {
        let fuels: Vec<Option<Fuel>> = self
            .fuel
            .iter()
            .map(|(id, raw)| raw.check(id, problems))
            .collect();
        let grids: Vec<Option<GridFactor>> = self
            .grid
            .iter()
            .map(|(id, raw)| raw.check(id, problems))
            .collect();
        Some(Fuels {
            fuels: fuels.into_iter().collect::<Option<_>>()?,
            grids: grids.into_iter().collect::<Option<_>>()?,
        })
    }
}

impl RawGrid {
    fn check(&self, id: &str, problems: &mut Problems) -> Option<GridFactor> {
        let figure = self.figure.check(format!("fuels/grid/{id}"), problems)?;
        Some(GridFactor {
            id: id.to_owned(),
            co2_kg_per_kwh: Sourced::new(self.co2_kg_per_kwh, figure),
        })
    }
}

/// Kilograms in one unit of a carrier that is bought by mass.
fn kg_per_unit(carrier: Carrier) -> f64 {
    if carrier == Carrier::Lpg { 1.0 } else { 1000.0 }
}

impl RawFuel {
    /// Checks one fuel; masses become the carrier's own unit.
    pub fn check(&self, id: &str, problems: &mut Problems) -> Option<Fuel> {
        let carrier = self.carrier.value;
        let unit_kg = kg_per_unit(carrier);
        let named = |key: &str| format!("fuels/{id}/{key}");
        let mj = self.heat_value_mj(carrier, unit_kg, problems);
        let heat = self
            .heat_value
            .value
            .figure
            .check(named("heat_value"), problems);
        let package = match &self.package {
            Some(raw) => Some(Package {
                name: raw.name.clone(),
                units: raw.kg / unit_kg,
                figure: raw.figure.check(named("package"), problems)?,
            }),
            None => None,
        };
        let mut sourced = |value: f64, figure: &RawFigure, key: &str| {
            figure
                .check(named(key), problems)
                .map(|figure| Sourced::new(value, figure))
        };
        let per_t = unit_kg / 1000.0;
        let labour = self
            .labour
            .as_ref()
            .map(|raw| sourced(raw.hours_per_t * per_t, &raw.figure, "labour"));
        let ash = self
            .ash
            .as_ref()
            .map(|raw| sourced(raw.share, &raw.figure, "ash"));
        let storage = self
            .storage
            .as_ref()
            .map(|raw| sourced(raw.m3_per_t * per_t, &raw.figure, "storage"));
        Some(Fuel {
            id: id.to_owned(),
            name: Arc::new(self.name.clone()),
            carrier,
            kwh_per_unit: Sourced::new(mj? / MJ_PER_KWH, heat?),
            package,
            labour_h_per_unit: flat(labour)?,
            ash_share: flat(ash)?,
            storage_m3_per_unit: flat(storage)?,
            emissions: self.emissions(id, mj?, problems)?,
        })
    }

    /// Heat value of one unit of the carrier, MJ.
    fn heat_value_mj(
        &self,
        carrier: Carrier,
        unit_kg: f64,
        problems: &mut Problems,
    ) -> Option<f64> {
        let raw = &self.heat_value.value;
        let gas = carrier == Carrier::NaturalGas;
        let (right, wrong, key, other) = if gas {
            (&raw.mj_per_m3, &raw.mj_per_kg, "mj_per_m3", "mj_per_kg")
        } else {
            (&raw.mj_per_kg, &raw.mj_per_m3, "mj_per_kg", "mj_per_m3")
        };
        if let Some(wrong) = wrong {
            let kind = ProblemKind::Conflict {
                key: other.to_owned(),
                other: format!("carrier = \"{carrier}\""),
            };
            problems.error(wrong.place.clone(), kind);
            return None;
        }
        let Some(value) = right else {
            let kind = ProblemKind::MissingKey {
                key: key.to_owned(),
            };
            problems.error(self.heat_value.place.clone(), kind);
            return None;
        };
        let (low, high) = likely_mj(carrier);
        if !(low..=high).contains(&value.value) {
            let kind = ProblemKind::Unlikely {
                value: value.value,
                min: low,
                max: high,
            };
            problems.warn(value.place.clone(), kind);
        }
        Some(value.value * if gas { 1.0 } else { unit_kg })
    }

    fn emissions(&self, id: &str, mj: f64, problems: &mut Problems) -> Option<Emissions> {
        let Some(raw) = &self.emissions else {
            return Some(Emissions::default());
        };
        let unit_kg = kg_per_unit(self.carrier.value);
        let mut one = |raw: &Option<Spot<RawEmission>>, key: &str| match raw {
            Some(raw) => {
                let value = raw.value.per_unit(raw, mj, unit_kg, problems)?;
                let name = format!("fuels/{id}/emissions/{key}");
                let figure = raw.value.figure.check(name, problems)?;
                Some(Some(Sourced::new(value, figure)))
            }
            None => Some(None),
        };
        Some(Emissions {
            co2_kg: one(&raw.co2, "co2")?,
            pm25_kg: one(&raw.pm25, "pm25")?,
            so2_kg: one(&raw.so2, "so2")?,
            nox_kg: one(&raw.nox, "nox")?,
            co_kg: one(&raw.co, "co")?,
        })
    }
}

impl RawEmission {
    /// kg for one unit of the carrier, whose heat value is `mj` and mass `unit_kg`.
    fn per_unit(
        &self,
        spot: &Spot<RawEmission>,
        mj: f64,
        unit_kg: f64,
        problems: &mut Problems,
    ) -> Option<f64> {
        let ways = [
            self.kg_per_t.map(|x| x * unit_kg / 1000.0),
            self.kg_per_m3,
            self.kg_per_gj.map(|x| x * mj / 1000.0),
            self.mg_per_kwh.map(|x| x * 1e-6 * mj / MJ_PER_KWH),
        ];
        let keys = ["kg_per_t", "kg_per_m3", "kg_per_gj", "mg_per_kwh"];
        let given: Vec<(f64, &str)> = ways
            .iter()
            .zip(keys)
            .filter_map(|(way, key)| way.map(|value| (value, key)))
            .collect();
        if let [(value, _)] = given.as_slice() {
            return Some(*value);
        }
        problems.error(
            spot.place.clone(),
            ProblemKind::NoKind {
                allowed: keys.iter().map(|key| (*key).to_owned()).collect(),
                found: given.iter().map(|(_, key)| (*key).to_owned()).collect(),
            },
        );
        None
    }
}

/// What a heat value usually lies between, MJ/kg or MJ/m3.
fn likely_mj(carrier: Carrier) -> (f64, f64) {
    match carrier {
        Carrier::LooseCoal | Carrier::Briquette => (10.0, 29.5),
        Carrier::Pellet | Carrier::Straw => (11.0, 20.0),
        Carrier::NaturalGas => (31.0, 40.0),
        Carrier::Lpg => (44.0, 51.0),
        Carrier::Electricity | Carrier::NetworkHeat => (3.6, 3.6),
    }
}

/// An absent value is fine; one that failed its check is not.
fn flat<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(some) => Some(some),
        None => Some(None),
    }
}
