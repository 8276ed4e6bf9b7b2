//! Pages as PDF and pictures, set by a template: ours, or the county's own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::{Value, json};
use typst::World;
use typst::WorldExt;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Smart};
use typst::layout::{Abs, Frame, FrameItem};
use typst::model::Document;
use typst::text::Font;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};
use typst_render::RenderOptions;

use crate::input::county::Seal;
use crate::input::guard::{TOML_LIMIT, read_text, whole};
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::report::chart::font;
use crate::report::handout::content::Page;
use crate::report::handout::world::{Case, Desk};
use crate::report::png::encoded;

/// What stands for a character that no font has (下方符号, the printers' mark for it).
const PLACEHOLDER: char = '〓';
/// Width of a picture for phones, pixels.
const PHONE_WIDTH: f64 = 1080.0;
/// Households that are set together. What the typesetter remembers of them (some 5 MB each) is
/// forgotten before the next.
const TOGETHER: usize = 25;
/// Most pixels of a picture: what a phone can open, and a page of a broken template cannot be.
const MOST_PIXELS: f64 = 100e6;
/// Name under which templates read the pages.
const DATA: &str = "data.json";

/// The form of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A sheet to keep.
    A4,
    /// A picture for a phone.
    Phone,
}

impl Paper {
    /// Our own template.
    pub const fn template(self) -> (&'static str, &'static str) {
        match self {
            Self::A4 => ("a4.typ", include_str!("../../../templates/handout/a4.typ")),
            Self::Phone => (
                "phone.typ",
                include_str!("../../../templates/handout/phone.typ"),
            ),
        }
    }
}

/// A template with its folder, from which it may read.
#[derive(Debug, Clone)]
struct Template {
    /// As problems name it.
    shown: String,
    name: String,
    text: String,
    folder: Option<PathBuf>,
}

/// Everything that pages are set with.
pub struct Press {
    case: Case,
    template: Template,
    seal: Option<(String, Bytes)>,
}

/// Pages that were set.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Households whose page runs over, by their place, with how many pages each fills.
    pub long: Vec<(usize, usize)>,
    /// By household: characters that no font has, printed as 〓.
    pub missing: Vec<BTreeSet<char>>,
    /// Characters of the template that no font has, printed as empty boxes.
    pub boxes: BTreeSet<char>,
}

impl Press {
    /// For a form of paper, with the county's own template and further fonts if it has any.
    ///
    /// # Errors
    /// A template or a font that cannot be read.
    pub fn new(
        paper: Paper,
        template: Option<&Path>,
        rare: &[PathBuf],
        seal: Option<&Seal>,
    ) -> Result<Self, Problems> {
        let mut found = Problems::default();
        let template = match template {
            Some(path) => own(path, &mut found),
            None => {
                let (name, text) = paper.template();
                Some(Template {
                    shown: name.to_owned(),
                    name: name.to_owned(),
                    text: text.to_owned(),
                    folder: None,
                })
            }
        };
        let bundled = font::bundled_bytes().map(|bytes| Font::new(Bytes::new(bytes), 0));
        let mut fonts: Vec<Font> = bundled.into_iter().flatten().collect();
        for path in rare {
            fonts.extend(rare_font(path, &mut found));
        }
        match template.filter(|_| !found.has_errors()) {
            Some(template) => Ok(Self {
                case: Case::new(fonts),
                template,
                seal: seal.map(|seal| {
                    let name = format!("seal.{}", seal.kind);
                    (name, Bytes::new(seal.bytes.clone()))
                }),
            }),
            None => Err(found),
        }
    }

    /// All households in one PDF, with the day of the account as its time.
    ///
    /// # Errors
    /// What is wrong in the template.
    pub fn pdf(&self, pages: &[Page], date: Date) -> Result<Printed, Problems> {
        let (document, missing) = self.set_all(pages)?;
        let day = Datetime::from_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        );
        let options = PdfOptions {
            ident: Smart::Custom("qingnuan handout".to_owned()),
            creator: Smart::Custom(Some("qingnuan".to_owned())),
            timestamp: day.map(Timestamp::new_utc),
            // The tags of pages that were set apart cannot be told from one another.
            tagged: pages.len() <= TOGETHER,
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options);
        Ok(Printed {
            bytes: bytes.map_err(|errors| self.problems(&errors, None))?,
            long: self.long(pages, document.pages().len())?,
            missing,
            boxes: boxes(&document),
        })
    }

    /// Which households fill more or less than a page, of those that were set on `set` pages.
    fn long(&self, pages: &[Page], set: usize) -> Result<Vec<(usize, usize)>, Problems> {
        let mut long = Vec::new();
        if set == pages.len() {
            return Ok(long);
        }
        for (at, page) in pages.iter().enumerate() {
            let (document, _) = self.set(std::slice::from_ref(page))?;
            let count = document.pages().len();
            if count != 1 {
                long.push((at, count));
            }
        }
        Ok(long)
    }

    /// One household as a picture that a phone shows in full width.
    ///
    /// # Errors
    /// What is wrong in the template.
    pub fn png(&self, page: &Page) -> Result<Printed, Problems> {
        self.picture(page, PHONE_WIDTH)
    }

    /// One household as a picture of a width in pixels.
    ///
    /// # Errors
    /// What is wrong in the template.
    pub fn picture(&self, page: &Page, pixels: f64) -> Result<Printed, Problems> {
        let (document, missing) = self.set(std::slice::from_ref(page))?;
        let sizes = document.pages().iter().map(|it| it.frame.size());
        let width = sizes.clone().map(|it| it.x.to_pt()).fold(1.0, f64::max);
        let height: f64 = sizes.map(|it| it.y.to_pt()).sum();
        let scale = pixels / width;
        if pixels * height * scale > MOST_PIXELS {
            let mut found = Problems::default();
            let (message, values) = ("handout-too-tall", Vec::new());
            found.error(self.whole(), ProblemKind::Other { message, values });
            return Err(found);
        }
        let bytes = picture(&document, scale).map_err(|reason| self.wrong(&reason))?;
        Ok(Printed {
            bytes,
            long: self.long(std::slice::from_ref(page), document.pages().len())?,
            missing,
            boxes: boxes(&document),
        })
    }

    /// Whether a character is drawn, or stands for nothing that is seen.
    fn draws(&self, c: char) -> bool {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}') || self.case.has(c)
    }

    /// Sets any number of households, a few at a time: always the same few, whatever the threads.
    fn set_all(&self, pages: &[Page]) -> Result<(PagedDocument, Vec<BTreeSet<char>>), Problems> {
        let mut missing = Vec::with_capacity(pages.len());
        let mut parts: Vec<PagedDocument> = Vec::new();
        for some in pages.chunks(TOGETHER) {
            let (part, lacks) = self.set(some)?;
            missing.extend(lacks);
            parts.push(part);
            comemo::evict(0);
        }
        let document = match parts.as_slice() {
            [one] => one.clone(),
            many => {
                let all = many.iter().flat_map(|part| part.pages().iter().cloned());
                let info = many.first().map(|part| part.info().clone());
                PagedDocument::new(all.collect(), info.unwrap_or_default())
            }
        };
        Ok((document, missing))
    }

    fn set(&self, pages: &[Page]) -> Result<(PagedDocument, Vec<BTreeSet<char>>), Problems> {
        let mut missing = Vec::with_capacity(pages.len());
        let mut values = Vec::with_capacity(pages.len());
        for page in pages {
            let mut value = json!(page);
            let mut lacks = BTreeSet::new();
            self.replace(&mut value, &mut lacks);
            values.push(value);
            missing.push(lacks);
        }
        let data = json!({
            "pages": values,
            "seal": self.seal.as_ref().map(|(name, _)| format!("/{name}")),
            "fonts": self.case.families(),
        });
        let data = Bytes::from_string(data.to_string());
        let mut files = vec![(DATA.to_owned(), data)];
        files.extend(self.seal.clone());
        let template = (self.template.name.as_str(), self.template.text.as_str());
        let folder = self.template.folder.as_deref();
        let desk =
            Desk::new(&self.case, template, files, folder).ok_or_else(|| self.wrong("its name"))?;
        let document = typst::compile::<PagedDocument>(&desk).output;
        let document = document.map_err(|errors| self.problems(&errors, Some(&desk)))?;
        Ok((document, missing))
    }

    /// Puts the placeholder in place of what cannot be drawn.
    fn replace(&self, value: &mut Value, lacks: &mut BTreeSet<char>) {
        match value {
            Value::String(text) => {
                let before = lacks.len();
                lacks.extend(text.chars().filter(|&c| !self.draws(c)));
                if lacks.len() > before || text.chars().any(|c| lacks.contains(&c)) {
                    let kept = |c| if lacks.contains(&c) { PLACEHOLDER } else { c };
                    *text = text.chars().map(kept).collect();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|it| self.replace(it, lacks)),
            Value::Object(map) => map.values_mut().for_each(|it| self.replace(it, lacks)),
            _ => {}
        }
    }

    /// What the typesetter said, each at its file and line.
    fn problems(&self, errors: &[SourceDiagnostic], desk: Option<&Desk<'_>>) -> Problems {
        let mut found = Problems::default();
        for error in errors {
            let hints = error.hints.iter().map(|hint| hint.v.to_string());
            let said: Vec<String> = std::iter::once(error.message.to_string())
                .chain(hints)
                .collect();
            let place = desk.and_then(|desk| self.place(error, desk));
            found.error(
                place.unwrap_or_else(|| self.whole()),
                reason(&said.join("; ")),
            );
        }
        found
    }

    fn place(&self, error: &SourceDiagnostic, desk: &Desk<'_>) -> Option<Place> {
        let id = error.span.id()?;
        let file = match desk.path(id) {
            Some(path) => path.display().to_string(),
            None => self.template.shown.clone(),
        };
        let at = desk.range(error.span).and_then(|range| {
            let source = desk.source(id).ok()?;
            source.lines().byte_to_line_column(range.start)
        });
        let (line, column) = at.map_or((0, 0), |(line, column)| (line + 1, column + 1));
        Some(Place {
            file,
            line,
            column,
            field: String::new(),
        })
    }

    fn whole(&self) -> Place {
        Place {
            file: self.template.shown.clone(),
            ..Place::default()
        }
    }

    fn wrong(&self, said: &str) -> Problems {
        let mut found = Problems::default();
        found.error(self.whole(), reason(said));
        found
    }
}

fn reason(said: &str) -> ProblemKind {
    ProblemKind::Other {
        message: "handout-template",
        values: vec![("reason", said.to_owned())],
    }
}

/// Characters that were set without a glyph: only a template can still have them.
fn boxes(document: &PagedDocument) -> BTreeSet<char> {
    let mut found = BTreeSet::new();
    for page in document.pages() {
        in_frame(&page.frame, &mut found);
    }
    found
}

fn in_frame(frame: &Frame, found: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => in_frame(&group.frame, found),
            FrameItem::Text(text) => {
                let without = text.glyphs.iter().filter(|glyph| glyph.id == 0);
                let parts = without.filter_map(|glyph| text.text.get(glyph.range()));
                found.extend(parts.flat_map(str::chars));
            }
            _ => {}
        }
    }
}

/// All pages under one another as PNG.
fn picture(document: &PagedDocument, scale: f64) -> Result<Vec<u8>, String> {
    let options = RenderOptions {
        pixel_per_pt: scale.into(),
        render_bleed: false,
    };
    let pixels = typst_render::render_merged(document, &options, Abs::zero(), None);
    let bytes = encoded(pixels.data(), pixels.width(), pixels.height());
    bytes.map_err(|error| error.to_string())
}

/// A county's own template.
fn own(path: &Path, problems: &mut Problems) -> Option<Template> {
    let text = read_text(path, TOML_LIMIT, problems)?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    Some(Template {
        shown: path.display().to_string(),
        name,
        text,
        folder: Some(folder),
    })
}

fn rare_font(path: &Path, problems: &mut Problems) -> Vec<Font> {
    match crate::input::guard::read_bytes(path, font::LARGEST) {
        Ok(bytes) => {
            let fonts: Vec<Font> = Font::iter(Bytes::new(bytes)).take(1).collect();
            if fonts.is_empty() {
                let (message, values) = ("handout-not-a-font", Vec::new());
                problems.error(whole(path), ProblemKind::Other { message, values });
            }
            fonts
        }
        Err(kind) => {
            problems.error(whole(path), kind);
            Vec::new()
        }
    }
}
