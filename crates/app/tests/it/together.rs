//! The sponsors decide on many applications together: one text for all, and what each should hear besides.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use sea_orm::entity::prelude::*;
use tables::{application, assent, decision};
use testkit::{TestSite, Visitor, both};

use crate::assessing::{give, submit};
use crate::deciding::{FUNDER, SUPPORT, closed_with_one, decision_page, decisions, propose, put_conflict, put_many, the_call};
use crate::made::put_call;

const CALL: &str = "/programmes/practice-healthy-communities-together/calls/autumn";
const REASONS: &str = "None of them says who else decides.";
const FEEDBACK: &str = "Say who decides, and how that came about.";
const TICKS: &str = "It is said of those ticked";
const PROPOSE: &str = "Propose it for those ticked";

fn forum() -> String {
    format!("{CALL}/forum")
}

/// A call that has closed, with so many applications; the first is called Allies.
async fn closed_with(site: &TestSite, many: i32) {
    closed_with_one(site).await;
    put_many(site, &the_call(site).await, 2..=many, 1).await;
}

async fn everybody(site: &TestSite) -> Vec<application::Model> {
    application::Entity::find().all(site.db().reader()).await.expect("the database")
}

fn fill(visitor: &mut Visitor, outcome: &str) {
    visitor.choose("What becomes of it?", outcome).fill("Reasons", REASONS).fill("Feedback to the applicant", FEEDBACK);
    visitor.fill("Who was present?", "Panel member A\nPanel member B").fill("Who else stood aside?", "Panel member C");
}

async fn standing(site: &TestSite) -> Vec<decision::Model> {
    decisions(site).await.into_iter().filter(|d| d.replaced_at.is_none()).collect()
}

async fn withdraw(site: &TestSite, number: i32) {
    let before = everybody(site).await.into_iter().find(|a| a.number == number).expect("an application");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
    write.replace(&before, application::Model { state: "withdrawn".into(), ..before.clone() }).await.expect("the database");
    write.save().await.expect("the database");
}

both! {
    async fn forty_hear_the_same_and_one_hears_more(site: TestSite) {
        closed_with(&site, 45).await;
        let all = everybody(&site).await;
        let id = |number: i32| all.iter().find(|a| a.number == number).expect("an application").id;
        let mut funder = site.signed_in_as(FUNDER).await;
        for number in 41..=45 {
            propose(&mut funder, id(number), "Chosen", "Well done.").await;
        }
        funder.open(&forum()).await.must_be(200).must_say("Decide on all 45 shown together");
        funder.follow("Nothing yet 40").await.must_be(200);
        funder.follow("Decide on all 40 shown together").await.must_be(200).must_say("Decide on 40 together").must_not_say("AUTUMN-0041");
        // Nobody's text is lost by what is wrong with another.
        funder.fill("Reasons", REASONS).fill("What AUTUMN-0007 should hear besides", "Your choir is known to us.");
        funder.press(PROPOSE).await.must_be(422).must_say("Choose what becomes of it").must_say("Put them into words for the applicant");
        assert_eq!(funder.value("What AUTUMN-0007 should hear besides"), "Your choir is known to us.");
        fill(&mut funder, "Not chosen");
        funder.fill("Conditions", "Name a lead.").fill("Reasons besides, for AUTUMN-0007", "Two of us know its choir.");
        funder.press(PROPOSE).await.must_be(422).must_say("Conditions are for one that is chosen");
        funder.fill("Conditions", "");
        funder.fill("What AUTUMN-0008 should hear besides", &"long ".repeat(2000));
        funder.press(PROPOSE).await.must_be(422).must_say("With what is said of all, this is more than 10,000 characters");
        funder.fill("What AUTUMN-0008 should hear besides", "");
        assert_eq!(decisions(&site).await.len(), 5, "nothing was saved");
        let records = site.last_record().await;
        let twice = funder.filled_form(PROPOSE);
        funder.send(&twice).await.must_be(200).must_say("Each of these decisions counts once").must_say("Nothing here matches");
        funder.send(&twice).await.must_be(200);

        let said = decisions(&site).await;
        assert_eq!(said.len(), 45, "a second press of the same button does nothing");
        let together: Vec<_> = said.iter().filter(|d| d.outcome == "not-chosen").collect();
        assert_eq!(together.iter().map(|d| d.application_id).collect::<HashSet<_>>().len(), 40);
        for one in &together {
            let seventh = one.application_id == id(7);
            let (more, why) = if seventh { ("\n\nYour choir is known to us.", "\n\nTwo of us know its choir.") } else { ("", "") };
            assert_eq!((one.feedback.as_str(), one.reasons.as_str()), (format!("{FEEDBACK}{more}").as_str(), format!("{REASONS}{why}").as_str()));
            assert_eq!((one.present.as_str(), one.stood_aside.as_str()), ("Panel member A\nPanel member B", "Panel member C"));
            assert!(one.counts_at.is_none(), "each sponsor has to assent");
        }
        assert!(site.acts_since(records).await.contains(&"propose decisions together".to_string()));
        let mut support = site.signed_in_as(SUPPORT).await;
        support.open("/").await.must_say("Assent to 45 decisions");
        // What says the same in every word is read once, and each of them is assented to.
        support.open(&format!("{CALL}/assents")).await.must_be(200).must_say("Which 39 they are").must_say("AUTUMN-0039 Partnership 39");
        support.choose("Decisions", "39 applications in the same words: Not chosen");
        support.press("Assent to those ticked").await.must_be(200).must_say("assent is noted").must_not_say("Which 39 they are");
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        lead.open(&format!("{CALL}/assents")).await.must_be(200);
        lead.choose("Decisions", "39 applications in the same words: Not chosen");
        lead.press("Assent to those ticked").await.must_be(200).must_say("assent is noted");
        let counting = |all: Vec<decision::Model>| all.into_iter().filter(|d| d.counts_at.is_some()).count();
        assert_eq!(counting(decisions(&site).await), 39);
        support.open(&decision_page(id(7))).await.must_say("Your choir is known to us.").must_say("Two of us know its choir.");
        support.open(&decision_page(id(9))).await.must_say(FEEDBACK).must_not_say("choir");
        site.journal_is_whole().await;
    }

    async fn ticks_go_along_from_page_to_page(site: TestSite) {
        let call = put_call(&site).await;
        put_many(&site, &call, 1..=60, 1).await;
        let best = everybody(&site).await.into_iter().find(|a| a.number == 60).expect("an application").id;
        submit(&site, give(&site, best, "Assessor 1").await, &[("equal", 4), ("ready", 4)]).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&forum()).await.must_be(200).must_say("60 applications, of which these are 1 to 50").must_not_say("Tick those");
        funder.open(&format!("{CALL}/decide?n=1")).await.must_be(200).must_say("The call is open until");
        assert!(!funder.sees_button(PROPOSE));
        site.clock().advance_seconds(4000);
        funder.open(&forum()).await.must_say("AUTUMN-0050").must_not_say("AUTUMN-0051");
        funder.choose("Tick those of which the same is to be said", "AUTUMN-0003 Partnership 3");
        funder.press("Next page →").await.must_be(200).must_say("AUTUMN-0051").must_not_say("AUTUMN-0050");
        funder.page().must_say("1 that you ticked stands on other pages").must_say("these are 51 to 60");
        funder.choose("Tick those of which the same is to be said", "AUTUMN-0055 Partnership 55");
        funder.press("← Previous page").await.must_say("1 that you ticked stands on other pages");
        assert!(funder.filled_form("Decide on those ticked together").fields.contains(&("n".into(), "3".into())), "it is still ticked");
        // What is kept by an address goes along with the order and the filters too.
        funder.follow("Score").await.must_say("1 that you ticked stands on other pages");
        let text = funder.page().text();
        assert!(text.find("AUTUMN-0060") < text.find("AUTUMN-0001"), "the best score first");
        funder.choose("Tick those of which the same is to be said", "AUTUMN-0060 Partnership 60");
        funder.press("Decide on those ticked together").await.must_be(200).must_say("Decide on 3 together").must_say("100.0");
        let text = funder.page().text();
        assert!(text.find("AUTUMN-0060") < text.find("AUTUMN-0003"), "in the same order");
        funder.follow("Change which ones in the forum").await.must_be(200);
        funder.follow("Untick them all").await.must_not_say("that you ticked");
        funder.press("Decide on those ticked together").await.must_be(200).must_say("Nothing is ticked yet");
        funder.follow("Go to the forum").await.must_be(200);
    }

    async fn what_was_proposed_meanwhile_is_read_first(site: TestSite) {
        closed_with(&site, 6).await;
        let second = everybody(&site).await.into_iter().find(|a| a.number == 2).expect("an application").id;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&format!("{CALL}/decide?all=yes")).await.must_be(200).must_say("Decide on 6 together");
        fill(&mut funder, "Not chosen");
        funder.fill("What AUTUMN-0002 should hear besides", "Two is a good number.");
        funder.fill("What AUTUMN-0003 should hear besides", "Three is another.");
        let mut support = site.signed_in_as(SUPPORT).await;
        propose(&mut support, second, "Chosen", "A text of the other sponsor.").await;
        funder.press(PROPOSE).await.must_be(422).must_say("AUTUMN-0002: somebody proposed another decision while you wrote");
        funder.page().must_say("A text of the other sponsor.").must_say("1 has a decision already");
        assert_eq!(decisions(&site).await.len(), 1, "nothing is proposed until it is sent again");
        assert_eq!(funder.value("What AUTUMN-0002 should hear besides"), "Two is a good number.");
        // Sent again as it stands, it leaves that one out, and every other hears what it was to hear.
        funder.press(PROPOSE).await.must_be(200).must_say("Each of these decisions counts once");
        let said = standing(&site).await;
        assert_eq!(said.iter().filter(|d| d.outcome == "not-chosen").count(), 5);
        assert_eq!(said.iter().find(|d| d.application_id == second).expect("it").outcome, "chosen");
        assert!(said.iter().any(|d| d.feedback == format!("{FEEDBACK}\n\nThree is another.")));
        // Where one of several that say the same was changed, none of them is assented to unseen.
        support.open(&format!("{CALL}/assents")).await;
        support.choose("Decisions", "4 applications in the same words: Not chosen");
        let fourth = everybody(&site).await.into_iter().find(|a| a.number == 4).expect("an application").id;
        propose(&mut funder, fourth, "Reserve", "You follow.").await;
        support.press("Assent to those ticked").await.must_be(409).must_say("Your assent was not given").must_say("You follow.");
        assert_eq!(assent::Entity::find().count(site.db().reader()).await.expect("the database"), 0);
        // Ticked again, it is put in the place of what was read.
        funder.open(&format!("{CALL}/decide?n=2&n=4")).await.must_say("2 have a decision already");
        fill(&mut funder, "Reserve");
        propose(&mut support, second, "Chosen", "Once more the other sponsor.").await;
        funder.press(PROPOSE).await.must_be(422).must_say("Once more the other sponsor.");
        funder.choose(TICKS, "AUTUMN-0002 Partnership 2");
        funder.press(PROPOSE).await.must_be(200);
        let said = standing(&site).await;
        assert_eq!((said.len(), said.iter().filter(|d| d.outcome == "reserve").count()), (6, 2));
        let replaced = decisions(&site).await.into_iter().find(|d| d.feedback == "Once more the other sponsor.").expect("it");
        assert!(replaced.replaced_at.is_some(), "it stays readable");
        site.journal_is_whole().await;
    }

    async fn who_stands_aside_decides_on_the_others(site: TestSite) {
        closed_with(&site, 5).await;
        let all = everybody(&site).await;
        let id = |number: i32| all.iter().find(|a| a.number == number).expect("an application").id;
        put_conflict(&site, id(2), FUNDER).await;
        put_conflict(&site, id(4), SUPPORT).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&forum()).await.must_say("Decide on all 4 shown together");
        assert!(!funder.choices("Tick those of which the same is to be said").iter().any(|c| c.contains("AUTUMN-0002")));
        funder.open(&format!("{CALL}/decide?n=1&n=2&n=3&n=4&n=5&n=77&n=many")).await.must_be(200).must_say("Decide on 4 together");
        funder.page().must_say("AUTUMN-0002: you stand aside").must_not_say("Partnership 2").must_say("AUTUMN-0077: it is not among those submitted");
        fill(&mut funder, "Not chosen");
        funder.fill("What AUTUMN-0003 should hear besides", "A word for the third.");
        // Meanwhile they declare another conflict, and one withdraws.
        put_conflict(&site, id(3), FUNDER).await;
        withdraw(&site, 5).await;
        funder.press(PROPOSE).await.must_be(422).must_say("AUTUMN-0003: you stand aside").must_say("AUTUMN-0005: it is not among those submitted");
        funder.page().must_say("A word for the third.").must_not_say("Partnership 3").must_say("Decide on 2 together");
        assert!(decisions(&site).await.is_empty());
        funder.press(PROPOSE).await.must_be(200);
        let said = standing(&site).await;
        assert_eq!(said.iter().map(|d| d.application_id).collect::<HashSet<_>>(), HashSet::from([id(1), id(4)]));
        let fourth = said.iter().find(|d| d.application_id == id(4)).expect("it");
        assert_eq!(fourth.stood_aside, format!("{SUPPORT}\nPanel member C"), "who declared it is named by themselves");
        let forged = [("_row", "2"), ("n", "2"), ("outcome", "reserve"), ("reasons", "a"), ("feedback", "b"), ("present", "c")];
        let refused = funder.post(&format!("{CALL}/decide"), &forged).await;
        assert_eq!(refused.status, 422);
        assert_eq!(standing(&site).await.len(), 2);
    }

    async fn nothing_ticked_too_many_and_too_late_change_nothing(site: TestSite) {
        closed_with(&site, 3).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&format!("{CALL}/decide?n=2&n=3")).await;
        fill(&mut funder, "Not chosen");
        let filled = funder.filled_form(PROPOSE);
        let mut none = filled.clone();
        none.fields.retain(|(name, _)| name != "n");
        funder.send(&none).await.must_be(422).must_say("Tick the applications that this is said of");
        assert_eq!((funder.value("Reasons"), funder.choices(TICKS).len()), (REASONS.to_string(), 2));
        let mut many = filled.clone();
        many.fields.extend((4..=502).flat_map(|n| [("_row".to_string(), n.to_string()), ("n".to_string(), n.to_string())]));
        funder.send(&many).await.must_be(409).must_say("These are 501, and at most 500 can be decided on together").must_say(FEEDBACK);
        let mut reader = site.signed_in_as("Assessor 1").await;
        assert_eq!(reader.get(&format!("{CALL}/decide?all=yes")).await.status, 403);
        // Everybody is told meanwhile; then each is decided anew by itself.
        let call = the_call(&site).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
        let told = tables::call::Model { released_at: Some(site.now()), ..call.clone() };
        write.replace(&call, told).await.expect("the database");
        write.save().await.expect("the database");
        funder.send(&filled).await.must_be(409).must_say("each is decided anew by itself").must_say(FEEDBACK);
        funder.open(&format!("{CALL}/decide?all=yes")).await.must_be(409).must_say("Everybody was told already");
        funder.open(&forum()).await.must_be(200).must_not_say("Decide on all").must_not_say("Tick those");
        assert!(decisions(&site).await.is_empty());
    }

    async fn three_hundred_are_decided_in_one_go(site: TestSite) {
        closed_with(&site, 300).await;
        let mut runs = site.signed_in_as("Grant manager").await;
        let page = runs.get(&format!("{CALL}/decide?all=yes")).await;
        assert!(page.status == 200 && page.text().contains("Decide on 300 together"));
        let mut fields: Vec<(String, String)> = [("outcome", "not-chosen"), ("reasons", REASONS), ("feedback", FEEDBACK), ("present", "Both")]
            .map(|(name, text)| (name.to_string(), text.to_string()))
            .into();
        for number in 1..=300 {
            fields.extend(["_row", "n"].map(|name| (name.to_string(), number.to_string())));
            fields.push((format!("feedback.{number}"), format!("You are number {number}.")));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let begun = Instant::now();
        let reply = runs.post(&format!("{CALL}/decide"), &fields).await;
        let taken = begun.elapsed();
        assert_eq!(reply.status, 303, "{}", reply.text());
        println!("three hundred decisions: {taken:?}");
        assert_eq!(decisions(&site).await.len(), 300);
        assert!(taken < Duration::from_secs(10), "{taken:?}");
        let mut funder = site.signed_in_as(FUNDER).await;
        let last = everybody(&site).await.into_iter().find(|a| a.number == 300).expect("an application").id;
        funder.open(&decision_page(last)).await.must_say("You are number 300.");
        site.journal_is_whole().await;
    }
}
