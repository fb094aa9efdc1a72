//! What sort of thing an expression is, and which parts an answer has.

use std::sync::Arc;

use super::ExprError;
use crate::kind::{Choice, Kind};
use crate::value::AMOUNT;
use crate::words::{and, did_you_mean, quoted};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ty {
    YesNo,
    Number,
    Money,
    Text,
    Date,
    Month,
    /// One of these options.
    Choice(Arc<[String]>),
    /// Any of these options.
    Choices(Arc<[String]>),
    /// The rows of a group.
    Rows,
    /// Only asked whether it is answered.
    Whole,
    /// One for each row of a group.
    List(Box<Ty>),
}

impl Ty {
    /// As people call it.
    pub fn words(&self) -> String {
        match self {
            Self::YesNo => "yes or no",
            Self::Number => "a number",
            Self::Money => "an amount of money",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Month => "a month",
            Self::Choice(_) => "one of some options",
            Self::Choices(_) => "any of some options",
            Self::Rows => "a group of rows",
            Self::Whole => "an answer in several parts",
            Self::List(_) => "a list, one for each row",
        }
        .to_owned()
    }
    pub const fn is_ordered(&self) -> bool {
        matches!(self, Self::Number | Self::Money | Self::Date | Self::Month)
    }
    pub const fn is_sum(&self) -> bool {
        matches!(self, Self::Number | Self::Money)
    }
}

/// A part of an answer that an expression can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    /// What the chosen options are worth.
    Score,
    Total,
    /// The total of a column.
    TotalOf(String),
    Count,
    /// A row of a grid.
    Row(String),
    /// The place of an option in a ranking.
    PlaceOf(String),
    First,
    Name,
    Role,
    Sector,
    Id,
    Code,
    Size,
}

fn options(choices: &[Choice]) -> Arc<[String]> {
    choices.iter().map(|c| c.key.clone()).collect()
}

/// The type of an answer as a whole; nothing for what is computed, whose type follows from its expression.
pub(crate) fn whole(kind: &Kind) -> Option<Ty> {
    Some(match kind {
        Kind::ShortText { .. } | Kind::LongText { .. } => Ty::Text,
        Kind::Number { .. } | Kind::Scale { .. } => Ty::Number,
        Kind::Money { .. } => Ty::Money,
        Kind::Date { .. } => Ty::Date,
        Kind::Month { .. } => Ty::Month,
        Kind::YesNo => Ty::YesNo,
        Kind::ChooseOne { options: o } => Ty::Choice(options(o)),
        Kind::ChooseSeveral { options: o, .. } => Ty::Choices(options(o)),
        Kind::Group { .. } => Ty::Rows,
        Kind::Computed { .. } => return None,
        _ => Ty::Whole,
    })
}

/// The part of an answer of this kind that is called so, with its type.
pub(crate) fn part(kind: &Kind, name: &str, key: &str, at: usize) -> Result<(Part, Ty), ExprError> {
    let named = |choices: &[Choice]| choices.iter().any(|c| c.key == name);
    let found = match (kind, name) {
        (Kind::ChooseOne { .. } | Kind::ChooseSeveral { .. }, "score") => (Part::Score, Ty::Number),
        (Kind::ChooseSeveral { .. } | Kind::Grid { .. } | Kind::Budget { .. } | Kind::Group { .. }, "count") => {
            (Part::Count, Ty::Number)
        }
        (Kind::Grid { .. }, "total") => (Part::Total, Ty::Number),
        (Kind::Grid { rows, .. }, _) if named(rows) => (Part::Row(name.to_owned()), Ty::Number),
        (Kind::Ranking { options: o, .. }, "first") => (Part::First, Ty::Choice(options(o))),
        (Kind::Ranking { options, .. }, _) if named(options) => (Part::PlaceOf(name.to_owned()), Ty::Number),
        (Kind::Budget { .. }, "total") => (Part::Total, Ty::Money),
        (Kind::Budget { columns, .. }, _) if named(columns) || (columns.is_empty() && name == AMOUNT) => {
            (Part::TotalOf(name.to_owned()), Ty::Money)
        }
        (Kind::Organisation { .. } | Kind::Person | Kind::Area | Kind::File { .. }, "name") => (Part::Name, Ty::Text),
        (Kind::Organisation { sectors, .. }, "sector") => (Part::Sector, Ty::Choice(options(sectors))),
        (Kind::Organisation { .. }, "id") => (Part::Id, Ty::Text),
        (Kind::Person, "role") => (Part::Role, Ty::Text),
        (Kind::Area, "code") => (Part::Code, Ty::Text),
        (Kind::File { .. }, "size") => (Part::Size, Ty::Number),
        _ => {
            let known = part_names(kind);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let instead =
                if known.is_empty() { format!("Write ‘{key}’ alone") } else { did_you_mean(name, known.into_iter()) };
            return Err(ExprError::new(at, format!("An answer to ‘{key}’ has no part ‘{name}’"), instead));
        }
    };
    Ok(found)
}

/// The parts that an answer of this kind has.
pub(crate) fn part_names(kind: &Kind) -> Vec<String> {
    let with = |fixed: &[&str], choices: &[Choice]| {
        fixed.iter().map(|f| (*f).to_owned()).chain(choices.iter().map(|c| c.key.clone())).collect()
    };
    match kind {
        Kind::ChooseOne { .. } => with(&["score"], &[]),
        Kind::ChooseSeveral { .. } => with(&["score", "count"], &[]),
        Kind::Grid { rows, .. } => with(&["total", "count"], rows),
        Kind::Ranking { options, .. } => with(&["first"], options),
        Kind::Budget { columns, .. } if columns.is_empty() => with(&["total", "count", AMOUNT], &[]),
        Kind::Budget { columns, .. } => with(&["total", "count"], columns),
        Kind::Organisation { .. } => with(&["name", "sector", "id"], &[]),
        Kind::Person => with(&["name", "role"], &[]),
        Kind::Area => with(&["name", "code"], &[]),
        Kind::File { .. } => with(&["name", "size"], &[]),
        Kind::Group { questions, .. } => {
            std::iter::once("count".to_owned()).chain(questions.iter().map(|q| q.key.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// How to go on from an answer that cannot be used as a whole.
pub(crate) fn use_a_part(kind: &Kind, key: &str) -> String {
    let names: Vec<String> = part_names(kind).iter().take(8).map(|p| format!("{key}.{p}")).collect();
    match names.as_slice() {
        [] => format!("Only answered({key}) can be asked of it"),
        names => format!(
            "Use answered({key}), or {}",
            and(&names.iter().map(|n| quoted(&[n])).collect::<Vec<_>>()).replace(" and ", " or ")
        ),
    }
}
