//! Real files of real funders, and the standard's own schemas, where they are beside the repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::{Place, check, check_grants, first, said, same, tally, tried, with};

fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if !path.exists() {
        println!("not tried: there is no ../shared/{name}");
        return None;
    }
    Some(path)
}

fn json_of(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_workbook_and_the_json_of_the_same_grants_say_the_same() {
    let Some(samples) = folder("samples/360giving") else { return };
    let place = Place::new();
    let own = place.grants(&samples.join("ab-charitable-trust.xlsx"));
    assert_eq!(own["grants"].as_array().unwrap().len(), 783);
    assert!(same(&own, &json_of(&samples.join("ab-charitable-trust.json"))));
    let decimals = place.grants(&samples.join("cove-decimal_amounts.csv"));
    assert!(same(&decimals, &json_of(&samples.join("cove-decimal_amounts.json"))));
}

#[test]
fn real_grants_come_back_from_every_kind_of_table() {
    let Some(samples) = folder("samples/360giving") else { return };
    for name in [
        "lloyds-bank-foundation.json",
        "wolfson-foundation.json",
        "ab-charitable-trust.json",
        "cove-nulls.json",
        "cove-additional_fields.json",
    ] {
        let (place, file) = (Place::new(), samples.join(name));
        let package = json_of(&file);
        for by in ["b.csv", "b.xlsx"] {
            let (there, done) = place.converted(&file, by).unwrap();
            assert_eq!(done.wrong, []);
            assert!(same(&place.grants(&there), &package), "{name} by {by}");
        }
    }
}

#[test]
fn the_verdicts_on_real_files_are_those_of_their_schema() {
    let Some(samples) = folder("samples/360giving") else { return };
    let counts = |name: &str| {
        let report = check(&samples.join(name));
        let of = |check| tally(&report, check).map_or(0, |tally| tally.count);
        (report.grants, report.accepted(), of("code"), of("format"), of("required"))
    };
    assert_eq!(counts("ab-charitable-trust.json"), (783, true, 0, 0, 0));
    assert_eq!(counts("ab-charitable-trust.xlsx"), (783, true, 0, 0, 0));
    // Its days are written as 05/06/2014, and so are the moments of the last change.
    assert_eq!(counts("wolfson-foundation.json"), (379, false, 0, 758, 0));
    // It says Y and N where the standard has Yes and No.
    let (grants, accepted, codes, _, missing) = counts("lloyds-bank-foundation.json");
    assert_eq!((grants, accepted, codes, missing), (4_116, false, 4_116, 5));
}

#[test]
fn planted_errors_are_found() {
    let Some(samples) = folder("samples/360giving") else { return };
    let report = check(&samples.join("cove-badfile_all_validation_errors.json"));
    let found: BTreeSet<(&str, &str)> = report
        .tallies
        .iter()
        .flat_map(|tally| tally.problems.iter().map(|problem| (tally.check, problem.pointer.as_str())))
        .collect();
    for planted in [
        ("format", "/grants/0/awardDate"),
        ("type", "/grants/0/amountAwarded"),
        ("format", "/grants/0/url"),
        ("type", "/grants/0/title"),
        ("code", "/grants/0/currency"),
        ("required", "/grants/0/description"),
        ("required", "/grants/0/recipientOrganization/0/id"),
        ("type", "/grants/0/plannedDates"),
        ("type", "/grants/0/actualDates/0"),
        ("empty", "/grants/0/fundingOrganization"),
    ] {
        assert!(found.contains(&planted), "{planted:?} not among {found:?}");
    }
    let book = check(&samples.join("cove-badfile_all_validation_errors.xlsx"));
    let cells: BTreeSet<String> = book.problems().map(|problem| problem.place.to_string()).collect();
    for cell in [
        "cell D2, ‘Currency’",
        "cell E2, ‘Amount Awarded’",
        "cell F2, ‘Award Date’",
        "cell G2, ‘URL’",
        "cell H2, ‘Planned Dates’",
        "cell I2, ‘Funding Org’",
    ] {
        assert!(cells.contains(&format!("sheet ‘grants’, {cell}")), "{cell} not among {cells:?}");
    }
    let stop = tried(&samples.join("cove-fundingproviders-grants_malformed.json")).unwrap_err().to_string();
    assert!(stop.starts_with("line 10, column 15"), "{stop}");
    assert_eq!(first(&check(&samples.join("cove-codelist.csv")), "codelist").place.to_string(), "cell A3, ‘For Regrant Type’");
    let twice = check(&samples.join("cove-fundingproviders-grants_fixed_2_grants.json"));
    assert_eq!(tally(&twice, "same-id").unwrap().count, 2);
    assert_eq!(first(&twice, "RecipientOrgUnrecognisedPrefix").pointer, "/grants/1/recipientOrganization/0/id");
    let nulls = check(&samples.join("cove-nulls.json"));
    assert!(!nulls.accepted() && tally(&nulls, "type").unwrap().count > 100);
    let extra = check(&samples.join("cove-additional_fields.json"));
    assert!(extra.accepted(), "{:?}", said(&extra));
    assert_eq!(extra.extra.len(), 2);
}

#[test]
fn letters_of_old_windows_are_read() {
    let Some(samples) = folder("samples/360giving") else { return };
    let place = Place::new();
    let grants = place.grants(&samples.join("cove-fundingproviders-grants_2_grants_cp1252.csv"));
    assert_eq!(grants["grants"][0]["id"], "360G-<~>€funding€providers-000001/X/00/X");
    assert_eq!(place.grants(&samples.join("cove-bom.csv")), json!({ "grants": [{ "id": "42", "currency": "GBP" }] }));
}

/// The words of the schema, field by field: what ours does not know, and what it has beside it.
#[test]
fn every_field_and_code_of_the_schema_is_known() {
    let Some(standard) = folder("standards/360giving") else { return };
    let schema = json_of(&standard.join("360-giving-schema.json"));
    for code in schema["$defs"]["currency"]["enum"].as_array().unwrap() {
        assert!(check_grants(&[with("/currency", code.clone())]).accepted(), "{code}");
    }
    for code in schema["$defs"]["Location"]["properties"]["countryCode"]["enum"].as_array().unwrap() {
        assert!(check_grants(&[with("/beneficiaryLocation/0/countryCode", code.clone())]).accepted(), "{code}");
    }
    let shape = |name: &str| schema["$defs"][name]["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut asked = 0;
    for (list, names) in [
        ("", schema["properties"].as_object().unwrap().keys().cloned().collect()),
        ("/recipientOrganization/0", shape("Organization")),
        ("/beneficiaryLocation/0", shape("Location")),
        ("/plannedDates/0", shape("Event")),
        ("/grantProgramme/0", shape("GrantProgramme")),
    ] {
        for name in names {
            // A list of lists is wrong for every field, so one that is not known shows by being let pass.
            let report = check_grants(&[with(&format!("{list}/{name}"), json!([[]]))]);
            assert!(!report.accepted() && report.extra.is_empty(), "{list}/{name} is not known");
            asked += 1;
        }
    }
    assert_eq!(asked, 29 + 19 + 9 + 6 + 5);
}
