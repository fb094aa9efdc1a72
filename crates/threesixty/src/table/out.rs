//! Grants written as a table.

use std::fs::File;
use std::io::{BufWriter, Write};

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::columns::Columns;
use super::heading::KEPT;
use super::kept::{CELL, cut};
use super::spool::{Sort, Spool, Waiting, places};
use crate::schema::{GRANT, PACKAGE};
use crate::value::{At, Node, Value};
use crate::{Format, Grant, Sink, Stop};

/// Takes grants, and writes them as a table once all are there.
pub(crate) struct TableOut {
    spool: Spool,
    /// What stands beside the grants.
    about: Vec<(String, Node<'static>)>,
}

/// What is worth knowing of a table that was written.
pub(crate) struct Written {
    /// Grants whose identifier another has already.
    pub shared: u64,
    /// Fields that stand beside the grants.
    pub about: usize,
}

impl Sink for TableOut {
    fn again(&mut self) -> Result<(), Stop> {
        self.about.clear();
        self.spool.again()
    }
    fn field(&mut self, name: &str, node: &Node<'_>, _line: u64) -> Result<(), Stop> {
        self.about.push((name.to_owned(), node.clone().into_owned()));
        Ok(())
    }
    fn grants_begin(&mut self) -> Result<(), Stop> {
        Ok(())
    }
    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        self.spool.push(grant)
    }
}

impl TableOut {
    pub fn new(format: Format) -> Result<Self, Stop> {
        Ok(Self { spool: Spool::new(Columns::new(&GRANT, format))?, about: Vec::new() })
    }

    pub fn finish(mut self, to: &File) -> Result<Written, Stop> {
        let written = Written { shared: self.spool.columns.shared, about: self.about.len() };
        match self.spool.columns.format() {
            Format::Xlsx => self.workbook(to)?,
            _ => self.csv(to)?,
        }
        Ok(written)
    }

    fn csv(&mut self, mut to: &File) -> Result<(), Stop> {
        let (headings, kept) = (self.spool.columns.headings(), self.spool.columns.kept > 0);
        let last = headings.len().saturating_sub(usize::from(!kept));
        let mut out = Vec::with_capacity(1 << 18);
        let heads = headings.iter().map(|(_, heading)| heading.as_str()).chain(kept.then_some(KEPT));
        for (at, heading) in heads.enumerate() {
            if at > 0 {
                out.push(b',');
            }
            field(&mut out, heading);
        }
        out.extend_from_slice(b"\r\n");
        let mut flush = |out: &mut Vec<u8>| {
            let done = to.write_all(out).map_err(|e| Stop::Unwritable(e.to_string()));
            out.clear();
            done
        };
        self.spool.rows(&places(&headings), &mut |cells| {
            let mut at = 0;
            for (place, sort, text) in cells {
                let place = if *sort == Sort::Kept { last } else { *place };
                out.extend(std::iter::repeat_n(b',', place - at));
                at = place;
                field(&mut out, text);
            }
            out.extend(std::iter::repeat_n(b',', last - at));
            out.extend_from_slice(b"\r\n");
            if out.len() > 1 << 17 { flush(&mut out) } else { Ok(()) }
        })?;
        flush(&mut out)
    }

    fn workbook(&mut self, to: &File) -> Result<(), Stop> {
        let columns = &self.spool.columns;
        if columns.grants >= u64::from(ROWS) {
            return Err(Stop::Unwritable(format!("a sheet holds {} grants at most; choose .csv or .json", ROWS - 1)));
        }
        let (headings, kept) = (columns.headings(), columns.kept.div_ceil(CELL));
        let mut book = Workbook::new();
        // Half the time for a file that is a little larger.
        book.set_zip_compression_level(2);
        let sheet = book.add_worksheet_with_constant_memory().and_then(|sheet| sheet.set_name(SHEET));
        let sheet = sheet.map_err(|e| unwritable(&e))?;
        let heads = headings.iter().map(|(_, heading)| heading.as_str()).chain(std::iter::repeat_n(KEPT, kept));
        for (at, heading) in heads.enumerate() {
            sheet.write_string(0, place(at), heading).map_err(|e| unwritable(&e))?;
        }
        let mut row = 0;
        self.spool.rows(&places(&headings), &mut |cells| {
            row += 1;
            write(sheet, row, cells, headings.len()).map_err(|e| unwritable(&e))
        })?;
        about(&mut book, std::mem::take(&mut self.about)).map_err(|e| unwritable(&e))?;
        book.save_to_writer(BufWriter::new(to)).map_err(|e| unwritable(&e))
    }
}

fn field(out: &mut Vec<u8>, text: &str) {
    let odd = text.bytes().fold(false, |odd, b| odd | matches!(b, b',' | b'"' | b'\n' | b'\r'));
    if !odd {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// A sheet has no more rows.
const ROWS: u32 = 1_048_576;
const SHEET: &str = "grants";

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

fn write(sheet: &mut Worksheet, row: u32, cells: &[Waiting<'_>], after: usize) -> Result<(), XlsxError> {
    for (at, sort, text) in cells {
        match sort {
            Sort::Kept => {
                for (at, piece) in pieces(text).enumerate() {
                    sheet.write_string(row, place(after + at), piece)?;
                }
            }
            Sort::Number => _ = sheet.write_number(row, place(*at), text.parse::<f64>().unwrap_or(0.0))?,
            Sort::Yes | Sort::No => _ = sheet.write_boolean(row, place(*at), *sort == Sort::Yes)?,
            Sort::Text => _ = sheet.write_string(row, place(*at), cut(text))?,
        }
    }
    Ok(())
}

/// What stands beside the grants: headings on the left, what they say beside them.
fn about(book: &mut Workbook, fields: Vec<(String, Node<'static>)>) -> Result<(), XlsxError> {
    if fields.is_empty() {
        return Ok(());
    }
    let fields = fields.into_iter().map(|(name, node)| (name.into(), node)).collect();
    let root = Node::new(At::default(), Value::Object(fields));
    let mut columns = Columns::new(&PACKAGE, Format::Csv);
    let Ok(line) = columns.line(&root) else { return Ok(()) };
    let sheet = book.add_worksheet().set_name("Meta")?;
    let mut row = 0;
    for (column, heading) in &columns.headings() {
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
