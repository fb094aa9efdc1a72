//! A workbook as rows of named cells, and its file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::packed;

/// A row: the cells that hold anything, by their heading.
pub(super) type Row = BTreeMap<String, String>;

/// The sheets that matter, without their headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Book {
    pub survey: Vec<Row>,
    pub choices: Vec<Row>,
    pub settings: Vec<Row>,
    /// What other tools have no words for: a name and JSON, in pieces where it is long.
    pub kept: Vec<Row>,
}

/// A file that is no XLSForm; the sentence is meant for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBook {
    #[error("Choose a spreadsheet of the kind .xlsx: this file cannot be read as one ({0})")]
    NotAWorkbook(String),
    #[error("This workbook has no sheet ‘survey’; an XLSForm has the sheets survey, choices and settings")]
    NoSurvey,
    #[error("This workbook is too large: use at most {most} {of}")]
    TooLarge { most: usize, of: &'static str },
    #[error("The workbook could not be written: {0}")]
    NotWritten(String),
}

const BYTES: usize = 10_000_000;
const ROWS: u32 = 20_000;
const COLUMNS: u32 = 200;
/// All texts of a sheet together, in bytes. A text is kept once in a workbook, and can stand in every cell.
const TEXTS: usize = 20_000_000;
/// A cell holds a little more than this.
pub(super) const CELL_CHARS: usize = 32_000;
/// The sheet of our own.
const KEPT: &str = "commonweal";

/// The order in which people expect the headings; others follow.
const FIRST: [&str; 8] =
    ["type", "list_name", "name", "label::English (en)", "label::Welsh (cy)", "hint::English (en)", "required", "relevant"];

impl Book {
    pub fn to_bytes(&self) -> Result<Vec<u8>, BadBook> {
        self.workbook().map_err(|e| BadBook::NotWritten(e.to_string()))
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        for (name, rows) in
            [("survey", &self.survey), ("choices", &self.choices), ("settings", &self.settings), (KEPT, &self.kept)]
        {
            let sheet = workbook.add_worksheet().set_name(name)?;
            let mut headings: Vec<&str> =
                rows.iter().flatten().map(|(h, _)| h.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
            headings.sort_by_key(|h| FIRST.iter().position(|f| f == h).unwrap_or(FIRST.len()));
            if headings.is_empty() && name == "choices" {
                headings = vec!["list_name", "name", "label::English (en)"];
            }
            for (column, heading) in (0u16..).zip(&headings) {
                sheet.write_string(0, column, *heading)?;
                for (at, row) in (1u32..).zip(rows) {
                    if let Some(text) = row.get(*heading) {
                        sheet.write_string(at, column, text)?;
                    }
                }
            }
        }
        workbook.save_to_buffer()
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBook> {
        if bytes.len() > BYTES {
            return Err(BadBook::TooLarge { most: BYTES / 1_000_000, of: "megabytes" });
        }
        packed::look_through(bytes)?;
        let mut file: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
        let mut sheet = |name: &str| -> Result<Option<Vec<Row>>, BadBook> {
            let own = file.sheet_names().into_iter().find(|n| n.trim().eq_ignore_ascii_case(name));
            own.map(|own| rows_of(&mut file, &own)).transpose()
        };
        Ok(Self {
            survey: sheet("survey")?.ok_or(BadBook::NoSurvey)?,
            choices: sheet("choices")?.unwrap_or_default(),
            settings: sheet("settings")?.unwrap_or_default(),
            kept: sheet(KEPT)?.unwrap_or_default(),
        })
    }
}

fn unreadable(error: &calamine::XlsxError) -> BadBook {
    BadBook::NotAWorkbook(error.to_string())
}

/// The rows below the headings, which are the first row that holds anything. Cells are taken one by one: read as a whole,
/// a sheet with a single cell in its far corner would fill all memory.
fn rows_of(file: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<Row>, BadBook> {
    let mut cells = file.worksheet_cells_reader(sheet).map_err(|e| unreadable(&e))?;
    let (mut found, mut size): (BTreeMap<u32, BTreeMap<u32, String>>, usize) = (BTreeMap::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(|e| unreadable(&e))? {
        let (row, column) = cell.get_position();
        let text = text_of(&Data::from(cell.get_value().clone()));
        // Cells that only look like something do not count.
        if text.trim().is_empty() {
            continue;
        }
        size += text.len();
        for (too_large, most, of) in [
            (row >= ROWS, ROWS as usize, "rows"),
            (column >= COLUMNS, COLUMNS as usize, "columns"),
            (size > TEXTS, TEXTS / 1_000_000, "million letters in a sheet"),
        ] {
            if too_large {
                return Err(BadBook::TooLarge { most, of });
            }
        }
        found.entry(row).or_default().insert(column, text);
    }
    let Some((first, headings)) = found.pop_first() else { return Ok(Vec::new()) };
    let last = found.last_key_value().map_or(first, |(row, _)| *row);
    let rows = (first + 1..=last).map(|row| {
        let cells = found.remove(&row).unwrap_or_default();
        let named = cells.into_iter().filter_map(|(column, text)| Some((headings.get(&column)?.trim().to_owned(), text)));
        named.collect()
    });
    Ok(rows.collect())
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        other => other.to_string(),
    }
}
