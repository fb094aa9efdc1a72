//! A million published grants: how long it takes to bring them in, how quickly they are searched and narrowed, and what taking some
//! along costs.

use std::process::ExitCode;

use benches::grants::{area, funder, word, write};
use benches::load::read_pages;
use benches::server::{Database, Server, clean_up, kind, work_folder};
use benches::site::Visitor;
use benches::{Outcome, ended, exported, progress, rounded, setting};
use serde_json::json;

fn main() -> ExitCode {
    ended(run().map(|()| true))
}

fn run() -> Outcome<()> {
    let (grants, readers, seconds) = (setting("N", 1_000_000)?, setting("READERS", 4)?, setting("DURATION", 10)?);
    let database = Database::fresh("grants")?;
    let file = work_folder()?.join("made-up.json");
    progress(&format!("writing {grants} made-up grants"));
    write(&file, grants)?;
    let (took, most) = database.import(&file)?;
    progress(&format!("imported in {took:.1} s, with at most {most:.0} MB in use"));
    let mut result = json!({ "db": kind(), "grants": grants, "import_s": rounded(took), "import_mb": rounded(most) });
    std::fs::remove_file(&file)?;
    let server = Server::start(&database)?;
    let visitor = Visitor { server: server.address, cookies: String::new() };
    result["before_mb"] = rounded(server.resident_mb()?).into();
    let list = |question: &str| format!("/grants?{question}");
    let first = read_pages(&visitor, &["/grants".to_owned()], 1, 0);
    result["first_page_ms"] = rounded(first.percentile_ms(100)).into();
    let ranks = [0, 3, 30, 300, 3_000, 30_000];
    let scenarios = [
        ("all", vec!["/grants".to_owned(), list("sort=amount"), list("page=150")]),
        ("word", ranks.map(|rank| list(&format!("q={}", word(rank)))).to_vec()),
        ("words", ranks.map(|rank| list(&format!("q={}+{}", word(rank / 2), word(rank + 1)))).to_vec()),
        (
            "narrowed",
            vec![
                list(&format!("funder={}", funder(0))),
                list(&format!("funder={}&year=2019", funder(20))),
                list(&format!("area={}&amount=10000", area(7))),
                list("year=2012&sort=amount"),
                list("programme=programme%202%20of%201&page=3"),
                list(&format!("q={}&funder={}", word(2), funder(1))),
                list(&format!("q={}+{}&year=2020&amount=1000", word(1), word(5))),
            ],
        ),
    ];
    let mut errors = 0;
    for (connections, ending) in [(1, ""), (readers, "_together")] {
        for (what, paths) in &scenarios {
            read_pages(&visitor, paths, connections, 1);
            let measured = read_pages(&visitor, paths, connections, seconds);
            progress(&measured.sentence(&format!("{what}, {connections} at once")));
            errors += measured.errors;
            result[format!("{what}{ending}_p99_ms")] = rounded(measured.p99_ms()).into();
            result[format!("{what}{ending}_per_s")] = rounded(measured.per_second()).into();
        }
    }
    result["held_mb"] = rounded(server.resident_mb()?).into();
    for kind in ["json", "csv", "xlsx"] {
        let (took, size, most) = exported(&server, &visitor, &format!("/grants.{kind}?funder={}", funder(0)))?;
        progress(&format!(".{kind}: {size:.1} MB in {took:.1} s, at most {most:.0} MB in use"));
        result[format!("{kind}_s")] = rounded(took).into();
        result[format!("{kind}_size_mb")] = rounded(size).into();
        result[format!("{kind}_most_mb")] = rounded(most).into();
    }
    result["errors"] = errors.into();
    drop(server);
    clean_up()?;
    println!("{result}");
    Ok(())
}
