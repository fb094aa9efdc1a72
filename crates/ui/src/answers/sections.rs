//! The sections of a form with how far each has come.

use forms::{Form, Lang, Look, SectionLook, SectionState};

use super::{count, lang_of, say, text_in};
use crate::dsl::*;

/// The sections in order, each with its state in a word and a shape. `href` gives the address of a section by its key.
#[must_use]
pub fn sections(form: &Form, look: &Look, lang: Lang, href: impl Fn(&str) -> String) -> Html {
    html(maud! {
        ol class="sections" lang=[lang_of(lang)] {
            @for (i, (section, state)) in form.sections.iter().zip(&look.sections).enumerate() {
                @let id = format!("section-{}-state", section.key);
                li {
                    div class="sections-name" {
                        @if state.state == SectionState::NothingHere {
                            span aria-describedby=(&id) { (i + 1) ". " (text_in(&section.title, lang)) }
                        } @else {
                            a href=(href(&section.key)) aria-describedby=(&id) { (i + 1) ". " (text_in(&section.title, lang)) }
                        }
                        @if let Some(more) = left(state, lang) { p class="muted" { (more) } }
                    }
                    div class=(class(state.state)) id=(&id) { (shape(state.state)) span { (words(state.state, lang)) } }
                }
            }
        }
    })
}

const fn words(state: SectionState, lang: Lang) -> &'static str {
    match state {
        SectionState::NotStarted => say(lang, "Not started", "Heb ddechrau"),
        SectionState::InProgress => say(lang, "In progress", "Ar y gweill"),
        SectionState::Complete => say(lang, "Complete", "Wedi’i gwblhau"),
        SectionState::NothingHere => say(lang, "Nothing to answer here", "Dim i’w ateb yma"),
        SectionState::CannotTell => say(lang, "Cannot tell yet", "Methu dweud eto"),
    }
}

const fn class(state: SectionState) -> &'static str {
    match state {
        SectionState::NotStarted => "state state-none",
        SectionState::InProgress => "state state-some",
        SectionState::Complete => "state state-all",
        SectionState::NothingHere => "state state-nothing",
        SectionState::CannotTell => "state state-unknown",
    }
}

/// A ring that fills: empty, half, full with a tick; a line for nothing; a dotted ring for what is not known.
fn shape(state: SectionState) -> Html {
    html(maud! {
        svg class="state-shape" viewBox="0 0 20 20" aria-hidden="true" focusable="false" {
            @match state {
                SectionState::NotStarted => circle class="state-ring" cx="10" cy="10" r="8" {},
                SectionState::InProgress => { circle class="state-ring" cx="10" cy="10" r="8" {} path class="state-fill" d="M10 2 a8 8 0 0 0 0 16 z" {} }
                SectionState::Complete => { circle class="state-fill" cx="10" cy="10" r="9" {} path class="state-tick" d="M5.5 10.5 l3 3 l6 -7" {} }
                SectionState::NothingHere => path class="state-line" d="M4 10 h12" {},
                SectionState::CannotTell => circle class="state-ring state-dots" cx="10" cy="10" r="8" {},
            }
        }
    })
}

/// What is left to do: "2 answers missing, 1 to look at again".
fn left(section: &SectionLook, lang: Lang) -> Option<String> {
    if !matches!(section.state, SectionState::InProgress | SectionState::CannotTell) {
        return (section.state == SectionState::NothingHere).then(|| {
            say(lang, "With the answers so far, nothing is asked here.", "Gyda’r atebion hyd yma, ni ofynnir dim yma.").to_owned()
        });
    }
    let missing = count(section.missing, lang, "answer missing", "answers missing", "ateb ar goll");
    let wrong = count(section.problems, lang, "to look at again", "to look at again", "i edrych arno eto");
    let parts: Vec<String> = [(section.missing, missing), (section.problems, wrong)]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(_, words)| words)
        .collect();
    if parts.is_empty() {
        let words = say(
            lang,
            "More may be asked here, depending on other answers.",
            "Gellir gofyn mwy yma, yn dibynnu ar atebion eraill.",
        );
        return (section.state == SectionState::CannotTell).then(|| words.to_owned());
    }
    Some(parts.join(", "))
}
