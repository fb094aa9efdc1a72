//! An assessor drops out: what that means for what they have read is said first, and happens once it is confirmed.

use std::collections::HashSet;

use axum::http::StatusCode;
use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, AssessorId, ReadingId, assessor, call, person, reading};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::people::release;
use super::plan::begun;
use crate::calls::{self, conflicts, href, reference};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

/// What somebody has been given to read.
struct Readings {
    submitted: usize,
    open: Vec<reading::Model>,
}

impl Readings {
    async fn of(db: &impl ConnectionTrait, assessor: &assessor::Model) -> Result<Self, Fault> {
        let found = reading::Entity::find()
            .filter(reading::COLUMN.call_id.eq(assessor.call_id))
            .filter(reading::COLUMN.person_id.eq(assessor.person_id))
            .filter(reading::COLUMN.ended_at.is_null())
            .order_by_asc(reading::Column::Id)
            .all(db)
            .await
            .map_err(fault("list readings"))?;
        let (submitted, open): (Vec<_>, Vec<_>) = found.into_iter().partition(|r| r.submitted_at.is_some());
        Ok(Self { submitted: submitted.len(), open })
    }
    /// Tells whether they have handed in or been given anything since the page was opened.
    fn seen(&self) -> String {
        format!("{} {}", self.submitted, self.open.len())
    }
}

fn id(cx: &Cx) -> Result<AssessorId, Stop> {
    cx.param("assessor").parse().map_err(|_| Stop::Missing)
}

fn home(cx: &Cx) -> Result<String, Stop> {
    Ok(format!("{}/assessors", href(cx.programme()?, cx.call()?)))
}

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &Invalid::default()).await
}

async fn show(cx: &Cx, wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let found = assessor::Entity::find_by_id(id(cx)?).filter(assessor::COLUMN.call_id.eq(call.id)).one(cx.read()).await;
    let row = found.map_err(fault("load an assessor"))?.ok_or(Stop::Missing)?;
    if let Some(at) = row.left_at {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "They have dropped out already".into(),
            why: format!("That was on {at}. Add them again if they read after all."),
            next: Some(("Assessors".into(), home(cx)?)),
        });
    }
    let who = person::Entity::find_by_id(row.person_id).one(cx.read()).await.map_err(fault("load a person"))?;
    let name = who.map(|p| p.name).unwrap_or_default();
    let readings = Readings::of(cx.read(), &row).await?;
    let back = home(cx)?;
    let table = what_is_taken_back(cx, &call, &readings.open).await?;
    let hint = match readings.open.len() {
        0 => "If they read after all, they can be added again.",
        _ => "If they read after all, they can be added again; what is taken back now is then given out anew.",
    };
    let sure = [Choice::new("yes", format!("{name} drops out"))];
    let draft = Draft::new(format!("{name} drops out"))
        .lead("What this means for the applications that they were given to read.")
        .invalid(wrong)
        .crumb(&programme.name, programme.href())
        .crumb(&call.name, href(&programme, &call));
    Ok(draft.crumb("Assessors", &back).page(
        cx,
        maud! {
            (consequences(&readings))
            (table)
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_seen", &readings.seen()))
                (form::checkboxes(Field::new("sure", "Do they drop out?").hint(hint).error(wrong.of("sure")), &sure))
                (form::button_group(maud! {
                    (form::warning_button("Note that they drop out"))
                    a class="govuk-link" href=(&back) { "Leave it as it is" }
                }))
            }))
        },
    ))
}

fn consequences(readings: &Readings) -> Html {
    let (submitted, open) = (readings.submitted, readings.open.len());
    let many = |n: usize| if n == 1 { "1 reading".to_string() } else { format!("{n} readings") };
    html(maud! {
        ul {
            @match submitted {
                0 => li { "They have submitted no scores, so none are lost and none count." }
                n => li { (many(n)) " submitted: the scores stand, and count as they did." }
            }
            @match open {
                0 => li { "Nothing that they were given is left to read." }
                n => li { (many(n)) " not submitted: taken back. Each of these applications needs another reader; work out again who reads what." }
            }
            @if open > 0 { li { "What they have written of those so far is kept in the record, counts nowhere, and nobody reads it." } }
        }
    })
}

/// The applications that are taken back from them, as far as the viewer may know them.
async fn what_is_taken_back(cx: &Cx, call: &call::Model, open: &[reading::Model]) -> Result<Html, Stop> {
    let ids: Vec<ApplicationId> = open.iter().map(|r| r.application_id).collect();
    let aside = conflicts(cx.read(), cx.person()?, &ids).await?;
    let begun: HashSet<ReadingId> = begun(cx.read(), call).await?;
    let submitted = calls::submitted(cx.read(), call.id).await?;
    let rows = submitted.iter().filter_map(|one| {
        let reading = open.iter().find(|r| r.application_id == one.id)?;
        let begun = begun.contains(&reading.id) || !reading.remark.is_empty();
        let near = aside.contains(&one.id);
        Some(vec![
            Cell::text(reference(call, one.number)).head(),
            Cell::text(if near { "You stand aside" } else { &one.name }),
            Cell::text(if begun { "Begun" } else { "Not begun" }),
        ])
    });
    let rows: Vec<_> = rows.collect();
    let table = Table::new("What is taken back from them", &["Application", "Partnership", "How far"], rows.clone()).html();
    Ok(html(maud! { @if !rows.is_empty() { (table) } }))
}

pub(super) async fn save(act: Act) -> Answer {
    let (call, id) = (act.call()?.clone(), id(&act)?);
    if act.form.get("sure") != "yes" {
        return show(&act, &Invalid::one("sure", "Tick this if they drop out")).await;
    }
    let mut write = act.write("note that an assessor drops out").await?;
    write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let before = write.lock::<assessor::Entity>(id).await?.filter(|a| a.call_id == call.id).ok_or(Stop::Missing)?;
    let readings = Readings::of(write.tx(), &before).await?;
    if before.left_at.is_some() || readings.seen() != act.form.get("_seen") {
        drop(write);
        let why = "What they have submitted or were given has changed since. Read it again, then tick this again";
        return show(&act, &Invalid::one("sure", why)).await;
    }
    write.replace(&before, assessor::Model { left_at: Some(write.at()), ..before.clone() }).await?;
    release(&mut write, readings.open, "They dropped out").await?;
    act.save(write, &format!("{}?done=left", home(&act)?)).await
}
