//! All outputs that are on their way: what each waits for, who looks after it, and what has stalled.

use std::collections::HashMap;

use design::Power;
use kernel::{Days, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, MarkId, PersonId, PlaceId, entry, output, person, place};
use ui::parts::{self, FilterGroup, FilterOption, Page, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::{Output, State, rule_of, start, writer};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::ledger::days;

const PAGE: u64 = 50;

/// `/programmes/{programme}/outputs`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    if !cx.viewer().may_somewhere(Power::WriteEntries, programme.id) {
        return Err(Stop::forbidden(
            "This is for those who learn here",
            "What is published stands in the library, for everybody.",
        ));
    }
    let number = cx.query("page").parse::<u64>().unwrap_or(1).clamp(1, 10_000);
    let all = found(&cx, &programme, number).await?;
    let counts = counted(&cx, &programme).await?;
    let more = all.len() as u64 > PAGE;
    let all: Vec<Output> = all.into_iter().take(usize::try_from(PAGE).unwrap_or(50)).collect();
    let (people, places) = names(&cx, &all).await?;
    let quote: Option<MarkId> = cx.query("quote").parse().ok();
    let staff = entries::sees_staff_time(&cx, &programme);
    let ids: Vec<EntryId> = all.iter().filter(|_| staff).map(|o| o.entry.id).collect();
    let used = days::staff_used(cx.read(), &ids).await?;
    let rows = all.iter().map(|o| row(&cx, o, &Beside { people: &people, places: &places, used: &used }, quote)).collect();
    let starts = start::starts(&cx, &programme).await?;
    let booked: i64 = all.iter().filter(|o| !o.state().is_over()).map(|o| i64::from(o.row.booked)).sum();
    let headers = ["Output", "Kind", "Stands", "Looked after by", "Out by", "Time booked"];
    let foot = vec![
        Cell::text("Still to be done, of those shown").head(),
        Cell::text(""),
        Cell::text(""),
        Cell::text(""),
        Cell::text(""),
        Cell::text(Days::from_quarters(booked).to_string()),
    ];
    let table = Table::new("Outputs, those that are due first", &headers, rows).foot(foot).html();
    let first = starts.first().map(|(text, href)| (text.as_str(), href.as_str()));
    let draft = Draft::new("Outputs").crumb(&programme.name, programme.href());
    let narrowed = !cx.query("state").is_empty() || !cx.query("folder").is_empty() || !cx.query("mine").is_empty();
    Ok(draft.lead("What is learnt on its way to others: from an idea to something that everybody can read, with the agreement of those it is about.").page(
        &cx,
        maud! {
            p { a href={ "/library?programme=" (&programme.slug) } { "What is published" } " · " a href={ (programme.href()) "/themes" } { "Themes" } }
            @if quote.is_some() { (parts::inset(maud! { p { "Choose the output in which you want to quote the excerpt." } })) }
            (parts::filters(&filters(&cx, &programme, &counts)))
            @if all.is_empty() && narrowed {
                p { "Nothing here matches. " a href={ (programme.href()) "/outputs" } { "Show everything" } "." }
            } @else if all.is_empty() {
                (parts::empty_state("Nothing in the making that you may read", "What is published stands in the library, for everybody. An insight, a story, a tool: something that others can learn from begins here as an idea, with somebody who looks after it and a day by which it should be out.", first))
            } @else {
                (table)
            }
            (pages(&cx, number, more))
            @if !starts.is_empty() && (!all.is_empty() || starts.len() > 1) {
                (parts::section("start", "Start an output", maud! { ul { @for (text, href) in &starts { li { a href=(href) { (text) } } } } }))
            }
        },
    ))
}

fn pages(cx: &Cx, number: u64, more: bool) -> Html {
    let of = usize::try_from(number + u64::from(more)).unwrap_or(1);
    let kept: Vec<String> = ["state", "folder", "mine", "quote"]
        .iter()
        .filter(|n| !cx.query(n).is_empty())
        .map(|n| format!("{n}={}", cx.query(n)))
        .collect();
    let base_href = format!("{}?{}", cx.path(), kept.join("&"));
    parts::pagination(&Page { number: usize::try_from(number).unwrap_or(1), of, base_href })
}

/// The outputs asked for, one more than a page.
async fn found(cx: &Cx, programme: &std::sync::Arc<Snapshot>, number: u64) -> Result<Vec<Output>, Fault> {
    let of = output::Entity::belongs_to(entry::Entity).from(output::Column::EntryId).to(entry::Column::Id);
    let state = State::ALL.into_iter().find(|s| s.key() == cx.query("state"));
    let folder: Vec<&str> = programme
        .programme
        .design
        .kinds
        .iter()
        .filter(|k| k.output.as_ref().is_some_and(|o| o.evaluation))
        .map(|k| k.key.as_str())
        .collect();
    let wanted = Condition::all()
        .add_option(state.map(|s| output::COLUMN.state.eq(s.key())))
        .add_option((cx.query("folder") == "evaluation").then(|| entry::COLUMN.kind.is_in(folder)))
        .add_option(cx.viewer().person().filter(|_| cx.query("mine") == "yes").map(|me| output::COLUMN.owner_id.eq(me)));
    let rows = output::Entity::find()
        .select_also(entry::Entity)
        .join(JoinType::InnerJoin, of.into())
        .filter(output::COLUMN.programme_id.eq(programme.id))
        .filter(entries::readable(cx.viewer(), programme))
        .filter(wanted)
        // What is over comes last, and what has no day after what has one.
        .order_by_asc(output::COLUMN.state.is_in([State::Published.key(), State::Withdrawn.key()]))
        .order_by_asc(output::COLUMN.due_on.is_null())
        .order_by_asc(output::Column::DueOn)
        .order_by_desc(output::Column::MovedAt)
        .order_by_asc(output::Column::Id)
        .limit(PAGE + 1)
        .offset((number - 1) * PAGE);
    let rows: Vec<(output::Model, Option<entry::Model>)> = rows.all(cx.read()).await.map_err(fault("list outputs"))?;
    let all = rows.into_iter().filter_map(|(row, entry)| {
        let entry = entry?;
        let rule = rule_of(programme, &entry.kind)?.1.clone();
        Some(Output { programme: programme.clone(), entry, row, rule })
    });
    Ok(all.collect())
}

/// How many outputs stand where, of those that the viewer may read.
async fn counted(cx: &Cx, programme: &Snapshot) -> Result<HashMap<String, i64>, Fault> {
    let of = output::Entity::belongs_to(entry::Entity).from(output::Column::EntryId).to(entry::Column::Id);
    let found: Vec<(String, i64)> = output::Entity::find()
        .select_only()
        .column(output::Column::State)
        .column_as(output::Column::Id.count(), "many")
        .join(JoinType::InnerJoin, of.into())
        .filter(output::COLUMN.programme_id.eq(programme.id))
        .filter(entries::readable(cx.viewer(), programme))
        .group_by(output::Column::State)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count outputs"))?;
    Ok(found.into_iter().collect())
}

fn filters(cx: &Cx, programme: &Snapshot, counts: &HashMap<String, i64>) -> Vec<FilterGroup> {
    let home = format!("{}/outputs", programme.href());
    let quote = cx.query("quote");
    let quote = if quote.is_empty() { String::new() } else { format!("&quote={quote}") };
    let asked = cx.query("state");
    let all = FilterOption {
        text: "All".into(),
        href: format!("{home}?{}", quote.trim_start_matches('&')),
        current: asked.is_empty() && cx.query("folder").is_empty() && cx.query("mine").is_empty(),
        count: None,
    };
    let states = State::ALL.into_iter().map(|s| FilterOption {
        text: s.name().into(),
        href: format!("{home}?state={}{quote}", s.key()),
        current: asked == s.key(),
        count: counts.get(s.key()).and_then(|n| usize::try_from(*n).ok()),
    });
    let mut options: Vec<FilterOption> = std::iter::once(all).chain(states).collect();
    options.push(FilterOption {
        text: "Looked after by you".into(),
        href: format!("{home}?mine=yes{quote}"),
        current: cx.query("mine") == "yes",
        count: None,
    });
    if programme.programme.design.kinds.iter().any(|k| k.output.as_ref().is_some_and(|o| o.evaluation)) {
        options.push(FilterOption {
            text: "Of the evaluation".into(),
            href: format!("{home}?folder=evaluation{quote}"),
            current: cx.query("folder") == "evaluation",
            count: None,
        });
    }
    vec![FilterGroup { label: "Show".into(), options }]
}

type Names = (HashMap<PersonId, String>, HashMap<PlaceId, String>);

async fn names(cx: &Cx, all: &[Output]) -> Result<Names, Fault> {
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(all.iter().map(|o| o.row.owner_id)));
    let people = people.all(cx.read()).await.map_err(fault("load who looks after outputs"))?;
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(all.iter().filter_map(|o| o.entry.place_id)));
    let places = places.all(cx.read()).await.map_err(fault("load places"))?;
    Ok((people.into_iter().map(|p| (p.id, p.name)).collect(), places.into_iter().map(|p| (p.id, p.name)).collect()))
}

/// What stands beside the outputs in the table.
struct Beside<'a> {
    people: &'a HashMap<PersonId, String>,
    places: &'a HashMap<PlaceId, String>,
    /// The time of the staff, for those who see it.
    used: &'a HashMap<EntryId, Days>,
}

fn row(cx: &Cx, output: &Output, beside: &Beside<'_>, quote: Option<MarkId>) -> Vec<Cell> {
    let row = &output.row;
    let silent = cx.today().days_since(row.moved_at.day()).max(0);
    let over = output.state().is_over();
    let stalled = !over && silent > i64::from(output.rule.stalls_after);
    let late = !over && row.due_on.is_some_and(|d| d < cx.today());
    let place = output.entry.place_id.and_then(|id| beside.places.get(&id));
    let quotes = quote.filter(|_| writer(cx, output).is_some());
    let title = html(maud! {
        a href=(output.href()) { (&output.entry.title) }
        @if let Some(place) = place { br; span class="muted" { (place) } }
        @if !row.audience.is_empty() { br; span class="muted" { "For: " (&row.audience) } }
        @if let Some(mark) = quotes { br; a href={ (output.href()) "/quote?excerpt=" (mark.to_string()) } { "Quote it here" span class="govuk-visually-hidden" { " in “" (&output.entry.title) "”" } } }
    });
    let stands = html(maud! {
        (output.state().name())
        @if stalled { " " (parts::tag(&format!("silent for {silent} days"), Tone::Warning)) }
    });
    let due = html(maud! {
        @match row.due_on { Some(day) => span class="nowrap" { (day.to_string()) } None => "—" }
        @if late { " " (parts::tag("late", Tone::Warning)) }
    });
    let booked = if row.booked > 0 { Days::from_quarters(row.booked.into()).to_string() } else { "—".into() };
    vec![
        Cell::html(title).head(),
        Cell::text(output.programme.kind_name(&output.entry.kind)),
        Cell::html(stands),
        Cell::text(beside.people.get(&row.owner_id).map_or("", String::as_str)),
        Cell::html(due),
        Cell::html(maud! {
            (booked)
            @if let Some(used) = beside.used.get(&output.entry.id) { br; span class="muted" { (used.to_string()) " logged" } }
        }),
    ]
}
