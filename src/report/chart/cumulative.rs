//! What each option has saved against today's heating by each year; it has paid back where its line
//! crosses zero.

use crate::comparison::outcome::Account;
use crate::lifecycle::Payback;
use crate::report::chart::canvas::{
    At, Axis, Canvas, Letters, MARGIN, NORMAL, SMALL, Stroke, WIDTH,
};
use crate::report::chart::staircase::left_of;
use crate::report::chart::style::{Colour, stroke};
use crate::report::chart::{Subject, possible};
use crate::report::messages::Messages;
use crate::report::table::number;
use crate::report::words::option_name;
use crate::words::fixed::Money;
use crate::words::kinds::Payer;

/// Height of the plot.
const HEIGHT: i32 = 820;
/// Distance of two names in the list below.
const STEP: i32 = 46;

/// Saved against today's heating at the end of each year, year 0 first.
fn saved(account: &Account, today: &Account, years: u16) -> Vec<f64> {
    let mut sum = Money::ZERO;
    let year = |year| {
        let paid = |it: &Account| it.ledger.paid_by(Payer::Household, year);
        sum += paid(today) - paid(account);
        sum.to_f64()
    };
    (0..=years).map(year).collect()
}

fn years(subject: &Subject<'_>) -> u16 {
    subject.comparison.today.staircase.len() as u16
}

/// How many options pay back, and which does first.
pub(super) fn title(subject: &Subject<'_>, messages: &Messages) -> String {
    let after = |it: &Account| match it.headline.payback {
        Payback::AtOnce => Some(0.0),
        Payback::After(years) => Some(years),
        Payback::Never | Payback::NotDefined => None,
    };
    let all = possible(subject.comparison).count();
    let mut back: Vec<(f64, &Account)> = possible(subject.comparison)
        .filter_map(|it| Some((after(it)?, it)))
        .collect();
    back.sort_by(|a, b| a.0.total_cmp(&b.0));
    let years = years(subject);
    let Some((first, account)) = back.first() else {
        return messages.with("chart-title-cumulative-none", &[("years", &years)]);
    };
    let key = if *first == 0.0 {
        "chart-title-cumulative-at-once"
    } else {
        "chart-title-cumulative"
    };
    messages.with(
        key,
        &[
            ("count", &back.len()),
            ("all", &all),
            ("option", &option_name(account, messages)),
            ("years", &number(*first, 1)),
        ],
    )
}

/// An option's line.
struct Curve<'a> {
    account: &'a Account,
    saved: Vec<f64>,
    stroke: Stroke,
    number: usize,
}

pub(super) fn draw(canvas: &mut Canvas<'_>, subject: &Subject<'_>, messages: &Messages) {
    let comparison = subject.comparison;
    let years = years(subject);
    let mut curves: Vec<Curve<'_>> = possible(comparison)
        .map(|account| Curve {
            account,
            saved: saved(account, &comparison.today, years),
            stroke: stroke(0),
            number: 0,
        })
        .collect();
    let last = |curve: &Curve<'_>| curve.saved.last().copied().unwrap_or(0.0);
    curves.sort_by(|a, b| last(b).total_cmp(&last(a)));
    for (i, curve) in curves.iter_mut().enumerate() {
        curve.stroke = stroke(i);
        curve.number = i + 1;
    }
    let unit = messages.text("chart-axis-saved");
    canvas.paragraph(&unit, Letters::new(SMALL).colour(Colour::GREY));
    let top = canvas.below + 20;
    let values = curves.iter().flat_map(|curve| curve.saved.iter().copied());
    let y = Axis::round(values, (top + HEIGHT, top), 11);
    let left = left_of(canvas, &y);
    let x = Axis::between(
        [0.0, f64::from(years.max(1))],
        (left, WIDTH - MARGIN - 70),
        8,
    );
    grid(canvas, &x, &y, years, messages);
    for curve in &curves {
        let points = (0..).zip(&curve.saved);
        let points = points.map(|(year, &sum)| (x.at(f64::from(year)), y.at(sum)));
        canvas.line(points.collect(), curve.stroke);
    }
    for curve in &curves {
        if let Payback::After(after) = curve.account.headline.payback {
            back(canvas, (x.at(after), y.at(0.0)), curve.stroke.colour);
        }
    }
    let ends: Vec<i32> = curves.iter().map(|curve| y.at(last(curve))).collect();
    let spread = spread(&ends, SMALL + 4, (top, top + HEIGHT));
    let right = x.at(f64::from(years.max(1)));
    for ((curve, &end), &shown) in curves.iter().zip(&ends).zip(&spread) {
        let thin = Stroke::solid(curve.stroke.colour, 2);
        canvas.line(vec![(right, end), (right + 30, shown)], thin);
        let letters = Letters::new(SMALL).bold();
        canvas.text(&curve.number.to_string(), (right + 34, shown), letters);
    }
    canvas.below = top + HEIGHT + 96;
    for curve in &curves {
        name(canvas, curve, messages);
    }
}

fn grid(canvas: &mut Canvas<'_>, x: &Axis, y: &Axis, years: u16, messages: &Messages) {
    let (left, right) = (x.at(0.0), x.at(f64::from(years.max(1))));
    for &tick in &y.ticks {
        let at = y.at(tick);
        let stroke = if tick == 0.0 {
            Stroke::solid(Colour::INK, 4)
        } else {
            Stroke::solid(Colour::FAINT, 2)
        };
        canvas.line(vec![(left, at), (right, at)], stroke);
        let letters = Letters::new(SMALL).at(At::End);
        canvas.text(&number(tick, 0), (left - 10, at), letters);
    }
    let bottom = y.ticks.first().map_or(0, |&low| y.at(low));
    for &tick in x.ticks.iter().filter(|&&tick| tick <= f64::from(years)) {
        let letters = Letters::new(SMALL).at(At::Middle);
        let at = x.at(tick);
        canvas.line(
            vec![(at, bottom), (at, bottom + 8)],
            Stroke::solid(Colour::INK, 2),
        );
        canvas.text(&number(tick, 0), (at, bottom + 28), letters);
    }
    let letters = Letters::new(SMALL).colour(Colour::GREY).at(At::Middle);
    let unit = messages.text("chart-axis-years");
    canvas.text(&unit, ((left + right) / 2, bottom + 66), letters);
}

/// A ring where an option has paid back.
fn back(canvas: &mut Canvas<'_>, at: (i32, i32), colour: Colour) {
    canvas.disc(at, 15, Colour::INK);
    canvas.disc(at, 12, Colour::PAPER);
    canvas.disc(at, 7, colour);
}

/// The line of the list below: number, line, name, payback.
fn name(canvas: &mut Canvas<'_>, curve: &Curve<'_>, messages: &Messages) {
    let y = canvas.below + STEP / 2;
    let letters = Letters::new(NORMAL);
    let number = curve.number.to_string();
    canvas.text(&number, (MARGIN + 36, y), letters.bold().at(At::End));
    canvas.line(vec![(MARGIN + 48, y), (MARGIN + 128, y)], curve.stroke);
    let name = option_name(curve.account, messages);
    canvas.text(&name, (MARGIN + 142, y), letters);
    let back = crate::report::words::payback(curve.account.headline.payback, messages);
    canvas.text(&back, (WIDTH - MARGIN, y), letters.at(At::End));
    canvas.below += STEP;
}

/// Heights (falling values, so rising pixels) moved apart to at least `gap`, inside `limits`.
fn spread(wanted: &[i32], gap: i32, (top, bottom): (i32, i32)) -> Vec<i32> {
    let mut places: Vec<i32> = Vec::with_capacity(wanted.len());
    for &y in wanted {
        let free = places.last().map_or(top, |last| last + gap);
        places.push(y.max(free));
    }
    let mut limit = bottom;
    for place in places.iter_mut().rev() {
        *place = (*place).min(limit);
        limit = *place - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_lie_together_are_moved_apart() {
        assert_eq!(spread(&[10, 12, 100], 20, (0, 200)), [10, 30, 100]);
        assert_eq!(spread(&[190, 195, 198], 20, (0, 200)), [160, 180, 200]);
    }
}
