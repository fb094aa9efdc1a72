//! What changed between two versions of a programme.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{DesignForm, Programme};

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Such as `Roles › Consultant › May`.
    pub place: String,
    /// Nothing where it was added.
    pub before: Option<String>,
    /// Nothing where it was taken out.
    pub after: Option<String>,
    /// In a form: whether only words differ, so that answers given to it mean what they meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harmless: Option<bool>,
}

impl Difference {
    fn new(place: &[String], before: Option<String>, after: Option<String>) -> Self {
        Self { place: place.join(" › "), before, after, harmless: None }
    }
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
    forms(&before.forms, &after.forms, &mut found);
    found
}

/// Which forms differ, and in each whether the answers given to it still mean what they meant.
fn forms(before: &[DesignForm], after: &[DesignForm], found: &mut Vec<Difference>) {
    let way = |form: &DesignForm| ["Forms".to_owned(), form.form.title.en.clone()];
    for old in before {
        let Some(new) = after.iter().find(|new| new.form.key == old.form.key) else {
            let gone = Difference::new(&way(old), Some(old.size()), None);
            found.push(Difference { harmless: Some(false), ..gone });
            continue;
        };
        if old.practice != new.practice {
            let words = |form: &DesignForm| shown(&Value::Bool(form.practice));
            let marked = Difference::new(&further(&way(new), "Practice"), words(old), words(new));
            found.push(Difference { harmless: Some(true), ..marked });
        }
        for change in old.form.compare(&new.form) {
            let effect = if change.harmless { "words only" } else { "answers are affected" };
            let place = further(&way(new), &format!("{} ({effect})", change.what));
            found.push(Difference { harmless: Some(change.harmless), ..Difference::new(&place, change.before, change.after) });
        }
    }
    for new in after.iter().filter(|new| !before.iter().any(|old| old.form.key == new.form.key)) {
        found.push(Difference { harmless: Some(true), ..Difference::new(&way(new), None, Some(new.size())) });
    }
}

fn differ(way: &[String], before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(b), Value::Object(a)) => {
            let rest: BTreeSet<&str> = b.keys().chain(a.keys()).map(String::as_str).collect();
            for name in DESIGN_FIRST.iter().copied().chain(rest.into_iter().filter(|k| !DESIGN_FIRST.contains(k))) {
                // What says nothing may be left out.
                let part = |whole: &'_ serde_json::Map<String, Value>| whole.get(name).cloned().unwrap_or(Value::Null);
                differ(&further(way, &title(name)), &part(b), &part(a), found);
            }
        }
        (Value::Array(b), Value::Array(a)) if b.iter().chain(a).any(Value::is_object) => items(way, b, a, found),
        (Value::Array(b), Value::Null) if b.iter().any(Value::is_object) => items(way, b, &[], found),
        (Value::Null, Value::Array(a)) if a.iter().any(Value::is_object) => items(way, &[], a, found),
        _ => found.push(Difference::new(way, shown(before), shown(after))),
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
    "budget_lines",
    "changes",
    "agreement",
    "markers",
    "tipping",
    "frameworks",
    "skills",
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
            None => found.push(Difference::new(&place, shown(item), None)),
        }
    }
    for (_, item) in after.iter().filter(|(id, _)| !old.contains(id.as_str())) {
        found.push(Difference::new(&further(way, &label(item)), None, shown(item)));
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
    // A point of a scale.
    if let Some(value) = item.get("value").filter(|v| v.is_number()) {
        return value.to_string();
    }
    let named: Vec<&str> = ["from", "to", "place", "phase", "role", "per", "title"].iter().filter_map(|k| text(k)).collect();
    if named.is_empty() { text("text").map_or_else(|| item.to_string(), ToOwned::to_owned) } else { named.join(" ") }
}

/// What people call an item.
fn label(item: &Value) -> String {
    // A text may have its Welsh beside it.
    let text = |key: &str| item.get(key).map(|t| t.get("en").unwrap_or(t)).and_then(Value::as_str).filter(|t| !t.is_empty());
    if let Some(point) = item.get("value").filter(|v| v.is_number()) {
        return point.to_string();
    }
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
