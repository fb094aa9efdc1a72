//! Passages of what applications answer, marked as evidence by those who read them.

use sea_orm::entity::prelude::*;
use serde_json::json;
use tables::{ApplicationId, application, call, mark, quotation};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::agreements::has_row;
use crate::assessing::{declare, give, submit};
use crate::deciding::{FUNDER, home, the_call};
use crate::learning::{APART, AUTUMN, NOT_THERE, TEAM, TRUSTED, add_theme, excerpt_with, excerpts};
use crate::made::{Made, put_applications, put_call};
use crate::reopening::{SIGN, submitted};

const LEAD: &str = "Programme lead, funder";
const MANAGER: &str = "Grant manager";
const WRITER: &str = "Partner organisation's representative, Lantern Hill";
const STUCK: &str = "The ferry never waits. Nobody asks the ferrymen.";
const MARKED: &str = "Marked. Whoever reads this page sees it.";

/// An application that a partner of Lantern Hill has submitted.
async fn put_answered(site: &TestSite) -> ApplicationId {
    let call = put_call(site).await;
    let writers = vec![site.person(WRITER).await.id];
    let answers = json!({ "problem": { "text": STUCK }, "vision": { "text": "A ferry that waits." } });
    put_applications(site, &call, vec![Made { answers, writers, ..Made::default() }]).await[0]
}

/// Decisions were told.
async fn told(site: &TestSite) {
    let before = the_call(site).await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    write.replace(&before, call::Model { released_at: Some(write.at()), ..before.clone() }).await.expect("a call");
    write.save().await.expect("a call");
}

/// The application became Lantern Hill.
async fn became_lantern_hill(site: &TestSite, id: ApplicationId) {
    let place = site.place("lantern-hill").await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let before = application::Entity::find_by_id(id).one(write.tx()).await.expect("it").expect("an application");
    write.replace(&before, application::Model { place_id: Some(place), ..before.clone() }).await.expect("an application");
    write.save().await.expect("an application");
}

async fn mark_answer(visitor: &mut Visitor, of: &str, words: &str, note: &str) -> String {
    visitor.open(&format!("{of}/excerpts")).await.must_be(200);
    visitor.fill("The words", words).fill("A note", note).choose("What it is about", TRUSTED);
    assert_eq!(visitor.press("Mark it").await.notice(), MARKED);
    excerpt_with(visitor, words)
}

both! {
    async fn an_answer_is_marked_and_read_by_those_who_choose(site: TestSite) {
        let id = put_answered(&site).await;
        let (of, here) = (home(id), format!("{}/excerpts", home(id)));
        let theme = add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let mut lead = site.signed_in_as(LEAD).await;
        lead.open(&of).await.must_be(200);
        lead.follow("Excerpts of what it answers").await.must_be(200).must_say("Nothing is marked yet.").must_say(STUCK);

        let before = site.written().await;
        lead.fill("The words", "The ferry always waits.").fill("A note", "By thistle.").choose("What it is about", TRUSTED);
        lead.press("Mark it").await.must_be(422);
        assert_eq!(lead.page().errors(), [NOT_THERE]);
        assert_eq!((lead.value("The words").as_str(), lead.value("A note").as_str()), ("The ferry always waits.", "By thistle."));
        // What stands in two answers is asked for.
        lead.fill("The words", "ferry").press("Mark it").await.must_be(422);
        assert_eq!(lead.page().errors(), ["These words stand 3 times in the text. Say which of them, from 1 to 3"]);
        assert_eq!(site.written().await, before, "nothing is written");
        assert_eq!(lead.fill("Which of them", "3").press("Mark it").await.notice(), MARKED);
        let ferry = excerpt_with(&lead, "ferry");
        let stuck = mark_answer(&mut lead, &of, "Nobody asks the ferrymen.", "By bramble.").await;
        assert_eq!(excerpts(&lead).len(), 2);
        lead.fill("The words", "Nobody asks the ferrymen.").choose("What it is about", TRUSTED).press("Mark it").await.must_be(422);
        assert_eq!(lead.page().errors(), ["You have marked this passage already. Change what you said of it there"]);
        lead.open(&here).await;
        assert!(excerpts(&lead)[0].contains("Nobody asks"), "in the order of the form: {:?}", excerpts(&lead));

        let mut manager = site.signed_in_as(MANAGER).await;
        manager.open(&here).await.must_be(200).must_say("By bramble.");
        manager.open(&stuck).await.must_be(200).must_say("From “Allies” of").must_say("ask the place to record it as an entry");
        manager.open(&theme).await.must_say("Nobody asks the ferrymen.").must_say("From the application");
        manager.open(&format!("{PRACTICE}/theme-table?quarter={AUTUMN}")).await;
        assert!(has_row(&manager, &format!("{TRUSTED} 2 2")), "{}", manager.page().text());
        manager.open(&format!("{theme}?place=-&quarter={AUTUMN}")).await.must_say("Nobody asks the ferrymen.");
        manager.open(&format!("{theme}?place=riverside")).await.must_not_say("ferrymen");

        // Nobody else is told of it, nor how often; not those who learn, nor those who wrote it.
        for name in [TEAM, "Evaluator", "Consultant, Lantern Hill", "Project lead, Lantern Hill", WRITER] {
            let mut other = site.signed_in_as(name).await;
            for path in [&here, &format!("{here}/compare"), &stuck, &ferry] {
                other.open(path).await.must_be(404).must_not_say("ferrymen").must_not_say("bramble");
            }
            assert_eq!(other.post(&here, &[("words", "ferry")]).await.status, 404, "{name}");
            assert_eq!(other.post(&stuck, &[("do", "remove")]).await.status, 404, "{name}");
            other.open(&theme).await.must_not_say("ferrymen").must_not_say("Allies");
            other.open(&format!("{PRACTICE}/theme-table?quarter={AUTUMN}")).await;
            assert!(!has_row(&other, TRUSTED), "{name}: {}", other.page().text());
        }
        // What an application says is quoted nowhere.
        manager.open(&format!("{PRACTICE}/outputs?quote={}", stuck.rsplit('/').next().unwrap_or_default())).await.must_not_say("ferrymen");
        assert_eq!(quotation::Entity::find().count(site.db().reader()).await.expect("quotations"), 0);

        assert_eq!(lead.open(&ferry).await.status, 200);
        assert_eq!(lead.press("Remove this excerpt").await.notice(), "Removed.");
        manager.open(&ferry).await.must_be(404);
        site.journal_is_whole().await;
    }

    async fn who_stands_aside_or_still_has_to_score_reads_none_of_it(site: TestSite) {
        let id = put_answered(&site).await;
        let (of, here) = (home(id), format!("{}/excerpts", home(id)));
        add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let mut lead = site.signed_in_as(LEAD).await;
        let stuck = mark_answer(&mut lead, &of, "Nobody asks the ferrymen.", "By bramble.").await;
        let mut manager = site.signed_in_as(MANAGER).await;
        manager.open(&stuck).await.must_be(200);
        let reading = give(&site, id, MANAGER).await;
        manager.open(&of).await.must_be(200).must_not_say("Excerpts of what it answers");
        manager.open(&here).await.must_be(404);
        manager.open(&stuck).await.must_be(404).must_not_say("ferrymen");
        submit(&site, reading, &[("equal", 2), ("ready", 2)]).await;
        manager.open(&stuck).await.must_be(200);
        declare(&site, id, MANAGER).await;
        manager.open(&here).await.must_be(404);
        manager.open(&stuck).await.must_be(404).must_not_say("ferrymen");

        // Those who wrote it, and the place that it became, once they were told; a consultant of the place never.
        let (mut writer, mut place) = (site.signed_in_as(WRITER).await, site.signed_in_as("Project lead, Lantern Hill").await);
        let mut consultant = site.signed_in_as("Consultant, Lantern Hill").await;
        became_lantern_hill(&site, id).await;
        for reader in [&mut writer, &mut place] {
            assert_eq!(reader.open(&stuck).await.status, 404);
        }
        told(&site).await;
        for reader in [&mut writer, &mut place] {
            reader.open(&stuck).await.must_be(200).must_say("By bramble.");
            reader.open(&format!("{PRACTICE}/theme-table?place=lantern-hill&quarter={AUTUMN}")).await;
            assert!(has_row(reader, &format!("{TRUSTED} 1 1")), "{}", reader.page().text());
        }
        consultant.open(&stuck).await.must_be(404).must_not_say("ferrymen");
        let mut panel = site.signed_in_as(FUNDER).await;
        assert_eq!(panel.open(&here).await.status, 404, "a panel member takes no part in what is learned");
    }

    async fn an_answer_that_is_submitted_anew_keeps_what_still_stands_in_it(site: TestSite) {
        let (mut writer, of) = submitted(&site).await;
        add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let mut runs = site.signed_in_as(LEAD).await;
        let rings = mark_answer(&mut runs, &of, "whom to ring.", "By thistle.").await;
        let gone = mark_answer(&mut runs, &of, "Nobody knows", "By bramble.").await;
        runs.open(&format!("{of}/reopen")).await;
        runs.choose("Which sections?", "Your story").fill("Why?", "Say more.").fill("Until which day?", "27 November 2026");
        runs.press("Reopen it").await.must_be(200);
        let typed = runs.open(&format!("{of}/excerpts")).await.must_be(200).path.clone();
        runs.fill("The words", "whom to ring.").fill("A note", "By nettle.");
        let late = runs.filled_form("Mark it");
        writer.open(&format!("{of}/sections/story")).await;
        writer.fill("What is stuck?", "For years, few people knew whom to ring.").press("Save and stay").await.must_be(200);
        writer.open(&of).await;
        writer.press(SIGN).await.must_be(200);
        // Until it is submitted again, what was submitted before stands.
        runs.open(&typed).await.must_say("Nobody knows").must_not_say("For years");
        writer.open(&of).await;
        writer.press("Submit the application").await.must_be(200).must_say("It was submitted again on");

        runs.open(&typed).await.must_say("For years, few people knew whom to ring.");
        let all = excerpts(&runs);
        assert!(all[0].contains("whom to ring.") && all[0].contains("moved with the text"), "{all:?}");
        assert!(all[1].contains("Nobody knows") && all[1].contains("no longer in the text"), "{all:?}");
        for excerpt in [&rings, &gone] {
            runs.open(excerpt).await.must_be(200);
        }
        // What was typed over the earlier text is looked for in the new one.
        runs.send(&late).await.must_be(200);
        let marks = mark::Entity::find().filter(mark::COLUMN.note.eq("By nettle.")).one(site.db().reader()).await.expect("excerpts");
        assert_eq!(marks.map(|m| m.revision > 1), Some(true));
        site.journal_is_whole().await;
    }

    async fn two_mark_an_answer_apart_and_compare(site: TestSite) {
        let id = put_answered(&site).await;
        let here = format!("{}/excerpts", home(id));
        add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let (mut lead, mut manager) = (site.signed_in_as(LEAD).await, site.signed_in_as(MANAGER).await);
        mark_answer(&mut lead, &home(id), "The ferry never waits.", "By thistle.").await;
        manager.open(&here).await;
        manager.fill("The words", "The ferry never waits. Nobody asks the ferrymen.").choose("What it is about", TRUSTED);
        manager.choose("Who sees it", APART).press("Mark it").await.must_be(200);
        assert!(excerpts(&manager).iter().any(|e| e.contains("only you see it")));
        let apart = excerpt_with(&manager, "Nobody asks");
        lead.open(&here).await;
        assert_eq!(excerpts(&lead).len(), 1);
        lead.open(&apart).await.must_be(404);
        manager.open(&here).await;
        assert_eq!(manager.press("Show the 1 that only you see").await.notice(), "Shown. Whoever reads this page sees what you marked.");
        lead.open(&here).await;
        lead.follow("Compare what 2 people marked").await.must_be(200);
        for cells in [format!("The ferry never waits. {TRUSTED} {TRUSTED} alike"), format!("Nobody asks the ferrymen. {TRUSTED} — differently")] {
            assert!(has_row(&lead, &cells) || has_row(&lead, &cells.replace(&format!("{TRUSTED} —"), &format!("— {TRUSTED}"))), "{cells}: {}", lead.page().text());
        }
    }
}
