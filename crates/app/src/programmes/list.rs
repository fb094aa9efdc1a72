//! All programmes.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::programme;
use ui::parts::{self, Tone};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

pub(super) async fn page(cx: Cx) -> Answer {
    let rows = programme::Entity::find()
        .order_by_asc(programme::Column::Practice)
        .order_by_asc(programme::Column::CreatedAt)
        .order_by_asc(programme::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list programmes"))?;
    let mut programmes = Vec::new();
    for row in rows {
        programmes.push(cx.app().snapshots.of(&cx.app().db, &row).await?);
    }
    let lead = "Each brings a funder and a support partner together with places, where charities, the NHS and the council learn to work as equals.";
    Ok(Draft::new("Programmes").lead(lead).page(
        &cx,
        maud! {
            @if programmes.is_empty() {
                (parts::empty_state("No programmes yet", "A programme stands here once its design is loaded.", None))
            }
            ul class="programmes" {
                @for programme in &programmes {
                    li {
                        h2 { a href=(programme.href()) { (&programme.name) } @if programme.practice { " " (parts::tag("Practice", Tone::Waiting)) } }
                        p { (&programme.programme.design.summary) }
                        p class="muted" { (run_by(programme)) }
                    }
                }
            }
        },
    ))
}

fn run_by(programme: &crate::ground::Snapshot) -> String {
    let sponsors: Vec<&str> = programme.programme.design.sponsors.iter().map(|s| s.name.as_str()).collect();
    if sponsors.is_empty() { String::new() } else { format!("Run by {}", sponsors.join(" and ")) }
}
