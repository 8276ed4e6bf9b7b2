//! Bills of independent tools, case by case: `tests/reference/bills/README.md` has their making.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod tariff_cases;

use std::io::Read;
use std::path::{Path, PathBuf};

use qingnuan::tariff::{Family, Market};
use qingnuan::words::calendar::HOURS;
use serde_json::Value;
use tariff_cases::{at, market, monthly, part_b, read};

/// One figure of ours beside one of theirs.
struct Row {
    case: String,
    figure: String,
    ours: f64,
    theirs: f64,
    tolerance: f64,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/bills")
}

fn cases() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("cases.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    all["cases"].as_array().unwrap().clone()
}

/// The hourly columns P1, P2, P3 and PV, kWh.
fn profiles() -> [Vec<f64>; 4] {
    let file = std::fs::File::open(folder().join("profiles.csv.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    let column = |c: usize| {
        text.lines()
            .skip(1)
            .map(|line| line.split(',').nth(c).unwrap().parse().unwrap())
            .collect()
    };
    [column(5), column(6), column(7), column(8)]
}

/// The hourly load of a case.
fn load(case: &Value, profiles: &[Vec<f64>; 4]) -> Vec<f64> {
    match case["inputs"]["profile"].as_str().unwrap() {
        "P1" => profiles[0].clone(),
        "P2" => profiles[1].clone(),
        "P3" => profiles[2].clone(),
        _ => {
            let months = numbers(&case["inputs"]["monthly_kwh"]);
            let hours = qingnuan::words::calendar::MONTH_DAYS.map(|days| days as f64 * 24.0);
            let of = |h: usize| qingnuan::words::calendar::month_of_day(h / 24);
            (0..HOURS).map(|h| months[of(h)] / hours[of(h)]).collect()
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

/// A market of one plan: ladder lines and window lines of one version.
fn plan(carrier: &str, ladder: &str, windows: &str) -> Market {
    let ladder = if ladder.is_empty() {
        String::new()
    } else {
        format!("ladders.one = {{ {ladder} }}")
    };
    let text = format!(
        "[{carrier}.one]\nname = \"one\"\nopen_to = \"everyone\"\nmetering = \"joint\"\n\
         [[{carrier}.one.version]]\n\
         figure = {{ source = \"case\", grade = \"B\", valid = {{ from = 2000-01-01, to = 2050-12-31 }} }}\n\
         {ladder}\n[{carrier}.one.version.windows]\n{windows}\n"
    );
    let tariffs = read("case.toml", &text);
    let plans = if carrier == "gas" {
        &tariffs.gas
    } else {
        &tariffs.electricity
    };
    market(plans.values(), 2024)
}

const ALL_YEAR: &str = "year = { from = \"01-01\", to = \"12-31\", ";
const NIGHT: &str = "hours = { peak = [\"06-22\"], valley = [\"22-06\"] }, ";

/// The tiers and prices of an `e` case.
fn engine_plan(case: &Value, price: &str) -> Market {
    let rows = case["inputs"]["tariff_rows"].as_array().unwrap();
    let number = |row: &Value, key: &str| row[key].as_f64();
    let prices: Vec<f64> = rows.iter().map(|row| number(row, price).unwrap()).collect();
    let bounds: Vec<f64> = rows
        .iter()
        .filter_map(|row| number(row, "monthly_upper_kwh"))
        .collect();
    if !bounds.is_empty() {
        let ladder = format!(
            "kind = \"marginal\", period = \"month\", upto_kwh = [{}, {}, \"no_limit\"]",
            bounds[0], bounds[1]
        );
        return plan(
            "electricity",
            &ladder,
            &format!("{ALL_YEAR}tiers = \"one\", price_cny_per_kwh = {{ all = {prices:?} }} }}"),
        );
    }
    match case["inputs"]["hour_to_period"].as_str().unwrap() {
        "1 always" => plan(
            "electricity",
            "",
            &format!(
                "{ALL_YEAR}tiers = \"off\", price_cny_per_kwh = {{ all = {} }} }}",
                prices[0]
            ),
        ),
        hours => {
            let of = format!(
                "{NIGHT}price_cny_per_kwh = {{ peak = {}, valley = {} }} }}",
                prices[0], prices[1]
            );
            let windows = if hours.starts_with("Nov-Mar") {
                format!(
                    "winter = {{ from = \"11-01\", to = \"03-31\", tiers = \"off\", {of}\n\
                     rest = {{ from = \"04-01\", to = \"10-31\", tiers = \"off\", price_cny_per_kwh = {{ all = {} }} }}",
                    prices[0]
                )
            } else {
                format!("{ALL_YEAR}tiers = \"off\", {of}")
            };
            plan("electricity", "", &windows)
        }
    }
}

/// Bills of the twelve months of the first plan, exact, on hourly units.
fn months(market: &Market, load: &[f64]) -> [f64; 12] {
    let bill = market.bill(0, &market.timetable().read_year(load), &Family::default());
    bill.exact_by_month().map(|yuan| yuan.to_f64())
}

fn engine_case(case: &Value, profiles: &[Vec<f64>; 4]) -> [f64; 12] {
    let load = load(case, profiles);
    let inputs = &case["inputs"];
    if inputs["tier_increments"].is_array() {
        let ladder = "kind = \"marginal\", period = \"month\", upto_kwh = [180, 400, \"no_limit\"], adder_cny_per_kwh = [0, 0.05, 0.3]";
        let windows = format!(
            "{ALL_YEAR}tiers = \"one\", {NIGHT}price_cny_per_kwh = {{ peak = 0.52, valley = 0.3 }} }}"
        );
        return months(&plan("electricity", ladder, &windows), &load);
    }
    let buy = engine_plan(case, "buy");
    if inputs["pv"] != true {
        return months(&buy, &load);
    }
    let pv = &profiles[3];
    let all = inputs["metering"].as_str().unwrap().starts_with("buy all");
    let used = |(&load, &pv): (&f64, &f64)| if all { 0.0 } else { load.min(pv) };
    let bought: Vec<f64> = load
        .iter()
        .zip(pv)
        .map(|pair| pair.0 - used(pair))
        .collect();
    let sold: Vec<f64> = load
        .iter()
        .zip(pv)
        .map(|pair| pair.1 - used(pair))
        .collect();
    let (paid, income) = (
        months(&buy, &bought),
        months(&engine_plan(case, "sell"), &sold),
    );
    std::array::from_fn(|m| paid[m] - income[m])
}

fn decimal_case(case: &Value) -> Vec<f64> {
    let inputs = &case["inputs"];
    let yearly = inputs["yearly_limits_kwh"].as_array().is_some();
    let ladder = if yearly {
        "kind = \"marginal\", period = \"tier_year\", starts = \"01-01\", upto_kwh = [2160, 4800, \"no_limit\"], adder_cny_per_kwh = [0, 0.05, 0.3]"
    } else {
        "kind = \"marginal\", period = \"month\", upto_kwh = [180, 400, \"no_limit\"], adder_cny_per_kwh = [0, 0.05, 0.3]"
    };
    let windows = if inputs["months_counted"].is_array() {
        "winter = { from = \"11-01\", to = \"03-31\", tiers = \"off\", price_cny_per_kwh = { all = 0.4883 } }\n\
         rest = { from = \"04-01\", to = \"10-31\", tiers = \"one\", price_cny_per_kwh = { all = 0.4883 } }"
            .to_owned()
    } else if inputs["tou"].is_array() {
        format!(
            "{ALL_YEAR}tiers = \"one\", {NIGHT}price_cny_per_kwh = {{ peak = 0.52, valley = 0.3 }} }}"
        )
    } else {
        format!("{ALL_YEAR}tiers = \"one\", price_cny_per_kwh = {{ all = 0.4883 }} }}")
    };
    let market = plan("electricity", ladder, &windows);
    let metered = if inputs["tou"].is_array() {
        let peak = monthly(&market, 12, &numbers(&inputs["peak_kwh"]));
        peak.plus(&monthly(&market, 2, &numbers(&inputs["valley_kwh"])))
    } else {
        monthly(&market, 12, &numbers(&inputs["monthly_kwh"]))
    };
    let bill = market.bill(0, &metered, &Family::default());
    bill.exact_by_month().map(|yuan| yuan.to_f64()).to_vec()
}

/// Bills of a gas case in the order of its months, and the running grant of each, which is a
/// schedule of two prices too.
fn gas_case(case: &Value) -> (Vec<f64>, Vec<f64>) {
    let inputs = &case["inputs"];
    let order: Vec<usize> = numbers(&inputs["month_order"])
        .iter()
        .map(|&m| m as usize)
        .collect();
    let units = numbers(&inputs["monthly_m3"]);
    let entries: Vec<(usize, usize, f64)> = order
        .iter()
        .zip(&units)
        .map(|(&month, &m3)| (month, 3, m3))
        .collect();
    let starts = format!("{:02}-01", order[0]);
    let limits = numbers(&inputs["yearly_limits_m3"]);
    let bounds: Vec<String> = limits
        .iter()
        .map(f64::to_string)
        .chain(["\"no_limit\"".to_owned()])
        .collect();
    let ladder = |bounds: &[String]| {
        format!(
            "kind = \"marginal\", period = \"tier_year\", starts = \"{starts}\", upto_m3 = [{}]",
            bounds.join(", ")
        )
    };
    let prices = numbers(&inputs["prices_per_m3"]);
    let windows =
        format!("{ALL_YEAR}tiers = \"one\", price_cny_per_m3 = {{ all = {prices:?} }} }}");
    let bill = |market: &Market| {
        let bill = market.bill(0, &at(market, &entries), &Family::default());
        let months = bill.exact_by_month().map(|yuan| yuan.to_f64());
        order
            .iter()
            .map(|&month| months[month - 1])
            .collect::<Vec<f64>>()
    };
    let paid = bill(&plan("gas", &ladder(&bounds), &windows));
    let Some(grant) = inputs["subsidy"].as_object() else {
        return (paid, vec![0.0; 12]);
    };
    let windows = format!(
        "winter = {{ from = \"11-01\", to = \"03-31\", tiers = \"one\", price_cny_per_m3 = {{ all = [{}, 0] }} }}\n\
         rest = {{ from = \"04-01\", to = \"10-31\", tiers = \"off\", price_cny_per_m3 = {{ all = 0 }} }}",
        grant["per_m3"]
    );
    let bounds = [grant["max_m3"].to_string(), "\"no_limit\"".to_owned()];
    (paid, bill(&plan("gas", &ladder(&bounds), &windows)))
}

/// The rows of one case: each month and the year.
fn rows_of(case: &Value, profiles: &[Vec<f64>; 4]) -> Vec<Row> {
    let id = case["id"].as_str().unwrap().to_owned();
    let tolerance = case["rel_tol"].as_f64().unwrap();
    let expected = &case["expected"];
    let row = |figure: String, ours: f64, theirs: &Value| Row {
        case: id.clone(),
        figure,
        ours,
        theirs: theirs.as_f64().unwrap(),
        tolerance,
    };
    let mut rows = Vec::new();
    // The y cases are printed to four places and are compared as printed.
    let printed = |yuan: f64| {
        if id.starts_with('y') {
            (yuan * 1e4).round() / 1e4
        } else {
            yuan
        }
    };
    let year = |months: &[f64]| printed(months.iter().sum::<f64>());
    let ours = match &id[..1] {
        "e" => engine_case(case, profiles).to_vec(),
        "y" => decimal_case(case),
        _ => {
            let (paid, grants) = gas_case(case);
            for (m, &grant) in grants.iter().enumerate() {
                rows.push(row(
                    format!("grant {}", m + 1),
                    grant,
                    &expected["monthly_subsidy"][m],
                ));
            }
            let net = year(&paid) - year(&grants);
            rows.push(row("net year".to_owned(), net, &expected["annual_net"]));
            paid
        }
    };
    for (m, &month) in ours.iter().enumerate() {
        rows.push(row(
            format!("month {}", m + 1),
            printed(month),
            &expected["monthly_bill"][m],
        ));
    }
    if let Some(years) = expected["yearly_bill"].as_array() {
        let rise = 1.0 + case["inputs"]["load_escalation"].as_f64().unwrap();
        let market = engine_plan(case, "buy");
        for (n, theirs) in years.iter().enumerate() {
            let grown: Vec<f64> = load(case, profiles)
                .iter()
                .map(|kwh| kwh * rise.powi(n as i32))
                .collect();
            rows.push(row(
                format!("year {}", n + 1),
                year(&months(&market, &grown)),
                theirs,
            ));
        }
    }
    rows.push(row(
        "year".to_owned(),
        year(&ours),
        &expected["annual_bill"],
    ));
    rows
}

fn all_rows() -> Vec<Row> {
    let profiles = profiles();
    cases()
        .iter()
        .flat_map(|case| rows_of(case, &profiles))
        .collect()
}

#[test]
fn every_case_agrees_within_its_tolerance() {
    let cases = cases();
    assert_eq!(cases.len(), 22);
    let mut misses = Vec::new();
    for row in all_rows() {
        let off = (row.ours - row.theirs).abs();
        // The e cases are printed to six places: half a millionth is rounding of the print.
        if off > row.tolerance * row.theirs.abs() && off > 5.1e-7 {
            misses.push(format!(
                "{} {}: ours {} theirs {}",
                row.case, row.figure, row.ours, row.theirs
            ));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// The page of all comparisons.
fn page() -> String {
    let mut text = String::from(
        "# Bills against independent tools and published rules\n\n\
         Written by `tests/bills.rs`; `QINGNUAN_BLESS=1 cargo test --test bills` writes it anew.\n\n\
         ## Independent tools\n\n\
         `e…` are NREL PySAM Utilityrate5, `y…` and `g…` a plain decimal script (`tests/reference/bills/README.md`). \
         The difference that is largest beside its figure is shown of each case; every month is compared.\n\n\
         | case | figure | ours, CNY | theirs, CNY | difference | allowed |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    let rows = all_rows();
    let mut ids: Vec<&str> = rows.iter().map(|row| row.case.as_str()).collect();
    ids.dedup();
    let relative = |row: &Row| ((row.ours - row.theirs) / row.theirs.abs().max(1e-6)).abs();
    for id in ids {
        let of_case = || rows.iter().filter(|row| row.case == id);
        let worst = of_case().max_by(|a, b| relative(a).total_cmp(&relative(b)));
        let year = of_case().find(|row| row.figure == "year");
        for row in year
            .into_iter()
            .chain(worst.filter(|row| row.figure != "year"))
        {
            text.push_str(&format!(
                "| {} | {} | {:.6} | {:.6} | {} | {:.0e} |\n",
                row.case,
                row.figure,
                row.ours,
                row.theirs,
                shown(relative(row)),
                row.tolerance
            ));
        }
    }
    text.push_str(
        "\n## Published rules\n\n\
         Worked numbers of the tariff rules; a star marks those that were worked here by hand from the rule.\n\n\
         | rule and household | ours, CNY | worked, CNY | difference |\n| --- | --- | --- | --- |\n",
    );
    for worked in part_b::all() {
        let theirs: f64 = worked.theirs.parse().unwrap();
        let off = worked.ours.to_f64() - theirs;
        text.push_str(&format!(
            "| {} | {} | {} | {:.2} |\n",
            worked.name, worked.ours, worked.theirs, off
        ));
    }
    text
}

/// A relative difference to one digit, which does not hang on the last bits of a sum.
fn shown(relative: f64) -> String {
    if relative < 1e-10 {
        "0".to_owned()
    } else {
        format!("{relative:.0e}")
    }
}

#[test]
fn the_page_of_comparisons_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation/bills.md");
    let page = page();
    if std::env::var_os("QINGNUAN_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &page).unwrap();
    }
    let stands = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(stands, page, "run with QINGNUAN_BLESS=1 to write it anew");
}
