//! The channel of a programme: the circle it stands in, who is there, and what begins a conversation in it.

use std::collections::HashMap;

use design::{Circle, EntryKind, PeerPart, Power};
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, EntryId, PersonId, appointment, entry, matter, origin, person};

use crate::entries::{self, EntryOffer};
use crate::ground::{Cx, Snapshot, Stop, Viewer};
use crate::people::held_on;

/// So many people are looked at, offered and compared; a larger network is looked through by topic.
pub(super) const MOST_PEOPLE: u64 = 2_000;
/// What begins a conversation.
pub(super) const ROOTS: [PeerPart; 3] = [PeerPart::Thread, PeerPart::Ask, PeerPart::Offer];

#[derive(Debug, Clone, Copy)]
pub(super) struct Channel<'a> {
    pub programme: &'a Snapshot,
    pub circle: &'a Circle,
    pub id: CircleId,
}

/// The channel of a programme, where its design has one.
pub(super) fn of(programme: &Snapshot) -> Option<Channel<'_>> {
    let circle = programme.programme.design.channel()?;
    Some(Channel { programme, circle, id: programme.circle_id(&circle.key)? })
}

/// The same for a page: of those only who read it.
pub(super) fn open<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<Channel<'a>, Stop> {
    let channel = of(programme).ok_or(Stop::Missing)?;
    match channel.is_read_by(cx.viewer()) {
        true => Ok(channel),
        false => Err(Stop::forbidden(
            "This channel is for others",
            format!("It belongs to those in the circle “{}”, and your roles are not among them.", channel.circle.name),
        )),
    }
}

impl<'a> Channel<'a> {
    /// Whether somebody holds a role now that reads what is said here.
    pub fn is_read_by(&self, viewer: &Viewer) -> bool {
        viewer.held_in(self.programme.id).any(|held| self.circle.readers.contains(&held.role))
    }
    /// Whether somebody may say something here.
    pub fn is_written_by(&self, viewer: &Viewer) -> bool {
        let writes = |role: &str| self.programme.role_may(role, Power::WriteEntries);
        viewer.held_in(self.programme.id).any(|held| self.circle.writers.contains(&held.role) && writes(&held.role))
    }
    /// What the viewer may write here.
    pub fn offers(&self, cx: &'a Cx) -> Vec<EntryOffer<'a>> {
        let mut offers = entries::offers(cx, self.programme, None);
        for offer in &mut offers {
            offer.circles.retain(|(circle, _)| circle.key == self.circle.key);
        }
        offers.retain(|offer| offer.kind.peer_part().is_some() && !offer.circles.is_empty());
        offers
    }
    pub fn href(&self) -> String {
        format!("{}/channel", self.programme.href())
    }
    pub fn href_of(&self, id: EntryId) -> String {
        format!("{}/channel/{id}", self.programme.href())
    }
    pub fn kind(&self, part: PeerPart) -> Option<&'a EntryKind> {
        self.programme.programme.design.peer_kind(part)
    }
    pub fn kinds(&self, parts: &[PeerPart]) -> Vec<&'a str> {
        parts.iter().filter_map(|part| self.kind(*part)).map(|kind| kind.key.as_str()).collect()
    }
    /// What begins a conversation, of these parts, as far as somebody may read it.
    pub fn roots(&self, viewer: &Viewer, parts: &[PeerPart]) -> Condition {
        let threads: Vec<PeerPart> = parts.iter().copied().filter(|part| *part == PeerPart::Thread).collect();
        let matters: Vec<PeerPart> = parts.iter().copied().filter(|part| *part != PeerPart::Thread).collect();
        // The steps of an ask are entries of its kind.
        let opened = Condition::all()
            .add(entry::COLUMN.kind.is_in(self.kinds(&matters)))
            .add(Expr::cust("EXISTS (SELECT 1 FROM matters WHERE matters.entry_id = entries.id)"));
        self.said(viewer).add(Condition::any().add(entry::COLUMN.kind.is_in(self.kinds(&threads))).add(opened))
    }
    /// Everything that was said here, as far as somebody may read it.
    pub fn said(&self, viewer: &Viewer) -> Condition {
        Condition::all()
            .add(entries::readable(viewer, self.programme))
            .add(entry::COLUMN.circle_id.eq(self.id))
            .add(entry::COLUMN.source_id.is_null())
    }
}

/// Somebody who reads the channel today.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub id: PersonId,
    pub name: String,
    /// Their first role here, as people say it, with their place.
    pub role: String,
    pub place: Option<tables::PlaceId>,
    pub place_name: String,
}

/// Who reads the channel today, by name, each once.
pub(super) async fn peers(cx: &Cx, channel: &Channel<'_>) -> Result<Vec<Peer>, Fault> {
    let of_person = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    let of_place =
        appointment::Entity::belongs_to(tables::place::Entity).from(appointment::Column::PlaceId).to(tables::place::Column::Id);
    type Row = (PersonId, String, String, Option<tables::PlaceId>, Option<String>);
    let found: Vec<Row> = appointment::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .columns([appointment::Column::Role])
        .column(appointment::Column::PlaceId)
        .column_as(tables::place::Column::Name, "place_name")
        .join(JoinType::InnerJoin, of_person.into())
        .join(JoinType::LeftJoin, of_place.into())
        .filter(appointment::COLUMN.programme_id.eq(channel.programme.id))
        .filter(appointment::COLUMN.role.is_in(channel.circle.readers.clone()))
        .filter(held_on(cx.today(), cx.now()))
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .order_by_asc(appointment::Column::Id)
        .limit(MOST_PEOPLE)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who reads the channel"))?;
    let mut peers: Vec<Peer> = Vec::with_capacity(found.len());
    for (id, name, role, place, place_name) in found {
        if peers.last().is_none_or(|before| before.id != id) {
            let role = channel.programme.role_name(&role).to_string();
            peers.push(Peer { id, name, role, place, place_name: place_name.unwrap_or_default() });
        }
    }
    Ok(peers)
}

impl Peer {
    /// The name with role and place, unless it says them already.
    pub fn byline(&self) -> String {
        let line = entries::byline(&self.name, &self.role).into_owned();
        match self.place_name.as_str() {
            "" => line,
            place if line.contains(place) => line,
            place => format!("{line}, {place}"),
        }
    }
}

/// The conversation that the path names, and the matter it is where it is an ask or an offer.
pub(super) struct Thread<'a> {
    pub channel: Channel<'a>,
    pub kind: &'a EntryKind,
    pub part: PeerPart,
    pub entry: entry::Model,
    pub matter: Option<matter::Model>,
}

pub(super) async fn named<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<Thread<'a>, Stop> {
    let entry = cx.entry()?.clone();
    let kind = programme.programme.design.kind(&entry.kind).filter(|_| entry.source_id.is_none()).ok_or(Stop::Missing)?;
    let part = kind.peer_part().filter(|part| *part != PeerPart::Reply).ok_or(Stop::Missing)?;
    let channel = open(cx, programme)?;
    let matter = entries::matter_of(cx.read(), entry.id).await?;
    if entry.circle_id != channel.id {
        return Err(Stop::Missing);
    }
    // A step of an ask is no ask.
    if part != PeerPart::Thread && matter.is_none() {
        return Err(Stop::Missing);
    }
    Ok(Thread { channel, kind, part, entry, matter })
}

/// How many replies each of these threads has that somebody may read, and when the last of them was written.
pub(super) async fn replies(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    channel: &Channel<'_>,
    of: &[EntryId],
) -> Result<HashMap<EntryId, (i64, Moment)>, Fault> {
    let link = entry::Entity::belongs_to(origin::Entity).from(entry::Column::Id).to(origin::Column::EntryId);
    let found: Vec<(EntryId, i64, Moment)> = entry::Entity::find()
        .select_only()
        .column(origin::Column::OfEntry)
        .column_as(entry::Column::Id.count(), "many")
        .column_as(entry::Column::WrittenAt.max(), "last")
        .join(JoinType::InnerJoin, link.into())
        .filter(origin::COLUMN.of_entry.is_in(of.iter().copied()))
        .filter(channel.said(viewer))
        .filter(entry::COLUMN.kind.is_in(channel.kinds(&[PeerPart::Reply])))
        .group_by(origin::Column::OfEntry)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("count replies"))?;
    Ok(found.into_iter().map(|(id, many, last)| (id, (many, last))).collect())
}
