//! What the winter's energy costs: hourly energy to bills, fuel to whole bags and bottles.

use std::sync::Arc;

use crate::comparison::household::Household;
use crate::comparison::later::{ByPrices, CheapHours, Pricing};
use crate::comparison::meters::{Meter, Roof, same_plans};
use crate::comparison::outcome::PlanChoice;
use crate::comparison::setting::{Prices, Setting};
use crate::subsidy::CarrierUse;
use crate::tariff::{CostLine, Family, HeatingCost, HeatingSums, Market, OpenTo, Readings};
use crate::words::fixed::{ExactYuan, Fixed, Money, Rounding};
use crate::words::kinds::{Carrier, HeaterKind, Kind, Name, Payer};
use crate::words::ledger::{Detail, Line, Purpose};
use crate::words::provenance::{FigureRef, Sourced};

/// The energy of one winter, paid for.
#[derive(Debug, Clone, Default)]
pub struct Energy {
    /// Lines of the first winter; export is a negative amount.
    pub lines: Vec<Line>,
    /// Metered use, for running grants.
    pub uses: Vec<CarrierUse>,
    /// Whole bottles of LPG.
    pub bottles: Fixed,
    /// Plans taken and left.
    pub plans: Vec<PlanChoice>,
    /// Units of each carrier bought.
    pub units: Vec<(Carrier, f64)>,
    /// Own hours of stoking and carrying.
    pub labour_hours: f64,
    /// PV generated and used at home in the year, kWh.
    pub pv_kwh: (f64, f64),
    /// What the energy costs by calendar month, January first, before grants and export.
    pub bill: [Money; 12],
    /// Figures used.
    pub figures: Vec<FigureRef>,
}

impl Energy {
    /// What the household pays for it in the first winter, export taken off.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| line.amount).sum()
    }
    fn push(&mut self, line: Line) {
        if line.purpose != Purpose::Export {
            let month = line.month.map_or(10, |month| usize::from(month) - 1);
            self.bill[month % 12] += line.amount;
        }
        self.figures.push(line.figure.clone());
        self.lines.push(line);
    }
    /// One line for a year of bills.
    fn sum(&mut self, carrier: Carrier, cost: &HeatingSums, market: &Market) {
        for (month, amount) in self.bill.iter_mut().zip(cost.by_month) {
            *month += amount;
        }
        let Some(plan) = market.plans().get(cost.plan) else {
            return;
        };
        self.lines.push(Line {
            year: 1,
            month: None,
            payer: Payer::Household,
            purpose: Purpose::Energy(carrier),
            detail: Detail::named(&plan.name),
            quantity: Fixed::ONE,
            unit: "winter",
            unit_price: cost.total.to_fixed(),
            amount: cost.total,
            figure: plan.months[0].figure.clone(),
        });
    }
}

/// Hourly energy of a winter, as a machine draws it.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// Kind of heater: it opens plans.
    pub kind: HeaterKind,
    /// Electricity of the season's hours, kWh.
    pub electricity_kwh: &'a [f64],
    /// Carrier of the fuel.
    pub carrier: Carrier,
    /// Fuel of the season's hours, kWh of lower heating value; empty without fuel.
    pub fuel_kwh: &'a [f64],
    /// The sum of the electricity, kWh.
    pub electricity_sum_kwh: f64,
    /// The sum of the fuel, kWh.
    pub fuel_sum_kwh: f64,
    /// Yield of the household's own roof; nothing without.
    pub roof: Option<&'a Roof>,
    /// Heat of a unit and its price where the household knows better than the place.
    pub own: OwnFuel<'a>,
    /// How much of the bills is wanted.
    pub wanted: Wanted,
}

/// How much of a bill is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Every line, and the plans that were left.
    Lines,
    /// One line a carrier.
    Sums,
}

/// What a market is asked.
struct Asked<'a> {
    kind: OpenTo,
    family: Family,
    meter: &'a Meter,
    heating: &'a Readings,
    /// The plan that the household fixed, by id.
    fixed: Option<&'a str>,
}

impl Asked<'_> {
    /// Bills the heating, in lines or in sums, and gives the number of the plan taken.
    fn bill(
        &self,
        market: &Market,
        carrier: Carrier,
        wanted: Wanted,
        energy: &mut Energy,
    ) -> Option<usize> {
        let living = &self.meter.living;
        if wanted == Wanted::Sums {
            let without = self
                .meter
                .without_heating(market, self.kind, &self.family)?;
            let cost = market.heating_sums(&without, living, self.heating, self.fixed)?;
            energy.sum(carrier, &cost, market);
            return Some(cost.plan);
        }
        let cost =
            market.heating_cost_under(self.kind, living, self.heating, &self.family, self.fixed)?;
        billed(&cost, carrier, energy);
        market.plans().iter().position(|plan| plan.id == cost.plan)
    }
}

/// What the household knows of its fuel.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnFuel<'a> {
    /// Heat of a unit, kWh.
    pub kwh_per_unit: Option<&'a Sourced<f64>>,
    /// Price of a unit.
    pub price: Option<&'a Sourced<Fixed>>,
}

/// A carrier that has no price here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPrice(pub Carrier);

/// Buys the energy of one winter.
pub fn buy(
    setting: &Setting,
    household: &Household,
    at: Pricing<'_>,
    drawn: &Drawn<'_>,
) -> Result<Energy, NoPrice> {
    let mut energy = Energy::default();
    if drawn.electricity_kwh.iter().any(|&kwh| kwh > 0.0) || drawn.roof.is_some() {
        electricity(setting, household, at, drawn, &mut energy)?;
    }
    if !drawn.fuel_kwh.is_empty() {
        match drawn.carrier {
            Carrier::NaturalGas => gas(setting, household, at, drawn, &mut energy)?,
            Carrier::NetworkHeat => network(setting, household, at.prices, drawn, &mut energy)?,
            Carrier::Electricity => {}
            _ => fuel(household, at, drawn, &mut energy)?,
        }
    }
    Ok(energy)
}

/// Who a heater's owner is to the electricity and gas companies.
fn open_to(kind: HeaterKind, carrier: Carrier) -> OpenTo {
    use HeaterKind as K;
    match (carrier, kind) {
        (Carrier::Electricity, K::GasBoiler | K::LpgBoiler | K::DistrictHeat) => OpenTo::Everyone,
        (Carrier::Electricity, K::CoalStove | K::BriquetteStove | K::BiomassStove) => {
            OpenTo::Everyone
        }
        (Carrier::Electricity, _) => OpenTo::ElectricHeating,
        (Carrier::NaturalGas, K::GasBoiler) => OpenTo::GasHeating,
        _ => OpenTo::Everyone,
    }
}

fn family(setting: &Setting, household: &Household, with_pv: bool) -> Family {
    Family {
        people: u32::from(household.people),
        category: household.category,
        heating_months: setting.season.months().len() as u8,
        // Behind its own meter the heating could not use the roof's power.
        meter: if with_pv {
            crate::tariff::HeatingMeter::Shared
        } else {
            household.meter
        },
        rounding: household.terms.rounding,
    }
}

/// The hours of the season in which a store is charged, for the first winter and for each later one
/// with other prices.
pub fn cheap_by_prices(setting: &Setting, household: &Household) -> CheapHours {
    ByPrices::new(setting, |prices, before| match before {
        Some((old, hours)) if same_plans(old.electricity.as_ref(), prices.electricity.as_ref()) => {
            Arc::clone(hours)
        }
        _ => Arc::from(cheap_hours(setting, prices, household)),
    })
}

/// The hours (of the season) in which a store is charged.
pub fn cheap_hours(setting: &Setting, prices: &Prices, household: &Household) -> Vec<bool> {
    let hours = &setting.weather.hours;
    match &prices.electricity {
        Some(market) => {
            let cheap = market.charge_hours(OpenTo::ElectricHeating, household.meter);
            let at = |&hour: &usize| cheap.and_then(|it| it.get(hour)).copied();
            hours.iter().map(|hour| at(hour).unwrap_or(true)).collect()
        }
        None => vec![true; hours.len()],
    }
}

fn electricity(
    setting: &Setting,
    household: &Household,
    at: Pricing<'_>,
    drawn: &Drawn<'_>,
    energy: &mut Energy,
) -> Result<(), NoPrice> {
    let missing = NoPrice(Carrier::Electricity);
    let prices = at.prices;
    let market = prices.electricity.as_ref().ok_or(missing)?;
    let meter = at.meters.electricity.as_ref().ok_or(missing)?;
    let heating = meter.season.read(drawn.electricity_kwh);
    let behind_roof = drawn.roof.map(|roof| {
        let behind = meter.behind_roof(market, setting, roof);
        let (net, used) = behind.net(drawn.electricity_kwh, roof, meter);
        energy.pv_kwh = (roof.kwh, used);
        net
    });
    let asked = Asked {
        kind: open_to(drawn.kind, Carrier::Electricity),
        family: family(setting, household, drawn.roof.is_some()),
        meter,
        heating: behind_roof.as_ref().unwrap_or(&heating),
        fixed: fixed_plan(household, Carrier::Electricity),
    };
    let plan = asked
        .bill(market, Carrier::Electricity, drawn.wanted, energy)
        .ok_or(missing)?;
    energy.uses.push(CarrierUse {
        heating: market.by_month(&heating),
        heating_valley: market.in_valley(plan, &heating),
        living: meter.living_by_month,
        living_valley: meter.living_in_valley(plan),
        ..CarrierUse::none(Carrier::Electricity)
    });
    energy
        .units
        .push((Carrier::Electricity, drawn.electricity_sum_kwh));
    if let Some(price) = prices.export.as_ref()
        && drawn.roof.is_some()
    {
        export(price, household.terms.rounding, energy);
    }
    Ok(())
}

/// The id of the plan that the household fixed.
fn fixed_plan(household: &Household, carrier: Carrier) -> Option<&str> {
    let mut fixed = household.fixed_plans.iter();
    fixed
        .find(|(own, _)| *own == carrier)
        .map(|(_, id)| id.as_str())
}

/// Lines of a bill's difference, and the plans that were open.
fn billed(cost: &HeatingCost, carrier: Carrier, energy: &mut Energy) {
    let unit = carrier.unit();
    for line in uncancelled(&cost.lines) {
        energy.push(cost_line(line, carrier, unit));
    }
    for other in &cost.alternatives {
        energy.plans.push(PlanChoice {
            carrier,
            plan: other.id.to_string(),
            name: Arc::clone(&other.name),
            with_heating: other.cost + cost.without.total,
            without_heating: cost.without.total,
            taken: other.id == cost.plan,
        });
    }
}

/// Lines without the pairs that say nothing: the same units at the same price in the same month
/// with heating and without it.
fn uncancelled(lines: &[CostLine]) -> impl Iterator<Item = &CostLine> {
    let mut cancelled = vec![false; lines.len()];
    for (i, line) in lines.iter().enumerate() {
        let opposite = |other: &CostLine| {
            other.month == line.month
                && other.price == line.price
                && other.quantity == -line.quantity
                && other.amount == -line.amount
        };
        if !cancelled[i]
            && let Some(j) = (i + 1..lines.len()).find(|&j| !cancelled[j] && opposite(&lines[j]))
        {
            (cancelled[i], cancelled[j]) = (true, true);
        }
    }
    let kept = lines.iter().zip(cancelled);
    kept.filter(|(_, cancelled)| !cancelled)
        .map(|(line, _)| line)
}

fn cost_line(line: &CostLine, carrier: Carrier, unit: &'static str) -> Line {
    Line {
        year: 1,
        month: Some(line.month),
        payer: Payer::Household,
        purpose: Purpose::Energy(carrier),
        detail: Detail {
            name: Arc::clone(&line.plan),
            hour_class: line.hour_class.map(Kind::key),
            tier: line.tier,
        },
        quantity: line.quantity,
        unit,
        unit_price: line.price,
        amount: line.amount,
        figure: line.figure.clone(),
    }
}

/// What the roof sells in a year.
fn export(price: &Sourced<Fixed>, rounding: Rounding, energy: &mut Energy) {
    let quantity = Fixed::from_f64(energy.pv_kwh.0 - energy.pv_kwh.1);
    let amount = ExactYuan::of(quantity, price.value).to_money(rounding);
    energy.push(Line {
        year: 1,
        month: None,
        payer: Payer::Household,
        purpose: Purpose::Export,
        detail: Detail::named(&Arc::new(Name {
            zh: "余电上网".into(),
            en: "sold to the grid".into(),
        })),
        quantity,
        unit: "kWh",
        unit_price: -price.value,
        amount: -amount,
        figure: price.figure.clone(),
    });
}

fn gas(
    setting: &Setting,
    household: &Household,
    at: Pricing<'_>,
    drawn: &Drawn<'_>,
    energy: &mut Energy,
) -> Result<(), NoPrice> {
    let missing = NoPrice(Carrier::NaturalGas);
    let market = at.prices.gas.as_ref().ok_or(missing)?;
    let meter = at.meters.gas.as_ref().ok_or(missing)?;
    let supply = at.prices.fuels.get(&Carrier::NaturalGas).ok_or(missing)?;
    let per_unit = drawn.own.kwh_per_unit.unwrap_or(&supply.fuel.kwh_per_unit);
    let unit_of_kwh = 1.0 / per_unit.value;
    let heating = meter.season.read_scaled(drawn.fuel_kwh, unit_of_kwh);
    let asked = Asked {
        kind: open_to(drawn.kind, Carrier::NaturalGas),
        family: family(setting, household, false),
        meter,
        heating: &heating,
        fixed: fixed_plan(household, Carrier::NaturalGas),
    };
    asked
        .bill(market, Carrier::NaturalGas, drawn.wanted, energy)
        .ok_or(missing)?;
    energy.uses.push(CarrierUse {
        heating: market.by_month(&heating),
        living: meter.living_by_month,
        ..CarrierUse::none(Carrier::NaturalGas)
    });
    energy
        .units
        .push((Carrier::NaturalGas, drawn.fuel_sum_kwh * unit_of_kwh));
    energy.figures.push(per_unit.figure.clone());
    Ok(())
}

/// Heat from a network: a charge by area, by heat, or both.
fn network(
    setting: &Setting,
    household: &Household,
    prices: &Prices,
    drawn: &Drawn<'_>,
    energy: &mut Energy,
) -> Result<(), NoPrice> {
    let charge = prices.network.as_ref();
    let charge = charge.ok_or(NoPrice(Carrier::NetworkHeat))?;
    let kwh = drawn.fuel_sum_kwh;
    let one_part = charge.value.per_kwh == Fixed::ZERO;
    let fixed = if one_part {
        Fixed::ONE
    } else {
        charge.value.share_fixed
    };
    let area = Fixed::from_f64(household.house.heated_area.value());
    let name = Arc::new(Name {
        zh: "集中供热费".into(),
        en: "heat network charge".into(),
    });
    let mut line = |quantity: Fixed, unit: &'static str, price: Fixed| {
        energy.push(Line {
            year: 1,
            month: Some(setting.season.from.month()),
            payer: Payer::Household,
            purpose: Purpose::Energy(Carrier::NetworkHeat),
            detail: Detail::named(&name),
            quantity,
            unit,
            unit_price: price,
            amount: ExactYuan::of(quantity, price).to_money(household.terms.rounding),
            figure: charge.figure.clone(),
        });
    };
    line(area, "m2", charge.value.per_m2.times(fixed));
    if !one_part {
        line(Fixed::from_f64(kwh), "kWh", charge.value.per_kwh);
    }
    energy.units.push((Carrier::NetworkHeat, kwh));
    Ok(())
}

/// Coal, briquettes, pellets, straw, LPG: by the unit, or by whole bags and bottles.
fn fuel(
    household: &Household,
    at: Pricing<'_>,
    drawn: &Drawn<'_>,
    energy: &mut Energy,
) -> Result<(), NoPrice> {
    let prices = at.prices;
    let supply = prices
        .fuels
        .get(&drawn.carrier)
        .ok_or(NoPrice(drawn.carrier))?;
    let per_unit = drawn.own.kwh_per_unit.unwrap_or(&supply.fuel.kwh_per_unit);
    let units = drawn.fuel_sum_kwh / per_unit.value;
    energy.figures.push(per_unit.figure.clone());
    let months = at.meters.by_month(drawn.fuel_kwh, 1.0 / per_unit.value);
    energy.uses.push(CarrierUse {
        heating: months,
        ..CarrierUse::none(drawn.carrier)
    });
    buy_units(
        prices,
        household,
        drawn.carrier,
        units,
        drawn.own.price,
        energy,
    )
}

/// Buys a number of units of a fuel: whole packages where it is sold by the piece.
pub fn buy_units(
    prices: &Prices,
    household: &Household,
    carrier: Carrier,
    units: f64,
    own_price: Option<&Sourced<Fixed>>,
    energy: &mut Energy,
) -> Result<(), NoPrice> {
    let supply = prices.fuels.get(&carrier).ok_or(NoPrice(carrier))?;
    let packages = supply
        .fuel
        .packages(units)
        .filter(|_| supply.by_package && own_price.is_none());
    let price = own_price.unwrap_or(&supply.price);
    let (quantity, unit) = match packages {
        Some(n) if carrier == Carrier::Lpg => (Fixed::whole(n as i64), "bottle"),
        Some(n) => (Fixed::whole(n as i64), "bag"),
        None => (Fixed::from_f64(units), carrier.unit()),
    };
    if carrier == Carrier::Lpg {
        let bottles = supply.fuel.packages(units).unwrap_or(0);
        energy.bottles = Fixed::whole(bottles as i64);
    }
    energy.units.push((carrier, units));
    energy.labour_hours += supply.fuel.labour_hours(units);
    let mut line = |name: &Arc<Name>, unit_price: Fixed| {
        energy.push(Line {
            year: 1,
            month: None,
            payer: Payer::Household,
            purpose: Purpose::Energy(carrier),
            detail: Detail::named(name),
            quantity,
            unit,
            unit_price,
            amount: ExactYuan::of(quantity, unit_price).to_money(household.terms.rounding),
            figure: price.figure.clone(),
        });
    };
    line(&supply.fuel.name, price.value);
    if supply.delivery > Fixed::ZERO && own_price.is_none() {
        let name = Name {
            zh: "送货费".into(),
            en: "delivery".into(),
        };
        line(&Arc::new(name), supply.delivery);
    }
    Ok(())
}
