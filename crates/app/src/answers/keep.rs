//! Keeping forms. A form that is kept never changes, so a copy in memory is as good as the row.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use forms::{CompiledForm, Form};
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault, sha256};
use tables::{FormId, ProgrammeId, form};

use crate::ground::App;

/// The forms a server has made ready so far.
#[derive(Default)]
pub(crate) struct Forms(RwLock<HashMap<FormId, Arc<CompiledForm>>>);

/// Keeps a form as it stands now: the version that says the same already, or a new one.
///
/// # Errors
/// Where the database refuses it, or the form cannot be used.
pub(crate) async fn keep_form(write: &mut Write, programme: ProgrammeId, form: &Form) -> Result<FormId, Fault> {
    let document = serde_json::to_string(form).map_err(|e| Fault::new("keep a form", e))?;
    let digest = sha256(document.as_bytes());
    let latest = form::Entity::find()
        .filter(form::COLUMN.programme_id.eq(programme))
        .filter(form::COLUMN.key.eq(form.key.clone()))
        .order_by_desc(form::Column::Version)
        .one(write.tx())
        .await
        .map_err(fault("look for a form"))?;
    let version = match latest {
        Some(latest) if latest.digest == digest => return Ok(latest.id),
        Some(latest) => latest.version + 1,
        None => 1,
    };
    let id = FormId(write.id());
    let row =
        form::Model { id, programme_id: programme, key: form.key.clone(), version, document, digest, created_at: write.at() };
    write.insert(row).await?;
    Ok(id)
}

/// A form, ready for work.
pub(crate) async fn compiled(app: &App, id: FormId) -> Result<Arc<CompiledForm>, Fault> {
    let known = app.forms.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let row = form::Entity::find_by_id(id).one(app.db.reader()).await.map_err(fault("load a form"))?;
    let row = row.ok_or_else(|| Fault::new("load a form", "it is not there"))?;
    let form: Form = serde_json::from_str(&row.document).map_err(|e| Fault::new("read a form", e))?;
    let compiled = form.compile().map_err(|flaws| Fault::new("read a form", format!("{} flaws", flaws.len())))?;
    let compiled = Arc::new(compiled);
    app.forms.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, compiled.clone());
    Ok(compiled)
}
