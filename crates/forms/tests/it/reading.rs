//! Answers out of a browser's fields and back, and what people are told.

use crate::common::{application, fields, read, told};
use forms::{Fields, Form, Kind, Lang, Path, Value};
use kernel::Money;

fn kind(key: &str) -> Kind {
    application().question(None, key).unwrap().kind.clone()
}

#[track_caller]
fn says(key: &str, pairs: &[(&str, &str)], part: &str, message: &str) {
    assert_eq!(told(&kind(key), pairs), [(part.to_owned(), message.to_owned())], "{key} {pairs:?}");
}

/// Reads the fields, shows the answer as people see it, and checks that the answer's own fields read as the same.
#[track_caller]
fn reads(key: &str, pairs: &[(&str, &str)], plain: &str) {
    let kind = kind(key);
    let value = read(&kind, pairs).unwrap();
    assert_eq!(kind.plain(&value, Lang::En), plain);
    let mut again = Fields::default();
    kind.write("q", &value, &mut again);
    assert_eq!(kind.read("q", &again), Ok(Some(value)), "{again:?}");
}

#[test]
fn each_kind_is_read_as_people_type_it() {
    reads("name", &[("q", "  Kite\u{0} Common ")], "Kite Common");
    reads("story", &[("q", "One\r\ntwo")], "One\ntwo");
    reads("people", &[("q", "12,000")], "12,000 people");
    reads("award", &[("q", "£20,000.50")], "£20,000.50");
    reads("start", &[("q", "27 March 2027")], "27 March 2027");
    reads("start", &[("q.day", "27"), ("q.month", "3"), ("q.year", "2027")], "27 March 2027");
    reads("since", &[("q.month", "3"), ("q.year", "2020")], "March 2020");
    reads("worked-together", &[("q", "no")], "No");
    reads("stage", &[("q", "idea")], "An idea");
    reads("needs", &[("q", "housing"), ("q", "food")], "Food, Housing");
    reads("trust", &[("q", "3")], "3 (Fully)");
    reads("ready", &[("q.money", "0")], "Money: 0 (No)");
    reads("order", &[("q.reach", "1"), ("q.speed", "3"), ("q.depth", "2")], "1. Reach\n2. Depth\n3. Speed");
    reads("contact", &[("q.name", "Wren Hollow"), ("q.role", "Chair")], "Wren Hollow, Chair");
    reads("area", &[("q.name", "Riverside"), ("q.code", "e08000003")], "Riverside, E08000003");
    let organisation = [("q.name", "Kite Trust"), ("q.scheme", "gb-chc"), ("q.id", "1234567"), ("q.sector", "health")];
    reads("lead", &organisation, "Kite Trust, Charity register 1234567, Health");
    let file = [("q.name", "a.pdf"), ("q.size", "1234567"), ("q.hash", &"a0".repeat(32)), ("q.media-type", "application/pdf")];
    reads("letter", &file, "a.pdf (1.2 MB)");
    reads("partners", &[("q.rows", "r2"), ("q.rows", "r1")], "2");
    let budget = [("q.staff.year-1", "£600"), ("q.l2.about", "Travel"), ("q.l2.year-1", "1,000"), ("q.l3.about", " ")];
    reads("budget", &budget, "Staff: Year 1 £600\nTravel: Year 1 £1,000\nTotal: £1,600");
}

#[test]
fn empty_fields_are_no_answer() {
    for question in application().sections.iter().flat_map(|s| &s.questions) {
        assert_eq!(read(&question.kind, &[]), None, "{}", question.key);
        assert_eq!(read(&question.kind, &[("q", " "), ("q.name", ""), ("q.rows", "")]), None, "{}", question.key);
    }
}

#[test]
fn sentences_say_what_to_do() {
    says("award", &[("q", "lots")], "", "Enter an amount in pounds, like £50,000 or £12.50");
    says("award", &[("q", "-5")], "", "Enter an amount of £0 or more");
    says("award", &[("q", "60000")], "", "Enter an amount from £1,000 to £50,000");
    says("people", &[("q", "99")], "", "Enter a number from 100 to 2,000,000");
    says("people", &[("q", "112.5")], "", "Enter a whole number");
    says("people", &[("q", "a few")], "", "Enter a number, like 1,250 or 12.5");
    says("start", &[("q", "31/2/2027")], "", "Enter a date, like 27 March 2026 or 27/3/2026");
    says("start", &[("q", "1/1/2026")], "", "Enter a date no earlier than 1 December 2026");
    says("worked-together", &[("q", "maybe")], "", "Choose yes or no");
    says("stage", &[("q", "other")], "", "Choose one of the answers listed");
    says("needs", &[("q", "food"), ("q", "housing"), ("q", "transport")], "", "Choose at most 2 answers; there are 3");
    says("trust", &[("q", "4")], "", "Choose one of the points of the scale");
    says("ready", &[("q.people", "9")], "people", "Choose one of the points of the scale");
    says("order", &[("q.speed", "1"), ("q.depth", "1")], "depth", "Two answers have place 1; give each a place of its own");
    says("order", &[("q.speed", "2")], "", "Nothing has place 1; number your choices from 1 without a gap");
    says("order", &[("q.speed", "1")], "", "Put 3 answers in order; there are 1");
    says(
        "area",
        &[("q.code", "M1 1AA")],
        "code",
        "Enter the area's code as one letter and eight digits, like E08000003, or leave it out",
    );
    says("contact", &[("q.role", "Chair")], "name", "Enter the person's name");
    says("lead", &[("q.name", "K"), ("q.id", "1")], "scheme", "Say which register this number is from");
    says("lead", &[("q.name", "K")], "sector", "Choose the organisation's sector");
    says("budget", &[("q.l2.year-1", "many")], "l2.year-1", "Enter an amount in pounds, like £50,000 or £12.50");
    says("budget", &[("q.l2.year-1", "5")], "l2.about", "Say what this line is for");
    says("letter", &[("q.hash", "abc")], "", "Choose the file again: it did not arrive whole");
    let story = "word ".repeat(51);
    says("story", &[("q", &story)], "", "Shorten this to 50 words; it has 51");
    says("name", &[("q", &"é".repeat(61))], "", "Shorten this to 60 characters; it has 61");
}

#[test]
fn a_draft_keeps_what_is_over_its_limit() {
    let story = "word ".repeat(51);
    let draft = kind("story").draft("q", &fields(&[("q", &story)]));
    assert_eq!(draft, Ok(Some(Value::Text(story.trim().to_owned()))));
}

#[test]
fn what_is_far_too_large_is_refused_with_a_sentence() {
    let megabytes = "word ".repeat(1_000_000);
    says("story", &[("q", &megabytes)], "", "Shorten this to at most 100,000 characters");
    says("award", &[("q", &"9".repeat(1_000_000))], "", "Enter an amount in pounds, like £50,000 or £12.50");
    let lines: Fields = (0..10_000).map(|i| (format!("q.l{i}.year-1"), "1")).collect();
    let told = kind("budget").read("q", &lines).unwrap_err();
    assert_eq!(told[0].message, "Use at most 10 lines; there are 10,000. Put small ones together");
    let rows: Fields = (0..10_000).map(|i| ("q.rows", format!("r{i}"))).collect();
    assert_eq!(kind("partners").read("q", &rows).unwrap_err()[0].message, "Use at most 5; there are 10,000");
}

#[test]
fn paths_read_as_they_are_written() {
    for text in ["award", "partners.r3.name"] {
        assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
    }
    for text in ["", "Award", "partners.r3", "a.b.c.d", "partners..name", "partners.r3.", "ä", "a/b"] {
        assert!(text.parse::<Path>().is_err(), "{text}");
    }
}

#[test]
fn the_welsh_that_is_missing_is_listed() {
    let form = application();
    let missing: Vec<String> = form.untranslated().into_iter().map(|(_, text)| text.to_owned()).collect();
    assert!(missing.contains(&"Transport".to_owned()) && missing.contains(&"End after you start".to_owned()));
    assert!(!missing.contains(&"Food".to_owned()) && !missing.contains(&"About you".to_owned()));
    assert_eq!(kind("needs").plain(&Value::Choices(vec!["food".into(), "transport".into()]), Lang::Cy), "Bwyd, Transport");
    assert_eq!(kind("award").plain(&Value::Money(Money::from_pounds(5)), Lang::Cy), "£5");
}

#[test]
fn forms_come_back_from_toml_and_json() {
    let form = application();
    let text = toml::to_string(&form).unwrap();
    assert_eq!(toml::from_str::<Form>(&text).unwrap(), form, "{text}");
    let json = serde_json::to_string(&form).unwrap();
    assert_eq!(serde_json::from_str::<Form>(&json).unwrap(), form);
}

#[test]
fn a_setting_of_another_kind_is_refused() {
    let question =
        |settings: &str| crate::common::of_questions(&format!("questions = [{{ key = \"q\", label = \"Q\", {settings} }}]"));
    for (settings, what) in [
        ("kind = \"yes-no\", unit = \"people\"", "‘unit’ does not belong to the question ‘q’, which is of kind ‘yes-no’"),
        ("kind = \"money\", max = 50000", "‘max’ of the question ‘q’ cannot be ‘50000’. Write it like \"£50,000\""),
        ("kind = \"choose-one\"", "The question ‘q’ needs ‘options’"),
        ("kind = \"essay\"", "unknown variant `essay`"),
        ("kind = \"yes-no\", colour = \"red\"", "unknown field `colour`"),
    ] {
        let error = toml::from_str::<Form>(&question(settings)).unwrap_err();
        assert!(error.message().contains(what), "{}", error.message());
        assert!(error.span().is_some_and(|s| s.start > 0), "{what}");
    }
}
