//! Bringing a portfolio in. It is written a few thousand grants at a time, so that nobody else who writes waits for long, and it
//! is not seen before its last grant stands: then one write puts it in the place of the one of the same name.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use facets::{Built, number, segment_of};
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveModelTrait, Condition, IntoActiveModel, QueryOrder, QuerySelect};
use store::{Db, Writer, fault};
use tables::{PortfolioId, grant_segment, grant_words, portfolio, published_grant};
use threesixty::{Format, Stop};
use tokio::sync::mpsc::{Receiver, channel};

use super::reading::{Message, Seen, Taking, Wrong};

/// Another import that has said nothing for so long is no more.
const SILENT_SECONDS: i64 = 60;
/// Rows in one statement: the databases have limits of their own.
const ROWS: usize = 500;
/// Grants that are taken away at a time.
const AWAY: i64 = 4_096;

pub(super) const ARRIVING: &str = "arriving";
pub(super) const CURRENT: &str = "current";
const REPLACED: &str = "replaced";
const STOPPED: &str = "stopped";

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is there, and how many grants it had before.
    Done { grants: u64, before: Option<u64>, rounded: u64, remarks: Vec<String> },
    /// The very same file is there already.
    Same { grants: u64 },
    /// Nothing has changed.
    Refused(Wrong),
}

fn refused(why: impl Into<String>) -> Imported {
    Imported::Refused(Wrong { told: vec![why.into()], more: 0 })
}

/// A file of grants to be brought in.
#[derive(Debug, Clone)]
pub struct Portfolio {
    pub file: PathBuf,
    /// What it is known by; the current one of that name is replaced.
    pub name: String,
}

/// Imports a file, whole or not at all. `progress` hears how many grants have been written so far.
///
/// # Errors
/// Where the database does not answer. What was written is not seen, and goes with the next import.
pub async fn import_grants(
    db: &Db,
    writer: &Writer,
    wanted: &Portfolio,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Imported, Fault> {
    let Some(format) = Format::of(&wanted.file) else {
        return Ok(refused("a file of grants ends in .json, .csv or .xlsx"));
    };
    let hash = match hash_of(&wanted.file) {
        Ok(hash) => hash,
        Err(e) => return Ok(refused(e.to_string())),
    };
    tidy(db, writer).await?;
    let current = current(db).await?;
    let before = current.iter().find(|p| p.name == wanted.name).cloned();
    if let Some(same) = before.as_ref().filter(|p| p.hash == hash) {
        return Ok(Imported::Same { grants: u64::try_from(same.grants).unwrap_or(0) });
    }
    let arriving = match begin(db, writer, wanted, hash).await? {
        Ok(row) => row,
        Err(other) => return Ok(refused(other)),
    };
    let others = current.into_iter().filter(|p| before.as_ref().is_none_or(|b| b.id != p.id));
    let others = others.map(|p| (p.id, p.file)).chain([(arriving.id, arriving.file.clone())]).collect();
    let mut arrival = Arrival { db, writer, id: arriving.id, others, written: 0, segment: None, wrong: Wrong::default() };
    let seen = arrival.take(&wanted.file, format, progress).await?;
    let mut wrong = arrival.wrong;
    let seen = match seen {
        Ok(seen) => seen,
        Err(stop) => {
            wrong.told.insert(0, stop.to_string());
            Seen::default()
        }
    };
    if wrong.is_empty() {
        wrong = seen.wrong.clone();
    }
    if wrong.is_empty() && seen.grants == 0 {
        wrong.add(|| "there are no grants in it".to_string());
    }
    if !wrong.is_empty() {
        take_away(db, writer, &arriving).await?;
        return Ok(Imported::Refused(wrong));
    }
    settle(db, writer, arriving, before.as_ref(), &seen).await?;
    if let Some(before) = &before {
        take_away(db, writer, before).await?;
    }
    let before = before.map(|p| u64::try_from(p.grants).unwrap_or(0));
    Ok(Imported::Done { grants: seen.grants, before, rounded: seen.rounded, remarks: seen.remarks })
}

fn hash_of(file: &Path) -> std::io::Result<String> {
    use sha2::Digest as _;
    let (mut file, mut hash, mut piece) = (std::fs::File::open(file)?, sha2::Sha256::new(), vec![0; 1 << 18]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect());
        }
        hash.update(&piece[..read]);
    }
}

/// The portfolios whose grants are shown.
pub(super) async fn current(db: &Db) -> Result<Vec<portfolio::Model>, Fault> {
    portfolio::Entity::find()
        .filter(portfolio::COLUMN.state.eq(CURRENT))
        .order_by_asc(portfolio::Column::Name)
        .order_by_asc(portfolio::Column::Id)
        .all(db.reader())
        .await
        .map_err(fault("list portfolios"))
}

/// Notes that a portfolio arrives, unless another does.
async fn begin(db: &Db, writer: &Writer, wanted: &Portfolio, hash: String) -> Result<Result<portfolio::Model, String>, Fault> {
    let write = db.write(writer, "begin an import").await?;
    let file = wanted.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let row = portfolio::Model {
        id: PortfolioId(write.id()),
        name: wanted.name.clone(),
        state: ARRIVING.into(),
        file,
        hash,
        publisher: String::new(),
        title: None,
        licence: None,
        address: None,
        grants: 0,
        begun_at: write.at(),
        seen_at: write.at(),
        imported_at: None,
    };
    let added = portfolio::Entity::insert(row.clone().into_active_model().reset_all());
    added.exec_without_returning(write.unrecorded()).await.map_err(fault("begin an import"))?;
    write.save().await?;
    // Of two that begin at once, each finds the other: the first goes on.
    let others = portfolio::Entity::find().filter(portfolio::COLUMN.state.eq(ARRIVING)).filter(portfolio::COLUMN.id.lt(row.id));
    match others.one(db.reader()).await.map_err(fault("begin an import"))? {
        None => Ok(Ok(row)),
        Some(other) => {
            take_away(db, writer, &row).await?;
            Ok(Err(format!(
                "{} is being imported, and last gave a sign of life on {}; try again when it is there, or a minute after it has ended",
                other.file, other.seen_at
            )))
        }
    }
}

/// Takes away what is not seen: of imports that ended too soon, and of portfolios that were replaced.
async fn tidy(db: &Db, writer: &Writer) -> Result<(), Fault> {
    let gone = portfolio::Entity::find().filter(portfolio::COLUMN.state.ne(CURRENT)).all(db.reader()).await;
    let now = writer.clock.now();
    for row in gone.map_err(fault("look for what is left of imports"))? {
        if row.state == ARRIVING && now.seconds_since(row.seen_at) < SILENT_SECONDS {
            continue;
        }
        take_away(db, writer, &row).await?;
    }
    Ok(())
}

/// From which numbers to which, the last not counted, the grants of a portfolio stand.
pub(super) async fn ranges_of(db: &Db, id: PortfolioId) -> Result<Vec<(i64, i64)>, Fault> {
    let segments = grant_segment::Entity::find().select_only().column(grant_segment::Column::Number);
    let segments = segments.filter(grant_segment::COLUMN.portfolio_id.eq(id)).order_by_asc(grant_segment::Column::Number);
    let segments = segments.into_tuple::<i64>().all(db.reader()).await.map_err(fault("list segments of grants"))?;
    Ok(segments.into_iter().map(|segment| (number(segment, 0), number(segment + 1, 0))).collect())
}

/// Takes away what was written of a portfolio, some at a time. What is left of it is the note that it was there.
async fn take_away(db: &Db, writer: &Writer, row: &portfolio::Model) -> Result<(), Fault> {
    const DOING: &str = "take grants away";
    let segments = grant_segment::Entity::find().select_only().column(grant_segment::Column::Number);
    let segments = segments.filter(grant_segment::COLUMN.portfolio_id.eq(row.id)).into_tuple::<i64>();
    for segment in segments.all(db.reader()).await.map_err(fault(DOING))? {
        let (mut from, end) = (number(segment, 0), number(segment + 1, 0));
        while from < end {
            let write = db.write(writer, DOING).await?;
            let these = Condition::all()
                .add(published_grant::COLUMN.number.gte(from))
                .add(published_grant::COLUMN.number.lt(from + AWAY));
            let gone =
                published_grant::Entity::delete_many().filter(these).exec(write.unrecorded()).await.map_err(fault(DOING))?;
            write.save().await?;
            from += AWAY;
            // They stand without a gap, from the first.
            if gone.rows_affected == 0 {
                break;
            }
        }
        let write = db.write(writer, DOING).await?;
        let words = grant_words::Entity::delete_many().filter(grant_words::COLUMN.segment.eq(segment));
        words.exec(write.unrecorded()).await.map_err(fault(DOING))?;
        grant_segment::Entity::delete_by_id(segment).exec(write.unrecorded()).await.map_err(fault(DOING))?;
        write.save().await?;
    }
    if row.state == ARRIVING {
        let write = db.write(writer, DOING).await?;
        let stopped = portfolio::Entity::update_many()
            .col_expr(portfolio::Column::State, Expr::value(STOPPED))
            .filter(portfolio::COLUMN.id.eq(row.id))
            .filter(portfolio::COLUMN.state.eq(ARRIVING));
        stopped.exec(write.unrecorded()).await.map_err(fault(DOING))?;
        write.save().await?;
    }
    Ok(())
}

/// Lets the portfolio be seen, and the one before it not any more, at once.
async fn settle(
    db: &Db,
    writer: &Writer,
    arriving: portfolio::Model,
    before: Option<&portfolio::Model>,
    seen: &Seen,
) -> Result<(), Fault> {
    let mut write = db.write(writer, "import a portfolio of grants").await?;
    let at = write.at();
    if let Some(before) = before {
        write.replace(before, portfolio::Model { state: REPLACED.into(), ..before.clone() }).await?;
    }
    let after = portfolio::Model {
        state: CURRENT.into(),
        publisher: seen.publisher.clone().unwrap_or_default(),
        title: seen.title.clone(),
        licence: seen.licence.clone(),
        address: seen.address.clone(),
        grants: i64::try_from(seen.grants).unwrap_or(i64::MAX),
        seen_at: at,
        imported_at: Some(at),
        ..arriving.clone()
    };
    write.replace(&arriving, after).await?;
    write.save().await
}

/// A portfolio that is being written.
struct Arrival<'a> {
    db: &'a Db,
    writer: &'a Writer,
    id: PortfolioId,
    /// The files of the portfolios that it must not share a grant with: the current ones, but for the one it replaces, and itself.
    others: HashMap<PortfolioId, String>,
    written: u64,
    /// The segment that is being filled.
    segment: Option<i64>,
    wrong: Wrong,
}

impl Arrival<'_> {
    /// Reads the file on a thread of its own, and writes what comes of it.
    async fn take(
        &mut self,
        file: &Path,
        format: Format,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Result<Seen, Stop>, Fault> {
        let (to, mut from) = channel(4);
        let file = file.to_path_buf();
        let reader = tokio::task::spawn_blocking(move || {
            let mut taking = Taking::new(to);
            threesixty::read(&file, format, &mut taking)?;
            taking.finish()
        });
        let written = self.write_all(&mut from, progress).await;
        // Whoever reads on finds nobody who listens, and ends.
        drop(from);
        let seen = reader.await.map_err(|e| Fault::new("read grants", e))?;
        written.map(|()| seen)
    }

    async fn write_all(&mut self, from: &mut Receiver<Message>, progress: &mut (dyn FnMut(u64) + Send)) -> Result<(), Fault> {
        while let Some(message) = from.recv().await {
            match message {
                Message::Again => {
                    let row = portfolio::Entity::find_by_id(self.id).one(self.db.reader()).await.map_err(fault("begin again"))?;
                    let row = row.ok_or_else(|| Fault::new("begin again", "the portfolio is gone"))?;
                    // It arrives still.
                    take_away(self.db, self.writer, &portfolio::Model { state: REPLACED.into(), ..row }).await?;
                    (self.written, self.segment, self.wrong) = (0, None, Wrong::default());
                }
                // Once something is wrong, the rest is only read for what else is.
                Message::Grants(_) | Message::Segment(_) if !self.wrong.is_empty() => {}
                Message::Grants(grants) => {
                    self.grants(grants).await?;
                    progress(self.written);
                }
                Message::Segment(built) => self.end_segment(built).await?,
            }
        }
        Ok(())
    }

    async fn grants(&mut self, mut grants: Vec<published_grant::Model>) -> Result<(), Fault> {
        const DOING: &str = "write grants";
        let write = self.db.write(self.writer, "import grants").await?;
        let segment = match self.segment {
            Some(segment) => segment,
            None => {
                let last = grant_segment::Entity::find().select_only().column(grant_segment::Column::Number);
                let last = last.order_by_desc(grant_segment::Column::Number).into_tuple::<i64>().one(write.tx()).await;
                let next = last.map_err(fault(DOING))?.unwrap_or(0) + 1;
                let row = grant_segment::Model { number: next, portfolio_id: self.id, grants: 0, columns: Vec::new() };
                let added = grant_segment::Entity::insert(row.into_active_model().reset_all());
                added.exec_without_returning(write.unrecorded()).await.map_err(fault(DOING))?;
                *self.segment.insert(next)
            }
        };
        for grant in &mut grants {
            grant.number += number(segment, 0);
            grant.portfolio_id = self.id;
            debug_assert_eq!(segment_of(grant.number), segment);
        }
        let mut met: HashMap<&str, &str> = HashMap::new();
        for grant in &grants {
            if let Some(first) = met.insert(&grant.grant_id, &grant.place) {
                self.wrong.add(|| twice(grant, first, None));
            }
        }
        for some in grants.chunks(ROWS) {
            self.look_for_others(&write, some).await?;
        }
        if !self.wrong.is_empty() {
            return Ok(());
        }
        self.written += grants.len() as u64;
        let mut rows = grants.into_iter().map(|g| g.into_active_model().reset_all()).peekable();
        while rows.peek().is_some() {
            let some: Vec<_> = rows.by_ref().take(ROWS).collect();
            published_grant::Entity::insert_many(some).exec_without_returning(write.unrecorded()).await.map_err(fault(DOING))?;
        }
        self.is_alive(&write, write.at()).await?;
        write.save().await
    }

    /// Looks for grants of the same id, earlier in this file or in another portfolio.
    async fn look_for_others(&mut self, write: &store::Write, some: &[published_grant::Model]) -> Result<(), Fault> {
        use published_grant::Column::{GrantId, Place, PortfolioId as Portfolio};
        let same = published_grant::Entity::find().filter(GrantId.is_in(some.iter().map(|g| g.grant_id.as_str())));
        let same = same.select_only().columns([GrantId, Portfolio, Place]).into_tuple::<(String, PortfolioId, String)>();
        for (id, portfolio, place) in same.all(write.tx()).await.map_err(fault("look for grants twice"))? {
            let Some(file) = self.others.get(&portfolio) else { continue };
            if let Some(own) = some.iter().find(|g| g.grant_id == id) {
                let file = (portfolio != self.id).then_some(file.as_str());
                self.wrong.add(|| twice(own, &place, file));
            }
        }
        Ok(())
    }

    async fn is_alive(&self, write: &store::Write, at: Moment) -> Result<(), Fault> {
        let alive = portfolio::Entity::update_many().col_expr(portfolio::Column::SeenAt, Expr::value(at));
        let alive = alive.filter(portfolio::COLUMN.id.eq(self.id)).exec(write.unrecorded()).await;
        alive.map(drop).map_err(fault("say that an import goes on"))
    }

    async fn end_segment(&mut self, built: Built) -> Result<(), Fault> {
        const DOING: &str = "write what is searched of grants";
        let Some(segment) = self.segment.take() else { return Ok(()) };
        let mut buckets = built.buckets.into_iter().peekable();
        while buckets.peek().is_some() {
            let write = self.db.write(self.writer, "import grants").await?;
            let some = buckets.by_ref().take(ROWS / 4).map(|(bucket, words)| {
                let row = grant_words::Model { bucket: bucket.into(), segment, words };
                row.into_active_model().reset_all()
            });
            let some: Vec<_> = some.collect();
            grant_words::Entity::insert_many(some).exec_without_returning(write.unrecorded()).await.map_err(fault(DOING))?;
            self.is_alive(&write, write.at()).await?;
            write.save().await?;
        }
        let write = self.db.write(self.writer, "import grants").await?;
        let whole = grant_segment::Entity::update_many()
            .col_expr(grant_segment::Column::Columns, Expr::value(built.columns))
            .col_expr(grant_segment::Column::Grants, Expr::value(i64::try_from(built.records).unwrap_or(0)))
            .filter(grant_segment::COLUMN.number.eq(segment));
        whole.exec(write.unrecorded()).await.map_err(fault(DOING))?;
        write.save().await
    }
}

fn twice(grant: &published_grant::Model, first: &str, file: Option<&str>) -> String {
    let (id, place) = (grant.grant_id.escape_debug(), &grant.place);
    match file {
        None => format!(
            "{place}: the grant {id} stands in this file twice, first at {first}; give each grant an identifier of its own"
        ),
        Some(file) => format!(
            "{place}: the grant {id} is there already, at {first} of {file}; where this file is a newer one of the same grants, say which it replaces with --as"
        ),
    }
}
