//! The awards of a place, on its page, for those who see its money.

use design::Power;
use kernel::{Fault, Money};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{award, place};
use ui::table::{Cell, Table};
use ui::{Html, form, html, parts};

use crate::ground::html::*;
use crate::ground::{Cx, Snapshot, Stop};

/// The section of a place's page; nothing for who does not see its money, or where the design makes no awards.
pub(super) async fn section(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Html, Stop> {
    let may = |power| cx.viewer().may(power, programme.id, Some(place.id));
    if !programme.programme.design.has_awards() || !may(Power::SeeMoney) {
        return Ok(html(""));
    }
    let makes = may(Power::ManageGrants);
    let awards = awards(cx, place, makes).await?;
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let rows = awards.iter().map(|a| {
        vec![
            Cell::link(&format!("{home}/awards/{}", a.id), &a.reference).head(),
            Cell::money(Money::from_pence(a.amount)),
            Cell::day(a.starts_on),
            Cell::day(a.ends_on),
            Cell::text(stands(a)),
        ]
    });
    let table = Table::new("Awards", &["Award", "Amount", "Starts", "Ends", "Stands"], rows.collect()).quiet().html();
    Ok(html(maud! {
        @if !awards.is_empty() || makes {
            (parts::section("grants", "Its grants", maud! {
                @if awards.is_empty() { p { "No award has been made to this place yet." } } @else { (table) }
                @if makes { (form::button_link("Make an award", &format!("{home}/awards/new"))) }
            }))
        }
    }))
}

async fn awards(cx: &Cx, place: &place::Model, drafts: bool) -> Result<Vec<award::Model>, Fault> {
    let found = award::Entity::find()
        .filter(award::COLUMN.place_id.eq(place.id))
        .order_by_asc(award::Column::StartsOn)
        .order_by_asc(award::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list awards"))?;
    Ok(found.into_iter().filter(|a| drafts || a.offered_at.is_some()).collect())
}

fn stands(row: &award::Model) -> &'static str {
    match (row.offered_at, row.agreed_at, row.closed_at) {
        (.., Some(_)) => "Closed",
        (_, Some(_), None) => "Agreed",
        (Some(_), None, None) => "Offered",
        (None, None, None) => "Draft",
    }
}
