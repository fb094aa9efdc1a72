//! The calls out of which those come who may apply to a further stage, and how they hear of it.

use std::collections::HashSet;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{ApplicationId, application, call, decision, form, member, person, programme};
use ui::form::Choice;

use super::reading::SUBMITTED;
use super::told::counting;
use crate::ground::{Cx, Snapshot};

/// The calls that a further stage can go on from: those of this programme, and of the programmes whose call the design
/// says the stages draw from.
pub(super) async fn calls_before(cx: &Cx, programme: &Snapshot) -> Result<Vec<(call::Model, Choice)>, Fault> {
    let stages = programme.programme.design.call.iter().flat_map(|c| &c.stages);
    let slugs: Vec<String> = stages.filter_map(|s| s.from_call_of.clone()).chain([programme.slug.clone()]).collect();
    let found = call::Entity::find()
        .select_also(programme::Entity)
        .join(
            JoinType::InnerJoin,
            call::Entity::belongs_to(programme::Entity).from(call::Column::ProgrammeId).to(programme::Column::Id).into(),
        )
        .filter(programme::COLUMN.slug.is_in(slugs))
        .order_by_desc(call::Column::ClosesAt)
        .order_by_desc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    let choice = |(call, of): (call::Model, Option<programme::Model>)| {
        let of = of?;
        let name = match of.id == programme.id {
            true => format!("Those who come from “{}”", call.name),
            false => format!("Those who come from “{}” of {}", call.name, of.name),
        };
        // Two calls may be called the same: their days tell them apart.
        let told = call.released_at.map_or_else(|| "nobody has been told yet".to_string(), |at| format!("told on {at}"));
        let hint = format!("{} applications; closes on {}; {told}.", call.applications, call.closes_at);
        let choice = Choice::new(call.id.to_string(), name).hint(hint);
        Some((call, choice))
    };
    Ok(found.into_iter().filter_map(choice).collect())
}

/// The form that the call before asked, for a stage that has none of its own: what was written there is read again.
pub(super) async fn form_before(write: &Write, before: &call::Model) -> Result<forms::Form, Fault> {
    let row = form::Entity::find_by_id(before.form_id).one(write.tx()).await.map_err(fault("load a form"))?;
    let row = row.ok_or_else(|| Fault::new("load a form", "it is not there"))?;
    serde_json::from_str(&row.document).map_err(|e| Fault::new("read a form", e))
}

/// The applications of a call with one of these outcomes, once everybody has been told.
pub(crate) async fn going_on(
    db: &impl ConnectionTrait,
    before: &call::Model,
    outcomes: &str,
) -> Result<HashSet<ApplicationId>, Fault> {
    if before.released_at.is_none() {
        return Ok(HashSet::new());
    }
    let wanted: Vec<&str> = outcomes.split_whitespace().collect();
    let counting = counting().filter(decision::COLUMN.call_id.eq(before.id));
    let decided = counting.filter(decision::COLUMN.outcome.is_in(wanted)).all(db).await.map_err(fault("list decisions"))?;
    let ids: Vec<ApplicationId> = decided.into_iter().map(|d| d.application_id).collect();
    // Whoever has withdrawn since goes nowhere.
    let there = application::Entity::find()
        .filter(application::COLUMN.id.is_in(ids))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .all(db)
        .await
        .map_err(fault("list applications"))?;
    Ok(there.into_iter().map(|a| a.id).collect())
}

/// Everybody who writes one of these applications, told that they can go on.
pub(super) async fn tell(write: &mut Write, of: &HashSet<ApplicationId>, subject: &str, text: &str) -> Result<(), Fault> {
    let writers = member::Entity::find()
        .select_only()
        .column(person::Column::Email)
        .distinct()
        .join(
            JoinType::InnerJoin,
            member::Entity::belongs_to(person::Entity).from(member::Column::PersonId).to(person::Column::Id).into(),
        )
        .filter(member::COLUMN.application_id.is_in(of.iter().copied()))
        .filter(member::COLUMN.ended_at.is_null())
        .filter(person::COLUMN.email.is_not_null())
        .order_by_asc(person::Column::Email)
        .into_tuple::<String>()
        .all(write.tx())
        .await
        .map_err(fault("list who writes"))?;
    for address in writers {
        write.mail(&address, subject.to_string(), text.to_string()).await?;
    }
    Ok(())
}
