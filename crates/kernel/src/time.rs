//! Three kinds of time, and no others: a [`Moment`] is an instant, a [`Day`] is a date as people in the United
//! Kingdom count it, and a [`Deadline`] is a time on a day in a zone, which stays put when the clocks change.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "the one file that may name chrono and read the clock")]

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

const LONDON: Tz = chrono_tz::Europe::London;

/// An instant, in microseconds since 1970 in UTC: the finest grain that both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
    /// Whole seconds from the other to this one; below nought when the other is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }
    /// The date in London at this moment.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.london().date_naive())
    }
    /// The time of day in London, like 14:02.
    #[must_use]
    pub fn clock_time(self) -> String {
        self.london().format("%H:%M").to_string()
    }
    /// As machines write it, in UTC: 2026-11-22T14:02:31.000000Z.
    #[must_use]
    pub fn iso(self) -> String {
        self.utc().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }
    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
    fn london(self) -> DateTime<Tz> {
        self.utc().with_timezone(&LONDON)
    }
}

/// As people read it: 22 November 2026 at 14:02, in London time.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.day(), self.clock_time())
    }
}

/// A date, from year 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// A text that is not a date; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Enter a date, like 27 March 2026 or 27/3/2026")]
pub struct BadDay;

impl Day {
    /// The first day that there is.
    pub const MIN: Self = match NaiveDate::from_ymd_opt(1, 1, 1) {
        Some(day) => Self(day),
        None => Self(NaiveDate::MIN),
    };

    /// # Errors
    /// Where the calendar has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, BadDay> {
        if !(1..=9999).contains(&year) {
            return Err(BadDay);
        }
        NaiveDate::from_ymd_opt(year, month, day).map(Self).ok_or(BadDay)
    }
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }
    #[must_use]
    pub fn month(self) -> u32 {
        self.0.month()
    }
    #[must_use]
    pub fn day_of_month(self) -> u32 {
        self.0.day()
    }
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let by = Days::new(days.unsigned_abs());
        let moved = if days < 0 { self.0.checked_sub_days(by) } else { self.0.checked_add_days(by) };
        moved.map_or(self, Self)
    }
    /// The same day of the month that many months on, or the month's last day where it is shorter.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let by = Months::new(months.unsigned_abs());
        let moved = if months < 0 { self.0.checked_sub_months(by) } else { self.0.checked_add_months(by) };
        moved.map_or(self, Self)
    }
    /// Days from the other to this one; below nought when the other is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_days()
    }
    /// As machines write it: 2026-03-27. Sorts as time does.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year(), self.month(), self.day_of_month())
    }
    /// The first moment of this day in London.
    #[must_use]
    pub fn start(self) -> Moment {
        Deadline { day: self, hour: 0, minute: 0 }.moment()
    }
    /// Reads a date as people write it: 2026-03-27, 27/3/2026, 27 March 2026, 27 Mar 2026.
    ///
    /// # Errors
    /// Where no date can be understood, with a sentence that shows how to write one.
    pub fn parse_as_written(text: &str) -> Result<Self, BadDay> {
        if let Ok(day) = text.trim().parse() {
            return Ok(day);
        }
        let parts: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ',')).filter(|p| !p.is_empty()).collect();
        let [day, month, year] = parts[..] else { return Err(BadDay) };
        let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().map_err(|_| BadDay)?;
        let year: i32 = year.parse().map_err(|_| BadDay)?;
        if year < 1000 {
            return Err(BadDay);
        }
        let month = month.parse().ok().or_else(|| month_named(month)).ok_or(BadDay)?;
        Self::new(year, month, day)
    }
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn month_named(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let found = MONTHS.iter().position(|m| word.len() >= 3 && m.to_lowercase().starts_with(&word))?;
    u32::try_from(found + 1).ok()
}

/// As people read it: 27 March 2026.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.0.day(), MONTHS[self.0.month0() as usize], self.0.year())
    }
}

impl FromStr for Day {
    type Err = BadDay;
    fn from_str(text: &str) -> Result<Self, BadDay> {
        // Every row of a list has one, so it is read digit by digit.
        let bytes: &[u8; 10] = text.as_bytes().try_into().map_err(|_| BadDay)?;
        if bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(BadDay);
        }
        let number = |from: usize, to: usize| {
            bytes[from..to].iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0'))).ok_or(BadDay)
        };
        Self::new(i32::try_from(number(0, 4)?).map_err(|_| BadDay)?, number(5, 7)?, number(8, 10)?)
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.iso())
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A day is kept as ten characters, 2026-03-27, on both databases: it reads the same and sorts the same.
#[cfg(feature = "orm")]
mod orm {
    use super::Day;
    use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, StringLen, Value, ValueType, ValueTypeErr};
    use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable};

    impl From<Day> for Value {
        fn from(day: Day) -> Self {
            day.iso().into()
        }
    }
    impl TryGetable for Day {
        fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
            let text = String::try_get_by(row, index)?;
            text.parse().map_err(|_| TryGetError::DbErr(sea_orm::DbErr::Type(format!("{text} is not a day"))))
        }
    }
    impl ValueType for Day {
        fn try_from(v: Value) -> Result<Self, ValueTypeErr> {
            <String as ValueType>::try_from(v)?.parse().map_err(|_| ValueTypeErr)
        }
        fn type_name() -> String {
            "Day".into()
        }
        fn array_type() -> ArrayType {
            ArrayType::String
        }
        fn column_type() -> ColumnType {
            ColumnType::String(StringLen::N(10))
        }
    }
    impl Nullable for Day {
        fn null() -> Value {
            Value::String(None)
        }
    }
}

/// A time on a day in London, kept as people agreed it, so that 17:00 stays 17:00 when the clocks change between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deadline {
    pub day: Day,
    pub hour: u32,
    pub minute: u32,
}

impl Deadline {
    /// The instant it falls on. A time that the spring change skips is taken as the first moment after it; of a time
    /// that the autumn change repeats, the later, so that nobody is shut out early.
    #[must_use]
    pub fn moment(self) -> Moment {
        let time = NaiveTime::from_hms_opt(self.hour.min(23), self.minute.min(59), 0).unwrap_or_default();
        let local = self.day.0.and_time(time);
        let at = LONDON
            .from_local_datetime(&local)
            .latest()
            .or_else(|| LONDON.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).latest());
        Moment(at.map_or_else(|| local.and_utc().timestamp_micros(), |t| t.timestamp_micros()))
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02} on {}", self.hour, self.minute, self.day)
    }
}

/// Tells the time. Everything that needs it is given one, so that a test can say what time it is.
pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
    fn today(&self) -> Day {
        self.now().day()
    }
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment(Utc::now().timestamp_micros())
    }
}

/// A clock that stands where it is put until somebody moves it.
#[derive(Debug)]
pub struct FixedClock(std::sync::atomic::AtomicI64);

impl FixedClock {
    #[must_use]
    pub fn at(moment: Moment) -> Self {
        Self(std::sync::atomic::AtomicI64::new(moment.0))
    }
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.0, std::sync::atomic::Ordering::SeqCst);
    }
    pub fn advance_seconds(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["2026-03-27", "27/3/2026", "27 March 2026", "27th mar 2026", "27.03.2026"] {
            assert_eq!(Day::parse_as_written(text), Ok(day("2026-03-27")), "{text}");
        }
        for text in ["", "31 February 2026", "3/27/2026", "27 March", "27/3/26", "yesterday", "２７/3/2026/1"] {
            assert_eq!(Day::parse_as_written(text), Err(BadDay), "{text}");
        }
        assert_eq!(day("2026-03-27").to_string(), "27 March 2026");
    }

    #[test]
    fn a_deadline_keeps_its_clock_time_over_the_change() {
        let at = |d: &str, hour| Deadline { day: day(d), hour, minute: 0 }.moment();
        // Summer time ends on 25 October 2026: 17:00 is 16:00 UTC the day before and 17:00 UTC that day.
        assert_eq!(at("2026-10-25", 17).seconds_since(at("2026-10-24", 17)), 25 * 3600);
        // 01:30 happens twice; the later counts.
        assert_eq!(Deadline { day: day("2026-10-25"), hour: 1, minute: 30 }.moment().iso(), "2026-10-25T01:30:00.000000Z");
        // 01:30 on 29 March 2026 never happens; 02:30 is the moment meant.
        assert_eq!(Deadline { day: day("2026-03-29"), hour: 1, minute: 30 }.moment().iso(), "2026-03-29T01:30:00.000000Z");
    }

    #[test]
    fn a_moment_shows_london_time() {
        let summer = Deadline { day: day("2026-07-01"), hour: 9, minute: 5 }.moment();
        assert_eq!(summer.to_string(), "1 July 2026 at 09:05");
        assert_eq!(summer.iso(), "2026-07-01T08:05:00.000000Z");
    }
}
