//! The scenario file as it is written.

use std::collections::BTreeMap;
use toml::de::DeValue;

use crate::input::case::OneOrMany;
use crate::input::edit;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::{Cx, Field, Limits, Node, Shape, Spot, join};
use crate::record;
use crate::words::kinds::{Kind, Name};

record! {
    /// What is worked out side by side: a base, variants of it, and sweeps over inputs.
    pub struct RawScenario {
        /// What it shows.
        title: Option<Name>;
        /// A scenario file that this one changes, seen from its folder.
        extends: Option<Spot<String>>;
        /// The case that is changed: a file, or a folder with one.
        base: Option<Spot<String>>;
        /// A roster in place of one case.
        roster: Option<Spot<RawRosterBase>>;
        /// Folders of data, laid over the library in this order.
        data: OneOrMany<Spot<String>>;
        /// Values of the case by path, and of the library by `data/FILE.toml:PATH`.
        set: Settings, default Settings::default();
        /// Paths whose values are taken away.
        unset: Vec<Spot<String>>;
        /// Whether the base stands among the results; yes if left out.
        with_base: Option<bool>;
        /// The variant that differences are taken from; the first if left out.
        reference: Option<Spot<String>>;
        /// Seed of what is drawn by chance. Nothing is drawn yet.
        seed: Option<u32>;
        /// Variants, in the order of the file.
        variants: BTreeMap<String, Spot<RawVariant>>;
        /// How several sweeps go together; every one with every other if left out.
        combine: Option<Combine>;
        /// Inputs that take several values.
        sweep: Vec<Spot<RawSweep>>;
    }
}

record! {
    /// A roster as base.
    pub struct RawRosterBase {
        /// The roster: CSV or XLSX.
        file: Spot<String>;
        /// The place of its households.
        region: Option<Spot<String>>;
        /// A file that says what the columns are.
        mapping: Option<Spot<String>>;
        /// A case for all that no column says, in place of a region.
        base: Option<Spot<String>>;
    }
}

record! {
    /// What a variant changes.
    pub struct RawVariant {
        /// What it shows.
        title: Option<Name>;
        /// Another variant whose changes come first.
        extends: Option<Spot<String>>;
        /// Another case in place of the base.
        base: Option<Spot<String>>;
        /// Folders of data, laid over those of the scenario.
        data: OneOrMany<Spot<String>>;
        /// Values by path.
        set: Settings, default Settings::default();
        /// Paths whose values are taken away.
        unset: Vec<Spot<String>>;
    }
}

record! {
    /// An input that takes several values: `values`, or `scale`, or `from` and `to` with `step` or
    /// `count`.
    pub struct RawSweep {
        /// What it is, for the heads of tables.
        title: Option<Name>;
        /// The path, or several that take the same value.
        set: OneOrMany<Spot<String>>;
        /// The values.
        values: Option<Spot<Vec<Written>>>;
        /// Factors of the number that stands there.
        scale: Option<Spot<Vec<f64>>>, in -1000.0..=1000.0;
        /// The first value.
        from: Option<Spot<f64>>;
        /// The last value.
        to: Option<Spot<f64>>;
        /// From one value to the next.
        step: Option<Spot<f64>>, in 0.000_001..=1_000_000_000.0;
        /// How many values, at equal distances.
        count: Option<Spot<u16>>, in 2.0..=1000.0;
    }
}

/// How several sweeps go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Combine {
    /// Every value with every other.
    Grid,
    /// The first with the first, the second with the second.
    Zip,
}

impl Kind for Combine {
    const ALL: &'static [Self] = &[Self::Grid, Self::Zip];
    fn key(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Zip => "zip",
        }
    }
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written(pub String);

impl Field for Written {
    fn shape(_: Limits) -> Shape {
        Shape::Any
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        Some(Self(cx.written(node.value).to_owned()))
    }
}

/// A value for a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The path.
    pub path: String,
    /// The value as it is written.
    pub written: String,
    /// Where it stands.
    pub place: Place,
}

/// Values by path. Tables are read down to their values, so that `a.b = 1` and `"a.b" = 1` are the
/// same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(pub Vec<Setting>);

impl Field for Settings {
    fn shape(_: Limits) -> Shape {
        Shape::Map(Box::new(Shape::Any))
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        crate::input::record::as_table(node, cx)?;
        let mut found = Vec::new();
        descend(node, "", cx, &mut found);
        found.sort_by(|a: &Setting, b| a.place.cmp(&b.place));
        Some(Self(found))
    }
}

fn descend(node: &Node<'_, '_>, path: &str, cx: &Cx<'_>, found: &mut Vec<Setting>) {
    let DeValue::Table(table) = node.value.get_ref() else {
        found.push(Setting {
            path: path.to_owned(),
            written: cx.written(node.value).to_owned(),
            place: cx.place(node.value.span().start, &node.path),
        });
        return;
    };
    for (key, value) in table {
        let inner = Node {
            value,
            path: join(&node.path, key.get_ref()),
        };
        descend(&inner, &join(path, key.get_ref()), cx, found);
    }
}

/// Longest name of a variant: it is the name of a folder too.
const NAME_LIMIT: usize = 40;

impl RawScenario {
    /// Checks what can be told without other files.
    pub fn check(self, problems: &mut Problems) -> Option<Self> {
        if let (Some(base), Some(_)) = (&self.base, &self.roster) {
            problems.error(base.place.clone(), conflict("base", "roster"));
        }
        if let Some(roster) = &self.roster {
            check_roster(roster, problems);
        }
        let names: Vec<&str> = self.variants.keys().map(String::as_str).collect();
        for (name, variant) in &self.variants {
            let good = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            if name == "base" || name.chars().count() > NAME_LIMIT || !name.chars().all(good) {
                let place = variant.place.clone();
                problems.error(place, said("scenario-bad-name", name));
            }
            if let (Some(base), Some(_)) = (&variant.value.base, &self.roster) {
                problems.error(base.place.clone(), conflict("base", "roster"));
            }
            if self.extends.is_none() {
                self.check_extends(variant, &names, problems);
            }
        }
        for sweep in &self.sweep {
            check_sweep(sweep, problems);
        }
        (!problems.has_errors()).then_some(self)
    }

    fn check_extends(&self, variant: &Spot<RawVariant>, names: &[&str], problems: &mut Problems) {
        if let Some(other) = &variant.value.extends
            && !names.contains(&other.value.as_str())
        {
            problems.error(other.place.clone(), not_a_variant(&other.value, names));
        }
    }
}

/// A name that no variant has.
pub fn not_a_variant(value: &str, names: &[&str]) -> ProblemKind {
    ProblemKind::NotOneOf {
        value: value.to_owned(),
        nearest: nearest(value, names.iter().copied()),
        allowed: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn check_roster(roster: &Spot<RawRosterBase>, problems: &mut Problems) {
    match (&roster.value.region, &roster.value.base) {
        (Some(region), Some(_)) => {
            problems.error(region.place.clone(), conflict("region", "base"));
        }
        (None, None) => {
            let key = join(&roster.place.field, "region");
            problems.error(roster.place.clone(), ProblemKind::MissingKey { key });
        }
        _ => {}
    }
}

fn check_sweep(sweep: &Spot<RawSweep>, problems: &mut Problems) {
    let it = &sweep.value;
    let kinds = [
        ("values", it.values.is_some()),
        ("scale", it.scale.is_some()),
        ("from", it.from.is_some()),
    ];
    let found: Vec<String> = kinds
        .iter()
        .filter(|(_, given)| *given)
        .map(|(key, _)| (*key).to_owned())
        .collect();
    if it.set.0.is_empty() {
        let key = join(&sweep.place.field, "set");
        problems.error(sweep.place.clone(), ProblemKind::MissingKey { key });
    }
    if found.len() != 1 {
        let allowed = kinds.iter().map(|(key, _)| (*key).to_owned()).collect();
        problems.error(sweep.place.clone(), ProblemKind::NoKind { allowed, found });
        return;
    }
    let empty = it.values.as_ref().is_some_and(|it| it.value.is_empty())
        || it.scale.as_ref().is_some_and(|it| it.value.is_empty());
    if empty {
        problems.error(sweep.place.clone(), said("scenario-no-values", &found[0]));
    }
    check_range(sweep, problems);
}

fn check_range(sweep: &Spot<RawSweep>, problems: &mut Problems) {
    let it = &sweep.value;
    let Some(from) = &it.from else { return };
    let Some(to) = &it.to else {
        let key = join(&sweep.place.field, "to");
        problems.error(sweep.place.clone(), ProblemKind::MissingKey { key });
        return;
    };
    if to.value < from.value {
        let (value, before) = (to.value.to_string(), from.value.to_string());
        problems.error(to.place.clone(), ProblemKind::OutOfOrder { value, before });
    }
    match (&it.step, &it.count) {
        (Some(_), Some(count)) => {
            problems.error(count.place.clone(), conflict("count", "step"));
        }
        (None, None) => {
            let key = join(&sweep.place.field, "step");
            problems.error(sweep.place.clone(), ProblemKind::MissingKey { key });
        }
        _ => {}
    }
}

impl RawSweep {
    /// What is done at each of its values, with the value as it is shown.
    pub fn points(&self) -> Vec<(String, edit::Change)> {
        if let Some(scale) = &self.scale {
            let point = |factor: &f64| (format!("×{factor}"), edit::Change::Scale(*factor));
            return scale.value.iter().map(point).collect();
        }
        let written: Vec<String> = match &self.values {
            Some(values) => values.value.iter().map(|it| it.0.clone()).collect(),
            None => self.range(),
        };
        let point = |text: String| {
            let value = edit::value(&text)?;
            let shown = value.as_str().map(str::to_owned);
            Some((shown.unwrap_or(text), edit::Change::Put(value)))
        };
        written.into_iter().filter_map(point).collect()
    }

    /// The values of a range, the last one included where the step meets it.
    fn range(&self) -> Vec<String> {
        let (Some(from), Some(to)) = (&self.from, &self.to) else {
            return Vec::new();
        };
        let (from, to) = (from.value, to.value);
        let count = match (&self.count, &self.step) {
            (Some(count), _) => usize::from(count.value),
            (None, Some(step)) => ((to - from) / step.value + 1e-9).floor() as usize + 1,
            (None, None) => return Vec::new(),
        };
        let step = match &self.step {
            Some(step) => step.value,
            None => (to - from) / (count.max(2) - 1) as f64,
        };
        let count = count.min(super::MOST_RUNS + 1);
        let value = |i: usize| ((from + step * i as f64) * 1e6).round() / 1e6;
        (0..count).map(|i| value(i).to_string()).collect()
    }
}

fn conflict(key: &str, other: &str) -> ProblemKind {
    ProblemKind::Conflict {
        key: key.to_owned(),
        other: other.to_owned(),
    }
}

fn said(message: &'static str, value: &str) -> ProblemKind {
    let values = vec![("value", value.to_owned())];
    ProblemKind::Other { message, values }
}
