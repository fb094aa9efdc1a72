//! What holds the source together: slices use only those before them, and nobody real is named in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use design::{Programme, Sources};

/// The order in which slices may use each other: each the ones before it.
const ORDER: [&str; 27] = [
    "ground",
    "people",
    "ledger",
    "files",
    "entries",
    "house",
    "programmes",
    "places",
    "answers",
    "forming",
    "calls",
    "assessing",
    "deciding",
    "stages",
    "published",
    "grants",
    "support",
    "learning",
    "outputs",
    "reflecting",
    "gatherings",
    "peers",
    "plans",
    "oversight",
    "influence",
    "home",
    "practice",
];

/// Where one uses a later one all the same. This list may only get shorter.
const AGAINST_THE_ORDER: [(&str, &str, &str); 5] = [
    ("ground", "entries", "the gate loads the entry that a path names through the one way to read entries"),
    ("ground", "calls", "the gate loads the application that a path names through the one way to read applications"),
    ("people", "house", "a person's page shows what the journal says of their appointments"),
    ("entries", "house", "an entry's history shows what the journal says of it"),
    ("entries", "places", "an extract's preview names its place"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files_below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    const NOT_OURS: [&str; 3] = ["node_modules", "dist", "target"];
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            files_below(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

/// A file's code, without the tests at its end and without what is only said about it.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn slices_use_only_those_before_them() {
    let src = root().join("crates/app/src");
    let folders = fs::read_dir(&src).expect("the slices").flatten().filter(|e| e.path().is_dir());
    let there: BTreeSet<String> = folders.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    let listed: BTreeSet<String> = ORDER.iter().map(ToString::to_string).collect();
    assert_eq!(there, listed, "each slice has its place in ORDER of {}", file!());
    let mut against = BTreeSet::new();
    for (place, slice) in ORDER.iter().enumerate() {
        let mut files = Vec::new();
        files_below(&src.join(slice), ".rs", &mut files);
        for file in files {
            let used = names_used(&code(&file));
            for used in used.into_iter().filter(|u| u != slice) {
                let at = ORDER.iter().position(|s| *s == used);
                let at = at.unwrap_or_else(|| panic!("{} uses {used}, which is no slice", file.display()));
                if at > place {
                    against.insert(((*slice).to_string(), used));
                }
            }
        }
    }
    let known: BTreeSet<(String, String)> = AGAINST_THE_ORDER.iter().map(|(a, b, _)| ((*a).into(), (*b).into())).collect();
    let new: Vec<_> = against.difference(&known).collect();
    let gone: Vec<_> = known.difference(&against).collect();
    assert!(new.is_empty(), "these use a later slice, which the order of slices in {} forbids: {new:?}", file!());
    assert!(gone.is_empty(), "these no longer do: take them off AGAINST_THE_ORDER: {gone:?}");
}

/// What follows `crate::`: a name, or several in braces.
fn names_used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(list) => names.extend(list.split('}').next().unwrap_or_default().split(',').map(word)),
            None => names.extend([word(after)]),
        }
    }
    names.retain(|n| !n.is_empty() && n.chars().all(|c| c.is_lowercase() || c == '_'));
    names
}

#[test]
fn only_the_ground_knows_how_a_request_arrives() {
    let mut files = Vec::new();
    files_below(&root().join("crates/app/src"), ".rs", &mut files);
    for file in files.iter().filter(|f| !f.components().any(|c| c.as_os_str() == "ground") && !f.ends_with("lib.rs")) {
        let code = code(file);
        for name in ["axum::extract", "axum::routing", "axum::Router", "SystemClock", "RandomIds"] {
            assert!(!code.contains(name), "{} names {name}", file.display());
        }
    }
}

/// Programmes are data: no programme, sponsor, organisation or place is named in code.
#[test]
fn nobody_real_is_named_in_code() {
    let folder = root().join("programmes");
    let sources = Sources::read(&folder.join("sources.toml")).expect("the sources");
    let folders = fs::read_dir(&folder).expect("the programmes").flatten().map(|e| e.path()).filter(|p| p.is_dir());
    let mut names = BTreeSet::new();
    for folder in folders {
        let programme = Programme::read(&folder, &sources).unwrap_or_else(|wrong| panic!("{}: {wrong:?}", folder.display()));
        names.extend([programme.design.name.clone(), programme.design.slug.clone()]);
        names.extend(programme.design.sponsors.iter().flat_map(|s| [s.name.clone(), s.key.clone()]));
        names.extend(programme.history.organisations.iter().map(|o| o.name.clone()));
        names.extend(programme.history.places.iter().flat_map(|p| [p.name.clone(), p.slug.clone()]));
    }
    let names: Vec<String> = names.into_iter().filter(|n| n.chars().count() > 3).collect();
    assert!(names.len() > 30, "there are names to look for");
    let mut files = Vec::new();
    let crates = fs::read_dir(root().join("crates")).expect("the crates").flatten().map(|e| e.path());
    for crate_ in crates.filter(|c| !c.ends_with("testkit")) {
        files_below(&crate_.join("src"), ".rs", &mut files);
    }
    files_below(&root().join("web"), ".ts", &mut files);
    assert!(files.len() > 80, "there is code to look through");
    let mut found = Vec::new();
    for file in files {
        let code = code(&file);
        found.extend(names.iter().filter(|n| says(&code, n)).map(|n| format!("{}: {n}", file.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a text holds a name as words of their own.
fn says(text: &str, name: &str) -> bool {
    let edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| edge(text[..at].chars().next_back()) && edge(text[at + name.len()..].chars().next()))
}
