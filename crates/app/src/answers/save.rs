//! Saving what somebody wrote on one page of a form, answer by answer.

use std::collections::{BTreeMap, BTreeSet};

use forms::{Answers, FieldProblem, Fields, Lang, Path, Question, RowId, Value};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::{Write, fault, sha256};
use tables::{AnswerId, PersonId, SheetId, answer, person, sheet};
use ui::answers::{Kept, add_name, choice_asked, kept, remove_name, version_name};

use super::{Arrived, Filled, with_answers};
use crate::files;
use crate::ground::{App, Stop};

/// What a page sent.
pub(crate) struct Sent<'a> {
    pub fields: &'a Fields,
    /// Whether this person may write this answer.
    pub may: &'a (dyn Fn(&Path) -> bool + Sync),
    pub by: PersonId,
    pub lang: Lang,
    /// The files that came along; `fields` are then [`Arrived::fields`].
    pub files: Option<&'a Arrived>,
}

/// Another button than the one that saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pressed {
    Add(Path),
    Remove(Path, RowId),
}

/// Somebody else changed an answer after this page was opened.
pub(crate) struct Clashed {
    pub theirs: Option<Value>,
    pub version: i32,
    pub who: String,
    pub when: String,
    pub problem: Option<String>,
}

/// What became of what was sent. Whatever can be saved is saved; the rest goes back to the person.
#[derive(Default)]
pub(crate) struct Outcome {
    pub saved: usize,
    /// Files that are kept, also those whose answer clashes.
    pub files: usize,
    pub clashes: BTreeMap<Path, Clashed>,
    /// What could not be understood, and so was not saved.
    pub problems: BTreeMap<Path, Vec<FieldProblem>>,
    pub pressed: Option<Pressed>,
    /// What somebody else changed after this page was opened, and this person left alone or wrote so that it could not be
    /// understood: the version that they saw, and still see.
    pub left: BTreeMap<Path, i32>,
    /// Nothing can be changed any more.
    pub closed: bool,
}

impl Outcome {
    /// Whether the person has to look at the page again.
    pub fn needs_them(&self) -> bool {
        self.closed || !self.clashes.is_empty() || !self.problems.is_empty()
    }
    /// Whether there is anything that has to be written down.
    pub fn changed(&self) -> bool {
        self.saved > 0 || self.files > 0
    }
}

/// The name under which travels what an answer said when the page was made.
pub(super) fn was_name(path: &Path) -> String {
    format!("was.{path}")
}

/// Enough to recognise an answer by.
pub(super) fn mark(value: Option<&Value>) -> String {
    let text = value.and_then(|value| serde_json::to_string(value).ok());
    text.map_or_else(String::new, |text| sha256(text.as_bytes())[..16].to_string())
}

/// Saves within a write, and says how the sheet stands then. It is locked first, so that no answer is saved after it was
/// closed, and answers of one sheet are saved one page after the other.
pub(crate) async fn save(app: &App, write: &mut Write, id: SheetId, sent: &Sent<'_>) -> Result<(Outcome, Filled), Stop> {
    let locked = write.lock::<sheet::Entity>(id).await?.ok_or(Stop::Missing)?;
    let mut outcome = Outcome { closed: locked.closed_at.is_some(), ..Outcome::default() };
    let mut filled = with_answers(app, write.tx(), locked).await?;
    if outcome.closed {
        return Ok((outcome, filled));
    }
    let form = filled.form.clone();
    let asked: Vec<(Path, &Question)> = form.form().asked(sent.fields).into_iter().filter(|(path, _)| (sent.may)(path)).collect();
    outcome.pressed = pressed(&asked, sent.fields);
    for (path, file) in sent.files.into_iter().flat_map(|arrived| &arrived.good) {
        files::keep(write, &filled.sheet, path, file, sent.by).await?;
        outcome.files += 1;
    }
    for (path, question) in &asked {
        let Some(mut value) = one(write, &filled, sent, (path, question), &mut outcome).await? else { continue };
        match &outcome.pressed {
            Some(Pressed::Add(at)) if at == path => add_row(write, &mut value),
            Some(Pressed::Remove(at, row)) if at == path => remove_row(&mut value, row),
            _ => {}
        }
        if value.as_ref() != filled.answers.get(path) {
            let row = set(write, &filled, path, value.as_ref(), sent.by).await?;
            filled.rows.insert(path.clone(), row);
            filled.answers.set(path.clone(), value);
            outcome.saved += 1;
        } else if let Some(row) = filled.rows.get(path).filter(|row| row.source.is_some()) {
            // Whoever saves a page has looked at it: what was filled in for them is theirs now.
            let row = write.replace(row, answer::Model { source: None, ..row.clone() }).await?;
            filled.rows.insert(path.clone(), row);
        }
    }
    if outcome.saved > 0 {
        let before = &filled.sheet;
        let after = sheet::Model { revision: before.revision + 1, changed_at: write.at(), ..before.clone() };
        filled.sheet = write.replace(before, after).await?;
    }
    Ok((outcome, filled))
}

/// Opens a sheet that was closed, with these answers in it. Whatever stood there otherwise is changed once more, so that
/// the trail shows both.
pub(crate) async fn open_again(
    app: &App,
    write: &mut Write,
    locked: &sheet::Model,
    answers: &Answers,
    by: PersonId,
) -> Result<(), Fault> {
    let filled = with_answers(app, write.tx(), locked.clone()).await?;
    let paths: BTreeSet<&Path> = filled.rows.keys().chain(answers.iter().map(|(path, _)| path)).collect();
    for path in paths.into_iter().filter(|path| filled.answers.get(path) != answers.get(path)) {
        set(write, &filled, path, answers.get(path), by).await?;
    }
    let after = sheet::Model { revision: locked.revision + 1, changed_at: write.at(), closed_at: None, ..locked.clone() };
    write.replace(locked, after).await.map(drop)
}

/// What one answer is to become; nothing where it stays as it is, because it clashes or cannot be understood.
async fn one(
    write: &Write,
    filled: &Filled,
    sent: &Sent<'_>,
    (path, question): (&Path, &Question),
    outcome: &mut Outcome,
) -> Result<Option<Option<Value>>, Fault> {
    let (now, theirs) = (filled.version(path), filled.answers.get(path));
    let name = path.to_string();
    let seen: i32 = sent.fields.get(&version_name(path)).parse().unwrap_or(0);
    let chosen = choice_asked(path, sent.fields).then(|| kept(question, path, sent.fields, theirs, sent.lang));
    let typed = match &chosen {
        Some(Kept::Theirs) => return Ok(None),
        Some(Kept::Answer(fields)) => question.kind.draft(&name, fields),
        _ => question.kind.draft(&name, sent.fields),
    };
    let value = match with_its_file(write, filled, sent, path, typed).await? {
        Ok(value) => value,
        Err(problems) => {
            if seen != now {
                outcome.left.insert(path.clone(), seen);
            }
            outcome.problems.insert(path.clone(), problems);
            return Ok(None);
        }
    };
    // Whoever has not touched an answer has no say in what somebody else made of it meanwhile.
    if chosen.is_none()
        && seen != now
        && sent.fields.sent(&was_name(path))
        && mark(value.as_ref()) == sent.fields.get(&was_name(path))
    {
        outcome.left.insert(path.clone(), seen);
        return Ok(None);
    }
    let problem = match chosen {
        Some(Kept::Ask(why)) => Some(why),
        _ => None,
    };
    if problem.is_some() || (seen != now && value.as_ref() != theirs) {
        let row = filled.rows.get(path);
        let who = match row {
            Some(row) => name_of(write, row.changed_by).await?,
            None => String::new(),
        };
        let when = row.map(|r| r.changed_at.to_string()).unwrap_or_default();
        outcome.clashes.insert(path.clone(), Clashed { theirs: theirs.cloned(), version: now, who, when, problem });
        return Ok(None);
    }
    Ok(Some(value))
}

type Typed = Result<Option<Value>, Vec<FieldProblem>>;

/// What was typed, with the file that came along; or what is wrong with that file. Nobody comes to another's file by
/// naming its hash.
async fn with_its_file(write: &Write, filled: &Filled, sent: &Sent<'_>, path: &Path, typed: Typed) -> Result<Typed, Fault> {
    if let Some(problems) = sent.files.and_then(|arrived| arrived.refused.get(path)) {
        return Ok(Err(problems.clone()));
    }
    let Ok(Some(Value::File(named))) = &typed else { return Ok(typed) };
    if filled.answers.get(path) == typed.as_ref().ok().and_then(Option::as_ref) {
        return Ok(typed);
    }
    let kept = files::of_sheet(write.tx(), filled.sheet.id, named).await?;
    Ok(kept.map(|file| Some(Value::File(file))).ok_or_else(|| {
        let message = "Choose the file again: it is not kept here".to_string();
        vec![FieldProblem { part: String::new(), message }]
    }))
}

async fn name_of(write: &Write, id: PersonId) -> Result<String, Fault> {
    let found = person::Entity::find_by_id(id).one(write.tx()).await.map_err(fault("load a person"))?;
    Ok(found.map(|p| p.name).unwrap_or_default())
}

async fn set(
    write: &mut Write,
    filled: &Filled,
    path: &Path,
    value: Option<&Value>,
    by: PersonId,
) -> Result<answer::Model, Fault> {
    let value = value.map(serde_json::to_string).transpose().map_err(|e| Fault::new("keep an answer", e))?;
    match filled.rows.get(path) {
        Some(before) => {
            let after = answer::Model {
                value,
                version: before.version + 1,
                changed_by: by,
                changed_at: write.at(),
                source: None,
                ..before.clone()
            };
            write.replace(before, after).await
        }
        None => {
            let row = answer::Model {
                id: AnswerId(write.id()),
                programme_id: filled.sheet.programme_id,
                sheet_id: filled.sheet.id,
                path: path.to_string(),
                value,
                version: 1,
                changed_by: by,
                changed_at: write.at(),
                source: None,
            };
            write.insert(row).await
        }
    }
}

fn pressed(asked: &[(Path, &Question)], fields: &Fields) -> Option<Pressed> {
    asked.iter().find_map(|(path, _)| {
        if fields.sent(&add_name(path)) {
            return Some(Pressed::Add(path.clone()));
        }
        let row = fields.get(&remove_name(path));
        (!row.is_empty()).then(|| row.parse().ok().map(|row| Pressed::Remove(path.clone(), row))).flatten()
    })
}

/// A new row of a group. A budget's new line is no answer before something stands in it, so the page makes that one.
fn add_row(write: &Write, value: &mut Option<Value>) {
    let rows = value.get_or_insert_with(|| Value::Rows(Vec::new()));
    if let Value::Rows(rows) = rows {
        let bits = write.id().as_u64_pair().1;
        rows.push(RowId::from_bits(bits));
    }
}

fn remove_row(value: &mut Option<Value>, row: &RowId) {
    match value {
        Some(Value::Rows(rows)) => rows.retain(|r| r != row),
        Some(Value::Budget(lines)) => lines.retain(|l| l.id != *row),
        _ => {}
    }
}
