//! Words and numbers that several pages of the report share.

use std::fmt::Display;

use crate::comparison::outcome::{Account, AgainstToday, Obstacle, Remark, TooDearToRun, Verdict};
use crate::lifecycle::Payback;
use crate::report::messages::Messages;
use crate::report::table::number;
use crate::subsidy::award::{Cap, Reason};
use crate::words::fixed::Money;
use crate::words::ledger::{Line, Purpose};

/// Money in whole yuan, rounded half away from zero.
pub fn yuan(money: Money) -> String {
    number(money.to_f64().abs().round().copysign(money.to_f64()), 0)
}

/// A difference in whole yuan with its sign.
pub fn signed_yuan(money: Money) -> String {
    let text = yuan(money);
    if money > Money::ZERO && text != "0" {
        format!("+{text}")
    } else {
        text
    }
}

/// A share as percent.
pub fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{}%", number(share * 100.0, 0))
    } else {
        "-".to_owned()
    }
}

/// A payback in words.
pub fn payback(payback: Payback, messages: &Messages) -> String {
    match payback {
        Payback::AtOnce => messages.text("payback-at-once"),
        Payback::After(years) => {
            let years = number(years, 1);
            messages.with("payback-after", &[("years", &years)])
        }
        Payback::Never => messages.text("payback-never"),
        Payback::NotDefined => messages.text("payback-not-defined"),
    }
}

/// The verdict on an option: which of the two costs is too much, and how the winter stands against
/// today's.
pub fn verdict(verdict: &Verdict, messages: &Messages) -> String {
    let winter = match verdict.winter {
        AgainstToday::Cheaper => "verdict-cheaper",
        AgainstToday::CheaperWithGrants => "verdict-cheaper-with-grants",
        AgainstToday::Same => "verdict-same",
        AgainstToday::Dearer => "verdict-dearer",
    };
    let (dear, winter) = (dear(verdict, messages), messages.text(winter));
    messages.with("verdict", &[("dear", &dear), ("winter", &winter)])
}

/// Which of the two costs is too much: that of the equipment or that of the winter.
pub fn dear(verdict: &Verdict, messages: &Messages) -> String {
    let install = verdict.too_dear_to_install;
    messages.text(match (install, verdict.too_dear_to_run) {
        (false, TooDearToRun::No) => "verdict-neither",
        (true, TooDearToRun::No) => "verdict-install",
        (false, TooDearToRun::AfterGrants) => "verdict-run-later",
        (false, TooDearToRun::Now) => "verdict-run",
        (true, TooDearToRun::AfterGrants) => "verdict-install-and-run-later",
        (true, TooDearToRun::Now) => "verdict-install-and-run",
    })
}

/// Why an option cannot be had.
pub fn obstacle(obstacle: &Obstacle, messages: &Messages) -> String {
    let pair = |key: &str, needs: f64, has: f64| {
        let (needs, has) = (number(needs, 1), number(has, 1));
        messages.with(key, &[("needs", &needs), ("has", &has)])
    };
    match obstacle {
        Obstacle::NoGasMain => messages.text("obstacle-no-gas-main"),
        Obstacle::NoHeatNetwork => messages.text("obstacle-no-heat-network"),
        Obstacle::SupplyTooWeak { needs, spare } => {
            pair("obstacle-supply", needs.value(), spare.value())
        }
        Obstacle::RoofTooSmall { needs, has } => pair("obstacle-roof", needs.value(), has.value()),
        Obstacle::YardTooSmall { needs, has } => pair("obstacle-yard", needs.value(), has.value()),
        Obstacle::NoBiomass => messages.text("obstacle-no-biomass"),
        Obstacle::NoPrice { carrier } => {
            let carrier = messages.kind("carrier", *carrier);
            messages.with("obstacle-no-price", &[("carrier", &carrier)])
        }
        Obstacle::NoSize { load, largest } => {
            pair("obstacle-no-size", load.value(), largest.value())
        }
        Obstacle::Dwelling => messages.text("obstacle-dwelling"),
        Obstacle::CoalForbidden => messages.text("obstacle-coal-forbidden"),
    }
}

/// A remark in words.
pub fn remark(remark: &Remark, messages: &Messages) -> String {
    let values: Vec<(&str, &dyn Display)> = remark
        .values
        .iter()
        .map(|(name, value)| (*name, value as &dyn Display))
        .collect();
    messages.with(remark.message, &values)
}

/// What a line is paid for, with its name, hour class and tier.
pub fn line(line: &Line, messages: &Messages) -> String {
    let mut text = purpose(line.purpose, messages);
    let name = messages.name(&line.detail.name);
    if !name.is_empty() && name != text {
        text = format!("{text} {name}");
    }
    if let Some(class) = line.detail.hour_class {
        text = format!("{text} {}", messages.member("hour", class));
    }
    if let Some(tier) = line.detail.tier {
        text = format!("{text} {}", messages.with("tier", &[("tier", &tier)]));
    }
    text
}

/// What money is paid for.
pub fn purpose(purpose: Purpose, messages: &Messages) -> String {
    match purpose {
        Purpose::Install(item) => messages.kind("item", item),
        Purpose::InstallSubsidy => messages.text("purpose-install-subsidy"),
        Purpose::Energy(carrier) => messages.kind("carrier", carrier),
        Purpose::Upkeep => messages.text("purpose-upkeep"),
        Purpose::Labour => messages.text("purpose-labour"),
        Purpose::RunningSubsidy => messages.text("purpose-running-subsidy"),
        Purpose::Export => messages.text("purpose-export"),
        Purpose::Replacement(item) => {
            let item = messages.kind("item", item);
            messages.with("purpose-replacement", &[("item", &item)])
        }
        Purpose::Residual => messages.text("purpose-residual"),
        Purpose::Loan => messages.text("purpose-loan"),
    }
}

/// What bounded a grant.
pub fn cap(cap: &Cap, messages: &Messages) -> String {
    let with = |key: &str, value: &dyn Display| messages.with(key, &[("value", value)]);
    match cap {
        Cap::Piece(money) => with("cap-piece", money),
        Cap::Household(money) => with("cap-household", money),
        Cap::Winter(money) => with("cap-winter", money),
        Cap::Quantity(quantity) => with("cap-quantity", quantity),
        Cap::Step(money) => with("cap-step", money),
        Cap::Joint(_, money) => with("cap-joint", money),
        Cap::Price(money) => with("cap-price", money),
        Cap::Bill(money) => with("cap-bill", money),
    }
}

/// The name of a rule that the account mentions, by its id.
fn rule_name(id: &str, account: &Account, messages: &Messages) -> String {
    let paid = account.grants.iter().map(|it| (&it.rule, &it.name));
    let refused = account.refusals.iter().map(|it| (&it.rule, &it.name));
    let found = paid.chain(refused).find(|(rule, _)| ***rule == *id);
    found.map_or_else(|| id.to_owned(), |(_, name)| messages.name(name).to_owned())
}

/// Why a rule does not pay.
pub fn reason(reason: &Reason, account: &Account, messages: &Messages) -> String {
    let with = |key: &str, value: &dyn Display| messages.with(key, &[("value", value)]);
    match reason {
        Reason::Heater(kind) => with("refused-heater", &messages.kind("heater", *kind)),
        Reason::Category(category) => {
            with("refused-category", &messages.kind("category", *category))
        }
        Reason::Dwelling => messages.text("refused-dwelling"),
        Reason::NotRegistered => messages.text("refused-not-registered"),
        Reason::FactMissing(fact) => with("refused-fact-missing", &messages.member("fact", fact)),
        Reason::FactExcludes(fact) => with("refused-fact-excludes", &messages.member("fact", fact)),
        Reason::ConvertedBefore(date) => with("refused-converted-before", date),
        Reason::ConvertedAfter(date) => with("refused-converted-after", date),
        Reason::Area(area) => with("refused-area", area),
        Reason::Rated(power) => with("refused-rated", power),
        Reason::People(people) => with("refused-people", people),
        Reason::NotYet(date) => with("refused-not-yet", date),
        Reason::Expired(date) => with("refused-expired", date),
        Reason::BeforeConversion => messages.text("refused-before-conversion"),
        Reason::CoalAgain { repay: false } => messages.text("refused-coal-again"),
        Reason::CoalAgain { repay: true } => messages.text("refused-coal-again-repay"),
        Reason::MachineTooYoung(years) => with("refused-machine-too-young", years),
        Reason::OtherMode(carrier) => {
            with("refused-other-mode", &messages.kind("carrier", *carrier))
        }
        Reason::LockedUntil(winter) => with("refused-locked-until", winter),
        Reason::ExcludedBy(rule) => {
            with("refused-excluded-by", &rule_name(rule, account, messages))
        }
        Reason::OtherReading { parameter, chosen } => messages.with(
            "refused-other-reading",
            &[("parameter", parameter), ("chosen", chosen)],
        ),
        Reason::NothingBought(item) => {
            with("refused-nothing-bought", &messages.kind("item", *item))
        }
        Reason::NoTenderPrice => messages.text("refused-no-tender-price"),
        Reason::YearNotListed(year) => with("refused-year-not-listed", year),
        Reason::NothingUsed(carrier) => {
            with("refused-nothing-used", &messages.kind("carrier", *carrier))
        }
        Reason::BelowFloor(floor) => with("refused-below-floor", floor),
        Reason::NotDearerThanToday => messages.text("refused-not-dearer"),
        Reason::CapUsedUp(cap) => with("refused-cap-used-up", cap),
        Reason::NothingLeft => messages.text("refused-nothing-left"),
        Reason::StepNotReached => messages.text("refused-step-not-reached"),
        Reason::PhaseOutEnded => messages.text("refused-phase-out-ended"),
        Reason::RoundsToNothing => messages.text("refused-rounds-to-nothing"),
    }
}

/// The name of an account's option.
pub fn option_name(account: &Account, messages: &Messages) -> String {
    match account.kind {
        // Today's stove goes by its kind: its size is nobody's question.
        Some(kind) if account.id == "today" => {
            let name = messages.kind("heater", kind);
            messages.with("today-name", &[("name", &name)])
        }
        _ => messages.name(&account.name).to_owned(),
    }
}
