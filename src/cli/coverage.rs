//! `data coverage` (覆盖) and `data stale` (过期): how far the library reaches, and what in it must
//! be renewed.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};

use crate::cli::args::{CoverageArgs, Format, StaleArgs};
use crate::cli::{Exit, data, output};
use crate::input::guard::Texts;
use crate::input::inventory::{Inventory, inventory};
use crate::input::library::Library;
use crate::input::problem::ProblemKind;
use crate::report::messages::Messages;
use crate::report::table::PAGE;
use crate::report::{coverage as report, problems};

/// Prints place by kind of figure.
pub fn coverage(args: &CoverageArgs, library: &Library, messages: &Messages) -> Exit {
    let Some(inventory) = read(library, messages) else {
        return Exit::Problems;
    };
    let rows = report::rows(&inventory, library);
    let text = match args.format.unwrap_or_default() {
        Format::Table => Ok(report::text(&rows, library, messages)),
        Format::Markdown => Ok(report::markdown(&rows, library, messages)),
        Format::Csv => report::csv(&rows).map_err(|error| error.to_string()),
        Format::Json => report::json(&rows).map_err(|error| error.to_string()),
    };
    say(text, args.output.as_deref(), messages)
}

/// Lists the figures that are out of date on a day.
pub fn stale(args: &StaleArgs, library: &Library, messages: &Messages) -> Exit {
    let day = match &args.on {
        None => today(),
        Some(text) => match text.parse::<Date>() {
            Ok(day) => day,
            Err(_) => {
                let value = text.clone();
                return data::tell(ProblemKind::NotADay { value }, messages);
            }
        },
    };
    let Some(inventory) = read(library, messages) else {
        return Exit::Problems;
    };
    let stale = inventory.stale(day);
    let table = report::stale(&stale, library, messages);
    let count = stale.len();
    let years = inventory.unchecked_after_years;
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("day", &day), ("count", &count), ("years", &years)];
    let sum = messages.with("stale-sum", &values);
    let text = match args.format.unwrap_or_default() {
        Format::Table => Ok(format!("{}\n{sum}\n", table.to_text(PAGE))),
        Format::Markdown => Ok(format!("{}\n{sum}\n", table.to_markdown())),
        Format::Csv => table.to_csv(false).map_err(|error| error.to_string()),
        Format::Json => report::stale_json(&stale).map_err(|error| error.to_string()),
    };
    say(text, None, messages)
}

fn say(text: Result<String, String>, to: Option<&Path>, messages: &Messages) -> Exit {
    match text {
        Ok(text) => output::give(&text, to, messages),
        Err(error) => {
            output::complain(&format!("{error}\n"));
            Exit::Problems
        }
    }
}

/// Everything in the library; what is wrong in it is told first.
fn read(library: &Library, messages: &Messages) -> Option<Inventory> {
    let (inventory, found) = inventory(library);
    output::complain(&problems::render(&found, messages, &Texts::default()));
    (!found.has_errors()).then_some(inventory)
}

/// Today in China.
pub(super) fn today() -> Date {
    TimeZone::fixed(offset(8))
        .to_datetime(jiff::Timestamp::now())
        .date()
}
