//! The one way to reach calls and applications.

use std::collections::HashSet;

use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, CallId, PersonId, SheetId, applicant, application, call, conflict, member, reading};

use crate::ground::{Cx, Draft, Held, Snapshot};
use design::{Power, Side, Stage};

/// What an application is while it is written, and after.
pub(crate) const DRAFT: &str = "draft";
pub(crate) const SUBMITTED: &str = "submitted";
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// An application, as the viewer may have it. Whoever writes it has nothing to do with choosing it, whatever their
/// roles; whoever declared a conflict with it does not get here at all.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub row: application::Model,
    pub call: call::Model,
    /// The viewer's own part in it, where they write it.
    pub mine: Option<member::Model>,
    /// The viewer runs the call.
    pub runs: bool,
    /// The viewer decides on it for a sponsor.
    pub decides: bool,
    /// It was given to the viewer to assess.
    pub reads: Option<reading::Model>,
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
    /// A page about it, below the programme, the call and the application itself.
    pub fn below(&self, page: Draft, programme: &Snapshot) -> Draft {
        let (home, call) = (self.href(&programme.href()), super::href(programme, &self.call));
        page.crumb(&programme.name, programme.href()).crumb(&self.call.name, call).crumb(&self.row.name, home)
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
/// write it themselves; or it was submitted, they declared no conflict with it, and they run calls, decide on
/// applications, it was given to them to assess, or it became the place they hold a role of.
pub(crate) async fn find(cx: &Cx, id: ApplicationId) -> Result<Option<Applied>, Fault> {
    let (Ok(programme), Ok(person)) = (cx.programme(), cx.person()) else { return Ok(None) };
    let of_call = application::Entity::belongs_to(call::Entity).from(application::Column::CallId).to(call::Column::Id);
    let found = application::Entity::find_by_id(id)
        .filter(application::COLUMN.programme_id.eq(programme.id))
        .select_also(call::Entity)
        .join(JoinType::InnerJoin, of_call.into())
        .one(cx.read())
        .await
        .map_err(fault("load an application"))?;
    let Some((row, Some(call))) = found else { return Ok(None) };
    let mine = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(id))
        .filter(member::COLUMN.person_id.eq(person))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(member::Column::Id)
        .one(cx.read())
        .await
        .map_err(fault("load a part in an application"))?;
    let (mut runs, mut decides, mut reads) = (false, false, None);
    let of_place = row.place_id.is_some() && cx.held().any(|h| h.place == row.place_id && of_its_side(h));
    if mine.is_none() {
        if row.submitted_at.is_none() || !conflicts(cx.read(), person, &[id]).await?.is_empty() {
            return Ok(None);
        }
        runs = cx.viewer().may(Power::RunCalls, programme.id, None);
        decides = cx.viewer().decides_for(programme.id).next().is_some();
        if cx.viewer().may(Power::Assess, programme.id, None) {
            reads = given(cx, id, person).await?;
        }
        if !runs && !decides && reads.is_none() && !of_place {
            return Ok(None);
        }
    }
    Ok(Some(Applied { row, call, mine, runs, decides, reads }))
}

/// A role on a place's own side: a consultant's reaches the place as well, and opens nothing here.
fn of_its_side(held: &Held) -> bool {
    held.programme.role(&held.role).is_some_and(|r| r.side == Side::Place)
}

/// The application given to this assessor, if it still is.
async fn given(cx: &Cx, id: ApplicationId, person: PersonId) -> Result<Option<reading::Model>, Fault> {
    reading::Entity::find()
        .filter(reading::COLUMN.application_id.eq(id))
        .filter(reading::COLUMN.person_id.eq(person))
        .filter(reading::COLUMN.ended_at.is_null())
        .order_by_asc(reading::Column::Id)
        .one(cx.read())
        .await
        .map_err(fault("load a reading"))
}

/// Those of these applications with which somebody has a conflict of interest: they declared it, or they write it.
pub(crate) async fn conflicts(
    db: &impl ConnectionTrait,
    person: PersonId,
    of: &[ApplicationId],
) -> Result<HashSet<ApplicationId>, Fault> {
    let declared = conflict::Entity::find()
        .filter(conflict::COLUMN.person_id.eq(person))
        .filter(conflict::COLUMN.ended_at.is_null())
        .all(db)
        .await
        .map_err(fault("list conflicts"))?;
    // Whoever wrote it once is as near to it as who writes it now.
    let written = member::Entity::find().filter(member::COLUMN.person_id.eq(person)).all(db).await;
    let written = written.map_err(fault("list parts in applications"))?;
    let near = declared.into_iter().map(|c| c.application_id).chain(written.into_iter().map(|m| m.application_id));
    Ok(near.filter(|id| of.contains(id)).collect())
}

/// An application that was submitted and not withdrawn.
#[derive(Debug, Clone)]
pub(crate) struct Submitted {
    pub id: ApplicationId,
    pub number: i32,
    pub name: String,
    pub sheet: SheetId,
}

/// What was submitted to a call, in the order of numbers. Whoever shows it leaves out what the viewer stands aside from.
pub(crate) async fn submitted(db: &impl ConnectionTrait, call: CallId) -> Result<Vec<Submitted>, Fault> {
    let rows: Vec<(ApplicationId, i32, String, SheetId)> = application::Entity::find()
        .filter(application::COLUMN.call_id.eq(call))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .order_by_asc(application::Column::Number)
        .order_by_asc(application::Column::Id)
        .select_only()
        .columns([application::Column::Id, application::Column::Number, application::Column::Name, application::Column::SheetId])
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list applications"))?;
    Ok(rows.into_iter().map(|(id, number, name, sheet)| Submitted { id, number, name, sheet }).collect())
}

/// The stage as it stood when the call was opened; as the design has it now, where the call is older than that was kept.
pub(crate) fn stage_of(programme: &Snapshot, call: &call::Model) -> Result<Stage, Fault> {
    match &call.terms {
        Some(text) => serde_json::from_str(text).map_err(|e| Fault::new("read the terms of a call", e)),
        None => {
            let design = programme.programme.design.call.as_ref();
            let stage = design.and_then(|c| c.stage(&call.stage)).cloned();
            stage.ok_or_else(|| Fault::new("read the terms of a call", "the design has no such stage"))
        }
    }
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
