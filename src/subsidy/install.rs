//! The amount of an install grant before it is split among its payers.

use crate::subsidy::award::{Cap, Reason};
use crate::subsidy::evaluate::Proposal;
use crate::subsidy::household::{Applicant, Purchase, PurchasedItem};
use crate::subsidy::rule::{Install, InstallBase, Ratio, Recipient};
use crate::words::fixed::{ExactYuan, Fixed, Money, Rounding};

/// What the household still owes for each item of its purchase.
pub(super) struct Owed {
    /// In the order of the purchase.
    pub left: Vec<Money>,
}

impl Owed {
    /// Nothing granted yet.
    pub fn new(purchase: &Purchase) -> Self {
        Self {
            left: purchase.items.iter().map(|item| item.amount).collect(),
        }
    }

    /// The sum still owed for the items that a rule counts.
    fn sum(&self, install: &Install, purchase: &Purchase) -> Money {
        let pairs = purchase.items.iter().zip(&self.left);
        pairs
            .filter(|(item, _)| counts(install, item))
            .map(|(_, left)| *left)
            .sum()
    }

    /// Takes a grant off the items that its rule counts, in proportion to what they still cost.
    pub fn take(&mut self, install: &Install, purchase: &Purchase, amount: Money) {
        let weights: Vec<Fixed> = purchase
            .items
            .iter()
            .zip(&self.left)
            .map(|(item, left)| {
                if counts(install, item) {
                    left.to_fixed()
                } else {
                    Fixed::ZERO
                }
            })
            .collect();
        for (left, part) in self.left.iter_mut().zip(amount.split(&weights)) {
            *left -= part;
        }
    }
}

/// Whether a rule counts an item: of its kinds, and its pieces not too small.
fn counts(install: &Install, item: &PurchasedItem) -> bool {
    install.items.contains(&item.item)
        && per_piece(item.amount, item.quantity) >= install.smallest_item
}

fn per_piece(amount: Money, pieces: Fixed) -> Money {
    amount.ratio(Fixed::ONE, pieces, Rounding::HalfUp)
}

/// Computes the grant of a rule on a purchase of which `owed` is still to be paid.
pub(super) fn propose(
    install: &Install,
    to: Recipient,
    more: Money,
    applicant: &Applicant,
    purchase: &Purchase,
    owed: &Owed,
    rounding: Rounding,
) -> Result<Proposal, Reason> {
    let counted = || purchase.items.iter().filter(|item| counts(install, item));
    let bought = counted().next().is_some();
    if !bought && to == Recipient::Household {
        let kind = install.items.first().copied();
        return Err(kind.map_or(Reason::NothingLeft, Reason::NothingBought));
    }
    let price: Money = counted().map(|item| item.amount).sum();
    let left = owed.sum(install, purchase);
    let pieces: Fixed = counted().map(|item| item.quantity).sum();
    let mut proposal = base(install, applicant, more, counted(), left, rounding)?;
    proposal.base = price;
    if let Some(cap) = install.cap_per_piece {
        let all = ExactYuan::of(cap.to_fixed(), pieces).to_money(Rounding::Down);
        proposal.limit(all, Cap::Piece(cap));
    }
    if let Some(cap) = install.cap {
        let extra = install
            .cap_extra
            .iter()
            .filter(|extra| extra.categories.contains(&applicant.category));
        let cap = cap + more + extra.map(|extra| extra.more).sum();
        proposal.limit(cap, Cap::Household(cap));
    }
    proposal.spares_household = bought && to != Recipient::TownPool;
    if proposal.spares_household {
        proposal.limit(left, Cap::Price(left));
    }
    Ok(proposal)
}

/// The grant before caps.
fn base<'a>(
    install: &Install,
    applicant: &Applicant,
    more: Money,
    items: impl Iterator<Item = &'a PurchasedItem> + Clone,
    left: Money,
    rounding: Rounding,
) -> Result<Proposal, Reason> {
    let price = || items.clone().map(|item| item.amount).sum::<Money>();
    let share = |rate: Ratio, of: Money| Proposal::share(rate, of, rounding);
    let proposal = match &install.base {
        InstallBase::Price(rate) => share(*rate, price()),
        InstallBase::Reference(rate, reference) => {
            let piece = |item: &PurchasedItem| {
                let all = ExactYuan::of(reference.to_fixed(), item.quantity).to_money(rounding);
                item.amount.min(all)
            };
            share(*rate, items.clone().map(piece).sum())
        }
        InstallBase::Tender(rate, stated) => {
            let named = || items.clone().map(|item| item.tender_price).sum();
            share(*rate, stated.or_else(named).ok_or(Reason::NoTenderPrice)?)
        }
        InstallBase::Ceiling {
            rate,
            unit_cny,
            size,
        } => share(*rate, ExactYuan::of(*unit_cny, *size).to_money(rounding)),
        InstallBase::Area(cny, most) => {
            let area = Fixed::from_f64(applicant.heated_area.value());
            by_size(*cny, area, *most, "m2", rounding)
        }
        InstallBase::Rated(cny, most) => {
            let rated = Fixed::from_f64(applicant.rated.value());
            by_size(*cny, rated, *most, "kW", rounding)
        }
        InstallBase::Pieces(cny, most) => {
            let pieces = items.clone().map(|item| item.quantity).sum();
            by_size(*cny, pieces, *most, "set", rounding)
        }
        InstallBase::Flat(sum) => Proposal::flat(*sum + more),
        InstallBase::ByYear(years) => Proposal::flat(by_year(years, applicant)?),
        InstallBase::AllBut(own) => Proposal::flat((price() - *own).max(Money::ZERO)),
        InstallBase::Remaining(rate) => share(*rate, left),
        InstallBase::OfTotal { total, household } => {
            let (part, whole) = (household.whole - household.part, household.whole);
            Proposal {
                // The household's share is rounded, the governments' take the rest.
                before_caps: *total - household.of(*total, rounding),
                ..share(Ratio { part, whole }, *total)
            }
        }
    };
    Ok(proposal.start())
}

/// A sum per unit of size, for at most so many units.
fn by_size(
    cny: Fixed,
    size: Fixed,
    most: Option<Fixed>,
    unit: &'static str,
    rounding: Rounding,
) -> Proposal {
    let counted = size.min(most.unwrap_or(Fixed::MAX));
    let mut proposal = Proposal::per_unit(counted, unit, cny, rounding);
    if counted < size {
        proposal.limited_by = Some(Cap::Quantity(counted));
    }
    proposal
}

fn by_year(years: &[(i16, Money)], applicant: &Applicant) -> Result<Money, Reason> {
    let year = applicant
        .day()
        .map_or(applicant.converted.0, |day| day.year());
    let found = years.iter().find(|(listed, _)| *listed == year);
    found
        .map(|(_, sum)| *sum)
        .ok_or(Reason::YearNotListed(year))
}
