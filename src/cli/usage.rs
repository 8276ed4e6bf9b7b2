//! What is wrong with a command line, in the user's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::fmt::Display;

use crate::cli::{Exit, output};
use crate::report::messages::Messages;

/// Prints the help that was asked for, or what is wrong.
pub fn tell(error: &clap::Error, command: &clap::Command, messages: &Messages) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::say(&error.render().to_string())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            output::complain(&error.render().to_string());
            Exit::Usage
        }
        _ => {
            output::complain(&explain(error, command, messages));
            Exit::Usage
        }
    }
}

fn explain(error: &clap::Error, command: &clap::Command, messages: &Messages) -> String {
    let mut text = sentence(error, messages);
    text.push('\n');
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        if let Some(nearest) = value(error, kind) {
            let hint = messages.with("hint-nearest", &[("nearest", &nearest)]);
            text += &format!("  {}: {hint}\n", messages.text("hint"));
        }
    }
    if let (None, Some(allowed)) = (
        value(error, ContextKind::SuggestedValue),
        value(error, ContextKind::ValidValue),
    ) {
        let hint = messages.with("hint-allowed", &[("allowed", &allowed)]);
        text += &format!("  {}: {hint}\n", messages.text("hint"));
    }
    text += &messages.with("usage-see-help", &[("program", &command.get_name())]);
    text.push('\n');
    text
}

/// The sentence of an error; what is rare stays in clap's own words.
fn sentence(error: &clap::Error, messages: &Messages) -> String {
    let arg = value(error, ContextKind::InvalidArg).unwrap_or_default();
    let given = value(error, ContextKind::InvalidValue).unwrap_or_default();
    let with = |key: &str, values: &[(&str, &dyn Display)]| messages.with(key, values);
    match error.kind() {
        ErrorKind::UnknownArgument => with("usage-unknown-argument", &[("arg", &arg)]),
        ErrorKind::InvalidSubcommand => {
            let name = value(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            with("usage-unknown-command", &[("name", &name)])
        }
        ErrorKind::InvalidValue if given.is_empty() => with("usage-no-value", &[("arg", &arg)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            with("usage-invalid-value", &[("arg", &arg), ("value", &given)])
        }
        ErrorKind::MissingRequiredArgument => with("usage-missing-argument", &[("arg", &arg)]),
        ErrorKind::ArgumentConflict => {
            let other = value(error, ContextKind::PriorArg).unwrap_or_default();
            if other.is_empty() || other == arg {
                with("usage-given-twice", &[("arg", &arg)])
            } else {
                with("problem-conflict", &[("key", &arg), ("other", &other)])
            }
        }
        ErrorKind::InvalidUtf8 => with("usage-not-text", &[]),
        _ => error.to_string(),
    }
}

/// A part of the error as text.
fn value(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}
