//! `compare` (算账) and `explain` (说明): a case in, an account out.

use std::path::Path;

use crate::cli::args::{CaseArgs, CompareArgs, ExplainArgs, Format};
use crate::cli::{Exit, compute, output, tell};
use crate::comparison::outcome::{Account, Comparison};
use crate::input::case::{CaseInput, ReadCase, read_case};
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::Spot;
use crate::report::messages::Messages;
use crate::report::{account, explain, problems};
use crate::words::kinds::{Kind, Service};

/// Runs `compare`.
pub fn run(args: &CompareArgs, library: &Library, messages: &Messages) -> Exit {
    let choice = Choice {
        options: &args.option,
        service: args.service.as_deref(),
    };
    let comparison = match comparison(&args.case, &choice, library, messages) {
        Ok(comparison) => comparison,
        Err(exit) => return exit,
    };
    let text = match args.format.unwrap_or_default() {
        Format::Table => Ok(account::text(&comparison, messages)),
        Format::Markdown => Ok(account::markdown(&comparison, messages)),
        Format::Json => account::json(&comparison).map_err(|error| error.to_string()),
        Format::Csv => account::csv(&comparison, messages).map_err(|error| error.to_string()),
    };
    give(text, args.output.as_deref(), messages)
}

/// Runs `explain`.
pub fn explain(args: &ExplainArgs, library: &Library, messages: &Messages) -> Exit {
    // Today's heating is explained beside no option at all, so the list is not narrowed for it.
    let options = match args.option.as_str() {
        "today" => Vec::new(),
        option => vec![option.to_owned()],
    };
    let choice = Choice {
        options: &options,
        service: args.service.as_deref(),
    };
    let comparison = match comparison(&args.case, &choice, library, messages) {
        Ok(comparison) => comparison,
        Err(exit) => return exit,
    };
    match find(&comparison, &args.option) {
        Some(account) => {
            let sources = |id: &str| library.source(id);
            let text = explain::text(&comparison, account, &sources, messages);
            give(Ok(text), args.output.as_deref(), messages)
        }
        None if comparison
            .options
            .iter()
            .any(|option| option.id() == args.option) =>
        {
            // It cannot be had: the page that says why is the comparison.
            give(
                Ok(account::text(&comparison, messages)),
                args.output.as_deref(),
                messages,
            )
        }
        None => unknown_option(&comparison, &args.option, messages),
    }
}

fn give(text: Result<String, String>, to: Option<&Path>, messages: &Messages) -> Exit {
    match text {
        Ok(text) => output::give(&text, to, messages),
        Err(error) => {
            output::complain(&format!("{error}\n"));
            Exit::Problems
        }
    }
}

fn find<'c>(comparison: &'c Comparison, id: &str) -> Option<&'c Account> {
    if id == comparison.today.id {
        return Some(&comparison.today);
    }
    comparison
        .options
        .iter()
        .find(|option| option.id() == id)?
        .account()
}

fn unknown_option(comparison: &Comparison, id: &str, messages: &Messages) -> Exit {
    let ids: Vec<String> = comparison
        .options
        .iter()
        .map(|option| option.id().to_owned())
        .collect();
    let kind = ProblemKind::NotOneOf {
        value: id.to_owned(),
        nearest: nearest(id, ids.iter().map(String::as_str)),
        allowed: ids,
    };
    let mut found = Problems::default();
    found.error(flag("--option"), kind);
    output::complain(&problems::render(&found, messages, &Texts::default()));
    Exit::Problems
}

/// What the command line says beyond the case.
pub(super) struct Choice<'a> {
    /// Only these options; all if there are none.
    pub options: &'a [String],
    /// What is held equal.
    pub service: Option<&'a str>,
}

fn comparison(
    args: &CaseArgs,
    choice: &Choice<'_>,
    library: &Library,
    messages: &Messages,
) -> Result<Comparison, Exit> {
    computed(args, choice, library, messages).map(|(_, comparison)| comparison)
}

/// Reads the case, lays the command line over it and computes; tells all problems.
pub(super) fn computed(
    args: &CaseArgs,
    choice: &Choice<'_>,
    library: &Library,
    messages: &Messages,
) -> Result<(CaseInput, Comparison), Exit> {
    let read = read(args);
    let told = tell(&read, messages);
    let Some(mut case) = read.case.filter(|_| told == Exit::Done) else {
        return Err(Exit::Problems);
    };
    choice.lay_over(&mut case);
    let comparison = compute::comparison(&case, library).map_err(|mut found| {
        if args.case.is_none() {
            args.flags().name_in(&mut found);
        }
        output::complain(&problems::render(&found, messages, &read.texts));
        Exit::Problems
    })?;
    Ok((case, comparison))
}

/// The case of a file, or of the flags in place of one.
fn read(args: &CaseArgs) -> ReadCase {
    match &args.case {
        Some(path) => read_case(path),
        None => args.flags().read(),
    }
}

impl Choice<'_> {
    fn lay_over(&self, case: &mut CaseInput) {
        if !self.options.is_empty() {
            case.options.include = self
                .options
                .iter()
                .map(|id| Spot {
                    value: id.clone(),
                    place: flag("--option"),
                })
                .collect();
            case.options.exclude.clear();
        }
        if let Some(service) = self.service.and_then(Service::from_key) {
            case.options.service = Some(service);
        }
    }
}

fn flag(name: &str) -> Place {
    Place {
        field: name.to_owned(),
        ..Place::default()
    }
}
