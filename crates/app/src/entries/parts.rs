//! The parts of a text: each is asked for on its own and stands under a heading of its own, so that a text with parts is
//! searched, compared, shared and printed like any other.

use design::TextPart;
use kernel::Invalid;
use ui::form::{self, Field};
use ui::parts::Sector;
use ui::{Html, html};

use super::compose::LONGEST_TEXT;
use crate::ground::Form;
use crate::ground::html::*;

/// More than any meeting had.
const MOST_CAME: u32 = 10_000;

/// The name of a part's box.
fn name(part: &TextPart) -> String {
    format!("part-{}", part.key)
}

pub(super) fn typed(parts: &[TextPart], form: &Form) -> Vec<String> {
    let text = |part: &TextPart| match part.attendance {
        true => came_text(|sector| form.get(&sector_name(part, sector)).to_string()),
        false => form.get(&name(part)).to_string(),
    };
    parts.iter().map(text).collect()
}

/// The name of the box for how many came from a sector.
fn sector_name(part: &TextPart, sector: Sector) -> String {
    format!("{}-{}", name(part), sector.key())
}

/// How many came, a line for each sector from which anybody did.
pub(crate) fn came_text(mut typed: impl FnMut(Sector) -> String) -> String {
    let line = |sector: &Sector| Some(typed(*sector)).filter(|n| !n.is_empty()).map(|n| format!("- {}: {n}", sector.word()));
    Sector::ALL.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// What stands in the line of a sector, as it was typed.
fn of_sector(text: &str, sector: Sector) -> &str {
    let start = format!("- {}: ", sector.word());
    text.lines().find_map(|line| line.strip_prefix(start.as_str())).unwrap_or_default()
}

/// How many came to what an entry tells of, sector by sector; nothing where it does not say.
pub(super) fn came(parts: &[TextPart], text: &str) -> Option<Vec<(Sector, u32)>> {
    let at = parts.iter().position(|part| part.attendance)?;
    let of = split(parts, text).swap_remove(at);
    let all: Vec<_> = Sector::ALL.iter().filter_map(|s| Some((*s, of_sector(&of, *s).parse().ok()?))).collect();
    (!all.is_empty()).then_some(all)
}

/// All parts that say something, each under its heading.
pub(crate) fn joined(parts: &[TextPart], typed: &[String]) -> String {
    let said = parts.iter().zip(typed).filter(|(_, text)| !text.trim().is_empty());
    let words = |text: &str| {
        // A heading that somebody types is no part's heading, even where it says the same.
        let is_heading = |line: &str| parts.iter().any(|part| line.strip_prefix("# ") == Some(part.name.as_str()));
        let line = |line: &str| if is_heading(line) { format!("#{line}") } else { line.to_string() };
        text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
    };
    said.map(|(part, text)| format!("# {}\n\n{}", part.name, words(text))).collect::<Vec<_>>().join("\n\n")
}

/// What stands under each heading. What stands under none, such as a text from before its kind had parts, goes into the
/// first that may not be left out.
pub(super) fn split(parts: &[TextPart], text: &str) -> Vec<String> {
    let mut found: Vec<Vec<&str>> = vec![Vec::new(); parts.len()];
    let mut at = parts.iter().position(|part| !part.optional).unwrap_or(0);
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
        for sector in Sector::ALL.iter().filter(|_| part.attendance) {
            let typed = of_sector(text, *sector);
            if !typed.is_empty() && !typed.parse::<u32>().is_ok_and(|n| n <= MOST_CAME) {
                let field = sector_name(part, *sector);
                wrong.add(field, "Write how many came as a whole number, such as 4, or leave it empty (10,000 at most)");
            }
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
            @if part.attendance { (came_fields(part, value, wrong)) }
            @else { (form::long_text(if part.about.is_empty() { field } else { field.hint(&part.about) }, 5)) }
        }
    })
}

fn came_fields(part: &TextPart, value: &str, wrong: &Invalid) -> Html {
    html(maud! {
        fieldset class="govuk-fieldset came" {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (&part.name) @if part.optional { " (optional)" } }
            @if !part.about.is_empty() { div class="govuk-hint" { (&part.about) } }
            @for sector in Sector::ALL.iter() {
                @let field = sector_name(part, *sector);
                @let label = format!("{}: {}", part.name, sector.word());
                (form::text(Field::new(&field, &label).value(of_sector(value, *sector)).error(wrong.of(&field)).optional()))
            }
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
            attendance: false,
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
    fn a_heading_that_is_typed_starts_no_part() {
        let typed = ["One.\n# What we try\nTwo.".to_string(), "Lunch".to_string()];
        assert_eq!(split(&parts(), &joined(&parts(), &typed)), ["One.\n## What we try\nTwo.", "Lunch"]);
    }

    #[test]
    fn a_text_without_headings_goes_into_the_first_part() {
        assert_eq!(split(&parts(), "Only this.\n# Another heading"), ["Only this.\n# Another heading", ""]);
    }

    #[test]
    fn who_came_is_read_back_from_the_words() {
        let who = TextPart { attendance: true, ..parts().remove(0) };
        let typed = came_text(|sector| if sector == Sector::ALL[0] { "12".into() } else { String::new() });
        let text = joined(std::slice::from_ref(&who), std::slice::from_ref(&typed));
        assert_eq!(came(std::slice::from_ref(&who), &text), Some(vec![(Sector::ALL[0], 12)]));
        assert_eq!(came(&parts(), &text), None, "a part that is no list of who came");
        let mut wrong = Invalid::default();
        check(&[who], &[came_text(|_| "a few".into())], &mut wrong);
        assert!(wrong.of(&format!("part-believe-{}", Sector::ALL[0].key())).is_some());
    }

    #[test]
    fn an_empty_part_is_said_where_it_stands() {
        let mut wrong = Invalid::default();
        check(&parts(), &["Trust".into(), " ".into()], &mut wrong);
        assert_eq!(wrong.of("part-try"), Some("Say something under “What we try”"));
        assert_eq!(wrong.of("part-believe"), None);
    }
}
