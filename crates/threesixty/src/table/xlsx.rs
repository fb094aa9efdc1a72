//! A workbook, sheet by sheet.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::build::{Cell, Row};
use super::packed;
use super::{Book, Want};
use crate::Stop;

pub(crate) struct XlsxBook {
    book: Xlsx<BufReader<File>>,
    names: Vec<String>,
    merged: bool,
}

impl XlsxBook {
    pub fn open(file: File) -> Result<Self, Stop> {
        let again = file.try_clone().map_err(|e| Stop::Unreadable(e.to_string()))?;
        let merged = packed::look_through(again)?;
        let book: Xlsx<_> = calamine::open_workbook_from_rs(BufReader::new(file)).map_err(|e| unreadable(&e))?;
        let names = book.sheet_names();
        Ok(Self { book, names, merged })
    }
}

fn unreadable(error: &calamine::XlsxError) -> Stop {
    Stop::Unreadable(format!("it cannot be read as a workbook: {error}"))
}

/// Spreadsheet programs know no more.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

impl Book for XlsxBook {
    fn names(&self) -> Vec<Option<String>> {
        self.names.iter().cloned().map(Some).collect()
    }

    fn rows(&mut self, sheet: usize, each: &mut dyn FnMut(u32, Row<'_>) -> Result<Want, Stop>) -> Result<(), Stop> {
        let Some(name) = self.names.get(sheet) else { return Ok(()) };
        let mut cells = match self.book.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // A sheet that is a chart has no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(e) => return Err(unreadable(&e)),
        };
        let (mut row, mut number, mut want) = (Row::new(), 0, Want::All);
        loop {
            let cell = cells.next_cell().map_err(|e| unreadable(&e))?;
            let position = cell.as_ref().map(calamine::Cell::get_position);
            let own = position.map_or(u32::MAX, |(row, _)| row);
            if own != number {
                if !row.is_empty() {
                    want = each(number + 1, std::mem::take(&mut row))?;
                }
                if position.is_none() || want == Want::Nothing {
                    return Ok(());
                }
                number = own;
            }
            let (Some(cell), Some((_, column))) = (cell, position) else { return Ok(()) };
            if own >= ROWS || column >= COLUMNS {
                return Err(Stop::Unreadable(format!(
                    "sheet ‘{name}’ names a cell in row {}, column {}: no sheet is that large",
                    own + 1,
                    column + 1
                )));
            }
            let column = usize::try_from(column).unwrap_or(0);
            if matches!(want, Want::Only(wanted) if wanted != column) {
                continue;
            }
            row.extend(read(cell.get_value()).map(|cell| (column, cell)));
        }
    }

    fn merged(&mut self, sheet: usize) -> Vec<String> {
        let name = self.names.get(sheet).cloned().unwrap_or_default();
        if !self.merged {
            return Vec::new();
        }
        let corner = |(row, column): (u32, u32)| {
            format!("{}{}", crate::place::letters(usize::try_from(column).unwrap_or(0)), row.saturating_add(1))
        };
        match self.book.merge_cells_by_sheet_name(&name) {
            Ok(cells) => cells.iter().take(1_000).map(|cells| format!("{}:{}", corner(cells.start), corner(cells.end))).collect(),
            _ => Vec::new(),
        }
    }
}

fn read<'a>(cell: &DataRef<'a>) -> Option<Cell<'a>> {
    let text = |text: &str| (!text.is_empty()).then(|| Cell::Text(Cow::Owned(text.to_owned())));
    match cell {
        DataRef::Empty => None,
        DataRef::SharedString(own) => (!own.is_empty()).then_some(Cell::Text(Cow::Borrowed(own))),
        DataRef::String(own) | DataRef::DateTimeIso(own) | DataRef::DurationIso(own) => text(own),
        DataRef::Int(n) => text(&n.to_string()),
        DataRef::Float(n) if n.is_finite() => Some(Cell::Number(*n)),
        DataRef::Float(n) => Some(Cell::Bad(n.to_string(), "it is no number that can be written")),
        DataRef::Bool(yes) => Some(Cell::Bool(*yes)),
        DataRef::DateTime(time) => Some(moment(time)),
        DataRef::Error(error) => Some(Cell::Bad(error.to_string(), "its formula failed")),
    }
}

/// A day as the standard writes it. Spreadsheets count days from 1900 and know none before.
fn moment(time: &ExcelDateTime) -> Cell<'static> {
    let value = time.as_f64();
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    if !(0.0..2_958_466.0).contains(&value) {
        return Cell::Bad(
            crate::number::of_cell(value),
            "it is set to show a day, and no day has this number: spreadsheets know those from 1900 to 9999; write 1899-12-31 as a text",
        );
    }
    if time.is_duration() || (value < 1.0 && year < 1904) {
        return Cell::Bad(crate::number::of_cell(value), "it is a time without a day");
    }
    let fraction = if milli == 0 { String::new() } else { format!(".{:06}", u32::from(milli) * 1_000) };
    Cell::Moment(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}+00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::DateTime;

    fn shown(value: f64) -> Result<String, String> {
        match moment(&ExcelDateTime::new(value, DateTime, false)) {
            Cell::Moment(text) => Ok(text),
            Cell::Bad(text, _) => Err(text),
            _ => Err(String::new()),
        }
    }

    #[test]
    fn days_of_a_spreadsheet_are_written_as_the_standard_does() {
        assert_eq!(shown(44_222.0).unwrap(), "2021-01-26T00:00:00+00:00");
        assert_eq!(shown(44_222.5).unwrap(), "2021-01-26T12:00:00+00:00");
        assert_eq!(shown(1.0).unwrap(), "1900-01-01T00:00:00+00:00");
        for (value, text) in
            [(-1.0, "-1"), (0.5, "0.5"), (2_958_466.0, "2958466"), (f64::NAN, "NaN"), (1e300, &1e300.to_string())]
        {
            assert_eq!(shown(value).unwrap_err(), text);
        }
    }
}
