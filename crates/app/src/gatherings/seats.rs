//! Seats: whoever signs up has one as long as there are any, and waits for one after that, in order.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{PersonId, PlaceId, ProgrammeId, appointment, gathering, organisation, person, sign_up};

use super::found::{counts, sign_ups, when};
use super::{IN_PERSON, ONLINE};
use crate::ground::Snapshot;
use crate::people::held_on;

/// Whether taking part in this way takes one of the seats that are counted: where there is a room, those in it do.
pub(super) fn takes_seat(row: &gathering::Model, mode: &str) -> bool {
    row.mode == ONLINE || mode == IN_PERSON
}

/// How many of these have one of the seats that are counted.
pub(super) fn taken(row: &gathering::Model, all: &[sign_up::Model]) -> usize {
    all.iter().filter(|one| counts(one) && one.seated_at.is_some() && takes_seat(row, &one.mode)).count()
}

/// How many seats are free; nothing where everybody can come.
pub(super) fn free(row: &gathering::Model, all: &[sign_up::Model]) -> Option<usize> {
    let most = usize::try_from(row.most?).unwrap_or(0);
    Some(most.saturating_sub(taken(row, all)))
}

/// Those who wait, in order.
pub(super) fn waiting(all: &[sign_up::Model]) -> impl Iterator<Item = &sign_up::Model> {
    all.iter().filter(|one| counts(one) && one.seated_at.is_none() && !one.walked_in)
}

/// Gives seats that are free to those who have waited longest, and tells them; within a write that holds the event's row.
pub(super) async fn fill(
    write: &mut Write,
    (programme, address): (&Snapshot, &str),
    (title, row): (&str, &gathering::Model),
) -> Result<(), Fault> {
    let all = sign_ups(write.tx(), row.id).await?;
    let free = free(row, &all).unwrap_or(usize::MAX);
    for one in waiting(&all).take(free) {
        let seated_at = Some(write.at());
        write.replace(one, sign_up::Model { seated_at, ..one.clone() }).await?;
        let found = person::Entity::find_by_id(one.person_id).one(write.tx()).await.map_err(fault("load a person"))?;
        let Some(email) = found.and_then(|p| p.email) else { continue };
        let text = format!(
            "A seat is free for you at: {title}\n{}\n\nIt is yours. If you cannot come after all, please say so, and the next one gets it:\n{address}{}/gatherings/{}/sign-up\n",
            when(row),
            programme.href(),
            row.entry_id
        );
        write.mail(&email, format!("A seat is free: {title}"), text).await?;
    }
    Ok(())
}

/// Where somebody is from in a programme today: the place of their role, and the sector of their organisation.
pub(super) async fn comes_from(
    write: &Write,
    programme: ProgrammeId,
    person: PersonId,
) -> Result<(Option<PlaceId>, String), Fault> {
    use sea_orm::QueryOrder;
    let held = appointment::Entity::find()
        .filter(appointment::COLUMN.programme_id.eq(programme))
        .filter(appointment::COLUMN.person_id.eq(person))
        .filter(held_on(write.at().day(), write.at()))
        .order_by_asc(appointment::Column::CreatedAt)
        .order_by_asc(appointment::Column::Id)
        .all(write.tx())
        .await
        .map_err(fault("load the roles of somebody"))?;
    let place = held.iter().find_map(|a| a.place_id);
    let sector = match held.iter().find_map(|a| a.organisation_id) {
        Some(id) => organisation::Entity::find_by_id(id)
            .one(write.tx())
            .await
            .map_err(fault("load an organisation"))?
            .map(|o| o.sector)
            .unwrap_or_default(),
        None => String::new(),
    };
    Ok((place, sector))
}
