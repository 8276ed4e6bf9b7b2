//! How far an account can be trusted: its money, weighed by the figures on which it rests.

use std::sync::Arc;

use crate::comparison::outcome::{Account, Confidence, ConfidenceLevel, Fit};
use crate::words::kinds::Payer;
use crate::words::ledger::{Line, Purpose};
use crate::words::provenance::{FigureRef, Grade};

/// Least share of sound money of a high confidence.
const HIGH_SOUND: f64 = 0.75;
/// Largest share of weak, and of stale, money of a high confidence.
const HIGH_WEAK: f64 = 0.10;
/// Largest share of weak money of a medium confidence.
const MEDIUM_WEAK: f64 = 0.50;

/// How much of a sum can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    Sound,
    Fair,
    Weak,
}

/// Trust in a figure: A and B are sound, C is fair, D is weak. A figure that nobody has looked at
/// for too long counts one grade lower, one past its date two.
fn trust(grade: Grade, fit: Fit) -> Trust {
    let lower = match fit {
        Fit::Fits | Fit::FilledFromAbove => 0,
        Fit::Unchecked => 1,
        Fit::OutOfDate => 2,
    };
    let rank = match grade {
        Grade::A => 0,
        Grade::B => 1,
        Grade::C => 2,
        Grade::D => 3,
    };
    match rank + lower {
        0 | 1 => Trust::Sound,
        2 => Trust::Fair,
        _ => Trust::Weak,
    }
}

fn is_stale(fit: Fit) -> bool {
    matches!(fit, Fit::Unchecked | Fit::OutOfDate)
}

/// The yearly money of the household behind one figure.
struct Weight<'a> {
    figure: &'a FigureRef,
    yuan: f64,
    /// Whether it pays for energy, which also rests on the machine's performance.
    energy: bool,
}

/// The confidence of an account: first cost spread over the horizon, and the first winter, each
/// line by its size whether it is paid or received.
pub fn confidence(
    account: &Account,
    horizon_years: u16,
    fit: impl Fn(&FigureRef) -> Fit,
) -> Confidence {
    let judged = |figure: &FigureRef| {
        let fit = fit(figure);
        (trust(figure.0.grade, fit), is_stale(fit))
    };
    let terms = account.steps.iter().flat_map(|step| &step.terms);
    let behind: Vec<&FigureRef> = terms.filter_map(|term| term.figure.as_ref()).collect();
    // What the household measured does not rest on the efficiency of a stove.
    let measured = behind.iter().any(|figure| figure.0.source == "case");
    let performance = behind
        .into_iter()
        .filter(|_| !measured)
        .map(judged)
        .fold((Trust::Sound, false), worse);
    let (mut all, mut sound, mut weak, mut stale) = (0.0, 0.0, 0.0, 0.0);
    for weight in weights(&account.ledger.lines, horizon_years) {
        let own = judged(weight.figure);
        let (trust, old) = if weight.energy {
            worse(own, performance)
        } else {
            own
        };
        all += weight.yuan;
        match trust {
            Trust::Sound => sound += weight.yuan,
            Trust::Fair => {}
            Trust::Weak => weak += weight.yuan,
        }
        stale += if old { weight.yuan } else { 0.0 };
    }
    let share = |part: f64| if all > 0.0 { part / all } else { 0.0 };
    let (sound, weak, stale) = (share(sound), share(weak), share(stale));
    Confidence {
        level: level(sound, weak, stale),
        sound,
        weak,
        stale,
    }
}

fn level(sound: f64, weak: f64, stale: f64) -> ConfidenceLevel {
    if weak > MEDIUM_WEAK {
        ConfidenceLevel::Low
    } else if sound >= HIGH_SOUND && weak <= HIGH_WEAK && stale <= HIGH_WEAK {
        ConfidenceLevel::High
    } else {
        ConfidenceLevel::Medium
    }
}

fn worse(a: (Trust, bool), b: (Trust, bool)) -> (Trust, bool) {
    (a.0.max(b.0), a.1 || b.1)
}

/// Sums the household's lines of years 0 and 1 by their figure.
fn weights(lines: &[Line], horizon_years: u16) -> Vec<Weight<'_>> {
    let mut weights: Vec<Weight<'_>> = Vec::new();
    let own = lines.iter().filter(|line| line.payer == Payer::Household);
    for line in own {
        let years = match line.year {
            0 if line.purpose.is_install() => f64::from(horizon_years.max(1)),
            1 if line.purpose.is_running() => 1.0,
            _ => continue,
        };
        let yuan = line.amount.to_f64().abs() / years;
        let energy = matches!(line.purpose, Purpose::Energy(_));
        let same = |weight: &&mut Weight<'_>| {
            Arc::ptr_eq(&weight.figure.0, &line.figure.0) && weight.energy == energy
        };
        match weights.iter_mut().find(same) {
            Some(weight) => weight.yuan += yuan,
            None => weights.push(Weight {
                figure: &line.figure,
                yuan,
                energy,
            }),
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_old_figure_counts_less() {
        // A past its date counts as C, B as D; unchecked A counts as B, unchecked C as D
        assert_eq!(trust(Grade::A, Fit::OutOfDate), Trust::Fair);
        assert_eq!(trust(Grade::B, Fit::OutOfDate), Trust::Weak);
        assert_eq!(trust(Grade::A, Fit::Unchecked), Trust::Sound);
        assert_eq!(trust(Grade::B, Fit::Unchecked), Trust::Fair);
        assert_eq!(trust(Grade::C, Fit::Unchecked), Trust::Weak);
        assert_eq!(trust(Grade::B, Fit::FilledFromAbove), Trust::Sound);
    }

    #[test]
    fn the_bounds_are_those_of_the_page() {
        assert_eq!(level(0.75, 0.10, 0.10), ConfidenceLevel::High);
        assert_eq!(level(0.74, 0.10, 0.0), ConfidenceLevel::Medium);
        assert_eq!(level(0.85, 0.15, 0.0), ConfidenceLevel::Medium);
        assert_eq!(level(0.90, 0.0, 0.11), ConfidenceLevel::Medium);
        assert_eq!(level(0.50, 0.50, 0.0), ConfidenceLevel::Medium);
        assert_eq!(level(0.49, 0.51, 0.0), ConfidenceLevel::Low);
    }

    proptest! {
        #[test]
        fn a_worse_figure_never_helps(grade in 0usize..4, fit in 0usize..4) {
            use crate::words::kinds::Kind;
            let fits = [Fit::Fits, Fit::FilledFromAbove, Fit::Unchecked, Fit::OutOfDate];
            let here = trust(Grade::ALL[grade], fits[fit]);
            if grade > 0 {
                prop_assert!(trust(Grade::ALL[grade - 1], fits[fit]) <= here);
            }
            if fit > 0 {
                prop_assert!(trust(Grade::ALL[grade], fits[fit - 1]) <= here);
            }
        }
    }
}
