//! Backup while people work, restore, and what is no sound copy.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sea_orm::ConnectionTrait;
use store::journal::verify;
use store::search::{Reach, fold, search};
use store::{BackupError, Db, Target, backup, restore};
use tables::entry;
use tempfile::{TempDir, tempdir};

use crate::house::{House, TABLES, intruder, new_id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_while_somebody_writes_is_whole() {
    let house = Arc::new(House::sqlite().await);
    let setting = Arc::new(house.programme("small").await);
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writer = tokio::spawn({
        let (house, setting, stop, written) = (house.clone(), setting.clone(), stop.clone(), written.clone());
        async move {
            while !stop.load(Ordering::SeqCst) {
                house.record(setting.entry("An entry", "kingfisher")).await;
                written.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    while written.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }
    let folder = tempdir().unwrap();
    for n in 0..3 {
        let (file, place) = (folder.path().join(format!("{n}.backup")), Target::in_folder(&folder.path().join(n.to_string())));
        let before = written.load(Ordering::SeqCst);
        backup(&house.target, &file).await.unwrap();
        let after = written.load(Ordering::SeqCst) + 1;
        restore(&place, &file).await.unwrap();
        let db = Db::open(&place, 1).await.unwrap();
        let verified = verify(&db).await.unwrap();
        assert_eq!(verified.broken, Vec::<String>::new());
        let reach = [Reach { place: None, circles: setting.circles.to_vec() }];
        let found = search(&db, &fold("kingfisher"), &reach, None, 10_000).await.unwrap().len();
        assert!((before..=after).contains(&found), "{found} of {before} to {after}");
        assert_eq!(verified.records, 8 + found as u64, "no entry without its record, no record without its entry");
        db.close().await;
        assert_eq!(beside(&file), Vec::<String>::new(), "nothing is left beside the copy");
    }
    stop.store(true, Ordering::SeqCst);
    writer.await.unwrap();
    assert_eq!(verify(&house.db).await.unwrap().broken, Vec::<String>::new());
}

/// Files beside this one whose names begin with its name.
fn beside(file: &Path) -> Vec<String> {
    let name = file.file_name().unwrap().to_str().unwrap().to_string();
    let all = std::fs::read_dir(file.parent().unwrap()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    all.filter(|f| f.starts_with(&name) && *f != name).collect()
}

/// A backup with some hundred entries, and a folder to restore to.
struct Copy {
    folder: TempDir,
    file: PathBuf,
}

impl Copy {
    async fn new() -> Self {
        let house = House::sqlite().await;
        let setting = house.programme("small").await;
        let entries: Vec<entry::Model> =
            (0..300).map(|n| setting.entry(&format!("Entry {n}"), &format!("{} {}", new_id(), "words ".repeat(40)))).collect();
        let mut write = house.write("fill").await;
        write.insert_all(entries.clone()).await.unwrap();
        write.index(&entries).await.unwrap();
        write.save().await.unwrap();
        let folder = tempdir().unwrap();
        let file = folder.path().join("copy.db");
        backup(&house.target, &file).await.unwrap();
        Self { folder, file }
    }
    fn place(&self) -> Target {
        Target::in_folder(&self.folder.path().join("restored"))
    }
    /// What is said when this is restored; nothing may be left of the attempt.
    async fn said(&self, file: &Path) -> String {
        let error = restore(&self.place(), file).await.unwrap_err();
        let left: Vec<_> = std::fs::read_dir(self.folder.path().join("restored")).into_iter().flatten().collect();
        assert!(left.is_empty(), "{left:?}");
        error.to_string()
    }
    async fn said_of(&self, bytes: &[u8]) -> String {
        let file = self.folder.path().join("altered.db");
        std::fs::write(&file, bytes).unwrap();
        let said = self.said(&file).await;
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "the file that was given is left as it was");
        assert!(said.contains("is not a sound copy of a Commonweal database: "), "{said}");
        said
    }
}

#[tokio::test]
async fn what_is_no_sound_copy_is_refused_with_a_reason() {
    let copy = Copy::new().await;
    let whole = std::fs::read(&copy.file).unwrap();
    copy.said_of(b"").await;
    copy.said_of(b"Dear all,\nplease find attached the database.\n").await;
    copy.said_of(&b"SQLite format 3\0 and then nothing that is".repeat(200)).await;
    for part in [17, 100, 5_000, whole.len() / 2, whole.len() - 4_096, whole.len() - 1] {
        copy.said_of(&whole[..part]).await;
    }
    // A page of the file overwritten, as a bad disk does: wherever it is, it is found.
    for page in 0..whole.len() / 4_096 {
        let mut bytes = whole.clone();
        bytes[page * 4_096..(page + 1) * 4_096].iter_mut().for_each(|b| *b = !*b);
        if page == 0 || page % 9 == 0 {
            copy.said_of(&bytes).await;
        }
    }
    // A sound file, and a journal that somebody altered.
    let altered = copy.folder.path().join("journal.db");
    std::fs::write(&altered, &whole).unwrap();
    let raw = intruder(&Target::File(altered.clone())).await;
    raw.execute_unprepared("UPDATE journal SET act = 'do nothing' WHERE number = 4").await.unwrap();
    raw.close().await.unwrap();
    let said = copy.said(&altered).await;
    assert!(said.contains("record 4 was altered"), "{said}");

    restore(&copy.place(), &copy.file).await.unwrap();
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_alone() {
    let copy = Copy::new().await;
    let file = copy.folder.path().join("places.sqlite");
    let raw = intruder(&Target::File(file.clone())).await;
    raw.execute_unprepared("CREATE TABLE bookmarks (url TEXT)").await.unwrap();
    raw.close().await.unwrap();
    let said = copy.said_of(&std::fs::read(&file).unwrap()).await;
    assert!(said.contains("another program"), "{said}");
}

#[tokio::test]
async fn nothing_is_overwritten_and_what_is_missing_is_named() {
    let copy = Copy::new().await;
    let restored = copy.place();
    restore(&restored, &copy.file).await.unwrap();
    let Target::File(database) = &restored else { unreachable!() };
    let bytes = std::fs::read(database).unwrap();

    let error = restore(&restored, &copy.file).await.unwrap_err();
    assert!(matches!(error, BackupError::Exists(_)), "{error}");
    assert!(error.to_string().contains(&database.display().to_string()), "{error}");
    let error = backup(&restored, &copy.file).await.unwrap_err();
    assert!(matches!(error, BackupError::Exists(_)) && error.to_string().contains("copy.db"), "{error}");
    assert_eq!(std::fs::read(database).unwrap(), bytes);

    let nowhere = copy.folder.path().join("nowhere");
    let error = restore(&Target::in_folder(&nowhere), &copy.folder.path().join("missing.db")).await.unwrap_err();
    assert!(matches!(error, BackupError::Missing(_)), "{error}");
    let error = backup(&Target::in_folder(&nowhere), &copy.folder.path().join("new.db")).await.unwrap_err();
    assert!(matches!(error, BackupError::Missing(_)), "{error}");
    assert!(!nowhere.exists() && !copy.folder.path().join("new.db").exists());
    assert!(backup(&restored, &nowhere.join("new.db")).await.is_err(), "into a folder that is not there");
    assert!(!nowhere.exists());
}

/// After a crash the last writes stand in a file beside the database. With the database moved away and that file left,
/// a restored copy would have them played into it.
#[tokio::test]
async fn what_a_crash_left_beside_the_database_does_not_get_into_the_copy() {
    let copy = Copy::new().await;
    let Target::File(database) = copy.place() else { unreachable!() };
    std::fs::create_dir(database.parent().unwrap()).unwrap();
    let left = PathBuf::from(format!("{}-wal", database.display()));
    std::fs::write(&left, b"the last writes").unwrap();
    let error = restore(&copy.place(), &copy.file).await.unwrap_err();
    assert!(matches!(&error, BackupError::Exists(name) if name.ends_with("-wal")), "{error}");
    assert!(!database.exists());
    assert_eq!(std::fs::read(&left).unwrap(), b"the last writes");
}

#[tokio::test]
async fn a_restored_database_holds_what_the_first_one_held() {
    let house = House::sqlite().await;
    let setting = house.programme("small").await;
    house.record(setting.entry("An entry", "kingfisher")).await;
    let folder = tempdir().unwrap();
    let (file, place) = (folder.path().join("a copy’s name.db"), Target::File(folder.path().join("again/other.name.db")));
    backup(&house.target, &file).await.unwrap();
    restore(&place, &file).await.unwrap();
    let restored = Db::open(&place, 1).await.unwrap();
    for table in TABLES {
        let ask = sea_orm::Statement::from_string(restored.engine(), format!("SELECT count(*) AS n FROM {table}"));
        let n: i64 = restored.reader().query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!(n, house.count(table).await, "{table}");
    }
    restored.close().await;
}

#[tokio::test]
async fn postgresql_is_left_to_its_own_tools() {
    let folder = tempdir().unwrap();
    let target = Target::Postgres("postgres://nobody@127.0.0.1:1/none".into());
    for error in [backup(&target, &folder.path().join("a")).await, restore(&target, &folder.path().join("a")).await] {
        let said = error.unwrap_err().to_string();
        assert!(said.contains("pg_dump") && said.contains("pg_restore"), "{said}");
    }
}
