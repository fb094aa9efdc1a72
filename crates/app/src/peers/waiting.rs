//! What peers ask of somebody today.

use design::PeerPart;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, entry, matter, mention};
use ui::parts::{Task, Tone};

use super::channel::{self, Channel, ROOTS};
use crate::entries;
use crate::ground::{Cx, Snapshot, Stop};

/// So many stand in somebody's Today.
const MOST: u64 = 20;

/// What waits for the viewer in a programme's channel: where somebody named them, and what they asked or offered that was answered.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let (Some(channel), Some(_)) = (channel::of(programme), cx.viewer().person()) else { return Ok(Vec::new()) };
    let mut tasks = named(cx, &channel).await?;
    tasks.extend(answered(cx, &channel).await?);
    Ok(tasks)
}

async fn named(cx: &Cx, channel: &Channel<'_>) -> Result<Vec<Task>, Stop> {
    let link = mention::Entity::belongs_to(entry::Entity).from(mention::Column::ThreadId).to(entry::Column::Id);
    let found: Vec<(EntryId, String, kernel::Moment)> = mention::Entity::find()
        .select_only()
        .column(entry::Column::Id)
        .column(entry::Column::Title)
        .column(mention::Column::At)
        .join(JoinType::InnerJoin, link.into())
        .filter(mention::COLUMN.programme_id.eq(channel.programme.id))
        .filter(mention::COLUMN.person_id.eq(cx.person()?))
        .filter(mention::COLUMN.seen_at.is_null())
        .filter(channel.roots(cx.viewer(), &ROOTS))
        .order_by_desc(mention::Column::At)
        .order_by_desc(mention::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list where somebody is named"))?;
    let mut tasks: Vec<Task> = Vec::new();
    for (id, title, at) in found {
        let href = channel.href_of(id);
        if tasks.iter().all(|task| task.href != href) {
            let detail = Some("Somebody names you in it.".to_string());
            tasks.push(Task { text: title, href, detail, due: Some(at.day().to_string()), tone: Tone::Waiting });
        }
    }
    Ok(tasks)
}

async fn answered(cx: &Cx, channel: &Channel<'_>) -> Result<Vec<Task>, Stop> {
    let link = matter::Entity::belongs_to(entry::Entity).from(matter::Column::EntryId).to(entry::Column::Id);
    let found = matter::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(entry::Entity)
        .filter(matter::COLUMN.open.eq(true))
        .filter(matter::COLUMN.state.ne(""))
        .filter(entry::COLUMN.author_id.eq(cx.person()?))
        .filter(channel.roots(cx.viewer(), &[PeerPart::Ask, PeerPart::Offer]))
        .order_by_asc(matter::Column::MovedAt)
        .order_by_asc(matter::Column::Id)
        .limit(MOST)
        .all(cx.read())
        .await
        .map_err(fault("list what was answered"))?;
    let task = |(row, entry): (matter::Model, Option<entry::Model>)| {
        let entry = entry?;
        let kind = channel.programme.programme.design.kind(&entry.kind);
        let detail = Some(format!("It is {}. Read it, and close it once it is settled.", entries::stands(kind, &row)));
        let due = Some(row.moved_at.day().to_string());
        Some(Task { text: entry.title, href: channel.href_of(entry.id), detail, due, tone: Tone::Waiting })
    };
    Ok(found.into_iter().filter_map(task).collect())
}
