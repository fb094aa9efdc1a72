//! Tipping points: agreed beforehand, the same for every place. When readings or a silence reach one, those concerned are
//! told, once; they say what was done, or why nothing was. Nothing is done by itself, and no words of anybody are used.

use design::{Design, TippingPoint};
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::{Write, Writer, fault};
use tables::{EntryId, PlaceId, ReachedId, appointment, entry, marker_reading, matter, person, place, programme, reached};
use ui::form;
use ui::parts::{self, Task, Tone};
use ui::table::{Cell, Table};

use super::readings;
use crate::entries::{self, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, App, Cx, Draft, Snapshot, Stop};
use crate::people::held_on;

/// As many as the page looks back over.
const MOST: u64 = 500;

const SAID: &[(&str, &str)] = &[("said", "Saved. It stands beside the tipping point, for those who were told.")];

/// Looks whether the readings of a place have reached a tipping point, and tells those concerned.
pub(super) async fn look_at_readings(
    write: &mut Write,
    address: &str,
    programme: &Snapshot,
    place: &place::Model,
    all: &[marker_reading::Model],
    today: Day,
) -> Result<(), Fault> {
    for (point, cause) in reached_by(&programme.programme.design, all, today) {
        note(write, address, programme, (place, point), cause, today).await?;
    }
    Ok(())
}

/// The tipping points that the readings of a place have reached on a day, each with what it was reached by.
pub(crate) fn reached_by<'a>(design: &'a Design, all: &[marker_reading::Model], today: Day) -> Vec<(&'a TippingPoint, String)> {
    let mut found = Vec::new();
    for point in &design.tipping {
        let Some(marker) = point.marker.as_ref().and_then(|key| design.marker(key)) else { continue };
        let of = |round: Day| all.iter().filter(|r| r.marker == marker.key && r.round == round).collect::<Vec<_>>();
        // What is not read to the end says nothing yet.
        let read = |round: Day| Some(of(round)).filter(|r| readings::complete(marker, r));
        let now = readings::round(marker, today);
        let low = point.at_most.is_some_and(|most| {
            let mut round = Some(now);
            (0..point.rounds.unwrap_or(1).max(1)).all(|_| {
                let held = round.and_then(|r| readings::middle(&read(r)?)).is_some_and(|middle| middle <= most);
                round = round.map(|r| readings::round_before(marker, r));
                held
            })
        });
        let far =
            point.apart.is_some_and(|apart| read(now).and_then(|r| readings::apart(&r)).is_some_and(|found| found >= apart));
        if low || far {
            found.push((point, now.iso()));
        }
    }
    found
}

/// Notes that a tipping point was reached, once for each cause, and writes to those concerned.
async fn note(
    write: &mut Write,
    address: &str,
    programme: &Snapshot,
    (place, point): (&place::Model, &TippingPoint),
    cause: String,
    today: Day,
) -> Result<bool, Fault> {
    let known = reached::Entity::find()
        .filter(reached::COLUMN.place_id.eq(place.id))
        .filter(reached::COLUMN.point.eq(point.key.clone()))
        .filter(reached::COLUMN.cause.eq(cause.clone()))
        .count(write.tx())
        .await
        .map_err(fault("look for a tipping point"))?;
    if known > 0 {
        return Ok(false);
    }
    let row = reached::Model {
        id: ReachedId(write.id()),
        programme_id: programme.id,
        place_id: place.id,
        point: point.key.clone(),
        cause,
        reached_on: today,
        told_at: write.at(),
        entry_id: None,
    };
    let row = write.insert(row).await?;
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    let here = Condition::any().add(appointment::COLUMN.place_id.is_null()).add(appointment::COLUMN.place_id.eq(place.id));
    let told: Vec<Option<String>> = appointment::Entity::find()
        .select_only()
        .column(person::Column::Email)
        .distinct()
        .join(JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(point.tells.clone()))
        .filter(held_on(today, write.at()))
        .filter(here)
        .into_tuple()
        .all(write.tx())
        .await
        .map_err(fault("find whom to tell"))?;
    let mut told: Vec<String> = told.into_iter().flatten().collect();
    told.sort();
    let text = format!(
        "{}\n\n{} It calls for {}.\n\nSay what was done, or why nothing was:\n{address}{}/tipping-points/{}\n",
        place.name,
        point.text,
        point.calls_for.words(),
        programme.href(),
        row.id
    );
    let mails = told.into_iter().map(|to| (to, format!("{}: a tipping point was reached", place.name), text.clone()));
    write.mail_all(mails.collect()).await?;
    Ok(true)
}

/// Looks for matters that have been silent for longer than was agreed, in every programme, and tells those concerned. Any
/// number of servers may ask at once. Gives how many were found.
///
/// # Errors
/// Where the database does not answer; asking again finds what is left.
pub async fn look_for_silence(app: &App) -> Result<usize, Fault> {
    let programmes = programme::Entity::find().order_by_asc(programme::Column::Id).all(app.db.reader()).await;
    let mut found = 0;
    for row in programmes.map_err(fault("list programmes"))? {
        let programme = app.snapshots.of(&app.db, &row).await?;
        let today = app.clock.now().day();
        for point in &programme.programme.design.tipping {
            let (Some(kind), Some(days)) = (&point.silent, point.days) else { continue };
            let since = today.plus_days(-i64::from(days));
            let silent = matter::Entity::find()
                .filter(matter::COLUMN.programme_id.eq(programme.id))
                .filter(matter::COLUMN.open.eq(true))
                .filter(matter::COLUMN.kind.eq(kind.clone()))
                .filter(matter::COLUMN.due_on.lte(since))
                .filter(matter::COLUMN.place_id.is_not_null())
                .order_by_asc(matter::Column::Id);
            for one in silent.all(app.db.reader()).await.map_err(fault("look for silence"))? {
                let Some(place_id) = one.place_id else { continue };
                // Silence that goes on is one silence; once something was said and it goes quiet again, that is another.
                let cause = format!("{} {}", one.id, one.moved_at.day().iso());
                if already(app, place_id, &point.key, &cause).await? {
                    continue;
                }
                let writer = Writer { actor: None, clock: app.clock.clone(), ids: app.ids.clone() };
                let mut write = app.db.write(&writer, "note a tipping point").await?;
                let Some(place) = write.lock::<place::Entity>(place_id).await? else { continue };
                if note(&mut write, &app.settings.address, &programme, (&place, point), cause, today).await? {
                    write.save().await?;
                    found += 1;
                }
            }
        }
    }
    Ok(found)
}

async fn already(app: &App, place: PlaceId, point: &str, cause: &str) -> Result<bool, Fault> {
    let known = reached::Entity::find()
        .filter(reached::COLUMN.place_id.eq(place))
        .filter(reached::COLUMN.point.eq(point))
        .filter(reached::COLUMN.cause.eq(cause));
    Ok(known.count(app.db.reader()).await.map_err(fault("look for a tipping point"))? > 0)
}

/// Whether the viewer is told of this point at this place.
fn is_told(cx: &Cx, point: &TippingPoint, place: PlaceId) -> bool {
    cx.held().any(|h| h.reaches(Some(place)) && point.tells.contains(&h.role))
}

struct Found<'a> {
    row: reached::Model,
    place: place::Model,
    point: &'a TippingPoint,
}

/// Of what was reached that of which the viewer is told, if they are told of anything: at the places that each of their roles
/// reaches, the points of which that role is told.
fn told_of(cx: &Cx, programme: &Snapshot) -> Option<Condition> {
    let points = &programme.programme.design.tipping;
    let told = cx.viewer().held_in(programme.id).filter_map(|held| {
        let keys: Vec<&str> = points.iter().filter(|p| p.tells.contains(&held.role)).map(|p| p.key.as_str()).collect();
        let here = held.place.map(|place| reached::COLUMN.place_id.eq(place));
        (!keys.is_empty()).then(|| Condition::all().add(reached::COLUMN.point.is_in(keys)).add_option(here))
    });
    // A condition without parts would let everything through.
    Some(told.fold(Condition::any(), |any, role| any.add(role))).filter(|told| !told.is_empty())
}

/// The points that were reached and are wanted, of which the viewer is told; the newest first.
async fn told<'a>(cx: &Cx, programme: &'a Snapshot, wanted: Condition, limit: u64) -> Result<Vec<Found<'a>>, Fault> {
    let Some(mine) = told_of(cx, programme) else { return Ok(Vec::new()) };
    let rows = reached::Entity::find()
        .filter(reached::COLUMN.programme_id.eq(programme.id))
        .filter(mine)
        .filter(wanted)
        .order_by_desc(reached::Column::ReachedOn)
        .order_by_desc(reached::Column::Id)
        .limit(limit)
        .all(cx.read())
        .await
        .map_err(fault("list tipping points"))?;
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(rows.iter().map(|r| r.place_id)));
    let places = places.all(cx.read()).await.map_err(fault("list places"))?;
    let found = rows.into_iter().filter_map(|row| {
        let point = programme.programme.design.tipping.iter().find(|p| p.key == row.point)?;
        let place = places.iter().find(|p| p.id == row.place_id)?.clone();
        Some(Found { row, place, point })
    });
    Ok(found.collect())
}

/// Of the entries that say what was done those that the viewer may read.
async fn said(cx: &Cx, programme: &Snapshot, found: &[Found<'_>]) -> Result<Vec<EntryId>, Fault> {
    let all: Vec<EntryId> = found.iter().filter_map(|one| one.row.entry_id).collect();
    entry::Entity::find()
        .select_only()
        .column(entry::Column::Id)
        .filter(entry::COLUMN.id.is_in(all))
        .filter(entries::readable(cx.viewer(), programme))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("look what was said"))
}

/// `/programmes/{programme}/tipping-points`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    if design.tipping.is_empty() {
        return Err(Stop::Missing);
    }
    let found = told(&cx, &programme, Condition::all(), MOST).await?;
    let told_here = told_of(&cx, &programme).is_some();
    let rules = design.tipping.iter().map(|point| {
        let roles: Vec<&str> = point.tells.iter().map(|r| programme.role_name(r)).collect();
        vec![Cell::text(&point.text).head(), Cell::text(point.calls_for.words()), Cell::text(roles.join(", "))]
    });
    let rules = Table::new("Agreed beforehand, the same for every place", &["When", "Calls for", "Who is told"], rules.collect())
        .quiet()
        .html();
    let spoken = no_longer_silent(&cx, &found).await?;
    let said = said(&cx, &programme, &found).await?;
    let rows = found.iter().map(|one| {
        let home = format!("{}/tipping-points/{}", programme.href(), one.row.id);
        vec![
            Cell::link(&format!("{}/places/{}", programme.href(), one.place.slug), &one.place.name).head(),
            Cell::text(&one.point.text),
            Cell::text(one.point.calls_for.words()),
            Cell::day(one.row.reached_on),
            match one.row.entry_id {
                Some(id) if said.contains(&id) => Cell::link(&format!("{}/entries/{id}", programme.href()), "What was said"),
                Some(_) => Cell::text("Said, in a circle that you are not in"),
                None => Cell::html(maud! {
                    a class="govuk-link" href=(&home) { "Say what was done, or why nothing was" }
                    @if spoken.contains(&one.row.id) { " " (parts::tag("no longer silent", Tone::Neutral)) }
                }),
            },
        ]
    });
    let headers = ["Place", "Which", "Calls for", "Reached on", "What was done"];
    let table = Table::new("Reached", &headers, rows.collect()).quiet().html();
    let lead =
        "When readings or a silence call for somebody to look. The software tells those concerned and does nothing by itself.";
    Ok(Draft::new("Tipping points").lead(lead).crumb(&programme.name, programme.href()).done(&cx, SAID).page(
        &cx,
        maud! {
            (super::pages(&cx))
            @if found.is_empty() { p { @if told_here { "None was reached of which you are told." } @else { "Others are told of these." } } } @else { (table) }
            (parts::section("rules", "What was agreed", &rules))
        },
    ))
}

/// Those that a silence reached which has ended since. Whoever is told learns that, and nothing of what was said.
async fn no_longer_silent(cx: &Cx, found: &[Found<'_>]) -> Result<Vec<ReachedId>, Fault> {
    let cause = |one: &Found<'_>| {
        let (id, since) = one.row.cause.split_once(' ')?;
        Some((one.row.id, id.parse::<tables::MatterId>().ok()?, since.to_string()))
    };
    let causes: Vec<_> = found.iter().filter(|one| one.point.silent.is_some()).filter_map(cause).collect();
    let rows = matter::Entity::find().filter(matter::COLUMN.id.is_in(causes.iter().map(|(_, id, _)| *id)));
    let rows = rows.all(cx.read()).await.map_err(fault("look what was silent"))?;
    let spoke = |row: &matter::Model, since: &str| !row.open || row.moved_at.day().iso() != since;
    let ended = causes.iter().filter(|(_, id, since)| rows.iter().any(|row| row.id == *id && spoke(row, since)));
    Ok(ended.map(|(reached, ..)| *reached).collect())
}

async fn named<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<Found<'a>, Stop> {
    let id: ReachedId = cx.param("reached").parse().map_err(|_| Stop::Missing)?;
    let this = Condition::all().add(reached::COLUMN.id.eq(id));
    told(cx, programme, this, 1).await?.pop().ok_or(Stop::Missing)
}

fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, one: &Found<'_>) -> Result<EntryOffer<'a>, Stop> {
    let offers = entries::offers(cx, programme, Some(one.place.id));
    let found = offers.into_iter().find(|o| o.kind.key == one.point.kind && is_told(cx, one.point, one.place.id));
    found.ok_or_else(|| Stop::forbidden("Others say what was done", "Your roles are told of it, and do not write there."))
}

/// `/programmes/{programme}/tipping-points/{reached}`
pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let one = named(&cx, &programme).await?;
    if let Some(id) = one.row.entry_id {
        return Ok(crate::ground::see_other(&format!("{}/entries/{id}", programme.href())));
    }
    let offer = offer(&cx, &programme, &one)?;
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let title = format!("{}: {}", one.place.name, one.point.calls_for.words());
    let typed = EntryTyped { circle, title, happened_on: cx.today().to_string(), ..EntryTyped::default() };
    say_page(&cx, &programme, &one, &offer, &typed, &kernel::Invalid::default()).await
}

async fn say_page(
    cx: &Cx,
    programme: &Snapshot,
    one: &Found<'_>,
    offer: &EntryOffer<'_>,
    typed: &EntryTyped,
    wrong: &kernel::Invalid,
) -> Answer {
    let fields = entries::entry_fields(cx, Some(one.place.id), offer, typed, wrong).await?;
    let home = format!("{}/tipping-points", programme.href());
    let draft =
        Draft::new("What was done, or why nothing was").crumb(&programme.name, programme.href()).crumb("Tipping points", &home);
    let lead = format!(
        "{}, reached on {}: {} It calls for {}.",
        one.place.name,
        one.row.reached_on,
        one.point.text,
        one.point.calls_for.words()
    );
    Ok(draft.lead(lead).invalid(wrong).page(
        cx,
        maud! {
            p { a href={ (programme.href()) "/places/" (&one.place.slug) "/markers" } { "The readings" } }
            (form::form(&format!("{home}/{}", one.row.id), &cx.form_keys(), maud! {
                (fields)
                (form::button("Save what was done"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let one = named(&act, &programme).await?;
    let offer = offer(&act, &programme, &one)?;
    let typed = EntryTyped::of(&act.form, offer.kind);
    let read = match typed.read(&act, &programme, &offer) {
        Ok(read) => read,
        Err(wrong) => return say_page(&act, &programme, &one, &offer, &typed, &wrong).await,
    };
    let mut write = act.write("say what was done at a tipping point").await?;
    let row = write.lock::<reached::Entity>(one.row.id).await?.ok_or(Stop::Missing)?;
    if row.entry_id.is_some() {
        drop(write);
        let wrong =
            kernel::Invalid::one("title", "Somebody has said it meanwhile: their words stand on the page of tipping points");
        return say_page(&act, &programme, &one, &offer, &typed, &wrong).await;
    }
    let entry = entries::record_entry(&mut write, &act, &programme, Some(&one.place), &offer.kind.key, read).await?;
    write.replace(&row, reached::Model { entry_id: Some(entry.id), ..row.clone() }).await?;
    act.save(write, &format!("{}/tipping-points?done=said", programme.href())).await
}

/// What was reached and not answered yet, for Today.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    const SOME: u64 = 20;
    let open = Condition::all().add(reached::COLUMN.entry_id.is_null());
    let found = told(cx, programme, open, SOME).await?;
    let task = |one: &Found<'_>| Task {
        text: format!("{}: {}", one.place.name, one.point.text.trim_end_matches('.')),
        href: format!("{}/tipping-points/{}", programme.href(), one.row.id),
        detail: Some(format!(
            "A tipping point, which calls for {}. Say what was done, or why nothing was.",
            one.point.calls_for.words()
        )),
        due: Some(format!("since {}", one.row.reached_on)),
        tone: Tone::Warning,
    };
    Ok(found.iter().map(task).collect())
}
