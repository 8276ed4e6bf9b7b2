//! Winters after the first: at the prices that are known to hold in them, and, once the last known
//! ones hold, at those times the price rise.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::comparison::account::yearly;
use crate::comparison::energy::{Energy, NoPrice};
use crate::comparison::household::Household;
use crate::comparison::journal::{Entry, Journal};
use crate::comparison::meters::Meters;
use crate::comparison::money::MoneyTerms;
use crate::comparison::outcome::{Account, Remark};
use crate::comparison::setting::{LaterPrices, Prices, Setting};
use crate::words::calendar::Winter;
use crate::words::fixed::Money;
use crate::words::kinds::Carrier;
use crate::words::ledger::{Line, Purpose};
use crate::words::provenance::FigureRef;

/// The prices of a winter with what they make of the household's own loads.
#[derive(Debug, Clone, Copy)]
pub struct Pricing<'a> {
    /// The prices.
    pub prices: &'a Prices,
    /// The meters of the house at these prices.
    pub meters: &'a Meters,
    /// Hours of the season in which a store is charged.
    pub cheap: &'a [bool],
}

/// What depends on prices and on the household's loads or meter, for the first winter and for each
/// later one with other prices.
#[derive(Debug, Clone, PartialEq)]
pub struct ByPrices<T> {
    /// Of the first winter.
    pub first: T,
    /// Of the later winters with other prices, as [`Setting::later`] has them.
    pub later: Vec<T>,
}

impl<T> ByPrices<T> {
    /// Made for each winter with other prices; `make` is told the winter before and what it made of
    /// it.
    pub fn new(setting: &Setting, make: impl Fn(&Prices, Option<(&Prices, &T)>) -> T) -> Self {
        let first = make(&setting.prices, None);
        let mut later: Vec<T> = Vec::with_capacity(setting.later.len());
        let mut before = &setting.prices;
        for known in &setting.later {
            let made = make(
                &known.prices,
                Some((before, later.last().unwrap_or(&first))),
            );
            later.push(made);
            before = &known.prices;
        }
        Self { first, later }
    }
}

/// Hours of the season in which a store is charged.
pub type CheapHours = ByPrices<Arc<[bool]>>;

/// A later winter with other prices, as a household meets it.
#[derive(Debug)]
pub struct Ahead<'a> {
    /// Year of the account.
    pub year: u16,
    /// Purposes whose price is another than in the winter before.
    pub changed: &'a [Purpose],
    /// Its prices.
    pub pricing: Pricing<'a>,
    /// Whether a store is charged in the hours of the first winter.
    pub same_hours: bool,
}

/// The later winters of an account that have other prices.
pub fn ahead<'a>(
    setting: &'a Setting,
    household: &Household,
    meters: &'a ByPrices<Meters>,
    cheap: &'a CheapHours,
) -> Vec<Ahead<'a>> {
    let known = setting.later.iter().zip(&meters.later).zip(&cheap.later);
    let within =
        |known: &LaterPrices| setting.year_of(known.winter) <= household.terms.horizon_years;
    known
        .filter(|((known, _), _)| within(known))
        .map(|((known, meters), hours)| Ahead {
            year: setting.year_of(known.winter),
            changed: &known.changed,
            pricing: Pricing {
                prices: &known.prices,
                meters,
                cheap: hours,
            },
            same_hours: *hours == cheap.first,
        })
        .collect()
}

/// The energy of the first winter, and the same heat at the prices of each later winter that has
/// others.
#[derive(Debug, Clone, Default)]
pub struct Winters {
    /// The first winter.
    pub first: Energy,
    /// Year of the account, and the energy of its winter.
    later: Vec<(u16, Energy)>,
    /// The first year in which the last known price of a purpose holds, where that is not the first.
    settled: Vec<(Purpose, u16)>,
}

impl Winters {
    /// Energy whose price the household told itself: nothing is known of it for later winters.
    pub fn alike(first: Energy) -> Self {
        Self {
            first,
            ..Self::default()
        }
    }

    /// Energy that is bought again at each later winter's prices that `pays` one of; `buy` is told
    /// their number.
    pub fn bought(
        setting: &Setting,
        first: Energy,
        ahead: &[Ahead<'_>],
        pays: impl Fn(Purpose) -> bool,
        mut buy: impl FnMut(usize, &Ahead<'_>) -> Result<Energy, NoPrice>,
    ) -> Result<Self, NoPrice> {
        let later = ahead.iter().enumerate();
        let later = later.filter(|(_, ahead)| ahead.changed.iter().any(|it| pays(*it)));
        let later = later.map(|(at, ahead)| Ok((ahead.year, buy(at, ahead)?)));
        Ok(Self {
            first,
            later: later.collect::<Result<_, NoPrice>>()?,
            settled: settled(setting),
        })
    }

    /// The energy at the prices that are known for a year, or that were the last to be known.
    pub fn of_year(&self, year: u16) -> &Energy {
        let known = self.later.iter().rev().find(|(from, _)| *from <= year);
        known.map_or(&self.first, |(_, energy)| energy)
    }

    /// What the known price of a purpose has risen to by a year: no rise as long as prices are
    /// known.
    pub fn factor(&self, terms: &MoneyTerms, purpose: Purpose, year: u16) -> f64 {
        let mut settled = self.settled.iter().rev();
        let from = settled.find(|(own, _)| *own == purpose);
        let from = from.map_or(1, |(_, from)| *from);
        terms.price_factor(carrier_of(purpose), year.saturating_sub(from) + 1)
    }

    /// Whether a year is the first with other prices.
    pub fn turns_in(&self, year: u16) -> bool {
        self.later.iter().any(|(from, _)| *from == year)
    }

    /// Writes energy and export of every year. The first winter stands in full, and so does what
    /// costs something else from a later winter on; else a winter has a line for each carrier.
    pub fn write(&self, household: &Household, journal: &mut Journal) {
        let terms = &household.terms;
        self.first.lines.iter().for_each(|line| journal.copy(line));
        let mut sums = by_purpose(&self.first.lines);
        for year in 2..=terms.horizon_years {
            let turns = self.turns_in(year);
            if turns {
                sums = by_purpose(&self.of_year(year).lines);
            }
            for (purpose, sum, line) in &sums {
                let factor = self.factor(terms, *purpose, year);
                if turns && factor == 1.0 && self.differs(*purpose, year) {
                    self.in_full(*purpose, year, journal);
                    continue;
                }
                let amount = if factor == 1.0 {
                    *sum
                } else {
                    Money::from_f64(sum.to_f64() * factor)
                };
                let entry = Entry::own(year, *purpose, amount);
                journal.write(entry, |it| winter_line(it, line));
            }
        }
    }

    /// The lines of a purpose in a year, without their year.
    fn lines(&self, purpose: Purpose, year: u16) -> impl Iterator<Item = &Line> {
        let lines = self.of_year(year).lines.iter();
        lines.filter(move |line| line.purpose == purpose)
    }

    /// Whether a purpose has other lines than in the year before.
    fn differs(&self, purpose: Purpose, year: u16) -> bool {
        !self
            .lines(purpose, year)
            .eq(self.lines(purpose, year.saturating_sub(1)))
    }

    fn in_full(&self, purpose: Purpose, year: u16, journal: &mut Journal) {
        for line in self.lines(purpose, year) {
            let entry = Entry::own(year, purpose, line.amount);
            journal.write(entry, |it| Line {
                year: it.year,
                ..line.clone()
            });
        }
    }
}

/// The first year in which the last known price of a purpose holds.
fn settled(setting: &Setting) -> Vec<(Purpose, u16)> {
    let years = setting.later.iter().flat_map(|known| {
        let year = setting.year_of(known.winter);
        known.changed.iter().map(move |purpose| (*purpose, year))
    });
    years.collect()
}

/// First and last winter that pay by a figure, for what changes its price within the account.
pub fn winters_of_figures<'a>(
    setting: &Setting,
    accounts: impl Iterator<Item = &'a Account>,
) -> BTreeMap<FigureRef, (Winter, Winter)> {
    let mut winters: BTreeMap<FigureRef, (Winter, Winter)> = BTreeMap::new();
    let turning: BTreeSet<Purpose> = setting
        .later
        .iter()
        .flat_map(|known| known.changed.iter().copied())
        .collect();
    let lines = accounts.flat_map(|account| &account.ledger.lines);
    for line in lines.filter(|line| turning.contains(&line.purpose)) {
        let winter = setting.winter.plus(line.year as i16 - 1);
        let (first, last) = winters
            .entry(line.figure.clone())
            .or_insert((winter, winter));
        (*first, *last) = (winter.min(*first), winter.max(*last));
    }
    winters
}

/// What is said of each price that changes within the accounts: where it does, a winter stands in
/// full.
pub fn notes(setting: &Setting, accounts: &[&Account]) -> Vec<Remark> {
    let bought = |purpose: Purpose, year: u16| {
        let lines = || accounts.iter().flat_map(|account| &account.ledger.lines);
        lines().any(|line| {
            line.purpose == purpose && line.year == year && !["winter", "year"].contains(&line.unit)
        })
    };
    let mut remarks = Vec::new();
    for known in &setting.later {
        let year = setting.year_of(known.winter);
        let seen = known.changed.iter().filter(|own| bought(**own, year));
        remarks.extend(seen.map(|purpose| Remark {
            message: match purpose {
                Purpose::Export => "note-price-export",
                Purpose::Energy(Carrier::Electricity) => "note-price-electricity",
                Purpose::Energy(Carrier::NaturalGas) => "note-price-gas",
                Purpose::Energy(Carrier::NetworkHeat) => "note-price-network",
                _ => "note-price-fuel",
            },
            values: vec![("winter", known.winter.to_string())],
        }));
    }
    remarks.dedup();
    remarks
}

fn carrier_of(purpose: Purpose) -> Carrier {
    match purpose {
        Purpose::Energy(carrier) => carrier,
        _ => Carrier::Electricity,
    }
}

/// Each purpose with its sum and its dearest line, which names the plan that was taken.
fn by_purpose(lines: &[Line]) -> Vec<(Purpose, Money, &Line)> {
    let mut sums: Vec<(Purpose, Money, &Line)> = Vec::new();
    for line in lines {
        let same = |(purpose, ..): &&mut (Purpose, Money, &Line)| *purpose == line.purpose;
        match sums.iter_mut().find(same) {
            Some((_, sum, main)) => {
                *sum += line.amount;
                if line.amount > main.amount {
                    *main = line;
                }
            }
            None => sums.push((line.purpose, line.amount, line)),
        }
    }
    sums
}

/// A winter of one carrier in one line.
fn winter_line(entry: Entry, of: &Line) -> Line {
    Line {
        unit: "winter",
        ..yearly(entry, &of.detail.name, &of.figure)
    }
}
