//! A form that has every kind of question, and short ways to write answers.

use forms::{Answers, CompiledForm, Fields, Form, Kind, Path, Value};

pub const APPLICATION: &str = include_str!("application.toml");

pub fn application() -> Form {
    toml::from_str(APPLICATION).unwrap()
}

pub fn compiled(toml: &str) -> CompiledForm {
    let form: Form = toml::from_str(toml).unwrap();
    form.compile().unwrap_or_else(|flaws| panic!("{}", flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// A form of one section with these questions.
pub fn of_questions(questions: &str) -> String {
    format!("key = \"f\"\ntitle = \"F\"\n[[sections]]\nkey = \"s\"\ntitle = \"S\"\n{questions}")
}

pub fn path(text: &str) -> Path {
    text.parse().unwrap()
}

pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().copied().collect()
}

/// Answers as JSON.
pub fn answers(json: &str) -> Answers {
    serde_json::from_str(json).unwrap()
}

/// What a person would be told about fields that they typed under `q`.
pub fn told(kind: &Kind, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    kind.read("q", &fields(pairs)).unwrap_err().into_iter().map(|p| (p.part, p.message)).collect()
}

pub fn read(kind: &Kind, pairs: &[(&str, &str)]) -> Option<Value> {
    kind.read("q", &fields(pairs)).unwrap()
}
