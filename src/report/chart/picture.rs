//! The only place that uses resvg: text into outlines, and SVG into PNG.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Indent, Options, Tree, WriteOptions};

use crate::report::chart::ChartError;
use crate::report::chart::font::Font;
use crate::report::png::encoded;

/// Pixels of the longest side of a picture; more than any screen or page needs.
const LARGEST: f64 = 20_000.0;

/// The SVG with its text as outlines. It then needs no font of the reader's machine and looks the
/// same in every browser, office program and printer. The title stays as text, for search and for
/// readers who listen.
pub(super) fn outlined(svg: &str, title: &str, font: &Font) -> Result<String, ChartError> {
    let options = Options {
        fontdb: font.database.clone(),
        font_family: font.family.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(broken)?;
    let plain = tree.to_string(&WriteOptions {
        coordinates_precision: 2,
        transforms_precision: 4,
        indent: Indent::None,
        attributes_indent: Indent::None,
        ..WriteOptions::default()
    });
    let Some((head, rest)) = plain.split_once('>') else {
        return Ok(plain);
    };
    let title = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")]
        .into_iter()
        .fold(title.to_owned(), |text, (mark, entity)| {
            text.replace(mark, entity)
        });
    Ok(format!("{head} role=\"img\"><title>{title}</title>{rest}"))
}

/// A picture of an SVG that [`super::svg`] made; 1 gives as many pixels as the SVG has units.
///
/// # Errors
/// The text is no SVG, or the picture would be larger than 20,000 pixels.
pub fn png(svg: &str, scale: f64) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(svg, &Options::default()).map_err(broken)?;
    let size = tree.size();
    let pixels = |side: f32| (f64::from(side) * scale).round();
    let (width, height) = (pixels(size.width()), pixels(size.height()));
    let fits = |side: f64| (1.0..=LARGEST).contains(&side);
    if !fits(width) || !fits(height) {
        return Err(ChartError::Size { width, height });
    }
    let mut pixmap =
        Pixmap::new(width as u32, height as u32).ok_or(ChartError::Size { width, height })?;
    pixmap.fill(Color::WHITE);
    let transform = Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    // The ground is opaque, so that what was premultiplied is the colour.
    encoded(pixmap.data(), pixmap.width(), pixmap.height()).map_err(broken)
}

fn broken(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}
