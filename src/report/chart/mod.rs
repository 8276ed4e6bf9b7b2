//! Charts of an account as SVG and PNG. Every number is a sum that the account already holds; here
//! it is only drawn.
//!
//! `canvas` alone knows plotters, `picture` and its `font` alone know resvg.

mod annual;
pub mod canvas;
mod cash;
mod cumulative;
pub mod font;
mod payers;
mod picture;
mod season;
mod staircase;
pub mod style;

use crate::comparison::outcome::{Account, Comparison, OptionResult};
use crate::comparison::profile::SeasonProfile;
use crate::report::chart::canvas::{Canvas, LARGE, Letters, SMALL};
use crate::report::chart::font::Font;
use crate::report::chart::style::Colour;
use crate::report::messages::Messages;
use crate::report::words::option_name;
use crate::words::kinds::Kind;
use crate::words::kinds::kinds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

pub use picture::png;

kinds! {
    /// What can be drawn.
    Chart {
        /// 一年总账 of every option, by what it is paid for.
        Annual = "annual",
        /// What has been saved against today's heating, year by year, for every option.
        Cumulative = "cumulative",
        /// The winters of one option as its grants step down.
        Staircase = "staircase",
        /// The pocket of the household month by month over two winters.
        Cash = "cash",
        /// Heat, energy and weather of the season, and the load duration curve.
        Season = "season",
        /// Who pays, before the first winter and each year.
        Payers = "payers",
    }
}

impl Chart {
    /// Whether it tells of one option only; the others stand all options side by side.
    pub const fn of_one_option(self) -> bool {
        !matches!(self, Self::Annual | Self::Cumulative)
    }
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The household and its options.
    pub comparison: &'a Comparison,
    /// The option for charts of one.
    pub account: &'a Account,
    /// Its season, for [`Chart::Season`].
    pub season: Option<&'a SeasonProfile>,
}

impl<'a> Subject<'a> {
    /// A comparison, with the option that costs least a year for the charts of one.
    pub fn new(comparison: &'a Comparison) -> Self {
        Self {
            comparison,
            account: cheapest(comparison),
            season: None,
        }
    }
}

/// The option with the lowest equivalent annual cost; today's heating where there is no option.
fn cheapest(comparison: &Comparison) -> &Account {
    let annual = |account: &Account| account.headline.equivalent_annual_cost.value();
    possible(comparison)
        .min_by(|a, b| annual(a).total_cmp(&annual(b)))
        .unwrap_or(&comparison.today)
}

/// The options that can be had.
fn possible(comparison: &Comparison) -> impl Iterator<Item = &Account> {
    comparison.options.iter().filter_map(OptionResult::account)
}

/// Why there is no chart.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// The font lacks characters of the texts.
    #[error("the font has no {}", .0.iter().collect::<String>())]
    Missing(Vec<char>),
    /// The chart needs a season that was not given.
    #[error("no season was given")]
    NoSeason,
    /// A picture of no size, or too large.
    #[error("{width} x {height} pixels")]
    Size {
        /// Pixels across.
        width: f64,
        /// Pixels down.
        height: f64,
    },
    /// The drawing failed.
    #[error("{0}")]
    Drawing(String),
}

/// A chart as SVG, 1080 wide, with its text as outlines: it looks the same everywhere.
///
/// # Errors
/// Characters that the font lacks; no season for [`Chart::Season`].
pub fn svg(
    chart: Chart,
    subject: &Subject<'_>,
    messages: &Messages,
    font: &Font,
) -> Result<String, ChartError> {
    let title = match chart {
        Chart::Annual => annual::title(subject, messages),
        Chart::Cumulative => cumulative::title(subject, messages),
        Chart::Staircase => staircase::title(subject, messages),
        Chart::Cash => cash::title(subject, messages),
        Chart::Season => season::title(subject, messages)?,
        Chart::Payers => payers::title(subject, messages),
    };
    let title = capitalised(&title);
    let mut canvas = Canvas::new(font);
    head(&mut canvas, chart, &title, subject, messages);
    match chart {
        Chart::Annual => annual::draw(&mut canvas, subject, messages),
        Chart::Cumulative => cumulative::draw(&mut canvas, subject, messages),
        Chart::Staircase => staircase::draw(&mut canvas, subject, messages),
        Chart::Cash => cash::draw(&mut canvas, subject, messages),
        Chart::Season => season::draw(&mut canvas, subject, messages)?,
        Chart::Payers => payers::draw(&mut canvas, subject, messages),
    }
    picture::outlined(&canvas.finish()?, &title, font)
}

/// A sentence may begin with the name of an option, which is written small.
fn capitalised(title: &str) -> String {
    let mut characters = title.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// The message of the chart, and below it what is shown, of whom.
fn head(
    canvas: &mut Canvas<'_>,
    chart: Chart,
    title: &str,
    subject: &Subject<'_>,
    messages: &Messages,
) {
    canvas.paragraph(title, Letters::new(LARGE).bold());
    canvas.below += 6;
    let comparison = subject.comparison;
    let place = messages.name(&comparison.place);
    let what = messages.kind("chart-what", chart);
    let values: [(&str, &dyn fmt::Display); 4] = [
        ("what", &what),
        ("place", &place),
        ("winter", &comparison.winter),
        ("option", &option_name(subject.account, messages)),
    ];
    let line = if chart.of_one_option() {
        messages.with("chart-head-option", &values)
    } else {
        messages.with("chart-head", &values)
    };
    canvas.paragraph(&line, Letters::new(SMALL).colour(Colour::GREY));
    canvas.below += 18;
}
