//! An option (技术方案): a family of products, how it is used, and what is added to it.

use serde::Serialize;
use std::sync::Arc;

use crate::words::kinds::{HeaterKind, Name};
use crate::words::provenance::FigureRef;
use crate::words::quantity::{Kilowatt, YuanPerYear};

/// One option of the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OptionSpec {
    /// Its id, as `--option` takes it.
    pub id: String,
    /// Its name.
    pub name: Arc<Name>,
    /// Kind of heater.
    pub kind: HeaterKind,
    /// Product ids from small to large; the smallest that meets the load is taken.
    pub products: Vec<String>,
    /// How many of the product, where the user fixes it.
    pub count: Option<u16>,
    /// Rooftop PV.
    pub pv: Option<PvAddOn>,
    /// Envelope measures by id.
    pub envelope: Vec<String>,
}

/// Rooftop PV as an add-on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PvAddOn {
    /// Direct-current power of the modules.
    pub power: Kilowatt,
    /// Who owns it.
    pub ownership: PvOwnership,
    /// Where its figures come from.
    pub figure: FigureRef,
}

/// Who owns the modules.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PvOwnership {
    /// The household buys them, uses what it can and sells the rest.
    Household,
    /// A firm owns them and pays rent for the roof; its electricity is not the household's.
    RoofRent {
        /// Rent of the whole roof.
        rent: YuanPerYear,
    },
}
