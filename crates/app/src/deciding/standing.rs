//! How the decisions of a call stand, and how they come to count.

use std::collections::HashMap;

use design::{Sponsor, Stage};
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, CallId, DecisionId, PersonId, application, assent, call, decision, person};

use crate::calls::{self, Outcome};
use crate::ground::{Cx, Snapshot};

/// The decision that counts on each application of a call: every sponsor who decides has assented, and nobody has
/// proposed another since.
pub(crate) async fn outcomes(db: &impl ConnectionTrait, call: CallId) -> Result<HashMap<ApplicationId, decision::Model>, Fault> {
    let counting = standing(db, call).await?.into_iter().filter(|(_, said)| said.now.counts());
    Ok(counting.map(|(application, said)| (application, said.now.row)).collect())
}

/// A decision with the assents that it has.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    pub row: decision::Model,
    pub assents: Vec<assent::Model>,
    /// The application was submitted anew since it was proposed, so it is about a text that does not stand any more.
    pub overtaken: bool,
}

impl Decided {
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::of(&self.row.outcome)
    }
    pub fn counts(&self) -> bool {
        self.row.counts_at.is_some() && self.row.replaced_at.is_none() && !self.overtaken
    }
    pub fn has(&self, sponsor: &str) -> bool {
        self.assents.iter().any(|a| a.sponsor == sponsor)
    }
    /// How far it has come, in words.
    pub fn how_far(&self, deciders: &[&Sponsor]) -> String {
        if self.counts() {
            return "Counts".into();
        }
        if self.overtaken {
            return "Does not count: the application was submitted anew since, so it has to be proposed again".into();
        }
        let waits: Vec<&str> = deciders.iter().filter(|s| !self.has(&s.key)).map(|s| s.name.as_str()).collect();
        match waits.is_empty() {
            true => "Every sponsor has assented; it counts once the applicant is told".into(),
            false => format!("Proposed; waits for {}", waits.join(" and ")),
        }
    }
    pub fn all_assented(&self, deciders: &[&Sponsor]) -> bool {
        !self.overtaken && deciders.iter().all(|s| self.has(&s.key))
    }
}

/// What is said of an application. What everybody was told stands until the applicant is told otherwise, so another
/// decision that is proposed after that stands beside it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub now: Decided,
    pub later: Option<Decided>,
}

impl Said {
    /// Of decisions that nobody has replaced, on one application.
    fn of(mut unreplaced: Vec<Decided>) -> Option<Self> {
        let told = unreplaced.iter().position(Decided::counts);
        let now = unreplaced.remove(told.unwrap_or(0).min(unreplaced.len().checked_sub(1)?));
        Some(Self { now, later: unreplaced.pop() })
    }
    /// The one that another proposal would replace, or be added to.
    pub fn latest(&self) -> &Decided {
        self.later.as_ref().unwrap_or(&self.now)
    }
}

/// What is said of one application, as the database given sees it.
pub(super) async fn said(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Option<Said>, Fault> {
    Ok(said_of(db, &[application]).await?.remove(&application))
}

/// What is said of these applications, as the database given sees it.
pub(super) async fn said_of(
    db: &impl ConnectionTrait,
    applications: &[ApplicationId],
) -> Result<HashMap<ApplicationId, Said>, Fault> {
    unreplaced(db, decision::COLUMN.application_id.is_in(applications.to_vec())).await
}

/// The decisions of a call that nobody has replaced, by application.
pub(super) async fn standing(db: &impl ConnectionTrait, call: CallId) -> Result<HashMap<ApplicationId, Said>, Fault> {
    unreplaced(db, decision::COLUMN.call_id.eq(call)).await
}

async fn unreplaced(
    db: &impl ConnectionTrait,
    of: sea_orm::sea_query::SimpleExpr,
) -> Result<HashMap<ApplicationId, Said>, Fault> {
    let wanted =
        decision::Entity::find().filter(of).filter(decision::COLUMN.replaced_at.is_null()).order_by_asc(decision::Column::Id);
    let mut by_application: HashMap<ApplicationId, Vec<Decided>> = HashMap::new();
    for one in with_assents(db, wanted).await? {
        by_application.entry(one.row.application_id).or_default().push(one);
    }
    Ok(by_application.into_iter().filter_map(|(id, all)| Some((id, Said::of(all)?))).collect())
}

/// The decisions on an application that were replaced, the newest first.
pub(super) async fn replaced(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Vec<Decided>, Fault> {
    let wanted = decision::Entity::find()
        .filter(decision::COLUMN.application_id.eq(application))
        .filter(decision::COLUMN.replaced_at.is_not_null())
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
    let submitted = submitted(db, rows.iter().map(|d| d.application_id).collect()).await?;
    let with = |row: decision::Model| Decided {
        assents: by_decision.remove(&row.id).unwrap_or_default(),
        overtaken: submitted.get(&row.application_id).is_some_and(|at| *at > row.proposed_at),
        row,
    };
    Ok(rows.into_iter().map(with).collect())
}

/// When these applications were submitted last, before their decisions were told.
async fn submitted(db: &impl ConnectionTrait, of: Vec<ApplicationId>) -> Result<HashMap<ApplicationId, Moment>, Fault> {
    let of_call = application::Entity::belongs_to(call::Entity).from(application::Column::CallId).to(call::Column::Id).into();
    let found: Vec<(ApplicationId, Option<Moment>, Option<Moment>)> = application::Entity::find()
        .join(JoinType::InnerJoin, of_call)
        .filter(application::COLUMN.id.is_in(of))
        .select_only()
        .column(application::Column::Id)
        .column(application::Column::SubmittedAt)
        .column(call::Column::ReleasedAt)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list applications"))?;
    let before = |(id, at, told): (ApplicationId, Option<Moment>, Option<Moment>)| {
        Some((id, at.filter(|at| told.is_none_or(|told| *at < told))?))
    };
    Ok(found.into_iter().filter_map(before).collect())
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
