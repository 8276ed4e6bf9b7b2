//! Where results go: the screen, or a file that is written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::Exit;
use crate::report::messages::Messages;

/// Prints a result. A reader that has gone away (`| head`) is no failure.
pub fn say(text: &str) -> Exit {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(_) => Exit::Problems,
    }
}

/// Prints what is wrong. If even that cannot be written, the exit code tells it.
pub fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a result or writes it to a file.
pub fn give(text: &str, to: Option<&Path>, messages: &Messages) -> Exit {
    let Some(path) = to else { return say(text) };
    match write_whole(path, text) {
        Ok(()) => Exit::Done,
        Err(error) => {
            complain(&cannot_write(path, &error, messages));
            Exit::Problems
        }
    }
}

/// The sentence for a file that cannot be written.
pub fn cannot_write(path: &Path, error: &io::Error, messages: &Messages) -> String {
    let folder = folder_of(path);
    let reason = match error.kind() {
        io::ErrorKind::NotFound => {
            messages.with("output-no-folder", &[("folder", &folder.display())])
        }
        io::ErrorKind::PermissionDenied => messages.text("output-no-permission"),
        io::ErrorKind::IsADirectory => messages.text("reason-is_directory"),
        io::ErrorKind::AlreadyExists => messages.text("output-exists"),
        _ => error.to_string(),
    };
    let path = path.display();
    let sentence = messages.with(
        "output-cannot-write",
        &[("path", &path), ("reason", &reason)],
    );
    format!("{sentence}\n")
}

/// Writes a file whole or not at all: into a neighbour first, which then takes its name. What is
/// not a regular file (a terminal, a pipe) is written directly.
///
/// # Errors
/// What the system says: no such folder, no permission, no space, a folder of that name.
pub fn write_whole(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let bytes = bytes.as_ref();
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(metadata) = fs::metadata(path) {
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return fs::OpenOptions::new()
                .write(true)
                .open(path)?
                .write_all(bytes);
        }
    }
    let neighbour = neighbour_of(path);
    let written = write_new(&neighbour, bytes).and_then(|()| fs::rename(&neighbour, path));
    if written.is_err() {
        // The neighbour may not exist; the first error is the one to tell.
        let _ = fs::remove_file(&neighbour);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn neighbour_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder_of(path).join(format!(".{name}.{}.part", std::process::id()))
}
