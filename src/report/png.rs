//! Small PNG files, for pictures that are sent by phone.

use std::collections::BTreeMap;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

/// Colours that an index of one byte names.
const COLOURS: usize = 256;
/// A picture of more colours than smoothed edges make holds a photograph, and keeps them all.
const DRAWN: usize = 8192;

type Rgb = [u8; 3];

/// A PNG of opaque pixels (`rgba`: four bytes each, row by row), which has a third of the bytes of
/// full colours: it keeps the commonest 256, and each other one (of the smoothed edges) becomes the
/// nearest of them.
///
/// # Errors
/// The size is not that of the pixels.
pub fn encoded(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>, EncodingError> {
    let pixels = || rgba.chunks_exact(4).map(|it| [it[0], it[1], it[2]]);
    let counts = counts(pixels());
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let data: Vec<u8> = if counts.len() > DRAWN {
        encoder.set_color(ColorType::Rgb);
        pixels().flatten().collect()
    } else {
        let palette = palette(&counts);
        let index: BTreeMap<Rgb, u8> = counts
            .keys()
            .map(|colour| (*colour, nearest(*colour, &palette)))
            .collect();
        encoder.set_color(ColorType::Indexed);
        encoder.set_filter(Filter::NoFilter);
        encoder.set_palette(palette.concat());
        // Most pixels are as the one before them.
        let mut last = ([0; 3], index.get(&[0; 3]).copied().unwrap_or(0));
        let of = |colour| {
            if colour != last.0 {
                last = (colour, index.get(&colour).copied().unwrap_or(0));
            }
            last.1
        };
        pixels().map(of).collect()
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

/// How often each colour stands, counted by runs of equal pixels.
fn counts(pixels: impl Iterator<Item = Rgb>) -> BTreeMap<Rgb, usize> {
    let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
    let mut run = ([0; 3], 0);
    for colour in pixels {
        if colour != run.0 {
            *counts.entry(run.0).or_default() += run.1;
            run = (colour, 0);
        }
        run.1 += 1;
    }
    *counts.entry(run.0).or_default() += run.1;
    counts.retain(|_, count| *count > 0);
    counts
}

/// The commonest colours, those of equal number by their value.
fn palette(counts: &BTreeMap<Rgb, usize>) -> Vec<Rgb> {
    let mut all: Vec<(Rgb, usize)> = counts.iter().map(|(c, n)| (*c, *n)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(COLOURS);
    all.into_iter().map(|(colour, _)| colour).collect()
}

fn nearest(colour: Rgb, palette: &[Rgb]) -> u8 {
    let distance = |other: &Rgb| -> u32 {
        let parts = colour.iter().zip(other);
        parts.map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
    };
    let nearest = (0_u8..=255)
        .zip(palette)
        .min_by_key(|(_, other)| distance(other));
    nearest.map_or(0, |(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (ColorType, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let kind = reader.info().color_type;
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut data).unwrap();
        (kind, data)
    }

    #[test]
    fn few_colours_come_back_as_they_were() {
        let rgba = [1, 2, 3, 255, 250, 0, 9, 255];
        let (kind, data) = decoded(&encoded(&rgba, 2, 1).unwrap());
        assert_eq!((kind, data), (ColorType::Indexed, vec![1, 2, 3, 250, 0, 9]));
    }

    #[test]
    fn a_photograph_keeps_its_colours() {
        let colours = (0..10_000_u32).map(|n| [n as u8, (n >> 8) as u8, 7, 255]);
        let rgba: Vec<u8> = colours.flatten().collect();
        let (kind, data) = decoded(&encoded(&rgba, 100, 100).unwrap());
        assert_eq!(kind, ColorType::Rgb);
        assert_eq!(&data[..6], &[0, 0, 7, 1, 0, 7]);
    }

    #[test]
    fn pixels_that_are_missing_are_an_error() {
        assert!(encoded(&[0; 4], 2, 1).is_err());
    }
}
