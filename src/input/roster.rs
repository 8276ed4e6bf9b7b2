//! The roster (花名册): rows of a table become households of one place.
//!
//! A row is laid over a base case and goes through the same checks as a case file, so that a row
//! and a case with the same figures give the same household.

pub mod columns;
pub mod table;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use crate::comparison::Household;
use crate::demand::Simulations;
use crate::input::case::{CaseInput, Monthly, OneOrMany, RawCase, RawToday};
use crate::input::household::{Kept, households_shared};
use crate::input::problem::{Place, Problem, ProblemKind, Problems, Severity};
use crate::input::quick;
use crate::input::record::{Field, FieldShape, Limits, RecordShape, Shape, Spot, read_toml};
use crate::input::roster::columns::{Column, Known, RawMapping};
use crate::input::roster::table::{Row, Table};
use crate::input::setting::PlaceInWinter;
use crate::input::stoves::Stoves;
use crate::words::kinds::{Category, Kind};

/// Rows above the table in which the row of heads is looked for: titles stand there.
const HEAD_ROWS: usize = 12;

/// A roster whose columns are known.
#[derive(Debug, Clone)]
pub struct Roster {
    /// The file.
    pub table: Table,
    /// The row of heads.
    pub head: Row,
    /// Columns that were recognised.
    pub known: Vec<Known>,
    categories: BTreeMap<String, Category>,
    limits: BTreeMap<Column, Limits>,
}

impl Roster {
    /// Opens a roster and recognises its columns.
    pub fn open(path: &Path, mapping: Option<&Path>, problems: &mut Problems) -> Option<Self> {
        let table = Table::open(path, problems)?;
        let mapping = match mapping {
            Some(path) => Some(read_mapping(path, problems)?),
            None => None,
        };
        let mut rows: Vec<Row> = Vec::new();
        let first = table.each_row(&mut |row| {
            rows.push(row);
            if rows.len() < HEAD_ROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        if let Err(kind) = first {
            problems.error(super::guard::whole(path), kind);
            return None;
        }
        let best = rows
            .iter()
            .rev()
            .max_by_key(|row| columns::guess(&row.cells).len());
        let head = match &mapping {
            Some(mapping) => named_row(&rows, mapping).or(best),
            None => best,
        };
        let Some(head) = head.cloned() else {
            problems.error(super::guard::whole(path), ProblemKind::EmptyFile);
            return None;
        };
        let known = match &mapping {
            Some(mapping) => columns::mapped(&head.cells, mapping, problems),
            None => columns::guess(&head.cells),
        };
        let roster = Self {
            table,
            head,
            known: heated(known),
            categories: mapping.map(|it| it.categories).unwrap_or_default(),
            limits: limits(),
        };
        if roster.of(Column::HeatedArea).is_none() {
            let heads = roster.head.cells.join(", ");
            let (message, values) = ("roster-no-area", vec![("heads", heads)]);
            let place = Place {
                line: roster.head.number as usize,
                ..super::guard::whole(path)
            };
            problems.error(place, ProblemKind::Other { message, values });
        }
        (!problems.has_errors()).then_some(roster)
    }

    /// A column, if the roster has it.
    pub fn of(&self, column: Column) -> Option<&Known> {
        self.known.iter().find(|it| it.column == column)
    }

    /// What stands in a column of a row, without blanks around it.
    pub fn cell<'r>(&self, row: &'r Row, column: Column) -> &'r str {
        let at = self.of(column).map(|it| it.at);
        at.and_then(|at| row.cells.get(at))
            .map_or("", |cell| cell.trim())
    }

    /// Calls `visit` with every row below the heads that is not blank.
    ///
    /// # Errors
    /// What the file cannot be read for.
    pub fn each_row(
        &self,
        visit: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), ProblemKind> {
        self.table.each_row(&mut |row| {
            if row.number <= self.head.number || row.is_blank() {
                ControlFlow::Continue(())
            } else {
                visit(row)
            }
        })
    }

    /// Lays a row over the base case and checks it as a case.
    ///
    /// # Errors
    /// Everything that is wrong with the row; the place of a problem is the row and the head of
    /// the column.
    pub fn case(&self, row: &Row, base: &RawCase) -> Result<(CaseInput, Vec<Problem>), Problems> {
        let mut problems = Problems::default();
        let mut raw = base.clone();
        self.whole_row(row, &mut problems);
        if problems.has_errors() {
            return Err(problems);
        }
        for known in &self.known {
            let text = row.cells.get(known.at).map_or("", |cell| cell.trim());
            if !text.is_empty() {
                self.lay(known, text, row, &mut raw, &mut problems);
            }
        }
        self.area(row, &mut problems);
        nothing_burnt(&mut raw, row, &mut problems);
        if problems.has_errors() {
            return Err(problems);
        }
        let case = raw.check("", Path::new(""), &mut problems);
        if problems.has_errors() {
            return Err(problems);
        }
        Ok((case, problems.0))
    }

    /// A row that is longer or shorter than the heads, or that only sums others up.
    fn whole_row(&self, row: &Row, problems: &mut Problems) {
        let place = || Place {
            line: row.number as usize,
            ..Place::default()
        };
        let more = row.cells.get(self.head.cells.len()..).unwrap_or_default();
        if more.iter().any(|cell| !cell.trim().is_empty()) {
            let values = vec![
                ("found", row.cells.len().to_string()),
                ("heads", self.head.cells.len().to_string()),
            ];
            let message = "roster-row-too-long";
            problems.error(place(), ProblemKind::Other { message, values });
        }
        let sums = |cell: &str| ["合计", "小计", "总计", "共计"].contains(&cell);
        let names = [Column::Household, Column::Village, Column::Township];
        let first = row
            .cells
            .iter()
            .map(|cell| cell.trim())
            .find(|cell| !cell.is_empty());
        if names.iter().any(|&it| sums(self.cell(row, it))) || first.is_some_and(sums) {
            let (message, values) = ("roster-sum-row", Vec::new());
            problems.error(place(), ProblemKind::Other { message, values });
        }
    }

    /// The heated area must be there: the base case has one only so that it can be read.
    fn area(&self, row: &Row, problems: &mut Problems) {
        let Some(area) = self.of(Column::HeatedArea) else {
            return;
        };
        if self.cell(row, Column::HeatedArea).is_empty() {
            let kind = ProblemKind::MissingKey {
                key: area.head.clone(),
            };
            problems.error(spot_of(row, area), kind);
        }
    }

    fn lay(
        &self,
        known: &Known,
        text: &str,
        row: &Row,
        raw: &mut RawCase,
        problems: &mut Problems,
    ) {
        match known.column {
            Column::Household | Column::Village | Column::Township => {}
            Column::Category => {
                if let Some(found) = self.categories(text, known, row, problems) {
                    raw.household.category = OneOrMany(found);
                }
            }
            Column::GasMain => raw.site.gas_main = yes_or_no(text, known, row, problems),
            Column::Radiators => {
                if yes_or_no(text, known, row, problems) == Some(true) {
                    raw.site.emitters = Some("radiator".to_owned());
                }
            }
            _ => {
                if let Some(value) = self.number(text, known, row, problems) {
                    set(raw, known.column, value, spot_of(row, known));
                }
            }
        }
    }

    /// A number in the unit of its key, within the limits of a case file.
    fn number(&self, text: &str, known: &Known, row: &Row, out: &mut Problems) -> Option<f64> {
        let plain = text.parse::<f64>().ok().map(|number| number * known.factor);
        let value = plain.or_else(|| quick::quantity(text, known.column.units()));
        let Some(value) = value.filter(|value| value.is_finite()).map(to_millionths) else {
            let values = vec![
                ("value", text.to_owned()),
                ("hint", hint(known.column).to_owned()),
            ];
            let message = "quick-not-quantity";
            out.error(spot_of(row, known), ProblemKind::Other { message, values });
            return None;
        };
        let limits = self.limits.get(&known.column).copied().unwrap_or_default();
        let (min, max) = (limits.min, limits.max);
        if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
            let kind = ProblemKind::OutOfRange { value, min, max };
            out.error(spot_of(row, known), kind);
            return None;
        }
        if known.column == Column::People && value.fract() != 0.0 {
            let kind = ProblemKind::WrongType {
                expected: "integer",
                found: text.to_owned(),
            };
            out.error(spot_of(row, known), kind);
            return None;
        }
        Some(value)
    }

    /// The categories that a cell names.
    fn categories(
        &self,
        text: &str,
        known: &Known,
        row: &Row,
        problems: &mut Problems,
    ) -> Option<Vec<Category>> {
        if let Some(own) = self.categories.get(text) {
            return Some(vec![*own]);
        }
        let mut found = Vec::new();
        for part in text.split(['、', ',', '，', ';', '；', '/', ' ']) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let own = self.categories.get(part).copied();
            match own.map_or_else(|| category(part), Ok) {
                Ok(category) => found.push(category),
                Err(nearest) => {
                    let names = quick::CATEGORIES.iter().map(|(name, _)| (*name).to_owned());
                    let kind = ProblemKind::NotOneOf {
                        value: part.to_owned(),
                        nearest,
                        allowed: names.chain(["一般".to_owned()]).collect(),
                    };
                    problems.error(spot_of(row, known), kind);
                    return None;
                }
            }
        }
        Some(found)
    }
}

/// Words of rosters for a household without a category.
const GENERAL: [&str; 9] = [
    "一般",
    "普通",
    "普通户",
    "一般农户",
    "普通农户",
    "无",
    "否",
    "正常",
    "其他",
];

fn category(text: &str) -> Result<Category, Option<String>> {
    if GENERAL.contains(&text) {
        return Ok(Category::General);
    }
    quick::category(text)
}

/// Where a problem of a cell stands.
fn spot_of(row: &Row, known: &Known) -> Place {
    Place {
        line: row.number as usize,
        column: known.at + 1,
        field: known.head.clone(),
        ..Place::default()
    }
}

/// Products of decimals, such as 15000 × 0.0005, are rounded to six places.
fn to_millionths(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn hint(column: Column) -> &'static str {
    match column {
        Column::HeatedArea | Column::FloorArea => "hint-quick-area",
        Column::LooseCoal | Column::Briquette | Column::Pellet | Column::Straw => "hint-quick-coal",
        Column::NaturalGas => "hint-quick-gas",
        Column::Electricity | Column::LivingElectricity => "hint-quick-power",
        Column::People => "hint-quick-count",
        _ => "hint-quick-number",
    }
}

fn yes_or_no(text: &str, known: &Known, row: &Row, problems: &mut Problems) -> Option<bool> {
    const YES: [&str; 7] = ["是", "有", "已通", "√", "1", "true", "通"];
    const NO: [&str; 7] = ["否", "无", "未通", "×", "0", "false", "没有"];
    if YES.contains(&text) || NO.contains(&text) {
        return Some(YES.contains(&text));
    }
    let kind = ProblemKind::NotOneOf {
        value: text.to_owned(),
        nearest: None,
        allowed: vec!["是".to_owned(), "否".to_owned()],
    };
    problems.error(spot_of(row, known), kind);
    None
}

fn set(raw: &mut RawCase, column: Column, value: f64, place: Place) {
    let spot = Spot { value, place };
    if let Column::People = column {
        let place = spot.place;
        let value = value as u8;
        raw.household.people = Some(Spot { value, place });
        return;
    }
    let (house, household) = (&mut raw.house, &mut raw.household);
    match column {
        Column::HeatedArea => house.heated_area_m2 = spot,
        Column::FloorArea => house.floor_area_m2 = Some(spot),
        Column::IncomePerPerson => household.income_cny_per_person_year = Some(spot),
        Column::IncomePerHousehold => household.income_cny_per_household_year = Some(spot),
        Column::LivingElectricity => {
            raw.uses.electricity_kwh_per_month = Some(Spot {
                value: Monthly([spot.value; 12]),
                place: spot.place,
            });
        }
        _ => set_today(raw, column, spot),
    }
}

fn set_today(raw: &mut RawCase, column: Column, spot: Spot<f64>) {
    let place = spot.place.clone();
    let today = raw.today.get_or_insert_with(|| Spot {
        value: RawToday::default(),
        place,
    });
    let today = &mut today.value;
    let slot = match column {
        Column::LooseCoal => &mut today.loose_coal_t,
        Column::LooseCoalPrice => &mut today.loose_coal_cny_per_t,
        Column::Briquette => &mut today.briquette_t,
        Column::BriquettePrice => &mut today.briquette_cny_per_t,
        Column::Pellet => &mut today.pellet_t,
        Column::Straw => &mut today.straw_t,
        Column::NaturalGas => &mut today.natural_gas_m3,
        Column::Electricity => &mut today.electricity_kwh,
        Column::Bill => &mut today.bill_cny,
        _ => return,
    };
    *slot = Some(spot);
}

/// A zero among amounts is a fuel that is not used; where all are zero nothing is known of today.
/// Prices alone say nothing of today's heating: the place's usual fuel is taken.
fn nothing_burnt(raw: &mut RawCase, row: &Row, problems: &mut Problems) {
    let Some(spot) = &mut raw.today else { return };
    let today = &mut spot.value;
    let mut zero = false;
    let mut some = false;
    for slot in [
        &mut today.loose_coal_t,
        &mut today.briquette_t,
        &mut today.pellet_t,
        &mut today.straw_t,
        &mut today.natural_gas_m3,
        &mut today.lpg_kg,
        &mut today.electricity_kwh,
        &mut today.bill_cny,
    ] {
        match slot {
            Some(amount) if amount.value == 0.0 => {
                *slot = None;
                zero = true;
            }
            Some(_) => some = true,
            None => {}
        }
    }
    if some {
        return;
    }
    if zero {
        let place = Place {
            line: row.number as usize,
            ..spot.place.clone()
        };
        let (message, values) = ("roster-nothing-burnt", Vec::new());
        problems.error(place, ProblemKind::Other { message, values });
    } else {
        raw.today = None;
    }
}

/// Where a roster has only the area of the whole dwelling, that is the heated one.
fn heated(mut known: Vec<Known>) -> Vec<Known> {
    if known.iter().all(|it| it.column != Column::HeatedArea)
        && let Some(floor) = known.iter_mut().find(|it| it.column == Column::FloorArea)
    {
        floor.column = Column::HeatedArea;
    }
    known
}

/// The row that holds most heads of a mapping, if any holds one.
fn named_row<'r>(rows: &'r [Row], mapping: &RawMapping) -> Option<&'r Row> {
    let count = |row: &&Row| {
        let mut problems = Problems::default();
        let known = columns::mapped(&row.cells, mapping, &mut problems);
        known.iter().filter(|it| it.named).count()
    };
    rows.iter()
        .rev()
        .max_by_key(count)
        .filter(|row| count(row) > 0)
}

fn read_mapping(path: &Path, problems: &mut Problems) -> Option<RawMapping> {
    let text = super::guard::read_text(path, super::guard::TOML_LIMIT, problems)?;
    let found = RefCell::new(Problems::default());
    let raw = read_toml(&path.display().to_string(), &text, &found);
    problems.extend(found.into_inner());
    raw.filter(|_| !problems.has_errors())
}

/// Limits of the keys that columns set, as the case file has them.
fn limits() -> BTreeMap<Column, Limits> {
    let find = |column: &Column| {
        let (table, key) = column.case_key()?;
        let Shape::Record(case) = RawCase::shape(Limits::default()) else {
            return None;
        };
        let table = field(&case, table)?;
        let Shape::Record(table) = table.shape else {
            return None;
        };
        limits_of(&field(&table, key)?.shape)
    };
    let all = Column::ALL.iter();
    all.filter_map(|column| Some((*column, find(column)?)))
        .collect()
}

fn field(record: &RecordShape, key: &str) -> Option<FieldShape> {
    (record.fields)().into_iter().find(|field| field.key == key)
}

fn limits_of(shape: &Shape) -> Option<Limits> {
    match shape {
        Shape::Number(limits) => Some(*limits),
        Shape::Integer(limits) => Some(*limits),
        Shape::Either(shapes) => shapes.iter().find_map(limits_of),
        _ => None,
    }
}

/// The base of every row: a case that has its place and nothing else, or what the user's own base
/// case says.
pub fn base_case(place: &str, winter: Option<&str>, problems: &mut Problems) -> Option<RawCase> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = format!("place = {}\n", quoted(place));
    if let Some(winter) = winter {
        text += &format!("winter = {}\n", quoted(winter));
    }
    text += "[house]\nheated_area_m2 = 100\n";
    let found = RefCell::new(Problems::default());
    let raw = read_toml("", &text, &found);
    problems.extend(found.into_inner());
    raw
}

/// Turns rows into households of one place, one after the other, and keeps what they share.
#[derive(Debug)]
pub struct RowReader<'p> {
    place: &'p PlaceInWinter,
    roster: &'p Roster,
    base: &'p RawCase,
    stoves: Stoves,
}

/// A row that is a household.
#[derive(Debug, Clone)]
pub struct RowHousehold {
    /// The household.
    pub household: Household,
    /// What is legal but unlikely.
    pub warnings: Vec<Problem>,
}

impl<'p> RowReader<'p> {
    /// For the rows of a roster at a place.
    pub fn new(place: &'p PlaceInWinter, roster: &'p Roster, base: &'p RawCase) -> Self {
        Self {
            place,
            roster,
            base,
            stoves: Stoves::default(),
        }
    }

    /// The household of a row.
    ///
    /// # Errors
    /// Everything that is wrong with the row.
    pub fn household(
        &mut self,
        row: &Row,
        simulations: &mut Simulations,
    ) -> Result<RowHousehold, Problems> {
        let mut made = self.households(std::slice::from_ref(row), simulations);
        made.pop().unwrap_or_else(|| Err(Problems::default()))
    }

    /// The households of some rows, in their order; what is simulated of their houses is simulated
    /// side by side. For each row that is no household, everything that is wrong with it.
    pub fn households(
        &mut self,
        rows: &[Row],
        simulations: &mut Simulations,
    ) -> Vec<Result<RowHousehold, Problems>> {
        let cases = rows.iter().map(|row| self.roster.case(row, self.base));
        let cases: Vec<Result<(CaseInput, Vec<Problem>), Problems>> = cases.collect();
        let kept = Kept {
            simulations,
            stoves: &mut self.stoves,
        };
        let good = cases.iter().flatten().map(|(case, _)| case);
        let good: Vec<&CaseInput> = good.collect();
        let mut made = households_shared(&good, self.place, kept).into_iter();
        let rows = rows.iter().zip(cases);
        rows.map(|(row, case)| {
            let (_, warnings) = case?;
            let household = made.next().unwrap_or_else(|| Err(Problems::default()));
            Ok(RowHousehold {
                household: household.map_err(|found| in_row(found, row))?,
                warnings: warnings
                    .into_iter()
                    .filter(|it| it.severity == Severity::Warning)
                    .collect(),
            })
        })
        .collect()
    }
}

/// Problems that stand in a row.
fn in_row(mut found: Problems, row: &Row) -> Problems {
    for problem in &mut found.0 {
        problem.place.line = row.number as usize;
    }
    found
}
