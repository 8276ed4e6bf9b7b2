//! 每月现金: what leaves and enters the household's pocket in the first two winters.

use crate::comparison::grants::Granted;
use crate::comparison::outcome::MonthCash;
use crate::comparison::setting::Setting;
use crate::subsidy::Grant;
use crate::subsidy::rule::{Payment, Way};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::Payer;
use crate::words::ledger::{Ledger, Line, Purpose};

/// Months that are shown: from the purchase, in the month before the first winter, over two
/// winters.
const MONTHS: usize = 24;

/// Month by month. Energy is paid in the month of its bill; fuel that is bought at once, upkeep and
/// what has no month in the first month of the season; grants come as their rule says.
pub fn two_winters(setting: &Setting, ledger: &Ledger, granted: &Granted) -> Vec<MonthCash> {
    let mut pocket = Pocket::new(setting);
    for line in ledger
        .lines
        .iter()
        .filter(|line| line.payer == Payer::Household)
    {
        match (line.year, line.purpose) {
            (1, Purpose::Energy(_)) => pocket.bill(pocket.of_line(line, 0), line.amount),
            (_, Purpose::InstallSubsidy | Purpose::RunningSubsidy | Purpose::Residual) => {}
            (0, _) => pocket.add(0, line.amount),
            (1, _) => pocket.add(pocket.of_line(line, 0), line.amount),
            // A winter with other prices stands in full.
            (2, Purpose::Energy(_)) if line.month.is_some() => {
                pocket.bill(pocket.of_line(line, 1), line.amount);
            }
            (2, _) => pocket.second_winter(line, ledger),
            _ => {}
        }
    }
    for grant in &granted.install.grants {
        let delay = delay(grant.payment, Way::AtPurchase, 0);
        pocket.grant(grant, delay);
    }
    let season = setting.season.months().len();
    for (year, award) in granted.winters.iter().take(2).enumerate() {
        for grant in &award.grants {
            pocket.running_grant(grant, year, season);
        }
    }
    pocket.months()
}

/// Months from the cost to the money; nothing if it never comes.
fn delay(payment: Payment, at_once: Way, base: usize) -> Option<usize> {
    if payment.way == at_once || payment.way == Way::InKind {
        return Some(base);
    }
    payment
        .delay_months
        .map(|months| base + usize::from(months))
}

/// Paid and received by month, from the month of purchase.
struct Pocket {
    first_year: i16,
    first_month: usize,
    paid: Vec<Money>,
    received: Vec<Money>,
    season_start: usize,
}

impl Pocket {
    fn new(setting: &Setting) -> Self {
        let season_start = usize::from(setting.season.from.month()) - 1;
        let first_month = (season_start + 11) % 12;
        let first_year = setting.winter.year_of_month(first_month);
        Self {
            first_year,
            first_month,
            paid: vec![Money::ZERO; MONTHS],
            received: vec![Money::ZERO; MONTHS],
            season_start,
        }
    }

    /// The place of a calendar month (0 = January) in winter `winter` (0 for the first).
    fn place(&self, month: usize, winter: usize) -> usize {
        (month + 12 - self.first_month) % 12 + 12 * winter
    }

    fn of_line(&self, line: &Line, winter: usize) -> usize {
        let month = line
            .month
            .map_or(self.season_start, |month| usize::from(month) - 1);
        self.place(month, winter)
    }

    fn add(&mut self, place: usize, amount: Money) {
        let side = if amount.is_negative() {
            &mut self.received
        } else {
            &mut self.paid
        };
        if let Some(month) = side.get_mut(place) {
            *month += if amount.is_negative() {
                -amount
            } else {
                amount
            };
        }
    }

    /// Spreads a later winter's sum over the months like the first winter's lines.
    fn second_winter(&mut self, line: &Line, ledger: &Ledger) {
        let mut first: Vec<(usize, Money)> = Vec::new();
        for own in ledger.lines.iter().filter(|own| {
            own.year == 1 && own.payer == Payer::Household && own.purpose == line.purpose
        }) {
            let place = self.of_line(own, 1);
            match first.iter_mut().find(|(at, _)| *at == place) {
                Some((_, sum)) => *sum += own.amount,
                None => first.push((place, own.amount)),
            }
        }
        let weights: Vec<Fixed> = first
            .iter()
            .map(|(_, amount)| Fixed::from_f64(amount.to_f64().abs()))
            .collect();
        if weights.iter().copied().sum::<Fixed>() == Fixed::ZERO {
            let place = self.place(self.season_start, 1);
            return self.add(place, line.amount);
        }
        for ((place, _), part) in first.iter().zip(line.amount.split(&weights)) {
            self.add(*place, part);
        }
    }

    /// Part of a month's bill: what the house would have paid anyway is taken off it.
    fn bill(&mut self, place: usize, amount: Money) {
        if let Some(month) = self.paid.get_mut(place) {
            *month += amount;
        }
    }

    fn grant(&mut self, grant: &Grant, place: Option<usize>) {
        if let Some(place) = place.filter(|_| grant.spares_household)
            && let Some(month) = self.received.get_mut(place)
        {
            *month += grant.amount;
        }
    }

    /// A winter's grant: off each month's bill, on a card at the start, or after the season.
    fn running_grant(&mut self, grant: &Grant, winter: usize, season: usize) {
        let start = self.place(self.season_start, winter);
        match grant.payment.way {
            Way::BillDeduction if grant.spares_household => {
                let weights = vec![Fixed::ONE; season.max(1)];
                for (i, part) in grant.amount.split(&weights).into_iter().enumerate() {
                    self.add(start + i, -part);
                }
            }
            Way::CardCredit | Way::AtPurchase | Way::InKind => self.grant(grant, Some(start)),
            _ => {
                let end = start + season.saturating_sub(1);
                self.grant(grant, delay(grant.payment, Way::InKind, end));
            }
        }
    }

    fn months(self) -> Vec<MonthCash> {
        let mut balance = Money::ZERO;
        let first = self.first_month;
        let year_of = |i: usize| self.first_year + ((first + i) / 12) as i16;
        let sums = self.paid.iter().zip(&self.received).enumerate();
        sums.map(|(i, (&paid, &received))| {
            balance += received - paid;
            MonthCash {
                year: year_of(i),
                month: ((first + i) % 12) as u8 + 1,
                paid,
                received,
                balance,
            }
        })
        .collect()
    }
}
