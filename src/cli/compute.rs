//! From a checked case and a library to its comparison: the only place where the whole chain of
//! input and model is called in its order.

use crate::comparison::outcome::Comparison;
use crate::comparison::profile::{self, SeasonProfile};
use crate::comparison::{Household, compare};
use crate::input::case::{CaseInput, PvOwner};
use crate::input::household::household;
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::Spot;
use crate::input::setting::{FixedProduct, PlaceInWinter, PvWish, Wishes, place_in_winter};
use crate::words::fixed::Money;
use crate::words::kinds::Kind;

/// The comparison of a case.
///
/// # Errors
/// Names that the library does not know, and what is wrong in the files of the place.
pub fn comparison(case: &CaseInput, library: &Library) -> Result<Comparison, Problems> {
    let (place, household) = stage(case, library)?;
    compare(&place.setting, &household).map_err(|missing| {
        let place = case
            .today
            .as_ref()
            .map_or(&case.place.place, |today| &today.place);
        let kind = ProblemKind::Unresolved {
            what: "price",
            id: missing.0.key().to_owned(),
            nearest: None,
        };
        one(place.clone(), kind)
    })
}

/// The season of one option of a case, hour by hour; nothing if it cannot be had.
///
/// # Errors
/// As [`comparison`].
pub fn season_profile(
    case: &CaseInput,
    library: &Library,
    option: &str,
) -> Result<Option<SeasonProfile>, Problems> {
    let (place, household) = stage(case, library)?;
    Ok(profile::season_profile(&place.setting, &household, option))
}

/// The place and the household of a case.
fn stage(case: &CaseInput, library: &Library) -> Result<(PlaceInWinter, Household), Problems> {
    let chain = library
        .resolve_place(&case.place.value)
        .map_err(|kind| one(case.place.place.clone(), kind))?;
    let place = place_in_winter(library, &chain, &wishes(case))?;
    let household = household(case, &place)?;
    Ok((place, household))
}

fn one(place: Place, kind: ProblemKind) -> Problems {
    let mut problems = Problems::default();
    problems.error(place, kind);
    problems
}

/// What the case wants of its place.
pub fn wishes(case: &CaseInput) -> Wishes {
    let inside = |file: &Spot<String>| case.folder.join(&file.value);
    let options = &case.options;
    Wishes {
        winter: case.winter,
        season: case.season,
        station: case.weather.station.clone(),
        epw: case.weather.epw.as_ref().map(inside),
        shift_k: case.weather.shift_k.unwrap_or(0.0),
        include: options.include.clone(),
        exclude: options.exclude.clone(),
        fixed: options
            .fixed
            .iter()
            .map(|(id, fixed)| {
                let fixed = FixedProduct {
                    product: fixed.product.clone(),
                    count: fixed.count,
                    price: fixed.price_cny.map(Money::from_f64),
                };
                (id.clone(), fixed)
            })
            .collect(),
        envelope: options.envelope.clone(),
        pv: pv(case),
        roof_azimuth_deg: case.site.roof_azimuth_deg,
        roof_tilt_deg: case.site.roof_tilt_deg,
        rules_file: case.subsidy.rules_file.as_ref().map(inside),
        stove: case.today.as_ref().and_then(|today| today.product.clone()),
    }
}

fn pv(case: &CaseInput) -> Option<PvWish> {
    let pv = case.options.pv.as_ref()?;
    let rented = pv.owner == Some(PvOwner::Operator);
    let rent = rented.then(|| pv.roof_rent_cny_per_kw_year.unwrap_or(0.0) * pv.size_kw);
    Some(PvWish {
        kw: pv.size_kw,
        rent,
    })
}
