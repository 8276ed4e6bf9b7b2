//! The catalogues of messages: both languages have every key, and every key is used.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;
use qingnuan::cli::{args, compute};
use qingnuan::comparison::outcome::ConfidenceLevel;
use qingnuan::input::case::read_case;
use qingnuan::input::inventory::FigureKind;
use qingnuan::input::library::Library;
use qingnuan::input::roster::columns::Column;
use qingnuan::input::schema::file_kinds;
use qingnuan::questions::scenario::{OF_OPTION, OF_PLACE};
use qingnuan::report::account;
use qingnuan::report::chart::Chart;
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::report::roster::results;
use qingnuan::tariff::HourClass;
use qingnuan::words::fixed::Rounding;
use qingnuan::words::kinds::{Carrier, Category, HeaterKind, Item, Kind, Payer, Service};
use qingnuan::words::provenance::Grade;
use unicode_width::UnicodeWidthStr;

/// Keys of a catalogue with the names of the values that each takes.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for line in lang.source().lines() {
        let Some((key, text)) = line.split_once(" = ") else {
            assert!(
                line.is_empty() || line.starts_with('#'),
                "no message: {line}"
            );
            continue;
        };
        let values = text
            .split("{ $")
            .skip(1)
            .filter_map(|rest| rest.split_once(" }"))
            .map(|(name, _)| name.to_owned())
            .collect();
        assert!(
            keys.insert(key.to_owned(), values).is_none(),
            "{key} stands twice"
        );
    }
    keys
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            files.push(path);
        }
    }
}

/// All of `src` as one text, without the unit tests at the end of the files.
fn source() -> String {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    files.iter().map(|file| code(file)).collect()
}

fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Every text literal of the source that stands after `before`.
fn literals_after(source: &str, before: &str) -> BTreeSet<String> {
    source
        .split(before)
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'))
        .map(|(text, _)| text.to_owned())
        .collect()
}

fn command_keys(command: &Command, name: &str, keys: &mut BTreeSet<String>) {
    keys.extend([
        format!("about-{name}"),
        format!("usage-{name}"),
        format!("after-help-{name}"),
    ]);
    keys.extend(
        command
            .get_arguments()
            .map(|arg| format!("arg-{}", arg.get_id())),
    );
    for sub in command.get_subcommands() {
        let full = match name {
            "qingnuan" => sub.get_name().to_owned(),
            _ => format!("{name}-{}", sub.get_name()),
        };
        command_keys(sub, &full, keys);
    }
}

/// Facts that rules of the library ask for and that have words; a county's own fact goes by its id.
fn facts_of_the_library() -> impl Iterator<Item = String> {
    let library = Library::bundled();
    let rules: String = library
        .files_under("places/")
        .iter()
        .filter(|path| path.ends_with("subsidies.toml"))
        .filter_map(|path| library.text(path))
        .collect();
    let named = keys(Lang::Zh).into_keys();
    named.filter_map(move |key| {
        let fact = key.strip_prefix("fact-")?;
        rules
            .contains(&format!("\"{fact}\""))
            .then(|| fact.to_owned())
    })
}

/// Keys that are put together while the program runs, and so are no literal of the source.
fn made_keys(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    command_keys(
        &args::command(&Messages::new(Lang::Zh)),
        "qingnuan",
        &mut keys,
    );
    keys.extend(
        file_kinds()
            .iter()
            .map(|kind| format!("file-kind-{}", kind.name)),
    );
    for name in ["usage", "commands", "positionals", "options"] {
        keys.insert(format!("help-label-{name}"));
    }
    for name in ["not_found", "no_permission", "is_directory"] {
        keys.insert(format!("reason-{name}"));
    }
    family("payer", Payer::ALL, &mut keys);
    family("carrier", Carrier::ALL, &mut keys);
    family("category", Category::ALL, &mut keys);
    family("heater", HeaterKind::ALL, &mut keys);
    family("item", Item::ALL, &mut keys);
    family("service", Service::ALL, &mut keys);
    family("hour", HourClass::ALL, &mut keys);
    keys.extend(facts_of_the_library().map(|fact| format!("fact-{fact}")));
    family("grade", Grade::ALL, &mut keys);
    family("figure", FigureKind::ALL, &mut keys);
    family("figure-head", &FigureKind::ALL[..9], &mut keys);
    family("confidence", ConfidenceLevel::ALL, &mut keys);
    family("book-rounding", Rounding::ALL, &mut keys);
    for measure in OF_OPTION.iter().chain(&OF_PLACE).filter(|it| it.shown) {
        keys.insert(format!(
            "scenario-measure-{}",
            measure.key.replace('_', "-")
        ));
    }
    for name in ["simulated", "index", "metered"] {
        keys.insert(format!("method-{name}"));
    }
    for name in [
        "bottle", "bag", "set", "winter", "month", "year", "time", "grant", "CNY",
    ] {
        keys.insert(format!("unit-{name}"));
    }
    for name in ["assumption", "case"] {
        keys.insert(format!("source-{name}"));
    }
    family("chart-what", Chart::ALL, &mut keys);
    family("roster-is", Column::ALL, &mut keys);
    keys.extend(results::keys().map(|key| format!("roster-col-{key}")));
    for name in ["row", "field", "value", "reason", "hint"] {
        keys.insert(format!("reject-{name}"));
    }
    for name in [
        "options",
        "overview",
        "changes",
        "categories",
        "years",
        "townships",
        "villages",
    ] {
        keys.extend([format!("roster-{name}"), format!("roster-{name}-sheet")]);
    }
    let types = literals_after(source, "wrong_type(node, cx,");
    keys.extend(types.iter().map(|name| format!("type-{name}")));
    keys
}

/// Members of the family of messages that are asked for by a word in the source.
fn family<K: Kind>(name: &str, kinds: &[K], keys: &mut BTreeSet<String>) {
    keys.extend(kinds.iter().map(|kind| format!("{name}-{}", kind.key())));
}

/// Whether a message is named by its last part: a step of the comparison, a thing of the library.
fn named_by_a_part(key: &str, source: &str) -> bool {
    let part = key
        .strip_prefix("step-")
        .or_else(|| key.strip_prefix("thing-"));
    part.is_some_and(|part| source.contains(&format!("\"{part}\"")))
}

/// Things that problems name and steps that the comparison names.
fn parts(prefix: &str, folder: &str, before: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(folder),
        &mut files,
    );
    let text: String = files.iter().map(|file| code(file)).collect();
    let found = before
        .iter()
        .flat_map(|before| literals_after(&text, before));
    found.map(|part| format!("{prefix}-{part}")).collect()
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_values() {
    let (zh, en) = (keys(Lang::Zh), keys(Lang::En));
    let names = |keys: &BTreeMap<_, _>| keys.keys().cloned().collect::<Vec<String>>();
    assert_eq!(names(&zh), names(&en));
    for (key, values) in &zh {
        assert_eq!(values, &en[key], "values of {key}");
    }
}

#[test]
fn every_message_is_used() {
    let source = source();
    let made = made_keys(&source);
    let unused: Vec<String> = keys(Lang::Zh)
        .into_keys()
        .filter(|key| !made.contains(key) && !source.contains(&format!("\"{key}\"")))
        .filter(|key| !named_by_a_part(key, &source))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_message_that_is_asked_for_is_there() {
    let source = source();
    let zh = keys(Lang::Zh);
    let mut asked = made_keys(&source);
    asked.retain(|key| !key.starts_with("after-help-"));
    asked.extend(parts("thing", "input", &["what:", "resolve("]));
    asked.extend(parts("step", "comparison", &["what:", "term("]));
    asked.extend(literals_after(&source, "message:"));
    asked.extend(literals_after(&source, "let message ="));
    for before in ["messages.text(", "messages.with("] {
        asked.extend(literals_after(&source, before));
    }
    let missing: Vec<&String> = asked.iter().filter(|key| !zh.contains_key(*key)).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn the_catalogues_parse_without_loss() {
    for lang in [Lang::Zh, Lang::En] {
        let messages = Messages::new(lang);
        for key in keys(lang).keys() {
            assert!(messages.get(key, &[]).is_some(), "{key}");
        }
    }
}

#[test]
fn help_fits_a_terminal_of_80_columns() {
    fn check(command: &mut Command) {
        let help = command.render_help().to_string();
        for line in help.lines() {
            assert!(line.width() <= 80, "{} columns: {line}", line.width());
        }
        let subs: Vec<String> = command
            .get_subcommands()
            .map(|sub| sub.get_name().to_owned())
            .collect();
        for sub in subs {
            check(command.find_subcommand_mut(&sub).unwrap());
        }
    }
    for lang in [Lang::Zh, Lang::En] {
        let mut command = args::command(&Messages::new(lang));
        command.build();
        check(&mut command);
    }
}

const fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

#[test]
fn an_account_is_in_one_language() {
    let library = Library::bundled();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for entry in fs::read_dir(examples).unwrap() {
        let folder = entry.unwrap().path();
        let Some(case) = read_case(&folder).case else {
            continue;
        };
        let comparison = compute::comparison(&case, &library).unwrap();
        let english = account::text(&comparison, &Messages::new(Lang::En));
        let chinese = account::text(&comparison, &Messages::new(Lang::Zh));
        let line = english.lines().find(|line| line.contains(is_chinese));
        assert_eq!(line, None, "{}", folder.display());
        let line = chinese.lines().find(|line| line.contains("CNY"));
        assert_eq!(line, None, "{}", folder.display());
        seen += 1;
    }
    assert!(seen > 10, "{seen} examples");
}

#[test]
fn the_edges_that_print_hold_no_chinese_of_their_own() {
    // Names under which a command is called too.
    const WORDS_OF_INPUT: [&str; 2] = ["alias = ", "aliases = "];
    let mut files = Vec::new();
    for folder in ["report", "cli"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        sources(&root.join(folder), &mut files);
    }
    // It knows how names of places end, and writes the template of a county.
    files.retain(|file| !file.ends_with("new_region.rs"));
    // It knows how numbers are said in Mandarin.
    files.retain(|file| !file.ends_with("handout/spoken.rs"));
    let mut found = Vec::new();
    for file in files {
        for line in code(&file).lines() {
            let line = line.split("//").next().unwrap_or_default().trim();
            let input = WORDS_OF_INPUT.iter().any(|word| line.contains(word));
            // Punctuation decides where a line of Chinese may end.
            if line.contains(|c| matches!(c, '\u{4e00}'..='\u{9fff}')) && !input {
                found.push(format!("{}: {line}", file.display()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
