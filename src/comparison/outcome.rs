//! What a comparison tells: the same ledger for every reader, figures as sums of its lines.

use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

use crate::lifecycle::Payback;
use crate::words::calendar::{Season, Winter};
use crate::words::fixed::{Money, Rounding};
use crate::words::kinds::{Carrier, Category, HeaterKind, Kind, Name, Payer, Service};
use crate::words::ledger::Ledger;
use crate::words::provenance::{Figure, FigureRef};
use crate::words::quantity::{Celsius, Kilowatt, KilowattHour, SquareMetre, Yuan, YuanPerYear};

/// Every option of one household beside today's heating.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Full name of the place.
    pub place: Name,
    /// The first winter with the new heating.
    pub winter: Winter,
    /// Days of heat: the region's, the rule's or the user's.
    pub season: Season,
    /// What is held equal.
    pub service: Service,
    /// The household, as far as the account depends on it.
    pub household: HouseholdFacts,
    /// How money over time is counted.
    pub money: MoneyFacts,
    /// How much heat, and how that is known.
    pub demand: DemandFacts,
    /// Today's heating.
    pub today: Account,
    /// The options, in the order of their list.
    pub options: Vec<OptionResult>,
    /// What looks wrong.
    pub remarks: Vec<Remark>,
    /// What must be said of the prices.
    pub notes: Vec<Remark>,
    /// What the user did not give and was filled in.
    pub filled_in: Vec<FilledIn>,
    /// Every figure that the account used, once, in order of its id.
    pub figures: Vec<FigureUse>,
}

/// The household in the result.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct HouseholdFacts {
    /// Heated floor area.
    pub heated_area: SquareMetre,
    /// People at home.
    pub people: u8,
    /// Category that rules ask for.
    pub category: Category,
    /// Income of the whole household.
    pub income: YuanPerYear,
}

/// How money over time is counted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MoneyFacts {
    /// Discount rate a year.
    pub discount_rate: f64,
    /// Years of the account.
    pub horizon_years: u16,
    /// How products become whole fen.
    pub rounding: Rounding,
}

/// How the heat was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DemandFacts {
    /// Weather station or file.
    pub station: String,
    /// Which of the three methods scales the hours.
    pub method: DemandMethod,
    /// Useful heat of a winter as the house is heated now.
    pub today: KilowattHour,
    /// The same by simulation of the house.
    pub today_simulated: KilowattHour,
    /// Useful heat at set temperature and hours, whole heated area.
    pub standard: KilowattHour,
    /// Useful heat of only the rooms in use.
    pub zoned: KilowattHour,
    /// Room temperature that today's heat would hold by the simulation, mean of the season.
    pub room_today: Celsius,
    /// Load at the design temperature.
    pub design_load: Kilowatt,
    /// Outdoor design temperature.
    pub t_design: Celsius,
    /// The calculation in steps that a pocket calculator can follow.
    pub steps: Vec<Step>,
}

/// How the hours are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemandMethod {
    /// By the 5R1C house.
    Simulated,
    /// By the heat load index.
    Index,
    /// By today's fuel.
    Metered,
}

/// One step of a calculation: what, the terms, the result.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Step {
    /// Message key of what is computed.
    pub what: &'static str,
    /// Its terms: number and unit, in order.
    pub terms: Vec<Term>,
    /// The operations between the terms, one fewer than them: `*`, `/`, `+`, `-`.
    pub operations: &'static str,
    /// The result.
    pub result: Term,
}

/// A number with its unit and origin.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Term {
    /// The number.
    pub value: f64,
    /// Its unit as printed.
    pub unit: &'static str,
    /// Message key of what it is.
    pub what: &'static str,
    /// Where it comes from, if from a figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<FigureRef>,
}

/// An option: an account, or why it cannot be had.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptionResult {
    /// It can be had.
    Possible(Box<Account>),
    /// It cannot be had here.
    Impossible {
        /// Its id in the list of options.
        id: String,
        /// Its name.
        name: Arc<Name>,
        /// Every reason.
        obstacles: Vec<Obstacle>,
    },
}

impl OptionResult {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Possible(account) => &account.id,
            Self::Impossible { id, .. } => id,
        }
    }
    /// Its name.
    pub fn name(&self) -> &Name {
        match self {
            Self::Possible(account) => &account.name,
            Self::Impossible { name, .. } => name,
        }
    }
    /// The account to complete, if it can be had.
    pub fn account_mut(&mut self) -> Option<&mut Account> {
        match self {
            Self::Possible(account) => Some(account),
            Self::Impossible { .. } => None,
        }
    }
    /// The account, if it can be had.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Possible(account) => Some(account),
            Self::Impossible { .. } => None,
        }
    }
}

/// Why an option cannot be had.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// No gas main within reach.
    NoGasMain,
    /// No heat network within reach.
    NoHeatNetwork,
    /// The supply cannot carry it.
    SupplyTooWeak {
        /// What it draws at most.
        needs: Kilowatt,
        /// What is spare.
        spare: Kilowatt,
    },
    /// The roof is too small.
    RoofTooSmall {
        /// What it needs.
        needs: SquareMetre,
        /// What there is.
        has: SquareMetre,
    },
    /// The yard is too small.
    YardTooSmall {
        /// What it needs.
        needs: SquareMetre,
        /// What there is.
        has: SquareMetre,
    },
    /// No biomass supply within reach.
    NoBiomass,
    /// Loose coal may not be burnt here.
    CoalForbidden,
    /// The library has no price for its energy here.
    NoPrice {
        /// Which energy.
        carrier: Carrier,
    },
    /// No size of the catalogue meets the design load.
    NoSize {
        /// The load.
        load: Kilowatt,
        /// The largest that there is, at the design temperature.
        largest: Kilowatt,
    },
    /// The kind of dwelling cannot have it.
    Dwelling,
}

/// One option's account.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Account {
    /// Id in the list of options; `today` for today's heating.
    pub id: String,
    /// Its name.
    pub name: Arc<Name>,
    /// Kind of heater; none where the house is not heated or only the bill is known.
    pub kind: Option<HeaterKind>,
    /// What is bought.
    pub equipment: Option<Equipment>,
    /// The figures that everybody asks for.
    pub headline: Headline,
    /// 总账 by what it is paid for.
    pub annual: AnnualCost,
    /// What they mean for this household.
    pub verdict: Verdict,
    /// What must be said of this option.
    pub cautions: Vec<Remark>,
    /// How far its figures can be trusted.
    pub confidence: Confidence,
    /// What the machine did in the winter.
    pub operation: OperationFacts,
    /// The calculation from heat to energy in steps.
    pub steps: Vec<Step>,
    /// Electricity and gas plans: the one taken and what the others would cost.
    pub plans: Vec<PlanChoice>,
    /// Every payment.
    pub ledger: Ledger,
    /// Rules that paid.
    pub grants: Vec<crate::subsidy::Grant>,
    /// Rules that did not, with the reason.
    pub refusals: Vec<crate::subsidy::Refusal>,
    /// The household's winters, year by year.
    pub staircase: Vec<WinterCost>,
    /// The household's pocket over the first two winters.
    pub cash: Vec<MonthCash>,
    /// Who pays, each year.
    pub payers: Vec<PayerYear>,
    /// What governments pay together.
    pub government: Government,
    /// Coal and emissions of one winter.
    pub emissions: Emissions,
}

/// What is bought.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Equipment {
    /// Product id.
    pub product: String,
    /// Its name.
    pub name: Arc<Name>,
    /// How many.
    pub count: u16,
    /// Heat that it gives at the design temperature, all together.
    pub capacity: Kilowatt,
    /// Whether that meets the design load.
    pub meets_design_load: bool,
    /// Electricity that it draws at most.
    pub supply: Kilowatt,
    /// Years that it lasts.
    pub life_years: u16,
}

/// Headline figures (model: section 1).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Headline {
    /// 改造自付: paid by the household before the first winter, after all grants.
    pub self_pay: Money,
    /// Price of the installation before grants.
    pub install_price: Money,
    /// 一冬花费: energy + upkeep − running grants − export, first winter.
    pub winter_cost: Money,
    /// The same a day of the season.
    pub per_day: Money,
    /// 比现在多/少: winter cost less today's; negative is cheaper.
    pub versus_today: Money,
    /// 补贴到期后: the winter once running grants have ended, at first-winter prices.
    pub after_subsidy: Money,
    /// The first winter without running grants, if they end inside the horizon.
    pub subsidy_ends: Option<Winter>,
    /// 回本年限, simple.
    pub payback: Payback,
    /// 回本年限, discounted.
    pub discounted_payback: Payback,
    /// Present value of everything that the household pays.
    pub present_value: Yuan,
    /// 总账: equivalent annual cost.
    pub equivalent_annual_cost: YuanPerYear,
    /// 单位热价, yuan/kWh of useful heat.
    pub heat_cost_per_kwh: f64,
    /// 单位热价, yuan/GJ of useful heat.
    pub heat_cost_per_gj: f64,
    /// 负担: winter cost as a share of the yearly income.
    pub winter_burden: f64,
    /// 负担: self-pay as a share of the yearly income.
    pub install_burden: f64,
    /// What the winter would cost at the standard service.
    pub standard_winter_cost: Money,
    /// Own labour of a winter, yuan; nothing unless a wage is set.
    pub labour: Money,
    /// Own labour of a winter, hours.
    pub labour_hours: f64,
}

/// The equivalent annual cost of the household by purpose: each part is the annuity of the ledger
/// lines of its purposes over the horizon, and together they are
/// [`Headline::equivalent_annual_cost`]. Income is negative.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
pub struct AnnualCost {
    /// Fuel, electricity or heat.
    pub energy: YuanPerYear,
    /// Service and parts.
    pub upkeep: YuanPerYear,
    /// Own labour at the wage that the user set.
    pub labour: YuanPerYear,
    /// Installation, loan and replacements, less what is left at the end.
    pub capital: YuanPerYear,
    /// Grants towards the installation and the winters.
    pub subsidies: YuanPerYear,
    /// Electricity sold and roof rent.
    pub export: YuanPerYear,
}

/// The verdict in kinds; the report says it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// 装不起: the equipment is too dear.
    pub too_dear_to_install: bool,
    /// 用不起: the winter is too dear, now or once the grants have ended.
    pub too_dear_to_run: TooDearToRun,
    /// Whether the winter costs less than today's.
    pub winter: AgainstToday,
}

/// How far an account can be trusted: the share of its money that rests on sound and on weak
/// figures (`docs/model/confidence.md`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Confidence {
    /// High, medium or low.
    pub level: ConfidenceLevel,
    /// Share of the yearly money on official, measured or the user's own figures that hold.
    pub sound: f64,
    /// Share of the yearly money on assumptions, or on lesser figures past their date.
    pub weak: f64,
    /// Share of the yearly money on figures past their date, not yet in force, or unchecked.
    pub stale: f64,
}

impl Confidence {
    /// That of an account whose figures have not been weighed.
    pub const UNKNOWN: Self = Self {
        level: ConfidenceLevel::Low,
        sound: 0.0,
        weak: 0.0,
        stale: 0.0,
    };
}

/// High, medium or low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfidenceLevel {
    /// Most of the money rests on assumptions or old figures.
    Low,
    /// Between the two.
    Medium,
    /// Three quarters of the money rest on sound figures and almost none on weak ones.
    High,
}

impl Kind for ConfidenceLevel {
    const ALL: &'static [Self] = &[Self::Low, Self::Medium, Self::High];
    fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// When a winter is too dear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TooDearToRun {
    /// Never within the horizon.
    No,
    /// Once the running grants have ended.
    AfterGrants,
    /// From the first winter.
    Now,
}

/// Against today's winter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgainstToday {
    /// It costs less.
    Cheaper,
    /// It costs less only while running grants last.
    CheaperWithGrants,
    /// The same to one percent.
    Same,
    /// It costs more.
    Dearer,
}

/// What the machine did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct OperationFacts {
    /// Useful heat delivered in the winter, kWh.
    pub delivered_kwh: f64,
    /// Heat asked for and not delivered, kWh.
    pub unmet_kwh: f64,
    /// Hours with heat missing.
    pub unmet_hours: f64,
    /// Electricity for heating, with pumps and fans, kWh.
    pub electricity_kwh: f64,
    /// The part of it in the cheapest hours.
    pub valley_share: f64,
    /// Fuel, lower heating value, kWh.
    pub fuel_kwh: f64,
    /// Seasonal performance: delivered heat over electricity, or over fuel.
    pub performance: f64,
    /// Electric back-up or top-up, kWh of heat.
    pub backup_kwh: f64,
    /// Share of the heat that the sun covers.
    pub solar_share: f64,
    /// Highest hourly electric power, kW.
    pub peak_electricity_kw: f64,
    /// PV generated in a year, kWh.
    pub pv_kwh: f64,
    /// PV used at home in a year, kWh.
    pub pv_used_kwh: f64,
}

/// A plan and what it would cost.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanChoice {
    /// Electricity or gas.
    pub carrier: Carrier,
    /// Plan id.
    pub plan: String,
    /// Its name.
    pub name: Arc<Name>,
    /// Yearly bill with heating.
    pub with_heating: Money,
    /// Yearly bill of the house without it.
    pub without_heating: Money,
    /// Whether it was taken.
    pub taken: bool,
}

/// One winter of the household.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct WinterCost {
    /// Which.
    pub winter: Winter,
    /// Energy and upkeep before grants and export.
    pub gross: Money,
    /// Running grants received (positive).
    pub grants: Money,
    /// Export income (positive).
    pub export: Money,
    /// What the household pays.
    pub net: Money,
    /// Today's heating in the same winter.
    pub today: Money,
}

/// One month of the household's pocket.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MonthCash {
    /// Calendar year.
    pub year: i16,
    /// Calendar month, 1 to 12.
    pub month: u8,
    /// Paid out.
    pub paid: Money,
    /// Received.
    pub received: Money,
    /// All so far: received less paid.
    pub balance: Money,
}

/// A payer's total of a year.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PayerYear {
    /// Year of the account: 0 before the first winter.
    pub year: u16,
    /// Who.
    pub payer: Payer,
    /// How much.
    pub amount: Money,
}

/// 政府账.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Government {
    /// Paid before the first winter.
    pub up_front: Money,
    /// Paid for the first winter.
    pub first_winter: Money,
    /// Paid over the horizon.
    pub total: Money,
    /// Total for each tonne of loose coal replaced over the horizon; none if no coal is replaced.
    pub per_tonne: Option<Money>,
}

/// 煤和排放, one winter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Emissions {
    /// Loose coal burnt, t.
    pub coal_t: f64,
    /// Loose coal replaced against today, t.
    pub coal_replaced_t: f64,
    /// CO2 at the house, kg; none where no factor is known.
    pub co2_house_kg: Option<f64>,
    /// CO2 upstream in the grid, kg; none where no factor is known.
    pub co2_grid_kg: Option<f64>,
    /// PM2.5 at the house, kg; none where no factor is known.
    pub pm25_kg: Option<f64>,
    /// SO2 at the house, kg; none where no factor is known.
    pub so2_kg: Option<f64>,
    /// NOx at the house, kg; none where no factor is known.
    pub nox_kg: Option<f64>,
}

/// Something that must be said beside the figures.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Remark {
    /// Message key.
    pub message: &'static str,
    /// Values of the message.
    pub values: Vec<(&'static str, String)>,
}

/// An input that was filled in.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FilledIn {
    /// Key of the case file that would set it.
    pub key: &'static str,
    /// The value used, with its unit.
    pub value: Name,
    /// Where it comes from.
    pub figure: Option<FigureRef>,
}

/// A figure that the account used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FigureUse {
    /// The figure.
    #[serde(serialize_with = "in_full")]
    #[schemars(with = "Figure")]
    pub figure: FigureRef,
    /// How well it fits the place and the first winter that uses it.
    pub fit: Fit,
    /// The first and the last winter that use it, where its price changes within the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub winters: Option<(Winter, Winter)>,
}

/// How well a figure fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It is of this place and covers the winter.
    Fits,
    /// It comes from a level above the household's county.
    FilledFromAbove,
    /// It holds until it is replaced, and nobody has looked at it for too long.
    Unchecked,
    /// Its validity has ended or not begun.
    OutOfDate,
}

/// The one place where a result tells all of a figure.
fn in_full<S: serde::Serializer>(figure: &FigureRef, s: S) -> Result<S::Ok, S::Error> {
    figure.0.serialize(s)
}
