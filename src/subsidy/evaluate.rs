//! Goes through the rules in order and writes the award.

use std::sync::Arc;

use crate::subsidy::award::{Award, Cap, Grant, OpenReading, Reason, Refusal};
use crate::subsidy::eligible;
use crate::subsidy::household::{Applicant, Prior, Purchase, Variants, WinterUse};
use crate::subsidy::install::{self, Owed};
use crate::subsidy::rule::{CapTime, Give, Pick, Ratio, Rule, Split, Upto};
use crate::subsidy::running;
use crate::subsidy::set::RuleSet;
use crate::words::fixed::{ExactYuan, Fixed, Money, Rounding};
use crate::words::kinds::Payer;
use crate::words::ledger::Purpose;

/// The grants towards an installation.
///
/// Each rule is looked up on the day of the conversion. A rule's grant is computed on what the
/// purchase costs, or on what earlier rules left, then capped, then split.
pub fn install_grants(
    rules: &RuleSet,
    applicant: &Applicant,
    purchase: &Purchase,
    prior: &Prior,
    variants: &Variants,
    rounding: Rounding,
) -> Award {
    let subject = Subject::Install(purchase, Owed::new(purchase));
    Evaluation::new(rules, applicant, prior, variants, rounding).run(subject)
}

/// The grants towards one winter.
///
/// Each rule must be in force over its whole season of that winter. Together they never exceed the
/// winter's heating bill.
pub fn running_grants(
    rules: &RuleSet,
    applicant: &Applicant,
    winter: &WinterUse,
    prior: &Prior,
    variants: &Variants,
    rounding: Rounding,
) -> Award {
    let subject = Subject::Winter(winter, winter.total().max(Money::ZERO));
    Evaluation::new(rules, applicant, prior, variants, rounding).run(subject)
}

/// A grant before it is split.
#[derive(Debug, Clone, Default)]
pub(super) struct Proposal {
    pub quantity: Fixed,
    pub unit: &'static str,
    pub rate: Fixed,
    pub before_caps: Money,
    pub amount: Money,
    pub limited_by: Option<Cap>,
    /// Price of the items or bill of the winter, for splits that name a share of it.
    pub base: Money,
    pub spares_household: bool,
    pub returned: Money,
}

impl Proposal {
    /// Quantity times rate.
    pub fn per_unit(quantity: Fixed, unit: &'static str, rate: Fixed, rounding: Rounding) -> Self {
        Self {
            quantity,
            unit,
            rate,
            before_caps: ExactYuan::of(quantity, rate).to_money(rounding),
            ..Self::default()
        }
    }
    /// A share of a sum of money.
    pub fn share(rate: Ratio, of: Money, rounding: Rounding) -> Self {
        Self {
            quantity: of.to_fixed(),
            unit: "CNY",
            rate: rate.to_fixed(),
            before_caps: rate.of(of, rounding),
            ..Self::default()
        }
    }
    /// A flat sum.
    pub fn flat(sum: Money) -> Self {
        Self {
            quantity: Fixed::ONE,
            unit: "set",
            rate: sum.to_fixed(),
            before_caps: sum,
            ..Self::default()
        }
    }
    /// Before any cap the amount is quantity times rate.
    pub fn start(mut self) -> Self {
        self.amount = self.before_caps;
        self
    }
    /// Cuts the amount to a cap.
    pub fn limit(&mut self, most: Money, cap: Cap) {
        if self.amount > most {
            self.amount = most.max(Money::ZERO);
            self.limited_by = Some(cap);
        }
    }
    /// Applies the factor of a phase-out step to rate and amount.
    pub fn scale(&mut self, factor: Ratio, rounding: Rounding) {
        if factor != Ratio::ONE {
            self.rate = self.rate.share(factor.part, factor.whole);
            self.before_caps = factor.of(self.before_caps, rounding);
            self.amount = factor.of(self.amount, rounding);
        }
    }
}

/// What is subsidised and how much of it is still owed.
enum Subject<'a> {
    Install(&'a Purchase, Owed),
    Winter(&'a WinterUse, Money),
}

struct Evaluation<'a> {
    rules: &'a RuleSet,
    applicant: &'a Applicant,
    prior: &'a Prior,
    variants: &'a Variants,
    rounding: Rounding,
    award: Award,
    /// For each group met: the rule that pays.
    groups: Vec<(Arc<str>, Arc<str>)>,
    joint: Vec<(Arc<str>, Money)>,
}

impl<'a> Evaluation<'a> {
    fn new(
        rules: &'a RuleSet,
        applicant: &'a Applicant,
        prior: &'a Prior,
        variants: &'a Variants,
        rounding: Rounding,
    ) -> Self {
        Self {
            rules,
            applicant,
            prior,
            variants,
            rounding,
            award: Award::default(),
            groups: Vec::new(),
            joint: Vec::new(),
        }
    }

    fn run(mut self, mut subject: Subject<'a>) -> Award {
        for rule in self.rules.rules() {
            let same_kind = matches!(
                (&rule.give, &subject),
                (Give::Install(_), Subject::Install(..)) | (Give::Running(_), Subject::Winter(..))
            );
            if !same_kind {
                continue;
            }
            let outcome = self.decide(rule, &subject);
            match outcome {
                Ok(proposal) => self.pay(rule, proposal, &mut subject),
                Err(reason) => self.award.refused.push(Refusal {
                    rule: rule.id.clone(),
                    name: rule.name.clone(),
                    reason,
                }),
            }
        }
        self.award
    }

    /// Whether and how much a rule pays now.
    fn decide(&mut self, rule: &Rule, subject: &Subject<'_>) -> Result<Proposal, Reason> {
        self.eligible(rule, subject)?;
        self.reading(rule)?;
        self.alone(rule)?;
        if let Some(group) = &rule.group {
            let winner = match self.groups.iter().find(|(id, _)| *id == group.id) {
                Some((_, winner)) => Some(winner.clone()),
                None if group.pick == Pick::Largest => self.largest(&group.id, subject),
                None => None,
            };
            match winner {
                Some(winner) if winner != rule.id => return Err(Reason::ExcludedBy(winner)),
                Some(winner) => self.groups.push((group.id.clone(), winner)),
                None => {}
            }
        }
        self.amount(rule, subject)
    }

    fn eligible(&self, rule: &Rule, subject: &Subject<'_>) -> Result<(), Reason> {
        eligible::person(&rule.who, self.applicant)?;
        let winter = match (subject, &rule.give) {
            (Subject::Winter(winter, _), Give::Running(running)) => {
                let days = running.season.days_of(winter.winter);
                if let Some((first, last)) = days {
                    eligible::in_force(&rule.valid, first, last)?;
                }
                winter.winter
            }
            _ => {
                if let Some(day) = self.applicant.day() {
                    eligible::in_force(&rule.valid, day, day)?;
                }
                self.applicant.converted
            }
        };
        eligible::history(rule, self.applicant, self.prior, winter)
    }

    /// Whether the rule belongs to the reading taken; notes the open point.
    fn reading(&mut self, rule: &Rule) -> Result<(), Reason> {
        let Some(reading) = &rule.reading else {
            return Ok(());
        };
        let chosen = self.chosen(reading.parameter.clone());
        if chosen == reading.is {
            Ok(())
        } else {
            let parameter = reading.parameter.clone();
            Err(Reason::OtherReading { parameter, chosen })
        }
    }

    fn chosen(&mut self, parameter: Arc<str>) -> Arc<str> {
        let taken = self.rules.reading(&parameter, self.variants);
        let chosen = taken.unwrap_or_else(|| parameter.clone());
        let noted = self.award.open_readings.iter();
        if noted.clone().all(|open| open.parameter != parameter)
            && let Some(known) = self.rules.parameters().get(&parameter)
        {
            let keys = known.readings.iter().map(|(key, _)| key);
            self.award.open_readings.push(OpenReading {
                parameter,
                name: known.name.clone(),
                chosen: chosen.to_string(),
                alternatives: keys.filter(|key| **key != chosen).cloned().collect(),
            });
        }
        chosen
    }

    /// Whether none of the rules that exclude this one has paid.
    fn alone(&self, rule: &Rule) -> Result<(), Reason> {
        let paid = |id: &&Arc<str>| {
            self.prior.paid.contains(*id) || self.award.grants.iter().any(|it| it.rule == **id)
        };
        match rule.excluded_by.iter().find(paid) {
            Some(other) => Err(Reason::ExcludedBy(other.clone())),
            None => Ok(()),
        }
    }

    /// The rule of a group that would give most now; the first in order among equals.
    fn largest(&self, group: &str, subject: &Subject<'_>) -> Option<Arc<str>> {
        let rules = self.rules.rules().iter();
        let members = rules.filter(|it| it.group.as_ref().is_some_and(|own| *own.id == *group));
        let mut best: Option<(Money, Arc<str>)> = None;
        for rule in members {
            let chosen = rule.reading.as_ref().is_none_or(|reading| {
                let taken = self.rules.reading(&reading.parameter, self.variants);
                taken.as_ref() == Some(&reading.is)
            });
            if !chosen || self.eligible(rule, subject).is_err() || self.alone(rule).is_err() {
                continue;
            }
            if let Ok(proposal) = self.amount(rule, subject)
                && best
                    .as_ref()
                    .is_none_or(|(most, _)| proposal.amount > *most)
            {
                best = Some((proposal.amount, rule.id.clone()));
            }
        }
        best.map(|(_, id)| id)
    }

    /// The amount after every cap; at least a fen.
    fn amount(&self, rule: &Rule, subject: &Subject<'_>) -> Result<Proposal, Reason> {
        let (who, more) = (self.applicant, self.raised(rule));
        let (way, to, rounding) = (rule.payment.way, rule.goes_to, self.rounding);
        let mut proposal = match (&rule.give, subject) {
            (Give::Install(it), Subject::Install(purchase, owed)) => {
                install::propose(it, to, more, who, purchase, owed, rounding)?
            }
            (Give::Running(it), Subject::Winter(winter, owed)) => {
                running::propose(it, way, more, who, winter, *owed, rounding)?
            }
            _ => return Err(Reason::NothingLeft),
        };
        if let Some(joint) = &rule.joint_cap {
            let before = match joint.over {
                CapTime::Lifetime => self.prior.joint_used.get(&joint.id).copied(),
                CapTime::Winter => None,
            };
            let now = self.joint.iter().filter(|(id, _)| *id == joint.id);
            let used = before.unwrap_or_default() + now.map(|(_, sum)| *sum).sum();
            let left = joint.cap - used;
            if left <= Money::ZERO {
                return Err(Reason::CapUsedUp(joint.id.clone()));
            }
            proposal.limit(left, Cap::Joint(joint.id.clone(), left));
        }
        match proposal.limited_by {
            _ if proposal.amount > Money::ZERO => Ok(proposal),
            Some(Cap::Price(_) | Cap::Bill(_)) => Err(Reason::NothingLeft),
            _ if proposal.quantity <= Fixed::ZERO => Err(Reason::NothingLeft),
            _ => Err(Reason::RoundsToNothing),
        }
    }

    /// How much a lower level has raised its part.
    fn raised(&self, rule: &Rule) -> Money {
        let Some(raise) = &rule.raise else {
            return Money::ZERO;
        };
        let wanted = self.variants.amounts.get(&*raise.parameter).copied();
        (wanted.unwrap_or(raise.at_least) - raise.at_least).max(Money::ZERO)
    }

    fn pay(&mut self, rule: &Rule, proposal: Proposal, subject: &mut Subject<'a>) {
        let purpose = match (&rule.give, &mut *subject) {
            (Give::Install(install), Subject::Install(purchase, owed)) => {
                if proposal.spares_household {
                    owed.take(install, purchase, proposal.amount);
                }
                Purpose::InstallSubsidy
            }
            (_, Subject::Winter(_, owed)) => {
                *owed -= proposal.amount;
                Purpose::RunningSubsidy
            }
            _ => Purpose::InstallSubsidy,
        };
        if let Some(group) = &rule.group {
            self.groups.push((group.id.clone(), rule.id.clone()));
        }
        if let Some(joint) = &rule.joint_cap {
            self.joint.push((joint.id.clone(), proposal.amount));
        }
        self.note_raise(rule);
        let payers = self.split(rule, &proposal);
        let lifetime = rule.joint_cap.as_ref();
        let lifetime = lifetime.filter(|joint| joint.over == CapTime::Lifetime);
        self.award.grants.push(Grant {
            rule: rule.id.clone(),
            name: rule.name.clone(),
            programme: rule.programme.clone(),
            figure: rule.figure.clone(),
            purpose,
            quantity: proposal.quantity,
            unit: proposal.unit,
            rate: proposal.rate,
            before_caps: proposal.before_caps,
            amount: proposal.amount,
            payers,
            payment: rule.payment,
            limited_by: proposal.limited_by,
            goes_to: rule.goes_to,
            spares_household: proposal.spares_household,
            returned: proposal.returned,
            lifetime_cap: lifetime.map(|joint| joint.id.clone()),
            lock: rule.lock.as_ref().map(|lock| lock.id.clone()),
            coal_again: rule.who.coal_again,
        });
    }

    /// An "at least" part is an open point too.
    fn note_raise(&mut self, rule: &Rule) {
        if let Some(raise) = &rule.raise {
            let taken = raise.at_least + self.raised(rule);
            self.award.open_readings.push(OpenReading {
                parameter: raise.parameter.clone(),
                name: rule.name.clone(),
                chosen: taken.to_string(),
                alternatives: Vec::new(),
            });
        }
    }

    /// Who pays how much; the parts sum to the amount.
    fn split(&self, rule: &Rule, proposal: &Proposal) -> Vec<(Payer, Money)> {
        match &rule.payers {
            Split::Weights(weights) => {
                let more = self.raised(rule).to_fixed();
                let raiser = rule.raise.as_ref().map(|raise| raise.payer);
                let weight = |(payer, weight): &(Payer, Fixed)| match raiser {
                    Some(raiser) if raiser == *payer => *weight + more,
                    _ => *weight,
                };
                let sums: Vec<Fixed> = weights.iter().map(weight).collect();
                let parts = proposal.amount.split(&sums);
                weights.iter().map(|(payer, _)| *payer).zip(parts).collect()
            }
            Split::InOrder(payers) => {
                let mut left = proposal.amount;
                let part = |(payer, upto): &(Payer, Upto)| {
                    let most = match upto {
                        Upto::Sum(sum) => *sum,
                        Upto::ShareOfBase(share) => share.of(proposal.base, self.rounding),
                        Upto::Rest => Money::MAX,
                    };
                    let own = left.min(most);
                    left -= own;
                    (*payer, own)
                };
                payers.iter().map(part).collect()
            }
        }
    }
}
