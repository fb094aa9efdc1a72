//! How places are invited and chosen: a call, its stages, and what applications are read for.

use std::ops::RangeInclusive;

use forms::{Number, Point, Text};
use kernel::Money;
use serde::{Deserialize, Serialize};

use crate::{Citation, Claim, Statement};

/// How places are invited and chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub summary: String,
    /// When it opened, as each source has it.
    #[serde(default)]
    pub opened: Vec<Claim>,
    /// How many applied, as each source has it.
    #[serde(default)]
    pub applications: Vec<Claim>,
    #[serde(default)]
    pub eligibility: Vec<Statement>,
    /// How much the call prescribes, and what that costs later.
    pub prescriptive: Option<Statement>,
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// What becomes of those who were not chosen.
    pub keeps_unsuccessful: Option<Statement>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl Call {
    /// The stage with this key.
    #[must_use]
    pub fn stage(&self, key: &str) -> Option<&Stage> {
        self.stages.iter().find(|s| s.key == key)
    }
    /// The stage whose award those get who are chosen at this one: the next, or this one where none follows.
    #[must_use]
    pub fn chosen_for<'a>(&'a self, stage: &'a Stage) -> &'a Stage {
        let place = self.stages.iter().position(|s| s.key == stage.key);
        place.and_then(|place| self.stages.get(place + 1)).unwrap_or(stage)
    }
    /// The stage whose answers carry on into this one's form: the nearest before it that has a form.
    #[must_use]
    pub fn carried_from(&self, stage: &Stage) -> Option<&Stage> {
        let place = self.stages.iter().position(|s| s.key == stage.key)?;
        let wanted = stage.carries && stage.form.is_some();
        self.stages[..place].iter().rev().find(|s| wanted && s.form.is_some())
    }
}

/// A step of a call: who comes in, who goes on, and what they are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub key: String,
    pub name: String,
    /// How many come in, as the source says it.
    pub takes: Option<String>,
    /// How many go on, as the source says it.
    pub chooses: Option<String>,
    #[serde(default, with = "crate::values::amount_or_none")]
    pub award: Option<Money>,
    #[serde(default)]
    pub up_to: bool,
    #[serde(default)]
    pub about: String,
    /// The slug of another programme, whose applications come in here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_call_of: Option<String>,
    /// The key of the form that applicants fill in at this stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Answers are carried from the stage before.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub carries: bool,
    /// How many assessors read each application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readers: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// Keys of the sponsors that each have to assent; where none is named, all of them ([`crate::Design::deciders`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deciders: Vec<String>,
    /// The role that those are offered who came as far as this stage and were not chosen, where they are asked to stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays_as: Option<String>,
    /// Form, readers, criteria and deciders are ours, so that the stage can be practised; no source gives the real ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

const fn yes() -> bool {
    true
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_yes(carries: &bool) -> bool {
    *carries
}

impl Stage {
    /// How it is applied for, read and decided is ours, and no fact about the real programme.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.practice
    }
    /// The stage as such is ours too: no source speaks of it.
    #[must_use]
    pub const fn is_wholly_ours(&self) -> bool {
        self.practice && self.sources.is_empty()
    }
    /// How many come in, where that is a number: `10 to 12` has two ends, `14` the same twice.
    #[must_use]
    pub fn takes_count(&self) -> Option<RangeInclusive<u32>> {
        self.takes.as_deref().and_then(count)
    }
    /// How many go on, where that is a number.
    #[must_use]
    pub fn chooses_count(&self) -> Option<RangeInclusive<u32>> {
        self.chooses.as_deref().and_then(count)
    }
    /// The criterion with this key.
    #[must_use]
    pub fn criterion(&self, key: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| c.key == key)
    }
}

/// `14`, `1,200`, `10 to 12` or `10–12`; nothing where the text says anything else.
fn count(text: &str) -> Option<RangeInclusive<u32>> {
    let number = |text: &str| text.trim().replace(',', "").parse::<u32>().ok();
    let ends = [" to ", "–", "-"].iter().find_map(|between| text.split_once(between));
    let (low, high) = match ends {
        Some((low, high)) => (number(low)?, number(high)?),
        None => (number(text)?, number(text)?),
    };
    (low <= high).then_some(low..=high)
}

/// Something that assessors read for and score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub key: String,
    pub name: Text,
    #[serde(default)]
    pub about: Text,
    /// How much it counts beside the others.
    #[serde(default = "one")]
    pub weight: Number,
    /// It tells partnership from the delivery of a project.
    #[serde(default)]
    pub partnership: bool,
    /// Keys of the questions of the stage's form that it is read from; none where it is read from all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    /// The points that can be given, least first, with words for what they mean.
    #[serde(default)]
    pub scale: Vec<Point>,
}

const fn one() -> Number {
    Number::ONE
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn a_number_in_words_of_a_source_is_read_where_it_is_one() {
        assert_eq!(count("14"), Some(14..=14));
        assert_eq!(count("10 to 12"), Some(10..=12));
        assert_eq!(count("10–12"), Some(10..=12));
        assert_eq!(count("1,200"), Some(1200..=1200));
        for text in ["applicants to another programme", "12 to 10", "more than 270", "-3", ""] {
            assert_eq!(count(text), None, "{text}");
        }
    }
}
