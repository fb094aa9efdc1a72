//! What those who decide see of all applications at once: who asks, for what, where and how much, and what was said.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use forms::{Answers, CompiledForm, Kind, Lang, Path, Question, Value, budget_total};
use kernel::{Fault, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, SheetId, answer, applicant, application, call, reopening};

use super::standing::{Said, standing};
use crate::answers::form_of;
use crate::assessing::{self, Summary};
use crate::calls::{self, Submitted};
use crate::ground::{Cx, Stop};

/// An application beside the others. Of one with which the viewer has a conflict of interest there is the number alone.
pub(super) struct Line {
    pub id: ApplicationId,
    pub number: i32,
    pub seen: Option<Seen>,
}

pub(super) struct Seen {
    pub name: String,
    /// The organisations in it, the lead first: name and sector.
    pub organisations: Vec<(String, String)>,
    pub asked: Option<Money>,
    pub area: Option<String>,
    /// What was chosen where the form offers choices, by the question's key.
    pub chosen: HashMap<String, Vec<String>>,
    pub said: Option<Said>,
    /// Nothing where the viewer may not see them yet.
    pub scores: Option<Summary>,
}

/// A question of the form that offers choices, with what each is called.
pub(super) struct Theme {
    pub key: String,
    pub label: String,
    pub options: Vec<(String, String)>,
}

/// All that was submitted to a call and not withdrawn, in the order of numbers.
pub(super) struct Portfolio {
    pub lines: Vec<Line>,
    pub themes: Vec<Theme>,
}

impl Portfolio {
    pub(super) fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.lines.iter().filter_map(|line| line.seen.as_ref())
    }
}

/// The questions that a portfolio is made of: those that stand outside a group.
struct Asked {
    form: Arc<CompiledForm>,
}

impl Asked {
    fn questions(&self) -> impl Iterator<Item = &Question> {
        self.form.form().sections.iter().flat_map(|s| &s.questions)
    }
    /// The sum asked for: the first question for one, or else the first budget.
    fn money(&self) -> Option<&Question> {
        let first = |wanted: fn(&Kind) -> bool| self.questions().find(move |q| wanted(&q.kind));
        first(|k| matches!(k, Kind::Money { .. })).or_else(|| first(|k| matches!(k, Kind::Budget { .. })))
    }
    fn area(&self) -> Option<&Question> {
        self.questions().find(|q| matches!(q.kind, Kind::Area))
    }
    fn themes(&self) -> impl Iterator<Item = (&Question, &[forms::Choice])> {
        self.questions().filter_map(|q| match &q.kind {
            Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } => Some((q, &options[..])),
            _ => None,
        })
    }
}

pub(super) async fn portfolio(cx: &Cx, call: &call::Model) -> Result<Portfolio, Stop> {
    let asked = Asked { form: form_of(cx.app(), call.form_id).await? };
    let rows = calls::submitted(cx.read(), call.id).await?;
    let ids: Vec<ApplicationId> = rows.iter().map(|r| r.id).collect();
    let aside: HashSet<ApplicationId> = calls::conflicts(cx.read(), cx.person()?, &ids).await?;
    // What the viewer may not read is not even asked for.
    let read: Vec<ApplicationId> = ids.into_iter().filter(|id| !aside.contains(id)).collect();
    let sheets: Vec<SheetId> = rows.iter().filter(|r| !aside.contains(&r.id)).map(|r| r.sheet).collect();
    let mut answers = answers(cx, &asked, sheets).await?;
    answers.extend(frozen(cx, &read).await?);
    let mut organisations = organisations(cx, read).await?;
    let mut said = standing(cx.read(), call.id).await?;
    let mut scores = assessing::summary(cx, call).await?;
    let lines = rows.into_iter().map(|Submitted { id, number, name, sheet }| {
        if aside.contains(&id) {
            return Line { id, number, seen: None };
        }
        let answers = answers.remove(&sheet).unwrap_or_default();
        let seen = Seen {
            name,
            organisations: organisations.remove(&id).unwrap_or_default(),
            asked: asked.money().and_then(|q| money(&answers, q)),
            area: asked.area().and_then(|q| area(&answers, q)),
            chosen: asked.themes().map(|(q, _)| (q.key.clone(), chosen(&answers, q))).collect(),
            said: said.remove(&id),
            scores: scores.remove(&id),
        };
        Line { id, number, seen: Some(seen) }
    });
    let themes = asked.themes().map(|(q, options)| {
        let options = options.iter().map(|o| (o.key.clone(), o.label.get(Lang::En).to_string()));
        Theme { key: q.key.clone(), label: q.label.get(Lang::En).to_string(), options: options.collect() }
    });
    Ok(Portfolio { lines: lines.collect(), themes: themes.collect() })
}

async fn organisations(cx: &Cx, of: Vec<ApplicationId>) -> Result<HashMap<ApplicationId, Vec<(String, String)>>, Fault> {
    let found: Vec<(ApplicationId, String, String)> = applicant::Entity::find()
        .filter(applicant::COLUMN.application_id.is_in(of))
        .filter(applicant::COLUMN.left_at.is_null())
        .order_by_desc(applicant::Column::Lead)
        .order_by_asc(applicant::Column::Name)
        .order_by_asc(applicant::Column::Id)
        .select_only()
        .columns([applicant::Column::ApplicationId, applicant::Column::Name, applicant::Column::Sector])
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list the organisations of applications"))?;
    let mut by_application: HashMap<_, Vec<_>> = HashMap::new();
    for (id, name, sector) in found {
        by_application.entry(id).or_default().push((name, sector));
    }
    Ok(by_application)
}

/// A receipt, of which only the answers matter here.
#[derive(serde::Deserialize)]
struct Frozen {
    answers: Answers,
}

/// What was submitted by those that were reopened since: their sheets may say something else by now.
async fn frozen(cx: &Cx, of: &[ApplicationId]) -> Result<HashMap<SheetId, Answers>, Fault> {
    let reopened: Vec<ApplicationId> = reopening::Entity::find()
        .filter(reopening::COLUMN.application_id.is_in(of.to_vec()))
        .select_only()
        .column(reopening::Column::ApplicationId)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list reopenings"))?;
    let rows: Vec<(SheetId, Option<String>)> = application::Entity::find()
        .filter(application::COLUMN.id.is_in(reopened))
        .select_only()
        .columns([application::Column::SheetId, application::Column::Receipt])
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list receipts"))?;
    let read = rows.into_iter().filter_map(|(sheet, receipt)| Some((sheet, receipt?)));
    let read = read.map(|(sheet, receipt)| {
        let receipt: Frozen = serde_json::from_str(&receipt).map_err(|e| Fault::new("read a receipt", e))?;
        Ok((sheet, receipt.answers))
    });
    read.collect()
}

/// The answers to the questions that a portfolio is made of. A sheet is closed once it is submitted, so they are those
/// that were submitted, but where it was reopened.
async fn answers(cx: &Cx, asked: &Asked, sheets: Vec<SheetId>) -> Result<HashMap<SheetId, Answers>, Fault> {
    let wanted = asked.money().into_iter().chain(asked.area()).chain(asked.themes().map(|(q, _)| q));
    let paths: Vec<String> = wanted.map(|q| q.key.clone()).collect();
    let found: Vec<(SheetId, String, Option<String>)> = answer::Entity::find()
        .filter(answer::COLUMN.sheet_id.is_in(sheets))
        .filter(answer::COLUMN.path.is_in(paths))
        .select_only()
        .columns([answer::Column::SheetId, answer::Column::Path, answer::Column::Value])
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list answers"))?;
    let mut by_sheet: HashMap<SheetId, Answers> = HashMap::new();
    for (sheet, path, value) in found {
        let path: Path = path.parse().map_err(|e| Fault::new("read an answer", e))?;
        let value = value.map(|v| serde_json::from_str(&v)).transpose().map_err(|e| Fault::new("read an answer", e))?;
        by_sheet.entry(sheet).or_default().set(path, value);
    }
    Ok(by_sheet)
}

fn value<'a>(answers: &'a Answers, question: &Question) -> Option<&'a Value> {
    answers.get(&Path::new(&question.key).ok()?)
}

fn money(answers: &Answers, question: &Question) -> Option<Money> {
    match value(answers, question)? {
        Value::Money(amount) => Some(*amount),
        Value::Budget(lines) => budget_total(lines, None),
        _ => None,
    }
}

fn area(answers: &Answers, question: &Question) -> Option<String> {
    match value(answers, question)? {
        Value::Area(area) if !area.name.is_empty() => Some(area.name.clone()),
        _ => None,
    }
}

fn chosen(answers: &Answers, question: &Question) -> Vec<String> {
    match value(answers, question) {
        Some(Value::Choice(one)) => vec![one.clone()],
        Some(Value::Choices(several)) => several.clone(),
        _ => Vec::new(),
    }
}
