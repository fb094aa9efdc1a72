//! Small parts.

use crate::dsl::*;
use crate::shell::Undo;
use crate::{form, mark};

/// How a tag is meant. Its word says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    Good,
    Waiting,
    Warning,
    Bad,
}

/// A word or two on how something stands.
#[must_use]
pub fn tag(text: &str, tone: Tone) -> Html {
    let class = match tone {
        Tone::Neutral => "tag tag-neutral",
        Tone::Good => "tag tag-good",
        Tone::Waiting => "tag tag-waiting",
        Tone::Warning => "tag tag-warning",
        Tone::Bad => "tag tag-bad",
    };
    html(maud! { strong class=(class) { (text) } })
}

/// A heading within the page.
#[must_use]
pub fn section_heading(text: &str) -> Html {
    html(maud! { h2 class="section-heading" { (text) } })
}

/// A part of the page under a heading of its own, which an address can lead to.
#[must_use]
pub fn section(id: &str, heading: &str, body: impl Renderable) -> Html {
    html(maud! {
        section class="section" aria-labelledby={ (id) "-heading" } id=(id) {
            h2 class="section-heading" id={ (id) "-heading" } { (heading) }
            (body)
        }
    })
}

/// Words set apart: a quotation, an example, a condition.
#[must_use]
pub fn inset(body: impl Renderable) -> Html {
    html(maud! { div class="govuk-inset-text" { (body) } })
}

/// Something one may open.
#[must_use]
pub fn details(summary: &str, body: impl Renderable) -> Html {
    details_open(summary, false, body)
}

/// The same, open already where there is something in it to look at.
#[must_use]
pub fn details_open(summary: impl Renderable, open: bool, body: impl Renderable) -> Html {
    html(maud! {
        details class="govuk-details" open[open] {
            summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (summary) } }
            div class="govuk-details__text" { (body) }
        }
    })
}

/// Where nobody has said.
#[must_use]
pub fn not_stated() -> Html {
    html(maud! { span class="muted" { "Not stated" } })
}

/// Where a fact comes from: what it is called, and its address.
#[must_use]
pub fn sources(citations: &[(String, String)]) -> Html {
    html(maud! {
        @if !citations.is_empty() {
            p class="sources" {
                span class="sources-label" { @if citations.len() == 1 { "Source: " } @else { "Sources: " } }
                @for (i, (label, href)) in citations.iter().enumerate() {
                    @if i > 0 { "; " }
                    @if href.is_empty() { (label) } @else { a href=(href) { (label) } }
                }
            }
        }
    })
}

/// What belongs here, why it helps, and the first step.
#[must_use]
pub fn empty_state(title: &str, why: &str, first_step: Option<(&str, &str)>) -> Html {
    html(maud! {
        div class="empty" {
            (mark::plait_large())
            div {
                h2 class="empty-title" { (title) }
                p { (why) }
                @if let Some((text, href)) = first_step { (form::button_link(text, href)) }
            }
        }
    })
}

/// What a person typed, for them to copy, where the page cannot take it: each text with the name of its field.
#[must_use]
pub fn typed_text_kept(texts: &[(String, String)]) -> Html {
    let kept: Vec<&(String, String)> = texts.iter().filter(|(_, text)| !text.trim().is_empty()).collect();
    html(maud! {
        @if !kept.is_empty() {
            section class="kept" aria-labelledby="kept-heading" {
                h2 class="section-heading" id="kept-heading" { "What you typed" }
                p { "Nothing is lost: copy it from here and keep it somewhere before you leave this page." }
                @for (i, (label, text)) in kept.iter().enumerate() {
                    div class="govuk-form-group" {
                        label class="govuk-label" for={ "kept-" (i) } { (label) }
                        textarea class="govuk-textarea" id={ "kept-" (i) } rows=(rows_for(text)) readonly { "\n" (text) }
                    }
                }
            }
        }
    })
}

fn rows_for(text: &str) -> usize {
    text.lines().map(|line| line.chars().count() / 60 + 1).sum::<usize>().clamp(2, 16)
}

/// Says what was done and offers the way back.
#[must_use]
pub fn undo_bar(text: &str, undo: &Undo) -> Html {
    html(maud! {
        div class="notice notice-done" role="status" { p { (text) } (undo_button(undo)) }
    })
}

/// The way back alone.
#[must_use]
pub fn undo_button(undo: &Undo) -> Html {
    let label = if undo.label.is_empty() { "Undo" } else { &undo.label };
    form::button_form(&undo.action, &undo.keys, maud! { button class="link-button" type="submit" { (label) } })
}
