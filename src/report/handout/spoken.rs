//! Numbers as they are said in Mandarin.

use std::iter::Peekable;
use std::str::Chars;

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
/// Units inside a group of four digits, from the thousands.
const UNITS: [&str; 4] = ["千", "百", "十", ""];
/// Units of the groups of four digits, from the last.
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
/// Signs of units and how they are said.
const SIGNS: [(&str, &str); 5] = [
    ("kWh", "度"),
    ("kW", "千瓦"),
    ("m2", "平方米"),
    ("m3", "立方米"),
    ("CNY", "元"),
];

/// A whole number: 12000 is 一万二千, 2350 is 两千三百五十.
pub fn whole(number: u64) -> String {
    if number == 0 {
        return DIGITS[0].to_owned();
    }
    let mut out = String::new();
    // Whether a zero stands between what was said and what comes.
    let mut gap = false;
    for (at, name) in GROUPS.iter().enumerate().rev() {
        let Some(size) = 10_000_u64.checked_pow(at as u32) else {
            continue;
        };
        let group = number / size % 10_000;
        if group == 0 {
            gap |= !out.is_empty();
            continue;
        }
        group_of_four(group, &mut gap, &mut out);
        out += name;
    }
    out
}

fn group_of_four(group: u64, gap: &mut bool, out: &mut String) {
    for (unit, size) in UNITS.iter().zip([1000, 100, 10, 1]) {
        let digit = (group / size % 10) as usize;
        if digit == 0 {
            *gap |= !out.is_empty();
            continue;
        }
        let first = out.is_empty();
        if std::mem::take(gap) {
            out.push_str(DIGITS[0]);
        }
        // At the head of a number: 十二, not 一十二; 两千, 两万, but 二百, 二十.
        let said = match (digit, *unit, first) {
            (1, "十", true) => "",
            (2, "千", true) => "两",
            (2, "", true) if group == 2 => "两",
            _ => DIGITS[digit],
        };
        out.push_str(said);
        out.push_str(unit);
    }
}

/// A number digit by digit, as years are said: 2026 is 二〇二六.
fn digits(text: &str) -> String {
    let said = |c: char| match c {
        '0' => "〇",
        c => c.to_digit(10).map_or("", |digit| DIGITS[digit as usize]),
    };
    text.chars().map(said).collect()
}

/// A text with its numbers and units in words; blanks go, since Chinese has none.
pub fn in_text(text: &str) -> String {
    let mut text = text.replace(' ', "");
    for (sign, said) in SIGNS {
        text = text.replace(sign, said);
    }
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii_digit() {
            let before = out.chars().last();
            let number = run(c, &mut rest);
            let said = said(&number, before, rest.peek().copied());
            if rest.next_if_eq(&'%').is_some() {
                out += "百分之";
            }
            out += &said;
        } else if c == '-' && rest.peek().is_some_and(char::is_ascii_digit) {
            out.push('负');
        } else {
            out.push(c);
        }
    }
    out
}

/// Digits with the dots and dashes between them, without commas: `12.5`, `2026-27`, `12000` of
/// `12,000`.
fn run(first: char, rest: &mut Peekable<Chars<'_>>) -> String {
    let mut number = String::from(first);
    loop {
        if let Some(digit) = rest.next_if(char::is_ascii_digit) {
            number.push(digit);
            continue;
        }
        let mut ahead = rest.clone();
        let joint = ahead.next().filter(|c| matches!(c, '.' | '-' | ','));
        match joint {
            Some(',') if ahead.clone().take_while(char::is_ascii_digit).count() >= 3 => {
                rest.next();
            }
            Some(joint) if joint != ',' && ahead.next().is_some_and(|c| c.is_ascii_digit()) => {
                number.push(joint);
                rest.next();
            }
            _ => return number,
        }
    }
}

fn said(number: &str, before: Option<char>, after: Option<char>) -> String {
    let parts: Vec<&str> = number.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            format!("{}年{}月{}日", digits(year), plain(month), plain(day))
        }
        [year, end] if year.len() == 4 => {
            let unit = if after == Some('年') { "" } else { "年" };
            format!("{}到{}{unit}", digits(year), digits(end))
        }
        [one] if one.len() == 4 && after == Some('年') => digits(one),
        [one] => amount(one, before, after),
        many => {
            let many: Vec<String> = many.iter().map(|part| plain(part)).collect();
            many.join("到")
        }
    }
}

/// A number that counts nothing: 2 is 二.
fn plain(text: &str) -> String {
    amount(text, None, Some('月'))
}

fn amount(text: &str, before: Option<char>, after: Option<char>) -> String {
    let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
    let Ok(value) = integer.parse::<u64>() else {
        return digits(text);
    };
    if fraction.chars().any(|c| c != '0') {
        let fraction = digits(fraction).replace('〇', "零");
        let integer = match value {
            2 => DIGITS[2].to_owned(),
            other => whole(other),
        };
        return format!("{integer}点{fraction}");
    }
    // Bricks of 24 or 37 cm give walls their names.
    if after == Some('墙') {
        return digits(text);
    }
    let ordinal = before == Some('第') || matches!(after, Some('月' | '日' | '号' | '%' | '级'));
    if value == 2 && ordinal {
        return DIGITS[2].to_owned();
    }
    whole(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_said_as_people_say_them() {
        for (number, words) in [
            (0, "零"),
            (2, "两"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (105, "一百零五"),
            (110, "一百一十"),
            (202, "二百零二"),
            (1005, "一千零五"),
            (2350, "两千三百五十"),
            (2200, "两千二百"),
            (10_010, "一万零一十"),
            (10_209, "一万零二百零九"),
            (12_000, "一万二千"),
            (22_000, "两万二千"),
            (20_050, "两万零五十"),
            (100_000, "十万"),
            (1_000_001, "一百万零一"),
            (200_000_000, "两亿"),
            (100_010_000, "一亿零一万"),
        ] {
            assert_eq!(whole(number), words, "{number}");
        }
    }

    #[test]
    fn numbers_in_a_text_are_said_by_what_they_are() {
        for (text, words) in [
            ("一天 12.5 元", "一天十二点五元"),
            ("一天 2.1 元", "一天二点一元"),
            ("一天 25.0 元", "一天二十五元"),
            ("一冬 12,100 元", "一冬一万二千一百元"),
            ("1,234,500.5 元", "一百二十三万四千五百点五元"),
            ("2026-27 年的冬天", "二〇二六到二七年的冬天"),
            ("缺热 2%（156 小时）", "缺热百分之二（一百五十六小时）"),
            ("2026-27 冬", "二〇二六到二七年冬"),
            ("2026-11-02", "二〇二六年十一月二日"),
            ("2026 年", "二〇二六年"),
            ("要 12.1 kW 的电", "要十二点一千瓦的电"),
            ("2 口人，第 2 档", "两口人，第二档"),
            ("37墙砖房", "三七墙砖房"),
            ("按 -5 度", "按负五度"),
            ("没有数", "没有数"),
        ] {
            assert_eq!(in_text(text), words);
        }
    }
}
