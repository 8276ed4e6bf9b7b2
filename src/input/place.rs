//! Places: the table `data/places/places.csv`, the names that people use for them, and the chain
//! nation, province, city, county.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::words::kinds::{Kind, Name};

/// Where the table stands in the library.
pub const PLACES_FILE: &str = "places/places.csv";

/// How far down a figure holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The whole country.
    Nation,
    /// 省, 自治区, 直辖市.
    Province,
    /// 地级市, 地区, 州, 盟.
    City,
    /// 县, 区, 旗, 县级市.
    County,
}

impl Kind for Level {
    const ALL: &'static [Self] = &[Self::Nation, Self::Province, Self::City, Self::County];
    fn key(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
        }
    }
}

/// One place: a row of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceRow {
    /// Its folder below `places/` and its id: `ningxia/wuzhong/hongsibao`.
    pub path: String,
    /// Division code of GB/T 2260, six digits.
    pub code: u32,
    /// Full Chinese name and pinyin with a capital.
    pub name: Name,
    /// Without 省, 市, 县, 区, 旗: `红寺堡`.
    pub short_zh: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its level.
    pub level: Level,
    /// Degrees north of its seat, approximate.
    pub latitude_deg: f64,
    /// Degrees east of its seat, approximate.
    pub longitude_deg: f64,
    /// Metres above the sea where its people live, approximate.
    pub elevation_m: f64,
    /// Weather station that stands for it; without one the nearest is taken.
    pub station_id: Option<String>,
}

impl PlaceRow {
    /// Path of the place that contains it.
    pub fn parent(&self) -> Option<&str> {
        self.path.rsplit_once('/').map(|(parent, _)| parent)
    }
}

/// A place with the places that contain it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain(Vec<PlaceRow>);

impl Chain {
    /// Province first, the place itself last; never empty.
    pub fn places(&self) -> &[PlaceRow] {
        &self.0
    }
    /// The place itself.
    pub fn place(&self) -> Option<&PlaceRow> {
        self.0.last()
    }
    /// Its path, which is its id.
    pub fn id(&self) -> &str {
        self.place().map_or("", |place| &place.path)
    }
    /// Full Chinese name from the province down: `宁夏回族自治区吴忠市红寺堡区`.
    pub fn full_name_zh(&self) -> String {
        self.0.iter().map(|place| place.name.zh.as_str()).collect()
    }
    /// Full name: in Chinese from the province down, in English from the place up.
    pub fn full_name(&self) -> Name {
        let up = self.0.iter().rev();
        let en: Vec<&str> = up.map(|place| place.name.en.as_str()).collect();
        Name {
            zh: self.full_name_zh(),
            en: en.join(", "),
        }
    }
}

/// The table of all places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places(BTreeMap<String, PlaceRow>);

const COLUMNS: [&str; 11] = [
    "path",
    "code",
    "name_zh",
    "short_zh",
    "aliases",
    "pinyin",
    "level",
    "lat",
    "lon",
    "elev_m",
    "station_id",
];

impl Places {
    /// Reads tables, each with the name under which problems mention it and its text; a row with
    /// the path of an earlier table's row replaces it.
    pub fn read<'a>(files: impl IntoIterator<Item = (String, &'a str)>) -> (Self, Problems) {
        let mut problems = Problems::default();
        let mut rows: BTreeMap<String, (PlaceRow, Place)> = BTreeMap::new();
        for (file, text) in files {
            let mut own: BTreeMap<String, (PlaceRow, Place)> = BTreeMap::new();
            read_table(&file, text, &mut own, &mut problems);
            rows.append(&mut own);
        }
        check_tree(&rows, &mut problems);
        let rows = rows.into_iter().map(|(path, (row, _))| (path, row));
        (Self(rows.collect()), problems)
    }

    /// The place of a path.
    pub fn get(&self, path: &str) -> Option<&PlaceRow> {
        self.0.get(path)
    }

    /// All places in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &PlaceRow> {
        self.0.values()
    }

    /// The chain of a path.
    pub fn chain(&self, path: &str) -> Option<Chain> {
        let ends = path.match_indices('/').map(|(end, _)| end);
        let ends = ends.chain([path.len()]);
        let rows: Option<Vec<PlaceRow>> = ends
            .map(|end| path.get(..end).and_then(|path| self.get(path)).cloned())
            .collect();
        rows.map(Chain)
    }

    /// Finds a place by a name in Chinese (full or short, alone or after the names of places that
    /// contain it, or before those of its townships and villages), in pinyin, by its path or by its
    /// division code.
    ///
    /// A full name is stronger than a short one, and where a city and a county inside it share
    /// a short name the city is meant.
    ///
    /// # Errors
    /// No such place: the nearest names. Several: their full names.
    pub fn resolve(&self, name: &str) -> Result<Chain, ProblemKind> {
        if let Some(chain) = self.chain(name) {
            return Ok(chain);
        }
        let word = simplify(name);
        if let Some(code) = division_code(&word) {
            let found = self.iter().find(|row| row.code == code);
            return found
                .and_then(|row| self.chain(&row.path))
                .ok_or_else(|| self.unknown(name, &word));
        }
        match self.best(&word).as_slice() {
            [] => self
                .county_of_village(&word)
                .ok_or_else(|| self.unknown(name, &word)),
            rows => self
                .the_one(rows)
                .ok_or_else(|| ProblemKind::AmbiguousPlace {
                    name: name.to_owned(),
                    candidates: rows.iter().map(|row| self.full_name(row)).collect(),
                }),
        }
    }

    /// The rows that the word names most surely.
    fn best(&self, word: &str) -> Vec<&PlaceRow> {
        let mut found: Vec<(Strength, &PlaceRow)> = self
            .iter()
            .filter_map(|row| Some((self.matches(word, row)?, row)))
            .collect();
        let best = found.iter().map(|(strength, _)| *strength).max();
        found.retain(|(strength, _)| Some(*strength) == best);
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// The highest of the rows, if it contains all others.
    fn the_one(&self, rows: &[&PlaceRow]) -> Option<Chain> {
        let top = rows.iter().min_by_key(|row| row.level)?;
        let inside = format!("{}/", top.path);
        let alone = rows
            .iter()
            .all(|row| row.path == top.path || row.path.starts_with(&inside));
        alone.then(|| self.chain(&top.path))?
    }

    /// The county whose name begins an address that goes on to a township or village.
    fn county_of_village(&self, word: &str) -> Option<Chain> {
        const VILLAGES: [&str; 6] = ["村", "乡", "镇", "街道", "苏木", "社区"];
        if !VILLAGES.iter().any(|ending| word.ends_with(ending)) {
            return None;
        }
        word.char_indices().rev().find_map(|(end, _)| {
            let chain = self.the_one(&self.best(word.get(..end)?))?;
            (chain.place()?.level == Level::County).then_some(chain)
        })
    }

    /// Whether the word names the row: one of its own forms, after any number of forms of places
    /// that contain it.
    fn matches(&self, word: &str, row: &PlaceRow) -> Option<Strength> {
        if !word.ends_with(|c: char| c.is_ascii()) && !ends_with_name(word, row) {
            return None;
        }
        let mut best = None;
        for (form, strength) in forms(row) {
            let Some(before) = word.strip_suffix(form.as_str()) else {
                continue;
            };
            if before.is_empty() || self.is_containing(before, row) {
                best = best.max(Some(strength));
            }
        }
        best
    }

    /// Whether the word is made of names of places that contain the row, outermost first.
    fn is_containing(&self, word: &str, row: &PlaceRow) -> bool {
        let Some(parent) = row.parent().and_then(|path| self.get(path)) else {
            return false;
        };
        let own = forms(parent).into_iter().any(|(form, _)| {
            word.strip_suffix(form.as_str())
                .is_some_and(|before| before.is_empty() || self.is_containing(before, parent))
        });
        own || self.is_containing(word, parent)
    }

    fn full_name(&self, row: &PlaceRow) -> String {
        self.chain(&row.path)
            .map_or_else(|| row.name.zh.clone(), |chain| chain.full_name_zh())
    }

    /// The problem of a name that no place has, with the places that come nearest.
    fn unknown(&self, name: &str, word: &str) -> ProblemKind {
        let score = |row: &PlaceRow| {
            forms(row)
                .iter()
                .map(|(form, _)| likeness(word, form))
                .fold(0.0, f64::max)
        };
        let mut scored: Vec<(f64, &PlaceRow)> = self
            .iter()
            .map(|row| (score(row), row))
            .filter(|(score, _)| *score >= 0.45)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.path.cmp(&b.1.path)));
        let near: Vec<String> = scored
            .iter()
            .take(5)
            .map(|(_, row)| self.full_name(row))
            .collect();
        ProblemKind::NotOneOf {
            value: name.to_owned(),
            nearest: near.first().cloned(),
            allowed: near,
        }
    }
}

/// How surely a form means its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Short,
    Full,
}

/// All names of a place alone, simplified.
fn forms(row: &PlaceRow) -> Vec<(String, Strength)> {
    let pinyin = simplify(&row.name.en);
    let ending: &[&str] = match row.level {
        Level::Nation => &[],
        Level::Province => &["sheng", "province"],
        Level::City => &["shi", "city", "prefecture"],
        Level::County => &["xian", "qu", "qi", "shi", "county", "district", "banner"],
    };
    let mut forms = vec![
        (row.name.zh.clone(), Strength::Full),
        (row.short_zh.clone(), Strength::Short),
        (pinyin.clone(), Strength::Short),
    ];
    forms.extend(
        ending
            .iter()
            .map(|end| (format!("{pinyin}{end}"), Strength::Short)),
    );
    forms.extend(
        row.aliases
            .iter()
            .map(|alias| (simplify(alias), Strength::Short)),
    );
    forms
}

/// Whether a word ends with a Chinese name of the row; spares building all its forms.
fn ends_with_name(word: &str, row: &PlaceRow) -> bool {
    word.ends_with(&row.name.zh)
        || word.ends_with(&row.short_zh)
        || row.aliases.iter().any(|alias| word.ends_with(alias))
}

/// Small letters without blanks and separators.
fn simplify(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !"/-_·,、，'’".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The six digits of a division code, also from the longer codes of townships and villages.
fn division_code(word: &str) -> Option<u32> {
    let digits = word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.get(..6)?.parse().ok())?
}

/// How alike two names are, from 0 to 1; a name inside the other counts as well.
fn likeness(word: &str, form: &str) -> f64 {
    let held = !form.is_empty() && (word.contains(form) || form.contains(word));
    let shorter = form.chars().count().min(word.chars().count()) as f64;
    let longer = form.chars().count().max(word.chars().count()) as f64;
    let inside = if held && shorter >= 2.0 {
        0.5 + 0.5 * shorter / longer
    } else {
        0.0
    };
    strsim::jaro_winkler(word, form)
        .max(strsim::normalized_damerau_levenshtein(word, form))
        .max(inside)
}

/// Reads one table.
fn read_table(
    file: &str,
    text: &str,
    rows: &mut BTreeMap<String, (PlaceRow, Place)>,
    problems: &mut Problems,
) {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        return problems.error(at(file, 0, ""), ProblemKind::NotText);
    };
    let Some(columns) = check_header(file, &header, problems) else {
        return;
    };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let reason = error.to_string();
                return problems.error(at(file, 0, ""), ProblemKind::Syntax { reason });
            }
        }
        let line = record.position().map_or(0, csv::Position::line) as usize;
        let row = RawRow {
            file,
            line,
            columns: &columns,
            record: &record,
        };
        let Some(place) = row.check(problems) else {
            continue;
        };
        if let Some((_, first)) = rows.get(&place.path) {
            let kind = ProblemKind::Duplicate {
                id: place.path,
                first: format!("{}:{}", first.file, first.line),
            };
            problems.error(at(file, line, "path"), kind);
            continue;
        }
        rows.insert(place.path.clone(), (place, at(file, line, "path")));
    }
}

/// Where each of [`COLUMNS`] stands, if the header has every one and no other.
fn check_header(
    file: &str,
    header: &csv::StringRecord,
    problems: &mut Problems,
) -> Option<[usize; COLUMNS.len()]> {
    let line = header.position().map_or(1, csv::Position::line) as usize;
    let mut columns = [usize::MAX; COLUMNS.len()];
    for (i, name) in header.iter().map(str::trim).enumerate() {
        match COLUMNS.iter().position(|column| *column == name) {
            Some(column) => columns[column] = i,
            None => {
                let kind = ProblemKind::UnknownKey {
                    key: name.to_owned(),
                    nearest: nearest(name, COLUMNS),
                    allowed: COLUMNS.map(str::to_owned).to_vec(),
                };
                problems.error(at(file, line, name), kind);
            }
        }
    }
    for (name, _) in COLUMNS
        .iter()
        .zip(columns)
        .filter(|(_, i)| *i == usize::MAX)
    {
        let key = (*name).to_owned();
        problems.error(at(file, line, name), ProblemKind::MissingKey { key });
    }
    let complete = header.len() == COLUMNS.len() && !columns.contains(&usize::MAX);
    complete.then_some(columns)
}

fn at(file: &str, line: usize, field: &str) -> Place {
    Place {
        file: file.to_owned(),
        line,
        column: 0,
        field: field.to_owned(),
    }
}

/// A row with what is needed to name its problems.
struct RawRow<'a> {
    file: &'a str,
    line: usize,
    columns: &'a [usize; COLUMNS.len()],
    record: &'a csv::StringRecord,
}

impl RawRow<'_> {
    fn check(&self, problems: &mut Problems) -> Option<PlaceRow> {
        let path = self.text("path", problems);
        let code = self.number("code", 110_000.0, 659_999.0, problems);
        let name_zh = self.text("name_zh", problems);
        let short_zh = self.text("short_zh", problems);
        let pinyin = self.text("pinyin", problems);
        let level = self.level(problems);
        let latitude_deg = self.number("lat", 18.0, 54.0, problems);
        let longitude_deg = self.number("lon", 73.0, 136.0, problems);
        let elevation_m = self.number("elev_m", -160.0, 5500.0, problems);
        let aliases = self.get("aliases").split('|').map(str::trim);
        let path = path.filter(|path| self.is_path(path, problems))?;
        Some(PlaceRow {
            path,
            code: code? as u32,
            name: Name {
                zh: name_zh?,
                en: pinyin?,
            },
            short_zh: short_zh?,
            aliases: aliases
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect(),
            level: level?,
            latitude_deg: latitude_deg?,
            longitude_deg: longitude_deg?,
            elevation_m: elevation_m?,
            station_id: Some(self.get("station_id").to_owned()).filter(|id| !id.is_empty()),
        })
    }

    fn get(&self, column: &str) -> &str {
        let known = COLUMNS.iter().zip(self.columns);
        let index = known.into_iter().find(|(name, _)| **name == column);
        index
            .and_then(|(_, i)| self.record.get(*i))
            .unwrap_or_default()
            .trim()
    }

    fn text(&self, column: &str, problems: &mut Problems) -> Option<String> {
        let text = self.get(column);
        if text.is_empty() {
            let key = column.to_owned();
            problems.error(self.at(column), ProblemKind::MissingKey { key });
            return None;
        }
        Some(text.to_owned())
    }

    fn number(&self, column: &str, min: f64, max: f64, problems: &mut Problems) -> Option<f64> {
        let text = self.get(column);
        let kind = match text.parse::<f64>() {
            Ok(value) if (min..=max).contains(&value) => return Some(value),
            Ok(value) if value.is_finite() => ProblemKind::OutOfRange {
                value,
                min: Some(min),
                max: Some(max),
            },
            Ok(_) => ProblemKind::NotFinite,
            Err(_) => ProblemKind::WrongType {
                expected: "number",
                found: text.chars().take(40).collect(),
            },
        };
        problems.error(self.at(column), kind);
        None
    }

    fn level(&self, problems: &mut Problems) -> Option<Level> {
        let text = self.get("level");
        let known = || Level::ALL.iter().skip(1).map(|level| level.key());
        let level = Level::from_key(text).filter(|level| *level != Level::Nation);
        if level.is_none() {
            let kind = ProblemKind::NotOneOf {
                value: text.to_owned(),
                nearest: nearest(text, known()),
                allowed: known().map(str::to_owned).collect(),
            };
            problems.error(self.at("level"), kind);
        }
        level
    }

    /// Paths are folders: small letters, digits and underscores between slashes, at most three deep.
    fn is_path(&self, path: &str, problems: &mut Problems) -> bool {
        let plain = |part: &str| {
            let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            !part.is_empty() && part.bytes().all(letters)
        };
        let fine = path.split('/').all(plain) && path.split('/').count() <= 3;
        if !fine {
            let kind = ProblemKind::Other {
                message: "problem-not-a-path",
                values: vec![("value", path.chars().take(40).collect())],
            };
            problems.error(self.at("path"), kind);
        }
        fine
    }

    fn at(&self, column: &str) -> Place {
        at(self.file, self.line, column)
    }
}

/// Checks rows against one another: each place lies in a known one, under a level above its own
/// and with that one's code; codes are unique.
fn check_tree(rows: &BTreeMap<String, (PlaceRow, Place)>, problems: &mut Problems) {
    let mut codes: BTreeMap<u32, &Place> = BTreeMap::new();
    for (row, place) in rows.values() {
        if let Some(first) = codes.insert(row.code, place) {
            let kind = ProblemKind::Duplicate {
                id: row.code.to_string(),
                first: format!("{}:{}", first.file, first.line),
            };
            problems.error(at(&place.file, place.line, "code"), kind);
        }
        let Some(parent) = row.parent() else {
            if row.level != Level::Province {
                misplaced(
                    place,
                    "level",
                    row.level.key(),
                    Level::Province.key(),
                    problems,
                );
            }
            continue;
        };
        let Some((above, _)) = rows.get(parent) else {
            let kind = ProblemKind::Unresolved {
                what: "place",
                id: parent.to_owned(),
                nearest: nearest(parent, rows.keys().map(String::as_str)),
            };
            problems.error(place.clone(), kind);
            continue;
        };
        if row.level <= above.level {
            misplaced(place, "level", row.level.key(), above.level.key(), problems);
        }
        let digits = match above.level {
            Level::City => 100,
            _ => 10_000,
        };
        if row.code / digits != above.code / digits {
            let (code, above) = (row.code.to_string(), above.code.to_string());
            misplaced(place, "code", &code, &above, problems);
        }
    }
}

fn misplaced(place: &Place, field: &str, value: &str, above: &str, problems: &mut Problems) {
    let kind = ProblemKind::OutOfOrder {
        value: value.to_owned(),
        before: above.to_owned(),
    };
    problems.error(at(&place.file, place.line, field), kind);
}
