//! The public library: what was published, searched by words and facets, read as single pages or as a storybook, and told to
//! machines. It shows publications and nothing else of an output; a quotation only as long as whoever said it agrees.

mod cite;
mod feeds;
mod list;
mod page;

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use store::search::{fold, holds};
use tables::{ProgrammeId, PublicationId, consent, programme, publication, published_quotation, quotation};

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

/// What lists know of a publication.
#[derive(Debug, Clone, sea_orm::FromQueryResult)]
struct Light {
    id: PublicationId,
    programme_id: ProgrammeId,
    slug: String,
    number: i32,
    kind: String,
    title: String,
    summary: String,
    by_line: String,
    topics: String,
    places: String,
    published_on: kernel::Day,
    published_at: kernel::Moment,
    programme: String,
    programme_slug: String,
}

impl Light {
    fn href(&self) -> String {
        format!("/library/{}", self.slug)
    }
    fn topics(&self) -> impl Iterator<Item = &str> {
        self.topics.lines().filter(|t| !t.is_empty())
    }
    fn places(&self) -> impl Iterator<Item = &str> {
        self.places.lines().filter(|t| !t.is_empty())
    }
}

/// What stands in the library, the newest first. Made-up publications stand in the pages of their practice programme alone.
async fn shelf(cx: &Cx, words: &str, practice: Option<&str>) -> Result<Vec<Light>, Fault> {
    let of = publication::Entity::belongs_to(programme::Entity).from(publication::Column::ProgrammeId).to(programme::Column::Id);
    let engine = cx.app().db.engine();
    let said = fold(words)
        .into_iter()
        .take(12)
        .fold(Condition::all(), |all, word| all.add(holds(engine, (publication::Entity, publication::Column::Folded), &word)));
    let whose = match practice {
        Some(slug) => programme::COLUMN.slug.eq(slug),
        None => programme::COLUMN.practice.eq(false),
    };
    publication::Entity::find()
        .select_only()
        .columns([
            publication::Column::Id,
            publication::Column::ProgrammeId,
            publication::Column::Slug,
            publication::Column::Number,
            publication::Column::Kind,
            publication::Column::Title,
            publication::Column::Summary,
            publication::Column::ByLine,
            publication::Column::Topics,
            publication::Column::Places,
            publication::Column::PublishedOn,
            publication::Column::PublishedAt,
        ])
        .column_as(programme::Column::Name, "programme")
        .column_as(programme::Column::Slug, "programme_slug")
        .join(JoinType::InnerJoin, of.into())
        .filter(publication::COLUMN.latest.eq(true))
        .filter(publication::COLUMN.withdrawn_at.is_null())
        .filter(whose)
        .filter(said)
        .order_by_desc(publication::Column::PublishedAt)
        .order_by_desc(publication::Column::Id)
        .into_model()
        .all(cx.read())
        .await
        .map_err(fault("list publications"))
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
