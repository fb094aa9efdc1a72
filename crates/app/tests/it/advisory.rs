//! Whoever sits in the advisory groups of several programmes reads them side by side, and nothing that one of them would not
//! show by itself.

use std::path::Path;

use app::practice::{Plan, populate};
use design::{Programme, Sources};
use sea_orm::entity::prelude::*;
use tables::{AppointmentId, appointment, person};
use testkit::site::{PRACTICE, today};
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{has_row, without_query};
use crate::learning::{put_excerpt, put_theme};

const ADVISER: &str = "Advisory group member";
const FUNDER: &str = "Programme lead, funder";
const GROUP: &str = "Advisory group";

/// A second practice programme with an advisory group; the third that the site has is without one.
const SECOND: &str = "/programmes/practice-shaping-places-for-healthier-lives";
const FIRST_NAME: &str = "Practice on Healthy Communities Together";
const SECOND_NAME: &str = "Practice on Shaping Places for Healthier Lives";
const THIRD_NAME: &str = "Practice on Health Equalities";

/// Makes it beside the others.
async fn put_second(site: &TestSite) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let sources = Sources::read(&folder.join("sources.toml")).expect("the sources");
    let design = Programme::read(&folder.join("shaping-places-for-healthier-lives"), &sources).expect("a design");
    // A day younger than the first, which is offered first so.
    let as_of = today().plus_days(-1);
    let plan = Plan {
        design: &design,
        real_names: Vec::new(),
        places: 2,
        entries: 0,
        applications: 0,
        awards: false,
        followed: false,
        seed: 5,
        as_of,
    };
    populate(site.db(), &plan, &mut |_| {}).await.expect("a practice programme");
}

/// The adviser of the first programme advises the second as well.
async fn appoint(site: &TestSite) {
    let held = site.appointment(ADVISER).await;
    let programme = site.programme(SECOND).await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = appointment::Model { id: AppointmentId(write.id()), programme_id: programme, ..held };
    write.insert(row).await.expect("an appointment");
    write.save().await.expect("the appointment");
}

/// Somebody of the second programme, by the beginning of their address.
async fn of_second(site: &TestSite, address: &str) -> Visitor {
    let email = format!("{address}@practice-shaping-places-for-healthier-lives.example");
    let found = person::Entity::find().filter(person::COLUMN.email.eq(email)).one(site.db().reader()).await;
    let person = found.expect("people").unwrap_or_else(|| panic!("nobody at {address}")).id.to_string();
    let mut visitor = site.visitor();
    assert_eq!(visitor.post("/sign-in/practice", &[("person", &person)]).await.status, 303);
    visitor
}

async fn notes(visitor: &mut Visitor, home: &str, circle: &str, title: &str) {
    visitor.open(&format!("{home}/entries/new?kind=note")).await.must_be(200);
    visitor.choose("Who reads this", circle).fill("Title", title).fill("What there is to say", "It was said at the meeting.");
    visitor.press("Record").await.must_be(200);
}

/// Records a question that nobody can answer yet; gives its address.
async fn asks(visitor: &mut Visitor, home: &str, title: &str, on: &str) -> String {
    visitor.open(&format!("{home}/entries/new?kind=open-question")).await.must_be(200);
    visitor.fill("Title", title).fill("When it happened", on).fill("What we do not know", "Nobody has looked for long enough.");
    without_query(&visitor.press("Record").await.must_be(200).path)
}

async fn takes(visitor: &mut Visitor, matter: &str, (key, name): (&str, &str), (part, text): (&str, &str)) {
    visitor.open(&format!("{matter}/steps/{key}")).await.must_be(200);
    visitor.fill(part, text);
    visitor.press(name).await.must_be(200);
}

both! {
    async fn an_adviser_reads_the_programmes_side_by_side(site: TestSite) {
        put_second(&site).await;
        let mut adviser = site.signed_in_as(ADVISER).await;
        adviser.open("/advisory").await.must_be(200).must_say(FIRST_NAME).must_not_say(SECOND_NAME).must_not_say(THIRD_NAME);
        appoint(&site).await;
        let page = adviser.open("/advisory").await;
        page.must_be(200).must_not_say(THIRD_NAME);
        assert_eq!(page.texts("#side-by-side thead th"), ["What the design says", FIRST_NAME, SECOND_NAME]);
        page.must_say("Gate: From development to delivery").must_say("Help councils to make such partnerships possible.");
        page.must_say("Delivery grants: 5 × up to £450,000").must_say("Development award to each of 10 to 12 partnerships: £20,000");
        page.must_say("Led by: The evaluator");
        assert!(has_row(&adviser, "Places 3 places By the design: Phase 1: development: 6"), "{}", adviser.page().text());
        assert!(has_row(&adviser, "Days Consultant: 8 days a year for each place"), "{}", adviser.page().text());
        // From either programme it is a step away, and from there each is.
        for home in [PRACTICE, SECOND] {
            adviser.open(home).await.must_be(200);
            assert_eq!(adviser.page().link(GROUP).as_deref(), Some("/advisory"), "{home}");
        }
        adviser.follow(GROUP).await.must_be(200);
        let links = adviser.page().links();
        for home in [PRACTICE, SECOND] {
            for end in ["", "/places", "/design", "/statements", "/entries?circle=advisory", "/entries/new?kind=note"] {
                assert!(links.contains(&format!("{home}{end}")), "{home}{end}: {links:?}");
            }
        }
        adviser.follow(&format!("Record: open question ({SECOND_NAME})")).await.must_be(200);
        assert_eq!(adviser.choices("Who reads this"), [GROUP]);
    }

    async fn themes_of_what_reaches_the_group_are_pooled_and_of_nothing_else(site: TestSite) {
        put_second(&site).await;
        appoint(&site).await;
        let mut adviser = site.signed_in_as(ADVISER).await;
        adviser.open("/advisory").await.must_be(200).must_say("Themes of all of them");
        let before = adviser.page().texts("#themes tbody tr");
        let theme = put_theme(&site, "Who was never asked at the ferry").await;
        for (circle, author) in [("advisory", ADVISER), ("support", "Consultant, Riverside"), ("place", "Project lead, Riverside")] {
            let place = (circle != "advisory").then_some("riverside");
            let said = site.put(Draft { author, circle, place, text: "Nobody asked the ferrymen.", ..Draft::default() }).await;
            put_excerpt(&site, &said, theme).await;
        }
        adviser.open("/advisory").await.must_be(200);
        let now = adviser.page().texts("#themes tbody tr");
        assert_eq!(now.len(), before.len() + 1);
        assert!(has_row(&adviser, "Who was never asked at the ferry 1 –none 1"), "of three, the one that the group reads: {now:?}");
        let links = adviser.page().links();
        assert!(links.contains(&format!("{PRACTICE}/themes/{theme}")), "{links:?}");
    }

    async fn an_adviser_reads_both_groups_and_no_other_circle(site: TestSite) {
        put_second(&site).await;
        appoint(&site).await;
        let mut adviser = site.signed_in_as(ADVISER).await;
        let mut lead = of_second(&site, "programme-lead-1").await;
        let ours = Draft { author: FUNDER, place: None, ..Draft::default() };
        site.put(Draft { circle: "oversight", title: "A bramble among sponsors", ..ours }).await;
        let heard = site.put(Draft { circle: "network", title: "A thistle in the network", ..ours }).await;
        site.put(Draft { circle: "advisory", title: "A marigold for advisers", source: Some(&heard), ..ours }).await;
        notes(&mut adviser, PRACTICE, GROUP, "A primrose of the first").await;
        notes(&mut adviser, SECOND, GROUP, "A periwinkle of the second").await;
        notes(&mut lead, SECOND, "Oversight", "A hawthorn among sponsors").await;

        let page = adviser.open("/advisory").await;
        page.must_be(200).must_not_say("bramble").must_not_say("thistle").must_not_say("hawthorn");
        let titles = page.texts("#said .entry-title");
        let at = |word: &str| titles.iter().position(|t| t.contains(word)).unwrap_or_else(|| panic!("no {word}: {titles:?}"));
        assert!(at("primrose") < at("marigold") && at("periwinkle") < at("marigold"), "the newest first: {titles:?}");
        let said = page.texts("#said .entry-by");
        assert!(said[at("primrose")].contains(FIRST_NAME) && said[at("periwinkle")].contains(SECOND_NAME), "{said:?}");

        // Whoever advises one reads that one.
        let mut other = of_second(&site, "advisory-member").await;
        let page = other.open("/advisory").await;
        page.must_be(200).must_say("periwinkle").must_not_say("primrose").must_not_say("marigold").must_not_say(FIRST_NAME);
        // Nobody else has such a page, be it that they read the same circle.
        for name in [FUNDER, "Support lead", "Evaluator", "Consultant, Riverside", "Project lead, Riverside", "Project lead before, Riverside", "Assessor 1"] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open("/advisory").await.must_be(404).must_not_say("primrose").must_not_say("periwinkle");
            visitor.open(PRACTICE).await.must_be(200);
            assert_eq!(visitor.page().link(GROUP), None, "{name}");
        }
        let mut stranger = site.visitor();
        stranger.open("/advisory").await.must_not_say("primrose");
        assert_eq!(without_query(&stranger.page().path), "/sign-in");
        site.journal_is_whole().await;
    }

    async fn open_questions_are_followed_over_the_years(site: TestSite) {
        const TRUST: &str = "How long does trust take";
        const QUIET: &str = "Who pays for quiet work";
        put_second(&site).await;
        appoint(&site).await;
        let mut adviser = site.signed_in_as(ADVISER).await;
        let mut lead = of_second(&site, "programme-lead-1").await;
        adviser.open("/advisory").await.must_be(200).must_say("None is open.");
        asks(&mut lead, SECOND, QUIET, "10 November 2026").await;
        let trust = asks(&mut adviser, PRACTICE, TRUST, "20 October 2024").await;

        adviser.open("/advisory").await.must_be(200).must_not_say("None is open.");
        let rows = adviser.page().texts("#questions tbody tr");
        assert!(rows.len() == 2 && rows[0].contains(TRUST) && rows[1].contains(QUIET), "the oldest first: {rows:?}");
        assert!(has_row(&adviser, &format!("{TRUST} {FIRST_NAME} open 2 years and 1 month 0 days")), "{rows:?}");
        assert!(has_row(&adviser, &format!("{QUIET} {SECOND_NAME} open 10 days 0 days")), "{rows:?}");

        // An answer for now leaves it open; settled, it is followed no more.
        takes(&mut adviser, &trust, ("answered-for-now", "Answer it for now"), ("What we know by now", "Longer than a grant.")).await;
        adviser.page().must_say("It is answered for now.");
        site.clock().advance_seconds(3 * 24 * 3600);
        adviser.open("/advisory").await;
        assert!(has_row(&adviser, &format!("{TRUST} {FIRST_NAME} answered for now 2 years and 1 month 3 days")));
        takes(&mut adviser, &trust, ("answered-for-now", "Answer it for now"), ("What we know by now", "Longer than two grants.")).await;
        takes(&mut adviser, &trust, ("settled", "Settle it"), ("How it is settled, and why", "Two programmes found the same.")).await;
        let rows = adviser.open("/advisory").await.texts("#questions tbody tr");
        assert!(rows.len() == 1 && rows[0].contains(QUIET), "{rows:?}");

        // What the designs ask stands beside it.
        adviser.follow("How large a change can partnership bring, and by what means?").await.must_be(200).must_say("Kept by");
        site.journal_is_whole().await;
    }
}
