//! A call is opened, and a would-be partnership applies together.

use axum::http::Method;
use kernel::Moment;
use sea_orm::entity::prelude::*;
use tables::{answer, application, journal};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::made::{put_call, questions};

pub fn call_home() -> String {
    format!("{PRACTICE}/calls/autumn")
}

/// Somebody nobody knew, who makes an account on the way to the call.
pub async fn newcomer(site: &TestSite, name: &str, email: &str) -> Visitor {
    let mut visitor = site.visitor();
    visitor.open("/join").await;
    visitor.fill("Your name", name).fill("Your e-mail address", email);
    visitor.press("Send me a link").await.must_be(200).must_say("We have sent a link to that address");
    let link = site.link_sent_to(email).await;
    visitor.open(&link).await;
    visitor.press("Sign in").await.must_be(200);
    visitor
}

/// Starts an application, and gives its address.
pub async fn start(visitor: &mut Visitor, name: &str) -> String {
    visitor.open(&format!("{}/apply", call_home())).await.must_be(200);
    visitor.fill("What is your partnership called?", name).fill("Which organisation do you write for?", "Fern Street Centre");
    visitor.choose("Which sector is it of?", "Voluntary sector");
    let page = visitor.press("Start").await;
    page.must_be(200).must_say("Your application is begun");
    page.path.split('?').next().unwrap_or_default().to_string()
}

pub async fn write_story(visitor: &mut Visitor, application: &str, problem: &str) {
    visitor.open(&format!("{application}/sections/story")).await.must_be(200);
    visitor.fill("What is stuck?", problem);
    visitor.press("Save and stay").await.must_be(200).must_say("Saved.");
}

pub async fn finish(visitor: &mut Visitor, application: &str) {
    write_story(visitor, application, "Nobody knows whom to ring.").await;
    visitor.open(&format!("{application}/sections/means")).await;
    visitor.fill("How much do you ask for?", "£40,000");
    visitor.press("Save and go on").await.must_be(200).must_say("Stands behind the text");
}

pub async fn value_of(site: &TestSite, path: &str) -> Option<String> {
    let found = answer::Entity::find().filter(answer::COLUMN.path.eq(path)).one(site.db().reader()).await.expect("answers");
    found.and_then(|a| a.value)
}

both! {
    async fn a_would_be_partnership_applies_together(site: TestSite) {
        put_call(&site).await;
        // Everything is open to read before anybody signs in.
        let mut nobody = site.visitor();
        nobody.open(&format!("{PRACTICE}/calls")).await.must_be(200).must_say("The autumn call").must_say("Open");
        nobody.follow("The autumn call").await.must_say("This call is open until").must_say("partnerships");
        nobody.follow("Read and print all the questions").await.must_be(200).must_say("What is stuck?").must_say("Whom do you ask?");
        let to_sign_in = nobody.get(&format!("{}/apply", call_home())).await;
        assert!(to_sign_in.location().starts_with("/sign-in?next="));

        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        lead.open(&home).await.must_say("AUTUMN-0001, a draft").must_say("Not started");
        // What is still to do is said before anybody can sign, and leads to the very answer.
        assert!(!lead.sees_button("Fern Street Centre stands behind this text"));
        assert!(lead.page().links().iter().any(|l| l.ends_with("/sections/story#problem")), "{:?}", lead.page().links());
        finish(&mut lead, &home).await;

        lead.follow("Add an organisation, or somebody who writes for one").await;
        lead.choose("Which organisation do they write for?", "An organisation that is not in it yet");
        lead.fill("The new organisation’s name", "Moorland NHS Trust").choose("The new organisation’s sector", "NHS");
        lead.fill("Their name", "NHS writer").fill("Their e-mail address", "nhs@moor.example");
        lead.press("Add them").await.must_be(200).must_say("Moorland NHS Trust").must_say("NHS writer");

        let mut partner = site.visitor();
        partner.open(&site.link_sent_to("nhs@moor.example").await).await;
        partner.fill("Your name", "NHS writer").fill("A password", "four quiet herons wade");
        partner.press("Accept the invitation").await.must_be(200);
        partner.open(&home).await.must_be(200).must_say("AUTUMN-0001");
        partner.press("Moorland NHS Trust stands behind this text").await.must_say("Your organisation stands behind the text");
        lead.open(&home).await;
        lead.press("Fern Street Centre stands behind this text").await.must_say("Every organisation stands behind the text");

        // A later change takes that back, and everybody sees that it did.
        write_story(&mut partner, &home, "Nobody knows whom to ring, or when.").await;
        lead.open(&home).await.must_say("It did, and the text was changed since");
        assert!(!lead.sees_button("Submit the application"));
        for (somebody, button) in [(&mut partner, "Moorland NHS Trust stands behind this text"), (&mut lead, "Fern Street Centre stands behind this text")] {
            somebody.open(&home).await;
            somebody.press(button).await.must_be(200);
        }
        let twice = lead.filled_form("Submit the application");
        lead.send(&twice).await.must_be(200).must_say("Submitted. The receipt is below");
        lead.send(&twice).await.must_be(200);
        assert_eq!(site.mails_to("lead@fern.example").await.iter().filter(|(s, _)| s.contains("is submitted")).count(), 1);

        let alone = partner.post(&format!("{home}/withdraw"), &[]).await;
        assert_eq!(alone.status, 403, "one partner does not take back what all have written");
        lead.open(&format!("{home}/receipt")).await.must_be(200).must_say("AUTUMN-0001").must_say("Nobody knows whom to ring, or when.");
        lead.page().must_say("Moorland NHS Trust").must_say("£40,000").must_say("SHA-256");
        lead.open(&format!("{home}/sections/story")).await.must_be(200).must_say("Others write this part");
        let refused = lead.post(&format!("{home}/sections/story"), &[("_asked", "problem"), ("problem", "Too late"), ("version.problem", "2")]).await;
        assert_eq!(refused.status, 403);
        site.journal_is_whole().await;
    }

    async fn a_draft_is_read_by_those_who_write_it_alone(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let mut other = newcomer(&site, "Somebody else", "other@oak.example").await;
        let theirs = start(&mut other, "Oak Lane Allies").await;
        for page in ["", "/whole", "/receipt", "/sections/story", "/partners"] {
            runs.open(&format!("{home}{page}")).await.must_be(404);
            other.open(&format!("{home}{page}")).await.must_be(404);
        }
        let list = format!("{}/applications", call_home());
        runs.open(&list).await.must_be(200).must_say("2 drafts are being written").must_not_say("Fern Street");
        other.open(&list).await.must_be(403);

        finish(&mut lead, &home).await;
        lead.press("Fern Street Centre stands behind this text").await;
        lead.press("Submit the application").await.must_say("Submitted");
        runs.open(&list).await.must_say("Fern Street Together").must_say("1 draft is").must_not_say("Oak Lane");
        runs.follow("AUTUMN-0001").await.must_be(200);
        runs.follow("Read the application").await.must_be(200).must_say("Nobody knows whom to ring.");
        runs.open(&format!("{home}/sections/story")).await.must_be(403);
        other.open(&home).await.must_be(404);
        other.open(&theirs).await.must_be(200);
        let csv = runs.get(&format!("{list}.csv")).await;
        assert!(csv.text().contains("\"AUTUMN-0001\",\"Fern Street Together\",\"submitted\""), "{}", csv.text());
    }

    async fn two_people_write_one_answer_and_nothing_is_lost(site: TestSite) {
        put_call(&site).await;
        let mut first = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut first, "Fern Street Together").await;
        let mut second = first.second_window();
        let section = format!("{home}/sections/story");
        first.open(&section).await;
        second.open(&section).await;
        first.fill("What is stuck?", "The buses stop at six.");
        first.press("Save and stay").await.must_say("Saved.");
        second.fill("What is stuck?", "Nobody answers the phone.").fill("What would be different?", "Somebody answers.");
        let page = second.press("Save and stay").await;
        page.must_be(409).must_say("The buses stop at six.").must_say("Nobody answers the phone.").must_say("Lead writer");
        assert_eq!(value_of(&site, "problem").await.as_deref(), Some(r#"{"text":"The buses stop at six."}"#), "nothing was overwritten");
        assert_eq!(value_of(&site, "vision").await.as_deref(), Some(r#"{"text":"Somebody answers."}"#), "the rest of the page is saved");
        let asked = second.page().texts("input[name='clash.problem']").len();
        assert!(asked >= 2, "there is a choice to make");

        // Whoever had emptied the box is asked as well.
        let mut third = first.second_window();
        third.open(&section).await;
        let emptied = third.filled_form("Save and stay").with("problem", "").with("version.problem", "0");
        third.send(&emptied).await.must_be(409).must_say("The buses stop at six.");
        third.press("Save and stay").await.must_be(409);
        assert_eq!(value_of(&site, "problem").await.as_deref(), Some(r#"{"text":"The buses stop at six."}"#));

        // To choose nothing is no choice; what was typed is still there.
        second.press("Save and stay").await.must_be(409).must_say("Nobody answers the phone.");
        let mut form = second.filled_form("Save and stay");
        form = form.with("clash.problem", "mine");
        second.send(&form).await.must_be(200).must_say("Saved.");
        assert_eq!(value_of(&site, "problem").await.as_deref(), Some(r#"{"text":"Nobody answers the phone."}"#));
        let row = answer::Entity::find().filter(answer::COLUMN.path.eq("problem")).one(site.db().reader()).await.expect("it").expect("it");
        let trail = journal::Entity::find().filter(journal::COLUMN.record_id.eq(row.id.0)).all(site.db().reader()).await.expect("a trail");
        assert!(trail.iter().any(|r| r.change.contains("The buses stop at six.")), "what was there before stands in the journal");
        site.journal_is_whole().await;
    }

    async fn the_last_minute_counts_and_the_next_does_not(site: TestSite) {
        let call = put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        let section = format!("{home}/sections/story");
        lead.open(&section).await;
        lead.fill("What is stuck?", "Written in the last second.");
        site.clock().set(Moment::from_micros(call.closes_at.plus_seconds(60).micros() - 1));
        lead.press("Save and stay").await.must_be(200).must_say("Saved.");
        lead.fill("What is stuck?", "Written too late.");
        site.clock().set(call.closes_at.plus_seconds(60));
        let page = lead.press("Save and stay").await;
        page.must_be(403).must_say("This call has closed").must_say("Written too late.").must_not_say("Version").must_not_say("Was");
        lead.open(&section).await.must_be(200).must_say("Written in the last second.");
        lead.open(&home).await.must_say("The call has closed; what you wrote is kept");
        lead.open(&format!("{}/apply", call_home())).await.must_be(403);
        let row = application::Entity::find().one(site.db().reader()).await.expect("it").expect("an application");
        assert_eq!(row.state, "draft");
    }

    async fn rows_come_and_go_and_conditions_open_questions(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        lead.open(&format!("{home}/sections/means")).await.must_not_say("Name of the partner");
        lead.fill("How much do you ask for?", "a lot");
        let page = lead.press("Save and stay").await;
        page.must_be(422);
        assert_eq!(lead.value("How much do you ask for?"), "a lot", "what was typed is kept");
        lead.fill("How much do you ask for?", "£10,000").choose("Do you ask others as well?", "Yes");
        lead.press("Save and stay").await.must_be(200).must_say("Whom do you ask?");
        lead.press("Add a partner").await.must_be(200);
        lead.fill("Name of the partner", "Tidewater Council");
        lead.press("Save and stay").await.must_be(200);
        lead.open(&format!("{home}/whole")).await.must_say("Tidewater Council").must_say("£10,000");
    }

    async fn whoever_runs_calls_opens_one_with_the_designs_form(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{PRACTICE}/calls")).await;
        runs.follow("Open a call").await.must_be(200);
        runs.fill("Closes on", "1 June 2020");
        runs.press("Open the call").await.must_be(422).must_say("Enter a day and time after the call opens");
        runs.fill("Closes on", "18 December 2026").fill("What is it called?", "Winter call");
        let page = runs.press("Open the call").await;
        page.must_be(200).must_say("The call stands here now").must_say("18 December 2026 at 17:00");
        let home = page.path.split('?').next().unwrap_or_default().to_string();
        let mut nobody = site.visitor();
        nobody.open(&home).await.must_be(200).must_say("Winter call").must_say("How choices are made");
        nobody.open(&format!("{home}/questions")).await.must_be(200);
        nobody.open(&format!("{home}/check")).await.must_be(200).must_say("Is this call for you?");
        let mut manager = site.signed_in_as("Community member, Riverside").await;
        assert_eq!(manager.request(Method::GET, &format!("{PRACTICE}/calls/new"), &[], axum::body::Body::empty()).await.status, 403);
    }
}

#[test]
fn the_fixture_is_a_sound_form() {
    assert_eq!(questions().flaws(), Vec::new());
}
