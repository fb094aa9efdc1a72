//! The sheets of a table: their headings, and where a cell is.

use std::borrow::Cow;

use super::build::{Plan, Row, holds_grants, is_listing};
use super::heading::Way;
use super::{Want, id_text};
use crate::place::{Place, letters};
use crate::schema::{GRANT, PACKAGE};
use crate::value::{At, Node, Value};
use crate::{Sink, Stop};

#[derive(Debug, Default)]
pub(crate) struct Sheets(Vec<Sheet>);

#[derive(Debug)]
pub(crate) struct Sheet {
    pub at: usize,
    name: Option<String>,
    /// The row of the headings; nought where there is none.
    pub head: u32,
    headings: Vec<String>,
    ways: Vec<Option<Way>>,
    pub plan: Plan,
    pub listing: bool,
    /// Whether it holds grants.
    pub taken: bool,
    /// What a sheet about the file says, by its rows.
    about: Option<Vec<(u32, String, String)>>,
}

impl Sheet {
    pub fn id_of<'r>(&self, row: &'r Row<'_>) -> Option<Cow<'r, str>> {
        let id = self.plan.id?;
        row.iter().find(|(column, _)| *column == id).and_then(|(_, cell)| id_text(cell)).filter(|id| !id.trim().is_empty())
    }
    pub fn id_in(&self, number: u32, row: &Row<'_>) -> Option<String> {
        if number > self.head { self.id_of(row).map(Cow::into_owned) } else { None }
    }

    fn is_meta(&self) -> bool {
        self.name.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("meta"))
    }
}

fn text_of(cell: &super::Cell<'_>) -> String {
    id_text(cell).map_or_else(String::new, Cow::into_owned)
}

impl Sheets {
    pub fn add(&mut self, at: usize, name: Option<String>) {
        let plan = Plan::of(&[], &GRANT);
        let mut sheet =
            Sheet { at, name, head: 0, headings: Vec::new(), ways: Vec::new(), plan, listing: false, taken: false, about: None };
        sheet.about = sheet.is_meta().then(Vec::new);
        self.0.push(sheet);
    }

    /// Takes a row for the headings, or for what it says about the file; nothing where it is one of the rows below.
    pub fn read_head(&mut self, at: usize, number: u32, row: &Row<'_>) -> Option<Want> {
        let sheet = self.0.get_mut(at)?;
        if let Some(about) = &mut sheet.about {
            let cell = |column: usize| row.iter().find(|(own, _)| *own == column).map(|(_, cell)| text_of(cell));
            about.extend(cell(0).zip(cell(1)).map(|(heading, value)| (number, heading, value)));
            return Some(if about.len() < 10_000 { Want::All } else { Want::Nothing });
        }
        if sheet.head > 0 {
            return None;
        }
        sheet.head = number;
        for (column, cell) in row {
            if sheet.headings.len() <= *column {
                sheet.headings.resize(column + 1, String::new());
            }
            if let Some(heading) = sheet.headings.get_mut(*column) {
                *heading = text_of(cell).trim().to_owned();
            }
        }
        let way = |heading: &String| (!heading.is_empty()).then(|| Way::of(heading, &GRANT));
        sheet.ways = sheet.headings.iter().map(way).collect();
        sheet.plan = Plan::of(&sheet.ways, &GRANT);
        sheet.listing = is_listing(&sheet.ways);
        sheet.taken = holds_grants(&sheet.ways) && !sheet.name.as_ref().is_some_and(|name| name.starts_with('#'));
        Some(self.want_of_ids(at))
    }

    pub fn want_of_ids(&self, at: usize) -> Want {
        match self.0.get(at) {
            Some(Sheet { taken: true, plan: Plan { id: Some(id), .. }, .. }) => Want::Only(*id),
            _ => Want::Nothing,
        }
    }

    pub fn tell(&self, sink: &mut dyn Sink) {
        let any = self.taken().next().is_some();
        for sheet in self.0.iter().filter(|sheet| any && !sheet.taken && sheet.about.is_none()) {
            let place = Place { sheet: sheet.name.clone(), ..Place::default() };
            let why = if sheet.head == 0 {
                "this sheet is empty"
            } else {
                "this sheet was passed over: none of its headings is one of the standard"
            };
            sink.remark(place, why);
        }
    }

    pub fn all(&self) -> &[Sheet] {
        &self.0
    }
    pub fn taken(&self) -> impl Iterator<Item = &Sheet> {
        self.0.iter().filter(|sheet| sheet.taken)
    }

    pub fn why_none(&self) -> String {
        let Some(sheet) = self.0.iter().find(|sheet| sheet.head > 0) else { return "it is empty".to_owned() };
        let heads: Vec<&str> = sheet.headings.iter().map(String::as_str).filter(|heading| !heading.is_empty()).collect();
        let first = heads.first().copied().unwrap_or("");
        if heads.len() == 1 && first.contains([';', '\t']) {
            return "its columns stand between semicolons or tabs; save it with commas between them".to_owned();
        }
        let shown: String = heads.join(", ").chars().take(200).collect();
        let row = sheet.head;
        format!(
            "row {row} should hold the headings, such as Identifier and Amount Awarded, with nothing above it; it says: {shown}"
        )
    }

    /// What the file says about itself.
    pub fn meta(&self, sink: &mut dyn Sink) -> Result<(), Stop> {
        for sheet in &self.0 {
            let Some(about) = sheet.about.as_ref().filter(|about| !about.is_empty()) else { continue };
            let ways: Vec<Option<Way>> = about.iter().map(|(_, heading, _)| Some(Way::of(heading, &PACKAGE))).collect();
            let plan = Plan::of(&ways, &PACKAGE);
            let row = about
                .iter()
                .enumerate()
                .map(|(at, (_, _, value))| (at, super::Cell::Text(Cow::Borrowed(value.as_str()))))
                .collect();
            let mut notes = Vec::new();
            if let Some(Node { value: Value::Object(fields), .. }) = plan.build(row, sheet.at, 1, &mut notes) {
                for (name, node) in &fields {
                    sink.field(name, node, 0)?;
                }
            }
            for note in notes {
                sink.wrong(self.place(note.at), &note.what, &note.fix);
            }
        }
        Ok(())
    }

    pub fn place(&self, at: At) -> Place {
        let (sheet, row, column) = at.parts();
        let Some(own) = self.0.get(sheet) else { return Place::default() };
        if let Some(about) = &own.about {
            let (row, heading) = about.get(column).map_or((None, None), |(row, heading, _)| (Some(*row), Some(heading.clone())));
            return Place { sheet: own.name.clone(), row, column: Some("B".to_owned()), heading, line: None };
        }
        Place {
            sheet: own.name.clone(),
            row: (row > 0).then_some(row),
            column: Some(letters(column)),
            heading: own.headings.get(column).filter(|heading| !heading.is_empty()).cloned(),
            line: None,
        }
    }

    /// The cell of this row in which a field would stand, or the row alone where there is no column for it.
    pub fn place_of_missing(&self, at: At, names: &[&str]) -> Place {
        let (sheet, row, _) = at.parts();
        let Some(own) = self.0.get(sheet) else { return Place::default() };
        let same = |way: &Option<Way>| way.as_ref().is_some_and(|way| way.names().eq(names.iter().copied()));
        match own.ways.iter().position(same) {
            Some(column) => self.place(At::cell(sheet, row, column)),
            None => Place { column: None, heading: None, ..self.place(at) },
        }
    }

    pub fn place_of_id(&self, sheet: usize, row: u32) -> Place {
        let column = self.0.get(sheet).and_then(|sheet| sheet.plan.id);
        let place = self.place(At::cell(sheet, row, column.unwrap_or(0)));
        if column.is_some() { place } else { Place { column: None, heading: None, ..place } }
    }

    pub fn place_of_cells(&self, sheet: usize, cells: &str) -> Place {
        let name = self.0.get(sheet).and_then(|sheet| sheet.name.clone());
        Place { sheet: name, column: Some(cells.to_owned()), ..Place::default() }
    }
}
