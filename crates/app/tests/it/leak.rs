//! Nobody is told a word of an entry outside their circles: a few programmes made by chance, of the thousands that `make leak`
//! makes.

use testkit::leak::{Engine, Trial, run};

/// Tries so many programmes. Fewer people do and see less than in `make leak`, because nothing here is built for speed.
fn nothing_leaks(engine: Engine, programmes: u64) {
    let trial = Trial { engine, seed: 1, programmes, acts: 14, viewers: 3, threads: 2, planted: false };
    let report = run(&trial, |_, _| {});
    assert_eq!(report.programmes, programmes);
    // A walk that sees nothing finds no leaks either. Most pages of the table of themes show none of the words.
    assert!(report.done > programmes * 3, "only {} forms were taken", report.done);
    assert!(report.seen > report.reads / 40, "only {} words were seen in {} answers", report.seen, report.reads);
    assert!(report.leaks.is_empty(), "{} leaks:\n{}", report.leaks.len(), report.leaks.join("\n"));
    assert!(report.faults.is_empty(), "{}", report.faults.join("\n"));
}

/// Those who judge are not told that a role reads a circle: what is then found shows that it is looked for.
fn a_planted_leak_shows(engine: Engine) {
    let trial = Trial { engine, seed: 1, programmes: 2, acts: 4, viewers: 2, threads: 2, planted: true };
    let report = run(&trial, |_, _| {});
    assert!(!report.leaks.is_empty(), "nothing was found in {} answers, though there is something", report.reads);
    assert!(report.faults.is_empty(), "{}", report.faults.join("\n"));
}

mod nobody_is_told_what_they_may_not_read {
    use super::*;

    #[test]
    fn sqlite() {
        nothing_leaks(Engine::Sqlite, 3);
    }
    #[test]
    fn postgres() {
        nothing_leaks(Engine::Postgres, 2);
    }
}

mod a_leak_that_is_planted_is_found {
    use super::*;

    #[test]
    fn sqlite() {
        a_planted_leak_shows(Engine::Sqlite);
    }
    #[test]
    fn postgres() {
        a_planted_leak_shows(Engine::Postgres);
    }
}
