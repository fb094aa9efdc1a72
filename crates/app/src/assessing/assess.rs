//! An assessor's scores of one application: written alone, by each criterion with a reason, kept as a draft, submitted.

use axum::http::StatusCode;
use design::{Criterion, Stage};
use kernel::Moment;
use sea_orm::entity::prelude::*;
use store::{Write, fault, sha256};
use tables::{ReadingId, ScoreId, application, reading, score};
use ui::form::{self, Choice, Field};
use ui::shell::InvalidSummary;
use ui::{Html, html, parts};

use super::change;
use super::reading_list::to_read;
use super::sheets::{Sheet, point, sheets, side_by_side};
use crate::answers::form_of;
use crate::calls::{Applied, SUBMITTED, href, stage_of, submitted_text};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

const SAID: &[(&str, &str)] = &[
    ("saved", "Saved. Nobody sees it before you submit."),
    ("submitted", "Submitted. What others have submitted stands below."),
    ("changed", "Changed. What you gave before stays below, struck through."),
];
pub(super) const LONGEST: usize = 5000;

/// One application before its assessor.
pub(super) struct Desk {
    pub applied: Applied,
    pub stage: Stage,
    pub sheets: Vec<Sheet>,
    pub mine: Sheet,
}

impl Desk {
    pub async fn open(cx: &Cx) -> Result<Self, Stop> {
        let applied = cx.application()?.clone();
        let id = applied.reads.as_ref().ok_or(Stop::Missing)?.id;
        let stage = stage_of(cx.programme()?, &applied.call)?;
        let sheets = sheets(cx.read(), applied.row.id).await?;
        let mine = sheets.iter().find(|s| s.reading.id == id).cloned().ok_or(Stop::Missing)?;
        Ok(Self { applied, stage, sheets, mine })
    }
    pub fn href(&self, cx: &Cx) -> Result<String, Stop> {
        Ok(format!("{}/assess", self.applied.href(&cx.programme()?.href())))
    }
    pub fn submitted(&self) -> bool {
        self.mine.reading.submitted_at.is_some()
    }
    /// The criteria that a page asks for: one, where the address names it, or all.
    fn asked(&self, by: &str) -> Vec<&Criterion> {
        let one: Vec<&Criterion> = self.stage.criteria.iter().filter(|c| c.key == by).collect();
        if one.is_empty() { self.stage.criteria.iter().collect() } else { one }
    }
}

/// Why nothing can be scored here now.
pub(super) fn not_now(applied: &Applied, row: &application::Model) -> Option<Stop> {
    match () {
        () if row.state != SUBMITTED => Some(Stop::forbidden(
            "This application was withdrawn",
            "It is not considered any more, so there is nothing to score.",
        )),
        () if applied.call.released_at.is_some() => Some(Stop::forbidden(
            "Everybody has heard already",
            "Decisions and feedback were released, so scores do not change any more.",
        )),
        () => None,
    }
}

/// What an assessor typed for one criterion.
struct Typed {
    key: String,
    points: String,
    why: String,
}

struct Sent {
    typed: Vec<Typed>,
    /// Nothing where the page did not ask for it.
    remark: Option<String>,
    seen: String,
}

impl Sent {
    fn of(form: &Form, asked: &[&Criterion]) -> Self {
        let typed = asked.iter().map(|c| Typed {
            key: c.key.clone(),
            points: form.get(&format!("points.{}", c.key)).to_string(),
            why: form.get(&format!("why.{}", c.key)).to_string(),
        });
        let remark = form.pairs().any(|(name, _)| name == "remark").then(|| form.get("remark").to_string());
        Self { typed: typed.collect(), remark, seen: form.get("seen").to_string() }
    }
    fn kept(sheet: &Sheet, asked: &[&Criterion]) -> Self {
        let typed = asked.iter().map(|c| {
            let row = sheet.current(&c.key);
            let points = row.and_then(|r| r.points).map(|p| p.to_string()).unwrap_or_default();
            Typed { key: c.key.clone(), points, why: row.map(|r| r.why.clone()).unwrap_or_default() }
        });
        Self { typed: typed.collect(), remark: Some(sheet.reading.remark.clone()), seen: version(sheet) }
    }
    /// What is wrong, each with the id of its field. A draft may be unfinished, but not unreadable.
    fn wrong(&self, stage: &Stage, submitting: bool) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        for typed in &self.typed {
            let Some(criterion) = stage.criterion(&typed.key) else { continue };
            let known = criterion.scale.iter().any(|p| p.value.to_string() == typed.points);
            if !known && (submitting || !typed.points.is_empty()) {
                wrong.push((format!("points.{}", typed.key), format!("Choose the points for “{}”", criterion.name.en)));
            }
            if submitting && typed.why.is_empty() {
                wrong.push((format!("why.{}", typed.key), format!("Say why, for “{}”", criterion.name.en)));
            }
            if typed.why.chars().count() > LONGEST {
                wrong.push((format!("why.{}", typed.key), "Shorten this to 5,000 characters".into()));
            }
        }
        if self.remark.as_ref().is_some_and(|r| r.chars().count() > LONGEST) {
            wrong.push(("remark".into(), "Shorten this to 5,000 characters".into()));
        }
        wrong
    }
}

/// Tells whether the same sheet was changed in another window meanwhile.
fn version(sheet: &Sheet) -> String {
    let mut all: Vec<String> = sheet
        .scores
        .iter()
        .filter(|s| s.replaced_at.is_none())
        .map(|s| format!("{} {:?} {}", s.criterion, s.points, s.why))
        .collect();
    all.sort_unstable();
    sha256(format!("{}\n{}", all.join("\n"), sheet.reading.remark).as_bytes())
}

pub(super) async fn page(cx: Cx) -> Answer {
    let desk = Desk::open(&cx).await?;
    if desk.submitted() {
        return submitted(&cx, &desk).await;
    }
    let sent = Sent::kept(&desk.mine, &desk.asked(cx.query("by")));
    show(&cx, &desk, &sent, Vec::new(), false).await
}

fn draft(cx: &Cx, desk: &Desk) -> Result<Draft, Stop> {
    let (programme, applied) = (cx.programme()?, &desk.applied);
    let call = href(programme, &applied.call);
    let draft = Draft::new(format!("Assess {}", applied.row.name)).done(cx, SAID).crumb(&programme.name, programme.href());
    Ok(draft.crumb(&applied.call.name, &call).crumb("What you are to read", format!("{call}/reading")))
}

async fn show(cx: &Cx, desk: &Desk, sent: &Sent, wrong: Vec<(String, String)>, clash: bool) -> Answer {
    if let Some(stop) = not_now(&desk.applied, &desk.applied.row) {
        return Err(stop);
    }
    let (home, conflicts) = (desk.href(cx)?, format!("{}/conflicts", href(cx.programme()?, &desk.applied.call)));
    let one = sent.typed.len() < desk.stage.criteria.len();
    let by = if one { sent.typed.first().map_or("", |t| t.key.as_str()) } else { "" };
    let text = text(cx, desk, by).await?;
    let wrong_of = |id: &str| wrong.iter().find(|(field, _)| field == id).map(|(_, message)| message.as_str());
    let remark = sent.remark.as_deref().unwrap_or("");
    let fields = html(maud! {
        @for typed in &sent.typed {
            @if let Some(criterion) = desk.stage.criterion(&typed.key) { (ask(criterion, typed, &wrong_of)) }
        }
    });
    let summary = InvalidSummary { title: "Please look at this again".into(), items: wrong.clone() };
    let lead = format!("{}. You score it alone: nobody sees your scores before you submit them.", desk.applied.reference());
    let mut page = draft(cx, desk)?.lead(lead).invalid_items((!wrong.is_empty()).then_some(summary));
    if clash {
        page = page.status(StatusCode::CONFLICT);
    }
    Ok(page.page(
        cx,
        maud! {
            @if clash { (parts::inset(maud! {
                p { "You saved something else in another window meanwhile. It stands here, and what you typed now in the form below. Save again to keep what the form says." }
                (side_by_side(&desk.stage, &[&desk.mine]))
            })) }
            p { "Do you know them after all? " a href={ (&conflicts) "/declare?application=" (desk.applied.row.id.to_string()) } { "Declare a conflict of interest" } "." }
            (ways(&home, desk, by))
            (text)
            (parts::section("scores", "Your scores", maud! {
                (form::form(&home, &cx.form_keys(), maud! {
                    (form::hidden("seen", &sent.seen)) (form::hidden("by", by))
                    (&fields)
                    @if one {
                        (form::button_group(maud! {
                            (form::main_named_button("Save, and read the next by this criterion", "step", "next"))
                            (form::named_button("Save", "step", "draft"))
                        }))
                    } @else {
                        (form::long_text(Field::new("remark", "On the whole").hint("What you would tell the others about it.").value(remark).error(wrong_of("remark")).optional(), 4))
                        (form::button_group(maud! {
                            (form::main_named_button("Submit your scores", "step", "submit"))
                            (form::named_button("Save, and go on later", "step", "draft"))
                        }))
                    }
                }))
            }))
        },
    ))
}

/// What they wrote: in their own order, or first what one criterion is read from, where the design says what that is.
async fn text(cx: &Cx, desk: &Desk, by: &str) -> Result<Html, Stop> {
    let all = submitted_text(cx, &desk.applied, None).await?;
    let Some(criterion) = desk.stage.criterion(by) else { return Ok(parts::section("text", "What they wrote", all)) };
    let asked = form_of(cx.app(), desk.applied.call.form_id).await?;
    let mut questions = asked.form().sections.iter().flat_map(|s| &s.questions);
    if !questions.any(|q| criterion.questions.contains(&q.key)) {
        let said = maud! {
            p { "Nobody has said from which answers this criterion is read, so all of them stand here." }
            (&all)
        };
        return Ok(parts::section("text", "What they wrote", said));
    }
    let some = submitted_text(cx, &desk.applied, Some(&criterion.questions)).await?;
    let heading = format!("What they wrote, for “{}”", criterion.name.en);
    Ok(parts::section("text", &heading, maud! { (&some) (parts::details("All they wrote, in their own order", &all)) }))
}

/// In the applicant's own order with all criteria, or by one criterion.
fn ways(home: &str, desk: &Desk, by: &str) -> Html {
    let option = |key: &str, text: &str| parts::FilterOption {
        text: text.into(),
        href: if key.is_empty() { home.to_string() } else { format!("{home}?by={key}") },
        current: key == by,
        count: None,
    };
    let mut options = vec![option("", "All criteria")];
    options.extend(desk.stage.criteria.iter().map(|c| option(&c.key, &c.name.en)));
    parts::filters(&[parts::FilterGroup { label: "Read it for".into(), options }])
}

fn ask<'a>(criterion: &Criterion, typed: &Typed, wrong_of: &impl Fn(&str) -> Option<&'a str>) -> Html {
    let (points, why) = (format!("points.{}", criterion.key), format!("why.{}", criterion.key));
    let choices: Vec<Choice> = criterion
        .scale
        .iter()
        .map(|p| {
            let choice = Choice::new(p.value.to_string(), point(criterion, Some(p.value)));
            if p.help.is_empty() { choice } else { choice.hint(&p.help.en) }
        })
        .collect();
    let partnership = if criterion.partnership { "Tells a partnership from the delivery of a project. " } else { "" };
    let hint = format!("{partnership}{} It counts {}.", criterion.about.en, criterion.weight.plain());
    html(maud! {
        h3 { (&criterion.name.en) }
        (form::radios(Field::new(&points, &format!("Points for “{}”", criterion.name.en)).hint(&hint).value(&typed.points).error(wrong_of(&points)), &choices))
        (form::long_text(Field::new(&why, &format!("Why, for “{}”", criterion.name.en)).hint("What in the application shows it?").value(&typed.why).error(wrong_of(&why)), 4))
    })
}

/// After submitting: own scores, and those that others have submitted.
async fn submitted(cx: &Cx, desk: &Desk) -> Answer {
    let all: Vec<&Sheet> = desk.sheets.iter().filter(|s| s.reading.submitted_at.is_some()).collect();
    let waiting = desk.sheets.len() - all.len();
    let text = submitted_text(cx, &desk.applied, None).await?;
    let change = match not_now(&desk.applied, &desk.applied.row) {
        None => change::form(cx, desk, None)?,
        Some(_) => html(""),
    };
    let when = desk.mine.reading.submitted_at.map(|at| at.to_string()).unwrap_or_default();
    let lead = format!("{}. You submitted your scores on {when}.", desk.applied.reference());
    Ok(draft(cx, desk)?.lead(lead).page(
        cx,
        maud! {
            (parts::section("scores", "What you and others gave", side_by_side(&desk.stage, &all)))
            @if waiting > 0 { p { "Still to submit: " (waiting) ". You see their scores once they have." } }
            (change)
            (parts::section("text", "What they wrote", &text))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let desk = Desk::open(&act).await?;
    let home = desk.href(&act)?;
    let (by, step) = (act.form.get("by").to_string(), act.form.get("step").to_string());
    let submitting = step == "submit";
    let asked = if submitting { desk.asked("") } else { desk.asked(&by) };
    let sent = Sent::of(&act.form, &asked);
    let wrong = sent.wrong(&desk.stage, submitting);
    if !wrong.is_empty() && !desk.submitted() {
        return show(&act, &desk, &sent, wrong, false).await;
    }
    let mut write = act.write(if submitting { "submit scores" } else { "save scores" }).await?;
    let before = locked(&write, &desk).await?;
    if before.submitted_at.is_some() {
        return Err(Stop::forbidden(
            "You have submitted these scores already",
            "Each can still be changed, with a reason; what you gave first stays beside it.",
        ));
    }
    let now = sheets(write.tx(), before.application_id).await?.into_iter().find(|s| s.reading.id == before.id);
    let now = now.ok_or(Stop::Missing)?;
    if version(&now) != sent.seen && differs(&now, &sent) {
        drop(write);
        let desk = Desk::open(&act).await?;
        let sent = Sent { seen: version(&desk.mine), ..sent };
        return show(&act, &desk, &sent, Vec::new(), true).await;
    }
    keep(&mut write, &now, &sent).await?;
    let after = reading::Model {
        remark: sent.remark.clone().unwrap_or_else(|| before.remark.clone()),
        submitted_at: submitting.then(|| write.at()),
        ..before.clone()
    };
    if after != before {
        write.replace(&before, after).await?;
    }
    let to = match step.as_str() {
        "submit" => format!("{home}?done=submitted"),
        "next" => next(&act, &desk, &by).await?,
        _ if by.is_empty() => format!("{home}?done=saved"),
        _ => format!("{home}?by={by}&done=saved"),
    };
    act.save(write, &to).await
}

/// The viewer's reading, so that nobody takes it back while it is written in.
pub(super) async fn locked(write: &Write, desk: &Desk) -> Result<reading::Model, Stop> {
    let row = write.lock::<reading::Entity>(desk.mine.reading.id).await?.filter(|r| r.ended_at.is_none());
    let row = row.ok_or_else(|| {
        Stop::forbidden("It is not yours to read any more", "It was given to somebody else. Copy what you need from below.")
    })?;
    let application = application::Entity::find_by_id(row.application_id).one(write.tx()).await;
    let application = application.map_err(fault("load an application"))?.ok_or(Stop::Missing)?;
    not_now(&desk.applied, &application).map_or(Ok(row), Err)
}

/// Whether what was sent would overwrite something else.
fn differs(now: &Sheet, sent: &Sent) -> bool {
    let other = |typed: &Typed| {
        let row = now.current(&typed.key);
        let points = row.and_then(|r| r.points).map(|p| p.to_string()).unwrap_or_default();
        row.is_some() && (points != typed.points || row.is_some_and(|r| r.why != typed.why))
    };
    let remark = sent.remark.as_ref().is_some_and(|r| !now.reading.remark.is_empty() && *r != now.reading.remark);
    remark || sent.typed.iter().any(other)
}

/// Writes a draft's points and reasons; what is as it was stays untouched.
async fn keep(write: &mut Write, now: &Sheet, sent: &Sent) -> Result<(), Stop> {
    for typed in &sent.typed {
        let points: Option<i32> = typed.points.parse().ok();
        match now.current(&typed.key) {
            Some(row) if row.points == points && row.why == typed.why => {}
            Some(row) => {
                let after = score::Model { points, why: typed.why.clone(), given_at: write.at(), ..row.clone() };
                write.replace(row, after).await?;
            }
            None if points.is_none() && typed.why.is_empty() => {}
            None => {
                let row = new_score(write, &now.reading, &typed.key, points, typed.why.clone());
                write.insert(row).await?;
            }
        }
    }
    Ok(())
}

pub(super) fn new_score(write: &Write, of: &reading::Model, criterion: &str, points: Option<i32>, why: String) -> score::Model {
    let (id, given_at): (ScoreId, Moment) = (ScoreId(write.id()), write.at());
    let (programme_id, reading_id): (_, ReadingId) = (of.programme_id, of.id);
    score::Model { id, programme_id, reading_id, criterion: criterion.into(), points, why, given_at, replaced_at: None }
}

/// The next application that has no points by this criterion yet; the list, where there is none.
async fn next(cx: &Cx, desk: &Desk, by: &str) -> Result<String, Stop> {
    let (programme, call) = (cx.programme()?, &desk.applied.call);
    let mine = to_read(cx, cx.person()?, call).await?;
    let open = |r: &&super::reading_list::ToRead| !r.submitted && !r.scored.contains(by) && r.application != desk.applied.row.id;
    let after = mine.iter().filter(|r| r.number > desk.applied.row.number).find(open);
    Ok(match after.or_else(|| mine.iter().find(open)) {
        Some(one) => format!("{}/applications/{}/assess?by={by}&done=saved", programme.href(), one.application),
        None => format!("{}/reading", href(programme, call)),
    })
}
