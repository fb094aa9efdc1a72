//! A month of a year.

use std::fmt;
use std::str::FromStr;

use kernel::Day;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Lang;

/// A month, such as March 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

/// A text that is not a month; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Enter a month and a year, like March 2026 or 3/2026")]
pub struct BadMonth;

const ENGLISH: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WELSH: [&str; 12] =
    ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"];

impl Month {
    /// # Errors
    /// Where the calendar has no such month.
    pub fn new(year: i32, month: u32) -> Result<Self, BadMonth> {
        Day::new(year, month, 1).map(|_| Self { year, month }).map_err(|_| BadMonth)
    }
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }
    #[must_use]
    pub const fn month(self) -> u32 {
        self.month
    }
    /// As machines write it: 2026-03.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
    /// As people read it: March 2026, Mawrth 2026.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        format!("{} {}", month_name(self.month, lang), self.year)
    }
    /// Reads a month as people write it: 2026-03, 3/2026, March 2026, Mawrth 2026.
    ///
    /// # Errors
    /// Where no month can be understood.
    pub fn parse_as_written(text: &str) -> Result<Self, BadMonth> {
        if text.len() > 60 {
            return Err(BadMonth);
        }
        if let Ok(month) = text.trim().parse() {
            return Ok(month);
        }
        let parts: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ',')).filter(|p| !p.is_empty()).collect();
        let [month, year] = parts[..] else { return Err(BadMonth) };
        let year: i32 = year.parse().map_err(|_| BadMonth)?;
        if year < 1000 {
            return Err(BadMonth);
        }
        Self::new(year, month.parse().ok().or_else(|| named(month)).ok_or(BadMonth)?)
    }
}

fn named(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let find = |names: &[&str; 12]| names.iter().position(|n| word.chars().count() >= 3 && n.to_lowercase().starts_with(&word));
    find(&ENGLISH).or_else(|| find(&WELSH)).and_then(|i| u32::try_from(i + 1).ok())
}

fn month_name(month: u32, lang: Lang) -> &'static str {
    let names = if lang == Lang::Cy { &WELSH } else { &ENGLISH };
    names.get((month as usize).wrapping_sub(1)).copied().unwrap_or_default()
}

/// A date as people read it in this language.
pub(crate) fn day_words(day: Day, lang: Lang) -> String {
    format!("{} {} {}", day.day_of_month(), month_name(day.month(), lang), day.year())
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl FromStr for Month {
    type Err = BadMonth;
    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let (year, month) = text.split_once('-').ok_or(BadMonth)?;
        let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(BadMonth);
        }
        Self::new(year.parse().map_err(|_| BadMonth)?, month.parse().map_err(|_| BadMonth)?)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.iso())
    }
}
impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_people_write_them() {
        let march = Month::new(2026, 3).unwrap();
        for text in ["2026-03", "3/2026", "03 2026", "March 2026", "mar 2026", "Mawrth 2026"] {
            assert_eq!(Month::parse_as_written(text), Ok(march), "{text}");
        }
        for text in ["", "13/2026", "March", "3/26", "27 March 2026", "2026"] {
            assert_eq!(Month::parse_as_written(text), Err(BadMonth), "{text}");
        }
        assert_eq!((march.to_string(), march.words(Lang::Cy)), ("March 2026".to_owned(), "Mawrth 2026".to_owned()));
    }
}
