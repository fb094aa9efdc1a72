//! A call that is open or will be is changed: what it says it is for, and its days. A day that was announced only moves
//! later, with a reason, and everybody who writes an application hears of it.

use axum::http::StatusCode;
use kernel::{Day, Invalid, Moment};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::application;
use tables::call;
use ui::form::{self, Field};

use super::before::tell;
use super::call_page::href;
use super::open_call::{ABOUT, moment, too_long};
use super::reading::{Standing, WITHDRAWN, standing};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

const LONGEST: usize = 2_000;

struct Typed {
    /// The revision that was seen.
    seen: String,
    about: String,
    closes_on: String,
    closes_at: String,
    decides_on: String,
    why: String,
}

/// What is to stand.
struct Read {
    about: String,
    closes_at: Moment,
    decides_on: Option<Day>,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self {
            seen: text("_seen"),
            about: text("about"),
            closes_on: text("closes_on"),
            closes_at: text("closes_at"),
            decides_on: text("decides_on"),
            why: text("why"),
        }
    }
    fn from(call: &call::Model) -> Self {
        Self {
            seen: call.revision.to_string(),
            about: call.about.clone(),
            closes_on: call.closes_at.day().to_string(),
            closes_at: call.closes_at.clock_time(),
            decides_on: call.decides_on.map(|day| day.to_string()).unwrap_or_default(),
            why: String::new(),
        }
    }
    fn read(&self, call: &call::Model) -> Result<Read, Invalid> {
        let mut wrong = Invalid::default();
        too_long(&mut wrong, &self.about);
        let closes_at = moment(&mut wrong, ("closes_on", &self.closes_on), ("closes_at", &self.closes_at));
        if closes_at.is_some_and(|at| at < call.closes_at) {
            wrong.add("closes_on", format!("Enter {}, which was announced, or later: people count on it", call.closes_at));
        }
        let decides_on = (!self.decides_on.is_empty()).then(|| Day::parse_as_written(&self.decides_on)).transpose();
        let decides_on = decides_on.unwrap_or_else(|bad| {
            wrong.add("decides_on", bad.to_string());
            None
        });
        match (decides_on, call.decides_on) {
            (None, Some(announced)) if wrong.of("decides_on").is_none() => {
                wrong.add("decides_on", format!("Enter {announced}, which was announced, or a later day"));
            }
            (Some(day), Some(announced)) if day < announced => {
                wrong.add("decides_on", format!("Enter {announced}, which was announced, or a later day"));
            }
            (Some(day), _) if closes_at.is_some_and(|at| day <= at.day()) && Some(day) != call.decides_on => {
                wrong.add("decides_on", "Enter a day after the call has closed");
            }
            _ => {}
        }
        let moved = closes_at.is_some_and(|at| at != call.closes_at) || decides_on != call.decides_on;
        if moved && (self.why.is_empty() || self.why.chars().count() > LONGEST) {
            wrong.add("why", "Say why the days change, in at most 2,000 characters: everybody who applies is told");
        }
        match closes_at {
            Some(closes_at) if wrong.is_empty() => Ok(Read { about: self.about.clone(), closes_at, decides_on }),
            _ => Err(wrong),
        }
    }
}

/// What is closed is not changed any more: whoever missed it would have to trust that it was for everybody.
fn still_changes(cx: &Cx) -> Result<call::Model, Stop> {
    let call = cx.call()?.clone();
    if standing(&call, cx.now()) == Standing::Closed {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "The call has closed".into(),
            why: "Its days are not changed any more. Single applications can be reopened for some of their sections.".into(),
            next: Some((call.name.clone(), href(cx.programme()?, &call))),
        });
    }
    Ok(call)
}

pub(super) async fn form(cx: Cx) -> Answer {
    let call = still_changes(&cx)?;
    page(&cx, &call, &Typed::from(&call), &Invalid::default())
}

fn page(cx: &Cx, call: &call::Model, typed: &Typed, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?;
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft =
        Draft::new(format!("Change {}", call.name)).lead("Its questions and criteria stay as they were when it was opened.");
    let draft = draft.crumb(&programme.name, programme.href()).crumb(&call.name, href(programme, call)).invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_seen", &typed.seen))
                (form::long_text(field("about", "What is it for?", ABOUT, &typed.about), 8))
                (form::date(field("closes_on", "Closes on", "Not earlier than was announced.", &typed.closes_on)))
                (form::text(field("closes_at", "Closes at", "In London time, like 17:00. This minute still counts.", &typed.closes_at).width(5)))
                (form::date(field("decides_on", "Everybody hears on", "Not earlier than was announced.", &typed.decides_on).optional()))
                (form::long_text(field("why", "Why do the days change?", "Sent to everybody who writes an application. Leave it empty if they stay.", &typed.why).optional(), 3))
                (form::button("Change it"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, typed) = (act.programme()?.clone(), Typed::of(&act.form));
    let seen = still_changes(&act)?;
    let mut write = act.write("change a call").await?;
    let before = write.lock::<call::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if before.revision.to_string() != typed.seen {
        drop(write);
        let typed = Typed { seen: before.revision.to_string(), ..typed };
        let wrong =
            Invalid::one("about", "Somebody else has changed the call meanwhile. Compare with its page, then change it again");
        return page(&act, &before, &typed, &wrong);
    }
    let read = match typed.read(&before) {
        Ok(read) => read,
        Err(wrong) => return page(&act, &before, &typed, &wrong),
    };
    let after = call::Model {
        about: read.about,
        closes_at: read.closes_at,
        decides_on: read.decides_on,
        revision: before.revision + 1,
        ..before.clone()
    };
    if (after.closes_at, after.decides_on) != (before.closes_at, before.decides_on) {
        let writing = application::Entity::find()
            .filter(application::COLUMN.call_id.eq(before.id))
            .filter(application::COLUMN.state.ne(WITHDRAWN))
            .all(write.tx())
            .await
            .map_err(fault("list applications"))?;
        let hears = after.decides_on.map(|day| format!(" Everybody hears on {day}.")).unwrap_or_default();
        let text = format!(
            "“{}” now closes on {}. That minute still counts.{hears}\n\nWhy: {}\n\n{}{}\n",
            after.name,
            after.closes_at,
            typed.why,
            act.app().settings.address,
            href(&programme, &after),
        );
        tell(&mut write, &writing.into_iter().map(|a| a.id).collect(), &format!("New days for {}", after.name), &text).await?;
    }
    let after = write.replace(&before, after).await?;
    act.save(write, &format!("{}?done=changed", href(&programme, &after))).await
}
