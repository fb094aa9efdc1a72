//! `journal verify`, `backup`, `restore`, `move`, `invite`.

use tempfile::tempdir;

use crate::command::{Server, done, refused};
use crate::house::Place;

fn practice(place: &Place) {
    let [option, name] = place.args();
    done(&["practice", &option, &name, "--design", "healthy-communities-together", "--places", "2", "--entries", "40"]);
}

#[test]
fn the_journal_is_verified_and_a_break_is_named() {
    for place in Place::both() {
        let [option, name] = place.args();
        practice(&place);
        let out = done(&["journal", "verify", &option, &name]);
        let records = place.count("journal");
        assert_eq!(out, format!("The journal is whole: {records} records in 2 chains\n"));
        place.tamper("UPDATE journal SET act = 'do nothing' WHERE number = 7");
        let said = refused(&["journal", "verify", &option, &name]);
        assert!(said.starts_with("commonweal: The journal is broken.\n") && said.contains("record 7 was altered"), "{said}");
    }
}

#[test]
fn a_backup_is_restored_and_nothing_is_overwritten() {
    let (place, folder) = (Place::folder(), tempdir().unwrap());
    practice(&place);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let (file, new) = (at("copy.db"), at("new"));
    let out = done(&["backup", "--data", &place.name(), &file]);
    assert!(out.contains(&file) && out.contains("checked"), "{out}");
    assert!(refused(&["backup", "--data", &place.name(), &file]).contains("exists already"));
    done(&["restore", "--data", &new, &file]);
    let verified = done(&["journal", "verify", "--data", &new]);
    assert_eq!(verified, done(&["journal", "verify", "--data", &place.name()]));
    let said = refused(&["restore", "--data", &new, &file]);
    assert!(said.contains("exists already") && said.contains("commonweal.db"), "{said}");

    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(at("short.db"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(at("letter.db"), "Dear all").unwrap();
    for wrong in ["short.db", "letter.db"] {
        let said = refused(&["restore", "--data", &at("another"), &at(wrong)]);
        assert!(said.starts_with("commonweal: ") && said.contains("is not a sound copy of a Commonweal database"), "{said}");
    }
    assert!(refused(&["restore", "--data", &at("another"), &at("missing.db")]).contains("is not there"));
    let said = refused(&["backup", "--database", "postgres://nobody@127.0.0.1:1/x", &at("pg.db")]);
    assert!(said.contains("pg_dump"), "{said}");
}

#[test]
fn a_database_moves_there_and_back() {
    let (first, second, third) = (Place::folder(), Place::postgres(), Place::folder());
    practice(&first);
    let out = done(&["move", &first.name(), &second.name()]);
    let moved = |line: &str| line.trim().strip_suffix("  entries").and_then(|number| number.parse::<i64>().ok());
    let entries = out.lines().find_map(moved).unwrap_or_else(|| panic!("no entries: {out}"));
    assert!(entries > 40, "beside those asked for there are matters: {out}");
    assert!(out.lines().last().unwrap().ends_with("each compared; the journal is whole"), "{out}");
    done(&["move", &second.name(), &third.name()]);
    let without_index = |place: &Place| {
        let mut rows = place.rows();
        rows.remove("search_document");
        rows
    };
    assert!(without_index(&first) == without_index(&third));
    assert_eq!(second.count("search_documents"), entries);
    let before = third.rows();
    let said = refused(&["move", &second.name(), &third.name()]);
    assert!(said.contains("not empty"), "{said}");
    assert!(third.rows() == before);
}

#[test]
fn nothing_moves_while_a_server_has_the_file_open() {
    let (place, elsewhere) = (Place::folder(), tempdir().unwrap());
    practice(&place);
    let new = elsewhere.path().join("new").to_str().unwrap().to_string();
    let server = Server::start(&["--data", &place.name()]);
    let said = refused(&["move", &place.name(), &new]);
    assert!(said.contains("has ") && said.contains("commonweal.db open. Stop it first"), "{said}");
    assert!(!elsewhere.path().join("new").exists(), "nothing was begun");
    assert_eq!(server.get("/readyz").status, 200, "the server goes on");
    let empty = Place::postgres();
    let said = refused(&["move", &empty.name(), &place.name()]);
    assert!(said.contains("Stop it first"), "{said}");
    assert_eq!(server.stop().0, Some(0));
    let out = done(&["move", &place.name(), &new]);
    assert!(out.ends_with("each compared; the journal is whole\n"), "{out}");
}

#[test]
fn where_there_is_no_database_none_is_made() {
    let folder = tempdir().unwrap();
    let nowhere = folder.path().join("nowhere").to_str().unwrap().to_string();
    let other = folder.path().join("other").to_str().unwrap().to_string();
    let (data, file) = (["--data", nowhere.as_str()], folder.path().join("copy.db").to_str().unwrap().to_string());
    let invite = ["--programme", "x", "--role", "y", "--name", "Ada", "--email", "ada@people.example"];
    for args in [
        [&["journal", "verify"][..], &data].concat(),
        [&["backup"][..], &data, &[&file]].concat(),
        [&["restore"][..], &data, &[&file]].concat(),
        [&["invite"][..], &data, &invite].concat(),
        vec!["move", &nowhere, &other],
    ] {
        let said = refused(&args);
        let missing = if args[0] == "restore" { &file } else { &nowhere };
        assert!(said.starts_with("commonweal: ") && said.contains(missing.as_str()), "{args:?}: {said}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    let server = Place::postgres().name().replacen("://commonweal@", "://commonweal:s3cret@", 1);
    let unknown = format!("{}/none", server.rsplit_once('/').unwrap().0);
    let said = refused(&["journal", "verify", "--database", &unknown]);
    assert!(said.contains("/none cannot be opened") && said.contains("does not exist") && !said.contains("s3cret"), "{said}");
}

#[test]
fn an_invitation_says_what_is_wrong_with_it() {
    let place = Place::folder();
    practice(&place);
    let programme = "practice-healthy-communities-together";
    for (programme, role, email, said) in [
        ("unknown", "consultant", "ada@people.example", "There is no programme “unknown”"),
        (programme, "cook", "ada@people.example", "There is no role “cook”. There are: programme-lead"),
        (programme, "consultant", "ada@people.example", "Name it with --for"),
        (programme, "programme-lead", "ada", "“ada” is not a mail address"),
    ] {
        let args =
            ["invite", "--data", &place.name(), "--programme", programme, "--role", role, "--name", "Ada", "--email", email];
        let error = refused(&args);
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(place.count("mails"), 0);
}
