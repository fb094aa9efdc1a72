//! A pack for whoever follows: made of what their role may read, so it is the same that they could find by themselves, in
//! one place. What those wrote who held the role before comes first.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{AppointmentId, appointment, place};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::pack::{self, Named};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::people;

/// `/programmes/{programme}/places/{place}/handover`
pub(super) async fn of_place(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let draft = Draft::new(format!("Handover: {}", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", programme.href(), place.slug));
    show(&cx, &programme, Some(&place), draft).await
}

/// `/programmes/{programme}/handover`
pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let draft = Draft::new("Handover").crumb(&programme.name, programme.href());
    show(&cx, &programme, None, draft).await
}

async fn show(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>, draft: Draft) -> Answer {
    let id = place.map(|p| p.id);
    let roles: Vec<&str> = cx.held().filter(|h| h.place.is_none() || h.place == id).map(|h| h.role.as_str()).collect();
    let names: Vec<&str> = roles.iter().map(|key| programme.role_name(key)).collect();
    let latest = pack::latest(cx, programme, id).await?;
    let before = of_role_before(cx, programme, place, &roles, &latest).await?;
    let before_told = pack::told(cx, programme, &before.iter().collect::<Vec<_>>()).await?;
    let by_kind = pack::by_kind(cx, programme, &latest).await?;
    let open = pack::matters(cx, programme, id, true).await?;
    let closed = pack::matters(cx, programme, id, false).await?;
    let people = who(cx, programme, place).await?;
    let context = context(cx, programme, place).await?;
    let lead = match names.is_empty() {
        true => "What you may read here, put together for whoever follows.".to_string(),
        false => format!("For whoever follows as {}: made of what the role may read, and nothing else.", names.join(" or ")),
    };
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            (parts::section("before", "In the words of those who held the role before", maud! {
                @if before.is_empty() { p { "They wrote nothing that you may read." } } @else { (&before_told) }
            }))
            (parts::section("open", "Promised, asked and not answered", pack::matters_table(cx, programme, "Open", &open)))
            (parts::section("tried", "What was tried, and what came of it", pack::matters_table(cx, programme, "Closed", &closed)))
            @if let Some(people) = &people { (parts::section("people", "Who is who", people)) }
            (parts::section("latest", "The latest of each kind", &by_kind))
            (context)
        },
    ))
}

/// What was written in these roles by those who hold them no more.
async fn of_role_before(
    cx: &Cx,
    programme: &Snapshot,
    place: Option<&place::Model>,
    roles: &[&str],
    latest: &[Named],
) -> Result<Vec<Named>, Fault> {
    let here = Condition::any().add(appointment::COLUMN.place_id.is_null());
    let over = Condition::any().add(appointment::COLUMN.to_day.lt(cx.today())).add(appointment::COLUMN.ended_at.lte(cx.now()));
    let before: Vec<AppointmentId> = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::Id)
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(roles.iter().copied()))
        .filter(here.add_option(place.map(|p| appointment::COLUMN.place_id.eq(p.id))))
        .filter(over)
        .order_by_asc(appointment::Column::Id)
        .limit(1_000)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who held a role before"))?;
    Ok(latest.iter().filter(|n| before.contains(&n.appointment)).take(20).cloned().collect())
}

/// People in a role, for those who may see people.
async fn who(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>) -> Result<Option<Html>, Stop> {
    let id = place.map(|p| p.id);
    let sees = match id {
        Some(id) => cx.viewer().may(design::Power::SeePeople, programme.id, Some(id)),
        None => cx.viewer().may_somewhere(design::Power::SeePeople, programme.id),
    };
    if !sees {
        return Ok(None);
    }
    let here = match id {
        Some(id) => Condition::all().add(appointment::COLUMN.place_id.eq(id)),
        None => {
            Condition::all().add(appointment::COLUMN.programme_id.eq(programme.id)).add(appointment::COLUMN.place_id.is_null())
        }
    };
    let held = people::appointments(cx, here, 200).await?;
    let rows =
        held.iter().map(|n| vec![Cell::text(&n.name).head(), Cell::text(programme.role_name(&n.role)), Cell::text(n.span())]);
    Ok(Some(Table::new("People, now and before", &["Name", "Role", "When"], rows.collect()).quiet().html()))
}

/// What happened around it: shocks and other events that public documents tell of, and what people wrote of such.
pub(super) async fn context(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>) -> Result<Html, Fault> {
    let events = programme.programme.history.events.iter();
    let here: Vec<_> = events.filter(|e| e.place.is_none() || e.place.as_deref() == place.map(|p| p.slug.as_str())).collect();
    let around = pack::around(cx, programme, place.map(|p| p.id)).await?;
    let told = pack::told(cx, programme, &around.iter().collect::<Vec<_>>()).await?;
    Ok(html(maud! {
        @if !here.is_empty() || !around.is_empty() {
            (parts::section("context", "What happened around it", maud! {
                @if !around.is_empty() { (&told) }
                ul class="govuk-list govuk-list--bullet" {
                    @for event in &here { li { (&event.title) @if let Some(from) = &event.from { ", " (from.to_string()) } } }
                }
            }))
        }
    }))
}
