//! Questions of the gallery's form, asked under the path `q`, and the answers to them.

use forms::{Fields, Form, Kind, Lang, Path, Question, Value};
use scraper::Html;
use ui::answers::{self, Asked};
use ui::gallery_answers::{self as gallery, every_kind};

use super::common::page;

pub fn path(text: &str) -> Path {
    text.parse().unwrap()
}

pub fn ask(question: &Question, fields: &Fields, lang: Lang) -> Html {
    page(answers::question(&Asked::new(question, &path("q"), lang, fields)))
}

pub fn named(form: &Form, key: &str) -> Question {
    form.question(None, key).unwrap().clone()
}

pub fn written(question: &Question, value: &Value) -> Fields {
    let mut fields = Fields::default();
    question.kind.write("q", value, &mut fields);
    fields
}

/// Every question that is answered in one place, with the answer of the gallery.
pub fn answered() -> Vec<(Question, Value)> {
    let (form, given) = (every_kind(), gallery::answers());
    let of = |q: &Question| Some((q.clone(), given.get(&path(&q.key))?.clone()));
    form.sections.iter().flat_map(|s| &s.questions).filter(|q| !matches!(q.kind, Kind::Group { .. })).filter_map(of).collect()
}
