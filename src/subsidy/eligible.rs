//! Whether a household is eligible for a rule: everything but the amount.

use jiff::civil::Date;

use crate::subsidy::award::Reason;
use crate::subsidy::household::{Applicant, Prior};
use crate::subsidy::rule::{CoalAgain, Eligibility, Rule, mode_of};
use crate::words::calendar::Winter;
use crate::words::provenance::Validity;

/// What the household is: heater, category, dwelling, registration, facts, sizes, dates.
pub(super) fn person(who: &Eligibility, applicant: &Applicant) -> Result<(), Reason> {
    kind(who, applicant)?;
    if who.registered && !applicant.registered {
        return Err(Reason::NotRegistered);
    }
    for fact in &who.facts {
        if !applicant.facts.contains(&**fact) {
            return Err(Reason::FactMissing(fact.clone()));
        }
    }
    for fact in &who.without_facts {
        if applicant.facts.contains(&**fact) {
            return Err(Reason::FactExcludes(fact.clone()));
        }
    }
    size(who, applicant)?;
    window(who, applicant)
}

fn kind(who: &Eligibility, applicant: &Applicant) -> Result<(), Reason> {
    if !who.heaters.is_empty() && !who.heaters.contains(&applicant.heater) {
        return Err(Reason::Heater(applicant.heater));
    }
    let category = applicant.category;
    if (!who.categories.is_empty() && !who.categories.contains(&category))
        || who.not_categories.contains(&category)
    {
        return Err(Reason::Category(category));
    }
    if !who.dwellings.is_empty() && !who.dwellings.contains(&applicant.dwelling) {
        return Err(Reason::Dwelling);
    }
    Ok(())
}

fn size(who: &Eligibility, applicant: &Applicant) -> Result<(), Reason> {
    let (area, rated) = (applicant.heated_area.value(), applicant.rated.value());
    if !who.area_m2.holds(area) {
        return Err(Reason::Area(area));
    }
    if !who.rated_kw.holds(rated) {
        return Err(Reason::Rated(rated));
    }
    if !who.people.holds(f64::from(applicant.people)) {
        return Err(Reason::People(applicant.people));
    }
    match (who.replaces_years, applicant.replaces_years) {
        (Some(needed), age) if age.is_none_or(|age| age < needed) => {
            Err(Reason::MachineTooYoung(needed))
        }
        _ => Ok(()),
    }
}

fn window(who: &Eligibility, applicant: &Applicant) -> Result<(), Reason> {
    let Some(day) = applicant.day() else {
        return Ok(());
    };
    match (who.converted_from, who.converted_to) {
        (Some(from), _) if day < from => Err(Reason::ConvertedBefore(from)),
        (_, Some(to)) if day > to => Err(Reason::ConvertedAfter(to)),
        _ => Ok(()),
    }
}

/// Whether a rule is in force over a span of days, both ends inside.
pub(super) fn in_force(valid: &Validity, first: Date, last: Date) -> Result<(), Reason> {
    match valid.last_day() {
        Some(end) if last > end => Err(Reason::Expired(end)),
        _ if first < valid.from => Err(Reason::NotYet(valid.from)),
        _ => Ok(()),
    }
}

/// What the household did before: coal burnt again, another mode, a lock.
pub(super) fn history(
    rule: &Rule,
    applicant: &Applicant,
    prior: &Prior,
    winter: Winter,
) -> Result<(), Reason> {
    if applicant.burns_coal_again && rule.who.coal_again != CoalAgain::Ignored {
        let repay = rule.who.coal_again == CoalAgain::Repays;
        return Err(Reason::CoalAgain { repay });
    }
    match prior.mode {
        Some(mode) if rule.who.one_mode && mode != mode_of(applicant.heater) => {
            return Err(Reason::OtherMode(mode));
        }
        _ => {}
    }
    if let Some(lock) = &rule.lock
        && let Some(last) = prior.locks.get(&lock.id)
    {
        let free = last.plus(i16::from(lock.years));
        if winter < free {
            return Err(Reason::LockedUntil(free));
        }
    }
    Ok(())
}
