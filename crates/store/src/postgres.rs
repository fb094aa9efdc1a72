//! Connections to PostgreSQL, kept here: SeaORM's own keeper asks the server each time a connection is taken and comes back
//! whether it still answers, so that a query would cross to the server and back three times.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Error, Executor as _, query_with, raw_sql};
use sea_orm::{DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

/// The connections to PostgreSQL.
#[derive(Debug)]
pub(crate) struct Connections {
    options: PgConnectOptions,
    patience: Duration,
    /// Those that nobody uses: the one used last is used next, because the server has most of what it needs at hand.
    idle: Mutex<Vec<PgConnection>>,
    turns: Arc<Semaphore>,
}

/// A connection in use. Whatever becomes of the query, the next one finds it ready, or it goes.
#[derive(Debug)]
pub(crate) struct Borrowed {
    connections: Arc<Connections>,
    connection: Option<PgConnection>,
    turn: Option<OwnedSemaphorePermit>,
    /// Made before this query: the server may have ended it since.
    known: bool,
    /// A transaction is open on it.
    open: bool,
}

impl Connections {
    /// So many at the most. The first is made now, to say at once what is wrong.
    pub(crate) async fn open(options: PgConnectOptions, most: u32, patience: Duration) -> Result<Arc<Self>, DbErr> {
        let turns = Arc::new(Semaphore::new(most as usize));
        let connections = Arc::new(Self { options, patience, idle: Mutex::default(), turns });
        connections.borrow().await.map_err(connecting)?.give_back();
        Ok(connections)
    }
    /// Ends those that nobody uses; those in use end with their query.
    pub(crate) async fn close(&self) {
        self.turns.close();
        let idle = std::mem::take(&mut *self.idle());
        for connection in idle {
            drop(connection.close().await);
        }
    }
    fn idle(&self) -> MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
    async fn borrow(self: &Arc<Self>) -> Result<Borrowed, Error> {
        let turn = timeout(self.patience, self.turns.clone().acquire_owned()).await.map_err(|_| Error::PoolTimedOut)?;
        let turn = turn.map_err(|_| Error::PoolClosed)?;
        let (connection, known) = match self.idle().pop() {
            Some(connection) => (Some(connection), true),
            None => (None, false),
        };
        let mut held = Borrowed { connections: self.clone(), connection, turn: Some(turn), known, open: false };
        if held.connection.is_none() {
            held.connection = Some(self.connect().await?);
        }
        Ok(held)
    }
    /// A server that is starting, or ends many others' connections, is given some time.
    async fn connect(&self) -> Result<PgConnection, Error> {
        const PAUSE: Duration = Duration::from_millis(50);
        let until = Instant::now() + self.patience;
        loop {
            let tried = timeout(self.patience, self.options.connect()).await.map_err(|_| Error::PoolTimedOut)?;
            match tried {
                Err(error) if not_yet(&error) && Instant::now() < until => sleep(PAUSE).await,
                Err(error) if not_yet(&error) => return Err(Error::PoolTimedOut),
                done => return done,
            }
        }
    }
    /// What a query finds. One that meets a connection which ended meanwhile asks again: reading twice is as reading once.
    async fn rows(self: &Arc<Self>, stmt: &Statement) -> Result<Vec<PgRow>, DbErr> {
        loop {
            let mut held = self.borrow().await.map_err(connecting)?;
            let found = query(stmt).fetch_all(held.connection()?).await;
            let again = held.known && found.as_ref().is_err_and(ended);
            held.settle(&found);
            if !again {
                return found.map_err(querying);
            }
        }
    }
    /// What a query finds, on whichever connection is free.
    pub(crate) async fn query(self: &Arc<Self>, stmt: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.rows(stmt).await?.into_iter().map(QueryResult::from).collect())
    }
    /// What a statement did.
    pub(crate) async fn execute(self: &Arc<Self>, stmt: &Statement) -> Result<ExecResult, DbErr> {
        let mut held = self.borrow().await.map_err(connecting)?;
        let done = query(stmt).execute(held.connection()?).await;
        held.settle(&done);
        done.map(ExecResult::from).map_err(querying)
    }
    pub(crate) async fn run(self: &Arc<Self>, sql: &str) -> Result<ExecResult, DbErr> {
        let mut held = self.borrow().await.map_err(connecting)?;
        let done = held.connection()?.execute(raw_sql(AssertSqlSafe(sql))).await;
        held.settle(&done);
        done.map(ExecResult::from).map_err(querying)
    }
    /// Starts a transaction.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<Transaction, DbErr> {
        loop {
            let mut held = self.borrow().await.map_err(connecting)?;
            // From now on: whoever goes away meanwhile leaves nothing open behind.
            held.open = true;
            let begun = held.connection()?.execute(raw_sql("BEGIN")).await;
            match begun {
                Ok(_) => return Ok(Transaction(AsyncMutex::new(held))),
                Err(error) => {
                    let again = held.known && ended(&error);
                    held.connection = None;
                    if !again {
                        return Err(querying(error));
                    }
                }
            }
        }
    }
}

impl Borrowed {
    fn connection(&mut self) -> Result<&mut PgConnection, DbErr> {
        self.connection.as_mut().ok_or_else(|| connecting(Error::PoolClosed))
    }
    /// Keeps the connection, unless it has ended.
    fn settle<T>(mut self, done: &Result<T, Error>) {
        match done {
            Err(error) if ended(error) => self.connection = None,
            _ => self.give_back(),
        }
    }
    fn give_back(mut self) {
        if let Some(connection) = self.connection.take() {
            self.connections.idle().push(connection);
        }
    }
}

impl Drop for Borrowed {
    /// Whoever asked went away in the middle: the rest of the answer is awaited before anybody else uses the connection,
    /// and what was begun is undone.
    fn drop(&mut self) {
        let (Some(mut connection), Some(turn)) = (self.connection.take(), self.turn.take()) else { return };
        let (connections, open) = (self.connections.clone(), self.open);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let ready = match open {
                    true => connection.execute(raw_sql("ROLLBACK")).await.is_ok(),
                    false => connection.ping().await.is_ok(),
                };
                if ready {
                    connections.idle().push(connection);
                }
                drop(turn);
            });
        }
    }
}

/// A transaction on a connection of its own. It vanishes unless it is committed.
#[derive(Debug)]
pub(crate) struct Transaction(AsyncMutex<Borrowed>);

impl Transaction {
    pub(crate) async fn execute(&self, stmt: &Statement) -> Result<ExecResult, DbErr> {
        let done = query(stmt).execute(self.0.lock().await.connection()?).await;
        done.map(ExecResult::from).map_err(querying)
    }
    pub(crate) async fn run(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = self.0.lock().await.connection()?.execute(raw_sql(AssertSqlSafe(sql))).await;
        done.map(ExecResult::from).map_err(querying)
    }
    pub(crate) async fn query(&self, stmt: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let found = query(stmt).fetch_all(self.0.lock().await.connection()?).await.map_err(querying)?;
        Ok(found.into_iter().map(QueryResult::from).collect())
    }
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        let mut held = self.0.into_inner();
        let done = held.connection()?.execute(raw_sql("COMMIT")).await;
        held.open = done.is_err();
        held.settle(&done);
        done.map(drop).map_err(querying)
    }
}

/// The disk, for which those who have committed wait together. It keeps the order of commits, so it has everything that
/// was committed before what it has.
#[derive(Debug)]
pub(crate) struct Disk {
    connections: Arc<Connections>,
    /// How many have asked.
    asked: AtomicU64,
    /// How many of them had asked when the disk was last asked.
    safe: AsyncMutex<u64>,
}

/// A commit of nothing: to wait for it is to wait for all that was committed before.
const MARK: &str = "SELECT pg_logical_emit_message(true, 'commonweal', '')::text";

impl Disk {
    pub(crate) fn new(connections: Arc<Connections>) -> Self {
        Self { connections, asked: AtomicU64::new(0), safe: AsyncMutex::new(0) }
    }
    /// Returns when everything committed so far is on the disk.
    pub(crate) async fn has_all(&self) -> Result<(), DbErr> {
        let mine = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut safe = self.safe.lock().await;
        if *safe >= mine {
            return Ok(());
        }
        let all = self.asked.load(Ordering::SeqCst);
        self.connections.rows(&Statement::from_string(DbBackend::Postgres, MARK)).await?;
        *safe = all;
        Ok(())
    }
    pub(crate) async fn close(&self) {
        self.connections.close().await;
    }
}

fn query(stmt: &Statement) -> sea_orm::sqlx::query::Query<'_, sea_orm::sqlx::Postgres, SqlxValues> {
    let values = stmt.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new()));
    query_with(AssertSqlSafe(stmt.sql.as_str()), SqlxValues(values))
}

/// Whether a connection is of no more use: cut off, or ended by whoever runs the server (class 57P).
fn ended(error: &Error) -> bool {
    match error {
        Error::Database(said) => said.code().is_some_and(|code| code.starts_with("57P")),
        Error::RowNotFound | Error::ColumnDecode { .. } | Error::Decode(_) | Error::Encode(_) => false,
        _ => true,
    }
}

/// Whether a server may answer in a moment: not started yet, starting, or with too many connections open.
fn not_yet(error: &Error) -> bool {
    match error {
        Error::Io(_) => true,
        Error::Database(said) => matches!(said.code().as_deref(), Some("57P03" | "53300")),
        _ => false,
    }
}

fn connecting(error: Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
fn querying(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
