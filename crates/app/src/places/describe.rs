//! People of a place say its problem and vision in their own words.

use axum::http::StatusCode;
use kernel::Invalid;
use tables::place;
use ui::form::{self, Field};
use ui::{parts, words};

use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const LONGEST: usize = 10_000;

pub(super) async fn form(cx: Cx) -> Answer {
    let place = cx.place()?.clone();
    page(&cx, &place, &place.problem, &place.vision, &Invalid::default(), false)
}

fn page(cx: &Cx, place: &place::Model, problem: &str, vision: &str, wrong: &Invalid, meanwhile: bool) -> Answer {
    let programme = cx.programme()?;
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let field = |name, label, hint, value| Field::new(name, label).hint(hint).value(value).error(wrong.of(name));
    let mut draft =
        Draft::new(format!("{} in its own words", place.name)).lead("This stands on the place’s public page.").invalid(wrong);
    if meanwhile {
        draft = draft.status(StatusCode::CONFLICT);
    }
    Ok(draft.crumb(&programme.name, programme.href()).crumb(&place.name, &home).page(
        cx,
        maud! {
            p { strong { "Who reads this: " } "everybody, without an account." }
            @if meanwhile {
                (parts::inset(maud! {
                    p { "Somebody else changed these words after you opened them. Nothing was overwritten. What you typed stands below; this is how it differs from theirs:" }
                    (words::difference(&place.problem, problem))
                    (words::difference(&place.vision, vision))
                }))
            }
            (form::form(&format!("{home}/describe"), &cx.form_keys(), maud! {
                (form::hidden("revision", &place.revision.to_string()))
                (form::long_text(field("problem", "The problem", "What is stuck, and for whom?", problem), 8))
                (form::long_text(field("vision", "The vision", "What would be different if it came unstuck?", vision), 8))
                (form::button("Save"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.place()?.clone());
    let (problem, vision) = (act.form.get("problem").to_string(), act.form.get("vision").to_string());
    let mut wrong = Invalid::default();
    for (name, text) in [("problem", &problem), ("vision", &vision)] {
        if text.chars().count() > LONGEST {
            wrong.add(name, format!("Shorten this to {LONGEST} characters"));
        }
    }
    if !wrong.is_empty() {
        return page(&act, &seen, &problem, &vision, &wrong, false);
    }
    let mut write = act.write("describe a place").await?;
    let before = write.lock::<place::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if act.form.get("revision") != before.revision.to_string() {
        return page(&act, &before, &problem, &vision, &wrong, true);
    }
    let after = place::Model { problem, vision, revision: before.revision + 1, ..before.clone() };
    write.replace(&before, after).await?;
    act.save(write, &format!("{}/places/{}?done=described", programme.href(), before.slug)).await
}
