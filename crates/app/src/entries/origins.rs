//! What came of an entry: minutes and actions of an event. Whoever reads both is told; nobody else is told of either.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{EntryId, OriginId, entry, origin};

use super::reading::readable;
use crate::ground::{Cx, Snapshot};

/// The name under which an address and a form say what something came of.
pub(crate) const FIELD: &str = "of";
/// As many as a page lists.
const MOST: u64 = 200;

/// The entry that is named, if the viewer may read it; where nothing sensible is named, nothing.
pub(super) async fn named(cx: &Cx, typed: &str) -> Result<Option<entry::Model>, Fault> {
    match typed.parse::<EntryId>() {
        Ok(id) => Ok(super::find(cx, id).await?.map(|(entry, _)| entry)),
        Err(_) => Ok(None),
    }
}

/// Notes what an entry came of.
pub(crate) async fn note(write: &mut Write, entry: &entry::Model, of: &entry::Model) -> Result<(), Fault> {
    let row = origin::Model {
        id: OriginId(write.id()),
        programme_id: entry.programme_id,
        entry_id: entry.id,
        of_entry: of.id,
        at: write.at(),
    };
    write.insert(row).await.map(drop)
}

/// What an entry came of, if that is noted and the viewer may read it.
pub(super) async fn of(cx: &Cx, entry: &entry::Model) -> Result<Option<entry::Model>, Fault> {
    let found = origin::Entity::find().filter(origin::COLUMN.entry_id.eq(entry.id));
    let found = found.one(cx.read()).await.map_err(fault("look what an entry came of"))?;
    match found {
        Some(row) => Ok(super::find(cx, row.of_entry).await?.map(|(entry, _)| entry)),
        None => Ok(None),
    }
}

/// What came of an entry, as far as the viewer may read it; the first first.
pub(crate) async fn came_of(cx: &Cx, programme: &Snapshot, id: EntryId) -> Result<Vec<entry::Model>, Fault> {
    let link = entry::Entity::belongs_to(origin::Entity).from(entry::Column::Id).to(origin::Column::EntryId);
    entry::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .filter(origin::COLUMN.of_entry.eq(id))
        .filter(readable(cx.viewer(), programme))
        .order_by_asc(origin::Column::At)
        .order_by_asc(origin::Column::Id)
        .limit(MOST)
        .all(cx.read())
        .await
        .map_err(fault("list what came of an entry"))
}
