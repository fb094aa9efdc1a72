//! Which applications are read as evidence: passages of what they answer can be marked, and are counted with all others.

use std::collections::HashSet;

use design::{Power, Side};
use kernel::{Day, Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, PlaceId, application, call, member, reading};

use super::reading::{SUBMITTED, conflicts};
use crate::ground::{Cx, Snapshot};

/// So many are asked for at once.
const CHUNK: usize = 400;

/// An application whose answers the viewer may read as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub id: ApplicationId,
    pub name: String,
    /// The place it became.
    pub place: Option<PlaceId>,
    pub submitted_on: Day,
    /// The revision of its sheet that was submitted.
    pub revision: i32,
}

/// Of these applications those whose answers the viewer may read as evidence: submitted, not withdrawn, and run or decided on by a
/// viewer who stands aside from none of it and has no scores of their own to give any more; or, once decisions were told, written by the
/// viewer or by the place that the viewer is of.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn as_evidence(cx: &Cx, programme: &Snapshot, ids: &[ApplicationId]) -> Result<Vec<Evidence>, Fault> {
    let Ok(person) = cx.person() else { return Ok(Vec::new()) };
    let chooses = cx.viewer().may(Power::RunCalls, programme.id, None) || cx.viewer().decides_for(programme.id).next().is_some();
    let near = conflicts(cx.read(), person, ids).await?;
    let mut found = Vec::new();
    for some in ids.chunks(CHUNK) {
        let writes: HashSet<ApplicationId> = member::Entity::find()
            .select_only()
            .column(member::Column::ApplicationId)
            .filter(member::COLUMN.person_id.eq(person))
            .filter(member::COLUMN.ended_at.is_null())
            .filter(member::COLUMN.application_id.is_in(some.iter().copied()))
            .into_tuple()
            .all(cx.read())
            .await
            .map_err(fault("list parts in applications"))?
            .into_iter()
            .collect();
        // What others marked would weigh on somebody who is to score.
        let scoring: HashSet<ApplicationId> = reading::Entity::find()
            .select_only()
            .column(reading::Column::ApplicationId)
            .filter(reading::COLUMN.person_id.eq(person))
            .filter(reading::COLUMN.ended_at.is_null())
            .filter(reading::COLUMN.submitted_at.is_null())
            .filter(reading::COLUMN.application_id.is_in(some.iter().copied()))
            .into_tuple()
            .all(cx.read())
            .await
            .map_err(fault("list readings"))?
            .into_iter()
            .collect();
        for (row, told) in rows(cx, programme, some).await? {
            let of_place = row.place.is_some()
                && cx
                    .held()
                    .any(|h| h.place == row.place && h.programme.role(&h.role).is_some_and(|role| role.side == Side::Place));
            let open = match writes.contains(&row.id) {
                true => told,
                false if near.contains(&row.id) => false,
                false => (chooses && !scoring.contains(&row.id)) || (told && of_place),
            };
            found.extend(open.then_some(row));
        }
    }
    Ok(found)
}

type Row = (ApplicationId, String, Option<PlaceId>, Moment, i32, Option<Moment>);

/// Those that stand submitted, each with whether its decision was told.
async fn rows(cx: &Cx, programme: &Snapshot, ids: &[ApplicationId]) -> Result<Vec<(Evidence, bool)>, Fault> {
    let of_call = application::Entity::belongs_to(call::Entity).from(application::Column::CallId).to(call::Column::Id);
    let rows: Vec<Row> = application::Entity::find()
        .select_only()
        .columns([application::Column::Id, application::Column::Name, application::Column::PlaceId])
        .columns([application::Column::SubmittedAt, application::Column::SubmittedRevision])
        .column(call::Column::ReleasedAt)
        .join(JoinType::InnerJoin, of_call.into())
        .filter(application::COLUMN.programme_id.eq(programme.id))
        .filter(application::COLUMN.id.is_in(ids.iter().copied()))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .filter(application::COLUMN.submitted_at.is_not_null())
        .filter(application::COLUMN.submitted_revision.is_not_null())
        .order_by_asc(application::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let told = rows.into_iter().map(|(id, name, place, submitted, revision, told)| {
        (Evidence { id, name, place, submitted_on: submitted.day(), revision }, told.is_some())
    });
    Ok(told.collect())
}
