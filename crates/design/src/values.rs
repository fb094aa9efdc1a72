//! Small values that design files hold as text: citations, dates as precise as their source, money, days.

use std::fmt;
use std::str::FromStr;

use kernel::{Day, Money};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Parts what is wrong from what would be right in the message of a value that cannot be read.
pub(crate) const INSTEAD: char = '\u{1f}';

fn wrong<E: serde::de::Error>(what: impl fmt::Display, instead: impl fmt::Display) -> E {
    E::custom(format!("{what}{INSTEAD}{instead}"))
}

/// Where a statement is made: a document of `sources.toml` and, where it has sections, which one.
/// In files `S3 §2 Design phase`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    pub document: String,
    pub section: Option<String>,
}

impl Citation {
    /// The first word is the document, what follows is the section.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let (document, section) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let section = section.trim().trim_start_matches('§').trim();
        Self { document: document.to_owned(), section: (!section.is_empty()).then(|| section.to_owned()) }
    }
}

/// `S3 §2 Design phase`, `S3 Appendix` where the section has no number, or `S0` where none is given.
impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.section {
            Some(section) if section.starts_with(|c: char| c.is_ascii_digit()) => write!(f, "{} §{section}", self.document),
            Some(section) => write!(f, "{} {section}", self.document),
            None => f.write_str(&self.document),
        }
    }
}
impl Serialize for Citation {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Citation {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(|text| Self::parse(&text))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Precision {
    Year,
    Month,
    Day,
}

/// A date as precise as its source gives it: a year, a month or a day. In files `2021`, `2021-02` or `2021-02-15`,
/// always as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Approx {
    first: Day,
    precision: Precision,
}

/// A text that is not a date of any precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadApprox;

impl fmt::Display for BadApprox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Write a year, a month or a day, like \"2021\", \"2021-02\" or \"2021-02-15\"")
    }
}
impl std::error::Error for BadApprox {}

impl Approx {
    /// The first day that it can mean.
    #[must_use]
    pub fn first_day(self) -> Day {
        self.first
    }
    /// The last day that it can mean.
    #[must_use]
    pub fn last_day(self) -> Day {
        match self.precision {
            Precision::Year => self.first.plus_months(12).plus_days(-1),
            Precision::Month => self.first.plus_months(1).plus_days(-1),
            Precision::Day => self.first,
        }
    }
}

impl FromStr for Approx {
    type Err = BadApprox;
    fn from_str(text: &str) -> Result<Self, BadApprox> {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str, length| {
            (part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u32>().ok())
                .flatten()
                .ok_or(BadApprox)
        };
        let (month, day, precision) = match parts[..] {
            [_] => (1, 1, Precision::Year),
            [_, month] => (number(month, 2)?, 1, Precision::Month),
            [_, month, day] => (number(month, 2)?, number(day, 2)?, Precision::Day),
            _ => return Err(BadApprox),
        };
        let year = i32::try_from(number(parts[0], 4)?).map_err(|_| BadApprox)?;
        Day::new(year, month, day).map(|first| Self { first, precision }).map_err(|_| BadApprox)
    }
}

/// As people read it: 2021, February 2021, 15 February 2021.
impl fmt::Display for Approx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.first.to_string();
        let parts = match self.precision {
            Precision::Year => 2,
            Precision::Month => 1,
            Precision::Day => 0,
        };
        let shown: Vec<&str> = whole.split(' ').skip(parts).collect();
        f.write_str(&shown.join(" "))
    }
}
impl Serialize for Approx {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let length = match self.precision {
            Precision::Year => 4,
            Precision::Month => 7,
            Precision::Day => 10,
        };
        s.serialize_str(self.first.iso().get(..length).unwrap_or_default())
    }
}
impl<'de> Deserialize<'de> for Approx {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|bad: BadApprox| wrong(format!("‘{text}’ is not a date"), bad))
    }
}

/// Money in files is text as people write it, `"£50,000"`: a bare number could be pounds or pence.
pub(crate) mod amount {
    use super::{Deserialize, Deserializer, Money, Serializer, wrong};

    pub fn serialize<S: Serializer>(money: &Money, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(money)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Money, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|bad| wrong(format!("‘{text}’ is not an amount of money"), bad))
    }
}

/// The same for an amount that may be missing.
pub(crate) mod amount_or_none {
    use super::{Deserialize, Deserializer, Money, Serializer};

    #[derive(serde::Serialize, Deserialize)]
    #[serde(transparent)]
    struct Amount(#[serde(with = "super::amount")] Money);

    pub fn serialize<S: Serializer>(money: &Option<Money>, s: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(&money.map(Amount), s)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Money>, D::Error> {
        Ok(Option::<Amount>::deserialize(d)?.map(|a| a.0))
    }
}

/// The same for a list of amounts.
pub(crate) mod amounts {
    use super::{Deserialize, Deserializer, Money, Serializer};

    #[derive(serde::Serialize, Deserialize)]
    #[serde(transparent)]
    struct Amount(#[serde(with = "super::amount")] Money);

    pub fn serialize<S: Serializer>(money: &[Money], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(money.iter().map(|m| Amount(*m)))
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Money>, D::Error> {
        Ok(Vec::<Amount>::deserialize(d)?.into_iter().map(|a| a.0).collect())
    }
}

/// Days in files are numbers in steps of a quarter, `8` or `0.25`; they are kept as quarter-days.
pub(crate) mod quarter_days {
    use super::{Deserialize, Deserializer, Serializer, wrong};

    pub fn serialize<S: Serializer>(quarters: &u32, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(f64::from(*quarters) / 4.0)
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a whole number from 0 to 40,000")]
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
        let days = f64::deserialize(d)?;
        let quarters = days * 4.0;
        if !(0.0..=40_000.0).contains(&quarters) || quarters.fract() != 0.0 {
            return Err(wrong(
                format!("{days} is not a number of days in quarters"),
                "Write days in steps of a quarter, like 8 or 0.25",
            ));
        }
        Ok(quarters as u32)
    }
}
