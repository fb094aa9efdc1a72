//! Days and moments as the standard writes them.

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day, where the calendar has it.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Self { year, month, day })
    }

    /// The day that a text of the standard names: a full day, or a moment with its zone.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        match read(text) {
            Written::Day(day) => day,
            Written::Moment(day) => Some(day),
            _ => None,
        }
    }
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }
    #[must_use]
    pub const fn day_of_month(self) -> u8 {
        self.day
    }

    /// The same day so many years on; of the 29 February the 28th.
    #[must_use]
    pub fn plus_years(self, years: i32) -> Self {
        let year = u16::try_from(i32::from(self.year).saturating_add(years).max(0)).unwrap_or(u16::MAX);
        let day = if self.month == 2 && Self::new(year, 2, self.day).is_none() { 28 } else { self.day };
        Self { year, day, ..self }
    }
}

/// What a text says about a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// It has the form of a year, a month or a day, and what day that begins with, if there is one.
    Year(Option<Day>),
    Month(Option<Day>),
    Day(Option<Day>),
    /// A day and a time with its zone.
    Moment(Day),
    /// A day in the standard's words, and then something that is no time of that day.
    Started(Option<Day>),
    /// None of these.
    Other,
}

fn digits(bytes: Option<&[u8]>) -> Option<u16> {
    bytes?.iter().try_fold(0_u16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u16::from(b - b'0')))
}
fn two(bytes: &[u8], at: usize) -> Option<u8> {
    digits(bytes.get(at..at + 2)).and_then(|n| u8::try_from(n).ok())
}

/// Reads a time as it is written; the forms are those of the standard and of RFC 3339.
pub(crate) fn read(text: &str) -> Written {
    let bytes = text.as_bytes();
    let Some(year) = digits(bytes.get(..4)) else { return Written::Other };
    if bytes.len() == 4 {
        return Written::Year(Day::new(year, 1, 1));
    }
    let Some(month) = two(bytes, 5).filter(|_| bytes.get(4) == Some(&b'-')) else { return Written::Other };
    if bytes.len() == 7 {
        return if (1..=12).contains(&month) { Written::Month(Day::new(year, month, 1)) } else { Written::Other };
    }
    let Some(day) = two(bytes, 8).filter(|_| bytes.get(7) == Some(&b'-')) else { return Written::Other };
    let shaped = (1..=12).contains(&month) && (1..=31).contains(&day);
    let day = Day::new(year, month, day);
    let rest = bytes.get(10..).unwrap_or_default();
    match day {
        _ if rest.is_empty() && shaped => Written::Day(day),
        Some(day) if is_time(rest) => Written::Moment(day),
        _ => Written::Started(day),
    }
}

/// `T09:30:00Z`, `T09:30:00.25+01:00`.
fn is_time(bytes: &[u8]) -> bool {
    let part = |at: usize, most: u8| two(bytes, at).is_some_and(|n| n <= most);
    let begins = matches!(bytes.first(), Some(b'T' | b't'));
    let clock = bytes.get(3) == Some(&b':') && bytes.get(6) == Some(&b':') && part(1, 23) && part(4, 59) && part(7, 60);
    if !begins || !clock {
        return false;
    }
    let mut at = 9;
    if bytes.get(at) == Some(&b'.') {
        let decimals = bytes.get(10..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
        if decimals == 0 {
            return false;
        }
        at += 1 + decimals;
    }
    match bytes.get(at..) {
        Some([b'Z' | b'z']) => true,
        Some([b'+' | b'-', _, _, b':', _, _]) => part(at + 1, 23) && part(at + 4, 59),
        _ => false,
    }
}

impl Written {
    /// The day it is or begins with.
    pub fn day(self) -> Option<Day> {
        match self {
            Self::Moment(day) => Some(day),
            Self::Year(day) | Self::Month(day) | Self::Day(day) | Self::Started(day) => day,
            Self::Other => None,
        }
    }
    /// Whether it names a day that no calendar has.
    pub fn is_impossible(self) -> bool {
        matches!(self, Self::Day(None) | Self::Started(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_standard_writes_them() {
        let day = Day::new(2024, 2, 29);
        assert_eq!(read("2024-02-29"), Written::Day(day));
        assert_eq!(read("2024"), Written::Year(Day::new(2024, 1, 1)));
        assert_eq!(read("2024-02"), Written::Month(Day::new(2024, 2, 1)));
        for moment in ["2024-02-29T00:00:00+00:00", "2024-02-29T23:59:60Z", "2024-02-29t09:30:00.125-05:30"] {
            assert_eq!(read(moment), Written::Moment(day.unwrap()), "{moment}");
        }
        assert_eq!(read("2023-02-29"), Written::Day(None));
        for started in ["2024-02-29T00:00:00", "2024-02-29 ", "2024-02-29T25:00:00Z", "2024-02-29T00:00:00+0000"] {
            assert_eq!(read(started), Written::Started(day), "{started}");
        }
        for other in ["", "24/07/2014", "13-03-2015", "bad date", "2024-13", "2024/02/29", "20240229", "２０２４", "2024-2-9"]
        {
            assert_eq!(read(other), Written::Other, "{other}");
        }
    }

    #[test]
    fn years_are_added_to_a_leap_day() {
        assert_eq!(Day::new(2024, 2, 29).unwrap().plus_years(1), Day::new(2025, 2, 28).unwrap());
        assert_eq!(Day::new(2024, 2, 29).unwrap().plus_years(-4), Day::new(2020, 2, 29).unwrap());
    }
}
