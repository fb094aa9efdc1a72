//! Answers with parts that have names of their own: organisations, people, areas.

use forms::Choice;

use super::Asked;
use super::choices::{items, list, listed};
use super::frame::{Help, Line, part_error, set};
use crate::dsl::*;

/// One part of an answer: a name for its box, and how the box is.
struct Part<'a> {
    key: &'a str,
    label: &'a str,
    hint: &'a str,
    width: u8,
}

impl Part<'_> {
    /// The box between its name and its error. `control` is given what describes it and whether it is wrong.
    fn around(&self, asked: &Asked<'_>, control: impl FnOnce(Option<&str>, bool) -> Html) -> Html {
        let name = asked.name(self.key);
        let error = part_error(asked, self.key);
        let hint = (!self.hint.is_empty()).then(|| format!("{name}-hint"));
        let described: Vec<&str> = hint.as_deref().into_iter().chain(error.as_ref().map(|(id, _)| id.as_str())).collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let control = control(described.as_deref(), error.is_some());
        html(maud! {
            div class="govuk-form-group part" {
                label class="govuk-label" for=(&name) { (self.label) }
                @if let Some(id) = &hint { div class="govuk-hint" id=(id) { (self.hint) } }
                @if let Some((_, message)) = &error { (message) }
                (control)
            }
        })
    }
    fn line(&self, asked: &Asked<'_>) -> Html {
        let name = asked.name(self.key);
        let (value, width) = (asked.typed(self.key), self.width);
        self.around(asked, |described, invalid| Line { name: &name, value, width, described, invalid, ..Line::default() }.html())
    }
}

pub(super) fn organisation(asked: &Asked<'_>, schemes: &[Choice], sectors: &[Choice]) -> Html {
    let drawn = |part: &str| match part {
        "name" => true,
        "sector" => !sectors.is_empty(),
        "scheme" => schemes.len() > 1,
        "id" => !schemes.is_empty(),
        _ => false,
    };
    let help = Help::new(asked, "", drawn);
    let name = Part { key: "name", label: asked.say("Name of the organisation", "Enw’r sefydliad"), hint: "", width: 0 };
    set(
        asked,
        &help,
        &html(maud! {
            (name.line(asked))
            @if !sectors.is_empty() { (sector(asked, sectors)) }
            (register(asked, schemes))
        }),
    )
}

fn sector(asked: &Asked<'_>, sectors: &[Choice]) -> Html {
    let label = asked.say("Sector", "Sector");
    let part = Part { key: "sector", label, hint: "", width: 0 };
    if sectors.len() > 6 {
        return part.around(asked, |described, wrong| list(asked, "sector", sectors, described, wrong));
    }
    let name = asked.name("sector");
    let error = part_error(asked, "sector");
    html(maud! {
        div class="govuk-form-group part" {
            fieldset class="govuk-fieldset" aria-describedby=[error.as_ref().map(|(id, _)| id.as_str())] {
                legend class="govuk-fieldset__legend" { (label) }
                @if let Some((_, message)) = &error { (message) }
                (listed(&name, &items(asked, &name, sectors), "radio", "", false))
            }
        }
    })
}

/// Which register the organisation stands in, and its number there.
fn register(asked: &Asked<'_>, schemes: &[Choice]) -> Html {
    let hint = asked.say("Leave it empty if there is none.", "Gadewch yn wag os nad oes un.");
    let number = |label: &str| Part { key: "id", label, hint, width: 20 }.line(asked);
    match schemes {
        [] => html(""),
        // Where there is one register only, its name is the number's name.
        [only] => number(&format!("{}{}", only.label.get(asked.lang), asked.say(" number", ": rhif"))),
        _ => html(maud! {
            (Part { key: "scheme", label: asked.say("Register", "Cofrestr"), hint: "", width: 0 }
                .around(asked, |described, wrong| list(asked, "scheme", schemes, described, wrong)))
            (number(asked.say("Number in the register", "Rhif yn y gofrestr")))
        }),
    }
}

pub(super) fn person(asked: &Asked<'_>) -> Html {
    let help = Help::new(asked, "", |part| matches!(part, "name" | "role"));
    let name = Part { key: "name", label: asked.say("Name", "Enw"), hint: "", width: 30 };
    let role = Part { key: "role", label: asked.say("Role", "Rôl"), hint: "", width: 30 };
    set(asked, &help, &html((name.line(asked), role.line(asked))))
}

pub(super) fn area(asked: &Asked<'_>) -> Html {
    let help = Help::new(asked, "", |part| matches!(part, "name" | "code"));
    let name = Part { key: "name", label: asked.say("Name of the area", "Enw’r ardal"), hint: "", width: 30 };
    let hint = asked.say(
        "One letter and eight digits, like E08000003. Leave it empty if you do not know it.",
        "Un llythyren ac wyth digid, fel E08000003. Gadewch yn wag os nad ydych yn ei wybod.",
    );
    let code = Part { key: "code", label: asked.say("Statistics (GSS) code", "Cod ystadegau (GSS)"), hint, width: 10 };
    set(asked, &help, &html((name.line(asked), code.line(asked))))
}
