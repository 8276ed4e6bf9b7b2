//! A roster as the base of a scenario: its rows are worked out once a run and summed up.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::path::PathBuf;

use rayon::prelude::*;

use super::Job;
use crate::cli::batch::no_price;
use crate::cli::compute;
use crate::comparison::{Bench, Household};
use crate::input::case::RawCase;
use crate::input::guard;
use crate::input::problem::{Problem, Problems};
use crate::input::record::read_toml;
use crate::input::roster::columns::Column;
use crate::input::roster::table::Row;
use crate::input::roster::{Roster, RowHousehold, RowReader};
use crate::input::scenario::RosterBase;
use crate::input::scenario::resolve::BaseText;
use crate::input::setting::{PlaceInWinter, place_in_winter};
use crate::questions::roster::{Tally, pick};
use crate::questions::scenario::Outcome;
use crate::technology::ABREAST;
use crate::words::kinds::Kind;

/// Rows that a thread takes at a time; sums are whole numbers, so that this changes no result.
const SLICE: usize = 32;

/// A row that gave no household in a run, and why.
pub struct Refused {
    /// Its number.
    pub row: u64,
    /// What is wrong with it.
    pub problem: Problem,
}

/// A roster with its rows.
pub struct RosterWork {
    roster: Roster,
    rows: Vec<Row>,
}

/// The case that rows are laid over where there is only a place.
pub fn base_text(roster: &RosterBase) -> BaseText {
    let place = serde_json::Value::from(roster.region.clone().unwrap_or_default());
    BaseText {
        file: roster.file.display().to_string(),
        folder: PathBuf::new(),
        // Every row has an area of its own; the case needs one to be read.
        text: format!("place = {place}\n[house]\nheated_area_m2 = 100\n"),
    }
}

impl RosterWork {
    /// Opens a roster and keeps its rows, which every run reads again.
    pub fn open(base: &RosterBase, found: &mut Problems) -> Option<Self> {
        let roster = Roster::open(&base.file, base.mapping.as_deref(), found)?;
        let mut rows = Vec::new();
        let read = roster.each_row(&mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        });
        if let Err(kind) = read {
            found.error(guard::whole(&base.file), kind);
            return None;
        }
        Some(Self { roster, rows })
    }

    /// The sums of a run.
    pub fn outcome(&self, job: &Job) -> Result<(Outcome, Vec<Refused>), Problems> {
        let told = RefCell::new(Problems::default());
        let file = &job.case.file;
        let Some(raw) = read_toml::<RawCase>(file, &job.resolved.case, &told) else {
            return Err(told.into_inner());
        };
        let spot = &job.case.place;
        let chain = job.library.resolve_place(&spot.value).map_err(|kind| {
            let mut found = Problems::default();
            found.error(spot.place.clone(), kind);
            job.resolved.blame(found, &Problems::default())
        })?;
        let place = place_in_winter(&job.library, &chain, &compute::wishes(&job.case))
            .map_err(|found| job.resolved.blame(found, &Problems::default()))?;
        let slices: Vec<(Tally, Vec<Refused>)> = self
            .rows
            .par_chunks(SLICE)
            .map(|rows| self.slice(rows, &place, &raw))
            .collect();
        let mut tally = Tally::new(&place.setting);
        let mut refused = Vec::new();
        for (own, rows) in slices {
            tally.merge(&own);
            refused.extend(rows);
        }
        Ok((Outcome::of_roster(&tally), refused))
    }

    fn slice(&self, rows: &[Row], place: &PlaceInWinter, raw: &RawCase) -> (Tally, Vec<Refused>) {
        let mut bench = Bench::new(&place.setting);
        let mut reader = RowReader::new(place, &self.roster, raw);
        let mut tally = Tally::new(&place.setting);
        let mut refused = Vec::new();
        for some in rows.chunks(ABREAST) {
            let made = some
                .iter()
                .map(|row| reader.household(row, bench.simulations()));
            let made: Vec<Result<RowHousehold, Problems>> = made.collect();
            let households: Vec<&Household> =
                made.iter().flatten().map(|it| &it.household).collect();
            let mut summaries = bench.summaries(&households).into_iter();
            for (row, made) in some.iter().zip(&made) {
                let made = match made {
                    Err(found) => Err(found.clone()),
                    Ok(made) => match summaries.next() {
                        Some(Ok(summary)) => Ok((summary, made.household.category)),
                        Some(Err(missing)) => Err(no_price(row, missing.0.key())),
                        None => Err(Problems::default()),
                    },
                };
                match made {
                    Ok((summary, category)) => {
                        let cell = |column| self.roster.cell(row, column);
                        let village = (cell(Column::Township), cell(Column::Village));
                        tally.add(&summary, pick(&summary), category, village);
                    }
                    Err(found) => refused.extend(found.0.into_iter().map(|problem| Refused {
                        row: row.number,
                        problem,
                    })),
                }
            }
        }
        (tally, refused)
    }
}
