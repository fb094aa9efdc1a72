//! From a round that was shown: what the group makes of it, or something that comes out of it, as an entry in the group's circle.

use kernel::Invalid;
use tables::{ReflectionLinkId, reflection_link};
use ui::form;

use super::Round;
use crate::entries::{self, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Snapshot, Stop};

/// What the viewer can write from a round, each in the group's circle alone.
pub(super) fn offers<'a>(cx: &'a Cx, programme: &'a Snapshot, round: &Round) -> Vec<EntryOffer<'a>> {
    let framework = &round.framework;
    let mut all = entries::offers(cx, programme, round.row.place_id);
    for offer in &mut all {
        offer.circles.retain(|(circle, _)| circle.key == framework.circle);
    }
    all.retain(|offer| !offer.circles.is_empty() && framework.kinds().any(|kind| kind == offer.kind.key));
    all
}

/// A round of which everybody has seen the answers: before, there is nothing to write of.
async fn shown(cx: &Cx) -> Result<Round, Stop> {
    let round = Round::find(cx).await?;
    if round.row.revealed_at.is_none() { Err(Stop::Missing) } else { Ok(round) }
}

fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, round: &Round, kind: &str) -> Result<EntryOffer<'a>, Stop> {
    let kind = if kind.is_empty() { round.framework.kind.as_str() } else { kind };
    offers(cx, programme, round).into_iter().find(|offer| offer.kind.key == kind).ok_or(Stop::Missing)
}

/// `/programmes/{programme}/reflections/{round}/write?kind=experiment`
pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, round) = (cx.programme()?.clone(), shown(&cx).await?);
    let offer = offer(&cx, &programme, &round, cx.query("kind"))?;
    let title = match offer.kind.key == round.framework.kind {
        true => format!("What we make of {}", lower_first(&round.name())),
        false => format!("{} out of {}", offer.kind.name, lower_first(&round.name())),
    };
    let typed = EntryTyped { title, ..typed(&cx, &offer, EntryTyped::default()) };
    page(&cx, &programme, &round, &offer, &typed, &Invalid::default()).await
}

/// “How we work” in the middle of a sentence; “NHS and us” stays as it is.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_string(),
    }
}

/// What is written here is of today, and for the group.
fn typed(cx: &Cx, offer: &EntryOffer<'_>, typed: EntryTyped) -> EntryTyped {
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    EntryTyped { circle, happened_on: cx.today().to_string(), ..typed }
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    round: &Round,
    offer: &EntryOffer<'_>,
    typed: &EntryTyped,
    wrong: &Invalid,
) -> Answer {
    let fields = entries::words_fields(cx, round.row.place_id, offer, typed, wrong).await?;
    let heading = match offer.kind.key == round.framework.kind {
        true => "What we make of it".to_string(),
        false => format!("Out of this comes: {}", offer.kind.name.to_lowercase()),
    };
    let href = round.href(programme);
    let draft = round.draft(programme, heading).crumb(round.name(), &href).invalid(wrong);
    let lead = format!("From {}. Nobody’s answers come along by themselves.", round.name());
    let action = format!("{href}/write");
    let opened = format!("{action}?kind={}", offer.kind.key);
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            (form::kept_form(&action, &opened, &cx.form_keys(), maud! {
                (form::hidden("kind", &offer.kind.key))
                (fields)
                (form::button("Record"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, round) = (act.programme()?.clone(), shown(&act).await?);
    let offer = offer(&act, &programme, &round, act.form.get("kind"))?;
    let typed = typed(&act, &offer, EntryTyped::of(&act.form, offer.kind));
    let read = match typed.read(&act, &programme, &offer) {
        Ok(read) => read,
        Err(wrong) => return page(&act, &programme, &round, &offer, &typed, &wrong).await,
    };
    // As anything else that is recorded, so that the journal tells nothing more of it.
    let mut write = act.write("record an entry").await?;
    let entry = entries::record_entry(&mut write, &act, &programme, round.place.as_ref(), &offer.kind.key, read).await?;
    if offer.kind.is_matter() {
        entries::open_matter(&mut write, offer.kind, &entry, entries::About::default()).await?;
    }
    let (id, at) = (ReflectionLinkId(write.id()), write.at());
    let (programme_id, round_id, entry_id) = (programme.id, round.row.id, entry.id);
    write.insert(reflection_link::Model { id, programme_id, round_id, entry_id, at }).await?;
    act.save(write, &format!("{}/entries/{}?done=recorded", programme.href(), entry.id)).await
}
