//! A decision as those who decide read it.

use std::collections::HashMap;

use design::Sponsor;
use tables::PersonId;
use ui::parts::{self, SummaryRow};
use ui::table::{Cell, Table};
use ui::{Html, html, words};

use super::standing::Decided;
use crate::ground::html::*;

pub(super) type Names = HashMap<PersonId, String>;

/// Each part of it with what stands there, in the order in which it is read.
pub(super) fn texts(decided: &Decided) -> [(&'static str, String); 6] {
    let row = &decided.row;
    [
        ("Outcome", decided.outcome().map_or_else(|| row.outcome.clone(), |o| o.words().to_string())),
        ("Reasons, for the sponsors", row.reasons.clone()),
        ("Conditions", row.conditions.clone()),
        ("Feedback, for the applicant", row.feedback.clone()),
        ("Who was present", row.present.clone()),
        ("Who stood aside", row.stood_aside.clone()),
    ]
}

fn said(text: &str) -> Html {
    if text.is_empty() { html(maud! { span class="muted" { "None" } }) } else { html(words::markdown(text)) }
}

/// Names, one a line as they were typed.
fn listed(text: &str) -> Html {
    if text.is_empty() {
        said(text)
    } else {
        html(maud! { ul class="govuk-list" { @for name in text.lines() { li { (name) } } } })
    }
}

/// All of it, with who proposed it.
pub(super) fn whole(decided: &Decided, names: &Names) -> Html {
    let row = |(what, text): (&'static str, String)| {
        let names = what.starts_with("Who ");
        SummaryRow::from((what, if names { listed(&text) } else { said(&text) }))
    };
    let mut rows: Vec<SummaryRow> = texts(decided).into_iter().map(row).collect();
    let by = names.get(&decided.row.proposed_by).map_or("", String::as_str);
    rows.push(SummaryRow::from(("Proposed", html(maud! { (by) ", " (decided.row.proposed_at.to_string()) }))));
    parts::summary_list(rows)
}

/// Which sponsors have assented, and by whom. `near` are those who have a conflict of interest now.
pub(super) fn assents(decided: &Decided, deciders: &[&Sponsor], names: &Names, near: &[PersonId]) -> Html {
    let by = |given: &tables::assent::Model| {
        let name = names.get(&given.person_id).map_or("", String::as_str);
        let since = if near.contains(&given.person_id) { ", who has declared a conflict of interest since" } else { "" };
        Cell::text(format!("{name}{since}"))
    };
    let rows = deciders.iter().map(|sponsor| {
        let given = decided.assents.iter().find(|a| a.sponsor == sponsor.key);
        vec![
            Cell::text(&sponsor.name).head(),
            given.map_or_else(|| Cell::text("Not yet"), by),
            given.map_or_else(|| Cell::text(""), |a| Cell::text(a.given_at.to_string())),
        ]
    });
    Table::new("Assents", &["Sponsor", "Assented", "When"], rows.collect()).html()
}

/// What somebody read beside what it says now. What differs is marked in words.
pub(super) fn both(seen: &Decided, now: &Decided) -> Html {
    let rows = texts(seen).into_iter().zip(texts(now)).map(|((what, then), (_, now))| {
        let differs = then != now;
        vec![
            Cell::html(maud! { (what) @if differs { br; (parts::tag("Changed", parts::Tone::Warning)) } }).head(),
            Cell::html(said(&then)),
            Cell::html(said(&now)),
        ]
    });
    Table::new("Both texts", &["Part", "You read", "It says now"], rows.collect()).html()
}

/// Decisions that were replaced, the newest first.
pub(super) fn earlier(replaced: &[Decided], deciders: &[&Sponsor], names: &Names) -> Html {
    html(maud! {
        @if !replaced.is_empty() {
            (parts::section("earlier", "Earlier decisions", maud! {
                p { "They were replaced, and their assents went with them." }
                @for one in replaced {
                    @let until = one.row.replaced_at.map(|at| at.to_string()).unwrap_or_default();
                    (parts::details(
                        &format!("{}, proposed {}, replaced {until}", one.outcome().map_or("", super::Outcome::words), one.row.proposed_at),
                        maud! { (whole(one, names)) (assents(one, deciders, names, &[])) },
                    ))
                }
            }))
        }
    })
}
