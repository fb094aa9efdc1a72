//! Forms as XLSForm workbooks, the tables that survey tools such as ODK and KoboToolbox read.
//!
//! What those tools know is written in their words: kinds, options, conditions. What they do not know is listed row by
//! row, and kept beside it on a sheet of our own, which they pass over. Reading takes what is kept for every row that
//! still stands as it was written, and makes anew what somebody has changed or what comes from elsewhere.

mod book;
mod from_xpath;
mod import;
mod kinds;
mod to_xpath;
mod write;

use std::fmt;

pub use book::BadBook;
pub use import::read;
pub use write::write;

/// Something that could not be carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// `survey`, `choices` or `settings`; empty for what has no row.
    pub sheet: &'static str,
    /// The row as people count it in a spreadsheet, the headings being the first; 0 where there is none.
    pub row: usize,
    /// The question, section or list.
    pub name: String,
    pub what: String,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.sheet, self.row) {
            ("", _) => write!(f, "‘{}’: {}", self.name, self.what),
            (sheet, row) => write!(f, "{sheet}, row {row}, ‘{}’: {}", self.name, self.what),
        }
    }
}
