//! The frameworks of a group and its rounds, and when the next is due.

use design::{Framework, Group};
use kernel::Day;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{place, reflection_round};
use ui::table::{Cell, Table};
use ui::{Html, form, html, parts};

use super::alone::how_far;
use super::{group, href, is_open, opens, takes_part};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[
    ("finished", "Saved, and you have finished. You can still change it until you look at it together."),
    ("closed", "Closed. Nobody saw what was answered."),
];
/// Places that somebody reflects in and that the programme's page names.
const PLACES: usize = 100;

/// Where the rounds of a place's group stand, or of the programme's.
pub(super) fn home(programme: &Snapshot, place: Option<&place::Model>) -> String {
    match place {
        Some(place) => format!("{}/places/{}/reflections", programme.href(), place.slug),
        None => format!("{}/reflections", programme.href()),
    }
}

/// From when on another round is due: so many months after the last was shown. Nothing before there was one.
pub(super) fn due(framework: &Framework, rounds: &[reflection_round::Model]) -> Option<Day> {
    let last = rounds.iter().filter_map(|r| r.revealed_at).max()?;
    Some(last.day().plus_months(i32::try_from(framework.every_months).unwrap_or(1)))
}

/// `/programmes/{programme}/places/{place}/reflections`
pub(super) async fn of_place(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let mine: Vec<&Framework> = mine(&cx, &programme, Some(&place));
    if mine.is_empty() {
        return Err(Stop::Missing);
    }
    let sections = sections(&cx, &programme, &mine, Some(&place)).await?;
    let draft = Draft::new(format!("Reflection in {}", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", programme.href(), place.slug)).done(&cx, SAID);
    let lead = "Each answers alone, then you look together. Only those who take part know of it.";
    Ok(draft.lead(lead).page(&cx, maud! { @for section in &sections { (section) } }))
}

/// `/programmes/{programme}/reflections`
pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let mine: Vec<&Framework> = mine(&cx, &programme, None);
    let places = places(&cx, &programme).await?;
    if mine.is_empty() && places.is_empty() {
        return Err(Stop::Missing);
    }
    let sections = sections(&cx, &programme, &mine, None).await?;
    let draft = Draft::new("Reflection").crumb(&programme.name, programme.href()).done(&cx, SAID);
    let lead = "Each answers alone, then the group looks together. Only those who take part know of it.";
    Ok(draft.lead(lead).page(
        &cx,
        maud! {
            @for section in &sections { (section) }
            @if !places.is_empty() {
                (parts::section("places", "Places in which you take part", maud! {
                    ul class="govuk-list" { @for place in &places { li { a href=(home(&programme, Some(place))) { "Reflection in " (&place.name) } } } }
                }))
            }
        },
    ))
}

/// The frameworks that the viewer takes part in here.
fn mine<'a>(cx: &Cx, programme: &'a Snapshot, place: Option<&place::Model>) -> Vec<&'a Framework> {
    let all = programme.programme.design.frameworks.iter();
    all.filter(|f| takes_part(cx, programme, f, place.map(|p| p.id))).collect()
}

/// The places in whose groups the viewer is.
async fn places(cx: &Cx, programme: &Snapshot) -> Result<Vec<place::Model>, Stop> {
    let of_places: Vec<&Framework> = programme.programme.design.frameworks.iter().filter(|f| f.each == Group::Place).collect();
    let held: Vec<_> = cx.held().filter(|h| of_places.iter().any(|f| f.roles.contains(&h.role))).collect();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id));
    if held.iter().all(|h| h.place.is_some()) {
        wanted = wanted.filter(place::COLUMN.id.is_in(held.iter().filter_map(|h| h.place).collect::<Vec<_>>()));
    }
    let found = wanted.order_by_asc(place::Column::Name).order_by_asc(place::Column::Id).all(cx.read()).await;
    let mut found = found.map_err(fault("list places"))?;
    found.truncate(PLACES);
    Ok(found)
}

async fn sections(
    cx: &Cx,
    programme: &Snapshot,
    frameworks: &[&Framework],
    place: Option<&place::Model>,
) -> Result<Vec<Html>, Stop> {
    let mut all = Vec::with_capacity(frameworks.len());
    for framework in frameworks {
        all.push(section(cx, programme, framework, place).await?);
    }
    Ok(all)
}

async fn section(cx: &Cx, programme: &Snapshot, framework: &Framework, place: Option<&place::Model>) -> Result<Html, Stop> {
    let here = place.map(|p| p.id);
    let rounds = group::rounds(cx.read(), programme.id, framework, here).await?;
    let open = rounds.iter().find(|r| is_open(r));
    let mut rows = Vec::with_capacity(rounds.len());
    for row in rounds.iter().rev() {
        rows.push(line(cx, programme, framework, row).await?);
    }
    let roles: Vec<&str> = framework.roles.iter().map(|r| programme.role_name(r)).collect();
    let circle = programme.programme.design.circle(&framework.circle).map_or("", |c| c.name.as_str());
    let may = opens(cx, programme, framework, here);
    let next = rounds.last().map_or(1, |last| last.number + 1);
    let (caption, every) = (format!("Rounds of “{}”", framework.name), framework.every_months);
    let table = Table::new(&caption, &["Round", "Opened", "How it stands"], rows).quiet().html();
    let when = when(cx, framework, &rounds, open.is_some());
    Ok(parts::section(
        &framework.key,
        &framework.name,
        maud! {
            @if !framework.about.is_empty() { p { (&framework.about) } }
            p { "Takes part: " (roles.join(", ")) ". What you make of it together stands in “" (circle) "”. "
                @if every == 1 { "Every month." } @else { "Every " (every) " months." } " " (when) }
            @if rounds.is_empty() { p { "There was no round yet. In the first one you see where you stand; from the second on, what moves." } }
            @else { (table) }
            @if may && open.is_none() {
                (form::button_form(&home(programme, place), &cx.form_keys(), maud! {
                    (form::hidden("framework", &framework.key))
                    (form::button(&format!("Open round {next} of “{}”", framework.name)))
                }))
            }
        },
    ))
}

fn when(cx: &Cx, framework: &Framework, rounds: &[reflection_round::Model], open: bool) -> String {
    match due(framework, rounds) {
        _ if open => "A round is under way.".into(),
        Some(day) if day <= cx.today() => format!("The next round has been due since {day}."),
        Some(day) => format!("The next round is due on {day}."),
        None => "A round can be opened at any time.".into(),
    }
}

async fn line(cx: &Cx, programme: &Snapshot, framework: &Framework, row: &reflection_round::Model) -> Result<Vec<Cell>, Stop> {
    let stands = match (row.revealed_at, row.ended_at) {
        (Some(at), _) => format!("Looked at together since {}", at.day()),
        (None, Some(_)) => "Closed without anybody seeing it".to_string(),
        (None, None) => {
            let people = group::people(cx.read(), framework, row, cx.now()).await?;
            let finished = group::finished(cx.read(), row, &people).await?.len();
            let mine = group::own(cx.read(), row, cx.person()?).await?.is_some_and(|own| own.done_at.is_some());
            let waits = if mine { "You have finished" } else { "Waits for your answers" };
            format!("{waits}. {}", how_far(finished, people.len()))
        }
    };
    Ok(vec![
        Cell::html(html(
            maud! { a class="govuk-link" href=(href(programme, row.id)) { (&framework.name) ", round " (row.number) } },
        ))
        .head(),
        Cell::day(row.opened_at.day()),
        Cell::text(stands),
    ])
}
