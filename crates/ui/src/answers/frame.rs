//! What stands around the boxes of a question: its name, what helps to answer it, and what was wrong.

use forms::{FieldProblem, Lang};

use super::{Asked, markdown_in};
use crate::dsl::*;

/// What stands between a question's name and its boxes, with the ids by which it is read with them.
pub(super) struct Help {
    ids: Vec<String>,
    html: Html,
    wrong: bool,
}

impl Help {
    /// The question's own help. `limits` is what its kind adds, such as the most that may be asked for; `drawn` says
    /// which parts have a box and show their errors there.
    pub fn new(asked: &Asked<'_>, limits: &str, drawn: impl Fn(&str) -> bool) -> Self {
        let id = asked.name("");
        let mut ids = Vec::new();
        let question = asked.question;
        let hint = !question.help.is_empty() || !limits.is_empty();
        let whole: Vec<&FieldProblem> = asked.problems.iter().filter(|p| p.part.is_empty() || !drawn(&p.part)).collect();
        let has = [
            ("hint", hint),
            ("guidance", !question.guidance.is_empty()),
            ("source", asked.prefilled_from.is_some()),
            ("error", !whole.is_empty()),
        ];
        ids.extend(has.into_iter().filter(|(_, there)| *there).map(|(end, _)| format!("{id}-{end}")));
        let html = html(maud! {
            @if hint {
                div class="govuk-hint" id={ (&id) "-hint" } {
                    @if !question.help.is_empty() { (asked.text(&question.help)) " " }
                    (limits)
                }
            }
            @if !question.guidance.is_empty() {
                div class="guidance" id={ (&id) "-guidance" } { (markdown_in(&question.guidance, asked.lang)) }
            }
            @if let Some(source) = asked.prefilled_from { (prefilled(asked, source)) }
            @if !whole.is_empty() { (messages(asked, &id, &whole)) }
        });
        Self { ids, html, wrong: !asked.problems.is_empty() }
    }
    /// The help of a question that is answered in one box.
    pub fn of_one(asked: &Asked<'_>, limits: &str) -> Self {
        Self::new(asked, limits, |_| false)
    }
    /// Something else that is read with the boxes.
    pub fn and(mut self, id: String) -> Self {
        self.ids.push(id);
        self
    }
    pub fn described(&self) -> Option<String> {
        (!self.ids.is_empty()).then(|| self.ids.join(" "))
    }
    pub const fn invalid(&self) -> bool {
        self.wrong
    }
}

fn prefilled(asked: &Asked<'_>, source: &str) -> Html {
    html(maud! {
        p class="prefilled" id={ (asked.name("")) "-source" } {
            strong { (asked.say("Filled in for you", "Wedi’i lenwi i chi")) }
            (asked.say(" from ", " o ")) (source) ". "
            (asked.say("Change what is not right.", "Newidiwch yr hyn nad yw’n gywir."))
        }
    })
}

fn messages(asked: &Asked<'_>, id: &str, problems: &[&FieldProblem]) -> Html {
    html(maud! {
        p class="govuk-error-message" id={ (id) "-error" } {
            span class="govuk-visually-hidden" { (asked.say("Error: ", "Gwall: ")) }
            @for (i, problem) in problems.iter().enumerate() {
                @if i > 0 { br; }
                (message(asked, problem))
            }
        }
    })
}

/// What was wrong. All but the question's own words for it are in English.
pub(super) fn message(asked: &Asked<'_>, problem: &FieldProblem) -> Html {
    let own = &asked.question.invalid;
    match asked.lang == Lang::Cy && (own.lacks_welsh() || own.get(Lang::Cy) != problem.message) {
        true => html(maud! { span lang="en" { (&problem.message) } }),
        false => html(&problem.message),
    }
}

/// What was wrong with a part, beside its box, and the id by which it is read.
pub(super) fn part_error(asked: &Asked<'_>, part: &str) -> Option<(String, Html)> {
    let found: Vec<&FieldProblem> = asked.problems.iter().filter(|p| p.part == part).collect();
    let id = asked.name(part);
    (!found.is_empty()).then(|| (format!("{id}-error"), messages(asked, &id, &found)))
}

/// The question as people read it, with a word where it may be left out.
pub(super) fn caption(asked: &Asked<'_>) -> Html {
    html(maud! {
        (asked.text(&asked.question.label))
        @if !asked.required { (asked.say(" (optional)", " (dewisol)")) }
    })
}

const fn group_class(wrong: bool) -> &'static str {
    if wrong { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }
}

/// A question with one box.
pub(super) fn labelled(asked: &Asked<'_>, help: &Help, control: &Html) -> Html {
    html(maud! {
        div class=(group_class(help.wrong)) {
            label class="govuk-label" for=(asked.name("")) { (caption(asked)) }
            (&help.html)
            (control)
        }
    })
}

/// A question with several boxes, the first of which has the question's id.
pub(super) fn grouped(asked: &Asked<'_>, help: &Help, controls: &Html) -> Html {
    fieldset(asked, help, None, controls)
}

/// A question with several boxes that have ids of their own: errors of the whole lead to the set of them.
pub(super) fn set(asked: &Asked<'_>, help: &Help, controls: &Html) -> Html {
    fieldset(asked, help, Some(asked.name("")), controls)
}

fn fieldset(asked: &Asked<'_>, help: &Help, id: Option<String>, controls: &Html) -> Html {
    let stop = id.as_ref().map(|_| "-1");
    html(maud! {
        div class=(group_class(help.wrong)) {
            fieldset class="govuk-fieldset" id=[&id] tabindex=[stop] aria-describedby=[help.described()] {
                legend class="govuk-fieldset__legend" id={ (asked.name("")) "-legend" } { (caption(asked)) }
                (&help.html)
                (controls)
            }
        }
    })
}

/// A box of one line.
#[derive(Clone, Copy, Default)]
pub(super) struct Line<'a> {
    /// Its name and its id.
    pub name: &'a str,
    pub value: &'a str,
    /// How wide it is, in characters: 5, 10, 20 or 30; as wide as there is room where it is 0.
    pub width: u8,
    pub inputmode: Option<&'a str>,
    pub plain: bool,
    pub described: Option<&'a str>,
    pub invalid: bool,
}

impl Line<'_> {
    pub fn html(&self) -> Html {
        let width = match self.width {
            0 => "",
            1..=5 => " govuk-input--width-5",
            6..=10 => " govuk-input--width-10",
            11..=20 => " govuk-input--width-20",
            _ => " govuk-input--width-30",
        };
        let error = if self.invalid { " govuk-input--error" } else { "" };
        html(maud! {
            input class={ "govuk-input" (width) (error) } id=(self.name) name=(self.name) type="text" value=(self.value)
                inputmode=[self.inputmode] spellcheck=[self.plain.then_some("false")] autocomplete="off"
                aria-describedby=[self.described] aria-invalid=[invalid(self.invalid)];
        })
    }
}

pub(super) fn invalid(wrong: bool) -> Option<&'static str> {
    wrong.then_some("true")
}
