//! Who comes together in a place: how many came to its meetings from which sector, who must be part of its group and is not, and
//! what changed when somebody left.

use std::path::Path;

use app::practice::{Plan, populate};
use design::{Programme, Sources};
use sea_orm::entity::prelude::*;
use tables::{appointment, person};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, Visitor, both};

use crate::agreements::{has_row, row};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const LEAD: &str = "Project lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";
const FUNDER: &str = "Programme lead, funder";

const MEETING: &str = "The autumn forum";

/// A practice programme whose design asks for a steering group of eight, with places of the same names.
const AREAS: &str = "/programmes/practice-connecting-health-communities";

/// Makes it beside the others that the site has; nobody has written anything there but what waits for somebody.
async fn put_areas(site: &TestSite) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let sources = Sources::read(&folder.join("sources.toml")).expect("the sources");
    let design = Programme::read(&folder.join("connecting-health-communities"), &sources).expect("a design");
    let as_of = today().plus_days(-2);
    let plan = Plan {
        design: &design,
        real_names: Vec::new(),
        places: 2,
        entries: 0,
        applications: 0,
        awards: false,
        followed: false,
        seed: 3,
        as_of,
    };
    populate(site.db(), &plan, &mut |_| {}).await.expect("a practice programme");
}

/// Somebody of that programme: others have people of the same names, so that they are told apart by their addresses.
async fn of_areas(site: &TestSite, address: &str) -> person::Model {
    let email = format!("{address}@practice-connecting-health-communities.example");
    let found = person::Entity::find().filter(person::COLUMN.email.eq(email)).one(site.db().reader()).await;
    found.expect("people").unwrap_or_else(|| panic!("nobody at {address}"))
}

async fn in_areas(site: &TestSite, address: &str) -> Visitor {
    let person = of_areas(site, address).await.id.to_string();
    let mut visitor = site.visitor();
    assert_eq!(visitor.post("/sign-in/practice", &[("person", &person)]).await.status, 303);
    visitor
}

async fn role_of(site: &TestSite, address: &str) -> appointment::Model {
    let person = of_areas(site, address).await.id;
    let held = appointment::Entity::find().filter(appointment::COLUMN.person_id.eq(person)).one(site.db().reader()).await;
    held.expect("roles").unwrap_or_else(|| panic!("no role of {address}"))
}

/// All of a steering group come from the organisation that leads it.
async fn of_one_organisation(site: &TestSite) {
    let leads = role_of(site, "project-lead.riverside").await.organisation_id;
    assert!(leads.is_some(), "whoever leads comes from an organisation");
    let mut all = Vec::new();
    for number in 1..=8 {
        all.push(role_of(site, &format!("steering-member-{number}.riverside")).await);
    }
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    for held in all {
        write.replace(&held, appointment::Model { organisation_id: leads, ..held.clone() }).await.expect("a role");
    }
    write.save().await.expect("the roles");
}

/// Ends the one role that somebody of a programme holds.
async fn leaves(manager: &mut Visitor, home: &str, name: &str) {
    manager.open(&format!("{home}/people")).await.must_be(200);
    manager.follow(name).await.must_be(200);
    assert!(manager.press("End it now").await.notice().starts_with("Ended."));
}

/// Turns to the form on which the project lead records minutes, with the numbers in the order of the sectors.
async fn minutes_form(lead: &mut Visitor, title: &str, numbers: [&str; 5]) {
    lead.open(&format!("{RIVERSIDE}/entries/new?kind=minutes")).await.must_be(200);
    lead.choose("Who reads this", "The place's own").fill("Title", title);
    for (sector, number) in ["Voluntary sector", "NHS", "Council", "Community", "Other"].iter().zip(numbers) {
        lead.fill(&format!("Who came: {sector}"), number);
    }
    lead.fill("What was said and settled", "We settled on Thursdays, by thistle.");
}

async fn gives_action(lead: &mut Visitor, circle: &str, title: &str) {
    lead.open(&format!("{RIVERSIDE}/entries/new?kind=action")).await.must_be(200);
    lead.choose("Who reads this", circle).choose("To whom", PARTNER).fill("Title", title);
    lead.fill("What there is to say", "Before winter.").press("Record").await.must_be(200);
}

both! {
    async fn minutes_say_how_many_came_from_which_sector(site: TestSite) {
        const WRONG: &str = "Write how many came as a whole number, such as 4, or leave it empty (10,000 at most)";
        let mut lead = site.signed_in_as(LEAD).await;
        minutes_form(&mut lead, MEETING, ["4", "3", "a few", "", ""]).await;
        let before = site.written().await;
        lead.press("Record").await.must_be(422);
        assert_eq!(lead.page().errors(), [WRONG]);
        assert_eq!(lead.page().texts("#part-who-council-error"), [format!("Error: {WRONG}")], "it is said beside it");
        for (field, typed) in [
            ("Title", MEETING),
            ("Who came: Voluntary sector", "4"),
            ("Who came: NHS", "3"),
            ("Who came: Council", "a few"),
            ("Who came: Community", ""),
            ("What was said and settled", "We settled on Thursdays, by thistle."),
        ] {
            assert_eq!(lead.value(field), typed, "nothing typed is lost: {field}");
        }
        for wrong in ["-1", "1.5", "10001"] {
            lead.fill("Who came: Council", wrong).press("Record").await.must_be(422);
            assert_eq!((lead.page().errors(), lead.value("Who came: Council")), (vec![WRONG.to_string()], wrong.into()));
        }
        assert_eq!(site.written().await, before, "nothing is written");
        lead.fill("Who came: Council", "2").press("Record").await.must_be(200);
        assert_eq!(lead.page().texts(".words h2"), ["Who came", "What was said and settled"]);
        assert_eq!(lead.page().texts(".words li"), ["Voluntary sector: 4", "NHS: 3", "Council: 2"]);

        // Where it is changed, the numbers stand as they were typed.
        lead.follow("Change").await.must_be(200);
        for (sector, number) in [("Voluntary sector", "4"), ("NHS", "3"), ("Council", "2"), ("Community", ""), ("Other", "")] {
            assert_eq!(lead.value(&format!("Who came: {sector}")), number, "{sector}");
        }
        lead.fill("Who came: NHS", "many").press("Save the change").await.must_be(422);
        assert_eq!((lead.page().errors(), lead.value("Who came: NHS")), (vec![WRONG.to_string()], "many".to_string()));
        lead.fill("Who came: NHS", "5").press("Save the change").await.must_be(200);
        assert_eq!(lead.page().texts(".words li"), ["Voluntary sector: 4", "NHS: 5", "Council: 2"]);
        minutes_form(&mut lead, "A short one", [""; 5]).await;
        lead.press("Record").await.must_be(200);
        assert_eq!(lead.page().texts(".words h2"), ["What was said and settled"], "what is empty has no heading");

        let mut member = site.signed_in_as("Community member, Riverside").await;
        for reader in [&mut lead, &mut member] {
            reader.open(RIVERSIDE).await.must_be(200);
            reader.follow("Meetings").await.must_be(200);
            assert_eq!(reader.page().texts("thead th"), ["Meeting", "Day", "Voluntary sector", "NHS", "Council", "Community", "Other", "All"]);
            assert!(has_row(reader, &format!("{MEETING} 20 November 2026 4 5 2 0 0 11")), "{:?}", row(reader, MEETING));
            let nothing = "Not stated Not stated Not stated Not stated Not stated Not stated";
            assert!(has_row(reader, &format!("A short one 20 November 2026 {nothing}")), "{:?}", row(reader, "A short one"));
        }
        lead.page().must_say("Record a meeting");
        // They stand in the place's own circle, and so does who came.
        for name in ["Consultant, Riverside", "Grant manager", FUNDER, "Project lead, Lantern Hill", "Evaluator"] {
            let mut other = site.signed_in_as(name).await;
            other.open(&format!("{RIVERSIDE}/meetings")).await.must_be(200).must_not_say(MEETING).must_not_say("A short one");
            assert_eq!(row(&other, MEETING), None, "{name}");
        }
        site.journal_is_whole().await;
    }

    async fn a_steering_group_is_told_whom_it_lacks(site: TestSite) {
        const TOO_FEW: &str = "The group has 7 members; the rule asks for at least 8.";
        const ONE_SECTOR: &str = "All whose sector is known are of one: Voluntary sector. The rule asks for different ones.";
        const NO_COORDINATOR: &str = "A local co-ordinating organisation: nobody holds the role Co-ordinating organisation.";
        put_areas(&site).await;
        let (place, groups) = (format!("{AREAS}/places/riverside"), format!("{AREAS}/groups"));
        let mut chair = in_areas(&site, "project-lead.riverside").await;
        let mut runs = in_areas(&site, "programme-lead-1").await;
        chair.open(&place).await.must_be(200).must_say("The programme asks: The steering group has at least eight members").must_say("Nothing is missing.");
        runs.open(&groups).await.must_be(200).must_say("2 of 2 places lack nobody.");

        // Nine of one sector, then seven.
        of_one_organisation(&site).await;
        chair.open(&place).await.must_say("What is missing today:").must_say(ONE_SECTOR).must_not_say("The group has");
        for number in [7, 8] {
            leaves(&mut chair, AREAS, &format!("Steering group member {number}, Riverside")).await;
        }
        let mut member = in_areas(&site, "steering-member-1.riverside").await;
        for visitor in [&mut chair, &mut member, &mut runs] {
            visitor.open(&place).await.must_be(200).must_say(TOO_FEW).must_say(ONE_SECTOR).must_not_say("Nothing is missing.");
        }
        let mut supports = in_areas(&site, "support-lead").await;
        for visitor in [&mut runs, &mut supports] {
            visitor.open(&groups).await.must_be(200).must_say("1 of 2 places lack nobody.");
            assert!(has_row(visitor, &format!("Riverside 7 {TOO_FEW} {ONE_SECTOR}")), "{}", visitor.page().text());
            assert_eq!(visitor.page().texts("#missing tbody tr").len(), 1, "who lacks nobody is not listed");
        }

        // An eighth, of another sector.
        chair.open(&format!("{AREAS}/people/new")).await.must_be(200);
        chair.fill("Name", "Alex Smith").fill("E-mail address", "alex@example.org").choose("Role", "Steering group member");
        chair.choose("For", "Riverside").choose("Organisation", "Riverside Council").press("Appoint").await.must_be(200);
        for visitor in [&mut chair, &mut runs] {
            visitor.open(&place).await.must_say("Nothing is missing.").must_not_say("The rule asks for").must_not_say("the rule asks for at least");
        }
        runs.open(&groups).await.must_say("2 of 2 places lack nobody.");
        assert_eq!(runs.page().texts("#missing tbody tr"), Vec::<String>::new());
        // Somebody else without whom it cannot be.
        leaves(&mut chair, AREAS, "Co-ordinating organisation, Riverside").await;
        chair.open(&place).await.must_say(NO_COORDINATOR);
        runs.open(&groups).await.must_say(NO_COORDINATOR);

        // Another programme asks for others, and has them.
        let mut elsewhere = site.signed_in_as(FUNDER).await;
        elsewhere.open(&format!("{PRACTICE}/groups")).await.must_say("somebody is the learning lead.").must_say("3 of 3 places lack nobody.");
        elsewhere.open(RIVERSIDE).await.must_be(200).must_say("Nothing is missing.").must_not_say("What is missing today");
        site.journal_is_whole().await;
    }

    async fn a_place_sees_which_sector_never_came(site: TestSite) {
        put_areas(&site).await;
        let place = format!("{AREAS}/places/riverside");
        let mut chair = in_areas(&site, "project-lead.riverside").await;
        chair.open(&format!("{place}/meetings")).await.must_be(200).must_say("No meeting was recorded yet that you may read.");
        for (title, council, sentence) in [
            ("The first session", "", "Of 1 meeting that says who came, nobody came from: NHS, Council, Community."),
            ("The second session", "2", "Of 2 meetings that say who came, nobody came from: NHS, Community."),
        ] {
            chair.open(&format!("{place}/entries/new?kind=minutes")).await.must_be(200);
            chair.choose("Who reads this", "The place's own").fill("Title", title).fill("What was said and settled", "We began.");
            chair.fill("Who came: Voluntary sector", "4").fill("Who came: Council", council).press("Record").await.must_be(200);
            chair.open(&format!("{place}/meetings")).await.must_say(sentence);
        }
        // Whoever reads none of them is told of none.
        let mut runs = in_areas(&site, "programme-lead-1").await;
        runs.open(&format!("{place}/meetings")).await.must_be(200).must_say("No meeting was recorded yet that you may read.").must_not_say("The first session");
    }

    async fn what_changed_when_somebody_left_is_seen(site: TestSite) {
        let groups = format!("{PRACTICE}/groups");
        let left = format!("{PARTNER} Partner organisation's representative Riverside 20 November 2026");
        let mut lead = site.signed_in_as(LEAD).await;
        // One that those who run the programme read, and one that is the place's own.
        gives_action(&mut lead, "Network", "Ask the school for its hall").await;
        gives_action(&mut lead, "The place's own", "Mend the door, by thistle").await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&groups).await.must_be(200);
        assert!(has_row(&funder, "Project lead before, Riverside Project lead Riverside 18 June 2026 nobody; 1 other holds the role 0"), "{:?}", row(&funder, "Project lead before, Riverside"));
        assert_eq!(row(&funder, PARTNER), None, "they are there");
        leaves(&mut lead, PRACTICE, PARTNER).await;
        funder.open(&format!("{PRACTICE}/needs")).await;
        funder.follow("Who is missing, who left").await.must_be(200).must_not_say("Mend the door").must_not_say("thistle");
        assert!(has_row(&funder, &format!("{left} nobody, for 0 days 1")), "{:?}", row(&funder, PARTNER));

        site.clock().advance_seconds(12 * 24 * 3600);
        funder.open(&groups).await;
        assert!(has_row(&funder, &format!("{left} nobody, for 12 days 1")), "{:?}", row(&funder, PARTNER));
        // What somebody may not read is not counted for them.
        let mut evaluator = site.signed_in_as("Evaluator").await;
        evaluator.open(&groups).await.must_be(200);
        assert!(has_row(&evaluator, &format!("{left} nobody, for 12 days 0")), "{:?}", row(&evaluator, PARTNER));

        lead.open(&format!("{PRACTICE}/people/new")).await.must_be(200);
        lead.fill("Name", "Alex Smith").fill("E-mail address", "alex@example.org").choose("Role", "Partner organisation's representative");
        lead.choose("For", "Riverside").press("Appoint").await.must_be(200);
        funder.open(&groups).await;
        assert!(has_row(&funder, &format!("{left} Alex Smith, after 12 days 1")), "{:?}", row(&funder, PARTNER));

        // It is for those who see the people of all places.
        for name in ["Consultant, Riverside", LEAD, "Community member, Riverside", "Advisory group member", "Assessor 1", "Panel member, funder"] {
            let mut other = site.signed_in_as(name).await;
            other.open(&groups).await.must_be(403).must_not_say("Alex Smith");
            other.open(&format!("{PRACTICE}/needs")).await.must_be(200);
            assert_eq!(other.page().link("Who is missing, who left"), None, "{name}");
        }
        site.journal_is_whole().await;
    }
}
