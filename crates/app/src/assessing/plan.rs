//! From what a call holds to an allocation, and from an allocation to readings.

use std::collections::{HashMap, HashSet};

use allocation::{Allocation, Application, Assessor, Held, Hold, Kept, Refusal, Release, Request, allocate};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault, sha256};
use tables::{ApplicationId, PersonId, ReadingId, applicant, application, assessor, call, conflict, member, reading, score};

use super::people::assessors;
use crate::calls::{self, Submitted};

/// Everything that an allocation starts from.
pub(super) struct Basis {
    pub applications: Vec<Submitted>,
    pub assessors: Vec<assessor::Model>,
    /// Readings that stand.
    pub readings: Vec<reading::Model>,
    /// Of those, the ones in which somebody has begun to score.
    begun: HashSet<ReadingId>,
    /// The sector of the organisation that leads.
    streams: HashMap<ApplicationId, String>,
    /// Who is near to what: they declared it, or write it.
    pub conflicts: Vec<(ApplicationId, PersonId)>,
    pub wanted: u32,
    /// Those who read now: they have not dropped out, and hold a role that may.
    active: HashSet<PersonId>,
    seed: u64,
}

pub(super) type Worked = Result<Allocation<ApplicationId, PersonId>, Refusal<ApplicationId, PersonId>>;

impl Basis {
    /// Reads a call as the database given sees it. `able` are those who may assess at all.
    pub async fn load(
        db: &impl ConnectionTrait,
        call: &call::Model,
        wanted: u32,
        able: &HashMap<PersonId, String>,
    ) -> Result<Self, Fault> {
        let assessors = assessors(db, call).await?;
        let readings = reading::Entity::find()
            .filter(reading::COLUMN.call_id.eq(call.id))
            .filter(reading::COLUMN.ended_at.is_null())
            .order_by_asc(reading::Column::Id)
            .all(db)
            .await
            .map_err(fault("list readings"))?;
        let active = assessors.iter().filter(|a| a.left_at.is_none() && able.contains_key(&a.person_id));
        Ok(Self {
            active: active.map(|a| a.person_id).collect(),
            begun: begun(db, call).await?,
            streams: streams(db, call).await?,
            conflicts: conflicts(db, call).await?,
            applications: calls::submitted(db, call.id).await?,
            assessors,
            readings,
            wanted,
            seed: u64::from_be_bytes(call.id.0.as_bytes()[8..].try_into().unwrap_or_default()),
        })
    }

    /// Whether somebody reads now.
    pub fn reads(&self, person: PersonId) -> bool {
        self.active.contains(&person)
    }

    /// Whether a reading counts towards the readers an application needs.
    pub fn counts(&self, reading: &reading::Model) -> bool {
        reading.submitted_at.is_some() || self.reads(reading.person_id)
    }

    /// How many readers an application has too few.
    pub fn missing(&self, id: ApplicationId) -> usize {
        let have = self.readings.iter().filter(|r| r.application_id == id && self.counts(r)).count();
        usize::try_from(self.wanted).unwrap_or(0).saturating_sub(have)
    }

    pub fn lacks_readers(&self) -> bool {
        self.applications.iter().any(|one| self.missing(one.id) > 0)
    }

    fn settled(&self, reading: &reading::Model) -> bool {
        let kept = reading.given_why.is_some() || self.begun.contains(&reading.id) || !reading.remark.is_empty();
        reading.submitted_at.is_some() || kept && self.reads(reading.person_id)
    }

    pub fn allocate(&self) -> Worked {
        let done = |person| {
            let theirs = self.readings.iter().filter(|r| r.person_id == person && r.submitted_at.is_some());
            u32::try_from(theirs.count()).unwrap_or(u32::MAX)
        };
        let assessors = self.assessors.iter().filter_map(|a| {
            let most = match self.reads(a.person_id) {
                true => a.most.map(|most| u32::try_from(most).unwrap_or(0)),
                // Whoever dropped out keeps what they have submitted, and gets nothing more.
                false => Some(done(a.person_id)).filter(|done| *done > 0).map(Some)?,
            };
            let (sector, lived_experience) = (a.sector.clone(), a.lived_experience);
            Some(Assessor { id: a.person_id, sector, lived_experience, most })
        });
        let held = self.readings.iter().map(|r| Held {
            application: r.application_id,
            assessor: r.person_id,
            hold: if self.settled(r) { Hold::Read } else { Hold::Given },
        });
        allocate(&Request {
            assessors: assessors.collect(),
            applications: self
                .applications
                .iter()
                .map(|one| Application { id: one.id, stream: self.streams.get(&one.id).cloned() })
                .collect(),
            readers: self.wanted,
            conflicts: self.conflicts.clone(),
            held: held.collect(),
            seed: self.seed,
        })
    }

    /// Writes an allocation: new readings are given, and those that do not stand are taken back.
    pub async fn write(
        &self,
        write: &mut Write,
        call: &call::Model,
        allocation: &Allocation<ApplicationId, PersonId>,
    ) -> Result<(), Fault> {
        let new = allocation.readings.iter().filter(|r| r.kept == Kept::New);
        let rows: Vec<reading::Model> = new.map(|r| given(write, call, r.application, r.assessor, None)).collect();
        write.insert_all(rows).await?;
        for gone in &allocation.released {
            let held = self.readings.iter().find(|r| r.application_id == gone.application && r.person_id == gone.assessor);
            if let Some(before) = held {
                let ended = Some(write.at());
                let after = reading::Model { ended_at: ended, ended_why: Some(why(gone.why).into()), ..before.clone() };
                write.replace(before, after).await?;
            }
        }
        Ok(())
    }
}

/// A reading to be given.
pub(super) fn given(
    write: &Write,
    call: &call::Model,
    application_id: ApplicationId,
    person_id: PersonId,
    given_why: Option<String>,
) -> reading::Model {
    reading::Model {
        id: ReadingId(write.id()),
        programme_id: call.programme_id,
        call_id: call.id,
        application_id,
        person_id,
        remark: String::new(),
        given_at: write.at(),
        submitted_at: None,
        ended_at: None,
        ended_why: None,
        given_why,
    }
}

pub(super) const fn why(release: Release) -> &'static str {
    match release {
        Release::Gone => "They no longer read for this call",
        Release::Withdrawn => "The application was withdrawn",
        Release::Conflict => "A conflict of interest",
        Release::Moved => "Given to somebody else, so that every application gets its readers",
    }
}

/// What tells one allocation from another: who reads what, whatever was there before.
pub(super) fn digest(allocation: &Allocation<ApplicationId, PersonId>) -> String {
    let mut all: Vec<String> = allocation.readings.iter().map(|r| format!("{} {}", r.application, r.assessor)).collect();
    all.sort_unstable();
    sha256(all.join("\n").as_bytes())
}

/// The readings that have a score already.
pub(super) async fn begun(db: &impl ConnectionTrait, call: &call::Model) -> Result<HashSet<ReadingId>, Fault> {
    let found: Vec<ReadingId> = score::Entity::find()
        .join(
            JoinType::InnerJoin,
            score::Entity::belongs_to(reading::Entity).from(score::Column::ReadingId).to(reading::Column::Id).into(),
        )
        .filter(reading::COLUMN.call_id.eq(call.id))
        .filter(reading::COLUMN.ended_at.is_null())
        .select_only()
        .column(score::Column::ReadingId)
        .distinct()
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list readings begun"))?;
    Ok(found.into_iter().collect())
}

async fn streams(db: &impl ConnectionTrait, call: &call::Model) -> Result<HashMap<ApplicationId, String>, Fault> {
    let found: Vec<(ApplicationId, String)> = applicant::Entity::find()
        .join(
            JoinType::InnerJoin,
            applicant::Entity::belongs_to(application::Entity)
                .from(applicant::Column::ApplicationId)
                .to(application::Column::Id)
                .into(),
        )
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(applicant::COLUMN.lead.eq(true))
        .select_only()
        .columns([applicant::Column::ApplicationId, applicant::Column::Sector])
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list sectors"))?;
    Ok(found.into_iter().collect())
}

async fn conflicts(db: &impl ConnectionTrait, call: &call::Model) -> Result<Vec<(ApplicationId, PersonId)>, Fault> {
    let declared: Vec<(ApplicationId, PersonId)> = conflict::Entity::find()
        .join(
            JoinType::InnerJoin,
            conflict::Entity::belongs_to(application::Entity)
                .from(conflict::Column::ApplicationId)
                .to(application::Column::Id)
                .into(),
        )
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(conflict::COLUMN.ended_at.is_null())
        .select_only()
        .columns([conflict::Column::ApplicationId, conflict::Column::PersonId])
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list conflicts"))?;
    let written: Vec<(ApplicationId, PersonId)> = member::Entity::find()
        .join(
            JoinType::InnerJoin,
            member::Entity::belongs_to(application::Entity)
                .from(member::Column::ApplicationId)
                .to(application::Column::Id)
                .into(),
        )
        .filter(application::COLUMN.call_id.eq(call.id))
        .select_only()
        .columns([member::Column::ApplicationId, member::Column::PersonId])
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list who writes"))?;
    Ok(declared.into_iter().chain(written).collect())
}
