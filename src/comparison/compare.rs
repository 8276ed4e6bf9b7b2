//! One household: its heat, today's heating, and every option beside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::comparison::account::{self, Basis, Common, Plan, TodayFacts};
use crate::comparison::confidence::confidence;
use crate::comparison::energy::{self, Drawn, Energy, NoPrice, OwnFuel, Wanted};
use crate::comparison::grants::{self, Granted};
use crate::comparison::heat::{Heat, Sizing, Works};
use crate::comparison::household::Household;
use crate::comparison::journal::{Entry, Journal};
use crate::comparison::later::{self, Pricing, Winters};
use crate::comparison::meters::{Meters, Roof, Roofs};
use crate::comparison::options::{OptionSpec, PvOwnership};
use crate::comparison::outcome::{
    Account, Comparison, FigureUse, HouseholdFacts, MoneyFacts, Obstacle, OperationFacts,
    OptionResult, Remark, Step, Term, WinterCost,
};
use crate::comparison::run::{self, Known, Run};
use crate::comparison::setting::{Measure, Setting};
use crate::lifecycle::Asset;
use crate::technology::product::{Emitter, Product};
use crate::technology::sizing::{self, Choice, SizingBasis};
use crate::technology::{EmitterCurve, Machines, Operation, Plant, operate_abreast};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Item, Name, Payer, Service};
use crate::words::ledger::{Detail, Line, Purpose};
use crate::words::provenance::FigureRef;
use crate::words::quantity::{Kilowatt, SquareMetre, Yuan};

/// Compares every option of the place with today's heating.
///
/// # Errors
/// No price is known for what the household burns today.
pub fn compare(setting: &Setting, household: &Household) -> Result<Comparison, NoPrice> {
    let meters = Meters::by_prices(setting, household);
    let cheap = energy::cheap_by_prices(setting, household);
    let ahead = later::ahead(setting, household, &meters, &cheap);
    let heat = Heat::new(setting, household);
    let machines = Machines::for_one();
    let like = grants::like_winters(setting, household);
    let roofs = Roofs::default();
    let mut common = Common {
        setting,
        household,
        pricing: Pricing {
            prices: &setting.prices,
            meters: &meters.first,
            cheap: &cheap.first,
        },
        ahead: &ahead,
        today: None,
        wanted: Wanted::Lines,
        machines: &machines,
        open_rules: None,
        like: &like,
        roofs: &roofs,
    };
    let (mut today, facts) = today_account(&common, &heat)?;
    common.today = Some(&facts);
    let mut runs = Runs::default();
    let mut options: Vec<OptionResult> = setting
        .options
        .iter()
        .map(|spec| option(&common, &heat, spec, &mut runs))
        .collect();
    let accounts = options.iter_mut().filter_map(OptionResult::account_mut);
    for account in std::iter::once(&mut today).chain(accounts) {
        let horizon = household.terms.horizon_years;
        account.confidence = confidence(account, horizon, |figure| {
            setting.fit(figure, setting.winter)
        });
    }
    let mut remarks = household.remarks.clone();
    remarks.extend(heat.remarks(setting));
    let accounts = options.iter().filter_map(OptionResult::account);
    let accounts: Vec<&Account> = std::iter::once(&today).chain(accounts).collect();
    let mut notes = later::notes(setting, &accounts);
    notes.extend(export_stands_in(setting, &accounts));
    let figures = figures(setting, household, &heat, &today, &options);
    Ok(Comparison {
        place: setting.place.clone(),
        winter: setting.winter,
        season: setting.season,
        service: household.service,
        household: HouseholdFacts {
            heated_area: household.house.heated_area,
            people: household.people,
            category: household.category,
            income: household.income.value,
        },
        money: MoneyFacts {
            discount_rate: household.terms.discount,
            horizon_years: household.terms.horizon_years,
            rounding: household.terms.rounding,
        },
        demand: heat.facts(setting, household),
        today,
        options,
        remarks,
        notes,
        filled_in: household.filled_in.clone(),
        figures,
    })
}

/// Says that no price is known for power of a new roof, where an option sells some.
fn export_stands_in(setting: &Setting, accounts: &[&Account]) -> Option<Remark> {
    let mut lines = accounts.iter().flat_map(|account| &account.ledger.lines);
    let sells = lines.any(|line| line.purpose == Purpose::Export && line.unit == "kWh");
    (setting.export_stands_in && sells).then(|| Remark {
        message: "note-export-stands-in",
        values: Vec::new(),
    })
}

/// What the options are held against: the sums of today's payments.
pub(super) fn today_facts(flows: Vec<f64>, winters: &[WinterCost], coal_t: f64) -> TodayFacts {
    TodayFacts {
        flows,
        winters: winters.to_vec(),
        winter: winters.first().map_or(Money::ZERO, |winter| winter.net),
        coal_t,
    }
}

/// Today's heating at the service of the comparison, and at the standard one.
fn today_account(common: &Common<'_>, heat: &Heat) -> Result<(Account, TodayFacts), NoPrice> {
    let household = common.household;
    let today = &household.today;
    let service = heat.useful(household.service);
    let winters = today_winters(common, heat)?;
    let energy = &winters.first;
    let standard = if household.service == Service::Standard {
        None
    } else {
        let now = (common.pricing, common.wanted);
        let energy = today_energy(common, heat, Service::Standard, now)?;
        Some(energy.total() + today.product.upkeep_cny_per_year.value)
    };
    let journal = today_journal(common, &winters);
    let facts = OperationFacts {
        delivered_kwh: service,
        performance: today.efficiency.value,
        fuel_kwh: service / today.efficiency.value.max(1e-6),
        ..OperationFacts::default()
    };
    let basis = Basis {
        energy,
        granted: Granted::default(),
        facts,
        standard,
        heat: service,
    };
    let flows = journal.tally(household.terms.horizon_years).flows();
    let mut account = account::finish(common, journal, basis);
    account.id = "today".to_owned();
    account.name = Arc::new(today.product.name.clone());
    account.kind = Some(today.product.heater.kind());
    account.steps = today_steps(household, energy, service);
    let facts = today_facts(flows, &account.staircase, account.emissions.coal_t);
    Ok((account, facts))
}

/// Every payment of today's heating.
pub(super) fn today_journal(common: &Common<'_>, winters: &Winters) -> Journal {
    let household = common.household;
    let mut journal = Journal::new(common.wanted == Wanted::Lines);
    winters.write(household, &mut journal);
    account::upkeep(&household.today.product, household, &mut journal);
    account::labour(household, winters.first.labour_hours, &mut journal);
    today_replacements(household, &mut journal);
    journal
}

/// The energy of today's heating at the service of the comparison. A bill or a price that the
/// household told itself says nothing of later winters.
pub(super) fn today_winters(common: &Common<'_>, heat: &Heat) -> Result<Winters, NoPrice> {
    let household = common.household;
    let service = household.service;
    let first = today_energy(common, heat, service, (common.pricing, common.wanted))?;
    let today = &household.today;
    if today.bill.is_some() || today.price.is_some() {
        return Ok(Winters::alike(first));
    }
    let pays = |purpose| purpose == Purpose::Energy(today.carrier);
    Winters::bought(common.setting, first, common.ahead, pays, |_, ahead| {
        today_energy(common, heat, service, (ahead.pricing, common.wanted))
    })
}

/// Energy of today's heating at a service: the winter as it is, scaled with the heat.
fn today_energy(
    common: &Common<'_>,
    heat: &Heat,
    service: Service,
    at: (Pricing<'_>, Wanted),
) -> Result<Energy, NoPrice> {
    let (setting, household) = (common.setting, common.household);
    let today = &household.today;
    let scale = match service {
        Service::Today => 1.0,
        _ => heat.useful(service) / heat.useful(Service::Today).max(1e-9),
    };
    if let Some(bill) = today.bill {
        return Ok(billed_today(setting, household, bill, scale));
    }
    let useful = heat.useful(service);
    let units = match &today.units {
        Some(units) => units.value * scale,
        None => useful / (today.efficiency.value * today.kwh_per_unit.value).max(1e-9),
    };
    let mut energy = if matches!(today.carrier, Carrier::Electricity | Carrier::NaturalGas) {
        metered_today(common, heat, service, units, at)?
    } else {
        let mut energy = Energy::default();
        let price = today.price.as_ref();
        let prices = at.0.prices;
        energy::buy_units(prices, household, today.carrier, units, price, &mut energy)?;
        energy
    };
    if let Some(hours) = today.labour_hours {
        energy.labour_hours = hours * scale;
    }
    Ok(energy)
}

/// A winter of which only the sum is known.
fn billed_today(setting: &Setting, household: &Household, bill: Money, scale: f64) -> Energy {
    let amount = Money::from_f64(bill.to_f64() * scale);
    let mut energy = Energy::default();
    let month = usize::from(setting.season.from.month()) - 1;
    energy.bill[month % 12] = amount;
    let today = &household.today;
    if let Some(units) = &today.units {
        energy.units.push((today.carrier, units.value * scale));
    }
    energy.lines.push(Line {
        year: 1,
        month: None,
        payer: Payer::Household,
        purpose: Purpose::Energy(today.carrier),
        detail: Detail::named(&Arc::new(Name {
            zh: "一冬取暖花费".into(),
            en: "the winter's heating".into(),
        })),
        quantity: Fixed::ONE,
        unit: "winter",
        unit_price: amount.to_fixed(),
        amount,
        figure: FigureRef::case("today.bill_cny"),
    });
    energy
}

/// Electricity or gas that is metered today, spread like the heat.
fn metered_today(
    common: &Common<'_>,
    heat: &Heat,
    service: Service,
    units: f64,
    (at, wanted): (Pricing<'_>, Wanted),
) -> Result<Energy, NoPrice> {
    let today = &common.household.today;
    let series = heat.series(service);
    let sum: f64 = series.iter().sum();
    let kwh = units * today.kwh_per_unit.value;
    let spread: Vec<f64> = series.iter().map(|kw| kw / sum.max(1e-9) * kwh).collect();
    let electric = today.carrier == Carrier::Electricity;
    let spread_kwh = spread.iter().fold(0.0, |sum, kwh| sum + kwh);
    energy::buy(
        common.setting,
        common.household,
        at,
        &Drawn {
            kind: today.product.heater.kind(),
            electricity_kwh: if electric { &spread } else { &[] },
            carrier: today.carrier,
            fuel_kwh: if electric { &[] } else { &spread },
            electricity_sum_kwh: if electric { spread_kwh } else { 0.0 },
            fuel_sum_kwh: if electric { 0.0 } else { spread_kwh },
            roof: None,
            own: OwnFuel {
                kwh_per_unit: Some(&today.kwh_per_unit),
                price: None,
            },
            wanted,
        },
    )
}

/// The stove that stands there is taken to be half worn: it is bought again after half its life and
/// then once a life; what is left at the end of the horizon is counted back.
fn today_replacements(household: &Household, journal: &mut Journal) {
    let product = &household.today.product;
    let horizon = household.terms.horizon_years;
    let life = product.life_years.value.max(1);
    let first = life.div_ceil(2);
    for it in product
        .items
        .iter()
        .filter(|it| it.item == Item::HeatSource)
    {
        let Some(price) = it.retail.as_ref().or(it.programme.as_ref()) else {
            continue;
        };
        let mut push = |year, purpose, amount: Money| {
            journal.write(Entry::own(year, purpose, amount), |entry| Line {
                unit: "set",
                ..account::yearly(entry, &it.name, &price.figure)
            });
        };
        let mut years = (first..horizon).step_by(usize::from(life));
        for year in years.clone() {
            push(year, Purpose::Replacement(Item::HeatSource), price.value);
        }
        if let Some(last) = years.next_back() {
            let asset = Asset::new(Yuan(price.value.to_f64()), life);
            let left = Money::from_f64(asset.residual_value(horizon - last).value());
            if left != Money::ZERO {
                push(horizon, Purpose::Residual, -left);
            }
        }
    }
}

/// From fuel to useful heat.
fn today_steps(household: &Household, energy: &Energy, useful: f64) -> Vec<Step> {
    let today = &household.today;
    let units = energy
        .units
        .iter()
        .find(|(carrier, _)| *carrier == today.carrier);
    let Some((_, units)) = units else {
        return Vec::new();
    };
    let term = |what, value, unit, figure| Term {
        value,
        unit,
        what,
        figure,
    };
    let own = today.units.as_ref().map(|units| units.figure.clone());
    vec![Step {
        what: "useful-heat-today",
        terms: vec![
            term("fuel-quantity", *units, today.carrier.unit(), own),
            term(
                "heat-of-a-unit",
                today.kwh_per_unit.value,
                "kWh",
                Some(today.kwh_per_unit.figure.clone()),
            ),
            term(
                "efficiency",
                today.efficiency.value,
                "",
                Some(today.efficiency.figure.clone()),
            ),
        ],
        operations: "**",
        result: term("useful-heat", useful, "kWh", None),
    }]
}

/// What the machine of an option did, at the service of the comparison and at the standard one.
#[derive(Default)]
struct Runs {
    own: Run,
    standard: Operation,
    known: Known,
}

impl Runs {
    /// Runs the machine of a plan, unless it is the one that ran last.
    fn operate(&mut self, common: &Common<'_>, plan: &Plan<'_>) {
        if self.known.is_of(plan) {
            return;
        }
        let standard =
            (!plan.standard_is_own()).then(|| run::standard_job(common, plan, &mut self.standard));
        let jobs = self.own.jobs(common, plan).chain(standard);
        operate_abreast(&mut jobs.collect::<Vec<_>>());
    }
}

/// One option: its account, or why it cannot be had.
fn option(common: &Common<'_>, heat: &Heat, spec: &OptionSpec, runs: &mut Runs) -> OptionResult {
    let impossible = |obstacles| OptionResult::Impossible {
        id: spec.id.clone(),
        name: Arc::clone(&spec.name),
        obstacles,
    };
    let (setting, household) = (common.setting, common.household);
    let measures = measures(setting, spec);
    let works = Works::new(household, &measures);
    let after = works.map(|works| heat.with(setting, household, &works));
    let heat = after.as_ref().unwrap_or(heat);
    let plan = match plan(setting, household, spec, heat, measures, common.roofs) {
        Ok(plan) => plan,
        Err(obstacles) => return impossible(obstacles),
    };
    runs.operate(common, &plan);
    match account::account(common, &plan, &runs.own, &runs.standard) {
        Ok(account) => OptionResult::Possible(Box::new(account)),
        Err(NoPrice(carrier)) => impossible(vec![Obstacle::NoPrice { carrier }]),
    }
}

/// The envelope measures of an option.
pub(super) fn measures<'a>(setting: &'a Setting, spec: &OptionSpec) -> Vec<&'a Measure> {
    let ids = spec.envelope.iter();
    ids.filter_map(|id| setting.measure(id)).collect()
}

/// An option as it would stand in the house whose heat is `heat`, or why it cannot.
pub(super) fn plan<'a>(
    setting: &'a Setting,
    household: &Household,
    spec: &'a OptionSpec,
    heat: &'a Heat,
    measures: Vec<&'a Measure>,
    roofs: &Roofs,
) -> Result<Plan<'a>, Vec<Obstacle>> {
    let products: Vec<&Product> = spec
        .products
        .iter()
        .filter_map(|id| setting.products.iter().find(|product| product.id == *id))
        .map(Arc::as_ref)
        .collect();
    let Some(sized) = sized(setting, household, spec, heat, &products) else {
        return Err(vec![Obstacle::NoSize {
            load: heat.whole.load,
            largest: Kilowatt::ZERO,
        }]);
    };
    let obstacles = obstacles(household, spec, setting, &sized.choice, &sized.plant);
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let product = sized.choice.product;
    let service = match household.service {
        // Only room units leave rooms out; a water system heats them all.
        Service::Zoned if !product.per_room => Service::Standard,
        service => service,
    };
    Ok(Plan {
        spec,
        plant: sized.plant,
        standard_plant: sized.standard_plant,
        new_emitter: sized.new_emitter,
        measures,
        heat_kw: heat.series(service),
        standard_kw: heat.series(Service::Standard),
        roof: own_roof(setting, spec, roofs),
        choice: sized.choice,
    })
}

/// The household's own roof.
fn own_roof(setting: &Setting, spec: &OptionSpec, roofs: &Roofs) -> Option<Arc<Roof>> {
    let pv = spec.pv.as_ref();
    let own = pv.filter(|pv| pv.ownership == PvOwnership::Household)?;
    Some(roofs.of(own.power.value(), setting))
}

/// A plant that was sized.
struct Sized<'a> {
    /// Product and number.
    choice: Choice<'a>,
    /// How it stands.
    plant: Plant,
    /// How it would stand if it were sized for the whole house.
    standard_plant: Plant,
    /// Emitters that must be bought for it.
    new_emitter: Option<&'a Emitter>,
}

/// Sizes a plant: room units for the rooms and the warmth of the service, others for the whole
/// house at the standard service.
fn sized<'a>(
    setting: &'a Setting,
    household: &Household,
    spec: &OptionSpec,
    heat: &Heat,
    products: &[&'a Product],
) -> Option<Sized<'a>> {
    let first = products.first()?;
    let own = household.house.emitter.as_deref();
    let there = own.filter(|id| first.emitters.iter().any(|emitter| emitter == id));
    let wanted = there.or(first.emitters.first().map(String::as_str));
    let emitter = wanted.and_then(|id| setting.emitter(id));
    let curve: EmitterCurve = emitter.or(setting.emitters.first())?.curve;
    let basis = |sizing: Sizing| SizingBasis {
        design_load: sizing.load,
        t_design: setting.t_design.value,
        t_room: sizing.t_room,
        elevation: setting.elevation,
        rooms: sizing.rooms,
        emitter: curve,
    };
    let choose = |sizing: Sizing| match spec.count {
        Some(count) => Some(sizing::fixed(first, count, &basis(sizing))),
        None => sizing::choose(products.iter().copied(), &basis(sizing)),
    };
    let own_sizing = if first.per_room {
        heat.sizing(household.service)
    } else {
        heat.whole
    };
    let choice = choose(own_sizing)?;
    // The same product in the number that the whole house needs.
    let whole = basis(heat.whole);
    let most = match spec.count {
        Some(count) => count,
        None => sizing::choose([choice.product], &whole)?.count,
    };
    Some(Sized {
        plant: basis(own_sizing).plant(choice.count),
        standard_plant: whole.plant(most),
        new_emitter: if there.is_some() { None } else { emitter },
        choice,
    })
}

/// Every reason why the house cannot take a plant; what is not known is no obstacle.
fn obstacles(
    household: &Household,
    spec: &OptionSpec,
    setting: &Setting,
    choice: &Choice<'_>,
    plant: &Plant,
) -> Vec<Obstacle> {
    let (needs, site) = (&choice.product.needs, &household.site);
    let mut found = Vec::new();
    let lacks = |needed: bool, there: Option<bool>| needed && there == Some(false);
    if lacks(needs.gas_main, site.gas_main) {
        found.push(Obstacle::NoGasMain);
    }
    if lacks(needs.heat_network, site.heat_network) {
        found.push(Obstacle::NoHeatNetwork);
    }
    if lacks(needs.biomass, site.biomass) {
        found.push(Obstacle::NoBiomass);
    }
    if lacks(needs.coal_allowed, site.coal_allowed) {
        found.push(Obstacle::CoalForbidden);
    }
    let supply = account::supply(choice.product, plant);
    if let Some(spare) = site.spare_supply
        && supply.value() > spare.value() + 1e-9
    {
        found.push(Obstacle::SupplyTooWeak {
            needs: supply,
            spare,
        });
    }
    let offer = setting
        .pv
        .as_ref()
        .map_or(0.0, |offer| offer.roof_m2_per_kw);
    let pv = spec.pv.as_ref().map_or(0.0, |pv| pv.power.value() * offer);
    let units = f64::from(choice.count);
    let roof = SquareMetre(needs.roof.value() * units + pv);
    if let Some(has) = site.roof
        && roof.value() > has.value() + 1e-9
    {
        found.push(Obstacle::RoofTooSmall { needs: roof, has });
    }
    let yard = SquareMetre(needs.yard.value() * units);
    if let Some(has) = site.yard
        && yard.value() > has.value() + 1e-9
    {
        found.push(Obstacle::YardTooSmall { needs: yard, has });
    }
    found
}

/// Every figure behind the account, once, in order of its id.
fn figures(
    setting: &Setting,
    household: &Household,
    heat: &Heat,
    today: &Account,
    options: &[OptionResult],
) -> Vec<FigureUse> {
    let mut seen = BTreeSet::new();
    let mut all: Vec<FigureRef> = Vec::new();
    let mut add = |figure: &FigureRef| {
        if seen.insert(Arc::as_ptr(&figure.0)) {
            all.push(figure.clone());
        }
    };
    let accounts = options.iter().filter_map(OptionResult::account);
    for account in std::iter::once(today).chain(accounts) {
        account
            .ledger
            .lines
            .iter()
            .for_each(|line| add(&line.figure));
        account.grants.iter().for_each(|grant| add(&grant.figure));
        let terms = account.steps.iter().flat_map(|step| &step.terms);
        terms
            .filter_map(|term| term.figure.as_ref())
            .for_each(&mut add);
    }
    add(&setting.t_design.figure);
    add(&household.income.figure);
    add(&household.today.kwh_per_unit.figure);
    add(&household.today.efficiency.figure);
    heat.figures().for_each(&mut add);
    household
        .filled_in
        .iter()
        .filter_map(|it| it.figure.as_ref())
        .for_each(&mut add);
    all.retain(|figure| figure.0.source != "case");
    all.sort();
    all.dedup();
    let accounts = std::iter::once(today).chain(options.iter().filter_map(OptionResult::account));
    let when = later::winters_of_figures(setting, accounts);
    all.into_iter()
        .map(|figure| {
            let winters = when.get(&figure).copied();
            let first = winters.map_or(setting.winter, |(first, _)| first);
            FigureUse {
                fit: setting.fit(&figure, first),
                figure,
                winters,
            }
        })
        .collect()
}
