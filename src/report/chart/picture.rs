//! The only place that uses resvg: text into outlines, and SVG into PNG.

use std::collections::BTreeMap;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Indent, Options, Tree, WriteOptions};

use crate::report::chart::ChartError;
use crate::report::chart::font::Font;

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
    encoded(&pixmap).map_err(broken)
}

/// Colours of a picture: as many as an index of one byte names.
const COLOURS: usize = 256;

/// A PNG of the commonest 256 colours, each other one (of the smoothed edges) replaced by the
/// nearest: a third of the bytes of the full colours, which counts where pictures are sent by phone.
fn encoded(pixmap: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    // The ground is opaque, so that what was premultiplied is the colour.
    let pixels = || {
        pixmap
            .data()
            .chunks_exact(4)
            .map(|it| [it[0], it[1], it[2]])
    };
    for colour in pixels() {
        *counts.entry(colour).or_default() += 1;
    }
    let mut palette: Vec<([u8; 3], usize)> = counts.iter().map(|(c, n)| (*c, *n)).collect();
    palette.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    palette.truncate(COLOURS);
    let index: BTreeMap<[u8; 3], u8> = counts
        .keys()
        .map(|colour| (*colour, nearest(*colour, &palette)))
        .collect();
    let data: Vec<u8> = pixels()
        .map(|colour| index.get(&colour).copied().unwrap_or(0))
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.iter().flat_map(|(c, _)| *c).collect::<Vec<u8>>());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

fn nearest(colour: [u8; 3], palette: &[([u8; 3], usize)]) -> u8 {
    let distance = |other: &[u8; 3]| -> u32 {
        let parts = colour.iter().zip(other);
        parts.map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
    };
    let nearest = (0_u8..=255)
        .zip(palette)
        .min_by_key(|(_, (other, _))| distance(other));
    nearest.map_or(0, |(i, _)| i)
}

fn broken(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}
