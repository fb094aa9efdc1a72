//! Whoever runs calls opens a stage of the design's call: with its days, and the form as the design has it now.

use design::{Design, Stage};
use forms::Form;
use kernel::{Day, Deadline, Invalid, Moment};
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{CallId, FormId, ProgrammeId, call};
use ui::form::{self, Choice, Field};

use super::before::{calls_before, form_before, going_on, tell};
use super::told::Outcome;
use crate::answers::keep_form;
use crate::forming::made_since;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form as Posted, Snapshot, Stop, free_slug, slug_of};

#[derive(Default)]
struct Typed {
    stage: String,
    name: String,
    about: String,
    opens_on: String,
    opens_at: String,
    closes_on: String,
    closes_at: String,
    decides_on: String,
    /// The call that this one goes on from, and the outcomes there that lead here.
    after: String,
    outcomes: Vec<String>,
}

struct Read {
    stage: Stage,
    opening: Opening,
    /// Nothing where the stage has none of its own, and reads again what was written before.
    form: Option<Form>,
    after: Option<call::Model>,
}

/// A stage of the call, with the days on which it is opened.
pub(crate) struct Opening {
    /// As the design names it.
    pub stage: String,
    /// The stage as the design has it, as JSON.
    pub terms: String,
    pub name: String,
    pub about: String,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub decides_on: Option<Day>,
}

impl Opening {
    /// The call as it begins, open to all.
    pub fn row(self, write: &Write, programme_id: ProgrammeId, slug: String, form_id: FormId) -> call::Model {
        call::Model {
            id: CallId(write.id()),
            programme_id,
            stage: self.stage,
            slug,
            name: self.name,
            about: self.about,
            form_id,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            decides_on: self.decides_on,
            applications: 0,
            revision: 1,
            created_at: write.at(),
            terms: Some(self.terms),
            after_id: None,
            after_outcomes: None,
            tells_at: None,
            released_at: None,
        }
    }
}

impl Typed {
    fn of(form: &Posted) -> Self {
        let text = |name| form.get(name).to_string();
        Self {
            stage: text("stage"),
            name: text("name"),
            about: text("about"),
            opens_on: text("opens_on"),
            opens_at: text("opens_at"),
            closes_on: text("closes_on"),
            closes_at: text("closes_at"),
            decides_on: text("decides_on"),
            after: text("after"),
            outcomes: form.pairs().filter(|(n, _)| *n == "outcomes").map(|(_, v)| v.to_string()).collect(),
        }
    }

    fn read(&self, offer: &Offer) -> Result<Read, Invalid> {
        let mut wrong = Invalid::default();
        let after = offer.before.iter().find(|(_, c)| c.value == self.after).map(|(call, _)| call.clone());
        let chosen = offer.stages.iter().find(|(stage, _)| stage.key == self.stage);
        let usual = chosen.map_or("", |(stage, _)| &stage.name);
        let name = if self.name.is_empty() { usual.to_string() } else { self.name.clone() };
        self.check_before(chosen.is_some_and(|(_, form)| form.is_none()), after.as_ref(), &mut wrong);
        let chosen = chosen.and_then(|(stage, form)| Some((stage.clone(), serde_json::to_string(stage).ok()?, form.clone())));
        if chosen.is_none() {
            wrong.add("stage", "Choose the stage that this call is for");
        }
        if self.name.chars().count() > 120 {
            wrong.add("name", "Shorten this to 120 characters");
        }
        too_long(&mut wrong, &self.about);
        let opens_at = moment(&mut wrong, ("opens_on", &self.opens_on), ("opens_at", &self.opens_at));
        let closes_at = moment(&mut wrong, ("closes_on", &self.closes_on), ("closes_at", &self.closes_at));
        if let (Some(opens), Some(closes)) = (opens_at, closes_at)
            && closes <= opens
        {
            wrong.add("closes_on", "Enter a day and time after the call opens");
        }
        let decides_on = (!self.decides_on.is_empty()).then(|| Day::parse_as_written(&self.decides_on)).transpose();
        let decides_on = decides_on.unwrap_or_else(|bad| {
            wrong.add("decides_on", bad.to_string());
            None
        });
        match (chosen, opens_at, closes_at, wrong.is_empty()) {
            (Some((chosen, terms, form)), Some(opens_at), Some(closes_at), true) => {
                let (stage, about) = (self.stage.clone(), self.about.clone());
                Ok(Read {
                    stage: chosen,
                    opening: Opening { stage, terms, name, about, opens_at, closes_at, decides_on },
                    form,
                    after,
                })
            }
            _ => Err(wrong),
        }
    }

    /// Who can apply was chosen for the stage that the form was opened with. Where that is left as it was and another
    /// stage is chosen, whom the design foresees there is chosen instead, for a person to look at.
    fn follow_stage(&mut self, programme: &Snapshot, offer: &Offer, shown: &str) -> Option<Invalid> {
        let (then, now) = (offer.foreseen(programme, shown), offer.foreseen(programme, &self.stage));
        if self.stage == shown || self.after != then || then == now {
            return None;
        }
        self.after = now;
        Some(Invalid::one(
            "after",
            "You chose another stage, so who can apply is chosen anew, as the design foresees it. Look at it, then open the call",
        ))
    }

    fn check_before(&self, without_form: bool, after: Option<&call::Model>, wrong: &mut Invalid) {
        match after {
            None if !self.after.is_empty() => wrong.add("after", "Choose one of these"),
            None if without_form => wrong.add(
                "after",
                "Choose the call that it goes on from: this stage has no form of its own, and reads again what was written there",
            ),
            Some(_) if !self.outcomes.iter().any(|key| Outcome::of(key).is_some()) => wrong.add("outcomes", "Choose who goes on"),
            _ => {}
        }
    }
}

/// What can be opened.
struct Offer {
    /// Each stage with its form; none where it reads again what another call asked.
    stages: Vec<(Stage, Option<Form>)>,
    /// The calls that it can go on from.
    before: Vec<(call::Model, Choice)>,
}

impl Offer {
    /// The newest call of the stage that the design says this one goes on from; nothing where there is none.
    fn foreseen(&self, programme: &Snapshot, stage: &str) -> String {
        let design = programme.programme.design.call.as_ref();
        let from = design.and_then(|call| call.carried_from(call.stage(stage)?));
        let of = |from: &Stage| self.before.iter().find(|(call, _)| call.programme_id == programme.id && call.stage == from.key);
        from.and_then(of).map(|(_, choice)| choice.value.clone()).unwrap_or_default()
    }
}

/// What the address of a stage's call ends with, and its applications are numbered by: the stage's name.
pub(crate) fn stage_slug(stage: &Stage) -> String {
    Some(slug_of(&stage.name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| stage.key.clone())
}

/// The stages of the design's call that can be opened, each with the newest form there is: as the design has it, or as
/// somebody made it since. A stage for which the design has none may have one that was made under the stage's own key.
async fn offer(cx: &Cx, programme: &Snapshot) -> Result<Offer, Stop> {
    let design: &Design = &programme.programme.design;
    let mut stages = Vec::new();
    for stage in design.call.iter().flat_map(|call| &call.stages) {
        let key = stage.form.as_ref().unwrap_or(&stage.key);
        let form = match made_since(cx, key).await? {
            Some(made) => Some(made),
            None => programme.programme.form(key).map(|f| f.form.clone()),
        };
        if form.is_some() || stage.from_call_of.is_some() {
            stages.push((stage.clone(), form));
        }
    }
    Ok(Offer { stages, before: calls_before(cx, programme).await? })
}

/// What is asked of the text on a call's page.
pub(super) const ABOUT: &str = "What the money is for, how choices are made, whom to ask. Shown on the public page.";

pub(super) fn too_long(wrong: &mut Invalid, about: &str) {
    if about.chars().count() > 20_000 {
        wrong.add("about", "Shorten this to 20,000 characters");
    }
}

/// A day and a time of day in London.
pub(super) fn moment(wrong: &mut Invalid, day: (&'static str, &str), time: (&'static str, &str)) -> Option<Moment> {
    let read_day = Day::parse_as_written(day.1).map_err(|bad| wrong.add(day.0, bad.to_string())).ok();
    let parts: Vec<Option<u32>> = time.1.split([':', '.']).map(|part| part.trim().parse().ok()).collect();
    match (read_day, &parts[..]) {
        (day, [Some(hour @ 0..=23), Some(minute @ 0..=59)]) => {
            Some(Deadline { day: day?, hour: *hour, minute: *minute }.moment())
        }
        _ => {
            wrong.add(time.0, "Enter a time, like 17:00");
            None
        }
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let offer = offer(&cx, &programme).await?;
    let asked = offer.stages.iter().find(|(stage, _)| stage.key == cx.query("stage"));
    let stage = asked.or(offer.stages.first()).map(|(stage, _)| stage.key.clone()).unwrap_or_default();
    let typed = Typed {
        after: offer.foreseen(&programme, &stage),
        stage,
        opens_on: cx.today().to_string(),
        opens_at: "09:00".into(),
        closes_at: "17:00".into(),
        outcomes: vec![Outcome::Chosen.key().into()],
        ..Typed::default()
    };
    page(&cx, (&programme, &offer), &typed, &Invalid::default())
}

fn page(cx: &Cx, (programme, offer): (&Snapshot, &Offer), typed: &Typed, wrong: &Invalid) -> Answer {
    let stages = &offer.stages;
    if stages.is_empty() {
        return Err(Stop::forbidden(
            "There is no call to open",
            "The design of this programme has no stage with a form: its places are chosen without application.",
        ));
    }
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let choices: Vec<Choice> = stages
        .iter()
        .map(|(stage, form)| {
            let with = if form.is_some() { "With a form of its own." } else { "Without a form of its own." };
            Choice::new(&stage.key, &stage.name).hint(with)
        })
        .collect();
    let before = offer.before.iter().map(|(_, choice)| choice.clone());
    let from: Vec<Choice> = [Choice::new("", "Everybody")].into_iter().chain(before).collect();
    let outcomes: Vec<Choice> = Outcome::ALL.iter().map(|o| Choice::new(o.key(), o.words())).collect();
    let ticked = typed.outcomes.join(" ");
    let draft = Draft::new("Open a call").lead("Its page is public at once. Applications can be written from the day it opens.");
    Ok(draft.crumb(&programme.name, programme.href()).crumb("Calls", format!("{}/calls", programme.href())).invalid(wrong).page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_for", &typed.stage))
                (form::radios(field("stage", "Which stage is it for?", "", &typed.stage), &choices))
                (form::text(field("name", "What is it called?", "Leave it empty to call it what the stage is called.", &typed.name)))
                (form::long_text(field("about", "What is it for?", ABOUT, &typed.about), 8))
                @if from.len() > 1 {
                    (form::radios(field("after", "Who can apply?", "", &typed.after), &from))
                    (form::checkboxes(field("outcomes", "Which of them?", "Only where they come from another call. They can go on once everybody there has been told.", &ticked), &outcomes))
                }
                (form::date(field("opens_on", "Opens on", "", &typed.opens_on)))
                (form::text(field("opens_at", "Opens at", "In London time, like 09:00.", &typed.opens_at)))
                (form::date(field("closes_on", "Closes on", "", &typed.closes_on)))
                (form::text(field("closes_at", "Closes at", "In London time, like 17:00. This minute still counts.", &typed.closes_at)))
                (form::date(field("decides_on", "Everybody hears on (optional)", "The day on which decisions are told.", &typed.decides_on)))
                (form::button("Open the call"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let mut typed = Typed::of(&act.form);
    let offer = offer(&act, &programme).await?;
    if let Some(wrong) = typed.follow_stage(&programme, &offer, act.form.get("_for")) {
        return page(&act, (&programme, &offer), &typed, &wrong);
    }
    let read = match typed.read(&offer) {
        Ok(read) => read,
        Err(wrong) => return page(&act, (&programme, &offer), &typed, &wrong),
    };
    let mut write = act.write("open a call").await?;
    let form = match (read.form, &read.after) {
        (Some(form), _) => form,
        (None, Some(before)) => form_before(&write, before).await?,
        (None, None) => return Err(Stop::Missing),
    };
    let form_id = keep_form(&mut write, programme.id, &form).await?;
    let taken = call::Entity::find().filter(call::COLUMN.programme_id.eq(programme.id)).all(write.tx()).await;
    let taken: Vec<String> = taken.map_err(fault("list calls"))?.into_iter().map(|c| c.slug).collect();
    let slug = free_slug(&stage_slug(&read.stage), &taken);
    let row = call::Model {
        after_id: read.after.as_ref().map(|c| c.id),
        after_outcomes: read.after.is_some().then(|| typed.outcomes.join(" ")),
        ..read.opening.row(&write, programme.id, slug.clone(), form_id)
    };
    let row = write.insert(row).await?;
    if let Some(before) = &read.after {
        let of = going_on(write.tx(), before, row.after_outcomes.as_deref().unwrap_or_default()).await?;
        let text = invitation(&act.app().settings.address, &programme, &row);
        tell(&mut write, &of, &format!("You can go on: {}", row.name), &text).await?;
    }
    act.save(write, &format!("{}/calls/{slug}?done=opened", programme.href())).await
}

/// What those are told who can go on.
fn invitation(address: &str, programme: &Snapshot, call: &call::Model) -> String {
    format!(
        "The next stage of {} is “{}”. It opens on {} and closes on {}.\n\nWhat you wrote before is carried on, so you type nothing twice. Go on here: {address}{}/calls/{}/carry-on\n",
        programme.name,
        call.name,
        call.opens_at,
        call.closes_at,
        programme.href(),
        call.slug,
    )
}
