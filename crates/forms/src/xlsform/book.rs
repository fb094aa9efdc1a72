//! A workbook as rows of named cells, and its file.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{Workbook, XlsxError};
use spreadsheets::{Bad, Cell, Limits, Sheet};

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
    #[error("Choose a spreadsheet of the kind .xlsx: this file cannot be read as one")]
    NotAWorkbook(String),
    #[error("This workbook has no sheet ‘survey’; an XLSForm has the sheets survey, choices and settings")]
    NoSurvey,
    #[error("This workbook is too large: use at most {most} {of}")]
    TooLarge { most: usize, of: &'static str },
    #[error("Cell {at} of the sheet ‘{sheet}’ cannot be read: {why}")]
    Cell { sheet: String, at: String, why: String },
    #[error("The workbook could not be written: {0}")]
    NotWritten(String),
}

const LIMITS: Limits =
    Limits { bytes: 10_000_000, unpacked: 50_000_000, rows: 20_000, columns: 200, texts: 20_000_000, cells: 2_000_000 };
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
        let mut left = vec!["survey", "choices", "settings", KEPT];
        let is = |name: &str, own: &str| name.trim().eq_ignore_ascii_case(own);
        // The first of each name.
        let sheets = spreadsheets::read_workbook(bytes, LIMITS, |name| {
            let at = left.iter().position(|own| is(name, own));
            at.map(|at| left.remove(at)).is_some()
        })?;
        let sheet = |own: &str| sheets.iter().find(|s| is(&s.name, own)).map(rows_of).transpose();
        Ok(Self {
            survey: sheet("survey")?.ok_or(BadBook::NoSurvey)?,
            choices: sheet("choices")?.unwrap_or_default(),
            settings: sheet("settings")?.unwrap_or_default(),
            kept: sheet(KEPT)?.unwrap_or_default(),
        })
    }
}

impl From<Bad> for BadBook {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::TooLarge { most, of } => Self::TooLarge { most, of },
            Bad::NotAWorkbook(why) | Bad::NotCsv { why, .. } => Self::NotAWorkbook(why),
        }
    }
}

/// The rows below the headings, which are the first row that holds anything; one that holds nothing keeps its place.
fn rows_of(sheet: &Sheet) -> Result<Vec<Row>, BadBook> {
    let Some((headings, rows)) = sheet.rows.split_first() else { return Ok(Vec::new()) };
    let mut named = Vec::new();
    for row in rows {
        let before = row.number.saturating_sub(headings.number + 1);
        named.resize_with(usize::try_from(before).unwrap_or(0), Row::new);
        let mut own = Row::new();
        for (column, cell) in &row.cells {
            let Some(heading) = headings.cells.get(column) else { continue };
            if let Cell::Failed(why) = cell {
                let (sheet, at) = (sheet.name.clone(), spreadsheets::at(*column, row.number));
                return Err(BadBook::Cell { sheet, at, why: why.clone() });
            }
            own.insert(heading.to_string().trim().to_owned(), cell.to_string());
        }
        named.push(own);
    }
    Ok(named)
}
