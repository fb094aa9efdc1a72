//! What a file is called. The name comes from somebody's computer and goes to somebody else's, so all is taken out of it
//! that means something to either: folders, signs that cannot be seen, signs that turn the reading direction round.

/// Characters of a name, its ending among them.
const LONGEST: usize = 100;

/// The name, clean, with an ending that says what the content is.
pub(super) fn clean(name: &str, endings: &[&str]) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter_map(plain).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain.trim_matches(['.', ' ']);
    let small = plain.to_lowercase();
    let ending = endings.iter().find(|e| small.ends_with(**e)).or(endings.first()).copied().unwrap_or_default();
    // An ending that says something else about a kind of file that is taken goes; any other is part of the name.
    let known = || forms::FileKind::ALL.iter().flat_map(|kind| kind.endings()).find(|e| small.ends_with(**e));
    let stem = match small.ends_with(ending) {
        true => shortened(plain, ending.chars().count()),
        false => known().map_or(plain.to_string(), |wrong| shortened(plain, wrong.chars().count())),
    };
    let stem: String = stem.chars().take(LONGEST - ending.chars().count()).collect();
    let stem = stem.trim_matches(['.', ' ']);
    format!("{}{ending}", if stem.is_empty() { "file" } else { stem })
}

fn shortened(text: &str, by: usize) -> String {
    let length = text.chars().count();
    text.chars().take(length.saturating_sub(by)).collect()
}

/// What stands for a character; nothing where it cannot be seen.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        '\u{fff9}'..='\u{fffd}' | '\u{e0000}'..='\u{e0fff}' => None,
        c if c.is_control() => None,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('-'),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_come_out_plain() {
        for (name, clean_name) in [
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\fakepath\\letter.PDF", "letter.pdf"),
            ("letter\u{202e}fdp.exe", "letterfdp.exe.pdf"),
            ("letter.docx", "letter.pdf"),
            ("", "file.pdf"),
            ("..", "file.pdf"),
            (".pdf", "pdf.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie- x=1.pdf"),
            ("a\0b\u{200b}c.pdf", "abc.pdf"),
            ("  Llythyr   y cyngor – ŵ .pdf ", "Llythyr y cyngor – ŵ.pdf"),
            ("<b>\"x\"|?*.pdf", "-b--x----.pdf"),
        ] {
            assert_eq!(clean(name, &[".pdf"]), clean_name, "{name:?}");
        }
        assert_eq!(clean("photo.jpeg", &[".jpg", ".jpeg"]), "photo.jpeg");
        assert_eq!(clean("photo.png", &[".jpg", ".jpeg"]), "photo.jpg");
        assert_eq!(clean(&"ŵ".repeat(5000), &[".pdf"]).chars().count(), LONGEST);
    }

    proptest::proptest! {
        #[test]
        fn any_name_comes_out_short_and_honest(name: String) {
            let clean = clean(&name, &[".pdf"]);
            proptest::prop_assert!(clean.ends_with(".pdf") && clean.chars().count() <= LONGEST && clean.len() > 4);
            let traps = ['/', '\\', '\0', '\n', '\u{202e}'];
            proptest::prop_assert!(!clean.contains(traps));
        }
    }
}
