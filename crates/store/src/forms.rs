//! Forms that have been handled, so that a double click does nothing twice.

use kernel::{Fault, Moment};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tables::handled_form;

use crate::{Db, batch, fault};

/// Where this form led when it was handled before. What stands in line to be saved is waited for.
///
/// # Errors
/// Where the database does not answer.
pub async fn already_handled(db: &Db, once: &str) -> Result<Option<String>, Fault> {
    batch::close(db.batch().clone()).await;
    let found =
        handled_form::Entity::find_by_id(once.to_string()).one(db.reader()).await.map_err(fault("look for a handled form"))?;
    if found.is_some() {
        db.on_disk().await?;
    }
    Ok(found.map(|f| f.location))
}

/// Forgets forms handled before this moment.
///
/// # Errors
/// Where the database does not answer.
pub async fn forget_old_forms(db: &Db, before: Moment) -> Result<u64, Fault> {
    let old = handled_form::Column::At.lt(before);
    let gone = handled_form::Entity::delete_many().filter(old).exec(db.writer()).await.map_err(fault("forget handled forms"))?;
    Ok(gone.rows_affected)
}
