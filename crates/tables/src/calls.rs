//! Calls, and the applications that would-be partnerships make together.

use crate::{
    ApplicantId, ApplicationId, CallId, FormId, MemberId, PersonId, PlaceId, ProgrammeId, RemarkId, ReopeningId, SheetId, rows,
};
use kernel::{Day, Moment};

rows! {
    /// A stage of a programme's call, as it was opened: its days and its form.
    call: "calls" as "call", CallId, of |r| Some(r.programme_id); {
        id: CallId,
        programme_id: ProgrammeId,
        /// As the design names it.
        stage: String,
        /// Its part of the address, unique in the programme.
        slug: String,
        name: String,
        /// What it is for, as Markdown.
        #[sea_orm(column_type = "Text")]
        about: String,
        form_id: FormId,
        opens_at: Moment,
        /// The last minute in which somebody can submit is the one that begins here.
        closes_at: Moment,
        decides_on: Option<Day>,
        /// Counts the applications, for the number people know theirs by.
        applications: i32,
        revision: i32,
        created_at: Moment,
        /// The stage as it stood in the design when the call was opened, as JSON.
        #[sea_orm(column_type = "Text", nullable)]
        #[serde(skip_serializing, default)]
        terms: Option<String>,
        /// The call out of which those come who may apply here; nothing where it is open to all.
        #[serde(default)]
        after_id: Option<CallId>,
        /// When decisions and feedback are to be told, to all at once; nothing while nobody has said that they are ready.
        #[serde(default)]
        tells_at: Option<Moment>,
        /// The outcomes there that lead here, parted by spaces.
        #[serde(default)]
        after_outcomes: Option<String>,
        /// When decisions and feedback were told, to all at once.
        #[serde(default)]
        released_at: Option<Moment>,
    }
    /// What a would-be partnership asks for, written together.
    application: "applications" as "application", ApplicationId, of |r| Some(r.programme_id); {
        id: ApplicationId,
        programme_id: ProgrammeId,
        call_id: CallId,
        /// From 1 in each call.
        number: i32,
        /// What the would-be partnership calls itself.
        name: String,
        /// The name as it is searched and sorted by: its words without capitals and accents.
        #[serde(skip_serializing, default)]
        folded: String,
        sheet_id: SheetId,
        /// `draft`, `submitted` or `withdrawn`.
        state: String,
        created_at: Moment,
        submitted_at: Option<Moment>,
        submitted_by: Option<PersonId>,
        /// The revision of the sheet that was submitted.
        submitted_revision: Option<i32>,
        /// What was submitted, as JSON: the receipt.
        #[sea_orm(column_type = "Text", nullable)]
        #[serde(skip_serializing, default)]
        receipt: Option<String>,
        /// SHA-256 of the receipt, in hexadecimal.
        receipt_hash: Option<String>,
        /// The application of an earlier stage that this one goes on from.
        #[serde(default)]
        earlier_id: Option<ApplicationId>,
        /// The place it became.
        #[serde(default)]
        place_id: Option<PlaceId>,
    }
    /// An organisation of a would-be partnership.
    applicant: "applicants" as "applicant", ApplicantId, of |r| Some(r.programme_id); {
        id: ApplicantId,
        programme_id: ProgrammeId,
        application_id: ApplicationId,
        name: String,
        /// `voluntary`, `nhs`, `council`, `community` or `other`.
        sector: String,
        lead: bool,
        /// The revision of the sheet it stands behind, and who said so.
        signed_revision: Option<i32>,
        signed_by: Option<PersonId>,
        signed_at: Option<Moment>,
        created_at: Moment,
        left_at: Option<Moment>,
    }
    /// Somebody who writes an application for one of its organisations.
    member: "members" as "application member", MemberId, of |r| Some(r.programme_id); {
        id: MemberId,
        programme_id: ProgrammeId,
        application_id: ApplicationId,
        applicant_id: ApplicantId,
        person_id: PersonId,
        /// The keys of the sections they may write in, parted by spaces; nothing where they may write in all.
        sections: Option<String>,
        created_at: Moment,
        ended_at: Option<Moment>,
    }
    /// What somebody who writes an application said of it: to the other partners, or to the programme team alone.
    remark: "remarks" as "remark", RemarkId, of |r| Some(r.programme_id); {
        id: RemarkId,
        programme_id: ProgrammeId,
        application_id: ApplicationId,
        /// The organisation they write for.
        applicant_id: ApplicantId,
        /// `partners` or `team`.
        audience: String,
        /// The key of the section it is about; nothing where it is about all.
        section: Option<String>,
        /// As Markdown.
        #[sea_orm(column_type = "Text")]
        text: String,
        person_id: PersonId,
        created_at: Moment,
        taken_back_at: Option<Moment>,
    }
    /// A submitted application that was opened again for a while.
    reopening: "reopenings" as "reopening", ReopeningId, of |r| Some(r.programme_id); {
        id: ReopeningId,
        programme_id: ProgrammeId,
        application_id: ApplicationId,
        /// The keys of the sections that can be changed, parted by spaces.
        sections: String,
        /// As the partnership reads them.
        #[sea_orm(column_type = "Text")]
        reasons: String,
        /// The last minute in which it can be submitted again is the one that begins here.
        until: Moment,
        opened_by: PersonId,
        opened_at: Moment,
        /// When it was submitted again; nothing where it was not.
        ended_at: Option<Moment>,
        /// What was submitted before, once it has been submitted again, as JSON.
        #[sea_orm(column_type = "Text", nullable)]
        #[serde(skip_serializing, default)]
        receipt: Option<String>,
        receipt_hash: Option<String>,
    }
}
