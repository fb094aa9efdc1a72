//! A digest of a place for others, every quarter: begun from what all its readers may read already, and reviewed by whoever
//! sends it. Nothing that only its writer reads comes into it by itself.

use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, EntryId, entry, place};
use ui::form;
use ui::parts::{Task, Tone};

use crate::entries::{self, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// The first day of the quarter in which a day lies.
pub(super) fn quarter(day: Day) -> Day {
    let month = (day.month() - 1) / 3 * 3 + 1;
    Day::new(day.year(), month, 1).unwrap_or(day)
}

fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, place: &place::Model) -> Result<EntryOffer<'a>, Stop> {
    if !programme.programme.design.kinds.iter().any(|k| k.digest) {
        return Err(Stop::Missing);
    }
    let offers = entries::offers(cx, programme, Some(place.id));
    let found = offers.into_iter().find(|o| o.kind.digest);
    found.ok_or_else(|| Stop::forbidden("Others write the digest", "Your roles read it, and do not write it."))
}

/// The circles that everybody reads who reads this one.
fn read_by_all_of(programme: &Snapshot, circle: &str) -> Vec<CircleId> {
    let design = &programme.programme.design;
    let Some(own) = design.circle(circle) else { return Vec::new() };
    // A circle of one place is read by the same roles of that place alone.
    let as_wide = |c: &design::Circle| c.scope == design::Scope::Programme || own.scope == design::Scope::Place;
    let wider = design.circles.iter().filter(|c| c.public || (as_wide(c) && own.readers.iter().all(|r| c.readers.contains(r))));
    wider.filter_map(|c| programme.circle_id(&c.key)).collect()
}

/// What was written this quarter in circles that all readers of the digest are in, as points of a list.
async fn begun(cx: &Cx, programme: &Snapshot, place: &place::Model, offer: &EntryOffer<'_>) -> Result<String, Fault> {
    let Some((circle, _)) = offer.circles.first() else { return Ok(String::new()) };
    let since = quarter(cx.today());
    let found: Vec<(EntryId, String, String, Day)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Kind, entry::Column::Title, entry::Column::HappenedOn])
        .filter(entries::readable(cx.viewer(), programme))
        .filter(entry::COLUMN.place_id.eq(place.id))
        .filter(entry::COLUMN.circle_id.is_in(read_by_all_of(programme, &circle.key)))
        .filter(entry::COLUMN.happened_on.gte(since))
        .order_by_asc(entry::Column::HappenedOn)
        .order_by_asc(entry::Column::Id)
        .limit(100)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("gather a digest"))?;
    let points: Vec<String> = found
        .iter()
        .map(|(_, kind, title, on)| format!("- {on}: {title} ({})", programme.kind_name(kind).to_lowercase()))
        .collect();
    Ok(match points.is_empty() {
        true => String::new(),
        false => {
            format!("What all of you can read already, since {since}:\n\n{}\n\nWhat I see beside this:\n\n", points.join("\n"))
        }
    })
}

/// `/programmes/{programme}/places/{place}/digest`
pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let offer = offer(&cx, &programme, &place)?;
    let text = begun(&cx, &programme, &place, &offer).await?;
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let title = format!("{}: the quarter from {}", place.name, quarter(cx.today()));
    let mut parts = vec![String::new(); offer.kind.parts.len()];
    if let Some(first) = parts.first_mut() {
        first.clone_from(&text);
    }
    let typed = EntryTyped { title, text, parts, circle, happened_on: cx.today().to_string() };
    page(&cx, &programme, &place, &offer, &typed, &kernel::Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let offer = offer(&act, &programme, &place)?;
    let typed = EntryTyped::of(&act.form, offer.kind);
    let read = match typed.read(&act, &programme, &offer) {
        Ok(read) => read,
        Err(wrong) => return page(&act, &programme, &place, &offer, &typed, &wrong).await,
    };
    let mut write = act.write("send a digest").await?;
    let entry = entries::record_entry(&mut write, &act, &programme, Some(&place), &offer.kind.key, read).await?;
    act.save(write, &format!("{}/entries/{}?done=recorded", programme.href(), entry.id)).await
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    place: &place::Model,
    offer: &EntryOffer<'_>,
    typed: &EntryTyped,
    wrong: &kernel::Invalid,
) -> Answer {
    let fields = entries::entry_fields(cx, Some(place.id), offer, typed, wrong).await?;
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let draft =
        Draft::new(format!("Digest of {}", place.name)).crumb(&programme.name, programme.href()).crumb(&place.name, &home);
    let lead = "It begins with what all its readers can read already. Add what they should know, take out what they need not, then send it.";
    Ok(draft.lead(lead).invalid(wrong).page(
        cx,
        maud! {
            (form::form(&format!("{home}/digest"), &cx.form_keys(), maud! {
                (fields)
                (form::button("Send the digest"))
            }))
        },
    ))
}

/// From so many days before the end of a quarter on, a digest that nobody has written is asked for.
const ASKED_DAYS: i64 = 21;

/// The places whose digest of this quarter waits for the viewer, for their Today.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Fault> {
    let since = quarter(cx.today());
    let end = since.plus_months(3).plus_days(-1);
    let mut tasks = Vec::new();
    if cx.today() < end.plus_days(-ASKED_DAYS) {
        return Ok(tasks);
    }
    for kind in programme.programme.design.kinds.iter().filter(|k| k.digest) {
        // Who leads the support of all places need not be told of each: those who know the place are.
        let mine: Vec<_> =
            cx.viewer().held_in(programme.id).filter(|h| kind.writers.contains(&h.role)).filter_map(|h| h.place).collect();
        let written = entry::Entity::find()
            .select_only()
            .column(entry::Column::PlaceId)
            .filter(entries::readable(cx.viewer(), programme))
            .filter(entry::COLUMN.kind.eq(&kind.key))
            .filter(entry::COLUMN.place_id.is_not_null())
            .filter(entry::COLUMN.happened_on.gte(since));
        let written = sea_orm::QuerySelect::query(&mut written.clone()).to_owned();
        let found = place::Entity::find()
            .filter(place::COLUMN.id.is_in(mine))
            .filter(place::COLUMN.id.not_in_subquery(written))
            .order_by_asc(place::Column::Name)
            .order_by_asc(place::Column::Id)
            .all(cx.read())
            .await
            .map_err(fault("look whose digest is missing"))?;
        tasks.extend(found.into_iter().map(|p| Task {
            text: format!("{}: write the digest of this quarter", p.name),
            href: format!("{}/places/{}/digest", programme.href(), p.slug),
            detail: Some("It begins with what all its readers can read already.".into()),
            due: Some(format!("by {end}")),
            tone: Tone::Waiting,
        }));
    }
    Ok(tasks)
}
