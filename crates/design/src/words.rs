//! Words for people: suggestions for misspelt names, and plain names for what the reader of TOML calls things.

/// A sentence that suggests the nearest known name, or lists them where none is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let near = known.iter().map(|k| (distance(word, k), *k)).min();
    match near {
        Some((far, name)) if far <= word.chars().count() / 3 + 1 => format!("Did you mean ‘{name}’?"),
        _ if known.is_empty() => "There are none to choose from".to_owned(),
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

/// One of something, or several: `1 place`, `6 places`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
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

/// `integer 50` as ‘The number 50’.
pub(crate) fn readable(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let value = value.trim_matches('`').trim_matches('"');
    let name = match kind {
        "integer" | "floating" => "The number",
        "string" => "The text",
        "boolean" => "The word",
        "map" => "A table",
        "sequence" => "A list",
        _ => "This value",
    };
    match value {
        "" | "value" => name.to_owned(),
        _ => format!("{name} ‘{}’", value.trim_start_matches("point `")),
    }
}

/// What is wanted, in words.
pub(crate) fn list_of(wanted: &str) -> String {
    match wanted {
        "a string" => "text in quotation marks, like \"…\"".to_owned(),
        "a sequence" => "a list in square brackets, like [\"…\"]".to_owned(),
        "a boolean" => "true or false".to_owned(),
        w if w.starts_with('u') || w.starts_with('i') || w.starts_with('f') => "a number without quotation marks".to_owned(),
        w if w.starts_with("struct ") => "a table of keys and values".to_owned(),
        w => w.to_owned(),
    }
}
