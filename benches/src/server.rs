//! The server under load: built as it is published, with a database of its own.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use store::Target;

use crate::http::Connection;
use crate::{Outcome, progress, site};

const SECONDS_TO_START: u64 = 300;

/// Where a run keeps its entries. PostgreSQL is the server of the tests, started for measuring.
#[derive(Debug, Clone)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    /// A new and empty one with this name, of the kind that `DB=sqlite|postgres` asks for.
    pub fn fresh(name: &str) -> Outcome<Self> {
        match kind().as_str() {
            "sqlite" => {
                let folder = work_folder()?.join(name);
                if folder.exists() {
                    fs::remove_dir_all(&folder)?;
                }
                fs::create_dir_all(&folder)?;
                Ok(Self::Sqlite(folder))
            }
            "postgres" => {
                let server = std::env::var("COMMONWEAL_TEST_POSTGRES").map_err(|_| {
                    "DB=postgres needs a server: start this with scripts/test-postgres measure, as the Makefile does, or set COMMONWEAL_TEST_POSTGRES"
                })?;
                let name = format!("bench_{name}");
                for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
                    let status = Command::new("psql").args(["-q", "-X", "-c", &sql, &format!("{server}/postgres")]).status()?;
                    if !status.success() {
                        return Err(format!("psql could not: {sql}").into());
                    }
                }
                Ok(Self::Postgres(format!("{server}/{name}")))
            }
            other => Err(format!("DB must be sqlite or postgres, not {other}").into()),
        }
    }

    fn options(&self) -> [String; 2] {
        match self {
            Self::Sqlite(folder) => ["--data".to_owned(), folder.display().to_string()],
            Self::Postgres(url) => ["--database".to_owned(), url.clone()],
        }
    }

    /// Where it is, to look into it.
    pub fn target(&self) -> Target {
        match self {
            Self::Sqlite(folder) => Target::in_folder(folder),
            Self::Postgres(url) => Target::Postgres(url.clone()),
        }
    }

    /// Fills it with a practice programme.
    pub fn practise(&self, places: u64, entries: u64) -> Outcome<()> {
        progress(&format!("filling a database with {entries} entries in {places} places"));
        let started = Instant::now();
        let status = Command::new(commonweal())
            .args(["practice", "--design", site::DESIGN, "--seed", "1"])
            .args(["--places", &places.to_string(), "--entries", &entries.to_string()])
            .args(self.options())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("commonweal practice failed: {status}").into());
        }
        progress(&format!("filled in {:.1} s", started.elapsed().as_secs_f64()));
        Ok(())
    }

    /// Brings a file of grants in; says how many seconds that took, and how many megabytes were in use at most.
    pub fn import(&self, file: &Path) -> Outcome<(f64, f64)> {
        let started = Instant::now();
        let mut import = Command::new(commonweal())
            .args(["grants", "import"])
            .args(self.options())
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let mut most: f64 = 0.0;
        let status = loop {
            if let Some(status) = import.try_wait()? {
                break status;
            }
            most = most.max(megabytes(import.id(), "VmHWM:").unwrap_or_default());
            sleep(Duration::from_millis(20));
        };
        if status.success() {
            Ok((started.elapsed().as_secs_f64(), most))
        } else {
            Err(format!("the import failed: {status}").into())
        }
    }

    /// Has the journal checked; an error says what is wrong with it.
    pub fn verify_journal(&self) -> Outcome<()> {
        let output = Command::new(commonweal()).args(["journal", "verify"]).args(self.options()).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(format!("commonweal journal verify: {}: {}", output.status, String::from_utf8_lossy(&said)).into())
    }
}

/// A running server. It is killed when this value is dropped.
pub struct Server {
    pub address: SocketAddr,
    /// From starting the process until it had answered with a page.
    pub seconds_to_first_page: f64,
    process: Child,
}

impl Server {
    pub fn start(database: &Database) -> Outcome<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let log = work_folder()?.join("server.log");
        let log_file = File::options().create(true).append(true).open(&log)?;
        let started = Instant::now();
        let process = Command::new(commonweal())
            .args(["serve", "--demo", "--listen", &address.to_string()])
            .args(database.options())
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file)
            .spawn()?;
        let mut server = Self { address, seconds_to_first_page: 0.0, process };
        loop {
            if let Ok(answer) = Connection::to(address).get("/", "")
                && answer.status < 500
            {
                server.seconds_to_first_page = started.elapsed().as_secs_f64();
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait()? {
                return Err(format!("the server ended ({status}); its log: {}", log.display()).into());
            }
            if started.elapsed().as_secs() > SECONDS_TO_START {
                return Err(format!("no page within {SECONDS_TO_START} s; its log: {}", log.display()).into());
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Memory in use, in megabytes.
    pub fn resident_mb(&self) -> Outcome<f64> {
        megabytes(self.process.id(), "VmRSS:")
    }

    /// Ends it as a power cut would: nothing is asked, nothing is finished.
    pub fn kill(&mut self) -> Outcome<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is gone already is as good as killed.
        let _gone = self.kill();
    }
}

/// What the system says of a process's memory.
fn megabytes(process: u32, line: &str) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kilobytes = status.lines().find_map(|own| own.strip_prefix(line)?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kilobytes.map(|kb| kb / 1024.0).ok_or_else(|| format!("no {line}").into())
}

pub fn kind() -> String {
    std::env::var("DB").ok().filter(|kind| !kind.is_empty()).unwrap_or_else(|| "sqlite".to_owned())
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn commonweal() -> PathBuf {
    std::env::var_os("COMMONWEAL_BIN").map_or_else(|| target().join("publishing/commonweal"), PathBuf::from)
}

pub fn work_folder() -> Outcome<PathBuf> {
    let folder = target().join("bench");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Removes what a run left on the disk.
pub fn clean_up() -> Outcome<()> {
    Ok(fs::remove_dir_all(work_folder()?)?)
}
