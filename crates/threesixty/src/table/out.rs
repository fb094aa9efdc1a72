//! Grants written as a table.

use std::fs::File;
use std::io::Write;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::columns::Line;
pub(crate) use super::columns::{Columns, grants as columns_of_grants};
use super::heading::KEPT;
use super::kept::{CELL, cut};
use crate::json::emptied;
use crate::schema::{Kind, PACKAGE};
use crate::value::{At, Node, Value};
use crate::{Format, Grant, Sink, Stop, number};

/// Where each column stands among those that are written.
fn places(headings: &[(usize, String)]) -> Vec<usize> {
    let mut places = vec![0; headings.len()];
    for (place, (column, _)) in headings.iter().enumerate() {
        if let Some(own) = places.get_mut(*column) {
            *own = place;
        }
    }
    places
}

fn sorted<'n>(line: &mut Line<'n>, places: &[usize]) -> Result<(), Stop> {
    for (column, ..) in &mut line.cells {
        *column = *places.get(*column).ok_or_else(|| Stop::Unreadable("it changed while it was being read".to_owned()))?;
    }
    line.cells.sort_unstable_by_key(|(place, ..)| *place);
    Ok(())
}

pub(crate) struct CsvOut<'f> {
    to: &'f File,
    columns: Columns,
    places: Vec<usize>,
    buffer: Vec<u8>,
}

impl<'f> CsvOut<'f> {
    pub fn new(to: &'f File, columns: Columns) -> Self {
        let headings = columns.headings();
        let mut out = Self { to, places: places(&headings), columns, buffer: Vec::with_capacity(1 << 17) };
        out.head(&headings);
        out
    }

    fn head(&mut self, headings: &[(usize, String)]) {
        for (at, (_, heading)) in headings.iter().enumerate() {
            self.field(at > 0, heading);
        }
        if self.columns.kept > 0 {
            self.field(!headings.is_empty(), KEPT);
        }
        self.buffer.extend_from_slice(b"\r\n");
    }

    fn field(&mut self, after: bool, text: &str) {
        if after {
            self.buffer.push(b',');
        }
        let odd = text.bytes().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'));
        if !odd {
            self.buffer.extend_from_slice(text.as_bytes());
            return;
        }
        self.buffer.push(b'"');
        for (at, part) in text.split('"').enumerate() {
            if at > 0 {
                self.buffer.extend_from_slice(b"\"\"");
            }
            self.buffer.extend_from_slice(part.as_bytes());
        }
        self.buffer.push(b'"');
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.to.write_all(&self.buffer).map_err(|e| Stop::Unwritable(e.to_string()))?;
        self.buffer.clear();
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), Stop> {
        self.flush()
    }
}

impl Sink for CsvOut<'_> {
    fn again(&mut self) -> Result<(), Stop> {
        emptied(self.to)?;
        self.buffer.clear();
        self.head(&self.columns.headings());
        Ok(())
    }
    fn field(&mut self, _name: &str, _node: &Node<'_>, _line: u64) -> Result<(), Stop> {
        Ok(())
    }
    fn grants_begin(&mut self) -> Result<(), Stop> {
        Ok(())
    }
    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        let mut line = self.columns.line(grant.root)?;
        sorted(&mut line, &self.places)?;
        let mut at = 0;
        for (place, text, ..) in &line.cells {
            self.buffer.extend(std::iter::repeat_n(b',', place - at));
            at = *place;
            CsvOut::field(self, false, text);
        }
        if self.columns.kept > 0 {
            let last = self.places.len();
            self.buffer.extend(std::iter::repeat_n(b',', last - at));
            CsvOut::field(self, false, &line.kept);
        } else {
            self.buffer.extend(std::iter::repeat_n(b',', self.places.len().saturating_sub(1) - at));
        }
        self.buffer.extend_from_slice(b"\r\n");
        if self.buffer.len() > 1 << 16 { self.flush() } else { Ok(()) }
    }
}

/// A sheet has no more rows.
const ROWS: u32 = 1_048_576;
const SHEET: &str = "grants";

pub(crate) struct XlsxOut {
    book: Workbook,
    columns: Columns,
    places: Vec<usize>,
    row: u32,
}

fn unwritable(error: &XlsxError) -> Stop {
    Stop::Unwritable(error.to_string())
}

fn place(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Pieces that fit into cells.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let piece = cut(rest);
        rest = rest.get(piece.len()..).unwrap_or("");
        (!piece.is_empty()).then_some(piece)
    })
}

impl XlsxOut {
    pub fn new(columns: Columns) -> Result<Self, Stop> {
        if columns.grants >= u64::from(ROWS) {
            return Err(Stop::Unwritable(format!("a sheet holds {} grants at most; choose .csv or .json", ROWS - 1)));
        }
        let headings = columns.headings();
        let book = Self::begun(&columns, &headings)?;
        Ok(Self { book, places: places(&headings), columns, row: 0 })
    }

    /// A workbook of which the headings are written.
    fn begun(columns: &Columns, headings: &[(usize, String)]) -> Result<Workbook, Stop> {
        let mut book = Workbook::new();
        // Half the time for a file that is a little larger.
        book.set_zip_compression_level(2);
        let sheet =
            book.add_worksheet_with_constant_memory().and_then(|sheet| sheet.set_name(SHEET)).map_err(|e| unwritable(&e))?;
        for (at, (_, heading)) in headings.iter().enumerate() {
            sheet.write_string(0, place(at), heading).map_err(|e| unwritable(&e))?;
        }
        for piece in 0..columns.kept.div_ceil(CELL) {
            sheet.write_string(0, place(headings.len() + piece), KEPT).map_err(|e| unwritable(&e))?;
        }
        Ok(book)
    }

    pub fn finish(mut self, to: impl Write + std::io::Seek + Send) -> Result<(), Stop> {
        self.about().map_err(|e| unwritable(&e))?;
        self.book.save_to_writer(to).map_err(|e| unwritable(&e))
    }

    /// What stands beside the grants: headings on the left, what they say beside them.
    fn about(&mut self) -> Result<(), XlsxError> {
        let fields = std::mem::take(&mut self.columns.about);
        if fields.is_empty() {
            return Ok(());
        }
        let fields = fields.into_iter().map(|(name, node)| (name.into(), node)).collect();
        let root = Node::new(At::default(), Value::Object(fields));
        let mut columns = Columns::new(&PACKAGE, Format::Csv);
        let Ok(line) = columns.line(&root) else { return Ok(()) };
        let headings = columns.headings();
        let sheet = self.book.add_worksheet().set_name("Meta")?;
        let mut row = 0;
        for (column, heading) in &headings {
            if let Some((_, text, ..)) = line.cells.iter().find(|(own, ..)| own == column) {
                sheet.write_string(row, 0, heading)?.write_string(row, 1, cut(text))?;
                row += 1;
            }
        }
        for piece in pieces(&line.kept) {
            sheet.write_string(row, 0, KEPT)?.write_string(row, 1, piece)?;
            row += 1;
        }
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, row: u32, line: &Line<'_>, after: usize) -> Result<(), XlsxError> {
    for (at, text, value, kind) in &line.cells {
        let number = match (value, kind) {
            (Value::Number(own), None | Some(Kind::Number { .. })) => number::to_cell(own),
            _ => None,
        };
        match (value, kind, number) {
            (_, _, Some(number)) => sheet.write_number(row, place(*at), number)?,
            (Value::Bool(yes), None, _) => sheet.write_boolean(row, place(*at), *yes)?,
            _ => sheet.write_string(row, place(*at), cut(text))?,
        };
    }
    for (at, piece) in pieces(&line.kept).enumerate() {
        sheet.write_string(row, place(after + at), piece)?;
    }
    Ok(())
}

impl Sink for XlsxOut {
    fn again(&mut self) -> Result<(), Stop> {
        self.book = Self::begun(&self.columns, &self.columns.headings())?;
        self.row = 0;
        Ok(())
    }
    fn field(&mut self, _name: &str, _node: &Node<'_>, _line: u64) -> Result<(), Stop> {
        Ok(())
    }
    fn grants_begin(&mut self) -> Result<(), Stop> {
        Ok(())
    }
    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        self.row += 1;
        let mut line = self.columns.line(grant.root)?;
        sorted(&mut line, &self.places)?;
        let sheet = self.book.worksheet_from_index(0).map_err(|e| unwritable(&e))?;
        write(sheet, self.row, &line, self.places.len()).map_err(|e| unwritable(&e))
    }
}
