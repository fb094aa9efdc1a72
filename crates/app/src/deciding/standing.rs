//! How the decisions of a call stand, and how they come to count.

use std::collections::HashMap;

use design::{Sponsor, Stage};
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, CallId, DecisionId, PersonId, assent, decision, person};

use crate::calls::{self, Outcome};
use crate::ground::{Cx, Snapshot};

/// The decision that counts on each application of a call: every sponsor who decides has assented, and nobody has
/// proposed another since.
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

/// A decision with the assents that it has.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    pub row: decision::Model,
    pub assents: Vec<assent::Model>,
}

impl Decided {
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::of(&self.row.outcome)
    }
    pub fn counts(&self) -> bool {
        self.row.counts_at.is_some() && self.row.replaced_at.is_none()
    }
    pub fn has(&self, sponsor: &str) -> bool {
        self.assents.iter().any(|a| a.sponsor == sponsor)
    }
    /// How far it has come, in words.
    pub fn how_far(&self, deciders: &[&Sponsor]) -> String {
        if self.counts() {
            return "Counts".into();
        }
        let waits: Vec<&str> = deciders.iter().filter(|s| !self.has(&s.key)).map(|s| s.name.as_str()).collect();
        format!("Proposed; waits for {}", waits.join(" and "))
    }
}

/// The decisions of a call that nobody has replaced, by application.
pub(super) async fn standing(db: &impl ConnectionTrait, call: CallId) -> Result<HashMap<ApplicationId, Decided>, Fault> {
    let wanted = decision::Entity::find()
        .filter(decision::COLUMN.call_id.eq(call))
        .filter(decision::COLUMN.replaced_at.is_null())
        .order_by_asc(decision::Column::Id);
    Ok(with_assents(db, wanted).await?.into_iter().map(|d| (d.row.application_id, d)).collect())
}

/// All the decisions on an application, the newest first: the one that stands, if any, and those that were replaced.
pub(super) async fn history(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Vec<Decided>, Fault> {
    let wanted = decision::Entity::find()
        .filter(decision::COLUMN.application_id.eq(application))
        .order_by_desc(decision::Column::ProposedAt)
        .order_by_desc(decision::Column::Id);
    with_assents(db, wanted).await
}

pub(super) async fn with_assents(db: &impl ConnectionTrait, wanted: Select<decision::Entity>) -> Result<Vec<Decided>, Fault> {
    let rows = wanted.all(db).await.map_err(fault("list decisions"))?;
    let ids: Vec<DecisionId> = rows.iter().map(|d| d.id).collect();
    let found = assent::Entity::find()
        .filter(assent::COLUMN.decision_id.is_in(ids))
        .order_by_asc(assent::Column::GivenAt)
        .order_by_asc(assent::Column::Id)
        .all(db)
        .await
        .map_err(fault("list assents"))?;
    let mut by_decision: HashMap<DecisionId, Vec<assent::Model>> = HashMap::new();
    for one in found {
        by_decision.entry(one.decision_id).or_default().push(one);
    }
    let with = |row: decision::Model| Decided { assents: by_decision.remove(&row.id).unwrap_or_default(), row };
    Ok(rows.into_iter().map(with).collect())
}

/// The sponsors that each have to assent at this stage.
pub(super) fn deciders<'a>(programme: &'a Snapshot, stage: &Stage) -> Vec<&'a Sponsor> {
    programme.programme.design.deciders(stage)
}

/// Those of them for which the viewer speaks.
pub(super) fn voices<'a>(cx: &Cx, programme: &'a Snapshot, stage: &Stage) -> Vec<&'a Sponsor> {
    let mine: Vec<&str> = cx.viewer().decides_for(programme.id).collect();
    deciders(programme, stage).into_iter().filter(|s| mine.contains(&s.key.as_str())).collect()
}

/// Whether the design keeps those who were not chosen in its learning network.
pub(super) fn keeps_unsuccessful(programme: &Snapshot) -> bool {
    programme.programme.design.call.as_ref().is_some_and(|c| c.keeps_unsuccessful.is_some())
}

/// The names of those who proposed these decisions or assented to them.
pub(super) async fn names(db: &impl ConnectionTrait, of: &[Decided]) -> Result<HashMap<PersonId, String>, Fault> {
    let ids = of.iter().flat_map(|d| d.assents.iter().map(|a| a.person_id).chain([d.row.proposed_by]));
    let mut ids: Vec<PersonId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(db).await.map_err(fault("list people"))?;
    Ok(found.into_iter().map(|p| (p.id, p.name)).collect())
}

/// Whether somebody has a conflict of interest with an application, as the database given sees it.
pub(super) async fn stands_aside(db: &impl ConnectionTrait, person: PersonId, from: ApplicationId) -> Result<bool, Fault> {
    Ok(!calls::conflicts(db, person, &[from]).await?.is_empty())
}
