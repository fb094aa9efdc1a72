//! `commonweal measure`: statistics of a table, without a database.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use measures::{Level, Ratings, Refusal, alpha};

use crate::say;

#[derive(Subcommand)]
pub enum MeasureAction {
    /// How far coders agree: Krippendorff's alpha, as one JSON object
    Alpha(AlphaArgs),
}

#[derive(Args)]
pub struct AlphaArgs {
    /// What differences between ratings mean: nominal, ordinal, interval or ratio
    #[arg(long)]
    level: Level,
    /// A CSV file with coders as rows and units as columns, and an empty cell where a rating is missing
    ratings: PathBuf,
    /// The first row names the units
    #[arg(long)]
    header: bool,
    /// The first column names the coders
    #[arg(long)]
    names: bool,
    /// Print JSON, as is done anyway
    #[arg(long)]
    json: bool,
}

pub fn run(action: &MeasureAction) -> Result<(), String> {
    let MeasureAction::Alpha(args) = action;
    let table = Table::read(&args.ratings, args.header, args.names)?;
    let ratings = table.ratings(args.level)?;
    let alpha = alpha(&ratings, args.level).map_err(|refusal| table.refused(refusal))?;
    say(serde_json::json!(alpha));
    Ok(())
}

/// The cells of a file, and where in it they stand.
struct Table<'a> {
    file: &'a Path,
    rows: Vec<(u64, Vec<String>)>,
    /// Columns before the first rating.
    names: usize,
    header: bool,
}

impl<'a> Table<'a> {
    fn read(file: &'a Path, header: bool, names: bool) -> Result<Self, String> {
        let shown = file.display();
        let bytes = std::fs::read(file).map_err(|e| format!("{shown}: cannot be read: {e}"))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            let row = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            format!("{shown}:{row}: This is not text in UTF-8; save the table as “CSV UTF-8”")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| format!("{shown}: {e}"))?;
            let row = record.position().map_or(1, csv::Position::line);
            rows.push((row, record.iter().skip(usize::from(names)).map(String::from).collect()));
        }
        if header && !rows.is_empty() {
            rows.remove(0);
        }
        Ok(Self { file, rows, names: usize::from(names), header })
    }

    /// `file:row:column: message`, the place as the file has it.
    fn at(&self, row: usize, column: usize, message: &str) -> String {
        let line = self.rows.get(row).map_or(1, |(line, _)| *line);
        format!("{}:{line}:{}: {message}", self.file.display(), column + 1 + self.names)
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        let row = |(r, (_, cells)): (usize, &'_ (u64, Vec<String>))| (r, cells.len());
        self.rows.iter().enumerate().map(row).flat_map(move |(r, n)| (0..n).map(move |c| (r, c, self.rows[r].1[c].as_str())))
    }

    /// The ratings, or every cell and row that stands in the way, on standard error.
    fn ratings(&self, level: Level) -> Result<Ratings, String> {
        let width = self.rows.first().map_or(0, |(_, cells)| cells.len());
        let mut problems = Vec::new();
        for (r, (_, cells)) in self.rows.iter().enumerate().filter(|(_, (_, cells))| cells.len() != width) {
            let message = format!(
                "This row has {} ratings and the first has {width}; leave an empty cell for each missing one",
                cells.len()
            );
            problems.push((r, cells.len().min(width), message));
        }
        let codes = Codes::of(self, level);
        let mut values = vec![vec![None; width]; self.rows.len()];
        for (r, c, cell) in self.cells().filter(|(_, c, cell)| *c < width && !cell.is_empty()) {
            values[r][c] = codes.value(cell);
            if values[r][c].is_none() {
                problems.push((r, c, format!("‘{cell}’ is not a number{}", self.hint(r, c))));
            }
        }
        problems.sort();
        for (row, column, message) in &problems {
            eprintln!("{}", self.at(*row, *column, message));
        }
        match problems.len() {
            0 => Ratings::new(values).map_err(|refusal| self.refused(refusal)),
            1 => Err(format!("1 place in {} needs mending", self.file.display())),
            n => Err(format!("{n} places in {} need mending", self.file.display())),
        }
    }

    fn hint(&self, row: usize, column: usize) -> &'static str {
        match (row, column) {
            (0, _) if !self.header => "; leave a missing rating empty, and if the first row names the units, add --header",
            (_, 0) if self.names == 0 => "; leave a missing rating empty, and if the first column names the coders, add --names",
            _ => "; leave a missing rating empty",
        }
    }

    fn refused(&self, refusal: Refusal) -> String {
        match refusal {
            Refusal::BelowNought { coder, unit } => self.at(coder - 1, unit - 1, &refusal.to_string()),
            Refusal::Empty => format!("{}: There is no rating in this file", self.file.display()),
            _ => format!("{}: {refusal}", self.file.display()),
        }
    }
}

/// What a cell's text stands for. Nominal ratings may be words, each a category of its own.
struct Codes<'a>(Option<Vec<&'a str>>);

impl<'a> Codes<'a> {
    fn of(table: &'a Table<'_>, level: Level) -> Self {
        let used: BTreeSet<&str> = table.cells().map(|(_, _, cell)| cell).filter(|cell| !cell.is_empty()).collect();
        let words = level == Level::Nominal && used.iter().any(|cell| number(cell).is_none());
        Self(words.then(|| used.into_iter().collect()))
    }

    fn value(&self, cell: &str) -> Option<f64> {
        match &self.0 {
            None => number(cell),
            Some(words) => words.binary_search(&cell).ok().and_then(|i| u32::try_from(i).ok()).map(f64::from),
        }
    }
}

/// A number as people write one; no infinity, nor anything that could not be reckoned with.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|n: &f64| n.abs() <= 1e100)
}
