//! What differs between two versions of a form. A version that has answers is frozen: only words may change in it.

use std::collections::BTreeSet;

use crate::flaw::{Step, way};
use crate::form::{Form, Question, Required, Section};
use crate::kind::{Choice, Kind, Point};
use crate::raw::differing_settings;
use crate::structure::inner;
use crate::text::Text;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The way to it in the newer form, or in the older where it is gone.
    pub way: Vec<Step>,
    /// What has changed, in words.
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Only words differ: answers mean what they meant.
    pub harmless: bool,
}

impl Form {
    /// What has changed from this version to a newer.
    #[must_use]
    pub fn compare(&self, newer: &Self) -> Vec<Change> {
        let mut found = Changes::default();
        found.value(&way!(&[], "key"), "The form’s key", &self.key, &newer.key);
        found.text(&way!(&[], "title"), "The title", &self.title, &newer.title);
        found.text(&way!(&[], "about"), "The introduction", &self.about, &newer.about);
        let sections = way!(&[], "sections");
        let pairs = found.list(&sections, "sections", &self.sections, &newer.sections, |s| (s.key.clone(), s.title.en.clone()));
        for (i, old, new) in pairs {
            found.section(&way!(&sections, i), old, new);
        }
        found.questions(self, newer);
        found.rules(self, newer);
        found.scores(self, newer);
        found.0
    }

    /// Whether the newer version may take this one's place under the answers given: only words differ.
    #[must_use]
    pub fn means_the_same_as(&self, newer: &Self) -> bool {
        self.compare(newer).iter().all(|change| change.harmless)
    }
}

#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn push(&mut self, way: &[Step], what: String, before: Option<String>, after: Option<String>, harmless: bool) {
        self.0.push(Change { way: way.to_vec(), what, before, after, harmless });
    }
    fn value(&mut self, way: &[Step], what: &str, before: &str, after: &str) {
        if before != after {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            self.push(way, format!("{what} has changed"), some(before), some(after), false);
        }
    }
    fn text(&mut self, way: &[Step], what: &str, before: &Text, after: &Text) {
        if before != after {
            let some = |text: &Text| {
                let shown = text.cy.as_ref().map_or_else(|| text.en.clone(), |cy| format!("{} · {cy}", text.en));
                (!shown.is_empty()).then_some(shown)
            };
            self.push(way, format!("{what} reads otherwise"), some(before), some(after), true);
        }
    }

    /// What was added to a list, taken out or put in another order. Gives back what is in both, with its place in the newer.
    fn list<'l, T>(
        &mut self,
        at: &[Step],
        noun: &str,
        old: &'l [T],
        new: &'l [T],
        name: impl Fn(&T) -> (String, String),
    ) -> Vec<(usize, &'l T, &'l T)> {
        let keys = |list: &[T]| list.iter().map(|t| name(t).0).collect::<Vec<String>>();
        let (old_keys, new_keys) = (keys(old), keys(new));
        for (i, item) in old.iter().enumerate().filter(|(i, _)| !new_keys.contains(&old_keys[*i])) {
            self.push(&way!(at, i), format!("‘{}’ is gone from the {noun}", old_keys[i]), Some(name(item).1), None, false);
        }
        for (i, item) in new.iter().enumerate().filter(|(i, _)| !old_keys.contains(&new_keys[*i])) {
            self.push(&way!(at, i), format!("‘{}’ is new among the {noun}", new_keys[i]), None, Some(name(item).1), false);
        }
        let stayed = |keys: &[String], others: &[String]| keys.iter().filter(|k| others.contains(k)).cloned().collect::<Vec<_>>();
        let (before, after) = (stayed(&old_keys, &new_keys), stayed(&new_keys, &old_keys));
        if before != after {
            self.push(at, format!("The {noun} stand in another order"), Some(before.join(", ")), Some(after.join(", ")), false);
        }
        let pairs = new.iter().enumerate().filter_map(|(i, new)| {
            let place = old_keys.iter().position(|k| *k == new_keys[i])?;
            Some((i, &old[place], new))
        });
        pairs.collect()
    }

    fn section(&mut self, at: &[Step], old: &Section, new: &Section) {
        self.text(&way!(at, "title"), &format!("The title of ‘{}’", new.key), &old.title, &new.title);
        self.text(&way!(at, "about"), &format!("The introduction of ‘{}’", new.key), &old.about, &new.about);
        let condition = |s: &Section| s.shown_when.clone().unwrap_or_default();
        self.value(&way!(at, "shown_when"), &format!("When ‘{}’ is shown", new.key), &condition(old), &condition(new));
    }

    /// The questions of all sections together, so that one that has moved is not one gone and one new.
    fn questions(&mut self, old: &Form, new: &Form) {
        let all = |form: &Form| -> Vec<(usize, usize, Question)> {
            let sections = form.sections.iter().enumerate();
            sections.flat_map(|(i, s)| s.questions.iter().enumerate().map(move |(j, q)| (i, j, q.clone()))).collect()
        };
        let (old_all, new_all) = (all(old), all(new));
        let mut moved = Vec::new();
        for (i, j, question) in &new_all {
            let at = way!(&[], "sections", *i, "questions", *j);
            match old_all.iter().find(|(_, _, q)| q.key == question.key) {
                Some((k, _, before)) => {
                    if old.sections[*k].key != new.sections[*i].key {
                        moved.push((
                            at.clone(),
                            question.key.clone(),
                            old.sections[*k].key.clone(),
                            new.sections[*i].key.clone(),
                        ));
                    }
                    self.question(&at, before, question);
                }
                None => self.push(
                    &at,
                    format!("The question ‘{}’ is new", question.key),
                    None,
                    Some(question.label.en.clone()),
                    false,
                ),
            }
        }
        for (at, key, from, to) in moved {
            self.push(&at, format!("‘{key}’ stands in another section"), Some(from), Some(to), false);
        }
        for (i, j, question) in old_all.iter().filter(|(_, _, q)| !new_all.iter().any(|(_, _, n)| n.key == q.key)) {
            let at = way!(&[], "sections", *i, "questions", *j);
            self.push(&at, format!("The question ‘{}’ is gone", question.key), Some(question.label.en.clone()), None, false);
        }
        for (i, section) in new.sections.iter().enumerate() {
            let Some(before) = old.sections.iter().find(|s| s.key == section.key) else { continue };
            let keys = |s: &Section| s.questions.iter().map(|q| q.key.clone()).collect::<Vec<_>>();
            let (a, b) = (keys(before), keys(section));
            let stayed =
                |keys: &[String], others: &[String]| keys.iter().filter(|k| others.contains(k)).cloned().collect::<Vec<_>>();
            if stayed(&a, &b) != stayed(&b, &a) {
                let at = way!(&[], "sections", i, "questions");
                self.push(
                    &at,
                    format!("The questions of ‘{}’ stand in another order", section.key),
                    Some(a.join(", ")),
                    Some(b.join(", ")),
                    false,
                );
            }
        }
    }

    fn question(&mut self, at: &[Step], old: &Question, new: &Question) {
        let key = &new.key;
        let texts = [
            ("label", "The label", &old.label, &new.label),
            ("help", "The help", &old.help, &new.help),
            ("guidance", "The guidance", &old.guidance, &new.guidance),
            ("invalid", "The message", &old.invalid, &new.invalid),
        ];
        for (name, what, old, new) in texts {
            self.text(&way!(at, name), &format!("{what} of ‘{key}’"), old, new);
        }
        let required = |q: &Question| match &q.required {
            Required::Always(true) => "always".to_owned(),
            Required::Always(false) => "never".to_owned(),
            Required::When(condition) => condition.clone(),
        };
        let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
        self.value(&way!(at, "required"), &format!("When ‘{key}’ has to be answered"), &required(old), &required(new));
        self.value(
            &way!(at, "shown_when"),
            &format!("When ‘{key}’ is shown"),
            &or_none(&old.shown_when),
            &or_none(&new.shown_when),
        );
        self.value(
            &way!(at, "valid_when"),
            &format!("When ‘{key}’ is right"),
            &or_none(&old.valid_when),
            &or_none(&new.valid_when),
        );
        if old.prefill != new.prefill {
            let what = format!("Where ‘{key}’ may be known from has changed");
            self.push(&way!(at, "prefill"), what, old.prefill.clone(), new.prefill.clone(), true);
        }
        self.value(&way!(at, "kind"), &format!("The kind of ‘{key}’"), old.kind.key(), new.kind.key());
        if old.kind.key() == new.kind.key() {
            self.kind(at, old, new);
        }
    }

    fn kind(&mut self, at: &[Step], old: &Question, new: &Question) {
        let key = &new.key;
        for (name, before, after) in differing_settings(old, new) {
            self.push(
                &way!(at, name),
                format!("‘{name}’ of ‘{key}’ has changed"),
                before,
                after,
                name == "unit" || name == "item",
            );
        }
        for ((name, old), (_, new)) in choices(&old.kind).into_iter().zip(choices(&new.kind)) {
            let at = way!(at, name);
            let noun = format!("{name} of ‘{key}’");
            let pairs = self.list(&at, &noun, old, new, |c: &Choice| (c.key.clone(), c.label.en.clone()));
            for (i, old, new) in pairs {
                self.text(&way!(&at, i, "label"), &format!("The label of ‘{}’", new.key), &old.label, &new.label);
                self.text(&way!(&at, i, "help"), &format!("The help of ‘{}’", new.key), &old.help, &new.help);
                let score = |c: &Choice| c.score.map(crate::Number::plain).unwrap_or_default();
                self.value(&way!(&at, i, "score"), &format!("What ‘{}’ is worth", new.key), &score(old), &score(new));
            }
        }
        if let (
            Kind::Scale { points: old } | Kind::Grid { points: old, .. },
            Kind::Scale { points: new } | Kind::Grid { points: new, .. },
        ) = (&old.kind, &new.kind)
        {
            let at = way!(at, "points");
            let noun = format!("points of ‘{key}’");
            let pairs = self.list(&at, &noun, old, new, |p: &Point| (p.value.to_string(), p.label.en.clone()));
            for (i, old, new) in pairs {
                self.text(&way!(&at, i, "label"), &format!("The label of {}", new.value), &old.label, &new.label);
                self.text(&way!(&at, i, "help"), &format!("The help of {}", new.value), &old.help, &new.help);
            }
        }
        let at = way!(at, "questions");
        let noun = format!("questions of ‘{key}’");
        let pairs = self.list(&at, &noun, inner(old), inner(new), |q: &Question| (q.key.clone(), q.label.en.clone()));
        for (i, old, new) in pairs {
            self.question(&way!(&at, i), old, new);
        }
    }

    /// Rules have no keys: what is in both versions is the same but for its message.
    fn rules(&mut self, old: &Form, new: &Form) {
        let mut met = BTreeSet::new();
        for (i, rule) in new.rules.iter().enumerate() {
            let at = way!(&[], "rules", i);
            let same = old
                .rules
                .iter()
                .enumerate()
                .find(|(k, r)| !met.contains(k) && r.holds == rule.holds && r.questions == rule.questions);
            match same {
                Some((k, before)) => {
                    met.insert(k);
                    self.text(&way!(&at, "message"), "The message of a rule", &before.message, &rule.message);
                }
                None => self.push(&at, "A rule is new".to_owned(), None, Some(rule.holds.clone()), false),
            }
        }
        for (k, rule) in old.rules.iter().enumerate().filter(|(k, _)| !met.contains(k)) {
            self.push(&way!(&[], "rules", k), "A rule is gone".to_owned(), Some(rule.holds.clone()), None, false);
        }
    }

    fn scores(&mut self, old: &Form, new: &Form) {
        let at = way!(&[], "scores");
        let pairs = self.list(&at, "scores", &old.scores, &new.scores, |s| (s.key.clone(), s.label.en.clone()));
        for (i, old, new) in pairs {
            let (at, key) = (way!(&at, i), &new.key);
            self.text(&way!(&at, "label"), &format!("The label of the score ‘{key}’"), &old.label, &new.label);
            self.value(&way!(&at, "value"), &format!("How the score ‘{key}’ is worked out"), &old.value, &new.value);
            self.value(
                &way!(&at, "weight"),
                &format!("The weight of the score ‘{key}’"),
                &old.weight.plain(),
                &new.weight.plain(),
            );
            let most = |s: &crate::Score| s.out_of.map(crate::Number::plain).unwrap_or_default();
            self.value(&way!(&at, "out_of"), &format!("The most of the score ‘{key}’"), &most(old), &most(new));
            let section = |s: &crate::Score| s.section.clone().unwrap_or_default();
            self.value(&way!(&at, "section"), &format!("The section of the score ‘{key}’"), &section(old), &section(new));
        }
    }
}

/// The lists of named things that a kind holds.
fn choices(kind: &Kind) -> Vec<(&'static str, &[Choice])> {
    match kind {
        Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } | Kind::Ranking { options, .. } => {
            vec![("options", options)]
        }
        Kind::Grid { rows, .. } => vec![("rows", rows)],
        Kind::Organisation { schemes, sectors } => vec![("schemes", schemes), ("sectors", sectors)],
        Kind::Budget { columns, lines, .. } => vec![("columns", columns), ("lines", lines)],
        _ => Vec::new(),
    }
}
