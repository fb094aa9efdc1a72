//! Where something stands, as people find it: sheet, row and column of a table, or the line of a JSON file.

use std::fmt;

use serde::Serialize;

use crate::table::Sheets;
use crate::value::At;

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// As spreadsheets name it: `C`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.sheet.as_ref().map(|sheet| format!("sheet ‘{sheet}’")));
        match (&self.column, self.row) {
            (Some(column), Some(row)) => parts.push(format!("cell {column}{row}")),
            (Some(cells), None) if cells.contains(':') => parts.push(format!("cells {cells}")),
            (Some(column), None) => parts.push(format!("column {column}")),
            (None, Some(row)) => parts.push(format!("row {row}")),
            (None, None) => {}
        }
        parts.extend(self.heading.as_ref().map(|heading| format!("‘{heading}’")));
        parts.extend(self.line.map(|line| format!("line {line}")));
        f.write_str(&parts.join(", "))
    }
}

/// What is needed to say where something of a grant stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'g> {
    /// What the grant was read from, the byte it begins at and the line that is in.
    Json {
        text: &'g str,
        from: u64,
        line: u64,
    },
    Table(&'g Sheets),
}

impl Origin<'_> {
    pub fn place(&self, at: At) -> Place {
        match self {
            Self::Json { text, from, line } => {
                let before = usize::try_from(at.0.saturating_sub(*from)).unwrap_or(0);
                let passed = text.as_bytes().get(..before).unwrap_or_default();
                Place { line: Some(line + crate::window::lines(passed)), ..Place::default() }
            }
            Self::Table(sheets) => sheets.place(at),
        }
    }

    /// Where a field that is missing beside this would stand, if there is a column for it.
    pub fn place_of_missing(&self, at: At, way: &[&str]) -> Place {
        match self {
            Self::Json { .. } => self.place(at),
            Self::Table(sheets) => sheets.place_of_missing(at, way),
        }
    }
}

/// A column as spreadsheets name it, from 0: `A` to `Z`, then `AA`.
pub(crate) fn letters(column: usize) -> String {
    let (mut left, mut out) = (column + 1, Vec::new());
    while left > 0 {
        out.push(char::from(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_have_the_names_that_spreadsheets_give_them() {
        let named: Vec<String> = [0, 25, 26, 51, 701, 702, 16_383].into_iter().map(super::letters).collect();
        assert_eq!(named, ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]);
    }
}
