//! One programme: it is made, markers are planted in what stands in it, and people do what chance has them do. Every answer
//! they get is looked through on the way.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::practice::{Plan, populate};
use design::Design;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sea_orm::{EntityTrait, QueryOrder};
use store::Db;
use tables::{MailId, PersonId, entry, mail};

use super::acts::{ACTS, Errand, FIRST};
use super::form::{self, Form, Hand};
use super::marks::{self, Mark};
use super::oracle::{Origins, World};
use super::{Ground, Report, Trial, generate};
use crate::site::{TestSite, today};
use crate::visitor::{Reply, Visitor, encoded};

/// A day or two may pass now and then, but nobody's session ends meanwhile.
const MOST_DAYS: u32 = 8;
/// Acts after which the server looks for silence by itself.
const CHORES: usize = 8;

/// Somebody with a browser: one of the programme's people, or nobody.
pub(super) struct Somebody {
    pub id: Option<PersonId>,
    pub name: String,
    browser: Visitor,
}

/// An answer, and the address at which it was given in the end.
pub(super) struct Answer {
    path: String,
    status: u16,
    body: String,
}

/// A programme under way.
pub(super) struct Run {
    pub design: Arc<Design>,
    pub home: String,
    pub people: Vec<Somebody>,
    pub world: World,
    pub rng: StdRng,
    pub origins: Origins,
    pub report: Report,
    seed: u64,
    site: TestSite,
    /// The last marker word.
    last: Mark,
    days: u32,
    /// Mails that were looked through.
    mails: BTreeSet<MailId>,
}

/// Makes a programme from a seed, and gives what was found in it.
pub(super) async fn programme(ground: &Ground, trial: &Trial, seed: u64) -> Report {
    let mut rng = StdRng::seed_from_u64(seed);
    let document = generate::design(&ground.bases, &mut rng);
    let places = if rng.random_bool(0.8) { 2 } else { 3 };
    let entries = rng.random_range(4..=10);
    let plan = Plan {
        design: &document,
        real_names: Vec::new(),
        places,
        entries,
        applications: 0,
        awards: false,
        followed: false,
        seed,
        as_of: today(),
    };
    let empty = ground.empty.as_ref().map(|(_, file)| file.as_path());
    let site = TestSite::made(empty, ground.sources.clone(), async |db: &Db| {
        populate(db, &plan, &mut |_| {}).await.expect("a programme made by chance");
    })
    .await;
    let home = format!("/programmes/practice-{}", document.design.slug);
    let mut run = Run::begin(site, (Arc::new(document.design), home), seed, rng).await;
    if trial.planted {
        run.world.blind_to = run.world.most_read_by();
    }
    run.plant().await;
    run.begin_marking().await;
    for turn in 0..trial.acts {
        run.act().await;
        if turn % CHORES == CHORES - 1 {
            app::look_for_silence(run.site.app()).await.expect("a look for silence");
            app::tend_gatherings(run.site.app()).await.expect("a look after events");
            app::tend_peers(run.site.app()).await.expect("a look after peers");
            run.learn().await;
        }
    }
    run.walk(trial.viewers).await;
    run.site.db().clone().close().await;
    run.report
}

impl Run {
    async fn begin(site: TestSite, (design, home): (Arc<Design>, String), seed: u64, rng: StdRng) -> Self {
        let world = World::load(site.db(), design.clone(), site.now()).await;
        let mut people = vec![Somebody { id: None, name: "somebody without an account".into(), browser: site.visitor() }];
        let all = world.people.iter().filter(|p| p.practice);
        people.extend(all.map(|p| Somebody { id: Some(p.id), name: p.name.clone(), browser: site.visitor() }));
        let report = Report { programmes: 1, ..Report::default() };
        let (last, days, mails) = (0, 0, BTreeSet::new());
        Self { design, home, people, world, rng, origins: Origins::new(), report, seed, site, last, days, mails }
    }

    /// Puts a marker into the title and into the text of everything that the programme begins with.
    async fn plant(&mut self) {
        let mut write = self.site.db().write(&self.site.writer(), "prepare a test").await.expect("a write");
        let mut planted = Vec::new();
        for before in self.world.entries.clone() {
            let (title, text) = (marks::word(self.last + 1), marks::word(self.last + 2));
            self.last += 2;
            let after = entry::Model {
                title: format!("{title}: {}", before.title),
                text: format!("{text} begins.\n\n{}\n\nIt ends with {text}.", before.text),
                ..before.clone()
            };
            planted.push(write.replace(&before, after).await.expect("a planted entry"));
        }
        write.index(&planted).await.expect("planted entries that can be found");
        write.save().await.expect("planted entries");
        self.learn().await;
    }

    /// What everybody opens in the end begins with these.
    async fn begin_marking(&mut self) {
        for wanted in FIRST {
            if let Some(errand) = wanted(self) {
                self.go(errand).await;
            }
        }
    }

    /// Something that somebody tries to do, if there is anything of the kind to do.
    async fn act(&mut self) {
        self.pass_time();
        for _ in 0..6 {
            let Some(wanted) = ACTS.choose(&mut self.rng) else { return };
            if let Some(errand) = wanted(self) {
                return self.go(errand).await;
            }
        }
    }

    fn pass_time(&mut self) {
        let day = self.days < MOST_DAYS && self.rng.random_bool(0.08);
        self.days += u32::from(day);
        let seconds = if day { 24 * 3600 } else { self.rng.random_range(20..400_i64) };
        self.site.clock().advance_seconds(seconds);
        self.world.now = self.site.now();
    }

    /// Opens the page, fills in the forms one after the other, and looks through every answer.
    async fn go(&mut self, errand: Errand) {
        let who = errand.who;
        self.sign_in(who).await;
        let mut at = self.open(who, &errand.path).await;
        let mut typed = BTreeSet::new();
        self.look(who, &at, &typed);
        for pick in errand.picks {
            let mut found: Vec<Form> = form::forms(&at.body, &at.path).into_iter().filter(|f| f.is(pick)).collect();
            if found.is_empty() {
                return;
            }
            let mut form = found.swap_remove(self.rng.random_range(0..found.len()));
            let (rng, last) = (&mut self.rng, &mut self.last);
            form.fill(&mut Hand { rng, last, typed: &mut typed, today: self.world.now.day(), manner: errand.manner });
            for (name, value) in &errand.set {
                form.set(name, value);
            }
            if let Some((name, value)) = errand.pressed {
                form.press(name, value);
            }
            at = self.send(who, &form).await;
            self.learn().await;
            // Whoever has typed a word knows it, whatever became of it.
            self.look(who, &at, &typed);
        }
    }

    /// Looks at how everything stands now: where new words were planted, and what was sent by mail.
    pub async fn learn(&mut self) {
        let blind_to = self.world.blind_to.take();
        self.world = World::load(self.site.db(), self.design.clone(), self.site.now()).await;
        self.world.blind_to = blind_to;
        for (mark, texts) in self.world.marks() {
            self.origins.entry(mark).or_insert(texts);
        }
        for (mark, text) in self.world.copies(&self.origins) {
            self.origins.entry(mark).or_default().insert(text);
        }
        let mails = mail::Entity::find().order_by_asc(mail::Column::Id).all(self.site.db().reader()).await.expect("the post");
        for sent in mails {
            if !self.mails.insert(sent.id) {
                continue;
            }
            self.report.reads += 1;
            let to = self.world.people.iter().find(|p| p.email.as_ref() == Some(&sent.recipient)).map(|p| p.id);
            for mark in marks::found_in(&format!("{} {}", sent.subject, sent.text)) {
                self.judge(to, &sent.recipient, "a mail", mark);
            }
        }
    }

    /// Notes whether somebody may be told a word that they were told.
    pub fn judge(&mut self, who: Option<PersonId>, name: &str, at: &str, mark: Mark) {
        if self.world.may_know(who, mark, &self.origins) {
            self.report.seen += 1;
            return;
        }
        let (seed, word, stands) = (self.seed, marks::word(mark), self.world.whereabouts(mark));
        self.report.leaks.push(format!("seed {seed}: {at} tells {name} of {word}, which stands in {stands}"));
    }

    /// Looks through an answer; `own` are words that whoever got it has brought themselves.
    fn look(&mut self, who: usize, answer: &Answer, own: &BTreeSet<Mark>) {
        self.report.reads += 1;
        let (id, name) = (self.people[who].id, self.people[who].name.clone());
        if answer.status >= 500 {
            self.report.faults.push(format!("seed {}: {} answers {name} {}", self.seed, answer.path, answer.status));
        }
        for mark in marks::found_in(&answer.body).difference(own) {
            self.judge(id, &name, &answer.path, *mark);
        }
    }

    /// Asks for an address, follows it nowhere, and looks through what comes.
    pub async fn read(&mut self, who: usize, path: &str, own: &BTreeSet<Mark>) -> String {
        let reply = self.people[who].browser.get(path).await;
        let answer = Answer { path: path.to_string(), status: reply.status, body: reply.text() };
        self.look(who, &answer, own);
        answer.body
    }

    /// Sees that somebody is signed in, unless they have no account.
    pub async fn sign_in(&mut self, who: usize) {
        let Somebody { id, browser, .. } = &mut self.people[who];
        if let Some(id) = id.filter(|_| browser.cookie("commonweal_session").is_none()) {
            let reply = browser.post("/sign-in/practice", &[("person", &id.to_string())]).await;
            assert_eq!(reply.status, 303, "nobody signed in: {}", reply.text());
        }
    }

    async fn open(&mut self, who: usize, path: &str) -> Answer {
        let reply = self.people[who].browser.get(path).await;
        self.arrive(who, path, reply).await
    }

    async fn send(&mut self, who: usize, form: &Form) -> Answer {
        let reply = self.people[who].browser.post_raw(&form.action, &encoded(&form.pairs())).await;
        self.report.done += u64::from(reply.status == 303);
        self.arrive(who, &form.action, reply).await
    }

    async fn arrive(&mut self, who: usize, path: &str, mut reply: Reply) -> Answer {
        let mut path = path.to_string();
        for _ in 0..5 {
            if reply.status != 303 {
                break;
            }
            path = reply.location().to_string();
            reply = self.people[who].browser.get(&path).await;
        }
        Answer { path, status: reply.status, body: reply.text() }
    }
}
