//! Straight lines through given points, and tables over the outdoor temperature.

use crate::words::wide::{F64s, Simd, TABLE, looked_up};

/// A broken line through points of rising `x`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve(Vec<(f64, f64)>);

impl Curve {
    /// Through points, sorted by `x`; nothing if there is no point or two share an `x`.
    pub fn new(mut points: Vec<(f64, f64)>) -> Option<Self> {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let distinct = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
        (!points.is_empty() && distinct).then_some(Self(points))
    }
    /// The same value everywhere.
    pub fn flat(y: f64) -> Self {
        Self(vec![(0.0, y)])
    }
    /// The value at `x`; outside the points, that of the nearest.
    #[inline]
    pub fn at(&self, x: f64) -> f64 {
        let above = self.0.partition_point(|point| point.0 < x);
        match (
            above.checked_sub(1).and_then(|i| self.0.get(i)),
            self.0.get(above),
        ) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
            (Some(end), None) | (None, Some(end)) => end.1,
            (None, None) => 0.0,
        }
    }
    /// The value at `x`, with the end slopes carried on outside the points.
    pub fn extended(&self, x: f64) -> f64 {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return 0.0;
        };
        let line = |a: &(f64, f64), b: &(f64, f64)| a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0);
        match self.0.as_slice() {
            [a, b, ..] if x < first.0 => line(a, b),
            [.., a, b] if x > last.0 => line(a, b),
            _ => self.at(x),
        }
    }
    /// The points.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.0
    }
    /// The first and the last `x`.
    pub fn ends(&self) -> (f64, f64) {
        let x = |point: Option<&(f64, f64)>| point.map_or(0.0, |point| point.0);
        (x(self.0.first()), x(self.0.last()))
    }
    /// The same line with every value multiplied.
    pub fn scaled(&self, factor: f64) -> Self {
        Self(self.0.iter().map(|&(x, y)| (x, y * factor)).collect())
    }
}

/// The smaller of two; `f64::min` without its care for NaN, which the inputs never hold, is one
/// instruction instead of four.
#[inline]
pub(crate) const fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The larger of two, as [`lesser`].
#[inline]
pub(crate) const fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// 1.5 x 2^52: whole numbers are the last bits of what is added to it.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// The whole part of a number from 0 up to [`PLACES`], as a place and as a number.
///
/// Half less and then added to 1.5 x 2^52 it is rounded to a whole number whose last bits are the
/// place: additions and a mask, in any width of vectors, where a cast has to look for numbers out
/// of range. A whole number may give the place before it; the line between two places ends at it.
#[inline(always)]
fn place_of<const PLACES: usize>(x: f64) -> (usize, f64) {
    let rounded = (x - 0.5) + WHOLE;
    let place = rounded.to_bits() as usize & (PLACES - 1);
    (place, rounded - WHOLE)
}

const T_LOW: f64 = -50.0;
const T_ROWS: usize = 81;
/// Rows with room for a mask.
const T_PLACES: usize = 128;

/// Values prepared for every whole degree from -50 to +30 degC; an hour only interpolates.
#[derive(Debug, Clone)]
pub struct OutdoorTable<const N: usize>([[f64; N]; T_PLACES]);

impl<const N: usize> OutdoorTable<N> {
    /// Prepares it from a function of the outdoor temperature, degC.
    pub fn new(row: impl FnMut(f64) -> [f64; N]) -> Self {
        Self::between((f64::MIN, f64::MAX), row)
    }
    /// Prepares only the part between two temperatures; it must not be asked outside them.
    pub fn between((low, high): (f64, f64), mut row: impl FnMut(f64) -> [f64; N]) -> Self {
        let place = |t: f64| (t - T_LOW).clamp(0.0, (T_ROWS - 1) as f64);
        let first = (place(low) as usize).min(T_ROWS - 2);
        let last = (place(high) as usize + 1).clamp(first + 1, T_ROWS - 1);
        let mut table = [[0.0; N]; T_PLACES];
        for (i, slot) in table.iter_mut().enumerate().take(last + 1).skip(first) {
            *slot = row(T_LOW + i as f64);
        }
        Self(table)
    }
    /// The values at a temperature; outside the table those of its ends.
    #[inline(always)]
    pub fn at(&self, t_c: f64) -> [f64; N] {
        let position = lesser(greater(t_c - T_LOW, 0.0), (T_ROWS - 1) as f64);
        let (i, whole) = place_of::<T_PLACES>(position);
        let share = position - whole;
        let (a, b) = (&self.0[i], &self.0[(i + 1) % T_PLACES]);
        std::array::from_fn(|n| a[n] + (b[n] - a[n]) * share)
    }
}

/// Values prepared for 33 loads from 0 to 1: at the beginning of each of 32 steps, and the rise to
/// its end.
#[derive(Debug, Clone)]
pub struct LoadTable {
    value: [f64; TABLE],
    rise: [f64; TABLE],
}

impl LoadTable {
    /// Prepares it from a function of the load (0 to 1).
    pub fn new(value: impl Fn(f64) -> f64) -> Self {
        let rows: [f64; TABLE + 1] = std::array::from_fn(|i| value(i as f64 / TABLE as f64));
        Self {
            value: std::array::from_fn(|i| rows[i]),
            rise: std::array::from_fn(|i| rows[i + 1] - rows[i]),
        }
    }
    /// The value at a load; outside 0 to 1 that of the end.
    #[inline(always)]
    pub fn at(&self, load: f64) -> f64 {
        let position = lesser(greater(load, 0.0), 1.0) * TABLE as f64;
        let rounded = lesser((position - 0.5) + WHOLE, LAST);
        let i = rounded.to_bits() as usize % TABLE;
        self.value[i] + self.rise[i] * (position - (rounded - WHOLE))
    }
    /// [`Self::at`] in each lane, to the bit.
    #[inline(always)]
    pub(crate) fn at_each<S: Simd>(&self, simd: S, load: F64s<S>) -> F64s<S> {
        let all = |value: f64| simd.splat_f64s(value);
        let load = simd.min_f64s(simd.max_f64s(load, all(0.0)), all(1.0));
        let position = simd.mul_f64s(load, all(TABLE as f64));
        let half_less = simd.sub_f64s(position, all(0.5));
        let rounded = simd.min_f64s(simd.add_f64s(half_less, all(WHOLE)), all(LAST));
        let share = simd.sub_f64s(position, simd.sub_f64s(rounded, all(WHOLE)));
        let rise = simd.mul_f64s(looked_up(simd, &self.rise, rounded), share);
        simd.add_f64s(looked_up(simd, &self.value, rounded), rise)
    }
}

/// The last step of a [`LoadTable`], as [`place_of`] has it.
const LAST: f64 = WHOLE + (TABLE - 1) as f64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::wide::{Vectors, vectors};

    #[test]
    fn a_curve_is_straight_between_its_points() {
        let curve = Curve::new(vec![(10.0, 4.0), (0.0, 2.0)]).unwrap();
        assert_eq!(
            (curve.at(5.0), curve.at(-3.0), curve.at(20.0)),
            (3.0, 2.0, 4.0)
        );
        assert_eq!((curve.extended(-5.0), curve.extended(20.0)), (1.0, 6.0));
        assert!(Curve::new(vec![(1.0, 0.0), (1.0, 2.0)]).is_none());
    }

    #[test]
    fn tables_meet_their_function() {
        let table = OutdoorTable::new(|t| [2.0 * t, 1.0]);
        assert_eq!(table.at(-7.25), [-14.5, 1.0]);
        let odd = OutdoorTable::new(|t| [t * t]);
        let loads = LoadTable::new(|x| 3.0 * x);
        for t in -60..40 {
            let held = f64::from(t.clamp(-50, 30));
            assert_eq!(odd.at(f64::from(t)), [held * held]);
        }
        for i in -3..140 {
            let load = f64::from(i) / 128.0;
            assert!((loads.at(load) - 3.0 * load.clamp(0.0, 1.0)).abs() < 1e-12);
        }
    }

    /// Looks loads up as many at a time as a vector holds.
    struct Lookup<'a> {
        table: &'a LoadTable,
        loads: &'a mut [f64],
    }

    impl Vectors for Lookup<'_> {
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            for loads in S::as_mut_simd_f64s(self.loads).0 {
                *loads = self.table.at_each(simd, *loads);
            }
        }
    }

    #[test]
    fn a_table_gives_the_same_bits_in_vectors() {
        let table = LoadTable::new(|x| (1.0 + x).recip() + x * x);
        let loads: Vec<f64> = (-8..1032).map(|i| f64::from(i) / 1021.0).collect();
        let alone: Vec<f64> = loads.iter().map(|&load| table.at(load)).collect();
        let (mut wide, mut narrow) = (loads.clone(), loads);
        let table = &table;
        vectors(Lookup {
            table,
            loads: &mut wide,
        });
        let loads = &mut narrow;
        Lookup { table, loads }.run(pulp::Scalar::new());
        assert_eq!((&wide, &narrow), (&alone, &alone));
        assert!((alone[8] - 1.0).abs() < 1e-15 && (alone[1039] - 1.5).abs() < 1e-12);
    }
}
