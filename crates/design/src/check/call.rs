//! Stages of a call can be held: what is read is scored by somebody, on scales that say what their points mean.

use forms::Number;

use super::Check;
use crate::tree::at;
use crate::words::did_you_mean;
use crate::{Criterion, Power, Stage};

impl Check<'_, '_> {
    pub(super) fn call(&mut self) {
        let Some(call) = &self.design.call else { return };
        for (s, stage) in call.stages.iter().enumerate() {
            self.stage(s, stage);
            for (c, criterion) in stage.criteria.iter().enumerate() {
                self.criterion(s, c, criterion);
                self.read_from(s, c, stage, criterion);
            }
        }
        let scored = call.stages.iter().any(|s| !s.criteria.is_empty());
        let applied = call.stages.iter().any(|s| s.form.is_some());
        for (needed, power) in [(applied, Power::RunCalls), (scored, Power::Assess), (scored, Power::Decide)] {
            if needed && !self.design.roles.iter().any(|r| r.may.contains(&power)) {
                let instead = format!("Give one of the roles may = [\"{}\"]", power.key());
                self.wrong(&at!["roles"], format!("No role may {power}"), instead);
            }
        }
    }

    fn stage(&mut self, s: usize, stage: &Stage) {
        if stage.readers == Some(0) {
            self.wrong(
                &at!["call", "stages", s, "readers"],
                "Nobody would read the applications",
                "Write how many read each, like 3, or leave readers out",
            );
        }
        if stage.from_call_of.as_ref().is_some_and(|slug| *slug == self.design.slug) {
            self.wrong(
                &at!["call", "stages", s, "from_call_of"],
                "Applications would come in from this programme's own call",
                "Name another programme's folder, or leave it out",
            );
        }
        if stage.criteria.is_empty() {
            return;
        }
        if stage.readers.is_none() {
            self.wrong(
                &at!["call", "stages", s],
                format!("‘{}’ has criteria, but nobody reads by them", stage.key),
                "Write readers = 3, or how many assessors read each application",
            );
        }
        if !stage.criteria.iter().any(|c| c.partnership) {
            self.wrong(
                &at!["call", "stages", s, "criteria"],
                format!("No criterion of ‘{}’ tells partnership from the delivery of a project", stage.key),
                "Write partnership = true on the one that does, or add one",
            );
        }
    }

    fn criterion(&mut self, s: usize, c: usize, criterion: &Criterion) {
        if criterion.name.is_empty() {
            self.wrong(&at!["call", "stages", s, "criteria", c, "name"], "This criterion has no name", "Write what is read for");
        }
        if criterion.weight <= Number::ZERO {
            let what = format!("The weight of ‘{}’ cannot be {}", criterion.key, criterion.weight.plain());
            let way = at!["call", "stages", s, "criteria", c, "weight"];
            self.wrong(&way, what, "Use a number above nought: 1, or how much more it counts than others");
        }
        let way = at!["call", "stages", s, "criteria", c, "scale"];
        if criterion.scale.iter().filter(|p| !p.label.is_empty()).count() < 2 {
            self.wrong(
                &way,
                format!("Fewer than two points of ‘{}’ say what they mean", criterion.key),
                "Give at least two points a label, like { value = 0, label = \"…\" }",
            );
        }
        let values = criterion.scale.iter().map(|p| p.value);
        let falls = values.clone().zip(values.skip(1)).position(|(one, next)| next <= one);
        if let Some(place) = falls {
            let (one, next) = (criterion.scale[place].value, criterion.scale[place + 1].value);
            self.wrong(
                &at!["call", "stages", s, "criteria", c, "scale", place + 1, "value"],
                format!("{next} stands after {one}"),
                "Put the points in order, the least first, each with a value of its own",
            );
        }
    }

    /// What a criterion is read from is asked by the stage's own form, outside of its groups.
    fn read_from(&mut self, s: usize, c: usize, stage: &Stage, criterion: &Criterion) {
        if criterion.questions.is_empty() {
            return;
        }
        let Some(key) = &stage.form else {
            self.wrong(
                &at!["call", "stages", s, "criteria", c, "questions"],
                format!("‘{}’ has no form whose questions ‘{}’ could be read from", stage.key, criterion.key),
                "Name the stage's form, or leave questions out",
            );
            return;
        };
        // A form that cannot be read has been told of already.
        let Some(form) = self.programme.form(key) else { return };
        let known: Vec<&str> = form.form.sections.iter().flat_map(|s| &s.questions).map(|q| q.key.as_str()).collect();
        for (q, question) in criterion.questions.iter().enumerate() {
            let way = at!["call", "stages", s, "criteria", c, "questions", q];
            if !known.contains(&question.as_str()) {
                let instead = did_you_mean(question, known.iter().copied());
                self.wrong(&way, format!("The form ‘{key}’ has no question ‘{question}’"), instead);
            } else if criterion.questions[..q].contains(question) {
                self.wrong(&way, format!("‘{question}’ stands here twice"), "Name each question once");
            }
        }
    }
}
