//! `subsidies.toml`: the subsidy rules of one place, read and checked into [`RuleFile`].

pub mod raw;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::input::problem::{Place, ProblemKind, Problems, Severity, nearest};
use crate::input::record::{Spot, join, read_toml};
pub use crate::input::subsidy::raw::RawSubsidies;
use crate::input::subsidy::raw::*;
use crate::subsidy::rule::{
    BandKind, Bands, Bounds, CapExtra, Clock, Eligibility, Give, Group, Hours, Install,
    InstallBase, JointCap, Lock, Measure, Parameter, Payment, PerUnit, Pick, Raise, Ratio, Reading,
    Rule, Running, RunningBase, SeasonMonths, Span, Split, Step, Upto, UseUnit, Way,
};
use crate::subsidy::set::RuleFile;
use crate::words::calendar::{Season, Winter};
use crate::words::fixed::{ExactYuan, Fixed, Money, Rounding, SCALE};
use crate::words::kinds::{Carrier, Payer};
use crate::words::provenance::{FigureRef, Validity};

/// Ids that a file may refer to: those of the levels above it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    rules: BTreeSet<String>,
    parameters: BTreeMap<String, Vec<String>>,
}

impl Known {
    /// Adds those of a level.
    pub fn add(&mut self, file: &RuleFile) {
        self.rules
            .extend(file.rules.iter().map(|rule| rule.id.to_string()));
        for parameter in &file.parameters {
            let keys = parameter.readings.iter().map(|(key, _)| key.to_string());
            self.parameters
                .insert(parameter.id.to_string(), keys.collect());
        }
    }
}

/// Reads the rules of a place (`hebei/handan`) from the text of its file. `above` knows the rules
/// of the levels above; problems are added to `problems`, and nothing is given if any is an error.
pub fn read_rules(
    file: &str,
    text: &str,
    place: &str,
    above: &Known,
    problems: &RefCell<Problems>,
) -> Option<RuleFile> {
    let before = problems.borrow().0.len();
    let raw: RawSubsidies = read_toml(file, text, problems)?;
    let rules = raw.check(place, above, &mut problems.borrow_mut());
    let clean = !errors_since(before, &problems.borrow());
    rules.filter(|_| clean)
}

/// Whether an error was added after the first `before` problems.
fn errors_since(before: usize, problems: &Problems) -> bool {
    let mut new = problems.0.iter().skip(before);
    new.any(|problem| problem.severity == Severity::Error)
}

impl RawSubsidies {
    /// Checks the file into rules.
    pub fn check(&self, place: &str, above: &Known, problems: &mut Problems) -> Option<RuleFile> {
        let mut known = above.clone();
        let before = problems.0.len();
        let mut parameters = Vec::new();
        let mut seen = BTreeMap::new();
        for raw in &self.parameter {
            unique(&raw.id, &mut seen, problems);
            let keys = raw.readings.keys().cloned().collect();
            known.parameters.insert(raw.id.value.clone(), keys);
            parameters.extend(raw.check(place, problems));
        }
        let mut seen = BTreeMap::new();
        for raw in &self.rule {
            unique(&raw.id, &mut seen, problems);
            known.rules.insert(raw.id.value.clone());
        }
        one_pick(&self.rule, problems);
        for id in &self.not_here {
            resolve("rule", id, above.rules.iter(), problems);
        }
        let rules: Vec<Rule> = self
            .rule
            .iter()
            .filter_map(|raw| raw.check(place, &known, problems))
            .collect();
        (!errors_since(before, problems)).then_some(RuleFile {
            rules,
            parameters,
            not_here: self
                .not_here
                .iter()
                .map(|id| id.value.as_str().into())
                .collect(),
        })
    }
}

/// Rules of one group agree on which of them pays.
fn one_pick(rules: &[RawRule], problems: &mut Problems) {
    let mut picks: BTreeMap<&str, Pick> = BTreeMap::new();
    for rule in rules {
        let Some(group) = &rule.group else { continue };
        let pick = *picks.entry(&group.id).or_insert(group.pick);
        if pick != group.pick {
            let (key, other) = (group.pick.to_string(), pick.to_string());
            conflict(&at(&rule.id.place, "group.pick"), &key, &other, problems);
        }
    }
}

fn unique(id: &Spot<String>, seen: &mut BTreeMap<String, Place>, problems: &mut Problems) {
    if let Some(first) = seen.get(&id.value) {
        let kind = ProblemKind::Duplicate {
            id: id.value.clone(),
            first: format!("{}:{}", first.file, first.line),
        };
        problems.error(id.place.clone(), kind);
    } else {
        seen.insert(id.value.clone(), id.place.clone());
    }
}

fn resolve<'a>(
    what: &'static str,
    id: &Spot<String>,
    mut known: impl Iterator<Item = &'a String> + Clone,
    problems: &mut Problems,
) -> bool {
    let all = known.clone();
    if known.any(|it| *it == id.value) {
        return true;
    }
    let kind = ProblemKind::Unresolved {
        what,
        id: id.value.clone(),
        nearest: nearest(&id.value, all.map(String::as_str)),
    };
    problems.error(id.place.clone(), kind);
    false
}

impl RawParameter {
    fn check(&self, place: &str, problems: &mut Problems) -> Option<Parameter> {
        if self.readings.len() < 2 {
            let kind = ProblemKind::WrongLength {
                found: self.readings.len(),
                expected: 2,
                because: "readings".to_owned(),
            };
            problems.error(self.id.place.clone(), kind);
        }
        resolve("reading", &self.default, self.readings.keys(), problems);
        let id = format!("{place}/subsidy/{}", self.id.value);
        Some(Parameter {
            id: self.id.value.as_str().into(),
            name: Arc::new(self.name.clone()),
            default: self.default.value.as_str().into(),
            readings: self
                .readings
                .iter()
                .map(|(key, name)| (key.as_str().into(), name.clone()))
                .collect(),
            figure: self.figure.check(id, problems)?,
        })
    }
}

/// Adds an error.
fn error<T>(place: &Place, kind: ProblemKind, problems: &mut Problems) -> Option<T> {
    problems.error(place.clone(), kind);
    None
}

/// `place` with another field.
fn at(place: &Place, field: &str) -> Place {
    Place {
        field: join(&place.field, field),
        ..place.clone()
    }
}

fn texts(list: &[String]) -> Vec<Arc<str>> {
    list.iter().map(|text| text.as_str().into()).collect()
}

impl RawRule {
    fn check(&self, place: &str, known: &Known, problems: &mut Problems) -> Option<Rule> {
        let (figure, valid) = self.figure(place, problems)?;
        let give = self.give(problems);
        let who = self.who.as_ref().map(|who| who.check(problems));
        let raise = self.raise(problems);
        let payers = self
            .payers
            .value
            .check(&self.payers.place, give.as_ref(), problems);
        let reading = self.when.as_ref().map(|when| when.check(known, problems));
        let payment = self.payment.value.check(&self.payment.place, problems);
        for id in &self.excluded_by {
            resolve("rule", id, known.rules.iter(), problems);
        }
        if let Some(lock) = &self.lock
            && self.running.is_some()
        {
            conflict(&lock.place, "lock", "running", problems);
        }
        Some(Rule {
            id: self.id.value.as_str().into(),
            name: Arc::new(self.name.clone()),
            programme: self.programme.as_str().into(),
            figure,
            valid,
            order: self.order,
            who: who.unwrap_or_default(),
            reading,
            give: give?,
            payers: payers?,
            payment: payment?,
            goes_to: self.goes_to,
            group: self.group.as_ref().map(|group| Group {
                id: group.id.as_str().into(),
                pick: group.pick,
            }),
            excluded_by: self
                .excluded_by
                .iter()
                .map(|id| id.value.as_str().into())
                .collect(),
            lock: self.lock.as_ref().map(|lock| Lock {
                id: lock.value.id.as_str().into(),
                years: lock.value.years,
            }),
            joint_cap: self.joint_cap.as_ref().map(|joint| JointCap {
                id: joint.id.as_str().into(),
                cap: joint.cny,
                over: joint.over,
            }),
            raise,
        })
    }

    fn figure(&self, place: &str, problems: &mut Problems) -> Option<(FigureRef, Validity)> {
        let id = format!("{place}/subsidy/{}", self.id.value);
        let figure = self.figure.check(id, problems)?;
        let Some(valid) = figure.0.valid else {
            let kind = ProblemKind::MissingKey {
                key: "figure.valid".to_owned(),
            };
            return error(&self.figure.source.place, kind, problems);
        };
        Some((figure, valid))
    }

    fn give(&self, problems: &mut Problems) -> Option<Give> {
        match (&self.install, &self.running) {
            (Some(install), None) => install.check(problems).map(Give::Install),
            (None, Some(running)) => running.check(problems).map(Give::Running),
            (install, _) => {
                let both = ["install", "running"].map(str::to_owned).to_vec();
                let found = if install.is_some() {
                    both.clone()
                } else {
                    Vec::new()
                };
                let kind = ProblemKind::NoKind {
                    allowed: both,
                    found,
                };
                error(&self.id.place, kind, problems)
            }
        }
    }

    /// The part that may be raised; it must be one of the payers' fixed sums.
    fn raise(&self, problems: &mut Problems) -> Option<Raise> {
        let raise = self.raise.as_ref()?;
        let part = match &self.payers.value {
            RawSplit::Fixed(sums) => sums
                .list()
                .into_iter()
                .find(|(payer, _)| *payer == raise.value.payer),
            _ => None,
        };
        let Some((payer, part)) = part else {
            let kind = ProblemKind::Needs {
                key: "raise".to_owned(),
                other: format!("payers.fixed_cny.{}", raise.value.payer),
            };
            return error(&raise.place, kind, problems);
        };
        Some(Raise {
            payer,
            parameter: raise.value.parameter.as_str().into(),
            at_least: yuan(part),
        })
    }
}

/// A number of yuan as money.
fn yuan(sum: Fixed) -> Money {
    ExactYuan::of(sum, Fixed::ONE).to_money(Rounding::HalfUp)
}

fn conflict(place: &Place, key: &str, other: &str, problems: &mut Problems) {
    let (key, other) = (key.to_owned(), other.to_owned());
    problems.error(place.clone(), ProblemKind::Conflict { key, other });
}

impl RawWhen {
    fn check(&self, known: &Known, problems: &mut Problems) -> Reading {
        let parameters = known.parameters.keys();
        if resolve("parameter", &self.parameter, parameters, problems)
            && let Some(readings) = known.parameters.get(&self.parameter.value)
        {
            resolve("reading", &self.is, readings.iter(), problems);
        }
        Reading {
            parameter: self.parameter.value.as_str().into(),
            is: self.is.value.as_str().into(),
        }
    }
}

impl RawWho {
    fn check(&self, problems: &mut Problems) -> Eligibility {
        let to = self.converted_to.as_ref();
        if let (Some(from), Some(to)) = (self.converted_from, to)
            && to.value < from
        {
            out_of_order(&to.place, to.value, from, problems);
        }
        let area = self.area_from_m2.or(self.area_above_m2);
        for (from, to) in [
            (area, &self.area_to_m2),
            (self.rated_from_kw, &self.rated_to_kw),
        ] {
            if let (Some(from), Some(to)) = (from, to)
                && to.value < from
            {
                out_of_order(&to.place, to.value, from, problems);
            }
        }
        let upper = |to: &Option<Spot<f64>>| to.as_ref().map(|to| to.value);
        Eligibility {
            heaters: self.heaters.clone(),
            categories: self.categories.clone(),
            not_categories: self.not_categories.clone(),
            dwellings: self.dwellings.clone(),
            registered: self.registered,
            facts: texts(&self.facts),
            without_facts: texts(&self.without_facts),
            converted_from: self.converted_from,
            converted_to: to.map(|to| to.value),
            area_m2: Span {
                above: self.area_above_m2,
                from: self.area_from_m2,
                to: upper(&self.area_to_m2),
            },
            rated_kw: Span {
                above: None,
                from: self.rated_from_kw,
                to: upper(&self.rated_to_kw),
            },
            people: Span {
                above: None,
                from: self.people_from,
                to: self.people_to,
            },
            replaces_years: self.replaces_years,
            one_mode: self.one_mode,
            coal_again: self.coal_again,
        }
    }
}

fn out_of_order(
    place: &Place,
    value: impl ToString,
    before: impl ToString,
    problems: &mut Problems,
) {
    let kind = ProblemKind::OutOfOrder {
        value: value.to_string(),
        before: before.to_string(),
    };
    problems.error(place.clone(), kind);
}

/// A list that must not be empty is.
fn empty(place: &Place, problems: &mut Problems) {
    let kind = ProblemKind::WrongLength {
        found: 0,
        expected: 1,
        because: place.field.clone(),
    };
    problems.error(place.clone(), kind);
}

fn extras(raw: &[RawCapExtra]) -> Vec<CapExtra> {
    let one = |raw: &RawCapExtra| CapExtra {
        categories: raw.categories.clone(),
        more: raw.cny,
    };
    raw.iter().map(one).collect()
}

impl RawInstall {
    fn check(&self, problems: &mut Problems) -> Option<Install> {
        if self.items.value.is_empty() {
            empty(&self.items.place, problems);
        }
        Some(Install {
            items: self.items.value.clone(),
            smallest_item: self.smallest_item_cny,
            base: self.base.value.check(&self.base.place, problems)?,
            cap_per_piece: self.cap_per_piece_cny,
            cap: self.cap_cny,
            cap_extra: extras(&self.cap_extra),
        })
    }
}

impl RawInstallBase {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<InstallBase> {
        Some(match self {
            Self::Price(rate) => InstallBase::Price(rate.0),
            Self::Reference(raw) => InstallBase::Reference(raw.rate.0, raw.price_cny),
            Self::Tender(raw) => InstallBase::Tender(raw.rate.0, raw.price_cny),
            Self::Ceiling(raw) => InstallBase::Ceiling {
                rate: raw.rate.0,
                unit_cny: raw.unit_cny,
                size: raw.size,
            },
            Self::PerM2(raw) => InstallBase::Area(raw.cny, raw.most),
            Self::PerKw(raw) => InstallBase::Rated(raw.cny, raw.most),
            Self::PerPiece(raw) => InstallBase::Pieces(raw.cny, raw.most),
            Self::Flat(sum) => InstallBase::Flat(*sum),
            Self::ByYear(years) => {
                if years.is_empty() {
                    empty(&at(place, "by_year_cny"), problems);
                }
                let one = |(key, sum): (&String, &Spot<Money>)| {
                    year(key, &sum.place, problems).map(|year| (year, sum.value))
                };
                InstallBase::ByYear(years.iter().map(one).collect::<Option<_>>()?)
            }
            Self::AllBut(own) => InstallBase::AllBut(*own),
            Self::Remaining(rate) => InstallBase::Remaining(rate.0),
            Self::OfTotal(raw) => InstallBase::OfTotal {
                total: raw.total_cny,
                household: raw.household_share.0,
            },
        })
    }
}

/// A calendar year as a key.
fn year(key: &str, place: &Place, problems: &mut Problems) -> Option<i16> {
    match key.parse() {
        Ok(year) if (2000..=2100).contains(&year) => Some(year),
        _ => not_a_year(key, place, problems),
    }
}

/// A winter as a key: `2023-24`, or the year in which it begins.
fn winter(key: &str, place: &Place, problems: &mut Problems) -> Option<Winter> {
    let begins = key.split_once('-').map_or(key, |(first, _)| first);
    let winter = Winter(year(begins, place, problems)?);
    if key == begins || winter.to_string() == key {
        Some(winter)
    } else {
        not_a_year(key, place, problems)
    }
}

fn not_a_year<T>(key: &str, place: &Place, problems: &mut Problems) -> Option<T> {
    let value = key.to_owned();
    error(place, ProblemKind::NotADay { value }, problems)
}

impl RawRunning {
    fn check(&self, problems: &mut Problems) -> Option<Running> {
        let season = Season {
            from: self.season.from,
            to: self.season.to,
        };
        let base = self.base.value.check(problems);
        let clock = self.clock.value.check(&self.clock.place, problems);
        Some(Running {
            season: SeasonMonths::new(season),
            base: base?,
            cap_quantity: self.cap_quantity,
            cap_quantity_per_person: self.cap_quantity_per_person,
            cap: self.cap_cny,
            cap_extra: extras(&self.cap_extra),
            clock: clock?,
        })
    }
}

impl RawRunningBase {
    fn check(&self, problems: &mut Problems) -> Option<RunningBase> {
        Some(match self {
            Self::PerUnit(raw) => RunningBase::PerUnit(raw.value.check(&raw.place, problems)?),
            Self::Bill(rate) => RunningBase::Bill(rate.0),
            Self::OverToday(rate) => RunningBase::OverToday(rate.0),
            Self::Remaining(rate) => RunningBase::Remaining(rate.0),
            Self::PerWinter(sum) => RunningBase::PerWinter(*sum),
            Self::PerMonth(sum) => RunningBase::PerMonth(*sum),
        })
    }
}

impl RawPerUnit {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<PerUnit> {
        let fits = match self.unit {
            UseUnit::Bottle => self.carrier == Carrier::Lpg,
            unit => unit.label() == self.carrier.unit(),
        };
        if !fits {
            let (unit, carrier) = (self.unit.to_string(), self.carrier.to_string());
            conflict(&at(place, "unit"), &unit, &carrier, problems);
        }
        if self.hours == Hours::Valley && self.carrier != Carrier::Electricity {
            let carrier = self.carrier.to_string();
            conflict(&at(place, "hours"), "valley", &carrier, problems);
        }
        let bands = match (self.price_cny, &self.bands) {
            (Some(price), None) => Some(Bands {
                kind: BandKind::Marginal,
                bounds: Bounds::Inclusive,
                up_to: Vec::new(),
                prices: vec![price],
            }),
            (None, Some(bands)) => bands.value.check(&bands.place, problems),
            (Some(_), Some(bands)) => {
                conflict(&bands.place, "bands", "price_cny", problems);
                None
            }
            (None, None) => {
                let key = at(place, "price_cny").field;
                error(place, ProblemKind::MissingKey { key }, problems)
            }
        };
        Some(PerUnit {
            carrier: self.carrier,
            unit: self.unit,
            hours: self.hours,
            measured: self.measured.check(place, problems),
            bands: bands?,
        })
    }
}

impl RawMeasure {
    fn check(&self, place: &Place, problems: &mut Problems) -> Measure {
        match self {
            Self::OwnMeter(_) => Measure::OwnMeter,
            Self::SeasonTotal(_) => Measure::SeasonTotal,
            Self::LessMonthly(raw) => Measure::LessMonthly {
                living: raw.living,
                months: raw.months,
                may_go_negative: raw.may_go_negative,
            },
            Self::LessMeanOf(months) => {
                let inside = |month: &&u8| (1..=12).contains(*month);
                let listed = months.iter().filter(inside);
                let indices: Vec<usize> = listed.map(|month| usize::from(*month) - 1).collect();
                if indices.is_empty() || indices.len() != months.len() {
                    empty(&at(place, "measured.less_mean_of_months"), problems);
                }
                Measure::LessMeanOf(indices)
            }
        }
    }
}

impl RawBands {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<Bands> {
        if self.price_cny.len() != self.up_to.len() + 1 {
            let kind = ProblemKind::WrongLength {
                found: self.price_cny.len(),
                expected: self.up_to.len() + 1,
                because: at(place, "up_to").field,
            };
            return error(&at(place, "price_cny"), kind, problems);
        }
        for (before, bound) in self.up_to.iter().zip(self.up_to.iter().skip(1)) {
            if bound.value <= before.value {
                out_of_order(&bound.place, bound.value, before.value, problems);
            }
        }
        Some(Bands {
            kind: self.kind,
            bounds: self.bounds,
            up_to: self.up_to.iter().map(|bound| bound.value).collect(),
            prices: self.price_cny.clone(),
        })
    }
}

impl RawClock {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<Clock> {
        Some(match self {
            Self::Always(_) => Clock::Always,
            Self::FirstWinters(n) => Clock::FirstWinters(*n),
            Self::SinceJoining(raw) => raw.check(&at(place, "since_joining"), problems)?,
            Self::BySeason(raw) => raw.check(&at(place, "by_season"), problems)?,
            Self::ByConversionYear(years) => {
                if years.is_empty() {
                    empty(&at(place, "by_conversion_year"), problems);
                }
                let one = |(key, n): (&String, &Spot<u8>)| {
                    year(key, &n.place, problems).map(|year| (year, n.value))
                };
                Clock::ByConversionYear(years.iter().map(one).collect::<Option<_>>()?)
            }
        })
    }
}

impl RawSinceJoining {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<Clock> {
        let steps: Vec<Step> = match (self.cap_cny.is_empty(), self.factor.is_empty()) {
            (false, true) => self.cap_cny.iter().map(|cap| Step::Cap(*cap)).collect(),
            (true, false) => self
                .factor
                .iter()
                .map(|rate| Step::Factor(rate.0))
                .collect(),
            (true, true) => {
                empty(&at(place, "cap_cny"), problems);
                return None;
            }
            (false, false) => {
                conflict(&at(place, "factor"), "factor", "cap_cny", problems);
                return None;
            }
        };
        let hold = match (self.hold_step, self.hold_until) {
            (Some(step), Some(year)) => Some((usize::from(step), Winter(year))),
            (None, None) => None,
            _ => {
                let (key, other) = ("hold_step".to_owned(), "hold_until".to_owned());
                return error(place, ProblemKind::Needs { key, other }, problems);
            }
        };
        Some(Clock::SinceJoining { steps, hold })
    }
}

impl RawBySeason {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<Clock> {
        let mut steps = Vec::new();
        for (key, cap) in &self.cap_cny {
            steps.push((winter(key, &cap.place, problems)?, Step::Cap(cap.value)));
        }
        for (key, rate) in &self.factor {
            let step = Step::Factor(rate.value.0);
            steps.push((winter(key, &rate.place, problems)?, step));
        }
        if steps.is_empty() {
            empty(&at(place, "cap_cny"), problems);
            return None;
        }
        if !self.cap_cny.is_empty() && !self.factor.is_empty() {
            conflict(&at(place, "factor"), "factor", "cap_cny", problems);
            return None;
        }
        steps.sort_by_key(|(winter, _)| *winter);
        Some(Clock::BySeason {
            after: self.after_winters,
            steps,
        })
    }
}

impl RawShares {
    fn list(&self) -> Vec<(Payer, Ratio)> {
        let all = [
            (Payer::Central, self.central),
            (Payer::Province, self.province),
            (Payer::City, self.city),
            (Payer::County, self.county),
            (Payer::Township, self.township),
            (Payer::Operator, self.operator),
        ];
        let given = all.into_iter();
        given
            .filter_map(|(payer, rate)| Some((payer, rate?.0)))
            .collect()
    }
}

impl RawSums {
    fn list(&self) -> Vec<(Payer, Fixed)> {
        let all = [
            (Payer::Central, self.central),
            (Payer::Province, self.province),
            (Payer::City, self.city),
            (Payer::County, self.county),
            (Payer::Township, self.township),
            (Payer::Operator, self.operator),
        ];
        let given = all.into_iter();
        given
            .filter_map(|(payer, sum)| Some((payer, sum?)))
            .collect()
    }
}

impl RawSplit {
    /// Checks that the parts make up the grant. Without a valid grant only what stands alone is
    /// checked.
    fn check(&self, place: &Place, give: Option<&Give>, problems: &mut Problems) -> Option<Split> {
        match self {
            Self::All(payer) => Some(Split::Weights(vec![(*payer, Fixed::ONE)])),
            Self::Shares(raw) => {
                let shares = raw.list();
                let sum: f64 = shares.iter().map(|(_, share)| share.to_f64()).sum();
                let whole = match give {
                    Some(Give::Install(Install {
                        base: InstallBase::OfTotal { household, .. },
                        ..
                    })) => 1.0 - household.to_f64(),
                    _ => 1.0,
                };
                if (sum - whole).abs() > 1e-6 {
                    return error(
                        &at(place, "shares"),
                        ProblemKind::SharesSum { sum },
                        problems,
                    );
                }
                Some(Split::Weights(exact_weights(&shares)))
            }
            Self::Fixed(raw) => {
                let parts = raw.list();
                let whole = give.and_then(fixed_sum).map(Money::to_fixed);
                sums(
                    &at(place, "fixed_cny"),
                    parts,
                    give.is_some(),
                    whole,
                    problems,
                )
            }
            Self::PerUnit(raw) => {
                let parts = raw.list();
                let whole = give.and_then(unit_price);
                sums(
                    &at(place, "per_unit_cny"),
                    parts,
                    give.is_some(),
                    whole,
                    problems,
                )
            }
            Self::InOrder(turns) => in_order(turns, &at(place, "in_order"), problems),
        }
    }
}

/// Shares over their common denominator, so that thirds are split exactly.
fn exact_weights(shares: &[(Payer, Ratio)]) -> Vec<(Payer, Fixed)> {
    let whole = |share: &Ratio| (share.whole.millionths() / SCALE).max(1);
    let wholes = shares.iter().map(|(_, share)| whole(share));
    let common = wholes.fold(1, |common, next| {
        let both = common / gcd(common, next) * next;
        both.min(LARGEST_DENOMINATOR)
    });
    let weight = |(payer, share): &(Payer, Ratio)| {
        let times = common / whole(share);
        if times * whole(share) == common {
            let part = share.part.millionths();
            (*payer, Fixed::from_millionths(part * times))
        } else {
            (*payer, share.to_fixed().times(Fixed::whole(common)))
        }
    };
    shares.iter().map(weight).collect()
}

/// Above this denominators are no longer exact; no published share comes near it.
const LARGEST_DENOMINATOR: i64 = 1_000_000;

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Parts that must add up to a sum of the rule.
fn sums(
    place: &Place,
    parts: Vec<(Payer, Fixed)>,
    known: bool,
    whole: Option<Fixed>,
    problems: &mut Problems,
) -> Option<Split> {
    let sum: Fixed = parts.iter().map(|(_, part)| *part).sum();
    if sum <= Fixed::ZERO {
        return error(place, ProblemKind::SharesSum { sum: 0.0 }, problems);
    }
    match whole {
        Some(whole) if whole != sum => {
            let sum = sum.to_f64() / whole.to_f64();
            error(place, ProblemKind::SharesSum { sum }, problems)
        }
        None if known => {
            let (key, other) = (place.field.clone(), "cap_cny".to_owned());
            error(place, ProblemKind::Needs { key, other }, problems)
        }
        _ => Some(Split::Weights(parts)),
    }
}

/// The sum that fixed parts must add up to: the cap, else the flat sum.
fn fixed_sum(give: &Give) -> Option<Money> {
    match give {
        Give::Install(install) => install.cap.or(match &install.base {
            InstallBase::Flat(sum) => Some(*sum),
            InstallBase::OfTotal { total, household } => {
                Some(*total - household.of(*total, Rounding::HalfUp))
            }
            InstallBase::Ceiling {
                rate,
                unit_cny,
                size,
            } => Some(rate.of(yuan(unit_cny.times(*size)), Rounding::HalfUp)),
            _ => None,
        }),
        Give::Running(running) => running.cap.or(match (&running.base, &running.clock) {
            (RunningBase::PerWinter(sum), _) => Some(*sum),
            (_, Clock::SinceJoining { steps, .. }) => match steps.first() {
                Some(Step::Cap(cap)) => Some(*cap),
                _ => None,
            },
            _ => None,
        }),
    }
}

/// The price per unit that parts must add up to.
fn unit_price(give: &Give) -> Option<Fixed> {
    match give {
        Give::Install(install) => match &install.base {
            InstallBase::Area(cny, _)
            | InstallBase::Rated(cny, _)
            | InstallBase::Pieces(cny, _) => Some(*cny),
            _ => None,
        },
        Give::Running(running) => match &running.base {
            RunningBase::PerUnit(per) if per.bands.up_to.is_empty() => {
                per.bands.prices.first().copied()
            }
            _ => None,
        },
    }
}

fn in_order(turns: &[RawTurn], place: &Place, problems: &mut Problems) -> Option<Split> {
    let turn = |raw: &RawTurn| {
        let upto = match (raw.up_to_cny, raw.up_to_share) {
            (Some(sum), None) => Upto::Sum(sum),
            (None, Some(share)) => Upto::ShareOfBase(share.0),
            (None, None) => Upto::Rest,
            (Some(_), Some(_)) => return None,
        };
        Some((raw.payer, upto))
    };
    let Some(list) = turns.iter().map(turn).collect::<Option<Vec<_>>>() else {
        conflict(place, "up_to_share", "up_to_cny", problems);
        return None;
    };
    let rests = list.iter().filter(|(_, upto)| *upto == Upto::Rest).count();
    let last_is_rest = matches!(list.last(), Some((_, Upto::Rest)));
    if rests != 1 || !last_is_rest {
        let kind = ProblemKind::OpenEnd {
            write: "{ payer = \"…\" }",
        };
        return error(place, kind, problems);
    }
    Some(Split::InOrder(list))
}

impl RawPayment {
    fn check(&self, place: &Place, problems: &mut Problems) -> Option<Payment> {
        let at_once = matches!(self.way, Way::AtPurchase | Way::BillDeduction | Way::InKind);
        let delay_months = match (self.delay_months, self.never) {
            (Some(_), true) => {
                conflict(place, "never", "delay_months", problems);
                return None;
            }
            (None, true) => None,
            (Some(months), false) => Some(months),
            (None, false) if at_once || self.way == Way::CardCredit => Some(0),
            (None, false) => {
                let (key, other) = (format!("way = \"{}\"", self.way), "delay_months".to_owned());
                return error(place, ProblemKind::Needs { key, other }, problems);
            }
        };
        Some(Payment {
            way: self.way,
            delay_months,
        })
    }
}
