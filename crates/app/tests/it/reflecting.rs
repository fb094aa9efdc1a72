//! Groups that reflect: each alone, then together, again after a while; and nobody else is told that there was anything.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use tables::{journal, reflection};
use testkit::site::{OTHER, PRACTICE};
use testkit::{TestSite, Visitor, both};

use crate::agreements::{finds, has_row, waits, without_query};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const ROUNDS: &str = "/programmes/practice-healthy-communities-together/places/riverside/reflections";
const TEAM: &str = "/programmes/practice-healthy-communities-together/reflections";
const LEAD: &str = "Project lead, Riverside";
const LEARNING_LEAD: &str = "Learning lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";
const MEMBER: &str = "Community member, Riverside";
const GROUP: [&str; 4] = [LEAD, LEARNING_LEAD, PARTNER, MEMBER];
/// Whoever pays, supports, evaluates or advises, others of the place who take no part, and the same roles elsewhere.
const OTHERS: [&str; 10] = [
    "Programme lead, funder",
    "Grant manager",
    "Support lead",
    "Learning capture team",
    "Evaluator",
    "Advisory group member",
    "Consultant, Riverside",
    "Finance person, Riverside",
    "Project lead, Lantern Hill",
    "Community member, Lantern Hill",
];

const TRUST: &str = "How far can we rely on one another?";
const SETTLES: &str = "Who settles things in the end?";
const HEARD: &str = "Whose voice do we hear too little?";
const UNSAID: &str = "What do we not talk about, and should?";
const MOVED: &str = "Has anything about how we work changed since we last looked?";
const TRY: &str = "What should we try differently?";

const ALONE: &str = "Answer alone. What you write is yours; the group sees all answers at once, without names.";
const FINISHED: &str = "Saved, and you have finished. You can still change it until you look at it together.";

fn instead(question: &str) -> String {
    format!("In place of an answer: {question}")
}

/// Opens the next round of Riverside's group; gives its address.
async fn open_round(lead: &mut Visitor, number: u32) -> String {
    lead.open(ROUNDS).await.must_be(200);
    let page = lead.press(&format!("Open round {number} of “How we work together”")).await.must_be(200);
    assert_eq!(page.notice(), "Opened. Those who take part see it in their Today.");
    without_query(&page.path)
}

/// Says something to every question, but for a press of the button.
async fn fill_in(visitor: &mut Visitor, round: &str, trust: &str, unsaid: &str) {
    visitor.open(round).await.must_be(200).must_say(ALONE);
    visitor.choose(TRUST, trust).choose(SETTLES, "The same few").choose(HEARD, "Small organisations").fill(UNSAID, unsaid);
    visitor.choose(&instead(MOVED), "Skip").choose(&instead(TRY), "Not safe to say yet");
}

async fn answer(visitor: &mut Visitor, round: &str, trust: &str, unsaid: &str) {
    fill_in(visitor, round, trust, unsaid).await;
    assert_eq!(visitor.press("I have finished").await.must_be(200).notice(), FINISHED);
}

async fn reveal(lead: &mut Visitor, round: &str) {
    lead.open(round).await.must_be(200);
    lead.choose("From then on nobody can change an answer", "Show them now");
    assert_eq!(lead.press("Show the answers together").await.notice(), "All see it now. Nothing can be changed any more.");
}

/// The group of Riverside, signed in, in the order of [`GROUP`].
async fn group(site: &TestSite) -> Vec<Visitor> {
    let mut all = Vec::new();
    for name in GROUP {
        all.push(site.signed_in_as(name).await);
    }
    all
}

/// A round in Riverside that three have answered and the group has looked at; the last part of its address.
pub async fn put_revealed(site: &TestSite) -> String {
    let mut people = group(site).await;
    let round = open_round(&mut people[0], 1).await;
    for person in &mut people[..3] {
        answer(person, &round, "2 We are polite", "The herons.").await;
    }
    reveal(&mut people[0], &round).await;
    round.rsplit('/').next().unwrap_or_default().to_string()
}

/// Everything that the journal holds of what was done after this record, as somebody reads it who looks into the database.
async fn journal_holds(site: &TestSite, after: i64) -> String {
    let chain = site.programme(PRACTICE).await.id.0;
    let all = journal::Entity::find()
        .filter(journal::COLUMN.chain.eq(chain))
        .filter(journal::COLUMN.number.gt(after))
        .order_by_asc(journal::Column::Number);
    let all = all.all(site.db().reader()).await.expect("the journal");
    all.into_iter().map(|r| format!("{} {} {}\n", r.act, r.kind, r.change)).collect()
}

both! {
    async fn a_group_answers_alone_looks_together_and_does_so_again(site: TestSite) {
        let mut people = group(&site).await;
        people[0].open(RIVERSIDE).await.must_be(200);
        people[0].follow("Reflect").await.must_be(200).must_say("There was no round yet.").must_say("A round can be opened at any time.");
        // Only those whom the design names open a round.
        people[3].open(ROUNDS).await.must_be(200);
        assert!(!people[3].sees_button("Open round 1 of “How we work together”"));
        assert_eq!(people[3].post(ROUNDS, &[("framework", "partnership")]).await.status, 403);
        let first = open_round(&mut people[0], 1).await;
        assert!(waits(&mut people[3]).await.contains(&"Reflect alone: How we work together, round 1".to_string()));

        // Alone: each sees their own answers, and how many have finished.
        answer(&mut people[0], &first, "1 We keep things to ourselves", "Who gets the rent.").await;
        people[0].page().must_say("You have finished. 1 of 4 has finished.");
        answer(&mut people[1], &first, "3 We say most things", "That the tanglewood plan is dead.").await;
        let page = people[0].open(&first).await;
        page.must_say("2 of 4 have finished.").must_not_say("tanglewood").must_say("It waits until at least 3 have finished: among fewer, each could tell who said what.");
        assert!(!people[0].sees_button("Show the answers together"));
        assert_eq!(people[0].post(&first, &[("do", "reveal"), ("sure", "yes")]).await.status, 409, "two are too few");
        // One of them does not find a question safe, though they had answered it.
        fill_in(&mut people[2], &first, "3 We say most things", "The minutes are written beforehand.").await;
        people[2].choose(&instead(UNSAID), "Not safe to say yet");
        assert_eq!(people[2].press("I have finished").await.notice(), FINISHED);
        assert_eq!(people[3].post(&first, &[("do", "reveal"), ("sure", "yes")]).await.status, 403, "a member shows nothing");
        people[0].open(&first).await.must_say("1 has not finished: what they wrote stays with them alone.");
        people[0].press("Show the answers together").await.must_be(422).must_say("Tick the box to show the answers: it cannot be taken back");
        reveal(&mut people[0], &first).await;

        // Together: what was said, by how many, and by nobody in particular. The community member, who had not answered, reads it too.
        for person in &mut people {
            let page = person.open(&first).await.must_be(200);
            page.must_say("What 3 people said, each alone").must_say("Who gets the rent.").must_say("That the tanglewood plan is dead.");
            page.must_say("Skipped by 0. Not safe to say yet for 1.");
            assert!(has_row(person, "3: We say most things 2") && has_row(person, "1: We keep things to ourselves 1"));
            assert!(has_row(person, "The same few 3") && has_row(person, "Skip 3"), "{}", person.page().text());
            for name in GROUP {
                assert!(!person.page().text().contains(name), "{name} is named");
            }
        }
        people[0].open(&first).await.must_not_say("The minutes are written beforehand.");
        people[2].open(&first).await.must_say("The minutes are written beforehand.").must_say("What you answered, which only you see with your name");
        people[3].page().must_not_say("What you answered");

        // What the group makes of it stands in the place's own circle, and something comes out of it.
        people[1].follow("Write what we make of it").await.must_be(200).must_say("The place's own");
        assert_eq!(people[1].value("Title"), "What we make of how we work together, round 1");
        people[1].fill("What there is to say", "We want to say more of it to each other, in the ferrywell room.");
        let words = without_query(&people[1].press("Record").await.must_be(200).path);
        people[1].page().must_say("It came out of How we work together, round 1.");
        people[3].open(&first).await;
        people[3].follow("Out of this comes: experiment").await.must_be(200);
        assert_eq!(people[3].value("Title"), "Experiment out of how we work together, round 1");
        people[3].press("Record").await.must_be(422).must_say("Say something under “What we try”");
        assert_eq!(people[3].value("Title"), "Experiment out of how we work together, round 1");
        people[3].fill("What we believe", "A walk loosens tongues.").fill("What we try", "Meet outside.").fill("What we will watch", "Who speaks.");
        people[3].press("Record").await.must_be(200).must_say("What came of it");
        let page = people[0].open(&first).await;
        assert!(page.links().contains(&words));
        page.must_say("Experiment out of how we work together, round 1").must_not_say("Nobody has written yet");

        // Again: the same questions, with the earlier round beside them.
        site.clock().advance_seconds(130 * 24 * 3600);
        let mut people = group(&site).await;
        assert!(waits(&mut people[0]).await.contains(&"Open How we work together, round 2".to_string()), "a round is due");
        assert!(!waits(&mut people[3]).await.iter().any(|task| task.contains("round 2")), "and others are left alone");
        people[0].open(ROUNDS).await.must_say("The next round has been due since 20 March 2027.");
        let second = open_round(&mut people[0], 2).await;
        for (person, text) in people.iter_mut().zip(["Less than before.", "The rent again.", "Nothing.", "Whom we forgot."]) {
            answer(person, &second, "4 We say what is hard to say", text).await;
        }
        assert!(waits(&mut people[1]).await.contains(&"Look together: How we work together, round 2".to_string()));
        reveal(&mut people[1], &second).await;
        let page = people[2].open(&second).await;
        page.must_say("What 4 people said").must_say("Whom we forgot.").must_say(&format!("Round 1: {UNSAID}")).must_say("Who gets the rent.");
        assert!(has_row(&people[2], "3: We say most things 2 0") && has_row(&people[2], "4: We say what is hard to say 0 4"));
        people[2].page().must_not_say("The minutes are written beforehand.");
        people[0].open(ROUNDS).await.must_say("Looked at together since");
        site.journal_is_whole().await;
    }

    async fn nobody_else_is_told_that_there_was_anything(site: TestSite) {
        let before = site.last_record().await;
        let mut people = group(&site).await;
        let round = open_round(&mut people[0], 1).await;
        for (person, text) in people.iter_mut().zip(["The wickerlark.", "A wickerlark.", "Two wickerlarks.", "No wickerlark."]) {
            answer(person, &round, "2 We are polite", text).await;
        }
        reveal(&mut people[1], &round).await;
        people[1].open(&format!("{round}/write")).await.must_be(200);
        people[1].fill("What there is to say", "We count the siskinbrooks.");
        let words = without_query(&people[1].press("Record").await.must_be(200).path);
        assert!(finds(&mut people[2], "siskinbrooks").await, "the group's words are found by the group");
        assert!(!finds(&mut people[2], "wickerlark").await, "what somebody answered is no entry");

        for name in OTHERS {
            let mut other = site.signed_in_as(name).await;
            for (path, method) in [(ROUNDS.to_string(), "GET"), (round.clone(), "GET"), (format!("{round}/write"), "GET"), (words.clone(), "GET")] {
                let reply = other.get(&path).await;
                assert_eq!(reply.status, 404, "{method} {path} by {name}");
            }
            for (path, fields) in [
                (ROUNDS, vec![("framework", "partnership")]),
                (round.as_str(), vec![("do", "reveal"), ("sure", "yes")]),
                (round.as_str(), vec![("trust", "1"), ("then", "finish")]),
            ] {
                assert_eq!(other.post(path, &fields).await.status, 404, "{path} by {name}");
            }
            assert!(!finds(&mut other, "siskinbrooks").await && !finds(&mut other, "wickerlark").await, "{name}");
            for path in ["/", RIVERSIDE, &format!("{RIVERSIDE}/entries"), &format!("{PRACTICE}/entries"), &format!("{PRACTICE}/theme-table")] {
                let reply = other.get(path).await.text();
                for word in ["wickerlark", "siskinbrook", "round 1", "Reflect alone", &round, "riverside/reflections"] {
                    assert!(!reply.contains(word), "{path} tells {name} of {word}");
                }
            }
        }
        // A sponsor who may read the journal is told that something was done in some group, and neither what nor by whom.
        let mut funder = site.signed_in_as("Programme lead, funder").await;
        let said = funder.open(&format!("{PRACTICE}/journal")).await.text();
        for word in ["eflect", "round of", "Partner organisation"] {
            assert!(!said.contains(word), "the journal’s page says {word}");
        }
        assert!(has_row(&funder, "Somebody of that group Do something among a group what only a group knows of"));
        // Nobody reads it in the database's own record of changes either, nor who had finished, or skipped what.
        let held = journal_holds(&site, before).await;
        for word in ["wickerlark", "not-safe", "instead", "unsaid", "done_at", "shown"] {
            assert!(!held.contains(word), "the journal holds {word}");
        }
        assert!(held.contains("siskinbrooks"), "what the group wrote is an entry as any other");
        let acts = site.acts_since(before).await;
        assert!(acts.iter().all(|act| ["do something among a group", "record an entry", "sign in"].contains(&act.as_str())), "{acts:?}");
        site.journal_is_whole().await;
    }

    async fn answers_are_ones_own_until_the_group_looks(site: TestSite) {
        let mut people = group(&site).await;
        let round = open_round(&mut people[0], 1).await;
        // Something is missing: it is said where, and nothing typed is lost. What was typed is saved all the same.
        people[3].open(&round).await;
        people[3].choose(TRUST, "4 We say what is hard to say").fill(UNSAID, "The plumwater lease.");
        let page = people[3].press("I have finished").await.must_be(422);
        assert_eq!(page.errors().len(), 4, "{:?}", page.errors());
        page.must_say("Answer this, or choose below to skip it or to say that it is not safe yet").must_say("0 of 4 have finished.");
        assert_eq!(people[3].value(UNSAID), "The plumwater lease.");
        people[3].open(&round).await.must_say("The plumwater lease.");
        people[3].fill(UNSAID, "The plumwater lease, and who signed it.");
        people[3].press("Save and stay").await.must_be(200).must_say("Saved. Nobody else reads it.").must_say("0 of 4 have finished.");

        // As one writes: the page goes on from what it saved. Another window is not overwritten unseen.
        let mut window = people[3].second_window();
        window.open(&round).await;
        let typed = people[3].filled_form("Save and stay").with("unsaid", "The lease.").with("then", "auto");
        let fields: Vec<(&str, &str)> = typed.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let reply = people[3].post(&typed.action, &fields).await;
        assert_eq!(reply.status, 200);
        let revision = reply.text();
        assert!(revision.contains("name=\"version.reflection\" value=\"3\""), "{revision}");
        window.fill(UNSAID, "Something else.");
        let page = window.press("Save and stay").await.must_be(409);
        page.must_say("You saved something else in another window meanwhile.").must_say("The lease.");
        assert_eq!(window.value(UNSAID), "Something else.");
        window.press("Save and stay").await.must_be(200);
        assert_eq!(window.value(UNSAID), "Something else.");
        // Bad input is answered, and changes nothing.
        assert_eq!(people[3].post(&round, &[("version.reflection", "4"), ("trust", "999"), ("unsaid", "Something else.")]).await.status, 422);
        assert_eq!(people[3].get(&format!("{PRACTICE}/reflections/nonsense")).await.status, 404);

        for person in &mut people[..3] {
            answer(person, &round, "2 We are polite", "The lease.").await;
        }
        // Whoever has finished and takes an answer away has not finished any more.
        people[2].open(&round).await.must_say("3 of 4 have finished. You have finished.");
        people[2].choose(&instead(TRY), "My answer above");
        people[2].press("Save and stay").await.must_say("2 of 4 have finished.");
        people[2].choose(&instead(TRY), "Skip");
        people[2].press("I have finished").await.must_be(200);
        // What one is about to save when the group looks is refused, and given back.
        people[3].open(&round).await;
        people[3].fill(UNSAID, "Too late to say.");
        reveal(&mut people[0], &round).await;
        people[3].press("Save and stay").await.must_be(409).must_say("This round is over").must_say("Too late to say.");
        people[3].open(&round).await.must_say("What you had begun to answer, which nobody else sees").must_say("Something else.");
        people[0].open(&round).await.must_not_say("Something else.").must_not_say("Too late");
        assert_eq!(reflection::Entity::find().count(site.db().reader()).await.expect("reflections"), 4);
        // Pressed once more, it leads to what is shown already.
        assert_eq!(people[0].post(&round, &[("do", "reveal"), ("sure", "yes")]).await.status, 303);
    }

    async fn whoever_leaves_no_longer_counts_and_whoever_joins_reads_what_the_group_reads(site: TestSite) {
        let mut people = group(&site).await;
        let round = open_round(&mut people[0], 1).await;
        for person in &mut people[1..] {
            answer(person, &round, "2 We are polite", "What the osierbank owes.").await;
        }
        people[0].open(&round).await.must_say("3 of 4 have finished.");
        // The partner leaves: two are left that have finished, and that is too few.
        let held = site.appointment(PARTNER).await;
        assert_eq!(people[0].post(&format!("{PRACTICE}/appointments/{}/end", held.id), &[]).await.status, 303);
        people[0].open(&round).await.must_say("2 of 3 have finished.").must_say("It waits until at least 3 have finished");
        people[2].open(&round).await.must_be(403);
        answer(&mut people[0], &round, "1 We keep things to ourselves", "Mine is the third.").await;
        reveal(&mut people[0], &round).await;
        people[0].open(&round).await.must_say("What 3 people said").must_say("Mine is the third.");
        assert!(has_row(&people[0], "2: We are polite 2"), "the partner's answer counts no more");
        // Somebody who leaves later takes nothing away: it is the group's by now.
        let held = site.appointment(MEMBER).await;
        assert_eq!(people[0].post(&format!("{PRACTICE}/appointments/{}/end", held.id), &[]).await.status, 303);
        people[0].open(&round).await.must_say("What 3 people said");
        people[3].open(&round).await.must_be(403);
        // Somebody new reads it with the others, and nobody's own sheet.
        people[0].open(&format!("{PRACTICE}/people/new")).await.must_be(200);
        people[0].fill("Name", "Ama Newcomer").fill("E-mail address", "ama@example.org").choose("Role", "Community member");
        people[0].press("Appoint").await.must_be(200);
        let link = site.link_sent_to("ama@example.org").await;
        let mut ama = site.visitor();
        ama.open(&link).await;
        ama.fill("A password", "four quiet green words");
        ama.press("Accept the invitation").await;
        ama.open(&round).await.must_be(200).must_say("Mine is the third.").must_not_say("What you answered");
    }

    async fn a_round_can_be_closed_without_anybody_seeing_it(site: TestSite) {
        let mut people = group(&site).await;
        let round = open_round(&mut people[1], 1).await;
        answer(&mut people[3], &round, "2 We are polite", "The marshgate key.").await;
        assert_eq!(people[3].post(&round, &[("do", "close"), ("gone", "yes")]).await.status, 403);
        // Opened twice, it is the same round.
        assert_eq!(people[0].post(ROUNDS, &[("framework", "partnership")]).await.location(), round);
        people[0].open(&round).await;
        people[0].press("Close it").await.must_be(422).must_say("Tick the box to close it: it cannot be opened again");
        people[0].choose("It cannot be opened again", "Close it all the same");
        assert_eq!(people[0].press("Close it").await.notice(), "Closed. Nobody saw what was answered.");
        people[0].page().must_say("Closed without anybody seeing it");
        people[0].open(&round).await.must_be(200).must_say("You had answered nothing.").must_not_say("marshgate");
        people[3].open(&round).await.must_say("The marshgate key.");
        assert_eq!(people[0].post(&round, &[("do", "reveal"), ("sure", "yes")]).await.status, 303);
        people[1].open(&round).await.must_not_say("marshgate");
        assert_eq!(people[1].get(&format!("{round}/write")).await.status, 404);
        open_round(&mut people[0], 2).await;
    }

    async fn the_programme_team_reflects_by_the_same_means(site: TestSite) {
        let mut team = Vec::new();
        for name in ["Programme lead, funder", "Programme lead, support partner", "Grant manager", "Learning capture team"] {
            team.push(site.signed_in_as(name).await);
        }
        team[0].open(PRACTICE).await;
        team[0].follow("Reflection").await.must_be(200).must_say("How we run this together").must_not_say("Places in which you take part");
        let page = team[0].press("Open round 1 of “How we run this together”").await.must_be(200);
        let round = without_query(&page.path);
        for (visitor, text) in team.iter_mut().zip(["Fewer forms.", "Fewer meetings.", "Our names.", "To be asked."]) {
            visitor.open(&round).await.must_be(200);
            visitor.choose("Do places meet one programme, or several?", "2 Mostly apart");
            visitor.choose("Do you know enough of what the others do?", "No");
            visitor.fill("What do we ask of places that we could do without?", text);
            visitor.fill("What have we learnt that we have not acted on?", "That it takes longer.");
            visitor.press("I have finished").await.must_be(200);
        }
        reveal(&mut team[3], &round).await;
        team[2].open(&round).await.must_say("What 4 people said").must_say("Our names.");
        assert!(has_row(&team[2], "2: Mostly apart 4") && has_row(&team[2], "No 4"));
        team[2].follow("Write what we make of it").await.must_say("The team's own learning");
        team[2].fill("What there is to say", "We ask for less from the lanternmoor.");
        team[2].press("Record").await.must_be(200);
        // A place has no part in it, and reaches its own through the same section.
        let mut lead = site.signed_in_as(LEAD).await;
        lead.open(&round).await.must_be(404);
        assert!(!finds(&mut lead, "lanternmoor").await);
        lead.open(PRACTICE).await;
        lead.follow("Reflection").await.must_be(200).must_not_say("How we run this together");
        lead.follow("Reflection in Riverside").await.must_be(200);
        for name in ["Support lead", "Evaluator", "Consultant, Riverside"] {
            let mut other = site.signed_in_as(name).await;
            let expected = if name == "Support lead" { 200 } else { 404 };
            assert_eq!(other.get(TEAM).await.status, expected, "{name}");
            assert_eq!(other.get(&round).await.status, expected, "{name}");
        }
        // A programme whose design has no framework has no such pages.
        let mut elsewhere = site.visitor();
        elsewhere.sign_in_as(LEAD).await;
        assert_ne!(elsewhere.get(&format!("{OTHER}/reflections")).await.status, 200);
    }
}
