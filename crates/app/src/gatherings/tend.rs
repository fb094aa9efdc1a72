//! What the server does for events by itself: it reminds those who come, asks them afterwards how it was, tells them when an event
//! is cancelled, and wipes what people need once it is of no more use.

use std::collections::BTreeSet;

use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::{Write, Writer, fault};
use tables::{PersonId, appointment, entry, gathering, matter, person, programme, sign_up};

use super::found::{Event, counts, sign_ups, when};
use super::{feedback, mode_words, needs};
use crate::ground::{App, Snapshot};
use crate::people::held_on;

const DAY: i64 = 24 * 3600;
/// The design allows for no longer than this before an event.
const AHEAD: i64 = 31 * DAY;
/// What ended longer ago is asked about no more.
const LONG_AGO: i64 = 60 * DAY;
/// What ended longer ago needs nothing any more: the design lets nothing be kept for so long.
const LONGEST_AGO: i64 = 200 * DAY;

/// The addresses of those among these who hold a role today that reads what the event says. Whoever has left the programme
/// is told nothing of it.
pub(super) async fn addresses(
    db: &impl ConnectionTrait,
    now: Moment,
    programme: &Snapshot,
    entry: &entry::Model,
    among: &[sign_up::Model],
) -> Result<BTreeSet<(PersonId, String)>, Fault> {
    let Some(circle) = programme.circle(entry.circle_id) else { return Ok(BTreeSet::new()) };
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    let found: Vec<(PersonId, Option<String>)> = appointment::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Email)
        .join(JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.person_id.is_in(among.iter().map(|one| one.person_id)))
        .filter(appointment::COLUMN.role.is_in(circle.readers.clone()))
        .filter(held_on(now.day(), now))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("find whom to tell"))?;
    Ok(found.into_iter().filter_map(|(id, email)| Some((id, email?))).collect())
}

/// Looks after the events of every programme: whom to remind, to ask and to tell, and what to wipe. Any number of servers may
/// ask at once: the first to hold an event's row does it, and the others find that it is done. Gives for how many there was
/// something to do.
///
/// # Errors
/// Where the database does not answer; asking again finds what is left.
pub async fn tend_gatherings(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let to_do = Condition::any().add(gathering::COLUMN.wiped_at.is_null()).add(gathering::COLUMN.asked_at.is_null());
    let link = gathering::Entity::belongs_to(programme::Entity).from(gathering::Column::ProgrammeId).to(programme::Column::Id);
    let found = gathering::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(programme::Entity)
        .filter(to_do)
        .filter(gathering::COLUMN.ends_at.gte(now.plus_seconds(-LONGEST_AGO)))
        .order_by_asc(gathering::Column::BeginsAt)
        .order_by_asc(gathering::Column::Id)
        .all(app.db.reader())
        .await
        .map_err(fault("look for events to tend"))?;
    let (mut done, mut failed) = (0, None);
    for (row, programme) in found.into_iter().filter_map(|(row, programme)| Some((row, programme?))) {
        let programme = app.snapshots.of(&app.db, &programme).await?;
        // One event that fails does not keep the others waiting.
        match one(app, &programme, row, now).await {
            Ok(true) => done += 1,
            Ok(false) => {}
            Err(fault) => failed = Some(fault),
        }
    }
    failed.map_or(Ok(done), Err)
}

/// What there is to do for an event at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Due {
    cancel: bool,
    remind: bool,
    ask: bool,
    wipe: bool,
}

fn due(event: &Event<'_>, row: &gathering::Model, now: Moment) -> Due {
    let days = |days: u32| i64::from(days) * DAY;
    let cancelled = event.is_cancelled();
    let remind = event.is_agreed()
        && row.reminded_at.is_none()
        && now < row.begins_at
        && row.begins_at.seconds_since(now) <= days(event.rule.days_before).min(AHEAD);
    Due {
        cancel: cancelled && row.cancelled_at.is_none(),
        remind,
        ask: event.is_over(now) && row.asked_at.is_none() && now.seconds_since(row.ends_at) >= days(event.rule.days_after),
        wipe: row.wiped_at.is_none() && (cancelled || needs::until(event, row) <= now),
    }
}

/// The event of a row, as it stands.
async fn event_of<'a>(
    db: &impl ConnectionTrait,
    programme: &'a Snapshot,
    row: &gathering::Model,
) -> Result<Option<Event<'a>>, Fault> {
    let entry = entry::Entity::find_by_id(row.entry_id).one(db).await.map_err(fault("load an event"))?;
    let matter = matter::Entity::find().filter(matter::COLUMN.entry_id.eq(row.entry_id));
    let matter = matter.one(db).await.map_err(fault("load an event"))?;
    let Some((entry, matter)) = entry.zip(matter) else { return Ok(None) };
    let kind = programme.programme.design.kind(&entry.kind);
    let rule = kind.and_then(|kind| Some((kind, kind.gathering.as_ref()?)));
    Ok(rule.map(|(kind, rule)| Event { kind, rule, entry, matter, row: Some(row.clone()) }))
}

async fn one(app: &App, programme: &Snapshot, seen: gathering::Model, now: Moment) -> Result<bool, Fault> {
    let Some(event) = event_of(app.db.reader(), programme, &seen).await? else { return Ok(false) };
    if due(&event, &seen, now) == Due::default() {
        return Ok(false);
    }
    let writer = Writer { actor: None, clock: app.clock.clone(), ids: app.ids.clone() };
    let mut write = app.db.write(&writer, "look after an event").await?;
    let Some(row) = write.lock::<gathering::Entity>(seen.id).await? else { return Ok(false) };
    let Some(event) = event_of(write.tx(), programme, &row).await? else { return Ok(false) };
    let due = due(&event, &row, write.at());
    if due == Due::default() {
        return Ok(false);
    }
    let at = Some(write.at());
    let mut after = row.clone();
    let signed: Vec<sign_up::Model> = sign_ups(write.tx(), row.id).await?.into_iter().filter(counts).collect();
    let address = &app.settings.address;
    if due.cancel {
        tell(&mut write, programme, &event, &signed, &cancelled(&event, &row)).await?;
        (after.cancelled_at, after.asked_at) = (at, at);
    }
    if due.remind {
        let seated: Vec<sign_up::Model> = signed.iter().filter(|one| one.seated_at.is_some()).cloned().collect();
        tell(&mut write, programme, &event, &seated, &reminder(address, programme, &event, &row)).await?;
        after.reminded_at = at;
    }
    if due.ask {
        let asked: Vec<sign_up::Model> =
            signed.iter().filter(|one| !one.answered && feedback::is_asked(&row, one)).cloned().collect();
        if row.form_id.is_some() && write.at().seconds_since(row.ends_at) <= LONG_AGO {
            tell(&mut write, programme, &event, &asked, &afterwards(address, programme, &event)).await?;
        }
        after.asked_at = at;
    }
    if due.wipe {
        needs::wipe(&mut write, row.id).await?;
        after.wiped_at = at;
    }
    write.replace(&row, after).await?;
    write.save().await?;
    Ok(true)
}

/// Subject and text to each of these who may still be told.
async fn tell(
    write: &mut Write,
    programme: &Snapshot,
    event: &Event<'_>,
    whom: &[sign_up::Model],
    (subject, text): &(String, String),
) -> Result<(), Fault> {
    let to = addresses(write.tx(), write.at(), programme, &event.entry, whom).await?;
    let mails = to.into_iter().map(|(_, email)| (email, subject.clone(), text.clone()));
    write.mail_all(mails.collect()).await
}

fn reminder(address: &str, programme: &Snapshot, event: &Event<'_>, row: &gathering::Model) -> (String, String) {
    let (title, home) = (&event.entry.title, format!("{address}{}", event.href(programme)));
    let venue = if row.venue.is_empty() { String::new() } else { format!("\nWhere: {}", row.venue) };
    let link = if row.link.is_empty() { String::new() } else { format!("\nOnline: {}", row.link) };
    let text = format!(
        "{title}\n{}, {}{venue}{link}\n\nAgenda and materials:\n{home}\n\nFor your calendar:\n{home}/event.ics\n\nTo change your sign-up, or to say that you cannot come:\n{home}/sign-up\n",
        when(row),
        mode_words(&row.mode)
    );
    (format!("{title}: {}", row.begins_at.day()), text)
}

fn afterwards(address: &str, programme: &Snapshot, event: &Event<'_>) -> (String, String) {
    let title = &event.entry.title;
    let text = format!("How was it? It takes two minutes, and carries no name:\n{address}{}/feedback\n", event.href(programme));
    (format!("How was it: {title}"), text)
}

fn cancelled(event: &Event<'_>, row: &gathering::Model) -> (String, String) {
    let title = &event.entry.title;
    let text =
        format!("{title}\n{}\n\nIt is cancelled. You have nothing to do. What you said that you need is wiped.\n", when(row));
    (format!("Cancelled: {title}"), text)
}
