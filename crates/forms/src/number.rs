//! Exact numbers: no sum of a form is off by a rounding that nobody asked for.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::grouped;

/// A fraction of two whole numbers, in lowest terms, below the line always above nought.
/// Sums that would not fit give nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    over: i128,
    under: i128,
}

/// A text that is not a number; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    #[error("Enter a number, like 1,250 or 12.5")]
    NotANumber,
    #[error("Enter a number of at most 15 digits before the point and 9 after it")]
    TooLong,
}

const WHOLE_DIGITS: usize = 15;
const DECIMALS: usize = 9;

impl Number {
    pub const ZERO: Self = Self { over: 0, under: 1 };
    pub const ONE: Self = Self { over: 1, under: 1 };

    #[must_use]
    pub fn whole(number: impl Into<i128>) -> Self {
        Self { over: number.into(), under: 1 }
    }
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self { over: i128::try_from(number).unwrap_or(i128::MAX), under: 1 }
    }
    /// Nothing where the lower is nought, or where it does not fit.
    #[must_use]
    pub fn ratio(over: i128, under: i128) -> Option<Self> {
        if under == 0 || over == i128::MIN || under == i128::MIN {
            return None;
        }
        let shared = divisor(over.unsigned_abs(), under.unsigned_abs());
        let shared = i128::try_from(shared).ok()? * under.signum();
        Some(Self { over: over / shared, under: under / shared })
    }
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.under == other.under {
            return Self::ratio(self.over.checked_add(other.over)?, self.under);
        }
        let over = self.over.checked_mul(other.under)?.checked_add(other.over.checked_mul(self.under)?)?;
        Self::ratio(over, self.under.checked_mul(other.under)?)
    }
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self::ratio(self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?)
    }
    #[must_use]
    pub fn divided(self, other: Self) -> Option<Self> {
        Self::ratio(self.over.checked_mul(other.under)?, self.under.checked_mul(other.over)?)
    }
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { over: -self.over, under: self.under }
    }
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.under == 1
    }
    /// The whole number, where it is one that fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        if self.is_whole() { i64::try_from(self.over).ok() } else { None }
    }
    /// The nearest whole number, halves away from nought.
    #[must_use]
    pub fn rounded(self) -> i128 {
        let half = self.under / 2 + self.under % 2;
        let (whole, rest) = (self.over / self.under, self.over % self.under);
        if rest.abs() >= half && rest != 0 { whole + self.over.signum() } else { whole }
    }
    /// As near as a floating-point number comes, for spreadsheets and figures only.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "what is lost is what a spreadsheet cannot hold")]
    pub fn approx(self) -> f64 {
        self.over as f64 / self.under as f64
    }
    /// How many decimals it takes to write it out; nothing where it never ends or takes more than nine.
    #[must_use]
    pub fn decimals(self) -> Option<usize> {
        let mut scale = 1i128;
        for places in 0..=DECIMALS {
            if scale % self.under == 0 {
                return Some(places);
            }
            scale *= 10;
        }
        None
    }
    /// In digits without commas, as expressions and files write it; a fraction where it does not end.
    #[must_use]
    pub fn plain(self) -> String {
        self.decimals().map_or_else(|| format!("{}/{}", self.over, self.under), |places| self.digits(places))
    }
    fn digits(self, places: usize) -> String {
        let scale = 10u128.pow(u32::try_from(places).unwrap_or(0));
        let (over, under) = (self.over.unsigned_abs(), self.under.unsigned_abs());
        let (whole, rest) = (over / under, over % under);
        // Rounded at the last place, halves up; below a line so long, the last digits make no difference.
        let exact = rest.checked_mul(scale).and_then(|r| r.checked_add(under / 2)).map(|r| r / under);
        let part = exact.unwrap_or_else(|| rest / (under / scale).max(1)).min(scale);
        let (whole, part) = if part == scale { (whole.saturating_add(1), 0) } else { (whole, part) };
        let minus = if self.over < 0 && (whole > 0 || part > 0) { "-" } else { "" };
        if places == 0 { format!("{minus}{whole}") } else { format!("{minus}{whole}.{part:0places$}") }
    }
}

fn divisor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.over.checked_mul(other.under), other.over.checked_mul(self.under)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // Too large to multiply: compare the whole parts, and then what is left, upside down.
            _ => {
                let (a, b) = (self.over.div_euclid(self.under), other.over.div_euclid(other.under));
                a.cmp(&b).then_with(|| {
                    let rest = |n: &Self| Self { over: n.under, under: n.over.rem_euclid(n.under) };
                    let (a, b) = (rest(self), rest(other));
                    match (a.under, b.under) {
                        (0, 0) => Ordering::Equal,
                        (0, _) => Ordering::Less,
                        (_, 0) => Ordering::Greater,
                        _ => b.cmp(&a),
                    }
                })
            }
        }
    }
}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As people read it: 1,250 or 12.5, or rounded to two decimals where it does not end.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.digits(self.decimals().unwrap_or(2));
        let (minus, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
        let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
        write!(f, "{minus}{}", grouped(whole))?;
        part.map_or(Ok(()), |part| write!(f, ".{part}"))
    }
}

/// Reads 1250, 1,250, 12.5, -3 and 1/3.
impl FromStr for Number {
    type Err = BadNumber;
    fn from_str(text: &str) -> Result<Self, BadNumber> {
        let text = text.trim();
        if text.len() > 100 {
            return Err(if text.bytes().all(|b| b.is_ascii_digit()) { BadNumber::TooLong } else { BadNumber::NotANumber });
        }
        let text: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
        let (minus, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let fit = |t: &str| t.parse::<i128>().map_err(|_| BadNumber::TooLong);
        let number = if let Some((over, under)) = text.split_once('/') {
            if !digits(over) || !digits(under) {
                return Err(BadNumber::NotANumber);
            }
            Self::ratio(fit(over)?, fit(under)?).ok_or(BadNumber::NotANumber)?
        } else {
            let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
            if !digits(whole) || !digits(part) {
                return Err(BadNumber::NotANumber);
            }
            let part = part.trim_end_matches('0');
            if whole.trim_start_matches('0').len() > WHOLE_DIGITS || part.len() > DECIMALS {
                return Err(BadNumber::TooLong);
            }
            let scale = 10i128.pow(u32::try_from(part.len()).unwrap_or(0));
            Self::ratio(fit(&format!("{whole}{part}"))?, scale).ok_or(BadNumber::TooLong)?
        };
        Ok(if minus { number.negated() } else { number })
    }
}

/// In a file a number is written as a number, or as a text where a file could not hold it exactly.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if let Some(whole) = self.as_i64() {
            return s.serialize_i64(whole);
        }
        let near = self.approx();
        if near.to_string().parse() == Ok(*self) { s.serialize_f64(near) } else { s.serialize_str(&self.plain()) }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Any;
        impl serde::de::Visitor<'_> for Any {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Number, E> {
                Ok(Number::whole(n))
            }
            fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Number, E> {
                Ok(Number::whole(n))
            }
            fn visit_f64<E: serde::de::Error>(self, n: f64) -> Result<Number, E> {
                n.to_string().parse().map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, n: &str) -> Result<Number, E> {
                n.parse().map_err(E::custom)
            }
        }
        d.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn n(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_as_people_do() {
        for (typed, shown) in
            [("1250", "1,250"), ("12.50", "12.5"), ("-0.07", "−0.07"), ("1/3", "0.33"), ("2/3", "0.67"), ("0", "0")]
        {
            assert_eq!(n(typed).to_string(), shown);
        }
        for wrong in ["", "-", ".", "1.", "1e9", "1/0", "many", "£5"] {
            assert_eq!(wrong.parse::<Number>(), Err(BadNumber::NotANumber), "{wrong}");
        }
        assert_eq!("1234567890123456".parse::<Number>(), Err(BadNumber::TooLong));
    }

    #[test]
    fn thirds_come_back_whole() {
        let third = Number::ONE.divided(Number::whole(3)).unwrap();
        assert_eq!(third.plus(third).and_then(|n| n.plus(third)), Some(Number::ONE));
        assert_eq!((n("2.5").rounded(), n("-2.5").rounded(), n("2.4").rounded(), third.rounded()), (3, -3, 2, 0));
        assert_eq!(Number::ONE.divided(Number::ZERO), None);
        assert_eq!(Number::whole(i128::MAX).plus(Number::ONE), None);
    }

    proptest! {
        #[test]
        fn sums_and_order_never_panic(a: i128, b in 1i128.., c: i128, d in 1i128..) {
            let (Some(x), Some(y)) = (Number::ratio(a, b), Number::ratio(c, d)) else { return Ok(()) };
            let _ = (x.plus(y), x.minus(y), x.times(y), x.divided(y), x.rounded(), x.to_string(), x.plain(), x.decimals());
            prop_assert_eq!(x.cmp(&y), y.cmp(&x).reverse());
            prop_assert_eq!(x == y, x.cmp(&y) == Ordering::Equal);
        }

        #[test]
        fn what_is_written_can_be_read(whole in -999_999_999_999_999i64..=999_999_999_999_999, part in 0u32..1_000_000_000) {
            let number = n(&format!("{whole}.{part:09}"));
            prop_assert_eq!(number.plain().parse(), Ok(number));
            let json = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<Number>(&json).unwrap(), number);
        }
    }
}
