//! What is counted of published grants, held in memory. Segments never change, so a copy is as good as the row; which of them are
//! current is asked each time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use facets::{Ask, Index, Segment, bucket_of};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Db, fault};
use tables::{PortfolioId, grant_segment, grant_words, portfolio};

use super::import::CURRENT;

/// The segments that are held, each with its portfolio: a number may be given again once its segment is gone.
#[derive(Debug, Default)]
struct Held {
    segments: Vec<((i64, PortfolioId), Arc<Segment>)>,
    index: Arc<Index>,
}

/// The copies a server has made.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    held: RwLock<Arc<Held>>,
    /// Whoever finds that something is missing fetches it; others wait.
    fetching: tokio::sync::Mutex<()>,
}

impl Shelf {
    /// All that is current, what programmes here have published of their own with it.
    ///
    /// # Errors
    /// Where the database does not answer, or holds a segment that this server cannot read.
    pub async fn index(&self, db: &Db) -> Result<Arc<Index>, Fault> {
        let wanted = current(db).await?;
        if let Some(index) = self.known(&wanted) {
            return Ok(index);
        }
        let _alone = self.fetching.lock().await;
        if let Some(index) = self.known(&wanted) {
            return Ok(index);
        }
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut segments = Vec::with_capacity(wanted.len());
        for key in wanted {
            let segment = match held.segments.iter().find(|(own, _)| *own == key) {
                Some((_, segment)) => Some(segment.clone()),
                None => fetch(db, key.0).await?,
            };
            segments.extend(segment.map(|segment| (key, segment)));
        }
        let index = Arc::new(Index::of(segments.iter().map(|(_, segment)| segment.clone()).collect()));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Held { segments, index: index.clone() });
        Ok(index)
    }

    fn known(&self, wanted: &[(i64, PortfolioId)]) -> Option<Arc<Index>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.segments.iter().map(|(key, _)| key).eq(wanted).then(|| held.index.clone())
    }
}

async fn current(db: &Db) -> Result<Vec<(i64, PortfolioId)>, Fault> {
    use grant_segment::Column::{Number, PortfolioId as Portfolio};
    let portfolios = portfolio::Entity::find().select_only().column(portfolio::Column::Id);
    let portfolios = portfolios.filter(portfolio::COLUMN.state.eq(CURRENT)).into_tuple::<PortfolioId>().all(db.reader());
    let portfolios = portfolios.await.map_err(fault("list portfolios"))?;
    let segments = grant_segment::Entity::find().select_only().columns([Number, Portfolio]);
    let segments = segments.filter(Portfolio.is_in(portfolios)).order_by_asc(Number).into_tuple();
    segments.all(db.reader()).await.map_err(fault("list segments of grants"))
}

/// Nothing where it went away just now.
async fn fetch(db: &Db, number: i64) -> Result<Option<Arc<Segment>>, Fault> {
    let row = grant_segment::Entity::find_by_id(number).one(db.reader()).await.map_err(fault("load grants"))?;
    let Some(row) = row else { return Ok(None) };
    let read = tokio::task::spawn_blocking(move || Segment::read(number, &row.columns));
    let read = read.await.map_err(|e| Fault::new("load grants", e))?;
    read.map(Arc::new).map(Some).ok_or_else(|| Fault::new("load grants", format!("segment {number} cannot be read")))
}

/// Adds words to what is asked for, with the buckets they are kept in.
///
/// # Errors
/// Where the database does not answer.
pub(super) async fn with_words(db: &Db, ask: &mut Ask, words: Vec<String>) -> Result<(), Fault> {
    let buckets: Vec<i64> = words.iter().map(|word| bucket_of(word).into()).collect();
    if buckets.is_empty() {
        return Ok(());
    }
    let rows = grant_words::Entity::find().filter(grant_words::COLUMN.bucket.is_in(buckets)).all(db.reader()).await;
    let rows = rows.map_err(fault("search grants"))?;
    for word in words {
        let bucket = i64::from(bucket_of(&word));
        let own: HashMap<i64, Vec<u8>> =
            rows.iter().filter(|row| row.bucket == bucket).map(|row| (row.segment, row.words.clone())).collect();
        ask.words.push((word, own));
    }
    Ok(())
}
