//! A list of shapes in pixels, and the only place that uses plotters: it draws the list as SVG and
//! picks the ticks of an axis.

use plotters::coord::Shift;
use plotters::coord::ranged1d::{BoldPoints, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::element::DashedPathElement;
use plotters::prelude::{
    Circle, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, PathElement, Polygon, SVGBackend,
    Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBColor, TextStyle, WHITE};

use crate::report::chart::ChartError;
use crate::report::chart::font::Font;
use crate::report::chart::style::{Colour, Look};

/// Width of every chart: the width of a phone's screen in its own pixels.
pub const WIDTH: i32 = 1080;
/// Free space at the left and right edge.
pub const MARGIN: i32 = 36;
/// Smallest text; still legible where the picture fills the width of a phone.
pub const SMALL: i32 = 28;
/// Text of names.
pub const NORMAL: i32 = 32;
/// Text of the title.
pub const LARGE: i32 = 42;

/// A point in pixels, from the upper left corner.
pub type Point = (i32, i32);

/// Where a text stands against its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    /// Height of the font.
    pub size: i32,
    /// Whether it is bold.
    pub bold: bool,
    /// Its colour.
    pub colour: Colour,
    /// Where it stands.
    pub at: At,
}

impl Letters {
    /// Plain dark text that begins at its point.
    pub const fn new(size: i32) -> Self {
        Self {
            size,
            bold: false,
            colour: Colour::INK,
            at: At::Start,
        }
    }
    /// The same in bold.
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    /// The same in another colour.
    pub const fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }
    /// The same at another place against its point.
    pub const fn at(self, at: At) -> Self {
        Self { at, ..self }
    }
}

/// A line's colour, width and dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// Its colour.
    pub colour: Colour,
    /// Its width.
    pub width: u32,
    /// Length of dash and gap.
    pub dash: Option<(i32, i32)>,
}

impl Stroke {
    /// A line without gaps.
    pub const fn solid(colour: Colour, width: u32) -> Self {
        Self {
            colour,
            width,
            dash: None,
        }
    }
    /// A line with gaps.
    pub const fn dashed(colour: Colour, width: u32, dash: i32, gap: i32) -> Self {
        Self {
            colour,
            width,
            dash: Some((dash, gap)),
        }
    }
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Area(Vec<Point>, Colour),
    Line(Vec<Point>, Stroke),
    Disc(Point, i32, Colour),
    Text(String, Point, Letters),
}

/// A picture in the making.
pub struct Canvas<'f> {
    font: &'f Font,
    shapes: Vec<Shape>,
    /// The next free line below what has been drawn.
    pub below: i32,
}

impl<'f> Canvas<'f> {
    /// An empty one.
    pub fn new(font: &'f Font) -> Self {
        Self {
            font,
            shapes: Vec::new(),
            below: MARGIN,
        }
    }

    /// Width of a text.
    pub fn width(&self, text: &str, letters: Letters) -> i32 {
        // The bold weight runs a little wider than the regular one that is measured.
        let factor = if letters.bold { 1.05 } else { 1.0 };
        (self.font.width(text, f64::from(letters.size)) * factor).ceil() as i32
    }

    /// A filled outline.
    pub fn area(&mut self, points: Vec<Point>, colour: Colour) {
        self.shapes.push(Shape::Area(points, colour));
    }

    /// Lines from point to point.
    pub fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.shapes.push(Shape::Line(points, stroke));
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: Point, radius: i32, colour: Colour) {
        self.shapes.push(Shape::Disc(centre, radius, colour));
    }

    /// A line of text; the point is at the middle of its height.
    pub fn text(&mut self, text: &str, point: Point, letters: Letters) {
        self.shapes
            .push(Shape::Text(text.to_owned(), point, letters));
    }

    /// Text broken into lines, below what has been drawn.
    pub fn paragraph(&mut self, text: &str, letters: Letters) {
        let room = WIDTH - 2 * MARGIN;
        let lines = broken(text, |part| self.width(part, letters) <= room);
        let step = letters.size * 13 / 10;
        for line in lines {
            self.text(&line, (MARGIN, self.below + step / 2), letters);
            self.below += step;
        }
    }

    /// A rectangle between two corners, filled so that a copier keeps it apart from others.
    pub fn block(&mut self, a: Point, b: Point, look: Look) {
        let (x0, x1) = (a.0.min(b.0), a.0.max(b.0));
        let (y0, y1) = (a.1.min(b.1), a.1.max(b.1));
        if x0 == x1 || y0 == y1 {
            return;
        }
        let corners = vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
        self.area(corners.clone(), look.ground());
        for line in look.hatch.lines((x0, y0), (x1, y1)) {
            self.line(line, Stroke::solid(look.colour, 3));
        }
        let mut outline = corners;
        outline.push((x0, y0));
        self.line(outline, Stroke::solid(look.colour.darker(), 2));
    }

    /// Swatches with their names, as many in a line as fit, below what has been drawn.
    pub fn legend(&mut self, entries: &[(Swatch, String)]) {
        const SWATCH: i32 = 52;
        let letters = Letters::new(SMALL);
        let step = 46;
        let mut x = MARGIN;
        for (swatch, name) in entries {
            let wide = SWATCH + 12 + self.width(name, letters);
            if x > MARGIN && x + wide > WIDTH - MARGIN {
                x = MARGIN;
                self.below += step;
            }
            let y = self.below + step / 2;
            match *swatch {
                Swatch::Block(look) => self.block((x, y - 14), (x + SWATCH, y + 14), look),
                Swatch::Line(stroke) => self.line(vec![(x, y), (x + SWATCH, y)], stroke),
                Swatch::Mark => self.diamond((x + SWATCH / 2, y)),
            }
            self.text(name, (x + SWATCH + 12, y), letters);
            x += wide + 32;
        }
        self.below += step + 12;
    }

    /// A black diamond with a white rim: a sum.
    pub fn diamond(&mut self, (x, y): Point) {
        let around = |r: i32| vec![(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
        self.area(around(15), Colour::PAPER);
        self.area(around(11), Colour::INK);
    }

    /// The SVG, with `<text>` elements.
    ///
    /// # Errors
    /// Characters that the font lacks.
    pub fn finish(self) -> Result<String, ChartError> {
        let texts = self.shapes.iter().filter_map(|shape| match shape {
            Shape::Text(text, ..) => Some(text.as_str()),
            _ => None,
        });
        let missing = self.font.missing(texts);
        if !missing.is_empty() {
            return Err(ChartError::Missing(missing.into_iter().collect()));
        }
        let mut svg = String::new();
        let size = (WIDTH as u32, (self.below + MARGIN) as u32);
        {
            let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            paint(&area, &self.shapes, &self.font.family)
                .map_err(|error| ChartError::Drawing(error.to_string()))?;
        }
        Ok(svg)
    }
}

/// What stands before a name in a legend.
#[derive(Debug, Clone, Copy)]
pub enum Swatch {
    /// A filled block.
    Block(Look),
    /// A line.
    Line(Stroke),
    /// The mark of a sum.
    Mark,
}

type Painted = Result<(), DrawingAreaErrorKind<std::io::Error>>;

fn paint(area: &DrawingArea<SVGBackend<'_>, Shift>, shapes: &[Shape], family: &str) -> Painted {
    area.fill(&WHITE)?;
    for shape in shapes {
        match shape {
            Shape::Area(points, colour) => {
                area.draw(&Polygon::new(points.clone(), ink(*colour).filled()))?;
            }
            Shape::Line(points, stroke) => {
                let style = ink(stroke.colour).stroke_width(stroke.width);
                match stroke.dash {
                    Some((dash, gap)) => {
                        area.draw(&DashedPathElement::new(points.clone(), dash, gap, style))?;
                    }
                    None => area.draw(&PathElement::new(points.clone(), style))?,
                }
            }
            Shape::Disc(centre, radius, colour) => {
                area.draw(&Circle::new(*centre, *radius, ink(*colour).filled()))?;
            }
            Shape::Text(text, point, letters) => {
                area.draw(&Text::new(text.clone(), *point, style(*letters, family)))?;
            }
        }
    }
    area.present()
}

fn style(letters: Letters, family: &str) -> TextStyle<'_> {
    // The backend divides the size by this before it writes it.
    let size = f64::from(letters.size) * 1.24;
    let weight = if letters.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let across = match letters.at {
        At::Start => HPos::Left,
        At::Middle => HPos::Center,
        At::End => HPos::Right,
    };
    let mut style = TextStyle::from((family, size, weight).into_font());
    style.color = ink(letters.colour).to_backend_color();
    style.pos = Pos::new(across, VPos::Center);
    style
}

const fn ink(Colour(r, g, b): Colour) -> RGBColor {
    RGBColor(r, g, b)
}

/// A straight axis: values on pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    values: (f64, f64),
    pixels: (i32, i32),
    /// Values at which it is marked, rising.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// An axis over `pixels` (its low and its high end) that holds all of `values` and 0, with at
    /// most `ticks` marks at round numbers.
    pub fn round(values: impl IntoIterator<Item = f64>, pixels: (i32, i32), ticks: usize) -> Self {
        Self::between(values.into_iter().chain([0.0]), pixels, ticks)
    }

    /// The same without 0.
    pub fn between(
        values: impl IntoIterator<Item = f64>,
        pixels: (i32, i32),
        ticks: usize,
    ) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let range = finite.fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let range = if range.0 > range.1 { (0.0, 1.0) } else { range };
        let (low, high) = range;
        let high = if high - low < 1e-9 { low + 1.0 } else { high };
        let step = match marks(low, high, ticks).as_slice() {
            [first, second, ..] => second - first,
            _ => high - low,
        };
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        let count = ((high - low) / step).round() as i32;
        Self {
            values: (low, high),
            pixels,
            ticks: (0..=count).map(|i| low + f64::from(i) * step).collect(),
        }
    }

    /// The pixel of a value.
    pub fn at(&self, value: f64) -> i32 {
        coordinate(self.values).map(&value, self.pixels)
    }
}

fn coordinate((low, high): (f64, f64)) -> RangedCoordf64 {
    (low..high).into()
}

/// Round numbers between two.
fn marks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let hint = BoldPoints(most);
    let range = coordinate((low, high));
    Ranged::key_points(&range, hint)
}

/// Text in lines that fit: broken at blanks, and between Chinese characters.
fn broken(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || fits(longer.trim_end()) {
            line = longer;
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece;
        }
    }
    if !line.trim_end().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Parts that stay together: a word with its blank, a Chinese character with the marks behind it.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let mut back = pieces
            .last()
            .into_iter()
            .flat_map(|piece| piece.chars().rev());
        let joins = match (back.next(), back.next()) {
            (None, _) => false,
            // A number keeps its Chinese unit.
            (Some(' '), before) => is_wide(c) && before.is_some_and(|it| it.is_ascii_digit()),
            (Some('（' | '《' | '「'), _) => true,
            (Some(before), _) => {
                "，。：；、！？）》」%".contains(c) || c == ' ' || !(is_wide(c) || is_wide(before))
            }
        };
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// Whether a character is Chinese or a mark of Chinese text, where lines may break.
const fn is_wide(c: char) -> bool {
    c as u32 >= 0x2e80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_chinese_characters() {
        let fits = |text: &str| text.chars().count() <= 6;
        assert_eq!(
            broken("一二三四五六，七八", fits),
            ["一二三四五", "六，七八"]
        );
        assert_eq!(broken("one two three", fits), ["one", "two", "three"]);
        assert_eq!(broken("一共花 1234 元", fits), ["一共花", "1234 元"]);
    }

    #[test]
    fn an_axis_holds_its_values_and_ends_at_round_numbers() {
        let axis = Axis::round([1234.0, -87.0], (0, 1000), 6);
        assert!(axis.ticks.first().is_some_and(|&low| low <= -87.0));
        assert!(axis.ticks.last().is_some_and(|&high| high >= 1234.0));
        assert!(axis.ticks.contains(&0.0));
        assert_eq!(Axis::round([0.0], (0, 10), 4).at(0.0), 0);
    }
}
