//! The gallery: pictures of the bundled examples as they stand in `docs/gallery`.
//!
//! `QINGNUAN_BLESS=1 cargo test --features handout --test gallery` draws them anew, with the page
//! that shows them. Without the feature the typeset pages are only known to be there.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use qingnuan::cli::compute;
use qingnuan::input::case::read_case;
use qingnuan::input::library::Library;
use qingnuan::report::chart::font::Font;
use qingnuan::report::chart::{self, Chart, Subject};
#[cfg(feature = "handout")]
use qingnuan::report::handout::{self, content, page::Paper, page::Press};
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::words::kinds::Kind;
use resvg::tiny_skia::Pixmap;

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::bundled);

/// 720 of the 1,080 pixels across: enough for a page.
const SCALE: f64 = 2.0 / 3.0;
/// Largest file, bytes.
const LARGEST: usize = 160_000;
/// Mean difference of the colour channels (0 to 255) that another machine's arithmetic may make.
const MEAN: f64 = 0.5;
/// Difference of one channel that counts, and the share of pixels that may have it: an edge that
/// falls on the other side of a pixel.
const DIFFERENT: (u8, f64) = (64, 0.0005);

/// One picture of the gallery.
struct Picture {
    /// Name of its file, without `.png`.
    name: String,
    /// What is said beside it.
    caption: String,
    /// The command that makes it.
    command: String,
    /// Draws it; nothing where this build cannot.
    png: Box<dyn Fn() -> Option<Vec<u8>>>,
}

/// Every picture, in the order of the page.
fn pictures() -> Vec<Picture> {
    let charts: [(Chart, &str, &str, Lang); 10] = [
        (Chart::Annual, "huairou", "", Lang::Zh),
        (Chart::Annual, "hongsibao", "", Lang::En),
        (Chart::Cumulative, "hongsibao", "", Lang::Zh),
        (Chart::Cumulative, "lpg_home", "", Lang::En),
        (Chart::Staircase, "jinan", "heat_pump_air", Lang::Zh),
        (Chart::Staircase, "pv_bundle", "heat_pump_air_pv", Lang::En),
        (Chart::Cash, "binzhou", "heat_pump_air", Lang::Zh),
        (Chart::Season, "yushu_solar", "solar_electric", Lang::Zh),
        (Chart::Payers, "yuncheng", "heat_pump_water", Lang::Zh),
        (
            Chart::Payers,
            "xian_pv_village",
            "heat_pump_water",
            Lang::En,
        ),
    ];
    let sheets = [
        (Sheet::A4, "hongsibao", Lang::Zh),
        (Sheet::A4, "pv_bundle", Lang::En),
        (Sheet::Phone, "huairou", Lang::Zh),
        (Sheet::Phone, "lpg_home", Lang::En),
    ];
    let charts =
        charts.map(|(chart, example, option, lang)| of_chart(chart, example, option, lang));
    let sheets = sheets.map(|(sheet, example, lang)| of_sheet(sheet, example, lang));
    charts.into_iter().chain(sheets).collect()
}

/// A form of the page that a household keeps.
#[derive(Clone, Copy)]
enum Sheet {
    A4,
    Phone,
}

fn of_sheet(sheet: Sheet, example: &'static str, lang: Lang) -> Picture {
    let (name, caption, ending) = match sheet {
        Sheet::A4 => ("page", "明白纸 on A4", "pdf"),
        Sheet::Phone => ("phone", "明白纸 for a phone", "png"),
    };
    let (suffix, flag) = of_lang(lang);
    Picture {
        name: format!("{example}-{name}{suffix}"),
        caption: format!("{caption} ({example})"),
        command: format!(
            "qingnuan handout examples/{example}{flag} --date 2026-11-24 -o page.{ending}"
        ),
        png: Box::new(move || set(sheet, example, lang)),
    }
}

#[cfg(not(feature = "handout"))]
fn set(_: Sheet, _: &str, _: Lang) -> Option<Vec<u8>> {
    None
}

#[cfg(feature = "handout")]
fn set(sheet: Sheet, example: &str, lang: Lang) -> Option<Vec<u8>> {
    let county = qingnuan::input::county::County::default();
    let case = read(example);
    let subject = handout::Subject {
        comparison: &compute::comparison(&case, &LIBRARY).unwrap(),
        household: "",
        date: jiff::civil::date(2026, 11, 24),
        county: &county,
    };
    let page = content::page(&subject, &Messages::new(lang));
    let (paper, pixels) = match sheet {
        Sheet::A4 => (Paper::A4, 720.0),
        Sheet::Phone => (Paper::Phone, 540.0),
    };
    let press = Press::new(paper, None, &[], None).unwrap();
    Some(press.picture(&page, pixels).unwrap().bytes)
}

/// The ending of a file's name and the flag for a language.
fn of_lang(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Zh => ("", ""),
        Lang::En => ("-en", " --lang en"),
    }
}

fn read(example: &str) -> qingnuan::input::case::CaseInput {
    let folder = root().join("examples").join(example);
    read_case(&folder).case.unwrap()
}

fn of_chart(chart: Chart, example: &'static str, option: &'static str, lang: Lang) -> Picture {
    let (suffix, flag) = of_lang(lang);
    let wanted = if option.is_empty() {
        String::new()
    } else {
        format!(" --option {option}")
    };
    let messages = Messages::new(lang);
    let what = messages.kind("chart-what", chart);
    Picture {
        name: format!("{example}-{chart}{suffix}"),
        caption: format!("{what} ({example})"),
        command: format!(
            "qingnuan chart examples/{example} --kind {chart}{wanted}{flag} --format png"
        ),
        png: Box::new(move || Some(draw(chart, example, option, lang))),
    }
}

fn draw(chart: Chart, example: &str, option: &str, lang: Lang) -> Vec<u8> {
    let case = read(example);
    let comparison = compute::comparison(&case, &LIBRARY).unwrap();
    let mut subject = Subject::new(&comparison);
    if let Some(found) = comparison.options.iter().find(|it| it.id() == option) {
        subject.account = found
            .account()
            .unwrap_or_else(|| panic!("{option} cannot be had"));
    }
    assert!(
        option.is_empty() || subject.account.id == option,
        "no {option}"
    );
    let season = compute::season_profile(&case, &LIBRARY, &subject.account.id).unwrap();
    subject.season = season.as_ref();
    let font = Font::bundled().unwrap();
    let svg = chart::svg(chart, &subject, &Messages::new(lang), &font).unwrap();
    chart::png(&svg, SCALE).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn gallery() -> PathBuf {
    root().join("docs/gallery")
}

fn blessing() -> bool {
    std::env::var_os("QINGNUAN_BLESS").is_some()
}

/// The page that shows them.
fn page(pictures: &[Picture]) -> String {
    let mut page = String::from(
        "# Gallery\n\nPictures of the bundled examples, drawn by `tests/gallery.rs` at 540 to 720 pixels across \
         (the commands give 1,080).\n`QINGNUAN_BLESS=1 cargo test --features handout --test gallery` draws them anew.\n",
    );
    for Picture {
        name,
        caption,
        command,
        ..
    } in pictures
    {
        let _ = write!(
            page,
            "\n## {caption}\n\n`{command}`\n\n![{caption}]({name}.png)\n"
        );
    }
    page
}

/// How two pictures differ, if too much.
fn difference(stands: &Pixmap, drawn: &Pixmap) -> Option<String> {
    let size = |it: &Pixmap| (it.width(), it.height());
    if size(stands) != size(drawn) {
        return Some(format!("{:?} pixels, now {:?}", size(stands), size(drawn)));
    }
    let channels = || {
        stands
            .data()
            .iter()
            .zip(drawn.data())
            .map(|(a, b)| a.abs_diff(*b))
    };
    let mean = channels().map(f64::from).sum::<f64>() / stands.data().len() as f64;
    let (limit, allowed) = DIFFERENT;
    let pixels = stands
        .data()
        .chunks_exact(4)
        .zip(drawn.data().chunks_exact(4));
    let differs = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > limit);
    let count = pixels.filter(differs).count();
    let share = count as f64 / (stands.data().len() / 4) as f64;
    (mean > MEAN || share > allowed).then(|| {
        format!(
            "mean difference {mean:.3}, {:.3} % of the pixels",
            share * 100.0
        )
    })
}

#[test]
fn the_gallery_shows_what_the_program_draws() {
    let pictures = pictures();
    let mut wrong = Vec::new();
    for picture in &pictures {
        let path = gallery().join(format!("{}.png", picture.name));
        let Some(png) = (picture.png)() else {
            if !path.is_file() {
                wrong.push(format!("{}: no picture", picture.name));
            }
            continue;
        };
        assert!(
            png.len() < LARGEST,
            "{} has {} bytes",
            picture.name,
            png.len()
        );
        if blessing() {
            fs::create_dir_all(gallery()).unwrap();
            fs::write(&path, &png).unwrap();
        }
        let drawn = Pixmap::decode_png(&png).unwrap();
        match fs::read(&path)
            .ok()
            .and_then(|it| Pixmap::decode_png(&it).ok())
        {
            None => wrong.push(format!("{}: no picture", picture.name)),
            Some(stands) => wrong
                .extend(difference(&stands, &drawn).map(|how| format!("{}: {how}", picture.name))),
        }
    }
    let path = gallery().join("README.md");
    let page = page(&pictures);
    if blessing() {
        fs::write(&path, &page).unwrap();
    }
    if fs::read_to_string(path).unwrap_or_default() != page {
        wrong.push("README.md differs".to_owned());
    }
    assert!(
        wrong.is_empty(),
        "{}\nIf the change is wanted: QINGNUAN_BLESS=1 cargo test --features handout --test gallery",
        wrong.join("\n")
    );
}

#[test]
fn every_kind_of_chart_is_in_the_gallery_and_nothing_else_lies_there() {
    let names: Vec<String> = pictures().into_iter().map(|it| it.name).collect();
    for chart in Chart::ALL {
        assert!(
            names.iter().any(|name| name.contains(chart.key())),
            "{chart}"
        );
    }
    for entry in fs::read_dir(gallery()).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let known = file == "README.md" || names.iter().any(|name| file == format!("{name}.png"));
        assert!(known, "docs/gallery/{file} is of no picture");
    }
}

#[test]
fn a_changed_picture_is_seen() {
    let png = draw(Chart::Staircase, "jinan", "heat_pump_air", Lang::Zh);
    let stands = Pixmap::decode_png(&png).unwrap();
    let mut drawn = stands.clone();
    assert_eq!(difference(&stands, &drawn), None);
    // A label of 40 by 20 pixels that is gone.
    let width = drawn.width() as usize;
    for y in 300..320 {
        for x in 100..140 {
            let red = &mut drawn.data_mut()[(y * width + x) * 4];
            *red ^= 0x80;
        }
    }
    assert!(difference(&stands, &drawn).is_some());
}
