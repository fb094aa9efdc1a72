//! The sponsors decide together, and everybody hears at once.

use app::release_due;
use kernel::{Day, Deadline};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use tables::{
    ApplicationId, AppointmentId, ConflictId, DecisionId, application, appointment, assent, call, conflict, decision, mail,
};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::made::{Made, put_applications, put_people, put_submitted};

pub const FUNDER: &str = "Panel member, funder";
pub const SUPPORT: &str = "Panel member, support partner";
pub const REASONS: &str = "The council would decide alone.";

pub fn home(of: ApplicationId) -> String {
    format!("{PRACTICE}/applications/{of}")
}
pub fn decision_page(of: ApplicationId) -> String {
    format!("{}/decision", home(of))
}
fn call_home() -> String {
    format!("{PRACTICE}/calls/autumn")
}

/// An application that a partner of Lantern Hill has submitted, to a call that has closed since.
pub async fn closed_with_one(site: &TestSite) -> ApplicationId {
    let writes = site.person("Partner organisation's representative, Lantern Hill").await.id;
    let id = put_submitted(site, writes).await;
    site.clock().advance_seconds(4000);
    id
}

pub async fn the_call(site: &TestSite) -> call::Model {
    call::Entity::find().one(site.db().reader()).await.expect("the database").expect("a row")
}

pub async fn decisions(site: &TestSite) -> Vec<decision::Model> {
    let all = decision::Entity::find().order_by_asc(decision::Column::ProposedAt).order_by_asc(decision::Column::Id);
    all.all(site.db().reader()).await.expect("the database")
}
async fn assents(site: &TestSite) -> Vec<assent::Model> {
    assent::Entity::find().order_by_asc(assent::Column::Id).all(site.db().reader()).await.expect("the database")
}

/// Applications to a call, each written by as many people as said, none of whom has any role.
pub async fn put_many(
    site: &TestSite,
    call: &call::Model,
    numbers: std::ops::RangeInclusive<i32>,
    writers: usize,
) -> Vec<ApplicationId> {
    let mut all = Vec::new();
    for number in numbers {
        let person = |n| (format!("Writer {n} of {number}"), format!("writer{n}@partnership{number}.example"));
        let writers = put_people(site, (0..writers).map(person)).await;
        let name = format!("Partnership {number}");
        all.push(Made { number, organisation: name.clone(), name, sector: "nhs", writers, ..Made::default() });
    }
    put_applications(site, call, all).await
}

/// A decision on each that counts already.
async fn put_counting(site: &TestSite, call: &call::Model, of: &[ApplicationId]) {
    let by = site.person(FUNDER).await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
    let at = write.at();
    let row = |id: DecisionId, application_id: ApplicationId| decision::Model {
        id,
        programme_id: call.programme_id,
        call_id: call.id,
        application_id,
        outcome: "not-chosen".into(),
        reasons: REASONS.into(),
        conditions: String::new(),
        feedback: "Tell us who decides.".into(),
        present: "Both sponsors".into(),
        stood_aside: String::new(),
        proposed_by: by,
        proposed_at: at,
        counts_at: Some(at),
        replaced_at: None,
    };
    let rows = of.iter().map(|id| row(DecisionId(write.id()), *id)).collect();
    write.insert_all(rows).await.expect("the database");
    write.save().await.expect("the database");
}

pub async fn put_conflict(site: &TestSite, application_id: ApplicationId, name: &str) {
    let person_id = site.person(name).await.id;
    let programme_id = site.programme(PRACTICE).await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
    let (id, declared_at) = (ConflictId(write.id()), write.at());
    let why = "I sit on its board.".into();
    write
        .insert(conflict::Model { id, programme_id, application_id, person_id, why, declared_at, ended_at: None })
        .await
        .expect("the database");
    write.save().await.expect("the database");
}

/// Proposes by the form, as it stands before the visitor.
pub async fn propose(visitor: &mut Visitor, of: ApplicationId, outcome: &str, feedback: &str) {
    visitor.open(&decision_page(of)).await.must_be(200);
    let button = if visitor.sees_button("Propose it") { "Propose it" } else { "Propose this instead" };
    visitor.form(button);
    visitor.choose("What becomes of it?", outcome).fill("Reasons", REASONS).fill("Feedback to the applicant", feedback);
    visitor.fill("Who was present?", "Panel member A\nPanel member B");
    visitor.press(button).await.must_be(200).must_say("Proposed. It counts once each sponsor");
}

pub async fn both_assent(site: &TestSite, of: ApplicationId) {
    for (name, button) in [(FUNDER, "The funder assents to this"), (SUPPORT, "The support partner assents to this")] {
        let mut visitor = site.signed_in_as(name).await;
        visitor.open(&decision_page(of)).await;
        visitor.press(button).await.must_be(200).must_say("assent is noted");
    }
}

both! {
    async fn a_decision_counts_once_each_sponsor_has_assented(site: TestSite) {
        let id = closed_with_one(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&decision_page(id)).await.must_say("Nobody has proposed a decision yet");
        funder.press("Propose it").await.must_be(422).must_say("Choose what becomes of it").must_say("Enter the reasons");
        funder.choose("What becomes of it?", "Reserve").fill("Reasons", REASONS).fill("Who was present?", "Both");
        // Feedback starts from the reasons, and has to be looked at.
        funder.press("Propose it").await.must_be(422).must_say("Put them into words for the applicant");
        assert_eq!(funder.value("Feedback to the applicant"), REASONS);
        funder.fill("Feedback to the applicant", "Say who else decides.");
        funder.press("Propose it").await.must_say("Proposed; waits for The funder and The support partner");

        let theirs = funder.filled_form("The funder assents to this");
        assert!(!funder.sees_button("The support partner assents to this"));
        funder.press("The funder assents to this").await.must_say("Proposed; waits for The support partner");
        assert!(!funder.sees_button("The funder assents to this"));
        // The same sponsor twice is one: by the same press, by the same person, by another of its people.
        funder.send(&theirs).await.must_be(200);
        let which = decisions(&site).await[0].id.to_string();
        let twice = [("_decision", which.as_str()), ("_sponsor", "community-fund")];
        funder.post(&format!("{}/assent", decision_page(id)), &twice).await;
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        lead.post(&format!("{}/assent", decision_page(id)), &twice).await;
        let other = funder.post(&format!("{}/assent", decision_page(id)), &[("_decision", &which), ("_sponsor", "kings-fund")]).await;
        assert_eq!(other.status, 403, "{}", other.text());
        assert_eq!((assents(&site).await.len(), decisions(&site).await[0].counts_at), (1, None));
        // Whoever runs the call, and speaks for no sponsor, does not assent.
        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open(&decision_page(id)).await.must_say(REASONS);
        assert!(!manager.sees_button("The support partner assents to this"));
        assert_eq!(manager.post(&format!("{}/assent", decision_page(id)), &[("_decision", &which), ("_sponsor", "kings-fund")]).await.status, 403);

        let mut support = site.signed_in_as(SUPPORT).await;
        support.open("/").await.must_say("Assent to a decision, or propose another");
        support.open(&format!("{}/assents", call_home())).await.must_be(200).must_say(REASONS).must_say("Say who else decides.");
        support.choose("Decisions", "AUTUMN-0001 Allies: Reserve");
        support.press("Assent to those ticked").await.must_be(200).must_say("assent is noted").must_say("Nothing waits for The support partner");
        assert!(decisions(&site).await[0].counts_at.is_some());
        manager.open(&format!("{}/forum", call_home())).await.must_be(200).must_say("Allies").must_say("1 counting, 0 proposed").must_say("Counts");
        assert!(site.acts_since(0).await.iter().any(|act| act == "assent to decisions"));
        site.journal_is_whole().await;
    }

    async fn nobody_assents_for_two_sponsors(site: TestSite) {
        let id = closed_with_one(&site).await;
        let held = site.appointment(FUNDER).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
        let second = appointment::Model { id: AppointmentId(write.id()), sponsor: Some("kings-fund".into()), ..held };
        write.insert(second).await.expect("the database");
        write.save().await.expect("the database");
        let mut both = site.signed_in_as(FUNDER).await;
        propose(&mut both, id, "Chosen", "Well done.").await;
        both.open(&decision_page(id)).await;
        assert!(both.sees_button("The support partner assents to this"));
        let other = both.filled_form("The support partner assents to this");
        both.press("The funder assents to this").await.must_be(200);
        assert!(!both.sees_button("The support partner assents to this"));
        both.send(&other).await.must_be(409).must_say("You have assented to this for another sponsor");
        assert_eq!((assents(&site).await.len(), decisions(&site).await[0].counts_at), (1, None));
    }

    async fn another_decision_takes_back_every_assent(site: TestSite) {
        let id = closed_with_one(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        propose(&mut funder, id, "Chosen", "The first words.").await;
        both_assent(&site, id).await;
        let mut support = site.signed_in_as(SUPPORT).await;
        propose(&mut support, id, "Reserve", "The second words.").await;
        support.page().must_say("Proposed; waits for The funder and The support partner").must_say("Earlier decisions").must_say("The first words.");
        // An assent to what was read before is no assent to what stands now, and both texts are shown.
        support.open(&decision_page(id)).await;
        support.press("The support partner assents to this").await;
        funder.open(&decision_page(id)).await.must_say("The second words.");
        let press = funder.filled_form("The funder assents to this");
        funder.open(&format!("{}/assents", call_home())).await;
        funder.choose("Decisions", "AUTUMN-0001 Allies: Reserve");
        let ticked = funder.filled_form("Assent to those ticked");
        propose(&mut support, id, "Not chosen", "The third words.").await;
        for form in [press, ticked] {
            funder.send(&form).await.must_be(409).must_say("The second words.").must_say("The third words.");
        }
        let all = decisions(&site).await;
        assert_eq!(all.iter().filter(|d| d.replaced_at.is_none()).count(), 1);
        assert!(all.iter().all(|d| d.counts_at.is_none() || d.replaced_at.is_some()), "what counted was replaced");
        // Two write at once: the second sees what the first proposed, and nothing typed is lost.
        funder.open(&decision_page(id)).await;
        funder.form("Propose this instead").fill("Reasons", "Mine, written meanwhile.");
        propose(&mut support, id, "Chosen", "The fourth words.").await;
        funder.press("Propose this instead").await.must_be(422).must_say("Somebody proposed another decision while you wrote").must_say("The fourth words.");
        assert_eq!(funder.form("Propose this instead").value("Reasons"), "Mine, written meanwhile.");
        funder.press("Propose this instead").await.must_be(200).must_say("Mine, written meanwhile.");
        assert_eq!(decisions(&site).await.len(), 5);
    }

    async fn a_decision_on_a_text_that_was_submitted_anew_counts_no_more(site: TestSite) {
        let id = closed_with_one(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        propose(&mut funder, id, "Chosen", "Well done.").await;
        both_assent(&site, id).await;
        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&format!("{}/release", call_home())).await.must_say("1 of 1 applications");
        site.clock().advance_seconds(60);
        let before = application::Entity::find_by_id(id).one(site.db().reader()).await.expect("the database").expect("a row");
        let mut write = site.db().write(&site.writer(), "submit an application again").await.expect("the database");
        let anew = application::Model { submitted_at: Some(write.at()), ..before.clone() };
        write.replace(&before, anew).await.expect("the database");
        write.save().await.expect("the database");
        runs.open(&format!("{}/release", call_home())).await.must_say("0 of 1 applications").must_say("submitted anew since");
        assert!(!runs.sees_button("Mark it ready"));
        funder.open(&decision_page(id)).await.must_say("it has to be proposed again");
        assert!(!funder.sees_button("The funder assents to this"));
        let which = decisions(&site).await[0].id.to_string();
        assert_eq!(funder.post(&format!("{}/assent", decision_page(id)), &[("_decision", &which)]).await.status, 409);
        site.clock().advance_seconds(60);
        propose(&mut funder, id, "Chosen", "Still well done.").await;
        both_assent(&site, id).await;
        runs.open(&format!("{}/release", call_home())).await.must_say("1 of 1 applications");
    }

    async fn whoever_has_a_conflict_stands_aside(site: TestSite) {
        let id = closed_with_one(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        propose(&mut funder, id, "Chosen", "Well done.").await;
        let seen = funder.filled_form("The funder assents to this");
        funder.open(&format!("{}/assents", call_home())).await;
        funder.choose("Decisions", "AUTUMN-0001 Allies: Chosen");
        let ticked = funder.filled_form("Assent to those ticked");
        put_conflict(&site, id, FUNDER).await;
        funder.open(&decision_page(id)).await.must_be(404);
        funder.send(&seen).await.must_be(404);
        funder.send(&ticked).await.must_be(404);
        assert_eq!(funder.post(&decision_page(id), &[("outcome", "chosen")]).await.status, 404);
        for page in ["forum", "assents"] {
            let page = funder.open(&format!("{}/{page}", call_home())).await;
            page.must_be(200).must_say("AUTUMN-0001").must_not_say("Allies").must_not_say("Well done.");
            page.must_not_say(REASONS).must_not_say("Oak Lane");
        }
        funder.open(&format!("{}/forum", call_home())).await.must_say("You stand aside").must_say("0 counting, 0 proposed");
        funder.open("/").await.must_not_say("Assent to");
        assert!(assents(&site).await.is_empty());
        // It is named by itself in what the others propose.
        let mut support = site.signed_in_as(SUPPORT).await;
        propose(&mut support, id, "Reserve", "Nearly.").await;
        let stands = decisions(&site).await.into_iter().find(|d| d.replaced_at.is_none()).expect("one that stands");
        assert_eq!(stands.stood_aside, FUNDER);
        // And the sponsor can speak by another.
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        lead.open(&decision_page(id)).await;
        lead.press("The funder assents to this").await.must_be(200);
        put_conflict(&site, id, "Programme lead, funder").await;
        support.open(&decision_page(id)).await.must_say("Programme lead, funder, who has declared a conflict of interest since");
    }

    async fn applicants_hear_nothing_before_everybody_does(site: TestSite) {
        let id = closed_with_one(&site).await;
        let call = the_call(&site).await;
        let others = put_many(&site, &call, 2..=2, 1).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        propose(&mut funder, id, "Not chosen, asked to stay in the learning network", "Say who else decides.").await;
        propose(&mut funder, others[0], "Chosen", "Well done, number two.").await;
        both_assent(&site, id).await;
        let mut writer = site.signed_in_as("Partner organisation's representative, Lantern Hill").await;
        writer.open(&home(id)).await.must_be(200).must_not_say("Say who else decides.").must_not_say("The decision");
        writer.open(&decision_page(id)).await.must_be(403);
        let mut runs = site.signed_in_as("Grant manager").await;
        let release = format!("{}/release", call_home());
        // One sponsor's assent is missing on the second.
        runs.open(&release).await.must_say("1 of 2 applications").must_say("AUTUMN-0002").must_say("waits for");
        assert!(!runs.sees_button("Mark it ready"));
        let fields = [("_step", "ready"), ("day", "21 November 2026"), ("time", "09:00")];
        assert_eq!(runs.post(&release, &fields).await.status, 409);
        assert_eq!(runs.post(&format!("{release}/now"), &[("sure", "yes")]).await.status, 409);
        both_assent(&site, others[0]).await;
        runs.open(&release).await.must_say("2 of 2 applications");
        runs.fill("On which day does everybody hear?", "19 November 2026");
        runs.press("Mark it ready").await.must_be(422).must_say("Enter a moment that is still to come");
        runs.fill("On which day does everybody hear?", "27 November 2026");
        runs.press("Mark it ready").await.must_be(200).must_say("27 November 2026 at 09:00");
        let mut nobody = site.visitor();
        nobody.open(&call_home()).await.must_say("27 November 2026");

        site.clock().set(Deadline { day: Day::new(2026, 11, 27).expect("a day"), hour: 8, minute: 59 }.moment());
        assert_eq!(release_due(site.app()).await.expect("the database"), 0, "not before its hour");
        assert_eq!(mail::Entity::find().count(site.db().reader()).await.expect("the database"), 0);
        site.clock().advance_seconds(60);
        assert_eq!(release_due(site.app()).await.expect("the database"), 1);
        let mut writer = site.signed_in_as("Partner organisation's representative, Lantern Hill").await;
        writer.open(&home(id)).await.must_say("asked to stay in the learning network").must_say("Say who else decides.");
        writer.page().must_not_say(REASONS).must_not_say("Panel member").must_not_say("number two");
        writer.open("/").await.must_say("The decision is there.");
        writer.open(&home(others[0])).await.must_be(404);
        writer.open(&decision_page(id)).await.must_be(403);
        let address = site.person("Partner organisation's representative, Lantern Hill").await.email.expect("an address");
        let mails = site.mails_to(&address).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].1.contains(&home(id)) && !mails[0].1.contains("Say who else"), "{mails:?}");
        assert!(!mails[0].1.contains(&others[0].to_string()) && !mails[0].1.to_lowercase().contains("chosen"), "{mails:?}");
        site.journal_is_whole().await;
    }

    async fn nobody_is_told_before_the_announced_day(site: TestSite) {
        let id = closed_with_one(&site).await;
        let call = the_call(&site).await;
        put_counting(&site, &call, &[id]).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let release = format!("{}/release", call_home());
        runs.open(&release).await;
        runs.fill("On which day does everybody hear?", "25 November 2026");
        runs.press("Mark it ready").await.must_say("Marked ready");
        assert_eq!(runs.post(&format!("{release}/now"), &[("sure", "yes")]).await.status, 409);
        runs.open(&release).await;
        assert!(!runs.sees_button("Tell everybody now"));
        runs.press("Take this back").await.must_say("nobody is told until");
        runs.fill("On which day does everybody hear?", "24 November 2026");
        runs.press("Mark it ready").await.must_be(422).must_say("Enter 25 November 2026, which was announced, or a later day");
        runs.fill("On which day does everybody hear?", "26 November 2026");
        runs.press("Mark it ready").await.must_say("Marked ready");
        // Another decision takes the mark back; nobody is told on the day then.
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&decision_page(id)).await.must_say("This call was marked ready to be told");
        propose(&mut funder, id, "Reserve", "You follow if another cannot.").await;
        assert_eq!(the_call(&site).await.tells_at, None);
        // Even where the mark stayed somehow, nothing is told that does not count, and the mark goes.
        let call = the_call(&site).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
        write.replace(&call, call::Model { tells_at: Some(site.now()), ..call.clone() }).await.expect("the database");
        write.save().await.expect("the database");
        assert_eq!(release_due(site.app()).await.expect("the database"), 0);
        let call = the_call(&site).await;
        assert_eq!((call.tells_at, call.released_at), (None, None));
        site.clock().set(Deadline { day: Day::new(2026, 11, 26).expect("a day"), hour: 12, minute: 0 }.moment());
        assert_eq!(release_due(site.app()).await.expect("the database"), 0);
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        assert_eq!(runs.post(&format!("{release}/now"), &[("sure", "yes")]).await.status, 409);
        both_assent(&site, id).await;
        runs.open(&release).await;
        runs.press("Tell everybody now").await.must_be(422).must_say("Tick this to tell everybody now");
        runs.choose("Tell everybody now?", "Tell the one who applied. It cannot be taken back");
        runs.press("Tell everybody now").await.must_be(200).must_say("Everybody is told.").must_say("Everybody was told on 26 November 2026 at 12:00");
        assert_eq!(release_due(site.app()).await.expect("the database"), 0);
    }

    async fn everybody_is_told_once_whoever_tells_them(site: TestSite) {
        let id = closed_with_one(&site).await;
        let call = the_call(&site).await;
        let mut all = put_many(&site, &call, 2..=4, 3).await;
        all.push(id);
        put_counting(&site, &call, &all).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
        let due = call::Model { tells_at: Some(site.now()), decides_on: Some(site.now().day()), ..call.clone() };
        write.replace(&call, due).await.expect("the database");
        write.save().await.expect("the database");

        // The mails cannot be queued: then nobody is told at all, and the next time it is done.
        rename(&site, "mails", "mails_away").await;
        assert!(release_due(site.app()).await.is_err());
        rename(&site, "mails_away", "mails").await;
        assert_eq!(the_call(&site).await.released_at, None);

        let records = site.last_record().await;
        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&format!("{}/release", call_home())).await;
        runs.choose("Tell everybody now?", "Tell all 4 at once. It cannot be taken back");
        let press = runs.filled_form("Tell everybody now");
        let mut again = runs.second_window();
        let (first, second, third, ..) =
            futures::join!(release_due(site.app()), release_due(site.app()), release_due(site.app()), runs.send(&press), again.send(&press));
        let by_themselves: usize = [first, second, third].into_iter().map(|told| told.expect("the database")).sum();
        assert!(by_themselves <= 1);
        assert_eq!(release_due(site.app()).await.expect("the database"), 0);
        assert!(the_call(&site).await.released_at.is_some());
        let told = site.acts_since(records).await.into_iter().filter(|act| act == "tell everybody the decisions").count();
        assert_eq!(told, 1);
        let mut to: Vec<String> = mail::Entity::find().all(site.db().reader()).await.expect("the database").into_iter().map(|m| m.recipient).collect();
        assert_eq!(to.len(), 10, "one for each of those who write");
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 10);
    }

    async fn a_large_call_is_told_in_one_go(site: TestSite) {
        closed_with_one(&site).await;
        let call = the_call(&site).await;
        put_many(&site, &call, 2..=300, 12).await;
        let all: Vec<application::Model> = application::Entity::find().all(site.db().reader()).await.expect("the database");
        put_counting(&site, &call, &all.iter().map(|a| a.id).collect::<Vec<_>>()).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
        write.replace(&call, call::Model { tells_at: Some(site.now()), decides_on: Some(site.now().day()), ..call.clone() }).await.expect("the database");
        write.save().await.expect("the database");
        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&format!("{}/forum?page=6", call_home())).await.must_be(200).must_say("AUTUMN-0300");
        runs.open(&format!("{}/release", call_home())).await.must_say("300 of 300 applications");
        assert_eq!(release_due(site.app()).await.expect("the database"), 1);
        assert_eq!(mail::Entity::find().count(site.db().reader()).await.expect("the database"), 299 * 12 + 1);
    }
}

async fn rename(site: &TestSite, from: &str, to: &str) {
    let write = site.db().write(&site.writer(), "prepare a test").await.expect("the database");
    write.unrecorded().execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.expect("the database");
    write.save().await.expect("the database");
}
