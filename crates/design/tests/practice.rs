//! The calls of the repository's programmes: what is ours in them is marked, fits together, and can be practised.

use std::collections::BTreeSet;
use std::path::Path;

use design::{Call, Power, Programme, Sources};

const WITH_A_CALL: [&str; 4] =
    ["healthy-communities-together", "health-equalities", "shaping-places-for-healthier-lives", "common-ambition"];

fn programme(slug: &str) -> Programme {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let sources = Sources::read(&folder.join("sources.toml")).expect("the test's own text is sound");
    Programme::read(&folder.join(slug), &sources).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

fn call(programme: &Programme) -> &Call {
    programme.design.call.as_ref().expect("the test's own text is sound")
}

#[test]
fn everything_that_no_source_gives_is_marked_as_ours() {
    for slug in WITH_A_CALL {
        let programme = programme(slug);
        for stage in &call(&programme).stages {
            let held = stage.form.is_some() || stage.readers.is_some() || !stage.criteria.is_empty();
            assert_eq!(held, stage.is_ours(), "{slug}: {}", stage.key);
        }
        for form in &programme.forms {
            assert!(form.is_ours(), "{slug}: {}", form.form.key);
            let asked = call(&programme).stages.iter().any(|s| s.form.as_ref() == Some(&form.form.key));
            let reflected = programme.design.frameworks.iter().any(|f| f.form == form.form.key);
            let of_event = programme.design.gatherings().any(|(_, rule)| rule.feedback.as_ref() == Some(&form.form.key));
            let used = asked || reflected || of_event;
            assert!(used, "{slug}: nobody is asked to fill in {}", form.form.key);
        }
        assert!(programme.design.role("assessor").unwrap().is_ours(), "{slug}");
        assert!(!programme.notes().iter().any(|n| n.contains("Assessor")), "an assessor is meant to read no circle");
        for power in [Power::RunCalls, Power::Assess, Power::Decide] {
            assert!(programme.design.roles.iter().any(|r| r.may.contains(&power)), "{slug}: nobody may {power}");
        }
    }
    let healthy = programme("healthy-communities-together");
    assert!(!healthy.design.role("panel-member").unwrap().is_ours(), "a source speaks of the joint forum");
    for slug in ["the-team", "connecting-health-communities", "hct-national-evaluation"] {
        let programme = programme(slug);
        let reflected = |form: &design::DesignForm| programme.design.frameworks.iter().any(|f| f.form == form.form.key);
        assert!(programme.forms.iter().all(|form| form.is_ours() && reflected(form)), "{slug}");
        assert!(programme.design.call.is_none(), "{slug}");
    }
}

#[test]
fn the_stages_lead_from_one_to_the_next() {
    let numbers = |slug: &str| {
        let programme = programme(slug);
        let both = |s: &design::Stage| (s.takes_count(), s.chooses_count());
        call(&programme).stages.iter().map(both).collect::<Vec<_>>()
    };
    assert_eq!(numbers("healthy-communities-together"), [(None, Some(6..=6)), (Some(6..=6), Some(5..=5)), (Some(5..=5), None)]);
    assert_eq!(numbers("health-equalities"), [(None, Some(14..=14)), (Some(14..=14), Some(12..=12)), (Some(12..=12), None)]);
    assert_eq!(
        numbers("shaping-places-for-healthier-lives"),
        [(None, Some(30..=30)), (Some(30..=30), Some(10..=12)), (Some(10..=12), Some(5..=5)), (Some(5..=5), None)]
    );
    assert_eq!(numbers("common-ambition"), [(None, Some(4..=4))]);
    let second = programme("health-equalities");
    assert_eq!(call(&second).stages[0].from_call_of.as_deref(), Some("healthy-communities-together"));
}

#[test]
fn sponsors_decide_and_those_who_evaluate_do_not() {
    for slug in WITH_A_CALL {
        let programme = programme(slug);
        for stage in call(&programme).stages.iter().filter(|s| s.is_ours()) {
            let deciders = programme.design.deciders(stage);
            assert!(!deciders.is_empty(), "{slug}: {}", stage.key);
            assert!(deciders.iter().all(|s| s.part != design::Part::Evaluator), "{slug}: {}", stage.key);
        }
    }
    let healthy = programme("healthy-communities-together");
    assert_eq!(healthy.design.deciders(&call(&healthy).stages[0]).len(), 2);
}

/// What a question asked before is asked as it was, so that its answer can stand there already.
#[test]
fn what_carries_on_is_the_same_question() {
    let mut pairs = Vec::new();
    for slug in WITH_A_CALL {
        let programme = programme(slug);
        for stage in &call(&programme).stages {
            if let Some(before) = call(&programme).carried_from(stage) {
                let form = |s: &design::Stage| programme.form(s.form.as_ref().unwrap()).unwrap().form.clone();
                pairs.push((format!("{slug}: {}", stage.key), form(before), form(stage)));
            }
        }
    }
    let first = programme("healthy-communities-together").form("application").unwrap().form.clone();
    let second = programme("health-equalities").form("development").unwrap().form.clone();
    pairs.push(("the second cohort".to_owned(), first, second));
    assert_eq!(pairs.len(), 4);
    for (name, before, after) in pairs {
        let mut same = 0;
        for question in after.sections.iter().flat_map(|s| &s.questions) {
            let Some(earlier) = before.question(None, &question.key) else { continue };
            assert_eq!(earlier.kind.key(), question.kind.key(), "{name}: {}", question.key);
            same += 1;
        }
        assert!(same >= 4, "{name}: only {same} questions carry on");
    }
}

#[test]
fn the_open_call_asks_in_many_ways_and_in_two_languages() {
    let healthy = programme("healthy-communities-together");
    let form = healthy.form("application").unwrap();
    let questions: Vec<_> = form.form.sections.iter().flat_map(|s| &s.questions).collect();
    let kinds: BTreeSet<&str> = questions.iter().map(|q| q.kind.key()).collect();
    assert_eq!((form.form.sections.len(), form.questions()), (5, 15));
    assert!(kinds.len() >= 10, "{kinds:?}");
    assert!(questions.iter().any(|q| q.shown_when.is_some()));
    assert!(form.form.untranslated().is_empty(), "{:?}", form.form.untranslated());
    let texts = form.form.texts();
    let copied: Vec<&str> =
        texts.iter().filter(|(_, text)| text.cy.as_deref() == Some(text.en.as_str())).map(|(_, text)| text.en.as_str()).collect();
    assert_eq!(copied, ["Partner", "Sector"], "the Welsh is the English");
}
