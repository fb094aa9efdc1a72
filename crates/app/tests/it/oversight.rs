//! Keeping an eye on the whole: markers and tipping points, asking once, what a programme rests on, reviews and packs.

use kernel::Day;
use sea_orm::entity::prelude::*;
use tables::{EntryId, ReachedId, entry, marker_reading, reached};
use testkit::site::{PRACTICE, today};
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{finds, without_query};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";

/// Gives one's reading of the strength of the partnership.
async fn read(visitor: &mut Visitor, point: &str, why: &str) {
    visitor.open(&format!("{RIVERSIDE}/markers")).await.must_be(200);
    visitor.choose("Strength of the partnership: how do you read it?", point).fill("Strength of the partnership: why", why);
    let page = visitor.press("Save my reading of strength of the partnership").await;
    assert_eq!(page.notice(), "Saved. You see the others’ readings of this round now, and they see yours once they have read.");
}

async fn count<E>(site: &TestSite) -> usize
where
    E: EntityTrait,
{
    E::find().all(site.db().reader()).await.expect("rows").len()
}

both! {
    async fn markers_are_read_alone_and_a_tipping_point_is_told_once(site: TestSite) {
        let (mut consultant, mut manager) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as("Grant manager").await);
        let (mut lead, mut programme_lead) = (site.signed_in_as(LEAD).await, site.signed_in_as("Programme lead, funder").await);
        read(&mut consultant, "2: It hangs on one organisation", "Only the hub comes, by thistle.").await;

        // Before one's own reading nobody's is there to be seen, nor while others still read.
        for visitor in [&mut manager, &mut lead, &mut programme_lead] {
            visitor.open(&format!("{RIVERSIDE}/markers")).await.must_be(200).must_not_say("thistle");
        }
        manager.page().must_say("Still to read: Grant manager, Project lead.");
        // What is missing is said beside it, and what was typed stays.
        manager.fill("Strength of the partnership: why", "The reports are open.");
        manager.press("Save my reading of strength of the partnership").await.must_be(422);
        assert_eq!(manager.page().errors(), ["Choose a point of the scale"]);
        assert_eq!(manager.value("Strength of the partnership: why"), "The reports are open.");

        read(&mut manager, "3: It holds while things go well", "The reports are open.").await;
        manager.page().must_say("thistle").must_say("1 point apart");
        assert_eq!(count::<reached::Entity>(&site).await, 0, "it is not read to the end");
        lead.open(&format!("{RIVERSIDE}/markers")).await.must_not_say("thistle");
        read(&mut lead, "5: Nobody could end it alone", "We are many, by bramble.").await;
        lead.page().must_say("thistle").must_say("3 points apart");
        assert!(!lead.sees_button("Save my reading of strength of the partnership"), "whoever has seen the others’ reads no more");
        assert_eq!(count::<marker_reading::Entity>(&site).await, 3);

        // Two points or more apart: those concerned are told, once, and asked what was done.
        assert_eq!(count::<reached::Entity>(&site).await, 1);
        let told = site.mails_to("grant-manager@practice-healthy-communities-together.example").await;
        assert!(told.iter().any(|(subject, text)| subject == "Riverside: a tipping point was reached" && !text.contains("thistle")), "{told:?}");
        programme_lead.open("/").await.must_say("A tipping point, which calls for a conversation.");
        lead.open("/").await.must_not_say("tipping point");
        lead.open(&format!("{PRACTICE}/tipping-points")).await.must_be(200).must_say("Others are told of these");
        programme_lead.open("/").await;
        programme_lead.follow("Riverside: Readings of the strength of the partnership from the same round lie two points or more apart").await.must_be(200);
        programme_lead.fill("What was done, or why nothing was", "We met all three, on a primrose day.");
        let page = programme_lead.press("Save what was done").await;
        assert_eq!(page.notice(), "Saved. It stands beside the tipping point, for those who were told.");
        manager.open(&format!("{PRACTICE}/tipping-points")).await;
        manager.follow("What was said").await.must_say("primrose");
        manager.open("/").await.must_not_say("A tipping point, which calls for");
        assert!(!finds(&mut consultant, "primrose").await);
        site.journal_is_whole().await;
    }

    async fn silence_is_noticed_once_and_answered_again_is_another(site: TestSite) {
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&format!("{RIVERSIDE}/entries/new?kind=challenge")).await.must_be(200);
        consultant.fill("Title", "Who is not in the room").fill("What there is to say", "The estate has no voice here, by thistle.");
        consultant.press("Record").await.must_be(200).must_say("Expected by");
        let found = app::look_for_silence(site.app()).await.expect("a look");
        let before = count::<reached::Entity>(&site).await;
        site.clock().set(today().plus_days(21 + 60).start().plus_seconds(10 * 3600));
        assert!(app::look_for_silence(site.app()).await.expect("a look") > 0, "{found} were silent before");
        assert!(count::<reached::Entity>(&site).await > before);
        assert_eq!(app::look_for_silence(site.app()).await.expect("a look"), 0, "each silence is told once");
        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open(&format!("{PRACTICE}/tipping-points")).await.must_say("A challenge has had no answer").must_not_say("thistle").must_not_say("Who is not in the room");
    }

    async fn whoever_is_told_sees_theirs_among_many(site: TestSite) {
        const LOW: &str = "The middle reading of the strength of the partnership is 2 or lower, twice in a row";
        const SAY: &str = "Say what was done, or why nothing was";
        let place = site.place("riverside").await;
        let team = Draft { author: "Grant manager", circle: "programme-team", title: "We met, by thistle", ..Draft::default() };
        let (ours, theirs) = (site.put(team).await, site.put(Draft { title: "Among us, by bramble", ..Draft::default() }).await);
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        let one = |point: &str, ago: i64, cause: usize, entry_id: Option<EntryId>| reached::Model {
            id: ReachedId(write.id()),
            programme_id: place.programme_id,
            place_id: place.id,
            point: point.into(),
            cause: cause.to_string(),
            reached_on: today().plus_days(-ago),
            told_at: write.at(),
            entry_id,
        };
        // Nobody is told any more of what the design has done away with, however much of it there is.
        let mut rows: Vec<reached::Model> = (0..520).map(|cause| one("done-away-with", 0, cause, None)).collect();
        rows.extend([one("strength-low", 9, 0, None), one("strength-low", 10, 1, Some(ours.id)), one("strength-low", 11, 2, Some(theirs.id))]);
        let open = rows[520].id;
        write.insert_all(rows).await.expect("what was reached");
        write.save().await.expect("what was reached");

        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open(&format!("{PRACTICE}/tipping-points")).await.must_be(200).must_say("Said, in a circle that you are not in");
        manager.page().must_not_say("bramble");
        assert_eq!(manager.page().link("What was said"), Some(format!("{PRACTICE}/entries/{}", ours.id)));
        assert_eq!(manager.page().link(SAY), Some(format!("{PRACTICE}/tipping-points/{open}")));
        manager.open("/").await;
        manager.follow(&format!("Riverside: {LOW}")).await.must_be(200);
        let mut lead = site.signed_in_as(LEAD).await;
        lead.open(&format!("{PRACTICE}/tipping-points")).await.must_be(200).must_say("Others are told of these").must_not_say("thistle");
        lead.open(&format!("{PRACTICE}/tipping-points/{open}")).await.must_be(404);
    }

    async fn nobody_is_asked_what_is_known(site: TestSite) {
        let mut manager = site.signed_in_as("Grant manager").await;
        let ask = format!("{RIVERSIDE}/ask?need=place-progress");
        manager.open(&ask).await.must_be(200).must_say("What you can read already").must_say("Consultant");
        manager.fill("Title", "How is the partnership coming along?").fill("What there is to say", "We report to our board in May.");
        manager.press("Ask").await.must_be(200).must_say("Question");
        let question = without_query(&manager.page().path);
        // Whoever may know it is asked before the place is.
        let mut lead = site.signed_in_as(LEAD).await;
        let asked = |page: &testkit::Page| page.texts("ul.tasks a").iter().any(|t| t == "How is the partnership coming along?");
        assert!(!asked(lead.open("/").await));
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        assert!(asked(consultant.open("/").await));
        // Asked again, it says so first, and takes a tick.
        manager.open(&ask).await.must_say("Asked before").must_say("How is the partnership coming along?");
        manager.fill("Title", "Once more").fill("What there is to say", "Please.");
        manager.press("Ask").await.must_be(422);
        assert_eq!(manager.page().errors(), ["This has been asked and is open. Tick the box if it must be asked all the same"]);
        // The holder answers from what is known, and the place was never asked.
        consultant.open(&question).await.must_be(200);
        consultant.follow("Answer from what is known").await.must_be(200);
        consultant.fill("What there is to say", "Steadily, with a marigold of trust.");
        consultant.press("Answer from what is known").await.must_be(200).must_say("answered");
        manager.open(&question).await.must_say("marigold");
        assert!(!asked(lead.open("/").await));
    }

    async fn the_map_says_what_is_met_and_by_whom(site: TestSite) {
        let mut manager = site.signed_in_as("Grant manager").await;
        let page = manager.open(&format!("{PRACTICE}/needs")).await;
        page.must_be(200).must_say("Who needs to know what").must_say("how each partnership and its plan are coming along").must_say("of 3 places");
    }

    async fn what_a_programme_rests_on_is_looked_at_again(site: TestSite) {
        let noted = site.put(Draft { circle: "support", title: "A quiet thistle", ..Draft::default() }).await;
        let statement = format!("{PRACTICE}/statements/hypotheses.practical-support");
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&statement).await.must_be(200);
        assert!(!consultant.sees_button("Save how it stands"), "its keeper says how it stands");
        consultant.fill("The entry’s address", &format!("https://commonweal.example{PRACTICE}/entries/{}", noted.id));
        consultant.choose("What does it say?", "It speaks for it");
        consultant.press("Bring this entry").await.must_be(200).must_say("A quiet thistle");
        let mut support_lead = site.signed_in_as("Support lead").await;
        support_lead.open(&statement).await.must_be(200).must_not_say("thistle");
        support_lead.press("Save how it stands").await.must_be(422);
        assert_eq!(support_lead.page().errors(), ["Choose how it stands", "Say why: it is what people will look for later"]);
        support_lead.choose("How does it stand now?", "supported").fill("Why", "Seen in two places.").fill("When to look next", "1 May 2040");
        support_lead.press("Save how it stands").await.must_be(200).must_say("It stands: supported").must_say("Seen in two places.");
        let mut advises = site.signed_in_as("Advisory group member").await;
        advises.open(&format!("{PRACTICE}/statements")).await.must_say("supported").must_say("1 May 2040");
        advises.open(&statement).await.must_not_say("thistle").must_say("Seen in two places.");
        // Nobody brings what they may not read.
        advises.fill("The entry’s address", &format!("{PRACTICE}/entries/{}", noted.id)).choose("What does it say?", "It speaks against it");
        advises.press("Bring this entry").await.must_be(422).must_not_say("thistle");
    }

    async fn a_design_is_reviewed_and_compared(site: TestSite) {
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        for (at, verdict) in [("start", "Open"), ("consultants-quarter", "Answered")] {
            lead.open(&format!("{PRACTICE}/review?at={at}&on=signs-of-progress")).await.must_be(200).must_say("What do you say to it?");
            lead.press("Save").await.must_be(422);
            lead.choose("How is it answered?", verdict).fill("Where, or what is missing", "By five markers.");
            assert_eq!(lead.press("Save").await.notice(), "Saved. What was said before stays in the journal.");
        }
        lead.page().must_say("From review to review");
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        partner.open(&format!("{PRACTICE}/review?at=start&on=signs-of-progress")).await.must_be(200).must_say("By five markers.");
        assert!(!partner.sees_button("Save"), "those who run the programme say it");
    }

    async fn packs_hold_what_the_role_reads_and_nothing_else(site: TestSite) {
        site.put(Draft { author: "Project lead before, Riverside", circle: "place", title: "A bramble among ourselves", ..Draft::default() }).await;
        site.put(Draft { circle: "support", title: "A thistle in support", ..Draft::default() }).await;
        site.put(Draft { author: "Grant manager", circle: "programme-team", title: "A marigold for the team", ..Draft::default() }).await;
        for (name, own, support, team) in [(LEAD, true, true, false), (CONSULTANT, false, true, false), ("Grant manager", false, false, true), ("Evaluator", false, false, false)] {
            let mut visitor = site.signed_in_as(name).await;
            for pack in ["handover", "briefing"] {
                let page = visitor.open(&format!("{RIVERSIDE}/{pack}")).await;
                page.must_be(200);
                for (word, reads) in [("bramble", own), ("thistle", support), ("marigold", team)] {
                    assert_eq!(page.says(word), reads, "{pack} for {name}: {word}");
                }
            }
        }
        // What those wrote who held the role before comes first.
        let mut lead = site.signed_in_as(LEAD).await;
        lead.open(&format!("{RIVERSIDE}/handover")).await.must_say("In the words of those who held the role before");
    }

    async fn what_happened_around_us_stands_in_the_picture_of_whoever_reads_it(site: TestSite) {
        const OURS: &str = "A merger, by thistle";
        const TEAMS: &str = "A new law, by marigold";
        let around = Draft { kind: "around", ..Draft::default() };
        let ours = site.put(Draft { author: LEAD, circle: "place", title: OURS, ..around }).await;
        let teams = site.put(Draft { author: "Grant manager", circle: "programme-team", title: TEAMS, ..around }).await;
        // What is no such thing stands nowhere in it.
        site.put(Draft { author: LEAD, circle: "place", title: "A bramble", ..Draft::default() }).await;
        for (name, reads_ours, reads_teams) in [
            (LEAD, true, false),
            ("Partner organisation's representative, Riverside", true, false),
            ("Grant manager", false, true),
            (CONSULTANT, false, false),
            ("Project lead, Lantern Hill", false, false),
        ] {
            let mut visitor = site.signed_in_as(name).await;
            let page = visitor.open(PRACTICE).await;
            page.must_be(200).must_not_say("A bramble");
            for (row, title, reads) in [(&ours, OURS, reads_ours), (&teams, TEAMS, reads_teams)] {
                if !reads {
                    page.must_not_say(title);
                    continue;
                }
                assert!(page.texts("#timeline svg text").contains(&title.to_string()), "{name} sees no “{title}”");
                assert_eq!(page.link(title), Some(format!("{PRACTICE}/entries/{}", row.id)), "{name}");
                let rows = page.texts("#timeline tbody tr");
                assert!(rows.iter().any(|r| r.starts_with(title) && r.contains("18 November 2026")), "{name}: {rows:?}");
            }
        }
        site.visitor().open(PRACTICE).await.must_be(200).must_not_say(OURS).must_not_say(TEAMS);
    }

    async fn a_digest_begins_with_what_all_its_readers_read(site: TestSite) {
        site.put(Draft { circle: "support", title: "A thistle in support", ..Draft::default() }).await;
        site.put(Draft { author: LEAD, circle: "network", title: "A primrose for all", ..Draft::default() }).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let page = consultant.open(&format!("{RIVERSIDE}/digest")).await;
        page.must_be(200).must_not_say("thistle");
        consultant.press("Send the digest").await;
        let sent = entry::Entity::find().filter(entry::COLUMN.title.contains("the quarter from")).all(site.db().reader()).await.expect("entries");
        let quarter = Day::new(today().year(), (today().month() - 1) / 3 * 3 + 1, 1).expect("a day");
        if today().plus_days(-2) >= quarter {
            assert!(sent.first().is_some_and(|e| e.text.contains("primrose") && !e.text.contains("thistle")), "{sent:?}");
        }
    }

    async fn a_digest_that_nobody_has_written_is_asked_for(site: TestSite) {
        const ASKED: &str = "Riverside: write the digest of this quarter";
        // A quarter of which nobody has written anything yet.
        let stand_at = |month, day| {
            let day = Day::new(2027, month, day).expect("a day");
            site.clock().set(day.start().plus_seconds(10 * 3600));
        };
        stand_at(3, 9);
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open("/").await.must_be(200).must_not_say(ASKED);
        stand_at(3, 10);
        consultant.open("/").await.must_say(ASKED).must_say("by 31 March 2027");
        // Those who know the place are asked, and nobody else.
        for name in ["Support lead", LEAD, "Grant manager", "Consultant, Lantern Hill"] {
            site.signed_in_as(name).await.open("/").await.must_be(200).must_not_say(ASKED);
        }
        consultant.follow(ASKED).await.must_be(200);
        assert_eq!(consultant.page().heading(), "Digest of Riverside");
        consultant.fill("What there is to say", "A quiet quarter.").press("Send the digest").await.must_be(200).must_say("A quiet quarter.");
        consultant.open("/").await.must_not_say(ASKED);
        stand_at(3, 31);
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open("/").await.must_not_say(ASKED);
        // The next quarter is another, and is asked for at its own end.
        stand_at(6, 8);
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open("/").await.must_not_say(ASKED);
        stand_at(6, 9);
        consultant.open("/").await.must_say(ASKED).must_say("by 30 June 2027");
    }

    async fn what_was_said_with_consent_can_be_taken_back(site: TestSite) {
        let mut member = site.signed_in_as("Community member, Riverside").await;
        member.open(&format!("{RIVERSIDE}/entries/new?kind=conversation")).await.must_be(200);
        member.fill("Title", "At the bus stop").fill("What there is to say", "Nobody asks us, by thistle.");
        member.press("Record").await.must_be(422);
        assert_eq!(member.page().errors(), ["Say how those who are quoted agreed to it. Without their consent it cannot be kept"]);
        member.fill("How they agreed", "Spoken, for the place.").press("Record").await.must_be(200).must_say("Spoken, for the place.");
        let said = without_query(&member.page().path);
        let mut lead = site.signed_in_as(LEAD).await;
        assert!(finds(&mut lead, "thistle").await);
        lead.open(&said).await;
        lead.follow("Take it back").await.must_be(200);
        lead.press("Take it back").await.must_be(422);
        lead.choose("Are you sure?", "Those who said it want it taken back");
        assert_eq!(lead.press("Take it back").await.notice(), "Taken back. Its words are gone from every page and from search.");
        for visitor in [&mut lead, &mut member] {
            visitor.open(&said).await.must_be(200).must_not_say("thistle").must_not_say("bus stop");
            visitor.open(&format!("{said}/history")).await.must_not_say("thistle");
            assert!(!finds(visitor, "thistle").await);
        }
        site.journal_is_whole().await;
    }
}
