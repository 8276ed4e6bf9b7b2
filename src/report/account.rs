//! The account of a household on one page: every option beside today's heating.

use crate::comparison::outcome::{Account, Comparison, Fit, OptionResult};
use crate::report::confidence;
use crate::report::messages::Messages;
use crate::report::table::{Align, PAGE, Table, paragraph};
use crate::report::words;
use crate::words::kinds::Kind;
use crate::words::provenance::Grade;

/// As plain text of at most 80 columns.
pub fn text(comparison: &Comparison, messages: &Messages) -> String {
    let mut out = head(comparison, messages).join("\n");
    out += "\n\n";
    out += &headlines(comparison, messages).to_text(PAGE);
    out += "\n";
    out += &verdicts(comparison, messages).to_text(PAGE);
    for (title, lines) in notes(comparison, messages) {
        out += &format!("\n{title}\n");
        for line in lines {
            out += &paragraph(&format!("- {line}"), PAGE, 2);
        }
    }
    out
}

/// As Markdown.
pub fn markdown(comparison: &Comparison, messages: &Messages) -> String {
    let title = messages.with("page-title", &[("place", &place(comparison, messages))]);
    let mut out = format!("# {title}\n\n");
    for line in head(comparison, messages) {
        out += &format!("{line}  \n");
    }
    out += "\n";
    out += &headlines(comparison, messages).to_markdown();
    out += "\n";
    out += &verdicts(comparison, messages).to_markdown();
    for (title, lines) in notes(comparison, messages) {
        out += &format!("\n## {title}\n\n");
        for line in lines {
            out += &format!("- {line}\n");
        }
    }
    out
}

/// As JSON, by `schema/comparison.json`.
///
/// # Errors
/// Those of the JSON writer, which has none for these types.
pub fn json(comparison: &Comparison) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(comparison).map(|text| text + "\n")
}

/// As CSV for other programs: one row an option, keys that end in their unit, yuan to the fen.
///
/// # Errors
/// Those of the CSV writer, which has none when it writes to memory.
pub fn csv(comparison: &Comparison, messages: &Messages) -> Result<String, csv::Error> {
    const KEYS: [&str; 17] = [
        "option",
        "name",
        "possible",
        "install_price_cny",
        "self_pay_cny",
        "winter_cost_cny",
        "versus_today_cny",
        "after_subsidy_cny",
        "payback_years",
        "equivalent_annual_cost_cny_per_year",
        "present_value_cny",
        "heat_cost_cny_per_kwh",
        "winter_income_share",
        "install_income_share",
        "coal_replaced_t",
        "confidence",
        "verdict",
    ];
    let mut table = Table::new(KEYS.map(|key| (key, Align::Left)));
    table.row(csv_row(&comparison.today, messages));
    for option in &comparison.options {
        match option {
            OptionResult::Possible(account) => table.row(csv_row(account, messages)),
            OptionResult::Impossible { id, name, .. } => {
                let mut row = vec![
                    id.clone(),
                    messages.name(name).to_owned(),
                    "false".to_owned(),
                ];
                row.resize(KEYS.len() - 1, String::new());
                row.push(obstacles(option, messages));
                table.row(row);
            }
        }
    }
    table.to_csv(false)
}

fn csv_row(account: &Account, messages: &Messages) -> Vec<String> {
    let headline = &account.headline;
    let payback = match headline.payback {
        crate::lifecycle::Payback::AtOnce => "0".to_owned(),
        crate::lifecycle::Payback::After(years) => years.to_string(),
        _ => String::new(),
    };
    let today = account.id == "today";
    vec![
        account.id.clone(),
        words::option_name(account, messages),
        "true".to_owned(),
        headline.install_price.to_fixed().to_string(),
        headline.self_pay.to_fixed().to_string(),
        headline.winter_cost.to_fixed().to_string(),
        headline.versus_today.to_fixed().to_string(),
        headline.after_subsidy.to_fixed().to_string(),
        if today { String::new() } else { payback },
        headline.equivalent_annual_cost.value().to_string(),
        headline.present_value.value().to_string(),
        headline.heat_cost_per_kwh.to_string(),
        headline.winter_burden.to_string(),
        headline.install_burden.to_string(),
        account.emissions.coal_replaced_t.to_string(),
        account.confidence.level.key().to_owned(),
        if today {
            String::new()
        } else {
            words::verdict(&account.verdict, messages)
        },
    ]
}

fn place<'c>(comparison: &'c Comparison, messages: &Messages) -> &'c str {
    messages.name(&comparison.place)
}

/// Place, winter, house and heat in a few lines.
pub(super) fn head(comparison: &Comparison, messages: &Messages) -> Vec<String> {
    let demand = &comparison.demand;
    let household = &comparison.household;
    let whole = |value: f64| crate::report::table::number(value, 0);
    let service = messages.kind("service", comparison.service);
    let category = messages.kind("category", household.category);
    let method = messages.member("method", method_key(demand.method));
    vec![
        messages.with(
            "head-place",
            &[
                ("place", &place(comparison, messages)),
                ("winter", &comparison.winter),
                ("from", &comparison.season.from),
                ("to", &comparison.season.to),
                ("days", &comparison.season.days()),
            ],
        ),
        messages.with(
            "head-household",
            &[
                ("area", &whole(household.heated_area.value())),
                ("people", &household.people),
                ("category", &category),
                ("income", &whole(household.income.value())),
            ],
        ),
        messages.with(
            "head-heat",
            &[
                ("today", &whole(demand.today.value())),
                ("method", &method),
                ("standard", &whole(demand.standard.value())),
                ("station", &demand.station),
            ],
        ),
        messages.with("head-service", &[("service", &service)]),
    ]
}

fn method_key(method: crate::comparison::outcome::DemandMethod) -> &'static str {
    use crate::comparison::outcome::DemandMethod;
    match method {
        DemandMethod::Simulated => "simulated",
        DemandMethod::Index => "index",
        DemandMethod::Metered => "metered",
    }
}

/// The table of headline figures, whole yuan.
pub(super) fn headlines(comparison: &Comparison, messages: &Messages) -> Table {
    let heads = [
        "column-option",
        "column-self-pay",
        "column-winter",
        "column-versus-today",
        "column-after-subsidy",
        "column-payback",
        "column-annual",
        "column-burden",
    ]
    .map(|key| messages.text(key));
    let align = |i: usize| if i == 0 { Align::Left } else { Align::Right };
    let columns = heads
        .iter()
        .enumerate()
        .map(|(i, head)| (head.as_str(), align(i)));
    let mut table = Table::new(columns);
    let today = &comparison.today;
    table.row(headline_row(today, today, messages));
    for account in comparison.options.iter().filter_map(OptionResult::account) {
        table.row(headline_row(account, today, messages));
    }
    table
}

fn headline_row(account: &Account, now: &Account, messages: &Messages) -> Vec<String> {
    let headline = &account.headline;
    let today = account.id == "today";
    // The difference of what is printed, so that a reader finds it by subtraction.
    let versus = headline.winter_cost.whole_yuan() - now.headline.winter_cost.whole_yuan();
    let annual = headline.equivalent_annual_cost.value();
    let unless_today = |text: String| if today { "-".to_owned() } else { text };
    let name = words::option_name(account, messages);
    vec![
        name,
        unless_today(words::yuan(headline.self_pay)),
        words::yuan(headline.winter_cost),
        unless_today(words::signed_yuan(versus)),
        words::yuan(headline.after_subsidy),
        unless_today(words::payback(headline.payback, messages)),
        crate::report::table::number(annual, 0),
        words::percent(headline.winter_burden),
    ]
}

/// What the figures mean, option by option, also for those that cannot be had.
fn verdicts(comparison: &Comparison, messages: &Messages) -> Table {
    let heads = ["column-option", "column-verdict"].map(|key| messages.text(key));
    let mut table = Table::new(heads.iter().map(|head| (head.as_str(), Align::Left)));
    for option in &comparison.options {
        let name = messages.name(option.name()).to_owned();
        let verdict = match option.account() {
            Some(account) => account_verdict(account, messages),
            None => obstacles(option, messages),
        };
        table.row([name, verdict]);
    }
    table
}

/// The verdict with what a villager asks for: yuan a day, what the winter costs when the whole
/// house is warm, and whether the heat is enough.
pub(super) fn account_verdict(account: &Account, messages: &Messages) -> String {
    let verdict = words::verdict(&account.verdict, messages);
    let day = crate::report::table::number(account.headline.per_day.to_f64(), 1);
    let mut text = messages.with("verdict-a-day", &[("verdict", &verdict), ("day", &day)]);
    if account.headline.standard_winter_cost != account.headline.winter_cost {
        let cost = words::yuan(account.headline.standard_winter_cost);
        text += &messages.with("verdict-standard", &[("cost", &cost)]);
    }
    if account
        .equipment
        .as_ref()
        .is_some_and(|e| !e.meets_design_load)
    {
        text += &messages.text("verdict-too-small");
    }
    for caution in &account.cautions {
        text += &messages.text("verdict-joint");
        text += &words::remark(caution, messages);
    }
    text
}

/// Why an option cannot be had, all reasons together.
pub(super) fn obstacles(option: &OptionResult, messages: &Messages) -> String {
    let OptionResult::Impossible { obstacles, .. } = option else {
        return String::new();
    };
    let reasons: Vec<String> = obstacles
        .iter()
        .map(|obstacle| words::obstacle(obstacle, messages))
        .collect();
    let reasons = reasons.join(&messages.text("list-separator"));
    messages.with("verdict-impossible", &[("reasons", &reasons)])
}

/// Remarks, what is said of the prices, what was filled in, and how far the figures can be trusted.
pub(super) fn notes(comparison: &Comparison, messages: &Messages) -> Vec<(String, Vec<String>)> {
    let remarks = comparison
        .remarks
        .iter()
        .map(|remark| words::remark(remark, messages));
    let prices = comparison
        .notes
        .iter()
        .map(|note| words::remark(note, messages));
    let filled = comparison.filled_in.iter().map(|filled| {
        let grade = filled
            .figure
            .as_ref()
            .map_or("", |figure| crate::words::kinds::Kind::key(figure.0.grade));
        messages.with(
            "filled-in",
            &[
                ("key", &filled.key),
                ("value", &messages.name(&filled.value)),
                ("grade", &grade),
            ],
        )
    });
    [
        ("notes-remarks", remarks.collect::<Vec<String>>()),
        ("notes-prices", prices.collect()),
        ("notes-filled-in", filled.collect()),
        ("notes-figures", trust(comparison, messages)),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, lines)| (messages.text(title), lines))
    .collect()
}

/// How many figures there are of each grade, which are out of date, and how far each option can
/// be trusted.
fn trust(comparison: &Comparison, messages: &Messages) -> Vec<String> {
    let counts = by_grade(comparison, messages);
    let stale = confidence::stale(comparison, messages);
    let levels = confidence::levels(comparison, messages);
    std::iter::once(counts)
        .chain(stale)
        .chain([levels])
        .collect()
}

/// How many figures there are of each grade, and how many are out of date.
fn by_grade(comparison: &Comparison, messages: &Messages) -> String {
    let count = |grade| {
        comparison
            .figures
            .iter()
            .filter(|used| used.figure.0.grade == grade)
            .count()
    };
    let old = comparison
        .figures
        .iter()
        .filter(|used| matches!(used.fit, Fit::OutOfDate | Fit::Unchecked))
        .count();
    messages.with(
        "figures-by-grade",
        &[
            ("a", &count(Grade::A)),
            ("b", &count(Grade::B)),
            ("c", &count(Grade::C)),
            ("d", &count(Grade::D)),
            ("old", &old),
        ],
    )
}
