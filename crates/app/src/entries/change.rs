//! An author changes an entry. The version before is kept; when somebody was faster, nothing is overwritten.

use axum::http::StatusCode;
use kernel::{Day, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{AppointmentId, PersonId, RevisionId, entry, entry_revision};
use ui::form::{self, Field};
use ui::{Html, parts, words};

use super::compose::{self, Offer, Typed};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// A step stands as it was taken; whoever sees it otherwise now says so in another.
async fn no_step(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<(), Stop> {
    match super::matters::step_of(cx, programme, entry.id).await? {
        None => Ok(()),
        Some(_) => {
            Err(Stop::forbidden("This stands as it was said", "What was answered can be answered again, and is not changed."))
        }
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    no_step(&cx, &programme, &entry).await?;
    let circle = programme.circle(entry.circle_id).map(|c| c.key.clone()).unwrap_or_default();
    let typed = Typed::standing(&entry, offer(&cx, &programme, &entry)?.kind, circle);
    page(&cx, &programme, &entry, (&typed, &entry.revision.to_string()), "", &Invalid::default(), None).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    no_step(&act, &programme, &seen).await?;
    let offer = offer(&act, &programme, &seen)?;
    let (typed, reason) = (Typed::of(&act.form, offer.kind), act.form.get("reason").to_string());
    let opened = act.form.get("revision").to_string();
    let read = match typed.read(&act, &programme, &offer) {
        Ok(read) => read,
        Err(wrong) => return page(&act, &programme, &seen, (&typed, &opened), &reason, &wrong, None).await,
    };
    if read.happened_on != seen.happened_on && under_another(&act, &programme, &seen, read.happened_on).await? {
        let wrong = Invalid::one(
            "happened_on",
            "Another agreement with the place was in force on that day, so the entry would no longer be under the one it was written under. Keep the day",
        );
        return page(&act, &programme, &seen, (&typed, &opened), &reason, &wrong, None).await;
    }
    let mut write = act.write("change an entry").await?;
    let before = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if act.form.get("revision") != before.revision.to_string() {
        drop(write);
        let meanwhile = meanwhile(&before, &typed);
        return page(
            &act,
            &programme,
            &before,
            (&typed, &before.revision.to_string()),
            &reason,
            &Invalid::default(),
            Some(meanwhile),
        )
        .await;
    }
    let location = format!("{}/entries/{}?done=changed", programme.href(), before.id);
    let after = entry::Model {
        title: read.title,
        text: read.text,
        happened_on: read.happened_on,
        circle_id: read.circle,
        revision: before.revision + 1,
        changed_at: write.at(),
        ..before.clone()
    };
    if (&after.title, &after.text, after.happened_on, after.circle_id)
        == (&before.title, &before.text, before.happened_on, before.circle_id)
    {
        return Ok(crate::ground::see_other(&location));
    }
    write.insert(earlier(RevisionId(write.id()), &before, reason)).await?;
    let after = write.replace(&before, after).await?;
    super::matters::follow(&mut write, offer.kind, &before, &after).await?;
    let mut changed = extracts_follow(&mut write, &before, &after).await?;
    changed.push(after);
    write.index(&changed).await?;
    act.save(write, &location).await
}

/// Whether an entry in a circle that agreements govern would come under another one by being of another day.
async fn under_another(cx: &Cx, programme: &Snapshot, entry: &entry::Model, on: Day) -> Result<bool, Stop> {
    let governed = programme.circle(entry.circle_id).is_some_and(|c| programme.programme.design.is_governed(&c.key));
    let Some(place) = entry.place_id.filter(|_| governed) else { return Ok(false) };
    let before = super::in_force(cx.read(), place, entry.happened_on).await?.map(|a| a.id);
    Ok(super::in_force(cx.read(), place, on).await?.map(|a| a.id) != before)
}

/// Whoever may read an entry may read what was shared of it, and nobody else through it: when it moves to another
/// circle, its extracts name the new one.
async fn extracts_follow(write: &mut Write, before: &entry::Model, after: &entry::Model) -> Result<Vec<entry::Model>, Stop> {
    if before.circle_id == after.circle_id {
        return Ok(Vec::new());
    }
    let extracts = entry::Entity::find()
        .filter(entry::COLUMN.source_id.eq(after.id))
        .order_by_asc(entry::Column::Id)
        .lock_exclusive()
        .all(write.tx())
        .await
        .map_err(fault("list what was shared"))?;
    let mut moved = Vec::with_capacity(extracts.len());
    for extract in extracts {
        let follows = entry::Model { source_circle_id: Some(after.circle_id), ..extract.clone() };
        moved.push(write.replace(&extract, follows).await?);
    }
    Ok(moved)
}

/// What replaces an entry's words, by whom and why.
pub(crate) struct Revised {
    pub title: String,
    pub text: String,
    pub on: Day,
    pub author: PersonId,
    pub appointment: AppointmentId,
    pub reason: String,
}

/// Replaces an entry's words within a write that holds its row, and keeps the version before.
pub(crate) async fn revise(write: &mut Write, before: &entry::Model, revised: Revised) -> Result<entry::Model, Stop> {
    write.insert(earlier(RevisionId(write.id()), before, revised.reason)).await?;
    let after = entry::Model {
        title: revised.title,
        text: revised.text,
        happened_on: revised.on,
        author_id: revised.author,
        appointment_id: revised.appointment,
        revision: before.revision + 1,
        changed_at: write.at(),
        ..before.clone()
    };
    let after = write.replace(before, after).await?;
    write.index(std::slice::from_ref(&after)).await?;
    Ok(after)
}

/// The version that is being replaced.
pub(crate) fn earlier(id: RevisionId, before: &entry::Model, reason: String) -> entry_revision::Model {
    entry_revision::Model {
        id,
        programme_id: before.programme_id,
        entry_id: before.id,
        revision: before.revision,
        title: before.title.clone(),
        text: before.text.clone(),
        happened_on: before.happened_on,
        circle_id: before.circle_id,
        author_id: before.author_id,
        written_at: before.changed_at,
        reason,
    }
}

/// The entry's kind with the circles the author may put it in.
fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, entry: &entry::Model) -> Result<Offer<'a>, Stop> {
    let offers = compose::offers(cx, programme, entry.place_id);
    let stays = |offer: &mut Offer<'_>| {
        // What became of it stands in the same circle.
        if offer.kind.is_matter() {
            offer.circles.retain(|(c, _)| programme.circle_id(&c.key) == Some(entry.circle_id));
        }
    };
    let found = offers.into_iter().find(|o| o.kind.key == entry.kind).map(|mut offer| {
        stays(&mut offer);
        offer
    });
    found.ok_or_else(|| {
        Stop::forbidden(
            "You cannot change this entry any more",
            "You wrote it in a role that no longer writes entries of this kind here.",
        )
    })
}

/// Both texts, when somebody saved another in between.
fn meanwhile(now: &entry::Model, typed: &Typed) -> Html {
    ui::html(maud! {
        (parts::inset(maud! {
            p { "This entry was changed at " (now.changed_at.to_string()) ", after you opened it. Nothing was overwritten." }
            p { "What you typed stands in the form below. Here is how it differs from the entry as it stands now. If you save again, yours replaces it; the other version is kept." }
        }))
        h2 { "What differs" }
        (words::difference(&now.text, &typed.text))
    })
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    entry: &entry::Model,
    (typed, seen): (&Typed, &str),
    reason: &str,
    wrong: &Invalid,
    meanwhile: Option<Html>,
) -> Answer {
    let offer = offer(cx, programme, entry)?;
    let fields = compose::fields(cx, entry.place_id, &offer, typed, wrong).await?;
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let why = Field::new("reason", "Why you change it")
        .hint("Shown in its history, to those who may read the entry.")
        .value(reason)
        .optional();
    let mut draft = Draft::new(format!("Change “{}”", entry.title))
        .crumb(&programme.name, programme.href())
        .crumb(&entry.title, &home)
        .invalid(wrong);
    if meanwhile.is_some() {
        draft = draft.status(StatusCode::CONFLICT);
    }
    Ok(draft.lead("The version as it stands now is kept in its history.").page(
        cx,
        maud! {
            @if let Some(meanwhile) = &meanwhile { (meanwhile) }
            (form::form(&format!("{home}/change"), &cx.form_keys(), maud! {
                (form::hidden("revision", seen))
                (fields)
                (form::text(why))
                (form::button("Save the change"))
            }))
        },
    ))
}
