//! What metered energy costs: plans by date, tiers, hours of the day, and the cost of heating as
//! the bill with heating less the bill without.
//!
//! Read in this order: [`plan`] holds what a price sheet says, [`timetable`] sorts the hours of the
//! year into the few sums that a bill needs, [`billing`] turns those sums into lines of
//! quantity × price, [`market`] lets the household take the cheapest plan that is open to it.
//! `docs/model/tariff.md` has the rules and their sources.

pub mod billing;
pub mod market;
pub mod network_heat;
pub mod plan;
pub mod timetable;

pub use billing::{Bill, BillLine, Family, HeatingMeter, bill, cheap_hours};
pub use market::{Alternative, CostLine, HeatingCost, HeatingSums, Market, WithoutHeating};
pub use network_heat::{HeatPrice, HeatPriceSeries};
pub use plan::{
    Counting, Free, Freshness, Growth, HourClass, Ladder, Metering, OpenTo, Period, Plan,
    PlanSeries, Rate, Version, Window,
};
pub use timetable::{Reader, Readings, Timetable};
