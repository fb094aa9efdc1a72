//! What every new application begins with: its number, its sheet, and its organisations.

use kernel::Moment;
use store::Write;
use tables::{ApplicantId, ApplicationId, MemberId, PersonId, SheetId, applicant, application, call, member, sheet};

use super::reading::DRAFT;
use crate::ground::Stop;

/// A new application to a call, with its sheet. The call is locked for its number, so two who start at once get two.
///
/// # Errors
/// Where the call is not there any more, or the database refuses it.
pub(crate) async fn start(
    write: &mut Write,
    to: &call::Model,
    name: String,
    earlier: Option<&application::Model>,
) -> Result<(application::Model, sheet::Model), Stop> {
    let before = write.lock::<call::Entity>(to.id).await?.ok_or(Stop::Missing)?;
    let number = before.applications + 1;
    write.replace(&before, call::Model { applications: number, ..before.clone() }).await?;
    let sheet = write.insert(new_sheet(SheetId(write.id()), &before, write.at())).await?;
    let row = application::Model {
        earlier_id: earlier.map(|e| e.id),
        // Where the partnership is a place already, it stays that place; a place of another programme is another.
        place_id: earlier.filter(|e| e.programme_id == before.programme_id).and_then(|e| e.place_id),
        ..new_application(ApplicationId(write.id()), &before, number, name, &sheet, write.at())
    };
    Ok((write.insert(row).await?, sheet))
}

/// What answers to a call's form are written on.
pub(crate) fn new_sheet(id: SheetId, to: &call::Model, at: Moment) -> sheet::Model {
    let (programme_id, form_id) = (to.programme_id, to.form_id);
    sheet::Model { id, programme_id, form_id, revision: 0, created_at: at, changed_at: at, closed_at: None }
}

/// An application that nobody has written in yet.
pub(crate) fn new_application(
    id: ApplicationId,
    to: &call::Model,
    number: i32,
    name: String,
    sheet: &sheet::Model,
    created_at: Moment,
) -> application::Model {
    application::Model {
        id,
        programme_id: to.programme_id,
        call_id: to.id,
        number,
        folded: store::search::folded(&name),
        name,
        sheet_id: sheet.id,
        state: DRAFT.into(),
        created_at,
        submitted_at: None,
        submitted_by: None,
        submitted_revision: None,
        receipt: None,
        receipt_hash: None,
        earlier_id: None,
        place_id: None,
    }
}

/// An organisation that joins an application.
pub(crate) fn new_applicant(
    id: ApplicantId,
    row: &application::Model,
    name: String,
    sector: String,
    lead: bool,
    created_at: Moment,
) -> applicant::Model {
    let (programme_id, application_id) = (row.programme_id, row.id);
    applicant::Model {
        id,
        programme_id,
        application_id,
        name,
        sector,
        lead,
        signed_revision: None,
        signed_by: None,
        signed_at: None,
        created_at,
        left_at: None,
    }
}

/// Somebody who writes for an organisation of it.
pub(crate) fn new_member(
    id: MemberId,
    organisation: &applicant::Model,
    person_id: PersonId,
    sections: Option<String>,
    created_at: Moment,
) -> member::Model {
    member::Model {
        id,
        programme_id: organisation.programme_id,
        application_id: organisation.application_id,
        applicant_id: organisation.id,
        person_id,
        sections,
        created_at,
        ended_at: None,
    }
}
