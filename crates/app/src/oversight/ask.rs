//! Asking once: whoever is about to ask a place something sees what is known to them already, whether it was asked before,
//! and who may know it without asking the place. The question goes to those first.

use design::{Design, Need, PLACES};
use kernel::{Day, Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, entry, place};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::asked;
use super::needs::suppliers;
use crate::entries::{self, EntryOffer, EntryTyped, MattersWanted};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// What is needed, each once, with whom it can come from.
fn needs(design: &Design) -> Vec<&Need> {
    let mut all: Vec<&Need> = Vec::new();
    for need in design.components.iter().flat_map(|c| &c.needs) {
        if all.iter().all(|n| n.key != need.key) {
            all.push(need);
        }
    }
    all
}

fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, place: &place::Model) -> Result<EntryOffer<'a>, Stop> {
    if !programme.programme.design.kinds.iter().any(|k| k.asks) {
        return Err(Stop::Missing);
    }
    let found = entries::offers(cx, programme, Some(place.id)).into_iter().find(|o| o.kind.asks);
    found.ok_or_else(|| Stop::forbidden("Questions are asked by others here", "Your roles answer them, or do not meet them."))
}

/// `/programmes/{programme}/places/{place}/ask?need=place-progress`
pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let offer = offer(&cx, &programme, &place)?;
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let typed = EntryTyped { circle, happened_on: cx.today().to_string(), ..EntryTyped::default() };
    let need = cx.query("need").to_string();
    page(&cx, &programme, &place, &offer, (&typed, &need), &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let offer = offer(&act, &programme, &place)?;
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let typed = EntryTyped { circle, happened_on: act.today().to_string(), ..EntryTyped::of(&act.form, offer.kind) };
    let need = act.form.get("need").to_string();
    let known = needs(&programme.programme.design).iter().any(|n| n.key == need);
    let (read, mut wrong) = match typed.read(&act, &programme, &offer) {
        Ok(read) => (Some(read), Invalid::default()),
        Err(wrong) => (None, wrong),
    };
    if !need.is_empty() && !known {
        wrong.add("need", "Choose what it is about from the list");
    }
    if act.form.get("sure") != "yes" && asked_before(&act, &programme, &place, &need).await?.iter().any(|(open, ..)| *open) {
        wrong.add("sure", "This has been asked and is open. Tick the box if it must be asked all the same");
    }
    let Some(read) = read.filter(|_| wrong.is_empty()) else {
        return page(&act, &programme, &place, &offer, (&typed, &need), &wrong).await;
    };
    let mut write = act.write("ask something of a place").await?;
    let entry = entries::record_entry(&mut write, &act, &programme, Some(&place), &offer.kind.key, read).await?;
    let about = entries::About { key: need, ..entries::About::default() };
    entries::open_matter(&mut write, offer.kind, &entry, about).await?;
    act.save(write, &format!("{}/entries/{}?done=recorded", programme.href(), entry.id)).await
}

/// Questions about the same, the newest first: whether each is open, and where it stands.
async fn asked_before(
    cx: &Cx,
    programme: &Snapshot,
    place: &place::Model,
    need: &str,
) -> Result<Vec<(bool, EntryId, String, Day, String)>, Fault> {
    if need.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = MattersWanted { place: Some(place.id), about: Some(need.to_string()), limit: 20, ..MattersWanted::default() };
    let found = entries::matters(cx, programme, wanted).await?;
    let design = &programme.programme.design;
    let mut all: Vec<_> = found
        .into_iter()
        .map(|one| {
            let stands = entries::stands(design.kind(&one.matter.kind), &one.matter).to_string();
            (one.matter.open, one.entry, one.title, one.matter.opened_on, stands)
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.3));
    Ok(all)
}

/// What tells a need of this place, in what the viewer may read.
async fn known(cx: &Cx, programme: &Snapshot, place: &place::Model, need: &Need) -> Result<Vec<(EntryId, String, Day)>, Fault> {
    if need.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let since = cx.today().plus_days(-need.fresh_days.map_or(730, i64::from));
    entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Title, entry::Column::HappenedOn])
        .filter(entries::readable(cx.viewer(), programme))
        .filter(entry::COLUMN.place_id.eq(place.id))
        .filter(entry::COLUMN.kind.is_in(need.kinds.clone()))
        .filter(entry::COLUMN.happened_on.gte(since))
        .order_by_desc(entry::Column::HappenedOn)
        .order_by_desc(entry::Column::Id)
        .limit(8)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("look what is known"))
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    place: &place::Model,
    offer: &EntryOffer<'_>,
    (typed, need): (&EntryTyped, &str),
    wrong: &Invalid,
) -> Answer {
    let design = &programme.programme.design;
    let all = needs(design);
    let chosen = all.iter().find(|n| n.key == need).copied();
    let first = first_look(cx, programme, place, chosen).await?;
    let open = asked_before(cx, programme, place, need).await?.iter().any(|(open, ..)| *open);
    let asked = asked::this_quarter(cx, programme, Some(place.id)).await?.remove(&place.id).unwrap_or_default();
    let count = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let fields = entries::words_fields(cx, Some(place.id), offer, typed, wrong).await?;
    let choices: Vec<Choice> =
        std::iter::once(Choice::new("", "Something else")).chain(all.iter().map(|n| Choice::new(&n.key, &n.what))).collect();
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let draft = Draft::new(format!("Ask something about {}", place.name))
        .crumb(&programme.name, programme.href())
        .crumb(&place.name, &home);
    let lead = "First what is known already. A question goes to those who may know it, before it goes to the place.";
    Ok(draft.lead(lead).invalid(wrong).page(
        cx,
        maud! {
            p { "Asked of this place this quarter, as far as you may read: " (count(asked.questions, "question")) ", " (count(asked.reports, "report")) ", " (count(asked.meetings, "meeting")) "." }
            (form::asking_form(&format!("{home}/ask"), maud! {
                (form::select(Field::new("need", "What do you need to know?").value(need).error(wrong.of("need")), &choices))
                (form::secondary_button("See what is known"))
            }))
            (first)
            (form::form(&format!("{home}/ask"), &cx.form_keys(), maud! {
                (form::hidden("need", need))
                h2 { "Ask it" }
                (fields)
                @if open { (form::checkboxes(Field::new("sure", "It has been asked and is open").error(wrong.of("sure")), &[Choice::new("yes", "Ask it all the same")])) }
                (form::button("Ask"))
            }))
        },
    ))
}

/// What is known, what was asked, and who may know.
async fn first_look(cx: &Cx, programme: &Snapshot, place: &place::Model, need: Option<&Need>) -> Result<Html, Stop> {
    let Some(need) = need else { return Ok(html("")) };
    let design = &programme.programme.design;
    let known = known(cx, programme, place, need).await?;
    let before = asked_before(cx, programme, place, &need.key).await?;
    let holders: Vec<&str> = need.from.iter().filter(|f| *f != PLACES).map(String::as_str).collect();
    let roles: Vec<&str> = design
        .roles
        .iter()
        .filter(|r| r.component.as_deref().is_some_and(|c| holders.contains(&c)))
        .map(|r| r.name.as_str())
        .collect();
    let href = |id: EntryId| format!("{}/entries/{id}", programme.href());
    Ok(html(maud! {
        (parts::section("known", "What you can read already", maud! {
            @if known.is_empty() { p { "Nothing fresh that tells it and that you may read." } } @else {
                ul class="govuk-list govuk-list--bullet" { @for (id, title, on) in &known { li { a href=(href(*id)) { (title) } ", " (on.to_string()) } } }
            }
        }))
        @if !before.is_empty() {
            (parts::section("asked", "Asked before", maud! {
                ul class="govuk-list govuk-list--bullet" {
                    @for (_, id, title, on, stands) in &before { li { a href=(href(*id)) { (title) } ", " (on.to_string()) ": " (stands) } }
                }
            }))
        }
        (parts::section("holders", "Who may know it", maud! {
            p { "By the design it comes from " (suppliers(design, need)) "." }
            @if !roles.is_empty() { p { "Asked first, before the place: " (roles.join(", ")) ". They can answer, share what they have, or pass the question on." } }
        }))
    }))
}
