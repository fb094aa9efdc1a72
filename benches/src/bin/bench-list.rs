//! Ten thousand applications to one call: how quickly those who run it filter, sort, search and turn pages, and what
//! taking all answers along costs.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use benches::fill::Filling;
use benches::form::links;
use benches::http::Connection;
use benches::load::read_pages;
use benches::server::{Database, Server, clean_up, kind};
use benches::site::{Visitor, open_call};
use benches::{Outcome, progress, setting};
use serde_json::json;

/// Staff who look at the list at the same time.
const READERS: u64 = 4;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let (applications, seconds) = (setting("APPLICATIONS", 10_000)?, setting("DURATION", 10)?);
    let database = Database::fresh("list")?;
    database.practise(5, 500)?;
    let server = Server::start(&database)?;
    let (mut visitor, call) = open_call(server.address)?;
    let filling = Filling::of(&database)?;
    progress(&format!("filling in {applications} submitted applications"));
    filling.applications(applications, 1, true)?;
    filling.close();
    let list = format!("{call}/applications");
    let last = applications.div_ceil(50);
    let shown = links(&visitor.page(&format!("{list}?page={last}"))?, "/applications/apl_")?.len();
    progress(&format!("the last page shows {shown} applications"));

    let scenarios = [
        ("first", vec![list.clone()]),
        ("page", [1, last / 4, last / 2, last].map(|page| format!("{list}?page={page}")).to_vec()),
        (
            "sort",
            ["number", "name", "submitted"]
                .into_iter()
                .flat_map(|s| [1, last].map(|p| format!("{list}?sort={s}&page={p}")))
                .collect(),
        ),
        ("filter", ["submitted", "withdrawn"].map(|state| format!("{list}?state={state}&sort=name")).to_vec()),
        (
            "search",
            ["harbour", "al", "ELAN", "trust 7", "nothing-like-it"].map(|q| format!("{list}?q={}", q.replace(' ', "+"))).to_vec(),
        ),
    ];
    let mut result = json!({ "db": kind(), "applications": applications });
    let mut errors = 0;
    for (what, paths) in scenarios {
        read_pages(&visitor, &paths, READERS, 1);
        let measured = read_pages(&visitor, &paths, READERS, seconds);
        progress(&measured.sentence(what));
        errors += measured.errors;
        result[format!("{what}_p99_ms")] = rounded(measured.p99_ms()).into();
        result[format!("{what}_per_s")] = rounded(measured.per_second()).into();
    }
    let before = server.resident_mb()?;
    result["before_exports_mb"] = rounded(before).into();
    for (name, path) in [("list_csv", ".csv"), ("csv", "/answers.csv"), ("json", "/answers.json"), ("xlsx", "/answers.xlsx")] {
        let (took, size, most) = exported(&server, &visitor, &format!("{list}{path}"))?;
        progress(&format!("{path}: {size:.1} MB in {took:.1} s, at most {most:.0} MB in use"));
        result[format!("{name}_s")] = rounded(took).into();
        result[format!("{name}_size_mb")] = rounded(size).into();
        result[format!("{name}_most_mb")] = rounded(most).into();
    }
    result["errors"] = errors.into();
    drop(server);
    clean_up()?;
    println!("{result}");
    Ok(())
}

/// Takes a file along; says how long that took, how large it was, and how much memory the server had in use at most.
fn exported(server: &Server, visitor: &Visitor, path: &str) -> Outcome<(f64, f64, f64)> {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut most: f64 = 0.0;
            while !done.load(Ordering::SeqCst) {
                most = most.max(server.resident_mb().unwrap_or_default());
                thread::sleep(Duration::from_millis(10));
            }
            most
        });
        let started = Instant::now();
        let answer = Connection::to(server.address).get(path, &visitor.cookies);
        let took = started.elapsed().as_secs_f64();
        done.store(true, Ordering::SeqCst);
        let most = watch.join().map_err(|_| "the watch stopped")?;
        let answer = answer?;
        if answer.status != 200 {
            return Err(format!("{path} answered {}", answer.status).into());
        }
        let size = u32::try_from(answer.body.len())?;
        Ok((took, f64::from(size) / 1e6, most))
    })
}

/// To hundredths: more would only look exact.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
