//! What organisations' ids and numbers look like.

use crate::codes::register_of;

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
fn letters_and_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A charity's number without the number of a charity that is linked to it.
fn main_of(number: &str) -> &str {
    match number.split_once('-') {
        Some((main, linked)) if digits(linked, 1..=4) => main,
        _ => number,
    }
}

/// A number of the Charity Commission, of Scotland's register (SC) or of Northern Ireland's (NI, NIC).
pub(crate) fn is_charity_number(number: &str) -> bool {
    let number = main_of(number.trim());
    let rest = number.strip_prefix("NIC").unwrap_or_else(|| {
        let letters = number.bytes().take(2).take_while(u8::is_ascii_alphabetic).count();
        number.get(letters..).unwrap_or(number)
    });
    digits(rest, 6..=7)
}

pub(crate) fn is_company_number(number: &str) -> bool {
    letters_and_digits(number.trim(), 8..=8)
}

/// What an id should look like, where it does not look like one of its register.
pub(crate) fn looks_wrong(id: &str) -> Option<&'static str> {
    let (register, number) = register_of(id)?;
    let scottish = || number.strip_prefix("SC").is_some_and(|rest| digits(rest, 6..=6));
    let company = || {
        let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
        letters <= 2 && is_company_number(number) && number.bytes().skip(2).take(5).all(|b| b.is_ascii_digit())
    };
    let (well, right) = match register {
        "GB-CHC" => (digits(main_of(number), 6..=7), "GB-CHC- and the 6 or 7 digits of the Charity Commission"),
        "GB-SC" => (scottish(), "GB-SC-SC and 6 digits"),
        "GB-NIC" => (digits(number.strip_prefix("NIC").unwrap_or(number), 6..=6), "GB-NIC- and 6 digits"),
        "GB-COH" => {
            (company(), "GB-COH- and the 8 digits of Companies House, or two letters and 6 digits, with the noughts before it")
        }
        "GB-EDU" => (digits(number, 5..=6), "GB-EDU- and 6 digits"),
        "GB-UKPRN" => (digits(number, 8..=8) && number.starts_with('1'), "GB-UKPRN- and the 8 digits that begin with 1"),
        "GB-LAE" | "GB-LAS" | "GB-PLA" | "GB-LANI" => (
            letters_and_digits(number, 3..=4) && !number.bytes().any(|b| b.is_ascii_lowercase()),
            "the three letters of the council, as GB-LAE-LDS",
        ),
        "GB-NHS" => (
            letters_and_digits(number, 3..=8),
            "GB-NHS- and the letters and digits of the organisation data service, as GB-NHS-RAX",
        ),
        "GB-MPR" => (letters_and_digits(number, 2..=10), "GB-MPR- and the number in the mutuals register"),
        "GB-REV" => (letters_and_digits(number, 2..=10), "GB-REV- and the number of the tax authority"),
        _ => return None,
    };
    (!well).then_some(right)
}

/// Whether a text is a postcode of the United Kingdom.
pub(crate) fn is_postcode(text: &str) -> bool {
    let own: Vec<u8> = text.trim().bytes().filter(|b| *b != b' ').map(|b| b.to_ascii_uppercase()).collect();
    let Some((outward, inward)) = own.len().checked_sub(3).and_then(|at| own.split_at_checked(at)) else { return false };
    let letters = outward.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let area = (1..=2).contains(&letters) && (letters + 1..=letters + 2).contains(&outward.len());
    let district = outward.get(letters).is_some_and(u8::is_ascii_digit) && outward.iter().all(u8::is_ascii_alphanumeric);
    let [digit, a, b] = inward else { return false };
    area && district && digit.is_ascii_digit() && a.is_ascii_uppercase() && b.is_ascii_uppercase()
}

/// An e-mail address in a text, if there is one.
pub(crate) fn email_in(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes).find_map(|at| {
        let local = bytes.iter().take(at).rev().take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b)).count();
        let host = bytes.iter().skip(at + 1).take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
        let domain = text.get(at + 1..at + 1 + host)?.trim_end_matches(['.', '-']);
        let (name, end) = domain.rsplit_once('.')?;
        let well = local > 0
            && !name.is_empty()
            && !name.starts_with('.')
            && end.len() >= 2
            && end.bytes().all(|b| b.is_ascii_alphabetic());
        if well { text.get(at - local..at + 1 + domain.len()) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_judged_by_their_register() {
        for number in ["1126147", "200051", "SC012345", "NIC100012", "NI100012", " 1126147 ", "1126147-3"] {
            assert!(is_charity_number(number), "{number}");
        }
        for number in ["", "12345", "12345678", "SCO12345", "GB-CHC-1126147", "NICE100012", "1126147-x"] {
            assert!(!is_charity_number(number), "{number}");
        }
        for id in [
            "GB-CHC-1126147",
            "GB-CHC-1126147-1",
            "GB-SC-SC012345",
            "GB-NIC-100012",
            "GB-NIC-NIC100012",
            "GB-COH-01234567",
            "GB-COH-RC000659",
            "GB-COH-R0000012",
            "GB-EDU-100000",
            "GB-UKPRN-10007774",
            "GB-LAE-LDS",
            "GB-NHS-RAX",
            "US-EIN-x",
            "nonsense",
            "GB-CHC",
        ] {
            assert_eq!(looks_wrong(id), None, "{id}");
        }
        for id in [
            "GB-CHC-12345",
            "GB-CHC-SC012345",
            "GB-SC-012345",
            "GB-NIC-NIC1",
            "GB-COH-1234567",
            "GB-COH-ABCDEFGH",
            "GB-EDU-x",
            "GB-UKPRN-20007774",
            "GB-LAE-Leeds",
            "GB-NHS-R",
        ] {
            assert!(looks_wrong(id).is_some(), "{id}");
        }
    }

    #[test]
    fn postcodes_are_told_from_codes_of_areas() {
        for text in ["LE1 1AA", "wc2a1jf", "N1 9RD", "EC1A 1BB", "M1 1AE"] {
            assert!(is_postcode(text), "{text}");
        }
        for text in ["E07000004", "W05000162", "", "LE1", "AAA 1AA", "1AA 1AA", "é1 1AA", "LE111 1AA"] {
            assert!(!is_postcode(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_found_in_texts() {
        assert_eq!(email_in("write to a.b+c@example.org."), Some("a.b+c@example.org"));
        assert_eq!(email_in("@here, no; x@y@example.co.uk"), Some("y@example.co.uk"));
        for text in ["", "@", "a@b", "follow @somebody", "10 @ 5.50", "a@b.c", "a@.org", "tea@5.30"] {
            assert_eq!(email_in(text), None, "{text}");
        }
    }
}
