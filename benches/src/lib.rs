//! A load generator that works the site as people do: it signs in, reads the forms it is given, and sends them. How
//! to run it: `README.md`.
//!
//! One thread per connection, each sending its next request when it has the whole answer to the last.

pub mod fill;
pub mod form;
pub mod grants;
pub mod http;
pub mod learning;
pub mod load;
pub mod oversight;
pub mod server;
pub mod site;
pub mod storm;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use http::Connection;
use server::Server;
use site::Visitor;

/// What goes wrong here ends the run with a sentence.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A number from the environment, as `make bench-load ENTRIES=1000` sets it.
pub fn setting(name: &str, otherwise: u64) -> Outcome<u64> {
    match std::env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| format!("{name} must be a whole number, not {text}").into()),
        _ => Ok(otherwise),
    }
}

/// Says how far the run is, where people see it; results alone go to standard output.
pub fn progress(words: &str) {
    eprintln!("{words}");
}

/// How a run ends: well where it came to its end and found what it should.
#[must_use]
pub fn ended(run: Outcome<bool>) -> ExitCode {
    match run {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            progress(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Takes a file along; says how long that took, how large it was, and how much memory the server had in use at most.
pub fn exported(server: &Server, visitor: &Visitor, path: &str) -> Outcome<(f64, f64, f64)> {
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
pub fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
