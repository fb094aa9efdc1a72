//! Files that are broken, absurd or meant to do harm: a clear word, and never more memory than they deserve.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use rust_xlsxwriter::{Format as Style, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::common::{Place, check, first, sound, tally, tried};

fn why(name: &str, bytes: impl AsRef<[u8]>) -> String {
    tried(&Place::new().file(name, bytes)).unwrap_err().to_string()
}

#[test]
fn broken_json_is_told_with_line_and_column() {
    for (text, said) in [
        ("", "it is empty"),
        ("nonsense", "line 1, column 1: a package of grants begins with {"),
        ("{\"grants\": [\n{\"id\": \"a\"},,\n]}", "line 2, column 13, after grant 1: a value should begin here"),
        ("{\"grants\": [{\"id\": \"a\"}]", "the file ends here"),
        ("{\"grants\": [{\"id\": \"a", "the file ends here"),
        ("{\"grants\": [{\"id\": 01}]}", "this is not a number"),
        ("{\"grants\": [{\"id\": \"a\nb\"}]}", "the line ends within this text"),
        ("{\"grants\": [{\"id\": \"a\0b\"}]}", "NUL"),
        ("{\"grants\": [\0]}", "NUL"),
        ("{\"grants\": [{\"id\": \"\\ud800\"}]}", "half of a letter"),
        ("{\"grants\": [{\"id\": nul}]}", "quotation marks"),
        ("{\"grants\": []} x", "something follows"),
        ("{\"grants\": [], \"grants\": []}", "twice"),
        ("{'grants': []}", "the name of a field should begin here"),
    ] {
        let stop = why("a.json", text);
        assert!(stop.contains(said), "{text:?}: {stop}");
    }
    assert!(why("a.json", b"{\"grants\": [\n{\"id\": \"\xe9\"}]}").starts_with("line 2: the file is not written in UTF-8"));
    assert!(why("a.json", b"\xff\xfe{\0").contains("UTF-16"));
    assert!(why("a.json", b"PK\x03\x04rest").contains(".xlsx"));
    assert!(why("a.csv", b"\xd0\xcf\x11\xe0").contains(".xls"));
}

#[test]
fn deep_nesting_ends_at_a_depth() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = |n: usize| format!("{{\"grants\": [{{\"id\": {}0{}}}]}}", open.repeat(n), close.repeat(n));
        assert!(why("a.json", deep(100_000)).contains("nested deeper than 64 levels"));
        assert!(tried(&Place::new().file("a.json", deep(60))).is_ok());
    }
}

#[test]
fn absurd_numbers_are_numbers() {
    for number in ["1e999999999999999999999", "-1e-99999999999999999999", &"9".repeat(100_000), "0e99999999999"] {
        let mut grant = sound().to_string();
        grant = grant.replace("12500.5", number);
        let report = check(&Place::new().file("a.json", format!("{{\"grants\": [{grant}]}}")));
        assert!(report.accepted(), "{}", &number[..20.min(number.len())]);
        assert_eq!(tally(&report, "ZeroAmount").is_some(), number == "0e99999999999");
    }
}

#[test]
fn a_field_that_stands_twice_is_told() {
    let text = "{\"grants\": [\n{\"id\": \"a\", \"title\": \"One\",\n\"title\": \"Two\"}]}";
    let report = check(&Place::new().file("a.json", text));
    let problem = first(&report, "cell");
    assert!(problem.what.contains("‘title’ stands twice") && problem.place.line == Some(3), "{problem:?}");
    let many: String = (0..50_000).map(|n| format!("\"f{n}\": 0, ")).collect();
    let report = check(&Place::new().file("a.json", format!("{{\"grants\": [{{{many}\"f7\": 1}}]}}")));
    assert_eq!(tally(&report, "cell").unwrap().count, 1);
}

#[test]
fn a_quotation_mark_that_never_closes_takes_no_more_than_the_file() {
    let report = check(&Place::new().file("a.csv", format!("Identifier,Title\na,\"{}\n", "b,c\n".repeat(50_000))));
    assert_eq!(report.grants, 1);
    let wide = format!("Identifier{}\n", ",".repeat(20_000) + "x");
    assert!(why("a.csv", wide).contains("more than 16384 columns"));
}

#[test]
fn thousands_of_empty_rows_are_no_grants() {
    let place = Place::new();
    let rows = ",,\n".repeat(50_000);
    let report = check(&place.file("a.csv", format!("Identifier,Title,Description\n{rows}a,T,D\n{rows}")));
    assert_eq!((report.grants, first(&report, "required").place.row), (1, Some(50_002)));
    let (path, mut book) = (place.path("book.xlsx"), Workbook::new());
    let (sheet, style) = (book.add_worksheet(), Style::new().set_bold());
    sheet.write_string(0, 0, "Identifier").unwrap();
    for row in 1..50_000 {
        sheet.write_blank(row, 0, &style).unwrap();
        sheet.write_string(row, 1, "").unwrap();
    }
    book.save(&path).unwrap();
    assert_eq!(first(&check(&path), "no-grants").fix, "a file holds at least one grant");
}

#[test]
fn merged_cells_are_told() {
    let place = Place::new();
    let (path, mut book) = (place.path("book.xlsx"), Workbook::new());
    let sheet = book.add_worksheet().set_name("grants").unwrap();
    for (column, head) in (0..).zip(["Identifier", "Title"]) {
        sheet.write_string(0, column, head).unwrap();
        sheet.write_string(1, column, "a").unwrap();
    }
    sheet.merge_range(2, 1, 4, 1, "T", &Style::new()).unwrap();
    book.save(&path).unwrap();
    let report = check(&path);
    assert_eq!(first(&report, "cell").place.to_string(), "sheet ‘grants’, cells B3:B5");
    let (_, done) = place.converted(&path, "a.json").unwrap();
    assert_eq!(done.wrong.len(), 1);
}

#[test]
fn days_that_no_spreadsheet_has_and_failed_formulas_are_told_with_their_cells() {
    let place = Place::new();
    let (path, mut book) = (place.path("book.xlsx"), Workbook::new());
    let day = Style::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    for (column, head) in (0..).zip(["Identifier", "Award Date", "Amount Awarded"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    for (row, serial) in (1..).zip([-5.0, 0.25, 3_000_000.0]) {
        sheet.write_string(row, 0, format!("a{row}")).unwrap();
        sheet.write_number_with_format(row, 1, serial, &day).unwrap();
    }
    sheet.write_string(4, 0, "b").unwrap();
    sheet.write_formula(4, 2, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.save(&path).unwrap();
    let report = check(&path);
    let told = &tally(&report, "cell").unwrap().problems;
    let cells: Vec<&str> = told.iter().filter_map(|problem| problem.place.column.as_deref()).collect();
    assert!(told.len() >= 3 && cells.iter().take(3).all(|column| *column == "B"), "{told:?}");
    assert!(told[0].what.contains("spreadsheets know those from 1900"), "{}", told[0].what);
    assert!(told[1].what.contains("a time without a day"), "{}", told[1].what);
    let amount =
        report.problems().find(|problem| problem.place.row == Some(5) && problem.place.column.as_deref() == Some("C")).unwrap();
    assert!(amount.what.contains("#DIV/0!"), "{}", amount.what);
}

/// A workbook whose one sheet is this XML.
fn book(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"grants\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"a\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"b\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"a\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    for (name, bytes) in [
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", texts),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    )
    .into_bytes()
}

const TEXTS: &[u8] = b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"1\"><si><t>Identifier</t></si></sst>";
const HEAD: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";

#[test]
fn a_workbook_that_unpacks_to_far_more_than_it_is_goes_no_further() {
    let well = book(&sheet(&format!("{HEAD}<row r=\"2\"><c r=\"A2\" t=\"str\"><v>a</v></c></row>")), TEXTS);
    assert_eq!(check(&Place::new().file("a.xlsx", well)).grants, 1);
    let bomb = book(&sheet(&format!("{HEAD}{}", "<row><c/></row>".repeat(1_600_000))), TEXTS);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    assert!(why("a.xlsx", bomb).contains("unpacks to more than"));
    let long =
        book(&sheet(&format!("{HEAD}<row r=\"2\"><c r=\"A2\" t=\"str\"><v>{}</v></c></row>", "a".repeat(5_000_000))), TEXTS);
    assert!(why("a.xlsx", long).contains("four million letters"));
    let lying = String::from_utf8(TEXTS.to_vec()).unwrap().replace("uniqueCount=\"1\"", "uniqueCount=\"99999999999\"");
    assert!(why("a.xlsx", book(&sheet(HEAD), lying.as_bytes())).contains("longer than it can be"));
}

#[test]
fn a_workbook_that_is_none_is_told() {
    for bytes in [
        &b""[..],
        b"no zip",
        b"PK\x03\x04",
        &book(b"<html/>", TEXTS),
        &book(b"", TEXTS),
        &book(&sheet("<row r=\"0\"><c r=\"A0\"><v>1</v></c></row>"), TEXTS),
    ] {
        let stop = why("a.xlsx", bytes);
        assert!(stop.contains("workbook") || stop.contains("empty"), "{stop}");
    }
    let far = book(&sheet(&format!("{HEAD}<row r=\"2000000\"><c r=\"A2000000\"><v>1</v></c></row>")), TEXTS);
    assert!(tried(&Place::new().file("a.xlsx", far)).is_err());
    let odd = book(&sheet(&format!("{HEAD}<row r=\"2\"><c r=\"A2\" t=\"s\"><v>7</v></c></row>")), TEXTS);
    assert!(why("a.xlsx", odd).contains("shared strings"));
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\\u00e9",
        "\\ud83d\\ude00",
        "grants",
        "\"grants\": [",
        "\"id\": \"a\"",
        "null",
        "true",
        "1",
        "-",
        ".5",
        "e9",
        " ",
        "\n",
        "\r",
        "\0",
        "é",
        "Identifier",
        "Recipient Org:0:Name",
        "commonweal:json",
        "\"{\"\"/a\"\": 1}\"",
        "a,b",
        ";",
        "2024-02-30",
        "@",
        "x@y.org",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whatever stands in a file, it is read or it is said why not.
    #[test]
    fn no_text_file_breaks_the_reader(start in prop::sample::select(vec!["", "{\"grants\": [{", "Identifier,Title,Own\n", "["]), rest in pieces()) {
        let place = Place::new();
        for name in ["a.json", "a.csv"] {
            let _ = tried(&place.file(name, format!("{start}{rest}")));
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let place = Place::new();
        for name in ["a.json", "a.csv", "a.xlsx"] {
            let _ = tried(&place.file(name, &bytes));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_sheet_breaks_the_reader(rest in prop::collection::vec(prop::sample::select(vec![
        "<row>", "</row>", "<row r=\"2\">", "<c>", "<c r=\"A2\">", "<c r=\"ZZZZ9\">", "<c t=\"s\">", "<c t=\"b\">", "<c t=\"e\">", "<c t=\"d\">", "</c>", "<v>", "</v>", "1", "0", "9e999", "-1",
        "<is><t>", "</t></is>", "&amp;", "&nope;", "<!--", "-->", "<mergeCell ref=\"A1:B2\"/>", "<f>", "</f>", "é",
    ]), 0..30)) {
        let place = Place::new();
        let _ = tried(&place.file("a.xlsx", book(&sheet(&format!("{HEAD}{}", rest.concat())), TEXTS)));
    }
}
