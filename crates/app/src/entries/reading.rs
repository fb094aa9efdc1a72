//! The one way to read entries. Every query for entries, anywhere, holds [`readable`], or where it names them
//! one by one, [`in_reach`].

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, FromQueryResult, JoinType, QuerySelect};
use store::fault;
use store::search::Reach;
use tables::{CircleId, EntryId, PlaceId, appointment, entry, person, place};

use crate::ground::{Cx, EntryHas, EntryNames, Snapshot, Viewer};

/// What the viewer may read of a programme: entries in the circles they are in now. Whoever may read an entry may
/// also read what was shared of it, so that nobody is talked about behind their back.
pub(crate) fn readable(viewer: &Viewer, programme: &Snapshot) -> Condition {
    Condition::all().add(entry::COLUMN.programme_id.eq(programme.id)).add(in_reach(viewer, programme))
}

/// The same without naming the programme, which its circles imply: where entries are asked for by their ids, SQLite
/// would otherwise take all of the programme's to look through.
pub(crate) fn in_reach(viewer: &Viewer, programme: &Snapshot) -> Condition {
    let reach = viewer.reach(programme).into_iter().filter(|r| !r.circles.is_empty());
    let within = reach.fold(Condition::any(), |any, reach| {
        let circles = Condition::any()
            .add(entry::COLUMN.circle_id.is_in(reach.circles.clone()))
            .add(entry::COLUMN.source_circle_id.is_in(reach.circles));
        any.add(Condition::all().add(circles).add_option(reach.place.map(|p| entry::COLUMN.place_id.eq(p))))
    });
    // A condition without parts would let everything through.
    let nothing = within.is_empty();
    Condition::all().add(within).add_option(nothing.then(|| entry::COLUMN.id.is_null()))
}

/// Whether somebody reads what stands in this circle of a place, or was shared from there: the same rule, for rows that are
/// already here.
pub(crate) fn reads(reach: &[Reach], place: Option<PlaceId>, circle: CircleId, source: Option<CircleId>) -> bool {
    reach.iter().any(|r| {
        let here = r.place.is_none() || r.place == place;
        here && (r.circles.contains(&circle) || source.is_some_and(|source| r.circles.contains(&source)))
    })
}

/// An entry with the names that stand beside it: one query, since every page of an entry needs them.
#[derive(FromQueryResult)]
struct Found {
    #[sea_orm(nested)]
    entry: entry::Model,
    author: String,
    role: String,
    place_name: Option<String>,
    place_slug: Option<String>,
    extracts: bool,
    photographs: bool,
    step: bool,
    round: bool,
    origin: bool,
    proposals: bool,
}

/// The entry with this id, if it is one of the programme that the path names and the viewer may read it.
pub(crate) async fn find(cx: &Cx, id: EntryId) -> Result<Option<(entry::Model, EntryNames)>, Fault> {
    let Ok(programme) = cx.programme() else { return Ok(None) };
    let held = entry::Entity::belongs_to(appointment::Entity).from(entry::Column::AppointmentId).to(appointment::Column::Id);
    let person = entry::Entity::belongs_to(person::Entity).from(entry::Column::AuthorId).to(person::Column::Id);
    let place = entry::Entity::belongs_to(place::Entity).from(entry::Column::PlaceId).to(place::Column::Id);
    let found = entry::Entity::find()
        .filter(entry::COLUMN.id.eq(id))
        .filter(readable(cx.viewer(), programme))
        .column_as(person::Column::Name, "author")
        .column_as(appointment::Column::Role, "role")
        .column_as(place::Column::Name, "place_name")
        .column_as(place::Column::Slug, "place_slug")
        .column_as(there_is("entries", "source_id"), "extracts")
        .column_as(there_is("photographs", "entry_id"), "photographs")
        .column_as(there_is("steps", "entry_id"), "step")
        .column_as(there_is("reflection_links", "entry_id"), "round")
        .column_as(there_is("origins", "entry_id"), "origin")
        .column_as(there_is("proposals", "source_id"), "proposals")
        .join(JoinType::InnerJoin, held.into())
        .join(JoinType::InnerJoin, person.into())
        .join(JoinType::LeftJoin, place.into())
        .limit(1)
        .into_model::<Found>();
    let found = found.one(cx.read()).await.map_err(fault("load an entry"))?;
    let names = |f: Found| {
        let Found { extracts, photographs, step, round, origin, proposals, .. } = f;
        let has = EntryHas { extracts, photographs, step, round, origin, proposals };
        (f.entry, EntryNames { author: f.author, role: f.role, place: f.place_name.zip(f.place_slug), has })
    };
    Ok(found.map(names))
}

/// Whether a row of this table names the entry.
fn there_is(table: &str, column: &str) -> Expr {
    Expr::cust(format!("EXISTS (SELECT 1 FROM {table} AS beside WHERE beside.{column} = entries.id)"))
}
