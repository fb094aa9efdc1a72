//! What a design says of money and days: what is planned, and what sources state of it.

use kernel::Money;
use serde::{Deserialize, Serialize};

use crate::Citation;
use crate::choice::choice;

/// Money that the design plans for one purpose: `count` times `amount`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyLine {
    pub key: String,
    pub name: String,
    pub component: Option<String>,
    pub phase: Option<String>,
    #[serde(with = "crate::values::amount")]
    pub amount: Money,
    /// How many times the amount is paid; once where left out.
    pub count: Option<u32>,
    /// The amount is the most it can be.
    #[serde(default)]
    pub up_to: bool,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl MoneyLine {
    /// The amount times the count; nothing where that is too large to be money.
    #[must_use]
    pub fn total(&self) -> Option<Money> {
        self.amount.times(self.count.unwrap_or(1))
    }
}

/// A total as a source states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedTotal {
    pub key: String,
    pub what: String,
    #[serde(with = "crate::values::amount")]
    pub amount: Money,
    #[serde(default)]
    pub up_to: bool,
    /// Keys of the money lines that it is about.
    #[serde(default)]
    pub of: Vec<String>,
    /// The lines must add up to it; otherwise a difference is only noted.
    #[serde(default)]
    pub exact: bool,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

choice! {
    /// How often an allowance of days is given.
    Per {
        Year = "year", "a year";
        Programme = "programme", "over the programme";
    }
}

choice! {
    /// What becomes of days that are left at a year's end.
    Carry {
        Lapse = "lapse", "lapse";
        CarryOver = "carry-over", "are carried over";
    }
}

fn lapse() -> Carry {
    Carry::Lapse
}

/// Days that a role may spend: with each place where it says so, otherwise on the programme's own work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaysLine {
    pub role: String,
    /// The component whose work it is; the role's own where left out.
    pub component: Option<String>,
    /// In quarter-days; files write days.
    #[serde(rename = "days", with = "crate::values::quarter_days")]
    pub quarter_days: u32,
    pub per: Per,
    #[serde(default)]
    pub per_place: bool,
    /// Kinds of entry that tell of work with a place: with them days are logged.
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default = "lapse")]
    pub carry: Carry,
    /// The design protects this time: other work must not eat it.
    #[serde(default)]
    pub protected: bool,
    /// We added it so that the programme can be practised; no source speaks of such days.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl DaysLine {
    /// It is ours, and no fact about the real programme.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.practice
    }
}
