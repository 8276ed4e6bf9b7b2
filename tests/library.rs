//! The data library: every place loads, names find their places, levels fill one another in by date,
//! a county's own folder is laid over, and bad files are named by file, line and field.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::PathBuf;

use jiff::civil::date;
use qingnuan::input::library::Library;
use qingnuan::input::library_check::check_library;
use qingnuan::input::place::{Level, Places};
use qingnuan::input::price::{FuelUnit, Timing};
use qingnuan::input::problem::{ProblemKind, Problems, Severity};
use qingnuan::input::region::{Region, region};
use qingnuan::words::calendar::Winter;
use qingnuan::words::fixed::Fixed;
use qingnuan::words::kinds::Carrier;
use rstest::rstest;

/// A folder for one test's overlay, empty at its start.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("overlay_{name}"));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn overlay(name: &str, files: &[(&str, &str)]) -> Result<Library, Problems> {
    Library::with_overlay(&folder(name, files))
}

/// The region of a name in a winter; panics with the problems.
fn at(library: &Library, name: &str, winter: i16) -> Region {
    let chain = library.resolve_place(name).unwrap();
    region(library, &chain, Winter(winter)).unwrap()
}

/// `file name:line field` of each problem, with its kind.
fn told(problems: &Problems) -> Vec<(String, ProblemKind)> {
    let spot = |p: &qingnuan::input::problem::Problem| {
        let name = p.place.file.rsplit('/').next().unwrap_or_default();
        format!("{name}:{} {}", p.place.line, p.place.field)
    };
    problems
        .0
        .iter()
        .map(|p| (spot(p), p.kind.clone()))
        .collect()
}

#[test]
fn nothing_is_wrong_in_the_whole_library() {
    let problems = check_library(&Library::bundled());
    assert!(problems.0.is_empty(), "{:#?}", problems.0);
}

#[test]
fn every_place_has_a_region() {
    let library = Library::bundled();
    let mut provinces = 0;
    for row in library.places().iter() {
        let chain = library.places().chain(&row.path).unwrap();
        for winter in [2015, 2026] {
            let region = region(&library, &chain, Winter(winter)).unwrap_or_else(|problems| {
                panic!("{}: {:#?}", row.path, problems.0);
            });
            assert!(region.fuel_price(Carrier::LooseCoal, None).is_some());
            assert_eq!(region.burden_classes.len(), 3, "{}", row.path);
        }
        provinces += usize::from(row.level == Level::Province);
    }
    // 北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 山东 河南 陕西 甘肃 青海 宁夏 新疆 西藏
    assert_eq!(provinces, 16);
}

#[test]
fn every_folder_of_places_belongs_to_a_place() {
    let library = Library::bundled();
    for path in library.files_under("places/") {
        let Some((folder, _)) = path["places/".len()..].rsplit_once('/') else {
            continue;
        };
        assert!(library.places().get(folder).is_some(), "{path}");
    }
}

#[rstest]
#[case::short("红寺堡", "ningxia/wuzhong/hongsibao")]
#[case::full("红寺堡区", "ningxia/wuzhong/hongsibao")]
#[case::after_province("宁夏红寺堡", "ningxia/wuzhong/hongsibao")]
#[case::after_full_province("宁夏回族自治区红寺堡", "ningxia/wuzhong/hongsibao")]
#[case::after_city("吴忠市红寺堡区", "ningxia/wuzhong/hongsibao")]
#[case::all_levels("宁夏回族自治区 吴忠市 红寺堡区", "ningxia/wuzhong/hongsibao")]
#[case::pinyin("hongsibao", "ningxia/wuzhong/hongsibao")]
#[case::pinyin_with_level("Hongsibao District", "ningxia/wuzhong/hongsibao")]
#[case::pinyin_of_two("ningxia hongsibao", "ningxia/wuzhong/hongsibao")]
#[case::mixed("宁夏 hongsibao", "ningxia/wuzhong/hongsibao")]
#[case::path("ningxia/wuzhong/hongsibao", "ningxia/wuzhong/hongsibao")]
#[case::code("640303", "ningxia/wuzhong/hongsibao")]
#[case::village_code("640303001002", "ningxia/wuzhong/hongsibao")]
#[case::municipality("北京", "beijing")]
#[case::district("北京市怀柔区", "beijing/huairou")]
#[case::village("宁夏红寺堡区柳泉乡永新村", "ningxia/wuzhong/hongsibao")]
#[case::old_name("密云县", "beijing/miyun")]
#[case::banner("乌审旗", "neimenggu/ordos/uxin")]
#[case::banner_short("乌审", "neimenggu/ordos/uxin")]
#[case::other_spelling("呼市", "neimenggu/hohhot")]
#[case::english("Inner Mongolia", "neimenggu")]
#[case::apostrophe("Xi'an", "shaanxi/xian")]
#[case::two_provinces_sound_alike("shaanxi", "shaanxi")]
#[case::the_other("shanxi", "shanxi")]
#[case::the_city_is_meant("和田", "xinjiang/hotan")]
#[case::the_county_is_named("和田县", "xinjiang/hotan/hotanxian")]
#[case::full_name_of_a_city("大同市", "shanxi/datong")]
#[case::district_of_the_same_name("大庆大同", "heilongjiang/daqing/datong")]
#[case::directly_under_a_province("济源", "henan/jiyuan")]
fn names_find_their_places(#[case] name: &str, #[case] path: &str) {
    let library = Library::bundled();
    assert_eq!(library.resolve_place(name).unwrap().id(), path);
}

#[rstest]
#[case("长安", &["河北省石家庄市长安区", "陕西省西安市长安区"])]
#[case("长安区", &["河北省石家庄市长安区", "陕西省西安市长安区"])]
#[case("大同", &["黑龙江省大庆市大同区", "山西省大同市"])]
fn several_places_are_told(#[case] name: &str, #[case] expected: &[&str]) {
    match Library::bundled().resolve_place(name) {
        Err(ProblemKind::AmbiguousPlace { candidates, .. }) => assert_eq!(candidates, expected),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::slip("红寺保", "宁夏回族自治区吴忠市红寺堡区")]
#[case::pinyin_slip("hongsipao", "宁夏回族自治区吴忠市红寺堡区")]
#[case::county_that_is_not_there("宁夏西吉县", "宁夏回族自治区")]
#[case::village_of_a_county_that_is_not_there("宁夏西吉县吉强镇", "宁夏回族自治区")]
#[case::wrong_province("甘肃红寺堡", "宁夏回族自治区吴忠市红寺堡区")]
fn an_unknown_name_comes_with_the_nearest(#[case] name: &str, #[case] expected: &str) {
    match Library::bundled().resolve_place(name) {
        Err(ProblemKind::NotOneOf { value, allowed, .. }) => {
            assert_eq!(value, name);
            assert!(allowed.iter().any(|near| near == expected), "{allowed:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case("")]
#[case("区")]
#[case("999999")]
#[case("广州")]
fn no_place_is_guessed(#[case] name: &str) {
    assert!(matches!(
        Library::bundled().resolve_place(name),
        Err(ProblemKind::NotOneOf { .. })
    ));
}

#[test]
fn the_county_of_the_first_example_is_complete() {
    let region = at(&Library::bundled(), "红寺堡", 2023);
    let season = region.season.as_ref().unwrap();
    assert_eq!(season.value.to_string(), "11-01..03-31");
    assert_eq!(
        (season.used.level, season.used.filled_in),
        (Level::Province, true)
    );
    let coal = region.fuel_price(Carrier::LooseCoal, None).unwrap();
    assert_eq!(
        (coal.value.price, coal.value.unit),
        (Fixed::whole(1600), FuelUnit::Tonne)
    );
    assert_eq!(
        (coal.used.level, coal.used.filled_in),
        (Level::County, false)
    );
    assert_eq!(coal.used.timing, Timing::Valid);
    assert_eq!(
        coal.figure.id(),
        "ningxia/wuzhong/hongsibao/fuel_price/loose_coal@2022-11-01"
    );
    // the winter 2023-24 has its middle in January 2024
    assert_eq!(region.income_per_person.value.0, 23_119.0);
    assert_eq!(region.station.as_ref().unwrap().id, "53810");
    let lpg = region.fuel_price(Carrier::Lpg, None).unwrap();
    // (115 + 5) yuan for 15 kg
    assert!((lpg.value.per_tonne() - 8_000.0).abs() < 1e-9);
}

#[test]
fn an_old_price_of_the_place_is_used_and_marked() {
    let region = at(&Library::bundled(), "红寺堡", 2026);
    let coal = region.fuel_price(Carrier::LooseCoal, None).unwrap();
    assert_eq!(coal.value.price, Fixed::whole(1600));
    let since = date(2024, 3, 31);
    assert_eq!(coal.used.timing, Timing::OutOfDate { since });
    let figures = region.figures();
    let marked = figures.iter().any(|(figure, used)| {
        figure.id() == coal.figure.id() && used.timing == Timing::OutOfDate { since }
    });
    assert!(marked && figures.len() > 20);
}

#[test]
fn a_winter_before_all_figures_is_marked_too() {
    let region = at(&Library::bundled(), "红寺堡", 2010);
    let coal = region.fuel_price(Carrier::LooseCoal, None).unwrap();
    let from = date(2022, 11, 1);
    assert_eq!(coal.used.timing, Timing::NotYet { from });
}

/// A coal price of a level in a winter.
fn coal(price: u16, from: &str, to: &str) -> String {
    format!(
        "[[fuel_price]]\ncarrier = \"loose_coal\"\nprice = {{ cny_per_t = {price} }}\n\
         figure = {{ source = \"assumption\", grade = \"D\", valid = {{ from = {from}, to = {to} }} }}\n"
    )
}

#[test]
fn the_most_specific_valid_figure_wins_and_then_the_newest_that_ended() {
    let county = coal(1200, "2020-11-01", "2021-03-31");
    let city = coal(1100, "2020-11-01", "2021-03-31")
        + &coal(1150, "2021-04-01", "2022-03-31")
        + &coal(1300, "2022-04-01", "2023-03-31");
    let province = coal(
        900,
        "2019-11-01",
        "\"until_replaced\", checked = 2022-01-01",
    );
    let files = [
        (
            "places/ningxia/wuzhong/hongsibao/place.toml",
            county.as_str(),
        ),
        ("places/ningxia/wuzhong/place.toml", city.as_str()),
        ("places/ningxia/place.toml", province.as_str()),
    ];
    let library = overlay("order", &files).unwrap();
    let price = |winter| {
        let region = at(&library, "红寺堡", winter);
        let given = region.fuel_price(Carrier::LooseCoal, None).unwrap().clone();
        (
            given.value.price.to_f64(),
            given.used.level,
            given.used.timing,
        )
    };
    assert_eq!(price(2020), (1200.0, Level::County, Timing::Valid));
    assert_eq!(price(2021), (1150.0, Level::City, Timing::Valid));
    assert_eq!(price(2022), (1300.0, Level::City, Timing::Valid));
    // county and city have ended, the province's holds until it is replaced
    assert_eq!(price(2025), (900.0, Level::Province, Timing::Valid));
    let closed = coal(900, "2019-11-01", "2020-03-31");
    let library = overlay(
        "order_closed",
        &[files[0], files[1], ("places/ningxia/place.toml", &closed)],
    )
    .unwrap();
    let region = at(&library, "红寺堡", 2025);
    let given = region.fuel_price(Carrier::LooseCoal, None).unwrap();
    // nothing holds: the newest of the most specific level, though the city's ended later
    assert_eq!(given.value.price, Fixed::whole(1200));
    let since = date(2021, 3, 31);
    assert_eq!(given.used.timing, Timing::OutOfDate { since });
}

#[test]
fn a_county_can_override_the_settings_of_the_account() {
    let text = "[[discount]]\nrate = { real = 0.03 }\nfigure = { source = \"assumption\", grade = \"D\" }\n";
    let library = overlay(
        "settings",
        &[("places/ningxia/wuzhong/hongsibao/place.toml", text)],
    )
    .unwrap();
    let own = at(&library, "红寺堡", 2026);
    assert_eq!(
        (own.discount.value.rate(), own.discount.used.filled_in),
        (0.03, false)
    );
    let neighbour = at(&library, "盐池", 2026);
    assert_eq!(
        (
            neighbour.discount.value.rate(),
            neighbour.discount.used.level
        ),
        (0.05, Level::Nation)
    );
}

#[test]
fn an_overlay_adds_places_and_replaces_files() {
    let rows = "path,code,name_zh,short_zh,aliases,pinyin,level,lat,lon,elev_m,station_id\n\
        ningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,county,35.96,105.73,1900,\n\
        ningxia/wuzhong,640300,吴忠市,吴忠,老吴忠,Wuzhong,city,38.00,106.20,1130,53614\n";
    let price = coal(1250, "2026-10-01", "2027-04-30");
    let library = overlay(
        "places",
        &[
            ("places/places.csv", rows),
            ("places/ningxia/guyuan/xiji/place.toml", &price),
            ("README.md", "the county's own figures"),
            (".cache/x", "not read"),
        ],
    )
    .unwrap();
    assert!(library.warnings().0.is_empty());
    let region = at(&library, "西吉", 2026);
    let coal = region.fuel_price(Carrier::LooseCoal, None).unwrap();
    assert_eq!(
        (coal.value.price, coal.used.timing),
        (Fixed::whole(1250), Timing::Valid)
    );
    // no station is named: the nearest one, which is not far
    let station = region.station.as_ref().unwrap();
    assert!(!station.named && station.distance_km < 60.0, "{station:?}");
    assert_eq!(
        library.resolve_place("老吴忠").unwrap().id(),
        "ningxia/wuzhong"
    );
    // places of the embedded table that the overlay does not name are still there
    assert_eq!(
        library.resolve_place("红寺堡").unwrap().id(),
        "ningxia/wuzhong/hongsibao"
    );
    let own = "places/ningxia/guyuan/xiji/place.toml";
    assert!(library.shown(own).contains("overlay_places"));
    assert!(
        library
            .files_under("places/ningxia/")
            .contains(&own.to_owned())
    );
}

#[test]
fn texts_of_a_chain_come_most_specific_first() {
    let library = overlay(
        "chain",
        &[
            ("places/ningxia/wuzhong/hongsibao/tariffs.toml", "# county"),
            ("places/ningxia/tariffs.toml", "# province"),
        ],
    )
    .unwrap();
    let chain = library.resolve_place("红寺堡").unwrap();
    let texts = library.chain_texts(&chain, "tariffs.toml");
    let own: Vec<&str> = texts
        .iter()
        .filter(|text| ["# county", "# province"].contains(&&*text.text))
        .map(|text| text.place)
        .collect();
    assert_eq!(own, ["ningxia/wuzhong/hongsibao", "ningxia"]);
    assert_eq!(texts[0].level, Level::County);
    let figures = library.chain_texts(&chain, "place.toml");
    assert_eq!(figures.last().map(|text| text.level), Some(Level::Nation));
}

#[test]
fn sources_are_found_by_their_id() {
    let library = Library::bundled();
    let source = library.source("hongsibao_2024").unwrap();
    assert_eq!(
        (source.issuer.as_str(), source.date.as_deref()),
        ("宁夏日报", Some("2024-02-03"))
    );
    assert!(library.source("nothing").is_none());
}

/// The problems of an overlay that does not load.
fn refused(name: &str, files: &[(&str, &str)]) -> Vec<(String, ProblemKind)> {
    told(&overlay(name, files).unwrap_err())
}

#[test]
fn a_file_that_would_never_be_read_is_a_slip() {
    let found = refused("top", &[("place/ningxia/place.toml", "")]);
    assert!(matches!(&found[0].1, ProblemKind::NotOneOf { nearest: Some(n), .. } if n == "places"));
    let found = refused("file", &[("places/ningxia/tariff.toml", "")]);
    assert!(
        matches!(&found[0].1, ProblemKind::NotOneOf { nearest: Some(n), .. } if n == "tariffs.toml")
    );
    let found = refused("folder", &[("places/ningxia/guyuan/xiji/place.toml", "")]);
    assert!(
        matches!(&found[0].1, ProblemKind::Unresolved { what: "place", id, .. } if id == "ningxia/guyuan/xiji")
    );
    let found = refused("deep", &[("places/a/b/c/d/e/f/g.toml", "")]);
    assert!(matches!(&found[0].1, ProblemKind::NotOneOf { .. }));
}

#[test]
fn files_that_cannot_be_text_are_refused() {
    let dir = folder("binary", &[]);
    fs::create_dir_all(dir.join("places/ningxia")).unwrap();
    fs::write(
        dir.join("places/ningxia/place.toml"),
        [0xff, 0xfe, 0x00, 0xd8],
    )
    .unwrap();
    let found = told(&Library::with_overlay(&dir).unwrap_err());
    assert_eq!(found[0].1, ProblemKind::NotText);
    let missing = Library::with_overlay(&dir.join("nowhere")).unwrap_err();
    assert!(matches!(missing.0[0].kind, ProblemKind::CannotRead { .. }));
    let huge = folder("huge", &[]);
    let file = fs::File::create(huge.join("settings.toml")).unwrap();
    file.set_len(1 << 30).unwrap();
    let found = told(&Library::with_overlay(&huge).unwrap_err());
    assert_eq!(
        found[0].1,
        ProblemKind::TooLarge {
            megabytes: 1024,
            limit: 16
        }
    );
}

const HEADER: &str = "path,code,name_zh,short_zh,aliases,pinyin,level,lat,lon,elev_m,station_id";

#[rstest]
#[case::column("path,code\na,110000", "places.csv:1 name_zh")]
#[case::code(
    "{H}\nningxia/guyuan/xiji,64042,西吉县,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:2 code"
)]
#[case::code_of_another_city(
    "{H}\nningxia/guyuan/xiji,640399,西吉县,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:2 code"
)]
#[case::latitude(
    "{H}\nningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,county,105.7,35.9,1900,",
    "places.csv:2 lat"
)]
#[case::level(
    "{H}\nningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,village,35.9,105.7,1900,",
    "places.csv:2 level"
)]
#[case::level_order(
    "{H}\nningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,city,35.9,105.7,1900,",
    "places.csv:2 level"
)]
#[case::parent(
    "{H}\nningxia/guyan/xiji,640422,西吉县,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:2 path"
)]
#[case::no_name(
    "{H}\nningxia/guyuan/xiji,640422,,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:2 name_zh"
)]
#[case::not_a_number(
    "{H}\nningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,county,35.9,105.7,high,",
    "places.csv:2 elev_m"
)]
#[case::twice(
    "{H}\nningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,county,35.9,105.7,1900,\nningxia/guyuan/xiji,640422,西吉县,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:3 path"
)]
#[case::code_twice(
    "{H}\nningxia/guyuan/xiji,640402,西吉县,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:3 code"
)]
#[case::path_shape(
    "{H}\nNingxia Xiji,640422,西吉县,西吉,,Xiji,county,35.9,105.7,1900,",
    "places.csv:2 path"
)]
fn bad_rows_of_places_are_named(#[case] text: &str, #[case] expected: &str) {
    let text = text.replace("{H}", HEADER);
    let bundled = fs::read_to_string("data/places/places.csv").unwrap();
    let files = [
        ("data/places/places.csv".to_owned(), bundled.as_str()),
        ("own/places.csv".to_owned(), text.as_str()),
    ];
    let (_, problems) = Places::read(files);
    let spots: Vec<String> = told(&problems).into_iter().map(|(spot, _)| spot).collect();
    // where a code is used twice, the later path is named, whichever table it stands in
    let found = spots.iter().any(|spot| spot == expected)
        || expected.ends_with("code") && spots.iter().any(|spot| spot.ends_with(" code"));
    assert!(found, "{spots:?}");
}

/// The problems of a county's file.
fn county_problems(name: &str, text: &str) -> Vec<(String, ProblemKind)> {
    let path = "places/ningxia/wuzhong/hongsibao/place.toml";
    let library = overlay(name, &[(path, text)]).unwrap();
    let chain = library.resolve_place("红寺堡").unwrap();
    match region(&library, &chain, Winter(2026)) {
        Err(problems) => told(&problems),
        Ok(_) => panic!("{name}: loads"),
    }
}

const FIGURE: &str = "figure = { source = \"assumption\", grade = \"D\" }";

#[rstest]
#[case::wrong_key("wrong_key", "[[fuel_prices]]\n", "place.toml:1 fuel_prices")]
#[case::wrong_unit(
    "wrong_unit",
    "[[fuel_price]]\ncarrier = \"lpg\"\nprice = { cny_per_bottle = 100 }\n{F}\n",
    "place.toml:3 fuel_price[0].price.cny_per_bottle"
)]
#[case::bottle_of_coal(
    "bottle_of_coal",
    "[[fuel_price]]\ncarrier = \"loose_coal\"\nprice = { cny_per_bottle_15kg = 100 }\n{F}\n",
    "place.toml:3 fuel_price[0].price"
)]
#[case::negative(
    "negative",
    "[[fuel_price]]\ncarrier = \"loose_coal\"\nprice = { cny_per_t = -5 }\n{F}\n",
    "place.toml:3 fuel_price[0].price.cny_per_t"
)]
#[case::no_figure("no_figure", "[[people]]\nnumber = 3\n", "place.toml:1 people[0]")]
#[case::no_end(
    "no_end",
    "[[people]]\nnumber = 3\nfigure = { source = \"assumption\", grade = \"D\", valid = { from = 2020-01-01, to = \"until_replaced\" } }\n",
    "place.toml:3 people[0].figure.valid.to"
)]
#[case::ends_before_it_begins(
    "ends_early",
    "[[people]]\nnumber = 3\nfigure = { source = \"assumption\", grade = \"D\", valid = { from = 2020-01-01, to = 2019-01-01 } }\n",
    "place.toml:3 people[0].figure.valid.to"
)]
#[case::grade(
    "grade",
    "[[people]]\nnumber = 3\nfigure = { source = \"assumption\", grade = \"E\" }\n",
    "place.toml:3 people[0].figure.grade"
)]
#[case::not_a_day(
    "not_a_day",
    "[[heating_season]]\nfrom = \"11-31\"\nto = \"03-15\"\n{F}\n",
    "place.toml:2 heating_season[0].from"
)]
#[case::nobody(
    "nobody",
    "[[people]]\nnumber = 0\n{F}\n",
    "place.toml:2 people[0].number"
)]
#[case::shares(
    "shares",
    "[[living_electricity]]\nkwh_per_month = 100\nhourly_share = [1.0]\n{F}\n",
    "place.toml:3 living_electricity[0].hourly_share"
)]
#[case::band(
    "band",
    "[[back_to_coal]]\nfrom_income_share = 0.1\nto_income_share = 0.05\n{F}\n",
    "place.toml:3 back_to_coal[0].to_income_share"
)]
#[case::two_kinds(
    "two_kinds",
    "[[discount]]\nrate = { real = 0.05, nominal = 0.07 }\n{F}\n",
    "place.toml:2 discount[0].rate"
)]
#[case::two_without_dates(
    "two_without_dates",
    "[[people]]\nnumber = 3\n{F}\n[[people]]\nnumber = 4\n{F}\n",
    "place.toml:6 people[1].figure"
)]
#[case::syntax("syntax", "[[people]\n", "place.toml:1 ")]
fn bad_files_of_places_are_named(#[case] name: &str, #[case] text: &str, #[case] expected: &str) {
    let found = county_problems(name, &text.replace("{F}", FIGURE));
    let spots: Vec<&str> = found.iter().map(|(spot, _)| spot.as_str()).collect();
    assert!(spots.contains(&expected), "{spots:?}");
}

#[test]
fn overlapping_dates_and_open_gaps_are_named() {
    let overlap = coal(1, "2020-11-01", "2021-03-31").replace("= 1 ", "= 900 ")
        + &coal(950, "2021-03-31", "2022-03-31");
    let found = county_problems("overlap", &overlap);
    assert!(
        matches!(&found[0].1, ProblemKind::DatesOverlap { .. }),
        "{found:?}"
    );
    assert!(found[0].0.starts_with("place.toml:8"), "{found:?}");
    let gap = coal(900, "2020-11-01", "2021-03-31") + &coal(950, "2021-11-01", "2022-03-31");
    let found = county_problems("gap", &gap);
    assert_eq!(
        found[0].1,
        ProblemKind::DatesGap {
            from: "2021-04-01".into(),
            to: "2021-10-31".into(),
        }
    );
    let owned_up = gap.replacen("to = 2022-03-31", "to = 2022-03-31, after_gap = true", 1);
    let library = overlay(
        "owned_up",
        &[("places/ningxia/wuzhong/hongsibao/place.toml", &owned_up)],
    )
    .unwrap();
    assert_eq!(
        at(&library, "红寺堡", 2021)
            .fuel_price(Carrier::LooseCoal, None)
            .unwrap()
            .value
            .price,
        Fixed::whole(950)
    );
}

#[test]
fn a_legal_but_unlikely_price_is_a_warning() {
    let text = coal(160, "2026-11-01", "2027-03-31");
    let path = "places/ningxia/wuzhong/hongsibao/place.toml";
    let library = overlay("unlikely", &[(path, &text)]).unwrap();
    let problems = check_library(&library);
    let warned: Vec<_> = problems
        .0
        .iter()
        .filter(|p| matches!(p.kind, ProblemKind::Unlikely { .. }))
        .collect();
    assert_eq!((warned.len(), warned[0].severity), (1, Severity::Warning));
    assert!(!problems.has_errors());
    let region = at(&library, "红寺堡", 2026);
    assert_eq!(region.warnings.0.len(), 1);
}

#[test]
fn a_source_that_nobody_registered_is_named() {
    let text = coal(900, "2026-11-01", "2027-03-31").replace("assumption", "hongsibao_2042");
    let path = "places/ningxia/wuzhong/hongsibao/place.toml";
    let library = overlay("source", &[(path, &text)]).unwrap();
    let found = told(&check_library(&library));
    assert!(found.iter().any(|(spot, kind)| {
        spot == "place.toml:4 fuel_price[0].figure.source"
            && matches!(kind, ProblemKind::Unresolved { nearest: Some(n), .. } if n == "hongsibao_2024")
    }));
}

#[test]
fn a_fact_that_no_rule_asks_for_is_named() {
    let text = format!("[[fact]]\nname = \"rushn\"\n{FIGURE}\n");
    let path = "places/shandong/weihai/rushan/place.toml";
    let library = overlay("fact", &[(path, &text)]).unwrap();
    let found = told(&check_library(&library));
    assert!(found.iter().any(|(spot, kind)| {
        spot == "place.toml:3 fact[0].figure"
            && matches!(kind, ProblemKind::Unresolved { what: "fact", nearest: Some(n), .. } if n == "rushan")
    }), "{found:?}");
}

/// Without a winter of the case the account begins with that of the files, the nearest first.
#[test]
fn a_county_can_say_with_which_winter_accounts_begin() {
    let first = |library: &Library| {
        let chain = library.resolve_place("红寺堡").unwrap();
        region(library, &chain, None).unwrap().winter
    };
    assert_eq!(first(&Library::bundled()), Winter(2026));
    let text = format!("[[first_winter]]\nwinter = \"2024-25\"\n{FIGURE}\n");
    let path = "places/ningxia/wuzhong/hongsibao/place.toml";
    let own = overlay("first_winter", &[(path, &text)]).unwrap();
    assert_eq!(first(&own), Winter(2024));
}

/// The fenced blocks of a page whose first line begins with `start`.
fn blocks<'a>(page: &'a str, start: &str) -> Vec<&'a str> {
    let fenced = page.split("```").skip(1).step_by(2);
    let bodies = fenced.filter_map(|block| block.split_once('\n').map(|(_, body)| body));
    bodies.filter(|body| body.starts_with(start)).collect()
}

#[test]
fn the_page_on_adding_a_county_is_true() {
    let page = fs::read_to_string("docs/how-to/add-region.md").unwrap();
    let folder = "places/ningxia/guyuan/xiji/place.toml";
    let library = overlay(
        "how_to",
        &[
            ("places/places.csv", blocks(&page, "path,")[0]),
            (folder, blocks(&page, "[[fuel_price]]")[0]),
            ("sources/xiji.toml", blocks(&page, "[xiji_notice_2026]")[0]),
        ],
    )
    .unwrap();
    assert_eq!(check_library(&library), Problems::default());
    let region = at(&library, "西吉", 2026);
    let coal = region.fuel_price(Carrier::LooseCoal, None).unwrap();
    assert_eq!(coal.value.price, Fixed::whole(1250));
    // the income of 2025 has ended: it is used and marked
    assert_eq!(region.income_per_person.value.0, 16_800.0);
    assert!(matches!(
        region.income_per_person.used.timing,
        Timing::OutOfDate { .. }
    ));
}
