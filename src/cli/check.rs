//! `check` (检查): reads files and tells every problem.

use std::path::Path;

use crate::cli::args::CheckArgs;
use crate::cli::{Exit, check_folder, output};
use crate::input::guard::{self, Texts};
use crate::input::library::Library;
use crate::input::problem::Problems;
use crate::input::schema;
use crate::report::messages::Messages;
use crate::report::problems;

/// Checks every file, tells all problems together and says which files are good.
pub fn run(args: &CheckArgs, messages: &Messages) -> Exit {
    let mut problems = Problems::default();
    let mut texts = Texts::default();
    let mut said = String::new();
    for path in &args.files {
        if Library::is_data_folder(path) {
            let (found, told) = check_folder::check(path, &mut texts, messages);
            if !found.has_errors() {
                said += &told;
            }
            problems.extend(found);
            continue;
        }
        let (found, kind) = check(path, &mut texts);
        if !found.has_errors() {
            let kind = messages.member("file-kind", kind.unwrap_or_default());
            let file = path.display();
            said += &messages.with("check-good", &[("file", &file), ("kind", &kind)]);
            said.push('\n');
        }
        problems.extend(found);
    }
    let wrong = problems.has_errors();
    output::complain(&problems::render(&problems, messages, &texts));
    let exit = output::say(&said);
    if wrong { Exit::Problems } else { exit }
}

/// The problems of a file and its kind.
fn check(path: &Path, texts: &mut Texts) -> (Problems, Option<&'static str>) {
    let mut problems = Problems::default();
    let Some(file) = guard::case_file(path, &mut problems) else {
        return (problems, None);
    };
    let Some(text) = guard::read_text(&file, guard::TOML_LIMIT, &mut problems) else {
        return (problems, None);
    };
    let Some(kind) = schema::kind_of(&file, &text) else {
        return (problems, None);
    };
    let name = file.display().to_string();
    (kind.check)(&name, &text, &mut problems);
    texts.insert(name, text);
    (problems, Some(kind.name))
}
