//! Winters that no rule tells apart: what is granted in one is granted in the next.

use jiff::civil::Date;

use crate::subsidy::award::Reason;
use crate::subsidy::eligible;
use crate::subsidy::rule::{Give, Step};
use crate::subsidy::running;
use crate::subsidy::set::RuleSet;
use crate::words::calendar::Winter;

/// What rules know of the conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// The first winter with the new heating.
    pub winter: Winter,
    /// Its day, if there is one.
    pub day: Option<Date>,
}

impl Conversion {
    /// On a day; without one, on 1 November of the winter.
    pub fn new(winter: Winter, day: Option<Date>) -> Self {
        Self {
            winter,
            day: day.or_else(|| Date::new(winter.0, 11, 1).ok()),
        }
    }
}

/// For each winter of an account whether every rule sees in it what it saw in the winter before:
/// then equal bills and an equal history give equal grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikeWinters {
    conversion: Conversion,
    first: Winter,
    like: Vec<bool>,
}

impl LikeWinters {
    /// For `years` winters from `first` on.
    pub fn new(rules: &RuleSet, conversion: Conversion, first: Winter, years: u16) -> Self {
        let seen = |year: u16| seen(rules, conversion, first.plus(year as i16));
        let mut before = None;
        let like = (0..years).map(|year| {
            let now = Some(seen(year));
            let same = now == before;
            before = now;
            same
        });
        Self {
            like: like.collect(),
            conversion,
            first,
        }
    }

    /// Whether it was made for this conversion and these winters.
    pub fn is_for(&self, conversion: Conversion, first: Winter, years: u16) -> bool {
        (self.conversion, self.first) == (conversion, first)
            && self.like.len() == usize::from(years)
    }

    /// Whether winter number `year`, 1 for the first, is like the one before it.
    pub fn like_before(&self, year: u16) -> bool {
        let at = usize::from(year).checked_sub(1);
        at.and_then(|at| self.like.get(at))
            .copied()
            .unwrap_or(false)
    }
}

/// What a rule for winters makes of the dates alone.
type Seen = (Result<(), Reason>, Result<Option<Step>, Reason>);

fn seen(rules: &RuleSet, conversion: Conversion, winter: Winter) -> Vec<Seen> {
    let running = rules.rules().iter().filter_map(|rule| match &rule.give {
        Give::Running(running) => Some((rule, running)),
        Give::Install(_) => None,
    });
    let dates = running.map(|(rule, running)| {
        let days = running.season.days_of(winter);
        let force = days.map_or(Ok(()), |(first, last)| {
            eligible::in_force(&rule.valid, first, last)
        });
        (force, running::step(&running.clock, conversion, winter))
    });
    dates.collect()
}
