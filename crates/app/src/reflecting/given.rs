//! What one person answered alone: answers, and the questions that they skip or that are not safe to answer yet.

use std::collections::BTreeMap;

use forms::{Answers, FieldProblem, Fields, Form, Path, Question, Value};
use kernel::Fault;
use serde::{Deserialize, Serialize};

/// What can be said in place of any answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Instead {
    Skip,
    NotSafe,
}

impl Instead {
    pub const ALL: [Self; 2] = [Self::Skip, Self::NotSafe];

    /// As a form sends it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::NotSafe => "not-safe",
        }
    }
    pub const fn words(self) -> &'static str {
        match self {
            Self::Skip => "Skip",
            Self::NotSafe => "Not safe to say yet",
        }
    }
}

/// What somebody said to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Answer(&'a Value),
    Instead(Instead),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Given {
    #[serde(default)]
    pub answers: Answers,
    /// By the key of the question.
    #[serde(default)]
    pub instead: BTreeMap<String, Instead>,
}

/// What is wrong with what was typed, each with the question it was typed for.
pub(super) type Wrong = BTreeMap<String, Vec<FieldProblem>>;

/// The name under which is sent what is said in place of an answer. No question's key has a full stop in it.
pub(super) fn instead_name(question: &Question) -> String {
    format!("instead.{}", question.key)
}

/// All that a form asks.
pub(super) fn questions(form: &Form) -> impl Iterator<Item = &Question> {
    form.sections.iter().flat_map(|s| &s.questions)
}

impl Given {
    /// # Errors
    /// Where it cannot be read.
    pub fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|e| Fault::new("read a reflection", e))
    }
    /// # Errors
    /// Where it cannot be written.
    pub fn written(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|e| Fault::new("keep a reflection", e))
    }

    /// What was said to a question. Whoever says that they skip it has not answered, whatever stands there otherwise.
    pub(super) fn said(&self, question: &Question) -> Option<Said<'_>> {
        if let Some(instead) = self.instead.get(&question.key) {
            return Some(Said::Instead(*instead));
        }
        let path = Path::new(&question.key).ok()?;
        self.answers.get(&path).filter(|value| question.kind.suits(value)).map(Said::Answer)
    }

    /// What a page sent. What cannot be understood stays as it was before.
    pub(super) fn of(form: &Form, fields: &Fields, before: &Self) -> (Self, Wrong) {
        let (mut given, mut wrong) = (Self::default(), Wrong::new());
        for question in questions(form) {
            let Ok(path) = Path::new(&question.key) else { continue };
            match question.kind.draft(&question.key, fields) {
                Ok(value) => given.answers.set(path, value),
                Err(problems) => {
                    given.answers.set(path.clone(), before.answers.get(&path).cloned());
                    wrong.insert(question.key.clone(), problems);
                }
            }
            let instead = fields.get(&instead_name(question));
            if let Some(instead) = Instead::ALL.into_iter().find(|i| i.key() == instead) {
                given.instead.insert(question.key.clone(), instead);
            }
        }
        (given, wrong)
    }

    /// What still stands in the way of having finished: questions to which nothing was said, and answers over their limits.
    pub(super) fn unfinished(&self, form: &Form) -> Wrong {
        let mut wrong = Wrong::new();
        for question in questions(form) {
            let problems = match self.said(question) {
                None => vec![FieldProblem {
                    part: String::new(),
                    message: "Answer this, or choose below to skip it or to say that it is not safe yet".into(),
                }],
                Some(Said::Answer(value)) => question.kind.problems(value),
                Some(Said::Instead(_)) => Vec::new(),
            };
            if !problems.is_empty() {
                wrong.insert(question.key.clone(), problems);
            }
        }
        wrong
    }

    /// As the boxes of a page show it.
    pub(super) fn fields(&self, form: &Form) -> Fields {
        let mut fields = Fields::default();
        for question in questions(form) {
            if let Some(value) = Path::new(&question.key).ok().and_then(|path| self.answers.get(&path)) {
                question.kind.write(&question.key, value, &mut fields);
            }
            if let Some(instead) = self.instead.get(&question.key) {
                fields.add(instead_name(question), instead.key());
            }
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::{Kind, Section, Text};

    fn form() -> Form {
        let ask = |key: &str, kind| Question::new(key, key, kind);
        let questions = vec![ask("trust", Kind::YesNo), ask("unsaid", Kind::LongText { max_words: Some(3) })];
        let section = Section { key: "us".into(), title: "Us".into(), about: Text::default(), shown_when: None, questions };
        let (key, title, about) = ("us".into(), "Us".into(), Text::default());
        Form { key, title, about, sections: vec![section], rules: Vec::new(), scores: Vec::new() }
    }

    #[test]
    fn what_is_skipped_is_no_answer_and_what_cannot_be_read_stays_as_it_was() {
        let form = form();
        let typed: Fields = [("trust", "yes"), ("instead.trust", "not-safe"), ("unsaid", "Who pays")].into_iter().collect();
        let (given, wrong) = Given::of(&form, &typed, &Given::default());
        assert!(wrong.is_empty() && given.unfinished(&form).is_empty());
        assert_eq!(given.said(&form.sections[0].questions[0]), Some(Said::Instead(Instead::NotSafe)));
        assert_eq!(Given::read(&given.written().unwrap()).unwrap(), given);
        assert_eq!(Given::of(&form, &given.fields(&form), &Given::default()).0, given);
        let bad: Fields = [("trust", "perhaps"), ("unsaid", "Who pays for all this")].into_iter().collect();
        let (after, wrong) = Given::of(&form, &bad, &given);
        assert_eq!(wrong.keys().collect::<Vec<_>>(), ["trust"]);
        assert_eq!(after.said(&form.sections[0].questions[0]), Some(Said::Answer(&Value::YesNo(true))));
        assert_eq!(after.unfinished(&form).keys().collect::<Vec<_>>(), ["unsaid"], "four words are over the limit");
    }
}
