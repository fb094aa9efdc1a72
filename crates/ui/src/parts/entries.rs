//! Entries on a timeline, and what waits for somebody.

use std::borrow::Cow;

use crate::dsl::*;
use crate::parts::circles::extract_tag;
use crate::parts::{Shape, Tone, circle_badge, tag};

/// An entry as one sees it in a list.
#[derive(Debug, Clone, Default)]
pub struct EntryCard<'a> {
    /// What it is: "Session", "Reflection".
    pub kind: &'a str,
    pub title: &'a str,
    pub href: String,
    /// When, as people say it.
    pub when: String,
    /// Who wrote it, with role or place.
    pub author: Cow<'a, str>,
    /// The circle that reads it.
    pub circle: &'a str,
    pub shape: Shape,
    /// How it begins, or what was found in it.
    pub snippet: Option<Html>,
    /// It is a part of something that stays in a narrower circle.
    pub extract: bool,
}

/// One entry.
#[must_use]
pub fn entry_card<'a>(card: &'a EntryCard<'_>) -> impl Renderable + 'a {
    written! {
        article class="entry" {
            p class="entry-kind" { (card.kind) @if card.extract { " " (extract_tag()) } }
            h3 class="entry-title" { a href=(&card.href) { (card.title) } }
            p class="entry-by" { (&card.when) @if !card.author.is_empty() { " · " (&*card.author) } }
            @if let Some(snippet) = &card.snippet { p class="entry-snippet" { (snippet) } }
            p class="entry-circle" { span class="govuk-visually-hidden" { "Who reads this: " } (circle_badge(card.circle, card.shape)) }
        }
    }
}

/// Entries one below the other.
#[must_use]
pub fn timeline<'a>(cards: impl Iterator<Item = EntryCard<'a>> + Clone) -> impl Renderable {
    written! { ol class="entries" { @for card in cards.clone() { li { (entry_card(&card)) } } } }
}

/// Something that waits for somebody.
#[derive(Debug, Clone, Default)]
pub struct Task {
    /// What to do, beginning with a verb.
    pub text: String,
    pub href: String,
    /// Why, or for whom.
    pub detail: Option<String>,
    /// By when, or since when: a word or two.
    pub due: Option<String>,
    pub tone: Tone,
}

/// "What waits for you", or another list of things to do.
#[must_use]
pub fn task_list(title: &str, tasks: &[Task]) -> Html {
    let id: String = title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    html(maud! {
        section class="waiting" aria-labelledby=(&id) {
            h2 class="section-heading" id=(&id) { (title) }
            @if tasks.is_empty() {
                p class="muted" { "Nothing waits for you now." }
            } @else {
                ul class="tasks" {
                    @for task in tasks {
                        li {
                            div {
                                a href=(&task.href) { (&task.text) }
                                @if let Some(detail) = &task.detail { p class="muted" { (detail) } }
                            }
                            @if let Some(due) = &task.due { (tag(due, task.tone)) }
                        }
                    }
                }
            }
        }
    })
}
