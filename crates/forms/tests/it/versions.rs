//! What is known already, what differs between versions, what goes from one stage to the next.

use std::collections::BTreeMap;

use crate::common::{answers, application, compiled, fields, path};
use forms::{ASKED, Change, Form, Known, Text, Value};

/// The application with a piece of its text changed.
fn changed(from: &str, to: &str) -> Vec<Change> {
    let text = crate::common::APPLICATION;
    assert!(text.contains(from), "{from}");
    let newer: Form = toml::from_str(&text.replacen(from, to, 1)).unwrap();
    application().compare(&newer)
}

#[test]
fn words_may_change_under_answers() {
    for (from, to, what) in [
        ("Tell us about", "Say something of", "The introduction reads otherwise"),
        ("Who can we speak to?", "Whom can we call?", "The label of ‘contact’ reads otherwise"),
        (
            "label = \"Transport\"",
            "label = { en = \"Transport\", cy = \"Cludiant\" }",
            "The label of ‘transport’ reads otherwise",
        ),
        ("label = \"Not at all\"", "label = \"Never\"", "The label of 1 reads otherwise"),
        ("Keep their share", "Hold their share", "The message of ‘amount’ reads otherwise"),
        ("End after you start", "End later", "The message of a rule reads otherwise"),
        ("prefill = \"organisation.self\"", "", "Where ‘lead’ may be known from has changed"),
    ] {
        let changes = changed(from, to);
        let told: Vec<(&str, bool)> = changes.iter().map(|c| (c.what.as_str(), c.harmless)).collect();
        assert_eq!(told, [(what, true)], "{to}");
    }
}

#[test]
fn what_alters_meaning_is_told_apart() {
    for (from, to, what) in [
        ("max_words = 50", "max_words = 60", "‘max_words’ of ‘story’ has changed"),
        ("max = \"£50,000\"", "max = \"£60,000\"", "‘max’ of ‘award’ has changed"),
        ("score = 2", "score = 3", "What ‘transport’ is worth has changed"),
        ("key = \"housing\"", "key = \"homes\"", "‘housing’ is gone from the options of ‘needs’"),
        ("{ value = 2 }", "{ value = 5 }", "‘2’ is gone from the points of ‘trust’"),
        ("required = \"worked-together\"", "required = true", "When ‘trust’ has to be answered has changed"),
        ("shown_when = \"worked-together\"", "", "When ‘since’ is shown has changed"),
        ("key = \"contact\"", "key = \"caller\"", "The question ‘caller’ is new"),
        ("holds = \"end > start\"", "holds = \"end >= start\"", "A rule is new"),
        ("weight = 2", "weight = 3", "The weight of the score ‘readiness’ has changed"),
        ("kind = \"date\"\nrequired", "kind = \"month\"\nrequired", "The kind of ‘end’ has changed"),
    ] {
        let changes = changed(from, to);
        assert_eq!(changes.first().map(|c| (c.what.as_str(), c.harmless)), Some((what, false)), "{to}\n{changes:#?}");
    }
    assert_eq!(changed("£50,000", "£60,000")[0].after.as_deref(), Some("£60,000"));
    let mut moved = application();
    let question = moved.sections[0].questions.pop().unwrap();
    moved.sections[1].questions.push(question);
    let changes = application().compare(&moved);
    assert_eq!(changes.iter().map(|c| c.what.as_str()).collect::<Vec<_>>(), ["‘since’ stands in another section"]);
    assert!(application().means_the_same_as(&application()) && !application().means_the_same_as(&moved));
}

#[test]
fn what_is_known_is_suggested_and_never_overwrites() {
    let form = application();
    let profile = Known { value: Value::Text("Kite Trust".into()), from: Text::from("your organisation’s profile") };
    let known = BTreeMap::from([("organisation.self".to_owned(), profile)]);
    let suggestions = form.prefill(&answers("{}"), &known);
    assert_eq!(suggestions.len(), 1);
    assert_eq!((suggestions[0].path.to_string(), suggestions[0].source.as_str()), ("lead".to_owned(), "organisation.self"));
    let kind = &form.question(None, "lead").unwrap().kind;
    assert_eq!(kind.plain(&suggestions[0].value, forms::Lang::En), "Kite Trust");
    assert_eq!(form.prefill(&answers(r#"{"lead": {"organisation": {"name": "Other"}}}"#), &known), []);
    let unfit = Known { value: Value::YesNo(true), from: Text::default() };
    assert_eq!(form.prefill(&answers("{}"), &BTreeMap::from([("organisation.self".to_owned(), unfit)])), []);
}

const NEXT: &str = r#"
key = "full"
title = "Full application"
[[sections]]
key = "all"
title = "All"
questions = [
  { key = "name", label = "Name", kind = "short-text", max_chars = 5 },
  { key = "award", label = "Award", kind = "money", prefill = "expression-of-interest.award" },
  { key = "stage", label = "Stage", kind = "choose-several", options = [{ key = "idea", label = "Idea" }] },
  { key = "needs", label = "Needs", kind = "choose-several", options = [{ key = "rent", label = "Rent" }] },
  { key = "people", label = "People", kind = "short-text" },
  { key = "partners", label = "Partners", kind = "group", questions = [{ key = "name", label = "Name", kind = "short-text" }] },
]"#;

const GIVEN: &str = r#"{
  "name": {"text": "Kite Common"}, "award": {"money": 3000000}, "stage": {"choice": "idea"}, "needs": {"choices": ["food"]},
  "people": {"number": 300}, "since": {"month": "2020-01"}, "start": {"date": "2027-01-01"},
  "partners": {"rows": ["r1"]}, "partners.r1.name": {"text": "Otter"}, "partners.r1.sector": {"choice": "health"}
}"#;

#[test]
fn answers_go_on_to_the_next_stage() {
    let (earlier, next) = (application().compile().unwrap(), compiled(NEXT));
    let from = Text::from("your expression of interest");
    let given = answers(GIVEN);
    let carried = next.form().carry(&answers("{}"), &earlier, &given, &from);
    let paths: Vec<String> = carried.suggestions.iter().map(|s| s.path.to_string()).collect();
    // What is too long goes along, and is said by the next form; what was hidden does not.
    assert_eq!(paths, ["award", "name", "partners", "partners.r1.name", "stage"]);
    let left: Vec<(String, &str)> = carried.left.iter().map(|l| (l.path.to_string(), l.why.as_str())).collect();
    let expected = [
        ("needs", "Choose again: an answer chosen before is no longer listed"),
        ("partners.r1.sector", "It is not asked any more"),
        ("people", "Another kind of answer is asked for now"),
        ("start", "It is not asked any more"),
    ];
    assert_eq!(left, expected.map(|(p, w)| (p.to_owned(), w)));

    let begun = answers(r#"{"name": {"text": "New"}, "partners": {"rows": ["r7"]}}"#);
    let paths: Vec<String> =
        next.form().carry(&begun, &earlier, &given, &from).suggestions.iter().map(|s| s.path.to_string()).collect();
    assert_eq!(paths, ["award", "stage"]);
    let known = earlier.known(&given, &from);
    assert_eq!(next.form().prefill(&answers("{}"), &known)[0].source, "expression-of-interest.award");
}

#[test]
fn a_page_says_what_it_asked() {
    let form = application();
    let sent = fields(&[
        (ASKED, "needs"),
        (ASKED, "partners.r1.name"),
        (ASKED, "nonsense"),
        (ASKED, "../etc"),
        (ASKED, "needs"),
        ("partners.r1.name", "Otter"),
    ]);
    let read: Vec<(String, Option<Value>)> =
        form.asked(&sent).into_iter().map(|(p, q)| (p.to_string(), q.kind.read(&p.to_string(), &sent).unwrap())).collect();
    assert_eq!(read, [("needs".to_owned(), None), ("partners.r1.name".to_owned(), Some(Value::Text("Otter".into())))]);
    assert!(form.at(&path("partners.r1.name")).is_some());
}
