//! Evidence: passages of what people wrote, and the shared words for what they are about.

use crate::{
    ApplicationId, AppointmentId, CircleId, EntryId, MarkId, MarkLinkId, MarkThemeId, PersonId, ProgrammeId, ThemeChangeId,
    ThemeId, rows,
};
use kernel::Moment;

rows! {
    /// A word of the shared vocabulary.
    theme: "themes" as "theme", ThemeId, of |r| Some(r.programme_id); {
        id: ThemeId,
        programme_id: ProgrammeId,
        /// The wider theme it belongs to.
        parent_id: Option<ThemeId>,
        name: String,
        /// What belongs to it, and what does not.
        #[sea_orm(column_type = "Text")]
        about: String,
        made_at: Moment,
        /// The theme that it became a part of: whoever looks for it is led there.
        merged_into: Option<ThemeId>,
        /// Since when it is not offered any more.
        ended_at: Option<Moment>,
    }
    /// What was done to a theme: nothing about the vocabulary is overwritten.
    theme_change: "theme_changes" as "change of a theme", ThemeChangeId, of |r| Some(r.programme_id); {
        id: ThemeChangeId,
        programme_id: ProgrammeId,
        theme_id: ThemeId,
        /// `added`, `worded`, `moved`, `merged`, `split` or `ended`.
        what: String,
        /// How it was before, and how it is since, in words.
        #[sea_orm(column_type = "Text")]
        was: String,
        #[sea_orm(column_type = "Text")]
        now: String,
        #[sea_orm(column_type = "Text")]
        why: String,
        person_id: PersonId,
        at: Moment,
    }
    /// A passage of an entry, or of what an application answers. Who reads the entry reads this. It holds none of the words: they
    /// are read from the version that it was made on, so that what is taken back is gone from here too.
    mark: "marks" as "excerpt", MarkId, of |r| Some(r.programme_id); {
        id: MarkId,
        programme_id: ProgrammeId,
        /// Nothing where it is of an application.
        entry_id: Option<EntryId>,
        /// The version of the entry that it was made on; of an application, the revision of the sheet that was submitted.
        revision: i32,
        /// The circle that this version of an entry stood in: who does not read that one does not read the excerpt.
        circle_id: Option<CircleId>,
        /// Where it begins and ends, in letters that are no blanks, of the text as it is read.
        from_letter: i32,
        to_letter: i32,
        #[sea_orm(column_type = "Text")]
        note: String,
        person_id: PersonId,
        appointment_id: AppointmentId,
        made_at: Moment,
        /// Since when others see it; before, only whoever made it does.
        shown_at: Option<Moment>,
        removed_at: Option<Moment>,
        #[serde(default)]
        application_id: Option<ApplicationId>,
        /// Where the answer stands in the form of the application.
        #[serde(default)]
        question: Option<String>,
    }
    /// A theme that somebody sees in an excerpt.
    mark_theme: "mark_themes" as "theme of an excerpt", MarkThemeId, of |r| Some(r.programme_id); {
        id: MarkThemeId,
        programme_id: ProgrammeId,
        mark_id: MarkId,
        theme_id: ThemeId,
        person_id: PersonId,
        at: Moment,
        ended_at: Option<Moment>,
    }
    /// What an excerpt speaks to: another entry, such as an experiment, a challenge or an output.
    mark_link: "mark_links" as "link of an excerpt", MarkLinkId, of |r| Some(r.programme_id); {
        id: MarkLinkId,
        programme_id: ProgrammeId,
        mark_id: MarkId,
        to_entry: EntryId,
        person_id: PersonId,
        at: Moment,
        ended_at: Option<Moment>,
    }
}
