//! Files as people bring them, and as nobody should.

use kernel::Day;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use spreadsheets::{Bad, Cell, Limits, at, letters, read_csv, read_workbook};

const SMALL: Limits = Limits { bytes: 100_000, unpacked: 1_000_000, rows: 1_000, columns: 50, texts: 1_000_000, cells: 100_000 };

fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let sheet = read_csv(text, SMALL).expect("a table");
    sheet.rows.iter().map(|row| row.cells.values().map(ToString::to_string).collect()).collect()
}

#[test]
fn csv_is_read_as_programs_write_it() {
    let wanted = vec![vec!["Line", "Spent £"], vec!["Local “evaluator”, year 1", "1,200.50"]];
    let plain = "Line,Spent £\r\n\"Local “evaluator”, year 1\",\"1,200.50\"\r\n";
    assert_eq!(rows(plain.as_bytes()), wanted);
    assert_eq!(rows(&[b"\xef\xbb\xbf", plain.as_bytes()].concat()), wanted);
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(plain);
    assert_eq!(rows(&windows), wanted);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(rows(&wide), wanted);
    assert_eq!(rows("Line;Spent £\n\"Local “evaluator”, year 1\";1,200.50\n".as_bytes()), wanted);
    assert_eq!(rows("Line\tSpent £\n\"Local “evaluator”, year 1\"\t1,200.50\n".as_bytes()), wanted);
}

#[test]
fn rows_keep_the_number_that_people_see() {
    let sheet = read_csv(b"Spend of the year\n\n,,\n\"Line,\nas planned\",Spent\n,\nVenue,20\n", SMALL).unwrap();
    let numbers: Vec<_> = sheet.rows.iter().map(|r| r.number).collect();
    assert_eq!(numbers, [1, 4, 6], "{sheet:?}");
    let sheet = read_csv(b"\n\na,b\r\n\r\n\r\nc,d\n\n", SMALL).unwrap();
    assert_eq!(sheet.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [3, 6], "{sheet:?}");
}

#[test]
fn many_sheets_hold_no_more_than_one() {
    let mut book = Workbook::new();
    for number in 0..60 {
        let sheet = book.add_worksheet().set_name(format!("Sheet {number}")).unwrap();
        for row in 0..20 {
            sheet.write_string(row, 0, "x".repeat(1_000)).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let roomy = Limits { bytes: 10_000_000, unpacked: 50_000_000, ..SMALL };
    assert_eq!(
        read_workbook(&bytes, roomy, |_| true).unwrap_err().to_string(),
        "This file is too large: use at most 1 million letters"
    );
    assert_eq!(read_workbook(&bytes, roomy, |name| name == "Sheet 7").unwrap().len(), 1);
}

#[test]
fn a_workbook_has_numbers_days_and_what_failed() {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet().set_name("Spend").unwrap();
    sheet.write_string(0, 0, "Line").unwrap().write_number(1, 1, 12.5).unwrap();
    sheet.write_number_with_format(2, 2, 46_000.0, &date).unwrap();
    sheet.write_number_with_format(3, 2, -5.0, &date).unwrap();
    sheet.write_boolean(4, 0, true).unwrap();
    sheet.merge_range(5, 0, 7, 0, "Together", &Format::new()).unwrap();
    book.add_worksheet().set_name("Other").unwrap().write_string(0, 0, "no").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let sheets = read_workbook(&bytes, SMALL, |name| name == "Spend").unwrap();
    let [sheet] = &sheets[..] else { panic!("{sheets:?}") };
    let cell = |row: usize, column: u32| sheet.rows[row].cells.get(&column).cloned();
    assert_eq!(cell(1, 1), Some(Cell::Number(12.5)));
    assert_eq!(cell(2, 2), Some(Cell::Day(Day::new(2025, 12, 9).unwrap())));
    assert!(matches!(cell(3, 2), Some(Cell::Failed(why)) if why.contains("from 1900")), "{sheet:?}");
    assert_eq!(cell(4, 0), Some(Cell::Bool(true)));
    assert_eq!(sheet.merged, ["A6:A8"]);
}

#[test]
fn what_is_too_large_or_no_spreadsheet_is_refused() {
    let wide = format!("{}x\n", ",".repeat(60));
    let long = "x\n".repeat(1_001);
    for (bytes, why) in [
        (wide.as_bytes(), "This file is too large: use at most 50 columns"),
        (long.as_bytes(), "This file is too large: use at most 1000 rows"),
    ] {
        assert_eq!(read_csv(bytes, SMALL).unwrap_err().to_string(), why);
    }
    let none = read_workbook(b"%PDF-1.7", SMALL, |_| true).unwrap_err();
    assert!(matches!(none, Bad::NotAWorkbook(_)));
    // Empty rows that a spreadsheet only shows are none.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..50_000 {
        sheet.write_blank(row, 0, &Format::new().set_bold()).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let roomy = Limits { bytes: 10_000_000, unpacked: 50_000_000, ..SMALL };
    assert_eq!(read_workbook(&bytes, roomy, |_| true).unwrap()[0].rows, []);
}

#[test]
fn cells_are_named_as_spreadsheets_name_them() {
    assert_eq!(
        (letters(0), letters(25), letters(26), letters(701), letters(702)),
        ("A".into(), "Z".into(), "AA".into(), "ZZ".into(), "AAA".into())
    );
    assert_eq!(at(2, 14), "C14");
    assert_eq!(letters(u32::MAX).len(), 7);
}

proptest! {
    #[test]
    fn nothing_that_is_read_panics(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read_csv(&bytes, SMALL);
        let _ = read_workbook(&bytes, SMALL, |_| true);
    }
}
