//! Dates, winters and the 8,760 hours of the typical year.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Hours of the typical year. It has no 29 February.
pub const HOURS: usize = 8760;
/// Days of the typical year.
pub const DAYS: usize = 365;
/// Days of each month of the typical year.
pub const MONTH_DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The first day (0-based day of the typical year) of month index `m` (0 = January).
pub const fn month_start_day(m: usize) -> usize {
    let mut day = 0;
    let mut i = 0;
    while i < m {
        day += MONTH_DAYS[i];
        i += 1;
    }
    day
}

/// The month index (0 = January) of a 0-based day of the typical year.
pub fn month_of_day(day: usize) -> usize {
    let mut rest = day % DAYS;
    for (m, &n) in MONTH_DAYS.iter().enumerate() {
        if rest < n {
            return m;
        }
        rest -= n;
    }
    11
}

/// A day of the typical year, written `MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// A day that the typical year has, or nothing. 29 February becomes 28 February.
    pub fn new(month: u8, day: u8) -> Option<Self> {
        let length = *MONTH_DAYS.get((month as usize).checked_sub(1)?)?;
        let day = if (month, day) == (2, 29) { 28 } else { day };
        (day >= 1 && day as usize <= length).then_some(Self { month, day })
    }
    /// From a 0-based day of the typical year.
    pub fn from_day(day: usize) -> Self {
        let month = month_of_day(day);
        Self {
            month: month as u8 + 1,
            day: (day % DAYS - month_start_day(month)) as u8 + 1,
        }
    }
    /// From text `MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        Self::new(month.parse().ok()?, day.parse().ok()?)
    }
    /// 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }
    /// 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }
    /// The 0-based day of the typical year.
    pub const fn day_of_year(self) -> usize {
        month_start_day(self.month as usize - 1) + self.day as usize - 1
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}
impl Serialize for MonthDay {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a day is written MM-DD"))
    }
}

/// A span of days of the year, both ends inside it; it may cross the new year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Season {
    /// First day.
    pub from: MonthDay,
    /// Last day.
    pub to: MonthDay,
}

impl Season {
    /// The whole year, from 1 January.
    pub const YEAR: Self = Self {
        from: MonthDay { month: 1, day: 1 },
        to: MonthDay { month: 12, day: 31 },
    };
    /// Number of days, 1 to 365.
    pub fn days(self) -> usize {
        (self.to.day_of_year() + DAYS - self.from.day_of_year()) % DAYS + 1
    }
    /// Whether a 0-based day of the year lies inside.
    pub fn contains(self, day: usize) -> bool {
        (day + DAYS - self.from.day_of_year()) % DAYS < self.days()
    }
    /// The hours of the year that it holds (0-based), in the order in which a winter lives them.
    pub fn hours(self) -> impl ExactSizeIterator<Item = usize> + Clone {
        let first = self.from.day_of_year() * 24;
        (0..self.days() * 24).map(move |i| (first + i) % HOURS)
    }
    /// Month indices (0 = January) that it touches, in order, each once (twice never).
    pub fn months(self) -> Vec<usize> {
        let index = |day: MonthDay| usize::from(day.month()) - 1;
        let (first, last) = (index(self.from), index(self.to));
        let wraps = first == last && self.to < self.from;
        let more = if wraps { 11 } else { (last + 12 - first) % 12 };
        (first..=first + more).map(|month| month % 12).collect()
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

/// A winter, named by the year in which it begins: 2026 is the winter 2026-27.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Winter(pub i16);

impl Serialize for Winter {
    /// As text: `2026-27`.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl JsonSchema for Winter {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Winter".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$",
            "description": "A winter, by its two years: 2026-27."
        })
    }
}
impl JsonSchema for MonthDay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MonthDay".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$",
            "description": "A day of the year: MM-DD."
        })
    }
}

impl Winter {
    /// The winter that a date belongs to: a winter runs from 1 July to 30 June.
    pub fn of(date: Date) -> Self {
        Self(if date.month() >= 7 {
            date.year()
        } else {
            date.year() - 1
        })
    }
    /// `n` winters later.
    pub const fn plus(self, n: i16) -> Self {
        Self(self.0 + n)
    }
    /// The calendar year in which month index `m` (0 = January) of this winter lies.
    pub const fn year_of_month(self, m: usize) -> i16 {
        if m >= 6 { self.0 } else { self.0 + 1 }
    }
}

impl fmt::Display for Winter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_crosses_the_new_year() {
        let season = Season {
            from: MonthDay::new(11, 15).unwrap(),
            to: MonthDay::new(3, 15).unwrap(),
        };
        assert_eq!(season.days(), 16 + 31 + 31 + 28 + 15);
        assert_eq!(season.months(), [10, 11, 0, 1, 2]);
        let hours: Vec<usize> = season.hours().collect();
        assert_eq!((hours[0], hours[hours.len() - 1]), (318 * 24, 74 * 24 - 1));
        assert!(season.contains(0) && !season.contains(100));
    }

    #[test]
    fn every_day_has_its_month() {
        for day in 0..DAYS {
            assert_eq!(MonthDay::from_day(day).day_of_year(), day);
        }
        assert!(MonthDay::new(2, 30).is_none() && MonthDay::parse("13-01").is_none());
    }

    #[test]
    fn a_winter_is_named_by_its_first_year() {
        assert_eq!(Winter::of(jiff::civil::date(2027, 1, 10)), Winter(2026));
        assert_eq!(Winter(2099).to_string(), "2099-00");
        assert_eq!(Winter(2026).year_of_month(0), 2027);
    }
}
