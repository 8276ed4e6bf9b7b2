//! The quick form of a case: a few flags in place of a file.
//!
//! The flags are written as the text of a case file, one line each, and read by the same table
//! as a file. A problem of a line is then told as one of its flag.

use std::path::Path;

use crate::input::case::{ReadCase, parse_case};
use crate::input::guard::Texts;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::words::kinds::{Category, Kind};

/// The flags, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--region`.
    pub region: Option<String>,
    /// `--area`.
    pub area: Option<String>,
    /// `--coal`.
    pub coal: Option<String>,
    /// `--coal-price`.
    pub coal_price: Option<String>,
    /// `--gas`.
    pub gas: Option<String>,
    /// `--power`: electricity for heating.
    pub power: Option<String>,
    /// `--bill`.
    pub bill: Option<String>,
    /// `--people`.
    pub people: Option<String>,
    /// `--income`: of one person.
    pub income: Option<String>,
    /// `--category`.
    pub category: Option<String>,
    /// `--winter`.
    pub winter: Option<String>,
}

/// What a flag holds and how it is written in a case.
struct Entry<'f> {
    flag: &'static str,
    table: &'static str,
    key: &'static str,
    value: Option<&'f String>,
    form: Form,
}

enum Form {
    Text,
    Count,
    /// A number with a unit from a list; the factor brings it to the key's unit.
    Quantity(&'static [(&'static str, f64)], &'static str),
    Category,
}

const YUAN: Form = Form::Quantity(&[("", 1.0), ("元", 1.0), ("块", 1.0)], "hint-quick-number");
const PER_TONNE: Form = Form::Quantity(
    &[("", 1.0), ("元", 1.0), ("元/t", 1.0), ("元/吨", 1.0)],
    "hint-quick-number",
);
const AREA: Form = Form::Quantity(
    &[
        ("", 1.0),
        ("m2", 1.0),
        ("平", 1.0),
        ("平米", 1.0),
        ("平方米", 1.0),
    ],
    "hint-quick-area",
);
const TONNES: Form = Form::Quantity(
    &[
        ("t", 1.0),
        ("吨", 1.0),
        ("kg", 0.001),
        ("公斤", 0.001),
        ("斤", 0.0005),
    ],
    "hint-quick-coal",
);
const GAS: Form = Form::Quantity(
    &[("m3", 1.0), ("方", 1.0), ("立方", 1.0), ("立方米", 1.0)],
    "hint-quick-gas",
);
const POWER: Form = Form::Quantity(&[("kwh", 1.0), ("度", 1.0)], "hint-quick-power");

impl Flags {
    /// Whether no flag was given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn entries(&self) -> [Entry<'_>; 11] {
        let entry = |flag, table, key, value, form| Entry {
            flag,
            table,
            key,
            value,
            form,
        };
        let (region, winter) = (self.region.as_ref(), self.winter.as_ref());
        [
            entry("--region", "", "place", region, Form::Text),
            entry("--winter", "", "winter", winter, Form::Text),
            entry(
                "--people",
                "household",
                "people",
                self.people.as_ref(),
                Form::Count,
            ),
            entry(
                "--income",
                "household",
                "income_cny_per_person_year",
                self.income.as_ref(),
                YUAN,
            ),
            entry(
                "--category",
                "household",
                "category",
                self.category.as_ref(),
                Form::Category,
            ),
            entry(
                "--area",
                "house",
                "heated_area_m2",
                self.area.as_ref(),
                AREA,
            ),
            entry(
                "--coal",
                "today",
                "loose_coal_t",
                self.coal.as_ref(),
                TONNES,
            ),
            entry(
                "--coal-price",
                "today",
                "loose_coal_cny_per_t",
                self.coal_price.as_ref(),
                PER_TONNE,
            ),
            entry("--gas", "today", "natural_gas_m3", self.gas.as_ref(), GAS),
            entry(
                "--power",
                "today",
                "electricity_kwh",
                self.power.as_ref(),
                POWER,
            ),
            entry("--bill", "today", "bill_cny", self.bill.as_ref(), YUAN),
        ]
    }

    /// Reads the flags as a case. Problems stand at the flag, with no file and no line.
    pub fn read(&self) -> ReadCase {
        let mut problems = Problems::default();
        let mut lines: Vec<(&'static str, String)> = Vec::new();
        let mut table = "";
        for entry in self.entries() {
            let Some(value) = entry.value else { continue };
            let Some(written) = write(&entry, value, &mut problems) else {
                continue;
            };
            if entry.table != table {
                table = entry.table;
                lines.push((entry.flag, format!("[{table}]")));
            }
            lines.push((entry.flag, format!("{} = {written}", entry.key)));
        }
        let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        let (case, found) = parse_case("", Path::new(""), &text);
        for mut problem in found.0 {
            problem.place = Self::place_of(&lines, &problem.place);
            if let ProblemKind::MissingKey { key } = &mut problem.kind {
                *key = flag_of(key).to_owned();
                problem.place.field = String::new();
            }
            if !(matches!(problem.kind, ProblemKind::EmptyFile) || self.is_told(&problem.kind)) {
                problems.0.push(problem);
            }
        }
        if self.region.is_none() && problems.0.is_empty() && case.is_none() {
            let key = "--region".to_owned();
            problems.error(Place::default(), ProblemKind::MissingKey { key });
        }
        let case = case.filter(|_| !problems.has_errors());
        ReadCase {
            case,
            problems,
            texts: Texts::default(),
        }
    }

    /// Names the flags in problems that were found after the reading: they stand in the text that
    /// the flags were written as.
    pub fn name_in(&self, problems: &mut Problems) {
        for problem in problems
            .0
            .iter_mut()
            .filter(|problem| problem.place.file.is_empty())
        {
            let field = &problem.place.field;
            let same = |entry: &Entry<'_>| match entry.table {
                "" => entry.key == field,
                table => {
                    field
                        .strip_prefix(table)
                        .and_then(|rest| rest.strip_prefix('.'))
                        == Some(entry.key)
                }
            };
            let flag = self
                .entries()
                .iter()
                .find(|entry| same(entry))
                .map(|entry| entry.flag);
            problem.place = Place {
                field: flag.map_or_else(|| field.clone(), str::to_owned),
                ..Place::default()
            };
        }
    }

    /// Whether a missing key is one whose flag was given but could not be read: that is told.
    fn is_told(&self, kind: &ProblemKind) -> bool {
        let ProblemKind::MissingKey { key } = kind else {
            return false;
        };
        self.entries()
            .iter()
            .any(|entry| entry.flag == key && entry.value.is_some())
    }

    /// The flag of the line that a place names.
    fn place_of(lines: &[(&'static str, String)], place: &Place) -> Place {
        let line = place.line.checked_sub(1).and_then(|line| lines.get(line));
        Place {
            field: line.map_or(String::new(), |(flag, _)| (*flag).to_owned()),
            ..Place::default()
        }
    }
}

/// The flag of a key that a case must have.
fn flag_of(key: &str) -> &str {
    match key {
        "place" => "--region",
        "house" | "house.heated_area_m2" => "--area",
        _ => key,
    }
}

/// The value as TOML, or a problem at its flag.
fn write(entry: &Entry<'_>, value: &str, problems: &mut Problems) -> Option<String> {
    let value = value.trim();
    let place = Place {
        field: entry.flag.to_owned(),
        ..Place::default()
    };
    let mut fail = |message, hint: Option<&str>| {
        let mut values = vec![("value", value.to_owned())];
        values.extend(hint.map(|hint| ("hint", hint.to_owned())));
        problems.error(place.clone(), ProblemKind::Other { message, values });
        None
    };
    match entry.form {
        Form::Text => Some(serde_json::Value::from(value).to_string()),
        Form::Count => {
            let digits = value.trim_end_matches(['口', '人']);
            match digits.parse::<u32>() {
                Ok(count) => Some(count.to_string()),
                Err(_) => fail("quick-not-quantity", Some("hint-quick-count")),
            }
        }
        Form::Quantity(units, hint) => match quantity(value, units) {
            Some(number) => Some(format!("{number:?}")),
            None => fail("quick-not-quantity", Some(hint)),
        },
        Form::Category => match category(value) {
            Ok(category) => Some(format!("\"{}\"", category.key())),
            Err(nearest) => {
                let names = CATEGORIES.iter().map(|(name, _)| (*name).to_owned());
                let kind = ProblemKind::NotOneOf {
                    value: value.to_owned(),
                    nearest,
                    allowed: names.collect(),
                };
                problems.error(place, kind);
                None
            }
        },
    }
}

/// A finite number with one of the units, in the unit of factor one.
pub fn quantity(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.to_lowercase().replace('³', "3").replace('²', "2");
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || "+-.,".contains(c)))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
    let number: f64 = digits.replace(',', "").parse().ok()?;
    // A product of decimals such as 15000 * 0.0005 is rounded to the gram.
    let value = (number * factor * 1e6).round() / 1e6;
    value.is_finite().then_some(value)
}

/// What people call the categories.
pub const CATEGORIES: [(&str, Category); 17] = [
    ("一般户", Category::General),
    ("低保户", Category::MinimumLiving),
    ("低保", Category::MinimumLiving),
    ("特困户", Category::DestituteSupport),
    ("五保户", Category::DestituteSupport),
    ("特困(五保)户", Category::DestituteSupport),
    ("特困", Category::DestituteSupport),
    ("五保", Category::DestituteSupport),
    ("低收入户", Category::LowIncome),
    ("低收入", Category::LowIncome),
    ("脱贫户", Category::OutOfPoverty),
    ("建档立卡户", Category::OutOfPoverty),
    ("监测户", Category::Monitored),
    ("残疾人户", Category::Disabled),
    ("残疾户", Category::Disabled),
    ("烈属", Category::Martyr),
    ("优抚户", Category::Martyr),
];

/// The category by its Chinese name or its key, or the nearest name.
/// # Errors
/// No such category: the nearest name, if any is near.
pub fn category(text: &str) -> Result<Category, Option<String>> {
    let named = CATEGORIES.iter().find(|(name, _)| *name == text);
    named
        .map(|(_, category)| *category)
        .or_else(|| Category::from_key(text))
        .ok_or_else(|| nearest(text, CATEGORIES.iter().map(|(name, _)| *name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(area: &str, coal: &str) -> Flags {
        Flags {
            region: Some("红寺堡".into()),
            area: Some(area.into()),
            coal: Some(coal.into()),
            ..Flags::default()
        }
    }

    #[test]
    fn units_are_those_that_people_say() {
        for (text, tonnes) in [
            ("7.5t", 7.5),
            ("3吨", 3.0),
            ("15000斤", 7.5),
            ("800 公斤", 0.8),
        ] {
            let case = flags("100平", text).read().case.unwrap();
            assert_eq!(case.house.heated_area_m2.value, 100.0);
            assert_eq!(case.today.unwrap().fuels[0].amount.value, tonnes, "{text}");
        }
    }

    #[test]
    fn problems_stand_at_their_flags() {
        let fields = |flags: Flags| -> Vec<String> {
            let read = flags.read();
            assert!(read.case.is_none());
            read.problems.0.into_iter().map(|p| p.place.field).collect()
        };
        assert_eq!(fields(flags("100", "7.5")), ["--coal"]);
        assert_eq!(fields(flags("-100", "7.5t")), ["--area"]);
        assert_eq!(fields(flags("nan", "infinityt")), ["--area", "--coal"]);
    }

    #[test]
    fn a_missing_flag_is_named() {
        let read = Flags {
            region: Some("红寺堡".into()),
            ..Flags::default()
        }
        .read();
        let key = "--area".to_owned();
        assert_eq!(read.problems.0[0].kind, ProblemKind::MissingKey { key });
    }

    #[test]
    fn text_of_a_flag_is_never_read_as_toml() {
        let mut flags = flags("100", "7t");
        flags.region = Some("a\"\n[money]\nx = 1".into());
        let case = flags.read().case.unwrap();
        assert_eq!(case.place.value, "a\"\n[money]\nx = 1");
    }
}
