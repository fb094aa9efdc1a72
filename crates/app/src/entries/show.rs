//! An entry's page: what it says, who reads it, what was shared of it.

use kernel::Moment;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, EntryId, entry};
use ui::{Html, parts, words};

use super::listing::byline;
use super::readers::readers_of_any;
use super::reading::readable;
use super::share::{SharedExtract, extract_view};
use super::{flows_open_to, may_edit};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

const SAID: &[(&str, &str)] = &[
    ("recorded", "Recorded. The people named below can read it now; nobody else can."),
    ("days", "Saved. The ledger holds the days as they stand now, and how they stood before."),
    ("changed", "Changed. The version before is kept in the history."),
    ("shared", "Shared. Its readers see what stands below, and not the entry it was taken from."),
];

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let named = cx.entry_names()?.clone();
    let author = byline(&named.author, programme.role_name(&named.role));
    let circle = programme.circle(entry.circle_id).cloned();
    let line = match &circle {
        Some(circle) => {
            let source = entry.source_circle_id.and_then(|id| programme.circle(id));
            let both: Vec<_> = [Some(circle), source].into_iter().flatten().collect();
            Some(readers_of_any(&cx, &both, entry.place_id).await?.line(circle))
        }
        None => None,
    };
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let days = super::days::shown(&cx, &programme, &entry).await?;
    let about = related(&cx, &programme, &entry, named.shared).await?;
    let body = match entry.source_id {
        Some(_) => extract_view(&SharedExtract::of(&entry, named.place.as_ref().map(|(name, _)| name.clone()))),
        None => ui::html(maud! { (words::markdown(&entry.text)) }),
    };
    let actions = [
        (may_edit(&cx, &entry), "Change", "change"),
        (!flows_open_to(&cx, &entry).is_empty(), "Share part of it", "share"),
        (true, "History", "history"),
    ];
    let mut draft = Draft::new(&entry.title).crumb(&programme.name, programme.href());
    if let Some((name, slug)) = &named.place {
        draft = draft.crumb(name, format!("{}/places/{slug}", programme.href()));
    }
    let kind = programme.kind_name(&entry.kind);
    Ok(draft.lead(format!("{kind} of {}, by {author}.", entry.happened_on)).done(&cx, SAID).page(
        &cx,
        maud! {
            @if let Some(line) = &line { (line) }
            (body)
            (days)
            p class="entry-actions" {
                @for (i, (_, text, end)) in actions.iter().filter(|(show, _, _)| *show).enumerate() {
                    @if i > 0 { " · " }
                    a href={ (&home) "/" (end) } { (text) }
                }
            }
            (about)
        },
    ))
}

/// Where an extract was taken from, and what was shared of an entry: each only as far as the viewer may read it.
async fn related(cx: &Cx, programme: &Snapshot, entry: &entry::Model, shared: bool) -> Result<Html, kernel::Fault> {
    let source = match entry.source_id {
        Some(id) => super::find(cx, id).await?.map(|(source, _)| source),
        None => None,
    };
    let extracts = if shared { extracts(cx, programme, entry.id).await? } else { Vec::new() };
    let href = |id| format!("{}/entries/{id}", programme.href());
    Ok(ui::html(maud! {
        @if let Some(source) = &source {
            (parts::inset(maud! {
                p { "Taken from " a href=(href(source.id)) { (&source.title) } ", which you may read because you are in its circle. Others who read this page are not told of it." }
            }))
        }
        @if !extracts.is_empty() {
            (parts::section("shared", "Shared from this entry", maud! {
                ul {
                    @for (id, title, circle, at) in &extracts {
                        li {
                            a href=(href(*id)) { (title) }
                            " with " (programme.circle_name(*circle)) ", " (at.to_string())
                        }
                    }
                }
            }))
        }
    }))
}

async fn extracts(cx: &Cx, programme: &Snapshot, of: EntryId) -> Result<Vec<(EntryId, String, CircleId, Moment)>, kernel::Fault> {
    entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Title, entry::Column::CircleId, entry::Column::WrittenAt])
        .filter(entry::COLUMN.source_id.eq(of))
        .filter(readable(cx.viewer(), programme))
        .order_by_asc(entry::Column::WrittenAt)
        .order_by_asc(entry::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list what was shared"))
}
