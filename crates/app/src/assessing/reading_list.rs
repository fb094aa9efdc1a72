//! An assessor's own list: what they are to read, how far they are, and the way through it criterion by criterion.

use std::collections::HashSet;

use design::Power;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, PersonId, ReadingId, application, call, reading, score};
use ui::html;
use ui::parts::{self, Task, Tone};
use ui::table::{Cell, Table};

use crate::calls::{SUBMITTED, href, reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

const SAID: &[(&str, &str)] = &[("submitted", "Submitted. You see what others gave once they have submitted too.")];

/// An application to read, and by which criteria it has points so far.
pub(super) struct ToRead {
    pub application: ApplicationId,
    pub number: i32,
    pub name: String,
    pub submitted: bool,
    pub scored: HashSet<String>,
}

/// What somebody is to read for a call, in the order of the applications' numbers. What was withdrawn is not read.
pub(super) async fn to_read(cx: &Cx, person: PersonId, call: &call::Model) -> Result<Vec<ToRead>, Fault> {
    let readings = reading::Entity::find()
        .filter(reading::COLUMN.call_id.eq(call.id))
        .filter(reading::COLUMN.person_id.eq(person))
        .filter(reading::COLUMN.ended_at.is_null())
        .all(cx.read())
        .await
        .map_err(fault("list readings"))?;
    let scores: Vec<(ReadingId, String)> = score::Entity::find()
        .filter(score::COLUMN.reading_id.is_in(readings.iter().map(|r| r.id)))
        .filter(score::COLUMN.replaced_at.is_null())
        .filter(score::COLUMN.points.is_not_null())
        .select_only()
        .columns([score::Column::ReadingId, score::Column::Criterion])
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list scores"))?;
    let named: Vec<(ApplicationId, i32, String)> = application::Entity::find()
        .filter(application::COLUMN.id.is_in(readings.iter().map(|r| r.application_id)))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .order_by_asc(application::Column::Number)
        .order_by_asc(application::Column::Id)
        .select_only()
        .columns([application::Column::Id, application::Column::Number, application::Column::Name])
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let all = named.into_iter().filter_map(|(application, number, name)| {
        let reading = readings.iter().find(|r| r.application_id == application)?;
        let scored = scores.iter().filter(|(id, _)| *id == reading.id).map(|(_, criterion)| criterion.clone()).collect();
        Some(ToRead { application, number, name, submitted: reading.submitted_at.is_some(), scored })
    });
    Ok(all.collect())
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let all = to_read(&cx, cx.person()?, &call).await?;
    let stage = stage_of(&programme, &call)?;
    let done = all.iter().filter(|r| r.submitted).count();
    let home = |one: &ToRead| format!("{}/applications/{}/assess", programme.href(), one.application);
    let rows = all.iter().map(|one| {
        let mut row = vec![
            Cell::link(&home(one), &reference(&call, one.number)).head(),
            Cell::text(&one.name),
            Cell::text(match (one.submitted, one.scored.len()) {
                (true, _) => "Submitted".to_string(),
                (false, 0) => "Not started".to_string(),
                (false, n) => format!("{n} of {} criteria", stage.criteria.len()),
            }),
        ];
        row.extend(stage.criteria.iter().map(|c| match (one.submitted, one.scored.contains(&c.key)) {
            (true, _) => Cell::text("✓ scored"),
            (false, scored) => Cell::html(html(maud! {
                a href={ (home(one)) "?by=" (&c.key) } {
                    @if scored { "✓ look again" } @else { "Score" }
                    span class="govuk-visually-hidden" { " " (reference(&call, one.number)) " by " (&c.name.en) }
                }
            })),
        }));
        row
    });
    let mut headers = vec!["Application", "Partnership", "How far"];
    headers.extend(stage.criteria.iter().map(|c| c.name.en.as_str()));
    let table = Table::new("What you are to read", &headers, rows.collect()).quiet().html();
    let conflicts = format!("{}/conflicts", href(&programme, &call));
    let draft = Draft::new("What you are to read").lead("Each application on its own, by each criterion, with your reason.");
    let draft = draft.done(&cx, SAID).crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).page(
        &cx,
        maud! {
            p { "First look through " a href=(&conflicts) { "the list of applications for conflicts of interest" } ". You can declare one at any later moment as well." }
            p { "The readers of an application are a mixed group: " a href={ (href(&programme, &call)) "/reading/you" } { "say what you bring" } "." }
            @if all.is_empty() {
                (parts::empty_state("Nothing has been given to you to read", "Once the call has closed and its applications are allocated, yours stand here.", None))
            } @else {
                p { "You have submitted your scores of " (done) " of " (all.len()) ". " @if let Some(day) = call.decides_on { "Everybody hears on " (day.to_string()) "." } }
                p { "Read an application in its own order and score it by all criteria; or follow one column, to read all of them by the same criterion." }
                (table)
            }
        },
    ))
}

/// What waits for the viewer in a programme's calls: applications to read, and those that too few read.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Fault> {
    let Some(person) = cx.viewer().person() else { return Ok(Vec::new()) };
    let mut tasks = to_be_read(cx, programme, person).await?;
    if cx.viewer().may(Power::RunCalls, programme.id, None) {
        tasks.extend(short_of_readers(cx, programme).await?);
    }
    Ok(tasks)
}

/// Calls that have closed, some of whose applications have fewer readers than the design asks for.
async fn short_of_readers(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Fault> {
    let closed = call::Entity::find()
        .filter(call::COLUMN.programme_id.eq(programme.id))
        .filter(call::COLUMN.released_at.is_null())
        .filter(call::COLUMN.closes_at.lte(cx.now().plus_seconds(-60)))
        .order_by_asc(call::Column::ClosesAt)
        .order_by_asc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    let mut tasks = Vec::new();
    for call in closed {
        let wanted = stage_of(programme, &call)?.readers.unwrap_or(0);
        let short = if wanted == 0 { 0 } else { short(cx, &call, wanted).await? };
        let text = match short {
            0 => continue,
            1 => "1 application has fewer readers than asked for".to_string(),
            n => format!("{n} applications have fewer readers than asked for"),
        };
        tasks.push(Task {
            text,
            href: format!("{}/allocation", href(programme, &call)),
            detail: Some(format!("{}. Each is to be read by {wanted}.", call.name)),
            due: call.decides_on.map(|day| format!("decided by {day}")),
            tone: Tone::Waiting,
        });
    }
    Ok(tasks)
}

/// How many submitted applications of a call fewer than so many read.
async fn short(cx: &Cx, call: &call::Model, wanted: u32) -> Result<usize, Fault> {
    let readings = application::Entity::belongs_to(reading::Entity)
        .from(application::Column::Id)
        .to(reading::Column::ApplicationId)
        .on_condition(|_, readings| Expr::col((readings, reading::Column::EndedAt)).is_null().into_condition());
    let found: Vec<ApplicationId> = application::Entity::find()
        .join(JoinType::LeftJoin, readings.into())
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .select_only()
        .column(application::Column::Id)
        .group_by(application::Column::Id)
        .having(ExprTrait::lt(reading::COLUMN.id.count(), i64::from(wanted)))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count readers"))?;
    Ok(found.len())
}

async fn to_be_read(cx: &Cx, programme: &Snapshot, person: PersonId) -> Result<Vec<Task>, Fault> {
    if !cx.viewer().may(Power::Assess, programme.id, None) {
        return Ok(Vec::new());
    }
    let open: Vec<tables::CallId> = reading::Entity::find()
        .filter(reading::COLUMN.programme_id.eq(programme.id))
        .filter(reading::COLUMN.person_id.eq(person))
        .filter(reading::COLUMN.ended_at.is_null())
        .filter(reading::COLUMN.submitted_at.is_null())
        .select_only()
        .column(reading::Column::CallId)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list readings"))?;
    let calls = call::Entity::find()
        .filter(call::COLUMN.id.is_in(open))
        .order_by_asc(call::Column::ClosesAt)
        .order_by_asc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    let mut tasks = Vec::new();
    for call in &calls {
        let left = to_read(cx, person, call).await?.iter().filter(|r| !r.submitted).count();
        if left > 0 {
            tasks.push(Task {
                text: if left == 1 { "1 application to read".into() } else { format!("{left} applications to read") },
                href: format!("{}/reading", href(programme, call)),
                detail: Some(format!("For {}.", call.name)),
                due: call.decides_on.map(|day| format!("decided by {day}")),
                tone: Tone::Waiting,
            });
        }
    }
    Ok(tasks)
}
