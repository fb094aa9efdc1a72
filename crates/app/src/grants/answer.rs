//! A version of a budget, before and after side by side, and what those who have to approve it say.

use axum::http::StatusCode;
use design::{ChangeKind, Power};
use kernel::{Fault, Invalid, Money};
use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApprovalId, PersonId, approval, award, person, variation};
use ui::form::{self, Field};
use ui::table::{Cell, Table};
use ui::{Html, parts, words};

use super::accounts::{self, By, NotDone};
use super::award::{
    APPROVED, ASKED_BACK, Version, WITHDRAWN, Whole, approvals, below, href, line_name, named, not_now, whole as load, year_name,
};
use super::show::{said, stands_version};
use super::tell::tell;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Snapshot, Stop};

const LONG: usize = 10_000;
const SAID: &[(&str, &str)] = &[
    ("proposed", "Proposed. Those who have to approve it have been told."),
    ("approved", "Approved, and in force."),
    ("noted", "Your approval is noted. Others have still to approve it."),
    ("asked-back", "Asked back. The place has been told, and can propose it anew."),
    ("withdrawn", "The proposal is withdrawn."),
];

/// The roles that have to approve a version: for what moves, and for a later end. Where the design names none, whoever
/// manages grants.
pub(super) fn needed(programme: &Snapshot, whole: &Whole, version: &Version) -> Vec<String> {
    let design = &programme.programme.design;
    let mut roles: Vec<String> = Vec::new();
    if version.moved() > Money::ZERO {
        roles.extend(design.approvers(ChangeKind::Reprofile, version.moved(), whole.amount()).iter().cloned());
    }
    if version.row.ends_on.is_some() {
        roles.extend(design.approvers(ChangeKind::Extension, version.moved(), whole.amount()).iter().cloned());
    }
    if roles.is_empty() {
        roles.extend(design.roles.iter().find(|r| r.may.contains(&Power::ManageGrants)).map(|r| r.key.clone()));
    }
    let mut once = Vec::new();
    for role in roles {
        if !once.contains(&role) {
            once.push(role);
        }
    }
    once
}

async fn given(db: &impl ConnectionTrait, version: &Version) -> Result<Vec<approval::Model>, Fault> {
    approvals(db, Condition::all().add(approval::COLUMN.variation_id.eq(version.row.id))).await
}

/// The role in which the viewer can still approve it: one that is needed, that they hold here, and that nobody has spoken
/// for; and nobody speaks twice.
fn voice(cx: &Cx, whole: &Whole, needed: &[String], given: &[approval::Model]) -> Option<String> {
    let me = cx.viewer().person();
    if given.iter().any(|g| Some(g.person_id) == me) {
        return None;
    }
    let of_programme = cx.viewer().held_in(whole.row.programme_id);
    let held: Vec<&str> = of_programme.filter(|h| h.reaches(Some(whole.row.place_id))).map(|h| h.role.as_str()).collect();
    let open = |role: &&String| held.contains(&role.as_str()) && !given.iter().any(|g| g.role == **role);
    needed.iter().find(open).cloned()
}

/// Whether a change waits for the viewer: their role has to approve it, and has not.
pub(super) async fn waits_for(cx: &Cx, programme: &Snapshot, whole: &Whole, version: &Version) -> Result<bool, Fault> {
    let (needed, given) = (needed(programme, whole, version), given(cx.read(), version).await?);
    Ok(voice(cx, whole, &needed, &given).is_some())
}

fn version<'a>(cx: &Cx, whole: &'a Whole) -> Result<&'a Version, Stop> {
    let number: i32 = cx.param("number").parse().map_err(|_| Stop::Missing)?;
    whole.versions.iter().find(|v| v.row.number == number).ok_or(Stop::Missing)
}

/// `…/awards/{award}/changes/{number}`
pub(super) async fn page(cx: Cx) -> Answer {
    let whole = named(&cx).await?;
    show(&cx, &whole, "", &Invalid::default()).await
}

async fn show(cx: &Cx, whole: &Whole, answer: &str, wrong: &Invalid) -> Answer {
    let (programme, place) = (cx.programme()?, cx.place()?);
    let version = version(cx, whole)?;
    let (needed, given) = (needed(programme, whole, version), given(cx.read(), version).await?);
    let people = names(cx, version, &given).await?;
    let may = |power| cx.viewer().may(power, programme.id, Some(place.id));
    let answers = version.waits() && (may(Power::ManageGrants) || may(Power::ApprovePayments));
    let mine = voice(cx, whole, &needed, &given).filter(|_| version.waits());
    let draft = below(cx, whole, format!("Version {} of the budget", version.row.number))?
        .lead(format!(
            "Of award {} to {}. {}.",
            whole.row.reference,
            place.name,
            if version.row.number == 1 { "As it was agreed" } else { stands(version) }
        ))
        .done(cx, SAID)
        .invalid(wrong);
    let name = |id: PersonId| people.iter().find(|p| p.id == id).map_or("", |p| p.name.as_str());
    Ok(draft.page(
        cx,
        maud! {
            @if version.row.number > 1 {
                p { (name(version.row.proposed_by)) " proposed it on " (version.row.proposed_at.day().to_string()) ": " (said(version)) "." }
                (parts::section("why", "What was learnt", words::markdown(&version.row.reason)))
                @if let Some(ends_on) = version.row.ends_on {
                    (parts::section("later", "A later end", maud! { p { "It would end on " (ends_on.to_string()) "." } (words::markdown(&version.row.plan)) }))
                }
            }
            (parts::section("side-by-side", "Before and after", side_by_side(programme, whole, version)))
            @if version.row.number > 1 { (parts::section("approvals", "Who approves it", who(programme, &needed, &given, &people))) }
            @if !version.row.answer.is_empty() { (parts::section("answer", "What was answered", maud! {
                (words::markdown(&version.row.answer))
                @if let Some(by) = version.row.answered_by { p class="muted" { (name(by)) } }
            })) }
            @if answers {
                (form::form(cx.path(), &cx.form_keys(), maud! {
                    (form::long_text(Field::new("answer", "Your answer").hint("The place reads it. To ask it back, say what is missing.").value(answer).error(wrong.of("answer")).optional(), 4))
                    (form::button_group(maud! {
                        @if let Some(role) = &mine { (form::main_named_button(&format!("Approve it as {}", programme.role_name(role).to_lowercase()), "_do", "approve")) }
                        (form::named_button("Ask it back", "_do", "ask-back"))
                    }))
                }))
            }
            @if version.waits() && may(Power::PlanMoney) {
                (form::button_form(&format!("{}/withdraw", cx.path()), &cx.form_keys(), form::secondary_button("Withdraw the proposal")))
            }
        },
    ))
}

fn stands(version: &Version) -> &'static str {
    match version.row.outcome.as_deref() {
        None => "It waits for an answer",
        Some(APPROVED) => "It was approved",
        Some(ASKED_BACK) => "It was asked back",
        Some(_) => "It was withdrawn",
    }
}

async fn names(cx: &Cx, version: &Version, given: &[approval::Model]) -> Result<Vec<person::Model>, Fault> {
    let ids = given.iter().map(|g| g.person_id).chain([version.row.proposed_by]).chain(version.row.answered_by);
    let ids: Vec<PersonId> = ids.collect();
    person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list people"))
}

fn side_by_side(programme: &Snapshot, whole: &Whole, version: &Version) -> Html {
    let first = version.row.number == 1;
    let rows = version.cells.iter().filter(|c| c.after > 0 || c.before > 0).map(|c| {
        let (before, after) = (Money::from_pence(c.before), Money::from_pence(c.after));
        let mut row = vec![Cell::text(line_name(programme, &c.line)).head(), Cell::text(year_name(&whole.row, c.year))];
        if !first {
            row.push(Cell::money(before));
        }
        row.push(Cell::money(after));
        if !first {
            let by = c.after - c.before;
            row.push(Cell::number(if by > 0 {
                format!("+{}", Money::from_pence(by))
            } else if by < 0 {
                Money::from_pence(by).to_string()
            } else {
                "same".into()
            }));
        }
        row
    });
    let rows: Vec<_> = rows.collect();
    let heads: &[&str] = if first { &["Line", "Year", "Amount"] } else { &["Line", "Year", "Before", "After", "Change"] };
    let mut foot = vec![Cell::text("Together").head(), Cell::text("")];
    if !first {
        foot.push(Cell::money(Money::from_pence(version.cells.iter().map(|c| c.before).sum())));
    }
    foot.push(Cell::money(version.total()));
    if !first {
        foot.push(Cell::text(""));
    }
    Table::new("Before and after", heads, rows).foot(foot).quiet().html()
}

fn who(programme: &Snapshot, needed: &[String], given: &[approval::Model], people: &[person::Model]) -> Html {
    let rows = needed.iter().map(|role| {
        let by = given.iter().find(|g| g.role == *role);
        let name = by.and_then(|g| people.iter().find(|p| p.id == g.person_id)).map_or("", |p| p.name.as_str());
        vec![
            Cell::text(programme.role_name(role)).head(),
            match by {
                Some(by) => Cell::text(format!("{name}, on {}", by.given_at.day())),
                None => Cell::text("Not yet"),
            },
        ]
    });
    Table::new("Who approves it", &["Role", "Approved by"], rows.collect()).quiet().html()
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    let here = format!("{}/changes/{}", href(&programme, &place, seen.row.id), act.param("number"));
    let answer = act.form.get("answer").to_string();
    let asks_back = act.form.get("_do") == "ask-back";
    if answer.chars().count() > LONG {
        return show(&act, &seen, &answer, &Invalid::one("answer", "Shorten this to 10,000 characters")).await;
    }
    if asks_back && answer.is_empty() {
        return show(&act, &seen, &answer, &Invalid::one("answer", "Say what is missing, or what has to be otherwise")).await;
    }
    let mut write = act.write(if asks_back { "ask a change to an award back" } else { "approve a change to an award" }).await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    let version = version(&act, &whole)?.clone();
    if !version.waits() {
        return Err(not_now(&whole, "It has been answered", &format!("{}.", stands_version(&version)), here));
    }
    if asks_back {
        end(&mut write, act.person()?, &version, ASKED_BACK, &answer).await?;
        let text = format!(
            "What your place proposed for award {} is asked back:\n\n{answer}\n\n{}{here}\n",
            before.reference,
            act.app().settings.address,
        );
        tell(&mut write, &programme, place.id, &[Power::PlanMoney], ("Your proposal is asked back", &text)).await?;
        return act.save(write, &format!("{here}?done=asked-back")).await;
    }
    let (needed, given) = (needed(&programme, &whole, &version), given(write.tx(), &version).await?);
    let Some(role) = voice(&act, &whole, &needed, &given) else {
        return Err(not_now(
            &whole,
            "It is not yours to approve",
            "Another role has to approve it, or yours has done so already.",
            here,
        ));
    };
    let row = approval::Model {
        id: ApprovalId(write.id()),
        programme_id: programme.id,
        instalment_id: None,
        variation_id: Some(version.row.id),
        person_id: act.person()?,
        role: role.clone(),
        given_at: write.at(),
        ended_at: None,
    };
    write.insert(row).await?;
    let all = needed.iter().all(|n| *n == role || given.iter().any(|g| g.role == *n));
    if !all {
        return act.save(write, &format!("{here}?done=noted")).await;
    }
    match accounts::reprofile(&mut write, By::of(&act)?, &programme, &before, &version).await {
        Ok(()) => {}
        Err(NotDone::Stop(stop)) => return Err(stop),
        Err(NotDone::Refused(why)) => {
            return Err(Stop::Refused {
                status: StatusCode::CONFLICT,
                title: "More has been spent since it was proposed".into(),
                why: format!("{why}. Ask it back, so that the place can propose it with what is left now."),
                next: Some(("The proposal".into(), here)),
            });
        }
    }
    end(&mut write, act.person()?, &version, APPROVED, &answer).await?;
    if let Some(ends_on) = version.row.ends_on {
        write.replace(&before, award::Model { ends_on, ..before.clone() }).await?;
    }
    let text = format!(
        "What your place proposed for award {} is approved, and in force.\n\n{}{here}\n",
        before.reference,
        act.app().settings.address,
    );
    tell(&mut write, &programme, place.id, &[Power::PlanMoney], ("Your proposal is approved", &text)).await?;
    act.save(write, &format!("{here}?done=approved")).await
}

pub(super) async fn end(
    write: &mut store::Write,
    by: PersonId,
    version: &Version,
    outcome: &str,
    answer: &str,
) -> Result<(), Stop> {
    let after = variation::Model {
        outcome: Some(outcome.into()),
        answer: answer.to_string(),
        answered_by: Some(by),
        answered_at: Some(write.at()),
        ..version.row.clone()
    };
    write.replace(&version.row, after).await?;
    Ok(())
}

/// Those who proposed it take it back before it is answered.
pub(super) async fn withdraw(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    let here = format!("{}/changes/{}", href(&programme, &place, seen.row.id), act.param("number"));
    let mut write = act.write("withdraw a change to an award").await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before).await?;
    let version = version(&act, &whole)?.clone();
    if !version.waits() {
        return Err(not_now(&whole, "It has been answered", &format!("{}.", stands_version(&version)), here));
    }
    end(&mut write, act.person()?, &version, WITHDRAWN, "").await?;
    act.save(write, &format!("{here}?done=withdrawn")).await
}
