//! The places of a programme: who is in the partnership, what it wants in its own words, and what people wrote.

mod describe;
mod grants;
mod list;
mod partners;
mod rule;
mod show;

use design::Power;
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PlaceId, place};

pub(crate) use partners::{Partner, partners_of, partners_of_all};
pub(crate) use rule::{members, missing, size};

use crate::ground::{Cx, Route, Snapshot, Who};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/programmes/{programme}/places", Who::Anyone, list::page),
        Route::page("/programmes/{programme}/places/{place}", Who::Anyone, show::page),
        Route::page("/programmes/{programme}/places/{place}/history", Who::InProgramme, show::history),
        Route::page("/programmes/{programme}/places/{place}/describe", Who::May(Power::DescribePlace), describe::form),
        Route::action("/programmes/{programme}/places/{place}/describe", Who::May(Power::DescribePlace), describe::save),
    ]
}

/// The name of a place.
pub(crate) async fn name_of(cx: &Cx, id: Option<PlaceId>) -> Result<Option<String>, Fault> {
    let Some(id) = id else { return Ok(None) };
    let found = place::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a place"))?;
    Ok(found.map(|p| p.name))
}

/// The places of a programme, by name.
pub(crate) async fn all(cx: &Cx, programme: &Snapshot) -> Result<Vec<place::Model>, Fault> {
    place::Entity::find()
        .filter(place::COLUMN.programme_id.eq(programme.id))
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list places"))
}
