//! Today: what waits for me, what changed since I was here, and where I belong.

use std::sync::Arc;

use design::Power;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{appointment, person, place};
use ui::parts::{self, Task, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html};

use crate::assessing;
use crate::calls;
use crate::deciding;
use crate::entries::{self, Asked};
use crate::gatherings;
use crate::grants;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::outputs;
use crate::oversight;
use crate::peers;
use crate::people::held_on;
use crate::reflecting;
use crate::stages;
use crate::support;

/// An appointment that ends within so many days asks for a successor.
const SOON_DAYS: i64 = 30;
const NEW: u64 = 20;

const SAID: &[(&str, &str)] = &[("taken-back", "Taken back. What was published with your agreement is withdrawn, at once.")];

pub(super) async fn page(cx: Cx) -> Answer {
    let mut programmes: Vec<Arc<Snapshot>> = Vec::new();
    for held in &cx.viewer().held {
        if programmes.iter().all(|p| p.id != held.programme.id) {
            programmes.push(held.programme.clone());
        }
    }
    let mut tasks = Vec::new();
    let mut news = Vec::new();
    let mut days = Vec::new();
    for programme in &programmes {
        // None of these needs what another finds, and one after the other they would wait for each other.
        let (first, then, last, fresh) = tokio::try_join!(
            what_people_ask(&cx, programme),
            what_they_do_together(&cx, programme),
            what_the_programme_asks(&cx, programme),
            changed(&cx, programme),
        )?;
        let (last, left) = last;
        tasks.extend(first.into_iter().chain(then).chain(last));
        days.extend(left.into_iter().map(|said| (said, format!("{}/days", programme.href()))));
        news.push(fresh);
    }
    let mine = mine(&cx).await?;
    let applications = applications(&cx).await?;
    let since = cx.viewer().signed_in.as_ref().and_then(|s| s.before_at);
    let heading = since.map_or_else(|| "What people wrote lately".to_string(), |m| format!("What changed since {m}"));
    Ok(Draft::new("Today").lead("What waits for you, what is new, and where you belong.").done(&cx, SAID).page(
        &cx,
        maud! {
            (applications)
            @if programmes.is_empty() && applications.as_str().is_empty() {
                (parts::empty_state("You hold no role today", "Somebody has to appoint you before there is anything to read or to do here. What you wrote before is kept.", None))
            } @else if !programmes.is_empty() {
                @if tasks.is_empty() { (parts::section("waiting", "What waits for you", maud! { p { "Nothing waits for you." } })) }
                @else { (parts::task_list("What waits for you", &tasks)) }
                (parts::section("news", &heading, maud! { @for part in &news { (part) } }))
                @if cx.viewer().advised().len() > 1 { p { a href="/advisory" { "The programmes that you advise, side by side" } } }
                @if !days.is_empty() {
                    (parts::section("days", "Your days", maud! { ul { @for (said, href) in &days { li { a href=(href) { (said) } } } } }))
                }
                (parts::section("roles", "Where you belong", &mine))
            }
        },
    ))
}

async fn what_people_ask(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let mut tasks = oversight::tipping_waiting(cx, programme).await?;
    tasks.extend(support::agreements_waiting(cx, programme).await?);
    tasks.extend(entries::proposals_waiting(cx, programme).await?);
    tasks.extend(entries::matters_waiting(cx, programme).await?);
    Ok(tasks)
}

async fn what_they_do_together(cx: &Cx, programme: &Arc<Snapshot>) -> Result<Vec<Task>, Stop> {
    let mut tasks = entries::voices_waiting(cx, programme).await?;
    tasks.extend(outputs::waiting(cx, programme).await?);
    tasks.extend(reflecting::waiting(cx, programme).await?);
    tasks.extend(gatherings::waiting(cx, programme).await?);
    tasks.extend(peers::waiting(cx, programme).await?);
    Ok(tasks)
}

/// What a role brings with it, and the days that are left of the year.
async fn what_the_programme_asks(cx: &Cx, programme: &Snapshot) -> Result<(Vec<Task>, Vec<String>), Stop> {
    let mut tasks = stages::waiting(cx, programme).await?;
    tasks.extend(oversight::digests_waiting(cx, programme).await?);
    tasks.extend(assessing::waiting(cx, programme).await?);
    tasks.extend(undescribed(cx, programme).await?);
    tasks.extend(deciding::waiting(cx, programme).await?);
    tasks.extend(grants::waiting(cx, programme).await?);
    tasks.extend(ending_soon(cx, programme).await?);
    Ok((tasks, support::left_this_year(cx, programme).await?))
}

/// What the viewer writes with others for a call.
async fn applications(cx: &Cx) -> Result<Html, Stop> {
    let found = calls::written(cx).await?;
    let mut next = Vec::with_capacity(found.len());
    for one in &found {
        let told = one.call.released_at.is_some();
        next.push(if told { stages::open_next(cx, &one.row, &one.call).await? } else { None });
    }
    Ok(html(maud! {
        @if !found.is_empty() {
            (parts::section("applications", "Your applications", maud! {
                ul { @for (one, next) in found.iter().zip(&next) {
                    li { a href=(&one.href) { (&one.row.name) } ", " (&one.call.name) ", " (one.state()) "."
                        @if one.row.submitted_at.is_none() { " The call closes on " (one.call.closes_at.to_string()) "." }
                        @if one.call.released_at.is_some() && one.row.state == calls::SUBMITTED { " " strong { "The decision is there." } }
                        @if let Some((name, href)) = next { " " a href=(href) { "Go on: " (name) } }
                    }
                } }
            }))
        }
    }))
}

/// Places whose people have not said yet what they want.
async fn undescribed(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let mine: Vec<_> = cx
        .viewer()
        .held_in(programme.id)
        .filter(|h| programme.role_may(&h.role, Power::DescribePlace))
        .filter_map(|h| h.place)
        .collect();
    let places = place::Entity::find()
        .filter(place::COLUMN.id.is_in(mine))
        .filter(Condition::any().add(place::COLUMN.problem.eq("")).add(place::COLUMN.vision.eq("")))
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list places"))?;
    let task = |p: place::Model| Task {
        text: format!("Say what {} wants, in its own words", p.name),
        href: format!("{}/places/{}/describe", programme.href(), p.slug),
        detail: Some("The problem or the vision is still empty on its page.".into()),
        due: None,
        tone: Tone::Waiting,
    };
    Ok(places.into_iter().map(task).collect())
}

/// Appointments that end soon, for those who appoint.
async fn ending_soon(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let managed: Vec<_> =
        cx.viewer().held_in(programme.id).filter(|h| programme.role_may(&h.role, Power::ManagePeople)).map(|h| h.place).collect();
    if managed.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<_> = managed.iter().flatten().copied().collect();
    let everywhere = managed.iter().any(Option::is_none);
    let soon = appointment::Entity::find()
        .select_also(person::Entity)
        .join(
            JoinType::InnerJoin,
            appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id).into(),
        )
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(held_on(cx.today(), cx.now()))
        .filter(appointment::COLUMN.to_day.lte(cx.today().plus_days(SOON_DAYS)))
        .filter(Condition::all().add_option((!everywhere).then(|| appointment::COLUMN.place_id.is_in(places))))
        .order_by_asc(appointment::Column::ToDay)
        .order_by_asc(appointment::Column::Id)
        .limit(10)
        .all(cx.read())
        .await
        .map_err(fault("list appointments that end"))?;
    let task = |(a, p): (appointment::Model, Option<person::Model>)| {
        let person = p?;
        Some(Task {
            text: format!("Find who follows {}", person.name),
            href: format!("{}/people/{}", programme.href(), person.id),
            detail: Some(format!("{} ends.", programme.role_name(&a.role))),
            due: a.to_day.map(|d| d.to_string()),
            tone: Tone::Warning,
        })
    };
    Ok(soon.into_iter().filter_map(task).collect())
}

async fn changed(cx: &Cx, programme: &Snapshot) -> Result<Html, Stop> {
    let since = cx.viewer().signed_in.as_ref().and_then(|s| s.before_at);
    let asked = Asked { changed_after: since, limit: NEW, ..Asked::default() };
    let entries = entries::list(cx, programme, &asked).await?;
    let list = entries::cards(programme, &entries, &[], true);
    Ok(html(maud! {
        h3 { a href={ (programme.href()) "/entries" } { (&programme.name) } }
        @if entries.is_empty() { p { "Nothing new that you may read." } } @else { (list) }
    }))
}

async fn mine(cx: &Cx) -> Result<Html, Stop> {
    let ids: Vec<_> = cx.viewer().held.iter().filter_map(|h| h.place).collect();
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list places"))?;
    let rows = cx.viewer().held.iter().map(|held| {
        let place = places.iter().find(|p| Some(p.id) == held.place);
        let whole = Cell::text("The whole programme");
        vec![
            Cell::text(held.programme.role_name(&held.role)).head(),
            place.map_or(whole, |p| Cell::link(&format!("{}/places/{}", held.programme.href(), p.slug), &p.name)),
            Cell::link(&held.programme.href(), &held.programme.name),
        ]
    });
    Ok(Table::new("Your roles", &["Role", "For", "Programme"], rows.collect()).quiet().html())
}
