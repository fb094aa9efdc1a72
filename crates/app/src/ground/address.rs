//! Names as parts of addresses.

/// A name as part of an address: small letters and digits, with hyphens between words.
pub(crate) fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            '’' | '\'' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_end_matches('-').to_string()
}

/// The first of `slug`, `slug-2`, `slug-3` that is not taken.
pub(crate) fn free_slug(slug: &str, taken: &[String]) -> String {
    let mut numbered = (1..).map(|n| if n == 1 { slug.to_string() } else { format!("{slug}-{n}") });
    numbered.find(|slug| !taken.contains(slug)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{free_slug, slug_of};

    #[test]
    fn a_name_becomes_part_of_an_address() {
        assert_eq!(slug_of("Lantern Hill"), "lantern-hill");
        assert_eq!(slug_of("  St Anne’s & Moor "), "st-annes-moor");
        assert_eq!(slug_of("Ynys Môn"), "ynys-m-n");
        assert_eq!(slug_of("???"), "");
    }

    #[test]
    fn a_taken_address_is_numbered() {
        assert_eq!(free_slug("phase-1", &[]), "phase-1");
        assert_eq!(free_slug("phase-1", &["phase-1".into(), "phase-1-2".into()]), "phase-1-3");
    }
}
