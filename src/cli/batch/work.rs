//! Works a roster out part by part: rows are read in order, households are worked out on all
//! threads, results are written in order.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::cli::batch::journal::{Counts, Done, Files, Journal, Step};
use crate::cli::batch::{Run, append};
use crate::cli::output;
use crate::comparison::{Bench, Household, Summary};
use crate::input::problem::{Place, Problem, ProblemKind, Problems};
use crate::input::roster::columns::Column;
use crate::input::roster::table::Row;
use crate::input::roster::{Roster, RowReader};
use crate::questions::roster::{Tally, pick};
use crate::report::messages::Messages;
use crate::report::problems::reason_and_hint;
use crate::report::roster::WriteError;
use crate::report::roster::results::Words;
use crate::technology::ABREAST;
use crate::words::kinds::Kind;

/// Rows of a part: what is held, and what is done again after a break.
const PART: usize = 4096;
/// Rows that a thread takes at a time. Sums are whole numbers and rows are put in order, so that
/// neither this nor the number of threads changes a byte.
const SLICE: usize = 32;

/// Why a run does not go on.
#[derive(Debug)]
pub enum Stop {
    /// A file could not be written.
    Write(WriteError),
    /// A finished file could not get its name.
    Name(PathBuf, std::io::Error),
    /// What is wrong with the input.
    Problem(Problems),
    /// It was told already.
    Told,
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// What a thread needs for itself.
struct Seat<'a> {
    bench: Bench<'a>,
    reader: RowReader<'a>,
}

/// What a few rows gave.
struct Slice {
    rows: Vec<u8>,
    refused: Vec<(Row, Problems)>,
    unlikely: Vec<(u64, Vec<Problem>)>,
    done: u64,
    tally: Tally,
}

/// Works the whole roster out.
///
/// # Errors
/// What stops the run; what is finished stays for `--resume`, but for a wrong row under `--strict`.
pub fn run(
    run: &Run<'_>,
    words: &Words,
    files: &Files,
    messages: &Messages,
) -> Result<(Counts, Tally), Stop> {
    let mut tally = Tally::new(&run.place.setting);
    let mark = mark(run);
    let old = if run.args.resume {
        Journal::resume(files, mark, &mut tally)?
    } else {
        None
    };
    let (journal, done) = match old {
        Some((journal, done)) => {
            let said = messages.with("batch-resumed", &[("rows", &done.counts.read)]);
            output::complain(&format!("{said}\n"));
            (journal, done)
        }
        None => {
            if run.args.resume {
                output::complain(&format!("{}\n", messages.text("batch-nothing-to-resume")));
            }
            let mut journal = Journal::begin(files, mark)?;
            let lengths = heads(run, &mut journal, messages)?;
            let done = Done {
                lengths,
                ..Done::default()
            };
            (journal, done)
        }
    };
    let threads = run.args.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| WriteError::Io(std::io::Error::other(error)))?;
    let seats = (0..pool.current_num_threads()).map(|_| {
        Mutex::new(Seat {
            bench: Bench::new(&run.place.setting),
            reader: RowReader::new(&run.place, &run.roster, &run.base),
        })
    });
    let room = Room {
        run,
        words,
        seats: seats.collect(),
    };
    let mut works = Works {
        run,
        messages,
        pool: &pool,
        room: &room,
        bar: bar(&run.roster, messages),
        tally,
        counts: done.counts,
        lengths: done.lengths,
        journal,
    };
    works.bar.set_position(done.counts.read);
    let result = works.all(done.last_row);
    works.bar.finish_and_clear();
    match result {
        Ok(()) => Ok((works.counts, works.tally)),
        Err(stop) => {
            if matches!(stop, Stop::Told) {
                files.forget();
            }
            Err(stop)
        }
    }
}

/// A number that changes with everything that the results rest on.
fn mark(run: &Run<'_>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |part: &dyn Debug| {
        for byte in format!("{part:?}").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    add(&env!("CARGO_PKG_VERSION"));
    add(&run.roster);
    add(&run.base);
    add(&run.place);
    add(&run.layout);
    add(&run.all_rows());
    hash
}

/// Writes the rows of heads and gives the lengths of the files.
fn heads(run: &Run<'_>, journal: &mut Journal, messages: &Messages) -> Result<[u64; 3], Stop> {
    // The byte order mark tells spreadsheet programs that it is UTF-8.
    let mut rows = "\u{feff}".as_bytes().to_vec();
    rows.extend(line(&run.layout.heads)?);
    let refused: Vec<String> = ["row", "field", "value", "reason", "hint"]
        .iter()
        .map(|key| messages.text(&format!("reject-{key}")))
        .collect();
    let mut rejects = "\u{feff}".as_bytes().to_vec();
    rejects.extend(line(&refused)?);
    let texts = [&rows, &rejects, &rejects];
    for (file, text) in journal.parts.iter_mut().zip(texts) {
        append(file, text).map_err(WriteError::Io)?;
    }
    Ok(texts.map(|text| text.len() as u64))
}

fn line<S: AsRef<[u8]>>(cells: impl IntoIterator<Item = S>) -> Result<Vec<u8>, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(WriteError::Csv)?;
    let bytes = writer.into_inner();
    Ok(bytes.map_err(|error| WriteError::Io(error.into_error()))?)
}

/// Households a second and time left; nothing where nobody looks.
pub fn bar(roster: &Roster, messages: &Messages) -> ProgressBar {
    let rows = roster.table.rows.saturating_sub(roster.head.number);
    let unit = messages.text("batch-per-second");
    let left = messages.text("batch-left");
    let form = format!("{{bar:30}} {{pos}}/{{len}}  {{rate}} {unit}  {left} {{eta}}");
    let bar = if rows > 0 {
        ProgressBar::new(rows)
    } else {
        ProgressBar::no_length()
    };
    let rate = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = write!(out, "{:.0}", state.per_sec());
    };
    match ProgressStyle::with_template(&form) {
        Ok(style) => bar.with_style(style.with_key("rate", rate)),
        Err(_) => bar,
    }
}

/// What the threads share.
struct Room<'a> {
    run: &'a Run<'a>,
    words: &'a Words,
    seats: Vec<Mutex<Seat<'a>>>,
}

struct Works<'a> {
    run: &'a Run<'a>,
    messages: &'a Messages,
    pool: &'a rayon::ThreadPool,
    room: &'a Room<'a>,
    bar: ProgressBar,
    tally: Tally,
    counts: Counts,
    lengths: [u64; 3],
    journal: Journal,
}

/// A part that is worked out on other threads: its rows, and what each few of them gave.
type Worked = Receiver<(Vec<Row>, Vec<Result<Slice, Stop>>)>;

impl<'a> Works<'a> {
    /// Every row after the last one that is finished. While the threads work one part out, the next
    /// one is read and the one before is written.
    fn all(&mut self, last_row: u64) -> Result<(), Stop> {
        let (pool, room) = (self.pool, self.room);
        pool.in_place_scope(|threads| {
            let mut under_way: Option<Worked> = None;
            let read = self.parts(last_row, |works, part| {
                let next = begin(part, room, threads);
                let before = under_way.replace(next);
                before.map_or(Ok(()), |before| works.finish(&before))
            });
            // What is wrong with a row comes before what is wrong with those after it.
            match read {
                Ok(()) | Err(Stop::Problem(_)) => under_way
                    .map_or(Ok(()), |last| self.finish(&last))
                    .and(read),
                Err(_) => read,
            }
        })
    }

    /// Calls `each` with the rows of each part.
    fn parts(
        &mut self,
        last_row: u64,
        mut each: impl FnMut(&mut Self, Vec<Row>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let run = self.run;
        let most = run.args.part.map_or(PART, |part| part as usize);
        let mut part: Vec<Row> = Vec::with_capacity(most.min(PART));
        let mut stop = None;
        let read = run.roster.each_row(&mut |row| {
            if row.number <= last_row {
                return ControlFlow::Continue(());
            }
            part.push(row);
            if part.len() < most {
                return ControlFlow::Continue(());
            }
            match each(self, std::mem::take(&mut part)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(why) => {
                    stop = Some(why);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(why) = stop {
            return Err(why);
        }
        if let Err(kind) = read {
            let mut found = Problems::default();
            found.error(crate::input::guard::whole(&run.args.roster), kind);
            return Err(Stop::Problem(found));
        }
        each(self, part)
    }

    /// Waits for a part and writes it.
    fn finish(&mut self, worked: &Worked) -> Result<(), Stop> {
        // A thread that broke off has sent nothing; its panic goes on when all have ended.
        match worked.recv() {
            Ok((rows, slices)) => self.write(&rows, slices),
            Err(_) => Err(Stop::Told),
        }
    }

    /// Writes one part that was worked out.
    fn write(&mut self, rows: &[Row], slices: Vec<Result<Slice, Stop>>) -> Result<(), Stop> {
        let Some(last_row) = rows.last().map(|row| row.number) else {
            return Ok(());
        };
        let mut step = Step {
            last_row,
            counts: Counts {
                read: rows.len() as u64,
                ..Counts::default()
            },
            lengths: [0; 3],
            tally: Tally::new(&self.run.place.setting),
        };
        let (mut out, mut rejects, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for slice in slices {
            let slice = slice?;
            out.extend(slice.rows);
            step.tally.merge(&slice.tally);
            step.counts.done += slice.done;
            step.counts.rejected += slice.refused.len() as u64;
            step.counts.warned += slice.unlikely.len() as u64;
            for (row, found) in &slice.refused {
                self.refuse(row, found, &mut rejects)?;
            }
            for (number, found) in &slice.unlikely {
                for problem in found {
                    notes.extend(self.told(*number, None, problem)?);
                }
            }
        }
        for (i, bytes) in [&out, &rejects, &notes].into_iter().enumerate() {
            append(&mut self.journal.parts[i], bytes).map_err(WriteError::Io)?;
            self.lengths[i] += bytes.len() as u64;
        }
        step.lengths = self.lengths;
        self.journal.note(&step)?;
        self.counts.add(&step.counts);
        self.tally.merge(&step.tally);
        self.bar.inc(step.counts.read);
        Ok(())
    }

    /// A row that is refused: a line for each problem, or the end of the run under `--strict`.
    fn refuse(&self, row: &Row, found: &Problems, out: &mut Vec<u8>) -> Result<(), Stop> {
        if self.run.args.strict {
            let mut told = found.clone();
            for problem in &mut told.0 {
                problem.place.file = self.run.args.roster.display().to_string();
            }
            self.bar.finish_and_clear();
            let texts = crate::input::guard::Texts::default();
            output::complain(&crate::report::problems::render(
                &told,
                self.messages,
                &texts,
            ));
            return Err(Stop::Told);
        }
        let mut seen = BTreeSet::new();
        let errors = found.0.iter();
        for problem in errors.filter(|it| it.severity == crate::input::problem::Severity::Error) {
            let bytes = self.told(row.number, Some(row), problem)?;
            if seen.insert(bytes.clone()) {
                out.extend(bytes);
            }
        }
        Ok(())
    }

    /// Row, field, value, reason, hint.
    fn told(&self, number: u64, row: Option<&Row>, problem: &Problem) -> Result<Vec<u8>, Stop> {
        let (reason, hint) = reason_and_hint(problem, self.messages);
        let at = problem.place.column.checked_sub(1);
        let value = row.zip(at).and_then(|(row, at)| row.cells.get(at));
        let value = value.map_or("", String::as_str);
        let number = number.to_string();
        line([
            number.as_str(),
            problem.place.field.as_str(),
            value,
            reason.as_str(),
            hint.as_str(),
        ])
    }
}

/// Sets the threads to work on a part.
fn begin<'s>(rows: Vec<Row>, room: &'s Room<'s>, threads: &rayon::Scope<'s>) -> Worked {
    let (done, worked) = mpsc::channel();
    threads.spawn(move |_| {
        let slices = rows.par_chunks(SLICE);
        let slices = slices.map(|rows| room.slice(rows)).collect();
        // Nobody listens any more after a stop.
        let _ = done.send((rows, slices));
    });
    worked
}

impl Room<'_> {
    /// Works a few rows out at the seat of this thread.
    fn slice(&self, rows: &[Row]) -> Result<Slice, Stop> {
        let at = rayon::current_thread_index().unwrap_or(0);
        let Some(seat) = self.seats.get(at) else {
            return Err(Stop::Told);
        };
        // A thread that broke off while it held its seat has left nothing half done there.
        let mut seat = seat
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut slice = Slice {
            rows: Vec::new(),
            refused: Vec::new(),
            unlikely: Vec::new(),
            done: 0,
            tally: Tally::new(&self.run.place.setting),
        };
        for some in rows.chunks(ABREAST) {
            self.some_rows(some, &mut seat, &mut slice, &mut writer)?;
        }
        let bytes = writer.into_inner();
        slice.rows = bytes.map_err(|error| WriteError::Io(error.into_error()))?;
        Ok(slice)
    }

    /// A few rows, side by side: their results, or why they are refused.
    fn some_rows(
        &self,
        rows: &[Row],
        seat: &mut Seat<'_>,
        slice: &mut Slice,
        out: &mut csv::Writer<Vec<u8>>,
    ) -> Result<(), Stop> {
        let Seat { bench, reader } = seat;
        let made = reader.households(rows, bench.simulations());
        let households: Vec<&Household> = made.iter().flatten().map(|it| &it.household).collect();
        let mut summaries = bench.summaries(&households).into_iter();
        for (row, made) in rows.iter().zip(made) {
            let made = made.and_then(|made| match summaries.next() {
                Some(Ok(summary)) => Ok((made, summary)),
                Some(Err(missing)) => Err(no_price(row, missing.0.key())),
                None => Err(Problems::default()),
            });
            match made {
                Ok((made, summary)) => {
                    slice.done += 1;
                    self.write(row, &made.household, &summary, &mut slice.tally, out)?;
                    if !made.warnings.is_empty() {
                        slice.unlikely.push((row.number, made.warnings));
                    }
                }
                Err(found) => slice.refused.push((row.clone(), found)),
            }
        }
        Ok(())
    }

    /// Counts and writes the results of a row.
    fn write(
        &self,
        row: &Row,
        household: &Household,
        summary: &Summary,
        tally: &mut Tally,
        out: &mut csv::Writer<Vec<u8>>,
    ) -> Result<(), Stop> {
        let taken = pick(summary);
        let roster = &self.run.roster;
        let village = (
            roster.cell(row, Column::Township),
            roster.cell(row, Column::Village),
        );
        tally.add(summary, taken, household.category, village);
        let rows = (taken, self.run.all_rows());
        let written = self
            .run
            .layout
            .write(&row.cells, summary, rows, self.words, out);
        written.map_err(|error| Stop::from(WriteError::Csv(error)))
    }
}

/// No price is known for what a household burns.
pub fn no_price(row: &Row, carrier: &str) -> Problems {
    let mut found = Problems::default();
    let place = Place {
        line: row.number as usize,
        ..Place::default()
    };
    let kind = ProblemKind::Unresolved {
        what: "price",
        id: carrier.to_owned(),
        nearest: None,
    };
    found.error(place, kind);
    found
}
