//! Deciding anew, once everybody was told: a place falls through, one in reserve moves up. What the applicant was told
//! stands until every sponsor has assented to another decision and the applicant is told of it; both stay readable.

use axum::http::StatusCode;
use kernel::Moment;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{ApplicationId, PersonId, application, call, decision};
use ui::{Html, form, html, parts};

use super::Outcome;
use super::decision::assent_buttons;
use super::portfolio::Portfolio;
use super::propose::{may_propose, speaks_for_none};
use super::shown::{self, Names};
use super::standing::{Decided, deciders, said};
use crate::calls::{Applied, SUBMITTED, WITHDRAWN, conflicts, mail_writers, reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Snapshot, Stop};

/// What deciding anew comes to, above its form.
pub(super) fn what_it_is(told: Moment, place: bool) -> Html {
    html(maud! {
        p { "Everybody was told on " (told.to_string()) ". If one that was chosen cannot go on, or another moves up, propose what becomes of this one now. What was told stands until every sponsor has assented to the new decision and the applicant is told; it stays readable beside it." }
        @if place { p { "It is a place already, and stays one whatever is decided here: end what has to end on the place’s own pages." } }
    })
}

/// What was proposed since everybody was told, with what can be done about it.
pub(super) fn proposed(
    cx: &Cx,
    programme: &Snapshot,
    applied: &Applied,
    later: &Decided,
    (names, near): (&Names, &[PersonId]),
    open: bool,
    may: bool,
) -> Result<Html, Stop> {
    let stage = stage_of(programme, &applied.call)?;
    let sponsors = deciders(programme, &stage);
    let outcome = later.outcome().map(Outcome::tag);
    let tells = open && applied.runs && later.all_assented(&sponsors);
    let button = |what: &str, button: Html| {
        let of = html(form::hidden("_decision", &later.row.id.to_string()));
        form::form(&format!("{}/{what}", cx.path()), &cx.form_keys(), maud! { (&of) (&button) })
    };
    Ok(parts::section(
        "anew",
        "Proposed since everybody was told",
        maud! {
            p { @if let Some(tag) = &outcome { (tag) " " } (later.how_far(&sponsors)) "." }
            (shown::whole(later, names))
            (shown::assents(later, &sponsors, names, near))
            (assent_buttons(cx, programme, &stage, later, open))
            @if tells { (button("tell", form::button("Tell the applicant now"))) }
            @if open && may { (button("take-back", form::secondary_button("Take this proposal back"))) }
        },
    ))
}

fn nothing_done(title: &str, why: &str, next: String) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: title.into(),
        why: why.into(),
        next: Some(("The decision as it stands".into(), next)),
    }
}

/// What was told, and the proposal that the form names, in a write that holds the call's row.
async fn named(act: &Act, write: &Write, applied: &Applied, here: &str) -> Result<(Decided, Decided), Stop> {
    let found = said(write.tx(), applied.row.id).await?;
    let later = found.and_then(|said| Some((said.now, said.later?)));
    later.filter(|(_, later)| later.row.id.to_string() == act.form.get("_decision")).ok_or_else(|| {
        let why = "The proposal that you read does not stand any more: it was told, taken back, or another was proposed.";
        nothing_done("The decision was changed meanwhile", why, here.to_string())
    })
}

/// Tells the applicant of a decision that every sponsor has assented to: from then on it counts, and what they were told
/// before is replaced.
pub(super) async fn tell(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let home = applied.href(&programme.href());
    let here = format!("{home}/decision");
    let sponsors = stage_of(&programme, &applied.call)?;
    let sponsors = deciders(&programme, &sponsors);
    let mut write = act.write("tell an applicant that it was decided anew").await?;
    write.lock::<call::Entity>(applied.call.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<application::Entity>(applied.row.id).await?.ok_or(Stop::Missing)?;
    let (told, later) = named(&act, &write, &applied, &here).await?;
    let title = "The applicant was told nothing now";
    if row.state != SUBMITTED {
        return Err(nothing_done(title, "The application was withdrawn.", here));
    }
    if !later.all_assented(&sponsors) {
        return Err(nothing_done(title, "Not every sponsor has assented yet.", here));
    }
    let at = Some(write.at());
    write.replace(&told.row, decision::Model { replaced_at: at, ..told.row.clone() }).await?;
    write.replace(&later.row, decision::Model { counts_at: at, ..later.row.clone() }).await?;
    let address = &act.app().settings.address;
    let text = format!(
        "The sponsors have decided anew on {}, {}. Sign in to read it:\n\n{address}{home}\n\nWhat you were told before stays readable beside it.\n",
        applied.reference(),
        row.name,
    );
    mail_writers(&mut write, row.id, &format!("{}: a new decision", applied.call.name), &text).await?;
    act.save(write, &format!("{here}?done=told")).await
}

/// Takes a proposal back, so that what was told stands alone again.
pub(super) async fn take_back(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let here = format!("{}/decision", applied.href(&programme.href()));
    if !may_propose(&act, &programme, &stage_of(&programme, &applied.call)?) {
        return Err(speaks_for_none());
    }
    let mut write = act.write("take back a proposed decision").await?;
    write.lock::<call::Entity>(applied.call.id).await?.ok_or(Stop::Missing)?;
    let (_, later) = named(&act, &write, &applied, &here).await?;
    write.replace(&later.row, decision::Model { replaced_at: Some(write.at()), ..later.row.clone() }).await?;
    act.save(write, &format!("{here}?done=dropped")).await
}

/// Once everybody was told: which of those chosen were withdrawn since, and which are in reserve.
pub(super) async fn since(cx: &Cx, call: &call::Model, all: &Portfolio) -> Result<Html, Stop> {
    let Some(at) = call.released_at else { return Ok(html("")) };
    let gone = fell_through(cx, call).await?;
    let aside = conflicts(cx.read(), cx.person()?, &gone.iter().map(|a| a.id).collect::<Vec<_>>()).await?;
    let home = cx.programme()?.href();
    let link = |id: ApplicationId, number, name: &str| {
        html(maud! { a href={ (&home) "/applications/" (id.to_string()) "/decision" } { (reference(call, number)) " " (name) } })
    };
    let gone: Vec<Html> = gone
        .iter()
        .map(|a| match aside.contains(&a.id) {
            true => html(maud! { (reference(call, a.number)) ": you stand aside" }),
            false => link(a.id, a.number, &a.name),
        })
        .collect();
    let reserve = all.lines.iter().filter_map(|line| {
        let seen = line.seen.as_ref().filter(|s| s.outcome() == Some(Outcome::Reserve))?;
        Some(link(line.id, line.number, &seen.name))
    });
    let reserve: Vec<Html> = reserve.collect();
    Ok(parts::section(
        "since",
        "Since everybody was told",
        maud! {
            p { "Everybody was told on " (at.to_string()) ". Where a place falls through, decide anew on those it concerns: each keeps what it was told until every sponsor has assented and it is told otherwise." }
            @if !gone.is_empty() { p { "Chosen, and withdrawn since:" } ul { @for one in &gone { li { (one) } } } }
            @if !reserve.is_empty() { p { "In reserve:" } ul { @for one in &reserve { li { (one) } } } }
        },
    ))
}

/// Those that were chosen and have been withdrawn.
async fn fell_through(cx: &Cx, call: &call::Model) -> Result<Vec<application::Model>, Stop> {
    let chosen = super::outcomes(cx.read(), call.id).await?.into_values().filter(|d| d.outcome == Outcome::Chosen.key());
    let found = application::Entity::find()
        .filter(application::COLUMN.id.is_in(chosen.map(|d| d.application_id)))
        .filter(application::COLUMN.state.eq(WITHDRAWN))
        .order_by_asc(application::Column::Number)
        .order_by_asc(application::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    Ok(found)
}
