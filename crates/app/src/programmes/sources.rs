//! Where public facts come from.

use ui::parts;

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

pub(super) async fn all(cx: Cx) -> Answer {
    let lead = "The public documents that every fact about a real programme comes from. Nothing is added to them.";
    Ok(Draft::new("Sources").lead(lead).page(&cx, list(&cx, |_| true)))
}

pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let text = programme.programme.canonical();
    // A citation names its document in the design itself, so what the design does not name it does not cite.
    let cites = |key: &str| text.contains(&format!("\"{key} ")) || text.contains(&format!("\"{key}\""));
    let body = list(&cx, cites);
    let modelled = &programme.programme.design.modelled;
    let draft = Draft::new("Sources").lead("The public documents that this programme’s facts come from.");
    Ok(draft.crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            @if programme.practice { p { "This is a practice programme: its places, organisations and people are made up." } }
            (&body)
            @if !modelled.is_empty() { (parts::inset(maud! { p { (modelled) } })) }
            @let notes = programme.programme.notes();
            @if !notes.is_empty() {
                (parts::section("notes", "Where sources differ or are silent", maud! { ul { @for note in &notes { li { (note) } } } }))
            }
        },
    ))
}

fn list(cx: &Cx, shown: impl Fn(&str) -> bool) -> ui::Html {
    let sources: Vec<_> = cx.app().sources.0.iter().filter(|(key, _)| shown(key)).collect();
    ui::html(maud! {
        @if cx.app().sources.0.is_empty() {
            p { "The list of sources is not loaded. Whoever keeps this installation starts it with the folder of programme designs." }
        } @else if sources.is_empty() { p { "No public document is cited." } }
        ul class="statements" {
            @for (key, source) in &sources {
                li id=(key) {
                    p {
                        strong { (&source.title) } ". " (&source.publisher)
                        @if let Some(date) = &source.date { ", " (date) } "."
                    }
                    @if let Some(note) = &source.note { p class="muted" { (note) } }
                }
            }
        }
    })
}
