//! A workbook, cell by cell: read as a whole, a sheet with a single cell in its far corner would fill all memory.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use kernel::Day;

use crate::{Bad, Cell, Filling, Limits, Sheet, at, packed};

/// Merged cells that are told of.
const MERGED: usize = 1_000;

/// Reads the sheets of a workbook that somebody wants; they are asked for each name, in order.
///
/// # Errors
/// Where it is no workbook, or larger than it may be.
pub fn read_workbook(bytes: &[u8], limits: Limits, mut wants: impl FnMut(&str) -> bool) -> Result<Vec<Sheet>, Bad> {
    if bytes.len() > limits.bytes {
        return Err(Bad::TooLarge { most: limits.bytes / 1_000_000, of: "megabytes" });
    }
    packed::look_through(bytes, limits.unpacked)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let names: Vec<String> = book.sheet_names().into_iter().filter(|name| wants(name)).collect();
    let (mut sheets, mut filling) = (Vec::new(), Filling::new(limits));
    for name in names {
        sheets.extend(read_sheet(&mut book, name, &mut filling)?);
    }
    Ok(sheets)
}

fn unreadable(error: &calamine::XlsxError) -> Bad {
    Bad::NotAWorkbook(error.to_string())
}

/// Nothing for a sheet that is a chart.
fn read_sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: String, filling: &mut Filling) -> Result<Option<Sheet>, Bad> {
    let mut cells = match book.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(None),
        Err(e) => return Err(unreadable(&e)),
    };
    while let Some(cell) = cells.next_cell().map_err(|e| unreadable(&e))? {
        let (row, column) = cell.get_position();
        if let Some(value) = value(cell.get_value()) {
            filling.put(row, column, value)?;
        }
    }
    drop(cells);
    let merged = book.merge_cells_by_sheet_name(&name);
    let mut sheet = filling.sheet(name);
    if let Ok(merged) = merged {
        let named = |c: &calamine::Dimensions| {
            format!("{}:{}", at(c.start.1, c.start.0.saturating_add(1)), at(c.end.1, c.end.0.saturating_add(1)))
        };
        sheet.merged = merged.iter().take(MERGED).map(named).collect();
    }
    Ok(Some(sheet))
}

fn value(cell: &DataRef<'_>) -> Option<Cell> {
    Some(match cell {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet’s own numbers are no more precise")]
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) if n.is_finite() => Cell::Number(*n),
        DataRef::Float(_) => Cell::Failed("it holds no number".to_owned()),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(time) => day(time),
        DataRef::Error(error) => Cell::Failed(format!("its formula failed ({error})")),
    })
}

/// Spreadsheets count days from 1900 and know none before.
fn day(time: &ExcelDateTime) -> Cell {
    let value = time.as_f64();
    if time.is_duration() || !(1.0..2_958_466.0).contains(&value) {
        return Cell::Failed(format!("it is set to show a day, and {value} is none: spreadsheets know those from 1900 to 9999"));
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    Day::new(i32::from(year), u32::from(month), u32::from(day))
        .map_or_else(|_| Cell::Failed(format!("it is set to show a day, and {value} is none")), Cell::Day)
}
