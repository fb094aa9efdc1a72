//! What partners say to each other, and what one of them tells the programme team alone.

use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::calls::{finish, newcomer, start};
use crate::made::put_call;

/// The button beside what somebody said as the site's clock stands.
const TAKE_BACK: &str = "Take this back, of 20 November 2026 at 10:00";

/// Adds somebody of another organisation, who accepts.
pub async fn with_partner(site: &TestSite, lead: &mut Visitor, home: &str, organisation: &str, email: &str) -> Visitor {
    lead.open(&format!("{home}/partners")).await.must_be(200);
    lead.choose("Which organisation do they write for?", "An organisation that is not in it yet");
    lead.fill("The new organisation’s name", organisation).choose("The new organisation’s sector", "NHS");
    lead.fill("Their name", &format!("Writer of {organisation}")).fill("Their e-mail address", email);
    lead.press("Add them").await.must_be(200);
    let mut partner = site.visitor();
    partner.open(&site.link_sent_to(email).await).await;
    partner.fill("Your name", &format!("Writer of {organisation}")).fill("A password", "four quiet herons wade");
    partner.press("Accept the invitation").await.must_be(200);
    partner
}

async fn submit(lead: &mut Visitor, partner: &mut Visitor, home: &str) {
    for (somebody, button) in
        [(partner, "Moorland NHS Trust stands behind this text"), (&mut *lead, "Fern Street Centre stands behind this text")]
    {
        somebody.open(home).await;
        somebody.press(button).await.must_be(200);
    }
    lead.press("Submit the application").await.must_say("Submitted");
}

both! {
    async fn partners_talk_among_themselves(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        finish(&mut lead, &home).await;
        let mut partner = with_partner(&site, &mut lead, &home, "Moorland NHS Trust", "nhs@moor.example").await;
        partner.open(&format!("{home}/sections/story")).await.must_say("no comments yet");
        partner.follow("Comments on this section: no comments yet").await.must_be(200).must_say("Nothing has been said here yet");
        partner.press("Add the comment").await.must_be(422).must_say("Enter what you want to say");
        partner.fill("What do you want to say?", "Is *stuck* the word? <script>alert(1)</script>");
        partner.press("Add the comment").await.must_be(200).must_say("Added.").must_say("Writer of Moorland NHS Trust");
        assert!(!partner.page().source.contains("<script>alert"), "what was typed is shown as words");
        lead.open(&format!("{home}/sections/story")).await.must_say("1 comment");
        lead.open(&format!("{home}/comments")).await.must_say("on “Your story”").must_say("Is stuck the word?");
        assert!(!lead.sees_button(TAKE_BACK), "only whoever said it takes it back");
        let theirs = partner.page().ids("rmk_").into_iter().next().expect("a remark");
        let back = format!("{home}/remarks/{theirs}/take-back");
        assert_eq!(lead.post(&back, &[]).await.status, 404);

        // After it is submitted as well, and never for those who run the call.
        submit(&mut lead, &mut partner, &home).await;
        lead.open(&format!("{home}/comments")).await;
        lead.fill("What do you want to say?", "We are through.").choose("What is it about?", "The whole application");
        lead.press("Add the comment").await.must_be(200).must_say("We are through.");
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&home).await.must_be(200).must_not_say("We are through").must_not_say("/comments");
        assert_eq!(runs.get(&format!("{home}/comments")).await.status, 403);
        assert_eq!(runs.post(&format!("{home}/comments"), &[("text", "We read along")]).await.status, 403);
        runs.open(&format!("{home}/notes")).await.must_be(200).must_not_say("We are through");
        let mut other = newcomer(&site, "Somebody else", "other@oak.example").await;
        let elsewhere = start_other(&mut other).await;
        assert_eq!(other.get(&format!("{home}/comments")).await.status, 404);
        assert_eq!(other.post(&back.replace(&home, &elsewhere), &[]).await.status, 404);
        assert_eq!(partner.post(&back, &[]).await.status, 303);
        lead.open(&format!("{home}/comments")).await.must_say("This was taken back").must_not_say("the word?");
        site.journal_is_whole().await;
    }

    async fn a_private_note_stays_private(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        finish(&mut lead, &home).await;
        let mut partner = with_partner(&site, &mut lead, &home, "Moorland NHS Trust", "nhs@moor.example").await;
        partner.open(&home).await;
        partner.follow("A private note to the programme team").await.must_be(200).must_say("those who write for Moorland NHS Trust");
        partner.fill("What do you want to say?", "The zebra weighs on us.");
        partner.press("Add the note").await.must_be(200).must_say("The zebra weighs on us.");
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        assert_eq!(runs.get(&format!("{home}/notes")).await.status, 404, "while it is a draft, they read none of it");
        for page in ["", "/note", "/comments", "/whole", "/sections/story", "/notes"] {
            let reply = lead.get(&format!("{home}{page}")).await;
            assert!(!reply.text().contains("zebra"), "another partner reads it on {page}");
        }
        assert_eq!(lead.get(&format!("{home}/notes")).await.status, 403);
        submit(&mut lead, &mut partner, &home).await;
        runs.open(&home).await.must_not_say("zebra");
        runs.follow("Private notes to the programme team").await.must_be(200).must_say("The zebra weighs on us.").must_say("Moorland NHS Trust");
        assert!(!runs.sees_button(TAKE_BACK));
        for page in ["/note", "/comments", "/receipt", "/whole"] {
            assert!(!lead.get(&format!("{home}{page}")).await.text().contains("zebra"), "{page}");
        }
        for page in ["/receipt", "/whole"] {
            assert!(!runs.get(&format!("{home}{page}")).await.text().contains("zebra"), "{page}");
        }
        assert!(!runs.get(&format!("{PRACTICE}/journal")).await.text().contains("zebra"));
        partner.open(&format!("{home}/note")).await;
        partner.press(TAKE_BACK).await.must_be(200).must_not_say("zebra");
        runs.open(&format!("{home}/notes")).await.must_say("This was taken back").must_not_say("zebra");
    }
}

async fn start_other(visitor: &mut Visitor) -> String {
    start(visitor, "Oak Lane Allies").await
}
