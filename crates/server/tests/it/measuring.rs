//! `commonweal measure`.

use std::path::Path;

use tempfile::{TempDir, tempdir};

use crate::command::{done, refused, run};

/// Four coders and twelve units with gaps: the example of Krippendorff's own paper.
const CANONICAL: &str = "1,2,3,3,2,1,4,1,2,,,\n1,2,3,3,2,2,4,1,2,5,,3\n,3,3,3,2,3,4,2,2,5,1,\n1,2,3,3,2,4,4,1,2,5,1,\n";

fn file(text: impl AsRef<[u8]>) -> (TempDir, String) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("ratings.csv");
    std::fs::write(&path, text).unwrap();
    let name = path.to_str().unwrap().to_string();
    (folder, name)
}

fn alpha(text: &str, more: &[&str]) -> serde_json::Value {
    let (_folder, name) = file(text);
    let out = done(&[&["measure", "alpha", &name], more].concat());
    assert_eq!(out.lines().count(), 1, "{out}");
    serde_json::from_str(&out).unwrap()
}

fn wrong(text: impl AsRef<[u8]>, more: &[&str]) -> Vec<String> {
    let (folder, name) = file(text);
    let said = run(&[&["measure", "alpha", &name], more].concat());
    assert_eq!((said.status, said.out.as_str()), (Some(1), ""), "{}", said.err);
    let folder = format!("{}/", Path::new(folder.path()).display());
    said.err.lines().map(|line| line.replace(&folder, "")).collect()
}

#[test]
fn alpha_of_the_canonical_example() {
    for (level, expected) in [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491), ("ratio", 0.7974)] {
        let said = alpha(CANONICAL, &["--level", level]);
        assert!((said["alpha"].as_f64().unwrap() - expected).abs() < 5e-5, "{said}");
        assert_eq!((&said["level"], &said["coders"], &said["units"]), (&level.into(), &4.into(), &12.into()));
        assert_eq!(said["pairable_values"], 40);
        assert_eq!(alpha(CANONICAL, &["--level", level, "--json"]), said);
    }
}

#[test]
fn names_of_coders_and_units_are_left_out_when_asked() {
    let plain = alpha(CANONICAL, &["--level", "ordinal"]);
    let coders: Vec<String> = CANONICAL.lines().enumerate().map(|(i, row)| format!("Coder {i},{row}\r\n")).collect();
    let units: Vec<String> = (1..=12).map(|u| format!("Unit {u}")).collect();
    let named = format!("\u{feff},{}\r\n{}", units.join(","), coders.concat());
    assert_eq!(alpha(&named, &["--level", "ordinal", "--header", "--names"]), plain);
}

#[test]
fn nominal_ratings_may_be_words() {
    let words = alpha("yes,no, yes,\nyes,no,no,maybe\n", &["--level", "nominal"]);
    assert_eq!(words["alpha"], alpha("1,2,1,\n1,2,2,3\n", &["--level", "nominal"])["alpha"]);
}

#[test]
fn every_cell_that_is_no_rating_is_named_with_row_and_column() {
    let said = wrong("1,2,3\n1,,NA\n1,2\n2,three,3\n", &["--level", "ordinal"]);
    assert_eq!(
        said,
        [
            "ratings.csv:2:3: ‘NA’ is not a number; leave a missing rating empty",
            "ratings.csv:3:3: This row has 2 ratings and the first has 3; leave an empty cell for each missing one",
            "ratings.csv:4:2: ‘three’ is not a number; leave a missing rating empty",
            "commonweal: 3 places in ratings.csv need mending",
        ]
    );
    let said = wrong("a,b\n1,2\n", &["--level", "ordinal"]);
    assert!(said[0].starts_with("ratings.csv:1:1: ‘a’") && said[0].ends_with("add --header"), "{said:?}");
    let said = wrong("1,2\nAnn,2\n", &["--level", "ordinal"]);
    assert!(said[0].starts_with("ratings.csv:2:1: ‘Ann’") && said[0].ends_with("add --names"), "{said:?}");
    let said = wrong("x,y\nAnn,-2\nBob,2\n", &["--level", "ratio", "--header", "--names"]);
    assert!(said[0].contains("ratings.csv:2:2: A ratio scale starts at nought"), "{said:?}");
    for odd in ["inf", "NaN", "1e999", "4;5", "½"] {
        let said = wrong(format!("1,2\n1,{odd}\n"), &["--level", "interval"]);
        assert!(said[0].starts_with(&format!("ratings.csv:2:2: ‘{odd}’ is not a number")), "{said:?}");
    }
}

#[test]
fn what_cannot_be_measured_is_said() {
    let cases = [
        ("", "no rating"),
        (",,\n,,\n", "no rating"),
        ("1,2,3\n", "at least two coders"),
        ("1,\n,2\n", "No unit was rated by two coders"),
        ("1,1\n1,1\n", "undefined"),
    ];
    for (text, expected) in cases {
        let said = wrong(text, &["--level", "ordinal"]);
        assert!(said.len() == 1 && said[0].starts_with("commonweal: ratings.csv: "), "{said:?}");
        assert!(said[0].contains(expected), "{said:?}");
    }
    let said = wrong(b"1,2\n1,\xff\n", &["--level", "ordinal"]);
    assert!(said[0].contains("ratings.csv:2: This is not text in UTF-8"), "{said:?}");
    let said = refused(&["measure", "alpha", "--level", "ordinal", "nowhere.csv"]);
    assert!(said.contains("nowhere.csv: cannot be read"), "{said}");
}
