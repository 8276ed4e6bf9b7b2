//! What heat from a network costs: by area, by metered heat, or both (两部制热价).

use std::sync::Arc;

use crate::tariff::plan::{Freshness, on_day};
use crate::words::calendar::Winter;
use crate::words::fixed::Fixed;
use crate::words::kinds::Name;
use crate::words::provenance::{FigureRef, Validity};

/// The charges between two dates.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPrice {
    /// When they hold.
    pub valid: Validity,
    /// By heated area and winter, CNY/m2.
    pub cny_per_m2: Option<Fixed>,
    /// By metered heat, CNY/kWh.
    pub cny_per_kwh: Option<Fixed>,
    /// Their provenance.
    pub figure: FigureRef,
}

/// The charges of a network by date.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPriceSeries {
    /// Its id, unique at a place.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// In order of date, the place's own first, then those of the places above. Never empty.
    pub levels: Vec<Vec<HeatPrice>>,
}

impl HeatPriceSeries {
    /// The charges of a winter: those of 1 November, since an area is charged for the whole winter.
    pub fn for_winter(&self, winter: Winter) -> Option<(&HeatPrice, Freshness)> {
        let day = jiff::civil::Date::new(winter.0, 11, 1).ok()?;
        on_day(&self.levels, day, |price| price.valid)
    }

    /// Puts the series of a place above under this one.
    pub fn over(mut self, above: &Self) -> Self {
        self.levels.extend(above.levels.iter().cloned());
        self
    }
}
