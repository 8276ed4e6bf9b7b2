//! Which size of a family a house needs, and how many.

use crate::technology::duty::Plant;
use crate::technology::emitter::EmitterCurve;
use crate::technology::product::Product;
use crate::words::quantity::{Celsius, Kilowatt, Metre};

/// What sizing looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizingBasis {
    /// Heat load of the house at the design temperature.
    pub design_load: Kilowatt,
    /// Outdoor design temperature.
    pub t_design: Celsius,
    /// Indoor temperature.
    pub t_room: Celsius,
    /// Above sea level.
    pub elevation: Metre,
    /// Rooms that are heated.
    pub rooms: u8,
    /// Emitters.
    pub emitter: EmitterCurve,
}

impl SizingBasis {
    /// A plant of `count` units in this house.
    pub const fn plant(&self, count: u16) -> Plant {
        Plant {
            count,
            emitter: self.emitter,
            elevation: self.elevation,
            t_design: self.t_design,
            t_room: self.t_room,
            design_load: self.design_load,
        }
    }
}

/// What was picked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice<'p> {
    /// The size.
    pub product: &'p Product,
    /// How many units.
    pub count: u16,
    /// Their heat at the design temperature.
    pub capacity: Kilowatt,
    /// Whether that covers the design load.
    pub covers_design: bool,
}

/// The smallest plant that meets the design load after derating for cold and altitude: of all sizes
/// and numbers the one with the least rated heat, then the fewest units, then the first listed. Room
/// units are bought for every heated room at least. Where nothing meets the load, the plant with the
/// most heat. Nothing if there is no product.
pub fn choose<'p>(
    products: impl IntoIterator<Item = &'p Product>,
    basis: &SizingBasis,
) -> Option<Choice<'p>> {
    let mut best: Option<Choice<'p>> = None;
    for product in products {
        let choice = fewest(product, basis);
        if best.is_none_or(|now| better(&choice, &now)) {
            best = Some(choice);
        }
    }
    best
}

/// `count` units of a product, as the user fixed it.
pub fn fixed<'p>(product: &'p Product, count: u16, basis: &SizingBasis) -> Choice<'p> {
    let capacity = product
        .heater
        .capacity_at(&basis.plant(count), basis.t_design);
    Choice {
        product,
        count,
        capacity,
        covers_design: capacity.value() >= basis.design_load.value() * (1.0 - 1e-9),
    }
}

/// The fewest units of one product that meet the load, or the most that a house takes.
fn fewest<'p>(product: &'p Product, basis: &SizingBasis) -> Choice<'p> {
    let least = if product.per_room {
        u16::from(basis.rooms).max(1)
    } else {
        1
    };
    let most = product.most_units.max(least);
    (least..=most)
        .map(|count| fixed(product, count, basis))
        .find(|choice| choice.covers_design)
        .unwrap_or_else(|| fixed(product, most, basis))
}

fn better(new: &Choice<'_>, now: &Choice<'_>) -> bool {
    let rated = |choice: &Choice<'_>| choice.product.rated.value() * f64::from(choice.count);
    match (new.covers_design, now.covers_design) {
        (true, false) => true,
        (false, true) => false,
        (false, false) => new.capacity.value() > now.capacity.value(),
        (true, true) => {
            (rated(new), new.count).partial_cmp(&(rated(now), now.count))
                == Some(std::cmp::Ordering::Less)
        }
    }
}
