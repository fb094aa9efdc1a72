//! The one way to reach calls and applications.

use kernel::{Fault, Moment};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, applicant, application, call, member};

use crate::ground::Cx;
use design::Power;

/// What an application is while it is written, and after.
pub(crate) const DRAFT: &str = "draft";
pub(crate) const SUBMITTED: &str = "submitted";
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// An application, as the viewer may have it.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub row: application::Model,
    pub call: call::Model,
    /// The viewer's own part in it, where they write it.
    pub mine: Option<member::Model>,
}

impl Applied {
    /// The number people know it by: `CALL-0042`, in the words of the call's address.
    pub fn reference(&self) -> String {
        reference(&self.call, self.row.number)
    }
    /// Whether this person may write in this section of the form.
    pub fn may_write(&self, section: &str) -> bool {
        let Some(mine) = &self.mine else { return false };
        mine.sections.as_ref().is_none_or(|keys| keys.split(' ').any(|key| key == section))
    }
    pub fn href(&self, programme: &str) -> String {
        format!("{programme}/applications/{}", self.row.id)
    }
}

pub(crate) fn reference(call: &call::Model, number: i32) -> String {
    format!("{}-{number:04}", call.slug.to_uppercase())
}

/// How a call stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Before,
    Open,
    Closed,
}

/// A call closes at the end of the minute that it names.
pub(crate) fn standing(call: &call::Model, now: Moment) -> Standing {
    match now {
        now if now < call.opens_at => Standing::Before,
        now if now < call.closes_at.plus_seconds(60) => Standing::Open,
        _ => Standing::Closed,
    }
}

/// The call of the programme that the path names, by its part of the address.
pub(crate) async fn with_slug(cx: &Cx, slug: &str) -> Result<Option<call::Model>, Fault> {
    let Ok(programme) = cx.programme() else { return Ok(None) };
    let found = call::Entity::find().filter(call::COLUMN.programme_id.eq(programme.id)).filter(call::COLUMN.slug.eq(slug));
    found.one(cx.read()).await.map_err(fault("load a call"))
}

/// The application with this id, if it is one of the programme that the path names and the viewer may read it: they
/// write it themselves, or they run calls and it was submitted.
pub(crate) async fn find(cx: &Cx, id: ApplicationId) -> Result<Option<Applied>, Fault> {
    let (Ok(programme), Ok(person)) = (cx.programme(), cx.person()) else { return Ok(None) };
    let found = application::Entity::find_by_id(id)
        .filter(application::COLUMN.programme_id.eq(programme.id))
        .one(cx.read())
        .await
        .map_err(fault("load an application"))?;
    let Some(row) = found else { return Ok(None) };
    let mine = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(id))
        .filter(member::COLUMN.person_id.eq(person))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(member::Column::Id)
        .one(cx.read())
        .await
        .map_err(fault("load a part in an application"))?;
    let runs = cx.viewer().may(Power::RunCalls, programme.id, None) && row.submitted_at.is_some();
    if mine.is_none() && !runs {
        return Ok(None);
    }
    let call = call::Entity::find_by_id(row.call_id).one(cx.read()).await.map_err(fault("load a call"))?;
    Ok(call.map(|call| Applied { row, call, mine }))
}

/// The organisations of an application that are in it now, the lead first.
pub(crate) async fn applicants(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Vec<applicant::Model>, Fault> {
    applicant::Entity::find()
        .filter(applicant::COLUMN.application_id.eq(id))
        .filter(applicant::COLUMN.left_at.is_null())
        .order_by_desc(applicant::Column::Lead)
        .order_by_asc(applicant::Column::Name)
        .order_by_asc(applicant::Column::Id)
        .all(db)
        .await
        .map_err(fault("list an application’s organisations"))
}
