//! Who came: noted by those who run an event, and told to the others by sector and by place, as far as that gives nobody away.

use std::collections::BTreeMap;

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{PersonId, PlaceId, SignUpId, appointment, gathering, person, place, sign_up};
use ui::figures::count_bars;
use ui::form::{self, Choice, Field};
use ui::parts::Sector;
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::found::{Event, counts, run, sign_up_of, sign_ups, when};
use super::{BOTH, IN_PERSON, ONLINE, seats, small};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};
use crate::people::held_on;

/// As many people as can be chosen from who came without having signed up.
const MOST_PEOPLE: u64 = 1_000;

/// The event of the path, for those who run it, once it has begun.
async fn begun<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<(Event<'a>, gathering::Model), Stop> {
    let event = run(cx, programme).await?;
    let row = event.row.clone().filter(|_| event.is_agreed() || event.is_held());
    let row = row.ok_or_else(|| Stop::forbidden("Nobody can have come to it", "It has no day, or was not agreed."))?;
    match row.begins_at <= cx.now() {
        true => Ok((event, row)),
        false => Err(Stop::forbidden("It has not begun yet", format!("It begins on {}. Note then who came.", row.begins_at))),
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let (event, row) = begun(&cx, &programme).await?;
    page(&cx, &programme, (&event, &row), &Invalid::default()).await
}

async fn names(db: &impl ConnectionTrait, ids: &[PersonId]) -> Result<BTreeMap<PersonId, String>, Fault> {
    let found: Vec<(PersonId, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name])
        .filter(person::COLUMN.id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("load who signed up"))?;
    Ok(found.into_iter().collect())
}

/// The people of a programme who read what the event says, by name, without those who signed up.
async fn others(cx: &Cx, programme: &Snapshot, event: &Event<'_>, known: &[PersonId]) -> Result<Vec<(PersonId, String)>, Fault> {
    let Some(circle) = programme.circle(event.entry.circle_id) else { return Ok(Vec::new()) };
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    let found: Vec<(PersonId, String)> = appointment::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .distinct()
        .join(JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(circle.readers.clone()))
        .filter(held_on(cx.today(), cx.now()))
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .limit(MOST_PEOPLE)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who could have come"))?;
    Ok(found.into_iter().filter(|(id, _)| !known.contains(id)).collect())
}

/// The ways in which somebody can have come, with the heading of their boxes.
fn ways(row: &gathering::Model) -> Vec<(&'static str, &'static str)> {
    let all = [(IN_PERSON, "In the room"), (ONLINE, "Online")];
    all.into_iter().filter(|(way, _)| row.mode == BOTH || row.mode == *way).collect()
}

async fn page(cx: &Cx, programme: &Snapshot, (event, row): (&Event<'_>, &gathering::Model), wrong: &Invalid) -> Answer {
    let all: Vec<sign_up::Model> = sign_ups(cx.read(), row.id).await?.into_iter().filter(counts).collect();
    let ids: Vec<PersonId> = all.iter().map(|one| one.person_id).collect();
    let names = names(cx.read(), &ids).await?;
    let others = others(cx, programme, event, &ids).await?;
    let ways = ways(row);
    let mut listed: Vec<(&str, &sign_up::Model)> =
        all.iter().map(|one| (names.get(&one.person_id).map_or("Somebody", String::as_str), one)).collect();
    listed.sort_by_key(|(name, one)| (name.to_lowercase(), one.id));
    let rows = listed.iter().map(|(name, one)| {
        let ticks = ways.iter().map(|(way, heading)| {
            let id = format!("{way}-{}", one.id);
            Cell::html(form::tick(&id, way, &one.id.to_string(), &format!("{name}: {heading}"), one.came == *way))
        });
        let said = match (one.walked_in, one.seated_at) {
            (true, _) => "Came without signing up",
            (_, None) => "Waited for a seat",
            _ if one.mode == ONLINE => "Online",
            _ => "In the room",
        };
        std::iter::once(Cell::text(name).head()).chain([Cell::text(said)]).chain(ticks).collect()
    });
    let headers: Vec<&str> = ["Who", "Signed up"].into_iter().chain(ways.iter().map(|(_, heading)| *heading)).collect();
    let table = Table::new("Who came", &headers, rows.collect()).html();
    let mut choices = vec![Choice::new("", "Nobody")];
    choices.extend(others.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)));
    let how: Vec<Choice> = ways.iter().map(|(way, heading)| Choice::new(*way, *heading)).collect();
    let draft = Draft::new("Who came").crumb(&programme.name, programme.href());
    let draft = draft.crumb("Learning events", format!("{}/gatherings", programme.href())).invalid(wrong);
    let fewest = programme.programme.design.small_numbers;
    let lead = format!("{}: {}. Tick who came; it can be put right later.", event.entry.title, when(row));
    Ok(draft.crumb(&event.entry.title, event.href(programme)).lead(lead).page(
        cx,
        maud! {
            p { "Those who run it read the names. Others read how many came of each sector and place, and never of fewer than " (fewest) "." }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                @if listed.is_empty() { p { "Nobody has signed up." } } @else { (table) }
                (form::select(Field::new("walk_in", "Somebody else who came").hint("One at a time; save, and choose the next.").error(wrong.of("walk_in")).optional(), &choices))
                @if how.len() > 1 { (form::select(Field::new("walk_in_way", "How they took part"), &how)) }
                (form::button("Save who came"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let (event, row) = begun(&act, &programme).await?;
    let ways = ways(&row);
    let walk_in = act.form.get("walk_in");
    let known: Vec<PersonId> = sign_ups(act.read(), row.id).await?.into_iter().filter(counts).map(|one| one.person_id).collect();
    let walk_in = match walk_in {
        "" => None,
        id => {
            let others = others(&act, &programme, &event, &known).await?;
            match others.into_iter().find(|(other, _)| other.to_string() == id) {
                Some((id, _)) => Some(id),
                None => {
                    let wrong = Invalid::one("walk_in", "Choose somebody from the list who is not among those above");
                    return page(&act, &programme, (&event, &row), &wrong).await;
                }
            }
        }
    };
    let ticked = |one: &sign_up::Model| {
        let id = one.id.to_string();
        ways.iter().find(|(way, _)| act.form.all(way).any(|ticked| ticked == id)).map_or("", |(way, _)| *way)
    };
    let mut write = act.write("note who came to an event").await?;
    let row = write.lock::<gathering::Entity>(row.id).await?.ok_or(Stop::Missing)?;
    for one in sign_ups(write.tx(), row.id).await?.into_iter().filter(counts) {
        let came = ticked(&one);
        if one.came != came {
            write.replace(&one, sign_up::Model { came: came.into(), ..one.clone() }).await?;
        }
    }
    if let Some(person) = walk_in {
        let asked = act.form.get("walk_in_way");
        let way = ways.iter().find(|(way, _)| *way == asked).or(ways.first()).map_or(IN_PERSON, |(way, _)| *way);
        came_along(&mut write, &programme, &row, (person, way)).await?;
    }
    write.replace(&row, gathering::Model { counted_at: Some(write.at()), ..row.clone() }).await?;
    let to = if walk_in.is_some() { format!("{}/attendance", event.href(&programme)) } else { event.href(&programme) };
    act.save(write, &format!("{to}?done=counted")).await
}

/// Notes somebody who came without having signed up, or after they had said that they could not.
async fn came_along(
    write: &mut Write,
    programme: &Snapshot,
    row: &gathering::Model,
    (person, way): (PersonId, &str),
) -> Result<(), Fault> {
    let (place_id, sector) = seats::comes_from(write, programme.id, person).await?;
    let before = sign_up_of(write.tx(), row.id, person).await?;
    let new = sign_up::Model {
        id: before.as_ref().map_or_else(|| SignUpId(write.id()), |before| before.id),
        programme_id: programme.id,
        gathering_id: row.id,
        person_id: person,
        mode: way.into(),
        access_needs: String::new(),
        dietary_needs: String::new(),
        walked_in: true,
        signed_at: write.at(),
        seated_at: Some(write.at()),
        left_at: None,
        came: way.into(),
        place_id,
        sector,
        answered: before.as_ref().is_some_and(|before| before.answered),
    };
    match before {
        Some(before) => write.replace(&before, new).await?,
        None => write.insert(new).await?,
    };
    Ok(())
}

/// Who came by sector, by place and by way, as the viewer may be told it.
pub(super) async fn shown(cx: &Cx, programme: &Snapshot, (event, row): (&Event<'_>, &gathering::Model)) -> Result<Html, Fault> {
    let came: Vec<sign_up::Model> =
        sign_ups(cx.read(), row.id).await?.into_iter().filter(|one| counts(one) && !one.came.is_empty()).collect();
    if row.counted_at.is_none() {
        return Ok(html(maud! { p { "Nobody has noted yet who came." } }));
    }
    let runs = event.is_run_by(cx, programme);
    let fewest = u64::from(programme.programme.design.small_numbers);
    let places: Vec<PlaceId> = came.iter().filter_map(|one| one.place_id).collect();
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(places)).all(cx.read()).await;
    let places = places.map_err(fault("list places"))?;
    let sector = |one: &sign_up::Model| match one.sector.as_str() {
        "" => "No organisation known".to_string(),
        key => Sector::of(key).word().to_string(),
    };
    let place = |one: &sign_up::Model| {
        let found = places.iter().find(|p| Some(p.id) == one.place_id);
        found.map_or_else(|| "The whole programme".to_string(), |p| p.name.clone())
    };
    let way = |one: &sign_up::Model| (if one.came == ONLINE { "Online" } else { "In the room" }).to_string();
    let tell = |id: &str, caption: &str, of: &str, groups: Vec<(String, u64)>| {
        let groups = if runs { Some(groups) } else { small::together(&groups, fewest) };
        groups.filter(|groups| !groups.is_empty()).map(|groups| count_bars(id, caption, (of, "People"), &groups))
    };
    let figures: Vec<Html> = [
        tell("by-sector", "Who came, by sector", "Sector", grouped(&came, sector)),
        tell("by-place", "Who came, by place", "Place", grouped(&came, place)),
        if row.mode == BOTH { tell("by-way", "Who came, by way", "Way", grouped(&came, way)) } else { None },
    ]
    .into_iter()
    .flatten()
    .collect();
    Ok(html(maud! {
        @if figures.is_empty() && !runs {
            p { "Too few came to say of which sector or place they were: fewer than " (fewest) " are not counted." }
        } @else if figures.is_empty() {
            p { "Nobody came." }
        } @else if !runs {
            p { "Of fewer than " (fewest) " nothing is said: they stand among “" (small::OTHERS) "”." }
        }
        @for figure in &figures { (figure) }
    }))
}

fn grouped(came: &[sign_up::Model], by: impl Fn(&sign_up::Model) -> String) -> Vec<(String, u64)> {
    let mut groups: BTreeMap<String, u64> = BTreeMap::new();
    for one in came {
        *groups.entry(by(one)).or_default() += 1;
    }
    let mut groups: Vec<(String, u64)> = groups.into_iter().collect();
    groups.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
    groups
}

/// Who is signed up, for those who run it: with what they need, as long as that is kept.
pub(super) async fn signed(cx: &Cx, row: &gathering::Model) -> Result<Html, Fault> {
    let all: Vec<sign_up::Model> = sign_ups(cx.read(), row.id).await?.into_iter().filter(counts).collect();
    let names = names(cx.read(), &all.iter().map(|one| one.person_id).collect::<Vec<_>>()).await?;
    let rows = all.iter().map(|one| {
        vec![
            Cell::text(names.get(&one.person_id).map_or("Somebody", String::as_str)).head(),
            Cell::text(if one.mode == ONLINE { "Online" } else { "In the room" }),
            Cell::text(match one.seated_at {
                Some(_) => "has a seat",
                None => "waits for a seat",
            }),
            Cell::text(&one.access_needs),
            Cell::text(&one.dietary_needs),
        ]
    });
    let headers = ["Who", "How", "Seat", "Needs to take part", "Does not eat"];
    let table = Table::new("Who is signed up, in order", &headers, rows.collect()).html();
    let waiting = seats::waiting(&all).count();
    Ok(html(maud! {
        @if all.is_empty() { p { "Nobody has signed up yet." } } @else {
            p { (all.len()) @if all.len() == 1 { " person is" } @else { " people are" } " signed up" @if waiting > 0 { ", of whom " (waiting) " wait for a seat" } "." }
            (table)
        }
        @if let Some(at) = row.wiped_at {
            p { "What people need was wiped on " (at.day().to_string()) "." }
        }
    }))
}
