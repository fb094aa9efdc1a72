//! A place's plan: written line by line, revised with a reason, every version kept, and any two laid side by side.

use sea_orm::entity::prelude::*;
use tables::entry;
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::agreements::{finds, has_row, without_query};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const LEAD: &str = "Project lead, Riverside";
const LEARNING_LEAD: &str = "Learning lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";

const SAVE: &str = "Save this version";
const SAVED: &str = "Saved. Whatever changes later, this version is kept.";
const NO_REASON: &str = "Say why it changes: it is what people will look for later";
const NONE_HERE: &str = "There is no plan here that you may read.";
const MEANWHILE: &str = "Somebody saved another version after you opened this page. Nothing was overwritten";

/// What the first version says: six lines.
const FIRST: &[(&str, &str)] = &[
    ("Aims, line 1", "Fewer people wait alone"),
    ("Aims, line 2", "Neighbours know whom to ring"),
    ("Workstreams, line 1", "A shared front door"),
    ("Workstreams, line 2", "Tea on Thursdays"),
    ("Milestones, line 1", "Open a shared office"),
    ("Milestones, line 1: by when", "1 May 2027"),
    ("Budget, line 1", "Rent"),
    ("Budget, line 1: how much", "2,000"),
];

fn plan() -> String {
    format!("{RIVERSIDE}/plan")
}
fn edit() -> String {
    format!("{RIVERSIDE}/plan/edit")
}

fn fill(visitor: &mut Visitor, fields: &[(&str, &str)]) {
    for (field, text) in fields {
        visitor.fill(field, text);
    }
}

/// The first version, by the project lead.
async fn written(site: &TestSite) -> Visitor {
    let mut lead = site.signed_in_as(LEAD).await;
    lead.open(&plan()).await.must_be(200).must_say(NONE_HERE);
    lead.follow("Write the first version").await.must_be(200);
    assert_eq!(lead.page().heading(), "Write the plan");
    fill(&mut lead, FIRST);
    lead.press(SAVE).await.must_be(200).must_say("Version 1, 20 November 2026.");
    lead
}

/// Revises the plan with a reason.
async fn revise(visitor: &mut Visitor, fields: &[(&str, &str)], why: &str) {
    visitor.open(&plan()).await.must_be(200);
    visitor.follow("Revise the plan").await.must_be(200);
    fill(visitor, fields);
    visitor.fill("Why it changes", why);
    assert_eq!(visitor.press(SAVE).await.notice(), SAVED);
}

/// Saves a page on which the reason is missing, and that somebody was quicker than: before anything is replaced, it shows
/// what they wrote.
async fn is_shown_theirs(visitor: &mut Visitor, theirs: &str) {
    visitor.press(SAVE).await;
    assert!(visitor.page().status.is_client_error(), "{}", visitor.page().status);
    if !visitor.page().says(MEANWHILE) {
        visitor.fill("Why it changes", "We asked").press(SAVE).await.must_be(409);
    }
    visitor.page().must_say(MEANWHILE).must_say(theirs);
}

/// The plan of Riverside as an entry; there is one and no more.
async fn entry_of(site: &TestSite) -> entry::Model {
    let place = site.place("riverside").await.id;
    let found = entry::Entity::find().filter(entry::COLUMN.place_id.eq(place)).filter(entry::COLUMN.kind.eq("plan"));
    let mut found = found.all(site.db().reader()).await.expect("plans");
    assert_eq!(found.len(), 1, "a place has one plan");
    found.remove(0)
}

both! {
    async fn a_plan_is_revised_by_different_people_and_every_version_stays(site: TestSite) {
        let mut lead = written(&site).await;
        lead.page().must_say("Open a shared office (by 1 May 2027)").must_say("Rent (£2,000)");
        let mut learning = site.signed_in_as(LEARNING_LEAD).await;
        revise(&mut learning, &[("Aims, line 1", "Nobody waits alone"), ("Workstreams, line 3", "A walk through the estate")], "We listened first").await;
        let mut partner = site.signed_in_as(PARTNER).await;
        revise(&mut partner, &[("Workstreams, line 2", ""), ("Milestones, line 1: by when", "1 September 2027")], "The lease takes longer").await;
        lead.open(&edit()).await.must_be(200);
        assert_eq!(lead.value("Aims, line 1"), "Nobody waits alone", "the form holds the plan as it stands");
        assert_eq!(lead.value("Workstreams, line 2"), "A walk through the estate", "and closes up over what was dropped");
        assert_eq!(lead.value("Budget, line 1: how much"), "2,000");
        let buses = [("Aims, line 2", ""), ("Budget, line 2", "Bus fares"), ("Budget, line 2: how much", "500")];
        revise(&mut lead, &buses, "People come when the bus is paid").await;

        lead.page().must_say("Version 4, 20 November 2026.").must_say("Bus fares (£500)").must_say("Open a shared office (by 1 September 2027)");
        lead.page().must_say("Of the 6 lines of the first version 2 stand as they were, 2 changed and 2 were dropped; 2 came later.");
        for told in [
            "Version 1 20 November 2026 Project lead, Riverside 6 lines The first version.",
            "Version 2 20 November 2026 Learning lead, Riverside 1 new, 1 changed, 0 dropped We listened first",
            "Version 3 20 November 2026 Partner organisation's representative, Riverside 0 new, 1 changed, 1 dropped The lease takes longer",
            "Version 4 20 November 2026 Project lead, Riverside 1 new, 0 changed, 1 dropped People come when the bus is paid",
        ] {
            assert!(has_row(&lead, told), "{told}: {}", lead.page().text());
        }
        // Every line there ever was, through the versions.
        assert!(has_row(&lead, "Workstreams Tea on Thursdays new as before — —"));
        assert!(has_row(&lead, "Aims Nobody waits alone new changed as before as before"));
        assert!(has_row(&lead, "Budget Bus fares — — — new"));

        let compared = lead.open(&format!("{}/compare?from=1&to=4", plan())).await;
        compared.must_be(200).must_say("2 lines as they were, 2 changed, 2 dropped, 2 new.");
        for why in ["Learning lead, Riverside: We listened first", "The lease takes longer", "People come when the bus is paid"] {
            compared.must_say(why);
        }
        for fate in [
            "Fewer people wait alone Nobody waits alone",
            "Neighbours know whom to ring — dropped",
            "A shared front door A shared front door as it was",
            "Tea on Thursdays — dropped",
            "— A walk through the estate new",
            "Open a shared office (by 1 May 2027) Open a shared office (by 1 September 2027)",
            "Rent (£2,000) Rent (£2,000) as it was",
            "— Bus fares (£500) new",
        ] {
            assert!(has_row(&lead, fate), "{fate}: {}", lead.page().text());
        }
        assert!(lead.page().texts("ins").join(" ").contains("September") && lead.page().texts("del").join(" ").contains("Fewer"));
        // Any other two, by the form.
        lead.choose("The earlier", "Version 2, 20 November 2026").choose("The later", "Version 3, 20 November 2026");
        let compared = lead.press("Compare").await;
        compared.must_be(200).must_say("5 lines as they were, 1 changed, 1 dropped, 0 new.").must_say("The lease takes longer");
        compared.must_not_say("We listened first").must_not_say("Bus fares");
        // What there is no version of is not asked for.
        lead.open(&format!("{}/compare?from=99&to=never", plan())).await.must_be(200).must_say("2 lines as they were");

        let entry = entry_of(&site).await;
        assert_eq!((entry.revision, entry.author_id), (4, site.person(LEAD).await.id));
        assert!(entry.text.contains("- Bus fares (£500)") && !entry.text.contains("Tea on Thursdays"), "{}", entry.text);
        site.journal_is_whole().await;
    }

    async fn a_revision_takes_a_reason(site: TestSite) {
        written(&site).await;
        let mut learning = site.signed_in_as(LEARNING_LEAD).await;
        learning.open(&edit()).await.must_be(200);
        fill(&mut learning, &[("Aims, line 1", "Nobody waits alone"), ("Workstreams, line 3", "A walk through the estate")]);
        let before = site.written().await;
        learning.press(SAVE).await.must_be(422);
        assert_eq!(learning.page().errors(), [NO_REASON]);
        assert_eq!(learning.page().texts("#reason-error"), [format!("Error: {NO_REASON}")], "it is said beside the field");
        for (field, typed) in [("Aims, line 1", "Nobody waits alone"), ("Workstreams, line 3", "A walk through the estate"), ("Budget, line 1", "Rent")] {
            assert_eq!(learning.value(field), typed, "nothing typed is lost");
        }
        // What is wrong with a line is said beside the line.
        fill(&mut learning, &[("Why it changes", "We listened first"), ("Milestones, line 1: by when", "soon"), ("Budget, line 2: how much", "a lot")]);
        learning.press(SAVE).await.must_be(422);
        let errors = ["Enter a date, like 27 March 2026 or 27/3/2026", "Say what this is, or empty the whole line", "Enter an amount in pounds, like £50,000 or £12.50"];
        assert_eq!(learning.page().errors(), errors);
        assert_eq!((learning.value("Milestones, line 1: by when"), learning.value("Why it changes")), ("soon".into(), "We listened first".into()));
        assert_eq!(site.written().await, before);
        fill(&mut learning, &[("Milestones, line 1: by when", "2 May 2027"), ("Budget, line 2: how much", "")]);
        assert_eq!(learning.press(SAVE).await.notice(), SAVED);
        // Saving what stands already is no version.
        learning.open(&edit()).await;
        learning.fill("Why it changes", "No reason at all").press(SAVE).await.must_be(200);
        assert_eq!(entry_of(&site).await.revision, 2);
        // Nor is a plan without a line a plan.
        let fields = [("revision", "2"), ("reason", "Away with it")];
        assert_eq!(learning.post(&edit(), &fields).await.status, 422);
    }

    async fn who_revises_second_sees_the_difference_and_overwrites_nothing(site: TestSite) {
        let mut lead = written(&site).await;
        let mut partner = site.signed_in_as(PARTNER).await;
        lead.open(&edit()).await.must_be(200);
        partner.open(&edit()).await.must_be(200);
        fill(&mut lead, &[("Aims, line 1", "Nobody waits under a hawthorn"), ("Why it changes", "We walked")]);
        lead.press(SAVE).await.must_be(200);
        fill(&mut partner, &[("Aims, line 1", "Nobody waits under a blackthorn"), ("Why it changes", "We asked")]);
        let refused = partner.press(SAVE).await;
        refused.must_be(409).must_say(MEANWHILE).must_say("hawthorn").must_say("blackthorn");
        assert!(refused.texts("del").join(" ").contains("hawthorn"), "{}", refused.source);
        assert_eq!(partner.value("Aims, line 1"), "Nobody waits under a blackthorn");
        assert_eq!(partner.value("Why it changes"), "We asked");
        let row = entry_of(&site).await;
        assert!(row.revision == 2 && row.text.contains("hawthorn"), "{}", row.text);
        // Having seen both they may still choose theirs; the other stays a version.
        partner.press(SAVE).await.must_be(200).must_say("Nobody waits under a blackthorn");
        partner.open(&format!("{}/compare?from=2&to=3", plan())).await.must_say("hawthorn").must_say("blackthorn").must_say("We asked");

        // At the very same moment one of them is saved.
        for (visitor, aim) in [(&mut lead, "Nobody waits by the bus"), (&mut partner, "Nobody waits by the lift")] {
            visitor.open(&edit()).await.must_be(200);
            fill(visitor, &[("Aims, line 1", aim), ("Why it changes", "We looked again")]);
        }
        let (mine, theirs) = (lead.filled_form(SAVE), partner.filled_form(SAVE));
        let (one, other) = futures::join!(lead.send(&mine), partner.send(&theirs));
        let mut both = [one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 409]);
        assert_eq!(entry_of(&site).await.revision, 4);
        // A press that is sent twice is one version.
        lead.open(&edit()).await;
        fill(&mut lead, &[("Aims, line 1", "Nobody waits"), ("Why it changes", "It is shorter")]);
        let press = lead.filled_form(SAVE);
        let mut again = lead.second_window();
        let (one, other) = futures::join!(lead.send(&press), again.send(&press));
        one.must_be(200);
        other.must_be(200);
        assert_eq!(entry_of(&site).await.revision, 5);
        site.journal_is_whole().await;
    }

    async fn who_has_not_seen_the_others_version_sees_it_before_replacing_it(site: TestSite) {
        let mut lead = site.signed_in_as(LEAD).await;
        let mut partner = site.signed_in_as(PARTNER).await;
        // Both mean to write the first version.
        lead.open(&edit()).await.must_be(200);
        partner.open(&edit()).await.must_be(200);
        fill(&mut lead, &[("Aims, line 1", "Nobody waits under a hawthorn")]);
        lead.press(SAVE).await.must_be(200);
        fill(&mut partner, &[("Aims, line 1", "Nobody waits under a blackthorn")]);
        is_shown_theirs(&mut partner, "hawthorn").await;
        assert_eq!(partner.value("Aims, line 1"), "Nobody waits under a blackthorn", "nothing typed is lost");
        assert!(entry_of(&site).await.text.contains("hawthorn"), "and nothing is overwritten");

        // A slip in the form does not make one’s old page a new one.
        lead.open(&edit()).await.must_be(200);
        let mut learning = site.signed_in_as(LEARNING_LEAD).await;
        revise(&mut learning, &[("Aims, line 1", "Nobody waits under a rowan")], "We walked").await;
        fill(&mut lead, &[("Aims, line 1", "Nobody waits under an elder")]);
        is_shown_theirs(&mut lead, "rowan").await;
        assert!(entry_of(&site).await.text.contains("rowan"));
    }

    async fn two_first_versions_at_once_make_one_plan(site: TestSite) {
        let (mut lead, mut partner) = (site.signed_in_as(LEAD).await, site.signed_in_as(PARTNER).await);
        for (visitor, aim) in [(&mut lead, "Nobody waits by the bus"), (&mut partner, "Nobody waits by the lift")] {
            visitor.open(&edit()).await.must_be(200);
            fill(visitor, &[("Aims, line 1", aim)]);
        }
        let (mine, theirs) = (lead.filled_form(SAVE), partner.filled_form(SAVE));
        futures::join!(lead.send(&mine), partner.send(&theirs));
        let entry = entry_of(&site).await;
        assert_eq!(entry.revision, 1);
        let (there, lost) = if entry.text.contains("bus") { (&lead, &partner) } else { (&partner, &lead) };
        there.page().must_be(200);
        assert!(lost.page().says("bus") && lost.page().says("lift"), "who came second keeps what they typed: {}", lost.page().text());
        site.journal_is_whole().await;
    }

    async fn a_new_line_is_never_taken_for_one_that_was_dropped(site: TestSite) {
        let mut lead = written(&site).await;
        let dropped = [("Budget, line 1", ""), ("Budget, line 1: how much", "")];
        revise(&mut lead, &dropped, "The office is free of charge").await;
        revise(&mut lead, &[("Aims, line 3", "Young people chair the forum")], "They asked for it").await;
        assert!(has_row(&lead, "Aims Young people chair the forum — — new"), "it was not there from the start: {}", lead.page().text());
        lead.open(&format!("{}/compare?from=1&to=3", plan())).await.must_be(200);
        assert!(has_row(&lead, "Rent (£2,000) — dropped"), "{}", lead.page().text());
        assert!(has_row(&lead, "— Young people chair the forum new"));
        // The same in one go.
        revise(&mut lead, &[("Aims, line 3", ""), ("Workstreams, line 3", "A walk through the estate")], "They have gone to college").await;
        lead.open(&format!("{}/compare?from=3&to=4", plan())).await.must_be(200);
        assert!(has_row(&lead, "Young people chair the forum — dropped"), "{}", lead.page().text());
        assert!(has_row(&lead, "— A walk through the estate new"));
    }

    async fn others_read_the_plan_and_outsiders_are_told_of_none(site: TestSite) {
        let mut lead = written(&site).await;
        revise(&mut lead, &[("Aims, line 1", "Nobody waits under a periwinkle")], "A marigold of a reason").await;
        let entry = lead.page().link("The plan as an entry: who reads it, and sharing part of it").expect("the entry");
        assert!(entry.ends_with(&entry_of(&site).await.id.to_string()));
        // It changes on its own page alone.
        lead.open(&format!("{entry}/change")).await.must_be(403);
        let fields = [("kind", "plan"), ("circle", "plan"), ("title", "Mine"), ("part-aims", "Something else")];
        assert_eq!(lead.post(&format!("{RIVERSIDE}/entries/new"), &fields).await.status, 403);

        for name in ["Consultant, Riverside", "Community member, Riverside", "Finance person, Riverside", "Grant manager", "Evaluator"] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open(&plan()).await.must_be(200).must_say("Nobody waits under a periwinkle").must_say("A marigold of a reason");
            assert_eq!(visitor.page().link("Revise the plan"), None, "{name}");
            visitor.open(&format!("{}/compare", plan())).await.must_be(200).must_say("Fewer people wait alone");
            visitor.open(&edit()).await.must_be(403);
            let fields = [("revision", "2"), ("reason", "Mine"), ("aims-0-key", "l1"), ("aims-0-text", "Mine alone")];
            assert_eq!(visitor.post(&edit(), &fields).await.status, 403, "{name}");
            assert!(finds(&mut visitor, "periwinkle").await, "{name}");
            assert!(visitor.page().links().contains(&entry));
        }
        assert!(!finds(&mut lead, "alone").await, "what was dropped from the plan is not found in it");
        for name in ["Advisory group member", "Project lead, Lantern Hill", "Consultant, Lantern Hill"] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open(&plan()).await.must_be(200).must_say(NONE_HERE).must_not_say("periwinkle").must_not_say("Version 2");
            assert_eq!(visitor.page().link("Write the first version"), None, "{name}");
            for address in [entry.clone(), format!("{}/compare?from=1&to=2", plan())] {
                visitor.open(&address).await.must_be(404).must_not_say("periwinkle").must_not_say("marigold");
            }
            visitor.open(&edit()).await.must_be(403).must_not_say("periwinkle");
            assert!(!finds(&mut visitor, "periwinkle").await, "{name}");
        }
        let mut stranger = site.visitor();
        stranger.open(&plan()).await.must_not_say("periwinkle");
        assert_eq!(entry_of(&site).await.revision, 2);
        assert_eq!(without_query(&stranger.page().path), "/sign-in");
        lead.open(&format!("{PRACTICE}/entries?kind=plan")).await.must_say("Plan of Riverside");
    }
}
