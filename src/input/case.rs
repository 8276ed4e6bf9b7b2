//! The case file: one household as the user describes it. Place, area and today's coal are
//! enough; whatever is left out is taken from the region and listed among the results.

use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::input::guard::{self, Texts};
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::{Cx, Field, Limits, Node, Shape, Spot, read_toml, wrong_type};
use crate::record;
use crate::words::calendar::{MonthDay, Season, Winter};
use crate::words::fixed::Rounding;
use crate::words::kinds::{Carrier, Category, DwellingKind, HeaterKind, Kind, Name, Service};

record! {
    /// One household: a case file.
    pub struct RawCase {
        /// What the case shows, for its reader.
        title: Option<Name>;
        /// County, city or village: name, alias or id of a region.
        place: Spot<String>;
        /// The first winter of the account; the current one if left out.
        winter: Option<Spot<Winter>>;
        /// The day whose prices and rules count; a day of the winter.
        date: Option<Spot<Date>>;
        /// The people.
        household: HouseholdInput, default HouseholdInput::default();
        /// The dwelling.
        house: RawHouse;
        /// Temperature and hours of the standard service.
        comfort: RawComfort, default RawComfort::default();
        /// Today's heating.
        today: Option<Spot<RawToday>>;
        /// Other uses of electricity and gas, which share the tiers.
        uses: UsesInput, default UsesInput::default();
        /// What the house can take.
        site: SiteInput, default SiteInput::default();
        /// Another typical year than that of the region.
        weather: WeatherInput, default WeatherInput::default();
        /// Another heating season than the official one.
        season: Option<RawSeason>;
        /// Discounting, horizon, ways to buy.
        money: MoneyInput, default MoneyInput::default();
        /// Thresholds of the verdicts.
        thresholds: ThresholdsInput, default ThresholdsInput::default();
        /// Which options, and how they are made up.
        options: OptionsInput, default OptionsInput::default();
        /// Choice of tariff plans; the cheapest if left out.
        plan: PlanInput, default PlanInput::default();
        /// How subsidies are read.
        subsidy: SubsidyInput, default SubsidyInput::default();
        /// Prices that differ from those of the region.
        price: Vec<RawPrice>;
    }
}

record! {
    /// The people of the household.
    pub struct HouseholdInput: Default {
        /// How many live there in winter.
        people: Option<Spot<u8>>, in 1.0..=30.0;
        /// Yearly income of one person.
        income_cny_per_person_year: Option<Spot<f64>>, in 0.0..=10_000_000.0;
        /// Yearly income of the whole household.
        income_cny_per_household_year: Option<Spot<f64>>, in 0.0..=50_000_000.0;
        /// The categories that rules ask for; general if left out.
        category: OneOrMany<Category>;
        /// Whether the household is registered where it lives.
        registered: Option<bool>;
        /// Further facts that rules ask for, by the names that the rules use.
        facts: BTreeMap<String, bool>;
    }
}

record! {
    /// The dwelling.
    pub struct RawHouse {
        /// Kind of dwelling.
        kind: Option<DwellingKind>;
        /// Floor area that is heated.
        heated_area_m2: Spot<f64>, in 5.0..=3000.0;
        /// Floor area of the whole dwelling.
        floor_area_m2: Option<Spot<f64>>, in 5.0..=5000.0;
        /// Storeys.
        storeys: Option<u8>, in 1.0..=30.0;
        /// Height of a room, floor to ceiling.
        height_m: Option<f64>, in 1.8..=6.0;
        /// Envelope class: id of an archetype of the library.
        class: Option<Spot<String>>;
        /// U-value of the walls.
        wall_u_w_per_m2_k: Option<f64>, in 0.05..=6.0;
        /// U-value of the roof.
        roof_u_w_per_m2_k: Option<f64>, in 0.05..=6.0;
        /// U-value of the floor.
        floor_u_w_per_m2_k: Option<f64>, in 0.05..=6.0;
        /// U-value of the windows.
        window_u_w_per_m2_k: Option<f64>, in 0.5..=7.0;
        /// Window area by facing.
        windows: Option<WindowsInput>;
        /// Air changes.
        air_changes_per_h: Option<f64>, in 0.0..=10.0;
        /// Heat load index at the design temperature, for the index method.
        heat_load_w_per_m2: Option<f64>, in 10.0..=300.0;
        /// How the demand is found; metered if today's fuel is known, else simulated.
        method: Option<DemandMethod>;
    }
}

record! {
    /// Window area by facing.
    pub struct WindowsInput: Default {
        /// South windows.
        south_m2: Option<f64>, in 0.0..=300.0;
        /// North windows.
        north_m2: Option<f64>, in 0.0..=300.0;
        /// East windows.
        east_m2: Option<f64>, in 0.0..=300.0;
        /// West windows.
        west_m2: Option<f64>, in 0.0..=300.0;
    }
}

record! {
    /// The standard service: temperature, hours, rooms.
    pub struct RawComfort: Default {
        /// Set temperature.
        set_c: Option<Spot<f64>>, in 5.0..=30.0;
        /// Temperature kept outside the hours.
        setback_c: Option<Spot<f64>>, in 0.0..=30.0;
        /// Hours at the set temperature, such as `["6-9", "17-22"]`; all day if left out.
        hours: Vec<Spot<HourRange>>;
        /// Rooms in the dwelling.
        rooms: Option<u8>, in 1.0..=60.0;
        /// Rooms that are heated, for the zoned service.
        rooms_heated: Option<Spot<u8>>, in 1.0..=60.0;
        /// How the house is heated in habit.
        habit: Option<Habit>;
    }
}

record! {
    /// Today's heating: what is burnt in one winter, its price, or what it costs in all.
    pub struct RawToday: Default {
        /// Kind of heater; that of the fuel if left out.
        heater: Option<HeaterKind>;
        /// The stove: id of a product of the library.
        product: Option<Spot<String>>;
        /// Loose coal a winter.
        loose_coal_t: Option<Spot<f64>>, in 0.0..=200.0;
        /// Clean briquettes a winter.
        briquette_t: Option<Spot<f64>>, in 0.0..=200.0;
        /// Pellets a winter.
        pellet_t: Option<Spot<f64>>, in 0.0..=200.0;
        /// Straw or firewood a winter.
        straw_t: Option<Spot<f64>>, in 0.0..=200.0;
        /// Natural gas for heating a winter.
        natural_gas_m3: Option<Spot<f64>>, in 0.0..=100_000.0;
        /// LPG for heating a winter.
        lpg_kg: Option<Spot<f64>>, in 0.0..=50_000.0;
        /// Electricity for heating a winter.
        electricity_kwh: Option<Spot<f64>>, in 0.0..=500_000.0;
        /// What the winter's heating costs in all.
        bill_cny: Option<Spot<f64>>, in 0.0..=1_000_000.0;
        /// Price of loose coal.
        loose_coal_cny_per_t: Option<Spot<f64>>, in 0.0..=10_000.0;
        /// Price of briquettes.
        briquette_cny_per_t: Option<Spot<f64>>, in 0.0..=10_000.0;
        /// Price of pellets.
        pellet_cny_per_t: Option<Spot<f64>>, in 0.0..=10_000.0;
        /// Price of straw.
        straw_cny_per_t: Option<Spot<f64>>, in 0.0..=10_000.0;
        /// Price of gas, in place of the tariff.
        natural_gas_cny_per_m3: Option<Spot<f64>>, in 0.0..=50.0;
        /// Price of LPG.
        lpg_cny_per_kg: Option<Spot<f64>>, in 0.0..=100.0;
        /// Price of electricity, in place of the tariff.
        electricity_cny_per_kwh: Option<Spot<f64>>, in 0.0..=10.0;
        /// Heat value of the solid fuel as received.
        heat_value_mj_per_kg: Option<Spot<f64>>, in 5.0..=50.0;
        /// Share of the fuel's heat that reaches the rooms.
        stove_efficiency: Option<Spot<f64>>, in 0.05..=1.1;
        /// Temperature of the heated rooms today.
        room_c: Option<Spot<f64>>, in 0.0..=30.0;
        /// Own hours of stoking and carrying in a winter.
        labour_h: Option<f64>, in 0.0..=3000.0;
    }
}

record! {
    /// Other uses, which share the tiers with the heating.
    pub struct UsesInput: Default {
        /// Electricity a month: one number, or twelve from January.
        electricity_kwh_per_month: Option<Spot<Monthly>>, in 0.0..=20_000.0;
        /// Gas for cooking a month.
        gas_cooking_m3_per_month: Option<f64>, in 0.0..=500.0;
        /// Gas for hot water a month.
        gas_hot_water_m3_per_month: Option<f64>, in 0.0..=500.0;
        /// Hot water a day, at 60 degC.
        hot_water_l_per_day: Option<f64>, in 0.0..=2000.0;
    }
}

record! {
    /// What the house can take; what is left out is taken from the region.
    pub struct SiteInput: Default {
        /// A gas main within reach.
        gas_main: Option<bool>;
        /// A district heating network within reach.
        district_heat: Option<bool>;
        /// Electric capacity that is still free.
        spare_supply_kw: Option<f64>, in 0.0..=200.0;
        /// Roof area that can carry collectors or PV.
        roof_m2: Option<f64>, in 0.0..=3000.0;
        /// Where the roof looks: 90 east, 180 south.
        roof_azimuth_deg: Option<f64>, in 0.0..=360.0;
        /// Slope of the roof.
        roof_tilt_deg: Option<f64>, in 0.0..=90.0;
        /// Yard space for an outdoor unit or a tank.
        yard_m2: Option<f64>, in 0.0..=10_000.0;
        /// Emitters that are there already, by id: `radiator`, `floor_coil`, `fan_coil`.
        emitters: Option<String>;
        /// Distance to a supplier of pellets.
        biomass_km: Option<f64>, in 0.0..=2000.0;
    }
}

record! {
    /// Another typical year than that of the region.
    pub struct WeatherInput: Default {
        /// A station of the library: name or id.
        station: Option<Spot<String>>;
        /// An EPW file, seen from the folder of the case.
        epw: Option<Spot<String>>;
        /// Added to every hour's temperature: a colder (negative) or warmer winter.
        shift_k: Option<f64>, in -10.0..=10.0;
    }
}

record! {
    /// A heating season; it may cross the new year.
    pub struct RawSeason {
        /// First day, `"11-01"`.
        from: MonthDay;
        /// Last day, `"03-31"`.
        to: MonthDay;
    }
}

record! {
    /// Discounting, horizon, ways to buy.
    pub struct MoneyInput: Default {
        /// Discount rate a year, as a share.
        discount_rate: Option<f64>, in -0.05..=0.3;
        /// Years of the account.
        horizon_years: Option<u8>, in 1.0..=50.0;
        /// Whether rates are real or nominal.
        basis: Option<MoneyBasis>;
        /// Inflation a year, as a share, where rates are nominal.
        inflation_rate: Option<f64>, in -0.05..=0.3;
        /// Rise of prices a year, as a share.
        escalation: EscalationInput, default EscalationInput::default();
        /// What an own hour is worth; not counted in money if left out.
        wage_cny_per_h: Option<f64>, in 0.0..=500.0;
        /// A loan for what the household pays itself.
        loan: Option<LoanInput>;
        /// A lease in place of a purchase.
        lease: Option<Spot<LeaseInput>>;
        /// Whether the household buys in the shop instead of through the programme.
        retail: Option<bool>;
        /// Bulk purchase from the factory: share taken off the price.
        factory_direct_share: Option<f64>, in 0.0..=0.9;
        /// How a product becomes whole fen.
        rounding: Option<Rounding>;
    }
}

record! {
    /// Rise of prices a year beyond inflation, as a share, by carrier.
    pub struct EscalationInput: Default {
        /// Grid electricity.
        electricity: Option<f64>, in -0.2..=0.3;
        /// Piped gas.
        natural_gas: Option<f64>, in -0.2..=0.3;
        /// LPG.
        lpg: Option<f64>, in -0.2..=0.3;
        /// Loose coal.
        loose_coal: Option<f64>, in -0.2..=0.3;
        /// Briquettes.
        briquette: Option<f64>, in -0.2..=0.3;
        /// Pellets.
        pellet: Option<f64>, in -0.2..=0.3;
        /// Straw.
        straw: Option<f64>, in -0.2..=0.3;
        /// District heat.
        network_heat: Option<f64>, in -0.2..=0.3;
    }
}

record! {
    /// A loan with equal yearly payments.
    pub struct LoanInput {
        /// Interest a year, as a share.
        rate: f64, in 0.0..=0.5;
        /// Years of payment.
        years: u8, in 1.0..=30.0;
        /// Share of the household's own payment that is borrowed.
        share: f64, in 0.0..=1.0, default 1.0;
    }
}

record! {
    /// A lease.
    pub struct LeaseInput {
        /// Yearly payment.
        payment_cny_per_year: f64, in 0.0..=100_000.0;
        /// Years of payment.
        years: u8, in 1.0..=30.0;
    }
}

record! {
    /// Thresholds of the verdicts, as shares of the household's yearly income.
    pub struct ThresholdsInput: Default {
        /// Above it the equipment is too dear.
        install_income_share: Option<f64>, in 0.0..=10.0;
        /// Above it the winter is too dear.
        winter_income_share: Option<f64>, in 0.0..=1.0;
    }
}

record! {
    /// Which options are compared, and how they are made up.
    pub struct OptionsInput: Default {
        /// Only these options.
        include: Vec<Spot<String>>;
        /// Not these options.
        exclude: Vec<Spot<String>>;
        /// Products and numbers set by the user, by option.
        fixed: BTreeMap<String, FixedOptionInput>;
        /// What the comparison holds equal.
        service: Option<Service>;
        /// Rooftop PV added to electric options.
        pv: Option<PvInput>;
        /// Envelope works added to every option, by id.
        envelope: Vec<Spot<String>>;
    }
}

record! {
    /// A product and number in place of the sizing.
    pub struct FixedOptionInput {
        /// Id of the product.
        product: Option<Spot<String>>;
        /// How many of it.
        count: Option<u16>, in 1.0..=100.0;
        /// Price of one, in place of the catalogue's.
        price_cny: Option<f64>, in 0.0..=1_000_000.0;
    }
}

record! {
    /// A PV system.
    pub struct PvInput {
        /// Peak power.
        size_kw: f64, in 0.1..=200.0;
        /// Id of the product; the library's default if left out.
        product: Option<Spot<String>>;
        /// Who owns it; the household if left out.
        owner: Option<PvOwner>;
        /// Rent of the roof, where the operator owns it.
        roof_rent_cny_per_kw_year: Option<f64>, in 0.0..=2000.0;
    }
}

record! {
    /// Tariff plans, by id.
    pub struct PlanInput: Default {
        /// Electricity.
        electricity: Option<Spot<String>>;
        /// Natural gas.
        natural_gas: Option<Spot<String>>;
        /// District heat.
        network_heat: Option<Spot<String>>;
    }
}

record! {
    /// How subsidies are read.
    pub struct SubsidyInput: Default {
        /// `false` leaves all of them out.
        apply: Option<bool>;
        /// The winter in which the household converted, where that differs from the case's.
        converted: Option<Winter>;
        /// Readings of open rules: rule id and parameter to the reading chosen; for parts that a
        /// county may raise, the amount in yuan.
        variants: BTreeMap<String, String>;
        /// Age of a clean machine that is replaced; left out for a first conversion.
        replaces_machine_years: Option<u8>, in 0.0..=60.0;
        /// Whether loose coal is burnt again after the conversion.
        burns_coal_again: Option<bool>;
        /// A file of further rules, seen from the folder of the case.
        rules_file: Option<Spot<String>>;
    }
}

record! {
    /// A price that differs from the region's, of an energy carrier or of a product.
    pub struct RawPrice {
        /// The energy carrier.
        carrier: Option<Carrier>;
        /// The product, by id.
        product: Option<Spot<String>>;
        /// Price of one unit: kWh, m3, kg, t; or of one piece.
        price_cny_per_unit: Spot<f64>, in 0.0..=1_000_000.0;
        /// First day; always if left out.
        from: Option<Spot<Date>>;
        /// Last day; for ever if left out.
        to: Option<Spot<Date>>;
    }
}

/// Declares a closed list of this file.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl Kind for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn key(self) -> &'static str { match self { $(Self::$variant => $key),+ } }
        }
    };
}

kinds! {
    /// How the heat demand is found.
    DemandMethod {
        /// Hour by hour from the building.
        Simulated = "simulated",
        /// From the heat load index.
        Index = "index",
        /// From today's fuel.
        Metered = "metered",
    }
}
kinds! {
    /// How a house is heated in habit.
    Habit {
        /// Day and night.
        Continuous = "continuous",
        /// By day, low at night.
        Daytime = "daytime",
        /// Mornings and evenings.
        MorningsEvenings = "mornings_evenings",
        /// Evenings only.
        Evenings = "evenings",
    }
}
kinds! {
    /// Whether rates and prices contain inflation.
    MoneyBasis {
        /// Without inflation.
        Real = "real",
        /// With inflation.
        Nominal = "nominal",
    }
}
kinds! {
    /// Who owns a PV system.
    PvOwner {
        /// The household.
        Household = "household",
        /// A firm that rents the roof.
        Operator = "operator",
    }
}

/// Whole hours of the day from `from` up to `to` (24 is midnight); `to` may lie before `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourRange {
    /// First hour, 0 to 23.
    pub from: u8,
    /// The hour at which it ends, 1 to 24.
    pub to: u8,
}

impl HourRange {
    /// From text `17-23` or `17:00-23:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let hour = |part: &str| -> Option<u8> {
            let part = part.trim();
            part.strip_suffix(":00").unwrap_or(part).parse().ok()
        };
        let (from, to) = text.split_once('-')?;
        let (from, to) = (hour(from)?, hour(to)?);
        (from < 24 && (1..=24).contains(&to) && from != to).then_some(Self { from, to })
    }
    /// Whether it holds the clock hour `hour` (0 to 23).
    pub fn contains(self, hour: u8) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&hour)
        } else {
            hour >= self.from || hour < self.to
        }
    }
}

impl Field for HourRange {
    fn shape(_: Limits) -> Shape {
        Shape::Text
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let Some(text) = node.value.get_ref().as_str() else {
            return wrong_type(node, cx, "hours");
        };
        Self::parse(text).or_else(|| {
            cx.error(node, other("case-not-hours", text));
            None
        })
    }
}

impl Field for Winter {
    fn shape(_: Limits) -> Shape {
        Shape::Text
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, _: Limits) -> Option<Self> {
        let Some(text) = node.value.get_ref().as_str() else {
            return wrong_type(node, cx, "winter");
        };
        parse_winter(text).or_else(|| {
            cx.error(node, other("case-not-a-winter", text));
            None
        })
    }
}

/// From `2026-27` or `2026-2027`.
pub fn parse_winter(text: &str) -> Option<Winter> {
    let (first, second) = text.split_once('-')?;
    let year: i16 = first.parse().ok().filter(|_| first.len() == 4)?;
    let next = year.checked_add(1)?;
    let fits = second == format!("{:02}", next % 100) || second == next.to_string();
    (fits && (1990..=2100).contains(&year)).then_some(Winter(year))
}

fn other(message: &'static str, value: &str) -> ProblemKind {
    ProblemKind::Other {
        message,
        values: vec![("value", value.to_owned())],
    }
}

/// One number for every month, or twelve from January.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monthly(pub [f64; 12]);

impl Field for Monthly {
    fn shape(limits: Limits) -> Shape {
        Shape::Either(vec![f64::shape(limits), Vec::<f64>::shape(limits)])
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        if node.value.get_ref().as_array().is_none() {
            return f64::read(node, cx, limits).map(|value| Self([value; 12]));
        }
        let values = Vec::<f64>::read(node, cx, limits)?;
        let found = values.len();
        values.try_into().map(Self).ok().or_else(|| {
            let values = vec![("found", found.to_string())];
            let message = "case-twelve-months";
            cx.error(node, ProblemKind::Other { message, values });
            None
        })
    }
}

/// One value, or a list of them.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Field> Field for OneOrMany<T> {
    fn shape(limits: Limits) -> Shape {
        Shape::Either(vec![T::shape(limits), Vec::<T>::shape(limits)])
    }
    fn read(node: &Node<'_, '_>, cx: &Cx<'_>, limits: Limits) -> Option<Self> {
        if node.value.get_ref().as_array().is_some() {
            return Vec::read(node, cx, limits).map(Self);
        }
        T::read(node, cx, limits).map(|value| Self(vec![value]))
    }
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// A case that was read and checked. Names of regions, products, stations and plans are still
/// text with their place: the library resolves them.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseInput {
    /// The file, as problems name it.
    pub file: String,
    /// The folder from which its paths are seen.
    pub folder: PathBuf,
    /// What the case shows.
    pub title: Option<Name>,
    /// Name, alias or id of a region.
    pub place: Spot<String>,
    /// The first winter, if it was given (by itself or by the date).
    pub winter: Option<Winter>,
    /// The day whose prices and rules count, if it was given.
    pub date: Option<Date>,
    /// The people, as given.
    pub household: HouseholdInput,
    /// Yearly income of the whole household, yuan, reconciled from the two fields.
    pub income_cny_per_year: Option<f64>,
    /// The dwelling.
    pub house: RawHouse,
    /// The standard service.
    pub comfort: RawComfort,
    /// Today's heating.
    pub today: Option<TodayInput>,
    /// Other uses.
    pub uses: UsesInput,
    /// What the house can take.
    pub site: SiteInput,
    /// Another typical year.
    pub weather: WeatherInput,
    /// Another season.
    pub season: Option<Season>,
    /// Discounting, horizon, ways to buy.
    pub money: MoneyInput,
    /// Thresholds of the verdicts.
    pub thresholds: ThresholdsInput,
    /// Which options.
    pub options: OptionsInput,
    /// Tariff plans.
    pub plan: PlanInput,
    /// How subsidies are read.
    pub subsidy: SubsidyInput,
    /// Prices of the user.
    pub prices: Vec<PriceInput>,
}

/// Today's heating, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct TodayInput {
    /// Kind of heater, if it was given.
    pub heater: Option<HeaterKind>,
    /// The product, if it was given.
    pub product: Option<Spot<String>>,
    /// What is burnt or drawn in one winter, in the carrier's unit, and its price where given.
    /// Empty where only the bill is known.
    pub fuels: Vec<TodayFuel>,
    /// Prices of carriers whose amount is not given, yuan per unit of the carrier.
    pub prices: BTreeMap<Carrier, f64>,
    /// What the winter costs in all, yuan; only where it is needed since no amount is given.
    pub bill_cny: Option<f64>,
    /// Heat value of the solid fuel as received, MJ/kg.
    pub heat_value_mj_per_kg: Option<f64>,
    /// Share of the fuel's heat that reaches the rooms.
    pub stove_efficiency: Option<f64>,
    /// Temperature of the heated rooms, degC.
    pub room_c: Option<f64>,
    /// Own hours in a winter.
    pub labour_h: Option<f64>,
    /// Where the table stands.
    pub place: Place,
}

/// A fuel of today's heating.
#[derive(Debug, Clone, PartialEq)]
pub struct TodayFuel {
    /// Which.
    pub carrier: Carrier,
    /// How much a winter, in the unit of the carrier.
    pub amount: Spot<f64>,
    /// Its price, yuan per unit, where given.
    pub price_cny_per_unit: Option<f64>,
}

/// A price of the user.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceInput {
    /// Of what.
    pub of: PriceOf,
    /// Yuan per unit.
    pub price_cny_per_unit: f64,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

/// What a price of the user is for.
#[derive(Debug, Clone, PartialEq)]
pub enum PriceOf {
    /// An energy carrier.
    Carrier(Carrier),
    /// A product, by id.
    Product(String),
}

/// A case as it was read: what it says, what is wrong with it, and its text.
#[derive(Debug, Default)]
pub struct ReadCase {
    /// The case, if nothing stops the run.
    pub case: Option<CaseInput>,
    /// What is wrong or unlikely.
    pub problems: Problems,
    /// The text of the file, for showing lines.
    pub texts: Texts,
}

/// Reads and checks a case file, or the only case file of a folder.
pub fn read_case(path: &Path) -> ReadCase {
    let mut read = ReadCase::default();
    let Some(file) = guard::case_file(path, &mut read.problems) else {
        return read;
    };
    let Some(text) = guard::read_text(&file, guard::TOML_LIMIT, &mut read.problems) else {
        return read;
    };
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let name = file.display().to_string();
    let (case, problems) = parse_case(&name, &folder, &text);
    read.problems.extend(problems);
    read.texts.insert(name, text);
    read.case = case.filter(|_| !read.problems.has_errors());
    read
}

/// Reads and checks the text of a case file.
pub fn parse_case(file: &str, folder: &Path, text: &str) -> (Option<CaseInput>, Problems) {
    let cell = RefCell::new(Problems::default());
    let raw: Option<RawCase> = read_toml(file, text, &cell);
    let mut problems = cell.into_inner();
    let case = raw.map(|raw| raw.check(file, folder, &mut problems));
    let case = case.filter(|_| !problems.has_errors());
    (case, problems)
}

impl RawCase {
    /// Lets the files that it names be found from anywhere, not only from its own folder.
    pub fn seen_from(&mut self, folder: &Path) {
        let named = [&mut self.weather.epw, &mut self.subsidy.rules_file];
        for spot in named.into_iter().flatten() {
            spot.value = folder.join(&spot.value).display().to_string();
        }
    }

    /// Checks what single fields cannot tell: figures against each other and against what is
    /// usual. Errors are among the problems; the case is only good if there are none.
    pub fn check(self, file: &str, folder: &Path, problems: &mut Problems) -> CaseInput {
        let winter = self.check_winter(problems);
        check_house(&self.house, problems);
        check_comfort(&self.comfort, problems);
        check_weather(&self.weather, problems);
        check_options(&self.options, problems);
        let income_cny_per_year = check_income(&self.household, problems);
        if let Some(lease) = &self.money.lease {
            check_lease(&self.money, lease, problems);
        }
        let area = self.house.heated_area_m2.value;
        let today = self
            .today
            .map(|today| today.value.check(today.place, area, problems));
        CaseInput {
            file: file.to_owned(),
            folder: folder.to_owned(),
            title: self.title,
            place: self.place,
            winter,
            date: self.date.map(|date| date.value),
            household: self.household,
            income_cny_per_year,
            house: self.house,
            comfort: self.comfort,
            today,
            uses: self.uses,
            site: self.site,
            weather: self.weather,
            season: self.season.map(|season| Season {
                from: season.from,
                to: season.to,
            }),
            money: self.money,
            thresholds: self.thresholds,
            options: self.options,
            plan: self.plan,
            subsidy: self.subsidy,
            prices: check_prices(self.price, problems),
        }
    }

    fn check_winter(&self, problems: &mut Problems) -> Option<Winter> {
        let of_date = self.date.as_ref().map(|date| Winter::of(date.value));
        let (Some(winter), Some(date)) = (&self.winter, &self.date) else {
            return of_date.or(self.winter.as_ref().map(|winter| winter.value));
        };
        if of_date != Some(winter.value) {
            let values = vec![
                ("date", date.value.to_string()),
                ("winter", winter.value.to_string()),
            ];
            let message = "case-date-outside-winter";
            problems.error(date.place.clone(), ProblemKind::Other { message, values });
        }
        Some(winter.value)
    }
}

/// Warns of a number that is legal but unlikely.
fn unlikely(spot: Option<&Spot<f64>>, min: f64, max: f64, problems: &mut Problems) {
    if let Some(spot) = spot.filter(|spot| spot.value < min || spot.value > max) {
        let value = spot.value;
        problems.warn(
            spot.place.clone(),
            ProblemKind::Unlikely { value, min, max },
        );
    }
}

fn check_house(house: &RawHouse, problems: &mut Problems) {
    unlikely(Some(&house.heated_area_m2), 15.0, 400.0, problems);
    unlikely(house.floor_area_m2.as_ref(), 20.0, 600.0, problems);
    let heated = &house.heated_area_m2;
    if let Some(floor) = house
        .floor_area_m2
        .as_ref()
        .filter(|floor| floor.value < heated.value)
    {
        let values = vec![
            ("heated", heated.value.to_string()),
            ("floor", floor.value.to_string()),
        ];
        let message = "case-heated-above-floor";
        problems.error(heated.place.clone(), ProblemKind::Other { message, values });
    }
}

fn check_comfort(comfort: &RawComfort, problems: &mut Problems) {
    unlikely(comfort.set_c.as_ref(), 12.0, 24.0, problems);
    if let (Some(set), Some(setback)) = (&comfort.set_c, &comfort.setback_c)
        && setback.value > set.value
    {
        let kind = ProblemKind::OutOfRange {
            value: setback.value,
            min: None,
            max: Some(set.value),
        };
        problems.error(setback.place.clone(), kind);
    }
    if let (Some(heated), Some(total)) = (&comfort.rooms_heated, comfort.rooms)
        && heated.value > total
    {
        let values = vec![
            ("heated", heated.value.to_string()),
            ("total", total.to_string()),
        ];
        let message = "case-rooms";
        problems.error(heated.place.clone(), ProblemKind::Other { message, values });
    }
    for (i, range) in comfort.hours.iter().enumerate() {
        let hour = (0..24u8).find(|&h| {
            range.value.contains(h) && comfort.hours[..i].iter().any(|r| r.value.contains(h))
        });
        if let Some(hour) = hour {
            let (hours, times) = (hour.to_string(), 2);
            let kind = ProblemKind::HoursNotCovered { hours, times };
            problems.error(range.place.clone(), kind);
        }
    }
}

fn check_weather(weather: &WeatherInput, problems: &mut Problems) {
    if let (Some(_), Some(epw)) = (&weather.station, &weather.epw) {
        problems.error(
            epw.place.clone(),
            conflict("weather.epw", "weather.station"),
        );
    }
}

fn check_lease(money: &MoneyInput, lease: &Spot<LeaseInput>, problems: &mut Problems) {
    if money.loan.is_some() {
        problems.error(lease.place.clone(), conflict("money.lease", "money.loan"));
    }
}

fn check_options(options: &OptionsInput, problems: &mut Problems) {
    for (list, others) in [
        (&options.include, &[][..]),
        (&options.exclude, &options.include),
    ] {
        for (i, option) in list.iter().enumerate() {
            let id = option.value.clone();
            if let Some(first) = list[..i].iter().find(|other| other.value == id) {
                let first = format!("{}:{}", first.place.file, first.place.line);
                problems.error(option.place.clone(), ProblemKind::Duplicate { id, first });
            } else if others.iter().any(|other| other.value == id) {
                let (message, values) = ("case-listed-twice", vec![("id", id)]);
                problems.error(option.place.clone(), ProblemKind::Other { message, values });
            }
        }
    }
}

fn conflict(key: &str, other: &str) -> ProblemKind {
    ProblemKind::Conflict {
        key: key.to_owned(),
        other: other.to_owned(),
    }
}

/// The income of the household; where both figures are given and disagree by more than 5 %, that
/// of the household counts and a warning says so.
fn check_income(household: &HouseholdInput, problems: &mut Problems) -> Option<f64> {
    let (person, whole) = (
        household.income_cny_per_person_year.as_ref(),
        household.income_cny_per_household_year.as_ref(),
    );
    unlikely(person, 1_000.0, 150_000.0, problems);
    unlikely(whole, 2_000.0, 500_000.0, problems);
    if let Some(people) = household.people.as_ref() {
        let people = Spot {
            value: f64::from(people.value),
            place: people.place.clone(),
        };
        unlikely(Some(&people), 1.0, 12.0, problems);
    }
    let product = match (person, household.people.as_ref()) {
        (Some(person), Some(people)) => Some(person.value * f64::from(people.value)),
        _ => None,
    };
    if let (Some(person), None, None) = (person, whole, product) {
        let (key, other) = (person.place.field.clone(), "household.people".to_owned());
        problems.error(person.place.clone(), ProblemKind::Needs { key, other });
    }
    if let (Some(person), Some(whole), Some(people), Some(product)) =
        (person, whole, household.people.as_ref(), product)
        && (product - whole.value).abs() > 0.05 * whole.value.max(product)
    {
        let values = vec![
            ("person", person.value.to_string()),
            ("people", people.value.to_string()),
            ("product", product.to_string()),
            ("household", whole.value.to_string()),
        ];
        let message = "case-income-differs";
        problems.warn(whole.place.clone(), ProblemKind::Other { message, values });
    }
    whole.map(|whole| whole.value).or(product)
}

/// A carrier with its amount and its price, as far as they are told.
type Told<'t> = (Carrier, Option<&'t Spot<f64>>, Option<&'t Spot<f64>>);

impl RawToday {
    /// The fuels with their prices, in the order of the carriers.
    fn fuels(&self) -> [Told<'_>; 7] {
        [
            (
                Carrier::LooseCoal,
                self.loose_coal_t.as_ref(),
                self.loose_coal_cny_per_t.as_ref(),
            ),
            (
                Carrier::Briquette,
                self.briquette_t.as_ref(),
                self.briquette_cny_per_t.as_ref(),
            ),
            (
                Carrier::Pellet,
                self.pellet_t.as_ref(),
                self.pellet_cny_per_t.as_ref(),
            ),
            (
                Carrier::Straw,
                self.straw_t.as_ref(),
                self.straw_cny_per_t.as_ref(),
            ),
            (
                Carrier::NaturalGas,
                self.natural_gas_m3.as_ref(),
                self.natural_gas_cny_per_m3.as_ref(),
            ),
            (
                Carrier::Lpg,
                self.lpg_kg.as_ref(),
                self.lpg_cny_per_kg.as_ref(),
            ),
            (
                Carrier::Electricity,
                self.electricity_kwh.as_ref(),
                self.electricity_cny_per_kwh.as_ref(),
            ),
        ]
    }

    fn check(self, place: Place, area_m2: f64, problems: &mut Problems) -> TodayInput {
        let mut fuels = Vec::new();
        let mut prices = BTreeMap::new();
        for (carrier, amount, price) in self.fuels() {
            let price_cny_per_unit = price.map(|price| price.value);
            if let Some(amount) = amount {
                fuels.push(TodayFuel {
                    carrier,
                    amount: amount.clone(),
                    price_cny_per_unit,
                });
            } else if let Some(price) = price_cny_per_unit {
                prices.insert(carrier, price);
            }
        }
        // A heater alone tells the fuel; how much of it is then what the house needs.
        if fuels.is_empty() && self.bill_cny.is_none() && self.heater.is_none() {
            let (message, values) = ("case-no-fuel", Vec::new());
            problems.error(place.clone(), ProblemKind::Other { message, values });
        }
        self.check_usual(problems);
        check_fuel_per_area(&fuels, area_m2, problems);
        let bill = self.check_bill(&fuels, problems);
        TodayInput {
            heater: self.heater,
            product: self.product,
            fuels,
            prices,
            bill_cny: bill,
            heat_value_mj_per_kg: self.heat_value_mj_per_kg.map(|spot| spot.value),
            stove_efficiency: self.stove_efficiency.map(|spot| spot.value),
            room_c: self.room_c.map(|spot| spot.value),
            labour_h: self.labour_h,
            place,
        }
    }

    fn check_usual(&self, problems: &mut Problems) {
        unlikely(self.loose_coal_t.as_ref(), 0.3, 12.0, problems);
        unlikely(self.briquette_t.as_ref(), 0.3, 12.0, problems);
        unlikely(self.pellet_t.as_ref(), 0.3, 12.0, problems);
        unlikely(self.natural_gas_m3.as_ref(), 100.0, 5_000.0, problems);
        unlikely(self.electricity_kwh.as_ref(), 300.0, 30_000.0, problems);
        unlikely(self.bill_cny.as_ref(), 100.0, 20_000.0, problems);
        unlikely(self.loose_coal_cny_per_t.as_ref(), 300.0, 3_000.0, problems);
        unlikely(self.briquette_cny_per_t.as_ref(), 200.0, 3_000.0, problems);
        unlikely(self.natural_gas_cny_per_m3.as_ref(), 1.0, 8.0, problems);
        unlikely(self.electricity_cny_per_kwh.as_ref(), 0.1, 1.5, problems);
        unlikely(self.heat_value_mj_per_kg.as_ref(), 10.0, 32.0, problems);
        unlikely(self.stove_efficiency.as_ref(), 0.2, 1.0, problems);
        unlikely(self.room_c.as_ref(), 5.0, 26.0, problems);
    }

    /// The bill where no amount is given; where both are, they are compared (more than 20 % apart
    /// is told) and the amounts count.
    fn check_bill(&self, fuels: &[TodayFuel], problems: &mut Problems) -> Option<f64> {
        let bill = self.bill_cny.as_ref()?;
        if fuels.is_empty() {
            return Some(bill.value);
        }
        let product: Option<f64> = fuels
            .iter()
            .map(|fuel| Some(fuel.amount.value * fuel.price_cny_per_unit?))
            .sum();
        if let Some(product) = product
            && (product - bill.value).abs() > 0.2 * bill.value.max(product)
        {
            let values = vec![
                ("product", product.to_string()),
                ("bill", bill.value.to_string()),
            ];
            let message = "case-bill-differs";
            problems.warn(bill.place.clone(), ProblemKind::Other { message, values });
        }
        product.is_none().then_some(bill.value)
    }
}

/// Solid fuel per square metre that is usual in a winter, kg.
const FUEL_PER_AREA_KG: (f64, f64) = (8.0, 120.0);

/// Warns where solid fuel and area do not go together, which shows a wrong unit.
fn check_fuel_per_area(fuels: &[TodayFuel], area_m2: f64, problems: &mut Problems) {
    let coal = |fuel: &&TodayFuel| matches!(fuel.carrier, Carrier::LooseCoal | Carrier::Briquette);
    let (min, max) = FUEL_PER_AREA_KG;
    for fuel in fuels.iter().filter(coal) {
        let value = fuel.amount.value * 1000.0 / area_m2;
        let alone = fuels.len() == 1;
        if value > max || (alone && value < min) {
            let values = vec![
                ("value", format!("{value:.0}")),
                ("min", min.to_string()),
                ("max", max.to_string()),
            ];
            let message = "case-fuel-per-area";
            problems.warn(
                fuel.amount.place.clone(),
                ProblemKind::Other { message, values },
            );
        }
    }
}

fn check_prices(raw: Vec<RawPrice>, problems: &mut Problems) -> Vec<PriceInput> {
    let mut prices: Vec<PriceInput> = Vec::new();
    for raw in raw {
        let place = raw.price_cny_per_unit.place.clone();
        if let (Some(from), Some(to)) = (&raw.from, &raw.to)
            && to.value < from.value
        {
            let (value, before) = (to.value.to_string(), from.value.to_string());
            problems.error(to.place.clone(), ProblemKind::OutOfOrder { value, before });
        }
        let of = match (raw.carrier, raw.product) {
            (Some(carrier), None) => PriceOf::Carrier(carrier),
            (None, Some(product)) => PriceOf::Product(product.value),
            (carrier, _) => {
                let both = ["carrier".to_owned(), "product".to_owned()];
                let found = if carrier.is_some() {
                    both.to_vec()
                } else {
                    Vec::new()
                };
                let allowed = both.to_vec();
                problems.error(place, ProblemKind::NoKind { allowed, found });
                continue;
            }
        };
        let price = PriceInput {
            of,
            price_cny_per_unit: raw.price_cny_per_unit.value,
            from: raw.from.map(|spot| spot.value),
            to: raw.to.map(|spot| spot.value),
            place,
        };
        if let Some(first) = prices.iter().find(|first| first.overlaps(&price)) {
            let (first, second) = (first.span(), price.span());
            let kind = ProblemKind::DatesOverlap { first, second };
            problems.error(price.place.clone(), kind);
        }
        prices.push(price);
    }
    prices
}

impl PriceInput {
    fn ends(&self) -> (Date, Date) {
        (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX))
    }
    fn overlaps(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.ends(), other.ends());
        self.of == other.of && a <= d && c <= b
    }
    fn span(&self) -> String {
        let end = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        format!("{}..{}", end(self.from), end(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<CaseInput>, Problems) {
        parse_case("case.toml", Path::new(""), text)
    }

    #[test]
    fn three_facts_are_enough() {
        let (case, problems) = parse(
            "place = \"红寺堡\"\n[house]\nheated_area_m2 = 100\n[today]\nloose_coal_t = 7.5\n",
        );
        let case = case.unwrap();
        assert_eq!(problems, Problems::default());
        assert_eq!(case.house.heated_area_m2.value, 100.0);
        let fuel = &case.today.unwrap().fuels[0];
        assert_eq!((fuel.carrier, fuel.amount.value), (Carrier::LooseCoal, 7.5));
    }

    #[test]
    fn the_two_incomes_are_reconciled() {
        let text = "place = \"x\"\nhousehold = { people = 4, income_cny_per_person_year = 15000, \
                    income_cny_per_household_year = 15000 }\nhouse = { heated_area_m2 = 100 }\n";
        let (case, problems) = parse(text);
        assert_eq!(case.unwrap().income_cny_per_year, Some(15_000.0));
        assert_eq!(
            problems.0.len(),
            1,
            "60000 against 15000 is told: {problems:?}"
        );
        let (case, problems) = parse(&text.replace(", income_cny_per_household_year = 15000", ""));
        assert_eq!(case.unwrap().income_cny_per_year, Some(4.0 * 15_000.0));
        assert!(problems.0.is_empty());
    }

    #[test]
    fn a_winter_names_two_years_in_a_row() {
        assert_eq!(parse_winter("2026-27"), Some(Winter(2026)));
        assert_eq!(parse_winter("2099-00"), Some(Winter(2099)));
        assert_eq!(parse_winter("2026-2027"), Some(Winter(2026)));
        for bad in ["2026-28", "2026", "26-27", "2026-7", "9999-00", "-1-00"] {
            assert_eq!(parse_winter(bad), None, "{bad}");
        }
    }

    #[test]
    fn hours_may_cross_midnight() {
        let night = HourRange::parse("22-6").unwrap();
        assert!(night.contains(23) && night.contains(5) && !night.contains(6));
        for bad in ["6", "25-3", "6-6", "-3", "6-25", "6:30-9"] {
            assert_eq!(HourRange::parse(bad), None, "{bad}");
        }
    }
}
