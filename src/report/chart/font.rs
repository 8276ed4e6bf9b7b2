//! The font of pictures: embedded, so that they look the same on every machine.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, Source};
use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf");

/// Largest font file that is read, bytes; the largest fonts of Chinese are some 30 MB.
pub const LARGEST: u64 = 100_000_000;

/// The embedded fonts as files: regular and bold.
#[cfg(feature = "handout")]
pub(in crate::report) const fn bundled_bytes() -> [&'static [u8]; 2] {
    [REGULAR, BOLD]
}

/// The embedded font with its tables read.
static BUNDLED: LazyLock<Option<Font>> = LazyLock::new(|| {
    let sources = [REGULAR, BOLD].map(|bytes| Source::Binary(Arc::new(bytes)));
    Font::of(sources, Arc::new(REGULAR))
});

/// A font to draw and to measure with.
#[derive(Clone)]
pub struct Font {
    /// What resvg draws with.
    pub(super) database: Arc<Database>,
    /// Name of its family.
    pub(super) family: String,
    regular: Arc<dyn AsRef<[u8]> + Send + Sync>,
}

impl Font {
    /// The embedded Noto Sans SC.
    ///
    /// # Errors
    /// Never, unless the program was built with a broken font.
    pub fn bundled() -> Result<Self, NotAFont> {
        BUNDLED.clone().ok_or(NotAFont)
    }

    /// A font file of the user: TTF or OTF, the first face of a collection.
    ///
    /// # Errors
    /// The bytes are no font.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, NotAFont> {
        let bytes: Arc<Vec<u8>> = Arc::new(bytes);
        Self::of([Source::Binary(bytes.clone())], bytes).ok_or(NotAFont)
    }

    fn of<const N: usize>(
        sources: [Source; N],
        regular: Arc<dyn AsRef<[u8]> + Send + Sync>,
    ) -> Option<Self> {
        Face::parse((*regular).as_ref(), 0).ok()?;
        let mut database = Database::new();
        for source in sources {
            database.load_font_source(source);
        }
        let family = database.faces().next()?.families.first()?.0.clone();
        database.set_sans_serif_family(family.clone());
        Some(Self {
            database: Arc::new(database),
            family,
            regular,
        })
    }

    fn face(&self) -> Option<Face<'_>> {
        Face::parse((*self.regular).as_ref(), 0).ok()
    }

    /// Width of a text at a size, pixels. Both weights are drawn a little narrower or wider than
    /// one another; the widest of them is some 3 % above the regular one.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        let Some(face) = self.face() else { return 0.0 };
        let em = f64::from(face.units_per_em().max(1));
        let advance = |c: char| {
            let glyph = face.glyph_index(c)?;
            face.glyph_hor_advance(glyph)
        };
        let sum: f64 = text.chars().map(|c| advance(c).map_or(em, f64::from)).sum();
        sum / em * size
    }

    /// Characters that it cannot draw.
    pub fn missing<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<char> {
        let Some(face) = self.face() else {
            return BTreeSet::new();
        };
        texts
            .into_iter()
            .flat_map(str::chars)
            .filter(|&c| face.glyph_index(c).is_none())
            .collect()
    }
}

/// Bytes that are no font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a font")]
pub struct NotAFont;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_the_font_lacks_is_named() {
        let font = Font::bundled().unwrap();
        let lacks: Vec<char> = font.missing(["红寺堡 7.5 t", "𠮷☃"]).into_iter().collect();
        assert_eq!(lacks, ['☃', '𠮷']);
    }

    #[test]
    fn chinese_is_one_em_wide() {
        let font = Font::bundled().unwrap();
        assert!((font.width("清暖", 30.0) - 60.0).abs() < 0.5);
        assert!(Font::from_bytes(b"no font".to_vec()).is_err());
    }
}
