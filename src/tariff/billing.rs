//! From sums of energy to lines of quantity × price.

use serde::Serialize;
use std::sync::Arc;

use crate::tariff::plan::{Counting, Free, HourClass, Ladder, Plan, Version};
use crate::tariff::timetable::{Layout, Readings, Timetable};
use crate::words::fixed::{ExactYuan, Fixed, Money, Rounding};
use crate::words::kinds::Category;
use crate::words::provenance::FigureRef;

/// Which meters the house has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeatingMeter {
    /// Not known, or it can be fitted: plans of both kinds are open.
    #[default]
    Either,
    /// The heating has its own meter.
    Own,
    /// One meter for the whole house.
    Shared,
}

/// What a tariff asks of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// Number of people.
    pub people: u32,
    /// Its category.
    pub category: Category,
    /// Months of the heating season as the tariff counts them.
    pub heating_months: u8,
    /// Which meters it has.
    pub meter: HeatingMeter,
    /// How products become fen.
    pub rounding: Rounding,
}

impl Default for Family {
    fn default() -> Self {
        Self {
            people: 3,
            category: Category::General,
            heating_months: 5,
            meter: HeatingMeter::Either,
            rounding: Rounding::HalfUp,
        }
    }
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq)]
pub struct BillLine {
    /// Calendar month, 1 to 12.
    pub month: u8,
    /// Key of the window: `heating`, `rest`, `year`.
    pub window: Arc<str>,
    /// Hour class, where the plan has more than one.
    pub hour_class: Option<HourClass>,
    /// Tier, 1 for the first, where the window has tiers.
    pub tier: Option<u8>,
    /// Units: kWh, m3.
    pub quantity: Fixed,
    /// CNY per unit.
    pub price: Fixed,
    /// Their product.
    pub exact: ExactYuan,
    /// The product in fen.
    pub amount: Money,
    /// Provenance of the price.
    pub figure: FigureRef,
}

/// The bill of a year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bill {
    /// In order of month, window, hour class and tier.
    pub lines: Vec<BillLine>,
    /// The sum before any rounding.
    pub exact: ExactYuan,
    /// The sum of the lines as they are printed.
    pub total: Money,
}

impl Bill {
    /// The sum of each month before any rounding, January first.
    pub fn exact_by_month(&self) -> [ExactYuan; 12] {
        let mut months = [ExactYuan::default(); 12];
        for line in &self.lines {
            if let Some(month) = months.get_mut(usize::from(line.month).wrapping_sub(1)) {
                *month = *month + line.exact;
            }
        }
        months
    }
    /// The sum of each month in fen, January first.
    pub fn by_month(&self) -> [Money; 12] {
        let mut months = [Money::ZERO; 12];
        for line in &self.lines {
            if let Some(month) = months.get_mut(usize::from(line.month).wrapping_sub(1)) {
                *month += line.amount;
            }
        }
        months
    }
    /// Takes over the lines of another bill.
    pub fn extend(&mut self, other: Self) {
        self.exact = self.exact + other.exact;
        self.total += other.total;
        self.lines.extend(other.lines);
    }
}

/// A line while it is computed.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub version: &'a Version,
    pub window: usize,
    pub segment: u16,
    pub month: u8,
    pub rate: u8,
    pub tier: Option<u8>,
    pub quantity: Fixed,
    pub price: Fixed,
}

/// The bill of one plan of a timetable on what its meter shows.
///
/// `plan` is the place of the plan in the timetable; one that is not there gives an empty bill.
pub fn bill(timetable: &Timetable, plan: usize, metered: &Readings, family: &Family) -> Bill {
    let mut bill = Bill::default();
    let Some(layout) = timetable.layouts.get(plan) else {
        return bill;
    };
    let mut parts = Vec::with_capacity(64);
    each_part(layout, metered, family, &mut Scratch::default(), |part| {
        parts.push(part);
    });
    parts.sort_by_key(|part| (part.segment, part.rate, part.tier));
    for part in parts {
        let exact = ExactYuan::of(part.quantity, part.price);
        let amount = exact.to_money(family.rounding);
        let Some(window) = part.version.windows.get(part.window) else {
            continue;
        };
        let several = window.rates.len() > 1;
        let class = window
            .rates
            .get(usize::from(part.rate))
            .map(|rate| rate.class);
        bill.exact = bill.exact + exact;
        bill.total += amount;
        bill.lines.push(BillLine {
            month: part.month + 1,
            window: Arc::clone(&window.id),
            hour_class: class.filter(|_| several),
            tier: part.tier,
            quantity: part.quantity,
            price: part.price,
            exact,
            amount,
            figure: part.version.figure.clone(),
        });
    }
    bill
}

/// The rounded total of a bill without its lines.
pub(crate) fn total(
    layout: &Layout,
    metered: &Readings,
    family: &Family,
    scratch: &mut Scratch,
) -> Money {
    let mut total = Money::ZERO;
    each_part(layout, metered, family, scratch, |part| {
        total += ExactYuan::of(part.quantity, part.price).to_money(family.rounding);
    });
    total
}

/// The rounded sums of the months of a bill without its lines, January first.
pub(crate) fn by_month(
    layout: &Layout,
    metered: &Readings,
    family: &Family,
    scratch: &mut Scratch,
) -> [Money; 12] {
    let mut months = [Money::ZERO; 12];
    each_part(layout, metered, family, scratch, |part| {
        if let Some(month) = months.get_mut(usize::from(part.month)) {
            *month += ExactYuan::of(part.quantity, part.price).to_money(family.rounding);
        }
    });
    months
}

/// What is worked out on the way to a bill, to be used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Units of each cell.
    cells: Vec<Fixed>,
    /// Units of a group by tier, and how much of them is left.
    bands: Bands,
}

/// Calls `visit` for each part of the bill, ladder by ladder.
pub(crate) fn each_part<'a>(
    layout: &'a Layout,
    metered: &Readings,
    family: &Family,
    scratch: &mut Scratch,
    mut visit: impl FnMut(Part<'a>),
) {
    let Scratch { cells, bands } = scratch;
    cells.clear();
    cells.resize(layout.cells.len(), Fixed::ZERO);
    for (&cell, &quantity) in layout.cell_of_bucket.iter().zip(&metered.quantity) {
        cells[usize::from(cell)] += quantity;
    }
    take_free(layout, cells, family, bands, &mut visit);
    for run in &layout.runs {
        let sum_of = |cells: &[Fixed], group: &[u16]| -> Fixed {
            group.iter().map(|&cell| cells[usize::from(cell)]).sum()
        };
        let of_period: Fixed = run.groups.iter().map(|g| sum_of(cells, &g.cells)).sum();
        let mut position = Fixed::ZERO;
        for group in &run.groups {
            let sum = sum_of(cells, &group.cells);
            if sum == Fixed::ZERO {
                continue;
            }
            if run.monthly {
                position = Fixed::ZERO;
            }
            let ladder = layout.segments[usize::from(group.segment)].ladder();
            let one_tier = match ladder {
                None => Some(None),
                Some(ladder) if ladder.counting == Counting::Whole => {
                    let reached = if run.monthly { sum } else { of_period };
                    Some(Some(tier_of(ladder, reached, family)))
                }
                Some(ladder) => tier_around(ladder, position, sum, family).map(Some),
            };
            let mut give = |cell, tier, quantity| visit(part(layout, cell, tier, quantity));
            match (one_tier, ladder) {
                (Some(tier), _) => all_in(tier, &group.cells, cells, give),
                (None, Some(ladder)) => {
                    bands.cut(ladder, position, sum, family);
                    bands.spread(&group.cells, cells, sum, &mut give);
                }
                (None, None) => {}
            }
            position += sum;
        }
    }
}

/// A part with its price.
fn part(layout: &Layout, cell: u16, tier: Option<u8>, quantity: Fixed) -> Part<'_> {
    let place = &layout.cells[usize::from(cell)];
    let segment = &layout.segments[usize::from(place.segment)];
    Part {
        version: &segment.version,
        window: segment.window,
        segment: place.segment,
        month: place.month,
        rate: place.rate,
        tier: tier.map(|t| t + 1),
        quantity,
        price: layout.price(place, tier.unwrap_or(0)),
    }
}

/// The tier (0 for the first) that a total reaches; a bound belongs to the tier below it.
fn tier_of(ladder: &Ladder, total: Fixed, family: &Family) -> u8 {
    (0..ladder.bounds.len())
        .filter(|&t| total > ladder.bound(t, family))
        .count() as u8
}

/// The tier that holds the whole stretch from `position` to `position + sum`, if one does.
fn tier_around(ladder: &Ladder, position: Fixed, sum: Fixed, family: &Family) -> Option<u8> {
    let end = position + sum;
    let inside = |t: usize| {
        let from = if t == 0 {
            Fixed::ZERO
        } else {
            ladder.bound(t - 1, family)
        };
        from <= position && position < end && end <= ladder.bound(t, family)
    };
    (0..ladder.tiers()).find(|&t| inside(t)).map(|t| t as u8)
}

/// Gives each cell all its units in one tier.
fn all_in(
    tier: Option<u8>,
    group: &[u16],
    cells: &[Fixed],
    mut give: impl FnMut(u16, Option<u8>, Fixed),
) {
    for &cell in group {
        let quantity = cells[usize::from(cell)];
        if quantity != Fixed::ZERO {
            give(cell, tier, quantity);
        }
    }
}

/// Quantities of one group by tier.
#[derive(Debug, Default)]
struct Bands {
    /// Tier, quantity, and what is left of it while it is given out; no quantity is zero.
    parts: Vec<(Option<u8>, Fixed, Fixed)>,
}

impl Bands {
    /// The free units without a tier, and the rest.
    fn of_free(&mut self, free: Fixed, sum: Fixed) {
        self.parts.clear();
        self.add(None, free);
        self.add(Some(0), sum - free);
    }

    /// The stretch from `position` to `position + sum` cut at the bounds.
    fn cut(&mut self, ladder: &Ladder, position: Fixed, sum: Fixed, family: &Family) {
        self.parts.clear();
        let end = position + sum;
        let mut from = position;
        for t in 0..ladder.tiers() {
            let to = ladder.bound(t, family).min(end);
            if to > from {
                self.add(Some(t as u8), to - from);
                from = to;
            }
        }
    }

    fn add(&mut self, tier: Option<u8>, quantity: Fixed) {
        if quantity != Fixed::ZERO {
            self.parts.push((tier, quantity, quantity));
        }
    }

    /// Gives each cell its share of every tier: where a bound is crossed inside a month, the hour
    /// classes share it in proportion to their units. The largest cell takes the odd millionths.
    fn spread(
        &mut self,
        group: &[u16],
        cells: &[Fixed],
        sum: Fixed,
        mut give: impl FnMut(u16, Option<u8>, Fixed),
    ) {
        let quantity = |cell: u16| cells[usize::from(cell)];
        if let [(tier, ..)] = self.parts[..] {
            return all_in(tier, group, cells, give);
        }
        let Some(&largest) = group.iter().max_by_key(|&&cell| quantity(cell)) else {
            return;
        };
        let count = self.parts.len();
        for &cell in group.iter().filter(|&&cell| cell != largest) {
            let mut rest = quantity(cell);
            for (i, (tier, take, left)) in self.parts.iter_mut().enumerate() {
                let last = i + 1 == count;
                let share = if last {
                    rest
                } else {
                    quantity(cell).share(*take, sum)
                };
                rest -= share;
                *left -= share;
                if share != Fixed::ZERO {
                    give(cell, *tier, share);
                }
            }
        }
        for &(tier, _, left) in &self.parts {
            if left != Fixed::ZERO {
                give(largest, tier, left);
            }
        }
    }
}

/// Takes the free units of a poor household off each month, hour class by hour class in proportion.
fn take_free<'a>(
    layout: &'a Layout,
    cells: &mut [Fixed],
    family: &Family,
    bands: &mut Bands,
    visit: &mut impl FnMut(Part<'a>),
) {
    for segment in &layout.segments {
        let poor = |free: &&Free| free.categories.contains(&family.category);
        let Some(free) = segment.version.free.as_ref().filter(poor) else {
            continue;
        };
        let of_month = layout.cells.iter().enumerate();
        let of_month = of_month.filter(|(_, cell)| cell.month == segment.month);
        let group: Vec<u16> = of_month.map(|(i, _)| i as u16).collect();
        // A month of two segments is taken at its first.
        let first = group.first().map(|&c| layout.cells[usize::from(c)].segment);
        if !first.is_some_and(|s| std::ptr::eq(&layout.segments[usize::from(s)], segment)) {
            continue;
        }
        let sum: Fixed = group.iter().map(|&cell| cells[usize::from(cell)]).sum();
        bands.of_free(free.per_month.min(sum), sum);
        let metered = cells.to_vec();
        bands.spread(&group, &metered, sum, |cell, paid, quantity| {
            if paid.is_none() {
                cells[usize::from(cell)] -= quantity;
                let mut part = part(layout, cell, None, quantity);
                part.price = Fixed::ZERO;
                visit(part);
            }
        });
    }
}

/// Units of each month (January first) in the hours of one class of a plan.
pub(crate) fn of_class(layout: &Layout, metered: &Readings, class: HourClass) -> [Fixed; 12] {
    let mut months = [Fixed::ZERO; 12];
    for (&cell, &quantity) in layout.cell_of_bucket.iter().zip(&metered.quantity) {
        let cell = layout.cells[usize::from(cell)];
        if cell.class == class {
            months[usize::from(cell.month)] += quantity;
        }
    }
    months
}

/// Which hours of the year (8,760) have the lowest first-tier price of their day under a plan;
/// where the day has one price every hour has it.
pub fn cheap_hours(plan: &Plan) -> Vec<bool> {
    let mut cheap = Vec::with_capacity(crate::words::calendar::HOURS);
    for day in 0..crate::words::calendar::DAYS {
        let (version, window) = plan.window(day);
        let window = version.windows.get(window);
        let price = |hour: usize| {
            let window = window?;
            let rate = window.rates.get(usize::from(window.rate_of_hour[hour]))?;
            rate.prices.first().copied()
        };
        let lowest = (0..24).filter_map(price).min();
        cheap.extend((0..24).map(|hour| price(hour) == lowest));
    }
    cheap
}
