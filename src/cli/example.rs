//! `example` (示例): lists and writes the examples that the program carries.

use include_dir::{Dir, include_dir};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::{ExampleAction, ExampleArgs};
use crate::cli::{Exit, output};
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::report::messages::Messages;
use crate::report::problems;
use crate::report::table::{Align, PAGE, Table};

static EXAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples");

/// Lists the examples, or writes one.
pub fn run(args: &ExampleArgs, messages: &Messages) -> Exit {
    match &args.action {
        ExampleAction::List => output::say(&list(messages)),
        ExampleAction::Extract { name, dir } => {
            let dir = dir.as_deref().unwrap_or(Path::new("."));
            extract(name, dir, messages)
        }
    }
}

fn name_of(example: &Dir<'_>) -> String {
    example.path().display().to_string()
}

/// Name and question of every example; the question is the head line of its README.
fn list(messages: &Messages) -> String {
    let (name, question) = (
        messages.text("example-name"),
        messages.text("example-question"),
    );
    let mut table = Table::new([
        (name.as_str(), Align::Left),
        (question.as_str(), Align::Left),
    ]);
    for example in EXAMPLES.dirs() {
        let readme = example
            .get_file(example.path().join("README.md"))
            .and_then(|file| file.contents_utf8())
            .unwrap_or_default();
        let head = readme.lines().next().unwrap_or_default();
        table.row([
            name_of(example),
            head.trim_start_matches(['#', ' ']).to_owned(),
        ]);
    }
    table.to_text(PAGE)
}

/// Writes the files of an example into `dir/name`; a folder of that name is left alone.
fn extract(name: &str, dir: &Path, messages: &Messages) -> Exit {
    let Some(example) = EXAMPLES.dirs().find(|example| name_of(example) == name) else {
        return unknown(name, messages);
    };
    let folder = dir.join(name);
    match write(example, &folder) {
        Ok(()) => {
            let folder = folder.display();
            let said = messages.with("example-written", &[("folder", &folder)]);
            output::say(&format!("{said}\n"))
        }
        Err((path, error)) => {
            output::complain(&output::cannot_write(&path, &error, messages));
            Exit::Problems
        }
    }
}

fn unknown(name: &str, messages: &Messages) -> Exit {
    let names: Vec<String> = EXAMPLES.dirs().map(name_of).collect();
    let mut problems = Problems::default();
    let kind = ProblemKind::Unresolved {
        what: "example",
        id: name.to_owned(),
        nearest: nearest(name, names.iter().map(String::as_str)),
    };
    problems.error(Place::default(), kind);
    output::complain(&problems::render(&problems, messages, &Default::default()));
    Exit::Problems
}

fn write(example: &Dir<'static>, folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    fs::create_dir(folder).map_err(|error| (folder.to_owned(), error))?;
    let mut files = Vec::new();
    collect(example, example.path(), &mut files);
    let written = output::write_all(folder, &files);
    if written.is_err() {
        // It was made here and is empty again.
        let _ = fs::remove_dir(folder);
    }
    written
}

/// The files of a folder and of those in it, with their paths seen from `root`.
fn collect(dir: &Dir<'static>, root: &Path, files: &mut Vec<(PathBuf, &'static [u8])>) {
    for file in dir.files() {
        let inner = file.path().strip_prefix(root).unwrap_or(file.path());
        files.push((inner.to_owned(), file.contents()));
    }
    for inner in dir.dirs() {
        collect(inner, root, files);
    }
}
