//! The public library: what was published, searched by words and facets, read as single pages or as a storybook, and told to
//! machines. It shows publications and nothing else of an output; a quotation only as long as whoever said it agrees.

mod cite;
mod feeds;
mod list;
mod page;
mod shelf;

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ProgrammeId, PublicationId, consent, programme, published_quotation, quotation};

use super::consents::YES;
use super::piece::Shown;
use crate::ground::{Cx, Publishing, Route, Snapshot, Who};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page("/library", Who::Anyone, list::page),
        Route::page("/library/feed.atom", Who::Anyone, feeds::atom),
        Route::page("/library/feed.rss", Who::Anyone, feeds::rss),
        Route::page("/library/{slug}", Who::Anyone, page::latest),
        Route::page("/library/{slug}/{number}", Who::Anyone, page::version),
        Route::page("/sitemap.xml", Who::Anyone, feeds::sitemap),
        Route::page("/robots.txt", Who::Anyone, feeds::robots),
    ]
}

/// What stands for each quotation of some publications: its words where the consent to just these stands, and else a sentence.
async fn quotations(cx: &Cx, of: Vec<PublicationId>) -> Result<HashMap<(PublicationId, i32), Shown>, Fault> {
    let link = published_quotation::Entity::belongs_to(quotation::Entity)
        .from(published_quotation::Column::QuotationId)
        .to(quotation::Column::Id);
    let rows: Vec<(published_quotation::Model, Option<quotation::Model>)> = published_quotation::Entity::find()
        .select_also(quotation::Entity)
        .join(JoinType::InnerJoin, link.into())
        .filter(published_quotation::COLUMN.publication_id.is_in(of))
        .order_by_asc(published_quotation::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("load quotations"))?;
    let entries = rows.iter().filter_map(|(_, q)| q.as_ref().map(|q| q.entry_id));
    let standing = consent::Entity::find()
        .filter(consent::COLUMN.entry_id.is_in(entries))
        .filter(consent::COLUMN.answer.eq(YES))
        .filter(consent::COLUMN.replaced_at.is_null());
    let standing = standing.all(cx.read()).await.map_err(fault("load consents"))?;
    let shown = rows.into_iter().map(|(row, quotation)| {
        let taken = quotation.is_none_or(|q| q.taken_back_at.is_some());
        let agreed = !taken && standing.iter().any(|c| c.side == format!("{}/{}", row.quotation_id, row.hash));
        let shown = match agreed {
            true => Shown::Words { words: row.words, attribution: row.attribution },
            false => Shown::Instead(super::consents::TAKEN_BACK),
        };
        ((row.publication_id, row.number), shown)
    });
    Ok(shown.collect())
}

/// The programme of a publication.
async fn programme_of(cx: &Cx, id: ProgrammeId) -> Result<Option<Arc<Snapshot>>, Fault> {
    let row = programme::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a programme"))?;
    match row {
        Some(row) => Ok(Some(cx.app().snapshots.of(&cx.app().db, &row).await?)),
        None => Ok(None),
    }
}

/// The address of the licence under which everything here is published.
fn licence(cx: &Cx) -> String {
    cx.app().settings.publishing.as_ref().map_or(Publishing::LICENCE, |p| p.licence.as_str()).to_string()
}

/// A licence as people call it.
fn licence_name(address: &str) -> &str {
    if address == Publishing::LICENCE { "Creative Commons Attribution 4.0 International" } else { address }
}
