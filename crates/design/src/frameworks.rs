//! How groups reflect: each alone first, then together, again and again.

use forms::Kind;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{Citation, Design};

choice! {
    /// Whose group reflects.
    Group {
        Place = "place", "each place";
        Programme = "programme", "the programme";
    }
}

/// A reflective framework: questions that a group comes back to, answered alone and then looked at together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    pub key: String,
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub about: String,
    /// There is a group in each place, or one for the programme.
    pub each: Group,
    /// Roles that take part: they alone answer, see what all said, and know that there was anything to see.
    pub roles: Vec<String>,
    /// Those of them that open a round and show its answers.
    pub opens: Vec<String>,
    /// Where the group's own words stand.
    pub circle: String,
    /// Months from one round to the next.
    pub every_months: u32,
    /// The kind of entry in which the group says what it makes of the answers.
    pub kind: String,
    /// Kinds of entry that may come out of it, such as an experiment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comes_out: Vec<String>,
    /// The key of the form that holds its questions. That each can be skipped, or is not safe to answer yet, need not be said there.
    pub form: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl Framework {
    /// The kinds in which something can be written from a round: the group's own words first.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.kind).chain(&self.comes_out).map(String::as_str)
    }

    /// Whether a question of this kind can be answered alone and looked at together: by how many chose what, or in everybody's words.
    #[must_use]
    pub const fn can_ask(kind: &Kind) -> bool {
        matches!(
            kind,
            Kind::Scale { .. } | Kind::YesNo | Kind::ChooseOne { .. } | Kind::ChooseSeveral { .. } | Kind::LongText { .. }
        )
    }
}

impl Design {
    /// The reflective framework with this key.
    #[must_use]
    pub fn framework(&self, key: &str) -> Option<&Framework> {
        self.frameworks.iter().find(|f| f.key == key)
    }
}
