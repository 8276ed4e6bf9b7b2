//! The tables of `subsidies.toml` as they are written.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::de::DeValue;

use crate::input::figure::RawFigure;
use crate::input::problem::ProblemKind;
use crate::input::record::{Cx, Field, Limits, Node, Shape, Spot, wrong_type};
use crate::subsidy::rule::{
    BandKind, Bounds, CapTime, CoalAgain, Hours, Pick, Ratio, Recipient, UseUnit, Way,
};
use crate::words::calendar::MonthDay;
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Category, DwellingKind, HeaterKind, Item, Name, Payer};
use crate::{choice, record};

/// A share above 0 and at most 1: a number, or a fraction as text (`"2/3"`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawRate(pub Ratio);

impl Field for RawRate {
    fn shape(_: Limits) -> Shape {
        Shape::Either(vec![
            Shape::Number(Limits::from(0.000_001..=1.0)),
            Shape::Text,
        ])
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let DeValue::String(text) = node.value.get_ref() else {
            let share = Fixed::read(node, cx, Limits::from(0.000_001..=1.0))?;
            return Some(Self(Ratio::decimal(share)));
        };
        let parts = text.split_once('/');
        let whole = |part: &str| part.trim().parse::<u32>().ok();
        let Some((Some(part), Some(of))) = parts.map(|(a, b)| (whole(a), whole(b))) else {
            return wrong_type(node, cx, "number");
        };
        if part == 0 || part > of || of > LARGEST {
            let value = f64::from(part) / f64::from(of.max(1));
            let (min, max) = (Some(0.000_001), Some(1.0));
            cx.error(node, ProblemKind::OutOfRange { value, min, max });
            return None;
        }
        Some(Self(Ratio {
            part: Fixed::whole(i64::from(part)),
            whole: Fixed::whole(i64::from(of)),
        }))
    }
}

/// The largest denominator of a fraction.
const LARGEST: u32 = 100_000;

/// `true`: the key alone names the kind, so `false` would say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yes;

impl Field for Yes {
    fn shape(_: Limits) -> Shape {
        Shape::Bool
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        if bool::read(node, cx, limits)? {
            return Some(Self);
        }
        let kind = ProblemKind::NotOneOf {
            value: "false".to_owned(),
            nearest: None,
            allowed: vec!["true".to_owned()],
        };
        cx.error(node, kind);
        None
    }
}

record! {
    /// The subsidy rules of one place.
    pub struct RawSubsidies {
        /// Ids of rules of higher levels that do not hold here.
        not_here: Vec<Spot<String>>;
        /// Points that the texts leave open.
        parameter: Vec<RawParameter>;
        /// The rules.
        rule: Vec<RawRule>;
    }
}

record! {
    /// A point that a published text leaves open, with its readings.
    pub struct RawParameter {
        /// Its id; rules name it in `when`.
        id: Spot<String>;
        /// What is open, in words.
        name: Name;
        /// The reading taken unless the user says otherwise.
        default: Spot<String>;
        /// The readings: a key and what it means.
        readings: BTreeMap<String, Name>;
        /// Where the open text stands.
        figure: RawFigure;
    }
}

record! {
    /// One subsidy rule.
    pub struct RawRule {
        /// Its id, unique in the library.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// The programme whose money it is; rules of one programme are pooled in reports.
        programme: String;
        /// Rules are evaluated in rising order; a rule on what others left has a larger number.
        order: i16, default 10;
        /// The reading of an open text under which the rule holds.
        when: Option<RawWhen>;
        /// Who is eligible; without it everybody.
        who: Option<RawWho>;
        /// A grant towards the installation; a rule has this or `running`.
        install: Option<RawInstall>;
        /// A grant towards each winter; a rule has this or `install`.
        running: Option<RawRunning>;
        /// Who pays.
        payers: Spot<RawSplit>;
        /// How and when it is paid.
        payment: Spot<RawPayment>;
        /// Who receives it.
        goes_to: Recipient, default Recipient::Household;
        /// The group of rules of which one pays.
        group: Option<RawGroup>;
        /// Rules that keep this one from paying once they have paid.
        excluded_by: Vec<Spot<String>>;
        /// Years between two grants; install rules only.
        lock: Option<Spot<RawLock>>;
        /// A cap shared with other rules.
        joint_cap: Option<RawJointCap>;
        /// A part that a lower level may raise ("at least").
        raise: Option<Spot<RawRaise>>;
        /// Where it comes from and when it holds; `valid` must be there.
        figure: RawFigure;
    }
}

record! {
    /// A reading of an open text.
    pub struct RawWhen {
        /// The parameter.
        parameter: Spot<String>;
        /// The reading.
        is: Spot<String>;
    }
}

record! {
    /// Who is eligible; what is left out asks for nothing.
    pub struct RawWho {
        /// Heaters.
        heaters: Vec<HeaterKind>;
        /// Household categories.
        categories: Vec<Category>;
        /// Household categories that are left out.
        not_categories: Vec<Category>;
        /// Kinds of dwelling.
        dwellings: Vec<DwellingKind>;
        /// Whether the household must be registered (户籍) in the place.
        registered: bool, default false;
        /// Facts that must hold.
        facts: Vec<String>;
        /// Facts that must not hold.
        without_facts: Vec<String>;
        /// Conversion not before this day.
        converted_from: Option<Date>;
        /// Conversion not after this day.
        converted_to: Option<Spot<Date>>;
        /// Heated area above this, exclusive.
        area_above_m2: Option<f64>, in 0.0..=10000.0;
        /// Heated area at least this.
        area_from_m2: Option<f64>, in 0.0..=10000.0;
        /// Heated area at most this.
        area_to_m2: Option<Spot<f64>>, in 0.0..=10000.0;
        /// Rated output at least this.
        rated_from_kw: Option<f64>, in 0.0..=1000.0;
        /// Rated output at most this.
        rated_to_kw: Option<Spot<f64>>, in 0.0..=1000.0;
        /// People, at least.
        people_from: Option<f64>, in 1.0..=50.0;
        /// People, at most.
        people_to: Option<f64>, in 1.0..=50.0;
        /// Age that the replaced clean machine must have.
        replaces_years: Option<u8>, in 1.0..=50.0;
        /// Whether the household is subsidised for one carrier only (气电二选一).
        one_mode: bool, default false;
        /// What happens when loose coal is burnt again.
        coal_again: CoalAgain, default CoalAgain::Ignored;
    }
}

record! {
    /// A grant towards the installation.
    pub struct RawInstall {
        /// Items that it subsidises.
        items: Spot<Vec<Item>>;
        /// What it is computed from.
        base: Spot<RawInstallBase>;
        /// Items whose unit price is below this are not counted.
        smallest_item_cny: Money, in 0.0..=1e6, default Money::ZERO;
        /// Most for one piece.
        cap_per_piece_cny: Option<Money>, in 0.01..=1e7;
        /// Most for the household.
        cap_cny: Option<Money>, in 0.01..=1e7;
        /// Higher caps for some categories.
        cap_extra: Vec<RawCapExtra>;
    }
}

record! {
    /// A cap that is higher for some categories.
    pub struct RawCapExtra {
        /// The categories.
        categories: Vec<Category>;
        /// How much higher.
        cny: Money, in 0.01..=1e6;
    }
}

choice! {
    /// What an install grant is computed from.
    pub enum RawInstallBase {
        /// A share of the price paid.
        price => Price(RawRate);
        /// A share of min(price, reference), piece by piece.
        reference => Reference(RawReference);
        /// A share of the government's tender price.
        tender => Tender(RawTender);
        /// A share of a unit ceiling times a fixed size, whatever is bought.
        ceiling => Ceiling(RawCeiling);
        /// A sum per m2 of heated area.
        per_m2 => PerM2(RawPer);
        /// A sum per kW of rated output.
        per_kw => PerKw(RawPer);
        /// A sum per piece bought.
        per_piece => PerPiece(RawPer);
        /// A flat sum.
        flat_cny => Flat(Money), in 0.01..=1e7;
        /// A flat sum by calendar year of the conversion.
        by_year_cny => ByYear(BTreeMap<String, Spot<Money>>), in 0.01..=1e7;
        /// The whole price but for this part of the household.
        all_but_cny => AllBut(Money), in 0.0..=1e7;
        /// A share of what the household still owes after the rules before.
        remaining => Remaining(RawRate);
        /// A fixed total of which the household pays a share.
        of_total => OfTotal(RawOfTotal);
    }
}

record! {
    /// A reference price.
    pub struct RawReference {
        /// Share.
        rate: RawRate;
        /// Reference price of a piece.
        price_cny: Money, in 0.01..=1e7;
    }
}

record! {
    /// A tender price.
    pub struct RawTender {
        /// Share.
        rate: RawRate;
        /// The tender price, if the text states one; else the purchase names it.
        price_cny: Option<Money>, in 0.01..=1e7;
    }
}

record! {
    /// A ceiling price times a size.
    pub struct RawCeiling {
        /// Share.
        rate: RawRate;
        /// Ceiling of one unit.
        unit_cny: Fixed, in 0.01..=1e7;
        /// Units that are granted: kW, m2 or pieces.
        size: Fixed, in 0.000001..=1e6;
    }
}

record! {
    /// A sum per unit.
    pub struct RawPer {
        /// Yuan per unit.
        cny: Fixed, in 0.0001..=1e6;
        /// Most units that count.
        most: Option<Fixed>, in 0.0001..=1e6;
    }
}

record! {
    /// A fixed total and the household's share of it.
    pub struct RawOfTotal {
        /// The total.
        total_cny: Money, in 0.01..=1e7;
        /// The household's share.
        household_share: RawRate;
    }
}

record! {
    /// A grant towards each winter.
    pub struct RawRunning {
        /// The season in which use counts.
        season: RawSeason;
        /// What it is computed from.
        base: Spot<RawRunningBase>;
        /// Most units a winter.
        cap_quantity: Option<Fixed>, in 0.001..=1e6;
        /// Most units a person and winter.
        cap_quantity_per_person: Option<Fixed>, in 0.001..=1e6;
        /// Most money a winter.
        cap_cny: Option<Money>, in 0.01..=1e6;
        /// Higher money caps for some categories.
        cap_extra: Vec<RawCapExtra>;
        /// Which winters are paid.
        clock: Spot<RawClock>;
    }
}

record! {
    /// Days of a season, both inside.
    pub struct RawSeason {
        /// First day.
        from: MonthDay;
        /// Last day.
        to: MonthDay;
    }
}

choice! {
    /// What a running grant is computed from.
    pub enum RawRunningBase {
        /// A price per unit of use.
        per_unit => PerUnit(Spot<RawPerUnit>);
        /// A share of the heating bill.
        bill => Bill(RawRate);
        /// A share of what heating costs more than today's.
        over_today => OverToday(RawRate);
        /// A share of what the household still owes after the rules before.
        remaining => Remaining(RawRate);
        /// A flat sum a winter.
        per_winter_cny => PerWinter(Money), in 0.01..=1e6;
        /// A flat sum a month with heating.
        per_month_cny => PerMonth(Money), in 0.01..=1e6;
    }
}

record! {
    /// A price per unit of use.
    pub struct RawPerUnit {
        /// Of what.
        carrier: Carrier;
        /// Unit that is counted.
        unit: UseUnit;
        /// Which hours count.
        hours: Hours, default Hours::All;
        /// How heating use is found from the meter.
        measured: RawMeasure;
        /// One price; or `bands`.
        price_cny: Option<Fixed>, in 0.000001..=1e5;
        /// Prices by band; or `price_cny`.
        bands: Option<Spot<RawBands>>;
    }
}

choice! {
    /// How heating use is found from the meter.
    pub enum RawMeasure {
        /// The heating has its own meter.
        own_meter => OwnMeter(Yes);
        /// All use of the season, living included.
        season_total => SeasonTotal(Yes);
        /// All use of the season less a fixed living use each month.
        less_monthly => LessMonthly(RawLessMonthly);
        /// Each month's use less the mean of these calendar months.
        less_mean_of_months => LessMeanOf(Vec<u8>), in 1.0..=12.0;
    }
}

record! {
    /// A fixed living use each month.
    pub struct RawLessMonthly {
        /// Units of living use a month.
        living: Fixed, in 0.0..=10000.0;
        /// Months of the season by the rule's own count.
        months: Fixed, in 0.5..=12.0;
        /// Whether a month below its living use counts against the others.
        may_go_negative: bool, default false;
    }
}

record! {
    /// Prices by band.
    pub struct RawBands {
        /// How bands are read; there is no default.
        kind: BandKind;
        /// Where a bound belongs; there is no default.
        bounds: Bounds;
        /// Upper bounds, rising, one less than prices.
        up_to: Vec<Spot<Fixed>>, in 0.0..=1e6;
        /// Yuan per unit of each band.
        price_cny: Vec<Fixed>, in 0.0..=1e5;
    }
}

choice! {
    /// Which winters are paid.
    pub enum RawClock {
        /// Every winter in which the rule is in force.
        always => Always(Yes);
        /// The first so many winters after the conversion.
        first_winters => FirstWinters(u8), in 1.0..=50.0;
        /// Steps by the household's own winters since the conversion.
        since_joining => SinceJoining(RawSinceJoining);
        /// Steps by calendar season.
        by_season => BySeason(RawBySeason);
        /// The calendar year of the conversion fixes the number of winters.
        by_conversion_year => ByConversionYear(BTreeMap<String, Spot<u8>>), in 1.0..=50.0;
    }
}

record! {
    /// Steps by own winters; `cap_cny` or `factor`.
    pub struct RawSinceJoining {
        /// Cap of each winter from the first.
        cap_cny: Vec<Money>, in 0.01..=1e6;
        /// Factor of each winter from the first.
        factor: Vec<RawRate>;
        /// The step (0 = first) that waits for `hold_until`.
        hold_step: Option<u8>;
        /// The first winter in which that step can come: the year in which it begins.
        hold_until: Option<i16>, in 2000.0..=2100.0;
    }
}

record! {
    /// Steps by calendar season; `cap_cny` or `factor`, keys such as `"2023-24"`.
    pub struct RawBySeason {
        /// Winters that must lie behind the household.
        after_winters: u8, in 0.0..=50.0;
        /// Cap of each season.
        cap_cny: BTreeMap<String, Spot<Money>>, in 0.01..=1e6;
        /// Factor of each season.
        factor: BTreeMap<String, Spot<RawRate>>;
    }
}

choice! {
    /// Who pays.
    pub enum RawSplit {
        /// One payer.
        all => All(Payer);
        /// Shares of the grant that sum to 1 (for `of_total` to what is not the household's).
        shares => Shares(RawShares);
        /// Sums that add up to the cap or the flat sum; a smaller grant is split in proportion.
        fixed_cny => Fixed(RawSums);
        /// Sums per unit that add up to the rule's price.
        per_unit_cny => PerUnit(RawSums);
        /// One after another, the last takes the rest.
        in_order => InOrder(Vec<RawTurn>);
    }
}

record! {
    /// Shares by payer.
    pub struct RawShares {
        /// Central government.
        central: Option<RawRate>;
        /// Province.
        province: Option<RawRate>;
        /// City.
        city: Option<RawRate>;
        /// County or district.
        county: Option<RawRate>;
        /// Township.
        township: Option<RawRate>;
        /// Firm.
        operator: Option<RawRate>;
    }
}

record! {
    /// Sums by payer.
    pub struct RawSums {
        /// Central government.
        central: Option<Fixed>, in 0.0..=1e7;
        /// Province.
        province: Option<Fixed>, in 0.0..=1e7;
        /// City.
        city: Option<Fixed>, in 0.0..=1e7;
        /// County or district.
        county: Option<Fixed>, in 0.0..=1e7;
        /// Township.
        township: Option<Fixed>, in 0.0..=1e7;
        /// Firm.
        operator: Option<Fixed>, in 0.0..=1e7;
    }
}

record! {
    /// One payer's turn; without a limit it takes the rest.
    pub struct RawTurn {
        /// Who.
        payer: Payer;
        /// Up to this sum.
        up_to_cny: Option<Money>, in 0.01..=1e7;
        /// Up to this share of the price or bill.
        up_to_share: Option<RawRate>;
    }
}

record! {
    /// How a grant is paid.
    pub struct RawPayment {
        /// The way.
        way: Way;
        /// Months between the cost and the money.
        delay_months: Option<u8>, in 0.0..=120.0;
        /// The money is promised and never comes.
        never: bool, default false;
    }
}

record! {
    /// A group of rules of which one pays.
    pub struct RawGroup {
        /// Its id.
        id: String;
        /// Which one.
        pick: Pick, default Pick::First;
    }
}

record! {
    /// Years between two grants.
    pub struct RawLock {
        /// Its id; rules may share it.
        id: String;
        /// Years.
        years: u8, in 1.0..=50.0;
    }
}

record! {
    /// A cap shared by rules.
    pub struct RawJointCap {
        /// Its id.
        id: String;
        /// The sum.
        cny: Money, in 0.01..=1e7;
        /// Over what time.
        over: CapTime;
    }
}

record! {
    /// A part of `payers.fixed_cny` that is a minimum.
    pub struct RawRaise {
        /// Whose part.
        payer: Payer;
        /// The parameter with which a county gives its own sum.
        parameter: String;
    }
}
