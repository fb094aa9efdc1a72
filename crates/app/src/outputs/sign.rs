//! A place signs off what would be published about it: every word, once everybody who is quoted has agreed.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use kernel::Invalid;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{OutputId, PlaceId, entry, output, place};
use ui::form::{self, Choice, Field};
use ui::{html, parts};

use super::consents::{self, Consents, Quoted, Saying, Stands};
use super::{Output, State, plan, rule_of};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Held, Stop};

const LONGEST_WHY: usize = 2_000;

const SAID: &[(&str, &str)] =
    &[("said", "Said. Those who write it see it."), ("taken-back", "Taken back. What was published with it is withdrawn.")];

/// The role in which the viewer signs off for a place.
pub(super) fn role<'a>(cx: &'a Cx, output: &Output, place: PlaceId) -> Option<&'a Held> {
    cx.viewer().held_in(output.programme.id).find(|h| h.place == Some(place) && output.rule.signed_by.contains(&h.role))
}

/// What is to be signed off, and for which place.
struct Signing {
    output: Output,
    quoted: Vec<Quoted>,
    place: place::Model,
}

/// The output that the path names, for those who sign off for the place that is asked for. It need not be one that they
/// read where it is written.
async fn signing(cx: &Cx, place: &str) -> Result<Signing, Stop> {
    let programme = cx.programme()?.clone();
    let id: OutputId = cx.param("output").parse().map_err(|_| Stop::Missing)?;
    let row = output::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load an output"))?;
    let row = row.filter(|r| r.programme_id == programme.id).ok_or(Stop::Missing)?;
    let entry =
        entry::Entity::find_by_id(row.entry_id).one(cx.read()).await.map_err(fault("load an entry"))?.ok_or(Stop::Missing)?;
    let rule = rule_of(&programme, &entry.kind).map(|(_, rule)| rule.clone()).ok_or(Stop::Missing)?;
    let output = Output { programme, entry, row, rule };
    let quoted = consents::quoted(cx, &output).await?;
    let consents = Consents::of(cx.read(), output.entry.id).await?;
    let concerned = consents::places(&output, &quoted, &consents);
    let mine = |id: &&PlaceId| role(cx, &output, **id).is_some();
    let wanted: Option<PlaceId> = place.parse().ok();
    let chosen = concerned.iter().filter(mine).find(|id| wanted.is_none_or(|w| w == **id));
    let chosen = *chosen.ok_or(Stop::Missing)?;
    let place = place::Entity::find_by_id(chosen).one(cx.read()).await.map_err(fault("load a place"))?.ok_or(Stop::Missing)?;
    let signing = Signing { output, quoted, place };
    // What is still being written is none of anybody else’s.
    let signed = consents.all_of(signing.place.id).any(|c| c.answer == consents::YES);
    let asked = signing.output.state() == State::Asking;
    if asked || signed { Ok(signing) } else { Err(Stop::Missing) }
}

/// `/programmes/{programme}/sign-off/{output}`
pub(super) async fn page(cx: Cx) -> Answer {
    let signing = signing(&cx, cx.query("place")).await?;
    shown(&cx, &signing, &Form::default(), &Invalid::default()).await
}

async fn shown(cx: &Cx, signing: &Signing, typed: &Form, wrong: &Invalid) -> Answer {
    let Signing { output, quoted, place } = signing;
    let consents = Consents::of(cx.read(), output.entry.id).await?;
    let hash = consents::hash_of_all(output, quoted);
    let said = consents.said(place.id, &hash);
    let asked = output.state() == State::Asking;
    let signed = consents.all_of(place.id).any(|c| c.answer == consents::YES);
    let waits = quoted.iter().filter(|q| !matches!(q.stands, Stands::Agreed | Stands::Unused)).count();
    let here = format!("{}/sign-off/{}", output.programme.href(), output.row.id);
    let answer = if typed.get("answer").is_empty() { said.map_or("", |c| c.answer.as_str()) } else { typed.get("answer") };
    let why = if typed.get("do").is_empty() { said.map_or("", |c| c.why.as_str()) } else { typed.get("why") };
    let choices = [
        Choice::new(consents::YES, "Yes, it can be published as it stands here"),
        Choice::new(consents::CHANGED, "Yes, if it is changed"),
        Choice::new(consents::NO, "No").hint("What was published with your agreement is withdrawn, too."),
    ]
    .map(|c| {
        let on = c.value == answer;
        c.checked(on)
    });
    let why = Field::new("why", "What should change, or why not")
        .hint("Needed unless you say yes as it stands. Those who write it read this.")
        .value(why)
        .error(wrong.of("why"));
    let draft = Draft::new(format!("Sign off “{}”", output.entry.title)).crumb(&output.programme.name, output.programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", output.programme.href(), place.slug));
    Ok(draft.lead(format!("For {}. This is what would be published, word for word.", place.name)).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            @if asked {
                (parts::inset(maud! {
                    (output.text().whole(|number| consents::shown(quoted, number)))
                }))
                @if waits > 0 {
                    p { "You can sign it off once everybody who is quoted has agreed: " (waits) @if waits == 1 { " has not." } @else { " have not." } " You can say already what should change." }
                }
                (form::form(&here, &cx.form_keys(), maud! {
                    (form::hidden("do", "say")) (form::hidden("hash", &hash)) (form::hidden("place", &place.id.to_string()))
                    (form::radios(Field::new("answer", "Can it be published?").error(wrong.of("answer")), if waits > 0 { &choices[1..] } else { &choices }))
                    (form::long_text(why, 3))
                    (form::button("Say it"))
                }))
            } @else if output.state() == State::Published { p { "It is published as you signed it off." } }
            @else { p { "It is being written on. You are asked again when it is ready." } }
            @if signed { (take_back(cx, &here, place.id, wrong)) }
        },
    ))
}

fn take_back(cx: &Cx, here: &str, place: PlaceId, wrong: &Invalid) -> ui::Html {
    let sure = [Choice::new("yes", "We no longer agree to its being published")];
    html(maud! {
        (parts::section("take-back", "Take back what was signed off", maud! {
            p { "What was published with your agreement is withdrawn at once, everywhere. Its address says that it was, and not what it said." }
            (form::form(here, &cx.form_keys(), maud! {
                (form::hidden("do", "take-back")) (form::hidden("place", &place.to_string()))
                (form::checkboxes(Field::new("sure", "Are you sure?").error(wrong.of("sure")), &sure))
                (form::warning_button("Take it back"))
            }))
        }))
    })
}

pub(super) async fn save(act: Act) -> Answer {
    let signing = signing(&act, act.form.get("place")).await?;
    match act.form.get("do") {
        "take-back" => taken_back(&act, &signing).await,
        _ => said(&act, &signing).await,
    }
}

async fn said(act: &Act, signing: &Signing) -> Answer {
    let Signing { output, quoted, place } = signing;
    let hash = consents::hash_of_all(output, quoted);
    let (answer, why) = (act.form.get("answer"), act.form.get("why"));
    let waits = quoted.iter().any(|q| !matches!(q.stands, Stands::Agreed | Stands::Unused));
    let mut wrong = Invalid::default();
    match answer {
        consents::YES if waits => {
            wrong.add("answer", "Somebody who is quoted has not agreed yet. Wait for them, or say what should change")
        }
        consents::YES => {}
        consents::CHANGED | consents::NO if why.is_empty() => {
            wrong.add("why", "Say what should change, or why not, so that it can be written anew")
        }
        consents::CHANGED | consents::NO => {}
        _ => wrong.add("answer", "Choose one of these"),
    }
    if why.chars().count() > LONGEST_WHY {
        wrong.add("why", "Shorten this to 2,000 characters");
    }
    if !wrong.is_empty() {
        return shown(act, signing, &act.form, &wrong).await;
    }
    let held = role(act, output, place.id).ok_or(Stop::Missing)?;
    let mut write = act.write(consents::ACT).await?;
    let entry = write.lock::<entry::Entity>(output.entry.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<output::Entity>(output.row.id).await?.ok_or(Stop::Missing)?;
    // Under both locks: what is agreed to is what was read.
    let rows = consents::rows(write.tx(), entry.id).await?;
    let now = Output { programme: output.programme.clone(), rule: output.rule.clone(), entry, row };
    let quoted = consents::standing(&now, rows, &Consents::of(write.tx(), now.entry.id).await?, |_| false);
    if act.form.get("hash") != consents::hash_of_all(&now, &quoted)
        || hash != act.form.get("hash")
        || now.state() != State::Asking
    {
        return Err(changed(cx_href(&now)));
    }
    let saying = Saying { output: &now, of: place.id.to_string(), hash: &hash, role: held.role.clone(), answer, why: why.into() };
    if saying.answer == consents::NO {
        // A no ends what was agreed to before as well.
        unsign(&mut write, &now.row, place.id).await?;
    }
    consents::say(&mut write, saying, act.person()?).await?;
    act.save(write, &format!("{}?place={}&done=said", cx_href(&now), place.id)).await
}

fn cx_href(output: &Output) -> String {
    format!("{}/sign-off/{}", output.programme.href(), output.row.id)
}

/// Somebody changed the words meanwhile.
pub(super) fn changed(href: String) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "Its words have changed".into(),
        why: "Somebody changed it after you opened it. Nothing was saved: read it as it stands now, then answer.".into(),
        next: Some(("Open it as it stands".into(), href)),
    }
}

/// A place that signed off takes it back: what was published with it goes.
async fn unsign(write: &mut store::Write, row: &output::Model, place: PlaceId) -> Result<(), Stop> {
    let consents = Consents::of(write.tx(), row.entry_id).await?;
    let hashes: BTreeSet<String> = consents.all_of(place).map(|c| c.hash.clone()).collect();
    entries::end_consents(write, row.entry_id, place).await?;
    plan::withdraw_all(write, row, UNSIGNED, |p| hashes.contains(&p.hash)).await
}

const UNSIGNED: &str = "A place that it is about has taken back its agreement.";

async fn taken_back(act: &Act, signing: &Signing) -> Answer {
    let Signing { output, place, .. } = signing;
    if act.form.get("sure") != "yes" {
        let wrong = Invalid::one("sure", "Tick this to take it back");
        return shown(act, signing, &act.form, &wrong).await;
    }
    let mut write = act.write(consents::ACT).await?;
    let row = write.lock::<output::Entity>(output.row.id).await?.ok_or(Stop::Missing)?;
    unsign(&mut write, &row, place.id).await?;
    // Without a consent of theirs, the page is no longer theirs to open.
    act.save(write, "/?done=taken-back").await
}
