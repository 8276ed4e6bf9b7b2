//! `tariffs.toml` of a place: plans for electricity and gas, what PV is paid, what network heat costs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::input::figure::RawFigure;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::{Cx, Field, Limits, Node, Shape, Spot, join, wrong_type};
use crate::record;
use crate::tariff::network_heat::{HeatPrice, HeatPriceSeries};
use crate::tariff::plan::{
    Counting, Free, Growth, HourClass, Ladder, Metering, OpenTo, Period, PlanSeries, Rate, Version,
    Window,
};
use crate::words::calendar::{DAYS, MonthDay, Season};
use crate::words::fixed::Fixed;
use crate::words::kinds::{Carrier, Category, Kind, Name};
use crate::words::provenance::{FigureRef, ValidTo, Validity};

record! {
    /// Prices of metered energy at a place. A plan of the same id at a place below replaces it on
    /// the days for which the place below has a version.
    pub struct RawTariffs {
        /// Electricity plans, by id.
        electricity: BTreeMap<String, Spot<RawPlan>>;
        /// Gas plans, by id.
        gas: BTreeMap<String, Spot<RawPlan>>;
        /// What the grid pays for PV electricity, by id: `existing` for what was connected before
        /// 1 June 2025, `new` for what came later.
        feed_in: BTreeMap<String, Spot<RawFeedIn>>;
        /// What heat from a network costs, by id.
        network_heat: BTreeMap<String, RawHeatPlan>;
        /// What was looked for and not found, by a short key.
        gaps: BTreeMap<String, Name>;
        /// Plans of places above that do not hold here: `"electricity.resident"`.
        not_here: Vec<Spot<String>>;
    }
}

record! {
    /// A plan that a household can have.
    pub struct RawPlan {
        /// Its name.
        name: Name;
        /// Who may have it.
        open_to: OpenTo;
        /// What its meter measures.
        metering: Spot<Metering>;
        /// Its versions in order of date, without gaps.
        version: Vec<Spot<RawVersion>>;
    }
}

record! {
    /// A plan as it stands between two dates.
    pub struct RawVersion {
        /// Where the prices come from and when they hold (`valid` must be written).
        figure: RawFigure;
        /// Tiers, by an id that the windows name.
        ladders: BTreeMap<String, Spot<RawLadder>>;
        /// Parts of the year; every day lies in exactly one.
        windows: BTreeMap<String, Spot<RawWindow>>;
        /// Units that poor households do not pay.
        free: Option<RawFree>;
    }
}

record! {
    /// Tiers of a price.
    pub struct RawLadder {
        /// `marginal` (each unit at the price of its own tier) or `whole` (every unit at the price
        /// of the tier that the total reaches).
        kind: Counting;
        /// Over what the tiers count.
        period: Spot<RawPeriod>;
        /// First day of a tier year.
        starts: Option<Spot<MonthDay>>;
        /// Upper bound of each tier, counted from 0, the bound inside; the last is `"no_limit"`.
        upto_kwh: Option<RawBounds>;
        /// The same for gas.
        upto_m3: Option<RawBounds>;
        /// Added to the class price in each tier.
        adder_cny_per_kwh: Option<Spot<Vec<Fixed>>>, in -5.0..=5.0;
        /// The same for gas.
        adder_cny_per_m3: Option<Spot<Vec<Fixed>>>, in -10.0..=10.0;
        /// Whether the bounds are per month of the heating season.
        per_heating_month: bool, default false;
        /// Bounds that grow with the family.
        family: Option<Spot<RawGrowth>>;
    }
}

/// Over what tiers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawPeriod {
    /// A calendar month.
    Month,
    /// The days of the windows that use them.
    Season,
    /// A year from `starts`.
    TierYear,
}

impl Kind for RawPeriod {
    const ALL: &'static [Self] = &[Self::Month, Self::Season, Self::TierYear];
    fn key(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Season => "season",
            Self::TierYear => "tier_year",
        }
    }
}

record! {
    /// Bounds that grow with the family.
    pub struct RawGrowth {
        /// Up to this many people the bounds stand as written.
        above_people: u32, in 1.0..=30.0;
        /// Added to every bound.
        add_kwh: Option<Fixed>, in 0.0..=20000.0;
        /// The same for gas.
        add_m3: Option<Fixed>, in 0.0..=20000.0;
        /// `true`: once for each person above; `false`: once for the household.
        each_person: bool;
    }
}

record! {
    /// A part of the year.
    pub struct RawWindow {
        /// First day.
        from: MonthDay;
        /// Last day, inside; before `from` if it crosses the new year.
        to: MonthDay;
        /// Whether it is the plan's heating season.
        heating_season: bool, default false;
        /// The id of a ladder, or `"off"` where units have one price and count in no tier.
        tiers: Spot<String>;
        /// Hours of the day of each class, `"20-08"`, the last hour outside; together they cover
        /// the day once. Without it the day has the single class `all`.
        hours: Option<Spot<BTreeMap<String, Spot<Vec<Spot<String>>>>>>;
        /// Price of each class: a number, or one for each tier.
        price_cny_per_kwh: Option<Spot<BTreeMap<String, RawPrices>>>, in 0.0..=10.0;
        /// The same for gas.
        price_cny_per_m3: Option<Spot<BTreeMap<String, RawPrices>>>, in 0.0..=30.0;
    }
}

record! {
    /// Units that poor households do not pay; they are taken off before tiers are counted.
    pub struct RawFree {
        /// A month.
        kwh_per_month: Option<Fixed>, in 0.0..=1000.0;
        /// The same for gas.
        m3_per_month: Option<Fixed>, in 0.0..=1000.0;
        /// For whom.
        categories: Vec<Category>;
    }
}

/// Which roofs a price of PV electricity is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedIn {
    /// Those connected before 1 June 2025.
    Existing,
    /// Those connected since.
    New,
}

impl Kind for FeedIn {
    const ALL: &'static [Self] = &[Self::Existing, Self::New];
    fn key(self) -> &'static str {
        match self {
            Self::Existing => "existing",
            Self::New => "new",
        }
    }
}

record! {
    /// What the grid pays for PV electricity.
    pub struct RawFeedIn {
        /// Its name.
        name: Name;
        /// Its versions in order of date, without gaps.
        version: Vec<Spot<RawFeedInVersion>>;
    }
}

record! {
    /// A price between two dates.
    pub struct RawFeedInVersion {
        /// Where it comes from and when it holds.
        figure: RawFigure;
        /// Paid for each unit fed in.
        price_cny_per_kwh: Fixed, in 0.0..=10.0;
    }
}

record! {
    /// What heat from a network costs.
    pub struct RawHeatPlan {
        /// Its name.
        name: Name;
        /// Its versions in order of date, without gaps.
        version: Vec<Spot<RawHeatVersion>>;
    }
}

record! {
    /// Charges between two dates; at least one of the two.
    pub struct RawHeatVersion {
        /// Where they come from and when they hold.
        figure: RawFigure;
        /// By heated area and winter.
        price_cny_per_m2: Option<Fixed>, in 0.0..=200.0;
        /// By metered heat.
        price_cny_per_kwh: Option<Fixed>, in 0.0..=5.0;
    }
}

/// Upper bounds of tiers as written.
#[derive(Debug, Clone, PartialEq)]
pub struct RawBounds {
    bounds: Vec<(Option<Fixed>, Place)>,
    place: Place,
}

impl Field for RawBounds {
    fn shape(_: Limits) -> Shape {
        let number = Shape::Number(Limits::from(0.0..=1e7));
        let open = Shape::OneOf(vec!["no_limit"]);
        Shape::List(Box::new(Shape::Either(vec![number, open])))
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let place = cx.place(node.value.span().start, &node.path);
        let Some(array) = node.value.get_ref().as_array() else {
            return wrong_type(node, cx, "list");
        };
        let mut bounds = Vec::with_capacity(array.len());
        let mut good = true;
        for (i, value) in array.iter().enumerate() {
            let node = Node {
                value,
                path: format!("{}[{i}]", node.path),
            };
            let place = cx.place(node.value.span().start, &node.path);
            if value.get_ref().as_str() == Some("no_limit") {
                bounds.push((None, place));
            } else if let Some(bound) = Fixed::read(&node, cx, Limits::from(0.0..=1e7)) {
                bounds.push((Some(bound), place));
            } else {
                good = false;
            }
        }
        good.then_some(Self { bounds, place })
    }
}

impl RawBounds {
    /// The bounds of all tiers but the last.
    fn check(&self, problems: &mut Problems) -> Option<Vec<Fixed>> {
        let mut good = true;
        let last = self.bounds.len().saturating_sub(1);
        let mut finite: Vec<Fixed> = Vec::with_capacity(last);
        for (i, (bound, place)) in self.bounds.iter().enumerate() {
            match bound {
                Some(bound) => {
                    if let Some(before) = finite.last().filter(|before| *before >= bound) {
                        let kind = ProblemKind::OutOfOrder {
                            value: bound.to_string(),
                            before: before.to_string(),
                        };
                        problems.error(place.clone(), kind);
                        good = false;
                    }
                    finite.push(*bound);
                }
                None if i < last => {
                    let kind = ProblemKind::OutOfOrder {
                        value: "no_limit".to_owned(),
                        before: finite.last().map_or("0".to_owned(), Fixed::to_string),
                    };
                    problems.error(place.clone(), kind);
                    good = false;
                }
                None => {}
            }
        }
        if self.bounds.last().is_none_or(|(bound, _)| bound.is_some()) {
            let write = "\"no_limit\"";
            problems.error(self.place.clone(), ProblemKind::OpenEnd { write });
            good = false;
        }
        good.then_some(finite)
    }
}

/// One price, or one for each tier.
#[derive(Debug, Clone, PartialEq)]
pub struct RawPrices {
    prices: Vec<Fixed>,
    listed: bool,
    place: Place,
}

impl Field for RawPrices {
    fn shape(limits: Limits) -> Shape {
        let list = Shape::List(Box::new(Shape::Number(limits)));
        Shape::Either(vec![Shape::Number(limits), list])
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        let place = cx.place(node.value.span().start, &node.path);
        let listed = node.value.get_ref().as_array().is_some();
        let prices = if listed {
            Vec::<Fixed>::read(node, cx, limits)?
        } else {
            vec![Fixed::read(node, cx, limits)?]
        };
        Some(Self {
            prices,
            listed,
            place,
        })
    }
}

/// The tariffs of a place, checked; maps are by plan id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tariffs {
    /// Electricity.
    pub electricity: BTreeMap<String, PlanSeries>,
    /// Gas.
    pub gas: BTreeMap<String, PlanSeries>,
    /// What is paid for PV electricity: plans with one price.
    pub feed_in: BTreeMap<String, PlanSeries>,
    /// Network heat.
    pub network_heat: BTreeMap<String, HeatPriceSeries>,
    /// What was not found.
    pub gaps: BTreeMap<String, Name>,
    /// Plans of places above that do not hold here, `electricity.resident`.
    pub not_here: Vec<String>,
}

impl Tariffs {
    /// Puts the tariffs of the place above under these, but for those that do not hold here.
    pub fn over(mut self, above: &Self) -> Self {
        let skip = std::mem::take(&mut self.not_here);
        let lay = |key: &str, id: &str| skip.iter().all(|not| *not != format!("{key}.{id}"));
        let plans = PlanSeries::over;
        merge(
            &mut self.electricity,
            &above.electricity,
            |id| lay("electricity", id),
            plans,
        );
        merge(&mut self.gas, &above.gas, |id| lay("gas", id), plans);
        merge(
            &mut self.feed_in,
            &above.feed_in,
            |id| lay("feed_in", id),
            plans,
        );
        let heat = HeatPriceSeries::over;
        merge(
            &mut self.network_heat,
            &above.network_heat,
            |id| lay("network_heat", id),
            heat,
        );
        for (id, gap) in &above.gaps {
            self.gaps.entry(id.clone()).or_insert_with(|| gap.clone());
        }
        self
    }
}

/// Puts the series of a place above under those of the same id.
fn merge<T: Clone>(
    own: &mut BTreeMap<String, T>,
    above: &BTreeMap<String, T>,
    holds: impl Fn(&str) -> bool,
    over: impl Fn(T, &T) -> T,
) {
    for (id, series) in above.iter().filter(|(id, _)| holds(id)) {
        let merged = match own.remove(id) {
            Some(lower) => over(lower, series),
            None => series.clone(),
        };
        own.insert(id.clone(), merged);
    }
}

impl RawTariffs {
    /// Checks every plan; figures get ids `place/electricity/plan/first day`.
    pub fn check(&self, place: &str, problems: &mut Problems) -> Option<Tariffs> {
        let mut good = true;
        let mut tariffs = Tariffs {
            gaps: self.gaps.clone(),
            not_here: self.not_here.iter().map(|id| id.value.clone()).collect(),
            ..Tariffs::default()
        };
        let metered = [
            (&self.electricity, Carrier::Electricity),
            (&self.gas, Carrier::NaturalGas),
        ];
        for (plans, carrier) in metered {
            for (id, plan) in plans {
                let path = format!("{place}/{}/{id}", carrier.key());
                let Some(series) = plan.value.check(id, &path, carrier, &plan.place, problems)
                else {
                    good = false;
                    continue;
                };
                match carrier {
                    Carrier::Electricity => tariffs.electricity.insert(id.clone(), series),
                    _ => tariffs.gas.insert(id.clone(), series),
                };
            }
        }
        for (id, plan) in &self.feed_in {
            if FeedIn::from_key(id).is_none() {
                let kinds = FeedIn::ALL.iter().map(|kind| kind.key());
                let kind = ProblemKind::NotOneOf {
                    value: id.clone(),
                    nearest: nearest(id, kinds.clone()),
                    allowed: kinds.map(str::to_owned).collect(),
                };
                problems.error(plan.place.clone(), kind);
                continue;
            }
            let plan = &plan.value;
            match plan.check(id, &format!("{place}/feed_in/{id}"), problems) {
                Some(series) => drop(tariffs.feed_in.insert(id.clone(), series)),
                None => good = false,
            }
        }
        for (id, plan) in &self.network_heat {
            match plan.check(id, &format!("{place}/network_heat/{id}"), problems) {
                Some(series) => drop(tariffs.network_heat.insert(id.clone(), series)),
                None => good = false,
            }
        }
        good &= self.names_plans(problems);
        good.then_some(tariffs)
    }

    /// Whether what does not hold here is named by kind and id.
    fn names_plans(&self, problems: &mut Problems) -> bool {
        const KINDS: [&str; 4] = ["electricity", "gas", "feed_in", "network_heat"];
        let mut good = true;
        for id in &self.not_here {
            let kind = id
                .value
                .split_once('.')
                .map_or(&*id.value, |(kind, _)| kind);
            if !KINDS.contains(&kind) || kind == id.value {
                let kind = ProblemKind::NotOneOf {
                    value: id.value.clone(),
                    nearest: nearest(kind, KINDS),
                    allowed: KINDS.map(|kind| format!("{kind}.<id>")).to_vec(),
                };
                problems.error(id.place.clone(), kind);
                good = false;
            }
        }
        good
    }
}

impl RawPlan {
    fn check(
        &self,
        id: &str,
        path: &str,
        carrier: Carrier,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<PlanSeries> {
        let mut versions = Vec::with_capacity(self.version.len());
        let mut good = true;
        for raw in &self.version {
            match raw.value.check(path, carrier, &raw.place, problems) {
                Some(version) => versions.push((version, raw.place.clone())),
                None => good = false,
            }
        }
        let based = |version: &Version| version.windows.iter().any(|window| window.heating);
        if self.metering.value == Metering::Baseline
            && let Some((_, place)) = versions.iter().find(|(version, _)| !based(version))
        {
            let kind = ProblemKind::Needs {
                key: "metering = \"baseline\"".to_owned(),
                other: "heating_season = true".to_owned(),
            };
            problems.error(place.clone(), kind);
            good = false;
        }
        let dates = versions.iter().map(|(v, place)| (v.valid, place));
        good &= in_order(dates, problems);
        good &= some_version(self.version.len(), place, problems);
        good.then(|| PlanSeries {
            id: Arc::from(id),
            name: Arc::new(self.name.clone()),
            carrier,
            open_to: self.open_to,
            metering: self.metering.value,
            levels: vec![versions.into_iter().map(|(v, _)| Arc::new(v)).collect()],
        })
    }
}

/// A plan needs a version.
fn some_version(count: usize, place: &Place, problems: &mut Problems) -> bool {
    if count == 0 {
        let key = join(&place.field, "version");
        problems.error(place.clone(), ProblemKind::MissingKey { key });
    }
    count > 0
}

/// Whether dated versions follow one another without overlap or gap.
fn in_order<'a>(
    versions: impl Iterator<Item = (Validity, &'a Place)>,
    problems: &mut Problems,
) -> bool {
    let mut good = true;
    let mut before: Option<Validity> = None;
    for (valid, place) in versions {
        if let Some(before) = before {
            let next = before.last_day().and_then(|last| last.tomorrow().ok());
            if next.is_none_or(|next| valid.from < next) {
                let kind = ProblemKind::DatesOverlap {
                    first: span(&before),
                    second: span(&valid),
                };
                problems.error(place.clone(), kind);
                good = false;
            } else if let Some(next) = next
                && valid.from > next
            {
                let last = valid.from.yesterday().unwrap_or(valid.from);
                let kind = ProblemKind::DatesGap {
                    from: next.to_string(),
                    to: last.to_string(),
                };
                problems.error(place.clone(), kind);
                good = false;
            }
        }
        before = Some(valid);
    }
    good
}

fn span(valid: &Validity) -> String {
    match valid.to {
        ValidTo::Day(day) => format!("{}..{day}", valid.from),
        ValidTo::UntilReplaced { .. } => format!("{}..until_replaced", valid.from),
    }
}

/// The figure of a dated version with its validity, which must be there.
fn dated(
    raw: &RawFigure,
    path: &str,
    place: &Place,
    problems: &mut Problems,
) -> Option<(FigureRef, Validity)> {
    let Some(valid) = &raw.valid else {
        let key = join(&place.field, "figure.valid");
        problems.error(raw.source.place.clone(), ProblemKind::MissingKey { key });
        return None;
    };
    let figure = raw.check(format!("{path}/{}", valid.from.value), problems)?;
    let valid = figure.0.valid?;
    Some((figure, valid))
}

/// The one of two keys that fits the carrier; the other must not be there.
fn fitting<'a, T>(
    carrier: Carrier,
    keys: [&str; 2],
    values: [&'a Option<T>; 2],
    place: &Place,
    problems: &mut Problems,
) -> Option<&'a T> {
    let own = usize::from(carrier != Carrier::Electricity);
    if values[1 - own].is_some() {
        let kind = ProblemKind::UnknownKey {
            key: keys[1 - own].to_owned(),
            nearest: Some(keys[own].to_owned()),
            allowed: vec![keys[own].to_owned()],
        };
        problems.error(place.clone(), kind);
        return None;
    }
    values[own].as_ref()
}

/// The same, where the key must be there.
fn needed<'a, T>(
    carrier: Carrier,
    keys: [&str; 2],
    values: [&'a Option<T>; 2],
    place: &Place,
    problems: &mut Problems,
) -> Option<&'a T> {
    if values.iter().all(|value| value.is_none()) {
        let own = usize::from(carrier != Carrier::Electricity);
        let key = join(&place.field, keys[own]);
        problems.error(place.clone(), ProblemKind::MissingKey { key });
    }
    fitting(carrier, keys, values, place, problems)
}

impl RawVersion {
    fn check(
        &self,
        path: &str,
        carrier: Carrier,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<Version> {
        let dated = dated(&self.figure, path, place, problems);
        let mut ladders = Vec::new();
        let mut adders = Vec::new();
        let mut good = true;
        for (id, raw) in &self.ladders {
            match raw.value.check(id, carrier, &raw.place, problems) {
                Some((ladder, adder)) => {
                    ladders.push(ladder);
                    adders.push(adder);
                }
                None => good = false,
            }
        }
        let known: Vec<&str> = self.ladders.keys().map(String::as_str).collect();
        let mut windows = Vec::new();
        for (id, raw) in &self.windows {
            let tiers = &raw.value.tiers;
            if tiers.value != "off" && !known.contains(&tiers.value.as_str()) {
                let kind = ProblemKind::Unresolved {
                    what: "ladder",
                    id: tiers.value.clone(),
                    nearest: nearest(&tiers.value, known.iter().copied()),
                };
                problems.error(tiers.place.clone(), kind);
                good = false;
                continue;
            }
            let ladder = ladders.iter().position(|l| *l.id == *tiers.value);
            if tiers.value != "off" && ladder.is_none() {
                continue;
            }
            let ladder = ladder.map(|i| (i, &ladders[i], adders[i].as_deref()));
            match raw.value.check(id, carrier, ladder, &raw.place, problems) {
                Some(window) => windows.push(window),
                None => good = false,
            }
        }
        good &= self.covers_the_year(place, problems);
        let free = match &self.free {
            None => None,
            Some(free) => Some(free.check(carrier, place, problems)?),
        };
        let (figure, valid) = dated?;
        good.then_some(Version {
            figure,
            valid,
            ladders,
            windows,
            free,
        })
    }

    /// Whether every day of the year lies in exactly one window.
    fn covers_the_year(&self, place: &Place, problems: &mut Problems) -> bool {
        let seasons: Vec<(&Spot<RawWindow>, Season)> = self
            .windows
            .values()
            .map(|raw| {
                let (from, to) = (raw.value.from, raw.value.to);
                (raw, Season { from, to })
            })
            .collect();
        if seasons.is_empty() {
            let key = join(&place.field, "windows");
            problems.error(place.clone(), ProblemKind::MissingKey { key });
            return false;
        }
        let inside = |day: usize| seasons.iter().filter(move |(_, s)| s.contains(day % DAYS));
        // The first day of each bad stretch; a stretch over the new year starts in the old one.
        for day in 0..DAYS {
            let (now, before) = (inside(day).count(), inside(day + DAYS - 1).count());
            if now == 1 || (now == before && (0..DAYS).any(|d| inside(d).count() == 1)) {
                continue;
            }
            let length = (0..DAYS)
                .take_while(|n| inside(day + n).count() == now)
                .count();
            let from = MonthDay::from_day(day).to_string();
            let to = MonthDay::from_day((day + length - 1) % DAYS).to_string();
            if now == 0 {
                problems.error(place.clone(), ProblemKind::DatesGap { from, to });
            } else {
                let mut two = inside(day);
                let mut name = || two.next().map_or(String::new(), |(_, s)| s.to_string());
                let (first, second) = (name(), name());
                let at = inside(day).next_back().map_or(place, |(raw, _)| &raw.place);
                problems.error(at.clone(), ProblemKind::DatesOverlap { first, second });
            }
            return false;
        }
        true
    }
}

impl RawLadder {
    fn check(
        &self,
        id: &str,
        carrier: Carrier,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<(Ladder, Option<Vec<Fixed>>)> {
        let keys = ["upto_kwh", "upto_m3"];
        let values = [&self.upto_kwh, &self.upto_m3];
        let raw = needed(carrier, keys, values, place, problems);
        let bounds = raw.and_then(|raw| raw.check(problems));
        let period = self.period(problems);
        let keys = ["adder_cny_per_kwh", "adder_cny_per_m3"];
        let values = [&self.adder_cny_per_kwh, &self.adder_cny_per_m3];
        let adder = fitting(carrier, keys, values, place, problems);
        let growth = match &self.family {
            None => None,
            Some(raw) => Some(raw.value.check(carrier, &raw.place, problems)?),
        };
        let bounds = bounds?;
        if let Some(adder) = adder
            && adder.value.len() != bounds.len() + 1
        {
            let kind = ProblemKind::WrongLength {
                found: adder.value.len(),
                expected: bounds.len() + 1,
                because: if carrier == Carrier::Electricity {
                    "upto_kwh"
                } else {
                    "upto_m3"
                }
                .to_owned(),
            };
            problems.error(adder.place.clone(), kind);
            return None;
        }
        let ladder = Ladder {
            id: Arc::from(id),
            counting: self.kind,
            period: period?,
            bounds,
            per_heating_month: self.per_heating_month,
            growth,
        };
        Some((ladder, adder.map(|adder| adder.value.clone())))
    }

    fn period(&self, problems: &mut Problems) -> Option<Period> {
        match (self.period.value, &self.starts) {
            (RawPeriod::TierYear, Some(starts)) => Some(Period::TierYear {
                starts: starts.value,
            }),
            (RawPeriod::TierYear, None) => {
                let kind = ProblemKind::Needs {
                    key: "tier_year".to_owned(),
                    other: "starts".to_owned(),
                };
                problems.error(self.period.place.clone(), kind);
                None
            }
            (other, Some(starts)) => {
                let kind = ProblemKind::Conflict {
                    key: "starts".to_owned(),
                    other: other.key().to_owned(),
                };
                problems.error(starts.place.clone(), kind);
                None
            }
            (RawPeriod::Month, None) => Some(Period::Month),
            (RawPeriod::Season, None) => Some(Period::Season),
        }
    }
}

impl RawGrowth {
    fn check(&self, carrier: Carrier, place: &Place, problems: &mut Problems) -> Option<Growth> {
        let values = [&self.add_kwh, &self.add_m3];
        let add = needed(carrier, ["add_kwh", "add_m3"], values, place, problems)?;
        Some(Growth {
            above: self.above_people,
            add: *add,
            each: self.each_person,
        })
    }
}

impl RawFree {
    fn check(&self, carrier: Carrier, place: &Place, problems: &mut Problems) -> Option<Free> {
        let keys = ["kwh_per_month", "m3_per_month"];
        let values = [&self.kwh_per_month, &self.m3_per_month];
        let per_month = needed(carrier, keys, values, place, problems)?;
        Some(Free {
            per_month: *per_month,
            categories: self.categories.clone(),
        })
    }
}

impl RawWindow {
    fn check(
        &self,
        id: &str,
        carrier: Carrier,
        ladder: Option<(usize, &Ladder, Option<&[Fixed]>)>,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<Window> {
        let keys = ["price_cny_per_kwh", "price_cny_per_m3"];
        let values = [&self.price_cny_per_kwh, &self.price_cny_per_m3];
        let prices = needed(carrier, keys, values, place, problems);
        let classes = self.classes(place, problems);
        let (prices, (classes, class_of_hour)) = (prices?, classes?);
        let mut good = true;
        for (key, raw) in &prices.value {
            if !classes.iter().any(|class| class.key() == key) {
                let kind = ProblemKind::NotOneOf {
                    value: key.clone(),
                    nearest: nearest(key, classes.iter().map(|class| class.key())),
                    allowed: classes.iter().map(|class| class.key().to_owned()).collect(),
                };
                problems.error(raw.place.clone(), kind);
                good = false;
            }
        }
        let mut rates = Vec::with_capacity(classes.len());
        for &class in &classes {
            let Some(raw) = prices.value.get(class.key()) else {
                let key = join(&prices.place.field, class.key());
                problems.error(prices.place.clone(), ProblemKind::MissingKey { key });
                good = false;
                continue;
            };
            match raw.check(ladder.map(|(_, ladder, adder)| (ladder, adder)), problems) {
                Some(prices) => rates.push(Rate { class, prices }),
                None => good = false,
            }
        }
        good.then(|| Window {
            id: Arc::from(id),
            days: Season {
                from: self.from,
                to: self.to,
            },
            heating: self.heating_season,
            rate_of_hour: class_of_hour,
            rates,
            ladder: ladder.map(|(i, _, _)| i),
        })
    }

    /// The classes and, for each hour of the day, which of them it has.
    fn classes(
        &self,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<(Vec<HourClass>, [u8; 24])> {
        let Some(hours) = &self.hours else {
            return Some((vec![HourClass::All], [0; 24]));
        };
        let mut classes = Vec::new();
        let mut of_hour = [0; 24];
        let mut times = [0_usize; 24];
        let mut good = true;
        for (key, spans) in &hours.value {
            let Some(class) = HourClass::from_key(key) else {
                let keys = || HourClass::ALL.iter().map(|class| class.key());
                let kind = ProblemKind::NotOneOf {
                    value: key.clone(),
                    nearest: nearest(key, keys()),
                    allowed: keys().map(str::to_owned).collect(),
                };
                problems.error(spans.place.clone(), kind);
                good = false;
                continue;
            };
            for span in &spans.value {
                let Some(covered) = hours_of(&span.value) else {
                    let kind = ProblemKind::WrongType {
                        expected: "hours",
                        found: span.value.chars().take(40).collect(),
                    };
                    problems.error(span.place.clone(), kind);
                    good = false;
                    continue;
                };
                for hour in covered {
                    of_hour[hour] = classes.len() as u8;
                    times[hour] += 1;
                }
            }
            classes.push(class);
        }
        if !good {
            return None;
        }
        if let Some(first) = times.iter().position(|&n| n != 1) {
            let n = times[first];
            let end = (first..24).find(|&h| times[h] != n).unwrap_or(24);
            let kind = ProblemKind::HoursNotCovered {
                hours: format!("{first:02}-{end:02}"),
                times: n,
            };
            let at = if hours.value.is_empty() {
                place
            } else {
                &hours.place
            };
            problems.error(at.clone(), kind);
            return None;
        }
        Some((classes, of_hour))
    }
}

/// The hours of `"20-08"`: from the first to before the last, over midnight if need be.
fn hours_of(text: &str) -> Option<impl Iterator<Item = usize>> {
    let (from, to) = text.split_once('-')?;
    let hour = |text: &str| {
        let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        good.then(|| text.parse::<usize>().ok()).flatten()
    };
    let (from, to) = (hour(from)?, hour(to)?);
    if from > 23 || to > 24 || from == to {
        return None;
    }
    let count = if to > from { to - from } else { to + 24 - from };
    Some((from..from + count).map(|hour| hour % 24))
}

impl RawPrices {
    /// The price of each tier of a ladder, or the one price where tiers are off.
    fn check(
        &self,
        ladder: Option<(&Ladder, Option<&[Fixed]>)>,
        problems: &mut Problems,
    ) -> Option<Vec<Fixed>> {
        let (expected, because) = match ladder {
            None => (1, "tiers = \"off\""),
            Some((_, Some(_))) => (1, "adder"),
            Some((ladder, None)) => (ladder.tiers(), "upto"),
        };
        let single = self.listed && !matches!(ladder, Some((_, None)));
        if self.prices.len() != expected || single {
            let kind = ProblemKind::WrongLength {
                found: self.prices.len(),
                expected,
                because: because.to_owned(),
            };
            problems.error(self.place.clone(), kind);
            return None;
        }
        match (ladder, self.prices.first()) {
            (Some((_, Some(adder))), Some(&base)) => {
                Some(adder.iter().map(|&add| base + add).collect())
            }
            _ => Some(self.prices.clone()),
        }
    }
}

impl RawFeedIn {
    fn check(&self, id: &str, path: &str, problems: &mut Problems) -> Option<PlanSeries> {
        let mut versions = Vec::with_capacity(self.version.len());
        let mut good = true;
        for raw in &self.version {
            let Some((figure, valid)) = dated(&raw.value.figure, path, &raw.place, problems) else {
                good = false;
                continue;
            };
            let version = Version::flat(figure, valid, raw.value.price_cny_per_kwh);
            versions.push((version, &raw.place));
        }
        good &= in_order(versions.iter().map(|(v, p)| (v.valid, *p)), problems);
        let place = Place {
            field: path.to_owned(),
            ..Place::default()
        };
        good &= some_version(self.version.len(), &place, problems);
        good.then(|| PlanSeries {
            id: Arc::from(id),
            name: Arc::new(self.name.clone()),
            carrier: Carrier::Electricity,
            open_to: OpenTo::Everyone,
            metering: Metering::Separate,
            levels: vec![versions.into_iter().map(|(v, _)| Arc::new(v)).collect()],
        })
    }
}

impl RawHeatPlan {
    fn check(&self, id: &str, path: &str, problems: &mut Problems) -> Option<HeatPriceSeries> {
        let mut versions = Vec::with_capacity(self.version.len());
        let mut good = true;
        for raw in &self.version {
            let charges = (raw.value.price_cny_per_m2, raw.value.price_cny_per_kwh);
            if charges == (None, None) {
                let key = join(&raw.place.field, "price_cny_per_m2");
                problems.error(raw.place.clone(), ProblemKind::MissingKey { key });
                good = false;
            }
            let Some((figure, valid)) = dated(&raw.value.figure, path, &raw.place, problems) else {
                good = false;
                continue;
            };
            let price = HeatPrice {
                valid,
                cny_per_m2: charges.0,
                cny_per_kwh: charges.1,
                figure,
            };
            versions.push((price, &raw.place));
        }
        good &= in_order(versions.iter().map(|(v, p)| (v.valid, *p)), problems);
        let place = Place {
            field: path.to_owned(),
            ..Place::default()
        };
        good &= some_version(self.version.len(), &place, problems);
        good.then(|| HeatPriceSeries {
            id: Arc::from(id),
            name: Arc::new(self.name.clone()),
            levels: vec![versions.into_iter().map(|(v, _)| v).collect()],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::record::read_toml;
    use rstest::rstest;
    use std::cell::RefCell;

    const GOOD: &str = r#"[electricity.home]
name = "home"
open_to = "everyone"
metering = "joint"
[[electricity.home.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2020-12-31 } }
[electricity.home.version.ladders.year]
kind = "marginal"
period = "tier_year"
starts = "01-01"
upto_kwh = [2160, 3360, "no_limit"]
adder_cny_per_kwh = [0, 0.05, 0.3]
[electricity.home.version.windows.heating]
from = "11-15"
to = "03-15"
tiers = "off"
hours = { valley = ["20-08"], other = ["08-20"] }
price_cny_per_kwh = { valley = 0.3, other = 0.5 }
[electricity.home.version.windows.rest]
from = "03-16"
to = "11-14"
tiers = "year"
price_cny_per_kwh = { all = 0.5 }
[[electricity.home.version]]
figure = { source = "case", grade = "B", valid = { from = 2021-01-01, to = "until_replaced", checked = 2024-01-01 } }
[electricity.home.version.windows.year]
from = "01-01"
to = "12-31"
tiers = "off"
price_cny_per_kwh = { all = 0.5 }
"#;

    fn check(text: &str) -> (Option<Tariffs>, Problems) {
        let problems = RefCell::new(Problems::default());
        let raw: Option<RawTariffs> = read_toml("tariffs.toml", text, &problems);
        let mut problems = problems.into_inner();
        let tariffs = raw.and_then(|raw| raw.check("here", &mut problems));
        (tariffs, problems.sorted())
    }

    #[test]
    fn a_good_file_has_no_problems() {
        let (tariffs, problems) = check(GOOD);
        assert_eq!(problems.0, []);
        let series = &tariffs.unwrap().electricity["home"];
        assert_eq!(series.levels[0].len(), 2);
        let figure = &series.levels[0][1].figure;
        assert_eq!(figure.id(), "here/electricity/home/2021-01-01");
        let prices = &series.levels[0][0].windows[1].rates[0].prices;
        assert_eq!(*prices, [0.5, 0.55, 0.8].map(Fixed::from_f64));
    }

    /// One slip of the pen in the good file: the one problem that it makes, as debug text, its line
    /// and the end of its field.
    #[rstest]
    #[case::no_kind("kind = \"marginal\"\n", "", "MissingKey", 7, "ladders.year")]
    #[case::unknown_kind("\"marginal\"", "\"marginl\"", "NotOneOf", 8, "year.kind")]
    #[case::open_end(", \"no_limit\"]", "]", "OpenEnd", 11, "upto_kwh")]
    #[case::no_bounds(
        "upto_kwh = [2160, 3360, \"no_limit\"]\n",
        "",
        "MissingKey",
        7,
        "ladders.year"
    )]
    #[case::bounds_out_of_order("2160, 3360", "3360, 2160", "OutOfOrder", 11, "upto_kwh[1]")]
    #[case::open_in_the_middle(
        "3360, \"no_limit\"",
        "\"no_limit\", 3360, \"no_limit\"",
        "OutOfOrder",
        11,
        "upto_kwh[1]"
    )]
    #[case::adders_count("[0, 0.05, 0.3]", "[0, 0.05]", "WrongLength", 12, "adder_cny_per_kwh")]
    #[case::prices_count(
        "adder_cny_per_kwh = [0, 0.05, 0.3]\n",
        "",
        "WrongLength",
        22,
        "rest.price_cny_per_kwh.all"
    )]
    #[case::two_prices_without_tiers(
        "valley = 0.3",
        "valley = [0.3, 0.4]",
        "WrongLength",
        18,
        "heating.price_cny_per_kwh.valley"
    )]
    #[case::hours_overlap(
        "\"20-08\"",
        "\"20-09\"",
        "HoursNotCovered { hours: \"08-09\", times: 2 }",
        17,
        "heating.hours"
    )]
    #[case::hours_gap(
        "\"20-08\"",
        "\"21-08\"",
        "HoursNotCovered { hours: \"20-21\", times: 0 }",
        17,
        "heating.hours"
    )]
    #[case::bad_hours(
        "\"20-08\"",
        "\"20:00-08:00\"",
        "WrongType",
        17,
        "heating.hours.valley[0]"
    )]
    #[case::unknown_class(
        "valley = [\"20-08\"]",
        "vally = [\"20-08\"]",
        "NotOneOf",
        17,
        "heating.hours.vally"
    )]
    #[case::price_missing("valley = 0.3, ", "", "MissingKey", 18, "heating.price_cny_per_kwh")]
    #[case::price_of_no_class(
        "{ valley = 0.3,",
        "{ flat = 0.4, valley = 0.3,",
        "NotOneOf",
        18,
        "heating.price_cny_per_kwh.flat"
    )]
    #[case::windows_gap(
        "03-16",
        "03-20",
        "DatesGap { from: \"03-16\", to: \"03-19\" }",
        5,
        "version[0]"
    )]
    #[case::windows_overlap("03-16", "03-10", "DatesOverlap", 19, "windows.rest")]
    #[case::versions_overlap("2021-01-01", "2020-12-01", "DatesOverlap", 24, "version[1]")]
    #[case::versions_gap(
        "2021-01-01",
        "2021-02-01",
        "DatesGap { from: \"2021-01-01\", to: \"2021-01-31\" }",
        24,
        "version[1]"
    )]
    #[case::no_validity(
        ", valid = { from = 2020-01-01, to = 2020-12-31 }",
        "",
        "MissingKey",
        6,
        "figure.source"
    )]
    #[case::unknown_ladder("tiers = \"year\"", "tiers = \"yaer\"", "Unresolved", 22, "rest.tiers")]
    #[case::gas_price(
        "{ all = 0.5 }\n[[",
        "{ all = 0.5 }\nprice_cny_per_m3 = { all = 2 }\n[[",
        "UnknownKey",
        19,
        "windows.rest"
    )]
    #[case::no_start("starts = \"01-01\"\n", "", "Needs", 9, "year.period")]
    #[case::start_without_year("\"tier_year\"", "\"month\"", "Conflict", 10, "year.starts")]
    #[case::not_a_day("from = \"11-15\"", "from = \"11-31\"", "NotADay", 14, "heating.from")]
    #[case::unknown_owner("\"everyone\"", "\"everybody\"", "NotOneOf", 3, "home.open_to")]
    #[case::price_too_high(
        "other = 0.5 }",
        "other = 50 }",
        "OutOfRange",
        18,
        "heating.price_cny_per_kwh.other"
    )]
    fn a_slip_is_one_problem_with_its_place(
        #[case] good: &str,
        #[case] bad: &str,
        #[case] kind: &str,
        #[case] line: usize,
        #[case] field: &str,
    ) {
        assert!(GOOD.contains(good), "{good}");
        let (tariffs, problems) = check(&GOOD.replacen(good, bad, 1));
        let shown: Vec<String> = problems.0.iter().map(|p| format!("{p:?}")).collect();
        assert!(tariffs.is_none(), "{bad} was accepted");
        assert_eq!(problems.0.len(), 1, "{shown:#?}");
        let problem = &problems.0[0];
        assert!(format!("{:?}", problem.kind).starts_with(kind), "{shown:?}");
        assert_eq!(problem.place.line, line, "{shown:?}");
        assert!(problem.place.field.ends_with(field), "{shown:?}");
    }

    #[test]
    fn a_feed_in_price_is_for_existing_or_for_new_roofs() {
        let text = GOOD.to_owned()
            + "[feed_in.newer]\nname = { zh = \"a\", en = \"a\" }\n[[feed_in.newer.version]]\n\
               figure = { source = \"case\", grade = \"B\", valid = { from = 2020-01-01, to = 2020-12-31 } }\n\
               price_cny_per_kwh = 0.3\n";
        let (_, problems) = check(&text);
        let [problem] = problems.0.as_slice() else {
            panic!("{problems:?}");
        };
        assert_eq!(
            problem.kind,
            ProblemKind::NotOneOf {
                value: "newer".to_owned(),
                nearest: Some("new".to_owned()),
                allowed: vec!["existing".to_owned(), "new".to_owned()],
            }
        );
        assert!(
            problem.place.field.ends_with("feed_in.newer"),
            "{problem:?}"
        );
    }

    #[test]
    fn a_baseline_needs_a_heating_season() {
        let (tariffs, problems) = check(&GOOD.replacen("\"joint\"", "\"baseline\"", 1));
        assert!(tariffs.is_none());
        assert!(matches!(&problems.0[0].kind, ProblemKind::Needs { .. }));
    }

    #[test]
    fn a_place_stands_before_the_places_above_it_on_its_own_days() {
        use crate::tariff::plan::Freshness;
        use crate::words::calendar::Winter;
        let above = check(GOOD).0.unwrap();
        let own = GOOD.replacen("[[electricity.home.version]]\nfigure = { source = \"case\", grade = \"B\", valid = { from = 2021", "[ignored", 1);
        let own = own.split("[ignored").next().unwrap();
        let own = own.replace("0.5 }", "0.7 }").replace("2020", "2022");
        let merged = check(&own).0.unwrap().over(&above);
        let (plan, fresh) = merged.electricity["home"].for_winter(Winter(2022)).unwrap();
        let price = |m: usize| plan.months[m].windows[0].rates[0].prices[0].to_string();
        assert_eq!(
            (price(8), price(0), fresh),
            ("0.7".into(), "0.5".into(), Freshness::Current)
        );
        let alone = check(&own).0.unwrap();
        let (_, fresh) = alone.electricity["home"].for_winter(Winter(2023)).unwrap();
        let last = jiff::civil::date(2022, 12, 31);
        assert_eq!(fresh, Freshness::CarriedForward { last });
        let (_, fresh) = alone.electricity["home"].for_winter(Winter(2018)).unwrap();
        let first = jiff::civil::date(2022, 1, 1);
        assert_eq!(fresh, Freshness::BeforeFirst { first });
    }

    #[test]
    fn a_plan_can_be_ruled_out_for_a_place() {
        let above = check(GOOD).0.unwrap();
        let own = "not_here = [\"electricity.home\"]\n";
        assert!(check(own).0.unwrap().over(&above).electricity.is_empty());
        let (tariffs, problems) = check("not_here = [\"electrcity.home\"]\n");
        assert!(tariffs.is_none() && problems.0[0].place.line == 1);
    }

    #[test]
    fn feed_in_and_network_heat_are_dated_too() {
        let text = r#"[feed_in.new]
name = "pv"
[[feed_in.new.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2020-12-31 } }
price_cny_per_kwh = 0.36
[network_heat.usual]
name = "heat"
[[network_heat.usual.version]]
figure = { source = "case", grade = "B", valid = { from = 2020-01-01, to = 2020-12-31 } }
price_cny_per_m2 = 24
"#;
        assert_eq!(check(text).1.0, []);
        let (tariffs, problems) = check(&text.replace("price_cny_per_m2 = 24\n", ""));
        assert!(tariffs.is_none() && problems.0[0].place.line == 8);
        let (tariffs, problems) =
            check(&text.replacen(", valid = { from = 2020-01-01, to = 2020-12-31 }", "", 1));
        assert!(tariffs.is_none() && problems.0[0].place.line == 4);
    }
}
