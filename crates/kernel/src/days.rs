//! Days of work, in quarters: what a consultant spends with a place, what a role may spend on its own work.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A number of days of work, kept in whole quarters of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Days(i64);

/// Why a text is not a number of days; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDays {
    #[error("Enter days in quarters, like 2, 0.5, 1¼ or 2 1/4")]
    NotDays,
    #[error("Enter fewer than 10,000 days")]
    TooMany,
}

impl Days {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn from_quarters(quarters: i64) -> Self {
        Self(quarters)
    }
    #[must_use]
    pub const fn from_whole(days: i32) -> Self {
        Self(days as i64 * 4)
    }
    #[must_use]
    pub const fn quarters(self) -> i64 {
        self.0
    }
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }
    /// The number alone: 8, 2½, ¼, −1¾.
    #[must_use]
    pub fn number(self) -> String {
        let minus = if self.0 < 0 { "−" } else { "" };
        let part = ["", "¼", "½", "¾"][usize::from((self.0.unsigned_abs() % 4) as u8)];
        match self.0.unsigned_abs() / 4 {
            0 if !part.is_empty() => format!("{minus}{part}"),
            whole => format!("{minus}{whole}{part}"),
        }
    }
    /// As a spreadsheet reads it: 8, 2.5, 0.25, -1.75.
    #[must_use]
    pub fn decimal(self) -> String {
        let minus = if self.0 < 0 { "-" } else { "" };
        let part = ["", ".25", ".5", ".75"][usize::from((self.0.unsigned_abs() % 4) as u8)];
        format!("{minus}{}{part}", self.0.unsigned_abs() / 4)
    }
}

/// As people say it: 8 days, 1 day, ½ day, 2¼ days.
impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = (1..=4).contains(&self.0.unsigned_abs());
        write!(f, "{} {}", self.number(), if one { "day" } else { "days" })
    }
}

/// Reads whole days with a part in quarters: 2, 2.25, .5, 2¼, ¼, 1/4, 2 1/4, with or without the word.
impl FromStr for Days {
    type Err = BadDays;
    fn from_str(text: &str) -> Result<Self, BadDays> {
        let text = text.trim();
        let text = ["days", "day"].iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim_end();
        let (whole, part) = split(text).ok_or(BadDays::NotDays)?;
        let whole = whole.trim_end();
        if !whole.bytes().all(|b| b.is_ascii_digit()) || whole.is_empty() && part.is_none() {
            return Err(BadDays::NotDays);
        }
        let days: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| BadDays::TooMany)? };
        if days >= 10_000 {
            return Err(BadDays::TooMany);
        }
        Ok(Self(days * 4 + part.unwrap_or(0)))
    }
}

/// The whole days as they are written, and the quarters after them. Nothing where what follows is no quarter.
fn split(text: &str) -> Option<(&str, Option<i64>)> {
    const PARTS: [(&str, i64); 6] = [("¼", 1), ("½", 2), ("¾", 3), ("1/4", 1), ("1/2", 2), ("3/4", 3)];
    if let Some((whole, part)) = text.split_once('.') {
        let quarters = match part.trim_end_matches('0') {
            "" if !part.is_empty() => 0,
            "25" => 1,
            "5" => 2,
            "75" => 3,
            _ => return None,
        };
        return Some((whole, Some(quarters)));
    }
    for (written, quarters) in PARTS {
        if let Some(whole) = text.strip_suffix(written) {
            // In 21/4 nobody can tell two days and a quarter from twenty-one quarters.
            let apart = whole.is_empty() || whole.ends_with(' ') || !written.contains('/');
            return apart.then_some((whole, Some(quarters)));
        }
    }
    Some((text, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let read = |text: &str| text.parse::<Days>().map(Days::quarters);
        for text in ["2.25", "2¼", "2 ¼", "2 1/4", " 2.250 ", "2¼ days", "02.25"] {
            assert_eq!(read(text), Ok(9), "{text}");
        }
        for (text, quarters) in [("8", 32), ("1 day", 4), (".5", 2), ("½", 2), ("3/4 day", 3), ("0", 0), ("9999.75", 39_999)] {
            assert_eq!(read(text), Ok(quarters), "{text}");
        }
        for text in ["", "day", "half", "2.3", "2.", "-1", "−1", "2,5", "21/4", "1e2", "2 2", "¼¼", "2 ¼ ½", "٣", "."] {
            assert_eq!(read(text), Err(BadDays::NotDays), "{text}");
        }
        for text in ["10000", "99999999999999999999"] {
            assert_eq!(read(text), Err(BadDays::TooMany), "{text}");
        }
    }

    #[test]
    fn days_are_shown_as_people_say_them() {
        let said: Vec<String> = [0, 1, 2, 4, 5, 32, 34, -2, -7].map(|q| Days::from_quarters(q).to_string()).into();
        assert_eq!(said, ["0 days", "¼ day", "½ day", "1 day", "1¼ days", "8 days", "8½ days", "−½ day", "−1¾ days"]);
        assert_eq!([1, 4, 10, -7].map(|q| Days::from_quarters(q).decimal()), ["0.25", "1", "2.5", "-1.75"]);
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(quarters in 0i64..40_000) {
            let days = Days::from_quarters(quarters);
            prop_assert_eq!(days.to_string().parse(), Ok(days));
            prop_assert_eq!(days.decimal().parse(), Ok(days));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,12}") {
            let _ = text.parse::<Days>();
        }
    }
}
