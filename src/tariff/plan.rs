//! What a price sheet says: windows of the year, hour classes, tiers and prices, by date.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

use crate::tariff::billing::Family;
use crate::words::calendar::{MonthDay, Season, Winter};
use crate::words::fixed::Fixed;
use crate::words::kinds::{Carrier, Category, Kind, Name, kinds};
use crate::words::provenance::{FigureRef, ValidTo, Validity};

kinds! {
    /// Class of an hour of the day (时段).
    HourClass {
        /// The whole day has one price.
        All = "all",
        /// 谷.
        Valley = "valley",
        /// 平.
        Flat = "flat",
        /// 峰.
        Peak = "peak",
        /// 尖峰.
        Sharp = "sharp",
        /// 其他时段: the hours outside a valley that a text leaves without a name.
        Other = "other",
    }
}

kinds! {
    /// How a tiered price counts.
    Counting {
        /// Each unit has the price of the tier in which it lies (超额累进).
        Marginal = "marginal",
        /// Every unit of the period has the price of the tier that the total reaches (全额累进).
        Whole = "whole",
    }
}

kinds! {
    /// Who may have a plan.
    OpenTo {
        /// Every household.
        Everyone = "everyone",
        /// Households that heat with electricity (煤改电, 电采暖).
        ElectricHeating = "electric_heating",
        /// Households that heat with gas (煤改气, 壁挂炉).
        GasHeating = "gas_heating",
        /// Earlier customers only: on record, and never open to a household of the account.
        Closed = "closed",
    }
}

kinds! {
    /// What the plan's meter measures.
    Metering {
        /// One meter for the house; heating and the rest share its tiers.
        Joint = "joint",
        /// The heating has its own meter; the rest of the house stays on its ordinary plan.
        Separate = "separate",
        /// One meter; what a month uses above the mean of August and September counts as heating,
        /// the base stays on the ordinary plan (山西).
        Baseline = "baseline",
    }
}

/// The span over which a tier counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A calendar month.
    Month,
    /// The days of the windows that use the ladder, once a year.
    Season,
    /// A year that starts on this day.
    TierYear {
        /// Its first day.
        starts: MonthDay,
    },
}

/// Tier limits that grow with the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Up to this many people the limits stand as written.
    pub above: u32,
    /// Added to every limit, in the unit of the carrier and for the ladder's period.
    pub add: Fixed,
    /// Added once for each further person; otherwise once for the household.
    pub each: bool,
}

/// Tiers: cumulative bounds, each inside its tier; the last tier has no bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// Its key in the plan; the same key in a later version counts on.
    pub id: Arc<str>,
    /// Marginal or whole.
    pub counting: Counting,
    /// Over what it counts.
    pub period: Period,
    /// Upper bounds of all tiers but the last, rising, in the unit of the carrier.
    pub bounds: Vec<Fixed>,
    /// Whether the bounds are per heating month and are multiplied by their number.
    pub per_heating_month: bool,
    /// How they grow with the family.
    pub growth: Option<Growth>,
}

impl Ladder {
    /// Bound `t` for a family; tiers from the last on have none (`Fixed::MAX`).
    pub fn bound(&self, t: usize, family: &Family) -> Fixed {
        let Some(&written) = self.bounds.get(t) else {
            return Fixed::MAX;
        };
        let scaled = if self.per_heating_month {
            written.times(Fixed::whole(i64::from(family.heating_months)))
        } else {
            written
        };
        let grown = self.growth.map_or(Fixed::ZERO, |growth| {
            let more = i64::from(family.people) - i64::from(growth.above);
            let times = if growth.each { more } else { more.min(1) };
            growth.add.times(Fixed::whole(times.max(0)))
        });
        scaled + grown
    }
    /// Number of tiers.
    pub fn tiers(&self) -> usize {
        self.bounds.len() + 1
    }
}

/// The prices of an hour class.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// The class.
    pub class: HourClass,
    /// Price of each tier, CNY per unit; one entry where tiers are off.
    pub prices: Vec<Fixed>,
}

/// A part of the year with its hours and prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Its key: `heating`, `rest`, `year`.
    pub id: Arc<str>,
    /// Its days; may cross the new year.
    pub days: Season,
    /// Whether it is the heating season of the plan.
    pub heating: bool,
    /// For each hour of the day, the index of its rate.
    pub rate_of_hour: [u8; 24],
    /// Prices by hour class.
    pub rates: Vec<Rate>,
    /// Index of the ladder; nothing where tiers are off and the units count in no tier.
    pub ladder: Option<usize>,
}

/// Units that poor households do not pay.
#[derive(Debug, Clone, PartialEq)]
pub struct Free {
    /// Units a month, taken off before tiers are counted.
    pub per_month: Fixed,
    /// For whom.
    pub categories: Vec<Category>,
}

/// A plan as it stands between two dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Provenance of its prices.
    pub figure: FigureRef,
    /// When it holds.
    pub valid: Validity,
    /// Its ladders.
    pub ladders: Vec<Ladder>,
    /// Its windows; every day of the year lies in exactly one.
    pub windows: Vec<Window>,
    /// Free units.
    pub free: Option<Free>,
}

impl Version {
    /// One price for every unit.
    pub fn flat(figure: FigureRef, valid: Validity, price: Fixed) -> Self {
        let rate = Rate {
            class: HourClass::All,
            prices: vec![price],
        };
        let window = Window {
            id: Arc::from("year"),
            days: Season::YEAR,
            heating: false,
            rate_of_hour: [0; 24],
            rates: vec![rate],
            ladder: None,
        };
        Self {
            figure,
            valid,
            ladders: Vec::new(),
            windows: vec![window],
            free: None,
        }
    }
    /// Index of the window of a 0-based day of the year.
    pub fn window_of(&self, day: usize) -> usize {
        self.windows
            .iter()
            .position(|window| window.days.contains(day))
            .unwrap_or(0)
    }
}

/// How far the prices of a winter are those in force then. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// A version is known to hold in every month of the winter.
    Current,
    /// Some months have a version that holds until it is replaced, and nobody has looked since
    /// this day, which lies before them.
    Unchecked {
        /// The day of the last look.
        since: Date,
    },
    /// Some months lie after the last version, which is carried on.
    CarriedForward {
        /// Last day on which it was known to hold.
        last: Date,
    },
    /// Some months lie before the first version, which is used all the same.
    BeforeFirst {
        /// First day on which it holds.
        first: Date,
    },
}

/// A plan with its versions.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSeries {
    /// Its id, unique among the plans of a carrier at a place.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// What it sells.
    pub carrier: Carrier,
    /// Who may have it.
    pub open_to: OpenTo,
    /// What its meter measures.
    pub metering: Metering,
    /// Versions in order of date, those of the place itself first, then those of the places above
    /// it, which stand in for days that it leaves out. Never empty.
    pub levels: Vec<Vec<Arc<Version>>>,
}

/// A plan in one winter: the version of each month.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// What it sells.
    pub carrier: Carrier,
    /// Who may have it.
    pub open_to: OpenTo,
    /// What its meter measures.
    pub metering: Metering,
    /// The version of each month, January first.
    pub months: [Arc<Version>; 12],
    /// Whether these are the prices in force.
    pub freshness: Freshness,
}

impl PlanSeries {
    /// The plan in a winter: each month has the version that holds on its first day.
    ///
    /// Gives nothing only for a series without a version, which the reader never makes.
    pub fn for_winter(&self, winter: Winter) -> Option<(Plan, Freshness)> {
        let first = self.levels.iter().flatten().next()?;
        let mut freshness = Freshness::Current;
        let mut months: [Arc<Version>; 12] = std::array::from_fn(|_| Arc::clone(first));
        for (m, slot) in months.iter_mut().enumerate() {
            let day = Date::new(winter.year_of_month(m), m as i8 + 1, 1).unwrap_or(Date::MIN);
            let (version, fresh) = on_day(&self.levels, day, |version| version.valid)?;
            freshness = freshness.max(fresh);
            *slot = Arc::clone(version);
        }
        let plan = Plan {
            id: Arc::clone(&self.id),
            name: Arc::clone(&self.name),
            carrier: self.carrier,
            open_to: self.open_to,
            metering: self.metering,
            months,
            freshness,
        };
        Some((plan, freshness))
    }

    /// Puts the series of a place above under this one: its versions stand for days that this
    /// place leaves out.
    pub fn over(mut self, above: &Self) -> Self {
        self.levels.extend(above.levels.iter().cloned());
        self
    }
}

/// The version of a day: of the nearest level that covers it, else the last of the nearest level
/// before it, else the first after it.
pub(crate) fn on_day<T>(
    levels: &[Vec<T>],
    day: Date,
    valid: impl Fn(&T) -> Validity,
) -> Option<(&T, Freshness)> {
    if let Some(version) = levels.iter().flatten().find(|v| valid(v).covers(day)) {
        let freshness = match valid(version).to {
            ValidTo::UntilReplaced { checked } if checked < day => {
                Freshness::Unchecked { since: checked }
            }
            _ => Freshness::Current,
        };
        return Some((version, freshness));
    }
    let own = levels.iter().find(|level| !level.is_empty())?;
    if let Some(version) = own.iter().rev().find(|v| valid(v).from <= day) {
        let last = valid(version).last_day().unwrap_or(day);
        return Some((version, Freshness::CarriedForward { last }));
    }
    let version = own.first()?;
    let first = valid(version).from;
    Some((version, Freshness::BeforeFirst { first }))
}

impl Plan {
    /// Whether a plan of another winter has the same version in every month.
    pub fn same_versions(&self, other: &Self) -> bool {
        let months = self.months.iter().zip(&other.months);
        self.id == other.id && months.fold(true, |same, (a, b)| same && Arc::ptr_eq(a, b))
    }

    /// The version and the window of a 0-based day of the year.
    pub fn window(&self, day: usize) -> (&Arc<Version>, usize) {
        let month = crate::words::calendar::month_of_day(day);
        let version = &self.months[month % 12];
        (version, version.window_of(day))
    }
}
