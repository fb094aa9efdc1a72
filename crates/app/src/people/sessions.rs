//! Signing in and out: sessions live in the database, and a new one is made at every sign-in.

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use kernel::{Fault, Moment};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{PersonId, SessionId, TicketId, session, ticket};

use super::next;
use crate::ground::{Act, hash_secret, see_other};

/// Two weeks: long enough not to nag, short enough for a lost laptop.
const LASTS_SECONDS: i64 = 14 * 24 * 3600;

/// Signs a person in within a write, ending the session of this browser if there is one, and leads them on.
pub(super) async fn start(act: &Act, mut write: Write, person: PersonId, to: &str) -> Result<Response, Fault> {
    if let Some(current) = &act.viewer().signed_in
        && let Some(row) = write.lock::<session::Entity>(current.session).await?
    {
        let ended = session::Model { ended_at: Some(write.at()), ..row.clone() };
        write.replace(&row, ended).await?;
    }
    let before = session::Entity::find()
        .filter(session::COLUMN.person_id.eq(person))
        .order_by_desc(session::Column::SeenAt)
        .order_by_desc(session::Column::Id)
        .one(write.tx())
        .await
        .map_err(fault("load the last visit"))?;
    let secret = act.secret();
    let row = session::Model {
        id: SessionId(write.id()),
        token_hash: hash_secret(&secret),
        person_id: person,
        device: device(act.header("user-agent")),
        created_at: write.at(),
        seen_at: write.at(),
        before_at: before.map(|s| s.seen_at),
        expires_at: write.at().plus_seconds(LASTS_SECONDS),
        ended_at: None,
    };
    write.insert(row).await?;
    write.save().await?;
    let mut response = see_other(next::local(to));
    set_cookie(&mut response, &act.session_cookie(&secret, LASTS_SECONDS));
    Ok(response)
}

pub(super) fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// What a browser says of itself, in words people know.
fn device(agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser =
        find(&[("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]).unwrap_or("A browser");
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "a Mac"),
        ("Linux", "Linux"),
    ]);
    system.map_or_else(|| browser.to_string(), |system| format!("{browser} on {system}"))
}

/// Makes a link that works once: a row in the write, and the secret that goes into the mail.
pub(super) async fn new_ticket(
    write: &mut Write,
    secret: &str,
    person: PersonId,
    purpose: &str,
    lasts_seconds: i64,
) -> Result<(), Fault> {
    let row = ticket::Model {
        id: TicketId(write.id()),
        token_hash: hash_secret(secret),
        person_id: person,
        purpose: purpose.to_string(),
        created_at: write.at(),
        expires_at: write.at().plus_seconds(lasts_seconds),
        used_at: None,
    };
    write.insert(row).await?;
    Ok(())
}

/// The ticket with this secret, if it can still be used.
pub(super) async fn ticket(
    db: &impl ConnectionTrait,
    secret: &str,
    purpose: &str,
    now: Moment,
) -> Result<Option<ticket::Model>, Fault> {
    let found = ticket::Entity::find()
        .filter(ticket::COLUMN.token_hash.eq(hash_secret(secret)))
        .filter(ticket::COLUMN.purpose.eq(purpose))
        .one(db)
        .await
        .map_err(fault("look for a link"))?;
    Ok(found.filter(|t| t.used_at.is_none() && t.expires_at > now))
}

/// Uses a ticket up. Nothing where it was used or ran out meanwhile.
pub(super) async fn use_ticket(write: &mut Write, secret: &str, purpose: &str) -> Result<Option<PersonId>, Fault> {
    let Some(found) = ticket(write.tx(), secret, purpose, write.at()).await? else { return Ok(None) };
    let Some(row) = write.lock::<ticket::Entity>(found.id).await?.filter(|t| t.used_at.is_none()) else { return Ok(None) };
    let used = ticket::Model { used_at: Some(write.at()), ..row.clone() };
    write.replace(&row, used).await?;
    Ok(Some(row.person_id))
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn devices_are_named_as_people_name_them() {
        let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0";
        assert_eq!(device(agent), "Firefox on Windows");
        assert_eq!(device(""), "A browser");
    }
}
