//! Forms and what is filled in: applications, and later assessments, surveys and reports.

use crate::{AnswerId, EntryId, FileId, FormId, PersonId, PhotographId, ProgrammeId, SheetId, rows};
use kernel::Moment;

rows! {
    /// A form as it stood once. Never changed: a changed form is another version, so answers always fit their questions.
    form: "forms" as "form", FormId, of |r| Some(r.programme_id); {
        id: FormId,
        programme_id: ProgrammeId,
        /// As the design names it.
        key: String,
        version: i32,
        /// The form as JSON.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        document: String,
        /// SHA-256 of the document, in hexadecimal.
        digest: String,
        created_at: Moment,
        /// Whoever made it in the browser, and why; nothing where it was taken from the design as it stood.
        #[serde(default)]
        made_by: Option<PersonId>,
        #[serde(default)]
        reason: Option<String>,
    }
    /// One filling-in of a form, by one person or by many.
    sheet: "sheets" as "sheet", SheetId, of |r| Some(r.programme_id); {
        id: SheetId,
        programme_id: ProgrammeId,
        form_id: FormId,
        /// Counts the saves, so that what somebody stood behind can be told from what came after.
        revision: i32,
        created_at: Moment,
        changed_at: Moment,
        /// From then on nothing is changed any more.
        closed_at: Option<Moment>,
    }
    /// One answer. What it said before stands in the journal.
    answer: "answers" as "answer", AnswerId, of |r| Some(r.programme_id); {
        id: AnswerId,
        programme_id: ProgrammeId,
        sheet_id: SheetId,
        /// The question, and where it is asked again and again, the row: `partners.r3.name`.
        path: String,
        /// As JSON; nothing where the answer was taken away.
        #[sea_orm(column_type = "Text", nullable)]
        value: Option<String>,
        /// Counts the changes of this answer.
        version: i32,
        changed_by: PersonId,
        changed_at: Moment,
        /// Where it was taken from, in words, until somebody who writes here has looked at it.
        #[serde(default)]
        source: Option<String>,
    }
    /// A file that somebody sent in answer to a question. Its content is the blob with its hash.
    file: "files" as "file", FileId, of |r| Some(r.programme_id); {
        id: FileId,
        programme_id: ProgrammeId,
        sheet_id: SheetId,
        /// The question that it was sent in answer to.
        path: String,
        /// As it was called by whoever sent it, cleaned.
        name: String,
        /// What it is by its content, whatever it is called.
        media_type: String,
        /// In bytes.
        size: i64,
        /// SHA-256 of the content, in hexadecimal.
        hash: String,
        added_by: PersonId,
        added_at: Moment,
        /// When a scanner found nothing in it; nothing where no scanner was set up.
        scanned_at: Option<Moment>,
    }
    /// A photograph that belongs to an entry: whoever reads the one sees the other. Its content is the blob with its hash.
    photograph: "photographs" as "photograph", PhotographId, of |r| Some(r.programme_id); {
        id: PhotographId,
        programme_id: ProgrammeId,
        entry_id: EntryId,
        /// What can be seen, for those who cannot see it. Empty once it is removed.
        #[sea_orm(column_type = "Text")]
        about: String,
        /// SHA-256 of the content, in hexadecimal.
        hash: String,
        /// In points.
        width: i32,
        height: i32,
        /// In bytes.
        size: i64,
        added_by: PersonId,
        added_at: Moment,
        scanned_at: Option<Moment>,
        removed_at: Option<Moment>,
    }
}

/// The content of files, each kept once. The journal holds its hash and never the content.
pub mod blob {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "blobs")]
    pub struct Model {
        /// SHA-256 of the content, in hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub content: Vec<u8>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
