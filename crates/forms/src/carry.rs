//! What is known already, offered as an answer: from an organisation's profile, from an earlier stage's form.

use std::collections::BTreeMap;

use crate::answer::{Answers, Path};
use crate::compile::CompiledForm;
use crate::form::{Form, Question};
use crate::kind::Kind;
use crate::look::Shown;
use crate::structure::inner;
use crate::text::{Lang, Text};
use crate::value::Value;

/// Something known, and where from in words for people: “your organisation’s profile”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub value: Value,
    pub from: Text,
}

/// An answer that is offered, to be looked at and kept or changed. It is no answer before somebody saves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub path: Path,
    pub value: Value,
    /// The name of what is known: `organisation.name`, `expression-of-interest.award`.
    pub source: String,
    pub from: Text,
}

/// An earlier answer that has no place in the next form, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub path: Path,
    pub why: String,
}

/// What goes from one form's answers into another's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    pub suggestions: Vec<Suggestion>,
    pub left: Vec<Left>,
}

impl Form {
    /// What can be suggested for questions that say where their answer may be known from, and have none yet.
    #[must_use]
    pub fn prefill(&self, answers: &Answers, known: &BTreeMap<String, Known>) -> Vec<Suggestion> {
        let mut found = Vec::new();
        for question in self.sections.iter().flat_map(|s| &s.questions) {
            let path = Path::of(&question.key);
            let Some((source, known)) = question.prefill.as_ref().and_then(|source| known.get_key_value(source)) else {
                continue;
            };
            if answers.get(&path).is_none()
                && let Some(value) = fitting(&question.kind, &known.value)
                && !matches!(value, Value::Rows(_))
            {
                found.push(Suggestion { path, value, source: source.clone(), from: known.from.clone() });
            }
        }
        found
    }

    /// What the answers to an earlier form come to in this one: each goes to the question of the same key, where that
    /// asks for the same sort of thing and is not answered yet.
    #[must_use]
    pub fn carry(&self, answers: &Answers, earlier: &CompiledForm, given: &Answers, from: &Text) -> Carried {
        let look = earlier.look(given, Lang::En);
        let mut carried = Carried::default();
        for (path, value) in given.iter() {
            let counts = look.at(path).is_some_and(|q| q.shown == Shown::Shown);
            if !counts || answers.get(path).is_some() || path.group().is_some_and(|group| !answers.rows(group).is_empty()) {
                continue;
            }
            match self.at(path).map(|question| (question, fitting(&question.kind, value))) {
                Some((_, Some(value))) => {
                    let source = format!("{}.{path}", earlier.form().key);
                    carried.suggestions.push(Suggestion { path: path.clone(), value, source, from: from.clone() });
                }
                Some((question, None)) => carried.left.push(Left { path: path.clone(), why: unfit(question, value) }),
                None => carried.left.push(Left { path: path.clone(), why: "It is not asked any more".to_owned() }),
            }
        }
        // Rows whose group is not carried have nowhere to stand.
        let groups: Vec<String> =
            carried.suggestions.iter().filter(|s| s.path.group().is_none()).map(|s| s.path.to_string()).collect();
        carried.suggestions.retain(|s| s.path.group().is_none_or(|group| groups.iter().any(|g| g == group)));
        carried
    }
}

impl CompiledForm {
    /// The answers of this form as things known, each under the form's key and its own: what `prefill` can name.
    #[must_use]
    pub fn known(&self, answers: &Answers, from: &Text) -> BTreeMap<String, Known> {
        let look = self.look(answers, Lang::En);
        let shown = look.questions.iter().filter(|(path, q)| path.group().is_none() && q.shown == Shown::Shown);
        let values = shown.filter_map(|(path, q)| Some((path, q.computed.as_ref().or_else(|| answers.get(path))?)));
        let form = self.form();
        values.map(|(path, value)| (format!("{}.{path}", form.key), Known { value: value.clone(), from: from.clone() })).collect()
    }
}

/// The value as an answer to a question of this kind; nothing where it cannot be one. A text that is too long goes
/// along: whoever wrote it shortens it.
fn fitting(kind: &Kind, value: &Value) -> Option<Value> {
    let value = match (kind, value) {
        (Kind::Number { .. }, Value::Point(point)) => Value::Number(crate::Number::whole(*point)),
        (Kind::ChooseSeveral { .. }, Value::Choice(key)) => Value::Choices(vec![key.clone()]),
        (Kind::ShortText { .. } | Kind::LongText { .. }, Value::Organisation(org)) => Value::Text(org.name.clone()),
        (Kind::ShortText { .. } | Kind::LongText { .. }, Value::Person(person)) => Value::Text(person.name.clone()),
        (Kind::Organisation { .. }, Value::Text(name)) => {
            Value::Organisation(crate::Organisation { name: name.clone(), ..crate::Organisation::default() })
        }
        _ => value.clone(),
    };
    let sound = match &value {
        Value::Text(_) | Value::Organisation(_) => kind.suits(&value),
        _ => kind.suits(&value) && kind.problems(&value).is_empty(),
    };
    sound.then_some(value)
}

fn unfit(question: &Question, value: &Value) -> String {
    match question.kind.problems(value).first() {
        Some(problem) if question.kind.suits(value) => problem.message.clone(),
        _ => "Another kind of answer is asked for now".to_owned(),
    }
}

/// The name of the hidden fields by which a page says which questions it asked.
pub const ASKED: &str = "_asked";

impl Form {
    /// The questions that a page asked, by what its fields say of themselves: an unticked box sends nothing, and neither
    /// does a question that was not on the page. What the form does not ask is left out.
    #[must_use]
    pub fn asked(&self, fields: &crate::Fields) -> Vec<(Path, &Question)> {
        let mut asked: BTreeMap<Path, &Question> = BTreeMap::new();
        let by_key: BTreeMap<&str, &Question> =
            self.sections.iter().flat_map(|s| &s.questions).map(|q| (q.key.as_str(), q)).collect();
        for path in fields.all(ASKED).filter_map(|text| text.parse::<Path>().ok()) {
            let question = match path.group() {
                None => by_key.get(path.question()).copied(),
                Some(group) => by_key.get(group).and_then(|g| inner(g).iter().find(|q| q.key == path.question())),
            };
            if let Some(question) = question {
                asked.insert(path, question);
            }
        }
        asked.into_iter().collect()
    }
}
