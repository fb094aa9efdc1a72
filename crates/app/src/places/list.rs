//! The places of a programme, at a glance.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{PlaceId, organisation, partner, place};
use ui::parts;
use ui::table::{Cell, Table};

use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};

const PAGE: u64 = 50;

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let number: u64 = cx.query("page").parse().unwrap_or(1).clamp(1, 100_000);
    let of_programme = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id));
    let all = of_programme.clone().count(cx.read()).await.map_err(fault("count places"))?;
    let places = of_programme
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
        .all(cx.read())
        .await
        .map_err(fault("list places"))?;
    let leads = leads(&cx, places.iter().map(|p| p.id).collect()).await?;
    let rows = places.iter().map(|p| {
        let stated = programme.programme.history.places.iter().find(|s| s.slug == p.slug);
        let ends = stated.and_then(|s| s.to).map_or_else(Cell::not_stated, |d| Cell::text(d.to_string()));
        let phases = stated.map(|s| {
            s.phases.iter().filter_map(|key| phase_name(&programme.programme.design, key)).collect::<Vec<_>>().join(", ")
        });
        vec![
            Cell::link(&format!("{}/places/{}", programme.href(), p.slug), &p.name).head(),
            leads.get(&p.id).map_or_else(Cell::not_stated, Cell::text),
            phases.filter(|p| !p.is_empty()).map_or_else(Cell::not_stated, Cell::text),
            ends,
        ]
    });
    let table = Table::new("Places", &["Place", "Led by", "Phases", "Until"], rows.collect()).quiet().html();
    let lead = match all {
        1 => "The one place of this programme.".to_string(),
        n => format!("The {n} places of this programme."),
    };
    let pages = parts::Page {
        number: usize::try_from(number).unwrap_or(1),
        of: usize::try_from(all.div_ceil(PAGE)).unwrap_or(1),
        base_href: format!("{}/places", programme.href()),
    };
    Ok(Draft::new("Places").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            @if places.is_empty() {
                (parts::empty_state("No places yet", "Once places are chosen, each has a page here: who is in it, what it wants, and what it learns.", None))
            } @else { (table) (parts::pagination(&pages)) }
        },
    ))
}

fn phase_name(design: &design::Design, key: &str) -> Option<String> {
    design.phases.iter().find(|p| p.key == key).map(|p| p.name.clone())
}

async fn leads(cx: &Cx, places: Vec<PlaceId>) -> Result<HashMap<PlaceId, String>, Stop> {
    let link = partner::Entity::belongs_to(organisation::Entity)
        .from(partner::Column::OrganisationId)
        .to(organisation::Column::Id)
        .into();
    let found: Vec<(PlaceId, String)> = partner::Entity::find()
        .select_only()
        .column(partner::Column::PlaceId)
        .column(organisation::Column::Name)
        .join(JoinType::InnerJoin, link)
        .filter(partner::COLUMN.place_id.is_in(places))
        .filter(partner::COLUMN.lead.eq(true))
        .order_by_asc(organisation::Column::Name)
        .order_by_asc(partner::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list partners"))?;
    Ok(found.into_iter().collect())
}
