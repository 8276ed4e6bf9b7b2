//! JSON Schema and reference page of every input file, made from the same tables that read them.

use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use toml::de::DeTable;

use crate::input::case::{RawCase, parse_case};
use crate::input::county::{RawCounty, check_county};
use crate::input::fuel::{self, RawFuels};
use crate::input::library::{LevelText, Library};
use crate::input::place::Level;
use crate::input::problem::Problems;
use crate::input::product::{self, RawEmitters, RawFamily};
use crate::input::record::{Field, FieldShape, Limits, RecordShape, Shape, read_toml};
use crate::input::roster::columns::RawMapping;
use crate::input::scenario::raw::RawScenario;
use crate::input::settings::{self, RawLevel};
use crate::input::source::{RawSource, Sources};
use crate::input::subsidy::{Known, RawSubsidies, read_rules};
use crate::input::tariff::RawTariffs;

/// A kind of input file.
pub struct FileKind {
    /// Its name: `case`, `tariffs`.
    pub name: &'static str,
    /// Where such files stand; `*` is any name.
    pub path: &'static str,
    /// What it can hold.
    pub shape: fn() -> Shape,
    /// Reads a text of this kind (file, text) and adds what is wrong with it.
    pub check: fn(&str, &str, &mut Problems),
}

/// Every kind of input file, in the order of the reference page. A new kind of file is one more
/// entry here. A kind that is known by its place in the library stands after `case`.
pub fn file_kinds() -> Vec<FileKind> {
    vec![
        kind::<RawCase>("case", "*.toml", |file, text, problems| {
            problems.extend(parse_case(file, Path::new(""), text).1);
        }),
        kind::<RawLevel>("place", "places/*/place.toml", check_level),
        kind::<RawLevel>("settings", "settings.toml", check_level),
        kind::<RawTariffs>(
            "tariffs",
            "places/*/tariffs.toml",
            |file, text, problems| {
                let raw: Option<RawTariffs> = table(file, text, problems);
                raw.and_then(|raw| raw.check("", problems));
            },
        ),
        kind::<RawSubsidies>(
            "subsidies",
            "places/*/subsidies.toml",
            |file, text, problems| {
                let raw: Option<RawSubsidies> = table(file, text, problems);
                raw.and_then(|raw| raw.check("", &known_rules(), problems));
            },
        ),
        kind::<RawFamily>("product", "products/*.toml", |file, text, problems| {
            product::read_products(file, text, problems);
        }),
        kind::<RawEmitters>(
            "emitters",
            "products/emitters.toml",
            |file, text, problems| {
                product::read_emitters(file, text, problems);
            },
        ),
        kind::<RawFuels>("fuels", "fuels.toml", |file, text, problems| {
            fuel::read_fuels(file, text, problems);
        }),
        kind::<RawMapping>("roster", "*.mapping.toml", |file, text, problems| {
            let _: Option<RawMapping> = table(file, text, problems);
        }),
        kind::<RawCounty>("county", "*.county.toml", |file, text, problems| {
            let folder = Path::new(file).parent().unwrap_or(Path::new(""));
            check_county(file, folder, text, problems);
        }),
        kind::<RawScenario>("scenario", "*.scenario.toml", |file, text, problems| {
            let raw: Option<RawScenario> = table(file, text, problems);
            raw.and_then(|raw| raw.check(problems));
        }),
        kind::<BTreeMap<String, RawSource>>("sources", "sources/*.toml", |file, text, problems| {
            problems.extend(Sources::read([(file.to_owned(), Cow::Borrowed(text))]).1);
        }),
    ]
}

fn kind<T: Field>(
    name: &'static str,
    path: &'static str,
    check: fn(&str, &str, &mut Problems),
) -> FileKind {
    FileKind {
        name,
        path,
        shape: || T::shape(Limits::default()),
        check,
    }
}

/// Reads a table without the checks beyond it.
fn table<T: Field>(file: &str, text: &str, problems: &mut Problems) -> Option<T> {
    let found = RefCell::new(Problems::default());
    let raw = read_toml(file, text, &found);
    problems.extend(found.into_inner());
    raw
}

fn check_level(file: &str, text: &str, problems: &mut Problems) {
    let level = LevelText {
        level: Level::Nation,
        place: "",
        file: file.to_owned(),
        text: Cow::Borrowed(text),
    };
    settings::read_level(&level, problems);
}

/// Every rule of the embedded library: a file of rules may name those of the places above it.
fn known_rules() -> Known {
    let library = Library::bundled();
    let mut known = Known::default();
    for path in library.files_under("places/") {
        let place = path
            .strip_prefix("places/")
            .and_then(|path| path.strip_suffix("subsidies.toml"));
        if let (Some(place), Some(text)) = (place, library.text(&path)) {
            let problems = RefCell::new(Problems::default());
            let place = place.trim_end_matches('/');
            if let Some(rules) = read_rules(&path, &text, place, &known.clone(), &problems) {
                known.add(&rules);
            }
        }
    }
    known
}

/// The kind of a file: by its path where the library has such a place, else the kind whose keys
/// fit its text best.
pub fn kind_of(path: &Path, text: &str) -> Option<FileKind> {
    let mut kinds = file_kinds();
    // The longest pattern wins: `products/emitters.toml` before `products/*.toml`.
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.path.replace('*', "").len()));
    let by_path = kinds
        .iter()
        .position(|kind| kind.name != "case" && matches(kind.path, path));
    if let Some(i) = by_path {
        return Some(kinds.swap_remove(i));
    }
    by_keys(text)
}

/// Whether the end of a path fits a pattern, in which `*` is one folder, several, or the stem of
/// a name.
fn matches(pattern: &str, path: &Path) -> bool {
    let path = path.to_string_lossy().replace('\\', "/");
    match pattern.split_once('*') {
        None => path == pattern || path.ends_with(&format!("/{pattern}")),
        Some((folder, end)) => {
            let inside = path.starts_with(folder) || path.contains(&format!("/{folder}"));
            path.ends_with(end) && (inside || end.starts_with('/'))
                || end.strip_prefix('/') == Some(path.as_str())
        }
    }
}

/// The kind whose keys fit a text best; a case if none does.
fn by_keys(text: &str) -> Option<FileKind> {
    let (document, _) = DeTable::parse_recoverable(text);
    let keys: Vec<String> = document
        .get_ref()
        .keys()
        .map(|key| key.get_ref().to_string())
        .collect();
    let fit = |kind: &FileKind| match (kind.shape)() {
        Shape::Record(record) | Shape::Choice(record) => (record.fields)()
            .iter()
            .filter(|field| keys.iter().any(|key| key == field.key))
            .count(),
        _ => 0,
    };
    let mut best: Option<(usize, FileKind)> = None;
    for kind in file_kinds() {
        let fit = fit(&kind);
        if best.as_ref().is_none_or(|(most, _)| fit > *most) {
            best = Some((fit, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// The JSON Schema (draft 2020-12) of a kind of file. TOML dates are text in it.
pub fn json_schema(kind: &FileKind) -> Value {
    let mut defs = BTreeMap::new();
    let root = schema_of(&(kind.shape)(), &mut defs);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
    });
    if let (Some(object), Value::Object(root)) = (schema.as_object_mut(), root) {
        object.extend(root);
        if !defs.is_empty() {
            object.insert("$defs".into(), defs.into_iter().collect());
        }
    }
    schema
}

fn schema_of(shape: &Shape, defs: &mut BTreeMap<String, Value>) -> Value {
    match shape {
        Shape::Number(limits) => limited("number", *limits),
        Shape::Integer(limits) => limited("integer", *limits),
        Shape::Text => json!({ "type": "string" }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Any => json!({}),
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::MonthDay => json!({ "type": "string", "pattern": "^[0-9]{1,2}-[0-9]{1,2}$" }),
        Shape::Name => json!({ "anyOf": [
            { "type": "string" },
            {
                "type": "object",
                "properties": { "zh": { "type": "string" }, "en": { "type": "string" } },
                "required": ["zh", "en"],
                "additionalProperties": false,
            },
        ] }),
        Shape::OneOf(keys) => json!({ "enum": keys }),
        Shape::List(item) => json!({ "type": "array", "items": schema_of(item, defs) }),
        Shape::Map(item) => {
            json!({ "type": "object", "additionalProperties": schema_of(item, defs) })
        }
        Shape::Either(shapes) => {
            let any: Vec<Value> = shapes.iter().map(|shape| schema_of(shape, defs)).collect();
            json!({ "anyOf": any })
        }
        Shape::Record(record) => reference(record, false, defs),
        Shape::Choice(record) => reference(record, true, defs),
    }
}

fn limited(kind: &str, limits: Limits) -> Value {
    let mut schema = json!({ "type": kind });
    for (key, limit) in [("minimum", limits.min), ("maximum", limits.max)] {
        if let (Some(object), Some(limit)) = (schema.as_object_mut(), limit) {
            object.insert(key.into(), plain(limit));
        }
    }
    schema
}

/// A limit without a needless `.0`.
fn plain(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

/// A reference to a table, whose definition is made once.
fn reference(record: &RecordShape, choice: bool, defs: &mut BTreeMap<String, Value>) -> Value {
    let name = table_name(record);
    if !defs.contains_key(name) {
        // Placed first, so that a table that holds itself does not go round for ever.
        defs.insert(name.to_owned(), Value::Null);
        let schema = table_schema(record, choice, defs);
        defs.insert(name.to_owned(), schema);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn table_schema(record: &RecordShape, choice: bool, defs: &mut BTreeMap<String, Value>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in (record.fields)() {
        let mut schema = schema_of(&field.shape, defs);
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".into(), json!(field.doc));
        }
        properties.insert(field.key.into(), schema);
        if field.required {
            required.push(field.key);
        }
    }
    let mut schema = json!({
        "type": "object",
        "description": record.doc,
        "properties": properties,
        "additionalProperties": false,
    });
    if let Some(object) = schema.as_object_mut() {
        if choice {
            object.insert("minProperties".into(), json!(1));
            object.insert("maxProperties".into(), json!(1));
        } else if !required.is_empty() {
            object.insert("required".into(), json!(required));
        }
    }
    schema
}

/// The name of a table without the marks of the code.
fn table_name(record: &RecordShape) -> &'static str {
    let name = record.name.strip_prefix("Raw").unwrap_or(record.name);
    name.strip_suffix("Input").unwrap_or(name)
}

/// The page that describes every input file, in Markdown.
pub fn reference_page() -> String {
    let mut out = String::from(
        "# Input files\n\nMade from the tables in `src/input` by `QINGNUAN_BLESS=1 cargo test --test schema`; \
         do not edit.\nUnknown keys are errors. Keys end in their unit.\n",
    );
    for kind in file_kinds() {
        let _ = write!(out, "\n## {} (`{}`)\n", kind.name, kind.path);
        let mut tables = Vec::new();
        collect(&(kind.shape)(), &mut tables);
        for (record, choice) in &tables {
            out.push_str(&table_section(record, *choice));
        }
    }
    out
}

/// Every table of a shape, each once, in the order of reading.
fn collect(shape: &Shape, tables: &mut Vec<(RecordShape, bool)>) {
    match shape {
        Shape::List(item) | Shape::Map(item) => collect(item, tables),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| collect(shape, tables)),
        Shape::Record(record) | Shape::Choice(record) => {
            if tables.iter().any(|(known, _)| known.name == record.name) {
                return;
            }
            tables.push((record.clone(), matches!(shape, Shape::Choice(_))));
            for field in (record.fields)() {
                collect(&field.shape, tables);
            }
        }
        _ => {}
    }
}

fn table_section(record: &RecordShape, choice: bool) -> String {
    let mut out = format!("\n### {}\n\n{}", table_name(record), record.doc);
    if choice {
        out.push_str(" Exactly one of these keys.");
    }
    out.push_str("\n\n| key | type | unit | limits | required | what it is |\n");
    out.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for field in (record.fields)() {
        out.push_str(&field_row(&field));
    }
    out
}

fn field_row(field: &FieldShape) -> String {
    format!(
        "| `{}` | {} | {} | {} | {} | {} |\n",
        field.key,
        type_of(&field.shape),
        unit_of(field.key).unwrap_or_default(),
        limits_of(&field.shape).unwrap_or_default(),
        if field.required { "yes" } else { "" },
        field.doc.replace('|', "\\|"),
    )
}

fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Number(_) => "number".into(),
        Shape::Integer(_) => "whole number".into(),
        Shape::Text => "text".into(),
        Shape::Bool => "`true`, `false`".into(),
        Shape::Any => "any value".into(),
        Shape::Date => "date".into(),
        Shape::MonthDay => "`\"MM-DD\"`".into(),
        Shape::Name => "text or `{ zh, en }`".into(),
        Shape::OneOf(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            keys.join(", ")
        }
        Shape::List(item) => format!("list of: {}", type_of(item)),
        Shape::Map(item) => format!("table by id of: {}", type_of(item)),
        Shape::Record(record) | Shape::Choice(record) => {
            let name = table_name(record);
            format!("[{name}](#{})", name.to_lowercase())
        }
        Shape::Either(shapes) => {
            let types: Vec<String> = shapes.iter().map(type_of).collect();
            types.join(" or ")
        }
    }
}

fn limits_of(shape: &Shape) -> Option<String> {
    let limits = match shape {
        Shape::Number(limits) | Shape::Integer(limits) => limits,
        Shape::List(item) | Shape::Map(item) => return limits_of(item),
        Shape::Either(shapes) => return shapes.iter().find_map(limits_of),
        _ => return None,
    };
    match (limits.min, limits.max) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("from {min}")),
        (None, Some(max)) => Some(format!("up to {max}")),
        (None, None) => None,
    }
}

/// Words of which units are made in keys.
const UNIT_WORDS: [(&str, &str); 36] = [
    ("cny", "CNY"),
    ("m2", "m2"),
    ("m3", "m3"),
    ("m", "m"),
    ("mm", "mm"),
    ("km", "km"),
    ("kwh", "kWh"),
    ("kw", "kW"),
    ("w", "W"),
    ("wp", "Wp"),
    ("kwp", "kWp"),
    ("c", "degC"),
    ("k", "K"),
    ("k2", "K2"),
    ("kg", "kg"),
    ("g", "g"),
    ("t", "t"),
    ("l", "l"),
    ("mj", "MJ"),
    ("gj", "GJ"),
    ("kj", "kJ"),
    ("j", "J"),
    ("h", "h"),
    ("s", "s"),
    ("min", "min"),
    ("day", "d"),
    ("days", "d"),
    ("month", "month"),
    ("months", "months"),
    ("year", "a"),
    ("years", "a"),
    ("winter", "winter"),
    ("deg", "deg"),
    ("person", "person"),
    ("household", "household"),
    ("unit", "unit"),
];

/// The unit that a key ends in: `price_cny_per_kwh` gives `CNY/kWh`. A share and a rate have none.
pub fn unit_of(key: &str) -> Option<String> {
    let words: Vec<&str> = key.split('_').collect();
    let known = |word: &str| UNIT_WORDS.iter().find(|(name, _)| *name == word);
    let mut first = words.len();
    while first > 1 && (words[first - 1] == "per" || known(words[first - 1]).is_some()) {
        first -= 1;
    }
    let tail = words.get(first..).filter(|tail| !tail.is_empty())?;
    // `gas_cooking_m3_per_month` begins with its unit, `kw_per_person` too; a lone `per` is none.
    let (over, under): (Vec<&str>, Vec<&str>) = match tail.iter().position(|word| *word == "per") {
        Some(per) => (
            tail[..per].to_vec(),
            tail[per..]
                .iter()
                .filter(|word| **word != "per")
                .copied()
                .collect(),
        ),
        None => (tail.to_vec(), Vec::new()),
    };
    let signs = |words: &[&str]| -> Vec<&str> {
        words
            .iter()
            .filter_map(|word| known(word).map(|(_, sign)| *sign))
            .collect()
    };
    let (over, under) = (signs(&over), signs(&under));
    let over = if over.is_empty() {
        "1".to_owned()
    } else {
        over.join(" ")
    };
    Some(match under.as_slice() {
        [] => over,
        [one] => format!("{over}/{one}"),
        many => format!("{over}/({})", many.join(" ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_in_its_unit() {
        for (key, unit) in [
            ("heated_area_m2", Some("m2")),
            ("price_cny_per_kwh", Some("CNY/kWh")),
            ("wall_u_w_per_m2_k", Some("W/(m2 K)")),
            ("income_cny_per_person_year", Some("CNY/(person a)")),
            ("set_c", Some("degC")),
            ("horizon_years", Some("a")),
            ("people", None),
            ("k", None),
            ("discount_rate", None),
            ("air_changes_per_h", Some("1/h")),
        ] {
            assert_eq!(unit_of(key).as_deref(), unit, "{key}");
        }
    }

    #[test]
    fn a_file_is_known_by_its_place_or_its_keys() {
        let case = "place = \"x\"\n[house]\nheated_area_m2 = 1\n";
        for (path, text, name) in [
            ("mine.toml", case, "case"),
            ("", "", "case"),
            ("data/products/emitters.toml", "", "emitters"),
            ("data/products/x.toml", "", "product"),
            ("data/sources/x.toml", "", "sources"),
            ("data/places/hebei/handan/tariffs.toml", "", "tariffs"),
            ("tariffs.toml", "", "tariffs"),
            ("settings.toml", "", "settings"),
        ] {
            assert_eq!(kind_of(Path::new(path), text).unwrap().name, name, "{path}");
        }
    }
}
