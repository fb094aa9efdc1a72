//! Words that were quoted elsewhere go from there when they are taken back, in the very write that takes them back.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{EntryId, consent, published_quotation, quotation};

use crate::ground::Stop;

/// Ends every consent that a quotation or a place has given to an output.
pub(crate) async fn end_consents(write: &mut Write, entry: EntryId, of: impl std::fmt::Display) -> Result<(), Stop> {
    let standing = consent::Entity::find()
        .filter(consent::COLUMN.entry_id.eq(entry))
        .filter(consent::COLUMN.side.starts_with(format!("{of}/")))
        .filter(consent::COLUMN.replaced_at.is_null())
        .order_by_asc(consent::Column::Id);
    let replaced_at = Some(write.at());
    for before in standing.all(write.tx()).await.map_err(fault("list consents"))? {
        // What was written beside it may say what it said.
        let after = consent::Model { replaced_at, why: String::new(), ..before.clone() };
        write.replace(&before, after).await?;
    }
    Ok(())
}

/// Takes a quotation's words from wherever they stand: its row, and every version that was published with them.
pub(crate) async fn take_back_quotation(write: &mut Write, before: &quotation::Model) -> Result<(), Stop> {
    let published = published_quotation::Entity::find()
        .filter(published_quotation::COLUMN.quotation_id.eq(before.id))
        .order_by_asc(published_quotation::Column::Id);
    for row in published.all(write.tx()).await.map_err(fault("list published quotations"))? {
        let after = published_quotation::Model { words: String::new(), attribution: String::new(), ..row.clone() };
        write.replace(&row, after).await?;
    }
    end_consents(write, before.entry_id, before.id).await?;
    // What was said once, and replaced since, may hold the words as they wished them.
    let said = consent::Entity::find()
        .filter(consent::COLUMN.entry_id.eq(before.entry_id))
        .filter(consent::COLUMN.side.starts_with(format!("{}/", before.id)))
        .filter(consent::COLUMN.why.ne(""))
        .order_by_asc(consent::Column::Id);
    for row in said.all(write.tx()).await.map_err(fault("list consents"))? {
        write.replace(&row, consent::Model { why: String::new(), ..row.clone() }).await?;
    }
    let taken_back_at = before.taken_back_at.or(Some(write.at()));
    let after = quotation::Model { words: String::new(), attribution: String::new(), taken_back_at, ..before.clone() };
    write.replace(before, after).await?;
    Ok(())
}
