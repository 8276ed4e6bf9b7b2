//! What a run has finished, written beside its results so that a broken run can go on.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::batch::work::Stop;
use crate::cli::output;
use crate::questions::roster::Tally;
use crate::report::roster::WriteError;

/// Files of a run that is under way; none of them has the name of a result.
#[derive(Debug, Clone)]
pub struct Files {
    /// Rows of results so far, as CSV.
    pub rows: PathBuf,
    /// Rows that were refused so far.
    pub rejects: PathBuf,
    /// What is unlikely, so far.
    pub notes: PathBuf,
    /// The results in their own form, while they are written.
    pub other: PathBuf,
    /// The journal.
    pub journal: PathBuf,
}

impl Files {
    /// Beside the file of results.
    pub fn beside(to: &Path) -> Self {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let folder = output::folder_of(to);
        let file = |ending: &str| folder.join(format!(".{name}.{ending}"));
        Self {
            rows: file("rows.part"),
            rejects: file("rejects.part"),
            notes: file("notes.part"),
            other: file("part"),
            journal: file("journal"),
        }
    }

    /// Removes what a finished or given-up run leaves.
    pub fn forget(&self) {
        for file in [
            &self.rows,
            &self.rejects,
            &self.notes,
            &self.other,
            &self.journal,
        ] {
            // What is not there need not be removed.
            let _ = fs::remove_file(file);
        }
    }
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that were read, blank ones left out.
    pub read: u64,
    /// Households that were worked out.
    pub done: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// Households with something unlikely.
    pub warned: u64,
}

impl Counts {
    /// Adds those of another part.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.done += other.done;
        self.rejected += other.rejected;
        self.warned += other.warned;
    }
}

/// A part of the roster that is finished.
#[derive(Debug, Serialize, Deserialize)]
pub struct Step {
    /// Number of its last row.
    pub last_row: u64,
    /// Its rows.
    pub counts: Counts,
    /// Length of the files after it, bytes: rows, refused rows, notes.
    pub lengths: [u64; 3],
    /// Its sums.
    pub tally: Tally,
}

/// What an earlier run has done.
#[derive(Debug, Default)]
pub struct Done {
    /// Number of the last row that is finished; 0 for none.
    pub last_row: u64,
    /// Its rows.
    pub counts: Counts,
    /// Length of its files.
    pub lengths: [u64; 3],
}

/// The journal of a run and the files that it speaks of.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// Rows, refused rows, notes.
    pub parts: [File; 3],
}

impl Journal {
    /// Begins anew.
    ///
    /// # Errors
    /// A file cannot be made.
    pub fn begin(files: &Files, mark: u64) -> Result<Self, Stop> {
        files.forget();
        let create = |path: &PathBuf| File::create_new(path).map_err(WriteError::Io);
        let mut journal = Self {
            file: create(&files.journal)?,
            parts: [
                create(&files.rows)?,
                create(&files.rejects)?,
                create(&files.notes)?,
            ],
        };
        super::append(&mut journal.file, format!("{mark:016x}\n").as_bytes())
            .map_err(WriteError::Io)?;
        Ok(journal)
    }

    /// Goes on where a run with the same mark was broken off: its sums are added to `tally`, and
    /// what it wrote after its last finished part is cut off. Nothing if there is no such run.
    ///
    /// # Errors
    /// A file cannot be opened.
    pub fn resume(
        files: &Files,
        mark: u64,
        tally: &mut Tally,
    ) -> Result<Option<(Self, Done)>, Stop> {
        let Ok(old) = File::open(&files.journal) else {
            return Ok(None);
        };
        let mut lines = BufReader::new(old).lines();
        let first = lines.next().transpose().map_err(WriteError::Io)?;
        if first != Some(format!("{mark:016x}")) {
            return Ok(None);
        }
        let mut done = Done::default();
        let mut good = 17;
        for line in lines {
            // A line that was broken off is one whose part is done again.
            let Ok(line) = line else { break };
            let Ok(step) = serde_json::from_str::<Step>(&line) else {
                break;
            };
            good += line.len() as u64 + 1;
            done.last_row = step.last_row;
            done.counts.add(&step.counts);
            done.lengths = step.lengths;
            tally.merge(&step.tally);
        }
        let journal = Self {
            file: reopened(&files.journal, good).map_err(WriteError::Io)?,
            parts: [
                reopened(&files.rows, done.lengths[0]).map_err(WriteError::Io)?,
                reopened(&files.rejects, done.lengths[1]).map_err(WriteError::Io)?,
                reopened(&files.notes, done.lengths[2]).map_err(WriteError::Io)?,
            ],
        };
        Ok(Some((journal, done)))
    }

    /// Notes that a part is finished; its rows must be in the files before.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn note(&mut self, step: &Step) -> Result<(), Stop> {
        let mut line = serde_json::to_vec(step).map_err(|e| WriteError::Io(e.into()))?;
        line.push(b'\n');
        super::append(&mut self.file, &line).map_err(WriteError::Io)?;
        Ok(())
    }
}

/// A file, cut to a length, with the end as its place.
fn reopened(path: &Path, length: u64) -> io::Result<File> {
    let file = OpenOptions::new().append(true).open(path)?;
    if file.metadata()?.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.set_len(length)?;
    Ok(file)
}

/// Gives a finished file its name.
///
/// # Errors
/// What the system says.
pub fn rename(from: &Path, to: &Path) -> Result<(), Stop> {
    output::move_to(from, to).map_err(|error| Stop::Name(to.to_owned(), error))
}
