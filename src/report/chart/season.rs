//! The season of one option: heat, what goes in for it and the temperature outside, day by day;
//! and the hours of the season by their load.

use crate::comparison::profile::{DayProfile, SeasonProfile};
use crate::report::chart::canvas::{
    At, Axis, Canvas, Letters, MARGIN, SMALL, Stroke, Swatch, WIDTH,
};
use crate::report::chart::staircase::rules;
use crate::report::chart::style::{Colour, Hatch, Look};
use crate::report::chart::{ChartError, Subject};
use crate::report::messages::Messages;
use crate::report::table::number;
use crate::report::words::option_name;

const LEFT: i32 = MARGIN + 90;
const RIGHT: i32 = WIDTH - MARGIN;
const HEAT: Look = Look::new(Colour::ORANGE, Hatch::Rising);
const INPUT: Stroke = Stroke::solid(Colour::BLUE, 5);
const OUTSIDE: Stroke = Stroke::solid(Colour::GREEN, 5);
const DESIGN: Stroke = Stroke::dashed(Colour::RED, 4, 16, 8);
const CAPACITY: Stroke = Stroke::dashed(Colour::BLUE, 4, 6, 6);

fn profile<'a>(subject: &Subject<'a>) -> Result<&'a SeasonProfile, ChartError> {
    subject.season.ok_or(ChartError::NoSeason)
}

/// What a season asks for, and the day that asks for most.
pub(super) fn title(subject: &Subject<'_>, messages: &Messages) -> Result<String, ChartError> {
    let profile = profile(subject)?;
    let days = &profile.days;
    let heat: f64 = days.iter().map(|day| day.heat_kwh).sum();
    let input: f64 = days.iter().map(|day| day.input_kwh).sum();
    let hardest = days.iter().max_by(|a, b| a.heat_kwh.total_cmp(&b.heat_kwh));
    let (day, most) = hardest.map_or((String::new(), 0.0), |day| {
        (day.day.to_string(), day.heat_kwh)
    });
    Ok(messages.with(
        "chart-title-season",
        &[
            ("option", &option_name(subject.account, messages)),
            ("heat", &number(heat, 0)),
            ("input", &number(input, 0)),
            ("day", &day),
            ("most", &number(most, 0)),
        ],
    ))
}

pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    subject: &Subject<'_>,
    messages: &Messages,
) -> Result<(), ChartError> {
    let profile = profile(subject)?;
    canvas.legend(&[
        (Swatch::Block(HEAT), messages.text("chart-heat")),
        (Swatch::Line(INPUT), messages.text("chart-input")),
    ]);
    energy(canvas, &profile.days, messages);
    outside(canvas, profile, messages);
    duration(canvas, profile, messages);
    Ok(())
}

/// The edges of the days across the plot.
fn days_axis(days: &[DayProfile]) -> impl Fn(usize) -> i32 + use<> {
    let slot = f64::from(RIGHT - LEFT) / days.len().max(1) as f64;
    move |i| LEFT + (slot * i as f64) as i32
}

fn heading(canvas: &mut Canvas<'_>, key: &str, messages: &Messages) {
    let unit = messages.text(key);
    canvas.paragraph(&unit, Letters::new(SMALL).colour(Colour::GREY));
    canvas.below += 22;
}

/// Steps of a daily value.
fn steps(days: &[DayProfile], y: &Axis, value: impl Fn(&DayProfile) -> f64) -> Vec<(i32, i32)> {
    let edge = days_axis(days);
    let steps = days.iter().enumerate().flat_map(|(i, day)| {
        let at = y.at(value(day));
        [(edge(i), at), (edge(i + 1), at)]
    });
    steps.collect()
}

fn energy(canvas: &mut Canvas<'_>, days: &[DayProfile], messages: &Messages) {
    heading(canvas, "chart-axis-kwh-day", messages);
    let top = canvas.below;
    let values = days.iter().flat_map(|day| [day.heat_kwh, day.input_kwh]);
    let y = Axis::round(values, (top + 420, top), 5);
    rules(canvas, &y, (LEFT, RIGHT));
    let edge = days_axis(days);
    for (i, day) in days.iter().enumerate() {
        let (a, b) = ((edge(i), y.at(0.0)), (edge(i + 1), y.at(day.heat_kwh)));
        canvas.area(vec![a, (b.0, a.1), b, (a.0, b.1)], HEAT.ground());
        for line in HEAT.hatch.lines((a.0, b.1), (b.0, a.1)) {
            canvas.line(line, Stroke::solid(HEAT.colour, 2));
        }
    }
    let outline = steps(days, &y, |day| day.heat_kwh);
    canvas.line(outline, Stroke::solid(HEAT.colour.darker(), 2));
    canvas.line(steps(days, &y, |day| day.input_kwh), INPUT);
    canvas.below = y.at(0.0) + 16;
}

fn outside(canvas: &mut Canvas<'_>, profile: &SeasonProfile, messages: &Messages) {
    let days = &profile.days;
    heading(canvas, "chart-axis-outside", messages);
    let top = canvas.below;
    let design = profile.t_design.value();
    let values = days.iter().map(|day| day.t_mean.value());
    // Room for the name of the design temperature, below its line.
    let y = Axis::round(values.chain([design - 4.0]), (top + 280, top), 5);
    rules(canvas, &y, (LEFT, RIGHT));
    canvas.line(vec![(LEFT, y.at(design)), (RIGHT, y.at(design))], DESIGN);
    canvas.line(steps(days, &y, |day| day.t_mean.value()), OUTSIDE);
    let text = messages.with("chart-design-temperature", &[("value", &number(design, 1))]);
    note(canvas, &text, (RIGHT - 6, y.at(design) + 24));
    let bottom = y.ticks.first().map_or(0, |&low| y.at(low));
    let edge = days_axis(days);
    for (i, day) in days.iter().enumerate() {
        let first = day.day.day() == 1 || i == 0;
        if first {
            let x = edge(i);
            canvas.line(
                vec![(x, bottom), (x, bottom + 10)],
                Stroke::solid(Colour::INK, 2),
            );
        }
        // A name at the first days of a month, where the next one leaves room for it.
        let near = days
            .iter()
            .skip(i + 1)
            .take(8)
            .any(|day| day.day.day() == 1);
        if first && !near && edge(i) < RIGHT - 80 {
            canvas.text(
                &day.day.to_string(),
                (edge(i), bottom + 32),
                Letters::new(SMALL),
            );
        }
    }
    canvas.below = bottom + 74;
}

/// Bold text on white that ends at a point.
fn note(canvas: &mut Canvas<'_>, text: &str, (x, y): (i32, i32)) {
    let letters = Letters::new(SMALL).bold().at(At::End);
    let left = x - canvas.width(text, letters) - 6;
    let corners = vec![
        (left, y - 19),
        (x + 4, y - 19),
        (x + 4, y + 19),
        (left, y + 19),
    ];
    canvas.area(corners, Colour::PAPER);
    canvas.text(text, (x, y), letters);
}

fn duration(canvas: &mut Canvas<'_>, profile: &SeasonProfile, messages: &Messages) {
    heading(canvas, "chart-axis-duration", messages);
    let top = canvas.below;
    let load = profile.design_load.value();
    let capacity = profile.capacity.map(|it| it.value());
    let hours = profile.duration_kw.len();
    let most = profile.duration_kw.first().copied().unwrap_or(0.0);
    let values = [most, load].into_iter().chain(capacity);
    let y = Axis::round(values, (top + 380, top), 5);
    let x = Axis::round([hours as f64], (LEFT, RIGHT), 6);
    rules(canvas, &y, (LEFT, RIGHT));
    let mut outline = vec![(LEFT, y.at(0.0))];
    // A point every pixel is enough.
    let every = (hours / 400).max(1);
    let ends = profile.duration_kw.iter().enumerate().step_by(every);
    outline.extend(ends.map(|(i, &kw)| (x.at(i as f64), y.at(kw))));
    let low = profile.duration_kw.last().copied().unwrap_or(0.0);
    outline.push((x.at(hours as f64), y.at(low)));
    let curve = outline.get(1..).unwrap_or_default().to_vec();
    outline.push((x.at(hours as f64), y.at(0.0)));
    canvas.area(outline, HEAT.ground());
    canvas.line(curve, Stroke::solid(HEAT.colour.darker(), 5));
    let mut lines = vec![(load, DESIGN, "chart-design-load")];
    lines.extend(capacity.map(|kw| (kw, CAPACITY, "chart-capacity")));
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut free = top - 60;
    for (kw, stroke, key) in lines {
        let at = y.at(kw);
        canvas.line(vec![(LEFT, at), (RIGHT, at)], stroke);
        let text = messages.with(key, &[("value", &number(kw, 1))]);
        let place = (at - 22).max(free);
        let place = if place > at - 22 {
            at.max(free) + 24
        } else {
            place
        };
        note(canvas, &text, (RIGHT - 6, place));
        free = place + 44;
    }
    let bottom = y.at(0.0);
    for &tick in &x.ticks {
        let letters = Letters::new(SMALL).at(At::Middle);
        let half = canvas.width(&number(tick, 0), letters) / 2;
        let at = x.at(tick).min(WIDTH - 8 - half);
        canvas.text(&number(tick, 0), (at, bottom + 28), letters);
    }
    let letters = Letters::new(SMALL).colour(Colour::GREY).at(At::Middle);
    let unit = messages.text("chart-axis-hours");
    canvas.text(&unit, ((LEFT + RIGHT) / 2, bottom + 66), letters);
    canvas.below = bottom + 88;
}
