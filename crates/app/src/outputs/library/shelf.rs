//! What stands in the library, held in memory as lists and searches need it. It is made of what was published and of no quotation,
//! and made anew when a journal tells of another publication.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use kernel::{Day, Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::search::fold;
use store::{Db, fault, journal};
use tables::{ProgrammeId, PublicationId, Row, programme, publication};

use crate::ground::Cx;

/// Words of a search that are looked for.
const WORDS: usize = 12;

/// What lists know of a publication.
#[derive(Debug, sea_orm::FromQueryResult)]
pub(super) struct Light {
    pub id: PublicationId,
    pub programme_id: ProgrammeId,
    pub slug: String,
    pub number: i32,
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub by_line: String,
    topics: String,
    places: String,
    pub published_on: Day,
    pub published_at: Moment,
    pub programme: String,
    pub programme_slug: String,
    practice: bool,
    /// Every word of it once, as words are compared.
    folded: String,
}

impl Light {
    pub fn href(&self) -> String {
        format!("/library/{}", self.slug)
    }
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        self.topics.lines().filter(|t| !t.is_empty())
    }
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.places.lines().filter(|t| !t.is_empty())
    }
    /// A text that holds a word holds it within one of its words.
    fn with_each_word_once(mut self) -> Self {
        let mut seen = HashSet::new();
        let once: Vec<&str> = self.folded.split(' ').filter(|word| seen.insert(*word)).collect();
        self.folded = once.join(" ");
        self
    }
}

/// The newest first, and where the journals stood.
#[derive(Debug)]
struct Held {
    ends: BTreeMap<Uuid, i64>,
    lights: Vec<Arc<Light>>,
}

/// The copy that a server has made.
#[derive(Debug, Default)]
struct Library {
    held: RwLock<Option<Arc<Held>>>,
    /// Whoever finds that something was published reads it; others wait.
    reading: tokio::sync::Mutex<()>,
}

impl Library {
    async fn all(&self, db: &Db) -> Result<Arc<Held>, Fault> {
        let known = || self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        let ends = journal::ends(db, &[]).await?;
        if let Some(held) = known().filter(|held| held.ends == ends) {
            return Ok(held);
        }
        let _alone = self.reading.lock().await;
        let held = match known() {
            Some(held) if same(db, &held.ends, &ends).await? => Held { ends, lights: held.lights.clone() },
            _ => Held { ends, lights: lights(db).await? },
        };
        let held = Arc::new(held);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held.clone());
        Ok(held)
    }
}

/// Whether no journal tells of a publication, or of what a programme is called, after these records.
async fn same(db: &Db, before: &BTreeMap<Uuid, i64>, now: &BTreeMap<Uuid, i64>) -> Result<bool, Fault> {
    let kinds = [publication::Model::KIND, programme::Model::KIND];
    for (chain, end) in now {
        let start = before.get(chain).copied().unwrap_or_default();
        if start != *end && journal::tells(db, *chain, (start, *end), &kinds).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn lights(db: &Db) -> Result<Vec<Arc<Light>>, Fault> {
    use publication::Column::{
        ByLine, Folded, Id, Kind, Number, Places, ProgrammeId as Programme, PublishedAt, PublishedOn, Slug, Summary, Title,
        Topics,
    };
    let of = publication::Entity::belongs_to(programme::Entity).from(Programme).to(programme::Column::Id);
    let found: Vec<Light> = publication::Entity::find()
        .select_only()
        .columns([Id, Programme, Slug, Number, Kind, Title, Summary, ByLine, Topics, Places, PublishedOn, PublishedAt, Folded])
        .column_as(programme::Column::Name, "programme")
        .column_as(programme::Column::Slug, "programme_slug")
        .column_as(programme::Column::Practice, "practice")
        .join(JoinType::InnerJoin, of.into())
        .filter(publication::COLUMN.latest.eq(true))
        .filter(publication::COLUMN.withdrawn_at.is_null())
        .order_by_desc(PublishedAt)
        .order_by_desc(Id)
        .into_model()
        .all(db.reader())
        .await
        .map_err(fault("list publications"))?;
    Ok(found.into_iter().map(|light| Arc::new(light.with_each_word_once())).collect())
}

/// What stands in the library and holds all of these words, the newest first. Made-up publications stand in the pages of their
/// practice programme alone.
pub(super) async fn shelf(cx: &Cx, words: &str, practice: Option<&str>) -> Result<Vec<Arc<Light>>, Fault> {
    let held = cx.app().memory::<Library>().all(&cx.app().db).await?;
    let words: Vec<String> = fold(words).into_iter().take(WORDS).collect();
    let whose = |light: &Light| practice.map_or(!light.practice, |slug| light.programme_slug == slug);
    let holds = |light: &Light| words.iter().all(|word| light.folded.contains(word.as_str()));
    Ok(held.lights.iter().filter(|light| whose(light) && holds(light)).cloned().collect())
}
