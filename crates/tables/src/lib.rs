//! Every row and identifier of the database: the data model on show. No logic lives here, and no relation fields:
//! joins are written where they are needed. Columns are explained where their names do not say it all.

// `sea_orm::model` writes code whose lints are not ours to answer for.
#![recursion_limit = "512"]

mod awards;
mod calls;
mod choosing;
mod entries;
mod forms;
mod gatherings;
mod house;
mod learning;
mod ledger;
mod matters;
mod outputs;
mod oversight;
mod peers;
mod people;
mod places;
mod programmes;
mod published;
mod reflecting;

pub use awards::*;
pub use calls::*;
pub use choosing::*;
pub use entries::*;
pub use forms::*;
pub use gatherings::*;
pub use house::*;
pub use learning::*;
pub use ledger::*;
pub use matters::*;
pub use outputs::*;
pub use oversight::*;
pub use peers::*;
pub use people::*;
pub use places::*;
pub use programmes::*;
pub use published::*;
pub use reflecting::*;

use sea_orm::entity::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
pub use uuid::Uuid;

kernel::ids! {
    ProgrammeId "pro",
    DesignVersionId "ver",
    CircleId "cir",
    OrganisationId "org",
    PlaceId "plc",
    PartnerId "par",
    PersonId "per",
    AppointmentId "app",
    SessionId "ses",
    TicketId "tic",
    EntryId "ent",
    RevisionId "rev",
    MailId "mai",
    FormId "frm",
    SheetId "she",
    AnswerId "ans",
    FileId "fil",
    CallId "cal",
    ApplicationId "apl",
    ApplicantId "apt",
    MemberId "mem",
    RemarkId "rmk",
    ReopeningId "reo",
    AssessorId "asr",
    ConflictId "cfl",
    ReadingId "rdg",
    ScoreId "sco",
    DecisionId "dec",
    AssentId "ast",
    AccountId "acc",
    MovementId "mov",
    PostingId "pst",
    AwardId "awd",
    PortfolioId "pfo",
    SignatureId "sig",
    InstalmentId "ins",
    PaymentFileId "pay",
    ApprovalId "apv",
    VariationId "var",
    BudgetCellId "bdc",
    SpendLayoutId "lay",
    MatterId "mat",
    StepId "stp",
    AgreementId "agr",
    ProposalId "prp",
    ConsentId "con",
    PlanLineId "pln",
    MarkerReadingId "mrk",
    ReachedId "rch",
    StatementMoveId "stm",
    EvidenceId "evi",
    ReviewAnswerId "rva",
    SkillId "skl",
    ThemeId "thm",
    ThemeChangeId "thc",
    PhotographId "pho",
    MarkId "exc",
    MarkThemeId "ext",
    MarkLinkId "exl",
    OutputId "out",
    QuotationId "quo",
    PublicationId "pub",
    PublishedQuotationId "pbq",
    ReflectionRoundId "rnd",
    ReflectionId "rfl",
    ReflectionLinkId "rfk",
    GatheringId "gat",
    SignUpId "sgn",
    FeedbackId "fbk",
    OriginId "ori",
    CalendarFeedId "cfd",
    PeerProfileId "pfl",
    TopicId "top",
    MentionId "mnt",
    FollowId "fol",
    MailChoiceId "mch",
}

/// A row whose changes the journal records.
pub trait Row:
    ModelTrait<Entity: EntityTrait<Model = Self>> + Serialize + DeserializeOwned + Clone + Send + Sync + 'static
{
    /// What the journal calls it, in a word that people know.
    const KIND: &'static str;
    /// What an identifier of it starts with.
    const PREFIX: &'static str;
    fn row_id(&self) -> Uuid;
    /// The programme it belongs to; organisations, people and their sessions belong to none.
    fn programme(&self) -> Option<ProgrammeId>;
}

/// Declares entities. The first field is the primary key; `of` names how a row tells its programme.
macro_rules! rows {
    ($($(#[$doc:meta])* $module:ident: $table:literal as $kind:literal, $id:ty, of $programme:expr; {
        $(#[$first_meta:meta])* $first:ident: $first_type:ty
        $(, $(#[$meta:meta])* $field:ident: $type:ty)* $(,)?
    })+) => {$(
        $(#[$doc])*
        pub mod $module {
            #[allow(unused_imports, clippy::allow_attributes, reason = "not every table names every type")]
            use super::*;
            use sea_orm::entity::prelude::*;

            #[sea_orm::model]
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $(#[$first_meta])*
                #[sea_orm(primary_key, auto_increment = false)]
                pub $first: $first_type,
                $($(#[$meta])* pub $field: $type,)*
            }
            impl ActiveModelBehavior for ActiveModel {}

            impl $crate::Row for Model {
                const KIND: &'static str = $kind;
                const PREFIX: &'static str = <$id>::PREFIX;
                fn row_id(&self) -> uuid::Uuid {
                    self.$first.0
                }
                fn programme(&self) -> Option<$crate::ProgrammeId> {
                    let of: fn(&Model) -> Option<$crate::ProgrammeId> = $programme;
                    of(self)
                }
            }
        }
    )+};
}
pub(crate) use rows;
