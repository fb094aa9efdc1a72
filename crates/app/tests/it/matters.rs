//! Matters: what a critical friend said, what is tried, what somebody has to do, and what becomes of each, step by step.

use sea_orm::entity::prelude::*;
use tables::{EntryId, MatterId, entry, matter, step};
use testkit::site::{PRACTICE, today};
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{finds, has_row, row, waits, without_query};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";
const LEARNING_LEAD: &str = "Learning lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";

const CARERS: &str = "Who speaks for the carers";
const SAVED: &str = "Saved. It stands below, and those who wait for it see it in their Today.";

/// The consultant says something plainly, to somebody or to nobody in particular; gives its address.
async fn challenge(consultant: &mut Visitor, to: &str) -> String {
    consultant.open(&format!("{RIVERSIDE}/entries/new?kind=challenge")).await.must_be(200);
    consultant.fill("Title", CARERS).fill("What there is to say", "Nobody has asked them since spring.");
    consultant.fill("When it happened", "10 November 2026").choose("To whom", to);
    without_query(&consultant.press("Record").await.must_be(200).path)
}

/// Takes a step that the page of a matter offers, with these words.
async fn take(visitor: &mut Visitor, matter: &str, (key, name): (&str, &str), words: &[(&str, &str)]) {
    let step = format!("{matter}/steps/{key}");
    assert!(visitor.open(matter).await.must_be(200).links().contains(&step), "{name} is not offered");
    assert_eq!(visitor.open(&step).await.must_be(200).heading(), name);
    for (field, text) in words {
        visitor.fill(field, text);
    }
    assert_eq!(visitor.press(name).await.notice(), SAVED);
}

fn id_in(path: &str) -> EntryId {
    path.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no entry in {path}"))
}

/// How a matter stands, and how many steps led there.
async fn stands(site: &TestSite, path: &str) -> (String, u64) {
    let found = matter::Entity::find().filter(matter::COLUMN.entry_id.eq(id_in(path)));
    let matter = found.one(site.db().reader()).await.expect("matters").expect("the matter");
    let steps = step::Entity::find().filter(step::COLUMN.matter_id.eq(matter.id));
    (matter.state, steps.count(site.db().reader()).await.expect("steps"))
}

/// Puts so many challenges there of which something came long ago; gives their titles.
async fn put_closed(site: &TestSite, many: usize) -> Vec<String> {
    let first = site.put(Draft { kind: "challenge", ..Draft::default() }).await;
    let titles: Vec<String> = (0..many).map(|number| format!("Long closed {number:03}")).collect();
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    for title in &titles {
        let entry = entry::Model { id: EntryId(write.id()), title: title.clone(), ..first.clone() };
        let row = matter::Model {
            id: MatterId(write.id()),
            programme_id: entry.programme_id,
            place_id: entry.place_id,
            entry_id: entry.id,
            kind: entry.kind.clone(),
            state: "came-of-it".into(),
            open: false,
            to_person: None,
            due_on: None,
            opened_on: entry.happened_on,
            moved_at: write.at(),
            about: String::new(),
        };
        write.insert(entry).await.expect("an entry");
        write.insert(row).await.expect("a matter");
    }
    write.save().await.expect("the matters");
    titles
}

fn says_steps(visitor: &Visitor) -> bool {
    visitor.page().links().iter().any(|link| link.contains("/steps/"))
}

both! {
    async fn a_challenge_is_said_to_somebody_answered_and_closed(site: TestSite) {
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&format!("{RIVERSIDE}/entries/new?kind=challenge")).await.must_be(200);
        assert_eq!(consultant.choices("Who reads this"), ["Support"]);
        assert_eq!(consultant.choices("To whom"), ["Nobody in particular", LEARNING_LEAD, LEAD]);
        let path = challenge(&mut consultant, LEAD).await;
        consultant.page().must_say("It is open. It is with Project lead, Riverside. Expected by 1 December 2026: Project lead, Learning lead.");

        // It waits for whom it was said to; others who read it see that it is not theirs to answer first.
        let (mut lead, mut learning) = (site.signed_in_as(LEAD).await, site.signed_in_as(LEARNING_LEAD).await);
        assert!(waits(&mut lead).await.contains(&CARERS.to_string()));
        lead.page().must_say("Challenge of Riverside, open. Next: Answer.").must_say("by 1 December 2026");
        assert!(!waits(&mut learning).await.contains(&CARERS.to_string()));
        let mut partner = site.signed_in_as(PARTNER).await;
        partner.open("/").await.must_not_say(CARERS);
        partner.open(&path).await.must_be(404).must_not_say(CARERS);
        partner.open(&format!("{path}/steps/answered")).await.must_be(404);

        lead.open("/").await;
        lead.follow(CARERS).await.must_be(200);
        lead.follow("Answer").await.must_be(200).must_say("Who reads this: Support").must_say("Nobody has asked them since spring.");
        lead.press("Answer").await.must_be(422);
        assert_eq!(lead.page().errors(), ["Write what there is to say"]);
        lead.fill("What there is to say", "We have asked two of them to come; one brings periwinkles.");
        let answered = lead.press("Answer").await;
        assert_eq!(answered.notice(), SAVED);
        answered.must_say("It is answered.").must_say("one brings periwinkles.");

        site.clock().advance_seconds(3600);
        take(&mut consultant, &path, ("came-of-it", "Say what came of it"), &[("What there is to say", "Two carers sit at the table now.")]).await;
        consultant.page().must_say("It is closed.");
        assert!(!says_steps(&consultant), "nothing comes after the end");
        let steps = consultant.page().texts("ol.steps-taken > li");
        assert_eq!(steps.len(), 2);
        assert!(steps[0].contains("We have asked two of them") && steps[1].contains("Two carers sit"), "{steps:?}");
        assert_eq!(stands(&site, &path).await, ("came-of-it".into(), 2));
        for visitor in [&mut lead, &mut consultant] {
            assert!(!waits(visitor).await.contains(&CARERS.to_string()));
            visitor.open(&format!("{RIVERSIDE}/matters?kind=challenge")).await.must_be(200);
            assert_eq!(row(visitor, CARERS), None, "what is closed is not among what is open");
            visitor.open(&format!("{RIVERSIDE}/matters?kind=challenge&state=closed")).await;
            assert!(has_row(visitor, &format!("{CARERS} Challenge closed")));
        }
        assert!(finds(&mut learning, "periwinkle").await && !finds(&mut partner, "periwinkle").await, "a step is found by who reads it");
        site.journal_is_whole().await;
    }

    async fn an_answer_comes_back_to_who_said_it(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let path = challenge(&mut consultant, LEAD).await;
        assert!(!waits(&mut consultant).await.contains(&CARERS.to_string()), "they wait for an answer");
        take(&mut lead, &path, ("answered", "Answer"), &[("What there is to say", "We have asked two of them.")]).await;
        assert!(waits(&mut consultant).await.contains(&CARERS.to_string()), "what comes next is theirs to say");
        // Said again, it waits for the same person as before.
        take(&mut consultant, &path, ("said-again", "Say it again"), &[("What there is to say", "And the others?")]).await;
        assert!(waits(&mut lead).await.contains(&CARERS.to_string()));
    }

    async fn steps_are_taken_in_order_by_those_who_take_them(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let path = challenge(&mut consultant, LEAD).await;
        let step = |name: &str| format!("{path}/steps/{name}");
        let before = site.written().await;
        lead.open(&step("came-of-it")).await.must_be(409).must_say("It is open now, and this does not come next");
        let early = [("text", "All is well"), ("happened_on", "20 November 2026")];
        assert_eq!(lead.post(&step("came-of-it"), &early).await.status, 409);
        lead.open(&step("said-again")).await.must_be(403).must_say("This step is for others");
        assert_eq!(lead.post(&step("withdrawn"), &early).await.status, 403);
        consultant.open(&step("answered")).await.must_be(403);
        assert_eq!(consultant.post(&step("answered"), &early).await.status, 403);
        lead.open(&step("nonsense")).await.must_be(404);
        // A step of another kind is none of this one.
        lead.open(&step("seen")).await.must_be(404);
        lead.open(&step("answered")).await.must_be(200);
        lead.fill("What there is to say", "We will ask them.").fill("When it happened", "21 November 2026");
        lead.press("Answer").await.must_be(422);
        assert_eq!(lead.page().errors(), ["Enter a day that has come: today is 20 November 2026"]);
        assert_eq!(lead.value("What there is to say"), "We will ask them.");
        assert_eq!(site.written().await, before);
        assert_eq!(stands(&site, &path).await, (String::new(), 0));
    }

    async fn who_answers_second_is_told_that_it_has_moved_on(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let path = challenge(&mut consultant, LEAD).await;
        let answer = format!("{path}/steps/answered");
        lead.open(&answer).await.must_be(200);
        let mut second = lead.second_window();
        second.open(&answer).await.must_be(200);
        lead.fill("What there is to say", "We have asked two of them.").press("Answer").await.must_be(200);
        second.fill("What there is to say", "They were never there.");
        let before = site.written().await;
        let refused = second.press("Answer").await;
        refused.must_be(409).must_say("This matter has moved on").must_say("It is answered now").must_say("They were never there.");
        assert_eq!(site.written().await, before, "nothing is written");
        second.follow("Open it as it stands").await.must_be(200).must_say("We have asked two of them.").must_not_say("They were never there.");
        assert_eq!(stands(&site, &path).await, ("answered".into(), 1));

        // At the very same moment as well one answers, and the other is told.
        let path = challenge(&mut consultant, "Nobody in particular").await;
        let mut learning = site.signed_in_as(LEARNING_LEAD).await;
        assert!(waits(&mut lead).await.contains(&CARERS.to_string()) && waits(&mut learning).await.contains(&CARERS.to_string()));
        let answer = format!("{path}/steps/answered");
        for visitor in [&mut lead, &mut learning] {
            visitor.open(&answer).await.must_be(200);
            visitor.fill("What there is to say", "I have an answer.");
        }
        let (one, other) = (lead.filled_form("Answer"), learning.filled_form("Answer"));
        let (one, other) = futures::join!(lead.send(&one), learning.send(&other));
        let mut both = [one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 409]);
        assert_eq!(stands(&site, &path).await, ("answered".into(), 1));
        // A press that is sent twice is one.
        consultant.open(&format!("{path}/steps/said-again")).await.must_be(200);
        consultant.fill("What there is to say", "And the others?");
        let press = consultant.filled_form("Say it again");
        let mut again = consultant.second_window();
        let (one, other) = futures::join!(consultant.send(&press), again.send(&press));
        one.must_be(200);
        other.must_be(200);
        assert_eq!(stands(&site, &path).await, ("said-again".into(), 2));
        site.journal_is_whole().await;
    }

    async fn the_board_says_how_old_and_how_silent_a_matter_is(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let path = challenge(&mut consultant, LEAD).await;
        let board = format!("{RIVERSIDE}/matters?kind=challenge");
        consultant.open(&board).await.must_be(200);
        let stood = "Challenge open 10 days 0 days Project lead, Riverside (Project lead, Learning lead) 1 December 2026";
        assert!(has_row(&consultant, &format!("{CARERS} {stood}")), "{:?}", row(&consultant, CARERS));
        site.clock().advance_seconds(3 * 24 * 3600);
        consultant.open(&board).await;
        assert!(has_row(&consultant, &format!("{CARERS} Challenge open 13 days 3 days")));
        consultant.open(&path).await.must_say("Nothing was said for 3 days.");
        lead.open(&format!("{PRACTICE}/matters?kind=challenge")).await.must_be(200);
        assert!(has_row(&lead, &format!("{CARERS} Challenge Riverside open 13 days 3 days")), "among all places it names the place");

        // Nine days more, and the day on which an answer was expected has gone by.
        site.clock().advance_seconds(9 * 24 * 3600);
        lead.open(&board).await;
        assert!(has_row(&lead, &format!("{CARERS} Challenge open 22 days 12 days")));
        assert!(row(&lead, CARERS).is_some_and(|row| row.contains("1 December 2026 late")), "{:?}", row(&lead, CARERS));
        take(&mut lead, &path, ("answered", "Answer"), &[("What there is to say", "We have asked two of them.")]).await;
        lead.open(&board).await;
        assert!(has_row(&lead, &format!("{CARERS} Challenge answered 22 days 0 days")), "an answer ends the silence");
        assert!(row(&lead, CARERS).is_some_and(|row| !row.contains("late")));
    }

    async fn a_long_board_goes_on_over_pages_and_stays_narrowed(site: TestSite) {
        const CLOSED: &str = "kind=challenge&state=closed";
        let titles = put_closed(&site, 120).await;
        let mut lead = site.signed_in_as(LEAD).await;
        for board in [format!("{RIVERSIDE}/matters"), format!("{PRACTICE}/matters")] {
            lead.open(&format!("{board}?{CLOSED}")).await.must_be(200);
            let mut seen = Vec::new();
            for page in 1..=3 {
                lead.page().must_say(&format!("Page {page} of 3"));
                assert!(lead.page().path.contains(CLOSED), "it stays narrowed: {}", lead.page().path);
                let rows = lead.page().texts("table tbody tr");
                seen.extend(titles.iter().filter(|title| rows.iter().any(|row| row.starts_with(title.as_str()))));
                if page < 3 {
                    lead.follow("Next page →").await.must_be(200);
                }
            }
            seen.sort();
            assert_eq!(seen, titles.iter().collect::<Vec<_>>(), "each stands on one page");
            lead.follow("← Previous page").await.must_be(200).must_say("Page 2 of 3");
            lead.open(&format!("{board}?{CLOSED}&page=99")).await.must_be(200).must_say("Page 3 of 3");
            lead.open(&format!("{board}?kind=challenge")).await.must_be(200).must_not_say("Long closed");
            // Whoever may not read them is told of no pages either.
            let mut manager = site.signed_in_as("Grant manager").await;
            manager.open(&format!("{board}?{CLOSED}")).await.must_be(200).must_not_say("Long closed").must_not_say("Page 1 of");
        }
    }

    async fn nobody_counts_what_they_may_not_read(site: TestSite) {
        let (mut consultant, mut manager) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as("Grant manager").await);
        let path = challenge(&mut consultant, LEAD).await;
        consultant.open(&format!("{RIVERSIDE}/matters")).await;
        assert!(consultant.page().texts("caption").contains(&"Challenge".to_string()), "who reads them has them counted");
        assert!(!consultant.page().texts("#patterns tbody tr").is_empty());
        // Something of their own, so that there is a board to see.
        manager.open(&format!("{RIVERSIDE}/entries/new?kind=action")).await.must_be(200);
        assert_eq!(manager.choices("Who reads this"), ["Programme team", "Network", "The team's own learning"]);
        manager.choose("Who reads this", "Programme team").fill("Title", "Ring the treasurer").fill("What there is to say", "About the bank.");
        manager.press("Record").await.must_be(200);
        for board in [format!("{PRACTICE}/matters"), format!("{RIVERSIDE}/matters")] {
            manager.open(&board).await.must_be(200).must_not_say(CARERS);
            assert!(row(&manager, "Ring the treasurer").is_some(), "{}", manager.page().text());
            let told = [manager.page().texts("caption"), manager.page().texts("tbody tr")].concat();
            assert!(!told.iter().any(|said| said.contains("Challenge")), "no row and no count: {told:?}");
            for narrowed in ["kind=challenge", "kind=challenge&state=closed", "state=closed"] {
                manager.open(&format!("{board}?{narrowed}")).await.must_be(200).must_not_say(CARERS);
                assert_eq!(row(&manager, "Challenge"), None, "{narrowed}");
            }
        }
        manager.open("/").await.must_not_say(CARERS);
        for end in ["", "/history", "/steps/answered", "/steps/came-of-it"] {
            manager.open(&format!("{path}{end}")).await.must_be(404).must_not_say(CARERS);
        }
        // Another place's consultant reads their own place's, and an adviser nothing.
        for name in ["Consultant, Lantern Hill", "Advisory group member"] {
            let mut visitor = site.signed_in_as(name).await;
            for board in [format!("{PRACTICE}/matters"), format!("{RIVERSIDE}/matters")] {
                visitor.open(&board).await.must_be(200).must_not_say(CARERS).must_not_say("Ring the treasurer");
                assert_eq!(row(&visitor, "Riverside"), None, "{name}");
            }
        }
    }

    async fn an_experiment_is_looked_at_adapted_and_stopped(site: TestSite) {
        const DOORS: &str = "Open doors on Fridays";
        let mut partner = site.signed_in_as(PARTNER).await;
        partner.open(&format!("{RIVERSIDE}/entries/new?kind=experiment")).await.must_be(200);
        assert_eq!(partner.choices("Who reads this"), ["The place's own"]);
        partner.fill("Title", DOORS).fill("What we believe", "People come when they know the door.").fill("What we try", "No appointments on Fridays.");
        let before = site.written().await;
        partner.press("Record").await.must_be(422);
        assert_eq!(partner.page().errors(), ["Say something under “What we will watch”"]);
        assert_eq!(partner.page().texts("#part-watch-error"), ["Error: Say something under “What we will watch”"], "it is said beside it");
        assert_eq!((partner.value("What we try"), partner.value("Title")), ("No appointments on Fridays.".into(), DOORS.into()));
        assert_eq!(site.written().await, before);
        partner.fill("What we will watch", "Who comes for the first time.");
        let path = without_query(&partner.press("Record").await.must_be(200).path);
        assert_eq!(partner.page().texts(".words h2, .words h3"), ["What we believe", "What we try", "What we will watch"]);
        assert_eq!((partner.page().link("Adopt it"), partner.page().link("Adapt it")), (None, None), "first somebody looks");

        partner.follow("Say what happened").await.must_be(200);
        partner.fill("What happened", "Eleven new faces.").fill("Now what", "Try it with tea.");
        partner.press("Say what happened").await.must_be(422);
        assert_eq!(partner.page().errors(), ["Say something under “So what”"]);
        assert_eq!(partner.value("What happened"), "Eleven new faces.");
        partner.fill("So what", "The door matters.");
        partner.press("Say what happened").await.must_be(200).must_say("It is looked at.").must_say("Eleven new faces.");
        // Anybody of the circle takes the next step.
        let mut neighbour = site.signed_in_as("Community member, Riverside").await;
        take(&mut neighbour, &path, ("adapt", "Adapt it"), &[("What we try now", "The same, with tea.")]).await;
        neighbour.page().must_say("It is adapted.");
        take(&mut partner, &path, ("seen", "Say what happened"), &[("What happened", "Nobody came."), ("So what", "It was the tea."), ("Now what", "We stop.")]).await;
        take(&mut neighbour, &path, ("stop", "Stop it"), &[("Why", "It has taught us what it could.")]).await;
        neighbour.page().must_say("It is stopped.").must_say("It has taught us what it could.");
        assert!(!says_steps(&neighbour));
        assert_eq!(stands(&site, &path).await, ("stop".into(), 4));
        partner.open(&format!("{path}/steps/seen")).await.must_be(409);
        partner.open(&format!("{RIVERSIDE}/matters?kind=experiment&state=closed")).await;
        assert!(has_row(&partner, &format!("{DOORS} Experiment stopped")));
        // It is the place's own: who supports it is not told.
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&path).await.must_be(404);
        consultant.open(&format!("{RIVERSIDE}/matters?kind=experiment&state=closed")).await.must_not_say(DOORS);
        site.journal_is_whole().await;
    }

    async fn what_somebody_had_to_do_goes_to_whoever_is_there_after_them(site: TestSite) {
        const HALL: &str = "Ask the school for its hall";
        let (mut lead, mut partner) = (site.signed_in_as(LEAD).await, site.signed_in_as(PARTNER).await);
        lead.open(&format!("{PRACTICE}/people/new")).await;
        lead.fill("Name", "Alex Smith").fill("E-mail address", "alex@example.org").choose("Role", "Partner organisation's representative");
        lead.choose("For", "Riverside").press("Appoint").await.must_be(200);
        let link = site.link_sent_to("alex@example.org").await;
        let mut alex = site.visitor();
        alex.open(&link).await.must_be(200);
        alex.fill("A password", "four quiet green words").press("Accept the invitation").await.must_be(200);

        lead.open(&format!("{RIVERSIDE}/entries/new?kind=action")).await.must_be(200);
        assert!(lead.choices("To whom").contains(&"Alex Smith, Partner organisation's representative".to_string()));
        lead.choose("Who reads this", "The place's own").choose("To whom", CONSULTANT);
        lead.fill("Title", HALL).fill("What there is to say", "For the autumn forum.").press("Record").await.must_be(422);
        assert_eq!(lead.page().errors(), ["They do not read this circle. Choose somebody who does, or another circle"]);
        assert_eq!(lead.value("Title"), HALL);
        assert_ne!(lead.value("To whom"), "", "whom one chose stays chosen");
        lead.choose("To whom", PARTNER).fill("By when", "30 November 2026");
        let path = without_query(&lead.press("Record").await.must_be(200).path);
        lead.page().must_say("It is with Partner organisation's representative, Riverside. Expected by 30 November 2026");
        assert!(waits(&mut partner).await.contains(&HALL.to_string()));
        assert!(!waits(&mut alex).await.contains(&HALL.to_string()), "it is with somebody else");

        lead.open(&format!("{PRACTICE}/people")).await;
        lead.follow(PARTNER).await;
        assert!(lead.press("End it now").await.notice().starts_with("Ended."));
        partner.open("/").await.must_say("You hold no role today").must_not_say(HALL);
        assert!(waits(&mut alex).await.contains(&HALL.to_string()), "who holds the role now has it");
        take(&mut alex, &path, ("done", "Say it is done"), &[("What there is to say", "They give it free of charge.")]).await;
        alex.page().must_say("It is done.");
        assert!(!waits(&mut alex).await.contains(&HALL.to_string()));
        assert_eq!(stands(&site, &path).await, ("done".into(), 1));
    }

    async fn a_matter_stays_in_its_circle_and_a_step_as_it_was_said(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        lead.open(&format!("{RIVERSIDE}/entries/new?kind=action")).await.must_be(200);
        lead.choose("Who reads this", "The place's own").fill("Title", "Mend the door").fill("What there is to say", "It sticks.");
        let action = without_query(&lead.press("Record").await.must_be(200).path);
        let circle = site.entry(id_in(&action)).await.circle_id;
        lead.follow("Change").await.must_be(200);
        assert_eq!(lead.choices("Who reads this"), ["The place's own"], "it cannot go elsewhere");
        lead.fill("What there is to say", "It sticks, and it squeaks.");
        let forged = lead.filled_form("Save the change").with("circle", "support");
        lead.send(&forged).await.must_be(422).must_say("Choose who reads this");
        assert_eq!(site.entry(id_in(&action)).await.circle_id, circle);
        lead.open(&format!("{action}/change")).await;
        lead.fill("What there is to say", "It sticks, and it squeaks.").press("Save the change").await.must_be(200).must_say("squeaks");

        let path = challenge(&mut consultant, LEAD).await;
        take(&mut lead, &path, ("answered", "Answer"), &[("What there is to say", "We have asked two of them.")]).await;
        lead.follow("Answer").await.must_be(200).must_say("It belongs to Who speaks for the carers.");
        let said = without_query(&lead.page().path);
        assert_ne!(said, path);
        assert_eq!(lead.page().link("Change"), None);
        lead.open(&format!("{said}/change")).await.must_be(403).must_say("This stands as it was said");
        let fields = [("title", "Mine"), ("text", "We asked all of them."), ("revision", "1"), ("circle", "support"), ("happened_on", "2026-11-20")];
        assert_eq!(lead.post(&format!("{said}/change"), &fields).await.status, 403);
        let row = site.entry(id_in(&said)).await;
        assert_eq!((row.text.as_str(), row.revision, row.happened_on), ("We have asked two of them.", 1, today()));
        // A step has no steps of its own.
        lead.open(&format!("{said}/steps/came-of-it")).await.must_be(404);
    }
}
