//! All households of a roster, each worked out on its own and given back in the order of the rows.

use std::ops::ControlFlow;
use std::path::Path;

use rayon::prelude::*;

use crate::cli::handout::{Job, Sheet, tell};
use crate::cli::{Exit, batch, output};
use crate::comparison::compare;
use crate::demand::Simulations;
use crate::input::case::RawCase;
use crate::input::guard;
use crate::input::library::Library;
use crate::input::problem::Problems;
use crate::input::roster::columns::Column;
use crate::input::roster::table::Row;
use crate::input::roster::{Roster, RowReader};
use crate::input::setting::PlaceInWinter;
use crate::words::kinds::Kind;

/// Rows that a thread takes at a time; what they share does not change a figure.
const SLICE: usize = 16;

/// The households of a village.
struct Village {
    roster: Roster,
    base: RawCase,
    place: PlaceInWinter,
    rows: Vec<Row>,
}

impl Village {
    fn open(job: &Job<'_>, list: &Path, library: &Library) -> Result<Self, Problems> {
        let mut found = Problems::default();
        let case = &job.args.case;
        let wish = batch::Wish {
            base: case.case.as_deref(),
            region: case.region.as_deref(),
            winter: case.winter.as_deref(),
            option: &job.args.option,
            service: job.args.service.as_deref(),
        };
        let base = batch::base(&wish, &mut found);
        let roster = Roster::open(list, job.args.mapping.as_deref(), &mut found);
        let (Some(base), Some(roster)) = (base, roster) else {
            return Err(found);
        };
        let place = batch::place(&base, library)?;
        let mut rows = Vec::new();
        let read = roster.each_row(&mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        });
        read.map_err(|kind| {
            let mut found = Problems::default();
            found.error(guard::whole(list), kind);
            found
        })?;
        Ok(Self {
            roster,
            base,
            place,
            rows,
        })
    }

    /// One row; what is wrong with it, or unlikely, stands in the problems.
    fn sheet(
        &self,
        row: &Row,
        job: &Job<'_>,
        (reader, simulations): (&mut RowReader<'_>, &mut Simulations),
    ) -> (Option<Sheet>, Problems) {
        let made = match reader.household(row, simulations) {
            Ok(made) => made,
            Err(found) => return (None, found),
        };
        match compare(&self.place.setting, &made.household) {
            Ok(comparison) => {
                let name = self.roster.cell(row, Column::Household);
                let sheet = job.sheet(row.number, name, &comparison);
                (Some(sheet), Problems(made.warnings))
            }
            Err(missing) => (None, batch::no_price(row, missing.0.key())),
        }
    }
}

impl Job<'_> {
    /// A sheet for each good row of a roster; tells what is wrong with the others.
    pub(super) fn village(&self, list: &Path, library: &Library) -> Result<Vec<Sheet>, Exit> {
        let village = match Village::open(self, list, library) {
            Ok(village) => village,
            Err(found) => return Err(tell(&found, self.messages)),
        };
        let bar = batch::bar(&village.roster, self.messages);
        let work = || {
            let slices = village.rows.par_chunks(SLICE).map(|rows| {
                let mut reader = RowReader::new(&village.place, &village.roster, &village.base);
                let mut simulations = Simulations::default();
                let sheets: Vec<_> = rows
                    .iter()
                    .map(|row| village.sheet(row, self, (&mut reader, &mut simulations)))
                    .collect();
                bar.inc(rows.len() as u64);
                sheets
            });
            slices.collect::<Vec<_>>()
        };
        let slices = self.in_pool(work)?;
        bar.finish_and_clear();
        let mut found = Problems::default();
        let mut sheets = Vec::new();
        let mut refused = 0;
        for (sheet, said) in slices.into_iter().flatten() {
            refused += usize::from(sheet.is_none());
            sheets.extend(sheet);
            found.extend(said);
        }
        self.refused(list, found, refused);
        if sheets.is_empty() {
            let said = self.messages.text("handout-no-households");
            output::complain(&format!("{said}\n"));
            return Err(Exit::Problems);
        }
        Ok(sheets)
    }

    fn refused(&self, list: &Path, mut found: Problems, refused: usize) {
        for problem in &mut found.0 {
            problem.place.file = list.display().to_string();
        }
        tell(&found, self.messages);
        if refused > 0 {
            let said = self.messages.with("handout-refused", &[("rows", &refused)]);
            output::complain(&format!("{said}\n"));
        }
    }

    /// Runs on the threads that the command line allows.
    pub(super) fn in_pool<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Exit> {
        let threads = self.args.threads.map_or(0, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        match pool {
            Ok(pool) => Ok(pool.install(work)),
            Err(error) => {
                output::complain(&format!("{error}\n"));
                Err(Exit::Problems)
            }
        }
    }
}
