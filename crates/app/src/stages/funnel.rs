//! How many came into each stage of a programme's call, and how many went on: as a picture and as a table.

use std::collections::HashMap;

use design::Power;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{CallId, application, call, decision};
use ui::figures::{Funnel, FunnelStep, funnel};
use ui::parts;

use crate::calls::{DRAFT, Outcome, SUBMITTED, WITHDRAWN, counting};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    // Until everybody has been told, what was decided is known to those who choose and to nobody else.
    let chooses = cx.viewer().may(Power::RunCalls, programme.id, None) || cx.viewer().decides_for(programme.id).next().is_some();
    let calls = call::Entity::find()
        .filter(call::COLUMN.programme_id.eq(programme.id))
        .order_by_asc(call::Column::OpensAt)
        .order_by_asc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    let states = states(&cx, &calls).await?;
    let outcomes = outcomes(&cx, &calls).await?;
    let count = |of: &HashMap<(CallId, String), i64>, call: &call::Model, key: &str| {
        of.get(&(call.id, key.to_string())).copied().and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    };
    let steps = calls.iter().map(|call| {
        let told = chooses || call.released_at.is_some();
        FunnelStep {
            name: call.name.clone(),
            href: Some(format!("{}/calls/{}", programme.href(), call.slug)),
            started: count(&states, call, DRAFT) + count(&states, call, SUBMITTED) + count(&states, call, WITHDRAWN),
            submitted: count(&states, call, SUBMITTED),
            reserve: told.then(|| count(&outcomes, call, Outcome::Reserve.key())),
            chosen: told.then(|| count(&outcomes, call, Outcome::Chosen.key())),
        }
    });
    let steps = Funnel { steps: steps.collect() };
    let draft = Draft::new("From call to place").lead("How many came into each stage, and how many went on.");
    Ok(draft.crumb(&programme.name, programme.href()).crumb("Calls", format!("{}/calls", programme.href())).page(
        &cx,
        maud! {
            @if steps.steps.is_empty() {
                (parts::empty_state("No call has been opened here", "Once a call is open, its applications are counted here, stage by stage.", None))
            } @else { (funnel(&steps)) }
        },
    ))
}

async fn states(cx: &Cx, calls: &[call::Model]) -> Result<HashMap<(CallId, String), i64>, Fault> {
    let found: Vec<(CallId, String, i64)> = application::Entity::find()
        .select_only()
        .column(application::Column::CallId)
        .column(application::Column::State)
        .column_as(application::COLUMN.id.count(), "many")
        .filter(application::COLUMN.call_id.is_in(calls.iter().map(|c| c.id)))
        .group_by(application::Column::CallId)
        .group_by(application::Column::State)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count applications"))?;
    Ok(found.into_iter().map(|(call, state, many)| ((call, state), many)).collect())
}

async fn outcomes(cx: &Cx, calls: &[call::Model]) -> Result<HashMap<(CallId, String), i64>, Fault> {
    let of_application = decision::Entity::belongs_to(application::Entity)
        .from(decision::Column::ApplicationId)
        .to(application::Column::Id)
        .into();
    let found: Vec<(CallId, String, i64)> = counting()
        .join(JoinType::InnerJoin, of_application)
        // Whoever has withdrawn since goes nowhere.
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .select_only()
        .column(decision::Column::CallId)
        .column(decision::Column::Outcome)
        .column_as(decision::COLUMN.id.count(), "many")
        .filter(decision::COLUMN.call_id.is_in(calls.iter().map(|c| c.id)))
        .group_by(decision::Column::CallId)
        .group_by(decision::Column::Outcome)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count decisions"))?;
    Ok(found.into_iter().map(|(call, outcome, many)| ((call, outcome), many)).collect())
}
