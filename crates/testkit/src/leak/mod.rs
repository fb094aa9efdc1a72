//! No leak: programmes made by chance, in which people made by chance write, share, agree, come and go; and then everybody
//! opens everything. Each text that was planted holds a word of its own, so that it is seen wherever it gets to.
//!
//! A programme is the same for the same seed, so whatever is found can be found again.

mod acts;
mod form;
mod generate;
mod marks;
mod oracle;
mod play;
mod publishing;
mod talking;
mod walk;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use design::{Programme, Sources};
use store::{Db, Target};

use crate::site::every_design;

/// Where the programmes live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// How much is tried.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    pub engine: Engine,
    /// The seed of the first programme; each has the next.
    pub seed: u64,
    pub programmes: u64,
    /// What people try to do in each programme, one after the other.
    pub acts: usize,
    /// How many of its people look at everything in the end, beside somebody without an account; those whose roles differ first.
    pub viewers: usize,
    /// How many programmes are under way at the same time.
    pub threads: usize,
    /// A leak is planted: those who judge are not told that one role reads one circle. Whoever then finds no leaks does not look.
    pub planted: bool,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub programmes: u64,
    /// Answers and mails that were looked through.
    pub reads: u64,
    /// Marker words that were found where they may be: as long as there are many, the others are looked for in earnest.
    pub seen: u64,
    /// Forms that were taken.
    pub done: u64,
    /// Who was told what, and where, each with the seed of its programme.
    pub leaks: Vec<String>,
    /// Addresses at which something broke.
    pub faults: Vec<String>,
}

impl Report {
    fn add(&mut self, other: Self) {
        self.programmes += other.programmes;
        self.reads += other.reads;
        self.seen += other.seen;
        self.done += other.done;
        self.leaks.extend(other.leaks);
        self.faults.extend(other.faults);
    }
}

/// What all programmes begin with.
struct Ground {
    bases: Vec<Programme>,
    sources: Sources,
    /// An empty SQLite database to be copied, in the folder that goes with it; PostgreSQL keeps its own.
    empty: Option<(tempfile::TempDir, PathBuf)>,
}

impl Ground {
    fn prepare(engine: Engine) -> Self {
        let (bases, sources) = every_design();
        let empty = (engine == Engine::Sqlite).then(|| {
            let folder = tempfile::tempdir().expect("a folder for an empty database");
            let file = folder.path().join("empty.db");
            runtime().block_on(async {
                let db = Db::open(&Target::File(file.clone()), 1).await.expect("an empty database");
                db.close().await;
            });
            (folder, file)
        });
        Self { bases, sources, empty }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Says which programme it was, where one breaks off.
struct Underway(u64);

impl Drop for Underway {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the programme with seed {} broke off", self.0);
        }
    }
}

/// Makes programmes, lets people loose in them, and looks for words where they may not be. `told` hears of each programme
/// that is done: its seed and what was found in it.
pub fn run(trial: &Trial, told: impl Fn(u64, &Report) + Sync) -> Report {
    let ground = Ground::prepare(trial.engine);
    let (next, whole) = (AtomicU64::new(0), Mutex::new(Report::default()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if number >= trial.programmes {
                break;
            }
            let seed = trial.seed.wrapping_add(number);
            let _underway = Underway(seed);
            let found = runtime().block_on(play::programme(&ground, trial, seed));
            told(seed, &found);
            whole.lock().expect("what was found so far").add(found);
        }
    };
    thread::scope(|scope| {
        for _ in 0..trial.threads.max(1) {
            scope.spawn(work);
        }
    });
    whole.into_inner().expect("what was found")
}
