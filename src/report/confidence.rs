//! How far the results of a page can be trusted, each in one line.

use crate::comparison::outcome::{
    Account, Comparison, ConfidenceLevel, FigureUse, Fit, OptionResult,
};
use crate::input::inventory::FigureKind;
use crate::report::messages::Messages;
use crate::report::words;
use crate::words::calendar::Winter;
use crate::words::kinds::{Carrier, Kind};
use crate::words::provenance::ValidTo;

/// Most figures that the line of stale figures names.
const NAMED: usize = 4;

/// The options by their confidence, best first: one line for the page.
pub fn levels(comparison: &Comparison, messages: &Messages) -> String {
    let accounts: Vec<&Account> = std::iter::once(&comparison.today)
        .chain(comparison.options.iter().filter_map(OptionResult::account))
        .collect();
    let groups: Vec<String> = ConfidenceLevel::ALL
        .iter()
        .rev()
        .filter_map(|level| {
            let names: Vec<String> = accounts
                .iter()
                .filter(|account| account.confidence.level == *level)
                .map(|account| words::option_name(account, messages))
                .collect();
            let separator = messages.text("name-separator");
            let names = (!names.is_empty()).then(|| names.join(&separator))?;
            let level = messages.kind("confidence", *level);
            Some(messages.with("confidence-group", &[("level", &level), ("names", &names)]))
        })
        .collect();
    let groups = groups.join(&messages.text("list-separator"));
    messages.with("confidence-line", &[("groups", &groups)])
}

/// The confidence of one account, with the shares behind it.
pub fn of_account(account: &Account, messages: &Messages) -> String {
    let confidence = &account.confidence;
    let level = messages.kind("confidence", confidence.level);
    let (sound, weak, stale) = (
        words::percent(confidence.sound),
        words::percent(confidence.weak),
        words::percent(confidence.stale),
    );
    messages.with(
        "confidence-account",
        &[
            ("level", &level),
            ("sound", &sound),
            ("weak", &weak),
            ("stale", &stale),
        ],
    )
}

/// The figures past their date, or too long without a look, that the page rests on: one line.
pub fn stale(comparison: &Comparison, messages: &Messages) -> Option<String> {
    let mut named: Vec<String> = comparison
        .figures
        .iter()
        .filter(|used| matches!(used.fit, Fit::OutOfDate | Fit::Unchecked))
        .map(|used| {
            let first = used.winters.map_or(comparison.winter, |(first, _)| first);
            figure(used, first, messages)
        })
        .collect();
    named.dedup();
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    let list = named.join(&messages.text("name-separator"));
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(messages.with("figures-stale", &[("list", &list)])),
        (false, _) => {
            Some(messages.with("figures-stale-more", &[("list", &list), ("more", &more)]))
        }
    }
}

/// Kind, what of it, and the day that matters.
fn figure(used: &FigureUse, winter: Winter, messages: &Messages) -> String {
    let id = used.figure.id();
    let kind = FigureKind::of_id(id);
    let kind = kind.map_or_else(|| id.to_owned(), |kind| messages.kind("figure", kind));
    let carrier = id
        .split(['/', '@'])
        .filter(|part| !FigureKind::ALL.iter().any(|kind| kind.key() == *part))
        .find_map(Carrier::from_key)
        .map(|carrier| messages.kind("carrier", carrier));
    let day = used.figure.0.valid.map_or_else(String::new, |valid| {
        let (key, day) = match valid.to {
            // A figure that holds now is out of date only for a winter before it began.
            _ if used.fit == Fit::OutOfDate && valid.from.year() > winter.0 => {
                ("stale-not-yet", valid.from)
            }
            ValidTo::Day(day) => ("stale-ended", day),
            ValidTo::UntilReplaced { checked } => ("stale-unchecked", checked),
        };
        messages.with(key, &[("day", &day)])
    });
    let what = match carrier {
        Some(carrier) => messages.with("figures-what", &[("kind", &kind), ("of", &carrier)]),
        None => kind,
    };
    format!("{what} {day}")
}
