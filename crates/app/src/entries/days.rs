//! Days of work that are logged with an entry, such as a session: when it is recorded, and put right later. Whoever may read
//! the entry reads them beside it.

use axum::http::StatusCode;
use design::{EntryKind, Power};
use kernel::{Day, Days, Invalid};
use store::Write;
use tables::{entry, movement, place};
use ui::form::{self, Field};
use ui::{Html, html};

use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Held, Snapshot, Stop, see_other};
use crate::ledger::days::{self, Doing, MOST_AT_ONCE, Share, What, Years};
use crate::ledger::{NotPosted, counter};

pub(super) const FIELD: &str = "days";

/// The role in which the viewer logs days with entries of this kind about this place, if any.
fn logs_as<'a>(cx: &'a Cx, programme: &'a Snapshot, kind: &str, place: &place::Model) -> Option<&'a Held> {
    cx.held().find(|held| held.reaches(Some(place.id)) && days::line_for(programme, &held.role, kind).is_some())
}

/// The question on the form that records an entry; nothing where no days go with it.
pub(super) async fn question(
    cx: &Cx,
    programme: &Snapshot,
    kind: &str,
    place: Option<&place::Model>,
    (typed, wrong): (&str, &Invalid),
) -> Result<Html, Stop> {
    let Some((place, held)) = place.and_then(|place| Some((place, logs_as(cx, programme, kind, place)?))) else {
        return Ok(html(""));
    };
    let share = share(cx, programme, place, &held.role, cx.today())?;
    let left = match days::standing_of(cx.read(), programme, &share).await? {
        Some(now) if now.left < Days::ZERO => {
            format!("{} more than allotted were used", Days::from_quarters(-now.left.quarters()))
        }
        Some(now) => format!("{} of {} are left", now.left.number(), now.allotted),
        None => "None are allotted yet".into(),
    };
    let hint =
        format!("In quarters, like ½ or 1.25. Leave this empty where none were used. {left} with {} this year.", place.name);
    Ok(html(
        maud! { (form::text(Field::new(FIELD, "Days used").hint(&hint).value(typed).error(wrong.of(FIELD)).optional().width(6))) },
    ))
}

fn share(cx: &Cx, programme: &Snapshot, place: &place::Model, role: &str, on: Day) -> Result<Share, Stop> {
    let year = Years::of(programme).at(on);
    Ok(Share::With { person: cx.person()?, place: place.id, role: role.to_string(), year })
}

/// What was typed, read. Nothing typed is no days.
pub(super) fn read(typed: &str, wrong: &mut Invalid) -> Days {
    if typed.trim().is_empty() {
        return Days::ZERO;
    }
    match typed.parse::<Days>() {
        Ok(days) if days <= MOST_AT_ONCE => return days,
        Ok(_) => wrong.add(FIELD, format!("Enter {MOST_AT_ONCE} at most for one entry")),
        Err(bad) => wrong.add(FIELD, bad.to_string()),
    }
    Days::ZERO
}

/// Logs days with an entry that is being recorded, in the same write.
pub(super) async fn log(
    write: &mut Write,
    act: &Act,
    programme: &Snapshot,
    (place, entry): (Option<&place::Model>, &entry::Model),
    used: Days,
) -> Result<(), Stop> {
    let Some((place, held)) = place.and_then(|place| Some((place, logs_as(act, programme, &entry.kind, place)?))) else {
        return Ok(());
    };
    if used > Days::ZERO {
        let share = share(act, programme, place, &held.role, entry.happened_on)?;
        days::do_with(write, programme, &share, using(act, entry, used, entry.title.clone())?).await.map_err(stop)?;
    }
    Ok(())
}

fn using(act: &Act, entry: &entry::Model, used: Days, why: String) -> Result<Doing, Stop> {
    Ok(Doing { what: What::Use, days: used, on: entry.happened_on, why, entry: Some(entry.id), by: act.person()? })
}

/// Floors do not stand in the way of using days, so what the ledger refuses here is a page of its own.
fn stop(not: NotPosted) -> Stop {
    match not {
        NotPosted::Fault(fault) => fault.into(),
        NotPosted::Refused(why) => Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "The days were not logged".into(),
            why: why.to_string(),
            next: None,
        },
    }
}

/// Layers of a session are of its kind, and days go with the session alone: where the design lets the kind be written.
fn stands_where_days_are(programme: &Snapshot, entry: &entry::Model) -> bool {
    let kind = programme.programme.design.kind(&entry.kind);
    kind.zip(programme.circle(entry.circle_id)).is_some_and(|(kind, circle)| kind.circles.contains(&circle.key))
}

/// What an entry's page says of its days: what was used, and to its author, where to put it right.
pub(super) async fn shown(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, Stop> {
    let logged = stands_where_days_are(programme, entry)
        && programme.programme.design.place_days().any(|line| line.kinds.contains(&entry.kind));
    if entry.source_id.is_some() || entry.place_id.is_none() || !logged {
        return staff_time(cx, programme, entry).await;
    }
    let used = days::used_with(cx.read(), entry.id).await?.map(|(_, used)| used);
    let place = super::place_of(cx, entry).await?;
    let puts_right = super::may_edit(cx, entry) && place.is_some_and(|p| logs_as(cx, programme, &entry.kind, &p).is_some());
    let href = format!("{}/entries/{}/days", programme.href(), entry.id);
    Ok(html(maud! {
        @if let Some(used) = used {
            p class="days-used" { "Days used: " strong { (used.to_string()) } "."
                @if puts_right { " " a href=(&href) { "Correct the days" } }
            }
        } @else if puts_right {
            p class="days-used" { "No days are logged with it. " a href=(&href) { "Log days" } }
        }
    }))
}

/// Whether the viewer sees the time of the programme's own staff: whoever works for the whole programme with others.
pub(crate) fn sees_staff_time(cx: &Cx, programme: &Snapshot) -> bool {
    [Power::RunProgramme, Power::SeePeople].iter().any(|p| cx.viewer().may(*p, programme.id, None))
}

/// The time of the staff that went into an entry which takes some, such as an output, and where to log more.
async fn staff_time(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, Stop> {
    let takes = |k: &EntryKind| k.output.is_some() || k.gathering.is_some() || k.influence.is_some();
    let takes = entry.source_id.is_none() && programme.programme.design.kind(&entry.kind).is_some_and(takes);
    if !takes || !sees_staff_time(cx, programme) {
        return Ok(html(""));
    }
    let used = days::staff_used(cx.read(), &[entry.id]).await?.remove(&entry.id);
    let logs = cx.held().filter(|h| h.place.is_none()).filter_map(|h| programme.role(&h.role)).any(|r| r.component.is_some());
    let href = format!("{}/days/staff?entry={}#log", programme.href(), entry.id);
    Ok(html(maud! {
        @if used.is_some() || logs {
            p class="days-used" {
                @if let Some(used) = used { "Time of the staff logged for it: " strong { (used.to_string()) } ". " }
                @if logs { a href=(&href) { "Log your time for it" } }
            }
        }
    }))
}

/// `/programmes/{programme}/entries/{entry}/days`
pub(super) async fn form(cx: Cx) -> Answer {
    let stands = days::used_with(cx.read(), cx.entry()?.id).await?;
    let typed = stands.as_ref().map(|(_, used)| used.number()).unwrap_or_default();
    page(&cx, stands, &typed, "", &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    let place = super::place_of(&act, &seen).await?.ok_or(Stop::Missing)?;
    let held = logs_as(&act, &programme, &seen.kind, &place).filter(|_| stands_where_days_are(&programme, &seen));
    let role = held.ok_or(Stop::Missing)?.role.clone();
    let (typed, why) = (act.form.get(FIELD), act.form.get("why"));
    let mut wrong = Invalid::default();
    let used = read(typed, &mut wrong);
    if why.is_empty() {
        wrong.add("why", "Say why, in a few words: it stays in the ledger");
    } else if why.chars().count() > 500 {
        wrong.add("why", "Shorten this to 500 characters");
    }
    let location = format!("{}/entries/{}?done=days", programme.href(), seen.id);
    let mut write = act.write("correct the days of an entry").await?;
    write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    let stands = days::used_with(write.tx(), seen.id).await?;
    if wrong.is_empty() && act.form.get("_seen") != seen_id(stands.as_ref()) {
        wrong.add(FIELD, "These days were changed since you opened this page. Look at what stands now, then save again");
    }
    if !wrong.is_empty() {
        drop(write);
        return page(&act, stands, typed, why, &wrong).await;
    }
    if stands.as_ref().map_or(Days::ZERO, |(_, before)| *before) == used {
        return Ok(see_other(&location));
    }
    if let Some((before, _)) = &stands {
        counter(&mut write, before, before.on_day, why.to_string(), act.person()?).await.map_err(stop)?;
    }
    if used > Days::ZERO {
        let share = share(&act, &programme, &place, &role, seen.happened_on)?;
        days::do_with(&mut write, &programme, &share, using(&act, &seen, used, why.to_string())?).await.map_err(stop)?;
    }
    act.save(write, &location).await
}

fn seen_id(stands: Option<&(movement::Model, Days)>) -> String {
    stands.map(|(row, _)| row.id.to_string()).unwrap_or_default()
}

async fn page(cx: &Cx, stands: Option<(movement::Model, Days)>, typed: &str, why: &str, wrong: &Invalid) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let place = super::place_of(cx, &entry).await?.ok_or(Stop::Missing)?;
    logs_as(cx, &programme, &entry.kind, &place).filter(|_| stands_where_days_are(&programme, &entry)).ok_or(Stop::Missing)?;
    let now =
        stands.as_ref().map_or_else(|| "No days are logged yet.".into(), |(_, used)| format!("{used} stand in the ledger."));
    let hint = format!("{now} In quarters, like ½ or 1.25; nothing or 0 where none were used.");
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let draft = Draft::new("Days used").crumb(&programme.name, programme.href()).crumb(&entry.title, &home).invalid(wrong);
    let lead =
        format!("With {}, on {}. What stood before stays in the ledger, with what takes it back.", place.name, entry.happened_on);
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            (form::form(&format!("{home}/days"), &cx.form_keys(), maud! {
                (form::hidden("_seen", &seen_id(stands.as_ref())))
                (form::text(Field::new(FIELD, "Days used").hint(&hint).value(typed).error(wrong.of(FIELD)).optional().width(6)))
                (form::text(Field::new("why", "Why").value(why).error(wrong.of("why"))))
                (form::button("Save the days"))
            }))
        },
    ))
}
