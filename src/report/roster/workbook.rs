//! A roster's results and its summary as workbooks.

use std::io::{Read, Seek, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::report::roster::WriteError;
use crate::report::roster::results::Form;
use crate::report::roster::summary::{Block, Cell};

/// Rows that a sheet holds, its head counted.
const SHEET_ROWS: u32 = 1_048_576;

/// Writes the rows of a CSV (heads in its first row) as a workbook, one row held at a time, with a
/// further sheet wherever one is full.
///
/// # Errors
/// What cannot be read or written.
pub fn results<W: Write + Seek + Send>(
    rows: impl Read,
    titles: &[String],
    forms: &[Form],
    (name, folder): (&str, &Path),
    to: W,
) -> Result<(), WriteError> {
    split(rows, titles, forms, (name, folder, SHEET_ROWS), to)
}

fn split<W: Write + Seek + Send>(
    rows: impl Read,
    titles: &[String],
    forms: &[Form],
    (name, folder, most): (&str, &Path, u32),
    to: W,
) -> Result<(), WriteError> {
    let mut reader = csv::Reader::from_reader(rows);
    let mut book = book()?;
    book.set_tempdir(folder)?;
    let bold = Format::new().set_bold();
    let mut records = reader.records();
    let mut sheets = 0;
    let mut next = records.next().transpose()?;
    loop {
        sheets += 1;
        let sheet = book.add_worksheet_with_constant_memory()?;
        let sheet = named(sheet, name, sheets)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, title) in (0..).zip(titles) {
            sheet.write_string_with_format(0, column, title, &bold)?;
        }
        let mut row = 1;
        while let Some(record) = next.take_if(|_| row < most) {
            for ((column, cell), form) in (0..).zip(record.iter()).zip(forms) {
                write(sheet, (row, column), cell, *form)?;
            }
            row += 1;
            next = records.next().transpose()?;
        }
        if next.is_none() {
            break;
        }
    }
    book.save_to_writer(to)?;
    Ok(())
}

/// A workbook that says nothing of the hour in which it was made: same input, same bytes.
pub(in crate::report) fn book() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(book)
}

fn named<'s>(
    sheet: &'s mut Worksheet,
    name: &str,
    number: usize,
) -> Result<&'s mut Worksheet, XlsxError> {
    if number == 1 {
        sheet.set_name(name)
    } else {
        sheet.set_name(format!("{name} {number}"))
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &str,
    form: Form,
) -> Result<(), XlsxError> {
    if cell.is_empty() {
        return Ok(());
    }
    match (form, cell.parse::<f64>()) {
        (Form::Number, Ok(number)) => sheet.write_number(row, column, number)?,
        _ => sheet.write_string(row, column, cell)?,
    };
    Ok(())
}

/// The summary: one sheet a table.
///
/// # Errors
/// What cannot be written.
pub fn summary(blocks: &[Block]) -> Result<Vec<u8>, WriteError> {
    let mut book = book()?;
    let bold = Format::new().set_bold();
    for block in blocks {
        let sheet = book.add_worksheet();
        sheet.set_name(&block.sheet)?;
        sheet.write_string_with_format(0, 0, &block.title, &bold)?;
        for (column, head) in (0..).zip(&block.heads) {
            sheet.write_string_with_format(1, column, head, &bold)?;
        }
        for (row, cells) in (2..).zip(&block.rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Text(text) => sheet.write_string(row, column, text)?,
                    Cell::Number(value, _) => sheet.write_number(row, column, *value)?,
                    Cell::Share(share) => {
                        let percent = Format::new().set_num_format("0.0%");
                        sheet.write_number_with_format(row, column, *share, &percent)?
                    }
                };
            }
        }
        sheet.set_freeze_panes(2, 0)?;
        sheet.autofit();
    }
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let rows = "a,b\n1,x\n2,y\n3,z\n4,\n5,v\n";
        let titles = ["甲".to_owned(), "乙".to_owned()];
        let forms = [Form::Number, Form::Text];
        let mut out = Cursor::new(Vec::new());
        let folder = std::env::temp_dir();
        split(
            rows.as_bytes(),
            &titles,
            &forms,
            ("户", &folder, 3),
            &mut out,
        )
        .unwrap();
        let mut book = Xlsx::new(out).unwrap();
        assert_eq!(book.sheet_names(), ["户", "户 2", "户 3"]);
        let numbers: Vec<f64> = ["户", "户 2", "户 3"]
            .iter()
            .flat_map(|name| {
                let range = book.worksheet_range(name).unwrap();
                assert_eq!(range.get((0, 0)), Some(&Data::String("甲".to_owned())));
                let cells = range.rows().skip(1).map(|row| row[0].clone());
                cells.collect::<Vec<_>>()
            })
            .map(|cell| match cell {
                Data::Float(x) => x,
                other => panic!("{other:?} is no number"),
            })
            .collect();
        assert_eq!(numbers, [1.0, 2.0, 3.0, 4.0, 5.0]);
    }
}
