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
struct Forms(RwLock<HashMap<FormId, Arc<CompiledForm>>>);

/// Keeps a form as it stands now: the version that says the same already, or a new one.
///
/// # Errors
/// Where the database refuses it, or the form cannot be used.
pub(crate) async fn keep_form(write: &mut Write, programme: ProgrammeId, form: &Form) -> Result<FormId, Fault> {
    let (document, digest) = written(form)?;
    let latest = latest(write.tx(), programme, &form.key).await?;
    match latest {
        Some(latest) if latest.digest == digest => Ok(latest.id),
        latest => Ok(insert(write, programme, &form.key, (document, digest), latest, None).await?.id),
    }
}

/// Keeps what somebody made of a form as its next version, and why they did.
///
/// # Errors
/// As [`keep_form`].
pub(crate) async fn keep_made(write: &mut Write, programme: ProgrammeId, form: &Form, why: &str) -> Result<form::Model, Fault> {
    let written = written(form)?;
    let latest = latest(write.tx(), programme, &form.key).await?;
    insert(write, programme, &form.key, written, latest, Some(why)).await
}

/// The newest version of a form.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn latest(db: &impl ConnectionTrait, programme: ProgrammeId, key: &str) -> Result<Option<form::Model>, Fault> {
    form::Entity::find()
        .filter(form::COLUMN.programme_id.eq(programme))
        .filter(form::COLUMN.key.eq(key))
        .order_by_desc(form::Column::Version)
        .one(db)
        .await
        .map_err(fault("look for a form"))
}

/// A form as it is kept, and what it is recognised by.
fn written(form: &Form) -> Result<(String, String), Fault> {
    let document = serde_json::to_string(form).map_err(|e| Fault::new("keep a form", e))?;
    let digest = sha256(document.as_bytes());
    Ok((document, digest))
}

async fn insert(
    write: &mut Write,
    programme_id: ProgrammeId,
    key: &str,
    (document, digest): (String, String),
    latest: Option<form::Model>,
    why: Option<&str>,
) -> Result<form::Model, Fault> {
    let row = form::Model {
        id: FormId(write.id()),
        programme_id,
        key: key.to_string(),
        version: latest.map_or(1, |latest| latest.version + 1),
        document,
        digest,
        created_at: write.at(),
        made_by: why.and(write.actor()),
        reason: why.map(str::to_string),
    };
    write.insert(row).await
}

/// A form, ready for work.
pub(crate) async fn compiled(app: &App, id: FormId) -> Result<Arc<CompiledForm>, Fault> {
    let known = app.memory::<Forms>().0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let row = form::Entity::find_by_id(id).one(app.db.reader()).await.map_err(fault("load a form"))?;
    let row = row.ok_or_else(|| Fault::new("load a form", "it is not there"))?;
    let form: Form = serde_json::from_str(&row.document).map_err(|e| Fault::new("read a form", e))?;
    let compiled = form.compile().map_err(|flaws| Fault::new("read a form", format!("{} flaws", flaws.len())))?;
    let compiled = Arc::new(compiled);
    app.memory::<Forms>().0.write().unwrap_or_else(PoisonError::into_inner).insert(id, compiled.clone());
    Ok(compiled)
}
