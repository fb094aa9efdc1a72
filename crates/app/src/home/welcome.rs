//! The start page for visitors.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::programme;
use ui::{form, parts};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

pub(super) async fn page(cx: Cx) -> Answer {
    let programmes = programme::Entity::find()
        .filter(programme::COLUMN.practice.eq(false))
        .order_by_asc(programme::Column::CreatedAt)
        .order_by_asc(programme::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list programmes"))?;
    let lead = "For programmes in which charities, the NHS and councils of a place learn to work as equals, with grants, support and honest learning.";
    Ok(Draft::new("Working together, place by place").lead(lead).page(
        &cx,
        maud! {
            p { "A programme’s design, its places, its people and what they write stand in one notebook. Everything written belongs to one circle, and beside it stands who can read it. A place has pages that no funder sees." }
            (form::button_link("See the programmes", "/programmes"))
            (parts::section("programmes", "Programmes", maud! {
                ul class="names" { @for programme in &programmes { li { a href={ "/programmes/" (&programme.slug) } { (&programme.name) } } } }
            }))
            @if cx.app().settings.demonstration {
                (parts::section("try", "Try it", maud! {
                    p { "This is a demonstration. " a href="/sign-in" { "Sign in as one of the people of the practice programme" } ", without a password." }
                }))
            }
        },
    ))
}
