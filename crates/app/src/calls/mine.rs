//! The applications that the viewer writes, in every programme: the way back to them.

use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{application, call, member, programme};

use super::reading::SUBMITTED;
use super::reopen;
use crate::ground::Cx;

/// An application, its call, and where it stands.
pub(crate) struct Written {
    pub row: application::Model,
    pub call: call::Model,
    pub href: String,
    /// Until when it is open again, where it was submitted and reopened.
    pub open_until: Option<Moment>,
}

impl Written {
    /// “draft”, “submitted”, “submitted, and open again until …”.
    pub fn state(&self) -> String {
        match self.open_until {
            Some(until) => format!("{}, and open again until {until}", self.row.state),
            None => self.row.state.clone(),
        }
    }
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
    let submitted: Vec<_> = found.iter().filter(|(row, _)| row.state == SUBMITTED).map(|(row, _)| row.id).collect();
    let open = match submitted.is_empty() {
        true => Vec::new(),
        false => reopen::open_among(cx, &submitted).await?,
    };
    let written = found.into_iter().filter_map(|(row, call)| {
        let programme = programmes.iter().find(|p| p.id == row.programme_id)?;
        let href = format!("/programmes/{}/applications/{}", programme.slug, row.id);
        let open_until = open.iter().find(|(id, _)| *id == row.id).map(|(_, until)| *until);
        Some(Written { row, call: call?, href, open_until })
    });
    Ok(written.collect())
}
