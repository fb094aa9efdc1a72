//! What keeps house: the journal, outgoing mail, forms already handled, attempts to sign in, and search.

use crate::{EntryId, MailId, PersonId, ProgrammeId};
use kernel::Moment;
use uuid::Uuid;

/// The journal: one record of every change, in chains (one per programme, and one for what belongs to none), each
/// record holding the hash of the one before.
pub mod journal {
    use super::*;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "journal")]
    pub struct Model {
        /// The programme, or nought for the chain of what belongs to none.
        #[sea_orm(primary_key, auto_increment = false)]
        pub chain: Uuid,
        /// Counts from 1 without a gap.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub at: Moment,
        /// Nobody where the server did it by itself.
        pub actor_id: Option<PersonId>,
        /// What was done, in words: “record an entry”.
        pub act: String,
        /// What was changed: `entry`, `appointment`…
        pub kind: String,
        pub record_id: Uuid,
        /// Before and after, as JSON.
        #[sea_orm(column_type = "Text")]
        pub change: String,
        /// SHA-256 of the change, so that content can be erased and the chain still be checked.
        pub change_hash: String,
        /// SHA-256 over the record before, and all of the above but the change itself.
        pub hash: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Where each chain ends, so that removing its last records shows as well.
pub mod journal_head {
    use super::Uuid;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "journal_heads")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub chain: Uuid,
        pub number: i64,
        pub hash: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Mail to be sent, written in the transaction that is the reason for it.
pub mod mail {
    use super::*;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "mails")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MailId,
        pub recipient: String,
        pub subject: String,
        /// Emptied once sent or given up: it may hold a link that signs somebody in.
        #[sea_orm(column_type = "Text")]
        pub text: String,
        pub created_at: Moment,
        /// Not tried before this moment.
        pub due_at: Moment,
        pub attempts: i32,
        pub sent_at: Option<Moment>,
        /// Set when it was given up.
        pub failed_at: Option<Moment>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A form that was handled: pressing its button again leads to where the first press led.
pub mod handled_form {
    use super::*;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "handled_forms")]
    pub struct Model {
        /// The key that stood in the form, with the person it was made for.
        #[sea_orm(primary_key, auto_increment = false)]
        pub once: String,
        pub location: String,
        pub at: Moment,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Attempts to sign in, counted per name and per address, to slow down guessing.
pub mod attempt {
    use super::*;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "attempts")]
    pub struct Model {
        /// SHA-256 of what is counted: a mail address or a network address.
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        pub count: i32,
        /// The count starts anew after this moment.
        pub until: Moment,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// An entry's place in the full-text index.
pub mod search_document {
    use super::*;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "search_documents")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub number: i64,
        #[sea_orm(unique)]
        pub entry_id: EntryId,
        pub programme_id: ProgrammeId,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
