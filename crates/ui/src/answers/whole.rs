//! A whole form on one page, to read before one starts, or with its answers as a receipt.

use forms::{Answers, Choice, FileRef, Form, Kind, Lang, Look, Path, Point, Question, Required, RowId, Section, Shown, Value};

use super::condition::Condition;
use super::{FileHref, count, lang_of, markdown_in, not_answered, say, shown_with, text_in};
use crate::dsl::*;

/// What of a form is put on the page, and how.
#[derive(Clone, Copy)]
pub struct Whole<'a> {
    pub form: &'a Form,
    pub lang: Lang,
    /// Without answers, every question is told with what it offers to choose from.
    pub answers: Option<&'a Answers>,
    /// What the form looks like with these answers. Questions that are not asked are left out then.
    pub look: Option<&'a Look>,
    /// Help, guidance and conditions too.
    pub guidance: bool,
    /// Where only some of its questions are put on the page: their keys.
    pub only: Option<&'a [String]>,
    pub file_href: Option<FileHref<'a>>,
}

impl<'a> Whole<'a> {
    /// Everything that is asked, with guidance and conditions.
    #[must_use]
    pub const fn questions(form: &'a Form, lang: Lang) -> Self {
        Self { form, lang, answers: None, look: None, guidance: true, only: None, file_href: None }
    }
    /// What was asked and answered.
    #[must_use]
    pub const fn answered(form: &'a Form, answers: &'a Answers, look: &'a Look, lang: Lang) -> Self {
        Self { form, lang, answers: Some(answers), look: Some(look), guidance: false, only: None, file_href: None }
    }
}

/// The whole form. Sections are second headings, questions third ones.
#[must_use]
pub fn whole(page: &Whole<'_>) -> Html {
    let (form, lang) = (page.form, page.lang);
    html(maud! {
        div class="whole" lang=[lang_of(lang)] {
            @if page.guidance && !form.about.is_empty() { (markdown_in(&form.about, lang)) }
            @for (i, section) in form.sections.iter().enumerate() {
                @if page.has(i) { (page.section(i, section)) }
            }
        }
    })
}

impl<'a> Whole<'a> {
    const fn say<'t>(&self, en: &'t str, cy: &'t str) -> &'t str {
        say(self.lang, en, cy)
    }
    /// Whether the section has anything to tell.
    fn has(&self, section: usize) -> bool {
        let any =
            |only: &[String]| self.form.sections.get(section).is_some_and(|s| s.questions.iter().any(|q| only.contains(&q.key)));
        self.only.is_none_or(any)
            && self.look.and_then(|look| look.sections.get(section)).is_none_or(|s| s.shown != Shown::Hidden)
    }
    fn wants(&self, question: &Question) -> bool {
        self.only.is_none_or(|only| only.contains(&question.key))
    }
    fn asks(&self, path: &Path) -> bool {
        self.look.and_then(|look| look.at(path)).is_none_or(|q| q.shown != Shown::Hidden)
    }

    fn section(&self, number: usize, section: &'a Section) -> Html {
        // Some of it may stand on one page with all of it.
        let id = format!("{}-{}", if self.only.is_some() { "some" } else { "whole" }, section.key);
        let condition = section.shown_when.as_deref().filter(|_| self.guidance);
        html(maud! {
            section class="whole-section" id=(&id) aria-labelledby={ (&id) "-heading" } {
                h2 id={ (&id) "-heading" } { (number + 1) ". " (text_in(&section.title, self.lang)) }
                @if let Some(sentence) = condition.and_then(|c| self.condition(None).sentence(c, ASKED)) { p class="muted" { (sentence) } }
                @if self.guidance && !section.about.is_empty() { (markdown_in(&section.about, self.lang)) }
                @for question in section.questions.iter().filter(|q| self.wants(q)) {
                    @if let Ok(path) = Path::new(&question.key) {
                        @if self.asks(&path) { (self.question(question, &path)) }
                    }
                }
            }
        })
    }

    const fn condition(&self, group: Option<&'a Question>) -> Condition<'a> {
        Condition { form: self.form, group, lang: self.lang }
    }

    fn question(&self, question: &'a Question, path: &Path) -> Html {
        html(maud! {
            div class="whole-question" {
                h3 { (text_in(&question.label, self.lang)) }
                @if self.guidance { (self.guidance_of(question, None)) }
                @match (&question.kind, self.answers) {
                    (Kind::Group { questions, item, .. }, None) => (self.asked_of_each(question, item.get(self.lang), questions)),
                    (Kind::Group { questions, item, .. }, Some(answers)) => (self.rows(question, item.get(self.lang), questions, answers)),
                    (kind, None) => (self.offers(kind)),
                    (_, Some(_)) => div class="whole-answer" { (self.answer(question, path)) },
                }
            }
        })
    }

    fn answer(&self, question: &Question, path: &Path) -> Html {
        let computed = self.look.and_then(|look| look.at(path)).and_then(|q| q.computed.as_ref());
        let value: Option<&Value> = self.answers.and_then(|answers| answers.get(path)).or(computed);
        let nowhere = |_: &FileRef| None;
        shown_with(question, value, self.lang, self.file_href.unwrap_or(&nowhere))
    }

    /// What helps to answer: how, how long, whether it has to be answered, and when it is asked.
    fn guidance_of(&self, question: &'a Question, group: Option<&'a Question>) -> Html {
        let condition = self.condition(group);
        let required = match &question.required {
            _ if matches!(question.kind, Kind::Computed { .. }) => None,
            Required::Always(true) => Some(self.say("Has to be answered.", "Rhaid ateb.").to_owned()),
            Required::Always(false) => Some(self.say("Optional.", "Dewisol.").to_owned()),
            Required::When(when) => condition.sentence(when, ["Has to be answered", "Rhaid ateb"]),
        };
        let asked = question.shown_when.as_deref().and_then(|when| condition.sentence(when, ASKED));
        let notes: Vec<String> = [Some(self.sort(&question.kind)), required, asked].into_iter().flatten().collect();
        html(maud! {
            p class="whole-notes" { (notes.join(" ")) }
            @if !question.help.is_empty() { p { (text_in(&question.help, self.lang)) } }
            @if !question.guidance.is_empty() { div class="guidance" { (markdown_in(&question.guidance, self.lang)) } }
        })
    }

    /// What sort of answer is asked for.
    fn sort(&self, kind: &Kind) -> String {
        let lang = self.lang;
        let most = |n: u32, one, many, cy| format!("{} {}.", self.say("Up to", "Hyd at"), count(n as usize, lang, one, many, cy));
        match kind {
            Kind::ShortText { max_chars: Some(n) } => most(*n, "character", "characters", "nod"),
            Kind::LongText { max_words: Some(n) } => most(*n, "word", "words", "gair"),
            Kind::ShortText { .. } => self.say("A line of text.", "Llinell o destun.").to_owned(),
            Kind::LongText { .. } => self.say("Text.", "Testun.").to_owned(),
            Kind::Number { unit, .. } => {
                let unit = unit.as_ref().map_or(String::new(), |u| format!(" ({})", u.get(lang)));
                format!("{}{unit}.", self.say("A number", "Rhif"))
            }
            Kind::Money { max: Some(max), .. } => format!("{} {max}.", self.say("Money, up to", "Arian, hyd at")),
            Kind::Money { .. } => self.say("Money.", "Arian.").to_owned(),
            Kind::Date { .. } => self.say("A date.", "Dyddiad.").to_owned(),
            Kind::Month { .. } => self.say("A month.", "Mis.").to_owned(),
            Kind::YesNo => self.say("Yes or no.", "Ie neu na.").to_owned(),
            Kind::ChooseOne { .. } => self.say("Choose one.", "Dewiswch un.").to_owned(),
            Kind::ChooseSeveral { max: Some(max), .. } => format!("{} {max}.", self.say("Choose up to", "Dewiswch hyd at")),
            Kind::ChooseSeveral { .. } => self.say("Choose all that apply.", "Dewiswch bob un sy’n berthnasol.").to_owned(),
            Kind::Scale { .. } => self.say("A point on a scale.", "Pwynt ar raddfa.").to_owned(),
            Kind::Grid { .. } => self.say("A point on a scale for each.", "Pwynt ar raddfa i bob un.").to_owned(),
            Kind::Ranking { .. } => self.say("Put in order.", "Rhowch mewn trefn.").to_owned(),
            Kind::File { .. } => self.say("A file.", "Ffeil.").to_owned(),
            Kind::Organisation { .. } => self.say("An organisation.", "Sefydliad.").to_owned(),
            Kind::Person => self.say("A person’s name and role.", "Enw a rôl person.").to_owned(),
            Kind::Area => self.say("An area.", "Ardal.").to_owned(),
            Kind::Budget { .. } => self.say("A table of money.", "Tabl o arian.").to_owned(),
            Kind::Group { .. } => {
                format!("{}.", count(kind.most_rows(), lang, "time at most", "times at most", "o weithiau ar y mwyaf"))
            }
            Kind::Computed { .. } => self.say("Worked out from other answers.", "Wedi’i gyfrifo o atebion eraill.").to_owned(),
        }
    }

    /// What there is to choose from.
    fn offers(&self, kind: &Kind) -> Html {
        match kind {
            Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } | Kind::Ranking { options, .. } => {
                self.choices(options)
            }
            Kind::Scale { points } => self.points(points),
            Kind::Grid { rows, points } => html((self.choices(rows), self.points(points))),
            Kind::Budget { columns, lines, .. } => html((self.choices(lines), self.choices(columns))),
            Kind::Organisation { sectors, .. } => self.choices(sectors),
            _ => html(""),
        }
    }
    fn choices(&self, choices: &[Choice]) -> Html {
        html(maud! {
            @if !choices.is_empty() {
                ul class="answer-list" {
                    @for choice in choices {
                        li {
                            (text_in(&choice.label, self.lang))
                            @if !choice.help.is_empty() { span class="muted" { ": " (text_in(&choice.help, self.lang)) } }
                        }
                    }
                }
            }
        })
    }
    fn points(&self, points: &[Point]) -> Html {
        html(maud! {
            ul class="answer-list whole-points" {
                @for point in points {
                    li {
                        (point.value.to_string())
                        @if !point.label.is_empty() { ": " (text_in(&point.label, self.lang)) }
                        @if !point.help.is_empty() { span class="muted" { " (" (text_in(&point.help, self.lang)) ")" } }
                    }
                }
            }
        })
    }

    /// The questions of a group, once for all its rows.
    fn asked_of_each(&self, group: &'a Question, item: &str, questions: &'a [Question]) -> Html {
        html(maud! {
            div class="whole-rows" {
                p { (self.say("For each: ", "I bob un: ")) (item) }
                @for question in questions {
                    div class="whole-question" {
                        h4 { (text_in(&question.label, self.lang)) }
                        (self.guidance_of(question, Some(group)))
                        (self.offers(&question.kind))
                    }
                }
            }
        })
    }

    fn rows(&self, group: &'a Question, item: &str, questions: &'a [Question], answers: &'a Answers) -> Html {
        let rows = answers.rows(&group.key);
        let item = if item.is_empty() { group.label.get(self.lang) } else { item };
        html(maud! {
            @if rows.is_empty() { div class="whole-answer" { (not_answered(self.lang)) } }
            @for (i, row) in rows.iter().enumerate() {
                div class="whole-rows" {
                    h4 { (item) " " (i + 1) }
                    (self.row(group, row, questions))
                }
            }
        })
    }

    fn row(&self, group: &Question, row: &RowId, questions: &'a [Question]) -> Html {
        let paths: Vec<(&Question, Path)> =
            questions.iter().filter_map(|q| Some((q, Path::in_row(&group.key, row, &q.key).ok()?))).collect();
        html(maud! {
            dl class="answer-pairs" {
                @for (question, path) in &paths {
                    @if self.asks(path) {
                        div { dt { (text_in(&question.label, self.lang)) } dd { (self.answer(question, path)) } }
                    }
                }
            }
        })
    }
}

const ASKED: [&str; 2] = ["Asked", "Gofynnir"];
