//! The full account of one option: from the house to the last fen, every line with its source.

use std::fmt::Write;

use crate::comparison::outcome::{Account, Comparison, FigureUse, Step, Term};
use crate::report::confidence;
use crate::report::messages::Messages;
use crate::report::table::{Align, PAGE, Table, grouped, number, paragraph};
use crate::report::words;
use crate::subsidy::Grant;
use crate::words::fixed::Money;
use crate::words::kinds::{Kind, Payer};
use crate::words::ledger::Line;
use crate::words::provenance::{Figure, FigureRef, Source, ValidTo, Validity};

/// Finds the document of a source id.
pub type Sources<'s> = &'s dyn Fn(&str) -> Option<&'s Source>;

/// The page as plain text of at most 80 columns.
pub fn text(
    comparison: &Comparison,
    account: &Account,
    sources: Sources<'_>,
    messages: &Messages,
) -> String {
    let mut page = Page {
        messages,
        figures: Vec::new(),
        out: String::new(),
    };
    page.head(comparison, account);
    page.steps(comparison, account);
    page.plans(account);
    page.ledger(account);
    page.grants(account);
    page.years(account);
    page.cash(account);
    page.public(account);
    page.figures(comparison, sources);
    page.out
}

/// The page as it grows, with the figures named so far; a figure's number is its place among them.
struct Page<'a> {
    messages: &'a Messages,
    figures: Vec<FigureRef>,
    out: String,
}

impl Page<'_> {
    fn title(&mut self, key: &str) {
        let title = self.messages.text(key);
        let _ = write!(self.out, "\n{title}\n");
    }

    /// The mark of a figure, `[3]`.
    fn mark(&mut self, figure: &FigureRef) -> String {
        let known = self.figures.iter().position(|known| known == figure);
        let number = known.unwrap_or_else(|| {
            self.figures.push(figure.clone());
            self.figures.len() - 1
        });
        format!("[{}]", number + 1)
    }

    fn table(&self, columns: &[(&str, Align)]) -> Table {
        table(columns, self.messages)
    }

    fn head(&mut self, comparison: &Comparison, account: &Account) {
        let messages = self.messages;
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("option", &words::option_name(account, messages)),
            ("place", &messages.name(&comparison.place)),
            ("winter", &comparison.winter),
        ];
        self.out += &messages.with("explain-head", &values);
        self.out.push('\n');
        if let Some(equipment) = &account.equipment {
            let line = messages.with(
                "explain-equipment",
                &[
                    ("name", &messages.name(&equipment.name)),
                    ("count", &equipment.count),
                    ("capacity", &number(equipment.capacity.value(), 1)),
                    ("load", &number(comparison.demand.design_load.value(), 1)),
                    ("design", &number(comparison.demand.t_design.value(), 1)),
                    ("years", &equipment.life_years),
                ],
            );
            self.out += &paragraph(&line, PAGE, 2);
        }
        let trust = confidence::of_account(account, messages);
        self.out += &paragraph(&trust, PAGE, 2);
    }

    /// The calculation from the house to the energy.
    fn steps(&mut self, comparison: &Comparison, account: &Account) {
        self.title("explain-steps");
        let steps: Vec<Step> = comparison
            .demand
            .steps
            .iter()
            .chain(&account.steps)
            .cloned()
            .collect();
        for step in &steps {
            let line = self.step(step);
            self.out += &paragraph(&line, PAGE, 4);
        }
    }

    fn step(&mut self, step: &Step) -> String {
        let mut text = format!("{}: ", self.messages.member("step", step.what));
        let mut operations = step.operations.chars();
        for (i, term) in step.terms.iter().enumerate() {
            if i > 0 {
                let _ = write!(text, " {} ", operations.next().unwrap_or('*'));
            }
            text += &self.term(term);
        }
        let result = self.term(&step.result);
        format!("{text} = {result}")
    }

    fn term(&mut self, term: &Term) -> String {
        let digits = if term.value.abs() < 100.0 { 3 } else { 1 };
        let name = self.messages.member("step", term.what);
        let value = number(term.value, digits);
        let mut text = format!("{name} {value}");
        if !term.unit.is_empty() {
            let _ = write!(text, " {}", term.unit);
        }
        if let Some(figure) = &term.figure {
            text += &self.mark(figure);
        }
        text
    }

    /// The plans of electricity and gas: the one taken and what the others would cost.
    fn plans(&mut self, account: &Account) {
        if account.plans.is_empty() {
            return;
        }
        self.title("explain-plans");
        let mut table = self.table(&[
            ("column-plan", Align::Left),
            ("column-with", Align::Right),
            ("column-without", Align::Right),
            ("column-heating", Align::Right),
            ("column-taken", Align::Left),
        ]);
        for plan in &account.plans {
            let heating = plan.with_heating - plan.without_heating;
            let taken = if plan.taken {
                "plan-taken"
            } else {
                "plan-left"
            };
            table.row([
                self.messages.name(&plan.name).to_owned(),
                plan.with_heating.to_string(),
                plan.without_heating.to_string(),
                heating.to_string(),
                self.messages.text(taken),
            ]);
        }
        self.out += &table.to_text(PAGE);
    }

    /// Every line of the ledger; years whose lines are the same stand together.
    fn ledger(&mut self, account: &Account) {
        for (first, last, lines) in spans(account) {
            self.year(first, last, &lines);
        }
    }

    fn year(&mut self, first: u16, last: u16, lines: &[&Line]) {
        let title = years_title(first, last, self.messages);
        let _ = write!(self.out, "\n{title}\n");
        let messages = self.messages;
        let table = payments(lines, messages, |figure| self.mark(figure));
        self.out += &table.to_text(PAGE);
        for total in totals(lines, messages) {
            self.out += &format!("{total}\n");
        }
    }

    /// Rules that paid, and rules that did not with the reason.
    fn grants(&mut self, account: &Account) {
        if !account.grants.is_empty() {
            self.title("explain-grants");
        }
        for grant in &account.grants {
            let mark = self.mark(&grant.figure);
            let text = grant_line(grant, &mark, self.messages);
            self.out += &paragraph(&format!("- {text}"), PAGE, 2);
        }
        if !account.refusals.is_empty() {
            self.title("explain-refusals");
        }
        for refusal in &account.refusals {
            let name = self.messages.name(&refusal.name);
            let reason = words::reason(&refusal.reason, account, self.messages);
            self.out += &paragraph(&format!("- {name}: {reason}"), PAGE, 2);
        }
    }

    /// The staircase: each winter of the household until the machine is worn out.
    fn years(&mut self, account: &Account) {
        self.title("explain-staircase");
        self.out += &staircase(account, self.messages).to_text(PAGE);
    }

    /// What leaves the pocket month by month, and the worst month.
    fn cash(&mut self, account: &Account) {
        if account.cash.is_empty() {
            return;
        }
        self.title("explain-cash");
        let mut table = self.table(&[
            ("column-month", Align::Left),
            ("column-paid", Align::Right),
            ("column-received", Align::Right),
            ("column-balance", Align::Right),
        ]);
        for month in &account.cash {
            table.row([
                format!("{}-{:02}", month.year, month.month),
                month.paid.to_string(),
                month.received.to_string(),
                month.balance.to_string(),
            ]);
        }
        self.out += &table.to_text(PAGE);
        if let Some(worst) = account.cash.iter().min_by_key(|month| month.balance) {
            let month = format!("{}-{:02}", worst.year, worst.month);
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("month", &month), ("balance", &worst.balance)];
            self.out += &self.messages.with("explain-worst-month", &values);
            self.out.push('\n');
        }
    }

    /// What governments pay, coal and emissions.
    fn public(&mut self, account: &Account) {
        self.title("explain-public");
        let government = &account.government;
        let emissions = &account.emissions;
        let per_tonne = government
            .per_tonne
            .map_or("-".to_owned(), |money| money.to_string());
        let known = |value: Option<f64>| value.map_or("-".to_owned(), |value| number(value, 1));
        let messages = self.messages;
        let lines = [
            messages.with(
                "explain-government",
                &[
                    ("front", &government.up_front),
                    ("winter", &government.first_winter),
                    ("total", &government.total),
                    ("tonne", &per_tonne),
                ],
            ),
            messages.with(
                "explain-emissions",
                &[
                    ("coal", &number(emissions.coal_t, 2)),
                    ("replaced", &number(emissions.coal_replaced_t, 2)),
                    ("house", &known(emissions.co2_house_kg)),
                    ("grid", &known(emissions.co2_grid_kg)),
                    ("pm25", &known(emissions.pm25_kg)),
                    ("so2", &known(emissions.so2_kg)),
                    ("nox", &known(emissions.nox_kg)),
                ],
            ),
        ];
        for line in lines {
            self.out += &paragraph(&format!("- {line}"), PAGE, 2);
        }
    }

    /// The figures by their marks: source, date, grade, validity, note.
    fn figures(&mut self, comparison: &Comparison, sources: Sources<'_>) {
        self.title("explain-figures");
        let figures = std::mem::take(&mut self.figures);
        for (i, figure) in figures.iter().enumerate() {
            let used = comparison
                .figures
                .iter()
                .find(|used| used.figure == *figure);
            let mut line = format!("[{}] {}", i + 1, self.figure(&figure.0, sources));
            line += &used.map_or_else(String::new, |used| winters(used, self.messages));
            self.out += &paragraph(&line, PAGE, 4);
        }
    }

    fn figure(&self, figure: &Figure, sources: Sources<'_>) -> String {
        figure_line(figure, sources, self.messages)
    }
}

/// The head of years whose lines are the same.
pub(super) fn years_title(first: u16, last: u16, messages: &Messages) -> String {
    match (first, last) {
        (0, _) => messages.text("explain-before"),
        (first, last) if first == last => messages.with("explain-winter", &[("first", &first)]),
        _ => messages.with("explain-winters", &[("first", &first), ("last", &last)]),
    }
}

/// A grant with its calculation, its bound and who pays it.
pub(super) fn grant_line(grant: &Grant, mark: &str, messages: &Messages) -> String {
    let mut text = messages.with(
        "explain-grant",
        &[
            ("name", &messages.name(&grant.name)),
            ("quantity", &grant.quantity),
            ("unit", &messages.member("unit", grant.unit)),
            ("rate", &grant.rate),
            ("before", &grant.before_caps),
            ("amount", &grant.amount),
            ("mark", &mark),
        ],
    );
    if let Some(cap) = &grant.limited_by {
        text += &messages.text("list-separator");
        text += &words::cap(cap, messages);
    }
    for (payer, amount) in &grant.payers {
        text += &messages.text("list-separator");
        text += &format!("{} {amount}", messages.kind("payer", *payer));
    }
    text
}

/// Id, source, grade, validity and note of a figure.
pub(super) fn figure_line(figure: &Figure, sources: Sources<'_>, messages: &Messages) -> String {
    let grade = messages.member("grade", figure.grade.key());
    let source = match sources(&figure.source) {
        Some(source) => cite(source),
        None => messages.member("source", &figure.source),
    };
    let mut text = format!("{} {source} ({grade})", figure.id);
    if let Some(valid) = &figure.valid {
        let _ = write!(text, "; {}", validity(valid, messages));
    }
    if let Some(note) = &figure.note {
        let _ = write!(text, "; {note}");
    }
    text
}

/// The winters that use a figure, where its price changes within the account.
pub(super) fn winters(used: &FigureUse, messages: &Messages) -> String {
    used.winters.map_or_else(String::new, |(first, last)| {
        let key = if first == last {
            "figure-winter"
        } else {
            "figure-winters"
        };
        messages.with(key, &[("first", &first), ("last", &last)])
    })
}

/// When a figure holds.
pub(super) fn validity(valid: &Validity, messages: &Messages) -> String {
    let to = match valid.to {
        ValidTo::Day(day) => day.to_string(),
        ValidTo::UntilReplaced { checked } => {
            messages.with("valid-until-replaced", &[("checked", &checked)])
        }
    };
    format!("{}..{to}", valid.from)
}

/// Title, issuer, number and date of a document.
pub(super) fn cite(source: &Source) -> String {
    let parts = [
        Some(&source.title),
        Some(&source.issuer),
        source.number.as_ref(),
        source.date.as_ref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(", ")
}

/// A table with these columns, named by the catalogue.
pub(super) fn table(columns: &[(&str, Align)], messages: &Messages) -> Table {
    let heads: Vec<(String, Align)> = columns
        .iter()
        .map(|(key, align)| (messages.text(key), *align))
        .collect();
    Table::new(heads.iter().map(|(head, align)| (head.as_str(), *align)))
}

/// Each winter of the household until the machine is worn out.
pub(super) fn staircase(account: &Account, messages: &Messages) -> Table {
    let columns = [
        ("column-which-winter", Align::Left),
        ("column-gross", Align::Right),
        ("column-grants", Align::Right),
        ("column-export", Align::Right),
        ("column-net", Align::Right),
        ("column-today", Align::Right),
    ];
    let mut table = table(&columns, messages);
    for winter in &account.staircase {
        table.row([
            winter.winter.to_string(),
            winter.gross.to_string(),
            winter.grants.to_string(),
            winter.export.to_string(),
            winter.net.to_string(),
            winter.today.to_string(),
        ]);
    }
    table
}

/// Payments as rows; `mark` names the figure behind each.
pub(super) fn payments(
    lines: &[&Line],
    messages: &Messages,
    mut mark: impl FnMut(&FigureRef) -> String,
) -> Table {
    let columns = [
        ("column-month", Align::Right),
        ("column-line", Align::Left),
        ("column-quantity", Align::Right),
        ("column-unit", Align::Left),
        ("column-price", Align::Right),
        ("column-amount", Align::Right),
        ("column-payer", Align::Left),
        ("column-source", Align::Left),
    ];
    let mut table = table(&columns, messages);
    for line in lines {
        table.row([
            line.month.map_or(String::new(), |month| month.to_string()),
            words::line(line, messages),
            grouped(&line.quantity.to_string()),
            messages.member("unit", line.unit),
            grouped(&line.unit_price.to_string()),
            line.amount.to_string(),
            messages.kind("payer", line.payer),
            mark(&line.figure),
        ]);
    }
    table
}

/// What each payer pays in all, in words.
pub(super) fn totals(lines: &[&Line], messages: &Messages) -> Vec<String> {
    let total = |(payer, amount): (Payer, Money)| {
        let payer = messages.kind("payer", payer);
        messages.with("explain-total", &[("payer", &payer), ("amount", &amount)])
    };
    payers(lines).into_iter().map(total).collect()
}

/// The ledger by years that have a line, first and last year of each part: years whose lines are the
/// same stand together.
pub(super) fn spans(account: &Account) -> Vec<(u16, u16, Vec<&Line>)> {
    let lines = &account.ledger.lines;
    let last = lines.iter().map(|line| line.year).max().unwrap_or(0);
    let of = |year: u16| -> Vec<&Line> { lines.iter().filter(|line| line.year == year).collect() };
    let mut spans = Vec::new();
    let mut year = 0;
    while year <= last {
        let own = of(year);
        let mut end = year;
        while year > 0 && end < last && same_lines(&own, &of(end + 1)) {
            end += 1;
        }
        if !own.is_empty() {
            spans.push((year, end, own));
        }
        year = end + 1;
    }
    spans
}

/// Whether two years have the same lines but for the year.
fn same_lines(a: &[&Line], b: &[&Line]) -> bool {
    let strip = |line: &&Line| Line {
        year: 0,
        ..(*line).clone()
    };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| strip(a) == strip(b))
}

/// The total of each payer who has a line.
fn payers(lines: &[&Line]) -> Vec<(Payer, Money)> {
    Payer::ALL
        .iter()
        .filter(|payer| lines.iter().any(|line| line.payer == **payer))
        .map(|payer| {
            let own = lines.iter().filter(|line| line.payer == *payer);
            (*payer, own.map(|line| line.amount).sum())
        })
        .collect()
}
