//! Grants that come from elsewhere than a file, written as a table.

use std::fs::File;

use crate::place::Origin;
use crate::table::TableOut;
use crate::{Format, Grant, Sink, Stop, json};

/// Takes grants one by one, each as JSON, and writes them as CSV or XLSX. They wait on the disk.
pub struct Writer {
    table: TableOut,
    grants: u64,
}

impl Writer {
    /// # Errors
    /// Where there is no room for them to wait.
    pub fn new(format: Format) -> Result<Self, Stop> {
        Ok(Self { table: TableOut::new(format)?, grants: 0 })
    }

    /// Adds something that stands beside the grants.
    ///
    /// # Errors
    /// Where the text is no JSON.
    pub fn field(&mut self, name: &str, document: &str) -> Result<(), Stop> {
        let node = json::parse(document).ok_or_else(|| no_json(name))?;
        self.table.field(name, &node, 0)
    }

    /// # Errors
    /// Where the text is no JSON, or there is no more room.
    pub fn grant(&mut self, document: &str) -> Result<(), Stop> {
        let root = json::parse(document).ok_or_else(|| no_json("a grant"))?;
        self.grants += 1;
        let origin = Origin::Json { text: document, from: 0, line: 1 };
        self.table.grant(&Grant { number: self.grants, root: &root, notes: &[], origin })
    }

    /// # Errors
    /// Where it cannot be written, or there are more grants than a sheet has rows.
    pub fn finish(self, to: &File) -> Result<(), Stop> {
        self.table.finish(to).map(|_| ())
    }
}

fn no_json(what: &str) -> Stop {
    Stop::Unwritable(format!("{what} is not written as JSON"))
}
