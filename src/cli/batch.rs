//! `batch` (批量): a roster in, results, refused rows and a summary out.

mod journal;
mod work;

pub(super) use work::{bar, no_price};

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use rust_xlsxwriter::XlsxError;

use crate::cli::args::{BatchArgs, RowsArg};
use crate::cli::{Exit, compute, output};
use crate::input::case::RawCase;
use crate::input::guard::{self, Texts};
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::input::roster::{Roster, base_case};
use crate::input::setting::{PlaceInWinter, place_in_winter};
use crate::questions::roster::Tally;
use crate::report::messages::Messages;
use crate::report::problems;
use crate::report::roster::results::{Layout, Words};
use crate::report::roster::{WriteError, html, parquet, summary, workbook};
use crate::words::kinds::{Kind, Service};

use journal::{Counts, Files};

/// Runs `batch`.
pub fn run(args: &BatchArgs, library: &Library, messages: &Messages) -> Exit {
    match Run::prepare(args, library) {
        Ok(run) => run.go(messages),
        Err(found) => tell(&found, messages),
    }
}

fn tell(found: &Problems, messages: &Messages) -> Exit {
    output::complain(&problems::render(found, messages, &Texts::default()));
    Exit::Problems
}

/// Form of the results, by the ending of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Workbook,
    Parquet,
}

/// Everything that a run needs, checked before the first row is read.
struct Run<'a> {
    args: &'a BatchArgs,
    roster: Roster,
    base: RawCase,
    place: PlaceInWinter,
    layout: Layout,
    form: Form,
}

impl<'a> Run<'a> {
    fn prepare(args: &'a BatchArgs, library: &Library) -> Result<Self, Problems> {
        let mut found = Problems::default();
        let form = form_of(&args.output, &mut found);
        for path in &args.summary {
            summary_form(path, &mut found);
        }
        let base = base(&Wish::of(args), &mut found);
        let roster = Roster::open(&args.roster, args.mapping.as_deref(), &mut found);
        let (Some(form), Some(base), Some(roster)) = (form, base, roster) else {
            return Err(found);
        };
        let place = place(&base, library)?;
        let layout = Layout::new(&roster.head.cells, &args.columns).map_err(|unknown| {
            let mut found = Problems::default();
            let kind = ProblemKind::NotOneOf {
                value: unknown.name,
                nearest: unknown.nearest,
                allowed: unknown.allowed,
            };
            found.error(flag("--columns"), kind);
            found
        })?;
        Ok(Self {
            args,
            roster,
            base,
            place,
            layout,
            form,
        })
    }

    fn go(&self, messages: &Messages) -> Exit {
        output::complain(&self.columns(messages));
        let files = Files::beside(&self.args.output);
        let words = Words::new(&self.place.setting, messages);
        let done = work::run(self, &words, &files, messages)
            .and_then(|done| self.finish(&files, messages).map(|()| done));
        match done {
            Ok((counts, tally)) => self.report(&counts, &tally, messages),
            Err(work::Stop::Told) => Exit::Problems,
            Err(work::Stop::Problem(found)) => tell(&found, messages),
            Err(work::Stop::Write(error)) => {
                let said = match io_of(&error) {
                    Some(error) => output::cannot_write(&self.args.output, error, messages),
                    None => format!("{error}\n"),
                };
                output::complain(&said);
                Exit::Problems
            }
            Err(work::Stop::Name(path, error)) => {
                output::complain(&output::cannot_write(&path, &error, messages));
                Exit::Problems
            }
        }
    }

    /// What the columns were taken for.
    fn columns(&self, messages: &Messages) -> String {
        let rows = self.roster.head.number;
        let encoding = self.roster.table.encoding();
        let said = [
            ("row", &rows as &dyn std::fmt::Display),
            ("encoding", &encoding),
        ];
        let mut out = messages.with("batch-columns", &said) + "\n";
        for known in &self.roster.known {
            let meaning = messages.member("roster-is", known.column.key());
            let unit = known.unit.clone().unwrap_or_default();
            let key = if known.named {
                "batch-column-named"
            } else {
                "batch-column-guessed"
            };
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("head", &known.head),
                ("meaning", &meaning),
                ("unit", &unit),
            ];
            out += &format!("  {}\n", messages.with(key, &values).trim_end());
        }
        out
    }

    /// Turns what stands beside the results into the results themselves, each at once.
    fn finish(&self, files: &Files, messages: &Messages) -> Result<(), work::Stop> {
        let to = &self.args.output;
        match self.form {
            Form::Csv => journal::rename(&files.rows, to)?,
            Form::Workbook => {
                let titles = self.layout.titles(messages);
                let name = messages.text("roster-sheet");
                let folder = output::folder_of(to);
                self.convert(files, |rows, out| {
                    let place = (name.as_str(), folder.as_path());
                    workbook::results(rows, &titles, &self.layout.forms, place, out)
                })?;
            }
            Form::Parquet => self.convert(files, |rows, out| {
                parquet::write(rows, &self.layout.forms, out).map(|_| ())
            })?,
        }
        journal::rename(&files.rejects, &self.args.rejects())?;
        journal::rename(&files.notes, &self.args.notes())?;
        files.forget();
        Ok(())
    }

    fn convert(
        &self,
        files: &Files,
        write: impl FnOnce(BufReader<File>, &mut BufWriter<File>) -> Result<(), WriteError>,
    ) -> Result<(), work::Stop> {
        let rows = BufReader::new(File::open(&files.rows).map_err(WriteError::Io)?);
        let mut out = BufWriter::new(File::create(&files.other).map_err(WriteError::Io)?);
        let written = write(rows, &mut out).and_then(|()| {
            out.flush()?;
            Ok(out.get_ref().sync_all()?)
        });
        if let Err(error) = written {
            // The rows stay for `--resume`; what was made of them is of no use.
            let _ = fs::remove_file(&files.other);
            return Err(error.into());
        }
        journal::rename(&files.other, &self.args.output)
    }

    /// Says what became of the rows, and sums up.
    fn report(&self, counts: &Counts, tally: &Tally, messages: &Messages) -> Exit {
        let rejects = self.args.rejects();
        let (rejects, output) = (rejects.display(), self.args.output.display());
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("read", &counts.read),
            ("done", &counts.done),
            ("rejected", &counts.rejected),
            ("warned", &counts.warned),
            ("rejects", &rejects),
            ("output", &output),
        ];
        let mut out = messages.with("batch-counts", &values) + "\n";
        let blocks = summary::blocks(tally, &self.place.setting, messages);
        out += &summary::text(&blocks, messages);
        for path in &self.args.summary {
            let title = messages.name(&self.place.setting.place).to_owned();
            let written = if is_html(path) {
                output::write_whole(path, html::page(&title, &blocks, messages))
            } else {
                workbook::summary(&blocks)
                    .map_err(io::Error::other)
                    .and_then(|bytes| output::write_whole(path, bytes))
            };
            if let Err(error) = written {
                output::complain(&output::cannot_write(path, &error, messages));
                return Exit::Problems;
            }
        }
        output::say(&out)
    }

    fn all_rows(&self) -> bool {
        self.args.rows.unwrap_or_default() == RowsArg::All
    }
}

/// What the system said, wherever a library has put it.
fn io_of(error: &WriteError) -> Option<&io::Error> {
    let mut at: Option<&(dyn Error + 'static)> = Some(match error {
        WriteError::Io(error) => return Some(error),
        WriteError::Csv(error) => error,
        WriteError::Workbook(XlsxError::IoError(error)) => return Some(error),
        WriteError::Workbook(XlsxError::ZipError(error)) => error,
        WriteError::Workbook(error) => error,
        WriteError::Parquet(error) => error,
    });
    while let Some(error) = at {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        at = error.source();
    }
    None
}

fn flag(name: &str) -> Place {
    Place {
        field: name.to_owned(),
        ..Place::default()
    }
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    ending.to_lowercase()
}

fn is_html(path: &Path) -> bool {
    matches!(ending(path).as_str(), "html" | "htm")
}

fn form_of(path: &Path, found: &mut Problems) -> Option<Form> {
    match ending(path).as_str() {
        "csv" => Some(Form::Csv),
        "xlsx" => Some(Form::Workbook),
        "parquet" => Some(Form::Parquet),
        other => {
            wrong_ending("--output", other, &["csv", "xlsx", "parquet"], found);
            None
        }
    }
}

fn summary_form(path: &Path, found: &mut Problems) {
    let other = ending(path);
    if !is_html(path) && other != "xlsx" {
        wrong_ending("--summary", &other, &["xlsx", "html"], found);
    }
}

fn wrong_ending(option: &str, value: &str, allowed: &[&str], found: &mut Problems) {
    let kind = ProblemKind::NotOneOf {
        value: value.to_owned(),
        nearest: None,
        allowed: allowed.iter().map(|it| format!(".{it}")).collect(),
    };
    found.error(flag(option), kind);
}

/// What the command line says of all rows of a roster.
pub(super) struct Wish<'a> {
    /// A case for all that no column says.
    pub(super) base: Option<&'a Path>,
    /// The place.
    pub(super) region: Option<&'a str>,
    /// The first winter.
    pub(super) winter: Option<&'a str>,
    /// Only these options.
    pub(super) option: &'a [String],
    /// What is held equal.
    pub(super) service: Option<&'a str>,
}

impl<'a> Wish<'a> {
    fn of(args: &'a BatchArgs) -> Self {
        Self {
            base: args.base.as_deref(),
            region: args.region.as_deref(),
            winter: args.winter.as_deref(),
            option: &args.option,
            service: args.service.as_deref(),
        }
    }
}

/// The place of all rows in its winter, once the base case is good.
pub(super) fn place(base: &RawCase, library: &Library) -> Result<PlaceInWinter, Problems> {
    let mut found = Problems::default();
    let case = base.clone().check("", Path::new(""), &mut found);
    if found.has_errors() {
        return Err(found);
    }
    let chain = library.resolve_place(&case.place.value).map_err(|kind| {
        let mut found = Problems::default();
        found.error(flag("--region"), kind);
        found
    })?;
    place_in_winter(library, &chain, &compute::wishes(&case))
}

/// The case that every row is laid over, with the command line laid over it.
pub(super) fn base(args: &Wish<'_>, found: &mut Problems) -> Option<RawCase> {
    let winter = args.winter;
    let mut raw = match args.base {
        Some(path) => {
            let file = guard::case_file(path, found)?;
            let text = guard::read_text(&file, guard::TOML_LIMIT, found)?;
            let told = std::cell::RefCell::new(Problems::default());
            let raw = read_toml::<RawCase>(&file.display().to_string(), &text, &told);
            found.extend(told.into_inner());
            let mut raw = raw?;
            if let Some(folder) = file.parent() {
                raw.seen_from(folder);
            }
            raw
        }
        None => base_case(args.region?, winter, found)?,
    };
    if let (Some(_), Some(region)) = (args.base, args.region) {
        region.clone_into(&mut raw.place.value);
    }
    if let (Some(_), Some(text)) = (args.base, winter) {
        let other = base_case("", Some(text), found)?;
        raw.winter = other.winter;
        raw.date = None;
    }
    if !args.option.is_empty() {
        let spot = |id: &String| Spot {
            value: id.clone(),
            place: flag("--option"),
        };
        raw.options.include = args.option.iter().map(spot).collect();
        raw.options.exclude.clear();
    }
    if let Some(service) = args.service.and_then(Service::from_key) {
        raw.options.service = Some(service);
    }
    (!found.has_errors()).then_some(raw)
}

/// Adds bytes to a file and makes sure that they are there.
fn append(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_data()
}
