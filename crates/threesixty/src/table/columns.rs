//! The columns that grants need in a table, and what stands in them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::heading::{Step, heading, is_plain};
use super::kept::{cut, read_back, shown};
use crate::schema::{Kind, Shape};
use crate::value::{Node, Value};
use crate::{Format, Grant, Stop, json, number};

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
    /// Which of them is likely to be met next.
    next: usize,
    column: Option<usize>,
}

/// One row: what stands in which column, and what is kept beside.
pub(crate) struct Line<'n> {
    pub cells: Vec<(usize, Cow<'n, str>, &'n Value<'n>, Option<Kind>)>,
    pub kept: String,
}

impl Columns {
    pub fn new(shape: &'static Shape, format: Format) -> Self {
        let root = Part {
            step: Step::Item(None),
            known: None,
            kind: None,
            inside: Some(shape),
            parts: Vec::new(),
            next: 0,
            column: None,
        };
        let (ids, hashes) = (HashSet::new(), RandomState::new());
        Self { shape, format, parts: vec![root], count: 0, kept: 0, grants: 0, ids, hashes, shared: 0 }
    }

    pub fn count(&self) -> usize {
        self.count
    }
    pub fn format(&self) -> Format {
        self.format
    }
    pub fn forget(&mut self) {
        *self = Self::new(self.shape, self.format);
    }

    /// What stands in the row of this grant, which is counted.
    pub fn take<'n>(&mut self, grant: &Grant<'n>) -> Result<Line<'n>, Stop> {
        let line = self.line(grant.root)?;
        self.kept = self.kept.max(line.kept.len());
        self.grants += 1;
        if let Some(id) = grant.id() {
            self.shared += u64::from(!self.ids.insert(self.hashes.hash_one(id)));
        }
        Ok(line)
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
        let mut filling = Filling { cells: Vec::with_capacity(32), kept: Vec::new(), way: Vec::with_capacity(8) };
        for (name, node) in fields {
            let (cells, kept) = (filling.cells.len(), filling.kept.len());
            if !self.field(0, name, node, &mut filling) {
                filling.cells.truncate(cells);
                filling.kept.truncate(kept);
                filling.way = vec![Way::Name(name)];
                filling.keep(node);
                filling.way.clear();
            }
        }
        let Filling { cells, kept, .. } = filling;
        let mut line = Line { cells, kept: String::new() };
        if !kept.is_empty() || line.cells.is_empty() {
            let fields = kept.into_iter().map(|(pointer, node)| (Cow::Owned(pointer), node.clone())).collect();
            line.kept = json::text(&Node::new(root.at, Value::Object(fields)));
        }
        Ok(line)
    }

    /// The part of this name or number, if it has been met. Grants are much like each other, so it is mostly the next.
    fn find(&mut self, within: usize, is: impl Fn(&Step) -> bool) -> Option<usize> {
        let parent = self.parts.get(within)?;
        let step = |at: usize| parent.parts.get(at).and_then(|own| self.parts.get(*own)).is_some_and(|part| is(&part.step));
        let nth = if step(parent.next) { parent.next } else { (0..parent.parts.len()).find(|at| step(*at))? };
        let parent = self.parts.get_mut(within)?;
        parent.next = nth + 1;
        parent.parts.get(nth).copied()
    }

    fn name(&mut self, within: usize, name: &str) -> Option<usize> {
        if let Some(own) = self.find(within, |step| matches!(step, Step::Name(own) if own == name)) {
            return Some(own);
        }
        let inside = self.parts.get(within)?.inside;
        let known = inside.and_then(|shape| shape.fields.iter().position(|field| field.name == name));
        let field = known.and_then(|at| inside?.fields.get(at));
        if field.is_none() && !is_plain(name, inside) {
            return None;
        }
        let step = Step::Name(field.map_or_else(|| Cow::Owned(name.to_owned()), |field| Cow::Borrowed(field.name)));
        let kind = field.map(|field| field.kind);
        let inside = match kind {
            Some(Kind::Object(shape) | Kind::List(shape)) => Some(shape),
            _ => None,
        };
        Some(self.add(within, Part { step, known, kind, inside, parts: Vec::new(), next: 0, column: None }))
    }

    fn item(&mut self, within: usize, item: u16) -> usize {
        if let Some(own) = self.find(within, |step| *step == Step::Item(Some(item))) {
            return own;
        }
        let (kind, inside) = match self.parts.get(within) {
            Some(Part { kind: Some(Kind::Text(_) | Kind::Number { .. }), .. }) | None => (None, None),
            Some(parent) => (parent.kind, parent.inside),
        };
        self.add(
            within,
            Part { step: Step::Item(Some(item)), known: None, kind, inside, parts: Vec::new(), next: 0, column: None },
        )
    }

    fn add(&mut self, within: usize, part: Part) -> usize {
        let at = self.parts.len();
        self.parts.push(part);
        if let Some(parent) = self.parts.get_mut(within) {
            parent.parts.push(at);
        }
        at
    }

    /// Whether all of the field found its columns.
    fn field<'n>(&mut self, within: usize, name: &'n str, node: &'n Node<'n>, filling: &mut Filling<'n>) -> bool {
        filling.way.push(Way::Name(name));
        let fits = match self.name(within, name) {
            Some(part) => self.node(part, node, filling),
            None => filling.keep(node),
        };
        filling.way.pop();
        fits
    }

    fn node<'n>(&mut self, part: usize, node: &'n Node<'n>, filling: &mut Filling<'n>) -> bool {
        let Some(kind) = self.parts.get(part).map(|part| part.kind) else { return false };
        match &node.value {
            Value::Object(fields) if !fields.is_empty() && !self.is_list(part, kind) => {
                fields.iter().all(|(name, inner)| self.field(part, name, inner, filling))
            }
            Value::List(items) if !matches!(kind, Some(Kind::Texts(_))) => self.list(part, node, items, filling),
            value => {
                let Some(text) = shown(node, kind) else { return filling.keep(node) };
                let Some(column) = self.column(part) else { return false };
                if !self.is_exact(node, &text, kind) {
                    filling.keep(node);
                }
                filling.cells.push((column, text, value, kind));
                true
            }
        }
    }

    /// A list is told by its items' cells. Where one of them has none, the list is kept as a whole.
    fn list<'n>(&mut self, part: usize, node: &'n Node<'n>, items: &'n [Node<'n>], filling: &mut Filling<'n>) -> bool {
        let (cells, kept) = (filling.cells.len(), filling.kept.len());
        let mut whole = !items.is_empty() && items.len() <= ITEMS;
        for (item, at) in items.iter().zip(0_u16..).take_while(|_| items.len() <= ITEMS) {
            let own = self.item(part, at);
            let before = filling.cells.len();
            filling.way.push(Way::Item(at));
            let fits = self.node(own, item, filling);
            filling.way.pop();
            if !fits {
                return false;
            }
            whole &= filling.cells.len() > before;
        }
        if !whole {
            filling.cells.truncate(cells);
            filling.kept.truncate(kept);
            filling.keep(node);
        }
        true
    }

    /// Whether the standard has a list here, of which one object is something else.
    fn is_list(&self, part: usize, kind: Option<Kind>) -> bool {
        matches!(kind, Some(Kind::List(_) | Kind::Texts(_)))
            && self.parts.get(part).is_some_and(|part| matches!(part.step, Step::Name(_)))
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
            (Value::Text(own), _) if workbook && (own.len() > super::kept::CELL && cut(own) != own || own.contains('\r')) => {
                false
            }
            (Value::Text(_), None | Some(Kind::Text(_))) => true,
            (Value::Number(_), Some(Kind::Number { .. })) => true,
            (Value::Number(own), None) if workbook => number::to_cell(own).is_some(),
            (Value::Bool(_), None) if workbook => true,
            _ => read_back(text, kind).same(node),
        }
    }
}

/// One step to a value, for the JSON pointer to it.
#[derive(Clone, Copy)]
enum Way<'n> {
    Name(&'n str),
    Item(u16),
}

/// A row while it is being filled.
struct Filling<'n> {
    cells: Vec<(usize, Cow<'n, str>, &'n Value<'n>, Option<Kind>)>,
    kept: Vec<(String, &'n Node<'n>)>,
    way: Vec<Way<'n>>,
}

impl<'n> Filling<'n> {
    fn keep(&mut self, node: &'n Node<'n>) -> bool {
        let mut pointer = String::new();
        for step in &self.way {
            pointer.push('/');
            match step {
                Way::Name(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Way::Item(item) => pointer.push_str(&item.to_string()),
            }
        }
        self.kept.push((pointer, node));
        true
    }
}
