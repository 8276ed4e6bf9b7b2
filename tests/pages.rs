//! The page for a browser and the workbook: everything is there, nothing is fetched, and the
//! workbook calculates what the account says.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx};
use rstest::rstest;

use qingnuan::cli::compute;
use qingnuan::comparison::outcome::{Account, Comparison, OptionResult};
use qingnuan::input::case::{CaseInput, read_case};
use qingnuan::input::library::Library;
use qingnuan::report::chart::Subject;
use qingnuan::report::chart::font::Font;
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::report::{html, words, workbook};
use qingnuan::words::fixed::Money;

fn computed(example: &str) -> (CaseInput, Comparison) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(example);
    let case = read_case(&folder).case.unwrap();
    let comparison = compute::comparison(&case, &Library::bundled()).unwrap();
    (case, comparison)
}

fn accounts(comparison: &Comparison) -> Vec<&Account> {
    let options = comparison.options.iter().filter_map(OptionResult::account);
    std::iter::once(&comparison.today).chain(options).collect()
}

fn page(example: &str, lang: Lang) -> (Comparison, String) {
    let (case, comparison) = computed(example);
    let library = Library::bundled();
    let cheapest = &Subject::new(&comparison).account.id;
    let season = compute::season_profile(&case, &library, cheapest).unwrap();
    let sources = |id: &str| library.source(id);
    let material = html::Material {
        comparison: &comparison,
        season: season.as_ref(),
        sources: &sources,
        font: &Font::bundled().unwrap(),
    };
    let text = html::page(&material, &Messages::new(lang)).unwrap();
    (comparison, text)
}

#[rstest]
#[case("hongsibao", Lang::Zh)]
#[case("hongsibao", Lang::En)]
#[case("huairou", Lang::Zh)]
#[case("yushu_solar", Lang::Zh)]
fn a_page_tells_everything_and_fetches_nothing(#[case] example: &str, #[case] lang: Lang) {
    let (comparison, text) = page(example, lang);
    let messages = Messages::new(lang);
    for option in &comparison.options {
        let name = messages.name(option.name());
        assert!(text.contains(&format!("{name}</")), "{name} is missing");
    }
    for account in accounts(&comparison) {
        let headline = &account.headline;
        let yuan = words::yuan(headline.winter_cost);
        let winter = match yuan.strip_prefix('-') {
            Some(gain) => messages.with("html-winter-gain", &[("cost", &gain)]),
            None => messages.with("html-winter", &[("cost", &yuan)]),
        };
        assert!(text.contains(&winter), "{}: {winter}", account.id);
        for money in [
            headline.self_pay,
            headline.winter_cost,
            headline.after_subsidy,
        ] {
            let cell = format!("<td class=\"n\">{}</td>", words::yuan(money));
            assert!(text.contains(&cell), "{}: {cell}", account.id);
        }
        for line in &account.ledger.lines {
            let cell = format!("<td class=\"n\">{}</td>", line.amount);
            assert!(text.contains(&cell), "{}: {line:?}", account.id);
        }
    }
    for used in &comparison.figures {
        assert!(text.contains(used.figure.id()), "{}", used.figure.id());
    }
    assert_eq!(text.matches("<svg").count(), 6, "one of every chart");
    assert_eq!(
        text.matches("viewBox=\"0 0 1080 ").count(),
        6,
        "they fit a phone"
    );
    assert!(
        !text.contains("html-") && !text.contains("column-"),
        "a message is missing"
    );
    for outside in ["<script", "<link", "src=", "@import", "url(http", "<iframe"] {
        assert!(!text.contains(outside), "{outside}");
    }
    for (at, _) in text.match_indices("href=\"") {
        assert!(text[at..].starts_with("href=\"#"), "{}", &text[at..at + 40]);
    }
    assert!(text.len() < 3_000_000, "{} bytes", text.len());
    assert_eq!(page(example, lang).1, text, "same input, same bytes");
}

/// Every element is closed in the order in which it was opened, and no two have one id.
#[test]
fn a_page_is_well_formed() {
    let (_, text) = page("huairou", Lang::Zh);
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let body = text.split_once("</style>").unwrap().1;
    for piece in body.split('<').skip(2) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("{piece}"));
        let name = |tag: &str| tag.split([' ', '\n']).next().unwrap().len();
        if let Some(name) = tag.strip_prefix('/') {
            if !["head", "html"].contains(&name) {
                let opened = if name == "body" {
                    Some("body")
                } else {
                    open.pop()
                };
                assert_eq!(opened, Some(name));
            }
        } else if !tag.ends_with('/') && !tag.starts_with("body") {
            open.push(&tag[..name(tag)]);
        }
        if let Some((_, rest)) = tag.split_once(" id=\"") {
            let id = rest.split('"').next().unwrap();
            assert!(ids.insert(id), "{id} stands twice");
        }
    }
    assert!(open.is_empty(), "{open:?}");
    for (at, _) in body.match_indices("url(#") {
        let id = body[at + 5..].split(')').next().unwrap();
        assert!(ids.contains(id), "{id} is named and not there");
    }
}

fn book(comparison: &Comparison) -> Vec<u8> {
    let library = Library::bundled();
    let sources = |id: &str| library.source(id);
    workbook::write(comparison, &sources, &Messages::new(Lang::Zh)).unwrap()
}

fn number(range: &Range<Data>, row: u32, column: u32) -> f64 {
    match range.get_value((row, column)) {
        Some(Data::Float(value)) => *value,
        other => panic!("row {row} column {column}: {other:?}"),
    }
}

/// First row of the options in the sheet of the comparison, and its columns of money.
const TOP: u32 = 3;

fn headline_money(account: &Account) -> [(u32, Money); 6] {
    let headline = &account.headline;
    [
        (2, headline.install_price),
        (3, headline.self_pay),
        (4, headline.winter_cost),
        (5, headline.per_day),
        (6, headline.versus_today),
        (7, headline.after_subsidy),
    ]
}

/// The totals of a workbook are those of the account, to the fen.
fn agrees(book: &mut Xlsx<Cursor<Vec<u8>>>, comparison: &Comparison) {
    let options = book.worksheet_range("比较").unwrap();
    let ledger = book.worksheet_range("账目").unwrap();
    let mut row = 1;
    for (i, account) in (0..).zip(accounts(comparison)) {
        for (column, money) in headline_money(account) {
            let cell = number(&options, TOP + i, column);
            assert_eq!(Money::from_f64(cell), money, "{} {column}", account.id);
            assert!(
                (cell - money.to_f64()).abs() < 1e-6,
                "{} {cell}",
                account.id
            );
        }
        let headline = &account.headline;
        let values = [
            (8, headline.present_value.value()),
            (9, headline.equivalent_annual_cost.value()),
            (10, headline.winter_burden),
        ];
        for (column, value) in values {
            let cell = number(&options, TOP + i, column);
            assert!(
                (cell - value).abs() < 1e-6 * (1.0 + value.abs()),
                "{} {cell} {value}",
                account.id
            );
        }
        for line in &account.ledger.lines {
            let cell = number(&ledger, row, 10);
            assert_eq!(
                Money::from_f64(cell),
                line.amount,
                "{}: {line:?}",
                account.id
            );
            row += 1;
        }
    }
}

#[rstest]
#[case("hongsibao")]
#[case("huairou")]
#[case("yushu_solar")]
#[case("pv_bundle")]
fn a_workbook_holds_formulas_with_our_results(#[case] example: &str) {
    let (_, comparison) = computed(example);
    let bytes = book(&comparison);
    assert!(bytes == book(&comparison), "same input, same bytes");
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = ["比较", "账目", "现金流", "假设和单价", "来源", "图"];
    assert_eq!(book.sheet_names(), names);
    agrees(&mut book, &comparison);
    let ledger = book.worksheet_formula("账目").unwrap();
    let lines: usize = accounts(&comparison)
        .iter()
        .map(|it| it.ledger.lines.len())
        .sum();
    for row in 1..=lines as u32 {
        let price = ledger.get_value((row, 9)).unwrap();
        let cell = price.starts_with("'假设和单价'!$D$") || price.starts_with("ROUND(SUM(K");
        assert!(cell, "{price}");
        let expected = format!("ROUND(H{0}*J{0},2)", row + 1);
        assert_eq!(ledger.get_value((row, 10)), Some(&expected));
    }
    let options = book.worksheet_formula("比较").unwrap();
    for i in 0..accounts(&comparison).len() as u32 {
        let winter = options.get_value((TOP + i, 4)).unwrap();
        assert_eq!(winter.matches("SUMIFS(").count(), 4, "{winter}");
    }
    let sources = book.worksheet_range("来源").unwrap();
    let told: BTreeSet<String> = sources.rows().map(|row| row[0].to_string()).collect();
    for used in &comparison.figures {
        assert!(told.contains(used.figure.id()), "{}", used.figure.id());
    }
}

/// A folder of its own for a test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("qingnuan-pages-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The workbook without the result of any formula, and with other texts put into its sheets.
fn without_results(bytes: Vec<u8>, change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..from.len() {
        let mut file = from.by_index(i).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            let text = change(&name, String::from_utf8(content).unwrap());
            let mut pieces = text.split("</f><v>");
            let mut out = pieces.next().unwrap().to_owned();
            for piece in pieces {
                out += "</f>";
                out += piece.split_once("</v>").unwrap().1;
            }
            content = out.into_bytes();
        }
        let options = zip::write::SimpleFileOptions::default();
        to.start_file(name, options).unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// What LibreOffice makes of a workbook.
fn recalculated(bytes: Vec<u8>, folder: &Folder) -> Xlsx<Cursor<Vec<u8>>> {
    let (from, to) = (folder.0.join("in.xlsx"), folder.0.join("out"));
    fs::write(&from, bytes).unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}/profile",
        folder.0.display()
    );
    let done = Command::new("soffice")
        .args([
            &profile,
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
        ])
        .arg(&to)
        .arg(&from)
        .output()
        .expect("soffice is not installed");
    assert!(done.status.success(), "{done:?}");
    Xlsx::new(Cursor::new(fs::read(to.join("in.xlsx")).unwrap())).unwrap()
}

/// Another program calculates the same totals from the quantities and prices alone.
#[rstest]
#[case("hongsibao")]
#[case("huairou")]
#[case("yushu_solar")]
#[case("pv_bundle")]
#[ignore = "needs LibreOffice: .ci/run installs and runs it"]
fn libreoffice_calculates_the_same(#[case] example: &str) {
    let folder = Folder::new(example);
    let (_, comparison) = computed(example);
    let bare = without_results(book(&comparison), |_, text| text);
    let mut unread = Xlsx::new(Cursor::new(bare.clone())).unwrap();
    let options = unread.worksheet_range("比较").unwrap();
    let empty = options.get_value((TOP, 4));
    assert!(
        !matches!(empty, Some(Data::Float(_))),
        "no result is left: {empty:?}"
    );
    agrees(&mut recalculated(bare, &folder), &comparison);
}

/// A changed price reaches the totals.
#[test]
#[ignore = "needs LibreOffice: .ci/run installs and runs it"]
fn a_changed_price_reaches_the_totals() {
    let folder = Folder::new("price");
    let (_, comparison) = computed("hongsibao");
    let bytes = book(&comparison);
    let coal = comparison
        .today
        .ledger
        .lines
        .iter()
        .find(|line| line.year == 1 && line.unit == "t");
    let coal = coal.unwrap();
    // The cell that the first line of today's coal points at.
    let ledger = Xlsx::new(Cursor::new(bytes.clone()))
        .unwrap()
        .worksheet_formula("账目")
        .unwrap();
    let row = comparison
        .today
        .ledger
        .lines
        .iter()
        .position(|line| line == coal)
        .unwrap();
    let points = ledger.get_value((row as u32 + 1, 9)).unwrap();
    let cell = points.rsplit('$').next().unwrap();
    let old = format!("<c r=\"D{cell}\"");
    let bare = without_results(bytes, |name, text| {
        if name != "xl/worksheets/sheet4.xml" {
            return text;
        }
        let (before, rest) = text.split_once(&old).unwrap();
        let (style, rest) = rest.split_once("<v>").unwrap();
        let (was, rest) = rest.split_once("</v>").unwrap();
        let dearer = was.parse::<f64>().unwrap() + 100.0;
        format!("{before}{old}{style}<v>{dearer}</v>{rest}")
    });
    let mut book = recalculated(bare, &folder);
    let options = book.worksheet_range("比较").unwrap();
    let more = coal.quantity.to_f64() * 100.0;
    let winter = comparison.today.headline.winter_cost.to_f64() + more;
    assert!((number(&options, TOP, 4) - winter).abs() < 1e-6);
    let annual = comparison.today.headline.equivalent_annual_cost.value();
    // Every winter of the horizon burns this coal, at the same price.
    assert!((number(&options, TOP, 9) - annual - more).abs() < 1e-6);
    for (i, account) in (0..).zip(accounts(&comparison)).skip(1) {
        let versus = account.headline.versus_today.to_f64() - more;
        assert!(
            (number(&options, TOP + i, 6) - versus).abs() < 1e-6,
            "{}",
            account.id
        );
    }
}
