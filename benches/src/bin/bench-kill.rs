//! Kills the server in the middle of writing, again and again: what it said it had recorded must be there.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use benches::http::Connection;
use benches::load::{chance, some_text};
use benches::server::{Database, Server, clean_up, kind};
use benches::site::{Place, RecordForm, Visitor, entries_listed, recorded, search};
use benches::{Outcome, ended, progress, setting};
use serde_json::json;

const WRITERS: u64 = 32;
const PLACES: u64 = 5;
const ENTRIES: u64 = 1000;

/// An entry that the server says it recorded.
struct Acknowledged {
    path: String,
    title: String,
}

/// What was sent when the server was killed, with no answer yet: sending it again must record it once, not twice.
struct Unanswered {
    title: String,
    body: String,
}

#[derive(Default)]
struct Round {
    acknowledged: Vec<Acknowledged>,
    unanswered: Vec<Unanswered>,
}

fn main() -> ExitCode {
    ended(run())
}

fn run() -> Outcome<bool> {
    let kills = setting("N", 20)?;
    let database = Database::fresh("kill")?;
    database.practise(PLACES, ENTRIES)?;
    let mut server = Server::start(&database)?;
    let mut visitor = Visitor::sign_in(server.address)?;
    let place = Place::of(&mut visitor)?;
    let form = RecordForm::read(&mut visitor, &place)?;

    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    let (mut lost, mut resent, mut doubled, mut journal) = (0, 0, 0, "ok");
    for kill in 1..=kills {
        let before_kill = Duration::from_millis(200 + chance() % 1800);
        let round = write_until_killed(&mut server, &visitor, &form, before_kill)?;
        if let Err(wrong) = database.verify_journal() {
            progress(&wrong.to_string());
            journal = "broken";
        }
        server = Server::start(&database)?;
        visitor.server = server.address;

        let missing = count_missing(&visitor, &round.acknowledged)?;
        for unanswered in &round.unanswered {
            resent += 1;
            doubled += u64::from(!is_there_once(&mut visitor, &form, unanswered)?);
        }
        lost += missing;
        progress(&format!(
            "kill {kill} of {kills} after {} ms: {} acknowledged, {missing} of them lost; {} unanswered and sent again",
            before_kill.as_millis(),
            round.acknowledged.len(),
            round.unanswered.len(),
        ));
        acknowledged.extend(round.acknowledged);
    }
    progress("looking for all of them once more");
    lost = lost.max(count_missing(&visitor, &acknowledged)?);
    drop(server);
    clean_up()?;
    println!(
        "{}",
        json!({
            "db": kind(), "kills": kills, "acknowledged": acknowledged.len(), "lost": lost,
            "resent": resent, "not_once": doubled, "journal": journal,
        })
    );
    Ok(lost == 0 && doubled == 0 && journal == "ok")
}

/// All writers write until the server is killed under them.
fn write_until_killed(server: &mut Server, visitor: &Visitor, form: &RecordForm, before_kill: Duration) -> Outcome<Round> {
    let (round, killed) = (Mutex::new(Round::default()), AtomicBool::new(false));
    let run = chance();
    let write = |writer: u64| -> Outcome<()> {
        let mut connection = Connection::to(visitor.server);
        for number in 0.. {
            let name = format!("{run:016x}x{writer}x{number}");
            let title = format!("Session {name}");
            let body = form.filled(&name, &title, &some_text(run ^ (writer << 32) ^ number))?;
            if killed.load(Ordering::SeqCst) {
                break;
            }
            let answer = connection.post(form.action(), &visitor.cookies, &body);
            let mut round = round.lock().map_err(|_| "a writer stopped")?;
            match answer {
                Ok(answer) => match recorded(&answer) {
                    Some(path) => round.acknowledged.push(Acknowledged { path, title }),
                    None => return Err(format!("recording answered {} and led to {:?}", answer.status, answer.location).into()),
                },
                Err(_) => {
                    round.unanswered.push(Unanswered { title, body });
                    break;
                }
            }
        }
        Ok(())
    };
    let written: Vec<Outcome<()>> = thread::scope(|scope| {
        let write = &write;
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        thread::sleep(before_kill);
        let end = server.kill();
        killed.store(true, Ordering::SeqCst);
        let ended = writers.into_iter().map(|writer| writer.join().unwrap_or_else(|_| Err("a writer stopped".into())));
        ended.chain([end]).collect()
    });
    written.into_iter().collect::<Outcome<()>>()?;
    round.into_inner().map_err(|_| "a writer stopped".into())
}

fn count_missing(visitor: &Visitor, entries: &[Acknowledged]) -> Outcome<u64> {
    let mut connection = Connection::to(visitor.server);
    let mut missing = 0;
    for entry in entries {
        let answer = connection.get(&entry.path, &visitor.cookies)?;
        if answer.status != 200 || !answer.text().contains(&entry.title) {
            progress(&format!("lost: {} “{}” (answered {})", entry.path, entry.title, answer.status));
            missing += 1;
        }
    }
    Ok(missing)
}

/// Sends what had no answer once more, and looks for it: it must be there, and be there once.
fn is_there_once(visitor: &mut Visitor, form: &RecordForm, unanswered: &Unanswered) -> Outcome<bool> {
    let answer = Connection::to(visitor.server).post(form.action(), &visitor.cookies, &unanswered.body)?;
    let name = unanswered.title.trim_start_matches("Session ");
    let found = entries_listed(&visitor.page(&search(name))?)?;
    let once = recorded(&answer).is_some() && found == 1;
    if !once {
        progress(&format!("“{}” was sent again: answered {}, found {found} times", unanswered.title, answer.status));
    }
    Ok(once)
}
