//! Two versions of a programme, and what a reader is told has changed.

mod small;

use design::{Difference, compare};
use small::{DESIGN, HISTORY, changed, read};

fn differences(from: &str, to: &str) -> Vec<(String, Option<String>, Option<String>)> {
    let found = compare(
        &read(DESIGN, HISTORY).expect("the test's own text is sound"),
        &changed(from, to).expect("the test's own text is sound"),
    );
    found.into_iter().map(|Difference { place, before, after, .. }| (place, before, after)).collect()
}

fn one(place: &str, before: Option<&str>, after: Option<&str>) -> Vec<(String, Option<String>, Option<String>)> {
    vec![(place.to_owned(), before.map(ToOwned::to_owned), after.map(ToOwned::to_owned))]
}

#[test]
fn the_same_programme_has_no_differences() {
    let programme = read(DESIGN, HISTORY).unwrap();
    assert!(compare(&programme, &programme).is_empty());
    assert!(DESIGN.contains("sponsor"));
}

#[test]
fn a_changed_value_says_where_and_what() {
    assert_eq!(
        differences(
            "may = [\"write-entries\", \"share-extracts\"]\ncomponent",
            "may = [\"write-entries\", \"share-extracts\", \"see-people\"]\ncomponent"
        ),
        one("Roles › Consultant › May", Some("write-entries, share-extracts"), Some("write-entries, share-extracts, see-people"))
    );
    assert_eq!(differences("days = 7.5", "days = 8"), one("Days › consultant › Days", Some("7.5"), Some("8")));
    assert_eq!(differences("to = \"2021-03\"", "to = \"2021-04\""), one("Events › Start › To", Some("2021-03"), Some("2021-04")));
}

#[test]
fn items_are_matched_by_key_and_not_by_where_they_stand() {
    let moved =
        DESIGN.replacen("[[phases]]\nkey = \"first\"\nname = \"First phase\"\nfrom = \"2021-02\"\nto = \"2021-10\"\n\n", "", 1)
            + "\n[[phases]]\nkey = \"first\"\nname = \"First phase\"\nfrom = \"2021-02\"\nto = \"2021-10\"\n";
    assert!(compare(&read(DESIGN, HISTORY).unwrap(), &read(&moved, HISTORY).unwrap()).is_empty());

    let added = format!("{DESIGN}\n[[phases]]\nkey = \"third\"\nname = \"Third phase\"\nfrom = \"2025\"\n");
    let found = compare(&read(DESIGN, HISTORY).unwrap(), &read(&added, HISTORY).unwrap());
    assert_eq!((found.len(), found[0].place.as_str(), found[0].before.as_deref()), (1, "Phases › Third phase", None));
    assert!(found[0].after.as_deref().is_some_and(|a| a.contains("from: 2025")));

    let back = compare(&read(&added, HISTORY).unwrap(), &read(DESIGN, HISTORY).unwrap());
    assert_eq!((back[0].place.as_str(), back[0].after.as_deref()), ("Phases › Third phase", None));
}
