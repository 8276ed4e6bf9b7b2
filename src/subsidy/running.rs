//! The amount of a winter's grant before it is split among its payers.

use crate::subsidy::alike::Conversion;
use crate::subsidy::award::{Cap, Reason};
use crate::subsidy::evaluate::Proposal;
use crate::subsidy::household::{Applicant, CarrierUse, WinterUse};
use crate::subsidy::rule::{
    BandKind, Bands, Bounds, CapExtra, Clock, Hours, Measure, PerUnit, Ratio, Running, RunningBase,
    SeasonMonths, Step, UseUnit, Way,
};
use crate::words::calendar::Winter;
use crate::words::fixed::{ExactYuan, Fixed, Money, Rounding};

/// Computes the grant of a rule for a winter of whose bill `owed` is still to be paid.
pub(super) fn propose(
    running: &Running,
    way: Way,
    more: Money,
    applicant: &Applicant,
    winter: &WinterUse,
    owed: Money,
    rounding: Rounding,
) -> Result<Proposal, Reason> {
    let step = step(&running.clock, applicant.conversion(), winter.winter)?;
    let mut proposal = base(running, more, applicant, winter, owed, rounding)?;
    proposal.base = winter.total();
    let extra = extra(&running.cap_extra, applicant);
    let factor = match step {
        Some(Step::Factor(factor)) => factor,
        _ => Ratio::ONE,
    };
    proposal.scale(factor, rounding);
    let cap = running
        .cap
        .map(|cap| factor.of(cap + more, rounding) + extra);
    if let Some(cap) = cap {
        proposal.limit(cap, Cap::Winter(cap));
    }
    if let Some(Step::Cap(cap)) = step {
        let cap = cap + extra;
        proposal.limit(cap, Cap::Step(cap));
    }
    let promised = match step {
        Some(Step::Cap(cap)) => Some(cap + extra),
        _ => cap,
    };
    proposal.limit(owed, Cap::Bill(owed));
    let credit = matches!(way, Way::CardCredit | Way::BillDeduction | Way::InKind);
    if credit
        && matches!(running.base, RunningBase::Bill(_))
        && let Some(promised) = promised
    {
        proposal.returned = (promised - proposal.amount).max(Money::ZERO);
    }
    proposal.spares_household = true;
    Ok(proposal)
}

fn extra(extras: &[CapExtra], applicant: &Applicant) -> Money {
    let mine = extras
        .iter()
        .filter(|extra| extra.categories.contains(&applicant.category));
    mine.map(|extra| extra.more).sum()
}

/// The step that the clock sets for a winter; nothing where it pays without one.
pub(super) fn step(
    clock: &Clock,
    conversion: Conversion,
    winter: Winter,
) -> Result<Option<Step>, Reason> {
    let lived = winter.0 - conversion.winter.0;
    let Ok(lived) = usize::try_from(lived) else {
        return Err(Reason::BeforeConversion);
    };
    match clock {
        Clock::Always => Ok(None),
        Clock::FirstWinters(n) if lived < usize::from(*n) => Ok(None),
        Clock::FirstWinters(_) => Err(Reason::PhaseOutEnded),
        Clock::SinceJoining { steps, hold } => since_joining(steps, *hold, lived, winter),
        Clock::BySeason { after, steps } => {
            if lived < usize::from(*after) {
                return Err(Reason::StepNotReached);
            }
            let past = steps.last().is_none_or(|(last, _)| winter > *last);
            let found = steps.iter().find(|(season, _)| *season == winter);
            match found {
                Some((_, step)) => Ok(Some(*step)),
                None if past => Err(Reason::PhaseOutEnded),
                None => Err(Reason::StepNotReached),
            }
        }
        Clock::ByConversionYear(years) => {
            let year = conversion.day.map_or(conversion.winter.0, |day| day.year());
            match years.iter().find(|(listed, _)| *listed == year) {
                None => Err(Reason::YearNotListed(year)),
                Some((_, n)) if lived < usize::from(*n) => Ok(None),
                Some(_) => Err(Reason::PhaseOutEnded),
            }
        }
    }
}

/// With a hold (k, w): steps before k by winters lived; step k comes when k winters have been
/// lived, but not before winter w; the steps after it follow one a winter.
fn since_joining(
    steps: &[Step],
    hold: Option<(usize, Winter)>,
    lived: usize,
    winter: Winter,
) -> Result<Option<Step>, Reason> {
    let index = match hold {
        Some((first, from)) if lived >= first => {
            let waited = usize::try_from(winter.0 - from.0).map_err(|_| Reason::StepNotReached)?;
            first + waited.min(lived - first)
        }
        _ => lived,
    };
    let step = steps.get(index).ok_or(Reason::PhaseOutEnded)?;
    Ok(Some(*step))
}

/// The grant before factor and money caps.
fn base(
    running: &Running,
    more: Money,
    applicant: &Applicant,
    winter: &WinterUse,
    owed: Money,
    rounding: Rounding,
) -> Result<Proposal, Reason> {
    let season = &running.season;
    let bill = winter.bill.iter().enumerate();
    let counted = bill.filter(|(month, _)| season.counts(*month));
    let bill_of_season: Money = counted.clone().map(|(_, bill)| *bill).sum();
    Ok(match &running.base {
        RunningBase::PerUnit(per) => return per_unit(running, per, applicant, winter, rounding),
        RunningBase::Bill(rate) => Proposal::share(*rate, bill_of_season, rounding),
        RunningBase::OverToday(rate) => {
            let today = winter.today.ok_or(Reason::NotDearerThanToday)?;
            let over = winter.total() - today;
            if over <= Money::ZERO {
                return Err(Reason::NotDearerThanToday);
            }
            Proposal::share(*rate, over, rounding)
        }
        RunningBase::Remaining(rate) => Proposal::share(*rate, owed, rounding),
        RunningBase::PerWinter(sum) => {
            Proposal::per_unit(Fixed::ONE, "winter", (*sum + more).to_fixed(), rounding)
        }
        RunningBase::PerMonth(sum) => {
            let months = counted.filter(|(_, bill)| **bill > Money::ZERO).count();
            let months = Fixed::whole(months as i64);
            Proposal::per_unit(months, "month", sum.to_fixed(), rounding)
        }
    }
    .start())
}

fn per_unit(
    running: &Running,
    per: &PerUnit,
    applicant: &Applicant,
    winter: &WinterUse,
    rounding: Rounding,
) -> Result<Proposal, Reason> {
    let used = if per.unit == UseUnit::Bottle {
        winter.bottles
    } else {
        let found = winter.carriers.iter().find(|it| it.carrier == per.carrier);
        let used = found.ok_or(Reason::NothingUsed(per.carrier))?;
        heating_use(per, used, &running.season)
    };
    if used <= Fixed::ZERO {
        return Err(Reason::NothingUsed(per.carrier));
    }
    let people = Fixed::whole(i64::from(applicant.people));
    let by_people = running
        .cap_quantity_per_person
        .map_or(Fixed::MAX, |cap| cap.times(people));
    let most = running.cap_quantity.unwrap_or(Fixed::MAX).min(by_people);
    let counted = used.min(most);
    let sum = price(&per.bands, counted);
    if sum.0 == 0 {
        return Err(Reason::BelowFloor(counted));
    }
    let before_caps = sum.to_money(rounding);
    let mut proposal = Proposal {
        quantity: counted,
        unit: per.unit.label(),
        rate: mean_price(&per.bands, counted, before_caps),
        before_caps,
        ..Proposal::default()
    }
    .start();
    if counted < used {
        proposal.limited_by = Some(Cap::Quantity(counted));
    }
    Ok(proposal)
}

/// Heating use of the season by the rule's way of measuring.
fn heating_use(per: &PerUnit, used: &CarrierUse, season: &SeasonMonths) -> Fixed {
    let (heating, living) = match per.hours {
        Hours::All => (&used.heating, &used.living),
        Hours::Valley => (&used.heating_valley, &used.living_valley),
    };
    let months = heating.iter().zip(living).enumerate();
    let counted = months.filter(|(month, _)| season.counts(*month));
    let total = |(heat, live): (&Fixed, &Fixed)| *heat + *live;
    match &per.measured {
        Measure::OwnMeter => counted.map(|(_, (heat, _))| *heat).sum(),
        Measure::SeasonTotal => counted.map(|(_, month)| total(month)).sum(),
        Measure::LessMonthly {
            living,
            months,
            may_go_negative,
        } => {
            let mut parts = deductions(living.times(*months), season);
            let over = counted.map(|(i, month)| {
                let part = parts.get_mut(i).map(std::mem::take).unwrap_or_default();
                let over = total(month) - part;
                if *may_go_negative {
                    over
                } else {
                    over.max(Fixed::ZERO)
                }
            });
            over.sum::<Fixed>().max(Fixed::ZERO)
        }
        Measure::LessMeanOf(base_months) => {
            let all = heating.iter().zip(living).enumerate();
            let base = all.filter(|(month, _)| base_months.contains(month));
            let sum: Fixed = base.map(|(_, month)| total(month)).sum();
            let mean = sum.share(Fixed::ONE, Fixed::whole(base_months.len() as i64));
            counted
                .map(|(_, month)| (total(month) - mean).max(Fixed::ZERO))
                .sum()
        }
    }
}

/// A season's living use, by month in proportion to its days of the season; the parts sum to the
/// whole exactly.
fn deductions(whole: Fixed, season: &SeasonMonths) -> [Fixed; 12] {
    let days: i64 = season.days.iter().map(|&days| i64::from(days)).sum();
    let mut parts = [Fixed::ZERO; 12];
    let (mut passed, mut given) = (0, Fixed::ZERO);
    for (part, &own) in parts.iter_mut().zip(&season.days) {
        passed += i64::from(own);
        let so_far = whole.share(Fixed::whole(passed), Fixed::whole(days));
        *part = so_far - given;
        given = so_far;
    }
    parts
}

/// What a quantity is worth under its bands.
fn price(bands: &Bands, quantity: Fixed) -> ExactYuan {
    match bands.kind {
        BandKind::WholeQuantity => ExactYuan::of(quantity, reached(bands, quantity)),
        BandKind::Marginal => {
            let uppers = bands.up_to.iter().copied().chain([Fixed::MAX]);
            let lowers = [Fixed::ZERO].into_iter().chain(bands.up_to.iter().copied());
            let parts = lowers.zip(uppers).zip(&bands.prices);
            parts
                .map(|((low, high), price)| {
                    let own = quantity.min(high) - low;
                    ExactYuan::of(own.max(Fixed::ZERO), *price)
                })
                .sum()
        }
    }
}

/// The price of the band that a quantity reaches.
fn reached(bands: &Bands, quantity: Fixed) -> Fixed {
    let below = |bound: &&Fixed| match bands.bounds {
        Bounds::Inclusive => quantity > **bound,
        Bounds::Exclusive => quantity >= **bound,
    };
    let band = bands.up_to.iter().take_while(below).count();
    bands.prices.get(band).copied().unwrap_or_default()
}

fn mean_price(bands: &Bands, quantity: Fixed, sum: Money) -> Fixed {
    match bands.kind {
        BandKind::WholeQuantity => reached(bands, quantity),
        BandKind::Marginal if bands.up_to.is_empty() => reached(bands, quantity),
        BandKind::Marginal => Fixed::from_f64(sum.to_f64() / quantity.to_f64()),
    }
}
