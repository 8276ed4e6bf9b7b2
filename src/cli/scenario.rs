//! `scenario` (情景): a scenario file in, its runs side by side and a folder of results out.

mod folder;
mod roster;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::cli::args::{Format, ScenarioArgs};
use crate::cli::{Exit, compute, output};
use crate::input::case::{CaseInput, parse_case};
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::scenario::resolve::{BaseText, Resolved, resolve};
use crate::input::scenario::{self, Base, Edit, Plan, Scenario};
use crate::questions::scenario::{Measure, OF_OPTION, OF_PLACE, Outcome};
use crate::report::messages::Messages;
use crate::report::problems;
use crate::report::scenario::View;

use folder::Inputs;
use roster::{Refused, RosterWork};

/// Runs `scenario`; `data` is the folder that the command line lays over the library.
pub fn run(args: &ScenarioArgs, data: Option<&Path>, messages: &Messages) -> Exit {
    let mut texts = Texts::default();
    match work(args, data, &mut texts, messages) {
        Ok(exit) => exit,
        Err(found) => {
            output::complain(&problems::render(&found, messages, &texts));
            Exit::Problems
        }
    }
}

fn work(
    args: &ScenarioArgs,
    data: Option<&Path>,
    texts: &mut Texts,
    messages: &Messages,
) -> Result<Exit, Problems> {
    if let Some(to) = &args.output {
        folder::check_free(to)?;
    }
    let scenario = scenario::read(&args.file, texts)?;
    let shop = Shop::open(&scenario, data, texts)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.map_or(0, usize::from))
        .build()
        .map_err(|error| {
            one(
                flag("--threads"),
                ProblemKind::CannotRead {
                    reason: error.to_string(),
                },
            )
        })?;
    let plans = scenario.plans();
    let jobs = pool.install(|| shop.jobs(&plans))?;
    let done = pool.install(|| shop.done(&jobs))?;
    let (outcomes, refused): (Vec<Outcome>, Vec<Vec<Refused>>) = done.into_iter().unzip();
    let told = shop.told(&jobs);
    output::complain(&problems::render(&told, messages, texts));
    let measures: &[Measure] = if shop.roster.is_some() {
        &OF_PLACE
    } else {
        &OF_OPTION
    };
    let view = View {
        scenario: &scenario,
        plans: &plans,
        outcomes: &outcomes,
        measures,
        messages,
    };
    let text = match args.format.unwrap_or_default() {
        Format::Table => view.text(),
        Format::Markdown => view.markdown(),
        Format::Csv => view.csv().map_err(written)?,
        Format::Json => folder::pretty(&view.json()),
    };
    let Some(to) = &args.output else {
        return Ok(output::say(&text));
    };
    let inputs = Inputs::collect(&scenario, &shop, &jobs, data)?;
    let results = folder::Results {
        view: &view,
        jobs: &jobs,
        refused: &refused,
        told: &told,
    };
    if let Err(error) = folder::write(to, &inputs, &results, args, data) {
        output::complain(&output::cannot_write(to, &error, messages));
        return Ok(Exit::Problems);
    }
    let said = messages.with("scenario-written", &[("folder", &to.display())]);
    Ok(output::say(&format!("{text}\n{said}\n")))
}

fn one(place: Place, kind: ProblemKind) -> Problems {
    let mut problems = Problems::default();
    problems.error(place, kind);
    problems
}

fn flag(name: &str) -> Place {
    Place {
        field: name.to_owned(),
        ..Place::default()
    }
}

fn written(error: csv::Error) -> Problems {
    let reason = error.to_string();
    one(Place::default(), ProblemKind::CannotRead { reason })
}

/// A run made ready.
pub(super) struct Job {
    name: String,
    resolved: Resolved,
    library: Library,
    case: CaseInput,
    told: Problems,
}

/// What the runs share: bases and libraries, each read once.
pub(super) struct Shop<'s> {
    scenario: &'s Scenario,
    bases: BTreeMap<PathBuf, (BaseText, Problems)>,
    libraries: BTreeMap<Vec<PathBuf>, Library>,
    /// The folder of the command line, under all others.
    data: Option<PathBuf>,
    roster: Option<RosterWork>,
}

impl<'s> Shop<'s> {
    fn open(
        scenario: &'s Scenario,
        data: Option<&Path>,
        texts: &mut Texts,
    ) -> Result<Self, Problems> {
        let mut shop = Self {
            scenario,
            bases: BTreeMap::new(),
            libraries: BTreeMap::new(),
            data: data.map(Path::to_owned),
            roster: None,
        };
        let mut found = Problems::default();
        if let Base::Roster(roster) = &scenario.base {
            shop.roster = RosterWork::open(roster, &mut found);
        }
        for plan in scenario.plans() {
            shop.base(&plan, texts, &mut found);
            shop.library(&plan, &mut found);
        }
        if found.has_errors() {
            return Err(found.sorted());
        }
        Ok(shop)
    }

    /// Where the base of a run is kept.
    fn base_key(&self, plan: &Plan<'_>) -> PathBuf {
        match (&plan.variant.base, &self.scenario.base) {
            (Some(base), _) | (None, Base::Case(base)) => base.value.clone(),
            (None, Base::Roster(roster)) => roster.file.clone(),
        }
    }

    fn base(&mut self, plan: &Plan<'_>, texts: &mut Texts, found: &mut Problems) {
        let key = self.base_key(plan);
        if self.bases.contains_key(&key) {
            return;
        }
        let spot = match (&plan.variant.base, &self.scenario.base) {
            (Some(base), _) | (None, Base::Case(base)) => Some(base),
            (None, Base::Roster(roster)) => roster.base.as_ref(),
        };
        let base = match (spot, &self.scenario.base) {
            (Some(spot), _) => BaseText::read(spot, found),
            (None, Base::Roster(roster)) => Some(roster::base_text(roster)),
            (None, Base::Case(_)) => None,
        };
        let Some(base) = base else { return };
        let told = parse_case(&base.file, &base.folder, &base.text).1;
        texts.insert(base.file.clone(), base.text.clone());
        if told.has_errors() {
            found.extend(told.clone());
        }
        self.bases.insert(key, (base, told));
    }

    fn library_key(&self, plan: &Plan<'_>) -> Vec<PathBuf> {
        let own = self
            .scenario
            .layers(plan)
            .0
            .into_iter()
            .map(|spot| spot.value);
        self.data.iter().cloned().chain(own).collect()
    }

    fn library(&mut self, plan: &Plan<'_>, found: &mut Problems) {
        let key = self.library_key(plan);
        if self.libraries.contains_key(&key) {
            return;
        }
        let before = found.0.len();
        for spot in self.scenario.layers(plan).0 {
            if !Library::is_data_folder(&spot.value) {
                let (message, values) = (
                    "scenario-no-data",
                    vec![("value", spot.value.display().to_string())],
                );
                found.error(spot.place, ProblemKind::Other { message, values });
            }
        }
        if found.0.len() > before {
            return;
        }
        match Library::with_overlays(key.iter().map(PathBuf::as_path)) {
            Ok(library) => {
                self.libraries.insert(key, library);
            }
            Err(problems) => found.extend(problems),
        }
    }

    /// Every run made ready, or everything that is wrong with any of them.
    fn jobs(&self, plans: &[Plan<'_>]) -> Result<Vec<Job>, Problems> {
        let made: Vec<Result<Job, Problems>> =
            plans.par_iter().map(|plan| self.job(plan)).collect();
        all(made)
    }

    fn job(&self, plan: &Plan<'_>) -> Result<Job, Problems> {
        let edits: Vec<Edit> = self.scenario.layers(plan).1;
        let (Some((base, before)), Some(library)) = (
            self.bases.get(&self.base_key(plan)),
            self.libraries.get(&self.library_key(plan)),
        ) else {
            return Err(Problems::default());
        };
        let (resolved, mut told) = resolve(base, &edits, library);
        let (case, found) = parse_case(&base.file, &base.folder, &resolved.case);
        told.extend(resolved.blame(found, before));
        let library = library.with_texts(resolved.data.clone());
        match case {
            Some(case) if !told.has_errors() => Ok(Job {
                name: plan.name.clone(),
                resolved,
                library,
                case,
                told,
            }),
            _ => Err(told),
        }
    }

    /// What every run gives: households in parallel, or one roster after the other with its rows in
    /// parallel.
    fn done(&self, jobs: &[Job]) -> Result<Vec<(Outcome, Vec<Refused>)>, Problems> {
        let made = match &self.roster {
            Some(roster) => jobs.iter().map(|job| roster.outcome(job)).collect(),
            None => jobs.par_iter().map(household).collect(),
        };
        all(made)
    }

    /// What is unlikely in the bases and runs, each once.
    fn told(&self, jobs: &[Job]) -> Problems {
        let mut told = Problems::default();
        for library in self.libraries.values() {
            told.extend(library.warnings().clone());
        }
        self.bases
            .values()
            .for_each(|(_, found)| told.extend(found.clone()));
        jobs.iter().for_each(|job| told.extend(job.told.clone()));
        told.sorted()
    }
}

fn household(job: &Job) -> Result<(Outcome, Vec<Refused>), Problems> {
    let comparison = compute::comparison(&job.case, &job.library);
    let comparison = comparison.map_err(|found| job.resolved.blame(found, &Problems::default()))?;
    Ok((Outcome::of_household(&comparison), Vec::new()))
}

/// All of them, or the problems of all that failed.
fn all<T>(made: Vec<Result<T, Problems>>) -> Result<Vec<T>, Problems> {
    let mut good = Vec::with_capacity(made.len());
    let mut found = Problems::default();
    for one in made {
        match one {
            Ok(one) => good.push(one),
            Err(problems) => found.extend(problems),
        }
    }
    if good.len() < good.capacity() || found.has_errors() {
        return Err(found.sorted());
    }
    Ok(good)
}
