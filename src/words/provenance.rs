//! Where a figure comes from, how far it can be trusted, and when it holds.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

use crate::words::kinds::Kind;

/// How far a figure can be trusted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Grade {
    /// Official document or standard.
    A,
    /// Measured study, official survey or named press.
    B,
    /// Maker or trade.
    C,
    /// Assumption, or second hand.
    D,
}

impl Kind for Grade {
    const ALL: &'static [Self] = &[Self::A, Self::B, Self::C, Self::D];
    fn key(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}
impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A document: an entry of `data/sources`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The key that figures name.
    pub id: String,
    /// Title in the language of the original.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Document number, if it has one.
    pub number: Option<String>,
    /// When it was issued, as far as known: `2023`, `2023-10` or `2023-10-30`.
    pub date: Option<String>,
    /// Where it can be read, if it may be cited.
    pub url: Option<String>,
}

/// When a figure holds, both days inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Validity {
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day, or until a later figure replaces it.
    pub to: ValidTo,
}

/// The end of a validity; files must state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValidTo {
    /// This is the last day.
    Day(#[schemars(with = "String")] Date),
    /// In force until replaced; last looked at on this day.
    UntilReplaced {
        /// The day on which somebody last checked that it stands.
        #[schemars(with = "String")]
        checked: Date,
    },
}

impl Validity {
    /// Whether it holds on a day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.last_day().is_none_or(|last| day <= last)
    }
    /// The last day, if it has one.
    pub fn last_day(&self) -> Option<Date> {
        match self.to {
            ValidTo::Day(day) => Some(day),
            ValidTo::UntilReplaced { .. } => None,
        }
    }
}

/// Whether a figure stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// It holds.
    Valid,
    /// It holds until it is replaced, and nobody has looked for too long.
    Unchecked {
        /// The day of the last look.
        #[schemars(with = "String")]
        since: Date,
    },
    /// It holds no more.
    OutOfDate {
        /// Its last day.
        #[schemars(with = "String")]
        since: Date,
    },
    /// It does not hold yet.
    NotYet {
        /// Its first day.
        #[schemars(with = "String")]
        from: Date,
    },
}

impl Validity {
    /// Whether a figure of this validity stands on a day: the one rule of freshness.
    ///
    /// A figure that holds until it is replaced is to be looked at again within
    /// `unchecked_after_years` (the setting `unchecked_after`); on a later day it is
    /// [`Timing::Unchecked`].
    pub fn timing(&self, day: Date, unchecked_after_years: u16) -> Timing {
        if day < self.from {
            return Timing::NotYet { from: self.from };
        }
        match self.to {
            ValidTo::Day(since) if since < day => Timing::OutOfDate { since },
            ValidTo::UntilReplaced { checked } => {
                let span = jiff::Span::new().years(i64::from(unchecked_after_years));
                let due = checked.checked_add(span).unwrap_or(Date::MAX);
                if due < day {
                    Timing::Unchecked { since: checked }
                } else {
                    Timing::Valid
                }
            }
            ValidTo::Day(_) => Timing::Valid,
        }
    }
}

/// One figure's provenance. Cheap to clone; results carry it to their reader.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureRef(pub Arc<Figure>);

impl Serialize for FigureRef {
    /// As its id; results list every figure once with all that is told of it.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.id())
    }
}
impl JsonSchema for FigureRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FigureRef".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "description": "Id of a figure in the list of figures."
        })
    }
}

/// What is told of a figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Figure {
    /// Its id, unique in the library: `place/kind/key`.
    pub id: String,
    /// The id of its source, or `case` for what the user gave.
    pub source: String,
    /// Its grade.
    pub grade: Grade,
    /// When it holds, if it depends on time.
    pub valid: Option<Validity>,
    /// What must be said of it: a conflict settled, an assumption made.
    pub note: Option<String>,
}

impl FigureRef {
    /// A figure of the library.
    pub fn new(id: impl Into<String>, source: impl Into<String>, grade: Grade) -> Self {
        Self(Arc::new(Figure {
            id: id.into(),
            source: source.into(),
            grade,
            valid: None,
            note: None,
        }))
    }
    /// What the user gave in the case file or on the command line.
    pub fn case(id: impl Into<String>) -> Self {
        Self::new(id, "case", Grade::B)
    }
    /// Its id.
    pub fn id(&self) -> &str {
        &self.0.id
    }
}

/// A value with its provenance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub figure: FigureRef,
}

impl<T> Sourced<T> {
    /// Pairs a value with its provenance.
    pub fn new(value: T, figure: FigureRef) -> Self {
        Self { value, figure }
    }
    /// The same provenance for a value derived from this one.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: f(self.value),
            figure: self.figure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn both_ends_of_a_validity_are_inside() {
        let valid = Validity {
            from: date(2023, 11, 1),
            to: ValidTo::Day(date(2024, 3, 31)),
        };
        assert!(valid.covers(date(2023, 11, 1)) && valid.covers(date(2024, 3, 31)));
        assert!(!valid.covers(date(2024, 4, 1)));
    }

    #[test]
    fn an_open_end_is_to_be_looked_at_again() {
        let checked = date(2023, 6, 30);
        let valid = Validity {
            from: date(2020, 1, 1),
            to: ValidTo::UntilReplaced { checked },
        };
        // two years after 30 June 2023 is 30 June 2025
        assert_eq!(valid.timing(date(2025, 6, 30), 2), Timing::Valid);
        let unchecked = Timing::Unchecked { since: checked };
        assert_eq!(valid.timing(date(2025, 7, 1), 2), unchecked);
        assert_eq!(valid.timing(date(2025, 7, 1), 3), Timing::Valid);
        let from = date(2020, 1, 1);
        assert_eq!(valid.timing(date(2019, 12, 31), 2), Timing::NotYet { from });
    }

    #[test]
    fn the_day_after_the_last_is_out_of_date() {
        let since = date(2024, 3, 31);
        let valid = Validity {
            from: date(2023, 11, 1),
            to: ValidTo::Day(since),
        };
        assert_eq!(valid.timing(since, 2), Timing::Valid);
        let next = date(2024, 4, 1);
        assert_eq!(valid.timing(next, 2), Timing::OutOfDate { since });
    }
}
