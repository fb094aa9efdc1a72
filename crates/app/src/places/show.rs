//! A place's page.

use design::{Group, InfluencePart, Power};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder};
use store::fault;
use tables::{application, appointment, place};
use ui::table::{Cell, Table};
use ui::{Html, form, parts, words};

use crate::entries::{self, Asked};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::house;
use crate::people::{self, Standing};
use crate::programmes::{cited, statements};

const SAID: &[(&str, &str)] = &[("described", "Saved. The words before are kept in the place’s history.")];
/// How many entries the page shows before the timeline takes over.
const SOME: u64 = 8;

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let stated = programme.programme.history.places.iter().find(|s| s.slug == place.slug);
    let entries = entries::list(&cx, &programme, &Asked { place: Some(place.id), limit: SOME, ..Asked::default() }).await?;
    let record = entries::may_record(&cx, Some(place.id));
    let described = describe(&cx, &place, stated);
    let partners = partners(&cx, &place).await?;
    let people = people(&cx, &programme, &place).await?;
    let began = began(&cx, &programme, &place).await?;
    let grants = super::grants::section(&cx, &programme, &place).await?;
    let facts = facts(&cx, &programme, &place, stated);
    let around = around(&cx, &programme, &place, &home);
    let draft = Draft::new(&place.name)
        .lead(format!("A place of {}: one partnership and where it works.", programme.name))
        .done(&cx, SAID);
    Ok(draft.crumb(&programme.name, programme.href()).crumb("Places", format!("{}/places", programme.href())).page(
        &cx,
        maud! {
            (described)
            (around)
            (parts::section("entries", "What people wrote", maud! {
                @if record { (form::button_link("Record an entry", &format!("{home}/entries/new"))) }
                @if entries.is_empty() {
                    p { "There is nothing here yet that you may read." }
                } @else {
                    (entries::cards(&programme, &entries, &[], false))
                    p { a href={ (&home) "/entries" } { "The whole timeline" } }
                }
            }))
            (parts::section("partners", "Partners", &partners))
            @if let Some(people) = &people { (parts::section("people", "People", people)) }
            (grants)
            (began)
            (facts)
        },
    ))
}

/// Where to go from here, for those who hold a role.
fn around(cx: &Cx, programme: &Snapshot, place: &place::Model, home: &str) -> Html {
    let design = &programme.programme.design;
    let inside = cx.held().next().is_some();
    let mine = |roles: &[String]| cx.held().any(|h| roles.contains(&h.role));
    let follows = design.markers.iter().any(|m| mine(&m.read_by)) || design.tipping.iter().any(|t| mine(&t.tells));
    let writes = |wanted: fn(&design::EntryKind) -> bool| design.kinds.iter().any(|k| wanted(k) && mine(&k.writers));
    let asks = |kind: &design::EntryKind| cx.held().any(|h| h.reaches(Some(place.id)) && kind.writers.contains(&h.role));
    let backing = design.influences(InfluencePart::Backing).map(|(kind, _)| kind).find(|kind| asks(kind));
    let ask = backing.map(|kind| format!("entries/new?kind={}", kind.key)).unwrap_or_default();
    let reflects = design.frameworks.iter().any(|f| f.each == Group::Place && cx.held().any(|h| h.reflects(f, Some(place.id))));
    let skills = !design.skills.is_empty() && cx.viewer().may(Power::DescribePlace, programme.id, Some(place.id));
    let links = [
        (design.kinds.iter().any(|k| k.plan), "Plan", "plan"),
        (design.kinds.iter().any(design::EntryKind::is_matter), "Matters", "matters"),
        (design.kinds.iter().any(|k| k.parts.iter().any(|p| p.attendance)), "Meetings", "meetings"),
        (design.agreement.is_some(), "Agreements", "agreements"),
        (skills, "What it needs from support", "skills"),
        (!design.markers.is_empty() && follows, "Markers", "markers"),
        (reflects, "Reflect", "reflections"),
        (writes(|k| k.asks), "Ask something", "ask"),
        (backing.is_some(), backing.map_or("", |kind| kind.name.as_str()), ask.as_str()),
        (writes(|k| k.digest), "Write the digest", "digest"),
        (true, "Handover", "handover"),
        (true, "Briefing", "briefing"),
    ];
    ui::html(maud! {
        @if inside {
            nav class="around" aria-labelledby="around" {
                h2 id="around" { "Work here" }
                ul class="govuk-list" { @for (_, text, end) in links.iter().filter(|(show, ..)| *show) { li { a href={ (home) "/" (end) } { (text) } } } }
            }
        }
    })
}

/// The application it began with, for those who hold a role here and those who run calls.
async fn began(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Html, Stop> {
    let of_place = cx.held().any(|h| h.place == Some(place.id));
    if !of_place && !cx.viewer().may(Power::RunCalls, programme.id, None) {
        return Ok(ui::html(""));
    }
    let found = application::Entity::find()
        .filter(application::COLUMN.place_id.eq(place.id))
        .order_by_asc(application::Column::CreatedAt)
        .order_by_asc(application::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("look for an application"))?;
    Ok(ui::html(maud! {
        @if !found.is_empty() {
            (parts::section("applications", "What it applied with", maud! {
                ul { @for one in &found { li { a href={ (programme.href()) "/applications/" (one.id.to_string()) } { (&one.name) } } } }
            }))
        }
    }))
}

/// What the place wants, in its own words once it has written them; until then as public documents tell it.
fn describe(cx: &Cx, place: &place::Model, stated: Option<&design::Place>) -> Html {
    let may = cx.viewer().may(Power::DescribePlace, place.programme_id, Some(place.id));
    let told = |own: &str, stated: Option<&design::Statement>| {
        ui::html(maud! {
            @if !own.is_empty() { (words::markdown(own)) }
            @else if let Some(stated) = stated {
                p { (&stated.text) }
                p class="muted" { "Our summary of what the partnership said in public." }
                (parts::sources(&cited(cx, &stated.sources)))
            } @else { p { (parts::not_stated()) } }
        })
    };
    ui::html(maud! {
        (parts::section("problem", "The problem", told(&place.problem, stated.and_then(|s| s.problem.as_ref()))))
        (parts::section("vision", "The vision", told(&place.vision, stated.and_then(|s| s.vision.as_ref()))))
        @if may { p { a href={ (cx.path()) "/describe" } { "Say it in the place’s own words" } } }
        @if cx.held().next().is_some() { p { a href={ (cx.path()) "/history" } { "History of this page" } } }
    })
}

async fn partners(cx: &Cx, place: &place::Model) -> Result<Html, Stop> {
    let mut found = super::partners_of(cx.read(), place.id).await?;
    found.sort_by(|a, b| a.organisation.sector.cmp(&b.organisation.sector));
    let rows: Vec<_> = found
        .iter()
        .map(|p| {
            let part = if p.lead { "Leads" } else { "Partner" };
            let sector = parts::sector(&p.organisation.sector);
            vec![Cell::text(&p.organisation.name).head(), Cell::html(sector), Cell::text(part)]
        })
        .collect();
    Ok(match rows.is_empty() {
        true => ui::html(maud! { p { (parts::not_stated()) } }),
        false => Table::new("Partner organisations", &["Organisation", "Sector", "Part"], rows).quiet().html(),
    })
}

/// People in a role here, now and before, for those who may see people.
async fn people(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Option<Html>, Stop> {
    if !cx.viewer().may(Power::SeePeople, programme.id, Some(place.id)) {
        return Ok(None);
    }
    let here = Condition::all().add(appointment::COLUMN.place_id.eq(place.id));
    let held = people::appointments(cx, here, 200).await?;
    let standing = |wanted| held.iter().filter(|n| n.standing(cx) == wanted).collect::<Vec<_>>();
    let rule = rule(cx, programme, place).await?;
    let (now, later, before) = (standing(Standing::Today), standing(Standing::Later), standing(Standing::Before));
    let table = |caption: &str, named: &[&people::Named]| {
        let rows = named.iter().map(|n| {
            let organisation = n.organisation.as_deref().map_or_else(Cell::not_stated, Cell::text);
            vec![
                Cell::link(&format!("{}/people/{}", programme.href(), n.person_id), &n.name).head(),
                Cell::text(programme.role_name(&n.role)),
                organisation,
                Cell::text(n.span()),
            ]
        });
        Table::new(caption, &["Name", "Role", "Organisation", "When"], rows.collect()).html()
    };
    Ok(Some(ui::html(maud! {
        (rule)
        @if now.is_empty() { p { "Nobody holds a role here today." } } @else { (table("In a role today", &now)) }
        @if !later.is_empty() { (table("Starting later", &later)) }
        @if !before.is_empty() { (table("In a role before", &before)) }
    })))
}

/// Who must be part of it by the design, and who is missing.
async fn rule(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Html, Stop> {
    let design = &programme.programme.design;
    let Some(rule) = &design.place_rule else { return Ok(ui::html("")) };
    let members = super::members(cx, programme, Some(place.id)).await?.remove(&place.id).unwrap_or_default();
    let partners = super::partners_of(cx.read(), place.id).await?;
    let sectors: Vec<String> = partners.into_iter().map(|p| p.organisation.sector).collect();
    let missing = super::missing(design, rule, &members, &sectors);
    Ok(ui::html(maud! {
        (parts::inset(maud! {
            p { "The programme asks: " (&rule.text) }
            @if missing.is_empty() { p { "Nothing is missing." } } @else {
                p { "What is missing today:" }
                ul class="govuk-list govuk-list--bullet" { @for one in &missing { li { (one) } } }
            }
        }))
    }))
}

/// What public documents say of the place: what it did, awards and events.
fn facts(cx: &Cx, programme: &Snapshot, place: &place::Model, stated: Option<&design::Place>) -> Html {
    let history = &programme.programme.history;
    let awards: Vec<_> = history.awards.iter().filter(|a| a.place == place.slug).collect();
    let events: Vec<_> = history.events.iter().filter(|e| e.place.as_deref() == Some(&place.slug)).collect();
    let award_rows = awards.iter().map(|a| {
        let phase = a.phase.as_ref().and_then(|key| programme.programme.design.phases.iter().find(|p| p.key == *key));
        let amount = if a.up_to { format!("up to {}", a.amount) } else { a.amount.to_string() };
        vec![
            phase.map_or_else(Cell::not_stated, |p| Cell::text(&p.name)).head(),
            Cell::number(amount),
            Cell::html(parts::sources(&cited(cx, &a.sources))),
        ]
    });
    let awarded = Table::new("Awards to this place", &["Phase", "Amount", "Source"], award_rows.collect()).quiet().html();
    ui::html(maud! {
        @if let Some(stated) = stated && !stated.work.is_empty() {
            (parts::section("work", "What it did", statements(cx, &stated.work)))
        }
        @if let Some(note) = stated.and_then(|s| s.phase_note.as_ref()) { p { (note) } }
        @if !awards.is_empty() {
            (parts::section("awards", "Awards", &awarded))
        }
        @if !events.is_empty() {
            (parts::section("events", "Events", maud! {
                ul { @for event in &events { li { (&event.title) @if let Some(from) = &event.from { ", " (from.to_string()) } } } }
            }))
        }
        @if let Some(stated) = stated { (parts::sources(&cited(cx, &stated.sources))) }
    })
}

/// `/programmes/{programme}/places/{place}/history`
pub(super) async fn history(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let journal = house::of_record_in_full(&cx, programme.id, place.id.0).await?;
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let draft =
        Draft::new(format!("History of {}", place.name)).lead("How the words on the place’s page changed, and who changed them.");
    Ok(draft.crumb(&programme.name, programme.href()).crumb(&place.name, home).page(&cx, journal))
}
