//! One person who opens what is put together of what many wrote: the digest, the handover pack and the briefing of a place, the
//! map of needs of the whole programme, and what waits for them today.

use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

use benches::fill::Filling;
use benches::load::read_again;
use benches::server::{Database, Server, clean_up, kind};
use benches::site::{Visitor, waiting};
use benches::{Outcome, ended, progress, rounded, setting};
use serde_json::json;

/// Requests for each page that do not count.
const UNCOUNTED: u64 = 20;
const START: &str = "/";

fn main() -> ExitCode {
    ended(run().map(|()| true))
}

fn run() -> Outcome<()> {
    let (places, entries, matters) = (setting("PLACES", 1000)?, setting("ENTRIES", 10_000)?, setting("MATTERS", 200)?);
    let (each, times) = (setting("EACH", 100)?, setting("N", 200)?);
    let database = Database::fresh("oversight")?;
    database.practise(places, places * each)?;
    let filling = Filling::of(&database)?;
    progress(&format!("filling in {entries} entries of one place and {matters} matters that wait for one person"));
    let there = filling.oversight(entries, matters)?;
    filling.close();
    let server = Server::start(&database)?;
    // A server that has just started looks for matters that were silent for too long, and writes to those concerned.
    sleep(Duration::from_secs(5));
    let mut visitor = Visitor::sign_in_as(server.address, &there.reader)?;
    let waits = waiting(&visitor.page(START)?)?;
    progress(&format!("{} reads {} of the {entries} entries, and is shown {waits} matters", there.reader, there.readable));
    if waits == 0 && matters > 0 {
        return Err("nothing waits for whoever is measured".into());
    }

    let pages = [
        ("digest", format!("{}/digest", there.place)),
        ("handover", format!("{}/handover", there.place)),
        ("briefing", format!("{}/briefing", there.place)),
        ("needs", format!("{}/needs", there.programme)),
        ("today", START.to_owned()),
    ];
    let mut result = json!({
        "db": kind(), "places": places, "entries": entries, "readable": there.readable, "matters": matters, "shown": waits,
    });
    let mut errors = 0;
    for (what, path) in pages {
        let measured = read_again(&visitor, &path, (UNCOUNTED, times));
        progress(&measured.sentence(what));
        errors += measured.errors;
        result[format!("{what}_p50_ms")] = rounded(measured.percentile_ms(50)).into();
        result[format!("{what}_p99_ms")] = rounded(measured.p99_ms()).into();
    }
    result["errors"] = errors.into();
    drop(server);
    clean_up()?;
    println!("{result}");
    Ok(())
}
