//! The themes of excerpts as they are counted, held in memory: where the words stand, who wrote them and when. It holds no words,
//! and decides nothing about who reads what: whoever counts does, by [`Standing`]. The journal tells what has changed since.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, JoinType, QuerySelect};
use store::{Db, fault, journal};
use tables::{CircleId, EntryId, MarkId, PersonId, PlaceId, ProgrammeId, Row, ThemeId, entry, mark, mark_theme, programme};

use super::counts::QUARTER;

/// Past so many records of the journal it is quicker to read everything anew.
const FOLLOWED: i64 = 20_000;
/// So many excerpts are asked for at once.
const CHUNK: usize = 400;

/// Where the words of an excerpt stand: all that decides who reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Standing {
    pub place: Option<PlaceId>,
    pub circle: CircleId,
    pub source: Option<CircleId>,
    /// The circle in which the version stood that was marked.
    pub stood: CircleId,
}

/// A theme of an excerpt. Numbers are places in the lists of [`Kept`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    mark: MarkId,
    entry: EntryId,
    pub theme: u32,
    pub standing: u32,
    pub author: u32,
    pub quarter: i64,
}

/// Each value once, by a number.
#[derive(Debug, Clone)]
struct Names<T> {
    all: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Copy + Eq + Hash> Names<T> {
    fn number(&mut self, of: T) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(of).or_insert_with(|| {
            self.all.push(of);
            next
        })
    }
}

/// All excerpts of a programme that others see too, with their themes, as they stood at one record of its journal.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    record: i64,
    pub given: Vec<Given>,
    themes: Names<ThemeId>,
    standings: Names<Standing>,
    authors: Names<PersonId>,
}

type Found = (MarkId, EntryId, ThemeId, Option<PlaceId>, CircleId, Option<CircleId>, CircleId, PersonId, i64);

impl Kept {
    pub fn theme(&self, number: u32) -> Option<ThemeId> {
        self.themes.all.get(number as usize).copied()
    }
    /// Every place where words stand; [`Given::standing`] counts them from nought.
    pub fn standings(&self) -> &[Standing] {
        &self.standings.all
    }

    async fn add(&mut self, db: &Db, programme: ProgrammeId, of: Condition) -> Result<(), Fault> {
        let to_mark = mark_theme::Entity::belongs_to(mark::Entity).from(mark_theme::Column::MarkId).to(mark::Column::Id);
        let in_entry = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
        let found: Vec<Found> = mark_theme::Entity::find()
            .select_only()
            .column_as(mark::Column::Id, "mark")
            .column_as(entry::Column::Id, "entry")
            .column(mark_theme::Column::ThemeId)
            .column(entry::Column::PlaceId)
            .column(entry::Column::CircleId)
            .column(entry::Column::SourceCircleId)
            .column_as(mark::Column::CircleId, "stood")
            .column(entry::Column::AuthorId)
            .expr_as(Expr::cust(QUARTER), "quarter")
            .join(JoinType::InnerJoin, to_mark.into())
            .join(JoinType::InnerJoin, in_entry.into())
            .filter(mark_theme::COLUMN.programme_id.eq(programme))
            .filter(mark_theme::COLUMN.ended_at.is_null())
            .filter(mark::COLUMN.shown_at.is_not_null())
            .filter(mark::COLUMN.removed_at.is_null())
            .filter(of)
            .into_tuple()
            .all(db.reader())
            .await
            .map_err(fault("count excerpts"))?;
        self.given.reserve(found.len());
        for (mark, entry, theme, place, circle, source, stood, author, quarter) in found {
            let theme = self.themes.number(theme);
            let standing = self.standings.number(Standing { place, circle, source, stood });
            let author = self.authors.number(author);
            self.given.push(Given { mark, entry, theme, standing, author, quarter });
        }
        Ok(())
    }

    /// Takes in what these records of the journal tell of.
    async fn follow(&mut self, db: &Db, programme: ProgrammeId, told: &[(String, Uuid)]) -> Result<(), Fault> {
        let of = |kind: &'static str| told.iter().filter(move |(k, _)| k == kind).map(|(_, id)| *id);
        let entries: HashSet<Uuid> = of(entry::Model::KIND).collect();
        let mut marks: HashSet<MarkId> = of(mark::Model::KIND).map(MarkId).collect();
        marks.extend(self.given.iter().filter(|g| entries.contains(&g.entry.0)).map(|g| g.mark));
        let themes: Vec<Uuid> = of(mark_theme::Model::KIND).collect();
        for some in themes.chunks(CHUNK) {
            let of = mark_theme::Entity::find().select_only().column(mark_theme::Column::MarkId);
            let of = of.filter(mark_theme::COLUMN.id.is_in(some.iter().copied())).into_tuple::<MarkId>();
            marks.extend(of.all(db.reader()).await.map_err(fault("count excerpts"))?);
        }
        if !marks.is_empty() {
            self.given.retain(|g| !marks.contains(&g.mark));
        }
        let marks: Vec<MarkId> = marks.into_iter().collect();
        for some in marks.chunks(CHUNK) {
            self.add(db, programme, Condition::all().add(mark::COLUMN.id.is_in(some.iter().copied()))).await?;
        }
        Ok(())
    }
}

/// What a server holds, programme by programme.
#[derive(Debug, Default)]
pub(super) struct Counted {
    held: RwLock<HashMap<ProgrammeId, Arc<Kept>>>,
    /// Whoever finds that the journal has gone on reads what changed; others wait.
    reading: tokio::sync::Mutex<()>,
}

impl Counted {
    /// Reads ahead what is counted in every programme, so that whoever opens the first table after a start does not wait for it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read_ahead(&self, db: &Db) -> Result<(), Fault> {
        let all = programme::Entity::find().select_only().column(programme::Column::Id).into_tuple::<ProgrammeId>();
        for programme in all.all(db.reader()).await.map_err(fault("list programmes"))? {
            self.of(db, programme).await?;
        }
        Ok(())
    }

    /// All that is to be counted in a programme, as it stands now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn of(&self, db: &Db, programme: ProgrammeId) -> Result<Arc<Kept>, Fault> {
        let end = journal::ends(db, &[programme.0]).await?.get(&programme.0).copied().unwrap_or_default();
        let known = || self.held.read().unwrap_or_else(PoisonError::into_inner).get(&programme).cloned();
        if let Some(kept) = known().filter(|k| k.record >= end) {
            return Ok(kept);
        }
        let _alone = self.reading.lock().await;
        let before = known();
        if let Some(kept) = before.as_ref().filter(|k| k.record >= end) {
            return Ok(kept.clone());
        }
        let kinds = [entry::Model::KIND, mark::Model::KIND, mark_theme::Model::KIND];
        let kept = match before.filter(|k| end - k.record <= FOLLOWED) {
            Some(before) => {
                let told = journal::changed(db, programme.0, (before.record, end), &kinds).await?;
                let mut kept = Arc::unwrap_or_clone(before);
                kept.follow(db, programme, &told).await?;
                kept
            }
            None => {
                let mut kept = Kept::default();
                kept.add(db, programme, Condition::all()).await?;
                kept
            }
        };
        let kept = Arc::new(Kept { record: end, ..kept });
        self.held.write().unwrap_or_else(PoisonError::into_inner).insert(programme, kept.clone());
        Ok(kept)
    }
}
