//! Opening the database. There are always two sides: readers, which the database itself forbids to write, and the
//! writer. SQLite has one writer at a time in any case, so it gets one connection and the others queue for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kernel::Fault;
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr};
use tokio::sync::Mutex;

use crate::batch::{self, Batch};
use crate::postgres::{Connections, Disk};
use crate::{Reader, fault};

/// How long to wait for a connection, for SQLite's turn to write, or for a server to come up.
const WAIT_SECONDS: u64 = 20;

/// So many statements each connection keeps prepared.
const STATEMENTS: usize = 200;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, as an address that starts with `postgres://`.
    Postgres(String),
}

impl Target {
    /// The database of a data folder: `commonweal.db` in it.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::File(folder.join("commonweal.db"))
    }
    /// The target without its password, to be shown and logged.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                // A password may also stand among the settings after the question mark.
                let place = rest.split_once('?').map_or(rest, |(place, _)| place);
                match place.rsplit_once('@') {
                    Some((_, place)) => format!("{scheme}://…@{place}"),
                    None => format!("{scheme}://{place}"),
                }
            }
        }
    }
}

/// Why a database could not be opened, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("The folder {0} cannot be made: {1}. Make it by hand, or choose another with --data")]
    Folder(String, std::io::Error),
    #[error("The database {0} cannot be opened: {1}")]
    Connect(String, DbErr),
    #[error("No server answered at {0} within {WAIT_SECONDS} seconds. Check the address, and that the server runs")]
    Silent(String),
    #[error("The database {0} could not be brought up to date: {1}")]
    Migrate(String, DbErr),
}

/// An open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    reader: Reader,
    writer: DatabaseConnection,
    batch: Arc<Mutex<Batch>>,
    server: Option<Server>,
}

/// Where PostgreSQL is written.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// Their commits do not wait for the disk: whoever says that something is saved waits for [`Disk`].
    pub writers: Arc<Connections>,
    pub disk: Arc<Disk>,
    /// Held from the journal to the commit. The end of a journal's chain is locked by the database as well, for other
    /// servers; to stand in line here costs it nothing.
    pub journal: Arc<Mutex<()>>,
}

impl Db {
    /// Opens a database and brings its tables up to date. Migrations run before the pools open, and once even when
    /// two servers start together.
    ///
    /// # Errors
    /// Where the folder, the file or the server cannot be reached or used.
    pub async fn open(target: &Target, readers: u32) -> Result<Self, OpenError> {
        let connect = |error: DbErr| match target {
            // The pool keeps trying, because servers that start together come up in any order; what it says then helps nobody.
            Target::Postgres(_) if error.to_string().contains("timed out") => OpenError::Silent(target.shown()),
            _ => OpenError::Connect(target.shown(), error),
        };
        if let Target::File(path) = target
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder).map_err(|e| OpenError::Folder(folder.display().to_string(), e))?;
        }
        let first = connect_patiently(target, false, 1).await.map_err(connect)?;
        crate::migrate(&first).await.map_err(|e| OpenError::Migrate(target.shown(), e))?;
        first.close().await.map_err(connect)?;
        // What is written outside a write, like the lease on a mail, is little.
        let writer = connect_patiently(target, false, 1).await.map_err(connect)?;
        let (reader, server) = match target {
            Target::File(_) => (connect_patiently(target, true, readers).await.map(Reader::sqlite).map_err(connect)?, None),
            Target::Postgres(url) => {
                let (reader, server) = server(url, readers).await.map_err(connect)?;
                (reader, Some(server))
            }
        };
        Ok(Self { reader, writer, batch: Arc::default(), server })
    }

    /// For queries. The database refuses to change anything through it.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }
    /// On SQLite, what has been written and is not saved yet.
    pub(crate) fn batch(&self) -> &Arc<Mutex<Batch>> {
        &self.batch
    }
    /// On PostgreSQL, where each write has a connection of its own.
    pub(crate) fn server(&self) -> Option<&Server> {
        self.server.as_ref()
    }
    /// Returns when everything that was written so far is on the disk.
    pub(crate) async fn on_disk(&self) -> Result<(), Fault> {
        match &self.server {
            None => batch::close(self.batch.clone()).await,
            Some(server) => server.disk.has_all().await.map_err(fault("wait for the disk"))?,
        }
        Ok(())
    }
    #[must_use]
    pub fn engine(&self) -> DbBackend {
        self.writer.get_database_backend()
    }
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.engine() == DbBackend::Sqlite
    }
    /// Whether the database answers.
    ///
    /// # Errors
    /// What it said instead.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await
    }
    /// After very much was written at once: has PostgreSQL count what there is and mark it as seen by all, without which it
    /// plans as for an empty table, and does the work beside the visitors, until it finds the time itself. SQLite's plans rest on the indexes alone.
    ///
    /// # Errors
    /// What the database said.
    pub async fn count_anew(&self) -> Result<(), DbErr> {
        match self.is_sqlite() {
            true => Ok(()),
            false => self.writer.execute_unprepared("VACUUM (ANALYZE)").await.map(|_| ()),
        }
    }
    /// Waits for what is under way and closes. On SQLite this also folds the write-ahead log into the file.
    pub async fn close(self) {
        batch::close(self.batch).await;
        self.reader.close().await;
        if let Some(server) = &self.server {
            server.writers.close().await;
            server.disk.close().await;
        }
        if self.writer.get_database_backend() == DbBackend::Sqlite {
            let _ = self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
        let _ = self.writer.close().await;
    }
}

/// SQLite answers “locked” at once, however long it was told to wait, while another process makes the file or closes
/// it as the last: that is over in a moment.
async fn connect_patiently(target: &Target, read_only: bool, connections: u32) -> Result<DatabaseConnection, DbErr> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut pauses = WAIT_SECONDS * 20;
    loop {
        match Database::connect(options(target, read_only, connections)).await {
            Err(error) if pauses > 0 && error.to_string().contains("database is locked") => pauses -= 1,
            done => return done,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The connections to PostgreSQL: as many to write as to read, and one to wait for the disk.
async fn server(url: &str, connections: u32) -> Result<(Reader, Server), DbErr> {
    let options: PgConnectOptions = url.parse().map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(e))))?;
    let options =
        options.disable_statement_logging().statement_cache_capacity(STATEMENTS).application_name("commonweal").options([
            // Planning takes longer than what is planned here, and no plan hangs on what is asked for: it is made once.
            ("plan_cache_mode", "force_generic_plan"),
            // What is asked for most is in memory, and disks have no heads to move: an index costs what it reads. As
            // PostgreSQL has it, it would read whole tables of a few hundred rows to find one.
            ("random_page_cost", "1.1"),
        ]);
    let patience = Duration::from_secs(WAIT_SECONDS);
    let to = |write| options.clone().options([("default_transaction_read_only", if write { "off" } else { "on" })]);
    let readers = Connections::open(to(false), connections, patience).await?;
    let writers = Connections::open(to(true).options([("synchronous_commit", "off")]), connections, patience).await?;
    // This one waits for whatever the database is set to wait for.
    let disk = Connections::open(to(true), 1, patience).await?;
    Ok((Reader::postgres(readers), Server { writers, disk: Arc::new(Disk::new(disk)), journal: Arc::default() }))
}

fn options(target: &Target, read_only: bool, connections: u32) -> ConnectOptions {
    let url = match target {
        // The file's name is set below: in an address, some signs that a name may hold mean something else.
        Target::File(_) => "sqlite://commonweal.db?mode=rwc".to_string(),
        Target::Postgres(url) => url.clone(),
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(WAIT_SECONDS))
        .test_before_acquire(matches!(target, Target::Postgres(_)))
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    match target {
        Target::File(path) => {
            let path = path.clone();
            options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
            options.map_sqlx_sqlite_opts(move |o| {
                o.filename(&path)
                    .journal_mode(SqliteJournalMode::Wal)
                    // An acknowledged write survives a power cut: every commit waits for the disk.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(WAIT_SECONDS))
                    .foreign_keys(true)
                    .statement_cache_capacity(STATEMENTS)
                    // A whole page of a list goes over at once; a shorter channel stops the reading halfway.
                    .row_buffer_size(256)
                    .pragma("query_only", if read_only { "1" } else { "0" })
                    .pragma("cache_size", "-8000")
                    .pragma("mmap_size", "268435456")
                    .pragma("temp_store", "2")
            });
        }
        Target::Postgres(_) => {
            options.map_sqlx_postgres_opts(move |o| {
                o.application_name("commonweal").options([("default_transaction_read_only", "off")])
            });
        }
    }
    options
}
