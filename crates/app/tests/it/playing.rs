//! One person tries out what takes hundreds: made-up people apply, assess and decide.

use sea_orm::entity::prelude::*;
use tables::{application, decision, member, person, programme, reading};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

/// Opens a stage for whoever runs calls.
async fn open(runs: &mut Visitor, stage: &str, after: Option<&str>) -> String {
    runs.open(&format!("{PRACTICE}/calls/new")).await.must_be(200);
    runs.choose("Which stage is it for?", stage).fill("What is it called?", stage);
    if let Some(after) = after {
        runs.choose("Who can apply?", &format!("Those who come from “{after}”"));
    }
    runs.fill("Opens on", "1 November 2026").fill("Closes on", "1 December 2026").fill("Everybody hears on", "20 November 2026");
    let page = runs.press("Open the call").await;
    page.must_be(200).must_say("let made-up people play their part");
    page.path.split('?').next().unwrap_or_default().to_string()
}

async fn count(site: &TestSite, state: &str) -> u64 {
    let found = application::Entity::find().filter(application::COLUMN.state.eq(state)).count(site.db().reader()).await;
    found.expect("applications")
}

/// The name of somebody who writes an application that was chosen.
async fn first_chosen(site: &TestSite) -> String {
    let reader = site.db().reader();
    let decision = decision::Entity::find().filter(decision::COLUMN.outcome.eq("chosen")).one(reader).await.expect("decisions");
    let id = decision.expect("a decision").application_id;
    let part = member::Entity::find().filter(member::COLUMN.application_id.eq(id)).one(reader).await.expect("members");
    let who = person::Entity::find_by_id(part.expect("a member").person_id).one(reader).await.expect("people");
    who.expect("a person").name
}

both! {
    async fn one_person_plays_two_stages_of_a_call(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let call = open(&mut runs, "Application", None).await;
        let practise = format!("{call}/practise");
        runs.open(&practise).await.must_be(200).must_not_say("Sponsors decide");
        runs.form("Let them come in").fill("How many?", "501");
        runs.press("Let them come in").await.must_be(422).must_say("Enter a number from 1 to 500");
        assert_eq!(runs.value("How many?"), "501");
        runs.form("Let them come in").fill("How many?", "12");
        let twice = runs.filled_form("Let them come in");
        runs.send(&twice).await.must_be(200).must_say("They have come in");
        runs.send(&twice).await.must_be(200);
        assert_eq!(count(&site, "submitted").await, 12, "a second press of the same button does nothing");
        runs.open(&format!("{call}/applications")).await.must_say("12");

        // Whoever applied can be tried out as well.
        let who = site.visitor().open("/sign-in").await.link("Who applies: Application").expect("those who apply");
        let buttons = site.visitor().open(&who).await.texts("button");
        let writer = buttons.iter().find(|b| b.starts_with("Writer, ")).expect("a writer").clone();
        let mut applicant = site.visitor();
        applicant.open(&who).await.must_be(200);
        applicant.press(&writer).await.must_be(200);
        applicant.open("/").await.must_be(200);
        applicant.open(&practise).await.must_be(403);

        runs.open(&practise).await.must_be(200);
        runs.press("Close it now").await.must_be(200).must_say("The call is closed").must_not_say("Let them come in");
        runs.form("Let them read").choose("Who keeps what they have to read?", "Assessor 2");
        runs.press("Let them read").await.must_be(200).must_say("The others have handed in their scores");
        let unread = reading::Entity::find().filter(reading::COLUMN.submitted_at.is_null()).count(site.db().reader()).await;
        assert_eq!(unread.expect("readings"), 6, "36 readings among six");
        let mut assessor = site.signed_in_as("Assessor 2").await;
        assessor.open(&format!("{call}/reading")).await.must_be(200).must_say("6");
        runs.open(&practise).await.must_be(200);
        runs.press("Let them read").await.must_be(422).must_say("Choose who keeps what they have to read, or nobody");
        runs.form("Let them read").choose("Who keeps what they have to read?", "Nobody");
        runs.press("Let them read").await.must_be(200).must_say("The others have handed in their scores");
        runs.form("Let them read").choose("Who keeps what they have to read?", "Nobody");
        runs.press("Let them read").await.must_be(200).must_say("There was nothing left that nobody has begun");
        runs.open(&format!("{call}/moderation")).await.must_be(200).must_say("Krippendorff");

        runs.open("/").await.must_say("Decide on 12 applications");
        runs.open(&practise).await.must_be(200);
        runs.press("Let them decide").await.must_be(200).must_say("is decided");
        runs.open(&format!("{call}/forum")).await.must_be(200).must_say("6 counting, 0 proposed; the design foresees 6");
        runs.open("/").await.must_say("Everything is decided: tell everybody");
        runs.open(&format!("{call}/release")).await.must_say("12 of 12 applications have a decision that counts");
        runs.choose("Tell everybody now?", "Tell all 12 at once. It cannot be taken back");
        runs.press("Tell everybody now").await.must_be(200).must_say("Everybody is told");
        applicant.open("/").await.must_be(200);

        let further = open(&mut runs, "Phase 1", Some("Application")).await;
        let mut chosen = site.visitor();
        chosen.open(&who).await.must_be(200);
        chosen.press(&first_chosen(&site).await).await.must_be(200);
        chosen.open("/").await.must_say("Go on: Phase 1");
        chosen.follow("Go on: Phase 1").await.must_be(200).must_say("answers go along");
        let practise = format!("{further}/practise");
        runs.open(&practise).await.must_be(200).must_not_say("Let them come in");
        runs.press("Let them go on").await.must_be(200).must_say("They have gone on");
        chosen.open("/").await.must_not_say("Go on: Phase 1");
        runs.press("Let them go on").await.must_be(200).must_say("There was nothing left that nobody has begun");
        assert_eq!((count(&site, "submitted").await, count(&site, "draft").await), (18, 0));
        let receipts = application::Entity::find().all(site.db().reader()).await.expect("applications");
        for one in receipts {
            let (receipt, hash) = (one.receipt.expect("a receipt"), one.receipt_hash.expect("its hash"));
            assert_eq!(store::sha256(receipt.as_bytes()), hash);
        }
        site.journal_is_whole().await;
    }

    async fn what_is_done_by_hand_stays(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let call = open(&mut runs, "Application", None).await;
        runs.open(&format!("{call}/practise")).await.must_be(200);
        runs.form("Let them come in").fill("How many?", "8");
        runs.press("Let them come in").await.must_be(200);
        runs.press("Close it now").await.must_be(200);
        let first = runs.open(&format!("{call}/forum")).await.link("APPLICATION-0001").expect("the first application");
        runs.open(&first).await.must_be(200);
        runs.choose("What becomes of it?", "Not chosen").fill("Reasons", "Too early.").fill("Feedback to the applicant", "Come again.");
        runs.fill("Who was present?", "Everybody");
        runs.press("Propose it").await.must_be(200);
        runs.open(&format!("{call}/practise")).await.must_be(200);
        runs.press("Let them decide").await.must_be(200).must_say("is decided");
        let all = decision::Entity::find().all(site.db().reader()).await.expect("decisions");
        assert_eq!(all.len(), 8);
        let mine = all.iter().find(|d| d.reasons == "Too early.").expect("the one made by hand");
        assert!(mine.counts_at.is_none() && mine.replaced_at.is_none());
    }

    async fn only_practice_programmes_are_played(site: TestSite) {
        let before = site.programme(PRACTICE).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        write.replace(&before, programme::Model { practice: false, ..before.clone() }).await.expect("a programme");
        write.save().await.expect("a programme");
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{PRACTICE}/calls/new")).await.must_be(200);
        runs.choose("Which stage is it for?", "Application").fill("Closes on", "1 December 2026");
        let page = runs.press("Open the call").await;
        page.must_be(200).must_say("Applications to this call").must_not_say("made-up people");
        let practise = format!("{}/practise", page.path.split('?').next().unwrap_or_default());
        runs.open(&practise).await.must_be(404);
        let posted = runs.post(&practise, &[("_step", "close")]).await;
        assert_eq!(posted.status, 404);
    }
}
