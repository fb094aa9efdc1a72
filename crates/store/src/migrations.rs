//! The tables, step by step. Migrations are written by hand, run forward only, and expand before they contract: a
//! step may add what the running version does not know, and only a later release takes away what it no longer uses.
//! Each is one text for both engines; the few words that differ are filled in by [`in_dialect`].

use sea_orm::{AccessMode, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, IsolationLevel, Statement, TransactionTrait};

/// Name and text of every step, in order. A step that has been released is never changed.
const STEPS: &[(&str, &str)] = &[
    ("0001-foundation", include_str!("migrations/0001-foundation.sql")),
    ("0002-readers", include_str!("migrations/0002-readers.sql")),
    ("0003-calls", include_str!("migrations/0003-calls.sql")),
    ("0004-choosing", include_str!("migrations/0004-choosing.sql")),
    ("0005-files", include_str!("migrations/0005-files.sql")),
    ("0006-remarks", include_str!("migrations/0006-remarks.sql")),
    ("0007-telling", include_str!("migrations/0007-telling.sql")),
    ("0008-lists", include_str!("migrations/0008-lists.sql")),
    ("0009-forming", include_str!("migrations/0009-forming.sql")),
    ("0010-stages", include_str!("migrations/0010-stages.sql")),
    ("0011-given-by-hand", include_str!("migrations/0011-given-by-hand.sql")),
    ("0012-lists-in-order", include_str!("migrations/0012-lists-in-order.sql")),
    ("0013-search-list", include_str!("migrations/0013-search-list.sql")),
    ("0014-ledger", include_str!("migrations/0014-ledger.sql")),
    ("0015-awards", include_str!("migrations/0015-awards.sql")),
    ("0016-grants", include_str!("migrations/0016-grants.sql")),
    ("0017-own-grants", include_str!("migrations/0017-own-grants.sql")),
    ("0018-counting", include_str!("migrations/0018-counting.sql")),
    ("0019-matters", include_str!("migrations/0019-matters.sql")),
    ("0020-oversight", include_str!("migrations/0020-oversight.sql")),
    ("0021-learning", include_str!("migrations/0021-learning.sql")),
    ("0022-outputs", include_str!("migrations/0022-outputs.sql")),
    ("0023-reflection", include_str!("migrations/0023-reflection.sql")),
    ("0024-events", include_str!("migrations/0024-events.sql")),
    ("0025-peers", include_str!("migrations/0025-peers.sql")),
    ("0026-photographs", include_str!("migrations/0026-photographs.sql")),
    ("0027-answers-marked", include_str!("migrations/0027-answers-marked.sql")),
    ("0028-signed-by-line", include_str!("migrations/0028-signed-by-line.sql")),
];

/// Any number that nothing else locks: two servers that start together take turns.
const LOCK: i64 = 8_360_001;

/// Brings the tables up to date, in one transaction.
///
/// # Errors
/// What the database said; nothing has changed then.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let engine = db.get_database_backend();
    let tx = db
        .begin_with_options(sea_orm::TransactionOptions {
            isolation_level: (engine == DbBackend::Postgres).then_some(IsolationLevel::ReadCommitted),
            access_mode: (engine == DbBackend::Postgres).then_some(AccessMode::ReadWrite),
            sqlite_transaction_mode: (engine == DbBackend::Sqlite).then_some(sea_orm::SqliteTransactionMode::Immediate),
        })
        .await?;
    if engine == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    tx.execute_unprepared("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, digest TEXT NOT NULL)").await?;
    for (name, text) in STEPS {
        let digest = crate::sha256(text.as_bytes());
        let found = Statement::from_sql_and_values(engine, "SELECT digest FROM migrations WHERE name = $1", [(*name).into()]);
        if let Some(row) = tx.query_one_raw(found).await? {
            let known: String = row.try_get("", "digest")?;
            if known != digest {
                return Err(DbErr::Custom(format!("the step {name} is not the one this database was made with")));
            }
            continue;
        }
        for statement in in_dialect(text, engine) {
            tx.execute_unprepared(&statement).await?;
        }
        let done = Statement::from_sql_and_values(
            engine,
            "INSERT INTO migrations (name, digest) VALUES ($1, $2)",
            [(*name).into(), digest.into()],
        );
        tx.execute_raw(done).await?;
    }
    tx.commit().await
}

/// Tells one set of tables from another: tests keep a prepared database for each.
#[must_use]
pub fn schema_digest() -> String {
    let all: String = STEPS.iter().map(|(name, text)| format!("{name}\n{text}\n")).collect();
    crate::sha256(all.as_bytes())[..16].to_string()
}

/// The statements of a step for one engine: `ID`, `MOMENT`, `DAY` and `BYTES` become its types, and a statement that starts
/// with `sqlite:` or `postgres:` is for that engine only.
fn in_dialect(text: &str, engine: DbBackend) -> Vec<String> {
    let (mine, id, number, bytes) = match engine {
        DbBackend::Sqlite => ("sqlite:", "BLOB", "INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB"),
        _ => ("postgres:", "UUID", "BIGSERIAL PRIMARY KEY", "BYTEA"),
    };
    let without_comments: String = text.lines().filter(|l| !l.trim_start().starts_with("--")).map(|l| format!("{l}\n")).collect();
    without_comments
        .split(";\n")
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .filter_map(|s| match s.split_once(':') {
            Some((engine, rest)) if matches!(engine, "sqlite" | "postgres") => mine.starts_with(engine).then_some(rest),
            _ => Some(s),
        })
        .map(|s| {
            let words = [
                (" NUMBER_KEY", format!(" {number}")),
                (" ID", format!(" {id}")),
                (" MOMENT", " BIGINT".into()),
                (" DAY", " VARCHAR(10)".into()),
                (" BYTES", format!(" {bytes}")),
            ];
            words.iter().fold(s.trim().to_string(), |text, (word, with)| replace_word(&text, word, with))
        })
        .collect()
}

/// Replaces a word where it stands alone, not where another word starts with it.
fn replace_word(text: &str, word: &str, with: &str) -> String {
    let mut parts = text.split(word);
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let alone = !part.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        out.push_str(if alone { with } else { word });
        out.push_str(part);
    }
    out
}
