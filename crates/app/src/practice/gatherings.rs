//! Made-up events: one that was held, with who came and what they said of it; one that is coming; and two that people thought of.

use std::collections::BTreeMap;

use design::{Circle, EntryKind, Gathering, Scope, StepRule, TextPart};
use forms::{Form, Kind, Value};
use kernel::{Day, Deadline, Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{
    ConsentId, FeedbackId, GatheringId, MatterId, SignUpId, StepId, appointment, consent, entry, feedback, gathering, matter,
    organisation, sign_up, step,
};

use super::document::one;
use super::entries::Writing;
use super::matters::{Written, put};
use super::people::Player;
use crate::answers::keep_form;
use crate::gatherings::{BOTH, IN_PERSON, ONLINE};

/// As many people as an event has at most, so that a very large programme's stays readable.
const MOST: usize = 60;

struct Story {
    title: &'static str,
    /// A line for each part that may not be left out.
    words: &'static [&'static str],
    /// Days back to when it was proposed.
    back: i64,
    /// Days from today to when it is; nothing for what is only thought of.
    on: Option<i64>,
    hours: (u32, u32),
    mode: &'static str,
    agenda: &'static str,
}

const STORIES: [Story; 4] = [
    Story {
        title: "What we say when a plan has changed",
        words: &[
            "To tell the story of a change so that those who pay for it still trust it.",
            "Everybody who has to explain a plan.",
        ],
        back: 80,
        on: Some(-35),
        hours: (10, 15),
        mode: BOTH,
        agenda: "- Three stories of a plan that changed\n- In threes: tell yours\n- Lunch\n- What we would say differently",
    },
    Story {
        title: "Bringing the ward into the room",
        words: &["To know whom to ask on a ward, and what they can and cannot promise.", "Places that work with a hospital."],
        back: 40,
        on: Some(12),
        hours: (14, 16),
        mode: IN_PERSON,
        agenda: "- A nurse tells of her day\n- Whom to ring\n- What each place tries next",
    },
    Story {
        title: "A morning without an agenda",
        words: &["To talk with people from other places about whatever each has brought.", "Whoever has a question."],
        back: 25,
        on: None,
        hours: (0, 0),
        mode: "",
        agenda: "",
    },
    Story {
        title: "Reading a budget together",
        words: &["To read each other’s budgets without fear.", "Those who keep accounts, and those who never looked."],
        back: 18,
        on: None,
        hours: (0, 0),
        mode: "",
        agenda: "",
    },
];

const NEEDS: [(&str, &str); 5] = [("", ""), ("A step-free way in", ""), ("", "No meat"), ("", ""), ("Captions", "No nuts")];
const NEXT: [&str; 5] = [
    "More time at lunch. The best talk was there.",
    "Fewer slides.",
    "Send the names of the places beforehand.",
    "Online one could hear only those at the front.",
    "Nothing. Do it again.",
];

/// A kind of event, with whoever can come and where it is written.
struct Stage<'a> {
    kind: &'a EntryKind,
    rule: &'a Gathering,
    circle: &'a Circle,
    guests: Vec<&'a Player>,
}

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let mut write = writing.db.write(writing.writer, "make practice events").await?;
    for (kind, rule) in writing.document.design.gatherings() {
        let mut circles = kind.circles.iter().filter_map(|key| writing.document.design.circle(key));
        let Some(circle) = circles.find(|circle| circle.scope == Scope::Programme) else { continue };
        let mut guests: Vec<&Player> = writing.cast.players.iter().filter(|p| circle.readers.contains(&p.role)).collect();
        guests.truncate(MOST);
        let stage = Stage { kind, rule, circle, guests };
        for story in &STORIES {
            tell(writing, &mut write, &stage, story, rng).await?;
        }
    }
    write.save().await
}

fn words(parts: &[TextPart], said: &[&str]) -> String {
    if parts.is_empty() {
        return said.join("\n\n");
    }
    let mut said = said.iter().map(ToString::to_string);
    let last = said.clone().next_back().unwrap_or_default();
    let typed = parts.iter().map(|part| if part.optional { String::new() } else { said.next().unwrap_or_else(|| last.clone()) });
    crate::entries::joined(parts, &typed.collect::<Vec<_>>())
}

/// The steps that such an event has taken, each with the days back to when, and what was said.
fn taken<'a>(stage: &Stage<'a>, story: &Story) -> Vec<(&'a StepRule, i64, &'static str)> {
    let Some(on) = story.on else { return Vec::new() };
    let rule = stage.rule;
    let mut keys: Vec<(&str, i64, &'static str)> = Vec::new();
    if let Some(shortlisted) = &rule.shortlisted {
        keys.push((shortlisted, story.back - 10, "Most would come to it."));
    }
    keys.push((&rule.agreed, story.back - 20, "One of us opens, another looks after the room."));
    if on < 0 {
        keys.push((&rule.held, -on - 1, "Everybody talked with somebody they had not met."));
    }
    keys.into_iter().filter_map(|(key, back, said)| Some((stage.kind.step(key)?, back, said))).collect()
}

async fn tell(writing: &Writing<'_>, write: &mut Write, stage: &Stage<'_>, story: &Story, rng: &mut StdRng) -> Result<(), Fault> {
    let (kind, circle) = (stage.kind, stage.circle);
    let who =
        |roles: &[String]| writing.cast.players.iter().find(|p| roles.contains(&p.role) && circle.writers.contains(&p.role));
    let Some(author) = who(&kind.writers) else { return Ok(()) };
    let on = writing.as_of.plus_days(-story.back);
    let opened = Written { kind, circle, player: author, title: story.title.into(), text: words(&kind.parts, story.words), on };
    let opened = put(writing, write, None, opened).await?;
    let mut row = matter::Model {
        id: MatterId(write.id()),
        programme_id: writing.programme,
        place_id: None,
        entry_id: opened.id,
        kind: kind.key.clone(),
        state: String::new(),
        open: true,
        to_person: None,
        due_on: None,
        opened_on: on,
        moved_at: opened.written_at,
        about: String::new(),
    };
    let mut steps = Vec::new();
    for (rule, back, said) in taken(stage, story) {
        let Some(player) = who(&rule.by) else { break };
        let on = writing.as_of.plus_days(-back);
        let title = format!("{}: {}", rule.name, story.title);
        let said = Written { kind, circle, player, title, text: words(&rule.parts, &[said]), on };
        let said = put(writing, write, None, said).await?;
        (row.state, row.open, row.moved_at) = (rule.key.clone(), !rule.ends, said.written_at);
        steps.push((said.id, rule.key.clone(), said.written_at));
    }
    let row = write.insert(row).await?;
    for (entry_id, key, at) in steps {
        let id = StepId(write.id());
        write.insert(step::Model { id, programme_id: writing.programme, matter_id: row.id, entry_id, step: key, at }).await?;
    }
    match story.on {
        Some(days) => set(writing, write, stage, (story, writing.as_of.plus_days(days)), &opened, rng).await,
        None => voices(writing, write, stage, &opened, rng).await,
    }
}

/// What people say of an idea: some of them, and none is for more than they may be.
async fn voices(
    writing: &Writing<'_>,
    write: &mut Write,
    stage: &Stage<'_>,
    idea: &entry::Model,
    rng: &mut StdRng,
) -> Result<(), Fault> {
    let Some(voices) = &stage.kind.voices else { return Ok(()) };
    for player in stage.guests.iter().filter(|p| voices.by.contains(&p.role)) {
        let Some(answer) = one(rng, &voices.answers).filter(|_| rng.random_bool(0.7)) else { continue };
        let given_at = idea.written_at.plus_seconds(rng.random_range(1..=10_i64) * 24 * 3600);
        let row = consent::Model {
            id: ConsentId(write.id()),
            programme_id: writing.programme,
            agreement_id: None,
            proposal_id: None,
            entry_id: Some(idea.id),
            side: player.person.to_string(),
            person_id: player.person,
            role: player.role.clone(),
            hash: store::sha256(format!("{}\n{}", idea.title, idea.text).as_bytes()),
            given_at: given_at.min(writing.writer.clock.now()),
            answer: answer.key.clone(),
            why: if answer.why { "In the evening, for those who work in the day.".into() } else { String::new() },
            replaced_at: None,
        };
        write.insert(row).await?;
    }
    Ok(())
}

/// When and where it is, and who signed up; where it is over, who came and what they said.
async fn set(
    writing: &Writing<'_>,
    write: &mut Write,
    stage: &Stage<'_>,
    (story, day): (&Story, Day),
    event: &entry::Model,
    rng: &mut StdRng,
) -> Result<(), Fault> {
    let now = writing.writer.clock.now();
    let at = |hour| Deadline { day, hour, minute: 0 }.moment();
    let form = stage.rule.feedback.as_ref().and_then(|key| writing.document.form(key));
    let form_id = match form {
        Some(form) => Some(keep_form(write, writing.programme, &form.form).await?),
        None => None,
    };
    let over = at(story.hours.1) <= now;
    let done = |days: u32| over.then(|| at(story.hours.1).plus_seconds(i64::from(days) * 24 * 3600));
    let row = gathering::Model {
        id: GatheringId(write.id()),
        programme_id: writing.programme,
        entry_id: event.id,
        begins_at: at(story.hours.0),
        ends_at: at(story.hours.1),
        mode: story.mode.into(),
        venue: if story.mode == ONLINE { String::new() } else { "The old library, upstairs. There is a lift.".into() },
        link: if story.mode == IN_PERSON { String::new() } else { "https://meeting.example/together".into() },
        most: None,
        agenda: story.agenda.into(),
        materials: String::new(),
        sequence: 0,
        changed_at: event.written_at,
        form_id,
        reminded_at: if over {
            Some(at(story.hours.0).plus_seconds(-i64::from(stage.rule.days_before) * 24 * 3600))
        } else {
            None
        },
        asked_at: done(stage.rule.days_after),
        cancelled_at: None,
        counted_at: done(0),
        wiped_at: done(stage.rule.needs_days),
    };
    let row = write.insert(row).await?;
    let came = guests(writing, write, stage, (event, &row), (over, form.is_some()), rng).await?;
    if let (Some(form), Some(form_id)) = (form, form_id) {
        for mode in came {
            let answers = serde_json::to_string(&said(&form.form, mode, rng)).map_err(|e| Fault::new("make feedback", e))?;
            let id = FeedbackId(write.silent_id());
            let (programme_id, gathering_id) = (writing.programme, row.id);
            write.insert(feedback::Model { id, programme_id, gathering_id, form_id, mode: mode.into(), answers }).await?;
        }
    }
    Ok(())
}

/// Who signed up; gives how those took part who came and have said how it was.
async fn guests(
    writing: &Writing<'_>,
    write: &mut Write,
    stage: &Stage<'_>,
    (event, row): (&entry::Model, &gathering::Model),
    (over, asks): (bool, bool),
    rng: &mut StdRng,
) -> Result<Vec<&'static str>, Fault> {
    let now = writing.writer.clock.now();
    let mut came = Vec::new();
    for player in &stage.guests {
        let comes = rng.random_bool(if over { 0.85 } else { 0.3 });
        let online = row.mode == ONLINE || (row.mode == BOTH && rng.random_bool(0.4));
        let mode = if online { ONLINE } else { IN_PERSON };
        let (access, dietary) = one(rng, &NEEDS).copied().unwrap_or_default();
        let (there, answers) = (over && rng.random_bool(0.9), rng.random_bool(0.85));
        if !comes {
            continue;
        }
        let signed_at = event.written_at.plus_seconds(rng.random_range(21..=30_i64) * 24 * 3600).min(now);
        let signed = sign_up(writing, write, (row, player), (mode, signed_at)).await?;
        let signed = sign_up::Model {
            access_needs: if over { String::new() } else { access.into() },
            dietary_needs: if over { String::new() } else { dietary.into() },
            came: if there { mode.into() } else { String::new() },
            answered: there && answers && asks,
            ..signed
        };
        if signed.answered {
            came.push(mode);
        }
        write.insert(signed).await?;
    }
    Ok(came)
}

async fn sign_up(
    writing: &Writing<'_>,
    write: &Write,
    (row, player): (&gathering::Model, &Player),
    (mode, signed_at): (&str, Moment),
) -> Result<sign_up::Model, Fault> {
    let held = appointment::Entity::find_by_id(player.appointment).one(write.tx()).await.map_err(fault("load a role"))?;
    let sector = match held.and_then(|held| held.organisation_id) {
        Some(id) => organisation::Entity::find_by_id(id).one(write.tx()).await.map_err(fault("load an organisation"))?,
        None => None,
    };
    Ok(sign_up::Model {
        id: SignUpId(write.id()),
        programme_id: writing.programme,
        gathering_id: row.id,
        person_id: player.person,
        mode: mode.into(),
        access_needs: String::new(),
        dietary_needs: String::new(),
        walked_in: false,
        signed_at,
        seated_at: Some(signed_at),
        left_at: None,
        came: String::new(),
        place_id: player.place.map(|number| writing.cast.places[number]),
        sector: sector.map(|organisation| organisation.sector).unwrap_or_default(),
        answered: false,
    })
}

/// Answers by chance; those in the room are a little happier.
fn said(form: &Form, mode: &str, rng: &mut StdRng) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for question in form.sections.iter().flat_map(|s| &s.questions) {
        let high = |of: usize, rng: &mut StdRng| {
            let chance = rng.random_range(0..of.max(1));
            let second = rng.random_range(0..of.max(1));
            if mode == ONLINE { chance.min(second) } else { chance.max(second) }
        };
        let value = match &question.kind {
            Kind::Scale { points } => points.get(high(points.len(), rng)).map(|point| Value::Point(point.value)),
            Kind::ChooseOne { options } => one(rng, options).map(|option| Value::Choice(option.key.clone())),
            Kind::ChooseSeveral { options, .. } => one(rng, options).map(|option| Value::Choices(vec![option.key.clone()])),
            Kind::YesNo => Some(Value::YesNo(rng.random_bool(0.7))),
            Kind::ShortText { .. } | Kind::LongText { .. } => {
                one(rng, &NEXT).filter(|_| rng.random_bool(0.4)).map(|text| Value::Text((*text).to_string()))
            }
            _ => None,
        };
        answers.extend(value.map(|value| (question.key.clone(), value)));
    }
    answers
}
