//! Dated figures of places, and what fuels and network heat cost there.

use jiff::civil::Date;
use serde::Serialize;

use crate::input::figure::RawFigure;
use crate::input::place::Level;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::Spot;
use crate::words::fixed::Fixed;
use crate::words::kinds::{Carrier, Kind};
pub use crate::words::provenance::Timing;
use crate::words::provenance::{FigureRef, Sourced, ValidTo, Validity};
use crate::words::quantity::MegajoulePerKilogram;
use crate::{choice, record};

/// An entry of a dated series as a file has it.
pub trait RawEntry {
    /// What it becomes.
    type Value: Clone;
    /// Which series of its kind it belongs to: a carrier, a class; empty if there is only one.
    fn series(&self) -> String {
        String::new()
    }
    /// Its provenance.
    fn figure(&self) -> &Spot<RawFigure>;
    /// Its value, if nothing is wrong with it.
    fn value(&self, problems: &mut Problems) -> Option<Self::Value>;
}

/// A checked entry of a dated series.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T> {
    /// Which series of its kind it belongs to.
    pub series: String,
    /// The value.
    pub value: T,
    /// Its provenance, with the days on which it holds.
    pub figure: FigureRef,
    /// Where its provenance stands in the file.
    pub place: Place,
}

/// Checks the entries of one kind in one file, and that the spans of one series neither overlap nor
/// leave days uncovered between them unless the later one says so by `after_gap = true`.
///
/// `prefix` begins the figures' ids: place and kind.
pub fn check_entries<R: RawEntry>(
    raw: &[R],
    prefix: &str,
    problems: &mut Problems,
) -> Vec<Entry<R::Value>> {
    let mut entries = Vec::new();
    let mut spans: Vec<(String, Span)> = Vec::new();
    for entry in raw {
        let (series, figure) = (entry.series(), entry.figure());
        let checked = figure.value.check(id(prefix, &series, figure), problems);
        let value = entry.value(problems);
        let (Some(checked), Some(value)) = (checked, value) else {
            continue;
        };
        let place = figure.place.clone();
        let after_gap = figure
            .value
            .valid
            .as_ref()
            .and_then(|valid| valid.after_gap);
        spans.push((
            series.clone(),
            Span {
                valid: checked.0.valid,
                after_gap: after_gap.unwrap_or(false),
                place: place.clone(),
            },
        ));
        entries.push(Entry {
            series,
            value,
            figure: checked,
            place,
        });
    }
    spans.sort_by(|a, b| (&a.0, a.1.first()).cmp(&(&b.0, b.1.first())));
    for series in spans.chunk_by(|a, b| a.0 == b.0) {
        let spans: Vec<&Span> = series.iter().map(|(_, span)| span).collect();
        check_spans(&spans, problems);
    }
    entries
}

/// The id of a figure: `prefix/series@first day`.
fn id(prefix: &str, series: &str, figure: &Spot<RawFigure>) -> String {
    let mut id = prefix.to_owned();
    if !series.is_empty() {
        id = format!("{id}/{series}");
    }
    match &figure.value.valid {
        Some(valid) => format!("{id}@{}", valid.from.value),
        None => id,
    }
}

/// When an entry holds and where it says so.
#[derive(Debug, Clone)]
pub struct Span {
    /// The days; nothing means always.
    pub valid: Option<Validity>,
    /// Whether the days before it are knowingly left open.
    pub after_gap: bool,
    /// Where.
    pub place: Place,
}

impl Span {
    fn first(&self) -> Option<Date> {
        self.valid.map(|valid| valid.from)
    }
    fn last(&self) -> Option<Date> {
        self.valid.and_then(|valid| valid.last_day())
    }
    fn text(&self) -> String {
        let first = self.first().map_or(String::new(), |day| day.to_string());
        let last = self.last().map_or(String::new(), |day| day.to_string());
        format!("{first}..{last}")
    }
}

/// Adds a problem for each two neighbours (in order of their first day) that overlap or leave a gap
/// which the later does not own up to.
pub fn check_spans(spans: &[&Span], problems: &mut Problems) {
    for pair in spans.windows(2) {
        let [before, after] = pair else { continue };
        let next = before.last().and_then(|day| day.tomorrow().ok());
        match (next, after.first()) {
            (Some(next), Some(first)) if first == next => {}
            (Some(next), Some(first)) if first > next => {
                if !after.after_gap {
                    let kind = ProblemKind::DatesGap {
                        from: next.to_string(),
                        to: first.yesterday().unwrap_or(first).to_string(),
                    };
                    problems.error(after.place.clone(), kind);
                }
            }
            _ => {
                let kind = ProblemKind::DatesOverlap {
                    first: before.text(),
                    second: after.text(),
                };
                problems.error(after.place.clone(), kind);
            }
        }
    }
}

/// How a figure came to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Use {
    /// The level whose file holds it.
    pub level: Level,
    /// Whether that is above the place itself, so that it was filled in.
    pub filled_in: bool,
    /// Whether it holds on the day asked for.
    pub timing: Timing,
}

/// A figure as a region gives it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Its provenance.
    pub figure: FigureRef,
    /// How it came to be used.
    pub used: Use,
}

impl<T: Clone> Given<T> {
    /// The value with its provenance alone.
    pub fn sourced(&self) -> Sourced<T> {
        Sourced::new(self.value.clone(), self.figure.clone())
    }
}

/// The entry of a series that a place uses on a day.
///
/// `levels` are the checked entries of each level, most specific first, each with whether it is the
/// place's own. The most specific level with an entry that holds on the day wins. If none holds, the
/// newest of those that have run out is taken from the most specific level that has one, else the
/// earliest of those to come; either is marked.
pub fn pick<'a, T: Clone + 'a>(
    levels: impl Iterator<Item = (Level, bool, &'a [Entry<T>])> + Clone,
    series: &str,
    day: Date,
) -> Option<Given<T>> {
    let choose = |level: Level, own: bool, entry: &Entry<T>, timing: Timing| Given {
        value: entry.value.clone(),
        figure: entry.figure.clone(),
        used: Use {
            level,
            filled_in: !own,
            timing,
        },
    };
    let of_series = |entries: &'a [Entry<T>]| entries.iter().filter(|e| e.series == series);
    for (level, own, entries) in levels.clone() {
        if let Some(entry) = of_series(entries).find(|entry| holds(entry, day)) {
            return Some(choose(level, own, entry, Timing::Valid));
        }
    }
    for (level, own, entries) in levels.clone() {
        let ended = of_series(entries).filter_map(|entry| Some((last_day(entry)?, entry)));
        let newest = ended
            .filter(|(last, _)| *last < day)
            .max_by_key(|(last, _)| *last);
        if let Some((since, entry)) = newest {
            return Some(choose(level, own, entry, Timing::OutOfDate { since }));
        }
    }
    for (level, own, entries) in levels {
        let to_come = of_series(entries).filter_map(|e| Some((e.figure.0.valid?.from, e)));
        if let Some((from, entry)) = to_come.min_by_key(|(from, _)| *from) {
            return Some(choose(level, own, entry, Timing::NotYet { from }));
        }
    }
    None
}

fn holds<T>(entry: &Entry<T>, day: Date) -> bool {
    entry.figure.0.valid.is_none_or(|valid| valid.covers(day))
}

fn last_day<T>(entry: &Entry<T>) -> Option<Date> {
    match entry.figure.0.valid?.to {
        ValidTo::Day(day) => Some(day),
        ValidTo::UntilReplaced { .. } => None,
    }
}

choice! {
    /// A price for the unit in which people buy the fuel.
    pub enum RawUnitPrice {
        /// Yuan a tonne.
        cny_per_t => PerTonne(Fixed), in 0.0..=10_000.0;
        /// Yuan a kilogram.
        cny_per_kg => PerKilogram(Fixed), in 0.0..=50.0;
        /// Yuan a bag of 20 kg (40 jin).
        cny_per_bag_20kg => PerBag(Fixed), in 0.0..=200.0;
        /// Yuan a bottle of 15 kg.
        cny_per_bottle_15kg => PerBottle(Fixed), in 0.0..=500.0;
    }
}

record! {
    /// What a fuel costs a household, before any grant.
    pub struct RawFuelPrice {
        /// What is burnt.
        carrier: Carrier;
        /// An id of `fuels.toml`, where prices differ by kind of coal or pellet.
        quality: Option<Spot<String>>;
        /// The price.
        price: Spot<RawUnitPrice>;
        /// Bringing one unit to the house, yuan.
        delivery_cny: Fixed, in 0.0..=2_000.0, default Fixed::ZERO;
        /// Lower heating value as received, where it is known with the price.
        lhv_mj_per_kg: Option<f64>, in 5.0..=52.0;
        /// Its provenance.
        figure: Spot<RawFigure>;
    }
}

/// The unit in which people buy a fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FuelUnit {
    /// A tonne; part tonnes can be bought.
    Tonne,
    /// A kilogram.
    Kilogram,
    /// A bag of 20 kg, bought whole.
    Bag20,
    /// A bottle of 15 kg, bought whole.
    Bottle15,
}

impl FuelUnit {
    /// Kilograms in one.
    pub const fn kilograms(self) -> u16 {
        match self {
            Self::Tonne => 1000,
            Self::Kilogram => 1,
            Self::Bag20 => 20,
            Self::Bottle15 => 15,
        }
    }
    /// Whether people buy whole ones only.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Bag20 | Self::Bottle15)
    }
    /// As written after a quantity.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Tonne => "t",
            Self::Kilogram => "kg",
            Self::Bag20 => "bag",
            Self::Bottle15 => "bottle",
        }
    }
}

/// What a fuel costs a household.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FuelPrice {
    /// What is burnt.
    pub carrier: Carrier,
    /// An id of `fuels.toml`.
    pub quality: Option<String>,
    /// The unit that is bought.
    pub unit: FuelUnit,
    /// Yuan a unit.
    pub price: Fixed,
    /// Bringing one unit to the house, yuan.
    pub delivery: Fixed,
    /// Lower heating value as received, where it is known with the price.
    pub lhv: Option<MegajoulePerKilogram>,
}

impl FuelPrice {
    /// Yuan a tonne with delivery.
    pub fn per_tonne(&self) -> f64 {
        (self.price + self.delivery).to_f64() * 1000.0 / f64::from(self.unit.kilograms())
    }
}

/// The name of the price series of a carrier and a quality.
pub fn fuel_series(carrier: Carrier, quality: Option<&str>) -> String {
    match quality {
        Some(quality) => format!("{}/{quality}", carrier.key()),
        None => carrier.key().to_owned(),
    }
}

impl RawEntry for RawFuelPrice {
    type Value = FuelPrice;
    fn series(&self) -> String {
        fuel_series(
            self.carrier,
            self.quality.as_ref().map(|q| q.value.as_str()),
        )
    }
    fn figure(&self) -> &Spot<RawFigure> {
        &self.figure
    }
    fn value(&self, problems: &mut Problems) -> Option<FuelPrice> {
        use Carrier::{Briquette, LooseCoal, Lpg, Pellet, Straw};
        let (unit, price) = match self.price.value {
            RawUnitPrice::PerTonne(price) => (FuelUnit::Tonne, price),
            RawUnitPrice::PerKilogram(price) => (FuelUnit::Kilogram, price),
            RawUnitPrice::PerBag(price) => (FuelUnit::Bag20, price),
            RawUnitPrice::PerBottle(price) => (FuelUnit::Bottle15, price),
        };
        let allowed: &[Carrier] = match unit {
            FuelUnit::Tonne | FuelUnit::Kilogram => &[LooseCoal, Briquette, Pellet, Straw, Lpg],
            FuelUnit::Bag20 => &[Briquette, Pellet],
            FuelUnit::Bottle15 => &[Lpg],
        };
        if !allowed.contains(&self.carrier) {
            let kind = ProblemKind::NotOneOf {
                value: self.carrier.key().to_owned(),
                nearest: None,
                allowed: allowed
                    .iter()
                    .map(|carrier| carrier.key().to_owned())
                    .collect(),
            };
            problems.error(self.price.place.clone(), kind);
            return None;
        }
        self.warn_unlikely(unit, price, problems);
        Some(FuelPrice {
            carrier: self.carrier,
            quality: self.quality.as_ref().map(|quality| quality.value.clone()),
            unit,
            price,
            delivery: self.delivery_cny,
            lhv: self.lhv_mj_per_kg.map(MegajoulePerKilogram),
        })
    }
}

impl RawFuelPrice {
    /// Warns of a price outside what is seen in villages, most often a slip of the unit.
    fn warn_unlikely(&self, unit: FuelUnit, price: Fixed, problems: &mut Problems) {
        let (min, max) = match self.carrier {
            Carrier::Lpg => (3_000.0, 15_000.0),
            Carrier::Straw => (0.0, 800.0),
            _ => (200.0, 3_000.0),
        };
        let value = price.to_f64() * 1000.0 / f64::from(unit.kilograms());
        if !(min..=max).contains(&value) {
            let kind = ProblemKind::Unlikely { value, min, max };
            problems.warn(self.price.place.clone(), kind);
        }
    }
}

record! {
    /// A charge by area and by heat.
    pub struct RawTwoPart {
        /// Yuan a square metre of heated area and winter.
        cny_per_m2: Fixed, in 0.0..=100.0;
        /// Yuan a kilowatt hour of heat at the meter.
        cny_per_kwh: Fixed, in 0.0..=1.0;
    }
}

choice! {
    /// How network heat is charged.
    pub enum RawHeatCharge {
        /// Yuan a square metre of heated area and winter.
        cny_per_m2 => ByArea(Fixed), in 0.0..=100.0;
        /// By area and by heat (两部制).
        two_part => TwoPart(RawTwoPart);
    }
}

record! {
    /// What heat from a network (集中供热) costs a household.
    pub struct RawDistrictHeat {
        /// The charge.
        charge: RawHeatCharge;
        /// Its provenance.
        figure: Spot<RawFigure>;
    }
}

/// What network heat costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HeatCharge {
    /// Yuan a square metre of heated area and winter.
    pub per_m2: Fixed,
    /// Yuan a kilowatt hour of heat, 0 where it is charged by area alone.
    pub per_kwh: Fixed,
}

impl RawEntry for RawDistrictHeat {
    type Value = HeatCharge;
    fn figure(&self) -> &Spot<RawFigure> {
        &self.figure
    }
    fn value(&self, _: &mut Problems) -> Option<HeatCharge> {
        Some(match &self.charge {
            RawHeatCharge::ByArea(per_m2) => HeatCharge {
                per_m2: *per_m2,
                per_kwh: Fixed::ZERO,
            },
            RawHeatCharge::TwoPart(parts) => HeatCharge {
                per_m2: parts.cny_per_m2,
                per_kwh: parts.cny_per_kwh,
            },
        })
    }
}
