//! Rows made into grants, by what the headings of their columns mean.

use std::borrow::Cow;

use super::heading::{KEPT, Step, Way};
use crate::Note;
use crate::number;
use crate::schema::{Kind, Shape};
use crate::value::{At, Node, Value};

/// What a cell holds.
#[derive(Debug, Clone)]
pub(crate) enum Cell<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    /// A day of a spreadsheet, in the standard's words.
    Moment(String),
    /// What shows instead of a value, and why there is none.
    Bad(String, &'static str),
}

/// A cell of a row, by its column.
pub(crate) type Row<'a> = Vec<(usize, Cell<'a>)>;

/// The columns of a sheet as a tree. What belongs to one part of it stands together in `order`.
#[derive(Debug)]
pub(crate) struct Plan {
    root: Part,
    /// The place of each column in the order in which parts are filled.
    order: Vec<Option<usize>>,
    pub id: Option<usize>,
    kept: Vec<usize>,
    shape: &'static Shape,
}

#[derive(Debug)]
struct Part {
    step: Step,
    kind: Option<Kind>,
    columns: Vec<usize>,
    parts: Vec<Part>,
    /// The first place in the order that is not its own, and the first that is not within it.
    own_end: usize,
    end: usize,
}

impl Part {
    fn new(step: Step) -> Self {
        Self { step, kind: None, columns: Vec::new(), parts: Vec::new(), own_end: 0, end: 0 }
    }

    fn add(&mut self, steps: &[Step], kind: Option<Kind>, column: usize) {
        let Some((step, rest)) = steps.split_first() else {
            self.columns.push(column);
            self.kind = kind;
            return;
        };
        let at = self.parts.iter().position(|part| part.step == *step).unwrap_or_else(|| {
            self.parts.push(Part::new(step.clone()));
            self.parts.len() - 1
        });
        if let Some(part) = self.parts.get_mut(at) {
            part.add(rest, kind, column);
        }
    }

    /// Gives each column its place, items of a list by their numbers.
    fn arrange(&mut self, from: usize, order: &mut [Option<usize>]) -> usize {
        let mut at = from;
        for column in &self.columns {
            if let Some(place) = order.get_mut(*column) {
                *place = Some(at);
            }
            at += 1;
        }
        self.own_end = at;
        self.parts.sort_by_key(|part| if let Step::Item(item) = part.step { item } else { None });
        for part in &mut self.parts {
            at = part.arrange(at, order);
        }
        self.end = at;
        at
    }
}

impl Plan {
    /// Columns without a heading get no place.
    pub fn of(ways: &[Option<Way>], shape: &'static Shape) -> Self {
        let mut root = Part::new(Step::Item(None));
        let (mut id, mut kept) = (None, Vec::new());
        for (column, way) in ways.iter().enumerate() {
            let Some(way) = way else { continue };
            if super::kept::is_kept(way) {
                kept.push(column);
                continue;
            }
            if id.is_none() && way.steps == [Step::Name("id".into())] {
                id = Some(column);
            }
            root.add(&way.steps, way.kind, column);
        }
        let mut order = vec![None; ways.len()];
        root.arrange(0, &mut order);
        Self { root, order, id, kept, shape }
    }

    /// The grant that a row says something of; nothing where it is empty.
    pub fn build<'a>(&'a self, row: Row<'a>, sheet: usize, number: u32, notes: &mut Vec<Note>) -> Option<Node<'a>> {
        let (mut cells, mut kept) = (Vec::with_capacity(row.len()), String::new());
        for (column, cell) in row {
            match self.order.get(column) {
                Some(Some(place)) => cells.push(Filled { place: *place, at: At::cell(sheet, number, column), cell }),
                _ if self.kept.contains(&column) => {
                    if let Cell::Text(text) = cell {
                        kept.push_str(&text);
                    }
                }
                _ => {
                    let what = "there is no heading above this cell, so it was not taken".to_owned();
                    notes.push(Note {
                        at: At::cell(sheet, number, column),
                        what,
                        fix: "give its column a heading".to_owned(),
                        mild: true,
                    });
                }
            }
        }
        cells.sort_unstable_by_key(|filled| filled.place);
        let mut build = Build { cells: cells.into_iter().peekable(), notes };
        let mut node = build.part(&self.root);
        if let Some(column) = self.kept.first().filter(|_| !kept.is_empty()) {
            let at = At::cell(sheet, number, *column);
            let node = node.get_or_insert_with(|| Node::new(at, Value::Object(Vec::new())));
            if !super::kept::put_back(node, &kept, at, self.shape) {
                let what = "this column holds what cells cannot say, as JSON, and it cannot be read any more".to_owned();
                let fix = format!("empty the cell, or take the column ‘{KEPT}’ from the file as it was");
                notes.push(Note { at, what, fix, mild: false });
            }
        }
        node
    }
}

struct Filled<'a> {
    place: usize,
    at: At,
    cell: Cell<'a>,
}

struct Build<'a, 'n> {
    cells: std::iter::Peekable<std::vec::IntoIter<Filled<'a>>>,
    notes: &'n mut Vec<Note>,
}

impl<'a> Build<'a, '_> {
    fn note(&mut self, at: At, what: String, fix: &str) {
        self.notes.push(Note { at, what, fix: fix.to_owned(), mild: false });
    }

    fn part(&mut self, part: &'a Part) -> Option<Node<'a>> {
        let mut leaf: Option<Node<'a>> = None;
        while let Some(filled) = self.cells.next_if(|filled| filled.place < part.own_end) {
            if let Cell::Bad(shown, why) = &filled.cell {
                self.note(filled.at, format!("the cell shows {shown}: {why}"), "type what it should say");
            }
            let node = Node::new(filled.at, value(filled.cell, part.kind, filled.at));
            match &leaf {
                None => leaf = Some(node),
                Some(first) if first.same(&node) => {}
                Some(_) => self.note(
                    node.at,
                    "another column of the same heading says something else".to_owned(),
                    "keep one of the two columns",
                ),
            }
        }
        let (mut fields, mut items) = (Vec::new(), Vec::new());
        let mut parts = part.parts.iter();
        let mut inner = parts.next();
        while let Some(filled) = self.cells.peek().filter(|filled| filled.place < part.end) {
            let place = filled.place;
            while inner.is_some_and(|inner| inner.end <= place) {
                inner = parts.next();
            }
            let Some(own) = inner else { break };
            let Some(node) = self.part(own) else { break };
            match &own.step {
                Step::Name(name) => fields.push((Cow::Borrowed(name.as_ref()), node)),
                Step::Item(_) => items.push(node),
            }
        }
        let at = fields.first().map(|(_, node)| node.at);
        let object = at.map(|at| Node::new(at, Value::Object(fields)));
        let list = items.first().map(|node| node.at).map(|at| Node::new(at, Value::List(items)));
        let mut found = [list, object, leaf].into_iter().flatten();
        let first = found.next();
        for other in found {
            let what = "this column and another take the same field for two different things".to_owned();
            self.note(other.at, what, "empty one of the two cells");
        }
        first
    }
}

/// What a cell says, as what the field holds. A text that is no number stays a text, and is found by the check.
pub(crate) fn value<'a>(cell: Cell<'a>, kind: Option<Kind>, at: At) -> Value<'a> {
    let text = match (cell, kind) {
        (Cell::Number(n), None | Some(Kind::Number { .. })) if n.is_finite() => return Value::Number(number::of_cell(n).into()),
        (Cell::Bool(yes), None) => return Value::Bool(yes),
        (Cell::Number(n), _) => number::of_cell(n).into(),
        (Cell::Bool(yes), _) => if yes { "TRUE" } else { "FALSE" }.into(),
        (Cell::Moment(text) | Cell::Bad(text, _), _) => text.into(),
        (Cell::Text(text), _) => text,
    };
    match kind {
        Some(Kind::Number { .. }) => number::tidy(&text).map_or(Value::Text(text), |number| Value::Number(number.into())),
        Some(Kind::Texts(_)) => {
            let parts = text.split(';').map(|part| Value::Text(Cow::Owned(part.trim().to_owned())));
            Value::List(parts.map(|part| Node::new(at, part)).collect())
        }
        _ => Value::Text(text),
    }
}

/// Whether a sheet holds grants: something of the standard stands in its headings.
pub(crate) fn holds_grants(ways: &[Option<Way>]) -> bool {
    ways.iter().flatten().any(|way| way.known || super::kept::is_kept(way))
}

/// Whether a sheet lists things of one kind, row by row, beside the identifiers of their grants.
pub(crate) fn is_listing(ways: &[Option<Way>]) -> bool {
    let mut names: Vec<&str> = ways.iter().flatten().map(Way::first).filter(|name| *name != "id").collect();
    names.sort_unstable();
    names.dedup();
    names.len() == 1
}
