//! Events can be held: their steps are there, somebody runs them, and what is asked afterwards takes two minutes.

use forms::Kind;

use super::Check;
use crate::gatherings::{MOST_MAIL_DAYS, MOST_NEEDS_DAYS};
use crate::tree::at;
use crate::words::did_you_mean;
use crate::{EntryKind, Gathering, Scope};

/// What can be answered in two minutes.
const MOST_QUESTIONS: usize = 6;

impl Check<'_, '_> {
    pub(super) fn gatherings(&mut self) {
        for (i, kind) in self.design.kinds.iter().enumerate() {
            let Some(rule) = &kind.gathering else { continue };
            self.gathering_steps(i, kind, rule);
            self.gathering_feedback(i, rule);
            for (field, days, most) in [
                ("days_before", rule.days_before, MOST_MAIL_DAYS),
                ("days_after", rule.days_after, MOST_MAIL_DAYS),
                ("needs_days", rule.needs_days, MOST_NEEDS_DAYS),
            ] {
                if days > most {
                    let what = format!("{field} = {days} is longer than it may be");
                    self.wrong(&at!["kinds", i, "gathering", field], what, format!("Write {most} or less"));
                }
            }
            for (n, key) in rule.notes.iter().enumerate() {
                if self.design.kind(key).is_none() {
                    let instead = did_you_mean(key, self.design.kinds.iter().map(|k| k.key.as_str()));
                    self.wrong(&at!["kinds", i, "gathering", "notes", n], format!("There is no kind ‘{key}’"), instead);
                }
            }
            let of_all = |key: &String| self.design.circle(key).is_none_or(|c| c.scope == Scope::Programme && !c.public);
            if let Some(c) = kind.circles.iter().position(|key| !of_all(key)) {
                let what = format!("‘{}’ is an event, but ‘{}’ is public or the circle of one place", kind.key, kind.circles[c]);
                self.wrong(
                    &at!["kinds", i, "circles", c],
                    what,
                    "Name a circle of the whole programme that all read who may come",
                );
            }
        }
    }

    fn gathering_steps(&mut self, i: usize, kind: &EntryKind, rule: &Gathering) {
        let named = [
            ("shortlisted", rule.shortlisted.as_ref()),
            ("agreed", Some(&rule.agreed)),
            ("held", Some(&rule.held)),
            ("cancelled", Some(&rule.cancelled)),
        ];
        for (field, key) in named.into_iter().filter_map(|(field, key)| Some((field, key?))) {
            let way = at!["kinds", i, "gathering", field];
            let Some(step) = kind.step(key) else {
                let instead = did_you_mean(key, kind.steps.iter().map(|s| s.key.as_str()));
                self.wrong(&way, format!("There is no step ‘{key}’ of ‘{}’", kind.key), instead);
                continue;
            };
            let ends = matches!(field, "held" | "cancelled");
            if step.ends != ends {
                let (what, instead) = match ends {
                    true => (format!("The step ‘{key}’ does not close the event"), "Write ends = true at the step"),
                    false => (format!("The step ‘{key}’ closes the event"), "Take ends = true from the step"),
                };
                self.wrong(&way, what, instead);
            }
        }
    }

    fn gathering_feedback(&mut self, i: usize, rule: &Gathering) {
        let Some(key) = &rule.feedback else { return };
        let way = at!["kinds", i, "gathering", "feedback"];
        if !self.forms.contains(&key.as_str()) {
            let instead = did_you_mean(key, self.forms.iter().copied());
            return self.wrong(&way, format!("There is no form ‘{key}’"), instead);
        }
        // A form that cannot be read has been told of already.
        let Some(form) = self.programme.form(key) else { return };
        let questions: Vec<_> = form.form.sections.iter().flat_map(|s| &s.questions).collect();
        if questions.len() > MOST_QUESTIONS {
            let what = format!("The form ‘{key}’ asks {} questions", questions.len());
            self.wrong(&way, what, format!("Ask {MOST_QUESTIONS} or fewer: feedback takes two minutes"));
        }
        let simple = |kind: &Kind| {
            matches!(
                kind,
                Kind::ShortText { .. }
                    | Kind::LongText { .. }
                    | Kind::YesNo
                    | Kind::ChooseOne { .. }
                    | Kind::ChooseSeveral { .. }
                    | Kind::Scale { .. }
            )
        };
        if let Some(question) = questions.iter().find(|q| !simple(&q.kind)) {
            let what = format!("The question ‘{}’ of ‘{key}’ is of a kind that feedback does not ask", question.key);
            self.wrong(&way, what, "Ask for words, yes or no, a choice or a point of a scale");
        }
    }
}
