//! What those who choose see side by side, and what happens once everybody was told and a place falls through.

use app::release_due;
use sea_orm::entity::prelude::*;
use tables::{ApplicationId, application, assessor, call, decision};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::assessing::{declare, give, put_application, submit};
use crate::deciding::{
    FUNDER, REASONS, SUPPORT, both_assent, closed_with_one, decision_page, decisions, home, propose, put_conflict, put_many,
    the_call,
};
use crate::made::{Made, put_applications, put_call};

const CALL: &str = "/programmes/practice-healthy-communities-together/calls/autumn";
const WRITER: &str = "Partner organisation's representative, Lantern Hill";

/// Everybody is told, as the server does it by itself when the hour has come.
async fn tell_everybody(site: &TestSite) {
    let call = the_call(site).await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
    let due = call::Model { tells_at: Some(site.now()), decides_on: Some(site.now().day()), ..call.clone() };
    write.replace(&call, due).await.expect("the database");
    write.save().await.expect("the database");
    assert_eq!(release_due(site.app()).await.expect("the database"), 1);
    site.clock().advance_seconds(60);
}

/// Changes an application past the pages.
async fn set(site: &TestSite, id: ApplicationId, change: impl FnOnce(&mut application::Model)) {
    let before = application::Entity::find_by_id(id).one(site.db().reader()).await.expect("the database").expect("a row");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
    let mut after = before.clone();
    change(&mut after);
    write.replace(&before, after).await.expect("the database");
    write.save().await.expect("the database");
}

async fn withdraw(site: &TestSite, id: ApplicationId) {
    set(site, id, |row| row.state = "withdrawn".into()).await;
}

/// A call that everybody was told of: one of its applications in reserve, and one that was chosen and then withdrawn.
async fn fallen_through(site: &TestSite) -> (ApplicationId, ApplicationId) {
    let reserve = closed_with_one(site).await;
    let chosen = put_many(site, &the_call(site).await, 2..=2, 1).await[0];
    let mut funder = site.signed_in_as(FUNDER).await;
    propose(&mut funder, reserve, "Reserve", "You follow if another cannot.").await;
    propose(&mut funder, chosen, "Chosen", "Well done.").await;
    both_assent(site, reserve).await;
    both_assent(site, chosen).await;
    tell_everybody(site).await;
    withdraw(site, chosen).await;
    (reserve, chosen)
}

async fn decide_anew(visitor: &mut Visitor, of: ApplicationId, outcome: &str, feedback: &str) {
    visitor.open(&decision_page(of)).await.must_be(200).must_say("Decide anew");
    visitor.form("Propose this instead").choose("What becomes of it?", outcome).fill("Reasons", REASONS);
    visitor.fill("Feedback to the applicant", feedback).fill("Who was present?", "Both sponsors");
    visitor.press("Propose this instead").await.must_be(200).must_say("What was told stands until");
}

both! {
    async fn the_forum_shows_scores_to_those_who_may_see_them(site: TestSite) {
        let call = put_call(&site).await;
        let one = put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        let two = put_application(&site, &call, 2, "Tidewater Together", "nhs").await;
        submit(&site, give(&site, one, "Assessor 1").await, &[("equal", 2), ("ready", 2)]).await;
        give(&site, one, "Assessor 2").await;
        submit(&site, give(&site, two, "Assessor 1").await, &[("equal", 4), ("ready", 2)]).await;
        submit(&site, give(&site, two, "Assessor 2").await, &[("equal", 0), ("ready", 4)]).await;
        let forum = format!("{CALL}/forum");
        let mut panel = site.signed_in_as(FUNDER).await;
        panel.open(&forum).await.must_be(200).must_say("58.3").must_say("33.3 to 83.3").must_say("2 of 2").must_say("50.0").must_say("1 of 2");
        let text = panel.page().text();
        assert!(text.find("AUTUMN-0001") < text.find("AUTUMN-0002"), "in the order of numbers");
        panel.follow("Score").await.must_be(200);
        let text = panel.page().text();
        assert!(text.find("AUTUMN-0002") < text.find("AUTUMN-0001"), "the best score first");
        // What is narrowed stays in the order asked for.
        panel.follow("Nothing yet 2").await.must_be(200);
        let text = panel.page().text();
        assert!(text.find("AUTUMN-0002") < text.find("AUTUMN-0001"), "{text}");
        panel.open(&decision_page(two)).await.must_say("What the assessors gave").must_say("Because of equal, 4.").must_say("33.3 to 83.3");

        // Whoever still has to score sees no scores yet, in no place.
        give(&site, two, "Grant manager").await;
        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&forum).await.must_be(200).must_say("Not shown yet").must_not_say("33.3 to 83.3").must_not_say("50.0");
        runs.open(&format!("{forum}?sort=score")).await.must_be(200);
        let text = runs.page().text();
        assert!(text.find("AUTUMN-0001") < text.find("AUTUMN-0002"), "not even the order tells");
        runs.open(&decision_page(two)).await.must_be(200).must_not_say("Because of equal").must_say("You see what others gave once you have");
        // Whoever stands aside sees the other rows alone.
        declare(&site, two, FUNDER).await;
        panel.open(&forum).await.must_be(200).must_say("50.0").must_say("You stand aside").must_not_say("33.3 to 83.3").must_not_say("58.3");
    }

    async fn one_in_reserve_moves_up_and_hears_it_by_itself(site: TestSite) {
        let (reserve, chosen) = fallen_through(&site).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{CALL}/forum")).await.must_say("Chosen, and withdrawn since").must_say("AUTUMN-0002 Partnership 2").must_say("In reserve");
        runs.open(&format!("{}/place", home(chosen))).await.must_be(403).must_say("It was withdrawn");
        let mut writer = site.signed_in_as(WRITER).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        decide_anew(&mut funder, reserve, "Chosen", "A place has come free.").await;
        assert_eq!(funder.post(&decision_page(chosen), &[("outcome", "reserve")]).await.status, 409, "what was withdrawn is not decided");

        // What was told stands: for the applicant, in the forum, and for whoever makes places.
        writer.open(&home(reserve)).await.must_say("Your application is in reserve").must_not_say("A place has come free.");
        runs.open(&format!("{CALL}/forum")).await.must_say("Another since, “Chosen”: Proposed; waits for");
        runs.open(&format!("{}/place", home(reserve))).await.must_be(403);
        let tell = format!("{}/tell", decision_page(reserve));
        let later = decisions(&site).await.into_iter().find(|d| d.counts_at.is_none()).expect("the new one");
        funder.press("The funder assents to this").await.must_say("waits for The support partner");
        assert_eq!(runs.post(&tell, &[("_decision", &later.id.to_string())]).await.status, 409, "one assent is missing");
        let mut support = site.signed_in_as(SUPPORT).await;
        support.open("/").await.must_say("Assent to a decision");
        support.open(&format!("{CALL}/assents")).await.must_say("A place has come free.");
        support.choose("Decisions", "AUTUMN-0001 Allies: Chosen");
        support.press("Assent to those ticked").await.must_be(200).must_say("assent is noted");
        writer.open(&home(reserve)).await.must_say("Your application is in reserve").must_not_say("A place has come free.");
        assert_eq!(funder.post(&tell, &[("_decision", &later.id.to_string())]).await.status, 403, "those who run the call tell it");

        runs.open("/").await.must_say("Tell Allies what was decided anew");
        runs.open(&decision_page(reserve)).await.must_say("it counts once the applicant is told");
        let twice = runs.filled_form("Tell the applicant now");
        runs.send(&twice).await.must_be(200).must_say("Told. A mail is on its way");
        runs.send(&twice).await.must_be(200);
        let address = site.person(WRITER).await.email.expect("an address");
        let mails = site.mails_to(&address).await;
        assert_eq!(mails.len(), 2, "one of both decisions: {mails:?}");
        assert!(mails[1].0.contains("a new decision") && !mails[1].1.to_lowercase().contains("chosen"), "{mails:?}");
        writer.open(&home(reserve)).await.must_say("Your application was chosen.").must_say("A place has come free.");
        writer.page().must_say("What you were told before").must_say("You follow if another cannot.").must_not_say(REASONS);
        let all = decisions(&site).await;
        let earlier = all.iter().find(|d| d.application_id == reserve && d.outcome == "reserve").expect("the first one");
        assert!(earlier.counts_at.is_some() && earlier.replaced_at.is_some(), "what was told first stays in the trail");
        runs.open(&decision_page(reserve)).await.must_say("Earlier decisions").must_say("You follow if another cannot.");
        runs.open(&format!("{}/place", home(reserve))).await.must_be(200);
        site.journal_is_whole().await;
    }

    async fn what_has_gone_on_is_named_once_it_is_decided_otherwise(site: TestSite) {
        let (reserve, _) = fallen_through(&site).await;
        let call = the_call(&site).await;
        let writer = site.person(WRITER).await.id;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
        let next = call::Model {
            id: tables::CallId(write.id()),
            slug: "further".into(),
            name: "The further stage".into(),
            after_id: Some(call.id),
            after_outcomes: Some("chosen reserve".into()),
            released_at: None,
            tells_at: None,
            ..call.clone()
        };
        let next = write.insert(next).await.expect("the database");
        write.save().await.expect("the database");
        let made = Made { number: 1, name: "Allies".into(), draft: true, writers: vec![writer], ..Made::default() };
        let gone = put_applications(&site, &next, vec![made]).await[0];
        set(&site, gone, |row| row.earlier_id = Some(reserve)).await;

        let list = "/programmes/practice-healthy-communities-together/calls/further/applications";
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(list).await.must_be(200).must_not_say("Decided otherwise");
        runs.open(&decision_page(reserve)).await.must_say("gone on to “The further stage”: there it is being written").must_say("it is not taken out there by that");
        decide_anew(&mut runs, reserve, "Not chosen", "The money is gone.").await;
        both_assent(&site, reserve).await;
        runs.open(list).await.must_not_say("Decided otherwise");
        runs.open(&decision_page(reserve)).await;
        runs.press("Tell the applicant now").await.must_be(200).must_say("does not lead there any more: “Not chosen” counts now");
        runs.open(list).await.must_say("Decided otherwise since they went on").must_say("AUTUMN-0001 Allies: “Not chosen” counts now. Here it is being written.");
        // Whoever decides and does not run the call is not told of drafts.
        site.signed_in_as(FUNDER).await.open(&decision_page(reserve)).await.must_not_say("The further stage");
        set(&site, gone, |row| (row.state, row.submitted_at) = ("submitted".into(), Some(row.created_at))).await;
        runs.open(list).await.must_say("Here it is submitted, as FURTHER-0001.");
        runs.open(&decision_page(gone)).await.must_say("comes from AUTUMN-0001, on which it was decided anew: “Not chosen” counts now");
        put_conflict(&site, reserve, "Programme lead, funder").await;
        runs.open(list).await.must_say("AUTUMN-0001: you stand aside.").must_not_say("Not chosen");
        // It is withdrawn by its own way, and is named no more.
        set(&site, gone, |row| row.state = "withdrawn".into()).await;
        runs.open(list).await.must_be(200).must_not_say("Decided otherwise");
    }

    async fn a_proposal_after_the_telling_can_be_taken_back(site: TestSite) {
        let (reserve, _) = fallen_through(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        decide_anew(&mut funder, reserve, "Chosen", "A place has come free.").await;
        let mut support = site.signed_in_as(SUPPORT).await;
        support.open(&decision_page(reserve)).await;
        let assent = support.filled_form("The support partner assents to this");
        // A second proposal takes the place of the first, and of nothing that was told.
        decide_anew(&mut funder, reserve, "Not chosen", "The money is gone.").await;
        support.send(&assent).await.must_be(409).must_say("A place has come free.").must_say("The money is gone.");
        assert_eq!(decisions(&site).await.iter().filter(|d| d.application_id == reserve && d.replaced_at.is_none()).count(), 2);
        let back = funder.filled_form("Take this proposal back");
        put_conflict(&site, reserve, SUPPORT).await;
        assert_eq!(support.post(&format!("{}/take-back", decision_page(reserve)), &[]).await.status, 404);
        funder.send(&back).await.must_be(200).must_say("Taken back. What was told stands.").must_not_say("Proposed since everybody was told");
        let mut writer = site.signed_in_as(WRITER).await;
        writer.open(&home(reserve)).await.must_say("Your application is in reserve").must_not_say("What you were told before");
        let standing: Vec<decision::Model> =
            decisions(&site).await.into_iter().filter(|d| d.application_id == reserve && d.replaced_at.is_none()).collect();
        assert!(standing.len() == 1 && standing[0].outcome == "reserve" && standing[0].counts_at.is_some(), "{standing:?}");
        site.journal_is_whole().await;
    }

    async fn an_application_is_read_by_criterion_or_in_its_own_order(site: TestSite) {
        let call = put_call(&site).await;
        let id = put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        give(&site, id, "Assessor 1").await;
        let mut assessor = site.signed_in_as("Assessor 1").await;
        let assess = format!("{}/assess", home(id));
        assessor.open(&assess).await.must_be(200).must_say("What they wrote").must_say("How much do you ask for?");
        // What the criterion is read from comes first, and everything can be opened below it.
        assessor.open(&format!("{assess}?by=equal")).await.must_be(200).must_say("What they wrote, for “Equal seats”");
        assert_eq!(assessor.page().texts("#text > .whole h3"), ["What is stuck?"]);
        assert!(assessor.page().texts("#text details h3").iter().any(|q| q == "How much do you ask for?"));
        assessor.open(&format!("{assess}?by=ready")).await.must_be(200).must_say("Nobody has said from which answers this criterion is read");
        assessor.page().must_say("How much do you ask for?");
    }

    async fn assessors_say_themselves_what_they_bring(site: TestSite) {
        let call = put_call(&site).await;
        put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        let mut assessor = site.signed_in_as("Assessor 1").await;
        assessor.open(&format!("{CALL}/reading")).await;
        assessor.follow("say what you bring").await.must_be(200).must_say("You are not among this call’s assessors");
        let mut runs = site.signed_in_as("Grant manager").await;
        for name in ["Assessor 1", "Assessor 2"] {
            runs.open(&format!("{CALL}/assessors")).await;
            runs.choose("Who?", name).choose("Which sector do they come from?", "NHS");
            runs.press("Save").await.must_be(200);
        }
        assessor.open(&format!("{CALL}/reading/you")).await;
        assessor.choose("Which sector do you come from?", "Council").choose("Lived experience", "I have lived experience of what the call is about");
        assessor.fill("The most you can read", "many");
        assessor.press("Save").await.must_be(422).must_say("Enter a number from 1 to 1000, or nothing");
        assert_eq!(assessor.value("The most you can read"), "many");
        assessor.fill("The most you can read", "7");
        assessor.press("Save").await.must_be(200).must_say("The next allocation goes by it");
        let id = site.person("Assessor 1").await.id;
        let row = assessor::Entity::find().filter(assessor::COLUMN.person_id.eq(id)).one(site.db().reader()).await;
        let row = row.expect("the database").expect("a row");
        assert_eq!((row.sector.as_str(), row.lived_experience, row.most), ("council", true, Some(7)));
        // It is what the allocation mixes by; and Today tells those who run the call what is to be done.
        runs.open("/").await.must_not_say("fewer readers");
        site.clock().set(call.closes_at.plus_seconds(60));
        runs.open("/").await.must_say("1 application has fewer readers than asked for");
        runs.open(&format!("{CALL}/allocation/preview")).await.must_be(200).must_say("1 of 1 applications would have a reader with lived experience");
        runs.page().must_say("0 would have two readers of the same sector");
        runs.press("Give them out like this").await.must_be(200);
        runs.open("/").await.must_not_say("fewer readers");
        runs.open(&format!("{CALL}/assessors")).await;
        runs.follow("Assessor 1 drops out").await.must_be(200).must_say("They have submitted no scores");
        runs.choose("Do they drop out?", "Assessor 1 drops out");
        runs.press("Note that they drop out").await.must_be(200);
        let late = assessor.post(&format!("{CALL}/reading/you"), &[("sector", "nhs")]).await;
        assert_eq!(late.status, 403);
        runs.open("/").await.must_say("1 application has fewer readers than asked for");
        let mut visitor = site.signed_in_as(FUNDER).await;
        visitor.open("/").await.must_not_say("fewer readers");
        assert_eq!(visitor.get(&format!("{PRACTICE}/calls/autumn/reading/you")).await.status, 403);
    }
}
