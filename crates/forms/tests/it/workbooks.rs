//! XLSForm: what we write comes back equal and converts elsewhere, and what others write is read as far as it goes.

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::process::Command;

use crate::common::{application, compiled};
use forms::{Form, xlsform};
use rust_xlsxwriter::Workbook;

fn there_and_back(form: &Form) -> (Form, Vec<String>, Vec<String>) {
    let (bytes, lost) = xlsform::write(form).unwrap();
    let (back, again) = xlsform::read(&bytes).unwrap();
    let told = |lost: Vec<xlsform::Lost>| lost.iter().map(ToString::to_string).collect();
    (back, told(lost), told(again))
}

/// A workbook with these sheets, each with its rows, headings first.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (i, row) in (0u32..).zip(*rows) {
            for (j, cell) in (0u16..).zip(*row) {
                sheet.write_string(i, j, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_form_comes_back_equal() {
    let (back, lost, again) = there_and_back(&application());
    assert_eq!(back, application());
    assert_eq!(again, Vec::<String>::new());
    for expected in [
        "‘end > start’: a rule across answers",
        "‘readiness’: a score",
        "survey, row 3, ‘lead’: where its answer may be known from",
        "survey, row 3, ‘lead’: that it has to be answered: it is several questions there",
    ] {
        assert!(lost.iter().any(|l| l == expected), "{expected}\n{lost:#?}");
    }
}

#[test]
fn what_others_change_is_taken_over() {
    let (bytes, _) = xlsform::write(&application()).unwrap();
    let mut rows = sheet_rows(&bytes, "survey");
    let label = rows[0].iter().position(|h| h == "label::English (en)").unwrap();
    let name = rows[0].iter().position(|h| h == "name").unwrap();
    let changed = rows.iter().position(|row| row[name] == "stage").unwrap();
    rows[changed][label] = "How far have you come?".to_owned();
    let sheets = ["survey", "choices", "settings", "commonweal"]
        .map(|s| (s, if s == "survey" { rows.clone() } else { sheet_rows(&bytes, s) }));
    let texts: Vec<(&str, Vec<Vec<&str>>)> =
        sheets.iter().map(|(n, rows)| (*n, rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect())).collect();
    let slices: Vec<(&str, Vec<&[&str]>)> =
        texts.iter().map(|(n, rows)| (*n, rows.iter().map(Vec::as_slice).collect())).collect();
    let sheets: Vec<(&str, &[&[&str]])> = slices.iter().map(|(n, rows)| (*n, rows.as_slice())).collect();

    let (back, lost) = xlsform::read(&workbook(&sheets)).unwrap();
    let told: Vec<String> = lost.iter().map(ToString::to_string).collect();
    let row = changed + 1;
    let what = "it was changed after it was written, so what other tools have no words for is taken from its row alone";
    assert_eq!(told, [format!("survey, row {row}, ‘stage’: {what}")]);
    let changes = application().compare(&back);
    let told: Vec<&str> = changes.iter().map(|c| c.what.as_str()).collect();
    assert_eq!(
        told,
        ["The label of ‘stage’ reads otherwise", "What ‘idea’ is worth has changed", "What ‘started’ is worth has changed"]
    );
}

fn sheet_rows(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut file: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    file.worksheet_range(name).unwrap().rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// A workbook as another tool would write it.
fn from_elsewhere() -> Vec<u8> {
    workbook(&[
        (
            "survey",
            &[
                &[
                    "type",
                    "name",
                    "label::English (en)",
                    "label::Cymraeg (cy)",
                    "relevant",
                    "constraint",
                    "calculation",
                    "required",
                    "default",
                ],
                &["begin group", "About_You", "About you", "Amdanoch chi", "", "", "", "", ""],
                &["select_one yn", "agreed", "Do you agree?", "", "", "", "", "yes", ""],
                &["integer", "First Age", "Age", "", "${agreed} = 'yes'", ". > 17 and . < 120", "", "", "18"],
                &[
                    "select_multiple need",
                    "needs",
                    "Needs",
                    "",
                    "${First Age} != '' or not(${agreed} = 'no')",
                    "count-selected(.) <= 2",
                    "",
                    "",
                    "",
                ],
                &["calculate", "double", "", "", "", "", "${First Age} * 2 div 3", "", ""],
                &["geopoint", "where", "Where?", "", "", "", "", "", ""],
                &["end group", "", "", "", "", "", "", "", ""],
                &["begin repeat", "people", "People", "", "selected(${needs}, 'food')", "", "", "", ""],
                &["text", "name", "Name", "", "", "regex(., '[a-z]+')", "", "", ""],
                &["date", "born", "Born", "", "string-length(${name}) > 0", ". < date('2020-01-01')", "", "", ""],
                &["end repeat", "", "", "", "", "", "", "", ""],
                &["decimal", "sum", "Sum", "", "", "", "", "count(${people}) > 1", ""],
            ],
        ),
        (
            "choices",
            &[
                &["list_name", "name", "label"],
                &["yn", "yes", "Yes"],
                &["yn", "no", "No"],
                &["need", "food", "Food"],
                &["need", "Rent", "Rent"],
            ],
        ),
        ("settings", &[&["form_title", "form_id"], &["A survey", "a_survey"]]),
    ])
}

#[test]
fn conditions_are_said_in_both_languages() {
    let bytes = from_elsewhere();
    let (form, lost) = xlsform::read(&bytes).unwrap();
    assert_eq!(form.flaws(), []);
    let told: Vec<String> = lost.iter().map(ToString::to_string).collect();
    let expected = [
        "survey, row 2, ‘About_You’: it is called ‘about-you’ here",
        "survey, row 4, ‘First Age’: it is called ‘first-age’ here",
        "survey, row 4, ‘First Age’: what stands under ‘default’",
        "survey, row 5, ‘needs’: the option ‘Rent’ is called ‘rent’ here",
        "survey, row 7, ‘where’: rows of type ‘geopoint’ have no counterpart",
        "survey, row 10, ‘name’: ‘constraint’ (regex(., '[a-z]+')): regex(…) has no counterpart",
        "survey, row 11, ‘born’: ‘relevant’ (string-length(${name}) > 0): string-length(…) has no counterpart",
    ];
    for expected in expected {
        assert!(told.iter().any(|t| t == expected), "{expected}\n{told:#?}");
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    let condition = |key: &str| form.question(None, key).unwrap().shown_when.clone().unwrap();
    assert_eq!(condition("first-age"), "agreed = yes");
    assert_eq!(condition("needs"), "answered(first-age) or not agreed = no");
    assert_eq!(condition("people"), "needs has \"food\"");
    assert_eq!(form.question(None, "first-age").unwrap().valid_when.as_deref(), Some("first-age > 17 and first-age < 120"));
    assert_eq!(form.question(Some("people"), "born").unwrap().valid_when.as_deref(), Some("born < 2020-01-01"));
    assert_eq!((form.sections[0].title.cy.as_deref(), form.title.en.as_str()), (Some("Amdanoch chi"), "A survey"));
}

#[test]
fn what_is_no_workbook_is_refused_with_a_sentence() {
    for (bytes, sentence) in [
        (b"PK\x03\x04 not a zip".to_vec(), "Choose a spreadsheet of the kind .xlsx: this file cannot be read as one"),
        (Vec::new(), "Choose a spreadsheet of the kind .xlsx: this file cannot be read as one"),
        (workbook(&[("other", &[&["type"]])]), "This workbook has no sheet ‘survey’"),
        (vec![0; 10_000_001], "This workbook is too large: use at most 10 megabytes"),
    ] {
        let told = xlsform::read(&bytes).unwrap_err().to_string();
        assert!(told.starts_with(sentence), "{told}");
    }
}

/// A workbook whose parts are changed or added to, packed anew.
fn repacked(book: &[u8], extra: Option<(&str, &[u8])>, change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        to.start_file(&name, options).unwrap();
        to.write_all(change(&name, text).as_bytes()).unwrap();
    }
    if let Some((name, bytes)) = extra {
        to.start_file(name, options).unwrap();
        to.write_all(bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn what_would_fill_all_memory_is_refused_before_it_does() {
    let small = workbook(&[("survey", &[&["type", "name", "label"], &["text", "why", "Why?"]])]);
    let far = |row: u32, column: u16| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("survey").unwrap();
        sheet.write_string(0, 0, "type").unwrap().write_string(row, column, "far").unwrap();
        book.save_to_buffer().unwrap()
    };
    let unpacked = repacked(&small, Some(("xl/media/image.bin", &vec![0; 50_000_000])), |_, text| text);
    assert!(unpacked.len() < 200_000, "it is small while it is packed: {}", unpacked.len());
    let counted = repacked(&small, None, |_, text| text.replace("uniqueCount=\"", "uniqueCount = \"9999999999"));
    let long = "x".repeat(30_000);
    let row = vec![long.as_str(); 100];
    let repeated = workbook(&[("survey", &[&row[..], &row, &row, &row, &row, &row, &row])]);
    for (bytes, sentence) in [
        (far(1_048_575, 0), "This workbook is too large: use at most 20000 rows"),
        (far(1, 16_383), "This workbook is too large: use at most 200 columns"),
        (unpacked, "This workbook is too large: use at most 50 megabytes unpacked"),
        (counted, "This workbook is too large: use at most 1000000 texts"),
        (repeated, "This workbook is too large: use at most 20 million letters"),
    ] {
        assert_eq!(xlsform::read(&bytes).unwrap_err().to_string(), sentence);
    }
    // Cells that only look like something do not count, however far they are.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("survey").unwrap();
    for (column, [heading, cell]) in (0u16..).zip([["type", "text"], ["name", "why"], ["label", "Why?"]]) {
        sheet.write_string(0, column, heading).unwrap().write_string(1, column, cell).unwrap();
    }
    sheet.write_blank(1_048_575, 0, &rust_xlsxwriter::Format::new().set_bold()).unwrap();
    let (form, _) = xlsform::read(&book.save_to_buffer().unwrap()).unwrap();
    assert!(form.question(None, "why").is_some());
}

/// Converts with pyxform, where `COMMONWEAL_PYXFORM` is the path of a Python that has it.
#[test]
fn what_we_write_converts_elsewhere() {
    let Some(python) = std::env::var_os("COMMONWEAL_PYXFORM").map(PathBuf::from) else {
        println!("not tried: set COMMONWEAL_PYXFORM to a Python that has pyxform");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let small =
        compiled(&crate::common::of_questions("questions = [{ key = \"lead-partner\", label = \"L\", kind = \"short-text\" }]"));
    for (i, form) in [application(), small.form().clone()].iter().enumerate() {
        let file = dir.path().join(format!("form{i}.xlsx"));
        std::fs::write(&file, xlsform::write(form).unwrap().0).unwrap();
        let code = "import sys; from pyxform.xls2xform import convert; print(convert(sys.argv[1], validate=False).xform)";
        let done = Command::new(&python).arg("-c").arg(code).arg(&file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let xml = String::from_utf8_lossy(&done.stdout);
        assert!(xml.contains(&form.title.en), "{xml}");
    }
}
