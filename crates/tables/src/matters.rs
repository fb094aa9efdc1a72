//! What becomes of entries, and what a place and its support agreed on. The words themselves are entries.

use crate::{
    AgreementId, AppointmentId, CircleId, ConsentId, EntryId, MatterId, PersonId, PlaceId, ProgrammeId, ProposalId, StepId, rows,
};
use kernel::{Day, Moment};

rows! {
    /// An entry that something is to become of. Who reads the entry reads this.
    matter: "matters" as "matter", MatterId, of |r| Some(r.programme_id); {
        id: MatterId,
        programme_id: ProgrammeId,
        place_id: Option<PlaceId>,
        entry_id: EntryId,
        /// The entry's.
        kind: String,
        /// The last step that was taken; empty as long as none was.
        state: String,
        open: bool,
        /// To whom it was said, or who has it to do.
        to_person: Option<PersonId>,
        /// When the next step is expected.
        due_on: Option<Day>,
        opened_on: Day,
        moved_at: Moment,
        /// What it is about, as the design calls it: a need, a tipping point.
        about: String,
    }
    /// A step that was taken: an entry of its own in the circle of the matter.
    step: "steps" as "step", StepId, of |r| Some(r.programme_id); {
        id: StepId,
        programme_id: ProgrammeId,
        matter_id: MatterId,
        entry_id: EntryId,
        /// As the design calls it.
        step: String,
        at: Moment,
    }
    /// What a place and those who support it agreed on for a phase: its words are the entry, which never changes.
    agreement: "agreements" as "agreement", AgreementId, of |r| Some(r.programme_id); {
        id: AgreementId,
        programme_id: ProgrammeId,
        place_id: PlaceId,
        entry_id: EntryId,
        /// Counts those of the place.
        number: i32,
        /// The phase of the design that it is for; empty where it is for none.
        phase: String,
        from_day: Day,
        /// Which kinds may flow from which circle to which, and whose consent each flow needs, as JSON.
        #[sea_orm(column_type = "Text")]
        flows: String,
        /// The SHA-256 of words and flows: what is signed.
        hash: String,
        made_by: PersonId,
        made_at: Moment,
        /// When the last side signed.
        in_force_at: Option<Moment>,
        /// When it was taken back before everybody had signed.
        void_at: Option<Moment>,
    }
    /// Words that somebody wants to share, where others have to agree first.
    proposal: "proposals" as "proposal to share", ProposalId, of |r| Some(r.programme_id); {
        id: ProposalId,
        programme_id: ProgrammeId,
        place_id: Option<PlaceId>,
        source_id: EntryId,
        source_revision: i32,
        /// Where it is to be shared.
        circle_id: CircleId,
        title: String,
        #[sea_orm(column_type = "Text")]
        text: String,
        /// The roles that have to agree, each one, with spaces between.
        needs: String,
        appointment_id: AppointmentId,
        person_id: PersonId,
        proposed_at: Moment,
        /// `waiting`, `shared`, `declined` or `taken-back`.
        state: String,
        extract_id: Option<EntryId>,
        /// Why it was declined.
        #[sea_orm(column_type = "Text")]
        answer: String,
        ended_at: Option<Moment>,
    }
    /// One side's signature under an agreement, one role's consent to what is to be shared, or how one voice sees an entry.
    consent: "consents" as "consent", ConsentId, of |r| Some(r.programme_id); {
        id: ConsentId,
        programme_id: ProgrammeId,
        agreement_id: Option<AgreementId>,
        proposal_id: Option<ProposalId>,
        #[serde(default)]
        entry_id: Option<EntryId>,
        /// The side of the agreement, the role whose consent it is, or the sponsor or person whose voice it is.
        side: String,
        person_id: PersonId,
        /// The role it was given in.
        role: String,
        /// Of the text that was read.
        hash: String,
        given_at: Moment,
        /// Of a voice: as the design calls it.
        #[serde(default)]
        answer: String,
        #[serde(default)]
        #[sea_orm(column_type = "Text")]
        why: String,
        /// When the same voice said something else.
        #[serde(default)]
        replaced_at: Option<Moment>,
    }
}
