//! The summary of a roster in tables, for the screen, a workbook and a page.

use crate::comparison::setting::Setting;
use crate::questions::roster::{CHANGE_ENDS, Sums, Tally};
use crate::report::messages::Messages;
use crate::report::table::{Align, PAGE, Table, number};
use crate::words::kinds::{Kind, Payer};

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number with its digits after the point.
    Number(f64, usize),
    /// A share of one, shown as percent.
    Share(f64),
}

impl Cell {
    /// As text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(value, digits) => number(*value, *digits),
            Self::Share(share) => format!("{}%", number(share * 100.0, 0)),
        }
    }
}

/// A table of the summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Name of its sheet.
    pub sheet: String,
    /// What it shows.
    pub title: String,
    /// Heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// The column that bars are drawn from, where that says more than the numbers.
    pub bars: Option<usize>,
}

/// Most rows of a table on the screen; the rest stands in the files.
const SHOWN: usize = 24;

/// All tables of a tally.
pub fn blocks(tally: &Tally, setting: &Setting, messages: &Messages) -> Vec<Block> {
    let county = tally.county();
    let maker = Maker { messages };
    let mut blocks = vec![
        maker.options(tally, setting),
        maker.overview(&county, tally),
        maker.changes(&county),
        maker.categories(&county),
        maker.years(&county),
    ];
    let townships = tally.townships();
    if townships.len() > 1 || townships.iter().any(|(name, _)| !name.is_empty()) {
        let rows = townships.iter();
        let rows: Vec<(Vec<String>, &Sums)> =
            rows.map(|(name, s)| (vec![name.clone()], s)).collect();
        blocks.push(maker.places("roster-townships", &["roster-township"], rows));
    }
    if tally.places.len() > 1 || tally.places.iter().any(|(_, name, _)| !name.is_empty()) {
        let rows = tally.places.iter();
        let rows: Vec<(Vec<String>, &Sums)> = rows
            .map(|(t, v, s)| (vec![t.clone(), v.clone()], s))
            .collect();
        blocks.push(maker.places(
            "roster-villages",
            &["roster-township", "roster-village"],
            rows,
        ));
    }
    blocks
}

/// As plain text.
pub fn text(blocks: &[Block], messages: &Messages) -> String {
    let mut out = String::new();
    for block in blocks {
        out += &format!("\n{}\n", block.title);
        let align = |column: usize| match block.rows.first().and_then(|row| row.get(column)) {
            Some(Cell::Text(_)) | None => Align::Left,
            _ => Align::Right,
        };
        let heads = block.heads.iter().enumerate();
        let mut table = Table::new(heads.map(|(i, head)| (head.as_str(), align(i))));
        for row in block.rows.iter().take(SHOWN) {
            table.row(row.iter().map(Cell::text));
        }
        out += &table.to_text(PAGE);
        if let Some(more) = block.rows.len().checked_sub(SHOWN + 1) {
            let more = more + 1;
            out += &messages.with("roster-more-rows", &[("more", &more)]);
            out.push('\n');
        }
    }
    out
}

struct Maker<'m> {
    messages: &'m Messages,
}

fn yuan(fen: i64) -> Cell {
    Cell::Number(fen as f64 / 100.0, 0)
}

/// Ten thousand yuan (万元), as budgets are written.
fn budget(fen: i64) -> Cell {
    Cell::Number(fen as f64 / 1e6, 1)
}

fn count(n: i64) -> Cell {
    Cell::Number(n as f64, 0)
}

fn share(part: i64, whole: i64) -> Cell {
    Cell::Share(part as f64 / whole.max(1) as f64)
}

fn mean(sum: i64, households: i64) -> Cell {
    yuan((sum as f64 / households.max(1) as f64).round() as i64)
}

impl Maker<'_> {
    fn block(&self, title: &str, heads: &[&str]) -> Block {
        Block {
            sheet: self.messages.text(&format!("{title}-sheet")),
            title: self.messages.text(title),
            heads: heads.iter().map(|key| self.messages.text(key)).collect(),
            rows: Vec::new(),
            bars: None,
        }
    }

    /// If every household that can had the option.
    fn options(&self, tally: &Tally, setting: &Setting) -> Block {
        let mut block = self.block(
            "roster-options",
            &[
                "roster-option",
                "roster-possible",
                "roster-taken",
                "roster-winners",
                "roster-losers",
                "roster-mean-change",
                "roster-over-line",
                "roster-too-dear",
                "roster-mean-self-pay",
            ],
        );
        let sums = setting.options.iter().zip(&tally.options).zip(&tally.taken);
        for ((option, sums), taken) in sums {
            block.rows.push(vec![
                Cell::Text(self.messages.name(&option.name).to_owned()),
                count(sums.households),
                count(*taken),
                count(sums.winners),
                count(sums.losers),
                mean(sums.winter - sums.today, sums.households),
                share(sums.over_line, sums.households),
                share(sums.too_dear_to_install, sums.households),
                mean(sums.self_pay, sums.households),
            ]);
        }
        block
    }

    fn overview(&self, county: &Sums, tally: &Tally) -> Block {
        let mut block = self.block("roster-overview", &["roster-what", "roster-value"]);
        let n = county.households;
        let rows = [
            ("roster-row-households", count(tally.households)),
            ("roster-row-without", count(tally.without)),
            ("roster-row-winners", count(county.winners)),
            (
                "roster-row-winners-with-grants",
                count(county.winners_with_grants),
            ),
            ("roster-row-losers", count(county.losers)),
            ("roster-row-spared", budget(county.spared)),
            ("roster-row-lost", budget(county.lost)),
            ("roster-row-over-line", share(county.over_line, n)),
            (
                "roster-row-over-line-later",
                share(county.over_line_later, n),
            ),
            ("roster-row-too-dear", share(county.too_dear_to_install, n)),
            ("roster-row-install", budget(county.install_price)),
            ("roster-row-self-pay", budget(county.self_pay)),
            ("roster-row-public", budget(county.public(0))),
            ("roster-row-winter", mean(county.winter, n)),
            ("roster-row-today", mean(county.today, n)),
            ("roster-row-after", mean(county.after_subsidy, n)),
            (
                "roster-row-coal",
                Cell::Number(county.coal_replaced as f64 / 1e6, 0),
            ),
            (
                "roster-row-co2",
                Cell::Number(county.co2_less as f64 / 1e6, 0),
            ),
            (
                "roster-row-pm25",
                Cell::Number(county.pm25_less as f64 / 1e6, 1),
            ),
            (
                "roster-row-electricity",
                Cell::Number(county.electricity as f64 / 1e7, 1),
            ),
            (
                "roster-row-cold-hour",
                Cell::Number(county.cold_hour as f64 / 1e6, 1),
            ),
            (
                "roster-row-peaks",
                Cell::Number(county.peaks as f64 / 1e6, 1),
            ),
        ];
        for (key, cell) in rows {
            block
                .rows
                .push(vec![Cell::Text(self.messages.text(key)), cell]);
        }
        block
    }

    /// How the change of the winter's cost is spread.
    fn changes(&self, county: &Sums) -> Block {
        let mut block = self.block(
            "roster-changes",
            &["roster-change", "roster-households", "roster-share"],
        );
        block.bars = Some(1);
        for (i, &households) in county.changes.iter().enumerate() {
            let below = i.checked_sub(1).and_then(|i| CHANGE_ENDS.get(i));
            let name = match (below, CHANGE_ENDS.get(i)) {
                (None, Some(to)) => self.messages.with("roster-change-to", &[("to", to)]),
                (Some(from), Some(to)) => {
                    let ends: [(&str, &dyn std::fmt::Display); 2] = [("from", from), ("to", to)];
                    self.messages.with("roster-change-between", &ends)
                }
                (from, _) => {
                    let from = from.copied().unwrap_or(0);
                    self.messages.with("roster-change-from", &[("from", &from)])
                }
            };
            let of_all = share(households, county.households);
            block
                .rows
                .push(vec![Cell::Text(name), count(households), of_all]);
        }
        block
    }

    fn categories(&self, county: &Sums) -> Block {
        let mut block = self.block(
            "roster-categories",
            &[
                "roster-category",
                "roster-households",
                "roster-losers",
                "roster-share",
                "roster-mean-change",
            ],
        );
        for (category, [households, losers, change]) in &county.categories {
            block.rows.push(vec![
                Cell::Text(self.messages.kind("category", *category)),
                count(*households),
                count(*losers),
                share(*losers, *households),
                mean(*change, *households),
            ]);
        }
        block
    }

    /// Who pays in which year, as subsidies step down.
    fn years(&self, county: &Sums) -> Block {
        let others = Payer::ALL
            .iter()
            .filter(|payer| **payer != Payer::Household);
        let paying: Vec<Payer> = others
            .filter(|payer| county.payers.keys().any(|(_, own)| own == *payer))
            .copied()
            .collect();
        let mut block = self.block("roster-years", &["roster-year"]);
        let names = paying
            .iter()
            .map(|payer| self.messages.kind("payer", *payer));
        block.heads.extend(names);
        block.heads.push(self.messages.text("roster-public"));
        for year in 0..=county.last_year() {
            let name = match year {
                0 => self.messages.text("roster-year-0"),
                year => self.messages.with("roster-year-n", &[("year", &year)]),
            };
            let mut row = vec![Cell::Text(name)];
            row.extend(paying.iter().map(|payer| budget(county.paid(year, *payer))));
            row.push(budget(county.public(year)));
            block.rows.push(row);
        }
        block
    }

    fn places(&self, title: &str, names: &[&str], rows: Vec<(Vec<String>, &Sums)>) -> Block {
        let figures = [
            "roster-households",
            "roster-winners",
            "roster-losers",
            "roster-mean-change",
            "roster-over-line",
            "roster-public-up-front",
            "roster-coal",
            "roster-cold-hour",
        ];
        let mut block = self.block(title, &[names, &figures].concat());
        block.bars = Some(names.len() + figures.len() - 1);
        for (names, sums) in rows {
            let mut row: Vec<Cell> = names.into_iter().map(Cell::Text).collect();
            row.extend([
                count(sums.households),
                count(sums.winners),
                count(sums.losers),
                mean(sums.winter - sums.today, sums.households),
                share(sums.over_line, sums.households),
                budget(sums.public(0)),
                Cell::Number(sums.coal_replaced as f64 / 1e6, 0),
                Cell::Number(sums.cold_hour as f64 / 1e3, 0),
            ]);
            block.rows.push(row);
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::messages::Lang;

    /// Sums are kept in grams, watts and watt hours.
    #[test]
    fn physical_sums_are_shown_in_the_units_that_their_rows_name() {
        let sums = Sums {
            households: 1,
            coal_replaced: 79_000_000,
            co2_less: 112_000_000,
            pm25_less: 1_500_000,
            electricity: 25_000_000,
            cold_hour: 4_000_000,
            peaks: 5_000_000,
            ..Sums::default()
        };
        let messages = Messages::new(Lang::En);
        let maker = Maker {
            messages: &messages,
        };
        let block = maker.overview(&sums, &Tally::default());
        let texts = block.rows.iter().map(|row| row.iter().map(Cell::text));
        let texts: Vec<Vec<String>> = texts.map(Iterator::collect).collect();
        for (unit, value) in [
            ("loose coal spared a winter (t)", "79"),
            ("CO2 spared a winter (t, with the grid)", "112"),
            ("PM2.5 spared a winter (t)", "1.5"),
            ("electricity a winter (10 MWh)", "2.5"),
            ("power in the coldest hour (MW)", "4.0"),
            ("sum of the houses' peaks (MW)", "5.0"),
        ] {
            assert!(
                texts.contains(&vec![unit.to_owned(), value.to_owned()]),
                "{unit}"
            );
        }
    }
}
