//! A CSV file as a table of one sheet.

use std::borrow::Cow;
use std::fs::File;

use super::build::{Cell, Row};
use super::{Book, Want};
use crate::Stop;
use crate::window::{Encoding, Window};

/// Spreadsheet programs know no more columns.
const COLUMNS: usize = 16_384;

pub(crate) struct CsvBook<F> {
    open: F,
    /// How it is written, once that is known.
    encoding: Option<Encoding>,
}

impl<F: Fn() -> Result<File, Stop>> CsvBook<F> {
    pub fn new(open: F) -> Self {
        Self { open, encoding: None }
    }

    fn read(&self, encoding: Encoding, each: &mut dyn FnMut(u32, Row<'_>) -> Result<Want, Stop>) -> Result<(), Stop> {
        let mut window = Window::new((self.open)()?, encoding);
        let (mut number, mut want, mut fields) = (0_u32, Want::All, Vec::new());
        loop {
            let Some(length) = record(window.rest(), window.ended(), &mut fields, want) else {
                window.fill().map_err(|stop| unclosed(stop, number + 1))?;
                continue;
            };
            if length == 0 {
                return Ok(());
            }
            number += 1;
            let text = window.rest();
            let row: Row<'_> = fields.iter().filter_map(|field| Some((field.column, field.cell(text)?))).collect();
            if row.last().is_some_and(|(column, _)| *column >= COLUMNS) {
                return Err(Stop::Unreadable(format!(
                    "row {number}: there are more than {COLUMNS} columns; a quotation mark may be missing"
                )));
            }
            if !row.is_empty() {
                want = each(number, row)?;
                if want == Want::Nothing {
                    return Ok(());
                }
            }
            window.take(length);
        }
    }

    /// How a file is written shows at its first letter that is not English, which may be its last. So all of it is looked at
    /// before any of it is handed on.
    fn written(&self) -> Result<Encoding, Stop> {
        let mut window = Window::new((self.open)()?, Encoding::Utf8);
        loop {
            match window.fill() {
                Err(Stop::NotUtf8 { .. }) => return Ok(Encoding::Cp1252),
                Err(stop) => return Err(stop),
                Ok(()) if window.ended() => return Ok(Encoding::Utf8),
                Ok(()) => window.take(window.rest().len()),
            }
        }
    }
}

fn unclosed(stop: Stop, row: u32) -> Stop {
    match stop {
        Stop::Unreadable(what) => Stop::Unreadable(format!("{what}; a quotation mark that opens in row {row} may never close")),
        other => other,
    }
}

impl<F: Fn() -> Result<File, Stop>> Book for CsvBook<F> {
    fn names(&self) -> Vec<Option<String>> {
        vec![None]
    }

    fn rows(&mut self, _sheet: usize, each: &mut dyn FnMut(u32, Row<'_>) -> Result<Want, Stop>) -> Result<(), Stop> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => *self.encoding.insert(self.written()?),
        };
        self.read(encoding, each)
    }

    fn merged(&mut self, _sheet: usize) -> Vec<String> {
        Vec::new()
    }
}

/// Where a field stands in its record, and whether it holds quotation marks that have to be taken out.
struct Field {
    column: usize,
    from: usize,
    to: usize,
    quoted: bool,
}

impl Field {
    fn cell<'t>(&self, text: &'t str) -> Option<Cell<'t>> {
        let own = text.get(self.from..self.to)?;
        if !self.quoted {
            return (!own.is_empty()).then_some(Cell::Text(Cow::Borrowed(own)));
        }
        // Between the first quotation mark and the one that closes, two stand for one; what follows is taken as it is.
        let (mut out, mut rest) = (String::with_capacity(own.len()), own.get(1..)?);
        loop {
            match rest.split_once('"') {
                Some((before, after)) => {
                    out.push_str(before);
                    match after.strip_prefix('"') {
                        Some(after) => {
                            out.push('"');
                            rest = after;
                        }
                        None => {
                            out.push_str(after);
                            break;
                        }
                    }
                }
                None => {
                    out.push_str(rest);
                    break;
                }
            }
        }
        (!out.is_empty()).then_some(Cell::Text(Cow::Owned(out)))
    }
}

/// The fields of the record at the beginning that are not empty, and how long it is: nought at the end. Nothing where more of
/// the file has to be read to know.
fn record(text: &str, ended: bool, fields: &mut Vec<Field>, want: Want) -> Option<usize> {
    fields.clear();
    let bytes = text.as_bytes();
    let (mut at, mut column) = (0, 0);
    loop {
        let from = at;
        let mut quoted = false;
        if bytes.get(at) == Some(&b'"') {
            // A quotation mark that is followed by another does not close.
            loop {
                let Some(next) = memchr::memchr(b'"', bytes.get(at + 1..).unwrap_or_default()) else {
                    at = bytes.len();
                    break;
                };
                at += next + 2;
                quoted |= bytes.get(at) == Some(&b'"');
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
            }
            if at >= bytes.len() && !ended {
                return None;
            }
        }
        let closed = at;
        while let Some(byte) = bytes.get(at)
            && !matches!(byte, b',' | b'\n' | b'\r')
        {
            at += 1;
        }
        let end = bytes.get(at).copied();
        if (end.is_none() || (end == Some(b'\r') && at + 1 == bytes.len())) && !ended {
            return None;
        }
        if at > from && !matches!(want, Want::Only(wanted) if wanted != column) {
            let plain = bytes.get(from) != Some(&b'"');
            let simple = !quoted && closed == at && at - from >= 2 && bytes.get(at - 1) == Some(&b'"');
            fields.push(match (plain, simple) {
                (true, _) => Field { column, from, to: at, quoted: false },
                (false, true) => Field { column, from: from + 1, to: at - 1, quoted: false },
                (false, false) => Field { column, from, to: at, quoted: true },
            });
        }
        match end {
            Some(b',') => {
                at += 1;
                column += 1;
            }
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => return Some(at + 2),
            Some(_) => return Some(at + 1),
            None => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(usize, String)> {
        let mut fields = Vec::new();
        record(text, true, &mut fields, Want::All).unwrap();
        let said = fields.iter().filter_map(|field| match field.cell(text) {
            Some(Cell::Text(own)) => Some((field.column, own.into_owned())),
            _ => None,
        });
        said.collect()
    }

    #[test]
    fn fields_stand_between_commas_with_or_without_quotation_marks() {
        let own = |column: usize, text: &str| (column, text.to_owned());
        assert_eq!(cells("a,,b\r\nc"), [own(0, "a"), own(2, "b")]);
        assert_eq!(cells("\"a, b\",\"say \"\"no\"\"\",\"\"\n"), [own(0, "a, b"), own(1, "say \"no\"")]);
        assert_eq!(cells("\"two\nlines\",c"), [own(0, "two\nlines"), own(1, "c")]);
        assert_eq!(cells("\"a\"b,c\"d"), [own(0, "ab"), own(1, "c\"d")]);
        assert_eq!(cells("\"\"\"\""), [own(0, "\"")]);
        assert_eq!(cells("\"never closed, \n x"), [own(0, "never closed, \n x")]);
        assert_eq!(cells("\""), []);
    }

    #[test]
    fn a_record_is_not_taken_before_its_end_is_known() {
        let mut fields = Vec::new();
        for text in ["a,b", "\"a", "\"a\"", "a\r", ""] {
            assert_eq!(record(text, false, &mut fields, Want::All), None, "{text:?}");
        }
        assert_eq!(record("a\r\nb", false, &mut fields, Want::All), Some(3));
        assert_eq!(record("a\rb", false, &mut fields, Want::All), Some(2));
    }
}
