//! `handout` (明白纸): the page that a household keeps, for one household or a whole village.

#[cfg(feature = "handout")]
mod typeset;
mod village;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::cli::args::{HandoutArgs, PageForm, is_folder};
use crate::cli::compare::{self, Choice};
use crate::cli::{Exit, chart, coverage, output};
use crate::comparison::outcome::Comparison;
use crate::input::county::{County, read_county};
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::report::handout::Subject;
use crate::report::handout::content::{Page, page};
use crate::report::handout::script::script;
use crate::report::messages::Messages;
use crate::report::problems;

/// Longest name of a household in the name of a file, in characters.
const LONGEST_NAME: usize = 20;

/// Runs `handout`.
pub fn run(args: &HandoutArgs, force: bool, library: &Library, messages: &Messages) -> Exit {
    let job = match Job::prepare(args, messages) {
        Ok(job) => job,
        Err(found) => return tell(&found, messages),
    };
    #[cfg(not(feature = "handout"))]
    if job.form != PageForm::Txt {
        return not_built(job.form, messages);
    }
    let sheets = match &args.list {
        Some(list) => job.village(list, library),
        None => job.household(library),
    };
    match sheets {
        Ok(sheets) => job.give(&sheets, force),
        Err(exit) => exit,
    }
}

fn tell(found: &Problems, messages: &Messages) -> Exit {
    output::complain(&problems::render(found, messages, &Texts::default()));
    Exit::Problems
}

/// The program has no typesetter: says how to get one.
#[cfg(not(feature = "handout"))]
fn not_built(form: PageForm, messages: &Messages) -> Exit {
    let ending = format!(".{}", form.ending());
    let said = messages.with("handout-not-built", &[("ending", &ending)]);
    output::complain(&format!("{said}\n"));
    Exit::Problems
}

/// Where the pages go.
#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Screen,
    File(&'a Path),
    Folder(&'a Path),
}

/// What is to be made, checked before anything is computed.
struct Job<'a> {
    args: &'a HandoutArgs,
    messages: &'a Messages,
    target: Target<'a>,
    form: PageForm,
    date: Date,
    county: County,
    #[cfg(feature = "handout")]
    press: Option<crate::report::handout::page::Press>,
}

/// What one household gets.
struct Sheet {
    /// Its row in the roster; 0 for a household of its own.
    row: u64,
    household: String,
    content: Content,
}

enum Content {
    #[cfg_attr(not(feature = "handout"), allow(dead_code))]
    Page(Box<Page>),
    Script(String),
}

impl<'a> Job<'a> {
    fn prepare(args: &'a HandoutArgs, messages: &'a Messages) -> Result<Self, Problems> {
        let mut found = Problems::default();
        let target = match args.page.as_deref() {
            None => Target::Screen,
            Some(path) if is_folder(path) => Target::Folder(path),
            Some(path) => Target::File(path),
        };
        let form = form(args, target, &mut found);
        if form == Some(PageForm::Txt) {
            only_typeset(args, &mut found);
        }
        let date = match &args.date {
            Some(text) => day(text, &mut found),
            None => Some(coverage::today()),
        };
        let county = match &args.county {
            Some(path) => read_county(path, &mut found),
            None => Some(County::default()),
        };
        let (Some(form), Some(date), Some(county)) = (form, date, county) else {
            return Err(found);
        };
        #[cfg(feature = "handout")]
        let press = typeset::press(args, form, &county, &mut found);
        if found.has_errors() {
            return Err(found);
        }
        Ok(Self {
            args,
            messages,
            target,
            form,
            date,
            county,
            #[cfg(feature = "handout")]
            press,
        })
    }

    /// The page of the case that the command line gives.
    fn household(&self, library: &Library) -> Result<Vec<Sheet>, Exit> {
        let choice = Choice {
            options: &self.args.option,
            service: self.args.service.as_deref(),
        };
        let computed = compare::computed(&self.args.case, &choice, library, self.messages);
        let (_, comparison) = computed?;
        Ok(vec![self.sheet(0, "", &comparison)])
    }

    fn sheet(&self, row: u64, household: &str, comparison: &Comparison) -> Sheet {
        let subject = Subject {
            comparison,
            household,
            date: self.date,
            county: &self.county,
        };
        let content = match self.form {
            PageForm::Txt => Content::Script(script(&subject, self.messages)),
            _ => Content::Page(Box::new(page(&subject, self.messages))),
        };
        Sheet {
            row,
            household: household.to_owned(),
            content,
        }
    }

    fn give(&self, sheets: &[Sheet], force: bool) -> Exit {
        let (paths, whole) = match self.target {
            Target::Screen => return output::say(&scripts(sheets)),
            Target::File(path) => (vec![path.to_owned()], true),
            Target::Folder(folder) => {
                if let Err(error) = chart::make_folder(folder) {
                    output::complain(&output::cannot_write(folder, &error, self.messages));
                    return Exit::Problems;
                }
                let names = sheets.iter().map(|sheet| folder.join(self.name(sheet)));
                (names.collect(), false)
            }
        };
        let borrowed: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        // A file was looked at before; what a folder gets is known only now.
        if !whole && output::ready(&borrowed, force, self.messages) != Exit::Done {
            return Exit::Problems;
        }
        let groups: Vec<&[Sheet]> = if whole {
            vec![sheets]
        } else {
            sheets.chunks(1).collect()
        };
        match self.write(&groups, &paths) {
            Ok(()) => self.written(sheets.len()),
            Err(exit) => exit,
        }
    }

    /// Writes each group of sheets into its file.
    fn write(&self, groups: &[&[Sheet]], paths: &[PathBuf]) -> Result<(), Exit> {
        #[cfg(feature = "handout")]
        if let Some(press) = &self.press {
            return typeset::write(self, press, groups, paths);
        }
        for (sheets, path) in groups.iter().zip(paths) {
            self.put(path, scripts(sheets).as_bytes())?;
        }
        Ok(())
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Exit> {
        output::write_whole(path, bytes).map_err(|error| {
            output::complain(&output::cannot_write(path, &error, self.messages));
            Exit::Problems
        })
    }

    fn written(&self, pages: usize) -> Exit {
        let Some(path) = &self.args.page else {
            return Exit::Done;
        };
        let path = path.display();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("pages", &pages), ("output", &path)];
        output::say(&format!(
            "{}\n",
            self.messages.with("handout-written", &values)
        ))
    }

    /// Name of a household's file: its row, whose it is, the ending.
    fn name(&self, sheet: &Sheet) -> String {
        let ending = self.form.ending();
        let safe = |c: char| if c.is_alphanumeric() { c } else { '_' };
        let name: String = sheet
            .household
            .chars()
            .take(LONGEST_NAME)
            .map(safe)
            .collect();
        match (sheet.row, name.as_str()) {
            (0, _) => format!("handout.{ending}"),
            (row, "") => format!("{row:04}.{ending}"),
            (row, name) => format!("{row:04}-{name}.{ending}"),
        }
    }
}

/// Scripts under one another.
fn scripts(sheets: &[Sheet]) -> String {
    let texts = sheets.iter().filter_map(|sheet| match &sheet.content {
        Content::Script(text) => Some(text.as_str()),
        Content::Page(_) => None,
    });
    texts.collect::<Vec<&str>>().join("\n")
}

/// The form: by the ending of a file, or as the command line says for a folder.
fn form(args: &HandoutArgs, target: Target<'_>, found: &mut Problems) -> Option<PageForm> {
    let form = match target {
        Target::Screen => return Some(PageForm::Txt),
        Target::Folder(_) => return Some(args.each.unwrap_or(PageForm::Pdf)),
        Target::File(path) => {
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            let ending = ending.to_lowercase();
            let form = PageForm::ALL.into_iter().find(|it| it.ending() == ending);
            if form.is_none() {
                let endings = PageForm::ALL.iter().map(|it| format!(".{}", it.ending()));
                let kind = ProblemKind::NotOneOf {
                    value: ending,
                    nearest: None,
                    allowed: endings.collect(),
                };
                found.error(flag("--output"), kind);
            }
            form?
        }
    };
    if args.each.is_some_and(|wanted| wanted != form) {
        let (key, other) = ("--form".to_owned(), "--output".to_owned());
        found.error(flag("--form"), ProblemKind::Conflict { key, other });
    }
    if form == PageForm::Png && args.list.is_some() {
        let (message, values) = ("handout-one-picture", Vec::new());
        found.error(flag("--output"), ProblemKind::Other { message, values });
    }
    Some(form)
}

/// Says what has no effect on a script.
fn only_typeset(args: &HandoutArgs, found: &mut Problems) {
    let given = [
        ("--template", args.template.is_some()),
        ("--font", !args.rare.is_empty()),
    ];
    for (name, _) in given.iter().filter(|(_, given)| *given) {
        let (message, values) = ("handout-only-typeset", Vec::new());
        found.error(flag(name), ProblemKind::Other { message, values });
    }
}

fn day(text: &str, found: &mut Problems) -> Option<Date> {
    let day = text.parse().ok();
    if day.is_none() {
        let value = text.to_owned();
        found.error(flag("--date"), ProblemKind::NotADay { value });
    }
    day
}

fn flag(name: &str) -> Place {
    Place {
        field: name.to_owned(),
        ..Place::default()
    }
}
