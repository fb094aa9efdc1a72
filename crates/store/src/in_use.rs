//! Whether somebody else, such as a running server, has a SQLite file open.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteLockingMode};
use sea_orm::sqlx::{ConnectOptions as _, Connection as _, Error, raw_sql};

use crate::Target;

impl Target {
    /// Whether another process has this SQLite file open and has used it: each keeps a shared lock on the file for as
    /// long as it does, so that nobody else can lock it for themselves. Of a PostgreSQL, and of a file that is not
    /// there or is no database, this knows nothing: opening it tells.
    pub async fn in_use(&self) -> bool {
        let Self::File(path) = self else { return false };
        let alone = SqliteConnectOptions::new().filename(path).locking_mode(SqliteLockingMode::Exclusive);
        let Ok(mut lock) = alone.busy_timeout(Duration::from_millis(200)).disable_statement_logging().connect().await else {
            return false;
        };
        let tried = raw_sql("BEGIN EXCLUSIVE; ROLLBACK").execute(&mut lock).await;
        let _ = SqliteConnection::close(lock).await;
        tried.is_err_and(|error| is_busy(&error))
    }
}

/// The lowest byte of SQLite's code says what kind of failure it is; 5 is a lock that somebody else holds.
fn is_busy(error: &Error) -> bool {
    let code = error.as_database_error().and_then(|e| e.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}
