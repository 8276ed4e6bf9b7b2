//! Sets pages and writes them, one file or one a household.

use std::path::PathBuf;

use rayon::prelude::*;

use crate::cli::Exit;
use crate::cli::args::{HandoutArgs, PageForm};
use crate::cli::handout::{Content, Job, Sheet, flag, tell};
use crate::input::county::County;
use crate::input::guard::whole;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::report::handout::content::Page;
use crate::report::handout::page::{Paper, Press, Printed};

/// Files that are set before they are written: what is held at once.
const AT_ONCE: usize = 64;

/// The press for the pages of a command; none for scripts.
pub(super) fn press(
    args: &HandoutArgs,
    form: PageForm,
    county: &County,
    found: &mut Problems,
) -> Option<Press> {
    let paper = match form {
        PageForm::Pdf => Paper::A4,
        PageForm::Png => Paper::Phone,
        PageForm::Txt => return None,
    };
    let template = args.template.as_deref();
    match Press::new(paper, template, &args.rare, county.seal.as_ref()) {
        Ok(press) => Some(press),
        Err(wrong) => {
            found.extend(wrong);
            None
        }
    }
}

/// Sets each group of sheets and writes it into its file, in the order of the files.
pub(super) fn write(
    job: &Job<'_>,
    press: &Press,
    groups: &[&[Sheet]],
    paths: &[PathBuf],
) -> Result<(), Exit> {
    let mut told = Problems::default();
    for (groups, paths) in groups.chunks(AT_ONCE).zip(paths.chunks(AT_ONCE)) {
        let set = || -> Vec<_> {
            let groups = groups.par_iter();
            groups.map(|sheets| print(job, press, sheets)).collect()
        };
        let printed = job.in_pool(set)?;
        for ((printed, sheets), path) in printed.into_iter().zip(groups).zip(paths) {
            let printed = printed.map_err(|found| tell(&found, job.messages))?;
            told.extend(warnings(job, &printed, sheets));
            job.put(path, &printed.bytes)?;
        }
    }
    tell(&told, job.messages);
    Ok(())
}

fn print(job: &Job<'_>, press: &Press, sheets: &[Sheet]) -> Result<Printed, Problems> {
    let pages: Vec<Page> = sheets
        .iter()
        .filter_map(|sheet| match &sheet.content {
            Content::Page(page) => Some(Page::clone(page)),
            Content::Script(_) => None,
        })
        .collect();
    match (job.form, pages.as_slice()) {
        (PageForm::Png, [page]) => press.png(page),
        _ => press.pdf(&pages, job.date),
    }
}

/// Characters that are not drawn, and pages that run over.
fn warnings(job: &Job<'_>, printed: &Printed, sheets: &[Sheet]) -> Problems {
    let mut found = Problems::default();
    for (sheet, lacks) in sheets.iter().zip(&printed.missing) {
        if !lacks.is_empty() {
            let values = [("value", lacks.iter().collect()), ("who", who(job, sheet))];
            found.warn(place(job, sheet), other("handout-missing", &values));
        }
    }
    if !printed.boxes.is_empty() {
        let template = job.args.template.as_deref();
        let place = template.map_or_else(|| flag("--template"), whole);
        let values = [("value", printed.boxes.iter().collect())];
        found.warn(place, other("handout-template-missing", &values));
    }
    for (at, pages) in &printed.long {
        if let Some(sheet) = sheets.get(*at) {
            let values = [("who", who(job, sheet)), ("pages", pages.to_string())];
            found.warn(place(job, sheet), other("handout-pages", &values));
        }
    }
    found
}

fn place(job: &Job<'_>, sheet: &Sheet) -> Place {
    match &job.args.list {
        Some(list) => Place {
            line: sheet.row as usize,
            ..whole(list)
        },
        None => Place::default(),
    }
}

/// A household as a message names it.
fn who(job: &Job<'_>, sheet: &Sheet) -> String {
    match (sheet.row, sheet.household.as_str()) {
        (0, _) => job.messages.text("handout-this"),
        (row, "") => job.messages.with("handout-row", &[("row", &row)]),
        (_, name) => name.to_owned(),
    }
}

fn other(message: &'static str, values: &[(&'static str, String)]) -> ProblemKind {
    ProblemKind::Other {
        message,
        values: values.to_vec(),
    }
}
