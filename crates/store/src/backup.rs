//! Backup and restore of a SQLite database, while people work. PostgreSQL has its own tools, and better ones.

use std::io::Read;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};

use crate::{Db, Target};

/// Why a backup or a restore was not done, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "This database is PostgreSQL, which keeps its own copies. To back up, run: pg_dump --format=custom --file=FILE ADDRESS. To restore into an empty database, run: pg_restore --no-owner --dbname=ADDRESS FILE"
    )]
    Postgres,
    #[error("{0} exists already. Choose another name, or move it away")]
    Exists(String),
    #[error("{0} is not there")]
    Missing(String),
    #[error("{0} is not a sound copy of a Commonweal database: {1}")]
    Unsound(String, String),
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    #[error("{0}")]
    Database(String),
}

/// Copies the database into a file as it stands at one moment, then opens the copy and checks it.
///
/// # Errors
/// Where the file exists, cannot be written, or does not pass the check; a copy that does not pass is removed.
pub async fn backup(target: &Target, file: &Path) -> Result<(), BackupError> {
    let Target::File(source) = target else { return Err(BackupError::Postgres) };
    if !source.exists() {
        return Err(BackupError::Missing(source.display().to_string()));
    }
    if file.exists() {
        return Err(BackupError::Exists(file.display().to_string()));
    }
    let db = Db::open(target, 1).await.map_err(|e| BackupError::Database(e.to_string()))?;
    let name = file.to_str().ok_or_else(|| BackupError::Database("the file’s name is not valid text".into()))?;
    let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [name.into()]);
    let copied = db.writer().execute_raw(copy).await.map_err(|e| BackupError::Database(e.to_string()));
    db.close().await;
    if let Err(error) = copied {
        let _ = std::fs::remove_file(file);
        return Err(error);
    }
    std::fs::File::open(file).and_then(|f| f.sync_all()).map_err(|e| BackupError::Io(name.to_string(), e))?;
    match check(file).await {
        Ok(()) => Ok(()),
        Err(error) => {
            let _ = std::fs::remove_file(file);
            Err(error)
        }
    }
}

/// Puts a backup in the place of a database. The server must not be running.
///
/// # Errors
/// Where there is a database already, or the backup does not pass the check; nothing is changed then.
pub async fn restore(target: &Target, file: &Path) -> Result<(), BackupError> {
    let Target::File(place) = target else { return Err(BackupError::Postgres) };
    // What a crash left beside a database would be played into the one that takes its place.
    for there in ["", "-wal", "-journal"].map(|ending| beside(place, ending)) {
        if there.exists() {
            return Err(BackupError::Exists(there.display().to_string()));
        }
    }
    if !file.exists() {
        return Err(BackupError::Missing(file.display().to_string()));
    }
    let io = |e| BackupError::Io(place.display().to_string(), e);
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    // Checked before it gets its name, so that a copy cut short never passes for a database.
    let arriving = place.with_extension("arriving");
    std::fs::copy(file, &arriving).map_err(io)?;
    if let Err(error) = check(&arriving).await {
        remove(&arriving);
        return Err(error);
    }
    std::fs::rename(&arriving, place).map_err(io)?;
    std::fs::File::open(place).and_then(|f| f.sync_all()).map_err(io)
}

/// The file that SQLite keeps beside this one under such an ending.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(file, ending));
    }
}

/// Whether a file is a Commonweal database. Opening it as one would make any SQLite file into one.
async fn is_ours(file: &Path) -> Result<(), String> {
    let mut start = [0; 16];
    let read = std::fs::File::open(file).and_then(|mut f| f.read_exact(&mut start));
    if read.is_err() || start != *b"SQLite format 3\0" {
        return Err("it is not a SQLite file".into());
    }
    let (name, mut options) = (file.to_path_buf(), ConnectOptions::new("sqlite://any"));
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |o| o.filename(&name).read_only(true));
    let db = Database::connect(options).await.map_err(|e| e.to_string())?;
    let ask = "SELECT count(*) FROM sqlite_master WHERE name IN ('migrations', 'journal_heads')";
    let found = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, ask)).await;
    let _ = db.close().await;
    let found: i64 = found.map_err(|e| e.to_string())?.and_then(|r| r.try_get_by_index(0).ok()).unwrap_or_default();
    if found == 2 { Ok(()) } else { Err("it is another program’s database".into()) }
}

/// SQLite's own check, then the journal's.
async fn check(file: &Path) -> Result<(), BackupError> {
    let unsound = |why: String| BackupError::Unsound(file.display().to_string(), why);
    is_ours(file).await.map_err(unsound)?;
    let db = Db::open(&Target::File(file.to_path_buf()), 1).await.map_err(|e| unsound(e.to_string()))?;
    let result = async {
        let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check")).await;
        let said: String = row.map_err(|e| unsound(e.to_string()))?.and_then(|r| r.try_get_by_index(0).ok()).unwrap_or_default();
        if said != "ok" {
            return Err(unsound(said));
        }
        let journal = crate::journal::verify(&db).await.map_err(|e| unsound(e.to_string()))?;
        match journal.broken.first() {
            None => Ok(()),
            Some(broken) => Err(unsound(broken.clone())),
        }
    }
    .await;
    db.close().await;
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(file, ending));
    }
    result
}
