//! Bad rules: each problem with its file, line and field.

use super::*;

const GOOD: &str = r#"
[[parameter]]
id = "bands"
name = "bands"
default = "whole"
readings = { whole = "whole", marginal = "marginal" }
figure = { source = "s", grade = "D" }

[[rule]]
id = "device"
name = "device"
programme = "p"
who = { heaters = ["gas_boiler"], converted_from = 2021-01-01, converted_to = 2021-12-31, area_from_m2 = 20, area_to_m2 = 300 }
install = { items = ["heat_source"], base = { price = 0.85 }, cap_cny = 7400 }
payers = { fixed_cny = { province = 3700, city = 1850, county = 1850 } }
payment = { way = "after_acceptance", delay_months = 3 }
figure = { source = "s", grade = "D", valid = { from = 2021-01-01, to = 2021-12-31 } }

[[rule]]
id = "winter"
name = "winter"
programme = "p"
when = { parameter = "bands", is = "whole" }
excluded_by = ["device"]
payers = { shares = { city = 0.4, county = 0.6 } }
payment = { way = "after_season", delay_months = 3 }
figure = { source = "s", grade = "D", valid = { from = 2021-11-15, to = "until_replaced", checked = 2024-01-01 } }
[rule.running]
season = { from = "11-15", to = "03-15" }
base = { per_unit = { carrier = "natural_gas", unit = "m3", measured = { own_meter = true }, bands = { kind = "whole_quantity", bounds = "inclusive", up_to = [40, 540], price_cny = [0, 0.4, 1.0] } } }
cap_cny = 1300
clock = { by_season = { after_winters = 0, cap_cny = { "2021-22" = 450, "2022-23" = 300 } } }
"#;

/// The problems of `GOOD` with one text replaced: line, field and kind.
fn broken(from: &str, to: &str) -> Vec<(usize, String, ProblemKind)> {
    assert_eq!(
        GOOD.matches(from).count(),
        1,
        "{from} stands once in the good file"
    );
    let problems = RefCell::new(Problems::default());
    let text = GOOD.replace(from, to);
    let file = read_rules("rules.toml", &text, "here", &Known::default(), &problems);
    assert!(file.is_none(), "a bad file gives no rules");
    let found = problems.into_inner().sorted().0;
    assert!(
        found
            .iter()
            .all(|problem| problem.place.file == "rules.toml")
    );
    found
        .into_iter()
        .map(|it| (it.place.line, it.place.field, it.kind))
        .collect()
}

/// Checks that there is one problem and where.
fn one(from: &str, to: &str, line: usize, field: &str) -> ProblemKind {
    let mut found = broken(from, to);
    assert_eq!(found.len(), 1, "{found:#?}");
    let (at, name, kind) = found.remove(0);
    assert_eq!((at, name.as_str()), (line, field));
    kind
}

#[test]
fn the_good_file_is_good() {
    let problems = RefCell::new(Problems::default());
    let file = read_rules("rules.toml", GOOD, "here", &Known::default(), &problems);
    assert_eq!(problems.into_inner(), Problems::default());
    let file = file.unwrap();
    assert_eq!((file.rules.len(), file.parameters.len()), (2, 1));
    assert_eq!(file.rules[0].figure.id(), "here/subsidy/device");
}

#[test]
fn a_rate_of_nothing_or_more_than_all() {
    let field = "rule[0].install.base.price";
    let high = one("price = 0.85", "price = 1.2", 14, field);
    assert!(matches!(high, ProblemKind::OutOfRange { value: 1.2, .. }));
    let zero = one("price = 0.85", "price = 0", 14, field);
    assert!(matches!(zero, ProblemKind::OutOfRange { .. }));
    let three_halves = one("price = 0.85", "price = \"3/2\"", 14, field);
    assert!(matches!(
        three_halves,
        ProblemKind::OutOfRange { value: 1.5, .. }
    ));
    let huge = one("price = 0.85", "price = \"1/4000000000\"", 14, field);
    assert!(matches!(huge, ProblemKind::OutOfRange { .. }));
    let words = one("price = 0.85", "price = \"85 %\"", 14, field);
    assert!(matches!(words, ProblemKind::WrongType { .. }));
    let nan = one("price = 0.85", "price = nan", 14, field);
    assert_eq!(nan, ProblemKind::NotFinite);
}

#[test]
fn shares_that_are_not_the_whole() {
    let kind = one("city = 0.4,", "city = 0.3,", 25, "rule[1].payers.shares");
    assert!(matches!(kind, ProblemKind::SharesSum { sum } if (sum - 0.9).abs() < 1e-9));
}

#[test]
fn fixed_parts_that_are_not_the_cap() {
    let kind = one(
        "province = 3700",
        "province = 3600",
        15,
        "rule[0].payers.fixed_cny",
    );
    assert!(matches!(kind, ProblemKind::SharesSum { sum } if (sum - 7300.0 / 7400.0).abs() < 1e-9));
}

#[test]
fn bands_that_fall_or_do_not_fit() {
    let base = "rule[1].running.base.per_unit.bands";
    let falling = one("[40, 540]", "[540, 40]", 30, &format!("{base}.up_to[1]"));
    assert!(matches!(falling, ProblemKind::OutOfOrder { .. }));
    let few = one(
        "[0, 0.4, 1.0]",
        "[0, 0.4]",
        30,
        &format!("{base}.price_cny"),
    );
    assert!(matches!(
        few,
        ProblemKind::WrongLength {
            found: 2,
            expected: 3,
            ..
        }
    ));
}

#[test]
fn bands_that_do_not_say_how_they_are_read() {
    let base = "rule[1].running.base.per_unit.bands";
    let kind = one("kind = \"whole_quantity\", ", "", 30, base);
    assert_eq!(
        kind,
        ProblemKind::MissingKey {
            key: format!("{base}.kind")
        }
    );
    let bounds = one("bounds = \"inclusive\", ", "", 30, base);
    assert_eq!(
        bounds,
        ProblemKind::MissingKey {
            key: format!("{base}.bounds")
        }
    );
}

#[test]
fn a_rule_without_validity_or_with_an_open_end() {
    let without = one(
        ", valid = { from = 2021-01-01, to = 2021-12-31 }",
        "",
        17,
        "rule[0].figure.source",
    );
    assert!(matches!(without, ProblemKind::MissingKey { key } if key == "figure.valid"));
    let open = one(", checked = 2024-01-01", "", 27, "rule[1].figure.valid.to");
    assert!(matches!(open, ProblemKind::OpenEnd { .. }));
    let no_end = one(
        "from = 2021-01-01, to = 2021-12-31 } }",
        "from = 2021-01-01 } }",
        17,
        "rule[0].figure.valid",
    );
    assert!(matches!(no_end, ProblemKind::MissingKey { .. }));
}

#[test]
fn dates_and_areas_out_of_order() {
    let valid = one(
        "to = 2021-12-31 } }",
        "to = 2020-12-31 } }",
        17,
        "rule[0].figure.valid.to",
    );
    assert!(matches!(valid, ProblemKind::OutOfOrder { .. }));
    let window = one(
        "converted_to = 2021-12-31",
        "converted_to = 2020-12-31",
        13,
        "rule[0].who.converted_to",
    );
    assert!(matches!(window, ProblemKind::OutOfOrder { .. }));
    let area = one(
        "area_to_m2 = 300",
        "area_to_m2 = 10",
        13,
        "rule[0].who.area_to_m2",
    );
    assert!(matches!(area, ProblemKind::OutOfOrder { .. }));
    let day = one(
        "converted_to = 2021-12-31",
        "converted_to = \"2021-13-31\"",
        13,
        "rule[0].who.converted_to",
    );
    assert!(matches!(day, ProblemKind::NotADay { .. }));
}

#[test]
fn ids_used_twice_or_of_nothing() {
    let twice = broken("id = \"winter\"", "id = \"device\"");
    assert_eq!((twice[0].0, twice[0].1.as_str()), (20, "rule[1].id"));
    assert!(
        matches!(&twice[0].2, ProblemKind::Duplicate { first, .. } if first == "rules.toml:10")
    );
    let nobody = one("[\"device\"]", "[\"devise\"]", 24, "rule[1].excluded_by[0]");
    assert!(
        matches!(nobody, ProblemKind::Unresolved { what: "rule", nearest: Some(n), .. } if n == "device")
    );
    let parameter = one(
        "parameter = \"bands\"",
        "parameter = \"band\"",
        23,
        "rule[1].when.parameter",
    );
    assert!(
        matches!(parameter, ProblemKind::Unresolved { what: "parameter", nearest: Some(n), .. } if n == "bands")
    );
    let reading = one("is = \"whole\"", "is = \"hole\"", 23, "rule[1].when.is");
    assert!(
        matches!(reading, ProblemKind::Unresolved { what: "reading", nearest: Some(n), .. } if n == "whole")
    );
    let default = one(
        "default = \"whole\"",
        "default = \"most\"",
        5,
        "parameter[0].default",
    );
    assert!(matches!(
        default,
        ProblemKind::Unresolved {
            what: "reading",
            ..
        }
    ));
}

#[test]
fn names_that_are_not_in_the_lists() {
    let key = one("area_to_m2", "area_to_m", 13, "rule[0].who.area_to_m");
    assert!(matches!(key, ProblemKind::UnknownKey { nearest: Some(n), .. } if n == "area_to_m2"));
    let heater = one(
        "\"gas_boiler\"",
        "\"gas_boilr\"",
        13,
        "rule[0].who.heaters[0]",
    );
    assert!(matches!(heater, ProblemKind::NotOneOf { nearest: Some(n), .. } if n == "gas_boiler"));
    let payer = broken("province = 3700", "provnce = 3700");
    assert!(payer.iter().any(|(line, field, kind)| *line == 15
        && field == "rule[0].payers.fixed_cny.provnce"
        && matches!(kind, ProblemKind::UnknownKey { nearest: Some(n), .. } if n == "province")));
    let way = one("\"after_season\"", "\"later\"", 26, "rule[1].payment.way");
    assert!(matches!(way, ProblemKind::NotOneOf { .. }));
}

#[test]
fn a_phase_out_without_steps_or_with_a_winter_that_is_none() {
    let steps = "{ \"2021-22\" = 450, \"2022-23\" = 300 }";
    let none = one(steps, "{ }", 32, "rule[1].running.clock.by_season.cap_cny");
    assert!(matches!(none, ProblemKind::WrongLength { found: 0, .. }));
    let field = "rule[1].running.clock.by_season.cap_cny.2021-23";
    let odd = one("\"2021-22\"", "\"2021-23\"", 32, field);
    assert_eq!(
        odd,
        ProblemKind::NotADay {
            value: "2021-23".to_owned()
        }
    );
}

#[test]
fn a_grant_that_is_neither_or_both() {
    let neither = one(
        "install = { items = [\"heat_source\"], base = { price = 0.85 }, cap_cny = 7400 }\n",
        "\n",
        10,
        "rule[0].id",
    );
    assert!(matches!(neither, ProblemKind::NoKind { .. }));
    let two = broken(
        "base = { price = 0.85 }",
        "base = { price = 0.85, flat_cny = 3 }",
    );
    assert!(matches!(&two[0].2, ProblemKind::NoKind { found, .. } if found.len() == 2));
}

#[test]
fn units_and_hours_that_the_carrier_does_not_have() {
    let unit = one(
        "unit = \"m3\"",
        "unit = \"kwh\"",
        30,
        "rule[1].running.base.per_unit.unit",
    );
    assert!(matches!(unit, ProblemKind::Conflict { .. }));
    let hours = one(
        "unit = \"m3\"",
        "unit = \"m3\", hours = \"valley\"",
        30,
        "rule[1].running.base.per_unit.hours",
    );
    assert!(matches!(hours, ProblemKind::Conflict { .. }));
}

#[test]
fn a_kind_that_is_named_and_denied() {
    let field = "rule[1].running.base.per_unit.measured.own_meter";
    let kind = one("own_meter = true", "own_meter = false", 30, field);
    assert!(matches!(kind, ProblemKind::NotOneOf { .. }));
}

#[test]
fn a_group_that_picks_in_two_ways() {
    let problems = RefCell::new(Problems::default());
    let text = GOOD
        .replace(
            "excluded_by",
            "group = { id = \"g\", pick = \"largest\" }\nexcluded_by",
        )
        .replace("who = {", "group = { id = \"g\" }\nwho = {");
    assert!(read_rules("rules.toml", &text, "here", &Known::default(), &problems).is_none());
    let found = problems.into_inner().0;
    assert_eq!((found.len(), found[0].place.line), (1, 21));
    assert!(matches!(found[0].kind, ProblemKind::Conflict { .. }));
}

#[test]
fn payers_in_order_end_with_one_who_takes_the_rest() {
    let to = "payers = { in_order = [{ payer = \"city\", up_to_cny = 100 }] }";
    let kind = one(
        "payers = { shares = { city = 0.4, county = 0.6 } }",
        to,
        25,
        "rule[1].payers.in_order",
    );
    assert!(matches!(kind, ProblemKind::OpenEnd { .. }));
}

#[test]
fn a_payment_that_does_not_say_when() {
    let kind = one(
        "way = \"after_season\", delay_months = 3",
        "way = \"after_season\"",
        26,
        "rule[1].payment",
    );
    assert!(matches!(kind, ProblemKind::Needs { .. }));
    let both = one(
        "way = \"after_season\", delay_months = 3",
        "way = \"after_season\", delay_months = 3, never = true",
        26,
        "rule[1].payment",
    );
    assert!(matches!(both, ProblemKind::Conflict { .. }));
}

#[test]
fn a_lock_on_a_winter_and_a_raise_without_its_part() {
    let lock = one(
        "excluded_by = [\"device\"]",
        "lock = { id = \"l\", years = 10 }",
        24,
        "rule[1].lock",
    );
    assert!(matches!(lock, ProblemKind::Conflict { .. }));
    let raise = one(
        "excluded_by = [\"device\"]",
        "raise = { payer = \"county\", parameter = \"x\" }",
        24,
        "rule[1].raise",
    );
    assert!(matches!(raise, ProblemKind::Needs { .. }));
}

#[test]
fn every_problem_of_a_file_is_told() {
    let problems = RefCell::new(Problems::default());
    let text = GOOD
        .replace("price = 0.85", "price = 8.5")
        .replace("city = 0.4,", "city = 0.3,")
        .replace("[40, 540]", "[540, 40]");
    assert!(read_rules("rules.toml", &text, "here", &Known::default(), &problems).is_none());
    // The rate stops the record from being read, so the checks across fields come after it.
    assert_eq!(problems.into_inner().0.len(), 1);
    let problems = RefCell::new(Problems::default());
    let text = GOOD
        .replace("city = 0.4,", "city = 0.3,")
        .replace("[40, 540]", "[540, 40]");
    assert!(read_rules("rules.toml", &text, "here", &Known::default(), &problems).is_none());
    let lines: Vec<usize> = problems
        .into_inner()
        .sorted()
        .0
        .iter()
        .map(|it| it.place.line)
        .collect();
    assert_eq!(lines, [25, 30]);
}

#[test]
fn an_empty_file_a_binary_one_and_half_a_table() {
    for (text, line) in [("", 0), ("\u{0}\u{1}\u{2}", 1), ("[[rule]\nid = 3", 1)] {
        let problems = RefCell::new(Problems::default());
        assert!(read_rules("rules.toml", text, "here", &Known::default(), &problems).is_none());
        let found = problems.into_inner().sorted().0;
        assert_eq!(found[0].place.line, line, "{found:#?}");
    }
}
