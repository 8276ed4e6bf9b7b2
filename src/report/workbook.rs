//! The account of a household as a workbook that goes on calculating: amounts are formulas of
//! quantities and prices, totals are sums of amounts. Each formula carries the result of the
//! account, for programs that show a workbook without calculating it.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use rust_xlsxwriter::{
    Chart, ChartType, Color, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};

use crate::comparison::outcome::{Account, Comparison, Fit, OptionResult, Step};
use crate::lifecycle;
use crate::report::account;
use crate::report::explain::{self, Sources};
use crate::report::messages::Messages;
use crate::report::roster::workbook::book;
use crate::report::table::number;
use crate::report::words;
use crate::words::fixed::{Fixed, Money, Rounding};
use crate::words::kinds::{Kind, Payer};
use crate::words::ledger::{Line, Purpose};

/// The workbook as bytes.
///
/// # Errors
/// Those of the writer, which has none when it writes to memory.
pub fn write(
    comparison: &Comparison,
    sources: Sources<'_>,
    messages: &Messages,
) -> Result<Vec<u8>, XlsxError> {
    let accounts = std::iter::once(&comparison.today)
        .chain(comparison.options.iter().filter_map(OptionResult::account))
        .collect();
    let plan = Plan {
        comparison,
        accounts,
        sources,
        messages,
        prices: prices(comparison),
        looks: Looks::new(),
    };
    let mut book = book()?;
    plan.comparison(sheet(&mut book, &plan.word("book-comparison"))?)?;
    plan.ledger(sheet(&mut book, &plan.word("book-ledger"))?)?;
    plan.cash(sheet(&mut book, &plan.word("book-cash"))?)?;
    plan.assumptions(sheet(&mut book, &plan.word("book-assumptions"))?)?;
    plan.figures(sheet(&mut book, &plan.word("book-sources"))?)?;
    plan.charts(sheet(&mut book, &plan.word("book-charts"))?)?;
    book.save_to_buffer()
}

/// A sheet that prints across the width of a page.
fn sheet<'b>(book: &'b mut Workbook, name: &str) -> Result<&'b mut Worksheet, XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&A  &P / &N");
    Ok(sheet)
}

/// How cells look.
struct Looks {
    title: Format,
    head: Format,
    text: Format,
    small: Format,
    money: Format,
    bold_money: Format,
    quantity: Format,
    whole: Format,
    factor: Format,
    share: Format,
    input: Format,
    input_share: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::VerticalCenter);
        let input = || cell().set_background_color(Color::RGB(0xFF_F2_CC));
        let money = "#,##0.00;[Red]-#,##0.00";
        Self {
            title: cell().set_bold().set_font_size(12),
            head: cell()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0xDD_EB_F7))
                .set_border_bottom(FormatBorder::Thin),
            text: cell().set_text_wrap().set_indent(1),
            small: cell().set_font_color(Color::RGB(0x59_59_59)).set_indent(1),
            money: cell().set_num_format(money),
            bold_money: cell().set_num_format(money).set_bold(),
            quantity: cell().set_num_format("#,##0.######"),
            whole: cell().set_num_format("0"),
            factor: cell().set_num_format("0.000000"),
            share: cell().set_num_format("0.0%"),
            input: input().set_num_format("#,##0.00####"),
            input_share: input().set_num_format("0.0###%"),
        }
    }
}

/// What a price is for: lines that agree in it share one cell.
type PriceKey = (
    Purpose,
    String,
    Option<&'static str>,
    Option<u8>,
    &'static str,
    Fixed,
    String,
);

fn price_key(line: &Line) -> PriceKey {
    (
        line.purpose,
        line.detail.name.zh.clone(),
        line.detail.hour_class,
        line.detail.tier,
        line.unit,
        line.unit_price,
        line.figure.id().to_owned(),
    )
}

/// Every price once, with a line that has it.
fn prices(comparison: &Comparison) -> BTreeMap<PriceKey, Line> {
    let options = comparison.options.iter().filter_map(OptionResult::account);
    let accounts = std::iter::once(&comparison.today).chain(options);
    let mut prices = BTreeMap::new();
    for account in accounts {
        for line in &account.ledger.lines {
            if followed(account, line).is_empty() {
                let new = || line.clone();
                prices.entry(price_key(line)).or_insert_with(new);
            }
        }
    }
    prices
}

/// Places of the lines that a line sums up: energy of a later winter stands as one line, the bill
/// of the last winter that stands in full at the prices of its own year. None for all other lines.
fn followed(account: &Account, line: &Line) -> Vec<usize> {
    let energy = matches!(line.purpose, Purpose::Energy(_) | Purpose::Export);
    if line.year < 2 || line.unit != "winter" || !energy {
        return Vec::new();
    }
    let in_full = |it: &Line| {
        it.year < line.year
            && it.payer == line.payer
            && it.purpose == line.purpose
            && (it.year == 1 || it.unit != "winter")
            // A rent of the roof goes on by itself.
            && it.unit != "year"
    };
    let lines = || account.ledger.lines.iter().enumerate();
    let full = || lines().filter(|(_, it)| in_full(it));
    let year = full().map(|(_, it)| it.year).max();
    let places = full().filter(|(_, it)| Some(it.year) == year);
    let places: Vec<usize> = places.map(|(i, _)| i).collect();
    let worth_nothing = sum_of(account, &places) == Money::ZERO;
    if worth_nothing { Vec::new() } else { places }
}

fn sum_of(account: &Account, places: &[usize]) -> Money {
    let lines = &account.ledger.lines;
    places
        .iter()
        .filter_map(|i| lines.get(*i))
        .map(|line| line.amount)
        .sum()
}

/// Cells of a column, neighbours as a range: `K5:K9,K12`.
fn ranges(letter: &str, rows: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &row in rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => runs.push((row, row)),
        }
    }
    let cells = runs
        .iter()
        .map(|(first, last)| format!("{letter}{first}:{letter}{last}"));
    cells.collect::<Vec<String>>().join(",")
}

/// Columns of the ledger, by their letters.
const ID: &str = "B";
const YEAR: &str = "C";
const PAYER: &str = "E";
const GROUP: &str = "F";
const AMOUNT: &str = "K";
/// First row of data in the ledger and in the cash flow, counted from 1.
const LEDGER_TOP: usize = 2;
const CASH_TOP: usize = 4;
/// First row of the options in the comparison, counted from 1.
const OPTIONS_TOP: usize = 4;
/// Rows of the assumptions, counted from 1, and the first of the prices.
const RATE_ROW: usize = 3;
const YEARS_ROW: usize = 4;
const DAYS_ROW: usize = 5;
const INCOME_ROW: usize = 6;
const PRICES_TOP: usize = 10;
/// Columns before the first option in the cash flow.
const CASH_LEFT: u16 = 3;

/// Widths of the columns of text in the comparison.
const NAME_WIDTH: f64 = 26.0;
const VERDICT_WIDTH: f64 = 60.0;
/// Height of a row of heads: two lines.
const HEAD_HEIGHT: f64 = 34.0;

/// What is written where.
struct Plan<'a, 's> {
    comparison: &'a Comparison,
    /// Today's heating, then the options that can be had.
    accounts: Vec<&'a Account>,
    sources: Sources<'s>,
    messages: &'a Messages,
    prices: BTreeMap<PriceKey, Line>,
    looks: Looks,
}

impl Plan<'_, '_> {
    fn word(&self, key: &str) -> String {
        self.messages.text(key)
    }

    /// A cell of another sheet.
    fn at(&self, sheet: &str, cell: &str) -> String {
        format!("'{}'!{cell}", self.word(sheet))
    }

    fn assumption(&self, row: usize) -> String {
        self.at("book-assumptions", &format!("$B${row}"))
    }

    fn group(&self, purpose: Purpose) -> String {
        self.word(group(purpose))
    }

    fn heads(&self, sheet: &mut Worksheet, row: u32, heads: &[String]) -> Result<(), XlsxError> {
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(row, column, head, &self.looks.head)?;
        }
        sheet.set_row_height(row, HEAD_HEIGHT)?;
        Ok(())
    }

    /// A column of the ledger over all of its lines.
    fn column(&self, letter: &str) -> String {
        let lines: usize = self.accounts.iter().map(|it| it.ledger.lines.len()).sum();
        let last = LEDGER_TOP + lines.max(1) - 1;
        self.at(
            "book-ledger",
            &format!("${letter}${LEDGER_TOP}:${letter}${last}"),
        )
    }

    /// What the household pays in a year for one kind of thing; of all kinds without one.
    fn sum(&self, id: &str, year: &str, kind: Option<&str>) -> String {
        let payer = self.messages.kind("payer", Payer::Household);
        let mut sum = format!(
            "SUMIFS({},{},{id},{},{year},{},\"{payer}\"",
            self.column(AMOUNT),
            self.column(ID),
            self.column(YEAR),
            self.column(PAYER),
        );
        if let Some(kind) = kind {
            let kind = self.word(kind);
            sum += &format!(",{},\"{kind}\"", self.column(GROUP));
        }
        sum + ")"
    }

    fn sums(&self, id: &str, year: &str, kinds: &[&str]) -> String {
        let sums: Vec<String> = kinds
            .iter()
            .map(|kind| self.sum(id, year, Some(kind)))
            .collect();
        // Sums of fen in binary fractions are put right to the fen.
        format!("ROUND({},2)", sums.join("+"))
    }

    fn comparison(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let title = account::head(self.comparison, self.messages);
        sheet.write_string_with_format(
            0,
            0,
            title.first().map_or("", String::as_str),
            &self.looks.title,
        )?;
        let note = self.word("book-note-comparison");
        sheet.write_string_with_format(1, 0, &note, &self.looks.small)?;
        let text = |key: &str| self.messages.text(key);
        let heads = [
            text("column-option"),
            self.word("book-id"),
            self.word("book-install"),
            text("column-self-pay"),
            text("column-winter"),
            self.word("book-per-day"),
            text("column-versus-today"),
            text("column-after-subsidy"),
            self.word("book-present-value"),
            text("column-annual"),
            self.word("book-burden"),
            self.word("book-coal"),
            text("column-payback"),
            text("column-verdict"),
        ];
        self.heads(sheet, OPTIONS_TOP as u32 - 2, &heads)?;
        for (i, account) in self.accounts.iter().enumerate() {
            self.option(sheet, i, account)?;
        }
        let first = (OPTIONS_TOP - 1 + self.accounts.len()) as u32;
        let options = self.comparison.options.iter();
        for (row, option) in (first..).zip(options.filter(|it| it.account().is_none())) {
            let name = self.messages.name(option.name());
            let why = account::obstacles(option, self.messages);
            sheet.write_string_with_format(row, 0, name, &self.looks.text)?;
            sheet.write_string_with_format(row, 1, option.id(), &self.looks.small)?;
            sheet.write_string_with_format(row, 13, &why, &self.looks.text)?;
            height(sheet, row, &[(name, NAME_WIDTH), (&why, VERDICT_WIDTH)])?;
        }
        widths(
            sheet,
            &[
                26.0, 18.0, 12.0, 12.0, 12.0, 10.0, 12.0, 13.0, 13.0, 12.0, 10.0, 9.0, 10.0, 60.0,
            ],
        )?;
        sheet.set_freeze_panes(OPTIONS_TOP as u32 - 1, 1)?;
        sheet.set_repeat_rows(OPTIONS_TOP as u32 - 2, OPTIONS_TOP as u32 - 2)?;
        Ok(())
    }

    fn option(&self, sheet: &mut Worksheet, i: usize, account: &Account) -> Result<(), XlsxError> {
        const FIRST_COST: [&str; 2] = ["book-group-install", "book-group-install-subsidy"];
        const WINTER: [&str; 4] = [
            "book-group-energy",
            "book-group-upkeep",
            "book-group-running-subsidy",
            "book-group-export",
        ];
        const UNAIDED: [&str; 3] = [
            "book-group-energy",
            "book-group-upkeep",
            "book-group-export",
        ];
        let line = OPTIONS_TOP + i;
        let row = line as u32 - 1;
        let id = format!("$B{line}");
        let headline = &account.headline;
        let fen = |money: Money| money.to_fixed().to_string();
        let cash = column_letters(CASH_LEFT as usize + i);
        let last = CASH_TOP + usize::from(self.years());
        let days = self.assumption(DAYS_ROW);
        let income = self.assumption(INCOME_ROW);
        let money = &self.looks.money;
        let cells = [
            (
                self.sums(&id, "0", &["book-group-install"]),
                fen(headline.install_price),
                money,
            ),
            (
                self.sums(&id, "0", &FIRST_COST),
                fen(headline.self_pay),
                money,
            ),
            (
                self.sums(&id, "1", &WINTER),
                fen(headline.winter_cost),
                &self.looks.bold_money,
            ),
            (
                format!("ROUND(E{line}/{days},2)"),
                fen(headline.per_day),
                money,
            ),
            (
                format!("E{line}-E${OPTIONS_TOP}"),
                fen(headline.versus_today),
                money,
            ),
            (
                self.sums(&id, "1", &UNAIDED),
                fen(headline.after_subsidy),
                money,
            ),
            (
                self.at("book-cash", &format!("{cash}{}", last + 1)),
                headline.present_value.value().to_string(),
                money,
            ),
            (
                self.at("book-cash", &format!("{cash}{}", last + 2)),
                headline.equivalent_annual_cost.value().to_string(),
                money,
            ),
            (
                format!("IF({income}>0,E{line}/{income},0)"),
                headline.winter_burden.to_string(),
                &self.looks.share,
            ),
        ];
        let name = words::option_name(account, self.messages);
        sheet.write_string_with_format(row, 0, &name, &self.looks.text)?;
        sheet.write_string_with_format(row, 1, &account.id, &self.looks.small)?;
        for (column, (formula, result, look)) in (2..).zip(cells) {
            let formula = Formula::new(formula).set_result(result);
            sheet.write_formula_with_format(row, column, formula, look)?;
        }
        let coal = account.emissions.coal_replaced_t;
        sheet.write_number_with_format(row, 11, coal, &self.looks.quantity)?;
        height(sheet, row, &[(&name, NAME_WIDTH)])?;
        if account.id != "today" {
            let payback = words::payback(headline.payback, self.messages);
            sheet.write_string_with_format(row, 12, &payback, &self.looks.text)?;
            let verdict = account::account_verdict(account, self.messages);
            sheet.write_string_with_format(row, 13, &verdict, &self.looks.text)?;
            height(
                sheet,
                row,
                &[(&name, NAME_WIDTH), (&verdict, VERDICT_WIDTH)],
            )?;
        }
        Ok(())
    }

    fn years(&self) -> u16 {
        self.comparison.money.horizon_years
    }

    /// Every payment: quantity times price, rounded as the account rounds.
    fn ledger(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let text = |key: &str| self.messages.text(key);
        let heads = [
            text("column-option"),
            self.word("book-id"),
            self.word("book-year"),
            text("column-month"),
            text("column-payer"),
            self.word("book-kind"),
            text("column-line"),
            text("column-quantity"),
            text("column-unit"),
            text("column-price"),
            text("column-amount"),
            self.word("book-figure"),
        ];
        self.heads(sheet, 0, &heads)?;
        let places: BTreeMap<&PriceKey, usize> = self.prices.keys().zip(PRICES_TOP..).collect();
        let mut top = LEDGER_TOP;
        for account in &self.accounts {
            for (i, line) in account.ledger.lines.iter().enumerate() {
                let price = match places.get(&price_key(line)) {
                    Some(row) => self.at("book-assumptions", &format!("$D${row}")),
                    None => first_winter(account, line, top),
                };
                self.line(sheet, (top + i) as u32 - 1, account, line, price)?;
            }
            top += account.ledger.lines.len();
        }
        let row = top as u32 - 1;
        widths(
            sheet,
            &[
                24.0, 16.0, 6.0, 5.0, 9.0, 11.0, 36.0, 14.0, 7.0, 13.0, 14.0, 44.0,
            ],
        )?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.autofilter(0, 0, row.saturating_sub(1).max(1), 11)?;
        Ok(())
    }

    fn line(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        account: &Account,
        line: &Line,
        price: String,
    ) -> Result<(), XlsxError> {
        let looks = &self.looks;
        let name = words::option_name(account, self.messages);
        sheet.write_string(row, 0, name)?;
        sheet.write_string_with_format(row, 1, &account.id, &looks.small)?;
        sheet.write_number_with_format(row, 2, line.year, &looks.whole)?;
        if let Some(month) = line.month {
            sheet.write_number_with_format(row, 3, month, &looks.whole)?;
        }
        let payer = self.messages.kind("payer", line.payer);
        sheet.write_string_with_format(row, 4, payer, &looks.text)?;
        sheet.write_string(row, 5, self.group(line.purpose))?;
        sheet.write_string(row, 6, words::line(line, self.messages))?;
        sheet.write_number_with_format(row, 7, line.quantity.to_f64(), &looks.quantity)?;
        let unit = self.messages.member("unit", line.unit);
        sheet.write_string_with_format(row, 8, unit, &looks.text)?;
        let of = Formula::new(price).set_result(line.unit_price.to_string());
        sheet.write_formula_with_format(row, 9, of, &looks.quantity)?;
        let product = format!("H{0}*J{0}", row + 1);
        let amount = rounded(&product, self.comparison.money.rounding);
        let amount = Formula::new(amount).set_result(line.amount.to_fixed().to_string());
        sheet.write_formula_with_format(row, 10, amount, &looks.money)?;
        sheet.write_string_with_format(row, 11, line.figure.id(), &looks.small)?;
        Ok(())
    }

    /// Year by year: discount factor, what each option costs the household, what it has saved.
    fn cash(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let looks = &self.looks;
        let (flows, saved) = (CASH_LEFT, self.saved_left());
        sheet.write_string_with_format(0, flows, self.word("book-flow"), &looks.title)?;
        sheet.write_string_with_format(0, saved, self.word("book-saved"), &looks.title)?;
        let first = [
            self.word("book-year"),
            self.messages.text("column-which-winter"),
            self.word("book-factor"),
        ];
        self.heads(sheet, 2, &first)?;
        for (i, account) in self.accounts.iter().enumerate() {
            let name = words::option_name(account, self.messages);
            let columns = [
                Some(flows + i as u16),
                (i > 0).then(|| saved + i as u16 - 1),
            ];
            for column in columns.into_iter().flatten() {
                sheet.write_string_with_format(1, column, &account.id, &looks.small)?;
                sheet.write_string_with_format(2, column, &name, &looks.head)?;
            }
        }
        for year in 0..=self.years() {
            self.year(sheet, year)?;
        }
        self.totals(sheet)?;
        let mut wide = vec![8.0, 12.0, 12.0];
        wide.resize(usize::from(saved) + self.accounts.len(), 15.0);
        wide[usize::from(saved) - 1] = 4.0;
        widths(sheet, &wide)?;
        sheet.set_freeze_panes(3, CASH_LEFT)?;
        sheet.set_repeat_columns(0, CASH_LEFT - 1)?;
        Ok(())
    }

    /// First column of what has been saved; an empty one stands before it.
    fn saved_left(&self) -> u16 {
        CASH_LEFT + self.accounts.len() as u16 + 1
    }

    fn year(&self, sheet: &mut Worksheet, year: u16) -> Result<(), XlsxError> {
        let looks = &self.looks;
        let line = CASH_TOP + usize::from(year);
        let row = line as u32 - 1;
        sheet.write_number_with_format(row, 0, year, &looks.whole)?;
        let winter = self
            .comparison
            .today
            .staircase
            .get(usize::from(year).wrapping_sub(1));
        let winter = winter.map_or(String::new(), |winter| winter.winter.to_string());
        sheet.write_string(row, 1, winter)?;
        let rate = self.comparison.money.discount_rate;
        let factor = Formula::new(format!("1/(1+{})^$A{line}", self.assumption(RATE_ROW)))
            .set_result(lifecycle::spv(rate, year).to_string());
        sheet.write_formula_with_format(row, 2, factor, &looks.factor)?;
        for (i, account) in self.accounts.iter().enumerate() {
            let column = CASH_LEFT + i as u16;
            let letter = column_letters(usize::from(column));
            let sum = self.sum(&format!("{letter}$2"), &format!("$A{line}"), None);
            let paid = account.ledger.paid_by(Payer::Household, year);
            let formula =
                Formula::new(format!("ROUND({sum},2)")).set_result(paid.to_fixed().to_string());
            sheet.write_formula_with_format(row, column, formula, &looks.money)?;
            if i > 0 {
                self.saved(sheet, (i, year, line), account)?;
            }
        }
        Ok(())
    }

    fn saved(
        &self,
        sheet: &mut Worksheet,
        (i, year, line): (usize, u16, usize),
        account: &Account,
    ) -> Result<(), XlsxError> {
        let column = self.saved_left() + i as u16 - 1;
        let before = match year {
            0 => String::new(),
            _ => format!("{}{}+", column_letters(usize::from(column)), line - 1),
        };
        let today = column_letters(usize::from(CASH_LEFT));
        let own = column_letters(usize::from(CASH_LEFT) + i);
        let until = |account: &Account| -> Money {
            account
                .ledger
                .sum(|it| it.payer == Payer::Household && it.year <= year)
        };
        let saved = until(&self.comparison.today) - until(account);
        let formula = Formula::new(format!("ROUND({before}{today}{line}-{own}{line},2)"))
            .set_result(saved.to_fixed().to_string());
        sheet.write_formula_with_format(line as u32 - 1, column, formula, &self.looks.money)?;
        Ok(())
    }

    /// Present value and equivalent annual cost.
    fn totals(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let last = CASH_TOP + usize::from(self.years());
        let row = last as u32;
        let (rate, years) = (self.assumption(RATE_ROW), self.assumption(YEARS_ROW));
        sheet.write_string_with_format(
            row,
            0,
            self.word("book-present-value"),
            &self.looks.title,
        )?;
        let annual = self.messages.text("column-annual");
        sheet.write_string_with_format(row + 1, 0, annual, &self.looks.title)?;
        for (i, account) in self.accounts.iter().enumerate() {
            let column = CASH_LEFT + i as u16;
            let letter = column_letters(usize::from(column));
            let headline = &account.headline;
            let value =
                format!("SUMPRODUCT($C{CASH_TOP}:$C{last},{letter}{CASH_TOP}:{letter}{last})");
            let value = Formula::new(value).set_result(headline.present_value.value().to_string());
            sheet.write_formula_with_format(row, column, value, &self.looks.bold_money)?;
            let worth = format!("{letter}{}", last + 1);
            let level =
                format!("IF({rate}=0,{worth}/{years},{worth}*{rate}/(1-(1+{rate})^-{years}))");
            let level =
                Formula::new(level).set_result(headline.equivalent_annual_cost.value().to_string());
            sheet.write_formula_with_format(row + 1, column, level, &self.looks.bold_money)?;
        }
        Ok(())
    }

    /// What may be changed: rate, days, income and every price.
    fn assumptions(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let looks = &self.looks;
        let money = &self.comparison.money;
        let note = self.word("book-note-assumptions");
        sheet.write_string_with_format(0, 0, &note, &looks.small)?;
        self.heads(
            sheet,
            1,
            &[self.word("book-assumption"), self.word("book-value")],
        )?;
        let days = self.comparison.season.days() as f64;
        let rows = [
            (
                RATE_ROW,
                "book-discount",
                money.discount_rate,
                &looks.input_share,
            ),
            // The ledger has no more years than these.
            (
                YEARS_ROW,
                "book-horizon",
                f64::from(money.horizon_years),
                &looks.whole,
            ),
            (DAYS_ROW, "book-days", days, &looks.input),
            (
                INCOME_ROW,
                "book-income",
                self.comparison.household.income.value(),
                &looks.input,
            ),
        ];
        for (line, key, value, look) in rows {
            sheet.write_string(line as u32 - 1, 0, self.word(key))?;
            sheet.write_number_with_format(line as u32 - 1, 1, value, look)?;
        }
        let row = INCOME_ROW as u32;
        sheet.write_string(row, 0, self.word("book-rounding"))?;
        sheet.write_string(row, 1, self.messages.kind("book-rounding", money.rounding))?;
        let text = |key: &str| self.messages.text(key);
        let heads = [
            text("column-line"),
            self.word("book-kind"),
            text("column-unit"),
            text("column-price"),
            self.word("book-figure"),
            self.word("book-source"),
            self.word("book-date"),
            self.word("book-grade"),
        ];
        self.heads(sheet, PRICES_TOP as u32 - 2, &heads)?;
        for (row, line) in (PRICES_TOP as u32 - 1..).zip(self.prices.values()) {
            let figure = &line.figure.0;
            let (source, date) = self.source(&figure.source);
            let texts = [(source.as_str(), 60.0), (figure.id.as_str(), 40.0)];
            height(sheet, row, &texts)?;
            sheet.write_string_with_format(
                row,
                0,
                words::line(line, self.messages),
                &looks.text,
            )?;
            sheet.write_string(row, 1, self.group(line.purpose))?;
            sheet.write_string(row, 2, self.messages.member("unit", line.unit))?;
            sheet.write_number_with_format(row, 3, line.unit_price.to_f64(), &looks.input)?;
            sheet.write_string_with_format(row, 4, &figure.id, &looks.small)?;
            sheet.write_string_with_format(row, 5, source, &looks.text)?;
            sheet.write_string(row, 6, date)?;
            sheet.write_string(row, 7, figure.grade.key())?;
        }
        widths(sheet, &[38.0, 14.0, 8.0, 14.0, 40.0, 60.0, 12.0, 6.0])?;
        sheet.set_freeze_panes(PRICES_TOP as u32 - 1, 0)?;
        sheet.set_repeat_rows(PRICES_TOP as u32 - 2, PRICES_TOP as u32 - 2)?;
        Ok(())
    }

    /// Citation and date of a document.
    fn source(&self, id: &str) -> (String, String) {
        match (self.sources)(id) {
            Some(source) => (
                explain::cite(source),
                source.date.clone().unwrap_or_default(),
            ),
            None => (self.messages.member("source", id), String::new()),
        }
    }

    /// Every figure that was used, and what was filled in.
    fn figures(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let looks = &self.looks;
        let heads = [
            "book-figure",
            "book-value",
            "book-source",
            "book-date",
            "book-grade",
            "book-valid",
            "book-fit",
            "book-remark",
        ];
        self.heads(sheet, 0, &heads.map(|key| self.word(key)))?;
        let values = self.values();
        let mut row = 1;
        for used in &self.comparison.figures {
            let figure = &used.figure.0;
            let (source, date) = self.source(&figure.source);
            let note = figure.note.clone().unwrap_or_default();
            let texts = [
                (figure.id.as_str(), 40.0),
                (source.as_str(), 56.0),
                (note.as_str(), 60.0),
            ];
            height(sheet, row, &texts)?;
            let valid = figure.valid.as_ref();
            let valid = valid.map(|valid| {
                explain::validity(valid, self.messages) + &explain::winters(used, self.messages)
            });
            let value = values.get(figure.id.as_str()).map(|all| all.join("; "));
            let cells = [
                figure.id.clone(),
                value.unwrap_or_default(),
                source,
                date,
                figure.grade.key().to_owned(),
                valid.unwrap_or_default(),
                self.fit(used.fit),
                note,
            ];
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, &looks.text)?;
            }
            row += 1;
        }
        row += 1;
        sheet.write_string_with_format(row, 0, self.word("book-filled-in"), &looks.title)?;
        for filled in &self.comparison.filled_in {
            row += 1;
            let figure = filled.figure.as_ref().map(|figure| &figure.0);
            let source = figure
                .map(|figure| self.source(&figure.source))
                .unwrap_or_default();
            let grade = figure.map_or("", |figure| figure.grade.key());
            let value = self.messages.name(&filled.value);
            let cells = [filled.key, value, &source.0, &source.1, grade];
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, &looks.text)?;
            }
        }
        widths(sheet, &[40.0, 22.0, 56.0, 12.0, 6.0, 26.0, 10.0, 60.0])?;
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn fit(&self, fit: Fit) -> String {
        self.word(match fit {
            Fit::Fits => "book-fit-fits",
            Fit::FilledFromAbove => "book-fit-filled_from_above",
            Fit::Unchecked => "book-fit-unchecked",
            Fit::OutOfDate => "book-fit-out_of_date",
        })
    }

    /// The values of figures that the account tells: prices, terms of its steps, what was filled in.
    fn values(&self) -> BTreeMap<&str, Vec<String>> {
        const MOST: usize = 4;
        let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut add = |id, value: String| {
            let own = values.entry(id).or_default();
            if own.len() < MOST && !own.contains(&value) {
                own.push(value);
            }
        };
        for filled in &self.comparison.filled_in {
            if let Some(figure) = &filled.figure {
                add(
                    figure.0.id.as_str(),
                    self.messages.name(&filled.value).to_owned(),
                );
            }
        }
        let steps = |steps: &'_ [Step]| {
            steps
                .iter()
                .flat_map(|step| step.terms.clone())
                .collect::<Vec<_>>()
        };
        let own = self
            .accounts
            .iter()
            .flat_map(|account| steps(&account.steps));
        let terms: Vec<_> = steps(&self.comparison.demand.steps)
            .into_iter()
            .chain(own)
            .collect();
        for used in &self.comparison.figures {
            let of = |figure: &Option<_>| figure.as_ref() == Some(&used.figure);
            for term in terms.iter().filter(|term| of(&term.figure)) {
                let value = format!("{} {}", number(term.value, 3), term.unit);
                add(used.figure.0.id.as_str(), value.trim_end().to_owned());
            }
        }
        for line in self.prices.values() {
            let unit = self.messages.member("unit", line.unit);
            let money = self.messages.member("unit", "CNY");
            add(
                line.figure.0.id.as_str(),
                format!("{} {money}/{unit}", line.unit_price),
            );
        }
        values
    }

    /// Drawings of the cells, so that they follow a change.
    fn charts(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_print_fit_to_pages(1, 1);
        let comparison = self.word("book-comparison");
        let cash = self.word("book-cash");
        let first = OPTIONS_TOP as u32 - 1;
        let last = first + self.accounts.len() as u32 - 1;
        let mut winters = Chart::new(ChartType::Bar);
        winters
            .add_series()
            .set_categories((comparison.as_str(), first, 0, last, 0))
            .set_values((comparison.as_str(), first, 4, last, 4));
        winters
            .title()
            .set_name(self.word("book-chart-winter").as_str());
        winters.legend().set_hidden();
        winters.y_axis().set_reverse();
        winters
            .y_axis()
            .set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low);
        winters.x_axis().set_num_format("#,##0");
        winters
            .set_width(980)
            .set_height(120 + 34 * self.accounts.len() as u32);
        sheet.insert_chart(0, 0, &winters)?;
        let mut saved = Chart::new(ChartType::Line);
        let (top, bottom) = (
            CASH_TOP as u32 - 1,
            CASH_TOP as u32 - 1 + u32::from(self.years()),
        );
        for i in 0..self.accounts.len().saturating_sub(1) as u16 {
            let column = self.saved_left() + i;
            saved
                .add_series()
                .set_name((cash.as_str(), 2, column))
                .set_categories((cash.as_str(), top, 0, bottom, 0))
                .set_values((cash.as_str(), top, column, bottom, column));
        }
        saved
            .title()
            .set_name(self.word("book-chart-saved").as_str());
        saved
            .x_axis()
            .set_name(self.word("book-axis-year").as_str());
        saved
            .x_axis()
            .set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low);
        saved.y_axis().set_num_format("#,##0");
        saved.set_width(980).set_height(520);
        if self.accounts.len() > 1 {
            let below = 8 + 2 * self.accounts.len() as u32;
            sheet.insert_chart(below, 0, &saved)?;
        }
        Ok(())
    }
}

/// The price of a later winter: the first winter's bill times the rise of prices. `top` is the row
/// of the account's first line.
fn first_winter(account: &Account, line: &Line, top: usize) -> String {
    let places = followed(account, line);
    let rise = line.amount.to_f64() / sum_of(account, &places).to_f64();
    let rows: Vec<usize> = places.iter().map(|i| top + i).collect();
    format!("ROUND(SUM({})*{rise},2)", ranges(AMOUNT, &rows))
}

fn widths(sheet: &mut Worksheet, widths: &[f64]) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    Ok(())
}

/// Makes a row as high as its longest text needs; not every program does that by itself.
fn height(sheet: &mut Worksheet, row: u32, cells: &[(&str, f64)]) -> Result<(), XlsxError> {
    const LINE: f64 = 16.0;
    // A character of the workbook's font is a little wider than the unit of widths.
    let lines = |(text, width): &(&str, f64)| (text.width() as f64 * 1.15 / width).ceil();
    let most = cells.iter().map(lines).fold(1.0_f64, f64::max);
    sheet.set_row_height(row, most * LINE)?;
    Ok(())
}

/// The letters of a column, 0 for `A`.
fn column_letters(column: usize) -> String {
    rust_xlsxwriter::utility::column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX))
}

/// The part of a message key for what a line is paid for.
const fn group(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Install(_) => "book-group-install",
        Purpose::InstallSubsidy => "book-group-install-subsidy",
        Purpose::Energy(_) => "book-group-energy",
        Purpose::Upkeep => "book-group-upkeep",
        Purpose::Labour => "book-group-labour",
        Purpose::RunningSubsidy => "book-group-running-subsidy",
        Purpose::Export => "book-group-export",
        Purpose::Replacement(_) => "book-group-replacement",
        Purpose::Residual => "book-group-residual",
        Purpose::Loan => "book-group-loan",
    }
}

/// A product in whole fen. Products have twelve decimals at most; ten of them put the binary
/// fraction right before it is cut.
fn rounded(product: &str, rounding: Rounding) -> String {
    match rounding {
        Rounding::HalfUp => format!("ROUND({product},2)"),
        Rounding::Down => format!("ROUNDDOWN(ROUND({product},10),2)"),
        Rounding::Up => format!("ROUNDUP(ROUND({product},10),2)"),
        Rounding::HalfEven => format!(
            "IF(ROUND(MOD(ABS({product})*100,2),8)=0.5,ROUNDDOWN(ROUND({product},10),2),ROUND({product},2))"
        ),
    }
}
