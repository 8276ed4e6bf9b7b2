//! The winters of one option: what the household pays, and what grants take off, as they step down.

use crate::comparison::outcome::WinterCost;
use crate::report::chart::Subject;
use crate::report::chart::canvas::{
    At, Axis, Canvas, Letters, MARGIN, SMALL, Stroke, Swatch, WIDTH,
};
use crate::report::chart::style::{Colour, Hatch, Look};
use crate::report::messages::Messages;
use crate::report::table::number;
use crate::report::words::{option_name, yuan};
use crate::words::fixed::Money;

const HEIGHT: i32 = 720;
const NET: Look = Look::new(Colour::BLUE, Hatch::Solid);
const GRANTS: Look = Look::new(Colour::GREEN, Hatch::Rising);
const EXPORT: Look = Look::new(Colour::YELLOW, Hatch::Lying);
const TODAY: Stroke = Stroke::dashed(Colour::RED, 5, 16, 8);

/// The first winter and the winter after the grants, against today's.
pub(super) fn title(subject: &Subject<'_>, messages: &Messages) -> String {
    let account = subject.account;
    let headline = &account.headline;
    let name = option_name(account, messages);
    let first = yuan(headline.winter_cost);
    let later = yuan(headline.after_subsidy);
    let today = yuan(subject.comparison.today.headline.winter_cost);
    let granted = account.staircase.iter().any(|it| it.grants != Money::ZERO);
    let (key, from) = match headline.subsidy_ends {
        Some(winter) => ("chart-title-staircase", winter.to_string()),
        None if granted => ("chart-title-staircase-lasting", String::new()),
        None => ("chart-title-staircase-none", String::new()),
    };
    messages.with(
        key,
        &[
            ("option", &name),
            ("first", &first),
            ("from", &from),
            ("later", &later),
            ("today", &today),
        ],
    )
}

pub(super) fn draw(canvas: &mut Canvas<'_>, subject: &Subject<'_>, messages: &Messages) {
    let winters = &subject.account.staircase;
    legend(canvas, winters, messages);
    let unit = messages.text("chart-axis-yuan-winter");
    canvas.paragraph(&unit, Letters::new(SMALL).colour(Colour::GREY));
    let top = canvas.below + 40;
    let y = Axis::round(
        winters
            .iter()
            .flat_map(|it| [it.gross, it.net, it.today].map(Money::to_f64)),
        (top + HEIGHT, top),
        6,
    );
    let left = left_of(canvas, &y);
    let right = WIDTH - MARGIN;
    rules(canvas, &y, (left, right));
    let slot = f64::from(right - left) / winters.len().max(1) as f64;
    let edge = |i: usize| left + (slot * i as f64) as i32;
    for (i, winter) in winters.iter().enumerate() {
        bar(canvas, &y, (edge(i), edge(i + 1)), winter);
    }
    today(canvas, &y, winters, &edge);
    values(canvas, &y, winters, &edge);
    let bottom = y.ticks.first().map_or(0, |&low| y.at(low));
    let every = names_every(slot);
    for (i, winter) in winters.iter().enumerate().step_by(every) {
        let middle = (edge(i) + edge(i + 1)) / 2;
        let letters = Letters::new(SMALL).at(At::Middle);
        let text = format!("{:02}", winter.winter.0.rem_euclid(100));
        let next = format!("{:02}", (winter.winter.0 + 1).rem_euclid(100));
        canvas.text(&format!("{text}-{next}"), (middle, bottom + 28), letters);
    }
    let letters = Letters::new(SMALL).colour(Colour::GREY).at(At::Middle);
    let axis = messages.text("chart-axis-winters");
    canvas.text(&axis, ((left + right) / 2, bottom + 66), letters);
    canvas.below = bottom + 90;
}

/// Where a drawing begins that has the numbers of its upright axis on its left.
pub(super) fn left_of(canvas: &Canvas<'_>, y: &Axis) -> i32 {
    let labels = y.ticks.iter().map(|&tick| number(tick, 0));
    let wide = labels
        .map(|it| canvas.width(&it, Letters::new(SMALL)))
        .max();
    MARGIN + wide.unwrap_or(0) + 14
}

/// Every how many winters are named.
fn names_every(slot: f64) -> usize {
    (96.0 / slot).ceil().max(1.0) as usize
}

/// Lines at the ticks of the upright axis, with their numbers.
pub(super) fn rules(canvas: &mut Canvas<'_>, y: &Axis, (left, right): (i32, i32)) {
    for &tick in &y.ticks {
        let stroke = if tick == 0.0 {
            Stroke::solid(Colour::INK, 3)
        } else {
            Stroke::solid(Colour::FAINT, 2)
        };
        let at = y.at(tick);
        canvas.line(vec![(left, at), (right, at)], stroke);
        let letters = Letters::new(SMALL).at(At::End);
        canvas.text(&number(tick, 0), (left - 10, at), letters);
    }
}

/// Upright lines at the ticks of the level axis, with their numbers below.
pub(super) fn uprights(canvas: &mut Canvas<'_>, x: &Axis, (top, bottom): (i32, i32)) {
    for &tick in &x.ticks {
        let colour = if tick == 0.0 {
            Colour::INK
        } else {
            Colour::FAINT
        };
        let at = x.at(tick);
        canvas.line(vec![(at, top), (at, bottom)], Stroke::solid(colour, 2));
        let letters = Letters::new(SMALL).at(At::Middle);
        canvas.text(&number(tick, 0), (at, bottom + 26), letters);
    }
}

fn legend(canvas: &mut Canvas<'_>, winters: &[WinterCost], messages: &Messages) {
    let mut entries = vec![(Swatch::Block(NET), messages.text("chart-own"))];
    if winters.iter().any(|it| it.grants != Money::ZERO) {
        entries.push((Swatch::Block(GRANTS), messages.text("chart-subsidies")));
    }
    if winters.iter().any(|it| it.export != Money::ZERO) {
        entries.push((Swatch::Block(EXPORT), messages.text("chart-export")));
    }
    entries.push((Swatch::Line(TODAY), messages.text("chart-today-winter")));
    canvas.legend(&entries);
}

/// The winter's cost above zero: the household's part at the bottom, then what grants and sold
/// electricity cover. What the household is left with beyond that hangs below zero.
fn bar(canvas: &mut Canvas<'_>, y: &Axis, (x0, x1): (i32, i32), winter: &WinterCost) {
    let inset = ((x1 - x0) / 8).max(2);
    let (x0, x1) = (x0 + inset, x1 - inset);
    canvas.block((x0, y.at(0.0)), (x1, y.at(winter.net.to_f64())), NET);
    let mut level = winter.net.max(Money::ZERO);
    for (part, look) in [(winter.grants, GRANTS), (winter.export, EXPORT)] {
        let next = (level + part).min(winter.gross);
        if next > level {
            let (from, to) = (y.at(level.to_f64()), y.at(next.to_f64()));
            canvas.block((x0, from), (x1, to), look);
            level = next;
        }
    }
}

/// Today's heating in the same winters, as steps.
fn today(canvas: &mut Canvas<'_>, y: &Axis, winters: &[WinterCost], edge: &dyn Fn(usize) -> i32) {
    let steps = winters.iter().enumerate().flat_map(|(i, winter)| {
        let at = y.at(winter.today.to_f64());
        [(edge(i), at), (edge(i + 1), at)]
    });
    canvas.line(steps.collect(), TODAY);
}

/// The household's winter where it changes, above its bar.
fn values(canvas: &mut Canvas<'_>, y: &Axis, winters: &[WinterCost], edge: &dyn Fn(usize) -> i32) {
    let letters = Letters::new(SMALL).bold().at(At::Middle);
    let mut before: Option<Money> = None;
    // Two lines of numbers, each free from some pixel on.
    let mut free = [0; 2];
    for (i, winter) in winters.iter().enumerate() {
        let text = yuan(winter.net);
        let half = canvas.width(&text, letters) / 2 + 8;
        let middle = ((edge(i) + edge(i + 1)) / 2).min(WIDTH - MARGIN - half);
        let line = free.iter().position(|&free| middle - half >= free);
        if before != Some(winter.net)
            && let Some(line) = line
        {
            let top = y.at((winter.gross.max(winter.net)).to_f64()) - 24 - 34 * line as i32;
            let now = y.at(winter.today.to_f64());
            // Not on the line of today's heating.
            let at = if (top - now).abs() < 24 {
                now - 24
            } else {
                top
            };
            canvas.text(&text, (middle, at), letters);
            free[line] = middle + half;
        }
        before = Some(winter.net);
    }
}
