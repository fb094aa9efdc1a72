//! How quickly pages are read and entries written on a large programme, and how that compares with a small one.

use std::collections::HashMap;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

use benches::form::{links, main_text};
use benches::load::{Measured, chance, closed_loop, read_pages, some_text};
use benches::server::{Database, Server, clean_up, kind};
use benches::site::{Place, RecordForm, Visitor, recorded, search};
use benches::{Outcome, ended, progress, setting};
use serde_json::json;

const READERS: u64 = 16;
const SEARCHERS: u64 = 4;
const WRITERS: u64 = 32;
const SMALL_PLACES: u64 = 5;
const SMALL_ENTRIES: u64 = 1000;

fn main() -> ExitCode {
    ended(run().map(|()| true))
}

fn run() -> Outcome<()> {
    let (places, entries) = (setting("PLACES", 1000)?, setting("ENTRIES", 1_000_000)?);
    let seconds = setting("DURATION", 15)?;

    let small = Database::fresh("small")?;
    small.practise(SMALL_PLACES, SMALL_ENTRIES)?;
    let (small_timeline, small_entry) = {
        let server = Server::start(&small)?;
        let mut visitor = Visitor::sign_in(server.address)?;
        let place = Place::of(&mut visitor)?;
        read_both(&visitor, &place, "small", seconds)
    };

    let large = Database::fresh("large")?;
    large.practise(places, entries)?;
    let server = Server::start(&large)?;
    let (start, at_start) = (server.seconds_to_first_page, server.resident_mb()?);
    sleep(Duration::from_secs(5));
    let idle = server.resident_mb()?;
    progress(&format!("first page after {start:.2} s; {at_start:.0} MB in use, {idle:.0} MB after 5 s idle"));

    let mut visitor = Visitor::sign_in(server.address)?;
    let place = Place::of(&mut visitor)?;
    let words = words_to_search(&mut visitor, &place)?;
    progress(&format!("searching {}", words.join(", ")));
    let (timeline, entry) = read_both(&visitor, &place, "large", seconds);
    let searches: Vec<String> = words.iter().map(|word| search(word)).collect();
    let searched = read_pages(&visitor, &searches, SEARCHERS, seconds);
    progress(&searched.sentence("search"));
    let written = write(&mut visitor, &place, seconds)?;
    progress(&written.sentence("recording an entry"));

    let ratio = (timeline.p99_ms() / small_timeline.p99_ms()).max(entry.p99_ms() / small_entry.p99_ms());
    let all = [&small_timeline, &small_entry, &timeline, &entry, &searched, &written];
    let errors: u64 = all.iter().map(|measured| measured.errors).sum();
    drop(server);
    clean_up()?;
    println!(
        "{}",
        json!({
            "db": kind(), "places": places, "entries": entries,
            "timeline_reads_per_s": rounded(timeline.per_second()), "timeline_p99_ms": rounded(timeline.p99_ms()),
            "entry_reads_per_s": rounded(entry.per_second()), "entry_p99_ms": rounded(entry.p99_ms()),
            "small_timeline_p99_ms": rounded(small_timeline.p99_ms()), "small_entry_p99_ms": rounded(small_entry.p99_ms()),
            "p99_ratio": rounded(ratio), "search_p99_ms": rounded(searched.p99_ms()),
            "writes_per_s": rounded(written.per_second()), "write_p99_ms": rounded(written.p99_ms()),
            "start_s": rounded(start), "idle_mb": rounded(idle), "errors": errors,
        })
    );
    Ok(())
}

fn read_both(visitor: &Visitor, place: &Place, which: &str, seconds: u64) -> (Measured, Measured) {
    let read = |what: &str, path: &str| {
        let path = [path.to_owned()];
        // What a first visit costs is paid before the measuring.
        read_pages(visitor, &path, READERS, 1);
        let measured = read_pages(visitor, &path, READERS, seconds);
        progress(&measured.sentence(&format!("{which}: {what}")));
        measured
    };
    (read("timeline", &place.timeline), read("entry", &place.entry))
}

/// The three commonest and the three rarest longer words of what a place's newest entries say, one and two at a time.
fn words_to_search(visitor: &mut Visitor, place: &Place) -> Outcome<Vec<String>> {
    let timeline = visitor.page(&place.timeline)?;
    let mut counts: HashMap<String, u32> = HashMap::new();
    for entry in links(&timeline, "/entries/ent_")?.iter().take(30) {
        let text = main_text(&visitor.page(entry)?)?.to_lowercase();
        let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 4);
        words.for_each(|word| *counts.entry(word.to_owned()).or_default() += 1);
    }
    let mut by_count: Vec<(u32, String)> = counts.into_iter().map(|(word, count)| (count, word)).collect();
    by_count.sort();
    let words: Vec<String> = by_count.into_iter().map(|(_, word)| word).collect();
    let (rare, common) = (words.iter().take(3), words.iter().rev().take(3));
    let pairs: Vec<String> = rare.clone().zip(common.clone()).map(|(a, b)| format!("{a} {b}")).collect();
    let searched: Vec<String> = rare.chain(common).cloned().chain(pairs).collect();
    if searched.is_empty() { Err("the newest entries have no words".into()) } else { Ok(searched) }
}

fn write(visitor: &mut Visitor, place: &Place, seconds: u64) -> Outcome<Measured> {
    let form = RecordForm::read(visitor, place)?;
    let run = chance();
    let visitor = &*visitor;
    Ok(closed_loop(visitor, WRITERS, seconds, |connection, writer, round| {
        let once = format!("bench-{run:x}-{writer}-{round}");
        let body = form.filled(&once, &format!("Session {writer}.{round}"), &some_text(run ^ (writer << 32) ^ round))?;
        let answer = connection.post(form.action(), &visitor.cookies, &body)?;
        match recorded(&answer) {
            Some(_) => Ok(()),
            None => Err(format!("recording answered {} and led to {:?}", answer.status, answer.location).into()),
        }
    }))
}

/// To hundredths: more would only look exact.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
