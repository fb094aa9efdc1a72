//! The applications that the viewer writes, in every programme: the way back to them.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{application, call, member, programme};

use crate::ground::Cx;

/// An application, its call, and where it stands.
pub(crate) struct Written {
    pub row: application::Model,
    pub call: call::Model,
    pub href: String,
}

/// The applications that the viewer writes, those of the newest calls first.
pub(crate) async fn written(cx: &Cx) -> Result<Vec<Written>, Fault> {
    let Some(person) = cx.viewer().person() else { return Ok(Vec::new()) };
    let found = application::Entity::find()
        .select_also(call::Entity)
        .join(
            JoinType::InnerJoin,
            application::Entity::belongs_to(call::Entity).from(application::Column::CallId).to(call::Column::Id).into(),
        )
        .join(
            JoinType::InnerJoin,
            application::Entity::belongs_to(member::Entity)
                .from(application::Column::Id)
                .to(member::Column::ApplicationId)
                .into(),
        )
        .filter(member::COLUMN.person_id.eq(person))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_desc(call::Column::ClosesAt)
        .order_by_asc(application::Column::Id)
        .limit(200)
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let ids: Vec<_> = found.iter().map(|(row, _)| row.programme_id).collect();
    let programmes = programme::Entity::find().filter(programme::COLUMN.id.is_in(ids)).all(cx.read()).await;
    let programmes = programmes.map_err(fault("list programmes"))?;
    let written = found.into_iter().filter_map(|(row, call)| {
        let programme = programmes.iter().find(|p| p.id == row.programme_id)?;
        let href = format!("/programmes/{}/applications/{}", programme.slug, row.id);
        Some(Written { row, call: call?, href })
    });
    Ok(written.collect())
}
