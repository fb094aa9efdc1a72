//! Meetings side by side: who came from which sector, in what the viewer may read.

use design::EntryKind;
use kernel::Day;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, entry};
use ui::parts::Sector;
use ui::table::{Cell, Table};

use super::parts::came;
use super::reading::readable;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};

/// As many as anybody compares.
const MOST: u64 = 100;

/// `/programmes/{programme}/places/{place}/meetings`
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let meets = |k: &&EntryKind| k.parts.iter().any(|part| part.attendance);
    let kinds: Vec<&EntryKind> = programme.programme.design.kinds.iter().filter(meets).collect();
    if kinds.is_empty() {
        return Err(Stop::Missing);
    }
    let found: Vec<(EntryId, String, String, String, Day)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Kind, entry::Column::Title, entry::Column::Text, entry::Column::HappenedOn])
        .filter(readable(cx.viewer(), &programme))
        .filter(entry::COLUMN.place_id.eq(place.id))
        .filter(entry::COLUMN.kind.is_in(kinds.iter().map(|k| k.key.as_str())))
        .filter(entry::COLUMN.source_id.is_null())
        .order_by_desc(entry::Column::HappenedOn)
        .order_by_desc(entry::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list meetings"))?;
    let all: Vec<_> = found
        .iter()
        .map(|(id, kind, title, text, on)| {
            let parts = kinds.iter().find(|k| k.key == *kind).map_or(&[][..], |k| &k.parts);
            (id, title, on, came(parts, text))
        })
        .collect();
    let rows = all.iter().map(|(id, title, on, came)| {
        let of = |sector: Sector| match came {
            None => Cell::not_stated(),
            Some(all) => Cell::number(all.iter().find(|(s, _)| *s == sector).map_or(0, |(_, n)| *n)),
        };
        let sum =
            came.as_ref().map_or_else(Cell::not_stated, |all| Cell::number(all.iter().map(|(_, n)| u64::from(*n)).sum::<u64>()));
        let first = [Cell::link(&format!("{}/entries/{id}", programme.href()), title).head(), Cell::day(**on)];
        first.into_iter().chain(Sector::ALL.iter().map(|s| of(*s))).chain([sum]).collect()
    });
    let words: Vec<&str> = Sector::ALL.iter().map(|s| s.word()).collect();
    let headers: Vec<&str> = ["Meeting", "Day"].into_iter().chain(words).chain(["All"]).collect();
    let table = Table::new("Who came, from which sector", &headers, rows.collect()).quiet().html();
    let told: Vec<_> = all.iter().filter_map(|(.., came)| came.as_ref()).collect();
    let never: Vec<&str> = Sector::ALL
        .iter()
        .filter(|sector| **sector != Sector::Other && told.iter().all(|came| came.iter().all(|(s, n)| s != *sector || *n == 0)))
        .map(|s| s.word())
        .collect();
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let offers = super::offers(&cx, &programme, Some(place.id));
    let record = kinds.iter().find(|kind| offers.iter().any(|o| o.kind.key == kind.key));
    let draft = Draft::new(format!("Meetings of {}", place.name)).lead("Who came, from which sector, in what you may read.");
    Ok(draft.crumb(&programme.name, programme.href()).crumb(&place.name, &home).page(
        &cx,
        maud! {
            @if let Some(kind) = record {
                (ui::form::button_link("Record a meeting", &format!("{home}/entries/new?kind={}", kind.key)))
            }
            @if all.is_empty() {
                p { "No meeting was recorded yet that you may read. Whoever records one says how many came from each sector." }
            } @else {
                @if !told.is_empty() && !never.is_empty() {
                    p { "Of " (told.len()) @if told.len() == 1 { " meeting that says" } @else { " meetings that say" } " who came, nobody came from: " (never.join(", ")) "." }
                }
                (table)
                @if all.len() as u64 == MOST { p { "These are the latest " (MOST) "." } }
            }
        },
    ))
}
