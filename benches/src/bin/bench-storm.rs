//! The last minutes before a deadline: hundreds of applications, each written by many at once, saved, signed and
//! submitted until nothing is taken any more. Whatever was said to be saved must be in the trail.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use benches::fill::{Filled, Filling, ORGANISATIONS};
use benches::form::Form;
use benches::http::Connection;
use benches::load::{Measured, chance};
use benches::server::{Database, Server, clean_up, kind};
use benches::site::open_call;
use benches::storm::{How, Told, Writer, marked, said};
use benches::{Outcome, ended, progress, setting};
use kernel::{Clock, Moment, SystemClock};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use tables::{answer, application, journal};

/// Connections that the writers share.
const CONNECTIONS: u64 = 64;
/// Connections over which applications are signed and submitted.
const FINISHING: u64 = 16;
/// What each of the twelve writes: their section and their answer. The last shares the first one's.
const ANSWERS: [(&str, &str); 12] = [
    ("purpose", "problem"),
    ("purpose", "vision"),
    ("working-together", "decisions"),
    ("communities", "involvement"),
    ("partnership", "partners.row0.brings"),
    ("partnership", "partners.row1.brings"),
    ("partnership", "partners.row2.brings"),
    ("partnership", "partners.row3.brings"),
    ("partnership", "partners.row4.brings"),
    ("partnership", "partners.row5.brings"),
    ("partnership", "partners.row6.brings"),
    ("purpose", "problem"),
];
/// People go on trying for a little while.
const AFTER_SECONDS: u64 = 5;

fn main() -> ExitCode {
    ended(run())
}

/// One application in the storm.
struct Application {
    home: String,
    filled: Filled,
    /// When its people stop writing, sign and submit; those who have none write until it is too late.
    finishes: Option<Duration>,
    submitted: AtomicBool,
}

/// The storm's own clock, and how often each writer saves.
struct Storm {
    applications: Vec<Application>,
    server: std::net::SocketAddr,
    started: Instant,
    /// So long everybody opens their page.
    opening: Duration,
    /// Until the deadline.
    lasts: Duration,
    every: Duration,
}

#[derive(Default)]
struct Seen {
    saves: Measured,
    pages: Measured,
    /// The marks of saves that were acknowledged.
    acknowledged: Vec<String>,
    clashes: u64,
    closed: u64,
    after_submitting: u64,
    too_soon: u64,
    submitted: u64,
}

fn run() -> Outcome<bool> {
    let (applications, writers) = (setting("APPLICATIONS", 300)?, setting("WRITERS", 12)?);
    let (seconds, rate) = (setting("DURATION", 60)?, setting("RATE", 350)?);
    let database = Database::fresh("storm")?;
    database.practise(5, 500)?;
    let server = Server::start(&database)?;
    let (_, call) = open_call(server.address)?;
    let filling = Filling::of(&database)?;
    progress(&format!("filling in {applications} applications with {writers} writers each"));
    let filled = filling.applications(applications, writers, false)?;

    let (call_row, _) = filling.call()?;
    let (begins, started) = (SystemClock.now(), Instant::now());
    // First everybody opens their page; then the minutes that count begin.
    let every = Duration::from_secs_f64(to_f64(applications * writers) / to_f64(rate));
    let opening = u64::from(every.subsec_nanos() > 0) + every.as_secs() + 1;
    let last = begins.plus_seconds(i64::try_from(opening + seconds)?);
    filling.close_at(&call_row, last)?;
    let storm = Storm {
        applications: prepared(filled, call.rsplit_once("/calls").map_or("", |(programme, _)| programme), (opening, seconds)),
        server: server.address,
        started,
        opening: Duration::from_secs(opening),
        lasts: Duration::from_secs(opening + seconds),
        every,
    };
    progress(&format!("each writes every {:.1} s, {rate} saves a second in all, until {last}", storm.every.as_secs_f64()));
    let seen = storm.blow();
    progress(&seen.saves.sentence("saves"));
    progress(&seen.pages.sentence("pages"));
    drop(server);

    let trail = Trail::read(&filling, begins, last)?;
    let lost = seen.acknowledged.iter().filter(|mark| !trail.marks.contains(mark.as_str())).count();
    filling.close();
    let journal = match database.verify_journal() {
        Ok(()) => "ok",
        Err(wrong) => {
            progress(&wrong.to_string());
            "broken"
        }
    };
    clean_up()?;
    let errors = seen.saves.errors + seen.pages.errors;
    println!(
        "{}",
        json!({
            "db": kind(), "applications": applications, "writers": applications * writers, "seconds": seconds,
            "saves": seen.acknowledged.len(), "saves_per_s": rounded(to_f64(seen.acknowledged.len() as u64) / to_f64(seconds)),
            "p50_ms": rounded(seen.saves.percentile_ms(50)), "p99_ms": rounded(seen.saves.p99_ms()),
            "pages_p99_ms": rounded(seen.pages.p99_ms()),
            "clashes": seen.clashes, "submitted": seen.submitted, "closed": seen.closed,
            "after_submitting": seen.after_submitting, "errors": errors,
            "lost": lost, "overwritten": trail.overwritten, "after_deadline": trail.late, "wrong_receipts": trail.wrong_receipts,
            "closed_too_soon": seen.too_soon, "journal": journal,
        })
    );
    let wrong = lost as u64 + errors + trail.overwritten + trail.late + trail.wrong_receipts + seen.too_soon;
    Ok(wrong == 0 && journal == "ok")
}

/// Two of three submit in the last quarter of the time; the rest are late.
fn prepared(filled: Vec<Filled>, programme: &str, (opening, seconds): (u64, u64)) -> Vec<Application> {
    let each = |(number, filled): (usize, Filled)| {
        let part = 0.75 + 0.2 * to_f64(chance() % 1000) / 1000.0;
        let finishes = (number % 3 != 0).then(|| Duration::from_secs_f64(to_f64(opening) + to_f64(seconds) * part));
        let home = format!("{programme}/applications/{}", filled.id);
        Application { home, filled, finishes, submitted: AtomicBool::new(false) }
    };
    filled.into_iter().enumerate().map(each).collect()
}

impl Storm {
    fn blow(&self) -> Seen {
        let mut all = Seen::default();
        thread::scope(|scope| {
            let writing = (0..CONNECTIONS).map(|number| scope.spawn(move || self.work(number)));
            let finishing = (0..FINISHING).map(|number| scope.spawn(move || self.finish_all(number)));
            let threads: Vec<_> = writing.chain(finishing).collect();
            for thread in threads {
                match thread.join() {
                    Ok(seen) => all.add(seen),
                    Err(_) => all.saves.errors += 1,
                }
            }
        });
        all.saves.finish(self.lasts - self.opening);
        all.pages.finish(self.lasts);
        all
    }

    /// Signs and submits a share of the applications, each when it is time. Its writers have stopped by then, or nearly.
    fn finish_all(&self, connection: u64) -> Seen {
        let mut seen = Seen::default();
        let mut to = Connection::to(self.server);
        let mine = self.applications.iter().zip(0..).filter(|(_, number)| number % FINISHING == connection);
        let mut mine: Vec<(Duration, &Application)> = mine.filter_map(|(a, _)| Some((a.finishes?, a))).collect();
        mine.sort_by_key(|(at, _)| *at);
        for (at, application) in mine {
            thread::sleep((at + Duration::from_millis(500)).saturating_sub(self.started.elapsed()));
            let done = finish(&mut to, application, &mut seen);
            seen.submitted += u64::from(*done.as_ref().unwrap_or(&false));
            if done.is_err() {
                seen.pages.note(Duration::ZERO, &done.map(|_| ()));
                to = Connection::to(self.server);
            }
        }
        seen
    }

    /// One connection: its share of the writers, each in turn when it is time. Those of one application stand on many
    /// connections, so that they save at the same time.
    fn work(&self, connection: u64) -> Seen {
        let mut seen = Seen::default();
        let mut to = Connection::to(self.server);
        let mut writers = Vec::new();
        let mut due = BinaryHeap::new();
        let mut number: u64 = 0;
        for (of, application) in self.applications.iter().enumerate() {
            for (which, cookie) in application.filled.writers.iter().enumerate() {
                if number % CONNECTIONS == connection {
                    let (section, path) = ANSWERS[which % ANSWERS.len()];
                    let section = format!("{}/sections/{section}", application.home);
                    due.push(Reverse((self.every.mul_f64(to_f64(chance() % 1000) / 1000.0), writers.len())));
                    // Half of them save as they write, as the page's script does; half press the button.
                    let how = if number.is_multiple_of(2) { How::AsOneWrites } else { How::Button };
                    writers.push((application, Writer::new(cookie, section, path, format!("a{of}w{which}n"), how)));
                }
                number += 1;
            }
        }
        while let Some(Reverse((at, which))) = due.pop() {
            if at > self.lasts + Duration::from_secs(AFTER_SECONDS) {
                break;
            }
            thread::sleep(at.saturating_sub(self.started.elapsed()));
            let (application, writer) = &mut writers[which];
            match self.turn(&mut to, application, writer, at, &mut seen) {
                Ok(Some(next)) => due.push(Reverse((next, which))),
                Ok(None) => {}
                Err(error) => {
                    seen.saves.note(Duration::ZERO, &Err(error));
                    to = Connection::to(self.server);
                }
            }
        }
        seen
    }

    /// What a writer does when it is time, and when it will be time again.
    fn turn(
        &self,
        to: &mut Connection,
        application: &Application,
        writer: &mut Writer,
        due: Duration,
        seen: &mut Seen,
    ) -> Outcome<Option<Duration>> {
        let now = self.started.elapsed();
        if application.finishes.is_some_and(|at| now >= at) && !application.submitted.load(Ordering::SeqCst) {
            // It is being signed and submitted: to write now would take the signatures back.
            return Ok(Some(now + self.every));
        }
        if !writer.has_page() {
            let asked = Instant::now();
            let opened = writer.open(to);
            seen.pages.note(asked.elapsed(), &opened);
            return Ok(opened.ok().map(|()| due + self.opening));
        }
        // Whoever had to wait until their connection was free has waited as well.
        let late = now.saturating_sub(due);
        loop {
            let (told, took) = writer.save(to)?;
            seen.saves.note(took + late, &Ok(()));
            match told {
                Told::Saved => {
                    seen.acknowledged.push(format!("{}{}", writer.mark, writer.saves));
                    return Ok(Some(now + self.every));
                }
                Told::Clash => seen.clashes += 1,
                Told::Submitted => {
                    seen.after_submitting += 1;
                    return Ok(None);
                }
                Told::Closed => {
                    seen.closed += 1;
                    seen.too_soon += u64::from(self.started.elapsed() < self.lasts);
                    return Ok(None);
                }
            }
        }
    }
}

/// Every organisation stands behind the text, and the one that leads submits it.
fn finish(to: &mut Connection, application: &Application, seen: &mut Seen) -> Outcome<bool> {
    let cookies: Vec<String> = application.filled.writers.iter().map(|c| format!("commonweal_session={c}")).collect();
    for _ in 0..5 {
        let mut changed = false;
        for cookie in cookies.iter().take(usize::try_from(ORGANISATIONS)?) {
            // Whoever signed before somebody changed the text signs again; whoever signed after it has signed.
            let Ok(form) = form(to, application, cookie, "stands behind this text", seen)? else { continue };
            let answer = to.post(&form.action, cookie, &form.body())?;
            match answer.status {
                303 => {}
                409 => changed = true,
                403 if answer.text().contains("This call has closed") => return Ok(false),
                status => return Err(format!("signing was answered {status}: {}", said(&answer.text())).into()),
            }
        }
        if changed {
            continue;
        }
        let Ok(form) = form(to, application, &cookies[0], "Submit the application", seen)? else { continue };
        let answer = to.post(&form.action, &cookies[0], &form.body())?;
        match answer.status {
            303 => {
                application.submitted.store(true, Ordering::SeqCst);
                return Ok(true);
            }
            409 => {}
            403 if answer.text().contains("This call has closed") => return Ok(false),
            status => return Err(format!("submitting was answered {status}: {}", said(&answer.text())).into()),
        }
    }
    Ok(false)
}

/// The application's page, and the form with this button where the page has one now.
fn form(to: &mut Connection, application: &Application, cookie: &str, button: &str, seen: &mut Seen) -> Outcome<Outcome<Form>> {
    let asked = Instant::now();
    let answer = to.get(&application.home, cookie)?;
    seen.pages.note(asked.elapsed(), &Ok(()));
    Ok(Form::with_button(&answer.text(), &application.home, button))
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.saves.add(other.saves);
        self.pages.add(other.pages);
        self.acknowledged.extend(other.acknowledged);
        self.clashes += other.clashes;
        self.closed += other.closed;
        self.after_submitting += other.after_submitting;
        self.too_soon += other.too_soon;
        self.submitted += other.submitted;
    }
}

/// What the journal tells of the storm.
#[derive(Default)]
struct Trail {
    /// Every mark that ever stood in an answer.
    marks: BTreeSet<String>,
    /// Changes that did not start from what stood there, or took somebody else's mark away.
    overwritten: u64,
    /// Answers changed after the deadline.
    late: u64,
    /// Receipts that do not say what stood in the answers.
    wrong_receipts: u64,
}

impl Trail {
    fn read(filling: &Filling, begins: Moment, last: Moment) -> Outcome<Self> {
        let mut trail = Self::default();
        let mut stood: BTreeMap<Uuid, String> = BTreeMap::new();
        let mut from = 0;
        loop {
            let records = filling.ask(async |db| {
                journal::Entity::find()
                    .filter(journal::COLUMN.kind.eq("answer"))
                    .filter(journal::COLUMN.at.gte(begins))
                    .filter(journal::COLUMN.number.gt(from))
                    .order_by_asc(journal::Column::Number)
                    .limit(5_000)
                    .all(db.reader())
                    .await
            })?;
            let Some(end) = records.last() else { break };
            from = end.number;
            for record in &records {
                trail.note(record, last, &mut stood)?;
            }
        }
        trail.receipts(filling)?;
        Ok(trail)
    }

    fn note(&mut self, record: &journal::Model, last: Moment, stood: &mut BTreeMap<Uuid, String>) -> Outcome<()> {
        let change: store::journal::BeforeAfter = serde_json::from_str(&record.change)?;
        let text = |map: &serde_json::Map<String, serde_json::Value>| {
            map.get("value").and_then(|v| v.as_str()).unwrap_or_default().to_owned()
        };
        let (before, after) = (text(&change.before), text(&change.after));
        let marks = |text: &str| -> BTreeMap<String, u64> {
            let mut newest = BTreeMap::new();
            for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| marked(word)) {
                if let Some((who, Ok(count))) = word.rsplit_once('n').map(|(who, count)| (who, count.parse::<u64>())) {
                    let known: &mut u64 = newest.entry(who.to_owned()).or_default();
                    *known = (*known).max(count);
                }
            }
            newest
        };
        let (had, has) = (marks(&before), marks(&after));
        let kept = had.iter().all(|(who, count)| has.get(who).is_some_and(|now| now >= count));
        let follows = stood.insert(record.record_id, after).is_none_or(|known| known == before);
        self.overwritten += u64::from(!kept || !follows);
        self.late += u64::from(record.at >= last);
        self.marks.extend(has.into_iter().map(|(who, count)| format!("{who}n{count}")));
        Ok(())
    }

    fn receipts(&mut self, filling: &Filling) -> Outcome<()> {
        let submitted = filling.ask(async |db| {
            application::Entity::find().filter(application::COLUMN.receipt.is_not_null()).all(db.reader()).await
        })?;
        for row in submitted {
            let answers = filling
                .ask(async |db| answer::Entity::find().filter(answer::COLUMN.sheet_id.eq(row.sheet_id)).all(db.reader()).await)?;
            let receipt: serde_json::Value = serde_json::from_str(row.receipt.as_deref().unwrap_or_default())?;
            let same = answers.iter().all(|a| {
                let value = a.value.as_ref().and_then(|v| serde_json::from_str::<serde_json::Value>(v).ok());
                receipt["answers"].get(&a.path) == value.as_ref()
            });
            self.wrong_receipts += u64::from(!same || answers.is_empty());
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures to be read")]
fn to_f64(number: u64) -> f64 {
    number as f64
}

/// To hundredths: more would only look exact.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
