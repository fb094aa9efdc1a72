//! What the address asks of the forum: which applications it shows, in what order, and which of them are ticked.

use std::collections::BTreeSet;

use ui::parts::{FilterGroup, FilterOption};

use super::Outcome;
use super::portfolio::{Line, Portfolio};
use crate::ground::Cx;

/// What the address says for those on which nobody has proposed anything.
const NOTHING: &str = "none";
const SORTS: [(&str, &str); 3] = [("", "Number"), ("score", "Score"), ("difference", "Largest difference")];
/// The field of a ticked application: its number.
pub(super) const TICK: &str = "n";

/// What is asked for, where it is something that can be asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub outcome: &'static str,
    pub sort: &'static str,
    pub ticked: BTreeSet<i32>,
}

impl Wanted {
    pub fn of(cx: &Cx) -> Self {
        let mut outcomes = Outcome::ALL.iter().map(|o| o.key()).chain([NOTHING]);
        let mut sorts = SORTS.iter().map(|(key, _)| *key);
        Self {
            outcome: outcomes.find(|key| *key == cx.query("outcome")).unwrap_or(""),
            sort: sorts.find(|key| *key == cx.query("sort")).unwrap_or(""),
            ticked: cx.queries(TICK).filter_map(|number| number.parse().ok()).collect(),
        }
    }
    fn shows(&self, line: &Line) -> bool {
        match (&line.seen, self.outcome) {
            (_, "") => true,
            (None, _) => false,
            (Some(seen), NOTHING) => seen.outcome().is_none(),
            (Some(seen), key) => seen.outcome().is_some_and(|o| o.key() == key),
        }
    }
    /// Those that are shown, in the order asked for.
    pub fn lines<'a>(&self, all: &'a Portfolio) -> Vec<&'a Line> {
        self.sorted(all.lines.iter().filter(|line| self.shows(line)))
    }
    /// These in the order asked for; what has no such figure stands at the end, and equals in the order of their numbers.
    pub fn sorted<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
        let mut lines: Vec<&Line> = lines.collect();
        lines.sort_by(|a, b| figure(b, self.sort).total_cmp(&figure(a, self.sort)));
        lines
    }
    /// Which are shown and how, as the end of an address.
    pub fn filter(&self) -> String {
        format!("outcome={}&sort={}", self.outcome, self.sort)
    }
    /// The same with those ticked.
    pub fn query(&self) -> String {
        let ticked: String = self.ticked.iter().map(|number| format!("&{TICK}={number}")).collect();
        format!("{}{ticked}", self.filter())
    }
}

fn figure(line: &Line, sort: &str) -> f64 {
    let scores = line.seen.as_ref().and_then(|s| s.scores.as_ref());
    let found = scores.and_then(|s| match sort {
        "score" => s.mean,
        "difference" => Some(s.most? - s.least?),
        _ => None,
    });
    found.unwrap_or(-1.0)
}

pub(super) fn filters(cx: &Cx, all: &Portfolio, wanted: &Wanted, scored: bool) -> Vec<FilterGroup> {
    let href = |wanted: Wanted| format!("{}?{}", cx.path(), wanted.query());
    let option = |key, text: &str, count: usize| FilterOption {
        text: text.into(),
        href: href(Wanted { outcome: key, ..wanted.clone() }),
        current: wanted.outcome == key,
        count: Some(count),
    };
    let of = |outcome: Option<Outcome>| all.seen().filter(|s| s.outcome() == outcome).count();
    let mut options = vec![option("", "All", all.lines.len()), option(NOTHING, "Nothing yet", of(None))];
    options.extend(Outcome::ALL.iter().map(|o| option(o.key(), o.words(), of(Some(*o)))));
    let mut groups = vec![FilterGroup { label: "Outcome".into(), options }];
    if scored {
        let by = |(key, text): &(&'static str, &str)| FilterOption {
            text: (*text).into(),
            href: href(Wanted { sort: key, ..wanted.clone() }),
            current: wanted.sort == *key,
            count: None,
        };
        groups.push(FilterGroup { label: "In order of".into(), options: SORTS.iter().map(by).collect() });
    }
    groups
}
