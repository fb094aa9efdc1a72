//! Questions of a form and their answers: to write, to read, to print, and to sort out where two people wrote at once.
//!
//! The names of the boxes are those that [`forms::Kind::read`] reads. The id of the first box, or of the set of boxes,
//! is the question's path, and that of a part's box is the path and the part: what an error summary links to.
//! Welsh texts stand in `lang="cy"`, and what has no Welsh yet stands there in `lang="en"`.

mod choices;
mod clash;
mod condition;
mod frame;
mod matrix;
mod parts;
mod rows;
mod sections;
mod shown;
mod simple;
mod whole;

pub use clash::{Clash, Kept, choice_asked, kept};
pub use rows::Row;
pub use sections::sections;
pub use shown::{FileHref, not_answered, shown, shown_with};
pub use whole::{Whole, whole};

use forms::{FieldProblem, Fields, Kind, Lang, Path, Question, Text, Value};

use crate::dsl::*;
use crate::form;

/// A question as it is asked of somebody now.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub question: &'a Question,
    pub path: &'a Path,
    pub lang: Lang,
    /// What stands in the boxes: what was typed just now, or the answer as [`Kind::write`] puts it.
    pub fields: &'a Fields,
    /// The version of the answer that was seen. It is sent along as `version.` and the path.
    pub version: u64,
    pub problems: &'a [FieldProblem],
    /// Where it is not, the question says "(optional)".
    pub required: bool,
    /// What the answer was taken from, where nobody here has looked at it yet: "your organisation’s profile".
    pub prefilled_from: Option<&'a str>,
    /// Somebody else changed the answer meanwhile.
    pub clash: Option<Clash<'a>>,
    /// What a computed question comes to.
    pub computed: Option<&'a Value>,
    /// The rows of a group, in order, each with its questions.
    pub rows: Vec<Row<'a>>,
    /// Where the file that is kept can be had.
    pub file_href: Option<String>,
}

impl<'a> Asked<'a> {
    #[must_use]
    pub const fn new(question: &'a Question, path: &'a Path, lang: Lang, fields: &'a Fields) -> Self {
        Self {
            question,
            path,
            lang,
            fields,
            version: 0,
            problems: &[],
            required: false,
            prefilled_from: None,
            clash: None,
            computed: None,
            rows: Vec::new(),
            file_href: None,
        }
    }
    #[must_use]
    pub const fn version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }
    #[must_use]
    pub const fn problems(mut self, problems: &'a [FieldProblem]) -> Self {
        self.problems = problems;
        self
    }
    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }
    #[must_use]
    pub const fn prefilled_from(mut self, source: Option<&'a str>) -> Self {
        self.prefilled_from = source;
        self
    }
    #[must_use]
    pub const fn clash(mut self, clash: Option<Clash<'a>>) -> Self {
        self.clash = clash;
        self
    }
    #[must_use]
    pub const fn computed(mut self, value: Option<&'a Value>) -> Self {
        self.computed = value;
        self
    }
    #[must_use]
    pub fn rows(mut self, rows: Vec<Row<'a>>) -> Self {
        self.rows = rows;
        self
    }

    #[must_use]
    pub fn file_href(mut self, href: Option<String>) -> Self {
        self.file_href = href;
        self
    }

    /// The name of the answer's box, or of a part's.
    fn name(&self, part: &str) -> String {
        if part.is_empty() { self.path.to_string() } else { format!("{}.{part}", self.path) }
    }
    /// What stands in the box of a part.
    fn typed(&self, part: &str) -> &'a str {
        self.fields.get(&self.name(part))
    }
    /// Fixed words, in the language of the page.
    const fn say<'t>(&self, en: &'t str, cy: &'t str) -> &'t str {
        say(self.lang, en, cy)
    }
    /// A text of the form.
    fn text(&self, text: &Text) -> Html {
        text_in(text, self.lang)
    }
}

/// The name under which the version of an answer travels.
#[must_use]
pub fn version_name(path: &Path) -> String {
    format!("version.{path}")
}
/// The name of the button that adds a row to a group, or a line to a budget.
#[must_use]
pub fn add_name(path: &Path) -> String {
    format!("add.{path}")
}
/// The name of the buttons that take a row or a line away; their value says which.
#[must_use]
pub fn remove_name(path: &Path) -> String {
    format!("remove.{path}")
}
/// The name of the box for a new file. The file that is kept already has its parts under the path itself.
#[must_use]
pub fn file_name(path: &Path) -> String {
    format!("{path}.file")
}

/// One question with its boxes.
#[must_use]
pub fn question(asked: &Asked<'_>) -> Html {
    let together = asked.clash.as_ref().map(|clash| clash::together(asked, clash));
    let drawn = match &together {
        Some(fields) => Asked { fields, ..asked.clone() },
        None => asked.clone(),
    };
    html(maud! {
        div class="question" lang=[lang_of(asked.lang)] {
            @if !matches!(asked.question.kind, Kind::Computed { .. }) {
                (form::hidden(&version_name(asked.path), &asked.version.to_string()))
            }
            @if let Some(clash) = &asked.clash { (clash::choice(asked, clash)) }
            (boxes(&drawn))
        }
    })
}

fn boxes(asked: &Asked<'_>) -> Html {
    match &asked.question.kind {
        Kind::ShortText { max_chars } => simple::short_text(asked, *max_chars),
        Kind::LongText { max_words } => simple::long_text(asked, *max_words),
        Kind::Number { unit, min, max, decimals } => simple::number(asked, unit.as_ref(), (*min, *max), *decimals),
        Kind::Money { min, max } => simple::money(asked, *min, *max),
        Kind::Date { min, max } => simple::date(asked, *min, *max),
        Kind::Month { min, max } => simple::month(asked, *min, *max),
        Kind::YesNo => choices::yes_no(asked),
        Kind::ChooseOne { options } => choices::one(asked, options),
        Kind::ChooseSeveral { options, min, max } => choices::several(asked, options, *min, *max),
        Kind::Scale { points } => choices::scale(asked, points),
        Kind::Grid { rows, points } => matrix::grid(asked, rows, points),
        Kind::Ranking { options, max } => matrix::ranking(asked, options, *max),
        Kind::File { accept, max_mb } => simple::file(asked, accept, *max_mb),
        Kind::Organisation { schemes, sectors } => parts::organisation(asked, schemes, sectors),
        Kind::Person => parts::person(asked),
        Kind::Area => parts::area(asked),
        Kind::Budget { columns, lines, max, .. } => rows::budget(asked, columns, lines, *max),
        Kind::Group { item, min, .. } => rows::group(asked, item, *min),
        Kind::Computed { .. } => simple::computed(asked),
    }
}

/// What marks a piece of a page as Welsh; pages are English where nothing is said.
const fn lang_of(lang: Lang) -> Option<&'static str> {
    match lang {
        Lang::En => None,
        Lang::Cy => Some("cy"),
    }
}
/// What marks an English text on a Welsh page.
fn fallback(text: &Text, lang: Lang) -> Option<&'static str> {
    (lang == Lang::Cy && text.lacks_welsh()).then_some("en")
}
/// A text of the form in this language, or in English and marked as that.
fn text_in(text: &Text, lang: Lang) -> Html {
    match fallback(text, lang) {
        None => html(text.get(lang)),
        english => html(maud! { span lang=[english] { (text.get(lang)) } }),
    }
}
/// A text of the form with headings, lists and links, to stand by itself on a page.
#[must_use]
pub fn long_text(text: &Text, lang: Lang) -> Html {
    html(maud! { div lang=[lang_of(lang)] { (markdown_in(text, lang)) } })
}
/// A text of the form with headings, lists and links.
fn markdown_in(text: &Text, lang: Lang) -> Html {
    html(maud! { div lang=[fallback(text, lang)] { (crate::words::markdown(text.get(lang))) } })
}
const fn say<'t>(lang: Lang, en: &'t str, cy: &'t str) -> &'t str {
    match lang {
        Lang::En => en,
        Lang::Cy => cy,
    }
}
/// "1 word", "250 words". Welsh counts everything in the singular.
fn count(number: usize, lang: Lang, one: &str, many: &str, welsh: &str) -> String {
    let word = match lang {
        Lang::Cy => welsh,
        Lang::En if number == 1 => one,
        Lang::En => many,
    };
    format!("{} {word}", forms::Number::whole(i64::try_from(number).unwrap_or(i64::MAX)))
}
