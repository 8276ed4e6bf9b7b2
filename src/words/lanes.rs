//! Sums over hours in eight running sums, so that eight hours are added at a time. The order of
//! addition is fixed by the place of an hour in its array and by nothing else: every machine and
//! every number of threads gives the same bits.

use crate::words::wide::{Wide, wide};

/// Running sums.
pub(crate) const LANES: usize = 8;

/// Sum of the entries.
#[inline(always)]
pub(crate) fn sum(values: &[f64]) -> f64 {
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum += x;
        }
    }
    for (sum, &x) in sums.iter_mut().zip(rest) {
        *sum += x;
    }
    total(sums)
}

/// [`sum`] with the widest vectors.
pub(crate) fn wide_sum(values: &[f64]) -> f64 {
    wide(Sum(values))
}

struct Sum<'a>(&'a [f64]);

impl Wide for Sum<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        sum(self.0)
    }
}

/// The sum of eight running sums.
#[inline(always)]
pub(crate) fn total(sums: [f64; LANES]) -> f64 {
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_take_every_entry_once() {
        for n in [0, 1, 7, 8, 9, 24, 27] {
            let values: Vec<f64> = (1..=n).map(f64::from).collect();
            let whole = f64::from(n * (n + 1) / 2);
            assert_eq!(sum(&values), whole);
        }
    }
}
