//! Spreadsheets as people bring them, small enough to be held in memory: workbooks (.xlsx) and CSV as rows of typed cells.
//! Whatever a file says of itself, it takes no more memory than its [`Limits`] allow, and what is wrong with it is told with the
//! cell. (Files of grants, which may be of any size, have a reader of their own in `threesixty`.)

mod csv;
mod packed;
mod workbook;

use std::collections::BTreeMap;
use std::fmt;

use kernel::Day;
use serde::{Deserialize, Serialize};

pub use self::csv::read_csv;
pub use self::workbook::read_workbook;

/// How much a file may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The file as it comes, in bytes.
    pub bytes: usize,
    /// All parts of a workbook together, unpacked, in bytes.
    pub unpacked: usize,
    /// The last row and column that may hold anything.
    pub rows: u32,
    pub columns: u32,
    /// All texts of a file together, in bytes. A text is kept once in a workbook, and can stand in every cell.
    pub texts: usize,
    /// All cells of a file that hold anything.
    pub cells: usize,
}

/// Why a file cannot be read; a sentence for whoever chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    #[error("Choose a spreadsheet of the kind .xlsx: this file cannot be read as one")]
    NotAWorkbook(String),
    #[error("This file is too large: use at most {most} {of}")]
    TooLarge { most: usize, of: &'static str },
    #[error("Row {row} of this file cannot be read as CSV: {why}")]
    NotCsv { row: u64, why: String },
}

/// A sheet. Rows that hold nothing are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Empty for CSV, which has none.
    pub name: String,
    pub rows: Vec<Row>,
    /// Cells that were merged, as `B2:B4`: only the first of them holds anything.
    pub merged: Vec<String>,
}

/// A row with the cells that hold anything, by column from 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// As the spreadsheet counts it, from 1.
    #[serde(rename = "r")]
    pub number: u32,
    #[serde(rename = "c")]
    pub cells: BTreeMap<u32, Cell>,
}

/// What a cell holds. Written as JSON its names are short: thousands of them go along with a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "n")]
    Number(f64),
    #[serde(rename = "d")]
    Day(Day),
    #[serde(rename = "b")]
    Bool(bool),
    /// What it holds is no value: a formula that failed, a day that is none; with a sentence that says so.
    #[serde(rename = "f")]
    Failed(String),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Day(day) => f.write_str(&day.iso()),
            Self::Bool(yes) => f.write_str(if *yes { "TRUE" } else { "FALSE" }),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

/// A cell as people find it: `C14`.
#[must_use]
pub fn at(column: u32, row: u32) -> String {
    format!("{}{row}", letters(column))
}

/// A column's letters.
#[must_use]
pub fn letters(column: u32) -> String {
    let (mut left, mut letters) = (u64::from(column) + 1, Vec::new());
    while left > 0 {
        letters.push(char::from(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A file that is being read, within its limits: what its sheets hold counts together.
struct Filling {
    sheet: Sheet,
    limits: Limits,
    texts: usize,
    cells: usize,
}

impl Filling {
    fn new(limits: Limits) -> Self {
        Self { sheet: Sheet::default(), limits, texts: 0, cells: 0 }
    }
    /// Takes a cell. Cells that only look like something, and hold spaces, do not count.
    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Bad> {
        if let Cell::Text(text) = &cell {
            if text.trim().is_empty() {
                return Ok(());
            }
            self.texts += text.len();
        }
        self.cells += 1;
        let Limits { rows, columns, texts, cells, .. } = self.limits;
        for (too_large, most, of) in [
            (row >= rows, rows as usize, "rows"),
            (column >= columns, columns as usize, "columns"),
            (self.texts > texts, texts / 1_000_000, "million letters"),
            (self.cells > cells, cells, "cells"),
        ] {
            if too_large {
                return Err(Bad::TooLarge { most, of });
            }
        }
        let number = row + 1;
        match self.sheet.rows.last_mut().filter(|last| last.number == number) {
            Some(last) => {
                last.cells.insert(column, cell);
            }
            None => self.sheet.rows.push(Row { number, cells: BTreeMap::from([(column, cell)]) }),
        }
        Ok(())
    }
    /// The sheet, its rows in order whatever order they came in.
    fn sheet(&mut self, name: String) -> Sheet {
        let mut sheet = std::mem::take(&mut self.sheet);
        sheet.name = name;
        sheet.rows.sort_by_key(|row| row.number);
        sheet.rows.dedup_by(|later, first| {
            let same = later.number == first.number;
            if same {
                first.cells.append(&mut later.cells);
            }
            same
        });
        sheet
    }
}
