//! Where in a file a character of a quoted text stands.

/// How many bytes after the beginning of a TOML string, as written with its quotation marks and escapes, the byte
/// `offset` of its value stands. Nothing where there is no string, or it is not so long.
pub(crate) fn place_of(written: &str, offset: usize) -> Option<usize> {
    let mark = written.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let three = written.bytes().take(3).all(|b| char::from(b) == mark);
    let mut at = if three { 3 } else { 1 };
    if three {
        // A line break straight after the marks is no part of the value.
        at += ["\r\n", "\n"].iter().find(|end| written[at..].starts_with(**end)).map_or(0, |end| end.len());
    }
    let mut left = offset;
    while left > 0 {
        let (long, stands_for) = match written.get(at..)?.chars().next()? {
            '\\' if mark == '"' => escape(&written[at..])?,
            letter => (letter.len_utf8(), letter.len_utf8()),
        };
        at += long;
        left = left.saturating_sub(stands_for);
    }
    Some(at)
}

/// How many bytes an escape takes in the file, and how many in the value.
fn escape(written: &str) -> Option<(usize, usize)> {
    let digits = match written.as_bytes().get(1)? {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b if b.is_ascii_whitespace() => {
            // A backslash at the end of a line swallows the break and the white space after it.
            let rest = written[1..].trim_start();
            return Some((written.len() - rest.len(), 0));
        }
        _ => return Some((2, 1)),
    };
    let code = u32::from_str_radix(written.get(2..2 + digits)?, 16).ok()?;
    Some((2 + digits, char::from_u32(code)?.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn every_way_to_write_a_string_is_counted_through() {
        for (written, offset, place) in [
            (r#""award > x""#, 8, 9),
            ("'award > x'", 8, 9),
            (r#""a \"b\" x""#, 6, 9),
            (r#""a \u00e9 x""#, 5, 10),
            ("\"é x\"", 3, 4),
            ("'''\naward > x'''", 8, 12),
            ("\"\"\"award \\\n   > x\"\"\"", 8, 16),
        ] {
            assert_eq!(place_of(written, offset), Some(place), "{written}");
            assert!(written[place..].starts_with('x'), "{written}");
        }
        assert_eq!(place_of("award", 2), None);
        assert_eq!(place_of("\"a\"", 9), None);
    }
}
