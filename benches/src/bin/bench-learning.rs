//! One person who opens the table of themes and an entry of which much was marked, and anybody who searches the library, in a
//! programme where a million entries were written.

use std::process::ExitCode;

use benches::fill::Filling;
use benches::load::read_again;
use benches::server::{Database, Server, clean_up, kind};
use benches::site::Visitor;
use benches::{Outcome, ended, progress, rounded, setting};
use serde_json::json;

/// Requests for each page that do not count.
const UNCOUNTED: u64 = 10;

fn main() -> ExitCode {
    ended(run().map(|()| true))
}

fn run() -> Outcome<()> {
    let (places, entries) = (setting("PLACES", 1000)?, setting("ENTRIES", 1_000_000)?);
    let (excerpts, themes, of_one) = (setting("EXCERPTS", 200_000)?, setting("THEMES", 500)?, setting("MARKS", 500)?);
    let (publications, times) = (setting("PUBLICATIONS", 2_000)?, setting("N", 100)?);
    let database = Database::fresh("learning")?;
    database.practise(places, entries)?;
    let filling = Filling::of(&database)?;
    progress(&format!("marking {excerpts} passages with {themes} themes, and putting {publications} publications there"));
    let there = filling.learning(excerpts, themes, of_one, publications)?;
    filling.close();
    let server = Server::start(&database)?;
    let reader = Visitor::sign_in_as(server.address, there.reader)?;
    let library = format!("/library?programme={}", there.slug);
    let pages = [
        ("table", format!("{}/theme-table", there.programme)),
        ("table_by_time", format!("{}/theme-table?across=time", there.programme)),
        ("entry", format!("{}/entries/{}/excerpts", there.programme, there.entry)),
        ("library", library.clone()),
        ("library_search", format!("{library}&q=meeting")),
        ("library_two_words", format!("{library}&q=people+council")),
        ("library_narrowed", format!("{library}&q=people&topic=Theme%207")),
    ];
    let mut result = json!({
        "db": kind(), "places": places, "entries": entries, "excerpts": there.excerpts, "themes": themes, "publications": publications,
    });
    let mut errors = 0;
    for (what, path) in pages {
        let measured = read_again(&reader, &path, (UNCOUNTED, times));
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
