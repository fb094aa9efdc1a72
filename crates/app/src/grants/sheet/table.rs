//! A place's own spreadsheet of what it spent: which of its rows has the headings, and what stands below.

use kernel::Day;
use serde::{Deserialize, Serialize};
use spreadsheets::{Cell, Limits, Row, Sheet};

const LIMITS: Limits =
    Limits { bytes: 10_000_000, unpacked: 50_000_000, rows: 20_000, columns: 200, texts: 20_000_000, cells: 1_000_000 };
/// What goes along with the form while somebody matches columns, in bytes: what a form may hold, with room for the rest.
const CARRIED: usize = 900_000;

/// The part of a spreadsheet that matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Table {
    pub file: String,
    /// Empty where the file has none.
    pub sheet: String,
    /// Columns from 0, with what stands at their head.
    pub headings: Vec<(u32, String)>,
    pub rows: Vec<Row>,
    /// Cells that are merged below the headings.
    pub merged: Vec<String>,
}

/// What to look for where a file has several sheets, or something above its headings.
#[derive(Debug, Clone, Default)]
pub(super) struct Known<'a> {
    /// The sheet that somebody names.
    pub sheet: &'a str,
    /// The sheet and headings that were matched before.
    pub layout: Option<(&'a str, Vec<&'a str>)>,
}

impl Table {
    /// Reads a file. The sentence of an error is for whoever chose it.
    pub fn read(file: &str, bytes: &[u8], known: &Known<'_>) -> Result<Self, String> {
        let sheets = match file.to_lowercase().rsplit('.').next() {
            Some("xlsx") => spreadsheets::read_workbook(bytes, LIMITS, |_| true),
            Some("csv") => spreadsheets::read_csv(bytes, LIMITS).map(|sheet| vec![sheet]),
            _ => return Err("Choose a spreadsheet whose name ends in .xlsx or .csv".into()),
        };
        let sheets = sheets.map_err(|bad| bad.to_string())?;
        let sheet = choose(&sheets, known)?;
        let head = headings_at(sheet, known).ok_or_else(|| {
            let of = if sheet.name.is_empty() { "This file".to_string() } else { format!("The sheet ‘{}’", sheet.name) };
            format!("{of} has no row with headings and rows below it. Choose another, or name the sheet")
        })?;
        let text = |cell: &Cell| shown(&cell.to_string()).split_whitespace().collect::<Vec<_>>().join(" ");
        let headings: Vec<(u32, String)> = sheet.rows[head].cells.iter().map(|(column, cell)| (*column, text(cell))).collect();
        let mut rows = sheet.rows[head + 1..].to_vec();
        for row in &mut rows {
            for cell in row.cells.values_mut() {
                if let Cell::Text(text) = cell {
                    *text = shown(text);
                }
            }
            row.cells.retain(|column, _| headings.iter().any(|(at, _)| at == column));
        }
        rows.retain(|row| !row.cells.is_empty());
        let below = sheet.rows[head].number;
        let table = Self {
            file: shown(file).chars().take(100).collect(),
            sheet: shown(&sheet.name),
            headings,
            rows,
            merged: sheet.merged.iter().filter(|cells| row_of(cells).is_none_or(|row| row > below)).take(20).cloned().collect(),
        };
        if table.carried().len() > CARRIED {
            return Err("This sheet holds more than can be matched here. Take the rows of earlier years out of a copy, or columns that are not needed, and choose the copy".into());
        }
        Ok(table)
    }
    /// As it goes along with the form.
    pub fn carried(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
    /// From what came back with the form; nothing where it is not what was sent out.
    pub fn from_carried(text: &str) -> Option<Self> {
        let table: Self = (text.len() <= CARRIED).then(|| serde_json::from_str(text).ok())??;
        let texts = table.rows.iter().flat_map(|row| row.cells.values()).map(ToString::to_string);
        let mut texts = texts
            .chain(table.headings.iter().map(|(_, heading)| heading.clone()))
            .chain([table.file.clone(), table.sheet.clone()]);
        (!table.headings.is_empty() && !texts.any(|text| text.contains('\0'))).then_some(table)
    }
    pub fn heading(&self, column: u32) -> &str {
        self.headings.iter().find(|(at, _)| *at == column).map_or("", |(_, text)| text)
    }
    /// The column with this heading; nothing where several have it, or there is none to look for.
    pub fn column(&self, heading: &str) -> Option<u32> {
        let mut own = self.headings.iter().filter(|(_, text)| !heading.is_empty() && same(text, heading));
        let column = own.next().map(|(column, _)| *column);
        column.filter(|_| own.next().is_none())
    }
}

/// A text without signs that no page can show, of which databases refuse one.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Whether people mean the same by two names.
pub(super) fn same(a: &str, b: &str) -> bool {
    key(a) == key(b)
}

/// A name without what people write now so, now otherwise. One of signs alone stays as it is.
pub(super) fn key(name: &str) -> String {
    let folded = store::search::fold(name).join(" ");
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

fn row_of(cells: &str) -> Option<u32> {
    cells.split(':').next()?.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

fn choose<'s>(sheets: &'s [Sheet], known: &Known<'_>) -> Result<&'s Sheet, String> {
    let named = |name: &str| sheets.iter().find(|s| s.name.trim().eq_ignore_ascii_case(name.trim()));
    let names = || sheets.iter().map(|s| format!("‘{}’", s.name)).collect::<Vec<_>>().join(", ");
    if !known.sheet.trim().is_empty() {
        return named(known.sheet).ok_or_else(|| format!("There is no sheet of that name in this file. It has {}", names()));
    }
    let before = known.layout.as_ref().and_then(|(name, _)| named(name));
    let filled = || sheets.iter().find(|s| s.rows.len() > 1);
    before.or_else(filled).ok_or_else(|| "There is nothing in this file. Choose another".to_string())
}

/// The row of the headings that were matched before; otherwise the first of two texts or more with something below.
fn headings_at(sheet: &Sheet, known: &Known<'_>) -> Option<usize> {
    let has = |row: &Row, heading: &str| row.cells.values().any(|cell| same(&cell.to_string(), heading));
    // Nobody has more above the headings.
    let below = sheet.rows.len().checked_sub(1)?.min(200);
    let before = known
        .layout
        .as_ref()
        .and_then(|(_, headings)| sheet.rows[..below].iter().position(|row| headings.iter().all(|heading| has(row, heading))));
    let texts = |row: &Row| row.cells.values().filter(|cell| matches!(cell, Cell::Text(_))).count();
    before.or_else(|| sheet.rows[..below].iter().position(|row| texts(row) >= 2))
}

/// A day as a cell has it, or as people write it in a text.
pub(super) fn day_of(cell: &Cell) -> Result<Day, String> {
    match cell {
        Cell::Day(day) => Ok(*day),
        Cell::Text(text) => {
            let written = text.trim();
            written
                .parse::<Day>()
                .or_else(|_| Day::parse_as_written(written))
                .map_err(|_| format!("‘{}’ is no day", short(written)))
        }
        Cell::Failed(why) => Err(why.clone()),
        other => Err(format!("‘{}’ is no day", short(&other.to_string()))),
    }
}

/// Far above any award, and far from what can be counted, in pence.
const MOST: i64 = 10_000_000_000_000;

/// Pence, below nought where something was paid back. The second says that it was rounded to them.
pub(super) fn pence_of(cell: &Cell) -> Result<(i64, bool), String> {
    match cell {
        Cell::Number(pounds) => {
            let exact = pounds * 100.0;
            if exact.abs() > MOST as f64 {
                return Err(format!("{pounds} is too large to be an amount"));
            }
            #[expect(clippy::cast_possible_truncation, reason = "far from the ends of what it holds")]
            let pence = exact.round() as i64;
            Ok((pence, (exact - exact.round()).abs() > 1e-6))
        }
        Cell::Text(text) => match pence_written(text)? {
            pence if pence.abs() > MOST => Err(format!("‘{}’ is too large to be an amount", short(text.trim()))),
            pence => Ok((pence, false)),
        },
        Cell::Day(day) => Err(format!("{day} is a day, not an amount")),
        Cell::Bool(_) => Err("it says true or false, which is no amount".into()),
        Cell::Failed(why) => Err(why.clone()),
    }
}

/// An amount as people type it into a cell: `£1,200.50`, `-20`, `(20.00)`, `1200 GBP`.
fn pence_written(text: &str) -> Result<i64, String> {
    let written = text.trim();
    if written.chars().any(|c| matches!(c, '$' | '€'))
        || ["EUR", "USD"].iter().any(|other| written.to_uppercase().contains(other))
    {
        return Err(format!("‘{}’ is not in pounds", short(written)));
    }
    let bare = written.trim_start_matches("GBP").trim_end_matches("GBP").trim();
    let (bare, brackets) = match bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(within) => (within, true),
        None => (bare, false),
    };
    let unsigned = bare.trim_start_matches('£').trim_start_matches(['-', '−', '–']);
    let minus = brackets || unsigned.len() < bare.trim_start_matches('£').len();
    if !commas_part_thousands(unsigned) {
        return Err(format!("‘{}’ has a comma that does not part thousands; write pence after a point", short(written)));
    }
    let amount: kernel::Money = unsigned.parse().map_err(|_| format!("‘{}’ is no amount", short(written)))?;
    Ok(if minus { -amount.pence() } else { amount.pence() })
}

/// Spreadsheets of other countries write pence after a comma, which must not count a hundredfold.
fn commas_part_thousands(amount: &str) -> bool {
    let whole = amount.split('.').next().unwrap_or_default();
    let digits = |group: &str| group.bytes().filter(u8::is_ascii_digit).count();
    whole.split(',').skip(1).all(|group| digits(group) == 3) && !amount.split('.').skip(1).any(|pence| pence.contains(','))
}

fn short(text: &str) -> String {
    if text.chars().count() > 40 { format!("{}…", text.chars().take(40).collect::<String>()) } else { text.to_string() }
}
