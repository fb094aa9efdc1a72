//! How a form stands: what is shown, missing, wrong, worked out and scored.

use crate::common::{answers, application, compiled, of_questions, path};
use forms::{Lang, Look, Number, SectionState, Shown, Value};
use kernel::Money;

const FULL: &str = r#"{
  "lead": {"organisation": {"name": "Kite Common Trust", "sector": "community"}},
  "contact": {"person": {"name": "Wren Hollow"}},
  "name": {"text": "Kite Common together"},
  "worked-together": {"yes-no": false},
  "story": {"text": "Neighbours decide."},
  "needs": {"choices": ["food", "housing"]},
  "stage": {"choice": "started"},
  "people": {"number": 4000},
  "ready": {"grid": {"people": 1, "money": 2}},
  "start": {"date": "2027-01-01"},
  "end": {"date": "2027-12-31"},
  "award": {"money": 1000000},
  "budget": {"budget": [{"id": "staff", "amounts": {"year-1": 600000, "year-2": 400000}}]}
}"#;

fn look(json: &str) -> Look {
    application().compile().unwrap().look(&answers(json), Lang::En)
}

/// The full application with some answers changed or, with `null`, taken away.
fn with(changes: &str) -> Look {
    let mut all: serde_json::Value = serde_json::from_str(FULL).unwrap();
    let changes: serde_json::Map<String, serde_json::Value> = serde_json::from_str(changes).unwrap();
    let object = all.as_object_mut().unwrap();
    for (key, value) in changes {
        if value.is_null() {
            object.remove(&key)
        } else {
            object.insert(key, value)
        };
    }
    look(&all.to_string())
}

fn states(look: &Look) -> Vec<SectionState> {
    look.sections.iter().map(|s| s.state).collect()
}

fn messages(look: &Look) -> Vec<(String, &str)> {
    look.missing.iter().chain(&look.problems).map(|n| (n.path.to_string(), n.message.as_str())).collect()
}

#[test]
fn an_empty_form_asks_for_what_is_required_and_cannot_tell_about_the_rest() {
    let look = look("{}");
    use SectionState::{CannotTell, NotStarted};
    assert_eq!(states(&look), [NotStarted, NotStarted, NotStarted, CannotTell]);
    let missing: Vec<String> = look.missing.iter().map(|n| n.path.to_string()).collect();
    assert_eq!(missing, ["lead", "contact", "name", "worked-together", "story", "stage", "start", "end", "award"]);
    assert_eq!(look.missing[0].message, "Answer “Who leads the partnership?”");
    assert_eq!(look.at(&path("since")).unwrap().shown, Shown::CannotTell);
    assert!(look.problems.is_empty() && !look.ready());
}

#[test]
fn a_full_form_is_ready() {
    let look = look(FULL);
    assert_eq!(messages(&look), []);
    assert!(look.ready());
    use SectionState::{Complete, NothingHere};
    assert_eq!(states(&look), [Complete, Complete, Complete, NothingHere]);
    assert_eq!(look.at(&path("since")).unwrap().shown, Shown::Hidden);
    let each = look.at(&path("per-person")).unwrap().computed.clone();
    assert_eq!(each, Some(Value::Money(Money::from_pence(250))));
    assert_eq!(look.at(&path("budget")).unwrap().total, Some(Money::from_pounds(10_000)));
}

#[test]
fn a_hidden_answer_is_kept_and_does_not_count() {
    let hidden = with(r#"{"since": {"month": "2999-01"}}"#);
    assert!(hidden.ready(), "it is out of bounds, but nobody asks for it");
    let shown = with(r#"{"since": {"month": "2999-01"}, "worked-together": {"yes-no": true}, "trust": {"point": 3}}"#);
    assert_eq!(messages(&shown), [("since".to_owned(), "Enter a month no later than November 2026")]);
}

#[test]
fn a_condition_makes_an_answer_required() {
    let look = with(r#"{"worked-together": {"yes-no": true}, "since": {"month": "2020-01"}}"#);
    assert_eq!(messages(&look), [("trust".to_owned(), "Answer “We trust each other”")]);
}

#[test]
fn rules_across_answers_point_at_their_questions_and_wait_for_them() {
    let look = with(r#"{"end": {"date": "2026-12-31"}, "budget": null}"#);
    assert_eq!(messages(&look), [("start".to_owned(), "End after you start")]);
    for key in ["start", "end"] {
        assert_eq!(look.at(&path(key)).unwrap().problems.len(), 1, "{key}");
    }
    let look = with(r#"{"award": {"money": 900000}}"#);
    assert_eq!(messages(&look), [("budget".to_owned(), "Let the budget come to what you ask for")]);
}

#[test]
fn rows_are_asked_and_worked_out_one_by_one() {
    let look = with(
        r#"{"award": {"money": 3000000}, "budget": null,
            "partners": {"rows": ["r2", "r1"]},
            "partners.r1.name": {"text": "Otter Fold"}, "partners.r1.sector": {"choice": "other"}, "partners.r1.amount": {"money": 100000},
            "partners.r2.sector": {"choice": "other"}, "partners.r2.amount": {"money": 3100000},
            "partners.r9.name": {"text": "of a row that was taken away"}}"#,
    );
    let expected =
        [("partners.r2.name", "Answer “Name” (Partner 1)"), ("partners.r2.amount", "Keep their share within the whole")];
    assert_eq!(messages(&look), expected.map(|(p, m)| (p.to_owned(), m)));
    let part = look.at(&path("partners.r1.part")).unwrap().computed.clone();
    assert_eq!(part, Some(Value::Number("1/32".parse().unwrap())));
    assert!(look.at(&path("partners.r9.name")).is_none());
}

#[test]
fn a_group_that_is_required_wants_rows() {
    let look = with(r#"{"award": {"money": 3000000}, "budget": null}"#);
    assert_eq!(messages(&look), [("partners".to_owned(), "Answer “Partners”")]);
    let look = with(r#"{"award": {"money": 3000000}, "budget": null, "partners": {"rows": ["a","b","c","d","e","f"]}}"#);
    assert!(
        messages(&look).contains(&("partners".to_owned(), "Keep at most 5 of ‘Partner’; there are 6")),
        "{:?}",
        messages(&look)
    );
}

#[test]
fn scores_are_weighed_by_section_and_as_a_whole() {
    let scores = look(FULL).scores;
    let n = |text: &str| text.parse::<Number>().unwrap();
    let values: Vec<_> = scores.each.iter().map(|s| (s.key.as_str(), s.value)).collect();
    assert_eq!(values, [("readiness", Some(n("3"))), ("breadth", Some(n("2.5")))]);
    assert_eq!((scores.whole.points, scores.whole.out_of, scores.whole.is_complete()), (n("8.5"), Some(n("11")), true));
    assert_eq!(scores.sections.len(), 1);
    let scores = with(r#"{"ready": null}"#).scores;
    assert_eq!((scores.whole.points, scores.whole.known, scores.whole.of), (n("2.5"), 1, 2));
}

#[test]
fn what_no_longer_suits_its_question_is_asked_again() {
    let look = with(r#"{"people": {"text": "many"}, "stage": {"choice": "gone"}}"#);
    let told = messages(&look);
    assert!(told.contains(&("people".to_owned(), "Answer this again: the question has changed")), "{told:?}");
    assert!(told.contains(&("stage".to_owned(), "Choose again: an answer chosen before is no longer listed")), "{told:?}");
}

#[test]
fn either_side_can_decide_while_the_other_is_not_known() {
    let form = compiled(&of_questions(
        r#"
        questions = [
          { key = "a", label = "A", kind = "yes-no", required = true },
          { key = "b", label = "B", kind = "yes-no", required = true },
          { key = "either", label = "E", kind = "short-text", shown_when = "a or b" },
          { key = "both", label = "E", kind = "short-text", shown_when = "a and b" },
          { key = "within", label = "W", kind = "short-text", shown_when = "answered(either)" },
        ]"#,
    ));
    use forms::Shown::{CannotTell, Hidden, Shown};
    for (json, either, both, within) in [
        ("{}", CannotTell, CannotTell, CannotTell),
        (r#"{"a": {"yes-no": true}}"#, Shown, CannotTell, Hidden),
        (r#"{"a": {"yes-no": false}}"#, CannotTell, Hidden, CannotTell),
        (r#"{"a": {"yes-no": false}, "b": {"yes-no": false}, "either": {"text": "kept"}}"#, Hidden, Hidden, Hidden),
    ] {
        let look = form.look(&answers(json), Lang::En);
        let shown = ["either", "both", "within"].map(|key| look.at(&path(key)).unwrap().shown);
        assert_eq!(shown, [either, both, within], "{json}");
    }
}

#[test]
fn sentences_come_in_welsh_where_the_form_has_them() {
    let form = application().compile().unwrap();
    let look = form.look(&answers("{}"), Lang::Cy);
    assert_eq!(look.missing[0].message, "Atebwch “Pwy sy'n arwain y bartneriaeth?”");
    assert_eq!(look.missing[1].message, "Atebwch “Who can we speak to?”");
}
