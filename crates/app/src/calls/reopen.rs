//! Those who run the call reopen a submitted application for some of its sections, until a moment. Until it is
//! submitted again, and for good if it is not, what was submitted before stands.

use kernel::{Fault, Invalid, Moment};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{ApplicationId, ReopeningId, application, call, reopening, sheet};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts, words};

use super::open_call::moment;
use super::overview::Receipt;
use super::reading::{Applied, DRAFT, SUBMITTED, Standing, standing};
use super::section::void;
use super::submit::mail_writers;
use crate::answers;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

const LONGEST: usize = 5_000;

/// What of an application can be written at a moment.
pub(super) enum Open {
    Nothing,
    All,
    Sections(reopening::Model),
}

impl Open {
    pub fn any(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
    pub fn section(&self, key: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Sections(reopened) => keys(reopened).any(|k| k == key),
        }
    }
    pub fn reopened(&self) -> Option<&reopening::Model> {
        match self {
            Self::Sections(reopened) => Some(reopened),
            _ => None,
        }
    }
}

/// The sections that are reopened, by their keys.
pub(super) fn keys(reopened: &reopening::Model) -> impl Iterator<Item = &str> {
    reopened.sections.split(' ')
}

/// What of an application can be written: a draft while the call is open, and of a submitted one what is reopened.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    row: &application::Model,
    call: &call::Model,
    at: Moment,
) -> Result<Open, Fault> {
    match row.state.as_str() {
        DRAFT if standing(call, at) == Standing::Open => Ok(Open::All),
        SUBMITTED => Ok(all(db, &[row.id]).await?.into_iter().find(|r| is_open(r, at)).map_or(Open::Nothing, Open::Sections)),
        _ => Ok(Open::Nothing),
    }
}

/// The minute that is named still counts.
fn is_open(reopened: &reopening::Model, at: Moment) -> bool {
    reopened.ended_at.is_none() && at < reopened.until.plus_seconds(60)
}

/// All reopenings of some applications, the newest first.
pub(super) async fn all(db: &impl ConnectionTrait, ids: &[ApplicationId]) -> Result<Vec<reopening::Model>, Fault> {
    reopening::Entity::find()
        .filter(reopening::COLUMN.application_id.is_in(ids.to_vec()))
        .order_by_desc(reopening::Column::OpenedAt)
        .order_by_desc(reopening::Column::Id)
        .all(db)
        .await
        .map_err(fault("list reopenings"))
}

/// Until when each of these applications is open again, where one is: for a list of them.
pub(crate) async fn open_among(cx: &Cx, ids: &[ApplicationId]) -> Result<Vec<(ApplicationId, Moment)>, Fault> {
    let found = all(cx.read(), ids).await?;
    Ok(found.into_iter().filter(|r| is_open(r, cx.now())).map(|r| (r.application_id, r.until)).collect())
}

/// What is said of it on the application's page: what is open now, and what came of earlier times.
pub(super) async fn told(cx: &Cx, applied: &Applied, home: &str) -> Result<Html, Stop> {
    let found = all(cx.read(), &[applied.row.id]).await?;
    if found.is_empty() {
        return Ok(html(""));
    }
    let form = answers::form_of(cx.app(), applied.call.form_id).await?;
    let titles = |row: &reopening::Model| -> Vec<(String, String)> {
        let sections = form.form().sections.iter().filter(|s| keys(row).any(|key| key == s.key));
        sections.map(|s| (s.key.clone(), s.title.get(forms::Lang::En).to_string())).collect()
    };
    Ok(html(maud! {
        (parts::section("reopened", "Reopened", maud! {
            @for row in &found {
                @let titles = titles(row);
                @if is_open(row, cx.now()) && applied.row.state == SUBMITTED {
                    p { strong { "It is open again until " (row.until.to_string()) "." } " That minute still counts. These sections can be changed, and no others:" }
                    ul { @for (key, title) in &titles {
                        li { @if applied.mine.is_some() { a href={ (home) "/sections/" (key) } { (title) } } @else { (title) } }
                    } }
                    p { "Why:" }
                    (words::markdown(&row.reasons))
                    @if applied.mine.is_some() { p { "Then every organisation signs again, and it is submitted again. If it is not by then, it stands as it was submitted before." } }
                } @else {
                    p {
                        "Reopened on " (row.opened_at.to_string()) " until " (row.until.to_string()) ", for: "
                        (titles.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>().join(", ")) ". "
                        @match row.ended_at {
                            Some(ended) => { "It was submitted again on " (ended.to_string()) "." }
                            None => { "It was not submitted again, so what was submitted before stands." }
                        }
                    }
                }
            }
        }))
    }))
}

struct Typed {
    sections: Vec<String>,
    reasons: String,
    until_on: String,
    until_at: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self {
            sections: form.pairs().filter(|(name, _)| *name == "sections").map(|(_, key)| key.to_string()).collect(),
            reasons: text("reasons"),
            until_on: text("until_on"),
            until_at: text("until_at"),
        }
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let until_on = cx.today().plus_days(7).to_string();
    let typed = Typed { sections: Vec::new(), reasons: String::new(), until_on, until_at: "17:00".into() };
    page(&cx, &typed, &Invalid::default()).await
}

async fn page(cx: &Cx, typed: &Typed, wrong: &Invalid) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    can_be_reopened(&applied.row, &applied.call, &open(cx.read(), &applied.row, &applied.call, cx.now()).await?)?;
    let kept = answers::form_of(cx.app(), applied.call.form_id).await?;
    let section = |s: &forms::Section| Choice::new(&s.key, s.title.get(forms::Lang::En)).checked(typed.sections.contains(&s.key));
    let sections: Vec<Choice> = kept.form().sections.iter().map(section).collect();
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft = Draft::new("Reopen the application")
        .lead("For what could not be known or was left out, where it would be unfair to choose without it.")
        .invalid(wrong);
    Ok(applied.below(draft, &programme).page(
        cx,
        maud! {
            p { "Everybody who writes it gets a mail with your reasons. They can change these sections, sign again, and submit again. Until they do, and if they do not, it stands as it was submitted." }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::checkboxes(field("sections", "Which sections?", "", ""), &sections))
                (form::long_text(field("reasons", "Why?", "The partnership reads this, word for word.", &typed.reasons), 6))
                (form::date(field("until_on", "Until which day?", "", &typed.until_on)))
                (form::text(field("until_at", "Until what time?", "In London time, like 17:00. This minute still counts.", &typed.until_at)))
                (form::button("Reopen it"))
            }))
        },
    ))
}

fn can_be_reopened(row: &application::Model, call: &call::Model, open: &Open) -> Result<(), Stop> {
    match (row.state.as_str(), open.any()) {
        _ if call.released_at.is_some() => {
            Err(Stop::forbidden("It cannot be reopened", "What was decided on this call has been told."))
        }
        (SUBMITTED, false) => Ok(()),
        (SUBMITTED, true) => Err(Stop::forbidden("It is open already", "The application’s page says until when, and for what.")),
        _ => Err(Stop::forbidden(
            "It cannot be reopened",
            "Only an application that is submitted can be, not one that is withdrawn.",
        )),
    }
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let home = applied.href(&programme.href());
    let typed = Typed::of(&act.form);
    let kept = answers::form_of(act.app(), applied.call.form_id).await?;
    let known: Vec<&str> = kept.form().sections.iter().map(|s| s.key.as_str()).collect();
    let mut wrong = Invalid::default();
    if typed.sections.is_empty() || typed.sections.iter().any(|key| !known.contains(&key.as_str())) {
        wrong.add("sections", "Choose the sections that can be changed");
    }
    if typed.reasons.is_empty() || typed.reasons.chars().count() > LONGEST {
        wrong.add("reasons", "Enter why it is reopened, in at most 5,000 characters");
    }
    let until = moment(&mut wrong, ("until_on", &typed.until_on), ("until_at", &typed.until_at));
    if until.is_some_and(|until| until <= act.now() || until > act.now().plus_seconds(366 * 24 * 3600)) {
        wrong.add("until_on", "Enter a moment to come, within a year");
    }
    let (Some(until), true) = (until, wrong.is_empty()) else { return page(&act, &typed, &wrong).await };
    let mut write = act.write("reopen an application").await?;
    let sheet = write.lock::<sheet::Entity>(applied.row.sheet_id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<application::Entity>(applied.row.id).await?.ok_or(Stop::Missing)?;
    can_be_reopened(&row, &applied.call, &open(write.tx(), &row, &applied.call, write.at()).await?)?;
    // It starts from what was submitted, whatever was written in an earlier time that came to nothing.
    let submitted = Receipt::read(row.receipt.as_deref().ok_or(Stop::Missing)?)?;
    answers::open_again(act.app(), &mut write, &sheet, &submitted.answers, act.person()?).await?;
    void(&mut write, row.id).await?;
    let reopened = reopening::Model {
        id: ReopeningId(write.id()),
        programme_id: programme.id,
        application_id: row.id,
        sections: typed.sections.join(" "),
        reasons: typed.reasons.clone(),
        until,
        opened_by: act.person()?,
        opened_at: write.at(),
        ended_at: None,
        receipt: None,
        receipt_hash: None,
    };
    write.insert(reopened).await?;
    let titles = kept.form().sections.iter().filter(|s| typed.sections.contains(&s.key)).map(|s| s.title.get(forms::Lang::En));
    let text = format!(
        "{} ({}) is open again until {until}, for: {}.\n\nWhy:\n\n{}\n\nChange what you want to, sign again and submit again: {}{home}\nIf you do not, it stands as it was submitted.\n",
        row.name,
        applied.reference(),
        titles.collect::<Vec<_>>().join(", "),
        typed.reasons,
        act.app().settings.address,
    );
    mail_writers(&mut write, row.id, &format!("{} is open again", applied.reference()), &text).await?;
    act.save(write, &format!("{home}?done=reopened")).await
}

/// It is submitted again: what stood before stays with the reopening.
pub(super) async fn ended(write: &mut Write, reopened: &reopening::Model, before: &application::Model) -> Result<(), Fault> {
    let after = reopening::Model {
        ended_at: Some(write.at()),
        receipt: before.receipt.clone(),
        receipt_hash: before.receipt_hash.clone(),
        ..reopened.clone()
    };
    write.replace(reopened, after).await.map(drop)
}

/// What was submitted before, with the moment until which it stood, the oldest first.
pub(crate) async fn submitted_before(cx: &Cx, of: ApplicationId) -> Result<Vec<(Moment, Receipt)>, Fault> {
    let mut before = Vec::new();
    for row in all(cx.read(), &[of]).await? {
        if let (Some(until), Some(text)) = (row.ended_at, &row.receipt) {
            before.push((until, Receipt::read(text)?));
        }
    }
    before.sort_by_key(|(until, _)| *until);
    Ok(before)
}

/// What was submitted before this reopening came to an end, with its hash.
pub(super) async fn earlier(cx: &Cx, applied: &Applied, id: ReopeningId) -> Result<(String, String), Stop> {
    let found = all(cx.read(), &[applied.row.id]).await?.into_iter().find(|r| r.id == id);
    let found = found.and_then(|r| Some((r.receipt?, r.receipt_hash.unwrap_or_default())));
    found.ok_or(Stop::Missing)
}
