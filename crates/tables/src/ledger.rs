//! What is allotted and used, in pounds or days: accounts, and the movements between them. Rows of movements and postings
//! are never changed and never deleted; the database itself refuses it.

use crate::{AccountId, AwardId, EntryId, MovementId, PersonId, PlaceId, PostingId, ProgrammeId, rows};
use kernel::{Day, Moment};

rows! {
    /// Whose, for what, and in which year. What it holds is the sum of its postings.
    account: "accounts" as "account", AccountId, of |r| Some(r.programme_id); {
        id: AccountId,
        programme_id: ProgrammeId,
        place_id: Option<PlaceId>,
        award_id: Option<AwardId>,
        /// Whose days they are.
        person_id: Option<PersonId>,
        /// What it holds, such as `days-left` or `award`.
        kind: String,
        /// The line of money, line of the budget or role that it is for, as the design names it.
        key: String,
        /// Tells the account from every other of the programme.
        code: String,
        name: String,
        /// `pence` or `quarter-days`.
        unit: String,
        /// Whether its balance never falls below nought.
        floor: bool,
        year: Option<i32>,
        created_at: Moment,
    }
    /// Amounts that leave some accounts and arrive in others, on a day, for a reason.
    movement: "movements" as "movement", MovementId, of |r| Some(r.programme_id); {
        id: MovementId,
        programme_id: ProgrammeId,
        place_id: Option<PlaceId>,
        award_id: Option<AwardId>,
        kind: String,
        on_day: Day,
        #[sea_orm(column_type = "Text")]
        why: String,
        /// The entry that tells of it, such as the session in which the days were used.
        entry_id: Option<EntryId>,
        /// The movement that it undoes. Each is undone once.
        counters_id: Option<MovementId>,
        person_id: PersonId,
        at: Moment,
    }
    /// What arrives in an account by a movement, or leaves it where the amount is below nought.
    posting: "postings" as "posting", PostingId, of |r| Some(r.programme_id); {
        id: PostingId,
        programme_id: ProgrammeId,
        movement_id: MovementId,
        account_id: AccountId,
        /// In the account's unit.
        amount: i64,
    }
}
