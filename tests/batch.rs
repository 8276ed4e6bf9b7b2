//! Rosters: the same figures as `compare`, the same bytes for any number of threads, nothing lost
//! or counted twice, and a broken run that goes on.
//!
//! `QINGNUAN_BLESS=1 cargo test --test batch` writes the golden results anew.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/roster.rs"]
mod roster;

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx, open_workbook};
use parquet::file::reader::{FileReader, SerializedFileReader};

use qingnuan::cli::compute::{comparison, wishes};
use qingnuan::comparison::Bench;
use qingnuan::comparison::outcome::OptionResult;
use qingnuan::comparison::summary::Figures;
use qingnuan::input::case::{parse_case, parse_winter};
use qingnuan::input::library::Library;
use qingnuan::input::problem::Problems;
use qingnuan::input::record::Spot;
use qingnuan::input::roster::{Roster, RowReader, base_case};
use qingnuan::input::setting::place_in_winter;
use qingnuan::words::kinds::Kind;
use roster::Areas;

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
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
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

/// The folder of the case, not that in which the program runs.
#[test]
fn the_files_that_a_base_names_lie_beside_it() {
    let folder = Folder::new("base-files");
    let roster = folder.write("r.csv", "户主,采暖面积,用煤量\n张三,100,3\n");
    let base = "place = \"红寺堡\"\n[house]\nheated_area_m2 = 100\n[today]\nloose_coal_t = 3\n\
                [subsidy]\nrules_file = \"own.toml\"\n";
    let base = folder.write("base.toml", base);
    let more = ["--base", base.to_str().unwrap()];
    let output = batch(&roster, &folder.file("out.csv"), &more);
    let told = String::from_utf8(output.stderr).unwrap();
    let missing = folder.file("own.toml").display().to_string();
    assert!(told.contains(&missing), "{told}");
    folder.write("own.toml", "# no further rules\n");
    let output = batch(&roster, &folder.file("out.csv"), &more);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

fn command(roster: &Path, output: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingnuan"));
    command
        .arg("batch")
        .arg(roster)
        .arg("-o")
        .arg(output)
        .arg("--force")
        .args(more);
    command
}

fn batch(roster: &Path, output: &Path, more: &[&str]) -> Output {
    command(roster, output, more).output().unwrap()
}

fn good(roster: &Path, output: &Path, more: &[&str]) -> String {
    let made = batch(roster, output, more);
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(made.status.success(), "{said}");
    assert!(!said.contains('\u{1b}'), "no bar where nobody looks");
    String::from_utf8(made.stdout).unwrap()
}

/// Rows of a CSV by its heads.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let heads = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader.records();
    let rows = rows.map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (heads, rows.collect())
}

fn column(path: &Path, head: &str) -> Vec<String> {
    let (heads, rows) = table(path);
    let at = heads.iter().position(|own| own == head).unwrap();
    rows.into_iter().map(|row| row[at].clone()).collect()
}

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/roster/roster.csv");

/// All figures but the winter at the standard service, which a roster leaves out.
fn same(account: &qingnuan::comparison::Account, figures: &Figures, which: &str) {
    let mut headline = account.headline.clone();
    headline.standard_winter_cost = figures.headline.standard_winter_cost;
    assert_eq!(headline, figures.headline, "{which}");
    assert_eq!(account.verdict, figures.verdict, "{which}");
    assert_eq!(account.staircase, figures.winters, "{which}");
    assert_eq!(account.payers, figures.payers, "{which}");
    assert_eq!(account.government, figures.government, "{which}");
    assert_eq!(account.emissions, figures.emissions, "{which}");
}

/// A row and a case file with the same figures give the same account, at every service.
#[test]
fn results_equal_those_of_compare_to_the_fen() {
    let library = Library::bundled();
    let folder = Folder::new("equal");
    let path = folder.write("r.csv", roster::csv(9, 3, Areas::Hundredths));
    for (place, service, winter) in [
        ("红寺堡", "today", "2026-27"),
        ("怀柔", "zoned", "2026-27"),
        ("济南", "standard", "2026-27"),
        ("巨鹿", "today", "2026-27"),
        ("运城", "zoned", "2026-27"),
        // Accounts within which prices and the hours of the valley change.
        ("红寺堡", "zoned", "2023-24"),
        ("巨鹿", "standard", "2021-22"),
    ] {
        let mut problems = Problems::default();
        let mut base = base_case(place, None, &mut problems).unwrap();
        base.options.service = qingnuan::words::kinds::Service::from_key(service);
        let place_of_winter = qingnuan::input::problem::Place::default();
        base.winter = Some(Spot {
            value: parse_winter(winter).unwrap(),
            place: place_of_winter,
        });
        let roster = Roster::open(&path, None, &mut problems).unwrap();
        let case = base.clone().check("", Path::new(""), &mut problems);
        let chain = library.resolve_place(place).unwrap();
        let made = place_in_winter(&library, &chain, &wishes(&case)).unwrap();
        let mut bench = Bench::new(&made.setting);
        let mut reader = RowReader::new(&made, &roster, &base);
        let mut had = 0;
        roster
            .each_row(&mut |row| {
                let household = reader
                    .household(&row, bench.simulations())
                    .unwrap()
                    .household;
                let summary = bench.summary(&household).unwrap();
                let key = household.category.key();
                let cell = &row.cells;
                let text = format!(
                    "place = \"{place}\"\nwinter = \"{winter}\"\nhousehold = {{ people = {}, category = \"{key}\" }}\n\
                     [house]\nheated_area_m2 = {}\n[today]\nloose_coal_t = {}\n\
                     loose_coal_cny_per_t = {}\n[options]\nservice = \"{service}\"\n",
                    cell[4], cell[6], cell[7], cell[8]
                );
                let (case, problems) = parse_case("", Path::new(""), &text);
                let case = case.unwrap_or_else(|| panic!("{problems:?}"));
                let full = comparison(&case, &library).unwrap();
                same(&full.today, &summary.today, place);
                for (option, figures) in full.options.iter().zip(&summary.options) {
                    let which = format!("{place} {} row {}", option.id(), row.number);
                    match (option, figures) {
                        (OptionResult::Possible(account), Ok(figures)) => {
                            same(account, figures, &which);
                            had += 1;
                        }
                        (OptionResult::Impossible { obstacles, .. }, Err(own)) => {
                            assert_eq!(obstacles, own, "{which}");
                        }
                        _ => panic!("{which}: {option:?} {figures:?}"),
                    }
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(had > 9 * 5, "{place}: {had} options of 9 households");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = Folder::new("threads");
    let roster = folder.write("r.csv", roster::csv(150, 11, Areas::Whole));
    for ending in ["csv", "xlsx", "parquet"] {
        let made: Vec<(Vec<u8>, Vec<u8>, String)> = ["1", "2", "5"]
            .iter()
            .map(|threads| {
                let out = folder.file(&format!("out.{ending}"));
                let summary = folder.file("sum.xlsx");
                let summary_flag = summary.display().to_string();
                let said = good(
                    &roster,
                    &out,
                    &[
                        "--region",
                        "怀柔",
                        "--threads",
                        threads,
                        "--summary",
                        &summary_flag,
                    ],
                );
                (fs::read(&out).unwrap(), fs::read(&summary).unwrap(), said)
            })
            .collect();
        assert!(made[0] == made[1], "{ending}: 1 and 2 threads");
        assert!(made[0] == made[2], "{ending}: 1 and 5 threads");
    }
}

#[test]
fn the_example_gives_its_golden_results() {
    let folder = Folder::new("golden");
    let out = folder.file("out.csv");
    let args = ["--region", "红寺堡", "--winter", "2023-24"];
    let said = good(Path::new(EXAMPLE), &out, &args);
    let said = said.replace(&folder.0.display().to_string(), "");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (name, text) in [
        ("roster.txt", said),
        ("roster.csv", fs::read_to_string(&out).unwrap()),
        (
            "roster.rejects.csv",
            fs::read_to_string(folder.file("out.rejects.csv")).unwrap(),
        ),
    ] {
        let path = golden.join(name);
        if std::env::var_os("QINGNUAN_BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap_or_default(),
            text,
            "{name}"
        );
    }
}

/// Every row below the heads is worked out or refused, and none is both.
#[test]
fn nothing_is_lost_and_nothing_counted_twice() {
    let folder = Folder::new("counts");
    let mut text = roster::csv(40, 5, Areas::Whole);
    text += "\n,,,,,,,,\n乡,村,甲,1,x,一般户,100,5,900\n乡,村,乙,1,3,贵族,100,5,900\n";
    text += "乡,村,丙,1,3,一般户,100,5,900,多,出\n乡,村,\"丁,戊\",1,3,,100,5,900\n";
    let roster = folder.write("r.csv", text);
    let out = folder.file("out.csv");
    let said = good(&roster, &out, &["--region", "红寺堡", "--part", "7"]);
    assert!(said.starts_with("读了 44 行：算出 41 户"), "{said}");
    let done = column(&out, "户主");
    let refused: Vec<String> = column(&folder.file("out.rejects.csv"), "行");
    assert_eq!(done.len(), 41);
    assert_eq!(done.last().unwrap(), "丁,戊");
    // Line 42 is empty and 43 blank.
    assert_eq!(refused, ["44", "45", "46"]);
    let hints = column(&folder.file("out.rejects.csv"), "怎么改");
    assert!(
        hints.iter().any(|hint| hint.contains("低保户")),
        "{hints:?}"
    );
    let names = folder.names();
    assert_eq!(
        names,
        ["out.csv", "out.notes.csv", "out.rejects.csv", "r.csv"]
    );
}

#[test]
fn strict_stops_and_leaves_nothing() {
    let folder = Folder::new("strict");
    let out = folder.file("out.csv");
    let made = batch(
        Path::new(EXAMPLE),
        &out,
        &["--region", "红寺堡", "--strict"],
    );
    assert_eq!(made.status.code(), Some(1));
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(said.contains("roster.csv:10:"), "{said}");
    assert_eq!(folder.names(), Vec::<String>::new());
}

#[test]
fn columns_and_rows_are_chosen() {
    let folder = Folder::new("columns");
    let out = folder.file("out.csv");
    let args = [
        "--region",
        "红寺堡",
        "--rows",
        "all",
        "--columns",
        "户主姓名,option,possible,winter_cost_cny",
    ];
    good(Path::new(EXAMPLE), &out, &args);
    let (heads, rows) = table(&out);
    assert_eq!(heads, ["户主姓名", "option", "possible", "winter_cost_cny"]);
    assert_eq!(rows.len() % 16, 0);
    assert!(rows.len() / 16 >= 12, "{} options", rows.len() / 16);
    let made = batch(
        Path::new(EXAMPLE),
        &out,
        &["--region", "红寺堡", "--columns", "户主名"],
    );
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(said.contains("户主姓名"), "{said}");
}

/// The same roster in every form gives the same results.
#[test]
fn encodings_and_workbooks_are_the_same() {
    let folder = Folder::new("encodings");
    let text = roster::csv(12, 2, Areas::Hundredths);
    let (gb, _, _) = encoding_rs::GB18030.encode(&text);
    let rosters = [
        folder.write("utf8.csv", &text),
        folder.write("bom.csv", format!("\u{feff}{text}")),
        folder.write("gb.csv", &gb),
        folder.write("tabs.csv", text.replace(',', "\t")),
        workbook(&folder, &text),
    ];
    let mut results = Vec::new();
    for roster in &rosters {
        let out = folder.file("out.csv");
        good(roster, &out, &["--region", "红寺堡"]);
        results.push(fs::read_to_string(&out).unwrap());
    }
    for (roster, result) in rosters.iter().zip(&results) {
        assert_eq!(result, &results[0], "{}", roster.display());
    }
}

/// The text as a workbook, numbers as numbers.
fn workbook(folder: &Folder, text: &str) -> PathBuf {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) if number.to_string() == cell && cell.len() < 10 => {
                    sheet.write_number(row, column, number)
                }
                _ => sheet.write_string(row, column, cell),
            }
            .unwrap();
        }
    }
    let path = folder.file("r.xlsx");
    book.save(&path).unwrap();
    path
}

#[test]
fn workbook_and_parquet_hold_what_the_csv_holds() {
    let folder = Folder::new("forms");
    let outs = ["csv", "xlsx", "parquet"].map(|ending| folder.file(&format!("out.{ending}")));
    for out in &outs {
        good(
            Path::new(EXAMPLE),
            out,
            &["--region", "红寺堡", "--winter", "2023-24"],
        );
    }
    let costs: Vec<f64> = column(&outs[0], "winter_cost_cny")
        .iter()
        .map(|cost| cost.parse().unwrap())
        .collect();
    let mut book: Xlsx<_> = open_workbook(&outs[1]).unwrap();
    let range = book.worksheet_range("各户").unwrap();
    let heads: Vec<String> = range
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let at = heads
        .iter()
        .position(|head| head == "一冬花费(元)")
        .unwrap();
    let cells: Vec<f64> = range
        .rows()
        .skip(1)
        .map(|row| calamine::DataType::as_f64(&row[at]).unwrap())
        .collect();
    assert_eq!(cells, costs);
    let parquet = SerializedFileReader::new(File::open(&outs[2]).unwrap()).unwrap();
    let rows: Vec<f64> = parquet
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let mut columns = row.get_column_iter();
            let (_, field) = columns
                .find(|(name, _)| *name == "winter_cost_cny")
                .unwrap();
            match field {
                parquet::record::Field::Double(cost) => *cost,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    assert_eq!(rows, costs);
}

/// A run that is killed leaves no result, and a second one goes on to the same bytes.
#[test]
fn a_broken_run_goes_on() {
    let folder = Folder::new("resume");
    let mut text = roster::csv(300, 13, Areas::Hundredths);
    text += "乡,村,甲,1,x,一般户,100,5,900\n";
    let roster = folder.write("r.csv", text);
    let args = ["--region", "怀柔", "--part", "20"];
    let whole = folder.file("whole.csv");
    let said = good(&roster, &whole, &args).replace("whole", "out");
    let out = folder.file("out.csv");
    let mut child = command(&roster, &out, &args)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let journal = folder.file(".out.csv.journal");
    let begun = Instant::now();
    let lines =
        || fs::read(&journal).map_or(0, |bytes| bytes.iter().filter(|b| **b == b'\n').count());
    while lines() < 4 && begun.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!out.exists(), "no half file");
    let before = lines();
    assert!((4..17).contains(&before), "{before} lines of the journal");
    // What was written after the last finished part is cut off.
    let mut rows = fs::OpenOptions::new()
        .append(true)
        .open(folder.file(".out.csv.rows.part"))
        .unwrap();
    std::io::Write::write_all(&mut rows, b"half a ro").unwrap();
    let more = [&args[..], &["--resume"]].concat();
    let again = batch(&roster, &out, &more);
    assert!(again.status.success());
    let told = String::from_utf8(again.stderr).unwrap();
    assert!(told.contains("接着算：前 "), "{told}");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), said);
    assert!(fs::read(&out).unwrap() == fs::read(&whole).unwrap());
    let rejects = |name: &str| fs::read(folder.file(name)).unwrap();
    assert!(rejects("out.rejects.csv") == rejects("whole.rejects.csv"));
    assert!(!journal.exists());
}

/// Another roster is no run to go on with.
#[test]
fn another_roster_begins_anew() {
    let folder = Folder::new("anew");
    let roster = folder.write("r.csv", roster::csv(3, 1, Areas::Whole));
    let out = folder.file("out.csv");
    folder.write(".out.csv.journal", "0123456789abcdef\n");
    let made = batch(&roster, &out, &["--region", "红寺堡", "--resume"]);
    assert!(made.status.success());
    assert!(String::from_utf8(made.stderr).unwrap().contains("从头算"));
    assert_eq!(table(&out).1.len(), 3);
}

#[test]
fn a_mapping_names_columns_units_and_categories() {
    let folder = Folder::new("mapping");
    let roster = folder.write("r.csv", "谁,房,烧,类\n甲,100,9000,C\n乙,80,6000,A\n");
    let mapping = folder.write(
        "m.toml",
        "[columns]\nhousehold = \"谁\"\nheated_area_m2 = \"房\"\nloose_coal_t = \"烧\"\n\
         category = \"类\"\n[units]\nloose_coal_t = \"斤\"\n\
         [categories]\nA = \"general\"\nC = \"minimum_living\"\n",
    );
    let out = folder.file("out.csv");
    let mapping = mapping.display().to_string();
    good(
        &roster,
        &out,
        &["--region", "红寺堡", "--mapping", &mapping],
    );
    let coal = column(&out, "coal_replaced_t");
    assert_eq!(coal, ["4.500", "3.000"]);
    let wrong = folder.write("w.toml", "[columns]\nheated_area_m2 = \"房子\"\n");
    let made = batch(
        &roster,
        &out,
        &[
            "--region",
            "红寺堡",
            "--mapping",
            &wrong.display().to_string(),
        ],
    );
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(
        said.contains("w.toml:2:") && said.contains("是不是想写 房"),
        "{said}"
    );
}
