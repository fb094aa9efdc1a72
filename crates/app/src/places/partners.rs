//! The partner organisations of a place.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{PlaceId, organisation, partner};

/// A partner of a place.
#[derive(Debug, Clone)]
pub(crate) struct Partner {
    pub organisation: organisation::Model,
    /// Whether it leads the partnership.
    pub lead: bool,
}

/// The partners of a place, whoever leads first, the others by name.
pub(crate) async fn partners_of(db: &impl ConnectionTrait, id: PlaceId) -> Result<Vec<Partner>, Fault> {
    Ok(partners_of_all(db, &[id]).await?.into_iter().map(|(_, partner)| partner).collect())
}

/// The partners of several places, each with its place; of each place whoever leads first, the others by name.
pub(crate) async fn partners_of_all(db: &impl ConnectionTrait, ids: &[PlaceId]) -> Result<Vec<(PlaceId, Partner)>, Fault> {
    let link = partner::Entity::belongs_to(organisation::Entity)
        .from(partner::Column::OrganisationId)
        .to(organisation::Column::Id)
        .into();
    let found = partner::Entity::find()
        .select_also(organisation::Entity)
        .join(JoinType::InnerJoin, link)
        .filter(partner::COLUMN.place_id.is_in(ids.iter().copied()))
        .order_by_desc(partner::Column::Lead)
        .order_by_asc(organisation::Column::Name)
        .order_by_asc(partner::Column::Id)
        .all(db)
        .await
        .map_err(fault("list partners"))?;
    Ok(found.into_iter().filter_map(|(p, o)| Some((p.place_id, Partner { organisation: o?, lead: p.lead }))).collect())
}
