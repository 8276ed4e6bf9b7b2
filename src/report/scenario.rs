//! Runs of a scenario side by side: tables for the screen, CSV and JSON for other programs.

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::input::scenario::raw::Combine;
use crate::input::scenario::{BASE, Plan, Scenario, Variant};
use crate::questions::scenario::{ANNUAL, Measure, Outcome, WINTER, turns};
use crate::report::messages::Messages;
use crate::report::table::{Align, PAGE, Table, grouped, paragraph};
use crate::words::fixed::Money;

/// Columns of a page that the names of the rows may take.
const NAMES: usize = 18;
/// A column of numbers is at least this wide.
const COLUMN: usize = 10;
/// Measures of a township or village that are shown on the screen where the runs differ in them.
const OF_VILLAGES: [&str; 5] = [
    "winners",
    "losers",
    "self_pay_cny",
    "public_total_cny",
    "coal_replaced_t",
];

/// Everything that the reports tell.
pub struct View<'v> {
    /// The scenario.
    pub scenario: &'v Scenario,
    /// Its runs.
    pub plans: &'v [Plan<'v>],
    /// What each of them gave.
    pub outcomes: &'v [Outcome],
    /// What is measured.
    pub measures: &'v [Measure],
    /// The words.
    pub messages: &'v Messages,
}

/// A title with its table.
struct Section {
    title: String,
    body: Body,
}

enum Body {
    Table(Table),
    Lines(Vec<String>),
}

impl View<'_> {
    /// As plain text of at most 80 columns.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (i, section) in self.sections().iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            out += &paragraph(&section.title, PAGE, 0);
            match &section.body {
                Body::Table(table) => out += &table.to_text(PAGE),
                Body::Lines(lines) => {
                    for line in lines {
                        out += &paragraph(&format!("- {line}"), PAGE, 2);
                    }
                }
            }
        }
        out
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for (i, section) in self.sections().iter().enumerate() {
            out += &match i {
                0 => format!("# {}\n\n", section.title),
                _ => format!("\n## {}\n\n", section.title),
            };
            match &section.body {
                Body::Table(table) => out += &table.to_markdown(),
                Body::Lines(lines) => {
                    for line in lines {
                        out += &format!("- {line}\n");
                    }
                }
            }
        }
        out
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections = vec![self.head()];
        if !self.scenario.axes.is_empty() {
            for i in 0..self.scenario.variants.len() {
                sections.extend(self.sweep(i));
            }
        } else if self.of_roster() {
            sections.extend(self.county());
            sections.extend(self.villages());
        } else {
            sections.extend(self.options());
        }
        sections
    }

    fn of_roster(&self) -> bool {
        let first = self.outcomes.first();
        first.is_some_and(|it| it.subject("county").is_some())
    }

    /// The title, and what each variant is.
    fn head(&self) -> Section {
        let messages = self.messages;
        let title = match &self.scenario.title {
            Some(title) => messages.name(title).to_owned(),
            None => messages.text("scenario-title"),
        };
        let line = |variant: &Variant| {
            let title = self.variant_title(variant);
            if title == variant.name {
                title
            } else {
                format!("{}: {title}", variant.name)
            }
        };
        let mut lines: Vec<String> = self.scenario.variants.iter().map(line).collect();
        let (runs, reference) = (
            self.plans.len(),
            &self.scenario.variants[self.scenario.reference].name,
        );
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("runs", &runs), ("reference", reference)];
        lines.push(messages.with("scenario-runs", &values));
        if self.scenario.axes.is_empty() {
            lines.push(messages.text("scenario-same-left-out"));
        }
        Section {
            title,
            body: Body::Lines(lines),
        }
    }

    fn variant_title(&self, variant: &Variant) -> String {
        match &variant.title {
            Some(title) => self.messages.name(title).to_owned(),
            None if variant.name == BASE => self.messages.text("scenario-base"),
            None => variant.name.clone(),
        }
    }

    fn subject_name(&self, outcome: &Outcome, id: &str) -> String {
        match outcome.subject(id).map(|it| self.messages.name(&it.name)) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => self.messages.text("scenario-county"),
        }
    }

    /// Ids of the subjects of all runs, in order of their first appearance.
    fn ids(&self) -> Vec<(&str, &Outcome)> {
        let mut ids: Vec<(&str, &Outcome)> = Vec::new();
        for outcome in self.outcomes {
            for subject in &outcome.subjects {
                if ids.iter().all(|(id, _)| *id != subject.id) {
                    ids.push((&subject.id, outcome));
                }
            }
        }
        ids
    }

    /// A table for each measure: options by variant, then what differs.
    fn options(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        let ids = self.ids();
        for (at, measure) in self.measures.iter().enumerate().filter(|(_, it)| it.shown) {
            let rows: Vec<Row> = ids
                .iter()
                .filter(|(id, _)| measure.key == "winter_cost_cny" || *id != "today")
                .map(|(id, outcome)| Row {
                    name: self.subject_name(outcome, id),
                    values: self.row_values(id, at),
                })
                .collect();
            sections.extend(self.side_by_side(&self.measure_name(measure), &rows));
        }
        sections
    }

    fn county(&self) -> Vec<Section> {
        let shown = self.measures.iter().enumerate().filter(|(_, it)| it.shown);
        let rows: Vec<Row> = shown
            .map(|(at, measure)| Row {
                name: self.measure_name(measure),
                values: self.row_values("county", at),
            })
            .collect();
        self.side_by_side(&self.messages.text("scenario-county"), &rows)
    }

    fn villages(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        let ids = self.ids();
        for level in ["township", "village"] {
            let of_level = |id: &str| id.strip_prefix(level).is_some_and(|it| it.starts_with('/'));
            let own: Vec<_> = ids.iter().filter(|(id, _)| of_level(id)).collect();
            if own.is_empty() {
                continue;
            }
            for key in OF_VILLAGES {
                let Some(at) = self.measures.iter().position(|it| it.key == key) else {
                    continue;
                };
                let row = |(id, outcome): &&(&str, &Outcome)| Row {
                    name: self.subject_name(outcome, id),
                    values: self.row_values(id, at),
                };
                let rows: Vec<Row> = own.iter().map(row).collect();
                if rows.iter().all(Row::is_same) {
                    continue;
                }
                sections.extend(self.side_by_side(&self.measure_name(&self.measures[at]), &rows));
            }
        }
        sections
    }

    fn measure_name(&self, measure: &Measure) -> String {
        self.messages
            .member("scenario-measure", &measure.key.replace('_', "-"))
    }

    /// The value of a subject in every run, in whole yuan, whole households or tenths of a tonne.
    fn row_values(&self, id: &str, measure: usize) -> Vec<Option<(i64, u32)>> {
        let places = self.measures[measure].places;
        let outcomes = self.outcomes.iter();
        outcomes
            .map(|it| it.value(id, measure).map(|value| rounded(value, places)))
            .collect()
    }

    /// Runs in columns, and the same less the reference: the difference of what is printed, so
    /// that a reader finds it by subtraction.
    fn side_by_side(&self, title: &str, rows: &[Row]) -> Vec<Section> {
        let mut sections = Vec::new();
        let all: Vec<usize> = (0..self.plans.len()).collect();
        let cell =
            |row: &Row, run: usize| row.values[run].map(|(value, places)| in_print(value, places));
        for runs in self.chunks(&all) {
            sections.push(self.columns(title.to_owned(), rows, &runs, &cell));
        }
        let reference = self.scenario.reference;
        let others: Vec<usize> = all.into_iter().filter(|run| *run != reference).collect();
        if rows.iter().all(Row::is_same) {
            return sections;
        }
        let less = |row: &Row, run: usize| {
            let ((value, places), (other, _)) = (row.values[run]?, row.values[reference]?);
            Some(signed(value - other, places))
        };
        let name = &self.plans[reference].name;
        for runs in self.chunks(&others) {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("what", &title), ("reference", name)];
            let title = self.messages.with("scenario-difference", &values);
            sections.push(self.columns(title, rows, &runs, &less));
        }
        sections
    }

    fn columns(
        &self,
        title: String,
        rows: &[Row],
        runs: &[usize],
        cell: &dyn Fn(&Row, usize) -> Option<String>,
    ) -> Section {
        let heads = runs
            .iter()
            .map(|run| (self.plans[*run].name.as_str(), Align::Right));
        let mut table = Table::new([("", Align::Left)].into_iter().chain(heads));
        for row in rows {
            let cells = runs
                .iter()
                .map(|run| cell(row, *run).unwrap_or_else(|| "-".to_owned()));
            table.row([row.name.clone()].into_iter().chain(cells));
        }
        Section {
            title,
            body: Body::Table(table),
        }
    }

    /// As many runs as fit a page beside one another.
    fn chunks(&self, runs: &[usize]) -> Vec<Vec<usize>> {
        let width = |run: &usize| (self.plans[*run].name.width().div_ceil(2) + 3).max(COLUMN);
        let mut chunks: Vec<Vec<usize>> = Vec::new();
        let mut used = PAGE;
        for run in runs {
            used += width(run);
            match chunks.last_mut().filter(|_| used <= PAGE) {
                Some(chunk) => chunk.push(*run),
                None => {
                    used = NAMES + width(run);
                    chunks.push(vec![*run]);
                }
            }
        }
        chunks
    }

    /// The points of a variant: its cheapest options, and what the winter costs by option.
    fn sweep(&self, variant: usize) -> Vec<Section> {
        let own = &self.scenario.variants[variant];
        let all = self.plans.iter().enumerate();
        let runs: Vec<usize> = all
            .filter(|(_, plan)| plan.variant.name == own.name)
            .map(|(run, _)| run)
            .collect();
        let title = self.variant_title(own);
        if self.of_roster() {
            let shown = self.measures.iter().enumerate().filter(|(_, it)| it.shown);
            let shown: Vec<(usize, &Measure)> = shown.collect();
            let heads: Vec<String> = shown.iter().map(|(_, it)| self.measure_name(it)).collect();
            let chunks = self.beside_axes(&heads).into_iter();
            return chunks
                .map(|columns| self.points(&title, &runs, &shown[columns]))
                .collect();
        }
        let mut sections = vec![self.cheapest(&title, &runs)];
        sections.extend(self.turns(&runs));
        sections.extend(self.winters(&title, &runs));
        sections
    }

    fn axis_heads(&self) -> Vec<(&str, Align)> {
        let axes = self.scenario.axes.iter();
        axes.map(|axis| (self.messages.name(&axis.title), Align::Left))
            .collect()
    }

    fn axis_values(&self, run: usize) -> Vec<String> {
        let axes = self.scenario.axes.iter().zip(&self.plans[run].point);
        axes.map(|(axis, at)| axis.points[*at].0.clone()).collect()
    }

    /// As many columns of numbers as fit a page beside the values of the axes.
    fn beside_axes(&self, heads: &[String]) -> Vec<std::ops::Range<usize>> {
        let axes = self.scenario.axes.iter().map(|axis| {
            let values = axis.points.iter().map(|(shown, _)| shown.width());
            let head = self.messages.name(&axis.title).width();
            values.max().unwrap_or(0).max(head) + 2
        });
        let room = PAGE.saturating_sub(axes.sum());
        let width = |head: &String| (head.width().div_ceil(2) + 3).max(COLUMN);
        let (mut ranges, mut start, mut used) = (Vec::new(), 0, 0);
        for (at, head) in heads.iter().enumerate() {
            if used + width(head) > room && at > start {
                ranges.push(start..at);
                (start, used) = (at, 0);
            }
            used += width(head);
        }
        ranges.push(start..heads.len());
        ranges
    }

    fn points(&self, title: &str, runs: &[usize], measures: &[(usize, &Measure)]) -> Section {
        let names: Vec<String> = measures
            .iter()
            .map(|(_, it)| self.measure_name(it))
            .collect();
        let heads = names.iter().map(|name| (name.as_str(), Align::Right));
        let mut table = Table::new(self.axis_heads().into_iter().chain(heads));
        for run in runs {
            let cells = measures.iter().map(|(at, measure)| {
                let value = self.outcomes[*run].value("county", *at);
                let shown = value.map(|value| rounded(value, measure.places));
                shown.map_or("-".to_owned(), |(value, places)| in_print(value, places))
            });
            table.row(self.axis_values(*run).into_iter().chain(cells));
        }
        Section {
            title: title.to_owned(),
            body: Body::Table(table),
        }
    }

    fn cheapest(&self, title: &str, runs: &[usize]) -> Section {
        let text = |key: &str| self.messages.text(key);
        let heads = [
            text("scenario-cheapest-winter"),
            text("scenario-cny"),
            text("scenario-cheapest-annual"),
            text("scenario-cny-a-year"),
        ];
        let aligns = [Align::Left, Align::Right, Align::Left, Align::Right];
        let heads = heads.iter().map(String::as_str).zip(aligns);
        let mut table = Table::new(self.axis_heads().into_iter().chain(heads));
        for run in runs {
            let mut cells = self.axis_values(*run);
            for measure in [WINTER, ANNUAL] {
                let outcome = &self.outcomes[*run];
                let least = outcome.least(measure);
                let id = least.map_or("", |it| it.id.as_str());
                cells.push(
                    least.map_or("-".to_owned(), |it| self.messages.name(&it.name).to_owned()),
                );
                let value = outcome.value(id, measure).map(|value| rounded(value, 2));
                cells.push(value.map_or("-".to_owned(), |(value, places)| in_print(value, places)));
            }
            table.row(cells);
        }
        Section {
            title: self
                .messages
                .with("scenario-points", &[("variant", &title)]),
            body: Body::Table(table),
        }
    }

    /// Between which values the cheapest option changes.
    fn turns(&self, runs: &[usize]) -> Option<Section> {
        let outcomes: Vec<&Outcome> = runs.iter().map(|run| &self.outcomes[*run]).collect();
        let points: Vec<Vec<usize>> = runs
            .iter()
            .map(|run| self.plans[*run].point.clone())
            .collect();
        let zip = self.scenario.combine == Combine::Zip;
        let mut lines = Vec::new();
        for (measure, key) in [
            (WINTER, "scenario-by-winter"),
            (ANNUAL, "scenario-by-annual"),
        ] {
            for turn in turns(&outcomes, &points, measure, zip) {
                let name = |run: usize| {
                    let least = outcomes[run].least(measure);
                    least.map_or("-".to_owned(), |it| self.messages.name(&it.name).to_owned())
                };
                let at = |run: usize| self.axis_values(runs[run]).join(", ");
                let by = self.messages.text(key);
                let values: [(&str, &dyn std::fmt::Display); 5] = [
                    ("by", &by),
                    ("before", &at(turn.before)),
                    ("after", &at(turn.after)),
                    ("old", &name(turn.before)),
                    ("new", &name(turn.after)),
                ];
                lines.push(self.messages.with("scenario-turn", &values));
            }
        }
        if lines.is_empty() {
            lines.push(self.messages.text("scenario-no-turn"));
        }
        Some(Section {
            title: self.messages.text("scenario-turns"),
            body: Body::Lines(lines),
        })
    }

    fn winters(&self, title: &str, runs: &[usize]) -> Vec<Section> {
        let ids = self.ids();
        let title = format!("{title}: {}", self.measure_name(&self.measures[WINTER]));
        let heads: Vec<String> = ids
            .iter()
            .map(|(id, it)| self.subject_name(it, id))
            .collect();
        let sections = self.beside_axes(&heads).into_iter().map(|columns| {
            let ids = &ids[columns.clone()];
            let names = &heads[columns];
            let heads = names.iter().map(|name| (name.as_str(), Align::Right));
            let mut table = Table::new(self.axis_heads().into_iter().chain(heads));
            for run in runs {
                let cells = ids
                    .iter()
                    .map(|(id, _)| match self.outcomes[*run].value(id, WINTER) {
                        Some(fen) => in_print(rounded(fen, 2).0, 0),
                        None => "-".to_owned(),
                    });
                table.row(self.axis_values(*run).into_iter().chain(cells));
            }
            Section {
                title: title.clone(),
                body: Body::Table(table),
            }
        });
        sections.collect()
    }

    /// Every value of every run.
    ///
    /// # Errors
    /// Those of the CSV writer, which has none when it writes to memory.
    pub fn csv(&self) -> Result<String, csv::Error> {
        self.long_table(&["run", "variant"], &|run| {
            Some((self.plans[run].variant.name.clone(), None))
        })
    }

    /// What differs in every run from that of the reference variant at the same point; the runs of
    /// the reference itself differ from its first point.
    ///
    /// # Errors
    /// Those of the CSV writer, which has none when it writes to memory.
    pub fn differences(&self) -> Result<String, csv::Error> {
        self.long_table(&["run", "against"], &|run| {
            let other = self.counterpart(run);
            (other != run).then(|| (self.plans[other].name.clone(), Some(other)))
        })
    }

    fn counterpart(&self, run: usize) -> usize {
        let reference = &self.scenario.variants[self.scenario.reference].name;
        let own = &self.plans[run];
        let of = |plan: &Plan<'_>| plan.variant.name == *reference;
        let found = self.plans.iter().position(|plan| {
            of(plan) && (own.variant.name == *reference || plan.point == own.point)
        });
        found.unwrap_or(run)
    }

    fn long_table(
        &self,
        first: &[&str; 2],
        against: &dyn Fn(usize) -> Option<(String, Option<usize>)>,
    ) -> Result<String, csv::Error> {
        let mut heads: Vec<&str> = first.to_vec();
        heads.extend(
            self.scenario
                .axes
                .iter()
                .map(|axis| self.messages.name(&axis.title)),
        );
        heads.extend(["subject", "name"]);
        heads.extend(self.measures.iter().map(|measure| measure.key));
        let mut table = Table::new(heads.into_iter().map(|head| (head, Align::Left)));
        for (run, outcome) in self.outcomes.iter().enumerate() {
            let Some((second, other)) = against(run) else {
                continue;
            };
            for subject in &outcome.subjects {
                let mut cells = vec![self.plans[run].name.clone(), second.clone()];
                cells.extend(self.axis_values(run));
                cells.extend([
                    subject.id.clone(),
                    self.messages.name(&subject.name).to_owned(),
                ]);
                cells.extend(self.measures.iter().enumerate().map(|(at, measure)| {
                    let value = match other {
                        Some(other) => outcome.difference(&self.outcomes[other], &subject.id, at),
                        None => outcome.value(&subject.id, at),
                    };
                    value.map_or_else(String::new, |value| decimal(value, measure.places))
                }));
                table.row(cells);
            }
        }
        table.to_csv(false)
    }

    /// Every value of every run, as JSON.
    pub fn json(&self) -> Value {
        let name = |name: &crate::words::kinds::Name| json!({ "zh": name.zh, "en": name.en });
        let axes: Vec<Value> = self
            .scenario
            .axes
            .iter()
            .map(|axis| {
                let values: Vec<&str> = axis
                    .points
                    .iter()
                    .map(|(shown, _)| shown.as_str())
                    .collect();
                json!({ "title": name(&axis.title), "values": values })
            })
            .collect();
        let runs: Vec<Value> = self.plans.iter().zip(self.outcomes).map(|(plan, outcome)| {
            let subjects: Vec<Value> = outcome.subjects.iter().map(|subject| {
                let values = subject.values.as_ref().map(|values| {
                    let pairs = self.measures.iter().zip(values);
                    let pairs = pairs.map(|(it, value)| (it.key.to_owned(), number(*value, it.places)));
                    pairs.collect::<Map<String, Value>>()
                });
                json!({ "id": subject.id, "name": name(&subject.name), "values": values })
            }).collect();
            json!({ "name": plan.name, "variant": plan.variant.name, "point": plan.point, "subjects": subjects })
        }).collect();
        let reference = &self.scenario.variants[self.scenario.reference].name;
        json!({ "axes": axes, "reference": reference, "runs": runs })
    }
}

/// A row of a table with its value in every run, and places behind the point.
struct Row {
    name: String,
    values: Vec<Option<(i64, u32)>>,
}

impl Row {
    /// Whether every run has the same value: then there is no difference to show.
    fn is_same(&self) -> bool {
        self.values.windows(2).all(|pair| pair[0] == pair[1])
    }
}

/// A value as it is shown: whole yuan, whole households, tenths of a tonne.
fn rounded(value: i64, places: u32) -> (i64, u32) {
    match places {
        2 => (Money::from_fen(value).whole_yuan().fen() / 100, 0),
        6 => ((value as f64 / 1e5).round() as i64, 1),
        _ => (value, 0),
    }
}

/// A whole number of the last place as a decimal.
fn decimal(value: i64, places: u32) -> String {
    if places == 0 {
        return value.to_string();
    }
    let one = 10_u64.pow(places);
    let (whole, part) = (value.unsigned_abs() / one, value.unsigned_abs() % one);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part:0width$}", width = places as usize)
}

/// The same with its thousands parted.
fn in_print(value: i64, places: u32) -> String {
    grouped(&decimal(value, places))
}

fn signed(value: i64, places: u32) -> String {
    let plus = if value > 0 { "+" } else { "" };
    format!("{plus}{}", in_print(value, places))
}

fn number(value: i64, places: u32) -> Value {
    if places == 0 {
        return json!(value);
    }
    json!(value as f64 / 10_f64.powi(places as i32))
}
