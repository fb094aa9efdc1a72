//! Proposing: what is typed of a decision, what is wrong with it, and how it comes to stand. A decision on one application
//! and decisions on many together go through the same here.

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use design::{Power, Stage};
use kernel::{Fault, Invalid, Moment};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{ApplicationId, DecisionId, PersonId, application, call, conflict, decision, member};
use ui::form::{self, Choice, Field};
use ui::{Html, html};

use super::Outcome;
use super::standing::{Decided, said_of, voices};
use crate::calls::{self, SUBMITTED, Standing as CallStanding, standing as call_standing};
use crate::ground::html::*;
use crate::ground::{Cx, Form, Snapshot, Stop};
use crate::people;

const LONG: usize = 10_000;
pub(super) const TOO_LONG: &str = "Shorten this to 10,000 characters";

/// A decision as somebody types it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// The decision that stood when the form was opened.
    pub seen: String,
    pub outcome: String,
    pub reasons: String,
    pub conditions: String,
    pub feedback: String,
    pub present: String,
    pub aside: String,
}

impl Typed {
    pub fn of(form: &Form) -> Self {
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
    pub fn from(now: Option<&Decided>, aside: &[String]) -> Self {
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
    pub fn check(&mut self, keeps: bool) -> Invalid {
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
                wrong.add(name, TOO_LONG);
            }
        }
        wrong
    }
}

/// The outcomes that this programme knows.
fn outcomes(keeps: bool) -> impl Iterator<Item = Outcome> {
    Outcome::ALL.into_iter().filter(move |o| keeps || *o != Outcome::Network)
}

/// The questions that a decision answers. `aside` says who is named by themselves.
pub(super) fn fields(typed: &Typed, wrong: &Invalid, aside: &str, keeps: bool) -> Html {
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let choices: Vec<Choice> = outcomes(keeps).map(|o| Choice::new(o.key(), o.words())).collect();
    html(maud! {
        (form::radios(Field::new("outcome", "What becomes of it?").value(&typed.outcome).error(wrong.of("outcome")), &choices))
        (form::long_text(field("reasons", "Reasons", "For the sponsors. The applicant does not read them.", &typed.reasons), 6))
        (form::long_text(field("conditions", "Conditions", "What a chosen one has to do first. The applicant reads them.", &typed.conditions).optional(), 3))
        (form::long_text(field("feedback", "Feedback to the applicant", "Drawn from the reasons, in words for the applicant. Leave it empty to start from the reasons.", &typed.feedback).optional(), 6))
        (form::long_text(field("present", "Who was present?", "One name a line.", &typed.present), 3))
        (form::long_text(field("aside", "Who else stood aside?", aside, &typed.aside).optional(), 2))
    })
}

/// Why nothing can be decided now, if so.
pub(super) fn closed_to_deciding(call: &call::Model, state: &str, now: Moment) -> Option<String> {
    if call_standing(call, now) != CallStanding::Closed {
        return Some(format!("The call is open until {}. Decide once it has closed.", call.closes_at));
    }
    (state != SUBMITTED).then(|| WITHDRAWN.to_string())
}

pub(super) const WITHDRAWN: &str = "The application was withdrawn, so there is nothing to decide.";

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

pub(super) fn speaks_for_none() -> Stop {
    Stop::forbidden("You speak for no sponsor that decides here", "You can read what they decide.")
}

/// Those who cannot judge an application fairly.
#[derive(Debug, Clone, Default)]
pub(super) struct Aside {
    /// Whoever declared a conflict of interest with it, or writes it.
    pub near: Vec<PersonId>,
    /// The names of those of them who would sit in the forum.
    pub names: Vec<String>,
}

/// Who stands aside by themselves, for each of these applications.
pub(super) async fn standing_aside(cx: &Cx, of: &[ApplicationId]) -> Result<HashMap<ApplicationId, Aside>, Stop> {
    let programme = cx.programme()?;
    let chooses = |role: &&design::Role| role.may.contains(&Power::Decide) || role.may.contains(&Power::RunCalls);
    let roles: Vec<String> = programme.programme.design.roles.iter().filter(chooses).map(|r| r.key.clone()).collect();
    let holds = people::held_on(cx.today(), cx.now()).add(tables::appointment::COLUMN.role.is_in(roles));
    let forum = people::appointments(cx, holds, 1000).await?;
    let declared = conflict::Entity::find()
        .filter(conflict::COLUMN.application_id.is_in(of.to_vec()))
        .filter(conflict::COLUMN.ended_at.is_null())
        .all(cx.read())
        .await
        .map_err(fault("list conflicts"))?;
    let writes = member::Entity::find().filter(member::COLUMN.application_id.is_in(of.to_vec())).all(cx.read()).await;
    let writes = writes.map_err(fault("list parts in applications"))?;
    let near = declared.iter().map(|c| (c.application_id, c.person_id));
    let mut by_application: HashMap<ApplicationId, Aside> = HashMap::new();
    for (application, person) in near.chain(writes.iter().map(|m| (m.application_id, m.person_id))) {
        by_application.entry(application).or_default().near.push(person);
    }
    for aside in by_application.values_mut() {
        let names = forum.iter().filter(|p| aside.near.contains(&p.person_id)).map(|p| p.name.clone());
        aside.names = names.collect();
        aside.names.sort();
        aside.names.dedup();
    }
    Ok(by_application)
}

/// A decision to be proposed on an application.
pub(super) struct Proposal {
    pub of: ApplicationId,
    pub typed: Typed,
    /// The names of those who stand aside by themselves.
    pub aside: Vec<String>,
}

/// What is in the way of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hindered {
    /// Whoever proposes has a conflict of interest.
    Conflict,
    Withdrawn,
    /// Somebody proposed another since it was read.
    Changed,
}

/// Proposes decisions, in a write that holds the call's row. Where something is in the way of one, none is proposed, and
/// what it is of which is given back.
pub(super) async fn propose_all(
    write: &mut Write,
    call: &call::Model,
    by: PersonId,
    all: Vec<Proposal>,
) -> Result<HashMap<ApplicationId, Hindered>, Fault> {
    let ids: Vec<ApplicationId> = all.iter().map(|one| one.of).collect();
    let near = calls::conflicts(write.tx(), by, &ids).await?;
    let there = submitted(write, call, &ids).await?;
    let mut before = said_of(write.tx(), &ids).await?;
    let hindered = |one: &Proposal| {
        let stands = before.get(&one.of).map(|said| said.latest().row.id.to_string()).unwrap_or_default();
        match () {
            () if near.contains(&one.of) => Some(Hindered::Conflict),
            () if !there.contains(&one.of) => Some(Hindered::Withdrawn),
            () if stands != one.typed.seen => Some(Hindered::Changed),
            () => None,
        }
    };
    let found: HashMap<ApplicationId, Hindered> = all.iter().filter_map(|one| Some((one.of, hindered(one)?))).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    // What applicants were told stands until they are told otherwise.
    let told = call.released_at.is_some();
    for one in &all {
        let replaced = before.remove(&one.of).and_then(|said| if told { said.later } else { Some(said.now) });
        if let Some(Decided { row, .. }) = replaced {
            write.replace(&row, decision::Model { replaced_at: Some(write.at()), ..row.clone() }).await?;
        }
    }
    let rows = all.into_iter().map(|one| row_of(DecisionId(write.id()), call, one, by, write.at())).collect();
    write.insert_all(rows).await?;
    if call.tells_at.is_some() && !told {
        write.replace(call, call::Model { tells_at: None, ..call.clone() }).await?;
    }
    Ok(found)
}

/// Those of these applications that are submitted, and not withdrawn.
async fn submitted(write: &Write, call: &call::Model, of: &[ApplicationId]) -> Result<HashSet<ApplicationId>, Fault> {
    let found: Vec<ApplicationId> = application::Entity::find()
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.id.is_in(of.to_vec()))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .select_only()
        .column(application::Column::Id)
        .into_tuple()
        .all(write.tx())
        .await
        .map_err(fault("list applications"))?;
    Ok(found.into_iter().collect())
}

fn row_of(id: DecisionId, call: &call::Model, of: Proposal, proposed_by: PersonId, at: Moment) -> decision::Model {
    let Proposal { of, typed, aside } = of;
    let typed_names = typed.aside.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut all: Vec<&str> = aside.iter().map(String::as_str).collect();
    for name in typed_names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    decision::Model {
        id,
        programme_id: call.programme_id,
        call_id: call.id,
        application_id: of,
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
