//! Those who run a call find, sort and take with them what was submitted to it, and nothing else.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use sea_orm::entity::prelude::*;
use tables::{ConflictId, application, conflict};
use testkit::visitor::Reply;
use testkit::{TestSite, Visitor, both};

use crate::calls::{call_home, newcomer};
use crate::made::{Made, put_applications, put_call};

/// Somebody applies on their own and submits. What a spreadsheet could take for a formula stands in their answers.
async fn submitted(site: &TestSite, name: &str, email: &str, award: &str) -> (Visitor, String) {
    let mut lead = newcomer(site, "Lead writer", email).await;
    lead.open(&format!("{}/apply", call_home())).await.must_be(200);
    lead.fill("What is your partnership called?", name).fill("Which organisation do you write for?", "Fern Street Centre");
    lead.choose("Which sector is it of?", "Voluntary sector");
    let page = lead.press("Start").await;
    let home = page.path.split('?').next().unwrap_or_default().to_string();
    lead.open(&format!("{home}/sections/story")).await;
    lead.fill("What is stuck?", "=HYPERLINK(\"http://bad.example\")");
    lead.press("Save and stay").await.must_say("Saved.");
    lead.open(&format!("{home}/sections/means")).await;
    lead.fill("How much do you ask for?", award);
    lead.press("Save and stay").await.must_say("Saved.");
    for (button, partner) in [("Add a partner", "Tidewater Council"), ("Add another partner", "-Oak Lane")] {
        lead.press(button).await.must_be(200);
        let form = lead.filled_form("Save and stay");
        let mut names = form.fields.iter().filter(|(name, value)| name.ends_with(".called") && value.is_empty());
        let empty = names.find(|(name, _)| name.starts_with("partners.")).map(|(name, _)| name.clone());
        let form = form.with(&empty.expect("a row without a name"), partner);
        lead.send(&form).await.must_be(200).must_say("Saved.");
    }
    lead.open(&home).await;
    lead.press("Fern Street Centre stands behind this text").await.must_be(200);
    lead.press("Submit the application").await.must_say("Submitted");
    (lead, home)
}

fn sheet(reply: &Reply, name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(reply.body.clone())).expect("a workbook");
    let range = book.worksheet_range(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(book.worksheet_formula(name).map_or(0, |f| f.used_cells().count()) == 0, "a formula in {name}");
    let text = |cell: &Data| cell.to_string();
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

both! {
    async fn what_was_submitted_is_taken_along_as_it_was_submitted(site: TestSite) {
        put_call(&site).await;
        let (mut lead, home) = submitted(&site, "Élan Allies", "one@fern.example", "£40,000.50").await;
        submitted(&site, "+Harbour Together", "two@fern.example", "£10,000").await;
        let mut drafting = newcomer(&site, "Somebody else", "other@oak.example").await;
        let draft = crate::calls::start(&mut drafting, "Only a draft").await;
        crate::calls::write_story(&mut drafting, &draft, "Nobody reads this yet.").await;

        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let list = format!("{}/applications", call_home());
        let csv = runs.get(&format!("{list}/answers.csv")).await;
        assert_eq!(csv.status, 200);
        let text = csv.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].starts_with("\"reference\",\"partnership\",\"state\",\"submitted\",\"problem\",\"vision\",\"award\""), "{text}");
        assert!(lines[1].starts_with("\"AUTUMN-0001\",\"Élan Allies\",\"submitted\","), "{text}");
        assert!(lines[1].contains("\"'=HYPERLINK(\"\"http://bad.example\"\")\"") && lines[1].contains("\"40000.50\""), "{text}");
        assert!(lines[2].contains("\"'+Harbour Together\""), "{text}");
        let rows = runs.get(&format!("{list}/answers.csv?table=partners")).await.text();
        assert_eq!(rows.lines().count(), 5, "{rows}");
        assert!(rows.contains("\"Tidewater Council\"") && rows.contains("\"'-Oak Lane\""), "{rows}");
        assert_eq!(runs.get(&format!("{list}/answers.csv?table=nothing")).await.status, 404);

        let json: serde_json::Value = serde_json::from_str(&runs.get(&format!("{list}/answers.json")).await.text()).expect("JSON");
        let all = json["applications"].as_array().expect("a list");
        assert_eq!((all.len(), &all[0]["answers"]["award"]["money"]), (2, &serde_json::json!(4_000_050)));
        assert_eq!(all[1]["partnership"], "+Harbour Together");

        let book = runs.get(&format!("{list}/answers.xlsx")).await;
        let main = sheet(&book, "applications");
        assert_eq!((main.len(), main[0][0].as_str(), main[1][1].as_str()), (3, "Reference", "Élan Allies"));
        let award = main[0].iter().position(|head| head == "How much do you ask for?").expect("a column");
        assert_eq!(main[1][award], "40000.5");
        assert!(main[1].contains(&"=HYPERLINK(\"http://bad.example\")".to_string()), "{main:?}");
        assert_eq!(sheet(&book, "partners").len(), 5);
        for everything in [text.as_str(), &rows, &json.to_string()] {
            assert!(!everything.contains("Nobody reads this yet") && !everything.contains("Only a draft"));
        }

        // What was submitted stays what it was, and withdrawn ones can be left out.
        lead.open(&home).await;
        lead.press("Withdraw it").await.must_be(200);
        let left = runs.get(&format!("{list}/answers.csv?state=submitted")).await.text();
        assert_eq!(left.lines().count(), 2, "{left}");
        assert_eq!(runs.get(&format!("{list}.csv")).await.text().lines().count(), 3);
    }

    async fn a_list_is_searched_without_capitals_and_accents_and_sorted(site: TestSite) {
        put_call(&site).await;
        submitted(&site, "Élan Allies", "one@fern.example", "£40,000").await;
        site.clock().advance_seconds(60);
        submitted(&site, "Canal 100% Together", "two@fern.example", "£10,000").await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let list = format!("{}/applications", call_home());
        for (words, found, not) in [("ELAN", "Élan", "Canal"), ("allies élan", "Élan", "Canal"), ("100%", "Canal", "Élan"), ("a_b", "Applications", "Canal"), ("0002", "Canal", "Élan"), ("AUTUMN-0001", "Élan", "Canal"), ("nal tog", "Canal", "Élan")] {
            runs.open(&list).await;
            runs.fill("Part of a partnership’s name, or its number", words);
            runs.press("Look for it").await.must_be(200).must_say(found).must_not_say(not);
        }
        for (sort, first, second) in [("", "Élan", "Canal"), ("name", "Canal", "Élan"), ("submitted", "Canal", "Élan")] {
            let text = runs.open(&format!("{list}?sort={sort}")).await.text();
            assert!(text.find(first) < text.find(second), "{sort}: {text}");
        }
    }

    async fn every_page_of_a_list_says_how_many_there_are(site: TestSite) {
        let call = put_call(&site).await;
        let made = |n| Made { number: n + 1, name: format!("Partnership {n}"), ..Made::default() };
        put_applications(&site, &call, (0..50).map(made).collect()).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let list = format!("{}/applications", call_home());
        runs.open(&list).await.must_say("50 shown here").must_say("Partnership 49");
        put_applications(&site, &call, vec![made(50)]).await;
        runs.open(&list).await.must_say("51 shown here").must_not_say("Partnership 50");
        runs.open(&format!("{list}?page=2")).await.must_say("51 shown here").must_say("Partnership 50").must_not_say("Partnership 49");
        runs.open(&format!("{list}?page=3")).await.must_say("51 shown here").must_say("Nothing here matches");
        runs.open(&format!("{list}?q=nowhere")).await.must_say("0 shown here");
        // In the order of the last, the second page is nearer from the other end.
        let newest = format!("{list}?sort=submitted&page=2");
        runs.open(&newest).await.must_say("51 shown here").must_say("Page 2 of 2");
        runs.open(&format!("{list}?sort=name&page=2")).await.must_say("51 shown here").must_say("Partnership 9").must_not_say("Partnership 8");
    }

    async fn a_word_that_very_many_have_in_their_names_is_looked_for_no_further_than_anybody_turns_pages(site: TestSite) {
        let call = put_call(&site).await;
        let made = |n| Made { number: n + 1, name: format!("Partnership {n:04}"), ..Made::default() };
        put_applications(&site, &call, (0..1_010).map(made).collect()).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let list = format!("{}/applications?q=partnership", call_home());
        runs.open(&list).await.must_say("More than 1000 shown here").must_say("Partnership 0049").must_say("Page 1 of 21");
        runs.open(&format!("{list}&page=20")).await.must_say("Partnership 0999").must_say("Next page");
        runs.open(&format!("{list}&page=21")).await.must_say("Partnership 1009").must_not_say("Next page");
        runs.open(&format!("{}/applications", call_home())).await.must_say("1010 shown here");
    }

    async fn whoever_has_a_conflict_does_not_read_it_in_an_export(site: TestSite) {
        put_call(&site).await;
        submitted(&site, "Élan Allies", "one@fern.example", "£40,000").await;
        submitted(&site, "Canal Together", "two@fern.example", "£10,000").await;
        let person_id = site.person("Programme lead, funder").await.id;
        let near = application::Entity::find().filter(application::COLUMN.name.eq("Élan Allies")).one(site.db().reader()).await;
        let near = near.expect("applications").expect("it");
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        let row = conflict::Model {
            id: ConflictId(write.id()),
            programme_id: near.programme_id,
            application_id: near.id,
            person_id,
            why: "A relative works there.".into(),
            declared_at: write.at(),
            ended_at: None,
        };
        write.insert(row).await.expect("a conflict");
        write.save().await.expect("a conflict");
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        for file in ["answers.csv", "answers.json"] {
            let text = runs.get(&format!("{}/applications/{file}", call_home())).await.text();
            assert!(text.contains("Canal Together") && !text.contains("Allies"), "{text}");
        }
    }
}
