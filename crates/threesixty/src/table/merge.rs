//! Several rows of one grant, made into one.

use crate::Note;
use crate::place::Place;
use crate::value::{At, Node, Value};

/// Adds what another row says. Things of a list that have an `id` are one where it is the same; others are where they are equal,
/// but for a sheet that lists things of one kind: there, each row is one of its own.
pub(crate) fn merge<'a>(base: &mut Node<'a>, more: Node<'a>, listing: bool, contradicts: &mut dyn FnMut(At, At)) {
    let alike = match (&base.value, &more.value) {
        (Value::Object(_), Value::Object(_)) | (Value::List(_), Value::List(_)) => true,
        _ => base.same(&more),
    };
    if !alike {
        contradicts(more.at, base.at);
        return;
    }
    match (&mut base.value, more.value) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, other) in others {
                match fields.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, own)) => merge(own, other, listing, contradicts),
                    None => fields.push((name, other)),
                }
            }
        }
        (Value::List(items), Value::List(others)) => {
            for other in others {
                let id = other.get("id").and_then(Node::text);
                let own = match id {
                    Some(id) => items.iter_mut().find(|own| own.get("id").and_then(Node::text) == Some(id)),
                    None if listing => None,
                    None => items.iter_mut().find(|own| own.same(&other)),
                };
                match own {
                    Some(own) => merge(own, other, listing, contradicts),
                    None => items.push(other),
                }
            }
        }
        _ => {}
    }
}

pub(crate) fn contradiction(at: At, first: &Place) -> Note {
    Note {
        at,
        what: format!("another row of the same Identifier says something else: {first}"),
        fix: "make both say the same, or give two grants two Identifiers".to_owned(),
        mild: false,
    }
}
