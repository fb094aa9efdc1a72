//! Money in whole pence. There is no way to multiply by a fraction: shares go through [`Money::allocate`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The currency of a programme. One programme uses one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Currency {
    #[default]
    GBP,
}

/// An amount in the currency's smallest unit: pence for pounds sterling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why a text is not an amount of money; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMoney {
    #[error("Enter an amount in pounds, like £50,000 or £12.50")]
    NotAnAmount,
    #[error("Enter an amount below £90 million million")]
    TooLarge,
}

impl Money {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn from_pence(pence: i64) -> Self {
        Self(pence)
    }
    #[must_use]
    pub const fn from_pounds(pounds: i32) -> Self {
        Self(pounds as i64 * 100)
    }
    #[must_use]
    pub const fn pence(self) -> i64 {
        self.0
    }
    /// Nothing when the sum does not fit; amounts of that size are a mistake somewhere.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
    /// A number of equal amounts, like six awards of £50,000.
    #[must_use]
    pub fn times(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// Divides by weights without losing a penny: each share is rounded towards zero, and the pence left over go
    /// one each to the shares that lost the largest part, the earlier first (largest remainder method).
    /// Without weights, or where all are nought, there is nobody to give to and the answer is empty.
    #[must_use]
    pub fn allocate(self, weights: &[u32]) -> Vec<Self> {
        let total: i128 = weights.iter().map(|&w| i128::from(w)).sum();
        if total == 0 {
            return Vec::new();
        }
        let whole = i128::from(self.0);
        let mut shares: Vec<i128> = weights.iter().map(|&w| whole * i128::from(w) / total).collect();
        let mut by_loss: Vec<usize> = (0..weights.len()).filter(|&i| weights[i] > 0).collect();
        by_loss.sort_by_key(|&i| std::cmp::Reverse((whole * i128::from(weights[i]) % total).abs()));
        let left = whole - shares.iter().sum::<i128>();
        for &i in by_loss.iter().take(usize::try_from(left.abs()).unwrap_or(0)) {
            shares[i] += left.signum();
        }
        // Each share lies between nought and the whole, which fits.
        shares.into_iter().map(|s| Self(i64::try_from(s).unwrap_or(self.0))).collect()
    }
}

/// As people write it: £1,250 or £1,250.50, the pence only where there are any.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut grouped = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let minus = if self.0 < 0 { "−" } else { "" };
        match self.0.unsigned_abs() % 100 {
            0 => write!(f, "{minus}£{grouped}"),
            pence => write!(f, "{minus}£{grouped}.{pence:02}"),
        }
    }
}

impl FromStr for Money {
    type Err = BadMoney;
    fn from_str(text: &str) -> Result<Self, BadMoney> {
        let text: String = text.trim().trim_start_matches('£').chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        let (pounds, pence) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if pounds.is_empty() || !digits(pounds) || !digits(pence) || pence.len() > 2 || text.ends_with('.') {
            return Err(BadMoney::NotAnAmount);
        }
        let pence: i64 = format!("{pence:0<2}").parse().map_err(|_| BadMoney::NotAnAmount)?;
        let pounds: i64 = pounds.parse().map_err(|_| BadMoney::TooLarge)?;
        pounds.checked_mul(100).and_then(|p| p.checked_add(pence)).map(Self).ok_or(BadMoney::TooLarge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_as_people_do() {
        for (text, shown) in [("£50,000", "£50,000"), ("1250.5", "£1,250.50"), (" £0.07 ", "£0.07"), ("3000000", "£3,000,000")]
        {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), shown);
        }
        for wrong in ["", "£", "about £5", "1.234", "5.", "-3", "1e9"] {
            assert_eq!(wrong.parse::<Money>(), Err(BadMoney::NotAnAmount), "{wrong}");
        }
        assert_eq!("99999999999999999999".parse::<Money>(), Err(BadMoney::TooLarge));
    }

    proptest! {
        #[test]
        fn allocation_loses_nothing(pence in any::<i64>(), weights in prop::collection::vec(any::<u32>(), 1..20)) {
            prop_assume!(weights.iter().any(|&w| w > 0));
            let shares = Money::from_pence(pence).allocate(&weights);
            prop_assert_eq!(shares.iter().map(|s| i128::from(s.pence())).sum::<i128>(), i128::from(pence));
            for (share, weight) in shares.iter().zip(&weights) {
                prop_assert!(*weight > 0 || share.pence() == 0);
            }
        }

        #[test]
        fn what_is_shown_can_be_typed(pence in 0i64..i64::MAX) {
            prop_assert_eq!(Money::from_pence(pence).to_string().parse::<Money>().unwrap().pence(), pence);
        }
    }
}
