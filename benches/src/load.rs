//! Many visitors at once, each as quick as the server lets them be, for a while; and how long they waited.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::http::Connection;
use crate::site::Visitor;

#[derive(Debug, Default)]
pub struct Measured {
    waits: Vec<Duration>,
    pub errors: u64,
    pub first_error: Option<String>,
    took: Duration,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        let done = u32::try_from(self.waits.len()).unwrap_or(u32::MAX);
        f64::from(done) / self.took.as_secs_f64().max(f64::EPSILON)
    }

    /// The wait in milliseconds that this share of the requests, in hundredths, did not exceed.
    pub fn percentile_ms(&self, hundredths: usize) -> f64 {
        let at = (self.waits.len() * hundredths).div_ceil(100).saturating_sub(1);
        self.waits.get(at).map_or(f64::NAN, |wait| wait.as_secs_f64() * 1000.0)
    }

    pub fn p99_ms(&self) -> f64 {
        self.percentile_ms(99)
    }

    pub fn sentence(&self, what: &str) -> String {
        let error = self.first_error.as_ref().map(|e| format!("; {} errors, the first: {e}", self.errors)).unwrap_or_default();
        format!(
            "{what}: {:.0}/s, half within {:.1} ms, 99 of 100 within {:.1} ms, the longest {:.1} ms{error}",
            self.per_second(),
            self.percentile_ms(50),
            self.p99_ms(),
            self.percentile_ms(100),
        )
    }

    pub fn note(&mut self, wait: Duration, done: &Outcome<()>) {
        match done {
            Ok(()) => self.waits.push(wait),
            Err(error) => {
                self.errors += 1;
                self.first_error.get_or_insert_with(|| error.to_string());
            }
        }
    }

    pub fn add(&mut self, other: Self) {
        self.waits.extend(other.waits);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }

    /// Everything is in: it took so long.
    pub fn finish(&mut self, took: Duration) {
        self.took = took;
        self.waits.sort_unstable();
    }
}

/// Runs `work(connection, visitor number, round)` over and over on each of so many connections.
pub fn closed_loop<W>(visitor: &Visitor, connections: u64, seconds: u64, work: W) -> Measured
where
    W: Fn(&mut Connection, u64, u64) -> Outcome<()> + Sync,
{
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let each = |number| {
        let mut mine = Measured::default();
        let mut connection = Connection::to(visitor.server);
        for round in 0.. {
            let asked = Instant::now();
            if asked >= until {
                break;
            }
            let done = work(&mut connection, number, round);
            mine.note(asked.elapsed(), &done);
            if done.is_err() {
                connection = Connection::to(visitor.server);
                // A server that refuses at once must not turn the run into a storm of refusals.
                thread::sleep(Duration::from_millis(10));
            }
        }
        mine
    };
    let mut all = Measured::default();
    thread::scope(|scope| {
        let each = &each;
        let threads: Vec<_> = (0..connections).map(|number| scope.spawn(move || each(number))).collect();
        for thread in threads {
            match thread.join() {
                Ok(mine) => all.add(mine),
                Err(_) => all.errors += 1,
            }
        }
    });
    all.finish(started.elapsed());
    all
}

/// Reads a page over and over; anything but the page is an error.
pub fn read_pages(visitor: &Visitor, paths: &[String], connections: u64, seconds: u64) -> Measured {
    closed_loop(visitor, connections, seconds, |connection, number, round| {
        let at = usize::try_from(number + round)? % paths.len();
        read(connection, &paths[at], &visitor.cookies)
    })
}

/// One reader opens a page again and again, so many times after so many that do not count.
pub fn read_again(visitor: &Visitor, path: &str, (uncounted, times): (u64, u64)) -> Measured {
    let mut connection = Connection::to(visitor.server);
    for _ in 0..uncounted {
        // What fails now fails again when it counts.
        let _done = read(&mut connection, path, &visitor.cookies);
    }
    let mut measured = Measured::default();
    let started = Instant::now();
    for _ in 0..times {
        let asked = Instant::now();
        let done = read(&mut connection, path, &visitor.cookies);
        measured.note(asked.elapsed(), &done);
    }
    measured.finish(started.elapsed());
    measured
}

fn read(connection: &mut Connection, path: &str, cookies: &str) -> Outcome<()> {
    match connection.get(path, cookies)?.status {
        200 => Ok(()),
        status => Err(format!("{path} answered {status}").into()),
    }
}

/// A different number every time, in every process.
pub fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A text of a session's length, different every time.
pub fn some_text(seed: u64) -> String {
    const WORDS: [&str; 24] = [
        "we",
        "met",
        "partners",
        "from",
        "the",
        "council",
        "and",
        "talked",
        "about",
        "trust",
        "that",
        "people",
        "bring",
        "when",
        "nobody",
        "asks",
        "for",
        "numbers",
        "first",
        "housing",
        "health",
        "listening",
        "next",
        "month",
    ];
    let mut state = seed | 1;
    let mut text = String::with_capacity(1500);
    for word in 0..220 {
        // xorshift: any spread of words will do.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let pick = usize::try_from(state % 24).unwrap_or_default();
        text.push_str(WORDS[pick]);
        text.push_str(if word % 55 == 54 { ".\n\n" } else { " " });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_waits_that_happened() {
        let waits = (1..=200).map(Duration::from_millis).collect();
        let measured = Measured { waits, took: Duration::from_secs(2), ..Measured::default() };
        assert_eq!((measured.percentile_ms(50), measured.p99_ms(), measured.percentile_ms(100)), (100.0, 198.0, 200.0));
        assert!((measured.per_second() - 100.0).abs() < 1e-9);
    }
}
