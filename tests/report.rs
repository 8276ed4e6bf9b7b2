//! What is printed: the text fits a page, the ledger adds up.

// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use qingnuan::cli::compute::comparison;
use qingnuan::comparison::Comparison;
use qingnuan::input::library::Library;
use qingnuan::input::quick::Flags;
use qingnuan::report::messages::{Lang, Messages};
use qingnuan::report::{account, explain};
use qingnuan::words::fixed::{ExactYuan, Rounding};
use rstest::rstest;
use unicode_width::UnicodeWidthStr;

/// Households with grants, with gas, and with only a bill.
fn households() -> Vec<Comparison> {
    let library = Library::bundled();
    let flags = |region: &str, coal: Option<&str>, gas: Option<&str>, bill: Option<&str>| Flags {
        region: Some(region.to_owned()),
        area: Some("100".to_owned()),
        coal: coal.map(str::to_owned),
        gas: gas.map(str::to_owned),
        bill: bill.map(str::to_owned),
        ..Flags::default()
    };
    [
        flags("红寺堡", Some("7.5t"), None, None),
        flags("怀柔", Some("4t"), None, None),
        flags("邯郸", None, Some("1000m3"), None),
        flags("济南", None, None, Some("3000")),
    ]
    .iter()
    .map(|flags| {
        let case = flags.read().case.unwrap();
        comparison(&case, &library).unwrap_or_else(|problems| panic!("{problems:?}"))
    })
    .collect()
}

#[rstest]
#[case(Lang::Zh)]
#[case(Lang::En)]
fn the_account_fits_a_page_of_80_columns(#[case] lang: Lang) {
    let messages = Messages::new(lang);
    for comparison in households() {
        // The lines of the head are sentences, which a terminal may break.
        for line in account::text(&comparison, &messages).lines().skip(5) {
            assert!(line.width() <= 80, "{}: {line}", line.width());
        }
    }
}

#[test]
fn every_option_is_explained() {
    let (library, messages) = (Library::bundled(), Messages::new(Lang::Zh));
    let sources = |id: &str| library.source(id);
    for comparison in households() {
        for account in comparison
            .options
            .iter()
            .filter_map(|option| option.account())
        {
            let text = explain::text(&comparison, account, &sources, &messages);
            assert!(text.contains("依据"), "{}", account.id);
            assert!(!text.contains("step-"), "a step has no word: {text}");
        }
    }
}

#[test]
fn every_line_is_its_quantity_times_its_price() {
    for comparison in households() {
        for account in comparison
            .options
            .iter()
            .filter_map(|option| option.account())
        {
            for line in &account.ledger.lines {
                let product = ExactYuan::of(line.quantity, line.unit_price);
                let product = product.to_money(Rounding::HalfUp);
                let same = product == line.amount;
                assert!(same, "{}: {line:?}", account.id);
            }
        }
    }
}

#[test]
fn csv_has_a_row_for_today_and_for_every_option() {
    for comparison in households() {
        let text = account::csv(&comparison, &Messages::new(Lang::Zh)).unwrap();
        let rows = csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .count();
        assert_eq!(rows, comparison.options.len() + 1);
    }
}
