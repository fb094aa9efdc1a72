//! The families of failure. *Invalid* goes back to the form with what was typed, *Refusal* (an enum of the slice
//! that refuses, with facts) becomes a page that says why and what next, and a *Fault* is ours: it is logged once
//! with a reference, and the visitor sees only the reference.

use std::borrow::Cow;

/// Something wrong with one answer: the field's name in the form and a sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: Cow<'static, str>,
    pub message: String,
}

/// What is wrong with a form. Never empty when it is returned as an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invalid(Vec<Problem>);

impl Invalid {
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.0.push(Problem { field: field.into(), message: message.into() });
    }
    #[must_use]
    pub fn one(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(vec![Problem { field: field.into(), message: message.into() }])
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
    /// The first thing wrong with this field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|p| p.field == field).map(|p| p.message.as_str())
    }
    /// The value, when nothing is wrong.
    ///
    /// # Errors
    /// This, when anything is.
    pub fn or<T>(self, value: impl FnOnce() -> T) -> Result<T, Self> {
        if self.is_empty() { Ok(value()) } else { Err(self) }
    }
}

/// Something went wrong on our side: a database that does not answer, a file that cannot be written. The text is
/// for the log, never for a page.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{doing}: {cause}")]
pub struct Fault {
    pub doing: String,
    pub cause: String,
}

impl Fault {
    pub fn new(doing: impl Into<String>, cause: impl std::fmt::Display) -> Self {
        Self { doing: doing.into(), cause: cause.to_string() }
    }
}
