//! Choosing: who reads which application, what they make of it, and what the sponsors decide.

use crate::{
    ApplicationId, AssentId, AssessorId, CallId, ConflictId, DecisionId, PersonId, ProgrammeId, ReadingId, ScoreId, rows,
};
use kernel::Moment;

rows! {
    /// Somebody who reads for a call.
    assessor: "assessors" as "assessor", AssessorId, of |r| Some(r.programme_id); {
        id: AssessorId,
        programme_id: ProgrammeId,
        call_id: CallId,
        person_id: PersonId,
        /// `voluntary`, `nhs`, `council`, `community` or `other`: readers of one application are mixed.
        sector: String,
        lived_experience: bool,
        /// The most they can read; nothing where they said no number.
        most: Option<i32>,
        created_at: Moment,
        left_at: Option<Moment>,
    }
    /// Somebody said that they cannot judge an application fairly. From then on they cannot read it, whatever their role.
    conflict: "conflicts" as "conflict of interest", ConflictId, of |r| Some(r.programme_id); {
        id: ConflictId,
        programme_id: ProgrammeId,
        application_id: ApplicationId,
        person_id: PersonId,
        why: String,
        declared_at: Moment,
        /// Set where it was declared by mistake.
        ended_at: Option<Moment>,
    }
    /// An application given to an assessor to read.
    reading: "readings" as "reading", ReadingId, of |r| Some(r.programme_id); {
        id: ReadingId,
        programme_id: ProgrammeId,
        call_id: CallId,
        application_id: ApplicationId,
        person_id: PersonId,
        /// What the assessor makes of it as a whole.
        #[sea_orm(column_type = "Text")]
        remark: String,
        given_at: Moment,
        /// From then on the scores count, and the assessor sees those of others.
        submitted_at: Option<Moment>,
        /// It was given to somebody else.
        ended_at: Option<Moment>,
        ended_why: Option<String>,
        /// Why it was given by hand; nothing where the allocation gave it.
        #[serde(default)]
        given_why: Option<String>,
    }
    /// A score by one criterion. A score that was submitted is never changed: another replaces it, and it stays.
    score: "scores" as "score", ScoreId, of |r| Some(r.programme_id); {
        id: ScoreId,
        programme_id: ProgrammeId,
        reading_id: ReadingId,
        /// As the design names it.
        criterion: String,
        /// A point of the criterion's scale; nothing while none is chosen.
        points: Option<i32>,
        #[sea_orm(column_type = "Text")]
        why: String,
        given_at: Moment,
        replaced_at: Option<Moment>,
    }
    /// What the sponsors say to an application. It counts once each of those who decide has assented; another decision
    /// replaces it, and it stays.
    decision: "decisions" as "decision", DecisionId, of |r| Some(r.programme_id); {
        id: DecisionId,
        programme_id: ProgrammeId,
        call_id: CallId,
        application_id: ApplicationId,
        /// `chosen`, `reserve`, `not-chosen`, or `network` for not chosen and asked to stay in the learning network.
        outcome: String,
        /// Why, for those who decide.
        #[sea_orm(column_type = "Text")]
        reasons: String,
        /// What a chosen one has to do first.
        #[sea_orm(column_type = "Text")]
        conditions: String,
        /// What the applicant is told.
        #[sea_orm(column_type = "Text")]
        feedback: String,
        /// Who was there, and who stood aside, in words.
        #[sea_orm(column_type = "Text")]
        present: String,
        #[sea_orm(column_type = "Text")]
        stood_aside: String,
        proposed_by: PersonId,
        proposed_at: Moment,
        /// When the last sponsor assented.
        counts_at: Option<Moment>,
        replaced_at: Option<Moment>,
    }
    /// A sponsor's assent to a decision.
    assent: "assents" as "assent", AssentId, of |r| Some(r.programme_id); {
        id: AssentId,
        programme_id: ProgrammeId,
        decision_id: DecisionId,
        /// As the design names it.
        sponsor: String,
        person_id: PersonId,
        given_at: Moment,
    }
}
