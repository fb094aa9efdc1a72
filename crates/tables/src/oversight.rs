//! What is looked at again and again: plans line by line, signs of how places are doing, what the programme rests on.

use crate::{
    AppointmentId, EntryId, EvidenceId, MarkerReadingId, PersonId, PlaceId, PlanLineId, ProgrammeId, ReachedId, ReviewAnswerId,
    SkillId, StatementMoveId, rows,
};
use kernel::{Day, Moment};

rows! {
    /// A line of a plan as it stood in one version. The plan itself is an entry; its text says the same.
    plan_line: "plan_lines" as "line of a plan", PlanLineId, of |r| Some(r.programme_id); {
        id: PlanLineId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        /// The version of the entry.
        revision: i32,
        /// The part of the plan, as the design calls it.
        part: String,
        /// The same from version to version, however its words change.
        key: String,
        position: i32,
        #[sea_orm(column_type = "Text")]
        text: String,
        by_day: Option<Day>,
        /// In pence.
        amount: Option<i64>,
    }
    /// How somebody reads a marker of a place, for their function. Others see it once they have read it too, or the round is over.
    marker_reading: "marker_readings" as "reading of a marker", MarkerReadingId, of |r| Some(r.programme_id); {
        id: MarkerReadingId,
        programme_id: ProgrammeId,
        place_id: PlaceId,
        marker: String,
        /// The first day of the interval that it is for.
        round: Day,
        /// The function: the role in which it was read.
        role: String,
        person_id: PersonId,
        value: i32,
        #[sea_orm(column_type = "Text")]
        why: String,
        read_at: Moment,
    }
    /// A tipping point that a place has reached, and what was said about it.
    reached: "tipping_points_reached" as "tipping point reached", ReachedId, of |r| Some(r.programme_id); {
        id: ReachedId,
        programme_id: ProgrammeId,
        place_id: PlaceId,
        /// As the design calls it.
        point: String,
        /// What it was reached by, so that it is reached once: a round, or a matter.
        cause: String,
        reached_on: Day,
        told_at: Moment,
        /// The entry that says what was done, or why nothing was.
        entry_id: Option<EntryId>,
    }
    /// A statement of the design was looked at: how it stands since, and why.
    statement_move: "statement_moves" as "look at a statement", StatementMoveId, of |r| Some(r.programme_id); {
        id: StatementMoveId,
        programme_id: ProgrammeId,
        /// The list of the design and the statement's key, with a full stop between.
        statement: String,
        status: String,
        #[sea_orm(column_type = "Text")]
        why: String,
        next_look: Option<Day>,
        person_id: PersonId,
        appointment_id: AppointmentId,
        at: Moment,
    }
    /// An entry that speaks for or against a statement. Whoever reads the entry sees the link.
    evidence: "evidence" as "evidence", EvidenceId, of |r| Some(r.programme_id); {
        id: EvidenceId,
        programme_id: ProgrammeId,
        statement: String,
        entry_id: EntryId,
        /// `for` or `against`.
        side: String,
        #[sea_orm(column_type = "Text")]
        note: String,
        person_id: PersonId,
        at: Moment,
    }
    /// What a programme's people answer to one question of a design review.
    review_answer: "review_answers" as "answer of a design review", ReviewAnswerId, of |r| Some(r.programme_id); {
        id: ReviewAnswerId,
        programme_id: ProgrammeId,
        /// The review point, or the day, that it belongs to.
        review: String,
        consideration: String,
        /// `answered`, `partly` or `open`.
        verdict: String,
        #[sea_orm(column_type = "Text")]
        note: String,
        person_id: PersonId,
        at: Moment,
        /// When somebody said something else instead.
        replaced_at: Option<Moment>,
    }
    /// What somebody can do, what a place needs, whom a place or person would like, and who must not be put together.
    skill: "skills" as "skill or wish", SkillId, of |r| Some(r.programme_id); {
        id: SkillId,
        programme_id: ProgrammeId,
        person_id: Option<PersonId>,
        place_id: Option<PlaceId>,
        /// `has`, `needs`, `wishes`, `wished` or `conflict`.
        what: String,
        /// The skill, as the design calls it; empty for wishes and conflicts.
        key: String,
        weight: i32,
        noted_by: PersonId,
        at: Moment,
    }
}
