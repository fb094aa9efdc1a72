//! Peers: what people say of themselves to each other, what a thread is about, whom it names, and which news they want by mail.

use crate::{EntryId, FollowId, MailChoiceId, MentionId, PeerProfileId, PersonId, ProgrammeId, ThemeId, TopicId, rows};
use kernel::Moment;

rows! {
    /// What somebody says of themselves to those who read the channel of a programme. Shown as long as they read it too.
    peer_profile: "peer_profiles" as "profile", PeerProfileId, of |r| Some(r.programme_id); {
        id: PeerProfileId,
        programme_id: ProgrammeId,
        person_id: PersonId,
        #[sea_orm(column_type = "Text")]
        works_on: String,
        #[sea_orm(column_type = "Text")]
        offers: String,
        #[sea_orm(column_type = "Text")]
        seeks: String,
        /// The themes that each of the three is about, with spaces between.
        #[sea_orm(column_type = "Text")]
        works_themes: String,
        #[sea_orm(column_type = "Text")]
        offers_themes: String,
        #[sea_orm(column_type = "Text")]
        seeks_themes: String,
        /// How to reach them, in their words; empty unless they chose to show it. The journal never holds it.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        contact: String,
        changed_at: Moment,
    }
    /// A theme that a thread, an ask or an offer is about. Who reads the entry reads this.
    topic: "topics" as "topic", TopicId, of |r| Some(r.programme_id); {
        id: TopicId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        theme_id: ThemeId,
        at: Moment,
    }
    /// Somebody whom an entry names, so that they are told of it. It tells them nothing that they may not read.
    mention: "mentions" as "mention", MentionId, of |r| Some(r.programme_id); {
        id: MentionId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        /// The thread, ask or offer that the entry belongs to; the entry itself where it is one.
        thread_id: EntryId,
        person_id: PersonId,
        at: Moment,
        /// When they said that they had read it, or answered.
        seen_at: Option<Moment>,
    }
    /// Whether somebody wants to hear of a thread. Who takes part in one hears of it without such a row.
    follow: "follows" as "following of a thread", FollowId, of |r| Some(r.programme_id); {
        id: FollowId,
        programme_id: ProgrammeId,
        thread_id: EntryId,
        person_id: PersonId,
        muted: bool,
        at: Moment,
    }
    /// How often, and when, somebody wants to hear by mail what is said in the channel of a programme.
    mail_choice: "mail_choices" as "choice of mails", MailChoiceId, of |r| Some(r.programme_id); {
        id: MailChoiceId,
        programme_id: ProgrammeId,
        person_id: PersonId,
        /// `named`, `at-once`, `daily`, `weekly` or `nothing`.
        rhythm: String,
        /// The hours in which no mail goes, as minutes of the day in London; both or neither.
        quiet_from: Option<i32>,
        quiet_to: Option<i32>,
        /// The days on which no mail goes: `mon`, `tue` … with spaces between.
        days_off: String,
        /// What was written up to this moment has been told, or will not be.
        told_until: Moment,
        changed_at: Moment,
    }
}
