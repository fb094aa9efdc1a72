//! What is wrong with a form, and where.

use std::fmt;

/// One step on the way to a value of a form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Item(usize),
}
impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}
impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Item(item) => write!(f, "{item}"),
        }
    }
}

/// Something wrong at one value of a form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// The way to the value from the form's root.
    pub way: Vec<Step>,
    /// Where in the value, counted in bytes, when it is the text of an expression.
    pub offset: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub instead: String,
}

impl Flaw {
    pub(crate) fn new(way: &[Step], what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { way: way.to_vec(), offset: None, what: what.into(), instead: instead.into() }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way: Vec<String> = self.way.iter().map(ToString::to_string).collect();
        write!(f, "{}", way.join("/"))?;
        if let Some(offset) = self.offset {
            write!(f, ", character {}", offset + 1)?;
        }
        write!(f, ": {}. {}", self.what, self.instead)
    }
}

/// The way to a value, one step further: `way![&above, "questions", 2]`.
macro_rules! way {
    ($above:expr $(, $step:expr)* $(,)?) => {{
        let above: &[$crate::flaw::Step] = $above;
        let mut way = above.to_vec();
        $(way.push($crate::flaw::Step::from($step));)*
        way
    }};
}
pub(crate) use way;
