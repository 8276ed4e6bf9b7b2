//! 一年总账 of every option: energy, upkeep and capital to the right, grants to the left.

use crate::comparison::outcome::{Account, AnnualCost, OptionResult};
use crate::report::chart::canvas::{
    At, Axis, Canvas, Letters, MARGIN, NORMAL, SMALL, Stroke, Swatch, WIDTH,
};
use crate::report::chart::staircase::uprights;
use crate::report::chart::style::{Colour, Hatch, Look};
use crate::report::chart::{Subject, cheapest, possible};
use crate::report::messages::Messages;
use crate::report::table::number;
use crate::report::words::option_name;

/// Height of an option: its name, its bar and a gap.
const ROW: i32 = 98;
const BAR: i32 = 40;

/// A part of the cost: message key, how it is drawn, its value.
type Part = (&'static str, Look, fn(&AnnualCost) -> f64);

const PARTS: [Part; 6] = [
    (
        "chart-energy",
        Look::new(Colour::BLUE, Hatch::Solid),
        |it| it.energy.value(),
    ),
    (
        "chart-upkeep",
        Look::new(Colour::SKY, Hatch::Falling),
        |it| it.upkeep.value(),
    ),
    (
        "chart-labour",
        Look::new(Colour::PURPLE, Hatch::Crossed),
        |it| it.labour.value(),
    ),
    (
        "chart-capital",
        Look::new(Colour::ORANGE, Hatch::Rising),
        |it| it.capital.value(),
    ),
    (
        "chart-subsidies",
        Look::new(Colour::GREEN, Hatch::Standing),
        |it| it.subsidies.value(),
    ),
    (
        "chart-export",
        Look::new(Colour::YELLOW, Hatch::Lying),
        |it| it.export.value(),
    ),
];

fn net(account: &Account) -> f64 {
    account.headline.equivalent_annual_cost.value()
}

/// Which option costs least, and how that stands against today's heating.
pub(super) fn title(subject: &Subject<'_>, messages: &Messages) -> String {
    let today = &subject.comparison.today;
    let best = cheapest(subject.comparison);
    let less = net(today) - net(best);
    let key = if less > 0.5 {
        "chart-title-annual"
    } else {
        "chart-title-annual-today"
    };
    messages.with(
        key,
        &[
            ("option", &option_name(best, messages)),
            ("cost", &number(net(best), 0)),
            ("difference", &number(less.abs(), 0)),
        ],
    )
}

pub(super) fn draw(canvas: &mut Canvas<'_>, subject: &Subject<'_>, messages: &Messages) {
    let comparison = subject.comparison;
    let today = &comparison.today;
    let mut accounts: Vec<&Account> = possible(comparison).chain([today]).collect();
    accounts.sort_by(|a, b| net(a).total_cmp(&net(b)));
    legend(canvas, &accounts, messages);
    let axis = Axis::round(
        accounts.iter().flat_map(|it| ends(&it.annual)),
        (MARGIN + 40, WIDTH - MARGIN - 60),
        8,
    );
    let top = canvas.below + 20;
    let bottom = top + ROW * accounts.len() as i32;
    grid(canvas, &axis, (top, bottom), messages);
    let now = axis.at(net(today));
    let line = Stroke::dashed(Colour::RED, 5, 16, 8);
    canvas.line(vec![(now, top), (now, bottom)], line);
    for (i, account) in accounts.iter().enumerate() {
        row(canvas, &axis, account, top + ROW * i as i32, messages);
    }
    canvas.below = bottom + 92;
    impossible(canvas, subject, messages);
}

/// Sums to the left and to the right of 0.
fn ends(cost: &AnnualCost) -> [f64; 2] {
    let sum = |sign: f64| -> f64 {
        let parts = PARTS.iter().map(|(_, _, value)| value(cost));
        parts.filter(|value| value * sign > 0.0).sum()
    };
    [sum(-1.0), sum(1.0)]
}

fn legend(canvas: &mut Canvas<'_>, accounts: &[&Account], messages: &Messages) {
    let shown =
        |value: &fn(&AnnualCost) -> f64| accounts.iter().any(|it| value(&it.annual).abs() >= 0.5);
    let mut entries: Vec<(Swatch, String)> = PARTS
        .iter()
        .filter(|(_, _, value)| shown(value))
        .map(|(key, look, _)| (Swatch::Block(*look), messages.text(key)))
        .collect();
    entries.push((Swatch::Mark, messages.text("chart-net")));
    let line = Stroke::dashed(Colour::RED, 5, 16, 8);
    entries.push((Swatch::Line(line), messages.text("chart-today-net")));
    canvas.legend(&entries);
}

fn grid(canvas: &mut Canvas<'_>, axis: &Axis, (top, bottom): (i32, i32), messages: &Messages) {
    uprights(canvas, axis, (top, bottom));
    let unit = messages.text("chart-axis-yuan-year");
    let letters = Letters::new(SMALL).colour(Colour::GREY).at(At::Middle);
    canvas.text(&unit, (WIDTH / 2, bottom + 66), letters);
}

fn row(canvas: &mut Canvas<'_>, axis: &Axis, account: &Account, top: i32, messages: &Messages) {
    let name = option_name(account, messages);
    let letters = Letters::new(NORMAL);
    let letters = if account.id == "today" {
        letters.bold()
    } else {
        letters
    };
    label(canvas, &name, (MARGIN, top + 22), letters);
    let (y0, y1) = (top + 46, top + 46 + BAR);
    let (mut left, mut right) = (0.0, 0.0);
    for (_, look, value) in PARTS {
        let value = value(&account.annual);
        let from = if value < 0.0 { &mut left } else { &mut right };
        let to = *from + value;
        canvas.block((axis.at(*from), y0), (axis.at(to), y1), look);
        *from = to;
    }
    canvas.diamond((axis.at(net(account)), y0 + BAR / 2));
    let cost = number(net(account), 0);
    let letters = Letters::new(NORMAL).bold().at(At::End);
    label(canvas, &cost, (WIDTH - MARGIN, top + 22), letters);
}

/// Text on white, so that no line runs through it.
fn label(canvas: &mut Canvas<'_>, text: &str, (x, y): (i32, i32), letters: Letters) {
    let wide = canvas.width(text, letters);
    let x0 = if letters.at == At::End { x - wide } else { x };
    let corners = [(x0 - 4, y - 19), (x0 + wide + 4, y - 19)];
    let below = corners.map(|(x, _)| (x, y + 19));
    canvas.area(
        vec![corners[0], corners[1], below[1], below[0]],
        Colour::PAPER,
    );
    canvas.text(text, (x, y), letters);
}

/// The options that cannot be had, in one sentence.
fn impossible(canvas: &mut Canvas<'_>, subject: &Subject<'_>, messages: &Messages) {
    let options = subject.comparison.options.iter();
    let names: Vec<&str> = options
        .filter(|option| matches!(option, OptionResult::Impossible { .. }))
        .map(|option| messages.name(option.name()))
        .collect();
    if !names.is_empty() {
        let list = names.join(&messages.text("chart-list-comma"));
        let text = messages.with("chart-impossible", &[("options", &list)]);
        canvas.paragraph(&text, Letters::new(SMALL).colour(Colour::GREY));
    }
}
