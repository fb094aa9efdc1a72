//! A page for a board: how a place or the programme stands, made of what whoever prints it may read.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{marker_reading, place, reached};
use ui::parts;
use ui::table::{Cell, Table};

use super::{handover, pack, readings};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

/// `/programmes/{programme}/places/{place}/briefing`
pub(super) async fn of_place(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let latest = pack::latest(&cx, &programme, Some(place.id)).await?;
    let open = pack::matters(&cx, &programme, Some(place.id), true).await?;
    let markers = markers(&cx, &programme, &place).await?;
    let context = handover::context(&cx, &programme, Some(&place)).await?;
    let few: Vec<&pack::Named> = latest.iter().take(5).collect();
    let told = pack::told(&cx, &programme, &few).await?;
    let draft = Draft::new(format!("Briefing: {}", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", programme.href(), place.slug)).for_paper();
    Ok(draft.lead(format!("As of {}, from what you may read.", cx.today())).page(
        &cx,
        maud! {
            @if !place.problem.is_empty() { (parts::section("problem", "The problem", ui::words::markdown(&place.problem))) }
            @if !place.vision.is_empty() { (parts::section("vision", "The vision", ui::words::markdown(&place.vision))) }
            @if let Some(markers) = &markers { (parts::section("markers", "How it is read", markers)) }
            (parts::section("open", "What is open", pack::matters_table(&cx, &programme, "Open", &open[..open.len().min(10)])))
            (parts::section("latest", "The latest", &told))
            (context)
        },
    ))
}

/// The last round of each marker that the viewer may see.
async fn markers(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Option<ui::Html>, Fault> {
    if !readings::follows(cx, programme, place.id) {
        return Ok(None);
    }
    let all = readings::of_place(cx.read(), place.id).await?;
    let rows: Vec<Vec<Cell>> = programme
        .programme
        .design
        .markers
        .iter()
        .filter_map(|marker| {
            let last = all.iter().rev().filter(|r| r.marker == marker.key).map(|r| r.round).find(|of| {
                let seen = readings::visible(cx, marker, (place.id, *of), &all);
                readings::complete(marker, &seen)
            })?;
            let seen = readings::visible(cx, marker, (place.id, last), &all);
            Some(vec![
                Cell::text(&marker.name).head(),
                Cell::day(last),
                Cell::number(readings::middle(&seen)?),
                Cell::number(readings::apart(&seen)?),
            ])
        })
        .collect();
    let table = || {
        Table::new("The last round that everybody has read", &["Marker", "Round from", "Middle", "Points apart"], rows.clone())
    };
    Ok((!rows.is_empty()).then(|| table().html()))
}

/// `/programmes/{programme}/briefing`
pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let places = crate::places::all(&cx, &programme).await?;
    let open = pack::matters(&cx, &programme, None, true).await?;
    let latest = pack::latest(&cx, &programme, None).await?;
    let tipped =
        reached::Entity::find().filter(reached::COLUMN.programme_id.eq(programme.id)).filter(reached::COLUMN.entry_id.is_null());
    let tipped = tipped.all(cx.read()).await.map_err(fault("list tipping points"))?;
    let read = marker_reading::Entity::find().filter(marker_reading::COLUMN.programme_id.eq(programme.id));
    let read = read.all(cx.read()).await.map_err(fault("list readings"))?;
    let rows = places.iter().map(|place| {
        let follows = readings::follows(&cx, &programme, place.id);
        let here = open.iter().filter(|m| m.matter.place_id == Some(place.id)).count();
        let told = tipped.iter().filter(|r| {
            let point = programme.programme.design.tipping.iter().find(|p| p.key == r.point);
            r.place_id == place.id
                && point.is_some_and(|p| cx.held().any(|h| h.reaches(Some(place.id)) && p.tells.contains(&h.role)))
        });
        let mine: Vec<marker_reading::Model> = read.iter().filter(|r| r.place_id == place.id).cloned().collect();
        let lowest = programme.programme.design.markers.iter().filter_map(|marker| {
            let last = mine.iter().filter(|r| r.marker == marker.key).map(|r| r.round).max()?;
            let seen = readings::visible(&cx, marker, (place.id, last), &mine);
            readings::complete(marker, &seen).then(|| {
                let (low, high) = (seen.iter().map(|r| r.value).min()?, seen.iter().map(|r| r.value).max()?);
                Some((
                    readings::middle(&seen)?,
                    format!("{}: middle {}, from {low} to {high}", marker.name, readings::middle(&seen)?),
                ))
            })?
        });
        let lowest = lowest.min().filter(|_| follows).map_or_else(|| "—".into(), |(_, said)| said);
        vec![
            Cell::link(&format!("{}/places/{}/briefing", programme.href(), place.slug), &place.name).head(),
            Cell::number(here),
            Cell::number(told.count()),
            Cell::text(lowest),
        ]
    });
    let headers = ["Place", "Open matters", "Tipping points not answered", "Lowest marker"];
    let table = Table::new("Places, in what you may read", &headers, rows.collect()).quiet().html();
    let few: Vec<&pack::Named> = latest.iter().take(5).collect();
    let told = pack::told(&cx, &programme, &few).await?;
    let context = handover::context(&cx, &programme, None).await?;
    let draft = Draft::new(format!("Briefing: {}", programme.name)).crumb(&programme.name, programme.href()).for_paper();
    Ok(draft.lead(format!("{} As of {}, from what you may read.", programme.programme.design.summary, cx.today())).page(
        &cx,
        maud! {
            (parts::section("places", "Places", &table))
            (parts::section("latest", "The latest", &told))
            (context)
        },
    ))
}
