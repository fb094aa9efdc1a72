//! Marker words: each is planted in one text, and wherever that text is told, its word is there to be found.

use std::collections::BTreeSet;

/// The number of a marker word.
pub type Mark = u32;

const DIGITS: usize = 5;

/// The word as it is written: no stemmer changes it, no identifier holds it, and none is part of another.
pub fn word(mark: Mark) -> String {
    format!("zq{mark:05}x")
}

/// Every marker word in an answer, also where tags stand within one, as where what was looked for is marked.
pub fn found_in(text: &str) -> BTreeSet<Mark> {
    let mut found = BTreeSet::new();
    look(text, &mut found);
    if text.contains('<') {
        look(&without_tags(text), &mut found);
    }
    found
}

fn look(text: &str, found: &mut BTreeSet<Mark>) {
    let words = text.match_indices("zq").filter_map(|(at, start)| read(&text.as_bytes()[at + start.len()..]));
    found.extend(words);
}

fn read(rest: &[u8]) -> Option<Mark> {
    let (digits, after) = rest.split_at_checked(DIGITS)?;
    let number = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    if after.first() == Some(&b'x') { number.parse().ok() } else { None }
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        let page = format!("<p>{}</p> <mark>zq00</mark>007x <a title=\"{}\">zq12 zq0001x</a>", word(12), word(99_999));
        assert_eq!(found_in(&page).into_iter().collect::<Vec<_>>(), [7, 12, 99_999]);
    }
}
