//! `data new-region` (新地区): writes a folder in which a county puts its own figures, every key
//! explained and every example commented out.

use std::path::{Path, PathBuf};

use crate::cli::args::NewRegionArgs;
use crate::cli::{Exit, data, output};
use crate::input::library::{Library, PLACE_FILES};
use crate::input::place::{Chain, Level, PLACES_FILE, PlaceRow};
use crate::input::problem::ProblemKind;
use crate::report::messages::Messages;
use crate::words::kinds::{Kind, Name};

const README: &str = include_str!("../../templates/region/README.md");
const PLACES: &str = include_str!("../../templates/region/places.csv");
const SOURCES: &str = include_str!("../../templates/region/sources.toml");
/// Folder of a new place whose name in Latin letters was not told.
const UNNAMED: &str = "new_county";

/// Writes the folder and says what to do with it.
pub fn run(args: &NewRegionArgs, library: &Library, messages: &Messages) -> Exit {
    let place = match place(args, library) {
        Ok(place) => place,
        Err(kind) => return unknown(args, kind, messages),
    };
    let id = place.id();
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from(id));
    let files = place.files(&folder, library);
    match output::write_all(&folder, &files) {
        Ok(()) => output::say(&said(&place, &folder, &files, messages)),
        Err((path, error)) => {
            output::complain(&output::cannot_write(&path, &error, messages));
            Exit::Problems
        }
    }
}

/// A name that is not in the library needs the place that contains it.
fn unknown(args: &NewRegionArgs, kind: ProblemKind, messages: &Messages) -> Exit {
    let exit = data::tell(kind, messages);
    if args.under.is_none() {
        let hint = messages.with("new-region-under", &[("name", &args.place)]);
        output::complain(&format!("{hint}\n"));
    }
    exit
}

fn said(
    place: &NewPlace,
    folder: &Path,
    files: &[(PathBuf, String)],
    messages: &Messages,
) -> String {
    let mut out = messages.with("new-region-written", &[("folder", &folder.display())]);
    for (path, _) in files {
        out += &format!("\n  {}", path.display());
    }
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("folder", &folder.display()), ("name", &place.name)];
    if place.row.is_some() {
        out += &format!("\n{}", messages.text("new-region-row"));
    }
    format!("{out}\n{}\n", messages.with("new-region-next", &values))
}

/// The place that the folder is for.
struct NewPlace {
    /// Its path.
    path: String,
    /// Its name as the user wrote it.
    name: String,
    /// With the names of all places that contain it.
    full: String,
    /// Names of the places that contain it, nearest first.
    above: Vec<String>,
    /// Its row, if the library has none.
    row: Option<PlaceRow>,
}

/// The place of the library, or a new one under the place that was named.
fn place(args: &NewRegionArgs, library: &Library) -> Result<NewPlace, ProblemKind> {
    let known = library.resolve_place(&args.place);
    let Some(under) = &args.under else {
        return known.map(|chain| of_library(&chain, &args.place));
    };
    let above = library.resolve_place(under)?;
    let inside = |chain: &Chain| chain.id().starts_with(&format!("{}/", above.id()));
    match known {
        Ok(chain) if inside(&chain) => Ok(of_library(&chain, &args.place)),
        _ => new_place(args, &above, library),
    }
}

fn of_library(chain: &Chain, name: &str) -> NewPlace {
    let above = chain.places().iter().rev().skip(1);
    NewPlace {
        path: chain.id().to_owned(),
        name: name.to_owned(),
        full: chain.full_name_zh(),
        above: above.map(|row| row.name.zh.clone()).collect(),
        row: None,
    }
}

/// # Errors
/// A place inside a county.
fn new_place(
    args: &NewRegionArgs,
    above: &Chain,
    library: &Library,
) -> Result<NewPlace, ProblemKind> {
    let parent = above.place().filter(|row| row.level != Level::County);
    let Some(parent) = parent else {
        return Err(ProblemKind::OutOfOrder {
            value: Level::County.key().to_owned(),
            before: Level::County.key().to_owned(),
        });
    };
    let pinyin = args.pinyin.as_deref().unwrap_or_default();
    let letters = pinyin.chars().filter(char::is_ascii_alphanumeric);
    let segment: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let segment = if segment.is_empty() {
        UNNAMED.to_owned()
    } else {
        segment
    };
    let path = format!("{}/{segment}", parent.path);
    let en = if pinyin.is_empty() {
        "New county"
    } else {
        pinyin
    };
    let row = PlaceRow {
        path: path.clone(),
        code: free_code(parent, library),
        name: Name {
            zh: args.place.clone(),
            en: en.to_owned(),
        },
        short_zh: short(&args.place).to_owned(),
        aliases: Vec::new(),
        level: level(&args.place, parent.level),
        latitude_deg: parent.latitude_deg,
        longitude_deg: parent.longitude_deg,
        elevation_m: parent.elevation_m,
        station_id: None,
    };
    let names = above.places().iter().rev();
    Ok(NewPlace {
        path,
        name: args.place.clone(),
        full: format!("{}{}", above.full_name_zh(), args.place),
        above: names.map(|row| row.name.zh.clone()).collect(),
        row: Some(row),
    })
}

/// A code of the parent's that nobody has; the user puts the real one in its place.
fn free_code(parent: &PlaceRow, library: &Library) -> u32 {
    let taken = |code: &u32| library.places().iter().any(|row| row.code == *code);
    let last = parent.code + 99;
    (parent.code..=last)
        .rev()
        .find(|code| !taken(code))
        .unwrap_or(last)
}

/// Without the word for its level, unless too little would be left.
fn short(name: &str) -> &str {
    const ENDINGS: [&str; 8] = ["自治县", "自治旗", "自治州", "地区", "县", "区", "市", "旗"];
    ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|short| short.chars().count() >= 2)
        .unwrap_or(name)
}

/// Under a province a name in 市, 州, 盟 or 地区 is a city; all else is a county.
fn level(name: &str, parent: Level) -> Level {
    let city = ["市", "州", "盟", "地区"]
        .iter()
        .any(|end| name.ends_with(end));
    if parent == Level::Province && city {
        Level::City
    } else {
        Level::County
    }
}

impl NewPlace {
    /// The last part of its path.
    fn id(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The path of each file inside the folder, with its text.
    fn files(&self, folder: &Path, library: &Library) -> Vec<(PathBuf, String)> {
        let sources = format!("sources/{}.toml", self.source_file(library));
        let fill = |template: &str| self.fill(template, folder, library);
        let mut files = vec![("README.md".to_owned(), fill(README))];
        if self.row.is_some() {
            files.push((PLACES_FILE.to_owned(), fill(PLACES)));
        }
        for file in PLACE_FILES {
            let path = format!("places/{}/{file}", self.path);
            let mut text = fill(template(file));
            // The file stands in for that of the library, so what that one says is kept.
            if let Some(own) = library.text(&path) {
                text = format!("{}\n\n{text}", own.trim_end());
            }
            files.push((path, text));
        }
        files.push((sources, fill(SOURCES)));
        let paths = files.into_iter();
        paths.map(|(path, text)| (path.into(), text)).collect()
    }

    /// Name of its file of sources, another than any of the library.
    fn source_file(&self, library: &Library) -> String {
        let own = self.id();
        match library.text(&format!("sources/{own}.toml")) {
            Some(_) => format!("{own}_own"),
            None => own.to_owned(),
        }
    }

    fn fill(&self, template: &str, folder: &Path, library: &Library) -> String {
        let above = self.above.iter().map(String::as_str);
        let above: Vec<&str> = above.chain(["全国"]).collect();
        let row = self.row.as_ref().map(row_text).unwrap_or_default();
        template
            .replace("{{full}}", &self.full)
            .replace("{{name}}", &self.name)
            .replace("{{above}}", &above.join("、"))
            .replace("{{path}}", &self.path)
            .replace("{{id}}", self.id())
            .replace("{{file}}", &self.source_file(library))
            .replace("{{folder}}", &folder.display().to_string())
            .replace("{{row}}", &row)
    }
}

/// The row as the table of places has it.
fn row_text(row: &PlaceRow) -> String {
    format!(
        "{},{},{},{},,{},{},{},{},{},",
        row.path,
        row.code,
        row.name.zh,
        row.short_zh,
        row.name.en,
        row.level.key(),
        row.latitude_deg,
        row.longitude_deg,
        row.elevation_m,
    )
}

/// The template of a file of a place.
fn template(file: &str) -> &'static str {
    match file {
        "tariffs.toml" => include_str!("../../templates/region/tariffs.toml"),
        "subsidies.toml" => include_str!("../../templates/region/subsidies.toml"),
        _ => include_str!("../../templates/region/place.toml"),
    }
}
