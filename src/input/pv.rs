//! Rooftop PV of the catalogue: `data/pv.toml`.

use std::cell::RefCell;
use std::sync::Arc;

use crate::comparison::setting::PvOffer;
use crate::input::figure::RawFigure;
use crate::input::problem::Problems;
use crate::input::record::read_toml;
use crate::record;
use crate::technology::pv::{Mount, PvSystem};
use crate::words::climate::Plane;
use crate::words::fixed::Money;
use crate::words::kinds::Name;
use crate::words::provenance::Sourced;
use crate::words::quantity::Kilowatt;

record! {
    /// Rooftop PV as an add-on.
    pub struct RawPv {
        /// Its name.
        name: Name;
        /// The plane of the modules where the roof is not known.
        plane: RawPlane;
        /// What it costs.
        price: RawPvPrice;
        /// What it costs to keep.
        upkeep: RawPvUpkeep;
        /// How long it lasts.
        life: RawPvLife;
        /// The roof that it takes.
        roof: RawPvRoof;
        /// What it yields.
        performance: RawPvPerformance;
    }
}

record! {
    /// A plane.
    pub struct RawPlane {
        /// 0 lies flat, 90 stands upright.
        tilt_deg: f64, in 0.0..=90.0;
        /// 90 looks east, 180 south.
        azimuth_deg: f64, in 0.0..=360.0;
    }
}

record! {
    /// Price of PV.
    pub struct RawPvPrice {
        /// Yuan for a kW of direct current, installed.
        cny_per_kw: Money, in 500.0..=20000.0;
        /// Its provenance.
        figure: RawFigure;
    }
}

record! {
    /// Upkeep of PV.
    pub struct RawPvUpkeep {
        /// Yuan for a kW a year.
        cny_per_kw_year: Money, in 0.0..=1000.0;
        /// Its provenance.
        figure: RawFigure;
    }
}

record! {
    /// Life of PV.
    pub struct RawPvLife {
        /// Years.
        years: u16, in 1.0..=40.0;
        /// Its provenance.
        figure: RawFigure;
    }
}

record! {
    /// Roof of PV.
    pub struct RawPvRoof {
        /// Roof that a kW takes.
        m2_per_kw: f64, in 2.0..=20.0;
        /// Its provenance.
        figure: RawFigure;
    }
}

record! {
    /// Yield of PV: see `technology::pv`.
    pub struct RawPvPerformance {
        /// Change of power with cell temperature.
        gamma_per_k: f64, in -0.01..=0.0;
        /// Losses of the system, as a share.
        losses: f64, in 0.0..=0.5;
        /// Nominal efficiency of the inverter.
        inverter: f64, in 0.5..=1.0;
        /// Direct-current power over the inverter's rating.
        dc_ac: f64, in 0.5..=2.0;
        /// Their provenance.
        figure: RawFigure;
    }
}

/// PV of the catalogue with what its yield is computed from.
#[derive(Debug, Clone)]
pub struct PvCatalogue {
    /// What is bought.
    pub offer: PvOffer,
    /// One kW of it.
    pub system: PvSystem,
    /// The plane where the roof is not known.
    pub plane: Plane,
}

/// Reads the file.
pub fn read_pv(file: &str, text: &str, problems: &mut Problems) -> Option<PvCatalogue> {
    let found = RefCell::new(Problems::default());
    let raw: Option<RawPv> = read_toml(file, text, &found);
    problems.extend(found.into_inner());
    let raw = raw?;
    let mut figure = |key: &str, raw: &RawFigure| raw.check(format!("pv/{key}"), problems);
    let (price, upkeep) = (
        figure("price", &raw.price.figure)?,
        figure("upkeep", &raw.upkeep.figure)?,
    );
    figure("life", &raw.life.figure)?;
    figure("roof", &raw.roof.figure)?;
    figure("performance", &raw.performance.figure)?;
    let performance = &raw.performance;
    Some(PvCatalogue {
        offer: PvOffer {
            name: Arc::new(raw.name),
            price_per_kw: Sourced::new(raw.price.cny_per_kw, price),
            upkeep_per_kw: Sourced::new(raw.upkeep.cny_per_kw_year, upkeep),
            life_years: raw.life.years,
            roof_m2_per_kw: raw.roof.m2_per_kw,
        },
        system: PvSystem {
            dc: Kilowatt(1.0),
            gamma_per_k: performance.gamma_per_k,
            losses: performance.losses,
            inverter: performance.inverter,
            dc_ac: performance.dc_ac,
            mount: Mount::CloseMount,
        },
        plane: Plane {
            tilt_deg: raw.plane.tilt_deg,
            azimuth_deg: raw.plane.azimuth_deg,
        },
    })
}
