//! The way an application has come since the start: its stages, what was decided and on which conditions, and what the
//! place has written since. It is what a gate looks at. Entries are read as everywhere: whoever looks sees what their
//! circles open to them, so what a place keeps to itself stays there until it shares it.

use std::collections::HashSet;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, application, call, decision, member, place, programme};
use ui::table::{Cell, Table};
use ui::{Html, html, parts, words};

use crate::calls::{Applied, Outcome, reference};
use crate::deciding::outcomes;
use crate::entries::{self, Asked};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};

/// More stages than any programme has: a guard against rows that point in a circle.
const MOST_STAGES: usize = 12;
const SOME: u64 = 40;

/// A stage the application has come through.
struct Step {
    row: application::Model,
    call: call::Model,
    decided: Option<decision::Model>,
    /// Where the viewer may read it.
    href: Option<String>,
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let steps = steps(&cx, &applied).await?;
    let place = match applied.row.place_id {
        Some(id) => place::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a place"))?,
        None => None,
    };
    let since = match &place {
        Some(place) => Some(since(&cx, &programme, place).await?),
        None => None,
    };
    let draft = Draft::new(format!("The way of {}", applied.row.name))
        .lead("What it said at each stage, what was decided, and what has come since.");
    Ok(applied.below(draft, &programme).page(
        &cx,
        maud! {
            (stages(&steps))
            @for step in &steps { (conditions(step)) }
            @if let Some(since) = &since { (since) }
            @else { p { "It is not a place yet: what it writes as one will stand here." } }
        },
    ))
}

/// The stages, the first of them first.
async fn steps(cx: &Cx, applied: &Applied) -> Result<Vec<Step>, Fault> {
    let mut found: Vec<Step> = Vec::new();
    let mut next = Some(applied.row.clone());
    let mut seen: HashSet<ApplicationId> = HashSet::new();
    while let Some(row) = next.filter(|row| seen.insert(row.id) && seen.len() <= MOST_STAGES) {
        let of = call::Entity::find_by_id(row.call_id).one(cx.read()).await.map_err(fault("load a call"))?;
        let Some(call) = of else { break };
        let home = programme::Entity::find_by_id(row.programme_id).one(cx.read()).await.map_err(fault("load a programme"))?;
        let decided = decided(cx, applied, &row, &call).await?;
        let readable = row.id == applied.row.id || reads(cx, applied, &row).await?;
        let href = home.filter(|_| readable).map(|p| format!("/programmes/{}/applications/{}", p.slug, row.id));
        next = match row.earlier_id {
            Some(id) => application::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load an application"))?,
            None => None,
        };
        found.push(Step { row, call, decided, href });
    }
    found.reverse();
    Ok(found)
}

/// Whether the viewer may open an earlier application: they write it, or they choose in the programme it was made to.
async fn reads(cx: &Cx, applied: &Applied, row: &application::Model) -> Result<bool, Fault> {
    if (applied.runs || applied.decides) && row.programme_id == applied.row.programme_id {
        return Ok(true);
    }
    let Some(person) = cx.viewer().person() else { return Ok(false) };
    let mine = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(row.id))
        .filter(member::COLUMN.person_id.eq(person))
        .filter(member::COLUMN.ended_at.is_null());
    Ok(mine.count(cx.read()).await.map_err(fault("look for a part in an application"))? > 0)
}

/// The decision that counts: for those who choose in that programme at once, for everybody else once all were told.
async fn decided(
    cx: &Cx,
    applied: &Applied,
    row: &application::Model,
    call: &call::Model,
) -> Result<Option<decision::Model>, Fault> {
    let chooses = (applied.runs || applied.decides) && row.programme_id == applied.row.programme_id;
    if !chooses && call.released_at.is_none() {
        return Ok(None);
    }
    // What was decided on a text that was submitted anew counts for nobody.
    Ok(outcomes(cx.read(), call.id).await?.remove(&row.id))
}

fn stages(steps: &[Step]) -> Html {
    let rows = steps.iter().map(|step| {
        let name = reference(&step.call, step.row.number);
        let outcome = step.decided.as_ref().and_then(|d| Outcome::of(&d.outcome));
        vec![
            Cell::text(&step.call.name).head(),
            match &step.href {
                Some(href) => Cell::link(href, &name),
                None => Cell::text(name),
            },
            Cell::text(step.row.submitted_at.map_or_else(|| "Not submitted".to_string(), |at| at.to_string())),
            Cell::text(outcome.map_or("No decision yet", Outcome::words)),
        ]
    });
    let table = Table::new("Stages", &["Stage", "Application", "Submitted", "Decision"], rows.collect()).html();
    html(maud! { (parts::section("stages", "The stages", &table)) })
}

fn conditions(step: &Step) -> Html {
    let said = step.decided.as_ref().map(|d| d.conditions.as_str()).filter(|text| !text.is_empty());
    html(maud! {
        @if let Some(said) = said {
            (parts::section(&format!("conditions-{}", step.row.id), &format!("On condition, after “{}”", step.call.name), words::markdown(said)))
        }
    })
}

/// What the place has written since, as far as the viewer reads it.
async fn since(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Html, Stop> {
    let asked = Asked { place: Some(place.id), limit: SOME, ..Asked::default() };
    let entries = entries::list(cx, programme, &asked).await?;
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let of_place = cx.held().any(|h| h.place == Some(place.id));
    Ok(html(maud! {
        (parts::section("since", "The place since", maud! {
            p { a href=(&home) { (&place.name) } ": its problem, its vision, its partners." }
            @if of_place { p { "You see here what you may read. Those who decide see what they may read, and nothing of the place’s own. To put something before them, open it and share it with them." } }
            @else { p { "Only what you may read stands here. What the place keeps to itself is not shown, and does not count." } }
            @if entries.is_empty() { p { "There is nothing here yet that you may read." } }
            @else {
                (entries::cards(programme, &entries, &[], false))
                p { a href={ (&home) "/entries" } { "The whole timeline" } }
            }
        }))
    }))
}
