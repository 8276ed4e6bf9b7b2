//! What a county puts on the page that its households keep: title, telephone, seal.

use std::path::Path;

use crate::input::guard::{TOML_LIMIT, read_bytes, read_text, whole};
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::record;
use std::cell::RefCell;

/// Largest picture of a seal, bytes.
const SEAL_LIMIT: u64 = 5 << 20;
/// Longest title, in characters: it stands in one line of large type.
const LONGEST_TITLE: usize = 24;
/// Longest line of the county's own, in characters.
const LONGEST_NOTE: usize = 120;

record! {
    /// A county's own words on the handout (明白纸). All may be left out.
    pub struct RawCounty: Default {
        /// Title of the page in place of 清洁取暖明白纸, 24 characters at most.
        title: Option<Spot<String>>;
        /// Who gives it out: `大荔县农业农村局`, 120 characters at most.
        issuer: Option<Spot<String>>;
        /// Where to ask: `0913-1234567`, 120 characters at most.
        hotline: Option<Spot<String>>;
        /// A line of the county's own above the signatures, 120 characters at most.
        note: Option<Spot<String>>;
        /// Picture of the seal, beside this file: PNG, JPEG or SVG.
        seal: Option<Spot<String>>;
    }
}

/// What a county puts on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct County {
    /// Title of the page.
    pub title: Option<String>,
    /// Who gives it out.
    pub issuer: Option<String>,
    /// Where to ask.
    pub hotline: Option<String>,
    /// A line of its own.
    pub note: Option<String>,
    /// Its seal.
    pub seal: Option<Seal>,
}

/// Picture of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// `png`, `jpg` or `svg`, by its content.
    pub kind: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// Reads the file of a county.
pub fn read_county(path: &Path, problems: &mut Problems) -> Option<County> {
    let text = read_text(path, TOML_LIMIT, problems)?;
    let name = path.display().to_string();
    let folder = path.parent().unwrap_or(Path::new(""));
    check_county(&name, folder, &text, problems)
}

/// Checks the text of the file; a seal is looked for in `folder`.
pub fn check_county(
    name: &str,
    folder: &Path,
    text: &str,
    problems: &mut Problems,
) -> Option<County> {
    let found = RefCell::new(Problems::default());
    // A county that says nothing of its own is no mistake.
    let raw = if text.trim().is_empty() {
        Some(RawCounty::default())
    } else {
        read_toml::<RawCounty>(name, text, &found)
    };
    let mut found = found.into_inner();
    let county = raw.map(|raw| raw.check(folder, &mut found));
    let good = !found.has_errors();
    problems.extend(found);
    county.filter(|_| good)
}

impl RawCounty {
    fn check(self, folder: &Path, problems: &mut Problems) -> County {
        let seal = self.seal.and_then(|spot| seal(folder, spot, problems));
        let mut short = |spot, most| short(spot, most, problems);
        County {
            title: short(self.title, LONGEST_TITLE),
            issuer: short(self.issuer, LONGEST_NOTE),
            hotline: short(self.hotline, LONGEST_NOTE),
            note: short(self.note, LONGEST_NOTE),
            seal,
        }
    }
}

/// A text that is there and short enough.
fn short(spot: Option<Spot<String>>, most: usize, problems: &mut Problems) -> Option<String> {
    let Spot { value, place } = spot?;
    let value = value.trim().to_owned();
    let found = value.chars().count();
    if found > most {
        let values = vec![("found", found.to_string()), ("most", most.to_string())];
        let message = "county-too-long";
        problems.error(place, ProblemKind::Other { message, values });
    }
    (!value.is_empty()).then_some(value)
}

fn seal(folder: &Path, spot: Spot<String>, problems: &mut Problems) -> Option<Seal> {
    let path = folder.join(&spot.value);
    let bytes = match read_bytes(&path, SEAL_LIMIT) {
        Ok(bytes) => bytes,
        Err(kind) => {
            let file = whole(&path).file;
            problems.error(Place { file, ..spot.place }, kind);
            return None;
        }
    };
    let Some(kind) = picture(&bytes) else {
        let values = vec![("value", spot.value)];
        let message = "county-not-a-picture";
        problems.error(spot.place, ProblemKind::Other { message, values });
        return None;
    };
    Some(Seal { kind, bytes })
}

/// What kind of picture the bytes are.
fn picture(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some("jpg")
    } else if String::from_utf8_lossy(start).contains("<svg") {
        Some("svg")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> (Option<County>, Vec<(usize, String)>) {
        let mut problems = Problems::default();
        let county = check_county("county.toml", Path::new("/nowhere"), text, &mut problems);
        let found = problems.sorted().0.into_iter();
        let found = found.map(|it| (it.place.line, it.place.field)).collect();
        (county, found)
    }

    #[test]
    fn everything_may_be_left_out() {
        assert_eq!(check("# nothing yet\n"), (Some(County::default()), vec![]));
        assert_eq!(check(""), (Some(County::default()), vec![]));
    }

    #[test]
    fn all_that_is_wrong_is_told_together() {
        let long = "长".repeat(25);
        let text = format!("title = \"{long}\"\nhotlne = \"1\"\nseal = \"none.png\"\n");
        let (county, found) = check(&text);
        assert_eq!(county, None);
        let mut found: Vec<(usize, &str)> = found.iter().map(|(n, it)| (*n, it.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, [(1, "title"), (2, "hotlne"), (3, "seal")]);
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n...."), Some("png"));
        assert_eq!(picture(b"\xFF\xD8\xFF\xE0"), Some("jpg"));
        assert_eq!(picture(b"<?xml?><svg xmlns=\"\">"), Some("svg"));
        assert_eq!(picture(b"GIF89a"), None);
        assert_eq!(picture(b""), None);
    }
}
