//! Those who run a programme change what applicants are asked.

use sea_orm::entity::prelude::*;
use testkit::site::PRACTICE;
use testkit::visitor::Filled;
use testkit::{Visitor, both};

fn forms() -> String {
    format!("{PRACTICE}/design/forms")
}

/// The page’s form as one of its small buttons sends it.
fn pressed(visitor: &Visitor, what: &str) -> Filled {
    visitor.filled_form("Save as a version").with("do", what)
}

both! {
    async fn a_form_is_made_question_by_question_and_saved_as_a_version(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&forms()).await.must_be(200).must_say("application").must_say("As in the design");
        runs.fill("Title", "A survey").fill("Key", "Not a key");
        runs.press("Make a form").await.must_be(422).must_say("small letters");
        assert_eq!(runs.value("Title"), "A survey");
        runs.fill("Key", "survey");
        runs.press("Make a form").await.must_be(200).must_say("Edit “A survey”").must_say("A new question");

        runs.send(&pressed(&runs, "open:0.0")).await.must_be(200);
        runs.fill("The question, in English", "What did you learn?").fill("The question, in Welsh", "Beth ddysgoch chi?");
        runs.fill("Key", "learnt").fill("At most so many words", "120").choose("Does it have to be answered?", "Yes");
        runs.press("Keep this").await.must_be(200).must_say("What did you learn?");
        assert_eq!(runs.value("At most so many words"), "120");

        // Another question, with choices; the first press after the kind was changed shows what belongs to it.
        runs.send(&pressed(&runs, "add:0")).await.must_be(200);
        runs.fill("The question, in English", "How was it?").fill("Key", "how").choose("Kind of answer", "One of several choices");
        runs.press("Keep this").await.must_be(200);
        runs.fill("Choices", "good\nbad | Bad");
        runs.press("Keep this").await.must_be(422).must_say("Choices, line 1");
        assert_eq!(runs.value("Choices"), "good\nbad | Bad", "what was typed is kept");
        runs.fill("Choices", "good | Good | Da | 2\nbad | Bad");
        runs.press("Keep this").await.must_be(200);
        assert_eq!(runs.value("Choices"), "good | Good | Da | 2\nbad | Bad");

        // A condition that names nothing is told beside its box, with the character, and cannot be saved.
        runs.fill("Shown when", "lernt").fill("Why is it changed?", "First questions");
        runs.press("Save as a version").await.must_be(422).must_say("Character 1").must_say("lernt");
        let error = runs.page().texts("#q_shown_when-error");
        assert!(error.iter().any(|e| e.contains("Character 1")), "{error:?}");
        runs.fill("Shown when", "");
        runs.send(&pressed(&runs, "up:0.1")).await.must_be(200);
        assert_eq!(runs.value("Why is it changed?"), "First questions");
        let text = runs.page().text();
        assert!(text.find("How was it?") < text.find("What did you learn?"), "{text}");
        runs.press("Save as a version").await.must_be(200).must_say("Saved as a version").must_say("First questions").must_say("Programme lead, funder");
        runs.page().must_say("Good").must_say("What changed in version 2");
        let book = runs.get(&format!("{}/survey/xlsform", forms())).await;
        assert_eq!((book.status, &book.body[..2]), (200, &b"PK"[..]));
        site.journal_is_whole().await;
    }

    async fn a_call_is_opened_with_what_was_made_of_the_designs_form(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        site.clock().advance_seconds(60);
        let text = format!("{}/application/text", forms());
        runs.open(&text).await.must_be(200);
        let was = runs.value("The form, as TOML");
        let broken = was.replacen("required = true", "required = truly", 1);
        runs.fill("The form, as TOML", &broken).fill("Why is it changed?", "Asked more plainly");
        runs.press("Save as a version").await.must_be(422).must_say("Line ");
        assert!(runs.value("The form, as TOML").contains("required = truly"), "what was typed is kept");
        let better = was.replacen("What is wrong now, in your own words?", "What hurts, in your own words?", 1);
        assert_ne!(better, was);
        let mut late = runs.second_window();
        late.open(&text).await;
        runs.fill("The form, as TOML", &better);
        runs.press("Save as a version").await.must_be(200).must_say("Asked more plainly");
        // Whoever began before that is told.
        late.fill("Why is it changed?", "Mine");
        late.press("Save as a version").await.must_be(422).must_say("Somebody saved version 1 meanwhile");

        runs.open(&format!("{PRACTICE}/calls/new")).await;
        runs.fill("Closes on", "18 December 2026");
        let page = runs.press("Open the call").await;
        page.must_be(200);
        let home = page.path.split('?').next().unwrap_or_default().to_string();
        runs.open(&format!("{home}/questions")).await.must_say("What hurts, in your own words?");

        // A later version does not change what that call asks.
        runs.open(&text).await;
        runs.fill("The form, as TOML", &was).fill("Why is it changed?", "Back");
        runs.press("Save as a version").await.must_be(200).must_say("Back");
        runs.open(&format!("{home}/questions")).await.must_say("What hurts, in your own words?");
    }

    async fn a_workbook_becomes_a_draft_and_says_what_it_lost(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&forms()).await;
        runs.follow("Or read one from an XLSForm workbook").await.must_be(200);
        runs.press("Read it").await.must_be(422).must_say("Choose a workbook");
        runs.attach("The workbook", "form.xlsx", b"%PDF-1.7");
        runs.press("Read it").await.must_be(422).must_say("this file cannot be read as one");
        let before = site.written().await;
        runs.attach("The workbook", "A survey.xlsx", &workbook());
        let page = runs.press("Read it").await;
        page.must_be(200).must_say("Edit “Learning together”").must_say("What did you learn?");
        page.must_say("survey, row 3, ‘where’").must_say("Write it anew below where it matters");
        assert_eq!(site.written().await, before, "nothing is kept before it is saved");
        // What is listed stays until the form is saved, whatever is pressed meanwhile.
        runs.send(&pressed(&runs, "open:0.0")).await.must_be(200).must_say("survey, row 3, ‘where’");
        assert_eq!(runs.value("Why is it changed?"), "Read from the workbook A survey.xlsx");
        runs.press("Save as a version").await.must_be(200).must_say("Saved as a version").must_say("Read from the workbook");
        // A second time it is the next version of the same form.
        runs.open(&format!("{PRACTICE}/design/form-from-workbook")).await;
        runs.attach("The workbook", "A survey.xlsx", &workbook());
        runs.press("Read it").await.must_say("There is a form ‘learning’ already");
        runs.press("Save as a version").await.must_be(200).must_say("Saved as a version");
        let kept = tables::form::Entity::find().filter(tables::form::COLUMN.key.eq("learning")).count(site.db().reader()).await;
        assert_eq!(kept.expect("the database"), 2);
        site.journal_is_whole().await;
    }
}

/// A survey as other tools write it, with a question that a form here has no words for.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [
        ("survey", &[["type", "name", "label"], ["text", "learnt", "What did you learn?"], ["geopoint", "where", "Where?"]][..]),
        ("settings", &[["form_title", "form_id", ""], ["Learning together", "learning", ""]][..]),
    ] {
        let sheet = book.add_worksheet().set_name(name).expect("a sheet");
        for (at, row) in (0u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(row) {
                sheet.write_string(at, column, *cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}
