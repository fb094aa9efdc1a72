//! Consultants say what they can do, places what they need, and whoever leads sees the best match: a proposal, with its reasons.

use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::agreements::has_row;

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";
const FUNDER: &str = "Programme lead, funder";

const SAVED: &str = "Saved. The next match goes by it.";
const CAN: &str = "What you can do";
const TAKES: &str = "How many places you have time for";
const WISHES: &str = "Places that you would like to support";
const CONFLICTS: &str = "Places that you must not support";
const WHOM: &str = "Whom you would like, if anybody";

fn mine() -> String {
    format!("{PRACTICE}/skills")
}
fn of_place(slug: &str) -> String {
    format!("{PRACTICE}/places/{slug}/skills")
}
fn the_match() -> String {
    format!("{PRACTICE}/match")
}

/// Skills, each with what it counts for.
type Needs = &'static [(&'static str, &'static str)];

/// A consultant says all of this, and nothing that they said before.
async fn says(consultant: &mut Visitor, skills: &[&str], takes: &str, wishes: &[&str], conflicts: &[&str]) {
    consultant.open(&mine()).await.must_be(200);
    let mut form = consultant.fill(TAKES, takes).filled_form("Save");
    form.fields.retain(|(name, _)| !["skills", "wishes", "conflicts"].contains(&name.as_str()));
    for (name, ticked) in [("skills", skills), ("wishes", wishes), ("conflicts", conflicts)] {
        form.fields.extend(ticked.iter().map(|key| (name.to_string(), (*key).to_string())));
    }
    assert_eq!(consultant.send(&form).await.notice(), SAVED);
}

/// A place says what each skill counts for, and that it needs nothing else.
async fn needs(lead: &mut Visitor, slug: &str, wanted: &[(&str, &str)], whom: &str) {
    lead.open(&of_place(slug)).await.must_be(200);
    let mut form = lead.choose(WHOM, whom).filled_form("Save");
    for (name, weight) in &mut form.fields {
        if let Some(skill) = name.strip_prefix("need-") {
            *weight = wanted.iter().find(|(key, _)| *key == skill).map_or("0", |(_, counts)| *counts).to_string();
        }
    }
    assert_eq!(lead.send(&form).await.notice(), SAVED);
}

/// Everything is said: each consultant has time for one place, and each place has somebody who can do what it needs most.
/// Gives the consultants of Riverside, Lantern Hill and Saltmarsh.
async fn all_said(site: &TestSite) -> [Visitor; 3] {
    let mut riverside = site.signed_in_as(CONSULTANT).await;
    let mut lantern_hill = site.signed_in_as("Consultant, Lantern Hill").await;
    let mut saltmarsh = site.signed_in_as("Consultant, Saltmarsh").await;
    says(&mut riverside, &["critical-friend"], "1", &["riverside"], &[]).await;
    says(&mut lantern_hill, &["legacy"], "1", &[], &[]).await;
    says(&mut saltmarsh, &["community-voice"], "1", &[], &[]).await;
    let wanted: [(&str, Needs, &str); 3] = [
        ("riverside", &[("critical-friend", "3"), ("legacy", "1")], CONSULTANT),
        ("lantern-hill", &[("legacy", "2")], "Nobody in particular"),
        ("saltmarsh", &[("community-voice", "3")], "Nobody in particular"),
    ];
    for (slug, wanted, whom) in wanted {
        let place = site.place(slug).await.name;
        let mut lead = site.signed_in_as(&format!("Project lead, {place}")).await;
        needs(&mut lead, slug, wanted, whom).await;
    }
    [riverside, lantern_hill, saltmarsh]
}

/// What stands ticked, or chosen, under this name.
fn ticked(visitor: &Visitor, name: &str) -> Vec<String> {
    let form = visitor.filled_form("Save");
    form.fields.into_iter().filter(|(n, _)| n == name).map(|(_, value)| value).collect()
}

/// What is proposed for a place.
fn proposed(visitor: &Visitor, place: &str) -> String {
    let rows = visitor.page().texts("table tbody tr");
    rows.iter().find(|row| row.starts_with(place)).cloned().unwrap_or_else(|| panic!("nobody is proposed for {place}: {rows:?}"))
}

both! {
    async fn consultants_say_what_they_can_do(site: TestSite) {
        const WRONG: &str = "Write a whole number from 1 to 50, or leave it empty";
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        says(&mut consultant, &[], "", &[], &[]).await;
        consultant.open(&format!("{PRACTICE}/days")).await.must_be(200);
        consultant.follow("What I can do, for the match of consultants and places").await.must_be(200);
        assert_eq!(consultant.page().heading(), "What I can do");
        let before = site.written().await;
        for wrong in ["a few", "0", "-1", "1.5", "51"] {
            consultant.choose(CAN, "Critical friend").choose(CAN, "What will last").choose(WISHES, "Riverside");
            consultant.choose(CONFLICTS, "Saltmarsh").fill(TAKES, wrong).press("Save").await.must_be(422);
            assert_eq!(consultant.page().errors(), [WRONG]);
            assert_eq!(consultant.page().texts("#takes-error"), [format!("Error: {WRONG}")], "it is said beside it");
            assert_eq!(consultant.value(TAKES), wrong, "nothing typed is lost");
            assert_eq!(ticked(&consultant, "skills"), ["critical-friend", "legacy"], "nor what was ticked");
            assert_eq!((ticked(&consultant, "wishes"), ticked(&consultant, "conflicts")), (vec!["riverside".to_string()], vec!["saltmarsh".to_string()]));
        }
        consultant.choose(CONFLICTS, "Riverside").fill(TAKES, "2").press("Save").await.must_be(422);
        assert_eq!(consultant.page().errors(), ["A place stands among those you would like to support and those you must not. Choose one"]);
        assert_eq!(consultant.value(TAKES), "2");
        assert_eq!(site.written().await, before, "nothing is written");

        says(&mut consultant, &["critical-friend", "legacy"], "2", &["riverside"], &["saltmarsh"]).await;
        consultant.open(&mine()).await.must_be(200);
        assert_eq!(consultant.value(TAKES), "2");
        assert_eq!(ticked(&consultant, "skills"), ["critical-friend", "legacy"]);
        assert_eq!((ticked(&consultant, "wishes"), ticked(&consultant, "conflicts")), (vec!["riverside".to_string()], vec!["saltmarsh".to_string()]));
        // What is said no more counts no more; sent twice, it is said once.
        let mut press = consultant.fill(TAKES, "").filled_form("Save");
        press.fields.retain(|(name, value)| value != "legacy" && name != "conflicts");
        let mut again = consultant.second_window();
        let (one, other) = futures::join!(consultant.send(&press), again.send(&press));
        one.must_be(200);
        other.must_be(200);
        consultant.open(&mine()).await;
        assert_eq!((ticked(&consultant, "skills"), ticked(&consultant, "conflicts")), (vec!["critical-friend".to_string()], Vec::new()));
        assert_eq!(consultant.value(TAKES), "");

        // Each sees what they have said themselves.
        let mut other = site.signed_in_as("Consultant, Lantern Hill").await;
        says(&mut other, &["community-voice"], "", &[], &[]).await;
        assert_eq!((ticked(&other, "skills"), ticked(&other, "wishes")), (vec!["community-voice".to_string()], Vec::new()));
        let mut manages = site.signed_in_as(FUNDER).await;
        manages.open(&the_match()).await.must_be(200);
        assert!(has_row(&manages, "Consultant, Riverside Critical friend Not stated 1 Riverside —"), "{}", manages.page().text());
        assert!(has_row(&manages, "Consultant, Lantern Hill Community voice Not stated 1 — —"), "{}", manages.page().text());
        site.journal_is_whole().await;
    }

    async fn a_place_says_what_it_needs(site: TestSite) {
        let mut lead = site.signed_in_as(LEAD).await;
        needs(&mut lead, "riverside", &[], "Nobody in particular").await;
        lead.open(RIVERSIDE).await.must_be(200);
        lead.follow("What it needs from support").await.must_be(200);
        assert_eq!(lead.page().heading(), "What Riverside needs from support");
        assert_eq!(lead.choices("Critical friend"), ["not needed", "would help", "matters", "matters most"]);
        assert!(lead.choices(WHOM).contains(&"Consultant, Lantern Hill".to_string()));
        lead.choose("Critical friend", "matters most").choose("What will last", "would help").choose(WHOM, CONSULTANT);
        // What is not among the answers is not said.
        let before = site.written().await;
        let partner = site.person(PARTNER).await.id.to_string();
        for (name, forged, why) in [("need-legacy", "9", "Choose from the list"), ("whom", partner.as_str(), "Choose somebody of the list, or nobody in particular")] {
            let mut again = lead.second_window();
            let form = lead.filled_form("Save").with(name, forged);
            assert_eq!(again.send(&form).await.must_be(422).errors(), [why]);
            assert_eq!(ticked(&again, "need-critical-friend"), ["3"], "the rest stays as it was chosen");
        }
        assert_eq!(site.written().await, before, "nothing is written");
        assert_eq!(lead.press("Save").await.notice(), SAVED);
        lead.open(&of_place("riverside")).await;
        assert_eq!((lead.value("Critical friend").as_str(), lead.value("What will last").as_str(), lead.value("Community voice").as_str()), ("3", "1", "0"));
        assert_eq!(lead.value(WHOM), site.person(CONSULTANT).await.id.to_string());

        // Everybody of the place reads it and can say it, and who manages the programme's people; nobody else.
        for name in [PARTNER, "Community member, Riverside", "Support lead", FUNDER] {
            let mut reader = site.signed_in_as(name).await;
            reader.open(&of_place("riverside")).await.must_be(200);
            assert_eq!(reader.value("Critical friend"), "3", "{name}");
        }
        for name in [CONSULTANT, "Grant manager", "Project lead, Lantern Hill", "Partner organisation's representative, Lantern Hill"] {
            let mut other = site.signed_in_as(name).await;
            let before = site.written().await;
            other.open(&of_place("riverside")).await.must_be(403);
            assert_eq!(other.post(&of_place("riverside"), &[("need-critical-friend", "0")]).await.status, 403, "{name}");
            assert_eq!(site.written().await, before);
        }
        // Two of the place at once: what either says stands whole.
        let mut partner = site.signed_in_as(PARTNER).await;
        for visitor in [&mut lead, &mut partner] {
            visitor.open(&of_place("riverside")).await.must_be(200);
        }
        lead.choose("Community voice", "matters").choose(WHOM, "Consultant, Saltmarsh");
        partner.choose("Community voice", "matters most").choose(WHOM, "Consultant, Lantern Hill");
        let (ours, theirs) = (lead.filled_form("Save"), partner.filled_form("Save"));
        let (one, other) = futures::join!(lead.send(&ours), partner.send(&theirs));
        one.must_be(200);
        other.must_be(200);
        lead.open(&of_place("riverside")).await;
        let stands = (lead.value("Community voice"), lead.value(WHOM));
        let said = |form: &testkit::Filled| (form.get("need-community-voice").to_string(), form.get("whom").to_string());
        assert!([said(&ours), said(&theirs)].contains(&stands), "{stands:?}");
        site.journal_is_whole().await;
    }

    async fn the_best_match_comes_with_its_reasons(site: TestSite) {
        all_said(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&format!("{PRACTICE}/days")).await.must_be(200);
        funder.follow("The best match of consultants and places").await.must_be(200).must_say("It is a proposal: people decide.");
        funder.page().must_say("In all it counts 10.");
        let why = "Meets: Critical friend (3). Does not meet: What will last (1). Both wish for each other.";
        let next = "Consultant, Lantern Hill: 6 less in all; Lantern Hill would go to Consultant, Riverside";
        assert!(has_row(&funder, &format!("Riverside {CONSULTANT} 5 {why} {next} {CONSULTANT}")), "{}", proposed(&funder, "Riverside"));
        assert!(has_row(&funder, "Lantern Hill Consultant, Lantern Hill 2 Meets: What will last (2). Consultant, Saltmarsh: 5 less in all"), "{}", proposed(&funder, "Lantern Hill"));
        assert!(has_row(&funder, "Saltmarsh Consultant, Saltmarsh 3 Meets: Community voice (3)."), "{}", proposed(&funder, "Saltmarsh"));
        assert!(has_row(&funder, &format!("{CONSULTANT} Critical friend 1 1 Riverside —")), "{}", funder.page().text());

        // Who leads the support sees it as well. Nobody else does, and nobody but consultants says what they would like.
        let mut supports = site.signed_in_as("Support lead").await;
        supports.open(&the_match()).await.must_be(200).must_say("In all it counts 10.");
        for name in [CONSULTANT, LEAD, PARTNER, "Grant manager", "Evaluator", "Advisory group member"] {
            let mut other = site.signed_in_as(name).await;
            other.open(&the_match()).await.must_be(403).must_not_say("In all it counts").must_not_say("Would like");
            other.open(&format!("{PRACTICE}/days")).await.must_be(200);
            assert_eq!(other.page().link("The best match of consultants and places"), None, "{name}");
        }
        for name in [LEAD, PARTNER, "Support lead", "Grant manager"] {
            let mut other = site.signed_in_as(name).await;
            let before = site.written().await;
            other.open(&mine()).await.must_be(403).must_say("This is for those who support places");
            assert_eq!(other.post(&mine(), &[("skills", "legacy"), ("takes", "3")]).await.status, 403, "{name}");
            assert_eq!(site.written().await, before);
        }
        site.journal_is_whole().await;
    }

    async fn nobody_is_matched_with_a_place_that_they_must_not_support(site: TestSite) {
        let [mut riverside, ..] = all_said(&site).await;
        says(&mut riverside, &["critical-friend"], "1", &[], &["riverside"]).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&the_match()).await.must_be(200).must_say("In all it counts 4.");
        let why = "Meets: What will last (1). Does not meet: Critical friend (3).";
        let next = "Consultant, Saltmarsh: 2 less in all";
        assert!(has_row(&funder, &format!("Riverside Consultant, Lantern Hill 1 {why} {next}")), "{}", proposed(&funder, "Riverside"));
        assert!(!proposed(&funder, "Riverside").contains(&format!("{CONSULTANT}: ")), "nor are they the next best");
        assert!(has_row(&funder, &format!("Lantern Hill {CONSULTANT} 0 Does not meet: What will last (2).")), "{}", proposed(&funder, "Lantern Hill"));
        assert!(has_row(&funder, &format!("{CONSULTANT} Critical friend 1 1 — Riverside")), "{}", funder.page().text());
        // The place still wishes for them, and is told of no conflict.
        let mut lead = site.signed_in_as(LEAD).await;
        lead.open(&of_place("riverside")).await.must_be(200).must_not_say("must not");
        assert_eq!(lead.value(WHOM), site.person(CONSULTANT).await.id.to_string());
    }

    async fn what_people_can_do_and_who_fits_where_stand_under_days(site: TestSite) {
        let (mut funder, mut consultant) = (site.signed_in_as(FUNDER).await, site.signed_in_as(CONSULTANT).await);
        funder.open(&the_match()).await.must_be(200);
        consultant.open(&mine()).await.must_be(200);
        for visitor in [&funder, &consultant] {
            let current = visitor.page().texts("nav a[aria-current=page]");
            assert!(!current.is_empty() && current.iter().all(|section| section == "Days"), "{current:?}");
        }
    }

    async fn whoever_is_proposed_can_be_appointed_from_there(site: TestSite) {
        const OTHER: &str = "Consultant, Lantern Hill";
        const APPOINT: &str = "Appoint Consultant, Lantern Hill for Riverside";
        let [mut riverside, ..] = all_said(&site).await;
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&the_match()).await.must_be(200);
        assert!(proposed(&funder, "Riverside").ends_with("supports it already"), "{}", proposed(&funder, "Riverside"));
        says(&mut riverside, &["critical-friend"], "1", &[], &["riverside"]).await;
        funder.open(&the_match()).await.must_be(200);
        funder.follow(APPOINT).await.must_be(200);
        let them = site.person(OTHER).await;
        let address = them.email.clone().expect("an address");
        assert_eq!((funder.value("Name"), funder.value("E-mail address")), (OTHER.to_string(), address.clone()));
        let form = funder.filled_form("Appoint");
        assert_eq!((form.get("role"), form.get("place")), ("consultant", "riverside"));
        assert!(funder.press("Appoint").await.must_be(200).notice().starts_with("Appointed."));
        funder.open(&the_match()).await.must_be(200);
        assert_eq!(funder.page().link(APPOINT), None, "they support it already");

        // Who manages none of somebody's roles does not learn their address from the form, and appoints to no other role by it.
        let mut lead = site.signed_in_as(LEAD).await;
        for asked in [them.id.to_string(), site.person("Grant manager").await.id.to_string(), "nobody".into()] {
            let path = format!("{PRACTICE}/people/new?person={asked}&role=consultant&place=lantern-hill");
            lead.open(&path).await.must_be(200).must_not_say(&address);
            assert_eq!((lead.value("Name"), lead.value("E-mail address")), (String::new(), String::new()), "{asked}");
            assert!(!lead.choices("Role").contains(&"Consultant".to_string()));
        }
        let theirs = site.person(LEAD).await;
        funder.open(&format!("{PRACTICE}/people/new?person={}", theirs.id)).await.must_be(200);
        assert_eq!((funder.value("Name"), funder.value("E-mail address")), (String::new(), String::new()), "nor from outside a place");
        site.journal_is_whole().await;
    }

    async fn where_time_is_short_it_says_which_places_compete(site: TestSite) {
        let [mut riverside, mut lantern_hill, mut saltmarsh] = all_said(&site).await;
        for consultant in [&mut riverside, &mut saltmarsh] {
            says(consultant, &[], "3", &[], &["riverside", "lantern-hill"]).await;
        }
        let mut funder = site.signed_in_as(FUNDER).await;
        funder.open(&the_match()).await.must_be(200).must_say("Not every place can have a consultant.");
        let page = funder.page();
        page.must_say("2 places can only be matched with 1 consultant. Places:").must_say("Who could: Consultant, Lantern Hill.");
        page.must_say("Somebody needs time for more places, or somebody else has to be found.").must_not_say("In all it counts");
        assert!(page.says("Places: Riverside, Lantern Hill.") || page.says("Places: Lantern Hill, Riverside."), "Saltmarsh is not one of them: {}", page.text());

        // Once somebody has time for both, each has its consultant.
        says(&mut lantern_hill, &["legacy"], "2", &[], &[]).await;
        funder.open(&the_match()).await.must_be(200).must_not_say("Not every place can have a consultant.");
        assert!(has_row(&funder, "Riverside Consultant, Lantern Hill 1 Meets: What will last (1). Does not meet: Critical friend (3). nobody else can"), "{}", proposed(&funder, "Riverside"));
        assert!(has_row(&funder, "Lantern Hill Consultant, Lantern Hill 2 Meets: What will last (2). nobody else can"), "{}", proposed(&funder, "Lantern Hill"));
        // And where nobody may, that is said.
        says(&mut lantern_hill, &["legacy"], "2", &[], &["riverside"]).await;
        funder.open(&the_match()).await.must_say("1 place can be matched with no consultant. Places: Riverside. Who could: nobody.");
        site.journal_is_whole().await;
    }
}
