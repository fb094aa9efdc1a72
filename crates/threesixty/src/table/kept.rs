//! What cells cannot say, kept as JSON in a column of our own: empty lists, nothing at all, numbers in fields that a table
//! takes for texts, and names that cannot be headings. So a grant that goes into a table comes back as it was.

use std::borrow::Cow;

use super::build::{Cell, value};
use super::heading::Way;
use crate::json;
use crate::schema::{Kind, Shape};
use crate::value::{At, Node, Value};

/// A text that stands in a cell for a value, and nothing where a cell cannot stand for it.
pub(crate) fn shown<'n>(node: &'n Node<'_>, kind: Option<Kind>) -> Option<Cow<'n, str>> {
    let text = match (&node.value, kind) {
        (Value::Text(text) | Value::Number(text), _) => Cow::Borrowed(text.as_ref()),
        (Value::Bool(yes), _) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
        (Value::List(items), Some(Kind::Texts(_))) => {
            let parts: Option<Vec<&str>> = items.iter().map(Node::text).collect();
            Cow::Owned(parts?.join(";"))
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// What the cell of a text file would be read as.
pub(crate) fn read_back(text: &str, kind: Option<Kind>) -> Node<'_> {
    Node::new(At::default(), value(Cell::Text(Cow::Borrowed(text)), kind, At::default()))
}

/// Puts the kept values back where they stood. A cell that somebody has changed since stays as it is.
pub(crate) fn put_back(root: &mut Node<'_>, kept: &str, at: At, shape: &'static Shape) -> bool {
    let Some(Node { value: Value::Object(values), .. }) = json::parse(kept) else { return false };
    let mut well = true;
    for (pointer, node) in values {
        let names: Vec<String> = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
        let kind = kind_at(&names, shape);
        let mut node = node.into_owned();
        node.at = at;
        well &= !names.is_empty() && put(root, &names, node, kind);
    }
    well
}

fn kind_at(names: &[String], shape: &'static Shape) -> Option<Kind> {
    let (mut shape, mut kind) = (Some(shape), None);
    for name in names {
        if matches!(kind, Some(Kind::List(_))) && name.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        kind = shape.and_then(|shape| shape.field(name)).map(|field| field.kind);
        shape = match kind {
            Some(Kind::Object(inner) | Kind::List(inner)) => Some(inner),
            _ => None,
        };
    }
    kind
}

fn put(into: &mut Node<'_>, names: &[String], node: Node<'static>, kind: Option<Kind>) -> bool {
    let Some((name, rest)) = names.split_first() else {
        let unchanged = match shown(&node, kind) {
            // What stands there is what the value was written as.
            Some(text) => match shown(into, kind) {
                Some(own) => own == cut(&text) || into.same(&read_back(cut(&text), kind)),
                None => true,
            },
            None => true,
        };
        if unchanged {
            into.value = node.value;
        }
        return true;
    };
    match &mut into.value {
        Value::Object(fields) => {
            let at = fields.iter().position(|(own, _)| own == name).unwrap_or_else(|| {
                fields.push((Cow::Owned(name.clone()), Node::new(node.at, Value::Object(Vec::new()))));
                fields.len() - 1
            });
            fields.get_mut(at).is_some_and(|(_, inner)| put(inner, rest, node, kind))
        }
        Value::List(items) => match name.parse::<usize>().ok().and_then(|item| items.get_mut(item)) {
            Some(item) => put(item, rest, node, kind),
            // Somebody took the item out of the table.
            None => true,
        },
        _ => true,
    }
}

/// The most letters that a cell of a spreadsheet holds, less a few.
pub(crate) const CELL: usize = 32_000;

/// As much of a text as stands in a cell.
pub(crate) fn cut(text: &str) -> &str {
    if text.len() <= CELL {
        return text;
    }
    text.char_indices().nth(CELL).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Whether a heading that is read is that of the column of ours.
pub(crate) fn is_kept(way: &Way) -> bool {
    way.steps.len() == 2 && way.names().eq(super::heading::KEPT.split(':'))
}
