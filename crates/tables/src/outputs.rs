//! What is learnt on its way to others: outputs, the passages quoted in them, and what was published.

use crate::{EntryId, MarkId, OutputId, PersonId, PlaceId, ProgrammeId, PublicationId, PublishedQuotationId, QuotationId, rows};
use kernel::{Day, Moment};

rows! {
    /// An entry that is on its way to others. Who reads the entry reads this; its text is the entry's.
    output: "outputs" as "output", OutputId, of |r| Some(r.programme_id); {
        id: OutputId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        /// How far it has come: `idea`, `draft`, `asking`, `published` or `withdrawn`.
        state: String,
        owner_id: PersonId,
        /// When it is meant to be published.
        due_on: Option<Day>,
        /// Whom it is for, and what they should do with it.
        #[sea_orm(column_type = "Text")]
        audience: String,
        /// The time booked for it, in quarter-days.
        booked: i32,
        /// The sentence under which it is found.
        #[sea_orm(column_type = "Text")]
        summary: String,
        /// Who is named as having written it.
        #[sea_orm(column_type = "Text")]
        by_line: String,
        /// The topics under which others find it, a line each.
        #[sea_orm(column_type = "Text")]
        topics: String,
        /// Places that it is about beside the one of its entry and those that are quoted: their ids with spaces between.
        #[sea_orm(column_type = "Text")]
        about: String,
        moved_at: Moment,
        /// What its public address ends with, from its first publication on.
        slug: Option<String>,
    }
    /// A passage that an output quotes. Its words are seen by whoever reads where they are from, by whoever is asked for
    /// them, and by everybody else only as long as that person agrees.
    quotation: "quotations" as "part of an output", QuotationId, of |r| Some(r.programme_id); {
        id: QuotationId,
        programme_id: ProgrammeId,
        /// The output's.
        entry_id: EntryId,
        mark_id: MarkId,
        /// The place it is from.
        place_id: Option<PlaceId>,
        /// What it is called by in the output's text: `[quotation 2]`.
        number: i32,
        /// As they would be published; empty once they are taken back.
        #[sea_orm(column_type = "Text")]
        words: String,
        /// Whose words they are said to be.
        attribution: String,
        /// Who is asked.
        person_id: PersonId,
        /// Whoever is asked answers for somebody whom they quote, and says how that person agreed.
        for_another: bool,
        made_by: PersonId,
        made_at: Moment,
        removed_at: Option<Moment>,
        /// When whoever is asked took their words back for good.
        taken_back_at: Option<Moment>,
    }
    /// What was published: never changed, except that it is withdrawn. Quotations are not part of its text.
    publication: "publications" as "publication", PublicationId, of |r| Some(r.programme_id); {
        id: PublicationId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        slug: String,
        /// Counts the versions of the output that were published.
        number: i32,
        /// The one that the library shows.
        latest: bool,
        kind: String,
        title: String,
        #[sea_orm(column_type = "Text")]
        summary: String,
        #[sea_orm(column_type = "Text")]
        text: String,
        /// Who is named as having written it.
        by_line: String,
        /// What it is about, a line each.
        #[sea_orm(column_type = "Text")]
        topics: String,
        /// The names of the places that it is about, a line each.
        #[sea_orm(column_type = "Text")]
        places: String,
        /// The ids of the same, with spaces between.
        #[sea_orm(column_type = "Text")]
        place_ids: String,
        /// Title, summary and text as the library is searched; no words of quotations are among them.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        folded: String,
        /// SHA-256 of what the places agreed to.
        hash: String,
        published_on: Day,
        published_at: Moment,
        published_by: PersonId,
        withdrawn_at: Option<Moment>,
        /// Why, for everybody to read.
        #[sea_orm(column_type = "Text")]
        withdrawn_why: String,
    }
    /// A quotation as it was published. It is shown as long as the consent to these very words stands.
    published_quotation: "published_quotations" as "part of a publication", PublishedQuotationId, of |r| Some(r.programme_id); {
        id: PublishedQuotationId,
        programme_id: ProgrammeId,
        publication_id: PublicationId,
        quotation_id: QuotationId,
        number: i32,
        /// Empty once they are taken back.
        #[sea_orm(column_type = "Text")]
        words: String,
        attribution: String,
        /// SHA-256 of what its person agreed to.
        hash: String,
    }
}
