//! Tables as plain text, Markdown and CSV. Widths count Chinese characters as two columns.

use crate::report::markup::escaped;
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a page of plain text has.
pub const PAGE: usize = 80;
/// Blanks between two columns of a table.
const GAP: usize = 2;
/// A column of text is not made narrower than this.
const NARROWEST: usize = 8;

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text: at the left, broken into lines where it is too long.
    Left,
    /// Numbers: at the right, never broken.
    Right,
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new<'h>(columns: impl IntoIterator<Item = (&'h str, Align)>) -> Self {
        Self {
            columns: columns
                .into_iter()
                .map(|(head, align)| (head.to_owned(), align))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; missing cells are empty, further ones are dropped.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let mut row: Vec<String> = cells.into_iter().map(Into::into).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As plain text of at most `page` columns (never narrower than its numbers need). Long text
    /// is broken into lines; heads are broken to fit their column.
    pub fn to_text(&self, page: usize) -> String {
        let widths = self.widths(page);
        let heads: Vec<String> = self.columns.iter().map(|(head, _)| head.clone()).collect();
        let mut out = String::new();
        if heads.iter().any(|head| !head.is_empty()) {
            self.write_row(&heads, &widths, &mut out);
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            let _ = writeln!(out, "{}", rules.join(&" ".repeat(GAP)));
        }
        for row in &self.rows {
            self.write_row(row, &widths, &mut out);
        }
        out
    }

    /// As a table of GitHub Markdown.
    pub fn to_markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(self.columns.iter().map(|(head, _)| cell(head)).collect());
        let rule = |align: &Align| match align {
            Align::Left => "---".to_owned(),
            Align::Right => "---:".to_owned(),
        };
        out += &line(self.columns.iter().map(|(_, align)| rule(align)).collect());
        for row in &self.rows {
            out += &line(row.iter().map(|text| cell(text)).collect());
        }
        out
    }

    /// As a table of HTML that scrolls in its own box where a screen is narrow.
    pub fn to_html(&self) -> String {
        let class = |i: usize| match self.columns.get(i) {
            Some((_, Align::Right)) => " class=\"n\"",
            _ => "",
        };
        let line = |tag: &str, cells: Vec<&str>| {
            let cells = cells
                .iter()
                .enumerate()
                .map(|(i, text)| format!("<{tag}{}>{}</{tag}>", class(i), escaped(text)));
            format!("<tr>{}</tr>\n", cells.collect::<String>())
        };
        let mut out = "<div class=\"scroll\"><table>\n".to_owned();
        let heads: Vec<&str> = self.columns.iter().map(|(head, _)| head.as_str()).collect();
        out += &format!("<thead>{}</thead>\n<tbody>\n", line("th", heads).trim_end());
        for row in &self.rows {
            out += &line("td", row.iter().map(String::as_str).collect());
        }
        out + "</tbody></table></div>\n"
    }

    /// As CSV (RFC 4180, with line feeds), with a byte order mark if a spreadsheet program is to
    /// recognise UTF-8 by it.
    ///
    /// # Errors
    /// Those of the CSV writer, which has none when it writes to memory.
    pub fn to_csv(&self, byte_order_mark: bool) -> Result<String, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(head, _)| head))?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        let bytes = writer.into_inner().map_err(|e| e.into_error())?;
        let mark = if byte_order_mark { "\u{feff}" } else { "" };
        Ok(format!("{mark}{}", String::from_utf8_lossy(&bytes)))
    }

    /// The width of every column: what its cells need, then the widest columns of text give way
    /// until the table fits the page.
    fn widths(&self, page: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|i| self.natural(i)).collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        loop {
            let over = (widths.iter().sum::<usize>() + gaps).saturating_sub(page);
            let widest = (0..widths.len())
                .filter(|&i| self.columns[i].1 == Align::Left && widths[i] > NARROWEST)
                .max_by_key(|&i| widths[i]);
            match widest {
                Some(i) if over > 0 => widths[i] -= 1,
                _ => return widths,
            }
        }
    }

    /// What a column needs: its widest cell, and enough for its head in at most two lines.
    fn natural(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let cells = cells.map(|cell| cell.lines().map(UnicodeWidthStr::width).max().unwrap_or(0));
        let head = self.columns[column].0.width();
        let head = if head > 8 { head.div_ceil(2) + 1 } else { head };
        cells.max().unwrap_or(0).max(head)
    }

    fn write_row(&self, row: &[String], widths: &[usize], out: &mut String) {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(widths)
            .map(|(text, width)| wrap(text, *width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for i in 0..height {
            let mut line = String::new();
            for ((cell, width), (_, align)) in cells.iter().zip(widths).zip(&self.columns) {
                let text = cell.get(i).map_or("", String::as_str);
                let blank = " ".repeat(width.saturating_sub(text.width()));
                match align {
                    Align::Left => line += &format!("{text}{blank}"),
                    Align::Right => line += &format!("{blank}{text}"),
                }
                line += &" ".repeat(GAP);
            }
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
}

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', "<br>")
}

/// Signs that do not begin a line of Chinese.
const NOT_FIRST: &str = "，。、；：！？）」』》】,.;:!?)]%";
/// Signs that do not end a line of Chinese.
const NOT_LAST: &str = "（「『《【([";

/// Breaks text into lines of at most `width` columns. Between Chinese characters a line may end
/// anywhere but before a closing or after an opening sign; words of Latin letters and numbers stay
/// whole unless they are wider than a line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            if line.width() + piece.trim_end().width() > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            for c in piece.chars() {
                if line.width() + c.width().unwrap_or(0) > width && c != ' ' {
                    lines.push(std::mem::take(&mut line).trim_end().to_owned());
                }
                if !(line.is_empty() && c == ' ' && !lines.is_empty()) {
                    line.push(c);
                }
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The pieces between which a line may end.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        let glued = before.is_some_and(|before| glued(before, c));
        match pieces.last_mut() {
            Some(piece) if glued => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

/// Whether no line may end between two characters.
fn glued(before: char, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after == ' ' {
        return true;
    }
    before != ' ' && !wide(before) && !wide(after)
}

/// Breaks a paragraph to the width of a page, with `indent` blanks before every line but the
/// first.
pub fn paragraph(text: &str, page: usize, indent: usize) -> String {
    let lines = wrap(text, page.saturating_sub(indent));
    let mut out = lines.join(&format!("\n{}", " ".repeat(indent)));
    out.push('\n');
    out
}

/// A number as people read it: `digits` decimals, thousands parted by commas, no negative zero
/// (GB/T 15835-2011, 5.1.1, which English shares).
pub fn number(value: f64, digits: usize) -> String {
    grouped(&decimal(value, digits))
}

/// Puts commas between the thousands of a decimal number.
pub fn grouped(text: &str) -> String {
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::with_capacity(text.len() + 4);
    let mut before = '-';
    for (at, c) in text.chars().enumerate() {
        let left = whole.saturating_sub(at);
        if before.is_ascii_digit() && left > 0 && left % 3 == 0 {
            out.push(',');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A number as programs read it: `digits` decimals and no negative zero.
pub fn decimal(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let zero = text
        .trim_start_matches('-')
        .chars()
        .all(|c| c == '0' || c == '.');
    match text.strip_prefix('-') {
        Some(rest) if zero => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table() -> Table {
        let mut table = Table::new([("方案", Align::Left), ("一冬花费", Align::Right)]);
        table.row(["散煤炉", "12000"]);
        table.row(["空气源热泵热风机", "1800"]);
        table
    }

    #[test]
    fn chinese_columns_are_aligned() {
        assert_eq!(
            table().to_text(PAGE),
            "方案              一冬花费\n\
             ----------------  --------\n\
             散煤炉               12000\n\
             空气源热泵热风机      1800\n"
        );
    }

    #[test]
    fn text_gives_way_to_numbers_on_a_narrow_page() {
        assert_eq!(
            table().to_text(20),
            "方案        一冬花费\n\
             ----------  --------\n\
             散煤炉         12000\n\
             空气源热泵      1800\n\
             热风机\n"
        );
    }

    #[test]
    fn markdown_and_csv_keep_the_cells_as_they_are() {
        let mut table = Table::new([("a|b", Align::Left), ("n", Align::Right)]);
        table.row(["x, \"y\"", "1"]);
        assert_eq!(
            table.to_markdown(),
            "| a\\|b | n |\n| --- | ---: |\n| x, \"y\" | 1 |\n"
        );
        assert_eq!(
            table.to_csv(true).unwrap(),
            "\u{feff}a|b,n\n\"x, \"\"y\"\"\",1\n"
        );
    }

    #[test]
    fn a_line_neither_begins_with_a_comma_nor_breaks_a_number() {
        assert_eq!(wrap("费用为，二", 6), ["费用", "为，二"]);
        assert_eq!(wrap("共 12345 元", 6), ["共", "12345", "元"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn there_is_no_negative_zero() {
        assert_eq!(decimal(-1234.5, 1), "-1234.5");
        for (value, digits, text) in [
            (999.0, 0, "999"),
            (1000.0, 0, "1,000"),
            (-1000.0, 0, "-1,000"),
            (-100.25, 2, "-100.25"),
            (1234567.891, 3, "1,234,567.891"),
        ] {
            assert_eq!(number(value, digits), text);
        }
        assert_eq!(number(-0.004, 2), "0.00");
        assert_eq!(number(-0.006, 2), "-0.01");
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_no_line_too_wide(text in "[ a-z0-9，。红寺堡（）]{0,80}", width in 4usize..40) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
