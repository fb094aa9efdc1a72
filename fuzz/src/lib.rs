//! What is fuzzed, as functions of bytes. Each ends, whatever it is given, and holds what it promises: a panic is a find.
//! `make fuzz TARGET=… SECONDS=…` runs one; `tests/regressions.rs` gives each what is kept in `corpora/`.

use std::fs::File;
use std::io::{Cursor, Write as _};

use forms::{Answers, Form, Lang};
use threesixty::{Check, Day, Format, Stop};

/// A form whose computed answer is the expression, about one question of each kind that expressions know.
const FORM: &str = r#"key = "f"
title = "F"
[[sections]]
key = "s"
title = "S"
questions = [
  { key = "award", label = "A", kind = "money" },
  { key = "people", label = "P", kind = "number" },
  { key = "blank", label = "P", kind = "number" },
  { key = "text", label = "T", kind = "long-text" },
  { key = "agreed", label = "Y", kind = "yes-no" },
  { key = "start", label = "S", kind = "date" },
  { key = "needs", label = "N", kind = "choose-several", options = [{ key = "food", label = "F", score = 1 }, { key = "rent", label = "R", score = 3 }] },
  { key = "rows", label = "G", kind = "group", questions = [{ key = "cost", label = "C", kind = "money" }] },
  { key = "result", label = "R", kind = "computed", value = "1" },
]"#;

const ANSWERS: &str = r#"{
  "award": {"money": 1000050}, "people": {"number": 3}, "text": {"text": "three small words"}, "agreed": {"yes-no": true},
  "start": {"date": "2026-02-27"}, "needs": {"choices": ["food", "rent"]}, "rows": {"rows": ["r1", "r2"]},
  "rows.r1.cost": {"money": 1000}, "rows.r2.cost": {"money": 500}
}"#;

/// The language of conditions and sums in forms: read, written out again, checked in a form, and worked out.
///
/// # Panics
/// Where what is written out is not what was read.
pub fn expressions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(read) = forms::expr::parse(text) {
        let shown = read.to_string();
        let again = forms::expr::parse(&shown).map(|again| again.to_string());
        assert_eq!(again.ok().as_deref(), Some(shown.as_str()), "what is written out is read as the same");
    }
    let Ok(quoted) = serde_json::to_string(text) else { return };
    // What JSON escapes, TOML mostly does too; where it does not, there is no form.
    let Ok(form) = toml::from_str::<Form>(&FORM.replace("value = \"1\"", &format!("value = {quoted}"))) else { return };
    let (Ok(form), Ok(answers)) = (form.compile(), serde_json::from_str::<Answers>(ANSWERS)) else { return };
    for answers in [answers, Answers::default()] {
        let look = form.look(&answers, Lang::En);
        let _ = look.ready();
    }
}

/// A file of grants in JSON.
pub fn grants_json(data: &[u8]) {
    grants(data, Format::Json);
}

/// A file of grants in CSV.
pub fn grants_csv(data: &[u8]) {
    grants(data, Format::Csv);
}

/// A workbook of grants. What begins like a packed file is taken for one; anything else stands as a sheet's content in a sound workbook,
/// where more of what reads it is reached.
pub fn grants_xlsx(data: &[u8]) {
    if data.starts_with(b"PK") {
        return grants(data, Format::Xlsx);
    }
    if let Some(book) = workbook(data) {
        grants(&book, Format::Xlsx);
    }
}

fn workbook(sheet: &[u8]) -> Option<Vec<u8>> {
    const HEAD: &str = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#;
    const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="grants" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    const TEXTS: &str = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Identifier</t></si><si><t>Amount Awarded</t></si><si><t>Award Date</t></si><si><t>Recipient Org:0:Name</t></si></sst>"#;
    let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let sheet = [HEAD.as_bytes(), sheet, b"</worksheet>"].concat();
    let parts: [(&str, &[u8]); 5] = [
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/sharedStrings.xml", TEXTS.as_bytes()),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    for (name, content) in parts {
        file.start_file(name, plain).ok()?;
        file.write_all(content).ok()?;
    }
    Some(file.finish().ok()?.into_inner())
}

/// Checks a file and converts it into each kind. A file that can be read becomes one that can be read.
fn grants(data: &[u8], format: Format) {
    let (Ok(mut file), Ok(out)) = (tempfile::NamedTempFile::new(), tempfile::NamedTempFile::new()) else { return };
    let Some(today) = Day::new(2026, 11, 22) else { return };
    if file.write_all(data).is_err() {
        return;
    }
    let mut check = Check::new(today).keeping(3);
    if threesixty::read(file.path(), format, &mut check).is_ok() {
        let _ = check.finish();
    }
    for into in [Format::Json, Format::Csv, Format::Xlsx] {
        let Ok(to) = File::create(out.path()) else { return };
        match threesixty::convert(file.path(), format, &to, into) {
            Ok(done) if done.wrong.is_empty() && done.grants > 0 => {
                let mut again = Check::new(today).keeping(3);
                let read = threesixty::read(out.path(), into, &mut again);
                assert!(!matches!(read, Err(Stop::Unreadable(_) | Stop::NotUtf8 { .. })), "{into:?}: {read:?}");
            }
            _ => {}
        }
    }
}
