//! What energy costs at a place: in the first winter, and in each later one for which other prices
//! are known today.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::comparison::setting::{FuelSupply, LaterPrices, Prices};
use crate::input::fuel::Fuels;
use crate::input::price::{FuelPrice, Given};
use crate::input::region::{LAST_YEAR, Region, fuel_price};
use crate::input::tariff::{FeedIn, Tariffs};
use crate::tariff::{HeatPriceSeries, Market, Plan, PlanSeries};
use crate::technology::district_heat::NetworkCharge;
use crate::technology::fuel::Fuel;
use crate::words::calendar::Winter;
use crate::words::fixed::Fixed;
use crate::words::kinds::{Carrier, Kind};
use crate::words::ledger::Purpose;
use crate::words::provenance::Sourced;

/// The dated prices of a place.
#[derive(Debug, Clone, Copy)]
pub struct PriceBook<'a> {
    tariffs: &'a Tariffs,
    region: &'a Region,
    fuels: &'a Fuels,
    first: Winter,
}

impl<'a> PriceBook<'a> {
    /// For accounts that begin with a winter.
    pub const fn new(
        tariffs: &'a Tariffs,
        region: &'a Region,
        fuels: &'a Fuels,
        first: Winter,
    ) -> Self {
        Self {
            tariffs,
            region,
            fuels,
            first,
        }
    }

    /// The prices of the first winter, and those of each later winter that are known to differ
    /// from the winter before.
    pub fn prices(&self) -> (Prices, Vec<LaterPrices>) {
        let first = Prices {
            electricity: market(plans(self.tariffs.electricity.values(), self.first)),
            gas: market(plans(self.tariffs.gas.values(), self.first)),
            export: self.export(self.first),
            network: self.network(self.first),
            fuels: supplies(&self.region.fuel_prices, self.fuels),
        };
        let mut later: Vec<LaterPrices> = Vec::new();
        for year in 1..LAST_YEAR {
            let winter = self.first.plus(year);
            let before = later.last().map_or(&first, |known| &known.prices);
            let (prices, changed) = self.turn(before, winter);
            if !changed.is_empty() {
                later.push(LaterPrices {
                    winter,
                    changed,
                    prices,
                });
            }
        }
        (first, later)
    }

    /// The prices of a winter, and what they change of the winter before. What stays is shared.
    fn turn(&self, before: &Prices, winter: Winter) -> (Prices, Vec<Purpose>) {
        let mut prices = before.clone();
        let mut changed = Vec::new();
        let electricity = plans(self.tariffs.electricity.values(), winter);
        if differ(&electricity, before.electricity.as_ref()) {
            prices.electricity = market(electricity);
            changed.push(Purpose::Energy(Carrier::Electricity));
        }
        let gas = plans(self.tariffs.gas.values(), winter);
        if differ(&gas, before.gas.as_ref()) {
            prices.gas = market(gas);
            changed.push(Purpose::Energy(Carrier::NaturalGas));
        }
        let export = self.export(winter);
        if export != before.export {
            prices.export = export;
            changed.push(Purpose::Export);
        }
        let network = self.network(winter);
        if network != before.network {
            prices.network = network;
            changed.push(Purpose::Energy(Carrier::NetworkHeat));
        }
        let later = self.region.later_fuel_prices.iter();
        if let Some((_, fuels)) = later.clone().find(|(from, _)| *from == winter) {
            prices.fuels = supplies(fuels, self.fuels);
            for (carrier, supply) in &prices.fuels {
                let figure = before.fuels.get(carrier).map(|own| &own.price.figure);
                if figure != Some(&supply.price.figure) {
                    changed.push(Purpose::Energy(*carrier));
                }
            }
        }
        (prices, changed)
    }

    /// The charge of a winter; by area, by heat or both.
    fn network(&self, winter: Winter) -> Option<Sourced<NetworkCharge>> {
        let series: &HeatPriceSeries = self.tariffs.network_heat.values().next()?;
        let (price, _) = series.for_winter(winter)?;
        let charge = NetworkCharge {
            per_m2: price.cny_per_m2.unwrap_or(Fixed::ZERO),
            share_fixed: Fixed::ONE,
            per_kwh: price.cny_per_kwh.unwrap_or(Fixed::ZERO),
        };
        Some(Sourced::new(charge, price.figure.clone()))
    }

    /// Which price a roof has that is connected before the first winter.
    fn feed_in(&self) -> FeedIn {
        if self.first >= NEW_FEED_IN_FROM {
            FeedIn::New
        } else {
            FeedIn::Existing
        }
    }

    /// Whether no price is known for a roof that is connected before the first winter, so that the
    /// price of the others stands in.
    pub fn export_stands_in(&self) -> bool {
        let feed_in = &self.tariffs.feed_in;
        !feed_in.is_empty() && !feed_in.contains_key(self.feed_in().key())
    }

    /// What the grid pays in a winter for a kWh of a roof that is connected before the first: the
    /// price on the first of January.
    fn export(&self, winter: Winter) -> Option<Sourced<Fixed>> {
        let feed_in = &self.tariffs.feed_in;
        let own = feed_in.get(self.feed_in().key());
        let (plan, _) = own.or(feed_in.values().next())?.for_winter(winter)?;
        let (version, window) = plan.window(0);
        let price = version.windows.get(window)?.rates.first()?.prices.first()?;
        Some(Sourced::new(*price, version.figure.clone()))
    }
}

/// The first winter before which a new roof is connected after 1 June 2025, from when another price
/// holds.
const NEW_FEED_IN_FROM: Winter = Winter(2025);

fn plans<'s>(series: impl Iterator<Item = &'s PlanSeries>, winter: Winter) -> Vec<Plan> {
    let plans = series.filter_map(|series| series.for_winter(winter));
    plans.map(|(plan, _)| plan).collect()
}

fn market(plans: Vec<Plan>) -> Option<Arc<Market>> {
    (!plans.is_empty()).then(|| Arc::new(Market::of(plans)))
}

/// Whether plans have other versions than those of a market.
fn differ(plans: &[Plan], market: Option<&Arc<Market>>) -> bool {
    let before = market.map_or(&[][..], |market| market.plans());
    plans.len() != before.len() || !plans.iter().zip(before).all(|(a, b)| a.same_versions(b))
}

/// Fuels that have a price here, and gas and network heat, whose prices are tariffs.
fn supplies(
    prices: &BTreeMap<String, Given<FuelPrice>>,
    fuels: &Fuels,
) -> BTreeMap<Carrier, FuelSupply> {
    let mut supplies = BTreeMap::new();
    for fuel in Carrier::ALL
        .iter()
        .filter_map(|carrier| fuels.usual(*carrier))
    {
        let Some(price) = fuel_price(prices, fuel.carrier, None) else {
            if matches!(fuel.carrier, Carrier::NaturalGas | Carrier::NetworkHeat) {
                let price = Sourced::new(Fixed::ZERO, fuel.kwh_per_unit.figure.clone());
                let fuel = fuel.clone();
                let (by_package, delivery) = (false, Fixed::ZERO);
                let supply = FuelSupply {
                    fuel,
                    price,
                    by_package,
                    delivery,
                };
                supplies.insert(supply.fuel.carrier, supply);
            }
            continue;
        };
        let quality = price.value.quality.as_deref();
        let own = quality.and_then(|id| fuels.fuel(id)).unwrap_or(fuel);
        supplies.insert(fuel.carrier, supply(own, price));
    }
    supplies
}

/// A fuel at its price, both for the unit of its carrier unless it is sold by the piece.
fn supply(fuel: &Fuel, given: &Given<FuelPrice>) -> FuelSupply {
    let mut fuel = fuel.clone();
    let price = &given.value;
    let kg_per_unit = if fuel.carrier == Carrier::Lpg {
        1.0
    } else {
        1000.0
    };
    if let Some(lhv) = price.lhv {
        let kwh = lhv.value() * kg_per_unit / crate::words::quantity::MJ_PER_KWH;
        fuel.kwh_per_unit = Sourced::new(kwh, given.figure.clone());
    }
    let by_package = price.unit.is_whole() && fuel.package.is_some();
    let kilograms = f64::from(price.unit.kilograms());
    let factor = if by_package {
        1.0
    } else {
        kg_per_unit / kilograms
    };
    let scale = |yuan: Fixed| Fixed::from_f64(yuan.to_f64() * factor);
    FuelSupply {
        price: Sourced::new(scale(price.price), given.figure.clone()),
        delivery: scale(price.delivery),
        by_package,
        fuel,
    }
}
