//! Those who may read for a call, and those who do.

use std::collections::HashMap;

use design::Power;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{PersonId, appointment, assessor, call, person, reading};

use crate::ground::{Cx, Stop};
use crate::people::held_on;

/// Those who hold a role today that may assess, with what they are called.
pub(crate) async fn able(cx: &Cx) -> Result<HashMap<PersonId, String>, Stop> {
    let programme = cx.programme()?;
    let roles = programme.programme.design.roles.iter().filter(|r| r.may.contains(&Power::Assess));
    let roles: Vec<String> = roles.map(|r| r.key.clone()).collect();
    let found: Vec<(PersonId, String)> = appointment::Entity::find()
        .join(
            JoinType::InnerJoin,
            appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id).into(),
        )
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(roles))
        .filter(appointment::COLUMN.place_id.is_null())
        .filter(held_on(cx.today(), cx.now()))
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who may assess"))?;
    Ok(found.into_iter().collect())
}

/// Everybody who reads or read for a call, in the order in which they came.
pub(super) async fn assessors(db: &impl ConnectionTrait, call: &call::Model) -> Result<Vec<assessor::Model>, Fault> {
    assessor::Entity::find()
        .filter(assessor::COLUMN.call_id.eq(call.id))
        .order_by_asc(assessor::Column::CreatedAt)
        .order_by_asc(assessor::Column::Id)
        .all(db)
        .await
        .map_err(fault("list assessors"))
}

/// Takes readings back, and says why.
pub(super) async fn release(write: &mut Write, readings: Vec<reading::Model>, why: &str) -> Result<(), Fault> {
    for before in readings {
        let after = reading::Model { ended_at: Some(write.at()), ended_why: Some(why.into()), ..before.clone() };
        write.replace(&before, after).await?;
    }
    Ok(())
}
