//! Forms being filled in. Answers are rows, each with its version: saving sends the version that was seen, and where
//! somebody else has changed the answer meanwhile nothing is overwritten. What an answer said before stands in the
//! journal. Whoever asks for a sheet has been let through to what it belongs to; nothing here is reached by its own id.

mod keep;
mod page;
mod save;
mod suggest;
mod uploads;

pub(crate) use keep::{compiled as form_of, keep_form, keep_made, latest as latest_form};
pub(crate) use page::{Around, keys, section};
pub(crate) use save::{Outcome, Pressed, Sent, open_again, save};
pub(crate) use suggest::suggest;
pub(crate) use uploads::{Arrived, arrived};

use std::collections::BTreeMap;
use std::sync::Arc;

use forms::{Answers, CompiledForm, Path, Value};
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{SheetId, answer, sheet};

use crate::ground::App;

/// A sheet as it stands: its form and its answers, each with its row.
pub(crate) struct Filled {
    pub sheet: sheet::Model,
    pub form: Arc<CompiledForm>,
    pub rows: BTreeMap<Path, answer::Model>,
    pub answers: Answers,
}

impl Filled {
    /// The version of an answer; nought where nobody has answered yet.
    pub fn version(&self, path: &Path) -> i32 {
        self.rows.get(path).map_or(0, |row| row.version)
    }
}

/// Loads a sheet with all its answers, as the database given sees it.
///
/// # Errors
/// Where the database does not answer, or holds a form or an answer that this server cannot read.
pub(crate) async fn load(app: &App, db: &impl ConnectionTrait, id: SheetId) -> Result<Filled, Fault> {
    let sheet = sheet::Entity::find_by_id(id).one(db).await.map_err(fault("load a sheet"))?;
    let sheet = sheet.ok_or_else(|| Fault::new("load a sheet", "it is not there"))?;
    with_answers(app, db, sheet).await
}

/// The answers of a sheet that is loaded already.
async fn with_answers(app: &App, db: &impl ConnectionTrait, sheet: sheet::Model) -> Result<Filled, Fault> {
    let form = keep::compiled(app, sheet.form_id).await?;
    let rows = answer::Entity::find().filter(answer::COLUMN.sheet_id.eq(sheet.id)).order_by_asc(answer::Column::Path);
    let mut filled = Filled { sheet, form, rows: BTreeMap::new(), answers: Answers::default() };
    for row in rows.all(db).await.map_err(fault("load answers"))? {
        let path: Path = row.path.parse().map_err(|e| Fault::new("read an answer", e))?;
        filled.answers.set(path.clone(), value_of(&row)?);
        filled.rows.insert(path, row);
    }
    Ok(filled)
}

fn value_of(row: &answer::Model) -> Result<Option<Value>, Fault> {
    let Some(text) = &row.value else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|e| Fault::new("read an answer", e))
}
