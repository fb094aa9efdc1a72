//! Rows that wait on the disk until it is known which columns there are: a later grant may need another.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};

use super::columns::{Columns, Line};
use crate::schema::Kind;
use crate::value::Value;
use crate::{Format, Grant, Stop, number};

/// What a waiting cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Text,
    Number,
    Yes,
    No,
    /// What is kept beside the cells.
    Kept,
}

const SORTS: [Sort; 5] = [Sort::Text, Sort::Number, Sort::Yes, Sort::No, Sort::Kept];

/// A cell that comes back: its place, what it is, and its text.
pub(crate) type Waiting<'r> = (usize, Sort, &'r str);

pub(crate) struct Spool {
    pub columns: Columns,
    /// Where each column stands among those that are known so far; those that are met later do not change who is before whom.
    places: Vec<usize>,
    file: File,
    buffer: Vec<u8>,
}

fn unwritable(error: &std::io::Error) -> Stop {
    Stop::Unwritable(format!("what waits beside it: {error}"))
}

/// Where each column stands among those that are written.
pub(crate) fn places(headings: &[(usize, String)]) -> Vec<usize> {
    let mut places = vec![0; headings.len()];
    for (place, (column, _)) in headings.iter().enumerate() {
        if let Some(own) = places.get_mut(*column) {
            *own = place;
        }
    }
    places
}

impl Spool {
    pub fn new(columns: Columns) -> Result<Self, Stop> {
        let file = tempfile::tempfile().map_err(|e| unwritable(&e))?;
        Ok(Self { columns, places: Vec::new(), file, buffer: Vec::with_capacity(1 << 18) })
    }

    pub fn again(&mut self) -> Result<(), Stop> {
        self.columns.forget();
        self.places.clear();
        self.buffer.clear();
        self.file.set_len(0).and_then(|()| self.file.rewind()).map_err(|e| unwritable(&e))
    }

    pub fn push(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        let mut line = self.columns.take(grant)?;
        if self.places.len() != self.columns.count() {
            self.places = places(&self.columns.headings());
        }
        let place = |column: usize| self.places.get(column).copied().unwrap_or(usize::MAX);
        line.cells.sort_unstable_by_key(|(column, ..)| place(*column));
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&[0; 4]);
        self.put(&line);
        let length = u32::try_from(self.buffer.len() - start - 4).unwrap_or(u32::MAX);
        if let Some(own) = self.buffer.get_mut(start..start + 4) {
            own.copy_from_slice(&length.to_le_bytes());
        }
        if self.buffer.len() > 1 << 17 { self.flush() } else { Ok(()) }
    }

    fn put(&mut self, line: &Line<'_>) {
        let workbook = self.columns.format() == Format::Xlsx;
        for (column, text, value, kind) in &line.cells {
            let sort = match (value, kind) {
                (Value::Number(own), None | Some(Kind::Number { .. })) if workbook && number::to_cell(own).is_some() => {
                    Sort::Number
                }
                (Value::Bool(true), None) if workbook => Sort::Yes,
                (Value::Bool(false), None) if workbook => Sort::No,
                _ => Sort::Text,
            };
            self.cell(*column, sort, text);
        }
        if !line.kept.is_empty() {
            self.cell(0, Sort::Kept, &line.kept);
        }
    }

    fn cell(&mut self, column: usize, sort: Sort, text: &str) {
        self.buffer.extend_from_slice(&u16::try_from(column).unwrap_or(u16::MAX).to_le_bytes());
        self.buffer.push(SORTS.iter().position(|own| *own == sort).and_then(|at| u8::try_from(at).ok()).unwrap_or(0));
        self.buffer.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.buffer.extend_from_slice(text.as_bytes());
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.file.write_all(&self.buffer).map_err(|e| unwritable(&e))?;
        self.buffer.clear();
        Ok(())
    }

    /// Hands back each row: the place of each cell, what it is, and its text.
    pub fn rows(&mut self, places: &[usize], each: &mut dyn FnMut(&[Waiting<'_>]) -> Result<(), Stop>) -> Result<(), Stop> {
        self.flush()?;
        self.file.rewind().map_err(|e| unwritable(&e))?;
        let mut file = BufReader::with_capacity(1 << 18, &self.file);
        let (mut length, mut row) = ([0; 4], Vec::new());
        for _ in 0..self.columns.grants {
            file.read_exact(&mut length).map_err(|e| unwritable(&e))?;
            row.resize(usize::try_from(u32::from_le_bytes(length)).unwrap_or(0), 0);
            file.read_exact(&mut row).map_err(|e| unwritable(&e))?;
            let mut cells = Vec::with_capacity(32);
            let mut rest = row.as_slice();
            while let Some((&[a, b, sort, c, d, e, f], after)) = rest.split_first_chunk::<7>() {
                let length = usize::try_from(u32::from_le_bytes([c, d, e, f])).unwrap_or(0);
                let Some((text, after)) = after.split_at_checked(length) else { break };
                let place = places.get(usize::from(u16::from_le_bytes([a, b]))).copied().unwrap_or(0);
                let sort = SORTS.get(usize::from(sort)).copied().unwrap_or(Sort::Text);
                cells.push((place, sort, std::str::from_utf8(text).unwrap_or("")));
                rest = after;
            }
            each(&cells)?;
        }
        Ok(())
    }
}
