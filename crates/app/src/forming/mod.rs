//! Forms made and edited in the browser, by those who run a programme. A version that is kept never changes: what is
//! saved here is the next one, with its reason, and a call goes on with the version it was opened with.

mod edit;
mod import;
mod list;
mod question;
mod text;

use design::Power;
use forms::Form;
use kernel::Fault;

use crate::answers::latest_form;
use crate::ground::{Cx, Route, Stop, Who};

pub(crate) fn routes() -> Vec<Route> {
    let who = Who::May(Power::RunProgramme);
    vec![
        Route::page("/programmes/{programme}/design/forms", who, list::page),
        Route::action("/programmes/{programme}/design/forms", who, list::new),
        Route::page("/programmes/{programme}/design/form-from-workbook", who, import::page),
        Route::action("/programmes/{programme}/design/form-from-workbook", who, import::read).taking_files(),
        Route::page("/programmes/{programme}/design/forms/{form}", who, list::one),
        Route::page("/programmes/{programme}/design/forms/{form}/xlsform", who, list::xlsform),
        Route::page("/programmes/{programme}/design/forms/{form}/edit", who, edit::form),
        Route::action("/programmes/{programme}/design/forms/{form}/edit", who, edit::save),
        Route::page("/programmes/{programme}/design/forms/{form}/text", who, text::form),
        Route::action("/programmes/{programme}/design/forms/{form}/text", who, text::save),
    ]
}

/// A form as one goes on from it: its newest version, or as the design has it where that is newer.
struct Standing {
    form: Form,
    /// The newest version that is kept; nought where it stands in the design alone.
    version: i32,
}

async fn standing(cx: &Cx) -> Result<Standing, Stop> {
    let (programme, key) = (cx.programme()?, cx.param("form"));
    let latest = latest_form(cx.read(), programme.id, key).await?;
    let version = latest.as_ref().map_or(0, |row| row.version);
    let of_design = programme.programme.form(key).map(|f| f.form.clone());
    let newer = latest.filter(|row| row.created_at >= programme.adopted_at || of_design.is_none());
    let kept = newer.map(|row| serde_json::from_str(&row.document)).transpose().map_err(|e| Fault::new("read a form", e))?;
    Ok(Standing { form: kept.or(of_design).ok_or(Stop::Missing)?, version })
}

/// Where the pages of a form stand.
fn home(cx: &Cx) -> Result<String, Stop> {
    Ok(format!("{}/design/forms", cx.programme()?.href()))
}

/// The form with this key, for whoever opens a call: the newest that somebody made, unless the design was changed since.
///
/// # Errors
/// Where the database does not answer, or holds a form that this server cannot read.
pub(crate) async fn made_since(cx: &Cx, key: &str) -> Result<Option<Form>, Stop> {
    let programme = cx.programme()?;
    let latest = latest_form(cx.read(), programme.id, key).await?.filter(|row| row.reason.is_some());
    let latest = latest.filter(|row| row.created_at >= programme.adopted_at);
    let read = latest.map(|row| serde_json::from_str(&row.document)).transpose();
    Ok(read.map_err(|e| Fault::new("read a form", e))?)
}
