//! Somebody takes a step of a matter: answers a challenge, says what came of an experiment. The step is an entry in the
//! circle of the matter, and the matter stands as the step says.

use axum::http::StatusCode;
use design::{EntryKind, StepRule};
use kernel::{Day, Invalid};
use store::Write;
use tables::{EntryId, StepId, entry, matter, step};
use ui::form::{self, Field};
use ui::{parts as look, words};

use super::compose::check_title_and_text;
use super::matters::{due, of_entry, stands, state, taker};
use super::parts;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// The step that the path names, if it can be taken now and by the viewer.
struct Taking<'a> {
    kind: &'a EntryKind,
    rule: &'a StepRule,
    matter: matter::Model,
}

async fn named<'a>(cx: &'a Cx, programme: &'a Snapshot, entry: &entry::Model) -> Result<Taking<'a>, Stop> {
    let kind = programme.programme.design.kind(&entry.kind).ok_or(Stop::Missing)?;
    let rule = kind.step(cx.param("step")).ok_or(Stop::Missing)?;
    let matter = of_entry(cx.read(), entry.id).await?.ok_or(Stop::Missing)?;
    if taker(cx, programme, rule, entry).is_none() {
        return Err(Stop::forbidden("This step is for others", "Your roles here do not take it."));
    }
    Ok(Taking { kind, rule, matter })
}

fn too_late(programme: &Snapshot, entry: &entry::Model, kind: &EntryKind, matter: &matter::Model) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "This matter has moved on".into(),
        why: format!(
            "It is {} now, and this cannot come next. Nothing was saved. What you wrote is below.",
            stands(Some(kind), matter)
        ),
        next: Some(("Open it as it stands".into(), format!("{}/entries/{}", programme.href(), entry.id))),
    }
}

struct Typed {
    text: String,
    parts: Vec<String>,
    day: String,
}

pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let taking = named(&cx, &programme, &entry).await?;
    if !taking.matter.open || !taking.rule.follows(state(&taking.matter)) {
        let why = format!("It is {} now, and this does not come next.", stands(Some(taking.kind), &taking.matter));
        let next = Some(("Open it as it stands".into(), format!("{}/entries/{}", programme.href(), entry.id)));
        return Err(Stop::Refused { status: StatusCode::CONFLICT, title: "This step cannot be taken now".into(), why, next });
    }
    let typed = Typed { text: String::new(), parts: Vec::new(), day: cx.today().to_string() };
    page(&cx, &programme, &entry, &taking, &typed, &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    let taking = named(&act, &programme, &seen).await?;
    let rule = taking.rule;
    let parts_typed = parts::typed(&rule.parts, &act.form);
    let text = if rule.parts.is_empty() { act.form.get("text").to_string() } else { parts::joined(&rule.parts, &parts_typed) };
    let typed = Typed { text, parts: parts_typed, day: act.form.get("happened_on").to_string() };
    let mut wrong = Invalid::default();
    match rule.parts.is_empty() {
        true => check_title_and_text("title", &typed.text, &mut wrong),
        false => parts::check(&rule.parts, &typed.parts, &mut wrong),
    }
    let day = Day::parse_as_written(&typed.day);
    match &day {
        Err(e) => wrong.add("happened_on", e.to_string()),
        Ok(day) if *day > act.today() => wrong.add("happened_on", format!("Enter a day that has come: today is {}", act.today())),
        Ok(_) => {}
    }
    let (Ok(day), true) = (day, wrong.is_empty()) else {
        return page(&act, &programme, &seen, &taking, &typed, &wrong).await;
    };
    let held = taker(&act, &programme, rule, &seen).ok_or(Stop::Missing)?.id;
    let mut write = act.write("take a step of a matter").await?;
    let entry = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    let before = write.lock::<matter::Entity>(taking.matter.id).await?.ok_or(Stop::Missing)?;
    if !before.open || !rule.follows(state(&before)) || entry.circle_id != seen.circle_id {
        return Err(too_late(&programme, &seen, taking.kind, &before));
    }
    let row = entry::Model {
        id: EntryId(write.id()),
        title: shortened(&format!("{}: {}", rule.name, entry.title)),
        text: typed.text,
        happened_on: day,
        author_id: act.person()?,
        appointment_id: held,
        revision: 1,
        written_at: write.at(),
        changed_at: write.at(),
        source_id: None,
        source_circle_id: None,
        source_revision: None,
        ..entry.clone()
    };
    let row = write.insert(row).await?;
    write.index(std::slice::from_ref(&row)).await?;
    add(&mut write, taking.kind, rule, before, row.id, day).await?;
    act.save(write, &format!("{}/entries/{}?done=step", programme.href(), seen.id)).await
}

/// Moves a matter on by a step whose words are this entry.
pub(super) async fn add(
    write: &mut Write,
    kind: &EntryKind,
    rule: &StepRule,
    before: matter::Model,
    words: EntryId,
    day: Day,
) -> Result<(), Stop> {
    let step = step::Model {
        id: StepId(write.id()),
        programme_id: before.programme_id,
        matter_id: before.id,
        entry_id: words,
        step: rule.key.clone(),
        at: write.at(),
    };
    write.insert(step).await?;
    let after = matter::Model {
        state: rule.key.clone(),
        open: !rule.ends,
        due_on: if rule.ends { None } else { due(kind, Some(&rule.key), day) },
        moved_at: write.at(),
        ..before.clone()
    };
    write.replace(&before, after).await?;
    Ok(())
}

/// A title that says where it comes from may not grow beyond what a title can hold.
fn shortened(title: &str) -> String {
    const LONGEST: usize = 200;
    match title.char_indices().nth(LONGEST - 1) {
        Some((at, _)) => format!("{}…", &title[..at]),
        None => title.to_string(),
    }
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    entry: &entry::Model,
    taking: &Taking<'_>,
    typed: &Typed,
    wrong: &Invalid,
) -> Answer {
    let circle = programme.circle(entry.circle_id).ok_or(Stop::Missing)?;
    let line = super::readers::readers_of_any(cx, &[circle], entry.place_id).await?.line(circle);
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let rule = taking.rule;
    let day = Field::new("happened_on", "When it happened").value(&typed.day).error(wrong.of("happened_on"));
    let text = Field::new("text", "What there is to say").value(&typed.text).error(wrong.of("text"));
    let draft = Draft::new(&rule.name).crumb(&programme.name, programme.href()).crumb(&entry.title, &home).invalid(wrong);
    let lead = match rule.ends {
        true => format!("{}: {}. This closes it.", programme.kind_name(&entry.kind), entry.title),
        false => format!("{}: {}.", programme.kind_name(&entry.kind), entry.title),
    };
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            (line)
            (look::details("What was said", words::markdown(&entry.text)))
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::date(day))
                @if rule.parts.is_empty() { (form::long_text(text, 8)) } @else { (parts::fields(&rule.parts, &typed.parts, wrong)) }
                (form::button(&rule.name))
            }))
        },
    ))
}
