//! Awards: what a place is given, on what terms, in which instalments, and how its budget changes. The amounts that were
//! committed, paid and spent stand in the ledger.

use crate::{
    ApprovalId, AwardId, BudgetCellId, InstalmentId, OrganisationId, PaymentFileId, PersonId, PlaceId, ProgrammeId, SignatureId,
    SpendLayoutId, VariationId, rows,
};
use kernel::{Day, Moment};

rows! {
    award: "awards" as "award", AwardId, of |r| Some(r.programme_id); {
        id: AwardId,
        programme_id: ProgrammeId,
        place_id: PlaceId,
        /// The partner that holds the grant for the place.
        organisation_id: OrganisationId,
        /// What people say on the telephone, unique in the programme.
        reference: String,
        /// The money line of the design that it comes out of.
        line: String,
        /// The award of an earlier phase that this one goes on from.
        follows_id: Option<AwardId>,
        #[sea_orm(column_type = "Text")]
        purpose: String,
        #[sea_orm(column_type = "Text")]
        conditions: String,
        /// In pence.
        amount: i64,
        starts_on: Day,
        /// Only an extension that was approved moves it.
        ends_on: Day,
        /// Counts the changes of the words above while it is a draft.
        revision: i32,
        /// What both sides sign, as it was offered; empty while it is a draft.
        #[sea_orm(column_type = "Text")]
        agreement: String,
        /// The SHA-256 of that text.
        agreement_hash: String,
        created_by: PersonId,
        created_at: Moment,
        offered_at: Option<Moment>,
        /// When the second side signed.
        agreed_at: Option<Moment>,
        /// When what was left at its end was taken back.
        closed_at: Option<Moment>,
    }
    /// One side's signature under an agreement. One under an offer that was taken back stays, and is void.
    signature: "signatures" as "signature", SignatureId, of |r| Some(r.programme_id); {
        id: SignatureId,
        programme_id: ProgrammeId,
        award_id: AwardId,
        /// `funder` or `place`.
        side: String,
        person_id: PersonId,
        /// The role it was signed in.
        role: String,
        /// Of the text that was signed.
        hash: String,
        signed_at: Moment,
        void_at: Option<Moment>,
    }
    instalment: "instalments" as "instalment", InstalmentId, of |r| Some(r.programme_id); {
        id: InstalmentId,
        programme_id: ProgrammeId,
        award_id: AwardId,
        number: i32,
        /// In pence.
        amount: i64,
        due_on: Option<Day>,
        /// What has to have happened first; empty where only the day counts.
        milestone: String,
        met_at: Option<Moment>,
        met_by: Option<PersonId>,
        payment_file_id: Option<PaymentFileId>,
        paid_on: Option<Day>,
        /// The bank's or the finance system's.
        paid_reference: String,
        /// When it was noted as paid.
        paid_at: Option<Moment>,
    }
    /// Instalments that were handed to the bank or the finance system together. An instalment is in one at most.
    payment_file: "payment_files" as "payment file", PaymentFileId, of |r| Some(r.programme_id); {
        id: PaymentFileId,
        programme_id: ProgrammeId,
        number: i32,
        made_by: PersonId,
        made_at: Moment,
    }
    /// Somebody approves a payment, or a change to an award.
    approval: "approvals" as "approval", ApprovalId, of |r| Some(r.programme_id); {
        id: ApprovalId,
        programme_id: ProgrammeId,
        instalment_id: Option<InstalmentId>,
        variation_id: Option<VariationId>,
        person_id: PersonId,
        /// The role it was given in.
        role: String,
        given_at: Moment,
        /// Taken back before it had an effect.
        ended_at: Option<Moment>,
    }
    /// A version of an award's budget: the first is the one that is agreed, the others change it.
    variation: "variations" as "version of a budget", VariationId, of |r| Some(r.programme_id); {
        id: VariationId,
        programme_id: ProgrammeId,
        award_id: AwardId,
        /// 1 is the budget that was agreed.
        number: i32,
        /// What was learnt that makes it right.
        #[sea_orm(column_type = "Text")]
        reason: String,
        /// Of an extension: what is done in the time that it adds.
        #[sea_orm(column_type = "Text")]
        plan: String,
        /// The end that it asks for; nothing where the end stays.
        ends_on: Option<Day>,
        proposed_by: PersonId,
        proposed_at: Moment,
        /// `approved`, `asked-back` or `withdrawn`; nothing while it waits.
        outcome: Option<String>,
        /// What was said to it.
        #[sea_orm(column_type = "Text")]
        answer: String,
        answered_by: Option<PersonId>,
        answered_at: Option<Moment>,
    }
    /// What a version says of one line in one year of the award.
    budget_cell: "budget_cells" as "budget line", BudgetCellId, of |r| Some(r.programme_id); {
        id: BudgetCellId,
        programme_id: ProgrammeId,
        variation_id: VariationId,
        /// As the design names it.
        line: String,
        /// 1 is the award's first year.
        year: i32,
        /// In pence, before and after.
        before: i64,
        after: i64,
    }
    /// How a place's own spreadsheet of what it spent is read, as somebody matched it last.
    spend_layout: "spend_layouts" as "layout of a spreadsheet", SpendLayoutId, of |r| Some(r.programme_id); {
        id: SpendLayoutId,
        programme_id: ProgrammeId,
        place_id: PlaceId,
        /// The sheet's name; empty for a file that has none.
        sheet: String,
        /// The headings of the columns that name the line, the amount and, where there is one, the day.
        lines: String,
        amounts: String,
        days: String,
        /// Which line of the budget each name stands for, as JSON; an empty one is left out.
        #[sea_orm(column_type = "Text")]
        names: String,
        person_id: PersonId,
        at: Moment,
    }
}
