//! The scenario file: a base, variants of it and sweeps, read with the files that it extends, and
//! the runs that it asks for.

pub mod raw;
pub mod resolve;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::input::edit::{self, Change};
use crate::input::guard::{self, Texts};
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::input::scenario::raw::{Combine, RawScenario, RawSweep, RawVariant, Settings};
use crate::words::kinds::Name;

/// Most runs of a scenario.
pub const MOST_RUNS: usize = 10_000;
/// Name of the run without a variant.
pub const BASE: &str = "base";

/// One change, with the place of the scenario file that asks for it.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The path as written.
    pub path: String,
    /// What is done there.
    pub change: Change,
    /// Where it is written.
    pub place: Place,
}

/// What a file or variant lays over what comes before it.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Folders of data.
    pub data: Vec<Spot<PathBuf>>,
    /// Changes, in their order.
    pub edits: Vec<Edit>,
}

/// What is changed.
#[derive(Debug, Clone)]
pub enum Base {
    /// A case.
    Case(Spot<PathBuf>),
    /// A roster.
    Roster(RosterBase),
}

/// A roster as base.
#[derive(Debug, Clone)]
pub struct RosterBase {
    /// The roster.
    pub file: PathBuf,
    /// What its columns are.
    pub mapping: Option<PathBuf>,
    /// The place of its households.
    pub region: Option<String>,
    /// A case for all that no column says.
    pub base: Option<Spot<PathBuf>>,
}

/// A variant, or the base itself.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub title: Option<Name>,
    /// Another case than the scenario's.
    pub base: Option<Spot<PathBuf>>,
    /// What it lays over the scenario.
    pub layers: Vec<Layer>,
}

/// An input that takes several values.
#[derive(Debug, Clone)]
pub struct Axis {
    /// What it is.
    pub title: Name,
    /// Its values as they are shown, with what is done for each.
    pub points: Vec<(String, Vec<Edit>)>,
}

/// A scenario with everything that it extends.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows.
    pub title: Option<Name>,
    /// What is changed.
    pub base: Base,
    /// What holds for every run.
    pub layers: Vec<Layer>,
    /// The variants, the base first where it is wanted.
    pub variants: Vec<Variant>,
    /// The variant that differences are taken from, by its place in the list.
    pub reference: usize,
    /// Sweeps.
    pub axes: Vec<Axis>,
    /// How they go together.
    pub combine: Combine,
    /// Seed of what is drawn by chance.
    pub seed: u32,
    /// The scenario files that were read, this one first.
    pub files: Vec<PathBuf>,
}

/// One run: a variant at one point of the sweeps.
#[derive(Debug, Clone)]
pub struct Plan<'s> {
    /// Its name, which is that of its folder.
    pub name: String,
    /// The variant.
    pub variant: &'s Variant,
    /// The place of the value of each axis.
    pub point: Vec<usize>,
}

/// Reads a scenario file and all that it extends.
///
/// # Errors
/// Everything that is wrong with them.
pub fn read(path: &Path, texts: &mut Texts) -> Result<Scenario, Problems> {
    let mut reader = Reader {
        problems: Problems::default(),
        texts,
        files: Vec::new(),
    };
    let chain = reader.chain(path);
    let scenario = chain.and_then(|chain| reader.merge(chain));
    match scenario {
        Some(scenario) if !reader.problems.has_errors() => Ok(scenario),
        _ => Err(reader.problems.sorted()),
    }
}

/// A scenario file with the folder from which its paths are seen.
struct File {
    raw: RawScenario,
    folder: PathBuf,
    name: String,
}

struct Reader<'t> {
    problems: Problems,
    texts: &'t mut Texts,
    files: Vec<PathBuf>,
}

impl Reader<'_> {
    /// The file and those that it extends, the farthest first.
    fn chain(&mut self, path: &Path) -> Option<Vec<File>> {
        let mut chain = vec![self.file(path)?];
        while let Some(last) = chain.last() {
            let Some(spot) = &last.raw.extends else { break };
            let path = inside(&last.folder, spot, &mut self.problems)?;
            let same = |known: &PathBuf| normal(known) == normal(&path);
            if self.files.iter().any(same) {
                let values = vec![("value", spot.value.clone())];
                let message = "scenario-cycle";
                let kind = ProblemKind::Other { message, values };
                self.problems.error(spot.place.clone(), kind);
                return None;
            }
            let place = spot.place.clone();
            let before = self.problems.0.len();
            let file = self.file(&path);
            self.blame_missing(before, &path, &place);
            chain.push(file?);
        }
        chain.reverse();
        Some(chain)
    }

    /// A file that is not there is the fault of the key that names it.
    fn blame_missing(&mut self, before: usize, path: &Path, place: &Place) {
        let name = path.display().to_string();
        for problem in self.problems.0.iter_mut().skip(before) {
            if matches!(problem.kind, ProblemKind::CannotRead { .. }) && problem.place.file == name
            {
                problem.place = place.clone();
            }
        }
    }

    fn file(&mut self, path: &Path) -> Option<File> {
        let text = guard::read_text(path, guard::TOML_LIMIT, &mut self.problems)?;
        let name = path.display().to_string();
        let found = RefCell::new(Problems::default());
        let raw: Option<RawScenario> = read_toml(&name, &text, &found);
        self.texts.insert(name.clone(), text);
        self.files.push(path.to_owned());
        let mut found = found.into_inner();
        let raw = raw.and_then(|raw| raw.check(&mut found));
        self.problems.extend(found);
        Some(File {
            raw: raw?,
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            name,
        })
    }

    fn merge(&mut self, chain: Vec<File>) -> Option<Scenario> {
        let mut base = None;
        let mut layers = Vec::new();
        let mut variants: BTreeMap<String, (usize, PathBuf, Spot<RawVariant>)> = BTreeMap::new();
        let mut merged: Option<RawScenario> = None;
        let last = chain.last().map(|file| file.name.clone())?;
        for (depth, file) in chain.into_iter().enumerate() {
            let File { raw, folder, .. } = file;
            base = self.base(&raw, &folder).or(base);
            layers.push(self.layer(&raw.data.0, &raw.set, &raw.unset, &folder));
            for (name, variant) in &raw.variants {
                variants.insert(name.clone(), (depth, folder.clone(), variant.clone()));
            }
            merged = Some(match merged {
                Some(below) => over(below, raw),
                None => raw,
            });
        }
        let merged = merged?;
        let Some(base) = base else {
            if self.problems.has_errors() {
                return None;
            }
            let place = Place {
                file: last,
                ..Place::default()
            };
            let key = "base".to_owned();
            self.problems.error(place, ProblemKind::MissingKey { key });
            return None;
        };
        let variants = self.variants(&variants, merged.with_base.unwrap_or(true));
        let reference = self.reference(merged.reference.as_ref(), &variants);
        let sweeps = merged.sweep.iter();
        let axes = sweeps.map(|sweep| axis(&sweep.value)).collect();
        let scenario = Scenario {
            title: merged.title,
            base,
            layers,
            variants,
            reference,
            axes,
            combine: merged.combine.unwrap_or(Combine::Grid),
            seed: merged.seed.unwrap_or(0),
            files: self.files.clone(),
        };
        self.check_size(&scenario, &merged.sweep, &last);
        Some(scenario)
    }

    fn base(&mut self, raw: &RawScenario, folder: &Path) -> Option<Base> {
        let found = &mut self.problems;
        if let Some(spot) = &raw.base {
            return placed(folder, spot, found).map(Base::Case);
        }
        let roster = &raw.roster.as_ref()?.value;
        let mapping = roster.mapping.as_ref();
        Some(Base::Roster(RosterBase {
            file: inside(folder, &roster.file, found)?,
            mapping: mapping.and_then(|spot| inside(folder, spot, found)),
            region: roster.region.as_ref().map(|region| region.value.clone()),
            base: roster
                .base
                .as_ref()
                .and_then(|spot| placed(folder, spot, found)),
        }))
    }

    fn layer(
        &mut self,
        data: &[Spot<String>],
        set: &Settings,
        unset: &[Spot<String>],
        folder: &Path,
    ) -> Layer {
        let found = &mut self.problems;
        let data = data.iter().filter_map(|spot| placed(folder, spot, found));
        let data = data.collect();
        let removed = unset.iter().map(|spot| Edit {
            path: spot.value.clone(),
            change: Change::Remove,
            place: spot.place.clone(),
        });
        let put = set.0.iter().filter_map(|setting| {
            Some(Edit {
                path: setting.path.clone(),
                change: Change::Put(edit::value(&setting.written)?),
                place: setting.place.clone(),
            })
        });
        let edits = removed.chain(put).collect();
        Layer { data, edits }
    }

    fn variants(
        &mut self,
        raw: &BTreeMap<String, (usize, PathBuf, Spot<RawVariant>)>,
        with_base: bool,
    ) -> Vec<Variant> {
        let mut order: Vec<&String> = raw.keys().collect();
        order.sort_by_key(|name| (raw[*name].0, raw[*name].2.place.line));
        let mut variants = Vec::new();
        if with_base || order.is_empty() {
            variants.push(Variant {
                name: BASE.to_owned(),
                title: None,
                base: None,
                layers: Vec::new(),
            });
        }
        for name in order {
            let mut seen = Vec::new();
            variants.extend(self.variant(name, raw, &mut seen));
        }
        variants
    }

    fn variant(
        &mut self,
        name: &str,
        raw: &BTreeMap<String, (usize, PathBuf, Spot<RawVariant>)>,
        seen: &mut Vec<String>,
    ) -> Option<Variant> {
        let (_, folder, spot) = raw.get(name)?;
        seen.push(name.to_owned());
        let own = &spot.value;
        let mut made = Variant {
            name: name.to_owned(),
            title: own.title.clone(),
            base: None,
            layers: Vec::new(),
        };
        if let Some(other) = &own.extends {
            let names: Vec<&str> = raw.keys().map(String::as_str).collect();
            if seen.contains(&other.value) {
                let values = vec![("value", other.value.clone())];
                let message = "scenario-cycle";
                let kind = ProblemKind::Other { message, values };
                self.problems.error(other.place.clone(), kind);
                return None;
            }
            if !raw.contains_key(&other.value) {
                let kind = raw::not_a_variant(&other.value, &names);
                self.problems.error(other.place.clone(), kind);
                return None;
            }
            let below = self.variant(&other.value, raw, seen)?;
            made.base = below.base;
            made.layers = below.layers;
        }
        if let Some(base) = &own.base {
            made.base = placed(folder, base, &mut self.problems).or(made.base);
        }
        let layer = self.layer(&own.data.0, &own.set, &own.unset, folder);
        made.layers.push(layer);
        Some(made)
    }

    fn reference(&mut self, named: Option<&Spot<String>>, variants: &[Variant]) -> usize {
        let Some(spot) = named else { return 0 };
        let found = variants.iter().position(|it| it.name == spot.value);
        found.unwrap_or_else(|| {
            let names: Vec<&str> = variants.iter().map(|it| it.name.as_str()).collect();
            let kind = raw::not_a_variant(&spot.value, &names);
            self.problems.error(spot.place.clone(), kind);
            0
        })
    }

    fn check_size(&mut self, scenario: &Scenario, sweeps: &[Spot<RawSweep>], file: &str) {
        let lengths: Vec<usize> = scenario.axes.iter().map(|it| it.points.len()).collect();
        if scenario.combine == Combine::Zip {
            for (spot, length) in sweeps.iter().zip(&lengths).skip(1) {
                if *length != lengths[0] {
                    let kind = ProblemKind::WrongLength {
                        found: *length,
                        expected: lengths[0],
                        because: "sweep[0]".to_owned(),
                    };
                    self.problems.error(spot.place.clone(), kind);
                }
            }
        }
        let many = |sum: usize, next: &usize| sum.saturating_mul(*next);
        let runs = match scenario.combine {
            Combine::Grid => lengths.iter().fold(scenario.variants.len(), many),
            Combine::Zip => scenario
                .variants
                .len()
                .saturating_mul(*lengths.first().unwrap_or(&1)),
        };
        if runs > MOST_RUNS {
            let values = vec![("runs", runs.to_string()), ("most", MOST_RUNS.to_string())];
            let message = "scenario-too-many";
            let place = Place {
                file: file.to_owned(),
                field: "sweep".to_owned(),
                ..Place::default()
            };
            self.problems
                .error(place, ProblemKind::Other { message, values });
        }
    }
}

/// A scenario laid over the one that it extends; layers and variants are kept apart.
fn over(below: RawScenario, own: RawScenario) -> RawScenario {
    let sweep = if own.sweep.is_empty() {
        below.sweep
    } else {
        own.sweep.clone()
    };
    RawScenario {
        title: own.title.clone().or(below.title),
        with_base: own.with_base.or(below.with_base),
        reference: own.reference.clone().or(below.reference),
        seed: own.seed.or(below.seed),
        combine: own.combine.or(below.combine),
        sweep,
        ..own
    }
}

fn axis(sweep: &RawSweep) -> Axis {
    let paths = &sweep.set.0;
    let first = paths.first().map(|path| path.value.as_str());
    let points = sweep.points().into_iter().map(|(shown, change)| {
        let edit = |path: &Spot<String>| Edit {
            path: path.value.clone(),
            change: change.clone(),
            place: path.place.clone(),
        };
        (shown, paths.iter().map(edit).collect())
    });
    Axis {
        title: sweep
            .title
            .clone()
            .unwrap_or_else(|| Name::same(first.unwrap_or_default())),
        points: points.collect(),
    }
}

/// A path seen from the folder of the scenario. An absolute one would not be found again among
/// the copies of the inputs.
fn inside(folder: &Path, spot: &Spot<String>, problems: &mut Problems) -> Option<PathBuf> {
    if Path::new(&spot.value).is_absolute() {
        let values = vec![("value", spot.value.clone())];
        let message = "scenario-absolute";
        problems.error(spot.place.clone(), ProblemKind::Other { message, values });
        return None;
    }
    Some(folder.join(&spot.value))
}

fn placed(folder: &Path, spot: &Spot<String>, problems: &mut Problems) -> Option<Spot<PathBuf>> {
    Some(Spot {
        value: inside(folder, spot, problems)?,
        place: spot.place.clone(),
    })
}

/// A path without `.` and `..`, as far as that can be told without asking the system.
pub fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(out.components().next_back(), Some(Component::Normal(_))) =>
            {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

impl Scenario {
    /// Every run, variant by variant, the last axis fastest.
    pub fn plans(&self) -> Vec<Plan<'_>> {
        let points = self.points();
        let mut plans = Vec::new();
        for variant in &self.variants {
            for (i, point) in points.iter().enumerate() {
                let name = if self.axes.is_empty() {
                    variant.name.clone()
                } else {
                    format!("{}-{:04}", variant.name, i + 1)
                };
                plans.push(Plan {
                    name,
                    variant,
                    point: point.clone(),
                });
            }
        }
        plans
    }

    fn points(&self) -> Vec<Vec<usize>> {
        if self.combine == Combine::Zip {
            let length = self.axes.first().map_or(1, |axis| axis.points.len());
            return (0..length).map(|i| vec![i; self.axes.len()]).collect();
        }
        let mut points = vec![Vec::new()];
        for axis in &self.axes {
            let longer = |point: Vec<usize>| {
                (0..axis.points.len()).map(move |i| {
                    let mut point = point.clone();
                    point.push(i);
                    point
                })
            };
            points = points.into_iter().flat_map(longer).collect();
        }
        points
    }

    /// Everything that a run lays over the base, in order.
    pub fn layers(&self, plan: &Plan<'_>) -> (Vec<Spot<PathBuf>>, Vec<Edit>) {
        let layers = self.layers.iter().chain(&plan.variant.layers);
        let (mut data, mut edits) = (Vec::new(), Vec::new());
        for layer in layers {
            data.extend(layer.data.iter().cloned());
            edits.extend(layer.edits.iter().cloned());
        }
        for (axis, at) in self.axes.iter().zip(&plan.point) {
            if let Some((_, own)) = axis.points.get(*at) {
                edits.extend(own.iter().cloned());
            }
        }
        (data, edits)
    }
}
