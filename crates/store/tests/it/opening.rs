//! Opening: the tables are made once, a database of another make is refused, and the reading side cannot write.

use std::sync::Arc;

use futures::FutureExt as _;
use kernel::{RandomIds, SystemClock};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::{Db, OpenError, Target, Write, Writer, already_handled};
use tempfile::tempdir;

use crate::house::{House, TABLES, intruder};
use crate::postgres::fresh_database;

on_both!(
    the_reading_side_cannot_write,
    a_database_with_other_tables_under_the_same_name_is_refused,
    opening_again_changes_nothing,
);

async fn the_reading_side_cannot_write(house: House) {
    let setting = house.programme("small").await;
    house.record(setting.entry("An entry", "a word")).await;
    let before = house.rows().await;
    let attempts = [
        "INSERT INTO handled_forms (once, location, at) VALUES ('a', 'b', 1)",
        "UPDATE people SET name = 'Another'",
        "DELETE FROM entries",
        "CREATE TABLE mine (id INTEGER)",
        "DROP TABLE mails",
    ];
    for sql in attempts {
        // Every connection of the pool, not just the first.
        let tries = (0..6).map(|_| house.db.reader().execute_unprepared(sql));
        for tried in futures::future::join_all(tries).await {
            let said = tried.unwrap_err().to_string();
            assert!(said.contains("readonly") || said.contains("read-only"), "{sql}: {said}");
        }
    }
    assert_eq!(house.rows().await, before);
    assert_eq!(house.count("people").await, 1);
}

async fn a_database_with_other_tables_under_the_same_name_is_refused(house: House) {
    house.programme("small").await;
    let raw = house.intruder().await;
    raw.execute_unprepared("UPDATE migrations SET digest = 'another' WHERE name = '0001-foundation'").await.unwrap();
    let error = Db::open(&house.target, 1).await.unwrap_err();
    assert!(matches!(error, OpenError::Migrate(..)), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("0001-foundation") && said.contains("not the one this database was made with"), "{said}");
    assert_eq!(house.count("programmes").await, 1);
    let digest = Statement::from_string(house.db.engine(), "SELECT digest FROM migrations WHERE name = '0001-foundation'");
    let digest: String = raw.query_one_raw(digest).await.unwrap().unwrap().try_get("", "digest").unwrap();
    assert_eq!(digest, "another");
}

async fn opening_again_changes_nothing(house: House) {
    house.programme("small").await;
    let before = house.rows().await;
    let again = Db::open(&house.target, 1).await.unwrap();
    assert_eq!(house.rows().await, before);
    again.ping().await.unwrap();
    again.close().await;
    house.db.ping().await.unwrap();
}

/// Several servers start on a database where there is nothing yet.
async fn open_at_once(target: &Target) {
    let opened = futures::future::join_all((0..4).map(|_| {
        let target = target.clone();
        tokio::spawn(async move { Db::open(&target, 2).await })
    }));
    let opened: Vec<Db> = opened.await.into_iter().map(|d| d.unwrap().unwrap()).collect();
    for db in &opened {
        for table in TABLES {
            let ask = Statement::from_string(db.engine(), format!("SELECT count(*) AS n FROM {table}"));
            let n: i64 = db.reader().query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap();
            assert_eq!(n > 0, table == "migrations", "{table}");
        }
    }
    for db in opened {
        db.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_start_together_make_the_tables_once_on_sqlite() {
    for _ in 0..8 {
        let folder = tempdir().unwrap();
        open_at_once(&Target::in_folder(&folder.path().join("made/on/the/way"))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_start_together_make_the_tables_once_on_postgresql() {
    for _ in 0..5 {
        let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
        open_at_once(&Target::Postgres(database.url())).await;
    }
}

#[tokio::test]
async fn a_half_made_database_is_made_whole_or_left_alone() {
    // A step that fails leaves no table behind: the next start begins where this one did.
    let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
    let folder = tempdir().unwrap();
    for target in [Target::Postgres(database.url()), Target::in_folder(folder.path())] {
        let raw = intruder(&target).await;
        raw.execute_unprepared("CREATE TABLE mails (id INTEGER)").await.unwrap();
        let error = Db::open(&target, 1).await.unwrap_err().to_string();
        assert!(error.contains("could not be brought up to date"), "{error}");
        let catalogue = match raw.get_database_backend() {
            DbBackend::Sqlite => "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'",
            _ => "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'",
        };
        let ask = Statement::from_string(raw.get_database_backend(), catalogue);
        let n: i64 = raw.query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!(n, 1, "only the one that stood in the way");
        raw.execute_unprepared("DROP TABLE mails").await.unwrap();
        Db::open(&target, 1).await.unwrap().close().await;
    }
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_with_its_place() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("notes.db");
    std::fs::write(&file, "This is a shopping list, and not a database at all.\n".repeat(100)).unwrap();
    let error = Db::open(&Target::File(file.clone()), 1).await.unwrap_err();
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("This is a shopping list"));

    let error = Db::open(&Target::in_folder(&file), 1).await.unwrap_err();
    assert!(matches!(error, OpenError::Folder(..)), "{error:?}");
    assert!(error.to_string().contains("cannot be made"), "{error}");
}

#[tokio::test]
async fn a_folder_may_have_any_name() {
    let folder = tempdir().unwrap();
    for name in ["with spaces", "100% sure?", "a#b&c=d", "Ŵyl’s “data”"] {
        let target = Target::in_folder(&folder.path().join(name));
        Db::open(&target, 1).await.unwrap().close().await;
        assert!(folder.path().join(name).join("commonweal.db").is_file(), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn a_password_is_never_shown() {
    for url in ["postgres://lee:s3cret@db.example:5432/commonweal", "postgres://db.example/commonweal?user=lee&password=s3cret"] {
        let shown = Target::Postgres(url.into()).shown();
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.starts_with("postgres://") && shown.contains("db.example"), "{shown}");
    }
}

async fn number(db: &Db, sql: &str) -> i64 {
    let ask = Statement::from_string(db.engine(), sql);
    db.reader().query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[tokio::test]
async fn reading_goes_on_after_the_server_has_ended_its_connections() {
    let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
    let target = Target::Postgres(database.url());
    let db = Db::open(&target, 2).await.unwrap();
    assert_eq!(number(&db, "SELECT count(*) AS n FROM people").await, 0);
    let end =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    intruder(&target).await.execute_unprepared(end).await.unwrap();
    assert_eq!(number(&db, "SELECT count(*) AS n FROM people").await, 0);
}

#[tokio::test]
async fn a_read_that_nobody_waits_for_any_more_leaves_its_connection_to_the_next() {
    let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
    let db = Db::open(&Target::Postgres(database.url()), 1).await.unwrap();
    let mine = number(&db, "SELECT pg_backend_pid()::bigint AS n").await;
    let long = Statement::from_string(db.engine(), "SELECT n::bigint FROM generate_series(1, 100000) AS n");
    assert!(db.reader().query_all_raw(long).now_or_never().is_none());
    assert_eq!(number(&db, "SELECT 7::bigint AS n").await, 7);
    assert_eq!(number(&db, "SELECT pg_backend_pid()::bigint AS n").await, mine);
}

/// A write that has done something, and is not saved yet.
async fn written(db: &Db, once: &str) -> Write {
    let writer = Writer { actor: None, clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) };
    let mut write = db.write(&writer, "handle a form").await.unwrap();
    write.handled(once, "/there").await.unwrap();
    write
}

#[tokio::test]
async fn writing_goes_on_after_the_server_has_ended_its_connections() {
    let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
    let target = Target::Postgres(database.url());
    let db = Db::open(&target, 2).await.unwrap();
    written(&db, "before").await.save().await.unwrap();
    let cut = written(&db, "meanwhile").await;
    let end =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    intruder(&target).await.execute_unprepared(end).await.unwrap();
    cut.save().await.unwrap_err();
    for once in ["one", "two", "three"] {
        written(&db, once).await.save().await.unwrap();
    }
    assert!(already_handled(&db, "three").await.unwrap().is_some());
    assert_eq!(already_handled(&db, "meanwhile").await.unwrap(), None);
}

#[tokio::test]
async fn a_write_that_is_given_up_leaves_its_connection_as_it_was() {
    let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
    let db = Db::open(&Target::Postgres(database.url()), 1).await.unwrap();
    drop(written(&db, "once").await);
    written(&db, "once").await.leave().await.unwrap();
    // Given up in the middle of a statement, and after one that failed.
    let write = written(&db, "once").await;
    let long = Statement::from_string(db.engine(), "SELECT n::bigint FROM generate_series(1, 100000) AS n");
    assert!(write.tx().query_all_raw(long).now_or_never().is_none());
    drop(write);
    let mut write = written(&db, "once").await;
    write.handled("once", "/there").await.unwrap_err();
    drop(write);
    assert_eq!(already_handled(&db, "once").await.unwrap(), None);
    written(&db, "once").await.save().await.unwrap();
    assert!(already_handled(&db, "once").await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_saved_is_on_the_disk() {
    let database = fresh_database("nothing", async |_| Ok(())).await.unwrap();
    let target = Target::Postgres(database.url());
    // The server of the tests waits for nothing; this one is to be as they are elsewhere.
    let as_elsewhere = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$";
    intruder(&target).await.execute_unprepared(as_elsewhere).await.unwrap();
    let db = Db::open(&target, 2).await.unwrap();
    let ask = |sql: String| Statement::from_string(DbBackend::Postgres, sql);
    for n in 0..20 {
        let write = written(&db, &format!("form {n}")).await;
        let log = write.tx().query_one_raw(ask("SELECT pg_current_wal_insert_lsn()::text AS n".into())).await.unwrap().unwrap();
        let log: String = log.try_get("", "n").unwrap();
        write.save().await.unwrap();
        let there = format!("SELECT pg_current_wal_flush_lsn() > '{log}' AS n");
        let there = db.reader().query_one_raw(ask(there)).await.unwrap().unwrap();
        assert!(there.try_get::<bool>("", "n").unwrap(), "form {n}");
    }
}
