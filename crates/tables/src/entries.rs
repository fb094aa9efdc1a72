//! Whatever people write is an entry in exactly one circle.

use crate::{AppointmentId, CircleId, EntryId, PersonId, PlaceId, ProgrammeId, RevisionId, rows};
use kernel::{Day, Moment};

rows! {
    entry: "entries" as "entry", EntryId, of |r| Some(r.programme_id); {
        id: EntryId,
        programme_id: ProgrammeId,
        /// The place it is about; nobody where it is about the programme.
        place_id: Option<PlaceId>,
        circle_id: CircleId,
        /// As the design names it: `session`, `reflection`, `minutes`…
        kind: String,
        title: String,
        /// Markdown as it was written; cleaned whenever it is shown.
        #[sea_orm(column_type = "Text")]
        text: String,
        /// The day it is about.
        happened_on: Day,
        author_id: PersonId,
        /// The role it was written in, which stays true when the person leaves.
        appointment_id: AppointmentId,
        /// Counts the versions; 1 is as first written.
        revision: i32,
        written_at: Moment,
        changed_at: Moment,
        /// An extract: the entry it was taken from. An extract is frozen: it is never changed.
        source_id: Option<EntryId>,
        /// The circle of the source. Whoever may read the source may read what was shared of it.
        source_circle_id: Option<CircleId>,
        /// The version of the source that it was taken from.
        source_revision: Option<i32>,
    }
    /// A version of an entry that another has replaced.
    entry_revision: "entry_revisions" as "earlier version", RevisionId, of |r| Some(r.programme_id); {
        id: RevisionId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        revision: i32,
        title: String,
        #[sea_orm(column_type = "Text")]
        text: String,
        happened_on: Day,
        circle_id: CircleId,
        /// Who wrote this version, and when.
        author_id: PersonId,
        written_at: Moment,
        /// Why it was replaced, in the words of who did.
        reason: String,
    }
}
