//! What speaks to an entry: excerpts of others that somebody linked to it.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, EntryId, MarkId, entry, mark, mark_link};
use ui::{Html, html, parts};

use super::open_marks;
use super::source::Source;
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};
use crate::{calls, entries};

/// So many are shown.
const MOST: u64 = 200;

/// Excerpts that somebody linked to this entry, as far as the viewer may read what they are from.
pub(super) async fn speaking_to(cx: &Cx, programme: &Snapshot, entry: EntryId) -> Result<Html, Fault> {
    let links = mark_link::Entity::find()
        .filter(mark_link::COLUMN.to_entry.eq(entry))
        .filter(mark_link::COLUMN.ended_at.is_null())
        .order_by_asc(mark_link::Column::Id);
    let marks: Vec<MarkId> =
        links.all(cx.read()).await.map_err(fault("list links to an entry"))?.into_iter().map(|l| l.mark_id).collect();
    if marks.is_empty() {
        return Ok(html(""));
    }
    let mut found = of_entries(cx, programme, &marks).await?;
    found.extend(of_applications(cx, programme, &marks).await?);
    Ok(html(maud! {
        @if !found.is_empty() {
            (parts::section("speaks-to-it", "What speaks to this entry", maud! {
                ul { @for (mark, source) in &found {
                    li { a href={ (programme.href()) "/excerpts/" (mark.to_string()) } { "An excerpt of “" (source.name()) "”" } ", " (source.on().to_string()) }
                } }
            }))
        }
    }))
}

async fn of_entries(cx: &Cx, programme: &Snapshot, marks: &[MarkId]) -> Result<Vec<(MarkId, Source)>, Fault> {
    let in_entry = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
    let rows: Vec<(mark::Model, Option<entry::Model>)> = mark::Entity::find()
        .select_also(entry::Entity)
        .join(JoinType::InnerJoin, in_entry.into())
        .filter(mark::COLUMN.id.is_in(marks.iter().copied()))
        .filter(open_marks(cx, programme))
        .filter(entries::readable(cx.viewer(), programme))
        .order_by_asc(mark::Column::Id)
        .limit(MOST)
        .all(cx.read())
        .await
        .map_err(fault("list excerpts"))?;
    Ok(rows.into_iter().filter_map(|(row, entry)| Some((row.id, Source::Entry(Box::new(entry?))))).collect())
}

async fn of_applications(cx: &Cx, programme: &Snapshot, marks: &[MarkId]) -> Result<Vec<(MarkId, Source)>, Fault> {
    let rows = mark::Entity::find()
        .filter(mark::COLUMN.id.is_in(marks.iter().copied()))
        .filter(mark::COLUMN.application_id.is_not_null())
        .filter(mark::COLUMN.shown_at.is_not_null())
        .filter(mark::COLUMN.removed_at.is_null())
        .order_by_asc(mark::Column::Id)
        .limit(MOST);
    let rows = rows.all(cx.read()).await.map_err(fault("list excerpts of applications"))?;
    let ids: Vec<ApplicationId> = rows.iter().filter_map(|r| r.application_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let open = calls::as_evidence(cx, programme, &ids).await?;
    let source = |row: &mark::Model| open.iter().find(|e| Some(e.id) == row.application_id).cloned().map(Source::Application);
    Ok(rows.iter().filter_map(|row| Some((row.id, source(row)?))).collect())
}
