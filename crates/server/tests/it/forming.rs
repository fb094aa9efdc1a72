//! `commonweal form`.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::Workbook;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::command::{done, programmes, refused, run};

const SMALL: &str = r#"key = "survey"
title = { en = "A survey", cy = "Arolwg" }

[[sections]]
key = "you"
title = "About you"

[[sections.questions]]
key = "name"
label = { en = "What is your name?", cy = "Beth yw eich enw?" }
kind = "short-text"
required = true

[[sections.questions]]
key = "sector"
label = "Which sector?"
kind = "choose-one"
options = [{ key = "nhs", label = "NHS" }, { key = "other", label = "Other" }]
shown_when = "name = 'Ann'"
"#;

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
    /// A workbook with these sheets, each with its rows, headings first.
    fn workbook(&self, name: &str, sheets: &[(&str, &[&[&str]])]) -> String {
        let mut book = Workbook::new();
        for (sheet, rows) in sheets {
            let sheet = book.add_worksheet().set_name(*sheet).unwrap();
            for (i, row) in (0u32..).zip(*rows) {
                for (j, cell) in (0u16..).zip(*row) {
                    sheet.write_string(i, j, *cell).unwrap();
                }
            }
        }
        self.file(name, book.save_to_buffer().unwrap())
    }
    fn names(&self) -> Vec<String> {
        let all = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = all.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
    /// What was said, with the folder left out.
    fn lines(&self, said: &str) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        said.lines().map(|line| line.replace(&folder, "")).collect()
    }
}

/// The forms of all designs in the repository.
fn all_forms() -> Vec<PathBuf> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).map(|all| all.map(|f| f.unwrap().path()).collect()).unwrap_or_default()
    };
    let mut all: Vec<PathBuf> = files(&programmes()).iter().flat_map(|design| files(&design.join("forms"))).collect();
    all.sort();
    assert!(all.len() >= 7, "{all:?}");
    all
}

fn json(file: &str) -> Value {
    let out = done(&["form", "check", file, "--json"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn check_says_what_a_form_asks_and_what_has_no_welsh() {
    let place = Place::new();
    let file = place.file("survey.toml", SMALL);
    assert_eq!(
        done(&["form", "check", &file]).lines().collect::<Vec<_>>(),
        [
            "A survey (survey): 1 section, 2 questions",
            "  About you (you)",
            "    name: What is your name? (short-text, required)",
            "    sector: Which sector? (choose-one)",
            "  Rules across answers: 0",
            "  Scores: 0",
            "  Without Welsh: 4 of 6 texts",
            "    ‘you’, title: About you",
            "    ‘sector’, label: Which sector?",
            "    ‘sector’, options 1, label: NHS",
            "    ‘sector’, options 2, label: Other",
        ]
    );
    let said = json(&file);
    assert_eq!((&said["sections"], &said["questions"], &said["texts"]), (&1.into(), &2.into(), &6.into()));
    assert_eq!(said["untranslated"], serde_json::json!(["About you", "Which sector?", "NHS", "Other"]));
    assert_eq!((&said["form"]["key"], &said["ours"], &said["lost"]), (&"survey".into(), &false.into(), &serde_json::json!([])));
}

#[test]
fn every_form_of_the_designs_is_sound() {
    for file in all_forms() {
        let out = done(&["form", "check", file.to_str().unwrap()]);
        assert!(["none\n", "all "].iter().any(|n| out.contains(&format!("  Without Welsh: {n}"))), "{out}");
        assert!(out.contains("; ours, for practice\n"), "{out}");
    }
}

#[test]
fn a_mistake_is_shown_with_line_and_column() {
    let place = Place::new();
    let file = place.file("survey.toml", SMALL.replace("name = 'Ann'", "nam = 'Ann'"));
    let said = run(&["form", "check", &file]);
    assert_eq!((said.status, said.out.as_str()), (Some(1), ""), "{}", said.err);
    let lines = place.lines(&said.err);
    assert!(lines[0].starts_with("survey.toml:19:15: ") && lines[0].contains("‘nam’"), "{lines:?}");
    assert_eq!(lines[1..], ["commonweal: 1 place in survey.toml needs mending"]);
    let said = run(&["form", "convert", &file, &place.path("survey.xlsx")]);
    assert_eq!((said.status, place.lines(&said.err)), (Some(1), lines));
    assert_eq!(place.names(), ["survey.toml"]);
}

#[test]
fn every_form_of_the_designs_comes_back_equal_from_a_workbook() {
    let place = Place::new();
    let (book, back) = (place.path("form.xlsx"), place.path("form.toml"));
    for file in all_forms() {
        let file = file.to_str().unwrap();
        let (there, form) = (run(&["form", "convert", file, &book, "--force"]), json(file)["form"].take());
        assert_eq!(there.status, Some(0), "{}", there.err);
        let lost = place.lines(&there.err);
        assert!(lost.iter().all(|line| line.starts_with("form.xlsx: not carried: ")), "{lost:?}");
        let key = form["key"].as_str().unwrap();
        assert_eq!(lost[0], format!("form.xlsx: not carried: ‘{key}’: that it is ours, for practice"));
        assert_eq!(json(&book)["form"], form);
        done(&["form", "convert", &book, &back, "--force"]);
        assert_eq!(json(&back)["form"], form);
    }
    assert_eq!(place.names(), ["form.toml", "form.xlsx"], "nothing else is left lying");
}

#[test]
fn what_a_workbook_cannot_say_is_listed_with_its_row() {
    let place = Place::new();
    let form = programmes().join("shaping-places-for-healthier-lives/forms/expression-of-interest.toml");
    let said = run(&["form", "convert", form.to_str().unwrap(), &place.path("form.xlsx")]);
    let lines = place.lines(&said.err);
    assert!(
        lines.contains(&"form.xlsx: not carried: survey, row 3, ‘lead’: where its answer may be known from".into()),
        "{lines:?}"
    );
    assert_eq!(place.lines(&said.out), ["Wrote form.xlsx: 2 sections, 7 questions"]);
}

#[test]
fn a_file_is_replaced_only_when_asked() {
    let place = Place::new();
    let (file, out) = (place.file("survey.toml", SMALL), place.file("survey.xlsx", "mine"));
    let said = refused(&["form", "convert", &file, &out]);
    assert!(said.contains("survey.xlsx: There is a file of this name; --force replaces it"), "{said}");
    assert_eq!(std::fs::read(&out).unwrap(), b"mine");
    assert_eq!(run(&["form", "convert", &file, &out, "--force"]).status, Some(0));
    assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
    let said = refused(&["form", "convert", &file, &place.path("nowhere/survey.xlsx")]);
    assert!(said.contains("survey.xlsx: cannot be written"), "{said}");
    assert_eq!(place.names(), ["survey.toml", "survey.xlsx"]);
}

/// Made elsewhere: a kind we have not, a name we cannot have, and a list without options.
const ELSEWHERE: &[&[&str]] = &[
    &["type", "name", "label"],
    &["text", "Full_Name", "Your name"],
    &["geopoint", "where", "Where are you?"],
    &["select_one colours", "Colour", "Which colour?"],
];

#[test]
fn a_workbook_from_elsewhere_is_read_and_its_rows_are_named() {
    let place = Place::new();
    let sound = place.workbook("sound.xlsx", &[("survey", &ELSEWHERE[..3])]);
    let said = run(&["form", "check", &sound]);
    let lost = [
        "sound.xlsx: not carried: survey, row 2, ‘Full_Name’: it is called ‘full-name’ here",
        "sound.xlsx: not carried: survey, row 3, ‘where’: rows of type ‘geopoint’ have no counterpart",
    ];
    assert_eq!((said.status, place.lines(&said.err)), (Some(0), lost.map(String::from).to_vec()), "{}", said.out);
    assert!(said.out.contains("    full-name: Your name (short-text)\n"), "{}", said.out);

    let flawed = place.workbook("flawed.xlsx", &[("survey", ELSEWHERE)]);
    let said = run(&["form", "check", &flawed]);
    let lines = place.lines(&said.err);
    assert_eq!((said.status, said.out.as_str()), (Some(1), ""), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("flawed.xlsx: survey, row 4, ‘colour’")), "{lines:?}");
    assert_eq!(lines.last().unwrap(), "commonweal: 1 place in flawed.xlsx needs mending");
}

#[test]
fn a_form_that_needs_mending_is_written_so_that_it_can_be_mended() {
    let place = Place::new();
    let flawed = place.workbook("flawed.xlsx", &[("survey", ELSEWHERE)]);
    let out = place.path("flawed.toml");
    let said = run(&["form", "convert", &flawed, &out]);
    let lines = place.lines(&said.err);
    assert_eq!(said.status, Some(1), "{lines:?}");
    let text = std::fs::read_to_string(&out).unwrap();
    let line = text.lines().position(|line| line == "options = []").unwrap() + 1;
    assert!(lines.iter().any(|l| l.starts_with(&format!("flawed.toml:{line}:"))), "{lines:?}\n{text}");
    std::fs::write(&out, text.replace("options = []", "options = [{ key = \"red\", label = \"Red\" }]")).unwrap();
    assert_eq!(json(&out)["questions"], 2);
}

#[test]
fn any_text_survives_the_way_to_a_workbook_and_back() {
    let place = Place::new();
    let hard = r#""Two \"lines\"\nof 'text' \\ with\ttabs, '''quotes''' and \"\"\"more\"\"\" ✓""#;
    let file = place.file("hard.toml", SMALL.replace("\"Which sector?\"", &format!("{{ en = {hard}, cy = {hard} }}")));
    let (book, back) = (place.path("back.xlsx"), place.path("back.toml"));
    assert_eq!(run(&["form", "convert", &file, &book]).status, Some(0));
    done(&["form", "convert", &book, &back]);
    assert_eq!(json(&back)["form"], json(&file)["form"]);
}

#[test]
fn what_is_no_form_is_refused_with_a_sentence() {
    let place = Place::new();
    let mut far = Workbook::new();
    far.add_worksheet()
        .set_name("survey")
        .unwrap()
        .write_string(0, 0, "type")
        .unwrap()
        .write_string(1_048_575, 16_383, "x")
        .unwrap();
    let cases = [
        (place.file("no.xlsx", SMALL), "no.xlsx: Choose a spreadsheet of the kind .xlsx"),
        (place.file("empty.xlsx", ""), "empty.xlsx: Choose a spreadsheet of the kind .xlsx"),
        (
            place.file("large.xlsx", vec![0; 10_000_001]),
            "large.xlsx: This file is too large for a form: use at most 10 megabytes",
        ),
        (place.file("large.toml", vec![b'#'; 10_000_001]), "large.toml: This file is too large for a form"),
        (place.file("far.xlsx", far.save_to_buffer().unwrap()), "far.xlsx: This workbook is too large: use at most 20000 rows"),
        (place.workbook("other.xlsx", &[("other", &[&["type"]])]), "other.xlsx: This workbook has no sheet ‘survey’"),
        (place.file("bytes.toml", b"key = 'a'\ntitle = '\xff'\n"), "bytes.toml:2: This is not text in UTF-8"),
        (place.file("form.csv", SMALL), "form.csv: a form's file ends in .toml or .xlsx"),
        (place.path("nowhere.toml"), "nowhere.toml: cannot be read"),
    ];
    for (file, sentence) in &cases {
        let said = run(&["form", "check", file]);
        let lines = place.lines(&said.err);
        assert_eq!((said.status, lines.len(), said.out.as_str()), (Some(1), 1, ""), "{file}: {lines:?}");
        assert!(lines[0].starts_with(&format!("commonweal: {sentence}")), "{lines:?}");
    }
    let said = refused(&["form", "convert", &place.file("a.toml", SMALL), &place.path("b.toml")]);
    assert!(said.contains("one file that ends in .toml and one that ends in .xlsx"), "{said}");
}
