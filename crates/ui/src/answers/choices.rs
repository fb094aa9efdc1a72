//! Questions whose answers are listed: all in view, from a list where they are many, or on a scale.

use forms::{Choice, Point};

use super::frame::{Help, grouped, invalid, labelled};
use super::{Asked, count, fallback, text_in};
use crate::dsl::*;

/// More than these are too many to look through one by one.
const IN_VIEW: usize = 12;

/// One box to tick, with what it says.
pub(super) struct Item {
    pub value: String,
    pub label: Html,
    pub help: Option<Html>,
    pub checked: bool,
    /// It stands by itself below the others.
    pub apart: bool,
}

pub(super) fn items(asked: &Asked<'_>, name: &str, options: &[Choice]) -> Vec<Item> {
    let item = |option: &Choice| Item {
        value: option.key.clone(),
        label: asked.text(&option.label),
        help: (!option.help.is_empty()).then(|| asked.text(&option.help)),
        checked: asked.fields.has(name, &option.key),
        apart: false,
    };
    options.iter().map(item).collect()
}

/// The way back from a choice that need not be made: a radio button cannot be taken back.
fn or_nothing(asked: &Asked<'_>, mut items: Vec<Item>) -> Vec<Item> {
    if !asked.required && !asked.typed("").is_empty() {
        let label = html(asked.say("No answer", "Dim ateb"));
        items.push(Item { value: String::new(), label, help: None, checked: false, apart: true });
    }
    items
}

/// Radio buttons or checkboxes below each other. The first has the name as its id.
pub(super) fn listed(name: &str, items: &[Item], kind: &str, extra: &str, wrong: bool) -> Html {
    let class = if kind == "radio" { "govuk-radios" } else { "govuk-checkboxes" };
    // A radio button cannot be wrong by itself.
    let wrong = invalid(wrong && kind != "radio");
    html(maud! {
        div class={ (class) (extra) } {
            @for (i, item) in items.iter().enumerate() {
                @let id = if i == 0 { name.to_owned() } else { format!("{name}-{}", i + 1) };
                @let described = item.help.as_ref().map(|_| format!("{id}-item-hint"));
                div class={ (class) "__item" (if item.apart { " apart" } else { "" }) } {
                    input class={ (class) "__input" } id=(&id) name=(name) type=(kind) value=(&item.value) checked[item.checked]
                        aria-describedby=[described] aria-invalid=[wrong];
                    label class={ "govuk-label " (class) "__label" } for=(&id) { (&item.label) }
                    @if let Some(help) = &item.help {
                        div class={ "govuk-hint " (class) "__hint" } id={ (&id) "-item-hint" } { (help) }
                    }
                }
            }
        }
    })
}

pub(super) fn yes_no(asked: &Asked<'_>) -> Html {
    let help = Help::of_one(asked, "");
    let item = |value: &str, label: &str| Item {
        value: value.to_owned(),
        label: html(label),
        help: None,
        checked: asked.typed("") == value,
        apart: false,
    };
    let items = vec![item("yes", asked.say("Yes", "Ie")), item("no", asked.say("No", "Na"))];
    grouped(asked, &help, &listed(&asked.name(""), &or_nothing(asked, items), "radio", " govuk-radios--inline", false))
}

pub(super) fn one(asked: &Asked<'_>, options: &[Choice]) -> Html {
    let help = Help::of_one(asked, "");
    let name = asked.name("");
    if options.len() > IN_VIEW {
        return labelled(asked, &help, &list(asked, "", options, help.described().as_deref(), help.invalid()));
    }
    let items = or_nothing(asked, items(asked, &name, options));
    grouped(asked, &help, &listed(&name, &items, "radio", "", false))
}

/// One of many, from a list that opens, for the whole answer or a part of it.
pub(super) fn list(asked: &Asked<'_>, part: &str, options: &[Choice], described: Option<&str>, wrong: bool) -> Html {
    let name = asked.name(part);
    let error = if wrong { " govuk-select--error" } else { "" };
    html(maud! {
        select class={ "govuk-select" (error) } id=(&name) name=(&name) aria-describedby=[described] aria-invalid=[invalid(wrong)] {
            option value="" { (asked.say("Choose one", "Dewiswch un")) }
            @for option in options {
                option value=(&option.key) lang=[fallback(&option.label, asked.lang)] selected[asked.fields.has(&name, &option.key)] {
                    (option.label.get(asked.lang))
                }
            }
        }
    })
}

pub(super) fn several(asked: &Asked<'_>, options: &[Choice], min: Option<u32>, max: Option<u32>) -> Html {
    let limits = how_many(asked, min.unwrap_or(0) as usize, max.map(|m| m as usize).filter(|m| *m < options.len()));
    let help = Help::of_one(asked, &limits);
    let name = asked.name("");
    grouped(asked, &help, &listed(&name, &items(asked, &name, options), "checkbox", "", help.invalid()))
}

fn how_many(asked: &Asked<'_>, min: usize, max: Option<usize>) -> String {
    let lang = asked.lang;
    let answers = |n: usize| count(n, lang, "answer", "answers", "ateb");
    match max {
        Some(max) if max == min => format!("{} {}.", asked.say("Choose", "Dewiswch"), answers(max)),
        Some(max) if min > 1 => format!("{} {min} {} {}.", asked.say("Choose", "Dewiswch"), asked.say("to", "i"), answers(max)),
        Some(max) => format!("{} {}.", asked.say("Choose up to", "Dewiswch hyd at"), answers(max)),
        None if min > 1 => format!("{} {}.", asked.say("Choose at least", "Dewiswch o leiaf"), answers(min)),
        None => asked.say("Choose all that apply.", "Dewiswch bob un sy’n berthnasol.").to_owned(),
    }
}

/// Side by side where the words fit below each other's points, otherwise one below the other.
pub(super) fn scale(asked: &Asked<'_>, points: &[Point]) -> Html {
    let help = Help::of_one(asked, "");
    let name = asked.name("");
    let typed = asked.typed("");
    let item = |point: &Point| Item {
        value: point.value.to_string(),
        label: html(maud! {
            span class="point" { (point.value.to_string()) }
            @if !point.label.is_empty() { " " span class="anchor" { (text_in(&point.label, asked.lang)) } }
        }),
        help: (!point.help.is_empty()).then(|| asked.text(&point.help)),
        checked: typed == point.value.to_string(),
        apart: false,
    };
    let extra = if fits_in_a_line(asked, points) { " scale" } else { " scale-tall" };
    let items = or_nothing(asked, points.iter().map(item).collect());
    grouped(asked, &help, &listed(&name, &items, "radio", extra, false))
}

/// Whether no word of the points' labels is wider than its share of the line.
fn fits_in_a_line(asked: &Asked<'_>, points: &[Point]) -> bool {
    let (word, label) = match points.len() {
        0..=5 => (13, 36),
        6..=7 => (10, 24),
        8..=11 => (7, 14),
        _ => return false,
    };
    let short = |text: &str, most: usize| text.chars().count() <= most;
    points.iter().all(|point| {
        let text = point.label.get(asked.lang);
        point.help.is_empty() && short(text, label) && text.split_whitespace().all(|w| short(w, word))
    })
}
