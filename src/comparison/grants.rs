//! Grants of an option: asked of the rules once for the purchase and once for each winter, and
//! written into the ledger, one line a payer.

use crate::comparison::account::{Common, Plan};
use crate::comparison::energy::{Energy, Wanted};
use crate::comparison::household::Household;
use crate::comparison::install::{self, Bought};
use crate::comparison::journal::{Entry, Journal};
use crate::comparison::later::Winters;
use crate::comparison::setting::Setting;
use crate::subsidy::{
    Applicant, Award, Conversion, Grant, LikeWinters, Prior, Refusal, RuleSet, WinterUse,
    install_grants, mode_of, running_grants,
};
use crate::words::fixed::{ExactYuan, Fixed, Money};
use crate::words::kinds::{HeaterKind, Kind};
use crate::words::ledger::{Detail, Line, Purpose};

/// What the rules said.
#[derive(Debug, Clone, Default)]
pub struct Granted {
    /// For the purchase.
    pub install: Award,
    /// For the first two winters.
    pub winters: Vec<Award>,
}

impl Granted {
    /// The purchase's grants and those of the first winter.
    pub fn all_grants(&self) -> Vec<Grant> {
        let first = self.winters.first();
        let winter = first.into_iter().flat_map(|award| &award.grants);
        self.install.grants.iter().chain(winter).cloned().collect()
    }
    /// Rules that did not pay for the purchase or for the first winter.
    pub fn refusals(&self) -> Vec<Refusal> {
        let first = self.winters.first();
        let winter = first.into_iter().flat_map(|award| &award.refused);
        self.install.refused.iter().chain(winter).cloned().collect()
    }
}

/// The rules of a place that each kind of heater can meet, in the order of [`HeaterKind::ALL`].
#[derive(Debug)]
pub struct OpenRules(Vec<RuleSet>);

impl OpenRules {
    /// Of a place.
    pub fn new(rules: &RuleSet) -> Self {
        let kinds = HeaterKind::ALL.iter();
        Self(kinds.map(|kind| rules.open_to(*kind)).collect())
    }
}

/// The rules that are asked for a kind of heater.
fn rules<'a>(common: &Common<'a>, kind: HeaterKind) -> &'a RuleSet {
    let open = common.open_rules.and_then(|open| open.0.get(kind as usize));
    open.unwrap_or(&common.setting.rules)
}

/// The household with this option, as rules see it.
fn applicant(common: &Common<'_>, plan: &Plan<'_>) -> Applicant {
    let household = common.household;
    let choice = &plan.choice;
    let mut facts = household.facts.clone();
    if plan.spec.pv.is_some() {
        facts.insert("pv_bundle".to_owned());
    }
    Applicant {
        category: household.category,
        converted: household.claims.converted,
        conversion_date: household.claims.conversion_date,
        heater: choice.product.heater.kind(),
        dwelling: household.dwelling,
        heated_area: household.house.heated_area,
        rated: choice.product.rated * f64::from(choice.count),
        people: household.people,
        registered: household.registered,
        facts,
        replaces_years: household.claims.replaces_years,
        burns_coal_again: household.claims.burns_coal_again,
    }
}

/// One winter's use as rules see it; bills rise with prices.
fn winter_use(common: &Common<'_>, energy: &Energy, year: u16, factor: f64) -> WinterUse {
    let mut winter = WinterUse {
        winter: common.setting.winter,
        carriers: energy.uses.clone(),
        bottles: energy.bottles,
        bill: energy.bill,
        today: None,
    };
    turn(common, &mut winter, energy, year, factor);
    winter
}

/// Turns a winter into another with the same use: its date, its bill and today's winter change.
fn turn(common: &Common<'_>, winter: &mut WinterUse, energy: &Energy, year: u16, factor: f64) {
    winter.winter = common.setting.winter.plus(year as i16 - 1);
    winter.bill = energy.bill;
    if factor != 1.0 {
        winter.bill = energy
            .bill
            .map(|month| Money::from_f64(month.to_f64() * factor));
    }
    let today = common
        .today
        .and_then(|today| today.winters.get(usize::from(year) - 1));
    winter.today = today.map(|winter| winter.net);
}

/// Asks every rule and writes what is paid.
pub fn award(
    common: &Common<'_>,
    plan: &Plan<'_>,
    list: &[Bought],
    winters: &Winters,
    journal: &mut Journal,
) -> Granted {
    let household = common.household;
    let claims = &household.claims;
    if !claims.apply {
        return Granted::default();
    }
    let kind = plan.choice.product.heater.kind();
    let (rules, rounding) = (rules(common, kind), household.terms.rounding);
    let applicant = applicant(common, plan);
    let mut prior = Prior::default();
    let purchase = install::purchase(list, household);
    let install = install_grants(
        rules,
        &applicant,
        &purchase,
        &prior,
        &claims.variants,
        rounding,
    );
    write(&install, 0, Purpose::InstallSubsidy, journal);
    prior.record(&install, claims.converted, mode_of(kind));
    let winters = award_winters(common, kind, winters, &applicant, prior, journal);
    Granted { install, winters }
}

/// The grants of every winter; gives those of the first two where lines are wanted. A winter that is like the one before
/// it in all that a rule can ask has the same.
fn award_winters(
    common: &Common<'_>,
    kind: HeaterKind,
    winters: &Winters,
    applicant: &Applicant,
    mut prior: Prior,
    journal: &mut Journal,
) -> Vec<Award> {
    let household = common.household;
    let (rules, rounding) = (rules(common, kind), household.terms.rounding);
    let mut awards = Vec::new();
    let mut award = Award::default();
    let mut settled = false;
    let mut use_of_winter = winter_use(common, &winters.first, 1, 1.0);
    for year in 1..=household.terms.horizon_years {
        let energy = winters.of_year(year);
        let factor = winters.factor(&household.terms, Purpose::Energy(mode_of(kind)), year);
        let before = (use_of_winter.bill, use_of_winter.today);
        if winters.turns_in(year) {
            use_of_winter = winter_use(common, energy, year, factor);
            settled = false;
        } else {
            turn(common, &mut use_of_winter, energy, year, factor);
        }
        let alike = before == (use_of_winter.bill, use_of_winter.today);
        let variants = &household.claims.variants;
        let ask = |prior: &Prior| {
            running_grants(rules, applicant, &use_of_winter, prior, variants, rounding)
        };
        if settled && alike && common.like.like_before(year) {
            // Every account that a test works out proves it again.
            debug_assert_eq!(
                award,
                ask(&prior),
                "winter {year} is not like the one before"
            );
        } else {
            award = ask(&prior);
            settled = !prior.record(&award, use_of_winter.winter, mode_of(kind))
                // How long a lock holds is counted from winter to winter.
                && prior.locks.is_empty();
        }
        write(&award, year, Purpose::RunningSubsidy, journal);
        if common.wanted == Wanted::Lines && awards.len() < 2 {
            awards.push(award.clone());
        }
    }
    awards
}

/// Which winters of an account rules cannot tell apart.
pub fn like_winters(setting: &Setting, household: &Household) -> LikeWinters {
    let conversion = conversion(household);
    let years = household.terms.horizon_years;
    LikeWinters::new(&setting.rules, conversion, setting.winter, years)
}

/// When the household converted, as rules see it.
pub fn conversion(household: &Household) -> Conversion {
    let claims = &household.claims;
    Conversion::new(claims.converted, claims.conversion_date)
}

/// Running grants of the first winter that spare the household money.
pub fn first_winter(common: &Common<'_>, plan: &Plan<'_>, energy: &Energy) -> Money {
    let claims = &common.household.claims;
    if !claims.apply {
        return Money::ZERO;
    }
    let winter = winter_use(common, energy, 1, 1.0);
    running_grants(
        &common.setting.rules,
        &applicant(common, plan),
        &winter,
        &Prior::default(),
        &claims.variants,
        common.household.terms.rounding,
    )
    .to_household()
}

/// Each payer's part as a payment, and what the household is spared as a negative one.
fn write(award: &Award, year: u16, purpose: Purpose, journal: &mut Journal) {
    for grant in &award.grants {
        for &(payer, amount) in &grant.payers {
            let entry = Entry {
                year,
                payer,
                purpose,
                amount,
            };
            journal.write(entry, |it| line(grant, it));
        }
        if grant.spares_household {
            let entry = Entry::own(year, purpose, -grant.amount);
            journal.write(entry, |it| spared(grant, it));
        }
    }
}

/// What the household is spared: quantity times rate where that gives the amount.
fn spared(grant: &Grant, entry: Entry) -> Line {
    let mut received = line(grant, entry);
    let plain = ExactYuan::of(grant.quantity, grant.rate);
    if plain == ExactYuan::of(Fixed::ONE, grant.amount.to_fixed()) {
        received.quantity = grant.quantity;
        received.unit = grant.unit;
        received.unit_price = -grant.rate;
    }
    received
}

fn line(grant: &Grant, entry: Entry) -> Line {
    Line {
        year: entry.year,
        month: None,
        payer: entry.payer,
        purpose: entry.purpose,
        detail: Detail::named(&grant.name),
        quantity: Fixed::ONE,
        unit: "grant",
        unit_price: entry.amount.to_fixed(),
        amount: entry.amount,
        figure: grant.figure.clone(),
    }
}
