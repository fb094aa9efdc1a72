//! Whether a form is well made, its expressions aside: keys, texts, options, limits.

use std::collections::BTreeSet;

use crate::expr::RESERVED;
use crate::expr::types::part_names;
use crate::flaw::{Flaw, Step, way};
use crate::form::{Form, Question};
use crate::kind::{Choice, Kind, Point};
use crate::limits;
use crate::words::{count, did_you_mean, is_key};

pub(crate) fn flaws(form: &Form) -> Vec<Flaw> {
    let mut look = Structure { flaws: Vec::new() };
    look.key(&way!(&[], "key"), &form.key, &[]);
    look.wanted(&way!(&[], "title"), form.title.is_empty(), "The form has no title", "Write what it is called");
    look.unique("section", &way!(&[], "sections"), form.sections.iter().map(|s| s.key.as_str()));
    look.unique("score", &way!(&[], "scores"), form.scores.iter().map(|s| s.key.as_str()));
    look.most(&way!(&[], "sections"), form.sections.len(), limits::SECTIONS, "sections");
    look.most(&way!(&[], "rules"), form.rules.len(), limits::RULES, "rules");
    look.most(&way!(&[], "scores"), form.scores.len(), limits::RULES, "scores");
    let mut seen = BTreeSet::new();
    for (i, section) in form.sections.iter().enumerate() {
        let at = way!(&[], "sections", i);
        look.wanted(&way!(&at, "title"), section.title.is_empty(), "This section has no title", "Write what it is about");
        for (j, question) in section.questions.iter().enumerate() {
            let at = way!(&at, "questions", j);
            if !seen.insert(question.key.as_str()) {
                look.twice(&way!(&at, "key"), &question.key, "question");
            }
            look.question(&at, question, false);
        }
    }
    let all: usize = form.sections.iter().flat_map(|s| &s.questions).map(|q| 1 + inner(q).len()).sum();
    look.most(&way!(&[], "sections"), all, limits::QUESTIONS, "questions");
    for (way, text) in form.texts() {
        if text.en.chars().count().max(text.cy.as_ref().map_or(0, |cy| cy.chars().count())) > limits::FORM_TEXT_CHARS {
            look.say(
                &way,
                "This text is too long",
                format!("Use at most {}", count(limits::FORM_TEXT_CHARS, "character", "characters")),
            );
        }
    }
    look.names(form);
    look.flaws
}

pub(crate) fn inner(question: &Question) -> &[Question] {
    if let Kind::Group { questions, .. } = &question.kind { questions } else { &[] }
}

struct Structure {
    flaws: Vec<Flaw>,
}

impl Structure {
    fn say(&mut self, way: &[Step], what: impl Into<String>, instead: impl Into<String>) {
        self.flaws.push(Flaw::new(way, what, instead));
    }
    fn wanted(&mut self, way: &[Step], wrong: bool, what: &str, instead: &str) {
        if wrong {
            self.say(way, what, instead);
        }
    }
    fn twice(&mut self, way: &[Step], key: &str, noun: &str) {
        self.say(way, format!("There are two {noun}s ‘{key}’"), "Give each a key of its own");
    }
    fn most(&mut self, way: &[Step], found: usize, most: usize, noun: &str) {
        if found > most {
            self.say(way, format!("There are {found} {noun}"), format!("Use at most {most}"));
        }
    }
    /// A key is well formed and is no word of the expression language.
    fn key(&mut self, way: &[Step], key: &str, reserved: &[&str]) {
        if !is_key(key) || !key.starts_with(|c: char| c.is_ascii_lowercase()) {
            let instead = "Use at most 60 small letters, numbers and hyphens, and begin with a letter, like ‘lead-partner’";
            self.say(way, format!("‘{}’ cannot be a key", crate::words::short(key)), instead);
        } else if RESERVED.contains(&key) || reserved.contains(&key) {
            self.say(way, format!("‘{key}’ has a meaning of its own in conditions"), "Choose another key");
        }
    }
    fn unique<'k>(&mut self, noun: &str, way: &[Step], keys: impl Iterator<Item = &'k str>) {
        let mut seen = BTreeSet::new();
        for (i, key) in keys.enumerate() {
            let at = way!(way, i, "key");
            self.key(&at, key, &[]);
            if !seen.insert(key) {
                self.twice(&at, key, noun);
            }
        }
    }

    fn question(&mut self, at: &[Step], question: &Question, in_group: bool) {
        self.key(&way!(at, "key"), &question.key, if in_group { &["count", "rows"] } else { &[] });
        self.wanted(&way!(at, "label"), question.label.is_empty(), "This question has no label", "Write what is asked");
        if let Some(source) = &question.prefill
            && (!source.split('.').all(is_key) || source.len() > 200)
        {
            self.say(
                &way!(at, "prefill"),
                format!("‘{}’ names nothing that could be known", crate::words::short(source)),
                "Write it like organisation.name",
            );
        }
        if in_group && question.prefill.is_some() {
            self.say(&way!(at, "prefill"), "A question in a group cannot be suggested an answer", "Leave it out here");
        }
        self.wanted(
            &way!(at, "invalid"),
            question.valid_when.is_none() && !question.invalid.is_empty(),
            "This sentence would never be shown",
            "Add the condition that answers have to meet: valid_when",
        );
        self.settings(at, &question.kind);
        if let Kind::Group { questions, .. } = &question.kind {
            self.wanted(&way!(at, "questions"), questions.is_empty(), "This group asks nothing", "Add questions to it");
            self.wanted(at, in_group, "This group stands within a group", "Put it beside the other");
            if !in_group {
                let mut seen = BTreeSet::new();
                for (i, question) in questions.iter().enumerate() {
                    let at = way!(at, "questions", i);
                    if !seen.insert(question.key.as_str()) {
                        self.twice(&way!(&at, "key"), &question.key, "question");
                    }
                    self.question(&at, question, true);
                }
            }
        }
    }

    fn settings(&mut self, at: &[Step], kind: &Kind) {
        match kind {
            Kind::Number { min, max, decimals, .. } => {
                self.order(at, min.as_ref(), max.as_ref());
                self.wanted(&way!(at, "decimals"), decimals.is_some_and(|d| d > 9), "These are too many digits", "Use at most 9");
            }
            Kind::Money { min, max } => {
                self.order(at, min.as_ref(), max.as_ref());
                let below = [min, max].into_iter().flatten().any(|m| *m < kernel::Money::ZERO);
                self.wanted(at, below, "An amount below £0 cannot be entered", "Use bounds of £0 or more");
            }
            Kind::Date { min, max } => self.order(at, min.as_ref(), max.as_ref()),
            Kind::Month { min, max } => self.order(at, min.as_ref(), max.as_ref()),
            Kind::ChooseOne { options } => self.choices(at, "options", options, 1, &[]),
            Kind::ChooseSeveral { options, min, max } => {
                self.choices(at, "options", options, 1, &[]);
                self.order(at, min.as_ref(), max.as_ref());
                let unreachable = min.is_some_and(|min| min as usize > options.len());
                self.wanted(
                    &way!(at, "min"),
                    unreachable,
                    "There are fewer options than have to be chosen",
                    "Lower it, or add options",
                );
            }
            Kind::Ranking { options, max } => {
                self.choices(at, "options", options, 2, &["first"]);
                let wrong = max.is_some_and(|max| max == 0 || max as usize > options.len());
                self.wanted(
                    &way!(at, "max"),
                    wrong,
                    "There are not as many options to put in order",
                    "Use 1 up to the number of options",
                );
            }
            Kind::Scale { points } => self.points(at, points),
            Kind::Grid { rows, points } => {
                self.points(at, points);
                self.choices(at, "rows", rows, 1, &["total", "count"]);
            }
            Kind::File { max_mb, .. } => {
                let wrong = max_mb.is_some_and(|mb| mb == 0 || mb > limits::LARGEST_FILE_MB);
                let use_ = format!("Use 1 to {}", limits::LARGEST_FILE_MB);
                self.wanted(&way!(at, "max_mb"), wrong, "No file can have this size", &use_);
            }
            Kind::Organisation { schemes, sectors } => {
                self.choices(at, "schemes", schemes, 0, &[]);
                self.choices(at, "sectors", sectors, 0, &[]);
            }
            Kind::Budget { .. } | Kind::Group { .. } => self.rows(at, kind),
            Kind::ShortText { .. } | Kind::LongText { .. } | Kind::YesNo | Kind::Person | Kind::Area | Kind::Computed { .. } => {}
        }
    }

    fn rows(&mut self, at: &[Step], kind: &Kind) {
        match kind {
            Kind::Budget { columns, lines, max_lines, .. } => {
                self.choices(at, "columns", columns, 0, &["total", "count", "about"]);
                self.choices(at, "lines", lines, 0, &[]);
                let most = limits::BUDGET_LINES;
                self.most(&way!(at, "max_lines"), max_lines.map_or(0, |m| m as usize), most, "lines allowed");
                let fewer = max_lines.is_some_and(|m| (m as usize) < lines.len());
                self.wanted(&way!(at, "max_lines"), fewer, "There are more lines given than allowed", "Raise it");
            }
            Kind::Group { min, max, .. } => {
                self.order(at, min.as_ref(), max.as_ref());
                self.most(&way!(at, "max"), max.map_or(0, |m| m as usize), limits::GROUP_ROWS, "rows allowed");
                let fewer = min.is_some_and(|min| min as usize > kind.most_rows());
                self.wanted(&way!(at, "min"), fewer, "So many rows cannot be entered", "Lower it, or raise ‘max’");
            }
            _ => {}
        }
    }

    fn order<T: PartialOrd>(&mut self, at: &[Step], min: Option<&T>, max: Option<&T>) {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.say(&way!(at, "max"), "The most is below the least", "Swap ‘min’ and ‘max’");
        }
    }

    fn choices(&mut self, at: &[Step], list: &str, choices: &[Choice], least: usize, reserved: &[&str]) {
        let at = way!(at, list);
        if choices.len() < least {
            self.say(&at, format!("There are too few {list} here"), format!("Add at least {least}"));
        }
        self.most(&at, choices.len(), limits::OPTIONS, list);
        let mut seen = BTreeSet::new();
        for (i, choice) in choices.iter().enumerate() {
            let (key, label) = (way!(&at, i, "key"), way!(&at, i, "label"));
            if !is_key(&choice.key) {
                self.say(
                    &key,
                    format!("‘{}’ cannot be a key", crate::words::short(&choice.key)),
                    "Use small letters, numbers and hyphens",
                );
            } else if reserved.contains(&choice.key.as_str()) {
                self.say(&key, format!("‘{}’ has a meaning of its own in conditions", choice.key), "Choose another key");
            }
            if !seen.insert(choice.key.as_str()) {
                self.twice(&key, &choice.key, list.trim_end_matches('s'));
            }
            self.wanted(&label, choice.label.is_empty(), "There is no label here", "Write what people read");
        }
    }

    fn points(&mut self, at: &[Step], points: &[Point]) {
        let at = way!(at, "points");
        if points.len() < 2 {
            self.say(&at, "A scale needs points", "Add at least two");
        }
        self.most(&at, points.len(), 101, "points");
        let mut seen = BTreeSet::new();
        for (i, point) in points.iter().enumerate() {
            if !seen.insert(point.value) {
                self.say(
                    &way!(&at, i, "value"),
                    format!("Two points have the value {}", point.value),
                    "Give each a value of its own",
                );
            }
        }
    }

    /// The names that rules and scores use.
    fn names(&mut self, form: &Form) {
        let questions: BTreeSet<&str> = form.sections.iter().flat_map(|s| &s.questions).map(|q| q.key.as_str()).collect();
        for (i, rule) in form.rules.iter().enumerate() {
            let at = way!(&[], "rules", i);
            self.wanted(
                &way!(&at, "message"),
                rule.message.is_empty(),
                "This rule says nothing",
                "Write what to do where it does not hold",
            );
            self.wanted(
                &at,
                rule.questions.is_empty(),
                "This rule points at no question",
                "Name the questions to look at again: questions = [\"…\"]",
            );
            for (j, key) in rule.questions.iter().enumerate() {
                if !questions.contains(key.as_str()) {
                    let instead = did_you_mean(key, questions.iter().copied());
                    self.say(&way!(&at, "questions", j), format!("There is no question ‘{key}’"), instead);
                }
            }
        }
        for (i, score) in form.scores.iter().enumerate() {
            let at = way!(&[], "scores", i);
            if let Some(key) = score.section.as_ref().filter(|key| !form.sections.iter().any(|s| s.key == **key)) {
                let instead = did_you_mean(key, form.sections.iter().map(|s| s.key.as_str()));
                self.say(&way!(&at, "section"), format!("There is no section ‘{key}’"), instead);
            }
            let below = score.weight < crate::Number::ZERO;
            self.wanted(
                &way!(&at, "weight"),
                below,
                "A weight cannot be below nought",
                "Use 1, or how much more it counts than others",
            );
        }
    }
}

/// The parts of answers, for pages on which conditions are written.
#[must_use]
pub fn parts_of(kind: &Kind) -> Vec<String> {
    part_names(kind)
}
