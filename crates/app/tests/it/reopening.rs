//! A submitted application is reopened for some of its sections, and submitted again or not.

use kernel::Moment;
use sea_orm::entity::prelude::*;
use tables::{application, reopening};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::calls::{finish, newcomer, start};
use crate::made::put_call;

pub const SIGN: &str = "Fern Street Centre stands behind this text";

pub async fn submitted(site: &TestSite) -> (Visitor, String) {
    put_call(site).await;
    let mut lead = newcomer(site, "Lead writer", "lead@fern.example").await;
    let home = start(&mut lead, "Fern Street Together").await;
    finish(&mut lead, &home).await;
    lead.press(SIGN).await;
    lead.press("Submit the application").await.must_say("Submitted");
    (lead, home)
}

/// Reopens what the application says of money, for a week.
async fn reopen(runs: &mut Visitor, home: &str) {
    runs.open(home).await;
    runs.follow("Reopen it for some of its sections").await.must_be(200);
    runs.choose("Which sections?", "What you need").fill("Why?", "The price of **heating** has changed.");
    runs.fill("Until which day?", "27 November 2026");
    runs.press("Reopen it").await.must_be(200).must_say("It is open again until 27 November 2026 at 17:00");
}

async fn row(site: &TestSite) -> application::Model {
    application::Entity::find().one(site.db().reader()).await.expect("applications").expect("an application")
}

both! {
    async fn a_reopened_application_is_changed_where_it_may_be_and_submitted_again(site: TestSite) {
        let (mut lead, home) = submitted(&site).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{home}/reopen")).await;
        runs.fill("Until which day?", "1 June 2026");
        let page = runs.press("Reopen it").await;
        page.must_be(422).must_say("Choose the sections").must_say("Enter why it is reopened").must_say("Enter a moment to come");
        assert_eq!(lead.get(&format!("{home}/reopen")).await.status, 403);
        let first = row(&site).await;
        reopen(&mut runs, &home).await;
        assert_eq!(runs.get(&format!("{home}/reopen")).await.status, 403, "it is open already");
        let mails = site.mails_to("lead@fern.example").await;
        let (subject, text) = mails.last().expect("a mail");
        assert_eq!(subject, "AUTUMN-0001 is open again");
        assert!(text.contains("What you need") && text.contains("heating"), "{text}");
        runs.open(&format!("{PRACTICE}/calls/autumn/applications")).await.must_say("open again until 27 November 2026");

        lead.open("/").await.must_say("submitted, and open again until 27 November 2026 at 17:00");

        // The call has long closed; what is reopened can be written, and nothing else.
        site.clock().advance_seconds(7200);
        lead.open(&home).await.must_say("These sections can be changed, and no others").must_say("heating").must_say("To be signed again");
        lead.open(&format!("{home}/sections/story")).await.must_be(200).must_say("Others write this part");
        let other = lead.post(&format!("{home}/sections/story"), &[("_asked", "problem"), ("problem", "Another"), ("version.problem", "1")]).await;
        assert_eq!(other.status, 403);
        // Nobody joins what was submitted; an organisation in it may need somebody who can sign.
        lead.open(&format!("{home}/partners")).await.must_be(200).must_not_say("An organisation that is not in it yet");
        let joining = [("whose", "new"), ("organisation", "Oak"), ("sector", "nhs"), ("name", "A"), ("email", "a@oak.example")];
        assert_eq!(lead.post(&format!("{home}/partners"), &joining).await.status, 422);
        lead.choose("Which organisation do they write for?", "Fern Street Centre").fill("Their name", "Another writer");
        lead.fill("Their e-mail address", "another@fern.example");
        lead.press("Add them").await.must_be(200).must_say("Another writer");
        lead.open(&format!("{home}/sections/means")).await;
        lead.fill("How much do you ask for?", "£45,000");
        lead.press("Save and stay").await.must_be(200).must_say("Saved.");
        // Those who run the call go on reading what was submitted.
        runs.open(&format!("{home}/receipt")).await.must_say("£40,000").must_not_say("£45,000");
        runs.open(&format!("{home}/whole")).await.must_not_say("£45,000");
        lead.open(&home).await;
        lead.press(SIGN).await.must_be(200);
        let twice = lead.filled_form("Submit the application");
        lead.send(&twice).await.must_be(200).must_say("Submitted.").must_say("It was submitted again on");
        lead.send(&twice).await.must_be(200);
        assert!(!lead.sees_button("Submit the application"));

        let second = row(&site).await;
        assert!(second.state == "submitted" && second.receipt_hash != first.receipt_hash);
        for reader in [&mut runs, &mut lead] {
            reader.open(&format!("{home}/receipt")).await.must_say("£45,000").must_not_say("£40,000");
            reader.follow("What was submitted before, on 20 November 2026 at 10:00").await.must_be(200);
            reader.page().must_say("£40,000").must_say(first.receipt_hash.as_deref().expect("a hash"));
        }
        let kept = reopening::Entity::find().one(site.db().reader()).await.expect("it").expect("a reopening");
        let mut other = newcomer(&site, "Somebody else", "other@oak.example").await;
        assert_eq!(other.get(&format!("{home}/receipts/{}", kept.id)).await.status, 404);
        assert_eq!(runs.get(&format!("{home}/receipts/reo_00000000000070008000000000000000")).await.status, 404);
        lead.open(&format!("{home}/sections/means")).await.must_say("Others write this part");
        site.journal_is_whole().await;
    }

    async fn what_is_not_submitted_again_stands_as_it_was(site: TestSite) {
        let (mut lead, home) = submitted(&site).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        reopen(&mut runs, &home).await;
        let first = row(&site).await;
        let until = reopening::Entity::find().one(site.db().reader()).await.expect("it").expect("a reopening").until;
        site.clock().set(Moment::from_micros(until.plus_seconds(60).micros() - 1));
        lead.open(&format!("{home}/sections/means")).await;
        lead.fill("How much do you ask for?", "£45,000");
        lead.press("Save and stay").await.must_be(200);
        lead.open(&home).await;
        lead.press(SIGN).await.must_be(200);
        let submit = lead.filled_form("Submit the application");
        site.clock().set(until.plus_seconds(60));
        lead.send(&submit).await.must_be(403);
        let late = lead.post(&format!("{home}/sections/means"), &[("_asked", "award"), ("award", "£50,000"), ("version.award", "2")]).await;
        assert_eq!(late.status, 403);
        lead.open(&home).await.must_say("It was not submitted again, so what was submitted before stands").must_say("Yes, 20 November 2026 at 10:00");
        runs.open(&home).await.must_not_say("open again until");
        runs.open(&format!("{home}/receipt")).await.must_say("£40,000").must_not_say("£45,000");
        let after = row(&site).await;
        assert_eq!((after.state, after.receipt_hash), (first.state, first.receipt_hash));

        // Reopened once more, it starts from what was submitted.
        runs.open(&format!("{home}/reopen")).await;
        runs.choose("Which sections?", "Your story").fill("Why?", "The story is cut short.").fill("Until which day?", "18 December 2026");
        runs.press("Reopen it").await.must_be(200);
        lead.open(&format!("{home}/whole")).await.must_say("£40,000").must_not_say("£45,000");
        lead.open(&home).await;
        assert!(lead.sees_button(SIGN) && !lead.sees_button("Submit the application"));
        site.journal_is_whole().await;
    }
}
