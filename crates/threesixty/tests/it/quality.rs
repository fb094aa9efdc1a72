//! The 36 checks of quality: each with a grant that trips it, and one like it that does not.

use serde_json::{Value, json};

use crate::common::{changed, check_grants, first, said, sound, tally, to_person, with};

#[test]
fn a_sound_grant_is_accepted_and_nothing_is_said_of_it() {
    for grant in [sound(), to_person()] {
        let report = check_grants(&[grant]);
        assert!(report.accepted());
        assert_eq!(said(&report), Vec::<String>::new());
    }
}

fn funder(id: &str, name: &str) -> Value {
    with("/fundingOrganization/0", json!({ "id": id, "name": name }))
}
fn recipient(field: &str, value: &str) -> Value {
    with(&format!("/recipientOrganization/0/{field}"), json!(value))
}
fn planned(value: Value) -> Value {
    with("/plannedDates", json!([value]))
}
fn actual(value: Value) -> Value {
    with("/actualDates", json!([value]))
}

/// Each check of single grants with one that trips it and one that does not.
fn pairs() -> Vec<(&'static str, Value, Value)> {
    let long = "ö".repeat(141);
    let person = |pointer: &str, value: Value| changed(to_person(), pointer, value);
    vec![
        ("ZeroAmount", with("/amountAwarded", json!(0.0)), with("/amountAwarded", json!(0.01))),
        ("FundingOrgUnrecognisedPrefix", funder("GB-XYZ-1", "A"), funder("GB-NHS-RAX", "A")),
        ("RecipientOrgUnrecognisedPrefix", recipient("id", "1000001"), recipient("id", "US-EIN-123")),
        ("RecipientOrgCharityNumber", recipient("charityNumber", "TBC"), recipient("charityNumber", "NIC100012")),
        ("RecipientOrgCompanyNumber", recipient("companyNumber", "1234567"), recipient("companyNumber", "SC123456")),
        ("OrganizationIdLooksInvalid", recipient("id", "GB-SC-1"), recipient("id", "GB-SC-SC012345")),
        ("OrganizationIdUnexpectedChars", recipient("id", "GB-CHC-1000001\n"), recipient("id", "GB-CHC-1000001")),
        ("GrantIdUnexpectedChars", with("/id", json!("360G-madeup-1\n")), with("/id", json!("360G-madeup-1/a"))),
        ("LooksLikeEmail", with("/description", json!("Ask a.person@example.org.")), recipient("email", "office@example.org")),
        ("ImpossibleDates", with("/awardDate", json!("2025-02-30")), with("/awardDate", json!("2024-02-29"))),
        (
            "PlannedStartDateBeforeEndDate",
            planned(json!({ "startDate": "2025-04-02", "endDate": "2025-04-01" })),
            planned(json!({ "startDate": "2025-04-01", "endDate": "2025-04" })),
        ),
        (
            "ActualStartDateBeforeEndDate",
            actual(json!({ "startDate": "2025-04-02", "endDate": "2025-04-01" })),
            actual(json!({ "startDate": "2025-04-01", "endDate": "2025-04-01" })),
        ),
        (
            "FarFuturePlannedDates",
            planned(json!({ "startDate": "2025-04-01", "endDate": "2038-11-23" })),
            planned(json!({ "startDate": "2025-04-01", "endDate": "2038-11-22" })),
        ),
        ("FarFutureActualDates", actual(json!({ "startDate": "2031-11-23" })), actual(json!({ "startDate": "2031-11-22" }))),
        ("FarPastDates", with("/awardDate", json!("2001-11-21")), with("/awardDate", json!("2001-11-22"))),
        (
            "PostDatedAwardDates",
            with("/awardDate", json!("2026-11-23T00:00:00Z")),
            with("/awardDate", json!("2026-11-22T23:59:59Z")),
        ),
        (
            "RecipientIndDEI",
            person("/deiDetails", json!({ "project": { "askedStatus": "asked" } })),
            with("/deiDetails", json!({ "project": {} })),
        ),
        (
            "GeoCodePostcode",
            person("/beneficiaryLocation/0/geoCode", json!("zz1 1zz")),
            with("/beneficiaryLocation/0/geoCode", json!("zz1 1zz")),
        ),
        ("RecipientOrg360GPrefix", recipient("id", "360G-madeup-a"), recipient("id", "GB-COH-01234567")),
        ("FundingOrg360GPrefix", funder("360G-madeup", "A"), funder("GB-GOR-PB188", "A")),
        (
            "NoRecipientOrgCompanyCharityNumber",
            changed(recipient("companyNumber", ""), "/recipientOrganization/0/charityNumber", Value::Null),
            with("/recipientOrganization/0/companyNumber", Value::Null),
        ),
        (
            "IncompleteRecipientOrg",
            with("/recipientOrganization/0/postalCode", Value::Null),
            changed(
                with("/recipientOrganization/0/postalCode", Value::Null),
                "/recipientOrganization/0/location",
                json!([{}, { "geoCode": "E06000001" }]),
            ),
        ),
        ("NoGrantProgramme", with("/grantProgramme", json!([])), sound()),
        ("NoBeneficiaryLocation", with("/beneficiaryLocation", Value::Null), sound()),
        ("TitleDescriptionSame", with("/description", json!(" Advice sessions")), sound()),
        ("TitleLength", with("/title", json!(long)), with("/title", json!(long.chars().skip(1).collect::<String>()))),
        ("NoLastModified", with("/dateModified", Value::Null), sound()),
        ("NoDataSource", with("/dataSource", Value::Null), sound()),
        ("RecipientIndWithoutToIndividualsDetails", person("/toIndividualsDetails", Value::Null), to_person()),
        ("PlannedDurationNotPresent", planned(json!({ "startDate": "2025-04-01" })), planned(json!({ "duration": 0 }))),
        (
            "BeneficiaryLocationNameButNoCode",
            with("/beneficiaryLocation/0/geoCode", Value::Null),
            with("/beneficiaryLocation/0/name", Value::Null),
        ),
        ("BeneficiaryButNotRecipientGeoData", with("/recipientOrganization/0/postalCode", Value::Null), sound()),
        ("RecipientGeoDataButNoBeneficiary", with("/beneficiaryLocation/0/geoCode", Value::Null), sound()),
    ]
}

#[test]
fn each_check_finds_what_it_looks_for_and_nothing_else() {
    let pairs = pairs();
    assert_eq!(pairs.len() + 3, 36, "three more look at several grants");
    for (check, tripping, fine) in pairs {
        let report = check_grants(&[tripping]);
        let problem = first(&report, check);
        assert!(
            problem.grant == Some(1) && problem.place.line.is_some() && !problem.what.is_empty() && !problem.fix.is_empty(),
            "{check}"
        );
        assert!(problem.pointer.starts_with("/grants/0/"), "{check}: {}", problem.pointer);
        assert_eq!(tally(&check_grants(&[fine]), check), None, "{check}");
    }
}

#[test]
fn what_one_check_meets_keeps_no_other_from_looking() {
    let grant =
        with("/plannedDates", json!(["nonsense", { "startDate": {}, "endDate": "2025-13-45" }, { "startDate": "9999-99-99" }]));
    let grant = changed(grant, "/title", json!("x".repeat(150)));
    let grant = changed(grant, "/amountAwarded", json!(0));
    let report = check_grants(&[json!("no grant"), grant]);
    for check in ["TitleLength", "ZeroAmount", "ImpossibleDates", "PlannedDurationNotPresent", "type"] {
        assert!(tally(&report, check).is_some(), "{check}");
    }
}

fn of(id: &str, funders: &[(&str, &str)]) -> Value {
    let funders: Vec<Value> = funders.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    changed(with("/fundingOrganization", json!(funders)), "/id", json!(id))
}

const ONE: (&str, &str) = ("GB-CHC-999999", "One");
const OTHER: (&str, &str) = ("GB-CHC-888888", "Other");

#[test]
fn funders_who_fund_together_are_no_mistake_and_others_are() {
    let apart = check_grants(&[of("a", &[ONE]), of("b", &[OTHER])]);
    assert!(tally(&apart, "MoreThanOneFundingOrg").unwrap().critical);
    assert!(first(&apart, "MoreThanOneFundingOrg").what.contains("GB-CHC-888888 (1 grants)"));
    let together = check_grants(&[of("a", &[ONE]), of("b", &[OTHER]), of("c", &[OTHER, ONE])]);
    assert_eq!(said(&together), Vec::<String>::new());
}

#[test]
fn a_funder_has_one_name_and_one_id() {
    let names = check_grants(&[of("a", &[ONE]), of("b", &[(ONE.0, "The One")]), of("c", &[ONE])]);
    assert_eq!(first(&names, "MultiFundingNamesForOrgId").what, "GB-CHC-999999 is called ‘One’ and ‘The One’");
    assert_eq!(tally(&names, "MultiFundingOrgIdsForName"), None);
    let ids = check_grants(&[of("a", &[ONE]), of("b", &[("GB-COH-01234567", "One"), ONE])]);
    assert_eq!(first(&ids, "MultiFundingOrgIdsForName").what, "‘One’ has the ids GB-CHC-999999 and GB-COH-01234567");
    assert_eq!(tally(&ids, "MultiFundingNamesForOrgId"), None);
}

#[test]
fn every_recipient_of_a_grant_is_looked_at() {
    let mut grant = sound();
    grant["recipientOrganization"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "id": "GB-CHC-1", "name": "A partner", "charityNumber": "x" }));
    let report = check_grants(&[grant]);
    for check in ["OrganizationIdLooksInvalid", "RecipientOrgCharityNumber", "IncompleteRecipientOrg"] {
        assert!(first(&report, check).pointer.starts_with("/grants/0/recipientOrganization/1/"), "{check}");
    }
}

#[test]
fn only_so_many_places_are_kept_and_all_are_counted() {
    let grants: Vec<Value> =
        (0..60).map(|n| changed(with("/amountAwarded", json!(0)), "/id", json!(format!("360G-madeup-{n}")))).collect();
    let report = check_grants(&grants);
    let tally = tally(&report, "ZeroAmount").unwrap();
    assert_eq!((tally.count, tally.problems.len(), report.grants), (60, 50, 60));
}
