//! The versions of a design, and what changed from one to the next.

use design::{Programme, compare};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::design_version;
use ui::table::{Cell, Table};
use ui::{parts, words};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let versions = design_version::Entity::find()
        .filter(design_version::COLUMN.programme_id.eq(programme.id))
        .order_by_desc(design_version::Column::Number)
        .all(cx.read())
        .await
        .map_err(fault("list versions"))?;
    let rows = versions.iter().map(|v| {
        let compare = match v.number {
            1 => Cell::text("As first loaded"),
            n => Cell::link(&format!("{}?version={n}", cx.path()), "What changed"),
        };
        vec![Cell::number(v.number).head(), Cell::text(v.adopted_at.to_string()), compare]
    });
    let table = Table::new("Versions", &["Version", "In force since", "Compare"], rows.collect()).quiet().html();
    let wanted: Option<i32> = cx.query("version").parse().ok();
    let pair = wanted.and_then(|n| {
        let of = |n| versions.iter().find(|v| v.number == n).and_then(|v| serde_json::from_str::<Programme>(&v.document).ok());
        Some((n, of(n - 1)?, of(n)?))
    });
    let design = format!("{}/design", programme.href());
    Ok(Draft::new("Versions of the design").lead("A changed design is a new version; the ones before it are kept.").crumb(&programme.name, programme.href()).crumb("Design", design).page(
        &cx,
        maud! {
            (table)
            @if let Some((number, before, after)) = &pair {
                (parts::section("difference", &format!("What changed in version {number}"), maud! {
                    @for difference in &compare(before, after) {
                        h3 { (&difference.place) }
                        (words::difference(difference.before.as_deref().unwrap_or(""), difference.after.as_deref().unwrap_or("")))
                    }
                }))
            }
        },
    ))
}
