//! Who reads, changes and shares what is written: every entry of every circle for every role, in a table as that of the
//! routes.

use tables::entry;
use testkit::visitor::Reply;
use testkit::{Draft, TestSite, both, site};

use crate::access::{PEOPLE, cells, differs, everybody};

/// Routes that name an entry, with whose right they ask for.
pub const ENTRY_ROUTES: &[(&str, &str, Right)] = &[
    ("GET", "/programmes/{programme}/entries/{entry}", Right::Read),
    ("GET", "/programmes/{programme}/entries/{entry}/history", Right::Read),
    ("GET", "/programmes/{programme}/entries/{entry}/change", Right::Change),
    ("POST", "/programmes/{programme}/entries/{entry}/change", Right::Change),
    // Days go with sessions alone, so there is no such page of these.
    ("GET", "/programmes/{programme}/entries/{entry}/days", Right::Days),
    ("POST", "/programmes/{programme}/entries/{entry}/days", Right::Days),
    // Notes are no matters, so nobody takes a step of these.
    ("GET", "/programmes/{programme}/entries/{entry}/steps/{step}", Right::Step),
    ("POST", "/programmes/{programme}/entries/{entry}/steps/{step}", Right::Step),
    // Nobody is quoted in a note, so nobody takes it back.
    ("GET", "/programmes/{programme}/entries/{entry}/withdraw", Right::Nothing),
    ("POST", "/programmes/{programme}/entries/{entry}/withdraw", Right::Nothing),
    ("GET", "/programmes/{programme}/entries/{entry}/photographs", Right::Change),
    ("POST", "/programmes/{programme}/entries/{entry}/photographs", Right::Change),
    // There is none; whose there is stands in `photographs.rs`.
    ("GET", "/programmes/{programme}/entries/{entry}/photographs/{photograph}", Right::Nothing),
    // Notes and stories ask nobody how they see them.
    ("GET", "/programmes/{programme}/entries/{entry}/voice", Right::Nothing),
    ("POST", "/programmes/{programme}/entries/{entry}/voice", Right::Nothing),
    // Those of the programme who read an entry read what is marked in it; those who write somewhere in the programme mark it.
    ("GET", "/programmes/{programme}/entries/{entry}/excerpts", Right::Inside),
    ("POST", "/programmes/{programme}/entries/{entry}/excerpts", Right::Mark),
    // Nobody has marked anything, so there is nothing to compare.
    ("GET", "/programmes/{programme}/entries/{entry}/excerpts/compare", Right::Nothing),
    // A note is no output, so it has no such pages; an output’s are tried in `outputs.rs`.
    ("GET", "/programmes/{programme}/outputs/{entry}", Right::Nothing),
    ("POST", "/programmes/{programme}/outputs/{entry}", Right::Nothing),
    ("GET", "/programmes/{programme}/outputs/{entry}/write", Right::Nothing),
    ("POST", "/programmes/{programme}/outputs/{entry}/write", Right::Nothing),
    ("GET", "/programmes/{programme}/outputs/{entry}/quote", Right::Nothing),
    ("POST", "/programmes/{programme}/outputs/{entry}/quote", Right::Nothing),
    ("GET", "/programmes/{programme}/outputs/{entry}/publish", Right::Nothing),
    ("POST", "/programmes/{programme}/outputs/{entry}/publish", Right::Nothing),
    // A note is no event; who gets to the pages of one stands in `gatherings.rs`.
    ("GET", "/programmes/{programme}/gatherings/{entry}", Right::Nothing),
    ("GET", "/programmes/{programme}/gatherings/{entry}/event.ics", Right::Nothing),
    ("GET", "/programmes/{programme}/gatherings/{entry}/details", Right::Nothing),
    ("POST", "/programmes/{programme}/gatherings/{entry}/details", Right::Nothing),
    ("GET", "/programmes/{programme}/gatherings/{entry}/sign-up", Right::Nothing),
    ("POST", "/programmes/{programme}/gatherings/{entry}/sign-up", Right::Nothing),
    ("GET", "/programmes/{programme}/gatherings/{entry}/attendance", Right::Nothing),
    ("POST", "/programmes/{programme}/gatherings/{entry}/attendance", Right::Nothing),
    ("GET", "/programmes/{programme}/gatherings/{entry}/feedback", Right::Nothing),
    ("POST", "/programmes/{programme}/gatherings/{entry}/feedback", Right::Nothing),
    // Nor does a note stand in the channel; who gets to what does stands in `peers.rs`.
    ("GET", "/programmes/{programme}/channel/{entry}", Right::Nothing),
    ("POST", "/programmes/{programme}/channel/{entry}", Right::Nothing),
    ("GET", "/programmes/{programme}/entries/{entry}/share", Right::Share),
    ("POST", "/programmes/{programme}/entries/{entry}/share", Right::Share),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Read,
    Change,
    Days,
    Step,
    Nothing,
    /// For those who write in the programme, also where everybody reads the entry.
    Inside,
    Mark,
    Share,
}

/// Those who write somewhere in the programme.
const WRITERS: &str = ".. yyyyyy yyyyy yyyyy .. yy";

/// An entry in each circle: circle, place, who wrote it, the circle that it is an extract from, then who reads it, who
/// may change it and who may share part of it, in the columns of the table of routes.
struct Row(&'static str, &'static str, &'static str, &'static str, [&'static str; 3]);

#[rustfmt::skip]
const ENTRIES: &[Row] = &[
    // A place's own circle: no sponsor, supporter, evaluator or adviser, whatever their role.
    Row("place", "riverside", "Project lead, Riverside", "", [
        ".. ...... .yyyy ..... .. ..",
        ".. ...... .y... ..... .. ..",
        ".. ...... .yyy. ..... .. .."]),
    Row("place", "lantern-hill", "Project lead, Lantern Hill", "", [
        ".. ...... ..... .yyyy .. ..",
        ".. ...... ..... .y... .. ..",
        ".. ...... ..... .yyy. .. .."]),
    Row("support", "riverside", "Consultant, Riverside", "", [
        ".. ...... yyy.. ..... .. ..",
        ".. ...... y.... ..... .. ..",
        ".. ...... yyy.. ..... .. .."]),
    Row("support", "lantern-hill", "Consultant, Lantern Hill", "", [
        ".. ...... ..... yyy.. .. ..",
        ".. ...... ..... y.... .. ..",
        ".. ...... ..... yyy.. .. .."]),
    Row("learning", "riverside", "Learning capture team", "", [
        ".. ...y.. yyy.. ..... .. ..",
        ".. ...y.. ..... ..... .. ..",
        ".. ...y.. ..y.. ..... .. .."]),
    Row("programme-team", "riverside", "Grant manager", "", [
        ".. yyy... ..... ..... .. ..",
        ".. .y.... ..... ..... .. ..",
        ".. y..... ..... ..... .. .."]),
    // Between a place and those who look after its grant.
    Row("grant", "riverside", "Project lead, Riverside", "", [
        ".. yy.... .y... ..... .. y.",
        ".. ...... .y... ..... .. ..",
        ".. .y.... .y... ..... .. .."]),
    Row("support-team", "", "Support lead", "", [
        ".. ..y... y.... y.... .. ..",
        ".. ..y... ..... ..... .. ..",
        ".. ..y... ..... ..... .. .."]),
    Row("support-team", "riverside", "Consultant, Riverside", "", [
        ".. ..y... y.... y.... .. ..",
        ".. ...... y.... ..... .. ..",
        ".. ..y... ..... ..... .. .."]),
    Row("oversight", "", "Programme lead, funder", "", [
        ".. y..... ..... ..... .. ..",
        ".. y..... ..... ..... .. ..",
        ".. y..... ..... ..... .. .."]),
    // What those who run it say of how they run it.
    Row("team-learning", "", "Grant manager", "", [
        ".. yyyy.. ..... ..... .. ..",
        ".. .y.... ..... ..... .. ..",
        ".. y..y.. ..... ..... .. .."]),
    Row("network", "", "Grant manager", "", [
        ".. yyyy.. yyyyy yyyyy .. yy",
        ".. .y.... ..... ..... .. ..",
        ".. y..... ..... ..... .. .."]),
    Row("network", "riverside", "Community member, Riverside", "", [
        ".. yyyy.. yyyyy yyyyy .. yy",
        ".. ...... ....y ..... .. ..",
        ".. y..... ..... ..... .. .."]),
    Row("evaluation", "", "Evaluator", "", [
        ".. ....y. ..... ..... .. ..",
        ".. ....y. ..... ..... .. ..",
        ".. ....y. ..... ..... .. .."]),
    Row("advisory", "", "Advisory group member", "", [
        ".. y....y ..... ..... .. ..",
        ".. .....y ..... ..... .. ..",
        ".. y..... ..... ..... .. .."]),
    Row("public", "", "Programme lead, funder", "", [
        "yy yyyyyy yyyyy yyyyy yy yy",
        ".. y..... ..... ..... .. ..",
        ".. ...... ..... ..... .. .."]),
    // Extracts are read by the circle they were shared with and by that of their source, and never changed.
    Row("programme-team", "riverside", "Consultant, Riverside", "support", [
        ".. yyy... yyy.. ..... .. ..",
        ".. ...... ..... ..... .. ..",
        ".. y..... ..... ..... .. .."]),
    Row("support-team", "riverside", "Consultant, Riverside", "support", [
        ".. ..y... yyy.. y.... .. ..",
        ".. ...... ..... ..... .. ..",
        ".. ..y... ..... ..... .. .."]),
    Row("network", "", "Programme lead, funder", "oversight", [
        ".. yyyy.. yyyyy yyyyy .. yy",
        ".. ...... ..... ..... .. ..",
        ".. y..... ..... ..... .. .."]),
];

both! {
    async fn every_entry_is_read_changed_and_shared_by_whom_it_should(site: TestSite) {
        let (entries, words) = put_entries(&site).await;
        let mut people = everybody(&site).await;
        let before = site.written().await;
        let mut wrong = Vec::new();
        let writes = cells(WRITERS);
        for (entry, row) in entries.iter().zip(ENTRIES) {
            let [reads, changes, shares] = row.4.map(cells);
            for (method, path, right) in ENTRY_ROUTES {
                let address = path.replace("/programmes/{programme}", site::PRACTICE).replace("{entry}", &entry.id.to_string()).replace("{step}", "answered");
                for (n, somebody) in people.iter_mut().enumerate() {
                    let allowed = match right {
                        Right::Read => reads[n],
                        Right::Change | Right::Days => changes[n],
                        Right::Share => shares[n],
                        Right::Inside if writes[n] != 'y' => 'x',
                        Right::Inside => reads[n],
                        Right::Mark => writes[n],
                        Right::Step => 'n',
                        Right::Nothing => 'x',
                    };
                    let cell = match (allowed, reads[n]) {
                        ('y', 'y') => 'y',
                        ('x', _) => 'x',
                        (_, 'y') => 'n',
                        _ => 'x',
                    };
                    let ok = match *right {
                        Right::Days => 404,
                        _ if *method == "GET" => 200,
                        _ => 422,
                    };
                    if *method == "POST" && cell == 'y' {
                        let forged = somebody.ask(method, &address, false).await;
                        if forged.status != 403 {
                            wrong.push(format!("POST {path} in {} by {:?} with a forged token: {}", row.0, somebody.name, forged.status));
                        }
                    }
                    let reply = somebody.ask(method, &address, true).await;
                    if let Some(said) = differs(cell, ok, &reply) {
                        wrong.push(format!("{method} {path} of {} {} from “{}” by {:?}: {said}", row.0, row.1, row.3, somebody.name));
                    }
                    leaks(&reply, &entries, &words, n, &mut wrong);
                    if cell == 'y' {
                        reply.page(&address);
                    }
                }
            }
        }
        // Search finds what may be read, and lists show it and nothing else.
        let home = site::PRACTICE;
        for (n, somebody) in people.iter_mut().enumerate() {
            for (word, row) in words.iter().zip(ENTRIES) {
                let may = cells(row.4[0])[n] == 'y';
                let found = somebody.visitor.get(&format!("/search?q={word}")).await.page("/search");
                if found.links().iter().any(|l| l.contains("/entries/")) != may {
                    wrong.push(format!("search for the entry in {} {} from “{}” by {:?}", row.0, row.1, row.3, somebody.name));
                }
            }
            let lists = ["/entries", "/places/riverside/entries", "/places/lantern-hill/entries", "/places/riverside", "/journal", "/people"];
            let lists = lists.iter().map(|end| format!("{home}{end}")).chain(["/".into(), "/advisory".into(), "/search?q=zebra".into()]);
            let mut seen = String::new();
            for address in lists {
                let reply = somebody.visitor.get(&address).await;
                leaks(&reply, &entries, &words, n, &mut wrong);
                seen.push_str(&reply.text());
            }
            let in_role = n > 1;
            for (word, row) in words.iter().zip(ENTRIES).filter(|(_, row)| in_role && cells(row.4[0])[n] == 'y') {
                if !seen.contains(word) {
                    wrong.push(format!("no list shows {:?} the entry in {} {}", somebody.name, row.0, row.1));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(site.written().await, before, "reading, and being refused, wrote something");
    }
}

/// An entry for each row of the table, each with a word that stands nowhere else.
async fn put_entries(site: &TestSite) -> (Vec<entry::Model>, Vec<String>) {
    // A plural would be found with the word that it is of.
    let words: Vec<String> =
        ('a'..='z').filter(|letter| *letter != 's').take(ENTRIES.len()).map(|letter| format!("zebra{letter}")).collect();
    let mut entries: Vec<entry::Model> = Vec::new();
    for (Row(circle, place, author, from, _), word) in ENTRIES.iter().zip(&words) {
        let source =
            ENTRIES.iter().zip(&entries).find(|(row, _)| row.0 == *from && row.1 == *place).map(|(_, entry)| entry.clone());
        assert_eq!(source.is_some(), !from.is_empty(), "a source for the extract");
        let (title, text) = (format!("The {word}"), format!("It says {word}."));
        let kind = if *circle == "public" { "story" } else { "note" };
        let place = Some(*place).filter(|p| !p.is_empty());
        let draft = Draft { author, circle, place, kind, title: &title, text: &text, source: source.as_ref() };
        entries.push(site.put(draft).await);
    }
    (entries, words)
}

/// Notes where an answer holds a word or the identifier of an entry that this person may not read.
fn leaks(reply: &Reply, entries: &[entry::Model], words: &[String], person: usize, wrong: &mut Vec<String>) {
    let text = reply.text();
    for ((entry, word), row) in entries.iter().zip(words).zip(ENTRIES) {
        let named = text.contains(word.as_str()) || reply.status == 200 && text.contains(&entry.id.to_string());
        if named && cells(row.4[0])[person] != 'y' {
            wrong.push(format!("{:?} is told of the entry in {} {} from “{}”", PEOPLE[person], row.0, row.1, row.3));
        }
    }
}
