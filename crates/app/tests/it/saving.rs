//! Saving at the same time, and at the last moment: what one person does takes nothing away from another.

use kernel::Moment;
use sea_orm::entity::prelude::*;
use tables::{application, journal};
use testkit::site::PRACTICE;
use testkit::{Filled, Visitor, both};

use crate::calls::{finish, newcomer, start, value_of, write_story};
use crate::made::put_call;

/// Sends a form as the page's script does while somebody writes, and goes on with the versions that it is told.
async fn saved_as_one_writes(visitor: &mut Visitor, form: Filled) -> Filled {
    let mut form = form.with("then", "auto");
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let reply = visitor.post(&form.action, &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.text();
    let fresh = |name: &str| Some(text.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next()?.to_string());
    for (name, value) in &mut form.fields {
        if name == "once" || name.starts_with("version.") || name.starts_with("was.") {
            *value = fresh(name).unwrap_or_else(|| panic!("no {name} in {text}"));
        }
    }
    form
}

both! {
    async fn what_one_has_not_touched_is_left_to_others(site: TestSite) {
        put_call(&site).await;
        let mut first = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut first, "Fern Street Together").await;
        let mut second = first.second_window();
        let section = format!("{home}/sections/story");
        write_story(&mut first, &home, "Nobody knows whom to ring.").await;
        first.open(&section).await;
        second.open(&section).await;
        first.fill("What is stuck?", "The buses stop at six.");
        first.press("Save and stay").await.must_say("Saved.");

        // The other page still shows the first answer as it was, and saves as one writes.
        let page = second.filled_form("Save and stay");
        let page = saved_as_one_writes(&mut second, page.with("vision", "Somebody answers.")).await;
        assert_eq!(value_of(&site, "problem").await.as_deref(), Some(r#"{"text":"The buses stop at six."}"#), "nothing was overwritten");
        assert_eq!(value_of(&site, "vision").await.as_deref(), Some(r#"{"text":"Somebody answers."}"#));
        assert_eq!((page.get("version.problem"), page.get("version.vision")), ("1", "1"));
        let page = saved_as_one_writes(&mut second, page.with("vision", "Somebody answers at once.")).await;
        // Once they do write in it, they are asked.
        second.send(&page.with("problem", "Nobody knows whom to ring, or when.").with("then", "stay")).await.must_be(409).must_say("The buses stop at six.").must_say("Nobody knows whom to ring, or when.");
        assert_eq!(value_of(&site, "vision").await.as_deref(), Some(r#"{"text":"Somebody answers at once."}"#));
    }

    async fn what_cannot_be_read_hides_no_change_of_somebody_else(site: TestSite) {
        put_call(&site).await;
        let mut first = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut first, "Fern Street Together").await;
        let mut second = first.second_window();
        let section = format!("{home}/sections/means");
        first.open(&section).await;
        second.open(&section).await;
        first.fill("How much do you ask for?", "£10,000");
        first.press("Save and stay").await.must_say("Saved.");
        second.fill("How much do you ask for?", "a lot");
        second.press("Save and stay").await.must_be(422);
        second.fill("How much do you ask for?", "£20,000");
        second.press("Save and stay").await.must_be(409).must_say("£10,000").must_say("£20,000");
        assert_eq!(value_of(&site, "award").await.as_deref(), Some(r#"{"money":1000000}"#), "nothing was overwritten");
    }

    async fn what_was_put_together_meets_a_third_text(site: TestSite) {
        put_call(&site).await;
        let mut first = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut first, "Fern Street Together").await;
        let mut second = first.second_window();
        let section = format!("{home}/sections/story");
        first.open(&section).await;
        second.open(&section).await;
        first.fill("What is stuck?", "The buses stop at six.");
        first.press("Save and stay").await.must_say("Saved.");
        second.fill("What is stuck?", "Nobody answers the phone.");
        second.press("Save and stay").await.must_be(409);
        first.fill("What is stuck?", "The buses stop at five.");
        first.press("Save and stay").await.must_say("Saved.");
        let both = second.filled_form("Save and stay").with("clash.problem", "both");
        second.send(&both).await.must_be(409).must_say("The buses stop at five.");
        // Whoever puts both together once more has all of it before them.
        let both = second.filled_form("Save and stay").with("clash.problem", "both");
        for said in ["Nobody answers the phone.", "The buses stop at six.", "The buses stop at five."] {
            assert!(both.get("problem").contains(said), "{said}: {}", both.get("problem"));
        }
        second.send(&both).await.must_be(200).must_say("Saved.");
    }

    async fn a_double_click_submits_once(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        finish(&mut lead, &home).await;
        lead.press("Fern Street Centre stands behind this text").await;
        let press = lead.filled_form("Submit the application");
        let mut again = lead.second_window();
        let (one, other) = futures::join!(lead.send(&press), again.send(&press));
        one.must_be(200).must_say("Submitted. The receipt is below");
        other.must_be(200).must_say("Submitted. The receipt is below");
        assert_eq!(site.mails_to("lead@fern.example").await.iter().filter(|(s, _)| s.contains("is submitted")).count(), 1);
        let rows = application::Entity::find().all(site.db().reader()).await.expect("applications");
        let submitted = journal::Entity::find().filter(journal::COLUMN.act.eq("submit an application"));
        let submitted = submitted.filter(journal::COLUMN.kind.eq("application")).all(site.db().reader()).await.expect("a trail");
        assert_eq!((rows.len(), submitted.len()), (1, 1));
    }

    async fn a_call_that_closes_in_summer_time_closes_by_the_clock_on_the_wall(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        // Clocks go forward on 28 March 2027: five in the afternoon is four o’clock UTC.
        for (opens, closes, last_second) in [("20 March 2027", "28 March 2027", 1_806_249_659), ("20 October 2027", "31 October 2027", 1_825_002_059)] {
            runs.open(&format!("{PRACTICE}/calls/new")).await;
            runs.fill("Opens on", opens).fill("Opens at", "00:00").fill("Closes on", closes).fill("Closes at", "17:00");
            let page = runs.press("Open the call").await;
            page.must_be(200).must_say(&format!("{closes} at 17:00"));
            let home = page.path.split('?').next().unwrap_or_default().to_string();
            let now = site.now();
            let mut nobody = site.visitor();
            for (second, said) in [(last_second, "This call is open until"), (last_second + 1, "This call closed on")] {
                site.clock().set(Moment::from_micros(second * 1_000_000));
                nobody.open(&home).await.must_be(200).must_say(said);
            }
            site.clock().set(now);
        }
    }
}
