//! The account of one option: heat to energy, energy to bills, bills and grants to a ledger.

use std::cell::LazyCell;
use std::sync::Arc;

use crate::comparison::cash;
use crate::comparison::emissions;
use crate::comparison::energy::{self, Drawn, Energy, NoPrice, OwnFuel, Wanted};
use crate::comparison::grants::{self, Granted, OpenRules};
use crate::comparison::household::Household;
use crate::comparison::install;
use crate::comparison::journal::{Entry, Journal};
use crate::comparison::later::{Ahead, Pricing, Winters};
use crate::comparison::meters::{Roof, Roofs};
use crate::comparison::money::{self, HeadlineBasis};
use crate::comparison::options::{OptionSpec, PvOwnership};
use crate::comparison::outcome::{
    Account, Confidence, Emissions, Equipment, Government, Headline, OperationFacts, PayerYear,
    Remark, Step, Term, Verdict, WinterCost,
};
use crate::comparison::run::Run;
use crate::comparison::setting::{Measure, Setting};
use crate::comparison::tally::Tally;
use crate::subsidy::LikeWinters;
use crate::technology::product::{Emitter, Product};
use crate::technology::sizing::Choice;
use crate::technology::{Heater, Machines, Operation, Plant};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, HeaterKind, Name, Payer};
use crate::words::ledger::{Detail, Line, Purpose};
use crate::words::provenance::FigureRef;
use crate::words::quantity::Kilowatt;

/// What all options of a household share.
#[derive(Clone, Copy)]
pub struct Common<'a> {
    /// The place.
    pub setting: &'a Setting,
    /// The household.
    pub household: &'a Household,
    /// The first winter's prices, and what they make of the rest of the house.
    pub pricing: Pricing<'a>,
    /// Later winters with other prices.
    pub ahead: &'a [Ahead<'a>],
    /// Today's account, once it is known.
    pub today: Option<&'a TodayFacts>,
    /// How much of the accounts is wanted.
    pub wanted: Wanted,
    /// Heat pumps in the weather of the place.
    pub machines: &'a Machines,
    /// Rules by kind of heater, where nobody asks why a rule does not pay.
    pub open_rules: Option<&'a OpenRules>,
    /// Winters that rules do not tell apart.
    pub like: &'a LikeWinters,
    /// Yields of the roofs of the place.
    pub roofs: &'a Roofs,
}

/// What every option is held against.
#[derive(Debug, Clone, Default)]
pub struct TodayFacts {
    /// Yearly flows of the household, year 0 to the horizon.
    pub flows: Vec<f64>,
    /// Its winters.
    pub winters: Vec<WinterCost>,
    /// First winter at the service of the comparison.
    pub winter: Money,
    /// Loose coal of a winter, t.
    pub coal_t: f64,
}

/// An option that is bought.
pub struct Plan<'a> {
    /// Its place in the list.
    pub spec: &'a OptionSpec,
    /// Its product and number.
    pub choice: Choice<'a>,
    /// How it stands in the house.
    pub plant: Plant,
    /// How as much of it as the whole house needs would stand: for the winter at the standard.
    pub standard_plant: Plant,
    /// Emitters that must be bought.
    pub new_emitter: Option<&'a Emitter>,
    /// Envelope measures.
    pub measures: Vec<&'a Measure>,
    /// Heat asked for at the service of the comparison, kW, season's hours.
    pub heat_kw: &'a [f64],
    /// Heat asked for at the standard service.
    pub standard_kw: &'a [f64],
    /// The household's own roof; nothing without.
    pub roof: Option<Arc<Roof>>,
}

impl Plan<'_> {
    /// The heater of its product.
    pub const fn heater(&self) -> &Heater {
        &self.choice.product.heater
    }

    /// Whether the winter at the standard service is that of the comparison.
    pub fn standard_is_own(&self) -> bool {
        std::ptr::eq(self.heat_kw, self.standard_kw)
    }
}

/// Pays for the energy that the machine of a plan drew in a winter.
fn winter(
    common: &Common<'_>,
    plan: &Plan<'_>,
    at: Pricing<'_>,
    wanted: Wanted,
    op: &Operation,
) -> Result<Energy, NoPrice> {
    let heater = &plan.choice.product.heater;
    let drawn = Drawn {
        kind: heater.kind(),
        electricity_kwh: &op.electricity_kwh,
        carrier: heater.carrier(),
        fuel_kwh: &op.fuel_kwh,
        electricity_sum_kwh: op.electricity_total(),
        fuel_sum_kwh: op.fuel_total(),
        roof: plan.roof.as_deref(),
        own: OwnFuel::default(),
        wanted,
    };
    energy::buy(common.setting, common.household, at, &drawn)
}

/// The energy of every winter, bought again where its prices change.
fn winters(common: &Common<'_>, plan: &Plan<'_>, run: &Run) -> Result<Winters, NoPrice> {
    let heater = &plan.choice.product.heater;
    let first = winter(common, plan, common.pricing, common.wanted, run.first())?;
    let roof = plan.roof.is_some();
    let draws = roof || run.first().electricity_total() > 0.0;
    let pays = |purpose| match purpose {
        Purpose::Export => roof,
        Purpose::Energy(Carrier::Electricity) => draws,
        Purpose::Energy(carrier) => carrier == heater.carrier(),
        _ => false,
    };
    Winters::bought(common.setting, first, common.ahead, pays, |at, ahead| {
        let op = run.ahead(heater, ahead, at);
        winter(common, plan, ahead.pricing, common.wanted, op)
    })
}

/// An option's winter and all that is paid over the horizon.
pub struct Paid {
    /// Energy of the winters.
    pub winters: Winters,
    /// Grants and refusals.
    pub granted: Granted,
    /// Every payment.
    pub journal: Journal,
}

/// Writes the ledger of one option whose machine has run.
pub fn paid(common: &Common<'_>, plan: &Plan<'_>, run: &Run) -> Result<Paid, NoPrice> {
    let (setting, household) = (common.setting, common.household);
    let winters = winters(common, plan, run)?;
    let mut journal = Journal::new(common.wanted == Wanted::Lines);
    let mut list = install::shopping_list(
        setting,
        household,
        plan.spec,
        &plan.choice,
        plan.new_emitter,
        &plan.measures,
    );
    list.retain(|it| it.quantity > Fixed::ZERO);
    install::write(&list, household, &mut journal);
    running_lines(common, plan, &winters, &mut journal);
    install::write_replacements(&list, household, &mut journal);
    let granted = grants::award(common, plan, &list, &winters, &mut journal);
    borrow(household, &mut journal);
    Ok(Paid {
        winters,
        granted,
        journal,
    })
}

/// The whole account of one option whose machine has run; `standard` is its winter at the standard
/// service, where that is another.
pub fn account(
    common: &Common<'_>,
    plan: &Plan<'_>,
    run: &Run,
    standard: &Operation,
) -> Result<Account, NoPrice> {
    let household = common.household;
    let product = plan.choice.product;
    let standard = standard_winter(common, plan, standard)?;
    let Paid {
        winters,
        granted,
        journal,
    } = paid(common, plan, run)?;
    let (op, energy) = (run.first(), &winters.first);
    let facts = operation_facts(op, energy);
    let basis = Basis {
        energy,
        granted,
        facts,
        standard,
        heat: op.delivered_kwh,
    };
    let mut account = finish(common, journal, basis);
    account.id.clone_from(&plan.spec.id);
    account.name = Arc::clone(&plan.spec.name);
    account.kind = Some(product.heater.kind());
    account.equipment = Some(equipment(plan));
    account.cautions = cautions(household, &account, product.needs.gas_main);
    account.steps = steps(common, plan, &account, energy);
    Ok(account)
}

/// What the household must ask or accept: a stronger supply, cold hours.
fn cautions(household: &Household, account: &Account, needs_main: bool) -> Vec<Remark> {
    let mut cautions = Vec::new();
    let Some(equipment) = &account.equipment else {
        return cautions;
    };
    if let (None, Some(usual)) = (household.site.spare_supply, household.site.usual_supply)
        && equipment.supply.value() > usual.value()
    {
        let needs = format!("{:.1}", equipment.supply.value());
        let usual = format!("{:.0}", usual.value());
        cautions.push(Remark {
            message: "caution-supply",
            values: vec![("needs", needs), ("usual", usual)],
        });
    }
    if needs_main && household.site.gas_main.is_none() {
        cautions.push(Remark {
            message: "caution-gas-main",
            values: Vec::new(),
        });
    }
    let operation = &account.operation;
    let wanted = operation.delivered_kwh + operation.unmet_kwh;
    if operation.unmet_kwh > wanted * UNMET_TOLD {
        let percent = format!("{:.0}", operation.unmet_kwh / wanted * 100.0);
        let hours = format!("{:.0}", operation.unmet_hours);
        cautions.push(Remark {
            message: "caution-unmet",
            values: vec![("percent", percent), ("hours", hours)],
        });
    }
    cautions
}

/// Share of the wanted heat that may be missing without being told.
const UNMET_TOLD: f64 = 0.01;

/// Net cost of the first winter at the standard service, where that is another winter.
fn standard_winter(
    common: &Common<'_>,
    plan: &Plan<'_>,
    op: &Operation,
) -> Result<Option<Money>, NoPrice> {
    if plan.standard_is_own() {
        return Ok(None);
    }
    let energy = winter(common, plan, common.pricing, Wanted::Sums, op)?;
    let upkeep = plan.choice.product.upkeep_cny_per_year.value;
    let grants = grants::first_winter(common, plan, &energy);
    Ok(Some(energy.total() + upkeep - grants))
}

/// What the end of the calculation needs.
pub struct Basis<'a> {
    /// Energy of the first winter.
    pub energy: &'a Energy,
    /// Grants and refusals.
    pub granted: Granted,
    /// What the machine did.
    pub facts: OperationFacts,
    /// The winter at the standard service, where it differs.
    pub standard: Option<Money>,
    /// Useful heat of a winter, kWh.
    pub heat: f64,
}

/// The figures that are sums of a ledger.
pub struct Sums {
    /// Headline figures.
    pub headline: Headline,
    /// What they mean.
    pub verdict: Verdict,
    /// Winter by winter.
    pub winters: Vec<WinterCost>,
    /// What others pay, by year.
    pub payers: Vec<PayerYear>,
    /// What governments pay.
    pub government: Government,
    /// Coal and emissions.
    pub emissions: Emissions,
}

/// What a ledger's sums rest on beside its lines.
pub struct SumsBasis<'a> {
    /// Units of each carrier bought in a winter.
    pub units: &'a [(Carrier, f64)],
    /// Own hours of a winter.
    pub labour_hours: f64,
    /// The winter at the standard service, where it differs.
    pub standard: Option<Money>,
    /// Useful heat of a winter, kWh.
    pub heat: f64,
}

/// What follows from the payments: winters, headline, verdict, payers, emissions.
pub fn sums(common: &Common<'_>, tally: &Tally, basis: &SumsBasis<'_>) -> Sums {
    let (setting, household) = (common.setting, common.household);
    let horizon = household.terms.horizon_years;
    let mut winters = money::staircase(tally, setting.winter);
    let own_flows;
    let (today_flows, today_winter) = match common.today {
        Some(today) => {
            for (winter, now) in winters.iter_mut().zip(&today.winters) {
                winter.today = now.net;
            }
            (today.flows.as_slice(), today.winter)
        }
        None => {
            for winter in &mut winters {
                winter.today = winter.net;
            }
            own_flows = tally.flows();
            (
                own_flows.as_slice(),
                winters.first().map_or(Money::ZERO, |w| w.net),
            )
        }
    };
    let first = winters.first().map_or(Money::ZERO, |winter| winter.net);
    let headline = money::headline(
        tally,
        &HeadlineBasis {
            terms: &household.terms,
            winters: &winters,
            today_flows,
            today_winter,
            days: setting.season.days(),
            heat_kwh: basis.heat,
            income: household.income.value,
            standard_winter_cost: basis.standard.unwrap_or(first),
            labour_hours: basis.labour_hours,
        },
    );
    let verdict = money::verdict(
        &headline,
        &winters,
        today_winter,
        household.thresholds,
        household.income.value,
    );
    let coal_today = common.today.map_or(0.0, |today| today.coal_t);
    let emissions = emissions::of_winter(setting, basis.units, coal_today);
    let payers = money::payer_years(tally);
    let government = money::government(&payers, emissions.coal_replaced_t, horizon);
    Sums {
        headline,
        verdict,
        winters,
        payers,
        government,
        emissions,
    }
}

/// Adds up the journal: winters, headline, verdict, cash, payers, emissions.
pub fn finish(common: &Common<'_>, journal: Journal, basis: Basis<'_>) -> Account {
    let setting = common.setting;
    let tally = journal.tally(common.household.terms.horizon_years);
    let sums = sums(
        common,
        &tally,
        &SumsBasis {
            units: &basis.energy.units,
            labour_hours: basis.energy.labour_hours,
            standard: basis.standard,
            heat: basis.heat,
        },
    );
    let annual = money::annual_cost(&tally, &common.household.terms);
    let ledger = journal.into_ledger();
    Account {
        id: String::new(),
        name: Arc::default(),
        kind: None,
        equipment: None,
        headline: sums.headline,
        annual,
        verdict: sums.verdict,
        cautions: Vec::new(),
        confidence: Confidence::UNKNOWN,
        operation: basis.facts,
        steps: Vec::new(),
        plans: basis.energy.plans.clone(),
        cash: cash::two_winters(setting, &ledger, &basis.granted),
        grants: basis.granted.all_grants(),
        refusals: basis.granted.refusals(),
        staircase: sums.winters,
        payers: sums.payers,
        government: sums.government,
        emissions: sums.emissions,
        ledger,
    }
}

/// Energy, upkeep, labour, export and roof rent of every year.
fn running_lines(common: &Common<'_>, plan: &Plan<'_>, winters: &Winters, journal: &mut Journal) {
    let household = common.household;
    let horizon = household.terms.horizon_years;
    winters.write(household, journal);
    let product = plan.choice.product;
    upkeep(product, household, journal);
    labour(household, winters.first.labour_hours, journal);
    pv_upkeep(common, plan, journal);
    if let Some(lease) = household.terms.purchase.lease {
        let name = Arc::new(Name {
            zh: "租金".into(),
            en: "lease".into(),
        });
        for year in 1..=lease.years.min(horizon) {
            let entry = Entry::own(year, Purpose::Loan, lease.payment);
            journal.write(entry, |it| {
                yearly(it, &name, &FigureRef::case("money.lease"))
            });
        }
    }
}

/// Upkeep of a heater in every year.
pub fn upkeep(product: &Product, household: &Household, journal: &mut Journal) {
    let upkeep = &product.upkeep_cny_per_year;
    // Named only where the line is read.
    let name = LazyCell::new(|| {
        Arc::new(Name {
            zh: "维护保养".into(),
            en: "upkeep".into(),
        })
    });
    for year in 1..=household.terms.horizon_years {
        let entry = Entry::own(year, Purpose::Upkeep, upkeep.value);
        journal.write(entry, |it| yearly(it, &name, &upkeep.figure));
    }
}

/// A line of one amount a year.
pub fn yearly(entry: Entry, name: &Arc<Name>, figure: &FigureRef) -> Line {
    Line {
        year: entry.year,
        month: None,
        payer: entry.payer,
        purpose: entry.purpose,
        detail: Detail::named(name),
        quantity: Fixed::ONE,
        unit: "year",
        unit_price: entry.amount.to_fixed(),
        amount: entry.amount,
        figure: figure.clone(),
    }
}

/// Own hours at the wage, if the user set one.
pub fn labour(household: &Household, hours: f64, journal: &mut Journal) {
    let Some(wage) = household.terms.wage else {
        return;
    };
    if hours <= 0.0 {
        return;
    }
    let name = Arc::new(Name {
        zh: "自家用工".into(),
        en: "own labour".into(),
    });
    let quantity = Fixed::from_f64(hours);
    let rounding = household.terms.rounding;
    let amount = crate::words::fixed::ExactYuan::of(quantity, wage.to_fixed()).to_money(rounding);
    for year in 1..=household.terms.horizon_years {
        journal.write(Entry::own(year, Purpose::Labour, amount), |it| Line {
            quantity,
            unit: "h",
            unit_price: wage.to_fixed(),
            ..yearly(it, &name, &FigureRef::case("money.wage_cny_per_h"))
        });
    }
}

/// Upkeep of the household's own roof, or the rent of a roof that is let.
fn pv_upkeep(common: &Common<'_>, plan: &Plan<'_>, journal: &mut Journal) {
    let Some(pv) = &plan.spec.pv else { return };
    let (purpose, name, amount, figure) = match pv.ownership {
        PvOwnership::RoofRent { rent } => {
            let name = Arc::new(Name {
                zh: "屋顶租金".into(),
                en: "roof rent".into(),
            });
            (
                Purpose::Export,
                name,
                -Money::from_f64(rent.value()),
                pv.figure.clone(),
            )
        }
        PvOwnership::Household => {
            let Some(offer) = &common.setting.pv else {
                return;
            };
            let upkeep = offer.upkeep_per_kw.value.to_f64() * pv.power.value();
            let figure = offer.upkeep_per_kw.figure.clone();
            (
                Purpose::Upkeep,
                Arc::clone(&offer.name),
                Money::from_f64(upkeep),
                figure,
            )
        }
    };
    for year in 1..=common.household.terms.horizon_years {
        let entry = Entry::own(year, purpose, amount);
        journal.write(entry, |it| yearly(it, &name, &figure));
    }
}

/// The household's own part on credit.
fn borrow(household: &Household, journal: &mut Journal) {
    let Some(loan) = household.terms.purchase.loan else {
        return;
    };
    let own =
        journal.sum(|it| it.payer == Payer::Household && it.year == 0 && it.purpose.is_install());
    let principal = own.portion(Fixed::from_f64(loan.share), household.terms.rounding);
    if principal <= Money::ZERO {
        return;
    }
    let name = Arc::new(Name {
        zh: "贷款".into(),
        en: "loan".into(),
    });
    let figure = FigureRef::case("money.loan");
    let mut write = |year, amount| {
        let entry = Entry::own(year, Purpose::Loan, amount);
        journal.write(entry, |it| yearly(it, &name, &figure));
    };
    write(0, -principal);
    let schedule = crate::lifecycle::Loan {
        principal,
        rate_per_period: loan.rate,
        periods: loan.years,
        repayment: crate::lifecycle::Repayment::LevelPayment,
    };
    for payment in schedule.schedule() {
        if payment.period <= household.terms.horizon_years {
            write(payment.period, payment.payment);
        }
    }
}

fn operation_facts(op: &Operation, energy: &Energy) -> OperationFacts {
    let electricity = op.electricity_total();
    let fuel = op.fuel_total();
    let input = if fuel > 0.0 { fuel } else { electricity };
    OperationFacts {
        delivered_kwh: op.delivered_kwh,
        unmet_kwh: op.unmet_kwh,
        unmet_hours: f64::from(op.unmet_hours),
        electricity_kwh: electricity,
        valley_share: op.facts.valley_share,
        fuel_kwh: fuel,
        performance: if input > 0.0 {
            op.delivered_kwh / input
        } else {
            0.0
        },
        backup_kwh: op.backup_kwh,
        solar_share: op.facts.solar_share.unwrap_or(0.0),
        peak_electricity_kw: op.facts.peak_kw,
        pv_kwh: energy.pv_kwh.0,
        pv_used_kwh: energy.pv_kwh.1,
    }
}

fn equipment(plan: &Plan<'_>) -> Equipment {
    let product = plan.choice.product;
    Equipment {
        product: product.id.clone(),
        name: Arc::new(product.name.clone()),
        count: plan.choice.count,
        capacity: plan.choice.capacity,
        meets_design_load: plan.choice.covers_design,
        supply: supply(product, &plan.plant),
        life_years: product.life_years.value,
    }
}

/// Most electric power of a plant.
pub fn supply(product: &Product, plant: &Plant) -> Kilowatt {
    product.heater.supply_needed(plant)
}

/// From heat to what is bought, as a reader with a pocket calculator follows it.
fn steps(common: &Common<'_>, plan: &Plan<'_>, account: &Account, energy: &Energy) -> Vec<Step> {
    let facts = &account.operation;
    let product = plan.choice.product;
    let figure = Some(product.performance.clone());
    let term = |what, value, unit| Term {
        value,
        unit,
        what,
        figure: None,
    };
    let heat = term("heat-delivered", facts.delivered_kwh, "kWh");
    let mut steps = Vec::new();
    if facts.fuel_kwh > 0.0 {
        let performance = Term {
            figure,
            ..term("efficiency", facts.performance, "")
        };
        steps.push(Step {
            what: "fuel-burnt",
            terms: vec![heat, performance],
            operations: "/",
            result: term("fuel-heat", facts.fuel_kwh, "kWh"),
        });
        let carrier = product.heater.carrier();
        let supply = common.setting.prices.fuels.get(&carrier);
        let units = energy.units.iter().find(|(own, _)| *own == carrier);
        if let (Some(supply), Some((_, units))) = (supply, units)
            && carrier != Carrier::NetworkHeat
        {
            let per_unit = &supply.fuel.kwh_per_unit;
            let per_unit_term = Term {
                value: per_unit.value,
                unit: "kWh",
                what: "heat-of-a-unit",
                figure: Some(per_unit.figure.clone()),
            };
            steps.push(Step {
                what: "fuel-bought",
                terms: vec![term("fuel-heat", facts.fuel_kwh, "kWh"), per_unit_term],
                operations: "/",
                result: term("fuel-quantity", *units, carrier.unit()),
            });
        }
    } else if facts.electricity_kwh > 0.0 {
        let what = match product.heater.kind() {
            HeaterKind::HeatPumpAir | HeaterKind::HeatPumpWater | HeaterKind::SolarStation => {
                "seasonal-cop"
            }
            _ => "efficiency",
        };
        steps.push(Step {
            what: "electricity-drawn",
            terms: vec![
                heat,
                Term {
                    figure,
                    ..term(what, facts.performance, "")
                },
            ],
            operations: "/",
            result: term("electricity", facts.electricity_kwh, "kWh"),
        });
    }
    steps
}
