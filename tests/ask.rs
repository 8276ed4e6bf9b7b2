//! The wizard `ask` with piped answers: what it asks again and why, and that the file it saves
//! gives the very account it showed.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rstest::rstest;
use unicode_width::UnicodeWidthStr;

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ask-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str], answers: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qingnuan"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A run that ends before it read everything closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The answers, one a line.
fn lines(answers: &[&str]) -> String {
    answers.iter().map(|line| format!("{line}\n")).collect()
}

/// What was said between the answer `said` and the next prompt.
fn said_after<'t>(talk: &'t str, said: &str) -> &'t str {
    let mark = format!("> {said}\n");
    let (_, rest) = talk
        .split_once(&mark)
        .unwrap_or_else(|| panic!("{said} in {talk}"));
    rest.split_once("\n> ").map_or(rest, |(said, _)| said)
}

#[rstest]
#[case::coal_and_straw("zh", &["红寺堡", "100平", "2", "散煤、秸秆", "3吨", "1600", "1吨", "", "4", "全家", "6万", "低保", "没有", "有"],
    "place = \"红寺堡\"  # 宁夏回族自治区吴忠市红寺堡区\n\n\
     [household]\npeople = 4\nincome_cny_per_household_year = 60000  # 6万\n\
     category = \"minimum_living\"  # 低保户\n\n\
     [house]\nkind = \"farmhouse\"\nheated_area_m2 = 100  # 100平\nclass = \"brick_240\"  # 24墙砖房\n\n\
     [today]\nloose_coal_t = 3  # 3吨\nstraw_t = 1  # 1吨\nloose_coal_cny_per_t = 1600\n\n\
     [site]\ngas_main = false  # 管道天然气通到村里了吗？\nemitters = \"radiator\"  # 屋里有暖气片吗？\n")]
#[case::defaults_only("zh", &["巨鹿", "90", "", "", "", "", "", "", "", "", ""],
    "place = \"巨鹿\"  # 河北省邢台市巨鹿县\n\n[house]\nheated_area_m2 = 90\n\n\
     [today]\nheater = \"coal_stove\"\n")]
#[case::gas_of_one_person("zh", &["石家庄", "８０", "", "气", "1200方", "3", "一口人", "2.5万", "", "通了", "不知道"],
    "place = \"石家庄\"  # 河北省石家庄市\n\n\
     [household]\npeople = 3\nincome_cny_per_person_year = 25000  # 2.5万\n\n\
     [house]\nheated_area_m2 = 80\n\n[today]\nnatural_gas_m3 = 1200  # 1200方\n\n\
     [site]\ngas_main = true  # 管道天然气通到村里了吗？\n")]
#[case::jin_and_bags("zh", &["怀柔", "110", "37墙砖房", "1 4", "5000斤", "0.6元/斤", "40袋", "", "3口", "2", "30000", "一般户", "2", "2"],
    "place = \"怀柔\"  # 北京市怀柔区\n\n\
     [household]\npeople = 3  # 3口\nincome_cny_per_person_year = 30000\n\
     category = \"general\"  # 一般户\n\n\
     [house]\nkind = \"farmhouse\"\nheated_area_m2 = 110\nclass = \"brick_370\"  # 37墙砖房\n\n\
     [today]\nloose_coal_t = 2.5  # 5000斤\npellet_t = 0.8  # 40袋\n\
     loose_coal_cny_per_t = 1200  # 0.6元/斤\n\n\
     [site]\ngas_main = false  # 管道天然气通到村里了吗？\n")]
#[case::district_heat("en", &["shijiazhuang", "80", "", "8", "2000", "", "", "", "2", "2"],
    "place = \"shijiazhuang\"  # Shijiazhuang, Hebei\n\n[house]\nheated_area_m2 = 80\n\n\
     [today]\nheater = \"district_heat\"\nbill_cny = 2000\n\n\
     [site]\ngas_main = false  # Is there a gas main in the village?\n")]
#[case::power("en", &["Julu", "70 m2", "3", "power", "4000 kWh", "2", "1", "CNY", "40000", "", "1", "1"],
    "place = \"Julu\"  # Julu, Xingtai, Hebei\n\n\
     [household]\npeople = 2\nincome_cny_per_household_year = 40000\n\n\
     [house]\nkind = \"farmhouse\"\nheated_area_m2 = 70  # 70 m2\nclass = \"brick_370\"  # brick house, 370 mm walls, no insulation\n\n\
     [today]\nelectricity_kwh = 4000  # 4000 kWh\n\n\
     [site]\ngas_main = true  # Is there a gas main in the village?\nemitters = \"radiator\"  # Are there radiators in the rooms?\n")]
fn a_household_is_saved_as_it_was_shown(
    #[case] lang: &str,
    #[case] answers: &[&str],
    #[case] file: &str,
) {
    let folder = folder(&format!("{lang}-{}-{}", answers[0], answers[1]));
    let talk = run(
        &folder,
        &["ask", "--lang", lang, "-o", "case.toml"],
        &lines(answers),
    );
    let questions = text(&talk.stderr);
    assert_eq!(talk.status.code(), Some(0), "{questions}");
    let saved = fs::read_to_string(folder.join("case.toml")).unwrap();
    let (_, entries) = saved.split_once('\n').unwrap();
    assert_eq!(entries, file, "{questions}");
    let compared = run(&folder, &["compare", "--lang", lang, "case.toml"], "");
    assert_eq!(compared.status.code(), Some(0));
    assert_eq!(text(&compared.stdout), text(&talk.stdout));
    assert!(text(&talk.stdout).lines().count() > 20);
    for line in questions.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
}

#[rstest]
#[case::place_typo(
    "红四堡",
    "  没有找到“红四堡”\n  写编号选一个，或者重写：\n   1 宁夏回族自治区吴忠市红寺堡区"
)]
#[case::no_such_place(
    "@@@",
    "  没有找到“@@@”\n  写县、区或旗的名字，后面可以带乡镇和村，如 红寺堡、怀柔区、红寺堡永新村"
)]
#[case::no_place(
    "",
    "  这一项一定要写\n  写县、区或旗的名字，后面可以带乡镇和村，如 红寺堡、怀柔区、红寺堡永新村"
)]
#[case::no_area("不知道", "  这一项一定要写\n  只算冬天取暖的房间，如 100、100平")]
#[case::area_in_words("很大", "  看不懂「很大」\n  只算冬天取暖的房间，如 100、100平")]
#[case::area_too_large(
    "9000",
    "  9000 超出范围，应在 5 到 3000 之间\n  只算冬天取暖的房间，如 100、100平"
)]
#[case::house_not_listed("茅草屋", "  没有「茅草屋」这一项\n  写前面的编号")]
#[case::fuel_not_listed("核电站", "  没有「核电站」这一项\n  写前面的编号")]
#[case::coal_without_unit("3", "  看不懂「3」\n  要带单位：3吨、6000斤、3000公斤，或 60袋x100斤")]
#[case::coal_against_area(
    "30吨",
    "  30 少见，一般在 0.3 到 12 之间，请核对\n  每平方米 300 kg，一般在 8 到 120 kg 之间，请核对面积和吨数\n  按所写的燃料，得到的热是房屋模拟的 489%，请核对面积、用量和炉子\n  没有写错就直接回车；写错了重写。"
)]
#[case::coal_against_the_house(
    "0.9吨",
    "  按所写的燃料，得到的热只有房屋模拟的 15%（室内约 4 度），请核对面积、用量\n    和炉子\n  没有写错就直接回车；写错了重写。"
)]
#[case::half_a_person("2.5", "  看不懂「2.5」\n  写个数，如 4、4口")]
#[case::too_many_people("40", "  40 超出范围，应在 1 到 30 之间\n  写个数，如 4、4口")]
#[case::income_of_whom(
    "六万",
    "  看不懂「六万」\n  1 是全家一年的，2 是平均一口人一年的；不知道就直接回车"
)]
#[case::income_against_the_winter(
    "20000",
    "  现在一冬取暖 8,100 元，全家一年收入 20,000 元，占 40%（10% 以上算很重），\n    请核对收入是全家的还是一口人的、是一年的还是一月的\n  没有写错就直接回车；写错了重写。"
)]
#[case::category_not_listed("低保乎", "  没有「低保乎」这一项\n  是不是想写 低保？")]
#[case::neither_yes_nor_no("也许", "  看不懂「也许」\n  写 1（有）或 2（没有）")]
fn a_wrong_answer_is_asked_again_with_its_reason(#[case] wrong: &str, #[case] why: &str) {
    let folder = folder(&format!("wrong-{wrong}"));
    let all = [
        "红四堡",
        "@@@",
        "",
        "红寺堡",
        "不知道",
        "很大",
        "9000",
        "100",
        "茅草屋",
        "",
        "核电站",
        "煤",
        "3",
        "30吨",
        "0.9吨",
        "5吨",
        "1600",
        "2.5",
        "40",
        "4",
        "六万",
        "全家",
        "20000",
        "90000",
        "低保乎",
        "低保",
        "也许",
        "没有",
        "没有",
    ];
    let talk = run(&folder, &["问", "-o", "case.toml"], &lines(&all));
    let questions = text(&talk.stderr);
    assert_eq!(talk.status.code(), Some(0), "{questions}");
    assert_eq!(said_after(&questions, wrong), why);
    let saved = fs::read_to_string(folder.join("case.toml")).unwrap();
    assert!(saved.contains("loose_coal_t = 5  # 5吨"), "{saved}");
}

/// Answers for a household of which little is told.
const HOUSEHOLD: [&str; 11] = ["红寺堡", "100", "", "煤", "5吨", "", "4", "", "", "", ""];

#[test]
fn the_question_before_can_be_answered_again() {
    let folder = folder("back");
    let answers = [
        &[
            "返回",
            "红寺堡",
            "100",
            "back",
            "120",
            "",
            "煤",
            "6吨",
            "返回",
        ][..],
        &[
            "返回", "型煤", "5吨", "800", "4", "返回", "", "", "", "", "",
        ],
    ];
    let answers = lines(&answers.concat());
    let talk = run(&folder, &["填表", "-o", "case.toml"], &answers);
    let questions = text(&talk.stderr);
    assert_eq!(talk.status.code(), Some(0), "{questions}");
    assert_eq!(
        said_after(&questions, "返回"),
        "  这是第一问\n\n1. 哪里的人家？（县、乡镇或村）"
    );
    assert_eq!(
        said_after(&questions, "back"),
        "\n2. 冬天烧暖的屋子一共多少平方米？\n  [回车 = 100]"
    );
    let saved = fs::read_to_string(folder.join("case.toml")).unwrap();
    assert!(saved.contains("people = 4\n"), "{saved}");
    assert!(saved.contains("heated_area_m2 = 120\n"), "{saved}");
    assert!(saved.contains("briquette_t = 5  # 5吨\n"), "{saved}");
    assert!(!saved.contains("loose_coal"), "{saved}");
}

#[test]
fn an_unlikely_answer_stands_if_it_is_kept() {
    let folder = folder("kept");
    let mut answers = HOUSEHOLD.to_vec();
    answers[4] = "15吨";
    answers.insert(5, "");
    let talk = run(&folder, &["ask", "-o", "case.toml"], &lines(&answers));
    assert_eq!(talk.status.code(), Some(0), "{}", text(&talk.stderr));
    let saved = fs::read_to_string(folder.join("case.toml")).unwrap();
    assert!(saved.contains("loose_coal_t = 15  # 15吨"), "{saved}");
}

#[test]
fn answers_that_end_early_leave_no_file() {
    let answers = lines(&HOUSEHOLD);
    let folder = folder("early");
    let starts = answers.match_indices('\n').map(|(end, _)| &answers[..end]);
    for start in starts.chain([""]) {
        for (lang, sentence) in [
            ("zh", "没有问完，什么也没有存。\n"),
            ("en", "Not finished; nothing was saved.\n"),
        ] {
            let args = ["ask", "--lang", lang, "-o", "case.toml"];
            let talk = run(&folder, &args, start);
            assert_eq!(talk.status.code(), Some(1), "{start}");
            assert!(text(&talk.stderr).ends_with(sentence), "{start}");
            assert_eq!(text(&talk.stdout), "");
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "{start}");
        }
    }
    // Without -o the account is shown before the file is asked for.
    let talk = run(&folder, &["ask"], &answers);
    assert_eq!(talk.status.code(), Some(1));
    assert!(text(&talk.stderr).ends_with("没有问完，什么也没有存。\n"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn the_file_is_asked_for_and_none_is_replaced_unasked() {
    let folder = folder("file");
    fs::write(folder.join("老.toml"), "old").unwrap();
    let with = |last: &[&str]| lines(&[&HOUSEHOLD[..], last].concat());
    let names = ["没有/的.toml", "老.toml", "新 \"户\".toml"];
    let talk = run(&folder, &["ask"], &with(&names));
    let questions = text(&talk.stderr);
    assert_eq!(talk.status.code(), Some(0), "{questions}");
    assert_eq!(
        said_after(&questions, "没有/的.toml"),
        "写不了 没有/的.toml：没有文件夹 没有"
    );
    assert_eq!(
        said_after(&questions, "老.toml"),
        "  已经有 老.toml，回车就盖掉它，不然写别的名字"
    );
    assert_eq!(fs::read(folder.join("老.toml")).unwrap(), b"old");
    assert!(folder.join("新 \"户\".toml").is_file());
    let talk = run(&folder, &["ask"], &with(&["老.toml", ""]));
    assert_eq!(talk.status.code(), Some(0));
    assert_ne!(fs::read(folder.join("老.toml")).unwrap(), b"old");
    let talk = run(&folder, &["ask"], &with(&[""]));
    assert_eq!(talk.status.code(), Some(0));
    assert!(folder.join("红寺堡.toml").is_file());
}

#[test]
fn no_answer_breaks_out_of_its_quotes_or_its_comment() {
    let folder = folder("quotes");
    let mut answers = HOUSEHOLD.to_vec();
    answers[0] = "红'寺堡";
    answers.splice(1..2, ["100\r[money]\rhorizon_years = 1", "100"]);
    let talk = run(&folder, &["ask", "-o", "case.toml"], &lines(&answers));
    assert_eq!(talk.status.code(), Some(0), "{}", text(&talk.stderr));
    let saved = fs::read_to_string(folder.join("case.toml")).unwrap();
    assert!(
        saved.contains("place = \"红'寺堡\"  # 宁夏回族自治区吴忠市红寺堡区\n"),
        "{saved}"
    );
    assert!(!saved.contains("money"), "{saved}");
}
