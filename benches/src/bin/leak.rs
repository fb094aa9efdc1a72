//! Programmes made by chance, in which everybody opens everything: nobody is told a word of an entry that they may not read.
//! How it is done: `crates/testkit/src/leak/`.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use benches::server::kind;
use benches::{Outcome, ended, progress, setting};
use serde_json::json;
use testkit::leak::{self, Engine, Trial};

/// Unless `ACTS` or `VIEWERS` says otherwise: more than any design has people with roles of their own.
const ACTS: u64 = 60;
const VIEWERS: u64 = 100;
/// Programmes, unless `N` says otherwise; with a leak that is planted a few are enough.
const PROGRAMMES: u64 = 200;
const PLANTED: u64 = 4;

fn main() -> ExitCode {
    ended(run())
}

/// Makes as many programmes as were asked for; says whether nothing leaked and nothing broke.
fn run() -> Outcome<bool> {
    let engine = match kind().as_str() {
        "sqlite" => Engine::Sqlite,
        "postgres" => Engine::Postgres,
        other => return Err(format!("DB must be sqlite or postgres, not {other}").into()),
    };
    let threads = thread::available_parallelism()?.get();
    let planted = setting("PLANT", 0)? != 0;
    let trial = Trial {
        engine,
        seed: setting("SEED", 1)?,
        programmes: setting("N", if planted { PLANTED } else { PROGRAMMES })?,
        acts: usize::try_from(setting("ACTS", ACTS)?)?,
        viewers: usize::try_from(setting("VIEWERS", VIEWERS)?)?,
        threads: usize::try_from(setting("THREADS", threads as u64)?)?,
        planted,
    };
    let done = AtomicU64::new(0);
    let report = leak::run(&trial, |seed, found| {
        let number = done.fetch_add(1, Ordering::SeqCst) + 1;
        progress(&format!(
            "{number} of {}: seed {seed}, {} forms taken, {} answers, {} words where they may be, {} leaks",
            trial.programmes,
            found.done,
            found.reads,
            found.seen,
            found.leaks.len()
        ));
        // Of what was planted one says enough.
        let said = if planted { 1 } else { found.leaks.len() };
        for wrong in found.leaks.iter().take(said).chain(&found.faults) {
            progress(wrong);
        }
        if !found.leaks.is_empty() && !planted {
            progress(&format!("make leak N=1 SEED={seed} repeats it"));
        }
    });
    if !report.faults.is_empty() {
        progress(&format!("{} answers say that something broke", report.faults.len()));
    }
    println!("{}", json!({ "programmes": report.programmes, "reads": report.reads, "leaks": report.leaks.len() }));
    if planted {
        return Err(match report.leaks.len() {
            0 => "PLANT=1: a leak was planted and none was found: whoever looks for them sees nothing".into(),
            leaks => format!("PLANT=1: {leaks} leaks were found, as intended, so the run ends as a failure").into(),
        });
    }
    Ok(report.leaks.is_empty() && report.faults.is_empty())
}
