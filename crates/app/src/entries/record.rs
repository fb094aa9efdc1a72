//! A person records an entry: a session, a reflection, minutes.

use kernel::Invalid;
use store::Write;
use tables::{EntryId, entry, place};
use ui::form;
use ui::parts::{self, FilterGroup, FilterOption};

use super::compose::{self, Offer, Read, Typed};
use super::days;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// The form for one kind of entry; the others are a link away.
pub(super) async fn form(cx: Cx) -> Answer {
    let place = cx.place().ok().cloned();
    let programme = cx.programme()?.clone();
    let offers = compose::offers(&cx, &programme, place.as_ref().map(|p| p.id));
    let offer = offers.iter().find(|o| o.kind.key == cx.query("kind")).or(offers.first()).ok_or_else(nothing_to_write)?;
    let first = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let typed = Typed { circle: first, happened_on: cx.today().to_string(), ..Typed::default() };
    page(&cx, &programme, place.as_ref(), &offers, offer, (&typed, "", &Invalid::default())).await
}

fn nothing_to_write() -> Stop {
    Stop::forbidden(
        "There is nothing here for you to write",
        "Your roles read this part of the programme, but do not write in it.",
    )
}

pub(super) async fn save(act: Act) -> Answer {
    let place = act.place().ok().cloned();
    let programme = act.programme()?.clone();
    let offers = compose::offers(&act, &programme, place.as_ref().map(|p| p.id));
    let offer = offers.iter().find(|o| o.kind.key == act.form.get("kind")).ok_or_else(nothing_to_write)?;
    let typed = Typed::of(&act.form);
    let days_typed = act.form.get(days::FIELD);
    let (read, mut wrong) = match typed.read(&act, &programme, offer) {
        Ok(read) => (Some(read), Invalid::default()),
        Err(wrong) => (None, wrong),
    };
    let used = days::read(days_typed, &mut wrong);
    let Some(read) = read.filter(|_| wrong.is_empty()) else {
        return page(&act, &programme, place.as_ref(), &offers, offer, (&typed, days_typed, &wrong)).await;
    };
    let mut write = act.write("record an entry").await?;
    let saved = record(&mut write, &act, &programme, place.as_ref(), &offer.kind.key, read).await?;
    days::log(&mut write, &act, &programme, (place.as_ref(), &saved), used).await?;
    act.save(write, &format!("{}/entries/{}?done=recorded", programme.href(), saved.id)).await
}

/// Adds an entry to a write, and to the index.
pub(crate) async fn record(
    write: &mut Write,
    act: &Act,
    programme: &Snapshot,
    place: Option<&place::Model>,
    kind: &str,
    read: Read,
) -> Result<entry::Model, Stop> {
    let row = entry::Model {
        id: EntryId(write.id()),
        programme_id: programme.id,
        place_id: place.map(|p| p.id),
        circle_id: read.circle,
        kind: kind.to_string(),
        title: read.title,
        text: read.text,
        happened_on: read.happened_on,
        author_id: act.person()?,
        appointment_id: read.appointment,
        revision: 1,
        written_at: write.at(),
        changed_at: write.at(),
        source_id: None,
        source_circle_id: None,
        source_revision: None,
    };
    let saved = write.insert(row).await?;
    write.index(std::slice::from_ref(&saved)).await?;
    Ok(saved)
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    place: Option<&place::Model>,
    offers: &[Offer<'_>],
    offer: &Offer<'_>,
    (typed, days_typed, wrong): (&Typed, &str, &Invalid),
) -> Answer {
    let days = days::question(cx, programme, &offer.kind.key, place, (days_typed, wrong)).await?;
    let fields = compose::fields(cx, place.map(|p| p.id), offer, typed, wrong).await?;
    let kinds = offers.iter().map(|o| FilterOption {
        text: o.kind.name.clone(),
        href: format!("{}?kind={}", cx.path(), o.kind.key),
        current: o.kind.key == offer.kind.key,
        count: None,
    });
    let kinds = FilterGroup { label: "What are you recording?".into(), options: kinds.collect() };
    let (about, back) = match place {
        Some(place) => (place.name.clone(), format!("{}/places/{}", programme.href(), place.slug)),
        None => (programme.name.clone(), programme.href()),
    };
    let mut draft = Draft::new(format!("Record: {}", offer.kind.name.to_lowercase())).crumb(&programme.name, programme.href());
    if place.is_some() {
        draft = draft.crumb(&about, back);
    }
    let lead =
        if offer.kind.about.is_empty() { format!("About {about}.") } else { format!("About {about}. {}", offer.kind.about) };
    Ok(draft.lead(lead).invalid(wrong).page(
        cx,
        maud! {
            @if offers.len() > 1 { (parts::filters(std::slice::from_ref(&kinds))) }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("kind", &offer.kind.key))
                (fields)
                (days)
                (form::button("Record"))
            }))
        },
    ))
}

/// Whether the viewer may change this entry: it is theirs, it is no extract, and a role they hold now still writes
/// where it stands.
pub(crate) fn may_edit(cx: &Cx, entry: &entry::Model) -> bool {
    let Ok(programme) = cx.programme() else { return false };
    let writes = || {
        cx.held()
            .any(|h| h.reaches(entry.place_id) && programme.circle(entry.circle_id).is_some_and(|c| c.writers.contains(&h.role)))
    };
    cx.viewer().person() == Some(entry.author_id) && entry.source_id.is_none() && writes()
}
