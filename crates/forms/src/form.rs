//! What a form is: sections of questions, rules across answers, scores. All of it is data.

use serde::{Deserialize, Serialize};

use crate::flaw::{Step, way};
use crate::kind::{Kind, NamedText};
use crate::number::Number;
use crate::text::Text;

/// A form: an application, an assessment, a survey, a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub key: String,
    pub title: Text,
    /// Markdown, shown before the first section.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub about: Text,
    #[serde(default)]
    pub sections: Vec<Section>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Score>,
}

/// One page of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub key: String,
    pub title: Text,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub about: Text,
    /// A condition over earlier answers; without one the section is always shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_when: Option<String>,
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// One question. In files the settings of its kind stand beside its key and label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "crate::raw::RawQuestion", into = "crate::raw::RawQuestion")]
pub struct Question {
    pub key: String,
    pub label: Text,
    pub help: Text,
    /// How deep an answer is expected to go.
    pub guidance: Text,
    pub required: Required,
    /// A condition over earlier answers; without one the question is always shown.
    pub shown_when: Option<String>,
    /// A condition that the answer has to meet, and what to say where it does not.
    pub valid_when: Option<String>,
    pub invalid: Text,
    /// What is known already and can be suggested: `organisation.name`, `expression-of-interest.award`.
    pub prefill: Option<String>,
    pub kind: Kind,
}

/// Whether a question has to be answered: always, never, or when a condition holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected true, false or a condition in quotation marks")]
pub enum Required {
    Always(bool),
    When(String),
}
impl Default for Required {
    fn default() -> Self {
        Self::Always(false)
    }
}

/// Something that has to hold between answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The condition. While it rests on something unanswered, nothing is said.
    pub holds: String,
    /// What to say where it does not hold.
    pub message: Text,
    /// The keys of the questions to look at again.
    #[serde(default)]
    pub questions: Vec<String>,
}

/// A score worked out from the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    pub key: String,
    pub label: Text,
    /// The section it counts for; without one it counts for the whole form only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// A number worked out from answers.
    pub value: String,
    /// The most it can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_of: Option<Number>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: Number,
}

const fn one() -> Number {
    Number::ONE
}
fn is_one(weight: &Number) -> bool {
    *weight == Number::ONE
}

impl Question {
    /// A question with this key and label, and no more.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<Text>, kind: Kind) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            help: Text::default(),
            guidance: Text::default(),
            required: Required::default(),
            shown_when: None,
            valid_when: None,
            invalid: Text::default(),
            prefill: None,
            kind,
        }
    }
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = Required::Always(true);
        self
    }
    #[must_use]
    pub fn shown_when(mut self, condition: impl Into<String>) -> Self {
        self.shown_when = Some(condition.into());
        self
    }
}

impl Form {
    /// Every question with this key: one of a section, or one of a group when the group's key is given too.
    #[must_use]
    pub fn question(&self, group: Option<&str>, key: &str) -> Option<&Question> {
        let find = |key: &str| self.sections.iter().flat_map(|s| &s.questions).find(|q| q.key == key);
        match group {
            None => find(key),
            Some(group) => match &find(group)?.kind {
                Kind::Group { questions, .. } => questions.iter().find(|q| q.key == key),
                _ => None,
            },
        }
    }

    /// The question that this path answers.
    #[must_use]
    pub fn at(&self, path: &crate::Path) -> Option<&Question> {
        self.question(path.group(), path.question())
    }

    /// Every text that people read, with the way to it.
    #[must_use]
    pub fn texts(&self) -> Vec<(Vec<Step>, &Text)> {
        let mut all = vec![(way!(&[], "title"), &self.title), (way!(&[], "about"), &self.about)];
        for (i, section) in self.sections.iter().enumerate() {
            let at = way!(&[], "sections", i);
            all.push((way!(&at, "title"), &section.title));
            all.push((way!(&at, "about"), &section.about));
            for (j, question) in section.questions.iter().enumerate() {
                question.texts(&way!(&at, "questions", j), &mut all);
            }
        }
        for (i, rule) in self.rules.iter().enumerate() {
            all.push((way!(&[], "rules", i, "message"), &rule.message));
        }
        for (i, score) in self.scores.iter().enumerate() {
            all.push((way!(&[], "scores", i, "label"), &score.label));
        }
        all.retain(|(_, text)| !text.is_empty());
        all
    }

    /// The English texts that have no Welsh beside them.
    #[must_use]
    pub fn untranslated(&self) -> Vec<(Vec<Step>, &str)> {
        self.texts().into_iter().filter(|(_, text)| text.lacks_welsh()).map(|(way, text)| (way, text.en.as_str())).collect()
    }
}

impl Question {
    fn texts<'q>(&'q self, at: &[Step], all: &mut Vec<(Vec<Step>, &'q Text)>) {
        for (name, text) in
            [("label", &self.label), ("help", &self.help), ("guidance", &self.guidance), ("invalid", &self.invalid)]
        {
            all.push((way!(at, name), text));
        }
        for (list, texts) in self.kind.lists() {
            for (i, NamedText { label, help }) in texts.into_iter().enumerate() {
                all.push((way!(at, list, i, "label"), label));
                all.extend(help.map(|help| (way!(at, list, i, "help"), help)));
            }
        }
        if let Kind::Number { unit: Some(unit), .. } | Kind::Computed { unit: Some(unit), .. } = &self.kind {
            all.push((way!(at, "unit"), unit));
        }
        if let Kind::Group { questions, item, .. } = &self.kind {
            all.push((way!(at, "item"), item));
            for (i, question) in questions.iter().enumerate() {
                question.texts(&way!(at, "questions", i), all);
            }
        }
    }
}
