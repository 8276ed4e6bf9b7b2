//! The figures of one level: `settings.toml` for the nation and the account, `place.toml` in the
//! folder of a province, a city or a county. Both are the same table, so that any level can fill in
//! or override any figure of those above.

use std::cell::RefCell;

use serde::Serialize;

use crate::input::figure::RawFigure;
use crate::input::library::LevelText;
use crate::input::place::Level;
use crate::input::price::{Entry, RawDistrictHeat, RawEntry, RawFuelPrice, check_entries};
use crate::input::problem::{ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::words::calendar::{MonthDay, Season, Winter};
use crate::words::fixed::{Fixed, Money, Rounding};
use crate::words::kinds::{Carrier, Kind, Service};
use crate::words::provenance::FigureRef;
use crate::words::quantity::{CubicMetre, Kilowatt, KilowattHour, Yuan};
use crate::{choice, record};

/// A table with one or more keys and its provenance, and the value that it becomes.
macro_rules! entry {
    (
        $(#[doc = $doc:literal])* $name:ident -> $value:ty {
            $($(#[doc = $fdoc:literal])* $key:ident : $ty:ty $(, in $limits:expr)? $(, default $default:expr)? ;)*
        }
        $(series $series:expr ;)?
        value $make:expr ;
    ) => {
        record! {
            $(#[doc = $doc])*
            pub struct $name {
                $($(#[doc = $fdoc])* $key : $ty $(, in $limits)? $(, default $default)? ;)*
                /// Its provenance.
                figure: Spot<RawFigure>;
            }
        }
        impl RawEntry for $name {
            type Value = $value;
            $(fn series(&self) -> String {
                let of: fn(&Self) -> String = $series;
                of(self)
            })?
            fn figure(&self) -> &Spot<RawFigure> {
                &self.figure
            }
            fn value(&self, problems: &mut Problems) -> Option<$value> {
                let make: fn(&Self, &mut Problems) -> Option<$value> = $make;
                make(self, problems)
            }
        }
    };
}

entry! {
    /// The official heating season of towns, which the countryside follows. The season of a heating
    /// tariff is often longer and belongs to the tariff.
    RawSeason -> Season {
        /// First day.
        from: MonthDay;
        /// Last day.
        to: Spot<MonthDay>;
    }
    value |raw, problems| {
        let season = Season { from: raw.from, to: raw.to.value };
        let days = season.days() as f64;
        if !(60.0..=275.0).contains(&days) {
            let kind = ProblemKind::Unlikely { value: days, min: 60.0, max: 275.0 };
            problems.warn(raw.to.place.clone(), kind);
        }
        Some(season)
    };
}

entry! {
    /// Disposable income of rural residents.
    RawIncome -> Yuan {
        /// Yuan a person and year.
        cny_per_person: f64, in 1_000.0..=200_000.0;
    }
    value |raw, _| Some(Yuan(raw.cny_per_person));
}

entry! {
    /// People of a household.
    RawPeople -> u8 {
        /// How many.
        number: u8, in 1.0..=30.0;
    }
    value |raw, _| Some(raw.number);
}

entry! {
    /// Electricity of a household for all but heating.
    RawLiving -> LivingElectricity {
        /// Kilowatt hours a month.
        kwh_per_month: f64, in 0.0..=3_000.0;
        /// Share of each clock hour of the day, 24 numbers that sum to 1.
        hourly_share: Spot<Vec<f64>>, in 0.0..=1.0;
    }
    value |raw, problems| {
        let shares: Option<[f64; 24]> = raw.hourly_share.value.as_slice().try_into().ok();
        let Some(hourly_share) = shares else {
            let kind = ProblemKind::WrongLength {
                found: raw.hourly_share.value.len(),
                expected: 24,
                because: "hours".to_owned(),
            };
            problems.error(raw.hourly_share.place.clone(), kind);
            return None;
        };
        let sum: f64 = hourly_share.iter().sum();
        if (sum - 1.0).abs() > 1e-6 {
            problems.error(raw.hourly_share.place.clone(), ProblemKind::SharesSum { sum });
            return None;
        }
        Some(LivingElectricity { month: KilowattHour(raw.kwh_per_month), hourly_share })
    };
}

/// Electricity of a household for all but heating.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LivingElectricity {
    /// A month's.
    pub month: KilowattHour,
    /// Share of each clock hour of the day; they sum to 1.
    pub hourly_share: [f64; 24],
}

entry! {
    /// Gas of a household for cooking.
    RawCooking -> CubicMetre {
        /// Cubic metres a month.
        m3_per_month: f64, in 0.0..=100.0;
    }
    value |raw, _| Some(CubicMetre(raw.m3_per_month));
}

entry! {
    /// The house that stands for a household that tells nothing of its own.
    RawHouse -> String {
        /// An id of `houses/`.
        id: String;
    }
    value |raw, _| Some(raw.id.clone());
}

entry! {
    /// How people heat: which rooms, which hours, how warm.
    RawHabit -> String {
        /// An id of `houses/`.
        id: String;
    }
    value |raw, _| Some(raw.id.clone());
}

entry! {
    /// What a household heats with today if it does not say.
    RawTodayFuel -> Carrier {
        /// The carrier.
        carrier: Carrier;
    }
    value |raw, _| Some(raw.carrier);
}

entry! {
    /// The stove in which today's coal is burnt if the household does not say.
    RawStove -> String {
        /// An id of `products/`.
        id: String;
    }
    value |raw, _| Some(raw.id.clone());
}

entry! {
    /// What the grid can deliver to a house.
    RawSupply -> Kilowatt {
        /// Kilowatts.
        kw: f64, in 0.5..=100.0;
    }
    value |raw, _| Some(Kilowatt(raw.kw));
}

entry! {
    /// What an hour of own labour is counted at.
    RawWage -> Money {
        /// Yuan an hour.
        cny_per_h: Money, in 0.0..=200.0;
    }
    value |raw, _| Some(raw.cny_per_h);
}

choice! {
    /// A limit of what a household can pay at once.
    pub enum RawInstallLimit {
        /// As a share of its yearly income.
        income_share => IncomeShare(f64), in 0.0..=10.0;
        /// In yuan.
        cny => Amount(Money), in 0.0..=1_000_000.0;
    }
}

entry! {
    /// From where on an option counts as too dear to install.
    RawInstall -> InstallLimit {
        /// The limit.
        limit: RawInstallLimit;
    }
    value |raw, _| Some(match &raw.limit {
        RawInstallLimit::IncomeShare(share) => InstallLimit::IncomeShare(*share),
        RawInstallLimit::Amount(amount) => InstallLimit::Amount(*amount),
    });
}

/// From where on an option is too dear to install.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallLimit {
    /// More than this share of a year's household income.
    IncomeShare(f64),
    /// More than this much.
    Amount(Money),
}

entry! {
    /// From where on a winter counts as too dear.
    RawRun -> f64 {
        /// Share of the household's yearly income.
        income_share: f64, in 0.0..=1.0;
    }
    value |raw, _| Some(raw.income_share);
}

/// Classes of the burden of heating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Burden {
    /// 有负担.
    Burdened,
    /// 吃力.
    Stressed,
    /// 取暖贫困.
    HeatingPoverty,
}

impl Kind for Burden {
    const ALL: &'static [Self] = &[Self::Burdened, Self::Stressed, Self::HeatingPoverty];
    fn key(self) -> &'static str {
        match self {
            Self::Burdened => "burdened",
            Self::Stressed => "stressed",
            Self::HeatingPoverty => "heating_poverty",
        }
    }
}

entry! {
    /// Where a class of burden begins.
    RawBurden -> BurdenClass {
        /// The class.
        class: Burden;
        /// From this share of the yearly income on.
        from_income_share: f64, in 0.0..=1.0;
    }
    series |raw| raw.class.key().to_owned();
    value |raw, _| Some(BurdenClass { class: raw.class, from_income_share: raw.from_income_share });
}

/// Where a class of burden begins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BurdenClass {
    /// The class.
    pub class: Burden,
    /// From this share of the yearly income on.
    pub from_income_share: f64,
}

entry! {
    /// The band of burdens in which homes are known to have gone back to coal (返煤).
    RawBackToCoal -> IncomeBand {
        /// Lower end, share of the yearly income.
        from_income_share: f64, in 0.0..=1.0;
        /// Upper end.
        to_income_share: Spot<f64>, in 0.0..=1.0;
    }
    value |raw, problems| {
        let (low, high) = (raw.from_income_share, raw.to_income_share.value);
        if high < low {
            let kind = ProblemKind::OutOfOrder { value: high.to_string(), before: low.to_string() };
            problems.error(raw.to_income_share.place.clone(), kind);
            return None;
        }
        Some(IncomeBand { from_income_share: low, to_income_share: high })
    };
}

/// A band of shares of the yearly income.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IncomeBand {
    /// Lower end.
    pub from_income_share: f64,
    /// Upper end.
    pub to_income_share: f64,
}

choice! {
    /// A discount rate and the prices that it goes with.
    pub enum RawDiscountRate {
        /// With prices at year-0 value.
        real => Real(f64), in -0.05..=0.3;
        /// With prices of their own year.
        nominal => Nominal(f64), in -0.05..=0.5;
    }
}

entry! {
    /// At what rate later money counts less.
    RawDiscount -> Discount {
        /// The rate, a fraction a year.
        rate: RawDiscountRate;
    }
    value |raw, _| Some(match raw.rate {
        RawDiscountRate::Real(rate) => Discount::Real(rate),
        RawDiscountRate::Nominal(rate) => Discount::Nominal(rate),
    });
}

/// A discount rate, fraction a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// Escalations are over and above inflation.
    Real(f64),
    /// Escalations include inflation.
    Nominal(f64),
}

impl Discount {
    /// The number.
    pub const fn rate(self) -> f64 {
        match self {
            Self::Real(rate) | Self::Nominal(rate) => rate,
        }
    }
}

entry! {
    /// General inflation, to turn a real rate into a nominal one.
    RawInflation -> f64 {
        /// Fraction a year.
        rate: f64, in -0.05..=0.3;
    }
    value |raw, _| Some(raw.rate);
}

entry! {
    /// How many years the account looks at.
    RawHorizon -> u16 {
        /// Years.
        years: u16, in 1.0..=50.0;
    }
    value |raw, _| Some(raw.years);
}

entry! {
    /// Yearly growth of the price of a carrier, in the terms of the discount rate.
    RawEscalation -> f64 {
        /// The carrier.
        carrier: Carrier;
        /// Fraction a year.
        rate: f64, in -0.2..=0.3;
    }
    series |raw| raw.carrier.key().to_owned();
    value |raw, _| Some(raw.rate);
}

entry! {
    /// What a comparison holds equal if the user does not say.
    RawService -> Service {
        /// The service level.
        level: Service;
    }
    value |raw, _| Some(raw.level);
}

/// How an amount becomes whole fen, as files name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundingKey(pub Rounding);

impl Kind for RoundingKey {
    const ALL: &'static [Self] = &[
        Self(Rounding::HalfUp),
        Self(Rounding::Down),
        Self(Rounding::Up),
        Self(Rounding::HalfEven),
    ];
    fn key(self) -> &'static str {
        match self.0 {
            Rounding::HalfUp => "half_up",
            Rounding::Down => "down",
            Rounding::Up => "up",
            Rounding::HalfEven => "half_even",
        }
    }
}

entry! {
    /// How an amount becomes whole fen.
    RawRounding -> Rounding {
        /// The rule.
        fen: RoundingKey;
    }
    value |raw, _| Some(raw.fen.0);
}

entry! {
    /// How much of a loan's money a household can borrow at, where it borrows.
    RawLoanRate -> Fixed {
        /// Interest, fraction a year.
        rate_per_year: Fixed, in 0.0..=0.5;
    }
    value |raw, _| Some(raw.rate_per_year);
}

entry! {
    /// How long a figure that holds until it is replaced may go without anybody looking at it.
    RawUncheckedAfter -> u16 {
        /// Years after `checked`.
        years: u16, in 1.0..=20.0;
    }
    value |raw, _| Some(raw.years);
}

entry! {
    /// The winter that an account begins with if nobody says.
    RawFirstWinter -> Winter {
        /// As `"2026-27"`.
        winter: Winter;
    }
    value |raw, _| Some(raw.winter);
}

entry! {
    /// How far pellets are brought to a village at their usual price.
    RawBiomassReach -> f64 {
        /// Kilometres.
        reach_km: f64, in 0.0..=2_000.0;
    }
    value |raw, _| Some(raw.reach_km);
}

entry! {
    /// Heat of today's fuel over that of the simulated house, as far as it needs no second look.
    RawPlausible -> Band {
        /// Lowest ratio.
        from_ratio: f64, in 0.0..=1.0;
        /// Highest ratio.
        to_ratio: f64, in 1.0..=10.0;
    }
    value |raw, _| Some(Band { from: raw.from_ratio, to: raw.to_ratio });
}

/// A band of numbers, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
}

entry! {
    /// Slope of a roof of which only the direction is known.
    RawRoofTilt -> f64 {
        /// Degrees from level.
        tilt_deg: f64, in 0.0..=90.0;
    }
    value |raw, _| Some(raw.tilt_deg);
}

entry! {
    /// What the place answers for a household that does not say: a fact that rules ask for.
    RawFact -> bool {
        /// Its name, as the rules use it.
        name: String;
        /// Whether it holds here.
        holds: bool, default true;
    }
    series |raw| raw.name.clone();
    value |raw, _| Some(raw.holds);
}

/// Declares the file, its checked form and the list of its kinds from one list.
macro_rules! level_figures {
    ($($(#[doc = $doc:literal])* $key:ident : $raw:ty ;)*) => {
        record! {
            /// The figures of one level: every table is a list of dated entries.
            pub struct RawLevel {
                $($(#[doc = $doc])* $key: Vec<$raw>;)*
            }
        }

        /// The checked figures of one level.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct LevelFigures {
            $($(#[doc = $doc])* pub $key: Vec<Entry<<$raw as RawEntry>::Value>>),*
        }

        impl LevelFigures {
            /// Every figure: the key of its table, its series and its provenance.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, &str, &FigureRef)> {
                let all: Vec<(&'static str, &str, &FigureRef)> = [].into_iter()
                    $(.chain(self.$key.iter().map(
                        |entry| (stringify!($key), entry.series.as_str(), &entry.figure))))*
                    .collect();
                all.into_iter()
            }
        }

        impl RawLevel {
            /// Checks each entry and the dates of each series.
            pub fn check(&self, place: &str, problems: &mut Problems) -> LevelFigures {
                let place = if place.is_empty() { "nation" } else { place };
                LevelFigures {
                    $($key: check_entries(
                        &self.$key, &format!("{place}/{}", stringify!($key)), problems)),*
                }
            }
        }
    };
}

level_figures! {
    /// The official heating season of towns, which the countryside follows.
    heating_season: RawSeason;
    /// What fuels cost.
    fuel_price: RawFuelPrice;
    /// What network heat costs where `tariffs.toml` does not bill it.
    district_heat: RawDistrictHeat;
    /// Disposable income of rural residents.
    income: RawIncome;
    /// People of a household.
    people: RawPeople;
    /// Electricity for all but heating.
    living_electricity: RawLiving;
    /// Gas for cooking.
    cooking_gas: RawCooking;
    /// The house that stands for a household that tells nothing of its own.
    default_house: RawHouse;
    /// How people heat.
    heating_habit: RawHabit;
    /// What a household heats with today if it does not say.
    today_fuel: RawTodayFuel;
    /// The stove in which today's coal is burnt.
    coal_stove: RawStove;
    /// What the grid can deliver to a house.
    grid_supply: RawSupply;
    /// What an hour of own labour is counted at.
    wage: RawWage;
    /// From where on an option is too dear to install.
    too_dear_to_install: RawInstall;
    /// From where on a winter is too dear.
    too_dear_to_run: RawRun;
    /// Where classes of burden begin.
    burden_class: RawBurden;
    /// Burdens at which homes are known to have gone back to coal.
    back_to_coal: RawBackToCoal;
    /// At what rate later money counts less.
    discount: RawDiscount;
    /// General inflation.
    inflation: RawInflation;
    /// How many years the account looks at.
    horizon: RawHorizon;
    /// Growth of carriers' prices.
    escalation: RawEscalation;
    /// At what rate a household borrows.
    loan_rate: RawLoanRate;
    /// What a comparison holds equal if the user does not say.
    service: RawService;
    /// How an amount becomes whole fen.
    rounding: RawRounding;
    /// How long an open-ended figure may go without a look.
    unchecked_after: RawUncheckedAfter;
    /// The winter that an account begins with if nobody says.
    first_winter: RawFirstWinter;
    /// How far pellets are brought at their usual price.
    biomass_reach: RawBiomassReach;
    /// Heat of today's fuel over that of the simulated house, as far as it is plausible.
    plausible_heat: RawPlausible;
    /// Slope of a roof of which only the direction is known.
    roof_tilt: RawRoofTilt;
    /// Facts that rules ask for and that the place answers.
    fact: RawFact;
}

/// The figures of one level and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelFile {
    /// The level.
    pub level: Level,
    /// Path of the place; empty for the nation.
    pub place: String,
    /// Its figures.
    pub figures: LevelFigures,
}

/// Reads and checks the file of one level; an empty file (comments only) has no figures.
pub fn read_level(text: &LevelText<'_>, problems: &mut Problems) -> Option<LevelFile> {
    let found = RefCell::new(Problems::default());
    let raw: Option<RawLevel> = read_toml(&text.file, &text.text, &found);
    problems.extend(found.into_inner());
    Some(LevelFile {
        level: text.level,
        place: text.place.to_owned(),
        figures: raw?.check(text.place, problems),
    })
}
