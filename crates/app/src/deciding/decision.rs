//! The decision on one application: as it stands, with its history; and proposing one, or another in its place.

use design::{Sponsor, Stage};
use kernel::{Fault, Invalid, Moment};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PersonId, call, reopening};
use ui::{Html, form, html, parts};

use super::Outcome;
use super::anew;
use super::propose::{
    Hindered, Proposal, Typed, WITHDRAWN, cannot_decide, closed_to_deciding, fields, may_propose, propose_all, speaks_for_none,
    standing_aside,
};
use super::shown::{self, Names};
use super::standing::{Decided, deciders, keeps_unsuccessful, names, replaced, said, voices};
use crate::assessing;
use crate::calls::{self, Applied, stage_of};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[
    ("proposed", "Proposed. It counts once each sponsor who decides has assented."),
    ("assented", "Your sponsor’s assent is noted."),
    ("counts", "Your sponsor’s assent is noted. Every sponsor has assented now: the decision counts."),
    ("anew", "Proposed. What was told stands until every sponsor has assented to this and the applicant is told."),
    ("to-tell", "Your sponsor’s assent is noted. Every sponsor has assented now: it counts once the applicant is told."),
    ("told", "Told. A mail is on its way to each person who writes the application."),
    ("dropped", "Taken back. What was told stands."),
];

/// Why a page shows no scores of an application that the viewer may read.
pub(super) const HIDDEN_SCORES: &str =
    "You have applications of this call to score yourself. You see what others gave once you have.";

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, None, Invalid::default()).await
}

async fn show(cx: &Cx, typed: Option<Typed>, mut wrong: Invalid) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let stage = stage_of(&programme, &applied.call)?;
    let (home, sponsors) = (applied.href(&programme.href()), deciders(&programme, &stage));
    let (replaced, said) = (replaced(cx.read(), applied.row.id).await?, said(cx.read(), applied.row.id).await?);
    let (now, later) = said.map_or((None, None), |said| (Some(said.now), said.later));
    let names = names(cx.read(), &replaced.iter().chain(&now).chain(&later).cloned().collect::<Vec<_>>()).await?;
    let aside = standing_aside(cx, &[applied.row.id]).await?.remove(&applied.row.id).unwrap_or_default();
    let latest = later.as_ref().or(now.as_ref());
    let seen = latest.map(|d| d.row.id.to_string()).unwrap_or_default();
    if typed.as_ref().is_some_and(|t| t.seen != seen) {
        wrong.add(
            "outcome",
            "Somebody proposed another decision while you wrote. Read it above; proposing yours once more puts it in its place",
        );
    }
    let closed = closed_to_deciding(&applied.call, &applied.row.state, cx.now());
    // What is decided anew has reasons and feedback of its own: those that were told belong to another decision.
    let begun = if applied.call.released_at.is_some() { later.as_ref() } else { latest };
    let typed = Typed { seen, ..typed.unwrap_or_else(|| Typed::from(begun, &aside.names)) };
    let stands = stands(cx, &programme, &stage, now.as_ref(), (&names, &aside.near), closed.is_none());
    let may = may_propose(cx, &programme, &stage);
    let anew = match &later {
        Some(later) => anew::proposed(cx, &programme, &applied, later, (&names, &aside.near), closed.is_none(), may)?,
        None => html(""),
    };
    let propose = form_of(cx, &typed, &wrong, &aside.names, now.is_some(), keeps_unsuccessful(&programme));
    let reopened = reopened_until(cx, &applied).await?;
    let (scores, further) = (scores(cx, &applied, &stage).await?, calls::gone_further(cx, &applied).await?);
    let ready = applied.call.tells_at.is_some() && applied.call.released_at.is_none();
    let draft = Draft::new(format!("The decision on {}", applied.row.name))
        .lead(format!("{}. What the sponsors say to it, together.", applied.reference()))
        .done(cx, SAID)
        .crumb(&programme.name, programme.href())
        .crumb(&applied.call.name, format!("{}/calls/{}", programme.href(), applied.call.slug))
        .crumb("Forum", format!("{}/calls/{}/forum", programme.href(), applied.call.slug));
    Ok(draft.invalid(&wrong).page(
        cx,
        maud! {
            p { a href={ (&home) "/receipt" } { "Read the application" } }
            @if let Some(until) = reopened {
                (parts::inset(maud! { p { "The application is open again until " (until.to_string()) ". If it is submitted anew, what is decided before does not count any more." } }))
            }
            (further)
            (scores)
            (stands)
            (anew)
            @if let Some(closed) = &closed { (parts::inset(maud! { p { (closed) } })) }
            @else if may {
                (parts::section("propose", heading(now.is_some(), applied.call.released_at), maud! {
                    @if let Some(at) = applied.call.released_at { (anew::what_it_is(at, applied.row.place_id.is_some())) }
                    @else if now.is_some() { p { "It takes the place of the one above, which stays readable, and takes back every assent." } }
                    @if ready { p { "This call was marked ready to be told. Proposing another decision takes that back too." } }
                    (propose)
                }))
            }
            (shown::earlier(&replaced, &sponsors, &names))
        },
    ))
}

const fn heading(again: bool, told: Option<Moment>) -> &'static str {
    match (again, told) {
        (_, Some(_)) => "Decide anew",
        (true, None) => "Propose another",
        (false, None) => "Propose a decision",
    }
}

/// What the assessors gave, where the viewer may see it.
async fn scores(cx: &Cx, applied: &Applied, stage: &Stage) -> Result<Html, Fault> {
    if stage.criteria.is_empty() {
        return Ok(html(""));
    }
    let found = assessing::scores_of(cx, applied).await?;
    Ok(parts::section(
        "scores",
        "What the assessors gave",
        maud! {
            @match &found {
                None => { p { (HIDDEN_SCORES) } }
                Some(scores) => {
                    (&scores.overall)
                    @if !scores.by_criterion.as_str().is_empty() { (parts::details("By criterion, with the reasons", &scores.by_criterion)) }
                }
            }
        },
    ))
}

/// What stands, who has assented, and the buttons of those who have not.
fn stands(
    cx: &Cx,
    programme: &Snapshot,
    stage: &Stage,
    now: Option<&Decided>,
    (names, near): (&Names, &[PersonId]),
    open: bool,
) -> Html {
    let sponsors = deciders(programme, stage);
    let Some(now) = now else {
        return parts::section("stands", "What stands", maud! { p { "Nobody has proposed a decision yet." } });
    };
    let buttons = assent_buttons(cx, programme, stage, now, open);
    let outcome = now.outcome().map(Outcome::tag);
    html(maud! {
        (parts::section("stands", "What stands", maud! {
            p { @if let Some(tag) = &outcome { (tag) " " } (now.how_far(&sponsors)) "." }
            (shown::whole(now, names))
            (shown::assents(now, &sponsors, names, near))
            (buttons)
        }))
    })
}

/// A button for each sponsor for which the viewer can assent to this.
pub(super) fn assent_buttons(cx: &Cx, programme: &Snapshot, stage: &Stage, to: &Decided, open: bool) -> Html {
    let me = cx.viewer().person();
    let spoken = to.assents.iter().any(|a| Some(a.person_id) == me);
    let mine = voices(cx, programme, stage).into_iter().filter(|s| open && !spoken && !to.overtaken && !to.has(&s.key));
    let mine: Vec<&Sponsor> = mine.collect();
    html(maud! {
        @for sponsor in &mine {
            (form::form(&format!("{}/assent", cx.path()), &cx.form_keys(), maud! {
                (form::hidden("_decision", &to.row.id.to_string()))
                (form::hidden("_sponsor", &sponsor.key))
                (form::button(&format!("{} assents to this", sponsor.name)))
            }))
        }
    })
}

fn form_of(cx: &Cx, typed: &Typed, wrong: &Invalid, aside: &[String], again: bool, keeps: bool) -> Html {
    let by_themselves = match aside {
        [] => "One name a line. Those who declared a conflict of interest are named by themselves.".to_string(),
        names => format!("One name a line. Named by themselves, for a conflict of interest: {}.", names.join(", ")),
    };
    let button = if again { "Propose this instead" } else { "Propose it" };
    form::form(
        cx.path(),
        &cx.form_keys(),
        maud! {
            (form::hidden("_seen", &typed.seen))
            (fields(typed, wrong, &by_themselves, keeps))
            (form::button(button))
        },
    )
}

/// Until when the application can be changed and submitted anew, if it can.
async fn reopened_until(cx: &Cx, applied: &Applied) -> Result<Option<Moment>, Fault> {
    let open = reopening::Entity::find()
        .filter(reopening::COLUMN.application_id.eq(applied.row.id))
        .filter(reopening::COLUMN.ended_at.is_null())
        .filter(reopening::COLUMN.until.gt(cx.now().plus_seconds(-60)))
        .one(cx.read())
        .await
        .map_err(fault("list reopenings"))?;
    Ok(open.map(|r| r.until))
}

pub(super) async fn propose(act: Act) -> Answer {
    let (programme, applied, person) = (act.programme()?.clone(), act.application()?.clone(), act.person()?);
    let here = format!("{}/decision", applied.href(&programme.href()));
    if !may_propose(&act, &programme, &stage_of(&programme, &applied.call)?) {
        return Err(speaks_for_none());
    }
    let mut typed = Typed::of(&act.form);
    if let Some(why) = closed_to_deciding(&applied.call, &applied.row.state, act.now()) {
        return Err(cannot_decide(why, here));
    }
    let wrong = typed.check(keeps_unsuccessful(&programme));
    if !wrong.is_empty() {
        return show(&act, Some(typed), wrong).await;
    }
    let id = applied.row.id;
    let aside = standing_aside(&act, &[id]).await?.remove(&id).unwrap_or_default().names;
    let mut write = act.write("propose a decision").await?;
    // Everything about the decisions of a call goes through its row, one after the other.
    let call = write.lock::<call::Entity>(applied.call.id).await?.ok_or(Stop::Missing)?;
    if let Some(why) = closed_to_deciding(&call, &applied.row.state, write.at()) {
        return Err(cannot_decide(why, here));
    }
    let proposal = Proposal { of: id, typed: typed.clone(), aside };
    match propose_all(&mut write, &call, person, vec![proposal]).await?.remove(&id) {
        Some(Hindered::Conflict) => Err(Stop::Missing),
        Some(Hindered::Withdrawn) => Err(cannot_decide(WITHDRAWN.to_string(), here)),
        Some(Hindered::Changed) => {
            drop(write);
            show(&act, Some(typed), Invalid::default()).await
        }
        None => act.save(write, &format!("{here}?done={}", if call.released_at.is_some() { "anew" } else { "proposed" })).await,
    }
}
