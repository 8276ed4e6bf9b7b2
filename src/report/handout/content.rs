//! What stands on the page of a household, in words, ready to be set. Templates get it as JSON;
//! its keys are described in `docs/how-to/handout.md`.

use serde::Serialize;

use crate::comparison::outcome::{
    Account, Comparison, ConfidenceLevel, FilledIn, Fit, OptionResult, Remark, TooDearToRun,
};
use crate::report::account::obstacles;
use crate::report::handout::{Paid, Subject, payers};
use crate::report::messages::{Lang, Messages};
use crate::report::table::{grouped, number};
use crate::report::words;
use crate::words::fixed::{Fixed, Money, Rounding};
use crate::words::kinds::{Carrier, Kind, Payer};
use crate::words::ledger::Purpose;

/// The page of one household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// `zh` or `en`.
    pub lang: &'static str,
    /// Title of the page.
    pub title: String,
    /// The place.
    pub place: String,
    /// Winter and house.
    pub about: String,
    /// `户主：`.
    pub household_label: String,
    /// Whose page it is; empty where nobody says.
    pub household: String,
    /// What the first glance says: the option that the large numbers belong to.
    pub lead: String,
    /// The large numbers, at most five.
    pub numbers: Vec<Number>,
    /// Today's heating beside the best options.
    pub options: Grid,
    /// By which rule they were chosen.
    pub rule: String,
    /// Who pays for the first of them.
    pub payers: Grid,
    /// What could make it dearer.
    pub dearer: List,
    /// What nobody asked the household and was taken as usual here.
    pub assumed: List,
    /// A line of the county's own; empty if it has none.
    pub note: String,
    /// Who gives the page out, where to ask, the day and the data.
    pub foot: Vec<String>,
    /// Who signs.
    pub signatures: Vec<String>,
}

/// A large number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Number {
    /// What it is.
    pub label: String,
    /// The number.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// What must be said with it; may be empty.
    pub note: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// What it shows.
    pub title: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows, as long as the heads; none if there is nothing to show.
    pub rows: Vec<Vec<String>>,
}

/// A list of sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct List {
    /// What they are.
    pub title: String,
    /// The sentences.
    pub lines: Vec<String>,
}

/// The page of a household.
pub fn page(subject: &Subject<'_>, messages: &Messages) -> Page {
    let best = subject.best();
    let first = best.first().copied();
    let county = subject.county;
    Page {
        lang: match messages.lang() {
            Lang::Zh => "zh",
            Lang::En => "en",
        },
        title: title(subject, messages),
        place: messages.name(&subject.comparison.place).to_owned(),
        about: about(subject.comparison, messages),
        household_label: messages.text("handout-household"),
        household: subject.household.to_owned(),
        lead: lead(first, messages),
        numbers: numbers(subject, first, messages),
        options: options(subject, &best, messages),
        rule: first.map_or_else(String::new, |_| messages.text("handout-rule")),
        payers: payer_grid(first, messages),
        dearer: List {
            title: messages.text(match first {
                Some(_) => "handout-dearer",
                None => "handout-why-none",
            }),
            lines: match first {
                Some(_) => dearer(subject, &best, messages),
                None => impossible(subject.comparison, messages),
            },
        },
        assumed: List {
            title: messages.text("handout-assumed"),
            lines: assumed(subject.comparison, first, messages),
        },
        note: county.note.clone().unwrap_or_default(),
        foot: foot(subject, messages),
        signatures: vec![
            messages.text("handout-sign-household"),
            messages.text("handout-sign-village"),
            messages.text("handout-sign-day"),
        ],
    }
}

/// The county's title, or the usual one.
pub fn title(subject: &Subject<'_>, messages: &Messages) -> String {
    let own = subject.county.title.clone();
    own.unwrap_or_else(|| messages.text("handout-title"))
}

/// Which option is best, and if it is too dear all the same.
pub fn lead(first: Option<&Account>, messages: &Messages) -> String {
    let Some(account) = first else {
        return messages.text("handout-lead-none");
    };
    let option = words::option_name(account, messages);
    if is_dear(account) {
        let dear = words::dear(&account.verdict, messages);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("option", &option), ("dear", &dear)];
        return messages.with("handout-lead-dear", &values);
    }
    messages.with("handout-lead", &[("option", &option)])
}

fn about(comparison: &Comparison, messages: &Messages) -> String {
    let area = number(comparison.household.heated_area.value(), 0);
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("winter", &comparison.winter), ("area", &area)];
    messages.with("handout-about", &values)
}

/// The five numbers of the best option; those of today's winter where there is none.
fn numbers(subject: &Subject<'_>, first: Option<&Account>, messages: &Messages) -> Vec<Number> {
    let Some(account) = first else {
        let now = &subject.comparison.today.headline;
        return vec![
            paid("handout-now-winter", now.winter_cost, messages),
            a_day(now.per_day, messages),
        ];
    };
    let headline = &account.headline;
    let mut after = if headline.after_subsidy.is_negative() {
        paid("handout-after-earn", -headline.after_subsidy, messages)
    } else {
        paid("handout-after", headline.after_subsidy, messages)
    };
    after.note = subsidy_end(account, messages);
    let winter = if headline.winter_cost.is_negative() {
        paid("handout-winter-earn", -headline.winter_cost, messages)
    } else {
        paid("handout-winter-cost", headline.winter_cost, messages)
    };
    vec![
        paid("handout-self-pay", headline.self_pay, messages),
        winter,
        a_day(headline.per_day, messages),
        change(subject.versus_today(account), messages),
        after,
    ]
}

fn paid(label: &str, money: Money, messages: &Messages) -> Number {
    Number {
        label: messages.text(label),
        value: words::yuan(money),
        unit: messages.text("handout-yuan"),
        note: String::new(),
    }
}

fn a_day(money: Money, messages: &Messages) -> Number {
    let label = if money.is_negative() {
        "handout-day-earn"
    } else {
        "handout-day"
    };
    Number {
        label: messages.text(label),
        value: number(money.to_f64().abs(), 1),
        unit: messages.text("handout-yuan"),
        note: String::new(),
    }
}

fn change(versus: Money, messages: &Messages) -> Number {
    if versus > Money::ZERO {
        paid("handout-more", versus, messages)
    } else {
        paid("handout-less", -versus, messages)
    }
}

/// When the running grants end, or that there are none.
fn subsidy_end(account: &Account, messages: &Messages) -> String {
    let headline = &account.headline;
    match headline.subsidy_ends {
        Some(winter) => messages.with("handout-ends", &[("winter", &winter)]),
        None if has_running_grants(account) => messages.text("handout-ends-unknown"),
        None => messages.text("handout-ends-none"),
    }
}

fn has_running_grants(account: &Account) -> bool {
    let headline = &account.headline;
    headline.after_subsidy != headline.winter_cost
}

/// Today's heating and the best options, one row each.
fn options(subject: &Subject<'_>, best: &[&Account], messages: &Messages) -> Grid {
    let heads = [
        "handout-head-option",
        "handout-head-self-pay",
        "handout-head-winter",
        "handout-head-day",
        "handout-head-change",
        "handout-head-after",
        "handout-head-dear",
    ];
    let today = &subject.comparison.today;
    let mut rows = vec![vec![
        words::option_name(today, messages),
        String::new(),
        earned(today.headline.winter_cost, messages),
        day_cell(today.headline.per_day, messages),
        String::new(),
        String::new(),
        String::new(),
    ]];
    rows.extend(best.iter().map(|account| row(subject, account, messages)));
    Grid {
        title: messages.text("handout-options"),
        heads: heads.map(|key| messages.text(key)).to_vec(),
        rows,
    }
}

fn row(subject: &Subject<'_>, account: &Account, messages: &Messages) -> Vec<String> {
    let headline = &account.headline;
    let versus = subject.versus_today(account);
    let yuan = words::yuan(versus.max(-versus));
    let change = if versus > Money::ZERO {
        messages.with("handout-cell-more", &[("yuan", &yuan)])
    } else {
        messages.with("handout-cell-less", &[("yuan", &yuan)])
    };
    let mut after = earned(headline.after_subsidy, messages);
    if let Some(winter) = headline.subsidy_ends {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("yuan", &after), ("winter", &winter)];
        after = messages.with("handout-cell-after", &values);
    }
    vec![
        words::option_name(account, messages),
        words::yuan(headline.self_pay),
        earned(headline.winter_cost, messages),
        day_cell(headline.per_day, messages),
        change,
        after,
        affordable(account, messages),
    ]
}

/// Whether a household can afford it, or which of the two costs is too much.
fn affordable(account: &Account, messages: &Messages) -> String {
    if is_dear(account) {
        words::dear(&account.verdict, messages)
    } else {
        messages.text("handout-affordable")
    }
}

fn is_dear(account: &Account) -> bool {
    let verdict = &account.verdict;
    verdict.too_dear_to_install || verdict.too_dear_to_run != TooDearToRun::No
}

fn day_cell(money: Money, messages: &Messages) -> String {
    let yuan = number(money.to_f64().abs(), 1);
    if money.is_negative() {
        messages.with("handout-cell-earn", &[("yuan", &yuan)])
    } else {
        yuan
    }
}

/// What a winter costs or brings in, as a part of a sentence.
pub fn costs(money: Money, messages: &Messages) -> String {
    let yuan = words::yuan(money.max(-money));
    let key = if money.is_negative() && yuan != "0" {
        "say-earns"
    } else {
        "say-costs"
    };
    messages.with(key, &[("yuan", &yuan)])
}

/// Money that is paid, or that comes in where it is less than nothing.
fn earned(money: Money, messages: &Messages) -> String {
    if money.is_negative() && words::yuan(money) != "0" {
        messages.with("handout-cell-earn", &[("yuan", &words::yuan(-money))])
    } else {
        words::yuan(money)
    }
}

fn payer_grid(first: Option<&Account>, messages: &Messages) -> Grid {
    let heads = [
        "handout-head-payer",
        "handout-head-install",
        "handout-head-first-winter",
    ];
    let rows = first.map(payers).unwrap_or_default();
    let row = |paid: &Paid| {
        vec![
            payer(paid.payer, messages),
            words::yuan(paid.install),
            earned(paid.winter, messages),
        ]
    };
    Grid {
        title: messages.text("handout-payers"),
        heads: heads.map(|key| messages.text(key)).to_vec(),
        rows: rows.iter().map(row).collect(),
    }
}

/// A payer, with the household as it calls itself.
pub fn payer(payer: Payer, messages: &Messages) -> String {
    match payer {
        Payer::Household => messages.text("handout-own"),
        other => messages.kind("payer", other),
    }
}

/// What could make the winter dearer, or the house colder: only what was computed or is stated.
pub fn dearer(subject: &Subject<'_>, best: &[&Account], messages: &Messages) -> Vec<String> {
    let Some(first) = best.first() else {
        return Vec::new();
    };
    let headline = &first.headline;
    let after = costs(headline.after_subsidy, messages);
    let mut lines = Vec::new();
    match headline.subsidy_ends {
        Some(winter) => {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("winter", &winter), ("after", &after)];
            lines.push(messages.with("handout-dearer-ends", &values));
        }
        None if has_running_grants(first) => {
            lines.push(messages.with("handout-dearer-grants", &[("after", &after)]));
        }
        None => {}
    }
    lines.extend(prices_up(first, messages));
    if headline.standard_winter_cost > headline.winter_cost {
        let cost = costs(headline.standard_winter_cost, messages);
        lines.push(messages.with("handout-dearer-warmer", &[("cost", &cost)]));
    }
    if let Some(equipment) = &first.equipment {
        let years = equipment.life_years;
        lines.push(messages.with("handout-dearer-life", &[("years", &years)]));
    }
    for account in best {
        let name = words::option_name(account, messages);
        for said in warnings(account, messages) {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("option", &name), ("said", &said)];
            lines.push(messages.with("handout-of-option", &values));
        }
    }
    let remarks = subject.comparison.remarks.iter();
    lines.extend(remarks.map(|it| to_check(it, messages)));
    lines
}

/// A remark in the words of a household, where it has some.
fn to_check(remark: &Remark, messages: &Messages) -> String {
    let message = match remark.message {
        "remark-fuel-gives-little-heat" => "handout-little-heat",
        "remark-fuel-gives-much-heat" => "handout-much-heat",
        other => other,
    };
    let values = remark.values.clone();
    words::remark(&Remark { message, values }, messages)
}

/// What a tenth on the price of its main energy adds to the winter.
fn prices_up(account: &Account, messages: &Messages) -> Option<String> {
    let spent = |carrier: Carrier| {
        account.ledger.sum(|line| {
            line.payer == Payer::Household
                && line.year == 1
                && line.purpose == Purpose::Energy(carrier)
        })
    };
    let all = Carrier::ALL
        .iter()
        .map(|&carrier| (spent(carrier), carrier));
    let (money, carrier) = all.max_by_key(|(money, _)| *money)?;
    let tenth = money.portion(Fixed::from_millionths(100_000), Rounding::HalfUp);
    let more = words::yuan(tenth);
    (tenth > Money::ZERO && more != "0").then(|| {
        let carrier = messages.kind("carrier", carrier);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("carrier", &carrier), ("more", &more)];
        messages.with("handout-dearer-price", &values)
    })
}

/// What must be known before an option is taken.
fn warnings(account: &Account, messages: &Messages) -> Vec<String> {
    let cautions = account.cautions.iter();
    let mut said: Vec<String> = cautions.map(|it| words::remark(it, messages)).collect();
    let equipment = account.equipment.as_ref();
    if equipment.is_some_and(|it| !it.meets_design_load) {
        said.push(messages.text("handout-too-small"));
    }
    said
}

/// Why none of the options can be had.
fn impossible(comparison: &Comparison, messages: &Messages) -> Vec<String> {
    let options = comparison.options.iter();
    let without = options.filter(|option| option.account().is_none());
    let line = |option: &OptionResult| {
        let name = messages.name(option.name()).to_owned();
        let said = obstacles(option, messages);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("option", &name), ("said", &said)];
        messages.with("handout-of-option", &values)
    };
    without.map(line).collect()
}

/// What was filled in that a household can put right, how much else was, and how far the figures
/// can be trusted.
pub fn assumed(
    comparison: &Comparison,
    first: Option<&Account>,
    messages: &Messages,
) -> Vec<String> {
    let filled = comparison.filled_in.iter();
    let told: Vec<String> = filled.filter_map(|it| plain(it, messages)).collect();
    let others = comparison.filled_in.len() - told.len();
    let mut lines = Vec::new();
    if !told.is_empty() {
        lines.push(told.join(&messages.text("list-separator")));
    }
    if others > 0 {
        lines.push(messages.with("handout-assumed-others", &[("count", &others)]));
    }
    if let Some(account) = first {
        lines.push(messages.text(match account.confidence.level {
            ConfidenceLevel::Low => "handout-confidence-low",
            ConfidenceLevel::Medium => "handout-confidence-medium",
            ConfidenceLevel::High => "handout-confidence-high",
        }));
    }
    let old = comparison.figures.iter();
    let old = old.filter(|used| matches!(used.fit, Fit::OutOfDate | Fit::Unchecked));
    match old.count() {
        0 => {}
        old => lines.push(messages.with("handout-stale", &[("count", &old)])),
    }
    lines
}

/// A filled-in key in the words of a household; nothing for what only an engineer can judge.
fn plain(filled: &FilledIn, messages: &Messages) -> Option<String> {
    let with = |key: &str, value: &str| messages.with(key, &[("value", &value)]);
    let value = messages.name(&filled.value);
    // Numbers stand with their unit, which the sentence says in its own words.
    let bare = value.split(' ').next().unwrap_or_default();
    let bare = &grouped(bare);
    Some(match filled.key {
        "household.people" => with("handout-assumed-people", bare),
        "household.income_cny_per_household_year" => with("handout-assumed-income", bare),
        "house.class" => with("handout-assumed-house", value),
        "comfort.habit" => with("handout-assumed-habit", value),
        "uses.electricity_kwh_per_month" => with("handout-assumed-power", bare),
        _ => return None,
    })
}

fn foot(subject: &Subject<'_>, messages: &Messages) -> Vec<String> {
    let county = subject.county;
    let mut lines = Vec::new();
    if let Some(issuer) = &county.issuer {
        lines.push(messages.with("handout-issuer", &[("issuer", issuer)]));
    }
    if let Some(hotline) = &county.hotline {
        lines.push(messages.with("handout-hotline", &[("hotline", hotline)]));
    }
    lines.push(day(subject, messages));
    let version = env!("CARGO_PKG_VERSION");
    let used = subject.comparison.figures.len();
    let values: [(&str, &dyn std::fmt::Display); 2] = [("version", &version), ("count", &used)];
    lines.push(messages.with("handout-data", &values));
    lines
}

/// The day of the account.
pub fn day(subject: &Subject<'_>, messages: &Messages) -> String {
    let date = subject.date;
    let (year, month, day) = (date.year(), date.month(), date.day());
    messages.with(
        "handout-day-of-account",
        &[("year", &year), ("month", &month), ("day", &day)],
    )
}
