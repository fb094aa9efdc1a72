//! Files that came with a page of a form, before anything of it is saved.

use std::collections::BTreeMap;

use forms::{FieldProblem, Fields, Form, Kind, Path, Value};
use tables::SheetId;
use ui::answers::file_name;

use crate::files::{self, Checked};
use crate::ground::{Act, Content, Stop};

/// The files that came, each with the question it answers.
#[derive(Default)]
pub(crate) struct Arrived {
    pub good: BTreeMap<Path, Checked>,
    /// What was wrong with those that are not kept.
    pub refused: BTreeMap<Path, Vec<FieldProblem>>,
}

/// Looks at every file that came for a question of this sheet that the person may answer, and has it scanned: before the
/// write begins, for which others wait.
pub(crate) async fn arrived(
    act: &Act,
    form: &Form,
    sheet: SheetId,
    may: &(dyn Fn(&Path) -> bool + Sync),
) -> Result<Arrived, Stop> {
    let mut arrived = Arrived::default();
    if act.files.is_empty() {
        return Ok(arrived);
    }
    let sent: Fields = act.form.pairs().collect();
    let mut more = 0;
    for (path, question) in form.asked(&sent).into_iter().filter(|(path, _)| may(path)) {
        let Kind::File { .. } = &question.kind else { continue };
        let Some(upload) = act.files.iter().find(|u| u.field == file_name(&path)) else { continue };
        let checked = match &upload.content {
            Content::Whole(bytes) => one(act, &question.kind, &upload.name, bytes.clone()).await,
            Content::TooLarge => {
                Err(format!("Choose a smaller file: this one has more than {} MB", forms::limits::LARGEST_FILE_MB))
            }
            Content::NoRoom => Err("Very many files are arriving just now. Choose yours again in a minute".into()),
        };
        let checked = match checked {
            Ok(file) if files::is_full(act.read(), sheet, file.size() + more).await? => {
                Err("No more files can be kept here: those sent so far have 250 MB together. Write to those who run this".into())
            }
            other => other,
        };
        match checked {
            Ok(file) => {
                more += file.size();
                arrived.good.insert(path, file);
            }
            Err(message) => drop(arrived.refused.insert(path, vec![FieldProblem { part: String::new(), message }])),
        }
    }
    Ok(arrived)
}

async fn one(act: &Act, kind: &Kind, name: &str, bytes: axum::body::Bytes) -> Result<Checked, String> {
    let mut file = files::check(name.to_string(), bytes).await?;
    if let Some(problem) = kind.problems(&Value::File(file.answer())).into_iter().next() {
        return Err(problem.message);
    }
    files::scan(act, &mut file).await?;
    Ok(file)
}

impl Arrived {
    /// What was sent, as if each good file had been there before.
    pub fn fields(&self, act: &Act) -> Fields {
        let replaced = |name: &str| {
            let (path, part) = name.rsplit_once('.').unwrap_or_default();
            ["name", "size", "hash", "media-type"].contains(&part) && self.good.keys().any(|p| p.to_string() == path)
        };
        let mut fields: Fields = act.form.pairs().filter(|(name, _)| !replaced(name)).collect();
        for (path, file) in &self.good {
            let kind = Kind::File { accept: Vec::new(), max_mb: None };
            kind.write(&path.to_string(), &Value::File(file.answer()), &mut fields);
        }
        fields
    }
}
