//! The lines of a plan, version by version, and what became of each.

use std::collections::BTreeMap;

use design::{EntryKind, TextPart};
use kernel::{Day, Fault, Money};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{EntryId, plan_line};

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub part: String,
    pub key: String,
    pub text: String,
    pub by_day: Option<Day>,
    pub amount: Option<Money>,
}

impl Line {
    /// In one line of text: “Open a shared office (by 1 May 2027; £2,000)”.
    pub fn said(&self) -> String {
        let by = self.by_day.map(|day| format!("by {day}"));
        let also: Vec<String> = by.into_iter().chain(self.amount.map(|a| a.to_string())).collect();
        if also.is_empty() { self.text.clone() } else { format!("{} ({})", self.text, also.join("; ")) }
    }
    fn says_the_same(&self, other: &Self) -> bool {
        (&self.text, self.by_day, self.amount) == (&other.text, other.by_day, other.amount)
    }
}

/// The lines of every version, the first version first.
pub(super) type Versions = BTreeMap<i32, Vec<Line>>;

pub(super) async fn versions(db: &impl ConnectionTrait, id: EntryId) -> Result<Versions, Fault> {
    let rows = plan_line::Entity::find()
        .filter(plan_line::COLUMN.entry_id.eq(id))
        .order_by_asc(plan_line::Column::Revision)
        .order_by_asc(plan_line::Column::Position)
        .order_by_asc(plan_line::Column::Id)
        .all(db)
        .await
        .map_err(fault("load the lines of a plan"))?;
    let mut versions = Versions::new();
    for row in rows {
        let line =
            Line { part: row.part, key: row.key, text: row.text, by_day: row.by_day, amount: row.amount.map(Money::from_pence) };
        versions.entry(row.revision).or_default().push(line);
    }
    Ok(versions)
}

/// A plan as text, so that it is found, shared and printed like any entry.
pub(crate) fn as_text(kind: &EntryKind, lines: &[Line]) -> String {
    let of = |part: &TextPart| {
        let said: Vec<String> = lines.iter().filter(|l| l.part == part.key).map(|l| format!("- {}", l.said())).collect();
        (!said.is_empty()).then(|| format!("# {}\n\n{}", part.name, said.join("\n")))
    };
    kind.parts.iter().filter_map(of).collect::<Vec<_>>().join("\n\n")
}

/// What became of a line from one version to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Same,
    Changed,
    New,
    Dropped,
}

impl Fate {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "as it was",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Dropped => "dropped",
        }
    }
}

/// Every line of two versions, matched by key, those of the earlier in their order and the new ones after them.
pub(super) fn matched<'a>(before: &'a [Line], after: &'a [Line]) -> Vec<(Option<&'a Line>, Option<&'a Line>, Fate)> {
    let mut all: Vec<_> = before
        .iter()
        .map(|old| match after.iter().find(|new| new.key == old.key) {
            None => (Some(old), None, Fate::Dropped),
            Some(new) if new.says_the_same(old) => (Some(old), Some(new), Fate::Same),
            Some(new) => (Some(old), Some(new), Fate::Changed),
        })
        .collect();
    let new = after.iter().filter(|new| before.iter().all(|old| old.key != new.key));
    all.extend(new.map(|new| (None, Some(new), Fate::New)));
    all
}

/// How many met which fate.
pub(super) fn count(matched: &[(Option<&Line>, Option<&Line>, Fate)], fate: Fate) -> usize {
    matched.iter().filter(|(.., f)| *f == fate).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &str, text: &str) -> Line {
        Line { part: "aims".into(), key: key.into(), text: text.into(), by_day: None, amount: None }
    }

    #[test]
    fn lines_are_matched_by_what_they_are_and_not_by_what_they_say() {
        let before = [line("l1", "Meet weekly"), line("l2", "Open an office"), line("l3", "Write a charter")];
        let after = [line("l4", "Walk the estate"), line("l3", "Write a charter"), line("l1", "Meet monthly")];
        let matched = matched(&before, &after);
        let fates: Vec<Fate> = matched.iter().map(|(.., fate)| *fate).collect();
        assert_eq!(fates, [Fate::Changed, Fate::Dropped, Fate::Same, Fate::New]);
        assert_eq!(count(&matched, Fate::New), 1);
    }

    #[test]
    fn a_line_says_its_day_and_its_money() {
        let all =
            Line { by_day: Day::new(2027, 5, 1).ok(), amount: Some(Money::from_pounds(2_000)), ..line("l1", "Open an office") };
        assert_eq!(all.said(), "Open an office (by 1 May 2027; £2,000)");
    }
}
