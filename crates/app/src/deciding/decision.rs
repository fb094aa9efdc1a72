//! The decision on one application: as it stands, with its history; and proposing one, or another in its place.

use axum::http::StatusCode;
use design::{Power, Sponsor, Stage};
use kernel::{Fault, Invalid, Moment};
use sea_orm::entity::prelude::*;
use tables::{DecisionId, PersonId, call, conflict, decision, member, reopening};
use ui::form::{self, Choice, Field};
use ui::parts;
use ui::{Html, html};

use super::Outcome;
use super::anew;
use super::shown::{self, Names};
use super::standing::{Decided, deciders, keeps_unsuccessful, names, replaced, said, stands_aside, voices};
use crate::assessing;
use crate::calls::{Applied, SUBMITTED, Standing as CallStanding, stage_of, standing as call_standing};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};
use crate::people;
use store::fault;

const LONG: usize = 10_000;
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

#[derive(Debug, Clone, Default)]
struct Typed {
    /// The decision that stood when the form was opened.
    seen: String,
    outcome: String,
    reasons: String,
    conditions: String,
    feedback: String,
    present: String,
    aside: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self {
            seen: text("_seen"),
            outcome: text("outcome"),
            reasons: text("reasons"),
            conditions: text("conditions"),
            feedback: text("feedback"),
            present: text("present"),
            aside: text("aside"),
        }
    }
    /// What stands now, to change it. Those who stand aside by themselves need not be typed again.
    fn from(now: Option<&Decided>, aside: &[String]) -> Self {
        let Some(now) = now else { return Self::default() };
        let row = now.row.clone();
        let others: Vec<&str> = row.stood_aside.lines().filter(|line| !aside.iter().any(|name| name == line)).collect();
        Self {
            seen: row.id.to_string(),
            outcome: row.outcome,
            reasons: row.reasons,
            conditions: row.conditions,
            feedback: row.feedback,
            present: row.present,
            aside: others.join("\n"),
        }
    }
    /// What is wrong with it. Feedback that is missing is filled in from the reasons, to be put into other words.
    fn check(&mut self, keeps: bool) -> Invalid {
        let mut wrong = Invalid::default();
        if !outcomes(keeps).any(|o| o.key() == self.outcome) {
            wrong.add("outcome", "Choose what becomes of it");
        }
        if self.reasons.is_empty() {
            wrong.add("reasons", "Enter the reasons");
        }
        if self.feedback.is_empty() && !self.reasons.is_empty() {
            self.feedback.clone_from(&self.reasons);
            wrong.add(
                "feedback",
                "These are the reasons as you wrote them. Put them into words for the applicant, then propose it again",
            );
        }
        // Who reads what it says depends on its not being the same.
        else if self.feedback.trim() == self.reasons.trim() && !self.reasons.is_empty() {
            wrong.add(
                "feedback",
                "This says the same as the reasons, which the applicant does not read. Put it into words for them",
            );
        }
        if self.outcome != Outcome::Chosen.key() && !self.conditions.is_empty() {
            wrong.add("conditions", "Conditions are for one that is chosen. Empty this, or choose it");
        }
        if self.present.is_empty() {
            wrong.add("present", "Enter who was present");
        }
        let texts = [
            ("reasons", &self.reasons),
            ("conditions", &self.conditions),
            ("feedback", &self.feedback),
            ("present", &self.present),
            ("aside", &self.aside),
        ];
        for (name, text) in texts {
            if text.chars().count() > LONG {
                wrong.add(name, "Shorten this to 10,000 characters");
            }
        }
        wrong
    }
}

/// The outcomes that this programme knows.
fn outcomes(keeps: bool) -> impl Iterator<Item = Outcome> {
    Outcome::ALL.into_iter().filter(move |o| keeps || *o != Outcome::Network)
}

/// Why nothing can be decided now, if so.
pub(super) fn closed_to_deciding(call: &call::Model, state: &str, now: Moment) -> Option<String> {
    if call_standing(call, now) != CallStanding::Closed {
        return Some(format!("The call is open until {}. Decide once it has closed.", call.closes_at));
    }
    (state != SUBMITTED).then(|| "The application was withdrawn, so there is nothing to decide.".to_string())
}

pub(super) fn cannot_decide(why: String, next: String) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "Nothing can be decided here now".into(),
        why,
        next: Some(("The decision as it stands".into(), next)),
    }
}

/// Whether the viewer may put a decision before the sponsors: they speak for one that decides, or write its minutes.
pub(super) fn may_propose(cx: &Cx, programme: &Snapshot, stage: &Stage) -> bool {
    cx.viewer().may(Power::RunCalls, programme.id, None) || !voices(cx, programme, stage).is_empty()
}

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, None, Invalid::default()).await
}

async fn show(cx: &Cx, typed: Option<Typed>, mut wrong: Invalid) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let stage = stage_of(&programme, &applied.call)?;
    let (home, sponsors) = (applied.href(&programme.href()), deciders(&programme, &stage));
    let (replaced, said) = (replaced(cx.read(), applied.row.id).await?, said(cx.read(), applied.row.id).await?);
    let (now, later) = said.map_or((None, None), |said| (Some(said.now), said.later));
    let all: Vec<Decided> = replaced.iter().chain(&now).chain(&later).cloned().collect();
    let names = names(cx.read(), &all).await?;
    let aside = standing_aside(cx, &applied).await?;
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
    let scores = scores(cx, &applied, &stage).await?;
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
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let choices: Vec<Choice> = outcomes(keeps).map(|o| Choice::new(o.key(), o.words())).collect();
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
            (form::radios(Field::new("outcome", "What becomes of it?").value(&typed.outcome).error(wrong.of("outcome")), &choices))
            (form::long_text(field("reasons", "Reasons", "For the sponsors. The applicant does not read them.", &typed.reasons), 6))
            (form::long_text(field("conditions", "Conditions", "What a chosen one has to do first. The applicant reads them.", &typed.conditions).optional(), 3))
            (form::long_text(field("feedback", "Feedback to the applicant", "Drawn from the reasons, in words for the applicant. Leave it empty to start from the reasons.", &typed.feedback).optional(), 6))
            (form::long_text(field("present", "Who was present?", "One name a line.", &typed.present), 3))
            (form::long_text(field("aside", "Who else stood aside?", &by_themselves, &typed.aside).optional(), 2))
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

/// Those who cannot judge an application fairly.
struct Aside {
    /// Whoever declared a conflict of interest with it, or writes it.
    near: Vec<PersonId>,
    /// The names of those of them who would sit in the forum.
    names: Vec<String>,
}

async fn standing_aside(cx: &Cx, applied: &Applied) -> Result<Aside, Stop> {
    let programme = cx.programme()?;
    let chooses = |role: &&design::Role| role.may.contains(&Power::Decide) || role.may.contains(&Power::RunCalls);
    let roles: Vec<String> = programme.programme.design.roles.iter().filter(chooses).map(|r| r.key.clone()).collect();
    let holds = people::held_on(cx.today(), cx.now()).add(tables::appointment::COLUMN.role.is_in(roles));
    let forum = people::appointments(cx, holds, 1000).await?;
    let declared = conflict::Entity::find()
        .filter(conflict::COLUMN.application_id.eq(applied.row.id))
        .filter(conflict::COLUMN.ended_at.is_null())
        .all(cx.read())
        .await
        .map_err(fault("list conflicts"))?;
    let writes = member::Entity::find().filter(member::COLUMN.application_id.eq(applied.row.id)).all(cx.read()).await;
    let writes = writes.map_err(fault("list parts in applications"))?;
    let near: Vec<_> = declared.iter().map(|c| c.person_id).chain(writes.iter().map(|m| m.person_id)).collect();
    let mut names: Vec<String> = forum.into_iter().filter(|p| near.contains(&p.person_id)).map(|p| p.name).collect();
    names.sort();
    names.dedup();
    Ok(Aside { near, names })
}

pub(super) async fn propose(act: Act) -> Answer {
    let (programme, applied, person) = (act.programme()?.clone(), act.application()?.clone(), act.person()?);
    let here = format!("{}/decision", applied.href(&programme.href()));
    if !may_propose(&act, &programme, &stage_of(&programme, &applied.call)?) {
        return Err(Stop::forbidden("You speak for no sponsor that decides here", "You can read what they decide."));
    }
    let mut typed = Typed::of(&act.form);
    if let Some(why) = closed_to_deciding(&applied.call, &applied.row.state, act.now()) {
        return Err(cannot_decide(why, here));
    }
    let wrong = typed.check(keeps_unsuccessful(&programme));
    if !wrong.is_empty() {
        return show(&act, Some(typed), wrong).await;
    }
    let aside = standing_aside(&act, &applied).await?;
    let mut write = act.write("propose a decision").await?;
    // Everything about the decisions of a call goes through its row, one after the other.
    let call = write.lock::<call::Entity>(applied.call.id).await?.ok_or(Stop::Missing)?;
    if let Some(why) = closed_to_deciding(&call, &applied.row.state, write.at()) {
        return Err(cannot_decide(why, here));
    }
    if stands_aside(write.tx(), person, applied.row.id).await? {
        return Err(Stop::Missing);
    }
    let before = said(write.tx(), applied.row.id).await?;
    if before.as_ref().map(|s| s.latest().row.id.to_string()).unwrap_or_default() != typed.seen {
        drop(write);
        return show(&act, Some(typed), Invalid::default()).await;
    }
    // What the applicant was told stands until they are told otherwise.
    let told = call.released_at.is_some();
    let replaced = before.and_then(|said| if told { said.later } else { Some(said.now) });
    if let Some(Decided { row, .. }) = replaced {
        write.replace(&row, decision::Model { replaced_at: Some(write.at()), ..row.clone() }).await?;
    }
    let row = row_of(DecisionId(write.id()), &applied, typed, &aside.names, person, write.at());
    write.insert(row).await?;
    if call.tells_at.is_some() && !told {
        write.replace(&call, call::Model { tells_at: None, ..call.clone() }).await?;
    }
    act.save(write, &format!("{here}?done={}", if told { "anew" } else { "proposed" })).await
}

fn row_of(
    id: DecisionId,
    applied: &Applied,
    typed: Typed,
    aside: &[String],
    proposed_by: PersonId,
    at: Moment,
) -> decision::Model {
    let typed_names = typed.aside.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut all: Vec<&str> = aside.iter().map(String::as_str).collect();
    for name in typed_names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    decision::Model {
        id,
        programme_id: applied.row.programme_id,
        call_id: applied.row.call_id,
        application_id: applied.row.id,
        outcome: typed.outcome,
        reasons: typed.reasons,
        conditions: typed.conditions,
        feedback: typed.feedback,
        present: typed.present,
        stood_aside: all.join("\n"),
        proposed_by,
        proposed_at: at,
        counts_at: None,
        replaced_at: None,
    }
}
