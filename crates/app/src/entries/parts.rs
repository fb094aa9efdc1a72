//! The parts of a text: each is asked for on its own and stands under a heading of its own, so that a text with parts is
//! searched, compared, shared and printed like any other.

use design::TextPart;
use kernel::Invalid;
use ui::form::{self, Field};
use ui::{Html, html};

use super::compose::LONGEST_TEXT;
use crate::ground::Form;
use crate::ground::html::*;

/// The name of a part's box.
fn name(part: &TextPart) -> String {
    format!("part-{}", part.key)
}

pub(super) fn typed(parts: &[TextPart], form: &Form) -> Vec<String> {
    parts.iter().map(|part| form.get(&name(part)).to_string()).collect()
}

/// All parts that say something, each under its heading.
pub(super) fn joined(parts: &[TextPart], typed: &[String]) -> String {
    let said = parts.iter().zip(typed).filter(|(_, text)| !text.trim().is_empty());
    said.map(|(part, text)| format!("# {}\n\n{}", part.name, text.trim())).collect::<Vec<_>>().join("\n\n")
}

/// What stands under each heading. What stands under none, such as a text from before its kind had parts, goes into the first.
pub(super) fn split(parts: &[TextPart], text: &str) -> Vec<String> {
    let mut found: Vec<Vec<&str>> = vec![Vec::new(); parts.len()];
    let mut at = 0;
    for line in text.lines() {
        match parts.iter().position(|part| line.strip_prefix("# ") == Some(part.name.as_str())) {
            Some(part) => at = part,
            None => {
                if let Some(lines) = found.get_mut(at) {
                    lines.push(line);
                }
            }
        }
    }
    found.into_iter().map(|lines| lines.join("\n").trim().to_string()).collect()
}

pub(super) fn check(parts: &[TextPart], typed: &[String], wrong: &mut Invalid) {
    for (part, text) in parts.iter().zip(typed) {
        if text.trim().is_empty() && !part.optional {
            wrong.add(name(part), format!("Say something under “{}”", part.name));
        }
    }
    let all: usize = typed.iter().map(|text| text.chars().count()).sum();
    if let Some(first) = parts.first().filter(|_| all > LONGEST_TEXT) {
        wrong.add(name(first), format!("Shorten this: all parts together have {all} characters, and {LONGEST_TEXT} is the most"));
    }
}

pub(super) fn fields(parts: &[TextPart], typed: &[String], wrong: &Invalid) -> Html {
    html(maud! {
        @for (i, part) in parts.iter().enumerate() {
            @let name = name(part);
            @let value = typed.get(i).map_or("", String::as_str);
            @let field = Field::new(&name, &part.name).value(value).error(wrong.of(&name)).required(!part.optional);
            (form::long_text(if part.about.is_empty() { field } else { field.hint(&part.about) }, 5))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Vec<TextPart> {
        let part = |key: &str, name: &str| TextPart {
            key: key.into(),
            name: name.into(),
            about: String::new(),
            optional: false,
            dated: false,
            money: false,
        };
        vec![part("believe", "What we believe"), part("try", "What we try")]
    }

    #[test]
    fn parts_come_back_as_they_were_typed() {
        let typed = ["Trust comes first.\n\n- truly".to_string(), "A shared lunch".to_string()];
        let text = joined(&parts(), &typed);
        assert_eq!(text, "# What we believe\n\nTrust comes first.\n\n- truly\n\n# What we try\n\nA shared lunch");
        assert_eq!(split(&parts(), &text), typed);
    }

    #[test]
    fn a_text_without_headings_goes_into_the_first_part() {
        assert_eq!(split(&parts(), "Only this.\n# Another heading"), ["Only this.\n# Another heading", ""]);
    }

    #[test]
    fn an_empty_part_is_said_where_it_stands() {
        let mut wrong = Invalid::default();
        check(&parts(), &["Trust".into(), " ".into()], &mut wrong);
        assert_eq!(wrong.of("part-try"), Some("Say something under “What we try”"));
        assert_eq!(wrong.of("part-believe"), None);
    }
}
