//! What the installation costs, item by item, and what is bought again when it is worn out.

use std::sync::Arc;

use crate::comparison::account::yearly;
use crate::comparison::household::Household;
use crate::comparison::journal::{Entry, Journal};
use crate::comparison::options::{OptionSpec, PvOwnership};
use crate::comparison::setting::{Measure, Setting};
use crate::lifecycle::Asset;
use crate::subsidy::{Purchase, PurchasedItem};
use crate::technology::Heater;
use crate::technology::product::{Emitter, Extent, PricedItem, Product};
use crate::technology::sizing::Choice;
use crate::words::fixed::{ExactYuan, Fixed, Money};
use crate::words::kinds::{Item, Name, Payer};
use crate::words::ledger::{Detail, Line, Purpose};
use crate::words::provenance::Sourced;
use crate::words::quantity::{SquareMetre, Yuan};

/// One thing that is bought.
#[derive(Debug, Clone)]
pub struct Bought {
    /// Its kind.
    pub item: Item,
    /// Its name.
    pub name: Arc<Name>,
    /// How many.
    pub quantity: Fixed,
    /// Unit of the quantity.
    pub unit: &'static str,
    /// Price of one.
    pub price: Sourced<Money>,
    /// What the programme pays for one, where the household buys in the shop.
    pub tender: Option<Money>,
    /// How long it lasts; nothing for works that are not done again.
    pub life_years: Option<u16>,
}

impl Bought {
    /// Price of all of it.
    pub fn amount(&self, household: &Household) -> Money {
        let price = self.price.value.to_fixed();
        ExactYuan::of(self.quantity, price).to_money(household.terms.rounding)
    }
}

/// All that an option buys.
pub fn shopping_list(
    setting: &Setting,
    household: &Household,
    spec: &OptionSpec,
    choice: &Choice<'_>,
    emitter: Option<&Emitter>,
    measures: &[&Measure],
) -> Vec<Bought> {
    let product = choice.product;
    let extent = Extent {
        count: choice.count,
        rated: product.rated,
        heated_area: household.house.heated_area,
        collector: collector_area(product, choice.count),
        rooms: household.house.rooms,
    };
    let life = product.life_years.value;
    let mut list: Vec<Bought> = Vec::with_capacity(product.items.len() + 4);
    list.extend(
        product
            .items
            .iter()
            .filter_map(|it| bought(it, &extent, life, household)),
    );
    if let Some(emitter) = emitter {
        let life = emitter.life_years.value;
        list.extend(
            emitter
                .items
                .iter()
                .filter_map(|it| bought(it, &extent, life, household)),
        );
    }
    list.extend(measures.iter().map(|measure| works(measure, household)));
    if let Some(pv) = &spec.pv
        && pv.ownership == PvOwnership::Household
        && let Some(offer) = &setting.pv
    {
        list.push(Bought {
            item: Item::Pv,
            name: Arc::clone(&offer.name),
            quantity: Fixed::from_f64(pv.power.value()),
            unit: "kW",
            price: offer.price_per_kw.clone(),
            tender: None,
            life_years: Some(offer.life_years),
        });
    }
    list
}

/// Collector aperture of a plant.
pub fn collector_area(product: &Product, count: u16) -> SquareMetre {
    let one = match &product.heater {
        Heater::SolarElectric(it) => it.solar.area,
        _ => SquareMetre::ZERO,
    };
    one * f64::from(count)
}

fn bought(it: &PricedItem, extent: &Extent, life: u16, household: &Household) -> Option<Bought> {
    let retail = household.terms.purchase.retail;
    let (first, second) = if retail {
        (&it.retail, &it.programme)
    } else {
        (&it.programme, &it.retail)
    };
    let mut price = first.as_ref().or(second.as_ref())?.clone();
    if it.item == Item::HeatSource {
        let off = household.terms.purchase.factory_direct_share;
        price.value = price
            .value
            .portion(Fixed::from_f64(1.0 - off), household.terms.rounding);
    }
    let lasting = !matches!(it.item, Item::IndoorWiring | Item::Connection);
    Some(Bought {
        item: it.item,
        name: Arc::clone(&it.name),
        quantity: Fixed::from_f64(it.basis.quantity(extent)),
        unit: it.basis.unit(),
        price,
        tender: it.programme.as_ref().map(|programme| programme.value),
        life_years: lasting.then(|| it.life_years.as_ref().map_or(life, |own| own.value)),
    })
}

fn works(measure: &Measure, household: &Household) -> Bought {
    let (quantity, unit) = measure.extent(&household.house.whole);
    Bought {
        item: Item::Envelope,
        name: Arc::clone(&measure.name),
        quantity: Fixed::from_f64(quantity),
        unit,
        price: measure.price.clone(),
        tender: None,
        life_years: Some(measure.life_years),
    }
}

/// Writes the purchase into the ledger, year 0. Under a lease the operator pays.
pub fn write(list: &[Bought], household: &Household, journal: &mut Journal) {
    let payer = if household.terms.purchase.lease.is_some() {
        Payer::Operator
    } else {
        Payer::Household
    };
    for it in list {
        let entry = Entry {
            year: 0,
            payer,
            purpose: Purpose::Install(it.item),
            amount: it.amount(household),
        };
        journal.write(entry, |entry| Line {
            year: entry.year,
            month: None,
            payer: entry.payer,
            purpose: entry.purpose,
            detail: Detail::named(&it.name),
            quantity: it.quantity,
            unit: it.unit,
            unit_price: it.price.value.to_fixed(),
            amount: entry.amount,
            figure: it.price.figure.clone(),
        });
    }
}

/// The purchase as subsidy rules see it.
pub fn purchase(list: &[Bought], household: &Household) -> Purchase {
    let item = |it: &Bought| PurchasedItem {
        item: it.item,
        amount: it.amount(household),
        quantity: if it.unit == "set" || it.unit == "room" {
            it.quantity
        } else {
            Fixed::ONE
        },
        tender_price: it.tender.map(|tender| {
            ExactYuan::of(it.quantity, tender.to_fixed()).to_money(household.terms.rounding)
        }),
    };
    Purchase {
        items: list.iter().map(item).collect(),
    }
}

/// Writes what is bought again inside the horizon and what is left at its end: full price, no
/// grants; straight-line residual on the last unit.
pub fn write_replacements(list: &[Bought], household: &Household, journal: &mut Journal) {
    let horizon = household.terms.horizon_years;
    for it in list {
        let Some(life) = it.life_years else { continue };
        let amount = it.amount(household);
        let asset = Asset::new(Yuan(amount.to_f64()), life);
        let mut write = |year, purpose, amount: Money| {
            journal.write(Entry::own(year, purpose, amount), |entry| Line {
                unit: "time",
                ..yearly(entry, &it.name, &it.price.figure)
            });
        };
        for (year, price) in asset.replacements(horizon) {
            let amount = Money::from_f64(price.value());
            write(year, Purpose::Replacement(it.item), amount);
        }
        let left = Money::from_f64(asset.residual_value(horizon).value());
        if left != Money::ZERO {
            write(horizon, Purpose::Residual, -left);
        }
    }
}
