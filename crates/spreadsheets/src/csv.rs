//! CSV as spreadsheet programs save it: with or without a mark at its beginning, in UTF-8 or as Windows writes, with commas,
//! semicolons or tabs.

use crate::{Bad, Cell, Filling, Limits, Sheet};

/// Reads a CSV file as one sheet; every cell is a text.
///
/// # Errors
/// Where a row cannot be read, or there is more than there may be.
pub fn read_csv(bytes: &[u8], limits: Limits) -> Result<Sheet, Bad> {
    if bytes.len() > limits.bytes {
        return Err(Bad::TooLarge { most: limits.bytes / 1_000_000, of: "megabytes" });
    }
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            // What programs for Windows write where they do not write UTF-8.
            Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0,
        },
    };
    // The reader counts a line where it sees the second half of its end; rows are counted by lines.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let mut filling = Filling::new(limits);
    let mut record = csv::StringRecord::new();
    // The reader passes over empty lines, which have a number all the same, and counts those within a cell, which have none.
    let mut row = 0_u32;
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let empty = text.get(from..).map_or(0, |rest| rest.len() - rest.trim_start_matches('\n').len());
        row = row.saturating_add(u32::try_from(empty).unwrap_or(u32::MAX));
        let bad = |e: csv::Error| Bad::NotCsv { row: u64::from(row) + 1, why: e.to_string() };
        if !reader.read_record(&mut record).map_err(bad)? {
            return Ok(filling.sheet(String::new()));
        }
        for (column, field) in (0..).zip(&record) {
            filling.put(row, column, Cell::Text(field.to_owned()))?;
        }
        row = row.saturating_add(1);
    }
}

/// What stands between the fields: whichever of these the first line with any has most of.
fn delimiter(text: &str) -> u8 {
    let count = |line: &str, of: u8| line.bytes().filter(|b| *b == of).count();
    let first = text.lines().find(|line| [b',', b';', b'\t'].iter().any(|of| count(line, *of) > 0)).unwrap_or("");
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|of| count(first, *of)).unwrap_or(b',')
}
