//! `chart` (图): the account of one household as pictures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::{ChartArgs, PictureFormat};
use crate::cli::compare::{self, Choice};
use crate::cli::{Exit, compute, output};
use crate::comparison::outcome::{Account, Comparison, OptionResult};
use crate::comparison::profile::SeasonProfile;
use crate::input::case::CaseInput;
use crate::input::guard::{Texts, read_bytes};
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::report::chart::font::{Font, LARGEST};
use crate::report::chart::{self, Chart, ChartError, Subject};
use crate::report::messages::Messages;
use crate::report::problems;
use crate::words::kinds::Kind;

/// Today's heating among the options.
const TODAY: &str = "today";
/// Every chart.
const ALL: &str = "all";

/// Runs `chart`.
pub fn run(args: &ChartArgs, force: bool, library: &Library, messages: &Messages) -> Exit {
    let (charts, font) = match (charts(&args.kind), font(args.font.as_deref())) {
        (Ok(charts), Ok(font)) => (charts, font),
        (charts, font) => {
            let mut found = charts.err().unwrap_or_default();
            found.extend(font.err().unwrap_or_default());
            return tell(&found, messages);
        }
    };
    let options: Vec<String> = args
        .option
        .iter()
        .filter(|id| *id != TODAY)
        .cloned()
        .collect();
    let choice = Choice {
        options: &options,
        service: args.service.as_deref(),
    };
    let (case, comparison) = match compare::computed(&args.case, &choice, library, messages) {
        Ok(computed) => computed,
        Err(exit) => return exit,
    };
    let studio = Studio {
        case: &case,
        library,
        comparison: &comparison,
        messages,
        font: &font,
    };
    match studio.pictures(&charts, &args.option) {
        Ok(pictures) => give(&pictures, args, force, messages),
        Err(found) => tell(&found, messages),
    }
}

fn tell(found: &Problems, messages: &Messages) -> Exit {
    output::complain(&problems::render(found, messages, &Texts::default()));
    Exit::Problems
}

/// The charts that were named; all of them if none was.
fn charts(names: &[String]) -> Result<Vec<Chart>, Problems> {
    let mut found = Problems::default();
    let mut charts: Vec<Chart> = Vec::new();
    for name in names.iter().filter(|name| *name != ALL) {
        match Chart::from_key(name) {
            Some(chart) if charts.contains(&chart) => {}
            Some(chart) => charts.push(chart),
            None => {
                let keys = Chart::ALL.iter().map(|chart| chart.key()).chain([ALL]);
                let kind = ProblemKind::NotOneOf {
                    value: name.clone(),
                    nearest: nearest(name, keys.clone()),
                    allowed: keys.map(str::to_owned).collect(),
                };
                found.error(flag("--kind"), kind);
            }
        }
    }
    if charts.is_empty() || names.iter().any(|name| name == ALL) {
        charts = Chart::ALL.to_vec();
    }
    if found.has_errors() {
        Err(found)
    } else {
        Ok(charts)
    }
}

/// The user's font, or the embedded one.
fn font(path: Option<&Path>) -> Result<Font, Problems> {
    let font = match path {
        Some(path) => {
            let bytes = read_bytes(path, LARGEST).map_err(|kind| one(file(path), kind))?;
            Font::from_bytes(bytes)
        }
        None => Font::bundled(),
    };
    font.map_err(|_| {
        let kind = ProblemKind::Other {
            message: "chart-not-a-font",
            values: Vec::new(),
        };
        one(path.map_or_else(|| flag("--font"), file), kind)
    })
}

fn file(path: &Path) -> Place {
    Place {
        file: path.display().to_string(),
        ..Place::default()
    }
}

fn flag(name: &str) -> Place {
    Place {
        field: name.to_owned(),
        ..Place::default()
    }
}

fn one(place: Place, kind: ProblemKind) -> Problems {
    let mut found = Problems::default();
    found.error(place, kind);
    found
}

/// A chart with the name of its file, without an ending.
struct Picture {
    name: String,
    svg: String,
}

/// What every picture needs.
struct Studio<'a> {
    case: &'a CaseInput,
    library: &'a Library,
    comparison: &'a Comparison,
    messages: &'a Messages,
    font: &'a Font,
}

impl Studio<'_> {
    /// The charts in their order; those of one option for each that was named, else for the
    /// cheapest.
    fn pictures(&self, charts: &[Chart], named: &[String]) -> Result<Vec<Picture>, Problems> {
        let mut accounts = Vec::new();
        for id in named {
            accounts.push(self.account(id)?);
        }
        if accounts.is_empty() {
            accounts.push(Subject::new(self.comparison).account);
        }
        let mut pictures = Vec::new();
        for &chart in charts {
            let name = chart.key().to_owned();
            if !chart.of_one_option() {
                let subject = Subject::new(self.comparison);
                pictures.push(self.picture(name, chart, &subject)?);
                continue;
            }
            for &account in &accounts {
                let season = self.season(chart, account)?;
                let subject = Subject {
                    comparison: self.comparison,
                    account,
                    season: season.as_ref(),
                };
                let name = format!("{name}-{}", account.id);
                pictures.push(self.picture(name, chart, &subject)?);
            }
        }
        Ok(pictures)
    }

    /// The account of an option; the library has told of names that it does not know.
    fn account(&self, id: &str) -> Result<&Account, Problems> {
        if id == TODAY {
            return Ok(&self.comparison.today);
        }
        let mut options = self.comparison.options.iter();
        let account = options.find(|option| option.id() == id);
        account.and_then(OptionResult::account).ok_or_else(|| {
            let kind = ProblemKind::Other {
                message: "chart-option-impossible",
                values: vec![("value", id.to_owned())],
            };
            one(flag("--option"), kind)
        })
    }

    fn season(&self, chart: Chart, account: &Account) -> Result<Option<SeasonProfile>, Problems> {
        match chart {
            Chart::Season => compute::season_profile(self.case, self.library, &account.id),
            _ => Ok(None),
        }
    }

    fn picture(
        &self,
        name: String,
        chart: Chart,
        subject: &Subject<'_>,
    ) -> Result<Picture, Problems> {
        match chart::svg(chart, subject, self.messages, self.font) {
            Ok(svg) => Ok(Picture { name, svg }),
            Err(error) => Err(problem(&name, &error)),
        }
    }
}

/// What is wrong with a chart.
pub(super) fn problem(name: &str, error: &ChartError) -> Problems {
    let place = file(Path::new(name));
    match error {
        ChartError::Missing(characters) => {
            let kind = ProblemKind::Other {
                message: "chart-no-glyph",
                values: vec![
                    ("value", characters.iter().collect()),
                    ("hint", "chart-no-glyph-hint".to_owned()),
                ],
            };
            one(place, kind)
        }
        error => {
            let kind = ProblemKind::Other {
                message: "chart-cannot",
                values: vec![("reason", error.to_string())],
            };
            one(place, kind)
        }
    }
}

/// The form: that of the flag, or of the file's ending.
fn format(args: &ChartArgs) -> PictureFormat {
    let ending = args.to.as_deref().and_then(Path::extension);
    let png = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    args.picture.unwrap_or(if png {
        PictureFormat::Png
    } else {
        PictureFormat::Svg
    })
}

/// One SVG goes to the screen if no file is named; otherwise files, whose names are told.
fn give(pictures: &[Picture], args: &ChartArgs, force: bool, messages: &Messages) -> Exit {
    let format = format(args);
    if let ([picture], None, PictureFormat::Svg) = (pictures, &args.to, format) {
        return output::say(&picture.svg);
    }
    let many = pictures.len() > 1;
    let folder = match args.to.as_deref() {
        None => Some(Path::new(".")),
        Some(path) if many || path.is_dir() => Some(path),
        Some(_) => None,
    };
    if let Some(folder) = folder
        && let Err(error) = make_folder(folder)
    {
        output::complain(&output::cannot_write(folder, &error, messages));
        return Exit::Problems;
    }
    let path = |picture: &Picture| match (folder, &args.to) {
        (Some(folder), _) => folder.join(format!("{}.{}", picture.name, format.ending())),
        (None, Some(path)) => path.clone(),
        (None, None) => PathBuf::from(&picture.name),
    };
    let paths: Vec<PathBuf> = pictures.iter().map(path).collect();
    let named: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let ready = output::ready(&named, force, messages);
    if ready != Exit::Done {
        return ready;
    }
    for (picture, path) in pictures.iter().zip(&paths) {
        if let Err(exit) = write(picture, path, format, messages) {
            return exit;
        }
        output::say(&format!("{}\n", path.display()));
    }
    Exit::Done
}

/// Makes the folder itself, never those above it: a wrong path is a slip of the pen.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(_) if folder.is_dir() => Ok(()),
        made => made,
    }
}

fn write(
    picture: &Picture,
    path: &Path,
    format: PictureFormat,
    messages: &Messages,
) -> Result<(), Exit> {
    let bytes = match format {
        PictureFormat::Svg => picture.svg.clone().into_bytes(),
        PictureFormat::Png => chart::png(&picture.svg, 1.0)
            .map_err(|error| tell(&problem(&picture.name, &error), messages))?,
    };
    output::write_whole(path, bytes).map_err(|error| {
        output::complain(&output::cannot_write(path, &error, messages));
        Exit::Problems
    })
}
