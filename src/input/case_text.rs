//! A case as the text of its file. The order of keys and tables is that of the declaration of
//! [`RawCase`]; values are quoted by the TOML writer, and comments hold no line break.

use crate::input::case::RawCase;
use crate::input::record::{Field, FieldShape, Limits, Shape};

/// A key with its value and what is said beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key with its table: `house.heated_area_m2`.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
    /// What its reader should know; may be empty.
    pub comment: String,
}

/// A value of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, whatever it holds.
    Text(String),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Flag(bool),
}

impl Value {
    /// As TOML.
    fn written(&self) -> String {
        match self {
            Self::Text(text) => toml::Value::String(text.clone()).to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e9 => {
                format!("{number:.0}")
            }
            Self::Number(number) => toml::Value::Float(*number).to_string(),
        }
    }
}

/// The text of a case with these entries, after lines of comment at its head.
pub fn case_text(head: &[String], entries: &[Entry]) -> String {
    let mut out: String = head.iter().map(|line| comment_line(line)).collect();
    let fields = fields_of(&RawCase::shape(Limits::default()));
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| position(&fields, entry.key));
    let mut table = "";
    for entry in sorted {
        let (own, key) = entry.key.split_once('.').unwrap_or(("", entry.key));
        if own != table {
            table = own;
            out += &format!("\n[{table}]\n");
        }
        out += &format!("{key} = {}", entry.value.written());
        let comment = one_line(&entry.comment);
        if !comment.is_empty() {
            out += &format!("  # {comment}");
        }
        out.push('\n');
    }
    out
}

fn fields_of(shape: &Shape) -> Vec<FieldShape> {
    match shape {
        Shape::Record(record) => (record.fields)(),
        _ => Vec::new(),
    }
}

/// Where a key stands in the declaration: keys of no table first.
fn position(fields: &[FieldShape], key: &str) -> (usize, usize) {
    let at = |fields: &[FieldShape], key: &str| fields.iter().position(|field| field.key == key);
    match key.split_once('.') {
        None => (0, at(fields, key).unwrap_or(fields.len())),
        Some((table, key)) => {
            let place = at(fields, table);
            let inner = place.and_then(|i| fields.get(i));
            let inner = inner.map_or(Vec::new(), |field| fields_of(&field.shape));
            let before = place.unwrap_or(fields.len());
            (before + 1, at(&inner, key).unwrap_or(inner.len()))
        }
    }
}

fn comment_line(text: &str) -> String {
    format!("{}\n", format!("# {}", one_line(text)).trim_end())
}

/// Text without line breaks and other signs that a comment cannot hold.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::case::parse_case;
    use proptest::prelude::*;
    use std::path::Path;

    fn entry(key: &'static str, value: Value, comment: &str) -> Entry {
        let comment = comment.to_owned();
        Entry {
            key,
            value,
            comment,
        }
    }

    #[test]
    fn keys_stand_in_the_order_of_the_declaration() {
        let entries = [
            entry("today.loose_coal_t", Value::Number(1.5), "3000斤"),
            entry("site.gas_main", Value::Flag(false), ""),
            entry("house.heated_area_m2", Value::Number(100.0), "100平"),
            entry("house.kind", Value::Text("farmhouse".into()), ""),
            entry("place", Value::Text("红寺堡".into()), ""),
        ];
        assert_eq!(
            case_text(&["一户".into()], &entries),
            "# 一户\nplace = \"红寺堡\"\n\n[house]\nkind = \"farmhouse\"\nheated_area_m2 = 100  \
             # 100平\n\n[today]\nloose_coal_t = 1.5  # 3000斤\n\n[site]\ngas_main = false\n"
        );
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_quotes_or_its_comment(name in any::<String>(), said in any::<String>()) {
            let entries = [
                entry("place", Value::Text(name.clone()), &said),
                entry("house.heated_area_m2", Value::Number(80.5), &said),
            ];
            let text = case_text(std::slice::from_ref(&said), &entries);
            let (case, problems) = parse_case("case.toml", Path::new(""), &text);
            prop_assert!(!problems.has_errors(), "{problems:?} in {text}");
            let case = case.unwrap();
            prop_assert_eq!(case.place.value, name);
            prop_assert_eq!(case.house.heated_area_m2.value, 80.5);
        }
    }
}
