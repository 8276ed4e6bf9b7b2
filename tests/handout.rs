//! The page that a household keeps and the script that is read to it: what stands on them, their
//! command, and with the feature `handout` the pages as PDF and pictures.
//!
//! `QINGNUAN_BLESS=1 cargo test --test handout` writes the golden scripts anew.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use qingnuan::cli::compute;
use qingnuan::comparison::outcome::Comparison;
use qingnuan::input::case::read_case;
use qingnuan::input::county::County;
use qingnuan::input::library::Library;
use qingnuan::report::handout::content::{Page, page};
use qingnuan::report::handout::script::script;
use qingnuan::report::handout::{Subject, payers};
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::report::words::yuan;
use qingnuan::words::fixed::Money;
use qingnuan::words::kinds::Payer;
use qingnuan::words::ledger::Purpose;

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
const DAY: Date = date(2026, 11, 24);
/// Five households.
const ROSTER: &str = "户主,采暖面积,用煤量,煤价,人口\n马一,100,7.5,1600,4\n马二,80,4,1600,3\n\
                      王三,45,2.5,1600,2\n李四,120,6,1500,5\n张五,90,5,1500,4\n";

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::bundled);
static COUNTY: LazyLock<County> = LazyLock::new(County::default);

fn comparison(example: &str) -> Comparison {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let case = read_case(&folder.join(example)).case.unwrap();
    compute::comparison(&case, &LIBRARY).unwrap()
}

fn subject(comparison: &Comparison) -> Subject<'_> {
    Subject {
        comparison,
        household: "",
        date: DAY,
        county: &COUNTY,
    }
}

fn page_of(comparison: &Comparison, lang: Lang) -> Page {
    page(&subject(comparison), &Messages::new(lang))
}

/// A folder of its own for a test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("qingnuan-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        fs::write(&path, bytes).unwrap();
        path
    }
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.file(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn handout(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .arg("handout")
        .args(args)
        .args(if args.contains(&"--date") {
            &[][..]
        } else {
            &["--date", "2026-11-24"]
        })
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn good(args: &[&str]) -> Output {
    let made = handout(args);
    assert!(made.status.success(), "{}", said(&made));
    made
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_five_numbers_are_those_of_the_best_option() {
    for example in EXAMPLES {
        let comparison = comparison(example);
        let subject = subject(&comparison);
        let best = subject.best();
        let page = page_of(&comparison, Lang::Zh);
        assert_eq!(page.numbers.len(), 5, "{example}");
        let headline = &best[0].headline;
        let value = |i: usize| page.numbers[i].value.as_str();
        let whole = |money: Money| yuan(money.max(-money));
        assert_eq!(value(0), whole(headline.self_pay), "{example}");
        assert_eq!(value(1), whole(headline.winter_cost), "{example}");
        assert_eq!(value(4), whole(headline.after_subsidy), "{example}");
        // A reader subtracts what is printed.
        let now = comparison.today.headline.winter_cost.whole_yuan();
        let less = now - headline.winter_cost.whole_yuan();
        assert_eq!(value(3), whole(less), "{example}");
    }
}

#[test]
fn no_option_is_left_out_that_comes_before_those_on_the_page() {
    for example in EXAMPLES {
        let comparison = comparison(example);
        let all: Vec<_> = comparison
            .options
            .iter()
            .filter_map(|it| it.account())
            .collect();
        let best = subject(&comparison).best();
        assert_eq!(best.len(), all.len().min(3), "{example}");
        let last = best.last().unwrap();
        let better = all.iter().filter(|it| {
            let cost = |account: &qingnuan::comparison::outcome::Account| {
                account.headline.equivalent_annual_cost.value()
            };
            it.verdict == last.verdict && cost(it) < cost(last)
        });
        assert!(better.count() <= 2, "{example}");
    }
}

#[test]
fn an_english_page_holds_no_chinese() {
    let chinese = |text: &str| {
        text.contains(|c| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'))
    };
    for example in EXAMPLES {
        let page = page_of(&comparison(example), Lang::En);
        let text = serde_json::to_string(&page).unwrap();
        assert!(!chinese(&text), "{example}\n{text}");
    }
}

#[test]
fn the_payers_together_pay_the_price_and_the_household_what_the_headline_says() {
    for example in EXAMPLES {
        let comparison = comparison(example);
        for account in comparison.options.iter().filter_map(|it| it.account()) {
            let paid = payers(account);
            let all: Money = paid.iter().map(|it| it.install).sum();
            // Works outside the household's purchase, such as the village's wires.
            let beside: Money = account
                .grants
                .iter()
                .filter(|it| it.purpose == Purpose::InstallSubsidy && !it.spares_household)
                .map(|it| it.amount)
                .sum();
            let id = format!("{example} {}", account.id);
            assert_eq!(all, account.headline.install_price + beside, "{id}");
            let own = paid.iter().find(|it| it.payer == Payer::Household);
            let own = own.map_or((Money::ZERO, Money::ZERO), |it| (it.install, it.winter));
            let headline = &account.headline;
            assert_eq!(own, (headline.self_pay, headline.winter_cost), "{id}");
        }
    }
}

#[test]
fn the_scripts_of_two_examples_stand_as_they_are_read() {
    for example in ["hongsibao", "huairou"] {
        for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let comparison = comparison(example);
            let script = script(&subject(&comparison), &Messages::new(lang));
            let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("tests/golden/handout-{example}-{name}.txt"));
            if std::env::var_os("QINGNUAN_BLESS").is_some() {
                fs::write(&golden, &script).unwrap();
            }
            let stands = fs::read_to_string(&golden).unwrap();
            assert_eq!(script, stands, "{example} {name}");
        }
    }
}

#[test]
fn a_chinese_script_holds_no_digit_and_says_amounts_as_people_do() {
    for example in EXAMPLES {
        let comparison = comparison(example);
        let script = script(&subject(&comparison), &Messages::new(Lang::Zh));
        let digits = script.chars().filter(char::is_ascii_digit).count();
        assert_eq!(digits, 0, "{example}\n{script}");
    }
    let comparison = comparison("hongsibao");
    let script = script(&subject(&comparison), &Messages::new(Lang::Zh));
    assert!(script.contains("一万二千一百元"), "{script}");
}

#[test]
fn a_household_and_a_county_are_named_and_a_telephone_number_stays() {
    let comparison = comparison("hongsibao");
    let county = County {
        title: Some("红寺堡区取暖明白纸".to_owned()),
        hotline: Some("0953-1234567".to_owned()),
        ..County::default()
    };
    let subject = Subject {
        household: "马一",
        county: &county,
        ..subject(&comparison)
    };
    let script = script(&subject, &Messages::new(Lang::Zh));
    for wanted in ["红寺堡区取暖明白纸", "马一，您好", "0953-1234567"] {
        assert!(script.contains(wanted), "{wanted}\n{script}");
    }
}

#[test]
fn the_script_goes_to_the_screen_or_to_a_file() {
    let folder = Folder::new("script");
    let screen = good(&["examples/hongsibao"]).stdout;
    let file = folder.file("a.txt");
    good(&["examples/hongsibao", "-o", text(&file)]);
    assert_eq!(fs::read(&file).unwrap(), screen);
    let village = folder.write("village.csv", ROSTER);
    let out = folder.file("scripts/");
    let form = ["--form", "txt", "-o", text(&out)];
    let roster = ["--roster", text(&village), "--region", "红寺堡"];
    good(&[&roster[..], &form[..]].concat());
    let names = folder.names("scripts");
    assert_eq!(names.len(), 5);
    assert_eq!(names[0], "0002-马一.txt");
    let first = fs::read_to_string(folder.file("scripts/0002-马一.txt")).unwrap();
    assert!(first.contains("马一，您好"), "{first}");
}

#[test]
fn a_wrong_command_line_is_told_with_all_that_is_wrong() {
    let folder = Folder::new("wrong");
    let county = folder.write("c.toml", "titel = \"x\"\nseal = \"none.png\"\n");
    let args = [
        "-o",
        "x.docx",
        "--date",
        "2026-02-30",
        "--county",
        text(&county),
    ];
    let made = handout(&[&["examples/hongsibao"], &args[..]].concat());
    assert_eq!(made.status.code(), Some(1));
    let told = said(&made);
    for wanted in ["--output", ".pdf", "--date", "2026-02-30", "titel", "title"] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    let args = [
        "examples/hongsibao",
        "--template",
        "a.typ",
        "--font",
        "b.ttf",
    ];
    let made = handout(&args);
    assert_eq!(made.status.code(), Some(1), "a script has neither");
    assert_eq!(
        said(&made),
        "--font: 口播稿用不上它，PDF 或 PNG 才用\n--template: 口播稿用不上它，PDF 或 PNG 才用\n"
    );
    let made = handout(&["--roster", "x.csv", "--region", "红寺堡", "--area", "100"]);
    assert_eq!(made.status.code(), Some(2));
}

#[test]
fn a_wrong_row_is_told_and_the_others_are_made() {
    let folder = Folder::new("row");
    let village = folder.write("v.csv", format!("{ROSTER}赵六,abc,3,1500,2\n"));
    let out = folder.file("all.txt");
    let args = [
        "--roster",
        text(&village),
        "--region",
        "红寺堡",
        "-o",
        text(&out),
    ];
    let made = good(&args);
    assert!(said(&made).contains("v.csv:7"), "{}", said(&made));
    let scripts = fs::read_to_string(&out).unwrap();
    assert_eq!(scripts.matches("您好").count(), 5);
}

#[cfg(not(feature = "handout"))]
#[test]
fn without_the_typesetter_a_page_is_refused_with_the_way_to_get_it() {
    for name in ["x.pdf", "x.png"] {
        let made = handout(&["examples/hongsibao", "-o", name]);
        assert_eq!(made.status.code(), Some(1));
        assert!(said(&made).contains("--features handout"));
        assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists());
    }
}

#[cfg(feature = "handout")]
#[path = "support/pdf.rs"]
mod pdf;

#[cfg(feature = "handout")]
mod pages {
    use super::*;
    use crate::pdf::read;
    use qingnuan::report::handout::page::{Paper, Press, Printed};

    static A4: LazyLock<Press> =
        LazyLock::new(|| Press::new(Paper::A4, None, &[], None).unwrap_or_else(|_| panic!()));

    fn pdf(page: &Page) -> Printed {
        A4.pdf(std::slice::from_ref(page), DAY).unwrap()
    }

    fn text_of(pdf: &[u8]) -> String {
        read(pdf).text
    }

    #[test]
    fn every_example_fills_one_sheet_that_says_its_winter_in_both_languages() {
        for example in EXAMPLES {
            let comparison = comparison(example);
            for lang in [Lang::Zh, Lang::En] {
                let page = page_of(&comparison, lang);
                let printed = pdf(&page);
                assert_eq!(printed.long, [], "{example}");
                assert_eq!(printed.missing, [Default::default()], "{example}");
                let text = text_of(&printed.bytes);
                let winter = &page.numbers[1].value;
                assert!(text.contains(winter.as_str()), "{example} {winter}\n{text}");
                assert_eq!(pdf(&page).bytes, printed.bytes, "{example}");
            }
        }
    }

    #[test]
    fn a_picture_is_as_wide_as_a_phone_and_the_same_twice() {
        let press = Press::new(Paper::Phone, None, &[], None).unwrap_or_else(|_| panic!());
        for example in ["hongsibao", "huairou"] {
            let page = page_of(&comparison(example), Lang::Zh);
            let printed = press.png(&page).unwrap();
            let picture = resvg::tiny_skia::Pixmap::decode_png(&printed.bytes).unwrap();
            assert_eq!((picture.width(), printed.long.len()), (1080, 0));
            assert_eq!(press.png(&page).unwrap().bytes, printed.bytes);
        }
    }

    #[test]
    fn a_character_without_a_glyph_is_named_with_its_household_and_printed_as_a_mark() {
        let folder = Folder::new("glyph");
        let village = folder.write("v.csv", ROSTER.replace("马二", "马𠮷"));
        let out = folder.file("v.pdf");
        let args = [
            "--roster",
            text(&village),
            "--region",
            "红寺堡",
            "-o",
            text(&out),
        ];
        let made = good(&args);
        let said = said(&made);
        assert!(said.contains('𠮷') && said.contains("v.csv:3"), "{said}");
        assert_eq!(said.matches('𠮷').count(), 2, "{said}");
        assert!(text_of(&fs::read(&out).unwrap()).contains("马〓"));
    }

    #[test]
    fn a_county_puts_its_words_and_its_seal_on_the_page() {
        let folder = Folder::new("county");
        let mut seal = resvg::tiny_skia::Pixmap::new(40, 40).unwrap();
        seal.fill(resvg::tiny_skia::Color::from_rgba8(200, 0, 0, 255));
        folder.write("seal.png", seal.encode_png().unwrap());
        let county = "title = \"红寺堡区明白纸\"\nissuer = \"区发改局\"\nhotline = \"0953-1234567\"\n\
                      note = \"先装后补\"\nseal = \"seal.png\"\n";
        let county = folder.write("c.toml", county);
        let out = folder.file("a.pdf");
        good(&[
            "examples/hongsibao",
            "--county",
            text(&county),
            "-o",
            text(&out),
        ]);
        let pdf = fs::read(&out).unwrap();
        let text = text_of(&pdf);
        for wanted in ["红寺堡区明白纸", "区发改局", "0953-1234567", "先装后补"] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        assert_eq!(read(&pdf).images, 1);
    }

    #[test]
    fn a_household_whose_page_runs_over_is_named() {
        let folder = Folder::new("over");
        let template = "#for (i, p) in json(\"data.json\").pages.enumerate() {\n  if i > 0 { pagebreak() }\n  \
                        p.household\n  if p.household == \"王三\" { pagebreak(); [x] }\n}\n";
        let template = folder.write("own.typ", template);
        let village = folder.write("v.csv", ROSTER);
        let out = folder.file("all.pdf");
        let made = good(&[
            "--roster",
            text(&village),
            "--region",
            "红寺堡",
            "--template",
            text(&template),
            "-o",
            text(&out),
        ]);
        let told = said(&made);
        assert!(told.contains("v.csv:4"), "{told}");
        assert!(told.contains("王三") && told.contains("2 页"), "{told}");
        assert!(!told.contains("马"), "{told}");
    }

    #[test]
    fn a_broken_template_is_told_with_its_line() {
        let folder = Folder::new("template");
        let out = folder.file("a.pdf");
        for (text_of_it, line) in [
            ("#let a = 1\n#lett b = 2\n", 2),
            ("#let data = json(\"data.json\")\n\n#data.nothing\n", 3),
            ("#image(\"none.png\")\n", 1),
            ("#import \"@preview/cetz:0.3.0\": *\n", 1),
        ] {
            let template = folder.write("own.typ", text_of_it);
            let made = handout(&[
                "examples/hongsibao",
                "--template",
                text(&template),
                "-o",
                text(&out),
            ]);
            assert_eq!(made.status.code(), Some(1), "{text_of_it}");
            assert!(
                said(&made).contains(&format!("own.typ:{line}")),
                "{}",
                said(&made)
            );
            assert!(!out.exists());
        }
    }

    #[test]
    fn a_picture_without_end_is_refused() {
        let folder = Folder::new("tall");
        let own = folder.write(
            "own.typ",
            "#set page(width: 10pt, height: 20000pt)\n#v(1cm)\n",
        );
        let out = folder.file("a.png");
        let args = ["--template", text(&own), "-o", text(&out)];
        let made = handout(&[&["examples/hongsibao"], &args[..]].concat());
        assert_eq!(made.status.code(), Some(1), "{}", said(&made));
        assert!(said(&made).contains("own.typ"), "{}", said(&made));
    }

    #[test]
    fn a_template_of_the_county_reads_its_folder_but_not_beyond() {
        let folder = Folder::new("beyond");
        fs::create_dir(folder.file("in")).unwrap();
        folder.write("secret.txt", "secret");
        folder.write("in/own.txt", "our own words");
        let own = folder.write("in/own.typ", "#read(\"own.txt\")\n");
        let out = folder.file("a.pdf");
        good(&[
            "examples/hongsibao",
            "--template",
            text(&own),
            "-o",
            text(&out),
        ]);
        assert!(text_of(&fs::read(&out).unwrap()).contains("our own words"));
        let beyond = folder.write("in/beyond.typ", "#read(\"../secret.txt\")\n");
        let made = handout(&[
            "examples/hongsibao",
            "--template",
            text(&beyond),
            "-o",
            text(&folder.file("b.pdf")),
        ]);
        assert_eq!(made.status.code(), Some(1));
    }

    #[test]
    fn a_village_is_the_same_for_any_number_of_threads_in_one_file_and_in_many() {
        let folder = Folder::new("village");
        let village = folder.write("v.csv", ROSTER);
        let roster = ["--roster", text(&village), "--region", "红寺堡"];
        let mut files = Vec::new();
        for threads in ["1", "2", "3"] {
            let out = folder.file(&format!("v{threads}.pdf"));
            let more = ["--threads", threads, "-o", text(&out)];
            good(&[&roster[..], &more[..]].concat());
            files.push(fs::read(&out).unwrap());
        }
        assert!(files.iter().all(|it| *it == files[0]));
        assert_eq!(read(&files[0]).pages, 5);
        let out = folder.file("many/");
        good(&[&roster[..], &["-o", text(&out)][..]].concat());
        let names = folder.names("many");
        assert_eq!(names.len(), 5);
        assert_eq!(names[4], "0006-张五.pdf");
        let one = fs::read(folder.file("many/0006-张五.pdf")).unwrap();
        assert!(text_of(&one).contains("张五"));
        // What is there stays, unless it is asked for.
        let again = handout(&[&roster[..], &["-o", text(&out)][..]].concat());
        assert_eq!(again.status.code(), Some(1));
        good(&[&roster[..], &["--force", "-o", text(&out)][..]].concat());
        assert_eq!(fs::read(folder.file("many/0006-张五.pdf")).unwrap(), one);
        let picture = folder.file("v.png");
        let one = handout(&[&roster[..], &["-o", text(&picture)][..]].concat());
        assert_eq!(one.status.code(), Some(1));
    }

    #[test]
    fn a_village_that_is_set_in_parts_keeps_the_order_of_its_rows() {
        let folder = Folder::new("parts");
        let row = |i: usize| format!("户{i}号,{},4,1500,3\n", 60 + i);
        let rows: String = (0..60).map(row).collect();
        let village = folder.write("v.csv", format!("户主,采暖面积,用煤量,煤价,人口\n{rows}"));
        let out = folder.file("v.pdf");
        let region = ["--region", "红寺堡", "-o", text(&out)];
        good(&[&["--roster", text(&village)], &region[..]].concat());
        let found = read(&fs::read(&out).unwrap());
        assert_eq!(found.pages, 60);
        for (i, page) in found.text.trim_end().split('\n').enumerate() {
            assert!(page.contains(&format!("户{i}号")), "{i}: {page}");
        }
    }

    #[test]
    fn a_file_that_is_no_font_is_told() {
        let folder = Folder::new("font");
        let font = folder.write("a.ttf", "no font");
        let out = folder.file("a.pdf");
        let made = handout(&[
            "examples/hongsibao",
            "--font",
            text(&font),
            "-o",
            text(&out),
        ]);
        assert_eq!(made.status.code(), Some(1));
        assert!(said(&made).contains("a.ttf"));
    }
}
