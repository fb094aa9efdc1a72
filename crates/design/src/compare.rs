//! What changed between two versions of a programme.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Programme;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Such as `Roles › Consultant › May`.
    pub place: String,
    /// Nothing where it was added.
    pub before: Option<String>,
    /// Nothing where it was taken out.
    pub after: Option<String>,
}

/// Everything that differs, in the order of the earlier version, what is new in a list at its end. List items are
/// matched by their key, so that moving one is no difference.
#[must_use]
pub fn compare(before: &Programme, after: &Programme) -> Vec<Difference> {
    let mut found = Vec::new();
    for part in ["design", "history"] {
        let value = |programme: &Programme| {
            serde_json::to_value(programme).ok().and_then(|mut v| v.get_mut(part).map(Value::take)).unwrap_or(Value::Null)
        };
        differ(&[], &value(before), &value(after), &mut found);
    }
    found
}

fn differ(way: &[String], before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(b), Value::Object(a)) => {
            for name in DESIGN_FIRST.iter().copied().chain(b.keys().map(String::as_str).filter(|k| !DESIGN_FIRST.contains(k))) {
                if let (Some(before), Some(after)) = (b.get(name), a.get(name)) {
                    differ(&further(way, &title(name)), before, after, found);
                }
            }
        }
        (Value::Array(b), Value::Array(a)) if b.iter().chain(a).any(Value::is_object) => items(way, b, a, found),
        _ => found.push(Difference { place: way.join(" › "), before: shown(before), after: shown(after) }),
    }
}

/// The fields that a reader looks for first; serde_json sorts the rest by name.
const DESIGN_FIRST: &[&str] = &[
    "name",
    "summary",
    "about",
    "modelled",
    "status",
    "area",
    "sponsors",
    "components",
    "purpose",
    "hypotheses",
    "assumptions",
    "gaps",
    "phases",
    "gates",
    "review_points",
    "roles",
    "circles",
    "flows",
    "kinds",
    "money",
    "totals",
    "days",
    "call",
    "place_rule",
];

fn items(way: &[String], before: &[Value], after: &[Value], found: &mut Vec<Difference>) {
    let (before, after) = (identified(before), identified(after));
    let old: BTreeSet<&str> = before.iter().map(|(id, _)| id.as_str()).collect();
    for (id, item) in &before {
        let place = further(way, &label(item));
        match after.iter().find(|(other, _)| other == id) {
            Some((_, now)) => differ(&place, item, now, found),
            None => found.push(Difference { place: place.join(" › "), before: shown(item), after: None }),
        }
    }
    for (_, item) in after.iter().filter(|(id, _)| !old.contains(id.as_str())) {
        found.push(Difference { place: further(way, &label(item)).join(" › "), before: None, after: shown(item) });
    }
}

/// Each item with what makes it the same item in another version; where two are the same in that, they are counted.
fn identified(items: &[Value]) -> Vec<(String, &Value)> {
    let mut seen: Vec<String> = Vec::new();
    let mut list = Vec::new();
    for item in items {
        let id = identity(item);
        let times = seen.iter().filter(|s| **s == id).count();
        seen.push(id.clone());
        list.push((format!("{id}\n{times}"), item));
    }
    list
}

fn identity(item: &Value) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
    if let Some(key) = text("key").or_else(|| text("slug")) {
        return key.to_owned();
    }
    let named: Vec<&str> = ["from", "to", "place", "phase", "role", "per", "title"].iter().filter_map(|k| text(k)).collect();
    if named.is_empty() { text("text").map_or_else(|| item.to_string(), ToOwned::to_owned) } else { named.join(" ") }
}

/// What people call an item.
fn label(item: &Value) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
    if let Some(name) = ["name", "title", "what", "key", "slug"].iter().find_map(|k| text(k)) {
        return name.to_owned();
    }
    match (text("from"), text("to")) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        _ => {
            let named: Vec<&str> = ["place", "phase", "role"].iter().filter_map(|k| text(k)).collect();
            if named.is_empty() { text("text").unwrap_or_default().to_owned() } else { named.join(", ") }
        }
    }
}

/// A value as text; nothing where there is none.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => Some(number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string())),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(shown).collect();
            (!items.is_empty()).then(|| items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .filter(|(name, value)| name.as_str() != "key" && name.as_str() != "slug" && !matches!(value, Value::Bool(false)))
                .filter_map(|(name, value)| Some(format!("{}: {}", name.replace('_', " "), shown(value)?)))
                .collect();
            Some(fields.join("; "))
        }
    }
}

fn further(way: &[String], step: &str) -> Vec<String> {
    way.iter().cloned().chain([step.to_owned()]).collect()
}

/// `review_points` as `Review points`.
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
