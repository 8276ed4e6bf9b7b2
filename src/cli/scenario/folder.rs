//! The folder of results: written whole or not at all, with copies of all that went in, so that
//! the same run can be made from it again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::roster::Refused;
use super::{Job, Shop, one};
use crate::cli::args::ScenarioArgs;
use crate::cli::output;
use crate::input::guard::{self, Texts};
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::scenario::{Base, Scenario, normal};
use crate::report::messages::Lang;
use crate::report::problems::{reason_and_hint, render};
use crate::report::scenario::View;
use crate::report::table::{Align, Table};

/// Deepest folder of data that is copied.
const DEPTH: usize = 8;

/// Refuses a folder of results that holds something.
pub fn check_free(folder: &Path) -> Result<(), Problems> {
    let place = || Place {
        field: "--output".to_owned(),
        ..Place::default()
    };
    let taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(_) => true,
    };
    if taken {
        let (message, values) = (
            "scenario-folder-taken",
            vec![("value", folder.display().to_string())],
        );
        return Err(one(place(), ProblemKind::Other { message, values }));
    }
    Ok(())
}

/// JSON with line breaks.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// All files that went in, by their place below the folder that holds them all.
pub struct Inputs {
    root: PathBuf,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Inputs {
    /// Reads every file that the runs rest on.
    ///
    /// # Errors
    /// A file that is gone.
    pub fn collect(
        scenario: &Scenario,
        shop: &Shop<'_>,
        jobs: &[Job],
        data: Option<&Path>,
    ) -> Result<Self, Problems> {
        let mut paths: Vec<PathBuf> = scenario.files.clone();
        if let Base::Roster(roster) = &scenario.base {
            paths.push(roster.file.clone());
            paths.extend(roster.mapping.clone());
        }
        let bases = shop.bases.values();
        paths.extend(bases.map(|(base, _)| PathBuf::from(&base.file)));
        for folder in data
            .iter()
            .map(|it| it.to_path_buf())
            .chain(shop.libraries.keys().flatten().cloned())
        {
            below(&folder, 0, &mut paths);
        }
        for job in jobs {
            let named = [&job.case.weather.epw, &job.case.subsidy.rules_file];
            let named = named.into_iter().flatten();
            paths.extend(named.map(|spot| job.case.folder.join(&spot.value)));
        }
        let mut found = Problems::default();
        let mut absolute: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        for path in paths {
            let read =
                std::path::absolute(&path).and_then(|full| Ok((normal(&full), fs::read(&path)?)));
            match read {
                Ok((full, bytes)) => {
                    absolute.insert(full, bytes);
                }
                Err(error) => {
                    let reason = error.to_string();
                    found.error(guard::whole(&path), ProblemKind::CannotRead { reason });
                }
            }
        }
        if found.has_errors() {
            return Err(found);
        }
        let root = common(absolute.keys());
        let inner = |(path, bytes): (PathBuf, Vec<u8>)| {
            let inner = path.strip_prefix(&root).map(Path::to_owned);
            (inner.unwrap_or(path), bytes)
        };
        let files = absolute.into_iter().map(inner).collect();
        Ok(Self { root, files })
    }

    /// A path as it stands below `inputs`.
    fn inner(&self, path: &Path) -> String {
        let full = std::path::absolute(path).map(|full| normal(&full));
        let full = full.unwrap_or_else(|_| path.to_owned());
        slashes(full.strip_prefix(&self.root).unwrap_or(&full))
    }
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The deepest folder that holds all files.
fn common<'p>(mut paths: impl Iterator<Item = &'p PathBuf>) -> PathBuf {
    let first = paths.next().and_then(|path| path.parent());
    let mut root = first.map(Path::to_owned).unwrap_or_default();
    for path in paths {
        while !path.starts_with(&root) && root.pop() {}
    }
    root
}

fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() && depth < DEPTH {
            below(&path, depth + 1, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version of the embedded data: one number over the names and contents of all its files.
fn data_version() -> String {
    let mut hash = Sha256::new();
    for (path, bytes) in Library::bundled_files() {
        hash.update((path.len() as u64).to_le_bytes());
        hash.update(path.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// What is written.
pub struct Results<'r> {
    /// The runs.
    pub view: &'r View<'r>,
    /// The runs as they were made ready.
    pub jobs: &'r [Job],
    /// Rows that were refused, by run.
    pub refused: &'r [Vec<Refused>],
    /// What was told of the inputs.
    pub told: &'r Problems,
}

/// Writes the folder under another name, which then takes its own.
///
/// # Errors
/// What the system says.
pub fn write(
    to: &Path,
    inputs: &Inputs,
    results: &Results<'_>,
    args: &ScenarioArgs,
    data: Option<&Path>,
) -> io::Result<()> {
    let files = files(inputs, results, args, data)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let parent = output::folder_of(to);
    let part = parent.join(format!(".{name}.{}.part", std::process::id()));
    fs::create_dir(&part)?;
    let written = fill(&part, &files).and_then(|()| {
        if to.is_dir() {
            fs::remove_dir(to)?;
        }
        fs::rename(&part, to)
    });
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_dir_all(&part);
    }
    written
}

fn fill(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for (inner, bytes) in files {
        let path = folder.join(inner);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// Every file of the folder with its bytes.
fn files(
    inputs: &Inputs,
    results: &Results<'_>,
    args: &ScenarioArgs,
    data: Option<&Path>,
) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let view = results.view;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    files.insert(
        "results.csv".into(),
        view.csv().map_err(io::Error::other)?.into(),
    );
    files.insert(
        "differences.csv".into(),
        view.differences().map_err(io::Error::other)?.into(),
    );
    files.insert("results.json".into(), pretty(&view.json()).into());
    files.insert("report.txt".into(), view.text().into());
    if results.refused.iter().any(|rows| !rows.is_empty()) {
        files.insert(
            "rejects.csv".into(),
            rejects(results).map_err(io::Error::other)?.into(),
        );
    }
    for job in results.jobs {
        let folder = format!("runs/{}", job.name);
        files.insert(
            format!("{folder}/case.toml"),
            job.resolved.case.clone().into(),
        );
        for (path, _, text) in job.library.own_files() {
            files.insert(format!("{folder}/data/{path}"), text.to_owned().into());
        }
    }
    let manifest = manifest(inputs, results, args, data, &files);
    files.insert("run.json".into(), pretty(&manifest).into());
    for (path, bytes) in &inputs.files {
        files.insert(format!("inputs/{}", slashes(path)), bytes.clone());
    }
    Ok(files)
}

fn manifest(
    inputs: &Inputs,
    results: &Results<'_>,
    args: &ScenarioArgs,
    data: Option<&Path>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Value {
    let messages = results.view.messages;
    let lang = match messages.lang() {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    let hashed = |(path, bytes): (String, &Vec<u8>)| json!({ "path": path, "bytes": bytes.len(), "sha256": sha256(bytes) });
    let copied = inputs
        .files
        .iter()
        .map(|(path, bytes)| (slashes(path), bytes));
    let copied: Vec<Value> = copied.map(hashed).collect();
    let made: Vec<Value> = files
        .iter()
        .map(|(path, bytes)| hashed((path.clone(), bytes)))
        .collect();
    let refused: usize = results.refused.iter().map(Vec::len).sum();
    let told = render(results.told, messages, &Texts::default());
    let root = format!("{}{}", inputs.root.display(), std::path::MAIN_SEPARATOR);
    // Without the folders of this computer, so that a run from the copies gives the same bytes.
    let told: Vec<String> = told.lines().map(|line| line.replace(&root, "")).collect();
    json!({
        "program": env!("CARGO_PKG_NAME"),
        "program_version": env!("CARGO_PKG_VERSION"),
        "data_version": data_version(),
        "arguments": {
            "scenario": inputs.inner(&args.file),
            "data": data.map(|data| inputs.inner(data)),
            "lang": lang,
        },
        "seed": results.view.scenario.seed,
        "random_draws": 0,
        "runs": results.jobs.len(),
        "problems": told,
        "rows_refused": refused,
        "inputs": copied,
        "results": made,
    })
}

fn rejects(results: &Results<'_>) -> Result<String, csv::Error> {
    let heads = ["run", "row", "field", "reason", "hint"];
    let mut table = Table::new(heads.map(|head| (head, Align::Left)));
    for (job, rows) in results.jobs.iter().zip(results.refused) {
        for refused in rows {
            let (reason, hint) = reason_and_hint(&refused.problem, results.view.messages);
            let row = refused.row.to_string();
            table.row([
                job.name.clone(),
                row,
                refused.problem.place.field.clone(),
                reason,
                hint,
            ]);
        }
    }
    table.to_csv(false)
}
