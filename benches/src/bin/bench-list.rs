//! Ten thousand applications to one call: how quickly those who run it filter, sort, search and turn pages, and what
//! taking all answers along costs.

use std::process::ExitCode;

use benches::fill::Filling;
use benches::form::links;
use benches::load::read_pages;
use benches::server::{Database, Server, clean_up, kind};
use benches::site::open_call;
use benches::{Outcome, ended, exported, progress, rounded, setting};
use serde_json::json;

/// Staff who look at the list at the same time.
const READERS: u64 = 4;

fn main() -> ExitCode {
    ended(run().map(|()| true))
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
