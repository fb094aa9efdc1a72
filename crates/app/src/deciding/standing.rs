//! How the decisions of a call stand.

use std::collections::HashMap;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, CallId, decision};

/// The decision that counts on each application of a call: every sponsor who decides has assented, and nobody has
/// proposed another since.
#[expect(dead_code, reason = "what follows a decision is the next slice’s")]
pub(crate) async fn outcomes(db: &impl ConnectionTrait, call: CallId) -> Result<HashMap<ApplicationId, decision::Model>, Fault> {
    let found = decision::Entity::find()
        .filter(decision::COLUMN.call_id.eq(call))
        .filter(decision::COLUMN.counts_at.is_not_null())
        .filter(decision::COLUMN.replaced_at.is_null())
        .all(db)
        .await
        .map_err(fault("list decisions"))?;
    Ok(found.into_iter().map(|d| (d.application_id, d)).collect())
}
