//! Colours that colour-blind readers tell apart, and hatches that survive a copier.

use crate::report::chart::canvas::{Point, Stroke};

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Text.
    pub const INK: Self = Self(0x1a, 0x1a, 0x1a);
    /// Text of less weight.
    pub const GREY: Self = Self(0x59, 0x59, 0x59);
    /// Grid lines.
    pub const FAINT: Self = Self(0xd0, 0xd0, 0xd0);
    /// The ground.
    pub const PAPER: Self = Self(0xff, 0xff, 0xff);
    /// Of Okabe and Ito's palette for all kinds of colour vision.
    pub const BLUE: Self = Self(0x00, 0x72, 0xb2);
    /// Of the same palette.
    pub const SKY: Self = Self(0x56, 0xb4, 0xe9);
    /// Of the same palette.
    pub const ORANGE: Self = Self(0xe6, 0x9f, 0x00);
    /// Of the same palette.
    pub const GREEN: Self = Self(0x00, 0x9e, 0x73);
    /// Of the same palette.
    pub const YELLOW: Self = Self(0xf0, 0xe4, 0x42);
    /// Of the same palette.
    pub const RED: Self = Self(0xd5, 0x5e, 0x00);
    /// Of the same palette.
    pub const PURPLE: Self = Self(0xcc, 0x79, 0xa7);

    /// For outlines.
    pub const fn darker(self) -> Self {
        Self(self.0 / 2, self.1 / 2, self.2 / 2)
    }

    /// For the ground under a hatch.
    const fn pale(self) -> Self {
        const fn pale(part: u8) -> u8 {
            255 - (255 - part) / 5
        }
        Self(pale(self.0), pale(self.1), pale(self.2))
    }
}

/// Colour and hatch of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its colour.
    pub colour: Colour,
    /// Its lines.
    pub hatch: Hatch,
}

impl Look {
    /// An area of a colour with lines.
    pub const fn new(colour: Colour, hatch: Hatch) -> Self {
        Self { colour, hatch }
    }

    /// The colour under the lines.
    pub const fn ground(self) -> Colour {
        match self.hatch {
            Hatch::Solid => self.colour,
            Hatch::Empty => Colour::PAPER,
            _ => self.colour.pale(),
        }
    }
}

/// Lines of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hatch {
    /// None: the full colour.
    Solid,
    /// None: white.
    Empty,
    /// Rising to the right.
    Rising,
    /// Falling to the right.
    Falling,
    /// Both.
    Crossed,
    /// Lying.
    Lying,
    /// Standing.
    Standing,
}

/// Pixels between two lines of a hatch.
const GAP: i32 = 12;

impl Hatch {
    /// Its lines in a rectangle. They run on from one rectangle to its neighbour.
    pub fn lines(self, (x0, y0): Point, (x1, y1): Point) -> Vec<Vec<Point>> {
        let multiples = |from: i32, to: i32| {
            let first = from.div_euclid(GAP) + 1;
            (first..).map(|i| i * GAP).take_while(move |&at| at < to)
        };
        // x - y is the same along a falling line, x + y along a rising one.
        let falling = || {
            multiples(x0 - y1, x1 - y0).map(move |d| {
                let (from, to) = (x0.max(d + y0), x1.min(d + y1));
                vec![(from, from - d), (to, to - d)]
            })
        };
        let rising = || {
            multiples(x0 + y0, x1 + y1).map(move |s| {
                let (from, to) = (x0.max(s - y1), x1.min(s - y0));
                vec![(from, s - from), (to, s - to)]
            })
        };
        match self {
            Self::Solid | Self::Empty => Vec::new(),
            Self::Rising => rising().collect(),
            Self::Falling => falling().collect(),
            Self::Crossed => rising().chain(falling()).collect(),
            Self::Lying => multiples(y0, y1).map(|y| vec![(x0, y), (x1, y)]).collect(),
            Self::Standing => multiples(x0, x1).map(|x| vec![(x, y0), (x, y1)]).collect(),
        }
    }
}

/// Lines that differ without colour: each has its own dashes.
pub fn stroke(i: usize) -> Stroke {
    const COLOURS: [Colour; 6] = [
        Colour::BLUE,
        Colour::RED,
        Colour::GREEN,
        Colour::PURPLE,
        Colour::ORANGE,
        Colour::SKY,
    ];
    const DASHES: [Option<(i32, i32)>; 4] = [None, Some((18, 8)), Some((6, 6)), Some((34, 10))];
    Stroke {
        colour: COLOURS[i % COLOURS.len()],
        width: 5,
        dash: DASHES[i % DASHES.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_hatch_stays_in_its_area() {
        for hatch in [
            Hatch::Rising,
            Hatch::Falling,
            Hatch::Crossed,
            Hatch::Lying,
            Hatch::Standing,
        ] {
            let lines = hatch.lines((10, 20), (110, 61));
            assert!(lines.len() > 2, "{hatch:?}");
            for &(x, y) in lines.iter().flatten() {
                assert!(
                    (10..=110).contains(&x) && (20..=61).contains(&y),
                    "{hatch:?} {x} {y}"
                );
            }
        }
    }
}
