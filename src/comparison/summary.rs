//! One household in its headline figures: what a county asks of each of its households.
//!
//! The figures are those of [`compare`](crate::comparison::compare()) to the fen; names, steps,
//! lines of bills, cash by month, confidence and the winter at the standard service are left out,
//! what depends on the place or on a house like it is worked out once, and households are worked
//! out side by side.

use std::sync::Arc;

use crate::comparison::account::{self, Common, Plan, Sums, SumsBasis, TodayFacts};
use crate::comparison::compare;
use crate::comparison::energy::{self, NoPrice, Wanted};
use crate::comparison::grants::{self, OpenRules};
use crate::comparison::heat::{Heat, Works};
use crate::comparison::household::{Household, Living};
use crate::comparison::later::{self, Ahead, ByPrices, CheapHours, Pricing};
use crate::comparison::meters::{Meters, Roofs};
use crate::comparison::options::OptionSpec;
use crate::comparison::outcome::{
    Emissions, Government, Headline, Obstacle, PayerYear, Verdict, WinterCost,
};
use crate::comparison::run::{Known, Run};
use crate::comparison::setting::Setting;
use crate::demand::Simulations;
use crate::subsidy::LikeWinters;
use crate::tariff::HeatingMeter;
use crate::technology::product::Product;
use crate::technology::{ABREAST, Job, Machines, operate_abreast};
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

/// What households of one place share while they are worked out some at a time. Nothing that it
/// keeps changes a result.
#[derive(Debug)]
pub struct Bench<'s> {
    setting: &'s Setting,
    simulations: Simulations,
    meters: Vec<(Living, Arc<ByPrices<Meters>>)>,
    cheap: Vec<(HeatingMeter, Arc<CheapHours>)>,
    like: Vec<Arc<LikeWinters>>,
    runs: Vec<Run>,
    machines: Machines,
    open_rules: OpenRules,
    roofs: Roofs,
    cold_hour: usize,
}

/// Habits, meters and conversions that are kept; a year of habits is 70 kB.
const MOST: usize = 16;

/// What is kept, or what is made now and kept from here on.
fn keep<T: Clone>(kept: &mut Vec<T>, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> T {
    if let Some(found) = kept.iter().find(|it| same(it)) {
        return found.clone();
    }
    if kept.len() >= MOST {
        kept.clear();
    }
    let made = make();
    kept.push(made.clone());
    made
}

impl<'s> Bench<'s> {
    /// For one place.
    pub fn new(setting: &'s Setting) -> Self {
        let t_out = setting.weather.t_out_c.iter().enumerate();
        let coldest = t_out.min_by(|a, b| a.1.total_cmp(b.1));
        Self {
            setting,
            simulations: Simulations::default(),
            meters: Vec::new(),
            cheap: Vec::new(),
            like: Vec::new(),
            runs: Vec::new(),
            machines: Machines::for_many(),
            open_rules: OpenRules::new(&setting.rules),
            roofs: Roofs::default(),
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
        let one = self.summaries(&[household]).pop();
        one.unwrap_or(Err(NoPrice(Carrier::Electricity)))
    }

    /// Households in their figures, in their order; a household for whose fuel of today no price is
    /// known has none. What a household's figures are does not depend on the others.
    pub fn summaries(&mut self, households: &[&Household]) -> Vec<Result<Summary, NoPrice>> {
        let some = households.chunks(ABREAST);
        some.flat_map(|some| self.side_by_side(some)).collect()
    }

    /// As many households as are worked out side by side.
    fn side_by_side(&mut self, households: &[&Household]) -> Vec<Result<Summary, NoPrice>> {
        let all = households.iter().map(|household| (*household, None));
        Heat::foresee(self.setting, all, &mut self.simulations);
        let places = households.iter().map(|household| self.prepare(household));
        let places: Vec<Ready<'_>> = places.collect();
        let mut runs = std::mem::take(&mut self.runs);
        runs.resize_with(places.len().max(runs.len()), Run::default);
        let setting = self.setting;
        let aheads = places.iter().map(|ready| ready.ahead(setting));
        let aheads: Vec<Vec<Ahead<'_>>> = aheads.collect();
        let seats = places.iter().zip(&aheads).zip(&mut runs);
        let desks = seats.map(|((ready, ahead), run)| {
            let shared = (&self.machines, &self.roofs, &self.open_rules);
            let common = ready.common(setting, ahead, shared);
            Desk::new(common, &ready.heat, run, self.cold_hour)
        });
        let mut desks: Vec<Result<Desk<'_>, NoPrice>> = desks.collect();
        for spec in &setting.options {
            let seated = desks.iter_mut().filter_map(|desk| desk.as_mut().ok());
            option(&mut seated.collect::<Vec<_>>(), spec, &mut self.simulations);
        }
        let done = desks.into_iter().map(|desk| desk.map(|desk| desk.summary));
        let done = done.collect();
        self.runs = runs;
        done
    }

    /// What a household needs from others like it.
    fn prepare<'h>(&mut self, household: &'h Household) -> Ready<'h> {
        let setting = self.setting;
        let (_, meters) = keep(
            &mut self.meters,
            |(own, _)| *own == household.living,
            || {
                let meters = Meters::by_prices(setting, household);
                (household.living.clone(), Arc::new(meters))
            },
        );
        let (_, cheap) = keep(
            &mut self.cheap,
            |(own, _)| *own == household.meter,
            || {
                let hours = energy::cheap_by_prices(setting, household);
                (household.meter, Arc::new(hours))
            },
        );
        let (conversion, years) = (grants::conversion(household), household.terms.horizon_years);
        let like = keep(
            &mut self.like,
            |own| own.is_for(conversion, setting.winter, years),
            || Arc::new(grants::like_winters(setting, household)),
        );
        Ready {
            household,
            meters,
            cheap,
            like,
            heat: Heat::shared(setting, household, &mut self.simulations),
        }
    }
}

/// A household with what it shares with others.
struct Ready<'h> {
    household: &'h Household,
    meters: Arc<ByPrices<Meters>>,
    cheap: Arc<CheapHours>,
    like: Arc<LikeWinters>,
    heat: Heat,
}

impl Ready<'_> {
    /// Later winters with other prices.
    fn ahead<'a>(&'a self, setting: &'a Setting) -> Vec<Ahead<'a>> {
        later::ahead(setting, self.household, &self.meters, &self.cheap)
    }

    fn common<'a>(
        &'a self,
        setting: &'a Setting,
        ahead: &'a [Ahead<'a>],
        (machines, roofs, rules): (&'a Machines, &'a Roofs, &'a OpenRules),
    ) -> Common<'a> {
        Common {
            setting,
            household: self.household,
            pricing: Pricing {
                prices: &setting.prices,
                meters: &self.meters.first,
                cheap: &self.cheap.first,
            },
            ahead,
            today: None,
            wanted: Wanted::Sums,
            machines,
            open_rules: Some(rules),
            like: &self.like,
            roofs,
        }
    }
}

/// Today's heating, and what the options are held against.
fn today(common: &Common<'_>, heat: &Heat) -> Result<(Figures, TodayFacts), NoPrice> {
    let household = common.household;
    let winters = compare::today_winters(common, heat)?;
    let (energy, journal) = (&winters.first, compare::today_journal(common, &winters));
    let tally = journal.tally(household.terms.horizon_years);
    let sums = account::sums(
        common,
        &tally,
        &SumsBasis {
            units: &energy.units,
            labour_hours: energy.labour_hours,
            standard: None,
            heat: heat.useful(household.service),
        },
    );
    let coal_t = sums.emissions.coal_t;
    let facts = compare::today_facts(tally.flows(), &sums.winters, coal_t);
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
struct Desk<'a> {
    common: Common<'a>,
    heat: &'a Heat,
    run: &'a mut Run,
    known: Known,
    cold_hour: usize,
    facts: TodayFacts,
    summary: Summary,
}

/// An option at one desk: its plan, or why it cannot be had.
type Planned<'p> = Result<Plan<'p>, Vec<Obstacle>>;

/// Works out one option for the households at their desks.
fn option(desks: &mut [&mut Desk<'_>], spec: &OptionSpec, simulations: &mut Simulations) {
    let heats = works(desks, spec, simulations);
    let plans = desks.iter().zip(&heats);
    let plans = plans.map(|(desk, works)| desk.plan(spec, works.as_ref().unwrap_or(desk.heat)));
    let plans: Vec<Planned<'_>> = plans.collect();
    let jobs = desks.iter_mut().zip(&plans).filter_map(|(desk, plan)| {
        let plan = plan
            .as_ref()
            .ok()
            .filter(|plan| plan.heater().goes_abreast())?;
        desk.jobs(plan)
    });
    operate_abreast(&mut jobs.flatten().collect::<Vec<_>>());
    for (desk, plan) in desks.iter_mut().zip(plans) {
        let figures = plan.and_then(|plan| {
            // What is not worked out side by side runs here: its hours are read while they are near.
            if !plan.heater().goes_abreast()
                && let Some(jobs) = desk.jobs(&plan)
            {
                operate_abreast(&mut jobs.collect::<Vec<_>>());
            }
            let figures = desk.account(&plan);
            figures.map_err(|NoPrice(carrier)| vec![Obstacle::NoPrice { carrier }])
        });
        desk.summary.options.push(figures);
    }
}

/// The heat of each house after the envelope works of an option; nothing where it has none.
fn works(
    desks: &[&mut Desk<'_>],
    spec: &OptionSpec,
    simulations: &mut Simulations,
) -> Vec<Option<Heat>> {
    let households = desks
        .iter()
        .map(|desk| (desk.common.setting, desk.common.household));
    let works = households.clone().map(|(setting, household)| {
        let measures = compare::measures(setting, spec);
        Works::new(household, &measures)
    });
    let works: Vec<Option<Works>> = works.collect();
    if let Some((setting, _)) = households.clone().next() {
        let houses = households.clone().zip(&works);
        let houses = houses.filter(|(_, works)| works.is_some());
        let houses = houses.map(|((_, household), works)| (household, works.as_ref()));
        Heat::foresee(setting, houses, simulations);
    }
    let heats = households.zip(desks).zip(&works);
    heats
        .map(|(((setting, household), desk), works)| {
            let works = works.as_ref()?;
            Some(
                desk.heat
                    .with_shared(setting, household, works, simulations),
            )
        })
        .collect()
}

impl<'a> Desk<'a> {
    /// With today's heating worked out.
    fn new(
        common: Common<'a>,
        heat: &'a Heat,
        run: &'a mut Run,
        cold_hour: usize,
    ) -> Result<Self, NoPrice> {
        let (today, facts) = today(&common, heat)?;
        let options = Vec::with_capacity(common.setting.options.len());
        Ok(Self {
            common,
            heat,
            run,
            known: Known::default(),
            cold_hour,
            facts,
            summary: Summary { today, options },
        })
    }

    fn plan<'p>(&self, spec: &'p OptionSpec, heat: &'p Heat) -> Planned<'p>
    where
        'a: 'p,
    {
        let (setting, household) = (self.common.setting, self.common.household);
        let measures = compare::measures(setting, spec);
        let mut plan = compare::plan(setting, household, spec, heat, measures, self.common.roofs)?;
        plan.standard_kw = plan.heat_kw;
        Ok(plan)
    }

    /// The winters of a plan's machine; nothing where it is the one that ran last.
    fn jobs<'j>(&'j mut self, plan: &Plan<'j>) -> Option<impl Iterator<Item = Job<'j>> + use<'j>>
    where
        'a: 'j,
    {
        let known = self.known.is_of(plan);
        (!known).then(|| self.run.jobs(&self.common, plan))
    }

    /// The account of an option whose machine has run.
    fn account(&mut self, plan: &Plan<'_>) -> Result<Figures, NoPrice> {
        let common = Common {
            today: Some(&self.facts),
            ..self.common
        };
        let op = self.run.first();
        let paid = account::paid(&common, plan, self.run)?;
        let horizon = common.household.terms.horizon_years;
        let sums = account::sums(
            &common,
            &paid.journal.tally(horizon),
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
