//! A workbook as rows of named cells, and its file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Workbook, XlsxError};

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
const ROWS: usize = 20_000;
const COLUMNS: usize = 200;
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
        let mut file: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
            .map_err(|e: calamine::XlsxError| BadBook::NotAWorkbook(e.to_string()))?;
        let mut sheet = |name: &str| -> Result<Option<Vec<Row>>, BadBook> {
            let Some(own) = file.sheet_names().into_iter().find(|n| n.trim().eq_ignore_ascii_case(name)) else { return Ok(None) };
            let range = file.worksheet_range(&own).map_err(|e| BadBook::NotAWorkbook(e.to_string()))?;
            rows_of(&range).map(Some)
        };
        Ok(Self {
            survey: sheet("survey")?.ok_or(BadBook::NoSurvey)?,
            choices: sheet("choices")?.unwrap_or_default(),
            settings: sheet("settings")?.unwrap_or_default(),
            kept: sheet(KEPT)?.unwrap_or_default(),
        })
    }
}

fn rows_of(range: &calamine::Range<Data>) -> Result<Vec<Row>, BadBook> {
    let (height, width) = range.get_size();
    if height > ROWS {
        return Err(BadBook::TooLarge { most: ROWS, of: "rows" });
    }
    if width > COLUMNS {
        return Err(BadBook::TooLarge { most: COLUMNS, of: "columns" });
    }
    let mut rows = range.rows();
    let headings: Vec<String> = rows.next().unwrap_or_default().iter().map(|h| text_of(h).trim().to_owned()).collect();
    // The rows above the first that holds anything are left out of a range, so that rows are counted from the headings.
    let cells = |row: &[Data]| -> Row {
        let pairs = headings.iter().zip(row).map(|(heading, cell)| (heading.clone(), text_of(cell)));
        pairs.filter(|(heading, text)| !heading.is_empty() && !text.trim().is_empty()).collect()
    };
    Ok(rows.map(cells).collect())
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        other => other.to_string(),
    }
}
