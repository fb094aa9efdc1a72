//! Those who came far and were not chosen stay in the network, where the design keeps a role for them: in that circle, and in no
//! other.

use std::path::Path;

use app::practice::{Plan, populate};
use design::{Programme, Sources};
use sea_orm::entity::prelude::*;
use tables::{DecisionId, EntryId, application, appointment, call, circle, decision, entry, member, person};
use testkit::site::today;
use testkit::{TestSite, Visitor, both};

use crate::agreements::{has_row, waits};

const HOME: &str = "/programmes/practice-shaping-places-for-healthier-lives";
const HOST: &str = "practice-shaping-places-for-healthier-lives.example";
const TASK: &str = "Take in those who were asked to stay";

/// A programme whose design keeps those who were not chosen, with a call to which four applied.
async fn put_programme(site: &TestSite) -> call::Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let sources = Sources::read(&folder.join("sources.toml")).expect("the sources");
    let design = Programme::read(&folder.join("shaping-places-for-healthier-lives"), &sources).expect("a design");
    let plan = Plan {
        design: &design,
        real_names: Vec::new(),
        places: 2,
        entries: 0,
        applications: 4,
        awards: false,
        followed: false,
        seed: 5,
        as_of: today(),
    };
    populate(site.db(), &plan, &mut |_| {}).await.expect("a practice programme");
    let programme = site.programme(HOME).await.id;
    let found = call::Entity::find().filter(call::COLUMN.programme_id.eq(programme)).one(site.db().reader()).await;
    let before = found.expect("calls").expect("the practice call");
    // It is the first stage that is practised; the rule is of the last.
    let stages = &design.design.call.as_ref().expect("a call").stages;
    let last = stages.iter().find(|stage| stage.stays_as.is_some()).expect("a stage that keeps people");
    let terms = serde_json::to_string(last).expect("the terms");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let after = call::Model { stage: last.key.clone(), terms: Some(terms), ..before.clone() };
    let call = write.replace(&before, after).await.expect("a call");
    write.save().await.expect("a call");
    call
}

/// What was decided, in the order of the applications.
async fn decide(site: &TestSite, call: &call::Model, outcomes: &[&str]) -> Vec<application::Model> {
    let found = application::Entity::find().filter(application::COLUMN.call_id.eq(call.id)).all(site.db().reader()).await;
    let mut all = found.expect("applications");
    all.sort_by_key(|one| one.number);
    let by = person_at(site, "programme-lead").await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    for (one, outcome) in all.iter().zip(outcomes) {
        let row = decision::Model {
            id: DecisionId(write.id()),
            programme_id: one.programme_id,
            call_id: call.id,
            application_id: one.id,
            outcome: (*outcome).into(),
            reasons: "For the sponsors.".into(),
            conditions: String::new(),
            feedback: "Thank you.".into(),
            present: String::new(),
            stood_aside: String::new(),
            proposed_by: by,
            proposed_at: write.at(),
            counts_at: Some(write.at()),
            replaced_at: None,
        };
        write.insert(row).await.expect("a decision");
    }
    write.save().await.expect("decisions");
    all
}

async fn tell_everybody(site: &TestSite, call: &call::Model) {
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let after = call::Model { released_at: Some(write.at()), ..call.clone() };
    write.replace(call, after).await.expect("a call");
    write.save().await.expect("a call");
}

/// Somebody of the programme, by the beginning of their address.
async fn person_at(site: &TestSite, address: &str) -> person::Model {
    let found = person::Entity::find().filter(person::COLUMN.email.starts_with(address));
    let all = found.all(site.db().reader()).await.expect("people");
    let mine = all.into_iter().find(|one| one.email.as_ref().is_some_and(|email| email.ends_with(HOST)));
    mine.unwrap_or_else(|| panic!("nobody at {address}"))
}

async fn signed_in(site: &TestSite, person: &person::Model) -> Visitor {
    let mut visitor = site.visitor();
    let id = person.id.to_string();
    assert_eq!(visitor.post("/sign-in/practice", &[("person", &id)]).await.status, 303);
    visitor
}

/// Who writes an application.
async fn writers(site: &TestSite, of: &application::Model) -> Vec<person::Model> {
    let members = member::Entity::find().filter(member::COLUMN.application_id.eq(of.id)).all(site.db().reader()).await;
    let ids: Vec<_> = members.expect("members").into_iter().map(|m| m.person_id).collect();
    person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(site.db().reader()).await.expect("people")
}

/// Puts an entry into a circle of the programme, past the pages.
async fn put_note(site: &TestSite, key: &str) -> EntryId {
    let programme = site.programme(HOME).await.id;
    let found = circle::Entity::find().filter(circle::COLUMN.programme_id.eq(programme)).filter(circle::COLUMN.key.eq(key));
    let circle = found.one(site.db().reader()).await.expect("circles").expect("the circle");
    let author = person_at(site, "programme-lead").await;
    let held = appointment::Entity::find().filter(appointment::COLUMN.person_id.eq(author.id)).one(site.db().reader()).await;
    let held = held.expect("appointments").expect("a role");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = entry::Model {
        id: EntryId(write.id()),
        programme_id: programme,
        place_id: None,
        circle_id: circle.id,
        kind: "note".into(),
        title: format!("A bandicoot in {key}"),
        text: "It sleeps.".into(),
        happened_on: today(),
        author_id: author.id,
        appointment_id: held.id,
        revision: 1,
        written_at: write.at(),
        changed_at: write.at(),
        source_id: None,
        source_circle_id: None,
        source_revision: None,
    };
    let row = write.insert(row).await.expect("an entry");
    write.index(std::slice::from_ref(&row)).await.expect("the index");
    write.save().await.expect("an entry");
    row.id
}

both! {
    async fn finalists_who_were_not_chosen_get_into_the_network_and_nowhere_else(site: TestSite) {
        let call = put_programme(&site).await;
        let all = decide(&site, &call, &["chosen", "network", "not-chosen", "network"]).await;
        let stay = format!("{HOME}/calls/{}/stay", call.slug);
        let mut lead = signed_in(&site, &person_at(&site, "programme-lead").await).await;
        lead.open(&stay).await.must_be(403).must_say("Nobody has been told yet");
        assert!(!waits(&mut lead).await.contains(&TASK.to_string()));
        tell_everybody(&site, &call).await;
        assert!(waits(&mut lead).await.contains(&TASK.to_string()));
        lead.open(&stay).await.must_be(200).must_say("In this role they read: Network");
        let kept = [writers(&site, &all[1]).await, writers(&site, &all[3]).await].concat();
        let others = [writers(&site, &all[0]).await, writers(&site, &all[2]).await].concat();
        for one in &kept {
            assert!(lead.page().text().contains(&one.name), "{}", one.name);
        }
        assert!(has_row(&lead, &format!("{} Not in the network yet", all[1].name)), "{}", lead.page().text());
        let button = format!("Take these {} people in", kept.len());
        let twice = lead.filled_form(&button);
        lead.send(&twice).await.must_be(200).must_say("Done.");
        lead.send(&twice).await.must_be(200);
        assert!(!lead.sees_button(&button) && !waits(&mut lead).await.contains(&TASK.to_string()));

        let held = appointment::Entity::find().filter(appointment::COLUMN.role.eq("network-member"));
        let held = held.filter(appointment::COLUMN.person_id.is_in(kept.iter().map(|p| p.id)));
        assert_eq!(held.all(site.db().reader()).await.expect("roles").len(), kept.len(), "each once");
        let (theirs, closed) = (put_note(&site, "network").await, put_note(&site, "oversight").await);
        let mut one = signed_in(&site, &kept[0]).await;
        one.open(&format!("{HOME}/channel")).await.must_be(200).must_say("Start a thread");
        one.open(&format!("{HOME}/peers")).await.must_be(200);
        one.open(&format!("{HOME}/entries/{theirs}")).await.must_be(200);
        one.open(&format!("{HOME}/entries/{closed}")).await.must_be(404);
        one.open(&format!("{HOME}/entries")).await.must_be(200).must_say("A bandicoot in network");
        assert!(!one.page().text().contains("A bandicoot in oversight"));
        one.open(&format!("{HOME}/channel/new?kind=ask")).await.must_be(200);
        one.fill("Title", "How do we go on without it?").fill("What there is to say", "We mean to.");
        one.press("Ask").await.must_be(200).must_say("Said.");
        one.open(&stay).await.must_be(403);
        // Those who were told something else were not let in.
        for other in &others {
            let mut other = signed_in(&site, other).await;
            other.open(&format!("{HOME}/channel")).await.must_be(403);
        }
        site.journal_is_whole().await;
    }
}
