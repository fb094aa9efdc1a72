//! The places of a programme: who is in the partnership, what it wants in its own words, and what people wrote.

mod describe;
mod grants;
mod list;
mod partners;
mod show;

use design::Power;
use kernel::Fault;
use sea_orm::EntityTrait;
use store::fault;
use tables::{PlaceId, place};

pub(crate) use partners::{Partner, partners_of, partners_of_all};

use crate::ground::{Cx, Route, Who};

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
