//! Kills the server in the middle of approving and paying, again and again: the ledger balances afterwards, nothing is paid twice,
//! and what the server said it had noted as paid is paid.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use benches::form::Form;
use benches::http::{Connection, encode};
use benches::load::chance;
use benches::server::{Database, Server, clean_up, kind};
use benches::site::{DESIGN, Visitor};
use benches::{Outcome, ended, progress, setting};
use kernel::{Clock, SystemClock};
use sea_orm::entity::prelude::*;
use serde_json::json;
use store::Db;
use tables::{AwardId, instalment, movement, posting};

const PLACES: u64 = 2;
const ENTRIES: u64 = 50;
/// As many instalments as an award may have.
const INSTALMENTS: u64 = 40;

/// The money that it all comes out of.
const LINE: &str = "phase-1-grants";

fn home() -> String {
    format!("/programmes/practice-{DESIGN}")
}
fn payments() -> String {
    format!("{}/money/payments", home())
}

fn main() -> ExitCode {
    ended(run())
}

/// Those who look after grants, answer for the place, and approve as the second.
struct People {
    manager: Visitor,
    place: Visitor,
    second: Visitor,
}

fn run() -> Outcome<bool> {
    let kills = setting("N", 50)?;
    let database = Database::fresh("pay")?;
    database.practise(PLACES, ENTRIES)?;
    let mut server = Server::start(&database)?;
    let mut people = People {
        manager: Visitor::sign_in_as(server.address, "Grant manager")?,
        place: Visitor::sign_in_as(server.address, "Project lead, Riverside")?,
        second: Visitor::sign_in_as(server.address, "Programme lead, funder")?,
    };
    commit(&mut people.manager)?;
    let (mut acknowledged, mut paid, mut left, mut wrong, mut journal) = (Vec::new(), 0, 0, 0, "ok");
    for kill in 1..=kills {
        if left < INSTALMENTS / 2 {
            award(&mut people)?;
        }
        let before_kill = Duration::from_millis(100 + chance() % 900);
        let round = pay_until_killed(&mut server, &people, before_kill)?;
        acknowledged.extend(round);
        if let Err(said) = database.verify_journal() {
            progress(&said.to_string());
            journal = "broken";
        }
        let found = look(&database, &acknowledged)?;
        wrong += found.wrong;
        (paid, left) = (found.paid, found.left);
        progress(&format!(
            "kill {kill} of {kills} after {} ms: {paid} paid so far, {} wrong",
            before_kill.as_millis(),
            found.wrong
        ));
        server = Server::start(&database)?;
        for visitor in [&mut people.manager, &mut people.place, &mut people.second] {
            visitor.server = server.address;
        }
    }
    drop(server);
    clean_up()?;
    println!(
        "{}",
        json!({ "db": kind(), "kills": kills, "paid": paid, "files_acknowledged": acknowledged.len(), "wrong": wrong, "journal": journal })
    );
    Ok(wrong == 0 && journal == "ok" && paid > 0)
}

/// Sends a form of a page, and gives where that leads.
fn send(visitor: &mut Visitor, path: &str, button: &str, write: impl FnOnce(&mut Form) -> Outcome<String>) -> Outcome<String> {
    let page = visitor.page(path)?;
    let mut form = Form::with_button(&page, path, button)?;
    let more = write(&mut form)?;
    let answer = Connection::to(visitor.server).post(&form.action, &visitor.cookies, &format!("{}{more}", form.body()))?;
    let leads = answer.location.clone().filter(|_| answer.status == 303);
    let says = benches::form::main_text(&answer.text()).unwrap_or_default();
    let says: String = says.chars().take(400).collect();
    leads.ok_or_else(|| format!("“{button}” on {path} answered {}: {says}", answer.status).into())
}

fn commit(manager: &mut Visitor) -> Outcome<()> {
    let write = |form: &mut Form| {
        form.set("line", LINE)?;
        form.set("amount", "100,000,000")?;
        form.set("why", "A bench")?;
        Ok(String::new())
    };
    send(manager, &format!("{}/money/commit", home()), "Note it", write).map(drop)
}

/// An award of as many instalments as there may be, all due today, which both sides have signed.
fn award(people: &mut People) -> Outcome<()> {
    let (place, today) = (format!("{}/places/riverside", home()), SystemClock.today());
    let whole = (INSTALMENTS * 1_000).to_string();
    let budget = send(&mut people.manager, &format!("{place}/awards/new"), "Go on to the budget", |form| {
        form.set("line", LINE)?;
        form.set("amount", &whole)?;
        form.set("starts_on", &today.to_string())?;
        form.set("ends_on", &today.plus_months(9).to_string())?;
        form.set("purpose", "A bench")?;
        Ok(String::new())
    })?;
    let award = budget.trim_end_matches("/budget").to_owned();
    send(&mut people.manager, &budget, "Save the budget", |form| {
        let first = form.names().find(|name| name.ends_with("-1") && !name.starts_with('_')).map(str::to_owned);
        form.set(&first.ok_or("the budget has no line")?, &whole)?;
        Ok(String::new())
    })?;
    send(&mut people.manager, &format!("{award}/instalments"), "Save the instalments", |form| {
        // More rows than the page offers at once.
        form.set("_rows", &INSTALMENTS.to_string())?;
        let mut more = String::new();
        for number in 1..=INSTALMENTS {
            for (name, value) in [(format!("amount-{number}"), "1000".to_owned()), (format!("due-{number}"), today.to_string())] {
                if form.set(&name, &value).is_err() {
                    more.push_str(&format!("&{name}={}", encode(&value)));
                }
            }
        }
        Ok(more)
    })?;
    let nothing = |_: &mut Form| Ok(String::new());
    send(&mut people.manager, &award, "Offer it to the place", nothing)?;
    send(&mut people.manager, &format!("{award}/agreement"), "Sign for the funder", nothing)?;
    send(&mut people.place, &format!("{award}/agreement"), "Sign for the place", nothing).map(drop)
}

/// Everybody approves, makes files and notes them as paid until the server is killed under them. Gives the files that the server
/// said are paid.
fn pay_until_killed(server: &mut Server, people: &People, before_kill: Duration) -> Outcome<Vec<String>> {
    let (noted, killed) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let ended = || killed.load(Ordering::SeqCst);
    // Whatever fails while the server is there is told; that it is gone is what this is about.
    let until_killed = |work: &dyn Fn() -> Outcome<()>| -> Outcome<()> {
        while !ended() {
            if let Err(wrong) = work() {
                return if ended() || wrong.downcast_ref::<std::io::Error>().is_some() { Ok(()) } else { Err(wrong) };
            }
        }
        Ok(())
    };
    let done: Vec<Outcome<()>> = thread::scope(|scope| {
        let mut working = Vec::new();
        for visitor in [&people.manager, &people.second, &people.manager, &people.second] {
            let until_killed = &until_killed;
            working.push(scope.spawn(move || until_killed(&|| approve(visitor))));
        }
        for _ in 0..2 {
            let (until_killed, noted, visitor) = (&until_killed, &noted, &people.manager);
            working.push(scope.spawn(move || until_killed(&|| hand_over(visitor, noted))));
        }
        thread::sleep(before_kill);
        killed.store(true, Ordering::SeqCst);
        let end = server.kill();
        let done = working.into_iter().map(|w| w.join().unwrap_or_else(|_| Err("somebody stopped".into())));
        done.chain([end]).collect()
    });
    done.into_iter().collect::<Outcome<()>>()?;
    noted.into_inner().map_err(|_| "somebody stopped".into())
}

/// A page as a visitor sees it, on a connection of their own.
fn page(connection: &mut Connection, visitor: &Visitor, path: &str) -> Outcome<String> {
    let answer = connection.get(path, &visitor.cookies)?;
    if answer.status == 200 { Ok(answer.text()) } else { Err(format!("{path} answered {}", answer.status).into()) }
}

/// Approves one of the first payments on the page, so that two people come upon the same.
fn approve(visitor: &Visitor) -> Outcome<()> {
    let (mut connection, path) = (Connection::to(visitor.server), payments());
    let text = page(&mut connection, visitor, &path)?;
    let all: Vec<Form> = Form::all(&text, &path)?.into_iter().filter(|f| f.get("_do") == Some("approve")).collect();
    let Some(form) = all.get(usize::try_from(chance()).unwrap_or(0) % all.len().clamp(1, 4)) else { return Ok(()) };
    let answer = connection.post(&form.action, &visitor.cookies, &form.body())?;
    // Somebody else was faster: two have approved it, or it is in a file.
    if [303, 409].contains(&answer.status) { Ok(()) } else { Err(format!("approving answered {}", answer.status).into()) }
}

/// Makes a file of what is approved, and notes it as paid.
fn hand_over(visitor: &Visitor, noted: &Mutex<Vec<String>>) -> Outcome<()> {
    let (mut connection, path) = (Connection::to(visitor.server), payments());
    let text = page(&mut connection, visitor, &path)?;
    let Ok(form) = Form::with_button(&text, &path, "Make a payment file") else { return Ok(()) };
    let answer = connection.post(&form.action, &visitor.cookies, &form.body())?;
    let Some(file) = answer.location.filter(|_| answer.status == 303) else {
        return if answer.status == 409 { Ok(()) } else { Err(format!("making a file answered {}", answer.status).into()) };
    };
    let text = page(&mut connection, visitor, &file)?;
    let mut form = Form::with_button(&text, &file, "Note them as paid")?;
    form.set("paid_on", &SystemClock.today().to_string())?;
    form.set("reference", &format!("BENCH {:x}", chance()))?;
    // Pressed twice, as people do.
    let mut once = false;
    for _ in 0..2 {
        let answer = connection.post(&form.action, &visitor.cookies, &form.body())?;
        if answer.status != 303 {
            return Err(format!("noting a file as paid answered {}", answer.status).into());
        }
        if !std::mem::replace(&mut once, true) {
            noted.lock().map_err(|_| "somebody stopped")?.push(file.clone());
        }
    }
    Ok(())
}

struct Found {
    paid: usize,
    /// What is still to be paid.
    left: u64,
    wrong: u64,
}

/// Looks into the database: each payment that is noted moved once, by its amount; everything balances.
fn look(database: &Database, acknowledged: &[String]) -> Outcome<Found> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let db = Db::open(&database.target(), 1).await?;
        let instalments = instalment::Entity::find().all(db.reader()).await?;
        let movements = movement::Entity::find().all(db.reader()).await?;
        let postings = posting::Entity::find().all(db.reader()).await?;
        db.close().await;
        let mut wrong = 0;
        let mut tell = |what: String| {
            progress(&format!("wrong: {what}"));
            wrong += 1;
        };
        let mut sums: BTreeMap<_, i64> = BTreeMap::new();
        for posting in &postings {
            *sums.entry(posting.movement_id).or_default() += posting.amount;
        }
        for (id, _) in sums.iter().filter(|(_, sum)| **sum != 0) {
            tell(format!("the movement {id} does not balance"));
        }
        let paid: Vec<_> = instalments.iter().filter(|i| i.paid_at.is_some()).collect();
        let mut owed: BTreeMap<(AwardId, String), i64> = BTreeMap::new();
        for one in &paid {
            owed.insert((one.award_id, format!("Instalment {}", one.number)), one.amount);
        }
        for moved in movements.iter().filter(|m| m.kind == "pay") {
            let amount: i64 = postings.iter().filter(|p| p.movement_id == moved.id && p.amount > 0).map(|p| p.amount).sum();
            let name = moved.why.split(',').next().unwrap_or_default().to_owned();
            if moved.award_id.and_then(|award| owed.remove(&(award, name))) != Some(amount) {
                tell(format!("{} moved more than once, or by another amount, or without being noted as paid", moved.why));
            }
        }
        for (award, name) in owed.keys() {
            tell(format!("{name} of {award} is noted as paid, and nothing moved"));
        }
        for file in acknowledged {
            let id = file.rsplit('/').next().unwrap_or_default();
            let inside = || instalments.iter().filter(|i| i.payment_file_id.is_some_and(|f| f.to_string() == id));
            if inside().count() == 0 || inside().any(|i| i.paid_at.is_none()) {
                tell(format!("the file {id} was acknowledged as paid, and is not"));
            }
        }
        let left = u64::try_from(instalments.len() - paid.len())?;
        Ok(Found { paid: paid.len(), left, wrong })
    })
}
