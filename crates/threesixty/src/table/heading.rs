//! What a column holds, by its heading: `Recipient Org:0:Identifier` is the field `id` of the first recipient organisation.

use std::borrow::Cow;

use crate::schema::{Field, Kind, Shape};

/// One step from a grant to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Name(Cow<'static, str>),
    /// An item of a list, by its number, or the one that a heading without a number means.
    Item(Option<u16>),
}

/// What the heading of a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub steps: Vec<Step>,
    /// What may stand in the cell; nothing where the field is not one of the standard.
    pub kind: Option<Kind>,
    /// Whether the standard knows where it begins.
    pub known: bool,
}

/// The column in which stands, as JSON, what cells cannot say.
pub(crate) const KEPT: &str = "commonweal:json";

/// The field that a heading names: by its title or by its name, small or capital, with or without spaces.
pub(crate) fn named(shape: &Shape, word: &str) -> Option<&'static Field> {
    shape.fields.iter().find(|field| like(field.title, word) || like(field.name, word))
}

fn like(own: &str, word: &str) -> bool {
    let letters = |text| str::chars(text).filter(|c| *c != ' ').map(|c| c.to_ascii_lowercase());
    !own.is_empty() && letters(own).eq(letters(word))
}

fn number(word: &str) -> Option<u16> {
    let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|_| digits)
}

impl Way {
    pub fn of(heading: &str, shape: &'static Shape) -> Self {
        let by_name = heading.split_once('/').is_some_and(|(first, _)| shape.field(first).is_some());
        let words: Vec<&str> = heading.split(if by_name { '/' } else { ':' }).map(str::trim).collect();
        let mut steps = Vec::with_capacity(words.len());
        let (mut inside, mut kind, mut known, mut listed) = (Some(shape), None, false, false);
        for word in words {
            if let Some(item) = number(word)
                && !steps.is_empty()
            {
                listed = !matches!(kind, Some(Kind::List(_) | Kind::Texts(_)));
                if matches!(kind, Some(Kind::Text(_) | Kind::Number { .. })) {
                    (inside, kind) = (None, None);
                }
                steps.push(Step::Item(Some(item)));
                continue;
            }
            if matches!(kind, Some(Kind::List(_))) && !matches!(steps.last(), Some(Step::Item(_))) {
                steps.push(Step::Item(None));
            }
            let field = inside.and_then(|shape| named(shape, word));
            known |= field.is_some() && steps.is_empty();
            kind = field.map(|field| field.kind);
            inside = match kind {
                Some(Kind::Object(shape) | Kind::List(shape)) => Some(shape),
                _ => None,
            };
            steps.push(Step::Name(field.map_or_else(|| Cow::Owned(word.to_owned()), |field| Cow::Borrowed(field.name))));
        }
        // A list in a list has no kind of its own.
        let kind = if listed && matches!(steps.last(), Some(Step::Item(_))) { None } else { kind };
        Self { steps, kind, known }
    }

    /// The names on the way, without the numbers of items.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| if let Step::Name(name) = step { Some(name.as_ref()) } else { None })
    }

    /// The first name on the way.
    pub fn first(&self) -> &str {
        self.names().next().unwrap_or("")
    }
}

/// Whether a field that the standard does not know can stand in a heading of its own and be read back from it.
pub(crate) fn is_plain(name: &str, inside: Option<&Shape>) -> bool {
    let ours = KEPT.split(':').next() == Some(name);
    let odd = ours || name.is_empty() || name.trim() != name || name.contains([':', '/', '\n', '\r']) || number(name).is_some();
    !odd && name.len() <= 200 && !name.starts_with(['#', '"']) && inside.is_none_or(|shape| named(shape, name).is_none())
}

/// The heading of these steps: titles of the standard, joined with colons.
pub(crate) fn heading(steps: &[Step], shape: &'static Shape) -> String {
    let (mut inside, mut titled, mut out) = (Some(shape), true, String::new());
    for step in steps {
        let word = match step {
            Step::Item(None) => continue,
            Step::Item(Some(item)) => Cow::Owned(item.to_string()),
            Step::Name(name) => {
                let field = inside.and_then(|shape| shape.field(name));
                inside = match field.map(|field| field.kind) {
                    Some(Kind::Object(shape) | Kind::List(shape)) => Some(shape),
                    _ => None,
                };
                titled &= field.is_none_or(|field| !field.title.is_empty());
                field.filter(|_| titled).map_or_else(|| name.clone(), |field| Cow::Borrowed(field.title))
            }
        };
        if !out.is_empty() {
            out.push(':');
        }
        out.push_str(&word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::GRANT;

    fn shown(text: &str) -> String {
        let steps = Way::of(text, &GRANT).steps;
        let words = steps.iter().map(|step| match step {
            Step::Name(name) => name.to_string(),
            Step::Item(item) => item.map_or("*".to_owned(), |n| n.to_string()),
        });
        words.collect::<Vec<_>>().join("/")
    }

    #[test]
    fn headings_are_titles_or_names_in_any_case() {
        for (heading, way) in [
            ("Recipient Org:0:Identifier", "recipientOrganization/0/id"),
            ("recipient org:Web Address", "recipientOrganization/*/url"),
            ("recipientOrganization/1/location/0/geoCode", "recipientOrganization/1/location/0/geoCode"),
            ("Recipient Org:Location:Geographic Code", "recipientOrganization/*/location/*/geoCode"),
            ("From an open call?", "fromOpenCall"),
            ("Data source", "dataSource"),
            ("Website: Decision Notes", "Website/Decision Notes"),
            ("Grant Programme:Title (extended)", "grantProgramme/*/Title (extended)"),
            ("School / Building", "School / Building"),
            ("To Individuals Details:Grant Purpose", "toIndividualsDetails/grantPurpose"),
            ("applicationTransaction:0:value", "applicationTransaction/0/value"),
            ("Own:3", "Own/3"),
            ("2014", "2014"),
        ] {
            assert_eq!(shown(heading), way, "{heading}");
        }
    }

    #[test]
    fn a_heading_that_is_written_is_read_back() {
        for text in [
            "Recipient Org:0:Identifier",
            "Own:2:Part",
            "applicationTransaction:0:value",
            "Recipient Org:1:Location:0:Name",
            "Related Activity",
        ] {
            assert_eq!(heading(&Way::of(text, &GRANT).steps, &GRANT), text);
        }
    }
}
