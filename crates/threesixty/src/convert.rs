//! The same grants in another kind of file.

use std::fs::File;
use std::path::Path;

use crate::json::JsonOut;
use crate::place::Place;
use crate::table::TableOut;
use crate::value::Node;
use crate::{Format, Grant, Note, Sink, Source, Stop, read};

/// What came of a conversion.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Converted {
    pub grants: u64,
    /// Why nothing was written: rows that contradict each other, cells that cannot be read. Each with its place.
    pub wrong: Vec<(Place, Note)>,
    pub more_wrong: u64,
    /// What somebody should know, although all was written.
    pub remarks: Vec<(Place, String)>,
}

impl Converted {
    fn add(&mut self, place: Place, note: &Note) {
        if note.mild {
            self.remark(place, note.what.clone());
        } else if self.wrong.len() < SHOWN {
            self.wrong.push((place, note.clone()));
        } else {
            self.more_wrong += 1;
        }
    }
    fn remark(&mut self, place: Place, what: String) {
        if self.remarks.len() < SHOWN {
            self.remarks.push((place, what));
        }
    }
}

const SHOWN: usize = 100;

/// Hands on to another sink, and remembers what is wrong.
struct Watch<'s, S> {
    to: &'s mut S,
    seen: Converted,
}

impl<S: Sink> Sink for Watch<'_, S> {
    fn source(&mut self, source: Source) {
        self.to.source(source);
    }
    fn again(&mut self) -> Result<(), Stop> {
        self.seen = Converted::default();
        self.to.again()
    }
    fn field(&mut self, name: &str, node: &Node<'_>, line: u64) -> Result<(), Stop> {
        self.to.field(name, node, line)
    }
    fn grants_begin(&mut self) -> Result<(), Stop> {
        self.to.grants_begin()
    }
    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        self.seen.grants += 1;
        for note in grant.notes {
            self.seen.add(grant.place(note.at), note);
        }
        self.to.grant(grant)
    }
    fn wrong(&mut self, place: Place, what: &str, fix: &str) {
        self.seen.add(place, &Note { at: crate::At::default(), what: what.to_owned(), fix: fix.to_owned(), mild: false });
    }
    fn remark(&mut self, place: Place, what: &str) {
        self.seen.remark(place, what.to_owned());
    }
}

fn watched<S: Sink>(path: &Path, format: Format, to: &mut S) -> Result<Converted, Stop> {
    let mut watch = Watch { to, seen: Converted::default() };
    read(path, format, &mut watch)?;
    Ok(watch.seen)
}

/// Reads one file and writes the other. What is written counts only where nothing was wrong: the caller puts it in its place.
///
/// # Errors
/// Where the one cannot be read or the other not be written.
pub fn convert(from: &Path, kind: Format, to: &File, into: Format) -> Result<Converted, Stop> {
    if into == Format::Json {
        let mut json = JsonOut::new(to);
        let done = watched(from, kind, &mut json)?;
        json.finish()?;
        return Ok(done);
    }
    let mut table = TableOut::new(into)?;
    let mut done = watched(from, kind, &mut table)?;
    if !done.wrong.is_empty() {
        return Ok(done);
    }
    let written = table.finish(to)?;
    if into == Format::Csv && written.about > 0 {
        let what = format!(
            "a CSV file holds only grants: {} fields that stand beside them, such as title and licence, were left out",
            written.about
        );
        done.remark(Place::default(), what);
    }
    if written.shared > 0 {
        let what =
            format!("{} grants have the id of another; in a table, rows of the same Identifier are one grant", written.shared);
        done.remark(Place::default(), what);
    }
    Ok(done)
}
