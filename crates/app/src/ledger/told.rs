//! Movements as people read them: what moved between which accounts, and whether it was taken back.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{MovementId, account, movement, posting};

/// A movement with the accounts it moved something between.
#[derive(Debug, Clone)]
pub struct Told {
    pub movement: movement::Model,
    /// What arrived in each account, or left it where it is below nought.
    pub postings: Vec<(account::Model, i64)>,
    /// The movement that took it back.
    pub countered_by: Option<movement::Model>,
}

impl Told {
    /// Whether it counts: it was not taken back, and takes nothing back itself.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.countered_by.is_none() && self.movement.counters_id.is_none()
    }
    /// The account of a kind that it touches, with what arrived there.
    #[must_use]
    pub fn at(&self, kind: &str) -> Option<(&account::Model, i64)> {
        self.postings.iter().find(|(a, _)| a.kind == kind).map(|(a, amount)| (a, *amount))
    }
    /// How much moved in all.
    #[must_use]
    pub fn amount(&self) -> i64 {
        self.postings.iter().map(|(_, amount)| *amount).filter(|amount| *amount > 0).sum()
    }
}

/// The newest movements of a kind that are no counter to another, at most `limit`, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn movements<C: ConnectionTrait>(read: &C, of: Condition, limit: u64) -> Result<Vec<Told>, Fault> {
    let found = movement::Entity::find()
        .filter(of)
        .filter(movement::COLUMN.counters_id.is_null())
        .order_by_desc(movement::Column::OnDay)
        .order_by_desc(movement::Column::Id)
        .limit(limit)
        .all(read)
        .await
        .map_err(fault("list movements"))?;
    let ids: Vec<MovementId> = found.iter().map(|m| m.id).collect();
    let counters = movement::Entity::find().filter(movement::COLUMN.counters_id.is_in(ids.clone())).all(read).await;
    let counters = counters.map_err(fault("list what was taken back"))?;
    let its = posting::Entity::belongs_to(account::Entity).from(posting::Column::AccountId).to(account::Column::Id).into();
    let postings = posting::Entity::find()
        .select_also(account::Entity)
        .join(JoinType::InnerJoin, its)
        .filter(posting::COLUMN.movement_id.is_in(ids))
        .order_by_asc(posting::Column::Id)
        .all(read)
        .await
        .map_err(fault("list postings"))?;
    let told = |movement: movement::Model| Told {
        postings: postings
            .iter()
            .filter(|(p, _)| p.movement_id == movement.id)
            .filter_map(|(p, a)| Some((a.clone()?, p.amount)))
            .collect(),
        countered_by: counters.iter().find(|c| c.counters_id == Some(movement.id)).cloned(),
        movement,
    };
    Ok(found.into_iter().map(told).collect())
}
