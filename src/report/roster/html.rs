//! The summary of a roster as one page that needs no other file.

use std::fmt::Write;

use crate::report::markup::{self, escaped};
use crate::report::messages::Messages;
use crate::report::roster::summary::{Block, Cell};

const STYLE: &str = "body{font-family:sans-serif;max-width:70em;margin:1em auto;padding:0 1em}\
table{border-collapse:collapse;margin:.5em 0}td,th{border:1px solid #bbb;padding:.2em .6em}\
td.n{text-align:right}th{background:#eee;text-align:left}svg{display:block;margin:.5em 0}";

/// Most bars of a drawing.
const BARS: usize = 60;

/// The page.
pub fn page(title: &str, blocks: &[Block], messages: &Messages) -> String {
    let lang = markup::lang(messages.lang());
    let title = escaped(title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <title>{title}</title><style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
    );
    for block in blocks {
        let _ = writeln!(out, "<h2>{}</h2>", escaped(&block.title));
        if let Some(column) = block.bars {
            out += &bars(block, column);
        }
        out += "<table><tr>";
        for head in &block.heads {
            let _ = write!(out, "<th>{}</th>", escaped(head));
        }
        out += "</tr>\n";
        for row in &block.rows {
            out += "<tr>";
            for cell in row {
                let class = match cell {
                    Cell::Text(_) => "",
                    _ => " class=\"n\"",
                };
                let _ = write!(out, "<td{class}>{}</td>", escaped(&cell.text()));
            }
            out += "</tr>\n";
        }
        out += "</table>\n";
    }
    out + "</body></html>\n"
}

/// One bar a row, from the left, with its number.
fn bars(block: &Block, column: usize) -> String {
    let value = |row: &Vec<Cell>| match row.get(column) {
        Some(Cell::Number(value, _) | Cell::Share(value)) => value.max(0.0),
        _ => 0.0,
    };
    let rows: Vec<&Vec<Cell>> = block.rows.iter().take(BARS).collect();
    let most = rows
        .iter()
        .map(|row| value(row))
        .fold(0.0_f64, f64::max)
        .max(1e-9);
    let height = rows.len() * 22 + 4;
    let mut out = format!("<svg width=\"900\" height=\"{height}\" font-size=\"13\">\n");
    for (i, row) in rows.iter().enumerate() {
        let names = row.iter().filter_map(|cell| match cell {
            Cell::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let name = escaped(&names.collect::<Vec<_>>().join(" "));
        let number = row.get(column).map_or_else(String::new, Cell::text);
        let (top, width) = (i * 22, value(row) / most * 560.0);
        let _ = writeln!(
            out,
            "<text x=\"230\" y=\"{}\" text-anchor=\"end\">{name}</text>\
             <rect x=\"240\" y=\"{}\" width=\"{width:.1}\" height=\"16\" fill=\"#3a7ca5\"/>\
             <text x=\"{:.1}\" y=\"{}\">{number}</text>",
            top + 16,
            top + 3,
            width + 246.0,
            top + 16,
        );
    }
    out + "</svg>\n"
}
