//! What is wrong with an input, as data; the report puts it into words of the user's language.

use serde::Serialize;

/// Where something stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Default)]
pub struct Place {
    /// The file, as the user named it, or a path inside the library.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1; 0 where the whole line or file is meant.
    pub column: usize,
    /// The key, with its tables: `house.area_m2`.
    pub field: String,
}

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No number is given.
    Error,
    /// The run goes on and says so.
    Warning,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// Whether it stops the run.
    pub severity: Severity,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong. Texts are keys, numbers and values as the file has them; `hint` fields hold
/// the nearest valid name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The file cannot be opened.
    CannotRead {
        /// What the system said.
        reason: String,
    },
    /// Nothing in it.
    EmptyFile,
    /// Not text in UTF-8.
    NotText,
    /// Text in another encoding than UTF-8.
    OtherEncoding {
        /// The encoding it seems to be in.
        encoding: &'static str,
    },
    /// A folder that should hold exactly one case file.
    CaseFiles {
        /// The TOML files found in it.
        found: Vec<String>,
    },
    /// Larger than an input of this kind can be.
    TooLarge {
        /// Its size.
        megabytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Not TOML.
    Syntax {
        /// What the parser said.
        reason: String,
    },
    /// A key that is not known here.
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest valid key.
        nearest: Option<String>,
        /// The keys that are valid here.
        allowed: Vec<String>,
    },
    /// A key that must be there is not.
    MissingKey {
        /// The key.
        key: String,
    },
    /// Another type than the field holds.
    WrongType {
        /// What is allowed, a key such as `number`, `text`, `date`.
        expected: &'static str,
        /// What was found, as written.
        found: String,
    },
    /// Not a finite number.
    NotFinite,
    /// A number outside its limits.
    OutOfRange {
        /// The number.
        value: f64,
        /// The smallest allowed.
        min: Option<f64>,
        /// The largest allowed.
        max: Option<f64>,
    },
    /// Legal but unlikely; a warning.
    Unlikely {
        /// The number.
        value: f64,
        /// Usually not below.
        min: f64,
        /// Usually not above.
        max: f64,
    },
    /// A name that is not in the list.
    NotOneOf {
        /// The name.
        value: String,
        /// The nearest valid name.
        nearest: Option<String>,
        /// Valid names, or the first of them.
        allowed: Vec<String>,
    },
    /// A table that must say which kind it is by exactly one key.
    NoKind {
        /// The kinds.
        allowed: Vec<String>,
        /// The kinds that were named.
        found: Vec<String>,
    },
    /// A list whose length does not fit.
    WrongLength {
        /// Entries found.
        found: usize,
        /// Entries needed.
        expected: usize,
        /// What it must fit: a key.
        because: String,
    },
    /// Bounds or dates that do not rise.
    OutOfOrder {
        /// The value.
        value: String,
        /// The one before it.
        before: String,
    },
    /// Two date ranges of one series overlap.
    DatesOverlap {
        /// The earlier range.
        first: String,
        /// The later range.
        second: String,
    },
    /// Two date ranges of one series leave days uncovered.
    DatesGap {
        /// First day not covered.
        from: String,
        /// Last day not covered.
        to: String,
    },
    /// Windows or hours of a tariff overlap or leave gaps.
    HoursNotCovered {
        /// Hours in question.
        hours: String,
        /// How many times they are covered.
        times: usize,
    },
    /// An end that must be written is not.
    OpenEnd {
        /// How to write it.
        write: &'static str,
    },
    /// Not a day of the calendar.
    NotADay {
        /// As written.
        value: String,
    },
    /// Shares that must sum to one do not.
    SharesSum {
        /// Their sum.
        sum: f64,
    },
    /// Two keys that exclude one another.
    Conflict {
        /// This key.
        key: String,
        /// The other.
        other: String,
    },
    /// A key that needs another.
    Needs {
        /// This key.
        key: String,
        /// The other.
        other: String,
    },
    /// An id that is used twice.
    Duplicate {
        /// The id.
        id: String,
        /// Where it was used first.
        first: String,
    },
    /// A reference to something that does not exist.
    Unresolved {
        /// What kind of thing: `source`, `product`, `station`.
        what: &'static str,
        /// The id.
        id: String,
        /// The nearest existing one.
        nearest: Option<String>,
    },
    /// Several places have this name.
    AmbiguousPlace {
        /// The name.
        name: String,
        /// Their full names.
        candidates: Vec<String>,
    },
    /// Anything else, by a message key of the catalogue with its values.
    Other {
        /// Message key.
        message: &'static str,
        /// Values of the message, in order of their names.
        values: Vec<(&'static str, String)>,
    },
}

/// All problems of an input.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds an error.
    pub fn error(&mut self, place: Place, kind: ProblemKind) {
        self.0.push(Problem {
            place,
            severity: Severity::Error,
            kind,
        });
    }
    /// Adds a warning.
    pub fn warn(&mut self, place: Place, kind: ProblemKind) {
        self.0.push(Problem {
            place,
            severity: Severity::Warning,
            kind,
        });
    }
    /// Whether any stops the run.
    pub fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
    /// In order of file, line and column, each once.
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| a.place.cmp(&b.place));
        self.0.dedup();
        self
    }
    /// Takes over those of another.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// The candidate nearest to `word`, if any is near enough to be a slip of the pen: it begins as
/// the word does, holds it, or is like it by Jaro-Winkler (0.8) or edit distance (0.6).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|c| Some((likeness(&lower, &c.to_lowercase())?, c)))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, c)| c.to_owned())
}

/// How like two words are, 0 to 1.2; nothing if they are not.
fn likeness(word: &str, candidate: &str) -> Option<f64> {
    let winkler = strsim::jaro_winkler(word, candidate);
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    let begins = candidate.starts_with(word) || word.starts_with(candidate);
    let holds = word.chars().count() >= 2 && candidate.contains(word);
    let bonus = if begins {
        0.2
    } else if holds {
        0.1
    } else {
        0.0
    };
    let like = bonus > 0.0 || winkler >= 0.8 || edits >= 0.6;
    (like && !word.is_empty()).then_some(winkler.max(edits) + bonus)
}
