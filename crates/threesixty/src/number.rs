//! Numbers as they are written: compared and tidied by their digits, so that no amount is ever rounded.

/// The parts of a number: its digits without nought at either end, and where the point stands.
struct Parts<'t> {
    negative: bool,
    whole: &'t [u8],
    decimals: &'t [u8],
    exponent: i64,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (digits, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (rest.get(..at).unwrap_or(rest), exponent_of(rest.get(at + 1..).unwrap_or(""))),
            None => (rest, 0),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        Self { negative, whole: whole.as_bytes(), decimals: decimals.as_bytes(), exponent }
    }

    fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + Clone {
        self.whole.iter().chain(self.decimals).copied()
    }

    /// What it is worth: sign, digits between the first and the last that are not nought, and the power of ten of the last.
    fn worth(&self) -> (bool, impl Iterator<Item = u8> + use<'_, 't>, i64) {
        let all = self.whole.len() + self.decimals.len();
        let leading = self.digits().take_while(|d| *d == b'0').count();
        let trailing = if leading == all { 0 } else { self.digits().rev().take_while(|d| *d == b'0').count() };
        let kept = self.digits().skip(leading).take(all - leading - trailing);
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let power = self.exponent.saturating_sub(count(self.decimals.len())).saturating_add(count(trailing));
        if leading == all { (false, kept, 0) } else { (self.negative, kept, power) }
    }
}

fn exponent_of(text: &str) -> i64 {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    sign * digits.parse::<i64>().unwrap_or(i64::MAX)
}

/// Whether two numbers are worth the same.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (Parts::of(one), Parts::of(other));
    let ((a, digits, power), (b, others, other_power)) = (one.worth(), other.worth());
    a == b && power == other_power && digits.eq(others)
}

pub(crate) fn is_zero(text: &str) -> bool {
    Parts::of(text).digits().all(|d| d == b'0')
}

pub(crate) fn is_negative(text: &str) -> bool {
    text.starts_with('-') && !is_zero(text)
}

/// How many bytes at the beginning are a number in the words of JSON, and whether more of it could follow.
pub(crate) fn scan(bytes: &[u8]) -> Option<usize> {
    let run = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    at += match (bytes.get(at), run(at)) {
        (_, 0) => return None,
        (Some(b'0'), more) if more > 1 => return None,
        (_, digits) => digits,
    };
    if bytes.get(at) == Some(&b'.') {
        let digits = run(at + 1);
        if digits == 0 {
            return None;
        }
        at += 1 + digits;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let digits = run(at + 1 + sign);
        if digits == 0 {
            return None;
        }
        at += 1 + sign + digits;
    }
    Some(at)
}

/// A number that people or programs wrote in a cell, in the words of JSON: `+5`, `007` and `.5` are numbers too.
pub(crate) fn tidy(text: &str) -> Option<String> {
    let text = text.trim();
    if scan(text.as_bytes()) == Some(text.len()) {
        return Some(text.to_owned());
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let end = rest.find(['.', 'e', 'E']).unwrap_or(rest.len());
    let (whole, after) = rest.split_at(end);
    let whole = if whole.is_empty() && !after.starts_with('.') { return None } else { whole.trim_start_matches('0') };
    let after = match after.strip_prefix('.') {
        Some("") => String::new(),
        Some(more) if more.starts_with(['e', 'E']) => more.to_owned(),
        _ => after.to_owned(),
    };
    let whole = if whole.is_empty() { "0" } else { whole };
    let tidied = format!("{sign}{whole}{after}");
    // A lone point has no digit that could be one.
    (rest.split(['e', 'E']).next().is_some_and(|own| own.bytes().any(|b| b.is_ascii_digit()))
        && scan(tidied.as_bytes()) == Some(tidied.len()))
    .then_some(tidied)
}

/// What a number is in hundredths, to the nearest, and whether that is the very same.
pub(crate) fn hundredths(text: &str) -> Option<(i64, bool)> {
    let parts = Parts::of(text);
    let (negative, digits, power) = parts.worth();
    let digits: Vec<i128> = digits.map(|d| i128::from(d - b'0')).collect();
    let power = power.saturating_add(2);
    // With more digits before the point than these, it fits nowhere; with fewer than none, nothing is left of it.
    let whole = power.saturating_add(i64::try_from(digits.len()).unwrap_or(i64::MAX));
    if whole > 20 {
        return None;
    }
    let (kept, dropped) = digits.split_at(usize::try_from(whole.max(0)).unwrap_or(0).min(digits.len()));
    let noughts = u32::try_from(power.clamp(0, 20)).unwrap_or(0);
    let value = kept.iter().fold(0_i128, |sum, digit| sum * 10 + digit) * 10_i128.pow(noughts);
    let up = whole >= 0 && dropped.first().is_some_and(|digit| *digit >= 5);
    let value = i64::try_from(value + i128::from(up)).ok()?;
    Some((if negative { -value } else { value }, dropped.is_empty()))
}

/// A number of a spreadsheet, in as few digits as say it.
pub(crate) fn of_cell(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// The number as a spreadsheet keeps it, where that is the very same.
pub(crate) fn to_cell(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    // Spreadsheets write 15 digits.
    let short = Parts::of(text).worth().1.count() <= 15;
    (short && value.is_finite() && value.abs() < 1e15 && same(text, &of_cell(value))).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_counted_in_hundredths() {
        for (text, hundredths, same) in [
            ("20000", 2_000_000, true),
            ("19602.0", 1_960_200, true),
            ("-5.5", -550, true),
            ("0", 0, true),
            ("-0.00", 0, true),
            ("1e3", 100_000, true),
            ("12.345", 1235, false),
            ("12.344999", 1234, false),
            ("0.005", 1, false),
            ("0.004", 0, false),
            ("1e-400", 0, false),
            ("92233720368547758.07", i64::MAX, true),
        ] {
            assert_eq!(hundredths_of(text), Some((hundredths, same)), "{text}");
        }
        for text in ["92233720368547758.08", "1e19", "1e999999999999", "99999999999999999999999999999999999999999999"] {
            assert_eq!(hundredths_of(text), None, "{text}");
        }
    }

    fn hundredths_of(text: &str) -> Option<(i64, bool)> {
        super::hundredths(text)
    }

    #[test]
    fn numbers_are_the_same_by_what_they_are_worth() {
        for (a, b) in [("40000", "40000.0"), ("4e4", "40000"), ("0.10", "1e-1"), ("-0", "0.00"), ("1E+2", "100")] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [("1", "10"), ("1", "-1"), ("0.1", "0.01"), ("9007199254740993", "9007199254740992")] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_people_write_in_cells_becomes_a_number_or_stays_a_text() {
        for (text, number) in [
            (" 12 ", "12"),
            ("+5", "5"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1e3"),
            ("00", "0"),
            ("-.5e2", "-0.5e2"),
        ] {
            assert_eq!(tidy(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "-", ".", "e5", "1,000", "£5", "NaN", "1e", "0x10", "5 000", "--1", "inf", ".e5"] {
            assert_eq!(tidy(text), None, "{text}");
        }
    }

    #[test]
    fn a_spreadsheet_takes_only_what_it_keeps_exactly() {
        assert_eq!(to_cell("152505.03"), Some(152_505.03));
        assert_eq!(to_cell("40000.0"), Some(40_000.0));
        for text in ["9007199254740993", "1e400", "0.1234567890123456789", "1e300"] {
            assert_eq!(to_cell(text), None, "{text}");
        }
    }
}
