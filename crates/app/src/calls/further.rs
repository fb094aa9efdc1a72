//! Applications that have gone on to a further stage, while it was decided anew on what they come from: what counts there
//! now may not lead here any more. Nothing happens to them by itself; whoever runs the call is told.

use std::collections::HashMap;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, CallId, application, call, decision};
use ui::{Html, html, parts};

use super::reading::{Applied, DRAFT, SUBMITTED, WITHDRAWN, conflicts, reference};
use super::told::{Outcome, counting};
use crate::ground::html::*;
use crate::ground::{Cx, Stop};

/// An application that went on, and what is decided now of the one it comes from.
struct Further {
    id: ApplicationId,
    reference: String,
    state: String,
    call: call::Model,
    earlier: Earlier,
    outcome: Option<Outcome>,
}

#[derive(Clone)]
struct Earlier {
    id: ApplicationId,
    reference: String,
    name: String,
    state: String,
    programme: tables::ProgrammeId,
}

impl Further {
    /// Whether what counts on the earlier one leads to the stage that this one is at.
    fn leads(&self) -> bool {
        let wanted = self.call.after_outcomes.as_deref().unwrap_or_default();
        self.earlier.state == SUBMITTED && self.outcome.is_some_and(|o| wanted.split_whitespace().any(|key| key == o.key()))
    }
    /// What became of the earlier one.
    fn now(&self) -> String {
        match self.outcome {
            _ if self.earlier.state == WITHDRAWN => "it was withdrawn".into(),
            Some(outcome) => format!("“{}” counts now", outcome.words()),
            None => "nothing counts now".into(),
        }
    }
    /// How it stands where it is. Of a draft nothing is shown but that it is being written.
    fn stands(&self) -> String {
        match self.state.as_str() {
            DRAFT => "it is being written".into(),
            state => format!("it is {state}, as {}", self.reference),
        }
    }
}

const WHAT_CAN_BE_DONE: &str = "Nothing happens to it by itself. The organisation that leads it can withdraw it on its own page: talk with them. Once it is submitted, it can be decided on there like any other.";

type Row = (ApplicationId, i32, String, String, tables::ProgrammeId, CallId, Option<ApplicationId>);

/// Those of these applications, as far as they are not withdrawn, that come from an earlier one.
async fn further(cx: &Cx, wanted: Condition) -> Result<Vec<Further>, Fault> {
    let rows =
        list(cx, wanted.add(application::COLUMN.earlier_id.is_not_null()).add(application::COLUMN.state.ne(WITHDRAWN))).await?;
    let before: Vec<ApplicationId> = rows.iter().filter_map(|row| row.6).collect();
    let earlier = list(cx, Condition::all().add(application::COLUMN.id.is_in(before.iter().copied()))).await?;
    let ids = rows.iter().chain(&earlier).map(|row| row.5);
    let calls = call::Entity::find().filter(call::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list calls"))?;
    let calls: HashMap<CallId, call::Model> = calls.into_iter().map(|call| (call.id, call)).collect();
    let decided: Vec<(ApplicationId, String)> = counting()
        .filter(decision::COLUMN.application_id.is_in(before))
        .select_only()
        .columns([decision::Column::ApplicationId, decision::Column::Outcome])
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list decisions"))?;
    let decided: HashMap<ApplicationId, String> = decided.into_iter().collect();
    let earlier = earlier.into_iter().filter_map(|(id, number, name, state, programme, of, _)| {
        let reference = reference(calls.get(&of)?, number);
        Some((id, Earlier { id, reference, name, state, programme }))
    });
    let earlier: HashMap<ApplicationId, Earlier> = earlier.collect();
    let found = rows.into_iter().filter_map(|(id, number, _, state, _, of, before)| {
        let (call, earlier) = (calls.get(&of)?.clone(), earlier.get(&before?)?.clone());
        let outcome = decided.get(&earlier.id).and_then(|key| Outcome::of(key));
        Some(Further { id, reference: reference(&call, number), state, call, earlier, outcome })
    });
    Ok(found.collect())
}

async fn list(cx: &Cx, wanted: Condition) -> Result<Vec<Row>, Fault> {
    use application::Column::{CallId, EarlierId, Id, Name, Number, ProgrammeId, State};
    let found = application::Entity::find().filter(wanted).order_by_asc(Number).order_by_asc(Id);
    let found = found.select_only().columns([Id, Number, Name, State, ProgrammeId, CallId, EarlierId]);
    found.into_tuple().all(cx.read()).await.map_err(fault("list applications"))
}

/// Above a stage's list: those that were begun at it, and whose way here was decided otherwise since.
pub(super) async fn on_list(cx: &Cx, call: &call::Model) -> Result<Html, Stop> {
    if call.after_id.is_none() {
        return Ok(html(""));
    }
    let mut all = further(cx, Condition::all().add(application::COLUMN.call_id.eq(call.id))).await?;
    all.retain(|one| !one.leads());
    let ids: Vec<ApplicationId> = all.iter().flat_map(|one| [one.id, one.earlier.id]).collect();
    let aside = conflicts(cx.read(), cx.person()?, &ids).await?;
    let home = cx.programme()?;
    let here = home.id;
    let home = home.href();
    Ok(html(maud! {
        @if !all.is_empty() {
            (parts::section("otherwise", "Decided otherwise since they went on", maud! {
                p { "These were begun here, and what counts now on what they come from does not lead here any more. Nothing happens to them for that. The organisation that leads one can withdraw it on its own page: talk with them. One that is submitted can also be decided on here like any other." }
                ul {
                    @for one in &all {
                        @if aside.contains(&one.id) || aside.contains(&one.earlier.id) { li { (&one.earlier.reference) ": you stand aside." } }
                        @else {
                            li {
                                @if one.earlier.programme == here { a href={ (&home) "/applications/" (one.earlier.id.to_string()) "/decision" } { (&one.earlier.reference) " " (&one.earlier.name) } }
                                @else { (&one.earlier.reference) " " (&one.earlier.name) }
                                ": " (one.now()) ". Here " (one.stands()) "."
                            }
                        }
                    }
                }
            }))
        }
    }))
}

/// On the page of a decision, for those who run the call: where the application has gone on to, and whether it may still
/// be here, where it comes from another.
pub(crate) async fn on_decision(cx: &Cx, applied: &Applied) -> Result<Html, Stop> {
    if !applied.runs {
        return Ok(html(""));
    }
    let id = applied.row.id;
    let near = Condition::any().add(application::COLUMN.earlier_id.eq(id)).add(application::COLUMN.id.eq(id));
    let mut all = further(cx, Condition::all().add(near)).await?;
    let ids: Vec<ApplicationId> = all.iter().flat_map(|one| [one.id, one.earlier.id]).collect();
    let aside = conflicts(cx.read(), cx.person()?, &ids).await?;
    all.retain(|one| !aside.contains(&one.id) && !aside.contains(&one.earlier.id));
    let inset = |one: &Further| {
        let on = one.earlier.id == id;
        parts::inset(maud! {
            @if on { p { "This application has gone on to “" (&one.call.name) "”: there " (one.stands()) "." } }
            @else { p { "This application comes from " (&one.earlier.reference) ", on which it was decided anew: " (one.now()) ", and that does not lead here." } }
            @if on && one.leads() { p { "If it is decided otherwise here, it is not taken out there by that." } }
            @else if on { p { "What counts on it here does not lead there any more: " (one.now()) ". " (WHAT_CAN_BE_DONE) } }
            @else { p { "Nothing happens to it by itself. The organisation that leads it can withdraw it on its own page: talk with them; or say here what becomes of it." } }
        })
    };
    let shown = all.iter().filter(|one| one.earlier.id == id || !one.leads()).map(inset).collect::<Vec<_>>();
    Ok(html(maud! { @for one in &shown { (one) } }))
}
