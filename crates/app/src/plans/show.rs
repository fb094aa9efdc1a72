//! The plan as it stands, and how it came to: each version with who, when and why.

use kernel::Moment;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{entry, entry_revision, person, place};
use ui::figures::{StoryLine, StoryPoint, plan_story};
use ui::table::{Cell, Table};
use ui::{Html, form, html, parts};

use super::lines::{self, Fate, Versions, count, matched};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[("saved", "Saved. Whatever changes later, this version is kept.")];

/// A version: its number, when it was written, by whom, and why it replaced the one before.
pub(super) struct Version {
    pub number: i32,
    pub at: Moment,
    pub who: String,
    pub why: String,
}

/// Every version of a plan, the first first. A revision's row holds the reason for which the next replaced it.
pub(super) async fn history(cx: &Cx, plan: &entry::Model) -> Result<Vec<Version>, Stop> {
    let of = entry_revision::Entity::find().filter(entry_revision::COLUMN.entry_id.eq(plan.id));
    let before = of.order_by_asc(entry_revision::Column::Revision).all(cx.read()).await.map_err(fault("list versions"))?;
    let last_by = plan.author_id;
    let ids: Vec<_> = before.iter().map(|r| r.author_id).chain([last_by]).collect();
    let people =
        person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list people"))?;
    let name = |id| people.iter().find(|p| p.id == id).map(|p| p.name.clone()).unwrap_or_default();
    let mut versions = Vec::with_capacity(before.len() + 1);
    let mut why = String::new();
    for row in before {
        versions.push(Version { number: row.revision, at: row.written_at, who: name(row.author_id), why });
        why = row.reason;
    }
    versions.push(Version { number: plan.revision, at: plan.changed_at, who: name(last_by), why });
    Ok(versions)
}

/// `/programmes/{programme}/places/{place}/plan`
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    super::kind(&programme)?;
    let home = super::home(&programme, &place);
    let plan = super::of_place(cx.read(), &cx, &programme, &place).await?;
    let writes = super::edit::offer(&cx, &programme, &place).is_some();
    let draft = Draft::new(format!("Plan of {}", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", programme.href(), place.slug)).done(&cx, SAID);
    let Some(plan) = plan else {
        return Ok(draft.lead("What the partnership means to do. It is expected to change, and every version stays.").page(
            &cx,
            maud! {
                p { "There is no plan here that you may read." }
                @if writes { (form::button_link("Write the first version", &format!("{home}/edit"))) }
            },
        ));
    };
    let versions = lines::versions(cx.read(), plan.id).await?;
    let history = history(&cx, &plan).await?;
    let story = story(&programme, &history, &versions)?;
    let now = now(&programme, versions.get(&plan.revision).map(Vec::as_slice).unwrap_or_default())?;
    let told = told(&history, &versions, &home);
    let compares = history.len() > 1;
    Ok(draft.lead(format!("Version {}, {}.", plan.revision, plan.changed_at.day())).page(
        &cx,
        maud! {
            @if writes { (form::button_link("Revise the plan", &format!("{home}/edit"))) }
            (now)
            (parts::section("story", "How it came to this", maud! {
                (survived(&versions))
                (told)
                @if compares { p { a href={ (&home) "/compare" } { "Lay two versions side by side" } } (story) }
            }))
            p { a href={ (programme.href()) "/entries/" (plan.id.to_string()) } { "The plan as an entry: who reads it, and sharing part of it" } }
        },
    ))
}

fn now(programme: &Snapshot, lines: &[lines::Line]) -> Result<Html, Stop> {
    let kind = super::kind(programme)?;
    Ok(html(maud! {
        @for part in &kind.parts {
            @let mine: Vec<&lines::Line> = lines.iter().filter(|l| l.part == part.key).collect();
            @if !mine.is_empty() {
                section class="section" {
                    h2 { (&part.name) }
                    ul class="govuk-list govuk-list--bullet" { @for line in &mine { li { (line.said()) } } }
                }
            }
        }
    }))
}

/// What is left of the first version, in a sentence.
fn survived(versions: &Versions) -> Html {
    let (Some(first), Some(last)) = (versions.values().next(), versions.values().last()) else { return html("") };
    if versions.len() < 2 {
        return html("");
    }
    let all = matched(first, last);
    let (same, changed, dropped, new) =
        (count(&all, Fate::Same), count(&all, Fate::Changed), count(&all, Fate::Dropped), count(&all, Fate::New));
    html(maud! {
        p class="govuk-body-l" { "Of the " (first.len()) " lines of the first version " (same) @if same == 1 { " stands as it was, " } @else { " stand as they were, " } (changed) " changed and " (dropped) @if dropped == 1 { " was" } @else { " were" } " dropped; " (new) " came later." }
    })
}

/// The whole story, a line a version.
fn told(history: &[Version], versions: &Versions, home: &str) -> Html {
    let none = Vec::new();
    let rows = history.iter().enumerate().map(|(i, version)| {
        let lines = versions.get(&version.number).unwrap_or(&none);
        let what = match i.checked_sub(1).and_then(|before| history.get(before)) {
            None => Cell::text(if lines.len() == 1 { "1 line".into() } else { format!("{} lines", lines.len()) }),
            Some(before) => {
                let all = matched(versions.get(&before.number).unwrap_or(&none), lines);
                let said = format!(
                    "{} new, {} changed, {} dropped",
                    count(&all, Fate::New),
                    count(&all, Fate::Changed),
                    count(&all, Fate::Dropped)
                );
                Cell::link(&format!("{home}/compare?from={}&to={}", before.number, version.number), &said)
            }
        };
        let why = if i == 0 { "The first version." } else { version.why.as_str() };
        vec![
            Cell::text(format!("Version {}", version.number)).head(),
            Cell::day(version.at.day()),
            Cell::text(&version.who),
            what,
            Cell::text(why),
        ]
    });
    Table::new("Versions", &["Version", "When", "Who", "What", "Why"], rows.collect()).quiet().html()
}

/// Every line there ever was through the versions.
fn story(programme: &Snapshot, history: &[Version], versions: &Versions) -> Result<Html, Stop> {
    let kind = super::kind(programme)?;
    let none = Vec::new();
    let of = |version: &Version| versions.get(&version.number).unwrap_or(&none);
    let mut keys: Vec<(&str, &str, &str)> = Vec::new();
    for line in history.iter().flat_map(of) {
        match keys.iter_mut().find(|(_, key, _)| *key == line.key) {
            Some(known) => known.2 = &line.text,
            None => keys.push((&line.part, &line.key, &line.text)),
        }
    }
    keys.sort_by_key(|(part, ..)| kind.parts.iter().position(|p| p.key == *part));
    let lines = keys.iter().map(|(part, key, text)| {
        let mut before: Option<&lines::Line> = None;
        let points = history.iter().map(|version| {
            let here = of(version).iter().find(|l| l.key == *key);
            let point = match (before, here) {
                (_, None) => StoryPoint::Absent,
                (None, Some(_)) => StoryPoint::New,
                (Some(old), Some(new)) if old == new => StoryPoint::Same,
                (Some(_), Some(_)) => StoryPoint::Changed,
            };
            before = here;
            point
        });
        let part = kind.parts.iter().find(|p| p.key == *part).map_or(*part, |p| &p.name);
        StoryLine { name: (*text).to_string(), part: part.to_string(), points: points.collect() }
    });
    let heads: Vec<String> = history.iter().map(|v| format!("Version {}", v.number)).collect();
    Ok(plan_story("Every line through the versions", &heads, &lines.collect::<Vec<_>>()))
}

/// Whose place's plan it is, for the pages below.
pub(super) async fn named(cx: &Cx) -> Result<(std::sync::Arc<Snapshot>, place::Model, entry::Model), Stop> {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let plan = super::of_place(cx.read(), cx, &programme, &place).await?.ok_or(Stop::Missing)?;
    Ok((programme, place, plan))
}
