//! A place's plan: expected to change, so every version is kept with its reason, and any two can be laid side by side.

mod compare;
mod edit;
mod lines;
mod show;

pub(crate) use lines::{Line as PlanLine, as_text as plan_text};

use design::{EntryKind, Power};
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{entry, place};

use crate::entries;
use crate::ground::{Cx, Route, Snapshot, Stop, Who};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        // Plans are entries: who does not read them is told of none.
        Route::page("/programmes/{programme}/places/{place}/plan", Who::InProgramme, show::page),
        Route::page("/programmes/{programme}/places/{place}/plan/compare", Who::InProgramme, compare::page),
        Route::page("/programmes/{programme}/places/{place}/plan/edit", Who::May(Power::WriteEntries), edit::form),
        Route::action("/programmes/{programme}/places/{place}/plan/edit", Who::May(Power::WriteEntries), edit::save),
    ]
}

/// The kind of entry that plans are in this programme.
fn kind(programme: &Snapshot) -> Result<&EntryKind, Stop> {
    programme.programme.design.kinds.iter().find(|k| k.plan).ok_or(Stop::Missing)
}

/// The plan of a place, if there is one that the viewer may read.
async fn of_place(
    db: &impl ConnectionTrait,
    cx: &Cx,
    programme: &Snapshot,
    place: &place::Model,
) -> Result<Option<entry::Model>, Fault> {
    let Ok(kind) = kind(programme) else { return Ok(None) };
    let found = entry::Entity::find()
        .filter(entries::readable(cx.viewer(), programme))
        .filter(entry::COLUMN.place_id.eq(place.id))
        .filter(entry::COLUMN.kind.eq(kind.key.clone()))
        .filter(entry::COLUMN.source_id.is_null())
        .order_by_asc(entry::Column::Id);
    found.one(db).await.map_err(fault("find a plan"))
}

fn home(programme: &Snapshot, place: &place::Model) -> String {
    format!("{}/places/{}/plan", programme.href(), place.slug)
}
