//! Pictures, each with its table.

use kernel::Day;

use crate::dsl::*;

/// A programme through time.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub from: Day,
    pub to: Day,
    pub today: Option<Day>,
    pub phases: Vec<Band>,
    pub gates: Vec<Mark>,
    pub reviews: Vec<Mark>,
    pub lines: Vec<Line>,
    pub shocks: Vec<Shock>,
}

/// A phase.
#[derive(Debug, Clone)]
pub struct Band {
    pub name: String,
    pub from: Day,
    pub to: Day,
}

/// A gate or a review point.
#[derive(Debug, Clone)]
pub struct Mark {
    pub name: String,
    pub day: Day,
    /// Only the month, or so, is known.
    pub approx: bool,
}

/// A place, from when it joined to when it ended.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub href: Option<String>,
    pub from: Day,
    pub to: Day,
    pub note: Option<String>,
}

/// Something from outside that everybody felt.
#[derive(Debug, Clone)]
pub struct Shock {
    pub name: String,
    pub from: Day,
    pub to: Option<Day>,
}

/// The programme through time, as a picture and as a table.
#[must_use]
pub fn programme_timeline(_timeline: &Timeline) -> Html {
    html("")
}
