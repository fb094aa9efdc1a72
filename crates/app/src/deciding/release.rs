//! Telling everybody: once every application has a decision that counts, the call is marked ready, and on the announced
//! day, at the hour said, all who applied are told at once. It happens once, whoever's button or server it is that does it.

use axum::http::StatusCode;
use kernel::{Day, Deadline, Fault, Invalid, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, Writer, fault};
use tables::{ApplicationId, CallId, PersonId, application, call, member, person, programme};
use ui::form::{self, Choice, Field};
use ui::parts;
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::standing::{Said, deciders, standing};
use crate::calls::{self, SUBMITTED, Standing as CallStanding, reference, stage_of, standing as call_standing};
use crate::ground::html::*;
use crate::ground::{Act, Answer, App, Cx, Draft, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[
    ("ready", "Marked ready. Everybody is told at that moment, without anybody having to do anything more."),
    ("not-ready", "Taken back: nobody is told until the call is marked ready again."),
    ("told", "Everybody is told. A mail is on its way to each person who writes one of these applications."),
];
/// The hour at which everybody hears, where nobody says otherwise.
const HOUR: &str = "09:00";

/// An application on which something is still to be said: who may read what, only where the viewer may.
struct Missing {
    id: ApplicationId,
    number: i32,
    why: String,
}

/// What a call lacks before it can be told, of `all` that were submitted.
struct Readiness {
    all: Vec<ApplicationId>,
    missing: Vec<Missing>,
}

/// What stands in the way of one application, if anything.
fn lacks(said: Option<&Said>) -> bool {
    said.is_none_or(|s| !s.now.counts() || s.now.row.feedback.is_empty())
}

async fn readiness(db: &impl ConnectionTrait, programme: &Snapshot, call: &call::Model) -> Result<Readiness, Fault> {
    let sponsors = deciders(programme, &stage_of(programme, call)?);
    let (all, decided) = (calls::submitted(db, call.id).await?, standing(db, call.id).await?);
    let missing = all.iter().filter(|one| lacks(decided.get(&one.id))).map(|one| {
        let why = decided.get(&one.id).map_or_else(|| "Nobody has proposed a decision".to_string(), |s| s.now.how_far(&sponsors));
        Missing { id: one.id, number: one.number, why }
    });
    Ok(Readiness { missing: missing.collect(), all: all.iter().map(|a| a.id).collect() })
}

pub(super) async fn page(cx: Cx) -> Answer {
    let call = cx.call()?.clone();
    let day = call.decides_on.map(|d| d.to_string()).unwrap_or_default();
    show(&cx, (&day, HOUR), &Invalid::default()).await
}

async fn show(cx: &Cx, typed: (&str, &str), wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let found = readiness(cx.read(), &programme, &call).await?;
    let aside = calls::conflicts(cx.read(), cx.person()?, &found.missing.iter().map(|m| m.id).collect::<Vec<_>>()).await?;
    let rows = found.missing.iter().map(|m| {
        let number = reference(&call, m.number);
        match aside.contains(&m.id) {
            true => vec![Cell::text(number).head(), Cell::text("You stand aside: ask somebody else who runs the call")],
            false => {
                let href = format!("{}/applications/{}/decision", programme.href(), m.id);
                vec![Cell::link(&href, &number).head(), Cell::text(&m.why)]
            }
        }
    });
    let table = Table::new("Not ready", &["Application", "What is missing"], rows.collect()).html();
    let ready = !found.all.is_empty() && found.missing.is_empty() && call_standing(&call, cx.now()) == CallStanding::Closed;
    let steps = steps(cx, &call, (ready, found.all.len()), typed, wrong);
    let reopened = calls::open_among(cx, &found.all).await?;
    let home = format!("{}/calls/{}", programme.href(), call.slug);
    let stage = stage_of(&programme, &call)?.key;
    let stays = programme.programme.design.call.as_ref().and_then(|of| of.stage(&stage)).is_some_and(|s| s.stays_as.is_some());
    let draft = Draft::new("Tell everybody").lead(format!("{}. Decision, conditions and feedback, to all at once.", call.name));
    let draft = draft.done(cx, SAID).invalid(wrong).crumb(&programme.name, programme.href()).crumb(&call.name, &home);
    Ok(draft.crumb("Forum", format!("{home}/forum")).page(
        cx,
        maud! {
            @if let Some(at) = call.released_at {
                p { "Everybody was told on " (at.to_string()) ": " (found.all.len()) " applications." }
                @if stays { p { a href={ (&home) "/stay" } { "Take in those who were asked to stay" } } }
            } @else {
                p { (found.all.len() - found.missing.len()) " of " (found.all.len()) " applications have a decision that counts, with feedback." }
                @if call_standing(&call, cx.now()) != CallStanding::Closed { p { "The call is open until " (call.closes_at.to_string()) "." } }
                @if let Some(until) = reopened.iter().map(|(_, until)| *until).max() {
                    (parts::inset(maud! { p { (reopened.len()) " of them can still be changed, until " (until.to_string()) ". One that is submitted anew has to be decided anew." } }))
                }
                @if !found.missing.is_empty() { (table) }
                (steps)
            }
        },
    ))
}

/// What can be done next: marking it ready, taking that back, or telling everybody now.
fn steps(cx: &Cx, call: &call::Model, (ready, all): (bool, usize), typed: (&str, &str), wrong: &Invalid) -> Html {
    let may_tell = call.decides_on.is_some_and(|day| day <= cx.today());
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let mark = html(maud! {
        (form::form(cx.path().trim_end_matches("/now"), &cx.form_keys(), maud! {
            (form::date(field("day", "On which day does everybody hear?", "Not before the day that was announced.", typed.0)))
            (form::text(field("time", "At what time?", "In London time, like 09:00.", typed.1).width(5)))
            p { "Once it is marked ready, everybody is told at that moment by itself. Until then it can be taken back." }
            (form::main_named_button("Mark it ready", "_step", "ready"))
        }))
    });
    let here = cx.path().trim_end_matches("/now");
    let back = form::form(here, &cx.form_keys(), form::named_button("Take this back", "_step", "back"));
    let whom = if all == 1 { "Tell the one who applied".into() } else { format!("Tell all {all} at once") };
    let sure = [Choice::new("yes", format!("{whom}. It cannot be taken back"))];
    let now = html(maud! {
        (form::form(&format!("{here}/now"), &cx.form_keys(), maud! {
            (form::checkboxes(field("sure", "Tell everybody now?", "Each person who writes an application gets a mail.", ""), &sure))
            (form::warning_button("Tell everybody now"))
        }))
    });
    let mistyped = wrong.of("day").is_some() || wrong.of("time").is_some();
    html(maud! {
        @match call.tells_at {
            _ if mistyped => { (mark) }
            Some(at) => {
                (parts::inset(maud! { p { "Marked ready. Everybody is told on " (at.to_string()) ", by itself. Proposing another decision takes this back." } }))
                (back)
            }
            None if ready => { (mark) }
            None => { p { "Once nothing is missing, the call can be marked ready here." } }
        }
        @if ready && may_tell { (now) }
        @else if let Some(day) = call.decides_on { p { "Nobody is told before " (day.to_string()) ", which was announced." } }
    })
}

/// When everybody is to hear.
fn read(call: &call::Model, day: &str, time: &str, now: Moment) -> Result<Moment, Invalid> {
    let mut wrong = Invalid::default();
    let day = Day::parse_as_written(day).map_err(|bad| wrong.add("day", bad.to_string())).ok();
    let time = time.split_once([':', '.']).and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    let time: Option<(u32, u32)> = time.filter(|(hour, minute)| *hour < 24 && *minute < 60);
    if time.is_none() {
        wrong.add("time", "Enter a time, like 09:00");
    }
    if let (Some(day), Some(announced)) = (day, call.decides_on)
        && day < announced
    {
        wrong.add("day", format!("Enter {announced}, which was announced, or a later day"));
    }
    let at = day.zip(time).map(|(day, (hour, minute))| Deadline { day, hour, minute }.moment());
    if at.is_some_and(|at| at < now) && wrong.is_empty() {
        wrong.add("time", "That has passed. Enter a moment that is still to come");
    }
    match at {
        Some(at) if wrong.is_empty() => Ok(at),
        _ => Err(wrong),
    }
}

/// Marks the call ready, or takes that back.
pub(super) async fn ready(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    if call.released_at.is_some() {
        return Err(refused(&Telling::Already, act.path()));
    }
    let back = act.form.get("_step") == "back";
    let typed = (act.form.get("day"), act.form.get("time"));
    let at = match back {
        true => None,
        false => match read(&call, typed.0, typed.1, act.now()) {
            Ok(at) => Some(at),
            Err(wrong) => return show(&act, typed, &wrong).await,
        },
    };
    let mut write =
        act.write(if back { "take back that decisions are ready" } else { "mark decisions ready to be told" }).await?;
    let before = write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    if before.released_at.is_some() {
        return Err(refused(&Telling::Already, act.path()));
    }
    if let Some(at) = at {
        if let Some(why) = not_ready(&write, &programme, &before).await? {
            return Err(refused(&why, act.path()));
        }
        // Where no day was announced, this one is now; one that was stays as it was said, beside the moment that will be.
        let decides_on = before.decides_on.or(Some(at.day()));
        write.replace(&before, call::Model { tells_at: Some(at), decides_on, ..before.clone() }).await?;
    } else if before.tells_at.is_some() {
        write.replace(&before, call::Model { tells_at: None, ..before.clone() }).await?;
    }
    act.save(write, &format!("{}?done={}", act.path(), if back { "not-ready" } else { "ready" })).await
}

/// What came of wanting to tell everybody.
#[derive(Debug, PartialEq, Eq)]
enum Telling {
    Told,
    Already,
    TooEarly,
    Open,
    Missing(usize),
    NobodyApplied,
}

fn refused(why: &Telling, next: &str) -> Stop {
    let why = match why {
        Telling::Already => "Everybody was told already. That happens once.".to_string(),
        Telling::TooEarly => "Nobody is told before the day that was announced.".into(),
        Telling::Open => "The call is still open.".into(),
        Telling::NobodyApplied => "There is no application to say anything to.".into(),
        Telling::Missing(1) => "One application has no decision that counts yet, with feedback.".into(),
        Telling::Missing(n) => format!("{n} applications have no decision that counts yet, with feedback."),
        Telling::Told => String::new(),
    };
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "Nobody has been told anything now".into(),
        why,
        next: Some(("What is still missing".into(), next.trim_end_matches("/now").to_string())),
    }
}

/// What stands in the way of telling everybody, apart from the day.
async fn not_ready(write: &Write, programme: &Snapshot, call: &call::Model) -> Result<Option<Telling>, Fault> {
    if call_standing(call, write.at()) != CallStanding::Closed {
        return Ok(Some(Telling::Open));
    }
    let found = readiness(write.tx(), programme, call).await?;
    Ok(match (found.all.len(), found.missing.len()) {
        (0, _) => Some(Telling::NobodyApplied),
        (_, 0) => None,
        (_, n) => Some(Telling::Missing(n)),
    })
}

/// Tells everybody, in a write that then has to be saved: the mark on the call and every mail, or nothing.
async fn tell(
    write: &mut Write,
    programme: &Snapshot,
    id: CallId,
    address: &str,
    due: fn(&call::Model, Moment) -> bool,
) -> Result<Telling, Fault> {
    let Some(call) = write.lock::<call::Entity>(id).await? else { return Ok(Telling::Already) };
    if call.released_at.is_some() {
        return Ok(Telling::Already);
    }
    if !due(&call, write.at()) {
        return Ok(Telling::TooEarly);
    }
    if let Some(why) = not_ready(write, programme, &call).await? {
        return Ok(why);
    }
    let mails = mails(write, programme, &call, address).await?;
    write.mail_all(mails).await?;
    write.replace(&call, call::Model { released_at: Some(write.at()), ..call.clone() }).await?;
    Ok(Telling::Told)
}

/// A mail for each person who writes an application of the call: that the decision is there, and where.
async fn mails(
    write: &Write,
    programme: &Snapshot,
    call: &call::Model,
    address: &str,
) -> Result<Vec<(String, String, String)>, Fault> {
    let of_application =
        member::Entity::belongs_to(application::Entity).from(member::Column::ApplicationId).to(application::Column::Id).into();
    let of_person = member::Entity::belongs_to(person::Entity).from(member::Column::PersonId).to(person::Column::Id).into();
    let found: Vec<(PersonId, Option<String>, ApplicationId, i32, String)> = member::Entity::find()
        .join(JoinType::InnerJoin, of_application)
        .join(JoinType::InnerJoin, of_person)
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.state.eq(SUBMITTED))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(member::Column::PersonId)
        .order_by_asc(application::Column::Number)
        .order_by_asc(member::Column::Id)
        .select_only()
        .column(member::Column::PersonId)
        .column(person::Column::Email)
        .column(application::Column::Id)
        .column(application::Column::Number)
        .column(application::Column::Name)
        .into_tuple()
        .all(write.tx())
        .await
        .map_err(fault("list who writes"))?;
    let mut mails = Vec::new();
    for theirs in found.chunk_by(|a, b| a.0 == b.0) {
        let Some(email) = theirs.first().and_then(|t| t.1.clone()) else { continue };
        let mut lines: Vec<String> = theirs
            .iter()
            .map(|(_, _, id, number, name)| {
                format!("{}, {name}: {address}{}/applications/{id}\n", reference(call, *number), programme.href())
            })
            .collect();
        // Somebody may write for two organisations of one application.
        lines.dedup();
        let text = format!(
            "The sponsors have decided on the applications to {}. Sign in to read the decision and the feedback:\n\n{}\nEverybody who applied is told at the same moment.\n",
            call.name,
            lines.concat()
        );
        mails.push((email, format!("{}: the decision is there", call.name), text));
    }
    Ok(mails)
}

/// The button, on the announced day or after.
pub(super) async fn now(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    let mut write = act.write("tell everybody the decisions").await?;
    let due = |call: &call::Model, at: Moment| call.decides_on.is_some_and(|day| day <= at.day());
    let page = act.path().trim_end_matches("/now").to_string();
    match tell(&mut write, &programme, call.id, &act.app().settings.address, due).await? {
        Telling::Told if act.form.get("sure") != "yes" => {
            drop(write);
            let day = call.decides_on.map(|d| d.to_string()).unwrap_or_default();
            show(&act, (&day, HOUR), &Invalid::one("sure", "Tick this to tell everybody now")).await
        }
        Telling::Told => act.save(write, &format!("{page}?done=told")).await,
        why => Err(refused(&why, &page)),
    }
}

/// Tells everybody of each call that is marked ready and whose moment has come; gives how many calls those were. Any
/// number of servers may ask at once: the first to hold the call's row tells, and the others find that it was told.
///
/// # Errors
/// Where the database does not answer. Then nobody was told of that call, and asking again does it.
pub async fn release_due(app: &App) -> Result<usize, Fault> {
    let due = call::Entity::find()
        .filter(call::COLUMN.released_at.is_null())
        .filter(call::COLUMN.tells_at.lte(app.clock.now()))
        .order_by_asc(call::Column::Id)
        .all(app.db.reader())
        .await
        .map_err(fault("list calls that are due"))?;
    let (mut told, mut failed) = (0, None);
    for call in due {
        // One call that cannot be told does not keep the others waiting.
        match release_one(app, &call).await {
            Ok(true) => told += 1,
            Ok(false) => {}
            Err(fault) => failed = Some(fault),
        }
    }
    failed.map_or(Ok(told), Err)
}

async fn release_one(app: &App, call: &call::Model) -> Result<bool, Fault> {
    let row = programme::Entity::find_by_id(call.programme_id).one(app.db.reader()).await.map_err(fault("load a programme"))?;
    let Some(row) = row else { return Ok(false) };
    let programme = app.snapshots.of(&app.db, &row).await?;
    let writer = Writer { actor: None, clock: app.clock.clone(), ids: app.ids.clone() };
    let mut write = app.db.write(&writer, "tell everybody the decisions").await?;
    let due = |call: &call::Model, at: Moment| call.tells_at.is_some_and(|due| due <= at);
    match tell(&mut write, &programme, call.id, &app.settings.address, due).await? {
        Telling::Told => write.save().await.map(|()| true),
        Telling::Already | Telling::TooEarly => Ok(false),
        Telling::Open | Telling::Missing(_) | Telling::NobodyApplied => {
            drop(write);
            not_after_all(app.db.write(&writer, "take back that decisions are ready").await?, call.id).await?;
            Ok(false)
        }
    }
}

/// Something is missing that was there when the call was marked ready: the mark goes, and whoever runs the call sees it.
async fn not_after_all(mut write: Write, id: CallId) -> Result<(), Fault> {
    let Some(call) = write.lock::<call::Entity>(id).await? else { return Ok(()) };
    if call.released_at.is_none() {
        write.replace(&call, call::Model { tells_at: None, ..call.clone() }).await?;
    }
    write.save().await
}
