//! The rows of a roster, one after the other: CSV in UTF-8 or GB 18030, or the first sheet of a
//! workbook. Nothing but the current rows is held.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use calamine::{DataRef, Reader, Xlsx, open_workbook};
use encoding_rs::{CoderResult, Decoder, GB18030, UTF_8};

use crate::input::guard;
use crate::input::problem::{ProblemKind, Problems};

/// Lines of one cell that no roster has: a quotation mark that was never closed.
const MOST_LINES: usize = 20;
/// Bytes that are read at a time.
const BLOCK: usize = 1 << 16;

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its number, as an editor or a spreadsheet program shows it.
    pub number: u64,
    /// Its cells as text.
    pub cells: Vec<String>,
}

impl Row {
    /// Whether nothing is written in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// A file with rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    path: PathBuf,
    kind: Kind,
    /// Lines of the file, about as many as it has rows.
    pub rows: u64,
    /// A number that changes with the content (FNV-1a, 64 bits).
    pub hash: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv { gb18030: bool, delimiter: u8 },
    Workbook,
}

impl Table {
    /// Looks through a file once: what it is, how it is written, how long it is.
    pub fn open(path: &Path, problems: &mut Problems) -> Option<Self> {
        match look_through(path) {
            Ok(Ok(table)) => Some(table),
            Ok(Err(kind)) => {
                problems.error(guard::whole(path), kind);
                None
            }
            Err(error) => {
                problems.error(guard::whole(path), guard::cannot_read(&error));
                None
            }
        }
    }

    /// In which encoding it is written, as people name it.
    pub const fn encoding(&self) -> &'static str {
        match self.kind {
            Kind::Csv { gb18030: true, .. } => "GB18030",
            Kind::Csv { .. } => "UTF-8",
            Kind::Workbook => "XLSX",
        }
    }

    /// Calls `visit` with every row until it breaks off.
    ///
    /// # Errors
    /// What the file cannot be read for; rows before it have been visited.
    pub fn each_row(
        &self,
        visit: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), ProblemKind> {
        match self.kind {
            Kind::Csv { gb18030, delimiter } => self.each_record(gb18030, delimiter, visit),
            Kind::Workbook => self
                .each_sheet_row(visit)
                .map_err(|reason| not_a_workbook(&reason)),
        }
    }

    fn each_record(
        &self,
        gb18030: bool,
        delimiter: u8,
        visit: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), ProblemKind> {
        let file = File::open(&self.path).map_err(|error| guard::cannot_read(&error))?;
        let encoding = if gb18030 { GB18030 } else { UTF_8 };
        let text = Decoded::new(file, encoding.new_decoder_with_bom_removal());
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text);
        let mut record = csv::StringRecord::new();
        while reader
            .read_record(&mut record)
            .map_err(|error| broken(&error))?
        {
            let number = record.position().map_or(0, csv::Position::line);
            if record.iter().any(|cell| cell.lines().count() > MOST_LINES) {
                let row = number.to_string();
                return Err(ProblemKind::Other {
                    message: "roster-open-quote",
                    values: vec![("row", row)],
                });
            }
            let cells = record.iter().map(str::to_owned).collect();
            if visit(Row { number, cells }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn each_sheet_row(
        &self,
        visit: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), calamine::XlsxError> {
        let mut book: Xlsx<BufReader<File>> = open_workbook(&self.path)?;
        let Some(sheet) = book.sheet_names().first().cloned() else {
            return Ok(());
        };
        let mut cells = book.worksheet_cells_reader(&sheet)?;
        let mut row = Row::default();
        while let Some(cell) = cells.next_cell()? {
            let (at, column) = cell.get_position();
            let number = u64::from(at) + 1;
            if number != row.number {
                if row.number > 0 && visit(std::mem::take(&mut row)).is_break() {
                    return Ok(());
                }
                row.number = number;
            }
            let column = column as usize;
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            if let Some(slot) = row.cells.get_mut(column) {
                *slot = text_of(cell.get_value());
            }
        }
        if row.number > 0 {
            let _ = visit(row);
        }
        Ok(())
    }
}

/// A cell of a workbook as text; dates as `2026-11-01`.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(x) => x.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn not_a_workbook(error: &calamine::XlsxError) -> ProblemKind {
    let values = vec![("reason", error.to_string())];
    let message = "roster-broken-workbook";
    ProblemKind::Other { message, values }
}

fn broken(error: &csv::Error) -> ProblemKind {
    let values = vec![("reason", error.to_string())];
    let message = "roster-broken-csv";
    ProblemKind::Other { message, values }
}

/// One pass over the bytes.
fn look_through(path: &Path) -> io::Result<Result<Table, ProblemKind>> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut block = vec![0; BLOCK];
    let mut seen = Seen::default();
    loop {
        let n = file.read(&mut block)?;
        let Some(bytes) = block.get(..n).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        seen.take(bytes);
    }
    Ok(seen.kind().map(|kind| Table {
        path: path.to_owned(),
        kind,
        rows: seen.lines,
        hash: seen.hash,
    }))
}

/// What is known of a file's bytes so far.
struct Seen {
    start: Vec<u8>,
    lines: u64,
    hash: u64,
    zeros: bool,
    not_utf8: bool,
    /// Bytes of a character that the last block cut in two.
    cut: Vec<u8>,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            start: Vec::new(),
            lines: 0,
            hash: 0xcbf2_9ce4_8422_2325,
            zeros: false,
            not_utf8: false,
            cut: Vec::new(),
        }
    }
}

impl Seen {
    fn take(&mut self, bytes: &[u8]) {
        if self.start.len() < BLOCK {
            self.start
                .extend(bytes.iter().take(BLOCK - self.start.len()));
        }
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            self.lines += u64::from(*byte == b'\n');
            self.zeros |= *byte == 0;
        }
        if self.not_utf8 {
            return;
        }
        let mut text = std::mem::take(&mut self.cut);
        text.extend_from_slice(bytes);
        if let Err(error) = std::str::from_utf8(&text) {
            match error.error_len() {
                Some(_) => self.not_utf8 = true,
                None => self.cut = text.split_off(error.valid_up_to()),
            }
        }
    }

    fn kind(&self) -> Result<Kind, ProblemKind> {
        if self.start.starts_with(b"PK\x03\x04") {
            return Ok(Kind::Workbook);
        }
        if self.start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            let (message, values) = ("roster-old-workbook", Vec::new());
            return Err(ProblemKind::Other { message, values });
        }
        if self.start.is_empty() {
            return Err(ProblemKind::EmptyFile);
        }
        if self.start.starts_with(&[0xFF, 0xFE]) || self.start.starts_with(&[0xFE, 0xFF]) {
            return Err(ProblemKind::OtherEncoding { encoding: "UTF-16" });
        }
        if self.zeros {
            return Err(ProblemKind::NotText);
        }
        let gb18030 = self.not_utf8 || !self.cut.is_empty();
        let line = self.start.split(|byte| *byte == b'\n').next();
        let count = |wanted: u8| line.map_or(0, |l| l.iter().filter(|b| **b == wanted).count());
        let most = [b',', b'\t', b';']
            .into_iter()
            .rev()
            .max_by_key(|&d| count(d));
        Ok(Kind::Csv {
            gb18030,
            delimiter: most.unwrap_or(b','),
        })
    }
}

/// Bytes of an encoding as bytes of UTF-8.
struct Decoded {
    from: File,
    decoder: Decoder,
    bytes: Vec<u8>,
    taken: usize,
    filled: usize,
    done: bool,
}

impl Decoded {
    fn new(from: File, decoder: Decoder) -> Self {
        Self {
            from,
            decoder,
            bytes: vec![0; BLOCK],
            taken: 0,
            filled: 0,
            done: false,
        }
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // Room for the longest character, which is never written in part.
        if out.len() < 4 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        loop {
            if self.taken == self.filled && !self.done {
                self.taken = 0;
                self.filled = self.from.read(&mut self.bytes)?;
                self.done = self.filled == 0;
            }
            let bytes = self.bytes.get(self.taken..self.filled).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, out, self.done);
            self.taken += read;
            let finished = self.done && result == CoderResult::InputEmpty;
            if written > 0 || finished {
                return Ok(written);
            }
        }
    }
}
