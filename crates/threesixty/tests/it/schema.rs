//! The rules of the schema, each with where it was broken and what would be right.

use serde_json::{Value, json};

use crate::common::{Place, changed, check, check_grants, first, said, sound, tally, to_person, with};

/// The check that complains about this grant, where, and with which words.
fn complaint(grant: Value) -> (String, String, String, String) {
    let report = check_grants(&[grant]);
    assert!(!report.accepted());
    let tally = &report.tallies[0];
    assert_eq!(tally.count, 1, "{:?}", said(&report));
    let problem = &tally.problems[0];
    (tally.check.to_owned(), problem.pointer.clone(), problem.what.clone(), problem.fix.clone())
}

#[test]
fn what_is_required_is_missed_where_it_would_stand() {
    for name in ["id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization"] {
        let (check, pointer, ..) = complaint(with(&format!("/{name}"), Value::Null));
        assert_eq!((check.as_str(), pointer), ("required", format!("/grants/0/{name}")));
    }
    for pointer in ["/fundingOrganization/0/id", "/recipientOrganization/0/name"] {
        assert_eq!(complaint(with(pointer, Value::Null)).1, format!("/grants/0{pointer}"));
    }
    assert_eq!(complaint(changed(to_person(), "/recipientIndividual/id", Value::Null)).1, "/grants/0/recipientIndividual/id");
}

#[test]
fn a_grant_has_one_kind_of_recipient() {
    let (check, pointer, ..) = complaint(with("/recipientOrganization", Value::Null));
    assert_eq!((check.as_str(), pointer.as_str()), ("required", "/grants/0/recipientOrganization"));
    let both = changed(to_person(), "/recipientOrganization", sound()["recipientOrganization"].clone());
    assert_eq!(complaint(both).0, "recipient");
    assert_eq!(complaint(with("/recipientOrganization", json!([]))).0, "empty");
}

#[test]
fn things_are_of_their_kind() {
    for (pointer, value, fix) in [
        ("/title", json!(9001), "quotation marks"),
        ("/amountAwarded", json!("£1,250.50"), "write 1250.50"),
        ("/amountAwarded", json!(true), "give a number"),
        ("/plannedDates", json!("2025"), "Planned Dates:Start Date"),
        ("/plannedDates", json!(["2025"]), "an object"),
        ("/relatedActivity", json!([1]), "a text"),
        ("/recipientOrganization/0/name", json!({}), "give a text"),
        ("/beneficiaryLocation/0/latitude", json!("51.5"), "write 51.5"),
        ("/toIndividualsDetails", json!([]), "give an object"),
    ] {
        let (check, own, _, said) = complaint(with(pointer, value));
        assert!(
            check == "type" && own.starts_with(&format!("/grants/0{pointer}")) && said.contains(fix),
            "{pointer}: {check} {own} {said}"
        );
    }
}

#[test]
fn nothing_is_something_only_where_the_standard_says_so() {
    let nulls =
        json!({ "name": null, "latitude": null, "longitude": null, "description": null, "geoCode": null, "geoCodeType": null });
    assert!(check_grants(&[changed(with("/dataSource", Value::Null), "/beneficiaryLocation/0", nulls)]).accepted());
    let mut grant = sound();
    grant["url"] = Value::Null;
    assert_eq!(complaint(grant).0, "type");
    let mut grant = sound();
    grant["beneficiaryLocation"][0]["countryCode"] = Value::Null;
    assert_eq!(complaint(grant).0, "code");
}

#[test]
fn days_moments_and_addresses_have_their_form() {
    for (pointer, value, fix) in [
        ("/awardDate", "24/07/2014", "write 2014-07-24, if that is the day"),
        ("/awardDate", "2014-07", "write the day as"),
        ("/awardDate", "2025-02-30T00:00:00Z", "write the day as"),
        ("/awardDate", "2014-07-24T00:00:00", "write the day as"),
        ("/plannedDates/0/startDate", "July 2014", "month or year alone"),
        ("/dateModified", "2014-07-24", "2024-07-24T09:30:00Z"),
        ("/url", "www.example.org", "write https://www.example.org"),
        ("/dataSource", "the office", "https://"),
    ] {
        let (check, own, _, said) = complaint(with(pointer, json!(value)));
        assert!(check == "format" && own == format!("/grants/0{pointer}") && said.contains(fix), "{value}: {check} {own} {said}");
    }
    for (pointer, value) in [
        ("/plannedDates/0/startDate", "2025"),
        ("/plannedDates/0/endDate", "2027-04"),
        ("/awardDate", "2014-07-24T00:00:00+01:00"),
    ] {
        assert!(check_grants(&[with(pointer, json!(value))]).accepted(), "{value}");
    }
}

#[test]
fn codes_are_on_their_lists() {
    for (pointer, value, fix) in [
        ("/currency", "Pounds", "GBP"),
        ("/beneficiaryLocation/0/countryCode", "UK", "write GB"),
        ("/fromOpenCall", "YES", "write Yes"),
    ] {
        let (check, _, _, said) = complaint(with(pointer, json!(value)));
        assert!(check == "code" && said.contains(fix), "{value}: {check} {said}");
    }
    // Lists that the schema names and does not look at keep nobody from being accepted.
    for (pointer, value) in [("/regrantType", "BAD"), ("/locationScope", "GLS1"), ("/beneficiaryLocation/0/geoCodeType", "ICB")] {
        let report = check_grants(&[with(pointer, json!(value))]);
        assert!(report.accepted());
        assert_eq!(first(&report, "codelist").pointer, format!("/grants/0{pointer}"));
    }
    let purpose = check_grants(&[changed(to_person(), "/toIndividualsDetails/grantPurpose/1", json!("GTIP999"))]);
    assert_eq!(first(&purpose, "codelist").pointer, "/grants/0/toIndividualsDetails/grantPurpose/1");
}

#[test]
fn a_grant_does_not_last_less_than_no_time() {
    assert_eq!(complaint(with("/plannedDates/0/duration", json!(-1))).0, "minimum");
    assert!(check_grants(&[with("/plannedDates/0/duration", json!(-0.0))]).accepted());
}

#[test]
fn two_grants_have_two_ids() {
    let report = check_grants(&[sound(), changed(sound(), "/id", json!("360G-madeup-2")), sound()]);
    let problem = first(&report, "same-id");
    assert_eq!((problem.grant, problem.what.as_str()), (Some(3), "grant 1 has this id too"));
}

#[test]
fn what_stands_beside_the_grants_has_rules_too() {
    let place = Place::new();
    let package = |about: Value| {
        let mut package = json!({ "grants": [sound()] });
        package.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        check(&place.file("grants.json", package.to_string()))
    };
    let well = json!({
        "version": "1.4", "extensions": ["https://example.org/a"], "issued": "2025-01-01", "modified": "2025-01-01T00:00:00Z",
        "publisher": { "name": "A made-up funder", "website": "https://example.org" }, "license": "https://creativecommons.org/licenses/by/4.0/",
    });
    assert_eq!(said(&package(well)), Vec::<String>::new());
    for (about, check, pointer) in [
        (json!({ "version": "1.4.3" }), "format", "/version"),
        (json!({ "version": 1.4 }), "type", "/version"),
        (json!({ "extensions": ["a", "b", "a"] }), "same", "/extensions"),
        (json!({ "issued": "yesterday" }), "format", "/issued"),
        (json!({ "publisher": {} }), "required", "/publisher/name"),
        (json!({ "publisher": { "name": "A", "logo": "logo.png" } }), "format", "/publisher/logo"),
        (json!({ "license": "open" }), "format", "/license"),
    ] {
        let report = package(about);
        assert!(!report.accepted());
        assert_eq!(first(&report, check).pointer, pointer);
    }
}

#[test]
fn a_package_holds_a_list_of_grants() {
    let place = Place::new();
    for (text, check_named) in [
        ("{\"grants\": []}", "no-grants"),
        ("{\"title\": \"None\"}", "package"),
        ("{\"grants\": {\"id\": \"a\"}}", "type"),
        (&format!("[{}]", sound()), "package"),
    ] {
        let report = check(&place.file("grants.json", text));
        assert!(!report.accepted() && tally(&report, check_named).is_some(), "{text}: {:?}", said(&report));
    }
}

#[test]
fn fields_of_ones_own_are_allowed_and_told() {
    let grant = with("/Own reference", json!("17"));
    let grant = changed(grant, "/recipientOrganization/0/size", json!({ "staff": 3 }));
    let report = check_grants(&[grant.clone(), changed(grant, "/id", json!("2"))]);
    assert!(report.accepted());
    let extra: Vec<(&str, u64)> = report.extra.iter().map(|extra| (extra.field.as_str(), extra.count)).collect();
    assert_eq!(extra, [("Own reference", 2), ("recipientOrganization/size", 2)]);
}

#[test]
fn places_in_a_json_file_are_lines() {
    let text = "{\n\"grants\": [\n{\"id\": \"a\",\n\n\"title\": 5}\n]}";
    let report = check(&Place::new().file("grants.json", text));
    assert_eq!(first(&report, "type").place.line, Some(5));
}
