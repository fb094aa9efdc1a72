//! A grant as a tree of what stands in the file: every field is kept, known or not, and numbers keep their digits.

use std::borrow::Cow;

use crate::number;

/// Where in its file something stands: the byte of a JSON file, or the cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At(pub(crate) u64);

impl At {
    /// The cell in this sheet (counted from 0), row (from 1, as spreadsheets do) and column (from 0).
    pub(crate) fn cell(sheet: usize, row: u32, column: usize) -> Self {
        let part = |n: usize| u64::try_from(n).unwrap_or(u64::MAX).min(0xffff);
        Self(part(sheet) << 48 | u64::from(row) << 16 | part(column))
    }
    pub(crate) fn parts(self) -> (usize, u32, usize) {
        let part = |n: u64| usize::try_from(n & 0xffff).unwrap_or(0);
        (part(self.0 >> 48), u32::try_from(self.0 >> 16 & 0xffff_ffff).unwrap_or(0), part(self.0))
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    pub at: At,
    pub value: Value<'a>,
}

#[derive(Debug, Clone)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    /// As it is written, in the words of JSON.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Whether two names are the same; most are not, and show it at once.
pub(crate) fn is(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().first() == other.as_bytes().first() && one == other
}

impl<'a> Node<'a> {
    #[must_use]
    pub fn new(at: At, value: Value<'a>) -> Self {
        Self { at, value }
    }

    /// The field of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        let Value::Object(fields) = &self.value else { return None };
        fields.iter().find(|(own, _)| is(own, name)).map(|(_, node)| node)
    }

    /// The text of the field of this name, where it is one that says something.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::text).filter(|text| !text.trim().is_empty())
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    #[must_use]
    pub fn number(&self) -> Option<&str> {
        if let Value::Number(number) = &self.value { Some(number) } else { None }
    }

    /// An amount in hundredths of its currency, to the nearest, and whether that is the very same; nothing where it is no number,
    /// or one that is larger than anything.
    #[must_use]
    pub fn hundredths(&self) -> Option<(i64, bool)> {
        self.number().and_then(number::hundredths)
    }

    /// As JSON, without spaces that nobody reads.
    #[must_use]
    pub fn json(&self) -> String {
        crate::json::text(self)
    }

    /// The items of the list of this name, none where it is not one.
    #[must_use]
    pub fn list_of(&self, name: &str) -> &[Node<'a>] {
        match self.get(name).map(|node| &node.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    #[must_use]
    pub fn into_owned(self) -> Node<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(yes) => Value::Bool(yes),
            Value::Number(text) => Value::Number(owned(text)),
            Value::Text(text) => Value::Text(owned(text)),
            Value::List(items) => Value::List(items.into_iter().map(Node::into_owned).collect()),
            Value::Object(fields) => {
                Value::Object(fields.into_iter().map(|(name, node)| (owned(name), node.into_owned())).collect())
            }
        };
        Node { at: self.at, value }
    }

    /// Whether both say the same, wherever they stand: the order of fields does not count, nor how a number is written.
    #[must_use]
    pub fn same(&self, other: &Node<'_>) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b || number::same(a, b),
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, a)| other.get(name).is_some_and(|b| a.same(b)))
            }
            _ => false,
        }
    }
}
