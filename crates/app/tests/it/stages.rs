//! From one stage to the next, and from an application to a place.

use sea_orm::entity::prelude::*;
use tables::{ApplicationId, CallId, DecisionId, FormId, application, call, decision, entry, form};
use testkit::site::PRACTICE;
use testkit::{Draft, TestSite, Visitor, both};

use crate::calls::{finish, newcomer, start};
use crate::made::put_call;

/// Applies alone, up to the receipt.
async fn apply(site: &TestSite, who: &str, email: &str, name: &str) -> (Visitor, String) {
    let mut writer = newcomer(site, who, email).await;
    let home = start(&mut writer, name).await;
    finish(&mut writer, &home).await;
    writer.press("Fern Street Centre stands behind this text").await.must_be(200);
    writer.press("Submit the application").await.must_say("Submitted");
    (writer, home)
}

fn id_of(home: &str) -> ApplicationId {
    home.rsplit('/').next().expect("an address").parse().expect("an id")
}

/// What the sponsors said to an application, as it stands once each has assented.
async fn decide(site: &TestSite, home: &str, outcome: &str) {
    let row = application::Entity::find_by_id(id_of(home)).one(site.db().reader()).await.expect("it").expect("an application");
    let by = site.person("Programme lead, funder").await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let decision = decision::Model {
        id: DecisionId(write.id()),
        programme_id: row.programme_id,
        call_id: row.call_id,
        application_id: row.id,
        outcome: outcome.into(),
        reasons: "Reasons for the sponsors alone.".into(),
        conditions: "Bring in **residents** first.".into(),
        feedback: "Thank you.".into(),
        present: String::new(),
        stood_aside: String::new(),
        proposed_by: by,
        proposed_at: write.at(),
        counts_at: Some(write.at()),
        replaced_at: None,
    };
    write.insert(decision).await.expect("a decision");
    write.save().await.expect("a decision");
}

async fn with_slug(site: &TestSite, slug: &str) -> call::Model {
    let found = call::Entity::find().filter(call::COLUMN.slug.eq(slug)).one(site.db().reader()).await;
    found.expect("calls").expect("the call")
}

async fn tell_everybody(site: &TestSite) {
    let before = with_slug(site, "autumn").await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let after = call::Model { released_at: Some(write.at()), ..before.clone() };
    write.replace(&before, after).await.expect("a call");
    write.save().await.expect("a call");
}

/// A further stage with the same questions and one more of them taken away.
async fn put_next(site: &TestSite) {
    let before = with_slug(site, "autumn").await;
    let kept = form::Entity::find_by_id(before.form_id).one(site.db().reader()).await.expect("forms").expect("a form");
    let mut asked: forms::Form = serde_json::from_str(&kept.document).expect("a form");
    asked.key = "further".into();
    asked.sections[0].questions.retain(|q| q.key != "vision");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let document = serde_json::to_string(&asked).expect("a form");
    let form_id = FormId(write.id());
    let form = form::Model { id: form_id, key: "further".into(), digest: store::sha256(document.as_bytes()), document, ..kept };
    write.insert(form).await.expect("a form");
    let row = call::Model {
        id: CallId(write.id()),
        slug: "further".into(),
        name: "The further stage".into(),
        form_id,
        applications: 0,
        after_id: Some(before.id),
        after_outcomes: Some("chosen reserve".into()),
        ..before
    };
    write.insert(row).await.expect("a call");
    write.save().await.expect("a call");
}

both! {
    async fn a_chosen_application_goes_on_with_what_it_said(site: TestSite) {
        put_call(&site).await;
        let (mut chosen, first) = apply(&site, "Lead writer", "lead@fern.example", "Fern Street Together").await;
        let (mut left, second) = apply(&site, "Other writer", "other@oak.example", "Oak Lane Allies").await;
        decide(&site, &first, "chosen").await;
        decide(&site, &second, "not-chosen").await;
        put_next(&site).await;
        let on = format!("{PRACTICE}/calls/further/carry-on");
        chosen.open(&format!("{PRACTICE}/calls/further")).await.must_be(200).must_say("goes on from “The autumn call”");
        // Before everybody is told, not even who goes on can be seen from this.
        chosen.open(&on).await.must_be(200).must_say("None of your applications goes on from there");
        chosen.open(&format!("{first}/way")).await.must_be(200).must_say("No decision yet").must_not_say("residents");
        tell_everybody(&site).await;
        left.open(&on).await.must_be(200).must_say("None of your applications goes on from there");
        let refused = left.post(&on, &[("application", &id_of(&second).to_string())]).await;
        assert_eq!(refused.status, 404);
        left.open(&format!("{PRACTICE}/calls/further/apply")).await.must_be(403).must_say("goes on from an earlier one");

        chosen.open(&on).await.must_say("2 answers go along");
        let twice = chosen.filled_form("Go on with Fern Street Together");
        let page = chosen.send(&twice).await;
        page.must_be(200).must_say("FURTHER-0001, a draft").must_say("Fern Street Centre");
        let next = page.path.split('?').next().unwrap_or_default().to_string();
        chosen.send(&twice).await.must_be(200);
        chosen.open(&on).await.must_say("It has gone on");
        assert_eq!(application::Entity::find().count(site.db().reader()).await.expect("applications"), 3, "once");

        // What was filled in says where from, until somebody has looked at it.
        chosen.open(&format!("{next}/sections/story")).await.must_say("Filled in for you").must_say("“The autumn call”");
        assert_eq!(chosen.value("What is stuck?"), "Nobody knows whom to ring.");
        chosen.press("Save and stay").await.must_be(200).must_not_say("Filled in for you");
        chosen.open(&format!("{next}/way")).await.must_be(200).must_say("The autumn call").must_say("Chosen").must_say("residents");
        chosen.page().must_not_say("Reasons for the sponsors alone");
        left.open(&format!("{next}/way")).await.must_be(404);

        // The funnel says to everybody what everybody has been told.
        site.visitor().open(&format!("{PRACTICE}/funnel")).await.must_be(200).must_say("The autumn call").must_say("Not told yet");
        site.journal_is_whole().await;
    }

    async fn a_further_stage_is_opened_for_those_who_come_from_one(site: TestSite) {
        put_call(&site).await;
        let (_, first) = apply(&site, "Lead writer", "lead@fern.example", "Fern Street Together").await;
        let (_, second) = apply(&site, "Other writer", "other@oak.example", "Oak Lane Allies").await;
        decide(&site, &first, "chosen").await;
        decide(&site, &second, "not-chosen").await;
        tell_everybody(&site).await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{PRACTICE}/calls/new")).await.must_be(200);
        runs.choose("Which stage is it for?", "Phase 1").choose("Who can apply?", "Those who come from “The autumn call”");
        runs.fill("What is it called?", "Phase 1").fill("Closes on", "1 December 2026");
        runs.press("Open the call").await.must_be(200).must_say("The call stands here now");
        let mails = site.mails_to("lead@fern.example").await;
        assert!(mails.iter().any(|(subject, text)| subject == "You can go on: Phase 1" && text.contains("/carry-on")), "{mails:?}");
        assert!(site.mails_to("other@oak.example").await.iter().all(|(subject, _)| !subject.contains("go on")));
    }

    async fn whom_the_design_foresees_is_chosen_in_the_form(site: TestSite) {
        const WHO: &str = "Who can apply?";
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        runs.open(&format!("{PRACTICE}/calls/new")).await.must_be(200);
        runs.choose("Which stage is it for?", "Application").fill("What is it called?", "First");
        runs.fill("Opens on", "1 November 2026").fill("Closes on", "1 December 2026");
        runs.press("Open the call").await.must_be(200).must_not_say("Open the next stage");
        // Another stage than the form was opened with: who can apply is chosen anew, for somebody to look at.
        runs.open(&format!("{PRACTICE}/calls/new")).await;
        runs.choose("Which stage is it for?", "Phase 1").fill("Closes on", "1 December 2026");
        let first = with_slug(&site, "application").await;
        runs.press("Open the call").await.must_be(422).must_say("who can apply is chosen anew, as the design foresees it");
        assert_eq!(runs.filled_form("Open the call").get("after"), first.id.to_string());
        runs.choose(WHO, "Everybody");
        assert_eq!(runs.press("Open the call").await.path, format!("{PRACTICE}/calls/phase-1?done=opened"), "it is for people to say");
        assert_eq!(with_slug(&site, "phase-1").await.after_id, None);

        let before = with_slug(&site, "application").await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        write.replace(&before, call::Model { released_at: Some(write.at()), ..before.clone() }).await.expect("a call");
        let gone = with_slug(&site, "phase-1").await;
        write.replace(&gone, call::Model { stage: "another".into(), ..gone.clone() }).await.expect("a call");
        write.save().await.expect("calls");
        runs.open(&format!("{PRACTICE}/calls/application")).await;
        runs.follow("Open the next stage: Phase 1").await.must_be(200);
        assert_eq!(runs.filled_form("Open the call").get("stage"), "development");
        assert_eq!(runs.filled_form("Open the call").get("after"), first.id.to_string());
        runs.fill("Closes on", "1 December 2026");
        runs.press("Open the call").await.must_be(200).must_say("goes on from “First”");
        assert_eq!(with_slug(&site, "phase-1-2").await.after_id, Some(first.id));
        // What nobody can open from there is offered to nobody else.
        site.visitor().open(&format!("{PRACTICE}/calls/application")).await.must_be(200).must_not_say("Open the next stage");
    }

    async fn a_chosen_application_becomes_a_place(site: TestSite) {
        put_call(&site).await;
        let (mut lead, home) = apply(&site, "Lead writer", "lead@fern.example", "Fern Street Together").await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let to_place = format!("{home}/place");
        runs.open(&to_place).await.must_be(403).must_say("It cannot become a place yet");
        decide(&site, &home, "chosen").await;
        tell_everybody(&site).await;
        site.signed_in_as("Grant manager").await.open(&to_place).await.must_be(403).must_say("Making a place gives people roles");
        lead.open(&to_place).await.must_be(403);

        runs.open(&to_place).await.must_be(200).must_say("Nobody knows whom to ring.");
        runs.fill("What is the place called?", "").choose("Lead writer, Fern Street Centre", "No role");
        runs.press("Make it a place").await.must_be(422).must_say("Enter the place’s name");
        runs.fill("What is the place called?", "Fern Street");
        runs.press("Make it a place").await.must_be(422).must_say("Make somebody Project lead");
        runs.choose("Lead writer, Fern Street Centre", "Project lead");
        let twice = runs.filled_form("Make it a place");
        runs.send(&twice).await.must_be(200).must_say("Fern Street Centre").must_say("Nobody knows whom to ring.").must_say("Lead writer");
        runs.send(&twice).await.must_be(200);
        let row = application::Entity::find_by_id(id_of(&home)).one(site.db().reader()).await.expect("it").expect("it");
        assert_eq!(row.place_id, Some(site.place("fern-street").await.id));

        // The place is theirs from now on: what they write among themselves feeds no gate until they share it.
        lead.open(&format!("{PRACTICE}/places/fern-street")).await.must_be(200).must_say("Record an entry");
        let draft = Draft { author: "Lead writer", circle: "place", place: Some("fern-street"), title: "Among ourselves", ..Draft::default() };
        let own: entry::Model = site.put(draft).await;
        let told = Draft { author: "Lead writer", circle: "programme-team", title: "For the programme", source: Some(&own), ..draft };
        runs.open(&format!("{home}/way")).await.must_be(200).must_say("The place since").must_not_say("Among ourselves");
        site.put(told).await;
        runs.open(&format!("{home}/way")).await.must_say("For the programme").must_not_say("Among ourselves");
        lead.open(&format!("{home}/way")).await.must_say("Among ourselves");
        site.journal_is_whole().await;
    }
}
