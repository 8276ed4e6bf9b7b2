//! Exact decimals for what is metered, priced and paid.
//!
//! Bills are integer arithmetic: a quantity and a price each have six decimal places, their product
//! has twelve, and it is rounded once, to the fen, when it becomes a line of a bill.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use crate::words::kinds::Kind;

/// Millionths in one.
pub const SCALE: i64 = 1_000_000;

/// A decimal number with exactly six places: a metered quantity (kWh, m3, t), a price
/// (CNY per unit) or a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Fixed(i64);

impl Fixed {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(SCALE);
    /// The largest value, for a bound that is never reached.
    pub const MAX: Self = Self(i64::MAX);

    /// From a whole number of millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// From a whole number.
    pub const fn whole(n: i64) -> Self {
        Self(n * SCALE)
    }

    /// The nearest six-place decimal. A number that is not finite becomes 0 and one that is too
    /// large is cut, so inputs are checked before they come here.
    pub fn from_f64(value: f64) -> Self {
        Self((value * SCALE as f64).round() as i64)
    }

    /// As a floating point number.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    /// The number of millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The smaller of two.
    pub fn min(self, other: Self) -> Self {
        Ord::min(self, other)
    }

    /// The larger of two.
    pub fn max(self, other: Self) -> Self {
        Ord::max(self, other)
    }

    /// The product, rounded half away from zero to six places.
    pub fn times(self, other: Self) -> Self {
        Self(round_div(
            self.0 as i128 * other.0 as i128,
            SCALE as i128,
            Rounding::HalfUp,
        ) as i64)
    }

    /// The share `part / whole` of this, rounded down towards zero to six places; 0 if `whole` is 0.
    pub fn share(self, part: Self, whole: Self) -> Self {
        if whole.0 == 0 {
            return Self::ZERO;
        }
        // Most products fit into 64 bits, where a division is one instruction.
        match self.0.checked_mul(part.0) {
            Some(product) => Self(product / whole.0),
            None => Self((self.0 as i128 * part.0 as i128 / whole.0 as i128) as i64),
        }
    }
}

impl Add for Fixed {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0.saturating_add(o.0))
    }
}
impl Sub for Fixed {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0.saturating_sub(o.0))
    }
}
impl Neg for Fixed {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl AddAssign for Fixed {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl SubAssign for Fixed {
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl Sum for Fixed {
    fn sum<I: Iterator<Item = Self>>(it: I) -> Self {
        it.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Fixed {
    /// All the digits that are not trailing zeros; `{:.2}` rounds half up to two places.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = f.precision().unwrap_or(6).min(6);
        let unit = 10_i128.pow(6 - places as u32);
        let rounded = round_div(self.0 as i128, unit, Rounding::HalfUp);
        let scale = 10_i128.pow(places as u32);
        let (sign, magnitude) = (if rounded < 0 { "-" } else { "" }, rounded.abs());
        let whole = magnitude / scale;
        let mut text = format!("{sign}{whole}");
        if places > 0 {
            let fraction = format!("{:0width$}", magnitude % scale, width = places);
            let shown = if f.precision().is_some() {
                fraction.as_str()
            } else {
                fraction.trim_end_matches('0')
            };
            if !shown.is_empty() {
                text.push('.');
                text.push_str(shown);
            }
        }
        f.pad_integral(true, "", &text)
    }
}

impl Serialize for Fixed {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.to_f64())
    }
}
impl<'de> Deserialize<'de> for Fixed {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        f64::deserialize(d).map(Self::from_f64)
    }
}

/// How a product becomes whole fen. No source states one; half up is the default and the choice is
/// a parameter of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half a fen goes away from zero.
    #[default]
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// Half a fen goes to the even neighbour.
    HalfEven,
}

impl Kind for Rounding {
    const ALL: &'static [Self] = &[Self::HalfUp, Self::Down, Self::Up, Self::HalfEven];
    fn key(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::Down => "down",
            Self::Up => "up",
            Self::HalfEven => "half_even",
        }
    }
}

/// Divides and rounds; `divisor` is positive.
fn round_div(value: i128, divisor: i128, rounding: Rounding) -> i128 {
    let (quotient, rest) = match (i64::try_from(value), i64::try_from(divisor)) {
        // Most sums fit into 64 bits, where a division is one instruction.
        (Ok(value), Ok(divisor)) => (i128::from(value / divisor), i128::from(value % divisor)),
        _ => (value / divisor, value % divisor),
    };
    if rest == 0 {
        return quotient;
    }
    let away = quotient + value.signum();
    match rounding {
        Rounding::Down => quotient,
        Rounding::Up => away,
        Rounding::HalfUp if rest.abs() * 2 >= divisor => away,
        Rounding::HalfUp => quotient,
        Rounding::HalfEven => match (rest.abs() * 2).cmp(&divisor) {
            std::cmp::Ordering::Greater => away,
            std::cmp::Ordering::Equal if quotient % 2 != 0 => away,
            _ => quotient,
        },
    }
}

/// An exact product of quantity and price, before it is rounded: twelve places of a yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ExactYuan(pub i128);

impl ExactYuan {
    /// Quantity times price.
    pub fn of(quantity: Fixed, price: Fixed) -> Self {
        Self(quantity.0 as i128 * price.0 as i128)
    }
    /// Rounded to the fen.
    pub fn to_money(self, rounding: Rounding) -> Money {
        const FEN: i64 = 10_000_000_000;
        // The bill of a household fits into 64 bits, where a division is a few instructions.
        if let (Ok(exact), Rounding::HalfUp) = (i64::try_from(self.0), rounding)
            && exact.unsigned_abs() < i64::MAX as u64 - FEN as u64
        {
            let half = if exact < 0 { -FEN / 2 } else { FEN / 2 };
            return Money((exact + half) / FEN);
        }
        Money(round_div(self.0, i128::from(FEN), rounding) as i64)
    }
    /// As a floating point number of yuan.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e12
    }
}
impl Add for ExactYuan {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0 + o.0)
    }
}
impl Sum for ExactYuan {
    fn sum<I: Iterator<Item = Self>>(it: I) -> Self {
        it.fold(Self(0), Add::add)
    }
}

/// Money in whole fen (分). Every line of the ledger is one, so printed columns add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Money(i64);

impl Serialize for Money {
    /// As yuan, with at most two places.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.to_f64())
    }
}
impl JsonSchema for Money {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number", "description": "Yuan, whole fen."
        })
    }
}
impl JsonSchema for Fixed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fixed".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number", "description": "A quantity or a price, six places at most."
        })
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount, for a cap that is never reached.
    pub const MAX: Self = Self(i64::MAX);

    /// From whole fen.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }
    /// From whole yuan.
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }
    /// The nearest fen, half away from zero.
    pub fn from_f64(yuan: f64) -> Self {
        Self((yuan * 100.0).round() as i64)
    }
    /// Whole fen.
    pub const fn fen(self) -> i64 {
        self.0
    }
    /// Yuan as a floating point number.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
    /// The nearest whole yuan, half away from zero.
    pub fn whole_yuan(self) -> Self {
        Self(round_div(self.0 as i128, 100, Rounding::HalfUp) as i64 * 100)
    }
    /// Yuan as an exact decimal.
    pub fn to_fixed(self) -> Fixed {
        Fixed(self.0 * (SCALE / 100))
    }
    /// The smaller of two.
    pub fn min(self, other: Self) -> Self {
        Ord::min(self, other)
    }
    /// The larger of two.
    pub fn max(self, other: Self) -> Self {
        Ord::max(self, other)
    }
    /// `rate` of this, rounded to the fen.
    pub fn portion(self, rate: Fixed, rounding: Rounding) -> Self {
        Self(round_div(self.0 as i128 * rate.0 as i128, SCALE as i128, rounding) as i64)
    }
    /// The exact fraction `part / whole` of this, rounded once to the fen; nothing if `whole` is 0.
    pub fn ratio(self, part: Fixed, whole: Fixed, rounding: Rounding) -> Self {
        if whole.0 <= 0 {
            return Self::ZERO;
        }
        Self(round_div(self.0 as i128 * part.0 as i128, whole.0 as i128, rounding) as i64)
    }
    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
    /// Splits into parts proportional to `weights`; the parts add up to the whole to the fen, the
    /// odd fen going to the largest remainders, the first of equals first.
    pub fn split(self, weights: &[Fixed]) -> Vec<Money> {
        let total: i128 = weights.iter().map(|w| w.0 as i128).sum();
        if total <= 0 {
            return vec![Money::ZERO; weights.len()];
        }
        let share = |w: &Fixed| (self.0 as i128 * w.0 as i128).div_euclid(total) as i64;
        let rest = |w: &Fixed| (self.0 as i128 * w.0 as i128).rem_euclid(total);
        let mut parts: Vec<i64> = weights.iter().map(share).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(rest(&weights[i])));
        let odd = self.0 - parts.iter().sum::<i64>();
        for &i in order.iter().take(odd.max(0) as usize) {
            parts[i] += 1;
        }
        parts.into_iter().map(Money).collect()
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0.saturating_add(o.0))
    }
}
impl Sub for Money {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0.saturating_sub(o.0))
    }
}
impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl AddAssign for Money {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl SubAssign for Money {
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(it: I) -> Self {
        it.fold(Self::ZERO, Add::add)
    }
}
impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Money>>(it: I) -> Self {
        it.copied().sum()
    }
}

impl fmt::Display for Money {
    /// Yuan with two places and thousands separated: `12,345.60`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut text = String::from(if self.0 < 0 { "-" } else { "" });
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(&format!(".{:02}", self.0.unsigned_abs() % 100));
        f.pad_integral(true, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_price_read_as_a_float_is_exact() {
        let bill = ExactYuan::of(Fixed::whole(9000), Fixed::from_f64(0.2862));
        assert_eq!(bill.to_money(Rounding::HalfUp), Money::from_fen(257_580));
    }

    #[test]
    fn half_a_fen_goes_up_and_the_rule_is_a_parameter() {
        let half = ExactYuan::of(Fixed::from_f64(0.5), Fixed::from_f64(0.03)); // 1.5 fen
        let all = [
            Rounding::HalfUp,
            Rounding::Down,
            Rounding::Up,
            Rounding::HalfEven,
        ];
        assert_eq!(all.map(|r| half.to_money(r).fen()), [2, 1, 2, 2]);
        assert_eq!(
            ExactYuan(-15_000_000_000).to_money(Rounding::HalfUp).fen(),
            -2
        );
    }

    #[test]
    fn money_prints_with_thousands() {
        assert_eq!(Money::from_fen(-1_234_567).to_string(), "-12,345.67");
        assert_eq!(Money::from_fen(5).to_string(), "0.05");
    }

    #[test]
    fn fixed_prints_what_it_holds() {
        assert_eq!(Fixed::from_f64(0.2862).to_string(), "0.2862");
        assert_eq!(Fixed::whole(12).to_string(), "12");
        assert_eq!(format!("{:.2}", Fixed::from_f64(-1.005)), "-1.01");
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(fen in -1_000_000_i64..10_000_000, weights in prop::collection::vec(0_i64..1000, 1..6)) {
            prop_assume!(weights.iter().sum::<i64>() > 0);
            let weights: Vec<Fixed> = weights.into_iter().map(Fixed::whole).collect();
            let parts = Money::from_fen(fen).split(&weights);
            prop_assert_eq!(parts.iter().sum::<Money>(), Money::from_fen(fen));
        }
    }
}
