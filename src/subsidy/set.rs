//! The rules that hold in one place, merged from its levels and put in order once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::subsidy::household::Variants;
use crate::subsidy::rule::{Parameter, Rule};
use crate::words::kinds::HeaterKind;

/// The rules of a place: national, province, city and county together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    parameters: BTreeMap<Arc<str>, Parameter>,
}

/// What one level (one file) says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleFile {
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Its open points.
    pub parameters: Vec<Parameter>,
    /// Rules of higher levels that do not hold here.
    pub not_here: Vec<Arc<str>>,
}

impl RuleSet {
    /// Lays levels over one another, from the nation down: a rule or parameter of a lower level
    /// replaces the one with the same id above it, and `not_here` removes rules from above.
    pub fn merge(levels: impl IntoIterator<Item = RuleFile>) -> Self {
        let mut rules: BTreeMap<Arc<str>, Rule> = BTreeMap::new();
        let mut parameters = BTreeMap::new();
        for level in levels {
            for id in &level.not_here {
                rules.remove(id);
            }
            for rule in level.rules {
                rules.insert(rule.id.clone(), rule);
            }
            for parameter in level.parameters {
                parameters.insert(parameter.id.clone(), parameter);
            }
        }
        let mut rules: Vec<Rule> = rules.into_values().collect();
        rules.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        Self { rules, parameters }
    }

    /// The rules that do not shut out a kind of heater: they grant it what all of them grant it, and
    /// do not tell of the others.
    pub fn open_to(&self, heater: HeaterKind) -> Self {
        let open = |rule: &&Rule| rule.who.heaters.is_empty() || rule.who.heaters.contains(&heater);
        Self {
            rules: self.rules.iter().filter(open).cloned().collect(),
            parameters: self.parameters.clone(),
        }
    }

    /// The rules in the order in which they are evaluated.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The open points by id.
    pub fn parameters(&self) -> &BTreeMap<Arc<str>, Parameter> {
        &self.parameters
    }

    /// Every fact that a rule asks for or forbids; a fact of a household that is not among them
    /// changes nothing.
    pub fn facts(&self) -> BTreeSet<&str> {
        let who = self.rules.iter().map(|rule| &rule.who);
        who.flat_map(|who| who.facts.iter().chain(&who.without_facts))
            .map(|fact| &**fact)
            .collect()
    }

    /// The reading taken of a parameter: the user's, if it is one of the parameter's, else the
    /// default.
    pub fn reading(&self, parameter: &str, variants: &Variants) -> Option<Arc<str>> {
        let known = self.parameters.get(parameter)?;
        let wanted = variants.readings.get(parameter);
        let found = wanted.and_then(|wanted| {
            let mut keys = known.readings.iter().map(|(key, _)| key);
            keys.find(|key| ***key == **wanted).cloned()
        });
        Some(found.unwrap_or_else(|| known.default.clone()))
    }

    /// Names in `variants` that this set does not know, as (parameter, reading or nothing): a
    /// parameter that does not exist, or a reading that the parameter does not have.
    pub fn unknown_choices(&self, variants: &Variants) -> Vec<(String, Option<String>)> {
        let raised = |name: &str| {
            let mut raises = self.rules.iter().filter_map(|rule| rule.raise.as_ref());
            raises.any(|raise| *raise.parameter == *name)
        };
        let amounts = variants.amounts.keys().filter(|name| !raised(name));
        let mut unknown: Vec<_> = amounts.map(|name| (name.clone(), None)).collect();
        for (name, reading) in &variants.readings {
            match self.parameters.get(name.as_str()) {
                None => unknown.push((name.clone(), None)),
                Some(known) if !known.readings.iter().any(|(key, _)| **key == **reading) => {
                    unknown.push((name.clone(), Some(reading.clone())));
                }
                Some(_) => {}
            }
        }
        unknown
    }
}
