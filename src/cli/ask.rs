//! `ask` (问): asks about a household, shows its account and saves it as a case file.

pub mod dialog;
pub mod draft;
pub mod question;
pub mod wizard;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::args::AskArgs;
use crate::cli::ask::dialog::{Dialog, Lines};
use crate::cli::ask::draft::Draft;
use crate::cli::{Exit, compute, output};
use crate::input::answer;
use crate::input::case::parse_case;
use crate::input::guard::Texts;
use crate::input::library::Library;
use crate::report::messages::{Lang, Messages};
use crate::report::table::{PAGE, paragraph};
use crate::report::{account, problems};

/// Whether a file is being written, which takes a moment and is not broken off.
static WRITING: AtomicBool = AtomicBool::new(false);

/// Runs `ask`. Questions go where errors go, so that the account alone can be kept.
pub fn run(args: &AskArgs, library: &Library, messages: &Messages) -> Exit {
    end_with_a_sentence(messages);
    let stdin = io::stdin();
    let echo = !stdin.is_terminal();
    let mut lines = Lines::new(stdin.lock(), io::stderr(), echo);
    match talk(&mut lines, args.output.as_deref(), library, messages) {
        Some(exit) => exit,
        None => {
            output::complain(&sentence("ask-broken-off", messages));
            Exit::Problems
        }
    }
}

fn sentence(key: &str, messages: &Messages) -> String {
    format!("{}\n", messages.text(key))
}

/// Ends on Ctrl-C as at the end of the answers.
fn end_with_a_sentence(messages: &Messages) {
    let text = format!("\n{}", sentence("ask-broken-off", messages));
    // Without a handler the system ends the program, which leaves no file either.
    let _ = ctrlc::set_handler(move || {
        if !WRITING.load(Ordering::SeqCst) {
            output::complain(&text);
            std::process::exit(1);
        }
    });
}

/// Asks, shows and saves. Nothing comes back if the answers end too early.
fn talk(
    dialog: &mut dyn Dialog,
    to: Option<&Path>,
    library: &Library,
    messages: &Messages,
) -> Option<Exit> {
    let draft = wizard::ask(dialog, library, messages)?;
    let text = draft.text(&[messages.text("ask-file-head")]);
    dialog.say("\n");
    let shown = show(&text, library, messages);
    if shown != Exit::Done {
        return Some(shown);
    }
    match to {
        Some(path) => Some(write(path, &text, dialog, messages)),
        None => save(dialog, &draft, &text, messages),
    }
}

/// Shows the account of a case exactly as `compare` does.
fn show(text: &str, library: &Library, messages: &Messages) -> Exit {
    let (case, found) = parse_case("", Path::new(""), text);
    let comparison = case
        .ok_or(found)
        .and_then(|case| compute::comparison(&case, library));
    match comparison {
        Ok(comparison) => output::say(&account::text(&comparison, messages)),
        Err(found) => {
            output::complain(&problems::render(&found, messages, &Texts::default()));
            Exit::Problems
        }
    }
}

/// Asks for the file until it could be written.
fn save(dialog: &mut dyn Dialog, draft: &Draft, text: &str, messages: &Messages) -> Option<Exit> {
    let name = match (&draft.place, messages.lang()) {
        (Some(place), Lang::Zh) => place.region.chain.place().map(|it| it.short_zh.clone()),
        (Some(place), Lang::En) => place.region.chain.place().map(|it| it.name.en.clone()),
        (None, _) => None,
    };
    let usual = format!("{}.toml", name.unwrap_or_default());
    let question = messages.with("ask-save", &[("file", &usual)]);
    dialog.say(&format!("\n{}", paragraph(&question, PAGE, 2)));
    let mut confirmed: Option<PathBuf> = None;
    loop {
        let said = dialog.hear()?;
        let path = match (said.as_str(), confirmed.take()) {
            ("", Some(path)) => {
                if write(&path, text, dialog, messages) == Exit::Done {
                    return Some(Exit::Done);
                }
                continue;
            }
            ("", None) => PathBuf::from(&usual),
            (said, _) if answer::word(said) == Some(answer::Word::Help) => {
                dialog.say(&paragraph(&question, PAGE, 2));
                continue;
            }
            (said, _) => PathBuf::from(said),
        };
        if path.is_file() {
            let shown = path.display();
            let line = messages.with("ask-save-exists", &[("file", &shown)]);
            dialog.say(&paragraph(&format!("  {line}"), PAGE, 4));
            confirmed = Some(path);
        } else if write(&path, text, dialog, messages) == Exit::Done {
            return Some(Exit::Done);
        }
    }
}

fn write(path: &Path, text: &str, dialog: &mut dyn Dialog, messages: &Messages) -> Exit {
    WRITING.store(true, Ordering::SeqCst);
    let written = output::write_whole(path, text);
    WRITING.store(false, Ordering::SeqCst);
    match written {
        Ok(()) => {
            let shown = path.display();
            let line = messages.with("ask-saved", &[("file", &shown)]);
            dialog.say(&paragraph(&line, PAGE, 2));
            Exit::Done
        }
        Err(error) => {
            dialog.say(&output::cannot_write(path, &error, messages));
            Exit::Problems
        }
    }
}
