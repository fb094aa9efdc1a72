//! The programmes of the repository are sound and say what their sources say.

use std::path::{Path, PathBuf};

use design::{Claim, Programme, Sector, Sources, Status};
use kernel::Money;

const ALL: [&str; 7] = [
    "healthy-communities-together",
    "health-equalities",
    "the-team",
    "connecting-health-communities",
    "shaping-places-for-healthier-lives",
    "common-ambition",
    "hct-national-evaluation",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes")
}

fn sources() -> Sources {
    Sources::read(&folder().join("sources.toml")).unwrap_or_else(|p| panic!("{}", lines(&p)))
}

fn lines(problems: &[design::Problem]) -> String {
    problems.iter().map(|p| format!("{p}\n")).collect()
}

fn programme(slug: &str) -> Programme {
    Programme::read(&folder().join(slug), &sources()).unwrap_or_else(|p| panic!("{}", lines(&p)))
}

fn pounds(amount: i32) -> Money {
    Money::from_pounds(amount)
}

fn place_names(programme: &Programme) -> Vec<&str> {
    programme.history.places.iter().map(|p| p.name.as_str()).collect()
}

/// The place's awards, as (amount, most it can be).
fn awards(programme: &Programme, phase: &str) -> Vec<(Money, bool)> {
    programme.history.awards.iter().filter(|a| a.phase.as_deref() == Some(phase)).map(|a| (a.amount, a.up_to)).collect()
}

fn stages(programme: &Programme) -> Vec<(Option<&str>, Option<&str>)> {
    let call = programme.design.call.as_ref().expect("the test's own text is sound");
    // What no source speaks of is no fact.
    call.stages.iter().filter(|s| !s.is_wholly_ours()).map(|s| (s.takes.as_deref(), s.chooses.as_deref())).collect()
}

fn claimed(claims: &[Claim], text: &str, document: &str) -> bool {
    claims.iter().any(|c| c.text.contains(text) && c.sources.iter().any(|s| s.document == document))
}

#[test]
fn every_folder_is_sound_and_prints_what_it_contains() {
    for slug in ALL {
        let programme = programme(slug);
        assert_eq!(programme.design.slug, slug);
        let contents = programme.contents();
        println!("{contents}");
        assert!(contents.starts_with(&format!("{} ({slug})\n", programme.design.name)));
        for part in ["Modelled", "Run by", "Circles", "Not stated"] {
            assert!(contents.contains(&format!("\n  {part}: ")), "{slug} says nothing about {part}");
        }
    }
    let folders = std::fs::read_dir(folder()).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir()).count();
    assert!(folders >= ALL.len());
}

#[test]
fn every_programme_survives_being_stored() {
    for slug in ALL {
        let programme = programme(slug);
        let again: Programme = serde_json::from_str(&programme.canonical()).unwrap();
        assert_eq!(again, programme);
        assert_eq!(again.canonical(), programme.canonical());
    }
}

#[test]
fn every_place_has_a_circle_of_its_own_and_every_design_a_public_one() {
    for slug in ALL {
        let design = programme(slug).design;
        assert!(design.circle("place").is_some_and(|c| c.own), "{slug}");
        assert!(design.circle("public").is_some_and(|c| c.public), "{slug}");
        for circle in ["oversight", "network"] {
            assert!(design.circle(circle).is_some(), "{slug} has no {circle}");
        }
        for kind in ["session", "reflection", "conversation", "minutes", "decision", "report", "challenge", "story", "note"] {
            assert!(design.kind(kind).is_some(), "{slug} has no {kind}");
        }
        for from in design.circles.iter().filter(|c| c.own) {
            assert!(design.flows.iter().any(|f| f.from == from.key && f.to == "network"), "{slug}: a place cannot share");
        }
    }
}

#[test]
fn healthy_communities_together_has_its_facts() {
    let p = programme("healthy-communities-together");
    assert_eq!(place_names(&p), ["Coventry", "Croydon", "Gloucestershire", "Leeds", "Newham", "Plymouth"]);
    assert_eq!(awards(&p, "phase-1"), vec![(pounds(50_000), false); 6]);
    assert_eq!(awards(&p, "phase-2"), vec![(pounds(450_000), true); 5]);
    let newham = p.history.places.iter().find(|p| p.slug == "newham").unwrap();
    assert_eq!(newham.phases, ["phase-1"]);
    let call = p.design.call.as_ref().unwrap();
    assert!(claimed(&call.applications, "270", "S2") && claimed(&call.applications, "300", "S3"));
    assert!(claimed(&call.opened, "January 2020", "S0") && claimed(&call.opened, "September 2021", "S3"));
    assert_eq!(p.design.phase("phase-1").unwrap().from.unwrap().to_string(), "February 2021");
    assert_eq!(p.design.phase("extensions").unwrap().to.unwrap().to_string(), "February 2025");
    let consultant = &p.design.days[0];
    assert_eq!((consultant.role.as_str(), consultant.quarter_days, consultant.per_place), ("consultant", 32, true));
    let totals: Vec<(Money, bool)> = p.design.totals.iter().map(|t| (t.amount, t.up_to)).collect();
    assert!(totals.contains(&(pounds(3_000_000), true)) && totals.contains(&(pounds(2_600_000), false)));
    assert!(p.design.money.iter().any(|l| l.amount == pounds(850_000) && l.up_to));
    let lead = |slug: &str| p.history.places.iter().find(|p| p.slug == slug).and_then(|p| p.lead.clone());
    let name = |key: Option<String>| p.history.organisations.iter().find(|o| Some(&o.key) == key.as_ref()).unwrap().name.clone();
    assert_eq!(name(lead("coventry")), "Grapevine Coventry and Warwickshire");
    assert_eq!(name(lead("plymouth")), "Plymouth Octopus Project");
    assert!(p.design.flows.iter().any(|f| f.from == "support" && f.to == "programme-team" && f.by == ["consultant"]));
    assert!(p.design.assumptions.iter().any(|s| s.status == Some(Status::Contradicted) && s.evidence.is_some()));
    assert!(p.design.role("learning-lead").is_some());
    let evaluation = p.history.events.iter().find(|e| e.key == "evaluation-runs").unwrap();
    assert_eq!(
        (evaluation.from.unwrap().to_string(), evaluation.to.unwrap().to_string()),
        ("January 2023".into(), "June 2025".into())
    );
}

#[test]
fn disagreements_and_differences_of_money_are_noted_and_stand() {
    let notes = programme("healthy-communities-together").notes().join("\n");
    for part in [
        "more than 270 (S2)",
        "more than 300 (S3",
        "January 2020 (S0)",
        "September 2021 (S3",
        "£2,550,000",
        "£2,600,000",
        "up to £3,000,000",
    ] {
        assert!(notes.contains(part), "nothing about {part} in:\n{notes}");
    }
}

#[test]
fn health_equalities_has_its_facts() {
    let p = programme("health-equalities");
    let twelve = [
        "Accrington",
        "Bolton",
        "Black Country",
        "Greenwich",
        "Halton & St Helens",
        "Kent",
        "Northamptonshire",
        "Scarborough",
        "Sheffield",
        "Staffordshire",
        "Stockton",
        "Tower Hamlets",
    ];
    assert_eq!(place_names(&p), twelve);
    assert_eq!(awards(&p, "delivery"), vec![(pounds(450_000), true); 12]);
    let line = p.design.money.iter().find(|l| l.key == "development-grants").unwrap();
    assert_eq!((line.amount, line.count, line.total()), (pounds(50_000), Some(14), Some(pounds(700_000))));
    assert!(p.design.totals.iter().any(|t| t.amount == pounds(700_000) && t.exact));
    assert!(stages(&p).contains(&(Some("14"), Some("12"))));
    for kind in ["coaching", "evaluation-and-learning", "development", "communication", "partners-and-communities"] {
        assert!(p.design.offer.iter().any(|o| o.key == kind), "{kind}");
    }
}

#[test]
fn the_other_programmes_have_their_facts() {
    let team = programme("the-team");
    assert!(team.design.money.is_empty() && team.design.call.is_none() && team.design.role("grant-manager").is_none());
    assert!(team.history.events.iter().any(|e| e.from.is_some_and(|f| f.to_string() == "2019")));
    assert_eq!(team.design.phases[0].places.as_deref(), Some("6"));

    let connecting = programme("connecting-health-communities");
    let rule = connecting.design.place_rule.as_ref().unwrap();
    assert_eq!((rule.at_least, rule.of_different_sectors), (Some(8), true));
    assert_eq!(connecting.design.phase("phase-3").unwrap().places.as_deref(), Some("4"));
    assert!(connecting.design.circle("champions").is_some());
    assert!(!connecting.design.roles.iter().any(|r| r.side == design::Side::Evaluator));

    let shaping = programme("shaping-places-for-healthier-lives");
    assert_eq!(stages(&shaping), [(Some("30"), Some("10 to 12")), (Some("10 to 12"), Some("5")), (Some("5"), None)]);
    let call = shaping.design.call.as_ref().unwrap();
    assert_eq!(call.stage("development").unwrap().award, Some(pounds(20_000)));
    assert!(call.keeps_unsuccessful.is_some());
    assert_eq!(shaping.design.place_rule.as_ref().unwrap().sectors, [Sector::Council]);

    let ambition = programme("common-ambition");
    assert!(ambition.design.money.iter().any(|l| l.amount == pounds(500_000) && l.up_to && l.count == Some(4)));
    let needs = &ambition.design.place_rule.as_ref().unwrap().needs;
    assert_eq!(needs[0].role.as_deref(), Some("local-evaluator"));

    let evaluation = programme("hct-national-evaluation");
    assert_eq!(place_names(&evaluation), ["Coventry", "Croydon", "Gloucestershire", "Leeds", "Plymouth"]);
    let methods: Vec<&str> = evaluation.design.evaluation.iter().map(|s| s.key.as_str()).collect();
    for method in ["interviews", "system-maps", "observation", "survey"] {
        assert!(methods.contains(&method), "{method}");
    }
    assert_eq!(evaluation.design.purpose.len(), 2);
}

#[test]
fn no_clause_of_a_source_is_copied() {
    let Ok(seeds) = std::fs::read_dir(folder().join("../../shared/seeds")) else {
        println!("skipped: the sources' texts are not here to compare with");
        return;
    };
    let read: String = seeds.map(|s| std::fs::read_to_string(s.unwrap().path()).unwrap() + " ").collect();
    let theirs = format!(" {} ", words(&read).join(" "));
    let mut copied = Vec::new();
    for slug in ALL {
        for path in files_within(&folder().join(slug)) {
            for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
                // Names of organisations and titles of what is published are what they are.
                if line.starts_with("title = ") || line.starts_with("name = ") {
                    continue;
                }
                for run in words(line).windows(7).filter(|run| theirs.contains(&format!(" {} ", run.join(" ")))) {
                    copied.push(format!("{}:{}: {}", path.display(), number + 1, run.join(" ")));
                }
            }
        }
    }
    assert!(copied.is_empty(), "{}", copied.join("\n"));
}

/// Every file of a folder, and of the folders in it.
fn files_within(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("the folder can be read").map(|e| e.expect("the folder can be read").path());
    entries.flat_map(|path| if path.is_dir() { files_within(&path) } else { vec![path] }).collect()
}

/// Small letters, without punctuation.
fn words(text: &str) -> Vec<String> {
    let spaced: String =
        text.replace(['’', '\''], "").chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    spaced.split_whitespace().map(ToOwned::to_owned).collect()
}
