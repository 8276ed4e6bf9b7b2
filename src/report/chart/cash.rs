//! The pocket of the household month by month over two winters, with the worst month.

use crate::comparison::outcome::MonthCash;
use crate::report::chart::Subject;
use crate::report::chart::canvas::{
    At, Axis, Canvas, Letters, MARGIN, SMALL, Stroke, Swatch, WIDTH,
};
use crate::report::chart::staircase::{left_of, rules};
use crate::report::chart::style::{Colour, Hatch, Look};
use crate::report::messages::Messages;
use crate::report::words::{option_name, yuan};
use crate::words::fixed::Money;

const HEIGHT: i32 = 760;
const PAID: Look = Look::new(Colour::ORANGE, Hatch::Rising);
const RECEIVED: Look = Look::new(Colour::GREEN, Hatch::Standing);
const BALANCE: Stroke = Stroke::solid(Colour::BLUE, 6);

/// The month with the lowest balance.
fn worst(months: &[MonthCash]) -> Option<(usize, &MonthCash)> {
    months.iter().enumerate().min_by_key(|(_, it)| it.balance)
}

/// When the pocket is emptiest, and how it stands after two winters.
pub(super) fn title(subject: &Subject<'_>, messages: &Messages) -> String {
    let months = &subject.account.cash;
    let end = months.last().map_or(Money::ZERO, |it| it.balance);
    let (month, low) = worst(months).map_or((String::new(), Money::ZERO), |(_, it)| {
        (format!("{}-{:02}", it.year, it.month), it.balance)
    });
    let key = if end == low {
        "chart-title-cash-end"
    } else {
        "chart-title-cash"
    };
    messages.with(
        key,
        &[
            ("option", &option_name(subject.account, messages)),
            ("month", &month),
            ("low", &yuan(-low)),
            ("end", &yuan(end)),
        ],
    )
}

pub(super) fn draw(canvas: &mut Canvas<'_>, subject: &Subject<'_>, messages: &Messages) {
    let months = &subject.account.cash;
    let mut entries = vec![(Swatch::Block(PAID), messages.text("chart-paid"))];
    if months.iter().any(|it| it.received > Money::ZERO) {
        entries.push((Swatch::Block(RECEIVED), messages.text("chart-received")));
    }
    entries.push((Swatch::Line(BALANCE), messages.text("chart-balance")));
    canvas.legend(&entries);
    let unit = messages.text("chart-axis-yuan");
    canvas.paragraph(&unit, Letters::new(SMALL).colour(Colour::GREY));
    let top = canvas.below + 40;
    // Below the worst month stands its name.
    let room = worst(months).map_or(0.0, |(_, it)| it.balance.to_f64() * 1.12);
    let y = Axis::round(
        months
            .iter()
            .flat_map(|it| [-it.paid, it.received, it.balance].map(Money::to_f64))
            .chain([room]),
        (top + HEIGHT, top),
        9,
    );
    let (left, right) = (left_of(canvas, &y), WIDTH - MARGIN);
    rules(canvas, &y, (left, right));
    let slot = f64::from(right - left) / months.len().max(1) as f64;
    let edge = |i: usize| left + (slot * i as f64) as i32;
    for (i, month) in months.iter().enumerate() {
        let (x0, x1) = (edge(i) + 4, edge(i + 1) - 4);
        let zero = y.at(0.0);
        canvas.block((x0, zero), (x1, y.at(-month.paid.to_f64())), PAID);
        canvas.block((x0, zero), (x1, y.at(month.received.to_f64())), RECEIVED);
    }
    let steps = months.iter().enumerate().flat_map(|(i, month)| {
        let at = y.at(month.balance.to_f64());
        [(edge(i), at), (edge(i + 1), at)]
    });
    canvas.line(steps.collect(), BALANCE);
    let bottom = y.ticks.first().map_or(0, |&low| y.at(low));
    dates(canvas, months, bottom, &edge);
    mark_worst(canvas, months, &y, &edge, messages);
    canvas.below = bottom + 120;
}

/// Every third month, and the year where one begins.
fn dates(canvas: &mut Canvas<'_>, months: &[MonthCash], bottom: i32, edge: &dyn Fn(usize) -> i32) {
    let letters = Letters::new(SMALL).at(At::Middle);
    for (i, month) in months.iter().enumerate() {
        let middle = (edge(i) + edge(i + 1)) / 2;
        if i % 2 == 0 {
            canvas.text(&month.month.to_string(), (middle, bottom + 28), letters);
        }
        if i == 0 || month.month == 1 {
            let x = edge(i);
            canvas.line(
                vec![(x, bottom), (x, bottom + 90)],
                Stroke::solid(Colour::GREY, 2),
            );
            let start = Letters::new(SMALL).colour(Colour::GREY);
            canvas.text(&month.year.to_string(), (x + 10, bottom + 70), start);
        }
    }
}

/// A disc at the worst month, with its name and balance.
fn mark_worst(
    canvas: &mut Canvas<'_>,
    months: &[MonthCash],
    y: &Axis,
    edge: &dyn Fn(usize) -> i32,
    messages: &Messages,
) {
    let Some((i, month)) = worst(months) else {
        return;
    };
    let at = ((edge(i) + edge(i + 1)) / 2, y.at(month.balance.to_f64()));
    canvas.disc(at, 14, Colour::INK);
    canvas.disc(at, 9, Colour::PAPER);
    let date = format!("{}-{:02}", month.year, month.month);
    let balance = yuan(month.balance);
    let text = messages.with(
        "chart-worst-month",
        &[("month", &date), ("balance", &balance)],
    );
    let letters = Letters::new(SMALL).bold();
    let half = canvas.width(&text, letters) / 2;
    let middle =
        at.0.clamp(edge(0) + half + 10, edge(months.len()) - half - 10);
    let place = (middle, at.1 + 38);
    let corners = [
        (place.0 - half - 8, place.1 - 20),
        (place.0 + half + 8, place.1 - 20),
        (place.0 + half + 8, place.1 + 20),
        (place.0 - half - 8, place.1 + 20),
    ];
    canvas.area(corners.to_vec(), Colour::PAPER);
    canvas.text(&text, place, letters.at(At::Middle));
}
