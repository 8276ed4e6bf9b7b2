//! What the typesetter may see: a template, the data of the pages, a seal, fonts and the folder of
//! the template. No clock, no network, no fonts of the machine.

use std::path::{Path, PathBuf};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::input::guard::read_bytes;

/// Largest file that a template may read, bytes.
const FILE_LIMIT: u64 = 20 << 20;

/// Fonts and the language of templates: the same for all pages.
pub(super) struct Case {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Case {
    pub(super) fn new(fonts: Vec<Font>) -> Self {
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    }

    /// Whether a font can draw it.
    pub(super) fn has(&self, c: char) -> bool {
        let fonts = self.fonts.iter();
        fonts
            .map(|font| &font.info().coverage)
            .any(|coverage| coverage.contains(u32::from(c)))
    }

    /// Families in the order of their fonts.
    pub(super) fn families(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for font in &self.fonts {
            let family = font.info().family.clone();
            if all.last() != Some(&family) {
                all.push(family);
            }
        }
        all
    }
}

/// One setting of pages.
pub(super) struct Desk<'a> {
    case: &'a Case,
    main: Source,
    files: Vec<(FileId, Bytes)>,
    folder: Option<&'a Path>,
}

impl<'a> Desk<'a> {
    /// `name` is the template's name in its folder; `files` are seen beside it, before those of
    /// the folder.
    pub(super) fn new(
        case: &'a Case,
        (name, text): (&str, &str),
        files: Vec<(String, Bytes)>,
        folder: Option<&'a Path>,
    ) -> Option<Self> {
        let files = files.into_iter();
        let files: Option<Vec<_>> = files.map(|(name, it)| Some((id(&name)?, it))).collect();
        Some(Self {
            case,
            main: Source::new(id(name)?, text.to_owned()),
            files: files?,
            folder,
        })
    }

    /// The file that the user knows under a number; nothing for the template itself.
    pub(super) fn path(&self, id: FileId) -> Option<PathBuf> {
        if id == self.main.id() {
            return None;
        }
        let inside = id.vpath().get_without_slash();
        Some(self.folder.unwrap_or(Path::new("")).join(inside))
    }

    fn read(&self, id: FileId) -> FileResult<Bytes> {
        if let Some((_, bytes)) = self.files.iter().find(|(own, _)| *own == id) {
            return Ok(bytes.clone());
        }
        let wanted = || PathBuf::from(id.vpath().get_without_slash());
        let inside = matches!(id.root(), VirtualRoot::Project);
        let Some(folder) = self.folder.filter(|_| inside) else {
            return Err(FileError::NotFound(wanted()));
        };
        let path = id.vpath().realize(folder).map_err(FileError::Realize)?;
        let bytes = read_bytes(&path, FILE_LIMIT);
        bytes
            .map(Bytes::new)
            .map_err(|_| FileError::NotFound(wanted()))
    }
}

fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.case.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.case.book
    }
    fn main(&self) -> FileId {
        self.main.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let bytes = self.read(id)?;
        let text = bytes.as_str().map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_owned()))
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.main.id() {
            return Ok(Bytes::from_string(self.main.text().to_owned()));
        }
        self.read(id)
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.case.fonts.get(index).cloned()
    }
    /// The day of the account stands in the data; a page never asks for another.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
