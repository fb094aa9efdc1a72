//! A form written as a design's file.

use std::fmt::Write as _;

use serde_json::Value;

use crate::DesignForm;

/// The order in which people look for things; what is not named here follows.
const ORDER: [&str; 18] = [
    "key",
    "title",
    "label",
    "kind",
    "en",
    "cy",
    "value",
    "holds",
    "message",
    "about",
    "help",
    "guidance",
    "item",
    "required",
    "prefill",
    "shown_when",
    "valid_when",
    "sections",
];

impl DesignForm {
    /// A form as a design's file has it: sections and questions as tables, everything smaller on lines of its own.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.practice {
            out.push_str("practice = true\n");
        }
        // A form is texts, numbers and lists: nothing of it cannot be written.
        table(&mut out, "", &serde_json::to_value(&self.form).unwrap_or_default());
        out
    }
}

fn pairs(value: &Value) -> Vec<(&String, &Value)> {
    let mut pairs: Vec<_> = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()).collect();
    pairs.sort_by_key(|(key, _)| (ORDER.iter().position(|o| o == key).unwrap_or(ORDER.len()), *key));
    pairs
}

fn table(out: &mut String, above: &str, value: &Value) {
    let are_tables = |key: &str, value: &Value| {
        ["sections", "questions", "rules", "scores"].contains(&key)
            && value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_object))
    };
    let (below, own): (Vec<_>, Vec<_>) = pairs(value).into_iter().partition(|(key, value)| are_tables(key, value));
    for (key, value) in own {
        let _ = writeln!(out, "{key} = {}", inline(value));
    }
    for (key, items) in below {
        let way = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        for item in items.as_array().into_iter().flatten() {
            let _ = write!(out, "\n[[{way}]]\n");
            table(out, &way, item);
        }
    }
}

fn inline(value: &Value) -> String {
    let each = |items: &[Value]| items.iter().map(inline).collect::<Vec<_>>();
    match value {
        Value::String(text) => toml::Value::String(text.clone()).to_string(),
        Value::Array(items) if items.iter().any(Value::is_object) => format!("[\n  {},\n]", each(items).join(",\n  ")),
        Value::Array(items) => format!("[{}]", each(items).join(", ")),
        Value::Object(_) => {
            let pairs: Vec<String> = pairs(value).into_iter().map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}
