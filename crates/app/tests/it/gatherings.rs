//! Events: shaped by those who come, signed up to, held and looked back on; what people need is read by few and not for long, and
//! what they say afterwards has no name.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use kernel::{Deadline, Moment};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use tables::{FormId, GatheringId, MatterId, entry, feedback, gathering, journal, matter, sign_up};
use testkit::site::{PRACTICE, today};
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{has_row, waits, without_query};

const EVENTS: &str = "/programmes/practice-healthy-communities-together/gatherings";
const TEAM: &str = "Learning capture team";
const SUPPORT: &str = "Support lead";
const LEADER: &str = "Learning lead, Riverside";
const OTHER_LEADER: &str = "Learning lead, Lantern Hill";
const MEMBER: &str = "Community member, Riverside";
const NEIGHBOUR: &str = "Project lead, Lantern Hill";
const MANAGER: &str = "Grant manager";
const TITLE: &str = "Telling of a plan that changed";
const HOST: &str = "practice-healthy-communities-together.example";

const SIGNED: &str = "You are signed up. You are reminded by mail before it begins.";
const WAITS: &str = "You are on the waiting list. You are told by mail when a seat is free for you.";
const ACCESS: &str = "What you need to take part";
const DIET: &str = "What you do not eat";

fn at(days: i64, hour: u32) -> Moment {
    Deadline { day: today().plus_days(days), hour, minute: 0 }.moment()
}

fn mail_of(role: &str, place: &str) -> String {
    if place.is_empty() { format!("{role}@{HOST}") } else { format!("{role}.{place}@{HOST}") }
}

async fn journal_says(site: &TestSite, word: &str) -> bool {
    let all = journal::Entity::find().all(site.db().reader()).await.expect("the journal");
    all.iter().any(|record| record.change.contains(word))
}

/// An event that is agreed, so many days from today, from ten to noon.
async fn put_event(site: &TestSite, days: i64, mode: &str, most: Option<i32>) -> (gathering::Model, String) {
    let draft = Draft { author: TEAM, circle: "network", place: None, kind: "learning-event", title: TITLE, ..Draft::default() };
    let entry = site.put(draft).await;
    let form = form_of(site, &entry).await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let opened = matter::Model {
        id: MatterId(write.id()),
        programme_id: entry.programme_id,
        place_id: None,
        entry_id: entry.id,
        kind: entry.kind.clone(),
        state: "agreed".into(),
        open: true,
        to_person: None,
        due_on: None,
        opened_on: entry.happened_on,
        moved_at: write.at(),
        about: String::new(),
    };
    write.insert(opened).await.expect("a matter");
    let row = gathering::Model {
        id: GatheringId(write.id()),
        programme_id: entry.programme_id,
        entry_id: entry.id,
        begins_at: at(days, 10),
        ends_at: at(days, 12),
        mode: mode.into(),
        venue: if mode == "online" { String::new() } else { "The old library".into() },
        link: if mode == "in-person" { String::new() } else { "https://meeting.example/zebra".into() },
        most,
        agenda: "- First, stories".into(),
        materials: String::new(),
        sequence: 0,
        changed_at: write.at(),
        form_id: Some(form),
        reminded_at: None,
        asked_at: None,
        cancelled_at: None,
        counted_at: None,
        wiped_at: None,
    };
    let row = write.insert(row).await.expect("an event");
    write.save().await.expect("an event");
    (row, format!("{EVENTS}/{}", entry.id))
}

/// The design's form for feedback, as it is kept.
async fn form_of(site: &TestSite, entry: &entry::Model) -> FormId {
    let known = tables::form::Entity::find()
        .filter(tables::form::COLUMN.programme_id.eq(entry.programme_id))
        .filter(tables::form::COLUMN.key.eq("event-feedback"));
    if let Some(form) = known.one(site.db().reader()).await.expect("forms") {
        return form.id;
    }
    let versions =
        tables::design_version::Entity::find().filter(tables::design_version::COLUMN.programme_id.eq(entry.programme_id));
    let version = versions.one(site.db().reader()).await.expect("designs").expect("the design");
    let design: design::Programme = serde_json::from_str(&version.document).expect("a design");
    let form = design.form("event-feedback").expect("the form of the design");
    let document = serde_json::to_string(&form.form).expect("a form");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = tables::form::Model {
        id: FormId(write.id()),
        programme_id: entry.programme_id,
        key: "event-feedback".into(),
        version: 1,
        digest: store::sha256(document.as_bytes()),
        document,
        created_at: write.at(),
        made_by: None,
        reason: None,
    };
    let id = write.insert(row).await.expect("a form").id;
    write.save().await.expect("a form");
    id
}

/// Somebody signs up with what they need; gives what they are told.
async fn sign_up(site: &TestSite, name: &str, event: &str, (access, diet): (&str, &str)) -> (Visitor, String) {
    let mut visitor = site.signed_in_as(name).await;
    visitor.open(&format!("{event}/sign-up")).await.must_be(200);
    visitor.fill(ACCESS, access).fill(DIET, diet);
    let said = visitor.press("Sign up").await.must_be(200).notice();
    (visitor, said)
}

async fn leave(visitor: &mut Visitor, event: &str) {
    visitor.open(&format!("{event}/sign-up")).await.must_be(200);
    assert_eq!(visitor.press("I cannot come").await.notice(), "Taken back. What you said that you need is gone.");
}

async fn signed_row(site: &TestSite, event: &gathering::Model, name: &str) -> sign_up::Model {
    let person = site.person(name).await.id;
    let row =
        sign_up::Entity::find().filter(sign_up::COLUMN.gathering_id.eq(event.id)).filter(sign_up::COLUMN.person_id.eq(person));
    row.one(site.db().reader()).await.expect("sign-ups").expect("a sign-up")
}

async fn tend(site: &TestSite) -> usize {
    app::tend_gatherings(site.app()).await.expect("events looked after")
}

async fn step(visitor: &mut Visitor, event: &str, (key, name): (&str, &str), words: &[(&str, &str)]) {
    let entry = event.replace("/gatherings/", "/entries/");
    visitor.open(event).await.must_be(200);
    assert!(visitor.page().links().contains(&format!("{entry}/steps/{key}")), "{name} is not offered");
    visitor.open(&format!("{entry}/steps/{key}")).await.must_be(200);
    for (field, text) in words {
        visitor.fill(field, text);
    }
    visitor.press(name).await.must_be(200).must_say("Saved.");
}

/// Those who are there: all who read the network in three places, but one.
const GUESTS: [&str; 8] = [
    "Learning lead, Riverside",
    "Project lead, Riverside",
    "Community member, Riverside",
    "Learning lead, Lantern Hill",
    "Project lead, Lantern Hill",
    "Community member, Lantern Hill",
    "Learning lead, Saltmarsh",
    "Project lead, Saltmarsh",
];

/// So many have signed up, and the day goes by; the first come in the room and the others online.
async fn hold(site: &TestSite, event: &gathering::Model, path: &str, in_room: usize, online: usize) {
    for (number, name) in GUESTS.iter().take(in_room + online).enumerate() {
        let mut visitor = site.signed_in_as(name).await;
        visitor.open(&format!("{path}/sign-up")).await.must_be(200);
        if event.mode == "both" {
            visitor.choose("How you take part", if number < in_room { "In the room" } else { "Online" });
        }
        visitor.press("Sign up").await.must_be(200);
    }
    site.clock().set(event.ends_at.plus_seconds(3600));
    let mut team = site.signed_in_as(TEAM).await;
    team.open(&format!("{path}/attendance")).await.must_be(200);
    for (number, name) in GUESTS.iter().take(in_room + online).enumerate() {
        let way = if number < in_room { "In the room" } else { "Online" };
        team.tick(&format!("{name}: {way}"));
    }
    assert_eq!(team.press("Save who came").await.must_be(200).notice(), "Saved who came.");
}

/// Somebody says how it was, and what should be different.
async fn answer(site: &TestSite, name: &str, path: &str, (worth, next): (&str, &str)) -> Visitor {
    let mut visitor = site.signed_in_as(name).await;
    visitor.open(&format!("{path}/feedback")).await.must_be(200);
    visitor.choose("Was it worth your time?", worth);
    visitor.choose("Was there room to talk with people from other places?", "3 Enough");
    visitor.choose("Will you do something differently after it?", "Perhaps");
    visitor.fill("What should be different next time?", next);
    assert_eq!(visitor.press("Send").await.must_be(200).notice(), "Thank you. What you said stands without your name.");
    visitor
}

both! {
    async fn an_event_is_shaped_held_and_looked_back_on(site: TestSite) {
        // Whoever comes from a place proposes it, and people of all places say whether they would come.
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(EVENTS).await.must_be(200).must_say("No event yet");
        member.follow("Propose: learning event").await.must_be(200).must_say("Who reads this");
        member.press("Propose it").await.must_be(422);
        member.fill("Title", TITLE).fill("What it is for", "To be trusted still.").fill("For whom", "Whoever explains a plan.");
        let path = without_query(&member.press("Propose it").await.must_be(200).must_say("Proposed.").path);
        assert_eq!(member.page().heading(), TITLE);
        member.page().must_say("It is open.").must_say("No day is set yet.");
        let voice = format!("{}/voice", path.replace("/gatherings/", "/entries/"));
        for (name, answer) in [(OTHER_LEADER, "Yes, I would come"), (NEIGHBOUR, "Not this one")] {
            let mut other = site.signed_in_as(name).await;
            other.open(&voice).await.must_be(200);
            other.choose("How you see it", answer);
            other.press("Say it").await.must_be(200).must_say("Said.");
            other.open(EVENTS).await.must_say("Would you come to this?");
        }
        member.open(EVENTS).await;
        assert!(has_row(&member, &format!("{TITLE} open 1 1 0")), "{}", member.page().text());

        // A learning lead of another place shortlists it; those who run it say when and where.
        let mut leader = site.signed_in_as(OTHER_LEADER).await;
        step(&mut leader, &path, ("shortlisted", "Shortlist it"), &[("Why this one", "Most would come.")]).await;
        step(&mut leader, &path, ("agreed", "Agree it"), &[("What was agreed", "We open, you close.")]).await;
        leader.open(&format!("{path}/details")).await.must_be(403).must_say("Learning capture team");
        let mut team = site.signed_in_as(TEAM).await;
        assert!(waits(&mut team).await.contains(&TITLE.to_string()), "it has no day yet");
        team.open(&format!("{path}/details")).await.must_be(200);
        team.press("Save").await.must_be(422);
        assert_eq!(team.page().errors().len(), 4, "{:?}", team.page().errors());
        team.fill("On which day", "4 December 2026").fill("When it begins", "10:00").fill("When it ends", "9:00");
        team.fill("Where the room is", "The old library");
        team.press("Save").await.must_be(422);
        assert_eq!(team.page().errors(), ["Enter a time after it begins, on the same day"]);
        assert_eq!(team.value("Where the room is"), "The old library");
        team.fill("When it ends", "12:30").fill("Agenda", "- Stories");
        team.press("Save").await.must_be(200).must_say("4 December 2026, 10:00 to 12:30").must_say("The old library").must_say("Stories");
        assert!(!waits(&mut team).await.contains(&TITLE.to_string()));

        // People sign up, come, and say how it was.
        let (mut other, said) = sign_up(&site, NEIGHBOUR, &path, ("", "")).await;
        assert_eq!(said, SIGNED);
        assert!(!waits(&mut other).await.contains(&TITLE.to_string()), "it is two weeks away");
        site.clock().set(at(9, 9));
        assert!(waits(&mut other).await.contains(&TITLE.to_string()), "it is near");
        site.clock().set(at(14, 13));
        let mut team = site.signed_in_as(TEAM).await;
        assert!(waits(&mut team).await.contains(&TITLE.to_string()), "who came is to be noted");
        team.open(&format!("{path}/attendance")).await.must_be(200);
        team.tick("Project lead, Lantern Hill: In the room").choose("Somebody else who came", MEMBER);
        team.press("Save who came").await.must_be(200).must_say("Came without signing up");
        step(&mut team, &path, ("held", "Say it was held"), &[("How it went", "Well.")]).await;
        assert!(!waits(&mut team).await.contains(&TITLE.to_string()));
        team.open(&path).await.must_say("It is held.");
        assert!(has_row(&team, "Riverside 1") && has_row(&team, "Lantern Hill 1"), "{}", team.page().text());
        let mut member = site.signed_in_as(MEMBER).await;
        assert!(waits(&mut member).await.contains(&TITLE.to_string()), "whoever came is asked");
        answer(&site, MEMBER, &path, ("4 Fully", "")).await;
        assert!(!waits(&mut member).await.contains(&TITLE.to_string()));
        member.open(EVENTS).await.must_say("Over");
        site.journal_is_whole().await;
    }

    async fn what_people_need_is_read_by_few_and_not_for_long(site: TestSite) {
        let (event, path) = put_event(&site, 10, "in-person", None).await;
        let (mut member, said) = sign_up(&site, MEMBER, &path, ("zebraramp please", "zebranuts")).await;
        assert_eq!(said, SIGNED);
        member.open(&format!("{path}/sign-up")).await.must_say("They are wiped 14 days after the event, on 14 December 2026");
        assert_eq!(member.value(ACCESS), "zebraramp please");
        for name in [TEAM, SUPPORT] {
            let mut runs = site.signed_in_as(name).await;
            runs.open(&path).await.must_say("zebraramp please").must_say("zebranuts").must_say(MEMBER);
        }
        for name in [LEADER, NEIGHBOUR, MANAGER, "Programme lead, funder", "Consultant, Riverside"] {
            let mut other = site.signed_in_as(name).await;
            for page in [path.clone(), EVENTS.into(), format!("{PRACTICE}/journal"), "/".into()] {
                other.open(&page).await.must_not_say("zebraramp").must_not_say("zebranuts");
            }
            other.open(&path).await.must_not_say("Who is signed up");
            other.open(&format!("{path}/attendance")).await.must_be(403).must_not_say("zebra");
        }
        assert!(!journal_says(&site, "zebraramp").await && !journal_says(&site, "zebranuts").await);
        // They change it, and take it back: it is gone at once.
        member.open(&format!("{path}/sign-up")).await;
        member.fill(ACCESS, "zebralift");
        member.press("Save").await.must_be(200);
        leave(&mut member, &path).await;
        let row = signed_row(&site, &event, MEMBER).await;
        assert!(row.access_needs.is_empty() && row.dietary_needs.is_empty() && row.left_at.is_some());
        assert!(!journal_says(&site, "zebralift").await);
        // After the event it stands for some days, and then it is wiped by itself and the page says so.
        sign_up(&site, MEMBER, &path, ("zebraramp please", "")).await;
        site.clock().set(at(14, 9));
        tend(&site).await;
        assert_eq!(signed_row(&site, &event, MEMBER).await.access_needs, "zebraramp please");
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&path).await.must_say("What you said that you need is wiped on 14 December 2026.");
        site.clock().set(at(24, 13));
        assert_eq!(tend(&site).await, 1);
        assert_eq!(signed_row(&site, &event, MEMBER).await.access_needs, "");
        assert_eq!(tend(&site).await, 0, "once is enough");
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&path).await.must_say("What you said that you need was wiped on 14 December 2026.");
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&path).await.must_say("What people need was wiped on 14 December 2026.").must_not_say("zebra");
        site.journal_is_whole().await;
    }

    async fn whoever_comes_later_waits_for_a_seat(site: TestSite) {
        let (event, path) = put_event(&site, 10, "both", Some(1)).await;
        let (mut first, said) = sign_up(&site, MEMBER, &path, ("", "")).await;
        assert_eq!(said, SIGNED);
        let mut second = site.signed_in_as(LEADER).await;
        second.open(&format!("{path}/sign-up")).await.must_say("All seats in the room are taken.");
        assert_eq!(second.press("Sign up").await.notice(), WAITS);
        second.page().must_say("You wait for a seat, in the room.");
        site.clock().advance_seconds(60);
        let (mut third, said) = sign_up(&site, NEIGHBOUR, &path, ("", "")).await;
        assert_eq!(said, WAITS);
        // Online there is always room.
        let mut fourth = site.signed_in_as(OTHER_LEADER).await;
        fourth.open(&format!("{path}/sign-up")).await;
        fourth.choose("How you take part", "Online");
        assert_eq!(fourth.press("Sign up").await.notice(), SIGNED);
        // The seat goes to whoever has waited longest, who is told; once.
        let told = mail_of("learning-lead", "riverside");
        assert!(site.mails_to(&told).await.is_empty());
        leave(&mut first, &path).await;
        let mails = site.mails_to(&told).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].0.contains("A seat is free") && mails[0].1.contains(&format!("{path}/sign-up")), "{mails:?}");
        assert!(site.mails_to(&mail_of("project-lead", "lantern-hill")).await.is_empty());
        second.open(&path).await.must_say("You are signed up, in the room.");
        // Whoever left and comes back stands behind those who wait.
        site.clock().advance_seconds(60);
        let (_, said) = sign_up(&site, MEMBER, &path, ("", "")).await;
        assert_eq!(said, WAITS);
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&path).await.must_say("4 people are signed up, of whom 2 wait for a seat.");
        // With one seat more, the next comes.
        team.open(&format!("{path}/details")).await;
        team.fill("How many can come", "2");
        team.press("Save").await.must_be(200);
        third.open(&path).await.must_say("You are signed up, in the room.");
        assert_eq!(site.mails_to(&mail_of("project-lead", "lantern-hill")).await.len(), 1);
        // Going online leaves a seat.
        second.open(&format!("{path}/sign-up")).await;
        second.choose("How you take part", "Online");
        second.press("Save").await.must_be(200);
        assert!(signed_row(&site, &event, MEMBER).await.seated_at.is_some());
    }

    async fn mails_go_out_once_and_to_those_who_come(site: TestSite) {
        let (_, path) = put_event(&site, 10, "both", None).await;
        sign_up(&site, MEMBER, &path, ("", "")).await;
        let (mut gone, _) = sign_up(&site, LEADER, &path, ("", "")).await;
        leave(&mut gone, &path).await;
        sign_up(&site, NEIGHBOUR, &path, ("", "")).await;
        assert_eq!(tend(&site).await, 0, "it is too early");
        // Another time is told to those who come.
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&format!("{path}/details")).await;
        team.fill("When it begins", "10:30");
        team.press("Save").await.must_be(200);
        let to = mail_of("community-member", "riverside");
        let mails = site.mails_to(&to).await;
        assert!(mails.len() == 1 && mails[0].1.contains("30 November 2026, 10:30 to 12:00"), "{mails:?}");
        // An agenda is no reason to write to everybody.
        team.open(&format!("{path}/details")).await;
        team.fill("Agenda", "- Something else");
        team.press("Save").await.must_be(200);
        assert_eq!(site.mails_to(&to).await.len(), 1);
        // Whoever has left the programme since is told nothing.
        let mut manages = site.signed_in_as("Programme lead, funder").await;
        let appointment = site.appointment(NEIGHBOUR).await.id;
        assert_eq!(manages.post(&format!("{PRACTICE}/appointments/{appointment}/end"), &[]).await.status, 303);
        site.clock().set(at(7, 11));
        assert_eq!(tend(&site).await, 1);
        assert_eq!(tend(&site).await, 0, "another server finds that it is done");
        let mails = site.mails_to(&to).await;
        let (subject, text) = &mails[1];
        assert!(subject.contains(TITLE) && text.contains(&format!("{path}/event.ics")) && text.contains(&format!("{path}/sign-up")), "{text}");
        assert!(text.contains("https://meeting.example/zebra"), "{text}");
        assert!(site.mails_to(&mail_of("learning-lead", "riverside")).await.is_empty());
        assert!(site.mails_to(&mail_of("project-lead", "lantern-hill")).await.len() == 1, "the change, and no reminder");
        // Afterwards those who came are asked.
        site.clock().set(at(11, 13));
        assert_eq!(tend(&site).await, 1);
        assert_eq!(tend(&site).await, 0);
        let mails = site.mails_to(&to).await;
        assert!(mails.len() == 3 && mails[2].1.contains(&format!("{path}/feedback")), "{mails:?}");
    }

    async fn whoever_signed_up_is_told_that_it_is_cancelled_and_of_nothing_else(site: TestSite) {
        let (event, path) = put_event(&site, 2, "in-person", None).await;
        sign_up(&site, MEMBER, &path, ("zebraramp", "")).await;
        let mut team = site.signed_in_as(TEAM).await;
        step(&mut team, &path, ("cancelled", "Cancel it"), &[("Why", "Snow.")]).await;
        assert_eq!(tend(&site).await, 1);
        assert_eq!(tend(&site).await, 0);
        let mails = site.mails_to(&mail_of("community-member", "riverside")).await;
        assert!(mails.len() == 1 && mails[0].0.starts_with("Cancelled: "), "{mails:?}");
        assert_eq!(signed_row(&site, &event, MEMBER).await.access_needs, "", "nobody needs anything any more");
        for days in [2, 4, 30] {
            site.clock().set(at(days, 13));
            assert_eq!(tend(&site).await, 0);
        }
        assert_eq!(site.mails_to(&mail_of("community-member", "riverside")).await.len(), 1);
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&path).await.must_say("It is cancelled.");
        member.open(&format!("{path}/sign-up")).await.must_be(409);
        member.open(EVENTS).await.must_say("Cancelled, or not taken up");
        let file = member.get(&format!("{path}/event.ics")).await.text();
        assert!(file.contains("STATUS:CANCELLED") && file.contains("SEQUENCE:1\r\n"), "{file}");
    }

    async fn who_came_is_told_without_giving_anybody_away(site: TestSite) {
        let (event, path) = put_event(&site, 3, "both", None).await;
        hold(&site, &event, &path, 5, 3).await;
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&path).await.must_be(200);
        for row in ["Riverside 3", "Lantern Hill 3", "Saltmarsh 2", "In the room 5", "Online 3"] {
            assert!(has_row(&team, row), "{row}: {}", team.page().text());
        }
        for name in [MANAGER, MEMBER, "Community member, Saltmarsh"] {
            let mut other = site.signed_in_as(name).await;
            other.open(&path).await.must_be(200).must_say("Others together").must_not_say("Riverside 3");
            assert!(has_row(&other, "Others together 8"), "three, three and two are all small: {}", other.page().text());
            assert!(!has_row(&other, "Online 3") && !has_row(&other, "In the room 5"), "the difference would be three");
        }
    }

    async fn too_few_are_not_counted_at_all(site: TestSite) {
        let (event, path) = put_event(&site, 3, "in-person", None).await;
        hold(&site, &event, &path, 4, 0).await;
        let mut manager = site.signed_in_as(MANAGER).await;
        manager.open(&path).await.must_say("Too few came to say of which sector or place they were").must_not_say("Others together");
        let member = answer(&site, MEMBER, &path, ("3 Mostly", "")).await;
        member.page().must_say("Fewer than 5 came, so what each says is shown to nobody");
    }

    async fn what_people_say_has_no_name_and_is_shown_once_enough_have_said_it(site: TestSite) {
        let (event, path) = put_event(&site, 3, "in-person", None).await;
        hold(&site, &event, &path, 7, 0).await;
        let before = site.last_record().await;
        for (number, name) in GUESTS.iter().take(5).enumerate() {
            let worth = if number == 0 { "1 No" } else { "4 Fully" };
            let visitor = answer(&site, name, &path, (worth, &format!("zebratext{number}"))).await;
            match number {
                4 => visitor.page().must_say("5 have answered, without their names."),
                _ => visitor.page().must_say("What people say is shown here once 5 have answered").must_not_say("zebratext"),
            };
        }
        for name in [TEAM, GUESTS[0], GUESTS[6]] {
            let mut reads = site.signed_in_as(name).await;
            reads.open(&path).await.must_say("zebratext0").must_say("zebratext4");
            assert!(has_row(&reads, "All who answered 1 (20%) 0 (0%) 0 (0%) 4 (80%) 5"), "{}", reads.page().text());
        }
        // Whoever was not there reads nothing of it, and is not asked.
        for name in [MANAGER, "Consultant, Riverside"] {
            let mut other = site.signed_in_as(name).await;
            other.open(&path).await.must_not_say("zebratext").must_not_say("have answered");
            other.open(&format!("{path}/feedback")).await.must_be(403);
        }
        // Nobody answers twice, and nothing says who said what.
        let mut first = site.signed_in_as(GUESTS[0]).await;
        first.open(&format!("{path}/feedback")).await.must_be(403).must_say("You have said how it was");
        assert!(!journal_says(&site, "zebratext").await);
        assert!(site.acts_since(before).await.iter().all(|act| act == "say how an event was"));
        let rows = feedback::Entity::find().order_by_asc(feedback::Column::Id).all(site.db().reader()).await.expect("feedback");
        assert_eq!(rows.len(), 5);
        let people: Vec<String> = sign_up::Entity::find().all(site.db().reader()).await.expect("sign-ups").iter().map(|s| s.person_id.0.to_string()).collect();
        assert!(rows.iter().all(|row| !people.iter().any(|person| row.answers.contains(person.as_str()))));
        site.journal_is_whole().await;
    }

    async fn an_answer_that_lacks_something_is_not_lost(site: TestSite) {
        let (event, path) = put_event(&site, 3, "in-person", None).await;
        hold(&site, &event, &path, 1, 0).await;
        let mut visitor = site.signed_in_as(GUESTS[0]).await;
        visitor.open(&format!("{path}/feedback")).await.must_be(200);
        visitor.fill("What should be different next time?", "Windows.");
        visitor.press("Send").await.must_be(422);
        assert_eq!(visitor.page().errors().len(), 3, "{:?}", visitor.page().errors());
        assert_eq!(visitor.value("What should be different next time?"), "Windows.");
        let reply = visitor.post(&format!("{path}/feedback"), &[("worth", "99"), ("talk", "x"), ("differently", "never")]).await;
        assert_eq!(reply.status, 422);
    }

    async fn in_a_room_and_online_are_compared_event_by_event(site: TestSite) {
        let compared = format!("{PRACTICE}/gathering-feedback");
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&compared).await.must_be(200).must_say("Nothing to compare yet");
        let (event, path) = put_event(&site, 3, "both", None).await;
        hold(&site, &event, &path, 5, 3).await;
        for name in GUESTS.iter().take(8) {
            answer(&site, name, &path, ("4 Fully", "")).await;
        }
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&compared).await.must_be(200).must_say("Nothing to compare yet").must_not_say("in a room 5");
        let (event, path) = put_event(&site, 20, "in-person", None).await;
        hold(&site, &event, &path, 6, 0).await;
        for name in GUESTS.iter().take(6) {
            answer(&site, name, &path, ("3 Mostly", "")).await;
        }
        let row = format!("{TITLE}, 10 December 2026, in a room 0 (0%) 0 (0%) 6 (100%) 0 (0%) 6");
        // Those who run it, and those who came: as all were told who answered.
        for name in [TEAM, GUESTS[0]] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open(&compared).await.must_be(200);
            assert!(has_row(&visitor, &row), "{}", visitor.page().text());
            assert!(has_row(&visitor, "All of these, in a room 0 (0%) 0 (0%) 6 (100%) 0 (0%) 6"));
            visitor.page().must_not_say("23 November 2026");
        }
        for name in [MANAGER, "Programme lead, support partner", GUESTS[7]] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open(&compared).await.must_be(200).must_not_say("10 December 2026").must_not_say("100%");
        }
    }

    async fn what_came_of_it_stands_there_for_whoever_reads_it(site: TestSite) {
        let (event, path) = put_event(&site, 3, "in-person", None).await;
        site.clock().set(event.ends_at);
        let mut leader = site.signed_in_as(LEADER).await;
        leader.open(&path).await.must_be(200);
        leader.follow("Record: note").await.must_be(200).must_say("It came of").must_say(TITLE);
        assert_eq!(leader.value("When it happened"), "23 November 2026");
        leader.choose("Who reads this", "Support").fill("Title", "Zebranote").fill("What there is to say", "We try it.");
        leader.press("Record").await.must_be(200).must_say("It came of");
        leader.open(&path).await.must_say("Zebranote");
        leader.follow("Record: action").await.must_be(200);
        leader.choose("Who reads this", "Network").fill("Title", "Zebrapromise").fill("What there is to say", "I send it round.");
        leader.press("Record").await.must_be(200);
        let mut neighbour = site.signed_in_as(NEIGHBOUR).await;
        neighbour.open(&path).await.must_say("Zebrapromise").must_not_say("Zebranote");
        neighbour.follow("Zebrapromise").await.must_be(200).must_say("It came of");
        // What somebody may not read, nothing comes of for them.
        let hidden = site.put(Draft { title: "Zebrahidden", ..Draft::default() }).await;
        neighbour.open(&format!("{PRACTICE}/places/lantern-hill/entries/new?kind=note&of={}", hidden.id)).await.must_be(200).must_not_say("Zebrahidden");
        site.journal_is_whole().await;
    }

    async fn a_calendar_reads_what_its_owner_may_read(site: TestSite) {
        let (_, path) = put_event(&site, 10, "both", None).await;
        sign_up(&site, MEMBER, &path, ("zebraramp", "zebranuts")).await;
        let mut leader = site.signed_in_as(LEADER).await;
        leader.open(EVENTS).await.must_be(200);
        leader.follow("An address that your calendar asks by itself").await.must_be(200).must_not_say("/calendar/");
        let shown = |visitor: &Visitor| visitor.page().texts("code").pop().unwrap_or_default();
        leader.press("Make the address").await.must_be(200).must_say("Made.");
        let first = shown(&leader);
        let ask = |address: &str| address.replace("http://commonweal.example", "");
        let mut nobody = site.visitor();
        let reply = nobody.get(&ask(&first)).await;
        assert_eq!(reply.status, 200);
        assert!(reply.headers.get("content-type").is_some_and(|t| t.to_str().is_ok_and(|t| t.starts_with("text/calendar"))));
        let file = reply.text();
        for there in ["SUMMARY:Telling of a plan that changed", "DTSTART:20261130T100000Z", "LOCATION:The old library", "STATUS:CONFIRMED", "SEQUENCE:0"] {
            assert!(file.contains(there), "{there}: {file}");
        }
        for hidden in [MEMBER, "zebraramp", "zebranuts", "Learning capture"] {
            assert!(!file.contains(hidden), "{hidden}: {file}");
        }
        read_elsewhere(&file, 1);
        // The database holds no address, and the one shown is shown to its owner alone.
        let feeds = tables::calendar_feed::Entity::find().all(site.db().reader()).await.expect("feeds");
        let secret = first.rsplit('/').next().unwrap_or_default().trim_end_matches(".ics").to_string();
        assert!(feeds.iter().all(|feed| feed.token_hash != secret) && !journal_says(&site, &secret).await);
        // Another takes its place.
        leader.open("/calendar").await;
        leader.press("Replace the address").await.must_be(200);
        let second = shown(&leader);
        assert_ne!(first, second);
        assert_eq!(nobody.get(&ask(&first)).await.status, 404);
        assert_eq!(nobody.get(&ask(&second)).await.status, 200);
        // Whoever holds no role any more reads nothing through it; and it can be ended.
        let mut manages = site.signed_in_as("Project lead, Riverside").await;
        let appointment = site.appointment(LEADER).await.id;
        assert_eq!(manages.post(&format!("{PRACTICE}/appointments/{appointment}/end"), &[]).await.status, 303);
        site.clock().advance_seconds(60);
        let file = nobody.get(&ask(&second)).await.text();
        assert!(file.contains("BEGIN:VCALENDAR") && !file.contains("VEVENT"), "{file}");
        read_elsewhere(&file, 0);
        let mut leader = site.signed_in_as(LEADER).await;
        leader.open("/calendar").await.must_be(200);
        leader.press("End it").await.must_be(200).must_say("Ended.");
        assert_eq!(nobody.get(&ask(&second)).await.status, 404);
        for wrong in ["/calendar/", "/calendar/.ics", "/calendar/0000.ics", "/calendar/%00", "/calendar/x%0d%0a.ics"] {
            assert!([400, 404].contains(&nobody.get(wrong).await.status), "{wrong}");
        }
    }

    async fn another_time_is_a_newer_entry_of_the_calendar(site: TestSite) {
        let (_, path) = put_event(&site, 10, "in-person", None).await;
        let mut team = site.signed_in_as(TEAM).await;
        let uid = |file: &str| file.lines().find(|line| line.starts_with("UID:")).unwrap_or_default().to_string();
        let before = team.get(&format!("{path}/event.ics")).await.text();
        team.open(&format!("{path}/details")).await;
        team.fill("When it begins", "11:00").fill("Where the room is", "Hall; 2, \u{1F331} the garden side of the very long building behind the station");
        team.press("Save").await.must_be(200);
        let after = team.get(&format!("{path}/event.ics")).await.text();
        assert_eq!(uid(&before), uid(&after));
        assert!(after.contains("SEQUENCE:1\r\n") && after.contains("DTSTART:20261130T110000Z") && after.contains("LOCATION:Hall\\; 2\\, "), "{after}");
        read_elsewhere(&after, 1);
        let all = team.get(&format!("{EVENTS}.ics")).await;
        assert_eq!(all.status, 200);
        read_elsewhere(&all.text(), 1);
        // What was never agreed is in no calendar.
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&format!("{EVENTS}/new")).await;
        member.fill("Title", "Zebraidea").fill("What it is for", "A").fill("For whom", "B");
        let idea = without_query(&member.press("Propose it").await.must_be(200).path);
        assert_eq!(member.get(&format!("{idea}/event.ics")).await.status, 404);
        assert!(!member.get(&format!("{EVENTS}.ics")).await.text().contains("Zebraidea"));
    }

    async fn every_page_of_an_event_is_for_whom_it_should(site: TestSite) {
        let (event, path) = put_event(&site, 3, "in-person", None).await;
        // Name, reads it, runs it.
        let people = [
            ("", false, false),
            (TEAM, true, true),
            (SUPPORT, true, true),
            (MANAGER, true, false),
            (LEADER, true, false),
            (MEMBER, true, false),
            ("Finance person, Riverside", true, false),
            ("Evaluator", false, false),
            ("Advisory group member", false, false),
            ("Assessor 1", false, false),
            ("Project lead before, Riverside", false, false),
        ];
        for over in [false, true] {
            if over {
                site.clock().set(event.ends_at);
            }
            for (name, reads, runs) in people {
                let mut visitor = site.visitor();
                if !name.is_empty() {
                    visitor.sign_in_as(name).await;
                }
                let found = |yes: u16| if reads { yes } else { 404 };
                let for_runs = |yes: u16| if runs { yes } else { found(403) };
                let asked = [
                    ("", found(200), 0),
                    ("/event.ics", found(200), 0),
                    ("/details", for_runs(200), for_runs(422)),
                    ("/sign-up", found(if over { 409 } else { 200 }), found(if over { 409 } else { 422 })),
                    ("/attendance", for_runs(if over { 200 } else { 403 }), if over { 0 } else { for_runs(403) }),
                    ("/feedback", found(403), found(403)),
                ];
                for (end, get, post) in asked {
                    let address = format!("{path}{end}");
                    assert_eq!(visitor.get(&address).await.status, get, "GET {end} by {name:?}, over: {over}");
                    if post > 0 {
                        let status = visitor.post(&address, &[("mode", "by-horse")]).await.status;
                        assert_eq!(status, post, "POST {end} by {name:?}, over: {over}");
                    }
                }
            }
        }
    }

    async fn a_second_press_and_two_at_once_do_no_harm(site: TestSite) {
        let (event, path) = put_event(&site, 10, "in-person", Some(3)).await;
        let mut member = site.signed_in_as(MEMBER).await;
        member.open(&format!("{path}/sign-up")).await;
        let form = member.filled_form("Sign up");
        member.send(&form).await.must_be(200);
        member.send(&form).await.must_be(200);
        let all = sign_up::Entity::find().filter(sign_up::COLUMN.gathering_id.eq(event.id)).all(site.db().reader()).await.expect("sign-ups");
        assert_eq!(all.len(), 1);
        // Of two who run it and save what they saw, the second is shown what stands, and loses nothing.
        let (mut one, mut two) = (site.signed_in_as(TEAM).await, site.signed_in_as(SUPPORT).await);
        one.open(&format!("{path}/details")).await;
        two.open(&format!("{path}/details")).await;
        site.clock().advance_seconds(5);
        one.fill("Agenda", "- One");
        one.press("Save").await.must_be(200);
        two.fill("Agenda", "- Two");
        two.press("Save").await.must_be(409).must_say("Somebody else who runs it changed this");
        assert_eq!(two.value("Agenda"), "- Two");
        two.press("Save").await.must_be(200).must_say("Two");
        // Nonsense is told, and nothing breaks.
        for (field, text) in [("How many can come", "-1"), ("How many can come", "99999999999"), ("On which day", "31 June 2026"), ("When it begins", "25:00"), ("Where one joins online", "ftp://meeting.example")] {
            two.open(&format!("{path}/details")).await;
            two.fill(field, text);
            two.press("Save").await.must_be(422);
            assert_eq!(two.value(field), text);
        }
    }
}

/// Reads a calendar with the usual library, where `COMMONWEAL_ICALENDAR` is the path of a Python that has it.
fn read_elsewhere(file: &str, events: usize) {
    let Some(python) = std::env::var_os("COMMONWEAL_ICALENDAR").map(PathBuf::from) else {
        println!("not tried: COMMONWEAL_ICALENDAR=$(scripts/calendar-reader) names a Python that has icalendar");
        return;
    };
    let code = "import sys, icalendar\n\
        calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())\n\
        events = calendar.walk('VEVENT')\n\
        assert all(not c.errors for c in calendar.walk()), [c.errors for c in calendar.walk()]\n\
        assert all(e['DTEND'].dt > e['DTSTART'].dt and e['DTSTART'].dt.utcoffset().total_seconds() == 0 for e in events)\n\
        assert all(e['UID'] and e['DTSTAMP'] and e['URL'].startswith('http') for e in events)\n\
        print(len(events))";
    let mut child = Command::new(&python)
        .arg("-c")
        .arg(code)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python");
    child.stdin.take().expect("its input").write_all(file.as_bytes()).expect("the calendar sent");
    let done = child.wait_with_output().expect("Python");
    assert!(done.status.success(), "{}\n{file}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), events.to_string(), "{file}");
}
