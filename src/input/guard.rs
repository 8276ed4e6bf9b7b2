//! Reading a user's file without trusting it: its size, its kind and its encoding come first.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::input::problem::{Place, ProblemKind, Problems};

/// Largest case, tariff, rule or product file, bytes.
pub const TOML_LIMIT: u64 = 1 << 20;
/// Largest weather file, bytes; an EPW file of a year is about 1.6 MB.
pub const WEATHER_LIMIT: u64 = 20 << 20;

const MEGABYTE: u64 = 1 << 20;

/// The texts of the files that were read, by the name under which problems mention them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// Keeps the text of a file.
    pub fn insert(&mut self, file: impl Into<String>, text: impl Into<String>) {
        self.0.insert(file.into(), text.into());
    }
    /// A line of a file, from 1, without its end.
    pub fn line(&self, file: &str, line: usize) -> Option<&str> {
        self.0.get(file)?.lines().nth(line.checked_sub(1)?)
    }
    /// Takes over those of another.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// Reads a text file of at most `limit` bytes.
///
/// The size is asked for before anything is read, so that a huge file is refused at once; from
/// pipes and devices, which have no size, at most `limit` bytes are taken. A byte order mark of
/// UTF-8 is dropped. Problems name the file as the user wrote it.
pub fn read_text(path: &Path, limit: u64, problems: &mut Problems) -> Option<String> {
    let bytes = match read_bytes(path, limit) {
        Ok(bytes) => bytes,
        Err(kind) => {
            problems.error(whole(path), kind);
            return None;
        }
    };
    match decode(bytes) {
        Ok(text) => Some(text),
        Err((line, kind)) => {
            problems.error(
                Place {
                    line,
                    ..whole(path)
                },
                kind,
            );
            None
        }
    }
}

/// The case file that a path means: itself, or the only TOML file of a folder.
pub fn case_file(path: &Path, problems: &mut Problems) -> Option<PathBuf> {
    if !path.is_dir() {
        return Some(path.to_owned());
    }
    let mut files = match toml_files(path) {
        Ok(files) => files,
        Err(error) => {
            problems.error(whole(path), cannot_read(&error));
            return None;
        }
    };
    files.sort();
    if let [file] = files.as_slice() {
        return Some(file.clone());
    }
    let name = |file: &PathBuf| file.file_name().map(|n| n.to_string_lossy().into_owned());
    let found = files.iter().filter_map(name).collect();
    problems.error(whole(path), ProblemKind::CaseFiles { found });
    None
}

/// The place that means a whole file.
pub fn whole(path: &Path) -> Place {
    Place {
        file: path.display().to_string(),
        ..Place::default()
    }
}

fn toml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    Ok(files)
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// It cannot be read, or is too large.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ProblemKind> {
    let metadata = fs::metadata(path).map_err(|error| cannot_read(&error))?;
    if metadata.is_dir() {
        return Err(cannot_read(&io::ErrorKind::IsADirectory.into()));
    }
    if metadata.len() > limit {
        return Err(too_large(metadata.len(), limit));
    }
    let file = File::open(path).map_err(|error| cannot_read(&error))?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(&error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64, limit));
    }
    Ok(bytes)
}

fn too_large(size: u64, limit: u64) -> ProblemKind {
    ProblemKind::TooLarge {
        megabytes: size.div_ceil(MEGABYTE),
        limit: limit.div_ceil(MEGABYTE),
    }
}

/// What the system said, as a key of the catalogue where there is one.
pub(super) fn cannot_read(error: &io::Error) -> ProblemKind {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "not_found".to_owned(),
        io::ErrorKind::PermissionDenied => "no_permission".to_owned(),
        io::ErrorKind::IsADirectory => "is_directory".to_owned(),
        _ => error.to_string(),
    };
    ProblemKind::CannotRead { reason }
}

/// The text of the bytes, or the line and kind of what is wrong with them.
fn decode(bytes: Vec<u8>) -> Result<String, (usize, ProblemKind)> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err((0, ProblemKind::OtherEncoding { encoding: "UTF-16" }));
    }
    if bytes.contains(&0) {
        return Err((0, ProblemKind::NotText));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            if is_gb18030(bytes) {
                let line = bytes.iter().take(good).filter(|b| **b == b'\n').count() + 1;
                let encoding = "GB18030";
                return Err((line, ProblemKind::OtherEncoding { encoding }));
            }
            Err((0, ProblemKind::NotText))
        }
    }
}

/// Whether all bytes beyond ASCII form characters of one, two or four bytes of GB 18030-2022.
fn is_gb18030(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return true,
            [0..=0x7F, rest @ ..] => rest,
            [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..] => rest,
            [
                0x81..=0xFE,
                0x30..=0x39,
                0x81..=0xFE,
                0x30..=0x39,
                rest @ ..,
            ] => rest,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<String, (usize, ProblemKind)> {
        decode(bytes.to_vec())
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decoded("\u{feff}a = 1".as_bytes()), Ok("a = 1".to_owned()));
    }

    #[test]
    fn other_encodings_are_named() {
        let gb = |encoding| ProblemKind::OtherEncoding { encoding };
        // 红 in GB 18030 is BA EC.
        assert_eq!(decoded(b"a = 1\nb = \"\xBA\xEC\""), Err((2, gb("GB18030"))));
        assert_eq!(decoded(b"\xFF\xFEa\0"), Err((0, gb("UTF-16"))));
        assert_eq!(decoded(b"\x7FELF\0\x01"), Err((0, ProblemKind::NotText)));
        assert_eq!(decoded(b"a\xFF\xFF\xFF"), Err((0, ProblemKind::NotText)));
    }

    #[test]
    fn a_device_without_end_is_read_up_to_the_limit() {
        let kind = read_bytes(Path::new("/dev/zero"), 1000);
        if Path::new("/dev/zero").exists() {
            let (megabytes, limit) = (1, 1);
            assert_eq!(kind, Err(ProblemKind::TooLarge { megabytes, limit }));
        }
    }
}
