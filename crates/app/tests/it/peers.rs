//! Peers: they talk, ask and offer across places, say of themselves what they choose to, and hear of it as often as they want;
//! nobody else is told of any of it.

use kernel::{Deadline, Moment};
use sea_orm::entity::prelude::*;
use tables::{ThemeId, appointment, journal, mail_choice, theme};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, Visitor, both};

use crate::agreements::{finds, waits, without_query};

const CHANNEL: &str = "/programmes/practice-healthy-communities-together/channel";
const PEERS: &str = "/programmes/practice-healthy-communities-together/peers";
const HOST: &str = "practice-healthy-communities-together.example";
const MEMBER: &str = "Community member, Riverside";
const LEADER: &str = "Learning lead, Riverside";
const NEIGHBOUR: &str = "Project lead, Lantern Hill";
const FAR: &str = "Learning lead, Saltmarsh";
const MANAGER: &str = "Grant manager";
const EVALUATOR: &str = "Evaluator";
const TITLE: &str = "Who has lost a wombat?";

fn mail_of(role: &str, place: &str) -> String {
    if place.is_empty() { format!("{role}@{HOST}") } else { format!("{role}.{place}@{HOST}") }
}

fn at(days: i64, hour: u32, minute: u32) -> Moment {
    Deadline { day: today().plus_days(days), hour, minute }.moment()
}

/// Adds themes, which are what anything can be about.
async fn put_themes(site: &TestSite, names: &[&str]) {
    let programme_id = site.programme(PRACTICE).await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    for name in names {
        let row = theme::Model {
            id: ThemeId(write.id()),
            programme_id,
            parent_id: None,
            name: (*name).into(),
            about: String::new(),
            made_at: write.at(),
            merged_into: None,
            ended_at: None,
        };
        write.insert(row).await.expect("a theme");
    }
    write.save().await.expect("themes");
}

/// Somebody begins a thread, an ask or an offer; gives its address.
async fn begin(site: &TestSite, name: &str, (kind, button): (&str, &str), title: &str, ticks: &[&str]) -> (Visitor, String) {
    let mut visitor = site.signed_in_as(name).await;
    visitor.open(&format!("{CHANNEL}/new?kind={kind}")).await.must_be(200);
    visitor.fill("Title", title).fill("What there is to say", "Ours was last seen near the platypus.");
    for tick in ticks {
        visitor.tick(tick);
    }
    let path = without_query(&visitor.press(button).await.must_be(200).must_say("Said.").path);
    (visitor, path)
}

async fn thread(site: &TestSite, name: &str, title: &str, ticks: &[&str]) -> (Visitor, String) {
    begin(site, name, ("thread", "Start it"), title, ticks).await
}

/// Somebody replies, a moment after what was said before.
async fn reply(site: &TestSite, visitor: &mut Visitor, path: &str, text: &str, ticks: &[&str]) {
    site.clock().advance_seconds(1);
    visitor.open(path).await.must_be(200);
    visitor.form("Reply").fill("Your reply", text);
    for tick in ticks {
        visitor.tick(tick);
    }
    visitor.press("Reply").await.must_be(200).must_say("Said. Your reply stands below.").must_say(text);
}

async fn tend(site: &TestSite) -> usize {
    app::tend_peers(site.app()).await.expect("peers told")
}

/// The mails about the channel that went to somebody.
async fn told(site: &TestSite, address: &str) -> Vec<(String, String)> {
    let mut mails = site.mails_to(address).await;
    mails.retain(|(_, text)| text.contains("/channel/"));
    mails
}

async fn chooses(site: &TestSite, name: &str, fields: &[(&str, &str)]) {
    let mut visitor = site.signed_in_as(name).await;
    assert_eq!(visitor.post(&format!("{PEERS}/mail"), fields).await.status, 303, "{name} {fields:?}");
    // What is said from the next moment on is told.
    site.clock().advance_seconds(1);
}

async fn leaves(site: &TestSite, name: &str) {
    let held = site.appointment(name).await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let after = appointment::Model { ended_at: Some(write.at()), ..held.clone() };
    write.replace(&held, after).await.expect("an appointment");
    write.save().await.expect("the end of an appointment");
}

both! {
    async fn people_of_different_places_talk(site: TestSite) {
        put_themes(&site, &["Trust", "Time"]).await;
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(CHANNEL).await.must_be(200).must_say("Nobody has begun yet").must_say("Who reads this");
        member.follow("Start a thread").await.must_be(200);
        assert!(member.choices("Tell these people").contains(&format!("@ {NEIGHBOUR}")));
        assert!(!member.choices("Tell these people").iter().any(|who| who.contains(EVALUATOR) || who.contains(MEMBER)));
        member.fill("What there is to say", "A wombat.");
        member.press("Start it").await.must_be(422);
        assert_eq!(member.page().errors(), ["Give it a title, in a few words"]);
        assert_eq!(member.value("What there is to say"), "A wombat.");
        let (mut member, path) = thread(&site, MEMBER, TITLE, &["Trust", &format!("@ {NEIGHBOUR}")]).await;
        member.page().must_say("About: Trust").must_say(&format!("@{NEIGHBOUR}"));

        // Whoever is named has it in their Today and by mail, until they answer.
        let mut neighbour = site.signed_in_as(NEIGHBOUR).await;
        assert!(waits(&mut neighbour).await.contains(&TITLE.to_string()));
        site.clock().advance_seconds(120);
        assert_eq!(tend(&site).await, 1);
        let mails = told(&site, &mail_of("project-lead", "lantern-hill")).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].0.contains("somebody names you") && mails[0].1.contains(TITLE) && mails[0].1.contains(&path), "{mails:?}");
        assert!(!mails[0].1.contains("platypus"), "a mail holds none of the words");
        assert_eq!(tend(&site).await, 0, "once");
        reply(&site, &mut neighbour, &path, "Ours came back by itself.", &[]).await;
        assert!(!waits(&mut neighbour).await.contains(&TITLE.to_string()));

        // Whoever began it hears that it was answered, and a reply stands after the one before.
        reply(&site, &mut member, &path, "Then we wait.", &[]).await;
        let said = member.page().texts("ol.steps-taken li");
        assert!(said.len() == 2 && said[0].contains("came back") && said[1].contains("Then we wait"), "{said:?}");
        site.clock().advance_seconds(120);
        assert_eq!(tend(&site).await, 1, "the member; the neighbour is told of what names them alone");
        assert_eq!(told(&site, &mail_of("community-member", "riverside")).await.len(), 1);

        // One looks at it by topic, and finds it by its words.
        let (mut leader, _) = thread(&site, LEADER, "About hours", &["Time"]).await;
        leader.open(CHANNEL).await.must_say("2 conversations").must_say("2 replies");
        leader.follow("Trust").await.must_say(TITLE).must_say("1 conversation.");
        assert!(!leader.page().text().contains("About hours"));
        assert!(finds(&mut leader, "platypus").await);
        leader.open(&format!("{CHANNEL}?kind=ask")).await.must_say("Nothing here matches.");

        // “I have read it” is enough for whoever has nothing to add.
        reply(&site, &mut member, &path, "You too?", &[&format!("@ {LEADER}")]).await;
        assert!(waits(&mut leader).await.contains(&TITLE.to_string()));
        leader.open(&path).await;
        leader.press("I have read it").await.must_say("Noted.");
        assert!(!waits(&mut leader).await.contains(&TITLE.to_string()));
        site.journal_is_whole().await;
    }

    async fn whoever_does_not_read_the_circle_is_told_nothing(site: TestSite) {
        put_themes(&site, &["Trust"]).await;
        let (mut member, path) = thread(&site, MEMBER, TITLE, &["Trust"]).await;
        let (_, ask) = begin(&site, MEMBER, ("ask", "Ask"), "A wombat, please", &["Trust"]).await;
        let mut evaluator = site.signed_in_as(EVALUATOR).await;
        for page in [CHANNEL.to_string(), format!("{CHANNEL}/new"), PEERS.into(), format!("{PEERS}/me"), format!("{PEERS}/mail")] {
            evaluator.open(&page).await.must_be(403);
            assert!(!evaluator.page().text().contains("wombat"), "{page}");
        }
        for page in [&path, &ask, &path.replace("/channel/", "/entries/")] {
            evaluator.open(page).await.must_be(404);
        }
        assert!(!finds(&mut evaluator, "wombat").await && !finds(&mut evaluator, "platypus").await);
        let id = site.person(EVALUATOR).await.id.to_string();
        let fields = [("do", "reply"), ("text", "Look at this"), ("tell", id.as_str())];
        let reply = member.post(&path, &fields).await;
        assert_eq!(reply.status, 422, "nobody is named who does not read it");
        assert!(reply.text().contains("does not read this channel any more") && reply.text().contains("Look at this"));
        assert_eq!(evaluator.post(&path, &fields).await.status, 404);
        evaluator.open("/").await;
        assert!(!evaluator.page().text().contains("wombat"));
        evaluator.open(&format!("{PRACTICE}/matters")).await.must_be(200);
        assert!(!evaluator.page().text().contains("wombat"));
        // What names somebody who has left since tells them nothing, and no mail goes out.
        let (_, _) = thread(&site, MEMBER, "For somebody who goes", &[&format!("@ {FAR}")]).await;
        leaves(&site, FAR).await;
        site.clock().advance_seconds(120);
        tend(&site).await;
        assert!(told(&site, &mail_of("learning-lead", "saltmarsh")).await.is_empty());
        let mut gone = site.signed_in_as(FAR).await;
        assert!(!gone.open("/").await.text().contains("For somebody who goes"));
        gone.open(CHANNEL).await.must_be(403);
    }

    async fn contact_is_shown_by_choice_and_gone_at_once(site: TestSite) {
        put_themes(&site, &["Trust"]).await;
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&format!("{PEERS}/me")).await.must_be(200);
        member.fill("What I work on", "A bench for tired people.").fill("How to reach me", "Knock at the quokka house");
        member.choose("Topics of what I work on", "Trust");
        member.press("Save").await.must_be(200).must_say("Saved.");
        assert_eq!(member.value("How to reach me"), "", "it is not kept without the tick");
        let mut neighbour = site.signed_in_as(NEIGHBOUR).await;
        neighbour.open(PEERS).await.must_be(200).must_say("A bench for tired people.").must_say("1 person.");
        assert!(!neighbour.page().text().contains("quokka"));

        let said = [("works_on", "A bench."), ("contact", "Knock at the quokka house"), ("shows_contact", "yes")];
        let ticked = [("works_on", "A bench."), ("contact", ""), ("shows_contact", "yes")];
        assert_eq!(member.post(&format!("{PEERS}/me"), &ticked).await.status, 422, "there is nothing to show");
        assert_eq!(member.post(&format!("{PEERS}/me"), &said).await.status, 303);
        neighbour.open(PEERS).await.must_say("Knock at the quokka house");
        assert!(!finds(&mut neighbour, "quokka").await, "it is no entry");
        assert_eq!(member.post(&format!("{PEERS}/me"), &said[..2]).await.status, 303);
        assert!(!neighbour.open(PEERS).await.text().contains("quokka"), "taken back at once");
        let all = journal::Entity::find().all(site.db().reader()).await.expect("the journal");
        assert!(all.iter().all(|record| !record.change.contains("quokka")), "no journal holds it");

        // What somebody wrote stays when they go; what they say of themselves does not.
        assert_eq!(member.post(&format!("{PEERS}/me"), &said).await.status, 303);
        let (_, path) = thread(&site, MEMBER, TITLE, &[]).await;
        leaves(&site, MEMBER).await;
        neighbour.open(PEERS).await.must_be(200);
        assert!(!neighbour.page().text().contains("quokka") && !neighbour.page().text().contains("A bench"));
        neighbour.open(&path).await.must_be(200).must_say(TITLE);
    }

    async fn people_are_pointed_out_with_the_reason(site: TestSite) {
        put_themes(&site, &["Trust", "Time", "Money"]).await;
        let themes: Vec<theme::Model> = theme::Entity::find().all(site.db().reader()).await.expect("themes");
        let id = |name: &str| themes.iter().find(|t| t.name == name).expect("a theme").id.to_string();
        let (trust, time) = (id("Trust"), id("Time"));
        let mut neighbour = site.signed_in_as(NEIGHBOUR).await;
        let says = [("works_on", "Hours"), ("works_themes", time.as_str()), ("offers_themes", trust.as_str())];
        assert_eq!(neighbour.post(&format!("{PEERS}/me"), &says).await.status, 303);
        let mut leader = site.signed_in_as(LEADER).await;
        leader.open(PEERS).await.must_say("Say what you work on");
        let says = [("works_themes", time.as_str()), ("seeks_themes", trust.as_str())];
        assert_eq!(leader.post(&format!("{PEERS}/me"), &says).await.status, 303);
        leader.open(PEERS).await.must_say("You both work on Time.").must_say("They can help with Trust, which you look for.");

        // What somebody of one's place asked for, and what is offered.
        let (mut member, ask) = begin(&site, MEMBER, ("ask", "Ask"), "A plain contract", &["Money"]).await;
        member.open(PEERS).await;
        assert!(!member.page().text().contains("They offer"), "nobody has to do with money yet");
        let (_, offer) = begin(&site, NEIGHBOUR, ("offer", "Offer it"), "Ours, to copy", &["Money"]).await;
        let day = today();
        leader.open(PEERS).await.must_say(&format!("They offer what Riverside asked for on {day} (Money): “Ours, to copy”"));
        member.open(PEERS).await.must_say(&format!("They offer what you asked for on {day} (Money): “Ours, to copy”"));
        assert!(member.page().links().contains(&offer));
        member.open(&ask).await.must_say("Who may help").must_say(&format!("They offered something on {day} about Money"));

        // Once it is settled nobody is pointed to it.
        let step = |key: &str| format!("{}/steps/{key}", ask.replace("/channel/", "/entries/"));
        neighbour.open(&ask).await.must_be(200);
        assert!(neighbour.page().links().contains(&step("answered")) && !neighbour.page().links().contains(&step("taken-back")));
        neighbour.open(&step("answered")).await.must_be(200);
        neighbour.fill("Your answer", "You can have ours.");
        neighbour.press("Answer it").await.must_be(200);
        neighbour.open(&step("settled")).await.must_be(403);
        assert!(waits(&mut member).await.contains(&"A plain contract".to_string()), "it was answered");
        assert!(!waits(&mut leader).await.contains(&"A plain contract".to_string()));
        site.clock().advance_seconds(120);
        tend(&site).await;
        assert_eq!(told(&site, &mail_of("community-member", "riverside")).await.len(), 1);
        member.open(&step("settled")).await.must_be(200);
        member.fill("What helped", "A copy.");
        member.press("Say that it is settled").await.must_be(200);
        member.open(&ask).await.must_say("It is settled.");
        assert!(!leader.open(PEERS).await.text().contains("asked for on"));
    }

    async fn everybody_hears_as_often_as_they_chose(site: TestSite) {
        chooses(&site, NEIGHBOUR, &[("rhythm", "daily")]).await;
        chooses(&site, LEADER, &[("rhythm", "weekly")]).await;
        chooses(&site, MANAGER, &[("rhythm", "nothing")]).await;
        chooses(&site, FAR, &[("rhythm", "at-once"), ("quiet_from", "9:00"), ("quiet_to", "17.00"), ("days_off", "sat")]).await;
        let addresses = [
            mail_of("project-lead", "lantern-hill"),
            mail_of("learning-lead", "riverside"),
            mail_of("grant-manager", ""),
            mail_of("learning-lead", "saltmarsh"),
        ];
        let count = async || {
            let mut all = Vec::new();
            for address in &addresses {
                all.push(told(&site, address).await.len());
            }
            all
        };
        // The site stands on a Friday.
        site.clock().set(at(0, 10, 1));
        let (_, path) = thread(&site, MEMBER, TITLE, &[]).await;
        for (when, wanted) in [
            (at(0, 10, 5), [0, 0, 0, 0]),
            (at(0, 16, 59), [0, 0, 0, 0]),
            (at(0, 17, 0), [0, 0, 0, 1]),
            (at(0, 23, 0), [0, 0, 0, 1]),
            (at(1, 8, 0), [1, 0, 0, 1]),
            (at(3, 7, 59), [1, 0, 0, 1]),
            (at(3, 8, 0), [1, 1, 0, 1]),
            (at(10, 8, 0), [1, 1, 0, 1]),
        ] {
            site.clock().set(when);
            // Two servers look at once, and one of them tells.
            let (one, other) = tokio::join!(app::tend_peers(site.app()), app::tend_peers(site.app()));
            one.and(other).expect("peers told");
            assert_eq!(count().await, wanted, "{when}");
        }
        // On a day off nothing goes, and on the next all of it in one.
        site.clock().set(at(15, 7, 0));
        let mut member = site.signed_in_as(MEMBER).await;
        let (_, second) = thread(&site, MEMBER, "Another", &[]).await;
        reply(&site, &mut member, &path, "Nobody?", &[]).await;
        site.clock().set(at(15, 20, 0));
        tend(&site).await;
        assert_eq!(told(&site, &addresses[3]).await.len(), 1, "a Saturday");
        site.clock().set(at(16, 0, 1));
        tend(&site).await;
        let mails = told(&site, &addresses[3]).await;
        assert_eq!(mails.len(), 2);
        assert!(mails[1].1.contains(&second) && !mails[1].1.contains(&path), "they do not follow the first: {}", mails[1].1);
        site.journal_is_whole().await;
    }

    async fn a_thread_is_followed_or_muted(site: TestSite) {
        chooses(&site, NEIGHBOUR, &[("rhythm", "at-once")]).await;
        let address = mail_of("project-lead", "lantern-hill");
        let (mut member, path) = thread(&site, MEMBER, TITLE, &[]).await;
        let pass = async || {
            site.clock().advance_seconds(120);
            tend(&site).await;
            told(&site, &address).await.len()
        };
        assert_eq!(pass().await, 1);
        reply(&site, &mut member, &path, "One.", &[]).await;
        assert_eq!(pass().await, 1, "they take no part in it");
        let mut neighbour = site.signed_in_as(NEIGHBOUR).await;
        neighbour.open(&path).await.must_say("You do not follow it.");
        neighbour.press("Follow it").await.must_say("You follow it");
        reply(&site, &mut member, &path, "Two.", &[]).await;
        assert_eq!(pass().await, 2);
        neighbour.open(&path).await;
        neighbour.press("Mute it").await.must_say("You have muted it");
        reply(&site, &mut member, &path, "Three.", &[&format!("@ {NEIGHBOUR}")]).await;
        assert_eq!(pass().await, 2, "not even what names them");
        assert!(waits(&mut neighbour).await.contains(&TITLE.to_string()), "that stands in their Today");
        // Who hears more from now on is not told what came before.
        chooses(&site, MANAGER, &[("rhythm", "named")]).await;
        thread(&site, MEMBER, "Later", &[]).await;
        pass().await;
        chooses(&site, MANAGER, &[("rhythm", "at-once")]).await;
        pass().await;
        assert!(told(&site, &mail_of("grant-manager", "")).await.is_empty());
    }

    async fn mail_is_chosen_with_times_that_make_sense(site: TestSite) {
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&format!("{PEERS}/mail")).await.must_be(200);
        member.choose("How often", "Once a day").fill("No mail from", "late").fill("until", "7:30");
        member.press("Save").await.must_be(422);
        assert_eq!(member.page().errors(), ["Enter a time, like 20:00, or leave it empty"]);
        assert_eq!(member.value("No mail from"), "late");
        member.fill("No mail from", "");
        member.press("Save").await.must_be(422);
        assert_eq!(member.page().errors(), ["Enter both times, or neither"]);
        member.fill("No mail from", "20:00");
        member.press("Save").await.must_be(200).must_say("Saved.");
        assert_eq!((member.value("No mail from"), member.value("until")), ("20:00".into(), "07:30".into()));
        let rows = mail_choice::Entity::find().all(site.db().reader()).await.expect("choices");
        assert_eq!(rows.len(), 1);
    }

    async fn long_threads_have_pages(site: TestSite) {
        let (mut member, path) = thread(&site, MEMBER, TITLE, &[]).await;
        for number in 1..=51 {
            site.clock().advance_seconds(1);
            assert_eq!(member.post(&path, &[("do", "reply"), ("text", &format!("Reply number {number}."))]).await.status, 303);
        }
        member.open(&path).await.must_say("Reply number 1.").must_say("Reply number 50.");
        assert!(!member.page().text().contains("Reply number 51."));
        member.open(&format!("{path}?page=2")).await.must_say("Reply number 51.");
        let reply = member.post(&path, &[("do", "reply"), ("text", "The last.")]).await;
        assert!(reply.location().contains("page=2#ent_"), "{}", reply.location());
        assert_eq!(member.post(&path, &[("do", "reply"), ("text", "")]).await.status, 422);
    }
}
