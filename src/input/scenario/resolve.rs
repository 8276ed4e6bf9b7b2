//! A run made ready: the text of its case and the files of the library with all changes in them,
//! checked like any other, with problems told at the line of the scenario that makes them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml_edit::DocumentMut;

use crate::input::edit;
use crate::input::guard;
use crate::input::library::Library;
use crate::input::problem::{Place, Problem, ProblemKind, Problems, nearest};
use crate::input::record::Spot;
use crate::input::scenario::Edit;
use crate::input::schema;

/// The beginning of paths into the library.
const DATA: &str = "data/";

/// A base case as text.
#[derive(Debug, Clone)]
pub struct BaseText {
    /// The file, as problems name it.
    pub file: String,
    /// The folder from which its paths are seen.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
}

impl BaseText {
    /// Reads a case file, or the only one of a folder.
    pub fn read(spot: &Spot<PathBuf>, problems: &mut Problems) -> Option<Self> {
        let mut found = Problems::default();
        let file = guard::case_file(&spot.value, &mut found);
        let text = file
            .as_ref()
            .and_then(|file| guard::read_text(file, guard::TOML_LIMIT, &mut found));
        for problem in &mut found.0 {
            if matches!(
                problem.kind,
                ProblemKind::CannotRead { .. } | ProblemKind::CaseFiles { .. }
            ) {
                problem.place = spot.place.clone();
            }
        }
        problems.extend(found);
        let file = file?;
        Some(Self {
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            file: file.display().to_string(),
            text: text?,
        })
    }
}

/// A change that was made, with where it stands now.
#[derive(Debug, Clone)]
struct Made {
    file: String,
    field: String,
    edit: Edit,
}

/// A run with its changes made.
#[derive(Debug, Default)]
pub struct Resolved {
    /// The text of its case.
    pub case: String,
    /// Files of the library that it changes, by path, with their texts.
    pub data: BTreeMap<String, String>,
    made: Vec<Made>,
}

/// Makes the changes of a run, as far as that can be done: with it come the paths that lead nowhere,
/// and what the changed files of the library are wrong for.
pub fn resolve(base: &BaseText, edits: &[Edit], library: &Library) -> (Resolved, Problems) {
    let mut problems = Problems::default();
    let mut resolved = Resolved::default();
    let mut documents: BTreeMap<String, DocumentMut> = BTreeMap::new();
    let Ok(mut case) = base.text.parse::<DocumentMut>() else {
        return (resolved, problems);
    };
    for edit in edits {
        let place = || Place {
            field: format!("{}: {}", edit.place.field, edit.path),
            ..edit.place.clone()
        };
        let made = match edit.path.strip_prefix(DATA) {
            None => edit::apply(&mut case, &edit.path, &edit.change)
                .map(|field| (base.file.clone(), field)),
            Some(inner) => in_data(inner, edit, library, &mut documents),
        };
        match made {
            Ok((file, field)) => resolved.made.push(Made {
                file,
                field,
                edit: edit.clone(),
            }),
            Err(kind) if edit.place.field.ends_with(&edit.path) => {
                problems.error(edit.place.clone(), kind);
            }
            Err(kind) => problems.error(place(), kind),
        }
    }
    resolved.case = case.to_string();
    let texts = documents.into_iter();
    resolved.data = texts
        .map(|(path, document)| (path, document.to_string()))
        .collect();
    resolved.check_data(library, &mut problems);
    (resolved, problems)
}

fn in_data(
    inner: &str,
    edit: &Edit,
    library: &Library,
    documents: &mut BTreeMap<String, DocumentMut>,
) -> Result<(String, String), ProblemKind> {
    let (file, path) = inner.split_once(':').ok_or_else(|| ProblemKind::Other {
        message: "scenario-no-file",
        values: vec![("value", edit.path.clone())],
    })?;
    let document = match documents.entry(file.to_owned()) {
        std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
        std::collections::btree_map::Entry::Vacant(entry) => {
            let text = library.text(file).filter(|_| file.ends_with(".toml"));
            let document = text.and_then(|text| text.parse::<DocumentMut>().ok());
            let Some(document) = document else {
                return Err(no_file(file, library));
            };
            entry.insert(document)
        }
    };
    let field = edit::apply(document, path, &edit.change)?;
    Ok((library.shown(file), field))
}

fn no_file(file: &str, library: &Library) -> ProblemKind {
    let files = library.files_under("");
    let files = files.iter().filter(|file| file.ends_with(".toml"));
    ProblemKind::Unresolved {
        what: "data-file",
        id: file.to_owned(),
        nearest: nearest(file, files.map(String::as_str)),
    }
}

impl Resolved {
    /// The changed files, checked as `check` does it.
    fn check_data(&self, library: &Library, problems: &mut Problems) {
        for (path, text) in &self.data {
            let Some(kind) = schema::kind_of(Path::new(path), text) else {
                continue;
            };
            let (shown, mut found) = (library.shown(path), Problems::default());
            (kind.check)(&shown, text, &mut found);
            let mut before = Problems::default();
            if let Some(old) = library.text(path) {
                (kind.check)(&shown, &old, &mut before);
            }
            problems.extend(self.blame(found, &before));
        }
    }

    /// Problems of the changed files at the lines of the scenario that make them; those that were
    /// there before stay as they are, but warnings among them are left out.
    pub fn blame(&self, found: Problems, before: &Problems) -> Problems {
        let old = |problem: &Problem| {
            let mut all = before.0.iter();
            all.any(|it| it.place.field == problem.place.field && it.kind == problem.kind)
        };
        let new = found.0.into_iter().filter(|problem| !old(problem));
        Problems(new.map(|problem| self.blamed(problem)).collect())
    }

    fn blamed(&self, mut problem: Problem) -> Problem {
        let of_file = self
            .made
            .iter()
            .filter(|made| made.file == problem.place.file);
        // The last of those that are nearest: a later change hides an earlier one.
        let nearest = of_file.max_by_key(|made| common(&made.field, &problem.place.field));
        if let Some(made) = nearest {
            let field = if made.field == problem.place.field {
                made.edit.path.clone()
            } else {
                problem.place.field.clone()
            };
            problem.place = Place {
                field,
                ..made.edit.place.clone()
            };
        }
        problem
    }
}

/// How many characters two paths have in common from their beginnings.
fn common(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}
