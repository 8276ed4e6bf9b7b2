//! Rosters made up for tests and benchmarks: the same seed gives the same roster.

#![allow(dead_code)]

use std::fmt::Write;

/// A small generator of pseudo-random numbers (Knuth's MMIX multiplier).
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// A number from 0 up to `sides`, without it.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// How areas are written.
#[derive(Clone, Copy)]
pub enum Areas {
    /// In whole square metres, as townships do: many houses are alike.
    Whole,
    /// To the hundredth, as title deeds do: no two houses are alike.
    Hundredths,
}

const CATEGORIES: [&str; 10] = [
    "一般户",
    "一般户",
    "一般户",
    "一般户",
    "一般户",
    "低保户",
    "五保户",
    "脱贫户",
    "监测户",
    "残疾人户",
];

/// A roster of `rows` households in villages of 150, as CSV.
pub fn csv(rows: usize, seed: u64, areas: Areas) -> String {
    let mut dice = Dice::new(seed);
    let mut out =
        String::from("乡镇,行政村,户主,电话,人口,户类别,采暖面积(平方米),用煤量(吨),煤价(元/吨)\n");
    for i in 0..rows {
        let village = i / 150;
        let mut area = (45 + dice.below(116)) as f64;
        if let Areas::Hundredths = areas {
            area += dice.below(100) as f64 / 100.0;
        }
        let coal = area * (20 + dice.below(50)) as f64 / 1000.0;
        let _ = writeln!(
            out,
            "乡{:02},村{village:04},户{i:06},1390000{:04},{},{},{area},{coal:.2},{}",
            village / 12,
            i % 10_000,
            1 + dice.below(6),
            CATEGORIES[dice.below(10) as usize],
            700 + 50 * dice.below(12),
        );
    }
    out
}
