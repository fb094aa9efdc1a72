//! The practice programme's own design: a real one's shape, without a word about anybody real.

use design::Programme;
use kernel::Fault;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

use super::Plan;
use super::phrases::{FIRST, SECOND, START};

/// How far into its last dated phase the programme stands on the day asked for, in months.
const MONTHS_INTO_LAST_PHASE: i32 = 14;

pub(super) fn practice(plan: &Plan<'_>, rng: &mut StdRng) -> Result<Programme, Fault> {
    let unreadable = |e: serde_json::Error| Fault::new("make a practice design", e);
    let mut value = serde_json::to_value(plan.design).map_err(unreadable)?;
    let months = months_to_shift(plan);
    let sponsors = sponsor_names(plan.design);
    rename(&mut value, &sponsors, &plan.real_names);
    shift_dates(&mut value["design"], months);
    let design = &mut value["design"];
    let shape = plan.design.design.name.clone();
    design["slug"] = json!(format!("practice-{}", plan.design.design.slug));
    design["name"] = json!(format!("Practice on {shape}"));
    design["summary"] = json!("A made-up programme to try things out in. Its places, organisations and people do not exist.");
    design["about"] = json!("");
    design["modelled"] =
        json!(format!("Everything here is made up. Phases, roles, circles and rules have the shape of the design of {shape}."));
    design["status"] = json!("practice");
    design["area"] = json!("A made-up region");
    for (sponsor, name) in design["sponsors"].as_array_mut().into_iter().flatten().zip(sponsors.iter().map(|(_, new)| new)) {
        sponsor["name"] = json!(name);
        sponsor["fit"] = json!([]);
        sponsor["identifier"] = Value::Null;
    }
    if design["call"].is_object() {
        design["call"]["opened"] = json!([]);
        design["call"]["applications"] = json!([]);
        for stage in design["call"]["stages"].as_array_mut().into_iter().flatten() {
            if let Some(other) = stage["from_call_of"].as_str().map(|slug| format!("practice-{slug}")) {
                stage["from_call_of"] = json!(other);
            }
        }
    }
    unmark(&mut value);
    let mut document: Programme = serde_json::from_value(value).map_err(unreadable)?;
    document.history = design::History::default();
    let (organisations, places) = places(plan, &document, rng);
    let history =
        json!({ "organisations": organisations, "places": places, "awards": [], "events": shocks(plan), "resources": [] });
    document.history = serde_json::from_value(history).map_err(unreadable)?;
    Ok(document)
}

/// Forms, criteria and roles that are ours stay, without the mark: a practice programme says of everything that it is
/// made up.
fn unmark(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(unmark),
        Value::Object(fields) => {
            fields.remove("practice");
            fields.values_mut().for_each(unmark);
        }
        _ => {}
    }
}

/// Made-up shocks from outside: no programme runs its course undisturbed.
fn shocks(plan: &Plan<'_>) -> Value {
    let month = |months: i32| plan.as_of.plus_months(months).iso()[..7].to_string();
    json!([
        {
            "key": "flood", "kind": "shock", "title": "A flood closes the halls", "from": month(-11), "to": month(-10), "sources": [],
            "text": "Meetings moved to kitchens and telephones; two plans were put aside.", "place": Value::Null, "disagrees": Value::Null,
        },
        {
            "key": "reorganisation", "kind": "shock", "title": "Health services are reorganised", "from": month(-6), "to": month(-3), "sources": [],
            "text": "Partners changed posts, and some changed employers.", "place": Value::Null, "disagrees": Value::Null,
        },
    ])
}

/// What each sponsor is called instead: by the part it plays.
fn sponsor_names(programme: &Programme) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    for sponsor in &programme.design.sponsors {
        let part = format!("The {}", sponsor.part.words());
        let same = named.iter().filter(|(_, n)| n.starts_with(&part)).count();
        let name = if same == 0 { part } else { format!("{part} ({})", same + 1) };
        named.push((sponsor.name.clone(), name));
    }
    named
}

/// Walks every text: real names give way to what they stand for, and a statement loses its sources.
fn rename(value: &mut Value, sponsors: &[(String, String)], real: &[String]) {
    match value {
        Value::String(text) => {
            for (old, new) in sponsors {
                *text = replace_name(text, old, &new.to_lowercase());
            }
            for old in real {
                *text = replace_name(text, old, "a partner organisation");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, sponsors, real)),
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                match key.as_str() {
                    "sources" => *field = json!([]),
                    // Keys bind the design together and are never shown.
                    "key" | "slug" | "led_by" | "leads" | "component" | "readers" | "writers" | "by" | "agreed_by"
                    | "approved_by" | "deciders" | "from_call_of" => {}
                    "form" if field.is_string() => {}
                    // Conditions name keys too.
                    "shown_when" | "valid_when" | "required" | "holds" | "value" | "prefill" => {}
                    _ => rename(field, sponsors, real),
                }
            }
        }
        _ => {}
    }
}

fn replace_name(text: &str, name: &str, with: &str) -> String {
    let bare = name.strip_prefix("The ").unwrap_or(name);
    if bare.len() < 4 || !text.contains(bare) {
        return text.to_string();
    }
    [format!("the {bare}"), format!("The {bare}"), bare.to_string()]
        .iter()
        .fold(text.to_string(), |text, name| text.replace(name.as_str(), with))
}

/// Months by which the design's dates move, so that the day asked for falls into its last dated phase.
fn months_to_shift(plan: &Plan<'_>) -> i32 {
    let last = plan.design.design.phases.iter().filter_map(|p| p.from).map(design::Approx::first_day).max();
    last.map_or(0, |day| {
        let months = |d: kernel::Day| d.year() * 12 + i32::try_from(d.month()).unwrap_or(1);
        months(plan.as_of) - MONTHS_INTO_LAST_PHASE - months(day)
    })
}

fn shift_dates(design: &mut Value, months: i32) {
    for list in ["phases", "gates", "review_points"] {
        for item in design[list].as_array_mut().into_iter().flatten() {
            for key in ["from", "to", "when"] {
                if let Some(moved) = item[key].as_str().and_then(|text| shifted(text, months)) {
                    item[key] = json!(moved);
                }
            }
        }
    }
}

/// A date as precise as before, so many months on. A bare year is taken as its January.
fn shifted(text: &str, months: i32) -> Option<String> {
    let mut parts = text.split('-');
    let year: i32 = parts.next()?.parse().ok()?;
    let month: Option<i32> = parts.next().and_then(|m| m.parse().ok());
    let rest = parts.next();
    let at = year * 12 + month.unwrap_or(1) - 1 + months;
    let (year, moved) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    Some(match (month, rest) {
        (None, _) => format!("{year}-{moved:02}"),
        (Some(_), None) => format!("{year}-{moved:02}"),
        // Day 28 exists in every month.
        (Some(_), Some(day)) => format!("{year}-{moved:02}-{:02}", day.parse::<u32>().ok()?.min(28)),
    })
}

/// Made-up places, each with organisations of the sectors that the design asks for.
fn places(plan: &Plan<'_>, document: &Programme, rng: &mut StdRng) -> (Vec<Value>, Vec<Value>) {
    let seats = document.design.place_rule.as_ref().and_then(|r| r.at_least).unwrap_or(4).clamp(4, 12);
    let phases: Vec<&str> = document.design.phases.iter().map(|p| p.key.as_str()).collect();
    let (mut organisations, mut places) = (Vec::new(), Vec::new());
    for number in 0..plan.places {
        let name = place_name(number);
        let slug = name.to_lowercase().replace(' ', "-");
        let mut keys = Vec::new();
        for seat in 0..seats as usize {
            let (sector, what) = SEATS[seat % SEATS.len()];
            let again = if seat < SEATS.len() { String::new() } else { format!(" {}", seat / SEATS.len() + 1) };
            let key = format!("{}-{slug}-{seat}", document.design.slug);
            organisations.push(json!({ "key": key, "name": format!("{name} {what}{again}"), "sector": sector, "sources": [] }));
            keys.push(key);
        }
        // Each place may end on another date: some a quarter, some half a year after the rest.
        let ends = plan.as_of.plus_months([8, 8, 11, 14, 8][rng.random_range(0..5)]);
        places.push(json!({
            "slug": slug, "name": name, "lead": keys[0], "partners": keys[1..], "work": [], "phases": phases,
            "from": Value::Null, "to": &ends.iso()[..7], "problem": Value::Null, "vision": Value::Null, "phase_note": Value::Null, "sources": [],
        }));
    }
    (organisations, places)
}

const SEATS: [(&str, &str); 5] = [
    ("voluntary", "Voluntary Action"),
    ("nhs", "NHS Partnership"),
    ("council", "Council"),
    ("community", "Neighbours"),
    ("voluntary", "Carers Together"),
];

/// The first places have names of their own; then names are put together, and beyond those they are numbered.
pub(super) fn place_name(number: usize) -> String {
    if let Some(name) = START.get(number) {
        return (*name).to_string();
    }
    let at = number - START.len();
    let (first, second) = (FIRST[at % FIRST.len()], SECOND[(at / FIRST.len()) % SECOND.len()]);
    match at / (FIRST.len() * SECOND.len()) {
        0 => format!("{first} {second}"),
        round => format!("{first} {second} {}", round + 1),
    }
}

/// One of several, by the seed.
pub(super) fn one<'a, T>(rng: &mut StdRng, of: &'a [T]) -> Option<&'a T> {
    of.choose(rng)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_move_and_stay_as_precise_as_a_month() {
        assert_eq!(shifted("2021-02", 70).as_deref(), Some("2026-12"));
        assert_eq!(shifted("2021", 61).as_deref(), Some("2026-02"));
        assert_eq!(shifted("2021-12-31", 2).as_deref(), Some("2022-02-28"));
        assert_eq!(shifted("soon", 2), None);
    }

    #[test]
    fn forms_and_criteria_stay_and_nothing_is_marked_in_what_is_all_made_up() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
        let sources = design::Sources::read(&folder.join("sources.toml")).unwrap();
        let folders = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_dir());
        let designs = folders.map(|path| Programme::read(&path, &sources).unwrap()).filter(|d| !d.forms.is_empty());
        let mut tried = 0;
        for design in designs {
            tried += 1;
            let as_of = kernel::Day::new(2026, 11, 23).unwrap();
            let real_names = super::super::real_names(std::slice::from_ref(&design), &sources);
            let plan = Plan {
                design: &design,
                real_names,
                places: 2,
                entries: 0,
                applications: 0,
                awards: false,
                followed: false,
                seed: 1,
                as_of,
            };
            let made = practice(&plan, &mut rand::SeedableRng::seed_from_u64(1)).unwrap();
            let forms = |programme: &Programme| programme.forms.iter().map(|f| f.form.clone()).collect::<Vec<_>>();
            assert_eq!(forms(&made), forms(&design));
            assert!(!made.forms.iter().any(design::DesignForm::is_ours) && !made.design.roles.iter().any(design::Role::is_ours));
            let stages =
                |programme: &Programme| programme.design.call.as_ref().map(|call| call.stages.clone()).unwrap_or_default();
            for (was, is) in stages(&design).iter().zip(stages(&made)) {
                assert_eq!((&was.criteria, &was.form, was.readers), (&is.criteria, &is.form, is.readers));
                assert!(!is.is_ours());
                assert_eq!(was.from_call_of.as_ref().map(|slug| format!("practice-{slug}")), is.from_call_of);
            }
        }
        assert!(tried > 1, "there are designs with forms");
    }

    #[test]
    fn place_names_never_repeat() {
        let names: std::collections::BTreeSet<String> = (0..5_000).map(place_name).collect();
        assert_eq!(names.len(), 5_000);
        assert_eq!(place_name(0), "Riverside");
    }
}
