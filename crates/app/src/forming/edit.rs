//! A form edited question by question. What one works on travels with the page, so nothing is kept before it is saved
//! as a version, and nobody meets a form that is half done.

use std::str::FromStr;

use axum::http::StatusCode;
use forms::{Flaw, Form, Kind, Lang, Question, Section, Step, Text};
use kernel::Invalid;
use ui::answers::{Whole, whole};
use ui::form::{self, Field};
use ui::shell::InvalidSummary;
use ui::{Html, html, parts};

use super::question::Typed;
use super::{home, standing};
use crate::answers::{keep_made, latest_form};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

/// What stands open on the page, to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Section(usize),
    Question(usize, usize),
}

/// `2` is the third section, `2.0` its first question.
impl FromStr for Open {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('.') {
            _ if text.is_empty() => Ok(Self::Nothing),
            Some((section, question)) => Ok(Self::Question(section.parse()?, question.parse()?)),
            None => Ok(Self::Section(text.parse()?)),
        }
    }
}

impl std::fmt::Display for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Section(section) => write!(f, "{section}"),
            Self::Question(section, question) => write!(f, "{section}.{question}"),
        }
    }
}

/// What one works on.
pub(super) struct Work {
    form: Form,
    /// The version it began from.
    base: i32,
    open: Open,
    reason: String,
    /// What was typed into the question that is open, where it cannot be a question yet.
    typed: Option<(Typed, String)>,
    /// What of a workbook could not be carried over, a line each. It travels along until the form is saved.
    lost: Vec<String>,
}

impl Work {
    pub fn new(form: Form, base: i32) -> Self {
        Self { form, base, open: Open::Nothing, reason: String::new(), typed: None, lost: Vec::new() }
    }
    /// Of a form that was read from a workbook.
    pub fn read_from(self, workbook: &str, lost: Vec<String>) -> Self {
        Self { reason: format!("Read from the workbook {workbook}"), lost, ..self }
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let now = standing(&cx).await?;
    let work = Work::new(now.form, now.version);
    page(&cx, &work, &Invalid::default(), StatusCode::OK)
}

pub(super) async fn save(act: Act) -> Answer {
    let unreadable = || Stop::Refused {
        status: StatusCode::BAD_REQUEST,
        title: "That could not be read".into(),
        why: "What arrived is not the page’s form. Nothing was saved. Open the page again.".into(),
        next: None,
    };
    let form: Form = serde_json::from_str(act.form.get("document")).map_err(|_| unreadable())?;
    if form.key != act.param("form") {
        return Err(unreadable());
    }
    let mut work = Work {
        form,
        base: act.form.get("base").parse().map_err(|_| unreadable())?,
        open: act.form.get("open").parse().map_err(|_| unreadable())?,
        reason: act.form.get("reason").to_string(),
        typed: None,
        lost: act.form.get("lost").lines().map(ToString::to_string).collect(),
    };
    keep_typed(&mut work, &act);
    if work.typed.is_some() {
        return page(&act, &work, &Invalid::default(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let pressed = act.form.get("do").to_string();
    match pressed.split_once(':').unwrap_or((&pressed, "")) {
        ("save", _) => return save_version(act, work).await,
        (what, at) => change(&mut work, what, at.parse().unwrap_or(Open::Nothing)),
    }
    page(&act, &work, &Invalid::default(), StatusCode::OK)
}

/// What stood in the boxes of whatever was open goes into the form, whichever button was pressed.
fn keep_typed(work: &mut Work, act: &Act) {
    let get = |name: &str| act.form.get(name).to_string();
    let text = |name: &str| Text { en: get(name), cy: Some(get(&format!("{name}_cy"))).filter(|cy| !cy.is_empty()) };
    if act.form.pairs().any(|(name, _)| name == "title") {
        (work.form.title, work.form.about) = (text("title"), text("about"));
    }
    match work.open {
        Open::Nothing => {}
        Open::Section(at) => {
            if let Some(section) = work.form.sections.get_mut(at) {
                (section.key, section.title, section.about) = (get("s_key"), text("s_title"), text("s_about"));
                section.shown_when = Some(get("s_shown_when")).filter(|when| !when.is_empty());
            }
        }
        Open::Question(section, at) => {
            let question = work.form.sections.get_mut(section).and_then(|s| s.questions.get_mut(at));
            if let Some(question) = question {
                let typed = Typed::posted(&act.form);
                match typed.apply(question) {
                    Ok(changed) => *question = changed,
                    Err(why) => work.typed = Some((typed, why)),
                }
            }
        }
    }
}

fn change(work: &mut Work, what: &str, at: Open) {
    let sections = &mut work.form.sections;
    let fresh =
        |used: &dyn Fn(&str) -> bool, stem: &str| (1..).map(|n| format!("{stem}-{n}")).find(|key| !used(key)).unwrap_or_default();
    match (what, at) {
        ("open", at) => work.open = at,
        ("keep", _) => {}
        ("add-section", _) => {
            let key = fresh(&|key| sections.iter().any(|s| s.key == key), "section");
            let title = Text::from("A new section");
            sections.push(Section { key, title, about: Text::default(), shown_when: None, questions: Vec::new() });
            work.open = Open::Section(sections.len() - 1);
        }
        ("add", Open::Section(at)) => {
            let key = fresh(&|key| sections.iter().flat_map(|s| &s.questions).any(|q| q.key == key), "question");
            if let Some(section) = sections.get_mut(at) {
                section.questions.push(Question::new(key, "A new question", Kind::ShortText { max_chars: None }));
                work.open = Open::Question(at, section.questions.len() - 1);
            }
        }
        // What was open may stand elsewhere afterwards, or nowhere.
        ("up" | "down" | "remove", Open::Section(at)) => {
            moved(sections, what, at);
            work.open = Open::Nothing;
        }
        ("up" | "down" | "remove", Open::Question(section, at)) => {
            if let Some(section) = sections.get_mut(section) {
                moved(&mut section.questions, what, at);
            }
            work.open = Open::Nothing;
        }
        _ => work.open = Open::Nothing,
    }
}

fn moved<T>(list: &mut Vec<T>, what: &str, at: usize) {
    match what {
        "up" if at > 0 && at < list.len() => list.swap(at - 1, at),
        "down" if at + 1 < list.len() => list.swap(at, at + 1),
        "remove" if at < list.len() => {
            list.remove(at);
        }
        _ => {}
    }
}

async fn save_version(act: Act, mut work: Work) -> Answer {
    let programme = act.programme()?.clone();
    let mut wrong = Invalid::default();
    if work.reason.is_empty() || work.reason.chars().count() > 300 {
        wrong.add("reason", "Say in a sentence why the form is changed, in at most 300 characters");
    }
    let flaws = work.form.flaws();
    if !wrong.is_empty() || !flaws.is_empty() {
        // What is to be mended first is opened, unless something is that has to be mended as well.
        let places: Vec<Open> = flaws.iter().map(|flaw| place(&work.form, flaw).1).collect();
        if !places.contains(&work.open) {
            work.open = places.first().copied().unwrap_or(work.open);
        }
        return page(&act, &work, &wrong, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut write = act.write("save a version of a form").await?;
    // Two who save at once are told of each other: one after the other, by the programme's row.
    write.lock::<tables::programme::Entity>(programme.id).await?;
    let latest = latest_form(write.tx(), programme.id, &work.form.key).await?;
    let newest = latest.as_ref().map_or(0, |row| row.version);
    if newest > work.base {
        drop(write);
        work.base = newest;
        wrong.add(
            "reason",
            format!(
                "Somebody saved version {newest} meanwhile. Look at it in another window, and press again to save yours after it"
            ),
        );
        return page(&act, &work, &wrong, StatusCode::CONFLICT);
    }
    let row = keep_made(&mut write, programme.id, &work.form, &work.reason).await?;
    act.save(write, &format!("{}/{}?done=saved", home(&act)?, row.key)).await
}

/// Where a flaw stands, in words, and in whose box it can be mended.
fn place(form: &Form, flaw: &Flaw) -> (String, Open) {
    let item = |at: usize| match flaw.way.get(at) {
        Some(Step::Item(item)) => Some(*item),
        _ => None,
    };
    let is = |at: usize, name: &str| matches!(flaw.way.get(at), Some(Step::Key(key)) if key == name);
    let place = match (is(0, "sections"), item(1), is(2, "questions"), item(3)) {
        (true, Some(section), true, Some(question)) => Open::Question(section, question),
        (true, Some(section), ..) => Open::Section(section),
        _ => Open::Nothing,
    };
    let words = match place {
        Open::Question(section, question) => {
            let question = form.sections.get(section).and_then(|s| s.questions.get(question));
            question.map_or_else(String::new, |q| format!("“{}”: ", q.label.en))
        }
        Open::Section(section) => form.sections.get(section).map_or_else(String::new, |s| format!("“{}”: ", s.title.en)),
        Open::Nothing => String::new(),
    };
    (words, place)
}

/// The box in which a flaw of whatever is open can be mended.
fn box_of(form: &Form, flaw: &Flaw) -> &'static str {
    let (_, at) = place(form, flaw);
    let key = |depth: usize| match flaw.way.get(depth) {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    match at {
        Open::Nothing => "title",
        Open::Section(_) => match key(2) {
            "key" => "s_key",
            "shown_when" => "s_shown_when",
            _ => "s_title",
        },
        Open::Question(section, at) => {
            let kind = form.sections.get(section).and_then(|s| s.questions.get(at)).map(|q| &q.kind);
            let chooses = matches!(kind, Some(Kind::ChooseOne { .. } | Kind::ChooseSeveral { .. } | Kind::Ranking { .. }));
            match key(4) {
                "label" => "q_label",
                "key" | "" => "q_key",
                "help" => "q_help",
                "guidance" => "q_guidance",
                "required" => "q_required_when",
                "shown_when" => "q_shown_when",
                "options" if chooses => "q_options",
                _ => "q_kind",
            }
        }
    }
}

/// What is wrong, with the very character where it is within a condition.
fn told(flaw: &Flaw) -> String {
    let at = flaw.offset.map(|offset| format!("Character {}: ", offset + 1)).unwrap_or_default();
    format!("{at}{}. {}", flaw.what.trim_end_matches('.'), flaw.instead)
}

pub(super) fn page(cx: &Cx, work: &Work, wrong: &Invalid, status: StatusCode) -> Answer {
    let programme = cx.programme()?;
    let (home, flaws) = (home(cx)?, work.form.flaws());
    let document = serde_json::to_string(&work.form).map_err(|e| kernel::Fault::new("write a form", e))?;
    let mut items: Vec<(String, String)> = wrong.problems().iter().map(|p| (p.field.to_string(), p.message.clone())).collect();
    if let Some((_, why)) = &work.typed {
        items.push(("q_kind".into(), why.clone()));
    } else if status != StatusCode::OK {
        let shown = flaws.iter().filter(|flaw| [work.open, Open::Nothing].contains(&place(&work.form, flaw).1));
        items.extend(
            shown.map(|flaw| (box_of(&work.form, flaw).to_string(), format!("{}{}", place(&work.form, flaw).0, told(flaw)))),
        );
    }
    let summary = (!items.is_empty()).then(|| InvalidSummary { title: InvalidSummary::from(Invalid::default()).title, items });
    let draft = Draft::new(format!("Edit “{}”", work.form.title.en))
        .lead(
            "Nothing is kept before you save it as a version. Calls that are open go on with the version they were opened with.",
        )
        .crumb(&programme.name, programme.href())
        .crumb("Forms", &home)
        .crumb(&work.form.title.en, format!("{home}/{}", work.form.key))
        .invalid_items(summary)
        .status(status);
    Ok(draft.page(
        cx,
        maud! {
            (not_carried(&work.lost))
            (form::form(&format!("{home}/{}/edit", work.form.key), &cx.form_keys(), maud! {
                (form::hidden("document", &document))
                (form::hidden("lost", &work.lost.join("\n")))
                (form::hidden("base", &work.base.to_string()))
                (form::hidden("open", &work.open.to_string()))
                (top(&work.form))
                @for (at, section) in work.form.sections.iter().enumerate() { (section_block(work, at, section, &flaws)) }
                (form::named_button("Add a section", "do", "add-section"))
                (flaw_list(&work.form, &flaws))
                (form::long_text(Field::new("reason", "Why is it changed?").hint("Kept with the version.").value(&work.reason).error(wrong.of("reason")), 2))
                (form::main_named_button("Save as a version", "do", "save"))
            }))
            details class="govuk-details" {
                summary class="govuk-details__summary" { span class="govuk-details__summary-text" { "How it reads" } }
                (whole(&Whole::questions(&work.form, Lang::En)))
            }
        },
    ))
}

/// What the workbook said that a form here has no words for.
fn not_carried(lost: &[String]) -> Html {
    html(maud! {
        @if !lost.is_empty() {
            (parts::section("lost", "What could not be carried over from the workbook", maud! {
                p { "Each with its sheet and row. Write it anew below where it matters." }
                ul class="govuk-list govuk-list--bullet" { @for one in lost { li { (one) } } }
            }))
        }
    })
}

fn top(form: &Form) -> Html {
    let cy = |text: &Text| text.cy.clone().unwrap_or_default();
    let (title_cy, about_cy) = (cy(&form.title), cy(&form.about));
    html(maud! {
        (form::text(Field::new("title", "Title, in English").value(&form.title.en)))
        (form::text(Field::new("title_cy", "Title, in Welsh").value(&title_cy).optional()))
        (form::long_text(Field::new("about", "Introduction, in English").value(&form.about.en).optional(), 2))
        (form::long_text(Field::new("about_cy", "Introduction, in Welsh").value(&about_cy).optional(), 2))
    })
}

/// Buttons for one thing of a list; what they are for is read out with them.
fn buttons(of: &str, at: Open, (first, last): (bool, bool)) -> Html {
    let button = |words: &str, what: &str| {
        html(maud! {
            button class="govuk-button govuk-button--secondary" type="submit" name="do" value={ (what) ":" (at.to_string()) } {
                (words) span class="govuk-visually-hidden" { " " (of) }
            }
        })
    };
    form::button_group(maud! {
        (button("Change", "open"))
        @if !first { (button("Up", "up")) }
        @if !last { (button("Down", "down")) }
        (button("Remove", "remove"))
    })
}

fn section_block(work: &Work, at: usize, section: &Section, flaws: &[Flaw]) -> Html {
    let last = work.form.sections.len() - 1;
    let of_section = Open::Section(at);
    let questions: Vec<Html> = section
        .questions
        .iter()
        .enumerate()
        .map(|(number, question)| question_block(work, (at, number), question, flaws))
        .collect();
    parts::section(
        &format!("section-{at}"),
        &section.title.en,
        maud! {
            @if work.open == of_section { (section_boxes(&work.form, at, section, flaws)) }
            @else { (buttons(&format!("section “{}”", section.title.en), of_section, (at == 0, at == last))) }
            @for question in &questions { (question) }
            (form::named_button(&format!("Add a question to “{}”", section.title.en), "do", &format!("add:{at}")))
        },
    )
}

/// The first flaw of whatever is open that can be mended in this box.
fn flaw_at(form: &Form, flaws: &[Flaw], open: Open, name: &str) -> Option<String> {
    flaws.iter().find(|flaw| place(form, flaw).1 == open && box_of(form, flaw) == name).map(told)
}

fn section_boxes(form: &Form, at: usize, section: &Section, flaws: &[Flaw]) -> Html {
    let wrong = |name: &str| flaw_at(form, flaws, Open::Section(at), name);
    let (key, title, when) = (wrong("s_key"), wrong("s_title"), wrong("s_shown_when"));
    let (title_cy, about_cy) = (section.title.cy.clone().unwrap_or_default(), section.about.cy.clone().unwrap_or_default());
    let shown_when = section.shown_when.clone().unwrap_or_default();
    html(maud! {
        (form::text(Field::new("s_title", "Title of the section, in English").value(&section.title.en).error(title.as_deref())))
        (form::text(Field::new("s_title_cy", "Title of the section, in Welsh").value(&title_cy).optional()))
        (form::text(Field::new("s_key", "Key of the section").value(&section.key).error(key.as_deref())))
        (form::long_text(Field::new("s_about", "About the section, in English").value(&section.about.en).optional(), 2))
        (form::long_text(Field::new("s_about_cy", "About the section, in Welsh").value(&about_cy).optional(), 2))
        (form::text(Field::new("s_shown_when", "Shown when").hint("A condition over earlier answers. Without one it is always shown.").value(&shown_when).error(when.as_deref()).optional()))
        (form::button_group(maud! { (form::named_button("Keep this", "do", "keep")) (form::named_button("Close", "do", "close")) }))
    })
}

fn question_block(work: &Work, (section, at): (usize, usize), question: &Question, flaws: &[Flaw]) -> Html {
    let open = Open::Question(section, at);
    let last = work.form.sections.get(section).map_or(0, |s| s.questions.len().saturating_sub(1));
    if work.open != open {
        return html(maud! {
            div class="question" {
                h3 { (&question.label.en) }
                p class="muted" { (&question.key) ", " (question.kind.key()) }
                (buttons(&format!("“{}”", question.label.en), open, (at == 0, at == last)))
            }
        });
    }
    let fresh;
    let (typed, unusable) = match &work.typed {
        Some((typed, why)) => (typed, Some(why.clone())),
        None => {
            fresh = Typed::of(question);
            (&fresh, None)
        }
    };
    let wrong = |name: &str| match (name, &unusable) {
        ("q_kind", Some(why)) => Some(why.clone()),
        _ => flaw_at(&work.form, flaws, open, name),
    };
    html(maud! {
        div class="question" {
            h3 { (&question.label.en) }
            (typed.boxes(&wrong))
            (form::button_group(maud! { (form::named_button("Keep this", "do", "keep")) (form::named_button("Close", "do", "close")) }))
        }
    })
}

fn flaw_list(form: &Form, flaws: &[Flaw]) -> Html {
    html(maud! {
        div id="flaws" tabindex="-1" {
            @if flaws.is_empty() { p class="muted" { "Nothing is wrong with it." } }
            @else {
                p { strong { "To be mended before it can be saved" } }
                ul class="govuk-list govuk-list--bullet" {
                    @for flaw in flaws { li { (place(form, flaw).0) (told(flaw)) } }
                }
            }
        }
    })
}
