//! The columns that grants need in a table, and what stands in them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::heading::{Step, heading, is_plain};
use super::kept::{cut, read_back, shown};
use crate::schema::{GRANT, Kind, Shape};
use crate::value::{Node, Value};
use crate::{Format, Grant, Sink, Stop, json, number};

/// A table that people open has no more, and a list in a row no more items; what does not fit is kept as JSON.
const COLUMNS: usize = 2_000;
const ITEMS: usize = 100;

/// What is known of the table before its first row is written.
pub(crate) struct Columns {
    shape: &'static Shape,
    format: Format,
    parts: Vec<Part>,
    count: usize,
    /// The longest text kept beside the cells.
    pub kept: usize,
    /// What stands beside the grants.
    pub about: Vec<(String, Node<'static>)>,
    pub grants: u64,
    ids: HashSet<u64>,
    hashes: RandomState,
    /// Grants whose identifier another has already.
    pub shared: u64,
}

struct Part {
    step: Step,
    /// Where it stands among the fields of the standard, if it is one.
    known: Option<usize>,
    kind: Option<Kind>,
    inside: Option<&'static Shape>,
    parts: Vec<usize>,
    column: Option<usize>,
}

/// One row: what stands in which column, and what is kept beside.
#[derive(Default)]
pub(crate) struct Line<'n> {
    pub cells: Vec<(usize, Cow<'n, str>, &'n Value<'n>, Option<Kind>)>,
    pub kept: String,
}

impl Columns {
    pub fn new(shape: &'static Shape, format: Format) -> Self {
        let root = Part { step: Step::Item(None), known: None, kind: None, inside: Some(shape), parts: Vec::new(), column: None };
        let (ids, hashes) = (HashSet::new(), RandomState::new());
        Self { shape, format, parts: vec![root], count: 0, kept: 0, about: Vec::new(), grants: 0, ids, hashes, shared: 0 }
    }

    /// The headings in the order in which they are written, each with its column.
    pub fn headings(&self) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        self.collect(0, &mut Vec::new(), &mut out);
        out
    }

    fn collect(&self, at: usize, steps: &mut Vec<Step>, out: &mut Vec<(usize, String)>) {
        let Some(part) = self.parts.get(at) else { return };
        out.extend(part.column.map(|column| (column, heading(steps, self.shape))));
        let mut inner: Vec<usize> = part.parts.clone();
        inner.sort_by_key(|at| match self.parts.get(*at) {
            Some(Part { step: Step::Item(item), .. }) => (usize::from(item.unwrap_or(0)), *at),
            Some(Part { known, .. }) => (known.unwrap_or(usize::MAX), *at),
            None => (usize::MAX, *at),
        });
        for at in inner {
            if let Some(part) = self.parts.get(at) {
                steps.push(part.step.clone());
                self.collect(at, steps, out);
                steps.pop();
            }
        }
    }

    /// What stands in the row of this grant, or in that of the fields beside the grants.
    pub fn line<'n>(&mut self, root: &'n Node<'n>) -> Result<Line<'n>, Stop> {
        let Value::Object(fields) = &root.value else {
            return Err(Stop::Unwritable("one of the grants is no object, so it has no fields for a table".to_owned()));
        };
        let mut line = Line::default();
        let mut kept = Vec::new();
        for (name, node) in fields {
            let (cells, before) = (line.cells.len(), kept.len());
            let mut pointer = String::new();
            let fits = self.field(0, name, node, &mut pointer, &mut line.cells, &mut kept);
            if !fits {
                line.cells.truncate(cells);
                kept.truncate(before);
                kept.push((pointer_of("", name), node));
            }
        }
        if !kept.is_empty() || line.cells.is_empty() {
            let fields = kept.into_iter().map(|(pointer, node)| (Cow::Owned(pointer), node.clone())).collect();
            line.kept = json::text(&Node::new(root.at, Value::Object(fields)));
        }
        Ok(line)
    }

    fn part(&mut self, within: usize, step: Step) -> usize {
        let Some(parent) = self.parts.get(within) else { return 0 };
        let own = parent.parts.iter().copied().find(|at| self.parts.get(*at).is_some_and(|part| part.step == step));
        if let Some(own) = own {
            return own;
        }
        let (known, kind, inside) = match &step {
            Step::Name(name) => {
                let fields = parent.inside.map(|shape| shape.fields).unwrap_or_default();
                let known = fields.iter().position(|field| field.name == name);
                let kind = known.and_then(|at| fields.get(at)).map(|field| field.kind);
                (known, kind, match kind {
                    Some(Kind::Object(shape) | Kind::List(shape)) => Some(shape),
                    _ => None,
                })
            }
            Step::Item(_) => match parent.kind {
                Some(Kind::Text(_) | Kind::Number { .. }) => (None, None, None),
                kind => (None, kind, parent.inside),
            },
        };
        let at = self.parts.len();
        self.parts.push(Part { step, known, kind, inside, parts: Vec::new(), column: None });
        if let Some(parent) = self.parts.get_mut(within) {
            parent.parts.push(at);
        }
        at
    }

    /// Whether all of the field found its columns.
    fn field<'n>(
        &mut self, within: usize, name: &'n str, node: &'n Node<'n>, pointer: &mut String,
        cells: &mut Vec<(usize, Cow<'n, str>, &'n Value<'n>, Option<Kind>)>, kept: &mut Vec<(String, &'n Node<'n>)>,
    ) -> bool {
        let inside = self.parts.get(within).and_then(|part| part.inside);
        let known = inside.and_then(|shape| shape.field(name));
        if known.is_none() && !is_plain(name, inside) {
            kept.push((pointer_of(pointer, name), node));
            return true;
        }
        let step = Step::Name(known.map_or_else(|| Cow::Owned(name.to_owned()), |field| Cow::Borrowed(field.name)));
        let part = self.part(within, step);
        let length = pointer.len();
        *pointer = pointer_of(pointer, name);
        let fits = self.node(part, node, pointer, cells, kept);
        pointer.truncate(length);
        fits
    }

    fn node<'n>(
        &mut self, part: usize, node: &'n Node<'n>, pointer: &mut String,
        cells: &mut Vec<(usize, Cow<'n, str>, &'n Value<'n>, Option<Kind>)>, kept: &mut Vec<(String, &'n Node<'n>)>,
    ) -> bool {
        let Some(Part { kind, inside, .. }) = self.parts.get(part) else { return false };
        let (kind, inside) = (*kind, *inside);
        match &node.value {
            Value::Object(fields) if !fields.is_empty() && !self.is_list(part, kind) => {
                fields.iter().all(|(name, inner)| self.field(part, name, inner, pointer, cells, kept))
            }
            Value::List(items) if !matches!(kind, Some(Kind::Texts(_))) => {
                let inner_kind = if matches!(kind, Some(Kind::Text(_) | Kind::Number { .. })) { None } else { kind };
                if items.is_empty() || items.len() > ITEMS || !items.iter().all(|item| has_cell(item, inner_kind, inside)) {
                    kept.push((pointer.clone(), node));
                    return true;
                }
                items.iter().zip(0_u16..).all(|(item, at)| {
                    let own = self.part(part, Step::Item(Some(at)));
                    let length = pointer.len();
                    *pointer = pointer_of(pointer, &at.to_string());
                    let fits = self.node(own, item, pointer, cells, kept);
                    pointer.truncate(length);
                    fits
                })
            }
            value => {
                let Some(text) = shown(node, kind) else {
                    kept.push((pointer.clone(), node));
                    return true;
                };
                let Some(column) = self.column(part) else { return false };
                if !self.is_exact(node, &text, kind) {
                    kept.push((pointer.clone(), node));
                }
                cells.push((column, text, value, kind));
                true
            }
        }
    }

    /// Whether the standard has a list here, of which one object is something else.
    fn is_list(&self, part: usize, kind: Option<Kind>) -> bool {
        matches!(kind, Some(Kind::List(_) | Kind::Texts(_))) && self.parts.get(part).is_some_and(|part| matches!(part.step, Step::Name(_)))
    }

    fn column(&mut self, part: usize) -> Option<usize> {
        let part = self.parts.get_mut(part)?;
        if part.column.is_none() && self.count < COLUMNS {
            part.column = Some(self.count);
            self.count += 1;
        }
        part.column
    }

    /// Whether the cell will be read as the very same value.
    fn is_exact(&self, node: &Node<'_>, text: &str, kind: Option<Kind>) -> bool {
        let workbook = self.format == Format::Xlsx;
        match (&node.value, kind) {
            (Value::Text(own), _) if workbook && (own.len() > super::kept::CELL && cut(own) != own || own.contains('\r')) => false,
            (Value::Text(_), None | Some(Kind::Text(_))) => true,
            (Value::Number(_), Some(Kind::Number { .. })) => true,
            (Value::Number(own), None) if workbook => number::to_cell(own).is_some(),
            (Value::Bool(_), None) if workbook => true,
            _ => read_back(text, kind).same(node),
        }
    }
}

fn pointer_of(pointer: &str, name: &str) -> String {
    let name = if name.contains(['~', '/']) { Cow::Owned(name.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(name) };
    format!("{pointer}/{name}")
}

/// Whether anything of it stands in a cell.
fn has_cell(node: &Node<'_>, kind: Option<Kind>, inside: Option<&'static Shape>) -> bool {
    match &node.value {
        Value::Object(fields) => fields.iter().any(|(name, node)| {
            let field = inside.and_then(|shape| shape.field(name));
            let kind = field.map(|field| field.kind);
            let (listed, inner) = match kind {
                Some(Kind::List(shape)) => (true, Some(shape)),
                Some(Kind::Texts(_)) => (true, None),
                Some(Kind::Object(shape)) => (false, Some(shape)),
                _ => (false, None),
            };
            let fits = field.is_some() || is_plain(name, inside);
            fits && !(listed && node.is_object()) && has_cell(node, kind, inner)
        }),
        Value::List(_) if matches!(kind, Some(Kind::Texts(_))) => shown(node, kind).is_some(),
        Value::List(items) => {
            let kind = if matches!(kind, Some(Kind::Text(_) | Kind::Number { .. })) { None } else { kind };
            !items.is_empty() && items.len() <= ITEMS && items.iter().all(|item| has_cell(item, kind, inside))
        }
        _ => shown(node, kind).is_some(),
    }
}

impl Sink for Columns {
    fn field(&mut self, name: &str, node: &Node<'_>, _line: u64) -> Result<(), Stop> {
        self.about.push((name.to_owned(), node.clone().into_owned()));
        Ok(())
    }
    fn grants_begin(&mut self) -> Result<(), Stop> {
        Ok(())
    }
    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        let kept = self.line(grant.root)?.kept.len();
        self.kept = self.kept.max(kept);
        self.grants += 1;
        if let Some(id) = grant.id() {
            self.shared += u64::from(!self.ids.insert(self.hashes.hash_one(id)));
        }
        Ok(())
    }
}

/// A table of the fields that stand beside the grants.
pub(crate) fn grants(format: Format) -> Columns {
    Columns::new(&GRANT, format)
}
