//! Answers as people say them: amounts in 斤 and bags, prices a jin, incomes in 万.

use crate::input::quick::{self, CATEGORIES};
use crate::input::roster::columns::TONNES;
use crate::words::kinds::{Carrier, Category, Kind};

/// What an answer can be beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Help is asked for.
    Help,
    /// The question before.
    Back,
    /// The default, or that nobody knows.
    Unknown,
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Words that mean the same in every question.
const EVERYWHERE: [(&str, Word); 13] = [
    ("?", Word::Help),
    ("帮助", Word::Help),
    ("help", Word::Help),
    ("返回", Word::Back),
    ("上一个", Word::Back),
    ("back", Word::Back),
    ("", Word::Unknown),
    ("不知道", Word::Unknown),
    ("不清楚", Word::Unknown),
    ("说不准", Word::Unknown),
    ("unknown", Word::Unknown),
    ("don't know", Word::Unknown),
    ("-", Word::Unknown),
];

/// Words of yes and no.
const YES_NO: [(&str, Word); 20] = [
    ("1", Word::Yes),
    ("有", Word::Yes),
    ("是", Word::Yes),
    ("通", Word::Yes),
    ("通了", Word::Yes),
    ("能", Word::Yes),
    ("y", Word::Yes),
    ("yes", Word::Yes),
    ("2", Word::No),
    ("没有", Word::No),
    ("没", Word::No),
    ("没通", Word::No),
    ("无", Word::No),
    ("否", Word::No),
    ("不是", Word::No),
    ("不通", Word::No),
    ("不能", Word::No),
    ("n", Word::No),
    ("no", Word::No),
    ("none", Word::No),
];

fn word_in(text: &str, words: &[(&str, Word)]) -> Option<Word> {
    let found = words.iter().find(|(name, _)| *name == text);
    found.map(|(_, word)| *word)
}

/// An answer without blanks around it, in small letters and ASCII digits and signs.
pub fn plain(text: &str) -> String {
    let ascii = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c if c.is_control() => ' ',
        c => c,
    };
    let text: String = text.chars().map(ascii).collect();
    text.trim().to_lowercase()
}

/// A word that means the same in every question.
pub fn word(text: &str) -> Option<Word> {
    word_in(&plain(text), &EVERYWHERE)
}

/// Yes or no.
pub fn yes_or_no(text: &str) -> Option<bool> {
    word_in(&plain(text), &YES_NO).map(|word| word == Word::Yes)
}

const KILOGRAMS: [(&str, f64); 4] = [("kg", 1.0), ("公斤", 1.0), ("千克", 1.0), ("斤", 0.5)];
const CUBIC_METRES: [(&str, f64); 5] = [
    ("m3", 1.0),
    ("方", 1.0),
    ("立方", 1.0),
    ("立方米", 1.0),
    ("方气", 1.0),
];
const KILOWATT_HOURS: [(&str, f64); 3] = [("kwh", 1.0), ("度", 1.0), ("度电", 1.0)];
const AREA: [(&str, f64); 6] = [
    ("", 1.0),
    ("m2", 1.0),
    ("平", 1.0),
    ("平米", 1.0),
    ("平方", 1.0),
    ("平方米", 1.0),
];
const YUAN: [(&str, f64); 6] = [
    ("", 1.0),
    ("元", 1.0),
    ("块", 1.0),
    ("块钱", 1.0),
    ("万", 1e4),
    ("万元", 1e4),
];
const PER_TONNE: [(&str, f64); 11] = [
    ("", 1.0),
    ("元", 1.0),
    ("块", 1.0),
    ("元/吨", 1.0),
    ("块/吨", 1.0),
    ("元一吨", 1.0),
    ("块一吨", 1.0),
    ("元/t", 1.0),
    ("元/斤", 2000.0),
    ("块/斤", 2000.0),
    ("块一斤", 2000.0),
];
const PER_KILOGRAM: [(&str, f64); 6] = [
    ("", 1.0),
    ("元", 1.0),
    ("块", 1.0),
    ("元/公斤", 1.0),
    ("元/kg", 1.0),
    ("元/斤", 2.0),
];
const PEOPLE: [(&str, f64); 4] = [("", 1.0), ("口", 1.0), ("人", 1.0), ("口人", 1.0)];
/// Names of a piece in which fuel is sold.
const PIECES: [&str; 4] = ["袋", "瓶", "罐", "bag"];

/// Square metres.
pub fn area(text: &str) -> Option<f64> {
    quick::quantity(&plain(text), &AREA)
}

/// Yuan; `3万` is thirty thousand.
pub fn yuan(text: &str) -> Option<f64> {
    quick::quantity(&plain(text), &YUAN)
}

/// People.
pub fn people(text: &str) -> Option<f64> {
    quick::quantity(&plain(text), &PEOPLE).filter(|people| people.fract() == 0.0)
}

/// An amount in the carrier's own unit. The unit must be said, since 斤 and 吨 are both usual; for
/// pieces, their weight too (`40袋x50斤`) unless the library knows that of the carrier.
pub fn amount(text: &str, carrier: Carrier, piece_kg: Option<f64>) -> Option<f64> {
    let text = plain(text);
    match carrier.unit() {
        "t" => quick::quantity(&text, TONNES)
            .or_else(|| pieces(&text, piece_kg).map(|kg| rounded(kg / 1000.0))),
        "kg" => quick::quantity(&text, &KILOGRAMS).or_else(|| pieces(&text, piece_kg)),
        "m3" => quick::quantity(&text, &CUBIC_METRES),
        _ => quick::quantity(&text, &KILOWATT_HOURS),
    }
}

/// Kilograms of a number of pieces.
fn pieces(text: &str, piece_kg: Option<f64>) -> Option<f64> {
    let (name, at) = PIECES
        .iter()
        .find_map(|name| text.find(name).map(|at| (*name, at)))?;
    let count = quick::quantity(text.get(..at)?, &[("", 1.0)])?;
    let rest = text.get(at + name.len()..)?.trim_start_matches('s');
    let weight = rest.trim_start_matches([' ', 'x', '*', '×', ',', '每', '一', '袋', '瓶', '各']);
    let kg = if weight.is_empty() {
        piece_kg?
    } else {
        quick::quantity(weight, &KILOGRAMS)?
    };
    Some(rounded(count * kg))
}

/// To the gram, so that products of decimals are written as people say them.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A price in yuan a unit of the carrier.
pub fn price(text: &str, carrier: Carrier) -> Option<f64> {
    let units: &[(&str, f64)] = match carrier.unit() {
        "t" => &PER_TONNE,
        _ => &PER_KILOGRAM,
    };
    quick::quantity(&plain(text), units)
}

/// What people call the fuels, beside their names in the catalogue.
const FUELS: [(&str, Carrier); 25] = [
    ("煤", Carrier::LooseCoal),
    ("煤炭", Carrier::LooseCoal),
    ("原煤", Carrier::LooseCoal),
    ("coal", Carrier::LooseCoal),
    ("型煤", Carrier::Briquette),
    ("蜂窝煤", Carrier::Briquette),
    ("煤球", Carrier::Briquette),
    ("briquette", Carrier::Briquette),
    ("颗粒", Carrier::Pellet),
    ("生物质", Carrier::Pellet),
    ("pellet", Carrier::Pellet),
    ("秸秆", Carrier::Straw),
    ("柴", Carrier::Straw),
    ("柴火", Carrier::Straw),
    ("柴草", Carrier::Straw),
    ("straw", Carrier::Straw),
    ("wood", Carrier::Straw),
    ("气", Carrier::NaturalGas),
    ("gas", Carrier::NaturalGas),
    ("煤气", Carrier::Lpg),
    ("液化气", Carrier::Lpg),
    ("power", Carrier::Electricity),
    ("暖气", Carrier::NetworkHeat),
    ("集中供暖", Carrier::NetworkHeat),
    ("district", Carrier::NetworkHeat),
];

/// The fuel of a word: its number in the list, its name or what else people call it.
pub fn fuel(text: &str, names: &[(Carrier, String)]) -> Option<Carrier> {
    let text = plain(text);
    numbered(&text, names.len())
        .and_then(|i| names.get(i))
        .or_else(|| names.iter().find(|(_, name)| plain(name) == text))
        .map(|(carrier, _)| *carrier)
        .or_else(|| Carrier::from_key(&text))
        .or_else(|| {
            let found = FUELS.iter().find(|(name, _)| *name == text);
            found.map(|(_, carrier)| *carrier)
        })
}

/// The parts of an answer that names several things. A blank is inside the names of some.
pub fn parts(text: &str) -> Vec<String> {
    let text = plain(text);
    let only_numbers = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == ' ' || c == ',');
    let split = |c: char| ",、;+和".contains(c) || (only_numbers && c == ' ');
    let parts = text.split(split).map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// The place in a list of which the answer gives the number, counted from 1.
pub fn numbered(text: &str, length: usize) -> Option<usize> {
    let number: usize = plain(text).parse().ok()?;
    (1..=length).contains(&number).then(|| number - 1)
}

/// The category: its number in the list, what people call it, or its name in the catalogue.
///
/// # Errors
/// The nearest name, if any is near.
pub fn category(text: &str, names: &[String]) -> Result<Category, Option<String>> {
    let text = plain(text);
    let listed = numbered(&text, names.len())
        .or_else(|| names.iter().position(|name| plain(name) == text))
        .and_then(|i| Category::ALL.get(i));
    match listed {
        Some(category) => Ok(*category),
        None => quick::category(&text).or_else(|nearest| with_ending(&text).ok_or(nearest)),
    }
}

/// A category of which the 户 at the end was left out.
fn with_ending(text: &str) -> Option<Category> {
    let full = format!("{text}户");
    let found = CATEGORIES.iter().find(|(name, _)| *name == full);
    found.map(|(_, category)| *category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_say_them() {
        for (text, tonnes) in [
            ("3吨", 3.0),
            ("６０００斤", 3.0),
            ("3000 KG", 3.0),
            ("60袋x100斤", 3.0),
            ("60袋，每袋50公斤", 3.0),
            ("60 bags x 50kg", 3.0),
        ] {
            assert_eq!(
                amount(text, Carrier::LooseCoal, None),
                Some(tonnes),
                "{text}"
            );
        }
        assert_eq!(amount("3", Carrier::LooseCoal, None), None);
        assert_eq!(amount("60袋", Carrier::LooseCoal, None), None);
        assert_eq!(amount("60袋", Carrier::Pellet, Some(20.0)), Some(1.2));
        assert_eq!(amount("10瓶", Carrier::Lpg, Some(14.5)), Some(145.0));
        assert_eq!(amount("1200方", Carrier::NaturalGas, None), Some(1200.0));
        assert_eq!(amount("8000度", Carrier::Electricity, None), Some(8000.0));
    }

    #[test]
    fn several_fuels_are_told_apart() {
        assert_eq!(parts("1 4"), ["1", "4"]);
        assert_eq!(parts("散煤、秸秆"), ["散煤", "秸秆"]);
        assert_eq!(parts("loose coal, straw"), ["loose coal", "straw"]);
    }

    #[test]
    fn money_and_words() {
        assert_eq!(yuan("3.5万"), Some(35_000.0));
        assert_eq!(price("0.6元/斤", Carrier::LooseCoal), Some(1200.0));
        assert_eq!(word("？"), Some(Word::Help));
        assert_eq!(word(" 不知道 "), Some(Word::Unknown));
        assert_eq!(yes_or_no("没有"), Some(false));
        assert_eq!(category("低保", &[]), Ok(Category::MinimumLiving));
        assert_eq!(category("监测", &[]), Ok(Category::Monitored));
    }
}
