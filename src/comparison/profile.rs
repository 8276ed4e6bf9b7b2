//! The season of one option day by day and hour by hour, for who wants to see it: a comparison
//! keeps sums only.

use crate::comparison::compare;
use crate::comparison::energy;
use crate::comparison::heat::{Heat, Works};
use crate::comparison::household::Household;
use crate::comparison::meters::Roofs;
use crate::comparison::run;
use crate::comparison::setting::Setting;
use crate::technology::Operation;
use crate::words::calendar::MonthDay;
use crate::words::quantity::{Celsius, Kilowatt};

/// A season of one option.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonProfile {
    /// Id of the option; `today` for today's heating.
    pub option: String,
    /// The days of the season in order.
    pub days: Vec<DayProfile>,
    /// Heat of every hour of the season, kW, the greatest first.
    pub duration_kw: Vec<f64>,
    /// Load that the plant must meet at the design temperature.
    pub design_load: Kilowatt,
    /// Heat that it gives there; none for today's heating.
    pub capacity: Option<Kilowatt>,
    /// Outdoor design temperature.
    pub t_design: Celsius,
}

/// A day of the season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayProfile {
    /// Which.
    pub day: MonthDay,
    /// Heat that the house asks for, kWh.
    pub heat_kwh: f64,
    /// Electricity and fuel (lower heating value) that go in for it, kWh.
    pub input_kwh: f64,
    /// Mean outdoor temperature.
    pub t_mean: Celsius,
}

/// The season of an option at the service of the comparison; nothing if there is no such option
/// or it cannot be had.
pub fn season_profile(
    setting: &Setting,
    household: &Household,
    option: &str,
) -> Option<SeasonProfile> {
    let heat = Heat::new(setting, household);
    if option == "today" {
        return Some(today(setting, household, &heat));
    }
    let spec = setting.options.iter().find(|spec| spec.id == option)?;
    let measures = compare::measures(setting, spec);
    let works = Works::new(household, &measures);
    let after = works.map(|works| heat.with(setting, household, &works));
    let heat = after.as_ref().unwrap_or(&heat);
    let roofs = Roofs::default();
    let plan = compare::plan(setting, household, spec, heat, measures, &roofs).ok()?;
    let cheap = energy::cheap_hours(setting, &setting.prices, household);
    let duty = run::duty_alone(setting, &plan, &cheap, plan.heat_kw);
    let mut op = Operation::default();
    plan.choice
        .product
        .heater
        .operate(&plan.plant, &duty, &mut op);
    let at = |series: &[f64], i: usize| series.get(i).copied().unwrap_or(0.0);
    let input = |i: usize| at(&op.electricity_kwh, i) + at(&op.fuel_kwh, i);
    Some(SeasonProfile {
        option: option.to_owned(),
        days: days(setting, plan.heat_kw, &input),
        duration_kw: falling(plan.heat_kw),
        design_load: plan.plant.design_load,
        capacity: Some(plan.choice.capacity),
        t_design: setting.t_design.value,
    })
}

fn today(setting: &Setting, household: &Household, heat: &Heat) -> SeasonProfile {
    let series = heat.series(household.service);
    let efficiency = household.today.efficiency.value.max(1e-6);
    let input = |i: usize| series.get(i).map_or(0.0, |kw| kw / efficiency);
    SeasonProfile {
        option: "today".to_owned(),
        days: days(setting, series, &input),
        duration_kw: falling(series),
        design_load: heat.sizing(household.service).load,
        capacity: None,
        t_design: setting.t_design.value,
    }
}

/// Sums by day; the hours of a day stand together.
fn days(setting: &Setting, heat_kw: &[f64], input: &dyn Fn(usize) -> f64) -> Vec<DayProfile> {
    let weather = &setting.weather;
    let mut first = 0;
    let chunks = weather.hours.chunk_by(|a, b| a / 24 == b / 24);
    chunks
        .map(|hours| {
            let own = first..first + hours.len();
            first = own.end;
            let sum = |series: &[f64]| series.get(own.clone()).map_or(0.0, |it| it.iter().sum());
            DayProfile {
                day: MonthDay::from_day(hours.first().map_or(0, |hour| hour / 24)),
                heat_kwh: sum(heat_kw),
                input_kwh: own.clone().map(input).sum(),
                t_mean: Celsius(sum(&weather.t_out_c) / hours.len().max(1) as f64),
            }
        })
        .collect()
}

fn falling(series: &[f64]) -> Vec<f64> {
    let mut sorted = series.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted
}
