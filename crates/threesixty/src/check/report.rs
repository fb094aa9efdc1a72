//! What a check found: every kind of problem counted, and the first of each kept with their places.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::place::Place;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The file would not be accepted.
    Error,
    /// A code that the standard's own list does not have; the schema lets it pass.
    Codelist,
    /// The data says something that is probably not so.
    Accuracy,
    /// The data would be more useful with more of it.
    Usefulness,
}

/// One problem, where it is, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub place: Place,
    /// The way to it, as a JSON pointer.
    pub pointer: String,
    /// The grant it is in: the how manieth, and its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub what: String,
    pub fix: String,
}

/// All problems of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub level: Level,
    /// Whether people who use the data would be led astray.
    pub critical: bool,
    pub check: &'static str,
    /// What is the matter, for all of them.
    pub title: &'static str,
    pub count: u64,
    /// The first of them.
    pub problems: Vec<Problem>,
}

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub level: Level,
    pub critical: bool,
    pub check: &'static str,
    pub title: &'static str,
}

/// A field that is not of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extra {
    /// Its way, without the numbers of items.
    pub field: String,
    /// In how many grants, or items of them, it stands.
    pub count: u64,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub grants: u64,
    /// Sums of what was awarded would be mixed where there are several.
    pub currencies: BTreeMap<String, u64>,
    pub tallies: Vec<Tally>,
    /// Fields that the standard does not have; they are allowed.
    pub extra: Vec<Extra>,
    pub remarks: Vec<(Place, String)>,
    #[serde(skip)]
    pub(crate) keep: usize,
}

impl Report {
    pub(crate) fn new(keep: usize) -> Self {
        Self { grants: 0, currencies: BTreeMap::new(), tallies: Vec::new(), extra: Vec::new(), remarks: Vec::new(), keep }
    }

    /// Whether the file would be accepted: it is sound by the standard's schema.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.tallies.iter().all(|tally| tally.level != Level::Error)
    }

    #[must_use]
    pub fn count(&self, level: Level) -> u64 {
        self.tallies.iter().filter(|tally| tally.level == level).map(|tally| tally.count).sum()
    }

    /// All problems of which more than their number is kept.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.tallies.iter().flat_map(|tally| &tally.problems)
    }

    fn tally(&mut self, found: &Found) -> Option<&mut Tally> {
        let own = |tally: &Tally| std::ptr::eq(tally.check, found.check) || tally.check == found.check;
        let at = self.tallies.iter().position(own).unwrap_or_else(|| {
            let Found { level, critical, check, title } = *found;
            self.tallies.push(Tally { level, critical, check, title, count: 0, problems: Vec::new() });
            self.tallies.len() - 1
        });
        self.tallies.get_mut(at)
    }

    /// Whether no more problems of this kind are kept.
    pub(crate) fn is_full(&mut self, found: &Found) -> bool {
        let keep = self.keep;
        self.tally(found).is_some_and(|tally| tally.problems.len() >= keep)
    }

    pub(crate) fn count_one(&mut self, found: &Found) {
        if let Some(tally) = self.tally(found) {
            tally.count += 1;
        }
    }

    /// Counts a problem, and keeps it if it is one of the first.
    pub(crate) fn add(&mut self, found: &Found, problem: impl FnOnce() -> Problem) {
        let keep = self.keep;
        if let Some(tally) = self.tally(found) {
            tally.count += 1;
            if tally.problems.len() < keep {
                tally.problems.push(problem());
            }
        }
    }

    /// Says something that is not wrong, once.
    pub(crate) fn remark(&mut self, place: Place, what: &str) {
        let said = self.remarks.iter().any(|(own, said)| *own == place && said == what);
        if !said && self.remarks.len() < 50 {
            self.remarks.push((place, what.to_owned()));
        }
    }
}
