//! The side that reads. For PostgreSQL it keeps its connections itself: SeaORM's own keeper asks the server each time a
//! connection comes back whether it still answers, so that every query would cross to the server and back twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::prelude::async_trait;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Error, Executor as _, query_with, raw_sql};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

/// For queries. The database refuses to change anything through it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader(Side);

#[derive(Debug, Clone)]
enum Side {
    Sqlite(DatabaseConnection),
    Postgres(Arc<Connections>),
}

impl Reader {
    pub(crate) fn sqlite(connection: DatabaseConnection) -> Self {
        Self(Side::Sqlite(connection))
    }
    /// So many connections at the most. The first is made now, to say at once what is wrong.
    pub(crate) async fn postgres(options: PgConnectOptions, most: u32, patience: Duration) -> Result<Self, DbErr> {
        let turns = Arc::new(Semaphore::new(most as usize));
        let connections = Arc::new(Connections { options, patience, idle: Mutex::default(), turns });
        let first = connections.borrow().await.map_err(connecting)?;
        first.give_back();
        Ok(Self(Side::Postgres(connections)))
    }
    pub(crate) async fn ping(&self) -> Result<(), DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.ping().await,
            Side::Postgres(_) => self.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT 1")).await.map(|_| ()),
        }
    }
    /// Ends the connections that nobody uses; those in use end with their query.
    pub(crate) async fn close(self) {
        match self.0 {
            Side::Sqlite(connection) => drop(connection.close().await),
            Side::Postgres(connections) => {
                connections.turns.close();
                let idle = std::mem::take(&mut *connections.idle());
                for connection in idle {
                    drop(connection.close().await);
                }
            }
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Side::Sqlite(connection) => connection.get_database_backend(),
            Side::Postgres(_) => DbBackend::Postgres,
        }
    }
    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.execute_raw(stmt).await,
            Side::Postgres(connections) => {
                let mut held = connections.borrow().await.map_err(connecting)?;
                let done = query(&stmt).execute(held.connection()?).await;
                held.settle(&done);
                done.map(ExecResult::from).map_err(querying)
            }
        }
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.execute_unprepared(sql).await,
            Side::Postgres(connections) => {
                let mut held = connections.borrow().await.map_err(connecting)?;
                let done = held.connection()?.execute(raw_sql(AssertSqlSafe(sql))).await;
                held.settle(&done);
                done.map(ExecResult::from).map_err(querying)
            }
        }
    }
    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.query_one_raw(stmt).await,
            Side::Postgres(connections) => Ok(connections.rows(&stmt).await?.into_iter().next().map(QueryResult::from)),
        }
    }
    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.query_all_raw(stmt).await,
            Side::Postgres(connections) => Ok(connections.rows(&stmt).await?.into_iter().map(QueryResult::from).collect()),
        }
    }
}

/// The connections to PostgreSQL.
#[derive(Debug)]
struct Connections {
    options: PgConnectOptions,
    patience: Duration,
    /// Those that nobody uses: the one used last is used next, because the server has most of what it needs at hand.
    idle: Mutex<Vec<PgConnection>>,
    turns: Arc<Semaphore>,
}

/// A connection in use. Whatever becomes of the query, the next one finds it ready, or it goes.
struct Borrowed<'a> {
    connections: &'a Arc<Connections>,
    connection: Option<PgConnection>,
    turn: Option<OwnedSemaphorePermit>,
    /// Made before this query: the server may have ended it since.
    known: bool,
}

impl Connections {
    fn idle(&self) -> MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
    async fn borrow(self: &Arc<Self>) -> Result<Borrowed<'_>, Error> {
        let turn = timeout(self.patience, self.turns.clone().acquire_owned()).await.map_err(|_| Error::PoolTimedOut)?;
        let turn = turn.map_err(|_| Error::PoolClosed)?;
        let (connection, known) = match self.idle().pop() {
            Some(connection) => (Some(connection), true),
            None => (None, false),
        };
        let mut held = Borrowed { connections: self, connection, turn: Some(turn), known };
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
}

impl Borrowed<'_> {
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

impl Drop for Borrowed<'_> {
    /// Whoever asked went away in the middle: the rest of the answer is awaited before anybody else uses the connection.
    fn drop(&mut self) {
        let (Some(mut connection), Some(turn)) = (self.connection.take(), self.turn.take()) else { return };
        let connections = self.connections.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if connection.ping().await.is_ok() {
                    connections.idle().push(connection);
                }
                drop(turn);
            });
        }
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
