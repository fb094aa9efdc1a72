//! Grants that go from one kind of file to another and back are what they were.

use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

use crate::common::{Place, same, sound, to_person};

/// Texts that tables trip over, and any others.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 ]{1,12}",
        1 => prop::sample::select(vec![
            "", " ", "a;b", "1", "007", "1.50", "TRUE", "=1+1", "a,\"b\"", "two\nlines", "\r\n", "\u{0}", "é ☃ 😀", "2024-02-29", "_x0041_", "\u{1f}", "null", "{}",
            "'quoted", "#N/A", "\u{feff}", "-", "1e5", "a\tb", "\"", "trailing ",
        ]).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().take(40).collect()),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "title", "description", "amountAwarded", "plannedDates", "startDate", "recipientOrganization", "name", "location", "relatedActivity",
            "toIndividualsDetails", "grantPurpose", "url", "recipientIndividual", "duration", "applicationTransaction", "value", "dateModified",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["Own", "own", "Title", "Recipient Org", "0", "12", "", "a:b", "a/b", " x", "~", "#a", "commonweal", "json", "identifier", "Own part"])
            .prop_map(str::to_owned),
        1 => "[a-zA-Z]{1,6}",
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(|n| json!(n)),
        (-1_000_000_i64..1_000_000, 1..1_000_i64).prop_map(|(n, d)| json!(n as f64 / d as f64)),
        any::<i64>().prop_map(|n| json!(n)),
        Just(Value::Number(Number::from_f64(1e300).unwrap())),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::String),
        2 => number(),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((name(), inner), 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn grants() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop::collection::vec((name(), value()), 0..7), 1..6).prop_map(|all| {
        let grant = |(at, fields): (usize, Vec<(String, Value)>)| {
            let mut grant: Map<String, Value> = fields.into_iter().collect();
            // Some have no id; two of the same would be one grant in a table.
            if at % 3 < 2 {
                grant.insert("id".to_owned(), json!(format!("360G-{at}")));
            }
            Value::Object(grant)
        };
        all.into_iter().enumerate().map(grant).collect()
    })
}

/// As a reader of its text has it, who may be off by the last digit of a fraction.
fn read(package: &Value) -> Value {
    serde_json::from_str(&package.to_string()).unwrap()
}

fn there_and_back(package: &Value, by: &str) -> Value {
    let place = Place::new();
    let file = place.file("a.json", package.to_string());
    let (there, done) = place.converted(&file, by).unwrap();
    assert_eq!(done.wrong, []);
    place.grants(&there)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_grants_come_back_from_a_csv_file(grants in grants()) {
        let package = json!({ "grants": grants });
        let back = there_and_back(&package, "b.csv");
        prop_assert!(same(&read(&package), &back), "{package}\n{back}");
    }

    #[test]
    fn any_package_comes_back_from_a_workbook(grants in grants(), about in prop::collection::vec((name(), value()), 0..4)) {
        let mut package: Map<String, Value> = about.into_iter().collect();
        package.insert("grants".to_owned(), Value::Array(grants));
        let package = Value::Object(package);
        let back = there_and_back(&package, "b.xlsx");
        prop_assert!(same(&read(&package), &back), "{package}\n{back}");
    }

    #[test]
    fn any_package_comes_back_from_json(grants in grants(), about in prop::collection::vec((name(), value()), 0..4)) {
        let mut package: Map<String, Value> = about.into_iter().collect();
        package.insert("grants".to_owned(), Value::Array(grants));
        let package = Value::Object(package);
        let back = there_and_back(&package, "b.json");
        prop_assert_eq!(read(&package), back);
    }
}

#[test]
fn amounts_keep_every_digit() {
    let text = "{\"grants\":[{\"id\":\"a\",\"amountAwarded\":12345678901234567890.10,\"Own\":0.1000}]}";
    for by in ["b.csv", "b.xlsx", "b.json"] {
        let place = Place::new();
        let (there, _) = place.converted(&place.file("a.json", text), by).unwrap();
        let (back, _) = place.converted(&there, "c.json").unwrap();
        let back = std::fs::read_to_string(back).unwrap();
        assert!(back.contains("\"amountAwarded\":12345678901234567890.10"), "{by}: {back}");
    }
}

#[test]
fn texts_longer_than_a_cell_come_back() {
    let long: String = "é☃x".repeat(30_000);
    let package = json!({ "grants": [{ "id": "a", "title": long, "Own": { "list": vec![long; 3] } }] });
    assert_eq!(there_and_back(&package, "b.xlsx"), package);
    assert_eq!(there_and_back(&package, "b.csv"), package);
}

#[test]
fn what_no_table_is_wide_enough_for_comes_back() {
    let many: Map<String, Value> = (0..3_000).map(|n| (format!("field{n}"), json!("x"))).collect();
    let items: Vec<Value> = (0..500).map(|n| json!({ "name": format!("Place {n}") })).collect();
    let package = json!({ "grants": [{ "id": "a", "beneficiaryLocation": items, "Own": many }, { "id": "b", "title": "T" }] });
    assert_eq!(there_and_back(&package, "b.xlsx"), package);
    assert_eq!(there_and_back(&package, "b.csv"), package);
}

#[test]
fn a_cell_that_somebody_has_changed_stays_changed() {
    let place = Place::new();
    let package = json!({ "grants": [{ "id": "a", "Own": 5, "Other": 6, "title": null, "list": [] }] });
    let (csv, _) = place.converted(&place.file("a.json", package.to_string()), "b.csv").unwrap();
    let text = std::fs::read_to_string(&csv).unwrap();
    assert!(text.starts_with("Identifier,Other,Own,commonweal:json\r\na,6,5,"), "{text}");
    std::fs::write(&csv, text.replacen("a,6,5", "a,6,7", 1)).unwrap();
    assert_eq!(place.grants(&csv)["grants"], json!([{ "id": "a", "Own": "7", "Other": 6, "title": null, "list": [] }]));
}

#[test]
fn a_sound_grant_reads_well_in_a_table() {
    let place = Place::new();
    let package = json!({ "grants": [sound(), to_person()] });
    let package = json!({ "grants": [package["grants"][0], crate::common::changed(to_person(), "/id", json!("2"))] });
    let (csv, done) = place.converted(&place.file("a.json", package.to_string()), "b.csv").unwrap();
    assert_eq!(done.remarks, []);
    let text = std::fs::read_to_string(&csv).unwrap();
    let head = text.lines().next().unwrap();
    assert!(
        head.starts_with(
            "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Planned Dates:0:Start Date,Planned Dates:0:End Date,"
        ),
        "{head}"
    );
    assert!(head.contains("To Individuals Details:Grant Purpose") && text.contains(",GTIP020;GTIP170,"), "{text}");
    assert!(crate::common::check(&csv).accepted());
    assert_eq!(place.grants(&csv), package);
}

#[test]
fn grants_of_the_same_id_are_told_before_they_become_one() {
    let place = Place::new();
    let file = place.file("a.json", json!({ "grants": [{ "id": "a" }, { "id": "a" }] }).to_string());
    let (_, done) = place.converted(&file, "b.csv").unwrap();
    assert!(done.remarks[0].1.contains("1 grants have the id of another"), "{:?}", done.remarks);
}
