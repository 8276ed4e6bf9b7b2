//! Charts: each draws for each example in both languages, alike every time, without a box where a
//! character is missing; and their command.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock};

use qingnuan::cli::compute;
use qingnuan::comparison::outcome::{Comparison, OptionResult};
use qingnuan::comparison::profile::SeasonProfile;
use qingnuan::input::case::{CaseInput, read_case};
use qingnuan::input::library::Library;
use qingnuan::report::chart::font::Font;
use qingnuan::report::chart::{self, Chart, ChartError, Subject};
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::words::kinds::Kind;
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Options, Tree};

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::bundled);

const EXAMPLES: [&str; 12] = [
    "binzhou",
    "hebei_gas",
    "hetian",
    "hongsibao",
    "huairou",
    "jinan",
    "lpg_home",
    "pv_bundle",
    "retrofit",
    "xian_pv_village",
    "yuncheng",
    "yushu_solar",
];

fn case_of(id: &str) -> CaseInput {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(id);
    read_case(&path).case.unwrap()
}

fn comparison_of(case: &CaseInput) -> Comparison {
    compute::comparison(case, &LIBRARY).unwrap()
}

fn season_of(case: &CaseInput, option: &str) -> SeasonProfile {
    compute::season_profile(case, &LIBRARY, option)
        .unwrap()
        .unwrap()
}

fn qingnuan(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn temporary(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn every_chart_of_every_example_draws_alike_in_both_languages() {
    let font = Font::bundled().unwrap();
    for id in EXAMPLES {
        let case = case_of(id);
        let comparison = comparison_of(&case);
        let mut subject = Subject::new(&comparison);
        let season = season_of(&case, &subject.account.id);
        subject.season = Some(&season);
        for lang in [Lang::Zh, Lang::En] {
            let messages = Messages::new(lang);
            for &chart in Chart::ALL {
                let svg = chart::svg(chart, &subject, &messages, &font)
                    .unwrap_or_else(|error| panic!("{id} {chart} {lang:?}: {error}"));
                let again = chart::svg(chart, &subject, &messages, &font).unwrap();
                assert!(
                    svg == again,
                    "{id} {chart} {lang:?} differs from run to run"
                );
                assert!(
                    !svg.contains("<text") && !svg.contains("chart-"),
                    "{id} {chart}"
                );
                let tree = Tree::from_str(&svg, &Options::default()).unwrap();
                assert_eq!(tree.size().width(), 1080.0);
            }
        }
    }
}

#[test]
fn today_and_every_option_can_be_drawn() {
    let (font, messages) = (Font::bundled().unwrap(), Messages::new(Lang::Zh));
    let case = case_of("pv_bundle");
    let comparison = comparison_of(&case);
    let options = comparison.options.iter().filter_map(OptionResult::account);
    for account in options.chain([&comparison.today]) {
        let season = season_of(&case, &account.id);
        let subject = Subject {
            comparison: &comparison,
            account,
            season: Some(&season),
        };
        for &chart in Chart::ALL {
            let drawn = chart::svg(chart, &subject, &messages, &font);
            assert!(drawn.is_ok(), "{} {chart}: {drawn:?}", account.id);
        }
    }
}

#[test]
fn the_parts_of_a_year_add_up_to_its_cost() {
    for id in EXAMPLES {
        let comparison = comparison_of(&case_of(id));
        let options = comparison.options.iter().filter_map(OptionResult::account);
        for account in options.chain([&comparison.today]) {
            let it = account.annual;
            let parts = [
                it.energy,
                it.upkeep,
                it.labour,
                it.capital,
                it.subsidies,
                it.export,
            ];
            let sum: f64 = parts.iter().map(|part| part.value()).sum();
            let whole = account.headline.equivalent_annual_cost.value();
            assert!(
                (sum - whole).abs() < 1e-6,
                "{id} {}: {sum} {whole}",
                account.id
            );
        }
    }
}

#[test]
fn the_season_asks_for_what_the_account_delivered() {
    for id in EXAMPLES {
        let case = case_of(id);
        let comparison = comparison_of(&case);
        for account in comparison.options.iter().filter_map(OptionResult::account) {
            let season = season_of(&case, &account.id);
            let facts = &account.operation;
            let heat: f64 = season.days.iter().map(|day| day.heat_kwh).sum();
            let input: f64 = season.days.iter().map(|day| day.input_kwh).sum();
            let asked = facts.delivered_kwh + facts.unmet_kwh;
            let used = facts.electricity_kwh + facts.fuel_kwh;
            assert!(
                (input - used).abs() < 1e-6 * used.max(1.0),
                "{id} {}",
                account.id
            );
            // Storage may hold some heat back or give it before it is asked for.
            assert!(
                (heat - asked).abs() < 0.02 * heat,
                "{id} {}: {heat} {asked}",
                account.id
            );
            assert_eq!(season.days.len(), comparison.season.days());
            assert!(season.duration_kw.is_sorted_by(|a, b| a >= b));
        }
    }
}

#[test]
fn characters_that_the_font_lacks_are_told_and_not_drawn_as_boxes() {
    let (font, messages) = (Font::bundled().unwrap(), Messages::new(Lang::Zh));
    let mut comparison = comparison_of(&case_of("hongsibao"));
    comparison.place.zh = "𠮷村☃".to_owned();
    let subject = Subject::new(&comparison);
    let drawn = chart::svg(Chart::Annual, &subject, &messages, &font);
    assert_eq!(drawn, Err(ChartError::Missing(vec!['☃', '𠮷'])));
}

#[test]
fn a_font_of_ones_own_takes_the_place_of_the_embedded_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts/NotoSansSC-Bold.ttf");
    let own = Font::from_bytes(std::fs::read(file).unwrap()).unwrap();
    let messages = Messages::new(Lang::Zh);
    let comparison = comparison_of(&case_of("hongsibao"));
    let subject = Subject::new(&comparison);
    let svg = |font| chart::svg(Chart::Annual, &subject, &messages, font).unwrap();
    assert_ne!(svg(&own), svg(&Font::bundled().unwrap()));
}

#[test]
fn a_season_chart_without_a_season_is_an_error() {
    let comparison = comparison_of(&case_of("hongsibao"));
    let drawn = chart::svg(
        Chart::Season,
        &Subject::new(&comparison),
        &Messages::new(Lang::En),
        &Font::bundled().unwrap(),
    );
    assert_eq!(drawn, Err(ChartError::NoSeason));
}

#[test]
fn a_name_with_marks_of_markup_is_drawn_as_it_is() {
    let mut comparison = comparison_of(&case_of("hongsibao"));
    let name = "热泵<1>&\"二\"]]>".to_owned();
    for option in comparison
        .options
        .iter_mut()
        .filter_map(OptionResult::account_mut)
    {
        Arc::make_mut(&mut option.name).zh.clone_from(&name);
    }
    let (font, messages) = (Font::bundled().unwrap(), Messages::new(Lang::Zh));
    let svg = chart::svg(Chart::Annual, &Subject::new(&comparison), &messages, &font).unwrap();
    assert!(
        svg.contains("热泵&lt;1&gt;&amp;\"二\"]]&gt;"),
        "{}",
        &svg[..400]
    );
    assert!(Tree::from_str(&svg, &Options::default()).is_ok());
}

#[test]
fn a_png_has_the_size_that_was_asked_for() {
    let (font, messages) = (Font::bundled().unwrap(), Messages::new(Lang::Zh));
    let comparison = comparison_of(&case_of("hongsibao"));
    let svg = chart::svg(Chart::Cash, &Subject::new(&comparison), &messages, &font).unwrap();
    let png = chart::png(&svg, 0.5).unwrap();
    let picture = Pixmap::decode_png(&png).unwrap();
    assert_eq!(picture.width(), 540);
    for scale in [0.0, 100.0, f64::NAN] {
        let told = chart::png(&svg, scale);
        assert!(matches!(told, Err(ChartError::Size { .. })), "{scale}");
    }
    assert!(matches!(
        chart::png("no svg", 1.0),
        Err(ChartError::Drawing(_))
    ));
}

#[test]
fn one_chart_goes_to_the_screen_and_all_into_a_folder() {
    let shown = qingnuan(&["图", "examples/hongsibao", "--kind", "annual"]);
    assert!(shown.status.success(), "{}", stderr(&shown));
    assert!(shown.stdout.starts_with(b"<svg"));
    let folder = temporary("charts");
    let to = folder.to_str().unwrap();
    let made = qingnuan(&[
        "chart",
        "examples/hongsibao",
        "--option",
        "gas_boiler",
        "--option",
        "today",
        "-o",
        to,
    ]);
    assert!(made.status.success(), "{}", stderr(&made));
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "annual.svg",
            "cash-gas_boiler.svg",
            "cash-today.svg",
            "cumulative.svg",
            "payers-gas_boiler.svg",
            "payers-today.svg",
            "season-gas_boiler.svg",
            "season-today.svg",
            "staircase-gas_boiler.svg",
            "staircase-today.svg",
        ]
    );
    let png = folder.join("年.png");
    let made = qingnuan(&[
        "画图",
        "examples/hongsibao",
        "--kind",
        "annual",
        "-o",
        png.to_str().unwrap(),
    ]);
    assert!(made.status.success(), "{}", stderr(&made));
    assert!(std::fs::read(png).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn what_is_wrong_is_told_in_the_words_of_the_problems() {
    let cases: [(&[&str], &[&str]); 5] = [
        (
            &["--kind", "anual,xyz"],
            &["anual", "annual", "xyz", "payers"],
        ),
        (&["--option", "gasboiler"], &["--option", "gas_boiler"]),
        (
            &["--option", "district_heat"],
            &["--option", "district_heat"],
        ),
        (&["--font", "no/such.ttf"], &["no/such.ttf"]),
        (&["--font", "README.md"], &["README.md", "字体"]),
    ];
    for (args, said) in cases {
        let told = qingnuan(&[&["chart", "examples/hongsibao"], args].concat());
        assert_eq!(told.status.code(), Some(1), "{args:?}");
        assert!(told.stdout.is_empty(), "{args:?}");
        for word in said {
            assert!(stderr(&told).contains(word), "{args:?}: {}", stderr(&told));
        }
    }
    let nowhere = qingnuan(&["chart", "examples/hongsibao", "-o", "no/such/folder"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(stderr(&nowhere).contains("no/such/folder"));
}
