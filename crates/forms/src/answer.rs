//! Answers: each stands under a path of its own, so that each can be stored, versioned and edited alone.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::Value;
use crate::words::is_key;

/// Which row of a group, or line of a budget. It stays the same when rows are moved or others are removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(String);

impl RowId {
    /// A new one out of random bits, which the caller brings.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let letter = |i: u32| char::from(LETTERS[(bits >> (5 * i) & 31) as usize]);
        Self(std::iter::once('r').chain((0..8).map(letter)).collect())
    }
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that names no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("‘{0}’ does not name an answer")]
pub struct BadPath(String);

impl FromStr for RowId {
    type Err = BadPath;
    fn from_str(text: &str) -> Result<Self, BadPath> {
        if is_key(text) { Ok(Self(text.to_owned())) } else { Err(bad(text)) }
    }
}
impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one answer: `award`, or `partners.r3.name` for the question `name` in row `r3` of the group `partners`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    first: String,
    inner: Option<(RowId, String)>,
}

impl Path {
    /// # Errors
    /// Where the key cannot be one.
    pub fn new(question: &str) -> Result<Self, BadPath> {
        if is_key(question) { Ok(Self { first: question.to_owned(), inner: None }) } else { Err(bad(question)) }
    }
    /// # Errors
    /// Where a key cannot be one.
    pub fn in_row(group: &str, row: &RowId, question: &str) -> Result<Self, BadPath> {
        if is_key(group) && is_key(question) { Ok(Self::row_of(group, row, question)) } else { Err(bad(question)) }
    }
    /// For keys that have been looked at already.
    pub(crate) fn of(question: &str) -> Self {
        Self { first: question.to_owned(), inner: None }
    }
    pub(crate) fn row_of(group: &str, row: &RowId, question: &str) -> Self {
        Self { first: group.to_owned(), inner: Some((row.clone(), question.to_owned())) }
    }
    /// The key of the question that is answered.
    #[must_use]
    pub fn question(&self) -> &str {
        self.inner.as_ref().map_or(&self.first, |(_, question)| question)
    }
    /// The key of the group it stands in.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.inner.as_ref().map(|_| self.first.as_str())
    }
    #[must_use]
    pub fn row(&self) -> Option<&RowId> {
        self.inner.as_ref().map(|(row, _)| row)
    }
}

fn bad(text: &str) -> BadPath {
    BadPath(crate::words::short(text))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.first)?;
        self.inner.as_ref().map_or(Ok(()), |(row, question)| write!(f, ".{row}.{question}"))
    }
}

impl FromStr for Path {
    type Err = BadPath;
    fn from_str(text: &str) -> Result<Self, BadPath> {
        let parts: Vec<&str> = text.splitn(4, '.').collect();
        match parts[..] {
            [question] => Self::new(question),
            [group, row, question] => Self::in_row(group, &row.parse()?, question),
            _ => Err(bad(text)),
        }
    }
}

macro_rules! as_text {
    ($($name:ty),*) => { $(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )* };
}
as_text!(RowId, Path);

/// The answers to one form, each under its path. The rows of a group stand in order under the group's own path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<Path, Value>);

impl Answers {
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Value> {
        self.0.get(path)
    }
    /// Sets an answer, or takes it away.
    pub fn set(&mut self, path: Path, value: Option<Value>) {
        match value {
            Some(value) => self.0.insert(path, value),
            None => self.0.remove(&path),
        };
    }
    /// The rows of a group, in order.
    #[must_use]
    pub fn rows(&self, group: &str) -> &[RowId] {
        match self.0.get(&Path::of(group)) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &Value)> {
        self.0.iter()
    }
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Path, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (Path, Value)>>(answers: I) -> Self {
        Self(answers.into_iter().collect())
    }
}
