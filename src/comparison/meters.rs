//! The meters of a house: how they sort the hours, what the rest of the house draws, and what a roof
//! makes of both.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use crate::comparison::household::{Household, Living};
use crate::comparison::later::ByPrices;
use crate::comparison::setting::{Prices, Setting};
use crate::tariff::{Family, Market, OpenTo, Reader, Readings, Timetable, WithoutHeating};
use crate::technology::curve::{greater, lesser};
use crate::words::calendar::{HOURS, MONTH_DAYS, month_start_day};
use crate::words::fixed::Fixed;
use crate::words::lanes;
use crate::words::wide::{Wide, wide};

/// The meters of a house at the prices of one winter.
#[derive(Debug, Clone)]
pub struct Meters {
    /// The electricity meter; nothing where there is no price.
    pub electricity: Option<Arc<Meter>>,
    /// The gas meter.
    pub gas: Option<Arc<Meter>>,
    /// The hours of the season by calendar month.
    months: Arc<Reader>,
}

/// A meter under the plans that are open at one time.
#[derive(Debug)]
pub struct Meter {
    /// What it shows of the rest of the house.
    pub living: Readings,
    /// The same in each month, January first.
    pub living_by_month: [Fixed; 12],
    /// How it sorts the hours of the season.
    pub season: Reader,
    /// By plan: what the rest of the house draws in valley hours.
    valleys: Vec<[Fixed; 12]>,
    /// What the rest of the house draws in each hour of the year, kWh; empty for gas.
    living_kwh: Arc<[f64]>,
    /// Bills without heating, made when they are first asked for.
    without: Mutex<Vec<Arc<WithoutHeating>>>,
    /// What roofs make of the rest of the house, made when they are first asked for.
    roofs: Mutex<Vec<(f64, Arc<BehindRoof>)>>,
}

impl Meter {
    fn new(
        market: &Market,
        setting: &Setting,
        living: Readings,
        living_by_month: [Fixed; 12],
        living_kwh: &Arc<[f64]>,
    ) -> Arc<Self> {
        let plans = 0..market.plans().len();
        Arc::new(Self {
            valleys: plans.map(|plan| market.in_valley(plan, &living)).collect(),
            living,
            living_by_month,
            season: market.timetable().reader(&setting.weather.hours),
            living_kwh: Arc::clone(living_kwh),
            without: Mutex::default(),
            roofs: Mutex::default(),
        })
    }

    /// The year's bill of the rest of the house, in sums; nothing where no plan is open. `market`
    /// must be that of the meter.
    pub fn without_heating(
        &self,
        market: &Market,
        kind: OpenTo,
        family: &Family,
    ) -> Option<Arc<WithoutHeating>> {
        let mut kept = self.without.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |bill: &&Arc<WithoutHeating>| bill.kind == kind && bill.family == *family;
        if let Some(bill) = kept.iter().find(same) {
            return Some(Arc::clone(bill));
        }
        let bill = Arc::new(market.without_heating(kind, &self.living, family)?);
        kept.push(Arc::clone(&bill));
        Some(bill)
    }

    /// What the rest of the house draws in the valley hours of plan number `plan`, by month.
    pub fn living_in_valley(&self, plan: usize) -> [Fixed; 12] {
        let months = self.valleys.get(plan).copied();
        months.unwrap_or([Fixed::ZERO; 12])
    }

    /// What a roof makes of the rest of the house. Market and place must be those of the meter.
    pub fn behind_roof(&self, market: &Market, setting: &Setting, roof: &Roof) -> Arc<BehindRoof> {
        let mut kept = self.roofs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, behind)) = kept.iter().find(|(kw, _)| *kw == roof.kw) {
            return Arc::clone(behind);
        }
        let season = &setting.weather.hours;
        let behind = Arc::new(BehindRoof::new(&self.living_kwh, market, season, roof));
        kept.push((roof.kw, Arc::clone(&behind)));
        behind
    }
}

/// Whether two winters have the same plans of a carrier: what does not change is shared.
pub fn same_plans(one: Option<&Arc<Market>>, other: Option<&Arc<Market>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

impl Meters {
    /// For the first winter and for each later one with other prices; a meter whose plans do not
    /// change is shared.
    pub fn by_prices(setting: &Setting, household: &Household) -> ByPrices<Self> {
        let living_kwh = hours_of_living(&household.living);
        let months = Arc::new(Timetable::new([]).reader(&setting.weather.hours));
        ByPrices::new(setting, |prices, before: Option<(&Prices, &Self)>| {
            let old = |plans: fn(&Prices) -> Option<&Arc<Market>>| {
                before.filter(|(old, _)| same_plans(plans(old), plans(prices)))
            };
            Self {
                electricity: match old(|it| it.electricity.as_ref()) {
                    Some((_, meters)) => meters.electricity.clone(),
                    None => electricity(setting, prices, &household.living, &living_kwh),
                },
                gas: match old(|it| it.gas.as_ref()) {
                    Some((_, meters)) => meters.gas.clone(),
                    None => gas(setting, prices, &household.living),
                },
                months: Arc::clone(&months),
            }
        })
    }

    /// Units of each month, January first, from `factor` times the season's hours.
    pub fn by_month(&self, hours: &[f64], factor: f64) -> [Fixed; 12] {
        let months = self.months.read_scaled(hours, factor).quantity;
        std::array::from_fn(|month| months.get(month).copied().unwrap_or(Fixed::ZERO))
    }
}

/// Spreads the electricity of the months over their hours, kWh.
fn hours_of_living(living: &Living) -> Arc<[f64]> {
    let mut hourly = Vec::with_capacity(HOURS);
    for (month, &days) in MONTH_DAYS.iter().enumerate() {
        let a_day = living.electricity_kwh[month] / days as f64;
        let day = living.shape.map(|share| a_day * share);
        (0..days).for_each(|_| hourly.extend_from_slice(&day));
    }
    Arc::from(hourly)
}

fn electricity(
    setting: &Setting,
    prices: &Prices,
    living: &Living,
    hourly: &Arc<[f64]>,
) -> Option<Arc<Meter>> {
    let market = prices.electricity.as_ref()?;
    let readings = market.timetable().read_year(hourly);
    let by_month = living.electricity_kwh.map(Fixed::from_f64);
    Some(Meter::new(market, setting, readings, by_month, hourly))
}

fn gas(setting: &Setting, prices: &Prices, living: &Living) -> Option<Arc<Meter>> {
    let market = prices.gas.as_ref()?;
    // Gas has no hour classes: one reading at each month's noon stands for the month.
    let noon: Vec<usize> = (0..12).map(|m| month_start_day(m) * 24 + 12).collect();
    let readings = market.read(&noon, &living.gas_m3);
    let by_month = living.gas_m3.map(Fixed::from_f64);
    Some(Meter::new(
        market,
        setting,
        readings,
        by_month,
        &Arc::default(),
    ))
}

/// The yield of a roof.
#[derive(Debug)]
pub struct Roof {
    /// Power at standard conditions, kW.
    kw: f64,
    /// Of the hours of the season, kWh.
    season: Vec<f64>,
    /// The other hours of the year.
    others: Vec<usize>,
    /// Of them, kWh.
    outside: Vec<f64>,
    /// Of the year, kWh.
    pub kwh: f64,
}

impl Roof {
    /// Of `kw` of PV, from the yield of one kW in the hours of the year.
    fn new(kw: f64, per_kw: &[f64], season: &[usize]) -> Self {
        let mut heats = vec![false; HOURS];
        for &hour in season {
            if let Some(heats) = heats.get_mut(hour) {
                *heats = true;
            }
        }
        let others: Vec<usize> = (0..HOURS).filter(|&hour| !heats[hour]).collect();
        let of =
            |hours: &[usize]| -> Vec<f64> { pick(per_kw, hours).map(|kwh| kwh * kw).collect() };
        let (season, outside) = (of(season), of(&others));
        Self {
            kw,
            kwh: lanes::wide_sum(&season) + lanes::wide_sum(&outside),
            season,
            others,
            outside,
        }
    }
}

/// What a series of the year has in some hours.
fn pick<'a>(of: &'a [f64], hours: &'a [usize]) -> impl Iterator<Item = f64> + 'a {
    let at = |&hour: &usize| of.get(hour).copied().unwrap_or(0.0);
    hours.iter().map(at)
}

/// Yields of roofs of one place, worked out when they are first asked for.
#[derive(Debug, Default)]
pub struct Roofs(RefCell<Vec<Arc<Roof>>>);

impl Roofs {
    /// The yield of `kw` of PV. `setting` must be the same in every call.
    pub fn of(&self, kw: f64, setting: &Setting) -> Arc<Roof> {
        let mut kept = self.0.borrow_mut();
        if let Some(roof) = kept.iter().find(|own| own.kw == kw) {
            return Arc::clone(roof);
        }
        let weather = &setting.weather;
        let roof = Arc::new(Roof::new(kw, &weather.pv_kwh_per_kw, &weather.hours));
        kept.push(Arc::clone(&roof));
        roof
    }
}

/// A house without its heating behind a roof that gives power.
#[derive(Debug)]
pub struct BehindRoof {
    /// What the rest of the house draws in the hours of the season, kWh.
    living: Vec<f64>,
    /// What the grid meter turns less outside the season, by its buckets, kWh.
    outside: Vec<f64>,
    /// What the house uses of the yield outside the season, kWh.
    used_outside: f64,
}

impl BehindRoof {
    fn new(living: &[f64], market: &Market, season: &[usize], roof: &Roof) -> Self {
        let (nothing, own): (Vec<f64>, Vec<f64>) = (
            vec![0.0; roof.others.len()],
            pick(living, &roof.others).collect(),
        );
        let (less, used_outside) = wide(Turn {
            heating: &nothing,
            living: &own,
            sun: &roof.outside,
        });
        Self {
            living: pick(living, season).collect(),
            outside: market.timetable().reader(&roof.others).sums(&less),
            used_outside,
        }
    }

    /// What heating makes the grid meter turn more, or in summer less, in a year, and what the
    /// house uses of the yield, kWh. The yield is used hour by hour before the rest is sold.
    /// `heating` has the hours of the season; roof and meter must be those that it was made for.
    pub fn net(&self, heating: &[f64], roof: &Roof, meter: &Meter) -> (Readings, f64) {
        let (more, used) = self.turned(heating, roof);
        let net = meter.season.read_beside(&more, &self.outside);
        (net, used + self.used_outside)
    }

    fn turned(&self, heating: &[f64], roof: &Roof) -> (Vec<f64>, f64) {
        wide(Turn {
            heating,
            living: &self.living,
            sun: &roof.season,
        })
    }
}

/// Hours under a roof that gives power.
struct Turn<'a> {
    heating: &'a [f64],
    living: &'a [f64],
    sun: &'a [f64],
}

impl Wide for Turn<'_> {
    /// What the grid meter turns more in each hour, and what is used of the yield, kWh.
    type Output = (Vec<f64>, f64);

    #[inline(always)]
    fn run(self) -> Self::Output {
        let hours = self
            .heating
            .len()
            .min(self.living.len())
            .min(self.sun.len());
        let (heating, living) = (&self.heating[..hours], &self.living[..hours]);
        let sun = &self.sun[..hours];
        let mut of_hours = vec![0.0; hours];
        for i in 0..hours {
            of_hours[i] = greater(lesser(living[i] + heating[i], sun[i]), 0.0);
        }
        let used = lanes::sum(&of_hours);
        for i in 0..hours {
            of_hours[i] = living[i] + heating[i] - of_hours[i] - living[i];
        }
        (of_hours, used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::technology::pv::self_use;

    /// The hours of the season and those outside give together what the whole year gives.
    #[test]
    fn a_year_behind_a_roof_is_used_hour_by_hour() {
        let sun_at = |hour: usize| (hour % 24).saturating_sub(7) as f64 * 0.21 % 1.9;
        let yields: Vec<f64> = (0..HOURS).map(|hour| 3.0 * sun_at(hour)).collect();
        let living: Vec<f64> = (0..HOURS)
            .map(|hour| 0.2 + (hour % 5) as f64 * 0.1)
            .collect();
        let season: Vec<usize> = (7300..HOURS - 4).chain(0..2400).collect();
        let heating: Vec<f64> = season.iter().map(|hour| (hour % 11) as f64 * 0.3).collect();
        let per_kw: Vec<f64> = (0..HOURS).map(sun_at).collect();
        let roof = Roof::new(3.0, &per_kw, &season);
        assert!((roof.kwh - yields.iter().sum::<f64>()).abs() < 1e-6);
        let market = Market::of(Vec::new());
        let behind = BehindRoof::new(&living, &market, &season, &roof);
        let (more, used) = behind.turned(&heating, &roof);
        let meter = market.timetable().reader(&season);
        let net = meter.read_beside(&more, &behind.outside);

        let mut load = living.clone();
        for (&hour, kwh) in season.iter().zip(&heating) {
            load[hour] += kwh;
        }
        let whole = self_use(&load, &yields).self_used;
        let sum: f64 = whole.iter().sum();
        assert!((used + behind.used_outside - sum).abs() < 1e-6);
        let turned = load.iter().zip(&whole).zip(&living);
        let turned: Vec<f64> = turned
            .map(|((load, used), own)| load - used - own)
            .collect();
        let by_month = market.by_month(&market.timetable().read_year(&turned));
        for (own, month) in market.by_month(&net).iter().zip(by_month) {
            assert!(
                (own.to_f64() - month.to_f64()).abs() < 3e-6,
                "{own} {month}"
            );
        }
    }
}
