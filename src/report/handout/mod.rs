//! The page that a household keeps (明白纸) and the script that is read to it (口播稿).
//!
//! [`content`] says what stands on the page, in words and without a figure of its own; [`script`]
//! says the same aloud; [`page`] sets it by a template (feature `handout`).

pub mod content;
#[cfg(feature = "handout")]
pub mod page;
pub mod script;
pub mod spoken;
#[cfg(feature = "handout")]
mod world;

use jiff::civil::Date;

use crate::comparison::outcome::{Account, Comparison, OptionResult};
use crate::input::county::County;
use crate::questions::roster::order;
use crate::words::fixed::Money;
use crate::words::kinds::{Kind, Payer};
use crate::words::ledger::{Line, Purpose};

/// Most options that a page holds.
pub const MOST: usize = 3;

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The account of the household.
    pub comparison: &'a Comparison,
    /// Whose it is; empty where nobody says.
    pub household: &'a str,
    /// The day that is printed on it.
    pub date: Date,
    /// What the county puts on it.
    pub county: &'a County,
}

impl<'a> Subject<'a> {
    /// The best options that can be had, best first: those that a household can pay for before
    /// those that it cannot, then by the yearly cost of all.
    pub fn best(&self) -> Vec<&'a Account> {
        let options = self.comparison.options.iter();
        let mut best: Vec<&Account> = options.filter_map(OptionResult::account).collect();
        best.sort_by(|a, b| order((&a.verdict, &a.headline), (&b.verdict, &b.headline)));
        best.truncate(MOST);
        best
    }

    /// Winter of an option less today's, of what is printed, so that a reader finds it by
    /// subtraction.
    pub fn versus_today(&self, account: &Account) -> Money {
        let now = self.comparison.today.headline.winter_cost.whole_yuan();
        account.headline.winter_cost.whole_yuan() - now
    }
}

/// What a payer pays towards an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// Who.
    pub payer: Payer,
    /// For the installation.
    pub install: Money,
    /// In the first winter.
    pub winter: Money,
}

/// Who pays for an option, those that pay something, in their fixed order.
pub fn payers(account: &Account) -> Vec<Paid> {
    let sum = |payer, year, wanted: fn(Purpose) -> bool| {
        let of = |line: &Line| line.payer == payer && line.year == year && wanted(line.purpose);
        account.ledger.sum(of)
    };
    let all = Payer::ALL.iter().map(|&payer| Paid {
        payer,
        install: sum(payer, 0, Purpose::is_install),
        winter: sum(payer, 1, Purpose::is_running),
    });
    all.filter(|paid| paid.install != Money::ZERO || paid.winter != Money::ZERO)
        .collect()
}
