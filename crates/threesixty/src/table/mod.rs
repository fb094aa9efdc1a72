//! Grants as tables: CSV, and workbooks of several sheets.
//!
//! A row says something of the grant that its `Identifier` names. Rows of the same identifier, on one sheet or on several, are
//! one grant, as long as they do not contradict each other.

mod build;
mod columns;
mod csv;
mod heading;
mod kept;
mod merge;
mod out;
mod packed;
mod sheets;
mod spool;
mod xlsx;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};

pub(crate) use build::{Cell, Row};
pub(crate) use out::TableOut;
pub(crate) use sheets::Sheets;

use crate::place::Origin;
use crate::value::Node;
use crate::{Grant, Note, Sink, Source, Stop};

/// What is wanted of the rows that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    All,
    /// One column is enough.
    Only(usize),
    /// No more of this sheet.
    Nothing,
}

/// What can be read as sheets of rows, more than once.
pub(crate) trait Book {
    fn names(&self) -> Vec<Option<String>>;
    /// Hands on the rows that hold anything, each with its number from 1.
    fn rows(&mut self, sheet: usize, each: &mut dyn FnMut(u32, Row<'_>) -> Result<Want, Stop>) -> Result<(), Stop>;
    /// Cells that are one only to look at, by sheet: the first and the last.
    fn merged(&mut self, sheet: usize) -> Vec<String>;
}

pub(crate) fn read_csv(open: impl Fn() -> Result<File, Stop>, sink: &mut dyn Sink) -> Result<(), Stop> {
    read(&mut csv::CsvBook::new(open), sink)
}

pub(crate) fn read_xlsx(file: File, sink: &mut dyn Sink) -> Result<(), Stop> {
    read(&mut xlsx::XlsxBook::open(file)?, sink)
}

/// Few tables have several rows for one grant. So a table of one sheet is handed on row by row until two of them turn out to
/// belong together, and only then looked through for all of these.
fn read(book: &mut dyn Book, sink: &mut dyn Sink) -> Result<(), Stop> {
    sink.source(Source::Table);
    let heads = look(book, false)?;
    if heads.sheets.taken().count() == 1 {
        match pass(book, heads, sink) {
            Err(Stop::Again) => sink.again()?,
            done => return done,
        }
    }
    let looked = look(book, true)?;
    pass(book, looked, sink)
}

fn pass(book: &mut dyn Book, looked: Looked, sink: &mut dyn Sink) -> Result<(), Stop> {
    let Looked { sheets, repeated, hashes } = looked;
    sheets.tell(sink);
    if sheets.taken().next().is_none() {
        return Err(Stop::Unreadable(sheets.why_none()));
    }
    for sheet in sheets.all() {
        for cells in if sheet.taken { book.merged(sheet.at) } else { Vec::new() } {
            let place = sheets.place_of_cells(sheet.at, &cells);
            sink.wrong(
                place,
                "these cells are merged, so all but the first are empty",
                "unmerge them, and write in each what it should say",
            );
        }
    }
    sheets.meta(sink)?;
    sink.grants_begin()?;
    let seen = if repeated.is_none() { Some(HashSet::new()) } else { None };
    let repeated = repeated.unwrap_or_default();
    let mut grants = Grants { sheets: &sheets, repeated, seen, hashes, later: HashMap::new(), number: 0 };
    if !grants.repeated.is_empty() {
        grants.gather(book)?;
    }
    grants.hand_on(book, sink)
}

/// What is known of a table before its grants are handed on.
struct Looked {
    sheets: Sheets,
    /// Which identifiers stand in more than one row, if that was looked for.
    repeated: Option<HashSet<u64>>,
    hashes: RandomState,
}

/// Reads the headings, and if asked for which identifiers stand in more than one row.
fn look(book: &mut dyn Book, for_ids: bool) -> Result<Looked, Stop> {
    let (mut sheets, hashes) = (Sheets::default(), RandomState::new());
    let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
    for (at, name) in book.names().into_iter().enumerate() {
        sheets.add(at, name);
        book.rows(at, &mut |number, row| {
            if let Some(want) = sheets.read_head(at, number, &row) {
                return Ok(if for_ids || want == Want::All { want } else { Want::Nothing });
            }
            if let Some(id) = row.first().and_then(|(_, cell)| id_text(cell)) {
                let hash = hashes.hash_one(id.as_ref());
                if !seen.insert(hash) {
                    repeated.insert(hash);
                }
            }
            Ok(sheets.want_of_ids(at))
        })?;
    }
    Ok(Looked { sheets, repeated: for_ids.then_some(repeated), hashes })
}

fn id_text<'c>(cell: &'c Cell<'_>) -> Option<std::borrow::Cow<'c, str>> {
    match cell {
        Cell::Text(text) => Some(text.as_ref().into()),
        Cell::Number(n) => Some(crate::number::of_cell(*n).into()),
        Cell::Moment(text) => Some(text.as_str().into()),
        Cell::Bool(_) | Cell::Bad(..) => None,
    }
}

/// What one row says, of a grant that others speak of too.
struct Said {
    node: Node<'static>,
    notes: Vec<Note>,
    listing: bool,
}

struct Grants<'s> {
    sheets: &'s Sheets,
    repeated: HashSet<u64>,
    /// All identifiers so far, where it is not known which come again.
    seen: Option<HashSet<u64>>,
    hashes: RandomState,
    /// The rows of grants that have several.
    later: HashMap<String, Vec<Said>>,
    number: u64,
}

impl Grants<'_> {
    fn is_repeated(&self, id: &str) -> bool {
        !self.repeated.is_empty() && self.repeated.contains(&self.hashes.hash_one(id))
    }

    /// Whether an earlier row had this identifier, where that is not known beforehand.
    fn is_met_again(&mut self, id: &str) -> bool {
        let hash = self.hashes.hash_one(id);
        self.seen.as_mut().is_some_and(|seen| !seen.insert(hash))
    }

    fn gather(&mut self, book: &mut dyn Book) -> Result<(), Stop> {
        for sheet in self.sheets.taken() {
            book.rows(sheet.at, &mut |number, row| {
                let id = sheet.id_in(number, &row);
                if let Some(id) = id.filter(|id| self.is_repeated(id)) {
                    let mut notes = Vec::new();
                    if let Some(node) = sheet.plan.build(row, sheet.at, number, &mut notes) {
                        self.later.entry(id).or_default().push(Said { node: node.into_owned(), notes, listing: sheet.listing });
                    }
                }
                Ok(Want::All)
            })?;
        }
        Ok(())
    }

    fn hand_on(&mut self, book: &mut dyn Book, sink: &mut dyn Sink) -> Result<(), Stop> {
        for (nth, sheet) in self.sheets.taken().enumerate() {
            book.rows(sheet.at, &mut |number, row| {
                if number <= sheet.head {
                    return Ok(Want::All);
                }
                match sheet.id_of(&row) {
                    Some(id) if self.is_met_again(&id) => return Err(Stop::Again),
                    Some(id) if self.is_repeated(&id) => {
                        let id = id.into_owned();
                        return self.hand_on_all(&id, sink).map(|()| Want::All);
                    }
                    None if nth > 0 => {
                        let what = "this row has no Identifier, so nobody knows which grant it speaks of";
                        sink.wrong(self.sheets.place_of_id(sheet.at, number), what, "write the grant's Identifier");
                        return Ok(Want::All);
                    }
                    _ => {}
                }
                let mut notes = Vec::new();
                if let Some(node) = sheet.plan.build(row, sheet.at, number, &mut notes) {
                    self.grant(&node, &notes, sink)?;
                }
                Ok(Want::All)
            })?;
        }
        Ok(())
    }

    /// All rows of a grant as one, where the first of them stands.
    fn hand_on_all(&mut self, id: &str, sink: &mut dyn Sink) -> Result<(), Stop> {
        let mut all = std::mem::take(self.later.entry(id.to_owned()).or_default()).into_iter();
        let Some(mut first) = all.next() else { return Ok(()) };
        for said in all {
            first.notes.extend(said.notes);
            merge::merge(&mut first.node, said.node, said.listing, &mut |at, other| {
                first.notes.push(merge::contradiction(at, &self.sheets.place(other)));
            });
        }
        self.grant(&first.node, &first.notes, sink)
    }

    fn grant(&mut self, root: &Node<'_>, notes: &[Note], sink: &mut dyn Sink) -> Result<(), Stop> {
        self.number += 1;
        sink.grant(&Grant { number: self.number, root, notes, origin: Origin::Table(self.sheets) })
    }
}
