//! Who pays: before the first winter, and each year.

use crate::report::chart::Subject;
use crate::report::chart::canvas::{
    At, Axis, Canvas, Letters, MARGIN, NORMAL, SMALL, Swatch, WIDTH,
};
use crate::report::chart::staircase::{left_of, rules, uprights};
use crate::report::chart::style::{Colour, Hatch, Look};
use crate::report::messages::Messages;
use crate::report::words::{option_name, yuan};
use crate::words::fixed::Money;
use crate::words::kinds::{Kind, Payer};
use crate::words::ledger::Purpose;

const ROW: i32 = 66;
const HEIGHT: i32 = 560;

fn look(payer: Payer) -> Look {
    match payer {
        Payer::Household => Look::new(Colour::BLUE, Hatch::Solid),
        Payer::Central => Look::new(Colour::RED, Hatch::Crossed),
        Payer::Province => Look::new(Colour::ORANGE, Hatch::Rising),
        Payer::City => Look::new(Colour::GREEN, Hatch::Falling),
        Payer::County => Look::new(Colour::SKY, Hatch::Standing),
        Payer::Township => Look::new(Colour::YELLOW, Hatch::Lying),
        Payer::Operator => Look::new(Colour::PURPLE, Hatch::Empty),
    }
}

/// Who has money in the account, in the fixed order.
fn payers(subject: &Subject<'_>) -> Vec<Payer> {
    let has = |payer: &Payer| {
        let mut sums = subject.account.payers.iter();
        *payer == Payer::Household || sums.any(|it| it.payer == *payer)
    };
    Payer::ALL.iter().copied().filter(has).collect()
}

/// What a payer pays in a year. A new machine after years and what it is still worth at the end are
/// left out: beside them no winter could be seen.
fn paid(subject: &Subject<'_>, payer: Payer, year: u16) -> Money {
    subject.account.ledger.sum(|line| {
        let renewal = matches!(line.purpose, Purpose::Replacement(_) | Purpose::Residual);
        line.payer == payer && line.year == year && !renewal
    })
}

/// What the household pays at first, and what governments pay in all.
pub(super) fn title(subject: &Subject<'_>, messages: &Messages) -> String {
    let account = subject.account;
    messages.with(
        "chart-title-payers",
        &[
            ("option", &option_name(account, messages)),
            ("own", &yuan(paid(subject, Payer::Household, 0))),
            ("front", &yuan(account.government.up_front)),
            ("winter", &yuan(account.government.first_winter)),
        ],
    )
}

pub(super) fn draw(canvas: &mut Canvas<'_>, subject: &Subject<'_>, messages: &Messages) {
    let payers = payers(subject);
    up_front(canvas, subject, &payers, messages);
    canvas.below += 40;
    each_year(canvas, subject, &payers, messages);
}

fn up_front(canvas: &mut Canvas<'_>, subject: &Subject<'_>, payers: &[Payer], messages: &Messages) {
    let heading = messages.text("chart-axis-front");
    canvas.paragraph(&heading, Letters::new(NORMAL).bold());
    canvas.below += 8;
    let name = |payer: Payer| messages.kind("payer", payer);
    let letters = Letters::new(NORMAL);
    let widths = payers.iter().map(|&it| canvas.width(&name(it), letters));
    let left = MARGIN + widths.max().unwrap_or(0) + 20;
    let sums = payers.iter().map(|&it| paid(subject, it, 0).to_f64());
    let axis = Axis::round(sums, (left, WIDTH - MARGIN - 150), 4);
    let top = canvas.below;
    let bottom = top + ROW * payers.len() as i32;
    uprights(canvas, &axis, (top, bottom));
    for (i, &payer) in payers.iter().enumerate() {
        let y = top + ROW * i as i32 + ROW / 2;
        let amount = paid(subject, payer, 0);
        canvas.text(&name(payer), (MARGIN, y), letters);
        let (zero, end) = (axis.at(0.0), axis.at(amount.to_f64()));
        canvas.block((zero, y - 22), (end, y + 22), look(payer));
        canvas.text(&yuan(amount), (zero.max(end) + 12, y), letters.bold());
    }
    canvas.below = bottom + 54;
}

fn each_year(
    canvas: &mut Canvas<'_>,
    subject: &Subject<'_>,
    payers: &[Payer],
    messages: &Messages,
) {
    let heading = messages.text("chart-axis-each-year");
    canvas.paragraph(&heading, Letters::new(NORMAL).bold());
    let entries: Vec<(Swatch, String)> = payers
        .iter()
        .map(|&payer| (Swatch::Block(look(payer)), messages.kind("payer", payer)))
        .collect();
    canvas.legend(&entries);
    let top = canvas.below + 24;
    let years = subject.account.staircase.len() as u16;
    let side = |year: u16, sign: f64| -> f64 {
        let sums = payers.iter().map(|&it| paid(subject, it, year).to_f64());
        sums.filter(|sum| sum * sign > 0.0).sum()
    };
    let values = (1..=years).flat_map(|year| [side(year, -1.0), side(year, 1.0)]);
    let y = Axis::round(values, (top + HEIGHT, top), 6);
    let (left, right) = (left_of(canvas, &y), WIDTH - MARGIN);
    rules(canvas, &y, (left, right));
    let slot = f64::from(right - left) / f64::from(years.max(1));
    let edge = |i: u16| left + (slot * f64::from(i)) as i32;
    let bottom = y.ticks.first().map_or(0, |&low| y.at(low));
    let every = (52.0 / slot).ceil().max(1.0) as u16;
    for year in 1..=years {
        let (x0, x1) = (edge(year - 1) + 5, edge(year) - 5);
        let (mut down, mut up) = (0.0, 0.0);
        for &payer in payers {
            let sum = paid(subject, payer, year).to_f64();
            let from = if sum < 0.0 { &mut down } else { &mut up };
            let to = *from + sum;
            canvas.block((x0, y.at(*from)), (x1, y.at(to)), look(payer));
            *from = to;
        }
        if (year - 1).is_multiple_of(every) {
            let letters = Letters::new(SMALL).at(At::Middle);
            canvas.text(&year.to_string(), ((x0 + x1) / 2, bottom + 28), letters);
        }
    }
    let letters = Letters::new(SMALL).colour(Colour::GREY).at(At::Middle);
    let unit = messages.text("chart-axis-year");
    canvas.text(&unit, ((left + right) / 2, bottom + 66), letters);
    canvas.below = bottom + 90;
}
