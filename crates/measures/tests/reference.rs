//! The measures beside published packages: every case of a list of data, options and expected values, where that list
//! stands beside the repository (`shared/reference/statistics.json`).
#![cfg(test)]

use std::path::{Path, PathBuf};

use measures::{Level, Ratings, Refusal, Weights, alpha, cohen_kappa, fleiss_kappa, gwet_ac, icc};
use measures::{within_group, within_group_items};
use serde_json::Value;

/// What the list holds for later: statistics of surveys and of change.
const LATER: [&str; 5] = ["cronbach_alpha", "icc_groups", "spearman", "wilcoxon_signed_rank", "wilson_interval"];

fn list() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.map(|folder| folder.join("shared/reference/statistics.json")).find(|file| file.is_file())
}

fn numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap().iter().map(Value::as_f64).collect()
}

fn rows(value: &Value) -> Vec<Vec<Option<f64>>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn whole(row: Vec<Option<f64>>) -> Vec<f64> {
    row.into_iter().map(Option::unwrap).collect()
}

fn weights(options: &Value) -> Weights {
    match options["weights"].as_str().unwrap() {
        "none" | "identity" => Weights::Identity,
        "linear" => Weights::Linear,
        "quadratic" => Weights::Quadratic,
        other => panic!("weights {other}"),
    }
}

/// Our answers by the list's names, or nothing where the measure is for later.
fn ours(case: &Value) -> Option<Result<Vec<(&'static str, f64)>, Refusal>> {
    let (data, options) = (&case["data"], &case["options"]);
    let coders = || Ratings::new(rows(&data["coders"])).unwrap();
    let points = || u32::try_from(options["points"].as_u64().unwrap()).unwrap();
    Some(match case["statistic"].as_str().unwrap() {
        "krippendorff_alpha" => {
            let level: Level = options["level"].as_str().unwrap().parse().unwrap();
            alpha(&coders(), level).map(|a| vec![("alpha", a.alpha)])
        }
        "cohen_kappa" => cohen_kappa(&coders(), weights(options)).map(|k| {
            vec![("kappa", k.kappa), ("standard_error", k.standard_error), ("low_95", k.low_95), ("high_95", k.high_95)]
        }),
        name @ ("fleiss_kappa" | "gwet_ac") => {
            let measure = if name == "gwet_ac" { gwet_ac } else { fleiss_kappa };
            measure(&coders(), weights(options)).map(|a| {
                let error = a.standard_error.unwrap();
                vec![("coefficient", a.coefficient), ("observed", a.observed), ("chance", a.chance), ("standard_error", error)]
            })
        }
        "icc_balanced" => {
            let targets = rows(&data["targets"]);
            let raters = (0..targets[0].len()).map(|r| targets.iter().map(|t| t[r]).collect()).collect();
            icc(&Ratings::new(raters).unwrap()).map(|i| {
                vec![
                    ("ICC(1,1)", i.one_way),
                    ("ICC(A,1)", i.agreement),
                    ("ICC(C,1)", i.consistency),
                    ("ICC(1,k)", i.one_way_mean),
                    ("ICC(A,k)", i.agreement_mean.unwrap()),
                    ("ICC(C,k)", i.consistency_mean),
                ]
            })
        }
        "r_wg" => within_group(&whole(numbers(&data["answers"])), points()).map(|w| {
            let (r, deviation) = (w.r_wg, w.mean_absolute_deviation);
            vec![("r_wg", r), ("r_wg_floored", r.max(0.0)), ("variance", w.variance), ("mean_absolute_deviation", deviation)]
        }),
        "r_wg_j" => {
            let people: Vec<Vec<f64>> = rows(&data["people"]).into_iter().map(whole).collect();
            within_group_items(&people, points()).map(|w| vec![("r_wg_j", w.r_wg_j), ("mean_variance", w.mean_variance)])
        }
        name if LATER.contains(&name) => return None,
        name => panic!("nobody has said whether {name} is for now or for later"),
    })
}

#[test]
fn measures_equal_the_published_packages() {
    let Some(file) = list() else {
        eprintln!("No shared/reference/statistics.json above this crate: nothing was compared with published packages");
        return;
    };
    let list: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let tolerance = list["tolerance"].as_f64().unwrap();
    let (mut compared, mut later) = (0, 0);
    for case in list["cases"].as_array().unwrap() {
        let expected = case["expected"].as_object().unwrap();
        match ours(case) {
            None => later += 1,
            Some(Err(refusal)) => {
                compared += 1;
                assert!(expected.values().all(Value::is_null), "{}: {refusal}", case["id"]);
                assert_eq!(refusal, Refusal::NoVariation, "{}", case["id"]);
            }
            Some(Ok(answers)) => {
                compared += 1;
                assert_eq!(answers.len(), expected.len(), "{}", case["id"]);
                for (name, answer) in answers {
                    let wanted = expected[name].as_f64().unwrap();
                    let close = (answer - wanted).abs() <= tolerance * wanted.abs().max(1.0);
                    assert!(close, "{}: {name} is {answer}, expected {wanted}", case["id"]);
                }
            }
        }
    }
    eprintln!("{compared} cases compared, {later} for later");
    assert!(compared >= 74, "the list has become shorter: {compared}");
}
