//! Answers, whole forms and sections as people read them.

use std::collections::HashSet;

use forms::{Answers, FieldProblem, Fields, Form, Lang, SectionState, Value};
use ui::answers::{self, Asked, Clash, Whole};
use ui::gallery_answers::{self as gallery, every_kind};

use super::asking::{answered, path};
use super::common::{all, attr, one, page, text};

const HOSTILE: &str = r#"<script>"'&"#;

#[test]
fn an_answer_is_read_as_people_say_it() {
    for (question, value) in answered() {
        let page = page(answers::shown(&question, Some(&value), Lang::En));
        let said = text(one(&page, "body"));
        let wanted = match question.key.as_str() {
            "ready" => vec!["People", "2 (Mostly)", "Trust between the organisations", "Not answered yet"],
            "budget" => vec!["Staff", "£12,000", "Minibus and fuel", "£24,000.50"],
            "order" => vec!["Depth", "Reach", "Speed"],
            "needs" => vec!["Food", "Housing"],
            "quarters" => vec!["Wages", "£625.50"],
            "different" => vec!["People would know whom to ask.", "The surgery would know them too."],
            _ => vec![],
        };
        assert!(wanted.iter().all(|part| said.contains(part)), "{}: {said}", question.key);
        if wanted.is_empty() {
            assert_eq!(said, question.kind.plain(&value, Lang::En), "{}", question.key);
        }
        assert_eq!(answers::shown(&question, None, Lang::En).as_str(), answers::not_answered(Lang::En).as_str());
    }
    let (letter, file) = answered().into_iter().find(|(q, _)| q.key == "letter").unwrap();
    let linked = page(answers::shown_with(&letter, Some(&file), Lang::En, &|file| Some(format!("/files/{}", file.hash))));
    assert!(attr(one(&linked, "a"), "href").starts_with("/files/a0a0"));
}

fn whole_of(form: &Form) -> String {
    text(one(&page(answers::whole(&Whole::questions(form, Lang::En))), "body"))
}

#[test]
fn the_whole_form_can_be_read_before_one_starts() {
    let form = every_kind();
    let said = whole_of(&form);
    for question in form.sections.iter().flat_map(|s| &s.questions) {
        assert!(said.contains(&question.label.en), "{}", question.key);
    }
    for part in [
        "Nothing is sent until you send it.",
        "A month. Has to be answered. Asked when “Have you worked together before?” is Yes.",
        "Asked when “How much do you ask for?” is more than £20,000.",
        "Asked when “Sector” is “Other”.",
        "Two or three paragraphs are enough.",
        "Growing it, cooking it, sharing it",
        "They meet by themselves, and one decides.",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}

#[test]
fn conditions_are_told_in_words() {
    for (condition, told) in [
        ("not worked-together", "Asked when “Have you worked together before?” is No."),
        (
            "worked-together and ask <= £5000",
            "Asked when “Have you worked together before?” is Yes and “How much do you ask for?” is at most £5,000.",
        ),
        (
            "not (worked-together or people < 5)",
            "Asked when “Have you worked together before?” is No and “How many people live there?” is at least 5.",
        ),
        (
            "worked-together and (people > 5 or ask > £5)",
            "is Yes and (“How many people live there?” is more than 5 or “How much do you ask for?” is more than £5).",
        ),
        ("needs has \"food\"", "Asked when “What will you work on?” includes “Food”."),
        ("stage in (\"idea\", \"started\")", "Asked when “How far are you?” is “An idea” or “Started”."),
        ("start < 2027-01-01", "Asked when “When would you start?” is before 1 January 2027."),
        ("answered(letter)", "Asked when “A letter of support” is answered."),
        ("lead.sector = \"health\"", "Asked when the sector of “Who leads the partnership?” is “Health”."),
        ("budget.total = ask", "Asked when the total of “What is it for?” is “How much do you ask for?”."),
        ("ready.hands > 1", "Asked when “How ready are you?: People” is more than 1."),
        (
            "sum(partners.amount) > ask / 2",
            "Asked or not, depending on the answers to “Partners” and “How much do you ask for?”.",
        ),
    ] {
        let mut form = every_kind();
        form.sections[3].shown_when = Some(condition.into());
        assert!(whole_of(&form).contains(told), "{condition}: {}", whole_of(&form));
    }
}

#[test]
fn a_receipt_holds_every_answer_and_no_question_that_was_not_asked() {
    let (form, mut given) = (every_kind(), gallery::answers());
    let receipt = |given: &Answers| {
        let look = form.compile().unwrap().look(given, Lang::En);
        text(one(&page(answers::whole(&Whole::answered(&form, given, &look, Lang::En))), "body"))
    };
    let said = receipt(&given);
    for part in ["Kite Common Trust", "March 2020", "Partner 2", "The Lock Keepers", "£12,500", "£24,000.50", "£2.08"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("Two or three paragraphs"));
    assert_eq!(said.matches("Their share").count(), 1, "asked of one partner only");
    given.set(path("worked-together"), Some(Value::YesNo(false)));
    given.set(path("contact"), None);
    let said = receipt(&given);
    assert!(!said.contains("Since when?") && said.contains("Not answered yet"));
}

#[test]
fn each_section_says_how_far_it_has_come_in_a_word_and_a_shape() {
    let form = every_kind();
    let mut look = form.compile().unwrap().look(&Answers::default(), Lang::En);
    let mut seen = HashSet::new();
    for (state, words) in [
        (SectionState::NotStarted, "Not started"),
        (SectionState::InProgress, "In progress"),
        (SectionState::Complete, "Complete"),
        (SectionState::NothingHere, "Nothing to answer here"),
        (SectionState::CannotTell, "Cannot tell yet"),
    ] {
        look.sections[0].state = state;
        (look.sections[0].missing, look.sections[0].problems) = (2, 1);
        let page = page(answers::sections(&form, &look, Lang::En, |key| format!("/form/{key}")));
        let item = all(&page, "li")[0];
        assert_eq!(text(item.select(&super::common::select(".state")).next().unwrap()), words);
        let shape = item.select(&super::common::select("svg")).next().unwrap();
        assert!(seen.insert(shape.inner_html()), "{words} looks like another state");
        let links = item.select(&super::common::select("a")).count();
        assert_eq!(links, usize::from(state != SectionState::NothingHere));
        assert_eq!(
            text(item).contains("2 answers missing, 1 to look at again"),
            matches!(state, SectionState::InProgress | SectionState::CannotTell)
        );
    }
}

/// The form with hostile words wherever words can stand.
fn hostile(form: &Form) -> Form {
    let mut json = serde_json::to_value(form).unwrap();
    spoil(&mut json);
    serde_json::from_value(json).unwrap()
}

fn spoil(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Array(list) => list.iter_mut().for_each(spoil),
        serde_json::Value::Object(parts) => {
            for (key, value) in parts.iter_mut() {
                if matches!(key.as_str(), "label" | "title" | "help" | "guidance" | "about" | "item" | "unit") {
                    *value = serde_json::json!({ "en": HOSTILE, "cy": HOSTILE });
                } else {
                    spoil(value);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn hostile_text_stays_text_in_questions_and_answers() {
    let form = hostile(&every_kind());
    let text = Value::Text(HOSTILE.into());
    let fields: Fields = [
        "",
        ".name",
        ".role",
        ".code",
        ".id",
        ".hash",
        ".size",
        ".media-type",
        ".line-1.about",
        ".line-1.year-1",
        ".staff.about",
    ]
    .iter()
    .map(|part| (format!("q{part}"), HOSTILE))
    .collect();
    let problems = [("", HOSTILE), ("name", HOSTILE), ("hands", HOSTILE), ("line-1.about", HOSTILE), ("gone", HOSTILE)]
        .map(|(part, message)| FieldProblem { part: part.into(), message: message.into() });
    let mut pieces = vec![];
    for question in form.sections.iter().flat_map(|s| &s.questions) {
        for lang in [Lang::En, Lang::Cy] {
            let clash = Clash { theirs: Some(&text), who: HOSTILE, when: HOSTILE, problem: Some(HOSTILE) };
            let own = path("q");
            let asked =
                Asked::new(question, &own, lang, &fields).problems(&problems).prefilled_from(Some(HOSTILE)).computed(Some(&text));
            pieces.extend([
                answers::question(&asked),
                answers::question(&asked.clone().clash(Some(clash))),
                answers::shown(question, Some(&text), lang),
            ]);
        }
    }
    let given = gallery::answers();
    let look = form.compile().unwrap().look(&given, Lang::Cy);
    pieces.push(answers::whole(&Whole::questions(&form, Lang::Cy)));
    pieces.push(answers::whole(&Whole::answered(&form, &given, &look, Lang::En)));
    pieces.push(answers::sections(&form, &look, Lang::En, |_| HOSTILE.to_owned()));
    for piece in pieces {
        let written = piece.as_str();
        assert!(!written.to_lowercase().contains("<script"), "{written}");
        for element in all(&page(&piece), "*") {
            assert!(element.value().attrs().all(|(name, _)| !name.contains(['<', '"', '\'', '&'])), "{written}");
        }
    }
}
