//! Groups that can reflect without anybody looking on: their circle is theirs, and their questions add up to no score.

use forms::{Form, Question, Required};

use super::Check;
use crate::tree::at;
use crate::words::did_you_mean;
use crate::{Framework, Group, Scope, Side};

impl Check<'_, '_> {
    pub(super) fn frameworks(&mut self) {
        for (i, framework) in self.design.frameworks.iter().enumerate() {
            self.group(i, framework);
            self.circle_of_group(i, framework);
            self.written_by_group(i, framework);
            if let Some(form) = self.programme.form(&framework.form) {
                self.questions(i, framework, &form.form);
            }
            if framework.every_months == 0 {
                let what = format!("‘{}’ has no rhythm", framework.key);
                self.wrong(&at!["frameworks", i, "every_months"], what, "Write every_months = 4, for instance");
            }
        }
    }

    fn group(&mut self, i: usize, framework: &Framework) {
        let known: Vec<&str> = self.design.roles.iter().map(|r| r.key.as_str()).collect();
        for (r, key) in framework.roles.iter().enumerate() {
            let Some(role) = self.design.role(key) else {
                let what = format!("There is no role ‘{key}’");
                self.wrong(&at!["frameworks", i, "roles", r], what, did_you_mean(key, known.iter().copied()));
                continue;
            };
            if framework.each == Group::Programme && role.scope == Scope::Place {
                let what = format!("‘{key}’ is a role of places, and ‘{}’ is for one group of the programme", framework.key);
                self.wrong(
                    &at!["frameworks", i, "roles", r],
                    what,
                    "Name roles with scope = \"programme\", or write each = \"place\"",
                );
            }
            if framework.each == Group::Place && role.side == Side::Sponsor {
                let what = format!("‘{key}’ sits with the sponsors, and would take part in what a place says among itself");
                self.wrong(&at!["frameworks", i, "roles", r], what, "Leave it out: no sponsor takes part in a place's framework");
            }
        }
        if framework.roles.is_empty() {
            let what = format!("Nobody takes part in ‘{}’", framework.key);
            self.wrong(&at!["frameworks", i, "roles"], what, "Name the roles that answer");
        }
        if framework.opens.is_empty() {
            let what = format!("Nobody opens a round of ‘{}’", framework.key);
            self.wrong(&at!["frameworks", i, "opens"], what, "Name one or more of the roles that take part");
        }
        for (o, key) in framework.opens.iter().enumerate().filter(|(_, key)| !framework.roles.contains(key)) {
            let what = format!("‘{key}’ opens rounds of ‘{}’ but does not take part", framework.key);
            self.wrong(&at!["frameworks", i, "opens", o], what, "Name one of the roles that take part");
        }
    }

    /// What a place makes of its answers stands where no sponsor reads it, and where all who took part do.
    fn circle_of_group(&mut self, i: usize, framework: &Framework) {
        let Some(circle) = self.design.circle(&framework.circle) else { return };
        let way = at!["frameworks", i, "circle"];
        let wanted = if framework.each == Group::Place { Scope::Place } else { Scope::Programme };
        if circle.public || circle.scope != wanted {
            let what = format!("‘{}’ is not a circle of {} alone", circle.key, framework.each);
            return self.wrong(&way, what, "Name a circle that is as wide as the group, and not public");
        }
        let sponsor = circle.readers.iter().find(|r| self.design.role(r).is_some_and(|r| r.side == Side::Sponsor));
        if let Some(role) = sponsor.filter(|_| framework.each == Group::Place) {
            let what = format!(
                "‘{role}’ sits with the sponsors and reads ‘{}’, so that whoever pays would read what a place makes of its answers",
                circle.key
            );
            self.wrong(&way, what, "Name a circle that no sponsor reads, such as the place's own");
        }
        for role in framework.roles.iter().filter(|role| !circle.readers.contains(role)) {
            let what = format!("‘{role}’ takes part in ‘{}’ but does not read ‘{}’", framework.key, circle.key);
            self.wrong(&way, what, "Name a circle that all who take part read");
        }
    }

    fn written_by_group(&mut self, i: usize, framework: &Framework) {
        for key in framework.kinds() {
            let way = if key == framework.kind { at!["frameworks", i, "kind"] } else { at!["frameworks", i, "comes_out"] };
            let Some(kind) = self.design.kind(key) else {
                let instead = did_you_mean(key, self.design.kinds.iter().map(|k| k.key.as_str()));
                self.wrong(&way, format!("There is no kind ‘{key}’"), instead);
                continue;
            };
            let agreed = self.design.agreement.as_ref().is_some_and(|a| a.kind == kind.key);
            if kind.plan || kind.asks || kind.digest || kind.consent || agreed {
                let what = format!("A ‘{key}’ is written on a page of its own");
                self.wrong(&way, what, "Name a kind that is recorded like a note");
                continue;
            }
            let circle = self.design.circle(&framework.circle);
            let writes = |role: &&String| kind.writers.contains(role) && circle.is_some_and(|c| c.writers.contains(role));
            if !kind.circles.contains(&framework.circle) || !framework.roles.iter().any(|role| writes(&role)) {
                let what = format!("Nobody who takes part in ‘{}’ writes a ‘{key}’ in ‘{}’", framework.key, framework.circle);
                self.wrong(&way, what, "Add the circle to the kind's circles, and a role that takes part to its writers");
            }
        }
        if framework.comes_out.contains(&framework.kind) {
            let what = format!("‘{}’ is what the group makes of it, and cannot come out of it as well", framework.kind);
            self.wrong(&at!["frameworks", i, "comes_out"], what, "Leave it out here");
        }
    }

    /// Every question can be skipped and every answer is shown as it is: nothing is required, hidden or worked out.
    fn questions(&mut self, i: usize, framework: &Framework, form: &Form) {
        let way = at!["frameworks", i, "form"];
        let (questions, sections): (Vec<&Question>, _) =
            (form.sections.iter().flat_map(|s| &s.questions).collect(), &form.sections);
        if questions.is_empty() {
            self.wrong(&way, format!("The form ‘{}’ asks nothing", form.key), "Add a question to it");
        }
        for question in &questions {
            if !Framework::can_ask(&question.kind) {
                let what = format!("‘{}’ of the form ‘{}’ asks for a {}", question.key, form.key, question.kind.key());
                self.wrong(&way, what, "Ask by scale, yes-no, choose-one, choose-several or long-text");
            }
            if question.required != Required::Always(false) {
                let what = format!("‘{}’ of the form ‘{}’ has to be answered", question.key, form.key);
                self.wrong(&way, what, "Leave required out: everybody may skip it, or say that it is not safe to answer yet");
            }
        }
        let hidden = sections.iter().any(|s| s.shown_when.is_some()) || questions.iter().any(|q| q.shown_when.is_some());
        if hidden || !form.rules.is_empty() || questions.iter().any(|q| q.valid_when.is_some()) {
            let what = format!("The form ‘{}’ depends on what somebody answers", form.key);
            self.wrong(&way, what, "Leave shown_when, valid_when and rules out, so that all answer the same questions");
        }
        if !form.scores.is_empty() {
            let what = format!("The form ‘{}’ works out a score, and ‘{}’ scores nobody", form.key, framework.key);
            self.wrong(&way, what, "Leave scores out");
        }
    }
}
