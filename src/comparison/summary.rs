//! One household in its headline figures: what a county asks of each of its households.
//!
//! The figures are those of [`compare`](crate::comparison::compare()) to the fen; names, steps,
//! lines of bills, cash by month, confidence and the winter at the standard service are left out,
//! and what depends on the place or on a house like it is worked out once.

use std::sync::Arc;

use crate::comparison::account::{self, Common, Plan, Sums, SumsBasis, TodayFacts};
use crate::comparison::compare;
use crate::comparison::energy::{self, BaseBills, LivingLoads, NoPrice};
use crate::comparison::heat::Heat;
use crate::comparison::household::{Household, Living};
use crate::comparison::later::{self, ByPrices, Pricing};
use crate::comparison::options::OptionSpec;
use crate::comparison::outcome::{
    Emissions, Government, Headline, Obstacle, PayerYear, Verdict, WinterCost,
};
use crate::comparison::setting::Setting;
use crate::demand::Simulations;
use crate::tariff::HeatingMeter;
use crate::technology::product::Product;
use crate::technology::{Machines, Operation, Plant};
use crate::words::kinds::Carrier;
use crate::words::quantity::Kilowatt;

/// A household in its figures.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Today's heating.
    pub today: Figures,
    /// The options, in the order of the setting.
    pub options: Vec<Result<Figures, Vec<Obstacle>>>,
}

/// Figures of one heating.
#[derive(Debug, Clone)]
pub struct Figures {
    /// What is bought and how many; nothing for today's heating.
    pub product: Option<(Arc<Product>, u16)>,
    /// Headline figures; the winter at the standard service is the first winter here.
    pub headline: Headline,
    /// What they mean for the household.
    pub verdict: Verdict,
    /// Winter by winter.
    pub winters: Vec<WinterCost>,
    /// What others pay, by year.
    pub payers: Vec<PayerYear>,
    /// What governments pay together.
    pub government: Government,
    /// Coal and emissions of one winter.
    pub emissions: Emissions,
    /// Electricity for heating, kWh a winter.
    pub electricity_kwh: f64,
    /// Highest electric power of an hour.
    pub peak: Kilowatt,
    /// Electric power in the coldest hour of the season.
    pub cold_hour: Kilowatt,
}

/// What households of one place share while they are worked out one after the other. Nothing that
/// it keeps changes a result.
#[derive(Debug)]
pub struct Bench<'s> {
    setting: &'s Setting,
    simulations: Simulations,
    living: Option<(Living, ByPrices<LivingLoads>)>,
    cheap: Option<(HeatingMeter, ByPrices<Vec<bool>>)>,
    operation: Operation,
    machines: Machines,
    cold_hour: usize,
}

impl<'s> Bench<'s> {
    /// For one place.
    pub fn new(setting: &'s Setting) -> Self {
        let t_out = setting.weather.t_out_c.iter().enumerate();
        let coldest = t_out.min_by(|a, b| a.1.total_cmp(b.1));
        Self {
            setting,
            simulations: Simulations::default(),
            living: None,
            cheap: None,
            operation: Operation::default(),
            machines: Machines::default(),
            cold_hour: coldest.map_or(0, |(hour, _)| hour),
        }
    }

    /// The place.
    pub const fn setting(&self) -> &'s Setting {
        self.setting
    }

    /// Simulations of the place's houses that were made so far.
    pub const fn simulations(&mut self) -> &mut Simulations {
        &mut self.simulations
    }

    /// A household in its figures.
    ///
    /// # Errors
    /// No price is known for what the household burns today.
    pub fn summary(&mut self, household: &Household) -> Result<Summary, NoPrice> {
        let setting = self.setting;
        let same = |kept: &&(Living, ByPrices<LivingLoads>)| kept.0 == household.living;
        if self.living.as_ref().filter(same).is_none() {
            let loads = ByPrices::new(setting, |prices| LivingLoads::new(prices, household));
            self.living = Some((household.living.clone(), loads));
        }
        let meter = |kept: &&(HeatingMeter, ByPrices<Vec<bool>>)| kept.0 == household.meter;
        if self.cheap.as_ref().filter(meter).is_none() {
            let hours = |prices: &_| energy::cheap_hours(setting, prices, household);
            self.cheap = Some((household.meter, ByPrices::new(setting, hours)));
        }
        let (Some((_, living)), Some((_, cheap))) = (&self.living, &self.cheap) else {
            return Err(NoPrice(Carrier::Electricity));
        };
        let bills = BaseBills::default();
        let ahead = later::ahead(setting, household, living, cheap);
        let mut common = Common {
            setting,
            household,
            pricing: Pricing {
                prices: &setting.prices,
                living: &living.first,
                cheap: &cheap.first,
            },
            ahead: &ahead,
            today: None,
            sums: Some(&bills),
            standard_bills: &bills,
            machines: &self.machines,
        };
        let heat = Heat::shared(setting, household, &mut self.simulations);
        let (today, facts) = today(&common, &heat)?;
        common.today = Some(&facts);
        let mut desk = Desk {
            common: &common,
            heat: &heat,
            simulations: &mut self.simulations,
            operation: &mut self.operation,
            ran: None,
            cold_hour: self.cold_hour,
        };
        let specs = setting.options.iter();
        Ok(Summary {
            today,
            options: specs.map(|spec| desk.option(spec)).collect(),
        })
    }
}

/// Today's heating, and what the options are held against.
fn today(common: &Common<'_>, heat: &Heat) -> Result<(Figures, TodayFacts), NoPrice> {
    let household = common.household;
    let winters = compare::today_winters(common, heat)?;
    let (energy, ledger) = (&winters.first, compare::today_ledger(household, &winters));
    let sums = account::sums(
        common,
        &ledger,
        &SumsBasis {
            units: &energy.units,
            labour_hours: energy.labour_hours,
            standard: None,
            heat: heat.useful(household.service),
        },
    );
    let coal_t = sums.emissions.coal_t;
    let facts = compare::today_facts(household, &ledger, &sums.winters, coal_t);
    Ok((figures(sums), facts))
}

fn figures(sums: Sums) -> Figures {
    Figures {
        product: None,
        headline: sums.headline,
        verdict: sums.verdict,
        winters: sums.winters,
        payers: sums.payers,
        government: sums.government,
        emissions: sums.emissions,
        electricity_kwh: 0.0,
        peak: Kilowatt::ZERO,
        cold_hour: Kilowatt::ZERO,
    }
}

/// One household at work.
struct Desk<'a, 'd> {
    common: &'d Common<'a>,
    heat: &'d Heat,
    simulations: &'d mut Simulations,
    operation: &'d mut Operation,
    /// Product and plant that ran last, in the house as it stands.
    ran: Option<(&'a str, Plant)>,
    cold_hour: usize,
}

impl Desk<'_, '_> {
    /// Whether the option before ran the same machine for the same heat, as with and without PV.
    fn has_run(&mut self, plan: &Plan<'_>) -> bool {
        let products = self.common.setting.products.iter();
        let mut own = products.filter(|it| it.id == plan.choice.product.id);
        let now = own.next().map(|it| (it.id.as_str(), plan.plant));
        let now = now.filter(|_| plan.measures.is_empty());
        let same = now.is_some() && self.ran == now;
        self.ran = now;
        same
    }

    fn option(&mut self, spec: &OptionSpec) -> Result<Figures, Vec<Obstacle>> {
        let (setting, household) = (self.common.setting, self.common.household);
        let measures = compare::measures(setting, spec);
        let works = self
            .heat
            .with_shared(setting, household, &measures, self.simulations);
        let heat = works.as_ref().unwrap_or(self.heat);
        let mut plan = compare::plan(setting, household, spec, heat, measures)?;
        plan.standard_kw = plan.heat_kw;
        plan.has_run = self.has_run(&plan);
        self.account(&plan)
            .map_err(|NoPrice(carrier)| vec![Obstacle::NoPrice { carrier }])
    }

    fn account(&mut self, plan: &Plan<'_>) -> Result<Figures, NoPrice> {
        let op = &mut *self.operation;
        let paid = account::paid(self.common, plan, op)?;
        let sums = account::sums(
            self.common,
            &paid.ledger,
            &SumsBasis {
                units: &paid.winters.first.units,
                labour_hours: paid.winters.first.labour_hours,
                standard: None,
                heat: op.delivered_kwh,
            },
        );
        let cold = op.electricity_kwh.get(self.cold_hour);
        let products = self.common.setting.products.iter();
        let mut bought = products.filter(|it| it.id == plan.choice.product.id);
        Ok(Figures {
            product: bought.next().map(|it| (Arc::clone(it), plan.choice.count)),
            electricity_kwh: op.electricity_total(),
            peak: Kilowatt(op.facts.peak_kw),
            cold_hour: Kilowatt(cold.copied().unwrap_or(0.0)),
            ..figures(sums)
        })
    }
}
