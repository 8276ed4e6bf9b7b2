//! The data library: the folder `data/`, embedded in the binary, and a county's own folder laid
//! over it.
//!
//! Opening it reads nothing that is embedded; texts are parsed by whoever needs them, when they
//! need them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use include_dir::{Dir, DirEntry, include_dir};

use crate::input::place::{Chain, Level, PLACES_FILE, Places};
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::source::Sources;
use crate::words::provenance::Source;

static BUNDLED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// Largest file of an overlay, bytes.
const FILE_LIMIT: u64 = 16 << 20;
/// Deepest folder of an overlay: `places/province/city/county/file` has five steps.
const DEPTH_LIMIT: usize = 6;
/// The files that a folder of a place can hold.
pub const PLACE_FILES: [&str; 3] = ["place.toml", "tariffs.toml", "subsidies.toml"];
/// The national figures: the top level of every place, with the settings of the account.
pub const SETTINGS_FILE: &str = "settings.toml";

/// The data library.
#[derive(Debug, Default)]
pub struct Library {
    overlay: BTreeMap<String, OverlayFile>,
    warnings: Problems,
    places: OnceLock<(Places, Problems)>,
    sources: OnceLock<(Sources, Problems)>,
}

/// A file of the folder that the user laid over the library.
#[derive(Debug, Clone)]
struct OverlayFile {
    shown: String,
    text: String,
}

/// A text of one level of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelText<'a> {
    /// The level.
    pub level: Level,
    /// Path of the place, `ningxia/wuzhong`; empty for the nation.
    pub place: &'a str,
    /// The file, as problems name it.
    pub file: String,
    /// Its text.
    pub text: Cow<'a, str>,
}

impl Library {
    /// The library that is embedded in the binary.
    pub fn bundled() -> Self {
        Self::default()
    }

    /// The embedded library with a folder laid over it: a file with the same relative path replaces
    /// the embedded one, other files are added, and the rows of its `places/places.csv` are merged by
    /// path.
    ///
    /// # Errors
    /// A folder or file that cannot be read, is too large or is not text; a file where the library
    /// has none of that kind; a folder of a place that no row names; a bad row of places.
    pub fn with_overlay(dir: &Path) -> Result<Self, Problems> {
        Self::with_overlays([dir])
    }

    /// The embedded library with several folders laid over it, a later one over an earlier one.
    /// A later table of places replaces an earlier one as a whole.
    ///
    /// # Errors
    /// Those of [`with_overlay`](Self::with_overlay).
    pub fn with_overlays<'d>(dirs: impl IntoIterator<Item = &'d Path>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut library = Self::default();
        for dir in dirs {
            library.read_folder(dir, "", 0, &mut problems);
        }
        for (path, file) in &library.overlay {
            check_top(path, file, &mut problems);
        }
        let (places, found) = library.parse_places();
        problems.extend(found);
        for (path, file) in &library.overlay {
            check_place_folder(path, file, &places, &mut problems);
        }
        if problems.has_errors() {
            return Err(problems.sorted());
        }
        library.warnings = problems.sorted();
        Ok(library)
    }

    /// This library with other texts in place of some of its files, under the names that they have.
    #[must_use]
    pub fn with_texts(&self, texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut overlay = self.overlay.clone();
        for (path, text) in texts {
            let shown = self.shown(&path);
            overlay.insert(path, OverlayFile { shown, text });
        }
        Self {
            overlay,
            ..Self::default()
        }
    }

    /// The files that are embedded, in order of their paths, with their bytes.
    pub fn bundled_files() -> BTreeMap<String, &'static [u8]> {
        let mut paths = BTreeSet::new();
        collect_files(&BUNDLED, "", &mut paths);
        let file = |path: String| {
            let bytes = BUNDLED.get_file(&path)?.contents();
            Some((path, bytes))
        };
        paths.into_iter().filter_map(file).collect()
    }

    /// Whether a folder is one of data: something in it has the name of a folder or file at the
    /// top of the library.
    pub fn is_data_folder(dir: &Path) -> bool {
        let known = |entry: &DirEntry<'_>| {
            let path = dir.join(entry.path());
            match entry {
                DirEntry::Dir(_) => path.is_dir(),
                DirEntry::File(_) => path.is_file(),
            }
        };
        dir.is_dir() && BUNDLED.entries().iter().any(known)
    }

    /// The files of the folder that the user laid over: path inside the library, name, text.
    pub fn own_files(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let files = self.overlay.iter();
        files.map(|(path, file)| (path.as_str(), file.shown.as_str(), file.text.as_str()))
    }

    /// What was odd about the overlay without stopping the run.
    pub fn warnings(&self) -> &Problems {
        &self.warnings
    }

    /// The text of a file by its path inside the library, such as `fuels.toml`.
    pub fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        if let Some(file) = self.overlay.get(path) {
            return Some(Cow::Borrowed(&file.text));
        }
        bundled_text(path).map(Cow::Borrowed)
    }

    /// How problems name a file of the library: the user's own path for a file of the overlay.
    pub fn shown(&self, path: &str) -> String {
        match self.overlay.get(path) {
            Some(file) => file.shown.clone(),
            None => format!("data/{path}"),
        }
    }

    /// All files whose path begins with `prefix` (`products/`), in order.
    pub fn files_under(&self, prefix: &str) -> Vec<String> {
        let mut found: BTreeSet<String> = self
            .overlay
            .keys()
            .filter(|path| path.starts_with(prefix))
            .cloned()
            .collect();
        collect_files(&BUNDLED, prefix, &mut found);
        found.into_iter().collect()
    }

    /// All places.
    pub fn places(&self) -> &Places {
        &self.places_and_problems().0
    }

    /// What is wrong with the table of places.
    pub fn places_problems(&self) -> &Problems {
        &self.places_and_problems().1
    }

    fn places_and_problems(&self) -> &(Places, Problems) {
        self.places.get_or_init(|| self.parse_places())
    }

    /// Finds a place by any name that people use, with the places that contain it.
    ///
    /// # Errors
    /// [`ProblemKind::NotOneOf`] with the nearest names, or [`ProblemKind::AmbiguousPlace`] with the
    /// candidates.
    pub fn resolve_place(&self, name: &str) -> Result<Chain, ProblemKind> {
        self.places().resolve(name)
    }

    /// The texts named `file` (`place.toml`, `tariffs.toml`, `subsidies.toml`) of a place and all
    /// that contain it, most specific first; the nation's own file, if there is one, comes last.
    ///
    /// The nation's `place.toml` is [`SETTINGS_FILE`]; its other files stand in `places/` itself.
    pub fn chain_texts<'a>(&'a self, chain: &'a Chain, file: &str) -> Vec<LevelText<'a>> {
        let levels = chain.places().iter().rev();
        let own = levels.map(|place| {
            let path = format!("places/{}/{file}", place.path);
            (place.level, place.path.as_str(), path)
        });
        let national = if file == "place.toml" {
            SETTINGS_FILE.to_owned()
        } else {
            format!("places/{file}")
        };
        own.chain([(Level::Nation, "", national)])
            .filter_map(|(level, place, path)| {
                let text = self.text(&path)?;
                let file = self.shown(&path);
                Some(LevelText {
                    level,
                    place,
                    file,
                    text,
                })
            })
            .collect()
    }

    /// The document of this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources().get(id)
    }

    /// All documents.
    pub fn sources(&self) -> &Sources {
        &self.sources_and_problems().0
    }

    /// What is wrong with the register of documents.
    pub fn sources_problems(&self) -> &Problems {
        &self.sources_and_problems().1
    }

    fn sources_and_problems(&self) -> &(Sources, Problems) {
        self.sources.get_or_init(|| {
            let paths = self.files_under("sources/");
            let files = paths.iter().filter(|path| path.ends_with(".toml"));
            Sources::read(files.filter_map(|path| Some((self.shown(path), self.text(path)?))))
        })
    }

    fn parse_places(&self) -> (Places, Problems) {
        let bundled = bundled_text(PLACES_FILE).map(|text| (format!("data/{PLACES_FILE}"), text));
        let own = self
            .overlay
            .get(PLACES_FILE)
            .map(|file| (file.shown.clone(), file.text.as_str()));
        Places::read(bundled.into_iter().chain(own))
    }

    fn read_folder(&mut self, dir: &Path, prefix: &str, depth: usize, problems: &mut Problems) {
        if depth > DEPTH_LIMIT {
            let allowed = vec!["places/province/city/county/place.toml".to_owned()];
            let kind = ProblemKind::NotOneOf {
                value: prefix.to_owned(),
                nearest: None,
                allowed,
            };
            problems.error(whole(dir), kind);
            return;
        }
        let entries = match fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries,
            Err(error) => return cannot_read(dir, &error, problems),
        };
        let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy());
            let Some(name) = name.filter(|name| !name.starts_with('.')) else {
                continue;
            };
            let inner = format!("{prefix}{name}");
            if path.is_dir() {
                self.read_folder(&path, &format!("{inner}/"), depth + 1, problems);
            } else {
                self.read_file(&path, inner, problems);
            }
        }
    }

    fn read_file(&mut self, path: &Path, inner: String, problems: &mut Problems) {
        if inner.ends_with(".md") || inner.ends_with(".txt") {
            return;
        }
        let size = match fs::metadata(path) {
            Ok(meta) => meta.len(),
            Err(error) => return cannot_read(path, &error, problems),
        };
        if size > FILE_LIMIT {
            let kind = ProblemKind::TooLarge {
                megabytes: size >> 20,
                limit: FILE_LIMIT >> 20,
            };
            return problems.error(whole(path), kind);
        }
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return cannot_read(path, &error, problems),
        };
        let Ok(text) = String::from_utf8(bytes) else {
            return problems.error(whole(path), ProblemKind::NotText);
        };
        let text = text
            .strip_prefix('\u{feff}')
            .map_or(text.clone(), str::to_owned);
        let shown = path.display().to_string();
        self.overlay.insert(inner, OverlayFile { shown, text });
    }
}

/// The text of an embedded file, found step by step along its folders.
fn bundled_text(path: &str) -> Option<&'static str> {
    let mut dir = &BUNDLED;
    for (end, _) in path.match_indices('/') {
        let folder = Path::new(path.get(..end)?);
        dir = dir.dirs().find(|dir| dir.path() == folder)?;
    }
    let file = dir.files().find(|file| file.path() == Path::new(path))?;
    file.contents_utf8()
}

fn collect_files(dir: &'static Dir<'static>, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in dir.entries() {
        let path = entry.path().to_string_lossy();
        match entry {
            DirEntry::Dir(inner) => {
                let folder = format!("{path}/");
                if folder.starts_with(prefix) || prefix.starts_with(&folder) {
                    collect_files(inner, prefix, found);
                }
            }
            DirEntry::File(_) if path.starts_with(prefix) => {
                found.insert(path.into_owned());
            }
            DirEntry::File(_) => {}
        }
    }
}

/// A file or folder that the library does not have at its top is a slip: it would never be read.
fn check_top(path: &str, file: &OverlayFile, problems: &mut Problems) {
    let (top, is_folder) = match path.split_once('/') {
        Some((top, _)) => (top, true),
        None => (path, false),
    };
    let names = || {
        let entries = BUNDLED.entries().iter();
        let known = entries.filter(|entry| entry.as_dir().is_some() == is_folder);
        known.filter_map(|entry| entry.path().to_str())
    };
    if !names().any(|name| name == top) {
        let kind = ProblemKind::NotOneOf {
            value: top.to_owned(),
            nearest: nearest(top, names()),
            allowed: names().map(str::to_owned).collect(),
        };
        problems.error(whole(Path::new(&file.shown)), kind);
    }
}

/// Checks that a file below `places/` stands in the folder of a known place under a known name.
fn check_place_folder(path: &str, file: &OverlayFile, places: &Places, problems: &mut Problems) {
    let Some(inner) = path.strip_prefix("places/") else {
        return;
    };
    if path == PLACES_FILE {
        return;
    }
    let (folder, name) = inner.rsplit_once('/').unwrap_or(("", inner));
    let place = whole(Path::new(&file.shown));
    if !PLACE_FILES.contains(&name) {
        let kind = ProblemKind::NotOneOf {
            value: name.to_owned(),
            nearest: nearest(name, PLACE_FILES),
            allowed: PLACE_FILES.map(str::to_owned).to_vec(),
        };
        problems.error(place, kind);
    } else if !folder.is_empty() && places.get(folder).is_none() {
        let kind = ProblemKind::Unresolved {
            what: "place",
            id: folder.to_owned(),
            nearest: nearest(folder, places.iter().map(|place| place.path.as_str())),
        };
        problems.error(place, kind);
    }
}

fn whole(path: &Path) -> Place {
    Place {
        file: path.display().to_string(),
        ..Place::default()
    }
}

fn cannot_read(path: &Path, error: &std::io::Error, problems: &mut Problems) {
    let reason = error.to_string();
    problems.error(whole(path), ProblemKind::CannotRead { reason });
}
