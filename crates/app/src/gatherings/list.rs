//! The events of a programme: what is coming, what people thought of, and what is over.

use std::collections::HashMap;

use design::EntryKind;
use kernel::Fault;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use store::fault;
use tables::{EntryId, consent};
use ui::parts;
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::found::{Event, all, when};
use super::mode_words;
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let events = all(cx.read(), cx.viewer(), &programme).await?;
    let now = cx.now();
    let (over, rest): (Vec<&Event<'_>>, Vec<&Event<'_>>) = events.iter().partition(|event| event.is_over(now));
    let (mut coming, rest): (Vec<&Event<'_>>, Vec<&Event<'_>>) = rest.into_iter().partition(|event| event.is_agreed());
    let (ideas, closed): (Vec<&Event<'_>>, Vec<&Event<'_>>) = rest.into_iter().partition(|event| event.is_idea());
    coming.sort_by_key(|event| (event.row.is_none(), event.row.as_ref().map(|row| row.begins_at), event.entry.id));
    let coming = table(&programme, "Coming", &coming);
    let over = table(&programme, "Over", &over);
    let closed = table(&programme, "Cancelled, or not taken up", &closed);
    let ideas = of_ideas(&cx, &programme, &ideas).await?;
    let offered = propose(&cx, &programme);
    let asks = programme.programme.design.gatherings().any(|(_, rule)| rule.feedback.is_some());
    let draft = Draft::new("Learning events").crumb(&programme.name, programme.href());
    Ok(draft.lead("What is coming, what people would come to, and what became of those that are over.").page(
        &cx,
        maud! {
            @if events.is_empty() {
                (parts::empty_state(
                    "No event yet",
                    "Whoever has an idea for one proposes it here; everybody says whether they would come, and those who shape events agree which is held.",
                    offered.first().map(|(text, href)| (text.as_str(), href.as_str())),
                ))
            } @else if !offered.is_empty() {
                p class="entry-actions" { @for (i, (text, href)) in offered.iter().enumerate() { @if i > 0 { " · " } a href=(href) { (text) } } }
            }
            @if let Some(coming) = &coming { (parts::section("coming", "Coming", coming)) }
            (ideas)
            @if let Some(over) = &over {
                (parts::section("over", "Over", maud! {
                    (over)
                    @if asks { p { a href={ (programme.href()) "/gathering-feedback" } { "In a room and online, compared" } } }
                }))
            }
            @if let Some(closed) = &closed { (parts::section("closed", "Cancelled, or not taken up", closed)) }
            @if !events.is_empty() {
                (parts::section("calendar", "In your calendar", maud! {
                    p { a href={ (programme.href()) "/gatherings.ics" } { "These events as a file" } " · " a href="/calendar" { "An address that your calendar asks by itself" } }
                }))
            }
        },
    ))
}

/// What the viewer can propose, each with where.
fn propose(cx: &Cx, programme: &Snapshot) -> Vec<(String, String)> {
    let offers = entries::offers(cx, programme, None);
    let mine = offers.iter().filter(|offer| offer.kind.gathering.is_some());
    let one = |kind: &EntryKind| {
        (format!("Propose: {}", kind.name.to_lowercase()), format!("{}/gatherings/new?kind={}", programme.href(), kind.key))
    };
    mine.map(|offer| one(offer.kind)).collect()
}

fn table(programme: &Snapshot, caption: &str, events: &[&Event<'_>]) -> Option<Html> {
    let rows = events.iter().map(|event| {
        let (time, how, place) = match &event.row {
            Some(row) => (Cell::text(when(row)), Cell::text(mode_words(&row.mode)), Cell::text(&row.venue)),
            None => (Cell::text("No day yet"), Cell::text(""), Cell::text("")),
        };
        vec![Cell::link(&event.href(programme), &event.entry.title).head(), time, how, place, Cell::text(event.stands())]
    });
    let headers = ["Event", "When", "How", "Where", "Stands"];
    (!events.is_empty()).then(|| Table::new(caption, &headers, rows.collect()).quiet().html())
}

/// What people thought of, with how many said what of it: those that most would come to first.
async fn of_ideas(cx: &Cx, programme: &Snapshot, ideas: &[&Event<'_>]) -> Result<Html, Fault> {
    if ideas.is_empty() {
        return Ok(html(""));
    }
    let given: Vec<(Option<EntryId>, String, i64)> = consent::Entity::find()
        .select_only()
        .columns([consent::Column::EntryId, consent::Column::Answer])
        .column_as(Expr::cust("COUNT(*)"), "count")
        .filter(consent::COLUMN.entry_id.is_in(ideas.iter().map(|event| event.entry.id)))
        .filter(consent::COLUMN.replaced_at.is_null())
        .group_by(consent::Column::EntryId)
        .group_by(consent::Column::Answer)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count voices"))?;
    let mut counts: HashMap<(EntryId, &str), i64> = HashMap::new();
    for (id, answer, count) in &given {
        if let Some(id) = id {
            counts.insert((*id, answer), *count);
        }
    }
    let mut tables = Vec::new();
    for (kind, _) in programme.programme.design.gatherings() {
        let mut of: Vec<&&Event<'_>> = ideas.iter().filter(|event| event.kind.key == kind.key).collect();
        let answers = kind.voices.as_ref().map(|voices| voices.answers.as_slice()).unwrap_or_default();
        let favour = |event: &Event<'_>| answers.first().and_then(|a| counts.get(&(event.entry.id, a.key.as_str()))).copied();
        of.sort_by_key(|event| (std::cmp::Reverse(favour(event).unwrap_or(0)), event.entry.id));
        if of.is_empty() {
            continue;
        }
        let rows = of.iter().map(|event| {
            let said = answers.iter().map(|a| Cell::number(counts.get(&(event.entry.id, a.key.as_str())).copied().unwrap_or(0)));
            let head = Cell::link(&event.href(programme), &event.entry.title).head();
            [head, Cell::text(event.stands())].into_iter().chain(said).collect()
        });
        let headers: Vec<&str> = ["Idea", "Stands"].into_iter().chain(answers.iter().map(|a| a.name.as_str())).collect();
        let ask = kind.voices.as_ref().map(|v| v.ask.clone());
        let most = kind.voices.as_ref().and_then(|v| v.most);
        let table = Table::new(&format!("{}: what people thought of", kind.name), &headers, rows.collect()).quiet().html();
        tables.push((ask, most, table));
    }
    Ok(html(maud! {
        (parts::section("ideas", "What people thought of", maud! {
            @for (ask, most, table) in &tables {
                @if let Some(ask) = ask {
                    p { "Asked: “" (ask) "”" @if let Some(most) = most { " Each can say so of " (most) " at a time, so that everybody has to choose." } }
                }
                (table)
            }
        }))
    }))
}
