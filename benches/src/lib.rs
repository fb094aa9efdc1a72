//! A load generator that works the site as people do: it signs in, reads the forms it is given, and sends them. How
//! to run it: `README.md`.
//!
//! One thread per connection, each sending its next request when it has the whole answer to the last.

pub mod fill;
pub mod form;
pub mod http;
pub mod load;
pub mod server;
pub mod site;
pub mod storm;

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
