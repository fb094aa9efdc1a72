//! One question as fields of a page, and back. What the page does not offer stays as it is.

use forms::{Kind, Question};
use serde_json::{Map, Value};
use ui::form::{self, Choice, Field};
use ui::{Html, html};

use crate::ground::Form as Posted;
use crate::ground::html::*;

/// The kinds of question, in people's words.
const KINDS: [(&str, &str); 19] = [
    ("short-text", "A short text"),
    ("long-text", "A long text"),
    ("number", "A number"),
    ("money", "An amount of money"),
    ("date", "A day"),
    ("month", "A month"),
    ("yes-no", "Yes or no"),
    ("choose-one", "One of several choices"),
    ("choose-several", "Any of several choices"),
    ("ranking", "Choices put in order"),
    ("organisation", "An organisation"),
    ("person", "A person"),
    ("area", "An area"),
    ("file", "A file"),
    ("scale", "A point on a scale"),
    ("grid", "A scale for each of several things"),
    ("budget", "A budget"),
    ("group", "Questions asked again for each of several things"),
    ("computed", "Worked out from other answers"),
];

/// What has to be set at least for a kind to be one; the rest is written in the text of the form.
fn least(kind: &str) -> Option<(&'static str, Value)> {
    let choices = serde_json::json!([{ "key": "one", "label": "One" }, { "key": "two", "label": "Two" }]);
    let points = serde_json::json!([{ "value": 0, "label": "Not at all" }, { "value": 1, "label": "Fully" }]);
    match kind {
        "choose-one" | "choose-several" | "ranking" => Some(("options", choices)),
        "scale" => Some(("points", points)),
        "grid" => Some(("rows", choices)),
        "group" => Some(("questions", serde_json::json!([{ "key": "name", "label": "Name", "kind": "short-text" }]))),
        "computed" => Some(("value", "0".into())),
        _ => None,
    }
}

const COMMON: [&str; 10] =
    ["key", "label", "kind", "help", "guidance", "required", "shown_when", "valid_when", "invalid", "prefill"];
/// Limits by the kinds that have them, with what the page calls them.
const LIMITS: [(&str, &str, &[&str]); 6] = [
    ("min", "At least", &["number", "money", "date", "month", "choose-several", "group"]),
    ("max", "At most", &["number", "money", "date", "month", "choose-several", "ranking", "budget", "group"]),
    ("max_chars", "At most so many characters", &["short-text"]),
    ("max_words", "At most so many words", &["long-text"]),
    ("max_lines", "At most so many lines", &["budget"]),
    ("max_mb", "At most so many megabytes", &["file"]),
];

/// The fields as they stand on the page, each under its name.
pub(super) struct Typed(Vec<(&'static str, String)>);

const NAMES: [&str; 18] = [
    "q_key",
    "q_label",
    "q_label_cy",
    "q_help",
    "q_help_cy",
    "q_guidance",
    "q_guidance_cy",
    "q_kind",
    "q_required",
    "q_required_when",
    "q_shown_when",
    "q_options",
    "q_min",
    "q_max",
    "q_max_chars",
    "q_max_words",
    "q_max_lines",
    "q_max_mb",
];

impl Typed {
    pub fn posted(form: &Posted) -> Self {
        Self(NAMES.iter().map(|name| (*name, form.get(name).to_string())).collect())
    }

    pub fn of(question: &Question) -> Self {
        let json = object(question);
        let text = |name: &str, cy: bool| match json.get(name) {
            Some(Value::Object(both)) => both.get(if cy { "cy" } else { "en" }).and_then(Value::as_str).unwrap_or("").to_string(),
            Some(Value::String(text)) if !cy => text.clone(),
            _ => String::new(),
        };
        let plain = |name: &str| match json.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        let required = match json.get("required") {
            Some(Value::Bool(true)) => "yes",
            Some(Value::String(_)) => "when",
            _ => "no",
        };
        let when = if required == "when" { plain("required") } else { String::new() };
        let value = |name: &str| match name {
            "q_key" => question.key.clone(),
            "q_kind" => question.kind.key().to_string(),
            "q_required" => required.to_string(),
            "q_required_when" => when.clone(),
            "q_options" => options_text(&question.kind),
            _ => match (name.trim_start_matches("q_"), name.ends_with("_cy")) {
                (name, true) => text(name.trim_end_matches("_cy"), true),
                (name @ ("label" | "help" | "guidance"), _) => text(name, false),
                (name, _) => plain(name),
            },
        };
        Self(NAMES.iter().map(|name| (*name, value(name))).collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| text)
    }

    /// The question with what was typed.
    ///
    /// # Errors
    /// What cannot be a question, as a sentence.
    pub fn apply(&self, question: &Question) -> Result<Question, String> {
        let mut json = object(question);
        let kind = self.get("q_kind");
        if kind != question.kind.key() {
            json.retain(|name, _| COMMON.contains(&name.as_str()) || name == "options");
            if !takes_options(kind) {
                json.remove("options");
            }
            if let Some((name, value)) = least(kind).filter(|(name, _)| !json.contains_key(*name)) {
                json.insert(name.into(), value);
            }
            if kind == "grid" {
                json.insert("points".into(), least("scale").map(|(_, points)| points).unwrap_or_default());
            }
            if kind == "group" {
                json.insert("item".into(), "One".into());
            }
            json.insert("kind".into(), kind.into());
        }
        json.insert("key".into(), self.get("q_key").into());
        for name in ["label", "help", "guidance"] {
            let (en, cy) = (self.get(&format!("q_{name}")), self.get(&format!("q_{name}_cy")));
            json.insert(name.into(), both(en, cy));
        }
        let required = match self.get("q_required") {
            "yes" => Value::Bool(true),
            "when" => self.get("q_required_when").into(),
            _ => Value::Bool(false),
        };
        json.insert("required".into(), required);
        set(&mut json, "shown_when", Some(self.get("q_shown_when")).filter(|t| !t.is_empty()).map(Value::from));
        if takes_options(kind) && kind == question.kind.key() {
            json.insert("options".into(), Value::Array(options(self.get("q_options"))?));
        }
        for (name, _, kinds) in LIMITS {
            if kinds.contains(&kind) && kind == question.kind.key() {
                let typed = self.get(&format!("q_{name}"));
                let whole = typed.parse::<i64>().map_or_else(|_| Value::from(typed), Value::from);
                set(&mut json, name, (!typed.is_empty()).then_some(whole));
            }
        }
        serde_json::from_value(Value::Object(json)).map_err(|e| format!("This cannot be a question yet: {e}"))
    }

    /// The boxes. `wrong` is what is wrong with a field, by its name.
    pub fn boxes(&self, wrong: &dyn Fn(&str) -> Option<String>) -> Html {
        let kind = self.get("q_kind");
        let problems: Vec<(&str, Option<String>)> = NAMES.iter().map(|name| (*name, wrong(name))).collect();
        let field = |name: &'static str, label: &'static str, hint: &'static str| {
            let error = problems.iter().find(|(n, _)| *n == name).and_then(|(_, problem)| problem.as_deref());
            Field::new(name, label).hint(hint).value(self.get(name)).error(error)
        };
        let kinds: Vec<Choice> = KINDS.iter().map(|(key, words)| Choice::new(*key, *words)).collect();
        let required =
            [Choice::new("no", "No"), Choice::new("yes", "Yes"), Choice::new("when", "When the condition below holds")];
        let limits = LIMITS.iter().filter(|(_, _, kinds)| kinds.contains(&kind));
        let limits: Vec<Html> = limits
            .filter_map(|(name, label, _)| {
                let name = NAMES.iter().find(|n| n.trim_start_matches("q_") == *name)?;
                Some(form::text(field(name, label, "").optional()))
            })
            .collect();
        html(maud! {
            (form::text(field("q_label", "The question, in English", "")))
            (form::text(field("q_label_cy", "The question, in Welsh", "").optional()))
            (form::text(field("q_key", "Key", "What conditions and exports know it by, like what-is-stuck. Answers stay with their key.")))
            (form::select(field("q_kind", "Kind of answer", "Press “Keep this” after changing it, to see what belongs to it."), &kinds))
            @if takes_options(kind) {
                (form::long_text(field("q_options", "Choices", "One a line: key | English | Welsh | score. Welsh and score can be left out."), 6))
            }
            @for limit in &limits { (limit) }
            (form::long_text(field("q_help", "Help, in English", "").optional(), 2))
            (form::long_text(field("q_help_cy", "Help, in Welsh", "").optional(), 2))
            (form::long_text(field("q_guidance", "How deep an answer should go, in English", "").optional(), 2))
            (form::long_text(field("q_guidance_cy", "How deep an answer should go, in Welsh", "").optional(), 2))
            (form::radios(field("q_required", "Does it have to be answered?", ""), &required))
            (form::text(field("q_required_when", "Has to be answered when", "A condition over earlier answers, like award > 10000.").optional()))
            (form::text(field("q_shown_when", "Shown when", "A condition over earlier answers. Without one it is always shown.").optional()))
        })
    }
}

fn object(question: &Question) -> Map<String, Value> {
    match serde_json::to_value(question) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn set(json: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => json.insert(name.into(), value),
        None => json.remove(name),
    };
}

/// A text of a form in its two languages.
pub(super) fn both(en: &str, cy: &str) -> Value {
    if cy.is_empty() { en.into() } else { serde_json::json!({ "en": en, "cy": cy }) }
}

fn takes_options(kind: &str) -> bool {
    ["choose-one", "choose-several", "ranking"].contains(&kind)
}

fn options_text(kind: &Kind) -> String {
    let (Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } | Kind::Ranking { options, .. }) = kind else {
        return String::new();
    };
    let line = |o: &forms::Choice| {
        let cy = o.label.cy.clone().unwrap_or_default();
        let score = o.score.map(|s| s.plain()).unwrap_or_default();
        let parts = [o.key.as_str(), &o.label.en, &cy, &score];
        let end = parts.iter().rposition(|part| !part.is_empty()).map_or(1, |at| at + 1);
        parts[..end].join(" | ")
    };
    options.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn options(text: &str) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let (key, en) = match parts[..] {
            [key, en, ..] if !key.is_empty() && !en.is_empty() && parts.len() <= 4 => (key, en),
            _ => return Err(format!("Choices, line {number}: write key | English | Welsh | score")),
        };
        let mut one = serde_json::json!({ "key": key, "label": both(en, parts.get(2).unwrap_or(&"")) });
        if let Some(score) = parts.get(3).filter(|s| !s.is_empty()) {
            let score: forms::Number = score.parse().map_err(|_| format!("Choices, line {number}: ‘{score}’ is not a number"))?;
            one["score"] = serde_json::to_value(score).unwrap_or_default();
        }
        found.push(one);
    }
    Ok(found)
}
