//! Mail to those whose role has a power, for one place: what waits for them, and where.

use design::Power;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder};
use store::{Write, fault};
use tables::{PersonId, PlaceId, appointment, person};

use crate::ground::Snapshot;
use crate::people::held_on;

/// Tells everybody who holds a role with one of these powers today, for this place or for all; but not whoever acts.
pub(super) async fn tell(
    write: &mut Write,
    programme: &Snapshot,
    place: PlaceId,
    powers: &[Power],
    (subject, text): (&str, &str),
) -> Result<(), Fault> {
    let roles: Vec<&str> = programme
        .programme
        .design
        .roles
        .iter()
        .filter(|r| powers.iter().any(|p| r.may.contains(p)))
        .map(|r| r.key.as_str())
        .collect();
    let here = Condition::any().add(appointment::COLUMN.place_id.eq(place)).add(appointment::COLUMN.place_id.is_null());
    let held = appointment::Entity::find()
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(roles))
        .filter(held_on(write.at().day(), write.at()))
        .filter(here)
        .all(write.tx())
        .await
        .map_err(fault("list who looks after the grant"))?;
    let ids: Vec<PersonId> = held.iter().map(|a| a.person_id).filter(|id| Some(*id) != write.actor()).collect();
    let people =
        person::Entity::find().filter(person::COLUMN.id.is_in(ids)).order_by_asc(person::Column::Id).all(write.tx()).await;
    let people = people.map_err(fault("list people"))?;
    let mails = people.into_iter().filter_map(|p| Some((p.email?, subject.to_string(), text.to_string())));
    write.mail_all(mails.collect()).await
}
