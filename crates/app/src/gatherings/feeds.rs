//! Events for calendars: the file of one, those of a programme, and an address that somebody's own calendar asks by itself. The
//! secret in that address says whose it is; it opens nothing but when and where their events are.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{CalendarFeedId, PersonId, calendar_feed, person};
use ui::form;
use ui::parts;

use super::ONLINE;
use super::calendar::{Entry, MIME, file};
use super::found::{Event, all, named};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop, Viewer, download, hash_secret};

/// Carries a new address to the page that shows it once.
const NEW: &str = "commonweal_calendar";
const NEW_SECONDS: i64 = 300;

/// What a calendar is told of an event: nobody's name, and nothing that anybody needs.
fn entry(programme: &Snapshot, event: &Event<'_>, address: &str) -> Option<Entry> {
    let row = event.row.as_ref()?;
    let url = format!("{address}{}", event.href(programme));
    let host = address.split("://").nth(1).unwrap_or("localhost").split([':', '/']).next().unwrap_or("localhost");
    let location = if row.venue.is_empty() && row.mode == ONLINE { "Online".to_string() } else { row.venue.clone() };
    let join = if row.link.is_empty() { String::new() } else { format!("Join online: {}\n", row.link) };
    Some(Entry {
        uid: format!("{}@{host}", row.id),
        // To be cancelled is one more change.
        sequence: row.sequence + i32::from(event.is_cancelled()),
        changed_at: row.changed_at.max(event.matter.moved_at),
        begins_at: row.begins_at,
        ends_at: row.ends_at,
        summary: event.entry.title.clone(),
        location,
        description: format!("{}, {}\n{join}Agenda, materials and your sign-up: {url}", event.kind.name, programme.name),
        url,
        cancelled: event.is_cancelled(),
    })
}

/// Whether a calendar is told of it: it was agreed, whatever became of it since.
fn is_told(event: &Event<'_>) -> bool {
    event.is_agreed() || event.is_held() || event.is_cancelled()
}

async fn entries(cx: &Cx, viewer: &Viewer, programme: &Snapshot) -> Result<Vec<Entry>, Fault> {
    let events = all(cx.read(), viewer, programme).await?;
    let address = &cx.app().settings.address;
    Ok(events.iter().filter(|event| is_told(event)).filter_map(|event| entry(programme, event, address)).collect())
}

fn named_file(name: &str, entries: &[Entry], cx: &Cx) -> Response {
    let mut response = download(MIME, file(name, entries, cx.now()));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"events.ics\""));
    response
}

/// `/programmes/{programme}/gatherings.ics`
pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let entries = entries(&cx, cx.viewer(), &programme).await?;
    Ok(named_file(&programme.name, &entries, &cx))
}

/// `/programmes/{programme}/gatherings/{entry}/event.ics`
pub(super) async fn of_event(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let event = named(&cx, &programme).await?;
    let entry = entry(&programme, &event, &cx.app().settings.address).filter(|_| is_told(&event)).ok_or(Stop::Missing)?;
    Ok(named_file(&programme.name, &[entry], &cx))
}

/// The address of a person that counts now.
async fn mine(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<calendar_feed::Model>, Fault> {
    calendar_feed::Entity::find()
        .filter(calendar_feed::COLUMN.person_id.eq(person))
        .filter(calendar_feed::COLUMN.ended_at.is_null())
        .one(db)
        .await
        .map_err(fault("look for a calendar address"))
}

/// `/calendar/{feed}`: the events of all programmes that its owner may read now.
pub(super) async fn of_person(cx: Cx) -> Answer {
    let secret = cx.param("feed").trim_end_matches(".ics");
    let found = calendar_feed::Entity::find()
        .filter(calendar_feed::COLUMN.token_hash.eq(hash_secret(secret)))
        .filter(calendar_feed::COLUMN.ended_at.is_null())
        .one(cx.read())
        .await
        .map_err(fault("look for a calendar address"))?;
    let feed = found.ok_or(Stop::Missing)?;
    let viewer = Viewer::of_person(cx.app(), feed.person_id).await?;
    let mut known = Vec::new();
    let mut told = Vec::new();
    for programme in viewer.held.iter().map(|held| &held.programme) {
        if !known.contains(&programme.id) {
            known.push(programme.id);
            told.extend(entries(&cx, &viewer, programme).await?);
        }
    }
    Ok(named_file("Learning events", &told, &cx))
}

const SAID: &[(&str, &str)] = &[
    ("made", "Made. Your calendar can ask this address from now on; one that you had before says nothing any more."),
    ("ended", "Ended. The address says nothing any more."),
];

/// `/calendar`
pub(super) async fn page(cx: Cx) -> Answer {
    let feed = mine(cx.read(), cx.person()?).await?;
    let new = cx.cookie(NEW);
    let shown = feed.as_ref().filter(|feed| !new.is_empty() && feed.token_hash == hash_secret(new));
    let address = shown.map(|_| format!("{}/calendar/{new}.ics", cx.app().settings.address));
    let draft = Draft::new("Events in your calendar").done(&cx, SAID).crumb("Your account", "/account");
    Ok(draft.lead("An address that your own calendar asks by itself, for the events of all your programmes.").page(
        &cx,
        maud! {
            p { "It tells when and where events are that are agreed or were held, and which are cancelled: those that you may read at that moment. It names nobody and tells nothing of what anybody needs." }
            p { "Whoever has the address reads the same, without signing in. So keep it to yourself, and replace it if somebody else has it." }
            @if let Some(address) = &address {
                (parts::inset(maud! {
                    p { "Copy this address into your calendar, where it says “subscribe” or “from the internet”. It is shown for five minutes and kept nowhere." }
                    p { code { (address) } }
                }))
            }
            @if let Some(feed) = &feed {
                p { "You made the address that counts on " (feed.made_at.day().to_string()) "." }
            }
            (form::form("/calendar", &cx.form_keys(), maud! {
                (form::button_group(maud! {
                    (form::main_named_button(if feed.is_some() { "Replace the address" } else { "Make the address" }, "do", "make"))
                    @if feed.is_some() { (form::named_button("End it", "do", "end")) }
                }))
            }))
        },
    ))
}

pub(super) async fn make(act: Act) -> Answer {
    let me = act.person()?;
    let ends = act.form.get("do") == "end";
    let mut write = act.write(if ends { "end a calendar address" } else { "make a calendar address" }).await?;
    // Of two presses at once, one waits for the other.
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    if let Some(before) = mine(write.tx(), me).await? {
        write.replace(&before, calendar_feed::Model { ended_at: Some(write.at()), ..before.clone() }).await?;
    }
    if ends {
        return act.save(write, "/calendar?done=ended").await;
    }
    let secret = act.secret();
    let row = calendar_feed::Model {
        id: CalendarFeedId(write.id()),
        token_hash: hash_secret(&secret),
        person_id: me,
        made_at: write.at(),
        ended_at: None,
    };
    write.insert(row).await?;
    let mut response = act.save(write, "/calendar?done=made").await?;
    if let Ok(value) = HeaderValue::from_str(&act.passing_cookie(NEW, &secret, NEW_SECONDS)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
