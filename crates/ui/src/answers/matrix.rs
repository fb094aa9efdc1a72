//! Grids of scales, and options put in order.

use std::collections::BTreeSet;

use forms::{Choice, Point};

use super::Asked;
use super::frame::{Help, invalid, part_error, set};
use crate::dsl::*;

/// A table with a radio button in each cell. Where it is narrow, each row stands by itself; the roles repeat what the
/// elements are, because browsers forget it then.
pub(super) fn grid(asked: &Asked<'_>, rows: &[Choice], points: &[Point]) -> Html {
    let help = Help::new(asked, "", |part| rows.iter().any(|row| row.key == part));
    // A row that was answered and need not be can be cleared again.
    let clear = !asked.required && rows.iter().any(|row| !asked.typed(&row.key).is_empty());
    let class = if points.len() > 7 { "grid grid-tall" } else { "grid" };
    let table = html(maud! {
        table class=(class) role="table" aria-labelledby={ (asked.name("")) "-legend" } {
            thead role="rowgroup" {
                tr role="row" {
                    td role="cell" {}
                    @for point in points { th scope="col" role="columnheader" { (point_words(asked, point)) } }
                    @if clear { th scope="col" role="columnheader" { span class="anchor" { (asked.say("No answer", "Dim ateb")) } } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows { (grid_row(asked, row, points, clear)) }
            }
        }
    });
    set(asked, &help, &table)
}

fn point_words(asked: &Asked<'_>, point: &Point) -> Html {
    html(maud! {
        span class="point" { (point.value.to_string()) }
        @if !point.label.is_empty() { " " span class="anchor" { (asked.text(&point.label)) } }
    })
}

fn grid_row(asked: &Asked<'_>, row: &Choice, points: &[Point], clear: bool) -> Html {
    let name = asked.name(&row.key);
    let typed = asked.typed(&row.key);
    let error = part_error(asked, &row.key);
    let hint = (!row.help.is_empty()).then(|| format!("{name}-hint"));
    let described: Vec<String> = hint.iter().cloned().chain(error.iter().map(|(id, _)| id.clone())).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let cell = |i: usize, value: &str, words: &Html| {
        let id = if i == 0 { name.clone() } else { format!("{name}-{}", i + 1) };
        html(maud! {
            td role="cell" {
                div class="govuk-radios__item" {
                    input class="govuk-radios__input" type="radio" id=(&id) name=(&name) value=(value)
                        checked[!value.is_empty() && typed == value] aria-describedby=[&described];
                    label class="govuk-label govuk-radios__label" for=(&id) {
                        span class="grid-words" {
                            span class="govuk-visually-hidden" { (asked.text(&row.label)) ": " }
                            (words)
                        }
                    }
                }
            }
        })
    };
    html(maud! {
        tr role="row" class=[error.as_ref().map(|_| "wrong")] {
            th scope="row" role="rowheader" {
                (asked.text(&row.label))
                @if let Some(id) = &hint { div class="govuk-hint" id=(id) { (asked.text(&row.help)) } }
                @if let Some((_, message)) = &error { (message) }
            }
            @for (i, point) in points.iter().enumerate() { (cell(i, &point.value.to_string(), &point_words(asked, point))) }
            @if clear { (cell(points.len(), "", &html(asked.say("No answer", "Dim ateb")))) }
        }
    })
}

/// Each option with the place it has. Places are numbers, so that it works without dragging.
pub(super) fn ranking(asked: &Asked<'_>, options: &[Choice], max: Option<u32>) -> Html {
    let places = max.map_or(options.len(), |m| (m as usize).min(options.len()));
    let limits = if places < options.len() {
        format!(
            "{} {places} {}",
            asked.say("Number the", "Rhifwch y"),
            asked.say("that matter most, 1 first. Leave the others empty.", "pwysicaf, 1 yn gyntaf. Gadewch y lleill yn wag.")
        )
    } else {
        asked.say("Give each a number of its own, 1 for the first.", "Rhowch rif gwahanol i bob un, 1 i’r cyntaf.").to_owned()
    };
    let keys: BTreeSet<&str> = options.iter().map(|o| o.key.as_str()).collect();
    let help = Help::new(asked, &limits, |part| keys.contains(part));
    let list = html(maud! {
        ul class="ranking" { @for option in options { li { (place(asked, option, places, options.len())) } } }
    });
    set(asked, &help, &list)
}

fn place(asked: &Asked<'_>, option: &Choice, places: usize, options: usize) -> Html {
    let name = asked.name(&option.key);
    let typed: usize = asked.typed(&option.key).parse().unwrap_or(0);
    // An answer from when more were asked for is still shown.
    let places = if typed <= options { places.max(typed) } else { places };
    let error = part_error(asked, &option.key);
    let described = error.as_ref().map(|(id, _)| id.as_str());
    let class = if error.is_some() { "govuk-select govuk-select--error" } else { "govuk-select" };
    html(maud! {
        select class=(class) id=(&name) name=(&name) aria-describedby=[described] aria-invalid=[invalid(error.is_some())] {
            option value="" { "–" }
            @for i in 1..=places { option value=(i) selected[typed == i] { (i) } }
        }
        label class="govuk-label" for=(&name) { (asked.text(&option.label)) }
        @if !option.help.is_empty() { div class="govuk-hint" { (asked.text(&option.help)) } }
        @if let Some((_, message)) = &error { (message) }
    })
}
