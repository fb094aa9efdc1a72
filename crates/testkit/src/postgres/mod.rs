//! A throwaway PostgreSQL that tests start themselves.
//!
//! [`fresh_database`] is what a test wants: an empty-but-migrated database of its own in a few hundredths of a second.
//! The server behind it is started once per machine and person, found by every later test process, and trusts everybody
//! on the loopback address: nothing that matters may ever be in it. It forgets what it wrote when the machine crashes,
//! which is why it is quick.
//!
//! A process that uses the server holds a shared lock on a file for as long as it lives; so [`stop_unused`] can tell
//! an abandoned server from one whose tests still run, however those processes end.

mod programs;

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use programs::Programs;

/// Set to the address of a server (`postgres://user@host:port`, no database name) to use that one instead.
pub const OWN_SERVER: &str = "COMMONWEAL_TEST_POSTGRES";

const SUPERUSER: &str = "commonweal";

/// The address of the running test server, without a database name; started if there is none.
pub fn server() -> Result<String, String> {
    if let Some(own) = own_server() {
        return Ok(own);
    }
    static STARTED: OnceLock<Result<(String, Lease), String>> = OnceLock::new();
    match STARTED.get_or_init(|| Cluster::for_tests()?.start()) {
        Ok((url, _)) => Ok(url.clone()),
        Err(reason) => Err(reason.clone()),
    }
}

/// Stops the test server and removes all it held, whoever still uses it.
pub fn stop() -> Result<(), String> {
    Cluster::for_tests()?.stop()
}

/// Stops the test server unless some process still uses it; says whether it did.
pub fn stop_unused() -> Result<bool, String> {
    Cluster::for_tests()?.stop_unused()
}

fn own_server() -> Option<String> {
    let url = std::env::var(OWN_SERVER).ok()?;
    let url = url.trim().trim_end_matches('/');
    (!url.is_empty()).then(|| url.to_owned())
}

/// As long as this is held, [`Cluster::stop_unused`] leaves the server running.
pub struct Lease {
    _users: File,
}

/// One PostgreSQL server of our own, in a folder of its own under the temporary folder.
pub struct Cluster {
    folder: PathBuf,
    settings: &'static [&'static str],
    /// Reached through a file instead of the network, as a server on the same machine is.
    by_file: bool,
}

impl Cluster {
    /// The server tests share: quick, because it never waits for the disk.
    pub fn for_tests() -> Result<Self, String> {
        Self::in_folder(
            &memory().unwrap_or_else(std::env::temp_dir),
            "tests",
            false,
            &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
                "max_wal_senders=0",
                "wal_level=minimal",
                "max_wal_size=256MB",
            ],
        )
    }

    /// A server for measuring: it keeps PostgreSQL's own promises, so that a commit that was answered is on the disk. It
    /// has the memory that its handbook asks for on a machine of four gigabytes.
    pub fn for_measuring() -> Result<Self, String> {
        Self::in_folder(&std::env::temp_dir(), "measuring", true, &["max_wal_size=4GB", "shared_buffers=1GB"])
    }

    fn in_folder(parent: &Path, name: &str, by_file: bool, settings: &'static [&'static str]) -> Result<Self, String> {
        let folder = parent.join(format!("commonweal-postgres-{name}-{}", own_uid()?));
        match fs::create_dir(&folder) {
            // The server, which may run as somebody else, must get to its folder inside.
            Ok(()) => {
                let open_to_others = Permissions::from_mode(0o755);
                fs::set_permissions(&folder, open_to_others).map_err(|e| at(&folder, &e))?;
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(at(&folder, &e)),
        }
        let found = fs::symlink_metadata(&folder).map_err(|e| at(&folder, &e))?;
        if !found.is_dir() || found.uid() != own_uid()? {
            return Err(format!(
                "{} belongs to somebody else: it has to go before the tests can start a server",
                folder.display()
            ));
        }
        Ok(Self { folder, settings, by_file })
    }

    /// The address of this server, started from nothing unless it already runs, and a lease on it.
    pub fn start(&self) -> Result<(String, Lease), String> {
        let _turn = self.turn()?;
        let programs = Programs::find()?;
        let port = match self.running(&programs) {
            Some(port) => port,
            None => self.start_from_nothing(&programs)?,
        };
        let users = self.open("users")?;
        users.lock_shared().map_err(|e| at(&self.folder, &e))?;
        Ok((self.address(port), Lease { _users: users }))
    }

    fn address(&self, port: u16) -> String {
        let host = match self.by_file {
            // As a part of an address, the name of a folder has its strokes written out.
            true => self.data().display().to_string().replace('/', "%2F"),
            false => Ipv4Addr::LOCALHOST.to_string(),
        };
        format!("postgres://{SUPERUSER}@{host}:{port}")
    }

    pub fn stop(&self) -> Result<(), String> {
        let _turn = self.turn()?;
        self.stop_and_remove()
    }

    pub fn stop_unused(&self) -> Result<bool, String> {
        let _turn = self.turn()?;
        if self.open("users")?.try_lock().is_err() {
            return Ok(false);
        }
        self.stop_and_remove()?;
        Ok(true)
    }

    /// Held while starting and stopping, so that only one process does either.
    fn turn(&self) -> Result<File, String> {
        let file = self.open("turn")?;
        file.lock().map_err(|e| at(&self.folder, &e))?;
        Ok(file)
    }

    fn open(&self, name: &str) -> Result<File, String> {
        let path = self.folder.join(name);
        File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| at(&path, &e))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn running(&self, programs: &Programs) -> Option<u16> {
        let port = fs::read_to_string(self.folder.join("port")).ok()?.trim().parse().ok()?;
        let answers = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), Duration::from_secs(2)).is_ok();
        (answers && programs.run("pg_ctl", ["status".as_ref(), "-D".as_ref(), self.data().as_os_str()]).is_ok()).then_some(port)
    }

    /// What an earlier server left is never reused: one that does not wait for the disk cannot be trusted after a crash.
    fn start_from_nothing(&self, programs: &Programs) -> Result<u16, String> {
        self.stop_and_remove()?;
        let data = self.data();
        fs::DirBuilder::new().mode(0o700).create(&data).map_err(|e| at(&data, &e))?;
        if let Some((uid, gid)) = programs.run_as {
            chown(&data, Some(uid), Some(gid)).map_err(|e| at(&data, &e))?;
        }
        let initdb = ["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username", SUPERUSER, "--pgdata"];
        programs.run("initdb", initdb.iter().map(OsStr::new).chain([data.as_os_str()]))?;

        // Between choosing a free port and listening on it somebody else may take it.
        let mut attempt = 1;
        loop {
            let port = free_port()?;
            let fixed = ["listen_addresses=127.0.0.1", "max_connections=300", "shared_buffers=128MB"];
            let options: String = fixed.iter().chain(self.settings).map(|setting| format!("-c {setting} ")).collect();
            let files = if self.by_file { data.display().to_string() } else { String::new() };
            let options = format!("{options}-c unix_socket_directories={files} -p {port}");
            let log = data.join("server.log");
            let started = programs.run(
                "pg_ctl",
                ["start", "-w", "-t", "60", "-o", &options, "-l"].iter().map(OsStr::new).chain([
                    log.as_os_str(),
                    "-D".as_ref(),
                    data.as_os_str(),
                ]),
            );
            match started {
                Ok(()) => {
                    let path = self.folder.join("port");
                    fs::write(&path, port.to_string()).map_err(|e| at(&path, &e))?;
                    return Ok(port);
                }
                Err(_) if attempt < 3 => attempt += 1,
                Err(reason) => {
                    return Err(format!("{reason}\n{}", fs::read_to_string(&log).unwrap_or_default()));
                }
            }
        }
    }

    fn stop_and_remove(&self) -> Result<(), String> {
        let data = self.data();
        if data.join("postmaster.pid").exists() {
            let stop = ["stop", "-w", "-m", "fast", "-D"];
            // A process that is gone already is as good as one we stopped.
            let _gone = Programs::find()?.run("pg_ctl", stop.iter().map(OsStr::new).chain([data.as_os_str()]));
        }
        for (path, removed) in
            [(self.folder.join("port"), fs::remove_file(self.folder.join("port"))), (data.clone(), fs::remove_dir_all(&data))]
        {
            match removed {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(at(&path, &e)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Linux's folder in memory, where it is large enough: making a database makes some hundreds of files, and on a full or
/// busy disk that takes twenty times as long.
fn memory() -> Option<PathBuf> {
    const ENOUGH_KB: u64 = 2 * 1024 * 1024;
    let folder = "/dev/shm";
    let output = Command::new("df").args(["-Pk", folder]).stdin(Stdio::null()).output().ok()?;
    let size = String::from_utf8(output.stdout).ok()?.lines().nth(1)?.split_whitespace().nth(1)?.parse::<u64>().ok()?;
    (size >= ENOUGH_KB).then(|| PathBuf::from(folder))
}

fn own_uid() -> Result<u32, String> {
    // A file we make is ours: the one way to ask without calling into C.
    static UID: OnceLock<Result<u32, String>> = OnceLock::new();
    UID.get_or_init(|| {
        let file = tempfile::tempfile().map_err(|e| at(&std::env::temp_dir(), &e))?;
        file.metadata().map(|found| found.uid()).map_err(|e| e.to_string())
    })
    .clone()
}

fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr()).map(|a| a.port()).map_err(|e| e.to_string())
}

fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// A database of one test. It is dropped when this value is.
#[derive(Debug)]
pub struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (std::mem::take(&mut self.server), std::mem::take(&mut self.name));
        // A thread of its own, because the caller may be inside a runtime that must not block. What cannot be dropped
        // goes when the server does.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
            runtime.block_on(async {
                let db = connect(&server, "postgres").await?;
                execute(&db, &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await?;
                db.close().await.map_err(|e| e.to_string())
            })
        });
        let _left = dropped.join();
    }
}

/// A new database, copied from a template that `prepare` fills the first time somebody asks for `template_key`.
///
/// The key must change when what `prepare` does changes: make it from the migrations, say. `prepare` is given the
/// address of an empty database, and must have closed its connections when it returns.
pub async fn fresh_database(
    template_key: &str,
    prepare: impl AsyncFnOnce(String) -> Result<(), String>,
) -> Result<TestDatabase, String> {
    let server = server()?;
    let db = connect(&server, "postgres").await?;
    let template = template_name(template_key);
    let name = format!("test_{}_{:016x}", std::process::id(), chance());
    // Copying the files takes a third of the time of writing the copy to the log, where nothing waits for the disk.
    let create = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" STRATEGY file_copy");
    if let Err(reason) = execute(&db, &create).await {
        if exists(&db, &template).await? {
            return Err(reason);
        }
        make_template(&server, &db, &template, prepare).await?;
        execute(&db, &create).await?;
    }
    db.close().await.map_err(|e| e.to_string())?;
    Ok(TestDatabase { server, name })
}

/// Another process may be at the same work: one does it, the others wait. The template gets its name only when it is
/// whole, so one whose making was interrupted is never used; it is replaced.
async fn make_template(
    server: &str,
    db: &DatabaseConnection,
    template: &str,
    prepare: impl AsyncFnOnce(String) -> Result<(), String>,
) -> Result<(), String> {
    let turn = i64::from_ne_bytes(hash(template).to_ne_bytes());
    execute(db, &format!("SELECT pg_advisory_lock({turn})")).await?;
    if exists(db, template).await? {
        return execute(db, &format!("SELECT pg_advisory_unlock({turn})")).await;
    }
    let unfinished = format!("{template}_new");
    execute(db, &format!("DROP DATABASE IF EXISTS \"{unfinished}\" WITH (FORCE)")).await?;
    execute(db, &format!("CREATE DATABASE \"{unfinished}\" TEMPLATE template0")).await?;
    prepare(format!("{server}/{unfinished}")).await?;
    execute(db, &format!("ALTER DATABASE \"{unfinished}\" ALLOW_CONNECTIONS false")).await?;
    let rename = format!("ALTER DATABASE \"{unfinished}\" RENAME TO \"{template}\"");
    // A connection that was just closed may take a moment to go.
    let end_others = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{unfinished}'");
    let mut attempt = 1;
    while let Err(reason) = execute(db, &rename).await {
        if attempt == 50 {
            return Err(reason);
        }
        attempt += 1;
        execute(db, &end_others).await?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    execute(db, &format!("SELECT pg_advisory_unlock({turn})")).await
}

fn template_name(key: &str) -> String {
    let readable: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).take(24).collect();
    format!("template_{}_{:016x}", readable.to_ascii_lowercase(), hash(key))
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A different number every time, in every process.
fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// One connection, because an advisory lock belongs to the connection that took it.
async fn connect(server: &str, database: &str) -> Result<DatabaseConnection, String> {
    let mut options = ConnectOptions::new(format!("{server}/{database}"));
    options.max_connections(1).min_connections(1).sqlx_logging(false).connect_timeout(Duration::from_secs(20));
    Database::connect(options).await.map_err(|e| e.to_string())
}

async fn execute(db: &DatabaseConnection, sql: &str) -> Result<(), String> {
    db.execute_unprepared(sql).await.map(|_| ()).map_err(|e| format!("{sql}: {e}"))
}

async fn exists(db: &DatabaseConnection, database: &str) -> Result<bool, String> {
    let ask =
        Statement::from_sql_and_values(DbBackend::Postgres, "SELECT 1 FROM pg_database WHERE datname = $1", [database.into()]);
    db.query_one_raw(ask).await.map(|row| row.is_some()).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn prepare(url: String) -> Result<(), String> {
        let (server, name) = url.rsplit_once('/').ok_or("no database in the address")?;
        let db = connect(server, name).await?;
        execute(&db, "CREATE TABLE words (word text PRIMARY KEY)").await?;
        execute(&db, "INSERT INTO words VALUES ('whole')").await?;
        db.close().await.map_err(|e| e.to_string())
    }

    async fn count(database: &TestDatabase) -> i64 {
        let db = connect(&database.server, &database.name).await.unwrap();
        let ask = Statement::from_string(DbBackend::Postgres, "SELECT count(*) AS n FROM words");
        db.query_one_raw(ask).await.unwrap().unwrap().try_get::<i64>("", "n").unwrap()
    }

    #[tokio::test]
    async fn each_test_has_a_database_of_its_own() {
        let one = fresh_database("postgres.rs words", prepare).await.unwrap();
        let two = fresh_database("postgres.rs words", prepare).await.unwrap();
        let db = connect(&one.server, &one.name).await.unwrap();
        execute(&db, "INSERT INTO words VALUES ('mine')").await.unwrap();
        assert_eq!((count(&one).await, count(&two).await), (2, 1));
    }

    #[tokio::test]
    async fn a_database_is_dropped_with_its_value_even_while_connections_are_open() {
        let database = fresh_database("postgres.rs words", prepare).await.unwrap();
        let (server, name) = (database.server.clone(), database.name.clone());
        let _open = connect(&server, &name).await.unwrap();
        drop(database);
        let db = connect(&server, "postgres").await.unwrap();
        assert!(!exists(&db, &name).await.unwrap());
    }

    #[tokio::test]
    async fn a_template_whose_making_failed_is_made_again() {
        let key = format!("postgres.rs {}", chance());
        let failed = fresh_database(&key, async |url| {
            prepare(url).await?;
            Err("the power went".to_owned())
        })
        .await;
        assert_eq!(failed.map(|_| ()), Err("the power went".to_owned()));
        let database = fresh_database(&key, prepare).await.unwrap();
        assert_eq!(count(&database).await, 1);
        let db = connect(&database.server, "postgres").await.unwrap();
        execute(&db, &format!("DROP DATABASE \"{}\"", template_name(&key))).await.unwrap();
    }

    #[tokio::test]
    async fn many_asking_at_once_make_one_template() {
        let key = format!("postgres.rs {}", chance());
        let made = std::sync::atomic::AtomicU32::new(0);
        let ask = || {
            fresh_database(&key, async |url| {
                made.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                prepare(url).await
            })
        };
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        for database in [a.unwrap(), b.unwrap(), c.unwrap()] {
            assert_eq!(count(&database).await, 1);
        }
        assert_eq!(made.into_inner(), 1);
        let db = connect(&server().unwrap(), "postgres").await.unwrap();
        execute(&db, &format!("DROP DATABASE \"{}\"", template_name(&key))).await.unwrap();
    }
}
