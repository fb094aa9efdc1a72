//! Files to look at, and grants that are well.

use std::fs::File;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use threesixty::{Check, Converted, Day, Format, Problem, Report, Stop, Tally};

/// A folder for one test.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempdir().unwrap())
    }
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
    /// A workbook with these sheets, each with its rows, headings first.
    pub fn workbook(&self, sheets: &[(&str, &[&[&str]])]) -> PathBuf {
        let mut book = Workbook::new();
        for (name, rows) in sheets {
            let sheet = book.add_worksheet().set_name(*name).unwrap();
            for (i, row) in (0u32..).zip(*rows) {
                for (j, cell) in (0u16..).zip(*row) {
                    if !cell.is_empty() {
                        sheet.write_string(i, j, *cell).unwrap();
                    }
                }
            }
        }
        let path = self.path("book.xlsx");
        book.save(&path).unwrap();
        path
    }
    /// The same grants as this kind of file.
    pub fn converted(&self, from: &Path, to: &str) -> Result<(PathBuf, Converted), Stop> {
        let path = self.path(to);
        let file = File::create(&path).unwrap();
        let done = threesixty::convert(from, Format::of(from).unwrap(), &file, Format::of(&path).unwrap())?;
        Ok((path, done))
    }
    /// What a file holds, by way of our own JSON.
    pub fn grants(&self, from: &Path) -> Value {
        let (path, done) = self.converted(from, "read.json").unwrap();
        assert_eq!(done.wrong, []);
        let package: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        package
    }
}

/// The day of all checks here.
pub fn today() -> Day {
    Day::new(2026, 11, 22).unwrap()
}

pub fn check(path: &Path) -> Report {
    tried(path).unwrap()
}

pub fn tried(path: &Path) -> Result<Report, Stop> {
    let mut check = Check::new(today());
    threesixty::read(path, Format::of(path).unwrap(), &mut check)?;
    Ok(check.finish())
}

pub fn check_grants(grants: &[Value]) -> Report {
    let place = Place::new();
    check(&place.file("grants.json", json!({ "grants": grants }).to_string()))
}

pub fn tally<'r>(report: &'r Report, check: &str) -> Option<&'r Tally> {
    report.tallies.iter().find(|tally| tally.check == check)
}

/// What was said of one kind, the first time.
pub fn first<'r>(report: &'r Report, check: &str) -> &'r Problem {
    let names: Vec<&str> = report.tallies.iter().map(|tally| tally.check).collect();
    tally(report, check).unwrap_or_else(|| panic!("no {check} among {names:?}")).problems.first().unwrap()
}

pub fn said(report: &Report) -> Vec<String> {
    report.problems().map(|problem| format!("{} {} {}; {}", problem.place, problem.pointer, problem.what, problem.fix)).collect()
}

/// A grant that no check has anything to say about.
pub fn sound() -> Value {
    json!({
        "id": "360G-madeup-1", "title": "Advice sessions", "description": "A year of weekly advice sessions in a community centre.",
        "currency": "GBP", "amountAwarded": 12_500.5, "awardDate": "2025-03-01", "dateModified": "2025-03-02T09:30:00Z",
        "dataSource": "https://example.org/grants.json",
        "plannedDates": [{ "startDate": "2025-04-01", "endDate": "2026-03-31", "duration": 12 }],
        "fundingOrganization": [{ "id": "GB-CHC-999999", "name": "A made-up funder" }],
        "recipientOrganization": [{
            "id": "GB-CHC-1000001", "name": "A community centre", "charityNumber": "1000001", "companyNumber": "01234567", "postalCode": "ZZ1 1ZZ",
        }],
        "beneficiaryLocation": [{ "name": "A ward", "geoCode": "E05000026", "geoCodeType": "WD", "countryCode": "GB" }],
        "grantProgramme": [{ "code": "A", "title": "Advice" }],
    })
}

/// The same, to a person.
pub fn to_person() -> Value {
    let mut grant = sound();
    let fields = grant.as_object_mut().unwrap();
    fields.remove("recipientOrganization");
    fields.insert("recipientIndividual".to_owned(), json!({ "id": "360G-madeup-person-1", "name": "Recipient" }));
    fields.insert(
        "toIndividualsDetails".to_owned(),
        json!({ "primaryGrantReason": "GTIR010", "grantPurpose": ["GTIP020", "GTIP170"] }),
    );
    grant
}

/// The sound grant with something else at a JSON pointer; null takes it out.
pub fn with(pointer: &str, value: Value) -> Value {
    changed(sound(), pointer, value)
}

pub fn changed(mut grant: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = grant.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(fields) if value.is_null() => _ = fields.remove(name),
        Value::Object(fields) => _ = fields.insert(name.to_owned(), value),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} leads nowhere"),
    }
    grant
}

/// Whether two files say the same: numbers by what they are worth.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => one == other,
    }
}
