//! How groups reflect: rounds of a framework, and what each person answered alone.

use crate::{EntryId, FormId, PersonId, PlaceId, ProgrammeId, ReflectionId, ReflectionLinkId, ReflectionRoundId, rows};
use kernel::Moment;

rows! {
    /// A round of a reflective framework, in one group.
    reflection_round: "reflection_rounds" as "round of reflection", ReflectionRoundId, of |r| Some(r.programme_id); {
        id: ReflectionRoundId,
        programme_id: ProgrammeId,
        /// The place whose group it is; nothing where it is the programme's.
        place_id: Option<PlaceId>,
        /// As the design calls it.
        framework: String,
        /// From 1, within the group.
        number: i32,
        /// The questions as they stood when it was opened.
        form_id: FormId,
        opened_by: PersonId,
        opened_at: Moment,
        /// Since when the group sees all finished answers together; nothing can be changed from then on.
        revealed_by: Option<PersonId>,
        revealed_at: Option<Moment>,
        /// The reflections that the group sees from then on, with a blank between: who had finished, and was in the group.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        shown: String,
        /// When it was closed without anybody seeing anything.
        ended_at: Option<Moment>,
    }
    /// What somebody answered alone in a round. The journal tells that they wrote, and neither what nor whether they have finished:
    /// nobody reads that but themselves, before the round is revealed and after.
    reflection: "reflections" as "reflection", ReflectionId, of |r| Some(r.programme_id); {
        id: ReflectionId,
        programme_id: ProgrammeId,
        round_id: ReflectionRoundId,
        person_id: PersonId,
        /// The answers by question, and which questions are skipped or not safe to answer yet, as JSON.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        given: String,
        /// Counts the saves.
        revision: i32,
        #[serde(skip_serializing, default)]
        done_at: Option<Moment>,
    }
    /// An entry that was written from a round: what the group makes of it, or something that came out of it.
    reflection_link: "reflection_links" as "origin of an entry", ReflectionLinkId, of |r| Some(r.programme_id); {
        id: ReflectionLinkId,
        programme_id: ProgrammeId,
        round_id: ReflectionRoundId,
        entry_id: EntryId,
        at: Moment,
    }
}
