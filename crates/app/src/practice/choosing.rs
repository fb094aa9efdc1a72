//! What made-up assessors and sponsors do at a call of a practice programme.

use std::collections::HashMap;

use design::{Power, Sponsor};
use kernel::Fault;
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{
    ApplicationId, AssentId, AssessorId, DecisionId, PersonId, ScoreId, application, assent, assessor, decision, reading, score,
};

use super::answers::{sentence_case, text};
use super::document::one;
use super::people::{Holder, holding};
use super::phrases::{CHOSEN, NOT_CHOSEN, SUBJECTS};
use super::playing::Played;
use crate::assessing;
use crate::calls::{Outcome, SUBMITTED, conflicts};
use crate::ground::Stop;

/// The sectors of made-up assessors, in turn.
const SECTORS: [&str; 5] = ["voluntary", "nhs", "council", "community", "voluntary"];
/// Applications that are kept in reserve.
const RESERVE: usize = 3;

impl Played<'_> {
    /// Everybody made up who may assess reads for the call; gives all who may.
    pub async fn call_assessors(&self, write: &mut Write) -> Result<Vec<Holder>, Fault> {
        let able = holding(write, self.programme, Power::Assess).await?;
        let there = assessor::Entity::find().filter(assessor::COLUMN.call_id.eq(self.call.id)).all(write.tx()).await;
        let there = there.map_err(fault("list assessors"))?;
        let new = able.iter().filter(|h| h.made_up).enumerate().filter(|(_, h)| there.iter().all(|a| a.person_id != h.person));
        let rows = new.map(|(number, holder)| assessor::Model {
            id: AssessorId(write.id()),
            programme_id: self.call.programme_id,
            call_id: self.call.id,
            person_id: holder.person,
            sector: SECTORS[number % SECTORS.len()].into(),
            lived_experience: number % 3 == 0,
            most: None,
            created_at: write.at(),
            left_at: None,
        });
        let rows = rows.collect();
        write.insert_all(rows).await?;
        Ok(able)
    }

    /// Made-up assessors score what was given to them and hand it in, but for one of them; gives how many readings that
    /// were. What nobody was given is given first.
    pub async fn assess(&self, write: &mut Write, but_for: Option<PersonId>) -> Result<usize, Stop> {
        let able = self.call_assessors(write).await?;
        let named: HashMap<PersonId, String> = able.iter().map(|h| (h.person, h.name.clone())).collect();
        assessing::give_out(write, &self.call, &self.stage, &named).await?;
        let open = reading::Entity::find()
            .filter(reading::COLUMN.call_id.eq(self.call.id))
            .filter(reading::COLUMN.ended_at.is_null())
            .filter(reading::COLUMN.submitted_at.is_null())
            .order_by_asc(reading::Column::Id)
            .all(write.tx())
            .await
            .map_err(fault("list readings"))?;
        let begun = score::Entity::find()
            .filter(score::COLUMN.reading_id.is_in(open.iter().map(|r| r.id)))
            .all(write.tx())
            .await
            .map_err(fault("list scores"))?;
        let mut rng = self.rng();
        let mut merit: HashMap<ApplicationId, i32> = HashMap::new();
        let (mut scores, mut done) = (Vec::new(), 0);
        for before in open {
            let made_up = able.iter().any(|h| h.made_up && h.person == before.person_id);
            let theirs = made_up && but_for != Some(before.person_id);
            if !theirs || begun.iter().any(|s| s.reading_id == before.id) {
                continue;
            }
            let merit = *merit.entry(before.application_id).or_insert_with(|| rng.random_range(0..100));
            scores.extend(self.scores(write, &before, merit, &mut rng));
            let remark = if rng.random_range(0..3) == 0 { text(&mut rng, 40) } else { String::new() };
            let after = reading::Model { remark, submitted_at: Some(write.at()), ..before.clone() };
            write.replace(&before, after).await?;
            done += 1;
        }
        write.insert_all(scores).await?;
        Ok(done)
    }

    /// One assessor's points for an application that is as good as this out of a hundred.
    fn scores(&self, write: &Write, of: &reading::Model, merit: i32, rng: &mut StdRng) -> Vec<score::Model> {
        let criteria = self.stage.criteria.iter().filter(|c| !c.scale.is_empty());
        let mut all = Vec::new();
        for criterion in criteria {
            let seen = (merit + rng.random_range(-25..=25)).clamp(0, 99);
            let at = usize::try_from(seen).unwrap_or_default() * criterion.scale.len() / 100;
            let why = one(rng, &SUBJECTS).map_or_else(String::new, |what| format!("{}: {}", sentence_case(what), text(rng, 25)));
            all.push(score::Model {
                id: ScoreId(write.id()),
                programme_id: of.programme_id,
                reading_id: of.id,
                criterion: criterion.key.clone(),
                points: Some(criterion.scale[at].value),
                why,
                given_at: write.at(),
                replaced_at: None,
            });
        }
        all
    }

    /// What nobody has proposed anything on is decided by its scores, as many chosen as the design foresees, and every
    /// sponsor assents by somebody made up; gives how many decisions that were. Whoever proposes stands aside where they
    /// have a conflict of interest.
    pub async fn decide(&self, write: &mut Write, by: PersonId) -> Result<usize, Fault> {
        let standing = decision::Entity::find()
            .filter(decision::COLUMN.call_id.eq(self.call.id))
            .filter(decision::COLUMN.replaced_at.is_null())
            .all(write.tx())
            .await
            .map_err(fault("list decisions"))?;
        let mut open = self.by_merit(write).await?;
        let aside = conflicts(write.tx(), by, &open.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
        open.retain(|(id, _)| !aside.contains(id) && standing.iter().all(|d| d.application_id != *id));
        let said = |outcome: Outcome| standing.iter().filter(|d| d.outcome == outcome.key()).count();
        let foreseen = self.stage.chooses_count().map_or(open.len() / 4 + 1, |range| *range.end() as usize);
        let chosen = foreseen.saturating_sub(said(Outcome::Chosen));
        let reserve = RESERVE.saturating_sub(said(Outcome::Reserve)).min(chosen);
        let keeps = self.programme.programme.design.call.as_ref().is_some_and(|c| c.keeps_unsuccessful.is_some());
        let rest = if keeps && self.call.after_id.is_some() { Outcome::Network } else { Outcome::NotChosen };
        let voices = self.voices(write, &open).await?;
        let (mut decisions, mut assents, mut rng) = (Vec::new(), Vec::new(), self.rng());
        for (rank, (id, _)) in open.iter().enumerate() {
            let outcome = match rank {
                rank if rank < chosen => Outcome::Chosen,
                rank if rank < chosen + reserve => Outcome::Reserve,
                _ => rest,
            };
            let assenting = || voices.iter().filter(|(_, near)| !near.contains(id)).map(|(voice, _)| voice);
            let row = self.decision(write, *id, outcome, (by, assenting().map(|(_, h)| h.name.clone()).collect()), &mut rng);
            let given = |(sponsor, holder): &(String, Holder)| assent::Model {
                id: AssentId(write.id()),
                programme_id: row.programme_id,
                decision_id: row.id,
                sponsor: sponsor.clone(),
                person_id: holder.person,
                given_at: write.at(),
            };
            assents.extend(assenting().map(given));
            let all = assenting().count() == self.sponsors().len();
            decisions.push(decision::Model { counts_at: all.then(|| write.at()), ..row });
        }
        let count = decisions.len();
        write.insert_all(decisions).await?;
        write.insert_all(assents).await?;
        Ok(count)
    }

    fn sponsors(&self) -> Vec<&Sponsor> {
        self.programme.programme.design.deciders(&self.stage)
    }

    /// For each sponsor somebody made up who speaks for it, each for one alone, with what they are too near to.
    async fn voices(
        &self,
        write: &Write,
        of: &[(ApplicationId, f64)],
    ) -> Result<Vec<((String, Holder), std::collections::HashSet<ApplicationId>)>, Fault> {
        let mut able = holding(write, self.programme, Power::Decide).await?;
        let ids: Vec<ApplicationId> = of.iter().map(|(id, _)| *id).collect();
        let mut voices = Vec::new();
        for sponsor in self.sponsors() {
            let speaks = |h: &Holder| h.made_up && h.sponsor.as_deref() == Some(&sponsor.key);
            let Some(at) = able.iter().position(speaks) else { continue };
            let holder = able.swap_remove(at);
            let near = conflicts(write.tx(), holder.person, &ids).await?;
            voices.push(((sponsor.key.clone(), holder), near));
        }
        Ok(voices)
    }

    /// The submitted applications with the mean of their points, the best first.
    async fn by_merit(&self, write: &Write) -> Result<Vec<(ApplicationId, f64)>, Fault> {
        let ids: Vec<ApplicationId> = application::Entity::find()
            .filter(application::COLUMN.call_id.eq(self.call.id))
            .filter(application::COLUMN.state.eq(SUBMITTED))
            .order_by_asc(application::Column::Number)
            .select_only()
            .column(application::Column::Id)
            .into_tuple()
            .all(write.tx())
            .await
            .map_err(fault("list applications"))?;
        let of_reading = score::Entity::belongs_to(reading::Entity).from(score::Column::ReadingId).to(reading::Column::Id).into();
        let points: Vec<(ApplicationId, Option<i32>)> = score::Entity::find()
            .join(JoinType::InnerJoin, of_reading)
            .filter(reading::COLUMN.call_id.eq(self.call.id))
            .filter(reading::COLUMN.submitted_at.is_not_null())
            .filter(score::COLUMN.replaced_at.is_null())
            .select_only()
            .column(reading::Column::ApplicationId)
            .column(score::Column::Points)
            .into_tuple()
            .all(write.tx())
            .await
            .map_err(fault("list scores"))?;
        let mut sums: HashMap<ApplicationId, (f64, f64)> = HashMap::new();
        for (id, points) in points {
            let sum = sums.entry(id).or_default();
            *sum = (sum.0 + f64::from(points.unwrap_or_default()), sum.1 + 1.0);
        }
        let mean = |id: ApplicationId| sums.get(&id).map_or(0.0, |(sum, count)| sum / count);
        let mut all: Vec<(ApplicationId, f64)> = ids.into_iter().map(|id| (id, mean(id))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ok(all)
    }

    fn decision(
        &self,
        write: &Write,
        application_id: ApplicationId,
        outcome: Outcome,
        (proposed_by, present): (PersonId, Vec<String>),
        rng: &mut StdRng,
    ) -> decision::Model {
        let good = matches!(outcome, Outcome::Chosen | Outcome::Reserve);
        let (reasons, feedback) = one(rng, if good { &CHOSEN } else { &NOT_CHOSEN }).copied().unwrap_or_default();
        let conditions = if outcome == Outcome::Chosen && rng.random_range(0..3) == 0 {
            "Name a learning lead before the first payment."
        } else {
            ""
        };
        decision::Model {
            id: DecisionId(write.id()),
            programme_id: self.call.programme_id,
            call_id: self.call.id,
            application_id,
            outcome: outcome.key().into(),
            reasons: reasons.into(),
            conditions: conditions.into(),
            feedback: feedback.into(),
            present: present.join("\n"),
            stood_aside: String::new(),
            proposed_by,
            proposed_at: write.at(),
            counts_at: None,
            replaced_at: None,
        }
    }
}
