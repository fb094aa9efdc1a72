//! What an answer is, kind by kind.

use std::collections::BTreeMap;

use kernel::{Day, Money};
use serde::{Deserialize, Serialize};

use crate::answer::RowId;
use crate::kind::Kind;
use crate::month::Month;
use crate::number::Number;

/// An answer. As JSON: `{"text":"…"}`, `{"money":5000000}`, `{"choices":["food","transport"]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    Text(String),
    Number(Number),
    Money(Money),
    Date(Day),
    Month(Month),
    YesNo(bool),
    Choice(String),
    Choices(Vec<String>),
    Point(i32),
    Grid(BTreeMap<String, i32>),
    Ranking(Vec<String>),
    File(FileRef),
    Organisation(Organisation),
    Person(Person),
    Area(Area),
    Budget(Vec<BudgetLine>),
    Rows(Vec<RowId>),
}

/// A file that is kept elsewhere, under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of the content, in 64 small hexadecimal digits.
    pub hash: String,
    pub media_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub name: String,
    /// The register that the number stands in, and the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub name: String,
    /// The code that statistics know the area by, like E08000003.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// One line of a budget. A line that the form gives has its key as id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetLine {
    pub id: RowId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// By column.
    pub amounts: BTreeMap<String, Money>,
}

/// The column of a budget that names none.
pub(crate) const AMOUNT: &str = "amount";

/// The sum of some lines' amounts, in all columns or in one. Nothing where it does not fit.
#[must_use]
pub fn budget_total(lines: &[BudgetLine], column: Option<&str>) -> Option<Money> {
    let amounts = lines.iter().flat_map(|l| &l.amounts).filter(|(key, _)| column.is_none_or(|c| c == key.as_str()));
    amounts.map(|(_, amount)| *amount).try_fold(Money::ZERO, Money::checked_add)
}

impl Kind {
    /// Whether an answer is of the sort that this kind asks for, whatever its limits say.
    #[must_use]
    pub fn suits(&self, value: &Value) -> bool {
        matches!(
            (self, value),
            (Self::ShortText { .. } | Self::LongText { .. }, Value::Text(_))
                | (Self::Number { .. }, Value::Number(_))
                | (Self::Money { .. }, Value::Money(_))
                | (Self::Date { .. }, Value::Date(_))
                | (Self::Month { .. }, Value::Month(_))
                | (Self::YesNo, Value::YesNo(_))
                | (Self::ChooseOne { .. }, Value::Choice(_))
                | (Self::ChooseSeveral { .. }, Value::Choices(_))
                | (Self::Scale { .. }, Value::Point(_))
                | (Self::Grid { .. }, Value::Grid(_))
                | (Self::Ranking { .. }, Value::Ranking(_))
                | (Self::File { .. }, Value::File(_))
                | (Self::Organisation { .. }, Value::Organisation(_))
                | (Self::Person, Value::Person(_))
                | (Self::Area, Value::Area(_))
                | (Self::Budget { .. }, Value::Budget(_))
                | (Self::Group { .. }, Value::Rows(_))
        )
    }
}
