//! Reflective frameworks: what a place says among itself is kept from whoever pays, and nobody is scored.

mod small;

use std::path::Path;

use design::{Group, Problem, Programme, Side, Sources};
use small::{DESIGN, HISTORY, changed, sources};

const FORM: &str = r#"key = "looking"
title = "Looking"

[[sections]]
key = "us"
title = "Us"

[[sections.questions]]
key = "trust"
label = "Do we trust one another?"
kind = "yes-no"

[[sections.questions]]
key = "say"
label = "What do we not say?"
kind = "long-text"
"#;

const FRAMEWORK: &str = r#"
[[kinds]]
key = "reflection"
name = "Reflection"
writers = ["member", "lead"]
circles = ["place", "team"]

[[kinds]]
key = "trial"
name = "Trial"
writers = ["member"]
circles = ["place"]

[[frameworks]]
key = "us"
name = "How we are"
each = "place"
roles = ["member"]
opens = ["member"]
circle = "place"
every_months = 4
kind = "reflection"
comes_out = ["trial"]
form = "looking"
"#;

fn read(framework: &str, form: &str) -> Result<Programme, Vec<Problem>> {
    let files = [
        ("programme.toml".to_owned(), format!("{DESIGN}{framework}")),
        ("history.toml".to_owned(), HISTORY.to_owned()),
        ("forms/looking.toml".to_owned(), form.to_owned()),
    ];
    Programme::from_files("small", &files, &sources())
}

/// What is said where one text of the framework or of its form gives way to another.
fn said(from: &str, to: &str) -> Vec<String> {
    let found = match FRAMEWORK.contains(from) {
        true => read(&FRAMEWORK.replacen(from, to, 1), FORM),
        false => {
            assert!(FORM.contains(from), "{from} stands nowhere");
            read(FRAMEWORK, &FORM.replacen(from, to, 1))
        }
    };
    found.expect_err("this should not be sound").iter().map(ToString::to_string).collect()
}

#[test]
fn a_framework_is_read_and_told() {
    let programme = read(FRAMEWORK, FORM).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let framework = programme.design.framework("us").unwrap();
    assert_eq!((framework.each, framework.every_months), (Group::Place, 4));
    assert_eq!(framework.kinds().collect::<Vec<_>>(), ["reflection", "trial"]);
    assert!(programme.contents().contains("Reflective frameworks: 1: How we are (each place)"));
    let again: Programme = serde_json::from_str(&programme.canonical()).unwrap();
    assert_eq!(again, programme);
}

#[test]
fn a_programme_need_not_reflect() {
    let programme = changed("name = \"Small\"", "name = \"Smaller\"").unwrap();
    assert!(programme.design.frameworks.is_empty() && !programme.canonical().contains("frameworks"));
}

#[test]
fn what_a_place_says_is_kept_from_sponsors() {
    let found = said("circle = \"place\"", "circle = \"team\"");
    let line = DESIGN.lines().count() + FRAMEWORK[..FRAMEWORK.find("circle = \"place\"").unwrap()].lines().count() + 1;
    let sponsor =
        format!("programme.toml:{line}:10: ‘lead’ sits with the sponsors and reads ‘team’, so that whoever pays would read");
    assert!(found.iter().any(|f| f.starts_with(&sponsor)), "{sponsor} is not in {found:?}");
    assert!(found.iter().any(|f| f.contains("‘member’ takes part in ‘us’ but does not read ‘team’")), "{found:?}");
    let found = said("roles = [\"member\"]", "roles = [\"member\", \"lead\"]");
    assert!(found.iter().any(|f| f.contains("‘lead’ sits with the sponsors, and would take part")), "{found:?}");
}

#[test]
fn a_group_of_the_programme_is_not_made_of_places() {
    let found = said("each = \"place\"", "each = \"programme\"");
    assert!(found.iter().any(|f| f.contains("‘member’ is a role of places")), "{found:?}");
    assert!(found.iter().any(|f| f.contains("‘place’ is not a circle of the programme alone")), "{found:?}");
}

#[test]
fn a_framework_that_cannot_be_used_is_refused() {
    for (from, to, message) in [
        ("every_months = 4", "every_months = 0", "‘us’ has no rhythm"),
        ("opens = [\"member\"]", "opens = [\"lead\"]", "‘lead’ opens rounds of ‘us’ but does not take part"),
        ("opens = [\"member\"]", "opens = []", "Nobody opens a round of ‘us’"),
        ("roles = [\"member\"]", "roles = []", "Nobody takes part in ‘us’"),
        ("roles = [\"member\"]", "roles = [\"membr\"]", "There is no role ‘membr’. Did you mean ‘member’?"),
        ("kind = \"reflection\"", "kind = \"reflexion\"", "There is no kind ‘reflexion’. Did you mean ‘reflection’?"),
        ("comes_out = [\"trial\"]", "comes_out = [\"session\"]", "Nobody who takes part in ‘us’ writes a ‘session’ in ‘place’"),
        ("comes_out = [\"trial\"]", "comes_out = [\"reflection\"]", "‘reflection’ is what the group makes of it"),
        ("form = \"looking\"", "form = \"lookin\"", "There is no form ‘lookin’. Did you mean ‘looking’?"),
        ("circle = \"place\"\nevery", "circle = \"plaice\"\nevery", "There is no circle ‘plaice’. Did you mean ‘place’?"),
    ] {
        let found = said(from, to);
        assert!(found.iter().any(|f| f.contains(message)), "{message} is not in {found:?}");
    }
}

#[test]
fn every_question_can_be_skipped_and_adds_up_to_nothing() {
    for (from, to, message) in [
        ("kind = \"yes-no\"", "kind = \"number\"", "‘trust’ of the form ‘looking’ asks for a number"),
        ("kind = \"yes-no\"", "kind = \"yes-no\"\nrequired = true", "‘trust’ of the form ‘looking’ has to be answered"),
        (
            "kind = \"long-text\"",
            "kind = \"long-text\"\nshown_when = \"trust\"",
            "The form ‘looking’ depends on what somebody answers",
        ),
        (
            "kind = \"long-text\"\n",
            "kind = \"long-text\"\n\n[[scores]]\nkey = \"all\"\nlabel = \"All\"\nvalue = \"1\"\n",
            "The form ‘looking’ works out a score, and ‘us’ scores nobody",
        ),
    ] {
        let found = said(from, to);
        assert!(found.iter().any(|f| f.contains(message)), "{message} is not in {found:?}");
    }
}

#[test]
fn the_frameworks_of_the_programmes_are_ours_but_for_what_sources_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let sources = Sources::read(&folder.join("sources.toml")).unwrap();
    let mut groups = Vec::new();
    for slug in ["healthy-communities-together", "shaping-places-for-healthier-lives", "the-team"] {
        let programme = Programme::read(&folder.join(slug), &sources).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
        for framework in &programme.design.frameworks {
            assert!(!framework.sources.is_empty(), "{slug}: {}", framework.key);
            assert!(programme.form(&framework.form).is_some_and(design::DesignForm::is_ours), "{slug}: {}", framework.key);
            let circle = programme.design.circle(&framework.circle).unwrap();
            let sides: Vec<Side> = circle.readers.iter().map(|r| programme.design.role(r).unwrap().side).collect();
            assert!(
                framework.each == Group::Programme || circle.own && !sides.contains(&Side::Sponsor),
                "{slug}: {}",
                framework.key
            );
            groups.push((slug, framework.each));
        }
    }
    assert!(groups.contains(&("healthy-communities-together", Group::Place)));
    assert!(groups.contains(&("healthy-communities-together", Group::Programme)));
}
