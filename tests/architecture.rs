//! The rules of the structure, as sentences that run.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

const STEPS: [&str; 6] = [
    "weather",
    "demand",
    "technology",
    "tariff",
    "subsidy",
    "lifecycle",
];
const EDGES: [&str; 3] = ["input", "report", "cli"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            found.push(path);
        }
    }
}

/// A line of code outside tests and comments, with its place.
struct Line {
    place: String,
    code: String,
}

/// The code lines of a module: comments and the test module at the end of each file left out.
fn lines_of(module: &str) -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("src").join(module);
    let mut found = Vec::new();
    if folder.is_dir() {
        files(&folder, &mut found);
    }
    let file = root.join("src").join(format!("{module}.rs"));
    found.extend(file.is_file().then_some(file));
    found.sort();
    let mut lines = Vec::new();
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let shown = path.strip_prefix(root).unwrap().display().to_string();
        let program = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        for (i, line) in program.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") {
                lines.push(Line {
                    place: format!("{shown}:{}", i + 1),
                    code: code.to_owned(),
                });
            }
        }
    }
    lines
}

/// Fails with every line of `module` that holds one of `words`.
fn never(module: &str, words: &[String], why: &str) {
    let broken: Vec<String> = lines_of(module)
        .iter()
        .filter(|line| words.iter().any(|word| line.code.contains(word.as_str())))
        .map(|line| format!("{}: {}", line.place, line.code))
        .collect();
    assert!(broken.is_empty(), "{module} {why}:\n{}", broken.join("\n"));
}

/// Ways to name a module of the crate.
fn names(modules: &[&str]) -> Vec<String> {
    modules
        .iter()
        .flat_map(|module| {
            [
                format!("crate::{module}::"),
                format!("crate::{module}::{{"),
                format!("crate::{{{module}"),
            ]
        })
        .collect()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn every_module_is_where_the_drawing_has_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in STEPS
        .iter()
        .chain(&EDGES)
        .chain(&["words", "comparison", "questions"])
    {
        assert!(
            !lines_of(module).is_empty(),
            "src/{module} is empty or gone"
        );
        assert!(root.join(module).is_dir());
    }
}

#[test]
fn words_never_name_a_layer_above() {
    let above: Vec<&str> = [&STEPS[..], &EDGES[..], &["comparison", "questions"]].concat();
    never("words", &names(&above), "names a layer above");
}

#[test]
fn a_step_never_names_another_step_or_a_layer_above() {
    for step in STEPS {
        let others: Vec<&str> = STEPS.into_iter().filter(|other| *other != step).collect();
        let above = [&others[..], &EDGES[..], &["comparison", "questions"]].concat();
        never(step, &names(&above), "names another step or a layer above");
    }
}

#[test]
fn the_comparison_never_names_an_edge() {
    never("comparison", &names(&EDGES), "names an edge");
}

#[test]
fn the_questions_never_name_an_edge() {
    never("questions", &names(&EDGES), "names an edge");
}

#[test]
fn the_input_never_names_report_or_cli() {
    never("input", &names(&["report", "cli"]), "names a later edge");
}

#[test]
fn the_report_never_names_cli() {
    never("report", &names(&["cli"]), "names the command line");
}

#[test]
fn the_drawing_libraries_are_known_to_one_place_each() {
    let known = [
        ("plotters::", &["canvas.rs"][..]),
        ("resvg::", &["picture.rs", "font.rs"]),
    ];
    for (library, files) in known {
        let lines: Vec<Line> = EDGES.iter().flat_map(|edge| lines_of(edge)).collect();
        let uses = || lines.iter().filter(|line| line.code.contains(library));
        assert!(uses().count() > 0, "nobody uses {library}");
        for line in uses() {
            let allowed = files
                .iter()
                .any(|file| line.place.contains(&format!("chart/{file}:")));
            assert!(allowed, "{}: {}", line.place, line.code);
        }
    }
}

#[test]
fn the_model_never_reads_files_clock_environment_or_chance() {
    let impure = owned(&[
        "std::fs",
        "std::env",
        "std::time",
        "std::io",
        "std::process",
        "std::net",
        "Zoned::now",
        "Timestamp::now",
        "rand::",
        "println!",
        "eprintln!",
        "print!",
        "dbg!",
        "thread_local",
        "static mut",
        "OnceLock",
        "LazyLock",
    ]);
    for module in STEPS.iter().chain(&["words", "comparison", "questions"]) {
        never(module, &impure, "is not pure");
    }
}

#[test]
fn the_program_never_panics_on_purpose() {
    let panics = owned(&[
        ".unwrap()",
        ".expect(",
        "panic!(",
        "todo!(",
        "unimplemented!(",
        "unreachable!(",
        "dbg!(",
    ]);
    for module in
        STEPS
            .iter()
            .chain(&EDGES)
            .chain(&["words", "comparison", "questions", "lib", "main"])
    {
        never(module, &panics, "can panic");
    }
}

#[test]
fn the_lints_against_panics_are_never_switched_off() {
    let lints = [
        "unwrap_used",
        "expect_used",
        "panic",
        "todo",
        "unsafe_code",
        "missing_docs",
    ];
    let words: Vec<String> = lints
        .iter()
        .flat_map(|lint| [format!("allow(clippy::{lint}"), format!("allow({lint}")])
        .collect();
    for module in
        STEPS
            .iter()
            .chain(&EDGES)
            .chain(&["words", "comparison", "questions", "lib", "main"])
    {
        never(module, &words, "switches a lint off");
    }
}
