//! Two hundred people write one application at once, and nothing that was said to be saved is lost.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Method;
use forms::{Form, Kind, Question, Section, Text};
use futures::future::join_all;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use tables::{SessionId, answer, journal, session, sheet};
use testkit::site::PRACTICE;
use testkit::visitor::Reply;
use testkit::{TestSite, Visitor, both};

use crate::made::{Made, put_applications, put_call_with, put_people};

const WRITERS: usize = 200;
const SECTIONS: usize = 8;
/// In each section. Five people write each answer.
const QUESTIONS: usize = 5;
/// An unoptimised build is too slow for more.
const SAVES: usize = if cfg!(debug_assertions) { 3 } else { 50 };

fn question_key(question: usize) -> String {
    format!("q{question}")
}

fn questions() -> Form {
    let question = |number: usize| Question::new(question_key(number), "What do you bring?", Kind::LongText { max_words: None });
    let section = |number: usize| Section {
        key: format!("s{number}"),
        title: Text::from("What you bring"),
        about: Text::default(),
        shown_when: None,
        questions: (0..QUESTIONS).map(|q| question(number * QUESTIONS + q)).collect(),
    };
    Form {
        key: "storm".into(),
        title: Text::from("A long application"),
        about: Text::default(),
        sections: (0..SECTIONS).map(section).collect(),
        rules: Vec::new(),
        scores: Vec::new(),
    }
}

/// One application that all of them write, each signed in. Gives its address, and what their cookies hold.
async fn put_application(site: &TestSite) -> (String, Vec<String>) {
    let call = put_call_with(site, &questions()).await;
    let people = (0..WRITERS).map(|number| (format!("Writer {number}"), format!("w{number}@oak.example")));
    let writers = put_people(site, people).await;
    let together = Made { name: "Everybody Together".into(), draft: true, writers: writers.clone(), ..Made::default() };
    let id = put_applications(site, &call, vec![together]).await[0];
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let (at, mut cookies) = (write.at(), Vec::new());
    for (number, person_id) in writers.into_iter().enumerate() {
        let cookie = format!("secret-{number}");
        let signed_in = session::Model {
            id: SessionId(write.id()),
            token_hash: store::sha256(cookie.as_bytes()),
            person_id,
            device: "A browser".into(),
            created_at: at,
            seen_at: at,
            before_at: None,
            expires_at: at.plus_seconds(3600),
            ended_at: None,
        };
        write.insert(signed_in).await.expect("a session");
        cookies.push(cookie);
    }
    write.save().await.expect("an application");
    (format!("{PRACTICE}/applications/{id}"), cookies)
}

/// How far each of those who write an answer has come in it: everybody's part of the text is a number that they count up.
type Parts = BTreeMap<usize, usize>;

fn text_of(parts: &Parts) -> String {
    parts.iter().map(|(writer, count)| format!("w{writer}n{count}")).collect::<Vec<_>>().join(" ")
}

/// The parts that a text holds, wherever it stands.
fn parts_in(text: &str) -> Parts {
    let mut parts = Parts::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let numbers = word.strip_prefix('w').and_then(|word| word.split_once('n'));
        if let Some((Ok(writer), Ok(count))) = numbers.map(|(w, n)| (w.parse(), n.parse())) {
            let known: &mut usize = parts.entry(writer).or_default();
            *known = (*known).max(count);
        }
    }
    parts
}

/// What somebody has open before them, and what they were told.
struct Writer {
    number: usize,
    visitor: Visitor,
    token: String,
    section: String,
    path: String,
    version: i32,
    parts: Parts,
    presses: usize,
    acknowledged: usize,
    clashes: usize,
}

impl Writer {
    fn new(site: &TestSite, number: usize, home: &str, cookie: &str) -> Self {
        let mut visitor = site.visitor();
        visitor.set_cookie("commonweal_session", cookie);
        let question = number % (SECTIONS * QUESTIONS);
        Self {
            number,
            visitor,
            token: store::sha256(format!("form\n{cookie}").as_bytes()),
            section: format!("{home}/sections/s{}", question / QUESTIONS),
            path: question_key(question),
            version: 0,
            parts: Parts::new(),
            presses: 0,
            acknowledged: 0,
            clashes: 0,
        }
    }

    /// Counts up, again and again; where somebody else was quicker, puts both texts together.
    async fn write(mut self) -> Self {
        while self.acknowledged < SAVES {
            self.parts.insert(self.number, self.acknowledged + 1);
            let reply = self.press(false).await;
            let mut reply = Some(reply);
            while let Some(answered) = reply.take().filter(|r| r.status == 409) {
                self.clashes += 1;
                self.look(&answered.text());
                reply = Some(self.press(true).await);
                if reply.as_ref().is_some_and(|r| r.status == 303) {
                    break;
                }
            }
            if let Some(other) = reply.filter(|r| r.status != 303) {
                panic!("a save was answered {}: {}", other.status, other.text());
            }
            self.acknowledged += 1;
            self.version += 1;
        }
        self
    }

    async fn press(&mut self, put_together: bool) -> Reply {
        self.presses += 1;
        let (version, once, text) = (self.version.to_string(), format!("press {}", self.presses), text_of(&self.parts));
        let (name, chosen) = (format!("version.{}", self.path), format!("clash.{}", self.path));
        let asked = format!("clashed.{}", self.path);
        let mut fields = vec![
            ("form_token", self.token.as_str()),
            ("once", &once),
            ("_asked", &self.path),
            (&self.path, &text),
            (&name, &version),
            ("then", "stay"),
        ];
        if put_together {
            fields.extend([(asked.as_str(), "yes"), (&chosen, "both")]);
        }
        let body: Vec<String> = fields.iter().map(|(name, text)| format!("{name}={}", text.replace(' ', "+"))).collect();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.visitor.request(Method::POST, &self.section, &form, Body::from(body.join("&"))).await
    }

    /// Reads what somebody else has written, and of which version it is.
    fn look(&mut self, page: &str) {
        let version =
            page.split(&format!("name=\"version.{}\"", self.path)).nth(1).and_then(|rest| rest.split("value=\"").nth(1));
        let version = version.and_then(|rest| rest.split('"').next()?.parse().ok());
        self.version = version.unwrap_or_else(|| panic!("the page names no version:\n{page}"));
        for (writer, count) in parts_in(page) {
            // The page shows the section's other answers too.
            if writer % (SECTIONS * QUESTIONS) == self.number % (SECTIONS * QUESTIONS) {
                let known = self.parts.entry(writer).or_default();
                *known = (*known).max(count);
            }
        }
    }
}

/// What the journal tells of an answer, from its first version to the one that stands.
async fn trail_of(site: &TestSite, row: &answer::Model) -> Vec<Parts> {
    let records = journal::Entity::find().filter(journal::COLUMN.record_id.eq(row.id.0)).order_by_asc(journal::Column::Number);
    let mut trail = Vec::new();
    let mut stood = serde_json::Value::Null;
    for record in records.all(site.db().reader()).await.expect("a trail") {
        let change: store::journal::BeforeAfter = serde_json::from_str(&record.change).expect("a change");
        let before = change.before.get("value").cloned().unwrap_or_default();
        assert_eq!(before, stood, "a change of {} starts from what stood there", row.path);
        stood = change.after.get("value").cloned().unwrap_or_default();
        trail.push(parts_in(stood.as_str().unwrap_or_default()));
        let number = i32::try_from(trail.len()).expect("a number");
        assert_eq!(change.after.get("version"), Some(&number.into()), "versions are counted one by one");
    }
    assert_eq!(stood.as_str(), row.value.as_deref(), "the trail of {} ends with what stands there", row.path);
    trail
}

both! {
    async fn two_hundred_people_write_one_application_and_lose_nothing(site: TestSite) {
        let (home, cookies) = put_application(&site).await;
        let writers = cookies.iter().enumerate().map(|(number, cookie)| Writer::new(&site, number, &home, cookie).write());
        let writers = join_all(writers).await;

        let rows = answer::Entity::find().all(site.db().reader()).await.expect("answers");
        assert_eq!(rows.len(), SECTIONS * QUESTIONS);
        for row in &rows {
            let trail = trail_of(&site, row).await;
            let theirs: Vec<&Writer> = writers.iter().filter(|w| w.path == row.path).collect();
            for writer in &theirs {
                // Each save that was acknowledged stands in the trail once, in order, and nobody else ever took it away.
                let steps: Vec<usize> = trail.iter().map(|parts| parts.get(&writer.number).copied().unwrap_or(0)).collect();
                assert!(steps.is_sorted(), "a save of writer {} was overwritten: {steps:?}", writer.number);
                let mut seen = steps.clone();
                seen.dedup();
                seen.retain(|step| *step > 0);
                assert_eq!(seen, (1..=writer.acknowledged).collect::<Vec<_>>(), "of writer {}", writer.number);
            }
            assert_eq!(trail.len(), theirs.iter().map(|w| w.acknowledged).sum::<usize>(), "the trail holds what was acknowledged, and no more");
            let last: Parts = theirs.iter().map(|w| (w.number, w.acknowledged)).collect();
            assert_eq!(trail.last(), Some(&last), "the final text is everybody’s last save");
        }
        let sheet = sheet::Entity::find().order_by_desc(sheet::Column::Revision).one(site.db().reader()).await.expect("sheets").expect("one");
        assert_eq!(usize::try_from(sheet.revision).ok(), Some(WRITERS * SAVES), "every save is a revision");
        assert!(writers.iter().any(|w| w.clashes > 0), "they met");
        site.journal_is_whole().await;
    }
}
