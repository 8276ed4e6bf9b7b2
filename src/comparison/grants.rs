//! Grants of an option: asked of the rules once for the purchase and once for each winter, and
//! written into the ledger, one line a payer.

use std::sync::Arc;

use crate::comparison::account::{Common, Plan};
use crate::comparison::energy::Energy;
use crate::comparison::install::{self, Bought};
use crate::comparison::later::Winters;
use crate::subsidy::{
    Applicant, Award, Grant, Prior, Refusal, WinterUse, install_grants, mode_of, running_grants,
};
use crate::words::fixed::{ExactYuan, Fixed, Money};
use crate::words::kinds::Payer;
use crate::words::ledger::{Detail, Ledger, Line, Purpose};

/// What the rules said.
#[derive(Debug, Clone, Default)]
pub struct Granted {
    /// For the purchase.
    pub install: Award,
    /// For each winter of the horizon, the first first.
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
    ledger: &mut Ledger,
) -> Granted {
    let household = common.household;
    let claims = &household.claims;
    if !claims.apply {
        return Granted::default();
    }
    let (rules, rounding) = (&common.setting.rules, household.terms.rounding);
    let kind = plan.choice.product.heater.kind();
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
    write(&install, 0, Purpose::InstallSubsidy, ledger);
    prior.record(&install, claims.converted, mode_of(kind));
    let mut awards = Vec::with_capacity(usize::from(household.terms.horizon_years));
    let mut use_of_winter = winter_use(common, &winters.first, 1, 1.0);
    for year in 1..=household.terms.horizon_years {
        let energy = winters.of_year(year);
        let factor = winters.factor(&household.terms, Purpose::Energy(mode_of(kind)), year);
        if winters.turns_in(year) {
            use_of_winter = winter_use(common, energy, year, factor);
        } else {
            turn(common, &mut use_of_winter, energy, year, factor);
        }
        let variants = &claims.variants;
        let award = running_grants(
            rules,
            &applicant,
            &use_of_winter,
            &prior,
            variants,
            rounding,
        );
        write(&award, year, Purpose::RunningSubsidy, ledger);
        prior.record(&award, use_of_winter.winter, mode_of(kind));
        awards.push(award);
    }
    Granted {
        install,
        winters: awards,
    }
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

/// Each payer's part as a line, and what the household is spared as a negative one.
fn write(award: &Award, year: u16, purpose: Purpose, ledger: &mut Ledger) {
    for grant in &award.grants {
        for (payer, amount) in &grant.payers {
            ledger.push(line(grant, year, purpose, *payer, *amount));
        }
        if grant.spares_household {
            let mut received = line(grant, year, purpose, Payer::Household, -grant.amount);
            let plain = ExactYuan::of(grant.quantity, grant.rate);
            if plain == ExactYuan::of(Fixed::ONE, grant.amount.to_fixed()) {
                received.quantity = grant.quantity;
                received.unit = grant.unit;
                received.unit_price = -grant.rate;
            }
            ledger.push(received);
        }
    }
}

fn line(grant: &Grant, year: u16, purpose: Purpose, payer: Payer, amount: Money) -> Line {
    Line {
        year,
        month: None,
        payer,
        purpose,
        detail: Detail::named(&Arc::clone(&grant.name)),
        quantity: Fixed::ONE,
        unit: "grant",
        unit_price: amount.to_fixed(),
        amount,
        figure: grant.figure.clone(),
    }
}
