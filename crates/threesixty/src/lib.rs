//! The 360Giving Data Standard (version 1.4): grants as open data, read and written as JSON, CSV and XLSX, and checked.
//!
//! Files are read grant by grant, so a file of any length takes the memory of one grant, a few bytes for each grant's identifier, and
//! of a table those rows that share their identifier with an earlier one. Fields that the standard does not know are kept.
//!
//! ```no_run
//! use threesixty::{Check, Day, Format};
//!
//! let path = std::path::Path::new("grants.xlsx");
//! let mut check = Check::new(Day::new(2026, 11, 22).unwrap());
//! threesixty::read(path, Format::of(path).unwrap(), &mut check)?;
//! let report = check.finish();
//! for problem in report.problems() {
//!     println!("{}: {} {}", problem.place, problem.what, problem.fix);
//! }
//! assert!(report.accepted());
//! # Ok::<(), threesixty::Stop>(())
//! ```

mod check;
mod codes;
mod convert;
mod day;
mod json;
mod number;
mod place;
mod schema;
mod table;
mod value;
mod window;
mod write;

use std::fs::File;
use std::path::Path;

pub use check::{Check, Extra, Found, Level, Problem, Report, Tally};
pub use convert::{Converted, convert};
pub use day::Day;
use place::Origin;
pub use place::Place;
pub use value::{At, Node, Value};
pub use write::Writer;

/// Why a file cannot be taken, or written, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// What is wrong with it, and where.
    #[error("{0}")]
    Unreadable(String),
    #[error("line {line}: the file is not written in UTF-8; save it as UTF-8")]
    NotUtf8 { line: u64 },
    #[error("it cannot be written: {0}")]
    Unwritable(String),
    /// Rows of a table belong together that were handed on apart.
    #[doc(hidden)]
    #[error("two rows have the same Identifier")]
    Again,
}

/// The three kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
    Xlsx,
}

impl Format {
    /// The kind that a file's name ends in.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Package,
    BareList,
    Table,
}

/// One grant, as it comes.
#[derive(Debug)]
pub struct Grant<'g> {
    /// Its number in the file, from 1.
    pub number: u64,
    pub root: &'g Node<'g>,
    /// What was wrong with how it is written.
    pub notes: &'g [Note],
    pub(crate) origin: Origin<'g>,
}

impl Grant<'_> {
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.root.text_of("id")
    }
    /// Where something of it stands.
    #[must_use]
    pub fn place(&self, at: At) -> Place {
        self.origin.place(at)
    }
    /// Where a field that it lacks would stand, if there is a column for it.
    #[must_use]
    pub fn place_of_missing(&self, way: &[&str]) -> Place {
        self.origin.place_of_missing(self.root.at, way)
    }
}

/// Something wrong with how a grant is written in its file, as two rows that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub at: At,
    pub what: String,
    pub fix: String,
    /// Whether the grant can be taken all the same.
    pub mild: bool,
}

/// Takes what a file holds, as it is read.
pub trait Sink {
    /// What the file is; said first.
    fn source(&mut self, _source: Source) {}
    /// Forgets all that it was handed since: a table turned out to have rows that belong together, and is handed on from its
    /// beginning once more.
    ///
    /// # Errors
    /// Where what was written cannot be taken back.
    fn again(&mut self) -> Result<(), Stop>;
    /// A field that stands beside the grants, and the line it begins in.
    ///
    /// # Errors
    /// Where it cannot be written on.
    fn field(&mut self, name: &str, node: &Node<'_>, line: u64) -> Result<(), Stop>;
    /// There is a list of grants, and it begins.
    ///
    /// # Errors
    /// Where it cannot be written on.
    fn grants_begin(&mut self) -> Result<(), Stop>;
    /// # Errors
    /// Where it cannot be written on.
    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop>;
    /// What belongs to no grant and keeps the file from being taken as it is: a row without its identifier.
    fn wrong(&mut self, _place: Place, _what: &str, _fix: &str) {}
    /// What somebody may want to know: a sheet that was passed over.
    fn remark(&mut self, _place: Place, _what: &str) {}
}

/// Reads one value of JSON, as [`Node::json`] writes it; nothing where the text is none.
#[must_use]
pub fn parse(text: &str) -> Option<Node<'_>> {
    json::parse(text)
}

/// Reads a file, and hands on what it holds.
///
/// # Errors
/// Where it cannot be read to its end, and what the sink says.
pub fn read(path: &Path, format: Format, sink: &mut dyn Sink) -> Result<(), Stop> {
    let open = || File::open(path).map_err(|e| Stop::Unreadable(e.to_string()));
    match format {
        Format::Json => json::read(open()?, sink),
        Format::Csv => table::read_csv(open, sink),
        Format::Xlsx => table::read_xlsx(open()?, sink),
    }
}
