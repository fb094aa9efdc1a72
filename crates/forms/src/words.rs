//! Words for people: suggestions for misspelt names, lists, counts.

/// A sentence that suggests the nearest known name, or lists them where none is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.take(2000).collect();
    let near = known.iter().map(|k| (distance(word, k), *k)).min();
    match near {
        Some((far, name)) if far <= word.chars().count() / 3 + 1 => format!("Did you mean ‘{name}’?"),
        _ if known.is_empty() => "There are none to choose from".to_owned(),
        _ if known.len() > 12 => format!("There are {} and {} more", quoted(&known[..12]), known.len() - 12),
        _ => format!("There are {}", quoted(&known)),
    }
}

/// ‘a’, ‘b’ and ‘c’.
pub(crate) fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|n| format!("‘{n}’")).collect();
    and(&names)
}

/// a, b and c.
pub(crate) fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// One of something, or several: `1 line`, `6 lines`, `10,000 lines`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(&number.to_string())) }
}

/// Digits with a comma before every three.
pub(crate) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The beginning of a text, short enough to repeat in a sentence.
pub(crate) fn short(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { format!("{}…", text.chars().take(39).collect::<String>()) }
}

/// Whether this can be a key: small letters, numbers and hyphens.
pub(crate) fn is_key(text: &str) -> bool {
    let sound = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=60).contains(&text.len()) && text.bytes().all(sound) && !text.starts_with('-') && !text.ends_with('-')
}

/// How many letters have to be added, left out, changed or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(60).collect(), b.chars().take(60).collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let mut least = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
