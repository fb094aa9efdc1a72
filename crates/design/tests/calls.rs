//! What a design says about its call: stages, criteria, forms. Each mistake is told where it stands.

mod small;

use design::{DesignForm, Problem, Programme, compare};
use small::{DESIGN, HISTORY, changed, read, sources};

const CALL: &str = r#"[call]
summary = "Everybody may apply."

[[call.stages]]
key = "application"
name = "Application"
chooses = "2"
form = "application"
readers = 2
deciders = ["fund", "helper"]

[[call.stages.criteria]]
key = "goes-on"
name = "Would it go on?"
weight = 2
partnership = true
scale = [
  { value = 0, label = "No" },
  { value = 1 },
  { value = 2, label = "Yes" },
]

[[call.stages.criteria]]
key = "money"
name = { en = "Money", cy = "Arian" }
scale = [{ value = 0, label = "Too much" }, { value = 1, label = "Enough" }]

[[call.stages]]
key = "plan"
name = "Plan"
takes = "2"
form = "plan"
"#;

const FORM: &str = r#"key = "application"
title = { en = "Application", cy = "Cais" }

[[sections]]
key = "who"
title = "Who you are"

[[sections.questions]]
key = "award"
label = "How much?"
kind = "money"
required = true

[[sections.questions]]
key = "why"
label = "Why so much?"
kind = "long-text"
shown_when = "award > £1000"
"#;

const PLAN: &str = "key = \"plan\"\ntitle = \"Plan\"\npractice = true\n";

/// The small programme with a call and two forms.
fn files() -> Vec<(String, String)> {
    let roles = "\"share-extracts\", \"run-calls\", \"assess\", \"decide\"]";
    let design = DESIGN.replacen("\"share-extracts\"]", roles, 1);
    [
        ("programme.toml", design.as_str()),
        ("call.toml", CALL),
        ("history.toml", HISTORY),
        ("forms/application.toml", FORM),
        ("forms/plan.toml", PLAN),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .to_vec()
}

/// It, with one text exchanged for another where it first stands in this file.
fn exchanged(file: &str, from: &str, to: &str) -> Result<Programme, Vec<Problem>> {
    let mut files = files();
    let text = files.iter_mut().find(|(name, _)| name == file).map(|(_, text)| text).expect("the test's own text is sound");
    assert!(text.contains(from), "{from} does not stand in {file}");
    *text = text.replacen(from, to, 1);
    Programme::from_files("small", &files, &sources())
}

fn sound() -> Programme {
    Programme::from_files("small", &files(), &sources()).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

fn said(file: &str, from: &str, to: &str) -> Vec<String> {
    exchanged(file, from, to).expect_err("this should not be sound").iter().map(ToString::to_string).collect()
}

#[test]
fn a_call_with_forms_is_read_and_told() {
    let programme = sound();
    let call = programme.design.call.as_ref().unwrap();
    let (application, plan) = (call.stage("application").unwrap(), call.stage("plan").unwrap());
    assert_eq!((application.takes_count(), application.chooses_count()), (None, Some(2..=2)));
    assert_eq!(call.carried_from(plan).map(|s| s.key.as_str()), Some("application"));
    assert_eq!(call.carried_from(application), None);
    assert_eq!(programme.design.deciders(plan).len(), 2, "where none is named, all sponsors decide");
    assert!(application.criterion("goes-on").unwrap().partnership);
    assert!(programme.form("plan").unwrap().is_ours() && !programme.form("application").unwrap().is_ours());
    let contents = programme.contents();
    for line in [
        "Stages: 2: Application (on: 2), form ‘application’, 2 readers, 2 criteria; Plan (in: 2), form ‘plan’",
        "Form ‘application’: Application: 1 section, 2 questions: Who you are (2); 3 of 4 texts without Welsh",
        "Form ‘plan’: Plan: 0 sections, 0 questions; 1 text without Welsh; ours, for practice",
    ] {
        assert!(contents.contains(line), "{line} is not in\n{contents}");
    }
    let kept: Programme = serde_json::from_str(&programme.canonical()).unwrap();
    assert_eq!(kept, programme);
}

#[test]
fn a_later_stage_may_start_afresh() {
    let programme = exchanged("call.toml", "form = \"plan\"", "form = \"plan\"\ncarries = false").unwrap();
    let call = programme.design.call.unwrap();
    assert_eq!(call.carried_from(call.stage("plan").unwrap()), None);
}

#[test]
fn stages_name_forms_and_sponsors_that_there_are() {
    for (from, to, message) in [
        ("form = \"plan\"", "form = \"plam\"", "call.toml:32:8: There is no form ‘plam’. Did you mean ‘plan’?"),
        ("\"helper\"]", "\"halper\"]", "call.toml:10:21: There is no sponsor ‘halper’. Did you mean ‘helper’?"),
        (
            "form = \"plan\"",
            "from_call_of = \"small\"",
            "call.toml:32:16: Applications would come in from this programme's own call. Name another programme's folder, or leave it out.",
        ),
    ] {
        assert_eq!(said("call.toml", from, to), [message]);
    }
}

#[test]
fn criteria_can_be_scored() {
    for (from, to, message) in [
        (
            "key = \"money\"",
            "key = \"goes-on\"",
            "call.toml:24:7: ‘goes-on’ stands twice in criteria. Give each a key of its own.",
        ),
        (
            "weight = 2",
            "weight = 0",
            "call.toml:15:10: The weight of ‘goes-on’ cannot be 0. Use a number above nought: 1, or how much more it counts than others.",
        ),
        (
            ", label = \"Too much\"",
            "",
            "call.toml:26:9: Fewer than two points of ‘money’ say what they mean. Give at least two points a label, like { value = 0, label = \"…\" }.",
        ),
        (
            "{ value = 1 }",
            "{ value = 3 }",
            "call.toml:20:13: 2 stands after 3. Put the points in order, the least first, each with a value of its own.",
        ),
        (
            "readers = 2\n",
            "",
            "call.toml:4:1: ‘application’ has criteria, but nobody reads by them. Write readers = 3, or how many assessors read each application.",
        ),
        (
            "readers = 2",
            "readers = 0",
            "call.toml:9:11: Nobody would read the applications. Write how many read each, like 3, or leave readers out.",
        ),
        (
            "partnership = true\n",
            "",
            "call.toml:12:1: No criterion of ‘application’ tells partnership from the delivery of a project. Write partnership = true on the one that does, or add one.",
        ),
        (
            "key = \"goes-on\"\nname = \"Would it go on?\"",
            "key = \"goes-on\"",
            "call.toml:12:1: ‘name’ is missing here. Write name = ….",
        ),
        (
            "weight = 2",
            "weight = 2\nquestions = [\"why\", \"awards\"]",
            "call.toml:16:21: The form ‘application’ has no question ‘awards’. Did you mean ‘award’?",
        ),
        (
            "weight = 2",
            "weight = 2\nquestions = [\"why\", \"why\"]",
            "call.toml:16:21: ‘why’ stands here twice. Name each question once.",
        ),
    ] {
        assert_eq!(said("call.toml", from, to)[0], message);
    }
}

#[test]
fn somebody_may_run_the_call_and_choose() {
    let found = said("programme.toml", ", \"run-calls\", \"assess\", \"decide\"]", "]");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("No role may assess applications. Give one of the roles may = [\"assess\"]"), "{found:?}");
}

#[test]
fn what_is_wrong_in_a_form_is_told_at_the_character() {
    for (from, to, message) in [
        (
            "\"award > £1000\"",
            "\"awrad > £1000\"",
            "forms/application.toml:18:15: There is no question ‘awrad’. Did you mean ‘award’?",
        ),
        (
            "\"award > £1000\"",
            "'''\naward > £1000 and\n  \"é\" = whi'''",
            "forms/application.toml:20:9: There is no question ‘whi’. Did you mean ‘why’?",
        ),
        (
            "key = \"why\"",
            "key = \"award\"",
            "forms/application.toml:15:7: There are two questions ‘award’. Give each a key of its own.",
        ),
        (
            "kind = \"money\"",
            "kind = \"mony\"",
            "forms/application.toml:11:8: ‘mony’ is not a word that this design language knows. Did you mean ‘money’?",
        ),
        ("title = \"Who you are\"\n", "", "forms/application.toml:4:1: ‘title’ is missing here. Write title = …."),
        (
            "key = \"application\"",
            "key = \"aplication\"",
            "forms/application.toml:1:7: The form's key is ‘aplication’, but its file is called ‘application.toml’. Write key = \"application\", or rename the file.",
        ),
    ] {
        assert_eq!(said("forms/application.toml", from, to)[0], message);
    }
    assert!(said("forms/plan.toml", "title = \"Plan\"", "title = \"Plan")[0].starts_with("forms/plan.toml:2:"));
}

#[test]
fn a_broken_form_is_no_missing_form() {
    let found = said("forms/plan.toml", "title", "tilte");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("forms/plan.toml:2:1: There is no key ‘tilte’ here. Did you mean ‘title’?"), "{found:?}");
}

#[test]
fn one_form_can_be_read_alone() {
    let form = DesignForm::from_text("anything.toml", FORM).unwrap();
    assert_eq!((form.form.key.as_str(), form.is_ours(), form.size().as_str()), ("application", false, "1 section, 2 questions"));
    let wrong = DesignForm::from_text("anything.toml", &FORM.replacen("£1000", "£", 1)).unwrap_err();
    assert_eq!((wrong[0].file.as_str(), wrong[0].line, wrong[0].column), ("anything.toml", 18, 23));
}

#[test]
fn a_design_without_a_call_is_sound_and_kept_as_before() {
    let programme = read(DESIGN, HISTORY).unwrap();
    assert!(programme.design.call.is_none() && programme.forms.is_empty());
    let kept = programme.canonical();
    for new in ["\"forms\"", "\"practice\""] {
        assert!(!kept.contains(new), "{new} would make every stored version differ");
    }
}

#[test]
fn documents_of_earlier_versions_are_read() {
    let mut document = serde_json::to_value(read(DESIGN, HISTORY).unwrap()).unwrap();
    document["design"]["call"] = serde_json::json!({
        "summary": "Open", "opened": [], "applications": [], "eligibility": [], "prescriptive": null, "keeps_unsuccessful": null, "sources": [],
        "stages": [{ "key": "one", "name": "One", "takes": "6", "chooses": null, "award": "£50,000", "up_to": false, "about": "", "sources": [] }],
    });
    let programme: Programme = serde_json::from_value(document.clone()).unwrap();
    let stage = programme.design.call.as_ref().unwrap().stage("one").unwrap();
    assert!(stage.carries && !stage.is_ours() && stage.criteria.is_empty() && stage.form.is_none());
    assert_eq!(stage.takes_count(), Some(6..=6));
    assert_eq!(serde_json::to_value(&programme).unwrap(), document);
}

#[test]
fn versions_say_which_forms_changed_and_whether_harmlessly() {
    let told = |file: &str, from: &str, to: &str| {
        let found = compare(&sound(), &exchanged(file, from, to).unwrap());
        found.into_iter().map(|d| (d.place, d.before, d.after, d.harmless)).collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told("forms/application.toml", "How much?", "How much do you ask for?"),
        [(
            "Forms › Application › The label of ‘award’ reads otherwise (words only)".to_owned(),
            some("How much?"),
            some("How much do you ask for?"),
            Some(true)
        )]
    );
    let stricter = told("forms/application.toml", "\"award > £1000\"", "\"award > £10\"");
    assert_eq!(stricter.len(), 1);
    assert_eq!(stricter[0].3, Some(false));
    assert!(stricter[0].0.ends_with("(answers are affected)"), "{stricter:?}");
    let scale = told("call.toml", "label = \"Yes\"", "label = \"Surely\"");
    let place = "Call › Stages › Application › Criteria › Would it go on? › Scale › 2 › Label";
    assert_eq!(scale, [(place.to_owned(), some("Yes"), some("Surely"), None)]);

    let mut without = files();
    without.retain(|(name, _)| name != "forms/plan.toml");
    let call = without.iter_mut().find(|(name, _)| name == "call.toml").map(|(_, text)| text).unwrap();
    *call = call.replacen("form = \"plan\"\n", "", 1);
    let without = Programme::from_files("small", &without, &sources()).unwrap();
    let gone = compare(&sound(), &without);
    let places: Vec<(&str, Option<bool>)> = gone.iter().map(|d| (d.place.as_str(), d.harmless)).collect();
    assert_eq!(places, [("Call › Stages › Plan › Form", None), ("Forms › Plan", Some(false))]);
    assert_eq!(gone[0].before.as_deref(), Some("plan"));
    let back = compare(&without, &sound());
    assert_eq!(back[1].after.as_deref(), Some("0 sections, 0 questions"));
}

#[test]
fn a_mark_taken_off_a_role_is_a_difference() {
    let marked = changed("name = \"Lead\"", "name = \"Lead\"\npractice = true").unwrap();
    assert!(marked.design.role("lead").unwrap().is_ours());
    let found = compare(&marked, &read(DESIGN, HISTORY).unwrap());
    assert_eq!(
        (found[0].place.as_str(), found[0].before.as_deref(), found[0].after.as_deref()),
        ("Roles › Lead › Practice", Some("yes"), None)
    );
}

#[test]
fn a_folder_of_forms_is_read_with_the_design() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("with-forms");
    std::fs::create_dir_all(dir.join("forms")).unwrap();
    for (name, text) in files() {
        std::fs::write(dir.join(name), text).unwrap();
    }
    assert_eq!(Programme::read(&dir, &sources()).unwrap().forms.len(), 2);
    std::fs::write(dir.join("forms/plan.toml"), "key = \"plan\"\n").unwrap();
    let wrong = Programme::read(&dir, &sources()).unwrap_err();
    assert_eq!(
        wrong[0].to_string(),
        format!("{}:1:1: ‘title’ is missing here. Write title = ….", dir.join("forms/plan.toml").display())
    );
}
