//! The one way to read entries. Every query for entries, anywhere, holds [`readable`].

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QuerySelect};
use store::fault;
use tables::{EntryId, entry};

use crate::ground::{Cx, Snapshot, Viewer};

/// What the viewer may read of a programme: entries in the circles they are in now. Whoever may read an entry may
/// also read what was shared of it, so that nobody is talked about behind their back.
pub(crate) fn readable(viewer: &Viewer, programme: &Snapshot) -> Condition {
    let reach = viewer.reach(programme).into_iter().filter(|r| !r.circles.is_empty());
    let within = reach.fold(Condition::any(), |any, reach| {
        let circles = Condition::any()
            .add(entry::COLUMN.circle_id.is_in(reach.circles.clone()))
            .add(entry::COLUMN.source_circle_id.is_in(reach.circles));
        any.add(Condition::all().add(circles).add_option(reach.place.map(|p| entry::COLUMN.place_id.eq(p))))
    });
    // A condition without parts would let everything through.
    let nothing = within.is_empty();
    let of_programme = Condition::all().add(entry::COLUMN.programme_id.eq(programme.id)).add(within);
    of_programme.add_option(nothing.then(|| entry::COLUMN.id.is_null()))
}

/// The entry with this id, if it is one of the programme that the path names and the viewer may read it.
pub(crate) async fn find(cx: &Cx, id: EntryId) -> Result<Option<entry::Model>, Fault> {
    let Ok(programme) = cx.programme() else { return Ok(None) };
    let found = entry::Entity::find().filter(entry::COLUMN.id.eq(id)).filter(readable(cx.viewer(), programme)).limit(1);
    found.one(cx.read()).await.map_err(fault("load an entry"))
}
