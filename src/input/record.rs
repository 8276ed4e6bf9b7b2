//! One table for each kind of input: its fields drive checking, defaults, JSON Schema and the
//! reference page. [`record!`](crate::record) declares a table, [`choice!`](crate::choice) a table
//! that names its kind by a key.

use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::words::calendar::MonthDay;
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Kind, Name};

/// A parsed file and the problems found in it so far.
pub struct Cx<'a> {
    file: &'a str,
    text: &'a str,
    line_starts: Vec<usize>,
    problems: &'a RefCell<Problems>,
}

impl<'a> Cx<'a> {
    /// For a file with its text.
    pub fn new(file: &'a str, text: &'a str, problems: &'a RefCell<Problems>) -> Self {
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, b)| *b == b'\n')
                    .map(|(i, _)| i + 1),
            )
            .collect();
        Self {
            file,
            text,
            line_starts,
            problems,
        }
    }

    /// The place of a byte offset, for a field.
    pub fn place(&self, offset: usize, field: &str) -> Place {
        let line = self
            .line_starts
            .partition_point(|&start| start <= offset)
            .max(1);
        let start = self.line_starts[line - 1].min(self.text.len());
        let end = offset.clamp(start, self.text.len());
        let column = self
            .text
            .get(start..end)
            .map_or(1, |before| before.chars().count() + 1);
        Place {
            file: self.file.to_owned(),
            line,
            column,
            field: field.to_owned(),
        }
    }

    /// A value as it is written in the file.
    pub fn written(&self, value: &Spanned<DeValue<'_>>) -> &'a str {
        self.text.get(value.span()).unwrap_or_default()
    }

    /// Adds an error at a node.
    pub fn error(&self, node: &Node<'_, '_>, kind: ProblemKind) {
        let place = self.place(node.value.span().start, &node.path);
        self.problems.borrow_mut().error(place, kind);
    }
}

/// A value of the file and the path that leads to it.
#[derive(Clone)]
pub struct Node<'n, 'i> {
    /// The value.
    pub value: &'n Spanned<DeValue<'i>>,
    /// Its key with its tables.
    pub path: String,
}

/// Limits of a number; they also stand in the schema and the reference page.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Smallest allowed.
    pub min: Option<f64>,
    /// Largest allowed.
    pub max: Option<f64>,
}

impl From<std::ops::RangeInclusive<f64>> for Limits {
    fn from(range: std::ops::RangeInclusive<f64>) -> Self {
        Self {
            min: Some(*range.start()),
            max: Some(*range.end()),
        }
    }
}
impl From<std::ops::RangeFrom<f64>> for Limits {
    fn from(range: std::ops::RangeFrom<f64>) -> Self {
        Self {
            min: Some(range.start),
            max: None,
        }
    }
}

/// What a field can hold, for the schema and the reference page.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A number.
    Number(Limits),
    /// A whole number.
    Integer(Limits),
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// `YYYY-MM-DD`.
    Date,
    /// `MM-DD`.
    MonthDay,
    /// A name in two languages, or one text.
    Name,
    /// One of a list of keys.
    OneOf(Vec<&'static str>),
    /// A list.
    List(Box<Shape>),
    /// A table whose keys are ids.
    Map(Box<Shape>),
    /// A table with known keys.
    Record(RecordShape),
    /// A table with exactly one of these keys.
    Choice(RecordShape),
    /// Either of these.
    Either(Vec<Shape>),
    /// Any value of TOML.
    Any,
}

/// A table with known keys.
#[derive(Clone)]
pub struct RecordShape {
    /// Its name in the reference page.
    pub name: &'static str,
    /// What it is.
    pub doc: String,
    /// Its fields, made when asked for, since tables can hold one another.
    pub fields: fn() -> Vec<FieldShape>,
}

impl std::fmt::Debug for RecordShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// One key of a table.
#[derive(Debug, Clone)]
pub struct FieldShape {
    /// The key.
    pub key: &'static str,
    /// What it is.
    pub doc: String,
    /// What it can hold.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

/// A type that can be read from a TOML value.
pub trait Field: Sized {
    /// What it can hold.
    fn shape(limits: Limits) -> Shape;
    /// Reads it; on a problem adds it to the context and gives nothing.
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self>;
    /// The value where the key is absent, if that is allowed.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value with its place, for checks across fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T: Field> Field for Spot<T> {
    fn shape(limits: Limits) -> Shape {
        T::shape(limits)
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let place = cx.place(node.value.span().start, &node.path);
        T::read(node, cx, limits).map(|value| Self { value, place })
    }
}

impl<T: Field> Field for Option<T> {
    fn shape(limits: Limits) -> Shape {
        T::shape(limits)
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        T::read(node, cx, limits).map(Some)
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Field> Field for Vec<T> {
    fn shape(limits: Limits) -> Shape {
        Shape::List(Box::new(T::shape(limits)))
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let Some(array) = node.value.get_ref().as_array() else {
            return wrong_type(node, cx, "list");
        };
        let mut all = Some(Vec::with_capacity(array.len()));
        for (i, value) in array.iter().enumerate() {
            let node = Node {
                value,
                path: format!("{}[{i}]", node.path),
            };
            match (T::read(&node, cx, limits), &mut all) {
                (Some(item), Some(items)) => items.push(item),
                (None, _) => all = None,
                _ => {}
            }
        }
        all
    }
    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn shape(limits: Limits) -> Shape {
        Shape::Map(Box::new(T::shape(limits)))
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let table = as_table(node, cx)?;
        let mut all = Some(BTreeMap::new());
        for (key, value) in table {
            let node = Node {
                value,
                path: join(&node.path, key.get_ref()),
            };
            match (T::read(&node, cx, limits), &mut all) {
                (Some(item), Some(items)) => {
                    items.insert(key.get_ref().to_string(), item);
                }
                (None, _) => all = None,
                _ => {}
            }
        }
        all
    }
    fn absent() -> Option<Self> {
        Some(BTreeMap::new())
    }
}

impl Field for f64 {
    fn shape(limits: Limits) -> Shape {
        Shape::Number(limits)
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        within(number(node, cx)?, node, cx, limits)
    }
}

impl Field for Fixed {
    fn shape(limits: Limits) -> Shape {
        Shape::Number(limits)
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let safe = Limits {
            min: Some(limits.min.unwrap_or(-1e9)),
            max: Some(limits.max.unwrap_or(1e9)),
        };
        f64::read(node, cx, safe).map(Self::from_f64)
    }
}

impl Field for Money {
    fn shape(limits: Limits) -> Shape {
        Shape::Number(limits)
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let safe = Limits {
            min: Some(limits.min.unwrap_or(-1e12)),
            max: Some(limits.max.unwrap_or(1e12)),
        };
        f64::read(node, cx, safe).map(Self::from_f64)
    }
}

macro_rules! integer_field {
    ($($int:ty),+) => {$(
        impl Field for $int {
            fn shape(limits: Limits) -> Shape {
                Shape::Integer(limits)
            }
            fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
                let DeValue::Integer(_) = node.value.get_ref() else {
                    return wrong_type(node, cx, "integer");
                };
                let own = Limits {
                    min: Some(limits.min.unwrap_or(<$int>::MIN as f64)),
                    max: Some(limits.max.unwrap_or(<$int>::MAX as f64)),
                };
                within(number(node, cx)?, node, cx, own).map(|value| value as $int)
            }
        }
    )+};
}
integer_field!(i16, u8, u16, u32, i64);

impl Field for bool {
    fn shape(_: Limits) -> Shape {
        Shape::Bool
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        node.value
            .get_ref()
            .as_bool()
            .or_else(|| wrong_type(node, cx, "bool"))
    }
}

impl Field for String {
    fn shape(_: Limits) -> Shape {
        Shape::Text
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        node.value
            .get_ref()
            .as_str()
            .map(str::to_owned)
            .or_else(|| wrong_type(node, cx, "text"))
    }
}

impl Field for Date {
    fn shape(_: Limits) -> Shape {
        Shape::Date
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let text = match node.value.get_ref() {
            DeValue::Datetime(stamp) => stamp.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return wrong_type(node, cx, "date"),
        };
        text.parse().ok().or_else(|| {
            cx.error(node, ProblemKind::NotADay { value: text });
            None
        })
    }
}

impl Field for MonthDay {
    fn shape(_: Limits) -> Shape {
        Shape::MonthDay
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let Some(text) = node.value.get_ref().as_str() else {
            return wrong_type(node, cx, "month_day");
        };
        Self::parse(text).or_else(|| {
            cx.error(
                node,
                ProblemKind::NotADay {
                    value: text.to_owned(),
                },
            );
            None
        })
    }
}

impl Field for Name {
    fn shape(_: Limits) -> Shape {
        Shape::Name
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        if let Some(text) = node.value.get_ref().as_str() {
            return Some(Self::same(text));
        }
        RawName::read(node, cx, limits).map(|raw| Self {
            zh: raw.zh,
            en: raw.en,
        })
    }
}

impl<K: Kind> Field for K {
    fn shape(_: Limits) -> Shape {
        Shape::OneOf(K::ALL.iter().map(|kind| kind.key()).collect())
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let Some(text) = node.value.get_ref().as_str() else {
            return wrong_type(node, cx, "text");
        };
        K::from_key(text).or_else(|| {
            let keys = || K::ALL.iter().map(|kind| kind.key());
            cx.error(
                node,
                ProblemKind::NotOneOf {
                    value: text.to_owned(),
                    nearest: nearest(text, keys()),
                    allowed: keys().map(str::to_owned).collect(),
                },
            );
            None
        })
    }
}

/// The number of a node, integer or float, finite.
fn number(node: &Node<'_, '_>, cx: &Cx<'_>) -> Option<f64> {
    let value = match node.value.get_ref() {
        DeValue::Integer(int) => i64::from_str_radix(int.as_str(), int.radix())
            .ok()
            .map(|i| i as f64)
            // Beyond every integer; the limits will refuse it.
            .or_else(|| int.as_str().parse().ok()),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => return wrong_type(node, cx, "number"),
    };
    match value {
        Some(value) if value.is_finite() => Some(value),
        _ => {
            cx.error(node, ProblemKind::NotFinite);
            None
        }
    }
}

/// The value, if it lies within its limits.
fn within(value: f64, node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<f64> {
    let low = limits.min.is_some_and(|min| value < min);
    let high = limits.max.is_some_and(|max| value > max);
    if low || high {
        cx.error(
            node,
            ProblemKind::OutOfRange {
                value,
                min: limits.min,
                max: limits.max,
            },
        );
        return None;
    }
    Some(value)
}

/// Adds a wrong-type problem with the value as it is written in the file.
pub fn wrong_type<T>(node: &Node<'_, '_>, cx: &Cx<'_>, expected: &'static str) -> Option<T> {
    let written = cx.text.get(node.value.span()).unwrap_or_default();
    let found: String = written.chars().take(40).collect();
    cx.error(node, ProblemKind::WrongType { expected, found });
    None
}

/// The table of a node.
pub fn as_table<'n, 'i>(node: &Node<'n, 'i>, cx: &Cx<'_>) -> Option<&'n DeTable<'i>> {
    node.value
        .get_ref()
        .as_table()
        .or_else(|| wrong_type(node, cx, "table"))
}

/// `table.key`.
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Reads one key of a table; an absent key gives the type's own absence or a problem.
pub fn field<T: Field>(
    table: &DeTable<'_>,
    key: &'static str,
    node: &Node<'_, '_>,
    cx: &Cx<'_>,
    limits: Limits,
    default: Option<T>,
) -> Option<T> {
    match table.get(key) {
        Some(value) => T::read(
            &Node {
                value,
                path: join(&node.path, key),
            },
            cx,
            limits,
        ),
        None => default.or_else(T::absent).or_else(|| {
            cx.error(
                node,
                ProblemKind::MissingKey {
                    key: join(&node.path, key),
                },
            );
            None
        }),
    }
}

/// Reports every key of a table that is not one of `known`.
pub fn unknown_keys(table: &DeTable<'_>, known: &[&'static str], node: &Node<'_, '_>, cx: &Cx<'_>) {
    for (key, _) in table {
        let name: &str = key.get_ref();
        if !known.contains(&name) {
            let place = cx.place(key.span().start, &join(&node.path, name));
            let kind = ProblemKind::UnknownKey {
                key: name.to_owned(),
                nearest: nearest(name, known.iter().copied()),
                allowed: known.iter().map(|key| (*key).to_owned()).collect(),
            };
            cx.problems.borrow_mut().error(place, kind);
        }
    }
}

/// The doc comment lines of a declaration as one paragraph.
pub fn doc(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}

/// Declares a table of an input file: the struct, its reader and its shape from one list of fields.
///
/// A field is `key: Type`, `key: Type in 0.0..=1.0` (limits of a number) or
/// `key: Type, default value`. `Option`, `Vec` and maps may be absent. `struct Name: Default`
/// derives further traits.
#[macro_export]
macro_rules! record {
    ($(#[doc = $doc:literal])* $vis:vis struct $name:ident $(: $($derive:ident),+)? {
        $($(#[doc = $fdoc:literal])* $key:ident : $ty:ty $(, in $limits:expr)? $(, default $default:expr)? ;)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq $($(, $derive)+)?)]
        $vis struct $name { $($(#[doc = $fdoc])* pub $key: $ty),* }

        impl $crate::input::record::Field for $name {
            fn shape(_: $crate::input::record::Limits) -> $crate::input::record::Shape {
                $crate::input::record::Shape::Record($crate::input::record::RecordShape {
                    name: stringify!($name),
                    doc: $crate::input::record::doc(&[$($doc),*]),
                    fields: || vec![$($crate::input::record::FieldShape {
                        key: stringify!($key),
                        doc: $crate::input::record::doc(&[$($fdoc),*]),
                        shape: <$ty as $crate::input::record::Field>::shape(
                            $crate::record!(@limits $($limits)?)),
                        required: {
                            let default: Option<$ty> = $crate::record!(@default $($default)?);
                            default.or_else(<$ty as $crate::input::record::Field>::absent).is_none()
                        },
                    }),*],
                })
            }
            fn read(
                node: &$crate::input::record::Node<'_, '_>,
                cx: &$crate::input::record::Cx<'_>,
                _: $crate::input::record::Limits,
            ) -> Option<Self> {
                let table = $crate::input::record::as_table(node, cx)?;
                $crate::input::record::unknown_keys(table, &[$(stringify!($key)),*], node, cx);
                $(let $key: Option<$ty> = $crate::input::record::field(
                    table, stringify!($key), node, cx,
                    $crate::record!(@limits $($limits)?),
                    $crate::record!(@default $($default)?),
                );)*
                Some(Self { $($key: $key?),* })
            }
        }
    };
    (@limits) => { $crate::input::record::Limits::default() };
    (@limits $limits:expr) => { $crate::input::record::Limits::from($limits) };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}

/// Declares a table that holds exactly one of several keys, each a kind with its own content.
#[macro_export]
macro_rules! choice {
    ($(#[doc = $doc:literal])* $vis:vis enum $name:ident {
        $($(#[doc = $vdoc:literal])* $key:ident => $variant:ident($ty:ty) $(, in $limits:expr)? ;)*
    }) => {
        $(#[doc = $doc])*
        // A table as written lives only until it is checked, so its size does not matter.
        #[allow(clippy::large_enum_variant)]
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant)] // Raw tables live only while a file is checked.
        $vis enum $name { $($(#[doc = $vdoc])* $variant($ty)),* }

        impl $crate::input::record::Field for $name {
            fn shape(_: $crate::input::record::Limits) -> $crate::input::record::Shape {
                $crate::input::record::Shape::Choice($crate::input::record::RecordShape {
                    name: stringify!($name),
                    doc: $crate::input::record::doc(&[$($doc),*]),
                    fields: || vec![$($crate::input::record::FieldShape {
                        key: stringify!($key),
                        doc: $crate::input::record::doc(&[$($vdoc),*]),
                        shape: <$ty as $crate::input::record::Field>::shape(
                            $crate::record!(@limits $($limits)?)),
                        required: false,
                    }),*],
                })
            }
            fn read(
                node: &$crate::input::record::Node<'_, '_>,
                cx: &$crate::input::record::Cx<'_>,
                _: $crate::input::record::Limits,
            ) -> Option<Self> {
                let known = [$(stringify!($key)),*];
                let key = $crate::input::record::one_key(node, cx, &known)?;
                let table = node.value.get_ref().as_table()?;
                $(if key == stringify!($key) {
                    return $crate::input::record::field(table, stringify!($key), node, cx,
                        $crate::record!(@limits $($limits)?), None).map(Self::$variant);
                })*
                None
            }
        }
    };
}

/// The one key of a table that names its kind.
pub fn one_key(node: &Node<'_, '_>, cx: &Cx<'_>, known: &[&'static str]) -> Option<&'static str> {
    let table = as_table(node, cx)?;
    unknown_keys(table, known, node, cx);
    let found: Vec<&'static str> = known
        .iter()
        .copied()
        .filter(|key| table.contains_key(*key))
        .collect();
    match found.as_slice() {
        [key] if table.len() == 1 => Some(key),
        [_] => None,
        _ => {
            cx.error(
                node,
                ProblemKind::NoKind {
                    allowed: known.iter().map(|key| (*key).to_owned()).collect(),
                    found: found.iter().map(|key| (*key).to_owned()).collect(),
                },
            );
            None
        }
    }
}

record! {
    /// A name in both languages.
    struct RawName {
        /// Chinese.
        zh: String;
        /// English.
        en: String;
    }
}

/// Lines with errors of syntax from which on they are taken for a row of consequences.
const CASCADE: usize = 4;

/// The first error of each line, with its offset. A bracket that is not closed makes errors on
/// every line after it: then only the first two are told, and that something is not closed.
fn first_of_each_line(errors: &[toml::de::Error], cx: &Cx<'_>) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for error in errors {
        let start = error.span().map_or(0, |span| span.start);
        let line = cx.place(start, "").line;
        let unclosed = error.message().starts_with("unclosed");
        if unclosed || found.iter().all(|(other, ..)| *other != line) {
            found.push((line, start, error.message().to_owned()));
        }
    }
    if found.len() > CASCADE {
        let rest = found.split_off(2);
        found.extend(
            rest.into_iter()
                .filter(|(.., reason)| reason.starts_with("unclosed")),
        );
    }
    found
        .into_iter()
        .map(|(_, start, reason)| (start, reason))
        .collect()
}

/// Parses a text as TOML and reads a record from it; every problem of the file is collected.
pub fn read_toml<T: Field>(file: &str, text: &str, problems: &RefCell<Problems>) -> Option<T> {
    let cx = Cx::new(file, text, problems);
    if text.trim().is_empty() {
        let place = Place {
            file: file.to_owned(),
            ..Place::default()
        };
        problems.borrow_mut().error(place, ProblemKind::EmptyFile);
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    for (start, reason) in first_of_each_line(&errors, &cx) {
        problems
            .borrow_mut()
            .error(cx.place(start, ""), ProblemKind::Syntax { reason });
    }
    if !errors.is_empty() {
        return None;
    }
    let span = document.span();
    let value = Spanned::new(span, DeValue::Table(document.into_inner()));
    T::read(
        &Node {
            value: &value,
            path: String::new(),
        },
        &cx,
        Limits::default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::kinds::Payer;

    record! {
        /// A test table.
        struct House {
            /// Heated area.
            area_m2: Spot<f64>, in 5.0..=3000.0;
            /// Number of people.
            people: u8, in 1.0..=30.0, default 3;
            /// Who pays.
            payer: Option<Payer>;
            /// The roof.
            roof: Vec<Roof>;
        }
    }
    choice! {
        /// A roof.
        enum Roof {
            /// A flat one.
            flat => Flat(bool);
            /// Its slope.
            sloped_deg => Sloped(f64), in 1.0..=60.0;
        }
    }

    fn read(text: &str) -> (Option<House>, Vec<(usize, String, ProblemKind)>) {
        let problems = RefCell::new(Problems::default());
        let house = read_toml("case.toml", text, &problems);
        let found = problems.into_inner().sorted().0;
        (
            house,
            found
                .into_iter()
                .map(|p| (p.place.line, p.place.field, p.kind))
                .collect(),
        )
    }

    #[test]
    fn absent_keys_take_their_defaults() {
        let (house, problems) = read("area_m2 = 100\n[[roof]]\nsloped_deg = 30");
        let house = house.unwrap();
        assert_eq!(
            (house.area_m2.value, house.people, house.payer),
            (100.0, 3, None)
        );
        assert_eq!(house.roof, [Roof::Sloped(30.0)]);
        assert!(problems.is_empty());
    }

    #[test]
    fn all_problems_of_a_file_are_found_with_their_lines() {
        let (house, problems) = read(
            "areas_m2 = 1\narea_m2 = nan\npayer = \"contral\"\n[[roof]]\nflat = true\nsloped_deg = 3\n",
        );
        assert!(house.is_none());
        let lines: Vec<(usize, &str)> = problems.iter().map(|p| (p.0, p.1.as_str())).collect();
        assert_eq!(
            lines,
            [
                (1, "areas_m2"),
                (2, "area_m2"),
                (3, "payer"),
                (4, "roof[0]")
            ]
        );
        assert!(
            matches!(&problems[0].2, ProblemKind::UnknownKey { nearest: Some(n), .. } if n == "area_m2")
        );
        assert!(
            matches!(&problems[2].2, ProblemKind::NotOneOf { nearest: Some(n), .. } if n == "central")
        );
    }
}
