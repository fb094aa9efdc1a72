//! Calls and applications as they stand in the database, past the pages, for tests that begin there.

use forms::{FileKind, Form, Kind, Question, Section, Text};
use kernel::Money;
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use tables::{
    ApplicantId, ApplicationId, CallId, FormId, MemberId, PersonId, SheetId, applicant, application, blob, call, form, member,
    person, sheet,
};
use testkit::TestSite;
use testkit::site::PRACTICE;

/// When the fixture's call closes, counted from the site's own moment.
const LASTS_SECONDS: i64 = 3600;

/// A form with something of what makes forms hard: a text that two may write at once, rows, money, a condition.
pub fn questions() -> Form {
    let money = Kind::Money { min: None, max: Some(Money::from_pounds(50_000)) };
    let partners = Kind::Group {
        item: Text::from("partner"),
        questions: vec![Question::new("called", "Name of the partner", Kind::ShortText { max_chars: None }).required()],
        min: None,
        max: Some(4),
    };
    let letter = Kind::File { accept: vec![FileKind::Pdf, FileKind::Image], max_mb: Some(1) };
    let section = |key: &str, title: Text, questions| Section {
        key: key.into(),
        title,
        about: Text::default(),
        shown_when: None,
        questions,
    };
    let long = |key: &str, label: Text| Question::new(key, label, Kind::LongText { max_words: Some(200) });
    Form {
        key: "fixture".into(),
        title: Text::from("A short application"),
        about: Text::default(),
        sections: vec![
            section(
                "story",
                Text::new("Your story", "Eich stori"),
                vec![
                    long("problem", Text::new("What is stuck?", "Beth sy’n sownd?")).required(),
                    long("vision", "What would be different?".into()),
                ],
            ),
            section(
                "means",
                Text::from("What you need"),
                vec![
                    Question::new("award", "How much do you ask for?", money).required(),
                    Question::new("more", "Do you ask others as well?", Kind::YesNo),
                    long("whom", "Whom do you ask?".into()).shown_when("more"),
                    Question::new("partners", "Other partners", partners),
                    Question::new("letter", "A letter of support", letter),
                ],
            ),
        ],
        rules: Vec::new(),
        scores: Vec::new(),
    }
}

/// The stage as the design would have it: two read each application, and two sponsors decide.
fn terms() -> String {
    let scale = serde_json::json!([
        { "value": 0, "label": { "en": "One decides" } },
        { "value": 2, "label": { "en": "There is a way to decide together" } },
        { "value": 4, "label": { "en": "A smaller partner has changed the course by it" } },
    ]);
    let stage = serde_json::json!({
        "key": "open-call",
        "name": "Open call",
        "chooses": "1",
        "award": "£50,000",
        "readers": 2,
        "deciders": ["community-fund", "kings-fund"],
        "criteria": [
            { "key": "equal", "name": { "en": "Equal seats" }, "weight": "2", "partnership": true, "questions": ["problem"], "scale": scale },
            { "key": "ready", "name": { "en": "Ready to be wrong" }, "scale": scale },
        ],
    });
    stage.to_string()
}

pub async fn put_call(site: &TestSite) -> call::Model {
    put_call_with(site, &questions()).await
}

/// A call that is open for an hour, with this form.
pub async fn put_call_with(site: &TestSite, questions: &Form) -> call::Model {
    let programme = site.programme(PRACTICE).await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let document = serde_json::to_string(questions).expect("a form");
    let form = form::Model {
        id: FormId(write.id()),
        programme_id: programme.id,
        key: questions.key.clone(),
        version: 1,
        digest: store::sha256(document.as_bytes()),
        document,
        created_at: write.at(),
        made_by: None,
        reason: None,
    };
    let form = write.insert(form).await.expect("a form");
    let row = call::Model {
        id: CallId(write.id()),
        programme_id: programme.id,
        stage: "open-call".into(),
        slug: "autumn".into(),
        name: "The autumn call".into(),
        about: "Money for **partnerships**.".into(),
        form_id: form.id,
        opens_at: write.at(),
        closes_at: write.at().plus_seconds(LASTS_SECONDS),
        decides_on: None,
        applications: 0,
        revision: 1,
        created_at: write.at(),
        terms: Some(terms()),
        after_id: None,
        tells_at: None,
        after_outcomes: None,
        released_at: None,
    };
    let row = write.insert(row).await.expect("a call");
    write.save().await.expect("a call");
    row
}

const LETTER: &[u8] = b"%PDF-1.7 A letter.";

/// What the letter of that application is kept under.
pub fn letter_hash() -> String {
    store::sha256(LETTER)
}

/// An application of which one organisation is part, with what a test says of it.
#[derive(Debug, Clone)]
pub struct Made {
    pub number: i32,
    pub name: String,
    pub organisation: String,
    pub sector: &'static str,
    pub draft: bool,
    /// What its receipt holds.
    pub answers: Value,
    pub writers: Vec<PersonId>,
}

impl Default for Made {
    fn default() -> Self {
        let (name, organisation) = ("Allies".into(), "Oak Lane".into());
        Self { number: 1, name, organisation, sector: "voluntary", draft: false, answers: json!({}), writers: Vec::new() }
    }
}

/// Puts applications of a call into the database, all at once.
pub async fn put_applications(site: &TestSite, call: &call::Model, all: Vec<Made>) -> Vec<ApplicationId> {
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let (at, programme_id) = (write.at(), call.programme_id);
    let (mut sheets, mut rows, mut organisations, mut members) = (vec![], vec![], vec![], vec![]);
    for one in all {
        let (id, sheet_id, applicant_id) = (ApplicationId(write.id()), SheetId(write.id()), ApplicantId(write.id()));
        let then = (!one.draft).then_some(at);
        let revision = i32::from(!one.draft);
        let form_id = call.form_id;
        let changed_at = at;
        sheets.push(sheet::Model { id: sheet_id, programme_id, form_id, revision, created_at: at, changed_at, closed_at: then });
        let reference = format!("AUTUMN-{:04}", one.number);
        let receipt = json!({
            "reference": reference, "name": one.name, "submitted_at": at, "signed": [], "answers": one.answers,
        });
        rows.push(application::Model {
            id,
            programme_id,
            call_id: call.id,
            number: one.number,
            folded: store::search::folded(&one.name),
            name: one.name,
            sheet_id,
            state: if one.draft { "draft" } else { "submitted" }.into(),
            created_at: at,
            submitted_at: then,
            submitted_by: one.writers.first().copied().filter(|_| !one.draft),
            submitted_revision: then.map(|_| revision),
            receipt: then.map(|_| receipt.to_string()),
            receipt_hash: None,
            earlier_id: None,
            place_id: None,
        });
        organisations.push(applicant::Model {
            id: applicant_id,
            programme_id,
            application_id: id,
            name: one.organisation,
            sector: one.sector.into(),
            lead: true,
            signed_revision: then.map(|_| revision),
            signed_by: one.writers.first().copied().filter(|_| !one.draft),
            signed_at: then,
            created_at: at,
            left_at: None,
        });
        members.extend(one.writers.into_iter().map(|person_id| member::Model {
            id: MemberId(write.id()),
            programme_id,
            application_id: id,
            applicant_id,
            person_id,
            sections: None,
            created_at: at,
            ended_at: None,
        }));
    }
    let ids = rows.iter().map(|r| r.id).collect();
    write.insert_all(sheets).await.expect("sheets");
    write.insert_all(rows).await.expect("applications");
    write.insert_all(organisations).await.expect("organisations");
    write.insert_all(members).await.expect("people who write");
    write.save().await.expect("applications");
    ids
}

/// People of no role, by name and address.
pub async fn put_people(site: &TestSite, all: impl IntoIterator<Item = (String, String)>) -> Vec<PersonId> {
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let at = write.at();
    let row = |(name, email)| {
        let id = PersonId(write.id());
        person::Model { id, name, email: Some(email), password_hash: None, practice: true, created_at: at }
    };
    let rows: Vec<person::Model> = all.into_iter().map(row).collect();
    let ids = rows.iter().map(|r| r.id).collect();
    write.insert_all(rows).await.expect("people");
    write.save().await.expect("people");
    ids
}

/// An application that this person has submitted, with a letter in it and no more.
pub async fn put_submitted(site: &TestSite, person_id: PersonId) -> ApplicationId {
    let call = put_call(site).await;
    let write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let letter = blob::ActiveModel { hash: Set(letter_hash()), content: Set(LETTER.to_vec()) };
    blob::Entity::insert(letter).exec_without_returning(write.unrecorded()).await.expect("a file");
    write.save().await.expect("a file");
    let letter = json!({ "name": "letter.pdf", "size": LETTER.len(), "hash": letter_hash(), "media_type": "application/pdf" });
    let answers = json!({ "letter": { "file": letter } });
    put_applications(site, &call, vec![Made { answers, writers: vec![person_id], ..Made::default() }]).await[0]
}
