//! Fuels as people buy them: heat value, emissions, own labour.

use std::sync::Arc;

use crate::words::kinds::{Carrier, Name};
use crate::words::provenance::{FigureRef, Sourced};

/// A fuel.
#[derive(Debug, Clone, PartialEq)]
pub struct Fuel {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Arc<Name>,
    /// Which carrier it is.
    pub carrier: Carrier,
    /// Lower heating value as received, kWh for one unit of [`Carrier::unit`] (t, m3, kg, kWh).
    pub kwh_per_unit: Sourced<f64>,
    /// How it is sold where people buy whole pieces.
    pub package: Option<Package>,
    /// Own hours of stoking, carrying and ash for one unit.
    pub labour_h_per_unit: Option<Sourced<f64>>,
    /// Share of the mass that stays as ash.
    pub ash_share: Option<Sourced<f64>>,
    /// Space that one unit takes, m3.
    pub storage_m3_per_unit: Option<Sourced<f64>>,
    /// Emissions where it is burnt.
    pub emissions: Emissions,
}

/// A bag or a bottle.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// What it is called.
    pub name: Name,
    /// How many units of the carrier it holds.
    pub units: f64,
    /// Where that comes from.
    pub figure: FigureRef,
}

/// Mass emitted for one unit of the carrier, kg; nothing where no figure was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Emissions {
    /// Carbon dioxide.
    pub co2_kg: Option<Sourced<f64>>,
    /// Fine particles.
    pub pm25_kg: Option<Sourced<f64>>,
    /// Sulphur dioxide.
    pub so2_kg: Option<Sourced<f64>>,
    /// Nitrogen oxides.
    pub nox_kg: Option<Sourced<f64>>,
    /// Carbon monoxide.
    pub co_kg: Option<Sourced<f64>>,
}

impl Fuel {
    /// Units of the carrier that hold a heat, kWh of lower heating value.
    pub fn units(&self, kwh: f64) -> f64 {
        kwh / self.kwh_per_unit.value
    }
    /// Whole packages that hold a number of units; nothing if it is not sold by the piece.
    pub fn packages(&self, units: f64) -> Option<u64> {
        let package = self.package.as_ref()?;
        // A hair of arithmetic must not buy another bottle.
        Some((units / package.units - 1e-9).ceil().max(0.0) as u64)
    }
    /// Own hours for a number of units; 0 where it brings no work.
    pub fn labour_hours(&self, units: f64) -> f64 {
        self.labour_h_per_unit
            .as_ref()
            .map_or(0.0, |h| h.value * units)
    }
}

/// Carbon of the power grid of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct GridFactor {
    /// The region's id.
    pub id: String,
    /// kg CO2 for one kWh used.
    pub co2_kg_per_kwh: Sourced<f64>,
}
