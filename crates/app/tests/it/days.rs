//! Days: allotted, logged with a session, put right, over or behind; and the time of the programme's own staff.

use sea_orm::entity::prelude::*;
use tables::{account, movement, posting};
use testkit::site::{OTHER, PRACTICE};
use testkit::{TestSite, Visitor, both};

use crate::outputs::start;

const CONSULTANT: &str = "Consultant, Saltmarsh";

fn days() -> String {
    format!("{PRACTICE}/days")
}

/// The row of the table that names somebody holds these cells side by side.
fn says(visitor: &Visitor, name: &str, cells: &str) {
    let rows = visitor.page().texts("table tbody tr");
    let row = rows.iter().find(|row| row.contains(name)).unwrap_or_else(|| panic!("{name} is not in the table"));
    let closed = |text: &str| text.split_whitespace().collect::<String>();
    assert!(closed(row).contains(&closed(cells)), "{row} says nothing of {cells}");
}

/// The lead of the support side gives the last place's consultant their days.
async fn allot(site: &TestSite) {
    let mut lead = site.signed_in_as("Support lead").await;
    lead.open(&days()).await.must_be(200).must_say("None allotted yet");
    lead.follow("Allot days").await.must_be(200).must_say(CONSULTANT).must_not_say("Consultant, Riverside");
    assert_eq!(lead.value("Days for each consultant with each place"), "8", "the design suggests it");
    let twice = lead.filled_form("Allot");
    lead.send(&twice).await.must_be(200).must_say("Allotted.");
    says(&lead, CONSULTANT, "Saltmarsh 8 0 8");
    lead.send(&twice).await.must_be(200);
    says(&lead, CONSULTANT, "Saltmarsh 8 0 8");
}

/// Records a session, and gives its address.
async fn session(visitor: &mut Visitor, used: &str) -> String {
    visitor.open(&format!("{PRACTICE}/places/saltmarsh/entries/new?kind=session")).await.must_be(200);
    visitor.fill("Title", "A meeting").fill("What there is to say", "We met.").fill("Days used", used);
    visitor.press("Record").await;
    visitor.page().path.split('?').next().unwrap_or_default().to_string()
}

both! {
    async fn a_consultant_logs_days_with_a_session_and_puts_them_right(site: TestSite) {
        allot(&site).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let before = site.last_record().await;
        session(&mut consultant, "2.3").await;
        consultant.page().must_be(422).must_say("Enter days in quarters, like 2, 0.5, 1¼ or 2 1/4").must_say("8 of 8 days are left with Saltmarsh this year");
        assert_eq!((consultant.value("Days used"), consultant.value("Title")), ("2.3".into(), "A meeting".into()), "nothing typed is lost");
        assert_eq!(site.acts_since(before).await.len(), 0);
        let told = session(&mut consultant, "½").await;
        consultant.page().must_be(200).must_say("Days used: ½ day.");
        consultant.open("/").await.must_say("7½ days left with Saltmarsh this year");
        consultant.open(&days()).await.must_be(200);
        says(&consultant, CONSULTANT, "(you) Saltmarsh 8 ½ 7½");

        // Two windows: the second finds that the first was faster.
        consultant.open(&told).await;
        consultant.follow("Correct the days").await.must_be(200).must_say("½ day stand in the ledger");
        let mut other = consultant.second_window();
        other.open(&format!("{told}/days")).await;
        consultant.fill("Days used", "1 1/4").fill("Why", "We went on after lunch");
        consultant.press("Save the days").await.must_be(200).must_say("Days used: 1¼ days.");
        other.fill("Days used", "3").fill("Why", "I think so");
        other.press("Save the days").await.must_be(422).must_say("These days were changed since you opened this page").must_say("1¼ days stand in the ledger");
        consultant.open(&days()).await;
        says(&consultant, CONSULTANT, "Saltmarsh 8 1¼ 6¾");
        // All three stand: what was logged, what takes it back, and what holds now.
        let kept = movement::Entity::find().filter(movement::COLUMN.kind.eq("days-used")).filter(movement::COLUMN.place_id.is_not_null());
        let kept = kept.filter(movement::COLUMN.why.is_in(["A meeting", "We went on after lunch"])).all(site.db().reader()).await.expect("movements");
        let ours: Vec<_> = kept.iter().filter(|m| m.entry_id.is_some_and(|id| told.ends_with(&id.to_string()))).collect();
        assert_eq!((ours.len(), ours.iter().filter(|m| m.counters_id.is_some()).count()), (3, 1));
        let acts = site.acts_since(before).await;
        assert!(acts.iter().any(|a| a == "correct the days of an entry"), "{acts:?}");
        // Whoever may read the session reads its days; nobody else learns of it.
        let mut lead = site.signed_in_as("Project lead, Saltmarsh").await;
        lead.open(&told).await.must_be(200).must_say("Days used: 1¼ days.").must_not_say("Correct the days");
        lead.open(&format!("{told}/days")).await.must_be(403);
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&told).await.must_be(404);
        site.journal_is_whole().await;
    }

    async fn who_is_over_is_seen_by_those_who_may(site: TestSite) {
        allot(&site).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        session(&mut consultant, "32").await;
        consultant.page().must_be(422).must_say("Enter 31 days at most for one entry");
        session(&mut consultant, "9¼").await;
        consultant.page().must_be(200);
        consultant.open("/").await.must_say("1¼ days more than allotted used with Saltmarsh this year");
        for seer in ["Programme lead, funder", "Support lead", "Grant manager", "Project lead, Saltmarsh"] {
            let mut seer = site.signed_in_as(seer).await;
            seer.open(&days()).await.must_be(200).must_say("1¼ days over what was allotted");
        }
        // A place's people see their own place's, and advisers nobody's.
        let mut near = site.signed_in_as("Project lead, Riverside").await;
        near.open(&days()).await.must_say("Consultant, Riverside").must_not_say("Saltmarsh");
        let csv = near.get(&format!("{}.csv", days())).await.text();
        assert!(csv.contains("Riverside") && !csv.contains("Saltmarsh"), "{csv}");
        let mut adviser = site.signed_in_as("Advisory group member").await;
        adviser.open(&days()).await.must_be(200).must_not_say("Consultant, Riverside").must_say("No days here that you may see");
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{}?place=saltmarsh", days())).await.must_say(CONSULTANT).must_not_say("Consultant, Riverside");
        let csv = runs.get(&format!("{}.csv", days())).await.text();
        assert!(csv.contains("\"Saltmarsh\",\"Consultant, Saltmarsh\",\"Consultant\",\"8\",\"9.25\",\"0\",\"-1.25\""), "{csv}");

        // More is allotted, with the reason; what stood before stays.
        runs.follow("Change the days of Consultant, Saltmarsh").await.must_be(200).must_say("8 days stand allotted and 9¼ days are used");
        runs.fill("Days allotted", "10").press("Change").await.must_be(422).must_say("Say why, in a few words");
        runs.fill("Why", "A hard year").press("Change").await.must_be(200).must_say("Changed.");
        says(&runs, CONSULTANT, "Saltmarsh 10 9¼ ¾");
        consultant.open(&format!("{}/allot", days())).await.must_be(403);
    }

    async fn what_is_left_lapses_when_the_year_is_over(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let year = account::Entity::find().filter(account::COLUMN.kind.eq("days-left")).all(site.db().reader()).await.expect("accounts");
        let year = year.iter().filter_map(|a| a.year).max().expect("a year");
        runs.open(&format!("{}/year-end?year={year}", days())).await.must_say("Come back when it is over").must_not_say("End this year’s days");
        let past = format!("{}/year-end?year={}", days(), year - 1);
        runs.open(&format!("{}?year={}", days(), year - 1)).await.must_be(200);
        runs.open(&past).await.must_be(200).must_say("Lapse").must_say("Riverside");
        let twice = runs.filled_form("End this year’s days");
        runs.send(&twice).await.must_be(200).must_say("Done.");
        says(&runs, "Consultant, Riverside", "Riverside 8 0 0");
        runs.send(&twice).await.must_be(200);
        runs.open(&past).await.must_say("Nothing is left").must_not_say("Riverside");
        let forged = runs.post(&format!("{}/year-end", days()), &[("year", &year.to_string()), ("_seen", "x")]).await;
        assert_eq!(forged.status, 409);
        // Everything in the ledger comes to nought.
        let all = posting::Entity::find().all(site.db().reader()).await.expect("postings");
        assert_eq!(all.iter().map(|p| p.amount).sum::<i64>(), 0);
        site.journal_is_whole().await;
    }

    async fn staff_log_their_time_and_see_when_protected_time_is_eaten(site: TestSite) {
        let staff = format!("{}/staff", days());
        let mut learning = site.signed_in_as("Learning capture team").await;
        // The practice programme has it so.
        learning.open(&staff).await.must_be(200).must_say("Protected time is being used for other work").must_say("Learning capture team");
        learning.press("Log").await.must_be(422).must_say("Say why").must_say("Enter days in quarters");
        learning.fill("Days", "20").fill("What for", "Catching up").choose("Spent on", "Learning capture");
        learning.press("Log").await.must_be(200).must_say("Logged.");
        learning.fill("Days", "20").fill("What for", "Catching up again").choose("Spent on", "Learning capture");
        learning.press("Log").await.must_be(200);
        learning.fill("Days", "20").fill("What for", "And again").choose("Spent on", "Learning capture");
        learning.press("Log").await.must_be(200).must_not_say("Protected time is being used for other work").must_say("And again");
        learning.press("Take back 20 days on Learning capture, November 2026: And again").await.must_be(200).must_say("Taken back.").must_not_say("And again");

        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open(&staff).await.must_be(200).must_not_say("Catching up");
        assert_eq!(manager.get(&format!("{staff}/plan?role=grant-manager&component=grants")).await.status, 403);
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{staff}/plan?role=grant-manager&component=grants")).await.must_be(200);
        runs.fill("Days planned for the year", "33¼").fill("Why", "As agreed at the start");
        runs.press("Plan").await.must_be(200).must_say("Planned.").must_say("33¼");
        runs.open(&format!("{staff}/plan?role=consultant&component=grants")).await.must_be(404);
    }

    async fn the_time_of_the_staff_goes_into_outputs_and_audiences(site: TestSite) {
        let mut team = site.signed_in_as("Learning capture team").await;
        let output = start(&mut team, "Who waits for the ferry").await;
        team.follow("Log your time for it").await.must_be(200).must_say("For Who waits for the ferry.");
        // What is wrong is said, and what it is for is not lost.
        team.fill("Days", "1½").press("Log").await.must_be(422).must_say("For Who waits for the ferry.");
        team.fill("What for", "Writing").press("Log").await.must_be(200).must_say("Logged.");
        team.open(&output).await.must_say("Time of the staff logged").must_say("1½ days");
        team.open(&format!("{PRACTICE}/outputs")).await.must_say("1½ days logged");
        // Who does not see the time of the staff is told nothing of it.
        let mut lead = site.signed_in_as("Learning lead, Riverside").await;
        lead.open(&format!("{PRACTICE}/outputs")).await.must_say("Who waits for the ferry").must_not_say("logged");
        lead.open(&output).await.must_be(200).must_not_say("Log your time for it").must_not_say("1½ days");
        team.open(&format!("{}/staff", days())).await;
        let back = team.page().texts("button").into_iter().find(|b| b.starts_with("Take back") && b.contains("Writing"));
        team.press(&back.expect("a way to take it back")).await.must_be(200).must_say("Taken back.");
        team.open(&output).await.must_not_say("Time of the staff logged");

        // Nobody logs for what they may not read.
        let hidden = site.put(testkit::Draft { author: "Project lead, Riverside", circle: "place", title: "The thistle", ..testkit::Draft::default() }).await;
        team.open(&format!("{}/staff?entry={}", days(), hidden.id)).await.must_be(200).must_not_say("thistle");
        let month = site.now().day().iso();
        let forged = [("entry", hidden.id.to_string()), ("days", "1".into()), ("spent_on", "learning".into()), ("month", format!("{}01", &month[..8])), ("why", "Forged".into())];
        let forged: Vec<(&str, &str)> = forged.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(team.post(&format!("{}/staff", days()), &forged).await.status, 422);
        site.journal_is_whole().await;
    }

    async fn a_programme_whose_design_has_no_days_shows_none(site: TestSite) {
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        assert!(runs.open(PRACTICE).await.links().iter().any(|l| *l == days()));
        let mut other = site.visitor();
        other.open(OTHER).await;
        assert!(!other.page().links().iter().any(|l| l.ends_with("/days")));
    }
}
