//! The command line: reads the user's files, calls the library, prints.

pub mod args;
pub mod ask;
pub mod batch;
pub mod chart;
pub mod check;
pub mod check_folder;
pub mod compare;
pub mod compute;
pub mod coverage;
pub mod data;
pub mod example;
pub mod handout;
pub mod new_region;
pub mod output;
pub mod scenario;
pub mod usage;

use clap::FromArgMatches;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::args::{Cli, Command};
use crate::input::case::ReadCase;
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::report::messages::{Lang, Messages};
use crate::report::problems;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well, perhaps with warnings.
    Done,
    /// An input has problems, or a result could not be written.
    Problems,
    /// The command line is wrong.
    Usage,
    /// A result could not be printed, and why.
    Unprinted(std::io::ErrorKind),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Problems | Exit::Unprinted(_) => Self::from(1),
            Exit::Usage => Self::from(2),
        }
    }
}

/// Runs the program with its arguments (the first is its name).
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let messages = Messages::new(lang_of(&args));
    let command = args::command(&messages);
    let parsed = command.clone().try_get_matches_from(args);
    let exit = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => dispatch(&cli, &messages),
        Err(error) => usage::tell(&error, &command, &messages),
    };
    if let Exit::Unprinted(kind) = exit {
        output::complain(&output::cannot_print(kind, &messages));
    }
    exit.into()
}

fn dispatch(cli: &Cli, messages: &Messages) -> Exit {
    // Before anything is computed: a county's run takes an hour.
    let files = cli.command.files();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let ready = output::ready(&files, cli.force, messages);
    if ready != Exit::Done {
        return ready;
    }
    match &cli.command {
        Command::Compare(args) => with_library(cli, messages, |library| {
            compare::run(args, library, messages)
        }),
        Command::Explain(args) => with_library(cli, messages, |library| {
            compare::explain(args, library, messages)
        }),
        Command::Ask(args) => {
            with_library(cli, messages, |library| ask::run(args, library, messages))
        }
        Command::Handout(args) => with_library(cli, messages, |library| {
            handout::run(args, cli.force, library, messages)
        }),
        Command::Chart(args) => with_library(cli, messages, |library| {
            chart::run(args, cli.force, library, messages)
        }),
        Command::Batch(args) => {
            with_library(cli, messages, |library| batch::run(args, library, messages))
        }
        Command::Scenario(args) => scenario::run(args, cli.data.as_deref(), messages),
        Command::Check(args) => check::run(args, messages),
        Command::Data(args) => {
            with_library(cli, messages, |library| data::run(args, library, messages))
        }
        Command::Example(args) => example::run(args, messages),
    }
}

/// Opens the library, with the user's folder laid over it, and goes on with it.
fn with_library(cli: &Cli, messages: &Messages, then: impl FnOnce(&Library) -> Exit) -> Exit {
    let library = match &cli.data {
        Some(folder) => Library::with_overlay(folder),
        None => Ok(Library::bundled()),
    };
    let told = match &library {
        Ok(library) => library.warnings(),
        Err(found) => found,
    };
    output::complain(&problems::render(told, messages, &Texts::default()));
    match library {
        Ok(library) => then(&library),
        Err(_) => Exit::Problems,
    }
}

/// The language, found before parsing, since help and errors of the command line need it.
fn lang_of(args: &[OsString]) -> Lang {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let pair = texts.windows(2).any(|pair| pair == ["--lang", "en"]);
    if pair || texts.contains(&"--lang=en") {
        Lang::En
    } else {
        Lang::Zh
    }
}

/// Tells the problems of a case and says whether the run goes on.
pub fn tell(read: &ReadCase, messages: &Messages) -> Exit {
    let text = problems::render(&read.problems, messages, &read.texts);
    output::complain(&text);
    if read.problems.has_errors() {
        Exit::Problems
    } else {
        Exit::Done
    }
}
