//! Answers filled in before anybody writes: from what is known of the organisation, or from an earlier stage.

use forms::Suggestion;
use kernel::Fault;
use store::Write;
use tables::{AnswerId, PersonId, answer, sheet};

/// Fills in what is suggested on a new sheet. Each answer says where it is from until somebody saves its page.
///
/// # Errors
/// Where the database refuses it.
pub(crate) async fn suggest(write: &mut Write, sheet: &sheet::Model, found: &[Suggestion], by: PersonId) -> Result<(), Fault> {
    let mut rows = Vec::with_capacity(found.len());
    for one in found {
        rows.push(answer::Model {
            id: AnswerId(write.id()),
            programme_id: sheet.programme_id,
            sheet_id: sheet.id,
            path: one.path.to_string(),
            value: Some(serde_json::to_string(&one.value).map_err(|e| Fault::new("keep an answer", e))?),
            version: 1,
            changed_by: by,
            changed_at: write.at(),
            source: Some(one.from.en.clone()),
        });
    }
    write.insert_all(rows).await?;
    Ok(())
}
