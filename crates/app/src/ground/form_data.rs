//! What a form sent, as fields with a name and a text.

use percent_encoding::percent_decode;

/// The fields of a form, in the order they were sent.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body of the kind `application/x-www-form-urlencoded`. Nothing where it is not valid text.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        decode(body).map(Self)
    }
    /// What a form begins with, as if somebody had sent it.
    #[must_use]
    pub const fn with(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
    /// The fields of a form that arrived in parts. Nothing where a text holds a NUL.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Option<Self> {
        let sound = pairs.iter().all(|(name, text)| !name.contains('\0') && !text.contains('\0'));
        sound.then(|| Self(pairs.into_iter().map(|(name, text)| (name, text.replace("\r\n", "\n"))).collect()))
    }
    /// The answer in this field, without white space around it and with line breaks as `\n`; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
    }
    /// Every answer under this name, as boxes that can be ticked together send them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.trim())
    }
    /// As it was typed: for passwords.
    #[must_use]
    pub fn untouched(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
    /// Every field with its text, in the order they were sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
    /// What a person typed or chose, for a page that must not lose it: all but what the form itself carries.
    #[must_use]
    pub fn typed(&self) -> Vec<(String, String)> {
        const CARRIED: [&str; 8] = ["form_token", "once", "hash", "revision", "step", "then", "password", "new_password"];
        let carried = |name: &str| {
            CARRIED.contains(&name) || name.starts_with('_') || name.starts_with("version.") || name.starts_with("was.")
        };
        let typed = self.0.iter().filter(|(name, value)| !carried(name) && !value.trim().is_empty());
        typed.map(|(name, value)| (label(name), value.clone())).collect()
    }
}

/// A field's name as a heading: `happened_on` reads “Happened on”.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    if words.trim().is_empty() {
        return "Without a name".to_string();
    }
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Splits and decodes the pairs of a form or of an address. Nothing where a text is not UTF-8 or holds a NUL, which
/// one of the databases cannot keep.
#[must_use]
pub fn decode(encoded: &[u8]) -> Option<Vec<(String, String)>> {
    let text = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
        let decoded = String::from_utf8(percent_decode(&spaced).collect()).ok()?;
        (!decoded.contains('\0')).then(|| decoded.replace("\r\n", "\n"))
    };
    let pairs = encoded.split(|b| *b == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let cut = pair.iter().position(|b| *b == b'=');
            let (name, value) = cut.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
            Some((text(name)?, text(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_send_it() {
        let form = Form::read(b"title=A+day&text=one%0D%0Atwo%26three&empty=&text=second").unwrap();
        assert_eq!(
            (form.get("title"), form.get("text"), form.get("empty"), form.get("missing")),
            ("A day", "one\ntwo&three", "", "")
        );
        assert!(Form::read(b"text=%FF%FE").is_none(), "not UTF-8");
        assert!(Form::read(b"text=a%00b").is_none(), "a NUL");
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read_or_refused(body: Vec<u8>) {
            let _ = Form::read(&body);
        }
    }
}
