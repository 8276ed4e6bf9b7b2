//! The examples: golden results, what their README files promise, and what must hold of every
//! account: nothing depends on the order of the options, and every column adds up to the fen.
//!
//! `QINGNUAN_BLESS=1 cargo test --test examples` writes the golden results anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use qingnuan::cli::compute;
use qingnuan::comparison::compare;
use qingnuan::comparison::outcome::{Account, Comparison, FigureUse, OptionResult};
use qingnuan::input::case::{CaseInput, parse_case, read_case};
use qingnuan::input::household::household;
use qingnuan::input::library::Library;
use qingnuan::input::setting::place_in_winter;
use qingnuan::lifecycle::Payback;
use qingnuan::report::account;
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::report::words;
use qingnuan::words::calendar::Winter;
use qingnuan::words::fixed::{ExactYuan, Fixed, Money, Rounding};
use qingnuan::words::kinds::{Carrier, Kind, Payer};
use qingnuan::words::ledger::Purpose;

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::bundled);

/// Each example with the options that its README answers about.
const EXAMPLES: [(&str, &[&str]); 12] = [
    ("binzhou", &["heat_pump_air"]),
    ("hebei_gas", &["gas_boiler"]),
    ("hetian", &["electric_set_xinjiang"]),
    ("hongsibao", &["heat_pump_air"]),
    ("huairou", &["heat_pump_water"]),
    ("jinan", &["heat_pump_air"]),
    ("lpg_home", &["lpg_boiler", "heat_pump_air"]),
    ("pv_bundle", &["heat_pump_air", "heat_pump_air_pv"]),
    ("retrofit", &["heat_pump_air", "heat_pump_air_insulated"]),
    ("xian_pv_village", &["heat_pump_water"]),
    ("yuncheng", &["heat_pump_water"]),
    ("yushu_solar", &["solar_electric"]),
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn case_of(id: &str) -> CaseInput {
    let read = read_case(&repository().join("examples").join(id));
    assert!(!read.problems.has_errors(), "{id}: {:?}", read.problems);
    read.case.unwrap()
}

fn comparison_of(id: &str) -> Comparison {
    compute::comparison(&case_of(id), &LIBRARY).unwrap_or_else(|found| panic!("{id}: {found:?}"))
}

fn accounts(comparison: &Comparison) -> Vec<&Account> {
    let options = comparison.options.iter().filter_map(OptionResult::account);
    std::iter::once(&comparison.today).chain(options).collect()
}

fn account_of<'c>(comparison: &'c Comparison, option: &str) -> &'c Account {
    accounts(comparison)
        .into_iter()
        .find(|account| account.id == option)
        .unwrap_or_else(|| panic!("{option} cannot be had"))
}

/// Compares a text with its golden file, or writes it where that is wanted.
fn golden(file: &str, text: &str) {
    let path: PathBuf = repository().join("tests/golden").join(file);
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    if stands == text {
        return;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (stands.lines().collect(), text.lines().collect());
    let first = (0..old.len().max(new.len()))
        .find(|&i| old.get(i) != new.get(i))
        .unwrap_or(0);
    panic!(
        "tests/golden/{file}, line {}:\n- {}\n+ {}\nIf the change is wanted: QINGNUAN_BLESS=1 cargo test --test examples, then `git diff tests/golden`",
        first + 1,
        old.get(first).unwrap_or(&"(no line)"),
        new.get(first).unwrap_or(&"(no line)"),
    );
}

/// The figures of an account that everybody asks for, and the grants behind them.
fn figures(account: &Account) -> Value {
    let headline = &account.headline;
    let yuan = |money: Money| money.to_fixed().to_string();
    let round = |value: f64| (value * 10.0).round() / 10.0;
    let payback = match headline.payback {
        Payback::AtOnce => json!(0.0),
        Payback::After(years) => json!(round(years)),
        Payback::Never => json!("never"),
        Payback::NotDefined => json!("not_defined"),
    };
    let grants: Vec<Value> = account
        .grants
        .iter()
        .map(|grant| {
            let payers: BTreeMap<&str, String> = grant
                .payers
                .iter()
                .map(|(payer, amount)| (payer.key(), yuan(*amount)))
                .collect();
            json!({ "rule": grant.figure.id(), "cny": yuan(grant.amount), "payers": payers })
        })
        .collect();
    let winters: Vec<String> = account.staircase.iter().map(|it| yuan(it.net)).collect();
    let plan = account.plans.iter().find(|plan| plan.taken);
    json!({
        "option": account.id,
        "product": account.equipment.as_ref().map(|it| format!("{} x {}", it.product, it.count)),
        "install_price_cny": yuan(headline.install_price),
        "self_pay_cny": yuan(headline.self_pay),
        "winter_cost_cny": yuan(headline.winter_cost),
        "after_subsidy_cny": yuan(headline.after_subsidy),
        "versus_today_cny": yuan(headline.versus_today),
        "standard_winter_cost_cny": yuan(headline.standard_winter_cost),
        "payback_years": payback,
        "annual_cost_cny": headline.equivalent_annual_cost.value().round(),
        "heat_kwh": account.operation.delivered_kwh.round(),
        "electricity_kwh": account.operation.electricity_kwh.round(),
        "performance": (account.operation.performance * 100.0).round() / 100.0,
        "plan": plan.map(|plan| plan.plan.clone()),
        "grants": grants,
        "winters_cny": winters.join(" "),
    })
}

fn headline_figures(comparison: &Comparison) -> String {
    let options: Vec<Value> = comparison
        .options
        .iter()
        .map(|option| match option {
            OptionResult::Possible(account) => figures(account),
            OptionResult::Impossible { id, obstacles, .. } => {
                json!({ "option": id, "impossible": obstacles })
            }
        })
        .collect();
    let all = json!({ "today": figures(&comparison.today), "options": options });
    serde_json::to_string_pretty(&all).unwrap() + "\n"
}

#[rstest]
#[case::binzhou("binzhou")]
#[case::hebei_gas("hebei_gas")]
#[case::hetian("hetian")]
#[case::hongsibao("hongsibao")]
#[case::huairou("huairou")]
#[case::jinan("jinan")]
#[case::lpg_home("lpg_home")]
#[case::pv_bundle("pv_bundle")]
#[case::retrofit("retrofit")]
#[case::xian_pv_village("xian_pv_village")]
#[case::yuncheng("yuncheng")]
#[case::yushu_solar("yushu_solar")]
fn golden_result(#[case] id: &str) {
    let comparison = comparison_of(id);
    let messages = Messages::new(Lang::Zh);
    golden(&format!("{id}.txt"), &account::text(&comparison, &messages));
    golden(&format!("{id}.json"), &headline_figures(&comparison));
}

#[test]
fn every_folder_of_examples_is_tested() {
    let mut folders: Vec<String> = fs::read_dir(repository().join("examples"))
        .unwrap()
        // A roster has no case; tests/batch.rs tests it.
        .filter(|entry| entry.as_ref().unwrap().path().join("case.toml").exists())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let listed: Vec<&str> = EXAMPLES.iter().map(|(id, _)| *id).collect();
    assert_eq!(folders, listed);
}

/// A README has its question as the head line and its answer as the first line after it, with the
/// winter cost of each option that it answers about.
#[test]
fn every_readme_answers_with_the_golden_figures() {
    for (id, options) in EXAMPLES {
        let readme = fs::read_to_string(repository().join("examples").join(id).join("README.md"));
        let readme = readme.unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut lines = readme.lines().filter(|line| !line.trim().is_empty());
        let question = lines.next().unwrap_or_default();
        let answer = lines.next().unwrap_or_default();
        assert!(
            question.starts_with("# ") && question.ends_with('？'),
            "{id}: {question}"
        );
        assert_eq!(
            answer.matches('。').count(),
            1,
            "{id}: one sentence: {answer}"
        );
        let comparison = comparison_of(id);
        for option in options {
            let winter = account_of(&comparison, option).headline.winter_cost;
            let printed = words::yuan(winter);
            assert!(
                answer.contains(&format!("{printed} 元")),
                "{id}: {printed} of {option} in {answer}"
            );
        }
        let today = words::yuan(comparison.today.headline.winter_cost);
        assert!(
            answer.contains(&format!("{today} 元")),
            "{id}: {today} of today in {answer}"
        );
    }
}

#[test]
fn the_order_of_options_changes_no_account() {
    for (id, _) in EXAMPLES {
        let case = case_of(id);
        let chain = LIBRARY.resolve_place(&case.place.value).unwrap();
        let mut place = place_in_winter(&LIBRARY, &chain, &compute::wishes(&case)).unwrap();
        let household = household(&case, &place).unwrap();
        let there = compare(&place.setting, &household).unwrap();
        place.setting.options.reverse();
        let mut back = compare(&place.setting, &household).unwrap();
        back.options.reverse();
        assert_eq!(there, back, "{id}");
    }
}

/// Every line is its quantity times its price, rounded once.
#[test]
fn every_line_is_quantity_times_price() {
    for (id, _) in EXAMPLES {
        let comparison = comparison_of(id);
        for account in accounts(&comparison) {
            for line in &account.ledger.lines {
                let exact = ExactYuan::of(line.quantity, line.unit_price);
                let amount = exact.to_money(Rounding::HalfUp);
                assert_eq!(amount, line.amount, "{id} {}: {line:?}", account.id);
            }
        }
    }
}

/// Headline, winters, pocket and payers are sums of lines.
#[test]
fn columns_add_up_to_the_fen() {
    for (id, _) in EXAMPLES {
        let comparison = comparison_of(id);
        for account in accounts(&comparison) {
            let what = format!("{id} {}", account.id);
            let own = |year: u16, wanted: fn(Purpose) -> bool| {
                account.ledger.sum(|line| {
                    line.payer == Payer::Household && line.year == year && wanted(line.purpose)
                })
            };
            let headline = &account.headline;
            assert_eq!(headline.self_pay, own(0, Purpose::is_install), "{what}");
            assert_eq!(headline.winter_cost, own(1, Purpose::is_running), "{what}");
            let difference = headline.winter_cost - comparison.today.headline.winter_cost;
            assert_eq!(headline.versus_today, difference, "{what}");
            for (year, winter) in (1..).zip(&account.staircase) {
                assert_eq!(winter.net, own(year, Purpose::is_running), "{what} {year}");
                assert_eq!(
                    winter.net,
                    winter.gross - winter.grants - winter.export,
                    "{what}"
                );
            }
            for year in &account.payers {
                let sum = account.ledger.paid_by(year.payer, year.year);
                assert_eq!(year.amount, sum, "{what} {year:?}");
            }
            let mut balance = Money::ZERO;
            for month in &account.cash {
                balance += month.received - month.paid;
                assert_eq!(month.balance, balance, "{what} {month:?}");
            }
            for grant in &account.grants {
                let payers: Money = grant.payers.iter().map(|(_, amount)| *amount).sum();
                assert_eq!(payers, grant.amount, "{what} {}", grant.figure.id());
            }
        }
    }
}

/// The sum that a rule paid, by payer.
fn paid(account: &Account, rule: &str) -> (Money, Vec<(Payer, Money)>) {
    let grant = account
        .grants
        .iter()
        .find(|grant| grant.figure.id().ends_with(rule))
        .unwrap_or_else(|| panic!("{rule} did not pay: {:?}", account.refusals));
    (grant.amount, grant.payers.clone())
}

fn upkeep(account: &Account) -> Money {
    account
        .ledger
        .sum(|line| line.year == 1 && line.purpose == Purpose::Upkeep)
}

fn winters(account: &Account) -> Vec<Money> {
    account
        .staircase
        .iter()
        .map(|winter| winter.grants)
        .collect()
}

#[test]
fn the_hot_air_unit_of_hongsibao_is_free() {
    let comparison = comparison_of("hongsibao");
    let heat_pump = account_of(&comparison, "heat_pump_air");
    assert_eq!(heat_pump.headline.self_pay, Money::ZERO);
}

/// 110 m2 at 200 yuan: 22,000 = 11,000 + 11,000; a unit of 29,000 leaves 7,000 to the home.
#[test]
fn the_grant_of_huairou_is_as_the_rule_says() {
    let comparison = comparison_of("huairou");
    let heat_pump = account_of(&comparison, "heat_pump_water");
    let (amount, payers) = paid(heat_pump, "huairou_2022_water_heat_pump");
    assert_eq!(amount, Money::yuan(22_000));
    let half = Money::yuan(11_000);
    assert_eq!(payers, [(Payer::City, half), (Payer::County, half)]);
}

/// 3,600 yuan = 1,350 central + 1,350 region + 900 household.
#[test]
fn the_set_of_hetian_costs_the_home_900_yuan() {
    let comparison = comparison_of("hetian");
    let set = account_of(&comparison, "electric_set_xinjiang");
    assert_eq!(set.headline.self_pay, Money::yuan(900));
    let (amount, payers) = paid(set, "southern_xinjiang_2020");
    assert_eq!(amount, Money::yuan(2_700));
    let part = Money::yuan(1_350);
    assert_eq!(payers, [(Payer::Central, part), (Payer::Province, part)]);
}

/// The same home, joined in the same year: in Jinan the steps move with the home, in Binzhou with
/// the calendar (all caps: a bill or kWh below them is paid as it is).
#[test]
fn jinan_steps_with_the_home_and_binzhou_with_the_calendar() {
    let (jinan, binzhou) = (comparison_of("jinan"), comparison_of("binzhou"));
    let caps = [
        1200, 1200, 1200, 900, 900, 600, 600, 300, 300, 0, 0, 0, 0, 0, 0,
    ];
    let account = account_of(&jinan, "heat_pump_air");
    let expected: Vec<Money> = caps
        .iter()
        .zip(&account.staircase)
        .map(|(cap, winter)| Money::yuan(*cap).min(winter.gross - upkeep(account)))
        .collect();
    assert_eq!(winters(account), expected);
    let account = account_of(&binzhou, "heat_pump_air");
    let kwh = Fixed::from_f64(account.operation.electricity_kwh);
    let by_kwh = ExactYuan::of(kwh, Fixed::from_millionths(200_000)).to_money(Rounding::HalfUp);
    let expected: Vec<Money> = [1200, 1200, 1200, 150, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        .iter()
        .map(|cap| Money::yuan(*cap).min(by_kwh))
        .collect();
    assert_eq!(winters(account), expected);
}

/// With 2,600 cheap kWh a month the quota plan of Shanxi is the cheapest of the three.
#[test]
fn a_home_of_yuncheng_takes_the_quota_plan() {
    let comparison = comparison_of("yuncheng");
    let heat_pump = account_of(&comparison, "heat_pump_water");
    let cost = |id: &str| {
        let plan = heat_pump.plans.iter().find(|plan| plan.plan == id);
        let plan = plan.unwrap_or_else(|| panic!("{id} is not open"));
        plan.with_heating - plan.without_heating
    };
    let quota = cost("electric_heating_quota");
    assert!(quota < cost("electric_heating_tou") && quota < cost("electric_heating_flat"));
    let kwh = Fixed::from_f64(heat_pump.operation.electricity_kwh);
    let by_hand = ExactYuan::of(kwh, Fixed::from_millionths(286_200)).to_money(Rounding::HalfUp);
    assert!(
        (quota - by_hand).fen().abs() <= 5,
        "{quota} against {by_hand}: one rounding a month"
    );
    let taken = heat_pump.plans.iter().find(|plan| plan.taken).unwrap();
    assert_eq!(taken.with_heating - taken.without_heating, quota);
}

/// 0.8 yuan/m3 up to 960, half from the fourth winter on, a quarter from the seventh on; another
/// rule of the same group pays where it gives more.
#[test]
fn the_gas_home_of_julu_steps_down() {
    let comparison = comparison_of("hebei_gas");
    let gas = account_of(&comparison, "gas_boiler");
    let m3: Fixed = gas
        .ledger
        .lines
        .iter()
        .filter(|line| line.year == 1 && line.purpose == Purpose::Energy(Carrier::NaturalGas))
        .fold(Fixed::ZERO, |sum, line| sum + line.quantity);
    let full = ExactYuan::of(m3, Fixed::from_millionths(800_000)).to_money(Rounding::HalfUp);
    let part = |share: i64| {
        full.min(Money::yuan(960))
            .portion(Fixed::from_millionths(share), Rounding::HalfUp)
    };
    let mut expected = vec![part(1_000_000); 3];
    expected.extend([part(500_000); 3]);
    expected.extend([part(250_000); 3]);
    expected.extend([Money::ZERO; 6]);
    let paid = winters(gas);
    let near = |a: &Money, b: &Money| (*a - *b).fen().abs() <= 1;
    assert!(
        paid.iter().zip(&expected).all(|(a, b)| near(a, b)),
        "{paid:?} against {expected:?}"
    );
}

/// Prices of gas for coal-to-gas homes of Julu: 2.78 before June 2023, 3.18 from then on, 2.98 from
/// 9 January 2026 on. Each stands from the winter on in which it is in force, month by month; from
/// 2026-27, when the last of them holds throughout, the price rise of the case counts.
#[test]
fn later_winters_have_the_prices_that_are_known_for_them() {
    let folder = repository().join("examples/hebei_gas");
    let text = fs::read_to_string(folder.join("case.toml")).unwrap();
    let text = format!("{text}\n[money.escalation]\nnatural_gas = 0.10\n");
    let (case, problems) = parse_case("case.toml", &folder, &text);
    let case = case.unwrap_or_else(|| panic!("{problems:?}"));
    let comparison = compute::comparison(&case, &LIBRARY).unwrap();
    let gas = Purpose::Energy(Carrier::NaturalGas);
    let ledger = &account_of(&comparison, "gas_boiler").ledger;
    let of = |year: u16| {
        ledger
            .lines
            .iter()
            .filter(move |l| l.year == year && l.purpose == gas)
    };
    let sum = |year: u16| of(year).map(|line| line.amount).sum::<Money>();
    let prices = |year: u16, months: [u8; 2]| -> Vec<Fixed> {
        let inside = of(year).filter(|line| line.month.is_some_and(|m| months.contains(&m)));
        inside.map(|line| line.unit_price).collect()
    };
    let price = |fen: i64| Fixed::from_millionths(fen * 10_000);
    assert_eq!(prices(1, [1, 12]), [price(278), price(278)]);
    assert_eq!(sum(2), sum(1), "known to hold: no rise");
    assert_eq!(prices(3, [1, 12]), [price(318), price(318)]);
    assert_eq!(prices(5, [2, 12]), [price(298), price(318)]);
    assert_eq!(prices(6, [1, 12]), [price(298), price(298)]);
    for (year, factor) in [(7, 1.1), (8, 1.21)] {
        let risen = Money::from_f64(sum(6).to_f64() * factor);
        assert_eq!(sum(year), risen, "winter {year}");
    }
    let of_2026 = |used: &&FigureUse| used.figure.id().ends_with("coal_to_gas/2026-01-09");
    let used = comparison.figures.iter().find(of_2026).unwrap();
    assert_eq!(used.winters, Some((Winter(2025), Winter(2035))));
    let said = |winter: &str| {
        let mut remarks = comparison.notes.iter();
        let values = vec![("winter", winter.to_owned())];
        remarks.any(|it| it.message == "note-price-gas" && it.values == values)
    };
    assert!(said("2023-24") && said("2026-27") && !said("2022-23") && !said("2027-28"));
}

/// In Rushan the county matches the grant of Weihai: the place answers the fact, unless the household
/// says otherwise; in Weihai itself nobody answers.
#[test]
fn the_place_answers_a_fact_of_a_rule() {
    let award = |place: &str, said: &str| {
        let text = format!(
            "place = \"{place}\"\nwinter = \"2019-20\"\n{said}\n\
             [house]\nheated_area_m2 = 80\n[today]\nloose_coal_t = 2.5\n"
        );
        let (case, problems) = parse_case("case.toml", Path::new(""), &text);
        let case = case.unwrap_or_else(|| panic!("{problems:?}"));
        let comparison = compute::comparison(&case, &LIBRARY).unwrap();
        let account = account_of(&comparison, "heat_pump_air");
        let matched = account
            .grants
            .iter()
            .any(|grant| &*grant.rule == "weihai_2019_rushan_match");
        let filled = comparison
            .filled_in
            .iter()
            .find(|it| it.key == "household.facts");
        (matched, filled.map(|it| it.value.zh.clone()))
    };
    assert_eq!(award("乳山", ""), (true, Some("rushan = true".to_owned())));
    assert_eq!(
        award("乳山", "household = { facts = { rushan = false } }"),
        (false, None)
    );
    assert_eq!(award("威海", ""), (false, None));
}

/// Where no price is known for a new roof, the page says that another stands in.
#[test]
fn a_stand_in_price_of_export_is_told() {
    let told = |place: &str| {
        let text = format!(
            "place = \"{place}\"\nwinter = \"2026-27\"\n[house]\nheated_area_m2 = 80\n\
             [today]\nloose_coal_t = 2.5\n"
        );
        let (case, problems) = parse_case("case.toml", Path::new(""), &text);
        let case = case.unwrap_or_else(|| panic!("{problems:?}"));
        let comparison = compute::comparison(&case, &LIBRARY).unwrap();
        let mut notes = comparison.notes.iter();
        notes.any(|note| note.message == "note-export-stands-in")
    };
    assert!(told("巨鹿") && !told("济南"));
}

/// A home that told its own price of coal keeps it, whatever prices of coal are known later.
#[test]
fn an_own_price_stands_in_every_winter() {
    let today = comparison_of("hebei_gas").today;
    let first = today.staircase[0].net;
    assert!(today.staircase.iter().all(|winter| winter.net == first));
}

/// In a PV village of Xi'an the operator gives the machine and pays the bill.
#[test]
fn the_operator_of_xian_pays_machine_and_bill() {
    let comparison = comparison_of("xian_pv_village");
    let heat_pump = account_of(&comparison, "heat_pump_water");
    let (machine, _) = paid(heat_pump, "xian_2025_pv_device");
    assert!(machine > Money::ZERO);
    let operator = heat_pump.ledger.paid_by(Payer::Operator, 1);
    let energy = heat_pump.ledger.sum(|line| {
        line.year == 1
            && line.payer == Payer::Household
            && matches!(line.purpose, Purpose::Energy(_))
    });
    assert_eq!(operator, energy);
}
