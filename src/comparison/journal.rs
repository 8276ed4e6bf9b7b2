//! The book in which an account is written: every payment once, in order.

use crate::comparison::tally::Tally;
use crate::words::fixed::Money;
use crate::words::kinds::Payer;
use crate::words::ledger::{Ledger, Line, Purpose};

/// What the sums of an account are made from: a line without its words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// 0 is before the first winter; 1 is the first winter.
    pub year: u16,
    /// Who pays.
    pub payer: Payer,
    /// For what.
    pub purpose: Purpose,
    /// Positive when the payer pays, negative when the payer receives.
    pub amount: Money,
}

impl Entry {
    /// Paid by the household.
    pub const fn own(year: u16, purpose: Purpose, amount: Money) -> Self {
        Self {
            year,
            payer: Payer::Household,
            purpose,
            amount,
        }
    }
}

/// The payments of one option. All figures are sums of its entries; the lines, where somebody reads
/// them, are the same payments in words.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    entries: Vec<Entry>,
    /// Nothing where only sums are wanted.
    lines: Option<Vec<Line>>,
}

impl Journal {
    /// With room for the payments of a usual account, in words too if `worded`.
    pub fn new(worded: bool) -> Self {
        Self {
            entries: Vec::with_capacity(USUAL),
            lines: worded.then(|| Vec::with_capacity(USUAL)),
        }
    }

    /// Writes a payment; its line is only made where lines are read.
    #[inline]
    pub fn write(&mut self, entry: Entry, line: impl FnOnce(Entry) -> Line) {
        self.entries.push(entry);
        if let Some(lines) = &mut self.lines {
            lines.push(line(entry));
        }
    }

    /// Writes a line that is there already.
    pub fn copy(&mut self, line: &Line) {
        let entry = Entry {
            year: line.year,
            payer: line.payer,
            purpose: line.purpose,
            amount: line.amount,
        };
        self.write(entry, |_| line.clone());
    }

    /// Its payments added up, up to the horizon.
    pub fn tally(&self, horizon: u16) -> Tally {
        Tally::new(&self.entries, horizon)
    }

    /// The sum of the payments that `wanted` picks.
    pub fn sum(&self, wanted: impl Fn(&Entry) -> bool) -> Money {
        let picked = self.entries.iter().filter(|entry| wanted(entry));
        picked.map(|entry| entry.amount).sum()
    }

    /// The lines in words; none where only sums were wanted.
    pub fn into_ledger(self) -> Ledger {
        Ledger {
            lines: self.lines.unwrap_or_default(),
        }
    }
}

/// Payments of a usual account: purchase, fifteen winters of energy, upkeep and grants.
const USUAL: usize = 128;
