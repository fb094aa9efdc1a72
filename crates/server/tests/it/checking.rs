//! `commonweal check`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use tempfile::tempdir;

use crate::command::{change, commonweal, copy, done, programmes, refused, run, slugs};

/// What a shell makes of `programmes/*`: the folders and the files beside them.
fn star(folder: &std::path::Path) -> Vec<String> {
    let mut all: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path().to_str().unwrap().to_string()).collect();
    all.sort();
    all
}

fn check(args: &[String]) -> Vec<&str> {
    std::iter::once("check").chain(args.iter().map(String::as_str)).collect()
}

#[test]
fn all_seven_designs_are_sound_and_each_is_printed() {
    let out = done(&check(&star(&programmes())));
    for slug in slugs() {
        assert!(out.contains(&format!("({slug})\n")), "{slug}");
    }
    assert!(!out.contains('\r') && !out.contains('\u{1b}'), "nothing but text in a pipe");
}

#[test]
fn a_mistake_is_shown_with_its_place_and_what_would_be_right() {
    let folder = tempdir().unwrap();
    copy(&programmes(), folder.path());
    let file = folder.path().join("healthy-communities-together/programme.toml");
    change(&file, "part = \"funder\"", "part = \"fundr\"");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|l| l.contains("fundr")).unwrap() + 1;
    let said = run(&check(&star(folder.path())));
    assert_eq!(said.status, Some(1));
    let problem = said.err.lines().next().unwrap();
    assert!(problem.starts_with(&format!("{}:{line}:8: ", file.display())), "{problem}");
    assert!(problem.contains("‘fundr’") && problem.contains("‘funder’"), "{problem}");
    assert_eq!(said.err.lines().skip(1).collect::<Vec<_>>(), ["commonweal: 1 design needs mending"]);
    assert_eq!(slugs().iter().filter(|slug| said.out.contains(&format!("({slug})\n"))).count(), 6, "the others are printed");
}

#[test]
fn json_is_one_object_a_line() {
    let folders = star(&programmes());
    let mut args = check(&folders);
    args.push("--json");
    let out = done(&args);
    let read: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(read.iter().map(|o| o["design"]["slug"].as_str().unwrap()).collect::<Vec<_>>(), slugs());
    assert!(read.iter().all(|o| o["history"].is_object() && o["notes"].is_array() && o["folder"].is_string()));
    args.push("nowhere");
    let said = run(&args);
    assert_eq!((said.status, said.out.lines().count()), (Some(1), 7), "{}", said.err);
    assert!(said.err.starts_with("nowhere:1:1: "), "{}", said.err);
}

#[test]
fn a_folder_that_is_not_there_or_not_a_design_is_said() {
    let said = refused(&["check", "programmes/healthy-comunities"]);
    assert!(said.contains("programmes/healthy-comunities") && said.contains("cannot be read"), "{said}");
    let said = refused(&["check", "programmes/README.md"]);
    assert!(said.contains("no folder with a design"), "{said}");
    let said = refused(&["check", "programmes"]);
    assert!(said.contains("programmes/*") && said.lines().count() == 2, "{said}");
    let empty = tempdir().unwrap();
    let said = refused(&["check", empty.path().to_str().unwrap()]);
    assert!(said.contains("name"), "{said}");
}

#[test]
fn somebody_who_has_seen_enough_may_stop_reading() {
    let folders = star(&programmes());
    let mut child = commonweal(&check(&folders)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let said = child.wait_with_output().unwrap();
    assert!(first.ends_with("(common-ambition)\n"), "{first}");
    assert_eq!(String::from_utf8(said.stderr).unwrap(), "");
}

#[test]
fn an_eighth_programme_is_a_folder() {
    let folder = tempdir().unwrap();
    copy(&programmes(), folder.path());
    let eighth = folder.path().join("warm-rooms");
    copy(&programmes().join("the-team"), &eighth);
    change(&eighth.join("programme.toml"), "name = \"The Team\"\n", "name = \"Warm Rooms\"\n");
    let folders = star(folder.path());
    assert!(done(&check(&folders)).contains("Warm Rooms (warm-rooms)\n"));

    let (data, designs) = (tempdir().unwrap(), folder.path().to_str().unwrap());
    let data = data.path().to_str().unwrap();
    let out = done(&[
        "practice",
        "--data",
        data,
        "--programmes",
        designs,
        "--design",
        "warm-rooms",
        "--places",
        "2",
        "--entries",
        "10",
    ]);
    assert!(out.starts_with("practice-warm-rooms: 2 places"), "{out}");
    let server = crate::command::Server::start(&["--data", data, "--programmes", designs]);
    assert!(server.said.contains("Loaded Warm Rooms\n") && server.said.contains("Loaded The Team\n"), "{}", server.said);
    assert!(server.get("/programmes").body.contains("Warm Rooms"));
    assert_eq!(server.get("/programmes/warm-rooms").status, 200);
}
