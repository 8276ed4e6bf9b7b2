//! Sorts the hours of the year into the few sums that bills need, once for all plans of a place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::tariff::plan::{HourClass, Ladder, Period, Plan, Version, Window};
use crate::words::calendar::{DAYS, HOURS, month_of_day};
use crate::words::fixed::Fixed;
use crate::words::wide::{Wide, wide};

/// Metered energy summed by the buckets of one [`Timetable`]; it means nothing with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// Units of each bucket, six places.
    pub quantity: Vec<Fixed>,
}

impl Readings {
    /// Their sum.
    pub fn total(&self) -> Fixed {
        self.quantity.iter().copied().sum()
    }
    /// Both meters together.
    pub fn plus(&self, other: &Self) -> Self {
        let pairs = self.quantity.iter().zip(&other.quantity);
        Self {
            quantity: pairs.map(|(&a, &b)| a + b).collect(),
        }
    }
}

/// The buckets of a set of plans in one winter: hours that every plan prices alike, month by month.
#[derive(Debug, Clone)]
pub struct Timetable {
    /// Bucket of each hour of the year.
    bucket_of_hour: Vec<u16>,
    /// The hours of the year.
    hours: Vec<usize>,
    /// Month index (0 = January) of each bucket.
    month_of_bucket: Vec<u8>,
    /// One a plan.
    pub(crate) layouts: Vec<Layout>,
}

/// Consecutive days of one month, version and window of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub month: u8,
    pub days: u16,
    pub version: Arc<Version>,
    pub window: usize,
}

impl Segment {
    pub fn window(&self) -> Option<&Window> {
        self.version.windows.get(self.window)
    }
    pub fn ladder(&self) -> Option<&Ladder> {
        self.version.ladders.get(self.window()?.ladder?)
    }
}

/// A segment's hours of one class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub segment: u16,
    pub rate: u8,
    pub month: u8,
    pub class: HourClass,
}

/// Cells that are billed together: those of one ladder in one month.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub cells: Vec<u16>,
    /// A segment of the group, for its ladder.
    pub segment: u16,
}

/// The groups that one ladder counts through, in order of time; without a ladder, any order.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub monthly: bool,
    pub groups: Vec<Group>,
}

/// How one plan sees the buckets.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub segments: Vec<Segment>,
    pub cells: Vec<Cell>,
    pub cell_of_bucket: Vec<u16>,
    pub runs: Vec<Run>,
}

impl Timetable {
    /// For a set of plans; to be made once and shared.
    pub fn new<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Self {
        let mut bucket_of_hour: Vec<u16> =
            (0..HOURS).map(|h| month_of_day(h / 24) as u16).collect();
        let mut seen = Vec::new();
        for plan in plans {
            let (layout, cell_of_hour) = Layout::new(plan);
            refine(&mut bucket_of_hour, &cell_of_hour);
            seen.push((layout, cell_of_hour));
        }
        let count = bucket_of_hour
            .iter()
            .max()
            .map_or(0, |&b| usize::from(b) + 1);
        let mut month_of_bucket = vec![0; count];
        for (hour, &bucket) in bucket_of_hour.iter().enumerate() {
            month_of_bucket[usize::from(bucket)] = month_of_day(hour / 24) as u8;
        }
        let layouts = seen
            .into_iter()
            .map(|(mut layout, cell_of_hour)| {
                layout.cell_of_bucket = vec![0; count];
                for (&bucket, &cell) in bucket_of_hour.iter().zip(&cell_of_hour) {
                    layout.cell_of_bucket[usize::from(bucket)] = cell;
                }
                layout
            })
            .collect();
        Self {
            bucket_of_hour,
            hours: (0..HOURS).collect(),
            month_of_bucket,
            layouts,
        }
    }

    /// Number of buckets.
    pub fn buckets(&self) -> usize {
        self.month_of_bucket.len()
    }

    /// Month index (0 = January) of each bucket.
    pub fn month_of_bucket(&self) -> &[u8] {
        &self.month_of_bucket
    }

    /// Sums hours of the year (0 to 8759, any order, may repeat) with their units (kWh, m3), of
    /// the same length; hours beyond the year are left out. The sums are rounded to six places.
    pub fn read(&self, hours: &[usize], units: &[f64]) -> Readings {
        if let Some(sums) = self.read_days(hours, units) {
            return Readings::from_sums(&sums);
        }
        let mut sums = vec![0.0_f64; self.buckets()];
        let pairs = hours.iter().zip(units);
        let known =
            pairs.filter_map(|(&hour, &unit)| Some((*self.bucket_of_hour.get(hour)?, unit)));
        add_runs(known, &mut sums);
        Readings::from_sums(&sums)
    }

    /// Sums whole days hour by hour of the day as long as days have the same buckets; nothing if
    /// the hours are not whole days. Twenty-four sums go on side by side.
    fn read_days(&self, hours: &[usize], units: &[f64]) -> Option<Vec<f64>> {
        wide(Days {
            timetable: self,
            hours,
            units,
        })
    }

    #[inline(always)]
    fn sum_days(&self, hours: &[usize], units: &[f64]) -> Option<Vec<f64>> {
        let count = hours.len().min(units.len());
        let (days, rest) = hours.get(..count)?.as_chunks::<DAY>();
        let (loads, _) = units.get(..count)?.as_chunks::<DAY>();
        if !rest.is_empty() {
            return None;
        }
        let mut sums = vec![0.0_f64; self.buckets()];
        let mut pattern: &[u16] = &[];
        let mut of_day = [0.0_f64; DAY];
        for (day, load) in days.iter().zip(loads) {
            let from = day[0];
            let in_order = |own: bool, (i, &hour): (usize, &usize)| own & (hour == from + i);
            let whole = day.iter().enumerate().fold(true, in_order);
            if !from.is_multiple_of(DAY) || !whole {
                return None;
            }
            let own = self.bucket_of_hour.get(from..from + DAY)?;
            if own != pattern {
                spread(pattern, &of_day, &mut sums);
                (pattern, of_day) = (own, [0.0; DAY]);
            }
            for (sum, &kwh) in of_day.iter_mut().zip(load) {
                *sum += kwh;
            }
        }
        spread(pattern, &of_day, &mut sums);
        Some(sums)
    }

    /// Sums a whole year, 8,760 values from the first hour of January.
    pub fn read_year(&self, units: &[f64]) -> Readings {
        if let Some(sums) = self.read_days(&self.hours, units) {
            return Readings::from_sums(&sums);
        }
        let mut sums = vec![0.0_f64; self.buckets()];
        let pairs = self.bucket_of_hour.iter().zip(units);
        add_runs(pairs.map(|(&bucket, &unit)| (bucket, unit)), &mut sums);
        Readings::from_sums(&sums)
    }

    /// Spreads the units of each month (January first) evenly over its hours.
    pub fn read_months(&self, units: &[f64; 12]) -> Readings {
        let hours = |m: usize| crate::words::calendar::MONTH_DAYS[m] as f64 * 24.0;
        let year: Vec<f64> = (0..HOURS)
            .map(|h| month_of_day(h / 24))
            .map(|m| units[m] / hours(m))
            .collect();
        self.read_year(&year)
    }

    /// Nothing metered.
    pub fn nothing(&self) -> Readings {
        Readings {
            quantity: vec![Fixed::ZERO; self.buckets()],
        }
    }
}

/// Whole days to be summed, for vectors of any width.
struct Days<'a> {
    timetable: &'a Timetable,
    hours: &'a [usize],
    units: &'a [f64],
}

impl Wide for Days<'_> {
    type Output = Option<Vec<f64>>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        self.timetable.sum_days(self.hours, self.units)
    }
}

/// Hours of a day.
const DAY: usize = 24;

/// Adds the sums of the hours of the day to the buckets of a day.
fn spread(pattern: &[u16], of_day: &[f64; DAY], sums: &mut [f64]) {
    for (&bucket, kwh) in pattern.iter().zip(of_day) {
        if let Some(sum) = sums.get_mut(usize::from(bucket)) {
            *sum += kwh;
        }
    }
}

/// Adds units to their buckets in the order given. Hours of one bucket follow one another, so that
/// the sum of a run stays in a register.
fn add_runs(hours: impl Iterator<Item = (u16, f64)>, sums: &mut [f64]) {
    let (mut bucket, mut sum) = (0_u16, sums.first().copied().unwrap_or(0.0));
    for (next, unit) in hours {
        if next != bucket {
            if let Some(slot) = sums.get_mut(usize::from(bucket)) {
                *slot = sum;
            }
            bucket = next;
            sum = sums.get(usize::from(bucket)).copied().unwrap_or(0.0);
        }
        sum += unit;
    }
    if let Some(slot) = sums.get_mut(usize::from(bucket)) {
        *slot = sum;
    }
}

impl Readings {
    fn from_sums(sums: &[f64]) -> Self {
        Self {
            quantity: sums.iter().map(|&sum| Fixed::from_f64(sum)).collect(),
        }
    }
}

/// Splits the buckets so that each lies in one cell.
fn refine(bucket_of_hour: &mut [u16], cell_of_hour: &[u16]) {
    let size = |of: &[u16]| of.iter().max().map_or(0, |&id| usize::from(id) + 1);
    let cells = size(cell_of_hour);
    let mut ids: Vec<Option<u16>> = vec![None; size(bucket_of_hour) * cells];
    let mut next = 0;
    for (bucket, &cell) in bucket_of_hour.iter_mut().zip(cell_of_hour) {
        let id = &mut ids[usize::from(*bucket) * cells + usize::from(cell)];
        *bucket = *id.get_or_insert_with(|| {
            next += 1;
            next - 1
        });
    }
}

impl Layout {
    /// The layout, its buckets still open, and the cell of each hour.
    fn new(plan: &Plan) -> (Self, Vec<u16>) {
        let cuts = tier_year_starts(plan);
        let mut segments: Vec<Segment> = Vec::new();
        let mut segment_of_day = Vec::with_capacity(DAYS);
        for day in 0..DAYS {
            let month = month_of_day(day) as u8;
            let (version, window) = plan.window(day);
            let goes_on = segments.last().is_some_and(|last: &Segment| {
                last.month == month && last.window == window && !cuts.contains(&day)
            });
            if !goes_on {
                segments.push(Segment {
                    month,
                    days: 0,
                    version: Arc::clone(version),
                    window,
                });
            }
            if let Some(last) = segments.last_mut() {
                last.days += 1;
            }
            segment_of_day.push(segments.len() - 1);
        }
        let mut cells = Vec::new();
        let mut first_cell = Vec::with_capacity(segments.len());
        for (s, segment) in segments.iter().enumerate() {
            first_cell.push(cells.len());
            for (r, rate) in segment
                .window()
                .iter()
                .flat_map(|w| w.rates.iter().enumerate())
            {
                cells.push(Cell {
                    segment: s as u16,
                    rate: r as u8,
                    month: segment.month,
                    class: rate.class,
                });
            }
        }
        let cell_of_hour = (0..HOURS)
            .map(|hour| {
                let s = segment_of_day[hour / 24];
                let rate = segments[s]
                    .window()
                    .map_or(0, |w| w.rate_of_hour[hour % 24]);
                (first_cell[s] + usize::from(rate)) as u16
            })
            .collect();
        let runs = runs(&segments, &cells, &segment_of_day);
        let layout = Self {
            segments,
            cells,
            cell_of_bucket: Vec::new(),
            runs,
        };
        (layout, cell_of_hour)
    }
}

/// Days (0-based) on which a tier year of the plan starts.
fn tier_year_starts(plan: &Plan) -> Vec<usize> {
    let ladders = plan.months.iter().flat_map(|version| &version.ladders);
    ladders
        .filter_map(|ladder| match ladder.period {
            Period::TierYear { starts } => Some(starts.day_of_year()),
            _ => None,
        })
        .collect()
}

/// Groups the cells by ladder and month, each ladder's months from the start of its period.
fn runs(segments: &[Segment], cells: &[Cell], segment_of_day: &[usize]) -> Vec<Run> {
    let mut by_ladder: BTreeMap<Option<Arc<str>>, Vec<usize>> = BTreeMap::new();
    for (s, segment) in segments.iter().enumerate() {
        let id = segment.ladder().map(|ladder| Arc::clone(&ladder.id));
        by_ladder.entry(id).or_default().push(s);
    }
    by_ladder
        .into_iter()
        .map(|(id, mut members)| {
            // The period of the last version speaks for the run.
            let period = members
                .last()
                .and_then(|&s| segments[s].ladder())
                .map(|l| l.period);
            let first = match period {
                Some(Period::TierYear { starts }) => segment_of_day[starts.day_of_year()],
                Some(Period::Season) => first_of_season(&members, segments),
                _ => 0,
            };
            members.sort_by_key(|&s| (s + segments.len() - first) % segments.len());
            let mut groups: Vec<Group> = Vec::new();
            for &s in &members {
                let joins = id.is_some()
                    && groups
                        .last()
                        .and_then(|g| g.cells.last())
                        .is_some_and(|&c| {
                            let before = usize::from(cells[usize::from(c)].segment);
                            segments[before].month == segments[s].month && before.abs_diff(s) == 1
                        });
                let own = cells
                    .iter()
                    .enumerate()
                    .filter(|(_, c)| usize::from(c.segment) == s);
                let own = own.map(|(i, _)| i as u16);
                match groups.last_mut() {
                    Some(group) if joins => group.cells.extend(own),
                    _ => groups.push(Group {
                        cells: own.collect(),
                        segment: s as u16,
                    }),
                }
            }
            Run {
                monthly: matches!(period, Some(Period::Month)),
                groups,
            }
        })
        .collect()
}

/// The segment with which the season of a ladder begins: the first of its members after a pause.
fn first_of_season(members: &[usize], segments: &[Segment]) -> usize {
    members
        .iter()
        .copied()
        .find(|&s| {
            let before = (s + segments.len() - 1) % segments.len();
            !members.contains(&before)
        })
        .unwrap_or(0)
}
