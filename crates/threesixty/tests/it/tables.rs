//! Tables as people make them: headings of several kinds, several sheets, repeated rows.

use rust_xlsxwriter::{Format as Style, Workbook};
use serde_json::json;

use crate::common::{Place, check, first, said, tally, tried};

#[test]
fn headings_are_titles_or_names_with_or_without_numbers() {
    let place = Place::new();
    for heads in [
        "Identifier,Recipient Org:Identifier,Recipient Org:Name,Amount Awarded,Own:part",
        "id,recipientOrganization/0/id,recipientOrganization/0/name,amountAwarded,Own:part",
        "IDENTIFIER,recipient org:0:identifier,Recipient Org:0:name,AmountAwarded, Own : part ",
    ] {
        let file = place.file("a.csv", format!("{heads}\na,GB-CHC-1,One,10.50,x\n"));
        let grant = json!({ "id": "a", "recipientOrganization": [{ "id": "GB-CHC-1", "name": "One" }], "amountAwarded": 10.50, "Own": { "part": "x" } });
        assert_eq!(place.grants(&file), json!({ "grants": [grant] }), "{heads}");
    }
}

#[test]
fn several_values_stand_in_numbered_columns_in_any_order() {
    let place = Place::new();
    let heads = "Identifier,Beneficiary Location:1:Name,Beneficiary Location:0:Name,Beneficiary Location:0:Latitude,Related Activity,Recipient Org:0:Location:0:Name";
    let file = place.file("a.csv", format!("{heads}\na,Second,First,51.50,b; c,Here\nb,Only,,,,\n"));
    assert_eq!(
        place.grants(&file)["grants"],
        json!([
            { "id": "a", "beneficiaryLocation": [{ "name": "First", "latitude": 51.50 }, { "name": "Second" }], "relatedActivity": ["b", "c"],
              "recipientOrganization": [{ "location": [{ "name": "Here" }] }] },
            { "id": "b", "beneficiaryLocation": [{ "name": "Only" }] },
        ])
    );
}

#[test]
fn rows_and_sheets_of_one_identifier_are_one_grant() {
    let place = Place::new();
    let file = place.workbook(&[
        (
            "Meta",
            &[
                &["Title", "Our grants"],
                &["Publisher:Name", "A made-up funder"],
                &["Publisher:Website", "https://example.org"],
                &["Own", "x"],
            ],
        ),
        (
            "grants",
            &[
                &["Identifier", "Title", "Recipient Org:Identifier", "Recipient Org:Name", "Beneficiary Location:Name"],
                &["a", "First", "GB-CHC-1", "One", "North"],
                &["b", "Second", "GB-CHC-2", "Two", "West"],
                &["a", "First", "GB-CHC-1", "One", "South"],
                &["a", "First", "GB-CHC-1", "One", "South"],
            ],
        ),
        ("Payments", &[&["Identifier", "disbursementTransaction:0:value"], &["b", "10"], &["a", "5"], &["b", "10"], &["c", "7"]]),
        ("Notes", &[&["Who to ask"], &["the office"]]),
        ("# hidden", &[&["Identifier"], &["z"]]),
    ]);
    let package = place.grants(&file);
    assert_eq!(package["publisher"], json!({ "name": "A made-up funder", "website": "https://example.org" }));
    assert_eq!((&package["title"], &package["Own"]), (&json!("Our grants"), &json!("x")));
    assert_eq!(
        package["grants"],
        json!([
            { "id": "a", "title": "First", "recipientOrganization": [{ "id": "GB-CHC-1", "name": "One" }],
              "beneficiaryLocation": [{ "name": "North" }, { "name": "South" }], "disbursementTransaction": [{ "value": 5 }] },
            { "id": "b", "title": "Second", "recipientOrganization": [{ "id": "GB-CHC-2", "name": "Two" }],
              "beneficiaryLocation": [{ "name": "West" }], "disbursementTransaction": [{ "value": 10 }, { "value": 10 }] },
            { "id": "c", "disbursementTransaction": [{ "value": 7 }] },
        ])
    );
    let remarks = check(&file).remarks;
    assert!(
        remarks.iter().any(|(place, what)| place.sheet.as_deref() == Some("Notes") && what.contains("passed over")),
        "{remarks:?}"
    );
}

#[test]
fn rows_that_contradict_each_other_are_told_with_both_cells_and_nothing_is_written() {
    let place = Place::new();
    let file = place.file("a.csv", "Identifier,Title\na,One\nb,Two\na,Other\n");
    let report = check(&file);
    let problem = first(&report, "cell");
    assert_eq!((problem.place.to_string().as_str(), problem.id.as_deref()), ("cell B4, ‘Title’", Some("a")));
    assert!(problem.what.ends_with("cell B2, ‘Title’"), "{}", problem.what);
    let (_, done) = place.converted(&file, "b.json").unwrap();
    assert_eq!(done.wrong.len(), 1);
}

#[test]
fn a_row_of_another_sheet_says_which_grant_it_speaks_of() {
    let place = Place::new();
    let file = place.workbook(&[
        ("grants", &[&["Identifier", "Title"], &["a", "One"], &["", "Without"]]),
        ("more", &[&["Identifier", "Planned Dates:Duration (months)"], &["", "12"]]),
    ]);
    let report = check(&file);
    assert_eq!(first(&report, "cell").place.to_string(), "sheet ‘more’, cell A2, ‘Identifier’");
    assert_eq!(report.grants, 2);
}

#[test]
fn problems_of_a_table_are_told_with_their_cells() {
    let place = Place::new();
    let file =
        place.workbook(&[("Our grants", &[&["Identifier", "Amount Awarded", "Title"], &["a", "£1,000", "T"], &["b", "5", ""]])]);
    let report = check(&file);
    let problem = first(&report, "type");
    assert_eq!(problem.place.to_string(), "sheet ‘Our grants’, cell B2, ‘Amount Awarded’");
    assert_eq!((problem.grant, problem.id.as_deref(), problem.fix.as_str()), (Some(1), Some("a"), "write 1000"));
    let missing = &tally(&report, "required").unwrap().problems;
    let title = missing.iter().find(|problem| problem.pointer == "/grants/1/title").unwrap();
    assert_eq!(title.place.to_string(), "sheet ‘Our grants’, cell C3, ‘Title’");
    // Where there is no column for it, the row is told.
    let day = missing.iter().find(|problem| problem.pointer == "/grants/0/awardDate").unwrap();
    assert_eq!(day.place.to_string(), "sheet ‘Our grants’, row 2");
}

#[test]
fn days_and_numbers_of_a_workbook_become_the_words_of_the_standard() {
    let place = Place::new();
    let (path, mut book) = (place.path("book.xlsx"), Workbook::new());
    let day = Style::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet();
    for (column, head) in (0..).zip([
        "Identifier",
        "Award Date",
        "Amount Awarded",
        "Recipient Org:Charity Number",
        "Own number",
        "Own day",
        "Own yes",
        "Title",
    ]) {
        sheet.write_string(0, column, head).unwrap();
    }
    sheet.write_number(1, 0, 17).unwrap();
    sheet.write_number_with_format(1, 1, 44_222.0, &day).unwrap();
    sheet.write_number(1, 2, 1250.1).unwrap();
    sheet.write_number(1, 3, 1_126_147).unwrap();
    sheet.write_number(1, 4, 0.5).unwrap();
    sheet.write_number_with_format(1, 5, 44_222.75, &day).unwrap();
    sheet.write_boolean(1, 6, true).unwrap();
    sheet.write_boolean(1, 7, true).unwrap();
    book.save(&path).unwrap();
    assert_eq!(
        place.grants(&path)["grants"],
        json!([{
            "id": "17", "awardDate": "2021-01-26T00:00:00+00:00", "amountAwarded": 1250.1, "recipientOrganization": [{ "charityNumber": "1126147" }],
            "Own number": 0.5, "Own day": "2021-01-26T18:00:00+00:00", "Own yes": true, "title": "TRUE",
        }])
    );
}

#[test]
fn csv_files_are_in_utf8_or_in_the_letters_of_old_windows() {
    let place = Place::new();
    for bytes in [
        &b"\xef\xbb\xbfIdentifier,Title\r\na,Caf\xc3\xa9 \xe2\x82\xac\r\n"[..],
        b"Identifier,Title\na,Caf\xe9 \x80",
        b"Identifier,Title\ra,Caf\xe9 \x80\r",
    ] {
        assert_eq!(place.grants(&place.file("a.csv", bytes))["grants"], json!([{ "id": "a", "title": "Café €" }]));
    }
    // The letter that shows it may be far away.
    let mut long = b"Identifier,Title\n".to_vec();
    for n in 0..40_000 {
        long.extend_from_slice(format!("{n},Grant\n").as_bytes());
    }
    long.extend_from_slice(b"last,Caf\xe9\n");
    let grants = place.grants(&place.file("a.csv", long));
    assert_eq!((grants["grants"].as_array().unwrap().len(), &grants["grants"][40_000]["title"]), (40_001, &json!("Café")));
}

#[test]
fn what_is_no_table_of_grants_is_said_to_be_none() {
    let place = Place::new();
    for (text, why) in [
        ("", "it is empty"),
        ("\n\n,,,\n", "it is empty"),
        ("Identifier;Title\na;b\n", "semicolons"),
        ("Grants of 2024\nIdentifier,Title\n", "row 1 should hold the headings"),
        ("Name,Colour\na,b\n", "Name, Colour"),
    ] {
        let stop = tried(&place.file("a.csv", text)).unwrap_err().to_string();
        assert!(stop.contains(why), "{text:?}: {stop}");
    }
    let none = check(&place.file("a.csv", "Identifier,Title\n"));
    assert_eq!(first(&none, "no-grants").what, "the list of grants is empty");
}

#[test]
fn a_value_without_a_heading_is_told() {
    let place = Place::new();
    let report = check(&place.file("a.csv", "Identifier,,Title\na,lost,T,beyond\n"));
    let remarks: Vec<String> = report.remarks.iter().map(|(place, what)| format!("{place}: {what}")).collect();
    assert!(remarks.len() == 2 && remarks[0].starts_with("column B: there is no heading"), "{remarks:?}");
    assert_eq!(tally(&report, "cell"), None, "{:?}", said(&report));
}

#[test]
fn one_heading_twice_may_not_say_two_things() {
    let place = Place::new();
    let well = place.file("a.csv", "Identifier,Title,title\na,T,T\nb,,U\n");
    assert_eq!(place.grants(&well)["grants"], json!([{ "id": "a", "title": "T" }, { "id": "b", "title": "U" }]));
    let report = check(&place.file("a.csv", "Identifier,Title,title\na,T,U\n"));
    assert_eq!(first(&report, "cell").place.to_string(), "cell C2, ‘title’");
}

#[test]
fn a_csv_file_has_no_room_for_what_stands_beside_the_grants_and_a_workbook_has() {
    let place = Place::new();
    let package = json!({
        "version": "1.4", "extensions": ["a", "b"], "publisher": { "name": "A", "own": { "deep": [1, {}] } }, "Own": 5, "grants": [{ "id": "a" }],
    });
    let file = place.file("a.json", package.to_string());
    let (csv, done) = place.converted(&file, "b.csv").unwrap();
    assert!(done.remarks[0].1.contains("4 fields"), "{:?}", done.remarks);
    assert_eq!(place.grants(&csv), json!({ "grants": [{ "id": "a" }] }));
    let (book, _) = place.converted(&file, "b.xlsx").unwrap();
    assert_eq!(place.grants(&book), package);
}

#[test]
fn a_row_that_comes_late_still_belongs_to_its_grant() {
    let place = Place::new();
    let rows: String = (0..5_000).map(|n| format!("{n},Grant {n},Place {n}\n")).collect();
    let file = place.file("a.csv", format!("Identifier,Title,Beneficiary Location:Name\n{rows}7,Grant 7,Elsewhere\n"));
    let grants = place.grants(&file);
    assert_eq!(grants["grants"].as_array().unwrap().len(), 5_000);
    assert_eq!(
        grants["grants"][7],
        json!({ "id": "7", "title": "Grant 7", "beneficiaryLocation": [{ "name": "Place 7" }, { "name": "Elsewhere" }] })
    );
    for by in ["b.csv", "b.xlsx"] {
        let (there, done) = place.converted(&file, by).unwrap();
        assert_eq!((done.grants, done.wrong.len()), (5_000, 0));
        assert_eq!(place.grants(&there), grants, "{by}");
    }
    assert_eq!((check(&file).grants, tally(&check(&file), "same-id")), (5_000, None));
}
