//! A person records an entry: a session, a reflection, minutes.

use kernel::Invalid;
use store::Write;
use tables::{EntryId, entry, place};
use ui::form::{self, Choice, Field};
use ui::parts::{self, FilterGroup, FilterOption};
use ui::{Html, html};

use super::compose::{self, Offer, Read, Typed};
use super::{addressed, days, layers, matters, origins, withdraw};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

/// The field of the button that asks for the fields of another kind, and of what that kind is.
const THEN: &str = "then";
const INSTEAD: &str = "instead";

/// The form for one kind of entry; the others are a link away.
pub(super) async fn form(cx: Cx) -> Answer {
    let place = cx.place().ok().cloned();
    let programme = cx.programme()?.clone();
    let offers = plain_offers(&cx, &programme, place.as_ref());
    let asked = offers.iter().find(|o| o.kind.key == cx.query("kind"));
    if let Some(kind) = programme.programme.design.kind(cx.query("kind")).filter(|_| asked.is_none() && !offers.is_empty()) {
        return Err(Stop::Refused {
            status: axum::http::StatusCode::FORBIDDEN,
            title: format!("You cannot record this here: {}", kind.name.to_lowercase()),
            why: "Your roles do not write this kind of entry here, or it is written on a page of its own.".into(),
            next: Some(("See what you can record".into(), cx.path().to_string())),
        });
    }
    let offer = asked.or(offers.first()).ok_or_else(nothing_to_write)?;
    let first = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let on = kernel::Day::parse_as_written(cx.query("on")).ok().filter(|on| *on <= cx.today()).unwrap_or(cx.today());
    let typed = Typed { circle: first, happened_on: on.to_string(), ..Typed::default() };
    page(&cx, &programme, place.as_ref(), &offers, offer, (&typed, None, &Invalid::default())).await
}

/// What can be recorded here. What has a page of its own to be written on, such as a plan, is written there.
pub(crate) fn plain_offers<'a>(cx: &'a Cx, programme: &'a Snapshot, place: Option<&place::Model>) -> Vec<Offer<'a>> {
    let agreement = programme.programme.design.agreement.as_ref().map(|a| a.kind.as_str());
    let mut offers = compose::offers(cx, programme, place.map(|p| p.id));
    let answered = &programme.programme.design.tipping;
    offers.retain(|o| {
        !o.kind.plan
            && !o.kind.asks
            && !o.kind.digest
            && o.kind.output.is_none()
            && !o.kind.is_of_all()
            && answered.iter().all(|t| t.kind != o.kind.key)
            && Some(o.kind.key.as_str()) != agreement
    });
    offers
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
    let offers = plain_offers(&act, &programme, place.as_ref());
    let offer = offers.iter().find(|o| o.kind.key == act.form.get("kind")).ok_or_else(nothing_to_write)?;
    let typed = Typed::of(&act.form, offer.kind);
    if act.form.get(THEN) == INSTEAD {
        let offer = offers.iter().find(|o| o.kind.key == act.form.get(INSTEAD)).unwrap_or(offer);
        let typed = typed.of_kind(offer.kind);
        return page(&act, &programme, place.as_ref(), &offers, offer, (&typed, Some(&act.form), &Invalid::default())).await;
    }
    let (read, mut wrong) = match typed.read(&act, &programme, offer) {
        Ok(read) => (Some(read), Invalid::default()),
        Err(wrong) => (None, wrong),
    };
    let came_of = origins::named(&act, act.form.get(origins::FIELD)).await?;
    let used = days::read(act.form.get(days::FIELD), &mut wrong);
    let here = place.as_ref().map(|p| p.id);
    let on = kernel::Day::parse_as_written(&typed.happened_on).unwrap_or(act.today());
    let layers = layers::of(&act, &programme, offer, here, on).await?;
    let layered = layers::read(&layers, &act.form, &mut wrong);
    let people = addressed::people(&act, &programme, offer, here).await?;
    let about = addressed::read(&programme, &people, &act.form, (&typed.circle, on), &mut wrong);
    let consent = act.form.get(withdraw::FIELD);
    if offer.kind.consent {
        withdraw::check(consent, &mut wrong);
    }
    let Some(mut read) = read.filter(|_| wrong.is_empty()) else {
        return page(&act, &programme, place.as_ref(), &offers, offer, (&typed, Some(&act.form), &wrong)).await;
    };
    if offer.kind.consent {
        read.text = withdraw::with_consent(&read.text, consent);
    }
    let mut write = act.write("record an entry").await?;
    let saved = record(&mut write, &act, &programme, place.as_ref(), &offer.kind.key, read).await?;
    if let Some(of) = came_of {
        origins::note(&mut write, &saved, &of).await?;
    }
    if offer.kind.is_matter() {
        matters::open(&mut write, offer.kind, &saved, about).await?;
    }
    let done = if layered.is_empty() { "recorded" } else { "layered" };
    layers::save(&mut write, &act, offer.kind, &saved, layered).await?;
    days::log(&mut write, &act, &programme, (place.as_ref(), &saved), used).await?;
    act.save(write, &format!("{}/entries/{}?done={done}", programme.href(), saved.id)).await
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
    (typed, sent, wrong): (&Typed, Option<&Form>, &Invalid),
) -> Answer {
    let here = place.map(|p| p.id);
    let got = |name: &str| sent.map_or("", |form| form.get(name));
    let of = if sent.is_some() { got(origins::FIELD) } else { cx.query(origins::FIELD) };
    let of = origins::named(cx, of).await?;
    let keeps = of.as_ref().map(|of| format!("&{}={}", origins::FIELD, of.id)).unwrap_or_default();
    let days = days::question(cx, programme, &offer.kind.key, place, (got(days::FIELD), wrong)).await?;
    let fields = compose::fields(cx, here, offer, typed, wrong).await?;
    let on = kernel::Day::parse_as_written(&typed.happened_on).unwrap_or(cx.today());
    let layers = layers::of(cx, programme, offer, here, on).await?;
    let layers = layers::fields(cx, &layers, here, (sent, wrong)).await?;
    let people = addressed::people(cx, programme, offer, here).await?;
    let addressed = addressed::fields(programme, &people, (got("to"), got("due")), wrong);
    let kinds = offers.iter().map(|o| FilterOption {
        text: o.kind.name.clone(),
        href: format!("{}?kind={}{keeps}", cx.path(), o.kind.key),
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
            @if let Some(of) = &of {
                p { "It came of " a href={ (programme.href()) "/entries/" (of.id.to_string()) } { (&of.title) } ". Whoever reads both is told so." }
            }
            (form::kept_form(cx.path(), &format!("{}?kind={}{keeps}", cx.path(), offer.kind.key), &cx.form_keys(), maud! {
                (form::hidden("kind", &offer.kind.key))
                @if let Some(of) = &of { (form::hidden(origins::FIELD, &of.id.to_string())) }
                (fields)
                @if offer.kind.consent { (withdraw::question(got(withdraw::FIELD), wrong)) }
                (addressed)
                (layers)
                (days)
                (form::button("Record"))
                (instead(offers, offer))
            }))
        },
    ))
}

/// What is typed turns out to be of another kind: its fields are asked for, with the words in them.
fn instead(offers: &[Offer<'_>], offer: &Offer<'_>) -> Html {
    let others = offers.iter().filter(|o| o.kind.key != offer.kind.key);
    let others: Vec<Choice> = others.map(|o| Choice::new(&o.kind.key, &o.kind.name)).collect();
    if others.is_empty() {
        return html("");
    }
    parts::details(
        "It is something else after all",
        maud! {
            (form::select(Field::new(INSTEAD, "Record it as").hint("Nothing that you typed is lost, and nothing is recorded yet."), &others))
            (form::passing_button("Go on with that", THEN, INSTEAD))
        },
    )
}

/// Whether the viewer may change this entry: it is theirs, it is no extract, agreement or plan, and a role they hold now
/// still writes where it stands.
pub(crate) fn may_edit(cx: &Cx, entry: &entry::Model) -> bool {
    let Ok(programme) = cx.programme() else { return false };
    let design = &programme.programme.design;
    let signed = design.agreement.as_ref().is_some_and(|rule| rule.kind == entry.kind)
        || design.kind(&entry.kind).is_some_and(|k| k.plan || k.output.is_some());
    let reaches = |held: &crate::ground::Held| match design.kind(&entry.kind) {
        Some(kind) => compose::reaches(held, kind, entry.place_id),
        None => held.reaches(entry.place_id),
    };
    let writes =
        || cx.held().any(|h| reaches(h) && programme.circle(entry.circle_id).is_some_and(|c| c.writers.contains(&h.role)));
    cx.viewer().person() == Some(entry.author_id) && entry.source_id.is_none() && !signed && writes()
}
