//! Who reads which application, what each makes of it alone, and where they differ.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use tables::{ApplicationId, ConflictId, ReadingId, ScoreId, application, call, conflict, reading, score};
use testkit::site::PRACTICE;
use testkit::{TestSite, both};

use crate::made::{Made, put_applications, put_call};

const CALL: &str = "/programmes/practice-healthy-communities-together/calls/autumn";

/// A submitted application of the call that nobody with an account wrote.
pub async fn put_application(
    site: &TestSite,
    call: &call::Model,
    number: i32,
    name: &str,
    sector: &'static str,
) -> ApplicationId {
    let answers = serde_json::json!({ "problem": { "text": format!("What is stuck at {name}.") } });
    let (organisation, name) = (format!("{name} Trust"), name.to_string());
    put_applications(site, call, vec![Made { number, name, organisation, sector, answers, ..Made::default() }]).await[0]
}

async fn load_application(site: &TestSite, id: ApplicationId) -> application::Model {
    application::Entity::find_by_id(id).one(site.db().reader()).await.expect("it").expect("an application")
}

/// Gives an application to somebody to read, past the pages.
pub async fn give(site: &TestSite, id: ApplicationId, to: &str) -> ReadingId {
    let (row, person_id) = (load_application(site, id).await, site.person(to).await.id);
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let given = reading::Model {
        id: ReadingId(write.id()),
        programme_id: row.programme_id,
        call_id: row.call_id,
        application_id: id,
        person_id,
        remark: String::new(),
        given_at: write.at(),
        submitted_at: None,
        ended_at: None,
        ended_why: None,
        given_why: None,
    };
    let given = write.insert(given).await.expect("a reading");
    write.save().await.expect("a reading");
    given.id
}

/// Submits scores of a reading, past the pages.
pub async fn submit(site: &TestSite, id: ReadingId, points: &[(&str, i32)]) {
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let before = reading::Entity::find_by_id(id).one(write.tx()).await.expect("it").expect("a reading");
    for (criterion, points) in points {
        let row = score::Model {
            id: ScoreId(write.id()),
            programme_id: before.programme_id,
            reading_id: id,
            criterion: (*criterion).into(),
            points: Some(*points),
            why: format!("Because of {criterion}, {points}."),
            given_at: write.at(),
            replaced_at: None,
        };
        write.insert(row).await.expect("a score");
    }
    write.replace(&before, reading::Model { submitted_at: Some(write.at()), ..before.clone() }).await.expect("a reading");
    write.save().await.expect("scores");
}

pub async fn declare(site: &TestSite, id: ApplicationId, who: &str) {
    let (row, person_id) = (load_application(site, id).await, site.person(who).await.id);
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = conflict::Model {
        id: ConflictId(write.id()),
        programme_id: row.programme_id,
        application_id: id,
        person_id,
        why: "My sister works there.".into(),
        declared_at: write.at(),
        ended_at: None,
    };
    write.insert(row).await.expect("a conflict");
    write.save().await.expect("a conflict");
}

async fn load_reading(site: &TestSite, id: ReadingId) -> reading::Model {
    reading::Entity::find_by_id(id).one(site.db().reader()).await.expect("it").expect("a reading")
}

/// The readings of a call that stand.
async fn standing(site: &TestSite, call: &call::Model) -> Vec<reading::Model> {
    let found = reading::Entity::find().filter(reading::COLUMN.call_id.eq(call.id)).filter(reading::COLUMN.ended_at.is_null());
    found.order_by_asc(reading::Column::Id).all(site.db().reader()).await.expect("readings")
}

/// An application that an assessor writes as well; gives the assessor’s name.
async fn put_member(site: &TestSite, call: &call::Model) -> String {
    let name = "Assessor 1";
    let writers = vec![site.person(name).await.id];
    put_applications(site, call, vec![Made { number: 9, name: "Fern Street Together".into(), writers, ..Made::default() }]).await;
    name.to_string()
}

fn home(id: ApplicationId) -> String {
    format!("{PRACTICE}/applications/{id}")
}

both! {
    async fn those_who_choose_see_where_assessors_differ(site: TestSite) {
        let call = put_call(&site).await;
        let alike = put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        let apart = put_application(&site, &call, 2, "Tidewater Together", "nhs").await;
        for (application, points) in [(alike, [[2, 2], [2, 2]]), (apart, [[4, 2], [0, 4]])] {
            for (assessor, [equal, ready]) in ["Assessor 1", "Assessor 2"].into_iter().zip(points) {
                let reading = give(&site, application, assessor).await;
                submit(&site, reading, &[("equal", equal), ("ready", ready)]).await;
            }
        }
        let mut panel = site.signed_in_as("Panel member, funder").await;
        let page = panel.open(&format!("{CALL}/moderation")).await;
        page.must_be(200).must_say("4 of 4 readings are submitted");
        // 2 parts of 3 for a full score and 1 for half of one: 83.3; none and a full one: 33.3.
        page.must_say("Assessor 1 83.3, Assessor 2 33.3").must_say("58.3").must_say("33.3 to 83.3").must_say("50.0").must_say("35.4");
        let text = page.text();
        assert!(text.find("AUTUMN-0002Tidewater") < text.find("AUTUMN-0001Oak"), "the largest difference first");
        panel.open(&format!("{CALL}/moderation?sort=number")).await;
        let text = panel.page().text();
        assert!(text.find("AUTUMN-0001Oak") < text.find("AUTUMN-0002Tidewater"), "{text}");
        let csv = panel.get(&format!("{CALL}/moderation.csv")).await.text();
        assert!(csv.contains("\"AUTUMN-0002\",\"Tidewater Together\",\"2\",\"2\",\"58.3333\",\"33.3333\",\"83.3333\",\"50.0000\""), "{csv}");

        // What is shown is what the measures give.
        let score = |application, assessor, value| measures::Score { application, assessor, value };
        let equal = [score(1, 1, 2.0), score(1, 2, 2.0), score(2, 1, 4.0), score(2, 2, 0.0)];
        let alpha = measures::alpha(&measures::Ratings::from_scores(&equal).expect("ratings"), measures::Level::Ordinal).expect("alpha");
        panel.page().must_say(&format!("Equal seats{:.2}", alpha.alpha).replace('-', "−")).must_say("With so few");
        panel.page().must_say("Milder (+) or stricter (−)").must_say("Assessor 1+25.0").must_say("Assessor 2−25.0");

        panel.follow("AUTUMN-0002").await.must_be(200).must_say("Because of equal, 4.").must_say("A smaller partner has changed the course by it");
        // Whoever stands aside sees a number, and no figure holds what they stand aside from.
        declare(&site, apart, "Panel member, funder").await;
        panel.open(&format!("{CALL}/moderation")).await.must_be(200).must_say("You stand aside from 1 of the applications").must_say("AUTUMN-0002");
        panel.page().must_not_say("Tidewater");
        assert!(!panel.page().says("83.3") && !panel.page().says("58.3"), "{}", panel.page().text());
        let csv = panel.get(&format!("{CALL}/moderation.csv")).await.text();
        assert!(csv.contains("\"AUTUMN-0002\",\"You stand aside\"") && !csv.contains("Tidewater") && !csv.contains("83.3"), "{csv}");
        panel.open(&format!("{}/scores", home(apart))).await.must_be(404);
        panel.open(&format!("{}/scores", home(alike))).await.must_be(200);
    }

    async fn a_conflict_ends_access_at_once(site: TestSite) {
        let call = put_call(&site).await;
        let id = put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        put_application(&site, &call, 2, "Tidewater Together", "nhs").await;
        let reading = give(&site, id, "Assessor 1").await;
        submit(&site, give(&site, id, "Assessor 2").await, &[("equal", 4), ("ready", 2)]).await;
        let mut assessor = site.signed_in_as("Assessor 1").await;
        // The list shows names alone.
        let page = assessor.open(&format!("{CALL}/conflicts")).await;
        page.must_be(200).must_say("Tidewater Together Trust").must_not_say("What is stuck at").must_not_say("Because of equal").must_not_say("Assessor 2");
        for page in ["", "/receipt", "/assess"] {
            assessor.open(&format!("{}{page}", home(id))).await.must_be(200);
        }
        assessor.page().must_say("What is stuck at Oak Lane Allies.");
        assessor.follow("Declare a conflict of interest").await.must_be(200);
        assessor.press("Declare it").await.must_be(422).must_say("Say in a sentence what the conflict is");
        assessor.fill("What is the conflict?", "My sister works there.");
        let twice = assessor.filled_form("Declare it");
        assessor.send(&twice).await.must_be(200).must_say("Declared.").must_say("You have a conflict");
        assessor.send(&twice).await.must_be(200);
        assert_eq!(conflict::Entity::find().count(site.db().reader()).await.expect("conflicts"), 1, "pressed twice, declared once");
        for page in ["", "/whole", "/receipt", "/assess", "/scores"] {
            assessor.open(&format!("{}{page}", home(id))).await.must_be(404);
        }
        let late = assessor.post(&format!("{}/assess", home(id)), &[("step", "draft"), ("points.equal", "2")]).await;
        assert_eq!(late.status, 404);
        assessor.open(&format!("{CALL}/reading")).await.must_be(200).must_not_say("Oak Lane");
        assessor.open("/").await.must_not_say("to read");
        assert!(load_reading(&site, reading).await.ended_at.is_some(), "its reading is free for somebody else");

        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&format!("{CALL}/conflicts")).await.must_say("Assessor 1").must_say("AUTUMN-0001").must_say("My sister works there.");
        let mut panel = site.signed_in_as("Panel member, funder").await;
        panel.open(&format!("{CALL}/conflicts")).await.must_be(200).must_not_say("My sister works there.");
        runs.press("It was a mistake: end that of Assessor 1 with AUTUMN-0001").await.must_be(200).must_say("The conflict is ended");
        assessor.open(&home(id)).await.must_be(404);
        give(&site, id, "Assessor 1").await;
        assessor.open(&home(id)).await.must_be(200);

        // Those who run the call stand aside as others do, and cannot undo it themselves.
        let mine = runs.post(&format!("{CALL}/conflicts/declare"), &[("application", &id.to_string()), ("why", "I worked there.")]).await;
        assert_eq!(mine.status, 303);
        runs.open(&home(id)).await.must_be(404);
        runs.open(&format!("{CALL}/allocation")).await.must_be(200).must_not_say("Oak Lane Allies");
        let own = conflict::Entity::find().filter(conflict::COLUMN.why.eq("I worked there.")).one(site.db().reader()).await.expect("it").expect("a conflict");
        let refused = runs.post(&format!("{CALL}/conflicts/{}/end", own.id), &[]).await;
        assert_eq!(refused.status, 403);
        runs.open(&home(id)).await.must_be(404);
        site.journal_is_whole().await;
    }

    async fn scores_are_given_alone_and_changes_keep_what_was(site: TestSite) {
        let call = put_call(&site).await;
        let id = put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        let other = put_application(&site, &call, 2, "Tidewater Together", "nhs").await;
        give(&site, id, "Assessor 1").await;
        give(&site, other, "Assessor 1").await;
        submit(&site, give(&site, id, "Assessor 2").await, &[("equal", 4), ("ready", 2)]).await;
        let mut first = site.signed_in_as("Assessor 1").await;
        first.open("/").await.must_say("2 applications to read");
        first.follow("2 applications to read").await.must_be(200).must_say("Not started");
        first.follow("AUTUMN-0001").await.must_be(200).must_not_say("Because of equal, 4.").must_not_say("Assessor 2");
        for page in ["", "/receipt"] {
            first.open(&format!("{}{page}", home(id))).await.must_not_say("Because of equal, 4.");
        }
        for page in [format!("{CALL}/moderation"), format!("{CALL}/moderation.csv"), format!("{}/scores", home(id))] {
            assert_eq!(first.get(&page).await.status, 403, "{page}");
        }
        // Somebody who also runs the call sees no scores either while they have theirs to give.
        give(&site, id, "Grant manager").await;
        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&format!("{CALL}/moderation")).await.must_be(200).must_say("After your own scores").must_not_say("Assessor 2");
        assert!(!runs.get(&format!("{CALL}/moderation.csv")).await.text().contains("\"4\""));
        runs.open(&format!("{}/scores", home(id))).await.must_be(403).must_not_say("Because of equal, 4.");

        // A draft may be unfinished; what is submitted may not, and nothing that was typed is lost.
        let assess = format!("{}/assess", home(id));
        first.open(&assess).await;
        first.choose("Points for “Equal seats”", "2: There is a way to decide together");
        first.press("Save, and go on later").await.must_be(200).must_say("Saved.");
        first.fill("Why, for “Ready to be wrong”", "They say where they failed.");
        first.press("Submit your scores").await.must_be(422).must_say("Say why, for “Equal seats”").must_say("Choose the points for “Ready to be wrong”");
        assert_eq!(first.value("Why, for “Ready to be wrong”"), "They say where they failed.");
        let mut second = site.signed_in_as("Assessor 2").await;
        second.open(&assess).await.must_be(200).must_say("Because of equal, 4.").must_not_say("Assessor 1");
        let stale = first.filled_form("Save, and go on later").with("points.equal", "0");
        first.fill("Why, for “Equal seats”", "A board of equals.").choose("Points for “Ready to be wrong”", "4: A smaller partner has changed the course by it");
        let twice = first.filled_form("Submit your scores");
        let mut window = first.second_window();
        window.open(&assess).await;
        window.fill("Why, for “Equal seats”", "Written in another window.");
        window.press("Save, and go on later").await.must_be(200);
        first.send(&twice).await.must_be(409).must_say("Written in another window.").must_say("A board of equals.");
        let twice = first.filled_form("Submit your scores");
        first.send(&twice).await.must_be(200).must_say("Submitted.").must_say("Because of equal, 4.");
        first.send(&twice).await.must_be(200);
        assert_eq!(score::Entity::find().count(site.db().reader()).await.expect("scores"), 4, "pressed twice, scored once");
        first.send(&stale).await.must_be(403).must_say("You have submitted these scores already");

        first.open(&assess).await;
        first.choose("New points for “Equal seats”", "4: A smaller partner has changed the course by it");
        first.press("Change “Equal seats”").await.must_be(422).must_say("Say why you change it");
        first.fill("Why you change “Equal seats”", "I had overlooked page three.");
        first.press("Change “Equal seats”").await.must_be(200).must_say("I had overlooked page three.").must_say("changed by Assessor 1");
        assert!(first.page().texts("del").iter().any(|t| t == "A board of equals."), "what was given before stays, struck through");
        let mut panel = site.signed_in_as("Panel member, funder").await;
        panel.open(&format!("{}/scores", home(id))).await.must_be(200).must_say("I had overlooked page three.").must_say("A board of equals.");
        panel.open(&format!("{CALL}/moderation?sort=number")).await.must_say("Assessor 1 100.0");

        // Criterion by criterion, from one application to the next.
        first.open(&format!("{CALL}/reading")).await.must_say("1 of 2");
        first.follow("Score AUTUMN-0002 by Equal seats").await.must_be(200).must_not_say("Points for “Ready");
        first.choose("Points for “Equal seats”", "0: One decides");
        first.press("Save, and read the next by this criterion").await.must_be(200).must_say("1 of 2 criteria");
        site.journal_is_whole().await;
    }

    async fn loads_are_even_and_go_on_when_somebody_drops_out(site: TestSite) {
        let call = put_call(&site).await;
        let mut ids = Vec::new();
        for (number, sector) in (1..).zip(["voluntary", "nhs", "council", "voluntary", "nhs", "community"]) {
            ids.push(put_application(&site, &call, number, &format!("Partnership {number}"), sector).await);
        }
        let mut runs = site.signed_in_as("Grant manager").await;
        runs.open(&format!("{CALL}/assessors")).await.must_be(200);
        runs.press("Save").await.must_be(422).must_say("Choose who reads").must_say("Choose the sector");
        for (number, sector) in (1..).zip(["NHS", "Council", "Voluntary sector", "Voluntary sector"]) {
            runs.open(&format!("{CALL}/assessors")).await;
            runs.choose("Who?", &format!("Assessor {number}")).choose("Which sector do they come from?", sector);
            runs.press("Save").await.must_be(200).must_say("Saved.");
        }
        runs.open(&format!("{CALL}/allocation")).await.must_say("The call has to close before");
        runs.open(&format!("{CALL}/allocation/preview")).await.must_be(403);
        site.clock().set(call.closes_at.plus_seconds(60));
        declare(&site, ids[0], "Assessor 1").await;
        let before = site.written().await;
        runs.open(&format!("{CALL}/allocation")).await.must_say("Applications without enough readers6");
        runs.follow("Work out who reads what").await.must_be(200).must_say("12 readings would be new").must_say("0 apart");
        assert_eq!(site.written().await, before, "a proposal writes nothing");

        // Two people confirm at once: everything is given once.
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        lead.open(&format!("{CALL}/allocation/preview")).await;
        let (ours, theirs) = (runs.filled_form("Give them out like this"), lead.filled_form("Give them out like this"));
        tokio::join!(runs.send(&ours), lead.send(&theirs));
        runs.page().must_be(200).must_say("Given.");
        lead.page().must_be(200);
        let given = standing(&site, &call).await;
        assert_eq!(given.len(), 12);
        let load = |name: tables::PersonId| given.iter().filter(|r| r.person_id == name).count();
        let mut people = Vec::new();
        for number in 1..=4 {
            people.push(site.person(&format!("Assessor {number}")).await.id);
        }
        assert_eq!(people.iter().map(|p| load(*p)).collect::<Vec<_>>(), [3, 3, 3, 3]);
        assert!(!given.iter().any(|r| r.application_id == ids[0] && r.person_id == people[0]), "never one with a conflict");

        // Somebody drops out after submitting one: that one stands, the others go to the rest.
        let theirs: Vec<_> = given.iter().filter(|r| r.person_id == people[1]).collect();
        submit(&site, theirs[0].id, &[("equal", 2), ("ready", 2)]).await;
        runs.open(&format!("{CALL}/assessors")).await;
        runs.follow("Assessor 2 drops out").await.must_be(200).must_say("1 reading submitted: the scores stand");
        runs.page().must_say("2 readings not submitted: taken back").must_say("Not begun");
        runs.press("Note that they drop out").await.must_be(422).must_say("Tick this if they drop out");
        assert_eq!(standing(&site, &call).await.len(), 12, "nothing happens until it is confirmed");
        runs.choose("Do they drop out?", "Assessor 2 drops out");
        let seen = runs.filled_form("Note that they drop out").with("_seen", "0 3");
        runs.send(&seen).await.must_be(422).must_say("has changed since");
        runs.choose("Do they drop out?", "Assessor 2 drops out");
        let twice = runs.filled_form("Note that they drop out");
        runs.send(&twice).await.must_be(200).must_say("They have dropped out");
        runs.send(&twice).await.must_be(200);
        runs.open(&format!("{CALL}/allocation")).await.must_say("Applications without enough readers2");
        runs.follow("Work out who reads what").await.must_say("2 readings would be new");
        let stale = runs.filled_form("Give them out like this");
        // A conflict declared meanwhile changes the proposal, which is then shown anew.
        let moved = theirs[1].application_id;
        let free = people.iter().position(|p| *p != people[1] && !given.iter().any(|r| r.application_id == moved && r.person_id == *p));
        declare(&site, moved, &format!("Assessor {}", free.expect("somebody") + 1)).await;
        let page = runs.send(&stale).await;
        assert!(page.says("Something has changed since") || page.says("Given."), "{}", page.text());
        if page.says("Something has changed since") {
            runs.press("Give them out like this").await.must_say("Given.");
        }
        let now = standing(&site, &call).await;
        assert_eq!(now.len(), 12);
        assert!(now.iter().any(|r| r.id == theirs[0].id), "what was submitted stands");
        let kept = given.iter().filter(|r| now.iter().any(|n| n.id == r.id)).count();
        assert!(kept >= 9, "as little as possible moves: {kept} of 10 stayed");

        // By hand, with a reason.
        runs.open(&format!("{CALL}/allocation")).await;
        runs.press("Give it to them").await.must_be(422).must_say("Choose an application").must_say("Say why");
        let hand = format!("{CALL}/allocation/hand");
        let fields = |step: &'static str, id: tables::ApplicationId, who: tables::PersonId| {
            [("step".to_string(), step.to_string()), ("application".into(), id.to_string()), ("assessor".into(), who.to_string()), ("why".into(), "They know the place.".into())]
        };
        let token = runs.token().await;
        let mut ask = async |step, id, who| {
            let fields = fields(step, id, who);
            let body = testkit::visitor::encoded(&[&[("form_token".to_string(), token.clone())][..], &fields[..]].concat());
            runs.post_raw(&hand, &body).await
        };
        let refused = ask("give", ids[0], people[0]).await;
        assert!(refused.status == 422 && refused.text().contains("They have a conflict of interest with it"), "{}", refused.text());
        assert_eq!(ask("take", theirs[0].application_id, people[1]).await.status, 422, "what was submitted stands");
        let one = now.iter().find(|r| r.submitted_at.is_none()).expect("one");
        assert_eq!(ask("take", one.application_id, one.person_id).await.status, 303);
        assert_eq!(load_reading(&site, one.id).await.ended_why.as_deref(), Some("They know the place."));
        assert_eq!(ask("give", one.application_id, one.person_id).await.status, 303);
        let again = standing(&site, &call).await;
        assert!(again.iter().any(|r| r.application_id == one.application_id && r.given_why.is_some()));
        site.journal_is_whole().await;
    }

    async fn what_cannot_be_allocated_is_said_in_words(site: TestSite) {
        let call = put_call(&site).await;
        put_application(&site, &call, 1, "Oak Lane Allies", "voluntary").await;
        let mut runs = site.signed_in_as("Grant manager").await;
        let writes = put_member(&site, &call).await;
        runs.open(&format!("{CALL}/assessors")).await;
        runs.choose("Who?", &writes).choose("Which sector do they come from?", "NHS");
        runs.press("Save").await.must_be(422).must_say("They write an application to this call themselves");
        runs.choose("Who?", "Assessor 2");
        runs.press("Save").await.must_be(200);
        site.clock().set(call.closes_at.plus_seconds(60));
        runs.open(&format!("{CALL}/allocation/preview")).await.must_be(409).must_say("only 1 assessor").must_say("Nothing was changed");
        // Whoever applies sees nothing of the others, whatever their role.
        let mut applies = site.signed_in_as(&writes).await;
        applies.open(&format!("{CALL}/conflicts")).await.must_be(403).must_not_say("Oak Lane");
    }
}
