//! Somebody who was quoted takes back their consent: the words go from every page and from search, with every earlier version
//! and every part that was shared of them. That there was something, and that it was withdrawn, stays.

use design::Power;
use kernel::Invalid;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{entry, entry_revision, mark, mark_theme, proposal, quotation};
use ui::form::{self, Choice, Field};

use super::{photographs, proposals};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// What stands where words were that somebody has taken back.
const GONE: &str = "What stood here was taken back by those who said it.";
const TITLE: &str = "Taken back";

/// The name of the box that asks how somebody consented, and the heading under which their consent stands.
pub(super) const FIELD: &str = "consent";
const HEADING: &str = "How they agreed";

/// An entry's text with the consent of those who are quoted.
pub(crate) fn with_consent(text: &str, consent: &str) -> String {
    format!("{text}\n\n# {HEADING}\n\n{consent}")
}

/// The question on the form that records such an entry.
pub(super) fn question(value: &str, wrong: &Invalid) -> ui::Html {
    let hint = "In words that they would understand: how they agreed, to what, and whether by name. For example: “Spoken. It may be used in the place and in the programme’s learning, without a name.” They can take it back at any time.";
    form::long_text(Field::new(FIELD, HEADING).hint(hint).value(value).error(wrong.of(FIELD)), 3)
}

pub(super) fn check(consent: &str, wrong: &mut Invalid) {
    match consent.chars().count() {
        0 => wrong.add(FIELD, "Say how those who are quoted agreed to it. Without their consent it cannot be kept"),
        1..=2_000 => {}
        _ => wrong.add(FIELD, "Shorten this to 2,000 characters"),
    }
}

/// Whether the viewer can take this entry back for those who are quoted: whoever wrote it, and whoever manages the place's people.
pub(super) fn may(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> bool {
    let quoted = programme.programme.design.kind(&entry.kind).is_some_and(|k| k.consent) && entry.source_id.is_none();
    let manages = cx
        .held()
        .any(|h| entry.place_id.is_some() && h.place == entry.place_id && programme.role_may(&h.role, Power::ManagePeople));
    quoted && entry.text != GONE && (manages || cx.viewer().person() == Some(entry.author_id))
}

/// Its words were taken back.
pub(crate) fn is_gone(entry: &entry::Model) -> bool {
    entry.text == GONE
}

fn named(cx: &Cx) -> Result<(std::sync::Arc<Snapshot>, entry::Model), Stop> {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    if !programme.programme.design.kind(&entry.kind).is_some_and(|k| k.consent) {
        return Err(Stop::Missing);
    }
    match may(cx, &programme, &entry) {
        true => Ok((programme, entry)),
        false => {
            Err(Stop::forbidden("Others take this back", "Whoever wrote it does, or whoever manages the people of this place."))
        }
    }
}

/// `/programmes/{programme}/entries/{entry}/withdraw`
pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, &Invalid::default())
}

fn page(cx: &Cx, wrong: &Invalid) -> Answer {
    let (programme, entry) = named(cx)?;
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let sure = [Choice::new("yes", "Those who said it want it taken back")];
    let draft =
        Draft::new("Take back what was said").crumb(&programme.name, programme.href()).crumb(&entry.title, &home).invalid(wrong);
    Ok(draft.lead("Its words go from this page, from search, from its history and from every part that was shared of it. This cannot be undone.").page(
        cx,
        maud! {
            p { "The journal keeps that it was written and taken back. What stood in it remains in the database’s own record and in backups, where nobody reads it in Commonweal." }
            (form::form(&format!("{home}/withdraw"), &cx.form_keys(), maud! {
                (form::checkboxes(Field::new("sure", "Are you sure?").error(wrong.of("sure")), &sure))
                (form::warning_button("Take it back"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = named(&act)?;
    if act.form.get("sure") != "yes" {
        return page(&act, &Invalid::one("sure", "Tick this to take it back"));
    }
    let mut write = act.write("take back what was said").await?;
    let row = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    // What was shared of it, and of that in turn.
    let mut all = vec![row];
    let mut at = 0;
    while let Some(source) = all.get(at).map(|e| e.id) {
        let shared = entry::Entity::find().filter(entry::COLUMN.source_id.eq(source)).order_by_asc(entry::Column::Id);
        all.extend(shared.all(write.tx()).await.map_err(fault("list what was shared"))?);
        at += 1;
    }
    let ids: Vec<_> = all.iter().map(|e| e.id).collect();
    let proposed = proposal::Entity::find().filter(proposal::COLUMN.source_id.is_in(ids)).order_by_asc(proposal::Column::Id);
    for before in proposed.all(write.tx()).await.map_err(fault("list what is to be shared"))? {
        let (state, ended_at) = match before.state.as_str() {
            proposals::WAITING => (proposals::TAKEN_BACK.to_string(), Some(write.at())),
            _ => (before.state.clone(), before.ended_at),
        };
        write
            .replace(&before, proposal::Model { title: TITLE.into(), text: GONE.into(), state, ended_at, ..before.clone() })
            .await?;
    }
    let mut changed = Vec::with_capacity(all.len());
    for before in all {
        let of = entry_revision::Entity::find()
            .filter(entry_revision::COLUMN.entry_id.eq(before.id))
            .order_by_asc(entry_revision::Column::Id);
        for old in of.all(write.tx()).await.map_err(fault("list versions"))? {
            write.replace(&old, entry_revision::Model { title: TITLE.into(), text: GONE.into(), ..old.clone() }).await?;
        }
        let after = entry::Model { title: TITLE.into(), text: GONE.into(), changed_at: write.at(), ..before.clone() };
        changed.push(write.replace(&before, after).await?);
    }
    unmark(&mut write, &changed).await?;
    photographs::withdrawn(&mut write, &changed).await?;
    write.index(&changed).await?;
    act.save(write, &format!("{}/entries/{}?done=withdrawn", programme.href(), seen.id)).await
}

/// Passages of what was taken back are no longer marked, so that nothing counts them, and no longer quoted anywhere.
async fn unmark(write: &mut store::Write, gone: &[entry::Model]) -> Result<(), Stop> {
    let marks =
        mark::Entity::find().filter(mark::COLUMN.entry_id.is_in(gone.iter().map(|e| e.id))).order_by_asc(mark::Column::Id);
    let marks = marks.all(write.tx()).await.map_err(fault("list excerpts"))?;
    // Also of those that are marked no more: what they said may stand elsewhere.
    let quoted = quotation::Entity::find()
        .filter(quotation::COLUMN.mark_id.is_in(marks.iter().map(|m| m.id)))
        .order_by_asc(quotation::Column::Id);
    for found in quoted.all(write.tx()).await.map_err(fault("list quotations"))? {
        let Some(before) = write.lock::<quotation::Entity>(found.id).await? else { continue };
        super::quoted::take_back_quotation(write, &before).await?;
    }
    let at = write.at();
    for found in marks.into_iter().filter(|m| m.removed_at.is_none()) {
        // The excerpt first, as whoever changes it does.
        let Some(before) = write.lock::<mark::Entity>(found.id).await?.filter(|m| m.removed_at.is_none()) else { continue };
        let themes = mark_theme::Entity::find()
            .filter(mark_theme::COLUMN.mark_id.eq(before.id))
            .filter(mark_theme::COLUMN.ended_at.is_null())
            .order_by_asc(mark_theme::Column::Id);
        for row in themes.all(write.tx()).await.map_err(fault("list themes of an excerpt"))? {
            write.replace(&row, mark_theme::Model { ended_at: Some(at), ..row.clone() }).await?;
        }
        // What was noted beside the words may say what they said.
        let after = mark::Model { note: String::new(), removed_at: Some(at), ..before.clone() };
        write.replace(&before, after).await?;
    }
    Ok(())
}
