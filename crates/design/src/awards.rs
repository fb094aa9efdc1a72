//! What a design says of awards: the lines of a place's budget, and who approves what changes.

use kernel::Money;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{Citation, Design, EntryKind};

/// A line that a place's budget may have, such as community involvement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetLine {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    /// Every award has money in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

choice! {
    /// How an award may change.
    ChangeKind {
        /// Money moves between the lines or the years of its budget.
        Reprofile = "reprofile", "reprofile";
        /// The place ends later.
        Extension = "extension", "extension";
    }
}

/// Who approves a change to an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRule {
    pub what: ChangeKind,
    /// It holds as long as no more than this share of the award moves, in hundredths; without it, for any.
    pub up_to_percent: Option<u8>,
    /// Somebody in each of these roles has to approve.
    #[serde(default)]
    pub approved_by: Vec<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl ChangeRule {
    fn covers(&self, moved: Money, award: Money) -> bool {
        let share = |percent: u8| i128::from(moved.pence()) * 100 <= i128::from(award.pence()) * i128::from(percent);
        self.up_to_percent.is_none_or(share)
    }
}

impl Design {
    /// The roles of which each has to approve a change that moves so much of an award: as the tightest rule says that
    /// covers it.
    #[must_use]
    pub fn approvers(&self, what: ChangeKind, moved: Money, award: Money) -> &[String] {
        let covering = self.changes.iter().filter(|rule| rule.what == what && rule.covers(moved, award));
        covering.min_by_key(|rule| rule.up_to_percent.unwrap_or(u8::MAX)).map_or(&[], |rule| &rule.approved_by)
    }
    /// The kind of entry in which a place and the funder talk about the grant, and spending is reported.
    #[must_use]
    pub fn money_talk(&self) -> Option<&EntryKind> {
        self.kinds.iter().find(|kind| kind.reports_spending)
    }
    /// Awards are made in this programme, and somebody looks after them.
    #[must_use]
    pub fn has_awards(&self) -> bool {
        !self.budget_lines.is_empty()
    }
}
