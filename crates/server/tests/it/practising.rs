//! `commonweal practice`: every design, the same for the same seed, and without a word about anybody real.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use design::{Programme, Scope, Sources};
use sea_orm::EntityTrait;
use tables::{appointment, circle, design_version, entry, organisation, person, place, programme, step};

use crate::command::{done, programmes, refused, slugs};
use crate::house::{Place, block_on};

const DAY: &str = "2026-03-27";

fn practice(at: &Place, design: &str, seed: &str) -> String {
    let [option, name] = at.args();
    done(&[
        "practice",
        &option,
        &name,
        "--design",
        design,
        "--places",
        "3",
        "--entries",
        "60",
        "--applications",
        "4",
        "--awards",
        "--seed",
        seed,
        "--as-of",
        DAY,
    ])
}

/// What only a programme has that has gone on for a while.
const FOLLOWED: [&str; 21] = [
    "matter",
    "step",
    "agreement",
    "consent",
    "plan_line",
    "marker_reading",
    "statement_move",
    "evidence",
    "review_answer",
    "skill",
    "theme",
    "theme_change",
    "mark",
    "mark_theme",
    "output",
    "quotation",
    "publication",
    "published_quotation",
    "peer_profile",
    "topic",
    "mention",
];

fn all_seven(at: &Place, seed: &str) {
    for slug in slugs() {
        let out = practice(at, &slug, seed);
        assert!(out.starts_with(&format!("practice-{slug}: 3 places, ")) && out.contains(" people, 60 entries, "), "{out}");
    }
}

#[test]
fn every_design_is_practised_on_both_engines_and_the_same_seed_gives_the_same() {
    let [sqlite, postgres] = Place::both();
    all_seven(&sqlite, "1");
    all_seven(&postgres, "1");
    let rows = sqlite.rows();
    assert_eq!(rows["programme"].len(), 7);
    assert_eq!(rows["place"].len(), 21);
    // Four of the designs make awards: two places of each have one.
    assert_eq!(rows["award"].len(), 8);
    assert!(rows["entry"].len() > 420, "beside what was asked for there are matters, plans and talks about money");
    // All have been followed for a while, each as far as its design goes.
    for table in FOLLOWED {
        assert!(!rows[table].is_empty(), "nothing was made up in {table}");
    }
    assert!(rows["award"].iter().all(|row| row.contains("agreed_at: Some")), "{:?}", rows["award"]);
    // Four of the designs have a stage with a form.
    assert_eq!((rows["call"].len(), rows["application"].len()), (4, 16));
    for (table, first) in &rows {
        assert!(*first == postgres.rows()[table], "{table} differs");
    }
    let out = done(&["journal", "verify", "--data", &sqlite.name()]);
    assert!(out.starts_with("The journal is whole: "), "{out}");
    nothing_real_is_named(&sqlite);
    everybody_writes_what_they_may(&sqlite);

    let said = refused(&["practice", "--data", &sqlite.name(), "--design", "the-team", "--seed", "2"]);
    assert!(said.contains("there is one already: practice-the-team"), "{said}");
    assert!(sqlite.rows() == rows);
}

#[test]
fn another_seed_gives_another_programme_and_the_same_one_the_same() {
    let [first, again, other] = [Place::folder(), Place::folder(), Place::folder()];
    practice(&first, "healthy-communities-together", "7");
    practice(&again, "healthy-communities-together", "7");
    practice(&other, "healthy-communities-together", "8");
    assert!(first.rows() == again.rows());
    let texts = |place: &Place| -> Vec<(String, String)> {
        let db = place.open();
        let rows = block_on(entry::Entity::find().all(db.reader())).unwrap();
        rows.into_iter().map(|e| (e.title, e.text)).collect()
    };
    assert_ne!(texts(&first), texts(&other));
    assert_eq!(first.rows()["application"].len(), 4);
    assert_ne!(first.rows()["programme"], other.rows()["programme"]);
}

#[test]
fn what_cannot_be_made_is_said_and_makes_nothing() {
    let place = Place::folder();
    let data = place.name();
    let said = refused(&["practice", "--data", &data, "--design", "the-teem"]);
    assert!(said.contains("There is no design “the-teem”. There are: ") && said.contains("the-team"), "{said}");
    let said = refused(&["practice", "--data", &data, "--design", "the-team", "--as-of", "soon"]);
    assert!(said.contains("--as-of: "), "{said}");
    let said = refused(&["practice", "--data", &data, "--design", "the-team", "--programmes", "nowhere"]);
    assert!(said.contains("nowhere"), "{said}");
    assert!(std::fs::read_dir(&data).unwrap().next().is_none());
}

fn designs() -> (Vec<Programme>, Sources) {
    let sources = Sources::read(&programmes().join("sources.toml")).unwrap();
    let all = slugs().into_iter().map(|slug| Programme::read(&programmes().join(slug), &sources).unwrap()).collect();
    (all, sources)
}

/// Names of sponsors, organisations, places and publishers, without an article, as they stand in any text.
fn real_names() -> BTreeSet<String> {
    let (all, sources) = designs();
    let mut names: Vec<String> = sources.0.values().map(|s| s.publisher.clone()).collect();
    for programme in &all {
        // Where a source states no name, what stands there says just that and names nobody.
        let named = programme.design.sponsors.iter().filter(|s| !s.name.contains("not stated"));
        names.extend(named.map(|s| s.name.clone()));
        names.extend(programme.history.organisations.iter().map(|o| o.name.clone()));
        names.extend(programme.history.places.iter().map(|p| p.name.clone()));
    }
    let names = names.iter().map(|n| n.strip_prefix("The ").unwrap_or(n).to_lowercase());
    names.filter(|n| !n.is_empty()).collect()
}

fn holds(text: &str, name: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(name)
        .any(|(at, _)| !letter(text[..at].chars().next_back()) && !letter(text[at + name.len()..].chars().next()))
}

fn nothing_real_is_named(at: &Place) {
    let db = at.open();
    let mut texts: Vec<(String, String)> = Vec::new();
    block_on(async {
        let reader = db.reader();
        for p in programme::Entity::find().all(reader).await.unwrap() {
            assert!(p.practice && p.slug.starts_with("practice-"));
            texts.push(("a programme’s name".into(), p.name));
        }
        for v in design_version::Entity::find().all(reader).await.unwrap() {
            let document: serde_json::Value = serde_json::from_str(&v.document).unwrap();
            words(&document, "", &mut texts);
        }
        for o in organisation::Entity::find().all(reader).await.unwrap() {
            assert!(o.practice);
            texts.push(("an organisation".into(), format!("{} {}", o.key, o.name)));
        }
        for p in place::Entity::find().all(reader).await.unwrap() {
            texts.push(("a place".into(), format!("{} {} {}", p.name, p.problem, p.vision)));
        }
        for p in person::Entity::find().all(reader).await.unwrap() {
            assert!(p.practice && p.password_hash.is_none());
            assert!(p.email.as_deref().is_none_or(|e| e.ends_with(".example")), "{:?}", p.email);
            texts.push(("a person".into(), p.name));
        }
        for e in entry::Entity::find().all(reader).await.unwrap() {
            texts.push(("an entry".into(), format!("{} {}", e.title, e.text)));
        }
    });
    assert!(real_names().len() > 30 && texts.len() > 2_000, "{} names, {} texts", real_names().len(), texts.len());
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in real_names() {
        for (place, text) in texts.iter().filter(|(_, text)| holds(&text.to_lowercase(), &name)) {
            found.entry(name.clone()).or_default().insert(format!("{place}: {text}"));
        }
    }
    assert!(found.is_empty(), "real names in practice programmes: {found:#?}");
}

/// Every text of a design and where it stands. Keys bind a design together and are shown to nobody.
fn words(value: &serde_json::Value, at: &str, into: &mut Vec<(String, String)>) {
    const KEYS: [&str; 4] = ["key", "slug", "led_by", "leads"];
    match value {
        serde_json::Value::String(text) => into.push((at.to_string(), text.clone())),
        serde_json::Value::Array(items) => items.iter().for_each(|item| words(item, at, into)),
        serde_json::Value::Object(fields) => {
            for (key, field) in fields.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
                words(field, &format!("{at}.{key}"), into);
            }
        }
        _ => {}
    }
}

fn everybody_writes_what_they_may(at: &Place) {
    let db = at.open();
    let (entries, appointments, circles, steps, versions) = block_on(async {
        let reader = db.reader();
        let entries = entry::Entity::find().all(reader).await.unwrap();
        let appointments = appointment::Entity::find().all(reader).await.unwrap();
        let circles = circle::Entity::find().all(reader).await.unwrap();
        let steps = step::Entity::find().all(reader).await.unwrap();
        (entries, appointments, circles, steps, design_version::Entity::find().all(reader).await.unwrap())
    });
    let appointments: HashMap<_, _> = appointments.into_iter().map(|a| (a.id, a)).collect();
    let circles: HashMap<_, _> = circles.into_iter().map(|c| (c.id, c)).collect();
    let designs: HashMap<_, Programme> =
        versions.into_iter().map(|v| (v.programme_id, serde_json::from_str(&v.document).unwrap())).collect();
    let steps: HashMap<_, _> = steps.into_iter().map(|s| (s.entry_id, s.step)).collect();
    let by_id: HashMap<_, _> = entries.iter().map(|e| (e.id, e)).collect();
    let day: kernel::Day = DAY.parse().unwrap();
    let mut extracts = 0;
    for e in &entries {
        let design = &designs[&e.programme_id].design;
        let (held, circle) = (&appointments[&e.appointment_id], &circles[&e.circle_id]);
        assert_eq!((held.person_id, held.programme_id, circle.programme_id), (e.author_id, e.programme_id, e.programme_id));
        // An event is of no place, and so is what peers say to each other; both are written from any.
        let of_all = design.kinds.iter().any(|k| k.key == e.kind && k.is_of_all());
        assert!(held.place_id.is_none() || held.place_id == e.place_id || of_all, "{e:?}");
        assert!(e.happened_on <= day && e.written_at.day() <= day, "{e:?}");
        assert!(held.to_day.is_none_or(|to| e.happened_on <= to), "{e:?}");
        let declared = design.circles.iter().find(|c| c.key == circle.key).unwrap();
        match e.source_id {
            None => {
                let kind = design.kinds.iter().find(|k| k.key == e.kind).unwrap();
                // What came of a matter is said by those who may say it.
                let writes = match steps.get(&e.id) {
                    Some(step) => kind.step(step).is_some_and(|s| s.by.contains(&held.role)),
                    None => kind.writers.contains(&held.role),
                };
                assert!(writes && kind.circles.contains(&circle.key), "{e:?}");
                assert!(declared.writers.contains(&held.role), "{e:?}");
                assert!(e.place_id.is_some() || declared.scope == Scope::Programme, "{e:?}");
            }
            Some(source) => {
                extracts += 1;
                let source = by_id[&source];
                let from = &circles[&source.circle_id];
                assert_eq!(e.source_circle_id, Some(from.id));
                let open = |f: &&design::Flow| f.from == from.key && f.to == circle.key && f.by.contains(&held.role);
                assert!(design.flows.iter().any(|f| open(&f) && f.agreed_by.is_empty()), "{e:?}");
                assert!(e.written_at > source.written_at, "an extract is written after its source: {e:?}");
            }
        }
    }
    assert!(extracts > 0);
}
