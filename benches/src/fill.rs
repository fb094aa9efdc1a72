//! What is there before the load begins, put straight into the database: applications with their organisations, the
//! people who write them, and answers. Through the pages it would take hours.

use std::collections::BTreeMap;

use forms::{Answers, BudgetLine, CompiledForm, Form, Kind, Lang, Organisation, Path, Person, Question, RowId, Value};
use kernel::{Day, Moment, Money, RandomIds, SystemClock};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};
use store::{Db, Write, Writer};
use tables::{
    AnswerId, ApplicantId, ApplicationId, MemberId, PersonId, SessionId, SheetId, answer, applicant, application, call, form,
    member, person, session, sheet,
};
use tokio::runtime::Runtime;

use crate::Outcome;
use crate::load::some_text;
use crate::server::Database;

/// In each application, the one that leads first.
pub const ORGANISATIONS: u64 = 4;
/// Rows of each group that a form asks for.
const ROWS: usize = 7;
const SECTORS: [&str; 4] = ["voluntary", "nhs", "council", "community"];

/// A database, and what it takes to work on it from here.
pub struct Filling {
    pub(crate) runtime: Runtime,
    pub(crate) db: Db,
}

/// An application that was put there.
#[derive(Debug, Clone)]
pub struct Filled {
    pub id: ApplicationId,
    pub sheet: SheetId,
    /// The cookies of everybody who writes it; one after the other, they write for the organisations in turn.
    pub writers: Vec<String>,
}

impl Filling {
    pub fn of(database: &Database) -> Outcome<Self> {
        let runtime = Runtime::new()?;
        let db = runtime.block_on(Db::open(&database.target(), 2))?;
        Ok(Self { runtime, db })
    }

    /// For what only one scenario asks.
    pub fn ask<T>(&self, question: impl AsyncFnOnce(&Db) -> Result<T, DbErr>) -> Outcome<T> {
        Ok(self.runtime.block_on(question(&self.db))?)
    }

    /// The call that was opened last, and its form.
    pub fn call(&self) -> Outcome<(call::Model, CompiledForm)> {
        self.runtime.block_on(async {
            let calls = call::Entity::find().order_by_desc(call::Column::CreatedAt).order_by_desc(call::Column::Id);
            let call = calls.one(self.db.reader()).await?.ok_or("no call is open")?;
            let kept = form::Entity::find_by_id(call.form_id).one(self.db.reader()).await?.ok_or("the call has no form")?;
            let form: Form = serde_json::from_str(&kept.document)?;
            Ok((call, form.compile().map_err(|flaws| format!("the form has {} flaws", flaws.len()))?))
        })
    }

    /// Has the call close so that the last moment in which something is saved is this one.
    pub fn close_at(&self, call: &call::Model, last: Moment) -> Outcome<()> {
        self.runtime.block_on(async {
            let mut write = self.db.write(&writer(), "prepare a measurement").await.map_err(said)?;
            let before = write.lock::<call::Entity>(call.id).await.map_err(said)?.ok_or("the call is gone")?;
            // A call takes what comes within the minute that begins when it closes.
            let after = call::Model { closes_at: last.plus_seconds(-60), ..before.clone() };
            write.replace(&before, after).await.map_err(said)?;
            Ok(write.save().await.map_err(said)?)
        })
    }

    /// Adds applications to a call, every required question answered: drafts that so many people write, or submitted ones.
    pub fn applications(&self, count: u64, writers: u64, submitted: bool) -> Outcome<Vec<Filled>> {
        let (call, form) = self.call()?;
        self.runtime.block_on(async {
            let mut all = Vec::new();
            let numbers: Vec<u64> = (1..=count).collect();
            for some in numbers.chunks(50) {
                let mut write = self.db.write(&writer(), "prepare a measurement").await.map_err(said)?;
                let mut rows = Rows::default();
                for number in some {
                    all.push(rows.add(&write, &call, &form, (*number, writers, submitted))?);
                }
                rows.insert(&write).await?;
                let counted = call::Model { applications: i32::try_from(some[some.len() - 1])?, ..call.clone() };
                write.replace(&call, counted).await.map_err(said)?;
                write.save().await.map_err(said)?;
            }
            self.db.count_anew().await?;
            Ok(all)
        })
    }

    pub fn close(self) {
        self.runtime.block_on(self.db.close());
    }
}

pub(crate) fn writer() -> Writer {
    Writer { actor: None, clock: std::sync::Arc::new(SystemClock), ids: std::sync::Arc::new(RandomIds) }
}

fn said(fault: kernel::Fault) -> String {
    format!("{}: {}", fault.doing, fault.cause)
}

/// Rows that go in together.
#[derive(Default)]
struct Rows {
    people: Vec<person::Model>,
    sessions: Vec<session::Model>,
    sheets: Vec<sheet::Model>,
    applications: Vec<application::Model>,
    applicants: Vec<applicant::Model>,
    members: Vec<member::Model>,
    answers: Vec<answer::Model>,
}

impl Rows {
    fn add(
        &mut self,
        write: &Write,
        call: &call::Model,
        form: &CompiledForm,
        (number, writers, submitted): (u64, u64, bool),
    ) -> Outcome<Filled> {
        let (at, programme_id) = (write.at(), call.programme_id);
        let (id, sheet_id) = (ApplicationId(write.id()), SheetId(write.id()));
        let answers = made_up(form, number);
        if !form.look(&answers, Lang::En).ready() {
            return Err("made-up answers do not answer the form".into());
        }
        self.sheets.push(sheet::Model {
            id: sheet_id,
            programme_id,
            form_id: call.form_id,
            revision: 1,
            created_at: at,
            changed_at: at,
            closed_at: submitted.then_some(at),
        });
        let organisations: Vec<ApplicantId> = (0..ORGANISATIONS).map(|_| ApplicantId(write.id())).collect();
        let cookies: Vec<String> = (0..writers).map(|of| format!("{:032x}", u128::from(number) << 64 | u128::from(of))).collect();
        let people: Vec<PersonId> = cookies.iter().map(|_| PersonId(write.id())).collect();
        for ((person, cookie), of) in people.iter().zip(&cookies).zip(0..) {
            self.sign_in(write, *person, cookie, &format!("Writer {of} of {number}"));
            let applicant_id = organisations[of % organisations.len()];
            self.members.push(part(write, call, id, applicant_id, *person));
        }
        for (of, organisation) in organisations.iter().enumerate() {
            self.applicants.push(applicant::Model {
                id: *organisation,
                programme_id,
                application_id: id,
                name: format!("Organisation {of} of {number}"),
                sector: SECTORS[of % SECTORS.len()].into(),
                lead: of == 0,
                signed_revision: submitted.then_some(1),
                signed_by: people.get(of).copied().filter(|_| submitted),
                signed_at: submitted.then_some(at),
                created_at: at,
                left_at: None,
            });
        }
        if let Some(by) = people.first() {
            for (path, value) in answers.iter() {
                self.answers.push(answer::Model {
                    id: AnswerId(write.id()),
                    programme_id,
                    sheet_id,
                    path: path.to_string(),
                    value: Some(serde_json::to_string(value)?),
                    version: 1,
                    changed_by: *by,
                    changed_at: at,
                    source: None,
                });
            }
        }
        let receipt = submitted.then(|| {
            serde_json::json!({
                "reference": format!("{}-{number:04}", call.slug.to_uppercase()), "name": name_of(number), "submitted_at": at,
                "signed": [], "answers": answers,
            })
            .to_string()
        });
        let mut row = application_row(call, (id, sheet_id), number, at);
        if submitted {
            row.state = "submitted".into();
            row.submitted_at = Some(at.plus_seconds(-i64::try_from(number % 5000)?));
            row.submitted_by = people.first().copied();
            row.submitted_revision = Some(1);
            row.receipt_hash = receipt.as_ref().map(|r| store::sha256(r.as_bytes()));
            row.receipt = receipt;
        }
        self.applications.push(row);
        Ok(Filled { id, sheet: sheet_id, writers: cookies })
    }

    fn sign_in(&mut self, write: &Write, person_id: PersonId, cookie: &str, name: &str) {
        let at = write.at();
        self.people.push(person::Model {
            id: person_id,
            name: name.into(),
            email: Some(format!("{}@oak.example", person_id.0.simple())),
            password_hash: None,
            practice: false,
            created_at: at,
        });
        self.sessions.push(session::Model {
            id: SessionId(write.id()),
            token_hash: store::sha256(cookie.as_bytes()),
            person_id,
            device: "A browser".into(),
            created_at: at,
            seen_at: at,
            before_at: None,
            expires_at: at.plus_seconds(24 * 3600),
            ended_at: None,
        });
    }

    async fn insert(self, write: &Write) -> Result<(), DbErr> {
        put(write, self.people).await?;
        put(write, self.sessions).await?;
        put(write, self.sheets).await?;
        put(write, self.applications).await?;
        put(write, self.applicants).await?;
        put(write, self.members).await?;
        put(write, self.answers).await
    }
}

/// No person did this, so the journal leaves it out.
pub(crate) async fn put<M>(write: &Write, rows: Vec<M>) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
{
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(400).collect();
        <M::Entity as EntityTrait>::insert_many(some).exec_without_returning(write.unrecorded()).await?;
    }
    Ok(())
}

fn part(write: &Write, call: &call::Model, id: ApplicationId, applicant_id: ApplicantId, person_id: PersonId) -> member::Model {
    member::Model {
        id: MemberId(write.id()),
        programme_id: call.programme_id,
        application_id: id,
        applicant_id,
        person_id,
        sections: None,
        created_at: write.at(),
        ended_at: None,
    }
}

fn application_row(call: &call::Model, (id, sheet_id): (ApplicationId, SheetId), number: u64, at: Moment) -> application::Model {
    application::Model {
        id,
        programme_id: call.programme_id,
        call_id: call.id,
        number: i32::try_from(number).unwrap_or(i32::MAX),
        name: name_of(number),
        folded: store::search::folded(&name_of(number)),
        sheet_id,
        state: "draft".into(),
        created_at: at,
        submitted_at: None,
        submitted_by: None,
        submitted_revision: None,
        receipt: None,
        receipt_hash: None,
        earlier_id: None,
        place_id: None,
    }
}

/// Names that sort otherwise than their numbers, with words that many share.
fn name_of(number: u64) -> String {
    const FIRST: [&str; 12] =
        ["Harbour", "Moor", "Élan", "Valley", "Fern", "Oak", "Canal", "Hill", "Marsh", "Bridge", "Lantern", "Mill"];
    const SECOND: [&str; 10] =
        ["Allies", "Together", "Partnership", "Neighbours", "Alliance", "Network", "Circle", "Forum", "Commons", "Trust"];
    let spread = usize::try_from(number.wrapping_mul(2_654_435_761) % 4_294_967_296).unwrap_or_default();
    format!("{} {} {}", FIRST[spread % FIRST.len()], SECOND[spread / 7 % SECOND.len()], spread % 100_000)
}

/// Answers to everything that a form asks, as its kinds and limits allow.
pub fn made_up(form: &CompiledForm, seed: u64) -> Answers {
    let mut answers = Answers::default();
    for question in form.form().sections.iter().flat_map(|s| &s.questions) {
        let Ok(path) = Path::new(&question.key) else { continue };
        if let Kind::Group { questions, max, .. } = &question.kind {
            let most = max.map_or(ROWS, |max| ROWS.min(max as usize));
            let rows: Vec<RowId> = (0..most).filter_map(|row| format!("row{row}").parse().ok()).collect();
            for (number, row) in rows.iter().enumerate() {
                for inner in questions {
                    if let Ok(path) = Path::in_row(&question.key, row, &inner.key) {
                        answers.set(path, answer_to(inner, seed, number));
                    }
                }
            }
            answers.set(path, Some(Value::Rows(rows)));
        } else {
            answers.set(path, answer_to(question, seed, 0));
        }
    }
    answers
}

fn answer_to(question: &Question, seed: u64, row: usize) -> Option<Value> {
    let key = |options: &[forms::Choice]| options.get(row % options.len().max(1)).map(|o| o.key.clone());
    Some(match &question.kind {
        Kind::ShortText { .. } => Value::Text(format!("What we bring {row}")),
        Kind::LongText { max_words } => {
            let words = max_words.map_or(150, |max| max.min(150)) as usize;
            Value::Text(some_text(seed).split_whitespace().take(words).collect::<Vec<_>>().join(" "))
        }
        Kind::Number { .. } => Value::Number(forms::Number::whole(3)),
        Kind::Money { .. } => Value::Money(Money::from_pounds(10_000)),
        Kind::Date { .. } => Value::Date(Day::new(2026, 5, 1).ok()?),
        Kind::Month { .. } => Value::Month("2024-05".parse().ok()?),
        Kind::YesNo => Value::YesNo(true),
        Kind::ChooseOne { options } => Value::Choice(key(options)?),
        Kind::ChooseSeveral { options, .. } => Value::Choices(vec![key(options)?]),
        Kind::Scale { points } => Value::Point(points.last()?.value),
        Kind::Grid { rows, points } => {
            let point = points.last()?.value;
            Value::Grid(rows.iter().map(|r| (r.key.clone(), point)).collect())
        }
        Kind::Ranking { options, max } => {
            let most = max.map_or(options.len(), |max| max as usize);
            Value::Ranking(options.iter().take(most).map(|o| o.key.clone()).collect())
        }
        Kind::Organisation { sectors, .. } => {
            Value::Organisation(Organisation { name: format!("Organisation {row}"), sector: key(sectors), ..Default::default() })
        }
        Kind::Person => Value::Person(Person { name: "Somebody".into(), role: "Writes".into() }),
        Kind::Area => Value::Area(forms::Area { name: "Riverside".into(), code: None }),
        Kind::Budget { columns, lines, .. } => Value::Budget(lines.iter().map(|line| budget_line(line, columns)).collect()),
        Kind::File { .. } | Kind::Group { .. } | Kind::Computed { .. } => return None,
    })
}

fn budget_line(line: &forms::Choice, columns: &[forms::Choice]) -> BudgetLine {
    let names: Vec<&str> = if columns.is_empty() { vec!["amount"] } else { columns.iter().map(|c| c.key.as_str()).collect() };
    let amounts: BTreeMap<String, Money> = names.into_iter().map(|n| (n.to_owned(), Money::from_pounds(1_000))).collect();
    // A key of the form is a name that a line can have.
    let id = line.key.parse().unwrap_or_else(|_| RowId::from_bits(1));
    BudgetLine { id, about: String::new(), amounts }
}
