//! Who is in a group, how many have finished, and what they said once it may be seen: the one way to what others answered.

use std::collections::BTreeSet;

use design::Framework;
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{PersonId, ReflectionId, appointment, reflection, reflection_round};

use super::Given;
use crate::people::held_on;

/// The people who were in the group of a round at a moment: those who held one of its roles, for its place or for all.
pub(super) async fn people(
    db: &impl ConnectionTrait,
    framework: &Framework,
    row: &reflection_round::Model,
    at: Moment,
) -> Result<BTreeSet<PersonId>, Fault> {
    let here = Condition::any().add(appointment::COLUMN.place_id.is_null());
    let here = here.add_option(row.place_id.map(|place| appointment::COLUMN.place_id.eq(place)));
    let found: Vec<PersonId> = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::PersonId)
        .filter(appointment::COLUMN.programme_id.eq(row.programme_id))
        .filter(appointment::COLUMN.role.is_in(framework.roles.clone()))
        .filter(held_on(at.day(), at))
        .filter(here)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list who reflects"))?;
    Ok(found.into_iter().collect())
}

/// What those of a group have answered who have finished: which rows, and nothing of what they hold. Whoever has left the group
/// no longer counts.
pub(super) async fn finished(
    db: &impl ConnectionTrait,
    row: &reflection_round::Model,
    group: &BTreeSet<PersonId>,
) -> Result<Vec<ReflectionId>, Fault> {
    let found: Vec<(ReflectionId, PersonId)> = reflection::Entity::find()
        .select_only()
        .column(reflection::Column::Id)
        .column(reflection::Column::PersonId)
        .filter(reflection::COLUMN.round_id.eq(row.id))
        .filter(reflection::COLUMN.done_at.is_not_null())
        .order_by_asc(reflection::Column::Id)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("count who has finished"))?;
    Ok(found.into_iter().filter(|(_, person)| group.contains(person)).map(|(id, _)| id).collect())
}

/// What somebody answered alone.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    row: &reflection_round::Model,
    person: PersonId,
) -> Result<Option<reflection::Model>, Fault> {
    let mine = reflection::Entity::find().filter(reflection::COLUMN.round_id.eq(row.id));
    mine.filter(reflection::COLUMN.person_id.eq(person)).one(db).await.map_err(fault("load a reflection"))
}

/// What the group sees of a round: what those said who had finished when it was revealed, and were in the group then. Before that,
/// nothing. Each with the key of its row, which is good for an order that tells nobody anything, and is never shown.
pub(super) async fn revealed(
    db: &impl ConnectionTrait,
    row: &reflection_round::Model,
) -> Result<Vec<(ReflectionId, Given)>, Fault> {
    let shown: BTreeSet<ReflectionId> = match row.revealed_at {
        Some(_) => row.shown.split(' ').filter_map(|id| id.parse().ok()).collect(),
        None => BTreeSet::new(),
    };
    let of_round = reflection::Entity::find().filter(reflection::COLUMN.round_id.eq(row.id));
    let rows = of_round.order_by_asc(reflection::Column::Id).all(db).await.map_err(fault("load reflections"))?;
    rows.iter().filter(|row| shown.contains(&row.id)).map(|row| Ok((row.id, Given::read(&row.given)?))).collect()
}

/// The rows that are shown from now on, as the round keeps them.
pub(crate) fn kept(shown: &[ReflectionId]) -> String {
    shown.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The rounds of one group, the first one first.
pub(super) async fn rounds(
    db: &impl ConnectionTrait,
    programme: tables::ProgrammeId,
    framework: &Framework,
    place: Option<tables::PlaceId>,
) -> Result<Vec<reflection_round::Model>, Fault> {
    let here = match place {
        Some(place) => reflection_round::COLUMN.place_id.eq(place),
        None => reflection_round::COLUMN.place_id.is_null(),
    };
    reflection_round::Entity::find()
        .filter(reflection_round::COLUMN.programme_id.eq(programme))
        .filter(reflection_round::COLUMN.framework.eq(framework.key.as_str()))
        .filter(here)
        .order_by_asc(reflection_round::Column::Number)
        .order_by_asc(reflection_round::Column::Id)
        .all(db)
        .await
        .map_err(fault("list rounds of reflection"))
}
