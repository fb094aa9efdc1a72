//! Events: when and where each is, who comes, what they need, and what they said of it afterwards.

use crate::{CalendarFeedId, EntryId, FeedbackId, FormId, GatheringId, OriginId, PersonId, PlaceId, ProgrammeId, SignUpId, rows};
use kernel::Moment;

rows! {
    /// When and where the event of an entry is. Who reads the entry reads this.
    gathering: "gatherings" as "event", GatheringId, of |r| Some(r.programme_id); {
        id: GatheringId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        begins_at: Moment,
        ends_at: Moment,
        /// `in-person`, `online` or `both`.
        mode: String,
        /// The room and its address; empty where it is only online.
        venue: String,
        /// Where one joins online.
        link: String,
        /// So many can come, in the room where there is one; without it, everybody can.
        most: Option<i32>,
        #[sea_orm(column_type = "Text")]
        agenda: String,
        #[sea_orm(column_type = "Text")]
        materials: String,
        /// Counts the changes of time and place, so that a calendar takes the newest.
        sequence: i32,
        changed_at: Moment,
        /// The form that those who came answer, as it stood when the day was set.
        form_id: Option<FormId>,
        /// When those who signed up were reminded.
        reminded_at: Option<Moment>,
        /// When those who came were asked how it was.
        asked_at: Option<Moment>,
        /// When those who signed up were told that it is cancelled.
        cancelled_at: Option<Moment>,
        /// When it was last noted who came.
        counted_at: Option<Moment>,
        /// When what people need was wiped.
        wiped_at: Option<Moment>,
    }
    /// Somebody who means to come, or came.
    sign_up: "sign_ups" as "sign-up", SignUpId, of |r| Some(r.programme_id); {
        id: SignUpId,
        programme_id: ProgrammeId,
        gathering_id: GatheringId,
        person_id: PersonId,
        /// `in-person` or `online`.
        mode: String,
        /// What they need to take part. The journal never holds it, and it is wiped some days after the event.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        access_needs: String,
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        dietary_needs: String,
        /// They came without having signed up.
        walked_in: bool,
        signed_at: Moment,
        /// Since when they have a seat; before, they wait for one.
        seated_at: Option<Moment>,
        left_at: Option<Moment>,
        /// `in-person` or `online`; empty where they did not come, or nobody has noted it.
        came: String,
        /// Where they are from in the programme, as it was when they signed up.
        place_id: Option<PlaceId>,
        /// The sector of their organisation; empty where nobody has said.
        sector: String,
        /// They have said how it was. What they said does not stand here, nor who said it with what they said.
        answered: bool,
    }
    /// What somebody said of an event. It does not say who, and neither it nor its number tells when.
    feedback: "feedbacks" as "feedback", FeedbackId, of |r| Some(r.programme_id); {
        id: FeedbackId,
        programme_id: ProgrammeId,
        gathering_id: GatheringId,
        form_id: FormId,
        /// How they took part: `in-person` or `online`.
        mode: String,
        /// As JSON, each answer under its path.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        answers: String,
    }
    /// An entry that came of another, such as the minutes of an event. Who reads both is told.
    origin: "origins" as "origin of an entry", OriginId, of |r| Some(r.programme_id); {
        id: OriginId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        /// What it came of.
        of_entry: EntryId,
        at: Moment,
    }
    /// An address at which somebody's calendar reads their events, without signing in.
    calendar_feed: "calendar_feeds" as "calendar address", CalendarFeedId, of |_| None; {
        id: CalendarFeedId,
        /// SHA-256 of the secret in the address, in hexadecimal.
        #[serde(skip_serializing, default)]
        token_hash: String,
        person_id: PersonId,
        made_at: Moment,
        ended_at: Option<Moment>,
    }
}
