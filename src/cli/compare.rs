//! `compare` (算账) and `explain` (说明): a case in, an account out.

use std::path::Path;

use crate::cli::args::{AccountFormat, CaseArgs, CompareArgs, ExplainArgs};
use crate::cli::{Exit, chart, compute, output, tell};
use crate::comparison::outcome::{Account, Comparison};
use crate::input::case::{CaseInput, ReadCase, read_case};
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::Spot;
use crate::report::chart::font::Font;
use crate::report::chart::{ChartError, Subject};
use crate::report::messages::Messages;
use crate::report::{account, explain, html, problems, workbook};
use crate::words::kinds::{Kind, Service};

/// Runs `compare`.
pub fn run(args: &CompareArgs, library: &Library, messages: &Messages) -> Exit {
    let choice = Choice {
        options: &args.option,
        service: args.service.as_deref(),
    };
    let (case, comparison) = match computed(&args.case, &choice, library, messages) {
        Ok(computed) => computed,
        Err(exit) => return exit,
    };
    let text = match args.format() {
        AccountFormat::Table => Ok(account::text(&comparison, messages)),
        AccountFormat::Markdown => Ok(account::markdown(&comparison, messages)),
        AccountFormat::Json => account::json(&comparison).map_err(|error| error.to_string()),
        AccountFormat::Csv => {
            account::csv(&comparison, messages).map_err(|error| error.to_string())
        }
        AccountFormat::Html => match page(&case, &comparison, library, messages) {
            Ok(page) => Ok(page),
            Err(found) => return told(&found, messages),
        },
        AccountFormat::Xlsx => {
            let sources = |id: &str| library.source(id);
            return match workbook::write(&comparison, &sources, messages) {
                Ok(bytes) => output::give_bytes(&bytes, args.output.as_deref(), messages),
                Err(error) => give(Err(error.to_string()), None, messages),
            };
        }
    };
    give(text, args.output.as_deref(), messages)
}

/// The page for a browser, with the season of the option that costs least.
fn page(
    case: &CaseInput,
    comparison: &Comparison,
    library: &Library,
    messages: &Messages,
) -> Result<String, Problems> {
    let wrong = |error: ChartError| chart::problem("html", &error);
    let font = Font::bundled().map_err(|error| wrong(ChartError::Drawing(error.to_string())))?;
    let cheapest = &Subject::new(comparison).account.id;
    let season = compute::season_profile(case, library, cheapest)?;
    let sources = |id: &str| library.source(id);
    let material = html::Material {
        comparison,
        season: season.as_ref(),
        sources: &sources,
        font: &font,
    };
    html::page(&material, messages).map_err(wrong)
}

fn told(found: &Problems, messages: &Messages) -> Exit {
    output::complain(&problems::render(found, messages, &Texts::default()));
    Exit::Problems
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
