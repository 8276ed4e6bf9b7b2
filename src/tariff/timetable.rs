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
    year: Reader,
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
    /// Its prices, tier by tier, in [`Layout::prices`].
    prices: (u32, u32),
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
    prices: Vec<Fixed>,
}

impl Layout {
    /// Price of a tier (0 for the first) in a cell; beyond the last, that of the last.
    pub fn price(&self, cell: &Cell, tier: u8) -> Fixed {
        let (first, count) = (cell.prices.0 as usize, cell.prices.1 as usize);
        let last = count.saturating_sub(1);
        let price = self.prices.get(first + usize::from(tier).min(last));
        price.filter(|_| count > 0).copied().unwrap_or(Fixed::ZERO)
    }
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
        let mut timetable = Self {
            bucket_of_hour,
            year: Reader::default(),
            month_of_bucket,
            layouts,
        };
        timetable.year = timetable.reader(&(0..HOURS).collect::<Vec<_>>());
        timetable
    }

    /// Number of buckets.
    pub fn buckets(&self) -> usize {
        self.month_of_bucket.len()
    }

    /// Month index (0 = January) of each bucket.
    pub fn month_of_bucket(&self) -> &[u8] {
        &self.month_of_bucket
    }

    /// Sorts hours of the year (0 to 8759, any order, may repeat) into the buckets, for loads of
    /// these hours that are read again and again; hours beyond the year are left out.
    pub fn reader(&self, hours: &[usize]) -> Reader {
        let bucket = |hour: &usize| self.bucket_of_hour.get(*hour).copied();
        Reader {
            days: self.days(hours).unwrap_or_default(),
            bucket_of: hours.iter().map(bucket).collect(),
            buckets: self.buckets(),
        }
    }

    /// The days of hours that make up whole days; nothing if they do not.
    fn days(&self, hours: &[usize]) -> Option<Vec<Days>> {
        let (whole, rest) = hours.as_chunks::<DAY>();
        if !rest.is_empty() {
            return None;
        }
        let mut days: Vec<Days> = Vec::new();
        for day in whole {
            let from = day[0];
            let in_order = day.iter().enumerate().all(|(i, &hour)| hour == from + i);
            if !from.is_multiple_of(DAY) || !in_order {
                return None;
            }
            let buckets = self.bucket_of_hour.get(from..from + DAY)?;
            match days.last_mut() {
                Some(last) if last.buckets == buckets => last.count += 1,
                _ => days.push(Days {
                    count: 1,
                    buckets: <[u16; DAY]>::try_from(buckets).ok()?,
                }),
            }
        }
        Some(days)
    }

    /// Sums hours of the year with their units (kWh, m3), of the same length; see
    /// [`Self::reader`]. The sums are rounded to six places.
    pub fn read(&self, hours: &[usize], units: &[f64]) -> Readings {
        self.reader(hours).read(units)
    }

    /// Sums a whole year, 8,760 values from the first hour of January.
    pub fn read_year(&self, units: &[f64]) -> Readings {
        self.year.read(units)
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

/// Hours of a day.
const DAY: usize = 24;

/// Days in a row whose hours have the same buckets.
#[derive(Debug, Clone)]
struct Days {
    count: usize,
    buckets: [u16; DAY],
}

/// Hours that are sorted into the buckets of one [`Timetable`].
#[derive(Debug, Clone, Default)]
pub struct Reader {
    /// Where the hours make up whole days; else empty.
    days: Vec<Days>,
    /// Bucket of each hour; nothing beyond the year.
    bucket_of: Vec<Option<u16>>,
    buckets: usize,
}

impl Reader {
    /// Sums the units (kWh, m3) of its hours into the buckets, rounded to six places.
    pub fn read(&self, units: &[f64]) -> Readings {
        self.read_scaled(units, 1.0)
    }

    /// The same for `factor` times the units.
    pub fn read_scaled(&self, units: &[f64], factor: f64) -> Readings {
        let sums = self.sums(units);
        Readings::of(sums.iter().map(|sum| sum * factor))
    }

    /// The same with sums of other hours, bucket by bucket, as [`Self::sums`] gives them.
    pub fn read_beside(&self, units: &[f64], others: &[f64]) -> Readings {
        let sums = self.sums(units);
        Readings::of(sums.iter().zip(others).map(|(own, other)| own + other))
    }

    /// The sum of each bucket before it is rounded.
    pub fn sums(&self, units: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.buckets];
        if self.days.is_empty() || units.len() != self.bucket_of.len() {
            for (bucket, kwh) in self.bucket_of.iter().zip(units) {
                if let Some(sum) = bucket.and_then(|bucket| sums.get_mut(usize::from(bucket))) {
                    *sum += kwh;
                }
            }
            return sums;
        }
        wide(ByDay {
            days: &self.days,
            units,
            sums: &mut sums,
        });
        sums
    }
}

/// Whole days to be summed, for vectors of any width.
struct ByDay<'a> {
    days: &'a [Days],
    units: &'a [f64],
    sums: &'a mut [f64],
}

impl Wide for ByDay<'_> {
    type Output = ();

    /// Sums hour by hour of the day as long as days have the same buckets: twenty-four sums go on
    /// side by side.
    #[inline(always)]
    fn run(self) {
        let (mut rest, _) = self.units.as_chunks::<DAY>();
        for days in self.days {
            let (own, later) = rest.split_at(days.count.min(rest.len()));
            rest = later;
            let mut of_day = [0.0_f64; DAY];
            for day in own {
                for (sum, &kwh) in of_day.iter_mut().zip(day) {
                    *sum += kwh;
                }
            }
            for (&bucket, kwh) in days.buckets.iter().zip(&of_day) {
                if let Some(sum) = self.sums.get_mut(usize::from(bucket)) {
                    *sum += kwh;
                }
            }
        }
    }
}

impl Readings {
    fn of(sums: impl Iterator<Item = f64>) -> Self {
        Self {
            quantity: sums.map(Fixed::from_f64).collect(),
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
        let (mut cells, mut prices) = (Vec::new(), Vec::new());
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
                    prices: (prices.len() as u32, rate.prices.len() as u32),
                });
                prices.extend_from_slice(&rate.prices);
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
            prices,
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
