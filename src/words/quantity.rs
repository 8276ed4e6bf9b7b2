//! Newtypes for physical quantities, so that a mix of units does not compile.
//!
//! Hourly arrays hold plain `f64` and say their unit in their name (`heat_kw`, `t_out_c`); single
//! figures that cross a module boundary are newtypes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// Defines an `f64` newtype with its unit, addition, subtraction, scaling and the ratio of two.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, JsonSchema, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// The unit, as files and reports write it.
            pub const UNIT: &'static str = $unit;
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);
            /// The bare number, in the unit of the type.
            pub const fn value(self) -> f64 { self.0 }
            /// The smaller of two.
            pub fn min(self, other: Self) -> Self { Self(self.0.min(other.0)) }
            /// The larger of two.
            pub fn max(self, other: Self) -> Self { Self(self.0.max(other.0)) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if let Some(digits) = f.precision() {
                    write!(f, "{:.*} {}", digits, self.0, $unit)
                } else {
                    write!(f, "{} {}", self.0, $unit)
                }
            }
        }
        impl Add for $name { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl Mul<f64> for $name { type Output = Self; fn mul(self, k: f64) -> Self { Self(self.0 * k) } }
        impl Mul<$name> for f64 { type Output = $name; fn mul(self, q: $name) -> $name { $name(self * q.0) } }
        impl Div<f64> for $name { type Output = Self; fn div(self, k: f64) -> Self { Self(self.0 / k) } }
        impl Div for $name { type Output = f64; fn div(self, o: Self) -> f64 { self.0 / o.0 } }
        impl AddAssign for $name { fn add_assign(&mut self, o: Self) { self.0 += o.0 } }
        impl SubAssign for $name { fn sub_assign(&mut self, o: Self) { self.0 -= o.0 } }
        impl Sum for $name { fn sum<I: Iterator<Item = Self>>(it: I) -> Self { Self(it.map(|q| q.0).sum()) } }
    };
}

/// `A * B = C` for three quantities.
macro_rules! product {
    ($a:ident * $b:ident = $c:ident) => {
        impl Mul<$b> for $a {
            type Output = $c;
            fn mul(self, other: $b) -> $c {
                $c(self.0 * other.0)
            }
        }
        impl Mul<$a> for $b {
            type Output = $c;
            fn mul(self, other: $a) -> $c {
                $c(self.0 * other.0)
            }
        }
    };
}

quantity!(/// Length.
    Metre, "m");
quantity!(/// Area.
    SquareMetre, "m2");
quantity!(/// Volume, of rooms or of gas at the meter.
    CubicMetre, "m3");
quantity!(/// Temperature.
    Celsius, "degC");
quantity!(/// Temperature difference.
    Kelvin, "K");
quantity!(/// Power, electrical or thermal.
    Kilowatt, "kW");
quantity!(/// Energy, electrical or thermal.
    KilowattHour, "kWh");
quantity!(/// Time.
    Hour, "h");
quantity!(/// Mass of fuel.
    Kilogram, "kg");
quantity!(/// Lower heating value of a solid or liquid fuel as received.
    MegajoulePerKilogram, "MJ/kg");
quantity!(/// Lower heating value of a gas.
    MegajoulePerCubicMetre, "MJ/m3");
quantity!(/// Thermal transmittance (U value).
    WattPerSquareMetreKelvin, "W/(m2 K)");
quantity!(/// Heat loss coefficient.
    WattPerKelvin, "W/K");
quantity!(/// A heat load index, or irradiance.
    WattPerSquareMetre, "W/m2");
quantity!(/// Money in the calculation of the years, where nothing is rounded.
    Yuan, "CNY");
quantity!(/// Money a year.
    YuanPerYear, "CNY/a");

product!(Kilowatt * Hour = KilowattHour);
product!(SquareMetre * Metre = CubicMetre);
product!(SquareMetre * WattPerSquareMetreKelvin = WattPerKelvin);

/// Megajoules in a kilowatt hour (exact).
pub const MJ_PER_KWH: f64 = 3.6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_times_time_is_energy() {
        assert_eq!(Kilowatt(2.5) * Hour(4.0), KilowattHour(10.0));
    }

    #[test]
    fn a_quantity_prints_its_unit() {
        assert_eq!(format!("{:.1}", SquareMetre(100.0)), "100.0 m2");
    }
}
