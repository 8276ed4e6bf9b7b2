//! Runs side by side: the same measures of the same subjects in every run, what differs from one of
//! them, and which option is the cheapest where. Values are whole numbers of the measure's last
//! place, so that differences are exact.

use crate::comparison::outcome::{Account, Comparison};
use crate::questions::roster::{Sums, Tally};
use crate::words::fixed::Money;
use crate::words::kinds::Name;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its key, which ends in its unit.
    pub key: &'static str,
    /// Places behind the point.
    pub places: u32,
    /// Whether it stands among the tables of the screen.
    pub shown: bool,
}

const fn measure(key: &'static str, places: u32, shown: bool) -> Measure {
    Measure { key, places, shown }
}

/// Measures of an option for one household.
pub const OF_OPTION: [Measure; 8] = [
    measure("winter_cost_cny", 2, true),
    measure("self_pay_cny", 2, true),
    measure("versus_today_cny", 2, true),
    measure("after_subsidy_cny", 2, true),
    measure("equivalent_annual_cost_cny_per_year", 2, true),
    measure("install_price_cny", 2, false),
    measure("government_total_cny", 2, false),
    measure("coal_replaced_t", 6, false),
];
/// Place of the winter's cost among [`OF_OPTION`].
pub const WINTER: usize = 0;
/// Place of the equivalent annual cost among [`OF_OPTION`].
pub const ANNUAL: usize = 4;

/// Measures of the households of a place.
pub const OF_PLACE: [Measure; 12] = [
    measure("households", 0, true),
    measure("winners", 0, true),
    measure("losers", 0, true),
    measure("over_line", 0, true),
    measure("self_pay_cny", 2, true),
    measure("winter_cost_cny", 2, true),
    measure("after_subsidy_cny", 2, true),
    measure("public_up_front_cny", 2, true),
    measure("public_first_winter_cny", 2, true),
    measure("public_total_cny", 2, true),
    measure("coal_replaced_t", 6, true),
    measure("co2_less_t", 6, true),
];

/// An option, or a place, in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Its id: of an option, or `county`, `township/…`, `village/…`.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// The value of each measure; nothing where the option cannot be had.
    pub values: Option<Vec<i64>>,
}

/// What one run gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its subjects, in order.
    pub subjects: Vec<Subject>,
}

impl Outcome {
    /// Of a household.
    pub fn of_household(comparison: &Comparison) -> Self {
        let mut subjects = vec![of_account(&comparison.today)];
        for option in &comparison.options {
            subjects.push(match option.account() {
                Some(account) => of_account(account),
                None => Subject {
                    id: option.id().to_owned(),
                    name: option.name().clone(),
                    values: None,
                },
            });
        }
        Self { subjects }
    }

    /// Of a roster: the county, its townships, its villages.
    pub fn of_roster(tally: &Tally) -> Self {
        let mut subjects = vec![of_sums("county", "", &tally.county())];
        let townships = tally.townships();
        if townships.len() > 1 {
            let all = townships.iter();
            subjects.extend(all.map(|(name, sums)| of_sums("township", name, sums)));
        }
        if tally.places.len() > 1 {
            let all = tally.places.iter();
            subjects.extend(all.map(|(township, village, sums)| {
                of_sums("village", &format!("{township}/{village}"), sums)
            }));
        }
        Self { subjects }
    }

    /// A subject by id.
    pub fn subject(&self, id: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// A value, if the subject has it.
    pub fn value(&self, id: &str, measure: usize) -> Option<i64> {
        self.subject(id)?.values.as_ref()?.get(measure).copied()
    }

    /// The option with the least of a measure, the first of equal ones; today's heating is none.
    pub fn least(&self, measure: usize) -> Option<&Subject> {
        let options = self.subjects.iter().filter(|subject| subject.id != "today");
        let had = options.filter_map(|it| Some((*it.values.as_ref()?.get(measure)?, it)));
        had.min_by_key(|(value, _)| *value)
            .map(|(_, subject)| subject)
    }

    /// A value less that of another run, if both have it.
    pub fn difference(&self, other: &Self, id: &str, measure: usize) -> Option<i64> {
        Some(self.value(id, measure)? - other.value(id, measure)?)
    }
}

fn of_account(account: &Account) -> Subject {
    let headline = &account.headline;
    let annual = Money::from_f64(headline.equivalent_annual_cost.value());
    let coal = (account.emissions.coal_replaced_t * 1e6).round() as i64;
    Subject {
        id: account.id.clone(),
        name: account.name.as_ref().clone(),
        values: Some(vec![
            headline.winter_cost.fen(),
            headline.self_pay.fen(),
            headline.versus_today.fen(),
            headline.after_subsidy.fen(),
            annual.fen(),
            headline.install_price.fen(),
            account.government.total.fen(),
            coal,
        ]),
    }
}

fn of_sums(level: &str, name: &str, sums: &Sums) -> Subject {
    let public = (0..=sums.last_year()).map(|year| sums.public(year)).sum();
    let id = if name.is_empty() {
        level.to_owned()
    } else {
        format!("{level}/{name}")
    };
    Subject {
        name: Name::same(name),
        id,
        values: Some(vec![
            sums.households,
            sums.winners,
            sums.losers,
            sums.over_line,
            sums.self_pay,
            sums.winter,
            sums.after_subsidy,
            sums.public(0),
            sums.public(1),
            public,
            sums.coal_replaced,
            sums.co2_less,
        ]),
    }
}

/// Where the cheapest option changes: two neighbouring values of one axis, all else equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The run before the change, by its place.
    pub before: usize,
    /// The run after it.
    pub after: usize,
    /// The axis along which they differ.
    pub axis: usize,
}

/// Every change of the cheapest option between neighbours. `points` are the places of the runs of
/// one variant on the axes; where all axes move together only the first is looked at.
pub fn turns(outcomes: &[&Outcome], points: &[Vec<usize>], measure: usize, zip: bool) -> Vec<Turn> {
    let mut found = Vec::new();
    for (before, point) in points.iter().enumerate() {
        for axis in 0..point.len().min(if zip { 1 } else { usize::MAX }) {
            let mut next = point.clone();
            for (i, at) in next.iter_mut().enumerate() {
                *at += usize::from(zip || i == axis);
            }
            let Some(after) = points.iter().position(|it| *it == next) else {
                continue;
            };
            let id = |run: usize| outcomes[run].least(measure).map(|it| it.id.as_str());
            if id(before) != id(after) {
                found.push(Turn {
                    before,
                    after,
                    axis,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(costs: [i64; 2]) -> Outcome {
        let subject = |(id, cost): (&str, i64)| Subject {
            id: id.to_owned(),
            name: Name::same(id),
            values: Some(vec![cost]),
        };
        let all = [("today", 0), ("a", costs[0]), ("b", costs[1])];
        Outcome {
            subjects: all.into_iter().map(subject).collect(),
        }
    }

    #[test]
    fn the_cheapest_changes_between_neighbours_only() {
        let runs = [
            outcome([1, 2]),
            outcome([1, 2]),
            outcome([1, 2]),
            outcome([3, 2]),
        ];
        let runs: Vec<&Outcome> = runs.iter().collect();
        let points = [vec![0, 0], vec![0, 1], vec![1, 0], vec![1, 1]];
        let found = turns(&runs, &points, 0, false);
        let pairs: Vec<(usize, usize, usize)> = found
            .iter()
            .map(|it| (it.before, it.after, it.axis))
            .collect();
        assert_eq!(pairs, [(1, 3, 0), (2, 3, 1)]);
        assert_eq!(runs[3].difference(runs[0], "a", 0), Some(2));
        assert_eq!(runs[0].least(0).map(|it| it.id.as_str()), Some("a"));
    }
}
