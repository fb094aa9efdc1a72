//! What is wrong in a design file, where exactly, and what would be right.

use std::fmt;

/// Something wrong at one place of one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, counted in characters.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub instead: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.what)?;
        if !self.what.ends_with(['.', '?']) {
            f.write_str(".")?;
        }
        if !self.instead.is_empty() {
            write!(f, " {}", self.instead)?;
            if !self.instead.ends_with(['.', '?']) {
                f.write_str(".")?;
            }
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}
