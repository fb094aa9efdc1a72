//! What packs are made of: the latest of what was written and the matters of a place or a programme, as far as whoever
//! opens the pack may read them. Nothing else of anybody's words comes into one.

use std::collections::HashMap;

use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{AppointmentId, EntryId, PlaceId, entry};
use ui::table::{Cell, Table};
use ui::{Html, html};

use crate::entries::{self, MatterListed, MattersWanted};
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};

/// As many entries as a pack looks back over.
const LATEST: u64 = 300;
/// As many of one kind as it names.
const OF_A_KIND: usize = 3;

/// An entry that a pack names.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub id: EntryId,
    pub kind: String,
    pub title: String,
    pub on: Day,
    pub appointment: AppointmentId,
}

/// The latest entries of a place, or of the whole programme, that the viewer may read.
pub(super) async fn latest(cx: &Cx, programme: &Snapshot, place: Option<PlaceId>) -> Result<Vec<Named>, Fault> {
    named(cx, programme, Condition::all().add_option(place.map(|p| entry::COLUMN.place_id.eq(p))), LATEST).await
}

/// What was written last of what happened around a place, or around the programme and all its places.
pub(super) async fn around(cx: &Cx, programme: &Snapshot, place: Option<PlaceId>) -> Result<Vec<Named>, Fault> {
    const SOME: u64 = 10;
    let kinds: Vec<&str> = programme.programme.design.kinds.iter().filter(|k| k.context).map(|k| k.key.as_str()).collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let here = place.map(|p| Condition::any().add(entry::COLUMN.place_id.eq(p)).add(entry::COLUMN.place_id.is_null()));
    let wanted = Condition::all().add(entry::COLUMN.kind.is_in(kinds)).add_option(here);
    named(cx, programme, wanted, SOME).await
}

async fn named(cx: &Cx, programme: &Snapshot, wanted: Condition, limit: u64) -> Result<Vec<Named>, Fault> {
    type Row = (EntryId, String, String, Day, AppointmentId);
    let rows: Vec<Row> = entry::Entity::find()
        .filter(entries::readable(cx.viewer(), programme))
        .filter(wanted)
        .select_only()
        .columns([
            entry::Column::Id,
            entry::Column::Kind,
            entry::Column::Title,
            entry::Column::HappenedOn,
            entry::Column::AppointmentId,
        ])
        .order_by_desc(entry::Column::HappenedOn)
        .order_by_desc(entry::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list what was written last"))?;
    let named = |(id, kind, title, on, appointment)| Named { id, kind, title, on, appointment };
    Ok(rows.into_iter().map(named).collect())
}

/// A few of each kind, in the order of the design.
pub(super) async fn by_kind(cx: &Cx, programme: &Snapshot, latest: &[Named]) -> Result<Html, Fault> {
    let kinds = programme.programme.design.kinds.iter().map(|kind| {
        let of: Vec<&Named> = latest.iter().filter(|n| n.kind == kind.key).take(OF_A_KIND).collect();
        (&kind.name, of)
    });
    let kinds: Vec<_> = kinds.filter(|(_, of)| !of.is_empty()).collect();
    let all: Vec<&Named> = kinds.iter().flat_map(|(_, of)| of.iter().copied()).collect();
    let begun = begun(cx, programme, &all).await?;
    Ok(html(maud! {
        @if kinds.is_empty() { p { "Nothing was written that you may read." } }
        @for (name, of) in &kinds {
            h3 { (name) }
            (listed(programme, of, &begun))
        }
    }))
}

/// Entries as a list: what each is called, when and where it was, and how it begins. On paper nothing can be opened.
pub(super) async fn told(cx: &Cx, programme: &Snapshot, named: &[&Named]) -> Result<Html, Fault> {
    Ok(listed(programme, named, &begun(cx, programme, named).await?))
}

/// Where each was written and how it begins.
type Begun = HashMap<EntryId, (Option<String>, String)>;

async fn begun(cx: &Cx, programme: &Snapshot, named: &[&Named]) -> Result<Begun, Fault> {
    let only: Vec<EntryId> = named.iter().map(|n| n.id).collect();
    let limit = only.len().try_into().unwrap_or(LATEST);
    let found = entries::list(cx, programme, &entries::Asked { only: Some(only), limit, ..entries::Asked::default() }).await?;
    // A page of one place says whose it is in its heading.
    let of_all = cx.place().is_err();
    Ok(found.into_iter().map(|one| (one.id, (one.place_name.filter(|_| of_all), one.start))).collect())
}

fn listed(programme: &Snapshot, named: &[&Named], begun: &Begun) -> Html {
    html(maud! {
        ul class="govuk-list govuk-list--bullet told" {
            @for one in named {
                li {
                    a href={ (programme.href()) "/entries/" (one.id.to_string()) } { (&one.title) } ", " (one.on.to_string())
                    @if let Some((place, start)) = begun.get(&one.id) {
                        @if let Some(place) = place { ", " (place) }
                        @if !start.is_empty() { p { (ui::words::snippet(start, &[])) } }
                    }
                }
            }
        }
    })
}

/// Matters of a place, or of the whole programme.
pub(super) async fn matters(
    cx: &Cx,
    programme: &Snapshot,
    place: Option<PlaceId>,
    open: bool,
) -> Result<Vec<MatterListed>, Fault> {
    const MOST: u64 = 100;
    entries::matters(cx, programme, MattersWanted { open: Some(open), place, limit: MOST, ..MattersWanted::default() }).await
}

/// Matters as a table: what, how it stands, since when it is silent.
pub(super) fn matters_table(cx: &Cx, programme: &Snapshot, caption: &str, found: &[MatterListed]) -> Html {
    if found.is_empty() {
        return html(maud! { p { "None that you may read." } });
    }
    let rows = found.iter().map(|one| {
        let kind = programme.programme.design.kind(&one.matter.kind);
        let silent = cx.today().days_since(one.matter.moved_at.day()).max(0);
        vec![
            Cell::link(&format!("{}/entries/{}", programme.href(), one.entry), &one.title).head(),
            Cell::text(one.place.clone().unwrap_or_else(|| "The programme".into())),
            Cell::text(entries::stands(kind, &one.matter)),
            Cell::text(one.matter.due_on.map_or_else(|| "—".into(), |day| day.to_string())),
            Cell::text(if silent == 1 { "1 day".into() } else { format!("{silent} days") }),
        ]
    });
    Table::new(caption, &["What", "Place", "Stands", "Expected by", "Silent for"], rows.collect()).quiet().html()
}
