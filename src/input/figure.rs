//! The provenance that every figure in `data/` carries.

use jiff::civil::Date;

use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::{Cx, Field, Limits, Node, Shape, Spot};
use crate::record;
use crate::words::provenance::{Figure, FigureRef, Grade, ValidTo, Validity};
use std::sync::Arc;

record! {
    /// Where a figure comes from, how far it can be trusted and when it holds.
    pub struct RawFigure {
        /// An entry of `data/sources`; `assumption` for what nobody published.
        source: Spot<String>;
        /// A official, B measured study or press, C maker or trade, D assumption or second hand.
        grade: Grade;
        /// When it holds; figures that do not depend on time leave it out.
        valid: Option<RawValidity>;
        /// What must be said of it: page, conflict settled, reading chosen.
        note: Option<String>;
    }
}

record! {
    /// A span of days, both inside.
    pub struct RawValidity {
        /// First day.
        from: Spot<Date>;
        /// Last day, or `"until_replaced"`.
        to: RawEnd;
        /// With `until_replaced`: the day on which somebody last checked that it stands.
        checked: Option<Date>;
        /// Whether days before it, back to the entry before, are knowingly without a figure.
        after_gap: Option<bool>;
    }
}

/// The end of a validity as written.
#[derive(Debug, Clone, PartialEq)]
pub struct RawEnd {
    day: Option<Date>,
    place: Place,
}

impl Field for RawEnd {
    fn shape(_: Limits) -> Shape {
        Shape::Either(vec![Shape::Date, Shape::OneOf(vec!["until_replaced"])])
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let place = cx.place(node.value.span().start, &node.path);
        if node.value.get_ref().as_str() == Some("until_replaced") {
            return Some(Self { day: None, place });
        }
        Date::read(node, cx, limits).map(|day| Self {
            day: Some(day),
            place,
        })
    }
}

impl RawValidity {
    /// Checks that the end is not before the start and that an open end says when it was checked.
    pub fn check(&self, problems: &mut Problems) -> Option<Validity> {
        let to = match (self.to.day, self.checked) {
            (Some(day), _) if day < self.from.value => {
                let kind = ProblemKind::OutOfOrder {
                    value: day.to_string(),
                    before: self.from.value.to_string(),
                };
                problems.error(self.to.place.clone(), kind);
                return None;
            }
            (Some(day), _) => ValidTo::Day(day),
            (None, Some(checked)) => ValidTo::UntilReplaced { checked },
            (None, None) => {
                let kind = ProblemKind::OpenEnd {
                    write: "checked = YYYY-MM-DD",
                };
                problems.error(self.to.place.clone(), kind);
                return None;
            }
        };
        Some(Validity {
            from: self.from.value,
            to,
        })
    }
}

impl RawFigure {
    /// The figure under its id; the source is resolved by the library.
    pub fn check(&self, id: impl Into<String>, problems: &mut Problems) -> Option<FigureRef> {
        let valid = match &self.valid {
            Some(raw) => Some(raw.check(problems)?),
            None => None,
        };
        Some(FigureRef(Arc::new(Figure {
            id: id.into(),
            source: self.source.value.clone(),
            grade: self.grade,
            valid,
            note: self.note.clone(),
        })))
    }
}
