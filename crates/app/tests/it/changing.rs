//! A call that is open is changed: days that were announced only move later, and everybody concerned hears of it.

use testkit::both;
use testkit::site::PRACTICE;

use crate::calls::{newcomer, start};
use crate::made::put_call;

both! {
    async fn a_call_closes_later_and_everybody_who_writes_hears_why(site: TestSite) {
        put_call(&site).await;
        let call = format!("{PRACTICE}/calls/autumn");
        let mut writer = newcomer(&site, "Lead writer", "lead@fern.example").await;
        start(&mut writer, "Fern Street Together").await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let change = format!("{call}/change");
        runs.open(&change).await.must_be(200);
        let announced = runs.value("Closes at");
        runs.fill("Closes on", "19 November 2026");
        runs.press("Change it").await.must_be(422).must_say("which was announced, or later").must_say("Say why the days change");
        runs.fill("Closes on", "1 December 2026").fill("Closes at", "12:00").fill("Everybody hears on", "30 November 2026");
        runs.fill("Why do the days change?", "A flood closed the halls.");
        runs.press("Change it").await.must_be(422).must_say("Enter a day after the call has closed");
        assert_eq!(runs.value("Why do the days change?"), "A flood closed the halls.");
        // Somebody else changes it while this page is open: nothing is overwritten unseen.
        let mut other = site.signed_in_as("Grant manager").await;
        other.open(&change).await.must_be(200);
        assert_eq!(other.value("Closes at"), announced);
        other.fill("What is it for?", "Another text.");
        other.press("Change it").await.must_be(200).must_say("Another text.");
        runs.fill("Everybody hears on", "15 January 2027");
        runs.press("Change it").await.must_be(422).must_say("Somebody else has changed the call meanwhile");
        let twice = runs.filled_form("Change it");
        runs.send(&twice).await.must_be(200).must_say("The call is changed").must_say("1 December 2026 at 12:00");
        runs.send(&twice).await.must_be(200);
        let mails = site.mails_to("lead@fern.example").await;
        let told: Vec<_> = mails.iter().filter(|(subject, _)| subject == "New days for The autumn call").collect();
        assert_eq!(told.len(), 1, "once, and only where the days moved");
        assert!(told[0].1.contains("A flood closed the halls.") && told[0].1.contains("15 January 2027"), "{}", told[0].1);
        // The day before it would have closed: it is still open.
        site.clock().advance_seconds(24 * 3600);
        writer.open(&call).await.must_say("This call is open until 1 December 2026 at 12:00");
        site.clock().advance_seconds(20 * 24 * 3600);
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&change).await.must_be(409).must_say("The call has closed");
        site.journal_is_whole().await;
    }
}
