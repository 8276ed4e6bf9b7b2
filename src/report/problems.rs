//! Problems in words: where, what, and how to put it right, all of them together.

use std::fmt::{Display, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::input::guard::Texts;
use crate::input::problem::{Place, Problem, ProblemKind, Problems, Severity};
use crate::report::messages::Messages;
use crate::report::table::{PAGE, paragraph};

/// Longest excerpt of a line that is shown, in columns.
const EXCERPT: usize = 70;
/// Most names that a hint lists.
const LISTED: usize = 20;

/// All problems in order of file and line: `file:line: field: message`, the line itself with a
/// mark under the column where its text is at hand, and a hint.
pub fn render(problems: &Problems, messages: &Messages, texts: &Texts) -> String {
    let mut out = String::new();
    for problem in &problems.clone().sorted().0 {
        let line = texts.line(&problem.place.file, problem.place.line);
        out.push_str(&headline(problem, line, messages));
        out.push('\n');
        if let Some(line) = line {
            out.push_str(&excerpt(&problem.place, line));
        }
        for hint in hints(&problem.kind, line, messages) {
            let hint = format!("  {}: {hint}", messages.text("hint"));
            out.push_str(&paragraph(&hint, PAGE, 4));
        }
    }
    out
}

/// `file:line: field: message`; parts that the place lacks are left out.
/// `line` is the text of the line, which helps to say what is wrong with its syntax.
pub fn headline(problem: &Problem, line: Option<&str>, messages: &Messages) -> String {
    let place = &problem.place;
    let mut out = place.file.clone();
    if place.line > 0 {
        let _ = write!(out, ":{}", place.line);
    }
    if !place.field.is_empty() {
        out = join(out, &place.field);
    }
    if problem.severity == Severity::Warning {
        out = join(out, &messages.text("severity-warning"));
    }
    let said = match &problem.kind {
        ProblemKind::Syntax { reason } => {
            messages.with(syntax_key(reason, line), &[("reason", reason)])
        }
        kind => message(kind, messages),
    };
    join(out, &said)
}

fn join(before: String, after: &str) -> String {
    if before.is_empty() {
        after.to_owned()
    } else {
        format!("{before}: {after}")
    }
}

/// The line with its number, cut around the column, and `^` under the column.
fn excerpt(place: &Place, line: &str) -> String {
    let number = place.line.to_string();
    let column = place.column.max(1) - 1;
    let plain: Vec<char> = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let start = window_start(&plain, column);
    let mut shown = String::new();
    for c in plain.iter().skip(start) {
        if shown.width() + c.width().unwrap_or(0) > EXCERPT {
            break;
        }
        shown.push(*c);
    }
    let before: usize = plain
        .iter()
        .take(column)
        .skip(start)
        .map(|c| c.width().unwrap_or(0))
        .sum();
    let mut out = format!("  {number} | {}\n", shown.trim_end());
    if place.column > 0 {
        let blank = number.len();
        let _ = writeln!(out, "  {:blank$} | {:before$}^", "", "");
    }
    out
}

/// The first character shown, so that the column is inside the excerpt.
fn window_start(line: &[char], column: usize) -> usize {
    let width = |from: usize| -> usize {
        line.iter()
            .take(column + 1)
            .skip(from)
            .map(|c| c.width().unwrap_or(0))
            .sum()
    };
    if width(0) <= EXCERPT {
        return 0;
    }
    // Wide characters take two columns, so half as many always fit.
    column.saturating_sub(EXCERPT / 2 - 1)
}

/// The sentence of a problem.
fn message(kind: &ProblemKind, messages: &Messages) -> String {
    let with = |key: &str, values: &[(&str, &dyn Display)]| messages.with(key, values);
    match kind {
        ProblemKind::CannotRead { reason } => {
            let reason = messages.member("reason", reason);
            with("problem-cannot-read", &[("reason", &reason)])
        }
        ProblemKind::EmptyFile => with("problem-empty-file", &[]),
        ProblemKind::NotText => with("problem-not-text", &[]),
        ProblemKind::OtherEncoding { encoding } => {
            with("problem-other-encoding", &[("encoding", encoding)])
        }
        ProblemKind::CaseFiles { found } if found.is_empty() => {
            with("problem-case-files-none", &[])
        }
        ProblemKind::CaseFiles { found } => {
            with("problem-case-files-many", &[("found", &list(found))])
        }
        ProblemKind::TooLarge { megabytes, limit } => with(
            "problem-too-large",
            &[("megabytes", megabytes), ("limit", limit)],
        ),
        ProblemKind::UnknownKey { key, .. } => with("problem-unknown-key", &[("key", key)]),
        ProblemKind::MissingKey { key } => with("problem-missing-key", &[("key", key)]),
        ProblemKind::WrongType { expected, found } => {
            let expected = messages.member("type", expected);
            let values: [(&str, &dyn Display); 2] = [("expected", &expected), ("found", found)];
            with("problem-wrong-type", &values)
        }
        ProblemKind::NotFinite => with("problem-not-finite", &[]),
        ProblemKind::OutOfRange { value, min, max } => out_of_range(*value, *min, *max, messages),
        ProblemKind::Unlikely { value, min, max } => with(
            "problem-unlikely",
            &[("value", value), ("min", min), ("max", max)],
        ),
        ProblemKind::NotOneOf { value, .. } => with("problem-not-one-of", &[("value", value)]),
        ProblemKind::NoKind { allowed, found } if found.is_empty() => {
            with("problem-no-kind-none", &[("allowed", &list(allowed))])
        }
        ProblemKind::NoKind { found, .. } => {
            with("problem-no-kind-many", &[("found", &list(found))])
        }
        _ => relation_message(kind, messages),
    }
}

/// The sentence of a problem between two things of an input.
fn relation_message(kind: &ProblemKind, messages: &Messages) -> String {
    let with = |key: &str, values: &[(&str, &dyn Display)]| messages.with(key, values);
    match kind {
        ProblemKind::WrongLength {
            found,
            expected,
            because,
        } => with(
            "problem-wrong-length",
            &[
                ("found", found),
                ("expected", expected),
                ("because", because),
            ],
        ),
        ProblemKind::OutOfOrder { value, before } => with(
            "problem-out-of-order",
            &[("value", value), ("before", before)],
        ),
        ProblemKind::DatesOverlap { first, second } => with(
            "problem-dates-overlap",
            &[("first", first), ("second", second)],
        ),
        ProblemKind::DatesGap { from, to } => {
            with("problem-dates-gap", &[("from", from), ("to", to)])
        }
        ProblemKind::HoursNotCovered { hours, times } => with(
            "problem-hours-not-covered",
            &[("hours", hours), ("times", times)],
        ),
        ProblemKind::OpenEnd { .. } => with("problem-open-end", &[]),
        ProblemKind::NotADay { value } => with("problem-not-a-day", &[("value", value)]),
        ProblemKind::SharesSum { sum } => with("problem-shares-sum", &[("sum", sum)]),
        ProblemKind::Conflict { key, other } => {
            with("problem-conflict", &[("key", key), ("other", other)])
        }
        ProblemKind::Needs { key, other } => {
            with("problem-needs", &[("key", key), ("other", other)])
        }
        ProblemKind::Duplicate { id, first } => {
            with("problem-duplicate", &[("id", id), ("first", first)])
        }
        ProblemKind::Unresolved { what, id, .. } => {
            let what = messages.member("thing", what);
            with("problem-unresolved", &[("what", &what), ("id", id)])
        }
        ProblemKind::AmbiguousPlace { name, candidates } => with(
            "problem-ambiguous-place",
            &[("name", name), ("candidates", &list(candidates))],
        ),
        ProblemKind::Other { message, values } => {
            let values: Vec<(&str, &dyn Display)> = values
                .iter()
                .map(|(name, value)| (*name, value as &dyn Display))
                .collect();
            with(message, &values)
        }
        _ => String::new(),
    }
}

fn out_of_range(value: f64, min: Option<f64>, max: Option<f64>, messages: &Messages) -> String {
    let (low, high) = (min.unwrap_or_default(), max.unwrap_or_default());
    let key = match (min, max) {
        (Some(_), Some(_)) => "problem-out-of-range-both",
        (Some(_), None) => "problem-out-of-range-min",
        (None, _) => "problem-out-of-range-max",
    };
    messages.with(key, &[("value", &value), ("min", &low), ("max", &high)])
}

/// A problem of a row as a table of refused rows has it: what is wrong, and how to put it right.
pub fn reason_and_hint(problem: &Problem, messages: &Messages) -> (String, String) {
    let said = message(&problem.kind, messages);
    (said, hints(&problem.kind, None, messages).join(" "))
}

/// How to put it right.
fn hints(kind: &ProblemKind, line: Option<&str>, messages: &Messages) -> Vec<String> {
    let one = |key: &str| vec![messages.text(key)];
    match kind {
        ProblemKind::NotText => one("hint-not-text"),
        ProblemKind::OtherEncoding { .. } => one("hint-other-encoding"),
        ProblemKind::CaseFiles { found } if !found.is_empty() => one("hint-case-files-many"),
        ProblemKind::Syntax { .. } if line.is_some_and(has_full_width) => one("hint-full-width"),
        ProblemKind::UnknownKey {
            nearest, allowed, ..
        }
        | ProblemKind::NotOneOf {
            nearest, allowed, ..
        } => name_hint(nearest.as_deref(), allowed, messages),
        ProblemKind::Unresolved { nearest, .. } => name_hint(nearest.as_deref(), &[], messages),
        ProblemKind::OpenEnd { write } => vec![messages.with("hint-open-end", &[("write", write)])],
        ProblemKind::AmbiguousPlace { .. } => one("hint-ambiguous-place"),
        ProblemKind::Other { values, .. } => values
            .iter()
            .filter(|(name, _)| *name == "hint")
            .map(|(_, key)| messages.text(key))
            .collect(),
        _ => Vec::new(),
    }
}

/// The nearest valid name, or else the valid names.
fn name_hint(nearest: Option<&str>, allowed: &[String], messages: &Messages) -> Vec<String> {
    match nearest {
        Some(nearest) => vec![messages.with("hint-nearest", &[("nearest", &nearest)])],
        None if allowed.is_empty() => Vec::new(),
        None => vec![messages.with("hint-allowed", &[("allowed", &list(allowed))])],
    }
}

fn list(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(LISTED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > LISTED {
        text.push_str(" ...");
    }
    text
}

/// Signs of a Chinese keyboard that a line of TOML cannot hold outside text.
fn has_full_width(line: &str) -> bool {
    line.chars()
        .any(|c| "“”‘’＝，：［］｛｝＃．；＂".contains(c))
}

/// The message for what the TOML parser said; its sentences are English. The line itself shows
/// what the parser cannot name: nothing after the sign, or a unit after a number.
fn syntax_key(reason: &str, line: Option<&str>) -> &'static str {
    let value = line
        .and_then(|line| line.split_once('='))
        .map(|(_, value)| value.trim());
    let unquoted = reason.contains("unquoted string") || reason.contains("must be quoted");
    match value {
        Some("") => return "problem-syntax-value",
        Some(value) if unquoted && value.starts_with(|c: char| c.is_ascii_digit()) => {
            return "problem-syntax-unit";
        }
        _ => {}
    }
    const KEYS: [(&str, &[&str]); 7] = [
        ("problem-syntax-duplicate", &["duplicate key"]),
        (
            "problem-syntax-unclosed",
            &["unclosed", "invalid basic string", "invalid literal string"],
        ),
        (
            "problem-syntax-quote",
            &["unquoted string", "must be quoted", "missing opening quote"],
        ),
        ("problem-syntax-date", &["invalid date"]),
        ("problem-syntax-comma", &["comma"]),
        (
            "problem-syntax-key",
            &[
                "key with no value",
                "missing assignment",
                "invalid key",
                "unquoted key",
                "extra assignment",
            ],
        ),
        (
            "problem-syntax-value",
            &["missing value", "invalid value", "extra `=`"],
        ),
    ];
    KEYS.iter()
        .find(|(_, parts)| parts.iter().any(|part| reason.contains(part)))
        .map_or("problem-syntax-other", |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::messages::Lang;

    fn problem(column: usize, kind: ProblemKind) -> (Problems, Texts) {
        let place = Place {
            file: "算例.toml".into(),
            line: 2,
            column,
            field: "house.heated_area_m2".into(),
        };
        let mut problems = Problems::default();
        problems.error(place, kind);
        (problems, Texts::default())
    }

    #[test]
    fn the_mark_stands_under_its_column_after_wide_characters() {
        let (problems, mut texts) = problem(13, ProblemKind::NotFinite);
        texts.insert("算例.toml", "\nx = \"红寺堡\", nan\n");
        assert_eq!(
            render(&problems, &Messages::new(Lang::Zh), &texts),
            "算例.toml:2: house.heated_area_m2: 不是有限的数\n  \
               2 | x = \"红寺堡\", nan\n    \
                 |                ^\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let (problems, mut texts) = problem(5000, ProblemKind::NotFinite);
        texts.insert("算例.toml", format!("\n{}", "长".repeat(9000)));
        let text = render(&problems, &Messages::new(Lang::Zh), &texts);
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        assert!(text.contains('^'));
    }

    #[test]
    fn what_the_parser_says_is_put_into_words() {
        assert_eq!(
            syntax_key("unclosed table, expected `]`", None),
            "problem-syntax-unclosed"
        );
        assert_eq!(syntax_key("something new", None), "problem-syntax-other");
    }

    #[test]
    fn a_warning_is_marked() {
        let kind = ProblemKind::Unlikely {
            value: 900.0,
            min: 20.0,
            max: 400.0,
        };
        let mut problems = Problems::default();
        problems.warn(Place::default(), kind);
        assert_eq!(
            render(&problems, &Messages::new(Lang::En), &Texts::default()),
            "note: 900 is unusual, usual are 20 to 400; please check\n"
        );
    }
}
