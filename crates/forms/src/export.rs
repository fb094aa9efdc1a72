//! Answers as flat tables for CSV and spreadsheets. The columns follow from the form alone, so that every export of
//! it has the same: one table of one row per set of answers, and one more for each group.

use std::collections::BTreeMap;
use std::fmt;

use kernel::{Day, Money};

use crate::answer::{Answers, Path, RowId};
use crate::form::{Form, Question};
use crate::kind::Kind;
use crate::look::{Look, Shown};
use crate::number::Number;
use crate::structure::inner;
use crate::text::Lang;
use crate::value::{AMOUNT, Value, budget_total};

/// One column: its name for machines and its heading for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub label: String,
}

/// One cell. Its text form is for CSV; whoever writes a file for spreadsheets guards texts that begin with = + - @.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(Number),
    Money(Money),
    Date(Day),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) if number.decimals().is_some() => f.write_str(&number.plain()),
            Self::Number(number) => write!(f, "{:.6}", number.approx()),
            Self::Money(money) => {
                let (minus, pence) = (if *money < Money::ZERO { "-" } else { "" }, money.pence().unsigned_abs());
                write!(f, "{minus}{}.{:02}", pence / 100, pence % 100)
            }
            Self::Date(day) => f.write_str(&day.iso()),
        }
    }
}

/// One table of an export.
#[derive(Debug, Clone)]
pub struct Sheet<'f> {
    /// Empty for the main table, else the key of the group whose rows it holds.
    pub group: &'f str,
    pub columns: Vec<Column>,
    questions: Vec<&'f Question>,
}

impl Form {
    /// The tables of an export, the main one first.
    #[must_use]
    pub fn sheets(&self, lang: Lang) -> Vec<Sheet<'_>> {
        let all = || self.sections.iter().flat_map(|s| &s.questions);
        let groups = all().filter(|q| matches!(q.kind, Kind::Group { .. }));
        let sheets = std::iter::once(("", all().collect())).chain(groups.map(|g| (g.key.as_str(), inner(g).iter().collect())));
        let made = sheets.map(|(group, questions): (&str, Vec<&Question>)| {
            let row = (!group.is_empty()).then(|| Column { name: "row".to_owned(), label: "Row".to_owned() });
            let columns = row.into_iter().chain(questions.iter().flat_map(|q| q.columns(lang))).collect();
            Sheet { group, columns, questions }
        });
        made.collect()
    }
}

impl Sheet<'_> {
    /// The rows for these answers, with what was worked out of them: one of the main table, one for each of a group's.
    /// Answers that are hidden are left empty.
    #[must_use]
    pub fn rows(&self, answers: &Answers, look: &Look) -> Vec<Vec<Cell>> {
        if self.group.is_empty() {
            return vec![self.row(None, answers, look)];
        }
        answers.rows(self.group).iter().map(|row| self.row(Some(row), answers, look)).collect()
    }

    fn row(&self, row: Option<&RowId>, answers: &Answers, look: &Look) -> Vec<Cell> {
        let mut cells: Vec<Cell> = row.map(|row| Cell::Text(row.to_string())).into_iter().collect();
        for question in &self.questions {
            let path = row.map_or_else(|| Path::of(&question.key), |row| Path::row_of(self.group, row, &question.key));
            let found = look.at(&path).filter(|q| q.shown == Shown::Shown);
            let value = found.and_then(|q| q.computed.as_ref().or_else(|| answers.get(&path)));
            cells.extend(question.cells(value));
        }
        cells
    }
}

impl Question {
    /// The columns that answers to it take.
    #[must_use]
    pub fn columns(&self, lang: Lang) -> Vec<Column> {
        let label = self.label.get(lang);
        let part = |(part, words): (&str, &str)| {
            if part.is_empty() {
                Column { name: self.key.clone(), label: label.to_owned() }
            } else {
                Column { name: format!("{}.{part}", self.key), label: format!("{label}: {words}") }
            }
        };
        self.parts(lang).iter().map(|(name, words)| part((name, words))).collect()
    }

    /// The cells of an answer, as many as there are columns.
    #[must_use]
    pub fn cells(&self, value: Option<&Value>) -> Vec<Cell> {
        let mut by_part: BTreeMap<String, Cell> = value.map(|v| cells_of(&self.kind, v)).unwrap_or_default();
        self.parts(Lang::En).into_iter().map(|(part, _)| by_part.remove(&part).unwrap_or(Cell::Empty)).collect()
    }

    /// The parts of an answer that have columns of their own, with words for people.
    fn parts(&self, lang: Lang) -> Vec<(String, String)> {
        let fixed = |parts: &[(&str, &str)]| parts.iter().map(|(p, w)| ((*p).to_owned(), (*w).to_owned())).collect::<Vec<_>>();
        let listed = |choices: &[crate::Choice]| -> Vec<(String, String)> {
            choices.iter().map(|c| (c.key.clone(), c.label.get(lang).to_owned())).collect()
        };
        match &self.kind {
            Kind::ChooseSeveral { options, .. } | Kind::Ranking { options, .. } => listed(options),
            Kind::Grid { rows, .. } => listed(rows),
            Kind::File { .. } => fixed(&[("", ""), ("hash", "hash")]),
            Kind::Organisation { .. } => fixed(&[("", ""), ("scheme", "register"), ("id", "number"), ("sector", "sector")]),
            Kind::Person => fixed(&[("", ""), ("role", "role")]),
            Kind::Area => fixed(&[("", ""), ("code", "code")]),
            Kind::Budget { columns, .. } => {
                let mut parts = fixed(&[("total", "total")]);
                parts.extend(listed(columns));
                parts.extend(fixed(&[("lines", "lines")]));
                parts
            }
            Kind::Group { .. } => fixed(&[("count", "number")]),
            _ => fixed(&[("", "")]),
        }
    }
}

/// An answer's cells by part.
fn cells_of(kind: &Kind, value: &Value) -> BTreeMap<String, Cell> {
    let text = |t: &str| if t.is_empty() { Cell::Empty } else { Cell::Text(t.to_owned()) };
    let count = |n: usize| Cell::Number(Number::count(n));
    let one = |cell| vec![(String::new(), cell)];
    let cells = match value {
        Value::Text(t) | Value::Choice(t) => one(text(t)),
        Value::Number(n) => one(Cell::Number(*n)),
        Value::Money(m) => one(Cell::Money(*m)),
        Value::Date(day) => one(Cell::Date(*day)),
        Value::Month(month) => one(Cell::Text(month.iso())),
        Value::YesNo(yes) => one(Cell::Text(if *yes { "yes" } else { "no" }.to_owned())),
        Value::Point(point) => one(Cell::Number(Number::whole(*point))),
        Value::Choices(keys) => match kind {
            Kind::ChooseSeveral { options, .. } => {
                options.iter().map(|o| (o.key.clone(), count(usize::from(keys.contains(&o.key))))).collect()
            }
            _ => Vec::new(),
        },
        Value::Grid(rows) => rows.iter().map(|(row, point)| (row.clone(), Cell::Number(Number::whole(*point)))).collect(),
        Value::Ranking(keys) => keys.iter().enumerate().map(|(i, key)| (key.clone(), count(i + 1))).collect(),
        Value::File(file) => vec![(String::new(), text(&file.name)), ("hash".to_owned(), text(&file.hash))],
        Value::Organisation(org) => {
            let mut cells = one(text(&org.name));
            for (part, given) in [("scheme", &org.scheme), ("id", &org.id), ("sector", &org.sector)] {
                cells.push((part.to_owned(), text(given.as_deref().unwrap_or_default())));
            }
            cells
        }
        Value::Person(person) => vec![(String::new(), text(&person.name)), ("role".to_owned(), text(&person.role))],
        Value::Area(area) => {
            vec![(String::new(), text(&area.name)), ("code".to_owned(), text(area.code.as_deref().unwrap_or_default()))]
        }
        Value::Budget(lines) => {
            let total = |column: Option<&str>| budget_total(lines, column).map_or(Cell::Empty, Cell::Money);
            let mut cells = vec![("total".to_owned(), total(None)), ("lines".to_owned(), text(&kind.plain(value, Lang::En)))];
            if let Kind::Budget { columns, .. } = kind {
                let columns = columns.iter().map(|c| c.key.as_str()).filter(|c| *c != AMOUNT);
                cells.extend(columns.map(|c| (c.to_owned(), total(Some(c)))));
            }
            cells
        }
        Value::Rows(rows) => vec![("count".to_owned(), count(rows.len()))],
    };
    cells.into_iter().collect()
}
