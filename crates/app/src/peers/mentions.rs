//! “Tell these people”: whom somebody names in what they write. They have it in their Today and are told by mail, as they chose;
//! a mention opens nothing to anybody.

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{EntryId, MailChoiceId, MentionId, PersonId, ProgrammeId, entry, mail_choice, mention, person};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::channel::{Channel, Peer, peers};
use super::quiet::Rhythm;
use crate::ground::html::*;
use crate::ground::{Cx, Form};

pub(super) const FIELD: &str = "tell";
/// Whoever is one of more than this reads past it.
const MOST: usize = 20;
/// So many people are offered, by name.
const OFFERED: usize = 300;

/// Those who can be named: everybody who reads the channel today, but for whoever writes.
pub(super) async fn people(cx: &Cx, channel: &Channel<'_>) -> Result<Vec<Peer>, Fault> {
    let mut all = peers(cx, channel).await?;
    all.retain(|peer| Some(peer.id) != cx.viewer().person());
    Ok(all)
}

/// Whom the form names; of those only who read what is about to be said.
pub(super) fn named(people: &[Peer], form: &Form, wrong: &mut Invalid) -> Vec<PersonId> {
    let mut ids = Vec::new();
    for typed in form.all(FIELD) {
        match people.iter().find(|peer| peer.id.to_string() == typed) {
            Some(peer) if !ids.contains(&peer.id) => ids.push(peer.id),
            Some(_) => {}
            None => wrong.add(FIELD, "Somebody you chose does not read this channel any more. Choose again"),
        }
    }
    if ids.len() > MOST {
        wrong.add(FIELD, format!("Choose {MOST} people at most. Everybody here can read it anyway"));
    }
    ids
}

pub(super) fn field(people: &[Peer], chosen: &[PersonId], wrong: &Invalid) -> Html {
    if people.is_empty() {
        return html("");
    }
    let offered = people.iter().enumerate().filter(|(i, peer)| *i < OFFERED || chosen.contains(&peer.id));
    let choices: Vec<Choice> = offered
        .map(|(_, peer)| Choice::new(peer.id.to_string(), format!("@ {}", peer.byline())).checked(chosen.contains(&peer.id)))
        .collect();
    let field = Field::new(FIELD, "Tell these people")
        .hint("It stands in their Today, and they are told by mail unless they chose otherwise. Everybody here reads it in any case.")
        .error(wrong.of(FIELD))
        .optional();
    let open = !chosen.is_empty() || wrong.of(FIELD).is_some();
    parts::details_open(
        "Name people (@)",
        open,
        maud! {
            (form::checkboxes(field, &choices))
            @if people.len() > OFFERED { p { "These are the first " (OFFERED) " by name." } }
        },
    )
}

/// Notes whom an entry names, and that they hear of it: whoever has never chosen is told what is said to them.
pub(super) async fn note(write: &mut Write, entry: &entry::Model, thread: EntryId, whom: &[PersonId]) -> Result<(), Fault> {
    for person in whom {
        let row = mention::Model {
            id: MentionId(write.id()),
            programme_id: entry.programme_id,
            entry_id: entry.id,
            thread_id: thread,
            person_id: *person,
            at: write.at(),
            seen_at: None,
        };
        write.insert(row).await?;
        hears(write, entry.programme_id, *person).await?;
    }
    Ok(())
}

/// From now on somebody is told by mail what is said to them, unless they have chosen something already.
pub(super) async fn hears(write: &mut Write, programme_id: ProgrammeId, person_id: PersonId) -> Result<(), Fault> {
    let row = mail_choice::Model {
        id: MailChoiceId(write.id()),
        programme_id,
        person_id,
        rhythm: Rhythm::Named.key().into(),
        quiet_from: None,
        quiet_to: None,
        days_off: String::new(),
        // What is being written counts.
        told_until: write.at().plus_seconds(-1),
        changed_at: write.at(),
    };
    let of = [mail_choice::Column::ProgrammeId, mail_choice::Column::PersonId];
    write.insert_unless_there(row, of).await.map(drop)
}

/// Whom each of these entries names.
pub(super) async fn of_entries(db: &impl ConnectionTrait, ids: &[EntryId]) -> Result<Vec<(EntryId, String)>, Fault> {
    let link = mention::Entity::belongs_to(person::Entity).from(mention::Column::PersonId).to(person::Column::Id);
    mention::Entity::find()
        .select_only()
        .column(mention::Column::EntryId)
        .column(person::Column::Name)
        .join(JoinType::InnerJoin, link.into())
        .filter(mention::COLUMN.entry_id.is_in(ids.iter().copied()))
        .order_by_asc(mention::Column::Id)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list who is named"))
}

/// The mentions of somebody in a thread that they have not said they have seen.
pub(super) async fn unseen(db: &impl ConnectionTrait, thread: EntryId, me: PersonId) -> Result<Vec<mention::Model>, Fault> {
    let mine = mention::Entity::find()
        .filter(mention::COLUMN.person_id.eq(me))
        .filter(mention::COLUMN.thread_id.eq(thread))
        .filter(mention::COLUMN.seen_at.is_null())
        .order_by_asc(mention::Column::Id);
    mine.all(db).await.map_err(fault("list mentions"))
}

/// They have: it does not wait for them any more.
pub(super) async fn see(write: &mut Write, thread: EntryId, me: PersonId) -> Result<(), Fault> {
    for before in unseen(write.tx(), thread, me).await? {
        write.replace(&before, mention::Model { seen_at: Some(write.at()), ..before.clone() }).await?;
    }
    Ok(())
}
