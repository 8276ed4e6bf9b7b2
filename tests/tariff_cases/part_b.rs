//! The worked numbers of the published tariff rules, each with its name.

use qingnuan::tariff::{Family, HeatingMeter, OpenTo};
use qingnuan::words::fixed::Money;

use super::{at, first_bill, market, monthly, once, place};

/// One worked number; a star after its name: worked here by hand from the rule.
pub struct Worked {
    /// Which.
    pub name: &'static str,
    /// As published.
    pub theirs: &'static str,
    /// Ours.
    pub ours: Money,
}

fn worked(name: &'static str, theirs: &'static str, ours: Money) -> Worked {
    Worked { name, theirs, ours }
}

/// The bill of one plan of a place on kWh at (month, hour).
fn bill(
    path: &str,
    carrier: &str,
    plan: &str,
    winter: i16,
    entries: &[(usize, usize, f64)],
) -> Money {
    let tariffs = place(path);
    let plans = if carrier == "gas" {
        &tariffs.gas
    } else {
        &tariffs.electricity
    };
    let market = market([&plans[plan]], winter);
    once(&first_bill(&market, &at(&market, entries)))
}

/// 山西: three plans on one winter's heating, and the home without a heating meter.
pub fn shanxi() -> Vec<Worked> {
    let entries = |kwh: f64, valley: f64| [(12, 23, kwh * valley), (1, 12, kwh * (1.0 - valley))];
    let of = |plan: &str, kwh: f64, valley: f64| {
        bill("shanxi", "electricity", plan, 2023, &entries(kwh, valley))
    };
    let tariffs = place("shanxi");
    let plans = ["resident", "electric_heating_baseline"].map(|id| &tariffs.electricity[id]);
    let market = market(plans, 2023);
    let living = at(&market, &[(8, 12, 180.0), (9, 12, 160.0)]);
    let december = at(&market, &[(12, 12, 1900.0)]);
    let family = Family {
        meter: HeatingMeter::Shared,
        ..Family::default()
    };
    let shared = market
        .heating_cost(OpenTo::ElectricHeating, &living, &december, &family)
        .unwrap();
    let december: Vec<_> = shared
        .with
        .lines
        .iter()
        .filter(|line| line.month == 12)
        .collect();
    vec![
        worked(
            "山西 tou 9000 kWh 60 %",
            "3370.68",
            of("electric_heating_tou", 9000.0, 0.6),
        ),
        worked(
            "山西 quota 9000 kWh",
            "2575.80",
            of("electric_heating_quota", 9000.0, 0.6),
        ),
        worked(
            "山西 flat 9000 kWh",
            "4293.00",
            of("electric_heating_flat", 9000.0, 0.6),
        ),
        worked(
            "山西 tou 15000 kWh 80 %",
            "4955.40",
            of("electric_heating_tou", 15000.0, 0.8),
        ),
        worked(
            "山西 quota 15000 kWh",
            "4734.60",
            of("electric_heating_quota", 15000.0, 0.8),
        ),
        worked(
            "山西 flat 15000 kWh",
            "7155.00",
            of("electric_heating_flat", 15000.0, 0.8),
        ),
        worked(
            "山西 tou 20000 kWh 80 %",
            "6607.20",
            of("electric_heating_tou", 20000.0, 0.8),
        ),
        worked(
            "山西 quota 20000 kWh",
            "7269.60",
            of("electric_heating_quota", 20000.0, 0.8),
        ),
        worked(
            "山西 flat 20000 kWh",
            "9540.00",
            of("electric_heating_flat", 20000.0, 0.8),
        ),
        worked("山西 one meter, base 170", "81.09", december[0].amount),
        worked("山西 one meter, heating 1730", "495.13", december[1].amount),
        worked(
            "山西 one meter, December",
            "576.22",
            shared.with.by_month()[11],
        ),
        worked(
            "运城 quota, 4 months, 9000 kWh *",
            "2575.80",
            of_four_months(9000.0),
        ),
    ]
}

/// The quota of four months holds 10,400 kWh.
fn of_four_months(kwh: f64) -> Money {
    let tariffs = place("shanxi/yuncheng");
    let market = market([&tariffs.electricity["electric_heating_quota"]], 2023);
    let family = Family {
        heating_months: 4,
        ..Family::default()
    };
    once(&market.bill(0, &at(&market, &[(1, 3, kwh)]), &family))
}

/// 山东, 河南, 陕西: tiers by season and by a year from July.
pub fn seasonal() -> Vec<Worked> {
    let sd = |plan, entries: &[(usize, usize, f64)]| {
        bill("shandong", "electricity", plan, 2023, entries)
    };
    let ha =
        |plan, entries: &[(usize, usize, f64)]| bill("henan", "electricity", plan, 2018, entries);
    let summer = sd("coal_to_electric", &[(5, 12, 1000.0), (8, 12, 600.0)]);
    let henan = place("henan");
    let winter = market([&henan.electricity["winter_tiers"]], 2018);
    let winter_bill = first_bill(&winter, &at(&winter, &[(12, 12, 3000.0)]));
    let tier = |t: u8| {
        let lines = winter_bill.lines.iter().filter(|line| line.tier == Some(t));
        lines.map(|line| line.amount).sum::<Money>()
    };
    vec![
        worked(
            "山东 season 6000 kWh flat",
            "3281.40",
            sd("coal_to_electric", &[(1, 12, 6000.0)]),
        ),
        worked(
            "山东 season 6000 kWh, 60 % valley",
            "2633.40",
            sd("coal_to_electric_tou", &[(1, 22, 3600.0), (2, 12, 2400.0)]),
        ),
        worked("山东 other months 1600 kWh", "881.54", summer),
        worked("河南 winter tier 1", "627.20", tier(1)),
        worked("河南 winter tier 2", "1146.80", tier(2)),
        worked("河南 winter 3000 kWh", "1774.00", once(&winter_bill)),
        worked(
            "河南 winter 3000 kWh, 60 % valley",
            "1594.00",
            ha("coal_to_electric_tou", &[(1, 22, 1800.0), (2, 12, 1200.0)]),
        ),
        worked(
            "陕西 400 kWh, the year passing 2160 to 2200",
            "201.32",
            shaanxi_month(1800.0, 400.0),
        ),
        worked(
            "陕西 300 kWh, the year 4100 to 4400",
            "214.49",
            shaanxi_month(4100.0, 300.0),
        ),
    ]
}

/// January after a half year's use in July.
fn shaanxi_month(before: f64, kwh: f64) -> Money {
    let tariffs = place("shaanxi/xian");
    let market = market([&tariffs.electricity["resident"]], 2023);
    let bill = first_bill(&market, &at(&market, &[(7, 12, before), (1, 12, kwh)]));
    bill.exact_by_month()[0].to_money(Default::default())
}

/// Falling blocks, long valleys and one price all day.
pub fn falling_and_valley() -> Vec<Worked> {
    let of = |path, plan, winter, entries: &[(usize, usize, f64)]| {
        bill(path, "electricity", plan, winter, entries)
    };
    vec![
        worked(
            "玉树 1000 kWh in a month",
            "269.07",
            of("qinghai/yushu", "electric_heating", 2023, &[(1, 5, 1000.0)]),
        ),
        worked(
            "黑龙江 old users, 1000 kWh in a month *",
            "440.00",
            of(
                "heilongjiang",
                "electric_heating_before_2009",
                2013,
                &[(1, 5, 1000.0)],
            ),
        ),
        worked(
            "宁夏 6000 kWh, 75 % valley in two pieces",
            "1866.60",
            of(
                "ningxia/wuzhong/hongsibao",
                "clean_heating",
                2026,
                &[
                    (1, 14, 2000.0),
                    (1, 22, 2500.0),
                    (1, 9, 700.0),
                    (1, 18, 800.0),
                ],
            ),
        ),
        worked(
            "蒙西 6000 kWh, 70 % valley",
            "1530.00",
            of(
                "neimenggu/bayannur/linhe",
                "electric_heating",
                2021,
                &[(1, 20, 4200.0), (1, 10, 1800.0)],
            ),
        ),
        worked(
            "新疆 3800 kWh",
            "836.00",
            of(
                "xinjiang/hotan",
                "electric_heating",
                2022,
                &[(1, 5, 3800.0)],
            ),
        ),
        worked(
            "北京 9000 valley kWh",
            "2700.00",
            of(
                "beijing/huairou",
                "coal_to_electric",
                2022,
                &[(12, 21, 9000.0)],
            ),
        ),
        worked(
            "北京 9000 valley and 5000 other kWh",
            "5141.50",
            of(
                "beijing/huairou",
                "coal_to_electric",
                2022,
                &[(12, 21, 9000.0), (1, 12, 5000.0)],
            ),
        ),
        worked(
            "天津 5000 valley and 2000 other kWh",
            "2480.00",
            of(
                "tianjin",
                "coal_to_electric",
                2021,
                &[(12, 21, 5000.0), (1, 12, 2000.0)],
            ),
        ),
        worked(
            "辽宁 4000 kWh, half valley, 3500 at the low price *",
            "1625.00",
            of(
                "liaoning",
                "electric_heating_quota",
                2025,
                &[(1, 23, 2000.0), (1, 9, 2000.0)],
            ),
        ),
    ]
}

/// Gas with a heating allowance, by year, by month, apart and joint.
pub fn gas() -> Vec<Worked> {
    let of = |path, plan, winter, entries: &[(usize, usize, f64)]| {
        bill(path, "gas", plan, winter, entries)
    };
    let months = |path: &str, plan: &str, units: f64| {
        let tariffs = place(path);
        let market = market([&tariffs.gas[plan]], 2026);
        let mut year = [0.0; 12];
        for m in [10, 11, 0, 1, 2] {
            year[m] = units;
        }
        once(&first_bill(&market, &monthly(&market, 3, &year)))
    };
    vec![
        worked(
            "北京 rural coal-to-gas 2800 m3",
            "7374.00",
            of("beijing", "coal_to_gas", 2025, &[(1, 3, 2800.0)]),
        ),
        worked(
            "兰州 boiler 2900 m3 *",
            "5938.00",
            of("gansu/lanzhou", "boiler", 2024, &[(1, 3, 2900.0)]),
        ),
        worked(
            "中卫 boiler 2500 m3 *",
            "5102.00",
            of("ningxia/zhongwei", "boiler", 2025, &[(1, 3, 2500.0)]),
        ),
        worked(
            "大同 heating, five months of 500 m3 *",
            "7408.00",
            months("shanxi/datong", "heating", 500.0),
        ),
        worked(
            "霍州 heating, five months of 500 m3 *",
            "7800.00",
            months("shanxi/linfen/huozhou", "coal_to_gas", 500.0),
        ),
        worked(
            "大庆 heating 1000 m3 *",
            "2970.00",
            of("heilongjiang/daqing", "heating", 2024, &[(1, 3, 1000.0)]),
        ),
    ]
}

/// All of them.
pub fn all() -> Vec<Worked> {
    [shanxi(), seasonal(), falling_and_valley(), gas()]
        .into_iter()
        .flatten()
        .collect()
}
