//! Where results go: the screen, or a file that is written whole or not at all.
//!
//! A file that exists is replaced only if the user says so ([`ready`], asked before anything is
//! computed). It is built under another name in the same folder and takes its own name when all of
//! it is on the disk, so that neither a full disk nor a killed run leaves half a file.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::cli::Exit;
use crate::report::messages::Messages;

/// Prints a result. A reader that has gone away (`| head`) is no failure.
pub fn say(text: &str) -> Exit {
    print(text.as_bytes())
}

fn print(bytes: &[u8]) -> Exit {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    match quiet_when_unread(written) {
        Ok(()) => Exit::Done,
        Err(error) => Exit::Unprinted(error.kind()),
    }
}

fn quiet_when_unread(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Prints what is wrong. If even that cannot be written, the exit code tells it.
pub fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a result or writes it to a file.
pub fn give(text: &str, to: Option<&Path>, messages: &Messages) -> Exit {
    match to {
        Some(path) => write_or_tell(path, text.as_bytes(), messages),
        None => say(text),
    }
}

/// Writes a result that is no text to a file, or to a pipe; a terminal does not get it.
pub fn give_bytes(bytes: &[u8], to: Option<&Path>, messages: &Messages) -> Exit {
    match to {
        Some(path) => write_or_tell(path, bytes, messages),
        None if io::stdout().is_terminal() => {
            complain(&format!("{}\n", messages.text("output-needs-file")));
            Exit::Usage
        }
        None => print(bytes),
    }
}

fn write_or_tell(path: &Path, bytes: &[u8], messages: &Messages) -> Exit {
    match write_whole(path, bytes) {
        Ok(()) => Exit::Done,
        Err(error) => {
            complain(&cannot_write(path, &error, messages));
            Exit::Problems
        }
    }
}

/// Looks, before anything is computed, whether files can be written there: their folders exist, no
/// folder has their name, no name stands there twice, and no file is replaced without `force`.
/// Tells every one that cannot.
pub fn ready(paths: &[&Path], force: bool, messages: &Messages) -> Exit {
    let mut told = String::new();
    for (i, path) in paths.iter().enumerate() {
        let before = &paths[..i];
        if before.contains(path) {
            told += &sentence(path, messages.text("output-twice"), messages);
        } else if let Err(error) = free(path, force) {
            use io::ErrorKind::{NotADirectory, NotFound};
            let no_folder = matches!(error.kind(), NotFound | NotADirectory);
            if no_folder && before.iter().any(|it| folder_of(it) == folder_of(path)) {
                continue;
            }
            let reason = match error.kind() {
                io::ErrorKind::AlreadyExists => messages.text("output-exists-force"),
                _ => reason(path, &error, messages),
            };
            told += &sentence(path, reason, messages);
        }
    }
    complain(&told);
    if told.is_empty() {
        Exit::Done
    } else {
        Exit::Problems
    }
}

fn free(path: &Path, force: bool) -> io::Result<()> {
    if ends_as_folder(path) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if there.is_file() && !force => Err(io::ErrorKind::AlreadyExists.into()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::metadata(folder_of(path)).map(|_| ())
        }
        Err(error) => Err(error),
    }
}

/// Whether a path can only mean a folder: `results/`.
fn ends_as_folder(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.ends_with(std::path::is_separator)
}

/// The sentence for a file that cannot be written.
pub fn cannot_write(path: &Path, error: &io::Error, messages: &Messages) -> String {
    sentence(path, reason(path, error, messages), messages)
}

fn sentence(path: &Path, reason: String, messages: &Messages) -> String {
    let path = path.display();
    let sentence = messages.with(
        "output-cannot-write",
        &[("path", &path), ("reason", &reason)],
    );
    format!("{sentence}\n")
}

/// The sentence for a result that cannot be printed.
pub fn cannot_print(kind: io::ErrorKind, messages: &Messages) -> String {
    let reason = match key(kind) {
        Some(key) => messages.text(key),
        None => kind.to_string(),
    };
    let sentence = messages.with("output-cannot-print", &[("reason", &reason)]);
    format!("{sentence}\n")
}

fn reason(path: &Path, error: &io::Error, messages: &Messages) -> String {
    let missing = || {
        let folders = path.ancestors().skip(1);
        let mut named = folders.filter(|folder| !folder.as_os_str().is_empty());
        named.find(|folder| folder.is_file())
    };
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let folder = folder_of(path);
            if let Some(file) = missing() {
                messages.with("output-folder-is-file", &[("folder", &file.display())])
            } else if folder.is_dir() {
                messages.text("output-no-permission")
            } else {
                messages.with("output-no-folder", &[("folder", &folder.display())])
            }
        }
        kind => key(kind).map_or_else(|| error.to_string(), |key| messages.text(key)),
    }
}

/// The message of what the system says, where there is one.
fn key(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::PermissionDenied => Some("output-no-permission"),
        io::ErrorKind::ReadOnlyFilesystem => Some("output-read-only"),
        io::ErrorKind::IsADirectory => Some("reason-is_directory"),
        io::ErrorKind::AlreadyExists => Some("output-exists"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("output-full"),
        io::ErrorKind::FileTooLarge => Some("output-too-large"),
        io::ErrorKind::InvalidFilename => Some("output-name"),
        _ => None,
    }
}

/// Writes a file whole or not at all: into a neighbour first, which then takes its name. What is
/// not a regular file (a terminal, a pipe) is written directly.
///
/// # Errors
/// What the system says: no such folder, no permission, no space, a folder of that name.
pub fn write_whole(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let bytes = bytes.as_ref();
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(there) = fs::metadata(path) {
        if there.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !there.is_file() {
            let opened = fs::OpenOptions::new().write(true).open(path);
            return quiet_when_unread(opened.and_then(|mut file| file.write_all(bytes)));
        }
    }
    let (neighbour, file) = neighbour_of(path)?;
    let written = fill(file, bytes).and_then(|()| fs::rename(&neighbour, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&neighbour);
    }
    written
}

fn fill(mut file: fs::File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// A new file beside another. Its name is short: the other's may be as long as the system allows.
fn neighbour_of(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    let folder = folder_of(path);
    let mut number = 0_u32;
    loop {
        let name = format!(".qingnuan-{}-{number}.part", std::process::id());
        let neighbour = folder.join(name);
        match fs::File::create_new(&neighbour) {
            Ok(file) => return Ok((neighbour, file)),
            // Another thread, or what a killed run has left.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < u32::MAX => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Gives a finished file its name, also on another disk.
///
/// # Errors
/// What the system says.
pub fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let (neighbour, mut file) = neighbour_of(to)?;
            let copied = fs::File::open(from)
                .and_then(|mut old| io::copy(&mut old, &mut file))
                .and_then(|_| file.sync_all())
                .and_then(|()| fs::rename(&neighbour, to));
            if copied.is_err() {
                // The first error is the one to tell.
                let _ = fs::remove_file(&neighbour);
                return copied;
            }
            fs::remove_file(from)
        }
        other => other,
    }
}

/// Writes files into a folder, all or none: none is replaced, and what was written before a failure
/// is taken away again. Folders inside it are made.
///
/// # Errors
/// The file that cannot be written, with what the system says.
pub fn write_all<B: AsRef<[u8]>>(
    folder: &Path,
    files: &[(PathBuf, B)],
) -> Result<(), (PathBuf, io::Error)> {
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).collect();
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        return Err((there.clone(), io::ErrorKind::AlreadyExists.into()));
    }
    let mut made = Vec::new();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        let written =
            make_folder(&folder_of(path), &mut made).and_then(|()| write_whole(path, bytes));
        if let Err(error) = written {
            undo(&paths, &made);
            return Err((path.clone(), error));
        }
    }
    Ok(())
}

/// Makes a folder and those above it, and notes which were made.
fn make_folder(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    match fs::metadata(folder) {
        Ok(there) if there.is_dir() => return Ok(()),
        Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
        Err(_) => {}
    }
    match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => make_folder(above, made)?,
        _ => {}
    }
    fs::create_dir(folder)?;
    made.push(folder.to_owned());
    Ok(())
}

/// Takes away what was made; what is not there, or not empty, stays as it is.
fn undo(files: &[PathBuf], folders: &[PathBuf]) {
    for file in files {
        let _ = fs::remove_file(file);
    }
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
