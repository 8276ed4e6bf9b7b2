//! What a reader finds in a PDF: its text as it would be copied out of it, its pictures.

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};

#[derive(Debug, Default)]
pub struct Found {
    pub text: String,
    pub images: usize,
    pub pages: usize,
}

impl Device<'_> for Found {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        _: Affine,
        _: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.text.push(c),
            Some(BfString::String(text)) => self.text += &text,
            None => {}
        }
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {
        self.images += 1;
    }
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

pub fn read(bytes: &[u8]) -> Found {
    let pdf = Pdf::new(bytes.to_vec()).unwrap();
    let mut found = Found::default();
    let cache = InterpreterCache::new();
    for page in pdf.pages().iter() {
        let all = Rect::new(0.0, 0.0, 10_000.0, 10_000.0);
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, all, &cache, pdf.xref(), settings);
        interpret_page(page, &mut context, &mut found);
        found.text.push('\n');
        found.pages += 1;
    }
    found
}
