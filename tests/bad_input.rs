//! Wrong inputs and the sentences that the user reads: a piece of a good case is replaced by a
//! wrong one. A wrong file never yields a number, a panic or a hang.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use qingnuan::input::case::parse_case;
use qingnuan::input::guard::Texts;
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::report::problems::render;
use rstest::rstest;

/// A good case; its season crosses the new year.
const BASE: &str = r#"place = "红寺堡"
winter = "2026-27"

[household]
people = 4
income_cny_per_person_year = 15000
category = "general"

[house]
kind = "farmhouse"
heated_area_m2 = 100
floor_area_m2 = 120
storeys = 1
height_m = 2.8
wall_u_w_per_m2_k = 1.2
windows = { south_m2 = 12, north_m2 = 3 }

[comfort]
set_c = 18
setback_c = 12
hours = ["6-9", "17-22"]
rooms = 5
rooms_heated = 3

[today]
loose_coal_t = 5
loose_coal_cny_per_t = 1200
heat_value_mj_per_kg = 22
stove_efficiency = 0.5

[uses]
electricity_kwh_per_month = 120

[season]
from = "11-01"
to = "03-31"

[money]
discount_rate = 0.05
horizon_years = 15
loan = { rate = 0.04, years = 3 }

[options]
include = ["heat_pump_air", "gas_boiler"]
service = "today"

[[price]]
carrier = "natural_gas"
price_cny_per_unit = 2.5
from = 2026-11-01
to = 2027-03-31
"#;

/// What is told of the good case with `piece` replaced: all lines but those that show the file.
fn told(piece: &str, by: &str, lang: Lang) -> Vec<String> {
    assert!(BASE.contains(piece), "the good case has no {piece:?}");
    let text = BASE.replacen(piece, by, 1);
    let (case, problems) = parse_case("case.toml", Path::new(""), &text);
    assert_eq!(case.is_none(), problems.has_errors());
    let mut texts = Texts::default();
    texts.insert("case.toml", text);
    let shown = |line: &str| {
        let rest = line
            .trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with(" |") || rest.starts_with('|')
    };
    render(&problems, &Messages::new(lang), &texts)
        .lines()
        .filter(|line| !shown(line))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_good_case_has_no_problem() {
    assert_eq!(told("place", "place", Lang::Zh), Vec::<String>::new());
}

#[test]
fn the_line_is_shown_with_a_mark() {
    let text = BASE.replace("heated_area_m2 = 100", "heated_area_m2 = -100");
    let (_, problems) = parse_case("case.toml", Path::new(""), &text);
    let mut texts = Texts::default();
    texts.insert("case.toml", text);
    assert_eq!(
        render(&problems, &Messages::new(Lang::Zh), &texts),
        "case.toml:11: house.heated_area_m2: -100 超出范围，应在 5 到 3000 之间\n  \
           11 | heated_area_m2 = -100\n     \
              |                  ^\n"
    );
}

/// A folder of its own for a test, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("qingnuan-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    fn with(self, file: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(file), content).unwrap();
        self
    }
    /// Runs the program in the folder; it must end within seconds.
    fn run(&self, args: &[&str]) -> Output {
        let start = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_qingnuan"))
            .args(args)
            .current_dir(&self.0)
            .output()
            .unwrap();
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{args:?} takes too long"
        );
        output
    }
    /// Asserts the exit code and the text on standard error.
    fn fails(&self, args: &[&str], code: i32, expected: &str) {
        let output = self.run(args);
        assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(output.stdout.is_empty(), "no result beside an error");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[rstest]
#[case::empty(b"", "空.toml: 文件是空的\n")]
#[case::blank(b" \n\n", "空.toml: 文件是空的\n")]
#[case::binary(
    b"\x7fELF\x02\x01\0\0",
    "空.toml: 不是文本文件\n  提示: 输入文件是 UTF-8 编码的文本；表格、图片和压缩包要先转换\n"
)]
#[case::gb18030(
    b"# 1\nplace = \"\xba\xec\xcb\xc2\xb1\xa4\"\n",
    "空.toml:2: 编码像是 GB18030，不是 UTF-8\n  提示: 用记事本打开，另存为，编码选 UTF-8\n"
)]
#[case::utf16(
    b"\xff\xfep\0l\0",
    "空.toml: 编码像是 UTF-16，不是 UTF-8\n  提示: 用记事本打开，另存为，编码选 UTF-8\n"
)]
fn a_file_that_is_no_text_is_refused(#[case] bytes: &[u8], #[case] expected: &str) {
    let name = format!("bytes{}", expected.len() + bytes.len() * 1000);
    let folder = Folder::new(&name).with("空.toml", bytes);
    folder.fails(&["check", "空.toml"], 1, expected);
}

#[test]
fn a_byte_order_mark_is_no_problem() {
    let folder = Folder::new("bom").with("case.toml", format!("\u{feff}{BASE}"));
    assert!(folder.run(&["check", "case.toml"]).status.success());
}

#[test]
fn a_gigabyte_of_zeros_is_refused_at_once() {
    let folder = Folder::new("zeros");
    let file = File::create(folder.0.join("case.toml")).unwrap();
    file.set_len(1 << 30).unwrap();
    let start = Instant::now();
    folder.fails(
        &["check", "case.toml"],
        1,
        "case.toml: 文件有 1024 MB，上限是 1 MB\n",
    );
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "the file was read"
    );
}

#[cfg(unix)]
#[test]
fn a_device_without_end_is_refused() {
    let folder = Folder::new("device");
    folder.fails(
        &["check", "/dev/zero"],
        1,
        "/dev/zero: 文件有 2 MB，上限是 1 MB\n",
    );
}

#[test]
fn nested_lists_without_end_are_refused() {
    let folder = Folder::new("nested").with("case.toml", format!("a = {}", "[".repeat(100_000)));
    let output = folder.run(&["check", "case.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.starts_with("case.toml:1: ".as_bytes()));
}

#[test]
fn a_missing_file_is_named() {
    let folder = Folder::new("missing");
    folder.fails(
        &["check", "没有.toml"],
        1,
        "没有.toml: 打不开：没有这个文件\n",
    );
    let english = "没有.toml: cannot be opened: there is no such file\n";
    folder.fails(&["check", "没有.toml", "--lang", "en"], 1, english);
}

#[test]
fn a_folder_must_hold_one_case() {
    let folder = Folder::new("folder").with("README.md", "x");
    folder.fails(&["check", "."], 1, ".: 文件夹里没有算例文件（.toml）\n");
    let folder = folder.with("a.toml", BASE);
    assert!(folder.run(&["check", "."]).status.success());
    let folder = folder.with("b.toml", BASE);
    let expected = ".: 文件夹里有几个 .toml 文件：a.toml, b.toml\n  提示: 写明用哪一个文件\n";
    folder.fails(&["check", "."], 1, expected);
}

#[test]
fn all_files_are_told_together() {
    let folder = Folder::new("several")
        .with("a.toml", BASE.replace("people = 4", "people = 0"))
        .with("b.toml", BASE.replace("storeys = 1", "storeys = 0"));
    let output = folder.run(&["check", "b.toml", "a.toml", "c.toml"]);
    let text = String::from_utf8(output.stderr).unwrap();
    let heads: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        heads,
        [
            "a.toml:5: household.people: 0 超出范围，应在 1 到 30 之间",
            "b.toml:13: house.storeys: 0 超出范围，应在 1 到 30 之间",
            "c.toml: 打不开：没有这个文件",
        ]
    );
}

#[test]
fn a_warning_does_not_stop_the_run() {
    let text = BASE.replace("loose_coal_t = 5", "loose_coal_t = 13");
    let output = Folder::new("warning")
        .with("case.toml", text)
        .run(&["check", "case.toml"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("case.toml:26: today.loose_coal_t: 注意: 13 少见"),
        "{text}"
    );
}

#[rstest]
#[case::unknown_command(
    &["chek"],
    "没有「chek」这个命令\n  提示: 是不是想写 check？\n用 qingnuan --help 看用法\n"
)]
#[case::unknown_option(
    &["check", "--datta", "x", "y"],
    "没有 --datta 这个选项\n  提示: 是不是想写 --data？\n用 qingnuan --help 看用法\n"
)]
#[case::no_value(&["check", "x", "--data"], "--data <DIR> 后面要写值\n用 qingnuan --help 看用法\n")]
#[case::wrong_value(
    &["check", "x", "--lang", "fr"],
    "--lang <zh|en> 不能是「fr」\n  提示: 可以写：zh, en\n用 qingnuan --help 看用法\n"
)]
#[case::missing_argument(&["check"], "缺少 <FILE>...\n用 qingnuan --help 看用法\n")]
#[case::no_case(&["compare"], "缺少 <CASE>\n用 qingnuan --help 看用法\n")]
#[case::file_and_flags(
    &["compare", "case.toml", "--area", "100"],
    "[CASE] 与 --area <M2> 不能同时写\n用 qingnuan --help 看用法\n"
)]
#[case::in_english(
    &["chek", "--lang", "en"],
    "there is no command \"chek\"\n  hint: did you mean check?\nsee qingnuan --help\n"
)]
fn a_wrong_command_line_is_told(#[case] args: &[&str], #[case] expected: &str) {
    Folder::new(&format!("usage{}", expected.len())).fails(args, 2, expected);
}

#[rstest]
#[case::negative_area(&["--area", "-100"], "--area: -100 超出范围，应在 5 到 3000 之间\n")]
#[case::area_not_a_number(
    &["--area", "NaN"],
    "--area: 看不懂「NaN」\n  提示: 写成 100、100m2 或 100平\n"
)]
#[case::no_area(&["--coal", "3t"], "缺少 --area\n")]
#[case::coal_without_a_unit(
    &["--area", "100", "--coal", "7.5"],
    "--coal: 看不懂「7.5」\n  提示: 写成 7.5t、7.5吨 或 15000斤\n"
)]
#[case::coal_in_another_unit(
    &["--area", "100", "--coal", "7.5m3"],
    "--coal: 看不懂「7.5m3」\n  提示: 写成 7.5t、7.5吨 或 15000斤\n"
)]
#[case::half_a_person(
    &["--area", "100", "--coal", "3t", "--people", "2.5"],
    "--people: 看不懂「2.5」\n  提示: 写一个整数\n"
)]
#[case::category(
    &["--area", "100", "--coal", "3t", "--category", "低保护"],
    "--category: 没有「低保护」这一项\n  提示: 是不是想写 低保？\n"
)]
#[case::winter(
    &["--area", "100", "--coal", "3t", "--winter", "2026"],
    "--winter: 2026 不是采暖季，应写成 \"2026-27\"\n"
)]
fn a_wrong_flag_is_told(#[case] flags: &[&str], #[case] expected: &str) {
    let args = [&["compare", "--region", "红寺堡"], flags].concat();
    Folder::new(&format!("flag{}", flags.concat().len())).fails(&args, 1, expected);
}

#[test]
fn an_unknown_place_has_the_nearest_name() {
    let args = [
        "compare",
        "--region",
        "红寺铺",
        "--area",
        "100",
        "--coal",
        "3t",
    ];
    let output = Folder::new("place").run(&args);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("--region: 没有"), "{text}");
    assert!(text.contains("红寺堡"), "{text}");
}

#[test]
fn an_unknown_option_of_a_case_is_told_at_its_line() {
    let folder = Folder::new("option").with("case.toml", BASE.replace("gas_boiler", "gas_boilr"));
    let output = folder.run(&["compare", "case.toml"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("case.toml:44: options.include[1]: "),
        "{text}"
    );
    assert!(text.contains("是不是想写 gas_boiler？"), "{text}");
}

#[test]
fn a_result_is_not_written_into_a_missing_folder() {
    let folder = Folder::new("output").with("case.toml", BASE);
    let output = folder.run(&["compare", "case.toml", "-o", "no/account.txt"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.ends_with("写不了 no/account.txt：没有文件夹 no\n"),
        "{text}"
    );
    let output = folder.run(&["compare", "case.toml", "-o", "account.txt"]);
    assert!(output.status.success() && output.stdout.is_empty());
    let written = fs::read_to_string(folder.0.join("account.txt")).unwrap();
    let said = folder.run(&["compare", "case.toml"]).stdout;
    assert_eq!(written.as_bytes(), said, "same bytes for the same input");
}

#[test]
fn an_unknown_example_has_the_nearest_name() {
    let folder = Folder::new("example");
    let expected = "没有这个示例：hongsiba\n  提示: 是不是想写 hongsibao？\n";
    folder.fails(&["示例", "取出", "hongsiba"], 1, expected);
}

#[test]
fn an_example_is_written_into_an_existing_folder_only() {
    let folder = Folder::new("extract");
    let written = folder.run(&["example", "extract", "hongsibao"]);
    assert!(written.status.success());
    assert!(folder.run(&["check", "hongsibao"]).status.success());
    let again = "写不了 ./hongsibao：已经有同名的文件或文件夹\n";
    folder.fails(&["example", "extract", "hongsibao"], 1, again);
    let missing = "写不了 no/hongsibao：没有文件夹 no\n";
    folder.fails(&["example", "extract", "hongsibao", "no"], 1, missing);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .args(["check", "--help"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    use qingnuan::cli::output::write_whole;
    let folder = Folder::new("whole");
    let path = folder.0.join("账.csv");
    File::create(&path).unwrap().write_all(b"old").unwrap();
    write_whole(&path, "new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    let names = fs::read_dir(&folder.0).unwrap().count();
    assert_eq!(names, 1, "nothing else is left behind");
    let missing = write_whole(&folder.0.join("no/x.csv"), "x").unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
    assert!(
        write_whole(&folder.0, "x").is_err(),
        "a folder is not overwritten"
    );
}

#[rstest]
#[case::negative_area("heated_area_m2 = 100", "heated_area_m2 = -100", &["case.toml:11: house.heated_area_m2: -100 超出范围，应在 5 到 3000 之间"])]
#[case::zero_area("heated_area_m2 = 100", "heated_area_m2 = 0", &["case.toml:11: house.heated_area_m2: 0 超出范围，应在 5 到 3000 之间"])]
#[case::area_not_a_number("heated_area_m2 = 100", "heated_area_m2 = nan", &["case.toml:11: house.heated_area_m2: 不是有限的数"])]
#[case::area_infinite("heated_area_m2 = 100", "heated_area_m2 = inf", &["case.toml:11: house.heated_area_m2: 不是有限的数"])]
#[case::area_as_text("heated_area_m2 = 100", "heated_area_m2 = \"100\"", &["case.toml:11: house.heated_area_m2: 应是数，写的是 \"100\""])]
#[case::area_with_its_unit("heated_area_m2 = 100", "heated_area_m2 = 100m2", &["case.toml:11: 数后面不能跟别的字，单位已在键名里"])]
#[case::area_far_too_large("heated_area_m2 = 100", "heated_area_m2 = 100000", &["case.toml:11: house.heated_area_m2: 100000 超出范围，应在 5 到 3000 之间"])]
#[case::number_beyond_every_integer("heated_area_m2 = 100", "heated_area_m2 = 99999999999999999999999", &["case.toml:11: house.heated_area_m2: 100000000000000000000000 超出范围，应在 5 到 3000 之间"])]
#[case::heated_above_floor("floor_area_m2 = 120", "floor_area_m2 = 80", &["case.toml:11: house.heated_area_m2: 采暖面积 100 m2 大于建筑面积 80 m2"])]
#[case::nobody_at_home("people = 4", "people = 0", &["case.toml:5: household.people: 0 超出范围，应在 1 到 30 之间"])]
#[case::half_a_person("people = 4", "people = 2.5", &["case.toml:5: household.people: 应是整数，写的是 2.5"])]
#[case::negative_people("people = 4", "people = -1", &["case.toml:5: household.people: -1 超出范围，应在 1 到 30 之间"])]
#[case::three_hundred_people("people = 4", "people = 300", &["case.toml:5: household.people: 300 超出范围，应在 1 到 30 之间"])]
#[case::income_below_zero("income_cny_per_person_year = 15000", "income_cny_per_person_year = -1", &["case.toml:6: household.income_cny_per_person_year: -1 超出范围，应在 0 到 10000000 之间"])]
#[case::u_value_zero("wall_u_w_per_m2_k = 1.2", "wall_u_w_per_m2_k = 0", &["case.toml:15: house.wall_u_w_per_m2_k: 0 超出范围，应在 0.05 到 6 之间"])]
#[case::height_in_centimetres("height_m = 2.8", "height_m = 280", &["case.toml:14: house.height_m: 280 超出范围，应在 1.8 到 6 之间"])]
#[case::storeys_zero("storeys = 1", "storeys = 0", &["case.toml:13: house.storeys: 0 超出范围，应在 1 到 30 之间"])]
#[case::coal_in_kilograms("loose_coal_t = 5", "loose_coal_t = 5000", &["case.toml:26: today.loose_coal_t: 5000 超出范围，应在 0 到 200 之间"])]
#[case::coal_below_zero("loose_coal_t = 5", "loose_coal_t = -5", &["case.toml:26: today.loose_coal_t: -5 超出范围，应在 0 到 200 之间"])]
#[case::efficiency_in_percent("stove_efficiency = 0.5", "stove_efficiency = 50", &["case.toml:29: today.stove_efficiency: 50 超出范围，应在 0.05 到 1.1 之间"])]
#[case::heat_value_in_kcal("heat_value_mj_per_kg = 22", "heat_value_mj_per_kg = 5300", &["case.toml:28: today.heat_value_mj_per_kg: 5300 超出范围，应在 5 到 50 之间"])]
#[case::discount_rate_in_percent("discount_rate = 0.05", "discount_rate = 5", &["case.toml:39: money.discount_rate: 5 超出范围，应在 -0.05 到 0.3 之间"])]
#[case::horizon_too_long("horizon_years = 15", "horizon_years = 200", &["case.toml:40: money.horizon_years: 200 超出范围，应在 1 到 50 之间"])]
#[case::loan_without_years("years = 3", "year = 3", &["case.toml:41: money.loan: 缺少 money.loan.years", "case.toml:41: money.loan.year: 没有「year」这个键", "  提示: 是不是想写 years？"])]
#[case::set_temperature_too_high("set_c = 18", "set_c = 180", &["case.toml:19: comfort.set_c: 180 超出范围，应在 5 到 30 之间"])]
#[case::setback_above_set("setback_c = 12", "setback_c = 20", &["case.toml:20: comfort.setback_c: 20 太大，不能大于 18"])]
#[case::more_rooms_heated_than_there_are("rooms_heated = 3", "rooms_heated = 9", &["case.toml:23: comfort.rooms_heated: 采暖 9 间，多于总共 5 间"])]
#[case::eleven_months("electricity_kwh_per_month = 120", "electricity_kwh_per_month = [1,2,3,4,5,6,7,8,9,10,11]", &["case.toml:32: uses.electricity_kwh_per_month: 每月一个，应有 12 个，写了 11 个"])]
#[case::a_month_below_zero("electricity_kwh_per_month = 120", "electricity_kwh_per_month = [1,2,3,4,5,6,7,8,9,10,11,-12]", &["case.toml:32: uses.electricity_kwh_per_month[11]: -12 超出范围，应在 0 到 20000 之间"])]
#[case::key_misspelt("heated_area_m2 = 100", "heated_area_m2 = 100\nwall_u_w_per_m2 = 1", &["case.toml:12: house.wall_u_w_per_m2: 没有「wall_u_w_per_m2」这个键", "  提示: 是不是想写 wall_u_w_per_m2_k？"])]
#[case::key_without_unit("heated_area_m2 = 100", "heated_area = 100", &["case.toml:9: house: 缺少 house.heated_area_m2", "case.toml:11: house.heated_area: 没有「heated_area」这个键", "  提示: 是不是想写 heated_area_m2？"])]
#[case::key_in_the_wrong_unit("height_m = 2.8", "height_cm = 280", &["case.toml:14: house.height_cm: 没有「height_cm」这个键", "  提示: 是不是想写 height_m？"])]
#[case::key_in_chinese("people = 4", "\"人口\" = 4", &["case.toml:5: household.人口: 没有「人口」这个键", "  提示: 可以写：people, income_cny_per_person_year,", "    income_cny_per_household_year, category, registered, facts", "case.toml:6: household.income_cny_per_person_year: 写了 household.income_cny_per_person_year 就要写 household.people"])]
#[case::bare_key_in_chinese("people = 4", "人口 = 4", &["case.toml:5: 这一行应写成「键 = 值」"])]
#[case::table_misspelt("[household]", "[houshold]", &["case.toml:4: houshold: 没有「houshold」这个键", "  提示: 是不是想写 household？"])]
#[case::key_in_the_wrong_table("storeys = 1", "storeys = 1\npeople = 4", &["case.toml:14: house.people: 没有「people」这个键", "  提示: 可以写：kind, heated_area_m2, floor_area_m2, storeys, height_m,", "    class, wall_u_w_per_m2_k, roof_u_w_per_m2_k, floor_u_w_per_m2_k,", "    window_u_w_per_m2_k, windows, air_changes_per_h, heat_load_w_per_m2, method"])]
#[case::key_nobody_knows("storeys = 1", "zzz = 1", &["case.toml:13: house.zzz: 没有「zzz」这个键", "  提示: 可以写：kind, heated_area_m2, floor_area_m2, storeys, height_m,", "    class, wall_u_w_per_m2_k, roof_u_w_per_m2_k, floor_u_w_per_m2_k,", "    window_u_w_per_m2_k, windows, air_changes_per_h, heat_load_w_per_m2, method"])]
#[case::key_twice("storeys = 1", "storeys = 1\nstoreys = 2", &["case.toml:14: 同一个键写了两次"])]
#[case::table_twice("[uses]", "[house]", &["case.toml:31: 同一个键写了两次"])]
#[case::windows_misspelt("south_m2", "sourth_m2", &["case.toml:16: house.windows.sourth_m2: 没有「sourth_m2」这个键", "  提示: 是不是想写 south_m2？"])]
#[case::category_misspelt("\"general\"", "\"generl\"", &["case.toml:7: household.category: 没有「generl」这一项", "  提示: 是不是想写 general？"])]
#[case::category_in_chinese("\"general\"", "\"低保户\"", &["case.toml:7: household.category: 没有「低保户」这一项", "  提示: 可以写：general, minimum_living, destitute_support, low_income,", "    out_of_poverty, monitored, disabled, martyr"])]
#[case::one_category_of_two_wrong("\"general\"", "[\"general\", \"poor\"]", &["case.toml:7: household.category[1]: 没有「poor」这一项", "  提示: 可以写：general, minimum_living, destitute_support, low_income,", "    out_of_poverty, monitored, disabled, martyr"])]
#[case::dwelling_unknown("\"farmhouse\"", "\"castle\"", &["case.toml:10: house.kind: 没有「castle」这一项", "  提示: 可以写：farmhouse, farmhouse_storeys, flat, urban_bungalow"])]
#[case::service_unknown("service = \"today\"", "service = \"todai\"", &["case.toml:45: options.service: 没有「todai」这一项", "  提示: 是不是想写 today？"])]
#[case::carrier_unknown("carrier = \"natural_gas\"", "carrier = \"gas\"", &["case.toml:48: price[0].carrier: 没有「gas」这一项", "  提示: 是不是想写 natural_gas？"])]
#[case::no_place("place = \"红寺堡\"\n", "", &["case.toml:1: 缺少 place"])]
#[case::place_is_a_number("place = \"红寺堡\"", "place = 5", &["case.toml:1: place: 应是文字（加英文引号），写的是 5"])]
#[case::no_area("heated_area_m2 = 100\n", "", &["case.toml:9: house: 缺少 house.heated_area_m2"])]
#[case::no_fuel_at_all("loose_coal_t = 5\n", "", &["case.toml:25: today: 今天的取暖没有写用了多少，也没有写花了多少"])]
#[case::season_without_end("to = \"03-31\"\n", "", &["case.toml:34: season: 缺少 season.to"])]
#[case::loan_without_rate("rate = 0.04, ", "", &["case.toml:41: money.loan: 缺少 money.loan.rate"])]
#[case::price_of_nothing("carrier = \"natural_gas\"\n", "", &["case.toml:48: price[0].price_cny_per_unit: 要写明是哪一种，写一个：carrier, product"])]
#[case::price_without_a_figure("price_cny_per_unit = 2.5\n", "", &["case.toml:47: price[0]: 缺少 price[0].price_cny_per_unit"])]
#[case::income_of_a_person_without_people("people = 4\n", "", &["case.toml:5: household.income_cny_per_person_year: 写了 household.income_cny_per_person_year 就要写 household.people"])]
#[case::not_a_winter("\"2026-27\"", "\"2026-28\"", &["case.toml:2: winter: 2026-28 不是采暖季，应写成 \"2026-27\""])]
#[case::winter_is_a_year("\"2026-27\"", "2026", &["case.toml:2: winter: 应是采暖季（\"2026-27\"），写的是 2026"])]
#[case::winter_in_words("\"2026-27\"", "\"今年冬天\"", &["case.toml:2: winter: 今年冬天 不是采暖季，应写成 \"2026-27\""])]
#[case::date_outside_the_winter("winter = \"2026-27\"", "winter = \"2026-27\"\ndate = 2025-11-15", &["case.toml:3: date: 2025-11-15 不在采暖季 2026-27 里"])]
#[case::not_a_day_of_the_year("from = \"11-01\"", "from = \"02-30\"", &["case.toml:35: season.from: 日历上没有这一天：02-30"])]
#[case::season_as_a_date("from = \"11-01\"", "from = 2026-11-01", &["case.toml:35: season.from: 应是月日（\"11-01\"），写的是 2026-11-01"])]
#[case::not_a_day("from = 2026-11-01", "from = \"2026-02-30\"", &["case.toml:50: price[0].from: 日历上没有这一天：2026-02-30"])]
#[case::a_day_toml_does_not_know("from = 2026-11-01", "from = 2026-02-30", &["case.toml:50: 日期写得不对，或日历上没有这一天"])]
#[case::price_ends_before_it_begins("to = 2027-03-31", "to = 2025-03-31", &["case.toml:51: price[0].to: 2025-03-31 应大于它前面的 2026-11-01"])]
#[case::prices_overlap("[[price]]\n", "[[price]]\ncarrier = \"natural_gas\"\nprice_cny_per_unit = 3\nfrom = 2027-01-01\n\n[[price]]\n", &["case.toml:54: price[1].price_cny_per_unit: 日期重叠：2027-01-01.. 与 2026-11-01..2027-03-31"])]
#[case::price_of_two_things("carrier = \"natural_gas\"", "carrier = \"natural_gas\"\nproduct = \"x\"", &["case.toml:50: price[0].price_cny_per_unit: 只能写一种，写了：carrier, product"])]
#[case::hours_overlap("\"17-22\"", "\"8-22\"", &["case.toml:21: comfort.hours[1]: 8 点被规定了 2 次，应恰好一次"])]
#[case::hours_not_hours("\"17-22\"", "\"17-25\"", &["case.toml:21: comfort.hours[1]: 17-25 不是时段，应写成 \"17-23\"（0 到 24 点）"])]
#[case::hours_as_numbers("[\"6-9\", \"17-22\"]", "[6, 9]", &["case.toml:21: comfort.hours[0]: 应是时段（\"17-23\"），写的是 6", "case.toml:21: comfort.hours[1]: 应是时段（\"17-23\"），写的是 9"])]
#[case::option_in_and_out("service = \"today\"", "exclude = [\"gas_boiler\"]", &["case.toml:45: options.exclude[0]: gas_boiler 既在 include 又在 exclude"])]
#[case::option_twice("\"gas_boiler\"]", "\"heat_pump_air\"]", &["case.toml:44: options.include[1]: 「heat_pump_air」已经用过（case.toml:44）"])]
#[case::lease_and_loan("horizon_years = 15", "lease = { payment_cny_per_year = 900, years = 5 }", &["case.toml:40: money.lease: money.lease 与 money.loan 不能同时写"])]
#[case::station_and_epw("[uses]", "[weather]\nstation = \"吴忠\"\nepw = \"x.epw\"\n\n[uses]", &["case.toml:33: weather.epw: weather.epw 与 weather.station 不能同时写"])]
#[case::quote_not_closed("place = \"红寺堡\"", "place = \"红寺堡", &["case.toml:1: 引号或括号没有收尾"])]
#[case::no_quotes("place = \"红寺堡\"", "place = 红寺堡", &["case.toml:1: 文字要加英文引号 \"\""])]
#[case::chinese_quotes("place = \"红寺堡\"", "place = “红寺堡”", &["case.toml:1: 文字要加英文引号 \"\"", "  提示: 这一行有中文符号，引号、等号、逗号、括号要用英文的：\" = , [ ]"])]
#[case::chinese_equals("people = 4", "people ＝ 4", &["case.toml:5: 这一行应写成「键 = 值」", "  提示: 这一行有中文符号，引号、等号、逗号、括号要用英文的：\" = , [ ]"])]
#[case::no_value("people = 4", "people =", &["case.toml:5: 等号后面没有值，或值写得不对"])]
#[case::no_equals("people = 4", "people 4", &["case.toml:5: 这一行应写成「键 = 值」"])]
#[case::table_not_closed("[house]\n", "[house\n", &["case.toml:9: 引号或括号没有收尾"])]
#[case::list_not_closed("[\"6-9\", \"17-22\"]", "[\"6-9\", \"17-22\"", &["case.toml:22: 逗号多了或少了", "case.toml:23: 逗号多了或少了", "case.toml:51: 引号或括号没有收尾"])]
#[case::comma_missing("[\"6-9\", \"17-22\"]", "[\"6-9\" \"17-22\"]", &["case.toml:21: 逗号多了或少了"])]
#[case::table_as_a_number("windows = { south_m2 = 12, north_m2 = 3 }", "windows = 15", &["case.toml:16: house.windows: 应是一组键（表），写的是 15"])]
#[case::list_as_text("include = [\"heat_pump_air\", \"gas_boiler\"]", "include = \"heat_pump_air\"", &["case.toml:44: options.include: 应是列表（用方括号），写的是 \"heat_pump_air\""])]
#[case::text_as_bool("storeys = 1", "storeys = 1\n[site]\ngas_main = \"yes\"", &["case.toml:15: site.gas_main: 应是「true」或「false」，写的是 \"yes\"", "case.toml:16: site.height_m: 没有「height_m」这个键", "  提示: 可以写：gas_main, district_heat, spare_supply_kw, roof_m2,", "    roof_azimuth_deg, roof_tilt_deg, yard_m2, emitters, biomass_km", "case.toml:17: site.wall_u_w_per_m2_k: 没有「wall_u_w_per_m2_k」这个键", "  提示: 可以写：gas_main, district_heat, spare_supply_kw, roof_m2,", "    roof_azimuth_deg, roof_tilt_deg, yard_m2, emitters, biomass_km", "case.toml:18: site.windows: 没有「windows」这个键", "  提示: 可以写：gas_main, district_heat, spare_supply_kw, roof_m2,", "    roof_azimuth_deg, roof_tilt_deg, yard_m2, emitters, biomass_km"])]
#[case::large_farmhouse("heated_area_m2 = 100\nfloor_area_m2 = 120", "heated_area_m2 = 900", &["case.toml:11: house.heated_area_m2: 注意: 900 少见，一般在 15 到 400 之间，请核对", "case.toml:25: today.loose_coal_t: 注意: 每平方米 6 kg，一般在 8 到 120 kg 之间，请核对面积和吨数"])]
#[case::twenty_tonnes("loose_coal_t = 5", "loose_coal_t = 20", &["case.toml:26: today.loose_coal_t: 注意: 20 少见，一般在 0.3 到 12 之间，请核对", "case.toml:26: today.loose_coal_t: 注意: 每平方米 200 kg，一般在 8 到 120 kg 之间，请核对面积和吨数"])]
#[case::coal_price_a_jin("loose_coal_cny_per_t = 1200", "loose_coal_cny_per_t = 0.6", &["case.toml:27: today.loose_coal_cny_per_t: 注意: 0.6 少见，一般在 300 到 3000 之间，请核对"])]
#[case::incomes_disagree("people = 4", "people = 4\nincome_cny_per_household_year = 15000", &["case.toml:6: household.income_cny_per_household_year: 注意: 人均 15000 元 × 4 人 = 60000 元，与全户 15000 元不符；按全户算"])]
#[case::bill_disagrees("loose_coal_t = 5", "loose_coal_t = 5\nbill_cny = 1200", &["case.toml:27: today.bill_cny: 注意: 按数量和单价是 6000 元，与所写的花费 1200 元相差较多；按数量和单价算"])]
#[case::little_coal_for_the_area("loose_coal_t = 5", "loose_coal_t = 0.5", &["case.toml:26: today.loose_coal_t: 注意: 每平方米 5 kg，一般在 8 到 120 kg 之间，请核对面积和吨数"])]
fn a_wrong_piece_is_told_in_chinese(
    #[case] piece: &str,
    #[case] by: &str,
    #[case] expected: &[&str],
) {
    assert_eq!(told(piece, by, Lang::Zh), expected);
}

#[rstest]
#[case::negative_area("heated_area_m2 = 100", "heated_area_m2 = -100", &["case.toml:11: house.heated_area_m2: -100 is out of range, allowed are 5 to 3000"])]
#[case::heated_above_floor("floor_area_m2 = 120", "floor_area_m2 = 80", &["case.toml:11: house.heated_area_m2: the heated area 100 m2 is larger than the floor area 80 m2"])]
#[case::efficiency_in_percent("stove_efficiency = 0.5", "stove_efficiency = 50", &["case.toml:29: today.stove_efficiency: 50 is out of range, allowed are 0.05 to 1.1"])]
#[case::key_misspelt("heated_area_m2 = 100", "heated_area_m2 = 100\nwall_u_w_per_m2 = 1", &["case.toml:12: house.wall_u_w_per_m2: there is no key \"wall_u_w_per_m2\"", "  hint: did you mean wall_u_w_per_m2_k?"])]
#[case::no_place("place = \"红寺堡\"\n", "", &["case.toml:1: place is missing"])]
#[case::prices_overlap("[[price]]\n", "[[price]]\ncarrier = \"natural_gas\"\nprice_cny_per_unit = 3\nfrom = 2027-01-01\n\n[[price]]\n", &["case.toml:54: price[1].price_cny_per_unit: dates overlap: 2027-01-01.. and 2026-11-01..2027-03-31"])]
#[case::quote_not_closed("place = \"红寺堡\"", "place = \"红寺堡", &["case.toml:1: a quote or bracket is not closed"])]
#[case::twenty_tonnes("loose_coal_t = 5", "loose_coal_t = 20", &["case.toml:26: today.loose_coal_t: note: 20 is unusual, usual are 0.3 to 12; please check", "case.toml:26: today.loose_coal_t: note: 200 kg a square metre, usual are 8 to 120 kg; check area and tonnes"])]
fn a_wrong_piece_is_told_in_english(
    #[case] piece: &str,
    #[case] by: &str,
    #[case] expected: &[&str],
) {
    assert_eq!(told(piece, by, Lang::En), expected);
}
