//! The forms of a design: a file each in its folder `forms`, called by the form's key.

use forms::{Flaw, Form};
use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::tree::{Step, Tree, at};
use crate::words::count;

/// A form, and whether it is anybody's but ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DesignForm {
    /// We wrote it so that a stage can be practised; no source gives the real one.
    #[serde(default)]
    pub practice: bool,
    pub form: Form,
}

/// What a file says beside the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    #[serde(default)]
    practice: bool,
}

impl DesignForm {
    /// Reads and checks the text of a form's file.
    ///
    /// # Errors
    /// Everything that is wrong in it; within an expression, at the very character.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        Self::read(name, text, None)
    }

    /// The same, where the form has to be called so.
    pub(crate) fn read(name: &str, text: &str, key: Option<&str>) -> Result<Self, Vec<Problem>> {
        let files = [(name.to_owned(), text.to_owned())];
        let (tree, mut problems) = Tree::parse(&files);
        if problems.is_empty() {
            let beside = tree.read::<Beside>(|key| key == "practice", &mut problems);
            let form = tree.read::<Form>(|key| key != "practice", &mut problems);
            if let (Some(Beside { practice }), Some(form)) = (beside, form) {
                problems.extend(form.flaws().iter().map(|flaw| problem_of(flaw, &tree)));
                if let Some(key) = key.filter(|key| *key != form.key) {
                    let what = format!("The form's key is ‘{}’, but its file is called ‘{key}.toml’", form.key);
                    problems.push(tree.problem(&at!["key"], what, format!("Write key = \"{key}\", or rename the file")));
                }
                if problems.is_empty() {
                    return Ok(Self { practice, form });
                }
            }
        }
        problems.sort();
        problems.dedup();
        Err(problems)
    }

    /// It is ours, and no fact about the real programme.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.practice
    }

    /// How many questions it asks; a group counts as one, and what is computed is not asked.
    #[must_use]
    pub fn questions(&self) -> usize {
        let all = self.form.sections.iter().flat_map(|s| &s.questions);
        all.filter(|q| !matches!(q.kind, forms::Kind::Computed { .. })).count()
    }

    /// `5 sections, 14 questions`.
    #[must_use]
    pub fn size(&self) -> String {
        let sections = count(self.form.sections.len(), "section", "sections");
        format!("{sections}, {}", count(self.questions(), "question", "questions"))
    }
}

/// A flaw where it stands in the file.
fn problem_of(flaw: &Flaw, tree: &Tree<'_>) -> Problem {
    let way: Vec<Step<'_>> = flaw
        .way
        .iter()
        .map(|step| match step {
            forms::Step::Key(key) => Step::Key(key),
            forms::Step::Item(item) => Step::Item(*item),
        })
        .collect();
    match flaw.offset {
        Some(offset) => tree.problem_inside(&way, offset, &flaw.what, &flaw.instead),
        None => tree.problem(&way, &flaw.what, &flaw.instead),
    }
}
