//! The programs of PostgreSQL, and who runs them.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{at, own_uid};

const OLDEST: u32 = 15;
const MISSING: &str = "The tests need the server programs of PostgreSQL 15 or newer, and none were found. \
    On Debian and Ubuntu: sudo apt-get install postgresql. Or set COMMONWEAL_TEST_POSTGRES to the address of a server, \
    such as postgres://user@127.0.0.1:5432.";

/// The folder of PostgreSQL's programs, and the person to run them as: the server refuses to be run by root.
pub(super) struct Programs {
    folder: PathBuf,
    pub(super) run_as: Option<(u32, u32)>,
}

impl Programs {
    pub(super) fn find() -> Result<Self, String> {
        let run_as = if own_uid()? == 0 {
            let nobody = "PostgreSQL does not run as root, and there is no user called postgres to run it as; \
                on Debian and Ubuntu, sudo apt-get install postgresql makes one.";
            Some(postgres_user().ok_or(nobody)?)
        } else {
            None
        };
        let folder = candidates().into_iter().find(|folder| has_server(folder)).ok_or(MISSING)?;
        Ok(Self { folder, run_as })
    }

    pub(super) fn run<A: AsRef<OsStr>>(&self, program: &str, arguments: impl IntoIterator<Item = A>) -> Result<(), String> {
        let path = self.folder.join(program);
        let mut command = Command::new(&path);
        command.args(arguments).current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
        if let Some((uid, gid)) = self.run_as {
            command.uid(uid).gid(gid);
        }
        let output = command.output().map_err(|e| at(&path, &e))?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(format!("{program} failed ({}): {}", output.status, String::from_utf8_lossy(&said).trim()))
    }
}

/// Debian's folders, newest version first, then what pg_config names, then the search path.
fn candidates() -> Vec<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<_> = installed.filter_map(|path| Some((version(&path)?, path.join("bin")))).collect();
    versions.sort_by(|a, b| b.cmp(a));

    let named = Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).stderr(Stdio::null()).output().ok();
    let named = named.and_then(|output| String::from_utf8(output.stdout).ok()).map(|line| PathBuf::from(line.trim()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions.into_iter().map(|(_, folder)| folder).chain(named).chain(std::env::split_paths(&path)).collect()
}

fn has_server(folder: &Path) -> bool {
    let version = || {
        let output = Command::new(folder.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
        let line = String::from_utf8(output.stdout).ok()?;
        line.split_whitespace().find_map(|word| word.split(['.', 'd', 'r', 'b']).next()?.parse::<u32>().ok())
    };
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).exists()) && version().is_some_and(|v| v >= OLDEST)
}

fn postgres_user() -> Option<(u32, u32)> {
    let people = fs::read_to_string("/etc/passwd").ok()?;
    let fields: Vec<&str> =
        people.lines().map(|line| line.split(':').collect()).find(|f: &Vec<&str>| f.first() == Some(&"postgres"))?;
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}
