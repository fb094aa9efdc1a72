//! `commonweal grants`.

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::command::{done, run};

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempdir().unwrap())
    }
    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
    fn names(&self) -> Vec<String> {
        let all = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = all.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn sound() -> Value {
    json!({ "grants": [{
        "id": "360G-madeup-1", "title": "Advice sessions", "description": "A year of weekly advice", "currency": "GBP", "amountAwarded": 12_500.5,
        "awardDate": "2025-03-01", "Own": "17", "fundingOrganization": [{ "id": "GB-CHC-999999", "name": "A made-up funder" }],
        "recipientOrganization": [{ "id": "GB-CHC-1000001", "name": "A community centre" }],
    }] })
}

#[test]
fn a_file_that_would_be_accepted_says_so_and_what_it_could_say_besides() {
    let place = Place::new();
    let file = place.file("a.json", sound().to_string());
    let out = done(&["grants", "check", &file]);
    assert!(out.starts_with(&format!("{file}: 1 grant, would be accepted\n")), "{out}");
    assert!(out.contains("A grant names no programme: 1 (NoGrantProgramme)") && out.contains("Own (1 times)"), "{out}");
}

#[test]
fn each_error_is_told_with_its_place_and_the_status_is_1() {
    let place = Place::new();
    let file = place.file("a.csv", "Identifier,Amount Awarded,Award Date\na,\"£1,250\",24/07/2014\n");
    let said = run(&["grants", "check", &file]);
    assert_eq!(said.status, Some(1));
    assert!(
        said.err.contains(&format!("{file}: cell B2, ‘Amount Awarded’: grant 1 (a): this is the text ‘£1,250’; write 1250\n")),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("cell C2, ‘Award Date’: grant 1 (a): the text ‘24/07/2014’")
            && said.out.contains("would not be accepted: 7 errors"),
        "{} {}",
        said.err,
        said.out
    );
}

#[test]
fn machines_are_told_in_json_one_object_a_file() {
    let place = Place::new();
    let (well, wrong, broken) =
        (place.file("a.json", sound().to_string()), place.file("b.json", "{\"grants\": []}"), place.file("c.json", "{"));
    for flags in [&["--json"][..], &["--format", "json"]] {
        let said = run(&[&["grants", "check", &well, &wrong, &broken], flags].concat());
        assert_eq!(said.status, Some(2), "the worst of all");
        let files: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let accepted: Vec<&Value> = files.iter().map(|file| &file["accepted"]).collect();
        assert_eq!(accepted, [true, false, false]);
        assert_eq!(
            (&files[0]["grants"], &files[0]["currencies"], &files[0]["extra"][0]["field"]),
            (&json!(1), &json!({ "GBP": 1 }), &json!("Own"))
        );
        assert_eq!(files[1]["tallies"][0]["check"], "no-grants");
        assert!(files[2]["unreadable"].as_str().unwrap().contains("the file ends here"), "{}", files[2]);
    }
    assert_eq!(run(&["grants", "check", &well, &wrong]).status, Some(1));
}

#[test]
fn what_cannot_be_read_says_why_and_the_status_is_2() {
    let place = Place::new();
    for (file, why) in [
        (place.path("none.json"), "No such file"),
        (place.file("a.txt", "x"), "ends in .json, .csv or .xlsx"),
        (place.file("a.json", "{\"grants\": [\n{]}"), "line 2, column 2"),
        (place.file("a.xlsx", "x"), "cannot be read as a workbook"),
    ] {
        let said = run(&["grants", "check", &file]);
        assert!(said.status == Some(2) && said.err.contains(why) && said.out.is_empty(), "{file}: {}", said.err);
    }
}

#[test]
fn all_places_are_told_where_that_is_asked_for() {
    let place = Place::new();
    let rows: String = (0..30).map(|n| format!("a{n},none\n")).collect();
    let file = place.file("a.csv", format!("Identifier,Amount Awarded\n{rows}"));
    let told = |flags: &[&str]| run(&[&["grants", "check", &file], flags].concat()).err.matches("‘none’; give a number").count();
    assert_eq!((told(&[]), told(&["--all"])), (5, 30));
}

#[test]
fn grants_go_from_one_kind_of_file_to_another_and_back() {
    let place = Place::new();
    let first = place.file("a.json", sound().to_string());
    let (csv, book, last) = (place.path("b.csv"), place.path("c.xlsx"), place.path("d.json"));
    for (from, to) in [(&first, &csv), (&csv, &book), (&book, &last)] {
        assert_eq!(done(&["grants", "convert", from, to]), format!("Wrote {to}: 1 grant\n"));
    }
    let back: Value = serde_json::from_str(&std::fs::read_to_string(&last).unwrap()).unwrap();
    assert_eq!(back, sound());
}

#[test]
fn nothing_is_written_by_halves_nor_over_what_is_there() {
    let place = Place::new();
    let contradicting = place.file("a.csv", "Identifier,Title\na,One\na,Other\n");
    let said = run(&["grants", "convert", &contradicting, &place.path("b.json")]);
    assert_eq!(said.status, Some(1));
    assert!(
        said.err.contains("cell B3, ‘Title’: another row of the same Identifier says something else: cell B2")
            && said.err.contains("nothing was written"),
        "{}",
        said.err
    );
    let cut = place.file("c.json", "{\"grants\": [{\"id\": \"a\"}, {\"id\"");
    assert_eq!(run(&["grants", "convert", &cut, &place.path("b.json")]).status, Some(2));
    assert_eq!(place.names(), ["a.csv", "c.json"]);
    let (well, there) = (place.file("d.json", sound().to_string()), place.file("e.csv", "precious"));
    let said = run(&["grants", "convert", &well, &there]);
    assert!(said.status == Some(2) && said.err.contains("--force replaces it"), "{}", said.err);
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "precious");
    assert_eq!(run(&["grants", "convert", "--force", &well, &there]).status, Some(0));
    assert!(std::fs::read_to_string(&there).unwrap().starts_with("Identifier,Title,"));
}
